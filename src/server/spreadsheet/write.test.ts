// Official sheets: read back as a workbook and looked at as the XML that a spreadsheet will see.
import { expect, test } from 'vitest'
import type { OfficialSheet } from './official.ts'
import { readWorkbook } from './read.ts'
import { sheetNames, writeOfficialSheet } from './write.ts'
import { readDirectory, unpack } from './zip.ts'

const partOf = (bytes: Uint8Array, name: string): string => {
  const entry = readDirectory(bytes).find((one) => one.name === name)
  if (!entry) throw new Error(`no part ${name}`)
  return Buffer.from(unpack(bytes, entry)).toString()
}
const mergesIn = (bytes: Uint8Array): string[] =>
  [...partOf(bytes, 'xl/worksheets/sheet1.xml').matchAll(/<mergeCell ref="([^"]+)"/g)].map((hit) => hit[1] ?? '')

const daily = (more: Partial<OfficialSheet> = {}): OfficialSheet => ({
  name: '日报',
  title: '每日情况统计表',
  lines: ['填报单位（盖章）：甲社区', '填报人：', '审核人：', '填报时间：2020-02-03'],
  columns: [
    { key: 'place', head: '片区', type: 'text' },
    { key: 'newHomes', head: '户', group: '今日新增', type: 'number' },
    { key: 'newPeople', head: '人', group: '今日新增', type: 'number' },
    { key: 'allHomes', head: '户', group: '累计', type: 'number' },
    { key: 'allPeople', head: '人', group: '累计', type: 'number' },
    { key: 'area', head: '面积', unit: '㎡', type: 'number' },
  ],
  rows: [
    { place: '第一片区', newHomes: 0, newPeople: null, allHomes: 3, allPeople: 7, area: 12.5 },
    { place: '第二片区', newHomes: 1, newPeople: 2, allHomes: 4, allPeople: 9, area: undefined },
  ],
  totals: { newHomes: 1, newPeople: 2, allHomes: 7, allPeople: 16 },
  notes: ['注：累计自 2020 年 1 月 24 日起。'],
  stamp: '张三 & 李四 · 2020-02-03 17:00 · 上报 · 0190a1',
  ...more,
})

test('the title, both head rows, 合计 and the footnote are merged as offices expect', async () => {
  const bytes = await writeOfficialSheet([daily()])
  // 序号 A, 片区 B, 今日新增 C-D, 累计 E-F, 面积 G, 备注 H; rows 3 and 4 are the head, 7 is 合计, 8 the footnote.
  expect(mergesIn(bytes).sort()).toEqual([
    'A1:H1',
    'A2:H2',
    'A3:A4',
    'A7:B7',
    'A8:H8',
    'B3:B4',
    'C3:D3',
    'E3:F3',
    'G3:G4',
    'H3:H4',
  ])
  const {
    sheets: [sheet],
  } = await readWorkbook(bytes)
  const texts = sheet?.rows.map((row) => row.cells.map((cell) => cell.text))
  expect(texts?.[0]?.[0]).toBe('每日情况统计表')
  expect(texts?.[2]).toEqual(['序号', '片区', '今日新增', '', '累计', '', '面积（㎡）', '备注'])
  expect(texts?.[3]?.slice(2, 6)).toEqual(['户', '人', '户', '人'])
  expect(texts?.[4]).toEqual(['1', '第一片区', '0', '', '3', '7', '12.5'])
  expect(texts?.[6]?.slice(0, 6)).toEqual(['合计', '', '1', '2', '7', '16'])
  expect(sheet?.rows.at(-1)).toMatchObject({ hidden: true, cells: [{ text: '张三 & 李四 · 2020-02-03 17:00 · 上报 · 0190a1' }] })
})

test('it prints on A4 across, as wide as the page, with the head on every page and the stamp in the footer', async () => {
  const bytes = await writeOfficialSheet([daily({ name: "二月'三日" })])
  const xml = partOf(bytes, 'xl/worksheets/sheet1.xml')
  expect(xml).toContain('<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>')
  expect(xml).toContain('<pageSetUpPr fitToPage="1"/>')
  expect(xml).toMatch(/<pane ySplit="4" topLeftCell="A5" state="frozen"/)
  expect(xml).toContain('张三 &amp;&amp; 李四')
  expect(partOf(bytes, 'xl/workbook.xml')).toContain(`"_xlnm.Print_Titles" localSheetId="0">'二月''三日'!$3:$4</definedName>`)
})

test('a long stamp leaves the footer within its 255 characters and the page numbers whole', async () => {
  const bytes = await writeOfficialSheet([daily({ stamp: '&长'.repeat(200) })])
  const footer =
    /<oddFooter>(.*)<\/oddFooter>/.exec(partOf(bytes, 'xl/worksheets/sheet1.xml'))?.[1]?.replaceAll('&amp;', '&') ?? ''
  expect(footer.length).toBeLessThanOrEqual(255)
  expect(footer).toMatch(/[^&](&&)*长?&R&8 第 &P 页，共 &N 页$/)
})

test('without groups the head is one row; an own 序号 or 备注 is not added twice', async () => {
  const bytes = await writeOfficialSheet([
    {
      name: 'a',
      title: 't',
      rows: [],
      landscape: false,
      columns: [
        { key: 'n', head: '序号', type: 'number' },
        { key: 'm', head: '备注', type: 'text' },
      ],
    },
  ])
  expect(mergesIn(bytes)).toEqual(['A1:B1'])
  expect(partOf(bytes, 'xl/worksheets/sheet1.xml')).toContain('orientation="portrait"')
})

