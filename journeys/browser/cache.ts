// Keeps what is slow to make (an unpacked browser, converted fonts) in a folder that several test workers may ask for at once.
import { accessSync, constants, lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'

/** Where a made folder may live, best first: beside the packages, else (packages read-only) in the user's own temporary folder. */
export const cacheRoots = (): string[] => [
  resolve(import.meta.dirname, '../../node_modules/.cache/linli-browser'),
  join(tmpdir(), `linli-browser-${process.getuid?.() ?? 'user'}`),
]

/**
 * Gives the folder `name`, made by `fill` the first time. It is filled under a private name and renamed when complete, so that
 * another worker sees either all of it or nothing. Throws the last reason when no root can hold it.
 */
export async function cached(name: string, fill: (folder: string) => Promise<void>, roots = cacheRoots()): Promise<string> {
  const ready = roots.map((root) => join(root, name)).find((folder) => isOurs(dirname(folder)) && isReadable(folder))
  if (ready) return ready
  let reason: unknown
  for (const root of roots) {
    try {
      return await make(join(root, name), fill)
    } catch (problem) {
      reason = problem
    }
  }
  throw new Error(`The folder "${name}" could not be made in ${roots.join(' or ')}`, { cause: reason })
}

async function make(folder: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const root = dirname(folder)
  mkdirSync(root, { recursive: true, mode: isTemporary(root) ? 0o700 : 0o755 })
  if (!isOurs(root)) throw new Error(`${root} belongs to another user`)
  const unfinished = mkdtempSync(join(root, `.${basename(folder)}-`))
  try {
    await fill(unfinished)
    publish(unfinished, folder)
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
  return folder
}

/** A rename onto a folder with content fails: then another worker was first, and its folder is as good as ours. */
function publish(unfinished: string, folder: string): void {
  try {
    renameSync(unfinished, folder)
  } catch (problem) {
    if (!isReadable(folder)) throw problem
  }
}

const isTemporary = (folder: string): boolean => folder.startsWith(tmpdir())

/** A program is run from here, and anybody may make a folder in the temporary one: there only our own counts. */
function isOurs(root: string): boolean {
  if (!isReadable(root)) return false
  const found = lstatSync(root)
  return found.isDirectory() && (!isTemporary(root) || found.uid === process.getuid?.())
}

function isReadable(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}
