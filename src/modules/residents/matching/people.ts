// A list's rows as people: each cell in the form in which two of them can be compared.
import type { Day } from '#core/dates.ts'
import { encodingOf, recordsOf } from '#server/spreadsheet/text-file.ts'
import { sexOf } from '../roster/words.ts'
import { isNothing } from '../roster/addresses.ts'
import { ofAge, readAge, readBirth, type Birth } from './births.ts'
import { layoutOf, sayMatch, type Column, type Layout } from './heads.ts'
import { readForm, type NameForm } from './names.ts'
import { readIdForm, readPhoneForms, type IdForm, type PhoneForm } from './numbers.ts'
import { Places, type Place, type PlaceCells } from './places.ts'

/** `source`: the place of its list among the lists; `row`: what the list calls it. */
export type Person = {
  readonly source: number
  readonly row: string
  readonly name: NameForm | undefined
  readonly sex: 'male' | 'female' | undefined
  birth: Birth | undefined
  readonly id: IdForm | undefined
  readonly phones: readonly PhoneForm[]
  readonly place: Place
}
export type List = { readonly file: string; readonly bytes: Uint8Array }

type Cells = {
  readonly source: number
  readonly row: string
  readonly of: (column: Column) => string
  readonly place: PlaceCells
}

/** All rows of all lists. `today`: ages are read as of this day where the lists do not tell better. */
export function readPeople(lists: readonly List[], today: Day): Person[] {
  const rows = lists.flatMap((list, source) => [...readList(list, source)])
  const places = new Places()
  for (const { place } of rows) places.hear(place)
  const people = rows.map((cells) => personOf(cells, places, today))
  agesAsYears(people, lists.length, Number(today.slice(0, 4)))
  return people
}

function* readList({ file, bytes }: List, source: number): Generator<Cells> {
  const encoding = encodingOf(bytes)
  if (!encoding || bytes.length === 0) throw sayMatch.empty({ file })
  let layout: Layout | undefined
  let line = 0
  for (const record of recordsOf(bytes, encoding)) {
    if (!layout) {
      const tried = layoutOf(record)
      if (tried.has('name')) layout = tried
      else if (++line > 5) throw sayMatch.noName({ file })
      continue
    }
    if (record.every((cell) => cell.trim() === '')) continue
    line++
    yield cellsOf(record, layout, source, line)
  }
  if (!layout) throw sayMatch.noName({ file })
}

function cellsOf(record: readonly string[], layout: Layout, source: number, line: number): Cells {
  const of = (column: Column): string => {
    for (const at of layout.get(column) ?? []) {
      const cell = record[at]?.trim()
      if (cell && !isNothing(cell))
        return column === 'phone'
          ? layout
              .get(column)!
              .map((each) => record[each] ?? '')
              .join('/')
          : cell
    }
    return ''
  }
  const place = { compound: of('compound'), building: of('building'), unit: of('unit'), room: of('room'), address: of('address') }
  return { source, row: of('row') || String(line), of, place }
}

function personOf({ source, row, of, place }: Cells, places: Places, today: Day): Person {
  const name = readForm(of('name'))
  const id = readIdForm(of('id'))
  const told = id?.whole && id.sound ? bornIn(id.digits) : undefined
  const said = readBirth(of('birth'), today)
  const birth = said?.day ? said : (told ?? said ?? ofAge(readAge(of('age'))))
  const odd = id?.whole && id.sound ? (Number(id.digits[16]) % 2 === 1 ? 'male' : 'female') : undefined
  return {
    source,
    row,
    name,
    sex: sexOf(of('sex')) ?? odd ?? name?.sex,
    birth,
    id,
    phones: readPhoneForms(of('phone')),
    place: places.read(place),
  }
}

const bornIn = (digits: string): Birth => ({
  year: Number(digits.slice(6, 10)),
  month: Number(digits.slice(10, 12)),
  day: Number(digits.slice(12, 14)),
})

/**
 * Turns ages into years. The year of a list is that in which most people fit who stand by the same name and dwelling or telephone in a list
 * with birth dates; without such people it is today's.
 */
function agesAsYears(people: readonly Person[], lists: number, thisYear: number): void {
  const dated = new Map<string, number>()
  for (const person of people) if (person.birth?.year) for (const key of sureKeys(person)) dated.set(key, person.birth.year)
  for (let source = 0; source < lists; source++) {
    const aged = people.filter((person) => person.source === source && person.birth?.age !== undefined)
    const tally = new Map<number, number>()
    for (const person of aged) {
      const year = sureKeys(person)
        .map((key) => dated.get(key))
        .find((found) => found !== undefined)
      if (year !== undefined) tally.set(year + person.birth!.age!, (tally.get(year + person.birth!.age!) ?? 0) + 1)
    }
    const score = (year: number) => (tally.get(year) ?? 0) + (tally.get(year - 1) ?? 0)
    const best = [...tally.keys()]
      .flatMap((year) => [year, year + 1])
      .sort((a, b) => score(b) - score(a) || (tally.get(b) ?? 0) - (tally.get(a) ?? 0))[0]
    const listYear = best !== undefined && score(best) >= 5 ? best : thisYear
    for (const person of aged) person.birth = { ...person.birth!, year: listYear - person.birth!.age! }
  }
}

const sureKeys = ({ name, phones, place }: Person): string[] =>
  name?.kind !== 'full'
    ? []
    : [
        ...phones.filter(({ whole }) => whole).map(({ digits }) => `${name.text} ${digits}`),
        ...(place.room ? [`${name.text} ${place.compound} ${place.building} ${place.room}`] : []),
      ]
