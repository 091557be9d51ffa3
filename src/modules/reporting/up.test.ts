// Up the tree, told through the door: what is in, late, zero, returned, missing; sums that open downwards; the street's own report; who is left.
import { describe, expect, test } from 'vitest'
import { sample, story, type Person, type Town } from '#app/testing.ts'
import type { Input } from '#core/contract.ts'
import { asSystem } from '#server/system.ts'
import { rounds } from '#modules/disinfection/api.ts'
import { createAccount } from '#modules/identity/server.ts'
import * as screening from '#modules/screening/api.ts'
import { reached, settle, type Home } from '#modules/screening/town.testing.ts'
import { appoint } from '#modules/territory/api.ts'
import { loadTown } from '#modules/territory/server.ts'
import * as api from './api.ts'
import { areaBriefOf, leftWords, percentOf, progressIn } from './upWords.ts'

const problem = (code: string) => expect.objectContaining({ code })
const { community, street, county, grid, grid2 } = sample
const today = '2026-03-02'
const [second, third, far] = ['340301001002', '340301001003', '340301002001']
const farStreet = '340301002'
const round: Input<typeof rounds.contracts.record> = {
  begins: '08:00',
  ends: '08:20',
  place: 'elevator',
  surfaces: ['buttons'],
  method: 'wipe',
  squareMetres: 100,
}

/** Three communities in one street and one in another, a campaign in each; the first has ten households. */
async function fourCommunities(town: Town) {
  const homes = await settle(town.running.house, sample)
  await asSystem(town.running.house, county, 'town.areas', (ctx) =>
    loadTown(ctx, {
      areas: [
        { code: second, name: '杏园社区' },
        { code: third, name: '梨园社区' },
        { code: farStreet, name: '临江街道' },
        { code: far, name: '江边社区' },
      ],
    }),
  )
  const secretary = (code: string) => town.as('communitySecretary', code, `书记${code}`)
  for (const code of [community, second, third, far])
    await secretary(code).tell(screening.openCampaign, { title: '三月排查', area: code })
  const report = async (code: string, at: string) => {
    town.at(at)
    const { id } = await secretary(code).tell(api.compile, { day: today })
    await secretary(code).tell(api.submit, { report: id })
    return { community: code, report: id }
  }
  return {
    homes,
    secretary,
    report,
    worker: town.as('gridWorker', grid, '李网格员'),
    officer: town.as('subdistrictOfficer', street, '郑专员'),
    farOfficer: town.as('subdistrictOfficer', farStreet, '外街道专员'),
    district: town.as('districtOfficer', county, '区专员'),
  }
}

async function fresh(town: Town, instant: string): Promise<void> {
  town.at(instant)
  await town.running.house.within(community, (tx) => town.running.house.enqueue(tx, 'reporting.freshSums', {}))
  await town.drain()
}

const cover = async (worker: Person, secretary: Person, homes: readonly Home[]) => {
  const {
    rows: [campaign],
  } = await secretary.ask(screening.campaigns, {})
  for (const home of homes) await worker.tell(screening.recordAttempt, reached(campaign!.id, home, 'phone'))
}

const dayTotals = (who: Person, area?: string) => who.ask(api.totals, { day: today, ...(area ? { area } : {}) })
const standings = async (who: Person, which?: Input<typeof api.overview>['which']) =>
  (await who.ask(api.overview, { day: today, ...(which ? { which } : {}) })).rows.map((r) => [
    r.community,
    r.standing,
    r.zero,
    r.late,
    r.overdue,
  ])

