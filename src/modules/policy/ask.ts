// The question that every module asks of the rules: what holds for this key, in this area, at that time, as known then.
import { sql } from 'kysely'
import { addDays, instantAt, msOf, instantOf, type Day, type Instant } from '#core/dates.ts'
import type { PolicyAnswer, PolicyKey } from '#core/policy.ts'
import type { Tx } from '#server/database/connect.ts'
import { combined, isInForce, say, type Response, type Said, type Version } from './model.ts'

/** Codes of everything above an area and itself, as far as rules can stand there; the first levels are the country's and province's. */
export const levelsOf = (area: string): string[] => [
  ...new Set([2, 4, 6, 9, 12, 14, 17].filter((width) => width <= area.length).map((width) => area.slice(0, width))),
]

/** A day asks for the rules with which it ends; an instant for those of that moment. */
export const momentOf = (at: Day | Instant): Instant => (at.length === 10 ? instantOf(msOf(instantAt(addDays(at, 1))) - 1) : at)

/**
 * What the rules say: value, versions and document, the levels joined as the key declares, from the top down.
 * @param knownAt only what was approved by then counts; left out: everything that is known now.
 */
export async function policy<T>(
  tx: Tx,
  key: PolicyKey<T>,
  area: string,
  at: Day | Instant,
  knownAt?: Instant,
): Promise<PolicyAnswer<T>> {
  return combined(key, await saidOf(tx, key.key, area, at, knownAt))
}

/** The voices on a key, one for each pack that speaks of it, later ones last. */
export async function saidOf(tx: Tx, key: string, area: string, at: Day | Instant, knownAt?: Instant): Promise<Said[]> {
  const { rows } = await sql<Said>`
    select s.area_code as area, s.id as version, s.document, s.values -> ${key} as value
    from ${versionsInForce(area, at, knownAt)} s where s.values -> ${key} is not null
    order by length(s.area_code), s.effective_from, s.approved_at, s.id`.execute(tx)
  return rows
}

/** A version in force with all that it says. */
export type Voice = Pick<
  Version,
  'areaCode' | 'id' | 'pack' | 'number' | 'effectiveFrom' | 'effectiveTo' | 'document' | 'level' | 'values'
>

/** Every version in force in an area and above it, the upper levels first, later ones last. */
export async function voicesAt(tx: Tx, area: string, at: Day | Instant): Promise<Voice[]> {
  const { rows } = await sql<Voice>`
    select s.area_code, s.id, s.pack, s.number, s.effective_from, s.effective_to, s.document, s.level, s.values
    from ${versionsInForce(area, at)} s order by length(s.area_code), s.effective_from, s.approved_at, s.id`.execute(tx)
  return rows
}

/** What such versions say of one key. */
export const saidIn = (voices: readonly Voice[], key: string): Said[] =>
  voices
    .filter((v) => key in v.values)
    .map((v) => ({ area: v.areaCode, version: v.id, document: v.document, value: v.values[key] }))

/**
 * Table expression: per pack the version in force at `at` as known at `knownAt`. The newest approved version whose period holds the
 * moment counts, so a later one takes its whole period from the earlier. One with a level waits for a response of that level.
 */
export function versionsInForce(area: string, at: Day | Instant, knownAt?: Instant) {
  const moment = momentOf(at)
  const known = knownAt ?? 'infinity'
  return sql`(
    select distinct on (v.area_code, v.pack) v.* from policy_versions v
    where v.area_code = any(${levelsOf(area)}) and v.approved_at <= ${known}::timestamptz
      and v.effective_from <= ${moment}::timestamptz and (v.effective_to is null or v.effective_to > ${moment}::timestamptz)
      and (v.level is null or v.level in ${levelsActive(area, moment, known)})
    order by v.area_code, v.pack, v.number desc)`
}

/** Response levels in force: each response with the level that its last step gave it, as far as that was decided by `known`. */
export const levelsActive = (area: string, moment: Instant, known: Instant | 'infinity' = 'infinity') => sql`(
  select stage.level from policy_responses r
  cross join lateral (
    select l.level from (
      select r.level, r.starts_on as from_day, r.activated_at as decided_at
      union all select m.level, m.from_day, m.decided_at from policy_response_moves m
        where m.area_code = r.area_code and m.response = r.id and m.verb = 'level' and m.outcome = 'approved' and m.decided_at <= ${known}::timestamptz
    ) l where ${begins('l.from_day')} <= ${moment}::timestamptz order by l.from_day desc, l.decided_at desc limit 1) stage
  where r.area_code = any(${levelsOf(area)}) and stage.level is not null and r.activated_at <= ${known}::timestamptz
    and ${begins('r.starts_on')} <= ${moment}::timestamptz
    and (r.ends_on is null or ${begins('r.ends_on')} > ${moment}::timestamptz or exists (
      select from policy_response_moves m where m.area_code = r.area_code and m.response = r.id
        and m.verb = 'end' and m.outcome = 'approved' and m.decided_at > ${known}::timestamptz)))`

/** Midnight in Shanghai at which a day begins. */
const begins = (column: string) => sql`(${sql.ref(column)}::timestamp at time zone 'Asia/Shanghai')`

/** The response in force in an area on a day: the one decided highest, and of several there the first. Nothing restrictive runs without one. */
export async function activeResponse(tx: Tx, area: string, day: Day): Promise<Response | undefined> {
  const rows = await tx
    .withTables<{ policyResponses: Response }>()
    .selectFrom('policyResponses')
    .selectAll()
    .where('areaCode', 'in', levelsOf(area))
    .where('activatedBy', 'is not', null)
    .orderBy('areaCode')
    .orderBy('startsOn')
    .orderBy('id')
    .execute()
  return rows.find((r) => isInForce(r, day))
}

/** The same for whatever restricts: throws `policy.noResponse` where none is active. */
export async function requireResponse(tx: Tx, area: string, day: Day): Promise<Response> {
  const found = await activeResponse(tx, area, day)
  if (!found) throw say.noResponse()
  return found
}
