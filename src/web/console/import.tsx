// An import from a workbook, step by step: template, upload, what would happen row by row, commit, and the rows to mend.
import { FileExcelOutlined, UploadOutlined } from '@ant-design/icons'
import { Button, Progress } from 'antd'
import { useRef, useState, type DragEvent } from 'react'
import type { Contract } from '#core/contract.ts'
import { msOf, sayMinute } from '#core/dates.ts'
import { heaviest, keptFor, type Importing, type ImportRun, type RowOutcome, type Sentence } from '#core/imports.ts'
import { text, type Text } from '#core/text.ts'
import type { z } from 'zod'
import { serverNow } from '../api.ts'
import { sayNumber, useLanguage, useText } from '../language.ts'
import { ActionButton } from './action.tsx'
import { useFilters } from './address.ts'
import { DownloadButton } from './download.tsx'
import { ProblemNote } from './notify.tsx'
import { Card, Figures } from './page.tsx'
import { useAsk, useTell, type ListQuery } from './query.ts'
import { DataTable } from './table.tsx'
import { Tone, type ToneName } from './tone.tsx'
import { words } from './words.ts'

const said = {
  how: text(
    '先下载模板，把名单贴进去，再上传。上传后只是预览，确认之前什么都不会写入；重复上传不会重复登记。',
    'Download the template, paste your list into it and upload it. You will see a preview first: nothing is written until you '
    + 'confirm, and uploading the same list twice adds nothing.'),
  choose: text('选择文件', 'Choose a file'),
  drop: text('或把 .xlsx 文件拖到这里，最大 15 MB。', 'or drop an .xlsx file here, 15 MB at most.'),
  heavy: text('文件超过 15 MB。请只保留名单所在的工作表，或分成几份上传。', 'The file is over 15 MB. Keep only the sheet with the list, or upload it in parts.'),
  reading: text('正在读取并核对…', 'Reading and checking…'),
  committing: text('正在导入，请不要关闭电脑…', 'Importing; please leave the computer on…'),
  another: text('上传文件', 'Upload a file'),
  uploaded: text('上传时间', 'Uploaded'),
  rows: text('行', 'rows'),
  nothing: text('没有可以新增的行', 'There is nothing new to add'),
  leftAside: text('模板里没有这些列，已略过：', 'The template does not have these columns; they were left aside: '),
  failed: text('这份文件没有读成，什么都没有写入。', 'This file could not be read; nothing was written.'),
}

const tones: Record<RowOutcome, ToneName> = { new: 'ok', unchanged: 'quiet', refused: 'look' }
const outcomeWords: Record<RowOutcome, Text> = {
  new: text('新增', 'New'), unchanged: text('已有', 'There already'), refused: text('需要改正', 'Needs mending'),
}
const moving = (run: ImportRun | null | undefined): boolean => run?.state === 'reading' || run?.state === 'committing'

type Contracts = Importing['contracts']

/** An import as the wizard needs it: the exact types of its columns do not matter. */
export type AnyImporting = {
  readonly title: Text
  readonly columns: readonly string[]
  readonly contracts: Pick<Contracts, 'template' | 'start' | 'status' | 'commit' | 'cancel'> & {
    readonly preview: ListQuery
    readonly refused: Contract<'download', Contracts['refused']['input']>
  }
}

export function ImportWizard({ of }: { of: AnyImporting }) {
  const [anew, setAnew] = useState<string>()
  const [, setFilters] = useFilters(of.contracts.preview)
  const status = useAsk(of.contracts.status, {}, { every: (data) => (moving(data?.run) ? 1000 : undefined) })
  const run = status.data?.run
  if (status.error) return <ProblemNote problem={status.error} onRetry={() => void status.refetch()} />
  if (status.isPending) return null
  const again = () => { setFilters({ outcome: undefined }); setAnew(run?.id) }
  if (!run || run.state === 'cancelled' || run.id === anew) return <UploadStep of={of} />
  return <RunStep key={run.id} of={of} run={run} onAgain={again} />
}

