// Counting a day: every indicator that modules offer, by grid, as of an instant and a watermark; and the sums kept for overviews.
import { sql } from 'kysely'
import { addDays, instantAt, instantOf, msOf, type Day, type Instant } from '#core/dates.ts'
import type { Tx } from '#server/database/connect.ts'
import type { Watermark } from '#server/facts.ts'
import type { Ctx, House } from '#server/house.ts'
import { countByGrid, indicators, sumFigures, type Indicator, type IndicatorAt } from '#server/indicators.ts'
import type { IndicatorShown } from '../api.ts'
import { columns, unplacedIn, type AreaFigure, type Frozen, type FrozenGrids, type Numbers, type Report } from '../model.ts'
import { of } from './tables.ts'

type Asking = Pick<Ctx, 'house' | 'tx'>

/** Every indicator in the order of the sheet. */
export const allIndicators = (house: House): Indicator[] =>
  house.offered(indicators).toSorted((a, b) => a.order - b.order || (a.key < b.key ? -1 : 1))

export const findIndicator = (house: House, key: string): Indicator | undefined =>
  house.offered(indicators).find((one) => one.key === key)

export const shownIndicator = ({
  key,
  title,
  unit,
  group,
  columns: has,
  main,
  progress,
  definition,
}: Indicator): IndicatorShown => ({
  indicator: key,
  title,
  unit,
  group,
  columns: [...has],
  main,
  ...(progress ? { progress } : {}),
  definition,
})

/** The last instant of a day, or now while the day lasts. */
export const lastInstant = (day: Day, now: number): Instant => instantOf(Math.min(now, msOf(instantAt(addDays(day, 1))) - 1))

const watermarkIn = (report: Report): Watermark => ({ generation: report.asOfGeneration, xmin: report.asOfXmin })

/** A report's own instant and watermark: counted so, it comes out as it was. */
export const asReported = (report: Report): IndicatorAt => ({
  community: report.community,
  day: report.day,
  until: report.until,
  asOf: watermarkIn(report),
})

/** The same day with all that is known now, up to its very end. */
export const asKnown = ({ community, day }: { community: string; day: Day }, now: number): IndicatorAt => ({
  community,
  day,
  until: lastInstant(day, now),
})

export type Counting = { figures: Frozen; grids: FrozenGrids }

/** Counts every indicator. A thing that nobody counted is 0, said as 0; a column that an indicator lacks is null. */
export async function countDay({ house, tx }: Asking, at: IndicatorAt): Promise<Counting> {
  const figures: Frozen = {}
  const grids: FrozenGrids = {}
  for (const indicator of allIndicators(house)) {
    const counted = await countByGrid(tx, indicator, at)
    figures[indicator.key] = sumFigures(indicator, counted)
    grids[indicator.key] = counted.toSorted((a, b) => ((a.grid ?? '~') < (b.grid ?? '~') ? -1 : 1))
  }
  return { figures, grids }
}

const plus = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : a + b)
const added = (a: Numbers | undefined, b: Numbers): Numbers =>
  a
    ? {
        current: plus(a.current, b.current),
        today: plus(a.today, b.today),
        total: plus(a.total, b.total),
        doubted: a.doubted + b.doubted,
      }
    : { current: b.current, today: b.today, total: b.total, doubted: b.doubted }

/** A day's numbers by area: the community, its precincts, its grids, and what lies in no known grid. */
export function byArea(community: string, { figures, grids }: Counting): Omit<AreaFigure, 'community' | 'day' | 'computedAt'>[] {
  return Object.entries(figures).flatMap(([indicator, whole]) => {
    const areas = new Map<string, Numbers>([[community, whole]])
    for (const { grid, ...numbers } of grids[indicator] ?? []) {
      const own = grid ?? unplacedIn(community)
      for (const area of new Set(grid === null ? [own] : [own.slice(0, 14), own]))
        areas.set(area, added(areas.get(area), numbers))
    }
    return [...areas].map(([area, { current, today, total, doubted }]) => ({ area, indicator, current, today, total, doubted }))
  })
}

/** Puts the sums of one day of a community in place of those that were kept. */
export async function keepSums(tx: Tx, community: string, day: Day, counting: Counting, now: number): Promise<void> {
  await of(tx).deleteFrom('reportingFigures').where('community', '=', community).where('day', '=', day).execute()
  const rows = byArea(community, counting).map((row) => ({ ...row, community, day, computedAt: instantOf(now) }))
  for (let i = 0; i < rows.length; i += 2000)
    await of(tx)
      .insertInto('reportingFigures')
      .values(rows.slice(i, i + 2000))
      .execute()
}

const same = (a: Numbers, b: Numbers): boolean => columns.every((column) => a[column] === b[column]) && a.doubted === b.doubted
const nothing: Numbers = { current: null, today: null, total: null, doubted: 0 }
const zeroLike = (n: Numbers): Numbers => ({
  current: n.current === null ? null : 0,
  today: n.today === null ? null : 0,
  total: n.total === null ? null : 0,
  doubted: 0,
})

/** What was frozen beside what counting again gives, whole and grid by grid. Indicators that came later are not in the report. */
export function compared(frozen: Counting, again: Counting) {
  return Object.keys(frozen.figures).flatMap((indicator) => {
    const [was, is] = [frozen.figures[indicator]!, again.figures[indicator] ?? nothing]
    const row = (grid: string | null, a: Numbers, b: Numbers) => ({ indicator, grid, frozen: a, again: b, equal: same(a, b) })
    const inGrid = (counting: Counting, grid: string | null) => counting.grids[indicator]?.find((g) => g.grid === grid)
    const places = new Set([...(frozen.grids[indicator] ?? []), ...(again.grids[indicator] ?? [])].map((g) => g.grid))
    return [
      row(null, was, is),
      ...[...places]
        .filter((grid) => grid !== null)
        .map((grid) => {
          const [a, b] = [inGrid(frozen, grid), inGrid(again, grid)]
          return row(grid, pick(a ?? zeroLike(was)), pick(b ?? zeroLike(was)))
        }),
    ]
  })
}

const pick = ({ current, today, total, doubted }: Numbers): Numbers => ({ current, today, total, doubted })

/** How long a compilation waits for writes that began before it. Milliseconds. */
const patience = 5_000

/**
 * The watermark that holds everything committed before this call. Writes that began earlier are waited for; `held` when one
 * lasted longer than that, and what it writes is not in.
 */
export async function settledWatermark(tx: Tx): Promise<Watermark & { held: boolean }> {
  const look = async () =>
    (
      await sql<{ generation: number; xmin: string; xmax: string; own: string | null }>`
    select linli_generation() as generation, pg_snapshot_xmin(s)::text as xmin, pg_snapshot_xmax(s)::text as xmax,
      pg_current_xact_id_if_assigned()::text as own from pg_current_snapshot() s`.execute(tx)
    ).rows[0]!
  const started = performance.now()
  const first = await look()
  const goal = BigInt(first.own ?? first.xmax)
  let seen = first
  while (BigInt(seen.xmin) < goal && performance.now() - started < patience) {
    await new Promise((go) => setTimeout(go, 40))
    seen = await look()
  }
  const held = BigInt(seen.xmin) < goal
  return { generation: seen.generation, xmin: held ? seen.xmin : goal.toString(), held }
}
