// The model ledger told through the door: entry, correction, withdrawal, list, sheet and figures follow from its declaration.
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { sample, story, type Person, type Town } from '#app/testing.ts'
import type { Input } from '#core/contract.ts'
import type { Day, Instant } from '#core/dates.ts'
import { newId } from '#core/ids.ts'
import { Problem } from '#core/problem.ts'
import { countByGrid, countedRows, indicators, sumFigures, type IndicatorAt } from '#server/indicators.ts'
import { templateOf } from '#server/imports/sheet.ts'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import { writeTemplate } from '#server/spreadsheet/template.ts'
import { approveVersion, writePack } from '#modules/policy/api.ts'
import { adviceInForce, rounds } from './api.ts'

const { record, correct, withdraw, list, history, export: sheet } = rounds.contracts
type Round = Input<typeof record>

const lift: Round = {
  begins: '08:00',
  ends: '08:20',
  place: 'elevator',
  spot: '3号楼1单元',
  surfaces: ['buttons', 'walls'],
  method: 'wipe',
  agent: '含氯消毒液',
  chlorine: 500,
  minutes: 30,
  squareMetres: 12.5,
  litres: 2,
  aired: true,
  inspector: '周主任',
  remarks: '电梯停用二十分钟',
}
const bins: Round = { begins: '09:00', ends: '09:10', place: 'waste', surfaces: ['bins'], method: 'spray' }

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  )

const people = (town: Town) => ({
  worker: town.as('gridWorker', sample.grid, '李网格员'),
  other: town.as('gridWorker', sample.grid2, '赵网格员'),
  colleague: town.as('gridWorker', sample.grid, '钱网格员'),
  secretary: town.as('communitySecretary', sample.community, '孙书记'),
  officer: town.as('subdistrictOfficer', sample.street),
  stranger: town.as('communitySecretary', sample.other),
})

const today = '2026-03-02'

/** The figure of one count, as the daily report asks it. */
const figureOf = async (town: Town, key: string, day: Day = today, asOf?: IndicatorAt['asOf']) => {
  const indicator = town.running.house.offered(indicators).find((one) => one.key === key)!
  const at: IndicatorAt = { community: sample.community, day, until: `${day}T16:00:00.000Z`, asOf }
  return town.running.house.within(sample.community, async (tx) => {
    const grids = await countByGrid(tx, indicator, at)
    const rows = await countedRows(tx, indicator, at, { column: 'today', area: sample.community, after: null, limit: 50 })
    return { ...sumFigures(indicator, grids), grids, rows }
  })
}

describe('recording', () => {
  test(
    'an entry comes back as it was written, with who and when, and a blank stays a blank',
    story(async (town) => {
      const { worker } = people(town)
      const id = newId()
      const row = await worker.tell(record, lift, { id })
      expect(row).toMatchObject({
        ...lift,
        id,
        root: id,
        community: sample.community,
        grid: sample.grid,
        occurredAt: '2026-03-02T01:00:00.000Z',
        countedOn: today,
        withdrawn: false,
      })
      const bare = await worker.tell(record, bins)
      expect(bare).toMatchObject({ chlorine: null, minutes: null, squareMetres: null, aired: null, agent: null })
    }),
  )

  test(
    'sending twice writes once',
    story(async (town) => {
      const { worker } = people(town)
      const id = newId()
      const first = await worker.tell(record, lift, { id })
      expect(await worker.tell(record, lift, { id })).toEqual(first)
      expect((await worker.ask(list, {})).total).toBe(1)
      expect(await codeOf(worker.tell(record, bins, { id }))).toBe('door.idTaken')
    }),
  )

  test(
    'a repeat is still known when its key was swept after sixty days',
    story(async (town) => {
      const { worker, colleague } = people(town)
      const id = newId()
      const first = await worker.tell(record, lift, { id })
      await sql`delete from idempotency_keys`.execute(town.admin)
      expect(await worker.tell(record, lift, { id })).toEqual(first)
      expect(await codeOf(colleague.tell(record, lift, { id }))).toBe('door.idTaken')
    }),
  )

  test(
    'an entry without a place, or with an impossible time, is refused by field',
    story(async (town) => {
      const { worker } = people(town)
      const response = await worker.raw(record.name, { input: { ...lift, place: undefined, begins: '25:00', squareMetres: -1 } })
      expect(response.status).toBe(400)
      expect(((await response.json()) as { details: { fields: string[] } }).details.fields.sort()).toEqual([
        'begins',
        'place',
        'squareMetres',
      ])
    }),
  )

  test(
    'an item made without a network counts on the day of the tap',
    story(async (town) => {
      const { worker } = people(town)
      const clock = { at: '2026-03-01T12:00:00.000Z', before: 60_000, tick: 5, run: newId() }
      const row = await worker.tell(record, lift, { clock })
      expect(row).toMatchObject({ occurredAt: '2026-03-01T12:01:00.000Z', countedOn: '2026-03-01', clockDoubt: null })
    }),
  )
})

