// The cadence in tables, and its SQL twin held against it by chance.
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { sample, story } from '#app/testing.ts'
import { addDays, instantAt, msOf, type Day } from '#core/dates.ts'
import { newId } from '#core/ids.ts'
import {
  Cadence,
  recursOn,
  slotFor,
  slotName,
  slotsBetween,
  slotsOn,
  stateOf,
  type Outcome,
  type Terms,
  type Window,
} from './model.ts'
import { slotsOf, stateSql } from './server/slots.ts'

const morning: Window = { key: 'morning', opens: '07:00', due: '12:00' }
const evening: Window = { key: 'evening', opens: '15:00', due: '20:00' }
const twice: Cadence = { slots: [morning, evening], every: { days: 1 }, anchor: '2026-03-02' }
const terms: Terms = { cadence: twice, startsOn: '2026-03-02', startsAt: instantAt('2026-03-02'), lastDay: '2026-03-15' }
const ms = (day: Day, time: string) => msOf(instantAt(day, time))

describe('when it recurs', () => {
  test.each<[string, Cadence['every'], Day[]]>([
    [
      'every day',
      { days: 1 },
      ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05', '2026-03-06', '2026-03-07', '2026-03-08', '2026-03-09'],
    ],
    ['every third day from the anchor', { days: 3 }, ['2026-03-02', '2026-03-05', '2026-03-08']],
    ['once a week', { days: 7 }, ['2026-03-02', '2026-03-09']],
    ['Tuesdays and Sundays', { weekdays: [2, 7] }, ['2026-03-03', '2026-03-08']],
  ])('%s', (_, every, days) => {
    const cadence = { ...twice, every }
    const all = Array.from({ length: 10 }, (_, n) => addDays('2026-02-28', n))
    expect(all.filter((day) => recursOn(cadence, day))).toEqual(days)
  })

  test('windows are those of the clock in Shanghai', () => {
    expect(slotsOn(twice, '2026-03-02')).toEqual([
      { day: '2026-03-02', slot: 'morning', opensAt: '2026-03-01T23:00:00.000Z', dueAt: '2026-03-02T04:00:00.000Z' },
      { day: '2026-03-02', slot: 'evening', opensAt: '2026-03-02T07:00:00.000Z', dueAt: '2026-03-02T12:00:00.000Z' },
    ])
  })

  test('a duty that begins at noon asks nothing of that morning, and none after the last day', () => {
    const from = (at: string) =>
      slotsBetween({ ...terms, startsAt: instantAt('2026-03-02', at) }, '2026-03-01', '2026-03-02').map((s) => s.slot)
    expect([from('11:59'), from('12:00'), from('20:00')]).toEqual([['morning', 'evening'], ['evening'], []])
    expect(slotsBetween(terms, '2026-03-14', '2026-03-20').map((s) => s.day)).toEqual([
      '2026-03-14',
      '2026-03-14',
      '2026-03-15',
      '2026-03-15',
    ])
    expect(slotsBetween(terms, '2026-03-01', '2026-04-30')).toHaveLength(28)
  })

  test('a cadence whose windows end before they open, or bear one name twice, is none', () => {
    expect(Cadence.safeParse({ ...twice, slots: [{ ...morning, due: '06:00' }] }).success).toBe(false)
    expect(Cadence.safeParse({ ...twice, slots: [morning, morning] }).success).toBe(false)
  })
})

test.each<[string, string]>([
  ['06:59', 'later'],
  ['07:00', 'open'],
  ['11:59', 'open'],
  ['12:00', 'overdue'],
  ['23:59', 'overdue'],
])('the morning at %s stands at %s', (at, state) => {
  expect(stateOf(slotsOn(twice, '2026-03-02')[0]!, null, ms('2026-03-02', at), 12)).toBe(state)
})
test('twelve hours after its end it is missed, unless it was settled', () => {
  const [slot] = slotsOn(twice, '2026-03-02')
  expect(stateOf(slot!, null, ms('2026-03-03', '00:00'), 12)).toBe('missed')
  expect(stateOf(slot!, 'excused', ms('2026-03-09', '00:00'), 12)).toBe('excused')
})

