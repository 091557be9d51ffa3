// Setting up the codes at sign-in on the phone itself: its own authenticator app opens by a tap, or the secret is typed elsewhere.
import { useEffect, useState } from 'react'
import { text } from '#core/text.ts'
import { BigButton, Card, Notice } from '#web/phone/ui.tsx'
import { tellNow } from '#web/phone/wire.ts'
import { useWords } from '#web/phone/words.ts'
import { asProblem } from '#web/problems.ts'
import type { Problem } from '#core/problem.ts'
import { beginSecondFactor, confirmSecondFactor } from './api.ts'

const said = {
  title: text('设置登录动态码', 'Set up codes at sign-in'),
  why: text(
    '您的岗位登录时除密码外还要输入验证器上的动态码。',
    'From your post, signing in asks for a code of an authenticator app beside the password.',
  ),
  open: text('在这部手机的验证器里打开', 'Open in the authenticator app of this phone'),
  key: text('或在验证器里手工输入密钥：', 'Or type this secret into the app:'),
  code: text('验证器现在显示的 6 位数字', 'The 6 digits that it shows now'),
  confirm: text('确认', 'Confirm'),
  codes: text('恢复码', 'Recovery codes'),
  codesWhat: text(
    '手机丢失时用它代替动态码，每个只能用一次。只在这里显示一次，请抄下锁好。',
    'If the phone is lost, one of these stands for the code, each only once. They are shown here only: copy them and lock them away.',
  ),
  kept: text('已抄下，继续', 'Copied, go on'),
  first: text('请先填写', 'Please fill this in first'),
}

export function SetUpCodes({ onDone }: { onDone: () => void }) {
  const say = useWords()
  const [begun, setBegun] = useState<{ secret: string; link: string }>()
  const [codes, setCodes] = useState<readonly string[]>()
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<Problem>()
  const begin = () => tellNow(beginSecondFactor, {}).then(setBegun, (error: unknown) => setProblem(asProblem(error)))
  useEffect(() => {
    void begin()
  }, [])
  const confirm = async () => {
    setProblem(undefined)
    try {
      setCodes((await tellNow(confirmSecondFactor, { code })).recoveryCodes)
    } catch (error) {
      setProblem(asProblem(error))
    }
  }
  if (codes) {
    return (
      <main className="narrow">
        <h1>{say(said.codes)}</h1>
        <Notice tone="look">{said.codesWhat}</Notice>
        <Card>
          <ul>
            {codes.map((one) => (
              <li key={one}>
                <code>{one}</code>
              </li>
            ))}
          </ul>
        </Card>
        <BigButton onClick={onDone}>{said.kept}</BigButton>
      </main>
    )
  }
  return (
    <main className="narrow">
      <h1>{say(said.title)}</h1>
      <Notice>{said.why}</Notice>
      {begun && (
        <Card>
          <a className="small plain" href={begun.link}>
            {say(said.open)}
          </a>
          <p>
            {say(said.key)}
            <br />
            <code>{begun.secret.match(/.{1,4}/g)?.join(' ')}</code>
          </p>
          <label className="label">
            {say(said.code)}
            <input
              inputMode="numeric"
              autoComplete="one-time-code"
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
          </label>
        </Card>
      )}
      {problem && <Notice tone="stop">{problem.say}</Notice>}
      <BigButton onClick={confirm} disabledReason={code.trim() === '' ? said.first : undefined}>
        {said.confirm}
      </BigButton>
    </main>
  )
}