describe('correcting', () => {
  test(
    'a correction takes the place of the entry; the chain can be read with its reasons',
    story(async (town) => {
      const { worker } = people(town)
      const row = await worker.tell(record, lift)
      town.at('2026-03-02T03:00:00.000Z')
      const mended = await worker.tell(correct, { replaces: row.id, reason: '面积量错', entry: { ...lift, squareMetres: 15 } })
      expect(mended).toMatchObject({
        root: row.id,
        replaces: row.id,
        squareMetres: 15,
        occurredAt: row.occurredAt,
        recordedAt: '2026-03-02T03:00:00.000Z',
      })
      const page = await worker.ask(list, {})
      expect(page.rows.map((r) => r.id)).toEqual([mended.id])
      const chain = await worker.ask(history, { root: row.id })
      expect(chain.rows.map((r) => [r.squareMetres, r.reason])).toEqual([
        [12.5, null],
        [15, '面积量错'],
      ])
      expect(await codeOf(worker.tell(correct, { replaces: row.id, reason: '再改', entry: lift }))).toBe('facts.replacedAlready')
    }),
  )

  test(
    'a colleague may not, the secretary may; a withdrawn entry is gone for good',
    story(async (town) => {
      const { worker, colleague, other, secretary } = people(town)
      const row = await worker.tell(record, lift)
      expect(await codeOf(colleague.tell(withdraw, { replaces: row.id, reason: '重复' }))).toBe('facts.notYours')
      expect(await codeOf(other.tell(withdraw, { replaces: row.id, reason: '重复' }))).toBe('facts.unknown')
      const gone = await secretary.tell(withdraw, { replaces: row.id, reason: '重复登记' })
      expect(gone).toMatchObject({ withdrawn: true, root: row.id, grid: sample.grid })
      expect((await worker.ask(list, {})).rows).toEqual([])
      expect(await codeOf(secretary.tell(correct, { replaces: gone.id, reason: '恢复', entry: lift }))).toBe(
        'facts.withdrawnAlready',
      )
      expect((await secretary.ask(history, { root: row.id })).rows.map((r) => r.withdrawn)).toEqual([false, true])
    }),
  )

  test(
    'a worker for the whole community still mends only what is his own',
    story(async (town) => {
      const { worker } = people(town)
      const everywhere = town.as('gridWorker', sample.community, '全社区网格员')
      const row = await worker.tell(record, lift)
      expect(await codeOf(everywhere.tell(withdraw, { replaces: row.id, reason: '重复' }))).toBe('facts.notYours')
    }),
  )
})

