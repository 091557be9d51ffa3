// A small town for stories of screening: two grids, ten households, and shorthands for what workers do.
import type { Input } from '#core/contract.ts'
import { newId, type Id } from '#core/ids.ts'
import type { House } from '#server/house.ts'
import { countByGrid, indicators, sumFigures, type IndicatorAt } from '#server/indicators.ts'
import { asSystem } from '#server/system.ts'
import { bulkLoad } from '#modules/residents/server.ts'
import { loadTown, placeDwellings } from '#modules/territory/server.ts'
import type { recordAttempt } from './api.ts'

type Areas = Readonly<Record<'county' | 'street' | 'community' | 'precinct' | 'grid' | 'grid2', string>>

/** A household of the town: `people` are roots, the head first. */
export type Home = { readonly id: Id; readonly dwelling: Id; readonly people: readonly Id[]; readonly grid: string }

const surnames = [...'赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨']

/** Rooms 101, 102, 201 … of one building in each grid, a household of two in each; `sizes` says how many for each grid. */
export async function settle(house: House, areas: Areas, sizes: readonly [number, number] = [6, 4]): Promise<Home[]> {
  await asSystem(house, areas.county, 'town.areas', (ctx) => loadTown(ctx, {
    areas: [
      { code: areas.county, name: '样例区' }, { code: areas.street, name: '样例街道' }, { code: areas.community, name: '桂园社区' },
      { code: areas.precinct, name: '第一片区' }, { code: areas.grid, name: '第一网格' }, { code: areas.grid2, name: '第二网格' },
    ],
  }))
  return asSystem(house, areas.community, 'town.homes', async (ctx) => {
    const plan = [areas.grid, areas.grid2].flatMap((grid, g) => Array.from({ length: sizes[g]! }, (_, i) => ({
      compound: '桂园小区', building: `${g + 1}号楼`, unit: `${1 + Math.floor(i / 40)}单元`,
      room: `${1 + Math.floor((i % 40) / 2)}0${1 + (i % 2)}`, grid,
    })))
    const dwellings = await placeDwellings(ctx, plan)
    const { households, persons } = await bulkLoad(ctx, dwellings.map((dwelling, i) => ({
      dwelling, members: [
        {
          name: `${surnames[i % surnames.length]}大明`, relation: 'head' as const, sex: 'male' as const, birthDate: '1960-05-06',
          phone: `138${String(i).padStart(8, '0')}`,
        },
        { name: `${surnames[i % surnames.length]}小红`, relation: 'child' as const, sex: 'female' as const, birthDate: '2015-05-06' },
      ],
    })), 'import')
    return households.map((id, i) => ({
      id, dwelling: dwellings[i]!, people: persons.slice(2 * i, 2 * i + 2), grid: plan[i]!.grid,
    }))
  })
}

type Attempt = Input<typeof recordAttempt>

/** `reached(campaign, home, 'phone')`: everybody at home is well. */
export const reached = (campaign: Id, home: Home, how: 'phone' | 'door'): Attempt =>
  ({ campaign, household: home.id, how, outcome: 'reached', allNormal: true, present: [...home.people] })

export const inVain = (
  campaign: Id, home: Home, how: 'phone' | 'door' | 'notice', outcome: 'nobody' | 'refused' | 'vacant' | 'moved' = 'nobody',
): Attempt =>
  ({ campaign, household: home.id, how, outcome })

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
