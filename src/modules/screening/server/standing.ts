// Where each household stands, as SQL: one table expression that lists, figures, plan and phone share. rules.ts says the same in words.
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Day, Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import type { Tx } from '#server/database/connect.ts'
import { standing, type Watermark } from '#server/facts.ts'
import { householdsAt } from '#modules/residents/server.ts'
import type { AttemptHow } from '../model.ts'
import type { HouseholdState } from '../rules.ts'

export type StateRow = {
  household: Id; dwelling: Id; grid: string | null; campaign: Id; state: HouseholdState; channel: 'phone' | 'door' | null; coveredOn: Day | null
  /** The attempt that covered it, as it stands now, and the last attempt of any kind. */
  coveredBy: Id | null; coverDoubted: boolean; lastId: Id | null; lastAt: Instant | null; lastHow: AttemptHow | null
  attempts: number; phoned: boolean; visited: boolean; sheets: number
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
export const gridIn = (column: string, area: string): RawBuilder<SqlBool> => area.length <= 12 ? sql<SqlBool>`true`
  : sql<SqlBool>`(${sql.ref(column)} collate "C" >= ${area} and ${sql.ref(column)} collate "C" < ${`${area}~`})`

/** The first reaching attempt of a household: the day on which it counts, the instant, the id. Same order as `byTime`. */
const inOrder = sql`order by a.counted_on, a.occurred_at, a.root`
const backwards = sql`order by a.counted_on desc, a.occurred_at desc, a.root desc`
const firstReaching = (column: string) => sql`(array_agg(${sql.ref(`a.${column}`)} ${inOrder}) filter (where a.outcome = 'reached'))[1]`
const last = (column: string) => sql`(array_agg(${sql.ref(`a.${column}`)} ${backwards}))[1]`

/** Attempts that stand, counted together per campaign and household. */
const tried = ({ community, campaigns, day, asOf }: States) => sql`(
  select a.campaign, a.household, count(*)::int as attempts,
    bool_or(a.how = 'phone') as phoned, bool_or(a.how = 'door') as visited, (count(*) filter (where a.how = 'notice'))::int as sheets,
    bool_or(a.outcome = 'reached') as covered, bool_or(a.outcome = 'refused') as refused,
    (array_agg(a.outcome ${backwards}) filter (where a.outcome in ('vacant', 'moved')))[1] as empty,
    ${firstReaching('how')} as channel, ${firstReaching('counted_on')} as covered_on, ${firstReaching('id')} as covered_by,
    coalesce(${firstReaching('clock_doubt')} is not null, false) as cover_doubted,
    ${last('id')} as last_id, ${last('occurred_at')} as last_at, ${last('how')} as last_how
  from screening_attempts as a
  where a.community = ${community} and a.campaign in (select id from ${campaigns} as c)
    and ${day ? sql`a.counted_on <= ${day}::date` : sql`true`} and ${standing('screening_attempts', 'a', asOf)}
  group by a.campaign, a.household)`

/**
 * Table expression of `StateRow` in snake_case: every household of the campaigns' areas once. Where two campaigns of one day cover it
 * (one closed, the next opened) the later one counts.
 */
export const statesAt = (of: States): RawBuilder<StateRow> => sql<StateRow>`(
  select h.household, h.dwelling, h.grid, h.campaign,
    case when t.covered then 'covered' when t.empty is not null then t.empty when t.refused then 'refused'
      when t.sheets > 0 then 'notice' when t.attempts > 0 then 'nobody' else 'untouched' end as state,
    t.channel, t.covered_on, t.covered_by, coalesce(t.cover_doubted, false) as cover_doubted, t.last_id, t.last_at, t.last_how,
    coalesce(t.attempts, 0) as attempts, coalesce(t.phoned, false) as phoned, coalesce(t.visited, false) as visited, coalesce(t.sheets, 0) as sheets
  from (
    select distinct on (h.household) h.household, h.dwelling, h.grid, c.id as campaign
    from ${householdsAt({ at: of.at, asOf: of.asOf, community: of.community })} as h
    join ${of.campaigns} as c on length(c.area) = 12 or (h.grid collate "C" >= c.area and h.grid collate "C" < c.area || '~')
    where ${of.area ? gridIn('h.grid', of.area) : sql`true`}
    order by h.household, c.opened_at desc, c.id desc) as h
  left join ${tried(of)} as t on t.campaign = h.campaign and t.household = h.household)`

export type Steps = {
  households: number; untouched: number; phoned: number; visited: number; noticed: number; covered: number; byPhone: number; atDoor: number
  left: number; vacant: number; moved: number; refused: number; sheets: number
}

/** The columns of `Steps` over `s`, an alias of `statesAt`. */
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
  households: 0, untouched: 0, phoned: 0, visited: 0, noticed: 0, covered: 0, byPhone: 0, atDoor: 0, left: 0, vacant: 0, moved: 0, refused: 0, sheets: 0,
}
