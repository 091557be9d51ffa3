// Duties' line of the register, and what it lends to the modules above: beginning, closing, excusing and counting what recurs.
import { migrationsIn } from '#server/database/migrate.ts'
import { answering, type Module } from '#server/house.ts'
import { policyKeys } from '#modules/policy/model.ts'
import { earlyMinutes, escalation, missedAfterHours } from './model.ts'
import { tables } from './server/tables.ts'

export { dutyKinds, type DutyAt, type DutyKind } from './kinds.ts'
export { closeSlot, excuseSlot, reopenSlot, type Closed, type Done } from './server/closing.ts'
export { changeLastDay, endDuties, nameOwners, startDuties, startDuty, type NewDuty } from './server/keeping.ts'
export { doingsOf, dutiesAsOf, dutiesNow, noSlots, slotCounts, slotsOf, stateSql, type SlotCounts } from './server/slots.ts'

export const duties: Module = {
  name: 'duties',
  handlers: [],
  tables,
  migrations: migrationsIn(import.meta.dirname, 'duties'),
  offers: [...answering(policyKeys, missedAfterHours, earlyMinutes, escalation)],
}
