// A town for stories of observation: the rules of the shipped pack, a response, and whoever proposes, records and countersigns.
import { sample, type Person, type Town } from '#app/testing.ts'
import type { Input } from '#core/contract.ts'
import type { Id } from '#core/ids.ts'
import * as policyApi from '#modules/policy/api.ts'
import { shippedPacks, valuesOf } from '#modules/policy/shipped.ts'
import { rules, settle } from '#modules/screening/town.testing.ts'
import * as api from './api.ts'

const { community, grid, street, county } = sample

/** What the shipped pack says of observation. */
export const shippedRules = (): Record<string, unknown> => {
  const { values } = valuesOf(shippedPacks.find((pack) => pack.key === '2020-community-plan')!)
  return Object.fromEntries(
    Object.entries(values).filter(([key]) => key.startsWith('observation.') || key === 'monitoring.feverAt'),
  )
}

/** A response in force, proposed by one and activated by another. */
export async function respond(town: Town): Promise<Id> {
  const { id } = await town.as('communitySecretary', community, '孙书记').tell(policyApi.proposeResponse, {
    areaCode: community,
    disease: '虚构传染病',
    class: 'BasA',
    level: null,
    government: '样例区政府',
    document: '公告〔2026〕1号',
    startsOn: '2026-03-02',
    reviewOn: '2026-03-30',
  })
  await town.as('administrator', county, '乙').tell(policyApi.activateResponse, { response: id })
  return id
}

export async function begin(town: Town, sizes?: readonly [number, number], more: Record<string, unknown> = {}) {
  const homes = await settle(town.running.house, sample, sizes)
  await rules(town, { ...shippedRules(), ...more })
  return {
    homes,
    response: await respond(town),
    worker: town.as('gridWorker', grid, '李网格员'),
    staff: town.as('communityStaff', community, '周干事'),
    secretary: town.as('communitySecretary', community, '孙书记'),
    officer: town.as('subdistrictOfficer', street, '街道'),
  }
}

export const decision = {
  decidingBody: '样例区疾控中心',
  legalBasis: '《传染病防治法》第五十八条',
  document: '疾控观〔2026〕7号',
} as const
export const home = {
  on: '2026-03-02',
  by: '李网格员',
  medic: '社区卫生站 王医生',
  has: { ownRoom: true, toilet: true, handOver: true, thermometer: true, masks: true, disinfectant: true, noCentralAir: true },
}
export const handed = { how: 'inPerson', at: '2026-03-02T01:00:00.000Z', by: '李网格员', undertaking: 'signed' } as const

/** From a proposal to an order in force, each step by whoever may take it. */
export async function observed(
  { worker, staff, secretary }: { worker: Person; staff: Person; secretary: Person },
  person: Id,
  more: Partial<Input<typeof api.record>> = {},
) {
  const { id: order } = await worker.tell(api.propose, { person, source: 'returnee', category: 'returnee', place: 'home' })
  await worker.tell(api.check, { order, suitability: home })
  await staff.tell(api.record, {
    order,
    ...decision,
    category: 'returnee',
    place: 'home',
    observedFrom: '2026-03-02',
    coResidentsBound: false,
    ...more,
  })
  await secretary.tell(api.decide, { order })
  return worker.tell(api.serve, { order, ...handed })
}

export const whole = (place: Id): Input<typeof api.seal> => ({
  scope: 'unit',
  place,
  category: 'sealed',
  government: '样例区人民政府',
  legalBasis: '《传染病防治法》第六十四条',
  document: '封闭令〔2026〕3号',
  startsOn: '2026-03-02',
  lastDay: '2026-03-15',
  fireExit: '一层东侧消防门不上锁，里面一推就开，物业每天两次检查',
  keyDay: '物业 赵师傅',
  keyDayPhone: '13800000001',
  keyNight: '楼长 钱阿姨',
  keyNightPhone: '13800000002',
  ambulanceRoute: '北门进，停在1号楼东侧，担架可进电梯',
  team: [],
})
