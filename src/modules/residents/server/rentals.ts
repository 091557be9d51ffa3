// Let dwellings as lists and pages show them: who owns, who rents since when, what changed, which dangers are open.
import { sql, type RawBuilder } from 'kysely'
import { addDays, dayOf, instantAt, type Instant } from '#core/dates.ts'
import type { Parsed } from '#core/contract.ts'
import type { Id } from '#core/ids.ts'
import { fromCursor, toCursor } from '#core/paging.ts'
import { lastLink, standing } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { reached, requireReach } from '#server/scope.ts'
import { addressSql, dwellingAddresses, gridBeside, walkSql } from '#modules/territory/server.ts'
import type { Use } from '#modules/territory/model.ts'
import { say } from '../model.ts'
import type * as api from '../tenancy.ts'
import type { DeclaredBy, HazardKind, RentalLine } from '../tenancy.ts'
import { landlordsOf } from './landlords.ts'
import { householdLabels, householdsAt, startsWith } from './standing.ts'

export type Wanted = Pick<Parsed<typeof api.rentals>, 'grid' | 'having' | 'changed'> & { readonly dwellings?: readonly Id[] }

type Found = {
  dwelling: Id
  grid: string | null
  use: Use
  address: string
  household: Id | null
  households: number
  people: number
  since: Instant | null
  changedAt: Instant | null
  hazards: number
}

/** How many live in each household as of now. */
const sizesOf = (community: string) => sql`(
  select m.household, count(*) as n from residents_persons as p
  join lateral ${lastLink('residents_memberships', 'p.root', 'p.community')} as m on m.household is not null
  where p.community = ${community} and ${standing('residents_persons', 'p')} group by m.household)`

/** Tenants of each dwelling as of now; `owned`: whoever owns it lives there. `sizes` names the size of each household. */
const tenantsOf = (community: string) => sql`(
  select h.dwelling, (count(*) filter (where h.tenure = 'tenant'))::int as households, bool_or(h.tenure = 'owner') as owned,
    max(h.since) filter (where h.tenure = 'tenant') as since, coalesce(sum(p.n) filter (where h.tenure = 'tenant'), 0)::int as people,
    (array_agg(h.household order by h.since desc) filter (where h.tenure = 'tenant'))[1] as household
  from ${householdsAt({ community })} as h left join sizes as p on p.household = h.household
  group by h.dwelling)`

/** When somebody last moved in or out. */
const movesOf = (community: string) => sql`(
  select o.dwelling, greatest(max(o.since), max(o.left_at)) as at from (
    select l.dwelling, l.since, lead(l.since) over (partition by l.subject order by l.since, l.generation, l.xid, l.seq) as left_at
    from residents_occupancies as l where l.community = ${community}) as o
  where o.dwelling is not null group by o.dwelling)`

const ownersOf = (community: string) => sql`(
  select l.dwelling, max(l.recorded_at) as at from residents_landlords as l
  where l.community = ${community} and ${standing('residents_landlords', 'l')} group by l.dwelling)`

const dangersOf = (community: string) => sql`(
  select z.dwelling, count(*)::int as n from residents_hazards as z
  where z.community = ${community} and z.settled_on is null and ${standing('residents_hazards', 'z')} group by z.dwelling)`

const havings = {
  noLandlord: sql`o.dwelling is null`,
  noTenants: sql`coalesce(t.households, 0) = 0`,
  hazards: sql`z.n > 0`,
}

/** A dwelling is let where it is said to be, where tenants live, or where a landlord is known and the owner does not live there. */
const isLet = sql`(a.use = 'rental' or t.households > 0 or (o.dwelling is not null and not coalesce(t.owned, false)))`

/**
 * Table expression of let dwellings in reach; of the named dwellings whether they are let or not. Each part is counted once:
 * with statistics of before a load the planner would else count it again for every dwelling.
 */
export const rentalRows = (ctx: Ctx, { grid, having, changed, dwellings }: Wanted): RawBuilder<unknown> => sql`(
  with sizes as materialized ${sizesOf(ctx.community)}, tenants as materialized ${tenantsOf(ctx.community)},
    moves as materialized ${movesOf(ctx.community)}, owners as materialized ${ownersOf(ctx.community)},
    dangers as materialized ${dangersOf(ctx.community)}
  select a.*, g.grid, t.household, coalesce(t.households, 0) as households, coalesce(t.people, 0) as people, t.since,
    greatest(m.at, o.at) as changed_at, coalesce(z.n, 0) as hazards, o.dwelling is not null as owned_by_somebody
  from ${dwellingAddresses(ctx.community)} as a
  left join lateral ${gridBeside('a.dwelling', 'a.community')} as g on true
  left join tenants as t on t.dwelling = a.dwelling
  left join moves as m on m.dwelling = a.dwelling
  left join owners as o on o.dwelling = a.dwelling
  left join dangers as z on z.dwelling = a.dwelling
  where ${reached(ctx, 'g.grid')} and ${grid ? startsWith('g.grid', grid) : sql`true`} and ${having ? havings[having] : sql`true`}
    and ${dwellings ? sql`a.dwelling = any(${dwellings}::uuid[])` : isLet}
    and ${changed ? sql`greatest(m.at, o.at) >= ${instantAt(addDays(dayOf(ctx.now), 1 - changed))}` : sql`true`})`

