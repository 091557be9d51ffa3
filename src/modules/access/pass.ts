// What a pass is, byte for byte: read and judged alike by the server, by a phone at the gate, and by anybody with a public key.
import { addDays, daysBetween, type Day } from '#core/dates.ts'
import { choice } from '#core/labels.ts'
import { text } from '#core/text.ts'
import type { z } from 'zod'
import { fromBase45, toBase45 } from './base45.ts'

/** For whom a pass is. The number that travels is the place in `numbers`, for life: kinds are only added. */
export const PassKind = choice({
  household: text('家庭出入证', 'Household'),
  person: text('个人出入证', 'Person'),
  temporary: text('临时出入证', 'Temporary'),
  medical: text('医务人员', 'Medical staff'),
  supply: text('保供人员', 'Supply'),
  nightShift: text('夜班人员', 'Night shift'),
  visitor: text('访客', 'Visitor'),
  vehicle: text('车辆', 'Vehicle'),
  courier: text('快递外卖', 'Courier'),
  construction: text('施工人员', 'Construction'),
})
export type PassKind = z.infer<typeof PassKind>
const numbers: readonly PassKind[] = [
  'household',
  'person',
  'temporary',
  'medical',
  'supply',
  'nightShift',
  'visitor',
  'vehicle',
  'courier',
  'construction',
]

/** What a pass claims. It names nobody: `household` is a digest that only the community's own key makes. */
export type Claims = {
  /** 12 random bytes. */
  readonly id: Uint8Array
  /** 8 bytes, equal for passes of one household. */
  readonly household: Uint8Array
  readonly kind: PassKind
  /** Natural days in Shanghai: good on `firstDay` and on the days after it, `days` in all. */
  readonly firstDay: Day
  readonly days: number
}
/** A pass taken apart: `payload` are the claims as they travelled, `signed` is what the signature stands over. */
export type Pass = {
  readonly keyId: Uint8Array
  readonly claims: Claims
  readonly payload: Uint8Array
  readonly signature: Uint8Array
}

export const passVersion = 1
/** Bytes and signs of the longest pass: a QR code of version 6 at level M. */
export const mostBytes = 100
export const mostSigns = 150
export const mostDays = 366
const [keyIdBytes, idBytes, householdBytes, signatureBytes] = [4, 12, 8, 64]
const epoch = '1970-01-01'

/** The last day on which a pass is good. */
export const lastDayOf = ({ firstDay, days }: Pick<Claims, 'firstDay' | 'days'>): Day => addDays(firstDay, days - 1)

// --- the canonical CBOR (RFC 8949, 4.2) of what is needed here, and nothing else ----------------------------------------

const head = (major: number, n: number): number[] =>
  n < 24 ? [(major << 5) | n] : n < 0x100 ? [(major << 5) | 24, n] : [(major << 5) | 25, n >> 8, n & 0xff]
const bytesOf = (bytes: Uint8Array): number[] => [...head(2, bytes.length), ...bytes]

/** The claims as a CBOR array of five: id, household, kind, first day since 1970, days. Throws for what no pass may claim. */
export function payloadOf({ id, household, kind, firstDay, days }: Claims): Uint8Array {
  const [number, day] = [numbers.indexOf(kind) + 1, daysBetween(epoch, firstDay)]
  if (id.length !== idBytes || household.length !== householdBytes || number < 1)
    throw new Error('These claims are none of a pass.')
  if (!Number.isInteger(days) || days < 1 || days > mostDays || day < 0 || day > 0xffff)
    throw new Error('A pass is good for 1 to 366 days.')
  return Uint8Array.from([
    ...head(4, 5),
    ...bytesOf(id),
    ...bytesOf(household),
    ...head(0, number),
    ...head(0, day),
    ...head(0, days),
  ])
}

/** What is signed: RFC 9052's Sig_structure with alg EdDSA and the key's id in the protected header, and nothing from outside. */
export function signedOver(keyId: Uint8Array, payload: Uint8Array): Uint8Array {
  const words = new TextEncoder().encode('Signature1')
  return Uint8Array.from([
    ...head(4, 4),
    ...head(3, words.length),
    ...words,
    ...bytesOf(protectedOf(keyId)),
    ...head(2, 0),
    ...bytesOf(payload),
  ])
}
/** The protected header: { 1 (alg): -8 (EdDSA), 4 (kid): key id }. */
export const protectedOf = (keyId: Uint8Array): Uint8Array => Uint8Array.from([0xa2, 0x01, 0x27, 0x04, ...bytesOf(keyId)])

