// Items handed over, each with who took it: the kit of the beginning item by item, supplies on their day, what an errand brought.
import { sql } from 'kysely'
import { z } from 'zod'
import type { Parsed } from '#core/contract.ts'
import { dayOf, instantOf, msOf } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { correctionColumns, factColumns, say as factSay, standing } from '#server/facts.ts'
import { job, type Ctx } from '#server/house.ts'
import { everywhere, liesIn, requireReach } from '#server/scope.ts'
import { asSystem } from '#server/system.ts'
import { closeSlot, endDuties, reopenSlot, startDuties } from '#modules/duties/server.ts'
import { policy } from '#modules/policy/server.ts'
import type * as api from '../api.ts'
import { kitsOwed, type KitOwed } from '../kits.ts'
import { say, type Handout, type HandoutKind } from '../model.ts'
import { kitHours } from '../rules.ts'
import { namesAndDoors } from './reading.ts'
import { deliver, getRequest } from './requests.ts'
import { of, type HandoutRow } from './tables.ts'
import { subjectsOf, whose, type Found } from './whose.ts'

type Given = { item: string; quantity: number }

async function write(
  ctx: Ctx,
  kind: HandoutKind,
  { household, person, grid }: Found,
  source: Id | null,
  items: readonly Given[],
  receivedBy: string,
): Promise<HandoutRow[]> {
  if (!items.length) return []
  // The first carries the id of the request, so that what was sent twice is found again.
  return of(ctx.tx)
    .insertInto('servicesHandouts')
    .values(
      items.map(({ item, quantity }, i) => ({
        ...factColumns(ctx, 'door', i === 0 ? ctx.id : newId()),
        how: 'door' as const,
        kind,
        household,
        person,
        grid,
        source,
        item,
        quantity,
        receivedBy,
      })),
    )
    .returningAll()
    .execute() as unknown as Promise<HandoutRow[]>
}

/** The entries of one request: they share its instant and its digest. */
export async function writtenBy(ctx: Ctx, id: Id): Promise<Handout[]> {
  const { rows } = await sql<Handout>`
    select h.* from services_handouts h join services_handouts f on f.community = h.community and f.recorded_at = h.recorded_at
      and f.recorded_by = h.recorded_by and f.digest = h.digest
    where f.community = ${ctx.community} and f.id = ${id} order by h.seq`.execute(ctx.tx)
  return rows
}

// --- the kit ----------------------------------------------------------------------------------------------------------

type Signed = { id: Id; source: Id; item: string }
async function signedFor(ctx: Pick<Ctx, 'tx' | 'community'>, sources: readonly Id[]): Promise<Map<string, Id>> {
  if (!sources.length) return new Map()
  const { rows } = await sql<Signed>`
    select e.id, e.source, e.item from services_handouts e where e.community = ${ctx.community} and e.kind = 'kit'
      and e.source = any(${[...sources]}::uuid[]) and ${standing('services_handouts', 'e')}`.execute(ctx.tx)
  return new Map(rows.map((r) => [`${r.source} ${r.item}`, r.id]))
}

type Asking = Pick<Ctx, 'house' | 'tx' | 'community' | 'now'>
const owedIn = async (ctx: Asking): Promise<KitOwed[]> =>
  (await Promise.all(ctx.house.offered(kitsOwed).map((ask) => ask(ctx)))).flat().filter((kit) => kit.items.length > 0)

type Standing = KitOwed & { signed: (Id | null)[] }
async function standingOf(ctx: Asking, owed: readonly KitOwed[]): Promise<Standing[]> {
  const signed = await signedFor(
    ctx,
    owed.map((k) => k.source),
  )
  return owed.map((kit) => ({ ...kit, signed: kit.items.map(({ item }) => signed.get(`${kit.source} ${item}`) ?? null) }))
}
const missingIn = ({ signed }: Standing): number => signed.filter((one) => one === null).length

/** Kits owed within reach, what is missing first. */
export async function listKits(ctx: Ctx, { missing }: { missing?: boolean | undefined } = {}): Promise<api.Kit[]> {
  const mine = (await owedIn(ctx)).filter(({ grid }) => ctx.area.length <= 12 || (grid !== null && liesIn(grid, ctx.area)))
  const all = (await standingOf(ctx, mine)).filter((kit) => !missing || missingIn(kit) > 0)
  const about = await namesAndDoors(
    ctx,
    all.map(({ household }) => ({ household, person: null })),
  )
  return all
    .map((kit) => {
      const { name, address } = about({ household: kit.household, person: null })
      const items = kit.items.map((one, i) => ({ ...one, signed: kit.signed[i]! }))
      return {
        household: kit.household,
        source: kit.source,
        grid: kit.grid,
        since: kit.since,
        name,
        address,
        items,
        missing: missingIn(kit),
      }
    })
    .toSorted((a, b) => Number(b.missing > 0) - Number(a.missing > 0) || (a.since < b.since ? -1 : 1))
}

const duty = 'services.kit'
const owing = (at: string) => ({
  kind: duty,
  subjectKind: 'household' as const,
  source: 'services.kit',
  startsOn: dayOf(at),
  cadence: { slots: [{ key: 'day', opens: '08:00', due: '20:00' }], every: { days: 1 }, anchor: dayOf(at) },
})

