// A replay: a throw-away town, three days of deeds through the door, and the figures of the daily report that follow.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { addDays } from '#core/dates.ts'
import { figures } from '#modules/reporting/api.ts'
import { identify, sees } from '#modules/identity/server.ts'
import { kyselyOf, poolOf } from '#server/database/connect.ts'
import { startEmbedded } from '#server/embedded/launcher.ts'
import { throwAwayCluster } from '#server/embedded/throwAway.ts'
import { silentLog } from '#server/log.ts'
import { openHouse } from '#server/start.ts'
import { modules } from '../modules.ts'
import { chanceOf } from '../town/chance.ts'
import { community } from '../town/places.ts'
import { runClock } from './clock.ts'
import { play, type Played } from './play.ts'
import { raiseTown } from './raise.ts'
import { differing, recount, type Figures } from './recount.ts'
import { deedsOf, say, type Scenario } from './scenario.ts'

export type Replayed = { figures: Figures; recounted?: Figures; played: Played; seconds: number; kept?: { data: string; keys: string } }
export type Asked = {
  scenario: Scenario; households?: number; seed: number; keep?: string; recount: boolean; step: (words: string) => void
}

/** Plays a scenario from an empty database to the last day's report. */
export async function replay({ scenario, households, seed, keep, recount: again, step }: Asked): Promise<Replayed> {
  const began = Date.now()
  const deeds = deedsOf(scenario, households)
  const ground = keep ? await keptGround(resolve(keep)) : await passingGround()
  let now = Date.parse(`${scenario.day}T00:00:00Z`)
  const setClock = (ms: number) => { now = ms }
  try {
    const running = await openHouse({
      adminUrl: ground.adminUrl, kind: 'demo', keysDir: ground.keys, modules, identify, sees, log: silentLog,
      now: () => now, jobsIn: 'memory',
    })
    try {
      const firstDay = addDays(scenario.day, -2)
      const town = await raiseTown(running, { deeds, seed, firstDay, setClock, keep: keep !== undefined, step })
      let said = 0
      const played = await play({
        deeds, chance: chanceOf(seed + 1), targets: town.targets, firstDay, setClock,
        onDay: async (day) => { await runClock(running); step(`17:00 on ${day}`) },
        progress: (done, of) => { if (done >= said) { said = done + Math.ceil(of / 10); step(`${done} of ${of} attempts`) } },
      })
      const reported = await town.secretary.ask(figures, { day: scenario.day })
      const result: Replayed = { figures: reported.figures, played, seconds: Math.round((Date.now() - began) / 100) / 10 }
      if (ground.kept) result.kept = ground.kept
      if (again) {
        const pool = poolOf(ground.adminUrl, { max: 1 })
        result.recounted = await recount(kyselyOf(pool), running.house.rolePrefix, [community.code]).finally(() => pool.end())
        const differ = differing(only(result.figures, Object.keys(result.recounted)), result.recounted)
        if (differ.length) throw say.recount({ figures: differ })
      }
      return result
    } finally {
      await running.close()
    }
  } finally {
    await ground.stop()
  }
}

export type Ground = { adminUrl: string; keys: string; stop: () => Promise<void>; kept?: { data: string; keys: string } }

/** A cluster and keys that are gone afterwards. */
export async function passingGround(): Promise<Ground> {
  const cluster = await throwAwayCluster()
  const keys = mkdtempSync(join(tmpdir(), 'linli-replay-'))
  return {
    adminUrl: cluster.url, keys,
    stop: async () => {
      await cluster.stop()
      rmSync(keys, { recursive: true, force: true })
    },
  }
}

/** A data directory laid out as `npm start -- --demo` finds it, so that the town can be served afterwards. */
export async function keptGround(dir: string): Promise<Ground> {
  const kept = { data: join(dir, 'data'), keys: join(dir, 'keys') }
  const keys = join(kept.keys, 'demo')
  const embedded = await startEmbedded({ dataDir: join(kept.data, 'demo'), keysDir: keys })
  return { adminUrl: embedded.url, keys, kept, stop: () => embedded.stop() }
}

export const only = (figures: Figures, names: readonly string[]): Figures =>
  Object.fromEntries(names.filter((name) => name in figures).map((name) => [name, figures[name]!]))