describe('which reports are in', () => {
  test(
    'received, zero, late, returned and missing are told apart, and each count opens its communities',
    story(async (town) => {
      const { report, officer, district, secretary } = await fourCommunities(town)
      await secretary(second).tell(rounds.contracts.record, round)
      await report(community, '2026-03-02T09:10:00.000Z')
      const back = await report(second, '2026-03-02T09:20:00.000Z')
      await report(third, '2026-03-02T10:30:00.000Z')
      await officer.tell(api.sendBack, { ...back, reason: '请核实面积' })
      expect(await standings(district)).toEqual([
        [community, 'received', true, false, false],
        [second, 'returned', false, false, false],
        [third, 'received', true, true, false],
        [far, 'missing', false, false, true],
      ])
      expect(await dayTotals(district)).toMatchObject({
        communities: 4,
        called: 4,
        received: 2,
        zero: 2,
        late: 1,
        confirmed: 0,
        returned: 1,
        missing: 1,
        overdue: 1,
      })
      for (const [which, codes] of [
        ['received', [community, third]],
        ['zero', [community, third]],
        ['late', [third]],
        ['returned', [second]],
        ['missing', [far]],
        ['overdue', [far]],
        ['confirmed', []],
      ] as const)
        expect(
          (await standings(district, which)).map(([code]) => code),
          which,
        ).toEqual(codes)
      expect(
        (await district.ask(api.streets, { day: today })).rows.map((r) => [
          r.name,
          r.called,
          r.received,
          r.late,
          r.returned,
          r.missing,
          r.state,
        ]),
      ).toEqual([
        ['样例街道', 3, 2, 1, 1, 0, null],
        ['临江街道', 1, 0, 0, 0, 1, null],
      ])
      // Before the hour a missing report is not overdue.
      town.at('2026-03-02T09:30:00.000Z')
      expect(await dayTotals(district)).toMatchObject({ missing: 1, overdue: 0 })
    }),
  )

  test(
    'a street reads its own communities only, and nobody below reads an overview',
    story(async (town) => {
      const { officer, farOfficer, secretary, district } = await fourCommunities(town)
      expect(await dayTotals(officer)).toMatchObject({ area: street, communities: 3 })
      expect(await dayTotals(district, street)).toMatchObject({ area: street, areaName: '样例街道', communities: 3 })
      for (const contract of [api.totals, api.overview, api.streets, api.streetReport, api.left] as const) {
        await expect(farOfficer.ask(contract, { day: today, area: street }), contract.name).rejects.toEqual(
          problem('scope.outOfReach'),
        )
        await expect(officer.ask(contract, { day: today, area: county }), contract.name).rejects.toEqual(
          problem('scope.outOfReach'),
        )
      }
      await expect(secretary(community).ask(api.totals, {})).rejects.toEqual(problem('door.notAllowed'))
    }),
  )

  test(
    'a figure opens by street, then by community, then to its rows with names masked',
    story(async (town) => {
      const { worker, secretary, homes, district, report } = await fourCommunities(town)
      await cover(worker, secretary(community), homes.slice(0, 3))
      await fresh(town, '2026-03-02T02:00:00.000Z')
      const spread = async (area: string) =>
        (await district.ask(api.spread, { day: today, area, indicator: 'screening.covered' })).rows.map((r) => [r.name, r.total])
      expect(await spread(county)).toEqual([
        ['样例街道', 3],
        ['临江街道', 0],
      ])
      expect(await spread(street)).toEqual([
        ['桂园社区', 3],
        ['杏园社区', 0],
        ['梨园社区', 0],
      ])
      await report(community, '2026-03-02T09:10:00.000Z')
      const { rows, total } = await district.ask(api.rows, {
        community,
        day: today,
        indicator: 'screening.covered',
        column: 'total',
      })
      expect(total).toBe(3)
      expect(rows.map((r) => r.head)).toEqual(expect.arrayContaining(['赵**']))
      const { figures } = await dayTotals(district)
      expect(progressIn(figures)).toMatchObject([{ done: 3, whole: 10, percent: 30 }])
    }),
  )

  test(
    'hundreds of communities are summed from kept sums in one statement',
    story(async (town) => {
      const { district } = await fourCommunities(town)
      const codes = Array.from({ length: 300 }, (_, i) => `${farStreet}${String(i + 100)}`)
      await asSystem(town.running.house, county, 'town.areas', (ctx) =>
        loadTown(ctx, { areas: codes.map((code, i) => ({ code, name: `第${i + 1}社区` })) }),
      )
      const tables = town.admin.withTables<{ reportingFigures: Record<string, unknown> }>()
      await tables
        .insertInto('reportingFigures')
        .values(
          codes.flatMap((code) =>
            ['screening.households', 'screening.covered'].map((indicator, k) => ({
              community: code,
              day: today,
              area: code,
              indicator,
              current: k ? null : 20,
              today: k ? 1 : null,
              total: k ? 15 : null,
              doubted: 0,
              computedAt: '2026-03-02T01:00:00.000Z',
            })),
          ),
        )
        .execute()
      const { figures, communities } = await dayTotals(district)
      expect(communities).toBe(304)
      expect(progressIn(figures)).toMatchObject([{ done: 4500, whole: 6000, percent: 75 }])
      const page = await district.ask(api.overview, { day: today, limit: 50 })
      expect(page).toMatchObject({ total: 304 })
      expect(page.rows).toHaveLength(50)
    }),
  )
})

