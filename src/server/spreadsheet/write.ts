// Official sheets as offices expect them: merged title, fill-in line, head of one or two rows, 序号 first and 备注 last,
// 合计, footnotes, A4 across, head repeated on every page.
import { setImmediate } from 'node:timers/promises'
import type { Cell, CellStyle, CellValue, MergeRange, WriteOptions, WriteSheet } from 'hucre/xlsx'
import { headCells, lastLine, type Line, shown, type Shown, textLines, titleLines } from './layout.ts'
import { makeXlsx } from './make.ts'
import type { OfficialSheet } from './official.ts'
import { bodyStyle, font, totalStyle } from './styles.ts'
import { cellText, valueOf } from './values.ts'

/** Text that the library would write as an error value unless told that it is text. */
const errorWords = /^#(VALUE!|REF!|N\/A|NAME\?|NULL!|DIV\/0!|NUM!|GETTING_DATA|SPILL!|CALC!)$/

/** The bytes of an .xlsx file. Rows are pulled one by one; 20,000 rows of 20 columns take 300 MB while the file is made. */
export async function writeOfficialSheet(sheets: readonly OfficialSheet[]): Promise<Uint8Array> {
  const names = sheetNames(sheets.map((sheet) => sheet.name))
  const drawn = await Promise.all(sheets.map((sheet, i) => draw(sheet, names[i] ?? sheet.name)))
  return makeXlsx({
    sheets: drawn.map(({ sheet }) => sheet),
    namedRanges: drawn.map(({ titles }) => titles),
    defaultFont: font(),
  })
}

/** Names that a spreadsheet allows: 31 characters, none of []:*?/\, each once. */
export function sheetNames(wanted: readonly string[]): string[] {
  const taken = new Set<string>()
  return wanted.map((name) => {
    const clean =
      name
        .replace(/[[\]:*?/\\]/g, '-')
        .replace(/^'|'$/g, '')
        .trim() || 'Sheet'
    for (let n = 1; ; n++) {
      const end = n === 1 ? '' : ` (${n})`
      const free = clean.slice(0, 31 - end.length).toWellFormed() + end
      if (taken.has(free.toLowerCase())) continue
      taken.add(free.toLowerCase())
      return free
    }
  })
}

type NamedRange = NonNullable<WriteOptions['namedRanges']>[number]
type Drawing = {
  rows: CellValue[][]
  cells: Map<string, Partial<Cell>>
  merges: MergeRange[]
  heights: Map<number, { height?: number; hidden?: boolean }>
}

type Drawn = { sheet: WriteSheet; titles: NamedRange }

async function draw(sheet: OfficialSheet, name: string): Promise<Drawn> {
  const columns = shown(sheet)
  const drawing: Drawing = { rows: [], cells: new Map(), merges: [], heights: new Map() }
  const firstHead = addLines(drawing, titleLines(sheet, columns), columns)
  const head = headCells(columns)
  const firstRow = firstHead + head.depth
  for (const { row, column, text, style } of head.cells) put(drawing, firstHead + row, column, text, style)
  for (const merge of head.merges) drawing.merges.push(moved(merge, firstHead))
  await addRows(drawing, sheet.rows, columns, firstRow)
  if (sheet.totals) addTotals(drawing, sheet.totals, columns)
  addLines(drawing, textLines(sheet, columns), columns)
  if (sheet.stamp) addLines(drawing, [lastLine(sheet.stamp)], columns)
  return { sheet: written(sheet, name, columns, drawing, firstRow), titles: repeated(name, firstHead, firstRow) }
}

const moved = (merge: MergeRange, rows: number): MergeRange => ({
  ...merge,
  startRow: merge.startRow + rows,
  endRow: merge.endRow + rows,
})

function put(drawing: Drawing, row: number, column: number, value: CellValue, style: CellStyle): void {
  while (drawing.rows.length <= row) drawing.rows.push([])
  drawing.cells.set(`${row},${column}`, { value, style })
}

/** Lines over the whole width, below what is there; answers the next free row. */
function addLines(drawing: Drawing, lines: readonly Line[], columns: readonly Shown[]): number {
  const endCol = columns.length - 1
  for (const { text, style, height, hidden } of lines) {
    const row = drawing.rows.length
    put(drawing, row, 0, text, style)
    drawing.heights.set(row, hidden ? { hidden } : { height })
    if (endCol > 0 && !hidden) drawing.merges.push({ startRow: row, startCol: 0, endRow: row, endCol })
  }
  return drawing.rows.length
}

type Rows = OfficialSheet['rows']

/** After so many rows others get their turn. */
const breath = 500

async function addRows(drawing: Drawing, rows: Rows, columns: readonly Shown[], firstRow: number): Promise<void> {
  while (drawing.rows.length < firstRow) drawing.rows.push([])
  for await (const record of rows) {
    const row = drawing.rows.length
    if (row % breath === 0) await setImmediate()
    drawing.rows.push(
      columns.map((column, c) => {
        const value = column.counts ? row - firstRow + 1 : valueOf(record[column.key], column.type)
        if (typeof value !== 'string' || !errorWords.test(value)) return value
        drawing.cells.set(`${row},${c}`, { value, richText: [{ text: value }] })
        return null
      }),
    )
  }
}

/** 合计 over the columns before the first total. */
function addTotals(drawing: Drawing, totals: Readonly<Record<string, unknown>>, columns: readonly Shown[]): void {
  const row = drawing.rows.length
  const first = Math.max(
    1,
    columns.findIndex((column) => column.key in totals),
  )
  for (const [c, column] of columns.entries()) {
    put(drawing, row, c, c === 0 ? '合计' : valueOf(totals[column.key], column.type), totalStyle(column.type, c === 0))
  }
  if (first > 1) drawing.merges.push({ startRow: row, startCol: 0, endRow: row, endCol: first - 1 })
}

function written(sheet: OfficialSheet, name: string, columns: readonly Shown[], drawing: Drawing, firstRow: number): WriteSheet {
  return {
    name,
    columns: columns.map((column) => ({ width: column.width, style: bodyStyle(column.type, column.counts) })),
    rows: drawing.rows,
    cells: drawing.cells,
    merges: drawing.merges,
    rowDefs: drawing.heights,
    freezePane: { rows: firstRow },
    pageSetup: {
      paperSize: 'a4',
      orientation: sheet.landscape === false ? 'portrait' : 'landscape',
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      horizontalCentered: true,
      margins: { left: 0.4, right: 0.4, top: 0.5, bottom: 0.7, header: 0.3, footer: 0.3 },
    },
    headerFooter: { oddFooter: footer(sheet.stamp) },
  }
}

/** Page numbers, and the stamp as far as the 255 characters of a footer go; `&` commands, so that of a stamp is doubled. */
function footer(stamp = ''): string {
  const pages = '&R&8 第 &P 页，共 &N 页'
  const room = 255 - pages.length - '&L&8 '.length
  const escaped = [...cellText(stamp)].map((sign) => (sign === '&' ? '&&' : sign))
  while (escaped.join('').length > room) escaped.pop()
  return stamp === '' ? pages : `&L&8 ${escaped.join('')}${pages}`
}

/** The rows of the head, on every printed page. */
const repeated = (name: string, firstHead: number, firstRow: number): NamedRange => ({
  name: '_xlnm.Print_Titles',
  range: `'${name.replaceAll("'", "''")}'!$${firstHead + 1}:$${firstRow}`,
  scope: name,
})
