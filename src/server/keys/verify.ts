// Are all keys there, whole, private, of this data, and do they work? Answered from the disk, never from memory.
import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isProblem, toBody, type Problem, type ProblemBody } from '#core/problem.ts'
import { selfTest } from './ciphers.ts'
import { hasFolder, readPrivate, requirePrivate } from './files.ts'
import { handleOf, History } from './history.ts'
import { parseCommunity, parseRing, readyKey, type StoredKey } from './keyFile.ts'
import { ownerOf, type Owner } from './names.ts'
import { checkPasswords, passwordsFile } from './passwords.ts'
import { say } from './say.ts'
import { communitiesFolder, fileOf, historyFile, ringFile } from './vault.ts'

/** `newest`: when the youngest key was made; a copy of the folder older than that lacks it. */
export type Verdict = {
  readonly ok: boolean
  readonly problems: readonly ProblemBody[]
  readonly counts: {
    readonly communities: number
    readonly keys: number
    readonly active: number
    readonly retired: number
    readonly destroyed: number
    readonly newest: string | null
  }
}

// Without keys: its file is there and could not be read.
type Found = { readonly owner: Owner; readonly keys: readonly StoredKey[] | undefined }

/** Checks the key folder of the data with this id without opening the ring; never throws for what is wrong with the keys. */
export function verifyKeys({ dir, dataId }: { dir: string; dataId: string }): Verdict {
  const problems: Problem[] = []
  const found = noting(problems, () => readAll(dir, dataId, problems)) ?? []
  const keys = found.flatMap((each) => each.keys ?? [])
  const states = Object.groupBy(keys, (key) => key.state)
  return {
    ok: problems.length === 0,
    problems: problems.map(toBody),
    counts: {
      communities: found.filter(({ owner }) => owner !== 'ring').length,
      keys: keys.length,
      active: states.active?.length ?? 0,
      retired: states.retired?.length ?? 0,
      destroyed: states.destroyed?.length ?? 0,
      newest: keys.reduce<string | null>((newest, { created }) => (newest === null || created > newest ? created : newest), null),
    },
  }
}

function noting<T>(problems: Problem[], work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (!isProblem(error)) throw error
    problems.push(error)
    return undefined
  }
}

function readAll(dir: string, dataId: string, problems: Problem[]): Found[] {
  if (!hasFolder(dir)) throw say.missing({ where: dir })
  // Before the files: a key that another process makes meanwhile then stands in a file only, and is not taken for lost.
  const history = noting(problems, () => readHistory(dir))
  const { files, rest } = pathsIn(dir)
  for (const path of rest) {
    // A temporary file may be gone again by now.
    const there = statSync(path, { throwIfNoEntry: false })
    if (there) noting(problems, () => requirePrivate(path, there))
  }
  noting(problems, () => checkPasswords(readPrivate(join(dir, passwordsFile))))

  const words = readPrivate(join(dir, ringFile))
  if (words === undefined) throw say.missing({ where: join(dir, ringFile) })
  const ring = parseRing(words, ringFile)
  if (ring.dataId !== dataId) throw say.foreign({ dir })

  const communities = files.map((path): Found => {
    const owner = basename(path, '.json')
    return { owner, keys: noting(problems, () => parseCommunity(readPrivate(path) ?? '', ring.secret, owner, fileOf(owner))) }
  })
  const found = [{ owner: 'ring', keys: ring.keys }, ...communities]
  if (history) problems.push(...comparison(found, history))
  return found
}

/** Files of communities, and every other path whose rights matter. A folder of other keys (the demo's) has its own verdict. */
function pathsIn(dir: string): { files: string[]; rest: string[] } {
  const read = [ringFile, passwordsFile, historyFile]
  const own = readdirSync(dir, { withFileTypes: true })
    .filter((entry) => !read.includes(entry.name) && (entry.isFile() || entry.name === communitiesFolder))
    .map((entry) => join(dir, entry.name))
  const communities = join(dir, communitiesFolder)
  const below = own.includes(communities)
    ? readdirSync(communities, { withFileTypes: true, recursive: true }).map((entry) => join(entry.parentPath, entry.name))
    : []
  const isKeys = (path: string) => /^\d{12}\.json$/.test(basename(path))
  return { files: below.filter(isKeys), rest: [...own, ...below.filter((path) => !isKeys(path))] }
}

function readHistory(dir: string): History {
  const history = new History(join(dir, historyFile))
  if (history.look()?.size === 0) throw say.missing({ where: join(dir, historyFile) })
  return history
}

const comparison = (found: readonly Found[], history: History): Problem[] => [
  ...found.flatMap(({ owner, keys = [] }) => keys.flatMap((key) => troublesOf(key, owner, history))),
  ...lostKeys(found, history),
]

function troublesOf(key: StoredKey, owner: Owner, history: History): Problem[] {
  const name = handleOf(key)
  if (key.state === 'destroyed') return []
  if (history.isDestroyed(key)) return [say.revived({ key: name, file: fileOf(owner) })]
  return selfTest(readyKey(key, false)) ? [] : [say.cipherFails({ key: name })]
}

/** Keys that were made and stand in no file; a file that is gone is named once, one that could not be read was named before. */
function lostKeys(found: readonly Found[], history: History): Problem[] {
  const held = new Map(found.map(({ owner, keys }) => [owner, keys && new Set(keys.map(handleOf))]))
  const lost = new Set<string>()
  for (const handle of history.handles()) {
    const owner = ownerOf(handle.split(' ')[0]!)
    const keys = held.get(owner)
    if (!held.has(owner)) lost.add(fileOf(owner))
    else if (keys && !keys.has(handle)) lost.add(`${fileOf(owner)} (${handle})`)
  }
  return [...lost].map((where) => say.missing({ where }))
}
