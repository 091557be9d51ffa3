// What a sheet made by strangers means: which rows are data, which column says what, and what every row says under our names.
import type { CellKind } from '../../spreadsheet/cells.ts'

/** A field with the names that a column of it may bear, Chinese and English, and how its values look where no head says so. */
export type Word = {
  readonly field: string
  readonly names: readonly string[]
  /** Tells the values of this field from others; asked of tidied text where a column has no head that is known. */
  readonly looks?: (text: string) => boolean
}
export type Words = readonly Word[]

/** A column of a sheet: `at` counts from 0, `head` is what stands above it (`住址 楼栋` under a head of two rows), `field` what it is taken for. */
export type MappedColumn = { readonly at: number; readonly head: string; readonly field: string | null }
/** `headRows` are the first and last row of the head as the spreadsheet numbers them; null where there is none. */
export type MappedSheet = {
  readonly name: string; readonly taken: boolean
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
  readonly text: string; readonly at: string; readonly kind: CellKind
  readonly lossy?: true; readonly formula?: true; readonly unstored?: true; readonly filled?: true
}

export type Aside = 'title' | 'unit' | 'head' | 'blank' | 'total' | 'note'

export type UnderstoodColumn = MappedColumn & { readonly sure: Sure | null; readonly sample: readonly string[] }
/** Several columns of one field (two telephones) are several entries of its list. */
export type UnderstoodRow = { readonly sheet: string; readonly row: number; readonly fields: Readonly<Record<string, Said>>; readonly more: Readonly<Record<string, readonly Said[]>> }
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
