// Comma-separated text: written so that a spreadsheet shows it rightly and runs nothing, read in the encodings found in offices.
import { parseCsv, writeCsv as formatCsv } from 'hucre/csv'

/** What a file was written in; the names are those of `TextDecoder`. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030'

export type CsvValue = string | number | null | undefined
export type CsvRead = { encoding: Encoding; rows: string[][] }

/** Text that a spreadsheet would take for a formula, or that was already set off by an apostrophe. */
const risky = /^'*[=+\-@\t\r\n|]/
const setOff = /^'+[=+\-@\t\r\n|]/

/** Sets risky text off with one apostrophe; `plain` takes exactly that one away again. */
const guard = (text: string): string => (risky.test(text) ? `'${text}` : text)
const plain = (text: string): string => (setOff.test(text) ? text.slice(1) : text)

/** A csv file in UTF-8 with its mark, lines ended by CR LF. null and undefined are empty; numbers are written as they are. */
export function writeCsv(head: readonly string[], rows: readonly (readonly CsvValue[])[]): Uint8Array {
  const field = (value: CsvValue) => (typeof value === 'string' ? guard(value.toWellFormed()) : value ?? null)
  const guarded = [head, ...rows].map((row) => row.map(field))
  return new TextEncoder().encode(formatCsv(guarded, { bom: true, lineSeparator: '\r\n' }))
}

/** Reads comma-, semicolon- or tab-separated text. Every field stays the text that it is. */
export function readCsv(bytes: Uint8Array): CsvRead {
  const encoding = encodingOf(bytes)
  const text = new TextDecoder(encoding).decode(bytes)
  const rows = parseCsv(text, { delimiter: delimiterOf(text) }) as (string | null)[][]
  return { encoding, rows: rows.map((row) => row.map((field) => plain(field ?? ''))) }
}

/** What separates the fields of the first line; a comma where there is but one. Data may hold any of the others. */
function delimiterOf(text: string): string {
  const head = (/^[^\r\n]*/.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '')
  const count = (sign: string): number => head.split(sign).length
  return [',', '\t', ';'].reduce((best, sign) => (count(sign) > count(best) ? sign : best))
}

/** By its mark; else UTF-16 where one half of the bytes is often zero; else UTF-8 where valid; else what Chinese Windows writes. */
export function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const sample = bytes.subarray(0, 4096)
  if (zeros(sample, 1) > sample.length / 20) return 'utf-16le'
  if (zeros(sample, 0) > sample.length / 20) return 'utf-16be'
  return isUtf8(bytes) ? 'utf-8' : 'gb18030'
}

const zeros = (sample: Uint8Array, half: 0 | 1): number =>
  sample.reduce((count, byte, i) => (byte === 0 && (i & 1) === half ? count + 1 : count), 0)

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
