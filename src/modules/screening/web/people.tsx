// Person by person: who feels unwell and how, what else the form asks, and what of the others.
import type { Id } from '#core/ids.ts'
import { text } from '#core/text.ts'
import { Choice } from '#web/phone/fields.tsx'
import { BigButton, Card } from '#web/phone/ui.tsx'
import { peopleOf, useAnswer, useHindrance } from './answering.ts'
import { Asked, otherQuestions, Symptoms, symptomQuestion } from './asked.tsx'
import { placeOf, type Stop } from './doors.ts'
import { Back, Gone } from './pieces.tsx'
import { home, stopPath, useStop, useVisit, type Doors, type Said } from './useDoors.ts'

const unasked: Said = { well: null, symptoms: [], answers: {} }

/** Who feels how: chosen people, their symptoms, what else the form asks; and what of the others. */
export function PeoplePage({ doors }: { doors: Doors }) {
  const stop = useStop(doors, `${home}/h/:key/people`)
  return stop ? <PeopleCards doors={doors} stop={stop} /> : <Gone />
}

function PeopleCards({ doors, stop }: { doors: Doors; stop: Stop }) {
  const [visit, setVisit, forget] = useVisit(stop)
  const answer = useAnswer(doors, stop, visit, forget)
  const hindrance = useHindrance(doors, visit)
  const symptoms = symptomQuestion(doors.form)
  const people = peopleOf(stop, visit)
  const chosen = people.filter((one) => visit.said[one.id])
  const others = people.filter((one) => !visit.said[one.id])
  const set = (id: Id, change: Partial<Said>) =>
    setVisit({ ...visit, said: { ...visit.said, [id]: { ...(visit.said[id] ?? unasked), ...change } } })
  const choose = (ids: Id[]) => setVisit({ ...visit, said: Object.fromEntries(ids.map((id) => [id, visit.said[id] ?? unasked])) })
  const missing =
    chosen.length === 0
      ? text('请先点选是谁', 'Choose who it is first')
      : chosen.some((one) => visit.said[one.id]!.well === null)
        ? text('请为每一位点选不适或没有不适', 'Say of each whether and how they feel unwell')
        : others.length > 0 && visit.othersWell === null
          ? text('请回答其余的人', 'Say what of the others')
          : undefined
  const send = () =>
    answer({
      outcome: 'reached',
      statements: [
        ...chosen.map((one) => {
          const { well, symptoms: codes, answers } = visit.said[one.id]!
          return { person: one.id, well: well === true, symptoms: codes, answers }
        }),
        ...(visit.othersWell ? others.map((one) => ({ person: one.id, well: true, symptoms: [], answers: {} })) : []),
      ],
    })
  return (
    <>
      <Back href={stopPath(stop)}>{`${placeOf(stop)} ${stop.room}`}</Back>
      <Card title={text('谁不舒服？', 'Who feels unwell?')}>
        <div className="tight">
          <Choice
            label={text('谁不舒服', 'Who feels unwell')}
            many
            value={chosen.map((one) => one.id)}
            onChange={choose}
            choices={people.map((one) => ({ value: one.id, text: { zh: one.name, en: one.name } }))}
          />
        </div>
      </Card>
      {chosen.map((one) => (
        <Card key={one.id} title={one.name}>
          {symptoms && (
            <Symptoms
              of={symptoms}
              well={visit.said[one.id]!.well}
              value={visit.said[one.id]!.symptoms}
              onChange={(next) => set(one.id, next)}
            />
          )}
          {otherQuestions(doors.form, one.keyPerson).map((question) => (
            <Asked
              key={question.key}
              of={question}
              value={visit.said[one.id]!.answers[question.key]}
              onChange={(value) => set(one.id, { answers: withAnswer(visit.said[one.id]!.answers, question.key, value) })}
            />
          ))}
        </Card>
      ))}
      {chosen.length > 0 && others.length > 0 && (
        <Card title={text('其余的人呢？', 'And the others?')} aside={others.map((one) => one.name).join('、')}>
          <Choice
            label={text('其余的人', 'The others')}
            value={visit.othersWell === null ? undefined : visit.othersWell ? 'well' : 'unasked'}
            choices={[
              { value: 'well', text: text('都没有不适', 'All feel well') },
              { value: 'unasked', text: text('没有问到', 'Not asked') },
            ]}
            onChange={(next: string) => setVisit({ ...visit, othersWell: next === 'well' })}
          />
        </Card>
      )}
      <BigButton disabledReason={hindrance ?? missing} onClick={send}>
        {text('登记', 'Record')}
      </BigButton>
    </>
  )
}

const withAnswer = (answers: Said['answers'], key: string, value: Said['answers'][string] | undefined): Said['answers'] => {
  const { [key]: _, ...rest } = answers
  return value === undefined ? rest : { ...rest, [key]: value }
}
