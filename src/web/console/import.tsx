// An import from a workbook, step by step: upload, which column is what, what would happen row by row, commit; rows to mend; undo.
import { FileExcelOutlined, UploadOutlined } from '@ant-design/icons'
import { Button, Progress } from 'antd'
import { useRef, useState, type DragEvent } from 'react'
import type { z } from 'zod'
import { msOf, sayMinute } from '#core/dates.ts'
import {
  can,
  heaviest,
  returnsKeptFor,
  type ImportRun,
  type RowFilter,
  type RowOutcome,
  type RunState,
  type Sentence,
} from '#core/imports.ts'
import { text, type Text } from '#core/text.ts'
import { serverNow } from '../api.ts'
import { sayNumber, useLanguage, useText } from '../language.ts'
import { ActionButton } from './action.tsx'
import { useFilters } from './address.ts'
import { DownloadButton } from './download.tsx'
import './import.css'
import { said, sentenceOf, steps, type AnyImporting } from './importWords.ts'
import { MappingStep } from './importMapping.tsx'
import { EarlierRuns, UndoButton } from './importRuns.tsx'
import { ProblemNote } from './notify.tsx'
import { Card, Figures } from './page.tsx'
import { useAsk, useTell } from './query.ts'
import { DataTable } from './table.tsx'
import { Tone, type ToneName } from './tone.tsx'
import { words } from './words.ts'

const tones: Record<RowOutcome, ToneName> = { new: 'ok', unchanged: 'quiet', refused: 'look' }
const outcomeWords: Record<RowFilter, Text> = {
  new: text('新增', 'New'),
  unchanged: text('已有', 'There already'),
  refused: text('需要改正', 'Needs mending'),
  questionable: text('需要核实', 'To be looked at'),
}
const moving = (run: ImportRun | null | undefined): boolean =>
  run?.state === 'reading' || run?.state === 'committing' || run?.state === 'undoing'

/** `hint` says what kind of file it is for, where several imports stand beside each other. */
export function ImportWizard({ of, hint }: { of: AnyImporting; hint?: Text }) {
  const [anew, setAnew] = useState<string>()
  const [, setFilters] = useFilters(of.contracts.preview)
  const status = useAsk(of.contracts.status, {}, { every: (data) => (moving(data?.run) ? 1000 : undefined) })
  const run = status.data?.run
  if (status.error) return <ProblemNote problem={status.error} onRetry={() => void status.refetch()} />
  if (status.isPending) return null
  const again = () => {
    setFilters({ outcome: undefined })
    setAnew(run?.id)
  }
  const idle = !run || run.state === 'cancelled' || run.state === 'undone' || run.id === anew
  return (
    <>
      <Steps state={idle ? undefined : run.state} />
      {idle ? <UploadStep of={of} hint={hint} /> : <RunStep key={run.id} of={of} run={run} onAgain={again} />}
      {(idle || run.state === 'done') && <EarlierRuns of={of} />}
    </>
  )
}

const stepOf: Record<RunState, number> = {
  reading: 1,
  mapping: 1,
  ready: 2,
  committing: 3,
  done: 3,
  failed: 0,
  cancelled: 0,
  undoing: 3,
  undone: 0,
}

/** Where one stands on the way from the file to the register. */
function Steps({ state }: { state: RunState | undefined }) {
  const say = useText()
  const now = state ? stepOf[state] : 0
  return (
    <ol className="import-steps" aria-label={say(said.way)}>
      {steps.map((step, i) => (
        <li
          key={step.en}
          className={i < now ? 'past' : i === now ? 'now' : ''}
          {...(i === now ? { 'aria-current': 'step' as const } : {})}
        >
          <span aria-hidden>{i < now || state === 'done' ? '✓' : i + 1}</span> {say(step)}
        </li>
      ))}
    </ol>
  )
}

const Template = ({ of }: { of: AnyImporting }) => (
  <DownloadButton
    of={of.contracts.template}
    input={{}}
    label={of.contracts.template.title}
    icon={<FileExcelOutlined aria-hidden />}
  />
)

