// The gate on a guard's phone: pick the post, read a pass, a code or a room, one glance, measure, record. It needs no network.
import { Suspense, useState } from 'react'
import { dayOf, instantOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { serverNow } from '#web/phone/clock.ts'
import { Choice, NumberPad } from '#web/phone/fields.tsx'
import { lazily } from '#web/phone/lazily.ts'
import { record as send } from '#web/phone/outbox.ts'
import { usePendingFor, useSet } from '#web/phone/sync.ts'
import { Age, BigButton, Card, Empty, Notice, Pair, Room, SmallButton, toast, type Tone } from '#web/phone/ui.tsx'
import { useWords } from '#web/phone/words.ts'
import { store } from '#web/store.ts'
import { mustChoose, verdictAt, type GateRow } from '../atGate.ts'
import { raise } from '../gateApi.ts'
import { passages, Whose } from '../passages.ts'
import type { Verdict } from '../rules.ts'
import { gateSetDown, ownExits, rowOfPass, seek } from './set.ts'
import './phone.css'
import { verifyHere } from './verifying.ts'

const Camera = lazily(() => import('./camera.tsx'), 'Camera')

/** The post of this shift: the same until somebody picks another. */
const post = store<Id | null>(null)
const directions = [
  { value: 'out', text: text('出门', 'Going out') },
  { value: 'in', text: text('进门', 'Coming in') },
]
const kinds = Whose.options.map((value) => ({ value, text: choiceText(Whose, value) }))
const tones: Record<Verdict['answer'], Tone> = { allowed: 'go', ask: 'look', refused: 'stop' }
const heads: Record<Verdict['answer'], Text> = {
  allowed: text('放行', 'Pass'),
  ask: text('请询问', 'Ask'),
  refused: text('暂不放行', 'Not now'),
}

export function GatePage() {
  const set = useSet(gateSetDown)
  const chosen = post.use()
  const { data, problem, refresh } = set
  if (!data)
    return (
      <>
        {problem && <Notice tone="look">{problem.say}</Notice>}
        <Empty
          title={text('门岗名单还没有下载', 'The list of the gate is not on this phone yet')}
          hint={text('有信号时会自动下载，之后没有信号也能用。', 'It comes with a signal and works without one from then on.')}
        />
        <SmallButton onClick={refresh}>{text('现在下载', 'Download now')}</SmallButton>
      </>
    )
  const gate = data.gates.find((one) => one.id === chosen)
  return gate ? (
    <AtPost key={gate.id} set={set} gate={gate} />
  ) : (
    <PickPost gates={data.gates.filter((g) => g.mode !== 'closed')} />
  )
}

type Data = NonNullable<ReturnType<typeof useSet<typeof gateSetDown.contract>>['data']>
type GateOf = Data['gates'][number]

const PickPost = ({ gates }: { gates: readonly GateOf[] }) => (
  <Card title={text('今天在哪个门岗？', 'Which entrance today?')}>
    {gates.length === 0 && (
      <Empty
        title={text('还没有开放的出入口', 'No open entrance yet')}
        hint={text('请社区在“门岗”页面添加。', 'The community adds them on its Gate page.')}
      />
    )}
    {gates.map((one) => (
      <BigButton key={one.id} tone="plain" sub={text(one.placeName, one.placeName)} onClick={() => post.set(one.id)}>
        {text(one.name, one.name)}
      </BigButton>
    ))}
  </Card>
)

type Held = { readonly row: GateRow | undefined; readonly pass?: string; readonly card?: string; readonly known: boolean }

function AtPost({ set, gate }: { set: ReturnType<typeof useSet<typeof gateSetDown.contract>>; gate: GateOf }) {
  const say = useWords()
  const data = set.data!
  const [direction, setDirection] = useState<'in' | 'out'>(gate.mode === 'inOnly' ? 'in' : 'out')
  const [typed, setTyped] = useState('')
  const [several, setSeveral] = useState<readonly GateRow[]>([])
  const [held, setHeld] = useState<Held>()
  const [scanning, setScanning] = useState(false)

  async function look(words = typed) {
    const found = seek(data.rows, words)
    setSeveral([])
    if (found.what === 'mistyped') toast(text('短码有误，请核对后重输', 'The code is mistyped: check it'), { tone: 'look' })
    else if (found.what === 'nothing') setHeld({ row: undefined, known: false })
    else if (found.what === 'pass') setHeld(await heldBy(data, found.text))
    else if (found.rows.length > 1) setSeveral(found.rows)
    else setHeld({ row: found.rows[0], known: found.pass === undefined, ...(found.pass ? { pass: found.pass } : {}) })
  }
  function next() {
    setHeld(undefined)
    setSeveral([])
    setTyped('')
  }
  async function emergency() {
    const { row, pass } = held ?? {}
    await send(passages.contracts.record, {
      gate: gate.id,
      direction,
      outcome: 'emergency',
      who: 'resident',
      why: 'emergency',
      household: row?.household ?? null,
      pass: pass ?? null,
    })
    navigator.vibrate?.([200, 100, 200])
    toast(text('已紧急放行并记录，请同时报告社区', 'Opened and on record; tell the community too'), { tone: 'stop' })
    next()
  }
  return (
    <>
      <div className="between">
        <b>
          {gate.placeName} {gate.name}
        </b>
        <SmallButton onClick={() => post.set(null)}>{text('换门岗', 'Another post')}</SmallButton>
      </div>
      <Age at={set.takenAt} loading={set.loading} />
      <Choice
        label={text('进出', 'Direction')}
        choices={directions}
        value={direction}
        onChange={(to: 'in' | 'out') => setDirection(to)}
      />
      {held ? (
        <Glance key={direction} data={data} gate={gate} direction={direction} held={held} onDone={next} />
      ) : (
        <Card title={text('看证或问房号', 'Pass or room')}>
          {scanning ? (
            <Suspense fallback={null}>
              <Camera onRead={(written) => void look(written)} />
            </Suspense>
          ) : (
            <BigButton tone="plain" icon="scan" onClick={() => setScanning(true)}>
              {text('扫证', 'Scan a pass')}
            </BigButton>
          )}
          <form
            onSubmit={(event) => {
              event.preventDefault()
              void look()
            }}
          >
            <label className="field">
              <span className="label">{say(text('扫码、短码或房号', 'Scan, code or room'))}</span>
              <input type="text" autoComplete="off" value={typed} maxLength={200} onChange={(e) => setTyped(e.target.value)} />
            </label>
            <BigButton type="submit" disabledReason={typed.trim() ? undefined : text('请先输入', 'Type or scan first')}>
              {text('核验', 'Check')}
            </BigButton>
          </form>
          {several.map((row) => (
            <SmallButton key={row.household} onClick={() => setHeld({ row, known: true })}>
              {text(`${row.room} ${row.people[0]?.name ?? ''}`, `${row.room} ${row.people[0]?.name ?? ''}`)}
            </SmallButton>
          ))}
          <SmallButton onClick={() => setHeld({ row: undefined, known: true })}>
            {text('访客、快递、公务', 'Visitor, courier, duty')}
          </SmallButton>
        </Card>
      )}
      <BigButton
        tone="stop"
        icon="alert"
        sub={text('急病、临产、火情、危险：立即开门', 'Illness, birth, fire, danger: open now')}
        onClick={emergency}
      >
        {text('紧急放行', 'Emergency')}
      </BigButton>
      <SmallButton
        onClick={async () => {
          await send(raise, { gate: gate.id, kind: 'rushed' })
          toast(text('已报告社区', 'The community is told'))
        }}
      >
        {text('有人冲卡，报告社区', 'Gate rushed: tell the community')}
      </SmallButton>
    </>
  )
}

async function heldBy(data: Data, written: string): Promise<Held> {
  const said = await verifyHere(written, data, dayOf(instantOf(serverNow())))
  if (!said.pass || (!said.valid && !['stopped', 'expired', 'notYet'].includes(said.reason)))
    return { row: undefined, known: false, card: said.valid ? '' : said.reason }
  const { claims } = said.pass
  const row = rowOfPass(data.rows, claims)
  const pass = Array.from(claims.id, (b) => b.toString(16).padStart(2, '0')).join('')
  return { row, pass, known: false, ...(said.valid ? {} : { card: said.reason }) }
}

type GlanceTerms = { data: Data; gate: GateOf; direction: 'in' | 'out'; held: Held; onDone: () => void }

/** One glance: colour, sign, sentence; then what must be measured; then one key. */
function Glance({ data, gate, direction, held, onDone }: GlanceTerms) {
  const say = useWords()
  const pending = usePendingFor(gateSetDown)
  const { row, pass } = held
  const [person, setPerson] = useState<Id>()
  const [who, setWho] = useState<Whose>(row ? 'resident' : 'visitor')
  const [compared, setCompared] = useState(held.known)
  const [celsius, setCelsius] = useState<number>()
  const [again, setAgain] = useState<number>()
  const [name, setName] = useState('')
  const [visits, setVisits] = useState('')
  const outsider = !row && held.known
  const verdict = verdictAt(
    row,
    data.rules,
    { direction, who: outsider ? 'visitor' : 'resident', person, pass, known: compared },
    instantOf(serverNow()),
    ownExits(pending, row?.household),
  )
  const { answer, document, why } = verdict
  const hot = celsius !== undefined && celsius >= data.rules.feverAt
  const measured = direction === 'in' && who !== 'resident'
  const missing =
    measured && celsius === undefined
      ? text('来访和返回人员请先测温', 'Visitors and returnees are measured first')
      : hot && again === undefined
        ? text('请休息片刻后复测', 'Let them rest and measure again')
        : outsider && direction === 'in' && !(name.trim() && visits.trim())
          ? text('请登记姓名和事由', 'Put down name and errand')
          : undefined

  async function save(outcome: 'passed' | 'refused', objects: boolean | null = null) {
    const made = await send(
      passages.contracts.record,
      {
        gate: gate.id,
        direction,
        outcome,
        who,
        why,
        objects,
        document,
        household: row?.household ?? null,
        pass: pass ?? null,
        temperature: celsius ?? null,
        recheck: again ?? null,
        name: name.trim() || (row?.people.find((p) => p.person === person)?.name ?? null),
        visits: visits.trim() || null,
      },
      { undoable: true },
    )
    toast(text('已登记', 'Recorded'), made.queued ? { undo: made.undo } : {})
    onDone()
  }
  return (
    <>
      <div className="gate-glance">
        <Notice tone={tones[answer]}>
          <h2>{say(heads[answer])}</h2>
          {row && (
            <p>
              <Room>{row.room}</Room> <b>{row.people.map((p) => p.name).join('、')}</b>
            </p>
          )}
          <p>{say(verdict.say)}</p>
        </Notice>
      </div>
      {row && mustChoose(row) && (
        <Card title={text('来的是谁？', 'Who is it?')}>
          <Choice
            label={text('来的是谁？', 'Who is it?')}
            choices={row.people.map((p) => ({ value: p.person, text: text(p.name, p.name) }))}
            value={person}
            onChange={(one: Id) => setPerson(one)}
          />
        </Card>
      )}
      {why === 'card' && (
        <SmallButton onClick={() => setCompared(true)}>{text('已核对姓名和房号', 'Name and room compared')}</SmallButton>
      )}
      {(!row || direction === 'in') && (
        <Choice label={text('人员', 'Who')} choices={kinds} value={who} onChange={(to: Whose) => setWho(to)} />
      )}
      {outsider && (
        <Card>
          <Words label={text('姓名', 'Name')} value={name} onChange={setName} />
          <Words label={text('去哪户、什么事', 'Whom, what for')} value={visits} onChange={setVisits} />
        </Card>
      )}
      <Card title={text('体温', 'Temperature')}>
        <NumberPad label={text('体温', 'Temperature')} value={celsius} unit="℃" onChange={setCelsius} />
        {hot && (
          <>
            <Notice tone="look">{text('偏高：请休息片刻，再测一次。', 'High: let them rest, measure again.')}</Notice>
            <NumberPad label={text('复测体温', 'Measured again')} value={again} unit="℃" onChange={setAgain} />
          </>
        )}
      </Card>
      {answer === 'refused' ? (
        <Pair>
          <BigButton tone="look" onClick={() => save('refused')}>
            {text('登记未放行', 'Record: not now')}
          </BigButton>
          <SmallButton onClick={() => save('refused', true)}>
            {text('本人不同意，一并登记', 'They object: record it')}
          </SmallButton>
        </Pair>
      ) : (
        <BigButton disabledReason={missing} onClick={() => save('passed')}>
          {answer === 'ask' ? text('问清了，放行', 'Asked: let pass') : text('放行，登记', 'Pass, record')}
        </BigButton>
      )}
      <SmallButton onClick={onDone}>{text('返回', 'Back')}</SmallButton>
    </>
  )
}

function Words({ label, value, onChange }: { label: Text; value: string; onChange: (next: string) => void }) {
  const say = useWords()
  return (
    <label className="field">
      <span className="label">{say(label)}</span>
      <input type="text" autoComplete="off" maxLength={30} value={value} onChange={(event) => onChange(event.target.value)} />
    </label>
  )
}
