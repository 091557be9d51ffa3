// A file as it may be kept: its type read from its bytes, its size from its head, and whatever tells where or by what it was made left out.
import type { FileType } from '#core/files.ts'
import { jpeg } from './jpeg.ts'
import { pdf } from './pdf.ts'
import { png } from './png.ts'
import { say } from './say.ts'
import type { Cleaned } from './shape.ts'
import { webp } from './webp.ts'

/** Longest side, and all pixels together: what a small computer still opens. */
const longestSide = 12_000
const mostPixels = 50_000_000

const starts: readonly (readonly [FileType, (bytes: Buffer) => boolean, (bytes: Buffer) => Cleaned])[] = [
  ['jpeg', (b) => b.readUIntBE(0, 3) === 0xffd8ff, jpeg],
  ['png', (b) => b.readBigUInt64BE(0) === 0x89504e470d0a1a0an, png],
  ['webp', (b) => b.toString('latin1', 0, 4) === 'RIFF' && b.toString('latin1', 8, 12) === 'WEBP', webp],
  ['pdf', (b) => b.toString('latin1', 0, 5) === '%PDF-', pdf],
]

/**
 * Type, size and cleaned bytes of a file. What follows the end of a picture is cut off, so nothing can ride behind it.
 * Throws `files.wrongType`, `.damaged`, `.tooManyPixels`, `.moving`, `.activePdf`.
 */
export function cleaned(bytes: Buffer): Cleaned & { readonly type: FileType } {
  const found = bytes.length >= 16 ? starts.find(([, fits]) => fits(bytes)) : undefined
  if (!found) throw say.wrongType()
  const [type, , clean] = found
  const made = readable(() => clean(bytes))
  if (made.width !== null && made.height !== null) {
    if (made.width < 1 || made.height < 1) throw say.damaged()
    if (Math.max(made.width, made.height) > longestSide || made.width * made.height > mostPixels) throw say.tooManyPixels()
  }
  return { type, ...made }
}

/** A reader that runs over the end has met a file that was cut off. */
function readable<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) throw say.damaged()
    throw error
  }
}
