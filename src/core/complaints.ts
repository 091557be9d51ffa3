// What is wrong with a value, in words that say what to do: one set of sentences for forms, imports and the door.
import type { z } from 'zod'
import { infoOf, innerOf } from './labels.ts'
import { text, type Text } from './text.ts'

/** Sentences by the path of the field, parts joined by dots: `{ 'members.0.name': { zh, en } }`. Empty when the value fits. */
export type Complaints = Readonly<Record<string, Text>>

/** What is wrong with `value`; the first sentence of each field. Never repeats what was typed. */
export function complaints(schema: z.ZodType, value: unknown): Complaints {
  const read = schema.safeParse(value)
  return read.success ? {} : complaintsOf(schema, read.error.issues, value)
}

/** The sentence for a single value, or undefined when it fits. */
export const complaint = (schema: z.ZodType, value: unknown): Text | undefined => Object.values(complaints(schema, value))[0]

/** Sentences for issues that zod already found in `value`. */
export function complaintsOf(schema: z.ZodType, issues: readonly z.core.$ZodIssue[], value: unknown): Complaints {
  const found: Record<string, Text> = {}
  for (const issue of issues) {
    const path = issue.path.join('.')
    found[path] ??= sentence(issue, fieldAt(schema, issue.path), valueAt(value, issue.path))
  }
  return found
}

function sentence(issue: z.core.$ZodIssue, field: z.ZodType | undefined, value: unknown): Text {
  const info = field && infoOf(field)
  // What a module says itself is more exact than anything that follows from the shape.
  const own = issue.code === 'custom' ? (issue.params?.['say'] as Text | undefined) : undefined
  if (own) return own
  if (value === undefined || value === null || value === '') {
    return info?.choices ? text('请选择', 'Please choose') : text('请填写', 'Please fill this in')
  }
  switch (issue.code) {
    case 'too_small':
      return bound(issue.origin, 'least', Number(issue.minimum))
    case 'too_big':
      return bound(issue.origin, 'most', Number(issue.maximum))
    case 'invalid_value':
      return text('请从给出的选项中选择', 'Please take one of the choices')
    case 'not_multiple_of':
      return text(`请按 ${issue.divisor} 的倍数填写`, `Please enter a multiple of ${issue.divisor}`)
    case 'invalid_type':
      return typeWords[issue.expected] ?? shape(info?.hint)
    case 'invalid_format':
      return formatWords[issue.format] ?? shape(info?.hint)
    default:
      return shape(info?.hint)
  }
}

const typeWords: Record<string, Text> = {
  number: text('请填数字', 'Please enter a number'),
  int: text('请填整数', 'Please enter a whole number'),
  date: text('请填日期，例如 2026-11-22', 'Please enter a day such as 2026-11-22'),
}

const formatWords: Record<string, Text> = {
  date: text('请填真实存在的日期，例如 2026-11-22', 'Please enter a day that exists, such as 2026-11-22'),
  datetime: text('请填日期和时间', 'Please enter a day and a time'),
  time: text('请填时间，例如 08:05', 'Please enter a time such as 08:05'),
  email: text('请填完整的邮箱地址', 'Please enter a complete e-mail address'),
  uuid: text('请从列表中选择', 'Please choose from the list'),
}

const shape = (hint: Text | undefined): Text =>
  hint
    ? text(`格式不对：${hint.zh}`, `Not in the expected form: ${hint.en}`)
    : text('格式不对，请核对后重填', 'Not in the expected form; please check and enter it again')

function bound(origin: string, side: 'least' | 'most', limit: number): Text {
  const zh = side === 'least' ? '至少' : '最多'
  const en = side === 'least' ? 'at least' : 'at most'
  if (origin === 'string') return text(`${zh} ${limit} 个字`, `Please use ${en} ${limit} characters`)
  if (origin === 'array' || origin === 'set') return text(`${zh}选 ${limit} 项`, `Please give ${en} ${limit}`)
  return side === 'least'
    ? text(`不能小于 ${limit}`, `Must be ${limit} or more`)
    : text(`不能大于 ${limit}`, `Must be ${limit} or less`)
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (at, part) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[part] : undefined),
    value,
  )

type Inside = { shape?: Record<string, z.ZodType>; element?: z.ZodType; valueType?: z.ZodType }

/** The schema that stands at a path of objects and arrays; undefined where the path leads elsewhere. */
export function fieldAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let at: z.ZodType | undefined = schema
  for (const part of path) {
    const def: Inside | undefined = (at && innerOf(at).def) as Inside | undefined
    at = def?.shape?.[String(part)] ?? def?.element ?? def?.valueType
  }
  return at
}
