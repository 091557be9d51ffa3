// A form for a value of any shape: numbers, words, choices, lists of choices, pairs of languages, records and lists of records.
import { Button, Input, Select } from 'antd'
import { useId, type ReactNode } from 'react'
import { z } from 'zod'
import type { Complaints } from '#core/complaints.ts'
import { text, type Text } from '#core/text.ts'
import { FieldInput } from '#web/console/inputs.tsx'
import type { Field, FieldKind } from '#web/fields.ts'
import { useText } from '#web/language.ts'
import type { Shape } from '../shapes.ts'

const said = {
  code: text('代码', 'Code'),
  codeHint: text('英文字母和数字，用过以后不要再改', 'Letters and digits; never changed once used'),
  zh: text('中文', 'Chinese'),
  en: text('英文', 'English'),
  words: text('可从列表选择，也可直接输入，按回车确认', 'Choose from the list, or type and press Enter'),
  add: text('添加一项', 'Add one'),
  remove: text('移除', 'Remove'),
  leave: text('可不填', 'may be left out'),
  none: text('不填这一部分', 'Leave this part out'),
  give: text('填写这一部分', 'Fill this part in'),
}

type Props = {
  readonly shape: Shape
  readonly value: unknown
  readonly onChange: (value: unknown) => void
  /** Where the value stands among the complaints. */
  readonly path: string
  readonly errors: Complaints
  /** The label that stands over it already, and its words for an input that only listens to a label of its own. */
  readonly labelledBy: string
  readonly title: string
}
type Thing = Readonly<Record<string, unknown>>

export function ShapeInput(props: Props) {
  switch (props.shape.kind) {
    case 'group':
      return <GroupInput {...props} />
    case 'list':
      return <ListInput {...props} />
    case 'map':
      return <MapInput {...props} />
    case 'pair':
      return <PairInput {...props} />
    case 'words':
      return <WordsInput {...props} />
    default:
      return <LeafInput {...props} />
  }
}

const kinds: Partial<Record<Shape['kind'], FieldKind>> = { other: 'text' }

/** One control. Numbers among the choices travel as numbers; the control knows words only. */
function LeafInput({ shape, value, onChange, path, errors, labelledBy, title }: Props) {
  const say = useText()
  const id = useId()
  const numbers = shape.options.some((one) => typeof one.value === 'number')
  const field: Field = {
    name: path,
    schema: z.unknown(),
    kind: kinds[shape.kind] ?? (shape.kind as FieldKind),
    label: shape.label ?? text('', ''),
    required: shape.required,
    info: shape.unit ? { zh: '', en: '', unit: shape.unit } : undefined,
    fields: [],
    whole: shape.whole,
    min: shape.min ?? undefined,
    max: shape.max ?? undefined,
    choices: shape.options.map((one) => ({ value: String(one.value), text: one.text })),
  }
  const shown = numbers ? (Array.isArray(value) ? value.map(String) : value === undefined ? undefined : String(value)) : value
  const change = (typed: unknown) =>
    onChange(!numbers ? typed : Array.isArray(typed) ? typed.map(Number) : typed === undefined ? undefined : Number(typed))
  const bounds = boundsOf(shape)
  return (
    <>
      {!several(shape) && (
        <label className="unseen" htmlFor={id}>
          {title}
        </label>
      )}
      <FieldInput
        field={field}
        id={id}
        value={shown}
        onChange={change}
        labelledBy={labelledBy}
        invalid={errors[path] !== undefined}
        required={shape.required}
        describedBy={`${labelledBy} ${id}note`}
      />
      <Complaint errors={errors} path={path} />
      <p className="field-hint" id={`${id}note`}>
        {[bounds, shape.hint]
          .filter((note) => note !== null)
          .map(say)
          .join('；')}
      </p>
    </>
  )
}

/** Words of one's own beside the usual ones: chosen from the list, or typed and closed by Enter. */
function WordsInput({ shape, value, onChange, path, errors, labelledBy, title }: Props) {
  const say = useText()
  const id = useId()
  return (
    <>
      <label className="unseen" htmlFor={id}>
        {title}
      </label>
      <Select
        id={id}
        className="wide"
        mode="tags"
        tokenSeparators={['，', ',', '、', ';', '；']}
        optionFilterProp="label"
        aria-describedby={`${labelledBy} ${id}note`}
        {...(errors[path] ? { status: 'error' as const, 'aria-invalid': true } : {})}
        value={Array.isArray(value) ? (value as string[]) : []}
        options={shape.options.map((one) => ({ value: String(one.value), label: say(one.text) }))}
        onChange={onChange}
      />
      <Complaint errors={errors} path={path} />
      <p className="field-hint" id={`${id}note`}>
        {say(said.words)}
      </p>
    </>
  )
}

