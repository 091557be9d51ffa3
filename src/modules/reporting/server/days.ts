// A day of a community in figures: as reported where there is a report, as it stands now where there is none.
import { sql } from 'kysely'
import { dayOf, type Day } from '#core/dates.ts'
import { fromCursor, pageFrom } from '#core/paging.ts'
import { answer, type Ctx, type Handled } from '#server/house.ts'
import { namesOf, placesOf } from '#server/names.ts'
import * as api from '../api.ts'
import { shortKey, type Numbers, type Report } from '../model.ts'
import { allIndicators, asKnown, countDay, lastInstant, shownIndicator, type Counting } from './counting.ts'
import { dueOn, underwayIn } from './due.ts'
import { communityAsked, findReport, shownReports } from './moving.ts'
import { of } from './tables.ts'

/** Figures in words, in the order of the sheet; those that came after a report are not in it. */
async function figuresShown(ctx: Ctx, { figures, grids }: Counting): Promise<api.FigureShown[]> {
  const codes = Object.values(grids)
    .flat()
    .map((g) => g.grid)
    .filter((grid) => grid !== null)
  const names = await placesOf(ctx.house, ctx.tx, codes)
  const nameOf = (grid: string | null) => (grid === null ? '网格不明' : (names.get(grid) ?? grid))
  return allIndicators(ctx.house)
    .filter(({ key }) => key in figures)
    .map((indicator) => ({
      ...shownIndicator(indicator),
      ...figures[indicator.key]!,
      grids: (grids[indicator.key] ?? []).map((g) => ({ ...g, name: nameOf(g.grid) })),
    }))
}

export async function movesOf(ctx: Ctx, report: Report) {
  const moves = await of(ctx.tx)
    .selectFrom('reportingMoves')
    .selectAll()
    .where('community', '=', report.community)
    .where('report', '=', report.id)
    .orderBy('at')
    .orderBy('id')
    .execute()
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    moves.map((m) => m.recordedBy),
  )
  return moves.map((move) => ({ ...move, byName: names.get(move.recordedBy) ?? '—' }))
}

/** All that the page, the sheet and the message of a day are made of. */
export async function dayShown(ctx: Ctx, community: string, day: Day): Promise<api.DayShown> {
  const report = await findReport(ctx, community, day)
  const due = await dueOn(ctx.tx, community, day)
  const called = due.weekday && (await underwayIn(ctx.house, ctx.tx, community, day))(community)
  const names = await placesOf(ctx.house, ctx.tx, [community, community.slice(0, 9)])
  const counting = report ?? (await countDay(ctx, asKnown({ community, day }, ctx.now)))
  return {
    community,
    communityName: names.get(community) ?? community,
    aboveName: names.get(community.slice(0, 9)) ?? community.slice(0, 9),
    day,
    report: report ? (await shownReports(ctx, [report]))[0]! : null,
    moves: report ? await movesOf(ctx, report) : [],
    called,
    deadline: due.deadline,
    countedUntil: report?.until ?? lastInstant(day, ctx.now),
    figures: await figuresShown(ctx, counting),
  }
}

/** The main number of each indicator by its short key; where two share one, by the whole key. */
function mainNumbers(ctx: Pick<Ctx, 'house'>, figures: Readonly<Record<string, Numbers>>): Record<string, number> {
  const all = allIndicators(ctx.house).filter(({ key }) => key in figures)
  const shared = (short: string) => all.filter(({ key }) => shortKey(key) === short).length > 1
  return Object.fromEntries(all.map(({ key, main }) => [shared(shortKey(key)) ? key : shortKey(key), figures[key]![main] ?? 0]))
}

export const dayHandlers: readonly Handled[] = [
  answer(api.dayOfReport, async ({ community, day }, ctx) =>
    dayShown(ctx, communityAsked(ctx, community), day ?? dayOf(ctx.now)),
  ),

  answer(api.figures, async ({ community: named, day = '', now }, ctx) => {
    const [community, on] = [communityAsked(ctx, named), day || dayOf(ctx.now)]
    const report = await findReport(ctx, community, on)
    const counted = report && !now ? report : await countDay(ctx, asKnown({ community, day: on }, ctx.now))
    return {
      community,
      day: on,
      report: report?.id ?? null,
      state: report?.state ?? null,
      figures: mainNumbers(ctx, counted.figures),
    }
  }),

  answer(api.reports, async ({ community: named, state, from, to, after, limit }, ctx) => {
    const community = named ? ctx.at(named) : ctx.area.length >= 12 ? ctx.community : undefined
    let wanted = of(ctx.tx).selectFrom('reportingReports')
    // Sums of streets stand beside the reports of communities; they have a page of their own.
    wanted = community ? wanted.where('community', '=', community) : wanted.where('parts', 'is', null)
    if (state) wanted = wanted.where('state', '=', state)
    if (from) wanted = wanted.where('day', '>=', from)
    if (to) wanted = wanted.where('day', '<=', to)
    const { n } = await wanted.select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
    const key = fromCursor(after, 2)
    const earlier = key ? wanted.where(sql<boolean>`(day, community) < (${key[0]}::date, ${key[1]})`) : wanted
    const found = await earlier
      .selectAll()
      .orderBy('day', 'desc')
      .orderBy('community', 'desc')
      .limit(limit + 1)
      .execute()
    const page = pageFrom(found, limit, n, (r) => [r.day, r.community])
    const names = await placesOf(
      ctx.house,
      ctx.tx,
      page.rows.map((r) => r.community),
    )
    const shown = await shownReports(ctx, page.rows)
    return { ...page, rows: shown.map((r) => ({ ...r, communityName: names.get(r.community) ?? r.community })) }
  }),
]
