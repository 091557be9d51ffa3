// Access's line of the register: passes on record, whom gates trust, and the rules of the gate.
import { migrationsIn } from '#server/database/migrate.ts'
import { answer, answering, handle, type Ctx, type Module } from '#server/house.ts'
import { policyKeys } from '#modules/policy/model.ts'
import * as api from './api.ts'
import { exits, hotline, visitors } from './rules.ts'
import { cardsOf, issue, issueBuilding, issuedAt, listPasses, showPass, stop, trustOf } from './server/passes.ts'
import { tables } from './server/tables.ts'

/** The community of a request: the one it names, or that of the post. */
const at = (ctx: Ctx, named: string | undefined): Ctx => {
  if (named) ctx.at(named)
  return ctx
}

export const access: Module = {
  name: 'access',
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
  ],
  tables,
  migrations: migrationsIn(import.meta.dirname, 'access'),
  offers: [...answering(policyKeys, exits), ...answering(policyKeys, visitors), ...answering(policyKeys, hotline)],
}
