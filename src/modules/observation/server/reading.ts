// Orders as pages show them: one with everything that belongs to it, many as a list, and how many there are.
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import { dayOf, instantOf, type Day } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { fromCursor, toCursor } from '#core/paging.ts'
import { standing } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { reached, requireReach } from '#server/scope.ts'
import { noSlots, slotCounts } from '#modules/duties/server.ts'
import { activeResponse } from '#modules/policy/server.ts'
import { ageOf, isMinor } from '#modules/residents/model.ts'
import { householdLabels, personNames } from '#modules/residents/server.ts'
import type * as api from '../api.ts'
import { inForce, isDueForRelease, missingToDecide, say, type Order } from '../model.ts'
import { of } from './tables.ts'

/** The community of a request: the one it names, or that of the post. */
export const inCommunity = (ctx: Ctx, named: string | undefined): Ctx => {
  if (named) ctx.at(named)
  return ctx
}

/** An order within reach. `hold` locks it for a step. Throws `observation.unknownOrder`. */
export async function getOrder(ctx: Ctx, id: Id, hold = false): Promise<Order> {
  let asked = of(ctx.tx).selectFrom('observationOrders').selectAll().where('community', '=', ctx.community).where('id', '=', id)
  if (hold) asked = asked.forUpdate()
  const found = (await asked.executeTakeFirst()) as Order | undefined
  if (!found) throw say.unknownOrder()
  requireReach(ctx, found.grid)
  return found
}

export type Someone = { id: Id; name: string; birthDate: Day | null; sex: 'male' | 'female' | null; employer: string | null }
/** Persons by root with what an order needs to know of them, in the order asked for. */
export async function peopleBy(ctx: Ctx, persons: readonly Id[]): Promise<Someone[]> {
  if (persons.length === 0) return []
  const { rows } = await sql<Someone>`
    select p.root as id, p.name, p.birth_date, p.sex, p.employer from residents_persons p
    where p.community = ${ctx.community} and p.root = any(${[...new Set(persons)]}::uuid[]) and ${standing('residents_persons', 'p')}`.execute(
    ctx.tx,
  )
  const found = new Map(rows.map((row) => [row.id, row]))
  return persons.flatMap((id) => found.get(id) ?? [])
}

export const transferOf = async (ctx: Ctx, { id, facility }: Pick<Order, 'id' | 'facility'>) =>
  of(ctx.tx)
    .selectFrom('observationTransfers')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('orderId', '=', id)
    .where('facility', '=', facility ?? '')
    .executeTakeFirst()

/** What it still takes before a second person may sign, judged as of its first day. */
export async function missingIn(ctx: Ctx, order: Order) {
  const people = await peopleBy(ctx, order.persons)
  const on = order.observedFrom ?? dayOf(ctx.now)
  return missingToDecide({
    order,
    transfer: await transferOf(ctx, order),
    responseActive: Boolean(await activeResponse(ctx.tx, order.grid ?? ctx.community, dayOf(ctx.now))),
    minor: people.some((p) => isMinor(p.birthDate, on)),
  })
}

type Described = Order & { nameNow: string | null; address: string | null }
async function described(ctx: Ctx, rows: readonly Order[]): Promise<Described[]> {
  const names = await personNames(
    ctx.tx,
    rows.flatMap((r) => r.person ?? []),
  )
  const labels = await householdLabels(
    ctx.tx,
    rows.flatMap((r) => r.household ?? []),
  )
  return rows.map((r) => {
    const home = r.household ? labels.get(r.household) : undefined
    return { ...r, nameNow: (r.person ? names.get(r.person) : home?.head) ?? null, address: home?.address ?? null }
  })
}

function lineOf(ctx: Ctx, row: Described): api.OrderLine {
  const now = instantOf(ctx.now)
  return {
    id: row.id,
    community: row.community,
    person: row.person,
    household: row.household,
    seal: row.seal,
    name: row.nameNow,
    address: row.address,
    grid: row.grid,
    people: row.persons.length,
    source: row.source,
    category: row.category,
    categoryTitle: row.frozen?.category.title ?? { zh: row.category, en: row.category },
    place: row.place,
    observedFrom: row.observedFrom,
    lastDay: row.lastDay,
    releaseOn: row.releaseOn,
    state: row.state,
    proposedAt: row.proposedAt,
    inForce: inForce(row, now),
    due: isDueForRelease(row, dayOf(ctx.now)),
  }
}

