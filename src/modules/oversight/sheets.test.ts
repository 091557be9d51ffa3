// Stories of the lists that leave the house: whole, masked by default, in full only with the right, a purpose, and of many a second person.
import { expect, test } from 'vitest'
import { sample, story, type Person, type Town } from '#app/testing.ts'
import type { Contract, Input } from '#core/contract.ts'
import { newId } from '#core/ids.ts'
import * as identity from '#modules/identity/api.ts'
import { createAccount } from '#modules/identity/server.ts'
import * as residents from '#modules/residents/api.ts'
import { begin, rules } from '#modules/screening/town.testing.ts'
import * as territory from '#modules/territory/api.ts'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import * as api from './api.ts'

const { community, county, grid } = sample
const refusal = (code: string) => expect.objectContaining({ code })
const rowsOf = async <C extends Contract<'download'>>(who: Person, contract: C, input: Input<C>) =>
  (await readWorkbook(await who.fetch(contract, input))).sheets[0]!.rows.filter((r) => !r.hidden).map((r) =>
    r.cells.map((c) => c.text),
  )
/** Rows below the head: those that begin with a number. */
const numbered = (rows: readonly string[][]) => rows.filter(([first]) => /^\d+$/.test(first ?? ''))
const csvOf = async <C extends Contract<'download'>>(who: Person, contract: C, input: Input<C>) =>
  Buffer.from(await who.fetch(contract, { ...(input as object), as: 'csv' } as Input<C>))
    .toString()
    .split('\r\n')
    .slice(1)

test(
  'the register of residents holds everybody of the listed households, masked; in full with the right, a purpose and a second person',
  story(async (town) => {
    const { secretary, worker, officer } = await begin(town, [3, 2])
    const all = numbered(await rowsOf(secretary, residents.exportResidents, {}))
    expect(all).toHaveLength(10)
    expect(all.flat()).not.toContain('赵大明')
    expect(all.flat().some((cell) => /^138\d{8}$/.test(cell))).toBe(false)
    expect(all.flat().filter((cell) => cell.startsWith('1960-'))).toEqual([])
    expect(numbered(await rowsOf(worker, residents.exportResidents, {}))).toHaveLength(6)
    expect(numbered(await rowsOf(secretary, residents.exportResidents, { grid, having: 'minors' }))).toHaveLength(6)
    expect(numbered(await rowsOf(secretary, residents.exportResidents, { having: 'noPhone' }))).toEqual([])
    await expect(worker.fetch(residents.exportResidents, { full: true, purpose: '自用' })).rejects.toEqual(
      refusal('exports.maskedOnly'),
    )
    await expect(secretary.fetch(residents.exportResidents, { full: true })).rejects.toEqual(refusal('exports.purposeNeeded'))
    const full = numbered(await rowsOf(secretary, residents.exportResidents, { full: true, purpose: '移交街道防控办' })).flat()
    for (const word of ['赵大明', '13800000000', '1960-05-06', '101']) expect(full).toContain(word)
    await rules(town, { 'oversight.secondPersonAbove': 9 })
    const answer = await secretary.raw(
      'residents.exportResidents',
      { input: { full: true, purpose: '移交街道防控办' } },
      { id: newId() },
    )
    expect(answer.status).toBe(202)
    const { export: run } = (await answer.json()) as { export: { id: string; state: string; persons: number } }
    expect(run).toMatchObject({ state: 'waiting', persons: 10 })
    await officer.tell(api.approveExport, { export: run.id })
  }),
)

test(
  'accounts, areas, buildings and dwellings leave as they are listed',
  story(async (town) => {
    const { secretary, worker } = await begin(town, [3, 2])
    await account(town, 'wang.wei', '王伟')
    await account(town, 'zhao.min', '赵敏')
    const accounts = await csvOf(secretary, identity.exportAccounts, {})
    expect(accounts.map((line) => line.split(',').slice(0, 2).join())).toEqual(
      expect.arrayContaining(['王伟,wang.wei', '赵敏,zhao.min']),
    )
    expect(await csvOf(secretary, identity.exportAccounts, { words: '赵' })).toEqual([
      expect.stringMatching(/^赵敏,zhao\.min,正常,.*网格员/),
    ])
    await expect(worker.fetch(identity.exportAccounts, {})).rejects.toEqual(refusal('door.notAllowed'))
    expect((await csvOf(secretary, territory.exportAreas, { under: community })).map((line) => line.split(',')[1])).toEqual([
      '桂园社区',
      '第一片区',
      '第一网格',
      '第二网格',
    ])
    expect((await csvOf(secretary, territory.exportBuildings, {})).map((line) => line.split(',').slice(0, 4).join())).toEqual([
      '桂园小区,1号楼,1,3',
      '桂园小区,2号楼,1,2',
    ])
    const dwellings = await csvOf(secretary, territory.exportDwellings, {})
    expect(dwellings).toHaveLength(5)
    expect(dwellings.every((line) => line.split(',')[3] === '***')).toBe(true)
    expect(await csvOf(worker, territory.exportDwellings, {})).toHaveLength(3)
    await expect(worker.fetch(territory.exportDwellings, { full: true, purpose: '自用' })).rejects.toEqual(
      refusal('exports.maskedOnly'),
    )
    expect((await csvOf(secretary, territory.exportDwellings, { full: true, purpose: '核对房屋', grid }))[0]).toContain(',101,')
  }),
)

test(
  'the audit lists leave as they are listed, and each leaves its own trace',
  story(async (town) => {
    const { homes, secretary, worker, officer } = await begin(town, [2, 1])
    const auditor = town.as('auditor', county, '周审计')
    const me = homes[0]!.people[0]!
    town.at('2026-03-02T15:30:00.000Z')
    await worker.ask(residents.unmask, { person: me, what: 'phone', purpose: '=夜间核对' })
    await secretary.fetch(residents.exportResidents, { as: 'csv' })
    const unusual = await csvOf(auditor, api.exportActs, { unusual: true })
    expect(unusual).toHaveLength((await auditor.ask(api.acts, { unusual: true })).total!)
    expect(unusual.join()).toContain(`'=夜间核对`)
    const listed = (await auditor.ask(api.acts, {})).total!
    expect(await csvOf(auditor, api.exportActs, {})).toHaveLength(listed + 1)
    const history = await csvOf(auditor, api.exportHistory, { person: me, community })
    expect(history).toEqual([expect.stringContaining('查看完整内容')])
    expect(history.join()).not.toContain('赵大明')
    const runs = await csvOf(auditor, api.exportExports, {})
    expect(runs.filter((line) => line.includes('居民登记表'))).toHaveLength(1)
    expect(runs.filter((line) => line.includes('操作与查看记录表'))).toHaveLength(2)
    for (const who of [worker, officer]) await expect(who.fetch(api.exportActs, {})).rejects.toEqual(refusal('door.notAllowed'))
  }),
)

const account = (town: Town, username: string, name: string) =>
  createAccount(town.running.house, {
    area: community,
    username,
    name,
    password: 'long-enough-2020',
    assignments: [{ role: 'gridWorker', area: grid }],
  })
