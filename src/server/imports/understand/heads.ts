// Which field a head names: by its name, a synonym, or a name with a slip in it that the values below bear out.
import type { Sure, Word, Words } from './model.ts'
import { bare, distance, withoutBrackets } from './tidy.ts'

/** `known` without a field: a head that is understood and left aside. */
export type Match = { readonly word: Word; readonly sure: Exclude<Sure, 'given' | 'values'> }
/** Which part of a column's values looks as that word's values do, 0 to 1; undefined where nothing can be said. */
export type Fits = (word: Word) => number | undefined

type Named = { readonly name: string; readonly word: Word; readonly first: boolean }
type Compiled = { readonly exact: ReadonlyMap<string, Named>; readonly all: readonly Named[] }
const compiled = new WeakMap<Words, Compiled>()

function compile(words: Words): Compiled {
  const made = compiled.get(words)
  if (made) return made
  const all = words
    .filter((word) => !word.closes)
    .flatMap((word) => word.names.map((name, i): Named => ({ name: bare(name), word, first: i === 0 })))
  const exact = new Map<string, Named>()
  for (const named of all) if (!exact.has(named.name)) exact.set(named.name, named)
  const fresh = { exact, all }
  compiled.set(words, fresh)
  return fresh
}

const groupEnds = /(基本)?(信息|情况|资料|详情|栏)$/
/** Parts that a head joins: 姓名/性别, 房号或门牌. */
const joints = /[/\\、|或及和与(),，]/

/** A column's match. `path` are its heads from the top down: `['联系方式', '手机']`. */
export function matchHead(path: readonly string[], words: Words, fits: Fits = () => undefined): Match | undefined {
  const leaf = bare(path.at(-1) ?? '')
  if (!leaf) return undefined
  const groups = path.slice(0, -1).map((group) => withoutBrackets(bare(group)).replace(groupEnds, ''))
  const group = groups.join('')
  const { exact } = compile(words)
  const allowed = (named: Named | undefined, rest: string): Match | undefined =>
    named && !named.word.not?.test(rest) && !(named.word.field.startsWith('-') && group && exact.has(group))
      ? { word: named.word, sure: named.first ? 'exact' : 'synonym' }
      : undefined
  const short = withoutBrackets(leaf) || leaf
  const last = groups.at(-1) ?? ''
  for (const whole of last ? [group + leaf, last + leaf, group + short, last + short] : []) {
    const named = exact.get(whole)
    if (named) return { word: named.word, sure: named.first ? 'exact' : 'synonym' }
  }
  const direct = allowed(exact.get(leaf), group) ?? allowed(exact.get(short), group + leaf.replace(short, ''))
  if (direct) return direct
  // 电话1, 手机2: the number only counts the columns.
  const counted = /^(.{2,}?)(\d|[一二三①②③]|\(\d\))$/.exec(leaf)?.[1]
  const once = counted && allowed(exact.get(counted), group)
  if (once) return once
  // A group that names a field gives it to a leaf that says nothing of its own: 联系电话 over 1 and 2.
  if (group && /^(\d+|[一二三四五]|号码|内容|填写)$/.test(leaf)) return allowed(exact.get(group), '')
  return similar(short, group, words, fits) ?? joined(leaf, group, words)
}

/** 姓名/曾用名, 身份证号或护照号: the first part that is a name. */
function joined(leaf: string, group: string, words: Words): Match | undefined {
  const parts = leaf.split(joints).filter(Boolean)
  if (parts.length < 2) return undefined
  const { exact } = compile(words)
  for (const part of parts) {
    const named = exact.get(part)
    if (named && !named.word.not?.test(group + leaf.replace(part, ''))) return { word: named.word, sure: 'similar' }
  }
  return undefined
}

type Near = { readonly word: Word; readonly cost: number }

/** The nearest name: a few wrong signs, or more words around it. Where two fields are equally near, the values decide. */
function similar(leaf: string, group: string, words: Words, fits: Fits): Match | undefined {
  const length = [...leaf].length
  if (length > 16) return undefined
  const near: Near[] = []
  for (const { name, word } of compile(words).all) {
    const borneOut = () => !word.field.startsWith('-') && (fits(word) ?? 0) >= 0.5
    const cost =
      costOf(leaf, length, name) ??
      (length >= 4 && length <= 6 && [...name].length === length && borneOut() && twoSlips(leaf, name) ? 2.9 : undefined)
    if (cost === undefined || word.not?.test(group + leaf.replace(name, ''))) continue
    const fit = word.field.startsWith('-') ? undefined : fits(word)
    // One slip in a long name is that name, however its values are written.
    if (fit !== undefined && fit < 0.5 && !(cost <= 1 && length >= 4)) continue
    // Two signs of which one is right name nothing without values that bear it out.
    if (cost === weak && fit === undefined) continue
    near.push({ word, cost: cost - (fit ?? 0) / 10 })
  }
  near.sort((a, b) => a.cost - b.cost)
  const [best, second] = [near[0], near.find(({ word }) => word !== near[0]?.word)]
  if (!best || (second && second.cost - best.cost < 0.02 && second.word.field !== best.word.field)) return undefined
  return { word: best.word, sure: 'similar' }
}

const weak = 3

/** Two wrong signs; where they are the whole first or last word (采集日期 for 出生日期), it is another name. */
function twoSlips(leaf: string, name: string): boolean {
  if (distance(leaf, name) !== 2) return false
  const [a, b] = [[...leaf], [...name]]
  const differ = a.flatMap((sign, i) => (sign === b[i] ? [] : [i]))
  return !(differ.length === 2 && differ[1] === differ[0]! + 1 && (differ[0] === 0 || differ[1] === a.length - 1))
}

function costOf(leaf: string, length: number, name: string): number | undefined {
  const size = [...name].length
  const latin = /^[a-z]/.test(name)
  if (latin) return size >= 5 && Math.abs(size - leaf.length) <= 1 && distance(leaf, name) <= 1 ? 1 : undefined
  if (size < 2) return undefined
  if (leaf.endsWith(name)) return 1.5 + (length - size) / 20
  if (size >= 3 && leaf.startsWith(name)) return 2 + (length - size) / 20
  if (Math.abs(size - length) > 1) return undefined
  const changes = distance(leaf, name)
  if (size >= 3 && length >= 3 && changes <= (size >= 6 ? 2 : 1)) return changes
  return size === 2 && length === 2 && changes === 1 ? weak : undefined
}

/** The word whose name a text is, letter for letter. */
export const nameOf = (text: string, words: Words): Word | undefined =>
  compile(words).exact.get(bare(text))?.word ?? compile(words).exact.get(withoutBrackets(bare(text)))?.word
