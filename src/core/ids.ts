// Ids are born on the device: a UUIDv7 is request id, idempotency key and record id at once.
import { z } from 'zod'

export const Id = z.uuid()
export type Id = z.infer<typeof Id>

let lastMs = 0
let sequence = 0

/**
 * A UUIDv7 (RFC 9562): 48 bits of milliseconds, 12 bits that count up within one millisecond, 62 random bits.
 * Rising within one process. Uses `getRandomValues`, which exists without a secure context too.
 */
export function newId(at: number = Date.now()): Id {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16))
  if (at > lastMs) {
    lastMs = at
    sequence = ((bytes[6]! & 0x07) << 8) | bytes[7]!
  } else if (++sequence > 0xfff) {
    lastMs += 1
    sequence = 0
  }
  for (let i = 0, ms = lastMs; i < 6; i++, ms = Math.floor(ms / 256)) bytes[5 - i] = ms % 256
  bytes[6] = 0x70 | (sequence >> 8)
  bytes[7] = sequence & 0xff
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The millisecond in which a UUIDv7 was made; NaN for another kind. */
export const idTime = (id: Id): number => (id[14] === '7' ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : Number.NaN)
