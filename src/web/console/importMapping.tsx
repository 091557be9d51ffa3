// Which column of a file is what: proposed by the house, corrected here by hand. What was changed outlives a reload of the page.
import { Button, InputNumber } from 'antd'
import { useEffect, useId, useState } from 'react'
import type { z } from 'zod'
import { Sure, type FieldChoice, type ImportRun, type SheetChoice, type SheetProposal } from '#core/imports.ts'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { sayNumber, useLanguage, useText } from '../language.ts'
import { kept } from '../store.ts'
import { ProblemNote } from './notify.tsx'
import { Card } from './page.tsx'
import { useAsk, useTell } from './query.ts'
import { Tone, type ToneName } from './tone.tsx'
import type { AnyImporting } from './importWords.ts'
import { words } from './words.ts'

const said = {
  check: text(
    '请核对每一列读作什么。改过的对应会记住，下次同样表头的文件自动沿用。',
    'Check what each column is taken for. What you change is remembered for the next file with the same heads.',
  ),
  sheet: text('文件内容', 'The file'),
  taken: text('读取这张表', 'Take this sheet'),
  head: text('表头所在行', 'Rows of the head'),
  headFrom: text('表头第一行', 'First row of the head'),
  headTo: text('表头最后一行', 'Last row of the head'),
  noHead: text('没有表头', 'No head'),
  to: text('至', 'to'),
  aside: text('不读取', 'Leave aside'),
  column: text('列', 'Column'),
  unnamed: text('（无表头）', '(no head)'),
  taking: text('读作', 'Taken for'),
  sample: text('例如', 'For example'),
  go: text('按此对应读取', 'Read by these columns'),
  auto: text('恢复自动识别', 'As the house proposes'),
  back: text('返回预览', 'Back to the preview'),
  empty: text('没有数据', 'No data'),
  rows: text('行数据', 'rows of data'),
  hidden: text('隐藏或空白的工作表默认不读取。', 'Hidden and empty sheets are left aside unless you take them.'),
}

const sureTones: Record<Sure, ToneName> = { exact: 'ok', synonym: 'ok', similar: 'look', values: 'look', given: 'quiet' }

/** A draft is kept in this tab alone: numbers of columns and names of fields, no values. */
const draftKey = (run: string): string => `linli.import.${run}`
const readDraft = (run: string): SheetChoice[] | undefined => {
  const words = kept.read('session', draftKey(run))
  return words ? (JSON.parse(words) as SheetChoice[]) : undefined
}

const choiceOf = ({ name, taken, headRows, columns }: SheetProposal): SheetChoice => ({
  name,
  taken,
  headRows,
  columns: columns.map(({ at, field }) => ({ at, field })),
})

type Props = { of: AnyImporting; run: ImportRun; onBack?: () => void }

export function MappingStep({ of, run, onBack }: Props) {
  const say = useText()
  const asked = useAsk(of.contracts.mapping, { run: run.id })
  if (asked.error) return <ProblemNote problem={asked.error} onRetry={() => void asked.refetch()} />
  if (!asked.data)
    return (
      <Card title={of.title}>
        <p role="status">{say(words.loading)}</p>
      </Card>
    )
  return <Sheets of={of} run={run} sheets={asked.data.sheets} fields={asked.data.fields} {...(onBack ? { onBack } : {})} />
}

function Sheets({
  of,
  run,
  sheets,
  fields,
  onBack,
}: Props & { sheets: readonly SheetProposal[]; fields: readonly FieldChoice[] }) {
  const say = useText()
  const remap = useTell(of.contracts.remap)
  const cancel = useTell(of.contracts.cancel)
  const [choices, setChoices] = useState<readonly SheetChoice[]>(() => readDraft(run.id) ?? sheets.map(choiceOf))
  const [touched, setTouched] = useState(() => readDraft(run.id) !== undefined)
  useEffect(() => {
    if (touched) kept.write('session', draftKey(run.id), JSON.stringify(choices))
  }, [touched, choices, run.id])
  const change = (next: SheetChoice) => {
    setTouched(true)
    setChoices(choices.map((choice) => (choice.name === next.name ? next : choice)))
  }
  const send = async (own: boolean) => {
    const outcome = await remap.tell({ run: run.id, ...(own ? { sheets: [...choices] } : {}) } as z.input<
      typeof of.contracts.remap.input
    >)
    if (outcome) kept.write('session', draftKey(run.id), null)
  }
  const problem = remap.problem ?? cancel.problem
  return (
    <>
      <Card title={of.title}>
        {run.failure && (
          <p className="import-why" role="alert">
            {say(run.failure)}
          </p>
        )}
        <p>{say(said.check)}</p>
        {sheets.some((sheet) => !sheet.taken) && <p className="field-hint">{say(said.hidden)}</p>}
        {problem && <ProblemNote problem={problem} />}
        <div className="import-next">
          <Button type="primary" loading={remap.busy} onClick={() => void send(true)}>
            {say(said.go)}
          </Button>
          <Button disabled={remap.busy} onClick={() => void send(false)}>
            {say(said.auto)}
          </Button>
          {onBack && <Button onClick={onBack}>{say(said.back)}</Button>}
          <Button loading={cancel.busy} onClick={() => void cancel.tell({ run: run.id })}>
            {say(words.cancel)}
          </Button>
        </div>
      </Card>
      {sheets.map((sheet) => {
        const choice = choices.find((one) => one.name === sheet.name) ?? choiceOf(sheet)
        return <Sheet key={sheet.name} sheet={sheet} choice={choice} fields={fields} onChange={change} />
      })}
    </>
  )
}

