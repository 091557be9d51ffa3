// Entering one value on a phone: large choices, the right keyboard, a pad for temperatures. The label says everything else.
import { Suspense, useId, type ReactNode } from 'react'
import type { Text } from '#core/text.ts'
import { text } from '#core/text.ts'
import type { Field } from '#web/fields.ts'
import { Icon } from './icons.tsx'
import { lazily } from './lazily.ts'
import { useWords, type Words } from './words.ts'

const PhotoInput = lazily(() => import('./photoInput.tsx'), 'PhotoInput')

type One = { readonly value: string; readonly text: Text }

/** One answer of a few, as buttons that are all in sight; `many` lets several stand. */
export function Choice({
  label,
  choices,
  value,
  onChange,
  many = false,
}: {
  label: Words
  choices: readonly One[]
  value: string | readonly string[] | null | undefined
  onChange: (next: never) => void
  many?: boolean
}) {
  const say = useWords()
  const name = useId()
  const chosen = new Set(Array.isArray(value) ? (value as string[]) : value ? [value as string] : [])
  function choose(one: string) {
    if (!many) {
      ;(onChange as (next: string) => void)(one)
      return
    }
    if (chosen.has(one)) chosen.delete(one)
    else chosen.add(one)
    ;(onChange as (next: string[]) => void)(choices.map((each) => each.value).filter((each) => chosen.has(each)))
  }
  return (
    <div className="choices" role={many ? 'group' : 'radiogroup'} aria-label={say(label)}>
      {choices.map((one) => (
        <label key={one.value} className="choice">
          <input
            type={many ? 'checkbox' : 'radio'}
            name={name}
            checked={chosen.has(one.value)}
            onChange={() => choose(one.value)}
          />
          <span>{say(one.text)}</span>
        </label>
      ))}
    </div>
  )
}

const yesNo: readonly One[] = [
  { value: 'yes', text: text('是', 'Yes') },
  { value: 'no', text: text('否', 'No') },
]

/** A number typed on large keys from its last digit on: 3, 6, 5 → 36.5. Empty until somebody measures: nothing is preset. */
export function NumberPad({
  label,
  value,
  onChange,
  unit,
  decimals = 1,
  digits = 2,
}: {
  label: Words
  value: number | null | undefined
  onChange: (next: number | undefined) => void
  unit?: Words
  decimals?: number
  digits?: number
}) {
  const say = useWords()
  const typed = value === null || value === undefined ? '' : String(Math.round(value * 10 ** decimals))
  const scaled = (keys: string) => (keys === '' ? undefined : Number(keys) / 10 ** decimals)
  const press = (key: string) => {
    if (typed.length < digits + decimals) onChange(scaled(typed + key))
  }
  const shown = typed === '' ? '–' : (Number(typed) / 10 ** decimals).toFixed(decimals)
  return (
    <div className="numbers" role="group" aria-label={say(label)}>
      <output className="room" aria-live="polite">
        {shown}
        {unit !== undefined && <small> {say(unit)}</small>}
      </output>
      <Keys press={press} erase={() => onChange(scaled(typed.slice(0, -1)))} />
    </div>
  )
}

/** Ten digits and a way back; used for temperatures and for the PIN. */
export function Keys({ press, erase }: { press: (digit: string) => void; erase: () => void }) {
  const say = useWords()
  return (
    <div className="keys">
      {['1', '2', '3', '4', '5', '6', '7', '8', '9', '', '0'].map((digit) =>
        digit === '' ? (
          <span key="gap" />
        ) : (
          <button key={digit} type="button" onClick={() => press(digit)}>
            {digit}
          </button>
        ),
      )}
      <button type="button" aria-label={say(text('退格', 'Delete the last digit'))} onClick={erase}>
        <Icon name="erase" />
      </button>
    </div>
  )
}

export type InputTerms = {
  field: Field
  value: unknown
  onChange: (next: unknown) => void
  onLeave?: () => void
  error?: Text | undefined
}

