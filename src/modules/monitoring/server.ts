// Monitoring's line of the register, and what it lends to others: recording a check, and the checks and open episodes of somebody.
import { text } from '#core/text.ts'
import { dealings, recordedIn } from '#server/audit.ts'
import { migrationsIn } from '#server/database/migrate.ts'
import { exporting } from '#server/exports/exporting.ts'
import { fileGuards } from '#server/files/guards.ts'
import { answer, answering, handle, type Ctx, type Module } from '#server/house.ts'
import { builtWords } from '#server/imports/undo.ts'
import { indicators } from '#server/indicators.ts'
import { dutyKinds } from '#modules/duties/server.ts'
import { policyKeys } from '#modules/policy/model.ts'
import { dossierSections } from '#modules/residents/server.ts'
import * as api from './api.ts'
import { monitoringDuties } from './duties.ts'
import { monitoringKeys } from './rules.ts'
import { settleInWords } from './server/flags.ts'
import { checkSheet, listFlags, listLedger, showFlag } from './server/ledger.ts'
import { correctCheck, withdrawCheck } from './server/mending.ts'
import { monitoringIndicators, monitoringSection } from './server/offers.ts'
import { listChecks, showCheck, shown } from './server/reading.ts'
import { recordCheck } from './server/recording.ts'
import { listRound, rulesShown } from './server/round.ts'
import {
  closeWithout,
  decideOn,
  enterResult,
  evidenceGuard,
  handOverTo,
  listEpisodes,
  printCertificate,
  referTo,
  reportTo,
  showEpisode,
} from './server/steps.ts'
import { tables } from './server/tables.ts'

export { checksOf, openEpisodes, type CheckAt } from './server/reading.ts'
export { recordCheck } from './server/recording.ts'
export { correctCheck, withdrawCheck } from './server/mending.ts'

/** The community of a request: the one it names, or that of the post. */
const inCommunity = (ctx: Ctx, named: string | undefined): Ctx => {
  if (named) ctx.at(named)
  return ctx
}
/** What a repeat hears: the record as it stands, read again under the caller's present rights. */
const again = (_: unknown, ctx: Ctx): Promise<api.CheckShown> => showCheck(ctx, ctx.id)
const episodeAgain = ({ episode }: { episode: string }, ctx: Ctx): Promise<api.EpisodeShown> => showEpisode(ctx, episode)

export const monitoring: Module = {
  name: 'monitoring',
  handlers: [
    handle(api.record, async (entry, ctx) => (await shown(ctx, [await recordCheck(ctx, entry)]))[0]!, again),
    handle(api.correct, async (input, ctx) => (await shown(ctx, [await correctCheck(ctx, input)]))[0]!, again),
    handle(api.withdraw, async (input, ctx) => (await shown(ctx, [await withdrawCheck(ctx, input)]))[0]!, again),
    answer(api.checks, ({ community, ...input }, ctx) => listChecks(inCommunity(ctx, community), input)),
    answer(api.rulesNow, ({ community }, ctx) => rulesShown(inCommunity(ctx, community))),
    answer(api.round, (input, ctx) => listRound(inCommunity(ctx, input.community), input)),
    answer(api.list, (input, ctx) => listLedger(inCommunity(ctx, input.community), input)),
    exporting(api.exportChecks, (ctx, input) => checkSheet(inCommunity(ctx, input.community), input)),

    answer(api.flags, (input, ctx) => listFlags(inCommunity(ctx, input.community), input)),
    handle(
      api.settleFlag,
      async ({ flag, why }, ctx) => {
        await settleInWords(ctx, flag, why)
        return showFlag(ctx, flag)
      },
      ({ flag }, ctx) => showFlag(ctx, flag),
    ),

    answer(api.episodes, (input, ctx) => listEpisodes(inCommunity(ctx, input.community), input)),
    answer(api.episode, ({ community, episode }, ctx) => showEpisode(inCommunity(ctx, community), episode)),
    handle(api.report, (input, ctx) => reportTo(ctx, input), episodeAgain),
    handle(api.refer, (input, ctx) => referTo(ctx, input), episodeAgain),
    handle(api.handOver, (input, ctx) => handOverTo(ctx, input), episodeAgain),
    handle(api.result, (input, ctx) => enterResult(ctx, input), episodeAgain),
    handle(api.decide, (input, ctx) => decideOn(ctx, input), episodeAgain),
    handle(api.close, (input, ctx) => closeWithout(ctx, input), episodeAgain),
    answer(api.certificate, ({ community, episode }, ctx) => printCertificate(inCommunity(ctx, community), episode)),
  ],
  tables,
  migrations: migrationsIn(import.meta.dirname, 'monitoring'),
  offers: [
    ...answering(policyKeys, ...monitoringKeys),
    ...answering(dutyKinds, ...monitoringDuties),
    ...answering(dossierSections, monitoringSection),
    ...answering(indicators, ...monitoringIndicators),
    ...answering(fileGuards, evidenceGuard),
    ...answering(dealings, recordedIn('monitoring_checks', 'person')),
    ...answering(builtWords, { monitoring_checks: text('健康监测', 'health checks') }),
  ],
}
