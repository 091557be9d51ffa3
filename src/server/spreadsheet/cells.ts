// What comes back from a workbook that was read: cells as a person sees them, and how text and numbers become such cells.

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

/** A cell from plain text; text is never trimmed. */
export function textCell(text: string): Cell {
  if (text === '') return blank
  return worn.test(text.trim()) ? { text, kind: 'text', lossy: true } : { text, kind: 'text' }
}

/** A cell from a stored number. */
export function numberCell(value: number): Cell {
  const lossy = Number.isInteger(value) && Math.abs(value) >= keptDigits
  return lossy ? { text: digits(value), kind: 'number', lossy } : { text: digits(value), kind: 'number' }
}

/** All digits of a number, rounded to the 15 that a spreadsheet shows, never with an exponent. */
function digits(value: number): string {
  if (Number.isSafeInteger(value)) return String(value)
  if (Number.isInteger(value)) return BigInt(value).toString()
  const shown = String(Number(value.toPrecision(15)))
  return shown.includes('e') ? value.toFixed(20).replace(/\.?0+$/, '') : shown
}
