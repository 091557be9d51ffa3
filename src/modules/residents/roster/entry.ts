// A person as read, in the shape that the import writes.
import { dialled, Phone } from '../model.ts'
import type { RosterRow } from '../roster.ts'
import type { RosterPerson } from './model.ts'

/** The roster row of a person; further telephones go into the remarks, for a dossier holds one. */
export function rosterRowOf(person: RosterPerson): RosterRow {
  const { compound, building, unit, room, use, grid, name, relation, sex, birthDate, idType, idNumber, homePlace, employer, tags } = person
  const place = { compound, building, unit, room, use, grid }
  if (name === null) return { ...place, name: null, idType: 'notRecorded' }
  const numbers = person.phones.map((phone) => dialled(phone.replace(/^(0\d{2,3}-\d{7,8})-\d+$/, '$1')))
  const phone = numbers.find((number) => Phone.safeParse(number).success) ?? null
  const others = person.phones.filter((_, i) => numbers[i] !== phone)
  const note = [person.note, others.length ? `其他电话：${others.join('、')}` : null].filter(Boolean).join('；').slice(0, 300)
  return {
    ...place, name, relation, sex, birthDate, idType, idNumber, phone, homePlace, employer,
    tags: tags.length ? [...tags] : null, note: note || null,
  }
}
