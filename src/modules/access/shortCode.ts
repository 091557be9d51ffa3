// The code that a guard types when nothing can be scanned: nine signs of chance and two that catch slips.

// No 0 O 1 I L: what a gloved hand or an old print confuses is not there. 31 is prime, so the check below catches any two wrong signs.
const alphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const base = alphabet.length
const random = 9
const worth = new Map([...alphabet].map((sign, i) => [sign, i]))

/** Bits of chance in a code: 44. */
export const shortCodeBits = Math.floor(random * Math.log2(base))
/** `7K2M-9PQ-X4TB` as it is printed. */
const grouped = (signs: string): string => `${signs.slice(0, 4)}-${signs.slice(4, 7)}-${signs.slice(7)}`

// A Reed–Solomon code over 31 with two check signs: the sum, and the sum weighted by the place.
function checkOf(signs: readonly number[]): readonly [number, number] {
  const sum = signs.reduce((a, n) => a + n, 0)
  const weighted = signs.reduce((a, n, i) => a + n * (i + 1), 0)
  // Places 10 and 11 are the checks themselves: both sums over all eleven come out as 0.
  const last = (10 * sum - weighted) % base
  const eleventh = ((last % base) + base) % base
  return [(((-sum - eleventh) % base) + base) % base, eleventh]
}

/** The code of a pass, from the first six bytes of its id: who has the list of passes has the list of codes. */
export function shortCodeOf(passId: Uint8Array): string {
  let number = passId.subarray(0, 6).reduce((n, byte) => n * 256 + byte, 0) % base ** random
  const signs: number[] = []
  for (let i = 0; i < random; i++) {
    signs.unshift(number % base)
    number = Math.floor(number / base)
  }
  return grouped([...signs, ...checkOf(signs)].map((n) => alphabet[n]).join(''))
}

/** What was typed, as it is printed: blanks, dashes and small letters do not matter. `mistyped` when the check fails, undefined for no code at all. */
export function readShortCode(typed: string): string | 'mistyped' | undefined {
  const signs = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\-–—.]/g, '')
  if (!/^[0-9A-Z]{11}$/.test(signs)) return undefined
  const numbers = [...signs].map((sign) => worth.get(sign))
  if (numbers.includes(undefined)) return 'mistyped'
  const known = numbers as number[]
  const [tenth, eleventh] = checkOf(known.slice(0, random))
  return known[9] === tenth && known[10] === eleventh ? grouped(signs) : 'mistyped'
}
