// Objections and their answers, the own data and its corrections, the size of letters, and the way out.
import { useState } from 'react'
import { sayDay, sayMinute } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import type { Problem } from '#core/problem.ts'
import { text, type Text } from '#core/text.ts'
import { fetchFile } from '#web/api.ts'
import { useLanguage, useText } from '#web/language.ts'
import { kept } from '#web/store.ts'
import { CorrectionState, ObjectionState, Outcome } from '../../model.ts'
import { askCorrection, copy, copyFile, object, withdraw, type CopyLine, type OwnObjection } from '../../ownApi.ts'
import { Button, Card, Choices, Notice, ProblemSaid, Words, type Shown } from './parts.tsx'
import { askNow, send, tellNow } from './wire.ts'

const said = {
  objections: text('对决定有不同意见', 'Objections'),
  which: text('对哪份决定', 'Against which decision'),
  words: text('哪里不同意，为什么', 'What is wrong, and why'),
  explain: (days: number) =>
    text(
      `原话会送到作出决定的机关，${days} 天内书面答复您，在这里能看到。提出异议不会对您不利；答复前原决定继续有效。也可以依法申请行政复议或提起诉讼。`,
      `Your words go to the body that decided; it answers in writing within ${days} days, and you read it here. It is no disadvantage to you; until then the decision stands. Review and litigation are open by law.`,
    ),
  send: text('提出异议', 'Object'),
  sent: text('已送出。', 'Sent.'),
  due: text('最晚答复', 'Answer due'),
  back: text('撤回', 'Withdraw'),
  print: text('打印', 'Print'),
  nothing: text('没有可以提出异议的决定。', 'There is no decision to object to.'),
  data: text('我的资料', 'What is kept about me'),
  see: text('查看', 'Look'),
  fetch: text('下载', 'Download'),
  wrong: text('资料有错，要求更正', 'Something is wrong: ask for a correction'),
  wrongWords: text('哪里不对，应当是什么', 'What is wrong, and what it should be'),
  ask: text('要求更正', 'Ask'),
  whom: text('谁的资料', 'Whose'),
  size: text('字的大小', 'Size of letters'),
  leave: text('退出', 'Leave'),
  leaveWhy: text('在别人的手机上用完请退出。', 'Leave when this is not your own phone.'),
  answer: text('书面答复', 'Answer in writing'),
}
const sizes = [
  { key: 'usual', title: text('标准', 'Usual') },
  { key: 'large', title: text('大', 'Large') },
  { key: 'huge', title: text('特大', 'Very large') },
]

export function MorePage({ data, reload, onLeave }: Shown & { onLeave: () => Promise<void> }) {
  const say = useText()
  const [size, setSize] = useState(document.documentElement.dataset['size'] ?? 'large')
  const resize = ([next]: string[]) => {
    document.documentElement.dataset['size'] = next!
    kept.write('local', 'linli.home.size', next!)
    setSize(next!)
  }
  return (
    <>
      <Objections data={data} reload={reload} />
      <Data />
      <Corrections data={data} reload={reload} />
      <Card>
        <Choices label={said.size} name="size" options={sizes} chosen={[size]} onChange={resize} />
        <p className="quiet">{say(said.leaveWhy)}</p>
        <Button label={said.leave} onClick={onLeave} />
      </Card>
    </>
  )
}

function Objections({ data, reload }: Shown) {
  const say = useText()
  const orders = [
    ...new Map(
      data.people
        .flatMap((one) => one.orders)
        .filter((one) => one.mayObject)
        .map((one) => [one.id, one]),
    ).values(),
  ]
  const [order, setOrder] = useState<string[]>(orders.slice(0, 1).map((one) => one.id))
  const [words, setWords] = useState('')
  const [problem, setProblem] = useState<Problem>()
  const [told, setTold] = useState<Text>()
  const go = async () => {
    const answer = await send(object, { order: order[0]!, words })
    setTold(answer && said.sent)
    setWords('')
    if (answer) await reload()
  }
  return (
    <Card title={said.objections}>
      {told && <Notice>{say(told)}</Notice>}
      {orders.length === 0 ? (
        <p>{say(said.nothing)}</p>
      ) : (
        <>
          <p className="quiet">{say(said.explain(data.objectionDays))}</p>
          {orders.length > 1 && (
            <Choices
              label={said.which}
              name="order"
              options={orders.map((one) => ({ key: one.id, title: text(one.document, one.document) }))}
              chosen={order}
              onChange={setOrder}
            />
          )}
          <Words label={said.words} value={words} onChange={setWords} max={1000} />
          <ProblemSaid problem={problem} />
          <Button tone="go" label={said.send} disabled={words.trim().length < 2} onClick={go} onProblem={setProblem} />
        </>
      )}
      {data.objections.map((one) => (
        <Objected key={one.id} of={one} reload={reload} />
      ))}
    </Card>
  )
}

