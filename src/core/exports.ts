// What every export has in common: what is asked beside the filters, how a longer one stands, and what may go wrong.
import { z } from 'zod'
import { Instant } from './dates.ts'
import { Id } from './ids.ts'
import { choice, label } from './labels.ts'
import { problems } from './problem.ts'
import { states } from './states.ts'
import { text } from './text.ts'

export const ExportFormat = choice({ xlsx: text('Excel 表格', 'Excel workbook'), csv: text('CSV 文本', 'CSV text') })
export type ExportFormat = z.infer<typeof ExportFormat>

/** Beside the filters of an export. Masked unless `full` is asked for. */
export const exportTerms = {
  /** Names, rooms, numbers and documents as they are: needs the right and a purpose, and of many persons a second person. */
  full: label(z.boolean().default(false), '不遮蔽', 'Unmasked'),
  purpose: label(z.string().trim().min(2).max(200).optional(), '用途', 'Purpose', {
    hint: text('写明交给谁、做什么；会印在表上', 'To whom it goes and what for; it is printed on the sheet'),
    keep: 'work',
  }),
  as: label(ExportFormat.default('xlsx'), '格式', 'Format'),
}

export const ExportState = choice({
  waiting: text('待第二人批准', 'Awaits a second person'),
  queued: text('排队中', 'Queued'),
  making: text('正在生成', 'Being made'),
  ready: text('可下载', 'Ready'),
  done: text('已直接下载', 'Handed out at once'),
  refused: text('未批准', 'Not approved'),
  cancelled: text('已取消', 'Cancelled'),
  failed: text('未生成', 'Failed'),
  expired: text('已过期清除', 'Expired'),
})
export type ExportState = z.infer<typeof ExportState>

export const can = states<ExportState>()({
  approve: { from: ['waiting'], to: 'queued' },
  refuse: { from: ['waiting'], to: 'refused' },
  make: { from: ['queued'], to: 'making' },
  cancel: { from: ['waiting', 'queued', 'making', 'ready'], to: 'cancelled' },
  fetch: { from: ['ready'], to: 'ready' },
})

/** One export as the register shows it. Filters hold ids, days and choices; they name nobody. */
export const ExportRun = z.object({
  id: Id,
  community: z.string(),
  area: z.string(),
  contract: z.string(),
  account: Id,
  state: label(ExportState, '状态', 'State'),
  format: label(ExportFormat, '格式', 'Format'),
  full: label(z.boolean(), '不遮蔽', 'Unmasked'),
  purpose: label(z.string().nullable(), '用途', 'Purpose', { keep: 'work' }),
  filters: label(z.record(z.string(), z.unknown()), '筛选', 'Filters', { harmless: 'ids, days and choices' }),
  /** Rows and persons: as counted at the request, and as they came out. */
  rows: label(z.int(), '行数', 'Rows'),
  persons: label(z.int(), '人数', 'Persons'),
  made: label(z.int(), '已生成行数', 'Rows made'),
  requestedAt: label(Instant, '申请时间', 'Requested'),
  decidedBy: Id.nullable(),
  decidedAt: label(Instant.nullable(), '审批时间', 'Decided'),
  decision: label(z.string().nullable(), '审批意见', 'Remark of the second person', { keep: 'work' }),
  /** Until when it waits, or can be downloaded. */
  until: label(Instant.nullable(), '有效至', 'Until'),
  fetched: label(z.int(), '下载次数', 'Downloads'),
})
export type ExportRun = z.infer<typeof ExportRun>

/** What a request answers that is not a file yet (HTTP status 202). */
export const ExportStarted = z.object({ export: ExportRun })
export type ExportStarted = z.infer<typeof ExportStarted>

/** Where the console shows exports, below its root. */
export const exportsPage = '/exports'

export const say = problems('exports', {
  maskedOnly: [
    403,
    {
      zh: '当前岗位只能导出遮蔽的表。需要完整内容的，请联系社区书记办理。',
      en: 'Your present post may only export masked sheets. Ask the community secretary for a full one.',
    },
  ],
  purposeNeeded: [422, { zh: '导出不遮蔽的内容须写明用途。', en: 'An unmasked export needs a purpose.' }],
  unknown: [
    404,
    { zh: '没有找到这次导出，可能已过期清除。请重新导出。', en: 'This export was not found; it may have expired. Export again.' },
  ],
  wrongState: [
    409,
    { zh: '这次导出的状态已变化，请刷新后再看。', en: 'The state of this export has changed. Refresh and look again.' },
  ],
  notYours: [403, { zh: '只有申请人本人可以下载。', en: 'Only whoever asked for it may download it.' }],
  notYourself: [
    403,
    {
      zh: '须由另一人批准：申请人不能批准自己的导出。请另一位有权限的同事登录办理。',
      en: 'A second person is needed: nobody approves his own export. Ask a colleague with the right to sign in and do it.',
    },
  ],
  expired: [410, { zh: '已超过有效时间，请重新申请。', en: 'Its time is over. Ask for it again.' }],
  grown: [
    409,
    {
      zh: '批准之后人数又增加了，与批准的内容不一致。请重新申请。',
      en: 'More persons have come in since it was approved, so it is no longer what was approved. Ask again.',
    },
  ],
  noRight: [403, { zh: '申请人的岗位已变动，不能再导出。', en: 'Whoever asked no longer holds that post, so nothing is made.' }],
  tooManyRows: [
    422,
    ({ most }: { most: number }) => ({
      zh: `超过一张 Excel 表的上限（${most} 行）。请改用 CSV，或缩小筛选范围。`,
      en: `More rows than one workbook holds (${most}). Choose CSV, or narrow the filters.`,
    }),
  ],
})
