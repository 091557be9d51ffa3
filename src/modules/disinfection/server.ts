// Keeps the disinfection ledger, and hands its advice key to the rules.
import { migrationsIn } from '#server/database/migrate.ts'
import { answering, type Module } from '#server/house.ts'
import { keepLedger } from '#server/ledger.ts'
import { policyKeys } from '#modules/policy/model.ts'
import { rounds } from './api.ts'
import { advice } from './model.ts'

const kept = keepLedger(rounds, { table: 'disinfectionRounds' })

export const disinfection: Module = {
  name: 'disinfection',
  ...kept,
  migrations: migrationsIn(import.meta.dirname, 'disinfection'),
  offers: [...kept.offers, ...answering(policyKeys, advice)],
}
