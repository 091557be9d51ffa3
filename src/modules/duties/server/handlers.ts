// What can be asked and told of duties.
import { sql } from 'kysely'
import { addDays, daysBetween, instantOf, type Day } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { answer, handle, type Ctx, type Handled } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { liesIn, requireReach } from '#server/scope.ts'
import { policy } from '#modules/policy/server.ts'
import * as api from '../api.ts'
import { missedAfterHours, say, slotName, slotsBetween, stateOf, type Duty } from '../model.ts'
import { excuseSlot, getDuty, settledOf, withdraw } from './closing.ts'
import { nameOwners } from './keeping.ts'
import { besideDuty, ownerSql, owningOf } from './owners.ts'
import { countToday, countUnassigned, listToday, listUnassigned } from './today.ts'

/** A duty that the caller may act on: in his area, and his own unless he sees them all. */
async function reachable(ctx: Ctx, id: Id): Promise<Duty> {
  const duty = await getDuty(ctx, id)
  requireReach(ctx, duty.grid)
  if ((api.seesAll as readonly string[]).includes(ctx.role)) return duty
  const { rows } = await sql<{ owner: Id | null }>`
    select ${ownerSql} as owner from duties_duties d ${besideDuty(await owningOf(ctx))} where d.community = ${ctx.community} and d.id = ${id}`.execute(
    ctx.tx,
  )
  if (rows[0]?.owner !== ctx.who.account) throw say.notYours()
  return duty
}

/** Posts in this community, by account. */
async function postsHere(ctx: Ctx): Promise<{ account: Id; area: string }[]> {
  const { rows } = await sql<{ account: Id; area: string }>`
    select account, area_code as area from identity_assignments
    where until is null and area_code >= ${ctx.community} and area_code < ${`${ctx.community}~`}`.execute(ctx.tx)
  return rows
}

async function assign(
  ctx: Ctx,
  duties: readonly Id[],
  account: Id | null,
  why: string | undefined,
): Promise<{ assigned: number }> {
  const { rows } = await sql<{ id: Id; grid: string | null }>`
    select id, grid from duties_duties where community = ${ctx.community} and id = any(${[...duties]}::uuid[]) and ended_at is null`.execute(
    ctx.tx,
  )
  if (rows.length < new Set(duties).size) throw say.unknown()
  for (const { grid } of rows) requireReach(ctx, grid)
  if (account) {
    const posts = (await postsHere(ctx)).filter((p) => p.account === account)
    if (!rows.every(({ grid }) => posts.some((p) => liesIn(grid ?? ctx.community, p.area)))) throw say.noPostThere()
  }
  await nameOwners(
    ctx,
    rows.map(({ id }) => ({ duty: id, account })),
    why,
  )
  return { assigned: rows.length }
}

async function doingBy(ctx: Ctx, id: Id): Promise<{ doing: Id }> {
  const { rows } = await sql<{ id: Id }>`select id from duties_doings where community = ${ctx.community} and id = ${id}`.execute(
    ctx.tx,
  )
  if (!rows[0]) throw say.unknown()
  return { doing: rows[0].id }
}

async function unexcuse(ctx: Ctx, duty: Id, day: Day, slot: string): Promise<{ reopened: number }> {
  await reachable(ctx, duty)
  const excused = (await settledOf(ctx, duty, day, day)).find((o) => o.slot === slot && o.outcome === 'excused')
  if (!excused) throw say.notExcused()
  await withdraw(ctx, excused, '撤销免办', ctx.id)
  return { reopened: 1 }
}

/** A calendar shows at most so many days. */
const longest = 92

async function slotsOfDuty(ctx: Ctx, id: Id, from: Day, to: Day) {
  const duty = await reachable(ctx, id)
  const last = daysBetween(from, to) > longest ? addDays(from, longest) : to
  const { value: grace } = await policy(ctx.tx, missedAfterHours, ctx.community, instantOf(ctx.now))
  const settled = new Map((await settledOf(ctx, id, from, last)).map((o) => [slotName(o), o]))
  return {
    rows: slotsBetween(duty, from, last).flatMap((slot) => {
      const doing = settled.get(slotName(slot))
      if (duty.endedAt && slot.dueAt > duty.endedAt && !doing) return []
      const outcome = doing?.outcome ?? null
      return [
        {
          ...slot,
          state: stateOf(slot, outcome, ctx.now, grace),
          outcome,
          doneAt: doing?.occurredAt ?? null,
          record: doing?.record ?? null,
        },
      ]
    }),
  }
}

export const handlers: readonly Handled[] = [
  answer(api.today, (input, ctx) => listToday(ctx, input)),
  answer(api.summary, (input, ctx) => countToday(ctx, input)),
  answer(api.overview, async (_, ctx) => ({ rows: (await countToday(ctx, {})).rows, unassigned: await countUnassigned(ctx) })),
  answer(api.unassigned, (input, ctx) => listUnassigned(ctx, input)),
  answer(api.helpers, async (_, ctx) => {
    const names = await namesOf(
      ctx.house,
      ctx.tx,
      (await postsHere(ctx)).map((p) => p.account),
    )
    return {
      rows: [...names].filter(([account]) => !account.startsWith('00000000')).map(([account, name]) => ({ account, name })),
    }
  }),
  handle(
    api.assign,
    async ({ duties, account, why }, ctx) => assign(ctx, duties, account, why),
    async ({ duties }) => ({ assigned: duties.length }),
  ),
  handle(
    api.excuse,
    async ({ duty, day, slot, why }, ctx) => {
      await reachable(ctx, duty)
      return { doing: await excuseSlot(ctx, duty, day, slot, why, ctx.id) }
    },
    (_, ctx) => doingBy(ctx, ctx.id),
  ),
  handle(
    api.unexcuse,
    async ({ duty, day, slot }, ctx) => unexcuse(ctx, duty, day, slot),
    async () => ({ reopened: 1 }),
  ),
  answer(api.slots, async ({ duty, from, to }, ctx) => slotsOfDuty(ctx, duty, from, to)),
]
