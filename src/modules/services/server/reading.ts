// Needs, calls and items as pages show them: with the words of the rules, names, doors and who did it.
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import { instantOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { fromCursor, pageFrom } from '#core/paging.ts'
import type { Text } from '#core/text.ts'
import { standing } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { isCommunity, reached } from '#server/scope.ts'
import { policy } from '#modules/policy/server.ts'
import { householdLabels, personNames, phonesOf } from '#modules/residents/server.ts'
import type * as api from '../api.ts'
import { itemWords } from '../kits.ts'
import { isOverdue, owesMoney, type Call, type Handout, type Request } from '../model.ts'
import { categories, urgencies } from '../rules.ts'
import { getRequest } from './requests.ts'
import { of } from './tables.ts'

/** The community of a request: the one it names, or that of the post. */
export const inCommunity = (ctx: Ctx, named: string | undefined): Ctx => {
  if (named) ctx.at(named)
  return ctx
}

/** The community in which is asked, or the wider area of a post that named none. */
export function placeOf(ctx: Ctx): string {
  try {
    return ctx.community
  } catch {
    return ctx.area
  }
}
/** Narrows rows to that community, so that its index is used. */
export const inOwn = (ctx: Ctx, alias: string): RawBuilder<SqlBool> =>
  isCommunity(placeOf(ctx)) ? sql<SqlBool>`${sql.ref(`${alias}.community`)} = ${placeOf(ctx)}` : sql<SqlBool>`true`

type About = { household: Id | null; person: Id | null }
export type Named = { name: string | null; address: string | null; who: Id | null }

/** Name and door of whom rows are about: the person where one is named, else the head of the household. */
export async function namesAndDoors(ctx: Ctx, rows: readonly About[]): Promise<(row: About) => Named> {
  const people = await personNames(
    ctx.tx,
    rows.flatMap((r) => r.person ?? []),
  )
  const homes = await householdLabels(
    ctx.tx,
    rows.flatMap((r) => r.household ?? []),
  )
  return ({ household, person }) => {
    const home = household ? homes.get(household) : undefined
    return {
      name: (person ? people.get(person) : home?.head) ?? null,
      address: home?.address ?? null,
      who: person ?? home?.headPerson ?? null,
    }
  }
}

const unknown = (key: string): Text => ({ zh: key, en: key })
export async function rulesNow(ctx: Ctx, area: string) {
  const at = instantOf(ctx.now)
  return {
    categories: (await policy(ctx.tx, categories, area, at)).value,
    urgencies: (await policy(ctx.tx, urgencies, area, at)).value,
  }
}

// --- needs ------------------------------------------------------------------------------------------------------------

/** Lines of needs. With `phones`, numbers for whoever is to call. */
export async function requestLines(ctx: Ctx, rows: readonly Request[], { phones = false } = {}): Promise<api.RequestLine[]> {
  const about = await namesAndDoors(ctx, rows)
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    rows.flatMap((r) => [r.askedBy, r.takenBy].filter((one) => one !== null)),
  )
  const rules = await rulesNow(ctx, placeOf(ctx))
  const numbers = phones
    ? await phonesOf(
        ctx,
        rows.flatMap((r) => about(r).who ?? []),
      )
    : new Map<Id, string>()
  const now = instantOf(ctx.now)
  return rows.map((row) => {
    const { name, address, who } = about(row)
    const category = rules.categories.find((c) => c.key === row.category)
    return {
      ...row,
      name,
      address,
      phone: (who && numbers.get(who)) ?? null,
      categoryTitle: category?.title ?? unknown(row.category),
      buys: category?.buys ?? false,
      urgencyTitle: rules.urgencies.find((u) => u.key === row.urgency)?.title ?? unknown(row.urgency),
      overdue: isOverdue(row, now),
      owes: owesMoney(row),
      mine: row.takenBy === ctx.who.account,
      takenByName: row.takenBy ? (names.get(row.takenBy) ?? '—') : null,
      askedByName: names.get(row.askedBy) ?? null,
    }
  })
}

export async function showRequest(ctx: Ctx, id: Id): Promise<api.RequestShown> {
  const request = await getRequest(ctx, id)
  const steps = await of(ctx.tx)
    .selectFrom('servicesSteps')
    .select(['id', 'request', 'verb', 'state', 'at', 'by', 'detail'])
    .where('community', '=', ctx.community)
    .where('request', '=', id)
    .orderBy('seq', 'desc')
    .execute()
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    steps.map((s) => s.by),
  )
  const [line] = await requestLines(ctx, [request], { phones: true })
  if (request.person) ctx.looked([request.person])
  return { ...line!, steps: steps.map((s) => ({ ...s, byName: names.get(s.by) ?? '—' })) }
}

type RequestFilters = Partial<Omit<Parsed<typeof api.requests>, 'after' | 'limit' | 'community'>>
const open = sql<SqlBool>`r.state in ('asked', 'taken', 'bought', 'returned')`
const owing = sql<SqlBool>`(r.advanced_by in ('helper', 'community') and r.amount > 0 and r.refunded_at is null)`
const dayOfSql = (column: string) => sql`(${sql.ref(column)} at time zone 'Asia/Shanghai')::date`
const yes = (asked: boolean | undefined, is: RawBuilder<SqlBool>) =>
  asked === undefined ? sql<SqlBool>`true` : sql<SqlBool>`coalesce(${is}, false) = ${asked}`

