// Raises the town of a replay as a secretary would: areas, accounts, and the roster through the import.
import type { z } from 'zod'
import { choiceText } from '#core/labels.ts'
import { addDays, instantAt, msOf, type Day } from '#core/dates.ts'
import { createAccount, openSession } from '#modules/identity/server.ts'
import type { Role } from '#modules/identity/model.ts'
import { roster } from '#modules/residents/api.ts'
import { gridSet, openCampaign } from '#modules/screening/api.ts'
import { appoint } from '#modules/territory/api.ts'
import { loadTown } from '#modules/territory/town.ts'
import { writeTemplate } from '#server/spreadsheet/template.ts'
import { templateOf } from '#server/imports/sheet.ts'
import type { Running } from '#server/start.ts'
import { asSystem } from '#server/system.ts'
import { chanceOf } from '../town/chance.ts'
import { inventHousehold } from '../town/people.ts'
import {
  areasOf,
  community,
  county,
  doorsOf,
  gridCode,
  gridsEach,
  precinctCode,
  street,
  type InventedDoor,
} from '../town/places.ts'
import { callerOf, type Caller } from './caller.ts'
import type { Target } from './play.ts'
import type { Deeds } from './scenario.ts'

export type Raised = {
  secretary: Caller
  officer: Caller
  district: Caller
  admin: Caller
  workers: readonly Caller[]
  targets: readonly Target[]
  campaign: string
}

/** The password of every account of a kept town; it holds invented people only. */
export const townPassword = 'linli-2020-town'

export async function raiseTown(
  running: Running,
  {
    deeds,
    homes = homesOf(deeds),
    seed,
    firstDay,
    setClock,
    keep,
    step,
  }: {
    deeds: Pick<Deeds, 'households' | 'precincts'>
    homes?: readonly Home[]
    seed: number
    firstDay: Day
    setClock: (ms: number) => void
    keep: boolean
    step: (words: string) => void
  },
): Promise<Raised> {
  const { house, app } = running
  setClock(msOf(instantAt(addDays(firstDay, -1), '09:00')))
  step('areas and accounts')
  const areas = areasOf(deeds.precincts)
  await asSystem(house, county.code, 'replay.areas', (ctx) => loadTown(ctx, { areas }))
  const person = async (username: string, name: string, role: Role, area: string): Promise<Caller> => {
    const account = await createAccount(house, {
      area: area.slice(0, 12),
      username,
      name,
      assignments: [{ role, area }],
      ...(keep ? { password: townPassword } : {}),
    })
    return callerOf(app, { account, cookie: (await openSession(house, account)).cookie, now: house.now })
  }
  const admin = await person('admin', '管理员', 'administrator', county.code)
  const district = await person('district', '区指挥部', 'districtOfficer', county.code)
  await person('auditor', '审计员', 'auditor', county.code)
  const officer = await person('officer', '街道防控办', 'subdistrictOfficer', street.code)
  const secretary = await person('secretary', '社区书记', 'communitySecretary', community.code)
  const workers = await Promise.all(
    Array.from({ length: deeds.precincts }, (_, p) =>
      person(`worker${p + 1}`, `第${p + 1}片区网格员`, 'gridWorker', precinctCode(p)),
    ),
  )
  await secretary.tell(appoint, { areaCode: community.code, account: secretary.account, duty: 'communitySecretary' })
  for (const [p, worker] of workers.entries()) {
    for (const areaCode of [precinctCode(p), ...grids(p)]) {
      await secretary.tell(appoint, { areaCode, account: worker.account, duty: 'gridWorker' })
    }
  }
  step(`roster of ${homes.length} households`)
  await importRoster(running, secretary, await rosterFile(homes, seed, firstDay))
  setClock(msOf(instantAt(firstDay, '07:30')))
  const { id: campaign } = await secretary.tell(openCampaign, { title: '全面排查', area: community.code })
  step('lists of the workers')
  const targets: Target[] = []
  for (const [p, worker] of workers.entries()) {
    for (const grid of grids(p)) targets.push(...(await listOf(worker, grid, campaign)))
  }
  return { secretary, officer, district, admin, workers, targets, campaign }
}

const grids = (precinct: number): string[] => Array.from({ length: gridsEach }, (_, g) => gridCode(precinct, g))

/** A door, whether it is let, and how many live behind it where that is given. */
export type Home = Omit<InventedDoor, 'precinct'> & { readonly use?: 'rental'; readonly size?: number }
const homesOf = ({ households, precincts }: Pick<Deeds, 'households' | 'precincts'>): readonly Home[] =>
  doorsOf(households, precincts)

/** The workbook that a community keeps: one row a person, in the words of the template. */
async function rosterFile(homes: readonly Home[], seed: number, on: Day): Promise<Uint8Array> {
  const chance = chanceOf(seed)
  const { shape } = roster.row
  const word = (field: z.ZodType, value: string) => choiceText(field, value).zh
  const rows = homes.flatMap(({ grid, compound, building, unit, room, use, size }, i) =>
    inventHousehold(chance, i, on, size).map(({ livesAlone, relation, sex, ...one }) => ({
      grid,
      compound,
      building,
      unit,
      room,
      ...one,
      ...(use ? { use: word(shape.use, use) } : {}),
      relation: word(shape.relation, relation),
      sex: word(shape.sex, sex),
      tags: livesAlone ? '独居老人' : null,
    })),
  )
  return writeTemplate({ sheets: [{ ...templateOf(roster), rows }] })
}

async function importRoster({ jobs, house }: Running, secretary: Caller, file: Uint8Array): Promise<void> {
  const { contracts } = roster
  const { id: run } = await secretary.tell(contracts.start, { fileName: 'roster.xlsx', content: new Uint8Array(file) })
  await jobs.drain(house)
  await secretary.tell(contracts.commit, { run })
  await jobs.drain(house)
  const { run: done } = await secretary.ask(contracts.status, { run })
  if (done?.state !== 'done' || done.refused) {
    throw new Error(`roster: ${done?.state}, ${done?.refused} refused, ${done?.failure?.en ?? ''}`)
  }
}

/** How a door is named among all of a community. */
export const doorName = ({
  compound,
  building,
  unit,
  room,
}: {
  compound: string
  building: string
  unit: string | null
  room: string
}): string => [compound, building, unit, room].join(' ')

/** The doors of a grid as the worker's phone downloads them. */
export async function listOf(worker: Caller, area: string, campaign: string): Promise<Target[]> {
  const set = await worker.ask(gridSet, { area })
  return set.buildings.flatMap((b) =>
    b.units.flatMap((u) =>
      u.doors.flatMap((d) =>
        d.households.map((h) => ({
          household: h.id,
          members: h.members.map((m) => m.id),
          worker,
          campaign,
          building: b.id,
          door: doorName({ ...d, compound: b.compound, building: b.name, unit: u.name }),
        })),
      ),
    ),
  )
}
