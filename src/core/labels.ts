// A field is named once: the label serves the form, the table head, the workbook, the printed sheet and the problem's sentence.
import { z } from 'zod'
import type { Text } from './text.ts'

/** How a value is hidden, see masking.ts. */
export type MaskKind = 'name' | 'phone' | 'document' | 'room' | 'address' | 'text'

export type FieldInfo = Text & {
  /** Unit shown beside the value: ℃, mg/L, ㎡. */
  readonly unit?: Text
  /** Decimals that are always shown: 2 for money. */
  readonly digits?: number
  /** One line under the field that helps to fill it. */
  readonly hint?: Text
  /** Why and for whom it is asked, said on the form beside the question. */
  readonly why?: Text
  /** Group over the head of a two-row table. */
  readonly group?: Text
  /** How the value is hidden from those who need not see it. */
  readonly mask?: MaskKind
  /** Retention class of personal data: the register of docs/retention is printed from here. */
  readonly keep?: string
  /** Why a free text holds nothing of a person. */
  readonly harmless?: string
  /** Words of each choice of an enum. */
  readonly choices?: Readonly<Record<string, Text>>
  /** A long text: a form gives it several lines. */
  readonly long?: boolean
  /** The field holds ids of photos or scans (files.ts): whose guard, how many, whether scans too. */
  readonly files?: { readonly of: string; readonly most: number; readonly papers: boolean }
}

const fields = z.registry<FieldInfo>()

type More = Omit<FieldInfo, 'zh' | 'en'>

/** Names a field. The schema is cloned, so one noun may stand under two labels. */
export function label<S extends z.ZodType>(schema: S, zh: string, en: string, more: More = {}): S {
  const own = schema.clone() as S
  fields.add(own, { ...infoOf(schema), zh, en, ...more } as never)
  return own
}

/** Names a field of personal data: how it is masked and how long it may be kept are part of its declaration. */
export const personal = <S extends z.ZodType>(schema: S, zh: string, en: string, more: More & { readonly keep: string }): S =>
  label(schema, zh, en, more)

/** An enum whose choices have words: `choice({ phone: text('电话', 'Phone') })`. */
export function choice<const C extends Record<string, Text>>(choices: C) {
  const schema = z.enum(Object.keys(choices) as [keyof C & string, ...(keyof C & string)[]])
  fields.add(schema, { zh: '', en: '', choices } as never)
  return schema
}

/** The schema inside optional, nullable, default and readonly wrappers. */
export function innerOf(schema: z.ZodType): z.ZodType {
  let inner = schema
  while (
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodNullable ||
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodReadonly
  ) {
    inner = inner.unwrap() as z.ZodType
  }
  return inner
}

/** What is known of a field, looking through its wrappers; the outermost label wins. */
export function infoOf(schema: z.ZodType): FieldInfo | undefined {
  let found: FieldInfo | undefined
  for (let at: z.ZodType | undefined = schema; at; at = wrapped(at)) {
    const here = fields.get(at) as FieldInfo | undefined
    if (here) found = { ...here, ...found, ...(here.choices ? { choices: here.choices } : {}) }
  }
  return found
}

const wrapped = (schema: z.ZodType): z.ZodType | undefined =>
  schema instanceof z.ZodOptional ||
  schema instanceof z.ZodNullable ||
  schema instanceof z.ZodDefault ||
  schema instanceof z.ZodReadonly
    ? (schema.unwrap() as z.ZodType)
    : undefined

/** The words of a value: the choice's label, or the value itself as text. */
export const choiceText = (schema: z.ZodType, value: string): Text => infoOf(schema)?.choices?.[value] ?? { zh: value, en: value }

/** Label of a field, or its name where it has none. */
export const labelOf = (schema: z.ZodType, name: string): Text => {
  const info = infoOf(schema)
  return info?.zh ? { zh: info.zh, en: info.en } : { zh: name, en: name }
}

/** Whether a field holds an id: pages work with it, readers and sheets leave it out. */
export const isReference = (schema: z.ZodType): boolean =>
  ['uuid', 'guid'].includes((innerOf(schema).def as { format?: string }).format ?? '')

export const isRequired = (schema: z.ZodType): boolean => !schema.safeParse(undefined).success
