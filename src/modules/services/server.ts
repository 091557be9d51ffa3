// Services' line of the register, and what it lends to the modules above: asking, feedback, needs of a household.
import type { Id } from '#core/ids.ts'
import { wholePage } from '#core/paging.ts'
import { migrationsIn } from '#server/database/migrate.ts'
import { exporting } from '#server/exports/exporting.ts'
import { say as factSay } from '#server/facts.ts'
import { fileGuards } from '#server/files/guards.ts'
import { answer, answering, handle, type Ctx, type Handled, type Module } from '#server/house.ts'
import { indicators } from '#server/indicators.ts'
import { dutyKinds } from '#modules/duties/server.ts'
import { ownedBy } from '#modules/identity/owning.ts'
import { policyKeys } from '#modules/policy/model.ts'
import { dossierSections } from '#modules/residents/server.ts'
import * as api from './api.ts'
import { servicesKeys } from './rules.ts'
import { recordCall, withdrawCall } from './server/calls.ts'
import { changeCare, closeCare, listCare, openCare, ownedCare, showCare } from './server/care.ts'
import {
  addSession,
  closeCase,
  correctSession,
  counsellorsHere,
  listCases,
  myCases,
  openCase,
  ownedCases,
  sessionsOf,
  showCase,
  withdrawSession,
} from './server/counselling.ts'
import { bring, kitJob, listKits, signKit, withdrawHandout, writtenBy } from './server/items.ts'
import { servicesKinds } from './server/kinds.ts'
import { receipts, servicesIndicators, servicesSection } from './server/offers.ts'
import { overdueJob } from './server/overdue.ts'
import { countAll, optionsHere, takenAlong } from './server/pages.ts'
import { inCommunity, listCalls, listHandouts, listRequests, showRequest } from './server/reading.ts'
import { askFor, buy, cancel, close, feedback, giveBack, giveUp, refund, take } from './server/requests.ts'
import { careSheet, needSheet } from './server/sheets.ts'
import { of, tables } from './server/tables.ts'

export { kitsOwed, type KitOwed, type KitsOwed } from './kits.ts'
export { askFor, feedback, requestsOf, type Asked } from './server/requests.ts'

type Fact = 'servicesCalls' | 'servicesHandouts'
/** A fact that this request wrote. */
const written = async (ctx: Ctx, table: Fact): Promise<never> => {
  const found = await of(ctx.tx)
    .selectFrom(table)
    .selectAll()
    .where('community', '=', ctx.community)
    .where('id', '=', ctx.id)
    .executeTakeFirst()
  if (!found) throw factSay.unknown()
  return found as never
}

type OfRequest = { community?: string | undefined; request: Id }
const requestAgain = ({ community, request }: OfRequest, ctx: Ctx) => showRequest(inCommunity(ctx, community), request)

const needs: readonly Handled[] = [
  answer(api.requests, ({ community, ...input }, ctx) => listRequests(inCommunity(ctx, community), input)),
  answer(api.request, requestAgain),
  exporting(api.exportRequests, (ctx, { community, ...input }) => needSheet(inCommunity(ctx, community), input)),
  handle(
    api.ask,
    async (input, ctx) => showRequest(ctx, (await askFor(ctx, input)).id),
    (_, ctx) => showRequest(ctx, ctx.id),
  ),
  handle(api.take, async ({ request }, ctx) => showRequest(ctx, (await take(ctx, request)).id), requestAgain),
  handle(api.giveUp, async ({ request, reason }, ctx) => showRequest(ctx, (await giveUp(ctx, request, reason)).id), requestAgain),
  handle(api.buy, async (input, ctx) => showRequest(ctx, (await buy(ctx, input)).id), requestAgain),
  handle(
    api.giveBack,
    async ({ request, reason }, ctx) => showRequest(ctx, (await giveBack(ctx, request, reason)).id),
    requestAgain,
  ),
  handle(api.refund, async ({ request }, ctx) => showRequest(ctx, (await refund(ctx, request)).id), requestAgain),
  handle(
    api.feedback,
    async ({ request, ...said }, ctx) => showRequest(ctx, (await feedback(ctx, request, said)).id),
    requestAgain,
  ),
  handle(api.close, async ({ request }, ctx) => showRequest(ctx, (await close(ctx, request)).id), requestAgain),
  handle(api.cancel, async ({ request, reason }, ctx) => showRequest(ctx, (await cancel(ctx, request, reason)).id), requestAgain),
]

