// A replay at other sizes: figures differ, and still they add up; the counting by plain SQL agrees.
import { expect, test } from 'vitest'
import { deedsOf, isTown, readScenario, type Scenario, type TownScenario } from './scenario.ts'
import { replay } from './replay.ts'
import { replayTown } from './replayTown.ts'

const scenario = readScenario('s4a') as Scenario

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
    households, reachedByPhone: deeds.answered, reachedAtDoor: deeds.openLater,
    noticesPosted: deeds.firstSheets + deeds.secondSheets, keyPersons: deeds.returnees,
  })
  expect(f['reachedByPhone']! + f['reachedAtDoor']!).toBe(f['covered'])
  expect(f['covered']! + f['notCovered']!).toBe(f['households'])
  expect(recounted).toMatchObject({ covered: f['covered'], notCovered: f['notCovered'] })
  expect(played.sentTwice).toBeGreaterThan(0)
}, 180_000)

test('a town from a file: 17 communities in 57 grids report, the town sums up what came, and the sum equals the recount', async () => {
  const s2 = readScenario('s2')
  expect(isTown(s2)).toBe(true)
  const { recounted, figures: f, ...seen } =
    await replayTown({ scenario: s2 as TownScenario, households: 171, seed: 3, recount: true, step: () => {} })
  expect(seen).toMatchObject({
    communities: 17, grids: 57, levels: ['street', 'community', 'grid'],
    reports: { called: 17, received: 17, late: 1, returned: 0, missing: 0, confirmed: 17 },
    town: { state: 'confirmed', communities: 17, of: 17, returnedOnce: true, changesSince: 0 },
  })
  expect(seen.reports.zero).toBeGreaterThan(0)
  expect(f).toMatchObject({ households: 171, ...recounted })
  expect(f['covered']! + f['notCovered']!).toBe(171)
}, 180_000)
