// Base45 (RFC 9285), strict: of one row of bytes there is exactly one spelling, so a text that reads is the text that was written.

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
const worth = new Map([...alphabet].map((sign, i) => [sign, i]))

/** Two bytes become three signs, a last single byte two. */
export function toBase45(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 2) {
    const pair = i + 1 < bytes.length
    const n = pair ? bytes[i]! * 256 + bytes[i + 1]! : bytes[i]!
    text += alphabet[n % 45]! + alphabet[Math.floor(n / 45) % 45]! + (pair ? alphabet[Math.floor(n / 2025)]! : '')
  }
  return text
}

/** The bytes of a text; undefined for a foreign sign, a length that none has, or a group that is worth more than its bytes hold. */
export function fromBase45(text: string): Uint8Array | undefined {
  const rest = text.length % 3
  if (rest === 1) return undefined
  const bytes = new Uint8Array(Math.floor(text.length / 3) * 2 + (rest === 2 ? 1 : 0))
  for (let i = 0, at = 0; i < text.length; i += 3) {
    const pair = i + 2 < text.length
    const [a, b, c] = [worth.get(text[i]!), worth.get(text[i + 1]!), pair ? worth.get(text[i + 2]!) : 0]
    if (a === undefined || b === undefined || c === undefined) return undefined
    const n = a + 45 * b + 2025 * c
    if (n > (pair ? 0xffff : 0xff)) return undefined
    if (pair) bytes[at++] = n >> 8
    bytes[at++] = n & 0xff
  }
  return bytes
}