/** A field with its label, unit, hint, reason and complaint. `children` replaces the input itself. */
export function FieldInput({ children, ...terms }: InputTerms & { children?: ReactNode }) {
  const { field, error } = terms
  const say = useWords()
  const id = useId()
  const spread = (children === undefined && ['choice', 'choices', 'yesNo', 'files'].includes(field.kind)) || isMeasured(field)
  const words = (
    <>
      {say(field.label)}
      {field.info?.unit && !spread && <small> ({say(field.info.unit)})</small>}
      {!field.required && <small> {say(text('选填', 'optional'))}</small>}
    </>
  )
  return (
    <div className="field">
      {spread ? (
        <span className="label">{words}</span>
      ) : (
        <label className="label" htmlFor={id}>
          {words}
        </label>
      )}
      {field.info?.why && <p className="quiet">{say(field.info.why)}</p>}
      {children ?? <Input id={id} {...terms} />}
      {field.info?.hint && <p className="quiet">{say(field.info.hint)}</p>}
      {error && (
        <p className="wrong" role="alert">
          <Icon name="alert" /> {say(error)}
        </p>
      )}
    </div>
  )
}

const isMeasured = (field: Field): boolean => field.kind === 'number' && field.info?.unit?.zh === '℃'

function Input({ id, field, value, onChange, onLeave, error }: InputTerms & { id: string }) {
  const common = { id, onBlur: onLeave, 'aria-invalid': error !== undefined || undefined, 'aria-required': field.required }
  const words = typeof value === 'string' ? value : ''
  const typed = (event: { target: { value: string } }) => onChange(event.target.value)
  const picked = (event: { target: { value: string } }) => onChange(event.target.value || undefined)
  if (isMeasured(field)) {
    return <NumberPad label={field.label} value={value as number} unit={field.info!.unit!} onChange={onChange} />
  }
  switch (field.kind) {
    case 'choice':
      return <Choice label={field.label} choices={field.choices} value={words} onChange={onChange} />
    case 'choices':
      return <Choice many label={field.label} choices={field.choices} value={value as string[]} onChange={onChange} />
    case 'yesNo':
      return (
        <Choice
          label={field.label}
          choices={yesNo}
          value={value === undefined || value === null ? undefined : value ? 'yes' : 'no'}
          onChange={(next: string) => onChange(next === 'yes')}
        />
      )
    case 'number':
      return (
        <input
          {...common}
          type="text"
          inputMode={field.whole ? 'numeric' : 'decimal'}
          value={value === undefined || value === null ? '' : String(value)}
          onChange={(event) => onChange(numberIn(event.target.value))}
        />
      )
    case 'files':
      return (
        <Suspense fallback={null}>
          <PhotoInput field={field} value={value} onChange={onChange} />
        </Suspense>
      )
    case 'day':
      return <input {...common} type="date" value={words} onChange={picked} />
    case 'time':
      return <input {...common} type="time" value={words} onChange={picked} />
    case 'instant':
      return (
        <input
          {...common}
          type="datetime-local"
          value={localOf(words)}
          onChange={(event) => onChange(instantOfLocal(event.target.value))}
        />
      )
    case 'long':
      return <textarea {...common} rows={3} value={words} maxLength={field.max} onChange={typed} />
    default:
      return (
        <input
          {...common}
          type={field.info?.mask === 'phone' ? 'tel' : 'text'}
          autoComplete="off"
          value={words}
          maxLength={field.max}
          onChange={typed}
        />
      )
  }
}

/** What is being typed stays as it is until it reads as a number: `36.` is on its way to 36.5. */
const numberIn = (typed: string): unknown => {
  if (typed.trim() === '') return undefined
  return /^-?\d+(\.\d*[1-9])?$/.test(typed) ? Number(typed) : typed
}

/** `datetime-local` speaks the clock of Shanghai, wherever the phone thinks it is. */
const localOf = (at: string): string =>
  Number.isNaN(Date.parse(at)) ? '' : new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 16)
const instantOfLocal = (typed: string): string | undefined =>
  typed === '' ? undefined : new Date(`${typed}:00+08:00`).toISOString()
