// What the parser is given: the parts of a workbook that carry cells, unpacked and checked by us, packed anew.
// Pictures, themes, drawings and comments stay behind.
import { say } from './problems.ts'
import { pack, readDirectory, unpack, type ZipEntry, type ZipPart } from './zip.ts'

const wanted = /\.(xml|rels)$/i
const unwanted = /(^|\/)(media|drawings|charts|theme|comments\w*|threadedComments|persons|pivot\w+|worksheets\/_rels)[/.]/i

/** A container for the library. A part with a document type, which is how entity bombs are made, is `spreadsheet.entities`. */
export function sift(bytes: Uint8Array): Uint8Array {
  const entries = readDirectory(bytes).filter((entry) => wanted.test(entry.name) && !unwanted.test(entry.name))
  return pack(entries.map((entry) => siftPart(bytes, entry)), { stored: true })
}

function siftPart(bytes: Uint8Array, entry: ZipEntry): ZipPart {
  const data = unpack(bytes, entry)
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  if (['<!DOCTYPE', '<!doctype', '<!ENTITY'].some((mark) => text.includes(mark))) throw say.entities()
  if (/styles\.xml$/i.test(entry.name)) return { name: entry.name, data: Buffer.from(tellClocks(text.toString())) }
  if (/worksheets\//i.test(entry.name)) return { name: entry.name, data: Buffer.from(dropEmpty(text.toString())) }
  return { name: entry.name, data }
}

/** The library does not see that 时 and 分 after h and m make a clock time; a format that it knows takes their place. */
const tellClocks = (styles: string): string =>
  styles.replace(/formatCode="([^"]*)"/g, (whole, code: string) => {
    const bare = code.replace(/&quot;.*?&quot;|\\.|\[[^\]]*\]|上午\/下午|AM\/PM/gi, '')
    return /h/i.test(bare) && /^[hms:;@.0\s]*$/i.test(bare) ? 'formatCode="h:mm:ss"' : whole
  })

/** Sheets whose columns were formatted to the very bottom hold a million empty cells; they say nothing, so they go. */
const dropEmpty = (sheet: string): string => sheet.replace(/<c r="[A-Z]+\d+"[^<>]*\/>/g, '')
