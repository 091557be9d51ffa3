// A replay of a sealed building: sealed by two, an order for each household, rung and disinfected day by day, lifted by two.
import { addDays, dayOf, instantAt, instantOf, msOf, type Day } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { rounds } from '#modules/disinfection/api.ts'
import { excuse, today } from '#modules/duties/api.ts'
import * as observation from '#modules/observation/api.ts'
import { call } from '#modules/services/api.ts'
import { kyselyOf, poolOf } from '#server/database/connect.ts'
import { chanceOf } from '../town/chance.ts'
import { community, gridCode } from '../town/places.ts'
import type { Caller } from './caller.ts'
import { respond } from './observed.ts'
import { raiseTown, type Home, type Raised } from './raise.ts'
import { differing, recountSlots, type Figures } from './recount.ts'
import { say, type SealedScenario } from './scenario.ts'
import { onStage } from './stage.ts'

export type ReplayedSealed = { figures: Figures; recounted?: Figures; seconds: number; kept?: { data: string; keys: string } }
export type AskedSealed = {
  scenario: SealedScenario
  households?: number
  seed: number
  keep?: string
  recount: boolean
  step: (words: string) => void
}

/** One building of two doors a landing, eleven floors a unit, as many units as it takes. */
const buildingOf = (households: number): Home[] =>
  Array.from({ length: households }, (_, i) => ({
    grid: gridCode(0, 0),
    compound: '望江里',
    building: 'C座',
    unit: `${Math.floor(i / 22) + 1}单元`,
    room: `${Math.floor((i % 22) / 2) + 1}0${(i % 2) + 1}`,
  }))

export function replaySealed({
  scenario,
  households = scenario.households,
  seed,
  keep,
  recount,
  step,
}: AskedSealed): Promise<ReplayedSealed> {
  const began = Date.now()
  const { day: first, days } = scenario
  return onStage({ keep, day: first }, async ({ running, setClock, ground }) => {
    const at = (day: Day, time: string) => setClock(msOf(instantAt(day, time)))
    const town = await raiseTown(running, {
      deeds: { households, precincts: 1 },
      homes: buildingOf(households),
      seed,
      firstDay: addDays(first, -1),
      setClock,
      keep: keep !== undefined,
      step,
    })
    const worker = town.workers[0]!
    const building = town.targets[0]!.building
    at(addDays(first, -1), '19:00')
    await respond(town, addDays(first, -1), scenario.rules)
    const seal = await sealed(town, { building, first, days })
    await running.jobs.drain(running.house)
    at(first, '06:30')
    await worker.tell(observation.serveSeal, {
      seal,
      how: 'inPerson',
      at: instantOf(running.house.now()),
      by: '代办员',
      undertaking: 'signed',
    })
    step(`${households} households sealed for ${days} days`)
    await live(town, { scenario, building, setClock, step })
    // The last windows have passed, and the time in which something late would still be done.
    at(addDays(first, days + 1), '09:00')
    const before = await sealNow(town, seal)
    await town.secretary.tell(observation.askLift, { seal, document: '解封令〔2020〕4号' })
    await town.officer.tell(observation.lift, { community: community.code, seal })
    const after = await sealNow(town, seal)
    const { due, done, excused, missed, overdue } = before.slots
    const figures: Figures = {
      households: before.households ?? 0,
      days: before.days,
      slotsDue: due,
      slotsDone: done,
      slotsMissed: missed + overdue,
      slotsExcused: excused,
    }
    // Lifting ends the duties; it changes nothing about what was done.
    if (JSON.stringify(after.slots) !== JSON.stringify(before.slots)) throw say.recount({ figures: ['slots'] })
    const result: ReplayedSealed = { figures, seconds: 0 }
    if (ground.kept) result.kept = ground.kept
    if (recount) {
      const pool = poolOf(ground.adminUrl, { max: 1 })
      result.recounted = await recountSlots(kyselyOf(pool), running.house.rolePrefix, community.code).finally(() => pool.end())
      const differ = differing(figures, { ...figures, ...result.recounted })
      if (differ.length) throw say.recount({ figures: differ })
    }
    result.seconds = Math.round((Date.now() - began) / 100) / 10
    return result
  })
}