describe('listing', () => {
  test(
    'pages follow each other without a gap or a repeat, newest first',
    story(async (town) => {
      const { worker } = people(town)
      for (let n = 0; n < 7; n++) {
        // Two share each instant, so that the id must break the tie.
        town.at(`2026-03-02T0${1 + Math.floor(n / 2)}:00:00.000Z` as Instant)
        await worker.tell(record, { ...lift, squareMetres: n + 1 })
      }
      const seen: number[] = []
      let after: string | undefined
      let pages = 0
      do {
        const page = await worker.ask(list, { limit: 3, ...(after ? { after } : {}) })
        expect(page.total).toBe(7)
        seen.push(...page.rows.map((r) => r.squareMetres!))
        after = page.next ?? undefined
        pages++
      } while (after)
      expect(pages).toBe(3)
      expect([...seen].sort()).toEqual([1, 2, 3, 4, 5, 6, 7])
      expect(seen[0]).toBe(7)
    }),
  )

  test(
    'filters by place, method and day',
    story(async (town) => {
      const { worker } = people(town)
      await worker.tell(record, lift)
      town.at('2026-03-03T01:00:00.000Z')
      await worker.tell(record, bins)
      const placesOf = async (input: Input<typeof list>) => (await worker.ask(list, input)).rows.map((r) => r.place)
      expect(await placesOf({ place: 'waste' })).toEqual(['waste'])
      expect(await placesOf({ method: 'wipe' })).toEqual(['elevator'])
      expect(await placesOf({ from: '2026-03-03' })).toEqual(['waste'])
      expect(await placesOf({ to: '2026-03-02' })).toEqual(['elevator'])
      expect(await placesOf({ from: '2026-03-02', to: '2026-03-03', place: 'stairs' })).toEqual([])
    }),
  )

  test(
    'a grid sees its own, the community all of it, the street its communities, another community nothing',
    story(async (town) => {
      const { worker, other, secretary, officer, stranger } = people(town)
      await worker.tell(record, lift)
      await other.tell(record, bins)
      await secretary.tell(record, { ...bins, place: 'office' })
      const count = async (who: Person) => (await who.ask(list, {})).total
      expect([
        await count(worker),
        await count(other),
        await count(secretary),
        await count(officer),
        await count(stranger),
      ]).toEqual([1, 1, 3, 3, 0])
      expect((await officer.ask(list, { place: 'elevator' })).rows[0]).toMatchObject({
        remarks: '***',
        inspector: '***',
        spot: '3号楼1单元',
      })
      expect(await codeOf(officer.tell(record, lift))).toBe('door.notAllowed')
    }),
  )
})

describe('the official sheet', () => {
  const open = async (who: Person, input: Input<typeof sheet> = {}) =>
    (await readWorkbook(await who.fetch(sheet, input))).sheets[0]!.rows.map((row) => row.cells.map((cell) => cell.text))

  test(
    'opens again with a two-row head, words instead of codes, a total and its notes',
    story(async (town) => {
      const { worker, secretary } = people(town)
      await worker.tell(record, lift)
      town.at('2026-03-02T02:00:00.000Z')
      await worker.tell(record, bins)
      const [title, line, upper, lower, first, second, total, ...notes] = await open(secretary)
      expect(title![0]).toBe('消毒记录')
      expect(line![0]).toContain('填报人：孙书记')
      expect(upper!.slice(0, 4)).toEqual(['序号', '日期', '时段', ''])
      expect(lower!.slice(2, 4)).toEqual(['开始', '结束'])
      expect(upper!.at(-1)).toBe('备注')
      const head = upper!.map((name, i) => (name === '时段' || (name === '' && lower![i]) ? lower![i]! : name))
      const cell = (row: string[], name: string) => row[head.indexOf(name)] ?? ''
      expect(
        ['序号', '日期', '开始', '结束', '场所', '消毒对象', '方式', '有效氯（mg/L）', '面积（㎡）', '通风', '备注'].map((name) =>
          cell(first!, name),
        ),
      ).toEqual(['1', '2026-03-02', '08:00', '08:20', '电梯轿厢', '按键、墙面', '擦拭', '500', '12.5', '是', '电梯停用二十分钟'])
      expect(['场所', '有效氯（mg/L）', '面积（㎡）', '通风', '备注'].map((name) => cell(second!, name))).toEqual([
        '垃圾站桶',
        '',
        '',
        '',
        '',
      ])
      expect(cell(total!, '面积（㎡）')).toBe('12.5')
      expect(notes.flat().join()).toContain('有效氯以 mg/L 计')
    }),
  )

  test(
    'is masked for whoever may not read the words, and holds no withdrawn entry',
    story(async (town) => {
      const { worker, officer } = people(town)
      await worker.tell(record, lift)
      const twice = await worker.tell(record, lift)
      await worker.tell(withdraw, { replaces: twice.id, reason: '重复' })
      const cells = (await open(officer)).flat()
      expect(cells).not.toContain('电梯停用二十分钟')
      expect(cells.filter((text) => text === '电梯轿厢')).toHaveLength(1)
      expect(cells).toContain('社区')
    }),
  )
})

