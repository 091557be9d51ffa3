// Makes the workbook from what the reading child told.
import { setImmediate } from 'node:timers/promises'
import { giveBack } from '../memory.ts'
import { blank, type Cell, type SheetRead, type WorkbookRead } from './cells.ts'
import { say } from './problems.ts'
import { type PackedMerge, type PackedRow, type Reply, sharing, unpackRow } from './wire.ts'

/** Cells that merged ranges may cover in all. */
const mostMerged = 1_000_000
/** After so many lines others get their turn. */
const breath = 1_000

/** Takes the pieces out of the list as it goes, so that they can be forgotten. A refusal is thrown. */
export async function workbookFrom(pieces: Buffer[]): Promise<WorkbookRead> {
  const end = JSON.parse(lastLine(pieces)) as PackedRow | Reply
  if ('at' in end && end.at === 'refused') {
    pieces.splice(0).forEach(giveBack)
    throw refusalOf(end)
  }
  if (!('at' in end) || end.at !== 'done') throw new Error('The process that reads workbooks did not finish')
  const sheets: SheetRead[] = []
  const same = sharing()
  let count = 0
  for (const line of linesOf(pieces)) {
    if (++count % breath === 0) await setImmediate()
    const told = JSON.parse(line) as PackedRow | Reply
    if (Array.isArray(told)) sheets.at(-1)?.rows.push(unpackRow(told, same))
    else if (told.at === 'sheet') sheets.push({ name: told.name, rows: [], ...(told.hidden && { hidden: true }) })
    else if (told.at === 'sheetEnd') finish(sheets.at(-1)!, told)
  }
  return { format: end.format, sheets }
}

/** How it ended is known first: the rows of a file that is refused are never made. */
function lastLine(pieces: readonly Buffer[]): string {
  let tail = ''
  for (let i = pieces.length - 1; i >= 0 && !tail.trimEnd().includes('\n'); i--) tail = pieces[i]!.toString('latin1') + tail
  return tail.trimEnd().split('\n').at(-1) || '{}'
}

function* linesOf(pieces: Buffer[]): Generator<string> {
  let open: Buffer[] = []
  for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
    let from = 0
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, from)) {
      const rest = piece.subarray(from, end)
      yield (open.length > 0 ? Buffer.concat([...open, rest]) : rest).toString()
      open = []
      from = end + 1
    }
    if (from < piece.length) open.push(Buffer.from(piece.subarray(from)))
    giveBack(piece)
  }
}

function refusalOf({ name, details }: Extract<Reply, { at: 'refused' }>): Error {
  const saying = name in say ? (say[name as keyof typeof say] as (details: unknown) => Error) : undefined
  return saying?.(details) ?? new Error('The process that reads workbooks refused without a reason')
}

function finish(sheet: SheetRead, { hiddenColumns, merges }: Extract<Reply, { at: 'sheetEnd' }>): void {
  if (sheet.rows.some(({ row }, i) => i > 0 && row < sheet.rows[i - 1]!.row)) sheet.rows.sort((a, b) => a.row - b.row)
  if (hiddenColumns.length > 0) sheet.hiddenColumns = hiddenColumns
  markMerged(sheet, merges)
}

/** Ranges reach as far as there are rows and columns that hold something; beyond, they say nothing. */
function markMerged(sheet: SheetRead, merges: readonly PackedMerge[]): void {
  const width = sheet.rows.reduce((widest, { cells }) => Math.max(widest, cells.length), 0)
  let marked = 0
  for (const [top, left, bottom, right, ref] of merges) {
    const merged: Cell = Object.freeze({ text: '', kind: 'blank', merged: ref })
    for (let i = firstFrom(sheet, top); i < sheet.rows.length && sheet.rows[i]!.row <= bottom; i++) {
      const { cells } = sheet.rows[i]!
      for (let c = left; c <= Math.min(right, width - 1); c++) {
        if (++marked > mostMerged) throw say.tooLarge({ what: 'merges', limit: mostMerged })
        while (cells.length < c) cells.push(blank)
        const cell = cells[c]
        cells[c] = cell === undefined || cell === blank ? merged : { ...cell, merged: ref }
      }
    }
  }
}

/** The place of the first row from there on; rows stand in their order. */
function firstFrom({ rows }: SheetRead, top: number): number {
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (rows[middle]!.row < top) low = middle + 1
    else high = middle
  }
  return low
}
