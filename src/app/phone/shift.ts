// What a shift needs of the modules: sets to download, and the contracts that pass through the outbox with how an item reads there.
import { addFile } from '#core/files.ts'
import { gateSetDown, queuedGate } from '#modules/access/web/set.ts'
import { rounds } from '#modules/disinfection/api.ts'
import { queuedRounds } from '#modules/disinfection/shift.ts'
import { mineTodayAfter, queuedExcuses } from '#modules/duties/web/set.ts'
import { record as recordCheck } from '#modules/monitoring/api.ts'
import { queuedChecks, roundSet } from '#modules/monitoring/web/set.ts'
import { messages } from '#modules/outreach/shift.ts'
import { gridDoors } from '#modules/screening/web/set.ts'
import { queuedHere as screening } from '#modules/screening/web/shift.ts'
import { call, deliver, signKit, visit } from '#modules/services/api.ts'
import { queuedServices, servicesSet } from '#modules/services/web/set.ts'
import { queued, type Shift } from '#web/phone/parts.ts'

export const shift: Shift = {
  sets: [
    mineTodayAfter(recordCheck, rounds.contracts.record, call, visit, deliver, signKit),
    gridDoors,
    roundSet,
    servicesSet,
    gateSetDown,
    messages,
  ],
  queued: [...queuedExcuses, ...screening, ...queuedRounds, ...queuedChecks, ...queuedServices, ...queuedGate, queued(addFile)],
}