function Objected({ of, reload }: { of: OwnObjection; reload: () => Promise<void> }) {
  const say = useText()
  const language = useLanguage()
  const [problem, setProblem] = useState<Problem>()
  const back = async () => {
    await tellNow(withdraw, { objection: of.id })
    await reload()
  }
  return (
    <article className="home-one home-letter">
      <p>
        <b>{of.body}</b> <span className="tag info">{say(choiceText(ObjectionState, of.state))}</span>
      </p>
      <p className="quiet">
        {of.document} · {sayMinute(of.receivedAt, language)}
        {of.state === 'received' && ` · ${say(said.due)} ${sayDay(of.dueOn, language)}`}
      </p>
      <p>{of.words}</p>
      {of.answer && (
        <>
          <h3>
            {say(said.answer)}：{say(choiceText(Outcome, of.outcome!))}
          </h3>
          <p className="home-answer">{of.answer}</p>
          <p className="quiet">
            {[of.answerDocument, of.answeredAt && sayMinute(of.answeredAt, language)].filter(Boolean).join(' · ')}
          </p>
          <Button label={said.print} onClick={() => print()} />
        </>
      )}
      <ProblemSaid problem={problem} />
      {of.state === 'received' && <Button label={said.back} onClick={back} onProblem={setProblem} />}
    </article>
  )
}

function Data() {
  const say = useText()
  const [rows, setRows] = useState<readonly CopyLine[]>()
  const [problem, setProblem] = useState<Problem>()
  const save = async () => {
    const { blob, name } = await fetchFile(copyFile, {})
    const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(blob), download: name })
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  }
  return (
    <Card title={said.data}>
      <div className="pair">
        <Button label={said.see} onClick={async () => setRows((await askNow(copy, {})).rows)} onProblem={setProblem} />
        <Button label={said.fetch} onClick={save} onProblem={setProblem} />
      </div>
      <ProblemSaid problem={problem} />
      {rows &&
        [...Map.groupBy(rows, (row) => row.group.en)].map(([key, lines]) => (
          <section key={key}>
            <h3>{say(lines[0]!.group)}</h3>
            <dl className="home-facts">
              {lines.map((line, i) => (
                <div key={i}>
                  <dt>{say(line.name)}</dt>
                  <dd>{line.value}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
    </Card>
  )
}

function Corrections({ data, reload }: Shown) {
  const say = useText()
  const language = useLanguage()
  const [person, setPerson] = useState(data.people[0]!.person)
  const [words, setWords] = useState('')
  const [problem, setProblem] = useState<Problem>()
  const [told, setTold] = useState<Text>()
  const go = async () => {
    const answer = await send(askCorrection, { person, words })
    setTold(answer && said.sent)
    setWords('')
    if (answer) await reload()
  }
  return (
    <Card title={said.wrong}>
      {told && <Notice>{say(told)}</Notice>}
      {data.people.length > 1 && (
        <Choices
          label={said.whom}
          name="whose"
          options={data.people.map((one) => ({ key: one.person, title: text(one.name, one.name) }))}
          chosen={[person]}
          onChange={([one]) => setPerson(one!)}
        />
      )}
      <Words label={said.wrongWords} value={words} onChange={setWords} max={500} />
      <ProblemSaid problem={problem} />
      <Button label={said.ask} disabled={words.trim().length < 2} onClick={go} onProblem={setProblem} />
      {data.corrections.map((one) => (
        <article className="home-one" key={one.id}>
          <p>
            <span className="tag info">{say(choiceText(CorrectionState, one.state))}</span>{' '}
            <span className="quiet">{sayMinute(one.askedAt, language)}</span>
          </p>
          <p>{one.words}</p>
          {one.answer && (
            <p>
              <b>{one.answer}</b>
            </p>
          )}
        </article>
      ))}
    </Card>
  )
}
