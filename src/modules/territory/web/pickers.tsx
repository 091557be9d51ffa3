// Pickers lent to pages: a community, a grid, a unit of a building, an account that may be named responsible.
import { Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { text } from '#core/text.ts'
import { accounts } from '#modules/identity/api.ts'
import type { InputProps } from '#web/console/inputs.tsx'
import { useAsk } from '#web/console/query.ts'
import { useText } from '#web/language.ts'
import { useSession } from '#web/session.ts'
import * as api from '../api.ts'

const said = {
  grid: text('选择网格', 'Choose a grid'),
  noGrid: text('还没有网格，请先在“区域”里添加。', 'No grid yet. Add one under Areas first.'),
  unit: text('整栋', 'The whole building'),
  community: text('选择社区', 'Choose a community'),
  person: text('输入姓名查找', 'Find by name'),
  nobody: text('没有找到。请先在“账号”里新建。', 'Not found. Create the account first.'),
}

type Option = { value: string; label: string }

function Choose(
  props: InputProps & { options: readonly Option[]; placeholder: string; empty?: string; onSearch?: (words: string) => void },
) {
  const { id, value, onChange, describedBy, invalid, required, onBlur, options, placeholder, empty, onSearch } = props
  return (
    <Select
      id={id}
      className="wide"
      allowClear={!required}
      placeholder={placeholder}
      options={[...options]}
      notFoundContent={empty}
      showSearch={onSearch ? { filterOption: false, onSearch } : { optionFilterProp: 'label' }}
      {...(describedBy ? { 'aria-describedby': describedBy } : {})}
      {...(invalid ? { status: 'error' as const, 'aria-invalid': true } : {})}
      {...(onBlur ? { onBlur } : {})}
      value={(value as string | null | undefined) ?? null}
      onChange={(one) => onChange(one ?? null)}
    />
  )
}

/** The grids of a community. */
export function GridPicker({ community, ...props }: InputProps & { community: string | undefined }) {
  const say = useText()
  const { data } = useAsk(api.areas, community ? { under: community } : {})
  const options = (data?.rows ?? [])
    .filter((a) => a.level === 'grid')
    .map((a) => ({ value: a.areaCode, label: `${a.name} ${a.areaCode}` }))
  return <Choose {...props} options={options} placeholder={say(said.grid)} empty={say(said.noGrid)} />
}

/** The units of a building; none chosen means all of it. */
export function UnitPicker({ building, community, ...props }: InputProps & { building: string; community: string | undefined }) {
  const say = useText()
  const { data } = useAsk(api.units, { building, ...(community ? { community } : {}) }, { enabled: building !== '' })
  return (
    <Choose {...props} options={(data?.rows ?? []).map((u) => ({ value: u.id, label: u.name }))} placeholder={say(said.unit)} />
  )
}

/** Somebody who works in the own area. */
export function AccountPicker(props: InputProps) {
  const say = useText()
  const [typed, setTyped] = useState('')
  const words = useDeferredValue(typed.trim())
  const { data } = useAsk(accounts, { state: 'active', limit: 50, ...(words ? { words } : {}) })
  const options = (data?.rows ?? []).map((a) => ({ value: a.id, label: `${a.name}（${a.username}）` }))
  return <Choose {...props} options={options} placeholder={say(said.person)} empty={say(said.nobody)} onSearch={setTyped} />
}

/** The community in which a page works: that of the post, or one chosen by posts that are wider. */
export function useCommunity(): {
  community: string | undefined
  own: boolean
  choose: (code: string) => void
  all: readonly Option[]
} {
  const { post } = useSession()
  const own = (post?.area.length ?? 0) >= 12
  const [chosen, choose] = useState<string>()
  const { data } = useAsk(api.areas, {}, { enabled: post !== null && !own })
  const all = (data?.rows ?? []).filter((a) => a.level === 'community').map((a) => ({ value: a.areaCode, label: a.name }))
  return { community: own ? post!.area.slice(0, 12) : (chosen ?? all[0]?.value), own, choose, all }
}

/** Stands beside the title for posts wider than one community. */
export function CommunityPicker({
  community,
  all,
  choose,
}: Pick<ReturnType<typeof useCommunity>, 'community' | 'all' | 'choose'>) {
  const say = useText()
  return (
    <Select
      aria-label={say(said.community)}
      placeholder={say(said.community)}
      style={{ minWidth: 180 }}
      options={[...all]}
      value={community ?? null}
      onChange={(code) => choose(code ?? '')}
    />
  )
}