function UploadStep({ of }: { of: AnyImporting }) {
  const say = useText()
  const field = useRef<HTMLInputElement>(null)
  const [heavy, setHeavy] = useState(false)
  const { tell, busy, problem } = useTell(of.contracts.start)
  const take = async (file: File | undefined) => {
    if (!file || busy) return
    setHeavy(file.size > heaviest)
    if (file.size <= heaviest) await tell({ fileName: file.name, content: await base64(file) })
    if (field.current) field.current.value = ''
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    void take(event.dataTransfer.files[0])
  }
  return (
    <Card title={of.title} tools={<DownloadButton of={of.contracts.template} input={{}} label={of.contracts.template.title} icon={<FileExcelOutlined aria-hidden />} />}>
      <p>{say(said.how)}</p>
      {problem && <ProblemNote problem={problem} />}
      {heavy && <p className="field-error" role="alert">{say(said.heavy)}</p>}
      <div className="drop" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
        <input ref={field} type="file" hidden accept=".xlsx,.csv" onChange={(event) => void take(event.target.files?.[0])} />
        <Button type="primary" icon={<UploadOutlined aria-hidden />} loading={busy} onClick={() => field.current?.click()}>{say(said.choose)}</Button>
        <span>{say(said.drop)}</span>
      </div>
    </Card>
  )
}

type RunProps = { of: AnyImporting; run: ImportRun; onAgain: () => void }

function RunStep({ of, run, onAgain }: RunProps) {
  const say = useText()
  if (moving(run)) return <Moving run={run} title={of.title} />
  if (run.state === 'failed') {
    return (
      <Card title={of.title}>
        <p><Tone tone="look">{say(said.failed)}</Tone></p>
        {run.failure && <p>{say(run.failure)}</p>}
        <Button type="primary" onClick={onAgain}>{say(said.another)}</Button>
      </Card>
    )
  }
  return run.state === 'done' ? <Done of={of} run={run} onAgain={onAgain} /> : <Outcome of={of} run={run} />
}

function Moving({ run, title }: { run: ImportRun; title: Text }) {
  const say = useText()
  const language = useLanguage()
  const percent = run.total > 0 ? Math.floor((run.done / run.total) * 100) : 0
  return (
    <Card title={title}>
      <p role="status">{say(run.state === 'reading' ? said.reading : said.committing)} {sayNumber(run.done, language)} / {sayNumber(run.total, language)}</p>
      <Progress percent={percent} aria-label={say(run.state === 'reading' ? said.reading : said.committing)} />
    </Card>
  )
}

/** A run that is over: what came of it and when; the next file is what most people come for. */
function Done({ of, run, onAgain }: RunProps) {
  const say = useText()
  const language = useLanguage()
  const { template, refused } = of.contracts
  const figure = (outcome: RowOutcome, value: number) => ({ key: outcome, title: outcomeWords[outcome], value, unit: said.rows })
  const mendable = run.refused > 0 && serverNow() - msOf(run.recordedAt) < keptFor
  return (
    <>
      <Card title={of.title} tools={<DownloadButton of={template} input={{}} label={template.title} icon={<FileExcelOutlined aria-hidden />} />}>
        <p role="status">{say(sentenceOf(run, (n) => sayNumber(n, language)))}</p>
        <p className="field-hint">{say(said.uploaded)} {sayMinute(run.recordedAt, language)}</p>
        {run.leftAside.length > 0 && <p>{say(said.leftAside)}{run.leftAside.join('、')}</p>}
        <div className="import-next">
          <Button type="primary" icon={<UploadOutlined aria-hidden />} onClick={onAgain}>{say(said.another)}</Button>
          {mendable && <DownloadButton of={refused} input={{ run: run.id }} label={refused.title} />}
        </div>
      </Card>
      <Figures of={[figure('new', run.fresh), figure('unchanged', run.unchanged), figure('refused', run.refused)]} />
    </>
  )
}

