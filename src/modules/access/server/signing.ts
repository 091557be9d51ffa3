// Signs passes with a community's own key, and says whom its gates trust.
import { createPublicKey, randomBytes, sign, verify, type KeyObject } from 'node:crypto'
import { signingKey } from '#server/keys/ciphers.ts'
import { passesOf } from '#server/keys/names.ts'
import type { KeyRing } from '#server/keys/ring.ts'
import { toBase45 } from '../base45.ts'
import { hex, passVersion, payloadOf, signedOver, textOf, type Claims, type Trust } from '../pass.ts'
import { shortCodeOf } from '../shortCode.ts'

/** A pass as it is handed out: the text of its QR code, the code to type, and its id in hexadecimal. */
export type Signed = { readonly id: string; readonly text: string; readonly shortCode: string; readonly keyId: string }
/** One key that a community's gates trust: id in hexadecimal, 32 raw bytes in base64url. */
export type TrustedKey = {
  readonly keyId: string
  readonly publicKey: string
  readonly created: string
  readonly ended: string | null
}

/** The 8 bytes that stand for a household in passes of this community; nobody without its key can make or undo them. */
export const householdReference = (keys: KeyRing, community: string, household: string): Uint8Array =>
  new Uint8Array(keys.searchDigest(community, 'register', 'access.household', household).subarray(0, 8))

const prefix = Buffer.from('302a300506032b6570032100', 'hex')
const publicOf = (raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([prefix, raw]), format: 'der', type: 'spki' })
const rawOf = (seed: Uint8Array): Buffer =>
  createPublicKey(signingKey(seed)).export({ format: 'der', type: 'spki' }).subarray(prefix.length)

// A blank is a sign of Base45: at an end it is lost in chats, cells and scanners; a sheet takes + or - in front for a sum.
// Key and signature decide the ends, so that another key or another id mends them; what stands between may be any sign.
const beginsBadly = (keyName: string): boolean =>
  /^[ +-]/.test(toBase45(Uint8Array.from([passVersion, Buffer.from(keyName, 'base64url')[0]!])))
const endsBadly = (text: string): boolean => text.endsWith(' ')

/** The id (base64url) of the key that signs now. The first sign of each text comes from it, so one that begins badly never signs: the next is made. */
export function activeKey(keys: KeyRing, community: string): string {
  const name = passesOf(community)
  for (;;) {
    const { id } = keys.secret(name)
    if (!beginsBadly(id)) return id
    keys.rotate(name)
    keys.destroyRetired(name, id)
  }
}

/** Retires the key that signs now and makes the next; what it signed runs on to its last day. Answers the new key's id (base64url). */
export function nextKey(keys: KeyRing, community: string): string {
  activeKey(keys, community)
  keys.rotate(passesOf(community))
  return activeKey(keys, community)
}

/** Writes a pass whose id is known: the same claims and the same key give the same text for ever (Ed25519 is deterministic). */
export function writer(keys: KeyRing, community: string, id: string): (claims: Claims) => Signed {
  const { bytes } = keys.secret(passesOf(community), id)
  const [key, keyId] = [signingKey(bytes), new Uint8Array(Buffer.from(id, 'base64url'))]
  return (claims) => {
    const payload = payloadOf(claims)
    const signature = new Uint8Array(sign(null, signedOver(keyId, payload), key))
    return {
      id: hex(claims.id),
      text: textOf({ keyId, payload, signature }),
      shortCode: shortCodeOf(claims.id),
      keyId: hex(keyId),
    }
  }
}

/** Hands out passes of one community, signed with its active key or with the older one whose id (base64url) is given. */
export function signer(
  keys: KeyRing,
  community: string,
  id = activeKey(keys, community),
): (claims: Omit<Claims, 'id'>) => Signed {
  const write = writer(keys, community, id)
  const once = (claims: Omit<Claims, 'id'>): Signed => write({ ...claims, id: new Uint8Array(randomBytes(12)) })
  return (claims) => {
    let made = once(claims)
    while (endsBadly(made.text)) made = once(claims)
    return made
  }
}

/** The keys that this community's gates trust: the active one and retired ones, whose passes run on until their last day. */
export const trustList = (keys: KeyRing, community: string): readonly TrustedKey[] =>
  keys
    .keysOf(passesOf(community))
    .filter((key) => key.state !== 'destroyed')
    .map((key) => ({
      keyId: hex(Buffer.from(key.id, 'base64url')),
      created: key.created,
      ended: key.ended,
      publicKey: rawOf(keys.secret(passesOf(community), key.id).bytes).toString('base64url'),
    }))

/** Verifies by a trust list; undefined for a key that is not on it. */
export function verifierOf(list: readonly TrustedKey[]): Trust['verifies'] {
  const known = new Map(list.map(({ keyId, publicKey }) => [keyId, publicOf(Buffer.from(publicKey, 'base64url'))]))
  return (keyId, message, signature) => {
    const key = known.get(keyId)
    return key && verify(null, message, key, signature)
  }
}
