// A replay of those who rent: every let dwelling is called on, some households are observed at home and some persons in a facility.
import { instantAt, msOf } from '#core/dates.ts'
import { figures } from '#modules/reporting/api.ts'
import { recordAttempt } from '#modules/screening/api.ts'
import { chanceOf, type Chance } from '../town/chance.ts'
import { inventSize } from '../town/people.ts'
import { doorsOf } from '../town/places.ts'
import { runClock } from './clock.ts'
import { observe, respond } from './observed.ts'
import type { Target } from './play.ts'
import { doorName, raiseTown, type Home } from './raise.ts'
import type { Figures } from './recount.ts'
import type { FloatingScenario } from './scenario.ts'
import { onStage } from './stage.ts'

export type ReplayedFloating = { figures: Figures; seconds: number; kept?: { data: string; keys: string } }
export type AskedFloating = {
  scenario: FloatingScenario
  households?: number
  seed: number
  keep?: string
  step: (words: string) => void
}

/** Sizes of households that come to so many persons exactly. */
function sizesFor(chance: Chance, persons: number): number[] {
  const sizes: number[] = []
  for (let left = persons; left > 0; left -= sizes.at(-1)!) sizes.push(Math.min(left, inventSize(chance)))
  return sizes
}

/** The scenario with so many households that own; everything else in proportion. */
const scaledTo = (scenario: FloatingScenario, owners = scenario.owners): FloatingScenario => {
  const scaled = (count: number) =>
    owners === scenario.owners ? count : Math.max(1, Math.round((count * owners) / scenario.owners))
  return {
    ...scenario,
    owners,
    tenants: { reached: scaled(scenario.tenants.reached), out: scaled(scenario.tenants.out) },
    home: { households: scaled(scenario.home.households), persons: scaled(scenario.home.persons) },
    central: { persons: scaled(scenario.central.persons) },
  }
}

export function replayFloating({ scenario: asked, households, seed, keep, step }: AskedFloating): Promise<ReplayedFloating> {
  const began = Date.now()
  const scenario = scaledTo(asked, households)
  const chance = chanceOf(seed + 1)
  const [reached, out] = [sizesFor(chance, scenario.tenants.reached), sizesFor(chance, scenario.tenants.out)]
  const let_ = [...reached, ...out]
  const doors = doorsOf(scenario.owners + let_.length, scenario.precincts)
  // Let dwellings lie among the others, not in houses of their own.
  const places = chance.shuffled(doors.map((_, i) => i)).slice(0, let_.length)
  const homes: Home[] = [...doors]
  for (const [i, place] of places.entries()) homes[place] = { ...doors[place]!, use: 'rental', size: let_[i]! }
  const doorsAt = (from: readonly number[]) => new Set(from.map((place) => doorName(doors[place]!)))
  const [letDoors, nobodyIn] = [doorsAt(places), doorsAt(places.slice(reached.length))]
  return onStage({ keep, day: scenario.day }, async ({ running, setClock, ground }) => {
    const town = await raiseTown(running, {
      deeds: { households: doors.length, precincts: scenario.precincts },
      homes,
      seed,
      firstDay: scenario.day,
      setClock,
      keep: keep !== undefined,
      step,
    })
    step(`${town.targets.length} households, ${let_.length} of them let`)
    const begin = msOf(instantAt(scenario.day, '08:00'))
    for (const [i, target] of chance.shuffled(town.targets).entries()) {
      setClock(begin + Math.floor((i * 7 * 3_600_000) / town.targets.length))
      const away = nobodyIn.has(target.door)
      await target.worker.tell(recordAttempt, {
        campaign: target.campaign,
        household: target.household,
        how: 'door',
        outcome: away ? 'nobody' : 'reached',
        ...(away ? {} : { allNormal: true as const, present: [...target.members] }),
      })
    }
    setClock(msOf(instantAt(scenario.day, '15:10')))
    await respond(town, scenario.day)
    const tenants = town.targets.filter(({ door }) => letDoors.has(door) && !nobodyIn.has(door))
    const families = familiesOf(chance.shuffled(tenants), scenario.home)
    const singles = chance.shuffled(tenants.filter((one) => !families.includes(one))).slice(0, scenario.central.persons)
    step(`${families.length} households observed at home, ${singles.length} persons in a facility`)
    const at = { day: scenario.day, now: running.house.now }
    for (const [
      i,
      {
        members: [head],
        worker,
      },
    ] of families.entries()) {
      await observe(
        town,
        { person: head!, worker, place: 'home', category: 'returnee', source: 'other', guardian: head! },
        { ...at, number: i + 1 },
      )
    }
    for (const [
      i,
      {
        members: [head],
        worker,
      },
    ] of singles.entries()) {
      await observe(
        town,
        { person: head!, worker, place: 'facility', category: 'closeContact', source: 'contact' },
        { ...at, number: families.length + i + 1 },
      )
    }
    setClock(msOf(instantAt(scenario.day, '17:00')))
    await runClock(running)
    const { figures: shown } = await town.secretary.ask(figures, { day: scenario.day })
    const result: ReplayedFloating = {
      figures: { ...shown, centralPersons: shown['facilityPersons'] ?? 0 },
      seconds: Math.round((Date.now() - began) / 100) / 10,
    }
    if (ground.kept) result.kept = ground.kept
    return result
  })
}

/** So many households that come to so many persons, as near as those there are allow. */
function familiesOf(from: readonly Target[], { households, persons }: FloatingScenario['home']): Target[] {
  const chosen: Target[] = []
  for (let left = persons; chosen.length < households && chosen.length < from.length;) {
    const wanted = Math.round(left / (households - chosen.length))
    const next = from
      .filter((one) => !chosen.includes(one))
      .reduce((a, b) => (Math.abs(b.members.length - wanted) < Math.abs(a.members.length - wanted) ? b : a))
    chosen.push(next)
    left -= next.members.length
  }
  return chosen
}
