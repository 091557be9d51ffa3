// Keeps the disinfection ledger, and hands its advice key to the rules.
import { instantOf } from '#core/dates.ts'
import { migrationsIn } from '#server/database/migrate.ts'
import { answer, answering, type Module } from '#server/house.ts'
import { keepLedger } from '#server/ledger.ts'
import { dutyKinds } from '#modules/duties/server.ts'
import { policyKeys } from '#modules/policy/model.ts'
import { policy } from '#modules/policy/server.ts'
import { adviceInForce, rounds } from './api.ts'
import { daily, dailyJobs, dailyListeners, roundKind } from './daily.ts'
import { advice } from './model.ts'

const kept = keepLedger(rounds, { table: 'disinfectionRounds' })

export const disinfection: Module = {
  name: 'disinfection',
  ...kept,
  handlers: [
    ...kept.handlers,
    answer(adviceInForce, async (_, ctx) => {
      const { value, document } = await policy(ctx.tx, advice, ctx.area, instantOf(ctx.now))
      return { rows: value, document }
    }),
  ],
  migrations: migrationsIn(import.meta.dirname, 'disinfection'),
  listeners: dailyListeners,
  jobs: [...kept.jobs, ...dailyJobs],
  offers: [...kept.offers, ...answering(policyKeys, advice), ...answering(policyKeys, daily), ...answering(dutyKinds, roundKind)],
}
