// JPEG, segment by segment: what draws the picture stays; EXIF with its place and time, XMP, IPTC, maker notes and comments go.
import { say } from './say.ts'
import type { Cleaned } from './shape.ts'

const marker = { end: 0xd9, scan: 0xda, comment: 0xfe }
const isFrame = (m: number): boolean => m >= 0xc0 && m <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(m)
const isApp = (m: number): boolean => m >= 0xe0 && m <= 0xef
const isRestart = (m: number): boolean => m >= 0xd0 && m <= 0xd7

/** Of the application segments only two are needed to draw: JFIF's own head, without its small picture, and Adobe's colours. */
function kept(m: number, body: Buffer): Buffer | undefined {
  if (m === marker.comment) return undefined
  if (m === 0xe0)
    return body.toString('latin1', 0, 5) === 'JFIF\0' ? Buffer.concat([body.subarray(0, 12), Buffer.from([0, 0])]) : undefined
  if (m === 0xee) return body.toString('latin1', 0, 5) === 'Adobe' ? body.subarray(0, 12) : undefined
  return isApp(m) ? undefined : body
}

const segment = (m: number, body: Buffer): Buffer => {
  const head = Buffer.from([0xff, m, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([head, body])
}

/** A still picture without anything that was written beside it. */
export function jpeg(bytes: Buffer): Cleaned {
  const parts: Buffer[] = [bytes.subarray(0, 2)]
  let size: { width: number; height: number } | undefined
  let scanned = false
  let at = 2
  for (;;) {
    if (bytes.readUInt8(at) !== 0xff) throw say.damaged()
    while (bytes.readUInt8(at + 1) === 0xff) at += 1
    const m = bytes.readUInt8(at + 1)
    if (m === marker.end) break
    const length = bytes.readUInt16BE(at + 2)
    const next = at + 2 + length
    if (length < 2 || next > bytes.length) throw say.damaged()
    const body = bytes.subarray(at + 4, next)
    if (isFrame(m)) size ??= { height: body.readUInt16BE(1), width: body.readUInt16BE(3) }
    const stays = kept(m, body)
    if (stays) parts.push(segment(m, stays))
    at = next
    if (m !== marker.scan) continue
    scanned = true
    const end = endOfScan(bytes, at)
    parts.push(bytes.subarray(at, end))
    at = end
  }
  if (!size || !scanned) throw say.damaged()
  parts.push(Buffer.from([0xff, marker.end]))
  return { bytes: Buffer.concat(parts), ...size }
}

/** Where the coded picture pauses: the next marker that is neither a stuffed byte nor a restart. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const m = bytes.readUInt8(at + 1)
    if (m !== 0 && m !== 0xff && !isRestart(m)) return at
  }
  throw say.damaged()
}
