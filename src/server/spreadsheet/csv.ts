// Comma-separated text, written so that a spreadsheet shows it rightly and runs nothing.
import { writeCsv as formatCsv } from 'hucre/csv'

export type CsvValue = string | number | null | undefined

/** Text that a spreadsheet would take for a formula, or that was already set off by an apostrophe. */
const risky = /^'*[=+\-@\t\r\n|]/

/** Sets risky text off with one apostrophe; the reader takes exactly that one away again. */
const guard = (text: string): string => (risky.test(text) ? `'${text}` : text)

/** A csv file in UTF-8 with its mark, lines ended by CR LF. null and undefined are empty; numbers are written as they are. */
export function writeCsv(head: readonly string[], rows: readonly (readonly CsvValue[])[]): Uint8Array {
  const field = (value: CsvValue) => (typeof value === 'string' ? guard(value.toWellFormed()) : (value ?? null))
  const guarded = [head, ...rows].map((row) => row.map(field))
  return new TextEncoder().encode(formatCsv(guarded, { bom: true, lineSeparator: '\r\n' }))
}
