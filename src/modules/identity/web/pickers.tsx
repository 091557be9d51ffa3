// Pickers for posts: an area of the own tree, found by name or code, and a role that the present post may give.
import { Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import type { InputProps } from '#web/console/inputs.tsx'
import { useAsk } from '#web/console/query.ts'
import { useText } from '#web/language.ts'
import { useSession } from '#web/session.ts'
import { areas } from '../api.ts'
import { appointedBy, Role } from '../model.ts'

const said = {
  find: text('输入名称或代码查找', 'Find by name or code'),
  noArea: text('没有找到。请先在“区域”里添加。', 'Not found. Add it under Areas first.'),
  choose: text('请选择', 'Choose'),
}

/** What an input of one's own passes on of the field's frame. */
export const told = ({ id, describedBy, invalid, required, onBlur }: InputProps) => ({
  id,
  ...(describedBy ? { 'aria-describedby': describedBy } : {}),
  ...(invalid ? { status: 'error' as const, 'aria-invalid': true } : {}),
  ...(required ? { 'aria-required': true } : {}),
  ...(onBlur ? { onBlur } : {}),
})

/** An area inside the own one. */
export function AreaPicker(props: InputProps) {
  const say = useText()
  const [typed, setTyped] = useState('')
  const words = useDeferredValue(typed.trim())
  const { data } = useAsk(areas, words ? { words } : {})
  const options = (data?.rows ?? []).map(({ area, areaName }) => ({
    value: area,
    label: areaName === area ? area : `${areaName} ${area}`,
  }))
  return (
    <Select
      {...told(props)}
      className="wide"
      allowClear={!props.required}
      placeholder={say(said.find)}
      options={options}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      notFoundContent={say(said.noArea)}
      value={(props.value as string | undefined) ?? null}
      onChange={(value) => props.onChange(value ?? undefined)}
    />
  )
}

/** A role that the present post may give. */
export function RolePicker(props: InputProps) {
  const say = useText()
  const { post } = useSession()
  const options = appointedBy(post?.role ?? '').map((role) => ({ value: role, label: say(choiceText(Role, role)) }))
  return (
    <Select
      {...told(props)}
      className="wide"
      placeholder={say(said.choose)}
      options={options}
      showSearch={{ optionFilterProp: 'label' }}
      value={(props.value as string | undefined) ?? null}
      onChange={(value) => props.onChange(value)}
    />
  )
}
