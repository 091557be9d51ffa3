// Care files: one for one family, with somebody who answers for it, visits and deliveries at the cadence of the rules.
import { sql, type RawBuilder } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import { dayOf, instantOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { fromCursor, pageFrom } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { standing } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { liesIn, reached, requireReach } from '#server/scope.ts'
import { endDuties, nameOwners, startDuties } from '#modules/duties/server.ts'
import { notify } from '#modules/identity/news.ts'
import type { OwnedBy } from '#modules/identity/owning.ts'
import { policy } from '#modules/policy/server.ts'
import { householdLabels } from '#modules/residents/server.ts'
import type * as api from '../api.ts'
import { say, type Care } from '../model.ts'
import { careCadence, careCategories, type CareCadence } from '../rules.ts'
import { inOwn, namesAndDoors, placeOf } from './reading.ts'
import { of } from './tables.ts'
import { whose } from './whose.ts'

const source = 'services.care'
const kind = 'services.care'

async function categoriesNow(ctx: Ctx) {
  return (await policy(ctx.tx, careCategories, placeOf(ctx), instantOf(ctx.now))).value
}

/** Somebody with a post here; a name without one would never see the duty. */
async function requireCarer(ctx: Ctx, carer: Id): Promise<void> {
  const { rows } = await sql<{ area: string }>`
    select area_code as area from identity_assignments where account = ${carer} and until is null`.execute(ctx.tx)
  if (!rows.some(({ area }) => liesIn(ctx.community, area) || liesIn(area, ctx.community))) throw say.noSuchCarer()
}

/** Visits from today on, deliveries from the day after so many days on; both are the carer's own. */
async function begin(ctx: Ctx, { id, household, carer, startsOn, policyVersions }: Care, cadence: CareCadence): Promise<void> {
  const common = {
    subjectKind: 'household' as const,
    subject: household,
    source,
    sourceId: id,
    startsOn,
    policyVersions,
    owner: carer,
  }
  await startDuties(ctx, [
    {
      ...common,
      kind: 'services.visit',
      cadence: { slots: [cadence.visit], every: { days: cadence.visitEveryDays }, anchor: startsOn },
    },
    {
      ...common,
      kind: 'services.supplies',
      cadence: { slots: [cadence.supply], every: { days: cadence.supplyEveryDays }, anchor: startsOn },
    },
  ])
}

export async function openCare(
  ctx: Ctx,
  { household, category, needs, assessment, referral, carer }: Parsed<typeof api.openCare>,
): Promise<api.CareLine> {
  const { grid } = await whose(ctx, { household })
  if (!(await categoriesNow(ctx)).some((c) => c.key === category)) throw say.unknownCategory()
  await requireCarer(ctx, carer)
  const now = instantOf(ctx.now)
  const { value: cadence, versions } = await policy(ctx.tx, careCadence, grid ?? ctx.community, now)
  const care: Care = {
    community: ctx.community,
    id: ctx.id,
    household,
    grid,
    category,
    needs,
    carer,
    assessment,
    referral,
    cadence,
    policyVersions: [...versions],
    state: 'open',
    openedBy: ctx.who.account,
    openedAt: now,
    startsOn: dayOf(now),
    closedBy: null,
    closedAt: null,
    closeReason: null,
  }
  await of(ctx.tx)
    .insertInto('servicesCare')
    .values({ ...care, cadence: JSON.stringify(cadence) })
    .execute()
  await begin(ctx, care, cadence)
  await tellCarer(ctx, carer)
  await ctx.touched('services')
  return showCare(ctx, ctx.id)
}

const tellCarer = (ctx: Ctx, carer: Id) =>
  notify(ctx, {
    topic: 'assigned',
    to: [carer],
    path: '/services?tab=care',
    title: text('有一户由您包保，请看一家一档', 'A family is yours to look after: see the care files'),
  })

async function getCare(ctx: Ctx, id: Id, hold = false): Promise<Care> {
  let asked = of(ctx.tx).selectFrom('servicesCare').selectAll().where('community', '=', ctx.community).where('id', '=', id)
  if (hold) asked = asked.forUpdate()
  const found = (await asked.executeTakeFirst()) as Care | undefined
  if (!found) throw say.unknownCare()
  requireReach(ctx, found.grid)
  return found
}

export async function changeCare(ctx: Ctx, { care: id, carer, ...said }: Parsed<typeof api.changeCare>): Promise<api.CareLine> {
  const care = await getCare(ctx, id, true)
  if (care.state !== 'open') throw say.wrongState()
  if (carer !== care.carer) {
    await requireCarer(ctx, carer)
    await giveTo(ctx, id, carer)
    await tellCarer(ctx, carer)
  }
  await of(ctx.tx)
    .updateTable('servicesCare')
    .set({ ...said, carer })
    .where('community', '=', ctx.community)
    .where('id', '=', id)
    .execute()
  await ctx.touched('services')
  return showCare(ctx, id)
}

async function giveTo(ctx: Ctx, id: Id, carer: Id): Promise<void> {
  const { rows } = await sql<{ id: Id }>`
    select id from duties_duties where community = ${ctx.community} and source_id = ${id} and ended_at is null`.execute(ctx.tx)
  await nameOwners(
    ctx,
    rows.map(({ id: duty }) => ({ duty, account: carer })),
  )
}

export async function closeCare(ctx: Ctx, id: Id, reason: string): Promise<api.CareLine> {
  const care = await getCare(ctx, id, true)
  if (care.state !== 'open') throw say.wrongState()
  await of(ctx.tx)
    .updateTable('servicesCare')
    .set({ state: 'closed', closedBy: ctx.who.account, closedAt: instantOf(ctx.now), closeReason: reason })
    .where('community', '=', ctx.community)
    .where('id', '=', id)
    .execute()
  await endDuties(ctx, id, reason)
  await ctx.touched('services')
  return showCare(ctx, id)
}

// --- reading ----------------------------------------------------------------------------------------------------------

type Row = Care & {
  visits: number
  lastVisit: string | null
  lastVisitWords: string | null
  visitDays: api.CareLine['visitDays']
  deliveries: number
  lastDelivery: string | null
  lastDeliveryWords: string | null
}

/** So many of the last visits and calls are listed with a file: a month of them. */
const daysShown = 31
/** Care files with what was done for them since they were opened: `c` names the file. */
export const careRows = (where: RawBuilder<unknown>): RawBuilder<Row> => sql<Row>`
  select c.*, coalesce(w.log, '[]'::jsonb) as visit_days, coalesce(v.n, 0) as visits, v.last as last_visit, v.words as last_visit_words, coalesce(d.n, 0) as deliveries, d.last as last_delivery,
    d.words as last_delivery_words
  from services_care c
  left join lateral (
    select count(*)::int as n, max(e.occurred_at) as last, (array_agg(e.note order by e.occurred_at desc))[1] as words from services_calls e
    where e.community = c.community and e.household = c.household and e.kind = 'visit' and e.outcome <> 'noAnswer'
      and e.counted_on >= c.starts_on and (c.closed_at is null or e.occurred_at <= c.closed_at) and ${standing('services_calls', 'e')}) v on true
  left join lateral (
    select jsonb_agg(x.said order by x.at) as log from (
      select e.occurred_at as at,
        jsonb_build_object('day', e.counted_on, 'kind', e.kind, 'outcome', e.outcome, 'mood', e.mood, 'words', e.note) as said
      from services_calls e where e.community = c.community and e.household = c.household and e.counted_on >= c.starts_on
        and (c.closed_at is null or e.occurred_at <= c.closed_at) and ${standing('services_calls', 'e')}
      order by e.occurred_at desc limit ${daysShown}) x) w on true
  left join lateral (
    select count(distinct e.counted_on)::int as n, max(e.occurred_at) as last,
      (select string_agg(x.item || case when x.quantity = 1 then '' else ' ×' || x.quantity::text end, '、' order by x.seq) from services_handouts x
        where x.community = c.community and x.household = c.household and x.kind = 'supplies' and x.occurred_at = max(e.occurred_at)
          and ${standing('services_handouts', 'x')}) as words
    from services_handouts e
    where e.community = c.community and e.household = c.household and e.kind = 'supplies' and e.counted_on >= c.starts_on
      and (c.closed_at is null or e.occurred_at <= c.closed_at) and ${standing('services_handouts', 'e')}) d on true
  where ${where}`

export async function careLines(ctx: Ctx, rows: readonly Row[]): Promise<api.CareLine[]> {
  const about = await namesAndDoors(
    ctx,
    rows.map(({ household }) => ({ household, person: null })),
  )
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    rows.map((r) => r.carer),
  )
  const titles = new Map((await categoriesNow(ctx)).map((c) => [c.key, c.title]))
  return rows.map((row) => {
    const { name, address } = about({ household: row.household, person: null })
    return {
      ...row,
      name,
      address,
      carerName: names.get(row.carer) ?? '—',
      categoryTitle: titles.get(row.category) ?? { zh: row.category, en: row.category },
    }
  })
}

