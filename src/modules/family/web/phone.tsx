// On the worker's phone, before the resident: whoever waits to come in for the first time, and the four digits read from the other screen.
import { useEffect, useState } from 'react'
import { text } from '#core/text.ts'
import { asProblem } from '#web/problems.ts'
import { askNow, tellNow } from '#web/phone/wire.ts'
import { BigButton, Card, Empty, Notice, SmallButton, toast } from '#web/phone/ui.tsx'
import { useWords } from '#web/phone/words.ts'
import type { Problem } from '#core/problem.ts'
import * as api from '../api.ts'

const said = {
  advice: text(
    '请住户扫联系卡上的码，把他屏幕上的四位数字填在这里。不是面前这部手机，不要确认。',
    'Let the resident scan the card, and enter the four digits of that screen here. Confirm no other phone than the one before you.',
  ),
  none: text('没有人在等待确认', 'Nobody waits'),
  hint: text('住户扫码后会出现在这里。', 'Whoever scans a code appears here.'),
  digits: text('居民屏幕上的四位数字', 'Four digits on the resident’s screen'),
  confirm: text('确认', 'Confirm'),
  again: text('再看一次', 'Look again'),
  done: text('已确认，请住户自己设密码。', 'Confirmed. Let the resident choose a PIN.'),
  four: text('请填四位数字', 'Enter four digits'),
}

export function ConfirmPage() {
  const say = useWords()
  const [rows, setRows] = useState<readonly api.ViewLine[]>()
  const [problem, setProblem] = useState<Problem>()
  const look = () =>
    askNow(api.views, { state: 'waiting' }).then(
      (page) => {
        setRows(page.rows)
        setProblem(undefined)
      },
      (error: unknown) => setProblem(asProblem(error)),
    )
  useEffect(() => {
    void look()
    const timer = setInterval(() => void look(), 4_000)
    return () => clearInterval(timer)
  }, [])
  return (
    <>
      <Notice>{said.advice}</Notice>
      {problem && <Notice tone="stop">{problem.say}</Notice>}
      {rows?.length === 0 && <Empty title={said.none} hint={said.hint} />}
      {rows?.map((row) => (
        <One key={row.id} row={row} onDone={look} />
      ))}
      <SmallButton onClick={look}>{say(said.again)}</SmallButton>
    </>
  )
}

function One({ row, onDone }: { row: api.ViewLine; onDone: () => Promise<void> }) {
  const say = useWords()
  const [number, setNumber] = useState('')
  const confirm = async () => {
    await tellNow(api.confirmFirst, { view: row.id, number })
    toast(said.done)
    await onDone()
  }
  return (
    <Card title={text(row.name ?? '', row.name ?? '')} aside={row.address ?? ''}>
      <label className="label">
        {say(said.digits)}
        <input
          type="text"
          inputMode="numeric"
          maxLength={4}
          autoComplete="off"
          value={number}
          onChange={(event) => setNumber(event.target.value.replaceAll(/\D/g, ''))}
        />
      </label>
      <BigButton onClick={confirm} disabledReason={number.length === 4 ? undefined : said.four}>
        {said.confirm}
      </BigButton>
    </Card>
  )
}
