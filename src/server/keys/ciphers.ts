// What is done with a key: fields closed and opened, digests, and the shapes of the other ciphers' keys.
import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHmac,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
  type KeyObject,
} from 'node:crypto'
import { idBytesOf } from './names.ts'
import type { Key } from './keyFile.ts'
import { say } from './say.ts'

const version = 1
const cipherName = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16
const idBytes = idBytesOf('fields:000000000000:register')
const headBytes = 1 + idBytes
const least = headBytes + ivBytes + tagBytes

/**
 * Closes a field: version (1 byte), key id (6), iv (12), ciphertext, tag (16). AES-256-GCM with a random iv; authenticated beside
 * the text: version, key id and `context`. One key is good for 2^32 fields.
 */
export function closeField(key: Key, plaintext: string, context: string): Buffer {
  const head = Buffer.alloc(headBytes)
  head[0] = version
  head.write(key.id, 1, 'base64url')
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv(cipherName, key.secret(), iv, { authTagLength: tagBytes })
  cipher.setAAD(Buffer.concat([head, Buffer.from(context)]))
  return Buffer.concat([head, iv, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

/** Id of the key that closed this field; throws `keys.tampered` when it is no closed field. */
export function keyIdOf(closed: Uint8Array): string {
  if (closed.length < least || closed[0] !== version) throw say.tampered()
  return asBuffer(closed).toString('base64url', 1, headBytes)
}

/** Opens what `closeField` closed; throws `keys.tampered` when a byte or the context differs. */
export function openField(key: Key, closed: Uint8Array, context: string): string {
  const bytes = asBuffer(closed)
  const iv = bytes.subarray(headBytes, headBytes + ivBytes)
  const secret = key.secret()
  try {
    const decipher = createDecipheriv(cipherName, secret, iv, { authTagLength: tagBytes })
    decipher.setAAD(Buffer.concat([bytes.subarray(0, headBytes), Buffer.from(context)]))
    decipher.setAuthTag(bytes.subarray(-tagBytes))
    const text = decipher.update(bytes.subarray(headBytes + ivBytes, -tagBytes), undefined, 'utf8')
    return text + decipher.final('utf8')
  } catch {
    throw say.tampered()
  }
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** HMAC-SHA-256, 32 bytes. */
export const hmac = (key: Key, words: string): Buffer => createHmac('sha256', key.secret()).update(words).digest()

/** The Ed25519 private key whose seed is `seed` (32 bytes): the audit's and the passes' way of signing. */
export function signingKey(seed: Uint8Array): KeyObject {
  const head = Buffer.from('302e020100300506032b657004220420', 'hex')
  return createPrivateKey({ key: Buffer.concat([head, seed]), format: 'der', type: 'pkcs8' })
}

/** The public point of a P-256 key: 65 bytes, uncompressed. */
export function publicPoint(key: Key): Buffer {
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(key.secret().export())
  return pair.getPublicKey()
}

/** The P-256 private key as Web Crypto wants it. */
export function agreementKey(key: Key): Promise<CryptoKey> {
  const point = publicPoint(key)
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url')) as [string, string]
  const jwk = { kty: 'EC', crv: 'P-256', d: key.secret().export().toString('base64url'), x, y }
  return crypto.subtle.importKey('jwk', jwk, { name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits'])
}

/** Whether the cipher of this key works with it, here and now: what it makes is understood again and a changed byte is refused. */
export function selfTest(key: Key): boolean {
  try {
    return testOf(key)
  } catch {
    return false
  }
}

function testOf(key: Key): boolean {
  const kind = key.name.split(':')[0]
  if (kind === 'fields' || kind === 'accounts') return fieldTest(key)
  if (kind === 'passes' || kind === 'audit') return signatureTest(key)
  if (kind === 'seal') return agreementTest(key)
  return hmac(key, '邻里').equals(hmac(key, '邻里')) && !hmac(key, '邻里').equals(hmac(key, '邻居'))
}

function fieldTest(key: Key): boolean {
  const closed = closeField(key, '邻里', 'self-test')
  if (openField(key, closed, 'self-test') !== '邻里') return false
  closed[closed.length - 1]! ^= 1
  try {
    openField(key, closed, 'self-test')
    return false
  } catch {
    return true
  }
}

function signatureTest(key: Key): boolean {
  const secret = signingKey(key.secret().export())
  const signature = sign(null, Buffer.from('邻里'), secret)
  const known = createPublicKey(secret)
  return verify(null, Buffer.from('邻里'), known, signature) && !verify(null, Buffer.from('邻居'), known, signature)
}

function agreementTest(key: Key): boolean {
  const [mine, other] = [createECDH('prime256v1'), createECDH('prime256v1')]
  mine.setPrivateKey(key.secret().export())
  other.generateKeys()
  return timingSafeEqual(mine.computeSecret(other.getPublicKey()), other.computeSecret(publicPoint(key)))
}
