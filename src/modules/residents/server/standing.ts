// Who lives here as of an instant: table expressions for every count, and names, labels and phones for lists.
import { sql, type SqlBool } from 'kysely'
import type { Id } from '#core/ids.ts'
import type { Ctx } from '#server/house.ts'
import type { Tx } from '#server/database/connect.ts'
import { lastLink, standing, type Watermark } from '#server/facts.ts'
import { addressSql, dwellingAddresses, gridBeside } from '#modules/territory/server.ts'
import type { Relation, Tenure } from '../model.ts'

/** `at`: as of that instant, now where left out. `asOf`: as known by that watermark. */
export type StandingAt = { at?: string | undefined; asOf?: Watermark | undefined; community?: string | undefined }

export type HouseholdAt = {
  community: string
  household: Id
  dwelling: Id
  tenure: Tenure | null
  grid: string | null
  since: string
}

/**
 * Households that live here: one row for each whose last link names a dwelling; `household` is the root. Columns
 * (community, household, dwelling, tenure, grid, since). Use as a table: `from ${householdsAt({ at })} as h`.
 */
export const householdsAt = ({ at, asOf, community }: StandingAt) => sql<HouseholdAt>`(
  select h.community, h.root as household, o.dwelling, o.tenure, g.grid, o.since
  from residents_households as h
  join lateral ${lastLink('residents_occupancies', 'h.root', 'h.community', { at, asOf })} as o on o.dwelling is not null
  left join lateral ${gridBeside('o.dwelling', 'h.community', { at, asOf })} as g on true
  where ${standing('residents_households', 'h', asOf)} and ${community ? sql`h.community = ${community}` : sql`true`})`

export type PersonAt = {
  community: string
  person: Id
  record: Id
  household: Id
  dwelling: Id
  grid: string | null
  relation: Relation
  since: string
  name: string
  sex: 'male' | 'female' | null
  birthDate: string | null
  idType: string
  phoneTail: string | null
}

/**
 * Persons who live here: members of those households; `person` is the root, `record` the entry that stands. Columns (community, person,
 * record, household, dwelling, grid, relation, since, name, pinyin, initials, sex, birth_date, id_type, phone_tail).
 */
export const peopleAt = ({ at, asOf, community }: StandingAt) => sql<PersonAt>`(
  select p.community, p.root as person, p.id as record, m.household, h.dwelling, h.grid, m.relation, m.since,
    p.name, p.pinyin, p.initials, p.sex, p.birth_date, p.id_type, p.phone_tail
  from residents_persons as p
  join lateral ${lastLink('residents_memberships', 'p.root', 'p.community', { at, asOf })} as m on m.household is not null
  join ${householdsAt({ at, asOf, community })} as h on h.community = m.community and h.household = m.household
  where ${standing('residents_persons', 'p', asOf)} and ${community ? sql`p.community = ${community}` : sql`true`})`

/** The name that stands for each person (root), whether they live here still or not. */
export async function personNames(tx: Tx, persons: readonly Id[]): Promise<Map<Id, string>> {
  if (!persons.length) return new Map()
  const { rows } = await sql<{ root: Id; name: string }>`
    select p.root, p.name from residents_persons as p
    where p.root = any(${[...new Set(persons)]}::uuid[]) and ${standing('residents_persons', 'p')}`.execute(tx)
  return new Map(rows.map((r) => [r.root, r.name]))
}

export type HouseholdLabel = {
  household: Id
  dwelling: Id | null
  tenure: Tenure | null
  grid: string | null
  /** `桂园小区 3号楼 1单元 301`; — for a household that has moved away. */
  address: string
  /** The head's root and name; the first member's where nobody is the head. */
  headPerson: Id | null
  head: string | null
}

/** Address and head of each household (root), in one query. */
export async function householdLabels(tx: Tx, households: readonly Id[]): Promise<Map<Id, HouseholdLabel>> {
  if (!households.length) return new Map()
  const { rows } = await sql<HouseholdLabel>`
    select h.root as household, o.dwelling, o.tenure, g.grid, coalesce(${addressSql('a')}, '') as address,
      head.person as head_person, head.name as head
    from residents_households as h
    left join lateral ${lastLink('residents_occupancies', 'h.root', 'h.community')} as o on true
    left join ${dwellingAddresses()} as a on a.community = h.community and a.dwelling = o.dwelling
    left join lateral ${lastLink('territory_dwelling_grids', 'o.dwelling', 'h.community')} as g on true
    left join lateral (
      select p.root as person, p.name from ${membersOf(sql.ref('h.community'), sql.ref('h.root'))} as m
      join residents_persons as p on p.community = h.community and p.root = m.subject and ${standing('residents_persons', 'p')}
      order by (m.relation = 'head') desc, m.since, m.seq limit 1) as head on true
    where h.root = any(${[...new Set(households)]}::uuid[]) and ${standing('residents_households', 'h')}`.execute(tx)
  return new Map(rows.map((row) => [row.household, { ...row, address: row.address || '—' }]))
}

/** The membership links that hold in one household: each member's last link names it. */
export const membersOf = (community: ReturnType<typeof sql.ref>, household: ReturnType<typeof sql.ref>) => sql`(
  select m.* from residents_memberships as m
  where m.community = ${community} and m.household = ${household} and not exists (
    select from residents_memberships as later where later.community = m.community and later.subject = m.subject
      and (later.since, later.generation, later.xid, later.seq) > (m.since, m.generation, m.xid, m.seq)))`

/**
 * Whole telephone numbers of persons (roots) of the caller's community, for a call or a set taken along.
 * Whoever hands them out names the persons in the look.
 */
export async function phonesOf(ctx: Pick<Ctx, 'tx' | 'house' | 'community'>, persons: readonly Id[]): Promise<Map<Id, string>> {
  if (!persons.length) return new Map()
  const { rows } = await sql<{ root: Id; phoneCipher: Buffer }>`
    select p.root, p.phone_cipher from residents_persons as p
    where p.community = ${ctx.community} and p.root = any(${[...new Set(persons)]}::uuid[]) and p.phone_cipher is not null
      and ${standing('residents_persons', 'p')}`.execute(ctx.tx)
  return new Map(rows.map((r) => [r.root, ctx.house.keys.decrypt(ctx.community, r.phoneCipher, phoneOf(r.root))]))
}

/** Whether the words of a column in the "C" collation begin so: a range, which keeps its index under row security as LIKE does not. */
export const startsWith = (column: string, start: string) =>
  sql<SqlBool>`(${sql.ref(column)} >= ${start} and ${sql.ref(column)} < ${`${start}\u{10ffff}`})`

/** What closed fields are bound to: the kind of value, and whose it is. */
export const phoneOf = (person: Id): string => `residents.phone:${person}`
export const documentOf = (person: Id): string => `residents.document:${person}`
