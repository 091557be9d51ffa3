// What a module says of an import that it declares: what its rows would do, how strange workbooks are read, where its facts stand.
import type { RowOutcome } from '#core/imports.ts'
import type { Text } from '#core/text.ts'
import type { Ctx } from '../house.ts'
import type { Understands } from './understanding.ts'

/** A row that could be read. `row` is the number beside it in the spreadsheet, `sheet` is named where the file has several. */
export type Sent<E> = { readonly row: number; readonly sheet?: string | undefined; readonly entry: E }
/** `remarks`: the row is taken, and somebody should look at it. */
export type Verdict = { readonly outcome: RowOutcome; readonly reasons?: readonly Text[]; readonly remarks?: readonly Text[] }
/** What the rows would do, one verdict each in their order, and how to do it: `write` adds exactly those that are new. */
export type Plan = {
  readonly verdicts: readonly Verdict[]
  readonly write: (tell: (done: number) => Promise<void>) => Promise<void>
}

/** Judges the rows against what is registered now. Asked for the preview, and again inside the transaction that writes. */
export type Planner<E> = (ctx: Ctx, rows: readonly Sent<E>[]) => Promise<Plan>

export type KeepTerms<E> = {
  /** How workbooks are read that are not the template; without it only the template is. */
  readonly understands?: Understands<E>
  /** Tables of facts that the import adds to: an undo withdraws there, in this order. Without them nothing can be undone. */
  readonly facts?: readonly string[]
}
