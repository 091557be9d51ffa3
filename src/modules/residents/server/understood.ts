// Rosters and lists of tenants as they really look, as rows that an import judges: the reading of a roster joined to its row.
import { dayOf } from '#core/dates.ts'
import type { Text } from '#core/text.ts'
import type { Ctx } from '#server/house.ts'
import type { ReadRow } from '#server/imports/runs.ts'
import type { Understands } from '#server/imports/understanding.ts'
import type { Understood, UnderstoodRow, Words } from '#server/imports/understand/model.ts'
import type { FloatingRow } from '../lists.ts'
import { rosterRowOf } from '../roster/entry.ts'
import { rosterWords } from '../roster/heads.ts'
import type { Remark, RosterPerson } from '../roster/model.ts'
import { readName } from '../roster/names.ts'
import { readRoster } from '../roster/read.ts'
import { cellsOf, compoundNames } from './employees.ts'
import { phoneIn, inCell } from './listed.ts'
import { landlordWords } from './listWords.ts'
import type { RosterEntry } from './roster.ts'

const needs = [
  ['name', 'headName'],
  ['room', 'address'],
] as const

export const readsRoster: Understands<RosterEntry> = {
  words: rosterWords,
  needs,
  read: (understood, ctx) => readRows(understood, ctx, (entry) => ({ entry })),
}

const rentedAddress = [
  '租住地址',
  '租住地',
  '租住详细地址',
  '现租住地址',
  '租房地址',
  '租赁地址',
  '出租屋地址',
  '出租房地址',
  '出租房屋地址',
  '租住房屋地址',
  '暂住地址',
  '暂住地',
  '暂住详细地址',
]

/** A roster leaves landlords aside; a list of tenants is about them too. */
const floatingWords: Words = [
  ...rosterWords.map((word) => {
    if (word.field === 'address') return { ...word, names: [...word.names, ...rentedAddress] }
    return word.field.startsWith('-') ? { ...word, names: word.names.filter((name) => !/房东/.test(name)) } : word
  }),
  ...landlordWords,
]

export const readsFloating: Understands<FloatingRow> = {
  words: floatingWords,
  needs,
  read: (understood, ctx) =>
    readRows(understood, ctx, (entry, { row, fields, more }, rented) => {
      const remarks: Text[] = []
      const landlord = readName(fields['landlordName']?.text ?? '')
      const cells = [...(fields['landlordPhone'] ? [fields['landlordPhone']] : []), ...(more['landlordPhone'] ?? [])]
      const phone = phoneIn(cells, (said, why) => remarks.push(inCell(row, said, why))) ?? landlord.phone ?? null
      return {
        entry: { ...entry, use: rented ? entry.use : 'rental', landlordName: landlord.name, landlordPhone: phone },
        remarks,
      }
    }),
}

type Made<E> = { entry: E; remarks?: readonly Text[] }
/** `rented` is false where the file does not say what the dwelling is used for. */
type Make<E> = (entry: RosterEntry, row: UnderstoodRow, rented: boolean) => Made<E>

async function readRows<E>(understood: Understood, ctx: Ctx, make: Make<E>): Promise<ReadRow<E>[]> {
  const { people, refused, questionable } = readRoster(understood, { today: dayOf(ctx.now), compounds: await compoundNames(ctx) })
  const [persons, reasons, remarks] = [Map.groupBy(people, keyOf), byRow(refused), byRow(questionable)]
  return understood.sheets
    .filter((sheet) => sheet.taken)
    .flatMap((sheet) =>
      sheet.rows.flatMap((row): ReadRow<E>[] => {
        const why = reasons.get(keyOf(row))
        const at = { sheet: row.sheet, row: row.row }
        if (why) return [{ ...at, reasons: why, cells: cellsOf(row.fields) }]
        // A place prepared for nobody is no row of data; a cell may name several persons.
        return (persons.get(keyOf(row)) ?? []).map((person, i) => {
          const made = make(entryOf(person), row, row.fields['use'] !== undefined)
          const said = i === 0 ? (remarks.get(keyOf(row)) ?? []) : []
          return {
            ...at,
            reasons: [],
            entry: made.entry,
            ...(person.repeats ? { repeats: true } : {}),
            remarks: [...said, ...(made.remarks ?? [])],
          }
        })
      }),
    )
}

const entryOf = (person: RosterPerson): RosterEntry => ({ ...rosterRowOf(person), household: person.household })
const keyOf = ({ sheet, row, part = 0 }: { sheet: string; row: number; part?: number }): string => `${row}:${part}:${sheet}`
const byRow = (remarks: readonly Remark[]): Map<string, Text[]> => {
  const found = new Map<string, Text[]>()
  for (const remark of remarks) found.set(keyOf(remark), [...(found.get(keyOf(remark)) ?? []), remark.reason])
  return found
}
