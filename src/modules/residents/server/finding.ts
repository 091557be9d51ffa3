// Households and persons as lists and dossiers show them, found within reach.
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { addDays, dayOf, type Day } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { fromCursor, toCursor } from '#core/paging.ts'
import { lastLink, linksAt, standing } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { reached, requireReach } from '#server/scope.ts'
import { addressSql, dwellingAddresses, walkSql } from '#modules/territory/server.ts'
import {
  ageOf,
  say,
  type HouseholdKind,
  type HouseholdLine,
  type PersonLine,
  type PersonRecord,
  type Relation,
  type Tag,
} from '../model.ts'
import { standingPerson } from './entering.ts'
import {
  documentOf,
  householdLabels,
  householdsAt,
  membersOf,
  peopleAt,
  phoneOf,
  startsWith,
  type HouseholdLabel,
} from './standing.ts'
import { openOther, otherPhonesSql, type OtherPhone } from './phones.ts'
import type { PersonRow } from './tables.ts'

type Paged = { after?: string | undefined; limit: number }

// --- persons ----------------------------------------------------------------------------------------------------------

/** A standing entry with where its person belongs now. */
export type Member = PersonRow & { household: Id | null; relation: Relation | null; tags: Tag[]; otherPhones: OtherPhone[] }

const tagsOf = (community: ReturnType<typeof sql.ref>, person: ReturnType<typeof sql.ref>) => sql`(
  select coalesce(array_agg(distinct t.tag), '{}') from residents_tags as t
  where t.community = ${community} and t.person = ${person} and ${standing('residents_tags', 't')})`

/** Members of households (roots) of the caller's community, the head first. */
export async function membersIn(ctx: Ctx, households: readonly Id[]): Promise<Member[]> {
  if (!households.length) return []
  const { rows } = await sql<Member>`
    select p.*, h.id as household, m.relation, ${tagsOf(sql.ref('p.community'), sql.ref('p.root'))} as tags,
      ${otherPhonesSql(sql.ref('p.community'), sql.ref('p.root'))} as other_phones
    from unnest(${[...new Set(households)]}::uuid[]) as h(id)
    cross join lateral ${membersOf(sql.lit(ctx.community) as never, sql.ref('h.id'))} as m
    join residents_persons as p on p.community = m.community and p.root = m.subject and ${standing('residents_persons', 'p')}
    order by h.id, (m.relation = 'head') desc, m.since, m.seq`.execute(ctx.tx)
  return rows
}

/** Persons by root, wherever they belong, in the order asked for. */
async function personsBy(ctx: Ctx, persons: readonly Id[]): Promise<Member[]> {
  if (!persons.length) return []
  const { rows } = await sql<Member>`
    select p.*, m.household, m.relation, ${tagsOf(sql.ref('p.community'), sql.ref('p.root'))} as tags,
      ${otherPhonesSql(sql.ref('p.community'), sql.ref('p.root'))} as other_phones
    from residents_persons as p
    left join lateral ${lastLink('residents_memberships', 'p.root', 'p.community')} as m on true
    where p.community = ${ctx.community} and p.root = any(${[...persons]}::uuid[])
      and ${standing('residents_persons', 'p')}`.execute(ctx.tx)
  const byRoot = new Map(rows.map((row) => [row.root, row]))
  return persons.flatMap((root) => byRoot.get(root) ?? [])
}

const phone = (ctx: Ctx, row: PersonRow): string | null =>
  row.phoneCipher ? ctx.house.keys.decrypt(ctx.community, row.phoneCipher, phoneOf(row.root)) : null
const idNumber = (ctx: Ctx, row: PersonRow): string | null =>
  row.idCipher ? ctx.house.keys.decrypt(ctx.community, row.idCipher, documentOf(row.root)) : null
export const openField = { phone, document: idNumber }

/** All numbers of a person in one cell, the first one first; null where there is none. */
export const phonesInCell = (ctx: Ctx, row: Member): string | null =>
  [phone(ctx, row), ...row.otherPhones.map((one) => openOther(ctx, one))].filter(Boolean).join('、') || null

