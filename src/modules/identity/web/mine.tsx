// Everybody's own page: where one is signed in, on which devices one works, and the password.
import { Button, Flex, Typography } from 'antd'
import { useState } from 'react'
import { text } from '#core/text.ts'
import { FormDrawer } from '#web/console/drawer.tsx'
import { useNotify } from '#web/console/notify.tsx'
import { Page } from '#web/console/page.tsx'
import { useTell } from '#web/console/query.ts'
import { useText } from '#web/language.ts'
import * as api from '../api.ts'
import { OwnCodes } from './ownCodes.tsx'
import { Devices, Sessions } from './sessions.tsx'

const said = {
  title: text('登录与设备', 'Sign-ins and devices'),
  sessions: text('正在登录的地方', 'Where you are signed in'),
  devices: text('我的设备', 'My devices'),
  others: text('结束其他全部登录', 'End all others'),
  password: text('修改密码', 'Change the password'),
  changed: text('密码已修改，其他地方的登录已结束。', 'The password is changed; you were signed out everywhere else.'),
}
const endedOthers = (count: number) =>
  text(`已结束其他 ${count} 处登录`, count === 1 ? 'One other sign-in ended' : `${count} other sign-ins ended`)

export function MyPage() {
  const say = useText()
  const notify = useNotify()
  const { tell, busy } = useTell(api.endSessions)
  const [changing, setChanging] = useState(false)
  const endOthers = async () => {
    const outcome = await tell({}, undefined, notify.refused)
    if (outcome) notify.done(endedOthers(outcome.ended))
  }
  return (
    <Page title={said.title} tools={<Button onClick={() => setChanging(true)}>{say(said.password)}</Button>}>
      <Flex vertical gap={12}>
        <Flex justify="space-between" align="center" wrap gap={8}>
          <Typography.Title level={2} style={{ margin: 0, fontSize: 18 }}>
            {say(said.sessions)}
          </Typography.Title>
          <Button loading={busy} onClick={() => void endOthers()}>
            {say(said.others)}
          </Button>
        </Flex>
        <Sessions />
        <Typography.Title level={2} style={{ margin: '12px 0 0', fontSize: 18 }}>
          {say(said.devices)}
        </Typography.Title>
        <Devices />
        <OwnCodes />
      </Flex>
      <FormDrawer of={api.changePassword} draft={false} told={said.changed} open={changing} onClose={() => setChanging(false)} />
    </Page>
  )
}
