// Rows of the files' tables. What a file is of stands in the record that names it (core/files.ts).
import { z } from 'zod'
import { FileType } from '#core/files.ts'
import { Id } from '#core/ids.ts'
import { choice, label, personal } from '#core/labels.ts'
import { text } from '#core/text.ts'

const community = z.string().regex(/^\d{12}$/)

/** How long a file is kept: as the record that it belongs to (docs/retention.md). */
export const Keep = choice({
  register: text('与居民档案同期', 'As the register'),
  response: text('应急响应结束后销毁', 'Until the response ends'),
  work: text('与工作记录同期', 'As the record of work'),
})

const Closed = personal(z.unknown(), '密文', 'Closed', { keep: 'response' })

/** One fact of `files`. `thumb` is closed. */
export const StoredFile = z.object({
  of: label(z.string().regex(/^[a-zA-Z]{1,40}$/), '所属台账', 'Ledger', { harmless: 'name of a guard' }),
  type: label(FileType, '类型', 'Type'),
  keep: label(Keep, '保存期限', 'Kept'),
  bytes: z.int(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  sha256: label(z.instanceof(Uint8Array), '摘要', 'Digest'),
  thumb: Closed.nullable(),
})

/** One piece of a file's bytes. */
export const StoredPart = z.object({
  community,
  file: Id,
  part: z.int(),
  closed: personal(z.instanceof(Uint8Array), '密文', 'Closed', { keep: 'response' }),
})

/** What a community keeps, by ledger and class. */
export const Held = z.object({
  of: StoredFile.shape.of,
  keep: StoredFile.shape.keep,
  files: label(z.int(), '文件数', 'Files'),
  bytes: label(z.int(), '大小', 'Size', { unit: text('字节', 'bytes') }),
})
export type Held = z.infer<typeof Held>
