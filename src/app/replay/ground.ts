// Where a replay happens: a cluster and keys that are gone afterwards, or a data directory that can be served.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '#server/embedded/launcher.ts'
import { throwAwayCluster } from '#server/embedded/throwAway.ts'

export type Ground = { adminUrl: string; keys: string; stop: () => Promise<void>; kept?: { data: string; keys: string } }

/** A cluster and keys that are gone afterwards. */
export async function passingGround(): Promise<Ground> {
  const cluster = await throwAwayCluster()
  const keys = mkdtempSync(join(tmpdir(), 'linli-replay-'))
  return {
    adminUrl: cluster.url,
    keys,
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
