// The count of exits and the verdict, as tables of examples and against chance.
import { randomInt } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { addDays, dayOf, instantAt, type Instant } from '#core/dates.ts'
import {
  exits,
  isWithin,
  minutesLate,
  noStricter,
  openFrom,
  quotaAt,
  sayNext,
  verdict,
  type AtGate,
  type ExitRule,
} from './rules.ts'

const at = (day: number, time = '09:00'): Instant => instantAt(addDays('2020-02-09', day), time)
const rule = (more: Partial<ExitRule> = {}): ExitRule => ({
  kinds: ['household'],
  counts: 'household',
  period: 2,
  times: 1,
  windows: [],
  longest: null,
  ...more,
})

describe('the count by natural days', () => {
  test.each<
    [what: string, rule: Partial<ExitRule>, known: Instant[], now: Instant, left: number | 'unlimited', again: Instant | null]
  >([
    ['nobody was out', {}, [], at(1), 1, null],
    ['out on day 1, asked an hour later', {}, [at(1)], at(1, '10:00'), 0, at(3, '00:00')],
    ['out on day 1 just before midnight, N = 2', {}, [at(1, '23:59')], at(2, '23:59'), 0, at(3, '00:00')],
    ['next from 00:00 of day 3', {}, [at(1, '23:59')], at(3, '00:00'), 1, null],
    ['a period begins with its first exit, not with the calendar', {}, [at(1), at(4)], at(5), 0, at(6, '00:00')],
    ['one a day', { period: 1 }, [at(1)], at(2, '00:00'), 1, null],
    ['two in three days', { period: 3, times: 2 }, [at(1), at(2)], at(3), 0, at(4, '00:00')],
    ['two in three days, one left', { period: 3, times: 2 }, [at(1)], at(3), 1, null],
    ['one too many went out: the period is no longer for it', {}, [at(1), at(1, '12:00')], at(3), 1, null],
    ['exits come in any order', { period: 3, times: 2 }, [at(2), at(1)], at(3), 0, at(4, '00:00')],
    ['an exit in the future of this clock counts nothing', {}, [at(5)], at(4), 1, null],
    ['unlimited', { times: 'unlimited' }, [at(1), at(1)], at(1, '12:00'), 'unlimited', null],
    ['none', { times: 'none' }, [], at(1), 0, null],
  ])('%s', (_, more, known, now, left, again) => {
    expect(quotaAt(rule(more), known, now)).toMatchObject({ left, again })
  })

  test('kept by a gate, no period of N days from a first exit holds more than its times', () => {
    for (let go = 0; go < 60; go++) {
      const one = rule({ period: randomInt(1, 6), times: randomInt(1, 4) })
      const out: Instant[] = []
      for (let hour = 0; hour < 24 * 30; hour += randomInt(1, 30)) {
        const now = at(Math.floor(hour / 24), `${String(hour % 24).padStart(2, '0')}:00`)
        if (quotaAt(one, out, now).left !== 0) out.push(now)
      }
      for (let i = 0; i < out.length;) {
        const ends = addDays(dayOf(out[i]!), one.period)
        const inside = out.filter((t, j) => j >= i && dayOf(t) < ends).length
        expect(inside).toBeLessThanOrEqual(one.times as number)
        i += inside
      }
    }
  })
})

test.each([
  ['06:00', true],
  ['05:59', false],
  ['09:00', false],
  ['17:30', true],
  ['23:30', true],
  ['01:00', true],
  ['02:00', false],
])('hours 06–09, 17–18 and 23–02: %s is %s', (time, open) => {
  expect(
    isWithin(
      [
        { from: '06:00', to: '09:00' },
        { from: '17:00', to: '18:00' },
        { from: '23:00', to: '02:00' },
      ],
      time,
    ),
  ).toBe(open)
})

test('the next opening, and how it is said', () => {
  const windows = [
    { from: '17:00', to: '18:00' },
    { from: '06:00', to: '09:00' },
  ]
  expect(openFrom(windows, at(1, '10:00'))).toBe(at(1, '17:00'))
  expect(openFrom(windows, at(1, '19:00'))).toBe(at(2, '06:00'))
  expect(openFrom([], at(1, '19:00'))).toBe(at(1, '19:00'))
  expect(sayNext(at(1, '17:00'), at(1)).zh).toBe('今天 17:00')
  expect(sayNext(at(3, '00:00'), at(1))).toEqual({ zh: '后天 00:00', en: 'the day after tomorrow 00:00' })
  expect(sayNext(at(9, '00:00'), at(1)).zh).toMatch(/^2月18日 .* 00:00$/)
  expect([minutesLate(rule({ longest: 120 }), at(1, '09:00'), at(1, '11:30')), minutesLate(rule(), at(1), at(3))]).toEqual([
    30, 0,
  ])
})

const gate = (more: Partial<AtGate> = {}): AtGate => ({
  direction: 'out',
  emergency: false,
  who: 'resident',
  card: 'good',
  known: false,
  bound: [],
  rule: { rule: rule(), document: '望防指〔2020〕7号' },
  visitors: { rule: 'asked', document: null },
  exits: [],
  hotline: '12345',
  ...more,
})
const order = { document: '望观〔2020〕3号', until: '2020-02-20' }