function UploadStep({ of, hint }: { of: AnyImporting; hint: Text | undefined }) {
  const say = useText()
  const field = useRef<HTMLInputElement>(null)
  const [heavy, setHeavy] = useState(false)
  const { tell, busy, problem } = useTell(of.contracts.start)
  const take = async (file: File | undefined) => {
    if (!file || busy) return
    setHeavy(file.size > heaviest)
    if (file.size <= heaviest) await tell({ fileName: file.name, content: file })
    if (field.current) field.current.value = ''
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    void take(event.dataTransfer.files[0])
  }
  return (
    <Card title={of.title} tools={<Template of={of} />}>
      <p>{say(hint ?? said.how)}</p>
      {hint && <p className="field-hint">{say(said.safe)}</p>}
      {problem && <ProblemNote problem={problem} />}
      {heavy && (
        <p className="field-error" role="alert">
          {say(said.heavy)}
        </p>
      )}
      <div className="drop" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
        <input ref={field} type="file" hidden accept=".xlsx,.csv" onChange={(event) => void take(event.target.files?.[0])} />
        <Button type="primary" icon={<UploadOutlined aria-hidden />} loading={busy} onClick={() => field.current?.click()}>
          {say(said.choose)}
        </Button>
        <span>{say(said.drop)}</span>
      </div>
    </Card>
  )
}

type RunProps = { of: AnyImporting; run: ImportRun; onAgain: () => void }

function RunStep({ of, run, onAgain }: RunProps) {
  const say = useText()
  const [checking, setChecking] = useState(false)
  if (moving(run)) return <Moving run={run} title={of.title} />
  if (run.state === 'failed') {
    return (
      <Card title={of.title}>
        <p>
          <Tone tone="look">{say(said.failed)}</Tone>
        </p>
        {run.failure && <p>{say(run.failure)}</p>}
        <Button type="primary" onClick={onAgain}>
          {say(said.another)}
        </Button>
      </Card>
    )
  }
  if (run.state === 'mapping') return <MappingStep of={of} run={run} />
  if (run.state === 'ready' && checking) return <MappingStep of={of} run={run} onBack={() => setChecking(false)} />
  return run.state === 'done' ? (
    <Done of={of} run={run} onAgain={onAgain} />
  ) : (
    <Outcome of={of} run={run} onMapping={() => setChecking(true)} />
  )
}

const movingWords: Partial<Record<RunState, Text>> = { reading: said.reading, committing: said.committing, undoing: said.undoing }

function Moving({ run, title }: { run: ImportRun; title: Text }) {
  const say = useText()
  const language = useLanguage()
  const what = say(movingWords[run.state] ?? said.reading)
  const total = run.state === 'committing' ? run.total : 0
  return (
    <Card title={title}>
      <p role="status">
        {what} {run.done > 0 && sayNumber(run.done, language)}
        {total > 0 && ` / ${sayNumber(total, language)}`}
      </p>
      <Progress
        percent={total > 0 ? Math.min(99, Math.floor((run.done / total) * 100)) : 0}
        status="active"
        aria-label={what}
        showInfo={total > 0}
      />
      <p className="field-hint">{say(said.resumes)}</p>
    </Card>
  )
}

const figureOf = (filter: RowFilter, value: number | undefined, onOpen?: () => void) => ({
  key: filter,
  title: outcomeWords[filter],
  value: value ?? 0,
  unit: said.rows,
  ...(onOpen ? { onOpen } : {}),
  ...(filter === 'refused' || filter === 'questionable' ? { tone: 'look' as const } : {}),
})

/** A run that is over: what came of it and when; the rows to mend; the way back; the next file is what most people come for. */
function Done({ of, run, onAgain }: RunProps) {
  const say = useText()
  const language = useLanguage()
  const { refused, questionable } = of.contracts
  const [, setFilters] = useFilters(of.contracts.preview)
  const kept = serverNow() - msOf(run.recordedAt) < returnsKeptFor
  const returned = kept ? run.refused + (run.questionable ?? 0) : 0
  return (
    <>
      <Card title={of.title} tools={<Template of={of} />}>
        <p role="status">{say(sentenceOf(run, (n) => sayNumber(n, language)))}</p>
        {run.failure && (
          <p className="import-why" role="alert">
            {say(run.failure)}
          </p>
        )}
        <p className="field-hint">
          {say(said.uploaded)} {sayMinute(run.recordedAt, language)}
        </p>
        {run.leftAside.length > 0 && (
          <p>
            {say(said.leftAside)}
            {run.leftAside.join('、')}
          </p>
        )}
        <div className="import-next">
          <Button type="primary" icon={<UploadOutlined aria-hidden />} onClick={onAgain}>
            {say(said.another)}
          </Button>
          {kept && run.refused > 0 && <DownloadButton of={refused} input={{ run: run.id }} label={refused.title} />}
          {kept && run.questionable > 0 && (
            <DownloadButton of={questionable} input={{ run: run.id }} label={questionable.title} />
          )}
          <UndoButton of={of} run={run} />
        </div>
      </Card>
      <Figures
        of={[
          figureOf('new', run.fresh),
          figureOf('unchanged', run.unchanged),
          figureOf('refused', run.refused, returned ? () => setFilters({ outcome: 'refused' }) : undefined),
          figureOf('questionable', run.questionable, returned ? () => setFilters({ outcome: 'questionable' }) : undefined),
        ]}
      />
      {returned > 0 && <PreviewRows of={of} run={run} />}
    </>
  )
}

