// The daily report told through the door: compiled at its hour, sent, returned, confirmed, locked, and held against what is known now.
import { describe, expect, test } from 'vitest'
import { sample, story, type Person, type Town } from '#app/testing.ts'
import type { Input } from '#core/contract.ts'
import { newId, type Id } from '#core/ids.ts'
import { rounds } from '#modules/disinfection/api.ts'
import * as policy from '#modules/policy/api.ts'
import * as screening from '#modules/screening/api.ts'
import { clockAt, inVain, reached, settle, type Home } from '#modules/screening/town.testing.ts'
import * as api from './api.ts'

const problem = (code: string) => expect.objectContaining({ code })
const { community, street, county, grid, grid2 } = sample
const otherStreet = '340301002'
const today = '2026-03-02'
/** 17:00 in Shanghai. */
const atFive = '2026-03-02T09:00:00.000Z'

const people = (town: Town) => ({
  secretary: town.as('communitySecretary', community, '孙书记'),
  worker: town.as('gridWorker', grid, '李网格员'),
  other: town.as('gridWorker', grid2, '赵网格员'),
  officer: town.as('subdistrictOfficer', street, '郑专员'),
  stranger: town.as('communitySecretary', sample.other, '外社区书记'),
  farOfficer: town.as('subdistrictOfficer', otherStreet, '外街道专员'),
  district: town.as('districtOfficer', county, '区专员'),
})
type Everybody = ReturnType<typeof people>

/** A settled town in the morning, with or without a campaign. */
async function begin(town: Town, { campaign: wanted = true } = {}): Promise<Everybody & { homes: Home[]; campaign: Id }> {
  const homes = await settle(town.running.house, sample)
  const who = people(town)
  const campaign = wanted
    ? (await who.secretary.tell(screening.openCampaign, { title: '三月排查', area: community })).id
    : newId()
  return { ...who, homes, campaign }
}

async function respond(town: Town, areaCode: string = community): Promise<void> {
  const { id } = await town.as('administrator', areaCode, '管理员甲').tell(policy.proposeResponse, {
    areaCode,
    disease: '虚构呼吸道传染病',
    class: 'BasA',
    government: '样例区人民政府',
    document: '样例公告〔2026〕1号',
    startsOn: today,
    reviewOn: '2026-03-16',
  })
  await town.as('administrator', areaCode, '管理员乙').tell(policy.activateResponse, { response: id })
}

/** The clock strikes: what the house does by itself every few minutes. */
async function strike(town: Town, instant: string, job = 'reporting.atTheHour'): Promise<void> {
  town.at(instant)
  const { house } = town.running
  await house.within(community, (tx) => house.enqueue(tx, job, {}))
  await town.drain()
}

const dayOf = (who: Person, named?: string) => who.ask(api.dayOfReport, named ? { community: named, day: today } : { day: today })
const numbersOf = async (who: Person, now = false) => (await who.ask(api.figures, { community, day: today, now })).figures

const clean: Input<typeof rounds.contracts.record> = {
  begins: '08:00',
  ends: '08:20',
  place: 'elevator',
  surfaces: ['buttons'],
  method: 'wipe',
  squareMetres: 12.5,
}

