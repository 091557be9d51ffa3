// A replay at other sizes: figures differ, and still they add up; the counting by plain SQL agrees.
import { expect, test } from 'vitest'
import {
  deedsOf,
  isTown,
  readScenario,
  type FloatingScenario,
  type Scenario,
  type SealedScenario,
  type TownScenario,
} from './scenario.ts'
import { replay } from './replay.ts'
import { replayFloating } from './replayFloating.ts'
import { replaySealed } from './replaySealed.ts'
import { replayTown } from './replayTown.ts'

const scenario = readScenario('s4a') as Scenario

test('the scenario of s4a says what was done, and the deeds fit its size', () => {
  expect(deedsOf(scenario)).toEqual({
    households: 5926,
    precincts: 5,
    answered: 4789,
    firstSheets: 1137,
    secondSheets: 13,
    openLater: 1026,
    returnees: 24,
    unwell: 0,
    observed: 14,
  })
  const small = deedsOf(scenario, 100)
  expect(small.answered + small.firstSheets).toBe(100)
  expect(small.openLater).toBeLessThanOrEqual(small.firstSheets)
})

test('an unknown scenario is refused in words', () => {
  expect(() => readScenario('nowhere')).toThrow(/no scenario named nowhere/)
})

test.each([
  [90, 2],
  [131, 5],
])(
  '%i households with seed %i: the figures of the report add up and equal the recount',
  async (households, seed) => {
    const { figures: f, recounted, played } = await replay({ scenario, households, seed, recount: true, step: () => {} })
    const deeds = deedsOf(scenario, households)
    expect(f).toMatchObject({
      households,
      reachedByPhone: deeds.answered,
      reachedAtDoor: deeds.openLater,
      noticesPosted: deeds.firstSheets + deeds.secondSheets,
      keyPersons: deeds.returnees,
    })
    expect(f['reachedByPhone']! + f['reachedAtDoor']!).toBe(f['covered'])
    expect(f['covered']! + f['notCovered']!).toBe(f['households'])
    expect(recounted).toMatchObject({ covered: f['covered'], notCovered: f['notCovered'] })
    expect(played.sentTwice).toBeGreaterThan(0)
  },
  180_000,
)

test('a town from a file: 17 communities in 57 grids report, the town sums up what came, and the sum equals the recount', async () => {
  const s2 = readScenario('s2')
  expect(isTown(s2)).toBe(true)
  const {
    recounted,
    figures: f,
    ...seen
  } = await replayTown({ scenario: s2 as TownScenario, households: 171, seed: 3, recount: true, step: () => {} })
  expect(seen).toMatchObject({
    communities: 17,
    grids: 57,
    levels: ['street', 'community', 'grid'],
    reports: { called: 17, received: 17, late: 1, returned: 0, missing: 0, confirmed: 17 },
    town: { state: 'confirmed', communities: 17, of: 17, returnedOnce: true, changesSince: 0 },
  })
  expect(seen.reports.zero).toBeGreaterThan(0)
  expect(f).toMatchObject({ households: 171, ...recounted })
  expect(f['covered']! + f['notCovered']!).toBe(171)
}, 180_000)

test('returnees are observed to their last day and released by numbered notices: as many as were put under observation', async () => {
  const returning: Scenario = {
    ...scenario,
    households: 20,
    returnees: { found: 4, unwell: 0 },
    observed: { home: 2 },
    days: [
      { calls: { answered: 16 } },
      { firstVisits: { sheetLeft: 4 }, secondVisits: { sheetLeft: 1 } },
      { laterVisits: { opened: 3 } },
    ],
  }
  const { figures: f } = await replay({ scenario: returning, seed: 4, recount: false, step: () => {} })
  expect(f).toMatchObject({ households: 20, keyPersons: 4, releaseNotices: 2 })
}, 180_000)

test('tenants who were out are not counted as screened; households and persons under observation are counted both', async () => {
  const s4b = readScenario('s4b') as FloatingScenario
  const { figures: f } = await replayFloating({
    scenario: {
      ...s4b,
      tenants: { reached: 41, out: 6 },
      owners: 4,
      home: { households: 3, persons: 10 },
      central: { persons: 2 },
    },
    seed: 2,
    step: () => {},
  })
  expect(f).toMatchObject({
    floatingPopulationScreened: 41,
    floatingPeople: 47,
    homeHouseholds: 3,
    homePersons: 10,
    centralPersons: 2,
  })
}, 180_000)

test('a sealed building: every slot is done, missed or excused, as the scenario says and as plain SQL counts', async () => {
  const s2 = readScenario('s2-sealed') as SealedScenario
  const { figures: f, recounted } = await replaySealed({
    scenario: { ...s2, days: 3, calls: { missed: 3, excused: 2 } },
    households: 3,
    seed: 1,
    recount: true,
    step: () => {},
  })
  expect(f).toEqual({ households: 3, days: 3, slotsDue: 21, slotsDone: 15, slotsMissed: 4, slotsExcused: 2 })
  expect(recounted).toMatchObject({ slotsDue: 21, slotsMissed: 4 })
}, 180_000)
