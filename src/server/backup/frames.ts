// What flows inside a backup before it is compressed and closed: frames, each a word about what follows, or bytes of it.
import { say } from './say.ts'

/** A frame is a kind (1 byte), a length (4) and that many bytes: `J` for words as JSON, `D` for data. */
export type Frame = { readonly words: unknown } | { readonly data: Buffer }

const [J, D] = [0x4a, 0x44]
const headBytes = 5

function frame(kind: number, bytes: Buffer): Buffer {
  const head = Buffer.alloc(headBytes)
  head[0] = kind
  head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

export const wordsFrame = (words: object): Buffer => frame(J, Buffer.from(JSON.stringify(words)))
export const dataFrame = (data: Buffer): Buffer => frame(D, data)

/** Reads frames again; holds one at a time. Throws `backup.altered` where there is none. */
export async function* framesOf(bytes: AsyncIterable<Buffer>, file: string): AsyncGenerator<Frame> {
  let held: Buffer[] = []
  let size = 0
  for await (const some of bytes) {
    held.push(some)
    size += some.length
    let all: Buffer | undefined
    let from = 0
    for (;;) {
      if (size - from < headBytes) break
      all ??= Buffer.concat(held)
      const length = all.readUInt32BE(from + 1)
      if (size - from < headBytes + length) break
      yield read(all[from]!, all.subarray(from + headBytes, from + headBytes + length), file)
      from += headBytes + length
    }
    if (all) {
      held = [all.subarray(from)]
      size -= from
    }
  }
  if (size > 0) throw say.altered({ file })
}

function read(kind: number, bytes: Buffer, file: string): Frame {
  if (kind === D) return { data: bytes }
  if (kind !== J) throw say.altered({ file })
  try {
    return { words: JSON.parse(bytes.toString('utf8')) }
  } catch {
    throw say.altered({ file })
  }
}
