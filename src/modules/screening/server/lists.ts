// Attempts, who is left by name, who is to be visited again: each list is one query for its page and a few for the names on it.
import { sql, type RawBuilder } from 'kysely'
import { instantOf, msOf, type Instant } from '#core/dates.ts'
import type { Parsed } from '#core/contract.ts'
import type { Id } from '#core/ids.ts'
import { fromCursor, toCursor } from '#core/paging.ts'
import { standing } from '#server/facts.ts'
import { answer, type Ctx, type Handled } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { requireReach } from '#server/scope.ts'
import { policy } from '#modules/policy/server.ts'
import { householdLabels, membersOf, personNames, phonesOf } from '#modules/residents/server.ts'
import { dwellingAddresses, walkSql } from '#modules/territory/server.ts'
import * as api from '../api.ts'
import { say, type Attempt, type Statement } from '../model.ts'
import { householdState, nextPart, revisitAfter, revisited, type HouseholdState } from '../rules.ts'
import { areaOf, askedCampaign, communityOf, onlyCampaign } from './campaigns.ts'
import { placeOf } from './recording.ts'
import { gridIn, placeBeside, standsAmong, statesAt, type StateRow } from './standing.ts'
import { of } from './tables.ts'

const nothing = { rows: [], next: null, total: 0 }

type Done = { recordedBy: Id; walkedBy?: Id | null }
/** Who did it: whoever walked, where somebody else typed it in from paper. */
export const doneBy = ({ recordedBy, walkedBy }: Done): Id => walkedBy ?? recordedBy

/** Adds the names of those who did it, and of whoever typed it in for them. */
export async function withNames<R extends Done>(
  ctx: Ctx,
  rows: readonly R[],
): Promise<(R & { recordedByName: string; keyedByName?: string })[]> {
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    rows.flatMap((r) => [r.recordedBy, doneBy(r)]),
  )
  const nameOf = (account: Id) => names.get(account) ?? '—'
  return rows.map((row) => ({
    ...row,
    recordedByName: nameOf(doneBy(row)),
    ...(doneBy(row) === row.recordedBy ? {} : { keyedByName: nameOf(row.recordedBy) }),
  }))
}

// --- one household ----------------------------------------------------------------------------------------------------

async function household(ctx: Ctx, input: Parsed<typeof api.household>) {
  const community = communityOf(ctx, input.community)
  const place = await placeOf(ctx, input.household)
  requireReach(ctx, place.grid)
  const campaign = await askedCampaign(ctx, community, input.campaign, place.grid ?? community)
  const attempts = campaign
    ? ((await of(ctx.tx)
        .selectFrom('screeningAttempts')
        .selectAll()
        .where('community', '=', community)
        .where('campaign', '=', campaign.id)
        .where('household', '=', input.household)
        .where(standing('screening_attempts', 'screening_attempts'))
        .execute()) as unknown as Attempt[])
    : []
  const state = householdState(attempts)
  const said = await statementsOf(
    ctx,
    community,
    attempts.map((a) => a.root),
  )
  const label = (await householdLabels(ctx.tx, [input.household])).get(input.household)
  const newestFirst = (await withNames(ctx, attempts)).sort((a, b) => (a.occurredAt < b.occurredAt ? 1 : -1))
  return {
    household: input.household,
    address: label?.address ?? null,
    state: state.state,
    channel: state.channel,
    coveredOn: state.coveredOn,
    rows: newestFirst.map((a) => ({ ...a, statements: said.get(a.root) ?? [] })),
  }
}

async function statementsOf(ctx: Ctx, community: string, attempts: readonly Id[]) {
  if (attempts.length === 0) return new Map<Id, never[]>()
  const found = (await of(ctx.tx)
    .selectFrom('screeningStatements')
    .selectAll()
    .where('community', '=', community)

    .where('attempt', 'in', [...attempts])
    .where(standing('screening_statements', 'screening_statements'))
    .orderBy('id')
    .execute()) as unknown as Statement[]
  const names = await personNames(
    ctx.tx,
    found.map((s) => s.person),
  )
  return Map.groupBy(
    found.map(({ attempt, person, well, symptoms, answers }) => ({
      attempt,
      person,
      name: names.get(person) ?? '—',
      well,
      symptoms,
      answers,
    })),
    (s) => s.attempt,
  )
}

