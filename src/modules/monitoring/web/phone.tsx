// The round of checks on a phone: who is still to be checked, in the order of the walk, and one card for each: two taps where all is well.
import './phone.css'
import { useState } from 'react'
import { addDays, dayOf, sayTime } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { Choice, NumberPad } from '#web/phone/fields.tsx'
import { serverNow } from '#web/phone/clock.ts'
import { record as send } from '#web/phone/outbox.ts'
import { PhoneLink, useParams, usePhoneRoute } from '#web/phone/route.ts'
import { usePendingFor, useSet } from '#web/phone/sync.ts'
import { Age, BigButton, Card, Empty, Notice, Progress, Room, SmallButton, Tag, toast } from '#web/phone/ui.tsx'
import { connection } from '#web/phone/wire.ts'
import { useWords } from '#web/phone/words.ts'
import { store } from '#web/store.ts'
import { record, type CheckRules } from '../api.ts'
import { CheckHow, MeasuredHow } from '../model.ts'
import { doorOf, laidOf, nextStop, roundSet, stopsOf, toDo, type Stop } from './set.ts'

const home = '/monitoring'
const unit = text('人', 'people')
const stopPath = (person: Id) => `${home}/${person}`
/** How this round is made, and where is measured: the same until somebody says otherwise. */
const way = store<CheckHow>('door')
const site = store<MeasuredHow>('armpit')

function useRound() {
  const set = useSet(roundSet)
  const pending = usePendingFor(roundSet)
  const stops = set.data ? stopsOf(set.data.rows, laidOf(pending), serverNow()) : []
  return { ...set, stops }
}
type Round = ReturnType<typeof useRound>

/** Everything below /monitoring; which of it is told by the address. */
export function MonitoringPage() {
  const round = useRound()
  const [at] = usePhoneRoute()
  const person = useParams(`${home}/:person`)?.['person']
  if (!round.data) return <NothingYet round={round} />
  if (!person) return <List round={round} />
  const stop = round.stops.find((one) => one.id === person)
  return stop ? (
    <CheckCard key={at} stop={stop} round={round} rules={round.data.rules} />
  ) : (
    <Empty
      title={text('巡测名单里没有这个人', 'This person is not on your round')}
      hint={text('可能已结束，或不在您的网格。请更新名单。', 'It may have ended, or lie in another grid. Update the list.')}
    />
  )
}

function NothingYet({ round: { loading, problem, refresh } }: { round: Round }) {
  const online = connection.use() === 'online'
  if (problem)
    return (
      <>
        <Notice tone="look">{problem.say}</Notice>
        <SmallButton onClick={refresh}>{text('再下载一次', 'Download again')}</SmallButton>
      </>
    )
  return loading || online ? (
    <Empty title={text('正在下载巡测名单…', 'Downloading the round…')} />
  ) : (
    <Empty
      title={text('巡测名单还没有下载', 'The round is not on this phone yet')}
      hint={text(
        '有信号时会自动下载，之后可以离线使用。',
        'It is downloaded when there is a signal, and works offline from then on.',
      )}
    />
  )
}

// --- the list -----------------------------------------------------------------------------------------------------------

const placeOf = ({ compound, buildingName }: Stop): string => [compound, buildingName].filter(Boolean).join(' ')

