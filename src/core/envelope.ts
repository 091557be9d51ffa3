// How a request travels: plain, or sealed to the server's public key so that a locked phone can still send what it holds.
import { z } from 'zod'
import { Clock } from './fact.ts'
import { Id } from './ids.ts'

/** Body of every request. */
export const Envelope = z.object({ input: z.unknown(), clock: Clock.optional() })
export type Envelope = z.infer<typeof Envelope>

/** What is inside a seal: the envelope, and what the headers of a plain request say. `account` is who made it; nobody else may send it. */
export const SealedContent = Envelope.extend({ account: Id, post: Id, device: Id })
export type SealedContent = z.infer<typeof SealedContent>

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/)

/** A sealed body, media type `sealedType`. ECDH P-256 (ephemeral) → HKDF-SHA-256 → AES-256-GCM; `aad` is contract name + '\n' + request id. */
export const Sealed = z.object({ v: z.literal(1), kid: base64url, epk: base64url, iv: base64url, ct: base64url })
export type Sealed = z.infer<typeof Sealed>
export const sealedType = 'application/linli-sealed+json'

/** The server's public key, raw P-256 point, as `GET /api/seal-key` answers it. */
export const SealKey = z.object({ kid: base64url, publicKey: base64url })
export type SealKey = z.infer<typeof SealKey>

/** Header of every answer: the server's clock in ms since 1970. A phone measures its offset by it. */
export const nowHeader = 'linli-now'

/** Live events of `GET /api/live` (server-sent, event name `changed`): which list changed in which area; no content. */
export const LiveEvent = z.object({ list: z.string(), area: z.string() })
export type LiveEvent = z.infer<typeof LiveEvent>

const subtle = () => globalThis.crypto.subtle
const agreed = { name: 'ECDH', namedCurve: 'P-256' } as const

export const toBase64url = (bytes: Uint8Array): string => {
  let binary = ''
  for (const b of bytes) binary += String.fromCharCode(b)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
export const fromBase64url = (textual: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(textual.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))

const bytesOf = (words: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(words) as Uint8Array<ArrayBuffer>

async function sharedKey(secret: CryptoKey, point: CryptoKey, epk: Uint8Array<ArrayBuffer>, use: 'encrypt' | 'decrypt') {
  const bits = await subtle().deriveBits({ name: 'ECDH', public: point }, secret, 256)
  const base = await subtle().importKey('raw', bits, 'HKDF', false, ['deriveKey'])
  return subtle().deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: epk, info: bytesOf('linli sealed item v1') },
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    [use],
  )
}

/** Seals `content` for the server. `aad` binds it to one contract and one request. Needs a secure context. */
export async function seal(to: SealKey, content: SealedContent, aad: string): Promise<Sealed> {
  const pair = await subtle().generateKey(agreed, true, ['deriveBits'])
  const epk = new Uint8Array(await subtle().exportKey('raw', pair.publicKey))
  const point = await subtle().importKey('raw', fromBase64url(to.publicKey), agreed, false, [])
  const key = await sharedKey(pair.privateKey, point, epk, 'encrypt')
  const iv = globalThis.crypto.getRandomValues(new Uint8Array(12))
  const ct = await subtle().encrypt({ name: 'AES-GCM', iv, additionalData: bytesOf(aad) }, key, bytesOf(JSON.stringify(content)))
  return { v: 1, kid: to.kid, epk: toBase64url(epk), iv: toBase64url(iv), ct: toBase64url(new Uint8Array(ct)) }
}

/** Opens what `seal` closed; rejects when a byte, the contract or the request differ. `secret` is an ECDH P-256 private key. */
export async function unseal(secret: CryptoKey, sealed: Sealed, aad: string): Promise<SealedContent> {
  const epk = fromBase64url(sealed.epk)
  const point = await subtle().importKey('raw', epk, agreed, false, [])
  const key = await sharedKey(secret, point, epk, 'decrypt')
  const plain = await subtle().decrypt(
    { name: 'AES-GCM', iv: fromBase64url(sealed.iv), additionalData: bytesOf(aad) },
    key,
    fromBase64url(sealed.ct),
  )
  return SealedContent.parse(JSON.parse(new TextDecoder().decode(plain)))
}

/** What a seal is bound to. */
export const sealedFor = (contract: string, request: string): string => `${contract}\n${request}`