async function history(ctx: Ctx, { community: named, root }: Parsed<typeof api.attemptHistory>) {
  const community = communityOf(ctx, named)
  const chain = (await of(ctx.tx)
    .selectFrom('screeningAttempts')
    .selectAll()
    .where('community', '=', community)
    .where('root', '=', root)
    .orderBy('recordedAt')
    .orderBy('seq')
    .execute()) as unknown as Attempt[]
  if (chain.length === 0) throw say.unknownAttempt()
  requireReach(ctx, (await placeOf(ctx, chain.at(-1)!.household)).grid)
  return { rows: await withNames(ctx, chain) }
}

// --- all attempts -----------------------------------------------------------------------------------------------------

async function attempts(ctx: Ctx, input: Parsed<typeof api.attempts>) {
  const community = communityOf(ctx, input.community)
  const area = areaOf(ctx, community, input.area)
  let wanted = of(ctx.tx)
    .selectFrom('screeningAttempts')
    .where('community', '=', community)
    .where(standsAmong('screening_attempts', 'screening_attempts', { community }))
  if (input.campaign) wanted = wanted.where('campaign', '=', input.campaign)
  if (input.worker) wanted = wanted.where(sql<boolean>`coalesce(walked_by, recorded_by) = ${input.worker}`)
  if (input.how) wanted = wanted.where('how', '=', input.how)
  if (input.outcome) wanted = wanted.where('outcome', '=', input.outcome)
  if (input.on) wanted = wanted.where('countedOn', '=', input.on)
  if (input.doubted) wanted = wanted.where('clockDoubt', 'is not', null)
  const place = placeBeside('screening_attempts.household', 'screening_attempts.community')
  if (area.length > 12) wanted = wanted.where(sql<boolean>`exists (select from ${place} as h where ${gridIn('h.grid', area)})`)
  const { n } = await wanted.select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
  let page = wanted
    .selectAll()
    .orderBy('occurredAt', 'desc')
    .orderBy('id', 'desc')
    .limit(input.limit + 1)
  const key = fromCursor(input.after, 2)
  if (key) page = page.where(sql<boolean>`(occurred_at, id) < (${key[0]}::timestamptz, ${key[1]}::uuid)`)
  const found = (await page.execute()) as unknown as Attempt[]
  const rows = found.slice(0, input.limit)
  const labels = await householdLabels(
    ctx.tx,
    rows.map((r) => r.household),
  )
  const last = rows.at(-1)
  return {
    rows: (await withNames(ctx, rows)).map((row) => ({ ...row, address: labels.get(row.household)?.address ?? null })),
    next: found.length > input.limit && last ? toCursor([last.occurredAt, last.id]) : null,
    total: n,
  }
}

// --- who is left ------------------------------------------------------------------------------------------------------

type Wanted = {
  community: string
  area: string
  campaign: { community: string; id: Id }
  building?: Id | undefined
  states: readonly HouseholdState[]
}

/** Households of some states; `key` is the place in the walk among all, so that it stays while others get covered. */
const wantedRows = ({ community, area, campaign, building, states }: Wanted): RawBuilder<StateRow & { key: number }> => sql`(
  select w.* from (
    select s.*, a.building_id, (row_number() over (order by ${walkSql('a')}, s.household))::int as key
    from ${statesAt({ community, campaigns: onlyCampaign(campaign), area })} as s
    left join ${dwellingAddresses(community)} as a on a.dwelling = s.dwelling) as w
  where w.state = any(${states}) and ${building ? sql`w.building_id = ${building}` : sql`true`})`

const notCovered: readonly HouseholdState[] = ['untouched', 'nobody', 'notice', 'refused', 'vacant', 'moved']

/** What the rows show beside the state: address, head, telephone, how many, who was there last. */
async function described(ctx: Ctx, community: string, rows: readonly StateRow[]) {
  const labels = await householdLabels(
    ctx.tx,
    rows.map((r) => r.household),
  )
  const heads = [...labels.values()].flatMap((l) => (l.headPerson ? [l.headPerson] : []))
  const phones = await phonesOf({ tx: ctx.tx, house: ctx.house, community }, heads)
  const sizes = await sizesOf(
    ctx,
    community,
    rows.map((r) => r.household),
  )
  const lasts = await attemptsByIds(
    ctx,
    community,
    rows.flatMap((r) => r.lastId ?? []),
  )
  const workers = await namesOf(ctx.house, ctx.tx, [...lasts.values()].map(doneBy))
  return rows.map((row) => {
    const label = labels.get(row.household)
    return {
      household: row.household,
      address: label?.address ?? '—',
      grid: row.grid,
      head: label?.head ?? null,
      phone: (label?.headPerson && phones.get(label.headPerson)) || null,
      people: sizes.get(row.household) ?? 0,
      state: row.state,
      attempts: row.attempts,
      lastAt: row.lastAt,
      lastHow: row.lastHow,
      lastAttempt: row.lastId,
      lastBy: (row.lastId && workers.get(doneBy(lasts.get(row.lastId)!))) || null,
    }
  })
}

