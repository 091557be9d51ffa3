// How much the agreements of two rows weigh: Fellegi and Sunter's weights, learned by expectation and maximisation on the rows at hand.
// Beside "the same person" and "strangers" there is a third explanation, "people of one household", who share dwelling, telephone and surname.
import type { Text } from '#core/text.ts'

/** One way in which two cells agree or not. Levels of one `group` are shares of one whole (both said in full; one masked …). */
export type Level = {
  readonly key: string
  readonly say: Text
  readonly group: number
  /** Shares before any row was seen: among rows of one person, and of two people of one household. */
  readonly m: number
  readonly h: number
}
/** `levels[0]` is always "nothing can be said". `share`: how frequent the value is that a pair has in common, 0 where that does not matter. */
export type Field = {
  readonly key: string
  readonly say: Text
  readonly levels: readonly Level[]
  readonly compare: (a: number, b: number) => number
  readonly share?: (a: number, b: number, level: number) => number
}
/** Candidate pairs and their levels, field by field, one byte each. */
export type Pairs = { readonly a: Int32Array; readonly b: Int32Array; readonly levels: Uint8Array }
/** Row counts of the lists, and of which list each row is. `households`: whether the third explanation exists. */
export type Setting = {
  readonly sourceOf: Uint8Array
  readonly counts: readonly number[]
  readonly fields: readonly Field[]
  readonly households: boolean
}

/** Logarithms (base 2) of the learned shares; `odds[class]` is what a pair of two lists is before anything is compared. */
export type Weights = {
  readonly m: readonly Float64Array[]
  readonly h: readonly Float64Array[]
  readonly u: readonly Float64Array[]
  readonly same: Float64Array
  readonly home: Float64Array
  readonly strange: Float64Array
}

const log2 = Math.log2
/** Levels seen this often before the rows were looked at. */
const faith = 120
const sampled = 400_000
const rounds = 15
/** No level is rarer than this among strangers. */
const leastU = 2e-7

export const classOf = (one: number, other: number, lists: number): number => Math.min(one, other) * lists + Math.max(one, other)

/** Pairs that there are between the lists, whether looked at or not. */
function totals({ counts }: Setting): Float64Array {
  const found = new Float64Array(counts.length ** 2)
  counts.forEach((n, i) =>
    counts.forEach((k, j) => {
      if (j >= i) found[classOf(i, j, counts.length)] = i === j ? (n * (n - 1)) / 2 : n * k
    }),
  )
  return found
}

/** How often each level stands among any two rows: all of them where there are few, else by lot. */
function levelsOfAny({ fields, sourceOf }: Setting): { hist: Float64Array[]; scale: number } {
  const n = sourceOf.length
  const all = (n * (n - 1)) / 2
  const hist = fields.map(({ levels }) => new Float64Array(levels.length))
  const take = (a: number, b: number) =>
    fields.forEach((field, f) => {
      hist[f]![field.compare(a, b)]!++
    })
  if (all <= sampled) {
    for (let a = 0; a < n; a++) for (let b = a + 1; b < n; b++) take(a, b)
    return { hist, scale: 1 }
  }
  let state = 20_200_201
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 4_294_967_296) * limit)
  }
  for (let i = 0; i < sampled; i++) {
    const [a, b] = [below(n), below(n)]
    if (a !== b) take(Math.min(a, b), Math.max(a, b))
  }
  return { hist, scale: all / sampled }
}

/** Shares within each group as logarithms; `more` is added before. */
function shares(field: Field, seen: Float64Array, more: (level: Level) => number, least: number): Float64Array {
  const groups = new Map<number, number>()
  field.levels.forEach((level, l) => {
    if (l > 0) groups.set(level.group, (groups.get(level.group) ?? 0) + seen[l]! + more(level))
  })
  return Float64Array.from(field.levels, (level, l) =>
    l === 0 ? 0 : log2(Math.max(least, (seen[l]! + more(level)) / (groups.get(level.group) || 1))),
  )
}

