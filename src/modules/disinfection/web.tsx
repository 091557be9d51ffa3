// The disinfection ledger on the console: everything comes from its declaration; above it what the rules recommend.
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Flex } from 'antd'
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { FormDrawer } from '#web/console/drawer.tsx'
import type { InputProps } from '#web/console/inputs.tsx'
import { Card } from '#web/console/page.tsx'
import { useAsk } from '#web/console/query.ts'
import { LedgerPage } from '#web/ledger.tsx'
import { useText } from '#web/language.ts'
import { Choose, useBuildings } from '#modules/residents/web/pickers.tsx'
import { units } from '#modules/territory/api.ts'
import { adviceInForce, rounds } from './api.ts'
import { Method, Place, type Advice } from './model.ts'

/** Opened from a duty the form begins with the building or unit that it is about. */
export function DisinfectionPage() {
  const { within } = useSearch({ strict: false }) as { within?: string }
  const navigate = useNavigate()
  const close = () => void navigate({ to: '.', search: {} as never, replace: true })
  return (
    <>
      <LedgerPage of={rounds} picture={<AdviceCard />} inputs={{ within: WithinPicker }} />
      <FormDrawer
        of={rounds.contracts.record}
        open={within !== undefined}
        onClose={close}
        draft={false}
        fixed={{ within: within ?? null }}
        fields={fieldsHere}
      />
    </>
  )
}
const fieldsHere = Object.keys(rounds.fields).filter((name) => name !== 'within') as (keyof typeof rounds.fields)[]

const said = {
  building: text('楼栋', 'Building'),
  unit: text('整栋；只消一个单元时选单元', 'All of it; choose a unit where only that was treated'),
  noUnits: text('这栋楼没有分单元', 'This building has no units'),
  none: text('还没有楼栋，请先在“区域与房屋”里添加。', 'No buildings yet. Add them under Areas and houses.'),
}

/** A building, or one unit of it. */
function WithinPicker(props: InputProps) {
  const say = useText()
  const [building, setBuilding] = useState<string>()
  const all = useBuildings(undefined)
  const chosen = building ?? all.find((b) => b.value === props.value)?.value
  const { data: inside } = useAsk(units, { building: chosen ?? '' }, { enabled: chosen !== undefined })
  return (
    <Flex vertical gap={8}>
      <Choose
        told={{ id: props.id }}
        of={say(said.building)}
        options={all}
        value={chosen}
        empty={say(said.none)}
        onChange={(one) => {
          setBuilding(one)
          props.onChange(one)
        }}
      />
      {chosen && (
        <Choose
          of={say(said.unit)}
          value={props.value === chosen ? undefined : props.value}
          empty={say(said.noUnits)}
          options={(inside?.rows ?? []).map((u) => ({ value: u.id, label: u.name }))}
          onChange={(unit) => props.onChange(unit ?? chosen)}
        />
      )}
    </Flex>
  )
}

/** Strength and contact time as the rules in force say them; nothing where they say nothing. It refuses no entry. */
function AdviceCard() {
  const say = useText()
  const { data } = useAsk(adviceInForce, {})
  if (!data?.rows.length) return null
  return (
    <Card title={text('浓度和时间建议', 'Advice on strength and time')}>
      <ul>
        {data.rows.map((one) => (
          <li key={one.words.en}>{say(lineOf(one))}</li>
        ))}
      </ul>
      {data.document && <p className="code">{data.document}</p>}
    </Card>
  )
}

function lineOf({ place, method, chlorine, minutes, words }: Advice) {
  const where = [place && choiceText(Place, place), method && choiceText(Method, method)].filter((one) => one !== undefined)
  const strength = chlorine && `${chlorine[0]}–${chlorine[1]} mg/L`
  return text(
    [...where.map((t) => t.zh), strength, minutes && `${minutes} 分钟`, words.zh].filter(Boolean).join(' · '),
    [...where.map((t) => t.en), strength, minutes && `${minutes} min`, words.en].filter(Boolean).join(' · '),
  )
}
