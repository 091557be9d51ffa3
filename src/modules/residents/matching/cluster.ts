// From weighed pairs to people: the surest links first, none that contradicts what is already one person, none that fits another as well.
import { weightOf, type Pairs, type Setting, type Weights } from './weigh.ts'

/** `probability` after rivals were heard; `sure`: may be linked without anybody looking. */
export type Link = {
  readonly a: number
  readonly b: number
  readonly at: number
  readonly probability: number
  readonly sure: boolean
  readonly odds: number
}
/** `cluster[row]`: the smallest row of the same person. `probability[row]`: that it belongs to the surest part of its cluster. */
export type Clusters = {
  readonly cluster: Int32Array
  readonly probability: Float32Array
  readonly links: readonly Link[]
  readonly review: readonly Link[]
}

export type Rules = {
  /** Two rows that are never one person, whatever else agrees. */
  readonly never: (a: number, b: number, levels: Uint8Array, at: number) => boolean
  /** Strong, independent agreement. */
  readonly strong: (levels: Uint8Array, at: number) => boolean
  /** Links from here on are taken. */
  readonly accept: number
}

/** A link is sure from this probability on; anything less sure never says more than `doubtful`. */
export const surely = 0.999
export const doubtful = 0.9
const worthALook = 0.1
/** Bits of evidence below which two rows contradict each other. */
const contradiction = -4
const rivalry = -1

export function cluster(pairs: Pairs, probability: Float32Array, setting: Setting, weights: Weights, rules: Rules): Clusters {
  const n = setting.sourceOf.length
  const width = setting.fields.length
  const groups = new Groups(n)
  const order = [...probability.keys()].filter((i) => probability[i]! >= 0.02)
  const weight = new Map<number, number>()
  for (const i of order) weight.set(i, weightOf(pairs.a[i]!, pairs.b[i]!, pairs.levels, i * width, setting, weights).odds)
  order.sort((i, j) => weight.get(j)! - weight.get(i)! || i - j)
  const near = new Map<number, number[]>()
  for (const i of order) for (const row of [pairs.a[i]!, pairs.b[i]!]) near.set(row, [...(near.get(row) ?? []), i])
  const levels = new Uint8Array(width)
  /** Bits for or against two rows being one person, whether they were candidates or not. */
  const evidence = (a: number, b: number): number => {
    const [one, other] = a < b ? [a, b] : [b, a]
    setting.fields.forEach((field, f) => {
      levels[f] = field.compare(one, other)
    })
    return rules.never(one, other, levels, 0) ? -99 : weightOf(one, other, levels, 0, setting, weights).evidence
  }
  const worst = (one: readonly number[], other: readonly number[]): number => {
    let least = Infinity
    for (const a of one) for (const b of other) least = Math.min(least, evidence(a, b))
    return least
  }
  /** The odds of the other people that these rows could be as well. */
  const rivals = (mine: readonly number[], root: number, chosen: readonly number[]): number => {
    const best = new Map<number, number>()
    for (const row of mine) {
      for (const i of near.get(row) ?? []) {
        const other = groups.find(pairs.a[i] === row ? pairs.b[i]! : pairs.a[i]!)
        if (other !== root && other !== groups.find(chosen[0]!)) best.set(other, Math.max(best.get(other) ?? -99, weight.get(i)!))
      }
    }
    let sum = 0
    for (const [other, bits] of best) if (worst(groups.members(other), chosen) < rivalry) sum += 2 ** bits
    return sum
  }
  const [links, review]: [Link[], Link[]] = [[], []]
  for (const i of order) {
    const [a, b] = [pairs.a[i]!, pairs.b[i]!]
    const [one, other] = [groups.find(a), groups.find(b)]
    const sureOnes = rules.strong(pairs.levels, i * width)
    if (one === other) {
      if (sureOnes && probability[i]! >= surely)
        links.push({ a, b, at: i, probability: probability[i]!, sure: true, odds: weight.get(i)! })
      continue
    }
    const [mine, theirs] = [groups.members(one), groups.members(other)]
    if (worst(mine, theirs) < contradiction) continue
    const odds = 2 ** weight.get(i)!
    const p = odds / (1 + odds + Math.max(rivals(mine, one, theirs), rivals(theirs, other, mine)))
    const sure = sureOnes && p >= surely
    const link = { a, b, at: i, probability: sure ? p : Math.min(p, doubtful), sure, odds: weight.get(i)! }
    if (p >= rules.accept) {
      groups.join(one, other)
      links.push(link)
    } else if (p >= worthALook) review.push(link)
  }
  return {
    cluster: groups.all(),
    probability: within(n, groups, links),
    links,
    review: [...links.filter(({ sure }) => !sure), ...review],
  }
}

/** Sets of rows that are one person. */
class Groups {
  readonly #root: Int32Array
  readonly #members = new Map<number, number[]>()

  constructor(n: number) {
    this.#root = Int32Array.from({ length: n }, (_, i) => i)
  }
  find(row: number): number {
    while (this.#root[row] !== row) row = this.#root[row] = this.#root[this.#root[row]!]!
    return row
  }
  members(root: number): readonly number[] {
    return this.#members.get(root) ?? [root]
  }
  join(one: number, other: number): void {
    const [into, from] = one < other ? [one, other] : [other, one]
    this.#members.set(into, [...this.members(into), ...this.members(from)])
    this.#members.delete(from)
    this.#root[from] = into
  }
  all(): Int32Array {
    return this.#root.map((_, row) => this.find(row))
  }
}

/** The surest part of a cluster are the most rows that sure links hold together; from there the weakest link on the best way counts. */
function within(n: number, groups: Groups, links: readonly Link[]): Float32Array {
  const cores = new Groups(n)
  const weakest = new Float32Array(n).fill(1)
  for (const { a, b, sure, probability } of links) {
    if (!sure) continue
    const [one, other] = [cores.find(a), cores.find(b)]
    if (one === other) continue
    const least = Math.min(weakest[one]!, weakest[other]!, probability)
    cores.join(one, other)
    weakest[Math.min(one, other)] = least
  }
  const core = new Map<number, number>()
  for (let row = 0; row < n; row++) {
    const [group, mine] = [groups.find(row), cores.find(row)]
    const best = core.get(group)
    if (best === undefined || cores.members(mine).length > cores.members(best).length) core.set(group, mine)
  }
  const found = new Float32Array(n)
  for (let row = 0; row < n; row++) if (core.get(groups.find(row)) === cores.find(row)) found[row] = weakest[cores.find(row)]!
  for (let changed = true; changed;) {
    changed = false
    for (const { a, b, sure, probability } of links) {
      const p = sure ? 1 : probability
      for (const [from, to] of [
        [a, b],
        [b, a],
      ] as const) {
        const reached = Math.min(found[from]!, p)
        if (reached > found[to]! + 1e-7) {
          found[to] = reached
          changed = true
        }
      }
    }
  }
  return found
}
