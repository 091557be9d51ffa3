// Pointing the cells of a form at what answers them: press a cell, choose; take the suggestions one by one or all; save.
import { Alert, Button, Input, InputNumber, Select, Skeleton, Switch } from 'antd'
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { Side } from '#web/console/drawer.tsx'
import { ProblemNote, useNotify } from '#web/console/notify.tsx'
import { Card, Page } from '#web/console/page.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { words } from '#web/console/words.ts'
import { sayNumber, useLanguage, useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import * as api from '../formsApi.ts'
import { PlainFact, type Answer, type Bound, type Repeat } from '../forms.ts'
import { FigureColumn, type FigureColumn as Column } from '../model.ts'
import { definitionOf } from '../words.ts'
import { FormSheets, type DrawnCell } from './formsSheet.tsx'
import { said, sayAnswer } from './formsSaid.ts'

const keyOf = ({ sheet, cell }: { sheet: string; cell: string }) => `${sheet}\n${cell}`

export function BindPage({
  form,
  version,
  onBack,
  onDay,
}: {
  form: api.FormShown | undefined
  version: string
  onBack: () => void
  onDay: () => void
}) {
  const say = useText()
  const { data, error, refetch } = useAsk(api.version, { version })
  const title = form ? text(`${form.title} · 对应关系`, `${form.title} · what answers it`) : api.version.title
  return (
    <Page
      title={title}
      tools={
        <>
          <Button onClick={onBack}>{say(said.back)}</Button>
          <Button onClick={onDay}>{say(said.toDay)}</Button>
        </>
      }
    >
      {error && <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />}
      {!data && !error && (
        <Card>
          <Skeleton active paragraph={{ rows: 8 }} />
        </Card>
      )}
      {data && <Binding key={data.revision} shown={data} title={form?.title ?? ''} />}
    </Page>
  )
}

function Binding({ shown, title }: { shown: api.VersionShown; title: string }) {
  const say = useText()
  const notify = useNotify()
  const { tell, busy, problem } = useTell(api.bindForm)
  const [cells, setCells] = useState<ReadonlyMap<string, Bound>>(new Map(shown.cells.map((one) => [keyOf(one), one])))
  const [repeat, setRepeat] = useState<Repeat | null>(shown.repeat)
  const [dirty, setDirty] = useState(false)
  const [here, setHere] = useState<{ sheet: string; cell: string }>()
  const known = new Map(shown.fields.map((field) => [keyOf(field), field]))
  const maybe = shown.suggestions.filter((one) => !cells.has(keyOf(one)))
  const open = shown.fields.filter((field) => !cells.has(keyOf(field)) && !copied(repeat, field))
  const rest = open.filter((field) => !maybe.some((one) => keyOf(one) === keyOf(field)))
  const put = (...bound: readonly Bound[]) => {
    setCells((now) => new Map([...now, ...bound.map((one) => [keyOf(one), one] as const)]))
    setDirty(true)
  }
  const drop = (at: { sheet: string; cell: string }) => {
    setCells((now) => new Map([...now].filter(([key]) => key !== keyOf(at))))
    setDirty(true)
  }
  const save = async () => {
    const done = await tell({ version: shown.id, revision: shown.revision, cells: [...cells.values()], repeat })
    if (done) {
      setDirty(false)
      notify.done()
    }
  }
  const reading = !shown.mine

  const draw = (sheet: string, cell: DrawnCell) => {
    const at = { sheet, cell: cell.cell }
    if (cell.sum) return { inside: <small>{say(said.formula)}</small>, className: 'sum' }
    const bound = cells.get(keyOf(at))
    const guess = maybe.find((one) => keyOf(one) === keyOf(at))
    const field = known.get(keyOf(at))
    if (cell.text && !bound && !field) return { inside: cell.text }
    const answer = bound?.answer ?? guess?.answer
    const said1 = answer && sayAnswer(answer, shown.indicators)
    const kind = bound ? 'bound' : guess ? 'maybe' : field ? 'asked' : ''
    const name = `${cell.cell} ${field?.label ?? ''}：${said1 ? say(said1) : say(said.notDecided)}${guess && !bound ? `（${say(said.suggested)}）` : ''}`
    return {
      inside: (
        <button
          type="button"
          className={`form-cell ${kind} ${here && keyOf(here) === keyOf(at) ? 'here' : ''}`}
          aria-label={name}
          onClick={() => setHere(at)}
        >
          {cell.text}
          {said1 && (
            <small>
              {say(said1)}
              {guess && !bound ? ' ?' : ''}
            </small>
          )}
        </button>
      ),
    }
  }

  return (
    <>
      <Warnings of={shown.warnings} />
      {problem && <ProblemNote problem={problem} />}
      <Card
        title={api.version.title}
        tools={
          <div className="page-tools">
            {dirty && <span role="status">{say(said.unsaved)}</span>}
            {!reading && (
              <Button type="primary" loading={busy} disabled={!dirty} onClick={() => void save()}>
                {say(words.save)}
              </Button>
            )}
          </div>
        }
      >
        <p className="form-legend">{reading ? say(said.onlyAbove) : say(said.bindHint)}</p>
        {!reading && (
          <div className="form-tools">
            {maybe.length > 0 && <Button onClick={() => put(...maybe)}>{say(said.acceptAll(maybe.length))}</Button>}
            {rest.length > 0 && maybe.length === 0 && (
              <Button
                onClick={() =>
                  put(
                    ...rest.map(({ sheet, cell, label }): Bound => ({
                      sheet,
                      cell,
                      answer: { by: 'typed', name: label.slice(0, 60) },
                    })),
                  )
                }
              >
                {say(said.restTyped(rest.length))}
              </Button>
            )}
          </div>
        )}
        <FormSheets sheets={shown.drawn} draw={draw} title={title} />
        {!reading && (
          <RepeatChoice
            sheets={shown.drawn.filter(({ hidden }) => !hidden)}
            value={repeat}
            onChange={(value) => {
              setRepeat(value)
              setDirty(true)
            }}
          />
        )}
      </Card>
      <Card title={said.list}>
        <div className="rows" tabIndex={0} role="region" aria-label={say(said.list)}>
          <table>
            <thead>
              <tr>
                <th scope="col">{say(said.cell)}</th>
                <th scope="col">{say(said.fields)}</th>
                <th scope="col">{say(said.answeredBy)}</th>
              </tr>
            </thead>
            <tbody>
              {[
                ...shown.fields,
                ...[...cells.values()].filter((one) => !known.has(keyOf(one))).map((one) => ({ ...one, label: '' })),
              ]
                .filter((field) => !copied(repeat, field))
                .map((field) => {
                  const bound = cells.get(keyOf(field))
                  const guess = maybe.find((one) => keyOf(one) === keyOf(field))
                  return (
                    <tr key={keyOf(field)}>
                      <td>{field.cell}</td>
                      <td>
                        <button type="button" className="row-open" onClick={() => setHere(field)}>
                          {field.label || field.cell}
                        </button>
                      </td>
                      <td>
                        {bound ? (
                          say(sayAnswer(bound.answer, shown.indicators))
                        ) : guess ? (
                          <>
                            {say(said.suggested)}：{say(sayAnswer(guess.answer, shown.indicators))}{' '}
                            {!reading && (
                              <Button
                                size="small"
                                aria-label={`${say(said.accept)} ${field.cell} ${field.label}`}
                                onClick={() => put(guess)}
                              >
                                {say(said.accept)}
                              </Button>
                            )}
                          </>
                        ) : (
                          say(said.notDecided)
                        )}
                      </td>
                    </tr>
                  )
                })}
            </tbody>
          </table>
        </div>
      </Card>
      {here && (
        <Picker
          at={here}
          label={known.get(keyOf(here))?.label ?? here.cell}
          shown={shown}
          chosen={cells.get(keyOf(here))?.answer}
          reading={reading}
          inRepeat={repeat !== null}
          guess={maybe.find((one) => keyOf(one) === keyOf(here))?.answer}
          onClose={() => setHere(undefined)}
          onTake={(answer) => {
            put({ ...here, sheet: here.sheet, cell: here.cell, answer })
            setHere(undefined)
          }}
          onClear={() => {
            drop(here)
            setHere(undefined)
          }}
        />
      )}
    </>
  )
}

/** Whether a cell lies in a row that is filled like the first of its kind. */
const copied = (repeat: Repeat | null, { sheet, cell }: { sheet: string; cell: string }): boolean => {
  const row = Number(/\d+$/.exec(cell)?.[0])
  return repeat !== null && repeat.sheet === sheet && row > repeat.from && row < repeat.from + repeat.rows
}

export function Warnings({ of }: { of: api.VersionShown['warnings'] }) {
  const say = useText()
  const sentence = { phones: said.warnPhones, hidden: said.warnHidden, cut: said.warnCut }
  return (
    <>
      {of.map(({ kind, cells }) => (
        <Alert key={kind} type="warning" showIcon title={say(sentence[kind](cells.join('、')))} />
      ))}
    </>
  )
}

type RepeatProps = {
  sheets: readonly { name: string; rows: readonly unknown[] }[]
  value: Repeat | null
  onChange: (value: Repeat | null) => void
}

function RepeatChoice({ sheets, value, onChange }: RepeatProps) {
  const say = useText()
  const first = sheets[0]
  return (
    <div>
      <div className="form-repeat">
        <Switch
          aria-label={say(said.repeat)}
          checked={value !== null}
          disabled={!first}
          onChange={(on) => onChange(on && first ? { sheet: first.name, from: Math.min(4, first.rows.length), rows: 1 } : null)}
        />
        <span>{say(said.repeat)}</span>
        {value && (
          <>
            {sheets.length > 1 && (
              <Select
                aria-label={say(said.sheet)}
                value={value.sheet}
                options={sheets.map(({ name }) => ({ value: name, label: name }))}
                onChange={(sheet) => onChange({ ...value, sheet })}
              />
            )}
            <label>
              {say(said.from)}
              <InputNumber min={1} max={1000} value={value.from} onChange={(from) => onChange({ ...value, from: from ?? 1 })} />
            </label>
            <label>
              {say(said.rows)}
              <InputNumber min={1} max={300} value={value.rows} onChange={(rows) => onChange({ ...value, rows: rows ?? 1 })} />
            </label>
          </>
        )}
      </div>
      {value && <p className="field-hint">{say(said.repeatHint)}</p>}
    </div>
  )
}

type PickerProps = {
  at: { sheet: string; cell: string }
  label: string
  shown: api.VersionShown
  chosen: Answer | undefined
  guess: Answer | undefined
  reading: boolean
  inRepeat: boolean
  onTake: (answer: Answer) => void
  onClear: () => void
  onClose: () => void
}

function Picker({ at, label, shown, chosen, guess, reading, inRepeat, onTake, onClear, onClose }: PickerProps) {
  const say = useText()
  const language = useLanguage()
  const [search, setSearch] = useState('')
  const [name, setName] = useState(chosen?.by === 'typed' ? chosen.name : label)
  const found = shown.indicators.filter(({ title, group }) =>
    `${title.zh} ${title.en} ${group.zh}`.toLowerCase().includes(search.trim().toLowerCase()),
  )
  const facts = PlainFact.options.filter((fact) => inRepeat || (fact !== 'partName' && fact !== 'partNumber'))
  const number = (value: number | null) => (value === null ? '—' : sayNumber(value, language))
  return (
    <Side title={text(`${at.cell} ${label}`, `${at.cell} ${label}`)} open onClose={onClose}>
      <div className="form-pick">
        <p>
          {say(said.answeredBy)}：<b>{chosen ? say(sayAnswer(chosen, shown.indicators)) : say(said.notDecided)}</b>
        </p>
        {!reading && guess && (
          <Button type="primary" onClick={() => onTake(guess)}>
            {say(said.accept)}：{say(sayAnswer(guess, shown.indicators))}
          </Button>
        )}
        {!reading && chosen && <Button onClick={onClear}>{say(said.clear)}</Button>}
        {!reading && (
          <>
            <h3>{say(said.byFigure)}</h3>
            <Input
              aria-label={say(said.search)}
              placeholder={say(said.search)}
              value={search}
              allowClear
              onChange={(e) => setSearch(e.target.value)}
            />
            <ul className="form-figures">
              {found.map((one) => (
                <li key={one.indicator}>
                  <b>{say(one.title)}</b>（{say(one.unit)}）<p>{say(definitionOf(one))}</p>
                  <div className="form-tools">
                    {one.columns.map((column: Column) => (
                      <Button
                        key={column}
                        size="small"
                        aria-label={`${say(said.take)} ${say(one.title)} ${say(choiceText(FigureColumn, column))}`}
                        onClick={() => onTake({ by: 'figure', indicator: one.indicator, column })}
                      >
                        {say(choiceText(FigureColumn, column))} · {say(said.today)} {number(one.now[column])}
                      </Button>
                    ))}
                  </div>
                </li>
              ))}
            </ul>
            <h3>{say(said.byFact)}</h3>
            <div className="form-tools">
              {facts.map((fact) => (
                <Button key={fact} size="small" onClick={() => onTake({ by: 'fact', fact })}>
                  {say(choiceText(PlainFact, fact))}
                </Button>
              ))}
            </div>
            <h3>{say(said.byTyped)}</h3>
            <label className="field">
              <span className="field-hint">{say(said.typedName)}</span>
              <Input value={name} maxLength={60} list="form-typed-names" onChange={(e) => setName(e.target.value)} />
            </label>
            <datalist id="form-typed-names">
              {shown.typedNames.map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
            <div className="form-tools">
              <Button disabled={!name.trim()} onClick={() => onTake({ by: 'typed', name: name.trim() })}>
                {say(said.byTyped)}
              </Button>
              <Button onClick={() => onTake({ by: 'blank' })}>{say(said.blank)}</Button>
            </div>
          </>
        )}
      </div>
    </Side>
  )
}
