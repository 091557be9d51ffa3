// An import by declaration: from one row's fields come the template, the run that reads a workbook, its preview, commit and returns.
import { z } from 'zod'
import { command, download, query } from './contract.ts'
import { Instant } from './dates.ts'
import { Id } from './ids.ts'
import { choice, infoOf, label, personal } from './labels.ts'
import { pageOf, paging } from './paging.ts'
import { problems } from './problem.ts'
import { states } from './states.ts'
import { text, type Text } from './text.ts'

export const RunState = choice({
  reading: text('正在读取', 'Reading'),
  ready: text('待确认导入', 'Ready to commit'),
  committing: text('正在导入', 'Committing'),
  done: text('已导入', 'Done'),
  failed: text('没有读成', 'Could not be read'),
  cancelled: text('已取消', 'Cancelled'),
})
export type RunState = z.infer<typeof RunState>

/** What a run may do next. Only a cancelled or finished one is over. */
export const can = states<RunState>()({
  commit: { from: ['ready'], to: 'committing' },
  cancel: { from: ['reading', 'ready', 'failed'], to: 'cancelled' },
})

export const RowOutcome = choice({
  new: text('新增', 'New'),
  unchanged: text('已有', 'There already'),
  refused: text('需要改正', 'Needs mending'),
})
export type RowOutcome = z.infer<typeof RowOutcome>

/** A sentence as data. */
export const Sentence = z.object({ zh: z.string(), en: z.string() })
export type Sentence = z.infer<typeof Sentence>

const count = (zh: string, en: string) => label(z.int(), zh, en, { unit: text('行', 'rows') })

/** One uploaded file on its way. `done` rises while it is read or committed, up to `total`. */
export const ImportRun = z.object({
  id: Id,
  state: label(RunState, '状态', 'State'),
  fileName: personal(z.string(), '文件名', 'File name', { mask: 'text', keep: 'work' }),
  total: count('总行数', 'Rows'),
  fresh: count('新增', 'New'),
  unchanged: count('已有', 'There already'),
  refused: count('需要改正', 'Need mending'),
  done: count('已处理', 'Done so far'),
  /** Why it could not be read or committed. */
  failure: label(Sentence.nullable(), '原因', 'Reason', { harmless: 'sentences of the house' }),
  /** Heads that the template does not have; they were left aside. */
  leftAside: label(z.array(z.string()), '未识别的列', 'Columns left aside', { harmless: 'heads of columns' }),
  recordedAt: label(Instant, '上传时间', 'Uploaded'),
  endedAt: label(Instant.nullable(), '完成时间', 'Ended'),
})
export type ImportRun = z.infer<typeof ImportRun>

/** What a file may weigh as sent, bytes; and how long it and its preview are kept at most, ms. */
export const heaviest = 15_000_000
export const keptFor = 24 * 3_600_000

export type ImportTerms = {
  readonly title: Text
  readonly may: readonly string[]
  /** One row of the sheet: labels are the heads, hints stand below them, enums become drop-down lists, arrays of enums lists of words. */
  readonly row: z.ZodObject
}

/**
 * Declares an import of `module`: contracts `<module>.<name>Template`, `…Start`, `…Status`, `…Preview`, `…Commit`, `…Refused`, `…Cancel`.
 * A file is read and checked, shown row by row, and written in one transaction only when somebody says so.
 */
export function importing(module: string, name: string, { title, may, row }: ImportTerms) {
  const full = `${module}.${name}`
  // What stands in the file, as it stands there, under the same labels and masks. Its columns are known by name at run time only.
  const written: {} = Object.fromEntries(Object.entries(row.shape).map(([key, field]) => {
    const info = infoOf(field as z.ZodType)
    const kept = { ...(info?.mask ? { mask: info.mask } : {}), keep: info?.keep ?? 'work' }
    return [key, label(z.string().nullable(), info?.zh ?? key, info?.en ?? key, kept)]
  }))
  const previewRow = z.object({
    row: label(z.int(), '行', 'Row'),
    outcome: label(RowOutcome, '结果', 'Outcome'),
    reasons: label(z.array(Sentence), '原因', 'Reasons', { harmless: 'sentences of the house' }),
    ...written,
  })
  const one = z.object({ run: Id })
  return {
    module, name, full, title, may, row,
    /** Columns in the order of the sheet. */
    columns: Object.keys(row.shape),
    contracts: {
      template: download(`${full}Template`, { title: text('下载模板', 'Download the template'), may, input: z.object({}), output: z.object({}) }),
      start: command(`${full}Start`, {
        title: text('上传', 'Upload'), may, secret: ['content', 'fileName'],
        input: z.object({
          fileName: personal(z.string().trim().min(1).max(200), '文件名', 'File name', { keep: 'work' }),
          /** The file in base64. */
          content: personal(z.base64().max(Math.ceil(heaviest / 3) * 4), '文件', 'File', { keep: 'work' }),
        }),
        output: ImportRun,
      }),
      /** The run of that id, or the latest. */
      status: query(`${full}Status`, {
        title, may, input: z.object({ run: Id.optional() }), output: z.object({ run: ImportRun.nullable() }),
      }),
      preview: query(`${full}Preview`, {
        title: text('预览', 'Preview'), may,
        input: z.object({ run: Id, outcome: label(RowOutcome.optional(), '结果', 'Outcome'), ...paging }), output: pageOf(previewRow),
      }),
      commit: command(`${full}Commit`, { title: text('确认导入', 'Commit'), may, input: one, output: ImportRun }),
      refused: download(`${full}Refused`, { title: text('下载需要改正的行', 'Download the rows to mend'), may, input: one, output: previewRow }),
      cancel: command(`${full}Cancel`, { title: text('取消', 'Cancel'), may, input: one, output: ImportRun }),
    },
  }
}
/** A declaration with its columns' exact types lost: what generic pages and stores work with. */
export type Importing = ReturnType<typeof importing>

export const say = problems('imports', {
  unknownRun: [404, {
    zh: '没有找到这次导入，可能已过期清除。请重新上传。',
    en: 'This import was not found; it may have been cleared. Upload the file again.',
  }],
  wrongState: [409, { zh: '这次导入的状态已经变了，请刷新后再看。', en: 'The state of this import has changed. Refresh and look again.' }],
  nothingNew: [409, {
    zh: '没有可以新增的行：内容都已登记，或都需要改正。',
    en: 'There is nothing new to add: every row is registered already or needs mending.',
  }],
  busy: [409, { zh: '本社区正在导入另一份文件，请等它完成后再上传。', en: 'Another file is being imported here. Upload again when it is done.' }],
  noRows: [422, {
    zh: '文件里没有找到可导入的行。请下载模板，从第 4 行起填写后再上传。',
    en: 'No rows to import were found. Download the template, fill it in from row 4 on, and upload that.',
  }],
  missingColumns: [422, ({ heads }: { heads: readonly string[] }) => ({
    zh: `缺少必填的列：${heads.join('、')}。请下载模板，把内容贴进去再上传。`,
    en: `Required columns are missing: ${heads.join(', ')}. Download the template, paste your rows into it and upload that.`,
  })],
  broken: [500, {
    zh: '处理时出了问题，没有导入任何内容。请重试；若仍不行，请告诉管理员。',
    en: 'Something broke; nothing was imported. Try again; if it stays, tell the administrator.',
  }],
})
