// The SQL twin of the cadence: slots as a table expression, what settled them, and the counts of a source.
import { sql, type RawBuilder } from 'kysely'
import { dayOf, msOf, type Day, type Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import type { Tx } from '#server/database/connect.ts'
import { before, lastLink, type Watermark } from '#server/facts.ts'
import { policy } from '#modules/policy/server.ts'
import { missedAfterHours } from '../model.ts'

/** Duties as they stand; `where` narrows them by columns of `d`. */
export const dutiesNow = (where: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(select d.* from duties_duties d where ${where})`

/** Duties with the days and the end that were known at a watermark; one that was not known yet is left out. */
export const dutiesAsOf = (where: RawBuilder<unknown>, asOf: Watermark): RawBuilder<unknown> => sql`(
  select d.community, d.id, d.kind, d.subject_kind, d.subject, d.source, d.source_id, d.cadence, d.starts_on, d.starts_at, d.grid, d.building,
    d.dwelling, t.last_day, case when t.ended then t.since end as ended_at
  from duties_duties d join lateral ${lastLink('duties_terms', 'd.id', 'd.community', { asOf })} t on true where ${where})`

/**
 * Table expression of slots, `slotsBetween` in SQL: (community, duty, day, slot, opens_at, due_at, after_end). Those still open when the
 * duty ended say `after_end` and count only if something settled them. `carry` names columns of the duty `d` that come along: joining them
 * afterwards would compare every slot with every duty where the planner knows neither number. What a cadence says is read once for a duty
 * (`offset 0` keeps it so), not once for a slot.
 */
export const slotsOf = (
  duties: RawBuilder<unknown>,
  from: Day,
  to: Day,
  carry: RawBuilder<unknown> = sql`d.source_id`,
): RawBuilder<unknown> => sql`(
  select w.*, coalesce(w.due_at > w.ended_at, false) as after_end from (
    select d.community, d.id as duty, d.starts_at, d.ended_at, day.at as day, s.key as slot, ${carry},
      (day.at + s.opens) at time zone 'Asia/Shanghai' as opens_at, (day.at + s.due) at time zone 'Asia/Shanghai' as due_at
    from ${duties} d
    cross join lateral (
      select (d.cadence ->> 'anchor')::date as anchor, (d.cadence -> 'every' ->> 'days')::int as step,
        d.cadence -> 'every' -> 'weekdays' as weekdays offset 0) c
    cross join lateral (
      select greatest(d.starts_on, c.anchor, ${from}::date) + n as at
      from generate_series(0, least(d.last_day, ${to}::date) - greatest(d.starts_on, c.anchor, ${from}::date)) n) day
    cross join lateral (select x.key, x.opens::time as opens, x.due::time as due
      from jsonb_to_recordset(d.cadence -> 'slots') as x(key text, opens text, due text) offset 0) s
    where case when c.step is not null then (day.at - c.anchor) % c.step = 0
      else c.weekdays @> to_jsonb(extract(isodow from day.at)::int) end) w
  where w.due_at > w.starts_at)`

/**
 * What settled the slot `s` beside it, as `o`; at a watermark what was known then, `until` what had happened by then. A slot is settled and
 * opened again in turns, under the lock of its duty, so its last row decides: one look into the index for each slot, whatever the planner expects.
 */
export const doingBeside = ({ asOf, until }: { asOf?: Watermark | undefined; until?: Instant } = {}): RawBuilder<unknown> => sql`
  left join lateral (
    select o.* from duties_doings o where o.community = s.community and o.duty = s.duty and o.day = s.day and o.slot = s.slot and ${before('o', asOf)}
      and ${until ? sql`o.occurred_at <= ${until}::timestamptz` : sql`true`}
    order by o.seq desc limit 1) o on not o.withdrawn`

/**
 * The same for every duty of a community at once: its doings are read in one walk along the index and laid beside the slots, instead of
 * looking each slot up. For counts over all that ever was due; where few slots are asked for, `doingBeside` reads less.
 */
export const doingsBeside = (
  community: string,
  { asOf, until }: { asOf?: Watermark | undefined; until?: Instant } = {},
): RawBuilder<unknown> => sql`
  left join (
    select distinct on (o.duty, o.day, o.slot) o.duty, o.day, o.slot, o.outcome, o.withdrawn from duties_doings o
    where o.community = ${community} and ${before('o', asOf)} and ${until ? sql`o.occurred_at <= ${until}::timestamptz` : sql`true`}
    order by o.duty, o.day, o.slot, o.seq desc) o on o.duty = s.duty and o.day = s.day and o.slot = s.slot and not o.withdrawn`

/** The state of a slot `s` with its doing `o` at an instant: `stateOf` in SQL. */
export const stateSql = (at: Instant, graceHours: number): RawBuilder<string> => sql<string>`(case
  when o.outcome is not null then o.outcome
  when ${at}::timestamptz < s.opens_at then 'later'
  when ${at}::timestamptz < s.due_at then 'open'
  when ${at}::timestamptz < s.due_at + ${graceHours} * interval '1 hour' then 'overdue'
  else 'missed' end)`

/** `due` = done + excused + missed + overdue: every slot whose window has passed, or which was settled before. */
export type SlotCounts = { due: number; done: number; excused: number; missed: number; overdue: number }
export const noSlots: SlotCounts = { due: 0, done: 0, excused: 0, missed: 0, overdue: 0 }

/** Narrows what is counted: one kind of duty, one subject, the days from … on. */
export type Counting = {
  readonly kind?: string
  readonly subject?: Id
  readonly from?: Day
  readonly asOf?: Watermark | undefined
}

/**
 * Slots of the duties of these sources up to an instant, by source. With `asOf` only what was known at that watermark counts,
 * so that a past count comes out again.
 */
export async function slotCounts(
  tx: Tx,
  sources: readonly Id[],
  until: Instant,
  { kind, subject, from = '0001-01-01', asOf }: Counting = {},
): Promise<Map<Id, SlotCounts>> {
  if (!sources.length) return new Map()
  const [community] = (
    await sql<{ community: string }>`
    select community from duties_duties where source_id = any(${[...sources]}::uuid[]) limit 1`.execute(tx)
  ).rows
  if (!community) return new Map()
  const { value: grace } = await policy(tx, missedAfterHours, community.community, until)
  const where = sql`d.source_id = any(${[...new Set(sources)]}::uuid[])
    and ${kind ? sql`d.kind = ${kind}` : sql`true`} and ${subject ? sql`d.subject = ${subject}` : sql`true`}`
  const duties = asOf ? dutiesAsOf(where, asOf) : dutiesNow(where)
  const to = dayOf(msOf(until) + 86_400_000)
  const { rows } = await sql<{ sourceId: Id } & SlotCounts>`
    select x.source_id, count(*)::int as due, count(*) filter (where x.state = 'done')::int as done,
      count(*) filter (where x.state = 'excused')::int as excused, count(*) filter (where x.state = 'missed')::int as missed,
      count(*) filter (where x.state = 'overdue')::int as overdue
    from (
      select s.source_id, ${stateSql(until, grace)} as state
      from ${slotsOf(duties, from, to)} s
      ${doingBeside({ asOf, until })}
      where not s.after_end or o.outcome is not null) x
    where x.state not in ('later', 'open') group by x.source_id`.execute(tx)
  return new Map(rows.map(({ sourceId, ...counts }) => [sourceId, counts]))
}