/** A line as it leaves the handler: whole; the door masks it. */
export const lineOf = (ctx: Ctx, row: Member): PersonLine => ({
  id: row.root,
  record: row.id,
  household: row.household,
  name: row.name,
  relation: row.relation,
  sex: row.sex,
  age: ageOf(row.birthDate, dayOf(ctx.now)),
  phone: phone(ctx, row),
  otherPhones: row.otherPhones.map((one) => ({
    phone: one.phone,
    record: one.record,
    number: openOther(ctx, one),
    remark: one.remark,
  })),
  tags: row.tags,
})

/**
 * A person within reach. Whoever belongs to no household here is reached only by posts that cover the community.
 * Throws `residents.unknownPerson`.
 */
export async function getMember(ctx: Ctx, person: Id): Promise<{ member: Member; label: HouseholdLabel | undefined }> {
  const [member] = await personsBy(ctx, [person])
  if (!member) throw say.unknownPerson()
  const label = member.household ? (await householdLabels(ctx.tx, [member.household])).get(member.household) : undefined
  requireReach(ctx, label?.grid)
  return { member, label }
}
export const getLine = async (ctx: Ctx, person: Id): Promise<PersonLine> => lineOf(ctx, (await getMember(ctx, person)).member)

export async function getPerson(ctx: Ctx, person: Id): Promise<PersonRecord> {
  const { member, label } = await getMember(ctx, person)
  const { birthDate, idType, homePlace, employer, note } = member
  return {
    ...lineOf(ctx, member),
    birthDate,
    idType,
    idNumber: idNumber(ctx, member),
    homePlace,
    employer,
    note,
    address: label?.address ?? null,
    grid: label?.grid ?? null,
  }
}

/** The root of the person whose entry this is. Throws `residents.unknownPerson`. */
export async function rootOf(ctx: Ctx, record: Id): Promise<Id> {
  const {
    rows: [row],
  } = await sql<{ root: Id }>`
    select root from residents_persons where community = ${ctx.community} and id = ${record}`.execute(ctx.tx)
  if (!row || !(await standingPerson(ctx, row.root))) throw say.unknownPerson()
  return row.root
}

// --- households -------------------------------------------------------------------------------------------------------

type Parts = HouseholdLabel & { kind: HouseholdKind }

function householdLine(ctx: Ctx, parts: Parts, members: readonly Member[]): HouseholdLine {
  const { household, dwelling, tenure, grid, address, kind, headPerson, head } = parts
  const reachable = members.find((m) => m.root === headPerson && m.phoneCipher) ?? members.find((m) => m.phoneCipher)
  return {
    id: household,
    dwelling,
    tenure,
    grid,
    address,
    kind,
    head,
    phone: reachable ? phone(ctx, reachable) : null,
    people: members.length,
    tags: [...new Set(members.flatMap((m) => m.tags))],
  }
}

/** A household within reach, with its members. Throws `residents.unknownHousehold`. */
export async function getHousehold(
  ctx: Ctx,
  household: Id,
): Promise<{ line: HouseholdLine; note: string | null; members: Member[] }> {
  const label = (await householdLabels(ctx.tx, [household])).get(household)
  if (!label) throw say.unknownHousehold()
  requireReach(ctx, label.grid)
  const {
    rows: [row],
  } = await sql<{ kind: HouseholdKind; note: string | null }>`
    select h.kind, h.note from residents_households as h
    where h.community = ${ctx.community} and h.root = ${household} and ${standing('residents_households', 'h')}`.execute(ctx.tx)
  if (!row) throw say.unknownHousehold()
  const members = await membersIn(ctx, [household])
  return { line: householdLine(ctx, { ...label, kind: row.kind }, members), note: row.note, members }
}

export type HouseholdFilter = {
  grid?: string | undefined
  building?: Id | undefined
  tag?: Tag | undefined
  having?: 'minors' | 'noDocument' | 'noPhone' | undefined
}

/** Under 18 today: born after this day. */
const minorAfter = (today: Day): Day =>
  addDays(`${Number(today.slice(0, 4)) - 18}${today.slice(4).replace('-02-29', '-02-28')}`, 0)

