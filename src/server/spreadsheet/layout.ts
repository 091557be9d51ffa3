// Where everything of an official sheet stands: the columns shown, the head with its merged cells, the lines around the table.
import type { CellStyle, MergeRange } from 'hucre/xlsx'
import type { Column, OfficialSheet } from './official.ts'
import { headStyle, lineStyle, noteStyle, titleStyle } from './styles.ts'
import { cellText } from './values.ts'

/** A column as it is printed; `counts` is the one that numbers the rows. Width in half-width characters. */
export type Shown = Column & { width: number; counts: boolean }

export type Line = { text: string; style: CellStyle; height: number; hidden?: true }

const widths: Record<Column['type'], number> = { text: 12, number: 8, money: 8, date: 12, time: 8, datetime: 17 }

/** The columns in the order of print, 序号 first and 备注 last where the sheet has none of its own. */
export function shown({ columns, numbered = true, remarks = true }: OfficialSheet): Shown[] {
  const own = columns.map((column): Shown => ({ ...column, width: column.width ?? usualWidth(column), counts: false }))
  const has = (head: string): boolean => columns.some((column) => column.head === head)
  if (numbered && !has('序号')) own.unshift({ key: '', head: '序号', type: 'number', width: 6, counts: true })
  if (remarks && !has('备注')) own.push({ key: '', head: '备注', type: 'text', width: 12, counts: false })
  return own
}

const usualWidth = (column: Column): number => Math.max(widths[column.type], Math.min(20, halfWidths(headOf(column)) + 2))

const headOf = ({ head, unit }: Pick<Column, 'head' | 'unit'>): string => cellText(unit ? `${head}（${unit}）` : head)

/** Chinese characters take the room of two Latin ones. */
export const halfWidths = (text: string): number => [...text].reduce((sum, sign) => sum + (sign > '\u02ff' ? 2 : 1), 0)

export type HeadCell = { row: number; column: number; text: string | null; style: CellStyle }

/** The head, counted from its own first row: one row deep, or two where any column belongs to a group. */
export function headCells(columns: readonly Shown[]): { depth: 1 | 2; cells: HeadCell[]; merges: MergeRange[] } {
  const depth = columns.some((column) => column.group) ? 2 : 1
  const cells: HeadCell[] = []
  const merges: MergeRange[] = []
  for (const [c, column] of columns.entries()) {
    if (depth === 2) cells.push({ row: 0, column: c, text: upperText(columns, c), style: headStyle })
    const lower = depth === 1 || column.group ? headOf(column) : null
    cells.push({ row: depth - 1, column: c, text: lower, style: headStyle })
    if (depth === 2 && !column.group) merges.push({ startRow: 0, startCol: c, endRow: 1, endCol: c })
  }
  return { depth, cells, merges: [...merges, ...groupMerges(columns)] }
}

/** A group's name stands in the first of its cells, the others are covered by the merge. */
function upperText(columns: readonly Shown[], c: number): string | null {
  const column = columns[c]
  if (!column?.group) return column ? headOf(column) : null
  return columns[c - 1]?.group === column.group ? null : cellText(column.group)
}

function groupMerges(columns: readonly Shown[]): MergeRange[] {
  const merges: MergeRange[] = []
  for (let c = 0; c < columns.length;) {
    const group = columns[c]?.group
    const after = group ? columns.findIndex((column, i) => i > c && column.group !== group) : c + 1
    const last = (after === -1 ? columns.length : after) - 1
    if (last > c) merges.push({ startRow: 0, startCol: c, endRow: 0, endCol: last })
    c = last + 1
  }
  return merges
}

/** Title and fill-in line, above the head. */
export function titleLines(sheet: OfficialSheet, columns: readonly Shown[]): Line[] {
  const title: Line = { text: cellText(sheet.title), style: titleStyle, height: 22 * linesOf(sheet.title, columns, 1.7) + 8 }
  if (!sheet.lines?.length) return [title]
  const filled = sheet.lines.join('　　　　')
  return [title, { text: cellText(filled), style: lineStyle, height: 14 * linesOf(filled, columns, 1) + 6 }]
}

/** Footnotes, each as high as its text needs: merged cells do not grow by themselves. */
export const textLines = (sheet: OfficialSheet, columns: readonly Shown[]): Line[] =>
  (sheet.notes ?? []).map((note) => ({ text: cellText(note), style: noteStyle, height: 13 * linesOf(note, columns, 0.95) + 4 }))

/** The stamp, in a row that is not shown. */
export const lastLine = (stamp: string): Line => ({ text: cellText(stamp), style: noteStyle, height: 13, hidden: true })

/** How many lines a text takes over the whole width; `scale` is its letters' size against that of the body. */
function linesOf(text: string, columns: readonly Shown[], scale: number): number {
  const room = columns.reduce((sum, column) => sum + column.width, 0) / scale
  return text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(halfWidths(line) / room)), 0)
}
