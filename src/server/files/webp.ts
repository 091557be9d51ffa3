// WebP, chunk by chunk: the picture and its transparency stay; EXIF, XMP, colour profiles and unknown chunks go.
import { say } from './say.ts'
import type { Cleaned } from './shape.ts'

const needed = new Set(['VP8X', 'VP8 ', 'VP8L', 'ALPH'])
/** Of the flags of a long head only transparency is left. */
const alpha = 0x10
const animated = 0x02

/** A still picture without anything that was written beside it. */
export function webp(bytes: Buffer): Cleaned {
  const end = 8 + bytes.readUInt32LE(4)
  if (end > bytes.length) throw say.damaged()
  const parts: Buffer[] = []
  let canvas: { width: number; height: number } | undefined
  let drawn: { width: number; height: number } | undefined
  for (let at = 12; at + 8 <= end;) {
    const name = bytes.toString('latin1', at, at + 4)
    const length = bytes.readUInt32LE(at + 4)
    const next = at + 8 + length + (length % 2)
    if (at + 8 + length > end) throw say.damaged()
    const chunk = Buffer.from(bytes.subarray(at, Math.min(next, end)))
    const body = chunk.subarray(8)
    if (name === 'ANIM' || name === 'ANMF') throw say.moving()
    if (name === 'VP8X') {
      if (body.readUInt8(0) & animated) throw say.moving()
      canvas = { width: body.readUIntLE(4, 3) + 1, height: body.readUIntLE(7, 3) + 1 }
      body.writeUInt8(body.readUInt8(0) & alpha, 0)
    }
    if (name === 'VP8 ') drawn ??= lossy(body)
    if (name === 'VP8L') drawn ??= lossless(body)
    if (needed.has(name)) parts.push(chunk.length % 2 ? Buffer.concat([chunk, Buffer.alloc(1)]) : chunk)
    at = next
  }
  if (!drawn || (canvas && (canvas.width !== drawn.width || canvas.height !== drawn.height))) throw say.damaged()
  const inside = Buffer.concat([Buffer.from('WEBP', 'latin1'), ...parts])
  const head = Buffer.alloc(8)
  head.write('RIFF', 0, 'latin1')
  head.writeUInt32LE(inside.length, 4)
  return { bytes: Buffer.concat([head, inside]), ...drawn }
}

function lossy(body: Buffer) {
  if (body.readUIntBE(3, 3) !== 0x9d012a) throw say.damaged()
  return { width: body.readUInt16LE(6) & 0x3fff, height: body.readUInt16LE(8) & 0x3fff }
}

function lossless(body: Buffer) {
  if (body.readUInt8(0) !== 0x2f) throw say.damaged()
  const bits = body.readUInt32LE(1)
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
}