function List({ round: { stops, takenAt, loading, problem, refresh } }: { round: Round }) {
  const [, go] = usePhoneRoute()
  const left = stops.filter((stop) => toDo(stop).length > 0)
  const asked = stops.filter((stop) => stop.slots.some(({ state }) => state !== 'later'))
  const next = nextStop(stops)
  return (
    <>
      <Progress label={text('本次巡测', 'This round')} done={asked.length - left.length} total={asked.length} unit={unit} />
      <div className="between">
        <Age at={takenAt} loading={loading} />
        <SmallButton onClick={refresh}>{text('更新', 'Update')}</SmallButton>
      </div>
      {problem && <Notice tone="look">{problem.say}</Notice>}
      {stops.length === 0 && (
        <Empty
          title={text('没有要测的人', 'Nobody is to be checked')}
          hint={text('有人开始观察后会自动出现在这里。', 'Whoever comes under observation appears here.')}
        />
      )}
      {next && (
        <BigButton icon="next" sub={placeOf(next)} onClick={() => go(stopPath(next.id))}>
          {text(`下一位 ${doorOf(next)}`, `Next: ${doorOf(next)}`)}
        </BigButton>
      )}
      {!next && stops.length > 0 && <Notice tone="go">{text('现在该测的都测完了。', 'All that is due now is done.')}</Notice>}
      {[...Map.groupBy(stops, placeOf)].map(([name, those]) => (
        <Card key={name} title={name || text('其他地点', 'Elsewhere')} aside={String(those.length)}>
          <ul className="checks">
            {those.map((stop) => (
              <Line key={stop.id} stop={stop} />
            ))}
          </ul>
        </Card>
      ))}
    </>
  )
}

function Line({ stop }: { stop: Stop }) {
  const say = useWords()
  const last = stop.laid.at(-1)
  const said = last?.value ?? stop.last?.value
  const open = toDo(stop)
  const refused = stop.laid.some(({ state }) => state === 'refused')
  return (
    <li>
      <PhoneLink href={stopPath(stop.id)}>
        <span>
          <b>
            {doorOf(stop)} {stop.name}
          </b>
          {said !== null && said !== undefined && (
            <small>
              {say(text('最近', 'Last'))} {said} ℃
            </small>
          )}
        </span>
        <Mark stop={stop} refused={refused} open={open.length > 0} overdue={open.some(({ state }) => state === 'overdue')} />
      </PhoneLink>
    </li>
  )
}

function Mark({ stop, refused, open, overdue }: { stop: Stop; refused: boolean; open: boolean; overdue: boolean }) {
  if (refused) return <Tag tone="stop">{text('被退回', 'Sent back')}</Tag>
  if (open && stop.episode === 'recheck') return <Tag tone="stop">{text('要复测', 'Measure again')}</Tag>
  if (open && stop.doubt) return <Tag tone="look">{text('要核实', 'To verify')}</Tag>
  if (overdue) return <Tag tone="stop">{text('超时', 'Overdue')}</Tag>
  if (open) return <Tag tone="look">{text('待测', 'To check')}</Tag>
  return stop.slots.some(({ state }) => state === 'done') ? (
    <Tag tone="go">{text('已测', 'Done')}</Tag>
  ) : (
    <Tag>{text('未到时', 'Later')}</Tag>
  )
}

// --- one person ---------------------------------------------------------------------------------------------------------

const tenths = Array.from({ length: 12 }, (_, i) => (361 + i) / 10)
const values = tenths.map((celsius) => ({ value: celsius.toFixed(1), text: text(celsius.toFixed(1), celsius.toFixed(1)) }))
const ways = CheckHow.options.map((value) => ({ value, text: choiceText(CheckHow, value) }))
const places = MeasuredHow.options.map((value) => ({ value, text: choiceText(MeasuredHow, value) }))

