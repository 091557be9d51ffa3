// Hostile and broken files are refused in words; honest ones come back cell by cell.
import { writeFile } from 'node:fs/promises'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeXlsx } from 'hucre/xlsx'
import { afterAll, expect, test } from 'vitest'
import { isProblem } from '#core/problem.ts'
import { inspect } from './inspect.ts'
import { type ReadOptions, readWorkbook } from './read.ts'
import { pack, readDirectory, unpack, type ZipPart } from './zip.ts'

const folder = mkdtempSync(join(tmpdir(), 'sheets-'))
afterAll(() => rmSync(folder, { recursive: true }))

const partsOf = (bytes: Uint8Array): ZipPart[] =>
  readDirectory(bytes).map((entry) => ({ name: entry.name, data: unpack(bytes, entry) }))
const small = (): Promise<Uint8Array> => writeXlsx({ sheets: [{ name: '表', rows: [['姓名', 1]] }] })

/** A small workbook with parts put in the place of its own, or added. */
async function workbookWith(changed: Record<string, string | Uint8Array>): Promise<Uint8Array> {
  const parts = new Map(partsOf(await small()).map((part) => [part.name, part.data]))
  for (const [name, data] of Object.entries(changed)) parts.set(name, typeof data === 'string' ? Buffer.from(data) : data)
  return pack([...parts].map(([name, data]) => ({ name, data })))
}
const sheetXml = (inside: string): string =>
  `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${inside}</worksheet>`
const withSheet = (rows: string, more = ''): Promise<Uint8Array> =>
  workbookWith({ 'xl/worksheets/sheet1.xml': sheetXml(`<sheetData>${rows}</sheetData>${more}`) })

async function refusal(bytes: Uint8Array, options?: ReadOptions): Promise<{ code: string; details: unknown }> {
  const error = await readWorkbook(bytes, options).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!isProblem(error)) throw new Error(`not refused, or not in words: ${String(error)}`)
  expect(error.say.zh).toMatch(/请/)
  expect(error.say.en.length).toBeGreaterThan(20)
  return { code: error.code, details: error.details }
}
const codeOf = async (bytes: Uint8Array, options?: ReadOptions): Promise<string> => (await refusal(bytes, options)).code

test('a zip bomb is refused before anything is unpacked', async () => {
  const bomb = await workbookWith({ 'xl/worksheets/sheet1.xml': new Uint8Array(150_000_000) })
  expect(bomb.length).toBeLessThan(1_000_000)
  expect(await refusal(bomb)).toMatchObject({ code: 'spreadsheet.tooLarge', details: { what: 'unpacked' } })
  // The look from outside alone says so: it has the packed bytes, and no way to unpack any.
  expect(() => inspect(bomb, 'x.xlsx', { maxBytes: 20_000_000, maxUnpacked: 200_000_000 })).toThrow('Unpacked, the file exceeds')
})

test('a bomb that lies about its size is refused when it outgrows what it declared', async () => {
  const bomb = Buffer.from(await workbookWith({ 'xl/worksheets/sheet1.xml': new Uint8Array(50_000_000) }))
  const at = bomb.lastIndexOf('xl/worksheets/sheet1.xml') - 46
  expect(bomb.readUInt32LE(at + 24)).toBe(50_000_000)
  bomb.writeUInt32LE(4_000, at + 24)
  expect(await codeOf(bomb)).toBe('spreadsheet.damaged')
})

test('parts that share their bytes are refused', async () => {
  const bytes = Buffer.from(await small())
  const [first, second] = readDirectory(bytes).map((entry) => bytes.lastIndexOf(entry.name) - 46)
  bytes.writeUInt32LE(bytes.readUInt32LE(first! + 42), second! + 42)
  expect(await codeOf(bytes)).toBe('spreadsheet.truncated')
})

test('a download that broke off is told from a file whose bytes changed', async () => {
  const whole = await small()
  for (const length of [10, 100, whole.length >> 1, whole.length - 30, whole.length - 1]) {
    expect(await codeOf(whole.slice(0, length))).toBe('spreadsheet.truncated')
  }
  const flipped = Buffer.from(whole)
  const sheet = readDirectory(whole).find(({ name }) => name === 'xl/worksheets/sheet1.xml')!
  flipped[sheet.at + 30 + sheet.name.length + 20]! ^= 0xff
  expect(await codeOf(flipped)).toBe('spreadsheet.damaged')
})