/** Kinds that are drawn as several controls take the label by its id. */
const several = ({ kind, options, required }: Shape) =>
  kind === 'choices' || (required && (kind === 'yesNo' || (kind === 'choice' && options.length <= 5)))

/** `35–42 ℃`: between which numbers, in whole ones. */
function boundsOf({ kind, min, max, unit }: Shape): Text | null {
  if (kind !== 'number' || (min === null && max === null)) return null
  const [zh, en] = [unit ? ` ${unit.zh}` : '', unit ? ` ${unit.en}` : '']
  if (min === null) return text(`不超过 ${max}${zh}`, `${max}${en} at most`)
  if (max === null) return text(`不低于 ${min}${zh}`, `${min}${en} at least`)
  return text(`可填 ${min}–${max}${zh}`, `${min}–${max}${en}`)
}

function Complaint({ errors, path }: Pick<Props, 'errors' | 'path'>) {
  const say = useText()
  const found = errors[path]
  return found ? (
    <p className="field-error" role="alert">
      {say(found)}
    </p>
  ) : null
}

/** The same in both languages. */
function PairInput({ shape, value, onChange, path, errors, labelledBy }: Props) {
  const say = useText()
  const id = useId()
  const pair = (value ?? {}) as Thing
  return (
    <div role="group" aria-labelledby={labelledBy} className="pair-words">
      {(['zh', 'en'] as const).map((language) => (
        <div className="field" key={language}>
          <label className="field-hint" id={id + language} htmlFor={`${id}${language}input`}>
            {say(said[language])}
          </label>
          <Input.TextArea
            id={`${id}${language}input`}
            autoSize={{ minRows: 1, maxRows: 6 }}
            value={String(pair[language] ?? '')}
            aria-labelledby={`${labelledBy} ${id}${language}`}
            {...(shape.required ? { 'aria-required': true } : {})}
            {...(errors[`${path}.${language}`] ? { status: 'error' as const, 'aria-invalid': true } : {})}
            onChange={(e) => onChange({ ...pair, [language]: e.target.value })}
          />
          <Complaint errors={errors} path={`${path}.${language}`} />
        </div>
      ))}
      <Complaint errors={errors} path={path} />
    </div>
  )
}

function GroupInput({ shape, value, onChange, path, errors, labelledBy }: Props) {
  const thing = (value ?? {}) as Thing
  return (
    <div role="group" aria-labelledby={labelledBy} className="form">
      <Complaint errors={errors} path={path} />
      {shape.fields.map(({ name, shape: field }) => (
        <Named
          key={name}
          shape={field}
          name={name}
          value={thing[name]}
          path={`${path}.${name}`}
          errors={errors}
          onChange={(changed) => onChange(changed === undefined ? without(thing, name) : { ...thing, [name]: changed })}
        />
      ))}
    </div>
  )
}

const without = (thing: Thing, name: string): Thing => Object.fromEntries(Object.entries(thing).filter(([one]) => one !== name))

/** Parts that hold several controls: one that may be left out begins closed. */
const wide: readonly Shape['kind'][] = ['group', 'list', 'map', 'pair']

function Named({ shape, name, ...props }: Omit<Props, 'labelledBy' | 'title'> & { name: string }) {
  const say = useText()
  const id = useId()
  const head = name === 'key' ? said.code : (shape.label ?? text(name, name))
  const open = shape.required || !wide.includes(shape.kind) || props.value !== undefined
  return (
    <div className="field">
      <span className="field-name" id={id}>
        {say(head)}
        {!shape.required && <span className="field-hint">（{say(said.leave)}）</span>}
      </span>
      {name === 'key' && <p className="field-hint">{say(said.codeHint)}</p>}
      {open ? (
        <ShapeInput shape={shape} labelledBy={id} title={say(head)} {...props} />
      ) : (
        <Button type="dashed" className="field-add" aria-describedby={id} onClick={() => props.onChange(emptyOf(shape))}>
          {say(said.give)}
        </Button>
      )}
      {open && !shape.required && wide.includes(shape.kind) && (
        <Button size="small" className="field-add" aria-describedby={id} onClick={() => props.onChange(undefined)}>
          {say(said.none)}
        </Button>
      )}
    </div>
  )
}

