// An office's own form, told through the door: uploaded once, answered by what is counted, filled each day, its look kept.
import { expect, test } from 'vitest'
import { sample, story, type Person, type Town } from '#app/testing.ts'
import { asSystem } from '#server/system.ts'
import { drawnForm, formXml } from '#server/spreadsheet/fill.testing.ts'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import { pack, readDirectory, unpack } from '#server/spreadsheet/zip.ts'
import { rounds } from '#modules/disinfection/api.ts'
import * as screening from '#modules/screening/api.ts'
import { begin, reached } from '#modules/screening/town.testing.ts'
import { loadTown } from '#modules/territory/server.ts'
import * as reporting from './api.ts'
import * as api from './formsApi.ts'
import type { Bound } from './forms.ts'
import { fieldsOf, suggested, countedBy, filledLine, holdsIdNumber } from './formsFields.ts'

const problem = (code: string) => expect.objectContaining({ code })
const today = '2026-03-02'
const { community, street } = sample

const words = [
  '疫情防控日报表',
  '填报单位：',
  '项目',
  '今日新增',
  '累计',
  '备注',
  '电话联系上户数',
  '志愿者人数',
  '合计',
  '填报时间：',
]
const content = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const blank = (said: readonly string[] = words, since = today) => ({
  since,
  fileName: '日报.xlsx',
  content: content(drawnForm({}, said)),
})
const civil = { office: '区民政局', title: '疫情防控日报表', due: '16:00', basis: '样例通知〔2026〕3号' }

const add = async (who: Person, said: readonly string[] = words, more = civil) =>
  who.tell(api.addForm, { ...more, ...blank(said) })
const typed = (cell: string, name: string): Bound => ({ sheet: '日报', cell, answer: { by: 'typed', name } })

/** Takes every suggestion, and whatever else is told. */
async function bind(
  who: Person,
  version: string,
  more: Bound[] = [],
  repeat: { sheet: string; from: number; rows: number } | null = null,
) {
  const { suggestions, revision } = await who.ask(api.version, { version })
  return who.tell(api.bindForm, {
    version,
    revision,
    cells: [...suggestions.filter((one) => !more.some((m) => m.cell === one.cell)), ...more],
    repeat,
  })
}
async function cellsOf(bytes: Uint8Array) {
  const { sheets } = await readWorkbook(bytes)
  return Object.fromEntries(
    sheets[0]!.rows
      .filter(({ hidden }) => !hidden)
      .flatMap(({ row, cells }) => cells.flatMap(({ text }, i) => (text === '' ? [] : [[`${'ABCDEFG'[i]}${row}`, text]]))),
  )
}
const partsOf = (bytes: Uint8Array) =>
  new Map(readDirectory(bytes).map((entry) => [entry.name, Buffer.from(unpack(bytes, entry)).toString()]))

