// Two values of a rule beside each other, in words: what was added, taken away, and changed into what.
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { innerOf, labelOf } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { inWords } from './words.ts'

type Thing = Record<string, unknown>

/** Lines such as `37.3 ℃ → 37.0 ℃`, `增加：米、油`, `“体温”的问谁：所有人 → 重点人员`; none where both say the same. */
export function diffInWords(schema: z.ZodType, before: unknown, after: unknown): Text[] {
  if (isDeepStrictEqual(before, after)) return []
  const inner = innerOf(schema)
  if (Array.isArray(before) && Array.isArray(after)) return listDiff(inner, before, after)
  if (isThing(before) && isThing(after) && !isPair(before)) return partsDiff(inner, before, after)
  return [arrow(said(schema, before), said(schema, after))]
}

const isThing = (value: unknown): value is Thing => typeof value === 'object' && value !== null && !Array.isArray(value)
const isPair = (value: Thing) => Object.keys(value).sort().join() === 'en,zh'
const arrow = (a: Text, b: Text): Text => text(`${a.zh} → ${b.zh}`, `${a.en} → ${b.en}`)
// One line, whatever the value: parts stand behind each other.
const said = (schema: z.ZodType, value: unknown): Text => inWords(schema, value, 1)

function partsDiff(schema: z.ZodType, before: Thing, after: Thing): Text[] {
  const shape = schema instanceof z.ZodObject ? (schema.shape as Record<string, z.ZodType>) : {}
  const element = schema instanceof z.ZodRecord ? (schema.valueType as z.ZodType) : z.unknown()
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) => {
    const field = shape[name] ?? element
    const head = labelOf(field, name)
    const label = head.zh ? head : text(name, name)
    return diffInWords(field, before[name], after[name]).map((line) => text(`${label.zh}：${line.zh}`, `${label.en}: ${line.en}`))
  })
}

function listDiff(schema: z.ZodType, before: readonly unknown[], after: readonly unknown[]): Text[] {
  const element = schema instanceof z.ZodArray ? (schema.element as z.ZodType) : z.unknown()
  const [old, now] = [named(before), named(after)]
  const added = [...now].filter(([name]) => !old.has(name)).map(([, one]) => shortly(element, one))
  const gone = [...old].filter(([name]) => !now.has(name)).map(([, one]) => shortly(element, one))
  const changed = [...now]
    .filter(([name]) => old.has(name))
    .flatMap(([name, one]) =>
      diffInWords(element, old.get(name), one).map((line) => {
        const head = shortly(element, old.get(name))
        return text(`“${head.zh}”的${line.zh}`, `"${head.en}", ${line.en}`)
      }),
    )
  const lines = [
    ...(added.length > 0 ? [listed(text('增加', 'Added'), added)] : []),
    ...(gone.length > 0 ? [listed(text('去掉', 'Taken away'), gone)] : []),
    ...changed,
  ]
  return lines.length > 0 ? lines : [text('只调整了顺序', 'Only the order changes')]
}

/** What stands in a list, by what makes it the same thing: its key, or what it is called, or itself. The second of a name is told apart. */
function named(values: readonly unknown[]): Map<string, unknown> {
  const found = new Map<string, unknown>()
  for (const [at, value] of values.entries()) {
    const name = !isThing(value)
      ? JSON.stringify(value)
      : typeof value['key'] === 'string'
        ? value['key']
        : (nameOf(value) ?? `#${at}`)
    found.set(found.has(name) ? `${name}#${at}` : name, value)
  }
  return found
}

/** The first words of a record: its text, its name, or whatever it says first. */
const nameOf = (value: Thing): string | undefined => {
  const first = value['text'] ?? value['name'] ?? value['title'] ?? Object.values(value).find((one) => typeof one === 'string')
  return typeof first === 'string' ? first : isThing(first) && isPair(first) ? String(first['zh']) : undefined
}

const shortly = (element: z.ZodType, value: unknown): Text => {
  const title = isThing(value) ? (value['text'] ?? value['title'] ?? value['name']) : undefined
  return isThing(title) && isPair(title) ? (title as Text) : typeof title === 'string' ? text(title, title) : said(element, value)
}

const listed = (head: Text, parts: readonly Text[]): Text =>
  text(`${head.zh}：${parts.map((p) => p.zh).join('、')}`, `${head.en}: ${parts.map((p) => p.en).join(', ')}`)