function CheckCard({ stop, round: { stops }, rules }: { stop: Stop; round: Round; rules: CheckRules }) {
  const say = useWords()
  const [, go] = usePhoneRoute()
  const how = way.use()
  const where = site.use()
  const [kind, setKind] = useState(() => kindFor(stop, rules))
  const [value, setValue] = useState<number>()
  const [result, setResult] = useState<string>()
  const [symptoms, setSymptoms] = useState<string[]>([])
  const [sameAs, setSameAs] = useState<Id | null>(null)
  const [more, setMore] = useState(false)
  const [proxyName, setProxyName] = useState('')
  const [medication, setMedication] = useState('')
  const [need, setNeed] = useState('')
  const rule = rules.kinds.find((one) => one.key === kind) ?? rules.kinds[0]!
  const warm = rule.key === 'temperature'
  const before = stop.last
  const mayRepeat =
    rule.symptoms && before?.symptoms && before.symptoms.length > 0 && dayOf(before.occurredAt) >= addDays(dayOf(serverNow()), -1)
  const missing =
    rule.measured && value === undefined
      ? text('先点这次测得的数值', 'First touch what was measured')
      : rule.results.length > 0 && !result
        ? text('先选结果', 'First choose the result')
        : undefined
  const words = (keys: readonly string[]) =>
    keys.map((key) => rules.symptoms.find((one) => one.key === key)?.title ?? text(key, key))
  const joined = (keys: readonly string[]): Text =>
    text(
      words(keys)
        .map((w) => w.zh)
        .join('、'),
      words(keys)
        .map((w) => w.en)
        .join(', '),
    )

  async function save() {
    const made = await send(
      record,
      {
        person: stop.id,
        kind: rule.key,
        how,
        value: rule.measured ? value! : null,
        result: result ?? null,
        measuredHow: warm ? where : null,
        symptoms: !rule.symptoms || sameAs ? null : symptoms,
        sameAs: rule.symptoms ? sameAs : null,
        proxyName: how === 'proxy' && proxyName.trim() ? proxyName.trim() : null,
        medication: medication.trim() || null,
        need: need.trim() || null,
      },
      { undoable: true },
    )
    toast(text('已记录', 'Recorded'), made.queued ? { undo: made.undo } : {})
    const next = nextStop(stops, stop.id)
    go(next ? stopPath(next.id) : home, { replace: true })
    scrollTo(0, 0)
  }
  return (
    <>
      <PhoneLink href={home} className="small">
        {say(text('名单', 'List'))}
      </PhoneLink>
      <Card
        title={placeOf(stop) || text('住处', 'Home')}
        aside={stop.age === null ? '' : text(`${stop.age} 岁`, `aged ${stop.age}`)}
      >
        <Room>{doorOf(stop)}</Room> <b>{stop.name}</b>
        {toDo(stop).map((slot) => (
          <p key={`${slot.duty}${slot.slot}`} className="quiet">
            {say(due[slot.kind] ?? due['monitoring.temperature']!)} {sayTime(slot.opensAt)}–{sayTime(slot.dueAt)}
          </p>
        ))}
      </Card>
      {stop.episode === 'recheck' && (
        <Notice tone="stop">
          {text(
            '刚才体温或症状异常：请用腋温复测，并问清症状。',
            'Fever or symptoms were found: measure again under the arm, and ask for symptoms.',
          )}
        </Notice>
      )}
      {stop.doubt && (
        <Notice tone="look">
          {text('之前的登记需要核实：请当面再测一次。', 'An earlier entry is to be verified: measure once more in person.')}
        </Notice>
      )}
      {rules.kinds.length > 1 && (
        <Choice
          label={text('项目', 'Kind')}
          choices={rules.kinds.map((one) => ({ value: one.key, text: one.title }))}
          value={rule.key}
          onChange={(next: string) => {
            setKind(next)
            setValue(undefined)
            setResult(undefined)
          }}
        />
      )}
      {warm && (
        <Card title={text('这次测得', 'Measured now')}>
          <div className="celsius">
            <Choice
              label={text('体温', 'Temperature')}
              choices={values}
              value={value?.toFixed(1)}
              onChange={(next: string) => setValue(Number(next))}
            />
          </div>
          {more || (value !== undefined && !values.some((one) => Number(one.value) === value)) ? (
            <NumberPad label={text('其他体温', 'Another temperature')} value={value} unit="℃" onChange={setValue} />
          ) : (
            <SmallButton onClick={() => setMore(true)}>{text('其他体温…', 'Another temperature…')}</SmallButton>
          )}
          <Choice
            label={text('测量部位', 'Measured')}
            choices={places}
            value={where}
            onChange={(next: MeasuredHow) => site.set(next)}
          />
        </Card>
      )}
      {!warm && rule.measured && (
        <Card title={rule.title}>
          <NumberPad
            label={rule.title}
            decimals={0}
            digits={4}
            value={value}
            {...(rule.unit ? { unit: rule.unit } : {})}
            onChange={setValue}
          />
        </Card>
      )}
      {rule.results.length > 0 && (
        <Card title={rule.title}>
          <Choice
            label={rule.title}
            choices={rule.results.map((one) => ({ value: one.key, text: one.title }))}
            value={result}
            onChange={(next: string) => setResult(next)}
          />
        </Card>
      )}
      {warm && value !== undefined && value >= rules.feverAt && (
        <Notice tone="stop">
          {stop.episode
            ? text(
                `仍达到 ${rules.feverAt} ℃：登记后会转给社区和医务人员报告、安排就诊。`,
                `Still ${rules.feverAt} ℃ or more: record it, and the community and medics report it and see to a clinic.`,
              )
            : text(
                `达到 ${rules.feverAt} ℃：登记后请让他休息一会儿再测一次。`,
                `${rules.feverAt} ℃ or more: record it, let them rest, then measure again.`,
              )}
        </Notice>
      )}
      <BigButton
        disabledReason={missing}
        onClick={save}
        {...(rule.symptoms
          ? {
              sub: sameAs
                ? text(`和上次一样：${joined(before?.symptoms ?? []).zh}`, `As before: ${joined(before?.symptoms ?? []).en}`)
                : symptoms.length > 0
                  ? joined(symptoms)
                  : text('问过，没有不舒服', 'Asked: no symptoms'),
            }
          : {})}
      >
        {text('登记，下一位', 'Record, next')}
      </BigButton>
      {mayRepeat && (
        <SmallButton
          tone={sameAs ? 'go' : 'plain'}
          onClick={() => {
            setSameAs(sameAs ? null : before!.id)
            setSymptoms([])
          }}
        >
          {text(`症状和上次一样：${joined(before!.symptoms!).zh}`, `Symptoms as before: ${joined(before!.symptoms!).en}`)}
        </SmallButton>
      )}
      {rule.symptoms && (
        <Card title={text('有没有不舒服？', 'Any symptoms?')}>
          <Choice
            many
            label={text('症状', 'Symptoms')}
            choices={rules.symptoms.map((one) => ({ value: one.key, text: one.title }))}
            value={symptoms}
            onChange={(next: string[]) => {
              setSymptoms(next)
              setSameAs(null)
            }}
          />
        </Card>
      )}
      <Card title={text('怎么知道的', 'How you know')}>
        <Choice label={text('方式', 'How')} choices={ways} value={how} onChange={(next: CheckHow) => way.set(next)} />
        {how === 'proxy' && <Words label={text('代报人', 'Proxy')} value={proxyName} onChange={setProxyName} />}
        <Words label={text('用药（退热药要写）', 'Medication (what lowers fever)')} value={medication} onChange={setMedication} />
        <Words label={text('需要什么', 'What is needed')} value={need} onChange={setNeed} />
      </Card>
    </>
  )
}

const due: Readonly<Record<string, Text>> = {
  'monitoring.temperature': text('测体温', 'Temperature'),
  'monitoring.symptoms': text('问健康状况', 'How they are'),
  'monitoring.verify': text('核实', 'Verify'),
  'monitoring.recheck': text('复测', 'Measure again'),
}

/** What the first open slot asks for; a temperature where nothing else is asked. */
function kindFor(stop: Stop, { kinds }: CheckRules): string {
  const asked = toDo(stop).map(({ kind }) => kind.slice('monitoring.'.length))
  if (asked.some((kind) => kind === 'temperature' || kind === 'verify' || kind === 'recheck')) return 'temperature'
  return kinds.find(({ key }) => asked.includes(key))?.key ?? kinds[0]!.key
}

function Words({ label, value, onChange }: { label: Text; value: string; onChange: (next: string) => void }) {
  const say = useWords()
  return (
    <label className="field">
      <span className="label">
        {say(label)} <small>{say(text('选填', 'optional'))}</small>
      </span>
      <input type="text" autoComplete="off" maxLength={100} value={value} onChange={(event) => onChange(event.target.value)} />
    </label>
  )
}
