// Identity: accounts, posts, sign-in, sessions, devices, the first set-up. What other floors may use of it is exported here.
import { z } from 'zod'
import type { MaskKind } from '#core/labels.ts'
import { migrationsIn } from '#server/database/migrate.ts'
import { answering, job, type Module, type Sees } from '#server/house.ts'
import { accountNames as nameOffer } from '#server/names.ts'
import { AccountRow, AssignmentRow, DeviceRow, HandOverRow, sees as seesOf, type Role } from './model.ts'
import { accountHandlers } from './server/accounts.ts'
import { deviceHandlers } from './server/devices.ts'
import { handingOverHandlers } from './server/handingOver.ts'
import { sweepFailures } from './server/lockOut.ts'
import { accountNames, peopleHandlers } from './server/people.ts'
import { accountSheetHandlers } from './server/peopleSheet.ts'
import { secondFactorHandlers } from './server/secondFactor.ts'
import { sessionHandlers } from './server/sessions.ts'
import { setUpHandlers } from './server/setUp.ts'
import { signInHandlers } from './server/signIn.ts'
import { prepareStore, storeOf } from './server/store.ts'

export { createAccount } from './server/accounts.ts'
export { openSession } from './server/ending.ts'
export { identify } from './server/identify.ts'
export { findAreas, setUpSteps, type FindAreas, type NamedArea, type SetUpStep } from './server/offers.ts'
export { rescue, type Rescued } from './server/rescue.ts'
export { setUpDone, setUpToken } from './server/setUpState.ts'

export { accountNames }

const nothing: ReadonlySet<MaskKind> = new Set()
const seen = new Map(Object.entries(seesOf).map(([role, kinds]) => [role as Role, new Set(kinds)]))

/** What a role reads unmasked; nothing for a role that is none. */
export const sees: Sees = (role) => seen.get(role as Role) ?? nothing

/** Sessions that have ended and failures that no longer count. */
const sweep = job({
  name: 'identity.sweep',
  data: z.object({}),
  cron: '17 3 * * *',
  run: async (_, house) => {
    await storeOf(house).pool.query('delete from auth.session where "expiresAt" < now()')
    await sweepFailures(house)
  },
})

export const identity: Module = {
  name: 'identity',
  handlers: [
    ...signInHandlers,
    ...setUpHandlers,
    ...peopleHandlers,
    ...accountSheetHandlers,
    ...accountHandlers,
    ...sessionHandlers,
    ...deviceHandlers,
    ...secondFactorHandlers,
    ...handingOverHandlers,
  ],
  tables: {
    identityAccounts: AccountRow,
    identityAssignments: AssignmentRow,
    identityDevices: DeviceRow,
    identityHandOvers: HandOverRow,
  },
  migrations: migrationsIn(import.meta.dirname, 'identity'),
  offers: answering(nameOffer, accountNames),
  jobs: [sweep],
  prepare: prepareStore,
}
