// A person as read, in the shape that the import writes.
import { dialled, Phone } from '../model.ts'
import type { RosterRow } from '../roster.ts'
import type { RosterPerson } from './model.ts'

/** A landline with the extension behind it. */
const extended = /^((?:0\d{2,3}-)?\d{7,8})-(\d+)$/

/** The roster row of a person; the first telephone that is one stands first. An extension is no part of the number: it goes into the remarks. */
export function rosterRowOf(person: RosterPerson): RosterRow {
  const {
    compound,
    building,
    unit,
    room,
    use,
    grid,
    name,
    relation,
    sex,
    birthDate,
    idType,
    idNumber,
    homePlace,
    employer,
    tags,
  } = person
  const place = { compound, building, unit, room, use, grid }
  if (name === null) return { ...place, name: null, idType: 'notRecorded' }
  const extensions = person.phones.flatMap((phone) => extended.exec(phone)?.[2] ?? [])
  const numbers = [...new Set(person.phones.map((phone) => dialled(phone.replace(extended, '$1'))))]
  const [phone = null, ...otherPhones] = numbers.filter((number) => Phone.safeParse(number).success)
  const note = [person.note, extensions.length ? `分机：${extensions.join('、')}` : null].filter(Boolean).join('；').slice(0, 300)
  return {
    ...place,
    name,
    relation,
    sex,
    birthDate,
    idType,
    idNumber,
    phone,
    homePlace,
    employer,
    otherPhones: otherPhones.length ? otherPhones : null,
    tags: tags.length ? [...tags] : null,
    note: note || null,
  }
}
