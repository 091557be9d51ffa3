// Several persons in one row: 姓名1 身份证1 姓名2 身份证2, 配偶姓名, members side by side, and two tables beside one another.
import { matchHead, type Fits, type Match } from './heads.ts'
import type { Word, Words } from './model.ts'
import { bare } from './tidy.ts'

/** A column that is about one of the row's persons. `part` counts them from 0; `mark` is what its head calls them: 配偶. */
export type Slot = { readonly part: number; readonly mark?: string; readonly match: Match }
type Slots = ReadonlyMap<number, Slot>

const numerals = [...'一二三四五六七八九']
const circled = [...'①②③④⑤⑥⑦⑧⑨']
const counter = /第?[((]?([1-9一二三四五六七八九①②③④⑤⑥⑦⑧⑨])[))]?(?:位|人|号成员)?/g

type Keyed = { readonly at: number; readonly key: string; readonly mark?: string; readonly match: Match }

/**
 * Which columns are about whom, where a row is about more than one; empty where it is not, or the words do not ask for it. Columns of
 * the household (its address) belong to nobody and are missing.
 */
export function slotsOf(
  paths: readonly (readonly string[])[],
  found: readonly (Match | undefined)[],
  words: Words,
  fits: (at: number) => Fits,
): Slots {
  const [subject] = words
  if (!subject?.beside) return new Map()
  const keyed = paths.flatMap((path, at) => keyedColumn(path, at, words, fits(at)) ?? [])
  const groups = [...Map.groupBy(keyed, ({ key }) => key).values()].filter((group) =>
    group.some(({ match }) => match.word === subject),
  )
  const plain = new Set(groups.flat().map(({ at }) => at))
  const others = found.map((match, at) => (plain.has(at) ? undefined : match))
  const based = others.some((match) => match && (match.word === subject || match.word.instead))
  const told = others.some((match) => match?.word.field === subject.beside!.unless)
  const counted = groups.filter(([one]) => !one!.mark)
  const named = groups.filter((group) => group[0]!.mark && based && !told && isPerson(group, subject))
  const taken = based || counted.length > 1 ? [...counted, ...named].sort((a, b) => a[0]!.at - b[0]!.at) : []
  if (taken.length === 0) return repeated(found, words)
  const slots = new Map<number, Slot>()
  for (const [i, group] of taken.entries()) {
    for (const { at, mark, match } of group) slots.set(at, { part: based ? i + 1 : i, match, ...(mark ? { mark } : {}) })
  }
  return slots
}

/** Some heads name whom to ring rather than who lives here, unless they say more of them. */
const isPerson = (group: readonly Keyed[], { beside }: Word): boolean =>
  !beside!.doubtful?.test(group[0]!.mark!) || group.some(({ match }) => beside!.surely.includes(match.word.field))

function keyedColumn(path: readonly string[], at: number, words: Words, fits: Fits): Keyed | undefined {
  const [subject] = words
  const whole = path.map(bare).join('')
  const marked = subject!.beside!.marks.exec(whole)
  const rest = marked ? whole.slice(marked[0].length).replace(/^(的|之)/, '') : undefined
  if (marked && rest !== undefined) {
    const match = rest === '' ? nameHeld(subject!, fits) : matchHead([rest], words, fits)
    return match && known(match) ? { at, key: marked[0], mark: marked[1] ?? marked[0], match } : undefined
  }
  const numbers = [...whole.matchAll(counter)]
  if (numbers.length !== 1) return undefined
  const [sign] = numbers
  const match = matchHead([whole.replace(sign![0], '')], words, fits)
  return match && known(match) ? { at, key: orderOf(sign![1]!), match } : undefined
}

const known = ({ word }: Match): boolean => !word.field.startsWith('-')
const orderOf = (sign: string): string => String(numerals.indexOf(sign) + 1 || circled.indexOf(sign) + 1 || sign)

/** 配偶 alone is a name, or a list of names, where such stand below. */
function nameHeld(subject: Word, fits: Fits): Match | undefined {
  const looks = (text: string): boolean => subject.looks?.(text.split(/[、,;/\n]/)[0]!.trim()) ?? true
  return (fits({ ...subject, looks }) ?? 1) >= 0.5 ? { word: subject, sure: 'similar' } : undefined
}

/** The same heads again: from each further column of the subject on, what the first person has is said of the next. */
function repeated(found: readonly (Match | undefined)[], words: Words): Slots {
  const [subject] = words
  const names = found.flatMap((match, at) => (match && match.word === subject && match.sure !== 'similar' ? [at] : []))
  const [first] = names
  if (first === undefined || names.length < 2) return new Map()
  const begins = names.map((at) => beginning(found, first, at))
  const own = new Set(found.slice(begins[0], begins[1]).flatMap((match) => (match ? [match.word.field] : [])))
  const before = new Set(found.slice(0, begins[1]).flatMap((match) => (match ? [match.word.field] : [])))
  // 户主姓名 beside members without number: the householder is the row's first person, and every 姓名 another one.
  const headed = found.slice(0, first).some((match) => match?.word.instead)
  const slots = new Map<number, Slot>()
  for (const [i, begin] of begins.entries()) {
    for (let at = begin; at < (begins[i + 1] ?? found.length); at++) {
      const match = found[at]
      if (!match || !(i === 0 ? own : before).has(match.word.field) || match.word.instead) continue
      if (i > 0 || (headed && !match.word.common)) slots.set(at, { part: headed ? i + 1 : i, match })
    }
  }
  return slots
}

/** A person may begin before the name: with what stood before the first name too (关系, 序号, 房号). */
function beginning(found: readonly (Match | undefined)[], first: number, at: number): number {
  let back = 0
  while (
    first - back > 0 &&
    found[first - back - 1] &&
    found[first - back - 1]!.word === found[at - back - 1]?.word &&
    at - back - 1 > first
  )
    back++
  return at - back
}
