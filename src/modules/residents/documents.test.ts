// Document numbers against published vectors, and a reason for every failure.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { complaints } from '#core/complaints.ts'
import { checkDigit, idCardFault, idFault, idFaults, spelled, to18, toldBy, type IdFault, type IdType } from './documents.ts'
import { completed, dialled, PersonEntry } from './model.ts'

const today = '2026-03-02'
const vectors = readFileSync(`${import.meta.dirname}/fixtures/id_vectors.csv`, 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => /^([^,]*),([^,]*),("[^"]*"|[^,]*),/.exec(line)!.slice(1) as [string, string, string])

/** What the list says is wrong, in our words. */
const named: [RegExp, IdFault][] = [
  [/check digit/, 'checkDigit'],
  [/date/, 'birthDate'],
  [/characters/, 'characters'],
  [/area/, 'division'],
]

test.each(vectors)('%s is %s (%s)', (number, verdict, note) => {
  const fault = idCardFault(number, today)
  if (verdict === 'invalid') expect(fault).toBe(named.find(([seen]) => seen.test(note))![1])
  else expect(fault).toBeUndefined()
  if (verdict === 'valid15') expect(spelled('idCard', number)).toBe(/= (\w+)/.exec(note)![1])
})

test.each<[string, string, IdFault | undefined]>([
  ['a small x', '11010519491231002x', undefined],
  ['one digit short', '1101051949123100', 'length'],
  ['nothing', '', 'length'],
  ['a letter inside', '11010519491231O02X', 'characters'],
  ['X not at the end', '1101051949X231002X', 'characters'],
  ['X at the end of fifteen', '33050288070244X', 'characters'],
  ['no such province', '990105194912310021', 'division'],
  ['a county 00', '110100194912310021', 'division'],
  ['30 February', '110105194902300021', 'birthDate'],
  ['month 13', '110105194913310021', 'birthDate'],
  ['29 February of no leap year', '110105190002290021', 'birthDate'],
  ['160 years old', '110105186612310021', 'birthDate'],
  ['born tomorrow', '110105202603030021', 'future'],
  ['a wrong check digit', '110105194912310021', 'checkDigit'],
])('%s', (_, number, fault) => expect(idCardFault(number, today)).toBe(fault))

test('a number with one digit exchanged is always noticed', () => {
  const good = '11010519491231002X'
  for (let at = 0; at < 17; at++) {
    for (let digit = 0; digit < 10; digit++) {
      if (String(digit) !== good[at]) expect(idCardFault(good.slice(0, at) + digit + good.slice(at + 1), today)).toBeDefined()
    }
  }
})

const permit = (division: string) => {
  const digits = `${division}19900101001`
  return digits + checkDigit(digits)
}
test.each<[IdType, string, IdFault | undefined]>([
  ['residencePermit', permit('810000'), undefined],
  ['residencePermit', permit('830000'), undefined],
  ['residencePermit', '11010519491231002X', 'division'],
  ['residencePermit', '81000019900101', 'length'],
  ['passport', 'E12345678', undefined],
  ['passport', 'E1', 'shape'],
  ['hkMacaoPermit', 'H12345678', undefined],
  ['hkMacaoPermit', 'M1234567890', undefined],
  ['hkMacaoPermit', '12345678', 'shape'],
  ['taiwanPermit', '12345678', undefined],
  ['taiwanPermit', 'T1234', 'shape'],
  ['foreignerResidence', 'USA110023456789', undefined],
  ['foreignerResidence', '911010199001010010', undefined],
  ['foreignerResidence', 'USA1', 'shape'],
  ['none', 'anything', undefined],
])('%s %s', (type, number, fault) => expect(idFault(type, number, today)).toBe(fault))

test('old cards become new numbers, centenarians too', () => {
  expect(to18('330502880702447')).toBe('33050219880702447X')
  expect(to18('330502880702997').slice(6, 10)).toBe('1888')
})

test('a number tells birth date and sex', () => {
  expect(toldBy('idCard', '11010519491231002X')).toEqual({ birthDate: '1949-12-31', sex: 'female' })
  expect(toldBy('passport', 'E12345678')).toBeUndefined()
  expect(
    completed(PersonEntry.parse({ name: '王芳', relation: 'head', idType: 'idCard', idNumber: ' 11010519491231002x ' })),
  ).toMatchObject({ idNumber: '11010519491231002X', birthDate: '1949-12-31', sex: 'female' })
})

test('every fault has its sentence, and no sentence repeats the number', () => {
  const entry = (more: object) => complaints(PersonEntry, { name: '王芳', relation: 'head', ...more })
  expect(entry({ idType: 'idCard', idNumber: '110105194912310021' })).toEqual({ idNumber: idFaults.checkDigit })
  expect(Object.keys(entry({ idType: 'idCard', idNumber: '11010519491231002X', birthDate: '1950-01-01', sex: 'male' }))).toEqual([
    'birthDate',
    'sex',
  ])
  expect(Object.keys(entry({ idNumber: '11010519491231002X' }))).toEqual(['idType'])
  expect(entry({})).toEqual({})
  for (const { zh, en } of Object.values(idFaults)) expect(`${zh}${en}`).not.toMatch(/\d{6}/)
})

test.each([
  ['138 0013 8000', '13800138000'],
  ['+86 138-0013-8000', '13800138000'],
  ['８６13800138000', '13800138000'],
  ['0571-88886666', '057188886666'],
  ['+33612345678', '+33612345678'],
])('%s is dialled %s', (typed, plain) => {
  expect(dialled(typed)).toBe(plain)
  expect(complaints(PersonEntry, { name: '王芳', relation: 'head', phone: typed })).toEqual({})
})
test.each(['12345678901', '1380013800', 'abc', '138001380001'])('%s is no phone', (typed) =>
  expect(Object.keys(complaints(PersonEntry, { name: '王芳', relation: 'head', phone: typed }))).toEqual(['phone']),
)