/** Signs for items that are there; what is missing stays owed, and is a duty from now on. */
export async function signKit(
  ctx: Ctx,
  { household, source, items, receivedBy }: Parsed<typeof api.signKit>,
): Promise<{ rows: Handout[] }> {
  const found = await whose(ctx, { household })
  const before = await signedFor(ctx, [source])
  const fresh = items.filter(({ item }) => !before.has(`${source} ${item}`))
  if (!fresh.length) throw say.nothingSigned()
  const rows = await write(ctx, 'kit', found, source, fresh, receivedBy)
  await closeSlot(ctx, {
    kind: duty,
    subject: household,
    at: ctx.timing.occurredAt,
    record: ctx.id,
    recordKind: 'services.handout',
    how: 'door',
  })
  await settleKit(ctx, household)
  await ctx.touched('services')
  return { rows: rows as unknown as Handout[] }
}

/** What is still owed to a household has a duty; what is not has none. */
async function settleKit(ctx: Ctx, household: Id): Promise<void> {
  const mine = await standingOf(
    ctx,
    (await owedIn(ctx)).filter((kit) => kit.household === household),
  )
  if (mine.some((kit) => missingIn(kit) > 0))
    await startDuties(ctx, [{ ...owing(instantOf(ctx.now)), subject: household, sourceId: household }])
  else await endDuties(ctx, household, '已全部签收', { kind: duty })
}

// --- supplies and errands ---------------------------------------------------------------------------------------------

/** A delivery, of an errand or by itself; it settles the delivery that is owed to the household. */
export async function bring(
  ctx: Ctx,
  { request: id, household, person, items, receivedBy }: Parsed<typeof api.deliver>,
): Promise<{ request: Id | null; rows: Handout[] }> {
  const request = id ? await getRequest(ctx, id) : undefined
  // Whoever took an errand brings it, also to a door that lies outside his own area.
  const found: Found = request ?? (await whose(ctx, { household, person }))
  if (!request && !items.length) throw say.nothingSigned()
  if (request) await deliver(ctx, request.id, receivedBy)
  const rows = await write(ctx, 'supplies', found, request?.id ?? null, items, receivedBy)
  if (rows.length) {
    for (const subject of subjectsOf(found)) {
      await closeSlot(ctx, {
        kind: 'services.supplies',
        subject,
        at: ctx.timing.occurredAt,
        record: ctx.id,
        recordKind: 'services.handout',
        how: 'door',
      })
    }
  }
  await ctx.touched('services')
  return { request: request?.id ?? null, rows: rows as unknown as Handout[] }
}

/** An item that was not handed over after all. */
export async function withdrawHandout(ctx: Ctx, replaces: Id, reason: string): Promise<Handout> {
  const old = await of(ctx.tx)
    .selectFrom('servicesHandouts')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('id', '=', replaces)
    .executeTakeFirst()
  if (!old) throw factSay.unknown()
  requireReach(ctx, old.grid)
  if (old.recordedBy !== ctx.who.account && ctx.role !== 'communitySecretary') throw factSay.notYours()
  if (old.withdrawn) throw factSay.withdrawnAlready()
  const { kind, household, person, grid, source, item, quantity, receivedBy } = old
  const gone = await of(ctx.tx)
    .insertInto('servicesHandouts')
    .values({
      ...correctionColumns(ctx, old, reason, true),
      kind,
      household,
      person,
      grid,
      source,
      item,
      quantity,
      receivedBy,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await reopenSlot(ctx, old.root)
  if (kind === 'kit' && household) await settleKit(ctx, household)
  await ctx.touched('services')
  return gone as unknown as Handout
}

// --- what nobody signed for -------------------------------------------------------------------------------------------

type Running = { subject: Id }
/** Which households should have the duty, and which should not any more. */
async function look(ctx: Asking) {
  const hours = (await policy(ctx.tx, kitHours, ctx.community, instantOf(ctx.now))).value
  const owed = await standingOf(ctx, await owedIn(ctx))
  const open = new Set(owed.filter((kit) => missingIn(kit) > 0).map((kit) => kit.household))
  const late = new Set(
    owed.filter((kit) => missingIn(kit) > 0 && msOf(kit.since) + hours * 3_600_000 <= ctx.now).map((kit) => kit.household),
  )
  const { rows } = await sql<Running>`
    select subject from duties_duties where community = ${ctx.community} and kind = ${duty} and ended_at is null`.execute(ctx.tx)
  const running = new Set(rows.map((r) => r.subject))
  return { begin: [...late].filter((h) => !running.has(h)), end: [...running].filter((h) => !open.has(h)) }
}

export const kitJob = job<Record<string, never>>({
  name: 'services.kits',
  data: z.object({}),
  cron: '17 * * * *',
  run: async (_, house, { signal }) => {
    for (const scope of everywhere) {
      const communities = await house.within(
        scope,
        async (tx) =>
          (
            await sql<{ code: string }>`
        select area_code as code from territory_areas where level = 'community' order by 1`.execute(tx)
          ).rows,
      )
      for (const { code } of communities) {
        if (signal.aborted) return
        // Looked at first without a trace: most runs find nothing to do.
        const first = await house.within(code, (tx) => look({ house, tx, community: code, now: house.now() }))
        if (first.begin.length + first.end.length === 0) continue
        await asSystem(house, code, 'services.kits', async (ctx) => {
          const { begin, end } = await look(ctx)
          await startDuties(
            ctx,
            begin.map((household) => ({ ...owing(instantOf(ctx.now)), subject: household, sourceId: household })),
          )
          for (const household of end) await endDuties(ctx, household, '已全部签收或不再需要', { kind: duty })
        })
      }
    }
  },
})