describe('compiled by the house', () => {
  test(
    'a day on which nothing happened is reported as zero, by itself, at 17:00',
    story(async (town) => {
      const { secretary, officer } = await begin(town, { campaign: false })
      await respond(town)
      await strike(town, '2026-03-02T08:59:00.000Z')
      expect((await dayOf(secretary)).report).toBeNull()
      await strike(town, atFive)
      const { report, moves, called } = await dayOf(secretary)
      expect(called).toBe(true)
      expect(report).toMatchObject({
        state: 'submitted',
        zero: true,
        late: false,
        compiledByName: '系统',
        submittedByName: '系统',
        submittedAt: atFive,
        until: atFive,
      })
      expect(moves.map((m) => [m.verb, m.byName])).toEqual([
        ['compile', '系统'],
        ['submit', '系统'],
      ])
      // A second strike, or a second server, makes no second report.
      await strike(town, '2026-03-02T09:05:00.000Z')
      expect((await secretary.ask(api.reports, {})).total).toBe(1)
      expect(await officer.tell(api.confirm, { community, report: report!.id })).toMatchObject({
        state: 'confirmed',
        confirmedByName: '—',
      })
    }),
  )

  test(
    'a day on which something happened waits for the secretary, its figures frozen',
    story(async (town) => {
      const { secretary, homes, campaign, worker } = await begin(town)
      await worker.tell(screening.recordAttempt, reached(campaign, homes[0]!, 'phone'))
      await strike(town, atFive)
      const { report, figures } = await dayOf(secretary)
      expect(report).toMatchObject({ state: 'open', zero: false, held: false, submittedAt: null })
      expect(figures.find((f) => f.indicator === 'screening.covered')).toMatchObject({ current: null, today: 1, total: 1 })
      expect(figures.find((f) => f.indicator === 'screening.households')).toMatchObject({ current: 10, today: null, total: null })
      await worker.tell(screening.recordAttempt, reached(campaign, homes[1]!, 'phone'))
      expect(await numbersOf(secretary)).toMatchObject({ covered: 1, notCovered: 9 })
      expect(await numbersOf(secretary, true)).toMatchObject({ covered: 2, notCovered: 8 })
    }),
  )

  test(
    'where nothing is under way nobody is asked for a report; a response above calls for one in every community',
    story(async (town) => {
      const { secretary } = await begin(town, { campaign: false })
      await strike(town, atFive)
      expect(await dayOf(secretary)).toMatchObject({ report: null, called: false })
      await respond(town, county)
      await strike(town, '2026-03-02T09:05:00.000Z')
      expect(await dayOf(secretary)).toMatchObject({ report: { zero: true }, called: true })
    }),
  )

  test(
    'a house that slept at the hour makes up for yesterday, whole',
    story(async (town) => {
      const { secretary, homes, campaign, worker } = await begin(town)
      town.at('2026-03-02T13:00:00.000Z')
      await worker.tell(screening.recordAttempt, reached(campaign, homes[0]!, 'phone'))
      await strike(town, '2026-03-03T00:30:00.000Z')
      const { report, figures } = await dayOf(secretary)
      expect(report).toMatchObject({ day: today, until: '2026-03-02T15:59:59.999Z', state: 'open', late: true })
      expect(figures.find((f) => f.indicator === 'screening.covered')).toMatchObject({ today: 1 })
      expect((await secretary.ask(api.dayOfReport, { day: '2026-03-03' })).report).toBeNull()
    }),
  )

  test(
    'hour and weekdays are rules',
    story(async (town) => {
      const { secretary } = await begin(town, { campaign: false })
      await respond(town)
      const pack = await town.as('administrator', community, '管理员甲').tell(policy.writePack, {
        areaCode: community,
        title: '日报规则',
        effectiveFrom: '2026-03-01T16:00:00.000Z',
        correction: '补录',
        document: '样例文件',
        values: { 'reporting.deadline': '10:00', 'reporting.days': [1], 'reporting.zeroReport': false },
      })
      await town.as('administrator', community, '管理员乙').tell(policy.approveVersion, { version: pack.versions[0]!.id })
      await strike(town, '2026-03-02T02:00:00.000Z')
      expect(await dayOf(secretary)).toMatchObject({
        report: { zero: true, state: 'open' },
        deadline: '2026-03-02T02:00:00.000Z',
      })
      await strike(town, '2026-03-03T10:00:00.000Z')
      expect(await secretary.ask(api.dayOfReport, { day: '2026-03-03' })).toMatchObject({ report: null, called: false })
    }),
  )
})

