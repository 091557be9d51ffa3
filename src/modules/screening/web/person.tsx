// Somebody new at a door, and somebody who came back from elsewhere: few fields, large choices, nothing asked that is not needed.
import { useState } from 'react'
import { complaints } from '#core/complaints.ts'
import { addDays, dayOf, sayDay } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { text, type Text } from '#core/text.ts'
import { fieldOf } from '#web/fields.ts'
import { useLanguage } from '#web/language.ts'
import { serverNow } from '#web/phone/clock.ts'
import { Choice, FieldInput } from '#web/phone/fields.tsx'
import { usePhoneRoute } from '#web/phone/route.ts'
import { useKeptDraft } from '#web/phone/sync.ts'
import { BigButton, Card, Notice } from '#web/phone/ui.tsx'
import { PersonEntry } from '#modules/residents/model.ts'
import { registerReturnee } from '../api.ts'
import { ReturneeEntry } from '../entries.ts'
import { peopleOf } from './answering.ts'
import { Symptoms, symptomQuestion } from './asked.tsx'
import { placeOf, type Stop } from './doors.ts'
import { Back, Gone, Words } from './pieces.tsx'
import { home, stopPath, useRecord, useStop, useVisit, type Doors } from './useDoors.ts'

type Values = Record<string, unknown>
type Wrong = Readonly<Record<string, Text>>

const near = ['name', 'phone', 'relation'] as const
const far = ['sex', 'birthDate', 'idNumber'] as const

/** A number is taken for that of an identity card; what was left empty is not sent. */
export const personOf = (values: Values): Values => {
  const filled = Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== '' && value !== null),
  )
  return filled['idNumber'] && (filled['idType'] ?? 'notRecorded') === 'notRecorded' ? { ...filled, idType: 'idCard' } : filled
}

/** The fields of a person: two are needed, the rest when it is known. */
export function PersonFields({ values, wrong, onChange }: { values: Values; wrong: Wrong; onChange: (next: Values) => void }) {
  const input = (name: keyof typeof PersonEntry.shape & string) => (
    <FieldInput
      key={name}
      field={fieldOf(name, PersonEntry.shape[name])}
      value={values[name]}
      error={wrong[name]}
      onChange={(value) => onChange({ ...values, [name]: value })}
    />
  )
  const open = far.some((name) => values[name] !== undefined || wrong[name])
  return (
    <>
      <Card>
        <div className="tight fields">{near.map(input)}</div>
      </Card>
      <details className="more" open={open}>
        <summary>
          <Words of={text('更多（选填）', 'More (optional)')} />
        </summary>
        <div>{far.map(input)}</div>
      </details>
    </>
  )
}

// --- somebody new -----------------------------------------------------------------------------------------------------

export function NewPersonPage({ doors }: { doors: Doors }) {
  const stop = useStop(doors, `${home}/h/:key/person`)
  return stop ? <NewPerson stop={stop} /> : <Gone />
}

/** Joins those who are spoken of at this visit; recorded with its answer, so that one tap keeps all of it. */
function NewPerson({ stop }: { stop: Stop }) {
  const [, go] = usePhoneRoute()
  const [visit, setVisit] = useVisit(stop)
  const [values, setValues, forget] = useKeptDraft<Values>(`screening.person.${stop.key}`, {})
  const [wrong, setWrong] = useState<Wrong>({})
  function join() {
    const entry = personOf(values)
    const found = complaints(PersonEntry, entry)
    setWrong(found)
    if (Object.keys(found).length > 0) return
    setVisit({
      ...visit,
      newPeople: [...visit.newPeople, { id: newId(), entry: entry as PersonEntry }],
      ...(stop.household ? {} : { household: visit.household ?? newId() }),
    })
    forget()
    go(stopPath(stop), { replace: true })
  }
  return (
    <form onSubmit={(event) => event.preventDefault()} noValidate>
      <Back href={stopPath(stop)}>{`${placeOf(stop)} ${stop.room}`}</Back>
      <PersonFields values={values} wrong={wrong} onChange={setValues} />
      <Fixes wrong={wrong} />
      <BigButton type="submit" onClick={join}>
        {text('加入这一户', 'Add to this household')}
      </BigButton>
    </form>
  )
}

const Fixes = ({ wrong }: { wrong: Wrong }) => {
  const count = Object.keys(wrong).length
  return count > 0 ? (
    <Notice tone="look">
      {text(
        `还有 ${count} 项需要补全或改正。`,
        `${count} ${count === 1 ? 'field needs' : 'fields need'} an answer or a correction.`,
      )}
    </Notice>
  ) : null
}

// --- somebody who came back -------------------------------------------------------------------------------------------

export function ReturneePage({ doors }: { doors: Doors }) {
  const stop = useStop(doors, `${home}/h/:key/returnee`)
  return stop?.household ? <Returnee doors={doors} stop={stop} /> : <Gone />
}

const someoneNew = 'new'
type Journey = {
  person: Id | typeof someoneNew | null
  about: Values
  newPerson: Values
  well: boolean | null
  symptoms: string[]
}
const nothingSaid: Journey = { person: null, about: {}, newPerson: {}, well: null, symptoms: [] }

