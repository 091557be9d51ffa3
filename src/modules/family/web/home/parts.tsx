// The few pieces of the resident's page, in the looks of the phone: large, calm, one thing at a time.
import { useState, type ReactNode } from 'react'
import type { Text } from '#core/text.ts'
import type { Problem } from '#core/problem.ts'
import { Icon, type IconName } from '#web/phone/icons.tsx'
import { useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import type { Mine } from '../../ownApi.ts'

/** What every tab is given: all that the view shows, and how to ask for it again. */
export type Shown = { data: Mine; reload: () => Promise<void> }

type Tone = 'go' | 'stop' | 'look' | 'info' | 'plain'

export const Card = ({ title, children }: { title?: Text; children: ReactNode }) => {
  const say = useText()
  return (
    <section className="card">
      {title && <h2>{say(title)}</h2>}
      {children}
    </section>
  )
}

export function Notice({ tone = 'info', children }: { tone?: 'info' | 'look' | 'stop'; children: ReactNode }) {
  const icon: IconName = tone === 'info' ? 'help' : tone === 'look' ? 'alert' : 'stop'
  return (
    <div className={`notice ${tone}`} role={tone === 'stop' ? 'alert' : 'status'}>
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  )
}
export const ProblemSaid = ({ problem }: { problem: Problem | undefined }) => {
  const say = useText()
  return problem ? <Notice tone="stop">{say(problem.say)}</Notice> : null
}

type ButtonTerms = {
  label: Text
  onClick: () => unknown
  tone?: Tone
  icon?: IconName
  disabled?: boolean
  big?: boolean
  onProblem?: (problem: Problem | undefined) => void
}
/** Runs what was tapped, once at a time, and hands on what went wrong. */
export function Button({ label, onClick, tone = 'plain', icon, disabled, big, onProblem }: ButtonTerms) {
  const say = useText()
  const [busy, setBusy] = useState(false)
  const tap = async () => {
    if (busy || disabled) return
    setBusy(true)
    onProblem?.(undefined)
    try {
      await onClick()
    } catch (error) {
      onProblem?.(asProblem(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <button
      type="button"
      className={`${big ? 'big' : 'small'} ${tone}`}
      aria-disabled={disabled || undefined}
      aria-busy={busy || undefined}
      onClick={() => void tap()}
    >
      {icon && <Icon name={icon} />}
      <span>{say(label)}</span>
    </button>
  )
}

export const Call = ({ phone, children }: { phone: string; children: ReactNode }) => (
  <a className="small go" href={`tel:${phone.replaceAll(/[^\d+]/g, '')}`}>
    <Icon name="phone" />
    <span>{children}</span>
  </a>
)

type Option = { key: string; title: Text }
/** One of some, or several. */
export function Choices({
  label,
  name,
  options,
  chosen,
  onChange,
  several = false,
}: {
  label: Text
  name: string
  options: readonly Option[]
  chosen: readonly string[]
  onChange: (next: string[]) => void
  several?: boolean
}) {
  const say = useText()
  const toggle = (key: string) =>
    onChange(several ? (chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key]) : [key])
  return (
    <fieldset>
      <legend className="label">{say(label)}</legend>
      <div className="choices">
        {options.map(({ key, title }) => (
          <label className="choice" key={key}>
            <input
              type={several ? 'checkbox' : 'radio'}
              name={name}
              checked={chosen.includes(key)}
              onChange={() => toggle(key)}
            />
            <span>{say(title)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

export function Words({
  label,
  value,
  onChange,
  max,
  hint,
}: {
  label: Text
  value: string
  onChange: (next: string) => void
  max: number
  hint?: Text
}) {
  const say = useText()
  return (
    <label className="field">
      <span className="label">{say(label)}</span>
      {hint && <span className="quiet">{say(hint)}</span>}
      <textarea rows={3} maxLength={max} value={value} onChange={(event) => onChange(event.target.value)} />
    </label>
  )
}

export function Digits({
  label,
  value,
  onChange,
  length,
  hidden = false,
}: {
  label: Text
  value: string
  onChange: (next: string) => void
  length: number
  hidden?: boolean
}) {
  const say = useText()
  return (
    <label className="field pin">
      <span className="label">{say(label)}</span>
      <input
        type={hidden ? 'password' : 'text'}
        inputMode="numeric"
        autoComplete="off"
        maxLength={length}
        value={value}
        onChange={(event) => onChange(event.target.value.normalize('NFKC').replaceAll(/\D/g, ''))}
      />
    </label>
  )
}
