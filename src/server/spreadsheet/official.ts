// What an official sheet is made of, in the words of whoever asks for one.
import type { ColumnType } from './values.ts'

/**
 * `group` is the first head row, merged over neighbours of the same group; a column without one is merged downwards.
 * `unit` stands in brackets after the head. `width` counts half-width characters.
 */
export type Column = { key: string; head: string; group?: string; unit?: string; width?: number; type: ColumnType }

/**
 * `lines` is the fill-in line (填报单位 …), `notes` are footnotes. `stamp` says who took the sheet out, when, what
 * for and under which export id: it stands in the page footer and in a hidden last row. `landscape`,
 * `numbered` (序号) and `remarks` (备注) are true unless said otherwise; the two columns are added only where no such head exists.
 */
export type OfficialSheet = {
  name: string
  title: string
  lines?: readonly string[]
  columns: readonly Column[]
  rows: Iterable<Readonly<Record<string, unknown>>> | AsyncIterable<Readonly<Record<string, unknown>>>
  totals?: Readonly<Record<string, unknown>>
  notes?: readonly string[]
  landscape?: boolean
  numbered?: boolean
  remarks?: boolean
  stamp?: string
}
