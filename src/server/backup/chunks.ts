// The body of a backup: chunks of AES-256-GCM, each bound to its place and to the head, the last one marked as the last.
// A changed, exchanged or missing chunk does not open, and nothing of a chunk is handed on before it was checked.
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { Transform } from 'node:stream'
import { say } from './say.ts'

/** Bytes of plain text in a chunk. */
const chunkBytes = 1024 * 1024
const tagBytes = 16
const lastMark = 0x8000_0000

// Every file has a data key of its own, so a counter is never used twice with one key.
function nonceOf(place: number): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeBigUInt64BE(BigInt(place), 4)
  return nonce
}

const boundTo = (head: Uint8Array) => createHash('sha256').update(head).digest()
const aadOf = (head: Buffer, last: boolean): Buffer => Buffer.concat([head, Buffer.from([last ? 1 : 0])])

/** Closes a stream in chunks under `key` (32 bytes), bound to the bytes of the head. */
export function closing(key: Buffer, head: Uint8Array): Transform {
  const bound = boundTo(head)
  let held: Buffer[] = []
  let size = 0
  let place = 0
  const chunk = (plain: Buffer, last: boolean): Buffer => {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(place++))
    cipher.setAAD(aadOf(bound, last))
    const closed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    const length = Buffer.alloc(4)
    length.writeUInt32BE((closed.length | (last ? lastMark : 0)) >>> 0)
    return Buffer.concat([length, closed])
  }
  return new Transform({
    transform(bytes: Buffer, _, done) {
      held.push(bytes)
      size += bytes.length
      // More than a chunk must be there before one is closed: the last may not be empty by accident of length.
      while (size > chunkBytes) {
        const all = Buffer.concat(held)
        this.push(chunk(all.subarray(0, chunkBytes), false))
        held = [all.subarray(chunkBytes)]
        size -= chunkBytes
      }
      done()
    },
    flush(done) {
      this.push(chunk(Buffer.concat(held), true))
      done()
    },
  })
}

/** Opens what `closing` closed. Fails with `backup.altered` or `backup.cutShort`. */
export function opening(key: Buffer, head: Uint8Array, file: string): Transform {
  const bound = boundTo(head)
  let held: Buffer = Buffer.alloc(0)
  let place = 0
  let ended = false
  const open = (closed: Buffer, last: boolean): Buffer => {
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(place++))
    decipher.setAAD(aadOf(bound, last))
    decipher.setAuthTag(closed.subarray(-tagBytes))
    return Buffer.concat([decipher.update(closed.subarray(0, -tagBytes)), decipher.final()])
  }
  return new Transform({
    transform(bytes: Buffer, _, done) {
      held = held.length ? Buffer.concat([held, bytes]) : bytes
      try {
        while (held.length >= 4) {
          const mark = held.readUInt32BE(0)
          const last = mark >= lastMark
          const length = mark & ~lastMark
          if (ended || length < tagBytes || length > chunkBytes + tagBytes) throw new Error('no chunk')
          if (held.length < 4 + length) break
          this.push(open(held.subarray(4, 4 + length), last))
          ended = last
          held = held.subarray(4 + length)
        }
        if (ended && held.length > 0) throw new Error('more after the end')
        done()
      } catch {
        done(say.altered({ file }))
      }
    },
    flush(done) {
      done(ended ? null : say.cutShort({ file }))
    },
  })
}