test(
  'uploaded, its cells suggested and bound, filled live and then from the frozen report, its look kept',
  story(async (town) => {
    const { homes, campaign, secretary, worker } = await begin(town)
    await worker.tell(screening.recordAttempt, reached(campaign, homes[0]!, 'phone'))
    const form = await add(secretary)
    expect(form).toMatchObject({ office: '区民政局', mine: true, versions: [{ number: 1, tally: { fields: 6, open: 6 } }] })
    const version = await secretary.ask(api.version, { version: form.version! })
    expect(version.fields.map(({ cell, label }) => [cell, label])).toEqual([
      ['B2', '填报单位'],
      ['E2', '填报时间'],
      ['C4', '电话联系上户数 · 今日新增'],
      ['D4', '电话联系上户数 · 累计'],
      ['C5', '志愿者人数 · 今日新增'],
      ['D5', '志愿者人数 · 累计'],
    ])
    expect(version.suggestions.map(({ cell, answer }) => [cell, answer])).toEqual([
      ['B2', { by: 'fact', fact: 'place' }],
      ['E2', { by: 'fact', fact: 'sentAt' }],
      ['C4', { by: 'figure', indicator: 'screening.reachedByPhone', column: 'today' }],
      ['D4', { by: 'figure', indicator: 'screening.reachedByPhone', column: 'total' }],
    ])
    expect(version.indicators.find((one) => one.indicator === 'screening.reachedByPhone')).toMatchObject({
      now: { today: 1, total: 1 },
    })
    expect(await bind(secretary, form.version!, [typed('C5', '志愿者人数')])).toMatchObject({
      revision: 2,
      tally: { counted: 2, facts: 2, typed: 1, open: 1 },
    })

    const live = await secretary.ask(api.formDay, { form: form.id, day: today })
    expect(live).toMatchObject({ report: null, placeName: '桂园社区', open: 1 })
    expect(live.cells.find(({ cell }) => cell === 'C4')).toMatchObject({ value: 1, area: community, report: null })
    expect(live.cells.find(({ cell }) => cell === 'C5')).toMatchObject({ value: null })
    await secretary.tell(api.typeFact, { day: today, name: '志愿者人数', value: '7' })

    const report = await secretary.tell(reporting.compile, { day: today })
    await worker.tell(screening.recordAttempt, reached(campaign, homes[1]!, 'phone'))
    const frozen = await secretary.ask(api.formDay, { form: form.id, day: today })
    expect(frozen).toMatchObject({ report: report.id, countedUntil: report.until })
    expect(frozen.cells.find(({ cell }) => cell === 'D4')).toMatchObject({ value: 1, report: report.id })
    expect(frozen.totals.find(({ cell }) => cell === 'C6')).toMatchObject({ value: 8 })
    expect(frozen.typed).toEqual([expect.objectContaining({ name: '志愿者人数', value: '7', asked: [] })])

    const file = await secretary.fetch(api.exportForm, { form: form.id, day: today })
    expect(await cellsOf(file)).toMatchObject({
      A1: '疫情防控日报表',
      B2: '桂园社区',
      C4: '1',
      D4: '1',
      C5: '7',
      C6: '8',
      D6: '1',
    })
    expect((await cellsOf(file))['D5']).toBeUndefined()
    const [was, is] = [partsOf(drawnForm({}, words)), partsOf(file)]
    for (const name of ['xl/styles.xml', 'xl/sharedStrings.xml', 'xl/_rels/workbook.xml.rels', '[Content_Types].xml'])
      expect(is.get(name)).toBe(was.get(name))
    const after = (xml: string) => xml.slice(xml.indexOf('</sheetData>'))
    expect(after(is.get('xl/worksheets/sheet1.xml')!)).toBe(after(was.get('xl/worksheets/sheet1.xml')!))
    const { sheets } = await readWorkbook(file)
    expect(sheets[0]!.rows.at(-1)).toMatchObject({ hidden: true, cells: [{ text: expect.stringContaining('孙书记') }] })
  }),
)

test(
  'versions stand side by side: a day is filled by the one in force, answers go along by their words',
  story(async (town) => {
    const { secretary } = await begin(town)
    const form = await add(secretary)
    await bind(secretary, form.version!)
    town.at('2026-03-05T01:00:00.000Z')
    const longer = await secretary.tell(api.addVersion, {
      form: form.id,
      ...blank(words.with(6, '入户联系上户数').with(7, '电话联系上户数'), '2026-03-04'),
    })
    expect(longer.versions.map(({ number, since }) => [number, since])).toEqual([
      [2, '2026-03-04'],
      [1, today],
    ])
    const two = await secretary.ask(api.version, { version: longer.version! })
    expect(two.cells.find(({ cell }) => cell === 'C5')?.answer).toEqual({
      by: 'figure',
      indicator: 'screening.reachedByPhone',
      column: 'today',
    })
    expect(two.cells.some(({ cell }) => cell === 'C4')).toBe(false)
    expect((await secretary.ask(api.formDay, { form: form.id, day: '2026-03-03' })).version.number).toBe(1)
    expect((await secretary.ask(api.formDay, { form: form.id, day: '2026-03-04' })).version.number).toBe(2)
    await expect(secretary.ask(api.formDay, { form: form.id, day: '2026-03-01' })).rejects.toEqual(
      problem('reporting.formNotYet'),
    )
    await secretary.tell(api.changeForm, { form: form.id, ...civil, endsOn: '2026-03-05' })
    await expect(secretary.ask(api.formDay, { form: form.id, day: '2026-03-05' })).rejects.toEqual(
      problem('reporting.formNotYet'),
    )
  }),
)

