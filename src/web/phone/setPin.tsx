// The PIN is set once after sign-in, and can be changed. Loaded when needed.
import { useEffect, useState } from 'react'
import { text, type Text } from '#core/text.ts'
import { asProblem } from '#web/problems.ts'
import { useSession } from '#web/session.ts'
import { Gate } from './gate.tsx'
import { PinPad } from './lock.tsx'
import type { People } from './parts.ts'
import { Card, Notice, toast } from './ui.tsx'
import { changePin, checkPin, mustProve, pinChances, setUp, type Erased } from './vault.ts'
import { device, deviceEnrolled } from './who.ts'
import { useWords } from './words.ts'

const reasons: Record<Erased, Text> = {
  wrongPins: text(
    `PIN 连续输错 ${pinChances} 次，已下载的名册已清除。待上传的记录没有丢，会照常上传。`,
    `The PIN was wrong ${pinChances} times: what had been downloaded is erased. Records waiting to go out go out as usual.`,
  ),
  revoked: text(
    '这部手机已被停用，已下载的名册已清除。待上传的记录仍密封保存。',
    'This phone was revoked: what had been downloaded is erased. Records waiting to go out stay sealed.',
  ),
  away: text(
    '超过 24 小时没有连上服务器，已下载的名册已清除。待上传的记录没有丢。',
    'More than 24 hours without the server: what had been downloaded is erased. Records waiting to go out are not lost.',
  ),
  asked: text('已按您的要求清除。请设新的 PIN。', 'Erased as you asked. Set a new PIN.'),
}

const rules = text(
  '至少 6 位数字，不要用生日或连号。忘记 PIN 不会丢记录，只需重新登录并重新下载名册。',
  'At least 6 digits, no birthday and no row of digits. A forgotten PIN loses no record: sign in again and download again.',
)

/** Names this phone, enrols it and sets the PIN. After an erasure the password is asked for first. */
export function SetPin({ people, erased }: { people: People; erased: Erased | null }) {
  const { account, name } = useSession()
  const [prove, setProve] = useState<boolean>()
  const [first, setFirst] = useState<string>()
  const [phone, setPhone] = useState(device.get().name ?? '')
  const say = useWords()
  useEffect(() => {
    if (account) void mustProve(account).then(setProve)
  }, [account])
  if (prove === undefined || !account) return null
  const why = erased && <Notice tone="look">{reasons[erased]}</Notice>
  if (prove)
    return (
      <>
        {why}
        <Gate people={people} onDone={() => setProve(false)} />
      </>
    )

  async function finish(pin: string) {
    if (pin !== first) {
      setFirst(undefined)
      toast(text('两次输入不一样，请重新设。', 'The two did not match. Start again.'), { tone: 'look' })
      return
    }
    try {
      await enrol()
      await setUp(pin)
    } catch (error) {
      toast(asProblem(error).say, { tone: 'stop' })
    }
  }
  async function enrol() {
    if (!people.enrolDevice) return
    const { id, enrolledFor } = device.get()
    if (!enrolledFor.includes(account!)) await people.enrolDevice({ id, name: phone || say(someName) })
    await deviceEnrolled(phone || say(someName), account!)
  }
  return (
    <main className="narrow">
      {why}
      <h1>{say(text('设一个 PIN', 'Set a PIN'))}</h1>
      <p>{name}</p>
      {first === undefined && (
        <Card>
          <label className="label">
            {say(text('这部手机叫什么', 'Name of this phone'))}
            <input
              type="text"
              value={phone}
              maxLength={40}
              placeholder={say(someName)}
              onChange={(event) => setPhone(event.target.value)}
            />
          </label>
          <p className="quiet">{say(text('丢失时可按这个名字停用。', 'By this name it can be revoked when lost.'))}</p>
        </Card>
      )}
      <p className="quiet">{say(rules)}</p>
      {first === undefined ? (
        <PinPad
          key="first"
          label={text('新 PIN', 'New PIN')}
          submit={text('下一步', 'Next')}
          onDone={(pin) => {
            try {
              checkPin(pin)
              setFirst(pin)
            } catch (error) {
              toast(asProblem(error).say, { tone: 'look' })
            }
          }}
        />
      ) : (
        <PinPad key="again" label={text('再输一次', 'Once more')} submit={text('确定', 'Set')} onDone={finish} />
      )}
    </main>
  )
}
const someName = text('我的手机', 'My phone')

/** Old PIN, new PIN; the data stays. */
export function ChangePin({ onDone }: { onDone: () => void }) {
  const [old, setOld] = useState<string>()
  if (old === undefined) {
    return <PinPad key="old" label={text('现在的 PIN', 'Present PIN')} submit={text('下一步', 'Next')} onDone={setOld} />
  }
  return (
    <PinPad
      key="new"
      label={text('新 PIN', 'New PIN')}
      submit={text('更换', 'Change')}
      onDone={async (pin) => {
        try {
          if (await changePin(old, pin)) toast(text('PIN 已更换', 'The PIN was changed'))
          else toast(text('现在的 PIN 不对', 'The present PIN was wrong'), { tone: 'stop' })
          onDone()
        } catch (error) {
          toast(asProblem(error).say, { tone: 'look' })
        }
      }}
    />
  )
}
