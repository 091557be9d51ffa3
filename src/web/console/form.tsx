// A form from a contract: labels, hints, units, reasons, checks and draft come from its input schema.
import { Alert, Button } from 'antd'
import { useRef, type FormEvent, type KeyboardEvent, type ReactNode } from 'react'
import type { z } from 'zod'
import type { Contract } from '#core/contract.ts'
import type { Problem } from '#core/problem.ts'
import type { Text } from '#core/text.ts'
import { fieldsOf, type Field } from '../fields.ts'
import { useDraft } from '../form.ts'
import { useText } from '../language.ts'
import { FieldFrame } from './field.tsx'
import type { OwnInput } from './inputs.tsx'
import { ProblemNote, useNotify } from './notify.tsx'
import { useTell } from './query.ts'
import { words, wrongCount } from './words.ts'

export type FormProps<I extends z.ZodType, O extends z.ZodType> = {
  readonly of: Contract<'command', I, O>
  /** Values to begin with. Never put an answer here that nobody gave. */
  readonly initial?: Partial<z.input<I>>
  /** Values that are sent but not shown, e.g. the id of the record. */
  readonly fixed?: Partial<z.input<I>>
  /** Which fields, in which order; every field that is not fixed where left out. */
  readonly fields?: readonly (keyof z.input<I> & string)[]
  /** Name of the draft beside the contract's, e.g. the record's id. `false` keeps none. */
  readonly draft?: string | false
  /** Inputs of one's own by path: `{ household: (props) => <Picker {...props} /> }`. */
  readonly inputs?: Readonly<Record<string, OwnInput>>
  readonly submit?: Text
  readonly danger?: boolean
  /** Said when it is done; `false` says nothing. */
  readonly told?: Text | false
  readonly onDone?: (outcome: z.output<O>) => void
  /** Hears what was refused, beside the sentence that the form shows. */
  readonly onRefused?: (problem: Problem) => void
  readonly onCancel?: () => void
  /** Stands above the fields. */
  readonly children?: ReactNode
}

export function Form<I extends z.ZodType, O extends z.ZodType>(props: FormProps<I, O>) {
  const { of, initial, fixed, draft: draftName, inputs, onDone, onCancel } = props
  const say = useText()
  const notify = useNotify()
  const form = useRef<HTMLFormElement>(null)
  const { tell, busy, problem, forget } = useTell(of)
  const draft = useDraft(of.input, {
    key: draftName === false ? undefined : [of.name, draftName].filter(Boolean).join('.'),
    initial,
    fixed,
  })
  const fields = shownFields(fieldsOf(of.input), props.fields, fixed)
  const elsewhere = Object.entries(draft.errors).filter(([path]) => !fields.some((f) => f.name === path.split('.')[0]))
  const wrong = Object.keys(draft.errors).length

  const send = async (event?: FormEvent) => {
    event?.preventDefault()
    event?.stopPropagation()
    if (busy) return
    forget()
    const input = draft.check()
    if (!input) return showFirstWrong(form.current)
    const outcome = await tell(input as z.input<I>, draft.id(), (refusal) => {
      props.onRefused?.(refusal)
      if (draft.refuse(refusal)) showFirstWrong(form.current)
    })
    if (outcome === undefined) return
    draft.clear()
    if (props.told !== false) notify.done(props.told)
    onDone?.(outcome)
  }
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send()
  }

  return (
    <form ref={form} className="form" noValidate onSubmit={send} onKeyDown={keys} aria-label={say(of.title)}>
      {props.children}
      {draft.restored && (
        <Alert
          type="info"
          showIcon
          title={say(words.restored)}
          action={
            <Button size="small" onClick={draft.clear}>
              {say(words.clear)}
            </Button>
          }
        />
      )}
      {wrong > 0 && (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={say(wrongCount(wrong))}
          description={elsewhere.length > 0 ? elsewhere.map(([path, words]) => <div key={path}>{say(words)}</div>) : undefined}
        />
      )}
      {problem && wrong === 0 && (
        <ProblemNote problem={problem} onRetry={problem.status === 503 ? () => void send() : undefined} />
      )}
      {fields.map((field) => (
        <FieldFrame
          key={field.name}
          field={field}
          path={field.name}
          value={draft.values[field.name]}
          errors={draft.errors}
          inputs={inputs}
          onChange={(value) => draft.set(field.name, value)}
          onBlur={draft.leave}
        />
      ))}
      <div className="form-end">
        {onCancel && <Button onClick={onCancel}>{say(words.cancel)}</Button>}
        <Button type="primary" htmlType="submit" loading={busy} danger={props.danger ?? false}>
          {say(props.submit ?? words.save)}
        </Button>
      </div>
    </form>
  )
}

function shownFields(all: readonly Field[], names: readonly string[] | undefined, fixed: object | undefined): readonly Field[] {
  if (names) return names.map((name) => all.find((f) => f.name === name)).filter((f) => f !== undefined)
  return all.filter((f) => !(fixed && f.name in fixed))
}

/** After React has drawn the sentences: the first of them comes into view with the cursor in its field. */
const showFirstWrong = (form: HTMLFormElement | null) =>
  setTimeout(() => {
    const holder = form?.querySelector('.field.wrong')
    holder?.querySelector<HTMLElement>('input, textarea, select, [tabindex]')?.focus()
    holder?.scrollIntoView({ block: 'center' })
  })
