// Workbooks as programs other than Excel write them, and cells as people format them.
import { writeXlsx } from 'hucre/xlsx'
import iconv from 'iconv-lite'
import { expect, test } from 'vitest'
import type { Cell } from './cells.ts'
import { formatOf, shownNumber } from './formats.ts'
import { readWorkbook } from './read.ts'
import { pack, readDirectory, unpack } from './zip.ts'

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const related = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const relation = (id: string, type: string, target: string): string =>
  `<Relationship Id="${id}" Type="${related}/${type}" Target="${target}"/>`
const relations = (...all: string[]): string =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all.join('')}</Relationships>`

type Written = { sheet: string; strings?: string; styles?: string; book?: string; sheets?: string; more?: Record<string, string> }

/** The least that is a workbook; no program writes so little, so every part is as odd as the test wants it. */
function workbook({
  sheet,
  strings,
  styles,
  book = '',
  sheets = '<sheet name="表" sheetId="1" r:id="rId1"/>',
  more = {},
}: Written): Uint8Array {
  const parts: Record<string, string> = {
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': relations(relation('a', 'officeDocument', '/xl/book.xml')),
    'xl/book.xml': `<workbook xmlns="${main}" xmlns:r="${related}">${book}<sheets>${sheets}</sheets></workbook>`,
    'xl/_rels/book.xml.rels': relations(
      relation('rId1', 'worksheet', '/xl/worksheets/sheet1.xml'),
      relation('s', 'sharedStrings', 'strings.xml'),
      relation('t', 'styles', '../xl/styles.xml'),
    ),
    'xl/worksheets/sheet1.xml': sheet,
    ...(strings && { 'xl/strings.xml': strings }),
    ...(styles && { 'xl/styles.xml': styles }),
    ...more,
  }
  return pack(Object.entries(parts).map(([name, text]) => ({ name, data: Buffer.from(text) })))
}

const rows = (inside: string, more = ''): string =>
  `<worksheet xmlns="${main}"><sheetData>${inside}</sheetData>${more}</worksheet>`
const cellsOf = async (written: Written): Promise<Cell[]> =>
  (await readWorkbook(workbook(written))).sheets[0]?.rows[0]?.cells ?? []
const textsOf = async (written: Written): Promise<string[]> => (await cellsOf(written)).map((cell) => cell.text)
const codeOf = (bytes: Uint8Array, name?: string): Promise<unknown> =>
  readWorkbook(bytes, name ? { name } : {}).then(
    () => 'read',
    (error: { code?: string }) => error.code,
  )

test('places that are not written follow from the place before', async () => {
  const { sheets } = await readWorkbook(
    workbook({
      sheet: rows(
        '<row><c><v>1</v></c><c r="C1"><v>3</v></c><c><v>4</v></c></row><row/><row r="5"><c/><c><v>2</v></c></row><row><c><v>6</v></c></row>',
      ),
    }),
  )
  expect(sheets[0]?.rows.map(({ row, cells }) => [row, cells.map((cell) => cell.text)])).toEqual([
    [1, ['1', '', '3', '4']],
    [5, ['', '2']],
    [6, ['6']],
  ])
})

test('prefixes, single quotes, signs in attributes, comments and CDATA are XML like any other', async () => {
  const sheet =
    `<?xml version='1.0'?><!-- > --><x:worksheet xmlns:x='${main}' a="1 > 0"><x:sheetData><x:row r = '1'>` +
    `<x:c r='A1' t='inlineStr'><x:is><x:t>甲&amp;乙 &#x4E00;<![CDATA[<丙>]]></x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>`
  expect(await textsOf({ sheet })).toEqual(['甲&乙 一<丙>'])
})

test('a workbook of the strict standard: its own namespaces, days written out', async () => {
  const sheet = rows(
    '<row r="1"><c r="A1" t="d"><v>2020-02-03</v></c><c r="B1" t="d"><v>2020-02-03T17:00:00Z</v></c></row>',
  ).replace(main, 'http://purl.oclc.org/ooxml/spreadsheetml/main')
  expect(await cellsOf({ sheet })).toEqual([
    { text: '2020-02-03', kind: 'date' },
    { text: '2020-02-03T17:00', kind: 'datetime' },
  ])
})