describe('the verdict', () => {
  test.each<[what: string, at: Partial<AtGate>, answer: string, why: string]>([
    ['the first exit', {}, 'allowed', 'within'],
    ['nothing is ruled', { rule: null }, 'allowed', 'free'],
    ['used up', { exits: [at(1)] }, 'refused', 'quota'],
    ['used up, but nobody published it', { exits: [at(1)], rule: { rule: rule(), document: null } }, 'ask', 'unpublished'],
    ['used up, on the way home', { exits: [at(1)], direction: 'in' }, 'allowed', 'homeward'],
    ['an order in force', { bound: [order] }, 'refused', 'bound'],
    [
      'an order that a phone still lists, the day after its last',
      { bound: [{ ...order, until: '2020-02-09' }] },
      'allowed',
      'within',
    ],
    ['an order in force, on the way home', { bound: [order], direction: 'in' }, 'allowed', 'boundHomeward'],
    ['an order in force, in an emergency', { bound: [order], emergency: true }, 'allowed', 'emergency'],
    ['a stranger in an emergency', { who: 'unknown', emergency: true }, 'allowed', 'emergency'],
    ['the orders could not be asked', { bound: undefined }, 'ask', 'unknown'],
    ['the rules could not be asked', { rule: undefined }, 'ask', 'unknown'],
    ['none may go out', { rule: { rule: rule({ times: 'none' }), document: 'X1' } }, 'refused', 'none'],
    ['none may go out, says nobody', { rule: { rule: rule({ times: 'none' }), document: null } }, 'ask', 'unpublished'],
    ['a stopped card', { card: 'stopped' }, 'ask', 'card'],
    ['a stopped card whose person was looked up', { card: 'stopped', known: true }, 'allowed', 'within'],
    ['no card', { card: 'none', known: true }, 'allowed', 'within'],
    [
      'outside the hours',
      { rule: { rule: rule({ windows: [{ from: '17:00', to: '18:00' }] }), document: 'X1' } },
      'refused',
      'hours',
    ],
    ['a visitor', { who: 'visitor', direction: 'in' }, 'ask', 'visitor'],
    [
      'a visitor, refused by a published rule',
      { who: 'visitor', direction: 'in', visitors: { rule: 'refused', document: 'X1' } },
      'refused',
      'visitorRefused',
    ],
    [
      'a visitor, refused by nobody',
      { who: 'visitor', direction: 'in', visitors: { rule: 'refused', document: null } },
      'ask',
      'visitor',
    ],
    ['a visitor who leaves', { who: 'visitor', visitors: { rule: 'refused', document: 'X1' } }, 'allowed', 'free'],
  ])('%s', (_, more, answer, why) => {
    expect(verdict(gate(more), at(1, '10:00'))).toMatchObject({ answer, why })
  })

  test('a refusal names document, hotline, the way to object and the next time; never the reason of an order', () => {
    const used = verdict(gate({ exits: [at(1)] }), at(1, '10:00'))
    expect(used).toMatchObject({ document: '望防指〔2020〕7号', next: at(3, '00:00') })
    for (const word of ['对不起', '望防指〔2020〕7号', '12345', '不同意', '后天 00:00', '急病'])
      expect(used.say.zh).toContain(word)
    expect(verdict(gate({ bound: [order] }), at(1)).say.zh).not.toMatch(/隔离|观察|密接|确诊/)
  })

  test('by chance: an emergency always opens, whoever is refused is refused by a document, and nobody is kept from home', () => {
    const one = <T>(...of: T[]): T => of[randomInt(of.length)]!
    for (let i = 0; i < 3000; i++) {
      const now = at(randomInt(1, 5), `${String(randomInt(24)).padStart(2, '0')}:00`)
      const who = one<AtGate['who']>('resident', 'visitor', 'unknown')
      const state = gate({
        direction: one('in', 'out'),
        emergency: one(true, false),
        who,
        card: one('good', 'stopped', 'none'),
        known: one(true, false),
        bound: one<AtGate['bound']>([], [order], undefined),
        exits: Array.from({ length: randomInt(4) }, () => at(randomInt(1, 4))),
        rule: one(null, undefined, {
          rule: rule({
            times: one<ExitRule['times']>(1, 2, 'unlimited', 'none'),
            windows: one([], [{ from: '08:00', to: '10:00' }]),
          }),
          document: one(null, 'X1'),
        }),
        visitors: { rule: one('admitted', 'asked', 'refused'), document: one(null, 'X1') },
      })
      const said = verdict(state, now)
      if (state.emergency) expect(said.answer).toBe('allowed')
      if (said.answer === 'refused') {
        expect(said.document).toBeTruthy()
        expect(said.say.zh).toContain(said.document)
        if (who === 'resident') expect(state.direction).toBe('out')
        expect(who).not.toBe('unknown')
        // A stopped card bars nobody: the same person without any card is answered alike.
        if (who === 'resident') expect(verdict({ ...state, card: 'none', known: true }, now).answer).toBe('refused')
      }
    }
  })
})

test('a lower level may only loosen', () => {
  const upper = [rule({ windows: [{ from: '06:00', to: '20:00' }], longest: 120 })]
  const looser = [
    rule({ times: 2, longest: 180 }),
    rule({ period: 1, windows: [{ from: '05:00', to: '21:00' }], longest: null }),
    rule({ times: 'unlimited' }),
    rule({
      counts: 'person',
      windows: [
        { from: '06:00', to: '12:00' },
        { from: '12:00', to: '20:00' },
      ],
      longest: 120,
    }),
  ]
  const stricter = [
    rule({ times: 'none' }),
    rule({ period: 3 }),
    rule({ windows: [{ from: '06:00', to: '19:59' }], longest: 120 }),
    rule({ longest: 60 }),
    rule({ kinds: ['household', 'medical'] }),
  ]
  for (const one of looser) expect(noStricter([one], upper)).toBe(true)
  for (const one of stricter) expect(exits.combine(upper, [one])).toEqual(upper)
  expect(noStricter([rule({ counts: 'household' })], [rule({ counts: 'person' })])).toBe(false)
})
