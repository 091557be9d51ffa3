// Where a building, unit or room stands among its neighbours, read from its name: 3号楼 comes before 12号楼.

const numerals = '零一二三四五六七八九'
const directions = '东南西北'

/**
 * A place in natural order, as a whole number that fits an `integer` column: leading letter or direction, first number,
 * then a second number or a letter. Equal places are told apart by name. The same name always gives the same place.
 */
export function positionOf(name: string): number {
  const words = name
    .normalize('NFKC')
    .trim()
    .toUpperCase()
    .replace(/[零一二三四五六七八九十]+/g, (said) => String(numberOf(said)))
  const [first, ...more] = [...words.matchAll(/\d+/g)]
  const after = first ? words.slice(first.index + first[0].length) : ''
  const lead = leadOf(words[0] ?? '')
  return (lead * firsts + Math.min(Number(first?.[0] ?? 0), firsts - 1)) * tails + tailOf(more[0]?.[0], after)
}

/** 32 leads × 65,536 first numbers × 1,024 tails are all that a signed 32-bit number holds. */
const firsts = 65_536
const tails = 1_024

const leadOf = (sign: string): number =>
  /[A-Z]/.test(sign) ? sign.charCodeAt(0) - 64 : directions.includes(sign) && sign !== '' ? 27 + directions.indexOf(sign) : 0

const tailOf = (second: string | undefined, after: string): number =>
  Math.min(second === undefined ? letterIn(after) : Number(second), tails - 1)

const letterIn = (after: string): number => {
  const letter = /[A-Z]/.exec(after)?.[0]
  return letter ? letter.charCodeAt(0) - 64 : 0
}

/** 三 → 3, 十二 → 12, 二十 → 20, 四十五 → 45; digits said one by one stand as such: 一零三 → 103. */
function numberOf(said: string): number {
  if (!said.includes('十')) return Number([...said].map((sign) => numerals.indexOf(sign)).join(''))
  const [tens, ones] = said.split('十')
  return (tens ? numerals.indexOf(tens.at(-1)!) : 1) * 10 + (ones ? numerals.indexOf(ones[0]!) : 0)
}

/** Compares by place, then by name. */
export const inOrder = (a: { position: number; name: string }, b: { position: number; name: string }): number =>
  a.position - b.position || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

/** The floor that a room number of three or four digits says: 301 → 3, 1202 → 12; null where the name does not say it. */
export function floorOf(room: string): number | null {
  const digits = /^(\d{3,4})[A-Za-z]?$/.exec(room.normalize('NFKC').trim().replace(/室$/, ''))?.[1]
  return digits ? Number(digits.slice(0, -2)) || null : null
}

/** A name as it is kept and compared: full-width forms made plain, no spaces at the ends, single ones within. */
export const tidy = (name: string): string => name.normalize('NFKC').trim().replace(/\s+/g, ' ')
