// PDF: a scan is pages and pictures. Whatever acts, carries something else or hides what it holds is refused, not mended.
import { inflateSync } from 'node:zlib'
import { say } from './say.ts'
import type { Cleaned } from './shape.ts'

/** Names of what acts, carries or locks. A script needs /JavaScript beside its /JS; the long name cannot come about by chance. */
const active =
  /\/(JavaScript|Launch|EmbeddedFiles?|Filespec|RichMedia|SubmitForm|ImportData|GoToE|GoToR|Rendition|AcroForm|Encrypt)\b/
/** Packings in which an object stream could hide its names from the search below. */
const otherPackings = /\/(LZWDecode|ASCII85Decode|ASCIIHexDecode|RunLengthDecode|LZW|A85|AHx|RL|Predictor)\b/

/** All that may come out of a file's streams, in bytes: a scan's pictures stay packed, so this is far above an honest one. */
const mostUnpacked = 64 * 1024 * 1024

/** The same bytes; throws for what is no plain scan. */
export function pdf(bytes: Buffer): Cleaned {
  const words = named(bytes)
  const end = words.lastIndexOf('%%EOF')
  if (end < 0 || words.slice(end + 5).trim() !== '') throw say.damaged()
  if (active.test(words)) throw say.activePdf()
  if (/\/ObjStm\b/.test(words) && otherPackings.test(words)) throw say.activePdf()
  let left = mostUnpacked
  for (const packed of streams(bytes)) {
    const unpacked = unpack(packed, left)
    left -= unpacked.length
    if (active.test(named(unpacked))) throw say.activePdf()
  }
  return { bytes, width: null, height: null }
}

/** As a reader reads names: `/J#61vaScript` is `/JavaScript`. */
const named = (bytes: Buffer): string =>
  bytes.toString('latin1').replaceAll(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

/** From each `stream` to the end: an unpacker stops by itself where its data end. */
function* streams(bytes: Buffer): Generator<Buffer> {
  for (let at = bytes.indexOf('stream'); at >= 0; at = bytes.indexOf('stream', at + 6)) {
    if (bytes.toString('latin1', at - 3, at) === 'end') continue
    const from = bytes[at + 6] === 0x0d && bytes[at + 7] === 0x0a ? at + 8 : at + 7
    // The first byte of zlib's head: deflate with a window that exists.
    if ((bytes[from] ?? 0) % 16 === 8) yield bytes.subarray(from)
  }
}

function unpack(packed: Buffer, most: number): Buffer {
  try {
    return inflateSync(packed, { maxOutputLength: Math.max(most, 1) })
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw say.activePdf()
    return Buffer.alloc(0)
  }
}