test('shared texts: runs are joined, how a name is pronounced is not part of it, signs are unescaped', async () => {
  const strings =
    '<sst><si><r><rPr><b/></rPr><t>王</t></r><r><t xml:space="preserve"> 小明</t></r><rPh sb="0" eb="1"><t>オウ</t></rPh>' +
    '<phoneticPr fontId="1"/></si><si/><si><t>一_x000A_二_x005F_x</t></si><si><t>１３８\u200b\r\n</t></si></sst>'
  const sheet = rows(
    [0, 1, 2, 3]
      .map((i) => `<c t="s"><v>${i}</v></c>`)
      .join('')
      .replace(/.*/, '<row>$&</row>'),
  )
  expect(await textsOf({ sheet, strings })).toEqual(['王 小明', '', '一\n二_x', '１３８\u200b\n'])
})

test('a shared text or sheet that is not there is damage', async () => {
  expect(await codeOf(workbook({ sheet: rows('<row><c t="s"><v>7</v></c></row>'), strings: '<sst/>' }))).toBe(
    'spreadsheet.damaged',
  )
  expect(await codeOf(workbook({ sheet: rows(''), sheets: '<sheet name="a" r:id="none"/>' }))).toBe('spreadsheet.damaged')
})

const day = { text: '2020-02-03', kind: 'date' }
test.each([
  ['yyyy"年"m"月"d"日"', 43864, day],
  ['yyyy年m月d日;@', 43864, day],
  ['[$-804]yyyy\\-mm\\-dd;@', 43864, day],
  ['m/d/yy', 43864.6, day],
  ['[DBNum1][$-804]yyyy"年"m"月"d"日";@', 43864, day],
  ['[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy', 43864, day],
  ['[$-804]aaaa;@', 43864, day],
  ['yyyy/m/d h:mm', 43864.5, { text: '2020-02-03T12:00', kind: 'datetime' }],
  ['上午/下午h"时"mm"分";@', 0.25, { text: '06:00', kind: 'time' }],
  ['000000', 402, { text: '000402', kind: 'number' }],
  ['000-0000-0000', 13800001234, { text: '138-0000-1234', kind: 'number' }],
  ['0_);[Red]\\(0\\)', 43864, { text: '43864', kind: 'number' }],
  ['0.00%', 0.5, { text: '0.5', kind: 'number' }],
  ['[$¥-804]#,##0.00;[Red]¥-#,##0.00', 43864, { text: '43864', kind: 'number' }],
  ['G/通用格式', 43864, { text: '43864', kind: 'number' }],
  ['0.00E+00', 43864, { text: '43864', kind: 'number' }],
  ['General"天"', 14, { text: '14', kind: 'number' }],
  ['0"岁"', 7, { text: '7', kind: 'number' }],
  ['@', 13800001234, { text: '13800001234', kind: 'number' }],
  ['#"号楼"', 3, { text: '3', kind: 'number' }],
  ['yyyy', -1, { text: '-1', kind: 'number' }],
] as const)('%s shows %d as a person sees it', (code, value, cell) => {
  expect(shownNumber(value, formatOf(code), false)).toEqual(cell)
})

test('days of an old Mac, days before March 1900, and cells whose style does not exist', async () => {
  const styles =
    '<styleSheet><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="1"><xf numFmtId="14"/></cellXfs></styleSheet>'
  const sheet = rows('<row><c s="0"><v>42402</v></c><c s="9"><v>42402</v></c></row>')
  expect(await textsOf({ sheet, styles, book: '<workbookPr date1904="true"/>' })).toEqual(['2020-02-03', '42402'])
  expect(await textsOf({ sheet: rows('<row><c s="0"><v>1</v></c><c s="0"><v>61</v></c></row>'), styles })).toEqual([
    '1900-01-01',
    '1900-03-01',
  ])
  expect(await textsOf({ sheet, styles: '<styleSheet/>' })).toEqual(['42402', '42402'])
})

