// The same weights for lists of other kinds: a specification says which columns are compared and how.
import { text } from '#core/text.ts'
import { encodingOf, recordsOf } from '#server/spreadsheet/text-file.ts'
import { z } from 'zod'
import { candidates } from './blocks.ts'
import { cluster, type Clusters, type Rules } from './cluster.ts'
import { sayMatch } from './heads.ts'
import { compareAll } from './match.ts'
import { nearlySame } from './sounds.ts'
import { weigh, type Field, type Level, type Pairs, type Setting, type Weights } from './weigh.ts'

/** How two cells are compared: words letter by letter, dates by their parts, codes by single slips, sets of values (a house number) as they are. */
const Kind = z.enum(['text', 'date', 'code', 'exact'])
/** `duplicates: false`: no two rows of one file are the same. `truth`: a column, and which part of it, that names the true cluster. */
export const Spec = z.object({
  files: z.array(z.object({ source: z.string(), file: z.string() })).min(1),
  row: z.string(),
  duplicates: z.boolean().default(true),
  fields: z
    .array(z.object({ column: z.string(), as: Kind.default('text') }))
    .min(2)
    .max(12),
  truth: z.object({ column: z.string(), pattern: z.string().optional() }).optional(),
})
export type Spec = z.infer<typeof Spec>

export type GenericRow = {
  readonly source: number
  readonly row: string
  readonly cells: readonly string[]
  readonly truth: string
}
export type GenericMatched = {
  readonly rows: readonly GenericRow[]
  readonly clusters: Clusters
  readonly pairs: Pairs
  readonly setting: Setting
  readonly weights: Weights
}

const level = (key: string, zh: string, en: string, m: number, group = 0): Level => ({ key, say: text(zh, en), m, h: m, group })
const unknown = level('unknown', '无法比较', 'cannot be compared', 0, -1)
const same = (m: number) => level('same', '相同', 'the same', m)
const other = (m: number) => level('other', '不同', 'different', m)
const levels: Record<z.infer<typeof Kind>, readonly Level[]> = {
  text: [unknown, same(0.75), level('near', '差一处', 'one slip apart', 0.1), level('alike', '相近', 'alike', 0.07), other(0.08)],
  date: [
    unknown,
    same(0.8),
    level('near', '差一处', 'one slip apart', 0.12),
    level('alike', '两部分相同', 'two parts the same', 0.03),
    other(0.05),
  ],
  code: [unknown, same(0.85), level('near', '差一处', 'one slip apart', 0.08), other(0.07)],
  exact: [unknown, same(0.9), other(0.1)],
}

/** Cells as they are compared: lower case, without what is not a letter, a digit or a space. */
const plain = (cell: string): string =>
  cell
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N} @.]/gu, '')
    .replace(/\s+/g, ' ')
    .trim()

function compare(kind: z.infer<typeof Kind>, a: string, b: string): number {
  if (a === '' || b === '') return 0
  if (a === b) return 1
  if (kind === 'exact') return 2
  if (kind === 'code') return nearlySame(a, b) ? 2 : 3
  if (kind === 'date') return nearlySame(a, b) || swappedParts(a, b) ? 2 : sameParts(a, b) >= 2 ? 3 : 4
  if (a.length > 2 && b.length > 2 && nearlySame(a, b)) return 2
  const close = winkler(a, b)
  return close >= 0.92 || (Math.min(a.length, b.length) >= 3 && (a.startsWith(b) || b.startsWith(a))) ? 2 : close >= 0.82 ? 3 : 4
}

const partsOf = (date: string): [string, string, string] => [date.slice(0, 4), date.slice(4, 6), date.slice(6, 8)]
const swappedParts = (a: string, b: string): boolean => {
  const [[y, m, d], [y2, m2, d2]] = [partsOf(a), partsOf(b)]
  return y === y2 && m === d2 && d === m2
}
const sameParts = (a: string, b: string): number => partsOf(a).filter((part, i) => part === partsOf(b)[i]).length