describe('the report of a street', () => {
  test(
    'sums up what is in, says what is not, and lists what changed since',
    story(async (town) => {
      const { secretary, report, officer, district } = await fourCommunities(town)
      await secretary(community).tell(rounds.contracts.record, round)
      await secretary(third).tell(rounds.contracts.record, { ...round, squareMetres: 7.3 })
      await expect(officer.tell(api.sumUp, { day: today })).rejects.toEqual(problem('reporting.noReportYet'))
      const first = await report(community, '2026-03-02T09:10:00.000Z')
      await report(second, '2026-03-02T09:12:00.000Z')
      town.at('2026-03-02T09:40:00.000Z')
      const sent = await officer.tell(api.sumUp, { day: today, problems: '一个社区停电' })
      expect(sent).toMatchObject({
        state: 'submitted',
        community: `${street}000`,
        late: false,
        zero: false,
        problems: '一个社区停电',
      })
      const look = () => district.ask(api.streetReport, { day: today, area: street })
      const shown = await look()
      expect(shown.parts.map((p) => [p.name, p.received])).toEqual([
        ['桂园社区', true],
        ['杏园社区', true],
        ['梨园社区', false],
      ])
      expect(shown.figures.find((f) => f.indicator === 'disinfection.area')).toMatchObject({ today: 100 })
      expect(shown).toMatchObject({ differences: [], changes: [] })

      // Afterwards one comes late, one is sent back and counted anew.
      await report(third, '2026-03-02T10:30:00.000Z')
      await officer.tell(api.sendBack, { ...first, reason: '面积不对' })
      expect((await look()).changes.map((c) => [c.name, c.change])).toEqual([
        ['桂园社区', 'takenBack'],
        ['梨园社区', 'arrived'],
      ])
      await secretary(community).tell(rounds.contracts.record, { ...round, squareMetres: 20 })
      await secretary(community).tell(api.compile, { day: today })
      await secretary(community).tell(api.submit, { report: first.report })
      const changed = await look()
      expect(changed.changes.map((c) => c.change)).toEqual(['again', 'arrived'])
      expect(changed.differences.find((d) => d.indicator === 'disinfection.area' && d.column === 'today')).toMatchObject({
        reported: 100,
        now: 127.3,
      })
      expect(changed.figures.find((f) => f.indicator === 'disinfection.area')).toMatchObject({ today: 100 })
      expect((await district.ask(api.streets, { day: today })).rows[0]).toMatchObject({
        state: 'submitted',
        changed: true,
        sentLate: false,
      })

      // Only the level above checks it; what it returns is summed up anew.
      const at = { community: `${street}000`, report: sent.id }
      await expect(officer.tell(api.confirm, at)).rejects.toEqual(problem('reporting.onlyAbove'))
      await expect(officer.tell(api.sumUp, { day: today })).rejects.toEqual(problem('reporting.wrongState'))
      await district.tell(api.sendBack, { ...at, reason: '梨园社区已报，请重新汇总' })
      await officer.tell(api.sumUp, { day: today })
      await district.tell(api.confirm, at)
      const done = await look()
      expect(done).toMatchObject({ differences: [], changes: [], report: { state: 'confirmed', problems: '一个社区停电' } })
      expect(done.moves.map((m) => [m.verb, m.note])).toEqual([
        ['submit', null],
        ['return', '梨园社区已报，请重新汇总'],
        ['submit', null],
        ['confirm', null],
      ])
      // It is no report of a community: neither in their list nor opened as one.
      expect((await district.ask(api.reports, {})).rows.map((r) => r.community)).not.toContain(`${street}000`)
      await expect(district.ask(api.recompute, at)).rejects.toEqual(problem('reporting.unknown'))
    }),
  )

  test(
    'one that comes after its time is late; sent twice it is one; a district has none of its own',
    story(async (town) => {
      const { report, officer, district } = await fourCommunities(town)
      await report(community, '2026-03-02T09:10:00.000Z')
      town.at('2026-03-02T11:00:00.000Z')
      const id = '0195573e-3c00-7000-8000-000000000001'
      const sent = await officer.tell(api.sumUp, { day: today }, { id })
      expect(await officer.tell(api.sumUp, { day: today }, { id })).toEqual(sent)
      expect(sent).toMatchObject({ late: true, zero: true })
      await expect(district.tell(api.sumUp, { day: today })).rejects.toEqual(problem('door.notAllowed'))
      await expect(district.ask(api.streetReport, { day: today })).rejects.toEqual(problem('reporting.notAStreet'))
    }),
  )
})

