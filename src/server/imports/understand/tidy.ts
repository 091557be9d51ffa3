// Text as people type it into sheets, made plain: what cannot be seen goes, full-width letters and digits become ordinary ones.

/** Marks without width, directions of writing, and controls other than line ends. */
// eslint-disable-next-line no-control-regex
const unseen = /[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g
const widths = /[\uff01-\uff5e]/g
const spaces = /[\u00a0\u2000-\u200a\u202f\u205f\u3000\t]/g

/**
 * A cell's text without unseen marks, with ordinary spaces, one kind of line end, and plain forms of full-width ASCII.
 * Characters of names stay as they are: compatibility forms are not folded.
 */
export const plain = (text: string): string =>
  text
    .replace(unseen, '')
    .replace(spaces, ' ')
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, '\n')
    .replace(widths, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .trim()

/** A head as it is compared: no spaces, stars or numbering, one form of brackets, small letters. */
export const bare = (head: string): string =>
  plain(head)
    .toLowerCase()
    .replace(/[\s*＊※★☆●▲#^_]/g, '')
    .replace(/[[【〔「《<{]/g, '(')
    .replace(/[\]】〕」》>}]/g, ')')
    .replace(/^(\d{1,2}|[一二三四五六七八九十]{1,2}|\(\d+\)|\([一二三四五六七八九十]\))[.、)]/, '')
    .replace(/\(?(必填|选填|必填项|选填项|请填写)\)?/g, '')
    .replace(/[:：。.,，;；!?]+$/, '')

export const withoutBrackets = (text: string): string => text.replace(/\([^()]*\)?/g, '')

const ditto =
  /^(同上|同前|同左|上同|同上行|同上户|同上一行|如上|["“”″〃〞'‘’′]{1,2}|-+["″〃]-+|[々↑]|ditto|ibid\.?|do\.|same|sameasabove|asabove)$/i

/** 同上 and its signs: the cell says what the one above says. */
export const isDitto = (text: string): boolean => ditto.test(text.replace(/[\s。.、,]/g, '')) || ditto.test(text.trim())

/** How many signs must change to make one word of the other; asked of short heads only. */
export function distance(a: string, b: string): number {
  const [from, to] = [[...a], [...b]]
  let before = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (const [i, sign] of from.entries()) {
    const now = [i + 1]
    for (const [j, other] of to.entries()) {
      now.push(Math.min(before[j + 1]! + 1, now[j]! + 1, before[j]! + (sign === other ? 0 : 1)))
    }
    before = now
  }
  return before.at(-1)!
}

/** The letter of a column: 0 → A, 27 → AB. */
export const letterOf = (at: number): string =>
  (at >= 26 ? letterOf(Math.floor(at / 26) - 1) : '') + String.fromCharCode(65 + (at % 26))
