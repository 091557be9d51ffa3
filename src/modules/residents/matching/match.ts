// Three lists, one registry: reads them, learns, links, and says which rows are one person and why.
import type { Day } from '#core/dates.ts'
import { candidates, keysOf } from './blocks.ts'
import { cluster, type Clusters, type Rules } from './cluster.ts'
import { at, fieldsOf, level } from './fields.ts'
import { readPeople, type List, type Person } from './people.ts'
import { weigh, type Field, type Pairs, type Setting, type Weights } from './weigh.ts'

export type Matched = {
  readonly people: readonly Person[]
  readonly pairs: Pairs
  readonly setting: Setting
  readonly weights: Weights
  readonly clusters: Clusters
}

const otherNames = new Set(
  ['oneSign', 'surnameOnly', 'givenOnly', 'other', 'partOther', 'calledElse', 'givenOther'].map((key) => level.name[key]!),
)
const sureNames = new Set(['same', 'sameSound', 'nearSound'].map((key) => level.name[key]!))
const looseNames = new Set([...sureNames, ...['shorter', 'partFits'].map((key) => level.name[key]!)])
const otherIds = new Set([level.id['other']!, level.id['partOther']!])
const contrary = {
  id: new Set(['sameBirth', 'other', 'partOther', 'partNear'].map((key) => level.id[key]!)),
  birth: new Set(['near', 'far', 'other', 'yearFar', 'yearOther', 'generation'].map((key) => level.birth[key]!)),
}

/** Rules for people: names part those whom one list puts into one dwelling, documents those who were born at other times; without a look only what two independent things bear out. */
export const rulesFor = (people: readonly Person[]): Rules => ({
  accept: 0.4,
  never: (a, b, levels, i) => {
    if (people[a]!.source !== people[b]!.source || levels[i + at.id] === level.id['same']) return false
    if (levels[i + at.place] === level.place['dwelling'] && otherNames.has(levels[i + at.name]!)) return true
    return otherIds.has(levels[i + at.id]!) && contrary.birth.has(levels[i + at.birth]!)
  },
  strong: (levels, i) => {
    const [name, sex, birth, id, phone, place] = [
      levels[i + at.name]!,
      levels[i + at.sex]!,
      levels[i + at.birth]!,
      levels[i + at.id]!,
      levels[i + at.phone]!,
      levels[i + at.place]!,
    ]
    if (!looseNames.has(name) || sex === level.sex['other'] || contrary.id.has(id) || contrary.birth.has(birth)) return false
    if (id === level.id['same']) return true
    const borneOut =
      Number(id === level.id['partFits'] || id === level.id['near']) +
      Number(birth === level.birth['same']) +
      Number(phone === level.phone['same']) +
      Number(place === level.place['dwelling'])
    const half =
      Number(birth === level.birth['yearFits']) +
      Number(phone === level.phone['partFits']) +
      Number(place === level.place['buildingFits'])
    return name === level.name['same']
      ? borneOut >= 1 || half >= 2
      : sureNames.has(name)
        ? borneOut >= 2 || (borneOut === 1 && half >= 1)
        : borneOut >= 3
  },
})

/** Compares each candidate pair in every field. */
export function compareAll(found: { a: Int32Array; b: Int32Array }, fields: readonly Field[]): Pairs {
  const width = fields.length
  const levels = new Uint8Array(found.a.length * width)
  for (let i = 0; i < found.a.length; i++) {
    for (let f = 0; f < width; f++) levels[i * width + f] = fields[f]!.compare(found.a[i]!, found.b[i]!)
  }
  return { ...found, levels }
}

/** Links the rows of the lists. `today`: births and ages are read as of this day. */
export async function matchLists(lists: readonly List[], today: Day): Promise<Matched> {
  const people = readPeople(lists, today)
  return matchPeople(people, lists.length, Number(today.slice(0, 4)))
}

export async function matchPeople(people: readonly Person[], lists: number, thisYear: number): Promise<Matched> {
  const setting: Setting = {
    sourceOf: Uint8Array.from(people, ({ source }) => source),
    households: true,
    fields: fieldsOf(people, thisYear),
    counts: Array.from({ length: lists }, (_, source) =>
      people.reduce((sum, person) => sum + Number(person.source === source), 0),
    ),
  }
  const pairs = compareAll(await candidates(people.length, (row) => keysOf(people[row]!)), setting.fields)
  const { weights, probability } = weigh(pairs, setting)
  return { people, pairs, setting, weights, clusters: cluster(pairs, probability, setting, weights, rulesFor(people)) }
}
