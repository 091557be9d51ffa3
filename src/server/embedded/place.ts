// Where the data is kept, and making that directory so that the database's OS user can pass it.
import { chmodSync, mkdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { text, type Text } from '#core/text.ts'
import { canEnter, couldReach, type OsUser } from './osUser.ts'
import { recognise, say } from './say.ts'

/** Everything the launcher keeps below the data directory. */
export const clusterOf = (dataDir: string): string => join(dataDir, 'postgresql')
export const programsHomeOf = (dataDir: string): string => join(dataDir, 'programs')

/** Where data goes under root when the directory of the clone is closed to the database's OS user. */
export const sharedPlace = '/var/lib/linli'

/**
 * The data directory: `LINLI_DATA`, else `data` below `cwd`, else `/var/lib/linli` with the sentence that says so.
 * A named directory is never exchanged for another: when it cannot be reached, starting refuses and says why.
 */
export function chooseDataDir(env: Record<string, string | undefined>, cwd: string): { dir: string; moved?: Text } {
  if (env.LINLI_DATA) return { dir: resolve(cwd, env.LINLI_DATA.replace(/^~(?=$|\/)/, homedir())) }
  const dir = join(resolve(cwd), 'data')
  if (couldReach(dir)) return { dir }
  return {
    dir: sharedPlace,
    moved: text(
      `数据和数据库程序放在 ${sharedPlace}，因为数据库的系统用户进不了 ${dir}。`,
      `Data and the database programs are kept in ${sharedPlace}, because the database's system user cannot enter ${dir}.`,
    ),
  }
}

/** Whether one directory lies in another, or is it. */
export const isInside = (inner: string, outer: string): boolean => {
  const path = relative(resolve(outer), resolve(inner))
  return path.split(sep)[0] !== '..' && !isAbsolute(path)
}

/** Opens the directories that we just made, from the first to the last, for passing through; said outright, whatever the umask. */
function letPass(first: string, last: string): void {
  for (let path = last; isInside(path, first); path = dirname(path)) chmodSync(path, 0o711)
}

/** Makes the data directory, private to us, or passable (not listable) for the OS user that runs the database. */
export function prepareDataDir(dataDir: string, user: OsUser | undefined): void {
  try {
    const first = mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    if (user && first) letPass(first, dataDir)
    const found = statSync(dataDir)
    if (user && found.uid === 0 && !canEnter(dataDir, user)) chmodSync(dataDir, (found.mode & 0o7777) | 0o011)
  } catch (error) {
    throw recognise(String(error), dataDir) ?? error
  }
  if (user && !canEnter(dataDir, user)) throw say.unreachable({ dir: dataDir, user: user.name })
}

/** Refuses keys that would travel with a copy of the data. */
export function refuseKeysInside(keysDir: string, dataDir: string): void {
  if (isInside(keysDir, dataDir)) throw say.keysInside({ dir: dataDir, keys: keysDir })
}
