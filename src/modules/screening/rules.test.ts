// The rules of screening in tables: states, the order of attempts, what a form accepts, where risk comes from, when to go again.
import { describe, expect, test } from 'vitest'
import { instantAt as chinese } from '#core/dates.ts'
import type { AttemptHow, Outcome } from './model.ts'
import { householdState, misfits, nextPart, partOf, riskOf, screeningForm, takenBy, type Tried } from './rules.ts'

const id = (n: number) => `0190a000-0000-7000-8000-${String(n).padStart(12, '0')}`
/** `tried('10:00 phone nobody')`, on 2 March unless a day is named: `3/10:00 door reached`. */
const tried = (said: string, n = 1): Tried => {
  const [when, how, outcome] = said.split(' ') as [string, AttemptHow, Outcome]
  const [day, time] = when.includes('/') ? (when.split('/') as [string, string]) : ['2', when]
  return { root: id(n), countedOn: `2026-03-0${day}`, occurredAt: chinese(`2026-03-0${day}`, time), how, outcome }
}
const stateOf = (...said: string[]) => householdState(said.map((s, i) => tried(s, i + 1)))

describe('the state of a household', () => {
  test.each([
    [[], 'untouched', null],
    [['10:00 phone nobody'], 'nobody', null],
    [['10:00 phone nobody', '11:00 door nobody'], 'nobody', null],
    [['10:00 phone nobody', '11:00 notice nobody'], 'notice', null],
    [['11:00 notice nobody', '12:00 notice nobody'], 'notice', null],
    [['10:00 door refused', '11:00 notice nobody'], 'refused', null],
    [['10:00 door vacant', '11:00 phone refused'], 'vacant', null],
    [['10:00 door vacant', '11:00 phone moved'], 'moved', null],
    [['11:00 door vacant', '10:00 phone moved'], 'vacant', null],
    [['10:00 phone reached'], 'covered', 'phone'],
    [['10:00 phone nobody', '11:00 notice nobody', '3/09:00 door reached'], 'covered', 'door'],
    [['10:00 door reached', '3/09:00 phone reached'], 'covered', 'door'],
    [['3/09:00 door reached', '10:00 phone reached'], 'covered', 'phone'],
    [['10:00 phone reached', '3/09:00 door refused', '4/09:00 door vacant'], 'covered', 'phone'],
  ] as const)('%j is %s by %s', (said, state, channel) => {
    expect(stateOf(...said)).toMatchObject({ state, channel })
  })

  test('the first contact decides the day on which it counts', () => {
    expect(stateOf('10:00 phone nobody', '4/09:00 door reached', '3/09:00 phone reached')).toMatchObject({
      coveredOn: '2026-03-03',
      channel: 'phone',
    })
  })

  test('arrival in any order gives the same', () => {
    const all = [
      '10:00 phone nobody',
      '11:00 notice nobody',
      '3/08:00 door refused',
      '3/08:00 door reached',
      '3/08:00 phone reached',
    ].map((s, i) => tried(s, i + 1))
    const permutations = (list: Tried[]): Tried[][] =>
      list.length < 2
        ? [list]
        : list.flatMap((one, i) => permutations(list.filter((_, j) => j !== i)).map((rest) => [one, ...rest]))
    const found = new Set(permutations(all).map((list) => JSON.stringify(householdState(list))))
    expect(found.size).toBe(1)
    // At the same instant the id decides: the door's attempt was made first.
    expect(JSON.parse([...found][0]!)).toMatchObject({ state: 'covered', channel: 'door' })
  })

  test('an attempt of doubted time stands on the day of its arrival, after those that are believed', () => {
    const doubted = { ...tried('1/09:00 phone reached', 1), countedOn: '2026-03-03' }
    expect(householdState([doubted, tried('2/10:00 door reached', 2)])).toMatchObject({
      channel: 'door',
      coveredOn: '2026-03-02',
    })
  })
})

