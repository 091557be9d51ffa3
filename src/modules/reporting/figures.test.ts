// Behind the numbers: every figure opens exactly its rows, grids add up, sums for overviews are fresh, sheets open again cell by cell.
import { describe, expect, test } from 'vitest'
import { sample, story, type Person, type Town } from '#app/testing.ts'
import type { Input } from '#core/contract.ts'
import type { Id } from '#core/ids.ts'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import { rounds } from '#modules/disinfection/api.ts'
import * as screening from '#modules/screening/api.ts'
import { clockAt, inVain, reached, settle, type Home } from '#modules/screening/town.testing.ts'
import { loadTown } from '#modules/territory/server.ts'
import { asSystem } from '#server/system.ts'
import * as api from './api.ts'
import { briefOf } from './words.ts'

const { community, street, county, grid, grid2, other: otherCommunity } = sample
const today = '2026-03-02'
const lift: Input<typeof rounds.contracts.record> = {
  begins: '08:00',
  ends: '08:20',
  place: 'elevator',
  surfaces: ['buttons'],
  method: 'wipe',
  squareMetres: 12.5,
}

const people = (town: Town) => ({
  secretary: town.as('communitySecretary', community, '孙书记'),
  worker: town.as('gridWorker', grid, '李网格员'),
  other: town.as('gridWorker', grid2, '赵网格员'),
  officer: town.as('subdistrictOfficer', street, '郑专员'),
  district: town.as('districtOfficer', county, '区专员'),
})

/** A morning's work: two reached by phone, one at the door, two notices, one returnee, three rounds of disinfection. */
async function morning(town: Town): Promise<ReturnType<typeof people> & { homes: Home[]; campaign: Id }> {
  const homes = await settle(town.running.house, sample)
  const who = people(town)
  const { id: campaign } = await who.secretary.tell(screening.openCampaign, { title: '三月排查', area: community })
  await who.worker.tell(screening.recordAttempt, reached(campaign, homes[0]!, 'phone'))
  await who.worker.tell(screening.recordAttempt, reached(campaign, homes[1]!, 'phone'))
  await who.other.tell(screening.recordAttempt, reached(campaign, homes[6]!, 'door'))
  await who.other.tell(screening.recordAttempt, inVain(campaign, homes[7]!, 'notice'))
  await who.other.tell(screening.recordAttempt, inVain(campaign, homes[7]!, 'notice'))
  await who.worker.tell(screening.registerReturnee, { person: homes[2]!.people[1]!, origin: '外省', arrivedOn: '2026-03-01' })
  await who.worker.tell(rounds.contracts.record, lift)
  await who.other.tell(rounds.contracts.record, { ...lift, squareMetres: 30 })
  await who.secretary.tell(rounds.contracts.record, { ...lift, squareMetres: null })
  return { ...who, homes, campaign }
}

const dayOf = (who: Person) => who.ask(api.dayOfReport, { community, day: today })

async function allRows(who: Person, input: Omit<Input<typeof api.rows>, 'limit' | 'after'>) {
  const rows = []
  let after: string | undefined
  do {
    const page = await who.ask(api.rows, { ...input, limit: 2, ...(after ? { after } : {}) })
    rows.push(...page.rows)
    expect(page.total).toBeGreaterThanOrEqual(rows.length)
    after = page.next ?? undefined
  } while (after)
  return rows
}

