// Codes that change every half minute (RFC 6238 over RFC 4226): HMAC-SHA-1, 6 digits, 30 s, as every authenticator app reads them.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const stepMs = 30_000
const digits = 6
/** A clock may be half a minute ahead or behind. */
const tolerance = 1
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** 160 random bits, as RFC 4226 recommends; base32 without padding: 32 letters. */
export const newSecret = (): string => toBase32(randomBytes(20))

function toBase32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')
}

function fromBase32(words: string): Buffer {
  const bits = [...words].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

const stepOf = (now: number): number => Math.floor(now / stepMs)

function codeOf(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const sum = createHmac('sha1', secret).update(counter).digest()
  const at = sum[sum.length - 1]! & 0x0f
  return String((sum.readUInt32BE(at) & 0x7fff_ffff) % 10 ** digits).padStart(digits, '0')
}

/** The code of a base32 secret at an instant in ms. */
export const codeAt = (secret: string, now: number): string => codeOf(fromBase32(secret), stepOf(now))

/** The half minute whose code this is, later than `after`; undefined for a wrong or used one. Every candidate is compared in full. */
export function stepOfCode(secret: string, code: string, now: number, after: number): number | undefined {
  const key = fromBase32(secret)
  const given = Buffer.from(code.padEnd(digits).slice(0, digits))
  const steps = Array.from({ length: 2 * tolerance + 1 }, (_, i) => stepOf(now) - tolerance + i)
  return steps.filter((step) => timingSafeEqual(Buffer.from(codeOf(key, step)), given)).find((step) => step > after)
}

/** What an authenticator app reads, as a link or a QR code. */
export const linkOf = (secret: string, username: string): string =>
  `otpauth://totp/${encodeURIComponent('邻里')}:${encodeURIComponent(username)}?secret=${secret}&issuer=${encodeURIComponent('邻里')}&algorithm=SHA1&digits=${digits}&period=${stepMs / 1000}`
