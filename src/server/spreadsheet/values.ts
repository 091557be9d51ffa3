// Values of records as they stand in a spreadsheet cell: what is text stays text, what is a day or an hour sorts as one.
import type { CellValue } from 'hucre/xlsx'
import { zone } from '#core/dates.ts'

export type ColumnType = 'text' | 'number' | 'money' | 'date' | 'time' | 'datetime'

/** Number formats; `@` keeps a cell text even when somebody edits it later. */
export const formatOf: Record<ColumnType, string> = {
  text: '@',
  number: 'General',
  money: '0.00',
  date: 'yyyy-mm-dd',
  time: 'hh:mm',
  datetime: 'yyyy-mm-dd hh:mm',
}

/** What one cell may hold at most in Excel, WPS and LibreOffice. */
const longest = 32_767
const cutMark = '…（过长，已截断）'
/** Spreadsheets count days from 1900; earlier ones can only be text. */
const earliest = '1900-03-01'

/**
 * The value of a cell in a column of that type. null, undefined and '' are blank, 0 is 0, true is 是. A day or hour may be text
 * (2026-11-22, 08:05, an instant), a `Date` or a `Temporal` value; instants are shown as civil time in Asia/Shanghai.
 * What does not fit the type is kept as text, never dropped.
 */
export function valueOf(value: unknown, type: ColumnType): CellValue {
  if (value === null || value === undefined || value === '') return null
  if (type === 'text') return text(value)
  if (type === 'number' || type === 'money') return numberOf(value) ?? text(value)
  return momentOf(value, type) ?? text(value)
}

function text(value: unknown): string {
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value))
    return cellText(
      value
        .map((part) => text(part ?? ''))
        .filter((part) => part !== '')
        .join('、'),
    )
  return cellText(String(value))
}

/** Text that the file format can carry: whole characters, within the longest cell, no run that reads as an escape (`_x0041_`). */
export function cellText(raw: string): string {
  const clean = raw
    .toWellFormed()
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/_x(?=[0-9A-Fa-f]{4}_)/g, '_x005F_x')
  return clean.length <= longest ? clean : clean.slice(0, longest - cutMark.length).toWellFormed() + cutMark
}

/** Long whole numbers are refused here, for a spreadsheet would drop their last digits; they stand as text. */
function numberOf(value: unknown): number | undefined {
  const isDigits = typeof value === 'string' && /^-?(0|[1-9]\d*)(\.\d+)?$/.test(value)
  const number = isDigits || typeof value === 'bigint' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && Math.abs(number) < 1e15 ? number : undefined
}

function momentOf(value: unknown, type: 'date' | 'time' | 'datetime'): CellValue | undefined {
  try {
    const written = value instanceof Date ? value.toISOString() : String(value)
    if (type === 'time') return dayPart(clockOf(written))
    return type === 'date' ? dayCell(dayOf(written)) : dateTimeCell(dateTimeOf(written))
  } catch {
    // Words such as 约一月底 are no day; the caller keeps them as text.
    return undefined
  }
}

const isInstant = (written: string): boolean => /T.*(Z|[+-]\d\d(:?\d\d)?)(\[.*\])?$/.test(written)

const inShanghai = (written: string): Temporal.PlainDateTime =>
  Temporal.Instant.from(written.replace(/\[.*$/, '')).toZonedDateTimeISO(zone).toPlainDateTime()

const dateTimeOf = (written: string): Temporal.PlainDateTime =>
  isInstant(written) ? inShanghai(written) : Temporal.PlainDateTime.from(written.replace(' ', 'T'))

const dayOf = (written: string): Temporal.PlainDate =>
  isInstant(written) ? inShanghai(written).toPlainDate() : Temporal.PlainDate.from(written)

const clockOf = (written: string): Temporal.PlainTime =>
  isInstant(written) ? inShanghai(written).toPlainTime() : Temporal.PlainTime.from(written)

const dayPart = (clock: Temporal.PlainTime): number => (clock.hour * 3600 + clock.minute * 60 + clock.second) / 86_400

/** The library reads a `Date` by its UTC clock. */
const dayCell = (day: Temporal.PlainDate): CellValue | undefined =>
  day.toString() < earliest ? undefined : new Date(Date.UTC(day.year, day.month - 1, day.day))

const dateTimeCell = (at: Temporal.PlainDateTime): CellValue | undefined =>
  at.toString() < earliest ? undefined : new Date(Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute, at.second))