const seldom = ['leftOn', 'transport', 'vehicleNo', 'travelReason', 'originCode', 'note'] as const

function Returnee({ doors, stop }: { doors: Doors; stop: Stop }) {
  const [visit] = useVisit(stop)
  const [back, setBack, forget] = useKeptDraft<Journey>(`screening.returnee.${stop.key}`, nothingSaid)
  const [wrong, setWrong] = useState<Wrong>({})
  const record = useRecord(doors)
  const people = peopleOf(stop, visit).filter((one) => stop.household!.members.some((member) => member.id === one.id))
  const symptoms = symptomQuestion(doors.form)
  const about = (name: keyof typeof ReturneeEntry.shape & string) => (
    <FieldInput
      key={name}
      field={{ ...fieldOf(name, ReturneeEntry.shape[name]), required: name === 'origin' || name === 'arrivedOn' }}
      value={back.about[name]}
      error={wrong[name]}
      onChange={(value) => setBack({ ...back, about: { ...back.about, [name]: value } })}
    />
  )
  async function send() {
    const isNew = back.person === someoneNew
    const given = Object.fromEntries(Object.entries(back.about).filter(([, value]) => value !== undefined && value !== ''))
    const input = {
      ...given,
      household: stop.household!.id,
      symptoms: back.symptoms,
      ...(isNew ? { newPerson: personOf(back.newPerson) } : { person: back.person ?? undefined }),
    }
    const found = {
      ...complaints(ReturneeEntry, input),
      ...(given['arrivedOn'] ? {} : { arrivedOn: text('请填写', 'Please fill this in') }),
    }
    setWrong(found)
    if (Object.keys(found).length > 0) return
    await record(registerReturnee, input as ReturneeEntry, {
      at: stop,
      words: text('返程已登记', 'returnee registered'),
      goTo: stopPath(stop),
    })
    forget()
  }
  return (
    <form onSubmit={(event) => event.preventDefault()} noValidate>
      <BackLink stop={stop} />
      <Card title={text('谁回来了？', 'Who came back?')}>
        <Choice
          label={text('谁回来了', 'Who came back')}
          value={back.person}
          onChange={(person: Id) => setBack({ ...back, person })}
          choices={[
            ...people.map((one) => ({ value: one.id, text: { zh: one.name, en: one.name } })),
            { value: someoneNew, text: text('新来的人', 'Somebody new') },
          ]}
        />
        {wrong['person'] && (
          <p className="wrong" role="alert">
            <Words of={text('请选择是谁', 'Choose who it is')} />
          </p>
        )}
      </Card>
      {back.person === someoneNew && (
        <PersonFields
          values={back.newPerson}
          wrong={inside(wrong, 'newPerson.')}
          onChange={(newPerson) => setBack({ ...back, newPerson })}
        />
      )}
      <Card>
        {about('origin')}
        {about('arrivedOn')}
        <Arrived
          value={back.about['arrivedOn'] as string | undefined}
          onChange={(arrivedOn) => setBack({ ...back, about: { ...back.about, arrivedOn } })}
        />
      </Card>
      {symptoms && (
        <Card title={symptoms.text}>
          <Symptoms of={symptoms} well={back.well} value={back.symptoms} onChange={(next) => setBack({ ...back, ...next })} />
        </Card>
      )}
      <details className="more" open={seldom.some((name) => wrong[name])}>
        <summary>
          <Words of={text('行程和其他（选填）', 'Journey and more (optional)')} />
        </summary>
        <div>{seldom.map(about)}</div>
      </details>
      <Fixes wrong={wrong} />
      <BigButton type="submit" onClick={send}>
        {text('登记返程', 'Register')}
      </BigButton>
    </form>
  )
}

const BackLink = ({ stop }: { stop: Stop }) => <Back href={stopPath(stop)}>{`${placeOf(stop)} ${stop.room}`}</Back>

/** Most come back today or came yesterday: one tap instead of a calendar. */
function Arrived({ value, onChange }: { value: string | undefined; onChange: (day: string) => void }) {
  const language = useLanguage()
  const today = dayOf(serverNow())
  const days = [
    { day: today, words: text('今天', 'Today') },
    { day: addDays(today, -1), words: text('昨天', 'Yesterday') },
    { day: addDays(today, -2), words: text('前天', 'The day before') },
  ]
  return (
    <>
      <div className="tight">
        <Choice
          label={text('到达日期', 'Arrived on')}
          value={value}
          onChange={onChange as (next: string) => void}
          choices={days.map(({ day, words }) => ({ value: day, text: words }))}
        />
      </div>
      {value && <p className="quiet">{sayDay(value, language)}</p>}
    </>
  )
}

/** The complaints about what lies below a path. */
export const inside = (wrong: Wrong, prefix: string): Wrong =>
  Object.fromEntries(
    Object.entries(wrong)
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, words]) => [path.slice(prefix.length), words]),
  )