test('formulas come with what was stored; one without says so, and errors are errors', async () => {
  const sheet = rows(
    '<row r="1"><c r="A1"><f t="shared" ref="A1:B1" si="0">C1*2</f><v>4</v></c><c r="B1"><f t="shared" si="0"/><v>6</v></c>' +
      '<c r="C1"><f>NOW()</f></c><c r="D1"><f>A1</f><v></v></c><c r="E1" t="str"><f>""</f><v></v></c><c r="F1" t="str"><f>A1&amp;"|"</f><v>4|</v></c>' +
      '<c r="G1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="H1"><f t="array" ref="H1">SUM(A1:B1)</f><v>10</v></c><c r="I1" t="e"><v>#REF!</v></c></row>',
  )
  expect(await cellsOf({ sheet })).toEqual([
    { text: '4', kind: 'number', formula: 'C1*2', stored: true },
    { text: '6', kind: 'number', formula: 'C1*2', stored: true },
    { text: '', kind: 'blank', formula: 'NOW()', unstored: true },
    { text: '', kind: 'blank', formula: 'A1', unstored: true },
    { text: '', kind: 'blank', formula: '""', stored: true },
    { text: '4|', kind: 'text', formula: 'A1&"|"', stored: true },
    { text: '#DIV/0!', kind: 'error', formula: '1/0', stored: true },
    { text: '10', kind: 'number', formula: 'SUM(A1:B1)', stored: true },
    { text: '#REF!', kind: 'error' },
  ])
})

test.each([
  "SUM(1,cmd|'/c calc'!A0)",
  "'[1]表 1'!A1",
  '[2]Sheet1!$A$1',
  '[1]!名称',
  "'C:\\a\\[b.xlsx]表'!A1",
  '_xlfn.WEBSERVICE("http://a")',
  'RTD("a",,"b")',
])('the formula %s draws on something outside', async (formula) => {
  const written = formula.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  expect(await codeOf(workbook({ sheet: rows(`<row><c><f>${written}</f><v>1</v></c></row>`) }))).toBe('spreadsheet.externalLinks')
})

test.each(['SUM(甲[合计])', '表1[[#This Row],[姓名]]', "'a|b'!A1", '"[1]表!A1"', '[0]!名称', 'IF(A1>1,"|","")'])(
  'the formula %s does not',
  async (formula) => {
    const written = formula.replaceAll('>', '&gt;').replaceAll('"', '&quot;')
    expect(await codeOf(workbook({ sheet: rows(`<row><c><f>${written}</f><v>1</v></c></row>`) }))).toBe('read')
  },
)

test.each([
  ['externalLink', 'externalLinks'],
  ['connections', 'externalLinks'],
  ['queryTable', 'externalLinks'],
  ['vbaProject', 'macros'],
])('a part that is related as %s is refused under any name', async (type, code) => {
  const more = { 'xl/worksheets/_rels/sheet1.xml.rels': relations(relation('a', type, '../a.xml')), 'xl/a.xml': '<a/>' }
  expect(await codeOf(workbook({ sheet: rows(''), more }))).toBe(`spreadsheet.${code}`)
})

test('links to click on are harmless; a link to an outside document is not', async () => {
  const link = (type: string) => ({
    'xl/worksheets/_rels/sheet1.xml.rels': relations(relation('a', type, 'http://a/b').replace('/>', ' TargetMode="External"/>')),
  })
  expect(await codeOf(workbook({ sheet: rows(''), more: link('hyperlink') }))).toBe('read')
  expect(await codeOf(workbook({ sheet: rows(''), more: link('oleObject') }))).toBe('spreadsheet.externalLinks')
})

