// The cluster on disk: made aside and renamed into place, its settings, its version, and the superuser password beside the keys.
import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { isProblem } from '#core/problem.ts'
import { type Binaries, program, systemProgramsOf } from './binaries.ts'
import { isRoot, type OsUser } from './osUser.ts'
import { run } from './programs.ts'
import { recognise, say } from './say.ts'

export const superuser = 'postgres'
const hour = 3_600_000
/** Bytes. A new cluster takes about 60 MB, its first log segments included. */
const roomToBegin = 150_000_000

/** `throwAway` for a cluster that may lose everything. */
export type Manner = { throwAway: boolean }

const own = (path: string, user: OsUser | undefined): void => {
  if (user) chownSync(path, user.uid, user.gid)
}

/** The major version that wrote a cluster, or undefined when there is no cluster in this directory. */
export function clusterVersion(cluster: string): number | undefined {
  try {
    return Number(readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim())
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EACCES' || code === 'EPERM') throw say.unreadable({ dir: cluster })
    if (existsSync(cluster) && readdirSync(cluster).length > 0) throw say.notACluster({ dir: cluster })
    return undefined
  }
}

/** Refuses data of another major version and says how to bring it over. */
export function refuseOtherVersion(cluster: string, data: number, binaries: Binaries): void {
  if (data === binaries.version) return
  const matching = systemProgramsOf(data)
  throw say.otherVersion({ dir: cluster, data, programs: binaries.version, ...(matching ? { matching } : {}) })
}

/** PostgreSQL's own number of this cluster: it goes with the data wherever the data goes, so it names the password file. */
const systemIdentifier = (cluster: string): string =>
  readFileSync(join(cluster, 'global', 'pg_control'))
    .readBigUInt64LE(0)
    .toString()

const passwordFile = (keysDir: string, cluster: string): string =>
  join(keysDir, `postgresql-${systemIdentifier(cluster)}.password`)

/** The superuser's password of an existing cluster; throws `embedded.passwordMissing` rather than make a new one. */
export function readPassword(cluster: string, keysDir: string): string {
  const file = passwordFile(keysDir, cluster)
  if (!existsSync(file)) throw say.passwordMissing({ dir: cluster, file })
  return readFileSync(file, 'utf8').trim()
}

function writeDurably(file: string, content: string): void {
  const handle = openSync(file, 'wx', 0o600)
  writeSync(handle, content)
  fsyncSync(handle)
  closeSync(handle)
}

/** Megabytes of shared buffers: a sixteenth of the memory, between 64 and 512, since the web server lives here too. */
const sharedBuffers = (): number => Math.min(512, Math.max(64, Math.floor(totalmem() / 16 / 1_048_576)))

const settings = ({ throwAway }: Manner, version: number): string[] => [
  `listen_addresses = '127.0.0.1'`,
  `unix_socket_directories = ''`,
  `max_connections = ${throwAway ? 300 : 100}`,
  `shared_buffers = ${throwAway ? 128 : sharedBuffers()}MB`,
  `timezone = 'UTC'`,
  `log_timezone = 'UTC'`,
  `lc_messages = 'C'`,
  `password_encryption = 'scram-sha-256'`,
  // Values stand in statements, details and messages of errors. The log holds the life of the server only.
  `log_min_messages = log`,
  `log_min_error_statement = panic`,
  `log_error_verbosity = terse`,
  `log_statement = none`,
  `log_checkpoints = off`,
  ...(throwAway ? throwAwaySettings(version) : keepingSettings),
]

const keepingSettings = ['fsync = on', 'full_page_writes = on', 'synchronous_commit = on', 'wal_compression = on']

const throwAwaySettings = (version: number): string[] => [
  'fsync = off',
  'full_page_writes = off',
  'synchronous_commit = off',
  'autovacuum = off',
  'wal_level = minimal',
  'max_wal_senders = 0',
  'checkpoint_timeout = 1h',
  'max_wal_size = 4GB',
  // A test opens hundreds of connections; 4,096 rounds of hashing for each would be most of its time.
  ...(version >= 16 ? ['scram_iterations = 1'] : []),
]

/** Writes our settings anew at each start; `local.conf` beside them is the administrator's and is read after. */
export function writeSettings(cluster: string, version: number, manner: Manner, user: OsUser | undefined): void {
  const file = join(cluster, 'linli.conf')
  const aside = `${file}.${process.pid}`
  const lines = ['# Written by Linli at each start. Your own settings belong in local.conf.', ...settings(manner, version)]
  try {
    writeFileSync(aside, `${lines.join('\n')}\n`, { mode: 0o600 })
    own(aside, user)
    renameSync(aside, file)
  } catch (error) {
    throw recognise(String(error), cluster) ?? error
  }
}

