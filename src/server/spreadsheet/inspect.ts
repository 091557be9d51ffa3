// The look at a file before anything in it is unpacked: its first bytes and, for a workbook, its table of contents.
import { type Disguise, say } from './problems.ts'
import { type Encoding, encodingOf } from './text-file.ts'
import type { Weight } from './wire.ts'
import { packedParts, readDirectory, type PackedPart, type ZipEntry } from './zip.ts'

/** Real workbooks pack 5 to 60 times, a bomb of zeros about 1,000 times. Below `smallEnough` bytes the ratio says little. */
const maxRatio = 200
const smallEnough = 10_000_000

/** What a file is, and where its parts are or how its text is written. */
type Inspected = { format: 'xlsx'; parts: PackedPart[] } | { format: 'csv'; encoding: Encoding }

/** Says whether the file is read as a workbook or as a csv file; whatever else it is, is refused in words. */
export function inspect(bytes: Uint8Array, name: string | undefined, weight: Weight): Inspected {
  if (bytes.length === 0) throw say.notAWorkbook({ found: 'empty' })
  if (bytes.length > weight.maxBytes) throw say.tooLarge({ what: 'bytes', limit: weight.maxBytes })
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04])) return inspectZip(bytes, weight)
  if (startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) throw isEncryptedOle(bytes) ? say.encrypted() : say.oldFormat()
  const found = disguiseOf(bytes)
  const encoding = found === 'text' && name !== undefined && /\.(csv|txt|tsv|tab)$/i.test(name) ? encodingOf(bytes) : undefined
  if (encoding) return { format: 'csv', encoding }
  throw say.notAWorkbook({ found })
}

const startsWith = (bytes: Uint8Array, mark: readonly number[]): boolean => mark.every((byte, i) => bytes[i] === byte)

/** A workbook with a password is an OLE file whose directory names a stream `EncryptedPackage` in UTF-16. */
const isEncryptedOle = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(Buffer.from('EncryptedPackage', 'utf16le'))

function disguiseOf(bytes: Uint8Array): Disguise {
  const first = new TextDecoder('latin1').decode(bytes.subarray(0, 4096))
  const opening = first
    .replaceAll('\0', '')
    .replace(/^[^\x20-\x7e]+/, '')
    .trimStart()
  if (/^<\?xml|^<([\w-]+:)?workbook/i.test(opening)) return /<html/i.test(opening) ? 'html' : 'oldXml'
  if (/^(mime-version:|from: <saved by|content-type: *(multipart|text\/html))/i.test(opening)) return 'html'
  if (/^<(!doctype html|!--|html|head|meta|table|style|body|div|script|title|\?mso)/i.test(opening)) return 'html'
  return encodingOf(bytes) ? 'text' : 'other'
}

function inspectZip(bytes: Uint8Array, { maxUnpacked }: Weight): Inspected {
  const entries = readDirectory(bytes)
  const parts = packedParts(bytes, entries)
  const names = new Set(parts.map((part) => part.name.toLowerCase()))
  const has = (pattern: RegExp): boolean => parts.some((part) => pattern.test(part.name))
  if (entries.some((entry) => entry.encrypted)) throw say.encrypted()
  if (isBomb(bytes, entries, maxUnpacked)) throw say.tooLarge({ what: 'unpacked', limit: maxUnpacked })
  if (names.size !== entries.length || has(/(^|\/)\.\.(\/|$)|[\0:]/)) throw say.damaged()
  if (has(/vbaProject|macrosheets\/|activeX\//i)) throw say.macros()
  if (has(/externalLinks\/|(^|\/)connections\.xml$|queryTables\//i)) throw say.externalLinks()
  // The main part may have any name; which it is, the relations of the whole say.
  if (
    !names.has('[content_types].xml') ||
    !names.has('_rels/.rels') ||
    has(/^(word|ppt|visio)\//i) ||
    has(/(^|\/)workbook\.bin$/i)
  ) {
    throw say.notAWorkbook({ found: 'otherZip' })
  }
  return { format: 'xlsx', parts }
}

function isBomb(bytes: Uint8Array, entries: readonly ZipEntry[], maxUnpacked: number): boolean {
  const unpacked = entries.reduce((sum, entry) => sum + entry.size, 0)
  return unpacked > maxUnpacked || (unpacked > smallEnough && unpacked / bytes.length > maxRatio)
}
