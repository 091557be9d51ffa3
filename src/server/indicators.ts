// An indicator is a set of counted things, not a number: the figure is how many there are, and opening it shows them.
import { sql, type RawBuilder } from 'kysely'
import type { Day, Instant } from '#core/dates.ts'
import type { Text } from '#core/text.ts'
import type { Tx } from './database/connect.ts'
import type { Watermark } from './facts.ts'
import { offer } from './house.ts'

/** 现有 what holds at the instant · 今日新增 what counts on the day · 累计 what has counted by the day. */
export type FigureColumn = 'current' | 'today' | 'total'

/** Where and when is counted. `until` is the last instant that belongs to the day, `asOf` what was known. */
export type IndicatorAt = {
  readonly community: string
  readonly day: Day
  readonly until: Instant
  readonly asOf?: Watermark | undefined
}

/**
 * One counted thing. Things with the same `key` are one and count on the earliest `day`.
 * `place` and `subject` are ids of where and of whom or what is counted: records of the module that answers, null where there is none.
 * `amount` is 1, or the quantity that is summed (㎡, hours); then every row counts for itself.
 */
export type Counted = {
  key: string
  day: Day
  grid: string | null
  place: string | null
  subject: string | null
  record: string | null
  amount: number
  doubted: boolean
}

export type Indicator = {
  /** `module.figure`, for life. */
  readonly key: string
  readonly title: Text
  /** 户, 人, 次, ㎡ … never mixed. */
  readonly unit: Text
  readonly group: Text
  readonly order: number
  readonly columns: readonly FigureColumn[]
  /** The column that stands for the indicator where only one number is shown. */
  readonly main: FigureColumn
  /** Where the figure says how far a piece of work has come: the keys of the whole and of what is still to be done. */
  readonly progress?: { readonly of: string; readonly left: string }
  readonly definition: {
    readonly numerator: Text
    readonly denominator?: Text
    readonly distinct: Text
    readonly instant: Text
  }
  /** A table expression whose columns are those of `Counted` in snake_case, for all days up to `day`. */
  readonly counted: (at: IndicatorAt) => RawBuilder<Counted>
  /** Table of facts (in SQL) in which `record` stands: it says when, how and by whom. */
  readonly facts?: string
}

export const indicators = offer<Indicator>('indicators')

export type Figure = {
  readonly current: number | null
  readonly today: number | null
  readonly total: number | null
  readonly doubted: number
}
export type AreaFigure = Figure & { readonly grid: string | null }

/** Counts one indicator by grid; `null` stands for things whose grid is unknown. A column that it does not have is null, never 0. */
export async function countByGrid(tx: Tx, indicator: Indicator, at: IndicatorAt): Promise<AreaFigure[]> {
  const { rows } = await sql<{ grid: string | null; today: number; total: number; doubted: number }>`
    with once as (
      select key, min(day) as day, min(grid) as grid, sum(amount) as amount, bool_or(doubted) as doubted
      from ${indicator.counted(at)} as counted where day <= ${at.day}::date group by key)
    select grid, coalesce(sum(amount) filter (where day = ${at.day}::date), 0)::float8 as today,
      coalesce(sum(amount), 0)::float8 as total, count(*) filter (where doubted)::int as doubted
    from once group by grid`.execute(tx)
  const has = (column: FigureColumn) => indicator.columns.includes(column)
  return rows.map(({ grid, today, total, doubted }) => ({
    grid,
    doubted,
    today: has('today') ? today : null,
    total: has('total') ? total : null,
    current: has('current') ? total : null,
  }))
}

/** The sum of figures over areas; an indicator that counted nothing is zero, said as zero. */
export function sumFigures(indicator: Indicator, figures: readonly Figure[]): Figure {
  const sum = (column: FigureColumn) =>
    indicator.columns.includes(column) ? figures.reduce((total, f) => total + (f[column] ?? 0), 0) : null
  return {
    current: sum('current'),
    today: sum('today'),
    total: sum('total'),
    doubted: figures.reduce((n, f) => n + f.doubted, 0),
  }
}

/** Which of the counted things: of a column, of an area (12 to 17 digits), in no known grid, or only those of doubted time. */
export type Among = {
  readonly column: FigureColumn
  readonly area: string
  readonly unplaced?: boolean
  readonly doubted?: boolean
}

/** Each thing once, with the first record that counts it. */
const once = (indicator: Indicator, at: IndicatorAt) => sql`
  select key, min(day) as day, min(grid) as grid, (array_agg(place order by day, record))[1] as place,
    (array_agg(subject order by day, record))[1] as subject, (array_agg(record order by day, record))[1] as record,
    sum(amount)::float8 as amount, bool_or(doubted) as doubted
  from ${indicator.counted(at)} as counted where day <= ${at.day}::date group by key`

const among = (at: IndicatorAt, { column, area, unplaced, doubted }: Among) => sql`
  ${column === 'today' ? sql`day = ${at.day}::date` : sql`true`}
  and ${area.length > 12 ? sql`grid >= ${area} and grid < ${`${area}~`}` : sql`true`}
  and ${unplaced ? sql`grid is null` : sql`true`} and ${doubted ? sql`doubted` : sql`true`}`

/** The counted things behind a figure, in a stable order: `limit` rows after the key `after`. */
export async function countedRows(
  tx: Tx,
  indicator: Indicator,
  at: IndicatorAt,
  { after, limit, ...which }: Among & { after: string | null; limit: number },
): Promise<Counted[]> {
  const { rows } = await sql<Counted>`
    with once as (${once(indicator, at)}) select * from once
    where ${among(at, which)} and ${after === null ? sql`true` : sql`key > ${after}`}
    order by key limit ${limit}`.execute(tx)
  return rows
}

/** How many things lie behind a figure, and what they add up to. */
export async function countedTotal(
  tx: Tx,
  indicator: Indicator,
  at: IndicatorAt,
  which: Among,
): Promise<{ rows: number; amount: number }> {
  const { rows } = await sql<{ rows: number; amount: number }>`
    with once as (${once(indicator, at)})
    select count(*)::int as rows, coalesce(sum(amount), 0)::float8 as amount from once where ${among(at, which)}`.execute(tx)
  return rows[0]!
}

/** A thing that counts differently at two instants: before and after, null where it does not count. */
export type Changed = Omit<Counted, 'amount' | 'day' | 'doubted'> & {
  dayBefore: Day | null
  dayAfter: Day | null
  amountBefore: number | null
  amountAfter: number | null
}

/** The things that make the difference between two countings of one day. */
export async function changedRows(
  tx: Tx,
  indicator: Indicator,
  was: IndicatorAt,
  is: IndicatorAt,
  limit: number,
): Promise<Changed[]> {
  const { rows } = await sql<Changed>`
    with was as (${once(indicator, was)}), now as (${once(indicator, is)})
    select coalesce(now.key, was.key) as key, coalesce(now.grid, was.grid) as grid, coalesce(now.place, was.place) as place,
      coalesce(now.subject, was.subject) as subject, coalesce(now.record, was.record) as record,
      was.day as day_before, now.day as day_after, was.amount as amount_before, now.amount as amount_after
    from was full join now on now.key = was.key
    where was.key is null or now.key is null or was.amount <> now.amount or was.day <> now.day or was.grid is distinct from now.grid
    order by 1 limit ${limit}`.execute(tx)
  return rows
}

/** Communities of an area (1 to 12 digits) in which something is under way on a day that calls for a daily report. */
export type Underway = (tx: Tx, area: string, day: Day) => Promise<readonly string[]>
export const underway = offer<Underway>('underway')
