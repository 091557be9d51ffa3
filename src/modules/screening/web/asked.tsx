// One question of a campaign's form, with why and of whom it is asked; and the privacy notice that comes before all questions.
import { text } from '#core/text.ts'
import { Choice, FieldInput, NumberPad } from '#web/phone/fields.tsx'
import { Icon } from '#web/phone/icons.tsx'
import { fieldOf } from '#web/fields.ts'
import { useWords } from '#web/phone/words.ts'
import { choiceText, label } from '#core/labels.ts'
import { z } from 'zod'
import { Day } from '#core/dates.ts'
import { PrivacyNotice, Question, type Questions } from '#modules/policy/model.ts'

type Answer = boolean | number | string | string[]

export const symptomQuestion = (form: Questions): Question | undefined => form.find((question) => question.symptomSet)
/** Questions beside the symptoms that may be put to somebody. */
export const otherQuestions = (form: Questions, isKeyPerson: boolean): Questions =>
  form.filter((question) => !question.symptomSet && (question.askedOf === 'all' || isKeyPerson))

const yesNo = [
  { value: 'yes', text: text('是', 'Yes') },
  { value: 'no', text: text('否', 'No') },
]
const choicesOf = (question: Question) => Object.entries(question.choices ?? {}).map(([value, words]) => ({ value, text: words }))

/** Why it is asked, and of whom. */
export function Why({ of }: { of: Question }) {
  const say = useWords()
  return (
    <p className="quiet">
      {say(of.why)} · {say(text('询问', 'Asked of'))}
      {say(text('', ': '))}
      {say(choiceText(Question.shape.askedOf, of.askedOf))}
    </p>
  )
}

/** Symptoms to choose from; "none" is an answer that somebody gives, never one that stands there before. */
export function Symptoms({
  of,
  well,
  value,
  onChange,
}: {
  of: Question
  well: boolean | null
  value: readonly string[]
  onChange: (next: { well: boolean | null; symptoms: string[] }) => void
}) {
  const choices = [...choicesOf(of), { value: 'none', text: text('没有不适', 'Feels well') }]
  return (
    <div className="ask tight">
      <Why of={of} />
      <Choice
        label={of.text}
        many
        choices={choices}
        value={well === true ? ['none'] : value}
        onChange={(next: string[]) => {
          const chosen = next.filter((code) => code !== 'none')
          const saysWell = next.includes('none') && (well !== true || chosen.length === 0)
          onChange(saysWell ? { well: true, symptoms: [] } : { well: chosen.length > 0 ? false : null, symptoms: chosen })
        }}
      />
    </div>
  )
}

/** Any other question. Nothing is preset; a temperature is one that was measured. */
export function Asked({
  of,
  value,
  onChange,
}: {
  of: Question
  value: Answer | undefined
  onChange: (next: Answer | undefined) => void
}) {
  const say = useWords()
  return (
    <div className="ask">
      <p className="label">{say(of.text)}</p>
      <Why of={of} />
      <AnswerInput of={of} value={value} onChange={onChange} />
    </div>
  )
}

const words = label(z.string().max(500), '回答', 'Answer', { long: true })
const count = label(z.int().min(0), '数量', 'Count')
const day = label(Day, '日期', 'Day')

function AnswerInput({
  of,
  value,
  onChange,
}: {
  of: Question
  value: Answer | undefined
  onChange: (next: Answer | undefined) => void
}) {
  const plain = (schema: z.ZodType) => (
    <FieldInput
      field={{ ...fieldOf(of.key, schema), label: of.text, required: false }}
      value={value}
      onChange={(next) => onChange(next === '' || next === undefined ? undefined : (next as Answer))}
    />
  )
  switch (of.kind) {
    case 'yesNo':
      return (
        <Choice
          label={of.text}
          choices={yesNo}
          value={value === undefined ? undefined : value ? 'yes' : 'no'}
          onChange={(next: string) => onChange(next === 'yes')}
        />
      )
    case 'choice':
      return (
        <Choice
          label={of.text}
          choices={choicesOf(of)}
          value={value as string | undefined}
          onChange={(next: string) => onChange(next)}
        />
      )
    case 'temperature':
      return <NumberPad label={of.text} unit={text('℃', '℃')} value={value as number | undefined} onChange={onChange} />
    case 'count':
      return plain(count)
    case 'days':
      return plain(day)
    case 'text':
      return plain(words)
  }
}

/** Told before anything is asked: who asks and what for in sight, the rest one tap away. */
export function Told({ notice }: { notice: PrivacyNotice | undefined }) {
  const say = useWords()
  if (!notice) return null
  const rest = (['kinds', 'howLong', 'rights', 'hotline'] as const).map((key) => ({
    key,
    field: fieldOf(key, PrivacyNotice.shape[key]),
    words: notice[key],
  }))
  return (
    <details className="told">
      <summary>
        <Icon name="help" />
        <span>
          {say(text('告知', 'To say first'))}
          {say(text('：', ': '))}
          {say(notice.who)}
          {say(text('，', '. '))}
          {say(notice.purpose)}
        </span>
      </summary>
      <dl>
        {rest.map(({ key, field, words: said }) => (
          <div key={key}>
            <dt>{say(field.label)}</dt>
            <dd>{say(said)}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
