// The ledger of key persons: who came back or had contact, what was judged then, how they are since.
import { sql, type RawBuilder } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import { dayOf, type Day } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { fromCursor, toCursor } from '#core/paging.ts'
import { correctionColumns, factColumns, say as factSay, standing } from '#server/facts.ts'
import { answer, handle, type Ctx, type Handled } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { requireReach } from '#server/scope.ts'
import { requireResponse } from '#modules/policy/server.ts'
import { ageOf } from '#modules/residents/model.ts'
import { addPerson, householdLabels, joinHousehold, personNames, phonesOf } from '#modules/residents/server.ts'
import * as api from '../api.ts'
import { say, type FollowUp, type KeyPerson } from '../model.ts'
import { areaOf, communityOf, findCampaign } from './campaigns.ts'
import { requireOwn } from './correcting.ts'
import { keyPersonColumns, type AboutKeyPerson } from './keyPersonEntry.ts'
import { withNames } from './lists.ts'
import { placeOf, requireMembers } from './recording.ts'
import { gridIn, homeBeside, placeBeside } from './standing.ts'
import { of } from './tables.ts'

/** What a person's record adds to the entry, as the person stands now. */
type About = { sex: 'male' | 'female' | null; birthDate: Day | null; livesIn: Id | null; grid: string | null }
export type KeyPersonLine = KeyPerson & About & { key: number; n: number }

/** Key persons that stand, with person, present household and grid. A household that the entry names stands in where none is known. */
export const keyPersonLines = (community: string, more: RawBuilder<unknown> = sql``): RawBuilder<KeyPersonLine> => sql`(
  select e.*, p.sex, p.birth_date, coalesce(m.household, e.household) as lives_in, g.grid
  from screening_key_persons as e
  join residents_persons as p on p.community = e.community and p.root = e.person and ${standing('residents_persons', 'p')}
  left join lateral ${homeBeside('e.person', 'e.community')} as m on true
  left join lateral (select coalesce(m.household, e.household) as household, e.community) as home on true
  left join lateral ${placeBeside('home.household', 'home.community')} as g on true
  where e.community = ${community} ${more})`

const stands = sql`and ${standing('screening_key_persons', 'e')}`

/** The last follow-up of each entry (root): by the instant at which it was made, then by id. */
export async function followUpsOf(
  ctx: Ctx,
  community: string,
  roots: readonly Id[],
): Promise<Map<Id, FollowUp & { recordedByName: string }>> {
  if (roots.length === 0) return new Map()
  const { rows } = await sql<FollowUp>`
    select distinct on (f.key_person) f.* from screening_follow_ups as f
    where f.community = ${community} and f.key_person = any(${roots}::uuid[]) and ${standing('screening_follow_ups', 'f')}
    order by f.key_person, f.occurred_at desc, f.root desc`.execute(ctx.tx)
  return new Map((await withNames(ctx, rows)).map((f) => [f.keyPerson, f]))
}

/** Rows as pages and sheets show them; a fixed number of queries for any number of rows. */
export async function describedKeyPersons(
  ctx: Ctx,
  community: string,
  rows: readonly KeyPersonLine[],
): Promise<api.KeyPersonShown[]> {
  const today = dayOf(ctx.now)
  const names = await personNames(
    ctx.tx,
    rows.map((r) => r.person),
  )
  const phones = await phonesOf(
    { tx: ctx.tx, house: ctx.house, community },
    rows.map((r) => r.person),
  )
  const labels = await householdLabels(
    ctx.tx,
    rows.flatMap((r) => (r.livesIn ? [r.livesIn] : [])),
  )
  const followUps = await followUpsOf(
    ctx,
    community,
    rows.map((r) => r.root),
  )
  const accounts = await namesOf(
    ctx.house,
    ctx.tx,
    rows.map((r) => r.recordedBy),
  )
  return rows.map((row) => ({
    ...row,
    name: names.get(row.person) ?? '—',
    phone: phones.get(row.person) ?? null,
    age: ageOf(row.birthDate, today),
    address: (row.livesIn && labels.get(row.livesIn)?.address) || null,
    recordedByName: accounts.get(row.recordedBy) ?? '—',
    followUp: followUps.get(row.root) ?? null,
  }))
}