test('merged cells reach as far as the list does, hidden sheets, rows and columns are told, charts are left out', async () => {
  const sheet = rows(
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="1"><c r="B2"><v>2</v></c></row><row r="4" ht="0"><c r="A4"><v>3</v></c></row>',
    '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
  ).replace('<sheetData>', '<cols><col min="2" max="16384" hidden="1"/></cols><sheetData>')
  const sheets = '<sheet name="一" r:id="rId1" state="veryHidden"/><sheet name="图" r:id="c"/>'
  const more = {
    'xl/_rels/book.xml.rels': relations(
      relation('rId1', 'worksheet', 'worksheets\\sheet1.xml'),
      relation('c', 'chartsheet', 'chart.xml'),
    ),
  }
  const read = await readWorkbook(workbook({ sheet, sheets, more }))
  expect(read.sheets).toMatchObject([
    { name: '一', hidden: true, rows: [{ row: 1 }, { row: 2, hidden: true }, { row: 4, hidden: true }] },
  ])
  const ref = 'A1:XFD1048576'
  expect(read.sheets[0]?.rows.map(({ cells }) => cells.map((cell) => [cell.text, cell.merged]))).toEqual([
    [
      ['1', ref],
      ['', ref],
    ],
    [
      ['', ref],
      ['2', ref],
    ],
    [
      ['3', ref],
      ['', ref],
    ],
  ])
  expect(read.sheets[0]?.hiddenColumns?.slice(0, 2)).toEqual([1, 2])
})

test('names of parts with a backslash or a slash in front are found', async () => {
  const bytes = await writeXlsx({ sheets: [{ name: '表', rows: [['姓名']] }] })
  const parts = readDirectory(bytes).map((entry) => ({ name: entry.name, data: unpack(bytes, entry) }))
  for (const rename of [(name: string) => name.replaceAll('/', '\\'), (name: string) => `/${name}`]) {
    const odd = pack(parts.map(({ name, data }) => ({ name: rename(name), data })))
    expect((await readWorkbook(odd)).sheets[0]?.rows[0]?.cells[0]?.text).toBe('姓名')
  }
  expect(await codeOf(pack([...parts, { name: '../../evil.xml', data: Buffer.from('<a/>') }]))).toBe('spreadsheet.damaged')
})

const list = [
  ['第一社区花名册', '', ''],
  ['姓名', '证件', '备注'],
  ['一万三', '3.30102E+17', '行一\n行,二;"引"'],
  ['丁七', '００１', ''],
]
const written = (sign: string, end: string): string =>
  list
    .map((fields) => fields.map((field) => (/["\n,;\t]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(sign))
    .join(end) + end

test.each(
  ['utf-8', 'gb18030', 'utf-16le', 'utf-16be'].flatMap(
    (encoding) =>
      [
        [encoding, true, ',', '\r\n'],
        [encoding, false, '\t', '\n'],
        [encoding, false, ';', '\r'],
      ] as const,
  ),
)('%s, mark: %s, fields by %j, lines by %j', async (encoding, addBOM, sign, end) => {
  const bytes = iconv.encode(written(sign, end), encoding, { addBOM: addBOM && encoding !== 'gb18030' })
  const { sheets } = await readWorkbook(bytes, { name: 'a.txt' })
  const texts = list.map((fields) => fields.slice(0, fields.findLastIndex((field) => field !== '') + 1))
  expect(sheets[0]?.rows.map(({ cells }) => cells.map((cell) => cell.text))).toEqual(texts)
  expect(sheets[0]?.rows[2]?.cells[1]?.lossy).toBe(true)
})

test('text files that are not: nought bytes, a quotation that never ends, a picture', async () => {
  const late = Buffer.concat([Buffer.from('甲,乙\n'.repeat(20_000)), Buffer.from([0]), Buffer.from('丙,丁')])
  expect(await codeOf(Buffer.from('a,b\n1,\0\n'), 'a.csv')).toBe('spreadsheet.notAWorkbook')
  expect(await codeOf(late, 'a.csv')).toBe('spreadsheet.damaged')
  expect(await codeOf(Buffer.from('a,b\n"1,2\n3,4\n'), 'a.csv')).toBe('spreadsheet.truncated')
  expect(await codeOf(Buffer.from('<!-- x --><table><tr><td>1'), 'a.csv')).toBe('spreadsheet.notAWorkbook')
  // A file that breaks off within a sign stays UTF-8.
  const cut = Buffer.from('姓名,电话')
  expect((await readWorkbook(cut.subarray(0, cut.length - 1), { name: 'a.csv' })).sheets[0]?.rows[0]?.cells[0]?.text).toBe('姓名')
})
