// What the sample town does for three households under observation at home: their papers, checks and calls, a fever, errands, passes.
import { addDays, instantAt, instantOf, msOf, type Day } from '#core/dates.ts'
import { headers, type Contract, type Input, type Output } from '#core/contract.ts'
import { newId, type Id } from '#core/ids.ts'
import { fromBody, type ProblemBody } from '#core/problem.ts'
import { issueBuilding } from '#modules/access/api.ts'
import { rounds } from '#modules/disinfection/api.ts'
import * as family from '#modules/family/api.ts'
import { report as reportOwn } from '#modules/family/ownApi.ts'
import * as monitoring from '#modules/monitoring/api.ts'
import * as observation from '#modules/observation/api.ts'
import { approveVersion, writePack } from '#modules/policy/api.ts'
import { shippedPacks, valuesOf } from '#modules/policy/shipped.ts'
import { keyPersons } from '#modules/screening/api.ts'
import * as services from '#modules/services/api.ts'
import type { Running } from '#server/start.ts'
import type { Caller } from '../replay/caller.ts'
import type { Target } from '../replay/play.ts'
import type { Raised } from '../replay/raise.ts'
import { community } from './places.ts'

/** The PIN that the residents of the sample town chose for their pages. */
export const familyPin = '402857'

/** `people`: whoever the order binds, `person` first. */
type Home = { person: Id; people: readonly Id[]; household: Id; building: Id; worker: Caller; order: Id }
type Town = Pick<Raised, 'secretary' | 'officer' | 'workers' | 'targets'>
type At = { running: Running; town: Town; firstDay: Day; setClock: (ms: number) => void; until: number }

/** How the story of one day is told: at a time of that day, unless that lies ahead of the wall clock. */
type Hours = (time: string, deeds: () => Promise<unknown>) => Promise<void>

/** Days of care beside the days of screening: `live` tells one of them, counted from 0, up to now. */
export function careOf({ running, town, firstDay, setClock, until }: At): { live: (n: number) => Promise<void> } {
  let homes: Home[] = []
  let page: Page | undefined
  const live = async (n: number) => {
    const day = addDays(firstDay, n)
    const at: Hours = async (time, deeds) => {
      const ms = msOf(instantAt(day, time))
      if (ms > until) return
      setClock(ms)
      await deeds()
    }
    if (n === 0) {
      await at('10:00', async () => {
        homes = await observeThree(town, { day, now: running.house.now })
        page = await pageOf(running, homes[0]!)
        await issuePage(homes[1]!)
      })
    }
    await checkUp(at, n, homes, page!)
    await serve(at, n, town, homes)
  }
  return { live }
}

/** The community takes over what the shipped plan says of observation; the subdistrict signs it. */
export async function adoptRules({ secretary, officer }: Pick<Raised, 'secretary' | 'officer'>): Promise<void> {
  const { values } = valuesOf(shippedPacks.find((pack) => pack.key === '2020-community-plan')!)
  const asked = Object.entries(values).filter(([key]) => /^(observation|monitoring|access)\./.test(key))
  const pack = await secretary.tell(writePack, {
    areaCode: community.code,
    title: '医学观察规则（演示）',
    document: '社区防控方案（历史示例）',
    values: Object.fromEntries(asked) as never,
  })
  await officer.tell(approveVersion, { version: pack.versions[0]!.id })
}

/** Three who came back from elsewhere: the first one near the last day, the second with whoever lives there. */
async function observeThree(town: Town, at: { day: Day; now: () => number }): Promise<Home[]> {
  const { rows } = await town.secretary.ask(keyPersons, { category: 'returnee', limit: 20 })
  const targets = new Map(town.targets.flatMap((target) => target.members.map((person) => [person, target] as const)))
  const [worker] = town.workers
  const found = rows
    .flatMap(({ person }) => (targets.has(person) ? [{ person, target: targets.get(person)! }] : []))
    .toSorted((a, b) => Number(b.target.worker === worker) - Number(a.target.worker === worker))
    .slice(0, 3)
  const homes: Home[] = []
  for (const [i, { person, target }] of found.entries()) homes.push(await observe(town, { person, target, number: i + 1 }, at))
  return homes
}