test.each([
  ['an empty file', '', { found: 'empty' }],
  ['a web page', '\ufeff <html><table><tr><td>1</td></tr></table>', { found: 'html' }],
  ['a spreadsheet of 2003', '<?xml version="1.0"?><Workbook/>', { found: 'oldXml' }],
  ['text', '姓名,电话', { found: 'text' }],
  ['a picture', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0', { found: 'other' }],
])('%s under the name of a workbook is no workbook', async (_, content, details) => {
  expect(await refusal(Buffer.from(content), { name: 'a.xlsx' })).toEqual({ code: 'spreadsheet.notAWorkbook', details })
})

test('a password, an old format, and other documents are told apart', async () => {
  const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2_000)])
  expect(await codeOf(ole)).toBe('spreadsheet.oldFormat')
  const sealed = await writeXlsx({ sheets: [{ name: 'a', rows: [[1]] }], encryption: { password: 'x', spinCount: 10 } })
  expect(await codeOf(sealed)).toBe('spreadsheet.encrypted')
  const locked = Buffer.from(await small())
  locked.writeUInt16LE(1, locked.lastIndexOf('xl/workbook.xml') - 46 + 8)
  expect(await codeOf(locked)).toBe('spreadsheet.encrypted')
  const letter = pack(
    ['[Content_Types].xml', '_rels/.rels', 'word/document.xml'].map((name) => ({ name, data: Buffer.from('<a/>') })),
  )
  expect(await codeOf(letter)).toBe('spreadsheet.notAWorkbook')
})

test.each([
  ['xl/vbaProject.bin', 'spreadsheet.macros'],
  ['xl/macrosheets/sheet1.xml', 'spreadsheet.macros'],
  ['xl/externalLinks/externalLink1.xml', 'spreadsheet.externalLinks'],
  ['xl/connections.xml', 'spreadsheet.externalLinks'],
])('a workbook with %s is refused', async (part, code) => {
  expect(await codeOf(await workbookWith({ [part]: '<a/>' }))).toBe(code)
})

test('a document type, the seed of entity bombs, is refused in any part', async () => {
  const laughs = '<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><sst>&b;</sst>'
  expect(await codeOf(await workbookWith({ 'xl/sharedStrings.xml': laughs }))).toBe('spreadsheet.entities')
})

test('a formula that would start a program is refused, others come with what they computed', async () => {
  const program = await withSheet(`<row r="1"><c r="A1"><f>cmd|'/c calc'!A0</f><v>0</v></c></row>`)
  expect(await codeOf(program)).toBe('spreadsheet.externalLinks')
  const sum = await withSheet('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="e"><v>#N/A</v></c></row>')
  const { sheets } = await readWorkbook(sum)
  expect(sheets[0]?.rows[0]?.cells).toEqual([
    { text: '2', kind: 'number', formula: '1+1', stored: true },
    { text: '#N/A', kind: 'error' },
  ])
})

test('broken XML is damage, not an answer of half a file', async () => {
  expect(await codeOf(await workbookWith({ 'xl/sharedStrings.xml': '<sst><si><t>a</sst>' }))).toBe('spreadsheet.damaged')
  const halfASheet = '<worksheet><sheetData><row r="1"><c r="A1" '
  expect(await codeOf(await workbookWith({ 'xl/worksheets/sheet1.xml': halfASheet }))).toBe('spreadsheet.damaged')
})

test('limits are named: bytes, rows, columns, cells', async () => {
  const bytes = await writeXlsx({ sheets: [{ name: 'a', rows: Array.from({ length: 30 }, (_, i) => [i, i, i]) }] })
  expect(await refusal(bytes, { maxBytes: 1_000 })).toMatchObject({ code: 'spreadsheet.tooLarge', details: { what: 'bytes' } })
  expect((await refusal(bytes, { maxRows: 29 })).details).toEqual({ what: 'rows', limit: 29 })
  expect((await refusal(bytes, { maxColumns: 2 })).details).toEqual({ what: 'columns', limit: 2 })
  expect((await refusal(bytes, { maxCells: 89 })).details).toEqual({ what: 'cells', limit: 89 })
  expect((await readWorkbook(bytes, { maxRows: 30, maxColumns: 3, maxCells: 90 })).sheets[0]?.rows.length).toBe(30)
})

