// The same person on two rows, and the same number with two persons.
import type { Text } from '#core/text.ts'
import { toldBy } from '../documents.ts'
import type { Place } from './model.ts'
import { bornAs, type Draft } from './person.ts'
import { about, heads, says } from './says.ts'

/** A row on its way. `repeats` is set where an earlier row says the same person; `number` is what 户号 says. */
export type Entry = {
  readonly sheet: string
  readonly row: number
  readonly part?: number
  readonly table?: number
  readonly draft: Draft
  readonly place: Place
  readonly number: string | null
  readonly doubts: Text[]
  readonly formulas: readonly string[]
  repeats?: { sheet: string; row: number }
}

const samePlace = (a: Place, b: Place): boolean =>
  a.compound === b.compound && a.building === b.building && a.unit === b.unit && a.room === b.room

/** Marks repeats, and takes a number from whom it cannot belong to. Rows are taken in their order. */
export function twins(entries: readonly Entry[]): void {
  const byNumber = new Map<string, Entry>()
  const byName = new Map<string, Entry[]>()
  for (const entry of entries) {
    const earlier = twinOf(entry, byNumber, byName)
    if (earlier) {
      entry.repeats = { sheet: earlier.sheet, row: earlier.row }
      // The second row may know another telephone.
      earlier.draft.phones = [...new Set([...earlier.draft.phones, ...entry.draft.phones])]
    } else {
      if (entry.draft.idNumber) byNumber.set(entry.draft.idNumber, entry)
      const key = nameKey(entry)
      byName.set(key, [...(byName.get(key) ?? []), entry])
    }
  }
}

const nameKey = ({ draft, place }: Entry): string =>
  [draft.name ?? '', place.compound, place.building, place.unit ?? '', place.room].join('\n')

function twinOf(
  entry: Entry,
  byNumber: ReadonlyMap<string, Entry>,
  byName: ReadonlyMap<string, readonly Entry[]>,
): Entry | undefined {
  const holder = entry.draft.idNumber ? byNumber.get(entry.draft.idNumber) : undefined
  if (holder?.draft.idNumber) {
    if (holder.draft.name === entry.draft.name) {
      if (!samePlace(holder.place, entry.place)) doubt(entry, 'person', says.elsewhere)
      return holder
    }
    contested(holder, entry)
  }
  const like = (byName.get(nameKey(entry)) ?? []).filter((other) => !contradicts(other, entry))
  const [same] = like
  if (!same) return undefined
  if (!entry.draft.name) return same
  if (!certain(same, entry)) doubt(entry, 'name', says.sameName)
  return same
}

function contradicts(a: Entry, b: Entry): boolean {
  if (a.draft.idNumber && b.draft.idNumber && a.draft.idNumber !== b.draft.idNumber) return true
  const [one, other] = [bornAs(a.draft), bornAs(b.draft)]
  return (
    (one.birthDate !== null && other.birthDate !== null && one.birthDate !== other.birthDate) ||
    (one.sex !== null && other.sex !== null && one.sex !== other.sex)
  )
}

const certain = (a: Entry, b: Entry): boolean => {
  const [one, other] = [bornAs(a.draft), bornAs(b.draft)]
  return (
    (one.birthDate !== null && one.birthDate === other.birthDate) ||
    (one.birthDate === other.birthDate &&
      one.sex === other.sex &&
      a.draft.relation === b.draft.relation &&
      a.draft.phones.join() === b.draft.phones.join())
  )
}

/** One number, two names: it stays with whom sex and birth date bear it out, and with nobody where both or neither do. */
function contested(first: Entry, second: Entry): void {
  const [one, other] = [borneOut(first.draft), borneOut(second.draft)]
  const takeFrom = (entry: Entry) => {
    entry.draft.idNumber = null
    doubt(entry, 'idNumber', says.idHeldTwice)
  }
  if (one <= other) takeFrom(first)
  else doubt(first, 'idNumber', says.idAlsoThere)
  if (other <= one) takeFrom(second)
  else doubt(second, 'idNumber', says.idAlsoThere)
}

/** How far the row's own columns agree with its number: -1 against, 0 silent, 1 and 2 for it. */
function borneOut({ idType, idNumber, said }: Draft): number {
  const told = toldBy(idType, idNumber!)
  if (!told) return 0
  if ((said.sex && said.sex !== told.sex) || (said.birthDate && said.birthDate !== told.birthDate)) return -1
  return (said.sex ? 1 : 0) + (said.birthDate ? 1 : 0)
}

const cellFor = ({ draft: { cells } }: Entry, head: keyof typeof heads) => (head === 'idNumber' ? cells.idNumber : cells.name)

const doubt = (entry: Entry, head: keyof typeof heads, why: Text) => {
  entry.doubts.push(about(entry.row, cellFor(entry, head), heads[head], why))
}
