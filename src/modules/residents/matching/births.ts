// When somebody was born, as far as a row says: a day, a month, a year, or an age at a time that the file does not name.
import { readDate } from '../roster/dates.ts'
import type { Day } from '#core/dates.ts'

/** Month and day are 0 where they are not said. `age`: years said in place of a date; `year` is then 0 until the list's own year is known. */
export type Birth = { readonly year: number; readonly month: number; readonly day: number; readonly age?: number }
export type BirthLevel =
  | 'unknown'
  | 'same'
  | 'slip'
  | 'sameYear'
  | 'near'
  | 'far'
  | 'other'
  | 'yearFits'
  | 'yearNear'
  | 'yearFar'
  | 'yearOther'
  | 'generation'

const numeral = '零一二三四五六七八九'

/** 62, 62岁, 62周岁, 六十二, 8个月; undefined where there is no age. */
export function readAge(raw: string): number | undefined {
  const said = raw
    .normalize('NFKC')
    .replaceAll(/\s/g, '')
    .replace(/^(约|大约|虚岁?|周岁)/, '')
    .replace(/(\.\d+)?(周岁|虚岁|岁多|多岁|岁半|岁|左右|多)*$/, '')
  if (/^\d{1,2}(个月|月|天)/.test(said)) return 0
  const ten = /^([一二三四五六七八九])?十([一二三四五六七八九])?$/.exec(said)
  if (ten) return (ten[1] ? numeral.indexOf(ten[1]) : 1) * 10 + (ten[2] ? numeral.indexOf(ten[2]) : 0)
  return /^\d{1,3}$/.test(said) && Number(said) <= 120 ? Number(said) : undefined
}

/** A cell of a column of birth dates, which may also hold an age, a year or a month. `today`: nobody is born after it. */
export function readBirth(raw: string, today: Day): Birth | undefined {
  const said = raw
    .normalize('NFKC')
    .replace(/\(.*\)/, '')
    .trim()
  if (said === '') return undefined
  if (/岁|月龄|个月/.test(said) || /^\d{1,3}$/.test(said) || /^[一二三四五六七八九]?十[一二三四五六七八九]?$/.test(said))
    return ofAge(readAge(said))
  const plain = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?/.exec(said) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(said)
  if (plain) return dated(Number(plain[1]), Number(plain[2]), Number(plain[3]), today)
  const month = /^(\d{4})[-/.年](\d{1,2})月?$/.exec(said) ?? /^((?:19|20)\d{2})(0[1-9]|1[0-2])$/.exec(said)
  if (month) return dated(Number(month[1]), Number(month[2]), 0, today)
  const year = /^((?:19|20)\d{2})年?(生|出生)?$/.exec(said) ?? /^(\d{2})年(生|出生)?$/.exec(said)
  if (year)
    return dated(
      year[1]!.length === 2 ? (Number(year[1]) > Number(today.slice(2, 4)) ? 1900 : 2000) + Number(year[1]) : Number(year[1]),
      0,
      0,
      today,
    )
  const { day } = readDate({ text: said, kind: 'text' } as never, today)
  return day ? dated(Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8, 10)), today) : undefined
}

export const ofAge = (age: number | undefined): Birth | undefined =>
  age === undefined ? undefined : { year: 0, month: 0, day: 0, age }

const dated = (year: number, month: number, day: number, today: Day): Birth | undefined =>
  year < 1890 || year > Number(today.slice(0, 4)) || month > 31 || day > 31 ? undefined : { year, month, day }

/** Ages must have become years before (`agesAsYears`). */
export function compareBirths(a: Birth | undefined, b: Birth | undefined): BirthLevel {
  if (!a || !b || !a.year || !b.year) return 'unknown'
  const apart = Math.abs(a.year - b.year)
  if (a.day && b.day) return byDay(a, b, apart)
  if (a.month && b.month && a.age === undefined && b.age === undefined && apart === 0)
    return a.month === b.month ? 'yearFits' : 'yearNear'
  const loose = a.age !== undefined || b.age !== undefined ? 1 : 0
  if (apart <= loose) return 'yearFits'
  if (apart <= loose + 1) return 'yearNear'
  if (apart <= 5) return 'yearFar'
  return apart <= 15 ? 'yearOther' : 'generation'
}

function byDay(a: Birth, b: Birth, apart: number): BirthLevel {
  const agreeing = Number(apart === 0) + Number(a.month === b.month) + Number(a.day === b.day)
  if (agreeing === 3) return 'same'
  if (apart === 0 && a.month === b.day && a.day === b.month) return 'slip'
  if (agreeing === 2 && (apart === 0 || apart === 10 || apart === 1 || apart % 10 === 0)) return 'slip'
  if (agreeing === 2 && apart === 100) return 'slip'
  if (apart === 0) return 'sameYear'
  if (apart <= 2) return 'near'
  return apart <= 12 ? 'far' : 'other'
}