const emptyOf = (shape: Shape): unknown => (shape.kind === 'list' || shape.kind === 'words' || shape.kind === 'choices' ? [] : {})

function ListInput({ shape, value, onChange, path, errors, labelledBy }: Props) {
  const say = useText()
  const items = Array.isArray(value) ? (value as unknown[]) : []
  const element = shape.element!
  const fresh = () => (element.fields.some((f) => f.name === 'key') ? { key: freeCode(items) } : freshOf(element))
  const full = shape.max !== null && items.length >= shape.max
  const head = (at: number) => text(`第 ${at + 1} 项`, `Item ${at + 1}`)
  return (
    <div role="group" aria-labelledby={labelledBy} className="form">
      <Complaint errors={errors} path={path} />
      {items.map((item, at) => (
        <ListItem
          key={at}
          head={head(at)}
          shape={element}
          value={item}
          path={`${path}.${at}`}
          errors={errors}
          onChange={(changed) => onChange(items.with(at, changed))}
          tools={
            <>
              {at > 0 && (
                <Button size="small" onClick={() => onChange(items.with(at, items[at - 1]).with(at - 1, item))}>
                  {say(text(`上移第 ${at + 1} 项`, `Move item ${at + 1} up`))}
                </Button>
              )}
              <Button size="small" onClick={() => onChange(items.filter((_, i) => i !== at))}>
                {say(text(`移除第 ${at + 1} 项`, `Remove item ${at + 1}`))}
              </Button>
            </>
          }
        />
      ))}
      {!full && (
        <Button type="dashed" className="field-add" onClick={() => onChange([...items, fresh()])}>
          {say(said.add)}
        </Button>
      )}
    </div>
  )
}

/** What stands in a list before anything was typed. */
const freshOf = ({ kind }: Shape): unknown => (kind === 'group' || kind === 'pair' ? {} : kind === 'list' ? [] : undefined)

type ItemProps = Omit<Props, 'labelledBy' | 'title'> & { readonly head: Text; readonly tools: ReactNode }

function ListItem({ head, tools, ...props }: ItemProps) {
  const say = useText()
  const id = useId()
  return (
    <div className="field-group">
      <span className="field-name" id={id}>
        {say(head)}
      </span>
      <ShapeInput {...props} labelledBy={id} title={say(head)} />
      <div className="page-tools">{tools}</div>
    </div>
  )
}

/** A code that no other record of the list has. */
function freeCode(items: readonly unknown[]): string {
  const taken = new Set(items.map((one) => (one as Thing | undefined)?.['key']))
  let n = items.length + 1
  while (taken.has(`q${n}`)) n += 1
  return `q${n}`
}

/** Values by code, such as the answers of a question or the risk by area. */
function MapInput({ shape, value, onChange, path, errors, labelledBy }: Props) {
  const say = useText()
  const id = useId()
  const entries = Object.entries((value ?? {}) as Thing)
  const put = (at: number, entry: readonly [string, unknown]) =>
    onChange(Object.fromEntries(entries.map((one, i) => (i === at ? entry : one))))
  const add = () => {
    let n = entries.length + 1
    while (entries.some(([code]) => code === `x${n}`)) n += 1
    onChange(Object.fromEntries([...entries, [`x${n}`, shape.element!.kind === 'pair' ? {} : undefined]]))
  }
  return (
    <div role="group" aria-labelledby={labelledBy} className="form">
      <Complaint errors={errors} path={path} />
      {entries.map(([code, one], at) => (
        <div className="field-group" key={at}>
          <div className="field">
            <label className="field-name" id={`${id}${at}`} htmlFor={`${id}${at}code`}>
              {say(said.code)} {at + 1}
            </label>
            <Input id={`${id}${at}code`} value={code} onChange={(e) => put(at, [e.target.value, one])} />
          </div>
          <ShapeInput
            shape={shape.element!}
            value={one}
            path={`${path}.${code}`}
            errors={errors}
            labelledBy={`${id}${at}`}
            title={code}
            onChange={(changed) => put(at, [code, changed])}
          />
          <Button
            size="small"
            className="field-add"
            onClick={() => onChange(Object.fromEntries(entries.filter((_, i) => i !== at)))}
          >
            {say(said.remove)} {at + 1}
          </Button>
        </div>
      ))}
      <Button type="dashed" className="field-add" onClick={add}>
        {say(said.add)}
      </Button>
    </div>
  )
}