test(
  'uploads that are hostile, no workbooks, or hold identity numbers are refused; phones are pointed at',
  story(async (town) => {
    const { secretary } = await begin(town)
    const put = (bytes: Uint8Array, fileName = '日报.xlsx') =>
      secretary.tell(api.addForm, { ...civil, since: today, fileName, content: content(bytes) })
    await expect(put(drawnForm({ 'xl/vbaProject.bin': 'x' }))).rejects.toEqual(problem('spreadsheet.macros'))
    await expect(put(pack([{ name: 'a', data: Buffer.alloc(30_000_000) }]))).rejects.toEqual(problem('spreadsheet.tooLarge'))
    await expect(put(Buffer.from('社区,人数\n'), '日报.csv')).rejects.toEqual(problem('reporting.formNotWorkbook'))
    await expect(put(drawnForm({ 'xl/worksheets/sheet1.xml': formXml({ data: '<sheetData/>' }) }))).rejects.toEqual(
      problem('reporting.formIsEmpty'),
    )
    await expect(put(drawnForm({}, words.with(5, '张三 ３４０３０１ 1980０１０１ 0014')))).rejects.toMatchObject({
      code: 'reporting.formHoldsNumbers',
      details: { cells: expect.arrayContaining(['日报!E3']) },
    })
    await expect(put(drawnForm({ 'xl/comments1.xml': '<comments><t>340301198001010014</t></comments>' }))).rejects.toEqual(
      problem('reporting.formHoldsNumbers'),
    )
    const kept = await put(drawnForm({}, words.with(5, '联系电话 138 0000 0001')))
    expect(kept.versions[0]!.warnings).toEqual([{ kind: 'phones', cells: expect.arrayContaining(['日报!E3']) }])
    expect((await secretary.ask(api.forms, {})).total).toBe(1)
  }),
)

test(
  'the same fact that several offices ask is shown once, typed once, and never typed where it is counted',
  story(async (town) => {
    const { secretary } = await begin(town)
    const one = await add(secretary)
    const two = await add(secretary, words.with(7, '志愿者 人数').with(6, '张贴提示'), {
      ...civil,
      office: '区卫健委',
      title: '日报二',
    })
    await bind(secretary, one.version!, [typed('C5', '志愿者人数')])
    const before = await secretary.ask(api.whoAsks, { day: today })
    expect(before.forms).toHaveLength(2)
    const named = (name: string) => before.rows.filter((row) => row.name.startsWith(name))
    expect(named('志愿者人数 · 累计')).toEqual([
      expect.objectContaining({ answered: 'open', by: [expect.anything(), expect.anything()] }),
    ])
    expect(named('志愿者人数')[0]).toMatchObject({ answered: 'open' })
    await bind(secretary, two.version!, [typed('C5', '志愿者 人数')])
    const { rows } = await secretary.ask(api.whoAsks, { day: today })
    expect(rows.filter((row) => row.answered === 'typed')).toEqual([
      expect.objectContaining({
        name: '志愿者 人数',
        by: [expect.objectContaining({ office: '区卫健委', cells: ['C5'] }), expect.objectContaining({ office: '区民政局' })],
      }),
    ])
    expect(rows.find((row) => row.figure?.indicator === 'screening.noticesPosted')).toMatchObject({
      answered: 'counted',
      by: [{ office: '区卫健委' }],
    })
    await secretary.tell(api.typeFact, { day: today, name: '志愿者人数', value: '5' })
    expect((await secretary.ask(api.formDay, { form: two.id, day: today })).cells.find(({ cell }) => cell === 'C5')?.value).toBe(
      5,
    )
    expect((await secretary.ask(api.formDay, { form: two.id, day: today })).typed[0]).toMatchObject({
      asked: ['区民政局'],
      byName: '—',
    })
    const { revision, cells } = await secretary.ask(api.version, { version: two.version! })
    await expect(
      secretary.tell(api.bindForm, {
        version: two.version!,
        revision,
        cells: [...cells, typed('D5', '张贴提示 · 累计')],
        repeat: null,
      }),
    ).rejects.toEqual(problem('reporting.countedAlready'))
    await expect(secretary.tell(api.typeFact, { day: today, name: '未覆盖户数', value: '3' })).rejects.toEqual(
      problem('reporting.countedAlready'),
    )
    await expect(secretary.tell(api.typeFact, { day: today, name: '困难', value: '340301198001010014 老人' })).rejects.toEqual(
      problem('reporting.typedHoldsNumbers'),
    )
    await expect(secretary.tell(api.bindForm, { version: two.version!, revision: 1, cells: [], repeat: null })).rejects.toEqual(
      problem('reporting.formChanged'),
    )
    await expect(bind(secretary, two.version!, [typed('C6', '合计')])).rejects.toEqual(problem('reporting.formCellComputed'))
  }),
)

