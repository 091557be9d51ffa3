// 一人一档: everything that is known of one person, whole values only for a purpose, and what may be changed.
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Button, Skeleton } from 'antd'
import { useState, type ReactNode } from 'react'
import { choiceText, labelOf } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { ActionButton } from '#web/console/action.tsx'
import { FormDrawer } from '#web/console/drawer.tsx'
import { ProblemNote } from '#web/console/notify.tsx'
import { Card, Page } from '#web/console/page.tsx'
import { useAsk } from '#web/console/query.ts'
import { useLanguage, useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { holds, useSession } from '#web/session.ts'
import { sayShortDay } from '#web/show.ts'
import * as api from '../api.ts'
import { IdType } from '../documents.ts'
import { PersonRecord, Relation, Sex } from '../model.ts'
import { Sections, Tags, Unmask } from './parts.tsx'
import { OtherPhones } from './phones.tsx'
import { HouseholdPicker } from './pickers.tsx'

const said = {
  basics: text('基本信息', 'Basics'),
  years: text('岁', 'years'),
  household: text('查看本户', 'Open the household'),
  looks: text('查阅记录', 'Who looked'),
  mayNot: text('当前岗位只能查看', 'Your present post may only read'),
  stays: text('手机号和证件号码不填则保持不变。', 'Phone and document number stay as they are unless you enter them.'),
}

export function PersonPage() {
  const say = useText()
  const { roles } = useSession()
  const { person } = useParams({ strict: false }) as { person: string }
  const { community } = useSearch({ strict: false }) as { community?: string }
  const navigate = useNavigate()
  const [doing, setDoing] = useState<'correct' | 'move'>()
  const { data, error, refetch } = useAsk(api.person, { person, ...(community ? { community } : {}) })
  if (error)
    return (
      <Page title={api.person.title}>
        <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />
      </Page>
    )
  if (!data)
    return (
      <Page title={api.person.title}>
        <Skeleton active />
      </Page>
    )
  const { person: of, sections } = data
  const mayNot = holds(api.correct.may, roles) ? undefined : said.mayNot
  const close = () => setDoing(undefined)
  return (
    <Page
      title={text(`一人一档：${of.name}`, `Dossier: ${of.name}`)}
      tools={
        <>
          {of.household && (
            <Button onClick={() => void navigate({ to: '/residents' as never, search: { household: of.household } as never })}>
              {say(said.household)}
            </Button>
          )}
          {roles.includes('communitySecretary') && (
            <Button onClick={() => void navigate({ to: `/audit/person/${person}` as never })}>{say(said.looks)}</Button>
          )}
          <ActionButton label={api.movePerson.title} run={() => setDoing('move')} disabledReason={mayNot} />
          <ActionButton label={api.correct.title} type="primary" run={() => setDoing('correct')} disabledReason={mayNot} />
        </>
      }
    >
      <Card title={said.basics}>
        <Basics of={of} />
      </Card>
      <Sections of={sections} />
      <FormDrawer
        of={api.correct}
        open={doing === 'correct'}
        onClose={close}
        draft={of.record}
        fixed={{ replaces: of.record }}
        fields={['entry', 'reason', 'withoutPhone', 'withoutDocument']}
        initial={{ entry: entryOf(of) } as never}
      >
        <p>{say(said.stays)}</p>
      </FormDrawer>
      <FormDrawer
        of={api.movePerson}
        open={doing === 'move'}
        onClose={close}
        draft={false}
        fixed={{ person }}
        fields={['household', 'relation', 'why']}
        inputs={{ household: (props) => <HouseholdPicker {...props} /> }}
      />
    </Page>
  )
}

/** What stands now, to begin the correction with; what came masked is not offered as an answer. */
const entryOf = ({ name, sex, birthDate, idType, homePlace, employer, note }: PersonRecord) =>
  Object.fromEntries(
    Object.entries({ name, sex, birthDate, idType, homePlace, employer, note }).filter(
      ([, value]) => value !== null && !String(value).includes('*'),
    ),
  )

function Basics({ of }: { of: PersonRecord }) {
  const say = useText()
  const language = useLanguage()
  const shape = PersonRecord.shape
  const age = of.age === null ? '' : ` · ${of.age} ${say(said.years)}`
  const rows: [string, Text, ReactNode][] = [
    ['relation', labelOf(shape.relation, ''), of.relation && say(choiceText(Relation, of.relation))],
    ['sex', labelOf(shape.sex, ''), of.sex && say(choiceText(Sex, of.sex))],
    ['birthDate', labelOf(shape.birthDate, ''), of.birthDate && `${sayShortDay(of.birthDate, language)}${age}`],
    ['phone', labelOf(shape.phone, ''), <Unmask person={of.id} what="phone" masked={of.phone} />],
    ['otherPhones', labelOf(shape.otherPhones, ''), <OtherPhones person={of.id} phones={of.otherPhones} />],
    ['idType', labelOf(shape.idType, ''), say(choiceText(IdType, of.idType))],
    ['idNumber', labelOf(shape.idNumber, ''), <Unmask person={of.id} what="document" masked={of.idNumber} />],
    ['address', labelOf(shape.address, ''), of.address],
    ['homePlace', labelOf(shape.homePlace, ''), of.homePlace],
    ['employer', labelOf(shape.employer, ''), of.employer],
    ['note', labelOf(shape.note, ''), of.note],
    ['tags', labelOf(shape.tags, ''), <Tags person={of.id} tags={of.tags} />],
  ]
  return (
    <dl className="record">
      {rows.map(([key, label, value]) => (
        <div key={key}>
          <dt>{say(label)}</dt>
          <dd>{value || '—'}</dd>
        </div>
      ))}
    </dl>
  )
}
