// The desk where a list on paper is typed in: one key for the outcome, Enter for the next line. What is not keyed says nothing.
import './paper.css'
import { Alert, Button, Input, Select, Skeleton } from 'antd'
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import type { Input as Sent, Output } from '#core/contract.ts'
import { dayOf, sayMinute } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import type { Problem } from '#core/problem.ts'
import { text } from '#core/text.ts'
import { serverNow } from '#web/api.ts'
import { ConfirmReason } from '#web/console/confirm.tsx'
import { ProblemNote } from '#web/console/notify.tsx'
import { Card } from '#web/console/page.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { Tone } from '#web/console/tone.tsx'
import { useLanguage, useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { AttemptHow, Outcome } from '../model.ts'
import { keyLine, Mark, paper as onePaper, type LineShown } from '../paper.ts'
import {
  howKeys,
  keyOf,
  markKeys,
  missing,
  missingSaid,
  nextLine,
  nothingTyped,
  timeOf,
  withHow,
  withMark,
  type Missing,
  type Typed,
} from './keying.ts'
import { WhoIsUnwell, type Stated } from './paperPeople.tsx'

const said = {
  keying: text('录入名单', 'Keying a list'),
  walkedBy: text('走访人', 'Walked by'),
  day: text('走访日期', 'Day of the walk'),
  line: text('行号', 'Line'),
  mark: text('结果', 'Outcome'),
  how: text('方式', 'How'),
  time: text('时间', 'Time'),
  note: text('备注', 'Note'),
  save: text('录入', 'Key it'),
  correct: text('更正', 'Correct'),
  choose: text('选是谁走访的', 'Choose who walked'),
  legend: text('按键', 'Keys'),
  hints: text(
    '回车录入并到下一行；0 改时间；+ 写备注；/ 跳到某一行；. 只问到部分人；↑↓ 换行。数字键盘也可以。',
    'Enter keys the line and goes on; 0 time; + note; / jump to a line; . only some were asked; ↑↓ change the line. The keypad works too.',
  ),
  done: text('这张名单已全部录完。', 'This list has been keyed completely.'),
  doneBefore: text(
    '这张名单之前已全部录完，不用再录；要改某一行请用“更正”。',
    'This list was keyed completely before. To change a line, use “Correct”.',
  ),
  same: text('和原来录的一样，没有重复登记', 'the same as before; nothing was recorded twice'),
  keyed: text('已录', 'keyed'),
  correcting: text('更正这一行', 'Correct the line'),
  correctingWhy: text(
    '原来录的内容会留在历史里，由现在的内容代替。',
    'What was keyed stays in the history; what you typed takes its place.',
  ),
  none: text('未录入', 'Not keyed'),
  others: text('另有登记', 'Recorded elsewhere'),
  lines: text('名单各行', 'Lines of the list'),
  address: text('住址', 'Address'),
  head: text('户主', 'Head'),
  entry: text('已录内容', 'Keyed'),
  actions: text('操作', 'Actions'),
  by: text('录入', 'keyed by'),
}

export function Keying({ number }: { number: string }) {
  const { data, error, refetch } = useAsk(onePaper, { number })
  if (error)
    return (
      <Card title={said.keying}>
        <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />
      </Card>
    )
  if (!data)
    return (
      <Card title={said.keying}>
        <Skeleton active />
      </Card>
    )
  return <Desk key={data.paper.id} of={data} />
}

type Of = Output<typeof onePaper>
type Line = Sent<typeof keyLine>
type Failed = { readonly line: number; readonly problem: Problem; readonly sent: Line }

/** What was typed once for the list, and what is being typed for a line; each line goes out by itself and nobody waits for it. */
function useDesk({ paper, rows }: Of) {
  const today = dayOf(serverNow())
  const [once, setOnce] = useState<{ walkedBy: string | undefined; day: string }>({
    // A list of today can only have been walked today; of any other the day must be read from the paper.
    walkedBy: undefined,
    day: dayOf(paper.printedAt) === today ? today : '',
  })
  const [typed, setTyped] = useState<Typed>(() => ({ ...nothingTyped, line: String(nextLine(rows, 0) ?? '') }))
  const [lacks, setLacks] = useState<Missing>()
  const [failed, setFailed] = useState<readonly Failed[]>([])
  const [news, setNews] = useState<{ line: number; mark: Mark; before: boolean }>()
  const [sent, setSent] = useState<ReadonlySet<number>>(new Set())
  const { tell } = useTell(keyLine)

  const send = async (line: Line): Promise<boolean> => {
    setFailed((now) => now.filter((one) => one.line !== line.line))
    setSent((now) => new Set(now).add(line.line))
    let problem: Problem | undefined
    const outcome = await tell(line, undefined, (refusal) => {
      problem = refusal
    })
    if (outcome) setNews({ line: line.line, mark: outcome.row.entry?.mark ?? line.mark, before: outcome.before })
    else {
      setSent((now) => new Set([...now].filter((one) => one !== line.line)))
      setFailed((now) => [...now, { line: line.line, problem: problem!, sent: line }])
    }
    return outcome !== undefined
  }
  const keyNow = (statements: Stated[] = [], mark = typed.mark): Missing | undefined => {
    const gap = missing({ ...typed, mark }, once, paper.lines)
    setLacks(gap)
    if (gap) return gap
    const line = Number(typed.line)
    void send({
      paper: paper.id,
      line,
      mark: mark!,
      how: typed.how!,
      day: once.day,
      time: timeOf(typed.time)!,
      walkedBy: once.walkedBy!,
      note: typed.note.trim() || null,
      statements,
    })
    setTyped({
      ...typed,
      line: String(nextLine(rows, line, sent) ?? ''),
      mark: undefined,
      how: typed.usual ?? typed.how,
      note: '',
    })
    return undefined
  }
  const goTo = (line: number | undefined) => {
    setLacks(undefined)
    setTyped((now) => ({ ...now, line: line ? String(line) : '', mark: undefined, note: '' }))
  }
  return { once, setOnce, typed, setTyped, lacks, setLacks, failed, setFailed, news, send, keyNow, goTo }
}

function Desk({ of }: { of: Of }) {
  const say = useText()
  const id = useId()
  const language = useLanguage()
  const desk = useDesk(of)
  const { paper, rows, walkers } = of
  const [people, setPeople] = useState(false)
  const [wasDone] = useState(paper.keyed === paper.lines)
  const fields = useRef<Partial<Record<Missing | 'note', HTMLElement | null>>>({})
  const focus = (field: Missing | 'note') => fields.current[field]?.focus()
  const current = rows.find((row) => row.line === Number(desk.typed.line))
  const clash = desk.failed.find((one) => one.problem.code === 'screening.lineKeyed')
  // Only when the dialogue is gone may the keys come back to the line.
  const asked = useRef(false)
  useEffect(() => {
    if (asked.current && !people) fields.current.mark?.focus()
    asked.current = people
  }, [people])
  useEffect(() => {
    document.getElementById(`${id}line${current?.line}`)?.scrollIntoView({ block: 'nearest' })
  }, [id, current?.line])

  const enter = () => {
    const gap = missing(desk.typed, desk.once, paper.lines)
    if (!gap && desk.typed.mark === 'unwell') return setPeople(true)
    const lacking = desk.keyNow()
    focus(lacking ?? 'mark')
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key === 'Tab') return
    const key = keyOf(event)
    const [mark, how] = [markKeys.find((one) => one.key === key), howKeys.find((one) => one.key === key)]
    const at = Number(desk.typed.line) || 0
    const does: Record<string, () => void> = {
      Enter: enter,
      0: () => focus('time'),
      '+': () => focus('note'),
      '/': () => focus('line'),
      '.': () => {
        if (current) setPeople(true)
      },
      ArrowDown: () => desk.goTo(Math.min(at + 1, paper.lines)),
      ArrowUp: () => desk.goTo(Math.max(at - 1, 1)),
      Backspace: () => desk.setTyped(withMark(desk.typed, undefined)),
      Delete: () => desk.setTyped(withMark(desk.typed, undefined)),
    }
    if (mark) desk.setTyped(withMark(desk.typed, mark.value))
    else if (how) desk.setTyped(withHow(desk.typed, how.value))
    else does[key]?.()
    event.preventDefault()
  }
  const back = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault()
      focus('mark')
    }
  }
  const shownMark = markKeys.find((one) => one.value === desk.typed.mark)
  const input = (field: Missing | 'note') => ({
    id: `${id}${field}`,
    ref: (one: { input?: HTMLInputElement | null } | null) => {
      fields.current[field] = one?.input ?? null
    },
    autoComplete: 'off',
    'aria-invalid': desk.lacks === field,
    ...(desk.lacks === field ? { status: 'error' as const, 'aria-describedby': `${id}lack` } : {}),
  })
  const name = (field: Missing | 'note') => (
    <label className="field-name" htmlFor={`${id}${field}`}>
      {say(said[field])}
    </label>
  )

  return (
    <>
      <Card title={said.keying}>
        <p className="paper-head">
          <b>{paper.number}</b>
          <span>{[paper.areaName, paper.buildingName].filter(Boolean).join(' ')}</span>
          <span>{paper.campaignTitle}</span>
          <span>
            {sayMinute(paper.printedAt, language)} {paper.printedByName}
          </span>
          <span role="status">
            {say(text(`已录 ${paper.keyed} / ${paper.lines} 行`, `${paper.keyed} of ${paper.lines} lines keyed`))}
          </span>
        </p>
        {paper.keyed === paper.lines && (
          <Alert type="success" showIcon title={say(wasDone ? said.doneBefore : said.done)} style={{ marginBottom: 12 }} />
        )}
        <div className="key-once">
          <div className="field">
            {name('walkedBy')}
            <Select
              id={`${id}walkedBy`}
              placeholder={say(said.choose)}
              value={desk.once.walkedBy ?? null}
              showSearch={{ optionFilterProp: 'label' }}
              ref={(one) => {
                fields.current.walkedBy = one as unknown as HTMLElement
              }}
              {...(desk.lacks === 'walkedBy' ? { status: 'error' as const } : {})}
              options={walkers.map((one) => ({ value: one.account, label: one.name }))}
              onChange={(walkedBy: string) => {
                desk.setOnce({ ...desk.once, walkedBy })
                desk.setLacks(undefined)
              }}
            />
          </div>
          <div className="field">
            {name('day')}
            <Input
              {...input('day')}
              type="date"
              value={desk.once.day}
              min={dayOf(paper.printedAt)}
              max={dayOf(serverNow())}
              onKeyDown={back}
              onChange={(event) => desk.setOnce({ ...desk.once, day: event.target.value })}
            />
          </div>
        </div>
        <div className="key-bar" role="group" aria-label={say(said.keying)}>
          <div className="field">
            {name('line')}
            <Input
              {...input('line')}
              inputMode="numeric"
              value={desk.typed.line}
              onFocus={(event) => event.target.select()}
              onKeyDown={back}
              onChange={(event) => desk.goTo(Number(event.target.value.replaceAll(/\D/g, '')) || undefined)}
            />
          </div>
          <div className="field key-mark">
            {name('mark')}
            <Input
              {...input('mark')}
              inputMode="none"
              aria-describedby={`${id}hints`}
              value={shownMark ? `${shownMark.key} ${say(shownMark.words)}` : ''}
              onKeyDown={onKey}
              onChange={() => undefined}
            />
          </div>
          <div className="field">
            <span className="field-name">{say(said.how)}</span>
            <span className="key-how" role="status">
              {desk.typed.how ? say(choiceText(AttemptHow, desk.typed.how)) : '—'}
            </span>
          </div>
          <div className="field">
            {name('time')}
            <Input
              {...input('time')}
              inputMode="numeric"
              maxLength={5}
              placeholder="0930"
              value={desk.typed.time}
              onKeyDown={back}
              onFocus={(event) => event.target.select()}
              onChange={(event) => {
                const time = event.target.value
                desk.setTyped({ ...desk.typed, time })
                if (time.replaceAll(/\D/g, '').length === 4) focus('mark')
              }}
            />
          </div>
          <div className="field key-note">
            {name('note')}
            <Input
              {...input('note')}
              maxLength={300}
              value={desk.typed.note}
              onKeyDown={back}
              onChange={(event) => desk.setTyped({ ...desk.typed, note: event.target.value })}
            />
          </div>
          <Button type="primary" onClick={enter}>
            {say(said.save)}
          </Button>
        </div>
        {desk.lacks && (
          <p id={`${id}lack`} className="field-error" role="alert">
            {say(missingSaid[desk.lacks])}
          </p>
        )}
        <p className="key-where" role="status">
          {desk.news && (
            <Tone tone={desk.news.before ? 'look' : 'ok'}>
              {say(text(`第 ${desk.news.line} 行`, `Line ${desk.news.line}`))} {say(choiceText(Mark, desk.news.mark))} ·{' '}
              {say(desk.news.before ? said.same : said.keyed)}
            </Tone>
          )}
          {current && (
            <>
              {' '}
              {say(text(`现在录第 ${current.line} 行`, `Now line ${current.line}`))} · {current.address} · {current.head ?? '—'}
            </>
          )}
        </p>
        <div className="key-legend" role="group" aria-label={say(said.legend)}>
          {markKeys.map((one) => (
            <Button
              key={one.key}
              type={desk.typed.mark === one.value ? 'primary' : 'default'}
              onClick={() => {
                desk.setTyped(withMark(desk.typed, one.value))
                focus('mark')
              }}
            >
              <kbd>{one.key}</kbd>
              {say(one.words)}
            </Button>
          ))}
          {howKeys.map((one) => (
            <Button
              key={one.key}
              type={desk.typed.how === one.value ? 'primary' : 'default'}
              onClick={() => {
                desk.setTyped(withHow(desk.typed, one.value))
                focus('mark')
              }}
            >
              <kbd>{one.key}</kbd>
              {say(one.words)}
            </Button>
          ))}
        </div>
        <p id={`${id}hints`} className="key-hints">
          {say(said.hints)}
        </p>
        {desk.failed
          .filter((one) => one !== clash)
          .map((one) => (
            <Alert
              key={one.line}
              type="error"
              showIcon
              role="alert"
              title={
                <>
                  {say(text(`第 ${one.line} 行没有录上：`, `Line ${one.line} was not keyed: `))}
                  {say(one.problem.say)}
                </>
              }
              action={
                <Button
                  size="small"
                  onClick={() => {
                    desk.goTo(one.line)
                    focus('mark')
                  }}
                >
                  {say(said.correct)}
                </Button>
              }
            />
          ))}
      </Card>
      <Lines
        rows={rows}
        current={current?.line}
        idOf={(line) => `${id}line${line}`}
        onGo={(line) => {
          desk.goTo(line)
          focus('mark')
        }}
      />
      <WhoIsUnwell
        paper={paper.id}
        line={people ? current?.line : undefined}
        form={of.form}
        mayBeWell={desk.typed.mark !== 'unwell'}
        onClose={() => setPeople(false)}
        onSaid={(statements) => {
          setPeople(false)
          const mark: Mark = statements.every((one) => one.well) ? 'allWell' : 'unwell'
          desk.keyNow(statements, mark)
        }}
      />
      <ConfirmReason
        open={clash !== undefined}
        title={said.correcting}
        explain={said.correctingWhy}
        submit={said.correct}
        onClose={() => desk.setFailed((now) => now.filter((one) => one !== clash))}
        onConfirm={(reason) => {
          const attempt = rows.find((row) => row.line === clash?.line)?.entry?.attempt
          if (clash && attempt) void desk.send({ ...clash.sent, replaces: attempt, reason }).then(() => focus('mark'))
        }}
      />
    </>
  )
}

