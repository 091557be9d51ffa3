// csv: what we write, and the encodings in which offices send it.
import iconv from 'iconv-lite'
import { expect, test } from 'vitest'
import { writeCsv } from './csv.ts'
import { readWorkbook } from './read.ts'
import { encodingOf, recordsOf } from './text-file.ts'

const table = [
  ['姓名', '电话', '备注'],
  ['张𬭎', '013800000000', '有,逗号"引号"\n换行'],
  ['䶮', '', '2℃'],
]
const plainCsv = table.map((row) => row.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')).join('\r\n')

const rowsOf = (bytes: Uint8Array): string[][] => [...recordsOf(bytes, encodingOf(bytes)!)]

const traps = ['=1+1', '+86', '-5', '@a', '\ta', '\ra', '|a', "'=1", "''=1", "'正常", '普通']

test.each(traps)('%j is not run by a spreadsheet and comes back the same', (text) => {
  const bytes = writeCsv(['值'], [[text]])
  const written = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  expect(written.startsWith('\ufeff值\r\n')).toBe(true)
  const field = written.slice(4).replace(/^"/, '')
  expect(/^[=+\-@\t\r|]/.test(field)).toBe(false)
  expect(rowsOf(bytes)[1]).toEqual([text])
})

test('0 is 0, nothing is empty, numbers are not guarded', () => {
  expect(new TextDecoder().decode(writeCsv(['a', 'b', 'c'], [[0, null, -1.5]]))).toBe('a,b,c\r\n0,,-1.5')
})

test.each([
  ['utf-8', Buffer.from(plainCsv)],
  ['utf-8', Buffer.from('\ufeff' + plainCsv)],
  ['gb18030', iconv.encode(plainCsv, 'gb18030')],
  ['utf-16le', iconv.encode(plainCsv, 'utf-16le', { addBOM: true })],
  ['utf-16be', iconv.encode(plainCsv, 'utf-16be', { addBOM: true })],
  ['utf-16le', iconv.encode(plainCsv, 'utf-16le')],
] as const)('%s is recognised and read exactly', (encoding, bytes) => {
  expect(encodingOf(bytes)).toBe(encoding)
  expect(rowsOf(bytes)).toEqual(table)
})

test('a csv file reads like a workbook of one sheet, and worn-out numbers are marked', async () => {
  const bytes = iconv.encode('姓名;证件\n张三;3.30102E+17\n\n李四;330102199001011234', 'gb18030')
  const { format, sheets } = await readWorkbook(bytes, { name: '名册.CSV' })
  expect(format).toBe('csv')
  expect(sheets[0]?.rows.map(({ row }) => row)).toEqual([1, 2, 4])
  expect(sheets[0]?.rows[1]?.cells[1]).toEqual({ text: '3.30102E+17', kind: 'text', lossy: true })
  expect(sheets[0]?.rows[2]?.cells[1]).toEqual({ text: '330102199001011234', kind: 'text' })
})
