// Photos on the phone: shrunk, kept closed under the PIN until their record is made, then queued like everything else.
import { addFile, photoTerms, PhotoTerms } from '#core/files.ts'
import { newId, type Id } from '#core/ids.ts'
import { prepare, type Prepared } from '#web/shrink.ts'
import { keepsThings, readMeta, write, writeMeta } from './disk.ts'
import { outbox, record } from './outbox.ts'
import { drop, get, put, vault } from './vault.ts'
import { askNow, connection } from './wire.ts'

type Kept = Prepared & { readonly of: string }
/** Stands for a photo that was taken out, until the form that named it has been written without it. */
type Gone = { readonly gone: true }
/** The form is written 400 ms after a change (sync.ts). Milliseconds. */
const writtenBy = 3_000
/** A photo whose form was given up is forgotten after so long. Milliseconds. */
const longestKept = 7 * 86_400_000

const named = (id: Id): string => `photo:${id}`
/** Over plain HTTP nothing may be kept: photos then live as long as the page. */
const inPage = new Map<Id, Kept>()

/** The rule as the server says it now; without a network the one that it said last. */
async function termsNow(): Promise<PhotoTerms> {
  const before = keepsThings() ? PhotoTerms.safeParse(await readMeta('photoTerms')).data : undefined
  const asked = connection.get() === 'online' ? await askNow(photoTerms, {}).catch(() => undefined) : undefined
  if (asked && keepsThings()) await writeMeta('photoTerms', asked)
  return asked ?? before ?? { longest: 1600, kilobytes: 300 }
}

/** Shrinks a chosen picture and keeps it closed; answers the id that its record names. Throws `photo.*`, `disk.full`. */
export async function keepPhoto(of: string, file: Blob): Promise<Id> {
  const kept = { of, ...(await prepare(file, await termsNow())) }
  const id = newId()
  if (vault.get().state === 'open') {
    await sweep()
    await put(named(id), kept)
  } else inPage.set(id, kept)
  return id
}

const sweep = (): Promise<void> =>
  write(['sets'], async (t) => {
    for (const { account, key, takenAt } of await t.sets.all()) {
      if (key.startsWith('photo:') && takenAt < Date.now() - longestKept) await t.sets.delete([account, key])
    }
  })

const lying = async (id: Id): Promise<Kept | Gone | undefined> =>
  inPage.get(id) ?? (vault.get().state === 'open' ? (await get<Kept | Gone>(named(id)))?.value : undefined)

const keptAs = async (id: Id): Promise<Kept | undefined> => {
  const found = await lying(id)
  return found && !('gone' in found) ? found : undefined
}

/** Which of these were taken out again, though a form brought back from an earlier moment still names them. */
export async function takenOut(ids: readonly Id[]): Promise<readonly Id[]> {
  const found: Id[] = []
  for (const id of ids) {
    const there = await lying(id)
    if (there && 'gone' in there) found.push(id)
  }
  return found
}

/** Takes a photo out of its form: its bytes go at once. */
export async function removePhoto(id: Id): Promise<void> {
  inPage.delete(id)
  if (vault.get().state !== 'open') return
  await put(named(id), { gone: true } satisfies Gone)
  setTimeout(() => {
    void drop(named(id)).catch(() => undefined)
  }, writtenBy)
}

/** The small picture of a photo that is still here; undefined once it is on its way. */
export const thumbOf = async (id: Id): Promise<string | null | undefined> => (await keptAs(id))?.thumb

/** Forgets a photo that is on its way. */
async function dropPhoto(id: Id): Promise<void> {
  inPage.delete(id)
  await drop(named(id))
}

export type Sent = {
  /** Takes them all back; false when one has gone already. */
  readonly undo: () => Promise<boolean>
  /** Called when the record that names them has been made: here they are not needed any more. */
  readonly done: () => Promise<void>
}

/**
 * Puts the photos among these ids into the queue, each under the id that the record names. Done again it changes nothing, so a form
 * that was cut off between its photos and its record is simply sent once more.
 */
export async function sendPhotos(ids: readonly Id[]): Promise<Sent> {
  const undos: (() => Promise<boolean>)[] = []
  for (const id of ids) {
    const kept = await keptAs(id)
    if (!kept || outbox.get().some((item) => item.id === id)) continue
    const { undo } = await record(addFile, kept, { id, bulky: true, undoable: true })
    undos.push(undo)
  }
  return {
    undo: async () => (await Promise.all(undos.map((undo) => undo()))).every(Boolean),
    done: async () => {
      for (const id of ids) await dropPhoto(id)
    },
  }
}