async function shownById(ctx: Ctx, id: Id): Promise<api.KeyPersonShown> {
  const only = keyPersonLines(ctx.community, sql`and e.id = ${id}`)
  const { rows } = await sql<KeyPersonLine>`select * from ${only} as k`.execute(ctx.tx)
  if (!rows[0]) throw say.unknownKeyPerson()
  return (await describedKeyPersons(ctx, ctx.community, rows))[0]!
}

async function list(ctx: Ctx, input: Parsed<typeof api.keyPersons>) {
  const community = communityOf(ctx, input.community)
  const area = areaOf(ctx, community, input.area)
  const gone = sql`exists (select from (
    select f.departed_on from screening_follow_ups as f where f.community = ${community} and f.key_person = k.root
    and ${standing('screening_follow_ups', 'f')} order by f.occurred_at desc, f.root desc limit 1) as f
    where f.departed_on is not null)`
  const after = fromCursor(input.after, 2)
  const { rows } = await sql<KeyPersonLine>`
    select * from (select k.*, (count(*) over ())::int as n from ${keyPersonLines(community, stands)} as k
      where ${gridIn('k.grid', area)} and ${input.category ? sql`k.category = ${input.category}` : sql`true`}
        and ${input.risk ? sql`k.source_risk = ${input.risk}` : sql`true`}
        and ${input.from ? sql`k.counted_on >= ${input.from}::date` : sql`true`}
        and ${input.to ? sql`k.counted_on <= ${input.to}::date` : sql`true`}
        and ${input.gone === undefined ? sql`true` : input.gone ? gone : sql`not ${gone}`}) as k
    where ${after ? sql`(k.occurred_at, k.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`}
    order by k.occurred_at desc, k.id desc limit ${input.limit + 1}`.execute(ctx.tx)
  const page = rows.slice(0, input.limit)
  const last = page.at(-1)
  return {
    rows: await describedKeyPersons(ctx, community, page),
    next: rows.length > input.limit && last ? toCursor([last.occurredAt, last.id]) : null,
    total: rows[0]?.n ?? (after ? null : 0),
  }
}

// --- entries ----------------------------------------------------------------------------------------------------------

/** The household in which somebody lives now. */
async function livesIn(ctx: Ctx, person: Id): Promise<Id | null> {
  const {
    rows: [found],
  } = await sql<{ household: Id | null }>`
    select m.household from residents_persons as p
    left join lateral ${homeBeside('p.id', 'p.community')} as m on true
    where p.community = ${ctx.community} and p.id = ${person} and p.root = p.id`.execute(ctx.tx)
  if (!found) throw say.unknownPerson()
  return found.household
}

async function register(ctx: Ctx, { person: known, newPerson, household: named, ...about }: Parsed<typeof api.registerReturnee>) {
  const household = known ? (named ?? (await livesIn(ctx, known))) : named!
  const place = household ? await placeOf(ctx, household) : undefined
  requireReach(ctx, place?.grid)
  if (known && named) await requireMembers(ctx, named, [known])
  const person = known ?? newId()
  if (newPerson) {
    const { relation, ...details } = newPerson
    await addPerson(ctx, details, 'desk', person)
    await joinHousehold(ctx, person, household!, relation)
  }
  const campaign = await findCampaign(ctx.tx, ctx.community, place?.grid ?? ctx.community)
  await of(ctx.tx)
    .insertInto('screeningKeyPersons')
    .values({
      ...factColumns(ctx, 'desk'),
      ...(await keyPersonColumns(ctx, about)),
      campaign: campaign?.state === 'open' ? campaign.id : null,
      attempt: null,
      household,
      person,
    })
    .execute()
  return shownById(ctx, ctx.id)
}

const byId = (ctx: Ctx, id: Id) =>
  of(ctx.tx)
    .selectFrom('screeningKeyPersons')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('id', '=', id)
    .executeTakeFirst()

async function replaceable(ctx: Ctx, id: Id) {
  const old = await byId(ctx, id)
  if (!old) throw say.unknownKeyPerson()
  await requireReached(ctx, old)
  await requireOwn(ctx, old, old.root === old.id ? old.recordedBy : (await byId(ctx, old.root))?.recordedBy)
  if (old.withdrawn) throw factSay.withdrawnAlready()
  return old
}

const requireReached = async (ctx: Ctx, { person, household }: { person: Id; household: Id | null }): Promise<void> => {
  const home = (await livesIn(ctx, person)) ?? household
  requireReach(ctx, home ? (await placeOf(ctx, home)).grid : null)
}

async function replace(
  ctx: Ctx,
  { replaces, reason }: { replaces: Id; reason: string },
  about?: Parsed<typeof api.correctKeyPerson>['entry'],
) {
  const old = await replaceable(ctx, replaces)
  const {
    campaign,
    attempt,
    household,
    person,
    sourceRisk,
    policyVersions,
    symptoms,
    category,
    arrival,
    originCode,
    origin,
    leftOn,
    arrivedOn,
  } = old
  const same = {
    category,
    arrival,
    originCode,
    origin,
    leftOn,
    arrivedOn,
    transport: old.transport,
    vehicleNo: old.vehicleNo,
    travelReason: old.travelReason,
    note: old.note,
    sourceRisk,
    symptoms: JSON.stringify(symptoms),
    policyVersions: JSON.stringify(policyVersions),
  }
  const said = about ? await saidAnew(ctx, about, old) : same
  await of(ctx.tx)
    .insertInto('screeningKeyPersons')
    .values({
      ...correctionColumns(ctx, old, reason, about === undefined),
      ...said,
      campaign,
      attempt,
      household,
      person,
    })
    .execute()
  return shownById(ctx, ctx.id)
}

type Judged = Pick<KeyPerson, 'originCode' | 'sourceRisk' | 'policyVersions' | 'occurredAt' | 'recordedAt'>

/** The risk stays as it was judged unless the origin itself was wrong; then the rules judge anew, as they were known at the entry. */
async function saidAnew(ctx: Ctx, about: AboutKeyPerson, old: Judged) {
  const columns = await keyPersonColumns(ctx, about, old.occurredAt, old.recordedAt)
  const { originCode, sourceRisk, policyVersions } = old
  return about.originCode === originCode ? { ...columns, sourceRisk, policyVersions: JSON.stringify(policyVersions) } : columns
}

async function followUp(ctx: Ctx, { keyPerson, how, ...said }: Parsed<typeof api.followUp>): Promise<FollowUp> {
  const entry = await of(ctx.tx)
    .selectFrom('screeningKeyPersons')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('root', '=', keyPerson)
    .where(standing('screening_key_persons', 'screening_key_persons'))
    .executeTakeFirst()
  if (!entry) throw say.unknownKeyPerson()
  await requireReached(ctx, entry)
  // Screening decides no measure; that one was taken can be true only under a response.
  if (said.measure !== 'none') await requireResponse(ctx.tx, ctx.community, ctx.timing.countedOn)
  const added = await of(ctx.tx)
    .insertInto('screeningFollowUps')
    .values({
      ...factColumns(ctx, how),
      ...said,
      symptoms: JSON.stringify(said.symptoms),
      keyPerson,
      person: entry.person,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return added as unknown as FollowUp
}

const followUpById = async (ctx: Ctx): Promise<FollowUp> => {
  const found = await of(ctx.tx)
    .selectFrom('screeningFollowUps')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('id', '=', ctx.id)
    .executeTakeFirst()
  if (!found) throw say.unknownKeyPerson()
  await requireReached(ctx, { person: found.person, household: null })
  return found as unknown as FollowUp
}

/** A repeat is answered under the caller's present rights. */
const again = async (_: unknown, ctx: Ctx): Promise<api.KeyPersonShown> => {
  const found = await byId(ctx, ctx.id)
  if (!found) throw say.unknownKeyPerson()
  await requireReached(ctx, found)
  return shownById(ctx, ctx.id)
}

export const keyPersonHandlers: readonly Handled[] = [
  handle(api.registerReturnee, (input, ctx) => register(ctx, input), again),
  handle(api.correctKeyPerson, (input, ctx) => replace(ctx, input, input.entry), again),
  handle(api.withdrawKeyPerson, (input, ctx) => replace(ctx, input), again),
  handle(
    api.followUp,
    (input, ctx) => followUp(ctx, input),
    (_, ctx) => followUpById(ctx),
  ),
  answer(api.keyPersons, (input, ctx) => list(ctx, input)),
]
