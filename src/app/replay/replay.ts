// A replay: a throw-away town, three days of deeds through the door, and the figures of the daily report that follow.
import { addDays } from '#core/dates.ts'
import { figures } from '#modules/reporting/api.ts'
import { kyselyOf, poolOf } from '#server/database/connect.ts'
import { chanceOf } from '../town/chance.ts'
import { community } from '../town/places.ts'
import { runClock } from './clock.ts'
import { playObservation } from './observed.ts'
import { play, type Played } from './play.ts'
import { raiseTown } from './raise.ts'
import { differing, recount, type Figures } from './recount.ts'
import { deedsOf, say, type Scenario } from './scenario.ts'
import { onStage } from './stage.ts'

export type Replayed = {
  figures: Figures
  recounted?: Figures
  played: Played
  seconds: number
  kept?: { data: string; keys: string }
}
export type Asked = {
  scenario: Scenario
  households?: number
  seed: number
  keep?: string
  recount: boolean
  step: (words: string) => void
}

/** Plays a scenario from an empty database to the last day's report, and on to the release of whoever was put under observation. */
export function replay({ scenario, households, seed, keep, recount: again, step }: Asked): Promise<Replayed> {
  const began = Date.now()
  const deeds = deedsOf(scenario, households)
  return onStage({ keep, day: scenario.day }, async ({ running, setClock, ground }) => {
    const firstDay = addDays(scenario.day, -2)
    const town = await raiseTown(running, { deeds, seed, firstDay, setClock, keep: keep !== undefined, step })
    let said = 0
    const played = await play({
      deeds,
      chance: chanceOf(seed + 1),
      targets: town.targets,
      firstDay,
      setClock,
      onDay: async (day) => {
        await runClock(running)
        step(`17:00 on ${day}`)
      },
      progress: (done, of) => {
        if (done >= said) {
          said = done + Math.ceil(of / 10)
          step(`${done} of ${of} attempts`)
        }
      },
    })
    const reported = await town.secretary.ask(figures, { day: scenario.day })
    const result: Replayed = { figures: reported.figures, played, seconds: 0 }
    if (ground.kept) result.kept = ground.kept
    if (again) {
      const pool = poolOf(ground.adminUrl, { max: 1 })
      result.recounted = await recount(kyselyOf(pool), running.house.rolePrefix, [community.code]).finally(() => pool.end())
      const differ = differing(only(result.figures, Object.keys(result.recounted)), result.recounted)
      if (differ.length) throw say.recount({ figures: differ })
    }
    // The report of that day stands; what follows takes a fortnight more and is counted on its own last day.
    if (deeds.observed > 0) {
      const { releaseNotices } = await playObservation({
        running,
        town,
        observed: deeds.observed,
        from: addDays(scenario.day, 1),
        setClock,
        step,
      })
      result.figures = { ...result.figures, releaseNotices }
    }
    result.seconds = Math.round((Date.now() - began) / 100) / 10
    return result
  })
}

export const only = (figures: Figures, names: readonly string[]): Figures =>
  Object.fromEntries(names.filter((name) => name in figures).map((name) => [name, figures[name]!]))
