// What comes back from a workbook that was read: cells as a person sees them, and how a stored value becomes such a cell.
import type { CellValue } from 'hucre/xlsx'

/** `date` is 2026-11-22, `time` 08:05, `datetime` 2026-11-22T08:05, all civil, seconds only where there are any. */
export type CellKind = 'blank' | 'text' | 'number' | 'date' | 'time' | 'datetime' | 'boolean' | 'error'

/**
 * One cell. `text` is exact for text and written out in full for numbers. `lossy` marks a long number whose last digits a
 * spreadsheet has already dropped: an id number kept as a number. `merged` is the range of which the cell is a part;
 * its text stands in the first cell. `formula` is what the text was computed from: `stored` where the program that saved the
 * file left its result, `unstored` where it did not, so that nobody knows what the cell showed.
 */
export type Cell = {
  text: string
  kind: CellKind
  lossy?: true
  formula?: string
  stored?: true
  unstored?: true
  merged?: string
}

/** `row` is the number that a spreadsheet shows beside the row; cells begin at column A. */
export type SheetRow = { row: number; cells: Cell[]; hidden?: true }

/** Only rows that hold something. `hiddenColumns` count from 0. */
export type SheetRead = { name: string; rows: SheetRow[]; hidden?: true; hiddenColumns?: number[] }

export type WorkbookRead = { format: 'xlsx' | 'csv'; sheets: SheetRead[] }

export const blank: Cell = Object.freeze({ text: '', kind: 'blank' })

/** A spreadsheet keeps 15 digits; whatever whole number is longer has lost its end. */
const keptDigits = 1e15
/** What is left of a long number after a spreadsheet has saved it as csv. */
const worn = /^-?\d(\.\d+)?E\+1[4-9]$/i
const firstDay = Date.UTC(1900, 0, 1)
const firstDay1904 = Date.UTC(1904, 0, 1)
const dayLength = 86_400_000

/** A cell from plain text; text is never trimmed. */
export function textCell(text: string): Cell {
  if (text === '') return blank
  return worn.test(text.trim()) ? { text, kind: 'text', lossy: true } : { text, kind: 'text' }
}

/** A cell from a stored value; `since1904` is the date system of workbooks made on an old Mac. */
export function cellOf(value: CellValue, since1904: boolean): Cell {
  if (value === null || value === '') return blank
  if (typeof value === 'string') return textCell(value)
  if (typeof value === 'number') return numberCell(value)
  if (typeof value === 'boolean') return { text: value ? 'TRUE' : 'FALSE', kind: 'boolean' }
  return dateCell(value, since1904)
}

function numberCell(value: number): Cell {
  const lossy = Number.isInteger(value) && Math.abs(value) >= keptDigits
  return lossy ? { text: digits(value), kind: 'number', lossy } : { text: digits(value), kind: 'number' }
}

/** All digits of a number, rounded to the 15 that a spreadsheet shows, never with an exponent. */
function digits(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString()
  const shown = String(Number(value.toPrecision(15)))
  return shown.includes('e') ? value.toFixed(20).replace(/\.?0+$/, '') : shown
}

/** The library gives a civil date as an instant in UTC; a clock time alone falls on the system's day nought. */
function dateCell(value: Date, since1904: boolean): Cell {
  const ms = Math.round(value.getTime() / 1000) * 1000
  const iso = new Date(ms).toISOString()
  const [day, clock] = [iso.slice(0, 10), iso.slice(11, iso.slice(17, 19) === '00' ? 16 : 19)]
  if (ms < firstDay || (since1904 && ms < firstDay1904 + dayLength)) return { text: clock, kind: 'time' }
  return ms % dayLength === 0 ? { text: day, kind: 'date' } : { text: `${day}T${clock}`, kind: 'datetime' }
}
