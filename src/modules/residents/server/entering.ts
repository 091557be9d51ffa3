// Writing who lives here: a household, a person, who belongs where. Every change is a new row.
import { sql } from 'kysely'
import type { How } from '#core/fact.ts'
import type { Id } from '#core/ids.ts'
import { correctionColumns, factColumns, linkColumns, standing, lastLink } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { liesIn, requireReach } from '#server/scope.ts'
import {
  completed,
  phoneTail,
  say,
  type HouseholdKind,
  type PersonDetails,
  type Relation,
  type Tag,
  type Tenure,
} from '../model.ts'
import { documentOf, phoneOf } from './standing.ts'
import { spell } from './spelling.ts'
import { of, type PersonRow } from './tables.ts'

/** The digest by which equal document numbers of a community find each other. Spell the number one way first. */
export const documentDigest = (ctx: Pick<Ctx, 'house' | 'community'>, number: string): Buffer =>
  ctx.house.keys.searchDigest(ctx.community, 'register', 'document', number)
export const phoneDigest = (ctx: Pick<Ctx, 'house' | 'community'>, phone: string): Buffer =>
  ctx.house.keys.searchDigest(ctx.community, 'register', 'phone', phone)

/** From when a link holds that a phone may have made: a clock that is doubted, or ahead, does not date it. */
const since = ({ timing }: Ctx): string =>
  timing.clockDoubt || timing.occurredAt > timing.recordedAt ? timing.recordedAt : timing.occurredAt

/** Columns of a person beside the fact's: spelled, closed, digested. `person` is the root. */
export function personColumns(ctx: Pick<Ctx, 'house' | 'community'>, person: Id, details: PersonDetails) {
  const { keys } = ctx.house
  const { name, sex, birthDate, idType, idNumber, phone, homePlace, employer, note } = completed(details)
  return {
    name,
    ...spell(name),
    sex: sex ?? null,
    birthDate: birthDate ?? null,
    idType,
    idCipher: idNumber ? keys.encrypt(ctx.community, 'register', idNumber, documentOf(person)) : null,
    idDigest: idNumber ? documentDigest(ctx, idNumber) : null,
    phoneCipher: phone ? keys.encrypt(ctx.community, 'register', phone, phoneOf(person)) : null,
    phoneDigest: phone ? phoneDigest(ctx, phone) : null,
    phoneTail: phone ? phoneTail(phone) : null,
    homePlace: homePlace || null,
    employer: employer || null,
    note: note || null,
  }
}

/**
 * Adds a person who does not belong anywhere yet; answers the root. `id` is the request's unless one request adds several.
 * Throws `residents.registeredAlready`.
 */
export async function addPerson(ctx: Ctx, entry: PersonDetails, how: How, id: Id = ctx.id): Promise<Id> {
  const columns = personColumns(ctx, id, entry)
  await requireUnregistered(ctx, columns.idDigest)
  await of(ctx.tx)
    .insertInto('residentsPersons')
    .values({ ...factColumns(ctx, how, id), ...columns })
    .execute()
  return id
}

/** From now on the person (root) belongs to the household (root), or to none. */
export async function joinHousehold(ctx: Ctx, person: Id, household: Id | null, relation: Relation, why?: string): Promise<void> {
  await of(ctx.tx)
    .insertInto('residentsMemberships')
    .values({ ...linkColumns(ctx, person, { since: since(ctx), ...(why ? { why } : {}) }), household, relation })
    .execute()
}

export type HouseholdEntry = {
  dwelling: Id
  tenure?: Tenure | null | undefined
  kind?: HouseholdKind | undefined
  note?: string | null | undefined
}

/** Adds a household that lives in a dwelling within reach; answers the root. Throws `residents.unknownDwelling`, `scope.outOfReach`. */
export async function addHousehold(
  ctx: Ctx,
  { dwelling, tenure, kind, note }: HouseholdEntry,
  how: How,
  id: Id = ctx.id,
): Promise<Id> {
  await requireDwelling(ctx, dwelling)
  await of(ctx.tx)
    .insertInto('residentsHouseholds')
    .values({ ...factColumns(ctx, how, id), kind: kind ?? 'family', note: note || null })
    .execute()
  await of(ctx.tx)
    .insertInto('residentsOccupancies')
    .values({ ...linkColumns(ctx, id, { since: since(ctx) }), dwelling, tenure: tenure ?? null })
    .execute()
  return id
}