/** A run that waits for the word: its figures, its rows, and what may happen next. */
function Outcome({ of, run, onMapping }: Omit<RunProps, 'onAgain'> & { onMapping: () => void }) {
  const say = useText()
  const language = useLanguage()
  const [, setFilters] = useFilters(of.contracts.preview)
  const commit = useTell(of.contracts.commit)
  const cancel = useTell(of.contracts.cancel)
  const { refused, questionable } = of.contracts
  const problem = commit.problem ?? cancel.problem
  const open = (outcome: RowFilter) => () => setFilters({ outcome })
  return (
    <>
      <Card title={of.title} tools={<Template of={of} />}>
        {run.failure && (
          <p className="import-why" role="alert">
            {say(run.failure)}
          </p>
        )}
        <p role="status">{say(sentenceOf(run, (n) => sayNumber(n, language)))}</p>
        {run.remembered && <p className="field-hint">{say(said.remembered)}</p>}
        {run.leftAside.length > 0 && (
          <p>
            {say(said.leftAside)}
            {run.leftAside.join('、')}
          </p>
        )}
        {problem && <ProblemNote problem={problem} />}
        <div className="import-next">
          <ActionButton
            label={commitWords(run.fresh)}
            type="primary"
            loading={commit.busy}
            run={() => void commit.tell({ run: run.id })}
            disabledReason={run.fresh > 0 ? undefined : said.nothing}
          />
          {run.mapped && can.remap(run) && <Button onClick={onMapping}>{say(said.columns)}</Button>}
          {run.refused > 0 && <DownloadButton of={refused} input={{ run: run.id }} label={refused.title} />}
          {run.questionable > 0 && <DownloadButton of={questionable} input={{ run: run.id }} label={questionable.title} />}
          <Button loading={cancel.busy} onClick={() => void cancel.tell({ run: run.id })}>
            {say(words.cancel)}
          </Button>
        </div>
      </Card>
      <Figures
        of={[
          figureOf('new', run.fresh, open('new')),
          figureOf('unchanged', run.unchanged, open('unchanged')),
          figureOf('refused', run.refused, open('refused')),
          figureOf('questionable', run.questionable, open('questionable')),
        ]}
      />
      <PreviewRows of={of} run={run} />
    </>
  )
}

type PreviewRow = {
  place?: number
  row: number
  outcome: RowOutcome
  questionable?: boolean
  reasons: z.infer<typeof Sentence>[]
}

/** The rows with what becomes of each, filtered by it. Several sheets are told apart. */
function PreviewRows({ of, run }: { of: AnyImporting; run: ImportRun }) {
  const say = useText()
  const sheet = run.mapped || run.state === 'done' ? ['sheet'] : []
  return (
    <DataTable
      of={of.contracts.preview}
      fixed={{ run: run.id }}
      filters={['outcome'] as never[]}
      columns={['row', ...sheet, 'outcome', 'reasons', ...of.columns]}
      rowKey={(row) => String((row as PreviewRow).place ?? (row as PreviewRow).row)}
      cells={{
        outcome: (row) => {
          const { outcome, questionable } = row as PreviewRow
          return (
            <span className="import-outcome">
              <Tone tone={tones[outcome]}>{say(outcomeWords[outcome])}</Tone>
              {questionable && <Tone tone="look">{say(outcomeWords.questionable)}</Tone>}
            </span>
          )
        },
        reasons: (row) => <Reasons of={(row as PreviewRow).reasons} />,
      }}
    />
  )
}

function Reasons({ of }: { of: PreviewRow['reasons'] }) {
  const say = useText()
  return of.length > 0 ? (
    <ul className="reasons">
      {of.map((reason) => (
        <li key={reason.en}>{say(reason)}</li>
      ))}
    </ul>
  ) : (
    <>—</>
  )
}

const commitWords = (fresh: number): Text => text(`确认导入 ${fresh} 行`, `Import ${fresh} rows`)