const callsAndItems: readonly Handled[] = [
  answer(api.calls, ({ community, ...input }, ctx) => listCalls(inCommunity(ctx, community), input)),
  handle(
    api.call,
    (input, ctx) => recordCall(ctx, 'call', input),
    (_, ctx) => written(ctx, 'servicesCalls'),
  ),
  handle(
    api.visit,
    (input, ctx) => recordCall(ctx, 'visit', input),
    (_, ctx) => written(ctx, 'servicesCalls'),
  ),
  handle(
    api.withdrawCall,
    ({ replaces, reason }, ctx) => withdrawCall(ctx, replaces, reason),
    (_, ctx) => written(ctx, 'servicesCalls'),
  ),

  answer(api.kits, async (input, ctx) => wholePage(await listKits(ctx, input))),
  handle(
    api.signKit,
    (input, ctx) => signKit(ctx, input),
    async (_, ctx) => ({ rows: await writtenBy(ctx, ctx.id) }),
  ),
  handle(
    api.deliver,
    async (input, ctx) => {
      const { request, rows } = await bring(ctx, input)
      return { request: request ? await showRequest(ctx, request) : null, rows }
    },
    async ({ request }, ctx) => ({
      request: request ? await showRequest(ctx, request) : null,
      rows: await writtenBy(ctx, ctx.id),
    }),
  ),
  handle(
    api.withdrawHandout,
    ({ replaces, reason }, ctx) => withdrawHandout(ctx, replaces, reason),
    (_, ctx) => written(ctx, 'servicesHandouts'),
  ),
  answer(api.handouts, ({ community, ...input }, ctx) => listHandouts(inCommunity(ctx, community), input)),
]

const careAndCounselling: readonly Handled[] = [
  answer(api.careFiles, ({ community, ...input }, ctx) => listCare(inCommunity(ctx, community), input)),
  exporting(api.exportCare, (ctx, { community, ...input }) => careSheet(inCommunity(ctx, community), input)),
  handle(
    api.openCare,
    (input, ctx) => openCare(ctx, input),
    (_, ctx) => showCare(ctx, ctx.id),
  ),
  handle(
    api.changeCare,
    (input, ctx) => changeCare(ctx, input),
    ({ care }, ctx) => showCare(ctx, care),
  ),
  handle(
    api.closeCare,
    ({ care, reason }, ctx) => closeCare(ctx, care, reason),
    ({ care }, ctx) => showCare(ctx, care),
  ),

  answer(api.cases, ({ community, ...input }, ctx) => listCases(inCommunity(ctx, community), input)),
  answer(api.counsellorsHere, async (_, ctx) => ({ rows: await counsellorsHere(ctx) })),
  handle(
    api.openCase,
    (input, ctx) => openCase(ctx, input),
    (_, ctx) => showCase(ctx, ctx.id),
  ),
  answer(api.myCases, (input, ctx) => myCases(ctx, input)),
  answer(api.sessions, ({ caseId }, ctx) => sessionsOf(ctx, caseId)),
  handle(
    api.addSession,
    (input, ctx) => addSession(ctx, input),
    async (_, ctx) => ({ id: ctx.id }),
  ),
  handle(
    api.correctSession,
    (input, ctx) => correctSession(ctx, input),
    async (_, ctx) => ({ id: ctx.id }),
  ),
  handle(
    api.withdrawSession,
    (input, ctx) => withdrawSession(ctx, input),
    async (_, ctx) => ({ id: ctx.id }),
  ),
  handle(
    api.closeCase,
    ({ caseId }, ctx) => closeCase(ctx, caseId),
    async ({ caseId }) => ({ id: caseId }),
  ),
]

export const services: Module = {
  name: 'services',
  handlers: [
    ...needs,
    ...callsAndItems,
    ...careAndCounselling,
    answer(api.options, ({ community }, ctx) => optionsHere(inCommunity(ctx, community))),
    answer(api.counts, ({ community }, ctx) => countAll(inCommunity(ctx, community))),
    answer(api.shift, (_, ctx) => takenAlong(ctx)),
  ],
  tables,
  migrations: migrationsIn(import.meta.dirname, 'services'),
  jobs: [overdueJob, kitJob],
  offers: [
    ...answering(policyKeys, ...servicesKeys),
    ...answering(dutyKinds, ...servicesKinds),
    ...answering(indicators, ...servicesIndicators),
    ...answering(dossierSections, servicesSection),
    ...answering(ownedBy, ownedCare, ownedCases),
    ...answering(fileGuards, receipts),
  ],
}
