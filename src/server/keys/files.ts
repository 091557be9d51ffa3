// Files that only we may read: written whole or not at all, changed by one process at a time.
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
  type Stats,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isProblem } from '#core/problem.ts'
import { say } from './say.ts'

// Windows keeps rights in lists that a mode does not show, and cannot fsync a directory.
const posix = process.platform !== 'win32'
const lockWait = 10_000

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code ?? '')

/** Runs file work on `path` and answers the operating system's refusals in words. */
function speaking<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (/^(EACCES|EPERM|EROFS|ENOTDIR)$/.test(codeOf(error))) throw say.closed({ path })
    if (/^(ENOSPC|EDQUOT)$/.test(codeOf(error))) throw say.full({ path })
    throw error
  }
}

/** Refuses what group or world may touch. */
export function requirePrivate(path: string, found: Stats): void {
  if (posix && (found.mode & 0o077) !== 0) throw say.exposed({ path })
}

const folderAt = (dir: string): Stats | undefined => {
  const found = speaking(dir, () => statSync(dir, { throwIfNoEntry: false }))
  if (found && !found.isDirectory()) throw say.closed({ path: dir })
  return found
}

/** Whether the folder is there; throws `keys.exposed` when others can look into it. */
export function hasFolder(dir: string): boolean {
  const found = folderAt(dir)
  if (found) requirePrivate(dir, found)
  return found !== undefined
}

/** Makes the folder, 0700; one that is already there is not mended but refused when others can look into it. */
function prepareFolder(dir: string): void {
  if (hasFolder(dir)) return
  speaking(dir, () => mkdirSync(dir, { recursive: true, mode: 0o700 }))
  syncFolder(dirname(dir))
}

function syncFolder(dir: string): void {
  if (!posix) return
  const fd = openSync(dir, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function opened<T>(path: string, flags: string | number, work: (fd: number) => T): T {
  return speaking(path, () => {
    const fd = openSync(path, flags, 0o600)
    try {
      return work(fd)
    } finally {
      closeSync(fd)
    }
  })
}

/** The file's text, or undefined when there is none; throws `keys.exposed` when others can read it. */
export function readPrivate(path: string): string | undefined {
  try {
    return opened(path, 'r', (fd) => {
      requirePrivate(path, fstatSync(fd))
      return readFileSync(fd, 'utf8')
    })
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Puts `content` in the place of the file: temporary file, fsync, rename, fsync of the folder. Only inside `locked`:
 * the temporary name is fixed, so that a crash leaves at most one, which the next write replaces.
 * `forget`: words of the old file that are overwritten where they lie on the disk. A disk that moves blocks may still hold them.
 */
export function writePrivate(path: string, content: string, forget: readonly string[] = []): void {
  prepareFolder(dirname(path))
  const old = forget.length > 0 ? openSync(path, 'r+') : undefined
  try {
    const waiting = `${path}.tmp`
    opened(waiting, 'w', (fd) => {
      requirePrivate(waiting, fstatSync(fd))
      writeAll(fd, content)
      fsyncSync(fd)
    })
    speaking(path, () => renameSync(waiting, path))
    syncFolder(dirname(path))
    if (old !== undefined) overwrite(old, forget)
  } finally {
    if (old !== undefined) closeSync(old)
  }
}

function writeAll(fd: number, content: string): void {
  const bytes = Buffer.from(content, 'utf8')
  for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done)
}

function overwrite(fd: number, words: readonly string[]): void {
  const held = readFileSync(fd)
  for (const word of words) {
    const at = held.indexOf(word)
    if (at >= 0) writeSync(fd, '0'.repeat(word.length), at)
  }
  fsyncSync(fd)
}

/** Adds whole lines to the end of the file. Only inside `locked`. A line torn by a crash is closed off first. */
export function appendLines(path: string, lines: readonly string[]): void {
  opened(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, (fd) => {
    const { size } = fstatSync(fd)
    const last = Buffer.alloc(1)
    const torn = size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a
    writeAll(fd, `${torn ? '\n' : ''}${lines.join('\n')}\n`)
    fsyncSync(fd)
  })
}

/** Bytes of the file from `from` on, and its size now; an absent file has size 0. */
export function readFrom(path: string, from: number): { size: number; added: string } {
  const size = speaking(path, () => statSync(path, { throwIfNoEntry: false })?.size ?? 0)
  if (size <= from) return { size, added: '' }
  return opened(path, 'r', (fd) => {
    requirePrivate(path, fstatSync(fd))
    const bytes = Buffer.alloc(size - from)
    const got = readSync(fd, bytes, 0, bytes.length, from)
    return { size: from + got, added: bytes.toString('utf8', 0, got) }
  })
}

/**
 * Runs `work` while no other process and no other ring of this process does so in the same folder.
 * The lock is SQLite's on an empty database: the operating system lets go of it when its holder dies, however it dies.
 * Waits up to ten seconds, then throws `keys.busy`.
 */
export function locked<T>(dir: string, work: () => T): T {
  prepareFolder(dir)
  const path = join(dir, 'lock')
  opened(path, 'a', (fd) => requirePrivate(path, fstatSync(fd)))
  const lock = new DatabaseSync(path, { timeout: lockWait })
  try {
    hold(lock)
    const result = work()
    lock.exec('commit')
    return result
  } finally {
    lock.close()
  }
}

function hold(lock: DatabaseSync): void {
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    if (!isProblem(error) && /locked|busy/i.test(String(error))) throw say.busy()
    throw error
  }
}
