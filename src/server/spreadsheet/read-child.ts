// The child process that parses. It is told one file, answers with its rows or a refusal, and is killed by its parent.
// The library sees only a container that we packed ourselves from parts that were unpacked and checked here.
import { type Cell as StoredCell, type MergeRange, rangeRef, readXlsx, type Sheet, type Workbook } from 'hucre/xlsx'
import { isProblem } from '#core/problem.ts'
import { blank, type Cell, cellOf, type SheetRow, textCell } from './cells.ts'
import { readCsv } from './csv.ts'
import { sift } from './sift.ts'
import { type Limits, type Order, packRow, type Refusal, type Reply } from './wire.ts'

/** A refusal on its way to the parent. */
class Refused extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.name)
    this.refusal = refusal
  }
}

const rowsAtOnce = 500

process.once('message', (order: Order) => {
  answer(order).then(() => tell({ at: 'done' }), (error: unknown) => tell({ at: 'refused', refusal: refusalOf(error) }))
})

/** Waits until the message has left, so that a slow parent holds the child back and not the memory. */
const tell = (reply: Reply): Promise<void> =>
  new Promise((sent, fail) => process.send?.(reply, undefined, undefined, (error) => (error ? fail(error) : sent())))

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refused) return error.refusal
  if (isProblem(error) && error.code === 'spreadsheet.entities') return { name: 'entities' }
  // The library's own guard: two far corners span more cells than memory holds.
  if (error instanceof Error && error.message.includes('cells), over the')) {
    return { name: 'tooLarge', what: 'memory', limit: 0 }
  }
  return { name: 'damaged' }
}

async function answer({ format, bytes, limits }: Order): Promise<void> {
  const count = counter(limits)
  if (format === 'csv') {
    await tellSheet({ name: '', hidden: false, hiddenColumns: [] }, csvRows(bytes), count)
    return
  }
  const workbook: Workbook = await readXlsx(sift(bytes))
  for (const sheet of workbook.sheets) {
    const hidden = (sheet.hidden ?? false) || (sheet.veryHidden ?? false)
    const about = { name: sheet.name, hidden, hiddenColumns: hiddenColumnsOf(sheet) }
    await tellSheet(about, sheetRows(sheet, workbook.dateSystem === '1904'), count)
  }
}

type AboutSheet = Omit<Extract<Reply, { at: 'sheet' }>, 'at'>

const hiddenColumnsOf = (sheet: Sheet): number[] => (sheet.columns ?? []).flatMap((column, i) => (column.hidden ? [i] : []))

async function tellSheet(about: AboutSheet, rows: Iterable<SheetRow>, count: Counter): Promise<void> {
  await tell({ at: 'sheet', ...about })
  count.newSheet()
  let batch: SheetRow[] = []
  for (const row of rows) {
    count.row(row)
    batch.push(row)
    if (batch.length < rowsAtOnce) continue
    await tell({ at: 'rows', rows: batch.map(packRow) })
    batch = []
  }
  await tell({ at: 'rows', rows: batch.map(packRow) })
}

type Counter = { newSheet(): void; row(row: SheetRow): void }

function counter({ maxRows, maxColumns, maxCells }: Limits): Counter {
  let [rows, cells] = [0, 0]
  const check = (what: 'rows' | 'columns' | 'cells', count: number, limit: number): void => {
    if (count > limit) throw new Refused({ name: 'tooLarge', what, limit })
  }
  return {
    newSheet: () => { rows = 0 },
    row: (row) => {
      cells += row.cells.reduce((sum, cell) => (cell === blank ? sum : sum + 1), 0)
      check('rows', ++rows, maxRows)
      check('columns', row.cells.length, maxColumns)
      check('cells', cells, maxCells)
    },
  }
}

function* csvRows(bytes: Uint8Array): Generator<SheetRow> {
  for (const [i, fields] of readCsv(bytes).rows.entries()) {
    const cells = trimmed(fields.map(textCell))
    if (cells.length > 0) yield { row: i + 1, cells }
  }
}

function* sheetRows(sheet: Sheet, since1904: boolean): Generator<SheetRow> {
  const merged = mergedRanges(sheet.merges ?? [])
  for (const [r, values] of sheet.rows.entries()) {
    const cells = trimmed(values.map((value, c) => {
      const cell = withStored(cellOf(value, since1904), sheet.cells?.get(`${r},${c}`))
      const range = merged.get(`${r},${c}`)
      return range ? { ...cell, merged: range } : cell
    }))
    if (cells.every((cell) => cell.kind === 'blank' && !cell.formula)) continue
    yield sheet.rowDefs?.get(r)?.hidden ? { row: r + 1, cells, hidden: true } : { row: r + 1, cells }
  }
}

function withStored(cell: Cell, stored: StoredCell | undefined): Cell {
  if (stored?.formula === undefined) return stored?.type === 'error' ? { ...cell, kind: 'error' } : cell
  // `program|topic!item` asks the computer of whoever opens the file to start a program.
  if (/^[\w.'"\s]*\|/.test(stored.formula)) throw new Refused({ name: 'externalLinks' })
  return { ...cell, formula: stored.formula }
}

/** Which cells belong to which merged range; ranges over whole rows or columns say nothing about single cells. */
function mergedRanges(merges: readonly MergeRange[]): Map<string, string> {
  const ranges = new Map<string, string>()
  for (const { startRow, startCol, endRow, endCol } of merges) {
    if ((endRow - startRow + 1) * (endCol - startCol + 1) > 10_000) continue
    const ref = rangeRef(startRow, startCol, endRow, endCol)
    for (let r = startRow; r <= endRow; r++) for (let c = startCol; c <= endCol; c++) ranges.set(`${r},${c}`, ref)
  }
  return ranges
}

function trimmed(cells: Cell[]): Cell[] {
  return cells.slice(0, cells.findLastIndex((cell) => cell !== blank) + 1)
}
