// A whole unit, building, compound or garage at once: one decision, an order for each household, and one lifting for all of them.
import { sql } from 'kysely'
import { z } from 'zod'
import type { Parsed } from '#core/contract.ts'
import { dayOf, daysBetween, instantOf } from '#core/dates.ts'
import { newId, Id } from '#core/ids.ts'
import { wholePage } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { job, type Ctx } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { reached, requireReach } from '#server/scope.ts'
import { asSystem } from '#server/system.ts'
import { kindsOf } from '#modules/duties/kinds.ts'
import { endDuties, noSlots, slotCounts, startDuties, type SlotCounts } from '#modules/duties/server.ts'
import { activeResponse, requireResponse } from '#modules/policy/server.ts'
import { isMinor } from '#modules/residents/model.ts'
import { householdsAt, membersIn } from '#modules/residents/server.ts'
import { dwellingAddresses, gridBeside, walkSql, type MapLayer } from '#modules/territory/server.ts'
import type * as api from '../api.ts'
import { canSeal, isSealed, missingToSeal, say, type Order, type Scope, type Seal, type Serving } from '../model.ts'
import { releaseDayOf } from '../rules.ts'
import { freeze } from './freezing.ts'
import { begin, blank, move, requireSecond, serveOne, step } from './orders.ts'
import { nextNotices, nextReleases } from './numbering.ts'
import { passesBack } from './releasing.ts'
import { of } from './tables.ts'

const column: Record<Scope, string> = { unit: 'unit_id', building: 'building_id', compound: 'compound_id', garage: 'compound_id' }

/** Name and grid of a place: the grid only where all of it lies in one, so that a worker of one grid never sees half a seal. */
async function placeOf(ctx: Ctx, scope: Scope, place: Id): Promise<{ name: string; grid: string | null } | undefined> {
  const {
    rows: [row],
  } = await sql<{ name: string; grid: string | null }>`
    select concat_ws(' ', a.compound, ${scope === 'unit' || scope === 'building' ? sql`a.building` : sql`null`}, ${scope === 'unit' ? sql`a.unit` : sql`null`}) as name,
      (select case when count(distinct g.grid) = 1 then min(g.grid) end from ${dwellingAddresses(ctx.community)} d
        left join lateral ${gridBeside('d.dwelling', 'd.community')} g on true where ${sql.ref(`d.${column[scope]}`)} = ${place}) as grid
    from ${dwellingAddresses(ctx.community)} a where ${sql.ref(`a.${column[scope]}`)} = ${place} limit 1`.execute(ctx.tx)
  return row
}

async function getSeal(ctx: Ctx, id: Id, hold = false): Promise<Seal> {
  let asked = of(ctx.tx).selectFrom('observationSeals').selectAll().where('community', '=', ctx.community).where('id', '=', id)
  if (hold) asked = asked.forUpdate()
  const found = (await asked.executeTakeFirst()) as Seal | undefined
  if (!found) throw say.unknownSeal()
  requireReach(ctx, found.grid)
  return found
}

async function shown(ctx: Ctx, rows: readonly Seal[]): Promise<api.SealShown[]> {
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    rows.flatMap((s) => [s.proposedBy, s.decidedBy]).filter((one) => one !== null),
  )
  const { rows: counted } = await sql<{ seal: Id; served: number; waiting: number }>`
    select seal, count(*) filter (where served_at is not null)::int as served, count(*) filter (where state in ('proposed', 'checked'))::int as waiting
    from observation_orders where community = ${ctx.community} and seal = any(${rows.map((s) => s.id)}::uuid[]) group by seal`.execute(
    ctx.tx,
  )
  const slots = await slotsOfSeals(ctx, rows)
  const places = await Promise.all(rows.map((s) => placeOf(ctx, s.scope, s.place)))
  return rows.map(({ frozen, policyVersions: _, ...s }, i) => ({
    ...s,
    placeName: [places[i]?.name ?? '—', s.spot].filter(Boolean).join(' '),
    categoryTitle: frozen.category.title,
    days: daysBetween(s.startsOn, s.lastDay) + 1,
    sealed: isSealed(s, dayOf(ctx.now)),
    served: counted.find((c) => c.seal === s.id)?.served ?? 0,
    waiting: counted.find((c) => c.seal === s.id)?.waiting ?? 0,
    proposedByName: names.get(s.proposedBy) ?? '—',
    decidedByName: s.decidedBy && (names.get(s.decidedBy) ?? '—'),
    mine: s.proposedBy === ctx.who.account,
    mineLift: s.liftedBy === ctx.who.account,
    slots: slots.get(s.id) ?? noSlots,
  }))
}

