// Accounts of the own area: who works here and as what; create, appoint, reset, lock.
import { Modal, Typography } from 'antd'
import { useState } from 'react'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { ActionButton } from '#web/console/action.tsx'
import { useFilters } from '#web/console/address.ts'
import { FormDrawer } from '#web/console/drawer.tsx'
import { ExportButton } from '#web/console/exporting.tsx'
import type { OwnInput } from '#web/console/inputs.tsx'
import { Page } from '#web/console/page.tsx'
import { DataTable } from '#web/console/table.tsx'
import { Tone, type ToneName } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { appointedBy, AccountState, Role } from '../model.ts'
import { AccountDrawer } from './account.tsx'
import { AreaPicker, RolePicker } from './pickers.tsx'

const said = {
  title: text('账号', 'Accounts'),
  create: text('新建账号', 'New account'),
  onlyReading: text('当前岗位只能查看账号。', 'Your present post may only read accounts.'),
  empty: text('还没有账号', 'No accounts yet'),
  emptyHint: text(
    '先为社区书记和网格员新建账号，并写明他们负责的区域。',
    'Begin with the secretary and the grid workers, each with the area they answer for.',
  ),
  mustChange: text('待改密码', 'One-time password'),
  noPost: text('未任职', 'No post'),
  once: text('一次性密码', 'One-time password'),
  onceWhat: text(
    '只在这里显示一次。请当面或用其他可靠方式交给本人，首次登录时须改为自己的密码。',
    'Shown here only once. Hand it over in person or another safe way; it must be changed at the first sign-in.',
  ),
  written: text('已记下', 'Noted'),
}

export const toneOf: Record<AccountState, ToneName> = { active: 'ok', locked: 'look', left: 'quiet' }

const mostPosts = 20
/** The form begins with one empty post, for an account without any can do nothing. */
const onePost = { posts: [{} as never] }
/** Each post of the list gets its own pickers. */
const postInputs: Record<string, OwnInput> = Object.fromEntries(
  Array.from(
    { length: mostPosts },
    (_, i) =>
      [
        [`posts.${i}.role`, (props: Parameters<OwnInput>[0]) => <RolePicker {...props} />],
        [`posts.${i}.area`, (props: Parameters<OwnInput>[0]) => <AreaPicker {...props} />],
      ] as const,
  ).flat(),
)

/** A password that is read once, large enough to copy by hand. */
function OneTimePassword({ password, onClose }: { password: string | null; onClose: () => void }) {
  const say = useText()
  return (
    <Modal
      open={password !== null}
      title={say(said.once)}
      okText={say(said.written)}
      onOk={onClose}
      onCancel={onClose}
      cancelButtonProps={{ style: { display: 'none' } }}
      mask={{ closable: false }}
    >
      <Typography.Paragraph copyable={{ text: password ?? '' }} style={{ fontSize: 24, letterSpacing: 1 }}>
        <code>{password}</code>
      </Typography.Paragraph>
      <p>{say(said.onceWhat)}</p>
    </Modal>
  )
}

export function AccountsPage() {
  const say = useText()
  const { post } = useSession()
  const [filters] = useFilters(api.accounts)
  const [creating, setCreating] = useState(false)
  const [opened, setOpened] = useState<Id>()
  const [password, setPassword] = useState<string | null>(null)
  const mayAct = appointedBy(post?.role ?? '').length > 0
  return (
    <Page
      title={said.title}
      tools={
        <ActionButton
          label={said.create}
          type="primary"
          run={() => setCreating(true)}
          disabledReason={mayAct ? undefined : said.onlyReading}
        />
      }
    >
      <DataTable
        of={api.accounts}
        columns={['name', 'username', 'posts', 'homeName', 'state', 'lastSignIn']}
        filters={['words', 'role', 'state']}
        tools={<ExportButton of={api.exportAccounts} input={filters} />}
        onOpen={({ id }) => setOpened(id)}
        empty={{ title: said.empty, hint: said.emptyHint }}
        cells={{
          posts: ({ posts }) =>
            posts.length === 0 ? (
              <Tone tone="look">{say(said.noPost)}</Tone>
            ) : (
              posts.map((p) => (
                <div key={p.id}>
                  {say(choiceText(Role, p.role))} · {p.areaName}
                </div>
              ))
            ),
          state: ({ state, mustChangePassword }) => (
            <>
              <Tone tone={toneOf[state]}>{say(choiceText(AccountState, state))}</Tone>
              {mustChangePassword && state === 'active' && (
                <div>
                  <Tone tone="info">{say(said.mustChange)}</Tone>
                </div>
              )}
            </>
          ),
        }}
      />
      <FormDrawer
        of={api.createAccount}
        open={creating}
        onClose={() => setCreating(false)}
        draft={false}
        initial={onePost}
        inputs={{ home: (props) => <AreaPicker {...props} />, ...postInputs }}
        onDone={({ oneTimePassword }) => setPassword(oneTimePassword)}
      />
      <AccountDrawer id={opened} mayAct={mayAct} onClose={() => setOpened(undefined)} onPassword={setPassword} />
      <OneTimePassword password={password} onClose={() => setPassword(null)} />
    </Page>
  )
}
