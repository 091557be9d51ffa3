// Many communities at once: from the sums kept by area and day and from the reports, never by counting anew.
import { sql } from 'kysely'
import { dayOf, type Day, type Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { fromCursor, toCursor } from '#core/paging.ts'
import { answer, type Ctx, type Handled } from '#server/house.ts'
import * as api from '../api.ts'
import { handedOver, isLate, type Frozen, type Numbers, type ReportState } from '../model.ts'
import { allIndicators, shownIndicator } from './counting.ts'
import { dueOn, underwayIn } from './due.ts'

type Line = {
  community: string; name: string; report: Id | null; state: ReportState | null; zero: boolean | null
  dueBy: Instant | null; submittedAt: Instant | null
}

/** Communities of the caller's area in order of their codes, each with its report of the day if there is one. */
async function lines(ctx: Ctx, day: Day, after: string | null, limit: number): Promise<Line[]> {
  const { rows } = await sql<Line>`
    select a.area_code as community, a.name, r.id as report, r.state, r.zero, r.due_by, r.submitted_at
    from territory_areas a left join reporting_reports r on r.community = a.area_code and r.day = ${day}::date
    where a.level = 'community' and a.area_code >= ${ctx.area} and a.area_code < ${`${ctx.area}~`}
      and a.area_code > ${after ?? ''} order by a.area_code limit ${limit}`.execute(ctx.tx)
  return rows
}

const isHandedOver = (state: ReportState | null): boolean => state !== null && handedOver.includes(state)

/** What was handed over counts as reported; of the others the kept sums are shown. */
async function sumsOf(ctx: Ctx, day: Day, shown: readonly Line[]): Promise<Map<string, { figures: Frozen; computedAt: Instant | null }>> {
  const reported = shown.filter((line) => isHandedOver(line.state)).map((line) => line.community)
  const others = shown.filter((line) => !isHandedOver(line.state)).map((line) => line.community)
  const { rows: frozen } = await sql<{ community: string; figures: Frozen; computedAt: Instant }>`
    select community, figures, compiled_at as computed_at from reporting_reports
    where community = any(${reported}) and day = ${day}::date`.execute(ctx.tx)
  const { rows: kept } = await sql<Numbers & { community: string; indicator: string; computedAt: Instant }>`
    select community, indicator, current, today, total, doubted, computed_at from reporting_figures
    where community = any(${others}) and day = ${day}::date and area = community`.execute(ctx.tx)
  const sums = new Map<string, { figures: Frozen; computedAt: Instant | null }>(frozen.map((r) => [r.community, r]))
  for (const { community, indicator, computedAt, current, today, total, doubted } of kept) {
    const sum = sums.get(community) ?? { figures: {}, computedAt }
    sum.figures[indicator] = { current, today, total, doubted }
    sums.set(community, sum)
  }
  return sums
}

export type OverviewPage = { rows: api.OverviewRow[]; more: boolean }

/** A page of communities with state and sums. */
export async function overviewOf(ctx: Ctx, day: Day, after: string | null, limit: number): Promise<OverviewPage> {
  const found = await lines(ctx, day, after, limit + 1)
  const shown = found.slice(0, limit)
  const sums = await sumsOf(ctx, day, shown)
  const { dueBy, weekday } = await dueOn(ctx.tx, ctx.area, day)
  const isUnderway = await underwayIn(ctx.house, ctx.tx, ctx.area, day)
  const rows = shown.map(({ zero, submittedAt, ...line }) => {
    const called = line.report !== null || (weekday && isUnderway(line.community))
    return {
      community: line.community, name: line.name, report: line.report, state: line.state, called, zero: zero ?? false,
      late: called && isLate({ dueBy: line.dueBy ?? dueBy, submittedAt }, ctx.now), submittedAt,
      computedAt: sums.get(line.community)?.computedAt ?? null, figures: sums.get(line.community)?.figures ?? {},
    }
  })
  return { rows, more: found.length > limit }
}

/** A district has some hundreds of communities; so many are summed at once. */
const all = 5_000

/** Adds what the communities have; an indicator that none of them has stays null. */
function summed(rows: readonly api.OverviewRow[], indicator: string): Numbers {
  const having = rows.flatMap((row) => row.figures[indicator] ?? [])
  const sum = (column: 'current' | 'today' | 'total') =>
    having.reduce<number | null>((n, f) => (f[column] === null ? n : (n ?? 0) + f[column]), null)
  return { current: sum('current'), today: sum('today'), total: sum('total'), doubted: having.reduce((n, f) => n + f.doubted, 0) }
}

export async function totalsOf(ctx: Ctx, day: Day) {
  const { rows } = await overviewOf(ctx, day, null, all)
  const count = (test: (row: api.OverviewRow) => boolean) => rows.filter(test).length
  return {
    day, communities: rows.length, called: count((r) => r.called), handedOver: count((r) => isHandedOver(r.state)),
    confirmed: count((r) => r.state === 'confirmed' || r.state === 'locked'), returned: count((r) => r.state === 'returned'),
    zero: count((r) => r.zero), late: count((r) => r.late),
    figures: allIndicators(ctx.house).map((indicator) => ({ ...shownIndicator(indicator), ...summed(rows, indicator.key) })),
    rows,
  }
}

export const overviewHandlers: readonly Handled[] = [
  answer(api.overview, async ({ day, after, limit }, ctx) => {
    const [last] = fromCursor(after, 1) ?? [null]
    const { rows, more } = await overviewOf(ctx, day ?? dayOf(ctx.now), last as string | null, limit)
    return { rows, next: more ? toCursor([rows.at(-1)!.community]) : null, total: null }
  }),
  answer(api.totals, async ({ day }, ctx) => totalsOf(ctx, day ?? dayOf(ctx.now))),
]

