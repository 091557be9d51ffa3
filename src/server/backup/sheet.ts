// The recovery sheet: what stands on one printed page, and the pair of keys that follows from it. Only the public half is ever kept.
import { createHash, createPrivateKey, createPublicKey, diffieHellman, hkdfSync, randomBytes, type KeyObject } from 'node:crypto'
import { say } from './say.ts'

// Without I, L, O, U: what is mistaken on paper is read as what was meant.
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const groupCount = 8
const secretBytes = 20
// Odd weights: modulo 32 each has an inverse, so every single wrong character is noticed.
const weights = [1, 3, 5, 7]

/** `id` is printed on the sheet and stands in the head of each backup; `publicKey` 32 bytes, base64url. */
export type SheetKeys = { readonly id: string; readonly publicKey: string; readonly secret: KeyObject }

const checkOf = (four: readonly number[], place: number): number =>
  four.reduce((sum, value, i) => sum + value * weights[i]!, 11 * (place + 1)) % letters.length

/** A new sheet: eight groups of five characters, 160 random bits, the fifth of each a check on the group and its place. */
export function newSheet(): readonly string[] {
  let bits = BigInt(`0x${randomBytes(secretBytes).toString('hex')}`)
  const values = Array.from({ length: groupCount * 4 }, () => {
    const value = Number(bits & 31n)
    bits >>= 5n
    return value
  })
  return Array.from({ length: groupCount }, (_, place) => {
    const four = values.slice(place * 4, place * 4 + 4)
    return [...four, checkOf(four, place)].map((value) => letters[value]).join('')
  })
}

/** Groups as they were meant: capitals, no blanks or dashes, O as 0, I and L as 1. */
export const tidy = (typed: string): string =>
  typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')

/** Reads a typed sheet. Throws `backup.sheetLength`, or `backup.sheetGroups` naming the mistyped groups, counted from 1. */
export function readSheet(typed: string): SheetKeys {
  const all = tidy(typed)
  if (all.length !== groupCount * 5) throw say.sheetLength({ got: all.length })
  const groups = Array.from({ length: groupCount }, (_, i) => Array.from(all.slice(i * 5, i * 5 + 5), (c) => letters.indexOf(c)))
  const wrong = groups.flatMap((group, i) => (group.includes(-1) || checkOf(group.slice(0, 4), i) !== group[4] ? [i + 1] : []))
  if (wrong.length > 0) throw say.sheetGroups({ groups: wrong.join(', ') })
  return keysOf(Buffer.from(groups.flatMap((group) => group.slice(0, 4))))
}

function keysOf(values: Buffer): SheetKeys {
  const seed = Buffer.from(hkdfSync('sha256', values, '', 'linli recovery sheet 1', 32))
  const secret = createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const publicKey = publicOf(secret)
  return { id: sheetIdOf(publicKey), publicKey, secret }
}

/** The number of a sheet, `AB12-CD34`: tells sheets apart and tells nothing of them. */
function sheetIdOf(publicKey: string): string {
  const digest = createHash('sha256').update(`linli sheet ${publicKey}`).digest()
  const eight = [...digest.subarray(0, 8)].map((byte) => letters[byte % letters.length]).join('')
  return `${eight.slice(0, 4)}-${eight.slice(4)}`
}

/** The raw X25519 public key of a private one, base64url. */
export const publicOf = (secret: KeyObject): string => createPublicKey(secret).export({ format: 'jwk' }).x!

/** What two X25519 keys have in common, 32 bytes. */
export const sharedBy = (secret: KeyObject, publicKey: string): Buffer =>
  diffieHellman({
    privateKey: secret,
    publicKey: createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: publicKey }, format: 'jwk' }),
  })
