// A form from a contract: labels, choices, reasons and complaints come from its input; what it records goes through the outbox.
import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { Contract, Input } from '#core/contract.ts'
import { Id } from '#core/ids.ts'
import type { Text } from '#core/text.ts'
import { text } from '#core/text.ts'
import { fieldsOf, type Field } from '#web/fields.ts'
import { errorAt, useDraft, type Values } from '#web/form.ts'
import { useLanguage } from '#web/language.ts'
import { nothing, showField } from '#web/show.ts'
import { FieldInput, type InputTerms } from './fields.tsx'
import { record, type Recorded } from './outbox.ts'
import type { Sent } from './photo.ts'
import { useKeptDraft, usePending, type Pending } from './sync.ts'
import { BigButton, Card, Notice, Pair, SmallButton, Tag, toast, type Tone } from './ui.tsx'
import { useWords } from './words.ts'

export type FormTerms<C extends Contract<'command'>> = {
  of: C
  initial?: Values
  /** Sent, never shown. */
  fixed?: Values
  /** Which fields, in which order; all that can be entered where left out. */
  fields?: readonly string[]
  /** Inputs that replace the usual one, by field name. */
  inputs?: Readonly<Record<string, (terms: InputTerms) => ReactNode>>
  /** Name under which what is typed is kept; the contract's name where left out. */
  draft?: string
  submit?: Text
  /** One question after another instead of a column. */
  oneByOne?: boolean
  /** Sends in another way than `record`, for example as the mended form of a refused item. */
  send?: (input: Input<C>) => Promise<Recorded>
  onRecorded?: (made: Recorded) => void
}

/** Whether a phone can enter it without a picker of the module. */
export const enterable = (field: Field): boolean =>
  !['id', 'other', 'list'].includes(field.kind) && (field.kind !== 'group' || field.fields.every(enterable))

const recorded = text('已记录', 'Recorded')
const missing = (count: number): Text =>
  text(`还有 ${count} 项需要补全或改正。`, `${count} ${count === 1 ? 'field needs' : 'fields need'} an answer or a correction.`)
const submitWords = text('登记', 'Record')

export function ContractForm<C extends Contract<'command'>>(terms: FormTerms<C>) {
  const { of, initial, fixed, fields, inputs = {}, draft: key = of.name, submit = submitWords, oneByOne = false } = terms
  const form = useDraft(of.input, { initial, fixed })
  const [kept, keep, forget] = useKeptDraft<Values>(key, {})
  const [step, setStep] = useState(0)
  const asked = chosen(fieldsOf(of.input), fields, fixed, inputs)
  const restored = useRef(false)
  useEffect(() => {
    if (restored.current || Object.keys(kept).length === 0) return
    restored.current = true
    for (const [name, value] of Object.entries(kept)) form.set(name, value)
  }, [kept, form])

  const change = (name: string, value: unknown) => {
    restored.current = true
    form.set(name, value)
    keep({ ...form.values, [name]: value })
  }
  async function send() {
    const input = form.check() as Input<C> | undefined
    if (!input) {
      setStep(0)
      return
    }
    const photos = await sendPhotosOf(of, input)
    const made = withPhotos(photos, await (terms.send ?? ((ready: Input<C>) => record(of, ready, { undoable: true })))(input))
    await photos?.done()
    forget()
    form.clear()
    restored.current = false
    setStep(0)
    toast(recorded, made.queued ? { undo: made.undo } : {})
    terms.onRecorded?.(made)
  }
  const wrong = asked.filter((field) => errorAt(form.errors, field.name)).length
  const shown = oneByOne && wrong === 0 ? asked.slice(step, step + 1) : asked
  const last = !oneByOne || wrong > 0 || step >= asked.length - 1
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
      }}
      noValidate
    >
      {shown.map((field) => (
        <Card key={field.name}>
          <Asked
            field={field}
            path={field.name}
            value={form.values[field.name]}
            errors={form.errors}
            custom={inputs[field.name]}
            onChange={(value) => change(field.name, value)}
            onLeave={() => form.leave(field.name)}
          />
        </Card>
      ))}
      {wrong > 0 && <Notice tone="look">{missing(wrong)}</Notice>}
      {last ? (
        <BigButton type="submit" onClick={send}>
          {submit}
        </BigButton>
      ) : (
        <BigButton type="submit" onClick={() => setStep(step + 1)}>
          {text('下一项', 'Next')}
        </BigButton>
      )}
      {oneByOne && step > 0 && wrong === 0 && (
        <Pair>
          <SmallButton icon="back" onClick={() => setStep(step - 1)}>
            {text('上一项', 'Back')}
          </SmallButton>
        </Pair>
      )}
    </form>
  )
}

