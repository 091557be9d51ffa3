// Key persons, dossiers and official sheets, told through the door.
import { describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { sample, story } from '#app/testing.ts'
import { newId, type Id } from '#core/ids.ts'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import { household as householdDossier, person as personDossier } from '#modules/residents/api.ts'
import * as api from './api.ts'
import { begin, clockAt, figures, inVain, reached, rules } from './town.testing.ts'

const problem = (code: string) => expect.objectContaining({ code })
const { community } = sample

describe('key persons', () => {
  const origin = { origin: '湖北武汉', originCode: '420115', leftOn: '2026-02-26', arrivedOn: '2026-02-27' } as const

  test(
    'a returnee registered at the desk: the risk is that of the day, with its version',
    story(async (town) => {
      const version = await rules(town, { 'screening.sourceRisk': { byArea: { 42: 'high' }, otherwise: 'low' } })
      const { homes, campaign, worker } = await begin(town)
      const [head] = homes[0]!.people as [Id]
      await expect(worker.tell(api.registerReturnee, { person: head })).rejects.toEqual(problem('door.unreadable'))
      const made = await worker.tell(api.registerReturnee, { person: head, ...origin })
      expect(made).toMatchObject({
        sourceRisk: 'high',
        policyVersions: [version],
        campaign,
        household: homes[0]!.id,
        name: '赵大明',
        age: 65,
        address: '桂园小区 1号楼 1单元 101',
        phone: '138****0000',
      })
      town.at('2026-03-03T02:00:00.000Z')
      await rules(town, { 'screening.sourceRisk': { byArea: {}, otherwise: 'low' } })
      const corrected = await worker.tell(api.correctKeyPerson, {
        replaces: made.id,
        reason: '补车次',
        entry: { category: 'returnee', ...origin, transport: 'train', vehicleNo: 'G1234' },
      })
      expect(corrected).toMatchObject({ sourceRisk: 'high', policyVersions: [version], vehicleNo: 'G1234' })
      const figure = async () =>
        (await figures(town.running.house, { community, day: '2026-03-03', until: '2026-03-03T15:59:59.999Z' }))['keyPersons']
      expect(await figure()).toBe(1)
      await worker.tell(api.withdrawKeyPerson, { replaces: corrected.id, reason: '同名登错' })
      expect(await figure()).toBe(0)
    }),
  )

  test(
    'somebody new joins the household and the ledger in one request; follow-ups say how they are since',
    story(async (town) => {
      const { homes, worker, secretary, other } = await begin(town)
      const id = newId()
      const entry = {
        newPerson: { name: '赵小明', relation: 'child' as const, phone: '13911112222' },
        household: homes[0]!.id,
        ...origin,
      }
      const made = await worker.tell(api.registerReturnee, entry, { id })
      expect(await worker.tell(api.registerReturnee, entry, { id })).toEqual(made)
      expect(made.followUp).toBeNull()
      await expect(other.tell(api.followUp, { keyPerson: made.root, well: true, how: 'phone' })).rejects.toEqual(
        problem('scope.outOfReach'),
      )
      await expect(
        worker.tell(api.followUp, { keyPerson: made.root, well: true, how: 'phone', measure: 'homeObservation' }),
      ).rejects.toEqual(problem('policy.noResponse'))
      town.at('2026-03-04T02:00:00.000Z')
      await worker.tell(
        api.followUp,
        { keyPerson: made.root, well: false, symptoms: ['cough'], how: 'door' },
        { clock: clockAt('2026-03-04T01:00:00.000Z') },
      )
      await worker.tell(
        api.followUp,
        { keyPerson: made.root, well: true, how: 'phone' },
        { clock: clockAt('2026-03-03T01:00:00.000Z') },
      )
      const { rows, total } = await secretary.ask(api.keyPersons, {})
      expect(total).toBe(1)
      expect(rows[0]).toMatchObject({ name: '赵小明', followUp: { well: false, symptoms: ['cough'] } })
      await worker.tell(api.followUp, { keyPerson: made.root, well: true, how: 'door', departedOn: '2026-03-04' })
      expect((await secretary.ask(api.keyPersons, { gone: true })).total).toBe(1)
      expect((await secretary.ask(api.keyPersons, { gone: false })).total).toBe(0)
      expect((await other.ask(api.keyPersons, {})).rows).toEqual([])
    }),
  )

  test(
    'dossiers tell of it: the attempts of the household, the entries of the person',
    story(async (town) => {
      const { homes, campaign, worker } = await begin(town)
      const [head] = homes[0]!.people as [Id]
      await worker.tell(api.recordAttempt, inVain(campaign, homes[0]!, 'notice'))
      await worker.tell(api.recordAttempt, {
        ...reached(campaign, homes[0]!, 'door'),
        keyPersons: [{ id: newId(), person: head, category: 'returnee', ...origin }],
      })
      const of = (sections: readonly { key: string; rows: readonly { what: { zh: string } }[] }[], key: string) =>
        sections.find((s) => s.key === key)?.rows.map((r) => r.what.zh)
      const home = await worker.ask(householdDossier, { household: homes[0]!.id })
      expect(of(home.sections, 'screening.attempts')).toEqual(['上门：已联系上', '张贴提示：无人应答'])
      const person = await worker.ask(personDossier, { person: head })
      expect(of(person.sections, 'screening.keyPersons')).toEqual(['返程人员'])
      expect(of(person.sections, 'screening.attempts')).toEqual(['询问健康状况（上门）'])
    }),
  )
})

describe('official sheets', () => {
  const read = async (bytes: Uint8Array) =>
    (await readWorkbook(Buffer.from(bytes), { name: 'a.xlsx' })).sheets[0]!.rows.map((r) => r.cells.map((c) => c.text))

  test(
    'L1: masked for everybody, full for the secretary who says what for, and that is audited',
    story(async (town) => {
      const { homes, campaign, worker, secretary, officer } = await begin(town, [2, 1])
      await worker.tell(api.recordAttempt, { ...reached(campaign, homes[0]!, 'phone'), present: [homes[0]!.people[0]!] })
      const own = await read(await worker.fetch(api.exportHouseholds, {}))
      const headRow = own.findIndex((cells) => cells.includes('户主／承租人'))
      expect(own[0]).toContain('居民排查登记表')
      expect(own[headRow]!.slice(0, 9)).toEqual([
        '序号',
        '小区',
        '楼栋',
        '单元',
        '房号',
        '房屋性质',
        '户主／承租人',
        '联系电话',
        '实住人数',
      ])
      const first = own[headRow + 2]!
      expect(first.slice(1, 10)).toEqual(['桂园小区', '1号楼', '1单元', '***', '自住', '赵**', '138****0000', '2', '赵**'])
      expect(first).toContain('正常')
      expect(own[headRow + 3]).not.toContain('正常')
      expect(own.flat()).not.toContain('赵大明')
      await expect(secretary.fetch(api.exportHouseholds, { full: true })).rejects.toEqual(problem('exports.purposeNeeded'))
      await expect(worker.fetch(api.exportHouseholds, { full: true, purpose: '报街道' })).rejects.toEqual(
        problem('exports.maskedOnly'),
      )
      const full = await read(await secretary.fetch(api.exportHouseholds, { full: true, purpose: '移交街道防控办' }))
      expect(full.flat()).toContain('13800000000')
      expect(full.filter((cells) => cells[4] === '101')).toHaveLength(4)
      expect(full[headRow + 2]).toContain('赵大明')
      const { rows } = await sql<{ purpose: string; n: number }>`
      select a.purpose, (select count(*)::int from audit_looks l where l.audit = a.id) as n from audit_log a
        where a.purpose is not null and a.outcome = 'looked'`.execute(town.admin)
      expect(rows).toEqual([{ purpose: '移交街道防控办', n: 6 }])
      const masked = (await read(await officer.fetch(api.exportHouseholds, { community }))).flat()
      expect(masked).toContain('赵**')
      expect(masked).not.toContain('赵大明')
    }),
  )

  test(
    'L2 and L3: returnees, and the ledger of key persons with the last follow-up; what is not kept stays blank',
    story(async (town) => {
      await rules(town, { 'screening.sourceRisk': { byArea: { 42: 'high' }, otherwise: 'low' } })
      const { homes, worker, secretary } = await begin(town, [2, 1])
      const register = (i: number, more = {}) =>
        worker.tell(api.registerReturnee, {
          person: homes[i]!.people[0]!,
          origin: '湖北武汉',
          originCode: '420115',
          arrivedOn: '2026-02-27',
          ...more,
        })
      const made = await register(0, { transport: 'train', vehicleNo: 'G1234' })
      await register(1, { category: 'contact' })
      await worker.tell(api.followUp, { keyPerson: made.root, well: true, how: 'phone', handedOver: true, note: '每日电话' })
      const returnees = await read(await secretary.fetch(api.exportReturnees, { full: true, purpose: '移交街道防控办' }))
      expect(returnees.flat()).toEqual(
        expect.arrayContaining(['返程人员登记表', '赵大明', '湖北武汉', 'G1234', '火车', '高风险', '已返']),
      )
      expect(returnees.flat()).not.toContain('钱大明')
      const ledger = await read(await secretary.fetch(api.exportKeyPersons, { full: true, purpose: '移交街道防控办' }))
      expect(ledger.flat()).toEqual(
        expect.arrayContaining(['重点人员台账', '赵大明', '钱大明', '正常', '每日电话', '赵小红', '第一网格']),
      )
      const head = ledger.findIndex((cells) => cells.includes('号码归属地'))
      expect(ledger[head + 2]![ledger[head]!.indexOf('所属派出所')]).toBe('')
    }),
  )
})
