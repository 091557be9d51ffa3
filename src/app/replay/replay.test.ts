// A replay at other sizes: figures differ, and still they add up; the counting by plain SQL agrees.
import { expect, test } from 'vitest'
import { deedsOf, readScenario } from './scenario.ts'
import { replay } from './replay.ts'

const scenario = readScenario('s4a')

test('the scenario of s4a says what was done, and the deeds fit its size', () => {
  expect(deedsOf(scenario)).toEqual({
    households: 5926, precincts: 5, answered: 4789, firstSheets: 1137, secondSheets: 13, openLater: 1026, returnees: 24, unwell: 0,
  })
  const small = deedsOf(scenario, 100)
  expect(small.answered + small.firstSheets).toBe(100)
  expect(small.openLater).toBeLessThanOrEqual(small.firstSheets)
})

test('an unknown scenario is refused in words', () => {
  expect(() => readScenario('nowhere')).toThrow(/no scenario named nowhere/)
})

test.each([[90, 2], [131, 5]])('%i households with seed %i: the figures of the report add up and equal the recount', async (households, seed) => {
  const { figures: f, recounted, played } = await replay({ scenario, households, seed, recount: true, step: () => {} })
  const deeds = deedsOf(scenario, households)
  expect(f).toMatchObject({
    households, reachedByPhone: deeds.answered, reachedAtDoor: deeds.openLater, noticesPosted: deeds.firstSheets + deeds.secondSheets, keyPersons: deeds.returnees,
  })
  expect(f['reachedByPhone']! + f['reachedAtDoor']!).toBe(f['covered'])
  expect(f['covered']! + f['notCovered']!).toBe(f['households'])
  expect(recounted).toMatchObject({ covered: f['covered'], notCovered: f['notCovered'] })
  expect(played.sentTwice).toBeGreaterThan(0)
}, 180_000)
