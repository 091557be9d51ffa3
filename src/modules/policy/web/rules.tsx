// What a version rules, rule by rule: what the level above said of it, whether there is room, and the value as a form.
import { Button } from 'antd'
import { useId } from 'react'
import type { Complaints } from '#core/complaints.ts'
import { text, type Text } from '#core/text.ts'
import { ProblemNote } from '#web/console/notify.tsx'
import { useAsk } from '#web/console/query.ts'
import { Tone } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import * as api from '../api.ts'
import { shapeOfValue, type Shape } from '../shapes.ts'
import { ShapeInput } from './shapes.tsx'

const said = {
  ruled: text('本版规定的事项', 'What this version rules'),
  nothing: text(
    '这一版什么也没有规定：生效后，本规则包不再有规定。',
    'This version rules nothing: once in force, the pack says nothing any more.',
  ),
  more: text('还可以规定', 'Could be ruled as well'),
  begin: text('在本级规定', 'Rule it here'),
  leave: text('本级不再规定', 'Do not rule it here'),
  unused: text('目前没有功能使用，只作记录', 'Nothing uses it yet; kept as a record'),
  unknown: text('本系统不认识这一项，原样保留', 'Not known here; carried as it is'),
}

type Values = Readonly<Record<string, unknown>>
type Props = {
  readonly area: string
  readonly value: Values
  readonly onChange: (value: Values) => void
  readonly errors: Complaints
}

export function RulesEditor({ area, value, onChange, errors }: Props) {
  const say = useText()
  const { data, error } = useAsk(api.keys, { areaCode: area }, { enabled: area !== '' })
  if (error) return <ProblemNote problem={error} />
  if (!data) return null
  const known = new Map(data.rows.map((key) => [key.key, key]))
  const ruled = Object.keys(value)
  const free = data.rows.filter((key) => !(key.key in value))
  const drop = (key: string) => onChange(Object.fromEntries(Object.entries(value).filter(([one]) => one !== key)))
  return (
    <div className="form rules-form" data-field="values">
      <h3 className="rules-head">{say(said.ruled)}</h3>
      {ruled.length === 0 && <p className="field-hint">{say(said.nothing)}</p>}
      {ruled.map((key) => (
        <OneRule
          key={key}
          name={key}
          known={known.get(key)}
          value={value[key]}
          errors={errors}
          onChange={(changed) => onChange({ ...value, [key]: changed })}
          onDrop={() => drop(key)}
        />
      ))}
      {free.length > 0 && <h3 className="rules-head">{say(said.more)}</h3>}
      {free.map((key) => (
        <div className="rule-free" key={key.key}>
          <div>
            <b>{say(key.title)}</b> <span className="field-hint">{say(key.group)}</span>
            <p className="field-hint">{say(roomOf(key))}</p>
          </div>
          {!key.fixed && (
            <Button
              onClick={() => onChange({ ...value, [key.key]: key.inherited })}
              aria-label={`${say(said.begin)} ${say(key.title)}`}
            >
              {say(said.begin)}
            </Button>
          )}
        </div>
      ))}
    </div>
  )
}

/** `江湾区已定：16:00，不能改` · `上级没有规定，现为 17:00` */
function roomOf(key: api.KeyShown): Text {
  const { inheritedFrom: from, inheritedWords: holds } = key
  const [zh, en] = [short(holds.zh), short(holds.en)]
  if (key.fixed) return text(`${from}已定：${zh}，这里不能改`, `${from} has decided: ${en}. It cannot be changed here`)
  if (from) return text(`${from}规定：${zh}；${key.combines.zh}`, `${from} says: ${en}. ${key.combines.en}`)
  return text(
    `上级没有规定，不写则为：${zh}；${key.combines.zh}`,
    `Nothing said above; without a rule: ${en}. ${key.combines.en}`,
  )
}

const short = (words: string) => (words.length > 80 ? `${words.slice(0, 80)}…` : words).replaceAll('\n', '；')

type OneProps = {
  readonly name: string
  readonly known: api.KeyShown | undefined
  readonly value: unknown
  readonly errors: Complaints
  readonly onChange: (value: unknown) => void
  readonly onDrop: () => void
}

function OneRule({ name, known, value, errors, onChange, onDrop }: OneProps) {
  const say = useText()
  const id = useId()
  const title = known?.title ?? text(name, name)
  const wrong = Object.keys(errors).some((path) => path === `values.${name}` || path.startsWith(`values.${name}.`))
  return (
    <section className={wrong ? 'field-group field wrong' : 'field-group'} aria-labelledby={id} data-rule={name}>
      <header className="rule-head">
        <h4 id={id}>{say(title)}</h4>
        <Button size="small" onClick={onDrop} aria-label={`${say(said.leave)} ${say(title)}`}>
          {say(said.leave)}
        </Button>
      </header>
      {known?.fixed && (
        <p>
          <Tone tone="look">{say(text('上级已定，这里写的不生效', 'Decided above: what is written here does not hold'))}</Tone>
        </p>
      )}
      <p className="field-hint">
        {say(known ? roomOf(known) : said.unknown)}
        {known && !known.used && `；${say(said.unused)}`}
      </p>
      <ShapeInput
        shape={(known?.shape as Shape | undefined) ?? shapeOfValue(value)}
        value={value}
        onChange={onChange}
        path={`values.${name}`}
        errors={errors}
        labelledBy={id}
        title={say(title)}
      />
    </section>
  )
}