/** A run that waits for the word: its figures, its rows, and what may happen next. */
function Outcome({ of, run }: Omit<RunProps, 'onAgain'>) {
  const say = useText()
  const language = useLanguage()
  const [, setFilters] = useFilters(of.contracts.preview)
  const commit = useTell(of.contracts.commit)
  const cancel = useTell(of.contracts.cancel)
  const { template, preview, refused } = of.contracts
  const problem = commit.problem ?? cancel.problem
  const figure = (outcome: RowOutcome, value: number) => ({
    key: outcome, title: outcomeWords[outcome], value, unit: said.rows, onOpen: () => setFilters({ outcome }),
    ...(outcome === 'refused' ? { tone: 'look' as const } : {}),
  })
  return (
    <>
      <Card title={of.title} tools={<DownloadButton of={template} input={{}} label={template.title} icon={<FileExcelOutlined aria-hidden />} />}>
        <p role="status">{say(sentenceOf(run, (n) => sayNumber(n, language)))}</p>
        {run.leftAside.length > 0 && <p>{say(said.leftAside)}{run.leftAside.join('、')}</p>}
        {problem && <ProblemNote problem={problem} />}
        <div className="import-next">
          <ActionButton
            label={commitWords(run.fresh)} type="primary" loading={commit.busy} run={() => void commit.tell({ run: run.id })}
            disabledReason={run.fresh > 0 ? undefined : said.nothing} />
          {run.refused > 0 && <DownloadButton of={refused} input={{ run: run.id }} label={refused.title} />}
          <Button loading={cancel.busy} onClick={() => void cancel.tell({ run: run.id })}>{say(words.cancel)}</Button>
        </div>
      </Card>
      <Figures of={[figure('new', run.fresh), figure('unchanged', run.unchanged), figure('refused', run.refused)]} />
      <DataTable
        of={preview} fixed={{ run: run.id }} filters={['outcome'] as never[]} columns={['row', 'outcome', 'reasons', ...of.columns]}
        rowKey={(row) => String((row as { row: number }).row)}
        cells={{
          outcome: (row) => <Tone tone={tones[(row as PreviewRow).outcome]}>{say(outcomeWords[(row as PreviewRow).outcome])}</Tone>,
          reasons: (row) => <Reasons of={(row as PreviewRow).reasons} />,
        }} />
    </>
  )
}

type PreviewRow = { row: number; outcome: RowOutcome; reasons: z.infer<typeof Sentence>[] }

function Reasons({ of }: { of: PreviewRow['reasons'] }) {
  const say = useText()
  return of.length > 0 ? <ul className="reasons">{of.map((reason) => <li key={reason.en}>{say(reason)}</li>)}</ul> : <>—</>
}

const commitWords = (fresh: number): Text => text(`确认导入 ${fresh} 行`, `Import ${fresh} rows`)

/** What happened or would happen, in one sentence that says what to do next. */
function sentenceOf({ state, total, fresh, unchanged, refused }: ImportRun, say: (n: number) => string): Text {
  const mend = refused > 0
    ? text(`；${say(refused)} 行需要改正，请下载改好后再上传`, `; ${say(refused)} need mending: download them, mend them and upload them again`)
    : text('', '')
  return state === 'done'
    ? text(`已导入 ${say(fresh)} 行${mend.zh}。`, `${say(fresh)} rows were imported${mend.en}.`)
    : text(
      `共 ${say(total)} 行：${say(fresh)} 行可以新增，${say(unchanged)} 行已登记过${mend.zh}。`,
      `${say(total)} rows: ${say(fresh)} can be added, ${say(unchanged)} are registered already${mend.en}.`)
}

const base64 = (file: File): Promise<string> => new Promise((resolve, reject) => {
  const reader = new FileReader()
  reader.addEventListener('load', () => resolve(String(reader.result).replace(/^[^,]*,/, '')))
  reader.addEventListener('error', () => reject(reader.error))
  reader.readAsDataURL(file)
})
