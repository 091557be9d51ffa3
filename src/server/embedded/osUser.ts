// PostgreSQL refuses to run as root, so under root it runs as an unprivileged system user, reused or made.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { say } from './say.ts'

export type OsUser = { uid: number; gid: number; name: string }

export const isRoot = (): boolean => process.getuid?.() === 0

const number = (file: string, args: string[]): number | undefined => {
  const answer = spawnSync(file, args, { encoding: 'utf8' })
  return answer.status === 0 && /^\d+\s*$/.test(answer.stdout) ? Number(answer.stdout) : undefined
}

/** A system user by name, asked of the system itself so that directory services count too. */
export function findOsUser(name: string): OsUser | undefined {
  const uid = number('id', ['-u', name])
  const gid = number('id', ['-g', name])
  return uid === undefined || gid === undefined || uid === 0 ? undefined : { uid, gid, name }
}

// The first form is that of most Linux distributions, the second that of busybox (Alpine).
const waysToCreate = [
  [['useradd', '--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin']],
  [
    ['addgroup', '-S', 'linli'],
    ['adduser', '-S', '-D', '-H', '-s', '/sbin/nologin', '-G', 'linli'],
  ],
]

/** Makes the system user `linli`, without home or login; throws `embedded.noSystemUser` where that cannot be done. */
export function createOsUser(name = 'linli'): OsUser {
  for (const way of waysToCreate) {
    for (const [file, ...args] of way) spawnSync(file!, file === 'addgroup' ? args : [...args, name], { stdio: 'ignore' })
    const made = findOsUser(name)
    if (made) return made
  }
  throw say.noSystemUser()
}

const reusable = (): OsUser | undefined => findOsUser('postgres') ?? findOsUser('linli')

/**
 * Who runs the database of this directory: undefined for ourselves (not root). Under root the owner of data that
 * is already there, so that a later installed `postgres` user does not lock it; else `postgres`, `linli`, or a new `linli`.
 */
export function osUserFor(cluster: string): OsUser | undefined {
  if (!isRoot()) return undefined
  const owner = statSync(cluster, { throwIfNoEntry: false })
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, name: String(owner.uid) }
  return reusable() ?? createOsUser()
}

/** Asked of the kernel by trying, so that modes, groups and access lists all count. */
export const canEnter = (dir: string, user: OsUser): boolean =>
  spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', dir], { uid: user.uid, gid: user.gid, cwd: '/', stdio: 'ignore' }).status === 0

export const canRun = (file: string, user: OsUser): boolean =>
  spawnSync(file, ['--version'], { uid: user.uid, gid: user.gid, cwd: '/', stdio: 'ignore' }).status === 0

/** Whether the database's OS user could reach a directory that may not exist yet. Always true when we are not root. */
export function couldReach(dir: string): boolean {
  if (!isRoot()) return true
  let parent = dirname(resolve(dir))
  while (!existsSync(parent)) parent = dirname(parent)
  // Nobody stands for the user that has yet to be made.
  return canEnter(parent, reusable() ?? { uid: 65534, gid: 65534, name: 'nobody' })
}
