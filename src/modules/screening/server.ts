// What screening brings to the house: its handlers, its figures, its rules, and its part of every dossier.
import { dealings, recordedIn } from '#server/audit.ts'
import { text } from '#core/text.ts'
import { migrationsIn } from '#server/database/migrate.ts'
import { exporting } from '#server/exports/exporting.ts'
import { fileGuards } from '#server/files/guards.ts'
import { answering, handle, type Ctx, type Module } from '#server/house.ts'
import { keepImport } from '#server/imports/keep.ts'
import { builtWords } from '#server/imports/undo.ts'
import { indicators, underway } from '#server/indicators.ts'
import { namesOf } from '#server/names.ts'
import { policyEffects } from '#modules/policy/effects.ts'
import { ownedBy } from '#modules/identity/owning.ts'
import { policyKeys } from '#modules/policy/model.ts'
import { dossierSections } from '#modules/residents/server.ts'
import * as api from './api.ts'
import { revisitAfter, screeningForm, sourceRisk } from './rules.ts'
import { campaignHandlers, communitiesUnderway } from './server/campaigns.ts'
import { attemptById, correctAttempt, withdrawAttempt } from './server/correcting.ts'
import { keyPersonSection, screeningSection } from './server/dossier.ts'
import { screeningEffects } from './server/effects.ts'
import { gridSetHandlers } from './server/gridSet.ts'
import { floatingScreened } from './server/floatingScreened.ts'
import { screeningIndicators } from './server/indicators.ts'
import { keyPersonHandlers } from './server/keyPersons.ts'
import { ledgerSheet, returneeSheet } from './server/keyPersonSheets.ts'
import { listHandlers } from './server/lists.ts'
import { openCampaigns } from './server/owned.ts'
import { paperHandlers } from './server/paper.ts'
import { progressHandlers } from './server/progress.ts'
import { photosOfNotices } from './server/photos.ts'
import { recordAttempt } from './server/recording.ts'
import { planReturnees, readsReturneeLists } from './server/returneeList.ts'
import { registerSheet } from './server/registerSheet.ts'
import { tables } from './server/tables.ts'

/** What a repeat hears: the record as it was made, read again under the caller's present rights. */
async function again(_: unknown, ctx: Ctx): Promise<api.AttemptShown> {
  const attempt = await attemptById(ctx, ctx.id)
  const names = await namesOf(ctx.house, ctx.tx, [attempt.recordedBy])
  return { ...attempt, recordedByName: names.get(attempt.recordedBy) ?? ctx.who.name }
}

const returnees = keepImport(api.returneeList, planReturnees, {
  understands: readsReturneeLists,
  facts: ['screening_key_persons', 'residents_persons'],
})

export const screening: Module = {
  name: 'screening',
  handlers: [
    ...campaignHandlers,
    handle(api.recordAttempt, (input, ctx) => recordAttempt(ctx, input), again),
    handle(api.correctAttempt, (input, ctx) => correctAttempt(ctx, input), again),
    handle(api.withdrawAttempt, (input, ctx) => withdrawAttempt(ctx, input), again),
    ...listHandlers,
    ...keyPersonHandlers,
    ...progressHandlers,
    ...gridSetHandlers,
    ...paperHandlers,
    ...returnees.handlers,
    exporting(api.exportHouseholds, (ctx, input) => registerSheet(ctx, input)),
    exporting(api.exportReturnees, (ctx, input) => returneeSheet(ctx, input)),
    exporting(api.exportKeyPersons, (ctx, input) => ledgerSheet(ctx, input)),
  ],
  tables,
  migrations: migrationsIn(import.meta.dirname, 'screening'),
  jobs: returnees.jobs,
  prepare: returnees.prepare,
  offers: [
    ...answering(builtWords, {
      screening_attempts: text('排查记录', 'screening attempts'),
      screening_statements: text('健康状况', 'statements of health'),
      screening_key_persons: text('重点人员', 'key persons'),
      screening_follow_ups: text('跟进', 'follow-ups'),
    }),
    ...answering(fileGuards, photosOfNotices),
    ...answering(indicators, ...screeningIndicators, floatingScreened),
    ...answering(underway, communitiesUnderway),
    ...answering(ownedBy, openCampaigns),
    ...answering(policyKeys, screeningForm, sourceRisk, revisitAfter),
    ...answering(policyEffects, screeningEffects),
    ...answering(dossierSections, screeningSection, keyPersonSection),
    ...answering(
      dealings,
      recordedIn('screening_statements', 'person'),
      recordedIn('screening_key_persons', 'person'),
      recordedIn('screening_follow_ups', 'person'),
    ),
  ],
}
