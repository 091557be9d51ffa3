// Stories of the ledgers: the official columns, the fourteen days of temperatures, what is masked and what a worker's grid bounds.
import { expect, test } from 'vitest'
import { sample, story, type Person } from '#app/testing.ts'
import { addDays, instantAt } from '#core/dates.ts'
import type { Input } from '#core/contract.ts'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import { record } from '#modules/monitoring/api.ts'
import * as api from './api.ts'
import { columnsOf, Ledger, LedgerRow } from './ledgers.ts'
import { begin, decision, handed, observed } from './town.testing.ts'

/** All cells of a workbook's sheets, row by row. */
async function book(who: Person, input: Input<typeof api.exportLedger>) {
  const { sheets } = await readWorkbook(await who.fetch(api.exportLedger, input))
  return sheets.map(({ name, rows }) => ({ name, rows: rows.map((row) => row.cells.map((cell) => cell.text)) }))
}
const holding = (rows: readonly (readonly string[])[], word: string) => rows.filter((row) => row.includes(word))

test('every column of a ledger is a cell with a name', () => {
  for (const ledger of Ledger.options)
    for (const column of columnsOf(ledger, 21)) expect(LedgerRow.shape, column).toHaveProperty(column)
  expect(columnsOf('temperatures', 14).filter((one) => /^[me]\d+$/.test(one))).toHaveLength(28)
})

test(
  'the ledgers hold what was decided, measured, signed and ended, in the columns of the offices',
  story(async (town) => {
    const people = await begin(town, [3, 1])
    const { homes, worker, staff, secretary } = people
    const [first, second, third, other] = homes.map((home) => home.people[0]!)
    const team = [{ role: 'gridWorker', name: '李网格员', phone: '13800000009' }]
    const { id: order } = await observed(people, first!, { team })
    const { id: contact } = await worker.tell(api.propose, {
      person: second!,
      source: 'contact',
      category: 'closeContact',
      place: 'facility',
      lastContactOn: '2026-03-01',
    })
    const side = { order: contact, facility: '样例集中观察点', unit: '桂园社区', name: '周干事' }
    for (const one of ['giver', 'receiver'] as const) await staff.tell(api.signTransfer, { ...side, side: one })
    await staff.tell(api.record, {
      order: contact,
      ...decision,
      category: 'closeContact',
      place: 'facility',
      facility: '样例集中观察点',
      observedFrom: '2026-03-02',
      coResidentsBound: false,
    })
    await secretary.tell(api.decide, { order: contact })
    await worker.tell(api.serve, { order: contact, ...handed })
    await worker.tell(api.propose, { person: third!, source: 'returnee', category: 'returnee', place: 'home' })
    const measure = (day: string, time: string, value: number) => {
      town.at(instantAt(day, time))
      return worker.tell(record, { person: first!, value, measuredHow: 'armpit', how: 'door', symptoms: [] })
    }
    await measure('2026-03-02', '11:10', 36.5)
    await measure('2026-03-02', '19:30', 36.7)
    await measure('2026-03-16', '08:05', 36.4)

    const [sheet] = await book(secretary, { ledger: 'temperatures', full: true, purpose: '报疾控' })
    const [line, ...more] = holding(sheet!.rows, '赵大明')
    expect(more).toEqual([])
    expect(line).toEqual(expect.arrayContaining(['11:10 36.5', '19:30 36.7', '08:05 36.4']))
    const heads = sheet!.rows.find((row) => row.includes('第15天'))!
    expect(heads.indexOf('第15天')).toBe(line!.indexOf('08:05 36.4'))
    expect(sheet!.rows.some((row) => row.includes('第16天'))).toBe(false)

    town.at('2026-03-17T01:00:00.000Z')
    await worker.tell(api.requestRelease, { order })
    await secretary.tell(api.approveRelease, { order, document: '疾控解〔2026〕2号' })
    await worker.tell(api.serveRelease, { order, how: 'inPerson', by: '李网格员' })
    const [home] = await book(secretary, { ledger: 'home', full: true, purpose: '报疾控' })
    expect(holding(home!.rows, '赵大明')[0]).toEqual(
      expect.arrayContaining([
        '13800000000',
        '桂园小区 1号楼 1单元 101',
        '2026-03-02',
        '2026-03-16',
        '已签承诺书',
        '四包一：网格员 李网格员 13800000009',
        '已解除',
        '2026-03-17',
        '解观〔2026〕001号',
      ]),
    )
    // A proposal is no decision: nobody stands in the register because of it.
    expect(holding(home!.rows, '1单元 103')).toEqual([])
    const [contacts] = await book(secretary, { ledger: 'contacts', full: true, purpose: '报疾控' })
    expect(holding(contacts!.rows, '集中：样例集中观察点')[0]).toEqual(expect.arrayContaining(['2026-03-01', '否']))
    const [register, days] = await book(secretary, { ledger: 'facility', full: true, purpose: '报疾控' })
    expect(holding(register!.rows, '样例集中观察点')).toHaveLength(1)
    expect(days!.name).toBe('集中隔离点日报')
    expect(holding(days!.rows, '样例集中观察点')).toHaveLength(1)
    const [undertakings] = await book(secretary, { ledger: 'undertakings', standing: 'released', full: true, purpose: '报疾控' })
    expect(holding(undertakings!.rows, '赵大明')[0]!.join()).toContain('如实申报健康状况和行程')
    const [teams] = await book(secretary, { ledger: 'teams', full: true, purpose: '报疾控' })
    // One line for each role of 四包一 at the first door, of 五包一 at the second.
    expect(holding(teams!.rows, '13800000009')).toHaveLength(1)
    expect((await staff.ask(api.ledger, { ledger: 'teams' })).total).toBe(4 + 5)

    const [masked] = await book(staff, { ledger: 'home' })
    expect(masked!.rows.flat().join()).not.toMatch(/赵大明|13800000000|101/)
    expect(masked!.rows.flat().join()).toContain('赵**')
    await expect(staff.fetch(api.exportLedger, { ledger: 'home', full: true, purpose: '自用' })).rejects.toMatchObject({
      code: 'exports.maskedOnly',
    })
    const { id: beyond } = await observedBy(people, town.as('gridWorker', sample.grid2, '赵网格员'), other!)
    expect(beyond).toBeDefined()
    expect((await worker.ask(api.ledger, { ledger: 'home' })).total).toBe(1)
    expect((await staff.ask(api.ledger, { ledger: 'home' })).total).toBe(2)
    expect((await staff.ask(api.ledger, { ledger: 'home', standing: 'now' })).total).toBe(1)
    expect((await staff.ask(api.ledger, { ledger: 'home', to: addDays('2026-03-02', -1) })).total).toBe(0)
  }),
)

const observedBy = (people: Awaited<ReturnType<typeof begin>>, worker: Person, person: string) =>
  observed({ ...people, worker }, person)
