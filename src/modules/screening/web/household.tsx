// One household of a campaign: its state, and every attempt with what was said. A wrong entry is corrected or withdrawn here too.
import { Button, Input, Select, Skeleton } from 'antd'
import { useId, useState } from 'react'
import { instantOf, sayMinute, type Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { ConfirmReason } from '#web/console/confirm.tsx'
import { Side } from '#web/console/drawer.tsx'
import { ProblemNote, useNotify } from '#web/console/notify.tsx'
import { EmptyNote } from '#web/console/page.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { Tone } from '#web/console/tone.tsx'
import { words } from '#web/console/words.ts'
import { FileStrip } from '#web/files.tsx'
import { useLanguage, useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { useSession } from '#web/session.ts'
import type { Questions } from '#modules/policy/model.ts'
import * as api from '../api.ts'
import { AttemptHow, Outcome, Party } from '../model.ts'
import { ClockDoubt } from '#core/fact.ts'
import type { Where } from './where.ts'
import { State } from './lists.tsx'

const said = {
  title: text('住户排查记录', 'Attempts of a household'),
  none: text('还没有排查过', 'Not tried yet'),
  well: text('没有不适', 'feels well'),
  hidden: text('（不显示）', '(not shown)'),
  correct: text('更正', 'Correct'),
  withdraw: text('撤回', 'Withdraw'),
  withdrawing: text('撤回这条排查记录？', 'Withdraw this attempt?'),
  withdrawn: text(
    '撤回后不再计入任何数字，原记录和原因仍留在历史里。',
    'It will no longer count anywhere; the entry and your reason stay in the history.',
  ),
  reason: text('更正原因', 'Reason'),
  when: text('实际时间（北京时间）', 'When it was (Beijing time)'),
}

type Attempt = Awaited<ReturnType<typeof useAsk<typeof api.household.input, typeof api.household.output>>>['data'] extends infer D
  ? D & object extends { rows: (infer R)[] }
    ? R
    : never
  : never

export function HouseholdDrawer({ where, household, onClose }: { where: Where; household: Id | undefined; onClose: () => void }) {
  return (
    <Side title={said.title} open={household !== undefined} onClose={onClose}>
      {household && <Household where={where} household={household} />}
    </Side>
  )
}

function Household({ where, household }: { where: Where; household: Id }) {
  const { data, error, isPending, refetch } = useAsk(api.household, { ...where, household })
  const form = useAsk(api.currentCampaign, where).data?.form ?? []
  if (error) return <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />
  if (isPending) return <Skeleton active />
  return (
    <>
      <h2 className="household-head">{data.address ?? '—'}</h2>
      <p>
        <State of={data.state} />
      </p>
      {data.rows.length === 0 && <EmptyNote title={said.none} />}
      {data.rows.map((one) => (
        <OneAttempt key={one.id} of={one} form={form} />
      ))}
    </>
  )
}

function OneAttempt({ of, form }: { of: Attempt; form: Questions }) {
  const say = useText()
  const language = useLanguage()
  const { roles } = useSession()
  const [doing, setDoing] = useState<'correct' | 'withdraw'>()
  const may = roles.some((role) => api.recordAttempt.may.includes(role as never))
  return (
    <section className="attempt">
      <p>
        <b>{say(choiceText(Outcome, of.outcome))}</b> · {say(choiceText(AttemptHow, of.how))} ·{' '}
        {sayMinute(of.occurredAt, language)} · {of.recordedByName}
      </p>
      {of.clockDoubt && (
        <p>
          <Tone tone="look">{say(choiceText(ClockDoubt, of.clockDoubt))}</Tone>
        </p>
      )}
      {of.parties.length > 0 && <p>{of.parties.map((party) => say(choiceText(Party, party))).join(say(text('、', ', ')))}</p>}
      {of.statements.length > 0 && (
        <ul>
          {of.statements.map((one) => (
            <li key={one.person}>
              {one.name}
              {say(text('：', ': '))}
              {one.well ? say(said.well) : sayHealth(one.symptoms, form, say)}
            </li>
          ))}
        </ul>
      )}
      {of.note && <p>{of.note}</p>}
      {of.photos.length > 0 && <FileStrip of="screening" ids={of.photos} community={of.community} />}
      {may && doing !== 'correct' && (
        <Button type="link" size="small" onClick={() => setDoing('correct')}>
          {say(said.correct)}
        </Button>
      )}
      {may && doing !== 'correct' && (
        <Button type="link" size="small" danger onClick={() => setDoing('withdraw')}>
          {say(said.withdraw)}
        </Button>
      )}
      {doing === 'correct' && <Correct of={of} onDone={() => setDoing(undefined)} />}
      <Withdraw of={of} open={doing === 'withdraw'} onClose={() => setDoing(undefined)} />
    </section>
  )
}

function sayHealth(symptoms: readonly string[] | null, form: Questions, say: (words: Text) => string): string {
  if (!symptoms) return say(said.hidden)
  const known = Object.assign(
    {},
    ...form.filter((question) => question.symptomSet).map((question) => question.choices ?? {}),
  ) as Record<string, Text>
  return symptoms.map((code) => (known[code] ? say(known[code]) : code)).join(say(text('、', ', ')))
}

function Withdraw({ of, open, onClose }: { of: Attempt; open: boolean; onClose: () => void }) {
  const notify = useNotify()
  const { tell, busy, problem } = useTell(api.withdrawAttempt)
  const send = async (reason: string) => {
    if (await tell({ replaces: of.id, reason })) {
      notify.done()
      onClose()
    }
  }
  return (
    <ConfirmReason
      open={open}
      title={said.withdrawing}
      explain={said.withdrawn}
      submit={said.withdraw}
      danger
      busy={busy}
      problem={problem}
      onConfirm={(reason) => void send(reason)}
      onClose={onClose}
    />
  )
}

const onClock = (at: Instant): string => new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 16)

/** Outcome, way and time anew. What was said of people stays where they were still reached. */
function Correct({ of, onDone }: { of: Attempt; onDone: () => void }) {
  const say = useText()
  const id = useId()
  const notify = useNotify()
  const { tell, busy, problem } = useTell(api.correctAttempt)
  const [outcome, setOutcome] = useState(of.outcome)
  const [how, setHow] = useState(of.how)
  const [at, setAt] = useState(onClock(of.occurredAt))
  const [reason, setReason] = useState('')
  const statements =
    outcome === 'reached'
      ? of.statements.map(({ person, well, symptoms, answers }) => ({
          person,
          well,
          symptoms: symptoms ?? [],
          answers: answers ?? {},
        }))
      : []
  const send = async () => {
    const done = await tell({
      replaces: of.id,
      reason: reason.trim(),
      entry: {
        household: of.household,
        outcome,
        how,
        parties: of.parties,
        note: of.note,
        statements,
        ...(at !== onClock(of.occurredAt) || of.clockDoubt ? { occurredAt: instantOf(Date.parse(`${at}:00+08:00`)) } : {}),
      },
    })
    if (done) {
      notify.done()
      onDone()
    }
  }
  return (
    <div className="form">
      {problem && <ProblemNote problem={problem} />}
      <label className="field">
        <span className="field-name">{say(text('排查结果', 'Outcome'))}</span>
        <Select
          aria-label={say(text('排查结果', 'Outcome'))}
          value={outcome}
          onChange={setOutcome}
          options={Outcome.options.map((value) => ({ value, label: say(choiceText(Outcome, value)) }))}
        />
      </label>
      <label className="field">
        <span className="field-name">{say(text('排查方式', 'How'))}</span>
        <Select
          aria-label={say(text('排查方式', 'How'))}
          value={how}
          onChange={setHow}
          options={AttemptHow.options.map((value) => ({ value, label: say(choiceText(AttemptHow, value)) }))}
        />
      </label>
      <div className="field">
        <label className="field-name" htmlFor={`${id}at`}>
          {say(said.when)}
        </label>
        <Input id={`${id}at`} type="datetime-local" value={at} onChange={(event) => setAt(event.target.value)} />
      </div>
      <div className="field">
        <label className="field-name" htmlFor={`${id}why`}>
          {say(said.reason)}
          <span className="required" aria-hidden>
            *
          </span>
        </label>
        <Input id={`${id}why`} value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />
      </div>
      <div className="form-end">
        <Button onClick={onDone}>{say(words.cancel)}</Button>
        <Button type="primary" loading={busy} disabled={reason.trim() === ''} onClick={() => void send()}>
          {say(said.correct)}
        </Button>
      </div>
    </div>
  )
}
