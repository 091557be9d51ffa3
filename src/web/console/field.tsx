// One field of a form with everything that helps to fill it: name, unit, reason, hint, and what is wrong.
import { Button } from 'antd'
import { useId } from 'react'
import type { Complaints } from '#core/complaints.ts'
import { text, type Text } from '#core/text.ts'
import type { Field } from '../fields.ts'
import { errorAt, type Values } from '../form.ts'
import { useText } from '../language.ts'
import { FieldInput, type OwnInput } from './inputs.tsx'
import { words } from './words.ts'

type Props = {
  readonly field: Field
  readonly path: string
  readonly value: unknown
  readonly errors: Complaints
  readonly inputs: Readonly<Record<string, OwnInput>> | undefined
  readonly onChange: (value: unknown) => void
  readonly onBlur: (path: string) => void
}

export function FieldFrame(props: Props) {
  const { field, path, inputs } = props
  if (inputs?.[path]) return <OneField {...props} />
  if (field.kind === 'group') return <GroupField {...props} />
  if (field.kind === 'list' && field.fields.length > 0) return <ListField {...props} />
  return <OneField {...props} />
}

/** Kinds whose input is several controls: they are named by the label's id, for a `for` could point at one only. */
const several = (field: Field) =>
  field.kind === 'choices' ||
  field.kind === 'files' ||
  (field.required && (field.kind === 'yesNo' || (field.kind === 'choice' && field.choices.length <= 5)))

function OneField({ field, path, value, errors, inputs, onChange, onBlur }: Props) {
  const say = useText()
  const id = useId()
  const error = errorAt(errors, path)
  const hint = field.info?.hint
  const why = field.info?.why
  const describedBy = [error && `${id}error`, hint && `${id}hint`, why && `${id}why`].filter(Boolean).join(' ') || undefined
  const input = {
    id,
    value,
    onChange,
    onBlur: () => onBlur(path),
    invalid: error !== undefined,
    required: field.required,
    labelledBy: `${id}label`,
    describedBy,
  }
  const name = (
    <>
      {say(field.label)}
      {field.required && (
        <span className="required" title={say(words.required)} aria-hidden>
          *
        </span>
      )}
    </>
  )
  return (
    <div className={error ? 'field wrong' : 'field'} data-field={path}>
      {several(field) ? (
        <span className="field-name" id={`${id}label`}>
          {name}
        </span>
      ) : (
        <label className="field-name" id={`${id}label`} htmlFor={id}>
          {name}
        </label>
      )}
      {why && (
        <p className="field-why" id={`${id}why`}>
          {say(words.why)}：{say(why)}
        </p>
      )}
      {inputs?.[path]?.(input) ?? <FieldInput field={field} {...input} />}
      {error && (
        <p className="field-error" id={`${id}error`}>
          {say(error)}
        </p>
      )}
      {hint && (
        <p className="field-hint" id={`${id}hint`}>
          {say(hint)}
        </p>
      )}
    </div>
  )
}

/** `添加成员` · `Add Member` */
const joined = (verb: Text, noun: Text): Text => text(verb.zh + noun.zh, `${verb.en} ${noun.en}`)

/** Fields that belong together. One that may be left out begins closed, so that nobody is asked what is not needed. */
function GroupField({ field, path, value, errors, inputs, onChange, onBlur }: Props) {
  const say = useText()
  const values = value as Values | undefined
  const error = errors[path]
  if (!values && !field.required) {
    return (
      <Button type="dashed" className="field-add" onClick={() => onChange({})}>
        {say(joined(words.add, field.label))}
      </Button>
    )
  }
  return (
    <fieldset className={error ? 'field-group wrong' : 'field-group'} data-field={path}>
      {field.info?.zh && <legend>{say(field.label)}</legend>}
      {field.info?.why && (
        <p className="field-why">
          {say(words.why)}：{say(field.info.why)}
        </p>
      )}
      {error && <p className="field-error">{say(error)}</p>}
      {field.fields.map((inner) => (
        <FieldFrame
          key={inner.name}
          field={inner}
          path={`${path}.${inner.name}`}
          value={values?.[inner.name]}
          errors={errors}
          inputs={inputs}
          onChange={(changed) => onChange({ ...values, [inner.name]: changed })}
          onBlur={onBlur}
        />
      ))}
      {!field.required && (
        <Button size="small" onClick={() => onChange(undefined)}>
          {say(joined(words.remove, field.label))}
        </Button>
      )}
    </fieldset>
  )
}

/** Several of the same, each a group of its own. */
function ListField({ field, path, value, errors, inputs, onChange, onBlur }: Props) {
  const say = useText()
  const items = (value as Values[] | undefined) ?? []
  const error = errors[path]
  const put = (at: number, item: Values | undefined) => onChange(item ? items.with(at, item) : items.filter((_, i) => i !== at))
  return (
    <fieldset className={error ? 'field-list wrong' : 'field-list'} data-field={path}>
      <legend>{say(field.label)}</legend>
      {error && <p className="field-error">{say(error)}</p>}
      {items.map((item, i) => (
        <div className="field-group" role="group" aria-label={`${say(field.label)} ${i + 1}`} key={i}>
          {field.fields.map((inner) => (
            <FieldFrame
              key={inner.name}
              field={inner}
              path={`${path}.${i}.${inner.name}`}
              value={item[inner.name]}
              errors={errors}
              inputs={inputs}
              onChange={(changed) => put(i, { ...item, [inner.name]: changed })}
              onBlur={onBlur}
            />
          ))}
          <Button size="small" onClick={() => put(i, undefined)}>{`${say(words.remove)} ${i + 1}`}</Button>
        </div>
      ))}
      <Button type="dashed" onClick={() => onChange([...items, {}])}>
        {say(joined(words.add, field.label))}
      </Button>
    </fieldset>
  )
}
