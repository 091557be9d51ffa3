// Signing in on a phone, by the contracts of identity.
import { useRef } from 'react'
import { text } from '#core/text.ts'
import { changePassword, signIn, type Me } from '#modules/identity/api.ts'
import type { SignInTerms } from '#web/phone/parts.ts'
import { SignInForm } from '#web/phone/signIn.tsx'
import { tellNow } from '#web/phone/wire.ts'
import { signedIn } from '#web/session.ts'

const title = text('邻里', 'Linli')

export function SignIn({ onDone }: SignInTerms) {
  const known = useRef<Me>(undefined)
  return (
    <SignInForm title={title} onDone={onDone}
      signIn={async (username, password) => {
        const me = await tellNow(signIn, { username, password })
        known.current = me
        if (!me.mustChangePassword) signedIn(me)
        return me.mustChangePassword
      }}
      change={async (password, newPassword) => {
        await tellNow(changePassword, { password, newPassword })
        signedIn(known.current!)
      }} />
  )
}
