// The sample town of `--demo`: invented people in an invented place, three days into a screening, raised once.
import { addDays, dayOf, instantAt, msOf, type Day } from '#core/dates.ts'
import type { Input } from '#core/contract.ts'
import type { Text } from '#core/text.ts'
import { rounds } from '#modules/disinfection/api.ts'
import { createAccount, identify, sees, setUpDone } from '#modules/identity/server.ts'
import { activateResponse, proposeResponse } from '#modules/policy/api.ts'
import { confirm, dayOfReport, submit } from '#modules/reporting/api.ts'
import { silentLog } from '#server/log.ts'
import { openHouse, type Running } from '#server/start.ts'
import { modules } from './modules.ts'
import { runClock } from './replay/clock.ts'
import { play } from './replay/play.ts'
import { raiseTown, townPassword, type Raised } from './replay/raise.ts'
import { deedsOf, readScenario, type Scenario } from './replay/scenario.ts'
import { adoptRules, careOf } from './town/care.ts'
import { chanceOf } from './town/chance.ts'
import { community, county } from './town/places.ts'

/** Who may look around, and with which word: printed at the start, good for nothing else. */
export const demoAccounts: Text = {
  zh: `演示账号：secretary（社区书记）、staff（社区干事）、worker1、worker2（网格员）、officer（街道）、district（区）、auditor（审计）、admin（管理员），密码 ${townPassword}；演示中登录不要动态码`,
  en: `Demo accounts: secretary, staff, worker1, worker2, officer, district, auditor, admin; password ${townPassword}; no codes are asked for here`,
}

/** Fills an empty demo database; does nothing when the town stands already. */
export async function raiseDemo(database: { adminUrl: string; keys: string }, say: (line: Text) => void): Promise<void> {
  const today = dayOf(Date.now())
  let now = Date.now()
  const setClock = (ms: number) => {
    now = ms
  }
  const running = await openHouse({
    adminUrl: database.adminUrl,
    kind: 'demo',
    keysDir: database.keys,
    modules,
    identify,
    sees,
    log: silentLog,
    now: () => now,
    jobsIn: 'memory',
  })
  try {
    if (await setUpDone(running.house)) return
    say({ zh: '正在搭建演示小镇，约半分钟…', en: 'Raising the sample town, half a minute …' })
    const deeds = deedsOf(readScenario('demo') as Scenario)
    const firstDay = addDays(today, -3)
    const days = [0, 1, 2].map((n) => addDays(firstDay, n))
    const town = await raiseTown(running, { deeds, seed: 7, firstDay, setClock, keep: true, step: () => {} })
    await declare(town, firstDay)
    await createAccount(running.house, {
      area: community.code,
      username: 'staff',
      name: '社区干事',
      password: townPassword,
      assignments: [{ role: 'communityStaff', area: community.code }],
    })
    await adoptRules(town)
    const care = careOf({ running, town, firstDay, setClock, until: Date.now() })
    await play({
      deeds,
      chance: chanceOf(8),
      targets: town.targets,
      firstDay,
      setClock,
      progress: () => {},
      onDay: async (day) => {
        await care.live(days.indexOf(day))
        setClock(msOf(instantAt(day, '17:00')))
        await endDay(running, town, day, day === days[2])
      },
    })
    await care.live(3)
  } finally {
    await running.close()
  }
}

/** The fictitious response under which the town works: proposed by one, put into force by another. */
async function declare({ admin, district }: Raised, day: Day): Promise<void> {
  const response = await admin.tell(proposeResponse, {
    areaCode: county.code,
    disease: '演示传染病',
    class: 'B',
    government: '望江区人民政府（虚构）',
    document: '望防指〔演示〕1号',
    startsOn: day,
    reviewOn: addDays(day, 30),
  } as Input<typeof proposeResponse>)
  await district.tell(activateResponse, { response: response.id } as Input<typeof activateResponse>)
}

/** At 17:00 the report stands there by itself; the secretary sends it up, and all but the last are confirmed. */
async function endDay(running: Running, { secretary, officer, workers }: Raised, day: Day, last: boolean): Promise<void> {
  for (const [i, worker] of workers.entries()) {
    await worker.tell(rounds.contracts.record, {
      begins: '14:00',
      ends: '14:40',
      place: i % 2 ? 'waste' : 'elevator',
      surfaces: i % 2 ? ['bins'] : ['buttons', 'handles'],
      method: 'spray',
      agent: '含氯消毒剂',
      chlorine: 500,
      minutes: 30,
      squareMetres: 80 + 40 * i,
    } as Input<typeof rounds.contracts.record>)
  }
  await runClock(running)
  const { report } = await secretary.ask(dayOfReport, { day })
  if (!report) return
  await secretary.tell(submit, { report: report.id })
  if (!last) await officer.tell(confirm, { report: report.id, community: report.community })
}