async function observe(
  { secretary, officer }: Town,
  { person, target, number }: { person: Id; target: Target; number: number },
  { day, now }: { day: Day; now: () => number },
): Promise<Home> {
  const { worker, household } = target
  const category = 'returnee'
  const leftOn = number === 1 ? addDays(day, -10) : addDays(day, -3)
  const { id: order } = await worker.tell(observation.propose, { person, source: 'returnee', category, place: 'home', leftOn })
  const { conditions } = await worker.ask(observation.options, {})
  await worker.tell(observation.check, {
    order,
    suitability: {
      on: day,
      by: '网格员',
      medic: '社区卫生服务站 医生',
      has: Object.fromEntries(conditions.map(({ key }) => [key, true])),
    },
  })
  await secretary.tell(observation.record, {
    order,
    decidingBody: '望江区疾病预防控制中心（虚构）',
    legalBasis: '《传染病防治法》（演示）',
    document: `望疾控观〔演示〕${number}号`,
    category,
    place: 'home',
    observedFrom: day,
    leftOn,
    proof: '火车票',
    coResidentsBound: number === 2,
    ...(number === 2 ? { guardian: person } : {}),
    team: [
      { role: 'gridWorker', name: '网格员', phone: '010-00000001' },
      { role: 'medic', name: '卫生站医生', phone: '010-00000002' },
    ],
  })
  await officer.tell(observation.decide, { community: community.code, order })
  const at = instantOf(now())
  const { bound } = await worker.tell(observation.serve, { order, how: 'inPerson', at, by: '网格员', undertaking: 'signed' })
  const others = bound.map(({ id }) => id).filter((id) => id !== person)
  return { person, people: [person, ...others], household, building: target.building, worker, order }
}

// --- checks, calls, a fever -------------------------------------------------------------------------------------------

/** Twice a day so far: some told on the own page, the last of them one that cannot be; one that nobody took; one that is fever. */
async function checkUp(at: Hours, n: number, [near, missed, feverish]: readonly Home[], page: Page): Promise<void> {
  if (!near || !missed || !feverish) return
  const homes = [near, missed, feverish]
  if (n === 0) await at('10:30', () => all(homes, (home) => measure(home, 36.5)))
  if (n === 0) await at('11:40', () => all(homes, (home) => comfort(home, n)))
  if (n > 0) {
    await at('08:20', () => page.told(near.person, 36.3 + n / 10))
    await at('08:40', () => measure(missed, 36.4 + n / 10))
    if (n < 3) await at('08:50', () => measure(feverish, n === 2 ? 37.1 : 36.6))
    await at('09:10', () => all(homes, (home) => comfort(home, n)))
  }
  await at('15:30', () => (n === 2 ? page.told(near.person, 26.6) : measure(near, 36.6 + n / 10)))
  if (n !== 1) await at('15:40', () => measure(missed, 36.5 + n / 10))
  if (n < 2) await at('15:50', () => measure(feverish, 36.7))
  if (n === 2) await at('15:10', () => toTheClinic(feverish, at))
  await at('16:10', () => all(homes, (home) => comfort(home, n)))
  await at('14:50', () => all(homes, disinfect))
}

/** `value`: of the first of a home; each of the others is a little cooler. */
async function measure({ people, worker }: Home, value: number): Promise<void> {
  for (const [i, person] of people.entries()) {
    const rounded = Math.round((value - i / 10) * 10) / 10
    await worker.tell(monitoring.record, { person, how: 'door', measuredHow: 'armpit', value: rounded, symptoms: [] })
  }
}

const all = async (homes: readonly Home[], deed: (home: Home) => Promise<unknown>): Promise<void> => {
  for (const home of homes) await deed(home)
}

/** Who would rather be out again is low on one day. */
const comfort = ({ people, household, worker }: Home, n: number) => {
  const low = n === 1 && people.length > 1
  const note = low ? '盼着早点解除，请社区多打电话' : '在家一切都好'
  return worker.tell(services.call, { household, outcome: 'answered', mood: low ? 'low' : 'calm', note })
}

const disinfect = ({ building, worker }: Home) =>
  worker.tell(rounds.contracts.record, {
    begins: '14:00',
    ends: '14:40',
    place: 'aroundObserved',
    within: building,
    surfaces: ['handles', 'buttons'],
    method: 'spray',
    agent: '含氯消毒剂',
    chlorine: 500,
    minutes: 30,
    squareMetres: 120,
  } as Input<typeof rounds.contracts.record>)

/** Fever, again fever, reported, referred, handed over: the result is waited for. */
async function toTheClinic({ person, worker }: Home, at: Hours): Promise<void> {
  const entry = { person, how: 'door', measuredHow: 'armpit', symptoms: ['cough'] } as const
  const { episode } = await worker.tell(monitoring.record, { ...entry, value: 38.1, symptoms: ['cough'] })
  await at('15:25', () => worker.tell(monitoring.record, { ...entry, value: 38, symptoms: ['cough'] }))
  if (!episode) return
  await at('15:35', () => worker.tell(monitoring.report, { episode, whom: '望江社区卫生服务中心（虚构）' }))
  await at('15:50', () => worker.tell(monitoring.refer, { episode, whom: '望江区医院发热门诊（虚构）', transport: 'ambulance' }))
  await at('16:30', () => worker.tell(monitoring.handOver, { episode, whom: '望江区医院发热门诊 分诊台' }))
}

