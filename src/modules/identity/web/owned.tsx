// What an account still answers for, and handing it over: all of it, or what is ticked.
import { Checkbox, Flex, Select, Typography } from 'antd'
import { useDeferredValue, useState } from 'react'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { ActionButton } from '#web/console/action.tsx'
import { FormDrawer } from '#web/console/drawer.tsx'
import type { InputProps } from '#web/console/inputs.tsx'
import { ProblemNote } from '#web/console/notify.tsx'
import { useAsk } from '#web/console/query.ts'
import { useText } from '#web/language.ts'
import * as api from '../api.ts'
import { Role } from '../model.ts'
import { told } from './pickers.tsx'

const said = {
  title: text('本账号仍负责', 'This account still answers for'),
  nothing: text('没有需要交接的事项。', 'Nothing has to be handed over.'),
  all: text('全部交接', 'Hand over all'),
  some: text('交接所选', 'Hand over what is ticked'),
  done: text('已交接', 'Handed over'),
  onlyReading: text('当前岗位只能查看账号。', 'Your present post may only read accounts.'),
  notYours: text(
    '该账号的区域或岗位超出您的权限，请联系上级管理员。',
    'Its area or one of its posts is beyond yours. Ask an administrator of the level above.',
  ),
  find: text('输入姓名或用户名查找', 'Find by name or user name'),
  nobody: text('没有找到在岗的人', 'Nobody on duty was found'),
}

const keyOf = (line: api.OwnedLine): string => `${line.kind}\n${line.item}`

export function StillOwned({ line, mayAct }: { line: api.AccountLine; mayAct: boolean }) {
  const say = useText()
  const owned = useAsk(api.owned, { account: line.id })
  const [ticked, setTicked] = useState<readonly string[]>([])
  const [giving, setGiving] = useState(false)
  const rows = owned.data?.rows ?? []
  const chosen = rows.filter((row) => ticked.includes(keyOf(row)))
  const kinds = [...Map.groupBy(rows, (row) => row.kind).values()]
  const close = () => {
    setGiving(false)
    setTicked([])
  }
  return (
    <section aria-label={say(said.title)}>
      <Typography.Title level={3} style={{ margin: 0, fontSize: 16 }}>
        {say(said.title)}
      </Typography.Title>
      {owned.error && <ProblemNote problem={owned.error} onRetry={() => void owned.refetch()} />}
      {owned.data && rows.length === 0 && <p>{say(said.nothing)}</p>}
      {kinds.map((lines) => (
        <div key={lines[0]!.kind} style={{ marginBlock: 8 }}>
          <div>
            {say(lines[0]!.kindText)} · {lines.length}
          </div>
          <Checkbox.Group
            value={[...ticked]}
            onChange={(next) => setTicked([...ticked.filter((t) => !lines.some((l) => keyOf(l) === t)), ...next])}
            options={lines.map((each) => ({ value: keyOf(each), label: say(each.name) }))}
            style={{ display: 'flex', flexDirection: 'column', gap: 4 }}
          />
        </div>
      ))}
      {rows.length > 0 && (
        <Flex gap={8} wrap>
          <ActionButton
            label={chosen.length > 0 ? said.some : said.all}
            type="primary"
            run={() => setGiving(true)}
            disabledReason={!mayAct ? said.onlyReading : line.mayManage ? undefined : said.notYours}
          />
        </Flex>
      )}
      <FormDrawer
        of={api.handOver}
        draft={false}
        told={said.done}
        open={giving}
        onClose={close}
        fixed={{ account: line.id, ...(chosen.length > 0 ? { items: chosen.map(({ kind, item }) => ({ kind, item })) } : {}) }}
        fields={['to', 'posts', 'reason']}
        inputs={{
          to: (props) => <AccountPicker {...props} but={line.id} />,
          posts: ({ id, value, onChange, describedBy }) => (
            <Checkbox
              id={id}
              aria-describedby={describedBy}
              checked={value === true}
              onChange={(event) => onChange(event.target.checked)}
            />
          ),
        }}
      />
    </section>
  )
}

/** Somebody on duty in the own area, found by name. */
function AccountPicker({ but, ...props }: InputProps & { but: Id }) {
  const say = useText()
  const [typed, setTyped] = useState('')
  const words = useDeferredValue(typed.trim())
  const found = useAsk(api.accounts, { state: 'active', limit: 50, ...(words ? { words } : {}) })
  const people = (found.data?.rows ?? []).filter((row) => row.id !== but)
  return (
    <Select
      {...told(props)}
      value={props.value as string | undefined}
      onChange={props.onChange}
      placeholder={say(said.find)}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      notFoundContent={say(said.nobody)}
      loading={found.isPending}
      options={people.map((row) => ({
        value: row.id,
        label: [row.name, ...row.posts.map((p) => `${say(choiceText(Role, p.role))} ${p.areaName}`)].join(' · '),
      }))}
    />
  )
}
