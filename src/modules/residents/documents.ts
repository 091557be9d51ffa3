// Identity documents: which kinds there are, how a number is spelled one way, and what exactly is wrong with one.
import { choice } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import type { Day } from '#core/dates.ts'
import { z } from 'zod'

/** Kinds of documents. `none`: the person has none (an infant, a person without papers); `notRecorded`: nobody has asked yet. */
export const IdType = choice({
  idCard: text('居民身份证', 'Resident identity card'),
  passport: text('护照', 'Passport'),
  hkMacaoPermit: text('港澳居民来往内地通行证', 'Mainland travel permit for Hong Kong and Macao residents'),
  taiwanPermit: text('台胞证', 'Mainland travel permit for Taiwan residents'),
  residencePermit: text('港澳台居民居住证', 'Residence permit for Hong Kong, Macao and Taiwan residents'),
  foreignerResidence: text('外国人永居证', 'Foreign permanent resident card'),
  none: text('无证件', 'No document'),
  notRecorded: text('未登记', 'Not recorded'),
})
export type IdType = z.infer<typeof IdType>

/** Kinds that come with a number. */
export const hasNumber = (type: IdType): boolean => type !== 'none' && type !== 'notRecorded'

/** What is wrong with a number, the first fault found from the outside in. */
export type IdFault = 'length' | 'characters' | 'division' | 'birthDate' | 'future' | 'checkDigit' | 'shape'

export const idFaults: Record<IdFault, Text> = {
  length: text(
    '证件号码位数不对：居民身份证应为 18 位（旧证 15 位），请对照证件重填',
    'Wrong number of digits: 18 are expected (15 on old cards). Compare it with the card',
  ),
  characters: text(
    '证件号码里有不该出现的字符：只能是数字，最后一位可以是 X，请对照证件重填',
    'Only digits belong here, and an X at the end. Compare it with the card',
  ),
  division: text(
    '证件号码的前 6 位不是行政区划的形式，请对照证件重填',
    'The first six digits are no division code. Compare them with the card',
  ),
  birthDate: text(
    '证件号码里的出生日期不存在，请核对第 7 位起的数字',
    'The birth date in the number does not exist. Check the digits from the seventh on',
  ),
  future: text(
    '证件号码里的出生日期还没有到，请核对第 7 位起的数字',
    'The birth date in the number lies in the future. Check the digits from the seventh on',
  ),
  checkDigit: text(
    '证件号码的校验位不符，多半有一位填错，请逐位核对',
    'The check digit does not fit: one digit is probably wrong. Compare them one by one',
  ),
  shape: text('证件号码的格式与证件类型不符，请核对证件类型和号码', 'The number does not fit this kind of document. Check both'),
}

/** One spelling of a number: full-width forms and spaces gone, letters large, a 15-digit card number as its 18 digits. */
export function spelled(type: IdType, value: string): string {
  const plain = value.normalize('NFKC').replaceAll(/[\s-]/g, '').toUpperCase()
  return type === 'idCard' && /^\d{15}$/.test(plain) ? to18(plain) : plain
}

// GB 11643-1999: weights of the first 17 digits; the sum modulo 11 picks the check character.
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const checkCharacters = '10X98765432'

/** The check character for the first 17 digits. */
export const checkDigit = (digits: string): string =>
  checkCharacters[weights.reduce((sum, weight, i) => sum + weight * Number(digits[i]), 0) % 11]!

/** A 15-digit number of before 1999 as 18 digits. Sequences from 996 on were given to people born in the century before. */
export function to18(old: string): string {
  const century = Number(old.slice(12)) >= 996 ? '18' : '19'
  const digits = old.slice(0, 6) + century + old.slice(6)
  return digits + checkDigit(digits)
}

/** First two digits of a division: GB/T 2260, the provinces and what is equal to them. */
const provinces = new Set([
  '11',
  '12',
  '13',
  '14',
  '15',
  '21',
  '22',
  '23',
  '31',
  '32',
  '33',
  '34',
  '35',
  '36',
  '37',
  '41',
  '42',
  '43',
  '44',
  '45',
  '46',
  '50',
  '51',
  '52',
  '53',
  '54',
  '61',
  '62',
  '63',
  '64',
  '65',
  '71',
  '81',
  '82',
  '83',
])
/** Municipalities under the central government: below them stand only 01 districts, 02 counties, 03 towns. */
const municipalities = new Set(['11', '12', '31', '50'])
/** First six digits of the residence permit for residents of Hong Kong, Macao and Taiwan. */
const permitDivisions = new Set(['810000', '820000', '830000'])
/** The standard's own example was born in 1880. */
const oldestAge = 150

function hasDivisionShape(code: string): boolean {
  if (permitDivisions.has(code)) return true
  const [province, city] = [code.slice(0, 2), Number(code.slice(2, 4))]
  return provinces.has(province) && city > 0 && code.slice(4) !== '00' && (!municipalities.has(province) || city <= 3)
}

/**
 * What is wrong with the number of a resident identity card, or undefined. Takes 18 characters (x or X) and the 15 digits of old cards.
 * GB 11643-1999. `today` is a civil day: nobody is born after it.
 */
export function idCardFault(value: string, today: Day): IdFault | undefined {
  const number = value.toUpperCase()
  if (!/^[0-9]*[0-9X]?$/.test(number)) return 'characters'
  if (number.length !== 18 && number.length !== 15) return 'length'
  if (number.length === 15 && number.endsWith('X')) return 'characters'
  const full = number.length === 15 ? to18(number) : number
  if (!hasDivisionShape(full.slice(0, 6))) return 'division'
  const born = bornIn(full)
  if (!born || Number(born.slice(0, 4)) < Number(today.slice(0, 4)) - oldestAge) return 'birthDate'
  if (born > today) return 'future'
  return checkDigit(full) === full[17] ? undefined : 'checkDigit'
}

/** The birth date that an 18-digit number names; undefined where there is no such day. */
function bornIn(full: string): Day | undefined {
  const [year, month, day] = [full.slice(6, 10), full.slice(10, 12), full.slice(12, 14)]
  const said = `${year}-${month}-${day}`
  return z.iso.date().safeParse(said).success && Number(year) > 1000 ? said : undefined
}

// Shapes as printed on the documents; a passport's number is each state's own affair.
const shapes: Partial<Record<IdType, RegExp>> = {
  passport: /^[A-Z0-9]{5,20}$/,
  hkMacaoPermit: /^[HM]\d{8}(\d{2})?$/,
  taiwanPermit: /^(\d{8}|\d{10}[A-Z]?)$/,
  foreignerResidence: /^([A-Z]{3}\d{12}|9\d{16}[0-9X])$/,
}

/** What is wrong with a number of that kind, as `spelled` writes it; undefined where nothing is. */
export function idFault(type: IdType, number: string, today: Day): IdFault | undefined {
  if (type === 'idCard') return idCardFault(number, today)
  if (type === 'residencePermit') {
    return permitDivisions.has(number.slice(0, 6)) || number.length !== 18 ? idCardFault(number, today) : 'division'
  }
  const shape = shapes[type]
  return shape && !shape.test(number) ? 'shape' : undefined
}

/** Birth date and sex that a number names; undefined for a document that names none. */
export function toldBy(type: IdType, number: string): { birthDate: Day; sex: 'male' | 'female' } | undefined {
  if ((type !== 'idCard' && type !== 'residencePermit') || number.length !== 18) return undefined
  const birthDate = bornIn(number)
  return birthDate ? { birthDate, sex: Number(number[16]) % 2 === 1 ? 'male' : 'female' } : undefined
}
