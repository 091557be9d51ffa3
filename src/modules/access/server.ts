// Access's line of the register: passes, entrances, the register of the gate, verdicts, incidents, and the rules of the gate.
import { migrationsIn } from '#server/database/migrate.ts'
import { answer, answering, handle, type Ctx, type Module } from '#server/house.ts'
import { keepLedger } from '#server/ledger.ts'
import { policyKeys } from '#modules/policy/model.ts'
import * as api from './api.ts'
import * as gate from './gateApi.ts'
import { passages } from './passages.ts'
import { exits, hotline, visitors } from './rules.ts'
import { checkAt } from './server/checking.ts'
import { filled } from './server/filling.ts'
import { addGate, changeGate, keepOpen, keptOpen, listGates, showGate } from './server/gates.ts'
import { closeIncident, hourlyOf, listIncidents, passageListeners, raiseByHand, showIncident } from './server/incidents.ts'
import { gateSet } from './server/knowing.ts'
import { cardsOf, issue, issueBuilding, issuedAt, listPasses, showPass, stop, trustOf } from './server/passes.ts'
import { tables } from './server/tables.ts'

/** The community of a request: the one it names, or that of the post. */
const at = (ctx: Ctx, named: string | undefined): Ctx => {
  if (named) ctx.at(named)
  return ctx
}
const kept = keepLedger(passages, { table: 'accessPassages', fill: filled })

export const access: Module = {
  name: 'access',
  ...kept,
  handlers: [
    answer(api.passes, (input, ctx) => listPasses(at(ctx, input.community), input)),
    answer(api.cards, (input, ctx) => cardsOf(at(ctx, input.community), input)),
    answer(api.trust, (input, ctx) => trustOf(at(ctx, input.community))),
    handle(
      api.issue,
      (input, ctx) => issue(at(ctx, input.community), input),
      (input, ctx) => showPass(at(ctx, input.community), ctx.id),
    ),
    handle(
      api.issueBuilding,
      (input, ctx) => issueBuilding(at(ctx, input.community), input),
      (input, ctx) => issuedAt(at(ctx, input.community)),
    ),
    handle(
      api.stop,
      (input, ctx) => stop(at(ctx, input.community), input),
      (input, ctx) => showPass(at(ctx, input.community), input.pass),
    ),

    ...kept.handlers,
    answer(gate.gates, (input, ctx) => listGates(at(ctx, input.community))),
    handle(
      gate.addGate,
      (input, ctx) => addGate(at(ctx, input.community), input),
      (input, ctx) => showGate(at(ctx, input.community), ctx.id),
    ),
    handle(
      gate.changeGate,
      (input, ctx) => changeGate(at(ctx, input.community), input),
      (input, ctx) => showGate(at(ctx, input.community), input.gate),
    ),
    handle(
      gate.keepOpen,
      (input, ctx) => keepOpen(at(ctx, input.community), input),
      (input, ctx) => keptOpen(at(ctx, input.community), input),
    ),
    answer(gate.gateSet, (input, ctx) => gateSet(at(ctx, input.community), input)),
    answer(gate.check, (input, ctx) => checkAt(at(ctx, input.community), input)),
    answer(gate.hourly, (input, ctx) => hourlyOf(at(ctx, input.community), input)),
    answer(gate.incidents, (input, ctx) => listIncidents(at(ctx, input.community), input)),
    handle(
      gate.raise,
      (input, ctx) => raiseByHand(ctx, input),
      async (_, ctx) => ({ id: ctx.id }),
    ),
    handle(
      gate.closeIncident,
      (input, ctx) => closeIncident(at(ctx, input.community), input),
      (input, ctx) => showIncident(at(ctx, input.community), input.incident),
    ),
  ],
  tables: { ...tables, ...kept.tables },
  migrations: migrationsIn(import.meta.dirname, 'access'),
  listeners: passageListeners,
  offers: [
    ...kept.offers,
    ...answering(policyKeys, exits),
    ...answering(policyKeys, visitors),
    ...answering(policyKeys, hotline),
  ],
}