/** What was due for the place and for each of its households, together. */
async function slotsOfSeals(ctx: Ctx, seals: readonly Seal[]): Promise<Map<Id, SlotCounts>> {
  if (seals.length === 0) return new Map()
  const orders = await of(ctx.tx)
    .selectFrom('observationOrders')
    .select(['id', 'seal'])
    .where('community', '=', ctx.community)
    .where(
      'seal',
      'in',
      seals.map((s) => s.id),
    )
    .execute()
  const counts = await slotCounts(ctx.tx, [...seals.map((s) => s.id), ...orders.map((o) => o.id)], instantOf(ctx.now))
  const sum = (a: SlotCounts, b: SlotCounts): SlotCounts => ({
    due: a.due + b.due,
    done: a.done + b.done,
    excused: a.excused + b.excused,
    missed: a.missed + b.missed,
    overdue: a.overdue + b.overdue,
  })
  return new Map(
    seals.map(({ id }) => [
      id,
      [id, ...orders.filter((o) => o.seal === id).map((o) => o.id)]
        .map((source) => counts.get(source) ?? noSlots)
        .reduce(sum, noSlots),
    ]),
  )
}
export const showSeal = async (ctx: Ctx, id: Id): Promise<api.SealShown> => (await shown(ctx, [await getSeal(ctx, id)]))[0]!

export async function listSeals(ctx: Ctx, state: Seal['state'] | undefined) {
  let asked = of(ctx.tx).selectFrom('observationSeals').selectAll().where('community', '=', ctx.community)
  if (state) asked = asked.where('state', '=', state)
  if (ctx.area.length > 12) asked = asked.where('grid', '>=', ctx.area).where('grid', '<', `${ctx.area}~`)
  const rows = (await asked.orderBy('proposedAt', 'desc').orderBy('id', 'desc').execute()) as unknown as Seal[]
  return wholePage(await shown(ctx, rows))
}

export async function seal(
  ctx: Ctx,
  { team, spot, category, scope, place, ...asked }: Parsed<typeof api.seal>,
): Promise<api.SealShown> {
  const found = await placeOf(ctx, scope, place)
  if (!found) throw say.unknownPlace()
  const response = await activeResponse(ctx.tx, found.grid ?? ctx.community, dayOf(ctx.now))
  const missing = missingToSeal(asked, Boolean(response))
  if (missing.length > 0) throw say.missing({ missing })
  const parts = asked as { [K in keyof typeof asked]-?: NonNullable<(typeof asked)[K]> }
  if (parts.lastDay < parts.startsOn || parts.lastDay < dayOf(ctx.now)) throw say.wrongDates()
  const { frozen, policyVersions } = await freeze(ctx, found.grid ?? ctx.community, category, 'home')
  await of(ctx.tx)
    .insertInto('observationSeals')
    .values({
      ...parts,
      community: ctx.community,
      id: ctx.id,
      scope,
      place,
      spot: spot ?? null,
      category,
      team: JSON.stringify(team),
      frozen: JSON.stringify(frozen),
      policyVersions,
      response: response!.id,
      state: 'proposed',
      grid: found.grid,
      proposedBy: ctx.who.account,
      proposedAt: instantOf(ctx.now),
      decidedBy: null,
      decidedAt: null,
      households: null,
      opened: 0,
      liftDocument: null,
      liftedBy: null,
      liftDecidedBy: null,
      liftedAt: null,
    })
    .execute()
  return showSeal(ctx, ctx.id)
}

