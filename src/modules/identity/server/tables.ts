// The module's tables as Kysely sees them.
import type { Tx } from '#server/database/connect.ts'
import type { AccountRow, AssignmentRow, DeviceRow, HandOverRow } from '../model.ts'

export type Tables = {
  identityAccounts: AccountRow
  identityAssignments: AssignmentRow
  identityDevices: DeviceRow
  identityHandOvers: HandOverRow
}
export const tablesOf = (tx: Tx) => tx.withTables<Tables>()
