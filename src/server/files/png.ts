// PNG, chunk by chunk: pixels, palette and colours stay; texts, times, EXIF and whatever programs added go.
import { crc32 } from 'node:zlib'
import { say } from './say.ts'
import type { Cleaned } from './shape.ts'

const needed = new Set(['IHDR', 'PLTE', 'tRNS', 'sRGB', 'gAMA', 'cHRM', 'sBIT', 'bKGD', 'IDAT', 'IEND'])

/** A still picture without anything that was written beside it. */
export function png(bytes: Buffer): Cleaned {
  const parts: Buffer[] = [bytes.subarray(0, 8)]
  let size: { width: number; height: number } | undefined
  let drawn = false
  for (let at = 8; ;) {
    const length = bytes.readUInt32BE(at)
    const name = bytes.toString('latin1', at + 4, at + 8)
    const next = at + 12 + length
    if (next > bytes.length) throw say.damaged()
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== bytes.readUInt32BE(at + 8 + length)) throw say.damaged()
    if ((at === 8) !== (name === 'IHDR')) throw say.damaged()
    if (name === 'IHDR') size = { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
    if (name === 'acTL') throw say.moving()
    if (name === 'IDAT') drawn = true
    if (needed.has(name)) parts.push(bytes.subarray(at, next))
    at = next
    if (name === 'IEND') break
  }
  if (!size || !drawn) throw say.damaged()
  return { bytes: Buffer.concat(parts), ...size }
}
