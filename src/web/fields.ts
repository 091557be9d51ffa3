// A contract's input as a form sees it: what each field is called, how it is entered, what it may hold.
import type { z } from 'zod'
import { infoOf, innerOf, isRequired, labelOf, type FieldInfo } from '#core/labels.ts'
import type { Text } from '#core/text.ts'

export type FieldKind =
  | 'text'
  | 'long'
  | 'number'
  | 'day'
  | 'time'
  | 'instant'
  | 'yesNo'
  | 'choice'
  | 'choices'
  | 'id'
  | 'group'
  | 'list'
  | 'files'
  | 'other'

export type Field = {
  readonly name: string
  readonly schema: z.ZodType
  readonly kind: FieldKind
  readonly label: Text
  readonly required: boolean
  readonly info: FieldInfo | undefined
  /** Choices of `choice` and `choices`, in the declared order. */
  readonly choices: readonly { readonly value: string; readonly text: Text }[]
  /** Fields inside a `group`, or inside one item of a `list` of objects. */
  readonly fields: readonly Field[]
  /** Bounds of a number, or of a text's length. */
  readonly min: number | undefined
  readonly max: number | undefined
  readonly whole: boolean
}

type Def = {
  type: string
  format?: string
  shape?: Record<string, z.ZodType>
  element?: z.ZodType
  entries?: Record<string, string>
  in?: z.ZodType
}

const known = new WeakMap<z.ZodType, readonly Field[]>()

/** The fields of an object, in its order. Empty for another schema. */
export function fieldsOf(schema: z.ZodType): readonly Field[] {
  const inner = entered(schema)
  const before = known.get(inner)
  if (before) return before
  const shape = (inner.def as Def).shape ?? {}
  const fields = Object.entries(shape).map(([name, field]) => fieldOf(name, field))
  known.set(inner, fields)
  return fields
}

/** One field by its name in the object. */
export function fieldOf(name: string, schema: z.ZodType): Field {
  const inner = entered(schema)
  const info = infoOf(schema) ?? infoOf(inner)
  const def = inner.def as Def
  const element = def.element && entered(def.element)
  const kind = kindOf(def, info, element)
  const bounds = inner as {
    minValue?: number | null
    maxValue?: number | null
    minLength?: number | null
    maxLength?: number | null
  }
  return {
    name,
    schema,
    kind,
    label: labelOf(schema, name),
    required: isRequired(schema),
    info,
    choices: choicesOf(kind === 'choices' ? element! : inner, info),
    fields: kind === 'group' ? fieldsOf(inner) : element && kind === 'list' ? fieldsOf(element) : [],
    min: finite(kind === 'number' ? bounds.minValue : bounds.minLength),
    max: finite(kind === 'number' ? bounds.maxValue : bounds.maxLength),
    whole: def.format === 'safeint' || def.format === 'int32' || def.format === 'uint32',
  }
}

/** What is typed: through wrappers, and on the near side of a transform. */
function entered(schema: z.ZodType): z.ZodType {
  const inner = innerOf(schema)
  const def = inner.def as Def
  return def.type === 'pipe' && def.in ? entered(def.in) : inner
}

const formats: Record<string, FieldKind> = { date: 'day', time: 'time', datetime: 'instant', uuid: 'id', guid: 'id' }

function kindOf(def: Def, info: FieldInfo | undefined, element: z.ZodType | undefined): FieldKind {
  if (info?.files) return 'files'
  switch (def.type) {
    case 'string':
      return formats[def.format ?? ''] ?? (info?.long ? 'long' : 'text')
    case 'number':
      return 'number'
    case 'boolean':
      return 'yesNo'
    case 'enum':
      return 'choice'
    case 'object':
      return 'group'
    case 'array':
      return (element?.def as Def | undefined)?.type === 'enum' ? 'choices' : 'list'
    default:
      return 'other'
  }
}

function choicesOf(schema: z.ZodType, info: FieldInfo | undefined): Field['choices'] {
  const words = info?.choices ?? infoOf(schema)?.choices ?? {}
  const entries = (schema.def as Def).entries
  return entries ? Object.values(entries).map((value) => ({ value, text: words[value] ?? { zh: value, en: value } })) : []
}

/** zod writes "no bound" as null, ±Infinity or the ends of the safe integers. */
const finite = (bound: number | null | undefined): number | undefined =>
  typeof bound === 'number' && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : undefined

/** Words that open doors: typed unseen, and never kept anywhere. */
export const isPassword = (field: Pick<Field, 'name'>): boolean => /password|secret|token|^pin$/i.test(field.name)

/** Whether what is typed here may speak of a person: then it is never kept beyond the tab. */
export function isPersonal(field: Field): boolean {
  if (field.info?.keep || field.info?.mask) return true
  if (field.kind === 'group' || field.kind === 'list') return field.fields.length === 0 || field.fields.some(isPersonal)
  return (field.kind === 'text' || field.kind === 'long') && !field.info?.harmless
}