const memberExists = (condition: RawBuilder<unknown>) => sql<SqlBool>`exists (
  select from ${membersOf(sql.ref('h.community'), sql.ref('h.household'))} as m
  join residents_persons as p on p.community = m.community and p.root = m.subject and ${standing('residents_persons', 'p')}
  where ${condition})`

const havings = (today: Day) => ({
  minors: memberExists(sql`p.birth_date > ${minorAfter(today)}::date`),
  noDocument: memberExists(sql`p.id_type in ('none', 'notRecorded')`),
  noPhone: sql<SqlBool>`not ${memberExists(sql`p.phone_tail is not null`)}`,
})

/** Households that live here, with the parts of their address: a table for the list, its count and its export. */
export const householdRows = (ctx: Ctx, { grid, building, tag, having }: HouseholdFilter) => sql`(
  select h.household, h.dwelling as at_dwelling, h.tenure, h.grid, a.*
  from ${householdsAt({ community: ctx.community })} as h
  join ${dwellingAddresses(ctx.community)} as a on a.community = h.community and a.dwelling = h.dwelling
  where ${reached(ctx, 'h.grid')}
    and ${grid ? startsWith('h.grid', grid) : sql`true`}
    and ${building ? sql`a.building_id = ${building}` : sql`true`}
    and ${having ? havings(dayOf(ctx.now))[having] : sql`true`}
    and ${
      tag
        ? sql`h.household in (
      select m.household from ${linksAt('residents_memberships', { community: ctx.community })} as m
      join residents_tags as t on t.community = m.community and t.person = m.subject
      where t.tag = ${tag} and ${standing('residents_tags', 't')})`
        : sql`true`
    })`

/** Households that live here, in the order of a walk. */
export async function listHouseholds(ctx: Ctx, { after, limit, ...filter }: HouseholdFilter & Paged) {
  const all = householdRows(ctx, filter)
  const {
    rows: [count],
  } = await sql<{ n: number }>`select count(*)::int as n from ${all} as r`.execute(ctx.tx)
  const last = fromCursor(after, 1)?.[0]
  // The cursor holds an id alone; the room where it stands is looked up again. Two households may share a dwelling.
  const { rows } = await sql<Omit<Parts, 'headPerson' | 'head'>>`
    select r.household, r.at_dwelling as dwelling, r.tenure, r.grid, ${addressSql('r')} as address, k.kind
    from ${all} as r
    join residents_households as k on k.community = r.community and k.root = r.household and ${standing('residents_households', 'k')}
    where ${
      last
        ? sql`(${walkSql('r')}, r.household) > (
      select ${walkSql('l')}, l.household from ${householdRows(ctx, {})} as l where l.household = ${last})`
        : sql`true`
    }
    order by ${walkSql('r')}, r.household limit ${limit + 1}`.execute(ctx.tx)
  const page = rows.slice(0, limit)
  const members = Map.groupBy(
    await membersIn(
      ctx,
      page.map((r) => r.household),
    ),
    (m) => m.household!,
  )
  return {
    rows: page.map((row) => {
      const mine = members.get(row.household) ?? []
      return householdLine(ctx, { ...row, headPerson: mine[0]?.root ?? null, head: mine[0]?.name ?? null }, mine)
    }),
    next: rows.length > limit ? toCursor([page.at(-1)!.household]) : null,
    total: count!.n,
  }
}

/** How many live in the caller's reach. */
export async function countAll(ctx: Ctx) {
  const {
    rows: [row],
  } = await sql<{ households: number; people: number; minors: number; noDocument: number; noPhone: number }>`
    with here as (select h.household from ${householdsAt({ community: ctx.community })} as h where ${reached(ctx, 'h.grid')}),
    people as (
      select p.household, p.birth_date, p.id_type, p.phone_tail from ${peopleAt({ community: ctx.community })} as p
      where ${reached(ctx, 'p.grid')})
    select (select count(*)::int from here) as households, count(*)::int as people,
      count(*) filter (where birth_date > ${minorAfter(dayOf(ctx.now))}::date)::int as minors,
      count(*) filter (where id_type in ('none', 'notRecorded'))::int as no_document,
      (select count(*)::int from here as h where not exists (
        select from people as p where p.household = h.household and p.phone_tail is not null)) as no_phone
    from people`.execute(ctx.tx)
  return row!
}