const sealNow = async ({ secretary }: Raised, seal: Id) =>
  (await secretary.ask(observation.seals, {})).rows.find((one) => one.id === seal)!

async function sealed(
  { secretary, officer }: Raised,
  { building, first, days }: { building: Id; first: Day; days: number },
): Promise<Id> {
  const { id: seal } = await secretary.tell(observation.seal, {
    scope: 'building',
    place: building,
    category: 'sealed',
    government: '望江区人民政府',
    legalBasis: '《传染病防治法》第六十四条',
    document: '封闭令〔2020〕3号',
    startsOn: first,
    lastDay: addDays(first, days - 1),
    fireExit: '一层东侧消防门不上锁，从里面一推就开，物业每天两次检查',
    keyDay: '物业值班',
    keyDayPhone: '13800000001',
    keyNight: '代办员',
    keyNightPhone: '13800000002',
    ambulanceRoute: '北门进，停在C座东侧，担架可进电梯',
  })
  await officer.tell(observation.decideSeal, { community: community.code, seal })
  return seal
}

type Call = { day: Day; slot: 'morning' | 'evening'; household: Id }

/** Day by day: a round of disinfection, two calls to each household; which are left out and which excused is drawn by chance. */
async function live(
  { workers: [worker], targets }: Raised,
  {
    scenario,
    building,
    setClock,
    step,
  }: { scenario: SealedScenario; building: Id; setClock: (ms: number) => void; step: (words: string) => void },
): Promise<void> {
  const {
    day: first,
    days,
    calls,
    rounds: { missed },
  } = scenario
  const chance = chanceOf(days + targets.length)
  const all = Array.from({ length: days }, (_, i) => addDays(first, i)).flatMap((day) =>
    (['morning', 'evening'] as const).flatMap((slot) => targets.map(({ household }): Call => ({ day, slot, household }))),
  )
  const drawn = chance.shuffled(all)
  const leftOut = new Set(drawn.slice(0, calls.missed))
  const excused = new Set(drawn.slice(calls.missed, calls.missed + calls.excused))
  const roundsLeftOut = new Set(chance.shuffled([...Array(days).keys()]).slice(0, missed))
  setClock(msOf(instantAt(first, '08:00')))
  const duties = await dutiesOf(worker!)
  for (let i = 0; i < days; i++) {
    const day = addDays(first, i)
    if (!roundsLeftOut.has(i)) {
      setClock(msOf(instantAt(day, '07:30')))
      await worker!.tell(rounds.contracts.record, {
        begins: '07:00',
        ends: '07:30',
        place: 'stairs',
        spot: 'C座公区',
        within: building,
        surfaces: ['floor', 'handles', 'buttons'],
        method: 'spray',
        agent: '含氯消毒剂',
        chlorine: 500,
      })
    }
    for (const [slot, from, minutes] of [
      ['morning', '08:30', 200],
      ['evening', '15:00', 280],
    ] as const) {
      const now = all.filter((one) => one.day === day && one.slot === slot && !leftOut.has(one))
      for (const [n, one] of now.entries()) {
        setClock(msOf(instantAt(day, from)) + Math.floor((n * minutes * 60_000) / now.length))
        if (excused.has(one)) await worker!.tell(excuse, { duty: duties.get(one.household)!, day, slot, why: '当天在医院就诊' })
        else await worker!.tell(call, { household: one.household, outcome: 'answered' })
      }
    }
    step(`${dayOf(instantAt(day))}: ${i + 1} of ${days} days`)
  }
}

/** The duty of calls of each household, as the worker's list of today shows it. */
async function dutiesOf(worker: Caller): Promise<Map<Id, Id>> {
  const found = new Map<Id, Id>()
  for (let after: string | null | undefined; after !== null;) {
    const page = await worker.ask(today, { kind: 'services.call', limit: 200, ...(after ? { after } : {}) })
    for (const row of page.rows) found.set(row.subject, row.duty)
    after = page.next
  }
  return found
}
