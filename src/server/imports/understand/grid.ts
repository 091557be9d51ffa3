// A sheet as lines of plain texts, with merged cells known by where they begin.
import type { Cell, SheetRead } from '../../spreadsheet/cells.ts'
import { plain } from './tidy.ts'

/** A merged range, numbered as `Line.row` and columns from 0; all ends belong to it. */
export type Range = { readonly top: number; readonly left: number; readonly bottom: number; readonly right: number }
/** `text` is what the cell itself says: nothing in the cells of a range but the first. */
export type Spot = { readonly text: string; readonly cell: Cell; readonly range?: Range }
export type Line = { readonly row: number; readonly spots: readonly Spot[] }
export type Grid = {
  readonly lines: readonly Line[]
  readonly width: number
  readonly spotAt: (row: number, at: number) => Spot | undefined
}

export function gridOf(sheet: SheetRead): Grid {
  const ranges = new Map<string, Range | undefined>()
  const rangeOf = (ref: string): Range | undefined => {
    if (!ranges.has(ref)) ranges.set(ref, parsed(ref))
    return ranges.get(ref)
  }
  const lines = sheet.rows.map(({ row, cells }): Line => ({
    row,
    spots: cells.map((cell, at): Spot => {
      const range = cell.merged ? rangeOf(cell.merged) : undefined
      if (!range) return { text: plain(cell.text), cell }
      const first = range.top === row && range.left === at
      return { text: first ? plain(cell.text) : '', cell, range }
    }),
  }))
  const byRow = new Map(lines.map((line) => [line.row, line]))
  return {
    lines,
    width: lines.reduce((most, { spots }) => Math.max(most, spots.length), 0),
    spotAt: (row, at) => byRow.get(row)?.spots[at],
  }
}

function parsed(ref: string): Range | undefined {
  const parts = /^([A-Z]+)(\d+):([A-Z]+)(\d+)$/.exec(ref)
  if (!parts) return undefined
  return { left: numberOf(parts[1]!), top: Number(parts[2]), right: numberOf(parts[3]!), bottom: Number(parts[4]) }
}

const numberOf = (letters: string): number => [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1

/** What stands in a line, left to right, by column; blanks are left out. */
export const own = ({ spots }: Line): { readonly at: number; readonly spot: Spot }[] =>
  spots.flatMap((spot, at) => (spot.text ? [{ at, spot }] : []))

/** The text of a cell, or of the range of which it is a part. */
export function shownAt(grid: Grid, row: number, at: number): string {
  const spot = grid.spotAt(row, at)
  if (!spot) return ''
  return spot.text || (spot.range ? (grid.spotAt(spot.range.top, spot.range.left)?.text ?? '') : '')
}
