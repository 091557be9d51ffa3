// Stories of services: a need from the asking to the sign-off, calls that settle what is owed, items, care files, counselling.
import { describe, expect, test } from 'vitest'
import { sample, story, type Town } from '#app/testing.ts'
import type { Input } from '#core/contract.ts'
import { instantAt, type Day } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { Problem } from '#core/problem.ts'
import { asSystem } from '#server/system.ts'
import { rounds } from '#modules/disinfection/api.ts'
import { slots } from '#modules/duties/api.ts'
import { startDuty, type NewDuty } from '#modules/duties/server.ts'
import { settle } from '#modules/screening/town.testing.ts'
import { units } from '#modules/territory/api.ts'
import * as api from './api.ts'

const { community, grid, grid2, street } = sample
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(() => 'done', (error: unknown) => (error instanceof Problem ? error.code : String(error)))

async function begin(town: Town) {
  const homes = await settle(town.running.house, sample, [4, 2])
  return {
    homes, home: homes[0]!, worker: town.as('gridWorker', grid, '李网格员'), other: town.as('gridWorker', grid2, '赵网格员'),
    volunteer: town.as('volunteer', community, '志愿者小王'), staff: town.as('communityStaff', community, '周干事'),
    secretary: town.as('communitySecretary', community, '孙书记'), officer: town.as('subdistrictOfficer', street, '街道'),
  }
}
const today: Day = '2026-03-02'
const clock = (town: Town, day: Day, time: string) => town.at(instantAt(day, time))
const twice = { slots: [{ key: 'morning', opens: '08:00', due: '12:00' }, { key: 'evening', opens: '14:00', due: '20:00' }], every: { days: 1 }, anchor: today }

/** A duty as an order would begin it. */
const owe = (town: Town, duty: Pick<NewDuty, 'kind' | 'subjectKind' | 'subject'> & Partial<NewDuty>): Promise<Id> =>
  asSystem(town.running.house, community, 'test', (ctx) => startDuty(ctx, {
    source: 'observation.order', sourceId: newId(), cadence: twice, startsOn: today, lastDay: '2026-03-15', ...duty,
  }))

describe('calls', () => {
  test('a call settles its slot, one that nobody answered does not, one withdrawn opens it again', story(async (town) => {
    const { home, worker, other } = await begin(town)
    const duty = await owe(town, { kind: 'services.call', subjectKind: 'household', subject: home.id })
    const states = async () => (await worker.ask(slots, { duty, from: today, to: today })).rows.map((s) => `${s.slot} ${s.state}`)
    clock(town, today, '09:00')
    await worker.tell(api.call, { household: home.id, outcome: 'noAnswer' })
    expect(await states()).toEqual(['morning open', 'evening later'])
    const made = await worker.tell(api.call, { household: home.id, outcome: 'answered', mood: 'calm', note: '都好' })
    expect(await states()).toEqual(['morning done', 'evening later'])
    expect(await codeOf(other.tell(api.withdrawCall, { replaces: made.id, reason: '记错' }))).toBe('scope.outOfReach')
    await worker.tell(api.withdrawCall, { replaces: made.id, reason: '记错了户' })
    expect(await states()).toEqual(['morning open', 'evening later'])
    expect((await worker.ask(api.calls, {})).rows.map((c) => c.outcome)).toEqual(['noAnswer'])
    expect(await codeOf(other.tell(api.call, { household: home.id, outcome: 'answered' }))).toBe('scope.outOfReach')
  }))

  test('a need said in a call is asked for in the same breath', story(async (town) => {
    const { home, worker, secretary } = await begin(town)
    const made = await worker.tell(api.call, {
      household: home.id, outcome: 'answered', need: { category: 'buy', urgency: 'today', content: '降压药1盒' },
    })
    const { rows: [asked], total } = await secretary.ask(api.requests, {})
    expect(total).toBe(1)
    expect(asked).toMatchObject({
      id: made.request, number: '20260302-001', state: 'asked', channel: 'phone', content: '降压药1盒', name: '赵大明', categoryTitle: { zh: '代购' },
      askedAt: '2026-03-02T01:00:00.000Z', dueAt: '2026-03-02T09:00:00.000Z', overdue: false,
    })
  }))
})

test('a round of a whole building settles what is owed there and in its units; one that names another place does not', story(async (town) => {
  const { home, worker } = await begin(town)
  const { building } = await worker.ask(api.request, { request: (await worker.tell(api.ask, { household: home.id, category: 'food', urgency: 'today', content: '米', channel: 'door' })).id })
  const [unit] = (await worker.ask(units, { building: building! })).rows
  const day = { ...twice, slots: [{ key: 'day', opens: '06:00', due: '20:00' }] }
  const whole = await owe(town, { kind: 'disinfection.round', subjectKind: 'building', subject: building!, source: 'observation.seal', cadence: day })
  const part = await owe(town, { kind: 'disinfection.round', subjectKind: 'unit', subject: unit!.id, source: 'observation.seal', cadence: day })
  const stateOf = async (duty: Id) => (await worker.ask(slots, { duty, from: today, to: today })).rows[0]!.state
  const round: Input<typeof rounds.contracts.record> = { begins: '08:00', ends: '08:20', place: 'stairs', surfaces: ['floor'], method: 'spray' }
  await worker.tell(rounds.contracts.record, round)
  expect([await stateOf(whole), await stateOf(part)]).toEqual(['open', 'open'])
  const inUnit = await worker.tell(rounds.contracts.record, { ...round, within: unit!.id })
  expect([await stateOf(whole), await stateOf(part)]).toEqual(['open', 'done'])
  await worker.tell(rounds.contracts.correct, { replaces: inUnit.id, reason: '整栋都消了', entry: { ...round, within: building! } })
  expect([await stateOf(whole), await stateOf(part)]).toEqual(['done', 'done'])
}))
