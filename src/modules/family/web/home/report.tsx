// How I am today: a temperature that was measured now, what hurts, a word; and what was recorded before.
import { useState } from 'react'
import { sayMinute } from '#core/dates.ts'
import { infoOf } from '#core/labels.ts'
import type { Problem } from '#core/problem.ts'
import { text, type Text } from '#core/text.ts'
import { useLanguage, useText } from '#web/language.ts'
import { MeasuredHow } from '#modules/monitoring/model.ts'
import { report } from '../../ownApi.ts'
import { Button, Card, Choices, Notice, ProblemSaid, Words, type Shown } from './parts.tsx'
import { send } from './wire.ts'

const said = {
  title: text('今天怎么样', 'How are you today'),
  whom: text('为谁报告', 'For whom'),
  temperature: text('刚量的体温（℃）', 'Temperature measured now (℃)'),
  without: text('没有体温计就留空。', 'No thermometer: leave it empty.'),
  where: text('量的部位', 'Measured where'),
  symptoms: text('哪里不舒服（可多选，没有就不选）', 'What is wrong (several; none: choose none)'),
  words: text('还想告诉我们的', 'Anything else'),
  go: text('报告', 'Report'),
  odd: text('请填写量到的体温，例如 36.5。', 'Enter what you measured, for example 36.5.'),
  done: text('已收到，谢谢。', 'Received, thank you.'),
  fever: text(
    '已收到。体温偏高：请在家休息、戴口罩、与家人分开，工作人员会尽快联系您。很不舒服请直接拨打 120。',
    'Received. That is high: rest, wear a mask, keep apart from the family; your team will be in touch soon. If you feel very ill, call 120.',
  ),
  before: text('我的记录（近 30 天）', 'My checks (30 days)'),
  nothing: text('还没有记录。', 'Nothing recorded yet.'),
  own: text('我报告的', 'Reported by me'),
  high: text('偏高', 'High'),
}
const sites = Object.entries(infoOf(MeasuredHow)!.choices!).map(([key, title]) => ({ key, title }))

export function ReportPage({ data, reload }: Shown) {
  const say = useText()
  const [person, setPerson] = useState(data.people[0]!.person)
  const [typed, setTyped] = useState('')
  const [site, setSite] = useState<string[]>(['armpit'])
  const [symptoms, setSymptoms] = useState<string[]>([])
  const [words, setWords] = useState('')
  const [problem, setProblem] = useState<Problem>()
  const [told, setTold] = useState<{ words: Text; tone: 'info' | 'look' }>()
  const value = typed === '' ? null : Number(typed.replace(/[，。,·]/, '.'))
  const odd = value !== null && !(value >= 30 && value <= 45)
  const go = async () => {
    setTold(undefined)
    const answer = await send(report, {
      person,
      temperature: value,
      measuredHow: value === null ? null : (site[0] as 'armpit'),
      symptoms,
      words: words || null,
    })
    setTold(answer ? { words: answer.fever ? said.fever : said.done, tone: answer.fever ? 'look' : 'info' } : undefined)
    setTyped('')
    setSymptoms([])
    setWords('')
    if (answer) await reload()
  }
  return (
    <>
      {told && <Notice tone={told.tone}>{say(told.words)}</Notice>}
      <Card title={said.title}>
        {data.people.length > 1 && (
          <Choices
            label={said.whom}
            name="person"
            options={data.people.map((one) => ({ key: one.person, title: text(one.name, one.name) }))}
            chosen={[person]}
            onChange={([one]) => setPerson(one!)}
          />
        )}
        <label className="field">
          <span className="label">{say(said.temperature)}</span>
          <span className="quiet">{say(said.without)}</span>
          <input
            className="home-temperature"
            type="text"
            inputMode="decimal"
            autoComplete="off"
            maxLength={5}
            value={typed}
            aria-invalid={odd || undefined}
            onChange={(event) => setTyped(event.target.value.normalize('NFKC').replaceAll(/[^\d.,]/g, ''))}
          />
        </label>
        {odd && <p className="wrong">{say(said.odd)}</p>}
        {value !== null && <Choices label={said.where} name="site" options={sites} chosen={site} onChange={setSite} />}
        <Choices label={said.symptoms} name="symptoms" options={data.symptoms} chosen={symptoms} onChange={setSymptoms} several />
        <Words label={said.words} value={words} onChange={setWords} max={200} />
        <ProblemSaid problem={problem} />
        <Button big tone="go" label={said.go} disabled={odd} onClick={go} onProblem={setProblem} />
      </Card>
      {data.people.map((one) => (
        <Checks key={one.person} of={one} named={data.people.length > 1} />
      ))}
    </>
  )
}

function Checks({ of, named }: { of: Shown['data']['people'][number]; named: boolean }) {
  const say = useText()
  const language = useLanguage()
  const title = named ? text(`${of.name}：${said.before.zh}`, `${of.name}: ${said.before.en}`) : said.before
  return (
    <Card title={title}>
      {of.checks.length === 0 && <p>{say(said.nothing)}</p>}
      <ul className="home-list">
        {of.checks.map((check) => (
          <li key={check.id}>
            <span className="quiet">
              {sayMinute(check.at, language)}
              {check.mine && ` · ${say(said.own)}`}
            </span>
            <span>
              {[check.value ?? say(check.what), check.said && say(check.said)].filter(Boolean).join(' · ')}
              {check.fever && <b className="tag look"> {say(said.high)}</b>}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