type LinesProps = {
  rows: readonly LineShown[]
  current: number | undefined
  idOf: (line: number) => string
  onGo: (line: number) => void
}

/** Every line with what was keyed for it, and what others recorded of the household meanwhile. */
function Lines({ rows, current, idOf, onGo }: LinesProps) {
  const say = useText()
  const language = useLanguage()
  return (
    <section className="card ledger key-lines" aria-label={say(said.lines)}>
      <div className="rows" tabIndex={0} role="region" aria-label={say(said.lines)}>
        <table>
          <thead>
            <tr>
              <th scope="col" className="number">
                {say(said.line)}
              </th>
              {[said.address, said.head, said.entry].map((one) => (
                <th key={one.en} scope="col">
                  {say(one)}
                </th>
              ))}
              <th scope="col" className="row-actions">
                {say(said.actions)}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ line, address, head, entry, elsewhere }) => (
              <tr key={line} id={idOf(line)} aria-current={line === current ? 'true' : undefined}>
                <td className="number">{line}</td>
                <td>{address}</td>
                <td>{head ?? '—'}</td>
                <td>
                  {entry ? (
                    <>
                      <b>{say(choiceText(Mark, entry.mark))}</b> · {say(choiceText(AttemptHow, entry.how))} ·{' '}
                      {sayMinute(entry.at, language)} · {entry.walkedByName}
                      {entry.keyedByName !== entry.walkedByName && (
                        <>
                          {' '}
                          · {entry.keyedByName} {say(said.by)}
                        </>
                      )}
                      {entry.note && <> · {entry.note}</>}
                    </>
                  ) : (
                    <Tone tone="quiet">{say(said.none)}</Tone>
                  )}
                  {elsewhere && (
                    <>
                      {' '}
                      <Tone tone="look">
                        {say(said.others)} {say(choiceText(Outcome, elsewhere.outcome))} {sayMinute(elsewhere.at, language)}{' '}
                        {elsewhere.byName}
                      </Tone>
                    </>
                  )}
                </td>
                <td className="row-actions">
                  <Button
                    type="link"
                    size="small"
                    aria-label={`${say(entry ? said.correct : said.save)} ${line}`}
                    onClick={() => onGo(line)}
                  >
                    {say(entry ? said.correct : said.save)}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