/** The text that is printed: version, key id, claims and signature in Base45. */
export const textOf = ({ keyId, payload, signature }: Pick<Pass, 'keyId' | 'payload' | 'signature'>): string =>
  toBase45(Uint8Array.from([passVersion, ...keyId, ...payload, ...signature]))

/** Why a text is no pass: no Base45, a length or a version that none has, or claims that are not written the one way. */
export type Unreadable = 'notAPass' | 'length' | 'version' | 'claims'

/** Takes a text apart. Every byte has its place: what would be written differently from these claims is refused. */
export function readPass(written: string): Pass | Unreadable {
  if (written.length > mostSigns) return 'length'
  const bytes = fromBase45(written)
  if (!bytes || bytes.length === 0) return 'notAPass'
  if (bytes[0] !== passVersion) return 'version'
  const payload = bytes.subarray(1 + keyIdBytes, -signatureBytes)
  if (bytes.length > mostBytes || bytes.length < 1 + keyIdBytes + signatureBytes + 1) return 'length'
  const claims = readClaims(payload)
  if (!claims) return 'claims'
  return { keyId: bytes.subarray(1, 1 + keyIdBytes), claims, payload, signature: bytes.subarray(-signatureBytes) }
}

function readClaims(payload: Uint8Array): Claims | undefined {
  const numbersAt = 3 + idBytes + householdBytes
  if (payload.length <= numbersAt) return undefined
  const [number, afterKind] = uintAt(payload, numbersAt)
  const [day, afterDay] = uintAt(payload, afterKind)
  const [days] = uintAt(payload, afterDay)
  const kind = numbers[number - 1]
  if (kind === undefined || !(day >= 0) || !(days >= 1 && days <= mostDays)) return undefined
  const claims: Claims = {
    id: payload.subarray(2, 2 + idBytes),
    household: payload.subarray(numbersAt - householdBytes, numbersAt),
    kind,
    firstDay: addDays(epoch, day),
    days,
  }
  // Written again they must be the same bytes: so no second spelling, no byte behind, no other type in between.
  return sameBytes(payloadOf(claims), payload) ? claims : undefined
}

/** An unsigned number of at most two bytes, and where the next thing begins; NaN for anything else. */
function uintAt(bytes: Uint8Array, at: number): readonly [number, number] {
  const first = bytes[at] ?? 0xff
  if (first < 24) return [first, at + 1]
  if (first === 24) return [bytes[at + 1] ?? Number.NaN, at + 2]
  if (first === 25) return [(bytes[at + 1] ?? Number.NaN) * 256 + (bytes[at + 2] ?? Number.NaN), at + 3]
  return [Number.NaN, at]
}

/** Whether two rows of bytes are the same. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i])
/** Bytes as small hexadecimal digits. */
export const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

// --- the judgement ---------------------------------------------------------------------------------------------------

/** Why a pass is not good, beside being none. */
export type Invalid = Unreadable | 'unknownKey' | 'signature' | 'notYet' | 'expired' | 'stopped'
export type Judged =
  | { readonly valid: true; readonly pass: Pass }
  | { readonly valid: false; readonly reason: Invalid; readonly pass: Pass | undefined }

/** What a gate trusts: its own community's keys by their id in hexadecimal, and the ids of passes that were stopped. */
export type Trust = {
  readonly verifies: (keyId: string, message: Uint8Array, signature: Uint8Array) => boolean | undefined
  readonly stopped: (passId: string) => boolean
}

/** Whether a text is a pass that is good on `today`. `verifies` answers undefined for a key that this gate does not trust. */
export function judge(written: string, { verifies, stopped }: Trust, today: Day): Judged {
  const pass = readPass(written)
  if (typeof pass === 'string') return { valid: false, reason: pass, pass: undefined }
  const signed = verifies(hex(pass.keyId), signedOver(pass.keyId, pass.payload), pass.signature)
  const reason =
    signed === undefined
      ? 'unknownKey'
      : !signed
        ? 'signature'
        : (datesOf(pass.claims, today) ?? (stopped(hex(pass.claims.id)) ? 'stopped' : undefined))
  return reason ? { valid: false, reason, pass } : { valid: true, pass }
}

const datesOf = (claims: Claims, today: Day): 'notYet' | 'expired' | undefined =>
  today < claims.firstDay ? 'notYet' : today > lastDayOf(claims) ? 'expired' : undefined