test(
  'what the rules recommend is shown with its document, and refuses nothing',
  story(async (town) => {
    const { worker } = people(town)
    const admin = (name: string) => town.as('administrator', sample.community, name)
    expect(await worker.ask(adviceInForce, {})).toEqual({ rows: [], document: null })
    const words = { zh: '先清洁再消毒', en: 'Clean first' }
    const pack = await admin('甲').tell(writePack, {
      areaCode: sample.community,
      title: '消毒建议',
      effectiveFrom: '2026-03-01T16:00:00.000Z',
      correction: '补录',
      document: '样例方案',
      values: { 'disinfection.advice': [{ place: 'elevator', chlorine: [400, 600], minutes: 30, words }] },
    })
    await admin('乙').tell(approveVersion, { version: pack.versions[0]!.id })
    expect(await worker.ask(adviceInForce, {})).toMatchObject({
      rows: [{ place: 'elevator', chlorine: [400, 600], minutes: 30, words }],
      document: '样例方案',
    })
    expect(await worker.tell(rounds.contracts.record, { ...lift, chlorine: 20_000 })).toMatchObject({ chlorine: 20_000 })
  }),
)

describe('what stood on paper', () => {
  const { template, start, status, preview, commit, refused } = rounds.importing.contracts
  /** The template as somebody sends it back: these rows in it. */
  const filled = async (rows: Record<string, unknown>[]): Promise<string> =>
    Buffer.from(await writeTemplate({ sheets: [{ ...templateOf(rounds.importing), rows }] })).toString('base64')
  const paper = {
    countedOn: '2026-03-01',
    begins: '08:00',
    ends: '08:30',
    place: '楼道',
    surfaces: '地面、墙面',
    method: '喷洒',
    agent: '84消毒液',
    chlorine: '500',
    squareMetres: '120.5',
    aired: '是',
  }
  const send = async (town: Town, who: Person, rows: Record<string, unknown>[]) => {
    const run = await who.tell(start, { fileName: '三月消毒.xlsx', content: await filled(rows) })
    await town.drain()
    return run.id
  }

  test(
    'comes in by the template, row by row, and twice adds nothing',
    story(async (town) => {
      const { secretary, worker } = people(town)
      const heads = (await readWorkbook(await secretary.fetch(template, {}))).sheets[0]!.rows[0]!.cells.map((cell) => cell.text)
      expect(heads.slice(0, 5)).toEqual(['*日期', '*开始', '*结束', '*场所', '具体部位'])
      const run = await send(town, secretary, [
        paper,
        { ...paper, place: '屋顶' },
        { ...paper, countedOn: '2026-04-01' },
        { ...paper, chlorine: '很浓' },
      ])
      expect((await secretary.ask(status, { run })).run).toMatchObject({ state: 'ready', total: 4, fresh: 1, refused: 3 })
      const judged = (await secretary.ask(preview, { run })).rows as unknown as { outcome: string; reasons: { zh: string }[] }[]
      expect(judged.map((r) => r.outcome)).toEqual(['new', 'refused', 'refused', 'refused'])
      expect(judged.slice(1).map((r) => r.reasons[0]!.zh)).toEqual([
        expect.stringContaining('场所'),
        expect.stringContaining('日期还没有到'),
        expect.stringContaining('有效氯'),
      ])
      expect((await secretary.ask(list, {})).total).toBe(0)
      await secretary.tell(commit, { run })
      await town.drain()
      expect((await secretary.ask(list, {})).rows).toMatchObject([
        {
          countedOn: '2026-03-01',
          occurredAt: '2026-03-01T04:00:00.000Z',
          how: 'import',
          begins: '08:00',
          place: 'stairs',
          surfaces: ['floor', 'walls'],
          method: 'spray',
          chlorine: 500,
          squareMetres: 120.5,
          aired: true,
          minutes: null,
          recordedBy: secretary.who.account,
        },
      ])
      expect((await readWorkbook(await secretary.fetch(refused, { run }))).sheets[0]!.rows.length).toBe(3 + 3)
      const again = await send(town, secretary, [paper, paper])
      expect((await secretary.ask(status, { run: again })).run).toMatchObject({ fresh: 0, unchanged: 2 })
      expect(await codeOf(worker.fetch(template, {}))).toBe('door.notAllowed')
      expect(await figureOf(town, 'disinfection.area', '2026-03-01')).toMatchObject({ today: 120.5 })
    }),
  )
})

