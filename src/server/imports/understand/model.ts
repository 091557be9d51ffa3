// What a sheet made by strangers means: which rows are data, which column says what, and what every row says under our names.
import type { CellKind } from '../../spreadsheet/cells.ts'

/**
 * A field with the names that a column of it may bear, Chinese and English. A field that begins with `-` is known and left aside
 * (民族, 序号 …), so that nothing else is taken for it.
 */
export type Word = {
  readonly field: string
  readonly names: readonly string[]
  /** Tells the values of this field from others; asked of plain text where a head is missing or has a slip in it. */
  readonly looks?: (text: string) => boolean
  /** Its values are like no others, so that they are known under a head that says nothing known. */
  readonly telling?: true
  /** What must not stand in the rest of a longer head: 紧急联系人电话 is not the person's own telephone. */
  readonly not?: RegExp
  /** Several columns may say it (two telephones). */
  readonly many?: true
  /** Further fields of the template whose columns say the same. */
  readonly also?: readonly string[]
  /** It is said of the whole household: what a row says once holds for each person in it. */
  readonly common?: true
  /**
   * Of the subject: a row may be about several persons. `marks` opens heads of somebody else (配偶姓名), read where no column is `unless`
   * (which says that each has a row); those of `doubtful` only with one of the columns `surely` of their own.
   */
  readonly beside?: {
    readonly marks: RegExp
    readonly unless: string
    readonly doubtful?: RegExp
    readonly surely: readonly string[]
  }
  /** It may stand for the subject where that has no column: a roster of householders has no 姓名 but 户主姓名. */
  readonly instead?: true
  /** No column: words that open a line below the list, where somebody signs or something is summed up. */
  readonly closes?: 'signature' | 'total'
}
/** The first word is the subject: what a row must say to be about somebody. */
export type Words = readonly Word[]

/** A column of a sheet: `at` counts from 0, `head` is what stands above it (`住址 楼栋` under a head of two rows), `field` what it is taken for. */
export type MappedColumn = { readonly at: number; readonly head: string; readonly field: string | null }
/** `headRows` are the first and last row of the head as the spreadsheet numbers them; null where there is none. */
export type MappedSheet = {
  readonly name: string
  readonly taken: boolean
  readonly headRows: readonly [number, number] | null
  readonly columns: readonly MappedColumn[]
}
/** What a person may correct by hand, and what is remembered for the next file of the same source. */
export type Mapping = { readonly sheets: readonly MappedSheet[] }

/** How a column was recognised: by its name, a synonym, a name with a slip in it, its values, or because somebody said so. */
export type Sure = 'exact' | 'synonym' | 'similar' | 'values' | 'given'

/**
 * What a row says under one field. `at` is the cell (`F12`) where the text stands: for merged cells and 同上 the cell it was taken from.
 * `lossy`: a long number whose last digits are gone; `unstored`: a formula without a stored value; `filled`: taken from above.
 */
export type Said = {
  readonly text: string
  readonly at: string
  readonly kind: CellKind
  readonly lossy?: true
  readonly formula?: true
  readonly unstored?: true
  readonly filled?: true
}

export type Aside = 'title' | 'unit' | 'head' | 'blank' | 'total' | 'note'

/** `part` is above 0 where the column is about a further person of each row, called `mark` in its head. */
export type UnderstoodColumn = MappedColumn & {
  readonly sure: Sure | null
  readonly sample: readonly string[]
  readonly part?: number
  readonly mark?: string
}
/** `more` holds what further columns of a field say (a second telephone); `section` is the last line in between, such as 3号楼1单元. */
export type UnderstoodRow = {
  readonly sheet: string
  readonly row: number
  readonly fields: Readonly<Record<string, Said>>
  readonly more: Readonly<Record<string, readonly Said[]>>
  readonly section: string
  /**
   * Above 0 for a further person of the row: `fields` say what is theirs, and what is the household's unless they have a place of their
   * own (`aside`: another table beside the first). `mark` is what the head calls them.
   */
  readonly part?: number
  readonly mark?: string
  readonly aside?: true
}
export type UnderstoodSheet = {
  readonly name: string
  readonly taken: boolean
  readonly columns: readonly UnderstoodColumn[]
  readonly rows: readonly UnderstoodRow[]
  readonly aside: readonly { readonly row: number; readonly why: Aside }[]
  /** The lines above the head, joined. */
  readonly title: string
}
export type Understood = { readonly mapping: Mapping; readonly sheets: readonly UnderstoodSheet[] }