const rowsXml = formXml({
  data:
    '<sheetData><row r="1"><c r="A1" s="3" t="inlineStr"><is><t>社区</t></is></c><c r="B1" s="3" t="inlineStr"><is><t>已覆盖</t></is></c><c r="C1" s="3" t="inlineStr"><is><t>消毒面积</t></is></c></row>' +
    '<row r="2"><c r="A2" s="2"/><c r="B2" s="2"/><c r="C2" s="2"/></row><row r="3"><c r="A3" s="2" t="inlineStr"><is><t>桂园社区</t></is></c><c r="B3" s="2"/><c r="C3" s="2"/></row>' +
    '<row r="4"><c r="A4" s="2" t="inlineStr"><is><t>合计</t></is></c><c r="B4" s="2"><f>SUM(B2:B3)</f><v>0</v></c><c r="C4" s="2"/></row></sheetData>',
  merges: [],
})

async function secondCommunity(town: Town): Promise<Person> {
  await asSystem(town.running.house, sample.county, 'town.areas', (ctx) =>
    loadTown(ctx, { areas: [{ code: sample.other, name: '竹园社区' }] }),
  )
  return town.as('communitySecretary', sample.other, '竹书记')
}

test(
  "a street's form has a row for each community; those below fill it too, and nobody changes what stands above",
  story(async (town) => {
    const { homes, campaign, secretary, worker, officer } = await begin(town)
    const other = await secondCommunity(town)
    await worker.tell(screening.recordAttempt, reached(campaign, homes[0]!, 'phone'))
    await worker.tell(rounds.contracts.record, {
      begins: '08:00',
      ends: '08:20',
      place: 'elevator',
      surfaces: ['buttons'],
      method: 'wipe',
      squareMetres: 12.5,
    })
    const report = await secretary.tell(reporting.compile, { day: today })
    await secretary.tell(reporting.submit, { report: report.id })
    const form = await officer.tell(api.addForm, {
      ...civil,
      since: today,
      fileName: '街道.xlsx',
      content: content(drawnForm({ 'xl/worksheets/sheet1.xml': rowsXml })),
    })
    await bind(officer, form.version!, [], { sheet: '日报', from: 2, rows: 2 })
    const day = await officer.ask(api.formDay, { form: form.id, day: today })
    expect(day).toMatchObject({ place: street, received: 1, called: 1, without: 0 })
    // 桂园社区 is printed in the second row already; 竹园社区 takes the row that is free, and has counted nothing: blank, not 0.
    expect(day.cells.map(({ cell, value, area, report: from }) => [cell, value, area, from])).toEqual([
      ['A2', '竹园社区', null, null],
      ['A3', '桂园社区', null, null],
      ['B2', null, sample.other, null],
      ['B3', 1, community, report.id],
      ['C2', null, sample.other, null],
      ['C3', 12.5, community, report.id],
      ['C4', 12.5, street, null],
    ])
    const file = await officer.fetch(api.exportForm, { form: form.id, day: today })
    expect(await cellsOf(file)).toMatchObject({ A2: '竹园社区', A3: '桂园社区', B3: '1', B4: '1' })

    const { revision } = await officer.ask(api.version, { version: form.version! })
    const covered: Bound = {
      sheet: '日报',
      cell: 'B2',
      answer: { by: 'figure', indicator: 'screening.covered', column: 'total' },
    }
    await officer.tell(api.bindForm, {
      version: form.version!,
      revision,
      cells: [covered],
      repeat: { sheet: '日报', from: 2, rows: 1 },
    })
    await expect(officer.fetch(api.exportForm, { form: form.id, day: today })).rejects.toEqual(problem('reporting.tooFewRows'))

    expect((await secretary.ask(api.forms, {})).rows[0]).toMatchObject({ mine: false })
    await expect(secretary.tell(api.changeForm, { form: form.id, ...civil })).rejects.toEqual(problem('reporting.formNotYours'))
    await expect(secretary.ask(api.formDay, { form: form.id, place: sample.other, day: today })).rejects.toEqual(
      problem('scope.outOfReach'),
    )
    const own = await add(secretary)
    expect((await other.ask(api.forms, {})).rows.map(({ id }) => id)).toEqual([form.id])
    await expect(other.ask(api.form, { form: own.id })).rejects.toEqual(problem('reporting.formUnknown'))
    expect((await officer.ask(api.formDay, { form: own.id, day: today })).place).toBe(community)
  }),
)

