// Unpacks one part of a workbook piece by piece, and never further than its directory declared.
import { crc32, createInflateRaw } from 'node:zlib'
import { say } from './problems.ts'
import { XmlScanner, type XmlReader } from './xml.ts'
import type { PackedPart } from './zip.ts'

/** Bytes that are unpacked at a time. */
const piece = 65_536

/** A part's bytes. One that holds more or less than its directory says, or other bytes, is `spreadsheet.damaged`. */
export async function* unpacked(bytes: Uint8Array, part: PackedPart): AsyncGenerator<Uint8Array> {
  const packed = bytes.subarray(part.from, part.from + part.packed)
  let size = 0
  let crc = 0
  for await (const chunk of part.method === 0 ? slices(packed) : inflated(packed, part.method)) {
    size += chunk.length
    if (size > part.size) break
    crc = crc32(chunk, crc)
    yield chunk
  }
  if (size !== part.size || crc !== part.crc) throw say.damaged()
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
}

async function* inflated(packed: Uint8Array, method: number): AsyncGenerator<Uint8Array> {
  if (method !== 8) throw say.damaged()
  const inflate = createInflateRaw({ chunkSize: piece })
  inflate.end(packed)
  try {
    for await (const chunk of inflate) yield chunk as Uint8Array
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) throw say.damaged()
    throw error
  } finally {
    inflate.destroy()
  }
}

/** Reads a part as XML; `between` is awaited after each piece, so that rows can leave before more come. */
export async function readXml(
  bytes: Uint8Array,
  part: PackedPart,
  reader: XmlReader,
  between: () => Promise<void> | undefined = () => undefined,
): Promise<void> {
  const scanner = new XmlScanner(reader)
  let decoder: TextDecoder | undefined
  for await (const chunk of unpacked(bytes, part)) {
    decoder ??= decoderFor(chunk)
    scanner.write(decode(decoder, chunk))
    await between()
  }
  scanner.write(decode(decoder ?? new TextDecoder(), new Uint8Array(), false))
  scanner.end()
}

function decode(decoder: TextDecoder, chunk: Uint8Array, stream = true): string {
  try {
    return decoder.decode(chunk, { stream })
  } catch {
    throw say.damaged()
  }
}

/** XML is UTF-8 unless its first two bytes say UTF-16. */
function decoderFor([first, second]: Uint8Array): TextDecoder {
  const wide =
    (first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)
      ? 'utf-16le'
      : (first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)
        ? 'utf-16be'
        : undefined
  return new TextDecoder(wide ?? 'utf-8', { fatal: true })
}

/** A document type hidden in a part that nobody reads is refused too: its beginning is looked at. */
export async function checkProlog(bytes: Uint8Array, part: PackedPart): Promise<void> {
  for await (const chunk of unpackedStart(bytes, part)) {
    if (/<!(doctype|entity)/i.test(Buffer.from(chunk).toString('latin1').replaceAll('\0', ''))) throw say.entities()
    return
  }
}

const unpackedStart = (bytes: Uint8Array, part: PackedPart): Iterable<Uint8Array> | AsyncIterable<Uint8Array> => {
  const packed = bytes.subarray(part.from, part.from + Math.min(part.packed, piece))
  return part.method === 0 ? slices(packed) : beginning(packed, part.method)
}

async function* beginning(packed: Uint8Array, method: number): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of inflated(packed, method)) yield chunk
  } catch {
    // Cut short on purpose: what stands before the cut has been looked at.
  }
}
