// Coming in: scan or type the code; the first time the worker confirms four digits and a PIN is chosen, later the PIN is enough.
import { useEffect, useState } from 'react'
import type { Problem } from '#core/problem.ts'
import { text } from '#core/text.ts'
import { useText } from '#web/language.ts'
import * as api from '../../api.ts'
import { pinLength } from '../../model.ts'
import { codeInHand } from './code.ts'
import { Button, Card, Digits, Notice, ProblemSaid } from './parts.tsx'
import { askNow, tellNow } from './wire.ts'

const said = {
  code: text('联系卡上的入口码', 'The code on your contact card'),
  codeHint: text(
    '用微信扫联系卡上的二维码最方便；也可以在这里输入 10 位手输码。',
    'Easiest is to scan the QR on the card; or type the ten letters here.',
  ),
  go: text('下一步', 'Go on'),
  enter: text('进入', 'Enter'),
  pin: text('您的 6 位密码', 'Your PIN of six digits'),
  forgot: text('忘了密码，请打电话请工作人员重新发码。', 'Forgotten? Call your worker for a new code.'),
  first: text('第一次进入', 'First time here'),
  number: text('请把这四位数字告诉身边的工作人员', 'Tell the worker beside you these four digits'),
  waits: text('等工作人员在他的手机或电脑上确认…', 'Waiting for the worker to confirm …'),
  confirmed: text('工作人员已确认。现在请自己设一个密码，不要告诉别人。', 'Confirmed. Now choose a PIN and tell nobody.'),
  choose: text('设 6 位密码', 'Choose six digits'),
  again: text('再输一遍', 'Once more'),
  rule: text(
    '不要用生日、手机号、证件号、房号，也不要用 123456 这样的数字。',
    'No birthday, phone, document or room number, and nothing like 123456.',
  ),
  differ: text('两遍不一样，请重新输入。', 'The two differ. Enter them again.'),
  other: text('换一个入口码', 'Use another code'),
}

type Stage =
  { at: 'code' } | { at: 'pin'; code: string } | { at: 'wait' | 'choose'; code: string; ticket: string; number: string }

export function Enter({ onInside }: { onInside: () => void }) {
  const say = useText()
  const inHand = codeInHand.use()
  const [typed, setTyped] = useState('')
  const [stage, setStage] = useState<Stage>({ at: 'code' })
  const [problem, setProblem] = useState<Problem>()
  const begin = async (code: string) => {
    const { next, ticket, number } = await tellNow(api.begin, { code })
    setStage(next === 'pin' ? { at: 'pin', code } : { at: 'wait', code, ticket: ticket!, number: number! })
  }
  useEffect(() => {
    if (inHand) begin(inHand).catch((error: Problem) => setProblem(error))
  }, [inHand])
  const restart = () => {
    codeInHand.set(null)
    setProblem(undefined)
    setStage({ at: 'code' })
  }
  const done = () => {
    codeInHand.set(null)
    onInside()
  }
  return (
    <main className="narrow">
      {stage.at === 'code' && (
        <Card title={said.code}>
          <p className="quiet">{say(said.codeHint)}</p>
          <label className="field">
            <span className="label">{say(text('手输码', 'Typed code'))}</span>
            <input
              type="text"
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              maxLength={24}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </label>
          <Button
            big
            tone="go"
            label={said.go}
            disabled={typed.trim().length < 8}
            onClick={() => begin(typed)}
            onProblem={setProblem}
          />
        </Card>
      )}
      {stage.at === 'pin' && <EnterPin code={stage.code} onDone={done} onProblem={setProblem} />}
      {stage.at === 'wait' && (
        <Wait stage={stage} onConfirmed={() => setStage({ ...stage, at: 'choose' })} onProblem={setProblem} />
      )}
      {stage.at === 'choose' && <ChoosePin stage={stage} onDone={done} onProblem={setProblem} />}
      <ProblemSaid problem={problem} />
      {stage.at !== 'code' && <Button label={said.other} onClick={restart} />}
    </main>
  )
}

type Step = { onDone: () => void; onProblem: (problem: Problem | undefined) => void }

function EnterPin({ code, onDone, onProblem }: Step & { code: string }) {
  const say = useText()
  const [pin, setPin] = useState('')
  const enter = async () => {
    await tellNow(api.enter, { code, pin }).finally(() => setPin(''))
    onDone()
  }
  return (
    <Card>
      <Digits label={said.pin} value={pin} onChange={setPin} length={pinLength} hidden />
      <Button big tone="go" label={said.enter} disabled={pin.length < pinLength} onClick={enter} onProblem={onProblem} />
      <p className="quiet">{say(said.forgot)}</p>
    </Card>
  )
}

type Ticketed = { code: string; ticket: string; number: string }
function Wait({
  stage: { code, ticket, number },
  onConfirmed,
  onProblem,
}: {
  stage: Ticketed
  onConfirmed: () => void
  onProblem: Step['onProblem']
}) {
  const say = useText()
  useEffect(() => {
    const look = setInterval(() => {
      askNow(api.waiting, { code, ticket }).then(
        ({ confirmed }) => {
          if (confirmed) onConfirmed()
        },
        (error: Problem) => {
          if (error.status < 500) onProblem(error)
        },
      )
    }, 2_000)
    return () => clearInterval(look)
  }, [ticket])
  return (
    <Card title={said.first}>
      <p>{say(said.number)}</p>
      <strong className="home-number" aria-label={[...number].join(' ')}>
        {number}
      </strong>
      <p className="quiet" role="status">
        {say(said.waits)}
      </p>
    </Card>
  )
}

function ChoosePin({ stage: { code, ticket }, onDone, onProblem }: Step & { stage: Ticketed }) {
  const say = useText()
  const [pin, setPin] = useState('')
  const [again, setAgain] = useState('')
  const whole = pin.length === pinLength && again.length === pinLength
  const choose = async () => {
    await tellNow(api.choosePin, { code, ticket, pin })
    onDone()
  }
  return (
    <Card title={said.choose}>
      <Notice>{say(said.confirmed)}</Notice>
      <p className="quiet">{say(said.rule)}</p>
      <Digits label={said.choose} value={pin} onChange={setPin} length={pinLength} hidden />
      <Digits label={said.again} value={again} onChange={setAgain} length={pinLength} hidden />
      {whole && pin !== again && <Notice tone="look">{say(said.differ)}</Notice>}
      <Button big tone="go" label={said.enter} disabled={!whole || pin !== again} onClick={choose} onProblem={onProblem} />
    </Card>
  )
}
