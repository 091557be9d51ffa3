// What is told of let dwellings: tenants move in and out by dated links, landlords and dangers are facts. Nothing is rewritten.
import { sql } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import { dayOf, instantAt, msOf, sayDay, type Day, type Instant } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { inBatches } from '#server/exports/batches.ts'
import { exporting, type ExportPlan } from '#server/exports/exporting.ts'
import { correctionColumns, factColumns, say as factSay, standing } from '#server/facts.ts'
import { answer, handle, type Ctx, type Handled } from '#server/house.ts'
import { requireReach } from '#server/scope.ts'
import { Use } from '#modules/territory/model.ts'
import { areaNames, gridOf, walkSql } from '#modules/territory/server.ts'
import { say } from '../model.ts'
import * as api from '../tenancy.ts'
import type { DeclaredBy } from '../tenancy.ts'
import { addHousehold, addPerson, joinHousehold, moveHousehold } from './entering.ts'
import { getHousehold } from './finding.ts'
import { landlordColumns, landlordsOf } from './landlords.ts'
import {
  dwellingsOfLandlord,
  foundColumns,
  getRental,
  hazardsIn,
  inWords,
  landlordsIn,
  listRentals,
  rentalRows,
  rentalsAtAGlance,
  staysIn,
  type Wanted,
} from './rentals.ts'
import { of } from './tables.ts'

const how = (ctx: Ctx) => (ctx.device ? 'door' : 'desk')

// --- moving in and out ------------------------------------------------------------------------------------------------

/** The request as of a day that has been: what it writes holds from then. Throws `residents.notYet`. */
function asOf(ctx: Ctx, day: Day | undefined): Ctx {
  const today = dayOf(ctx.now)
  if (day !== undefined && day > today) throw say.notYet()
  return day === undefined || day === today ? ctx : { ...ctx, timing: { ...ctx.timing, occurredAt: instantAt(day) } }
}

type Said = { dwelling: Id; household: Id; event: 'began' | 'ended'; declaredBy: DeclaredBy; note?: string | null | undefined }
const declared = (ctx: Ctx, { note, ...said }: Said) =>
  of(ctx.tx)
    .insertInto('residentsTenancies')
    .values({ ...factColumns(ctx, said.declaredBy === 'worker' ? how(ctx) : 'self', newId()), ...said, note: note || null })
    .execute()

/** Throws `residents.noTenancy` unless the household rents there now; `residents.beforeMovedIn` where it came later than it would leave. */
async function leave(ctx: Ctx, household: Id, said: Pick<Said, 'declaredBy' | 'note'>, from?: Id): Promise<Id> {
  const { line } = await getHousehold(ctx, household)
  if (!line.dwelling || line.tenure !== 'tenant' || (from && line.dwelling !== from)) throw say.noTenancy()
  const {
    rows: [now],
  } = await sql<{ since: Instant }>`
    select o.since from residents_occupancies as o where o.community = ${ctx.community} and o.subject = ${household}
    order by o.since desc, o.generation desc, o.xid desc, o.seq desc limit 1`.execute(ctx.tx)
  const came = new Date(now!.since).toISOString()
  const at = ctx.timing.occurredAt
  if (dayOf(at) < dayOf(came)) throw say.beforeMovedIn()
  // Who came at ten and left the same day left after ten.
  const then: Ctx = msOf(at) < msOf(came) ? { ...ctx, timing: { ...ctx.timing, occurredAt: came } } : ctx
  await moveHousehold(then, household, { dwelling: null, ...(said.note ? { why: said.note } : {}) })
  await declared(then, { dwelling: line.dwelling, household, event: 'ended', ...said })
  return line.dwelling
}

async function declareTenancy(ctx: Ctx, input: Parsed<typeof api.declareTenancy>) {
  const { dwelling, declaredBy, since, members, leaving, landlordName, landlordPhone, note } = input
  const then = asOf(ctx, since)
  for (const household of new Set(leaving)) await leave(then, household, { declaredBy, note }, dwelling)
  await addHousehold(then, { dwelling, tenure: 'tenant', note }, how(ctx))
  for (const { relation, ...details } of members)
    await joinHousehold(then, await addPerson(then, details, how(ctx), newId()), ctx.id, relation)
  await declared(then, { dwelling, household: ctx.id, event: 'began', declaredBy, note })
  if (landlordName) await addLandlord(ctx, { dwelling, name: landlordName, phone: landlordPhone }, newId())
  return getRental(ctx, dwelling)
}

