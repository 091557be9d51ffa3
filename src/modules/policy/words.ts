// A rule's value in words, read from the labels of its schema: for the page of rules, and for whoever approves a version.
import { z } from 'zod'
import { choiceText, infoOf, innerOf, labelOf } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'

/** `37.3 ℃` · `天数：14` · `是`. Parts of a value that is several stand on lines of their own; one of unknown shape is shown as it is written. */
export function inWords(schema: z.ZodType, value: unknown, depth = 0): Text {
  if (value === null || value === undefined || value === '') return text('—', '—')
  if (isPair(value)) return value
  if (typeof value === 'boolean') return value ? text('是', 'Yes') : text('否', 'No')
  const inner = innerOf(schema)
  if (Array.isArray(value)) return listInWords(inner, value, depth)
  if (typeof value === 'object') return objectInWords(inner, value as Record<string, unknown>, depth)
  const said = choiceText(schema, String(value))
  const unit = infoOf(schema)?.unit
  return unit ? text(`${said.zh} ${unit.zh}`, `${said.en} ${unit.en}`) : said
}

function listInWords(schema: z.ZodType, values: readonly unknown[], depth: number): Text {
  const element = schema instanceof z.ZodArray ? (schema.element as z.ZodType) : z.unknown()
  const lines = depth === 0 && values.some((one) => typeof one === 'object')
  return joined(
    values.map((one) => inWords(element, one, depth + 1)),
    lines ? text('\n', '\n') : text('、', ', '),
  )
}

/** The labelled fields of a known shape, else every part under its own name. */
function objectInWords(schema: z.ZodType, value: Record<string, unknown>, depth: number): Text {
  const choices = Object.values(value)
  if (schema instanceof z.ZodRecord && choices.length > 0 && choices.every(isPair)) return joined(choices, text('、', ', '))
  const parts = schema instanceof z.ZodObject ? labelledParts(schema.shape as Record<string, z.ZodType>, value) : undefined
  const element = schema instanceof z.ZodRecord ? (schema.valueType as z.ZodType) : z.unknown()
  const named = parts?.length
    ? parts
    : Object.entries(value).map(([name, one]) => ({ head: text(name, name), field: element, one }))
  return joined(
    named.map(({ head, field, one }) => {
      const said = inWords(field, one, depth + 1)
      return text(`${head.zh}：${said.zh}`, `${head.en}: ${said.en}`)
    }),
    depth === 0 ? text('\n', '\n') : text('；', '; '),
  )
}

const labelledParts = (shape: Readonly<Record<string, z.ZodType>>, value: Record<string, unknown>) =>
  Object.entries(shape)
    .filter(([name, field]) => infoOf(field)?.zh && value[name] !== undefined)
    .map(([name, field]) => ({ head: labelOf(field, name), field, one: value[name] }))

const isPair = (value: unknown): value is Text =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).sort().join() === 'en,zh' &&
  Object.values(value).every((one) => typeof one === 'string')

/** A full stop before a comma would stand there twice. */
const joined = (parts: readonly Text[], by: Text): Text => {
  const bare = (words: string, sign: string) => (sign === '\n' ? words : words.replace(/[。.]$/, ''))
  if (parts.length === 0) return text('无', 'None')
  return text(parts.map((p) => bare(p.zh, by.zh)).join(by.zh), parts.map((p) => bare(p.en, by.en)).join(by.en))
}
