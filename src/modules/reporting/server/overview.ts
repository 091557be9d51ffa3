// Many communities at once: from the sums kept by area and day and from the reports, never by counting anew.
import { sql } from 'kysely'
import { dayOf, instantOf, type Day, type Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { fromCursor, pageFrom, toCursor } from '#core/paging.ts'
import { answer, type Ctx, type Handled } from '#server/house.ts'
import { placesOf } from '#server/names.ts'
import { liesIn, say as scopeSay } from '#server/scope.ts'
import * as api from '../api.ts'
import {
  changedParts,
  handedOver,
  isLate,
  isOverdue,
  say,
  type Numbers,
  type Part,
  type Report,
  type ReportState,
  type Standing,
  type Which,
} from '../model.ts'
import { allIndicators, findIndicator, shownIndicator } from './counting.ts'
import { dueOn, underwayIn, type Due } from './due.ts'
import { of } from './tables.ts'

/** The county or street that a request is about: within the caller's own area, and that area where none is named. */
export function areaAsked(ctx: Ctx, named: string | undefined): string {
  const area = named ?? ctx.area
  if (!liesIn(area, ctx.area) || area.length > 9) throw scopeSay.outOfReach()
  return area
}

/** Code under which the report of a street stands: padded to the width of a community. */
export const paddedStreet = (street: string): string => street.padEnd(12, '0')

// --- where each report stands -----------------------------------------------------------------------------------------

/** One community of an overview without its figures. */
export type Line = {
  community: string
  name: string
  report: Id | null
  state: ReportState | null
  submittedAt: Instant | null
  compiledAt: Instant | null
  called: boolean
  standing: Standing
  zero: boolean
  late: boolean
  overdue: boolean
}
type Found = Pick<Line, 'community' | 'name' | 'report' | 'state' | 'submittedAt' | 'compiledAt'> & {
  zero: boolean | null
  dueBy: Instant | null
}

const isHandedOver = (state: ReportState | null): boolean => state !== null && handedOver.includes(state)

const standingOf = (state: ReportState | null, called: boolean): Standing =>
  isHandedOver(state) ? 'received' : state === 'returned' ? 'returned' : called ? 'missing' : 'notCalled'

/** Communities of an area in order of their codes, each with where its report stands. Some hundreds of short rows at most. */
export async function linesOf(ctx: Ctx, area: string, day: Day): Promise<{ lines: Line[]; due: Due }> {
  const { rows } = await sql<Found>`
    select a.area_code as community, a.name, r.id as report, r.state, r.zero, r.due_by, r.submitted_at, r.compiled_at
    from territory_areas a left join reporting_reports r on r.community = a.area_code and r.day = ${day}::date
    where a.level = 'community' and a.area_code >= ${area} and a.area_code < ${`${area}~`} order by a.area_code`.execute(ctx.tx)
  const due = await dueOn(ctx.tx, area, day)
  const isUnderway = await underwayIn(ctx.house, ctx.tx, area, day)
  const lines = rows.map(({ zero, dueBy, ...line }): Line => {
    const called = line.report !== null || (due.weekday && isUnderway(line.community))
    const standing = standingOf(line.state, called)
    const by = dueBy ?? due.dueBy
    return {
      ...line,
      called,
      standing,
      zero: standing === 'received' && zero === true,
      late: standing === 'received' && isLate({ dueBy: by, submittedAt: line.submittedAt }, ctx.now),
      overdue: standing === 'missing' && isOverdue(by, ctx.now),
    }
  })
  return { lines, due }
}

const isOne: Record<Which, (line: Line) => boolean> = {
  received: (l) => l.standing === 'received',
  zero: (l) => l.zero,
  late: (l) => l.late,
  returned: (l) => l.standing === 'returned',
  confirmed: (l) => l.state === 'confirmed' || l.state === 'locked',
  missing: (l) => l.standing === 'missing',
  overdue: (l) => l.overdue,
}

/** How many are called for, and where they stand: called = received + returned + missing. */
export function countsOf(lines: readonly Line[]) {
  const count = (which: Which) => lines.filter(isOne[which]).length
  return {
    communities: lines.length,
    called: lines.filter((l) => l.called).length,
    received: count('received'),
    zero: count('zero'),
    late: count('late'),
    confirmed: count('confirmed'),
    returned: count('returned'),
    missing: count('missing'),
    overdue: count('overdue'),
  }
}

/** Which communities a sum is made of, as far as their reports are called for. */
export const partsOf = (lines: readonly Line[]): Part[] =>
  lines
    .filter((l) => l.called)
    .map(({ community, standing, compiledAt }) => ({
      community,
      received: standing === 'received',
      compiledAt: standing === 'received' ? compiledAt : null,
    }))

// --- sums -------------------------------------------------------------------------------------------------------------

export type Sum = Numbers & { place: string; indicator: string; received: boolean; computedAt: Instant }

/**
 * Sums by place and indicator, those of received reports and those of the others apart: the first as they were frozen, the second as they
 * are kept. `width` is that of the place's code. One statement, whatever the number of communities.
 */
export async function sumsBy(
  ctx: Pick<Ctx, 'tx'>,
  area: string,
  day: Day,
  width: 6 | 9 | 12,
  only?: readonly string[],
): Promise<Sum[]> {
  const { rows } = await sql<Sum>`
    with here as materialized (
      select a.area_code as community, coalesce(r.state = any(${handedOver}), false) as received, r.figures, r.compiled_at
      from territory_areas a left join reporting_reports r on r.community = a.area_code and r.day = ${day}::date
      where a.level = 'community' and a.area_code >= ${area} and a.area_code < ${`${area}~`}
        and ${only ? sql`a.area_code = any(${only})` : sql`true`}),
    said as (
      select h.community, true as received, f.key as indicator, (f.value ->> 'current')::float8 as current,
        (f.value ->> 'today')::float8 as today, (f.value ->> 'total')::float8 as total, (f.value ->> 'doubted')::int as doubted, h.compiled_at as at
      from here h cross join lateral jsonb_each(h.figures) f where h.received
      union all
      select h.community, false, f.indicator, f.current, f.today, f.total, f.doubted, f.computed_at
      from here h join reporting_figures f on f.community = h.community and f.day = ${day}::date and f.area = h.community where not h.received)
    select left(community, ${width}) as place, indicator, received, round(sum(current)::numeric, 3)::float8 as current,
      round(sum(today)::numeric, 3)::float8 as today, round(sum(total)::numeric, 3)::float8 as total, sum(doubted)::int as doubted, min(at) as computed_at
    from said group by 1, 2, 3`.execute(ctx.tx)
  return rows
}

const plus = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : a + b)
const nothing: Numbers = { current: null, today: null, total: null, doubted: 0 }

