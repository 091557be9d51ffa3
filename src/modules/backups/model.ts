// What the page of backups shows: times, counts and names of files.
import { z } from 'zod'
import { choice, label } from '#core/labels.ts'
import { text } from '#core/text.ts'

export const CopyStanding = choice({
  none: text('没有', 'None'),
  missing: text('读不到', 'Cannot be read'),
  behind: text('不是最新', 'Out of date'),
  sameDisk: text('与密钥在同一磁盘', 'On the disk of the keys'),
  well: text('完好', 'Well'),
})
export type CopyStanding = z.infer<typeof CopyStanding>

/** What is asked of the server beside a sheet. */
export const Work = choice({ make: text('立即备份', 'Back up now'), check: text('核对文件', 'Check the file') })
export type Work = z.infer<typeof Work>

export const BackupLine = z.object({
  file: label(z.string(), '文件', 'File'),
  made: label(z.string(), '时间', 'Made'),
  rows: label(z.int(), '行数', 'Rows'),
  files: label(z.int(), '附件', 'Files'),
  bytes: label(z.int(), '大小', 'Size'),
  proved: label(
    choice({
      well: text('已恢复并逐行核对', 'Restored and compared'),
      failed: text('核对失败', 'Failed'),
      not: text('未核对', 'Not proved'),
    }),
    '核对',
    'Proof',
  ),
})
export type BackupLine = z.infer<typeof BackupLine>
