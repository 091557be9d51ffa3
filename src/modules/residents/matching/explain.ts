// Why two rows are taken for one person, in words and weights.
import type { Text } from '#core/text.ts'
import type { Matched } from './match.ts'
import { strangeness, type Pairs, type Setting, type Weights } from './weigh.ts'

/** One field's part: `bits` above zero speak for one person, below against. Names no value of anybody. */
export type Reason = { readonly field: string; readonly say: Text; readonly bits: number }

/** What each field says of a candidate pair, the weightiest first; against the likelier of strangers and people of one household. */
export function reasonsOf(pairs: Pairs, i: number, { fields, households }: Setting, weights: Weights): Reason[] {
  const width = fields.length
  const [a, b] = [pairs.a[i]!, pairs.b[i]!]
  const parts = fields.flatMap((field, f) => {
    const level = pairs.levels[i * width + f]!
    if (level === 0) return []
    const alone = new Uint8Array(width)
    alone[f] = level
    const strange = strangeness(a, b, 0, { levels: alone }, fields, weights.u)
    return [{ field: field.key, say: field.levels[level]!.say, m: weights.m[f]![level]!, h: weights.h[f]![level]!, u: strange }]
  })
  const sum = (of: (part: (typeof parts)[number]) => number) => parts.reduce((all, part) => all + of(part), 0)
  const home = households && weights.home[0]! + sum(({ h }) => h) > weights.strange[0]! + sum(({ u }) => u)
  return parts
    .map(({ field, say, m, h, u }) => ({ field, say, bits: Math.round((m - (home ? h : u)) * 10) / 10 }))
    .sort((one, other) => Math.abs(other.bits) - Math.abs(one.bits))
}

/** 姓名相同 +12.3；同一房号 +9.1；电话不同 −2.0 */
export const inWords = (reasons: readonly Reason[], language: 'zh' | 'en' = 'zh'): string =>
  reasons
    .map(({ say, bits }) => `${say[language]} ${bits < 0 ? '−' : '+'}${Math.abs(bits).toFixed(1)}`)
    .join(language === 'zh' ? '；' : '; ')

/** What was learned, for the curious: per field and step the weight in bits against strangers, where no value of its own has one. */
export const learned = ({
  setting: { fields },
  weights,
}: Pick<Matched, 'setting' | 'weights'>): Record<string, Record<string, number>> =>
  Object.fromEntries(
    fields.map((field, f) => [
      field.key,
      Object.fromEntries(
        field.levels.slice(1).map(({ key }, l) => [key, Math.round((weights.m[f]![l + 1]! - weights.u[f]![l + 1]!) * 10) / 10]),
      ),
    ]),
  )