describe('the way up', () => {
  test(
    'sent, returned with a reason, counted anew, sent again, confirmed, locked',
    story(async (town) => {
      const { secretary, officer, homes, campaign, worker } = await begin(town)
      await worker.tell(screening.recordAttempt, reached(campaign, homes[0]!, 'phone'))
      await strike(town, atFive)
      const id = (await dayOf(secretary)).report!.id
      town.at('2026-03-02T09:20:00.000Z')
      expect(await secretary.tell(api.submit, { report: id, problems: '缺少护目镜' })).toMatchObject({
        state: 'submitted',
        problems: '缺少护目镜',
        submittedByName: '—',
      })
      town.at('2026-03-02T09:30:00.000Z')
      expect(await officer.tell(api.sendBack, { community, report: id, reason: '请核实 3 号楼' })).toMatchObject({
        state: 'returned',
      })
      await worker.tell(screening.recordAttempt, reached(campaign, homes[1]!, 'door'))
      expect(await secretary.tell(api.compile, { day: today })).toMatchObject({ id, state: 'returned' })
      town.at('2026-03-02T12:00:00.000Z')
      expect(await secretary.tell(api.submit, { report: id })).toMatchObject({
        state: 'submitted',
        problems: '缺少护目镜',
        late: false,
        submittedAt: '2026-03-02T09:20:00.000Z',
      })
      await officer.tell(api.confirm, { community, report: id })
      expect(await officer.tell(api.lock, { community, report: id })).toMatchObject({ state: 'locked' })
      const { moves } = await dayOf(officer, community)
      expect(moves.map((m) => m.verb)).toEqual(['compile', 'submit', 'return', 'compile', 'submit', 'confirm', 'lock'])
      expect(moves[2]!.note).toBe('请核实 3 号楼')
      expect(await numbersOf(secretary)).toMatchObject({ covered: 2, reachedByPhone: 1, reachedAtDoor: 1 })
    }),
  )

  test(
    'no step is taken from a wrong state, and each is taken once',
    story(async (town) => {
      const { secretary, officer } = await begin(town)
      const { id } = await secretary.tell(api.compile, { day: today })
      const at = { community, report: id }
      await expect(officer.tell(api.confirm, at)).rejects.toEqual(problem('reporting.wrongState'))
      await expect(officer.tell(api.sendBack, { ...at, reason: '原因' })).rejects.toEqual(problem('reporting.wrongState'))
      const key = newId()
      await secretary.tell(api.submit, { report: id }, { id: key })
      expect(await secretary.tell(api.submit, { report: id }, { id: key })).toMatchObject({ state: 'submitted' })
      await expect(secretary.tell(api.submit, { report: id })).rejects.toEqual(problem('reporting.wrongState'))
      await expect(secretary.tell(api.compile, { day: today })).rejects.toEqual(problem('reporting.wrongState'))
      await expect(officer.tell(api.lock, at)).rejects.toEqual(problem('reporting.wrongState'))
      await expect(officer.tell(api.sendBack, { ...at, reason: ' ' })).rejects.toEqual(problem('door.unreadable'))
      await expect(secretary.tell(api.confirm, at)).rejects.toEqual(problem('door.notAllowed'))
      await expect(officer.tell(api.submit, { report: id })).rejects.toEqual(problem('door.notAllowed'))
      await expect(secretary.tell(api.compile, { day: '2026-03-03' })).rejects.toEqual(problem('reporting.future'))
    }),
  )

  test(
    'another community sees nothing of it, nor does the officer of another street',
    story(async (town) => {
      const { secretary, stranger, farOfficer, officer, district } = await begin(town)
      const { id } = await secretary.tell(api.compile, { day: today })
      await secretary.tell(api.submit, { report: id })
      expect((await stranger.ask(api.reports, {})).rows).toEqual([])
      expect((await stranger.ask(api.dayOfReport, { day: today })).report).toBeNull()
      for (const who of [stranger, farOfficer]) {
        await expect(who.ask(api.dayOfReport, { community, day: today })).rejects.toEqual(problem('scope.outOfReach'))
        await expect(who.ask(api.differences, { community, report: id })).rejects.toEqual(problem('scope.outOfReach'))
        const households = { community, day: today, indicator: 'screening.households', column: 'current' } as const
        await expect(who.ask(api.rows, households)).rejects.toEqual(problem('scope.outOfReach'))
      }
      await expect(farOfficer.tell(api.confirm, { community, report: id })).rejects.toEqual(problem('scope.outOfReach'))
      await expect(farOfficer.tell(api.confirm, { community: sample.elsewhere, report: id })).rejects.toEqual(
        problem('reporting.unknown'),
      )
      expect((await farOfficer.ask(api.reports, {})).rows).toEqual([])
      expect((await farOfficer.ask(api.overview, { day: today })).rows).toEqual([])
      for (const who of [officer, district])
        expect((await who.ask(api.reports, {})).rows).toMatchObject([{ id, communityName: '桂园社区' }])
      await expect(officer.ask(api.dayOfReport, {})).rejects.toEqual(problem('scope.communityNeeded'))
    }),
  )
})

