// Epoch keys: each backup is closed to the one of its time. Their second copy lies on another medium; a destroyed one ends its backups.
import { createHash } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { dayOf, instantOf } from '#core/dates.ts'
import { readPrivate } from '../keys/files.ts'
import { parseRing, StoredKey } from '../keys/keyFile.ts'
import type { KeyInfo, KeyRing } from '../keys/ring.ts'
import { ringFile } from '../keys/vault.ts'
import { say } from './say.ts'

/** How long an epoch lasts: what was backed up in it ends together. */
export const epochLengths = ['week', 'month', 'quarter', 'year'] as const
export type EpochLength = (typeof epochLengths)[number]

/** The epoch in which an instant lies, by the days of Asia/Shanghai. */
function periodOf(at: number, length: EpochLength): string {
  const day = Temporal.PlainDate.from(dayOf(at))
  if (length === 'week') return `${day.yearOfWeek}-W${String(day.weekOfYear).padStart(2, '0')}`
  if (length === 'month') return day.toPlainYearMonth().toString()
  return length === 'year' ? String(day.year) : `${day.year}-Q${Math.ceil(day.month / 3)}`
}

/** The epoch key of this moment; a new one when the last was made in another period. */
export function epochAt(keys: KeyRing, now: number, length: EpochLength): { id: string; bytes: Buffer } {
  const active = keys.keysOf('backup').find((key) => key.state === 'active')
  if (active && periodOf(Date.parse(active.created), length) < periodOf(now, length)) keys.rotate('backup')
  return keys.secret('backup')
}

export const epochsOf = (keys: KeyRing): readonly KeyInfo[] => keys.keysOf('backup')

/** What has to be copied by hand before an epoch ends: six characters that belong to this epoch of these data. */
export const endingCode = (dataId: string, epoch: string): string =>
  createHash('sha256').update(`end ${dataId} ${epoch}`).digest('hex').slice(0, 6).toUpperCase()

/** Destroys the key of an epoch for ever; one in use is followed by a new one first. Throws `backup.unknownEpoch`. */
export function destroyEpoch(keys: KeyRing, id: string): KeyInfo {
  const known = epochsOf(keys).find((key) => key.id === id)
  if (!known) throw say.unknownEpoch({ epoch: id })
  if (known.state === 'active') keys.rotate('backup')
  return keys.destroyRetired('backup', id)
}

const CopyFile = z.object({ format: z.literal(1), dataId: z.string(), exported: z.string(), epochs: z.array(StoredKey) })
export type EpochCopy = z.infer<typeof CopyFile>

/** The epoch keys of a key folder as they are stored, destroyed ones without their key. Throws `keys.missing`, `keys.damaged`. */
export function storedEpochs(keysDir: string): EpochCopy | undefined {
  const words = readPrivate(join(keysDir, ringFile))
  if (words === undefined) return undefined
  const { dataId, keys } = parseRing(words, ringFile)
  return { format: 1, dataId, exported: instantOf(Date.now()), epochs: keys.filter(({ name }) => name === 'backup') }
}

/** The file itself where a folder is named: one for each data. */
function copyPath(path: string, dataId: string): string {
  const full = resolve(path)
  return full.endsWith('.json') ? full : join(full, `linli-epochs-${dataId.slice(0, 8)}.json`)
}

/** Writes the second copy over the last one; the medium may know no rights of files, so it is locked away instead. */
export function exportEpochs(keysDir: string, path: string): { path: string; copy: EpochCopy } {
  const copy = storedEpochs(keysDir)
  if (!copy) throw say.cannotExport({ path })
  const to = copyPath(path, copy.dataId)
  try {
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
    const file = openSync(`${to}.tmp`, 'w', 0o600)
    writeSync(file, `${JSON.stringify(copy, null, 1)}\n`)
    fsyncSync(file)
    closeSync(file)
    renameSync(`${to}.tmp`, to)
  } catch {
    throw say.cannotExport({ path: to })
  }
  return { path: to, copy }
}

/** Reads a second copy. Throws `backup.notEpochs`, `backup.epochsOfOthers`. */
export function readEpochs(path: string, dataId: string): EpochCopy {
  const file = existsSync(path) && statSync(path).isDirectory() ? copyPath(path, dataId) : path
  let read
  try {
    read = CopyFile.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    throw say.notEpochs({ file })
  }
  if (!read.success) throw say.notEpochs({ file })
  if (read.data.dataId !== dataId) throw say.epochsOfOthers({ file })
  return read.data
}

/** The bytes of one epoch's key. Throws `backup.epochEnded`, `backup.epochMissing`. */
export function epochKey(copy: EpochCopy | undefined, head: { epoch: string; made: string }): Buffer {
  const epoch = copy?.epochs.find(({ id }) => id === head.epoch)
  if (!epoch) throw say.epochMissing({ epoch: head.epoch, made: head.made })
  if (epoch.material === null) throw say.epochEnded({ epoch: head.epoch, at: epoch.ended ?? '' })
  return Buffer.from(epoch.material, 'base64url')
}

/** How the second copy stands: the days since it was written, and what is wrong with it. */
export type SecondCopy = {
  readonly path: string | null
  readonly at: string | null
  readonly days: number | null
  readonly standing: 'none' | 'missing' | 'behind' | 'sameDisk' | 'well'
}

/** Looks at the second copy where it was last written. `behind`: it lacks an epoch or still holds one that was destroyed. */
export function lookAtCopy(keysDir: string, remembered: { path: string; at: string } | null, now: number): SecondCopy {
  if (!remembered) return { path: null, at: null, days: null, standing: 'none' }
  const about = { ...remembered, days: Math.max(0, Math.floor((now - Date.parse(remembered.at)) / 86_400_000)) }
  const own = storedEpochs(keysDir)
  if (!own || !existsSync(remembered.path)) return { ...about, standing: 'missing' }
  try {
    const copy = readEpochs(remembered.path, own.dataId)
    const held = new Map(copy.epochs.map(({ id, material }) => [id, material]))
    if (own.epochs.some(({ id, material }) => held.get(id) !== material)) return { ...about, standing: 'behind' }
  } catch {
    return { ...about, standing: 'missing' }
  }
  return { ...about, standing: statSync(remembered.path).dev === statSync(keysDir).dev ? 'sameDisk' : 'well' }
}
