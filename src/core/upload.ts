// A file on its way in. It travels beside the JSON of its request, not inside, so that neither side ever holds it whole.
import { z } from 'zod'
import type { Contract } from './contract.ts'

/** Content type of a request that brings a file: one line of JSON as ever, a line feed, and the bytes of the file. */
export const uploadType = 'application/vnd.linli.upload'

/** A file as a handler gets it: `size` in bytes, `sha256` in hex. Gone when the request is answered. */
export type Upload = {
  readonly size: number
  readonly sha256: string
  /** Each piece only until the next is asked for. */
  readonly pieces: () => AsyncIterable<Uint8Array>
  /** All of it, in memory that nothing else shares: give it back at once. */
  readonly whole: () => Uint8Array<ArrayBuffer>
}

/** What a page or a program hands over; a small file may also be said in base64. */
export type Sendable = Blob | Uint8Array<ArrayBuffer> | string

const isUpload = (value: unknown): value is Upload =>
  typeof value === 'object' && value !== null && 'sha256' in value && 'pieces' in value

/** The field of a contract's `file`. How heavy it may be, the contract says there. */
export const uploaded = () => z.custom<Upload>(isUpload) as unknown as z.ZodType<Upload, Sendable>

/**
 * The body of a request to a contract and its content type: JSON, or JSON with the file beside it. A file handed over as a `Blob`
 * is read from the disk as it goes.
 */
export function bodyOf(
  { file }: Pick<Contract, 'file'>,
  envelope: { readonly input: unknown },
): { body: Blob | string; type: string } {
  const { [file?.field ?? '']: content, ...said } = (envelope.input ?? {}) as Record<string, unknown>
  if (!file || !content || typeof content === 'string') return { body: JSON.stringify(envelope), type: 'application/json' }
  return { body: new Blob([`${JSON.stringify({ ...envelope, input: said })}\n`, content as BlobPart]), type: uploadType }
}