test('days and hours are real ones, in Shanghai; words among them stay words', async () => {
  const bytes = await writeOfficialSheet([
    {
      name: 'a',
      title: 't',
      numbered: false,
      remarks: false,
      columns: [
        { key: 'day', head: '日', type: 'date' },
        { key: 'clock', head: '时', type: 'time' },
        { key: 'at', head: '时间', type: 'datetime' },
      ],
      rows: [
        { day: '2020-02-03', clock: '08:05', at: '2020-02-03T16:30:00.000Z' },
        { day: new Date('2020-02-03T16:00:00Z'), clock: '23:59:30', at: Temporal.PlainDateTime.from('2020-02-03T17:00') },
        { day: '约一月底', clock: '上午', at: '不详' },
        { day: '1899-12-31', clock: '00:00', at: '1900-03-01T00:00' },
      ],
    },
  ])
  const rows = (await readWorkbook(bytes)).sheets[0]?.rows.slice(2) ?? []
  expect(rows[0]?.cells).toEqual([
    { text: '2020-02-03', kind: 'date' },
    { text: '08:05', kind: 'time' },
    { text: '2020-02-04T00:30', kind: 'datetime' },
  ])
  expect(rows[1]?.cells.map((cell) => cell.text)).toEqual(['2020-02-04', '23:59:30', '2020-02-03T17:00'])
  expect(rows[2]?.cells.map((cell) => cell.kind)).toEqual(['text', 'text', 'text'])
  expect(rows[3]?.cells).toEqual([
    { text: '1899-12-31', kind: 'text' },
    { text: '00:00', kind: 'time' },
    { text: '1900-03-01', kind: 'date' },
  ])
})

const hardTexts = [
  '=1+1',
  '+8613800000000',
  '-5',
  '@SUM(A1)',
  '\t制表',
  '\r回车',
  "'=1",
  '007',
  '330102199001011234',
  '33010219900101123X',
  '13800000000',
  '䶮㛃𬭎',
  '👨‍👩‍👧‍👦🏠',
  '第一行\n第二行',
  '行\r\n行',
  '  前后有空格  ',
  '　全角　',
  '<b>&amp;"\'',
  '_x0041_',
  '#N/A',
  '#REF!',
  'TRUE',
  '1E5',
  '2020-02-03',
  'a\u0000b\u0007c',
  '½ × ℃ ≤',
]

test('5,000 rows of ids, phones, rare characters and traps come back as they went out', async () => {
  const columns = ['id', 'phone', 'code', 'name', 'text'].map((key) => ({ key, head: key, type: 'text' as const }))
  const records = Array.from({ length: 5_000 }, (_, i) => ({
    id: `33010219${String(10_000_000 + i * 1_337).slice(-8)}0X`,
    phone: `1380000${String(i).padStart(4, '0')}`,
    code: String(i).padStart(12, '0'),
    name: ['张𬭎', '欧阳䶮', '㛃'][i % 3],
    text: `${hardTexts[i % hardTexts.length]}`,
  }))
  async function* some() {
    yield* records
  }
  const bytes = await writeOfficialSheet([{ name: '名册', title: '名册', columns, rows: some(), remarks: false }])
  const rows = (await readWorkbook(bytes)).sheets[0]?.rows.slice(2) ?? []
  expect(rows.length).toBe(5_000)
  const back = rows.map(({ cells }) => Object.fromEntries(columns.map(({ key }, i) => [key, cells[i + 1]?.text])))
  expect(back).toEqual(records)
  const kinds = new Set(rows.flatMap(({ cells }) => cells.slice(1).map((cell) => cell.kind)))
  expect([...kinds]).toEqual(['text'])
  expect(partOf(bytes, 'xl/worksheets/sheet1.xml')).not.toContain('<f>')
})

test('numbers that a spreadsheet would damage are kept as text, and what no cell can hold is cut visibly', async () => {
  const bytes = await writeOfficialSheet([
    {
      name: 'a',
      title: 't',
      numbered: false,
      remarks: false,
      columns: [
        { key: 'n', head: 'n', type: 'number' },
        { key: 't', head: 't', type: 'text' },
      ],
      rows: [
        { n: '330102199001011234', t: '长'.repeat(40_000) },
        { n: '36.7', t: true },
        { n: 0, t: ['甲', '乙'] },
      ],
    },
  ])
  const rows = (await readWorkbook(bytes)).sheets[0]?.rows.slice(2) ?? []
  expect(rows[0]?.cells[0]).toEqual({ text: '330102199001011234', kind: 'text' })
  expect(rows[0]?.cells[1]?.text.length).toBe(32_767)
  expect(rows[0]?.cells[1]?.text.endsWith('（过长，已截断）')).toBe(true)
  expect(rows[1]?.cells).toEqual([
    { text: '36.7', kind: 'number' },
    { text: '是', kind: 'text' },
  ])
  expect(rows[2]?.cells).toEqual([
    { text: '0', kind: 'number' },
    { text: '甲、乙', kind: 'text' },
  ])
})

test('sheet names are made such that a spreadsheet accepts them', () => {
  expect(sheetNames(['2020/02/03', '2020-02-03', '', '长'.repeat(40)])).toEqual([
    '2020-02-03',
    '2020-02-03 (2)',
    'Sheet',
    '长'.repeat(31),
  ])
})
