// The running postmaster: who it is, whether it lives, how it is started and stopped. PostgreSQL's own pid file is the lock.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readlinkSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Binaries, program } from './binaries.ts'
import type { OsUser } from './osUser.ts'
import { pause, run } from './programs.ts'
import { recognise, say } from './say.ts'

export type Postmaster = { pid: number; port: number; status: string }

const logOf = (cluster: string): string => join(cluster, 'log', 'postgres.log')
const pidFileOf = (cluster: string): string => join(cluster, 'postmaster.pid')
const minute = 60_000
const patience = 10 * minute
const logLimit = 5_000_000

function readPidFile(cluster: string): Postmaster | undefined {
  try {
    const lines = readFileSync(pidFileOf(cluster), 'utf8')
      .split('\n')
      .map((line) => line.trim())
    const pid = Number(lines[0])
    // The eighth line appears last; until then the server is starting.
    return pid > 0 ? { pid, port: Number(lines[3] ?? 0), status: lines[7] || 'starting' } : undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw recognise(String(error), cluster) ?? error
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const real = (path: string): string | undefined => {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

/** Linux: a postmaster works in its cluster; root of a container may not see that of another user, but may read the command line. */
function worksIn(pid: number, cluster: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === real(cluster)
  } catch {
    const [command, ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return (command ?? '').endsWith('postgres') && real(args[args.indexOf('-D') + 1] ?? '') === real(cluster)
  }
}

/** Whether a process is the postmaster of this cluster, not a stranger who got its number after a reboot. */
function isPostmaster(pid: number, cluster: string): boolean {
  if (!exists(pid)) return false
  if (process.platform === 'linux') {
    try {
      return worksIn(pid, cluster)
    } catch {
      return exists(pid)
    }
  }
  const asked =
    process.platform === 'win32'
      ? spawnSync('tasklist', ['/FI', `PID eq ${pid}`, '/NH'], { encoding: 'utf8', windowsHide: true })
      : spawnSync('ps', ['-p', String(pid), '-o', 'comm='], { encoding: 'utf8' })
  return /postgres/i.test(asked.stdout)
}

/** The live postmaster of a cluster, or undefined; a pid file left by a dead one counts as none. */
export function findPostmaster(cluster: string): Postmaster | undefined {
  const noted = readPidFile(cluster)
  return noted && isPostmaster(noted.pid, cluster) ? noted : undefined
}

/** A port of 127.0.0.1 that was free a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

/**
 * PostgreSQL clears a dead server's pid file itself, but gives up when the number now belongs to another process of the
 * same user. Removing it then is safe: the shared memory, found by the directory's own number, still guards the data.
 */
function clearStrangersPid(cluster: string): void {
  const noted = readPidFile(cluster)
  if (noted && exists(noted.pid) && !isPostmaster(noted.pid, cluster)) rmSync(pidFileOf(cluster), { force: true })
}

function keepLogSmall(log: string): void {
  if (existsSync(log) && statSync(log).size > logLimit) renameSync(log, `${log}.1`)
}

type Attempt = 'ready' | 'another is at it' | 'port taken' | 'remains of the last'

async function attempt(cluster: string, binaries: Binaries, user: OsUser | undefined, port: number): Promise<Attempt> {
  const log = logOf(cluster)
  keepLogSmall(log)
  const before = existsSync(log) ? statSync(log).size : 0
  const args = ['start', '-w', '-t', '60', '-s', '-D', cluster, '-l', log, '-o', `-p ${port}`]
  const outcome = await run(program(binaries, 'pg_ctl'), args, user ? { user } : {})
  if (outcome.code === 0) return 'ready'
  const words = existsSync(log) ? readFileSync(log).subarray(before).toString() + outcome.output : outcome.output
  const fatal = words
    .split('\n')
    .filter((line) => /FATAL|PANIC|could not/.test(line))
    .join('\n')
  if (/lock file "postmaster.pid" already exists/.test(fatal) || findPostmaster(cluster)) return 'another is at it'
  if (/Address already in use|could not create any TCP\/IP sockets/.test(fatal)) return 'port taken'
  if (/pre-existing shared memory block/.test(fatal)) return 'remains of the last'
  throw recognise(fatal, cluster) ?? say.startFailed({ log, reason: reasonIn(fatal) })
}

const reasonIn = (fatal: string): string => /(?:FATAL|PANIC):\s*(.*)/.exec(fatal)?.[1] ?? 'PostgreSQL gave no reason.'

/** Where the server listens, and whether it was running before we came. */
export type Running = { port: number; adopted: boolean }

/**
 * The cluster running and ready: adopted when a postmaster lives (one that starts, recovers or stops is waited for),
 * else started. Safe when called by several processes at once. `port` is wanted, else any free one is taken.
 */
export async function bringUp(
  cluster: string,
  binaries: Binaries,
  user: OsUser | undefined,
  port: number | undefined,
): Promise<Running> {
  const until = Date.now() + patience
  let startedHere = false
  let portsLeft = 5
  while (Date.now() < until) {
    const found = findPostmaster(cluster)
    if (found?.status === 'ready') return { port: found.port, adopted: !startedHere }
    if (found) {
      await pause(20)
      continue
    }
    clearStrangersPid(cluster)
    const wanted = port ?? (await freePort())
    const came = await attempt(cluster, binaries, user, wanted)
    startedHere = came === 'ready'
    if (came === 'port taken' && (port !== undefined || --portsLeft === 0)) throw say.portTaken({ port: wanted })
    if (came === 'remains of the last' || came === 'another is at it') await pause(50)
  }
  throw say.notAnswering({ dir: cluster })
}

const gone = async (cluster: string, pid: number, patienceMs: number): Promise<boolean> => {
  for (const until = Date.now() + patienceMs; Date.now() < until; await pause(10)) {
    if (findPostmaster(cluster)?.pid !== pid) return true
  }
  return false
}

/**
 * Stops the postmaster that runs now: sessions are ended and everything is written; if a minute is not enough, at
 * once (it recovers at the next start). By its number, since `pg_ctl stop` would go on to a newcomer's postmaster.
 */
export async function bringDown(cluster: string, binaries: Binaries): Promise<void> {
  const found = findPostmaster(cluster)
  if (!found) return
  for (const signal of ['INT', 'QUIT'] as const) {
    if (process.platform === 'win32') await run(program(binaries, 'pg_ctl'), ['kill', signal, String(found.pid)])
    else process.kill(found.pid, `SIG${signal}`)
    if (await gone(cluster, found.pid, minute)) return
  }
}
