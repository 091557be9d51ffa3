// A ZIP container written while its parts are still being made: sizes follow each part, so nothing has to be held.
import { crc32, createDeflateRaw } from 'node:zlib'

export type StreamedPart = {
  readonly name: string
  readonly data: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>
}

type Listed = { name: Buffer; crc: number; packed: number; size: number; at: number }

/** UTF-8 names, and sizes after the data. */
const flags = 0x0808
/** 1980-01-01, the first day that the format knows. */
const day = 0x21

/** The container as pieces of bytes, part after part. A part of 4 GB or more is refused. */
export async function* zipped(parts: AsyncIterable<StreamedPart> | Iterable<StreamedPart>): AsyncGenerator<Buffer> {
  const listed: Listed[] = []
  let at = 0
  for await (const { name, data } of parts) {
    const entry: Listed = { name: Buffer.from(name), crc: 0, packed: 0, size: 0, at }
    const head = record(0x04034b50, 30, [
      [4, 20],
      [6, flags],
      [8, 8],
      [12, day],
      [26, entry.name.length],
    ])
    yield Buffer.concat([head, entry.name])
    for await (const piece of deflated(data, entry)) yield piece
    if (entry.size >= 0xffff_ffff || at >= 0xffff_ffff) throw new RangeError('A part of a workbook is too large.')
    const after = record(
      0x08074b50,
      16,
      [],
      [
        [4, entry.crc],
        [8, entry.packed],
        [12, entry.size],
      ],
    )
    yield after
    at += head.length + entry.name.length + entry.packed + after.length
    listed.push(entry)
  }
  const directory = listed.map(({ name, crc, packed, size, at: from }) =>
    Buffer.concat([
      record(
        0x02014b50,
        46,
        [
          [4, 20],
          [6, 20],
          [8, flags],
          [10, 8],
          [14, day],
          [28, name.length],
        ],
        [
          [16, crc],
          [20, packed],
          [24, size],
          [42, from],
        ],
      ),
      name,
    ]),
  )
  yield Buffer.concat(directory)
  const length = directory.reduce((sum, entry) => sum + entry.length, 0)
  yield record(
    0x06054b50,
    22,
    [
      [8, listed.length],
      [10, listed.length],
    ],
    [
      [12, length],
      [16, at],
    ],
  )
}

function record(signature: number, length: number, short: [number, number][], long: [number, number][] = []): Buffer {
  const bytes = Buffer.alloc(length)
  bytes.writeUInt32LE(signature, 0)
  for (const [offset, value] of short) bytes.writeUInt16LE(value, offset)
  for (const [offset, value] of long) bytes.writeUInt32LE(value, offset)
  return bytes
}

/** Packs as it comes; counts into `entry`. */
async function* deflated(data: StreamedPart['data'], entry: Listed): AsyncGenerator<Buffer> {
  const packer = createDeflateRaw()
  let out: Buffer[] = []
  packer.on('data', (piece: Buffer) => {
    out.push(piece)
    entry.packed += piece.length
  })
  try {
    for await (const chunk of data) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      entry.crc = crc32(bytes, entry.crc)
      entry.size += bytes.length
      await new Promise<void>((done, fail) => packer.write(bytes, (error) => (error ? fail(error) : done())))
      const ready = out
      out = []
      yield* ready
    }
    await new Promise<void>((done) => {
      packer.once('end', done)
      packer.end()
    })
    yield* out
  } finally {
    packer.destroy()
  }
}