/** Adds sums; a column that none of them has stays null. */
export const added = (sums: readonly Numbers[]): Numbers =>
  sums.reduce<Numbers>(
    (a, b) => ({
      current: plus(a.current, b.current),
      today: plus(a.today, b.today),
      total: plus(a.total, b.total),
      doubted: a.doubted + b.doubted,
    }),
    nothing,
  )

const byIndicator = (sums: readonly Sum[]): Record<string, Numbers> =>
  Object.fromEntries([...Map.groupBy(sums, (s) => s.indicator)].map(([indicator, of]) => [indicator, added(of)]))

/** Figures of those alone whose report is in, by indicator. */
export const receivedFigures = (sums: readonly Sum[]): Record<string, Numbers> => byIndicator(sums.filter((s) => s.received))

const oldest = (sums: readonly Sum[]): Instant | null => sums.map((s) => s.computedAt).toSorted()[0] ?? null

// --- what is asked ----------------------------------------------------------------------------------------------------

export async function totalsOf(ctx: Ctx, area: string, day: Day): Promise<api.Totals> {
  const { lines, due } = await linesOf(ctx, area, day)
  const sums = await sumsBy(ctx, area, day, area.length as 6 | 9)
  const ofIndicator = Map.groupBy(sums, (s) => s.indicator)
  const name = (await placesOf(ctx.house, ctx.tx, [area])).get(area) ?? area
  return {
    area,
    areaName: name,
    day,
    dueBy: due.dueBy,
    at: instantOf(ctx.now),
    ...countsOf(lines),
    figures: allIndicators(ctx.house).map((indicator) => {
      const here = ofIndicator.get(indicator.key) ?? []
      return { ...shownIndicator(indicator), ...added(here), received: added(here.filter((s) => s.received)) }
    }),
  }
}

/** So many communities stand on one sheet of a workbook. */
const all = 5_000

