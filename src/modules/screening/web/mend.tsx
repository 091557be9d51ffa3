// A visit that the server did not accept, to be mended: who was added, what was said, and in which campaign it counts.
import './phone.css'
import { useState } from 'react'
import { complaints } from '#core/complaints.ts'
import type { Input } from '#core/contract.ts'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { Choice } from '#web/phone/fields.tsx'
import { resend } from '#web/phone/outbox.ts'
import type { MendTerms } from '#web/phone/parts.ts'
import { taken } from '#web/phone/sync.ts'
import { BigButton, Card, Notice, SmallButton, toast } from '#web/phone/ui.tsx'
import { PersonEntry } from '#modules/residents/model.ts'
import { recordAttempt } from '../api.ts'
import { AttemptHow, Outcome } from '../model.ts'
import { inside, PersonFields, personOf } from './person.tsx'
import { gridDoors } from './set.ts'

type Attempt = Input<typeof recordAttempt>

export function MendAttempt({ item, input, onDone }: MendTerms<typeof recordAttempt>) {
  const [draft, setDraft] = useState<Attempt>(input)
  const [wrong, setWrong] = useState<Readonly<Record<string, Text>>>({})
  const open = taken(gridDoors)?.campaign
  async function send() {
    const next = {
      ...draft,
      newPeople: (draft.newPeople ?? []).map((one) => ({ ...one, entry: personOf(one.entry) as PersonEntry })),
    }
    const found = complaints(recordAttempt.input, next)
    setWrong(found)
    if (Object.keys(found).length > 0) return
    await resend(recordAttempt, item, next)
    toast(text('已改好，重新上传', 'Mended and on its way again'), { tone: 'go' })
    onDone()
  }
  return (
    <>
      {(draft.newPeople ?? []).map((one, at) => (
        <div key={one.id} className="fields">
          <PersonFields
            values={one.entry}
            wrong={inside(wrong, `newPeople.${at}.entry.`)}
            onChange={(entry) =>
              setDraft({
                ...draft,
                newPeople: draft.newPeople!.map((each) => (each.id === one.id ? { ...each, entry: entry as PersonEntry } : each)),
              })
            }
          />
          <SmallButton onClick={() => setDraft(without(draft, one.id))}>
            {text(`不新增 ${one.entry.name}`, `Do not add ${one.entry.name}`)}
          </SmallButton>
        </div>
      ))}
      <Card title={text('排查结果', 'Outcome')}>
        <Choice
          label={text('排查方式', 'How')}
          value={draft.how}
          onChange={(how: AttemptHow) => setDraft({ ...draft, how })}
          choices={AttemptHow.options.map((value) => ({ value, text: choiceText(AttemptHow, value) }))}
        />
        <Choice
          label={text('排查结果', 'Outcome')}
          value={draft.outcome}
          onChange={(outcome: Outcome) => setDraft(withOutcome(draft, outcome))}
          choices={Outcome.options.map((value) => ({ value, text: choiceText(Outcome, value) }))}
        />
      </Card>
      {open && open.id !== draft.campaign && (
        <SmallButton onClick={() => setDraft({ ...draft, campaign: open.id })}>
          {text(`改登记到“${open.title}”`, `Record it in “${open.title}”`)}
        </SmallButton>
      )}
      {Object.keys(wrong).length > 0 && (
        <Notice tone="look">{text('还有内容需要补全或改正。', 'Something still needs an answer or a correction.')}</Notice>
      )}
      <BigButton onClick={send}>{text('重发', 'Send')}</BigButton>
    </>
  )
}

/** Nothing more is said of somebody who is not added after all. */
const without = (draft: Attempt, person: Id): Attempt => ({
  ...draft,
  newPeople: draft.newPeople?.filter((one) => one.id !== person),
  present: draft.present?.filter((id) => id !== person),
  statements: draft.statements?.filter((one) => one.person !== person),
  keyPersons: draft.keyPersons?.filter((one) => one.person !== person),
})

/** Where nobody was reached, nobody spoke. */
const withOutcome = (draft: Attempt, outcome: Outcome): Attempt =>
  outcome === 'reached'
    ? { ...draft, outcome }
    : { ...draft, outcome, allNormal: undefined, present: [], statements: [], newPeople: [], keyPersons: [] }