/** Columns that `inWords` reads; `r` names `rentalRows`. */
export const foundColumns = sql`r.dwelling, r.grid, r.use, ${addressSql('r')} as address, r.household, r.households, r.people, r.since,
  r.changed_at, r.hazards`

/** Rows with the names that stand beside them. */
export async function inWords(ctx: Ctx, found: readonly Found[]): Promise<RentalLine[]> {
  const owners = await landlordsOf(
    ctx,
    found.map((r) => r.dwelling),
  )
  const labels = await householdLabels(
    ctx.tx,
    found.flatMap((r) => r.household ?? []),
  )
  return found.map(({ dwelling, household, ...row }) => {
    const owner = owners.get(dwelling)?.[0]
    return {
      id: dwelling,
      ...row,
      landlord: owner?.landlord ?? null,
      landlordName: owner?.name ?? null,
      landlordPhone: owner?.phone ?? null,
      tenants: (household && labels.get(household)?.head) ?? null,
    }
  })
}

export async function rentalsBy(ctx: Ctx, dwellings: readonly Id[]): Promise<RentalLine[]> {
  if (!dwellings.length) return []
  const { rows } =
    await sql<Found>`select ${foundColumns} from ${rentalRows(ctx, { dwellings })} as r order by ${walkSql('r')}`.execute(ctx.tx)
  return inWords(ctx, rows)
}

/** One dwelling within reach, let or not. Throws `residents.unknownDwelling`, `scope.outOfReach`. */
export async function getRental(ctx: Ctx, dwelling: Id): Promise<RentalLine> {
  const {
    rows: [at],
  } = await sql<{ grid: string | null }>`
    select g.grid from territory_dwellings as d left join lateral ${gridBeside('d.id', 'd.community')} as g on true
    where d.community = ${ctx.community} and d.id = ${dwelling}`.execute(ctx.tx)
  if (!at) throw say.unknownDwelling()
  requireReach(ctx, at.grid)
  return (await rentalsBy(ctx, [dwelling]))[0]!
}

export async function listRentals(ctx: Ctx, { after, limit, ...wanted }: Wanted & { after?: string | undefined; limit: number }) {
  const all = rentalRows(ctx, wanted)
  const {
    rows: [count],
  } = await sql<{ n: number }>`select count(*)::int as n from ${all} as r`.execute(ctx.tx)
  // The cursor is the last dwelling's id alone, so that no room stands in it.
  const last = fromCursor(after, 1)?.[0]
  const { rows } = await sql<Found>`
    select ${foundColumns} from ${all} as r
    where ${last ? sql`(${walkSql('r')}) > (select ${walkSql('l')} from ${dwellingAddresses(ctx.community)} as l where l.dwelling = ${last})` : sql`true`}
    order by ${walkSql('r')} limit ${limit + 1}`.execute(ctx.tx)
  const page = rows.slice(0, limit)
  return { rows: await inWords(ctx, page), next: rows.length > limit ? toCursor([page.at(-1)!.dwelling]) : null, total: count!.n }
}

export async function rentalsAtAGlance(ctx: Ctx) {
  const {
    rows: [row],
  } = await sql<Record<'dwellings' | 'households' | 'people' | 'noLandlord' | 'noTenants' | 'hazards', number>>`
    select count(*)::int as dwellings, coalesce(sum(r.households), 0)::int as households, coalesce(sum(r.people), 0)::int as people,
      (count(*) filter (where not r.owned_by_somebody))::int as no_landlord,
      (count(*) filter (where r.households = 0))::int as no_tenants, (count(*) filter (where r.hazards > 0))::int as hazards
    from ${rentalRows(ctx, {})} as r`.execute(ctx.tx)
  return row!
}

type StayRow = {
  household: Id
  tenant: boolean
  since: Instant
  until: Instant | null
  began: DeclaredBy | null
  ended: DeclaredBy | null
  people: number
}