/** How many people belong to each household. */
export async function sizesOf(ctx: Ctx, community: string, households: readonly Id[]): Promise<Map<Id, number>> {
  if (households.length === 0) return new Map()
  const { rows } = await sql<{ household: Id; n: number }>`
    select w.household, count(m.subject)::int as n
    from (select ${community}::text collate "C" as community, unnest(${households}::uuid[]) as household) as w
    left join lateral ${membersOf(sql.ref('w.community'), sql.ref('w.household'))} as m on true group by w.household`.execute(
    ctx.tx,
  )
  return new Map(rows.map((r) => [r.household, r.n]))
}

/** Attempts by their own ids, whether they stand or not. */
export async function attemptsByIds(ctx: Ctx, community: string, ids: readonly Id[]): Promise<Map<Id, Attempt>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<Attempt>`
    select a.* from screening_attempts as a where a.community = ${community} and a.id = any(${ids}::uuid[])`.execute(ctx.tx)
  return new Map(rows.map((row) => [row.id, row]))
}

async function left(ctx: Ctx, input: Parsed<typeof api.left>) {
  const community = communityOf(ctx, input.community)
  const area = areaOf(ctx, community, input.area)
  const campaign = await askedCampaign(ctx, community, input.campaign, area)
  if (!campaign) return nothing
  const wanted = wantedRows({
    community,
    area,
    campaign,
    building: input.building,
    states: input.state ? [input.state] : notCovered,
  })
  const after = fromCursor(input.after, 1)
  const { rows } = await sql<StateRow & { key: number; n: number }>`
    select * from (select w.*, (count(*) over ())::int as n from ${wanted} as w) as w
    where ${after ? sql`key > ${Number(after[0])}` : sql`true`} order by key limit ${input.limit + 1}`.execute(ctx.tx)
  const page = rows.slice(0, input.limit)
  return {
    rows: await described(ctx, community, page),
    next: rows.length > input.limit ? toCursor([page.at(-1)!.key]) : null,
    total: rows[0]?.n ?? (after ? null : 0),
  }
}

// --- who is to be visited again ---------------------------------------------------------------------------------------

async function revisit(ctx: Ctx, input: Parsed<typeof api.revisit>) {
  const community = communityOf(ctx, input.community)
  const area = areaOf(ctx, community, input.area)
  const campaign = await askedCampaign(ctx, community, input.campaign, area)
  if (!campaign) return nothing
  const { value: hours } = await policy(ctx.tx, revisitAfter, community, instantOf(ctx.now))
  const after = fromCursor(input.after, 2)
  const { rows } = await sql<StateRow & { n: number; tried: Instant[] }>`
    select w.*, array(select a.occurred_at from screening_attempts as a where a.community = ${community}
      and a.campaign = ${campaign.id}
      and a.household = w.household and a.how <> 'phone' and ${standing('screening_attempts', 'a')}) as tried
    from (select s.*, (count(*) over ())::int as n from ${statesAt({ community, campaigns: onlyCampaign(campaign), area })} as s
      where s.state = any(${revisited})) as w
    where ${after ? sql`(w.last_at, w.household) > (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`}
    order by w.last_at, w.household limit ${input.limit + 1}`.execute(ctx.tx)
  const page = rows.slice(0, input.limit)
  const last = page.at(-1)
  const shown = await described(ctx, community, page)
  return {
    rows: shown.map((row, i) => {
      const dueMs = msOf(row.lastAt!) + hours * 3_600_000
      return {
        ...row,
        due: dueMs <= ctx.now,
        dueAt: instantOf(dueMs),
        best: nextPart(page[i]!.tried.map((at) => new Date(at).toISOString())),
      }
    }),
    next: rows.length > input.limit && last ? toCursor([last.lastAt, last.household]) : null,
    total: rows[0]?.n ?? 0,
  }
}

export const listHandlers: readonly Handled[] = [
  answer(api.household, (input, ctx) => household(ctx, input)),
  answer(api.attemptHistory, (input, ctx) => history(ctx, input)),
  answer(api.attempts, (input, ctx) => attempts(ctx, input)),
  answer(api.left, (input, ctx) => left(ctx, input)),
  answer(api.revisit, (input, ctx) => revisit(ctx, input)),
]
