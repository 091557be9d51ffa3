// What residents brings to the house. Other modules take from here who lives where, and write down whom they meet.
import { migrationsIn } from '#server/database/migrate.ts'
import type { Module } from '#server/house.ts'
import { tables } from './server/tables.ts'

export { bulkLoad, type BulkHousehold, type BulkPerson } from './server/bulk.ts'
export { addHousehold, addPerson, addTag, correctPerson, joinHousehold, moveHousehold, removeTag } from './server/entering.ts'
export {
  householdLabels, householdsAt, membersOf, peopleAt, personNames, phonesOf, type HouseholdAt, type HouseholdLabel, type PersonAt,
} from './server/standing.ts'

export const residents: Module = {
  name: 'residents',
  handlers: [],
  tables,
  migrations: migrationsIn(import.meta.dirname, 'residents'),
}
