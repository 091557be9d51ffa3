// Family's line of the register: the way in, the resident's own contracts, what staff keep, rules and offers.
import { dealings } from '#server/audit.ts'
import { migrationsIn } from '#server/database/migrate.ts'
import { answer, answering, callers, handle, type Ctx, type Module } from '#server/house.ts'
import { accountNames } from '#server/names.ts'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { entryCodes as entriesOnCards } from '#modules/observation/entries.ts'
import { teamRoles } from '#modules/observation/rules.ts'
import { policyKeys } from '#modules/policy/model.ts'
import { dossierSections } from '#modules/residents/server.ts'
import { requireReach } from '#server/scope.ts'
import { Role } from '#modules/identity/model.ts'
import * as api from './api.ts'
import * as own from './ownApi.ts'
import { familyKeys } from './model.ts'
import { copyFile, copyOf } from './server/copying.ts'
import { answerCorrection, listCorrections, showCorrection } from './server/corrections.ts'
import { enteringHandlers } from './server/entering.ts'
import {
  answerObjection,
  countObjections,
  forwardObjection,
  listObjections,
  nag,
  orderOf,
  recordObjection,
  showObjection,
} from './server/objections.ts'
import { entryCodes, familyDealings, familySection, viewNames } from './server/offers.ts'
import { showMine } from './server/own.ts'
import { identifyView } from './server/session.ts'
import { inCommunity, of, tables } from './server/tables.ts'
import { askHelp, correction, object, objectAgain, rate, report, reportAgain, withdraw } from './server/telling.ts'
import {
  confirmFirst,
  fromOf,
  issue,
  listViews,
  peopleOf,
  reissue,
  revoke,
  share,
  showView,
  slipsOf,
  turnOff,
} from './server/views.ts'

type OfView = { view: Id }
/** What a repeat hears: the record as it stands, under the caller's present rights. */
const viewAgain = ({ view }: OfView, ctx: Ctx) => showView(ctx, view)
type OfObjection = { community?: string | undefined; objection: Id }
const objectionAgain = ({ community, objection }: OfObjection, ctx: Ctx) => showObjection(inCommunity(ctx, community), objection)

async function doorSheet(ctx: Ctx, id: Id) {
  const order = await orderOf(ctx, id)
  requireReach(ctx, order.grid)
  return {
    ...(await fromOf(ctx)),
    phones: order.team.map(({ role, phone }) => ({
      phone,
      role: teamRoles[role] ?? (Role.safeParse(role).success ? choiceText(Role, role) : { zh: role, en: role }),
    })),
  }
}

async function recordedAgain(ctx: Ctx) {
  const found = await of(ctx.tx)
    .selectFrom('familyObjections')
    .select('dueOn')
    .where('community', '=', ctx.community)
    .where('id', '=', ctx.id)
    .executeTakeFirstOrThrow()
  return { id: ctx.id, dueOn: found.dueOn }
}

export const family: Module = {
  name: 'family',
  handlers: [
    ...enteringHandlers,

    answer(own.mine, (_, ctx) => showMine(ctx)),
    handle(
      own.report,
      (input, ctx) => report(ctx, input),
      (_, ctx) => reportAgain(ctx),
    ),
    handle(
      own.askHelp,
      (input, ctx) => askHelp(ctx, input),
      async (_, ctx) => ({ id: ctx.id }),
    ),
    handle(
      own.rate,
      (input, ctx) => rate(ctx, input),
      async ({ request }) => ({ id: request }),
    ),
    handle(
      own.object,
      (input, ctx) => object(ctx, input),
      (_, ctx) => objectAgain(ctx),
    ),
    handle(
      own.withdraw,
      ({ objection }, ctx) => withdraw(ctx, objection),
      async ({ objection }) => ({ id: objection }),
    ),
    handle(
      own.askCorrection,
      (input, ctx) => correction(ctx, input),
      async (_, ctx) => ({ id: ctx.id }),
    ),
    answer(own.copy, (_, ctx) => copyOf(ctx)),
    answer(own.copyFile, (_, ctx) => copyFile(ctx)),

    answer(api.views, (input, ctx) => listViews(ctx, input)),
    answer(api.people, (input, ctx) => peopleOf(ctx, input)),
    handle(
      api.issue,
      (input, ctx) => issue(ctx, input),
      (_, ctx) => showView(ctx, ctx.id),
    ),
    handle(api.confirmFirst, (input, ctx) => confirmFirst(ctx, input), viewAgain),
    handle(api.reissue, ({ view }, ctx) => reissue(ctx, view), viewAgain),
    handle(api.revoke, ({ view }, ctx) => revoke(ctx, view), viewAgain),
    handle(api.turnOff, (input, ctx) => turnOff(ctx, input), viewAgain),
    handle(api.share, (input, ctx) => share(ctx, input), viewAgain),
    answer(api.slips, ({ views }, ctx) => slipsOf(ctx, views)),
    answer(api.doorSheet, ({ order }, ctx) => doorSheet(ctx, order)),

    answer(api.objections, (input, ctx) => listObjections(ctx, input)),
    answer(api.objectionCounts, (_, ctx) => countObjections(ctx)),
    answer(api.objection, objectionAgain),
    handle(
      api.recordObjection,
      (input, ctx) => recordObjection(ctx, input),
      (_, ctx) => recordedAgain(ctx),
    ),
    handle(api.answerObjection, (input, ctx) => answerObjection(inCommunity(ctx, input.community), input), objectionAgain),
    handle(api.forwardObjection, (input, ctx) => forwardObjection(inCommunity(ctx, input.community), input), objectionAgain),

    answer(api.corrections, (input, ctx) => listCorrections(ctx, input)),
    handle(
      api.answerCorrection,
      (input, ctx) => answerCorrection(ctx, input),
      ({ correction: id }, ctx) => showCorrection(ctx, id),
    ),
  ],
  tables,
  migrations: migrationsIn(import.meta.dirname, 'family'),
  jobs: [nag],
  offers: [
    ...answering(callers, identifyView),
    ...answering(policyKeys, ...familyKeys),
    ...answering(dossierSections, familySection),
    ...answering(entriesOnCards, entryCodes),
    ...answering(accountNames, viewNames),
    ...answering(dealings, familyDealings),
  ],
}