export async function overviewOf(
  ctx: Ctx,
  area: string,
  day: Day,
  { which, after = null, limit = all }: { which?: Which; after?: string | null; limit?: number } = {},
) {
  const { lines } = await linesOf(ctx, area, day)
  const wanted = which ? lines.filter(isOne[which]) : lines
  const from = wanted.filter((line) => after === null || line.community > after)
  const shown = from.slice(0, limit)
  const sums = Map.groupBy(
    await sumsBy(
      ctx,
      area,
      day,
      12,
      shown.map((l) => l.community),
    ),
    (s) => s.place,
  )
  const names = await placesOf(
    ctx.house,
    ctx.tx,
    shown.map((l) => l.community.slice(0, 9)),
  )
  const rows = shown.map(({ compiledAt: _compiledAt, ...line }): api.OverviewRow => {
    const here = sums.get(line.community) ?? []
    const street = line.community.slice(0, 9)
    return { ...line, streetName: names.get(street) ?? street, computedAt: oldest(here), figures: byIndicator(here) }
  })
  return { rows, more: from.length > limit, total: wanted.length }
}

/** The reports that streets sent, by street. */
async function reportsOfStreets(ctx: Ctx, streets: readonly string[], day: Day): Promise<Map<string, Report>> {
  const reports = await of(ctx.tx)
    .selectFrom('reportingReports')
    .selectAll()
    .where('community', 'in', streets.map(paddedStreet))
    .where('day', '=', day)
    .execute()
  return new Map(reports.map((r) => [r.community.slice(0, 9), r]))
}

async function streetsOf(ctx: Ctx, area: string, day: Day): Promise<api.StreetRow[]> {
  const { lines } = await linesOf(ctx, area, day)
  const by = Map.groupBy(lines, (l) => l.community.slice(0, 9))
  const streets = [...by.keys()]
  if (!streets.length) return []
  const sums = Map.groupBy(await sumsBy(ctx, area, day, 9), (s) => s.place)
  const names = await placesOf(ctx.house, ctx.tx, streets)
  const reports = await reportsOfStreets(ctx, streets, day)
  return streets.map((street) => {
    const report = reports.get(street)
    const here = by.get(street)!
    return {
      street,
      name: names.get(street) ?? street,
      ...countsOf(here),
      state: report?.state ?? null,
      submittedAt: report?.submittedAt ?? null,
      sentLate: report ? isLate(report, ctx.now) : false,
      changed: report?.parts ? changedParts(report.parts, partsOf(here)).length > 0 : false,
      figures: byIndicator(sums.get(street) ?? []),
    }
  })
}

/** One figure by streets of a county or communities of a street. */
async function spreadOf(ctx: Ctx, area: string, day: Day, indicator: string) {
  if (!findIndicator(ctx.house, indicator)) throw say.unknownIndicator()
  const width = area.length === 6 ? 9 : 12
  const { lines } = await linesOf(ctx, area, day)
  const by = Map.groupBy(lines, (l) => l.community.slice(0, width))
  const sums = Map.groupBy(
    (await sumsBy(ctx, area, day, width)).filter((s) => s.indicator === indicator),
    (s) => s.place,
  )
  const names = await placesOf(ctx.house, ctx.tx, by.keys())
  return [...by].map(([place, here]) => {
    const { called, received } = countsOf(here)
    return { area: place, name: names.get(place) ?? place, called, received, ...added(sums.get(place) ?? []) }
  })
}

/** A page of rows that are at hand already, in order of their keys. */
function paged<Row>(rows: readonly Row[], keyOf: (row: Row) => string, after: string | undefined, limit: number) {
  const [last] = fromCursor(after, 1) ?? [null]
  const from = last === null ? rows : rows.filter((row) => keyOf(row) > String(last))
  return pageFrom(from, limit, rows.length, (row) => [keyOf(row)])
}

export const overviewHandlers: readonly Handled[] = [
  answer(api.overview, async ({ day, area, which, after, limit }, ctx) => {
    const [last] = fromCursor(after, 1) ?? [null]
    const wanted = { after: last as string | null, limit, ...(which ? { which } : {}) }
    const { rows, more, total } = await overviewOf(ctx, areaAsked(ctx, area), day ?? dayOf(ctx.now), wanted)
    return { rows, next: more ? toCursor([rows.at(-1)!.community]) : null, total }
  }),
  answer(api.totals, async ({ day, area }, ctx) => totalsOf(ctx, areaAsked(ctx, area), day ?? dayOf(ctx.now))),
  answer(api.streets, async ({ day, area, after, limit }, ctx) =>
    paged(await streetsOf(ctx, areaAsked(ctx, area), day ?? dayOf(ctx.now)), (row) => row.street, after, limit),
  ),
  answer(api.spread, async ({ day, area, indicator, after, limit }, ctx) =>
    paged(await spreadOf(ctx, areaAsked(ctx, area), day ?? dayOf(ctx.now), indicator), (row) => row.area, after, limit),
  ),
]
