// Observation in a replay: rules and a response signed by two, orders from a proposal to the door, checks day by day, release by request.
import { addDays, instantAt, instantOf, msOf, type Day } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { record as recordCheck } from '#modules/monitoring/api.ts'
import * as observation from '#modules/observation/api.ts'
import { activateResponse, approveVersion, proposeResponse, writePack } from '#modules/policy/api.ts'
import { shippedPacks, valuesOf } from '#modules/policy/shipped.ts'
import { figures } from '#modules/reporting/api.ts'
import { keyPersons } from '#modules/screening/api.ts'
import type { Running } from '#server/start.ts'
import { chanceOf } from '../town/chance.ts'
import { community } from '../town/places.ts'
import type { Caller } from './caller.ts'
import { runClock } from './clock.ts'
import type { Raised } from './raise.ts'

type SetClock = (ms: number) => void
type Signing = Pick<Raised, 'secretary' | 'officer'>

const decided = { decidingBody: '望江区疾病预防控制中心', legalBasis: '《传染病防治法》第五十八条' } as const

/** The rules of the shipped plan of 2020 and a response, each written by the secretary and signed by the subdistrict. */
export async function respond(
  { secretary, officer }: Signing,
  day: Day,
  rules: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const { values } = valuesOf(shippedPacks.find((pack) => pack.key === '2020-community-plan')!)
  const asked = Object.fromEntries(Object.entries(values).filter(([key]) => /^(observation|monitoring)\./.test(key)))
  const pack = await secretary.tell(writePack, {
    areaCode: community.code,
    title: '医学观察规则',
    document: '社区防控方案（历史示例）',
    values: { ...asked, ...rules } as never,
  })
  await officer.tell(approveVersion, { version: pack.versions[0]!.id })
  const { id } = await secretary.tell(proposeResponse, {
    areaCode: community.code,
    disease: '新型冠状病毒感染',
    class: 'BasA',
    government: '望江区人民政府',
    document: '公告〔2020〕1号',
    startsOn: day,
    reviewOn: addDays(day, 30),
  })
  await officer.tell(activateResponse, { response: id })
}

export type Whom = {
  readonly person: Id
  readonly worker: Caller
  readonly place: 'home' | 'facility'
  readonly category: string
  readonly source: 'returnee' | 'contact' | 'other'
  /** Whoever lives there is bound too; then an adult of the household answers for its children. */
  readonly guardian?: Id
}

/** One order from a proposal to the door: who proposes, who looks, who writes the decision down and who signs it are four hands. */
export async function observe(
  { secretary, officer }: Signing,
  whom: Whom,
  at: { day: Day; number: number; now: () => number },
): Promise<Id> {
  const { worker, person, place, category, source, guardian } = whom
  const { id: order } = await worker.tell(observation.propose, { person, source, category, place })
  const facility = '望江区集中医学观察点'
  if (place === 'home') {
    const { conditions } = await worker.ask(observation.options, {})
    await worker.tell(observation.check, {
      order,
      suitability: {
        on: at.day,
        by: '网格员',
        medic: '社区卫生服务站医生',
        has: Object.fromEntries(conditions.map(({ key }) => [key, true])),
      },
    })
  } else {
    await secretary.tell(observation.signTransfer, { order, facility, side: 'giver', name: '社区书记', unit: community.name })
    await secretary.tell(observation.signTransfer, { order, facility, side: 'receiver', name: '值班站长', unit: facility })
  }
  await secretary.tell(observation.record, {
    order,
    ...decided,
    document: `疾控观〔2020〕${at.number}号`,
    category,
    place,
    observedFrom: at.day,
    coResidentsBound: guardian !== undefined,
    ...(guardian ? { guardian } : {}),
    ...(place === 'facility' ? { facility } : {}),
  })
  await officer.tell(observation.decide, { community: community.code, order })
  await worker.tell(observation.serve, {
    order,
    how: place === 'home' ? 'inPerson' : 'facility',
    at: instantOf(at.now()),
    by: '网格员',
    undertaking: 'signed',
  })
  return order
}

/** Two temperatures a day of each person, as the rules ask, until the last day. */
async function measure(
  people: readonly { person: Id; worker: Caller }[],
  { from, days, setClock }: { from: Day; days: number; setClock: SetClock },
): Promise<void> {
  const chance = chanceOf(days)
  for (let day = 0; day < days; day++) {
    for (const [time, warmer] of [
      ['09:00', 0],
      ['16:00', 0.2],
    ] as const) {
      // The notice of the first day was served at nine.
      const begin = msOf(instantAt(addDays(from, day), time)) + 30 * 60_000
      for (const [i, { person, worker }] of people.entries()) {
        setClock(begin + i * 60_000)
        await worker.tell(recordCheck, {
          person,
          how: 'door',
          measuredHow: 'armpit',
          value: Math.round((36.2 + warmer + chance.next() * 0.6) * 10) / 10,
          symptoms: [],
        })
      }
    }
  }
}

/** From request to a served notice. One answer is lost on its way and asked for again: it brings no second number. */
async function release({ officer }: Pick<Signing, 'officer'>, worker: Caller, order: Id, twice: boolean): Promise<void> {
  await worker.tell(observation.requestRelease, { order })
  const approval = { community: community.code, order, document: '疾控解〔2020〕2号' }
  const id = newId()
  await officer.tell(observation.approveRelease, approval, { id })
  if (twice) await officer.tell(observation.approveRelease, approval, { id })
  await worker.tell(observation.serveRelease, { order, how: 'inPerson', by: '网格员' })
}

/** Puts returnees whom the screening found under observation, lives through their days, and asks for their release when it is due. */
export async function playObservation({
  running,
  town,
  observed,
  from,
  setClock,
  step,
}: {
  running: Running
  town: Raised
  observed: number
  from: Day
  setClock: SetClock
  step: (words: string) => void
}): Promise<{ releaseNotices: number }> {
  const { now } = running.house
  setClock(msOf(instantAt(from, '08:00')))
  await respond(town, from)
  const { rows } = await town.secretary.ask(keyPersons, { category: 'returnee', limit: 200 })
  const byPerson = new Map(town.targets.flatMap((target) => target.members.map((person) => [person, target.worker] as const)))
  const people = rows
    .flatMap(({ person }) => (byPerson.has(person) ? [{ person, worker: byPerson.get(person)! }] : []))
    .slice(0, observed)
  step(`${people.length} under observation`)
  setClock(msOf(instantAt(from, '09:00')))
  const orders: Id[] = []
  for (const [i, { person, worker }] of people.entries()) {
    orders.push(
      await observe(
        town,
        { person, worker, place: 'home', category: 'returnee', source: 'returnee' },
        { day: from, number: i + 1, now },
      ),
    )
  }
  const { lastDay, releaseOn } =
    orders.length > 0 ? await town.secretary.ask(observation.order, { order: orders[0]! }) : { lastDay: from, releaseOn: from }
  const days = Math.round((msOf(instantAt(lastDay!)) - msOf(instantAt(from))) / 86_400_000) + 1
  step(`two temperatures a day, ${days} days`)
  await measure(people, { from, days, setClock })
  setClock(msOf(instantAt(releaseOn!, '09:00')))
  for (const [i, order] of orders.entries()) await release(town, people[i]!.worker, order, i === 0)
  setClock(msOf(instantAt(releaseOn!, '17:00')))
  await runClock(running)
  const { figures: last } = await town.secretary.ask(figures, { day: releaseOn!, now: true })
  return { releaseNotices: last['releaseNotices'] ?? 0 }
}
