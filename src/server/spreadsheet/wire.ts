// How a file travels to the reading child and its rows travel back. The child is told in one line what it gets, and the bytes
// follow; it answers in lines of JSON. Most cells are blank or plain text, so a row is its texts, one letter a cell, and the few extras.
import { blank, type Cell, type CellKind, type SheetRow } from './cells.ts'

/** Rows and columns are counted a sheet, cells a workbook; `maxText` is the bytes of the answer. */
export type Limits = { maxRows: number; maxColumns: number; maxCells: number; maxText: number }
/** What a file may weigh: `maxBytes` as sent, `maxUnpacked` once unpacked, both in bytes. */
export type Weight = { maxBytes: number; maxUnpacked: number }
/** `name` as sent: a text file is taken for csv only where it ends so. `size` in bytes. */
export type Order = { size: number; name?: string; limits: Limits & Weight }

type Extras = Omit<Cell, 'text' | 'kind'>
export type PackedRow = [row: number, hidden: 0 | 1, kinds: string, texts: string[], extras?: [column: number, Extras][]]
/** First row and column, last row and column, from 0; the range as a spreadsheet writes it. */
export type PackedMerge = [top: number, left: number, bottom: number, right: number, ref: string]

/** Rows stand between their sheet's two replies; merged ranges are known when the rows have gone. */
export type Reply =
  | { at: 'sheet'; name: string; hidden: boolean }
  | { at: 'sheetEnd'; hiddenColumns: number[]; merges: PackedMerge[] }
  | { at: 'done'; format: 'xlsx' | 'csv' }
  | { at: 'refused'; name: string; details: Record<string, unknown> }
  | { at: 'failed' }

const letters: Record<CellKind, string> = {
  blank: '_',
  text: 't',
  number: 'n',
  date: 'd',
  time: 'c',
  datetime: 'i',
  boolean: 'b',
  error: 'e',
}
const kinds = new Map(Object.entries(letters).map(([kind, letter]) => [letter, kind as CellKind]))

export function packRow({ row, cells, hidden }: SheetRow): PackedRow {
  const extras: [number, Extras][] = []
  let kindsOf = ''
  const texts = cells.map((cell, column) => {
    const { text, kind, ...extra } = cell
    kindsOf += letters[kind]
    for (const _ in extra) {
      extras.push([column, extra])
      break
    }
    return text
  })
  return extras.length > 0 ? [row, hidden ? 1 : 0, kindsOf, texts, extras] : [row, hidden ? 1 : 0, kindsOf, texts]
}

/** `same` answers one cell for all plain cells of that text and kind: words repeat down a column. */
export function unpackRow(
  [row, hidden, letters, texts, extras]: PackedRow,
  same: (text: string, kind: CellKind) => Cell,
): SheetRow {
  const cells = texts.map((text, i): Cell => {
    const kind = kinds.get(letters[i] ?? '_') ?? 'blank'
    return kind === 'blank' ? blank : same(text, kind)
  })
  for (const [column, extra] of extras ?? []) cells[column] = { ...(cells[column] ?? blank), ...extra }
  return hidden ? { row, cells, hidden: true } : { row, cells }
}

/** Keeps a few thousand cells at hand; when they do not repeat, it forgets them and begins anew. */
export function sharing(most = 5_000): (text: string, kind: CellKind) => Cell {
  const known = new Map<string, Cell>()
  return (text, kind) => {
    if (text.length > 12) return { text, kind }
    const key = kind === 'text' ? text : `${kind}:${text}`
    const cell = known.get(key)
    if (cell && cell.kind === kind) return cell
    if (known.size >= most) known.clear()
    const fresh: Cell = Object.freeze({ text, kind })
    known.set(key, fresh)
    return fresh
  }
}
