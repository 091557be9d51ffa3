// What is read out of a roster: persons with where they live, and what could not be read or should be looked at.
import type { Day } from '#core/dates.ts'
import type { Text } from '#core/text.ts'
import type { Use } from '#modules/territory/model.ts'
import type { IdType } from '../documents.ts'
import type { Relation, Sex, Tag } from '../model.ts'

/** Where a row lives, in the register's spelling: `3号楼`, `1单元`, `402`. */
export type Place = { readonly compound: string; readonly building: string; readonly unit: string | null; readonly room: string }

/**
 * A row that could be read: a person, or a dwelling without anybody (`name` null). `household` numbers the file's households from 1; `part`
 * is above 0 for further persons of one row, `table` where that is a row of another table beside the first.
 */
export type RosterPerson = Place & {
  readonly sheet: string
  readonly row: number
  readonly part?: number
  readonly table?: number
  readonly household: number
  readonly name: string | null
  readonly sex: Sex | null
  readonly birthDate: Day | null
  readonly idType: IdType
  readonly idNumber: string | null
  /** Mobiles as 11 digits, landlines as `027-88888888`. */
  readonly phones: readonly string[]
  readonly relation: Relation
  readonly use: Use
  readonly grid: string | null
  readonly homePlace: string | null
  readonly employer: string | null
  readonly tags: readonly Tag[]
  readonly note: string | null
  /** Cells of the row that hold formulas, read by their stored values. */
  readonly formulas?: readonly string[]
  /** The row of the file that says the same already; such a row is not written again. */
  readonly repeats?: { readonly sheet: string; readonly row: number }
}

/** A sentence about a row, or about a further person (`part`) of it. */
export type Remark = { readonly sheet: string; readonly row: number; readonly part?: number; readonly reason: Text }

/** `rows` counts rows of data; one may hold several people, and a line two tables' rows. */
export type RosterRead = {
  readonly rows: number
  readonly people: readonly RosterPerson[]
  readonly refused: readonly Remark[]
  readonly questionable: readonly Remark[]
}
