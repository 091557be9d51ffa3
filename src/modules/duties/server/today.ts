// Today: the slots of the day and what is still overdue from before, sorted by need, counted, and with the words of their places.
import { sql, type RawBuilder } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import { dayOf, instantOf, msOf, type Day, type Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { fromCursor, toCursor } from '#core/paging.ts'
import type { Ctx } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { isCommunity, reached } from '#server/scope.ts'
import { policy } from '#modules/policy/server.ts'
import * as api from '../api.ts'
import { kindTitle, slotTitle, type DutyAt } from '../kinds.ts'
import { missedAfterHours, SlotState, statesByNeed, type SubjectKind } from '../model.ts'
import { besideDuty, canBeOf, ownerSql, owningOf, type Owning } from './owners.ts'
import { doingBeside, dutiesNow, slotsOf, stateSql } from './slots.ts'
import { aboutDuties } from './about.ts'

type Where = { grid?: string | undefined; building?: Id | undefined; kind?: string | undefined; mine?: boolean | undefined }
const hours = 3_600_000

/** The days that are looked at, the grace, and who owns what: the same for the list and its counts. */
type Look = { at: Instant; from: Day; today: Day; grace: number; owning: Owning }

async function lookAt(ctx: Ctx, at: Instant): Promise<Look> {
  const today = dayOf(at)
  const { value: grace } = await policy(ctx.tx, missedAfterHours, isCommunity(ctx.area) ? ctx.community : ctx.area, at)
  const before = dayOf(msOf(at) - grace * hours)
  return { at, today, from: before < today ? before : today, grace, owning: await owningOf(ctx) }
}

/** Whoever does not lead sees the own duties alone: who is being cared for is nobody else's business. */
const ownOnly = (ctx: Ctx, mine: boolean | undefined): boolean =>
  mine === true || (!(api.seesAll as readonly string[]).includes(ctx.role) && !leads.has(ctx.role))
const leads = new Set(['subdistrictOfficer', 'districtOfficer', 'auditor'])

/** Running duties `d` of the caller's area that the filters ask for, by index of grid and last day. */
export function duties(
  ctx: Ctx,
  { grid, building, kind }: Where,
  from: Day,
  more: RawBuilder<unknown> = sql`true`,
): RawBuilder<unknown> {
  return dutiesNow(sql`d.ended_at is null and coalesce(d.last_day, 'infinity'::date) >= ${from}::date
    and ${isCommunity(ctx.area) ? sql`d.community = ${ctx.community}` : sql`true`} and ${reached(ctx, 'd.grid')}
    and ${grid ? sql`d.grid >= ${grid} and d.grid < ${`${grid}~`}` : sql`true`}
    and ${building ? sql`d.building = ${building}` : sql`true`} and ${kind ? sql`d.kind = ${kind}` : sql`true`} and ${more}`)
}

/** Slots with state, rank, need and owner. Of the days before today only what is still overdue is left; what is missed by now is not even looked up. */
function slotsToday(ctx: Ctx, filter: Where, { at, from, today, grace, owning }: Look): RawBuilder<unknown> {
  const mine = ownOnly(ctx, filter.mine)
  const near = duties(ctx, filter, from, mine ? canBeOf(ctx.who.account, owning) : sql`true`)
  return sql`(
    with near as materialized (
      select d.*, coalesce(k.need, 0) as need, ${ownerSql} as owner, coalesce(b.position, 0) as place
      from ${near} d ${besideDuty(owning)}
      left join territory_buildings b on b.community = d.community and b.id = d.building
    )
    select s.*, array_position(${sql.lit(`{${statesByNeed.join()}}`)}::text[], s.state) as rank
    from (
      select s.*, ${stateSql(at, grace)} as state, o.id as doing, o.occurred_at as done_at, o.record, o.excuse
      from ${slotsOf(sql`(select * from near)`, from, today, carried)} s ${doingBeside()}
      where s.day = ${today}::date or s.due_at > ${instantOf(msOf(at) - grace * hours)}::timestamptz) s
    where (s.day = ${today}::date or s.state = 'overdue') and ${mine ? sql`s.owner = ${ctx.who.account}` : sql`true`})`
}
const carried = sql`d.need, d.owner, d.kind, d.building, d.grid, d.dwelling, d.subject_kind, d.subject, d.source, d.source_id, d.place`

type Found = {
  community: string
  duty: Id
  day: Day
  slot: string
  state: SlotState
  opensAt: Instant
  dueAt: Instant
  rank: number
  need: number
  owner: Id | null
  kind: string
  building: Id | null
  grid: string | null
  dwelling: Id | null
  subjectKind: SubjectKind
  subject: Id
  source: string
  sourceId: Id
  place: number
  doing: Id | null
  doneAt: Instant | null
  record: Id | null
  excuse: string | null
  total: number
}
const order = ['rank', 'need', 'dueAt', 'place', 'duty', 'day', 'slot'] as const

export async function listToday(ctx: Ctx, { state, after, limit, ...filter }: Parsed<typeof api.today>) {
  const last = fromCursor(after, order.length + 1)
  // Pages of one list are of one instant: what comes due meanwhile would move between them.
  const look = await lookAt(ctx, (last?.[0] as Instant | undefined) ?? instantOf(ctx.now))
  const { rows } = await sql<Found>`
    with found as materialized (select t.* from ${slotsToday(ctx, filter, look)} t where ${state ? sql`t.state = ${state}` : sql`true`})
    select f.*, (select count(*)::int from found) as total from found f
    where ${
      last
        ? sql`(f.rank, f.need, f.due_at, f.place, f.duty, f.day, f.slot) > (${last[1]}::int, ${last[2]}::int, ${last[3]}::timestamptz, ${last[4]}::int,
          ${last[5]}::uuid, ${last[6]}::date, ${last[7]}::text)`
        : sql`true`
    }
    order by f.rank, f.need, f.due_at, f.place, f.duty, f.day, f.slot limit ${limit + 1}`.execute(ctx.tx)
  const page = rows.slice(0, limit)
  const end = page.at(-1)
  return {
    rows: await withWords(ctx, page, look),
    total: rows[0]?.total ?? 0,
    next: rows.length > limit && end ? toCursor([look.at, ...order.map((key) => end[key])]) : null,
  }
}

async function withWords(ctx: Ctx, found: readonly Found[], { owning: { kinds } }: Look): Promise<api.SlotRow[]> {
  const words = await aboutDuties(
    ctx,
    found.map((f) => f.duty),
  )
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    found.flatMap((f) => f.owner ?? []),
  )
  return found.map((f) => {
    const kind = kinds.get(f.kind)
    const at: DutyAt = { ...f, id: f.duty }
    return {
      duty: f.duty,
      day: f.day,
      slot: f.slot,
      state: f.state,
      kind: f.kind,
      title: kindTitle(kinds, f.kind),
      slotTitle: slotTitle(kind, f.slot),
      opensAt: f.opensAt,
      dueAt: f.dueAt,
      ...words.get(f.duty)!,
      owner: f.owner,
      ownerName: f.owner ? (names.get(f.owner) ?? '—') : null,
      doneAt: f.state === 'done' ? f.doneAt : null,
      late: f.doneAt !== null && f.doneAt >= f.dueAt,
      record: f.record,
      doing: f.doing,
      excuse: f.excuse,
      path: kind?.path(at) ?? '/today',
      phone: kind?.phone?.(at) ?? null,
    }
  })
}