// --- landlords --------------------------------------------------------------------------------------------------------

type Owner = { dwelling: Id; name: string; phone?: string | undefined }

/** A landlord who stands already under that name is not entered twice; answers whether one was added. */
async function addLandlord(ctx: Ctx, entry: Owner, id: Id): Promise<boolean> {
  const known = (await landlordsOf(ctx, [entry.dwelling])).get(entry.dwelling) ?? []
  if (known.some((one) => one.name === entry.name && (!entry.phone || one.phone === entry.phone))) return false
  await of(ctx.tx)
    .insertInto('residentsLandlords')
    .values({ ...factColumns(ctx, how(ctx), id), ...landlordColumns(ctx, id, entry) })
    .execute()
  return true
}

async function recordLandlord(ctx: Ctx, { replaces, reason, ...entry }: Parsed<typeof api.recordLandlord>) {
  await getRental(ctx, entry.dwelling)
  if (!replaces) {
    if (!(await addLandlord(ctx, entry, ctx.id))) throw say.staysThere()
    return getRental(ctx, entry.dwelling)
  }
  const old = await of(ctx.tx)
    .selectFrom('residentsLandlords')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('id', '=', replaces)
    .where('dwelling', '=', entry.dwelling)
    .executeTakeFirst()
  if (!old) throw say.unknownLandlord()
  const { phoneCipher, phoneDigest, phoneTail } = old
  await of(ctx.tx)
    .insertInto('residentsLandlords')
    .values({
      ...correctionColumns(ctx, old, reason!),
      ...landlordColumns(ctx, old.root, entry),
      // The form does not show the number: left out it stays, unless somebody else owns the dwelling now.
      ...(entry.phone || entry.name !== old.name ? {} : { phoneCipher, phoneDigest, phoneTail }),
    })
    .execute()
  return getRental(ctx, entry.dwelling)
}

async function phoneOfLandlord(ctx: Ctx, { landlord, purpose }: Parsed<typeof api.unmaskLandlord>) {
  const { phone } = await dwellingsOfLandlord(ctx, landlord)
  if (!phone) throw say.nothingRecorded()
  ctx.purpose(purpose)
  return { landlord, value: phone }
}

// --- dangers ----------------------------------------------------------------------------------------------------------

async function reportHazard(ctx: Ctx, entry: Parsed<typeof api.reportHazard>) {
  await getRental(ctx, entry.dwelling)
  await of(ctx.tx)
    .insertInto('residentsHazards')
    .values({ ...factColumns(ctx, how(ctx)), ...entry, settledOn: null, measure: null })
    .execute()
  return getRental(ctx, entry.dwelling)
}

async function settleHazard(ctx: Ctx, { hazard, measure }: Parsed<typeof api.settleHazard>) {
  const old = await of(ctx.tx)
    .selectFrom('residentsHazards')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('id', '=', hazard)
    .where(standing('residents_hazards', 'residents_hazards'))
    .executeTakeFirst()
  if (!old) throw factSay.unknown()
  requireReach(ctx, await gridOf(ctx.tx, old.dwelling, { community: ctx.community }))
  if (old.settledOn) throw say.settledAlready()
  const { dwelling, kind, words } = old
  const settled = { dwelling, kind, words, settledOn: dayOf(ctx.now), measure }
  await of(ctx.tx)
    .insertInto('residentsHazards')
    .values({ ...correctionColumns(ctx, old, '已处理'), ...settled })
    .execute()
  return getRental(ctx, dwelling)
}

const ofHazard = async (ctx: Ctx, id: Id) => {
  const { dwelling } = await of(ctx.tx)
    .selectFrom('residentsHazards')
    .select('dwelling')
    .where('community', '=', ctx.community)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return getRental(ctx, dwelling)
}
const ofStay = async (ctx: Ctx, household: Id) => {
  const { dwelling } = await of(ctx.tx)
    .selectFrom('residentsTenancies')
    .select('dwelling')
    .where('community', '=', ctx.community)
    .where('household', '=', household)
    .orderBy('recordedAt', 'desc')
    .executeTakeFirstOrThrow()
  return getRental(ctx, dwelling)
}

// --- the register as a workbook ---------------------------------------------------------------------------------------

