// Files as rows: closed under the community's keys, in pieces, added once and never changed.
import { createHash } from 'node:crypto'
import type { FileInfo } from '#core/files.ts'
import type { Id } from '#core/ids.ts'
import type { Tx } from '../database/connect.ts'
import { factColumns } from '../facts.ts'
import type { Ctx } from '../house.ts'
import type { Purpose } from '../keys/names.ts'
import type { cleaned } from './cleaned.ts'

/** Bytes in one piece. */
const piece = 192 * 1024

export type FileRow = FileInfo & { recordedBy: Id; occurredAt: string; thumb: Buffer | null }
type Tables = {
  files: FileRow & { community: string; keep: string; sha256: Buffer; digest: Buffer }
  fileParts: { community: string; file: Id; part: number; closed: Buffer }
}
const tables = (tx: Tx) => tx.withTables<Tables>()

const thumbOf = (id: Id): string => `files.thumb:${id}`
const partOf = (id: Id, part: number): string => `files.part:${id}:${part}`

type Terms = { of: string; keep: string; purpose: Purpose; file: ReturnType<typeof cleaned>; thumb: Buffer | null }

/** Writes a file under the id of the request. */
export async function writeFile(ctx: Ctx, { of, keep, purpose, file, thumb }: Terms): Promise<void> {
  const close = (bytes: Buffer, context: string) =>
    ctx.house.keys.encrypt(ctx.community, purpose, bytes.toString('base64'), context)
  const { type, bytes, width, height } = file
  await tables(ctx.tx)
    .insertInto('files')
    .values({
      ...factColumns(ctx, 'door'),
      of,
      keep,
      type,
      width,
      height,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest(),
      thumb: thumb && close(thumb, thumbOf(ctx.id)),
    })
    .execute()
  const parts = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, part) => ({
    community: ctx.community,
    file: ctx.id,
    part,
    closed: close(bytes.subarray(part * piece, (part + 1) * piece), partOf(ctx.id, part)),
  }))
  await tables(ctx.tx).insertInto('fileParts').values(parts).execute()
}

/** Rows of these files of one guard, whoever asks; without their bytes. */
export const filesOf = (ctx: Ctx, of: string, ids: readonly Id[]): Promise<FileRow[]> =>
  tables(ctx.tx)
    .selectFrom('files')
    .select(['id', 'of', 'type', 'bytes', 'width', 'height', 'recordedBy', 'occurredAt', 'thumb'])
    .where('community', '=', ctx.community)
    .where('of', '=', of)
    .where('id', 'in', ids)
    .execute() as Promise<FileRow[]>

/** The small picture of a row, base64. */
export const thumbIn = (ctx: Ctx, row: FileRow): string | null =>
  row.thumb && ctx.house.keys.decrypt(ctx.community, row.thumb, thumbOf(row.id))

/** The bytes of a file. */
export async function bytesOf(ctx: Ctx, id: Id): Promise<Buffer> {
  const parts = await tables(ctx.tx)
    .selectFrom('fileParts')
    .select(['part', 'closed'])
    .where('community', '=', ctx.community)
    .where('file', '=', id)
    .orderBy('part')
    .execute()
  return Buffer.concat(
    parts.map(({ part, closed }) => Buffer.from(ctx.house.keys.decrypt(ctx.community, closed, partOf(id, part)), 'base64')),
  )
}
