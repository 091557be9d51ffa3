// 一户一档: one household beside the list, its members, what each module knows of it, and what may be done.
import { Link } from '@tanstack/react-router'
import { Flex, Skeleton, Typography } from 'antd'
import { useState } from 'react'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { ActionButton } from '#web/console/action.tsx'
import { FormDrawer, RecordWords, Side } from '#web/console/drawer.tsx'
import { ProblemNote } from '#web/console/notify.tsx'
import { Card } from '#web/console/page.tsx'
import { useAsk } from '#web/console/query.ts'
import { Tone } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { holds, useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { HouseholdLine, Relation, Sex, Tag, type PersonLine } from '../model.ts'
import { alikeInputs } from './alike.tsx'
import { Sections } from './parts.tsx'
import { phonesShown } from './phones.tsx'
import { DwellingPicker } from './pickers.tsx'

const said = {
  members: text('成员', 'Members'),
  nobody: text('没有登记成员', 'Nobody is registered'),
  years: text('岁', 'years'),
  mayNot: text('当前岗位只能查看', 'Your present post may only read'),
}

const personInputs = alikeInputs('person')

type Props = { household: Id | undefined; community: string | undefined; onClose: () => void }

export function HouseholdDrawer({ household, community, onClose }: Props) {
  return (
    <Side title={api.household.title} open={household !== undefined} onClose={onClose}>
      {household && <Household key={household} household={household} community={community} />}
    </Side>
  )
}

function Household({ household, community }: { household: Id; community: string | undefined }) {
  const say = useText()
  const { roles } = useSession()
  const [doing, setDoing] = useState<'add' | 'move'>()
  const { data, error, refetch } = useAsk(api.household, { household, ...(community ? { community } : {}) })
  if (error) return <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />
  if (!data) return <Skeleton active />
  const mayNot = holds(api.register.may, roles) ? undefined : said.mayNot
  const close = () => setDoing(undefined)
  return (
    <Flex vertical gap={16}>
      <RecordWords
        schema={HouseholdLine}
        value={data.household}
        fields={['address', 'head', 'kind', 'tenure', 'people', 'tags']}
      />
      {data.note && <p>{data.note}</p>}
      <Flex wrap gap={8}>
        <ActionButton label={api.addMember.title} type="primary" run={() => setDoing('add')} disabledReason={mayNot} />
        <ActionButton label={api.moveHousehold.title} run={() => setDoing('move')} disabledReason={mayNot} />
      </Flex>
      <Card title={said.members}>
        {data.rows.length === 0 && <p>{say(said.nobody)}</p>}
        <ul style={{ margin: 0, paddingInlineStart: 18 }}>
          {data.rows.map((one) => (
            <Member key={one.id} of={one} />
          ))}
        </ul>
      </Card>
      <Sections of={data.sections} />
      <FormDrawer
        of={api.addMember}
        open={doing === 'add'}
        onClose={close}
        fixed={{ household }}
        draft={household}
        inputs={personInputs}
      />
      <FormDrawer
        of={api.moveHousehold}
        open={doing === 'move'}
        onClose={close}
        draft={false}
        fixed={{ household }}
        fields={['dwelling', 'tenure', 'why']}
        inputs={{ dwelling: (props) => <DwellingPicker {...props} /> }}
      />
    </Flex>
  )
}

function Member({ of }: { of: PersonLine }) {
  const say = useText()
  const about = [
    of.relation && say(choiceText(Relation, of.relation)),
    of.sex && say(choiceText(Sex, of.sex)),
    of.age === null ? null : `${of.age} ${say(said.years)}`,
    phonesShown(of),
  ]
  return (
    <li>
      <Link to={'/residents/person/$person' as never} params={{ person: of.id } as never}>
        {of.name}
      </Link>
      <Typography.Text type="secondary"> {about.filter(Boolean).join(' · ')} </Typography.Text>
      {of.tags.map((tag) => (
        <Tone key={tag} tone="info">
          {say(choiceText(Tag, tag))}
        </Tone>
      ))}
    </li>
  )
}