/** From now on the household (root) lives in another dwelling of the community, or has moved away (`dwelling` null). */
export async function moveHousehold(
  ctx: Ctx,
  household: Id,
  { dwelling, tenure, why }: { dwelling: Id | null; tenure?: Tenure | null | undefined; why?: string | undefined },
): Promise<void> {
  if (dwelling) await requireDwelling(ctx, dwelling)
  await of(ctx.tx)
    .insertInto('residentsOccupancies')
    .values({ ...linkColumns(ctx, household, { since: since(ctx), ...(why ? { why } : {}) }), dwelling, tenure: tenure ?? null })
    .execute()
}

/** The entry that stands for a person (root) of this community. */
export const standingPerson = async (ctx: Ctx, person: Id): Promise<PersonRow | undefined> =>
  (await of(ctx.tx)
    .selectFrom('residentsPersons')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('root', '=', person)
    .where(standing('residents_persons', 'residents_persons'))
    .executeTakeFirst()) as PersonRow | undefined

/**
 * A new entry takes the place of the one that stands and says everything anew; only a number or phone that is left out (undefined)
 * stays, since forms do not show them. null takes them away. Throws `residents.unknownPerson`, `residents.registeredAlready`.
 */
export async function correctPerson(ctx: Ctx, person: Id, details: PersonDetails, reason: string): Promise<void> {
  const old = await standingPerson(ctx, person)
  if (!old) throw say.unknownPerson()
  const columns = personColumns(ctx, person, details)
  if (columns.idDigest && !old.idDigest?.equals(columns.idDigest)) await requireUnregistered(ctx, columns.idDigest)
  const { idType, idCipher, idDigest, phoneCipher, phoneDigest: digest, phoneTail: tail } = old
  const sameDocument = details.idNumber === undefined && (details.idType === idType || details.idType === 'notRecorded')
  await of(ctx.tx)
    .insertInto('residentsPersons')
    .values({
      ...correctionColumns(ctx, old, reason),
      ...columns,
      ...(sameDocument ? { idType, idCipher, idDigest } : {}),
      ...(details.phone === undefined ? { phoneCipher, phoneDigest: digest, phoneTail: tail } : {}),
    })
    .execute()
}

/** Puts a tag on a person (root); answers false where it is there already. */
export async function addTag(ctx: Ctx, person: Id, tag: Tag, how: How, id: Id = ctx.id): Promise<boolean> {
  if (await standingTag(ctx, person, tag)) return false
  await of(ctx.tx)
    .insertInto('residentsTags')
    .values({ ...factColumns(ctx, how, id), person, tag })
    .execute()
  return true
}

/** Takes a tag away again, with the reason. Throws `residents.noTag`. */
export async function removeTag(ctx: Ctx, person: Id, tag: Tag, reason: string): Promise<void> {
  const old = await standingTag(ctx, person, tag)
  if (!old) throw say.noTag()
  await of(ctx.tx)
    .insertInto('residentsTags')
    .values({ ...correctionColumns(ctx, old, reason, true), person, tag })
    .execute()
}

const standingTag = (ctx: Ctx, person: Id, tag: Tag) =>
  of(ctx.tx)
    .selectFrom('residentsTags')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('person', '=', person)
    .where('tag', '=', tag)
    .where(standing('residents_tags', 'residents_tags'))
    .executeTakeFirst()

async function requireDwelling(ctx: Ctx, dwelling: Id): Promise<void> {
  const {
    rows: [found],
  } = await sql<{ grid: string | null }>`
    select g.grid from territory_dwellings as d
    left join lateral ${lastLink('territory_dwelling_grids', 'd.id', 'd.community')} as g on true
    where d.community = ${ctx.community} and d.id = ${dwelling}`.execute(ctx.tx)
  if (!found) throw say.unknownDwelling()
  requireReach(ctx, found.grid)
}

/** Whoever registers the same number at the same moment waits here, and then sees the first. */
async function requireUnregistered(ctx: Ctx, digest: Buffer | null): Promise<void> {
  if (!digest) return
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${ctx.community}:${digest.toString('hex')}`}, 0))`.execute(ctx.tx)
  const {
    rows: [found],
  } = await sql<{ root: Id; grid: string | null }>`
    select p.root, g.grid from residents_persons as p
    left join lateral ${lastLink('residents_memberships', 'p.root', 'p.community')} as m on true
    left join lateral ${lastLink('residents_occupancies', 'm.household', 'p.community')} as o on true
    left join lateral ${lastLink('territory_dwelling_grids', 'o.dwelling', 'p.community')} as g on true
    where p.community = ${ctx.community} and p.id_digest = ${digest} and ${standing('residents_persons', 'p')} limit 1`.execute(
    ctx.tx,
  )
  if (!found) return
  const seen = ctx.area.length <= 12 || (found.grid !== null && liesIn(found.grid, ctx.area))
  throw say.registeredAlready({ person: seen ? found.root : null })
}