// --- items, errands, care, objection, passes --------------------------------------------------------------------------

async function serve(at: Hours, n: number, town: Town, [near, missed]: readonly Home[]): Promise<void> {
  if (!near || !missed) return
  const { secretary } = town
  const { worker } = near
  const alone = town.targets.find((t) => t.worker === worker && t.members.length === 1 && t.household !== near.household)
  if (n === 0) {
    await at('11:00', () => signSome(near, 5))
    await at('11:10', () => signSome(missed, 9))
    await at('11:30', () => bring(missed))
    if (alone) {
      const care = {
        household: alone.household,
        category: 'livesAlone',
        needs: '腿脚不便，帮忙取药、倒垃圾',
        carer: worker.account,
      }
      await at('14:00', () => secretary.tell(services.openCare, { ...care, assessment: '愿意聊天，精神还好' }))
    }
    await at('14:30', () => worker.tell(issueBuilding, { building: targetOf(town, near).building, days: 14 }))
  }
  if (alone) {
    const visited = { household: alone.household, outcome: 'answered', mood: n === 1 ? 'anxious' : 'calm' } as const
    await at('10:20', () => worker.tell(services.visit, { ...visited, note: n === 1 ? '担心药不够' : '血压正常，已送早餐' }))
    if (n === 1) {
      const brought = {
        household: alone.household,
        items: [
          { item: '大米', quantity: 1 },
          { item: '鸡蛋', quantity: 2 },
        ],
      }
      await at('10:40', () => worker.tell(services.deliver, { ...brought, receivedBy: '本人' }))
    }
  }
  if (n === 2) {
    const words = '我离开外地的日期有车票证明，请核对起算日期，提前解除观察。'
    await at('10:30', () => worker.tell(family.recordObjection, { order: missed.order, words, how: 'phone' }))
    await at('15:00', () =>
      worker.tell(services.ask, {
        household: missed.household,
        category: 'fetch',
        urgency: 'ordinary',
        content: '取快递一件，放在门口的凳子上',
        channel: 'phone',
      }),
    )
  }
}

const targetOf = ({ targets }: Town, { household }: Home): Target => targets.find((target) => target.household === household)!

/** So many of the items of the beginning are signed for; the rest is still owed. */
async function signSome({ household, worker }: Home, most: number): Promise<void> {
  const { rows } = await worker.ask(services.kits, {})
  const kit = rows.find((row) => row.household === household)
  if (!kit) return
  const items = kit.items.slice(0, most).map(({ item }) => ({ item, quantity: 1 }))
  await worker.tell(services.signKit, { household, source: kit.source, items, receivedBy: '本人' })
}

/** Bought, brought, praised; the money that the worker laid out is not settled yet. */
async function bring({ household, worker }: Home): Promise<void> {
  const { id: request } = await worker.tell(services.ask, {
    household,
    category: 'buy',
    urgency: 'today',
    content: '青菜2斤、鸡蛋一板、降压药一盒',
    budget: 60,
    payment: 'advance',
    channel: 'wechat',
  })
  await worker.tell(services.take, { request })
  await worker.tell(services.buy, { request, advancedBy: 'helper', amount: 52.5 })
  await worker.tell(services.deliver, { request, receivedBy: '放门口，已电话确认' })
  await worker.tell(services.feedback, { request, score: 5, words: '送得很快，谢谢' })
}

// --- residents' pages -------------------------------------------------------------------------------------------------

type Page = { told: (person: Id, temperature: number) => Promise<unknown> }

/** Issued and not used: whoever looks around can enter it for the first time. */
const issuePage = ({ person, worker }: Home) => worker.tell(family.issue, { person, kind: 'member' })

/** A resident enters the own page with the worker beside, and tells temperatures there. */
async function pageOf({ app }: Running, { person, worker }: Home): Promise<Page> {
  let cookie = ''
  const does = async <C extends Contract>(contract: C, input: Input<C>): Promise<Output<C>> => {
    const response = await app.request(`/api/${contract.name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [headers.key]: newId(), ...(cookie ? { cookie } : {}) },
      body: JSON.stringify({ input }),
    })
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
    if (!response.ok) throw fromBody((await response.json()) as ProblemBody)
    return response.json() as never
  }
  const { id: view } = await worker.tell(family.issue, { person, kind: 'member' })
  const [slip] = (await worker.ask(family.slips, { views: [view] })).rows
  const code = slip!.qr
  const { ticket, number } = await does(family.begin, { code })
  await worker.tell(family.confirmFirst, { view, number: number! })
  await does(family.choosePin, { code, ticket: ticket!, pin: familyPin })
  return {
    told: (whom, temperature) =>
      does(reportOwn, { person: whom, temperature: Math.round(temperature * 10) / 10, measuredHow: 'armpit', symptoms: [] }),
  }
}