/** Needs of the caller's area that the filters ask for, as `r`. */
export const requestRows = (ctx: Ctx, f: RequestFilters): RawBuilder<unknown> => sql`
  from services_requests r where ${inOwn(ctx, 'r')} and (${reached(ctx, 'r.grid')} or r.taken_by = ${ctx.who.account})
    and ${f.household ? sql`r.household = ${f.household}` : sql`true`} and ${f.category ? sql`r.category = ${f.category}` : sql`true`}
    and ${f.state ? sql`r.state = ${f.state}` : sql`true`} and ${yes(f.owes, owing)}
    and ${yes(f.overdue, sql<SqlBool>`(${open} and r.due_at <= ${instantOf(ctx.now)}::timestamptz)`)}
    and ${f.mine ? sql`r.taken_by = ${ctx.who.account}` : sql`true`}
    and ${f.from ? sql`${dayOfSql('r.asked_at')} >= ${f.from}::date` : sql`true`} and ${f.to ? sql`${dayOfSql('r.asked_at')} <= ${f.to}::date` : sql`true`}`

export async function listRequests(ctx: Ctx, { after, limit, ...filters }: Omit<Parsed<typeof api.requests>, 'community'>) {
  const here = requestRows(ctx, filters)
  const {
    rows: [count],
  } = await sql<{ n: number }>`select count(*)::int as n ${here}`.execute(ctx.tx)
  const last = fromCursor(after, 2)
  const { rows } = await sql<Request>`
    select r.* ${here} and ${last ? sql`(r.asked_at, r.id) < (${last[0]}::timestamptz, ${last[1]}::uuid)` : sql`true`}
    order by r.asked_at desc, r.id desc limit ${limit + 1}`.execute(ctx.tx)
  const { next } = pageFrom(rows, limit, count!.n, (r) => [r.askedAt, r.id])
  return { rows: await requestLines(ctx, rows.slice(0, limit)), next, total: count!.n }
}

/** What a phone takes along: errands that the caller took, and those in reach that nobody took. Of these only whoever knows the households sees more than the place. */
export async function errandsOf(ctx: Ctx): Promise<api.RequestLine[]> {
  const { rows } = await sql<Request>`
    select r.* from services_requests r where r.community = ${ctx.community} and ((r.taken_by = ${ctx.who.account}
        and (${open} or r.state = 'delivered')) or (r.state = 'asked' and ${reached(ctx, 'r.grid')}))
    order by (r.taken_by = ${ctx.who.account}) desc nulls last, r.due_at, r.id limit 200`.execute(ctx.tx)
  const lines = await requestLines(ctx, rows, { phones: true })
  return lines.map((line) =>
    line.mine || ctx.sees.has('name')
      ? { ...line, phone: line.mine ? line.phone : null }
      : {
          ...line,
          person: null,
          household: null,
          name: null,
          phone: null,
          content: '—',
          address: line.address?.split(' ').slice(0, 2).join(' ') ?? null,
        },
  )
}

// --- facts ------------------------------------------------------------------------------------------------------------

type FactFilters = {
  household?: Id | undefined
  from?: string | undefined
  to?: string | undefined
  after?: string | undefined
  limit: number
}
type AnyFact = { id: Id; occurredAt: string; household: Id | null; person: Id | null; recordedBy: Id }

/** A page of a table of facts that stand, the newest first, with names and doors. */
async function listFacts<F extends AnyFact>(
  ctx: Ctx,
  table: string,
  { household, from, to, after, limit }: FactFilters,
  where: RawBuilder<unknown>,
) {
  const here = sql`
    from ${sql.table(table)} e where ${inOwn(ctx, 'e')} and ${reached(ctx, 'e.grid')}
      and ${standing(table, 'e')} and ${household ? sql`e.household = ${household}` : sql`true`} and ${where}
      and ${from ? sql`e.counted_on >= ${from}::date` : sql`true`} and ${to ? sql`e.counted_on <= ${to}::date` : sql`true`}`
  const {
    rows: [count],
  } = await sql<{ n: number }>`select count(*)::int as n ${here}`.execute(ctx.tx)
  const last = fromCursor(after, 2)
  const { rows } = await sql<F>`
    select e.* ${here} and ${last ? sql`(e.occurred_at, e.id) < (${last[0]}::timestamptz, ${last[1]}::uuid)` : sql`true`}
    order by e.occurred_at desc, e.id desc limit ${limit + 1}`.execute(ctx.tx)
  const page = pageFrom(rows, limit, count!.n, (e) => [e.occurredAt, e.id])
  const about = await namesAndDoors(ctx, page.rows)
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    page.rows.map((e) => e.recordedBy),
  )
  return {
    ...page,
    rows: page.rows.map((e) => ({
      ...e,
      name: about(e).name,
      address: about(e).address,
      recordedByName: names.get(e.recordedBy) ?? '—',
    })),
  }
}

export const listCalls = (ctx: Ctx, { kind, outcome, ...more }: Omit<Parsed<typeof api.calls>, 'community'>) =>
  listFacts<Call>(
    ctx,
    'services_calls',
    more,
    sql`
    ${kind ? sql`e.kind = ${kind}` : sql`true`} and ${outcome ? sql`e.outcome = ${outcome}` : sql`true`}`,
  )

export async function listHandouts(ctx: Ctx, { kind, ...more }: Omit<Parsed<typeof api.handouts>, 'community'>) {
  const page = await listFacts<Handout>(ctx, 'services_handouts', more, kind ? sql`e.kind = ${kind}` : sql`true`)
  const titleOf = titlesOf(ctx)
  return { ...page, rows: page.rows.map((row) => ({ ...row, itemTitle: titleOf(row.item) })) }
}

/** The words of an item. */
export function titlesOf(ctx: Pick<Ctx, 'house'>): (item: string) => Text {
  const known: Readonly<Record<string, Text>> = Object.assign({}, ...ctx.house.offered(itemWords))
  return (item) => known[item] ?? unknown(item)
}
