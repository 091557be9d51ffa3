// Hiding what a reader need not see. The stored value is never masked; the answer is, on its way out.
import { z } from 'zod'
import { infoOf, type MaskKind } from './labels.ts'

/** Whether a kind may be read; an address is no more than its room. */
const seen = (kind: MaskKind, sees: ReadonlySet<MaskKind>): boolean => sees.has(kind) || (kind === 'address' && sees.has('room'))

/** 王小明 → 王** · 138****5678 · 340***********1234 · 桂园小区 3号楼 ***; a room and a free text disappear behind three stars. */
export const masks: Record<MaskKind, (value: string) => string> = {
  name: (v) => {
    const letters = [...v]
    return letters.length < 2 ? v : letters[0] + '*'.repeat(Math.min(letters.length - 1, 3))
  },
  // Several numbers may stand in one cell.
  phone: (v) =>
    v
      .split('、')
      .map((one) => (one.length < 7 ? '*'.repeat(one.length) : one.slice(0, 3) + '*'.repeat(one.length - 7) + one.slice(-4)))
      .join('、'),
  document: (v) => (v.length < 8 ? '*'.repeat(v.length) : v.slice(0, 3) + '*'.repeat(v.length - 7) + v.slice(-4)),
  room: () => '***',
  // As far as the building; whoever sees rooms sees the whole address.
  address: (v) => [...v.split(' ').slice(0, 2), '***'].join(' '),
  text: () => '***',
}

/**
 * The same answer with every labelled personal field hidden whose mask kind is not in `sees`.
 * Walks objects, arrays, unions' plain members and wrappers; a value without a mask passes untouched.
 */
export function masked(schema: z.ZodType, value: unknown, sees: ReadonlySet<MaskKind>): unknown {
  if (value === null || value === undefined) return value
  const kind = infoOf(schema)?.mask
  if (kind && !seen(kind, sees)) {
    if (typeof value === 'string') return masks[kind](value)
    if (Array.isArray(value)) return value.map((v) => (typeof v === 'string' ? masks[kind](v) : null))
    return null
  }
  const inner = unwrap(schema)
  if (inner instanceof z.ZodObject && typeof value === 'object') {
    const shape = inner.shape as Record<string, z.ZodType>
    return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, shape[key] ? masked(shape[key], v, sees) : v]))
  }
  if (inner instanceof z.ZodArray && Array.isArray(value)) return value.map((v) => masked(inner.element as z.ZodType, v, sees))
  if (inner instanceof z.ZodRecord && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, masked(inner.valueType as z.ZodType, v, sees)]))
  }
  if (inner instanceof z.ZodUnion) {
    const fits = (inner.options as z.ZodType[]).find((option) => option.safeParse(value).success)
    return fits ? masked(fits, value, sees) : value
  }
  return value
}

const unwrap = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodOptional ||
  schema instanceof z.ZodNullable ||
  schema instanceof z.ZodDefault ||
  schema instanceof z.ZodReadonly
    ? unwrap(schema.unwrap() as z.ZodType)
    : schema

/** Whether an answer of this schema can hold anything that is masked: lists of it are looked at, so they are audited. */
export function holdsPersonal(schema: z.ZodType, depth = 0): boolean {
  if (infoOf(schema)?.mask) return true
  if (depth > 8) return false
  const inner = unwrap(schema)
  if (inner instanceof z.ZodObject)
    return Object.values(inner.shape as Record<string, z.ZodType>).some((f) => holdsPersonal(f, depth + 1))
  if (inner instanceof z.ZodArray) return holdsPersonal(inner.element as z.ZodType, depth + 1)
  if (inner instanceof z.ZodRecord) return holdsPersonal(inner.valueType as z.ZodType, depth + 1)
  if (inner instanceof z.ZodUnion) return (inner.options as z.ZodType[]).some((option) => holdsPersonal(option, depth + 1))
  return false
}