describe('which slot something settles', () => {
  const rules = { graceHours: 12, earlyMinutes: 60 }
  const at = (day: Day, time: string, done: Record<string, string | null> = {}, of: Terms = terms) => {
    const settled = new Map(Object.entries(done).map(([name, t]) => [name, t === null ? null : ms(name.slice(0, 10), t)]))
    const found = slotFor(of, ms(day, time), settled, rules)
    return found && `${slotName(found)}${found.late ? ' late' : ''}`
  }
  test.each<[string, string | undefined, string, string, Record<string, string | null>?]>([
    ['in its window', '2026-03-03 morning', '2026-03-03', '08:00'],
    ['a little early', '2026-03-03 morning', '2026-03-03', '06:20'],
    ['the overdue morning before the evening that opens soon', '2026-03-03 morning late', '2026-03-03', '14:30'],
    ['far too early', undefined, '2026-03-02', '05:00'],
    ['after the window: late', '2026-03-03 morning late', '2026-03-03', '12:00'],
    ['twice in one window counts once', undefined, '2026-03-03', '09:00', { '2026-03-03 morning': '08:00' }],
    ['between the windows with the morning done', undefined, '2026-03-03', '13:00', { '2026-03-03 morning': '08:00' }],
    [
      'shortly before the evening with the morning done',
      '2026-03-03 evening',
      '2026-03-03',
      '14:30',
      { '2026-03-03 morning': '08:00' },
    ],
    ['an excused morning stays excused', undefined, '2026-03-03', '08:00', { '2026-03-03 morning': null }],
    ['after midnight the evening before is still open', '2026-03-02 evening late', '2026-03-03', '00:30'],
    ['but not the next noon', '2026-03-03 morning', '2026-03-03', '11:00'],
    ['nothing after the last day', undefined, '2026-03-16', '09:00'],
  ])('%s', (_, slot, day, time, done) => expect(at(day, time, done)).toBe(slot))

  test('two that are too close are one', () => {
    const apart = { ...terms, cadence: { ...twice, slots: [morning, { ...evening, minGapMinutes: 240 }] } }
    expect(at('2026-03-03', '15:10', { '2026-03-03 morning': '11:50' }, apart)).toBeUndefined()
    expect(at('2026-03-03', '15:50', { '2026-03-03 morning': '11:50' }, apart)).toBe('2026-03-03 evening')
  })
})

/** A small generator with a seed, so that a failure can be seen again. */
function chance(seed: number) {
  let at = seed
  return (below: number) => {
    at = (at * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((at / 2_147_483_648) * below)
  }
}

test(
  'by chance: SQL finds the same slots in the same states',
  story(async (town) => {
    const pick = chance(20_260_302)
    const time = (n: number) => `${String(Math.floor(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`
    await town.running.house.within(sample.community, async (tx) => {
      for (let n = 0; n < 60; n++) {
        const windows = Array.from({ length: 1 + pick(4) }, (_, i): Window => {
          const opens = pick(1400)
          return { key: `w${i}`, opens: time(opens), due: time(opens + 1 + pick(1439 - opens)) }
        })
        const anchor = addDays('2026-02-20', pick(20))
        const every = pick(2) ? { days: 1 + pick(9) } : { weekdays: [1, 2, 3, 4, 5, 6, 7].filter(() => pick(2)) }
        const startsOn = addDays('2026-02-25', pick(12))
        const some: Terms = {
          cadence: { slots: windows, every: 'weekdays' in every && !every.weekdays.length ? { weekdays: [3] } : every, anchor },
          startsOn,
          startsAt: instantAt(startsOn, time(pick(1440))),
          lastDay: pick(3) ? addDays(startsOn, pick(25)) : null,
        }
        const [from, to] = [addDays('2026-02-24', pick(8)), addDays('2026-03-04', pick(20))]
        const at = instantAt(addDays(from, pick(14)), time(pick(1440)))
        const outcome: Outcome | null = ([null, null, 'done', 'excused'] as const)[pick(4)]!
        const duty = sql`(select ${sample.community}::text as community, ${newId()}::uuid as id, null::uuid as source_id, ${JSON.stringify(some.cadence)}::jsonb as cadence,
        ${some.startsOn}::date as starts_on, ${some.startsAt}::timestamptz as starts_at, ${some.lastDay}::date as last_day, null::timestamptz as ended_at)`
        const { rows } = await sql`select s.day, s.slot, s.opens_at, s.due_at, ${stateSql(at, 12)} as state
        from ${slotsOf(duty, from, to)} s cross join (select ${outcome}::text as outcome) o`.execute(tx)
        const want = slotsBetween(some, from, to).map((slot) => ({ ...slot, state: stateOf(slot, outcome, msOf(at), 12) }))
        const inOrder = (list: unknown[]) => (list as typeof want).toSorted((a, b) => slotName(a).localeCompare(slotName(b)))
        expect(inOrder(rows), `case ${n}`).toEqual(inOrder(want))
      }
    })
  }),
)
