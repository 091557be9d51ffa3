// Observation's line of the register: handlers, rules, figures, duties, and what a gate may ask.
import { dayOf, instantOf } from '#core/dates.ts'
import { migrationsIn } from '#server/database/migrate.ts'
import { exporting } from '#server/exports/exporting.ts'
import { answer, answering, handle, open, type Ctx, type Module } from '#server/house.ts'
import { indicators, underway } from '#server/indicators.ts'
import type { Id } from '#core/ids.ts'
import { ownedBy } from '#modules/identity/owning.ts'
import { policyKeys } from '#modules/policy/model.ts'
import { activeResponse, policy } from '#modules/policy/server.ts'
import { restrictions } from '#modules/residents/restrictions.ts'
import { dossierSections } from '#modules/residents/server.ts'
import { itemWords, kitsOwed } from '#modules/services/kits.ts'
import { mapLayers } from '#modules/territory/server.ts'
import * as api from './api.ts'
import { categories, observationKeys, suitability, teams, usualDays, kitItems } from './rules.ts'
import { change, decideChange } from './server/changing.ts'
import { bindingOrders, observationIndicators, observationSection } from './server/offers.ts'
import { kitsOfOrders } from './server/kits.ts'
import { cancel, check, decide, propose, record, serve, signTransfer } from './server/orders.ts'
import { ledgerPlan, ledgerSheet } from './server/ledgers.ts'
import { observing, openSeals, ordersOnTheWay } from './server/owned.ts'
import { printed } from './server/papers.ts'
import { countOrders, inCommunity, listOrders, showOrder } from './server/reading.ts'
import { approveRelease, nag, requestRelease, serveRelease } from './server/releasing.ts'
import {
  askLift,
  cancelSeal,
  decideSeal,
  lift,
  listSeals,
  openOrders,
  resumeSeal,
  seal,
  sealsOnPlan,
  serveSeal,
  showSeal,
} from './server/seals.ts'
import { judged } from './server/sealing.ts'
import { tables } from './server/tables.ts'

type OfOrder = { community?: string | undefined; order: Id }
type OfSeal = { community?: string | undefined; seal: Id }
/** What a repeat hears: the record as it stands, under the caller's present rights. */
const orderAgain = ({ community, order }: OfOrder, ctx: Ctx) => showOrder(inCommunity(ctx, community), order)
const sealAgain = ({ community, seal: id }: OfSeal, ctx: Ctx) => showSeal(inCommunity(ctx, community), id)

export const observation: Module = {
  name: 'observation',
  handlers: [
    answer(api.orders, ({ community, ...input }, ctx) => listOrders(inCommunity(ctx, community), input)),
    answer(api.counts, ({ community }, ctx) => countOrders(inCommunity(ctx, community))),
    answer(api.order, orderAgain),
    answer(api.options, async ({ community }, ctx) => {
      const here = inCommunity(ctx, community).community
      const at = instantOf(ctx.now)
      const response = await activeResponse(ctx.tx, here, dayOf(ctx.now))
      return {
        response: response ? { disease: response.disease, document: response.document, government: response.government } : null,
        categories: (await policy(ctx.tx, categories, here, at)).value,
        teams: (await policy(ctx.tx, teams, here, at)).value,
        conditions: (await policy(ctx.tx, suitability, here, at)).value,
        days: (await policy(ctx.tx, usualDays, here, at)).value,
      }
    }),

    handle(
      api.propose,
      (input, ctx) => propose(ctx, input),
      (_, ctx) => showOrder(ctx, ctx.id),
    ),
    handle(api.check, (input, ctx) => check(inCommunity(ctx, input.community), input), orderAgain),
    handle(api.signTransfer, (input, ctx) => signTransfer(inCommunity(ctx, input.community), input), orderAgain),
    handle(api.record, (input, ctx) => record(inCommunity(ctx, input.community), input), orderAgain),
    handle(api.decide, ({ community, order }, ctx) => decide(inCommunity(ctx, community), order), orderAgain),
    handle(api.serve, ({ community, ...input }, ctx) => serve(inCommunity(ctx, community), input), orderAgain),
    handle(api.cancel, (input, ctx) => cancel(inCommunity(ctx, input.community), input), orderAgain),
    handle(api.change, (input, ctx) => change(inCommunity(ctx, input.community), input), orderAgain),
    handle(api.decideChange, (input, ctx) => decideChange(inCommunity(ctx, input.community), input), orderAgain),
    handle(api.requestRelease, (input, ctx) => requestRelease(inCommunity(ctx, input.community), input), orderAgain),
    handle(api.approveRelease, (input, ctx) => approveRelease(inCommunity(ctx, input.community), input), orderAgain),
    handle(api.serveRelease, (input, ctx) => serveRelease(inCommunity(ctx, input.community), input), orderAgain),

    answer(api.seals, ({ community, state }, ctx) => listSeals(inCommunity(ctx, community), state)),
    handle(
      api.seal,
      (input, ctx) => seal(ctx, input),
      (_, ctx) => showSeal(ctx, ctx.id),
    ),
    handle(api.decideSeal, ({ community, seal: id }, ctx) => decideSeal(inCommunity(ctx, community), id), sealAgain),
    handle(api.resumeSeal, ({ community, seal: id }, ctx) => resumeSeal(inCommunity(ctx, community), id), sealAgain),
    handle(api.cancelSeal, ({ community, seal: id }, ctx) => cancelSeal(inCommunity(ctx, community), id), sealAgain),
    handle(api.serveSeal, ({ community, ...input }, ctx) => serveSeal(inCommunity(ctx, community), input), sealAgain),
    handle(
      api.askLift,
      ({ community, seal: id, document }, ctx) => askLift(inCommunity(ctx, community), id, document),
      sealAgain,
    ),
    handle(api.lift, ({ community, seal: id }, ctx) => lift(inCommunity(ctx, community), id), sealAgain),

    open(api.verify, async (sealed, { house }) => ({ notice: await judged(house, sealed) })),
    answer(api.ledger, ({ community, ...input }, ctx) => ledgerSheet(inCommunity(ctx, community), input)),
    exporting(api.exportLedger, (ctx, { community, ...input }) => ledgerPlan(inCommunity(ctx, community), input)),
    answer(api.sheets, (input, ctx) => printed(inCommunity(ctx, input.community), input)),
  ],
  tables,
  migrations: migrationsIn(import.meta.dirname, 'observation'),
  jobs: [openOrders, nag],
  offers: [
    ...answering(policyKeys, ...observationKeys),
    ...answering(restrictions, bindingOrders),
    ...answering(kitsOwed, kitsOfOrders),
    ...answering(itemWords, kitItems),
    ...answering(ownedBy, ordersOnTheWay, openSeals),
    ...answering(underway, observing),
    ...answering(dossierSections, observationSection),
    ...answering(indicators, ...observationIndicators),
    ...answering(mapLayers, sealsOnPlan),
  ],
}
