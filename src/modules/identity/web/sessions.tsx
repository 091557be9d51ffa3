// Sign-ins and devices of an account: its own page, and beside an account for whoever may manage it.
import { Modal } from 'antd'
import { text } from '#core/text.ts'
import type { Id } from '#core/ids.ts'
import { useNotify } from '#web/console/notify.tsx'
import { useTell } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import * as api from '../api.ts'

const said = {
  end: text('结束', 'End'),
  thisOne: text('本次登录请用右上角“退出登录”。', 'This is the present one: use “Sign out” at the top right.'),
  here: text('本次', 'This one'),
  unknown: text('未知', 'Unknown'),
  noSession: text('没有进行中的登录', 'Nobody is signed in'),
  noDevice: text('还没有登记设备', 'No device has been enrolled'),
  noDeviceHint: text(
    '在手机上打开邻里并登录后，可给手机起名登记。',
    'Open Linli on a phone, sign in, and give the phone a name.',
  ),
  revoke: text('停用', 'Revoke'),
  revokeTitle: text('停用这台设备？', 'Revoke this device?'),
  revokeWhat: text(
    '它上面的登录立即结束，手机得知后会擦除本机保存的资料。还没上传的记录仍然密封着，不会丢失。不能恢复，只能重新登记。',
    'Its sign-ins end at once, and the phone erases what it keeps as soon as it learns of it. Entries not yet sent stay sealed and are not lost. It cannot be undone, only enrolled anew.',
  ),
  revoked: text('已停用', 'Revoked'),
  inUse: text('使用中', 'In use'),
  state: text('状态', 'State'),
  cancel: text('取消', 'Cancel'),
}

type Whose = { readonly account?: Id }
const fixedOf = ({ account }: Whose) => (account ? { account } : {})

export function Sessions(whose: Whose) {
  const say = useText()
  const notify = useNotify()
  const { tell } = useTell(api.endSession)
  const end = (session: Id) => void tell({ ...fixedOf(whose), session }, undefined, notify.refused)
  return (
    <DataTable
      of={api.sessions}
      fixed={fixedOf(whose)}
      columns={['agent', 'deviceName', 'since', 'until', 'current']}
      empty={{ title: said.noSession }}
      cells={{
        agent: ({ agent }) => agent ?? say(said.unknown),
        current: ({ current }) => (current ? <Tone tone="ok">{say(said.here)}</Tone> : null),
      }}
      actions={({ id, current }) => [
        { label: said.end, danger: true, run: () => end(id), disabledReason: current ? said.thisOne : undefined },
      ]}
    />
  )
}

export function Devices(whose: Whose) {
  const say = useText()
  const notify = useNotify()
  const [modal, place] = Modal.useModal()
  const { tell } = useTell(api.revokeDevice)
  const revoke = async (device: Id) => {
    const sure = await modal.confirm({
      title: say(said.revokeTitle),
      content: say(said.revokeWhat),
      okText: say(said.revoke),
      cancelText: say(said.cancel),
      okButtonProps: { danger: true },
    })
    if (sure) await tell({ ...fixedOf(whose), device }, undefined, notify.refused)
  }
  return (
    <>
      {place}
      <DataTable
        of={api.devices}
        fixed={fixedOf(whose)}
        columns={['name', 'enrolledAt', 'lastSeenAt', 'state']}
        heads={{ state: said.state }}
        rowKey={({ device }) => device}
        empty={{ title: said.noDevice, hint: said.noDeviceHint }}
        cells={{
          state: ({ revokedAt }) =>
            revokedAt ? <Tone tone="quiet">{say(said.revoked)}</Tone> : <Tone tone="ok">{say(said.inUse)}</Tone>,
        }}
        actions={({ device, revokedAt }) =>
          revokedAt ? [] : [{ label: said.revoke, danger: true, run: () => void revoke(device) }]
        }
      />
    </>
  )
}