describe('the form', () => {
  const form = [
    ...screeningForm.unset,
    { key: 'help', kind: 'text', askedOf: 'all' },
    { key: 'contact', kind: 'yesNo', askedOf: 'keyPersons' },
    { key: 'temperature', kind: 'temperature', askedOf: 'all' },
    { key: 'containers', kind: 'count', askedOf: 'all' },
    { key: 'outDays', kind: 'days', askedOf: 'keyPersons' },
    { key: 'care', kind: 'choice', askedOf: 'all', choices: { meals: { zh: '送餐', en: 'Meals' } } },
  ] as unknown as typeof screeningForm.unset
  const none = { wrong: [], keyPersonsOnly: [] }

  test.each([
    [[], {}, false, none],
    [['fever', 'cough'], {}, false, none],
    [['plague'], {}, false, { ...none, wrong: ['symptoms'] }],
    [[], { help: '买药' }, false, none],
    [[], { help: 3 }, false, { ...none, wrong: ['help'] }],
    [[], { weather: 'fine' }, false, { ...none, wrong: ['weather'] }],
    [[], { symptoms: 'fever' }, false, { ...none, wrong: ['symptoms'] }],
    [[], { contact: true }, false, { ...none, keyPersonsOnly: ['contact'] }],
    [[], { contact: true }, true, none],
    [[], { contact: 'yes' }, true, { ...none, wrong: ['contact'] }],
    [[], { temperature: 36.5 }, false, none],
    [[], { temperature: 3.65 }, false, { ...none, wrong: ['temperature'] }],
    [[], { temperature: 365 }, false, { ...none, wrong: ['temperature'] }],
    [[], { containers: 0 }, false, none],
    [[], { containers: 1.5 }, false, { ...none, wrong: ['containers'] }],
    [[], { outDays: ['2026-03-01', '2026-03-02'] }, true, none],
    [[], { outDays: ['yesterday'] }, true, { ...none, wrong: ['outDays'] }],
    [[], { care: 'meals' }, false, none],
    [[], { care: ['meals', 'toString'] }, false, { ...none, wrong: ['care'] }],
  ])('%j %j of a key person: %s', (symptoms, answers, isKeyPerson, expected) => {
    expect(misfits(form, { symptoms, answers: answers as never }, isKeyPerson)).toEqual(expected)
  })
})

test.each([
  ['420100', 'medium'],
  ['420115', 'high'],
  ['421200', 'medium'],
  ['42', 'medium'],
  ['310000', 'low'],
  [null, 'unknown'],
] as const)('the risk of %s is %s', (origin, risk) => {
  expect(riskOf({ byArea: { 42: 'medium', 4201: 'medium', 420115: 'high' }, otherwise: 'low' }, origin)).toBe(risk)
})

test.each([
  [[], 'evening'],
  [['10:00'], 'evening'],
  [['19:00'], 'morning'],
  [['19:00', '09:00'], 'afternoon'],
  [['19:00', '09:00', '14:00'], 'evening'],
] as const)('after tries at %j the %s is worth a try', (times, part) => {
  expect(nextPart(times.map((time) => chinese('2026-03-02', time)))).toBe(part)
})

test.each([
  ['11:59', 'morning'],
  ['12:00', 'afternoon'],
  ['18:00', 'evening'],
  ['00:30', 'morning'],
] as const)('%s is in the %s', (time, part) => {
  expect(partOf(chinese('2026-03-02', time))).toBe(part)
})

describe('which campaign takes an attempt', () => {
  const open = { state: 'open', startsOn: '2026-03-01', closedAt: null }
  const closed = { state: 'closed', startsOn: '2026-03-01', closedAt: '2026-03-05T09:00:00.000Z' }
  const at = (occurredAt: string, clockDoubt: string | null = null) => ({
    occurredAt,
    recordedAt: '2026-03-06T01:00:00.000Z',
    clockDoubt,
  })
  test.each([
    [open, at('2026-03-04T01:00:00.000Z'), true],
    [open, at('2026-03-09T01:00:00.000Z', 'future'), true],
    [closed, at('2026-03-05T08:59:00.000Z'), true],
    [closed, at('2026-03-05T09:01:00.000Z'), false],
    [closed, at('2026-03-05T08:59:00.000Z', 'neverSynced'), false],
    [closed, at('2026-02-20T08:59:00.000Z'), false],
  ])('%j takes %j: %s', (campaign, time, taken) => {
    expect(takenBy(campaign, time)).toBe(taken)
  })
})
