// Just enough of the ZIP container to know what a workbook holds before it is opened, to unpack a part within a limit,
// and to pack parts again. Sizes are bytes.
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import { say } from './problems.ts'

/** One part of the container as its directory declares it; `at` is where its local header begins. */
export type ZipEntry = {
  name: string
  packed: number
  size: number
  crc: number
  method: number
  encrypted: boolean
  at: number
}

/** Where the packed bytes of a part begin, and what is needed to unpack them. */
export type PackedPart = Pick<ZipEntry, 'name' | 'packed' | 'size' | 'crc' | 'method'> & { from: number }

export type ZipPart = { name: string; data: Uint8Array }

const local = 0x04034b50
const central = 0x02014b50
const end = 0x06054b50
const end64 = 0x06064b50
const locator64 = 0x07064b50
const most16 = 0xffff
const most32 = 0xffffffff
/** Parts of a container; the largest honest workbooks have some hundreds. */
const mostParts = 2_000

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Reads the central directory. A file that breaks off anywhere, or whose parts overlap, is `spreadsheet.truncated`. */
export function readDirectory(bytes: Uint8Array): ZipEntry[] {
  try {
    const view = viewOf(bytes)
    const { count, at } = findDirectory(view)
    if (count > mostParts) throw say.tooLarge({ what: 'parts', limit: mostParts })
    const entries = readEntries(view, at, count)
    checkExtents(view, entries, at)
    return entries
  } catch (error) {
    // A DataView answers a position beyond the file with a RangeError.
    if (error instanceof RangeError) throw say.truncated()
    throw error
  }
}

function findDirectory(view: DataView): { count: number; at: number } {
  const lowest = Math.max(0, view.byteLength - 22 - most16)
  for (let i = view.byteLength - 22; i >= lowest; i--) {
    if (view.getUint32(i, true) !== end) continue
    const [count, at] = [view.getUint16(i + 10, true), view.getUint32(i + 16, true)]
    if (count !== most16 && at !== most32) return { count, at }
    return findDirectory64(view, i - 20)
  }
  throw say.truncated()
}

function findDirectory64(view: DataView, locator: number): { count: number; at: number } {
  if (view.getUint32(locator, true) !== locator64) throw say.truncated()
  const record = long(view, locator + 8)
  if (view.getUint32(record, true) !== end64) throw say.truncated()
  return { count: long(view, record + 32), at: long(view, record + 48) }
}

const long = (view: DataView, at: number): number => Number(view.getBigUint64(at, true))

function readEntries(view: DataView, start: number, count: number): ZipEntry[] {
  const entries: ZipEntry[] = []
  let at = start
  for (let i = 0; i < count; i++) {
    if (view.getUint32(at, true) !== central) throw say.truncated()
    const nameLength = view.getUint16(at + 28, true)
    const extraLength = view.getUint16(at + 30, true)
    const commentLength = view.getUint16(at + 32, true)
    const entry: ZipEntry = {
      name: new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength)),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      crc: view.getUint32(at + 16, true),
      method: view.getUint16(at + 10, true),
      encrypted: (view.getUint16(at + 8, true) & 1) === 1,
      at: view.getUint32(at + 42, true),
    }
    readLongSizes(view, entry, at + 46 + nameLength, extraLength)
    entries.push(entry)
    at += 46 + nameLength + extraLength + commentLength
  }
  return entries
}

/** Workbooks written by large Java systems keep their sizes in the 64-bit extra field, however small they are. */
function readLongSizes(view: DataView, entry: ZipEntry, start: number, length: number): void {
  for (let at = start; at + 4 <= start + length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue
    let next = at + 4
    for (const field of ['size', 'packed', 'at'] as const) {
      if (entry[field] !== most32) continue
      entry[field] = long(view, next)
      next += 8
    }
  }
}

/** Parts that share bytes are the mark of a bomb that declares small files many times over. */
function checkExtents(view: DataView, entries: readonly ZipEntry[], directory: number): void {
  let free = 0
  for (const entry of [...entries].sort((a, b) => a.at - b.at)) {
    const from = dataStart(view, entry)
    if (entry.at < free || from + entry.packed > directory) throw say.truncated()
    free = from + entry.packed
  }
}

