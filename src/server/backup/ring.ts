// The key ring inside a backup: everything but the epoch keys, so that a backup never opens another one.
import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { locked, readPrivate, writePrivate } from '../keys/files.ts'
import { handleOf, History } from '../keys/history.ts'
import { destroyKey, makeKey, parseRing, printRing, type StoredKey } from '../keys/keyFile.ts'
import { say as keysSay } from '../keys/say.ts'
import { communitiesFolder, fileOf, historyFile, ringFile } from '../keys/vault.ts'
import { say } from './say.ts'
import type { EpochCopy } from './epochs.ts'

export const RingPart = z.object({
  file: z.string().regex(/^(ring\.json|history\.log|communities\/\d{6}\/\d{12}\.json)$/),
  words: z.string(),
})
export type RingPart = z.infer<typeof RingPart>

/** The files of a key folder as they go into a backup, read while nobody changes a key. Throws `keys.missing`, `keys.damaged`. */
export function packRing(keysDir: string): RingPart[] {
  return locked(keysDir, () => {
    const words = readPrivate(join(keysDir, ringFile))
    const history = readPrivate(join(keysDir, historyFile))
    if (words === undefined || history === undefined) {
      throw keysSay.missing({ where: join(keysDir, words === undefined ? ringFile : historyFile) })
    }
    const { secret, ...ring } = parseRing(words, ringFile)
    const at = new Date().toISOString()
    const keys = ring.keys.map((key) => (key.name === 'backup' && key.state !== 'destroyed' ? destroyKey(key, secret, at) : key))
    return [
      { file: ringFile, words: printRing({ ...ring, keys }) },
      { file: historyFile, words: history },
      ...communityFiles(keysDir).map((file) => ({ file, words: readPrivate(join(keysDir, file)) ?? '' })),
    ]
  })
}

function communityFiles(keysDir: string): string[] {
  const folder = join(keysDir, communitiesFolder)
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /^\d{12}\.json$/.test(entry.name))
    .map((entry) => fileOf(basename(entry.name, '.json')))
    .sort()
}

/** What a key folder holds already: nothing, or the ring of these data. Throws `keys.foreign` for that of other data. */
export function ringAt(keysDir: string, dataId: string): 'none' | 'same' {
  const words = readPrivate(join(keysDir, ringFile))
  if (words !== undefined && parseRing(words, ringFile).dataId === dataId) return 'same'
  if (words !== undefined || existsSync(join(keysDir, historyFile)) || existsSync(join(keysDir, communitiesFolder))) {
    throw keysSay.foreign({ dir: keysDir })
  }
  return 'none'
}

/** Refuses a ring that does not know every key of the backup: an older copy was put back, and some of the data would stay closed. */
export function requireNewer(keysDir: string, parts: readonly RingPart[]): void {
  const known = historyOf(readPrivate(join(keysDir, historyFile)) ?? '')
  const wanted = historyOf(parts.find(({ file }) => file === historyFile)?.words ?? '')
  if ([...wanted].some((handle) => !known.has(handle))) throw say.keysOlder({ dir: keysDir })
}

const historyOf = (words: string): Set<string> =>
  new Set(
    words.split('\n').flatMap((line) => {
      const [, , name, id] = line.split(' ')
      return name && id ? [handleOf({ name, id })] : []
    }),
  )

/** Puts the ring of a backup into an empty key folder, with the epoch keys of the second copy; the ring itself last. */
export function unpackRing(keysDir: string, parts: readonly RingPart[], epochs: EpochCopy): void {
  locked(keysDir, () => {
    const at = new Date().toISOString()
    const packed = parts.find(({ file }) => file === ringFile)
    if (!packed) throw keysSay.damaged({ file: ringFile })
    const { secret, ...ring } = parseRing(packed.words, ringFile)
    const keys = withEpochs(ring.keys, epochs, secret, at)
    const words = printRing({ ...ring, keys })
    // Read again before anything is written: an epoch of another ring does not pass.
    parseRing(words, ringFile)
    for (const { file, words: own } of parts) if (file !== ringFile) writePrivate(join(keysDir, file), own)
    const history = new History(join(keysDir, historyFile))
    history.look()
    history.note(keys, at)
    writePrivate(join(keysDir, ringFile), words)
  })
}

/** Epochs that were not brought along stand as destroyed; there is always one to close the next backup to. */
function withEpochs(packed: readonly StoredKey[], { epochs }: EpochCopy, anchor: Buffer, at: string): StoredKey[] {
  const brought = packed.map((key) => (key.name === 'backup' ? (epochs.find(({ id }) => id === key.id) ?? key) : key))
  const later = epochs.filter(({ id }) => !packed.some((key) => key.name === 'backup' && key.id === id))
  const all = [...brought, ...later]
  return all.some((key) => key.name === 'backup' && key.state === 'active') ? all : [...all, makeKey('backup', anchor, at, all)]
}
