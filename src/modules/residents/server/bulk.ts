// Thousands of households at once, for imports, replays and the sample town: the same rows as one by one, in a handful of statements.
import { setImmediate } from 'node:timers/promises'
import type { How } from '#core/fact.ts'
import { newId, type Id } from '#core/ids.ts'
import { insertMany } from '#server/database/many.ts'
import { factColumns, linkColumns } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import type { HouseholdKind, PersonEntry, Tag, Tenure } from '../model.ts'
import { personColumns } from './entering.ts'
import { phoneRow } from './phones.ts'

export type BulkPerson = Omit<PersonEntry, 'idType'> & {
  readonly otherPhones?: readonly string[] | null | undefined
  readonly id?: Id
  readonly idType?: PersonEntry['idType']
  readonly tags?: readonly Tag[]
}

/** A household with its members; `existing` names one that is there already and gets more members. */
export type BulkHousehold = {
  readonly id?: Id
  readonly existing?: Id
  readonly dwelling: Id
  readonly tenure?: Tenure | null
  readonly kind?: HouseholdKind
  readonly members: readonly BulkPerson[]
}

/** After so many persons others get their turn: a number and a phone take some 50 µs. */
const breath = 250

/**
 * Writes households, persons, memberships and tags of `ctx.community`; ids in the order given. Asks nothing and checks nothing but what
 * the tables check: whoever calls has seen to numbers that are registered already. 6,000 households with 15,000 people take about
 * three seconds. `since` dates the links (an instant; now where left out); `tell` hears how many households are done.
 */
export async function bulkLoad(
  ctx: Ctx,
  households: readonly BulkHousehold[],
  how: How,
  { since, tell }: { since?: string; tell?: (done: number) => Promise<void> } = {},
): Promise<{ households: Id[]; persons: Id[] }> {
  const rows = {
    households: [] as Row[],
    occupancies: [] as Row[],
    persons: [] as Row[],
    memberships: [] as Row[],
    tags: [] as Row[],
    phones: [] as Row[],
  }
  const link = (subject: Id) => linkColumns(ctx, subject, since ? { since } : {})
  const ids: Id[] = []
  for (const [i, household] of households.entries()) {
    const id = household.existing ?? household.id ?? newId()
    ids.push(id)
    if (!household.existing) {
      rows.households.push({ ...factColumns(ctx, how, id), kind: household.kind ?? 'family', note: null })
      rows.occupancies.push({ ...link(id), dwelling: household.dwelling, tenure: household.tenure ?? null })
    }
    for (const { id: given, tags = [], otherPhones, relation, ...details } of household.members) {
      const person = given ?? newId()
      const columns = personColumns(ctx, person, { ...details, idType: details.idType ?? 'notRecorded' })
      rows.persons.push({ ...factColumns(ctx, how, person), ...columns })
      rows.memberships.push({ ...link(person), household: id, relation })
      for (const tag of new Set(tags)) rows.tags.push({ ...factColumns(ctx, how, newId()), person, tag })
      for (const number of otherPhones ?? []) rows.phones.push(phoneRow(ctx, how, person, number))
      if (rows.persons.length % breath === 0) await setImmediate()
    }
    if (tell && i % breath === breath - 1) await tell(i + 1)
  }
  await insertMany(ctx.tx, 'residents_households', rows.households)
  await insertMany(ctx.tx, 'residents_occupancies', rows.occupancies)
  await insertMany(ctx.tx, 'residents_persons', rows.persons)
  await insertMany(ctx.tx, 'residents_memberships', rows.memberships)
  await insertMany(ctx.tx, 'residents_tags', rows.tags)
  await insertMany(ctx.tx, 'residents_phones', rows.phones)
  return { households: ids, persons: rows.persons.map((p) => p['id'] as Id) }
}

type Row = Record<string, unknown>
