// Raises a town of many communities: its areas from the file that the product itself takes, workers for every grid, invented households.
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { addDays, instantAt, msOf, type Day } from '#core/dates.ts'
import { createAccount, openSession } from '#modules/identity/server.ts'
import type { Role } from '#modules/identity/model.ts'
import { bulkLoad } from '#modules/residents/server.ts'
import { openCampaign } from '#modules/screening/api.ts'
import { appoint, areas as areasQuery, load } from '#modules/territory/api.ts'
import { placeDwellings } from '#modules/territory/server.ts'
import type { Running } from '#server/start.ts'
import { asSystem } from '#server/system.ts'
import { chanceOf, type Chance } from '../town/chance.ts'
import { inventHousehold } from '../town/people.ts'
import { doorIn } from '../town/places.ts'
import { callerOf, type Caller } from './caller.ts'
import type { Target } from './play.ts'
import { listOf, townPassword } from './raise.ts'

type Area = { areaCode: string; name: string; level: string }
/** A community with the secretary who sends its report. `quiet`: nothing is left to be done there on the last day. */
export type Raised = { code: string; name: string; secretary: Caller; grids: readonly string[]; quiet: boolean }
export type RaisedTown = { communities: readonly Raised[]; officer: Caller; district: Caller; targets: readonly Target[] }

/** Spreads `households` evenly over all grids; `quiet` says in how many communities the work ends a day earlier. */
export async function raiseMany(
  running: Running,
  {
    file,
    households,
    quiet,
    seed,
    firstDay,
    setClock,
    keep,
    step,
  }: {
    file: string
    households: number
    quiet: number
    seed: number
    firstDay: Day
    setClock: (ms: number) => void
    keep: boolean
    step: (words: string) => void
  },
): Promise<RaisedTown> {
  setClock(msOf(instantAt(addDays(firstDay, -1), '09:00')))
  const person = hire(running, keep)
  const [content, first] = [readFileSync(file), firstCode(file)]
  const admin = await person('admin', '管理员', 'administrator', first.slice(0, 6))
  await admin.tell(load, { name: basename(file), content: content.toString('base64') })
  const { rows: areas } = await admin.ask(areasQuery, {})
  const of = (level: string) => areas.filter((area) => area.level === level)
  step(`${of('community').length} communities, ${of('grid').length} grids from ${basename(file)}`)
  const town = of('street')[0]!
  const district = await person('district', '县指挥部', 'districtOfficer', town.areaCode.slice(0, 6))
  const officer = await person('officer', `${town.name}防控办`, 'subdistrictOfficer', town.areaCode)
  const chance = chanceOf(seed)
  const perGrid = shared(households, of('grid').length)
  const communities: Raised[] = []
  const targets: Target[] = []
  let next = 0
  for (const [i, area] of of('community').entries()) {
    const grids = of('grid').filter((grid) => grid.areaCode.startsWith(area.areaCode))
    const isQuiet = i >= of('community').length - quiet
    const sizes = grids.map((_, g) => perGrid[next + g]!)
    next += grids.length
    setClock(msOf(instantAt(addDays(firstDay, -1), '10:00')))
    await settle(running, { area, grids, sizes, chance, firstDay, from: communities.length * 10_000 })
    const secretary = await person(
      i === 0 ? 'secretary' : `secretary${i + 1}`,
      `${area.name}书记`,
      'communitySecretary',
      area.areaCode,
    )
    setClock(msOf(instantAt(firstDay, '07:30')))
    const { id: campaign } = await secretary.tell(openCampaign, { title: '全面排查', area: area.areaCode })
    for (const [g, grid] of grids.entries()) {
      const worker = await person(`worker${i + 1}-${g + 1}`, `${area.name}${grid.name}员`, 'gridWorker', grid.areaCode)
      await secretary.tell(appoint, { areaCode: grid.areaCode, account: worker.account, duty: 'gridWorker' })
      targets.push(...(await listOf(worker, grid.areaCode, campaign)).map((target) => ({ ...target, quiet: isQuiet })))
    }
    communities.push({
      code: area.areaCode,
      name: area.name,
      secretary,
      grids: grids.map((grid) => grid.areaCode),
      quiet: isQuiet,
    })
  }
  return { communities, officer, district, targets }
}

/** The first code of the file says in which county it lies. */
const firstCode = (file: string): string => /\d{6,17}/.exec(readFileSync(file, 'utf8'))![0]

const shared = (n: number, among: number): number[] =>
  Array.from({ length: among }, (_, i) => Math.floor(n / among) + (i < n % among ? 1 : 0))

const hire =
  ({ house, app }: Running, keep: boolean) =>
  async (username: string, name: string, role: Role, area: string): Promise<Caller> => {
    const account = await createAccount(house, {
      area: area.slice(0, 12),
      username,
      name,
      assignments: [{ role, area }],
      ...(keep ? { password: townPassword } : {}),
    })
    return callerOf(app, { account, cookie: (await openSession(house, account)).cookie, now: house.now })
  }

async function settle(
  { house }: Running,
  {
    area,
    grids,
    sizes,
    chance,
    firstDay,
    from,
  }: {
    area: Area
    grids: readonly Area[]
    sizes: readonly number[]
    chance: Chance
    firstDay: Day
    from: number
  },
): Promise<void> {
  await asSystem(house, area.areaCode, 'replay.homes', async (ctx) => {
    const doors = grids.flatMap((grid, g) => Array.from({ length: sizes[g]! }, (_, i) => doorIn(grid.areaCode, g, i)))
    const dwellings = await placeDwellings(ctx, doors)
    await bulkLoad(
      ctx,
      dwellings.map((dwelling, i) => ({
        dwelling,
        members: inventHousehold(chance, from + i, firstDay).map(({ livesAlone, phone, ...one }) => ({
          ...one,
          ...(phone ? { phone } : {}),
          tags: livesAlone ? ['livesAlone' as const] : [],
        })),
      })),
      'import',
    )
  })
}
