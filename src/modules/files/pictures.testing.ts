// Small files for tests: a photo that says where it was taken, and files that pretend or carry something.
import { crc32, deflateSync } from 'node:zlib'

/** One grey pixel, as plain a JPEG as there is. */
export const pixel = Buffer.from(
  '/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/' +
    'wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==',
  'base64',
)

const segment = (marker: number, body: Buffer): Buffer => {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([head, body])
}

/** EXIF in the order of Intel: the camera's name, which way is up, and a place in degrees north and east. */
export function exif({ make = 'LINLICAM', orientation = 1 } = {}): Buffer {
  const name = Buffer.from(`${make}\0`)
  const gpsAt = 8 + 2 + 3 * 12 + 4
  const nameAt = gpsAt + 2 + 2 * 12 + 4
  const degreesAt = nameAt + name.length + (name.length % 2)
  const entry = (tag: number, type: number, count: number, value: number | string): Buffer => {
    const bytes = Buffer.alloc(12)
    bytes.writeUInt16LE(tag, 0)
    bytes.writeUInt16LE(type, 2)
    bytes.writeUInt32LE(count, 4)
    if (typeof value === 'string') bytes.write(value, 8, 'latin1')
    else bytes.writeUInt32LE(value, 8)
    return bytes
  }
  const count = (n: number) => Buffer.from([n, 0])
  const none = Buffer.alloc(4)
  const degrees = Buffer.alloc(24)
  for (const [i, n] of [31, 1, 13, 1, 48, 1].entries()) degrees.writeUInt32LE(n, i * 4)
  const tiff = Buffer.concat([
    Buffer.from([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0]),
    count(3),
    entry(0x010f, 2, name.length, nameAt),
    entry(0x0112, 3, 1, orientation),
    entry(0x8825, 4, 1, gpsAt),
    none,
    count(2),
    entry(1, 2, 2, 'N'),
    entry(2, 5, 3, degreesAt),
    none,
    name,
    Buffer.alloc(name.length % 2),
    degrees,
  ])
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff])
}

/** The picture as a phone would have written it: EXIF, XMP, IPTC and a comment right behind its head, and `behind` after its end. */
export const tellTale = (jpeg: Buffer = pixel, { orientation = 1, behind = '' } = {}): Buffer =>
  Buffer.concat([
    jpeg.subarray(0, 2),
    segment(0xe1, exif({ orientation })),
    segment(0xe1, Buffer.from('http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>geo:31.23</x:xmpmeta>')),
    segment(0xed, Buffer.from('Photoshop 3.0\0place=Meiyuan')),
    segment(0xfe, Buffer.from('taken by Li')),
    jpeg.subarray(2),
    Buffer.from(behind),
  ])

/** What of a file still tells where, when or by what it was made. */
export const tellsOf = (bytes: Buffer): string[] =>
  ['Exif', 'LINLICAM', 'xmpmeta', 'Photoshop', 'Meiyuan', 'taken by', 'XMP ', 'EXIF', '<script'].filter((word) =>
    bytes.includes(word),
  )

const chunk = (name: string, body: Buffer): Buffer => {
  const inside = Buffer.concat([Buffer.from(name, 'latin1'), body])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(body.length)
  sum.writeUInt32BE(crc32(inside))
  return Buffer.concat([length, inside, sum])
}

/** A PNG that claims to be so wide and high, with texts beside its pixels. */
export function png(width = 1, height = 1): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.writeUInt8(8, 8)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('tEXt', Buffer.from('Comment\0taken by Li')),
    chunk('eXIf', exif().subarray(6)),
    chunk('IDAT', deflateSync(Buffer.from([0, 0x80]))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const riff = (...chunks: Buffer[]): Buffer => {
  const inside = Buffer.concat([Buffer.from('WEBP'), ...chunks])
  const length = Buffer.alloc(4)
  length.writeUInt32LE(inside.length)
  return Buffer.concat([Buffer.from('RIFF'), length, inside])
}
const part = (name: string, body: Buffer): Buffer => {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(body.length)
  return Buffer.concat([Buffer.from(name), length, body, Buffer.alloc(body.length % 2)])
}

/** One white pixel as WebP in its long form, with EXIF and XMP beside it; `moving` says that it moves. */
export function webp({ moving = false } = {}): Buffer {
  const lossless = Buffer.from('2f0000000007d0ffff03', 'hex')
  const head = Buffer.from([moving ? 0x0e : 0x0c, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  return riff(part('VP8X', head), part('VP8L', lossless), part('EXIF', exif()), part('XMP ', Buffer.from('<x:xmpmeta/>')))
}

/** A page as a scanner writes it; `inside` joins its catalogue, `packed` lies in an object stream. */
export function pdf({ inside = '', packed = '' } = {}): Buffer {
  const body = packed ? deflateSync(Buffer.from(packed)) : Buffer.alloc(0)
  const stream = packed
    ? Buffer.concat([
        Buffer.from(`4 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length ${body.length} >>\nstream\n`),
        body,
        Buffer.from('\nendstream\nendobj\n'),
      ])
    : Buffer.alloc(0)
  return Buffer.concat([
    Buffer.from(
      `%PDF-1.5\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R ${inside} >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n`,
    ),
    stream,
    Buffer.from('trailer\n<< /Root 1 0 R >>\n%%EOF\n'),
  ])
}