/** Likeness of two words from 0 to 1, beginnings counting more (Jaro and Winkler). */
export function winkler(a: string, b: string): number {
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1)
  const taken = new Uint8Array(b.length)
  const mine: string[] = []
  for (let i = 0; i < a.length; i++) {
    for (let j = Math.max(0, i - reach); j < Math.min(b.length, i + reach + 1); j++) {
      if (taken[j] === 0 && a[i] === b[j]) {
        taken[j] = 1
        mine.push(a[i]!)
        break
      }
    }
  }
  if (mine.length === 0) return 0
  const theirs = [...b].filter((_, j) => taken[j] === 1)
  const swaps = mine.filter((sign, i) => sign !== theirs[i]).length / 2
  const jaro = (mine.length / a.length + mine.length / b.length + (mine.length - swaps) / mine.length) / 3
  let lead = 0
  while (lead < 4 && a[lead] !== undefined && a[lead] === b[lead]) lead++
  return jaro + lead * 0.1 * (1 - jaro)
}

export function readGeneric(spec: Spec, bytesOf: (file: string) => Uint8Array): GenericRow[] {
  const pattern = spec.truth?.pattern ? new RegExp(spec.truth.pattern) : undefined
  return spec.files.flatMap(({ file }, source) => {
    const bytes = bytesOf(file)
    const encoding = encodingOf(bytes)
    if (!encoding) throw sayMatch.empty({ file })
    const [heads = [], ...records] = [...recordsOf(bytes, encoding)]
    const at = (column: string): number => {
      const found = heads.findIndex((head) => head.trim().replace(/^\ufeff/, '') === column)
      if (found < 0) throw sayMatch.noColumn({ file, column })
      return found
    }
    const [row, cells, truth] = [
      at(spec.row),
      spec.fields.map(({ column }) => at(column)),
      spec.truth ? at(spec.truth.column) : -1,
    ]
    return records
      .filter((record) => record.some((cell) => cell.trim() !== ''))
      .map((record) => ({
        source,
        row: (record[row] ?? '').trim(),
        cells: cells.map((each, f) => {
          const cell = plain(record[each] ?? '')
          return spec.fields[f]!.as === 'date' ? cell.replace(/\D/g, '') : cell
        }),
        truth: truth < 0 ? '' : pattern ? (pattern.exec(record[truth] ?? '')?.[1] ?? '') : (record[truth] ?? '').trim(),
      }))
  })
}

/** Links the rows that a specification describes. */
export async function matchGeneric(spec: Spec, rows: readonly GenericRow[]): Promise<GenericMatched> {
  const fields = spec.fields.map(({ column, as }, f): Field => {
    const counts = new Map<string, number>()
    for (const { cells } of rows) if (cells[f]) counts.set(cells[f], (counts.get(cells[f]) ?? 0) + 1)
    return {
      key: column,
      say: text(column, column),
      levels: levels[as],
      compare: (a, b) => compare(as, rows[a]!.cells[f]!, rows[b]!.cells[f]!),
      share: (a, _, l) => (l === 1 ? Math.max(1, counts.get(rows[a]!.cells[f]!)! - 1) / rows.length : 0),
    }
  })
  const setting: Setting = {
    fields,
    households: false,
    sourceOf: Uint8Array.from(rows, ({ source }) => source),
    counts: spec.files.map((_, source) => rows.filter((row) => row.source === source).length),
  }
  const mayMeet = (a: number, b: number) => spec.duplicates || rows[a]!.source !== rows[b]!.source
  const pairs = compareAll(await candidates(rows.length, (row) => keys(rows[row]!.cells), { mayMeet, most: 100 }), fields)
  const { weights, probability } = weigh(pairs, setting, spec.duplicates)
  const rules: Rules = {
    accept: 0.5,
    never: (a, b) => !mayMeet(a, b),
    strong: (found, at) => fields.reduce((agreeing, _, f) => agreeing + Number(found[at + f] === 1), 0) >= 3,
  }
  return { rows, pairs, setting, weights, clusters: cluster(pairs, probability, setting, weights, rules) }
}

/** Each cell alone, and the beginnings of any two cells together. */
function* keys(cells: readonly string[]): Generator<string> {
  for (let f = 0; f < cells.length; f++) {
    if (!cells[f]) continue
    yield `${f} ${cells[f]}`
    for (let g = f + 1; g < cells.length; g++) {
      if (!cells[g]) continue
      yield `${f} ${g} ${cells[f]!.slice(0, 4)} ${cells[g]!.slice(0, 4)}`
      yield `${f} ${g} ${cells[f]!.slice(-4)} ${cells[g]!.slice(-4)} <`
    }
    if (cells[f + 1]) yield `${f} ${f + 1} ${[cells[f], cells[f + 1]].sort().join(' ')}`
  }
}