describe('behind a figure', () => {
  test(
    'opening any figure, whole or of one grid, lists exactly as many rows as it counts',
    story(async (town) => {
      const { secretary } = await morning(town)
      const { figures } = await dayOf(secretary)
      expect(figures.length).toBeGreaterThan(12)
      for (const { indicator, columns, grids, ...whole } of figures) {
        for (const column of columns) {
          const rows = await allRows(secretary, { day: today, indicator, column })
          expect(
            rows.reduce((n, r) => n + r.amount, 0),
            `${indicator} ${column}`,
          ).toBe(whole[column])
          expect(new Set(rows.map((r) => r.key)).size).toBe(rows.length)
          for (const one of grids) {
            const where = one.grid === null ? { unplaced: true } : { area: one.grid }
            const inGrid = await allRows(secretary, { day: today, indicator, column, ...where })
            expect(
              inGrid.reduce((n, r) => n + r.amount, 0),
              `${indicator} ${column} ${one.grid}`,
            ).toBe(one[column])
          }
        }
      }
    }),
  )

  test(
    'grids add up to the whole, what lies in no grid included',
    story(async (town) => {
      const { secretary } = await morning(town)
      const { figures } = await dayOf(secretary)
      for (const { indicator, columns, grids, ...whole } of figures) {
        for (const column of columns)
          expect(
            grids.reduce((n, g) => n + g[column]!, 0),
            `${indicator} ${column}`,
          ).toBe(whole[column])
      }
      const points = figures.find((f) => f.indicator === 'disinfection.rounds')!
      expect(points.grids.map((g) => [g.name, g.today])).toEqual([
        ['第一网格', 1],
        ['第二网格', 1],
        ['网格不明', 1],
      ])
      expect(figures.find((f) => f.indicator === 'disinfection.area')).toMatchObject({ today: 42.5, current: null })
    }),
  )

  test(
    'a row says who, where, when and by whom; an officer above reads it masked',
    story(async (town) => {
      const { secretary, officer, homes } = await morning(town)
      const what = { community, day: today, indicator: 'screening.keyPersons', column: 'today' } as const
      expect((await secretary.ask(api.rows, what)).rows).toMatchObject([
        {
          person: homes[2]!.people[1],
          personName: '孙小红',
          head: '孙大明',
          address: '桂园小区 1号楼 1单元 201',
          gridName: '第一网格',
          at: '2026-03-02T01:00:00.000Z',
          doubted: false,
        },
      ])
      expect((await officer.ask(api.rows, what)).rows).toMatchObject([
        { personName: '孙**', head: '孙**', address: expect.stringMatching(/^\S+ \S+ \*\*\*$/), gridName: '第一网格' },
      ])
      await expect(secretary.ask(api.rows, { ...what, column: 'current' })).rejects.toMatchObject({
        code: 'reporting.noSuchColumn',
      })
      await expect(secretary.ask(api.rows, { ...what, indicator: 'screening.nothing' })).rejects.toMatchObject({
        code: 'reporting.unknownIndicator',
      })
      await expect(secretary.ask(api.rows, { ...what, area: otherCommunity })).rejects.toMatchObject({ code: 'scope.outOfReach' })
    }),
  )

  test(
    'the rows of a report are those of its hour, whatever came later',
    story(async (town) => {
      const { secretary, worker, homes, campaign } = await morning(town)
      const { id } = await secretary.tell(api.compile, { day: today })
      await worker.tell(screening.recordAttempt, reached(campaign, homes[3]!, 'phone'))
      const what = { day: today, indicator: 'screening.covered', column: 'today' } as const
      expect((await secretary.ask(api.rows, { ...what, report: id })).total).toBe(3)
      expect((await secretary.ask(api.rows, what)).total).toBe(4)
    }),
  )

  test(
    'a phone whose clock is in doubt is counted on arrival, named in the footnote, and its rows open apart',
    story(async (town) => {
      const { secretary, worker, homes, campaign } = await morning(town)
      const attempt = await worker.tell(screening.recordAttempt, reached(campaign, homes[4]!, 'door'), {
        clock: clockAt('2026-03-09T00:00:00.000Z'),
      })
      const { figures } = await dayOf(secretary)
      expect(figures.find((f) => f.indicator === 'screening.reachedAtDoor')).toMatchObject({ today: 2, doubted: 1 })
      const page = await secretary.ask(api.rows, {
        day: today,
        indicator: 'screening.reachedAtDoor',
        column: 'today',
        doubted: true,
      })
      expect(page).toMatchObject({ total: 1, rows: [{ record: attempt.id, doubted: true, household: homes[4]!.id }] })
    }),
  )
})

