// One person beside the round: the form of a check, fourteen days as a grid of mornings and afternoons, and the entries with their withdrawal.
import { Checkbox, Flex, Select } from 'antd'
import { useState } from 'react'
import { addDays, dayOf, sayMinute, sayTime } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import { serverNow } from '#web/api.ts'
import { ActionButton } from '#web/console/action.tsx'
import { ConfirmReason } from '#web/console/confirm.tsx'
import { FormDrawer, Side } from '#web/console/drawer.tsx'
import type { OwnInput } from '#web/console/inputs.tsx'
import { useNotify } from '#web/console/notify.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { Tone } from '#web/console/tone.tsx'
import { useLanguage, useText } from '#web/language.ts'
import * as api from '../api.ts'
import { CheckHow, Doubt } from '../model.ts'
import { celsius, comma, measured, said } from './said.ts'

type Rules = api.CheckRules

const symptomsInput = ({ symptoms }: Rules): OwnInput =>
  function SymptomsInput({ id, value, onChange, labelledBy }) {
    const say = useText()
    const chosen = value as string[] | null | undefined
    const put = (key: string, on: boolean) =>
      onChange(on ? [...(chosen ?? []), key] : (chosen ?? []).filter((one) => one !== key))
    return (
      <Flex id={id} wrap gap="4px 16px" role="group" tabIndex={-1} {...(labelledBy ? { 'aria-labelledby': labelledBy } : {})}>
        <Checkbox checked={chosen?.length === 0} onChange={(e) => onChange(e.target.checked ? [] : null)}>
          {say(said.noSymptoms)}
        </Checkbox>
        {symptoms.map((one) => (
          <Checkbox key={one.key} checked={chosen?.includes(one.key) ?? false} onChange={(e) => put(one.key, e.target.checked)}>
            {say(one.title)}
          </Checkbox>
        ))}
      </Flex>
    )
  }

const kindInput = ({ kinds }: Rules): OwnInput =>
  function KindInput({ id, value, onChange, describedBy }) {
    const say = useText()
    return (
      <Select
        id={id}
        className="wide"
        value={(value as string | undefined) ?? kinds[0]!.key}
        {...(describedBy ? { 'aria-describedby': describedBy } : {})}
        options={kinds.map((kind) => ({ value: kind.key, label: say(kind.title) }))}
        onChange={onChange}
      />
    )
  }

/** The form of one check; what it offers comes from the rules. */
export function RecordDrawer({
  person,
  rules,
  open,
  onClose,
}: {
  person: string
  rules: Rules
  open: boolean
  onClose: () => void
}) {
  const results = rules.kinds.some((kind) => kind.results.length > 0)
  return (
    <FormDrawer
      of={api.record}
      open={open}
      onClose={onClose}
      draft={false}
      fixed={{ person }}
      initial={{ kind: rules.kinds[0]!.key, how: 'phone' }}
      fields={[
        ...(rules.kinds.length > 1 ? ['kind' as const] : []),
        'how',
        'value',
        'measuredHow',
        ...(results ? ['result' as const] : []),
        'symptoms',
        'proxyName',
        'medication',
        'need',
        'note',
      ]}
      inputs={{ symptoms: symptomsInput(rules), kind: kindInput(rules) }}
    />
  )
}

export function PersonSide({
  person,
  name,
  community,
  rules,
  onClose,
}: {
  person: string | undefined
  name: string | null
  community: string | undefined
  rules: Rules
  onClose: () => void
}) {
  const say = useText()
  const [recording, setRecording] = useState(false)
  const { data } = useAsk(
    api.checks,
    { person: person ?? '', ...(community ? { community } : {}) },
    { enabled: person !== undefined },
  )
  return (
    <Side
      title={{ zh: name ?? said.title.zh, en: name ?? said.title.en }}
      open={person !== undefined}
      onClose={onClose}
      tools={<ActionButton label={said.record} type="primary" run={() => setRecording(true)} />}
    >
      <div className="monitoring-side">
        <h2>{say(said.days)}</h2>
        <Days rows={data?.rows ?? []} />
        <h2>{say(said.history)}</h2>
        {data && (data.rows.length === 0 ? <p>{say(said.noChecks)}</p> : <Entries rows={data.rows} rules={rules} />)}
      </div>
      {person && <RecordDrawer person={person} rules={rules} open={recording} onClose={() => setRecording(false)} />}
    </Side>
  )
}