describe('what changes afterwards', () => {
  test(
    'a correction after the lock is a difference with its row; the report stays as it was and counts the same at its watermark',
    story(async (town) => {
      const { secretary, officer, homes, campaign, worker } = await begin(town)
      const attempts = []
      for (const home of homes.slice(0, 4))
        attempts.push(await worker.tell(screening.recordAttempt, reached(campaign, home, 'phone')))
      await worker.tell(rounds.contracts.record, clean)
      await strike(town, atFive)
      const id = (await dayOf(secretary)).report!.id
      const at = { community, report: id }
      await secretary.tell(api.submit, { report: id })
      await officer.tell(api.confirm, at)
      await officer.tell(api.lock, at)
      expect(await secretary.ask(api.differences, { report: id })).toEqual({ figures: [], rows: [], more: false })
      const frozen = await numbersOf(secretary)

      town.at('2026-03-04T01:00:00.000Z')
      const gone = attempts[1]!
      await worker.tell(screening.withdrawAttempt, { replaces: gone.id, reason: '打错了门' })
      const { figures, rows, more } = await secretary.ask(api.differences, { report: id })
      expect(more).toBe(false)
      expect(figures.map((f) => [f.indicator, f.column, f.reported, f.now])).toEqual([
        ['screening.reachedByPhone', 'today', 4, 3],
        ['screening.reachedByPhone', 'total', 4, 3],
        ['screening.covered', 'today', 4, 3],
        ['screening.covered', 'total', 4, 3],
        ['screening.notCovered', 'current', 6, 7],
        ['screening.attempts', 'today', 4, 3],
        ['screening.attempts', 'total', 4, 3],
      ])
      expect(rows.map((r) => [r.indicator, r.change, r.household])).toEqual([
        ['screening.reachedByPhone', 'gone', homes[1]!.id],
        ['screening.covered', 'gone', homes[1]!.id],
        ['screening.notCovered', 'added', homes[1]!.id],
        ['screening.attempts', 'gone', homes[1]!.id],
      ])
      expect(rows.find((r) => r.indicator === 'screening.attempts')).toMatchObject({
        record: gone.id,
        address: '桂园小区 1号楼 1单元 102',
        head: '钱大明',
      })

      expect(await numbersOf(secretary)).toEqual(frozen)
      const again = await secretary.ask(api.recompute, { report: id })
      expect(again.rows.filter((r) => !r.equal)).toEqual([])
      expect(again).toMatchObject({ equal: true })
      expect(again.rows.length).toBeGreaterThan(12)
    }),
  )

  test(
    'what is recorded in the evening, or arrives late from a phone, is a difference too',
    story(async (town) => {
      const { secretary, homes, campaign, worker } = await begin(town)
      await worker.tell(screening.recordAttempt, inVain(campaign, homes[2]!, 'door'))
      await strike(town, atFive)
      const id = (await dayOf(secretary)).report!.id
      await secretary.tell(api.submit, { report: id })
      town.at('2026-03-02T11:00:00.000Z')
      await worker.tell(screening.recordAttempt, reached(campaign, homes[0]!, 'door'))
      town.at('2026-03-03T01:00:00.000Z')
      await worker.tell(screening.recordAttempt, reached(campaign, homes[1]!, 'door'), {
        clock: clockAt('2026-03-02T08:00:00.000Z'),
      })
      const { figures } = await secretary.ask(api.differences, { report: id })
      expect(figures.find((f) => f.indicator === 'screening.reachedAtDoor' && f.column === 'today')).toMatchObject({
        reported: 0,
        now: 2,
      })
      expect(await secretary.ask(api.recompute, { report: id })).toMatchObject({ equal: true })
    }),
  )

  test(
    'a report whose frozen numbers were tampered with no longer recomputes equal',
    story(async (town) => {
      const { secretary, homes, campaign, worker } = await begin(town)
      await worker.tell(screening.recordAttempt, reached(campaign, homes[0]!, 'phone'))
      const { id } = await secretary.tell(api.compile, { day: today })
      await town.admin
        .withTables<{ reportingReports: { figures: unknown } }>()
        .updateTable('reportingReports')
        .set((eb) => ({
          figures: eb.fn('jsonb_set', ['figures', eb.val('{screening.covered,total}'), eb.cast(eb.val('7'), 'jsonb')]),
        }))
        .execute()
      const { equal, rows } = await secretary.ask(api.recompute, { report: id })
      expect(equal).toBe(false)
      expect(rows.filter((r) => !r.equal)).toMatchObject([
        { indicator: 'screening.covered', grid: null, frozen: { total: 7 }, again: { total: 1 } },
      ])
    }),
  )
})
