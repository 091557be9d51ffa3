// How rows travel from the reading child to the server: most cells are blank or plain text, so a row is its texts,
// one letter a cell, and the few extras. Structured cells one by one would weigh about five times as much.
import { blank, type Cell, type CellKind, type SheetRow } from './cells.ts'
import type { Measure } from './problems.ts'

export type Limits = { maxRows: number; maxColumns: number; maxCells: number }
export type Order = { format: 'xlsx' | 'csv'; bytes: Uint8Array; limits: Limits }

type Extras = Omit<Cell, 'text' | 'kind'>
export type PackedRow = { row: number; hidden?: true; texts: string[]; kinds: string; extras?: [column: number, Extras][] }

/** What the child may refuse; the server turns it into the problem of that name. */
export type Refusal = { name: 'damaged' | 'entities' | 'externalLinks' } | { name: 'tooLarge'; what: Measure; limit: number }

export type Reply =
  | { at: 'sheet'; name: string; hidden: boolean; hiddenColumns: number[] }
  | { at: 'rows'; rows: PackedRow[] }
  | { at: 'done' }
  | { at: 'refused'; refusal: Refusal }

const letters: Record<CellKind, string> = {
  blank: '_', text: 't', number: 'n', date: 'd', time: 'c', datetime: 'i', boolean: 'b', error: 'e',
}
const kinds = new Map(Object.entries(letters).map(([kind, letter]) => [letter, kind as CellKind]))

export function packRow({ row, cells, hidden }: SheetRow): PackedRow {
  const extras: [number, Extras][] = []
  for (const [column, { text: _, kind: __, ...extra }] of cells.entries()) {
    if (Object.keys(extra).length > 0) extras.push([column, extra])
  }
  return {
    row,
    texts: cells.map((cell) => cell.text),
    kinds: cells.map((cell) => letters[cell.kind]).join(''),
    ...(hidden && { hidden }),
    ...(extras.length > 0 && { extras }),
  }
}

export function unpackRow({ row, hidden, texts, kinds: letters, extras }: PackedRow): SheetRow {
  const cells = texts.map((text, i): Cell => {
    const kind = kinds.get(letters[i] ?? '_') ?? 'blank'
    return kind === 'blank' ? blank : { text, kind }
  })
  for (const [column, extra] of extras ?? []) cells[column] = { ...(cells[column] ?? blank), ...extra }
  return hidden ? { row, cells, hidden } : { row, cells }
}
