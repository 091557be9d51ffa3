// Calls and visits: facts that settle what is owed to a household, and may raise a need in the same breath.
import { newId, type Id } from '#core/ids.ts'
import type { Parsed } from '#core/contract.ts'
import { correctionColumns, factColumns, say as factSay } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { requireReach } from '#server/scope.ts'
import { closeSlot, reopenSlot } from '#modules/duties/server.ts'
import type * as api from '../api.ts'
import { reached, type Call, type CallKind } from '../model.ts'
import { askFor } from './requests.ts'
import { of, type CallRow } from './tables.ts'
import { subjectsOf, whose } from './whose.ts'

const dutyOf: Record<CallKind, string> = { call: 'services.call', visit: 'services.visit' }
const howOf = { call: 'phone', visit: 'door' } as const

export async function recordCall(
  ctx: Ctx,
  kind: CallKind,
  { household, person, outcome, mood, note, need }: Parsed<typeof api.call>,
): Promise<Call> {
  const found = await whose(ctx, { household, person })
  const how = howOf[kind]
  const request = need
    ? (await askFor(ctx, { ...need, ...found, channel: kind === 'call' ? 'phone' : 'door', id: newId() })).id
    : null
  const { household: home, person: who, grid } = found
  const added = (await of(ctx.tx)
    .insertInto('servicesCalls')
    .values({
      ...factColumns(ctx, how),
      how,
      kind,
      household: home,
      person: who,
      grid,
      outcome,
      mood,
      note,
      request,
    })
    .returningAll()
    .executeTakeFirstOrThrow()) as unknown as CallRow
  if (reached(added)) {
    for (const subject of subjectsOf(found)) {
      await closeSlot(ctx, {
        kind: dutyOf[kind],
        subject,
        at: ctx.timing.occurredAt,
        record: ctx.id,
        recordKind: 'services.call',
        how,
      })
    }
  }
  await ctx.touched('services')
  return added
}

/** A call that was written down by mistake; what it had settled is open again. */
export async function withdrawCall(ctx: Ctx, replaces: Id, reason: string): Promise<Call> {
  const old = await of(ctx.tx)
    .selectFrom('servicesCalls')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('id', '=', replaces)
    .executeTakeFirst()
  if (!old) throw factSay.unknown()
  requireReach(ctx, old.grid)
  if (old.recordedBy !== ctx.who.account && ctx.role !== 'communitySecretary') throw factSay.notYours()
  if (old.withdrawn) throw factSay.withdrawnAlready()
  const { kind, household, person, grid, outcome, mood, note, request } = old
  const gone = await of(ctx.tx)
    .insertInto('servicesCalls')
    .values({
      ...correctionColumns(ctx, old, reason, true),
      kind,
      household,
      person,
      grid,
      outcome,
      mood,
      note,
      request,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await reopenSlot(ctx, old.root)
  await ctx.touched('services')
  return gone as unknown as Call
}
