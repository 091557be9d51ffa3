// What a gate may know: households with masked names, rooms, exits and what binds them. An offer that fails is "unknown", never free.
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import { addDays, dayOf, instantAt, instantOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { masks } from '#core/masking.ts'
import { fromCursor, toCursor } from '#core/paging.ts'
import { standing } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { feverAt } from '#modules/monitoring/rules.ts'
import { policy } from '#modules/policy/server.ts'
import { restrictions, type Restriction } from '#modules/residents/restrictions.ts'
import { householdsAt, membersIn } from '#modules/residents/server.ts'
import { dwellingAddresses } from '#modules/territory/server.ts'
import type { GateRow, GateRules } from '../atGate.ts'
import type * as api from '../gateApi.ts'
import { hex } from '../pass.ts'
import { exits, hotline, visitors } from '../rules.ts'
import { gatesOf } from './gates.ts'
import { trustOf } from './passes.ts'
import { householdReference } from './signing.ts'
import { of } from './tables.ts'

/** The longest period that a rule can have, in days: older exits count nowhere. */
const remembered = 60

export async function rulesNow(ctx: Ctx): Promise<GateRules> {
  const at = instantOf(ctx.now)
  const out = await policy(ctx.tx, exits, ctx.community, at)
  const guests = await policy(ctx.tx, visitors, ctx.community, at)
  return {
    exits: { rules: out.value, document: out.document },
    visitors: { rule: guests.value, document: guests.document },
    hotline: (await policy(ctx.tx, hotline, ctx.community, at)).value,
    feverAt: (await policy(ctx.tx, feverAt, ctx.community, at)).value,
  }
}

/** Orders and seals of these persons; undefined when one of those who know could not answer. */
async function boundOf(ctx: Ctx, persons: readonly Id[]): Promise<ReadonlyMap<Id, Restriction[]> | undefined> {
  if (persons.length === 0) return new Map()
  await sql`savepoint access_bound`.execute(ctx.tx)
  try {
    const found: Restriction[] = []
    for (const asks of ctx.house.offered(restrictions)) found.push(...(await asks(ctx, persons, instantOf(ctx.now))))
    await sql`release savepoint access_bound`.execute(ctx.tx)
    return Map.groupBy(found, (r) => r.person)
  } catch (error) {
    await sql`rollback to savepoint access_bound`.execute(ctx.tx)
    ctx.house.log.error('access.bound', { error })
    return undefined
  }
}

type Home = { household: Id; compound: string; building: string; unit: string | null; room: string }

/** Households as the gate knows them, in the order of the homes given. */
async function rowsOf(ctx: Ctx, homes: readonly Home[]): Promise<GateRow[]> {
  const ids = homes.map((h) => h.household)
  if (ids.length === 0) return []
  const members = Map.groupBy(await membersIn(ctx, ids), (m) => m.household)
  const bound = await boundOf(
    ctx,
    [...members.values()].flat().map((m) => m.root),
  )
  const passes = await of(ctx.tx)
    .selectFrom('accessPasses')
    .select(['household', 'pass', 'shortCode', 'kind', 'firstDay', 'days', 'state'])
    .where('community', '=', ctx.community)
    .where('household', 'in', ids)
    .where(sql<boolean>`first_day + days > ${addDays(dayOf(ctx.now), -30)}::date`)
    .execute()
  const outs = await exitsOf(ctx, ids)
  return homes.map(({ household, compound, building, unit, room }) => ({
    household,
    reference: hex(householdReference(ctx.house.keys, ctx.community, household)),
    room: [compound, building, unit, room].filter(Boolean).join(' '),
    people: (members.get(household) ?? []).map((m) => ({
      person: m.root,
      name: masks.name(m.name),
      bound: bound ? (bound.get(m.root) ?? []).map(({ document, until }) => ({ document, until })) : null,
    })),
    passes: passes.filter((p) => p.household === household).map(({ household: _, ...pass }) => pass),
    exits: outs.get(household) ?? [],
  }))
}

/** Exits of households that count, the oldest first: emergencies and refusals do not. */
export async function exitsOf(ctx: Ctx, households: readonly Id[]): Promise<Map<Id, GateRow['exits']>> {
  if (households.length === 0) return new Map()
  const since = instantAt(addDays(dayOf(ctx.now), -remembered))
  const { rows } = await sql<{ household: Id; at: string; pass: string | null }>`
    select e.household, e.occurred_at as at, e.pass from access_passages e
    where e.community = ${ctx.community} and e.household = any(${[...households]}::uuid[]) and e.occurred_at >= ${since}::timestamptz
      and e.direction = 'out' and e.outcome = 'passed' and ${standing('access_passages', 'e')} order by e.occurred_at`.execute(
    ctx.tx,
  )
  return new Map(
    [...Map.groupBy(rows, (r) => r.household)].map(([id, those]) => [id, those.map(({ at, pass }) => ({ at, pass }))]),
  )
}

const homesBy = async (ctx: Ctx, where: RawBuilder<unknown>, limit: number): Promise<Home[]> =>
  (
    await sql<Home>`
    select h.household, a.compound, a.building, a.unit, a.room from ${householdsAt({ community: ctx.community })} h
    join ${dwellingAddresses(ctx.community)} a on a.community = h.community and a.dwelling = h.dwelling
    where ${where} order by h.household limit ${limit}`.execute(ctx.tx)
  ).rows

/** One household that lives here, as the gate knows it. */
export const rowFor = async (ctx: Ctx, household: Id): Promise<GateRow | undefined> =>
  (await rowsOf(ctx, await homesBy(ctx, sql`h.household = ${household}`, 1)))[0]

/** Households by a room (`301`, `3号楼 301`) or the last four digits of a telephone; at most 20. */
export async function rowsFound(ctx: Ctx, words: string): Promise<GateRow[]> {
  const parts = words
    .normalize('NFKC')
    .split(/[\s\-—/]+/)
    .filter(Boolean)
  const room = parts.at(-1)?.replace(/室$/, '') ?? ''
  if (!/\d/.test(room)) return []
  const building = parts.slice(0, -1).at(0)
  const inRoom = sql<SqlBool>`(a.room = ${room} and ${building ? sql`starts_with(a.building, ${building})` : sql`true`})`
  const byPhone = /^\d{4}$/.test(words)
    ? sql<SqlBool>`h.household in (select m.household from residents_memberships m join residents_persons p on p.community = m.community
        and p.root = m.subject and ${standing('residents_persons', 'p')} where m.community = ${ctx.community} and p.phone_tail = ${words})`
    : sql<SqlBool>`false`
  return rowsOf(ctx, await homesBy(ctx, sql`${inRoom} or ${byPhone}`, 20))
}

export async function gateSet(ctx: Ctx, { after, limit }: Parsed<typeof api.gateSet>) {
  const last = fromCursor(after, 1)?.[0]
  const homes = await homesBy(ctx, last ? sql`h.household > ${last}::uuid` : sql`true`, limit + 1)
  const page = homes.slice(0, limit)
  const {
    rows: [count],
  } = await sql<{ n: number }>`select count(*)::int as n from ${householdsAt({ community: ctx.community })} h`.execute(ctx.tx)
  return {
    rows: await rowsOf(ctx, page),
    next: homes.length > limit ? toCursor([page.at(-1)!.household]) : null,
    total: count!.n,
    ...(await trustOf(ctx)),
    rules: await rulesNow(ctx),
    gates: await gatesOf(ctx),
  }
}
