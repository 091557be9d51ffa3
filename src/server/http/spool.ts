// An upload on disk while its request is answered: closed by a key that only this process has, its digest made as it comes in.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Upload } from '#core/upload.ts'
import { giveBack } from '../memory.ts'
import { say } from './say.ts'

export type Spooled = Upload & { readonly close: () => Promise<void> }

/** What stands before the file: one line of JSON. */
const longestHead = 65_536
/** Small, so that what a piece becomes on its way (text, closed, a parameter) is young garbage and soon gone. */
const piece = 49_152

/** The first line of a body, and what follows it. Throws `door.unreadable` where no line ends in time. */
export async function headed(body: AsyncIterable<Uint8Array>): Promise<{ head: string; rest: AsyncIterable<Uint8Array> }> {
  const pieces = body[Symbol.asyncIterator]()
  const opening: Uint8Array[] = []
  for (let size = 0; size < longestHead;) {
    const { value, done } = await pieces.next()
    if (done) break
    const end = value.indexOf(10)
    opening.push(end < 0 ? value : value.subarray(0, end))
    if (end >= 0) return { head: Buffer.concat(opening).toString(), rest: following(value.subarray(end + 1), pieces) }
    size += value.length
  }
  throw say.unreadable({ fields: ['body'] })
}

async function* following(first: Uint8Array, pieces: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value
}

/** Puts a file down, however long it is on its way. Throws `door.tooLarge` beyond `most` bytes. */
export async function spool(body: AsyncIterable<Uint8Array>, most: number): Promise<Spooled> {
  const folder = mkdtempSync(join(tmpdir(), 'linli-upload-'))
  const file = await open(join(folder, 'closed'), 'wx+', 0o600)
  const close = async () => {
    await file.close()
    rmSync(folder, { recursive: true, force: true })
  }
  // Never written anywhere: what a crash leaves behind opens for nobody.
  const [key, start] = [randomBytes(32), randomBytes(16)]
  try {
    const [cipher, hash] = [createCipheriv('aes-256-ctr', key, start), createHash('sha256')]
    let size = 0
    for await (const bytes of body) {
      size += bytes.length
      if (size > most) throw say.tooLarge()
      hash.update(bytes)
      const closed = cipher.update(bytes)
      await file.write(closed)
      giveBack(closed)
    }
    const opened = () => createDecipheriv('aes-256-ctr', key, start)
    return {
      size,
      sha256: hash.digest('hex'),
      pieces: () => piecesOf(file.fd, size, opened()),
      whole: () => wholeOf(file.fd, size, opened()),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

type Opening = ReturnType<typeof createDecipheriv>

async function* piecesOf(fd: number, size: number, opening: Opening): AsyncGenerator<Uint8Array> {
  const closed = Buffer.allocUnsafeSlow(piece)
  for (let at = 0; at < size;) {
    const got = readSync(fd, closed, 0, piece, at)
    if (got === 0) throw new Error('an upload lost its end')
    at += got
    const bytes = opening.update(closed.subarray(0, got))
    yield bytes
    giveBack(bytes)
  }
}

function wholeOf(fd: number, size: number, opening: Opening): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size)
  const closed = Buffer.allocUnsafeSlow(piece)
  for (let at = 0; at < size;) {
    const got = readSync(fd, closed, 0, piece, at)
    if (got === 0) throw new Error('an upload lost its end')
    const bytes = opening.update(closed.subarray(0, got))
    whole.set(bytes, at)
    giveBack(bytes)
    at += got
  }
  return whole
}
