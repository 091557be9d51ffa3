// An import by declaration: from one row's fields come the template, the run that reads a workbook, which column is taken for what,
// its preview, commit, undo and returns.
import { z } from 'zod'
import { command, download, query } from './contract.ts'
import { Instant } from './dates.ts'
import { Id } from './ids.ts'
import { choice, infoOf, label, personal } from './labels.ts'
import { pageOf, paging } from './paging.ts'
import { problems } from './problem.ts'
import { states } from './states.ts'
import { text, type Text } from './text.ts'
import { uploaded } from './upload.ts'

export const RunState = choice({
  reading: text('正在读取', 'Reading'),
  mapping: text('待核对各列', 'Columns to be checked'),
  ready: text('待确认导入', 'Ready to commit'),
  committing: text('正在导入', 'Committing'),
  done: text('已导入', 'Done'),
  failed: text('没有读成', 'Could not be read'),
  cancelled: text('已取消', 'Cancelled'),
  undoing: text('正在撤销', 'Being undone'),
  undone: text('已撤销', 'Undone'),
})
export type RunState = z.infer<typeof RunState>

/** What a run may do next. What was imported can still be undone; a cancelled or undone run is over. */
export const can = states<RunState>()({
  remap: { from: ['mapping', 'ready'], to: 'reading' },
  commit: { from: ['ready'], to: 'committing' },
  cancel: { from: ['reading', 'mapping', 'ready', 'failed'], to: 'cancelled' },
  undo: { from: ['done'], to: 'undoing' },
})

export const RowOutcome = choice({
  new: text('新增', 'New'),
  unchanged: text('已有', 'There already'),
  refused: text('需要改正', 'Needs mending'),
})
export type RowOutcome = z.infer<typeof RowOutcome>

/** What a preview can be narrowed to: an outcome, or the rows that somebody should look at whatever becomes of them. */
export const RowFilter = choice({
  new: text('新增', 'New'),
  unchanged: text('已有', 'There already'),
  refused: text('需要改正', 'Needs mending'),
  questionable: text('需要核实', 'To be looked at'),
})
export type RowFilter = z.infer<typeof RowFilter>

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
  /** Rows that are taken, but somebody should look at them. */
  questionable: count('需要核实', 'To be looked at'),
  done: count('已处理', 'Done so far'),
  /** Why it could not be read or committed. */
  failure: label(Sentence.nullable(), '原因', 'Reason', { harmless: 'sentences of the house' }),
  /** Whether columns can be corrected by hand, and whether those of an earlier file with the same heads were taken over. */
  mapped: z.boolean(),
  remembered: z.boolean(),
  /** Heads of columns that nothing was taken from. */
  leftAside: label(z.array(z.string()), '未识别的列', 'Columns left aside', { harmless: 'heads of columns' }),
  recordedAt: label(Instant, '上传时间', 'Uploaded'),
  endedAt: label(Instant.nullable(), '完成时间', 'Ended'),
  /** When it was taken back as a whole, and why. */
  undoneAt: label(Instant.nullable(), '撤销时间', 'Undone'),
  undoneWhy: personal(z.string().nullable(), '撤销原因', 'Why it was undone', { mask: 'text', keep: 'work' }),
})
export type ImportRun = z.infer<typeof ImportRun>

/** What a file may weigh as sent, bytes; and how long it and its preview are kept at most, ms. */
export const heaviest = 15_000_000
export const keptFor = 24 * 3_600_000
/** How long the rows to mend and to look at can be fetched after an import, ms: an office needs its week. */
export const returnsKeptFor = 7 * keptFor

/** How a column was recognised; null where nothing is taken from it. `values`: by what stands in it. `given`: somebody said so. */
export const Sure = choice({
  exact: text('表头一致', 'Head as expected'),
  synonym: text('同义表头', 'Another name for it'),
  similar: text('表头相近，请核对', 'A similar head: please check'),
  values: text('按内容推断，请核对', 'Guessed from the values: please check'),
  given: text('人工指定', 'Chosen by hand'),
})
export type Sure = z.infer<typeof Sure>

/** What a column is taken for: a field of the import, or nothing. */
const Chosen = z.object({
  /** Counts from 0. */
  at: z.int().min(0).max(16_383),
  field: z.string().max(60).nullable(),
})
/** What somebody says of a sheet: taken or not, in which rows its head stands (null: it has none), and what its columns are. */
export const SheetChoice = z.object({
  name: label(z.string().max(255), '工作表', 'Sheet', { harmless: 'name of a sheet' }),
  taken: label(z.boolean(), '读取', 'Taken'),
  headRows: label(z.tuple([z.int().min(1), z.int().min(1)]).nullable(), '表头所在行', 'Rows of the head'),
  columns: z.array(Chosen).max(500),
})
export type SheetChoice = z.infer<typeof SheetChoice>