async function putSeal(ctx: Ctx, id: Id, put: object): Promise<void> {
  await of(ctx.tx).updateTable('observationSeals').set(put).where('community', '=', ctx.community).where('id', '=', id).execute()
}

/** The second signature closes the place; the households' orders are opened by a job that can be begun again. */
export async function decideSeal(ctx: Ctx, id: Id): Promise<api.SealShown> {
  const found = await getSeal(ctx, id, true)
  if (!canSeal.decide(found)) throw say.wrongState()
  requireSecond(ctx, found.proposedBy)
  await requireResponse(ctx.tx, found.grid ?? ctx.community, dayOf(ctx.now))
  const homes = await householdsIn(ctx, found)
  await putSeal(ctx, id, {
    state: canSeal.decide.to,
    decidedBy: ctx.who.account,
    decidedAt: instantOf(ctx.now),
    households: homes.length,
  })
  await beginForPlace(ctx, found)
  await ctx.house.enqueue(ctx.tx, openOrders.name, { community: ctx.community, seal: id }, { singletonKey: id })
  return showSeal(ctx, id)
}

export async function resumeSeal(ctx: Ctx, id: Id): Promise<api.SealShown> {
  const found = await getSeal(ctx, id)
  if (found.state !== 'decided') throw say.wrongState()
  await ctx.house.enqueue(ctx.tx, openOrders.name, { community: ctx.community, seal: id }, { singletonKey: id })
  return showSeal(ctx, id)
}

export async function cancelSeal(ctx: Ctx, id: Id): Promise<api.SealShown> {
  const found = await getSeal(ctx, id, true)
  if (!canSeal.cancel(found)) throw say.wrongState()
  await putSeal(ctx, id, { state: canSeal.cancel.to })
  return showSeal(ctx, id)
}

/** What recurs once for the whole place: disinfection of the building, and the like. */
async function beginForPlace(ctx: Ctx, found: Seal): Promise<void> {
  const kinds = kindsOf(ctx.house)
  const today = dayOf(ctx.now)
  const startsOn = found.startsOn > today ? found.startsOn : today
  await startDuties(
    ctx,
    found.frozen.duties
      .filter((d) => d.subject === 'building' && d.seals !== 'never' && kinds.has(d.kind))
      .map((d) => ({
        kind: d.kind,
        subjectKind: found.scope === 'unit' || found.scope === 'building' ? found.scope : ('place' as const),
        subject: found.place,
        source: 'observation.seal',
        sourceId: found.id,
        cadence: { slots: d.slots, every: d.every, anchor: startsOn },
        startsOn,
        lastDay: found.lastDay,
        policyVersions: found.policyVersions,
      })),
  )
}

// --- an order for each household --------------------------------------------------------------------------------------

type Home = { household: Id; dwelling: Id; grid: string | null; building: Id }
/** Households with anybody in them, in the order of a walk. Nobody lives in a garage. */
async function householdsIn(ctx: Ctx, { scope, place, id }: Seal, withoutOrder = false): Promise<Home[]> {
  if (scope === 'garage') return []
  const { rows } = await sql<Home>`
    select h.household, h.dwelling, h.grid, a.building_id as building
    from ${householdsAt({ community: ctx.community })} h join ${dwellingAddresses(ctx.community)} a on a.community = h.community and a.dwelling = h.dwelling
    where ${sql.ref(`a.${column[scope]}`)} = ${place}
      and exists (select from residents_memberships m where m.community = h.community and m.household = h.household and not exists (
        select from residents_memberships l where l.community = m.community and l.subject = m.subject and (l.since, l.generation, l.xid, l.seq) > (m.since, m.generation, m.xid, m.seq)))
      and ${withoutOrder ? sql`not exists (select from observation_orders o where o.community = h.community and o.seal = ${id} and o.household = h.household)` : sql`true`}
    order by ${walkSql('a')}, h.household`.execute(ctx.tx)
  return rows
}

