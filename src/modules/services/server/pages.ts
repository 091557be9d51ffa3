// What pages and phones begin with: the choices of the rules, how much waits, and what a phone takes along.
import { sql } from 'kysely'
import { instantOf } from '#core/dates.ts'
import type { Ctx } from '#server/house.ts'
import { standing } from '#server/facts.ts'
import { reached } from '#server/scope.ts'
import { policy } from '#modules/policy/server.ts'
import { careCategories } from '../rules.ts'
import { listKits } from './items.ts'
import { errandsOf, placeOf, requestRows, rulesNow } from './reading.ts'

export async function optionsHere(ctx: Ctx) {
  const area = placeOf(ctx)
  return { ...(await rulesNow(ctx, area)), care: (await policy(ctx.tx, careCategories, area, instantOf(ctx.now))).value }
}

export async function countAll(ctx: Ctx) {
  const count = async (filters: Parameters<typeof requestRows>[1]) =>
    (await sql<{ n: number }>`select count(*)::int as n ${requestRows(ctx, filters)}`.execute(ctx.tx)).rows[0]!.n
  const {
    rows: [row],
  } = await sql<{ open: number; care: number; worrying: number }>`
    select (select count(*)::int from services_requests r where r.community = ${ctx.community} and ${reached(ctx, 'r.grid')}
        and r.state in ('asked', 'taken', 'bought', 'returned')) as open,
      (select count(*)::int from services_care c where c.community = ${ctx.community} and ${reached(ctx, 'c.grid')} and c.state = 'open') as care,
      (select count(distinct coalesce(e.household, e.person))::int from services_calls e where e.community = ${ctx.community} and ${reached(ctx, 'e.grid')} and e.mood = 'worrying'
        and e.occurred_at > ${instantOf(ctx.now - 3 * 86_400_000)}::timestamptz and ${standing('services_calls', 'e')}) as worrying`.execute(
    ctx.tx,
  )
  return {
    ...row!,
    overdue: await count({ overdue: true }),
    owing: await count({ owes: true }),
    kits: (await listKits(ctx, { missing: true })).length,
  }
}

/** Kits name households: they go along only with whoever knows them. */
export async function takenAlong(ctx: Ctx) {
  const knows = ctx.sees.has('name')
  const kits = knows ? await listKits(ctx, { missing: true }) : []
  return { ...(await rulesNow(ctx, ctx.community)), errands: await errandsOf(ctx), kits }
}
