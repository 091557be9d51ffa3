// Signing in on a phone, by the contracts of identity.
import { useRef, useState } from 'react'
import { Problem } from '#core/problem.ts'
import { text } from '#core/text.ts'
import { changePassword, signIn, type Me } from '#modules/identity/api.ts'
import { lazily } from '#web/phone/lazily.ts'
import type { SignInTerms } from '#web/phone/parts.ts'
import { SignInForm } from '#web/phone/signIn.tsx'
import { tellNow } from '#web/phone/wire.ts'
import { signedIn } from '#web/session.ts'

const title = text('邻里', 'Linli')
const SetUpCodes = lazily(() => import('#modules/identity/phone.tsx'), 'SetUpCodes')

export function SignIn({ onDone }: SignInTerms) {
  const known = useRef<Me>(undefined)
  const [stage, setStage] = useState<'enter' | 'codes'>('enter')
  const enter = () => {
    signedIn(known.current!)
    onDone()
  }
  if (stage === 'codes') return <SetUpCodes onDone={enter} />
  return (
    <SignInForm
      title={title}
      onDone={() => (known.current?.mustSetUpCodes ? setStage('codes') : enter())}
      signIn={async (username, password, code) => {
        try {
          const me = await tellNow(signIn, { username, password, ...(code ? { code } : {}) })
          known.current = me
          return me.mustChangePassword ? 'change' : 'done'
        } catch (error) {
          if (error instanceof Problem && error.code === 'identity.codeNeeded') return 'code'
          throw error
        }
      }}
      change={(password, newPassword) => tellNow(changePassword, { password, newPassword })}
    />
  )
}
