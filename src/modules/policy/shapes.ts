// A rule's value as a form sees it: read from the schema of its key, or guessed from the value where nobody knows the key.
// The page cannot hold the schemas of all modules, so the server describes them.
import { z } from 'zod'
import { infoOf, innerOf, labelOf } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'

export type Option = { readonly value: string | number; readonly text: Text }
export type Shape = {
  readonly kind:
    | 'number'
    | 'text'
    | 'long'
    | 'yesNo'
    | 'choice'
    | 'choices'
    | 'time'
    | 'day'
    | 'words'
    | 'pair'
    | 'group'
    | 'list'
    | 'map'
    | 'other'
  readonly label: Text | null
  readonly unit: Text | null
  readonly hint: Text | null
  readonly required: boolean
  /** Bounds of a number, of a text's length, or of how many stand in a list. */
  readonly min: number | null
  readonly max: number | null
  readonly whole: boolean
  readonly options: readonly Option[]
  readonly fields: readonly { readonly name: string; readonly shape: Shape }[]
  /** What stands in a list or in a map. */
  readonly element: Shape | null
}

const bare: Shape = {
  kind: 'other',
  label: null,
  unit: null,
  hint: null,
  required: true,
  min: null,
  max: null,
  whole: false,
  options: [],
  fields: [],
  element: null,
}

type Def = {
  type: string
  format?: string
  shape?: Record<string, z.ZodType>
  element?: z.ZodType
  valueType?: z.ZodType
  items?: z.ZodType[]
  in?: z.ZodType
}
const defOf = (schema: z.ZodType): Def => schema.def as unknown as Def
const inside = (schema: z.ZodType): z.ZodType => {
  const inner = innerOf(schema)
  const def = defOf(inner)
  return def.type === 'pipe' && def.in ? inside(def.in) : inner
}

export function shapeOf(schema: z.ZodType, name = ''): Shape {
  const inner = inside(schema)
  const info = infoOf(schema) ?? infoOf(inner)
  const label = labelOf(schema, name)
  return {
    ...bare,
    ...kindOf(inner, info?.choices),
    label: label.zh ? label : null,
    unit: info?.unit ?? null,
    hint: info?.hint ?? null,
    required: !schema.safeParse(undefined).success && !schema.safeParse(null).success,
  }
}

function kindOf(inner: z.ZodType, words: Readonly<Record<string, Text>> | undefined): Partial<Shape> {
  const def = defOf(inner)
  const bounds = inner as {
    minValue?: number | null
    maxValue?: number | null
    minLength?: number | null
    maxLength?: number | null
  }
  const options = optionsOf(inner, words)
  switch (def.type) {
    case 'number':
      return options.length > 0
        ? { kind: 'choice', options }
        : { kind: 'number', whole: def.format === 'safeint', min: finite(bounds.minValue), max: finite(bounds.maxValue) }
    case 'string':
      return {
        kind:
          def.format === 'time'
            ? 'time'
            : def.format === 'date'
              ? 'day'
              : infoOf(inner)?.long || (bounds.maxLength ?? 0) > 200
                ? 'long'
                : 'text',
        min: finite(bounds.minLength),
        max: finite(bounds.maxLength),
      }
    case 'boolean':
      return { kind: 'yesNo' }
    case 'enum':
      return { kind: 'choice', options }
    case 'object':
      return isPair(def) ? { kind: 'pair' } : { kind: 'group', fields: fieldsOf(def.shape!) }
    case 'array':
      return listOf(def.element!, lengths(inner))
    case 'tuple':
      return { kind: 'list', element: shapeOf(def.items![0]!), min: def.items!.length, max: def.items!.length }
    case 'record':
      return { kind: 'map', element: shapeOf(def.valueType!) }
    default:
      return { kind: 'other' }
  }
}

const fieldsOf = (shape: Readonly<Record<string, z.ZodType>>) =>
  Object.entries(shape).map(([name, field]) => ({ name, shape: shapeOf(field, name) }))

function listOf(element: z.ZodType, many: Pick<Shape, 'min' | 'max'>): Partial<Shape> {
  const one = shapeOf(element)
  if (one.kind === 'choice') return { kind: 'choices', options: one.options, ...many }
  const usual = Object.entries(infoOf(element)?.choices ?? {}).map(([value, said]) => ({ value, text: said }))
  return one.kind === 'text' ? { kind: 'words', options: usual, ...many } : { kind: 'list', element: one, ...many }
}

/** How many may stand in a list: zod keeps that among the checks of the array. */
function lengths(array: z.ZodType): Pick<Shape, 'min' | 'max'> {
  const checks = (array.def.checks ?? []).map(
    (one) => (one as { _zod: { def: { check: string; minimum?: number; maximum?: number } } })._zod.def,
  )
  return {
    min: checks.find((one) => one.check === 'min_length')?.minimum ?? null,
    max: checks.find((one) => one.check === 'max_length')?.maximum ?? null,
  }
}

function optionsOf(inner: z.ZodType, words: Readonly<Record<string, Text>> | undefined): Option[] {
  if (inner instanceof z.ZodEnum) {
    return inner.options.map((value) => ({ value, text: words?.[value] ?? text(String(value), String(value)) }))
  }
  if (inner instanceof z.ZodNumber && words)
    return Object.entries(words).map(([value, said]) => ({ value: Number(value), text: said }))
  return []
}

const isPair = (def: Def) =>
  Object.keys(def.shape ?? {})
    .sort()
    .join() === 'en,zh'
const finite = (bound: number | null | undefined): number | null =>
  typeof bound === 'number' && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : null

/** The shape of a value whose key nobody here knows, so that it can be changed all the same. */
export function shapeOfValue(value: unknown, name = ''): Shape {
  const shape = { ...bare, label: name ? text(name, name) : null }
  if (typeof value === 'number') return { ...shape, kind: 'number' }
  if (typeof value === 'boolean') return { ...shape, kind: 'yesNo' }
  if (typeof value === 'string') return { ...shape, kind: 'text' }
  if (Array.isArray(value)) {
    return value.every((one) => typeof one === 'string')
      ? { ...shape, kind: 'words' }
      : {
          ...shape,
          kind: 'list',
          element: shapeOfValue(value[0]),
        }
  }
  if (typeof value !== 'object' || value === null) return shape
  if (Object.keys(value).sort().join() === 'en,zh') return { ...shape, kind: 'pair' }
  return {
    ...shape,
    kind: 'group',
    fields: Object.entries(value).map(([field, one]) => ({ name: field, shape: shapeOfValue(one, field) })),
  }
}
