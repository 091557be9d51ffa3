// How levels combine, when a response is in force, and what shipped packs say, in tables.
import { expect, test } from 'vitest'
import { z } from 'zod'
import { label } from '#core/labels.ts'
import { lowerMayLoosen, lowerWins, upperWins, withinBounds, type PolicyKey } from '#core/policy.ts'
import { text } from '#core/text.ts'
import { levelsOf, momentOf } from './ask.ts'
import { can, combined, isInForce, Questions, type Said } from './model.ts'
import { foreseenKeys } from './foreseen.ts'
import { shippedPacks, valuesOf } from './shipped.ts'
import { inWords } from './words.ts'

const terms = { title: text('试', 'Trial'), schema: z.number(), unset: 0 }
const keys: Record<string, PolicyKey<number>> = {
  upper: upperWins('trial.upper', terms),
  lower: lowerWins('trial.lower', terms),
  // Fewer days are looser.
  loosen: lowerMayLoosen('trial.loosen', { ...terms, looser: (lower, upper) => lower <= upper }),
  // The upper level allows seven days either way of its own.
  bounds: withinBounds('trial.bounds', { ...terms, clamp: (lower, upper) => Math.min(upper + 7, Math.max(upper - 7, lower)) }),
}
const said = (...voices: readonly [area: string, value: unknown][]): Said[] =>
  voices.map(([area, value], i) => ({ area, value, version: `v${i}`, document: `D${i}` }))

const county = '340301'
const street = '340301001'
const community = '340301001001'

test.each([
  ['upper', said([county, 14], [community, 7]), 14],
  ['upper', said([community, 7]), 7],
  ['lower', said([county, 14], [community, 7]), 7],
  ['lower', said([county, 14]), 14],
  ['loosen', said([county, 14], [community, 7]), 7],
  ['loosen', said([county, 14], [community, 21]), 14],
  ['loosen', said([county, 14], [street, 10], [community, 12]), 10],
  ['bounds', said([county, 14], [community, 30]), 21],
  ['bounds', said([county, 14], [community, 10]), 10],
  ['bounds', said([county, 14], [community, 1]), 7],
  ['upper', said([community, 7], [county, 14]), 14],
  ['upper', said(), 0],
  ['lower', said([county, 14], [community, 'two weeks']), 14],
  ['lower', said([community, 5], [community, 6]), 6],
])('%s: %j → %i', (name, voices, value) => {
  expect(combined(keys[name]!, voices).value).toBe(value)
})

test('the answer names the versions from the upper level down, and their documents', () => {
  expect(combined(keys.loosen!, said([community, 7], [county, 14]))).toEqual({
    value: 7,
    versions: ['v1', 'v0'],
    document: 'D1；D0',
  })
  expect(combined(keys.loosen!, [])).toEqual({ value: 0, versions: [], document: null })
})

test('a value that cannot be read is not counted as a voice', () => {
  expect(combined(keys.lower!, said([county, 14], [community, null])).versions).toEqual(['v0'])
})

test('rules stand at the area and everything above it', () => {
  expect(levelsOf('34030100100101001')).toEqual([
    '34',
    '3403',
    '340301',
    '340301001',
    '340301001001',
    '34030100100101',
    '34030100100101001',
  ])
  expect(levelsOf(county)).toEqual(['34', '3403', '340301'])
})

test('a day asks for the rules with which it ends, in Shanghai', () => {
  expect(momentOf('2026-03-02')).toBe('2026-03-02T15:59:59.999Z')
  expect(momentOf('2026-03-02T01:00:00.000Z')).toBe('2026-03-02T01:00:00.000Z')
})

