// What every replay stands on: a throw-away house (or one that is kept), its clock set by hand, gone afterwards.
import type { Day } from '#core/dates.ts'
import { identify, sees } from '#modules/identity/server.ts'
import { silentLog } from '#server/log.ts'
import { openHouse, type Running } from '#server/start.ts'
import { resolve } from 'node:path'
import { modules } from '../modules.ts'
import { keptGround, passingGround, type Ground } from './ground.ts'

export type Stage = { readonly running: Running; readonly setClock: (ms: number) => void; readonly ground: Ground }

/** Lets `play` happen in a house that lives on `day`; `keep` names a new folder in which the town stays. */
export async function onStage<T>(
  { keep, day }: { keep?: string | undefined; day: Day },
  play: (stage: Stage) => Promise<T>,
): Promise<T> {
  const ground = keep ? await keptGround(resolve(keep)) : await passingGround()
  let now = Date.parse(`${day}T00:00:00Z`)
  try {
    const running = await openHouse({
      adminUrl: ground.adminUrl,
      kind: 'demo',
      keysDir: ground.keys,
      modules,
      identify,
      sees,
      log: silentLog,
      now: () => now,
      jobsIn: 'memory',
    })
    try {
      return await play({
        running,
        ground,
        setClock: (ms) => {
          now = ms
        },
      })
    } finally {
      await running.close()
    }
  } finally {
    await ground.stop()
  }
}
