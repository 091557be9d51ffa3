// Where each household stands, as SQL: one table expression that lists, figures, plan and phone share. rules.ts says the same in words.
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Day, Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import type { Tx } from '#server/database/connect.ts'
import { before, lastLink, type Watermark } from '#server/facts.ts'
import { householdsAt } from '#modules/residents/server.ts'
import { gridBeside } from '#modules/territory/server.ts'
import type { AttemptHow } from '../model.ts'
import type { HouseholdState } from '../rules.ts'

export type StateRow = {
  household: Id
  dwelling: Id
  grid: string | null
  campaign: Id
  state: HouseholdState
  channel: 'phone' | 'door' | null
  coveredOn: Day | null
  /** The attempt that covered it, as it stands now, and the last attempt of any kind. */
  coveredBy: Id | null
  coverDoubted: boolean
  lastId: Id | null
  lastAt: Instant | null
  lastHow: AttemptHow | null
  attempts: number
  phoned: boolean
  visited: boolean
  sheets: number
}

export type States = {
  readonly community: string
  /** Table expression with columns (id, area, opened_at), see campaigns.ts. */
  readonly campaigns: RawBuilder<unknown>
  /** Households as of this instant; now where left out. */
  readonly at?: Instant | undefined
  /** Attempts that count by this day; all where left out. */
  readonly day?: Day | undefined
  readonly asOf?: Watermark | undefined
  /** Only households whose grid lies in it. */
  readonly area?: string | undefined
}

/** Whether a grid lies in an area, as a range that an index can use; a whole community holds what has no grid, too. */
export const gridIn = (column: string, area: string): RawBuilder<SqlBool> =>
  area.length <= 12
    ? sql<SqlBool>`true`
    : sql<SqlBool>`(${sql.ref(column)} collate "C" >= ${area} and ${sql.ref(column)} collate "C" < ${`${area}~`})`

/** The first reaching attempt of a household: the day on which it counts, the instant, the id. Same order as `byTime`. */
const inOrder = sql`order by a.counted_on, a.occurred_at, a.root`
const backwards = sql`order by a.counted_on desc, a.occurred_at desc, a.root desc`
const firstReaching = (column: string) =>
  sql`(array_agg(${sql.ref(`a.${column}`)} ${inOrder}) filter (where a.outcome = 'reached'))[1]`
const last = (column: string) => sql`(array_agg(${sql.ref(`a.${column}`)} ${backwards}) filter (where not a.home))[1]`

/**
 * Whether a fact stands, for reading all of a community at once: the replaced ones are read once into a hash. Nothing here or below
 * joins by rows that the planner only guesses: on the morning of a campaign it still takes its tables for empty.
 */
export const standsAmong = (
  table: string,
  alias: string,
  { community, asOf }: Pick<States, 'community' | 'asOf'>,
): RawBuilder<SqlBool> => sql<SqlBool>`(
  not ${sql.ref(`${alias}.withdrawn`)} and ${before(alias, asOf)} and ${sql.ref(`${alias}.id`)} not in (
    select newer.replaces from ${sql.table(table)} as newer
    where newer.community = ${community} and newer.replaces is not null and ${before('newer', asOf)}))`

/** Households once each with the campaign that counts: where two of one day cover one (closed, and the next opened), the later. */
const homes = ({ community, campaigns, at, asOf, area }: States) => sql`
  select distinct on (h.household) h.household, h.dwelling, h.grid, c.id as campaign
  from ${householdsAt({ at, asOf, community })} as h
  join ${campaigns} as c on length(c.area) = 12 or (h.grid collate "C" >= c.area and h.grid collate "C" < c.area || '~')
  where ${area ? gridIn('h.grid', area) : sql`true`}
  order by h.household, c.opened_at desc, c.id desc`

/** Households and attempts under each other, to be grouped: the same as a join, and as quick with any guess of the planner. */
const homesAndAttempts = (of: States) => sql`
  select h.campaign, h.household, true as home, h.dwelling, h.grid, null::uuid as id, null::uuid as root, null::date as counted_on,
    null::timestamptz as occurred_at, null::text as how, null::text as outcome, null::text as clock_doubt
  from (${homes(of)}) as h
  union all
  select a.campaign, a.household, false, null, null::text collate "C", a.id, a.root, a.counted_on, a.occurred_at, a.how, a.outcome,
    a.clock_doubt
  from screening_attempts as a
  where a.community = ${of.community} and a.campaign in (select id from ${of.campaigns} as c)
    and ${of.day ? sql`a.counted_on <= ${of.day}::date` : sql`true`} and ${standsAmong('screening_attempts', 'a', of)}`