function dataStart(view: DataView, entry: ZipEntry): number {
  if (view.getUint32(entry.at, true) !== local) throw say.truncated()
  return entry.at + 30 + view.getUint16(entry.at + 26, true) + view.getUint16(entry.at + 28, true)
}

/** Where the parts are, for a reader elsewhere. Names are written with forward slashes and none in front. */
export const packedParts = (bytes: Uint8Array, entries: readonly ZipEntry[]): PackedPart[] =>
  entries.map(({ name, packed, size, crc, method, at }) => {
    const from = at + 30 + viewOf(bytes).getUint16(at + 26, true) + viewOf(bytes).getUint16(at + 28, true)
    return { name: plainName(name), packed, size, crc, method, from }
  })

/** Some programs write `xl\\sheet.xml` or `/xl/sheet.xml`. */
export const plainName = (name: string): string => name.replaceAll('\\', '/').replace(/^\/+/, '')

/** Unpacks one part; a part that holds more than its directory says, or other bytes, is `spreadsheet.damaged`. */
export function unpack(bytes: Uint8Array, entry: ZipEntry): Uint8Array {
  const from = dataStart(viewOf(bytes), entry)
  const packed = bytes.subarray(from, from + entry.packed)
  const data = entry.method === 0 ? packed : inflate(packed, entry)
  if (data.length !== entry.size || crc32(data) !== entry.crc) throw say.damaged()
  return data
}

function inflate(packed: Uint8Array, entry: ZipEntry): Uint8Array {
  if (entry.method !== 8) throw say.damaged()
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.size) })
  } catch {
    throw say.damaged()
  }
}

/** Packs parts into a container; `stored` leaves them uncompressed, for a reader in the same process. */
export function pack(parts: readonly ZipPart[], { stored = false } = {}): Uint8Array {
  const bodies: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let at = 0
  for (const { name, data } of parts) {
    const packed = stored ? data : deflateRawSync(data)
    const nameBytes = Buffer.from(name)
    const sizes = [crc32(data), packed.length, data.length] as const
    const head = header(local, 30, stored ? 0 : 8, sizes, nameBytes.length)
    const listed = header(central, 46, stored ? 0 : 8, sizes, nameBytes.length)
    listed.writeUInt32LE(at, 42)
    bodies.push(head, nameBytes, packed)
    directory.push(listed, nameBytes)
    at += head.length + nameBytes.length + packed.length
  }
  const length = directory.reduce((sum, piece) => sum + piece.length, 0)
  return Buffer.concat([...bodies, ...directory, ending(parts.length, length, at)])
}

function header(
  signature: number,
  length: number,
  method: number,
  [crc, packed, size]: readonly [number, number, number],
  name: number,
): Buffer {
  const bytes = Buffer.alloc(length)
  // The directory's form has one more field ("made by") before the ones that both forms share.
  const shared = signature === central ? 6 : 4
  bytes.writeUInt32LE(signature, 0)
  if (signature === central) bytes.writeUInt16LE(20, 4)
  bytes.writeUInt16LE(20, shared)
  bytes.writeUInt16LE(0x0800, shared + 2)
  bytes.writeUInt16LE(method, shared + 4)
  // 1980-01-01, the first day that the format knows: equal content gives equal bytes.
  bytes.writeUInt16LE(0x21, shared + 8)
  bytes.writeUInt32LE(crc, shared + 10)
  bytes.writeUInt32LE(packed, shared + 14)
  bytes.writeUInt32LE(size, shared + 18)
  bytes.writeUInt16LE(name, shared + 22)
  return bytes
}

function ending(count: number, length: number, at: number): Buffer {
  const bytes = Buffer.alloc(22)
  bytes.writeUInt32LE(end, 0)
  bytes.writeUInt16LE(count, 8)
  bytes.writeUInt16LE(count, 10)
  bytes.writeUInt32LE(length, 12)
  bytes.writeUInt32LE(at, 16)
  return bytes
}
