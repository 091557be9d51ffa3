// Checks as they stand: for a row after it was written, for the file of somebody, and for other modules.
import { sql, type RawBuilder } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import { addDays, dayOf, type Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import type { Tx } from '#server/database/connect.ts'
import { before, standing, type Watermark } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { getHousehold, getMember, personNames } from '#modules/residents/server.ts'
import type * as api from '../api.ts'
import { say, underway, type Check } from '../model.ts'

/** A check with the slot that it closed; null where it closed none. */
export type CheckAt = Check & { readonly day: string | null; readonly slot: string | null }

/** The columns of a check `e`. */
export const columns = sql`e.id, e.community, e.root, e.occurred_at, e.counted_on, e.recorded_at, e.recorded_by, e.how, e.clock_doubt, e.replaces, e.reason,
  e.withdrawn, e.grid, e.person, e.household, e.kind, e.value, e.unit, e.result, e.measured_how, e.symptoms, e.threshold, e.fever, e.flags,
  e.same_as, e.verifier, e.proxy_name, e.medication, e.need, e.note`

/** Beside a check `e` the slot that stands closed by it: the last doing of its chain decides. */
export const slotBeside = (asOf?: Watermark) => sql`left join lateral (
  select o.day, o.slot, o.withdrawn from duties_doings o where o.community = e.community and o.record = e.root and o.record_kind = 'monitoring.check'
    and ${before('o', asOf)} order by o.seq desc limit 1) o on not o.withdrawn`

const found = async (tx: Tx, where: RawBuilder<unknown>, asOf?: Watermark): Promise<CheckAt[]> =>
  (
    await sql<CheckAt>`
  select ${columns}, o.day, o.slot from monitoring_checks e ${slotBeside(asOf)} where ${where} order by e.occurred_at, e.root`.execute(
      tx,
    )
  ).rows

/** Whose checks, between which instants (`from` included, `until` not), as known at which watermark. */
export type Asked = { community: string; persons: readonly Id[]; from: Instant; until: Instant; asOf?: Watermark | undefined }

/** Checks of these persons (roots) that stand, the oldest first, each with the slot that it closed. */
export async function checksOf(tx: Tx, { community, persons, from, until, asOf }: Asked): Promise<CheckAt[]> {
  if (!persons.length) return []
  return found(
    tx,
    sql`e.community = ${community} and e.person = any(${[...new Set(persons)]}::uuid[]) and e.occurred_at >= ${from}::timestamptz
    and e.occurred_at < ${until}::timestamptz and ${standing('monitoring_checks', 'e', asOf)}`,
    asOf,
  )
}

/** Episodes of these persons that are underway, by person. */
export async function openEpisodes(tx: Tx, persons: readonly Id[]): Promise<Map<Id, Id>> {
  if (!persons.length) return new Map()
  const { rows } = await sql<{ person: Id; id: Id }>`
    select person, id from monitoring_episodes where person = any(${[...new Set(persons)]}::uuid[]) and state = any(${[...underway]}::text[])`.execute(
    tx,
  )
  return new Map(rows.map((r) => [r.person, r.id]))
}

/** One check by its id, within the caller's reach. Throws `monitoring.unknown`. */
export async function getCheck(ctx: Ctx, id: Id): Promise<CheckAt> {
  const [check] = await found(ctx.tx, sql`e.community = ${ctx.community} and e.id = ${id}`)
  if (!check) throw say.unknown()
  await getMember(ctx, check.person)
  return check
}

/** Checks as pages show them; names in one look for all. */
export async function shown(ctx: Ctx, rows: readonly CheckAt[]): Promise<api.CheckShown[]> {
  const persons = await personNames(
    ctx.tx,
    rows.map((r) => r.person),
  )
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    rows.map((r) => r.recordedBy),
  )
  const episodes = await openEpisodes(
    ctx.tx,
    rows.map((r) => r.person),
  )
  ctx.looked(rows.map((r) => r.person))
  return rows.map((row) => ({
    ...row,
    name: persons.get(row.person) ?? null,
    recordedByName: names.get(row.recordedBy) ?? '—',
    episode: episodes.get(row.person) ?? null,
  }))
}

export const showCheck = async (ctx: Ctx, id: Id): Promise<api.CheckShown> => (await shown(ctx, [await getCheck(ctx, id)]))[0]!

/** So many days are shown where none are asked for. */
const usualDays = 14

export async function listChecks(
  ctx: Ctx,
  { person, household, from, to }: Parsed<typeof api.checks>,
): Promise<{ rows: api.CheckShown[] }> {
  const today = dayOf(ctx.now)
  const persons = person
    ? [(await getMember(ctx, person)).member.root]
    : (await getHousehold(ctx, household!)).members.map((m) => m.root)
  const rows = await found(
    ctx.tx,
    sql`e.community = ${ctx.community} and e.person = any(${persons}::uuid[])
    and e.counted_on between ${from ?? addDays(today, 1 - usualDays)}::date and ${to ?? today}::date and ${standing('monitoring_checks', 'e')}`,
  )
  return { rows: await shown(ctx, rows.toReversed()) }
}
