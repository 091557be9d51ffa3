// A replay of a whole town: every community works and reports, the town sums up, the county returns the sum and confirms it.
import { dirname, resolve } from 'node:path'
import { addDays, instantAt, msOf, type Day } from '#core/dates.ts'
import type { Output } from '#core/contract.ts'
import { confirm, dayOfReport, sendBack, streetReport, submit, sumUp, totals } from '#modules/reporting/api.ts'
import { shortKey } from '#modules/reporting/model.ts'
import { kyselyOf, poolOf } from '#server/database/connect.ts'
import { chanceOf } from '../town/chance.ts'
import { runClock } from './clock.ts'
import { play, type Played } from './play.ts'
import { raiseMany, type RaisedTown } from './raiseMany.ts'
import { differing, recount, type Figures } from './recount.ts'
import { only } from './replay.ts'
import { deedsOf, say, scenarioFile, type TownScenario } from './scenario.ts'
import { onStage } from './stage.ts'

export type ReplayedTown = {
  communities: number
  grids: number
  levels: readonly string[]
  /** Of the last day: called = received + returned + missing. */
  reports: { called: number; received: number; zero: number; late: number; returned: number; missing: number; confirmed: number }
  /** The town's report as it was confirmed: of how many communities it is made, and what it comes to. */
  town: { state: string; communities: number; of: number; returnedOnce: boolean; changesSince: number }
  figures: Figures
  recounted?: Figures
  played: Played
  seconds: number
  kept?: { data: string; keys: string }
}
export type AskedTown = {
  scenario: TownScenario
  file?: string | undefined
  households?: number
  seed: number
  keep?: string
  recount: boolean
  step: (words: string) => void
}

export function replayTown({ scenario, file, households, seed, keep, recount: again, step }: AskedTown): Promise<ReplayedTown> {
  const began = Date.now()
  const deeds = deedsOf(scenario, households)
  return onStage({ keep, day: scenario.day }, async ({ running, setClock, ground }) => {
    const firstDay = addDays(scenario.day, -2)
    const town = await raiseMany(running, {
      file: resolve(dirname(scenarioFile(scenario.name, file)), scenario.areas),
      households: deeds.households,
      quiet: scenario.reports.nothingOnTheLastDay,
      seed,
      firstDay,
      setClock,
      keep: keep !== undefined,
      step,
    })
    let said = 0
    const played = await play({
      deeds,
      chance: chanceOf(seed + 1),
      targets: town.targets,
      firstDay,
      setClock,
      onDay: async (day) => {
        await runClock(running)
        await report(town, { day, setClock, scenario, last: day === scenario.day })
        step(`reports of ${day}`)
      },
      progress: (done, of) => {
        if (done >= said) {
          said = done + Math.ceil(of / 10)
          step(`${done} of ${of} attempts`)
        }
      },
    })
    await runClock(running)
    const result = {
      ...(await seen(town, scenario.day)),
      played,
      seconds: Math.round((Date.now() - began) / 100) / 10,
    } as ReplayedTown
    if (ground.kept) result.kept = ground.kept
    if (again) {
      const pool = poolOf(ground.adminUrl, { max: 1 })
      const codes = town.communities.map((community) => community.code)
      result.recounted = await recount(kyselyOf(pool), running.house.rolePrefix, codes).finally(() => pool.end())
      const differ = differing(only(result.figures, Object.keys(result.recounted)), result.recounted)
      if (differ.length) throw say.recount({ figures: differ })
    }
    return result
  })
}

/** Whoever has a report to send sends it; on the last day some come late, one comes back, and the town sums up twice. */
async function report(
  town: RaisedTown,
  {
    day,
    setClock,
    scenario,
    last,
  }: {
    day: Day
    setClock: (ms: number) => void
    scenario: TownScenario
    last: boolean
  },
): Promise<void> {
  const at = (time: string) => setClock(msOf(instantAt(day, time)))
  const send = async ({ code, secretary }: RaisedTown['communities'][number]) => {
    const { report: mine } = await secretary.ask(dayOfReport, { day })
    // A day on which nothing happened was reported as zero by the house.
    if (mine && (mine.state === 'open' || mine.state === 'returned')) await secretary.tell(submit, { report: mine.id })
    return { community: code, report: mine!.id }
  }
  at('17:10')
  const lateOnes = last ? town.communities.slice(0, scenario.reports.late) : []
  const sent = []
  for (const community of town.communities) if (!lateOnes.includes(community)) sent.push({ community, at: await send(community) })
  if (!last) return
  at('17:30')
  for (const one of sent.slice(0, scenario.reports.returned)) {
    await town.officer.tell(sendBack, { ...one.at, reason: '请核对张贴张数' })
    await send(one.community)
  }
  for (const one of sent) await town.officer.tell(confirm, one.at)
  at('17:50')
  const sum = await town.officer.tell(sumUp, { day })
  at('18:30')
  for (const community of lateOnes) await town.officer.tell(confirm, await send(community))
  if (lateOnes.length) {
    await town.district.tell(sendBack, { community: sum.community, report: sum.id, reason: '迟报的社区已到，请重新汇总' })
    await town.officer.tell(sumUp, { day })
  }
  at('18:40')
  await town.district.tell(confirm, { community: sum.community, report: sum.id })
}

/** What the county sees: its own counts, and the town's report by the short names of its figures. */
async function seen({ district, communities }: RaisedTown, day: Day) {
  const street = communities[0]!.code.slice(0, 9)
  const {
    called,
    received,
    zero,
    late,
    returned,
    missing,
    confirmed,
    communities: n,
  } = await district.ask(totals, { day, area: street })
  const shown: Output<typeof streetReport> = await district.ask(streetReport, { day, area: street })
  return {
    communities: n,
    grids: communities.reduce((sum, one) => sum + one.grids.length, 0),
    levels: ['street', 'community', 'grid'],
    reports: { called, received, zero, late, returned, missing, confirmed },
    town: {
      state: shown.report?.state ?? 'missing',
      communities: shown.parts.filter((part) => part.received).length,
      of: shown.parts.length,
      returnedOnce: shown.moves.some((move) => move.verb === 'return'),
      changesSince: shown.changes.length,
    },
    figures: Object.fromEntries(shown.figures.map((f) => [shortKey(f.indicator), f[f.main] ?? 0])),
  }
}
