// Identity numbers and telephones as lists write them: whole, masked, their last digits; and how two of them agree.
import { checkDigit, to18 } from '../documents.ts'
import { edits, nearlySame } from './sounds.ts'

/** `digits`: what is known, `*` for what is hidden; `whole`: nothing is. `sound`: the check digit bears a whole number out. */
export type IdForm = { readonly digits: string; readonly whole: boolean; readonly sound: boolean }
export type IdLevel = 'unknown' | 'same' | 'near' | 'sameBirth' | 'other' | 'partFits' | 'partNear' | 'partOther'

const hidden = /[*＊xX×●○•#?]{2,}/g

/** The number of a cell; undefined where it says none. 15 digits become 18, four or six digits are the last ones. */
export function readIdForm(raw: string): IdForm | undefined {
  const said = raw
    .normalize('NFKC')
    .toUpperCase()
    .replace(/^['’]/, '')
    .replace(/(尾号|后四位|后六位|后4位|后6位)[::]?/g, '')
    .replaceAll(/[\s-]/g, '')
  const plain = said.replace(hidden, (signs) => '*'.repeat(signs.length))
  if (/^\d{17}[\dX]$/.test(plain)) return { digits: plain, whole: true, sound: checkDigit(plain) === plain[17] }
  if (/^\d{15}$/.test(plain)) return { digits: to18(plain), whole: true, sound: true }
  if (/^\d{3}[\dX]$|^\d{5}[\dX]$/.test(plain)) return { digits: plain.padStart(18, '*'), whole: false, sound: false }
  const parts = /^(\d*)\*+(\d*[\dX]?)$/.exec(plain)
  if (parts && parts[1]!.length + parts[2]!.length >= 4 && parts[1]!.length <= 14 && parts[2]!.length <= 14) {
    return {
      digits: parts[1]! + '*'.repeat(Math.max(0, 18 - parts[1]!.length - parts[2]!.length)) + parts[2]!,
      whole: false,
      sound: false,
    }
  }
  if (/^\d{16,19}[\dX]$/.test(plain) || /^[A-Z]{1,3}\d{6,12}$/.test(plain)) return { digits: plain, whole: true, sound: false }
  return undefined
}

export function compareIds(a: IdForm | undefined, b: IdForm | undefined): IdLevel {
  if (!a || !b) return 'unknown'
  if (a.whole && b.whole) {
    if (a.digits === b.digits) return 'same'
    // Two numbers that both check out and differ in one place are two numbers.
    const apart = edits(a.digits, b.digits)
    if (apart <= 2 && !(a.sound && b.sound)) return 'near'
    return a.digits.slice(6, 14) === b.digits.slice(6, 14) ? 'sameBirth' : 'other'
  }
  return partly(a.digits, b.digits)
}

function partly(a: string, b: string): IdLevel {
  if (a.length !== b.length) return 'unknown'
  let [known, wrong] = [0, 0]
  for (let i = 0; i < a.length; i++) {
    if (a[i] === '*' || b[i] === '*') continue
    known++
    if (a[i] !== b[i]) wrong++
  }
  if (known < 3 || a.endsWith('**') || b.endsWith('**')) return 'unknown'
  if (wrong === 0) return 'partFits'
  if (wrong === 1 || nearlySame(a.slice(-4), b.slice(-4))) return 'partNear'
  return 'partOther'
}

/** `whole`: a number that can be dialled or was meant to be one. */
export type PhoneForm = { readonly digits: string; readonly whole: boolean }
export type PhoneLevel = 'unknown' | 'same' | 'near' | 'other' | 'partFits' | 'partOther'

/** All numbers of a cell. Masked ones keep `*`; four digits alone are the last ones. */
export function readPhoneForms(raw: string): PhoneForm[] {
  if (/\de\+\d/i.test(raw)) return []
  const said = raw
    .normalize('NFKC')
    .replace(/[●○•×＊#]|(?<=[\d*])[xX](?=[xX*\d])/g, '*')
    .replace(/(?<=\*)[xX]/g, '*')
  const forms = said.split(/[/、;,|\n或和&]|\s{2,}/).flatMap((piece) => {
    const plain = piece
      .replace(/(尾号|后四位|手机|电话|座机)[::]?/g, '')
      .replace(/转\d+$/, '')
      .replaceAll(/[^\d*]/g, '')
      .replace(/^0*86(?=1[3-9])/, '')
      .replace(/^0(?=1[3-9]\d{9}$)/, '')
    if (plain.includes('*')) {
      const parts = /^(\d*)\*+(\d*)$/.exec(plain)
      if (!parts || parts[1]!.length + parts[2]!.length < 4 || parts[2]!.length < 2) return []
      return [
        {
          digits: parts[1]!.slice(0, 7) + '*'.repeat(Math.max(1, 11 - parts[1]!.length - parts[2]!.length)) + parts[2]!,
          whole: false,
        },
      ]
    }
    if (/^\d{4}$/.test(plain)) return [{ digits: `*******${plain}`, whole: false }]
    if (/^(\d)\1{6,}$/.test(plain)) return []
    if (plain.length === 22 && /^1[3-9]/.test(plain))
      return [plain.slice(0, 11), plain.slice(11)].map((digits) => ({ digits, whole: true }))
    return plain.length >= 7 && plain.length <= 13 ? [{ digits: plain, whole: true }] : []
  })
  return forms.length > 1 ? [...new Map(forms.map((form) => [form.digits, form])).values()] : forms
}

const phoneOrder: readonly PhoneLevel[] = ['same', 'partFits', 'near', 'other', 'partOther', 'unknown']

/** The best that any two of their numbers say. */
export function comparePhones(a: readonly PhoneForm[], b: readonly PhoneForm[]): PhoneLevel {
  if (a.length === 0 || b.length === 0) return 'unknown'
  if (a.length === 1 && b.length === 1) return comparePhone(a[0]!, b[0]!)
  let best: PhoneLevel = 'unknown'
  for (const one of a) {
    for (const other of b) {
      const level = comparePhone(one, other)
      if (phoneOrder.indexOf(level) < phoneOrder.indexOf(best)) best = level
    }
  }
  return best
}

function comparePhone(a: PhoneForm, b: PhoneForm): PhoneLevel {
  if (a.whole && b.whole) {
    if (a.digits === b.digits) return 'same'
    if (
      a.digits.length >= 7 &&
      b.digits.length >= 7 &&
      a.digits.length < 9 !== b.digits.length < 9 &&
      (a.digits.endsWith(b.digits) || b.digits.endsWith(a.digits))
    )
      return 'same'
    return nearlySame(a.digits, b.digits) ? 'near' : 'other'
  }
  const [one, other] = [a.digits, b.digits]
  const shift = one.length - other.length
  for (let i = Math.max(0, shift); i < one.length; i++) {
    const [mine, theirs] = [one[i]!, other[i - shift]!]
    if (mine !== '*' && theirs !== '*' && mine !== theirs) return 'partOther'
  }
  return 'partFits'
}
