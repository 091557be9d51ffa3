// One input for each kind of field. What it holds is the contract's value: a day is `2026-11-22`, an instant is UTC text.
import { Checkbox, DatePicker, Input, InputNumber, Radio, Select, TimePicker } from 'antd'
import dayjs from 'dayjs'
import type { ReactNode } from 'react'
import { instantAt, zone } from '#core/dates.ts'
import { isPassword, type Field } from '../fields.ts'
import { FilesInput } from '../filesInput.tsx'
import { useText } from '../language.ts'
import { words } from './words.ts'

export type InputProps = {
  readonly id: string
  readonly value: unknown
  readonly onChange: (value: unknown) => void
  readonly onBlur?: (() => void) | undefined
  /** Ids of the label, and of the hint and the error. */
  readonly labelledBy?: string | undefined
  readonly describedBy?: string | undefined
  readonly invalid?: boolean | undefined
  readonly required?: boolean | undefined
  /** Stands in a row of filters: small, with its name inside. */
  readonly compact?: boolean | undefined
}

/** An input of a module's own, put in place of the usual one. */
export type OwnInput = (props: InputProps) => ReactNode

const dayFormat = 'YYYY-MM-DD'

/** The input that fits a field's kind. */
export function FieldInput({ field, ...props }: InputProps & { field: Field }) {
  switch (field.kind) {
    case 'number':
      return <NumberInput field={field} {...props} />
    case 'day':
      return <DayInput {...props} field={field} />
    case 'time':
      return <TimeInput {...props} />
    case 'instant':
      return <InstantInput {...props} />
    case 'yesNo':
      return <YesNoInput field={field} {...props} />
    case 'choice':
      return <ChoiceInput field={field} {...props} />
    case 'choices':
      return <ChoicesInput field={field} {...props} />
    case 'files':
      return <FilesInput field={field} {...props} />
    case 'list':
      return <WordsInput {...props} />
    default:
      return <TextInput field={field} {...props} />
  }
}

type OfField = InputProps & { field: Field }

const told = ({ id, invalid, describedBy, required, onBlur }: InputProps) => ({
  id,
  ...(invalid ? { status: 'error' as const, 'aria-invalid': true } : {}),
  ...(describedBy ? { 'aria-describedby': describedBy } : {}),
  ...(required ? { 'aria-required': true } : {}),
  ...(onBlur ? { onBlur } : {}),
})

function TextInput({ field, ...props }: OfField) {
  const say = useText()
  const shared = {
    ...told(props),
    value: String(props.value ?? ''),
    autoComplete: 'off',
    onChange: (e: { target: { value: string } }) => props.onChange(e.target.value),
  }
  if (isPassword(field)) {
    return <Input.Password {...shared} autoComplete={field.name.startsWith('new') ? 'new-password' : 'current-password'} />
  }
  if (field.name === 'username') return <Input {...shared} autoComplete="username" autoCapitalize="none" spellCheck={false} />
  const unit = field.info?.unit
  if (field.kind === 'long') {
    const count = field.max ? { count: { show: true, max: field.max } } : {}
    return <Input.TextArea {...shared} autoSize={{ minRows: 2, maxRows: 8 }} {...count} />
  }
  return <Input {...shared} inputMode={field.info?.mask === 'phone' ? 'tel' : 'text'} {...(unit ? { suffix: say(unit) } : {})} />
}

function NumberInput({ field, ...props }: OfField) {
  const say = useText()
  return (
    <InputNumber
      {...told(props)}
      className={props.compact ? 'filter-number' : 'wide'}
      controls={false}
      keyboard={false}
      {...(props.compact ? { placeholder: say(field.label) } : {})}
      inputMode={field.whole ? 'numeric' : 'decimal'}
      value={typeof props.value === 'number' ? props.value : null}
      onChange={(value) => props.onChange(value ?? undefined)}
      {...(field.info?.unit ? { suffix: say(field.info.unit) } : {})}
    />
  )
}

function DayInput({ field, ...props }: OfField) {
  const say = useText()
  return (
    <DatePicker
      {...told(props)}
      className={props.compact ? '' : 'wide'}
      format={dayFormat}
      {...(props.compact ? { placeholder: say(field.label) } : {})}
      value={props.value ? dayjs(String(props.value)) : null}
      onChange={(value) => props.onChange(value ? value.format(dayFormat) : undefined)}
    />
  )
}