describe('sums for overviews', () => {
  const fresh = async (town: Town, at: string) => {
    town.at(at)
    await town.running.house.within(community, (tx) => town.running.house.enqueue(tx, 'reporting.freshSums', {}))
    await town.drain()
  }
  const areas = async (town: Town, indicator: string) => {
    const rows = await town.admin
      .withTables<{ reportingFigures: { area: string; indicator: string; today: number; day: string } }>()
      .selectFrom('reportingFigures')
      .select(['area', 'today'])
      .where('indicator', '=', indicator)
      .where('day', '=', today)
      .orderBy('area')
      .execute()
    return rows.map((r) => [r.area, r.today])
  }

  test(
    'are kept by community, precinct and grid, and follow what is done',
    story(async (town) => {
      const { worker, officer } = await morning(town)
      expect((await officer.ask(api.overview, { day: today })).rows).toMatchObject([{ community, figures: {}, computedAt: null }])
      await fresh(town, '2026-03-02T02:00:00.000Z')
      expect(await areas(town, 'disinfection.rounds')).toEqual([
        [community, 3],
        [`${community}00000`, 1],
        [sample.precinct, 2],
        [grid, 1],
        [grid2, 1],
      ])
      const first = (await officer.ask(api.overview, { day: today })).rows
      expect(first).toMatchObject([
        {
          name: '桂园社区',
          state: null,
          called: true,
          zero: false,
          late: false,
          computedAt: '2026-03-02T02:00:00.000Z',
          figures: { 'screening.covered': { today: 3, total: 3 }, 'screening.households': { current: 10 } },
        },
      ])
      await worker.tell(rounds.contracts.record, lift)
      expect((await officer.ask(api.overview, { day: today })).rows).toEqual(first)
      await fresh(town, '2026-03-02T02:04:00.000Z')
      expect((await officer.ask(api.overview, { day: today })).rows[0]!.figures['disinfection.rounds']).toMatchObject({
        today: 4,
      })
      // Nothing was done since: nothing is counted again.
      await fresh(town, '2026-03-02T02:30:00.000Z')
      expect((await officer.ask(api.overview, { day: today })).rows[0]!.computedAt).toBe('2026-03-02T02:04:00.000Z')
    }),
  )

  test(
    'yesterday is counted to its end once it is over',
    story(async (town) => {
      const { worker } = await morning(town)
      await fresh(town, '2026-03-02T02:00:00.000Z')
      town.at('2026-03-02T15:30:00.000Z')
      await worker.tell(rounds.contracts.record, lift)
      await fresh(town, '2026-03-02T16:10:00.000Z')
      expect(await areas(town, 'disinfection.rounds')).toContainEqual([community, 4])
    }),
  )

  test(
    'a district sees which reports are in, late or missing, and sums that mix reported and present numbers',
    story(async (town) => {
      const { secretary, officer, district } = await morning(town)
      await asSystem(town.running.house, county, 'town.areas', (ctx) =>
        loadTown(ctx, { areas: [{ code: otherCommunity, name: '杏园社区' }] }),
      )
      await town
        .as('communitySecretary', otherCommunity, '外社区书记')
        .tell(rounds.contracts.record, { ...lift, squareMetres: 100 })
      await town
        .as('communitySecretary', otherCommunity, '外社区书记')
        .tell(screening.openCampaign, { title: '排查', area: otherCommunity })
      const { id } = await secretary.tell(api.compile, { day: today })
      await secretary.tell(api.submit, { report: id })
      await secretary.tell(rounds.contracts.record, { ...lift, squareMetres: 7 })
      await fresh(town, '2026-03-02T10:30:00.000Z')
      for (const who of [officer, district]) {
        const sum = await who.ask(api.totals, { day: today })
        expect(sum).toMatchObject({
          communities: 2,
          called: 2,
          received: 1,
          confirmed: 0,
          returned: 0,
          missing: 1,
          overdue: 1,
          late: 0,
          zero: 0,
        })
        // What was handed over counts as reported: 42.5, without the 7 that came after.
        expect(sum.figures.find((f) => f.indicator === 'disinfection.area')).toMatchObject({
          today: 142.5,
          received: { today: 42.5 },
        })
      }
      const pageOne = await district.ask(api.overview, { day: today, limit: 1 })
      expect(pageOne.rows.map((r) => [r.name, r.state, r.late])).toEqual([['桂园社区', 'submitted', false]])
      expect(pageOne.total).toBe(2)
      const pageTwo = await district.ask(api.overview, { day: today, limit: 1, after: pageOne.next! })
      expect(pageTwo).toMatchObject({
        next: null,
        rows: [{ name: '杏园社区', state: null, called: true, standing: 'missing', overdue: true, late: false }],
      })
      const sheet = (await readWorkbook(await district.fetch(api.exportOverview, { day: today }))).sheets[0]!.rows.map((r) =>
        r.cells.map((c) => c.text),
      )
      const lower = sheet[3]!
      const column = lower.findIndex((head) => head === '消毒面积（㎡）')
      expect(sheet.slice(4, 7).map((row) => [row[1], row[2], row[column]])).toEqual([
        ['桂园社区', '已上报', '42.5'],
        ['杏园社区', '未报（超时）', '100'],
        ['', '', '142.5'],
      ])
    }),
  )
})