export async function showCare(ctx: Ctx, id: Id): Promise<api.CareLine> {
  await getCare(ctx, id)
  const { rows } = await careRows(sql`c.community = ${ctx.community} and c.id = ${id}`).execute(ctx.tx)
  return (await careLines(ctx, rows))[0]!
}

export const careWhere = (
  ctx: Ctx,
  { household, state, category }: { household?: Id | undefined; state?: string | undefined; category?: string | undefined },
) => sql`
  ${inOwn(ctx, 'c')} and ${reached(ctx, 'c.grid')} and ${household ? sql`c.household = ${household}` : sql`true`}
  and ${state ? sql`c.state = ${state}` : sql`true`} and ${category ? sql`c.category = ${category}` : sql`true`}`

export async function listCare(ctx: Ctx, { after, limit, ...filters }: Omit<Parsed<typeof api.careFiles>, 'community'>) {
  const where = careWhere(ctx, filters)
  const {
    rows: [count],
  } = await sql<{ n: number }>`select count(*)::int as n from services_care c where ${where}`.execute(ctx.tx)
  const last = fromCursor(after, 2)
  const { rows } =
    await sql<Row>`${careRows(sql`${where} and ${last ? sql`(c.opened_at, c.id) < (${last[0]}::timestamptz, ${last[1]}::uuid)` : sql`true`}`)}
    order by c.opened_at desc, c.id desc limit ${limit + 1}`.execute(ctx.tx)
  const { next } = pageFrom(rows, limit, count!.n, (c) => [c.openedAt, c.id])
  return { rows: await careLines(ctx, rows.slice(0, limit)), next, total: count!.n }
}

/** Families that somebody looks after change hands with him. */
export const ownedCare: OwnedBy = {
  kind,
  title: text('一家一档包保户', 'Families to look after'),
  find: async (ctx, account) => {
    const { rows } = await sql<{ id: Id; household: Id; grid: string | null; community: string }>`
      select c.id, c.household, c.grid, c.community from services_care c where c.state = 'open' and c.carer = ${account} order by c.id`.execute(
      ctx.tx,
    )
    const homes = await householdLabels(
      ctx.tx,
      rows.map((r) => r.household),
    )
    return rows.map(({ id, household, grid, community }) => {
      const place = homes.get(household)?.address.split(' ').slice(0, 2).join(' ') ?? ''
      return {
        item: id,
        area: grid ?? community,
        path: '/services?tab=care',
        name: text(`关爱档案 · ${place}`, `Care file · ${place}`),
      }
    })
  },
  handOver: async (ctx, to, { item }) => {
    await of(ctx.tx).updateTable('servicesCare').set({ carer: to }).where('id', '=', item).execute()
    await giveTo(ctx, item, to)
  },
}
