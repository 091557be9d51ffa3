// A roster that was read, held against the register of a community without writing any of it.
import { sql } from 'kysely'
import type { House } from '#server/house.ts'
import { asSystem } from '#server/system.ts'
import { rosterRowOf } from '#modules/residents/roster/entry.ts'
import type { Remark, RosterPerson, RosterRead } from '#modules/residents/roster/model.ts'
import { planRoster } from '#modules/residents/server/roster.ts'

/** Names of the compounds that the community has. */
export const compoundsOf = (house: House, area: string): Promise<string[]> =>
  house.within(area, async (tx) => {
    const { rows } = await sql<{
      name: string
    }>`select name from territory_compounds where community = ${area} order by name`.execute(tx)
    return rows.map(({ name }) => name)
  })

/** Which persons are registered already as the file says, and which rows the register contradicts. Looking is audited. */
export async function compare(
  house: House,
  area: string,
  { people }: RosterRead,
): Promise<{
  unchanged: Set<RosterPerson>
  refused: Remark[]
}> {
  const asked = people.filter(({ repeats }) => !repeats)
  const plan = await asSystem(house, area, 'residents.rosterDryRun', (ctx) =>
    planRoster(
      ctx,
      asked.map((person) => ({
        row: person.row,
        sheet: person.sheet,
        entry: { ...rosterRowOf(person), household: person.household },
      })),
    ),
  )
  const unchanged = new Set<RosterPerson>()
  const refused: Remark[] = []
  for (const [i, { outcome, reasons = [] }] of plan.verdicts.entries()) {
    const person = asked[i]!
    if (outcome === 'unchanged') unchanged.add(person)
    if (outcome === 'refused') refused.push(...reasons.map((reason) => ({ sheet: person.sheet, row: person.row, reason })))
  }
  return { unchanged, refused }
}
