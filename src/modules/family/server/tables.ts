// The tables of family as a transaction sees them.
import type { Tx } from '#server/database/connect.ts'
import type { Ctx } from '#server/house.ts'
import { Code, Correction, Objection, Session, View } from '../model.ts'

/** The row shapes that the house tests hold against the columns. */
export const tables = {
  familyViews: View, familyCodes: Code, familySessions: Session, familyObjections: Objection, familyCorrections: Correction,
}
export type Tables = {
  familyViews: View; familyCodes: Code; familySessions: Session; familyObjections: Objection; familyCorrections: Correction
}
/** This module's view of a transaction. */
export const of = (tx: Tx) => tx.withTables<Tables>()

/** The community of a request: the one it names, or that of the post. */
export const inCommunity = (ctx: Ctx, named: string | undefined): Ctx => { if (named) ctx.at(named); return ctx }
