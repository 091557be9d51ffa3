// The tables of services as a transaction sees them.
import { z } from 'zod'
import { factFields } from '#core/fact.ts'
import { personal } from '#core/labels.ts'
import type { Json, Stamped, Tx } from '#server/database/connect.ts'
import type { factColumns } from '#server/facts.ts'
import { Call, Care, Case, Handout, Request, session, Step } from '../model.ts'

/** `services_sessions`: facts. `note` is closed. */
const Session = z.object({
  ...factFields,
  ...session,
  note: personal(z.instanceof(Buffer).nullable(), '辅导记录（密文）', 'Notes, closed', { mask: 'text', keep: 'response' }),
})

type FactColumns = ReturnType<typeof factColumns>
type Fact<T> = Stamped<T & Omit<FactColumns, keyof T>>
export type CallRow = Fact<Call>
export type HandoutRow = Fact<Handout>
export type SessionRow = Fact<z.infer<typeof Session>>
export type Tables = {
  servicesRequests: Request
  servicesSteps: Stamped<Step>
  servicesCalls: CallRow
  servicesHandouts: HandoutRow
  servicesCare: Omit<Care, 'cadence'> & { cadence: Json<Care['cadence']> }
  servicesCases: Case
  servicesSessions: SessionRow
}

/** The row shapes that the house tests hold against the columns. */
export const tables = {
  servicesRequests: Request,
  servicesSteps: Step,
  servicesCalls: Call,
  servicesHandouts: Handout,
  servicesCare: Care,
  servicesCases: Case,
  servicesSessions: Session,
}

/** This module's view of a transaction. */
export const of = (tx: Tx) => tx.withTables<Tables>()
