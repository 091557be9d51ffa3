// Services' line of the register, and what it lends to the modules above: asking, feedback, needs of a household.
import { migrationsIn } from '#server/database/migrate.ts'
import { answer, answering, handle, type Ctx, type Module } from '#server/house.ts'
import type { Id } from '#core/ids.ts'
import { say as factSay } from '#server/facts.ts'
import { dutyKinds } from '#modules/duties/server.ts'
import { policyKeys } from '#modules/policy/model.ts'
import * as api from './api.ts'
import { servicesKeys } from './rules.ts'
import { recordCall, withdrawCall } from './server/calls.ts'
import { servicesKinds } from './server/kinds.ts'
import { inCommunity, listCalls, listRequests, showRequest } from './server/reading.ts'
import { askFor } from './server/requests.ts'
import { of, tables } from './server/tables.ts'

export { askFor, feedback, requestsOf, type Asked } from './server/requests.ts'

const callById = async (ctx: Ctx, id: Id) => {
  const found = await of(ctx.tx).selectFrom('servicesCalls').selectAll().where('community', '=', ctx.community).where('id', '=', id).executeTakeFirst()
  if (!found) throw factSay.unknown()
  return found as never
}
const requestAgain = ({ community, request }: { community?: string | undefined; request: Id }, ctx: Ctx) => showRequest(inCommunity(ctx, community), request)

export const services: Module = {
  name: 'services',
  handlers: [
    answer(api.requests, ({ community, ...input }, ctx) => listRequests(inCommunity(ctx, community), input)),
    answer(api.request, requestAgain),
    handle(api.ask, async (input, ctx) => showRequest(ctx, (await askFor(ctx, input)).id), (_, ctx) => showRequest(ctx, ctx.id)),

    answer(api.calls, ({ community, ...input }, ctx) => listCalls(inCommunity(ctx, community), input)),
    handle(api.call, (input, ctx) => recordCall(ctx, 'call', input), (_, ctx) => callById(ctx, ctx.id)),
    handle(api.visit, (input, ctx) => recordCall(ctx, 'visit', input), (_, ctx) => callById(ctx, ctx.id)),
    handle(api.withdrawCall, async ({ replaces, reason }, ctx) => {
      const gone = await withdrawCall(ctx, replaces, reason)
      if (!gone) throw factSay.unknown()
      return gone
    }, (_, ctx) => callById(ctx, ctx.id)),
  ],
  tables,
  migrations: migrationsIn(import.meta.dirname, 'services'),
  offers: [...answering(policyKeys, ...servicesKeys), ...answering(dutyKinds, ...servicesKinds)],
}
