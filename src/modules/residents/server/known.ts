// Who of a list is registered already: by document, by telephone and name, by name at an address.
import { sql } from 'kysely'
import type { Id } from '#core/ids.ts'
import { text, type Text } from '#core/text.ts'
import type { Ctx } from '#server/house.ts'
import { lastLink, standing } from '#server/facts.ts'
import { dwellingAddresses } from '#modules/territory/server.ts'
import { tidy } from '#modules/territory/sorting.ts'
import { documentDigest, phoneDigest } from './entering.ts'

/** Somebody in the register; `household` and `dwelling` are null for those who live elsewhere. */
export type KnownPerson = {
  person: Id
  record: Id
  name: string
  document: string | null
  phone: string | null
  birthDate: string | null
  employer: string | null
  household: Id | null
  dwelling: Id | null
}
export type Sought = {
  readonly name: string
  readonly idNumber?: string | null | undefined
  readonly phone?: string | null | undefined
  readonly birthDate?: string | null | undefined
  readonly dwelling?: Id | null | undefined
  readonly employer?: string | null | undefined
}
export type PlaceNamed = {
  readonly compound: string
  readonly building: string
  readonly unit: string | null
  readonly room: string
}
export type Home = { readonly dwelling: Id; readonly households: readonly Id[] }

export const knownSays = {
  otherName: text(
    '这个证件号码已登记为另一个姓名，请核对证件',
    'This document number is registered under another name. Compare it with the document',
  ),
  several: text(
    '社区里有几位同名居民，无法确定是哪一位。请填写证件号码或手机号',
    'Several residents bear this name. Enter the document number or the phone',
  ),
}

/** Reads the whole register of the community once, for a list of hundreds. */
export async function knownPeople(ctx: Ctx) {
  const { community } = ctx
  const { rows } = await sql<KnownPerson>`
    select p.root as person, p.id as record, p.name, p.birth_date, p.employer, encode(p.id_digest, 'hex') as document,
      encode(p.phone_digest, 'hex') as phone, m.household, o.dwelling
    from residents_persons as p
    left join lateral ${lastLink('residents_memberships', 'p.root', 'p.community')} as m on true
    left join lateral ${lastLink('residents_occupancies', 'm.household', 'p.community')} as o on true
    where p.community = ${community} and ${standing('residents_persons', 'p')}`.execute(ctx.tx)
  const byDocument = new Map(rows.flatMap((row) => (row.document ? [[row.document, row] as const] : [])))
  const byName = Map.groupBy(rows, (row) => row.name)
  const homes = await homesOf(ctx, rows)
  return {
    /** The person; undefined where nobody fits; a sentence where it cannot be told. */
    find: ({
      name,
      idNumber,
      phone,
      birthDate,
      dwelling,
      employer,
    }: Sought): KnownPerson | { readonly fault: Text } | undefined => {
      const document = idNumber ? documentDigest(ctx, idNumber).toString('hex') : null
      const holder = document ? byDocument.get(document) : undefined
      if (holder) return holder.name === name ? holder : { fault: knownSays.otherName }
      const digest = phone ? phoneDigest(ctx, phone).toString('hex') : null
      // Two documents are two persons, however alike the rest is.
      const like = (byName.get(name) ?? []).filter(
        (row) => !(document && row.document) && !(birthDate && row.birthDate && birthDate !== row.birthDate),
      )
      const sure = [
        like.filter((row) => digest !== null && row.phone === digest),
        like.filter((row) => dwelling && row.dwelling === dwelling),
        like.filter((row) => birthDate && row.birthDate === birthDate),
        // Of somebody who lives elsewhere nothing else may be known.
        like.filter((row) => employer && row.household === null && row.employer === employer),
      ].find((found) => found.length > 0)
      if (!sure) return undefined
      return sure.length === 1 ? sure[0] : { fault: knownSays.several }
    },
    /** The dwelling of an address with the households that live there; undefined where there is no such door. */
    home: (place: PlaceNamed): Home | undefined => homes.get(keyOf(place)),
    documentOf: (number: string | null | undefined): string | null =>
      number ? documentDigest(ctx, number).toString('hex') : null,
    phoneOf: (phone: string | null | undefined): string | null => (phone ? phoneDigest(ctx, phone).toString('hex') : null),
    /** From here on the list itself knows this person. */
    learn: (row: KnownPerson): void => {
      if (row.document) byDocument.set(row.document, row)
      byName.set(row.name, [...(byName.get(row.name) ?? []), row])
    },
  }
}

const keyOf = ({ compound, building, unit, room }: PlaceNamed): string =>
  [compound, building, unit ?? '', room].map(tidy).join('\n')

async function homesOf(ctx: Ctx, people: readonly KnownPerson[]): Promise<Map<string, Home>> {
  const households = new Map<Id, Set<Id>>()
  for (const { dwelling, household } of people) {
    if (dwelling && household) households.set(dwelling, (households.get(dwelling) ?? new Set()).add(household))
  }
  const { rows } = await sql<PlaceNamed & { dwelling: Id }>`
    select a.compound, a.building, a.unit, a.room, a.dwelling from ${dwellingAddresses(ctx.community)} as a`.execute(ctx.tx)
  return new Map(
    rows.map((row) => [keyOf(row), { dwelling: row.dwelling, households: [...(households.get(row.dwelling) ?? [])] }]),
  )
}
