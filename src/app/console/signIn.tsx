// Signing in at a desk, by the contracts of identity: password, code where the account has one; then whatever has to be done first.
import { lazy, useEffect, useState } from 'react'
import { text } from '#core/text.ts'
import { changePassword, signIn, type Me } from '#modules/identity/api.ts'
import { Form } from '#web/console/form.tsx'
import { useText } from '#web/language.ts'
import { signedIn } from '#web/session.ts'

// The picture for the authenticator app is drawn for few, and once.
const SetUpCodes = lazy(async () => ({ default: (await import('#modules/identity/web/codes.tsx')).SetUpCodes }))

const said = {
  title: text('登录', 'Sign in'),
  change: text('请先设置自己的密码', 'Choose a password of your own'),
  changeWhy: text('现在的密码只能用这一次。', 'The present password works only this once.'),
  save: text('保存并进入', 'Save and go on'),
}

/** What somebody who has signed in must do before anything else, one after the other. */
export function FirstThings({ me, onDone }: { me: Me; onDone: () => void }) {
  const say = useText()
  const [changed, setChanged] = useState(!me.mustChangePassword)
  const ready = changed && !me.mustSetUpCodes
  useEffect(() => {
    if (ready) onDone()
  }, [ready])
  if (!changed) {
    return (
      <Form of={changePassword} draft={false} submit={said.save} told={false} onDone={() => setChanged(true)}>
        <h1 className="form-title">{say(said.change)}</h1>
        <p>{say(said.changeWhy)}</p>
      </Form>
    )
  }
  return me.mustSetUpCodes ? <SetUpCodes required onDone={onDone} /> : null
}

export function SignIn() {
  const say = useText()
  const [known, setKnown] = useState<Me>()
  const [codeNeeded, setCodeNeeded] = useState(false)
  if (known) return <FirstThings me={known} onDone={() => signedIn(known)} />
  return (
    <Form
      of={signIn}
      draft={false}
      submit={said.title}
      told={false}
      fields={['username', 'password', ...(codeNeeded ? (['code'] as const) : [])]}
      onRefused={({ code }) => {
        if (code === 'identity.codeNeeded') setCodeNeeded(true)
      }}
      onDone={setKnown}
    >
      <h1 className="form-title">{say(said.title)}</h1>
    </Form>
  )
}