/** Sum of the logarithms for strangers, with the frequency of what the two have in common. */
export function strangeness(
  a: number,
  b: number,
  at: number,
  { levels }: Pick<Pairs, 'levels'>,
  fields: readonly Field[],
  u: readonly Float64Array[],
): number {
  let sum = 0
  for (let f = 0; f < fields.length; f++) {
    const level = levels[at + f]!
    if (level === 0) continue
    const share = fields[f]!.share?.(a, b, level) ?? 0
    sum += share > 0 ? log2(Math.max(leastU, share)) : u[f]![level]!
  }
  return sum
}

export type Judged = { readonly weights: Weights; readonly probability: Float32Array }

/** Pairs that agree in the same levels, of the same two lists, share all but the frequency of what they have in common. */
type Patterns = {
  readonly of: Int32Array
  readonly levels: Uint8Array
  readonly kind: Uint8Array
  readonly rare: Float32Array
  readonly common: Uint8Array
  readonly count: number
}

function patternsOf(pairs: Pairs, { fields, sourceOf, counts }: Setting): Patterns {
  const [width, n] = [fields.length, pairs.a.length]
  const found = new Map<string | number, number>()
  const [of, rare] = [new Int32Array(n), new Float32Array(n)]
  const [levels, common, kind]: number[][] = [[], [], []]
  for (let i = 0; i < n; i++) {
    const [a, b] = [pairs.a[i]!, pairs.b[i]!]
    const c = classOf(sourceOf[a]!, sourceOf[b]!, counts.length)
    let [key, shared, bits] = [c, 0, 0]
    for (let f = 0; f < width; f++) {
      const level = pairs.levels[i * width + f]!
      const share = level === 0 ? 0 : (fields[f]!.share?.(a, b, level) ?? 0)
      if (share > 0) {
        bits += log2(Math.max(leastU, share))
        shared |= 1 << f
      }
      key = key * 32 + level
    }
    const whole = key * 2 ** width + shared
    const name =
      whole < Number.MAX_SAFE_INTEGER ? whole : `${pairs.levels.subarray(i * width, i * width + width).join()} ${c} ${shared}`
    let pattern = found.get(name)
    if (pattern === undefined) {
      pattern = found.size
      found.set(name, pattern)
      for (let f = 0; f < width; f++) {
        levels!.push(pairs.levels[i * width + f]!)
        common!.push((shared >> f) & 1)
      }
      kind!.push(c)
    }
    of[i] = pattern
    rare[i] = bits
  }
  return {
    of,
    rare,
    levels: Uint8Array.from(levels!),
    common: Uint8Array.from(common!),
    kind: Uint8Array.from(kind!),
    count: found.size,
  }
}

/** Learns the weights and says of each pair how probable it is that both rows are one person. `within`: a list may hold somebody twice. */
export function weigh(pairs: Pairs, setting: Setting, within = true): Judged {
  const { fields, counts, households } = setting
  const [lists, n] = [counts.length, pairs.a.length]
  const all = totals(setting)
  const any = levelsOfAny(setting)
  const patterns = patternsOf(pairs, setting)
  const sameCount = Float64Array.from(all, (_, c) =>
    Math.floor(c / lists) === c % lists
      ? (lists === 1 ? 0.3 : within ? 0.05 : 0) * counts[c % lists]!
      : 0.4 * Math.min(counts[Math.floor(c / lists)]!, counts[c % lists]!),
  )
  const homeCount = Float64Array.from(all, (_, c) =>
    households ? 1.5 * Math.min(counts[Math.floor(c / lists)]!, counts[c % lists]!) : 0,
  )
  let weights: Weights = {
    m: fields.map((field) => shares(field, new Float64Array(field.levels.length), ({ m }) => m, 1e-6)),
    h: fields.map((field) => shares(field, new Float64Array(field.levels.length), ({ h }) => h, 1e-6)),
    u: fields.map((field, f) => shares(field, any.hist[f]!, () => 0.2, leastU)),
    ...odds(all, sameCount, homeCount),
  }
  const probability = new Float32Array(n)
  for (let round = 0; round < rounds; round++) {
    const { seenM, seenH, same, home } = expected(patterns, weights, fields, probability, all.length)
    if (round === rounds - 1) break
    weights = {
      m: fields.map((field, f) => shares(field, seenM[f]!, ({ m }) => m * faith, 1e-6)),
      h: fields.map((field, f) => shares(field, seenH[f]!, ({ h }) => h * faith, 1e-6)),
      u: fields.map((field, f) =>
        shares(
          field,
          any.hist[f]!.map((count, l) => Math.max(0, count - (seenM[f]![l]! + seenH[f]![l]!) / any.scale)),
          () => 0.2,
          leastU,
        ),
      ),
      ...odds(
        all,
        same.map((count, c) => Math.max(count, 1e-3 * Math.sqrt(all[c]!))),
        home,
      ),
    }
  }
  return { weights, probability }
}

