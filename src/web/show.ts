// A value as people read it: in the words of its schema and the language of the page.
import type { z } from 'zod'
import { instantAt, sayDay, sayMinute, zone, type Day } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import { localeOf, text, type Language } from '#core/text.ts'
import { fieldOf, type Field } from './fields.ts'
import { sayNumber } from './language.ts'

/** What stands where nothing is known. */
export const nothing = '—'
const yes = text('是', 'Yes')
const no = text('否', 'No')
/** Photos are counted in a line of words; they are shown where there is room. */
const pieces = (count: number) => text(`${count} 张`, `${count} ${count === 1 ? 'photo' : 'photos'}`)

/** `2026年11月22日` · `22 Nov 2026`: a day in a table. */
export function sayShortDay(day: Day, language: Language): string {
  const [y, m, d] = day.split('-').map(Number)
  if (language === 'zh') return `${y}年${m}月${d}日`
  return new Intl.DateTimeFormat(localeOf.en, { timeZone: zone, day: 'numeric', month: 'short', year: 'numeric' }).format(
    new Date(instantAt(day, '12:00')),
  )
}

export type Manner = {
  /** With the weekday, for a page about one record. */
  readonly wide?: boolean
  /** With its unit; a table says it in the head. */
  readonly unit?: boolean
}

/** The value of a field in words; `—` where there is none. Masked values pass as they came. */
export const show = (schema: z.ZodType, value: unknown, language: Language, manner: Manner = {}): string =>
  showField(fieldOf('', schema), value, language, manner)

export function showField(field: Field, value: unknown, language: Language, manner: Manner = {}): string {
  if (value === undefined || value === null || value === '') return nothing
  const unit = manner.unit && field.info?.unit ? ` ${field.info.unit[language]}` : ''
  return plain(field, value, language, manner) + unit
}

function plain(field: Field, value: unknown, language: Language, manner: Manner): string {
  if (field.kind === 'files') return Array.isArray(value) && value.length > 0 ? pieces(value.length)[language] : nothing
  if (Array.isArray(value)) return showList(field, value, language, manner)
  if (typeof value === 'boolean') return (value ? yes : no)[language]
  if (typeof value === 'number') return sayNumber(value, language, field.info?.digits)
  if (typeof value === 'object') return showGroup(field, value as Record<string, unknown>, language, manner)
  const words = String(value)
  switch (field.kind) {
    case 'day':
      return isDay(words) ? (manner.wide ? sayDay : sayShortDay)(words, language) : words
    case 'instant':
      return isInstant(words) ? sayMinute(words, language) : words
    case 'time':
      return words.slice(0, 5)
    case 'choice':
      return choiceText(field.schema, words)[language]
    default:
      return words
  }
}

const comma: Record<Language, string> = { zh: '、', en: ', ' }

function showList(field: Field, values: readonly unknown[], language: Language, manner: Manner): string {
  if (values.length === 0) return nothing
  const words = new Map(field.choices.map((one) => [one.value, one.text[language]]))
  return values
    .map(
      (v) =>
        words.get(v as string) ??
        (typeof v === 'object' && v !== null
          ? showGroup(field, v as Record<string, unknown>, language, manner)
          : typeof v === 'number'
            ? sayNumber(v, language)
            : String(v ?? nothing)),
    )
    .join(comma[language])
}

const showGroup = (field: Field, value: Record<string, unknown>, language: Language, manner: Manner): string =>
  field.fields
    .filter((f) => f.info?.zh && f.kind !== 'id' && value[f.name] !== undefined && value[f.name] !== null)
    .map((f) => `${f.label[language]} ${showField(f, value[f.name], language, { ...manner, unit: true })}`)
    .join(comma[language]) || nothing

const isDay = (words: string) => /^\d{4}-\d{2}-\d{2}$/.test(words)
const isInstant = (words: string) => !Number.isNaN(Date.parse(words))
