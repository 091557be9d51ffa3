// Mending a check: a new entry takes the place of the old; its slot opens again, and a later check of that window may close it.
import { addDays, dayOf, instantAt } from '#core/dates.ts'
import type { Parsed } from '#core/contract.ts'
import type { Id } from '#core/ids.ts'
import { correctionColumns, say as factSay } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { reopenSlot } from '#modules/duties/server.ts'
import type * as api from '../api.ts'
import { say, type CheckHow } from '../model.ts'
import { forget } from './episodes.ts'
import { recall } from './flags.ts'
import { checksOf, getCheck, type CheckAt } from './reading.ts'
import { closeWith, columnsOf, follow, rulesAt } from './recording.ts'
import { of } from './tables.ts'

/** One's own entries, and any for the secretary. */
async function replaceable(ctx: Ctx, id: Id): Promise<CheckAt> {
  const old = await getCheck(ctx, id)
  if (ctx.role !== 'communitySecretary' && old.recordedBy !== ctx.who.account) throw factSay.notYours()
  if (old.withdrawn) throw factSay.withdrawnAlready()
  return old
}

/** Takes back what the old entry brought about: its slots, the doubts about it, the episode that it opened. */
async function undo(ctx: Ctx, old: CheckAt, reason: string): Promise<void> {
  await reopenSlot(ctx, old.root, reason)
  await recall(ctx, old, (await rulesAt(ctx, old.occurredAt)).doubts)
  await forget(ctx, old)
}

/** Checks of that day and kind that stand, in turn: each closes a slot that is open and fits it. */
async function closeAgain(ctx: Ctx, { person, kind, occurredAt }: CheckAt): Promise<void> {
  const day = dayOf(occurredAt)
  const others = await checksOf(ctx.tx, {
    community: ctx.community,
    persons: [person],
    from: instantAt(addDays(day, -1)),
    until: instantAt(addDays(day, 2)),
  })
  for (const other of others)
    if (other.kind === kind || kind === 'symptoms' || other.kind === 'symptoms') await closeWith(ctx, other)
}

export async function correctCheck(
  ctx: Ctx,
  { replaces, reason, entry: { occurredAt, ...said } }: Parsed<typeof api.correct>,
): Promise<CheckAt> {
  const old = await replaceable(ctx, replaces)
  const { person, household, grid } = old
  const at = occurredAt ?? old.occurredAt
  if (Date.parse(at) > ctx.now) throw say.measured()
  await undo(ctx, old, reason)
  await of(ctx.tx)
    .insertInto('monitoringChecks')
    .values({
      ...correctionColumns(ctx, old, reason),
      how: said.how,
      ...(await columnsOf(ctx, { person, household, grid }, said, at, old.root)),
      occurredAt: at,
      countedOn: dayOf(at),
    })
    .execute()
  const anew = await getCheck(ctx, ctx.id)
  await closeAgain(ctx, anew)
  await follow(ctx, anew)
  await ctx.touched('monitoring')
  return getCheck(ctx, ctx.id)
}

export async function withdrawCheck(ctx: Ctx, { replaces, reason }: Parsed<typeof api.withdraw>): Promise<CheckAt> {
  const old = await replaceable(ctx, replaces)
  const { day: _d, slot: _s, symptoms, root: _r, ...kept } = old
  await undo(ctx, old, reason)
  await of(ctx.tx)
    .insertInto('monitoringChecks')
    .values({
      ...kept,
      ...correctionColumns(ctx, old, reason, true),
      how: old.how as CheckHow,
      symptoms: symptoms && JSON.stringify(symptoms),
    })
    .execute()
  await closeAgain(ctx, old)
  await ctx.touched('monitoring')
  return getCheck(ctx, ctx.id)
}
