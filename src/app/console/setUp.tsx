// The first set-up, reached once by the link that the server prints: an area, and its first administrator.
import { useEffect, useState } from 'react'
import { text } from '#core/text.ts'
import { setUp, type Me } from '#modules/identity/api.ts'
import { Form } from '#web/console/form.tsx'
import { useText } from '#web/language.ts'
import { FirstThings } from './signIn.tsx'

const said = {
  title: text('首次设置', 'First set-up'),
  explain: text(
    '先写明本平台管哪个区域，再建立第一个管理员账号。其他账号、小区和住户稍后在平台里添加。',
    'Say which area this platform answers for, and make the first administrator. Other accounts, compounds and households are added later.',
  ),
  submit: text('完成设置', 'Finish the set-up'),
}

export function SetUp() {
  const say = useText()
  const [token] = useState(() => new URLSearchParams(location.search).get('token') ?? '')
  // The token opens the house once: it does not stay in the address, nor in the history.
  useEffect(() => history.replaceState(null, '', location.pathname), [])
  const [me, setMe] = useState<Me>()
  // The first thing after the first account: the recovery sheet, without which nothing is backed up.
  if (me) return <FirstThings me={me} onDone={() => location.assign('/console/backups')} />
  return (
    <Form of={setUp} fixed={{ token }} draft={false} submit={said.submit} told={false} onDone={setMe}>
      <h1 className="form-title">{say(said.title)}</h1>
      <p>{say(said.explain)}</p>
    </Form>
  )
}
