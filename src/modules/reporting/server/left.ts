// Who is left, to be read out in a group chat: communities without a report, or grids with work still to be done. Never a resident's name.
import { dayOf, instantOf, type Day } from '#core/dates.ts'
import { answer, type Ctx, type Handled } from '#server/house.ts'
import { countByGrid, type Indicator } from '#server/indicators.ts'
import { placesOf } from '#server/names.ts'
import { dutyNamesIn } from '#modules/territory/server.ts'
import * as api from '../api.ts'
import { allIndicators, asKnown, findIndicator } from './counting.ts'
import { communityAsked } from './moving.ts'
import { areaAsked, countsOf, linesOf } from './overview.ts'

async function communitiesLeft(ctx: Ctx, area: string, day: Day): Promise<api.Left> {
  const { lines } = await linesOf(ctx, area, day)
  const waiting = lines.filter((line) => line.standing === 'missing' || line.standing === 'returned')
  const names = await placesOf(ctx.house, ctx.tx, [area, ...waiting.map((line) => line.community.slice(0, 9))])
  const { called, received } = countsOf(lines)
  return {
    area,
    areaName: names.get(area) ?? area,
    day,
    at: instantOf(ctx.now),
    called,
    received,
    works: [],
    communities: waiting.map(({ community, name, standing, zero, late, overdue }) => ({
      community,
      name,
      streetName: names.get(community.slice(0, 9)) ?? '',
      standing,
      zero,
      late,
      overdue,
    })),
  }
}

/** A community looks at itself now: its own grids are counted, nobody else's. */
async function gridsLeft(ctx: Ctx, community: string, day: Day): Promise<api.Left> {
  const at = asKnown({ community, day }, ctx.now)
  const works: api.Left['works'] = []
  for (const done of allIndicators(ctx.house)) {
    const [whole, rest] = [findIndicator(ctx.house, done.progress?.of ?? ''), findIndicator(ctx.house, done.progress?.left ?? '')]
    if (!whole || !rest) continue
    const numbers = async (one: Indicator) => new Map((await countByGrid(ctx.tx, one, at)).map((g) => [g.grid, g[one.main] ?? 0]))
    const [all, left] = [await numbers(whole), await numbers(rest)]
    const codes = [...all.keys()].filter((grid) => grid !== null)
    const names = await placesOf(ctx.house, ctx.tx, codes)
    const workers = await dutyNamesIn(ctx, codes)
    const sum = (of: ReadonlyMap<string | null, number>) => [...of.values()].reduce((n, one) => n + one, 0)
    works.push({
      indicator: rest.key,
      of: whole.title,
      title: done.title,
      unit: rest.unit,
      whole: sum(all),
      left: sum(left),
      done: sum(all) - sum(left),
      grids: [...all]
        .filter(([grid]) => (left.get(grid) ?? 0) > 0)
        .toSorted(([a], [b]) => ((a ?? '~') < (b ?? '~') ? -1 : 1))
        .map(([grid, n]) => ({
          grid,
          name: grid === null ? '网格不明' : (names.get(grid) ?? grid),
          left: left.get(grid) ?? 0,
          of: n,
          workers: grid === null ? [] : (workers.get(grid) ?? []),
        })),
    })
  }
  const areaName = (await placesOf(ctx.house, ctx.tx, [community])).get(community) ?? community
  return { area: community, areaName, day, at: instantOf(ctx.now), called: 0, received: 0, communities: [], works }
}

export const leftHandlers: readonly Handled[] = [
  answer(api.left, async ({ community, area, day }, ctx) => {
    const on = day ?? dayOf(ctx.now)
    return community || ctx.area.length >= 12
      ? gridsLeft(ctx, communityAsked(ctx, community), on)
      : communitiesLeft(ctx, areaAsked(ctx, area), on)
  }),
]
