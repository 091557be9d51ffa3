// Pickers lent to pages: a dwelling found through its building, a household found the same way.
import { Flex, Select } from 'antd'
import { useState } from 'react'
import { text } from '#core/text.ts'
import { buildings, dwellings } from '#modules/territory/api.ts'
import type { InputProps } from '#web/console/inputs.tsx'
import { useAsk } from '#web/console/query.ts'
import { useText } from '#web/language.ts'
import * as api from '../api.ts'

const said = {
  building: text('先选楼栋', 'Choose the building'),
  dwelling: text('再选单元和房号', 'Choose unit and room'),
  household: text('再选住户', 'Choose the household'),
  noHouses: text('还没有房屋，请先在“区域与房屋”里添加或导入。', 'No houses yet. Add or load them under Areas and houses.'),
  nobody: text('这栋楼还没有登记住户', 'Nobody is registered in this building'),
}

type Option = { value: string; label: string }
type ChooseProps = {
  of: string
  options: readonly Option[]
  value: unknown
  onChange: (value: string | undefined) => void
  /** Said where there is nothing to choose. */
  empty: string
  disabled?: boolean
  /** Stands in a row of filters. */
  compact?: boolean
  told?: object
}

/** A list that is searched by its words. */
export function Choose({ of, options, value, onChange, empty, disabled = false, compact = false, told = {} }: ChooseProps) {
  return (
    <Select
      {...told}
      className={compact ? 'filter-choice' : 'wide'}
      aria-label={of}
      placeholder={of}
      options={[...options]}
      value={(value as string | undefined) ?? null}
      disabled={disabled}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      notFoundContent={empty}
      onChange={(one: string | null) => onChange(one ?? undefined)}
    />
  )
}

/** Buildings of the community in which the post works, in the order of a walk. */
export function useBuildings(community: string | undefined): readonly Option[] {
  const { data } = useAsk(buildings, community ? { community } : {})
  return (data?.rows ?? []).map((b) => ({ value: b.id, label: `${b.compoundName} ${b.name}` }))
}

const told = ({ id, describedBy, invalid }: InputProps) => ({
  id,
  ...(describedBy ? { 'aria-describedby': describedBy } : {}),
  ...(invalid ? { status: 'error' as const, 'aria-invalid': true } : {}),
})

/** A dwelling, by building and then unit and room. */
export function DwellingPicker(props: InputProps) {
  const say = useText()
  const [building, setBuilding] = useState<string>()
  const all = useBuildings(undefined)
  const { data } = useAsk(dwellings, { building: building ?? '', limit: 200 }, { enabled: building !== undefined })
  const rooms = (data?.rows ?? []).map((d) => ({ value: d.id, label: [d.unitName, d.room].filter(Boolean).join(' ') }))
  return (
    <Flex vertical gap={8}>
      <Choose
        of={say(said.building)}
        options={all}
        value={building}
        empty={say(said.noHouses)}
        onChange={(one) => {
          setBuilding(one)
          props.onChange(undefined)
        }}
      />
      <Choose
        told={told(props)}
        of={say(said.dwelling)}
        options={rooms}
        value={props.value}
        empty={say(said.noHouses)}
        disabled={!building}
        onChange={props.onChange}
      />
    </Flex>
  )
}

/** A household, by building and then address and head. */
export function HouseholdPicker(props: InputProps) {
  const say = useText()
  const [building, setBuilding] = useState<string>()
  const all = useBuildings(undefined)
  const { data } = useAsk(api.households, { building: building ?? '', limit: 200 }, { enabled: building !== undefined })
  const options = (data?.rows ?? []).map((h) => ({ value: h.id, label: [h.address, h.head].filter(Boolean).join(' · ') }))
  return (
    <Flex vertical gap={8}>
      <Choose
        of={say(said.building)}
        options={all}
        value={building}
        empty={say(said.noHouses)}
        onChange={(one) => {
          setBuilding(one)
          props.onChange(undefined)
        }}
      />
      <Choose
        told={told(props)}
        of={say(said.household)}
        options={options}
        value={props.value}
        empty={say(said.nobody)}
        disabled={!building}
        onChange={props.onChange}
      />
    </Flex>
  )
}