const column = (key: string, head: string, width?: number) => ({ key, head, type: 'text' as const, ...(width ? { width } : {}) })
const columns = [
  column('address', '住址', 30),
  column('use', '房屋性质'),
  column('landlordName', '房东'),
  column('landlordPhone', '房东电话', 14),
  column('tenants', '租客户主'),
  { ...column('households', '租住户数'), type: 'number' as const },
  { ...column('people', '租住人数'), type: 'number' as const },
  column('since', '租住起', 18),
  { ...column('hazards', '未处理隐患'), type: 'number' as const },
]
const dayWords = (at: Instant | null) => (at ? sayDay(dayOf(new Date(at).toISOString()), 'zh') : null)

async function registerOf(ctx: Ctx, { community, grid, having, changed }: Parsed<typeof api.exportRentals>): Promise<ExportPlan> {
  if (community) ctx.at(community)
  const wanted: Wanted = { grid, having, changed }
  const {
    rows: [size],
  } = await sql<{ n: number; households: number; people: number }>`
    select count(*)::int as n, coalesce(sum(r.households), 0)::int as households, coalesce(sum(r.people), 0)::int as people
    from ${rentalRows(ctx, wanted)} as r`.execute(ctx.tx)
  const area = grid ?? (ctx.area.length > 12 ? ctx.area : ctx.community)
  const place = (await areaNames(ctx.tx, [area])).get(area) ?? area
  const title = '出租房屋和流动人口登记表'
  const batches = async function* () {
    const all = sql<
      Parameters<typeof inWords>[1][number]
    >`select ${foundColumns} from ${rentalRows(ctx, wanted)} as r order by ${walkSql('r')}`
    for await (const found of inBatches(ctx.tx, all)) {
      const lines = await inWords(ctx, found)
      yield {
        rows: lines.map((line) => ({ ...line, use: choiceText(Use, line.use).zh, since: dayWords(line.since) })),
        persons: lines.flatMap((line) => (line.landlord ? [line.landlord] : [])),
      }
    }
  }
  return {
    title,
    place,
    community: ctx.community,
    rows: size!.n,
    persons: size!.n + size!.households,
    sheets: [
      {
        name: '出租房屋',
        title,
        row: api.RentalLine,
        columns,
        batches,
        lines: [`填报单位：${place}`, `填报人：${ctx.who.name}`, '审核人：', `填报时间：${sayDay(dayOf(ctx.now), 'zh')}`],
        tail: () => ({
          notes: [`共 ${size!.n} 套；租住 ${size!.households} 户 ${size!.people} 人。“租住”指登记为租住的住户和现在的成员。`],
        }),
      },
    ],
  }
}

/** The community of a request: the one it names, or that of the post. */
const inCommunity = (ctx: Ctx, named: string | undefined): Ctx => {
  if (named) ctx.at(named)
  return ctx
}

export const tenancyHandlers: readonly Handled[] = [
  handle(
    api.declareTenancy,
    (input, ctx) => declareTenancy(ctx, input),
    ({ dwelling }, ctx) => getRental(ctx, dwelling),
  ),
  handle(
    api.endTenancy,
    async ({ household, on, ...said }, ctx) => getRental(ctx, await leave(asOf(ctx, on), household, said)),
    ({ household }, ctx) => ofStay(ctx, household),
  ),
  handle(
    api.recordLandlord,
    (input, ctx) => recordLandlord(ctx, input),
    ({ dwelling }, ctx) => getRental(ctx, dwelling),
  ),
  handle(
    api.reportHazard,
    (input, ctx) => reportHazard(ctx, input),
    ({ dwelling }, ctx) => getRental(ctx, dwelling),
  ),
  handle(
    api.settleHazard,
    (input, ctx) => settleHazard(ctx, input),
    ({ hazard }, ctx) => ofHazard(ctx, hazard),
  ),
  answer(api.rentals, ({ community, ...input }, ctx) => listRentals(inCommunity(ctx, community), input)),
  answer(api.rentalOverview, ({ community }, ctx) => rentalsAtAGlance(inCommunity(ctx, community))),
  answer(api.rental, async ({ community, dwelling }, asked) => {
    const ctx = inCommunity(asked, community)
    return {
      rental: await getRental(ctx, dwelling),
      landlords: await landlordsIn(ctx, dwelling),
      stays: await staysIn(ctx, dwelling),
      hazards: await hazardsIn(ctx, dwelling),
    }
  }),
  answer(api.landlord, ({ community, landlord }, ctx) => dwellingsOfLandlord(inCommunity(ctx, community), landlord)),
  answer(api.unmaskLandlord, (input, ctx) => phoneOfLandlord(ctx, input)),
  exporting(api.exportRentals, (ctx, input) => registerOf(ctx, input)),
]
