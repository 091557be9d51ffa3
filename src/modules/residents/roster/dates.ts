// Birth dates as rosters write them. A day that is not written is never made up.
import type { Day } from '#core/dates.ts'
import type { Said } from '#server/imports/understand/model.ts'

/** Why there is no day, or only a guessed one. */
export type DateFault =
  'lunar' | 'monthOnly' | 'yearOnly' | 'age' | 'future' | 'tooOld' | 'noSuchDay' | 'unreadable' | 'dayOrMonth' | 'century'
/** `day` with fault `century` is a guess: the year was written with two digits. */
export type DateRead = { readonly day: Day | null; readonly fault?: DateFault }

const nothing: DateRead = { day: null }
const none = /^(无|不详|未知|没有|空|暂无|待补|不清楚|n\/?a|null|none|unknown|[-—–/\\.·*_]+)$/i
const numerals = '〇一二三四五六七八九'
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
/** Nobody is older; nobody is born after today. */
const oldest = 120

/** The day that a cell names, read as of `today`. */
export function readDate(said: Pick<Said, 'text' | 'kind'> | undefined, today: Day): DateRead {
  if (!said) return nothing
  const raw = said.text.trim()
  if (raw === '' || none.test(raw)) return nothing
  if (said.kind === 'date' || said.kind === 'datetime') return checked(raw.slice(0, 10), today)
  if (said.kind === 'time') return { day: null, fault: 'unreadable' }
  return fromText(raw, today)
}

