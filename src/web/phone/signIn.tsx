// Signing in on a phone, and choosing a new password where the present one was handed out for one use.
import { useState } from 'react'
import { text, type Text } from '#core/text.ts'
import { asProblem } from '#web/problems.ts'
import type { Problem } from '#core/problem.ts'
import { BigButton, Card, Notice } from './ui.tsx'
import { useWords } from './words.ts'

type Terms = {
  title: Text
  /** Signs in; answers whether a code of the authenticator app is still wanted, or a new password before anything else. */
  signIn: (username: string, password: string, code: string) => Promise<'done' | 'code' | 'change'>
  change: (password: string, next: string) => Promise<unknown>
  onDone: () => void
}

export function SignInForm({ title, signIn, change, onDone }: Terms) {
  const say = useWords()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [next, setNext] = useState('')
  const [code, setCode] = useState('')
  const [step, setStep] = useState<'enter' | 'code' | 'change'>('enter')
  const changing = step === 'change'
  const [problem, setProblem] = useState<Problem>()
  async function go() {
    setProblem(undefined)
    try {
      if (changing) await change(password, next)
      else {
        const answer = await signIn(name, password, code)
        if (answer !== 'done') {
          setStep(answer)
          return
        }
      }
      onDone()
    } catch (error) {
      setProblem(asProblem(error))
    }
  }
  const ready = changing ? next !== '' : name !== '' && password !== '' && (step !== 'code' || code !== '')
  return (
    <main className="narrow">
      <h1>{say(title)}</h1>
      {changing && (
        <Notice>{text('这是一次性密码，请先换成自己的。', 'This password was for one use. Choose your own first.')}</Notice>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault()
        }}
      >
        <Card>
          {changing ? (
            <Line label={text('新密码', 'New password')} type="password" fill="new-password" value={next} onChange={setNext} />
          ) : (
            <>
              <Line label={text('用户名', 'User name')} type="text" fill="username" value={name} onChange={setName} />
              <Line
                label={text('密码', 'Password')}
                type="password"
                fill="current-password"
                value={password}
                onChange={setPassword}
              />
              {step === 'code' && (
                <Line
                  label={text('验证器上的 6 位动态码，或恢复码', '6 digits of the app, or a recovery code')}
                  type="text"
                  fill="one-time-code"
                  value={code}
                  onChange={setCode}
                />
              )}
            </>
          )}
        </Card>
        {problem && <Notice tone="stop">{problem.say}</Notice>}
        <BigButton type="submit" onClick={go} disabledReason={ready ? undefined : text('请先填写', 'Please fill this in first')}>
          {changing ? text('换密码并进入', 'Change and go on') : text('登录', 'Sign in')}
        </BigButton>
      </form>
    </main>
  )
}

type LineTerms = { label: Text; type: string; fill: string; value: string; onChange: (next: string) => void }

function Line({ label, type, fill, value, onChange }: LineTerms) {
  const say = useWords()
  return (
    <label className="label">
      {say(label)}
      <input
        type={type}
        autoComplete={fill}
        autoCapitalize="none"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  )
}
