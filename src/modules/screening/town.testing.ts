// A small town for stories of screening: two grids, ten households, and shorthands for what workers do.
import { sample, type Town } from '#app/testing.ts'
import type { Input } from '#core/contract.ts'
import { newId, type Id } from '#core/ids.ts'
import type { House } from '#server/house.ts'
import { countByGrid, indicators, sumFigures, type IndicatorAt } from '#server/indicators.ts'
import { asSystem } from '#server/system.ts'
import { bulkLoad } from '#modules/residents/server.ts'
import { loadTown, placeDwellings } from '#modules/territory/server.ts'
import * as policyApi from '#modules/policy/api.ts'
import * as api from './api.ts'

type Areas = Readonly<Record<'county' | 'street' | 'community' | 'precinct' | 'grid' | 'grid2', string>>

/** A household of the town: `people` are roots, the head first. */
export type Home = { readonly id: Id; readonly dwelling: Id; readonly people: readonly Id[]; readonly grid: string }

const surnames = [...'赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨']

/** Rooms 101, 102, 201 … of one building in each grid, a household of two in each; `sizes` says how many for each grid. */
export async function settle(house: House, areas: Areas, sizes: readonly [number, number] = [6, 4]): Promise<Home[]> {
  await asSystem(house, areas.county, 'town.areas', (ctx) =>
    loadTown(ctx, {
      areas: [
        { code: areas.county, name: '样例区' },
        { code: areas.street, name: '样例街道' },
        { code: areas.community, name: '桂园社区' },
        { code: areas.precinct, name: '第一片区' },
        { code: areas.grid, name: '第一网格' },
        { code: areas.grid2, name: '第二网格' },
      ],
    }),
  )
  return asSystem(house, areas.community, 'town.homes', async (ctx) => {
    const plan = [areas.grid, areas.grid2].flatMap((grid, g) =>
      Array.from({ length: sizes[g]! }, (_, i) => ({
        compound: '桂园小区',
        building: `${g + 1}号楼`,
        unit: `${1 + Math.floor(i / 40)}单元`,
        room: `${1 + Math.floor((i % 40) / 2)}0${1 + (i % 2)}`,
        grid,
      })),
    )
    const dwellings = await placeDwellings(ctx, plan)
    const { households, persons } = await bulkLoad(
      ctx,
      dwellings.map((dwelling, i) => ({
        dwelling,
        members: [
          {
            name: `${surnames[i % surnames.length]}大明`,
            relation: 'head' as const,
            sex: 'male' as const,
            birthDate: '1960-05-06',
            phone: `138${String(i).padStart(8, '0')}`,
          },
          {
            name: `${surnames[i % surnames.length]}小红`,
            relation: 'child' as const,
            sex: 'female' as const,
            birthDate: '2015-05-06',
          },
        ],
      })),
      'import',
    )
    return households.map((id, i) => ({
      id,
      dwelling: dwellings[i]!,
      people: persons.slice(2 * i, 2 * i + 2),
      grid: plan[i]!.grid,
    }))
  })
}

const { community, grid, grid2, street, county } = sample

/** The town on the morning of a campaign, with whoever works in it. */
export const begin = async (town: Town, sizes?: readonly [number, number], area: string = community) => {
  const homes = await settle(town.running.house, sample, sizes)
  const secretary = town.as('communitySecretary', community, '孙书记')
  const campaign = (await secretary.tell(api.openCampaign, { title: '三月排查', area })).id
  return {
    homes,
    campaign,
    secretary,
    worker: town.as('gridWorker', grid, '李网格员'),
    other: town.as('gridWorker', grid2, '赵网格员'),
    officer: town.as('subdistrictOfficer', street, '街道'),
  }
}

/** A pack with a form and risks of origins, drafted by one administrator and approved by another. */
export async function rules(town: Town, values: Record<string, unknown>) {
  const author = town.as('administrator', county, '甲')
  const draft = await author.tell(policyApi.writePack, {
    areaCode: county,
    title: '试行规则',
    document: '样例文件〔2026〕1号',
    effectiveFrom: '2026-03-01T00:00:00.000Z',
    correction: '补录',
    values: values as never,
  })
  await town.as('administrator', county, '乙').tell(policyApi.approveVersion, { version: draft.versions[0]!.id })
  return draft.versions[0]!.id
}

type Attempt = Input<typeof api.recordAttempt>

/** `reached(campaign, home, 'phone')`: everybody at home is well. */
export const reached = (campaign: Id, home: Home, how: 'phone' | 'door'): Attempt => ({
  campaign,
  household: home.id,
  how,
  outcome: 'reached',
  allNormal: true,
  present: [...home.people],
})

export const inVain = (
  campaign: Id,
  home: Home,
  how: 'phone' | 'door' | 'notice',
  outcome: 'nobody' | 'refused' | 'vacant' | 'moved' = 'nobody',
): Attempt => ({ campaign, household: home.id, how, outcome })

/** The main column of every figure of screening, by its short name, as a daily report would count it. */
export async function figures(house: House, at: IndicatorAt): Promise<Record<string, number>> {
  return house.within(at.community, async (tx) => {
    const found: Record<string, number> = {}
    for (const one of house.offered(indicators).filter((i) => i.key.startsWith('screening.'))) {
      found[one.key.slice('screening.'.length)] = sumFigures(one, await countByGrid(tx, one, at))[one.main]!
    }
    return found
  })
}

/** A phone's clock at the tap: in step with the server unless told otherwise. */
export const clockAt = (at: string, before: number | null = 0) => ({ at, before, tick: 1000, run: newId() })
