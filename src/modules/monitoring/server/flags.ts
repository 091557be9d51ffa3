// Doubts about checks: raised beside the check, a duty for somebody to look, settled by a check of staff or in words. They change nobody's status.
import type { z } from 'zod'
import { dayOf, instantOf, type Instant } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import type { Ctx } from '#server/house.ts'
import { requireReach } from '#server/scope.ts'
import { closeSlot, endDuties, startDuty } from '#modules/duties/server.ts'
import { verifyKind } from '../duties.ts'
import { say, type Check, type Doubt, type Flag } from '../model.ts'
import type { Doubts } from '../rules.ts'
import { of } from './tables.ts'

const flags = (ctx: Ctx) => of(ctx.tx).selectFrom('monitoringFlags').selectAll().where('community', '=', ctx.community)

/** What is to be verified of a person now. */
export const openFlagOf = (ctx: Ctx, person: Id): Promise<Flag | undefined> =>
  flags(ctx).where('person', '=', person).where('state', '=', 'open').executeTakeFirst()

/** The check after which a streak is counted anew: the last one that settled a doubt. */
export async function settledSince(ctx: Ctx, person: Id): Promise<Instant | null> {
  const { at } = await of(ctx.tx)
    .selectFrom('monitoringFlags')
    .select((eb) => eb.fn.max('settledAt').as('at'))
    .where('community', '=', ctx.community)
    .where('person', '=', person)
    .where('state', '=', 'settled')
    .executeTakeFirstOrThrow()
  return at
}

/** Opens a doubt about a check, or adds the check to the one that is open, and asks for somebody to look today. */
export async function raise(
  ctx: Ctx,
  { root, person, household, grid, flags: why, occurredAt }: Check,
  rules: z.infer<typeof Doubts>,
): Promise<void> {
  const open = await openFlagOf(ctx, person)
  if (open) {
    await of(ctx.tx)
      .updateTable('monitoringFlags')
      .set({
        checks: [...new Set([...open.checks, root])],
        flags: [...new Set<Doubt>([...open.flags, ...why])],
      })
      .where('community', '=', ctx.community)
      .where('id', '=', open.id)
      .execute()
    return
  }
  const id = newId()
  await of(ctx.tx)
    .insertInto('monitoringFlags')
    .values({
      community: ctx.community,
      id,
      person,
      household,
      grid,
      checks: [root],
      flags: [...why],
      state: 'open',
      raisedAt: occurredAt,
      settledAt: null,
      settledBy: null,
      settledCheck: null,
      settledWhy: null,
    })
    .execute()
  await ask(ctx, { id, person }, rules.by)
}

async function ask(ctx: Ctx, { id, person }: Pick<Flag, 'id' | 'person'>, by: string): Promise<void> {
  const today = dayOf(ctx.now)
  await startDuty(ctx, {
    kind: verifyKind,
    subjectKind: 'person',
    subject: person,
    source: 'monitoring.flag',
    sourceId: id,
    startsOn: today,
    cadence: { slots: [{ key: 'day', opens: '00:00', due: by }], every: { days: 1 }, anchor: today },
  })
}

/** A check of staff after the doubtful one settles it: a value that can be, and under the arm where that was the doubt. */
export async function settleWith(ctx: Ctx, flag: Flag, check: Check): Promise<void> {
  const answers =
    check.kind === 'temperature' &&
    check.occurredAt > flag.raisedAt &&
    !check.flags.includes('impossible') &&
    (!flag.flags.includes('unsureSite') || check.measuredHow === 'armpit' || check.measuredHow === null)
  if (!answers) return
  await closeSlot(ctx, {
    kind: verifyKind,
    subject: flag.person,
    at: check.occurredAt,
    record: check.root,
    recordKind: verifyKind,
    how: check.how,
  })
  await settle(ctx, flag, { settledAt: check.occurredAt, settledCheck: check.root, settledWhy: null })
}

async function settle(ctx: Ctx, flag: Flag, how: Pick<Flag, 'settledAt' | 'settledCheck' | 'settledWhy'>): Promise<void> {
  await of(ctx.tx)
    .updateTable('monitoringFlags')
    .set({ ...how, state: 'settled', settledBy: ctx.who.account })
    .where('community', '=', ctx.community)
    .where('id', '=', flag.id)
    .execute()
  await endDuties(ctx, flag.id, '已核实')
}

/** Settled in words: an entry that was known to be right. */
export async function settleInWords(ctx: Ctx, id: Id, why: string): Promise<void> {
  const flag = await flags(ctx).where('id', '=', id).where('state', '=', 'open').executeTakeFirst()
  if (!flag) throw say.unknownFlag()
  requireReach(ctx, flag.grid)
  await settle(ctx, flag, { settledAt: instantOf(ctx.now), settledCheck: null, settledWhy: why })
  await ctx.touched('monitoring')
}

/**
 * A check is gone or says something else: what it settled is open again unless another doubt of the person is; a doubt about nothing
 * but this check is settled with it.
 */
export async function recall(ctx: Ctx, check: Check, rules: z.infer<typeof Doubts>): Promise<void> {
  const open = await openFlagOf(ctx, check.person)
  const about = open?.checks.filter((id) => id !== check.root)
  if (open && about!.length < open.checks.length) {
    if (about!.length === 0)
      await settle(ctx, open, { settledAt: instantOf(ctx.now), settledCheck: null, settledWhy: '登记已更正或撤回' })
    else
      await of(ctx.tx)
        .updateTable('monitoringFlags')
        .set({ checks: about! })
        .where('community', '=', ctx.community)
        .where('id', '=', open.id)
        .execute()
  }
  const settled = await flags(ctx)
    .where('settledCheck', '=', check.root)
    .where('state', '=', 'settled')
    .orderBy('raisedAt', 'desc')
    .executeTakeFirst()
  if (!settled || (await openFlagOf(ctx, check.person))) return
  await of(ctx.tx)
    .updateTable('monitoringFlags')
    .set({ state: 'open', settledAt: null, settledBy: null, settledCheck: null })
    .where('community', '=', ctx.community)
    .where('id', '=', settled.id)
    .execute()
  await ask(ctx, settled, rules.by)
}
