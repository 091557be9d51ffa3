// Codes and PINs without a database: how a typed code is read, and which PINs are refused.
import { expect, test } from 'vitest'
import { isWeak, lengths, letters, levelOf, spelledCode, type Known } from './model.ts'
import { randomCode } from './server/codes.ts'

const known: Known = {
  phones: ['13812345678', '0551-6628801'],
  birthDates: ['1960-05-06', '2015-11-23'],
  documents: ['340301196005060019'],
  rooms: ['1203', '桂园小区 3号楼 2单元 1203'],
}

test('the QR holds at least 60 random bits, the typed form fewer but is good once', () => {
  expect(lengths.qr * Math.log2(letters.length)).toBeGreaterThanOrEqual(60)
  expect(new Set(letters).size).toBe(32)
  const made = Array.from({ length: 2000 }, () => randomCode(lengths.qr))
  expect(new Set(made).size).toBe(2000)
  const counts = Map.groupBy(made.join(''), (letter) => letter)
  expect(counts.size).toBe(32)
  for (const [, those] of counts) expect(those.length).toBeGreaterThan(700)
})

test('a code is read as people type it, and nothing else is one', () => {
  expect(spelledCode(' 7k2m4-qx9tb ')).toBe('7K2M4QX9TB')
  expect(spelledCode('OIL00 abcde')).toBe('01100ABCDE')
  expect(spelledCode('７Ｋ２Ｍ４ＱＸ９ＴＢ')).toBe('7K2M4QX9TB')
  for (const no of ['', 'SHORT', '7K2M4QX9T', 'UUUUUUUUUU', '7K2M4-QX9T!', 'x'.repeat(40)])
    expect(spelledCode(no), no).toBeUndefined()
})

test('a PIN is no row, no repetition and nothing that papers or neighbours know', () => {
  const weak = [
    '000000',
    '123456',
    '654321',
    '890123',
    '121212',
    '123123',
    '112233',
    '123321',
    '345678',
    '812345',
    '628801',
    '600506',
    '060560',
    '050660',
    '196005',
    '196056',
    '151123',
    '201511',
    '060019',
    '120312',
    '001203',
    '120300',
    '321203',
  ]
  for (const pin of weak) expect(isWeak(pin, known), pin).toBe(true)
  for (const pin of ['402857', '739150', '918264', '250731']) expect(isWeak(pin, known), pin).toBe(false)
  expect(isWeak('600506', { ...known, birthDates: [], documents: [] })).toBe(false)
})

test('an objection goes to where the deciding body stands', () => {
  expect(levelOf('样例区疾控中心')).toBe('district')
  expect(levelOf('样例区人民政府')).toBe('district')
  expect(levelOf('样例街道办事处')).toBe('subdistrict')
  expect(levelOf('青河镇人民政府')).toBe('subdistrict')
})
