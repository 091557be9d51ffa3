// A template that came back: which column is which, and its rows by key, numbered as the sender sees them.
import { rangeRef } from 'hucre/xlsx'
import { blank, type Cell, type SheetRead, type SheetRow, type WorkbookRead } from './cells.ts'
import { keyMark, requiredMark, type TemplateColumn, type TemplateSheet } from './template.ts'

/** `row` is the number beside the row in the spreadsheet. Every key of the template is there, blank where nothing was written. */
export type FilledRow = { row: number; cells: Readonly<Record<string, Cell>> }

/** A column that the template does not have, or has already: `column` is its letter, `head` what stands above it. */
type UnknownColumn = { column: string; head: string }

/** `found` is false where the workbook has no such sheet. `missingColumns` are keys. `byHead` says that the key row was lost. */
type FilledSheet = {
  name: string
  found: boolean
  byHead: boolean
  rows: FilledRow[]
  unknownColumns: UnknownColumn[]
  missingColumns: string[]
}

/** The head and the keys are looked for in the first rows only. */
const searched = 20

/** Reads every sheet of a template out of a workbook; columns may have been moved, added or left out. */
export function readTemplate(workbook: WorkbookRead, { sheets }: { sheets: readonly TemplateSheet[] }): FilledSheet[] {
  return sheets.map((template) => {
    const sheet = findSheet(workbook, template, sheets.length === 1)
    return sheet ? readSheet(sheet, template) : { ...nothing(template), found: false }
  })
}

/** By name; a template of one sheet also accepts the only visible sheet, whatever it is called, as a csv file has no names. */
function findSheet({ sheets }: WorkbookRead, template: TemplateSheet, alone: boolean): SheetRead | undefined {
  const visible = sheets.filter((sheet) => !sheet.hidden)
  const named = sheets.find((sheet) => sheet.name.trim() === template.name.trim())
  return named ?? (alone && visible.length === 1 ? visible[0] : undefined)
}

const nothing = ({ name, columns }: TemplateSheet): FilledSheet => ({
  name,
  found: true,
  byHead: false,
  rows: [],
  unknownColumns: [],
  missingColumns: columns.map((column) => column.key),
})

function readSheet(sheet: SheetRead, template: TemplateSheet): FilledSheet {
  const opening = sheet.rows.slice(0, searched)
  const keys = opening.find((row) => hasKeys(row, template.columns))
  const head = bestHead(keys ? opening.slice(0, opening.indexOf(keys)) : opening, template.columns)
  const { columns, unknownColumns } = assign(keys, head, template.columns)
  const top = keys ?? head
  if (!top) return nothing(template)
  const rows = sheet.rows
    .filter(({ row }) => row > top.row)
    .filter((row) => keys !== undefined || !isHints(row, columns))
    .map((row) => filledRow(row, columns, template.columns))
    .filter(({ cells }) => Object.values(cells).some((cell) => cell.text.trim() !== ''))
  const found = [...columns.values()]
  const missingColumns = template.columns.filter((column) => !found.includes(column)).map((column) => column.key)
  return { name: sheet.name || template.name, found: true, byHead: keys === undefined, rows, unknownColumns, missingColumns }
}

const hasKeys = ({ cells }: SheetRow, columns: readonly TemplateColumn[]): boolean =>
  cells.some((cell) => columns.some((column) => cell.text.trim() === keyMark + column.key))

/** Head text without the mark of required columns, spaces, and the form of brackets and letters. */
const bare = (head: string): string => head.normalize('NFKC').replaceAll(requiredMark, '').replace(/\s/g, '').toLowerCase()

const isHeadOf =
  (text: string) =>
  (column: TemplateColumn): boolean =>
    bare(text) !== '' && bare(text) === bare(column.head)

/** The row with the most heads that the template knows; none where no row has any. */
function bestHead(rows: readonly SheetRow[], columns: readonly TemplateColumn[]): SheetRow | undefined {
  const hits = (row: SheetRow): number => row.cells.filter((cell) => columns.some(isHeadOf(cell.text))).length
  return rows.filter((row) => hits(row) > 0).sort((a, b) => hits(b) - hits(a))[0]
}

type Columns = ReadonlyMap<number, TemplateColumn>

/** Each column by its key; a column without one, inserted by hand, by its head. */
function assign(keys: SheetRow | undefined, head: SheetRow | undefined, known: readonly TemplateColumn[]) {
  const columns = new Map<number, TemplateColumn>()
  const unknownColumns: UnknownColumn[] = []
  const width = Math.max(keys?.cells.length ?? 0, head?.cells.length ?? 0)
  for (let c = 0; c < width; c++) {
    const key = keys?.cells[c]?.text.trim() ?? ''
    const above = head?.cells[c]?.text ?? ''
    const column = key === '' ? known.find(isHeadOf(above)) : known.find((one) => keyMark + one.key === key)
    if (column && ![...columns.values()].includes(column)) columns.set(c, column)
    else if (key !== '' || above.trim() !== '') unknownColumns.push({ column: letterOf(c), head: above.trim() || key })
  }
  return { columns, unknownColumns }
}

const letterOf = (column: number): string => rangeRef(0, column, 0, column).split(/\d/)[0] ?? ''

/** The row of hints, told by its words where the key row below it is gone. */
const isHints = ({ cells }: SheetRow, columns: Columns): boolean =>
  [...columns].some(([c, column]) => column.hint !== undefined && cells[c]?.text.trim() === column.hint.trim())

function filledRow({ row, cells }: SheetRow, columns: Columns, known: readonly TemplateColumn[]): FilledRow {
  const filled: Record<string, Cell> = Object.fromEntries(known.map((column) => [column.key, blank]))
  for (const [c, column] of columns) filled[column.key] = cells[c] ?? blank
  return { row, cells: filled }
}
