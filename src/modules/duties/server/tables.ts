// The tables of duties as a transaction sees them.
import type { Json, Stamped, Tx } from '#server/database/connect.ts'
import type { factColumns } from '#server/facts.ts'
import { Doing, Duty, Escalation, Owner, Term } from '../model.ts'

export type DoingRow = Stamped<Doing & Omit<ReturnType<typeof factColumns>, keyof Doing>>
export type Tables = {
  dutiesDuties: Omit<Duty, 'cadence'> & { cadence: Json<Duty['cadence']> }
  dutiesTerms: Stamped<Term>
  dutiesOwners: Stamped<Owner>
  dutiesDoings: DoingRow
  dutiesEscalations: Escalation
}

/** The row shapes that the house tests hold against the columns. */
export const tables = {
  dutiesDuties: Duty,
  dutiesTerms: Term,
  dutiesOwners: Owner,
  dutiesDoings: Doing,
  dutiesEscalations: Escalation,
}

/** This module's view of a transaction. */
export const of = (tx: Tx) => tx.withTables<Tables>()