function fromText(raw: string, today: Day): DateRead {
  if (/农历|阴历|旧历|\(农\)|（农）|正月|腊月|冬月|闰|初[一二三四五六七八九十]|廿|卅/.test(raw))
    return { day: null, fault: 'lunar' }
  const words = raw
    .normalize('NFKC')
    .toLowerCase()
    .replace(/公历|阳历|新历|出生于|出生|生于|生日|[(（]公[)）]|[’'`"]|^:|[。.,]+$/g, '')
    .replace(/生$/, '')
    .replace(/元月/, '1月')
    .replace(/(星期|礼拜|周)[一二三四五六日天]/, '')
    .trim()
  if (/^\d{1,3}\s*(周?岁|多岁|个月|月龄|岁多|岁半|天)/.test(words)) return { day: null, fault: 'age' }
  const plain = chineseDigits(words)
    .replace(/^(mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.\s]+/, '')
    .replace(/(\d)\s*(t|\s)\s*\d{1,2}:\d{2}(:\d{2})?(\.\d+)?\s*(am|pm|z|gmt.*|[+-]\d.*)?$/, '$1')
    .replace(/(上午|下午).*$/, '')
    .trim()
  return fromDigits(plain, today) ?? fromParts(plain, today) ?? fromEnglish(plain, today) ?? { day: null, fault: 'unreadable' }
}

/** 一九九〇年一月三十一日 → 1990年1月31日. */
function chineseDigits(words: string): string {
  return words
    .replace(/[零oО○〇]/g, (sign) => (/[零○〇]/.test(sign) ? '〇' : sign))
    .replace(/[〇一二三四五六七八九十]+/g, (said) => {
      if (!said.includes('十')) return [...said].map((sign) => numerals.indexOf(sign)).join('')
      const [tens, ones] = said.split('十')
      return String((tens ? numerals.indexOf(tens) : 1) * 10 + (ones ? numerals.indexOf(ones) : 0))
    })
}

/** Digits alone: a day, a month, a year, or the number by which a spreadsheet keeps a day. */
function fromDigits(words: string, today: Day): DateRead | undefined {
  const digits = /^(\d+)(\.0+)?$/.exec(words)?.[1]
  if (digits === undefined) {
    const serial = /^(\d{5})\.\d+$/.exec(words)?.[1]
    return serial ? fromSerial(Number(serial), today) : undefined
  }
  const year = Number(today.slice(0, 4))
  if (digits.length === 14 || digits.length === 12) return full(digits.slice(0, 4), digits.slice(4, 6), digits.slice(6, 8), today)
  if (digits.length === 8) return fromEight(digits, today)
  if (digits.length === 6) return fromSix(digits, today)
  if (digits.length === 5) return fromSerial(Number(digits), today)
  if (digits.length === 4 && Number(digits) >= 1900 && Number(digits) <= year) return { day: null, fault: 'yearOnly' }
  if (digits.length <= 3 && Number(digits) <= oldest) return { day: null, fault: 'age' }
  return { day: null, fault: 'unreadable' }
}

function fromEight(digits: string, today: Day): DateRead {
  const usual = full(digits.slice(0, 4), digits.slice(4, 6), digits.slice(6), today)
  if (usual.day || /^(19|20)/.test(digits)) return usual
  return { day: null, fault: 'unreadable' }
}

/** 199001 is a month, 900131 a day of a year of two digits; where both could be, neither is. */
function fromSix(digits: string, today: Day): DateRead {
  const [year, month] = [Number(digits.slice(0, 4)), Number(digits.slice(4))]
  const isMonth = year >= 1900 && year <= Number(today.slice(0, 4)) && month >= 1 && month <= 12
  const short = shortYear(digits.slice(0, 2), digits.slice(2, 4), digits.slice(4), today)
  if (isMonth) return { day: null, fault: 'monthOnly' }
  return short.day ? short : { day: null, fault: 'unreadable' }
}

function fromSerial(serial: number, today: Day): DateRead {
  const day = Temporal.PlainDate.from('1899-12-30').add({ days: serial }).toString()
  return day <= today && serial >= 3_000 ? checked(day, today) : { day: null, fault: 'unreadable' }
}

const apart = String.raw`\s*[-/.．。_、,，年月日\\~—–·\s]+\s*`
const three = new RegExp(`^(\\d{1,4})${apart}(\\d{1,4})${apart}(\\d{1,4})\\s*[日号]?$`)
const two = new RegExp(`^(\\d{1,4})${apart}(\\d{1,2})\\s*月?(份)?$`)

function fromParts(words: string, today: Day): DateRead | undefined {
  const parts = three.exec(words)
  if (parts) return fromThree(parts[1]!, parts[2]!, parts[3]!, words, today)
  const [, first, second] = two.exec(words) ?? []
  if (first !== undefined && second !== undefined) {
    // 82.7 and 80年5月 name a month; 5.6 may be anything.
    const isMonth =
      first.length === 4 || (Number(first) > 12 && first.length === 2 && Number(second) >= 1 && Number(second) <= 12)
    return { day: null, fault: isMonth ? 'monthOnly' : 'unreadable' }
  }
  const glued = /^(\d{4})年(\d{2})(\d{2})$/.exec(words)
  if (glued) return full(glued[1]!, glued[2]!, glued[3]!, today)
  if (/^(19|20)\d{2}\s*年?(左右|前后)?$|^\d{2}\s*年(左右)?$|^\d{2}后$|^约?\d{4}年?$/.test(words))
    return { day: null, fault: 'yearOnly' }
  return undefined
}

function fromThree(a: string, b: string, c: string, words: string, today: Day): DateRead {
  if (a.length === 4) return full(a, b, c, today)
  if (a.length > 2 || b.length > 2) return { day: null, fault: 'unreadable' }
  const [first, second] = [Number(a), Number(b)]
  if (c.length === 4) {
    if (first > 12 || first === second) return full(c, b, a, today)
    if (second > 12) return full(c, a, b, today)
    return { day: null, fault: 'dayOrMonth' }
  }
  if (c.length > 2) return { day: null, fault: 'unreadable' }
  const inOrder = shortYear(a, b, c, today)
  const last = Number(c)
  // 31/1/90: the year stands last where only there it can be one.
  if (words.includes('/') && last > 31) {
    if (first > 12) return shortYear(c, b, a, today)
    return second > 12 ? shortYear(c, a, b, today) : { day: null, fault: 'dayOrMonth' }
  }
  return inOrder.day || inOrder.fault === 'future' ? inOrder : { day: null, fault: 'noSuchDay' }
}

function fromEnglish(words: string, today: Day): DateRead | undefined {
  const monthOf = (name: string) => String(months.indexOf(name.slice(0, 3)) + 1)
  const gap = String.raw`[\s,./-]*`
  const name = `(${months.join('|')})[a-z]*`
  const dayFirst = new RegExp(`^(\\d{1,2})(?:st|nd|rd|th)?${gap}${name}${gap}(\\d{4}|\\d{2})$`).exec(words)
  if (dayFirst) return either(dayFirst[3]!, monthOf(dayFirst[2]!), dayFirst[1]!, today)
  const monthFirst = new RegExp(`^${name}${gap}(\\d{1,2})(?:st|nd|rd|th)?[\\s,./-]+(\\d{4}|\\d{2})$`).exec(words)
  if (monthFirst) return either(monthFirst[3]!, monthOf(monthFirst[1]!), monthFirst[2]!, today)
  if (new RegExp(`^${name}${gap}\\d{2,4}$|^\\d{4}${gap}${name}$`).test(words)) return { day: null, fault: 'monthOnly' }
  const yearFirst = new RegExp(`^(\\d{4})${gap}${name}${gap}(\\d{1,2})$`).exec(words)
  return yearFirst ? full(yearFirst[1]!, monthOf(yearFirst[2]!), yearFirst[3]!, today) : undefined
}

const either = (year: string, month: string, day: string, today: Day): DateRead =>
  year.length === 4 ? full(year, month, day, today) : shortYear(year, month, day, today)

const full = (year: string, month: string, day: string, today: Day): DateRead => {
  if (year.length !== 4) return { day: null, fault: 'unreadable' }
  if (Number(day) === 0 && Number(month) >= 1 && Number(month) <= 12) return { day: null, fault: 'monthOnly' }
  return checked(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`, today)
}

/** The later century where somebody could be born in it already, else the one before. */
function shortYear(year: string, month: string, day: string, today: Day): DateRead {
  for (const century of [20, 19]) {
    const read = full(`${century}${year.padStart(2, '0')}`, month, day, today)
    if (read.day) return { day: read.day, fault: 'century' }
  }
  return { day: null, fault: 'noSuchDay' }
}

function checked(day: string, today: Day): DateRead {
  try {
    Temporal.PlainDate.from(day, { overflow: 'reject' })
  } catch {
    return { day: null, fault: 'noSuchDay' }
  }
  if (day > today) return { day: null, fault: 'future' }
  if (day < '1900-01-01') return { day: null, fault: 'tooOld' }
  return { day }
}

/** How a birth date looks; the values of a column without a head are asked. */
export const looksLikeDate = (said: string): boolean => isWritten(said.replace(/^['’‘`]/, ''))

const isWritten = (text: string): boolean =>
  /^(18|19|20)\d{2}\s*[-/.年]\s*\d{1,2}(\s*[-/.月]\s*\d{1,2}\s*日?)?([T\s]\d{1,2}:\d{2}.*)?$/.test(text) ||
  /^(19|20)\d{2}(0\d|1[0-2])([0-2]\d|3[01])$/.test(text)