type CountRow = { kind: string; building: Id | null; buildingName: string | null; state: SlotState; n: number }

/** Slots by kind and state, and the buildings in which there are any. */
export async function countToday(ctx: Ctx, filter: Where) {
  const look = await lookAt(ctx, instantOf(ctx.now))
  const { rows } = await sql<CountRow>`
    select t.kind, t.building, nullif(concat_ws(' ', c.name, b.name), '') as building_name, t.state, t.n from (
      select s.community, s.kind, s.building, s.state, count(*)::int as n from ${slotsToday(ctx, filter, look)} s group by 1, 2, 3, 4) t
    left join territory_buildings b on b.community = t.community and b.id = t.building
    left join territory_compounds c on c.community = b.community and c.id = b.compound
    order by c.name, b.position, b.name`.execute(ctx.tx)
  const none = () => Object.fromEntries(statesByNeed.map((s) => [s, 0])) as Record<SlotState, number>
  const byKind = new Map<string, Record<SlotState, number>>()
  for (const { kind, state, n } of rows) {
    const counted = byKind.get(kind) ?? none()
    counted[state] += n
    byKind.set(kind, counted)
  }
  const { kinds } = look.owning
  const inOrder = [...byKind].toSorted(
    ([a], [b]) => (kinds.get(b)?.priority ?? 0) - (kinds.get(a)?.priority ?? 0) || (a < b ? -1 : 1),
  )
  const buildings = new Map(rows.flatMap(({ building, buildingName }) => (building ? [[building, buildingName] as const] : [])))
  return {
    rows: inOrder.map(([kind, counted]) => ({ kind, title: kindTitle(kinds, kind), ...counted })),
    buildings: [...buildings].map(([id, name]) => ({ id, name })),
  }
}

// --- nobody's -----------------------------------------------------------------------------------------------------------

/** Running duties without an owner. */
const nobodys = (ctx: Ctx, filter: Where, owning: Owning) => sql`(
  select d.* from ${duties(ctx, filter, dayOf(ctx.now))} d ${besideDuty(owning)} where ${ownerSql} is null)`

export async function countUnassigned(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${nobodys(ctx, {}, await owningOf(ctx))} d`.execute(
    ctx.tx,
  )
  return rows[0]!.n
}

export async function listUnassigned(ctx: Ctx, { after, limit, ...filter }: Parsed<typeof api.unassigned>) {
  const owning = await owningOf(ctx)
  const last = fromCursor(after, 2)
  const { rows } = await sql<api.DutyRow & { total: number }>`
    with found as materialized (select * from ${nobodys(ctx, filter, owning)} x)
    select f.id, f.kind, f.cadence, f.starts_on, f.last_day, (select count(*)::int from found) as total from found f
    where ${last ? sql`(f.kind, f.id) > (${last[0]}::text, ${last[1]}::uuid)` : sql`true`} order by f.kind, f.id limit ${limit + 1}`.execute(
    ctx.tx,
  )
  const page = rows.slice(0, limit)
  const words = await aboutDuties(
    ctx,
    page.map((d) => d.id),
  )
  const end = page.at(-1)
  return {
    rows: page.map(({ total: _, ...d }) => ({ ...d, title: kindTitle(owning.kinds, d.kind), ...words.get(d.id)! })),
    total: rows[0]?.total ?? 0,
    next: rows.length > limit && end ? toCursor([end.kind, end.id]) : null,
  }
}
