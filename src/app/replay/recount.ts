// The same figures by plain SQL over the raw rows, written without the indicators' code: a second pair of eyes.
import { sql } from 'kysely'
import { asKeeper, type Db } from '#server/database/connect.ts'

export type Figures = Record<string, number>

/** Counts the communities together as they stand now. Runs as the keeper: no row policy hides anything from it. */
export function recount(admin: Db, rolePrefix: string, communities: readonly string[]): Promise<Figures> {
  return asKeeper(admin, rolePrefix, async (tx) => {
    const { rows } = await sql<Figures>`
      with attempt as (
        select * from screening_attempts a where community = any(${communities}) and not withdrawn
          and id not in (select replaces from screening_attempts where replaces is not null and community = any(${communities}))),
      last_home as (
        select o.* from residents_occupancies o where community = any(${communities}) and not exists (
          select from residents_occupancies p where p.community = o.community and p.subject = o.subject
            and (p.since, p.generation, p.xid, p.seq) > (o.since, o.generation, o.xid, o.seq))),
      home as (
        select h.root as household from residents_households h join last_home o on o.subject = h.root
        where h.community = any(${communities}) and o.dwelling is not null and not h.withdrawn
          and h.id not in (select replaces from residents_households where replaces is not null and community = any(${communities}))),
      first_reached as (
        select household, (array_agg(how order by occurred_at, id))[1] as how from attempt where outcome = 'reached' group by household),
      statement as (
        select * from screening_statements s where community = any(${communities}) and not withdrawn
          and id not in (select replaces from screening_statements where replaces is not null and community = any(${communities}))
          and attempt in (select root from attempt)),
      key_person as (
        select * from screening_key_persons k where community = any(${communities}) and not withdrawn
          and id not in (select replaces from screening_key_persons where replaces is not null and community = any(${communities})))
      select
        (select count(*) from home)::int as "households",
        (select count(*) from first_reached join home using (household) where how = 'phone')::int as "reachedByPhone",
        (select count(*) from first_reached join home using (household) where how <> 'phone')::int as "reachedAtDoor",
        (select count(*) from first_reached join home using (household))::int as "covered",
        (select count(*) from home where household not in (select household from first_reached))::int as "notCovered",
        (select count(*) from attempt where how = 'notice')::int as "noticesPosted",
        (select count(distinct person) from key_person)::int as "keyPersons",
        (select count(distinct person) from statement where not well)::int as "symptomatic"`.execute(tx)
    return rows[0]!
  })
}

/** Slots of every duty of a community by plain SQL: each day of each duty times its windows, and what was written down for them. */
export function recountSlots(admin: Db, rolePrefix: string, community: string): Promise<Figures> {
  return asKeeper(admin, rolePrefix, async (tx) => {
    const { rows } = await sql<Figures>`
      with duty as (
        select d.id, (d.last_day - d.starts_on + 1) * jsonb_array_length(d.cadence -> 'slots') as slots from duties_duties d where d.community = ${community}),
      settled as (
        select distinct on (o.duty, o.day, o.slot) o.outcome, o.withdrawn from duties_doings o where o.community = ${community}
        order by o.duty, o.day, o.slot, o.seq desc),
      sums as (
        select (select sum(slots) from duty)::int as due, count(*) filter (where outcome = 'done' and not withdrawn)::int as done,
          count(*) filter (where outcome = 'excused' and not withdrawn)::int as excused from settled)
      select due as "slotsDue", done as "slotsDone", excused as "slotsExcused", due - done - excused as "slotsMissed",
        (select count(distinct household) from observation_orders where community = ${community} and seal is not null)::int as "households" from sums`.execute(
      tx,
    )
    return rows[0]!
  })
}

/** The names of the figures that differ, in both directions. */
export const differing = (a: Figures, b: Figures): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => a[name] !== b[name])
