// A restore as somebody does it who has the sheet in the hand: finds the epoch key, puts the ring back, fills the database.
import { instantOf } from '#core/dates.ts'
import type { Login } from '../database/migrate.ts'
import { epochKey, readEpochs, storedEpochs, type EpochCopy } from './epochs.ts'
import { openHead, type ReadHead } from './head.ts'
import { note, readNotes } from './notes.ts'
import { proveBackup } from './prove.ts'
import { headOf, restoreInto, type Restored, type Restoring } from './restore.ts'
import { requireNewer, ringAt, unpackRing } from './ring.ts'
import { say } from './say.ts'
import { readSheet, type SheetKeys } from './sheet.ts'

type ByHand = Pick<Restoring, 'file' | 'migrations' | 'progress'> & {
  /** The eight groups as they were typed. */
  readonly sheet: string
  /** File or folder of the second copy; undefined where the key folder has the epochs. */
  readonly epochs: string | undefined
  readonly keysDir: string
}

/** Finds the data key. The key folder is asked first: what was destroyed there is not opened with an older copy. */
function keyOf(
  { head, ...rest }: ReadHead,
  sheet: SheetKeys,
  given: EpochCopy | undefined,
  own: EpochCopy | undefined,
  file: string,
): Buffer {
  if (sheet.id !== head.sheet) throw say.otherSheet({ sheet: head.sheet })
  const copy = own?.epochs.some(({ id }) => id === head.epoch) ? own : given
  return openHead({ head, ...rest }, sheet, epochKey(copy, head), file)
}

const ownEpochs = (keysDir: string, dataId: string): EpochCopy | undefined => {
  const own = storedEpochs(keysDir)
  return own?.dataId === dataId ? own : undefined
}

/** Restores into the empty database `adminUrl` and, where the key folder is empty, the ring too. Throws the problems of say.ts and `keys.foreign`. */
export async function bringBack(
  { sheet: typed, epochs, keysDir, ...by }: ByHand,
  to: { adminUrl: string; filesTo: string | null; login: () => Login },
): Promise<Restored> {
  const { head } = await headOf(by.file)
  const sheet = readSheet(typed)
  const standing = ringAt(keysDir, head.dataId)
  const given = epochs === undefined ? undefined : readEpochs(epochs, head.dataId)
  const own = ownEpochs(keysDir, head.dataId)
  const restored = await restoreInto({
    ...by,
    adminUrl: to.adminUrl,
    filesTo: to.filesTo,
    key: (found) => keyOf(found, sheet, given, own, by.file),
    ring: (parts) => {
      if (standing === 'same') requireNewer(keysDir, parts)
      else unpackRing(keysDir, parts, given!)
      return to.login()
    },
  })
  if (!readNotes(keysDir).sheets.length) {
    note(keysDir, (before) => ({
      ...before,
      sheets: [{ id: sheet.id, publicKey: sheet.publicKey, confirmed: instantOf(Date.now()) }],
    }))
  }
  return restored
}

/** The drill: sheet and epoch key as in an emergency, a throw-away database instead of a real one. Nothing is left behind. */
export async function drill({ sheet: typed, epochs, keysDir, ...by }: ByHand): Promise<Restored> {
  const { head } = await headOf(by.file)
  const sheet = readSheet(typed)
  const given = epochs === undefined ? undefined : readEpochs(epochs, head.dataId)
  return proveBackup({ ...by, key: (found) => keyOf(found, sheet, given, ownEpochs(keysDir, head.dataId), by.file) })
}