/** A sheet as it was understood: heads, what each column is taken for and how sure that is, a few values, how many rows of data. */
export const SheetProposal = SheetChoice.extend({
  title: label(z.string(), '表题', 'Title', { harmless: 'lines above the head' }),
  rows: label(z.int(), '数据行', 'Rows of data'),
  columns: z.array(
    Chosen.extend({
      head: label(z.string(), '表头', 'Head', { harmless: 'head of a column' }),
      sure: label(Sure.nullable(), '依据', 'How sure'),
      sample: personal(z.array(z.string()), '示例', 'Sample', { mask: 'name', keep: 'work' }),
    }),
  ),
})
export type SheetProposal = z.infer<typeof SheetProposal>

/** A field that columns can be taken for, in words. */
const FieldChoice = z.object({ field: z.string(), zh: z.string(), en: z.string(), required: z.boolean() })
export type FieldChoice = z.infer<typeof FieldChoice>

export type ImportTerms = {
  readonly title: Text
  readonly may: readonly string[]
  /** One row of the sheet: labels are the heads, hints stand below them, enums become drop-down lists, arrays of enums lists of words. */
  readonly row: z.ZodObject
}

/**
 * Declares an import of `module`: contracts `<module>.<name>Template`, `…Start`, `…Status`, `…Mapping`, `…Remap`, `…Preview`, `…Commit`,
 * `…Refused`, `…Questionable`, `…Cancel`, `…Undo`, `…Runs`. A file is read and checked, shown row by row, written in one transaction only
 * when somebody says so, and taken back as a whole while nothing was built on it.
 */
export function importing(module: string, name: string, { title, may, row }: ImportTerms) {
  const full = `${module}.${name}`
  // What stands in the file, as it stands there, under the same labels and masks. Its columns are known by name at run time only.
  const written: {} = Object.fromEntries(
    Object.entries(row.shape).map(([key, field]) => {
      const info = infoOf(field as z.ZodType)
      const kept = { ...(info?.mask ? { mask: info.mask } : {}), keep: info?.keep ?? 'work' }
      return [key, label(z.string().nullable(), info?.zh ?? key, info?.en ?? key, kept)]
    }),
  )
  const previewRow = z.object({
    /** Its place in the file, over all sheets. */
    place: z.int(),
    sheet: label(z.string(), '工作表', 'Sheet', { harmless: 'name of a sheet' }),
    row: label(z.int(), '行', 'Row'),
    outcome: label(RowOutcome, '结果', 'Outcome'),
    questionable: label(z.boolean(), '需要核实', 'To be looked at'),
    reasons: label(z.array(Sentence), '原因', 'Reasons', { harmless: 'sentences of the house' }),
    ...written,
  })
  const one = z.object({ run: Id })
  return {
    module,
    name,
    full,
    title,
    may,
    row,
    /** Columns in the order of the sheet. */
    columns: Object.keys(row.shape),
    contracts: {
      template: download(`${full}Template`, {
        title: text('下载模板', 'Download the template'),
        may,
        input: z.object({}),
        output: z.object({}),
      }),
      start: command(`${full}Start`, {
        title: text('上传', 'Upload'),
        may,
        secret: ['content', 'fileName'],
        file: { field: 'content', most: heaviest },
        input: z.object({
          fileName: personal(z.string().trim().min(1).max(200), '文件名', 'File name', { keep: 'work' }),
          content: personal(uploaded(), '文件', 'File', { keep: 'work' }),
        }),
        output: ImportRun,
      }),
      /** The run of that id, or the latest. */
      status: query(`${full}Status`, {
        title,
        may,
        input: z.object({ run: Id.optional() }),
        output: z.object({ run: ImportRun.nullable() }),
      }),
      preview: query(`${full}Preview`, {
        title: text('预览', 'Preview'),
        may,
        input: z.object({ run: Id, outcome: label(RowFilter.optional(), '结果', 'Outcome'), ...paging }),
        output: pageOf(previewRow),
      }),
      /** Which column was taken for what. */
      mapping: query(`${full}Mapping`, {
        title: text('各列对应', 'Columns'),
        may,
        input: one,
        output: z.object({ sheets: z.array(SheetProposal), fields: z.array(FieldChoice) }),
      }),
      /** Columns corrected by hand: the file is read again, and the next one with the same heads alike. `sheets` left out: as the house proposes. */
      remap: command(`${full}Remap`, {
        title: text('按此对应重新读取', 'Read again by these columns'),
        may,
        input: z.object({ run: Id, sheets: z.array(SheetChoice).min(1).max(50).optional() }),
        output: ImportRun,
      }),
      commit: command(`${full}Commit`, { title: text('确认导入', 'Commit'), may, input: one, output: ImportRun }),
      refused: download(`${full}Refused`, {
        title: text('下载需要改正的行', 'Download the rows to mend'),
        may,
        input: one,
        output: previewRow,
      }),
      questionable: download(`${full}Questionable`, {
        title: text('下载需要核实的行', 'Download the rows to look at'),
        may,
        input: one,
        output: previewRow,
      }),
      cancel: command(`${full}Cancel`, { title: text('取消', 'Cancel'), may, input: one, output: ImportRun }),
      /** Takes everything back that the run added, as long as nothing was built on it. */
      undo: command(`${full}Undo`, {
        title: text('撤销这次导入', 'Undo this import'),
        may,
        input: z.object({
          run: Id,
          reason: personal(z.string().trim().min(1).max(200), '原因', 'Reason', { mask: 'text', keep: 'work' }),
        }),
        output: ImportRun,
      }),
      /** Earlier files, the newest first. */
      runs: query(`${full}Runs`, {
        title: text('历次导入', 'Earlier imports'),
        may,
        input: z.object(paging),
        output: pageOf(ImportRun),
      }),
    },
  }
}
/** A declaration with its columns' exact types lost: what generic pages and stores work with. */
export type Importing = ReturnType<typeof importing>

