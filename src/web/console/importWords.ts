// What the import wizard works with, and what it says.
import type { Contract } from '#core/contract.ts'
import type { Importing, ImportRun } from '#core/imports.ts'
import { text, type Text } from '#core/text.ts'
import type { ListQuery } from './query.ts'

type Contracts = Importing['contracts']

/** An import as the wizard needs it: the exact types of its columns do not matter. */
export type AnyImporting = {
  readonly title: Text
  readonly columns: readonly string[]
  readonly contracts: Pick<
    Contracts,
    'template' | 'start' | 'status' | 'mapping' | 'remap' | 'commit' | 'cancel' | 'undo' | 'runs'
  > & {
    readonly preview: ListQuery
    readonly refused: Contract<'download', Contracts['refused']['input']>
    readonly questionable: Contract<'download', Contracts['questionable']['input']>
  }
}

/** The way of a file, step by step. */
export const steps: readonly Text[] = [
  text('上传', 'Upload'),
  text('核对各列', 'Check the columns'),
  text('预览', 'Preview'),
  text('导入', 'Import'),
]

export const said = {
  way: text('导入步骤', 'Steps of the import'),
  how: text(
    '直接上传手头的名单，或先下载模板再填。上传后只是预览，确认之前什么都不会写入；重复上传不会重复登记。',
    'Upload the list as you have it, or fill in the template first. You will see a preview: nothing is written until you confirm, ' +
      'and uploading the same list twice adds nothing.',
  ),
  safe: text(
    '上传后只是预览，确认之前什么都不会写入；重复上传不会重复登记。',
    'You will see a preview: nothing is written until you confirm, and uploading the same list twice adds nothing.',
  ),
  choose: text('选择文件', 'Choose a file'),
  drop: text('或把 .xlsx、.csv 文件拖到这里，最大 15 MB。', 'or drop an .xlsx or .csv file here, 15 MB at most.'),
  heavy: text(
    '文件超过 15 MB。请只保留名单所在的工作表，或分成几份上传。',
    'The file is over 15 MB. Keep only the sheet with the list, or upload it in parts.',
  ),
  reading: text('正在读取并核对…', 'Reading and checking…'),
  committing: text('正在导入…', 'Importing…'),
  undoing: text('正在撤销…', 'Undoing…'),
  resumes: text(
    '可以离开这个页面。中途断电或重启，会自动从头接着做，不会只写一半。',
    'You may leave this page. After a power cut or restart it is taken up again by itself; nothing is ever half written.',
  ),
  another: text('上传文件', 'Upload a file'),
  uploaded: text('上传时间', 'Uploaded'),
  rows: text('行', 'rows'),
  nothing: text('没有可以新增的行', 'There is nothing new to add'),
  leftAside: text('这些列没有读入：', 'Nothing was taken from these columns: '),
  failed: text('这份文件没有读成，什么都没有写入。', 'This file could not be read; nothing was written.'),
  remembered: text(
    '已沿用上次为同样表头核对过的各列对应。',
    'The columns are taken as they were checked last time for the same heads.',
  ),
  columns: text('核对各列', 'Check the columns'),
}

/** What happened or would happen, in one sentence that says what to do next. */
export function sentenceOf({ state, total, fresh, unchanged, refused }: ImportRun, say: (n: number) => string): Text {
  const mend =
    refused > 0
      ? text(
          `；${say(refused)} 行需要改正，请下载改好后再上传`,
          `; ${say(refused)} need mending: download them, mend them and upload them again`,
        )
      : text('', '')
  return state === 'done'
    ? text(`已导入 ${say(fresh)} 行${mend.zh}。`, `${say(fresh)} rows were imported${mend.en}.`)
    : text(
        `共 ${say(total)} 行：${say(fresh)} 行可以新增，${say(unchanged)} 行已登记过${mend.zh}。`,
        `${say(total)} rows: ${say(fresh)} can be added, ${say(unchanged)} are registered already${mend.en}.`,
      )
}
