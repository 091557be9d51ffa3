// The rules of a version: shown in words, and written value by value.
import { Input, InputNumber, Select } from 'antd'
import { useId, useState, type ReactNode } from 'react'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import type { InputProps } from '#web/console/inputs.tsx'
import { Tone, type ToneName } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { Rule } from '../api.ts'

const said = {
  source: text('出处', 'Source'),
  wrong: text('格式不对，请核对括号、引号和逗号', 'Not in the right form; check brackets, quotes and commas'),
  yes: text('是', 'Yes'),
  no: text('否', 'No'),
}
const tones: Record<Rule['standing'], ToneName> = { known: 'ok', unknown: 'quiet', unread: 'danger' }

/** Every rule with its words, its source and how levels combine. */
export function RuleWords({ rules }: { rules: readonly Rule[] }) {
  const say = useText()
  return (
    <dl className="record">
      {rules.map((rule) => (
        <div key={rule.key}>
          <dt>{say(rule.title)}</dt>
          <dd>
            <div style={{ whiteSpace: 'pre-line' }}>{say(rule.words)}</div>
            {rule.source && <div className="field-hint">{say(said.source)}：{rule.source}</div>}
            <div className="field-hint">
              {rule.standing !== 'known' && <Tone tone={tones[rule.standing]}>{say(choiceText(Rule.shape.standing, rule.standing))}</Tone>}
              {rule.combines && say(rule.combines)}
            </div>
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Values by key as inputs: numbers, words and yes or no as such, anything larger as written. */
export function ValuesInput({ value, onChange }: InputProps) {
  const values = (value ?? {}) as Record<string, unknown>
  return (
    <div className="form">
      {Object.entries(values).map(([key, one]) => (
        <ValueInput key={key} name={key} value={one} onChange={(changed) => onChange({ ...values, [key]: changed })} />
      ))}
    </div>
  )
}

function ValueInput({ name, value, onChange }: { name: string; value: unknown; onChange: (value: unknown) => void }) {
  const say = useText()
  const id = useId()
  const field = (input: ReactNode) => (
    <div className="field"><label className="field-name" htmlFor={id}>{name}</label>{input}</div>
  )
  if (typeof value === 'number') {
    return field(<InputNumber id={id} className="wide" controls={false} value={value} onChange={(v) => onChange(v ?? 0)} />)
  }
  if (typeof value === 'string') return field(<Input id={id} value={value} onChange={(e) => onChange(e.target.value)} />)
  if (typeof value === 'boolean') {
    const options = [{ value: true, label: say(said.yes) }, { value: false, label: say(said.no) }]
    return field(<Select id={id} value={value} onChange={onChange} options={options} />)
  }
  return field(<WrittenInput id={id} value={value} onChange={onChange} />)
}

/** What is typed is kept as typed; it becomes the value whenever it can be read. */
function WrittenInput({ id, value, onChange }: { id: string; value: unknown; onChange: (value: unknown) => void }) {
  const say = useText()
  const [written, setWritten] = useState(() => JSON.stringify(value, null, 2))
  const [wrong, setWrong] = useState(false)
  const write = (words: string) => {
    setWritten(words)
    try {
      onChange(JSON.parse(words))
      setWrong(false)
    } catch {
      setWrong(true)
    }
  }
  return (
    <>
      <Input.TextArea id={id} value={written} autoSize={{ minRows: 3, maxRows: 16 }} spellCheck={false} aria-invalid={wrong}
        {...(wrong ? { status: 'error' as const } : {})} onChange={(e) => write(e.target.value)} style={{ fontFamily: 'monospace' }} />
      {wrong && <p className="field-error" role="alert">{say(said.wrong)}</p>}
    </>
  )
}
