// Who of a line is unwell, and how; or who was asked at all, where not everybody was.
import { Modal } from 'antd'
import { useId, useRef, useState, type FormEvent } from 'react'
import type { Id } from '#core/ids.ts'
import { text } from '#core/text.ts'
import { ProblemNote } from '#web/console/notify.tsx'
import { useAsk } from '#web/console/query.ts'
import { words } from '#web/console/words.ts'
import { useText } from '#web/language.ts'
import type { Questions } from '#modules/policy/model.ts'
import { lineMembers } from '../paper.ts'

export type Stated = { person: Id; well: boolean; symptoms: string[] }

const said = {
  title: text('每个人的情况', 'How each of them is'),
  well: text('没有不适', 'Feels well'),
  hint: text(
    '没有问到的人什么都不选。空格键勾选，回车确认。',
    'Choose nothing for whoever was not asked. Space ticks, Enter confirms.',
  ),
  nobody: text('至少写明一个人的情况。', 'Say at least how one of them is.'),
  unwell: text('请写明谁不舒服、有什么症状。', 'Say who is unwell, and how.'),
  noMembers: text(
    '这一户还没有登记成员，请先在“居民”中登记。',
    'Nobody is registered in this household yet. Register them under Residents first.',
  ),
}

type Props = {
  paper: Id
  line: number | undefined
  form: Questions
  /** Whether it is enough to name who was asked and is well. */ mayBeWell: boolean
  onSaid: (statements: Stated[]) => void
  onClose: () => void
}

export function WhoIsUnwell({ paper, line, ...props }: Props) {
  return line === undefined ? null : <Asked key={line} paper={paper} line={line} {...props} />
}

function Asked({ paper, line, form, mayBeWell, onSaid, onClose }: Props & { line: number }) {
  const say = useText()
  const id = useId()
  const box = useRef<HTMLFormElement>(null)
  const { data, error } = useAsk(lineMembers, { paper, line })
  const [symptoms, setSymptoms] = useState<Readonly<Record<Id, readonly string[]>>>({})
  const [wrong, setWrong] = useState(false)
  const choices = Object.entries(form.find((one) => one.symptomSet)?.choices ?? {})
  const members = data?.rows ?? []
  const statements = members.flatMap(({ person }): Stated[] => {
    const chosen = symptoms[person] ?? []
    return chosen.length === 0
      ? []
      : [{ person, well: chosen.includes('well'), symptoms: chosen.filter((code) => code !== 'well') }]
  })
  const fits = statements.length > 0 && (mayBeWell || statements.some((one) => !one.well))
  const send = (event?: FormEvent) => {
    event?.preventDefault()
    if (fits) onSaid(statements)
    else setWrong(true)
  }
  /** Well and a symptom exclude each other. */
  const tick = (person: Id, code: string, on: boolean) =>
    setSymptoms((now) => {
      const before = (now[person] ?? []).filter((one) => one !== code && (code === 'well' ? !on : one !== 'well' || !on))
      return { ...now, [person]: on ? [...before, code] : before }
    })
  return (
    <Modal
      open
      title={say(said.title)}
      okText={say(words.confirm)}
      cancelText={say(words.cancel)}
      onOk={() => send()}
      onCancel={onClose}
      afterOpenChange={(open) => {
        if (open) box.current?.querySelector('input')?.focus()
      }}
    >
      {error && <ProblemNote problem={error} />}
      <form ref={box} id={id} onSubmit={send}>
        <p className="key-hints">{say(said.hint)}</p>
        {data && members.length === 0 && <p>{say(said.noMembers)}</p>}
        {members.map(({ person, name }) => (
          <fieldset key={person} className="key-person">
            <legend>{name}</legend>
            {[...choices, ['well', said.well] as const].map(([code, label]) => (
              <label key={code}>
                <input
                  type="checkbox"
                  checked={(symptoms[person] ?? []).includes(code)}
                  onChange={(event) => tick(person, code, event.target.checked)}
                />
                {say(label)}
              </label>
            ))}
          </fieldset>
        ))}
        {wrong && (
          <p className="field-error" role="alert">
            {say(mayBeWell ? said.nobody : said.unwell)}
          </p>
        )}
        <button type="submit" className="unseen" tabIndex={-1} aria-hidden>
          {say(words.confirm)}
        </button>
      </form>
    </Modal>
  )
}