/** Table expression of `StateRow` in snake_case: every household of the campaigns' areas once. */
export const statesAt = (of: States): RawBuilder<StateRow> => sql<StateRow>`(
  select g.household, g.campaign, g.dwelling, g.grid, g.channel, g.covered_on, g.covered_by, g.cover_doubted, g.last_id, g.last_at,
    g.last_how, g.attempts, g.sheets,
    coalesce(g.phoned, false) as phoned, coalesce(g.visited, false) as visited,
    case when g.covered then 'covered' when g.empty is not null then g.empty when g.refused then 'refused'
      when g.sheets > 0 then 'notice' when g.attempts > 0 then 'nobody' else 'untouched' end as state
  from (
    select a.household, a.campaign, (array_agg(a.dwelling) filter (where a.home))[1] as dwelling, max(a.grid) as grid,
      (count(*) filter (where not a.home))::int as attempts, (count(*) filter (where a.how = 'notice'))::int as sheets,
      bool_or(a.how = 'phone') as phoned, bool_or(a.how in ('door', 'notice')) as visited,
      bool_or(a.outcome = 'reached') as covered, bool_or(a.outcome = 'refused') as refused,
      (array_agg(a.outcome ${backwards}) filter (where a.outcome in ('vacant', 'moved')))[1] as empty,
      ${firstReaching('how')} as channel, ${firstReaching('counted_on')} as covered_on, ${firstReaching('id')} as covered_by,
      ${firstReaching('clock_doubt')} is not null as cover_doubted,
      ${last('id')} as last_id, ${last('occurred_at')} as last_at, ${last('how')} as last_how
    from (${homesAndAttempts(of)}) as a
    group by a.campaign, a.household having bool_or(a.home)) as g)`

type When = { readonly at?: Instant | undefined; readonly asOf?: Watermark | undefined }

/** The dwelling and grid of the household beside it, for `left join lateral … on true`; `household` and `community` name columns. */
export const placeBeside = (household: string, community: string, when: When = {}) => sql`(
  select o.dwelling, g.grid from ${lastLink('residents_occupancies', household, community, when)} as o
  left join lateral ${gridBeside('o.dwelling', 'o.community', when)} as g on true)`

/** The household to which the person beside it belongs, for `left join lateral … on true`. */
export const homeBeside = (person: string, community: string, when: When = {}) =>
  lastLink('residents_memberships', person, community, when)

export type Steps = {
  households: number
  untouched: number
  phoned: number
  visited: number
  noticed: number
  covered: number
  byPhone: number
  atDoor: number
  left: number
  vacant: number
  moved: number
  refused: number
  sheets: number
}

/** The columns of `Steps` over `s`, an alias of `statesAt`. Who posts a notice stands at the door: `visited` holds it too. */
export const steps = sql`count(s.household)::int as households, (count(*) filter (where s.state = 'untouched'))::int as untouched,
  (count(*) filter (where s.phoned))::int as phoned, (count(*) filter (where s.visited))::int as visited,
  (count(*) filter (where s.sheets > 0))::int as noticed, (count(*) filter (where s.state = 'covered'))::int as covered,
  (count(*) filter (where s.channel = 'phone'))::int as by_phone, (count(*) filter (where s.channel = 'door'))::int as at_door,
  (count(*) filter (where s.state <> 'covered'))::int as left, (count(*) filter (where s.state = 'vacant'))::int as vacant,
  (count(*) filter (where s.state = 'moved'))::int as moved, (count(*) filter (where s.state = 'refused'))::int as refused,
  coalesce(sum(s.sheets), 0)::int as sheets`

/** How far an area is. */
export async function stepsOf(tx: Tx, states: States): Promise<Steps> {
  const { rows } = await sql<Steps>`select ${steps} from ${statesAt(states)} as s`.execute(tx)
  return rows[0]!
}

export const noSteps: Steps = {
  households: 0,
  untouched: 0,
  phoned: 0,
  visited: 0,
  noticed: 0,
  covered: 0,
  byPhone: 0,
  atDoor: 0,
  left: 0,
  vacant: 0,
  moved: 0,
  refused: 0,
  sheets: 0,
}
