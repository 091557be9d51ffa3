// What a number format makes of a number: a day, a clock time, a number with leading noughts, or just a number.
import { type Cell, numberCell } from './cells.ts'

/** `digits` is a pattern such as 000000 or 000-0000, shown with every nought. `clock` says that a date format shows hours. */
export type NumberFormat = { shows: 'number' } | { shows: 'moment'; clock: boolean } | { shows: 'digits'; pattern: string }

const number: NumberFormat = { shows: 'number' }
const day: NumberFormat = { shows: 'moment', clock: false }
const clock: NumberFormat = { shows: 'moment', clock: true }

/** Formats that every spreadsheet knows by number; 27 to 36 and 50 to 58 are those of Chinese editions. */
export function builtIn(id: number): NumberFormat {
  if ((id >= 18 && id <= 22) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) || id === 55 || id === 56) return clock
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58)) return day
  return number
}

/** Reads a format code such as `[$-804]yyyy"年"m"月"d"日";@`. Only its part for positive numbers counts. */
export function formatOf(code: string): NumberFormat {
  const first = sectionOf(code)
  const pattern = first.replace(/"([\s-]*)"|\\([\s-])/g, '$1$2')
  if (/^[0\s-]*0[\s-]*0[\s-]*$/.test(pattern)) return { shows: 'digits', pattern }
  const bare = first
    .replace(/"[^"]*"|\\.|[_*]./g, '')
    .replace(/\[(h+|m+|s+)\]/gi, '$1')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/general|g\/通用格式|常规/gi, '')
    .replace(/am\/pm|a\/p|上午\/下午/gi, 'h')
    .replace(/s\.0+/gi, 's')
  if (/[0#?@%]/.test(bare) || /e[+-]/i.test(bare) || !/[ymdhs]|aaa|e/i.test(bare)) return number
  return /[hs]/i.test(bare) ? clock : day
}

/** Up to the first semicolon outside quotes and brackets. */
const sectionOf = (code: string): string => /^(?:"[^"]*"|\\.|\[[^\]]*\]|[^;])*/.exec(code)?.[0] ?? ''

const dayLength = 86_400
/** Serial numbers count from here; the old Mac counts from 1904. Until 1900-03-01 they count a day that never was. */
const epoch = Date.UTC(1899, 11, 30) / 1000
const epoch1904 = Date.UTC(1904, 0, 1) / 1000
const latest = Date.UTC(9999, 11, 31) / 1000

/** A stored number as its format shows it. */
export function shownNumber(value: number, format: NumberFormat, since1904: boolean): Cell {
  if (format.shows === 'moment') return momentCell(value, format.clock, since1904) ?? numberCell(value)
  const cell = numberCell(value)
  if (format.shows === 'number' || cell.lossy || !Number.isInteger(value) || value < 0) return cell
  return { ...cell, text: intoPattern(cell.text, format.pattern) }
}

/** Digits take the places of noughts from the right; more digits than places stand in front. */
function intoPattern(digits: string, pattern: string): string {
  let left = digits
  let text = ''
  for (let i = pattern.length - 1; i >= 0; i--) {
    const isPlace = pattern[i] === '0'
    text = (isPlace ? (left.at(-1) ?? '0') : pattern[i]!) + text
    if (isPlace) left = left.slice(0, -1)
  }
  return left + text
}

function momentCell(value: number, showsClock: boolean, since1904: boolean): Cell | undefined {
  const seconds = Math.round(value * dayLength)
  if (value < 0 || (!showsClock && value < 1 && !since1904)) return undefined
  if (showsClock && seconds < dayLength) return { text: clockOf(seconds), kind: 'time' }
  const at = since1904 ? epoch1904 + seconds : epoch + seconds + (value < 60 ? dayLength : 0)
  if (at >= latest + dayLength) return undefined
  const written = new Date(at * 1000).toISOString().slice(0, 10)
  const rest = seconds % dayLength
  return showsClock && rest > 0 ? { text: `${written}T${clockOf(rest)}`, kind: 'datetime' } : { text: written, kind: 'date' }
}

function clockOf(seconds: number): string {
  const iso = new Date(seconds * 1000).toISOString()
  return iso.slice(11, seconds % 60 === 0 ? 16 : 19)
}

/** A moment that is stored as text, as strict workbooks do: 2020-02-03, 2020-02-03T17:00:00Z, 08:05:00. */
export function writtenMoment(text: string): Cell | undefined {
  const hit = /^(?:(\d{4}-\d\d-\d\d)T?)?(?:(\d\d:\d\d)(:\d\d)?(?:\.\d+)?Z?)?$/.exec(text.trim())
  if (!hit || text.trim() === '') return undefined
  const time = hit[2] === undefined ? '' : hit[2] + (hit[3] === undefined || hit[3] === ':00' ? '' : hit[3])
  if (hit[1] === undefined) return { text: time, kind: 'time' }
  return time === '' || time === '00:00' ? { text: hit[1], kind: 'date' } : { text: `${hit[1]}T${time}`, kind: 'datetime' }
}