/** Mornings and afternoons side by side; a check that closed a window stands in it, another one by the clock. */
function Days({ rows }: { rows: readonly api.CheckShown[] }) {
  const say = useText()
  const today = dayOf(serverNow())
  const days = Array.from({ length: 14 }, (_, i) => addDays(today, -i))
  const of = (day: string, half: 'am' | 'pm') =>
    rows.filter((row) => row.kind === 'temperature' && (row.day ?? row.countedOn) === day && halfOf(row) === half).toReversed()
  return (
    <div className="rows" tabIndex={0} role="region" aria-label={say(said.days)}>
      <table>
        <thead>
          <tr>
            {[said.day, said.morning, said.evening].map((head) => (
              <th key={head.en} scope="col">
                {say(head)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map((day) => (
            <tr key={day}>
              <th scope="row" className="code">
                {day.slice(5)}
              </th>
              {(['am', 'pm'] as const).map((half) => (
                <td key={half}>
                  {of(day, half).map((row) => (
                    <Value key={row.id} of={row} />
                  ))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const halfOf = ({ slot, occurredAt }: api.CheckShown): 'am' | 'pm' =>
  slot === 'morning' || (slot !== 'evening' && sayTime(occurredAt) < '12:30') ? 'am' : 'pm'

const Value = ({ of: { value, fever, occurredAt } }: { of: api.CheckShown }) => (
  <div>
    {fever ? <Tone tone="danger">{celsius(value!)}</Tone> : celsius(value!)} <span className="code">{sayTime(occurredAt)}</span>
  </div>
)

function Entries({ rows, rules }: { rows: readonly api.CheckShown[]; rules: Rules }) {
  const say = useText()
  const language = useLanguage()
  const notify = useNotify()
  const [asked, setAsked] = useState<string>()
  const gone = useTell(api.withdraw)
  const wordsOf = ({ symptoms }: api.CheckShown) =>
    symptoms === null
      ? say(said.notAsked)
      : symptoms.length === 0
        ? say(said.noSymptoms)
        : symptoms
            .map((key) => say(rules.symptoms.find((one) => one.key === key)?.title ?? { zh: key, en: key }))
            .join(say(comma))
  return (
    <>
      <ul className="monitoring-entries">
        {rows.map((row) => (
          <li key={row.id}>
            <span>
              <b>
                {row.value === null
                  ? say(rules.kinds.find((k) => k.key === row.kind)?.title ?? { zh: row.kind, en: row.kind })
                  : measured({ ...row, value: row.value })}
              </b>{' '}
              {row.fever && <Tone tone="danger">{say({ zh: '发热', en: 'Fever' })}</Tone>}{' '}
              {row.flags.map((flag) => (
                <Tone key={flag} tone="look">
                  {say(choiceText(Doubt, flag))}
                </Tone>
              ))}
              <br />
              {sayMinute(row.occurredAt, language)} · {say(choiceText(CheckHow, row.how))} · {row.recordedByName} ·{' '}
              {say(said.symptoms)} {wordsOf(row)}
              {row.medication && ` · ${row.medication}`}
              {row.need && ` · ${row.need}`}
            </span>
            <ActionButton
              label={said.withdraw}
              type="link"
              size="small"
              about={sayMinute(row.occurredAt, language)}
              run={() => setAsked(row.id)}
            />
          </li>
        ))}
      </ul>
      <ConfirmReason
        open={asked !== undefined}
        title={said.withdraw}
        explain={said.withdrawWhy}
        danger
        busy={gone.busy}
        problem={gone.problem}
        onClose={() => setAsked(undefined)}
        onConfirm={(reason) =>
          void gone.tell({ replaces: asked!, reason }).then((done) => {
            if (done) {
              notify.done()
              setAsked(undefined)
            }
          })
        }
      />
    </>
  )
}