type SheetProps = {
  sheet: SheetProposal
  choice: SheetChoice
  fields: readonly FieldChoice[]
  onChange: (next: SheetChoice) => void
}

function Sheet({ sheet, choice, fields, onChange }: SheetProps) {
  const say = useText()
  const language = useLanguage()
  const id = useId()
  const take = (at: number, field: string | null) =>
    onChange({ ...choice, columns: choice.columns.map((column) => (column.at === at ? { at, field } : column)) })
  return (
    <Card title={sheet.name ? text(sheet.name, sheet.name) : said.sheet}>
      <div className="mapping-sheet">
        <label>
          <input type="checkbox" checked={choice.taken} onChange={(e) => onChange({ ...choice, taken: e.target.checked })} />{' '}
          {say(said.taken)}
        </label>
        <span className="field-hint">
          {sheet.rows > 0 ? `${sayNumber(sheet.rows, language)} ${say(said.rows)}` : say(said.empty)}
          {sheet.title && ` · ${sheet.title}`}
        </span>
      </div>
      {choice.taken && (
        <>
          <HeadRows choice={choice} onChange={onChange} />
          <ul className="mapping">
            {sheet.columns.map((column) => {
              const field = choice.columns.find((one) => one.at === column.at)?.field ?? null
              const sure = field === null ? null : field === column.field ? column.sure : 'given'
              const name = `${letterOf(column.at)} ${column.head || say(said.unnamed)}`
              return (
                <li key={column.at}>
                  <span className="mapping-head">
                    <b>{letterOf(column.at)}</b> {column.head || say(said.unnamed)}
                  </span>
                  <span className="mapping-sample">
                    {column.sample.length > 0 ? `${say(said.sample)} ${column.sample.join('、')}` : say(said.empty)}
                  </span>
                  <label className="unseen" htmlFor={`${id}${column.at}`}>
                    {name} {say(said.taking)}
                  </label>
                  <select id={`${id}${column.at}`} value={field ?? ''} onChange={(e) => take(column.at, e.target.value || null)}>
                    <option value="">{say(said.aside)}</option>
                    {fields.map((one) => (
                      <option key={one.field} value={one.field}>
                        {say(one)}
                        {one.required ? ' *' : ''}
                      </option>
                    ))}
                  </select>
                  <span className="mapping-sure">
                    {sure && <Tone tone={sureTones[sure]}>{say(choiceText(Sure, sure))}</Tone>}
                  </span>
                </li>
              )
            })}
          </ul>
        </>
      )}
    </Card>
  )
}

function HeadRows({ choice, onChange }: Pick<SheetProps, 'choice' | 'onChange'>) {
  const say = useText()
  const [from, to] = choice.headRows ?? [1, 1]
  const set = (a: number | null, b: number | null) => {
    if (a && b) onChange({ ...choice, headRows: [a, Math.max(a, b)] })
  }
  return (
    <div className="mapping-sheet">
      <span>{say(said.head)}</span>
      {choice.headRows && (
        <>
          <InputNumber aria-label={say(said.headFrom)} min={1} max={50} value={from} onChange={(a) => set(a, to)} />
          <span>{say(said.to)}</span>
          <InputNumber aria-label={say(said.headTo)} min={1} max={50} value={to} onChange={(b) => set(from, b)} />
        </>
      )}
      <label>
        <input
          type="checkbox"
          checked={choice.headRows === null}
          onChange={(e) => onChange({ ...choice, headRows: e.target.checked ? null : [1, 1] })}
        />{' '}
        {say(said.noHead)}
      </label>
    </div>
  )
}

/** 0 → A, 26 → AA. */
const letterOf = (at: number): string => (at < 26 ? '' : letterOf(Math.floor(at / 26) - 1)) + String.fromCharCode(65 + (at % 26))
