// Signing in at a desk, by the contracts of identity. A one-time password is changed before anything else.
import { useState } from 'react'
import { text } from '#core/text.ts'
import { changePassword, signIn, type Me } from '#modules/identity/api.ts'
import { Form } from '#web/console/form.tsx'
import { useText } from '#web/language.ts'
import { signedIn } from '#web/session.ts'

const said = {
  title: text('登录', 'Sign in'),
  change: text('请先设置自己的密码', 'Choose a password of your own'),
  changeWhy: text('现在的密码只能用这一次。', 'The present password works only this once.'),
  save: text('保存并进入', 'Save and go on'),
}

export function SignIn() {
  const say = useText()
  const [known, setKnown] = useState<Me>()
  if (known) {
    return (
      <Form of={changePassword} draft={false} submit={said.save} told={false} onDone={() => signedIn(known)}>
        <h1 className="form-title">{say(said.change)}</h1>
        <p>{say(said.changeWhy)}</p>
      </Form>
    )
  }
  return (
    <Form of={signIn} draft={false} submit={said.title} told={false} onDone={(me) => (me.mustChangePassword ? setKnown(me) : signedIn(me))}>
      <h1 className="form-title">{say(said.title)}</h1>
    </Form>
  )
}
