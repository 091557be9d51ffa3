// The own codes at sign-in: whether they are asked for, set up on another phone, new recovery codes, given up.
import { Button, Flex, Typography } from 'antd'
import { useState } from 'react'
import { dayOf, sayDay } from '#core/dates.ts'
import { text, type Text } from '#core/text.ts'
import { FormDrawer, Side } from '#web/console/drawer.tsx'
import { Form } from '#web/console/form.tsx'
import { ProblemNote } from '#web/console/notify.tsx'
import { useAsk } from '#web/console/query.ts'
import { useLanguage, useText } from '#web/language.ts'
import * as api from '../api.ts'
import { RecoveryCodes, SetUpCodes, type Begun } from './codes.tsx'

const said = {
  title: text('登录动态码', 'Codes at sign-in'),
  off: text(
    '未启用：登录只需密码。建议启用，密码被人看到也登录不了。',
    'Off: the password alone signs you in. With codes, a password that somebody saw opens nothing.',
  ),
  required: text('您的岗位必须使用。', 'Your post asks for them.'),
  setUp: text('启用动态码', 'Set up'),
  another: text('换手机', 'Another phone'),
  renew: text('更换恢复码', 'New recovery codes'),
  next: text('下一步', 'Next'),
  drop: text('停用', 'Stop'),
  dropped: text('已停用动态码', 'No code is asked for any more'),
}
const held = (since: string, left: number): Text =>
  text(`${since}起启用，还有 ${left} 个恢复码。`, `On since ${since}; ${left} recovery codes left.`)

export function OwnCodes() {
  const say = useText()
  const language = useLanguage()
  const state = useAsk(api.secondFactor, {})
  const [doing, setDoing] = useState<'setUp' | 'renew' | 'drop'>()
  const close = () => {
    setDoing(undefined)
    void state.refetch()
  }
  const now = state.data
  return (
    <section aria-label={say(said.title)}>
      <Typography.Title level={2} style={{ margin: '12px 0', fontSize: 18 }}>
        {say(said.title)}
      </Typography.Title>
      {state.error && <ProblemNote problem={state.error} onRetry={() => void state.refetch()} />}
      {now && (
        <p>
          {say(now.held ? held(sayDay(dayOf(now.since!), language), now.recoveryLeft) : said.off)}{' '}
          {now.required && say(said.required)}
        </p>
      )}
      {now && (
        <Flex gap={8} wrap>
          <Button onClick={() => setDoing('setUp')}>{say(now.held ? said.another : said.setUp)}</Button>
          {now.held && <Button onClick={() => setDoing('renew')}>{say(said.renew)}</Button>}
          {now.held && !now.required && (
            <Button danger onClick={() => setDoing('drop')}>
              {say(said.drop)}
            </Button>
          )}
        </Flex>
      )}
      <Side title={said.setUp} open={doing === 'setUp'} onClose={close}>
        <SetUp onDone={close} />
      </Side>
      <Side title={said.renew} open={doing === 'renew'} onClose={close}>
        <Renew onDone={close} />
      </Side>
      <FormDrawer
        of={api.dropSecondFactor}
        draft={false}
        danger
        submit={said.drop}
        told={said.dropped}
        open={doing === 'drop'}
        onClose={close}
      />
    </section>
  )
}

/** The password first: nobody who finds an open screen takes over the sign-in. */
function SetUp({ onDone }: { onDone: () => void }) {
  const [begun, setBegun] = useState<Begun>()
  return begun ? (
    <SetUpCodes with={begun} onDone={onDone} />
  ) : (
    <Form of={api.beginSecondFactor} draft={false} submit={said.next} told={false} onDone={setBegun} />
  )
}

function Renew({ onDone }: { onDone: () => void }) {
  const [codes, setCodes] = useState<readonly string[]>()
  return codes ? (
    <RecoveryCodes codes={codes} onDone={onDone} />
  ) : (
    <Form
      of={api.renewRecovery}
      draft={false}
      submit={said.next}
      told={false}
      onDone={({ recoveryCodes }) => setCodes(recoveryCodes)}
    />
  )
}
