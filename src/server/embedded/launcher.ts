// The embedded database: a real PostgreSQL in the data directory, started, adopted and stopped by us. See README.md beside this.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import pg from 'pg'
import { isProblem } from '#core/problem.ts'
import { text, type Text } from '#core/text.ts'
import { type Binaries, binariesFor } from './binaries.ts'
import {
  clusterVersion,
  createCluster,
  mendOwnership,
  readPassword,
  refuseOtherVersion,
  superuser,
  writeSettings,
} from './cluster.ts'
import { hold, type Holder } from './holder.ts'
import { type OsUser, osUserFor } from './osUser.ts'
import { clusterOf, prepareDataDir, programsHomeOf, refuseKeysInside } from './place.ts'
import { bringDown, bringUp, findPostmaster, type Running } from './postmaster.ts'
import { pause } from './programs.ts'
import { say } from './say.ts'

export type EmbeddedOptions = {
  /** Where everything is kept; the cluster lies in `postgresql` below it. */
  dataDir: string
  /** Where the superuser's password is kept (0600), outside `dataDir`. */
  keysDir: string
  /** The database to make and to name in the address; `linli` when not given. */
  database?: string
  /** A port of 127.0.0.1; any free one when not given. */
  port?: number
  log?: (line: Text) => void
  env?: Record<string, string | undefined>
}

export type Embedded = {
  /** Superuser address, `postgres://postgres:…@127.0.0.1:port/linli`. For migrations only; holds the password, so never log it. */
  url: string
  /** Lets go of the cluster, and stops it when no other process of ours holds it. May be called twice. */
  stop(): Promise<void>
  /** True when PostgreSQL was already running, left by a process that was killed or shared with one that runs. */
  adopted: boolean
  /** The major version of PostgreSQL. */
  version: number
}

const wrongPassword = '28P01'

type House = {
  cluster: string
  binaries: Binaries
  /** Undefined when PostgreSQL runs as ourselves. */
  user: OsUser | undefined
  database: string
  password: string
  log: (line: Text) => void
}

/**
 * The embedded PostgreSQL of a data directory, made at the first start, adopted when it still runs.
 * Throws the problems of say.ts (`embedded.*`): each names what to do next.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const house = await furnish(options)
  const { port, adopted, holder } = await settle(house, options.port)
  if (adopted) house.log(text('接管了仍在运行的数据库。', 'Took over the database that was still running.'))
  await makeDatabase(house, port)
  let stopping: Promise<void> | undefined
  return {
    url: addressOf(house, port, house.database),
    adopted,
    version: house.binaries.version,
    stop: () => (stopping ??= leave(house, holder)),
  }
}

/** Everything on disk: programs, directory, cluster, settings, password. */
async function furnish(options: EmbeddedOptions): Promise<House> {
  const dataDir = resolve(options.dataDir)
  const keysDir = resolve(options.keysDir)
  const cluster = clusterOf(dataDir)
  const log = options.log ?? (() => undefined)
  refuseKeysInside(keysDir, dataDir)
  const user = osUserFor(cluster)
  prepareDataDir(dataDir, user)
  const binaries = binariesFor(user, programsHomeOf(dataDir), options.env)
  if (clusterVersion(cluster) === undefined) {
    const what = `PostgreSQL ${binaries.version}`
    log(text(`在 ${dataDir} 建立数据库（${what}）。`, `Creating the database in ${dataDir} (${what}).`))
    await createCluster(cluster, keysDir, binaries, user, { throwAway: false })
  }
  refuseOtherVersion(cluster, clusterVersion(cluster) ?? binaries.version, binaries)
  mendOwnership(cluster, user)
  const password = readPassword(cluster, keysDir)
  writeSettings(cluster, binaries.version, { throwAway: false }, user)
  return { cluster, binaries, user, password, log, database: options.database ?? 'linli' }
}

const addressOf = (house: House, port: number, database: string): string =>
  `postgres://${superuser}:${house.password}@127.0.0.1:${port}/${encodeURIComponent(database)}`

/**
 * Brings the cluster up and takes hold of it. What was found running may be stopped at this very moment by the last
 * process that held it: then it is brought up again.
 */
async function settle(house: House, port: number | undefined): Promise<Running & { holder: Holder }> {
  for (let tries = 1; tries <= 5; tries += 1) {
    const running = await bringUp(house.cluster, house.binaries, house.user, port)
    try {
      return { ...running, holder: await holdAt(house, running.port) }
    } catch (error) {
      if ((error as { code?: string }).code === wrongPassword) throw say.passwordWrong({ dir: house.cluster })
      await pause(50)
    }
  }
  throw say.notAnswering({ dir: house.cluster })
}

const holdAt = (house: House, port: number): Promise<Holder> => {
  let said = false
  return hold(addressOf(house, port, 'postgres'), async () => {
    const fell = !findPostmaster(house.cluster)
    try {
      await bringUp(house.cluster, house.binaries, house.user, port)
    } catch (error) {
      if (!said && isProblem(error)) house.log(error.say)
      said = true
      throw error
    }
    said = false
    if (fell) house.log(text('数据库意外停止，已重新启动。', 'The database had stopped unexpectedly and was started again.'))
  })
}

async function makeDatabase(house: House, port: number): Promise<void> {
  const client = new pg.Client({ connectionString: addressOf(house, port, 'postgres') })
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [house.database])
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(house.database)}`)
  } catch (error) {
    // Two processes at their first start: the other one made it.
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error
  } finally {
    await client.end()
  }
}

async function leave(house: House, holder: Holder): Promise<void> {
  const alone = await holder.letGo()
  if (alone && existsSync(house.cluster)) await bringDown(house.cluster, house.binaries)
  await holder.end()
}