/** Only passwords over the loopback: no trust, no peer, no replication. */
const access = 'host all all 127.0.0.1/32 scram-sha-256\n'

/** Locale choices to try: the built-in provider where there is one, since its order never changes with the system. */
const locales = (version: number): string[][] =>
  version >= 17
    ? [['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']]
    : [['--locale=C.UTF-8'], ['--locale=C']]

async function initdb(
  binaries: Binaries,
  cluster: string,
  passwordAt: string,
  user: OsUser | undefined,
  manner: Manner,
): Promise<void> {
  const always = [
    '-D',
    cluster,
    '-U',
    superuser,
    '-E',
    'UTF8',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordAt}`,
    '--no-instructions',
  ]
  let words = ''
  for (const locale of locales(binaries.version)) {
    const args = [...always, ...locale, manner.throwAway ? '--no-sync' : '--data-checksums']
    const { code, output } = await run(program(binaries, 'initdb'), args, user ? { user } : {})
    if (code === 0) return
    words = output
  }
  throw recognise(words, cluster) ?? say.initFailed({ dir: cluster, reason: lastWords(words) })
}

/** What the program complained of, without the progress lines and the hints. */
const lastWords = (output: string): string =>
  output.split('\n').findLast((line) => /error|FATAL|PANIC/.test(line)) ?? output.trim().split('\n').at(-1) ?? ''

const prefix = 'postgresql.new-'

/** Half-made clusters of starts that were killed; an hour old, so that nobody is still at it. */
function sweep(dataDir: string): void {
  for (const name of readdirSync(dataDir).filter((one) => one.startsWith(prefix))) {
    const path = join(dataDir, name)
    if (Date.now() - statSync(path).mtimeMs > hour) rmSync(path, { recursive: true, force: true })
  }
}

/** Asked before, because initdb on a disk that fills up ends with words that speak of something else. */
function refuseFullDisk(dir: string): void {
  const { bavail, bsize } = statfsSync(dir)
  if (bavail * bsize < roomToBegin) throw say.diskFull({ dir })
}

/**
 * Makes a cluster and its password file. Everything happens in a directory aside that is renamed at the end: a kill
 * leaves no half cluster, and of two servers that start at once one rename wins and the other takes what it finds.
 */
export async function createCluster(
  cluster: string,
  keysDir: string,
  binaries: Binaries,
  user: OsUser | undefined,
  manner: Manner,
): Promise<void> {
  const dataDir = dirname(cluster)
  let aside: string | undefined
  try {
    sweep(dataDir)
    refuseFullDisk(dataDir)
    aside = mkdtempSync(join(dataDir, prefix))
    own(aside, user)
    await fill(aside, cluster, keysDir, binaries, user, manner)
  } catch (error) {
    throw isProblem(error) ? error : (recognise(String(error), dataDir) ?? error)
  } finally {
    if (aside) rmSync(aside, { recursive: true, force: true })
  }
}

async function fill(
  aside: string,
  cluster: string,
  keysDir: string,
  binaries: Binaries,
  user: OsUser | undefined,
  manner: Manner,
): Promise<void> {
  const made = join(aside, 'cluster')
  const handedOver = join(aside, 'password')
  const password = randomBytes(32).toString('base64url')
  writeDurably(handedOver, `${password}\n`)
  own(handedOver, user)
  await initdb(binaries, made, handedOver, user, manner)
  mkdirSync(join(made, 'log'), { mode: 0o700 })
  own(join(made, 'log'), user)
  writeFileSync(join(made, 'pg_hba.conf'), access)
  appendFileSync(join(made, 'postgresql.conf'), `\ninclude 'linli.conf'\ninclude 'local.conf'\n`)
  writeFileSync(join(made, 'local.conf'), '# Your own settings of PostgreSQL; they are read last and kept.\n', { mode: 0o600 })
  own(join(made, 'local.conf'), user)
  writeSettings(made, binaries.version, manner, user)
  mkdirSync(keysDir, { recursive: true, mode: 0o700 })
  const file = passwordFile(keysDir, made)
  writeDurably(file, `${password}\n`)
  try {
    renameSync(made, cluster)
  } catch (error) {
    rmSync(file, { force: true })
    if (clusterVersion(cluster) === undefined) throw error
  }
}

/** Makes everything below a path an OS user's own. */
export function giveTo(path: string, user: OsUser): void {
  if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) giveTo(join(path, name), user)
  lchownSync(path, user.uid, user.gid)
}

/** Under root, data that root copied back from somewhere is handed to the OS user of the database, and closed to others. */
export function mendOwnership(cluster: string, user: OsUser | undefined): void {
  if (!user || !isRoot() || statSync(cluster).uid !== 0) return
  giveTo(cluster, user)
  chmodSync(cluster, 0o700)
}
