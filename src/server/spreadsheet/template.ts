// A workbook to be filled in and sent back: head, hints, a hidden row of keys by which it is recognised, typed columns, choices.
import { type CellStyle, type CellValue, rangeRef, writeXlsx, type WriteSheet } from 'hucre/xlsx'
import { halfWidths } from './layout.ts'
import { askStyle, bodyStyle, font, hintStyle } from './styles.ts'
import { cellText, type ColumnType, valueOf } from './values.ts'
import { sheetNames } from './write.ts'
import { pack, readDirectory, unpack } from './zip.ts'

/** `hint` stands below the head, `example` in its comment, `options` become a drop-down list. `type` is text unless said. */
export type TemplateColumn = {
  key: string
  head: string
  hint?: string
  example?: string
  required?: boolean
  options?: readonly string[]
  width?: number
  type?: ColumnType
}

/** `rows` are filled in beforehand, as for rows that come back to be mended. */
export type TemplateSheet = {
  name: string
  columns: readonly TemplateColumn[]
  rows?: readonly Readonly<Record<string, unknown>>[]
}

/** What a cell of the hidden key row begins with. */
export const keyMark = '#'
/** Marks a head that must be filled in. */
export const requiredMark = '*'

/** Head, hints, keys. */
const above = 3
const keyRow = 3
const lastRow = 1_048_575
const listName = '选项'

type Validation = NonNullable<WriteSheet['dataValidations']>[number]

/**
 * The bytes of an .xlsx template. Whole columns are typed, so text pasted below stays text. The head refuses typing by a rule of
 * its own; the sheet is left unprotected, for cells pasted into a protected sheet could not be mended afterwards.
 */
export async function writeTemplate({ sheets }: { sheets: readonly TemplateSheet[] }): Promise<Uint8Array> {
  const lists: string[][] = []
  const names = sheetNames([...sheets.map((sheet) => sheet.name), listName])
  const listSheet = names.at(-1) ?? listName
  const list = (options: readonly string[]): string => `'${listSheet}'!${listRange(lists.push([...options]) - 1, options)}`
  const drawn = sheets.map((sheet, i) => drawSheet(sheet, names[i] ?? sheet.name, list))
  if (lists.length > 0) drawn.push({ name: listSheet, rows: turned(lists), hidden: true })
  return typeColumns(await writeXlsx({ sheets: drawn, defaultFont: font() }), sheets.length)
}

const listRange = (column: number, options: readonly string[]): string =>
  rangeRef(0, column, options.length - 1, column).replace(/[A-Z]+|\d+/g, (part) => `$${part}`)

const turned = (lists: readonly (readonly string[])[]): CellValue[][] =>
  Array.from({ length: Math.max(...lists.map((list) => list.length)) }, (_, r) => lists.map((list) => cellTextOrNull(list[r])))

const cellTextOrNull = (text: string | undefined): CellValue => (text === undefined ? null : cellText(text))

function drawSheet(sheet: TemplateSheet, name: string, list: (options: readonly string[]) => string): WriteSheet {
  const rows: CellValue[][] = [[], [], []]
  for (const record of sheet.rows ?? []) rows.push(sheet.columns.map((column) => valueOf(record[column.key], typeOf(column))))
  return {
    name,
    columns: sheet.columns.map((column) => ({ width: column.width ?? usualWidth(column), style: bodyStyle(typeOf(column)) })),
    rows,
    cells: new Map(sheet.columns.flatMap(headOf)),
    rowDefs: new Map([
      [0, { height: 24 }],
      [1, { height: 40 }],
      [2, { hidden: true }],
    ]),
    freezePane: { rows: above },
    dataValidations: [guardHead(sheet.columns.length), ...sheet.columns.flatMap((column, c) => choice(column, c, list))],
    pageSetup: { paperSize: 'a4', orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
  }
}

const typeOf = (column: TemplateColumn): ColumnType => column.type ?? 'text'

const usualWidth = ({ head, hint = '', type = 'text' }: TemplateColumn): number =>
  Math.max(type === 'text' ? 14 : 12, halfWidths(head) + 3, Math.min(28, Math.ceil(halfWidths(hint) / 2)))

type HeadCell = [string, { value: CellValue; style: CellStyle; comment?: { text: string } }]

/** The cells of one column above the data. The key's cell wears the style of the data: from there the whole column gets it. */
function headOf(column: TemplateColumn, c: number): HeadCell[] {
  const head = (column.required ? requiredMark : '') + cellText(column.head)
  const said = [column.hint, column.example && `示例：${column.example}`].filter((line) => line).join('\n')
  return [
    [`0,${c}`, { value: head, style: askStyle(column.required ?? false), ...(said && { comment: { text: cellText(said) } }) }],
    [`1,${c}`, { value: cellTextOrNull(column.hint), style: hintStyle }],
    [`2,${c}`, { value: keyMark + column.key, style: bodyStyle(typeOf(column)) }],
  ]
}

const guardHead = (columns: number): Validation => ({
  type: 'custom',
  formula1: 'FALSE',
  range: rangeRef(0, 0, above - 1, columns - 1),
  showErrorMessage: true,
  errorStyle: 'stop',
  errorTitle: '表头',
  errorMessage: '表头用来识别各列，请不要改动，从第 4 行起填写。',
})

function choice({ options, head, hint }: TemplateColumn, c: number, list: (options: readonly string[]) => string): Validation[] {
  if (!options?.length) return []
  return [
    {
      type: 'list',
      formula1: list(options),
      range: rangeRef(above, c, lastRow, c),
      allowBlank: true,
      showErrorMessage: true,
      errorStyle: 'stop',
      errorTitle: head.slice(0, 32),
      errorMessage: '请从下拉列表中选择。',
      ...(hint && { showInputMessage: true, inputTitle: head.slice(0, 32), inputMessage: hint.slice(0, 255) }),
    },
  ]
}

/** The library has no style for whole columns: each takes that of its cell in the key row. */
function typeColumns(bytes: Uint8Array, sheets: number): Uint8Array {
  const parts = readDirectory(bytes).map((entry) => ({ name: entry.name, data: unpack(bytes, entry) }))
  return pack(
    parts.map(({ name, data }) => {
      const sheet = /^xl\/worksheets\/sheet(\d+)\.xml$/.exec(name)
      if (!sheet || Number(sheet[1]) > sheets) return { name, data }
      return { name, data: Buffer.from(withColumnStyles(Buffer.from(data).toString())) }
    }),
  )
}

function withColumnStyles(xml: string): string {
  const styles = [...xml.matchAll(new RegExp(`<c r="[A-Z]+${keyRow}"[^>]* s="(\\d+)"`, 'g'))].map((hit) => hit[1])
  return xml.replace(/<col min="(\d+)"/g, (col, n: string) => `${col} style="${styles[Number(n) - 1] ?? 0}"`)
}
