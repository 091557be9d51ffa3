// Which column says what: by its heads first, by its values where it has none.
import { matchHead, type Fits } from './heads.ts'
import type { Grid, Line } from './grid.ts'
import type { Sure, UnderstoodColumn, Word, Words } from './model.ts'
import { slotsOf } from './persons.ts'
import { isDitto } from './tidy.ts'

type Found = { readonly word: Word; readonly sure: Sure }
const rank: Record<Sure, number> = { given: 0, exact: 1, synonym: 2, similar: 3, values: 4 }

/** Values asked of a column to tell what it holds, and shown as its sample. */
const asked = 300
const shown = 3
/** Words for a blank tell nothing of a column. */
const nothing = /^(无|不详|未知|没有|空|暂无|n\/?a|null|none|[-—–/\\.·*_]+)$/i

/** The columns of a region of lines. Several columns of one field stay only where its word says so. */
export function columnsOf(
  grid: Grid,
  paths: readonly (readonly string[])[],
  lines: readonly Line[],
  words: Words,
): UnderstoodColumn[] {
  const values = paths.map((_, at) => valuesOf(lines, at))
  const matched = paths.map((path, at) => matchHead(path, words, fitsOf(values[at]!)))
  const slots = slotsOf(paths, matched, words, (at) => fitsOf(values[at]!))
  const found = matched.map((match, at) => (slots.has(at) ? undefined : match))
  const kept = settled(found, words[0])
  const looked = byValues(
    paths,
    values,
    matched.map((match, at) => match ?? slots.get(at)?.match),
    kept,
    words,
  )
  const sampled = (at: number) => ({ at, head: paths[at]!.join(' ').replaceAll('\n', ''), sample: values[at]!.slice(0, shown) })
  return paths.map((_, at) => {
    const slot = slots.get(at)
    const match = slot?.match ?? kept[at] ?? looked.get(at)
    const field = match && !match.word.field.startsWith('-') ? match.word.field : null
    const whose = slot?.part ? { part: slot.part, ...(slot.mark ? { mark: slot.mark } : {}) } : {}
    return { ...sampled(at), field, sure: match ? match.sure : null, ...whose }
  })
}

function valuesOf(lines: readonly Line[], at: number): string[] {
  const values: string[] = []
  for (const { spots } of lines) {
    const text = spots[at]?.text
    if (text && !isDitto(text) && !nothing.test(text)) values.push(text)
    if (values.length === asked) break
  }
  return values
}

const fitsOf =
  (values: readonly string[]): Fits =>
  ({ looks }) =>
    looks && values.length ? values.filter((value) => looks(value)).length / values.length : undefined

/**
 * Two persons side by side: from the second column of the subject on, what the first person has already is said of the second.
 * The subject's own columns stay, so that the caller sees that a row is about more than one.
 */
function apart(found: readonly (Found | undefined)[], subject: Word | undefined): (Found | undefined)[] {
  const second = found.flatMap((match, at) => (match && match.word === subject && match.sure !== 'similar' ? [at] : []))[1]
  if (second === undefined) return [...found]
  const before = new Set(found.slice(0, second).flatMap((match) => (match ? [match.word.field] : [])))
  return found.map((match, at) =>
    match && at > second && match.word !== subject && before.has(match.word.field) ? undefined : match,
  )
}

/** The surest column of each field keeps it, the first of equals. */
function settled(all: readonly (Found | undefined)[], subject: Word | undefined): (Found | undefined)[] {
  const found = apart(all, subject)
  const best = new Map<string, number>()
  for (const [at, match] of found.entries()) {
    if (!match) continue
    const before = best.get(match.word.field)
    if (before === undefined || rank[match.sure] < rank[found[before]!.sure]) best.set(match.word.field, at)
  }
  return found.map((match, at) =>
    match &&
    (match.word.many ||
      match.word.field.startsWith('-') ||
      (match.word === subject && match.sure !== 'similar') ||
      best.get(match.word.field) === at)
      ? match
      : undefined,
  )
}

/**
 * Columns without a head, or with one that says nothing known, told by what stands in them: the particular fields first, the subject
 * among what is left.
 */
function byValues(
  paths: readonly (readonly string[])[],
  values: readonly (readonly string[])[],
  found: readonly (Found | undefined)[],
  kept: readonly (Found | undefined)[],
  words: Words,
): Map<number, Found> {
  const taken = new Set(kept.flatMap((match) => (match ? [match.word.field] : [])))
  const free = new Set(paths.flatMap((path, at) => (!found[at] && values[at]!.length > 0 ? [at] : [])))
  const looked = new Map<number, Found>()
  const [subject, ...others] = words.filter((word) => word.looks)
  for (const word of [...others, ...(subject ? [subject] : [])]) {
    if (taken.has(word.field)) continue
    const fit = (at: number) => fitsOf(values[at]!)(word) ?? 0
    const spread = (at: number) => (word === subject ? new Set(values[at]).size / values[at]!.length : 0)
    const enough = (at: number) => {
      const head = paths[at]!.join('')
      return head === ''
        ? fit(at) >= 0.8
        : word.telling === true && values[at]!.length >= 2 && fit(at) >= 0.9 && !word.not?.test(head)
    }
    const [best] = [...free].filter(enough).sort((a, b) => fit(b) + spread(b) - fit(a) - spread(a) || a - b)
    if (best === undefined) continue
    free.delete(best)
    taken.add(word.field)
    looked.set(best, { word, sure: 'values' })
  }
  return looked
}
