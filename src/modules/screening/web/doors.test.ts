// The overlay in tables: what a phone shows between a tap and the next download.
import { expect, test } from 'vitest'
import type { GridSet } from '../api.ts'
import { further, goingOn, nextStop, pileOf, stopsOf, tally, type Entry } from './doors.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 1, minute)).toISOString()
const member = (id: string) => ({ id, name: id, sex: null, age: null, relation: 'head', phone: null, tags: [], keyPerson: false })
const last = (id: string, outcome: 'reached' | 'nobody', mine = true) => ({
  id,
  root: id,
  how: 'door' as const,
  outcome,
  occurredAt: at(0),
  mine,
  by: '李网格',
})
type SetHousehold = GridSet['buildings'][number]['units'][number]['doors'][number]['households'][number]
const household = (id: string, more: Partial<SetHousehold> = {}): SetHousehold => ({
  id,
  kind: 'family',
  members: [member(`${id}-head`)],
  state: 'untouched',
  channel: null,
  attempts: 0,
  last: null,
  ...more,
})
const door = (room: string, households: SetHousehold[], use: 'owner' | 'vacant' = 'owner') => ({
  dwelling: `d${room}`,
  room,
  floor: 1,
  use,
  households,
})
const grid = (...doors: ReturnType<typeof door>[]): Pick<GridSet, 'buildings'> => ({
  buildings: [{ id: 'b', compound: '桂园', name: '1号楼', units: [{ id: 'u', name: '1单元', doors }] }],
})

const four = () =>
  grid(door('101', [household('h1')]), door('102', [household('h2')]), door('201', []), door('202', [household('h4')]))
let n = 0
const attempt = (input: object, state: Entry['state'] = 'waiting', id = `a${++n}`): Entry => ({
  id,
  contract: 'screening.recordAttempt',
  input: { how: 'door', ...input },
  at: at(n),
  state,
})
const correct = (replaces: string, entry: object, id = `c${++n}`): Entry => ({
  id,
  contract: 'screening.correctAttempt',
  input: { replaces, reason: '点错了', entry: { how: 'door', ...entry } },
  at: at(n),
  state: 'waiting',
})
const withdraw = (replaces: string): Entry => ({
  id: `w${++n}`,
  contract: 'screening.withdrawAttempt',
  input: { replaces, reason: '点错了' },
  at: at(n),
  state: 'waiting',
})
const states = (set: Pick<GridSet, 'buildings'>, ...entries: Entry[]) =>
  stopsOf(set, entries).map((stop) => stop.household?.state ?? null)

test.each([
  ['untouched', 'door', 'nobody', 'nobody'],
  ['nobody', 'notice', 'nobody', 'notice'],
  ['notice', 'door', 'nobody', 'notice'],
  ['notice', 'door', 'reached', 'covered'],
  ['covered', 'door', 'refused', 'covered'],
  ['refused', 'door', 'nobody', 'refused'],
  ['vacant', 'door', 'moved', 'moved'],
  ['moved', 'door', 'refused', 'moved'],
] as const)('%s, then %s %s, is %s', (before, how, outcome, after) => expect(further(before, how, outcome)).toBe(after))

test('what was just recorded shows at once, and what was refused does not count', () => {
  expect(
    states(four(), attempt({ household: 'h1', outcome: 'reached' }), attempt({ household: 'h2', outcome: 'reached' }, 'refused')),
  ).toEqual(['covered', 'untouched', null, 'untouched'])
  const [, second] = stopsOf(four(), [attempt({ household: 'h2', outcome: 'reached' }, 'refused')])
  expect(second!.household!.refused).toBe(true)
})

test('a notice after nobody is one household with a notice, not one reached', () => {
  const stops = stopsOf(four(), [
    attempt({ household: 'h1', outcome: 'nobody' }),
    attempt({ household: 'h1', how: 'notice', outcome: 'nobody' }),
  ])
  expect(stops[0]!.household).toMatchObject({ state: 'notice', attempts: 2 })
  expect(tally(stops)).toEqual({ households: 3, covered: 0, again: 1 })
})

test('an item whose reply was lost is not counted beside itself', () => {
  const set = grid(door('101', [household('h1', { state: 'covered', attempts: 1, last: last('a-lost', 'reached') })]))
  expect(stopsOf(set, [attempt({ household: 'h1', outcome: 'reached' }, 'waiting', 'a-lost')])[0]!.household).toMatchObject({
    attempts: 1,
    state: 'covered',
  })
})

test('a correction or withdrawal takes the place of what it names, here or on the server', () => {
  const own = attempt({ household: 'h1', outcome: 'reached' })
  expect(states(four(), own, correct(own.id, { household: 'h1', outcome: 'refused' }))[0]).toBe('refused')
  expect(states(four(), own, withdraw(own.id))[0]).toBe('untouched')
  const once = grid(door('101', [household('h1', { state: 'covered', attempts: 1, last: last('a-old', 'reached') })]))
  expect(states(once, withdraw('a-old'))).toEqual(['untouched'])
  const mended = correct('a-old', { household: 'h1', outcome: 'nobody' })
  expect(stopsOf(once, [mended])[0]!.household).toMatchObject({ state: 'nobody', attempts: 1, last: { id: mended.id } })
  const twice = grid(door('101', [household('h1', { state: 'covered', attempts: 2, last: last('a-old', 'reached') })]))
  expect(states(twice, withdraw('a-old'))).toEqual(['nobody'])
})

test('new people and a new household stand at their door', () => {
  const stops = stopsOf(four(), [
    attempt({
      household: 'h-new',
      outcome: 'reached',
      newHousehold: { dwelling: 'd201' },
      newPeople: [{ id: 'p-new', entry: { name: '王小明', relation: 'head' } }],
    }),
  ])
  expect(stops[2]).toMatchObject({
    key: 'h-new',
    room: '201',
    household: { state: 'covered', members: [{ id: 'p-new', name: '王小明' }] },
  })
})

test('next door first: the walk goes on behind the last door and comes back to those left out', () => {
  const stops = stopsOf(four(), [attempt({ household: 'h2', outcome: 'reached' })])
  expect(goingOn(stops, stops[1]).map((stop) => stop.room)).toEqual(['201', '202', '101', '102'])
  expect(nextStop(stops, stops[3])!.room).toBe('101')
  expect(stops.map(pileOf)).toEqual(['todo', 'done', 'todo', 'todo'])
})
