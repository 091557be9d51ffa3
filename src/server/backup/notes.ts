// What the key folder remembers of backups: recovery sheets by their public half, where the second copy of the epochs is, the last failure.
import { join } from 'node:path'
import { z } from 'zod'
import { locked, readPrivate, writePrivate } from '../keys/files.ts'
import { say as keysSay } from '../keys/say.ts'

const notesFile = 'backup.json'

const Sheet = z.object({ id: z.string(), publicKey: z.string(), confirmed: z.string() })
const Notes = z.object({
  format: z.literal(1),
  sheets: z.array(Sheet),
  secondCopy: z.object({ path: z.string(), at: z.string() }).nullable(),
  failure: z.object({ at: z.string(), code: z.string() }).nullable(),
})
export type Notes = z.infer<typeof Notes>
export type KnownSheet = z.infer<typeof Sheet>

const none: Notes = { format: 1, sheets: [], secondCopy: null, failure: null }

/** Throws `keys.damaged` when the file is not what was written. */
export function readNotes(keysDir: string): Notes {
  const words = readPrivate(join(keysDir, notesFile))
  if (words === undefined) return none
  try {
    return Notes.parse(JSON.parse(words))
  } catch {
    throw keysSay.damaged({ file: notesFile })
  }
}

export function note(keysDir: string, revise: (before: Notes) => Notes): Notes {
  return locked(keysDir, () => {
    const after = revise(readNotes(keysDir))
    writePrivate(join(keysDir, notesFile), `${JSON.stringify(after, null, 1)}\n`)
    return after
  })
}

/** The sheet that backups are closed to: the one confirmed last. */
export const sheetInUse = (notes: Notes): KnownSheet | undefined => notes.sheets.at(-1)