test.each([
  [{ activatedBy: 'a', startsOn: '2026-03-02', endsOn: null }, '2026-03-01', false],
  [{ activatedBy: 'a', startsOn: '2026-03-02', endsOn: null }, '2026-03-02', true],
  [{ activatedBy: 'a', startsOn: '2026-03-02', endsOn: '2026-03-10' }, '2026-03-09', true],
  [{ activatedBy: 'a', startsOn: '2026-03-02', endsOn: '2026-03-10' }, '2026-03-10', false],
  [{ activatedBy: null, startsOn: '2026-03-02', endsOn: null }, '2026-03-05', false],
])('%j on %s: %s', (response, day, holds) => {
  expect(isInForce(response, day)).toBe(holds)
})

test('what may happen to a response is a table', () => {
  const may = (state: 'proposed' | 'active' | 'ended') =>
    Object.entries(can)
      .filter(([, move]) => move({ state }))
      .map(([verb]) => verb)
  expect(may('proposed')).toEqual(['activate', 'drop', 'refuse'])
  expect(may('active')).toEqual(['extend', 'level', 'end'])
  expect(may('ended')).toEqual([])
})

test('shipped packs: every value has its source, the questions are questions, and the two differ where diseases do', () => {
  expect(shippedPacks.map((p) => p.key)).toEqual(['2020-community-plan', 'mosquito-borne-example'])
  for (const pack of shippedPacks) {
    const { values, sources } = valuesOf(pack)
    expect(Object.keys(sources)).toEqual(Object.keys(values))
    expect(Questions.safeParse(values['screening.form']).error).toBeUndefined()
  }
  const [plan, mosquito] = shippedPacks.map((p) => valuesOf(p).values)
  expect(plan).toMatchObject({
    'monitoring.feverAt': 37.3,
    'monitoring.timesPerDay': 2,
    'observation.days': 14,
    'reporting.deadline': '17:00',
  })
  expect(mosquito).not.toHaveProperty(['monitoring.feverAt'])
  expect(mosquito).toHaveProperty(['inspection.breteauBands'])
})

test('what no module asks for yet has words, a neutral value, and reads the shipped packs', () => {
  for (const { key, schema, unset } of foreseenKeys) {
    expect(schema.safeParse(unset).success, key).toBe(true)
    for (const pack of shippedPacks)
      if (key in pack.rules) expect(schema.safeParse(pack.rules[key]!.value).error, key).toBeUndefined()
  }
})

test('itinerary and contact are asked of key persons only', () => {
  for (const pack of shippedPacks) {
    const questions = Questions.parse(valuesOf(pack).values['screening.form'])
    expect(
      questions.filter((q) => ['contact', 'outDays', 'travelled'].includes(q.key)).every((q) => q.askedOf === 'keyPersons'),
    ).toBe(true)
    expect(questions.every((q) => q.why.zh && q.why.en)).toBe(true)
  }
})

test('values read as words', () => {
  const degrees = label(z.number(), '阈值', 'Threshold', { unit: text('℃', '℃') })
  expect(inWords(degrees, 37.3)).toEqual({ zh: '37.3 ℃', en: '37.3 ℃' })
  expect(inWords(z.boolean(), true)).toEqual({ zh: '是', en: 'Yes' })
  expect(inWords(z.object({ days: label(z.number(), '天数', 'Days') }), { days: 14 })).toEqual({ zh: '天数：14', en: 'Days: 14' })
  expect(inWords(z.array(z.string()), [])).toEqual({ zh: '无', en: 'None' })
  expect(inWords(z.unknown(), { zh: '问', en: 'Ask' })).toEqual({ zh: '问', en: 'Ask' })
  expect(
    inWords(Questions, [
      {
        key: 'a',
        text: text('问', 'Ask'),
        why: text('因为。', 'Because.'),
        askedOf: 'all',
        kind: 'choice',
        choices: { x: text('甲', 'X'), y: text('乙', 'Y') },
      },
    ]).zh,
  ).toBe('问：问；为什么问：因为；问谁：所有人；怎样回答：选择；选项：甲、乙')
  expect(inWords(z.unknown(), null)).toEqual({ zh: '—', en: '—' })
})
