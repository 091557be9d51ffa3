// Chooses several buildings: one by one, or a whole run of them from the first to the last in the order of a walk.
import { Button, Flex, Select } from 'antd'
import { useState } from 'react'
import { text } from '#core/text.ts'
import type { InputProps } from '#web/console/inputs.tsx'
import { useAsk } from '#web/console/query.ts'
import { useText } from '#web/language.ts'
import * as api from '../api.ts'

const said = {
  one: text('逐栋选择，可多选', 'Choose one by one, as many as needed'),
  from: text('从这一栋', 'From this one'),
  to: text('到这一栋', 'To this one'),
  add: text('加入这一段', 'Add this run'),
  none: text('还没有楼栋，请先添加。', 'No buildings yet. Add them first.'),
  free: text('未划入', 'in no grid'),
}

/** The buildings of a community; each says in which grid it is already. */
export function BuildingsPicker({
  community,
  id,
  value,
  onChange,
  onBlur,
  describedBy,
  labelledBy,
  invalid,
}: InputProps & { community: string }) {
  const say = useText()
  const { data } = useAsk(api.buildings, { community })
  const { data: areas } = useAsk(api.areas, { under: community })
  const [run, setRun] = useState<{ from?: string | undefined; to?: string | undefined }>({})
  const names = new Map(areas?.rows.map((a) => [a.areaCode, a.name]))
  const buildings = data?.rows ?? []
  const options = buildings.map((b) => ({
    value: b.id,
    label: `${b.compoundName} ${b.name} · ${b.grids.length ? b.grids.map((g) => names.get(g) ?? g).join('、') : say(said.free)}`,
  }))
  const chosen = (value as string[] | undefined) ?? []
  const addRun = () => {
    const ends = [run.from, run.to ?? run.from].map((one) => buildings.findIndex((b) => b.id === one)).toSorted((a, b) => a - b)
    onChange([...new Set([...chosen, ...buildings.slice(ends[0], ends[1]! + 1).map((b) => b.id)])])
    setRun({})
  }
  const end = (which: 'from' | 'to') => (
    <Select
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      aria-label={say(said[which])}
      placeholder={say(said[which])}
      options={options}
      style={{ flex: '1 1 160px' }}
      value={run[which] ?? null}
      onChange={(one) => setRun({ ...run, [which]: one ?? undefined })}
    />
  )
  return (
    <Flex vertical gap={8}>
      <Select
        id={id}
        mode="multiple"
        className="wide"
        allowClear
        placeholder={say(said.one)}
        options={options}
        notFoundContent={say(said.none)}
        showSearch={{ optionFilterProp: 'label' }}
        value={chosen}
        onChange={onChange}
        {...(onBlur ? { onBlur } : {})}
        {...(labelledBy ? { 'aria-labelledby': labelledBy } : {})}
        {...(describedBy ? { 'aria-describedby': describedBy } : {})}
        {...(invalid ? { status: 'error' as const, 'aria-invalid': true } : {})}
      />
      <Flex gap={8} wrap>
        {end('from')}
        {end('to')}
        <Button onClick={addRun} disabled={!run.from}>
          {say(said.add)}
        </Button>
      </Flex>
    </Flex>
  )
}
