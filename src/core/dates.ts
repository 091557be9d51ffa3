// Civil days and hours as the community lives them: Asia/Shanghai, always; never arithmetic on `Date`.
import { z } from 'zod'
import { localeOf, type Language } from './text.ts'

export const zone = 'Asia/Shanghai'

/** A civil day, `2026-11-22`. */
export const Day = z.iso.date()
export type Day = z.infer<typeof Day>
/** An instant in UTC with milliseconds, `2026-11-22T08:05:00.000Z`: the same text in JSON, TypeScript and SQL results. */
export const Instant = z.iso.datetime({ offset: true })
export type Instant = z.infer<typeof Instant>

/** The civil day in which an instant falls, in Shanghai. */
export const dayOf = (at: Instant | number): Day =>
  (typeof at === 'number' ? Temporal.Instant.fromEpochMilliseconds(at) : Temporal.Instant.from(at))
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .toString()

/** An instant text from milliseconds since 1970, cut to what the database keeps. */
export const instantOf = (ms: number): Instant => new Date(ms).toISOString()
export const msOf = (at: Instant): number => Temporal.Instant.from(at).epochMilliseconds

/** The instant at which the clock in Shanghai reads `time` (`17:00`) on that day. */
export const instantAt = (day: Day, time = '00:00'): Instant =>
  instantOf(Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds)

export const addDays = (day: Day, days: number): Day => Temporal.PlainDate.from(day).add({ days }).toString()
/** Days from `from` to `to`: 0 on the same day, negative when `to` is earlier. */
export const daysBetween = (from: Day, to: Day): number =>
  Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'days' }).days

/** Completed years of age on a day. */
export const ageOn = (birth: Day, day: Day): number =>
  Temporal.PlainDate.from(birth).until(Temporal.PlainDate.from(day), { largestUnit: 'years' }).years

const format = (language: Language, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(localeOf[language], { timeZone: zone, ...options })

/** `2026年11月22日 周日` · `Sunday 22 November 2026`. */
export function sayDay(day: Day, language: Language): string {
  const at = new Date(instantAt(day, '12:00'))
  if (language === 'en') return format('en', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(at)
  const [y, m, d] = day.split('-').map(Number)
  return `${y}年${m}月${d}日 ${format('zh', { weekday: 'short' }).format(at)}`
}

/** `08:05` on the clock in Shanghai. */
export const sayTime = (at: Instant): string =>
  Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainTime().toString({ smallestUnit: 'minute' })

/** `11月22日 08:05` · `22 Nov 08:05`: day and minute, for tables. */
export function sayMinute(at: Instant, language: Language): string {
  const day = Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDate()
  const said =
    language === 'zh' ? `${day.month}月${day.day}日` : format('en', { day: 'numeric', month: 'short' }).format(new Date(at))
  return `${said} ${sayTime(at)}`
}
