// Where the heads of a sheet are: one row, or two and three that belong together; again on every printed page.
import { matchHead, nameOf } from './heads.ts'
import { own, shownAt, type Grid, type Line } from './grid.ts'
import type { Words } from './model.ts'
import { bare } from './tidy.ts'

/** Lines from `from` to `to` of the grid, counted from 0. */
export type Top = { readonly from: number; readonly to: number }

/** Above its first head a sheet has titles; further down a head is one only where its names are exact. */
const searched = 100
const digits = /\d{5,}/
/** 填报单位：…, 日期：…: a line to be filled in, not a head. */
export const toFill = /[:：]\s*\S|[:：]$|^(填报|填表|制表|上报)(单位|部门|日期|时间|人)|^单位名称$/
const titleEnd = /(表|台账|花名册|名单|登记册|名册|底册|清单|统计)(\(.*\))?$/

/** All heads of the sheet, from the top down. */
export function findTops(grid: Grid, words: Words): Top[] {
  const tops: Top[] = []
  for (let i = 0; i < grid.lines.length; i++) {
    const floor = tops.length ? tops.at(-1)!.to + 1 : 0
    const strict = tops.length > 0 || i >= searched
    const again = tops[0] && printedAgain(grid, tops[0], i)
    if (again) {
      tops.push(again)
      i = again.to
      continue
    }
    if (!isHead(grid.lines[i]!, words, strict)) continue
    const top = { from: upTo(grid, i, floor), to: downTo(grid, i, words) }
    tops.push(top)
    i = top.to
  }
  return tops
}

/** The first head on a later page, word for word. */
function printedAgain(grid: Grid, first: Top, at: number): Top | undefined {
  const rows = first.to - first.from
  const same = Array.from({ length: rows + 1 }, (_, k) => [grid.lines[first.from + k]!, grid.lines[at + k]] as const).every(
    ([line, other]) => {
      const said = other ? own(other) : []
      return (
        said.length >= 2 &&
        said.length === own(line).length &&
        said.every(({ at: column, spot }) => bare(line.spots[column]?.text ?? '') === bare(spot.text))
      )
    },
  )
  return same ? { from: at, to: at + rows } : undefined
}

function isHead(line: Line, words: Words, strict: boolean): boolean {
  const said = own(line).filter(({ spot }) => !toFill.test(spot.text))
  if (said.length < 2 || own(line).length - said.length > 1) return false
  const exact = said.map(({ spot }) => nameOf(spot.text, words))
  const fields = new Set(exact.flatMap((word) => (word && !word.field.startsWith('-') ? [word.field] : [])))
  const known = exact.filter(Boolean).length
  if (said.some(({ spot }) => digits.test(spot.text) || spot.cell.kind === 'date')) return false
  if (fields.size >= 2 && known / said.length >= 0.5) return true
  // Nothing but a head says the subject's name among words without figures.
  if (
    !strict &&
    said.length >= 3 &&
    exact.some((word) => word === words[0]) &&
    said.every(({ spot }) => spot.cell.kind === 'text' && !/\d{2}/.test(spot.text))
  )
    return true
  if (strict || fields.size + known < 1) return false
  const near = said.filter(({ spot }, i) => !exact[i] && matchHead([spot.text], words, () => 0.6))
  return fields.size + near.length >= 3 && (known + near.length) / said.length >= 0.6
}

/** Rows of groups over the head: 户主信息 | 家庭成员信息. */
function upTo(grid: Grid, at: number, floor: number): number {
  let from = at
  while (from > floor && at - from < 2 && isGroups(grid, from - 1, from)) from--
  return from
}

function isGroups(grid: Grid, at: number, below: number): boolean {
  const line = grid.lines[at]!
  if (grid.lines[below]!.row - line.row !== 1) return false
  const said = own(line)
  if (
    said.length === 0 ||
    said.some(({ spot }) => toFill.test(spot.text) || digits.test(spot.text) || [...spot.text].length > 12)
  )
    return false
  const [first] = said
  if (said.length > 1) return !said.some(({ spot }) => titleEnd.test(bare(spot.text)))
  const range = first!.spot.range
  return (
    range !== undefined &&
    range.right > range.left &&
    range.right - range.left + 1 < grid.width - 1 &&
    !titleEnd.test(bare(first!.spot.text))
  )
}

/** Rows that belong to a head from below: cells of the head reach down to them, or they are names in their turn. */
function downTo(grid: Grid, at: number, words: Words): number {
  let to = at
  while (to - at < 3 && to + 1 < grid.lines.length && continues(grid, at, to + 1, words)) to++
  return to
}

function continues(grid: Grid, at: number, next: number, words: Words): boolean {
  const [line, head] = [grid.lines[next]!, grid.lines[at]!]
  if (line.row - grid.lines[next - 1]!.row !== 1) return false
  if (
    line.spots.some(
      ({ range }) =>
        range &&
        range.top >= head.row &&
        range.top < line.row &&
        range.left < grid.width &&
        shownAt(grid, range.top, range.left) !== '',
    )
  )
    return true
  const said = own(line)
  const exact = said.filter(({ spot }) => nameOf(spot.text, words)).length
  if (said.length === 0 || exact === 0 || said.some(({ spot }) => digits.test(spot.text))) return false
  // The same head twice in a row is not one head of two rows.
  if (said.every(({ at: column, spot }) => bare(shownAt(grid, head.row, column)) === bare(spot.text))) return false
  return exact / said.length >= 0.6
}

/** What stands over each column, from the top down. A group without merged cells reaches right over the blanks beside it. */
export function pathsOf(grid: Grid, { from, to }: Top): string[][] {
  const rows = grid.lines.slice(from, to + 1)
  const last = rows.at(-1)!
  return Array.from({ length: grid.width }, (_, at) => {
    const path: string[] = []
    for (const line of rows) {
      const text = shownAt(grid, line.row, at) || (line === last ? '' : spread(grid, rows, line, at))
      if (text && path.at(-1) !== text) path.push(text)
    }
    return path
  })
}

function spread(grid: Grid, rows: readonly Line[], line: Line, at: number): string {
  const below = rows.slice(rows.indexOf(line) + 1)
  const spoken = (column: number) => below.some(({ row }) => shownAt(grid, row, column) !== '')
  if (!spoken(at)) return ''
  for (let left = at - 1; left >= 0; left--) {
    const text = shownAt(grid, line.row, left)
    if (text) return spoken(left) ? text : ''
  }
  return ''
}
