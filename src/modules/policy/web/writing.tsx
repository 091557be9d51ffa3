// Writing a pack or a version: from when and by which document, then rule by rule. It is kept as a draft; handing it in is a step of its own.
import { Alert, Button } from 'antd'
import { useRef, type FormEvent } from 'react'
import type { z } from 'zod'
import type { Contract } from '#core/contract.ts'
import { text, type Text } from '#core/text.ts'
import { AreaPicker } from '#modules/identity/web/pickers.tsx'
import { Side } from '#web/console/drawer.tsx'
import { FieldFrame } from '#web/console/field.tsx'
import { ProblemNote } from '#web/console/notify.tsx'
import { useTell } from '#web/console/query.ts'
import { words, wrongCount } from '#web/console/words.ts'
import { fieldsOf } from '#web/fields.ts'
import { useDraft } from '#web/form.ts'
import { useText } from '#web/language.ts'
import { useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { LevelPicker } from './levelPicker.tsx'
import type { Values } from '../model.ts'
import { RulesEditor } from './rules.tsx'

const said = {
  save: text('存为草稿，查看变化', 'Keep as a draft and see what changes'),
  basis: text('依据和时间', 'Basis and time'),
}

type Props<I extends z.ZodType, O extends z.ZodType> = {
  readonly of: Contract<'command', I, O>
  readonly title: Text
  /** Name of the draft on this device. */
  readonly draft: string
  readonly area?: string
  readonly initial?: Partial<z.input<I>>
  readonly fixed?: Partial<z.input<I>>
  readonly onDone: (outcome: z.output<O>) => void
  readonly onClose: () => void
}

/** The form in a sheet from the right. */
export function Writing<I extends z.ZodType, O extends z.ZodType>(props: Props<I, O>) {
  const { of, title, initial, fixed, onDone, onClose } = props
  const say = useText()
  const { post } = useSession()
  const form = useRef<HTMLFormElement>(null)
  const { tell, busy, problem, forget } = useTell(of)
  const draft = useDraft(of.input, {
    key: `${of.name}.${props.draft}`,
    initial: initial as Record<string, unknown>,
    fixed: fixed as Record<string, unknown>,
  })
  const { values, errors } = draft
  const past = typeof values['effectiveFrom'] === 'string' && Date.parse(values['effectiveFrom']) < Date.now()
  const fields = fieldsOf(of.input).filter(
    ({ name }) =>
      !(fixed && name in fixed) &&
      !['values', 'sources', 'submit'].includes(name) &&
      (name !== 'correction' || past || values['correction']),
  )
  const wrong = Object.keys(errors).length
  const area = props.area ?? (values['areaCode'] as string | undefined) ?? post?.area ?? ''

  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    forget()
    const input = draft.check()
    const outcome =
      input &&
      (await tell(input as z.input<I>, draft.id(), (refusal) => {
        if (draft.refuse(refusal)) showFirstWrong(form.current)
      }))
    if (!input) showFirstWrong(form.current)
    if (!outcome) return
    draft.clear()
    onDone(outcome)
  }
  return (
    <Side title={title} open onClose={onClose} wide>
      <form ref={form} className="form rules-form" noValidate onSubmit={(event) => void send(event)} aria-label={say(of.title)}>
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
        {wrong > 0 && <Alert type="error" showIcon role="alert" title={say(wrongCount(wrong))} />}
        {problem && wrong === 0 && <ProblemNote problem={problem} />}
        <h3 className="rules-head">{say(said.basis)}</h3>
        {fields.map((field) => (
          <FieldFrame
            key={field.name}
            field={field}
            path={field.name}
            value={values[field.name]}
            errors={errors}
            inputs={{ areaCode: (input) => <AreaPicker {...input} />, level: (input) => <LevelPicker {...input} forRules /> }}
            onChange={(value) => draft.set(field.name, value)}
            onBlur={draft.leave}
          />
        ))}
        <RulesEditor
          area={area}
          value={(values['values'] ?? {}) as Values}
          errors={errors}
          onChange={(value) => draft.set('values', value)}
        />
        <div className="form-end">
          <Button onClick={onClose}>{say(words.cancel)}</Button>
          <Button type="primary" htmlType="submit" loading={busy}>
            {say(said.save)}
          </Button>
        </div>
      </form>
    </Side>
  )
}

/** After React has drawn the sentences: the first of them comes into view. */
const showFirstWrong = (form: HTMLFormElement | null) =>
  setTimeout(() => {
    const holder = form?.querySelector('.field.wrong, [aria-invalid=true]')
    holder?.querySelector<HTMLElement>('input, textarea, [tabindex]')?.focus()
    holder?.scrollIntoView({ block: 'center' })
  })

/** What a draft begins with: a beginning that has passed is not proposed again, unless it is a correction. */
export const beginning = ({ effectiveFrom, correction, ...version }: api.VersionShown) => ({
  values: version.values,
  document: version.document,
  level: version.level,
  effectiveTo: version.effectiveTo,
  correction,
  ...(correction !== null || Date.parse(effectiveFrom) > Date.now() ? { effectiveFrom } : {}),
})
