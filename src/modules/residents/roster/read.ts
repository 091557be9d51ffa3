// The people of an understood workbook: who, where, in which household; what is refused, and what somebody should look at.
import type { Day } from '#core/dates.ts'
import type { Text } from '#core/text.ts'
import type { Said, Understood, UnderstoodRow, UnderstoodSheet } from '#server/imports/understand/model.ts'
import type { Relation } from '../model.ts'
import { twins, type Entry } from './twins.ts'
import type { Place, Remark, RosterPerson, RosterRead } from './model.ts'
import { readHeading } from './addresses.ts'
import { bornAs, readPerson, type Draft } from './person.ts'
import { cellOf, compoundsIn, placesOf, type Sheet } from './places.ts'
import { about, heads, says } from './says.ts'
import { readName } from './names.ts'
import { relationOf } from './words.ts'

/** `today` bounds birth dates; `compounds` are the names that the community's register knows. */
export type RosterTerms = { readonly today: Day; readonly compounds?: readonly string[] }

export function readRoster(understood: Understood, { today, compounds: registered = [] }: RosterTerms): RosterRead {
  const taken = understood.sheets.filter(({ taken }) => taken)
  // A list of telephones beside the roster says of nobody where they live, so it is none.
  const placed = taken.filter(saysWhere)
  const sheets = placed.length ? placed : taken
  const compounds = [...new Set([...compoundsIn(sheets), ...registered])]
  const refused: Remark[] = []
  const questionable: Remark[] = []
  const entries: Entry[] = []
  const stated = new Set<string>()
  const usual = () => {
    const all = stated.size ? [...stated] : registered
    return { only: all.length === 1 ? all[0] : undefined, nowhere: all.length === 0, names: stated }
  }
  const drawn = sheets.map((sheet) => ({ sheet, places: placesOf(sheet, compounds, usual) }))
  for (const { places } of drawn)
    for (const { compound, building, room } of places.told.values()) if (compound && (building || room)) stated.add(compound)
  for (const name of stated) if (stated.has(`${name}小区`)) stated.delete(name)
  for (const { sheet, places } of drawn) readSheet(sheet, places, today, entries, refused)
  const households = grouped(entries)
  twins(entries)
  lookForHeads(entries, households)
  lookForUnits(entries)
  lookForZeros(entries)
  const people = entries.map((entry): RosterPerson => {
    for (const reason of new Set(entry.doubts))
      questionable.push({ sheet: entry.sheet, row: entry.row, ...partOf(entry), reason })
    return personOf(entry, households.get(entry)!)
  })
  return { rows: linesOf(people) + linesOf(refused), people, refused, questionable }
}

/** How many rows these are about: a row's persons are one row, those of two tables beside one another two. */
export const linesOf = (list: readonly { sheet: string; row: number; table?: number }[]): number =>
  new Set(list.map(({ sheet, row, table = 0 }) => `${row}\n${table}\n${sheet}`)).size

const wheres = new Set(['address', 'building', 'room', 'householdNo'])
const saysWhere = ({ columns, name, title, rows }: UnderstoodSheet): boolean =>
  columns.some(({ field }) => field !== null && wheres.has(field)) ||
  [name, title, ...rows.map(({ section }) => section)].some((line) => line && readHeading(line).building)

/** What a row must say to be a row at all; a place prepared for nobody is none. */
const ofPersons = ['name', 'headName', 'idNumber', 'phone', 'birthDate', 'relation', 'sex'] as const

function readSheet(sheet: UnderstoodSheet, places: Sheet, today: Day, entries: Entry[], refused: Remark[]): void {
  const named = sheet.columns.some(({ field, part }) => field === 'name' && !part)
  const owners = sheet.columns.some(({ field, head }) => field === 'headName' && /房主|业主|产权|owner/i.test(head))
  let above: { draft: Draft; row: UnderstoodRow } | undefined
  let first: { entry: Entry | undefined; row: number; names: Set<string> } | undefined
  for (const row of sheet.rows) {
    if (row.part && !row.aside) {
      if (first?.entry && first.row === row.row) readBeside(row, first.entry, first.names, today, entries)
      continue
    }
    first = undefined
    const draft = stoodIn(readPerson(row, { today, named }), { named, owners }, above)
    const told = places.told.get(row)!
    const says_ = ofPersons.some((field) => row.fields[field] && !row.fields[field].filled)
    if (!draft.name && !draft.vacant && !says_ && !told.room && !draft.refusal) continue
    const refuse = (reason: Text) => {
      refused.push({ sheet: sheet.name, row: row.row, ...partOf(row), reason })
    }
    const found = places.find(row, standingOf(row, draft, above))
    if (draft.refusal) refuse(draft.refusal)
    else if (!draft.name && !draft.vacant)
      refuse(
        about(
          row.row,
          row.fields.name ?? cellOf(sheet, 'name', row.row) ?? cellOf(sheet, 'headName', row.row),
          heads.name,
          says.noName,
        ),
      )
    else if ('refusal' in found) refuse(found.refusal)
    else {
      const entry = entryFor(row, draft, found.place, [...draft.doubts, ...found.doubts])
      first = { entry, row: row.row, names: new Set(draft.name ? [draft.name] : []) }
      entries.push(entry)
    }
    if (draft.name) above = { draft, row }
  }
}

