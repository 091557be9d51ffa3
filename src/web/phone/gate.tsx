// Where a password is given: at the first start, after a session ended, before a new PIN.
// A revoked phone asks to be registered anew first.
import { text } from '#core/text.ts'
import { session } from '#web/session.ts'
import { keepsThings } from './disk.ts'
import type { People } from './parts.ts'
import { Notice, SmallButton } from './ui.tsx'
import { device, deviceReborn, proved } from './who.ts'

const revoked = text(
  '这部手机已被停用。如果手机已找回，可用密码重新登记；待上传的记录会在重新登记后上传。',
  'This phone was revoked. If it has been found again, register it anew with your password; records that wait then go out.',
)

export function Gate({ people, onDone }: { people: People; onDone?: () => void }) {
  const phone = device.use()
  async function done() {
    const { account } = session()
    // A password given here counts as proof for a new PIN after an erasure.
    if (account && keepsThings()) await proved(account)
    onDone?.()
  }
  if (phone.revoked) {
    return (
      <main className="narrow">
        <Notice tone="look">{revoked}</Notice>
        <SmallButton onClick={deviceReborn}>{text('重新登记这部手机', 'Register this phone anew')}</SmallButton>
      </main>
    )
  }
  return (
    <people.signIn
      onDone={() => {
        void done()
      }}
    />
  )
}
