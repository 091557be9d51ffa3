// Monitoring's line of the register, and what it lends to others: recording a check, and the checks and open episodes of somebody.
import { migrationsIn } from '#server/database/migrate.ts'
import { answer, answering, handle, type Ctx, type Module } from '#server/house.ts'
import { dutyKinds } from '#modules/duties/server.ts'
import { policyKeys } from '#modules/policy/model.ts'
import * as api from './api.ts'
import { monitoringDuties } from './duties.ts'
import { monitoringKeys } from './rules.ts'
import { correctCheck, withdrawCheck } from './server/mending.ts'
import { listChecks, showCheck, shown } from './server/reading.ts'
import { recordCheck } from './server/recording.ts'
import { tables } from './server/tables.ts'

export { checksOf, openEpisodes, type CheckAt } from './server/reading.ts'
export { recordCheck } from './server/recording.ts'
export { correctCheck, withdrawCheck } from './server/mending.ts'

/** The community of a request: the one it names, or that of the post. */
const inCommunity = (ctx: Ctx, named: string | undefined): Ctx => { if (named) ctx.at(named); return ctx }
/** What a repeat hears: the record as it stands, read again under the caller's present rights. */
const again = (_: unknown, ctx: Ctx): Promise<api.CheckShown> => showCheck(ctx, ctx.id)

export const monitoring: Module = {
  name: 'monitoring',
  handlers: [
    handle(api.record, async (entry, ctx) => (await shown(ctx, [await recordCheck(ctx, entry)]))[0]!, again),
    handle(api.correct, async (input, ctx) => (await shown(ctx, [await correctCheck(ctx, input)]))[0]!, again),
    handle(api.withdraw, async (input, ctx) => (await shown(ctx, [await withdrawCheck(ctx, input)]))[0]!, again),
    answer(api.checks, ({ community, ...input }, ctx) => listChecks(inCommunity(ctx, community), input)),
  ],
  tables,
  migrations: migrationsIn(import.meta.dirname, 'monitoring'),
  offers: [...answering(policyKeys, ...monitoringKeys), ...answering(dutyKinds, ...monitoringDuties)],
}