/** So many households in one transaction: progress can be seen, and a stop loses little. */
const batch = 20

export const openOrders = job({
  name: 'observation.openOrders',
  data: z.object({ community: z.string(), seal: Id }),
  run: async ({ community, seal: id }, house, { signal }) => {
    for (let left = 1; left > 0 && !signal.aborted;)
      left = await asSystem(house, community, 'observation.openOrders', (ctx) => openSome(ctx, id))
  },
})

/** Opens orders for the next households of a seal; answers how many there were to open. */
async function openSome(ctx: Ctx, id: Id): Promise<number> {
  const found = await getSeal(ctx, id, true)
  if (found.state !== 'decided') return 0
  const homes = (await householdsIn(ctx, found, true)).slice(0, batch)
  const members = Map.groupBy(
    await membersIn(
      ctx,
      homes.map((h) => h.household),
    ),
    (m) => m.household!,
  )
  const begun: Order[] = []
  const nextNotice = await nextNotices(ctx)
  for (const home of homes) {
    const people = members.get(home.household) ?? []
    const adult = people.find((p) => !isMinor(p.birthDate, found.startsOn))
    const alone = !adult && people.some((p) => isMinor(p.birthDate, found.startsOn))
    const guarded = people.some((p) => isMinor(p.birthDate, found.startsOn)) && adult ? adult.root : null
    const order: Order = {
      ...blank,
      team: found.team,
      frozen: found.frozen,
      community: ctx.community,
      id: newId(),
      person: null,
      household: home.household,
      persons: people.map((p) => p.root),
      source: 'seal',
      keyPerson: null,
      seal: id,
      grid: home.grid,
      building: home.building,
      dwelling: home.dwelling,
      category: found.category,
      place: 'home',
      decidingBody: found.government,
      legalBasis: found.legalBasis,
      document: found.document,
      observedFrom: found.startsOn,
      dayZero: found.startsOn,
      dayZeroBy: 'firstDayOfObservation',
      lastDay: found.lastDay,
      releaseOn: releaseDayOf(found.lastDay, found.frozen.release),
      coResidentsBound: true,
      guardian: guarded,
      policyVersions: found.policyVersions,
      response: found.response,
      state: alone ? 'proposed' : 'decided',
      proposedBy: found.proposedBy,
      proposedAt: instantOf(ctx.now),
      recordedBy: found.proposedBy,
      recordedAt: instantOf(ctx.now),
      ...(alone ? {} : { decidedBy: found.decidedBy, decidedAt: found.decidedAt, ...nextNotice() }),
    }
    await of(ctx.tx)
      .insertInto('observationOrders')
      .values({
        ...order,
        suitability: null,
        team: JSON.stringify(order.team),
        frozen: JSON.stringify(order.frozen),
      })
      .execute()
    await step(ctx, order, alone ? 'propose' : 'decide', found.document)
    if (!alone) begun.push(order)
  }
  await begin(ctx, ...begun)
  const {
    rows: [count],
  } = await sql<{ n: number }>`
    select count(*)::int as n from observation_orders where community = ${ctx.community} and seal = ${id}`.execute(ctx.tx)
  await putSeal(ctx, id, { opened: count!.n, households: Math.max(found.households ?? 0, count!.n) })
  await ctx.touched('observation')
  return homes.length
}

