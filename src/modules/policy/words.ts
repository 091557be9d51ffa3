// A rule's value in words, read from the labels of its schema: for the page of rules, and for whoever approves a version.
import { z } from 'zod'
import { choiceText, infoOf, innerOf, labelOf } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'

/** `37.3 ℃` · `每日 2 次` · `是`: values of unknown shape are shown as they are written. */
export function inWords(schema: z.ZodType, value: unknown): Text {
  if (value === null || value === undefined || value === '') return text('—', '—')
  if (isPair(value)) return value
  if (typeof value === 'boolean') return value ? text('是', 'Yes') : text('否', 'No')
  const inner = innerOf(schema)
  if (Array.isArray(value)) return joined(value.map((one) => inWords(inner instanceof z.ZodArray ? inner.element as z.ZodType : z.unknown(), one)), '；', '; ')
  if (typeof value === 'object') return objectInWords(inner, value as Record<string, unknown>)
  const said = typeof value === 'string' ? choiceText(schema, value) : text(String(value), String(value))
  const unit = infoOf(schema)?.unit
  return unit ? text(`${said.zh} ${unit.zh}`, `${said.en} ${unit.en}`) : said
}

function objectInWords(schema: z.ZodType, value: Record<string, unknown>): Text {
  const shape = schema instanceof z.ZodObject ? schema.shape as Record<string, z.ZodType> : {}
  const element = schema instanceof z.ZodRecord ? schema.valueType as z.ZodType : z.unknown()
  return joined(Object.entries(value).map(([name, one]) => {
    const field = shape[name] ?? element
    const head = shape[name] ? labelOf(shape[name], name) : text(name, name)
    const said = inWords(field, one)
    return text(`${head.zh}：${said.zh}`, `${head.en}: ${said.en}`)
  }), '，', ', ')
}

const isPair = (value: unknown): value is Text =>
  typeof value === 'object' && value !== null && Object.keys(value).sort().join() === 'en,zh'
  && Object.values(value).every((one) => typeof one === 'string')

const joined = (parts: readonly Text[], zh: string, en: string): Text =>
  parts.length ? text(parts.map((p) => p.zh).join(zh), parts.map((p) => p.en).join(en)) : text('无', 'None')