/** How often each level is to be expected among rows of one person and of one household, under these weights; fills `probability`. */
function expected(patterns: Patterns, weights: Weights, fields: readonly Field[], probability: Float32Array, classes: number) {
  const { of, rare, levels, common, kind, count } = patterns
  const width = fields.length
  const [m, h, u] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)]
  for (let k = 0; k < count; k++) {
    let [sumM, sumH, sumU] = [weights.same[kind[k]!]!, weights.home[kind[k]!]!, weights.strange[kind[k]!]!]
    for (let f = 0; f < width; f++) {
      const level = levels[k * width + f]!
      if (level === 0) continue
      sumM += weights.m[f]![level]!
      sumH += weights.h[f]![level]!
      if (common[k * width + f] === 0) sumU += weights.u[f]![level]!
    }
    ;[m[k], h[k], u[k]] = [sumM, sumH, sumU]
  }
  const [sumM, sumH] = [new Float64Array(count), new Float64Array(count)]
  for (let i = 0; i < of.length; i++) {
    const k = of[i]!
    const [logM, logH, logU] = [m[k]!, h[k]!, u[k]! + rare[i]!]
    const top = Math.max(logM, logH, logU)
    const [pM, pH, pU] = [2 ** (logM - top), 2 ** (logH - top), 2 ** (logU - top)]
    const p = pM / (pM + pH + pU)
    probability[i] = p
    sumM[k]! += p
    sumH[k]! += pH / (pM + pH + pU)
  }
  const seenM = fields.map((field) => new Float64Array(field.levels.length))
  const seenH = fields.map((field) => new Float64Array(field.levels.length))
  const [same, home] = [new Float64Array(classes), new Float64Array(classes)]
  for (let k = 0; k < count; k++) {
    same[kind[k]!]! += sumM[k]!
    home[kind[k]!]! += sumH[k]!
    for (let f = 0; f < width; f++) {
      seenM[f]![levels[k * width + f]!]! += sumM[k]!
      seenH[f]![levels[k * width + f]!]! += sumH[k]!
    }
  }
  return { seenM, seenH, same, home }
}

function odds(all: Float64Array, same: Float64Array, home: Float64Array): Pick<Weights, 'same' | 'home' | 'strange'> {
  const share = (count: Float64Array) =>
    Float64Array.from(all, (total, c) => log2(Math.max(1e-12, Math.min(0.5, (count[c]! + 0.01) / Math.max(1, total)))))
  const [s, h] = [share(same), home.some((count) => count > 0) ? share(home) : Float64Array.from(all, () => -Infinity)]
  return { same: s, home: h, strange: Float64Array.from(all, (_, c) => log2(Math.max(0.1, 1 - 2 ** s[c]! - 2 ** h[c]!))) }
}

/** What a pair weighs, in bits: `odds` with what is known beforehand; `evidence` against the likelier of the other explanations. */
export function weightOf(
  a: number,
  b: number,
  levels: Uint8Array,
  at: number,
  { fields, sourceOf, counts }: Setting,
  weights: Weights,
): { odds: number; evidence: number } {
  const c = classOf(sourceOf[a]!, sourceOf[b]!, counts.length)
  let [m, h] = [0, 0]
  for (let f = 0; f < fields.length; f++) {
    const level = levels[at + f]!
    if (level > 0) {
      m += weights.m[f]![level]!
      h += weights.h[f]![level]!
    }
  }
  const u = strangeness(a, b, at, { levels }, fields, weights.u)
  const [home, strange] = [weights.home[c]! + h, weights.strange[c]! + u]
  const top = Math.max(home, strange)
  return {
    odds: weights.same[c]! + m - top - log2(2 ** (home - top) + 2 ** (strange - top)),
    evidence: m - (weights.home[c] === -Infinity ? u : Math.max(h, u)),
  }
}