const partOf = ({ part }: { part?: number }) => (part ? { part } : {})

const entryFor = (row: UnderstoodRow, draft: Draft, place: Place, doubts: Text[]): Entry => ({
  sheet: row.sheet,
  row: row.row,
  ...partOf(row),
  ...(row.aside ? { table: row.part! } : {}),
  draft,
  place,
  number: row.fields.householdNo?.text ?? null,
  doubts,
  formulas: Object.values(row.fields).flatMap(({ formula, at }) => (formula ? [at] : [])),
})

/** Another person of a row lives where its first does. One who cannot be read is said with the first; one named again is the same. */
function readBeside(row: UnderstoodRow, first: Entry, names: Set<string>, today: Day, entries: Entry[]): void {
  const { headName: _, ...fields } = row.fields
  const listed = namesIn(fields.name)
  for (const name of listed.length > 1 ? listed : [fields.name]) {
    const isKin = row.mark && relationOf(row.mark) && !fields.relation && name
    const told = {
      ...fields,
      ...(name ? { name } : {}),
      ...(isKin ? { relation: { text: row.mark!, at: name.at, kind: 'text', filled: true } as const } : {}),
    }
    const draft = readPerson({ ...row, fields: told }, { today, named: true })
    const other = (['idNumber', 'phone', 'birthDate'] as const).map((field) => fields[field]).find((said) => said && !said.filled)
    if (draft.refusal) first.doubts.push(draft.refusal)
    else if (!draft.name && other) first.doubts.push(about(row.row, other, heads.name, says.noName))
    else if (draft.name && !names.has(draft.name)) {
      names.add(draft.name)
      if (listed.length > 1) draft.doubts.push(about(row.row, name, heads.name, says.listed))
      entries.push(entryFor(row, draft, first.place, draft.doubts))
    }
  }
}

/** 王明、王红（女儿）: several names in one cell of which nothing else is said. */
const namesIn = (said: Said | undefined): Said[] =>
  (said && !said.unstored
    ? said.text
        .split(/[、,，;；/\n]+/)
        .map((text) => text.trim())
        .filter((text) => readName(text).name)
    : []
  ).map((text) => ({ ...said!, text }))

/**
 * The householder's name beside a blank one says who the row is about only where the row begins the household. An owner's never does:
 * the one who lives there may be a tenant.
 */
function stoodIn(
  draft: Draft,
  { named, owners }: { named: boolean; owners: boolean },
  above: { draft: Draft } | undefined,
): Draft {
  if (!named) return draft
  const resident = owners ? { ...draft, headTold: false } : draft
  const another = owners || (draft.relation !== null && draft.relation !== 'head') || above?.draft.headName === draft.headName
  return draft.asHead && another ? { ...resident, name: null } : resident
}

/** Whether a row begins a household or says that it belongs to the one above. */
function standingOf(row: UnderstoodRow, draft: Draft, above: { draft: Draft; row: UnderstoodRow } | undefined) {
  const [mine, theirs] = [row.fields.householdNo, above?.row.fields.householdNo]
  const otherNumber = mine !== undefined && theirs !== undefined && mine.text !== theirs.text
  const otherHead = draft.headName !== null && above?.draft.headName !== null && draft.headName !== above?.draft.headName
  const begins = draft.relation === 'head' || draft.vacant || otherNumber || otherHead
  const follows =
    (draft.relation !== null && draft.relation !== 'head') ||
    (mine !== undefined && theirs?.text === mine.text) ||
    (draft.headName !== null && draft.headName === above?.draft.headName)
  return { begins, follows: follows && above !== undefined }
}