export async function serveSeal(
  ctx: Ctx,
  { seal: id, orders, ...serving }: { seal: Id; orders?: readonly Id[] | undefined } & Serving,
): Promise<api.SealShown> {
  const found = await getSeal(ctx, id)
  let asked = of(ctx.tx)
    .selectFrom('observationOrders')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('seal', '=', found.id)
    .where('state', '=', 'decided')
  if (orders) asked = asked.where('id', 'in', [...orders])
  if (ctx.area.length > 12) asked = asked.where('grid', '>=', ctx.area).where('grid', '<', `${ctx.area}~`)
  for (const order of await asked.orderBy('id').forUpdate().execute()) await serveOne(ctx, order as unknown as Order, serving)
  return showSeal(ctx, id)
}

// --- lifting ----------------------------------------------------------------------------------------------------------

/** The organ that decided lifts; its document is written down by one and countersigned by another. */
export async function askLift(ctx: Ctx, id: Id, document: string): Promise<api.SealShown> {
  const found = await getSeal(ctx, id, true)
  if (!canSeal.askLift(found)) throw say.wrongState()
  await putSeal(ctx, id, { state: canSeal.askLift.to, liftDocument: document, liftedBy: ctx.who.account })
  return showSeal(ctx, id)
}

/** Opens the place and releases every household of it, each with its own numbered notice; what was never served is cancelled. */
export async function lift(ctx: Ctx, id: Id): Promise<api.SealShown> {
  const found = await getSeal(ctx, id, true)
  if (!canSeal.lift(found)) throw say.wrongState()
  requireSecond(ctx, found.liftedBy)
  const now = instantOf(ctx.now)
  await putSeal(ctx, id, { state: canSeal.lift.to, liftDecidedBy: ctx.who.account, liftedAt: now })
  const orders = (await of(ctx.tx)
    .selectFrom('observationOrders')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('seal', '=', id)
    .where('state', 'not in', ['released', 'cancelled'])
    .orderBy('id')
    .forUpdate()
    .execute()) as unknown as Order[]
  const nextNumber = await nextReleases(ctx)
  const passes = await passesBack(
    ctx,
    orders.filter((o) => o.servedAt),
  )
  for (const order of orders) {
    if (order.servedAt) {
      await move(
        ctx,
        order,
        'serveRelease',
        {
          state: 'released',
          releaseDocument: found.liftDocument,
          releaseRequestedBy: found.liftedBy,
          releaseRequestedAt: now,
          releaseApprovedBy: ctx.who.account,
          releaseApprovedAt: now,
          releasedAt: now,
          ...(order.releaseNumber ? {} : nextNumber()),
        },
        [found.liftDocument, passes.get(order.id)].filter(Boolean).join(' · '),
      )
    } else await move(ctx, order, 'cancel', { state: 'cancelled', cancelReason: found.liftDocument }, found.liftDocument)
    await endDuties(ctx, order.id, found.liftDocument ?? '')
  }
  await endDuties(ctx, id, found.liftDocument ?? '')
  return showSeal(ctx, id)
}

/** Buildings that are sealed now, all or in part, on the plan. Words name the measure and its last day, nobody. */
export const sealsOnPlan: MapLayer = async (ctx) => {
  const { rows } = await sql<{ building: Id; scope: Scope; lastDay: string }>`
    select distinct a.building_id as building, s.scope, s.last_day from observation_seals s
    join ${dwellingAddresses(ctx.community)} a on case s.scope when 'unit' then a.unit_id when 'building' then a.building_id else a.compound_id end = s.place
    where s.community = ${ctx.community} and s.state in ('decided', 'lifting') and ${dayOf(ctx.now)}::date between s.starts_on and s.last_day
      and s.scope <> 'garage' and ${reached(ctx, 's.grid')}`.execute(ctx.tx)
  return rows.map(({ building, scope, lastDay }) => ({
    building,
    words:
      scope === 'unit'
        ? text(`单元封闭 至${lastDay}`, `Unit sealed until ${lastDay}`)
        : text(`整栋封闭 至${lastDay}`, `Sealed until ${lastDay}`),
  }))
}
