// The tables of monitoring as a transaction sees them.
import type { Json, Stamped, Tx } from '#server/database/connect.ts'
import type { factColumns } from '#server/facts.ts'
import { Check, Episode, Flag, Step } from '../model.ts'

export type Tables = {
  monitoringChecks: Stamped<
    Omit<Check, 'symptoms'> & Omit<ReturnType<typeof factColumns>, keyof Check> & { symptoms: Json<string[]> | null }
  >
  monitoringFlags: Flag
  monitoringEpisodes: Episode
  monitoringSteps: Stamped<Step>
}

/** The row shapes that the house tests hold against the columns. */
export const tables = { monitoringChecks: Check, monitoringFlags: Flag, monitoringEpisodes: Episode, monitoringSteps: Step }

/** This module's view of a transaction. */
export const of = (tx: Tx) => tx.withTables<Tables>()
