// Views as staff see and keep them: who has one, how its code stands, what it shows; and what a PIN must not be made of.
import { sql, type RawBuilder } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import { dayOf, instantOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { fromCursor, pageFrom } from '#core/paging.ts'
import type { Ctx, House } from '#server/house.ts'
import { namesOf, placesOf } from '#server/names.ts'
import { reached, requireReach } from '#server/scope.ts'
import { asSystem } from '#server/system.ts'
import { policy } from '#modules/policy/server.ts'
import { papers } from '#modules/observation/rules.ts'
import { isMinor } from '#modules/residents/model.ts'
import {
  getHousehold,
  getMember,
  householdLabels,
  membersIn,
  openField,
  personNames,
  phonesInCell,
} from '#modules/residents/server.ts'
import type * as api from '../api.ts'
import { say, type Known, type View, type ViewState } from '../model.ts'
import { endCode, makeCode, writtenCode } from './codes.ts'
import { of, type Code } from './tables.ts'

/** How a view stands, from its row `v` and its code `c`. */
const stateSql = (now: string) => sql<ViewState>`case
  when v.ended_at is not null then 'revoked' when v.off_at is not null then 'off' when c.locked_at is not null then 'locked'
  when c.pin_hash is not null then 'open' when c.ticket_until > ${now}::timestamptz and c.confirmed_at is null then 'waiting' else 'issued' end`

type Row = View & { state: ViewState; openedAt: string | null; missed: number; lastAt: string | null }
const rowsSql = (ctx: Ctx, where: RawBuilder<unknown>) => sql<Row>`
  select v.*, ${stateSql(instantOf(ctx.now))} as state, c.opened_at, coalesce(c.missed, 0) as missed,
    (select max(s.begun_at) from family_sessions s where s.community = v.community and s.view = v.id) as last_at
  from family_views v left join family_codes c on c.community = v.community and c.view = v.id and c.ended_at is null
  where v.community = ${ctx.community} and ${reached(ctx, 'v.grid')} and ${where}`

async function linesOf(ctx: Ctx, rows: readonly Row[]): Promise<api.ViewLine[]> {
  const names = await personNames(
    ctx.tx,
    rows.map((r) => r.person),
  )
  const labels = await householdLabels(
    ctx.tx,
    rows.flatMap((r) => r.household ?? []),
  )
  const accounts = await namesOf(
    ctx.house,
    ctx.tx,
    rows.map((r) => r.issuedBy),
  )
  return rows.map(
    ({
      id,
      kind,
      person,
      household,
      proxyName,
      proxyTie,
      shared,
      results,
      offAt,
      issuedAt,
      endedAt,
      state,
      openedAt,
      lastAt,
      missed,
      issuedBy,
    }) => ({
      id,
      kind,
      person,
      household,
      proxyName,
      proxyTie,
      shared,
      results,
      offAt,
      issuedAt,
      endedAt,
      state,
      openedAt,
      lastAt,
      missed,
      name: names.get(person) ?? null,
      address: (household && labels.get(household)?.address) || null,
      issuedByName: accounts.get(issuedBy) ?? null,
    }),
  )
}

export async function listViews(ctx: Ctx, { household, person, order, state, after, limit }: Parsed<typeof api.views>) {
  const last = fromCursor(after, 2)
  const all = rowsSql(
    ctx,
    sql`
    ${household ? sql`v.household = ${household}` : sql`true`} and ${person ? sql`v.person = ${person}` : sql`true`}
    and ${order ? sql`v.person in (select unnest(o.persons) from observation_orders o where o.community = v.community and o.id = ${order})` : sql`true`}
    and ${state ? sql`${stateSql(instantOf(ctx.now))} = ${state}` : sql`true`}`,
  )
  const {
    rows: [count],
  } = await sql<{ n: number }>`select count(*)::int as n from (${all}) r`.execute(ctx.tx)
  const { rows } = await sql<Row>`select * from (${all}) r
    where ${last ? sql`(r.issued_at, r.id) < (${last[0]}::timestamptz, ${last[1]}::uuid)` : sql`true`}
    order by r.issued_at desc, r.id desc limit ${limit + 1}`.execute(ctx.tx)
  const page = pageFrom(rows, limit, count!.n, (r) => [r.issuedAt, r.id])
  return { ...page, rows: await linesOf(ctx, page.rows) }
}

export async function showView(ctx: Ctx, id: Id): Promise<api.ViewLine> {
  const { rows } = await rowsSql(ctx, sql`v.id = ${id}`).execute(ctx.tx)
  const [line] = await linesOf(ctx, rows)
  if (!line) throw say.unknownView()
  return line
}

/** A view within reach, locked for a step, with the code that stands. Throws `family.unknownView`, `family.endedAlready`. */
async function holdView(ctx: Ctx, id: Id): Promise<{ view: View; code: Code }> {
  const view = (await of(ctx.tx)
    .selectFrom('familyViews')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()) as View | undefined
  if (!view) throw say.unknownView()
  requireReach(ctx, view.grid)
  if (view.endedAt) throw say.endedAlready()
  const code = await of(ctx.tx)
    .selectFrom('familyCodes')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('view', '=', id)
    .where('endedAt', 'is', null)
    .executeTakeFirstOrThrow()
  return { view, code }
}

type New = { id: Id; person: Id; kind: View['kind']; proxyName?: string | null | undefined; proxyTie?: string | null | undefined }
export async function addView(ctx: Ctx, { id, person, kind, proxyName, proxyTie }: New): Promise<void> {
  const { member, label } = await getMember(ctx, person)
  await of(ctx.tx)
    .insertInto('familyViews')
    .values({
      community: ctx.community,
      id,
      kind,
      person,
      household: member.household,
      grid: label?.grid ?? null,
      proxyName: kind === 'proxy' ? (proxyName ?? null) : null,
      proxyTie: kind === 'proxy' ? proxyTie || null : null,
      shared: [],
      results: false,
      offAt: null,
      offBy: null,
      issuedBy: ctx.who.account,
      issuedAt: instantOf(ctx.now),
      endedAt: null,
      endedBy: null,
    })
    .execute()
  await makeCode(ctx, id)
}

export async function issue(ctx: Ctx, asked: Parsed<typeof api.issue>): Promise<api.ViewLine> {
  await addView(ctx, { ...asked, id: ctx.id })
  return showView(ctx, ctx.id)
}

export async function confirmFirst(ctx: Ctx, { view, number }: Parsed<typeof api.confirmFirst>): Promise<api.ViewLine> {
  const { code } = await holdView(ctx, view)
  if (code.pinHash || !code.number || !code.ticketUntil || code.ticketUntil <= instantOf(ctx.now)) throw say.nothingWaits()
  if (code.number !== number) throw say.wrongNumber()
  await of(ctx.tx)
    .updateTable('familyCodes')
    .set({ confirmedBy: ctx.who.account, confirmedAt: instantOf(ctx.now) })
    .where('community', '=', ctx.community)
    .where('id', '=', code.id)
    .execute()
  return showView(ctx, view)
}

export async function reissue(ctx: Ctx, id: Id): Promise<api.ViewLine> {
  await holdView(ctx, id)
  await makeCode(ctx, id)
  return showView(ctx, id)
}

export async function revoke(ctx: Ctx, id: Id): Promise<api.ViewLine> {
  await holdView(ctx, id)
  await endCode(ctx, id)
  await of(ctx.tx)
    .updateTable('familyViews')
    .set({ endedAt: instantOf(ctx.now), endedBy: ctx.who.account })
    .where('community', '=', ctx.community)
    .where('id', '=', id)
    .execute()
  return showView(ctx, id)
}

export async function turnOff(ctx: Ctx, { view: id, off, whole }: Parsed<typeof api.turnOff>): Promise<api.ViewLine> {
  const { view } = await holdView(ctx, id)
  let put = of(ctx.tx)
    .updateTable('familyViews')
    .set(off ? { offAt: instantOf(ctx.now), offBy: ctx.who.account } : { offAt: null, offBy: null })
    .where('community', '=', ctx.community)
    .where('endedAt', 'is', null)
  put = whole && view.household ? put.where('household', '=', view.household) : put.where('id', '=', id)
  await put.execute()
  return showView(ctx, id)
}

export async function share(ctx: Ctx, { view: id, persons, results }: Parsed<typeof api.share>): Promise<api.ViewLine> {
  const { view } = await holdView(ctx, id)
  const members = view.household ? (await membersIn(ctx, [view.household])).map((m) => m.root) : []
  const others = [...new Set(persons)].filter((one) => one !== view.person)
  if (others.some((one) => !members.includes(one))) throw say.notOfHousehold()
  await of(ctx.tx)
    .updateTable('familyViews')
    .set({ shared: others, results })
    .where('community', '=', ctx.community)
    .where('id', '=', id)
    .execute()
  return showView(ctx, id)
}

export async function peopleOf(ctx: Ctx, { household, order }: Parsed<typeof api.people>) {
  const bound = order
    ? (
        await sql<{ household: Id | null; person: Id }>`select o.household, unnest(o.persons) as person from observation_orders o
    where o.community = ${ctx.community} and o.id = ${order} and ${reached(ctx, 'o.grid')}`.execute(ctx.tx)
      ).rows
    : []
  const home = household ?? bound[0]?.household
  const members = home
    ? (await getHousehold(ctx, home)).members
    : await Promise.all(bound.map(async (b) => (await getMember(ctx, b.person)).member))
  return { rows: members.map((m) => ({ person: m.root, name: m.name, minor: isMinor(m.birthDate, dayOf(ctx.now)) })) }
}

/** Codes of views within reach, for paper. Whoever is switched off or revoked gets none. */
export async function slipsOf(ctx: Ctx, ids: readonly Id[]) {
  const { rows } = await sql<View & { code: Code }>`
    select v.* from family_views v where v.community = ${ctx.community} and v.id = any(${[...ids]}::uuid[]) and ${reached(ctx, 'v.grid')}
      and v.ended_at is null and v.off_at is null order by v.household, v.issued_at`.execute(ctx.tx)
  return { ...(await fromOf(ctx)), rows: await writtenFor(ctx, rows) }
}

async function writtenFor(ctx: Ctx, views: readonly View[]) {
  if (!views.length) return []
  const codes = await of(ctx.tx)
    .selectFrom('familyCodes')
    .selectAll()
    .where('community', '=', ctx.community)
    .where(
      'view',
      'in',
      views.map((v) => v.id),
    )
    .where('endedAt', 'is', null)
    .where('lockedAt', 'is', null)
    .execute()
  const names = await personNames(
    ctx.tx,
    views.map((v) => v.person),
  )
  return views.flatMap((view) => {
    const code = codes.find((one) => one.view === view.id)
    return code
      ? [
          {
            view: view.id,
            person: view.person,
            name: names.get(view.person) ?? '',
            proxyName: view.proxyName,
            ...writtenCode(ctx, code),
          },
        ]
      : []
  })
}

/** Name of the community and the number to call, as on every paper. */
export async function fromOf(ctx: Ctx): Promise<{ communityName: string; hotline: string }> {
  const names = await placesOf(ctx.house, ctx.tx, [ctx.community])
  return {
    communityName: names.get(ctx.community) ?? '',
    hotline: (await policy(ctx.tx, papers, ctx.community, instantOf(ctx.now))).value.hotline,
  }
}

/** What neighbours and papers know of a household, of which no PIN is made. */
export async function knownOf(house: House, view: View): Promise<Known> {
  return asSystem(house, view.community, 'family.judgePin', async (ctx) => {
    const members = view.household ? await membersIn(ctx, [view.household]) : []
    const people = members.some((m) => m.root === view.person)
      ? members
      : [...members, (await getMember(ctx, view.person)).member]
    const address = view.household ? ((await householdLabels(ctx.tx, [view.household])).get(view.household)?.address ?? '') : ''
    return {
      phones: people.flatMap((m) => phonesInCell(ctx, m)?.split('、') ?? []),
      birthDates: people.flatMap((m) => m.birthDate ?? []),
      documents: people.flatMap((m) => openField.document(ctx, m) ?? []),
      rooms: [address.split(' ').at(-1) ?? '', address],
    }
  })
}