const keyOf = ({ compound, building, unit, room }: Place): string => [compound, building, unit ?? '', room].join('\n')

type Group = { readonly id: number; headed: boolean; readonly number: string | null; readonly headName: string | null }

/** Households by dwelling; a second householder in one dwelling begins a second. Answers the number of each entry's. */
function grouped(entries: readonly Entry[]): Map<Entry, { id: number; relation: Relation }> {
  const byPlace = new Map<string, Group[]>()
  const current = new Map<string, Group>()
  const households = new Map<Entry, { id: number; relation: Relation }>()
  // A householder's row that is printed twice begins no second household.
  const printed = new Set<string>()
  let last = 0
  for (const entry of entries) {
    const { draft, number } = entry
    const key = keyOf(entry.place)
    const groups = byPlace.get(key) ?? []
    byPlace.set(key, groups)
    const marked = groups.find(
      (group) => (number !== null && group.number === number) || (draft.headName !== null && group.headName === draft.headName),
    )
    const free = groups.find((group) => !group.headed && (number === null || group.number === null))
    const separate = number !== null && current.get(key)?.number != null && current.get(key)?.number !== number
    const again = [key, draft.name, draft.idNumber].join('\n')
    const joined =
      marked && !(draft.relation === 'head' && marked.headed)
        ? marked
        : draft.relation === 'head'
          ? printed.has(again)
            ? current.get(key)
            : free
          : separate
            ? undefined
            : current.get(key)
    const group = joined ?? { id: ++last, headed: false, number, headName: draft.headName }
    if (!joined) groups.push(group)
    current.set(key, group)
    const relation = draft.relation ?? (joined ? 'other' : 'head')
    if (draft.name && draft.relation === null && joined && draft.relationAsked)
      entry.doubts.push(about(entry.row, undefined, heads.relation, says.relationMissing))
    if (draft.name && relation === 'head') {
      group.headed = true
      printed.add(again)
    }
    households.set(entry, { id: group.id, relation })
  }
  return households
}

/** A householder of whom the sheet knows more than the name, and who has no row among the members, is missed. */
function lookForHeads(entries: readonly Entry[], households: ReadonlyMap<Entry, { id: number }>): void {
  for (const members of Map.groupBy(entries, (entry) => households.get(entry)!.id).values()) {
    const told = members.find(({ draft }) => draft.headTold)
    if (!told || members.some(({ draft }) => draft.name === told.draft.headName)) continue
    told.doubts.push(about(told.row, told.draft.headCell, heads.person, says.headWithoutRow))
  }
}

/** Where nearly all rows of a building name a unit, one without is looked at. */
function lookForUnits(entries: readonly Entry[]): void {
  const buildings = Map.groupBy(entries, ({ place }) => `${place.compound}\n${place.building}`)
  for (const rows of buildings.values()) {
    const without = rows.filter(({ place }) => place.unit === null)
    if (without.length === 0 || rows.length < 3 || without.length / rows.length > 0.4) continue
    for (const entry of without) entry.doubts.push(about(entry.row, undefined, heads.unit, says.unitMissing))
  }
}

/** A spreadsheet that wears numbers down does so to a column: one number in many that ends in three noughts is somebody's own. */
function lookForZeros(entries: readonly Entry[]): void {
  const numbered = entries.filter(({ draft }) => draft.idType === 'idCard' && draft.idNumber !== null)
  const worn = numbered.filter(({ draft }) => draft.zeros)
  if (worn.length * 5 <= numbered.length) return
  for (const { draft, doubts } of worn) doubts.push(draft.zeros!)
}

function personOf(
  { sheet, row, part, table, draft, place, formulas, repeats }: Entry,
  household: { id: number; relation: Relation },
): RosterPerson {
  const { idType, idNumber, phones, use, grid, homePlace, employer, tags, note } = draft
  return {
    sheet,
    row,
    ...partOf({ part: part ?? 0 }),
    ...(table ? { table } : {}),
    household: household.id,
    name: draft.name,
    ...bornAs(draft),
    idType,
    idNumber,
    phones,
    relation: household.relation,
    ...place,
    use,
    grid,
    homePlace,
    employer,
    tags,
    note,
    ...(formulas.length ? { formulas } : {}),
    ...(repeats ? { repeats } : {}),
  }
}
