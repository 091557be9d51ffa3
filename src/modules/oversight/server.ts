// Oversight's line of the register. It keeps no table of its own: acts, looks and exports are the house's.
import { exportJobs, resumeExports } from '#server/exports/making.ts'
import { answering, type Module } from '#server/house.ts'
import { sees } from '#modules/identity/server.ts'
import { policyKeys } from '#modules/policy/model.ts'
import { approvalHours, dealingDays, keptMinutes, secondPersonAbove, workHours } from './model.ts'
import { actHandlers } from './server/acts.ts'
import { exportHandlers, rulesOffer } from './server/exports.ts'
import { sheetHandlers } from './server/sheets.ts'

export const oversight: Module = {
  name: 'oversight',
  handlers: [...actHandlers, ...exportHandlers, ...sheetHandlers],
  tables: {},
  migrations: [],
  offers: [...answering(policyKeys, workHours, dealingDays, secondPersonAbove, approvalHours, keptMinutes), ...rulesOffer],
  jobs: exportJobs(sees),
  prepare: resumeExports,
}
