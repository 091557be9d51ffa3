// Templates: handed out, filled in with a spreadsheet, moved about, sent back.
import { type CellValue, type Sheet, openXlsx, saveXlsx, writeXlsx } from 'hucre/xlsx'
import { expect, test } from 'vitest'
import { readTemplate } from './filled.ts'
import { readWorkbook } from './read.ts'
import { type TemplateSheet, writeTemplate } from './template.ts'
import { readDirectory, unpack } from './zip.ts'

const people: TemplateSheet = {
  name: '人员',
  columns: [
    { key: 'name', head: '姓名', required: true, hint: '与证件一致' },
    { key: 'idNumber', head: '证件号码', hint: '18 位，按文本填写', example: '110101190001011009' },
    { key: 'kind', head: '类别', options: ['自住', '出租', '空置,待租'] },
    { key: 'since', head: '入住日期', type: 'date' },
  ],
}

const partOf = (bytes: Uint8Array, name: string): string => {
  const entry = readDirectory(bytes).find((one) => one.name === name)
  return entry ? Buffer.from(unpack(bytes, entry)).toString() : ''
}

/** Fills a template in as a spreadsheet would. */
async function filledIn(change: (sheet: Sheet) => void): Promise<Uint8Array> {
  const book = await openXlsx(await writeTemplate({ sheets: [people] }))
  for (const sheet of book.sheets) if (!sheet.hidden) change(sheet)
  return saveXlsx(book)
}
const read = async (bytes: Uint8Array) => readTemplate(await readWorkbook(bytes), { sheets: [people] })[0]
const texts = (cells: Readonly<Record<string, { text: string }>>) =>
  Object.fromEntries(Object.entries(cells).map(([key, cell]) => [key, cell.text]))

test('the template is typed down to the last row, offers choices, refuses changes of its head', async () => {
  const bytes = await writeTemplate({ sheets: [people] })
  const xml = partOf(bytes, 'xl/worksheets/sheet1.xml')
  const styles = partOf(bytes, 'xl/styles.xml')
  const formats = [...styles.matchAll(/<xf numFmtId="(\d+)"/g)].slice(1).map((hit) => hit[1])
  const codes = new Map([...styles.matchAll(/<numFmt numFmtId="(\d+)" formatCode="([^"]*)"/g)].map((hit) => [hit[1], hit[2]]))
  const columnFormats = [...xml.matchAll(/<col min="\d+" style="(\d+)"/g)].map((hit) => codes.get(formats[Number(hit[1])] ?? ''))
  expect(columnFormats).toEqual(['@', '@', '@', 'yyyy-mm-dd'])
  expect(xml).toContain('<row r="3" hidden="1">')
  expect(xml).toMatch(/<dataValidation type="custom" sqref="A1:D3"[^>]*><formula1>FALSE<\/formula1>/)
  expect(xml).toMatch(/<dataValidation type="list" sqref="C4:C1048576"[^>]*><formula1>'选项'!\$A\$1:\$A\$3<\/formula1>/)
  expect(partOf(bytes, 'xl/workbook.xml')).toContain('<sheet name="选项" sheetId="2" r:id="rId2" state="hidden"/>')
  expect(partOf(bytes, 'xl/comments1.xml')).toContain('示例：110101190001011009')
})

test('an untouched template has no rows', async () => {
  expect(await read(await writeTemplate({ sheets: [people] }))).toEqual({
    name: '人员',
    found: true,
    byHead: false,
    rows: [],
    unknownColumns: [],
    missingColumns: [],
  })
})

test('rows come back by key with the row numbers that the sender sees', async () => {
  const bytes = await filledIn((sheet) => {
    sheet.rows[3] = ['张𬭎', '330102199001011234', '自住', new Date(Date.UTC(2019, 4, 1))]
    sheet.rows[4] = sheet.rows[5] = []
    sheet.rows[6] = ['李四', Number('330102199001011234'), null, '去年']
  })
  const sheet = await read(bytes)
  expect(sheet?.rows.map(({ row }) => row)).toEqual([4, 7])
  expect(sheet?.rows[0]?.cells['since']).toEqual({ text: '2019-05-01', kind: 'date' })
  expect(sheet?.rows[1]?.cells['idNumber']).toMatchObject({ kind: 'number', lossy: true })
  expect(texts(sheet?.rows[1]?.cells ?? {})).toMatchObject({ name: '李四', kind: '', since: '去年' })
})

test('columns may be moved, added and left out', async () => {
  const move = (row: CellValue[]): CellValue[] => [row[2] ?? null, row[0] ?? null, null, row[3] ?? null]
  const bytes = await filledIn((sheet) => {
    sheet.rows[3] = ['张三', '1', '出租', null]
    sheet.rows = sheet.rows.map(move)
    sheet.rows[0]![2] = '楼长'
    sheet.rows[3]![2] = '王五'
    sheet.cells?.clear()
  })
  const sheet = await read(bytes)
  expect(sheet?.rows.map(({ cells }) => texts(cells))).toEqual([{ name: '张三', idNumber: '', kind: '出租', since: '' }])
  expect(sheet?.unknownColumns).toEqual([{ column: 'C', head: '楼长' }])
  expect(sheet?.missingColumns).toEqual(['idNumber'])
})

test('without the key row the heads are recognised, however they are spaced, and the hints are not taken for data', async () => {
  const bytes = await writeXlsx({
    sheets: [
      {
        name: 'Sheet1',
        rows: [['某社区人员表'], [' 证件 号码', '＊姓名', '电话'], ['18 位，按文本填写', '与证件一致', null], ['1', '张三', '2']],
      },
    ],
  })
  const sheet = await read(bytes)
  expect(sheet).toMatchObject({
    byHead: true,
    unknownColumns: [{ column: 'C', head: '电话' }],
    missingColumns: ['kind', 'since'],
  })
  expect(sheet?.rows.map(({ row, cells }) => [row, cells['name']?.text])).toEqual([[4, '张三']])
})

test('rows that are to be mended go out filled in and come back', async () => {
  const withReason: TemplateSheet = { ...people, columns: [...people.columns, { key: 'reason', head: '退回原因' }] }
  const rows = [{ name: '张三', since: '2020-01-02', reason: '证件号码少一位' }]
  const bytes = await writeTemplate({ sheets: [{ ...withReason, rows }] })
  const sheet = await read(bytes)
  expect(sheet?.unknownColumns).toEqual([{ column: 'E', head: '退回原因' }])
  expect(texts(sheet?.rows[0]?.cells ?? {})).toEqual({ name: '张三', idNumber: '', kind: '', since: '2020-01-02' })
})

test('a workbook without the sheet, or with nothing known in it, says so', async () => {
  const other = await writeXlsx({
    sheets: [
      { name: '甲', rows: [['一'], ['二']] },
      { name: '乙', rows: [['三']] },
    ],
  })
  expect(await read(other)).toMatchObject({ found: false, rows: [] })
  const alone = await writeXlsx({ sheets: [{ name: '甲', rows: [['一'], ['二']] }] })
  expect(await read(alone)).toMatchObject({ found: true, rows: [], missingColumns: ['name', 'idNumber', 'kind', 'since'] })
})
