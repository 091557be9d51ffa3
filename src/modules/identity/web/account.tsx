// One account beside the list: its posts now and before, what may be done with it, where it is signed in, its devices.
import { Flex, Modal, Typography } from 'antd'
import { useState } from 'react'
import { dayOf, sayDay } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { ActionButton } from '#web/console/action.tsx'
import { FormDrawer, RecordWords, Side } from '#web/console/drawer.tsx'
import { ProblemNote, useNotify } from '#web/console/notify.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { Tone } from '#web/console/tone.tsx'
import { useLanguage, useText } from '#web/language.ts'
import { useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { can, Role } from '../model.ts'
import { AreaPicker, RolePicker } from './pickers.tsx'
import { StillOwned } from './owned.tsx'
import { Devices, Sessions } from './sessions.tsx'

const said = {
  title: text('账号', 'Account'),
  posts: text('任职', 'Posts'),
  give: text('授予角色', 'Give a post'),
  end: text('解除', 'End'),
  ended: text('已解除', 'Ended'),
  mayNotEnd: text('不在您的权限内，或是您当前的岗位。', 'Beyond your table of appointments, or the post you are working in.'),
  reset: text('重置密码', 'Reset the password'),
  resetCodes: text('重置动态码', 'Reset codes'),
  noCodes: text('该账号没有启用动态码。', 'This account uses no codes.'),
  onlyAdministrator: text('动态码只能由管理员重置。', 'Only an administrator resets codes.'),
  lock: text('停用', 'Lock'),
  unlock: text('恢复', 'Unlock'),
  dismiss: text('离任', 'Dismiss'),
  notYours: text(
    '该账号的区域或岗位超出您的权限，请联系上级管理员。',
    'Its area or one of its posts is beyond yours. Ask an administrator of the level above.',
  ),
  notYou: text('不能对自己办理，请由另一位管理员办理。', 'Not for yourself. Ask another administrator.'),
  handFirst: text('仍有负责的事项，请先在下面交接。', 'It still answers for things: hand them over below first.'),
  ownPassword: text('自己的密码请在“登录与设备”修改。', 'Change your own password under “Sign-ins and devices”.'),
  otherState: text('当前状态下不能办理。', 'Not in its present state.'),
  sessions: text('正在登录的地方', 'Where it is signed in'),
  devices: text('设备', 'Devices'),
  cancel: text('取消', 'Cancel'),
  onlyReading: text('当前岗位只能查看账号。', 'Your present post may only read accounts.'),
}

const warnings = {
  resetPassword: text(
    '现有登录全部结束，旧密码立即失效，并生成一次性密码。',
    'All its sign-ins end, the old password is void, and a one-time password is made.',
  ),
  resetCodes: text(
    '适用于手机和恢复码都丢失的人，请先当面核实本人。现有登录全部结束；不能与密码由同一人重置。',
    'For somebody who lost phone and recovery codes; make sure who it is, in person. All sign-ins end; the same person may not reset the password too.',
  ),
  lockAccount: text(
    '现有登录全部结束，恢复之前不能登录。任职保留。',
    'All its sign-ins end and it cannot sign in until unlocked. Its posts stay.',
  ),
  dismiss: text(
    '全部任职、登录和设备立即结束，不能恢复。请先让其把手机里待上传的记录传完：停用的手机不能再上传。',
    'All posts, sign-ins and phones end at once; this cannot be undone. Let the phone send what waits in it first: a revoked phone sends nothing more.',
  ),
}

type Props = { id: Id | undefined; mayAct: boolean; onClose: () => void; onPassword: (password: string | null) => void }

export function AccountDrawer({ id, onClose, ...rest }: Props) {
  const account = useAsk(api.account, { account: id ?? '' }, { enabled: id !== undefined })
  return (
    <Side title={said.title} open={id !== undefined} onClose={onClose}>
      {account.error && <ProblemNote problem={account.error} onRetry={() => void account.refetch()} />}
      {account.data && id === account.data.id && <One line={account.data} {...rest} />}
    </Side>
  )
}

function One({ line, mayAct, onPassword }: { line: api.AccountLine } & Pick<Props, 'mayAct' | 'onPassword'>) {
  return (
    <Flex vertical gap={16}>
      <RecordWords
        schema={api.AccountLine}
        value={line}
        fields={['name', 'username', 'homeName', 'state', 'lastSignIn', 'mustChangePassword', 'secondFactor']}
      />
      <Doings line={line} mayAct={mayAct} onPassword={onPassword} />
      <Posts line={line} mayAct={mayAct} />
      {line.state !== 'left' && <StillOwned line={line} mayAct={mayAct} />}
      {line.mayManage && (
        <>
          <Head of={said.sessions} />
          <Sessions account={line.id} />
          <Head of={said.devices} />
          <Devices account={line.id} />
        </>
      )}
    </Flex>
  )
}

function Head({ of }: { of: Text }) {
  const say = useText()
  return (
    <Typography.Title level={3} style={{ margin: 0, fontSize: 16 }}>
      {say(of)}
    </Typography.Title>
  )
}

function Doings({ line, mayAct, onPassword }: { line: api.AccountLine } & Pick<Props, 'mayAct' | 'onPassword'>) {
  const say = useText()
  const notify = useNotify()
  const [modal, place] = Modal.useModal()
  const { account, roles } = useSession()
  const reset = useTell(api.resetPassword)
  const resetCodes = useTell(api.resetSecondFactor)
  const lock = useTell(api.lockAccount)
  const unlock = useTell(api.unlockAccount)
  const dismiss = useTell(api.dismiss)
  const what = { account: line.id }
  const self = line.id === account
  const keeps = (useAsk(api.owned, { account: line.id }).data?.total ?? 0) > 0
  const reason = (fits: boolean, own: Text) =>
    !mayAct ? said.onlyReading : !line.mayManage ? said.notYours : self ? own : fits ? undefined : said.otherState
  const sure = (title: Text, content: Text) =>
    modal.confirm({
      title: say(title),
      content: say(content),
      okText: say(title),
      cancelText: say(said.cancel),
      okButtonProps: { danger: true },
    })
  const resetNow = async () => {
    if (!(await sure(said.reset, warnings.resetPassword))) return
    const outcome = await reset.tell(what, undefined, notify.refused)
    if (outcome) onPassword(outcome.oneTimePassword)
  }
  const resetCodesNow = async () => {
    if (await sure(said.resetCodes, warnings.resetCodes)) await resetCodes.tell(what, undefined, notify.refused)
  }
  const codesReason = !roles.includes('administrator') ? said.onlyAdministrator : line.secondFactor ? undefined : said.noCodes
  const lockNow = async () => {
    if (await sure(said.lock, warnings.lockAccount)) await lock.tell(what, undefined, notify.refused)
  }
  const dismissNow = async () => {
    if (await sure(said.dismiss, warnings.dismiss)) await dismiss.tell(what, undefined, notify.refused)
  }
  return (
    <Flex wrap gap={8}>
      {place}
      <ActionButton
        label={said.reset}
        run={() => void resetNow()}
        disabledReason={reason(line.state === 'active', said.ownPassword)}
      />
      <ActionButton
        label={said.resetCodes}
        run={() => void resetCodesNow()}
        disabledReason={reason(true, said.notYou) ?? codesReason}
      />
      {line.state === 'locked' ? (
        <ActionButton
          label={said.unlock}
          run={() => void unlock.tell(what, undefined, notify.refused)}
          disabledReason={reason(can.unlock(line), said.notYou)}
        />
      ) : (
        <ActionButton label={said.lock} run={() => void lockNow()} disabledReason={reason(can.lock(line), said.notYou)} />
      )}
      <ActionButton
        label={said.dismiss}
        danger
        run={() => void dismissNow()}
        disabledReason={reason(can.dismiss(line), said.notYou) ?? (keeps ? said.handFirst : undefined)}
      />
    </Flex>
  )
}

function Posts({ line, mayAct }: { line: api.AccountLine; mayAct: boolean }) {
  const say = useText()
  const language = useLanguage()
  const notify = useNotify()
  const [giving, setGiving] = useState(false)
  const end = useTell(api.endAssignment)
  return (
    <section aria-label={say(said.posts)}>
      <Head of={said.posts} />
      <dl className="record" style={{ marginBlockEnd: 12 }}>
        {line.posts.map((post) => (
          <div key={post.id}>
            <dt>{say(choiceText(Role, post.role))}</dt>
            <dd>
              {post.areaName} · {sayDay(dayOf(post.since), language)}{' '}
              {post.until ? (
                <Tone tone="quiet">
                  {say(said.ended)} {sayDay(dayOf(post.until), language)}
                </Tone>
              ) : (
                <ActionButton
                  label={said.end}
                  size="small"
                  about={say(choiceText(Role, post.role))}
                  disabledReason={post.mayEnd ? undefined : said.mayNotEnd}
                  run={() => void end.tell({ account: line.id, assignment: post.id }, undefined, notify.refused)}
                />
              )}
            </dd>
          </div>
        ))}
      </dl>
      <ActionButton
        label={said.give}
        run={() => setGiving(true)}
        disabledReason={mayAct ? (line.state === 'left' ? said.otherState : undefined) : said.onlyReading}
      />
      <FormDrawer
        of={api.assign}
        fixed={{ account: line.id }}
        draft={false}
        open={giving}
        onClose={() => setGiving(false)}
        inputs={{ role: (props) => <RolePicker {...props} />, area: (props) => <AreaPicker {...props} /> }}
      />
    </section>
  )
}
