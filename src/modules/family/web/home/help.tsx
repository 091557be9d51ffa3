// Asking for help, seeing what becomes of it, and saying how it was.
import { useState } from 'react'
import { sayMinute } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import type { Problem } from '#core/problem.ts'
import { text, type Text } from '#core/text.ts'
import { useLanguage, useText } from '#web/language.ts'
import { RequestState } from '#modules/services/model.ts'
import { askHelp, rate, type OwnRequest } from '../../ownApi.ts'
import { Button, Card, Choices, Notice, ProblemSaid, Words, type Shown } from './parts.tsx'
import { send, tellNow } from './wire.ts'

const said = {
  title: text('需要什么', 'What do you need'),
  category: text('哪一类', 'Which kind'),
  urgency: text('多急', 'How soon'),
  content: text('要什么、多少', 'What, and how much'),
  hint: text('例如：降压药 1 盒，写清药名；大米 10 斤', 'For example: one box of a medicine, by name; rice 5 kg'),
  go: text('发送', 'Send'),
  done: text('已收到，工作人员会来接单。', 'Received; somebody will take it on.'),
  mine: text('我的求助', 'What I asked for'),
  none: text('还没有求助。', 'Nothing asked for yet.'),
  due: text('应办好', 'Owed by'),
  signed: text('签收', 'Signed by'),
  how: text('办得怎么样', 'How was it'),
  rate: text('评价', 'Say so'),
  rated: (n: number) => text(`您评了 ${n} 分`, `You gave ${n} of 5`),
  more: text('想说的话', 'A word'),
}
const scores = [1, 2, 3, 4, 5].map((n) => ({ key: String(n), title: text(`${n} 分`, String(n)) }))

export function HelpPage({ data, reload }: Shown) {
  const say = useText()
  const [category, setCategory] = useState<string[]>([])
  const [urgency, setUrgency] = useState<string[]>([])
  const [content, setContent] = useState('')
  const [problem, setProblem] = useState<Problem>()
  const [told, setTold] = useState<Text>()
  const ready = category.length > 0 && urgency.length > 0 && content.trim() !== ''
  const go = async () => {
    setTold(undefined)
    const answer = await send(askHelp, { category: category[0]!, urgency: urgency[0]!, content })
    setTold(answer && said.done)
    setContent('')
    if (answer) await reload()
  }
  return (
    <>
      {told && <Notice>{say(told)}</Notice>}
      <Card title={said.title}>
        <Choices label={said.category} name="category" options={data.categories} chosen={category} onChange={setCategory} />
        <Choices label={said.urgency} name="urgency" options={data.urgencies} chosen={urgency} onChange={setUrgency} />
        <Words label={said.content} hint={said.hint} value={content} onChange={setContent} max={300} />
        <ProblemSaid problem={problem} />
        <Button big tone="go" label={said.go} disabled={!ready} onClick={go} onProblem={setProblem} />
      </Card>
      <Card title={said.mine}>
        {data.requests.length === 0 && <p>{say(said.none)}</p>}
        {data.requests.map((one) => (
          <Asked key={one.id} of={one} reload={reload} />
        ))}
      </Card>
    </>
  )
}

function Asked({ of, reload }: { of: OwnRequest; reload: () => Promise<void> }) {
  const say = useText()
  const language = useLanguage()
  const [score, setScore] = useState<string[]>([])
  const [words, setWords] = useState('')
  const [problem, setProblem] = useState<Problem>()
  const tell = async () => {
    await tellNow(rate, { request: of.id, score: Number(score[0]), words: words || null })
    await reload()
  }
  return (
    <article className="home-one">
      <p>
        <b>{say(of.title)}</b> <span className="tag info">{say(choiceText(RequestState, of.state))}</span>
      </p>
      <p>{of.content}</p>
      <p className="quiet">
        {of.number} · {say(said.due)} {sayMinute(of.dueAt, language)}
        {of.signedBy && ` · ${say(said.signed)} ${of.signedBy}`}
      </p>
      {of.score !== null && (
        <p>
          {say(said.rated(of.score))}
          {of.feedback && `：${of.feedback}`}
        </p>
      )}
      {of.mayRate && of.score === null && (
        <>
          <Choices label={said.how} name={`score-${of.id}`} options={scores} chosen={score} onChange={setScore} />
          <Words label={said.more} value={words} onChange={setWords} max={200} />
          <ProblemSaid problem={problem} />
          <Button label={said.rate} disabled={score.length === 0} onClick={tell} onProblem={setProblem} />
        </>
      )}
    </article>
  )
}