test('two far corners and a million empty cells neither fill the memory nor count', async () => {
  const first = '<row r="1"><c r="A1"><v>1</v></c></row>'
  expect(await codeOf(await withSheet(`${first}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>`))).toBe(
    'spreadsheet.tooLarge',
  )
  const empty = Array.from(
    { length: 500_000 },
    (_, i) => `<row r="${i + 2}"><c r="A${i + 2}" s="0"/><c r="B${i + 2}" s="0"/></row>`,
  )
  const { sheets } = await readWorkbook(await withSheet(first + empty.join('')))
  expect(sheets[0]?.rows).toEqual([{ row: 1, cells: [{ text: '1', kind: 'number' }] }])
})

test('a child that outgrows its memory or its time is ended, and the next file is read', async () => {
  const row = (n: number): string => `<row r="${n}"><c r="A${n}" t="inlineStr"><is><t>${n} 一些文字</t></is></c></row>`
  const large = await withSheet(Array.from({ length: 300_000 }, (_, i) => row(i + 1)).join(''))
  expect((await refusal(large, { memory: 4, maxRows: 1e6 })).details).toMatchObject({ what: 'memory' })
  expect(await refusal(large, { timeoutMs: 150 })).toEqual({ code: 'spreadsheet.tookTooLong', details: { seconds: 1 } })
  expect((await readWorkbook(await small())).sheets[0]?.rows.length).toBe(1)
})

test('long numbers, clock times, hidden and merged cells are told', async () => {
  const styles =
    '<styleSheet><numFmts count="1"><numFmt numFmtId="170" formatCode="h&quot;时&quot;mm&quot;分&quot;;@"/></numFmts>' +
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="31"/><xf numFmtId="22"/></cellXfs></styleSheet>'
  const columns = '<cols><col min="2" max="2" hidden="1"/></cols>'
  const row =
    '<row r="2" hidden="1"><c r="A2"><v>330102199001011234</v></c><c r="B2" s="1"><v>0.354166666666667</v></c>' +
    '<c r="C2" s="2"><v>43864</v></c><c r="D2" s="3"><v>43864.7083333333</v></c>' +
    '<c r="E2"><v>36.700000000000003</v></c><c r="G2" t="b"><v>1</v></c></row>'
  const sheet = sheetXml(`${columns}<sheetData>${row}</sheetData><mergeCells><mergeCell ref="E2:F2"/></mergeCells>`)
  const { sheets } = await readWorkbook(await workbookWith({ 'xl/styles.xml': styles, 'xl/worksheets/sheet1.xml': sheet }))
  const cells = [
    // The digits of a double: what stood there before is gone.
    { text: String(BigInt(Number('330102199001011234'))), kind: 'number', lossy: true },
    { text: '08:30', kind: 'time' },
    { text: '2020-02-03', kind: 'date' },
    { text: '2020-02-03T17:00', kind: 'datetime' },
    { text: '36.7', kind: 'number', merged: 'E2:F2' },
    { text: '', kind: 'blank', merged: 'E2:F2' },
    { text: 'TRUE', kind: 'boolean' },
  ]
  expect(sheets).toEqual([{ name: '表', hiddenColumns: [1], rows: [{ row: 2, hidden: true, cells }] }])
})

test('a file is read from its path too', async () => {
  const path = join(folder, '名册.xlsx')
  await writeFile(path, await small())
  expect((await readWorkbook(path)).sheets[0]?.name).toBe('表')
  await writeFile(join(folder, 'a.csv'), '甲,乙')
  expect((await readWorkbook(join(folder, 'a.csv'))).format).toBe('csv')
})

test('when too many come at once the rest are asked to come again', async () => {
  const bytes = await small()
  const outcomes = await Promise.allSettled(Array.from({ length: 14 }, () => readWorkbook(bytes)))
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
  const codes = refused.map(({ reason }) => (isProblem(reason) ? reason.code : String(reason)))
  expect(codes).toEqual(Array(4).fill('spreadsheet.tooManyAtOnce'))
})
