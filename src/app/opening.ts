// Where data, keys and database are, by the environment: the same answer for the server and for every command.
import { join, resolve } from 'node:path'
import type { Text } from '#core/text.ts'
import { termsOf } from '#server/backup/backups.ts'
import { backupsDir } from '#server/backup/shelf.ts'
import { startEmbedded, type Embedded } from '#server/embedded/launcher.ts'
import { chooseDataDir } from '#server/embedded/place.ts'
import { keysDir } from '#server/keys/place.ts'
import { openHouse, type Running } from '#server/start.ts'
import type { Log } from '#server/log.ts'
import { identify, sees } from '#modules/identity/server.ts'
import { modules } from './modules.ts'

export const projectRoot = resolve(import.meta.dirname, '../..')

export type Opened = Running & { readonly adminUrl: string; readonly keysDir: string; readonly stop: () => Promise<void> }

type Env = Record<string, string | undefined>
type Options = {
  demo?: boolean
  env?: Env
  cwd?: string
  say?: (line: Text) => void
  log?: Log
  web?: string
  now?: () => number
}

/** Where the data directory is, demo and real apart; also with a database elsewhere, for the folders beside it. */
export const dataDirOf = ({ demo = false, env = process.env, cwd = process.cwd() }: Options): string => {
  const { dir } = chooseDataDir(env, cwd)
  return demo ? join(dir, 'demo') : dir
}

/** The database that the environment names, or the embedded one; demo and real data lie in clusters of their own. */
export async function openDatabase({ demo = false, env = process.env, cwd = process.cwd(), say = () => {} }: Options) {
  const keys = keysDir(env, { demo })
  if (env.DATABASE_URL) return { adminUrl: env.DATABASE_URL, keys, stop: async () => {} }
  const { dir, moved } = chooseDataDir(env, cwd)
  if (moved) say(moved)
  const embedded: Embedded = await startEmbedded({ dataDir: demo ? join(dir, 'demo') : dir, keysDir: keys, log: say, env })
  return { adminUrl: embedded.url, keys, stop: () => embedded.stop() }
}

/** Opens the house for work; `stop` closes it and lets go of the database. */
export async function open(options: Options = {}): Promise<Opened> {
  const { env = process.env, demo = false } = options
  const database = await openDatabase(options)
  try {
    const running = await openHouse({
      adminUrl: database.adminUrl,
      appUrl: env.LINLI_APP_URL,
      kind: demo ? 'demo' : 'real',
      keysDir: database.keys,
      modules,
      identify,
      sees,
      backups: { ...termsOf(env), folder: backupsDir(env, { demo }), dataDir: dataDirOf(options) },
      ...(options.log ? { log: options.log } : {}),
      ...(options.web ? { web: options.web } : {}),
      ...(options.now ? { now: options.now } : {}),
    })
    const stop = async () => {
      await running.close()
      await database.stop()
    }
    return { ...running, adminUrl: database.adminUrl, keysDir: database.keys, stop }
  } catch (error) {
    await database.stop()
    throw error
  }
}