export const say = problems('imports', {
  unknownRun: [
    404,
    {
      zh: '没有找到这次导入，可能已过期清除。请重新上传。',
      en: 'This import was not found; it may have been cleared. Upload the file again.',
    },
  ],
  wrongState: [
    409,
    { zh: '这次导入的状态已经变了，请刷新后再看。', en: 'The state of this import has changed. Refresh and look again.' },
  ],
  nothingNew: [
    409,
    {
      zh: '没有可以新增的行：内容都已登记，或都需要改正。',
      en: 'There is nothing new to add: every row is registered already or needs mending.',
    },
  ],
  busy: [
    409,
    {
      zh: '本社区正在导入另一份文件，请等它完成后再上传。',
      en: 'Another file is being imported here. Upload again when it is done.',
    },
  ],
  noRows: [
    422,
    {
      zh: '文件里没有找到可导入的行。请核对是哪张表、哪一行是表头；或下载模板，从第 4 行起填写后再上传。',
      en: 'No rows to import were found. Check which sheet and which row of heads it is; or fill in the template from row 4 on and upload that.',
    },
  ],
  missingColumns: [
    422,
    ({ heads }: { heads: readonly string[] }) => ({
      zh: `缺少必填的列：${heads.join('、')}。请指明哪一列是它，或下载模板，把内容贴进去再上传。`,
      en: `Required columns are missing: ${heads.join(', ')}. Say which column it is, or paste your rows into the template and upload that.`,
    }),
  ],
  builtUpon: [
    409,
    ({ things }: { things: readonly { zh: string; en: string; count: number }[] }) => ({
      zh: `这次导入之后已有新的登记：${things.map((t) => `${t.zh} ${t.count} 条`).join('、')}。不能再整批撤销，请在各自的档案里更正。`,
      en:
        `Entries were made on these rows since: ${things.map((t) => `${t.en} (${t.count})`).join(', ')}. ` +
        'The import can no longer be undone as a whole; correct the dossiers instead.',
    }),
  ],
  cannotUndo: [
    409,
    {
      zh: '这次导入没有写入内容，或在可撤销之前就已导入，不能整批撤销。',
      en: 'This import added nothing, or was made before imports could be undone.',
    },
  ],
  noMapping: [
    404,
    {
      zh: '这份文件的各列已不能再改，请重新上传。',
      en: 'The columns of this file can no longer be changed. Upload it again.',
    },
  ],
  broken: [
    500,
    {
      zh: '处理时出了问题，没有导入任何内容。请重试；若仍不行，请告诉管理员。',
      en: 'Something broke; nothing was imported. Try again; if it stays, tell the administrator.',
    },
  ],
})
