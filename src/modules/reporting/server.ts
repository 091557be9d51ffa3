// Reporting's line of the register.
import { migrationsIn } from '#server/database/migrate.ts'
import { answering, type Module } from '#server/house.ts'
import { policyEffects } from '#modules/policy/effects.ts'
import { ownedBy } from '#modules/identity/owning.ts'
import { policyKeys } from '#modules/policy/model.ts'
import { AreaFigure, days, deadline, grace, Move, Report, zeroReport } from './model.ts'
import { Form, FormVersion, Typed } from './forms.ts'
import { behindHandlers } from './server/behind.ts'
import { dayHandlers } from './server/days.ts'
import { formsDay } from './server/formsDay.ts'
import { formsKeeping } from './server/formsKeeping.ts'
import { reportingJobs } from './server/jobs.ts'
import { leftHandlers } from './server/left.ts'
import { reportEffects } from './server/effects.ts'
import { movingHandlers } from './server/moving.ts'
import { overviewHandlers } from './server/overview.ts'
import { returnedReports } from './server/owned.ts'
import { sheetHandlers } from './server/sheets.ts'
import { streetHandlers } from './server/street.ts'

export const reporting: Module = {
  name: 'reporting',
  handlers: [
    ...dayHandlers,
    ...behindHandlers,
    ...movingHandlers,
    ...overviewHandlers,
    ...streetHandlers,
    ...leftHandlers,
    ...sheetHandlers,
    ...formsKeeping,
    ...formsDay,
  ],
  tables: {
    reportingReports: Report,
    reportingMoves: Move,
    reportingFigures: AreaFigure,
    reportingForms: Form,
    reportingFormVersions: FormVersion,
    reportingTyped: Typed,
  },
  migrations: migrationsIn(import.meta.dirname, 'reporting'),
  offers: [
    ...answering(ownedBy, returnedReports),
    ...answering(policyKeys, deadline, grace, days, zeroReport),
    ...answering(policyEffects, reportEffects),
  ],
  jobs: reportingJobs,
}
