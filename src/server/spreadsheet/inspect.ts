// The look at a file before anything in it is unpacked: its first bytes and, for a workbook, its table of contents.
import { type Disguise, say } from './problems.ts'
import { readDirectory, type ZipEntry } from './zip.ts'

/** What a file may weigh: `maxBytes` as sent, `maxUnpacked` once unpacked, both in bytes. */
export type Weight = { maxBytes: number; maxUnpacked: number }

const maxEntries = 2_000
/** Real workbooks pack 5 to 60 times, a bomb of zeros about 1,000 times. Below `smallEnough` bytes the ratio says little. */
const maxRatio = 200
const smallEnough = 10_000_000

/** Says whether the file is read as a workbook or as a csv file; whatever else it is, is refused in words. */
export function inspect(bytes: Uint8Array, name: string | undefined, weight: Weight): 'xlsx' | 'csv' {
  if (bytes.length === 0) throw say.notAWorkbook({ found: 'empty' })
  if (bytes.length > weight.maxBytes) throw say.tooLarge({ what: 'bytes', limit: weight.maxBytes })
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04])) return inspectZip(bytes, weight)
  if (startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) throw isEncryptedOle(bytes) ? say.encrypted() : say.oldFormat()
  const found = disguiseOf(bytes)
  if (found === 'text' && name !== undefined && /\.(csv|txt|tsv)$/i.test(name)) return 'csv'
  throw say.notAWorkbook({ found })
}

const startsWith = (bytes: Uint8Array, mark: readonly number[]): boolean => mark.every((byte, i) => bytes[i] === byte)

/** A workbook with a password is an OLE file whose directory names a stream `EncryptedPackage` in UTF-16. */
const isEncryptedOle = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(Buffer.from('EncryptedPackage', 'utf16le'))

function disguiseOf(bytes: Uint8Array): Disguise {
  const first = new TextDecoder('latin1').decode(bytes.subarray(0, 4096))
  const opening = first.replaceAll('\0', '').replace(/^[^\x20-\x7e]+/, '').trimStart()
  if (/^(<!doctype html|<html|<head|<meta|<table|<style|mime-version:)/i.test(opening)) return 'html'
  if (/^<\?xml/i.test(opening)) return /<html/i.test(opening) ? 'html' : 'oldXml'
  return looksLikeText(bytes.subarray(0, 4096)) ? 'text' : 'other'
}

/** Text has no control bytes but tab and line ends; UTF-16 has zeros, and says so or keeps them in one half of each pair. */
function looksLikeText(sample: Uint8Array): boolean {
  if (startsWith(sample, [0xff, 0xfe]) || startsWith(sample, [0xfe, 0xff])) return true
  const zeros = [0, 0]
  for (const [i, byte] of sample.entries()) {
    if (byte === 0) zeros[i & 1] = (zeros[i & 1] ?? 0) + 1
    else if (byte < 9 || (byte > 13 && byte < 32 && byte !== 26)) return false
  }
  return zeros[0] === 0 || zeros[1] === 0
}

function inspectZip(bytes: Uint8Array, { maxUnpacked }: Weight): 'xlsx' {
  const entries = readDirectory(bytes)
  const names = new Set(entries.map((entry) => entry.name.toLowerCase()))
  const has = (pattern: RegExp): boolean => entries.some((entry) => pattern.test(entry.name))
  if (entries.some((entry) => entry.encrypted)) throw say.encrypted()
  if (isBomb(bytes, entries, maxUnpacked)) throw say.tooLarge({ what: 'unpacked', limit: maxUnpacked })
  if (names.size !== entries.length) throw say.damaged()
  if (has(/vbaProject|macrosheets\/|activeX\//i)) throw say.macros()
  if (has(/externalLinks\/|(^|\/)connections\.xml$|queryTables\//i)) throw say.externalLinks()
  if (!names.has('[content_types].xml') || !names.has('_rels/.rels') || !has(/(^|\/)workbook[^/]*\.xml$/i)) {
    throw say.notAWorkbook({ found: 'otherZip' })
  }
  return 'xlsx'
}

function isBomb(bytes: Uint8Array, entries: readonly ZipEntry[], maxUnpacked: number): boolean {
  const unpacked = entries.reduce((sum, entry) => sum + entry.size, 0)
  return entries.length > maxEntries || unpacked > maxUnpacked
    || (unpacked > smallEnough && unpacked / bytes.length > maxRatio)
}