/** Who has lived in a dwelling, the last one first, by their dated links; on whose word they came and went where somebody said it. */
export async function staysIn(ctx: Ctx, dwelling: Id) {
  const said = (event: 'began' | 'ended') => sql`(
    select f.declared_by from residents_tenancies as f where f.community = o.community and f.dwelling = o.dwelling and f.household = o.subject
      and f.event = ${event} and ${standing('residents_tenancies', 'f')} order by f.recorded_at desc limit 1)`
  const { rows } = await sql<StayRow>`
    select o.subject as household, o.tenure is not distinct from 'tenant' as tenant, o.since, o.until, ${said('began')} as began,
      case when o.until is not null then ${said('ended')} end as ended,
      (select count(distinct m.subject)::int from residents_memberships as m
        where m.community = o.community and m.household = o.subject) as people
    from (
      select l.*, lead(l.since) over (partition by l.subject order by l.since, l.generation, l.xid, l.seq) as until
      from residents_occupancies as l where l.community = ${ctx.community} and l.subject in (
        select i.subject from residents_occupancies as i where i.community = ${ctx.community} and i.dwelling = ${dwelling})) as o
    where o.dwelling = ${dwelling} order by o.until is not null, o.since desc, o.subject`.execute(ctx.tx)
  const labels = await householdLabels(
    ctx.tx,
    rows.map((r) => r.household),
  )
  return rows.map((row) => ({ ...row, head: labels.get(row.household)?.head ?? null }))
}

type HazardFound = {
  id: Id
  kind: HazardKind
  words: string
  at: Instant
  recordedBy: Id
  settledOn: string | null
  measure: string | null
}
export async function hazardsIn(ctx: Ctx, dwelling: Id) {
  const { rows } = await sql<HazardFound>`
    select z.id, z.kind, z.words, z.occurred_at as at, z.recorded_by, z.settled_on, z.measure from residents_hazards as z
    where z.community = ${ctx.community} and z.dwelling = ${dwelling} and ${standing('residents_hazards', 'z')}
    order by z.settled_on is not null, z.occurred_at desc, z.id desc`.execute(ctx.tx)
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    rows.map((r) => r.recordedBy),
  )
  return rows.map(({ recordedBy, ...row }) => ({ ...row, recordedByName: names.get(recordedBy) ?? '—' }))
}

export async function landlordsIn(ctx: Ctx, dwelling: Id) {
  const found = (await landlordsOf(ctx, [dwelling])).get(dwelling) ?? []
  const { rows } = await sql<{ id: Id; recordedAt: Instant; recordedBy: Id }>`
    select l.id, l.recorded_at, l.recorded_by from residents_landlords as l
    where l.community = ${ctx.community} and l.id = any(${found.map((l) => l.record)}::uuid[])`.execute(ctx.tx)
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    rows.map((r) => r.recordedBy),
  )
  return found.map(({ landlord, record, name, phone }) => {
    const row = rows.find((one) => one.id === record)!
    return { landlord, record, name, phone, recordedAt: row.recordedAt, recordedByName: names.get(row.recordedBy) ?? '—' }
  })
}

/** All that belongs to one landlord (root), within reach. Throws `residents.unknownLandlord`. */
export async function dwellingsOfLandlord(ctx: Ctx, landlord: Id) {
  const { rows } = await sql<{ dwelling: Id; name: string; phoneDigest: Buffer | null; own: boolean }>`
    select l.dwelling, l.name, l.phone_digest, l.root = ${landlord} as own from residents_landlords as l
    join residents_landlords as mine on mine.community = l.community and mine.root = ${landlord} and ${standing('residents_landlords', 'mine')}
    where l.community = ${ctx.community} and ${standing('residents_landlords', 'l')} and (l.root = ${landlord}
      or (l.phone_digest = mine.phone_digest) or (l.name = mine.name and (l.phone_digest is null or mine.phone_digest is null)))`.execute(
    ctx.tx,
  )
  const own = rows.find((row) => row.own)
  if (!own) throw say.unknownLandlord()
  const lines = await rentalsBy(
    ctx,
    rows.map((row) => row.dwelling),
  )
  if (!lines.some((line) => line.id === own.dwelling)) throw say.unknownLandlord()
  const surely = new Set(
    rows.filter((row) => row.own || (own.phoneDigest && row.phoneDigest?.equals(own.phoneDigest))).map((row) => row.dwelling),
  )
  const { phone } = (await landlordsOf(ctx, [own.dwelling])).get(own.dwelling)!.find((one) => one.landlord === landlord)!
  return { name: own.name, phone, rows: lines.map((line) => ({ ...line, byName: !surely.has(line.id) })) }
}
