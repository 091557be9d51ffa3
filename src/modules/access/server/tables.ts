// The tables of access as a transaction sees them.
import type { Tx } from '#server/database/connect.ts'
import { Gate, Incident } from '../gates.ts'
import { PassRecord } from '../model.ts'

/** The row shapes that the house tests hold against the columns. */
export const tables = { accessPasses: PassRecord, accessGates: Gate, accessIncidents: Incident }

/** This module's view of a transaction. */
export const of = (tx: Tx) => tx.withTables<{ accessPasses: PassRecord; accessGates: Gate; accessIncidents: Incident }>()
