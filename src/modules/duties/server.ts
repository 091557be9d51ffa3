// Duties' line of the register, and what it lends to the modules above: beginning, closing, excusing and counting what recurs.
import { migrationsIn } from '#server/database/migrate.ts'
import { after, answering, type Module } from '#server/house.ts'
import { ownedBy } from '#modules/identity/owning.ts'
import { policyKeys } from '#modules/policy/model.ts'
import { moveHousehold } from '#modules/residents/api.ts'
import { assignGrid } from '#modules/territory/api.ts'
import { earlyMinutes, escalation, missedAfterHours } from './model.ts'
import { escalateJob } from './server/escalating.ts'
import { handlers } from './server/handlers.ts'
import { namedDuties } from './server/owners.ts'
import { followGrids, followHousehold } from './server/places.ts'
import { tables } from './server/tables.ts'

export { dutyKinds, type DutyAt, type DutyKind } from './kinds.ts'
export { closeSlot, excuseSlot, reopenSlot, type Closed, type Done } from './server/closing.ts'
export { changeLastDay, endDuties, nameOwners, startDuties, startDuty, type NewDuty } from './server/keeping.ts'
export { placesOfSubjects } from './server/places.ts'
export {
  doingBeside,
  doingsBeside,
  dutiesAsOf,
  dutiesNow,
  noSlots,
  slotCounts,
  slotsOf,
  stateSql,
  type SlotCounts,
} from './server/slots.ts'

export const duties: Module = {
  name: 'duties',
  handlers,
  tables,
  migrations: migrationsIn(import.meta.dirname, 'duties'),
  listeners: [
    after(assignGrid, (_, { building, community }, ctx) => followGrids(ctx, community ?? ctx.community, building)),
    after(moveHousehold, (_, { household }, ctx) => followHousehold(ctx, household)),
  ],
  jobs: [escalateJob],
  offers: [...answering(policyKeys, missedAfterHours, earlyMinutes, escalation), ...answering(ownedBy, namedDuties)],
}