describe('on paper', () => {
  test(
    'the official workbook opens again, cell by cell',
    story(async (town) => {
      const { secretary, officer } = await morning(town)
      const { id } = await secretary.tell(api.compile, { day: today })
      await secretary.tell(api.submit, { report: id, problems: '缺少护目镜' })
      await officer.tell(api.confirm, { community, report: id })
      const { sheets } = await readWorkbook(await secretary.fetch(api.exportDay, { day: today }))
      expect(sheets.map((s) => s.name)).toEqual(['日报表', '分网格'])
      const [title, line, upper, lower, ...body] = sheets[0]!.rows.map((row) => row.cells.map((cell) => cell.text))
      expect(title![0]).toBe('疫情防控日报表')
      expect(line![0]).toMatch(/^填报单位：桂园社区\s+填报人：\S+\s+审核人：\S+\s+填报时间：2026年3月2日 周一 09:00$/)
      // Every module brings figures in units of its own: the columns are found by their columns.
      expect(upper!.filter(Boolean)).toEqual(['序号', '类别', '项目', '现有', '今日新增', '累计', '备注'])
      expect(lower!.slice(0, 9)).toEqual(['', '', '', '户', '人', '户', '人', '次', '张'])
      const columns = upper!.map((_, i) => `${upper!.slice(0, i + 1).findLast(Boolean)} ${lower![i]}`)
      const numbers = (name: string) =>
        Object.fromEntries(
          body
            .find((cells) => cells[2] === name)!
            .map((cell, i) => [columns[i]!, cell] as const)
            .slice(3)
            .filter(([, cell]) => cell !== ''),
        )
      expect(numbers('应排户')).toEqual({ '现有 户': '10' })
      expect(numbers('流动人口（人）')).toEqual({ '现有 人': '0' })
      expect(numbers('电话联系上')).toEqual({ '今日新增 户': '2', '累计 户': '2' })
      expect(numbers('张贴提示')).toEqual({ '今日新增 张': '2', '累计 张': '2' })
      expect(numbers('重点人员')).toEqual({ '今日新增 人': '1', '累计 人': '1' })
      expect(numbers('有症状')).toEqual({ '今日新增 人': '0', '累计 人': '0' })
      expect(numbers('消毒面积')).toEqual({ '今日新增 ㎡': '42.5', '累计 ㎡': '42.5' })
      const notes = body.map((cells) => cells[0]!).filter((text) => text.length > 10)
      expect(notes.some((n) => n.startsWith('统计截至 3月2日 09:00'))).toBe(true)
      expect(notes).toContain('问题与困难：缺少护目镜')
      expect(notes.some((n) => n.startsWith('已覆盖（户）：至少联系上一次的户；张贴提示不算联系上；分母：应排户'))).toBe(true)
      const merged = sheets[0]!.rows[2]!.cells.map((cell) => cell.merged)
      expect([merged[0], merged[4], merged[9]]).toEqual(['A3:A4', 'D3:E3', expect.stringMatching(/^F3:[J-Z]3$/)])

      const grids = sheets[1]!.rows.map((r) => r.cells.map((cell) => cell.text))
      const heads = grids[3]!
      const at = (head: string) => heads.indexOf(head)
      const table = grids.slice(4, 8).map((r) => [r[1], r[at('应排户（户）')], r[at('已覆盖（户）')], r[at('消毒（次）')]])
      expect(table).toEqual([
        ['第一网格', '6', '2', '1'],
        ['第二网格', '4', '1', '1'],
        ['网格不明', '0', '0', '1'],
        ['', '10', '3', '3'],
      ])
    }),
  )

  test(
    'the message for a group chat has the numbers and no name',
    story(async (town) => {
      const { secretary } = await morning(town)
      const { id } = await secretary.tell(api.compile, { day: today })
      await secretary.tell(api.submit, { report: id, problems: '孙大明家缺菜' })
      const brief = briefOf(await dayOf(secretary))
      expect(brief.split('\n')[0]).toBe('桂园社区 2026年3月2日 周一疫情防控日报（截至 09:00）')
      expect(brief).toContain('应排户：现有 10 户')
      expect(brief).toContain('消毒面积：今日新增 42.5 ㎡，累计 42.5 ㎡')
      expect(brief).not.toMatch(/孙大明|孙小红|桂园小区/)
    }),
  )

  test(
    'short keys are those that other programs compare',
    story(async (town) => {
      const { secretary } = await morning(town)
      const { figures, report, state } = await secretary.ask(api.figures, { day: today })
      expect({ report, state }).toEqual({ report: null, state: null })
      expect(figures).toMatchObject({
        households: 10,
        reachedByPhone: 2,
        reachedAtDoor: 1,
        covered: 3,
        notCovered: 7,
        noticesPosted: 2,
        keyPersons: 1,
        symptomatic: 0,
        rounds: 3,
        area: 42.5,
      })
    }),
  )
})