/** Photos go into the queue first: cut off in between, the form still names them and is sent once more. */
async function sendPhotosOf(of: Contract, input: unknown): Promise<Sent | undefined> {
  const ids = photoIds(fieldsOf(of.input), input as Values)
  return ids.length > 0 ? (await import('./photo.ts')).sendPhotos(ids) : undefined
}

const photoIds = (fields: readonly Field[], values: Values | undefined): readonly Id[] =>
  fields.flatMap((field) =>
    field.kind === 'files'
      ? ((values?.[field.name] ?? []) as Id[])
      : field.kind === 'group'
        ? photoIds(field.fields, values?.[field.name] as Values | undefined)
        : [],
  )

const withPhotos = (photos: Sent | undefined, made: Recorded): Recorded =>
  photos ? { ...made, undo: async () => (await made.undo()) && photos.undo() } : made

function chosen(all: readonly Field[], names?: readonly string[], fixed: Values = {}, inputs: object = {}): readonly Field[] {
  if (names) return names.flatMap((name) => all.find((field) => field.name === name) ?? [])
  return all.filter((field) => !(field.name in fixed) && (field.name in inputs || enterable(field)))
}

type AskedTerms = {
  field: Field
  path: string
  value: unknown
  errors: Readonly<Record<string, Text>>
  custom?: ((terms: InputTerms) => ReactNode) | undefined
  onChange: (next: unknown) => void
  onLeave: () => void
}

function Asked({ field, path, value, errors, custom, onChange, onLeave }: AskedTerms) {
  const say = useWords()
  const error = errors[path] ?? (field.kind === 'group' ? undefined : errorAt(errors, path))
  const terms = { field, value, onChange, onLeave, error }
  if (custom) return <FieldInput {...terms}>{custom(terms)}</FieldInput>
  if (field.kind !== 'group') return <FieldInput {...terms} />
  const inside = (value ?? {}) as Values
  return (
    <fieldset>
      <legend className="label">{say(field.label)}</legend>
      {field.fields.map((each) => (
        <Asked
          key={each.name}
          field={each}
          path={`${path}.${each.name}`}
          value={inside[each.name]}
          errors={errors}
          onLeave={onLeave}
          onChange={(next) => onChange({ ...inside, [each.name]: next })}
        />
      ))}
    </fieldset>
  )
}

/** What was entered, read back in words: label and value of every field that has one. */
export function InputWords({ of, input }: { of: Contract; input: unknown }) {
  const language = useLanguage()
  const rows = fieldsOf(of.input)
    .filter((field) => field.kind === 'files' || (field.kind !== 'id' && !areIds((input as Values)[field.name])))
    .map((field) => ({ field, words: showField(field, (input as Values)[field.name], language, { unit: true }) }))
    .filter(({ words }) => words !== nothing)
  return (
    <dl>
      {rows.map(({ field, words }) => (
        <div key={field.name}>
          <dt>{field.label[language]}</dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Ids mean nothing to a reader. */
const areIds = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((one) => Id.safeParse(one).success)

/** A ledger as far as its phone form needs it. */
export type PhoneLedger = { readonly title: Text; readonly contracts: { readonly record: Contract<'command'> } }

/** Recording in any ledger, and below it what this phone recorded and has not seen in a download yet. */
export function LedgerForm({ of, ...more }: { of: PhoneLedger } & Omit<FormTerms<Contract<'command'>>, 'of'>) {
  const pending = usePending([of.contracts.record])
  const say = useWords()
  return (
    <>
      <ContractForm {...more} of={of.contracts.record} />
      {pending.length > 0 && <h2>{say(text('本机刚登记的', 'Just recorded on this phone'))}</h2>}
      {pending.map((one) => (
        <Card key={one.id}>
          <p>
            <Tag tone={tones[one.state]}>{stateWords[one.state]}</Tag>
          </p>
          <InputWords of={of.contracts.record} input={one.input} />
        </Card>
      ))}
    </>
  )
}

const tones = { waiting: 'info', refused: 'stop', sent: 'go' } as const satisfies Record<Pending['state'], Tone>
const stateWords: Record<Pending['state'], Text> = {
  waiting: text('待上传', 'Waiting'),
  refused: text('未被接受', 'Not accepted'),
  sent: text('已上传', 'Sent'),
}