describe('figures', () => {
  test(
    'rounds are counted and areas summed, by grid; corrections and withdrawals change exactly theirs',
    story(async (town) => {
      const { worker, other, secretary } = people(town)
      const row = await worker.tell(record, lift)
      await other.tell(record, { ...bins, squareMetres: 30 })
      const open = await secretary.tell(record, bins)
      const points = await figureOf(town, 'disinfection.rounds')
      expect(points).toMatchObject({ current: null, today: 3, total: 3, doubted: 0 })
      expect(new Map(points.grids.map((g) => [g.grid, g.today]))).toEqual(
        new Map([
          [sample.grid, 1],
          [sample.grid2, 1],
          [null, 1],
        ]),
      )
      const elsewhere = points.rows.filter((r) => r.grid === sample.grid2).map((r) => r.record)
      expect(points.rows.map((r) => r.record).sort()).toEqual([row.id, open.id, ...elsewhere].sort())
      expect(await figureOf(town, 'disinfection.area')).toMatchObject({ today: 42.5, total: 42.5 })

      await worker.tell(correct, { replaces: row.id, reason: '量错', entry: { ...lift, squareMetres: 10 } })
      await secretary.tell(withdraw, { replaces: open.id, reason: '重复' })
      expect(await figureOf(town, 'disinfection.rounds')).toMatchObject({ today: 2 })
      expect(await figureOf(town, 'disinfection.area')).toMatchObject({ today: 40 })
    }),
  )

  test(
    'the next day is a new day, and yesterday stays in the total',
    story(async (town) => {
      const { worker } = people(town)
      await worker.tell(record, lift)
      town.at('2026-03-03T01:00:00.000Z')
      await worker.tell(record, bins)
      expect(await figureOf(town, 'disinfection.rounds', '2026-03-03')).toMatchObject({ today: 1, total: 2 })
      expect(await figureOf(town, 'disinfection.rounds', '2026-03-02')).toMatchObject({ today: 1, total: 1 })
    }),
  )

  test(
    'a clock in doubt counts on the day of its arrival and is told apart until somebody corrects it',
    story(async (town) => {
      const { worker } = people(town)
      const clock = { at: '2027-01-01T00:00:00.000Z', before: null, tick: 5, run: newId() }
      const row = await worker.tell(record, lift, { clock, sentAt: '2026-03-02T01:00:00.000Z' })
      expect(row).toMatchObject({ clockDoubt: 'future', countedOn: today })
      expect(await figureOf(town, 'disinfection.rounds')).toMatchObject({ today: 1, doubted: 1 })
      await worker.tell(correct, { replaces: row.id, reason: '时间已核对', entry: lift })
      expect(await figureOf(town, 'disinfection.rounds')).toMatchObject({ today: 1, doubted: 0 })
    }),
  )
})
