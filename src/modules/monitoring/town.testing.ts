// A town for stories of checks: two households under a duty of two temperatures a day, and whoever measures.
import { sample, type Town } from '#app/testing.ts'
import type { Input } from '#core/contract.ts'
import { instantAt, type Day } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { asSystem } from '#server/system.ts'
import { settle } from '#modules/screening/town.testing.ts'
import { startDuty, type NewDuty } from '#modules/duties/server.ts'
import * as api from './api.ts'

export const day1: Day = '2026-03-02'
export const twice = {
  slots: [
    { key: 'morning', opens: '07:00', due: '12:00' },
    { key: 'evening', opens: '14:00', due: '21:00' },
  ],
  every: { days: 1 },
  anchor: day1,
}
export const at = (town: Town, day: Day, time: string) => town.at(instantAt(day, time))

export async function begin(town: Town) {
  at(town, day1, '06:00')
  const homes = await settle(town.running.house, sample, [2, 1])
  const order = newId()
  const start = (person: Id, more: Partial<NewDuty> = {}) =>
    asSystem(town.running.house, sample.community, 'town.duty', (ctx) =>
      startDuty(ctx, {
        kind: 'monitoring.temperature',
        subjectKind: 'person',
        subject: person,
        source: 'observation.order',
        sourceId: order,
        cadence: twice,
        startsOn: day1,
        lastDay: '2026-03-15',
        ...more,
      }),
    )
  for (const home of homes) await start(home.people[0]!)
  const [first, second, third] = homes.map((home) => home.people[0]!) as [Id, Id, Id]
  return {
    homes,
    order,
    start,
    first,
    second,
    third,
    worker: town.as('gridWorker', sample.grid, '李网格员'),
    colleague: town.as('gridWorker', sample.grid, '钱网格员'),
    other: town.as('gridWorker', sample.grid2, '赵网格员'),
    medic: town.as('medic', sample.community, '王医生'),
    staff: town.as('communityStaff', sample.community, '周干事'),
    secretary: town.as('communitySecretary', sample.community, '孙书记'),
    officer: town.as('subdistrictOfficer', sample.street, '街道'),
  }
}

/** A temperature under the arm at the door, nobody unwell. */
export const measured = (person: Id, value: number, more: Partial<Input<typeof api.record>> = {}): Input<typeof api.record> => ({
  person,
  value,
  measuredHow: 'armpit',
  how: 'door',
  symptoms: [],
  ...more,
})
