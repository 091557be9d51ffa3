// The tables of observation as a transaction sees them.
import type { Json, Stamped, Tx } from '#server/database/connect.ts'
import { Change, Order, Seal, Step, Transfer } from '../model.ts'

export type OrderRow = Omit<Order, 'suitability' | 'team' | 'frozen'> & {
  suitability: Json<Order['suitability']> | null
  team: Json<Order['team']>
  frozen: Json<Order['frozen']> | null
}
export type SealRow = Omit<Seal, 'team' | 'frozen'> & { team: Json<Seal['team']>; frozen: Json<Seal['frozen']> }
export type Tables = {
  observationOrders: OrderRow
  observationSeals: SealRow
  observationSteps: Stamped<Step>
  observationDocuments: Omit<Change, 'suitability'> & { suitability: Json<Change['suitability']> | null }
  observationTransfers: Transfer
}

/** The row shapes that the house tests hold against the columns. */
export const tables = {
  observationOrders: Order,
  observationSeals: Seal,
  observationSteps: Step,
  observationDocuments: Change,
  observationTransfers: Transfer,
}

/** This module's view of a transaction. */
export const of = (tx: Tx) => tx.withTables<Tables>()