test('heads of real forms are read: two rows, units, column words, lines with several blanks', () => {
  const known = [
    {
      indicator: 'a.homes',
      title: { zh: '居家隔离', en: '' },
      unit: { zh: '人', en: '' },
      group: { zh: '', en: '' },
      columns: ['current', 'today', 'total'] as const,
      main: 'current' as const,
    },
    {
      indicator: 'a.households',
      title: { zh: '居家隔离户', en: '' },
      unit: { zh: '户', en: '' },
      group: { zh: '', en: '' },
      columns: ['current'] as const,
      main: 'current' as const,
    },
    {
      indicator: 'a.area',
      title: { zh: '消毒面积', en: '' },
      unit: { zh: '㎡', en: '' },
      group: { zh: '', en: '' },
      columns: ['today', 'total'] as const,
      main: 'today' as const,
    },
  ].map((one) => ({ ...one, columns: [...one.columns] }))
  const guess = (row: string, column: string) => {
    const a = suggested({ row, column }, known)
    return a?.by === 'figure' ? `${a.indicator} ${a.column}` : a?.by === 'fact' ? a.fact : undefined
  }
  const cases: [string, string, string | undefined][] = [
    ['居家隔离人数', '今日新增', 'a.homes today'],
    ['居家隔离', '累计（人）', 'a.homes total'],
    ['', '居家隔离户数', 'a.households current'],
    ['居家隔离户数', '累计', undefined],
    ['消毒面积（㎡）', '当日', 'a.area today'],
    ['本社区', '居家隔离人数累计', 'a.homes total'],
    ['其他', '居家隔离人数累计', undefined],
    ['居家隔离人数', '今日解除', undefined],
    ['志愿者人数', '今日', undefined],
    ['填报人：', '', 'reporter'],
    ['填报单位（盖章）：        填报人：      2020年  月  日', '', 'line'],
  ]
  for (const [row, column, wanted] of cases) expect(guess(row, column), `${row} ${column}`).toBe(wanted)
  expect(countedBy('居家隔离人数', known)?.indicator).toBe('a.homes')
  expect(countedBy('集中隔离人数', known)).toBeUndefined()
  expect(
    filledLine('填报单位（盖章）：        填报人：      2020年  月  日', {
      day: '2026年3月2日',
      place: '桂园社区',
      above: '',
      reporter: '孙书记',
      checker: '',
      sentAt: '',
    }),
  ).toBe('填报单位（盖章）：桂园社区  填报人：孙书记  2026年3月2日')
  expect(holdsIdNumber('编号 340301 1980 0101 0014')).toBe(true)
  expect(holdsIdNumber('文号 2020031512345')).toBe(false)
  const cell = (ref: string, column: number, text: string, more = {}) => ({
    cell: ref,
    column,
    across: 1,
    down: 1,
    text,
    lined: true as const,
    ...more,
  })
  expect(
    fieldsOf([
      {
        name: '表',
        hidden: false,
        left: 0,
        widths: [8, 8, 8, 8],
        rows: [
          {
            row: 1,
            cells: [
              cell('A1', 1, '类别', { down: 2 }),
              cell('B1', 2, '居家隔离', { across: 2 }),
              cell('D1', 4, '备注', { down: 2 }),
            ],
          },
          { row: 2, cells: [cell('B2', 2, '新增'), cell('C2', 3, '累计')] },
          { row: 3, cells: [cell('A3', 1, '本社区'), cell('B3', 2, ''), cell('C3', 3, ''), cell('D3', 4, '')] },
        ],
      },
    ]).map(({ cell: ref, label }) => [ref, label]),
  ).toEqual([
    ['B3', '本社区 · 居家隔离新增'],
    ['C3', '本社区 · 居家隔离累计'],
  ])
})
