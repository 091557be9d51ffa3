// Proves a backup: restores it into a throw-away PostgreSQL, compares every row, brings it up to this version, and lets it go.
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { migrate, type Migration } from '../database/migrate.ts'
import { throwAwayCluster } from '../embedded/throwAway.ts'
import { parseCommunity, parseRing } from '../keys/keyFile.ts'
import { ringFile } from '../keys/vault.ts'
import type { ReadHead } from './head.ts'
import { headOf, restoreInto, type Restored } from './restore.ts'
import type { RingPart } from './ring.ts'
import type { Progress } from './words.ts'

type Proving = {
  readonly file: string
  readonly key: (head: ReadHead) => Buffer
  readonly migrations: readonly Migration[]
  readonly progress?: Progress
}

/** Throws what was wrong with the backup. Needs room for the data once more in the directory for temporary files (`TMPDIR`). */
export async function proveBackup({ file, key, migrations, progress }: Proving): Promise<Restored> {
  // A wrong sheet is said at once, not after a database was started.
  const dataKey = key(await headOf(file))
  const cluster = await throwAwayCluster()
  try {
    const adminUrl = await emptyDatabase(cluster.url)
    const login = { password: randomBytes(24).toString('base64url') }
    const restored = await restoreInto({
      file,
      adminUrl,
      migrations,
      key: () => dataKey,
      filesTo: null,
      ring: (parts) => {
        requireSoundRing(parts)
        return login
      },
      ...(progress ? { progress } : {}),
    })
    await migrate(adminUrl, restored.head.kind, migrations, async () => login)
    return restored
  } finally {
    await cluster.stop()
  }
}

/** Every file of the ring holds its sums; its epochs are left out, so none of them can be tried. */
function requireSoundRing(parts: readonly RingPart[]): void {
  const { secret } = parseRing(parts.find(({ file }) => file === ringFile)?.words ?? '', ringFile)
  for (const { file, words } of parts) {
    const owner = /(\d{12})\.json$/.exec(file)?.[1]
    if (owner) parseCommunity(words, secret, owner, file)
  }
}

async function emptyDatabase(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('create database linli_proof').finally(() => client.end())
  const made = new URL(url)
  made.pathname = '/linli_proof'
  return made.href
}