/** One order with whatever belongs to it. */
export async function showOrder(ctx: Ctx, id: Id): Promise<api.OrderShown> {
  const order = await getOrder(ctx, id)
  const mine = { community: ctx.community, orderId: id }
  const changes = await of(ctx.tx)
    .selectFrom('observationDocuments')
    .selectAll()
    .where((eb) => eb.and(mine))
    .orderBy('proposedAt', 'desc')
    .orderBy('id', 'desc')
    .execute()
  const steps = await of(ctx.tx)
    .selectFrom('observationSteps')
    .select(['id', 'orderId', 'verb', 'at', 'by', 'state', 'place', 'lastDay', 'persons', 'detail'])
    .where((eb) => eb.and(mine))
    .orderBy('seq', 'desc')
    .execute()
  const accounts = [
    order.proposedBy,
    order.recordedBy,
    order.decidedBy,
    ...steps.map((s) => s.by),
    ...changes.flatMap((c) => [c.proposedBy, c.decidedBy]),
  ]
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    accounts.filter((one) => one !== null),
  )
  const nameOf = (one: Id | null) => one && (names.get(one) ?? '—')
  const people = await peopleBy(ctx, [...order.persons, ...(order.guardian ? [order.guardian] : [])])
  const on = order.observedFrom ?? dayOf(ctx.now)
  const me = ctx.who.account
  ctx.looked(order.persons)
  return {
    ...order,
    ...lineOf(ctx, (await described(ctx, [order]))[0]!),
    bound: people
      .slice(0, order.persons.length)
      .map(({ id: person, name, birthDate }) => ({ id: person, name, age: ageOf(birthDate, on), minor: isMinor(birthDate, on) })),
    guardianShown: order.guardianName ?? people.find((p) => p.id === order.guardian)?.name ?? null,
    missing: order.state === 'proposed' || order.state === 'checked' ? await missingIn(ctx, order) : [],
    proposedByName: nameOf(order.proposedBy),
    recordedByName: nameOf(order.recordedBy),
    decidedByName: nameOf(order.decidedBy),
    mine: order.proposedBy === me || order.recordedBy === me,
    homeNow: order.place === 'home',
    slots: (await slotCounts(ctx.tx, [id], instantOf(ctx.now))).get(id) ?? noSlots,
    transfer: (await transferOf(ctx, order)) ?? null,
    changes: changes.map((c) => ({
      ...c,
      proposedByName: nameOf(c.proposedBy),
      decidedByName: nameOf(c.decidedBy),
      mine: c.proposedBy === me,
    })),
    steps: steps.map((s) => ({ ...s, byName: nameOf(s.by) })),
  }
}

const binding = sql`o.state in ('served', 'releaseRequested', 'releaseApproved')`
/** `inForce` in SQL. */
export const inForceSql = (ctx: Ctx): RawBuilder<SqlBool> => sql<SqlBool>`(${binding} and o.served_at <= ${instantOf(ctx.now)}
  and o.last_day >= ${dayOf(ctx.now)}::date and (o.observed_from is null or o.observed_from <= ${dayOf(ctx.now)}::date))`
const dueSql = (ctx: Ctx): RawBuilder<SqlBool> => sql<SqlBool>`(${binding} and o.release_on <= ${dayOf(ctx.now)}::date)`

export async function listOrders(ctx: Ctx, input: Parsed<typeof api.orders>) {
  const here = sql`from observation_orders o where o.community = ${ctx.community} and ${reached(ctx, 'o.grid')}
    and ${input.area ? sql`o.grid >= ${input.area} and o.grid < ${`${input.area}~`}` : sql`true`}
    and ${input.state ? sql`o.state = ${input.state}` : sql`true`} and ${input.place ? sql`o.place = ${input.place}` : sql`true`}
    and ${input.source ? sql`o.source = ${input.source}` : sql`true`} and ${input.seal ? sql`o.seal = ${input.seal}` : sql`true`}
    and ${input.due === undefined ? sql`true` : sql`coalesce(${dueSql(ctx)}, false) = ${input.due}`}
    and ${input.inForce === undefined ? sql`true` : sql`coalesce(${inForceSql(ctx)}, false) = ${input.inForce}`}`
  const after = fromCursor(input.after, 2)
  const {
    rows: [count],
  } = await sql<{ n: number }>`select count(*)::int as n ${here}`.execute(ctx.tx)
  const { rows } = await sql<Order>`
    select o.* ${here} and ${after ? sql`(o.proposed_at, o.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`}
    order by o.proposed_at desc, o.id desc limit ${input.limit + 1}`.execute(ctx.tx)
  const page = rows.slice(0, input.limit)
  const last = page.at(-1)
  return {
    rows: (await described(ctx, page)).map((row) => lineOf(ctx, row)),
    total: count!.n,
    next: rows.length > input.limit && last ? toCursor([last.proposedAt, last.id]) : null,
  }
}

export async function countOrders(ctx: Ctx) {
  const today = dayOf(ctx.now)
  const {
    rows: [row],
  } = await sql<{
    proposed: number
    toCountersign: number
    toServe: number
    households: number
    persons: number
    due: number
    changes: number
    sealed: number
  }>`
    with mine as (select o.* from observation_orders o where o.community = ${ctx.community} and ${reached(ctx, 'o.grid')}),
    bound as (select o.household, o.persons, o.id from mine o where ${inForceSql(ctx)})
    select count(*) filter (where state in ('proposed', 'checked') and recorded_by is null)::int as proposed,
      count(*) filter (where state in ('proposed', 'checked') and recorded_by is not null)::int as to_countersign,
      count(*) filter (where state = 'decided')::int as to_serve,
      (select count(distinct coalesce(household, id))::int from bound) as households,
      (select count(distinct p)::int from bound, unnest(bound.persons) p) as persons,
      (select count(*)::int from mine o where ${dueSql(ctx)}) as due,
      (select count(*)::int from observation_documents d join mine o on o.id = d.order_id where d.community = ${ctx.community} and d.outcome is null) as changes,
      (select count(*)::int from observation_seals s where s.community = ${ctx.community} and s.state in ('decided', 'lifting')
        and ${today}::date between s.starts_on and s.last_day) as sealed
    from mine`.execute(ctx.tx)
  return row!
}