describe('for a group chat', () => {
  test(
    'who is left at a district is communities; in a community grids and duty names, and no resident',
    story(async (town) => {
      const { worker, secretary, homes, report, officer, district } = await fourCommunities(town)
      const account = await createAccount(town.running.house, {
        area: community,
        username: 'li',
        name: '李网格员',
        assignments: [{ role: 'gridWorker', area: grid }],
      })
      await secretary(community).tell(appoint, { areaCode: grid, account, duty: 'gridWorker' })
      await cover(worker, secretary(community), homes.slice(0, 2))
      const back = await report(second, '2026-03-02T09:10:00.000Z')
      await officer.tell(api.sendBack, { ...back, reason: '请核实' })
      await report(third, '2026-03-02T09:20:00.000Z')
      town.at('2026-03-02T10:30:00.000Z')
      expect(leftWords(await district.ask(api.left, { day: today })).split('\n')).toEqual([
        '样例区 2026年3月2日 周一日报还剩谁（截至 18:30）',
        '应报 4 个社区，已收 1 个，还剩 3 个。',
        '样例街道：桂园社区（超时）、杏园社区（退回待重报）',
        '临江街道：江边社区（超时）',
      ])
      const own = await secretary(community).ask(api.left, { day: today })
      expect(own.works.map((w) => [w.whole, w.done, w.left, w.grids.map((g) => [g.grid, g.left, g.of])])).toEqual([
        [
          10,
          2,
          8,
          [
            [grid, 4, 6],
            [grid2, 4, 4],
          ],
        ],
      ])
      const words = leftWords(own)
      expect(words.split('\n').slice(1)).toEqual([
        '应排户 10 户，已覆盖 2 户，还剩 8 户。',
        '第一网格（李网格员）：还剩 4 户，共 6 户',
        '第二网格（暂无责任人）：还剩 4 户，共 4 户',
      ])
      expect(words).not.toMatch(/大明|小红|桂园小区|号楼/)
      const brief = areaBriefOf(await dayTotals(district))
      expect(brief).toContain(
        '应报 4 个社区，已收 1 个（其中零报告 1 个、迟报 0 个），已确认 0 个，退回 1 个，未报 2 个（超时 2 个）',
      )
      expect(brief).not.toMatch(/大明|小红|桂园小区|号楼|核实/)
    }),
  )

  test('a share is 100 only when all is done', () => {
    expect([percentOf(0, 0), percentOf(1, 3), percentOf(9999, 10000), percentOf(5, 5)]).toEqual([0, 33.3, 99.9, 100])
  })
})
