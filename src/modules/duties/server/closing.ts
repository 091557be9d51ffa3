// What settles a slot: a record made elsewhere closes it, a reason excuses it, a withdrawn record opens it again.
import { sql } from 'kysely'
import { addDays, dayOf, msOf, type Day, type Instant } from '#core/dates.ts'
import type { How } from '#core/fact.ts'
import { newId, type Id } from '#core/ids.ts'
import { correctionColumns, factColumns, standing } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { policy } from '#modules/policy/server.ts'
import { earlyMinutes, missedAfterHours, say, slotFor, slotName, slotsBetween, type Duty } from '../model.ts'
import { of, type DoingRow } from './tables.ts'

/** The slot that was settled; `late` where its window had passed. */
export type Closed = { duty: Id; day: Day; slot: string; late: boolean; doing: Id }

export type Done = {
  readonly kind: string
  readonly subject: Id
  /** When it happened, which may be long before it is learned. */
  readonly at: Instant
  readonly record: Id
  /** Name of the record's table of facts as a contract is named: `monitoring.check`. */
  readonly recordKind: string
  readonly how: How
}

/**
 * Closes the slot of the running duty of this kind and subject into which `at` falls, in the caller's transaction. Null where there is no
 * such duty, or no slot that fits is open: a check outside the duties is fine. The same record closes once.
 */
export async function closeSlot(ctx: Ctx, { kind, subject, at, record, recordKind, how }: Done): Promise<Closed | null> {
  const duties = await runningAt(ctx, kind, subject, at)
  if (!duties.length) return null
  const rules = await closingRules(ctx, at)
  for (const duty of duties) {
    const there = await settledOf(ctx, duty.id, addDays(dayOf(at), -4), addDays(dayOf(at), 1))
    const same = there.find((o) => o.record === record)
    if (same) return { duty: duty.id, day: same.day, slot: same.slot, late: false, doing: same.id }
    const settled = new Map(there.map((o) => [slotName(o), o.outcome === 'done' ? msOf(o.occurredAt) : null]))
    const slot = slotFor(duty, msOf(at), settled, rules)
    if (!slot) continue
    const doing = newId()
    await of(ctx.tx)
      .insertInto('dutiesDoings')
      .values({
        ...factColumns(ctx, how, doing),
        occurredAt: at,
        countedOn: dayOf(at),
        duty: duty.id,
        day: slot.day,
        slot: slot.slot,
        outcome: 'done',
        record,
        recordKind,
        excuse: null,
      })
      .execute()
    await ctx.touched('duties')
    return { duty: duty.id, day: slot.day, slot: slot.slot, late: slot.late, doing }
  }
  return null
}

/** Locked, so that two records of one moment cannot both close one slot. */
async function runningAt(ctx: Ctx, kind: string, subject: Id, at: Instant): Promise<Duty[]> {
  const { rows } = await sql<Duty>`
    select * from duties_duties where community = ${ctx.community} and subject = ${subject} and kind = ${kind}
      and (ended_at is null or ended_at > ${at}) and starts_on <= ${dayOf(at)}::date + 1 and (last_day is null or last_day >= ${dayOf(at)}::date - 4)
    order by ended_at nulls first, starts_on desc, id for no key update`.execute(ctx.tx)
  return rows
}

const closingRules = async (ctx: Ctx, at: Instant) => ({
  graceHours: (await policy(ctx.tx, missedAfterHours, ctx.community, at)).value,
  earlyMinutes: (await policy(ctx.tx, earlyMinutes, ctx.community, at)).value,
})

/** The doings of a duty that stand, between two days. */
export async function settledOf(ctx: Ctx, duty: Id, from: Day, to: Day): Promise<DoingRow[]> {
  return (await of(ctx.tx)
    .selectFrom('dutiesDoings')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('duty', '=', duty)
    .where('day', '>=', from)
    .where('day', '<=', to)
    .where(standing('duties_doings', 'duties_doings'))
    .execute()) as unknown as DoingRow[]
}

/** A duty by its id, locked for what is about to be settled. */
export async function getDuty(ctx: Ctx, id: Id): Promise<Duty> {
  const { rows } = await sql<Duty>`
    select * from duties_duties where community = ${ctx.community} and id = ${id} for no key update`.execute(ctx.tx)
  if (!rows[0]) throw say.unknown()
  return rows[0]
}

/** Settles a slot without a record: it need not be done, for this reason. Answers the doing. */
export async function excuseSlot(ctx: Ctx, duty: Id, day: Day, slot: string, reason: string, id: Id = newId()): Promise<Id> {
  const found = await getDuty(ctx, duty)
  if (!slotsBetween(found, day, day).some((s) => s.slot === slot)) throw say.noSuchSlot()
  if ((await settledOf(ctx, duty, day, day)).some((o) => o.slot === slot)) throw say.settledAlready()
  await of(ctx.tx)
    .insertInto('dutiesDoings')
    .values({
      ...factColumns(ctx, ctx.device ? 'door' : 'desk', id),
      duty,
      day,
      slot,
      outcome: 'excused',
      record: null,
      recordKind: null,
      excuse: reason,
    })
    .execute()
  await ctx.touched('duties')
  return id
}

/** Opens again what a record had closed: it was withdrawn, or corrected to another time. Answers how many slots. */
export async function reopenSlot(ctx: Ctx, record: Id, why = '登记已撤回'): Promise<number> {
  const closed = (await of(ctx.tx)
    .selectFrom('dutiesDoings')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('record', '=', record)
    .where(standing('duties_doings', 'duties_doings'))
    .execute()) as unknown as DoingRow[]
  for (const doing of closed) await withdraw(ctx, doing, why)
  return closed.length
}

/** Takes a doing back; the slot is as open as if it had never been settled. */
export async function withdraw(ctx: Ctx, doing: DoingRow, why: string, id: Id = newId()): Promise<void> {
  const { duty, day, slot, outcome, record, recordKind, excuse } = doing
  await of(ctx.tx)
    .insertInto('dutiesDoings')
    .values({
      ...correctionColumns(ctx, doing, why, true),
      id,
      duty,
      day,
      slot,
      outcome,
      record,
      recordKind,
      excuse,
    })
    .execute()
  await ctx.touched('duties')
}
