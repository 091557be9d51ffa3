// The PIN is asked at every start and after ten idle minutes.
import { useState } from 'react'
import { text, type Text } from '#core/text.ts'
import { useSession } from '#web/session.ts'
import { Keys } from './fields.tsx'
import { Icon } from './icons.tsx'
import { outbox } from './outbox.ts'
import type { People } from './parts.ts'
import { BigButton, Notice, Sheet, SmallButton } from './ui.tsx'
import { erase, unlock, useVault } from './vault.ts'
import { useWords } from './words.ts'

const tooShort = text('PIN 至少 6 位数字', 'A PIN has at least 6 digits')
const otherwise = text('忘记 PIN 或换人使用', 'Forgot the PIN, or somebody else')
const cost = text(
  '重设 PIN 会清除本机已下载的名册，需要联网用密码登录；待上传的记录不会丢。',
  'A new PIN erases what was downloaded and needs your password and a network. Records waiting to go out are not lost.',
)

/** Digits typed on large keys or a keyboard; `onDone` gets them when 确定 is pressed. */
export function PinPad({ label, submit, onDone }: { label: Text; submit: Text; onDone: (pin: string) => Promise<void> | void }) {
  const say = useWords()
  const [pin, setPin] = useState('')
  const done = async () => {
    const typed = pin
    setPin('')
    await onDone(typed)
  }
  return (
    <form
      className="pin"
      onSubmit={(event) => {
        event.preventDefault()
      }}
    >
      <label className="label">
        {say(label)}
        <input
          type="password"
          inputMode="none"
          autoComplete="off"
          name="pin"
          value={pin}
          autoFocus
          onChange={(event) => setPin(event.target.value.replaceAll(/\D/g, ''))}
        />
      </label>
      <Keys press={(digit) => setPin((now) => now + digit)} erase={() => setPin((now) => now.slice(0, -1))} />
      <BigButton type="submit" disabledReason={pin.length < 6 ? tooShort : undefined} onClick={done}>
        {submit}
      </BigButton>
    </form>
  )
}

/** Asks for the PIN. What waits goes out meanwhile. */
export function LockScreen({ people }: { people: People }) {
  const vault = useVault()
  const { account, name } = useSession()
  const [wrong, setWrong] = useState(false)
  const [forgotten, setForgotten] = useState(false)
  const say = useWords()
  const waiting = outbox.use().filter((item) => item.mine && item.state === 'waiting').length
  if (vault.state !== 'locked') return null
  return (
    <main className="narrow">
      <h1>
        <Icon name="lock" /> {say(text('已锁定', 'Locked'))}
      </h1>
      <p>{name}</p>
      <PinPad
        label={text('PIN', 'PIN')}
        submit={text('解锁', 'Unlock')}
        onDone={async (pin) => setWrong((await unlock(pin)) === 'wrong')}
      />
      {wrong && (
        <Notice tone="stop">
          {text(
            `PIN 不对，还可以试 ${vault.left} 次，之后会清除已下载的名册。`,
            `Wrong PIN. ${vault.left} more ${vault.left === 1 ? 'try' : 'tries'} before what was downloaded is erased.`,
          )}
        </Notice>
      )}
      {waiting > 0 && (
        <Notice>
          {text(`待上传 ${waiting} 条，锁定时也会照常上传。`, `${waiting} waiting; they go out while the phone is locked.`)}
        </Notice>
      )}
      <SmallButton onClick={() => setForgotten(true)}>{text('忘记 PIN / 换人', 'Forgot the PIN / somebody else')}</SmallButton>
      <Sheet open={forgotten} title={otherwise} onClose={() => setForgotten(false)}>
        <p>{say(cost)}</p>
        <SmallButton tone="stop" icon="erase" onClick={() => account && erase(account, 'asked')}>
          {text('清除并重设 PIN', 'Erase and set a new PIN')}
        </SmallButton>
        <SmallButton onClick={() => people.signOut()}>{text('退出，换人登录', 'Sign out')}</SmallButton>
      </Sheet>
    </main>
  )
}