function TimeInput(props: InputProps) {
  return (
    <TimePicker
      {...told(props)}
      className="wide"
      format="HH:mm"
      value={props.value ? dayjs(`2000-01-01T${String(props.value)}`) : null}
      onChange={(value) => props.onChange(value ? value.format('HH:mm') : undefined)}
    />
  )
}

/** Shown and typed on the clock in Shanghai, whatever zone the desk's computer is set to. */
function InstantInput(props: InputProps) {
  const wall = props.value
    ? Temporal.Instant.from(String(props.value)).toZonedDateTimeISO(zone).toPlainDateTime().toString()
    : undefined
  return (
    <DatePicker
      {...told(props)}
      className="wide"
      showTime={{ format: 'HH:mm' }}
      format="YYYY-MM-DD HH:mm"
      value={wall ? dayjs(wall) : null}
      onChange={(value) => props.onChange(value ? instantAt(value.format(dayFormat), value.format('HH:mm')) : undefined)}
    />
  )
}

const groupNames = ({ labelledBy, describedBy, invalid, required }: InputProps) => ({
  ...(labelledBy ? { 'aria-labelledby': labelledBy } : {}),
  ...(describedBy ? { 'aria-describedby': describedBy } : {}),
  ...(invalid ? { 'aria-invalid': true } : {}),
  ...(required ? { 'aria-required': true } : {}),
})

/** Up to this many choices stand side by side; more go into a list. */
const sideBySide = 5

function ChoiceInput({ field, ...props }: OfField) {
  const say = useText()
  const options = field.choices.map((one) => ({ value: one.value, label: say(one.text) }))
  if (!props.compact && field.required && options.length <= sideBySide) return <Radios {...props} options={options} />
  return (
    <Select
      {...told(props)}
      className={props.compact ? 'filter-choice' : 'wide'}
      options={options}
      allowClear={!field.required || props.compact === true}
      placeholder={say(props.compact ? field.label : words.choose)}
      value={(props.value as string | undefined) ?? null}
      showSearch={options.length > 8 ? { optionFilterProp: 'label' } : false}
      onChange={(value) => props.onChange(value ?? undefined)}
    />
  )
}

function YesNoInput({ field, ...props }: OfField) {
  const say = useText()
  const options = [
    { value: true, label: say(words.yes) },
    { value: false, label: say(words.no) },
  ]
  if (!props.compact && field.required) return <Radios {...props} options={options} />
  return (
    <Select
      {...told(props)}
      className={props.compact ? 'filter-choice' : 'wide'}
      options={options as never}
      allowClear
      placeholder={say(props.compact ? field.label : words.notSaid)}
      value={(props.value as boolean | undefined) ?? null}
      onChange={(value) => props.onChange(value ?? undefined)}
    />
  )
}

function Radios({ options, ...props }: InputProps & { options: { value: string | boolean; label: string }[] }) {
  return (
    <div role="radiogroup" {...groupNames(props)} id={props.id} tabIndex={-1} className="choices" onBlur={props.onBlur}>
      {options.map((one) => (
        <Radio
          key={String(one.value)}
          name={props.id}
          checked={props.value === one.value}
          onChange={() => props.onChange(one.value)}
        >
          {one.label}
        </Radio>
      ))}
    </div>
  )
}

function ChoicesInput({ field, ...props }: OfField) {
  const say = useText()
  const chosen = (props.value as string[] | undefined) ?? []
  const turn = (value: string, on: boolean) =>
    props.onChange(field.choices.map((one) => one.value).filter((v) => (v === value ? on : chosen.includes(v))))
  return (
    <div
      role="group"
      {...groupNames({ ...props, invalid: false, required: false })}
      id={props.id}
      tabIndex={-1}
      className="choices"
      onBlur={props.onBlur}
    >
      {field.choices.map((one) => (
        <Checkbox key={one.value} checked={chosen.includes(one.value)} onChange={(e) => turn(one.value, e.target.checked)}>
          {say(one.text)}
        </Checkbox>
      ))}
    </div>
  )
}

/** Several words of one's own: each is closed by Enter. */
function WordsInput(props: InputProps) {
  return (
    <Select
      {...told(props)}
      className="wide"
      mode="tags"
      open={false}
      suffixIcon={null}
      tokenSeparators={['，', ',', '、', ';', '；', ' ']}
      value={(props.value as string[] | undefined) ?? []}
      onChange={(value) => props.onChange(value)}
    />
  )
}
