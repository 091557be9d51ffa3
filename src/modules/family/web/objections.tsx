// Objections on the console: what waits, until when, whose it is; the words, the answer, the letter.
import { Alert } from 'antd'
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { ActionButton } from '#web/console/action.tsx'
import { useFilters } from '#web/console/address.ts'
import { FormDrawer, RecordWords, Side } from '#web/console/drawer.tsx'
import { ProblemNote } from '#web/console/notify.tsx'
import { Page } from '#web/console/page.tsx'
import { usePrint } from '#web/console/print.tsx'
import { useAsk } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import * as api from '../api.ts'
import { ObjectionState } from '../model.ts'
import { Letter } from './papers.tsx'
import { objectionTones, said } from './said.ts'
import './family.css'

export function ObjectionsPage() {
  const say = useText()
  const { data: counts } = useAsk(api.objectionCounts, {})
  const [, setFilters] = useFilters(api.objections)
  const [open, setOpen] = useState<api.ObjectionLine>()
  const show = (filters: Record<string, unknown>) => () =>
    setFilters({ state: undefined, overdue: undefined, level: undefined, ...filters })
  return (
    <Page
      title={said.objections}
      figures={[
        {
          key: 'received',
          title: said.received,
          value: counts?.received,
          unit: said.unit,
          tone: 'look',
          onOpen: show({ state: 'received' }),
        },
        { key: 'mine', title: said.mine, value: counts?.mine, unit: said.unit, onOpen: show({ state: 'received' }) },
        {
          key: 'overdue',
          title: said.overdue,
          value: counts?.overdue,
          unit: said.unit,
          tone: 'danger',
          onOpen: show({ overdue: true }),
        },
        { key: 'answered', title: said.answered, value: counts?.answered, unit: said.unit, onOpen: show({ state: 'answered' }) },
      ]}
    >
      <Alert className="family-notes" type="info" showIcon title={say(said.objectionAdvice)} />
      <DataTable
        of={api.objections}
        columns={[
          'name',
          'state',
          'dueOn',
          'body',
          'document',
          'level',
          'communityName',
          'how',
          'receivedAt',
          'outcome',
          'answeredAt',
        ]}
        filters={['state', 'level', 'overdue']}
        onOpen={setOpen}
        empty={{ title: said.noObjections, hint: said.noObjectionsHint }}
        cells={{
          state: (row) =>
            row.overdue ? (
              <Tone tone="danger">{say(said.overdue)}</Tone>
            ) : (
              <Tone tone={objectionTones[row.state]}>{say(choiceText(ObjectionState, row.state))}</Tone>
            ),
        }}
      />
      <Side title={said.objections} open={open !== undefined} onClose={() => setOpen(undefined)}>
        {open && <One community={open.community} objection={open.id} />}
      </Side>
    </Page>
  )
}

function One(input: { community: string; objection: string }) {
  const say = useText()
  const print = usePrint()
  const { data, error, refetch } = useAsk(api.objection, input)
  const [form, setForm] = useState<'answer' | 'forward'>()
  if (error) return <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />
  if (!data) return null
  const why = data.state === 'received' ? said.notYours : said.over
  return (
    <>
      <p>
        <Tone tone={data.overdue ? 'danger' : objectionTones[data.state]}>
          {say(data.overdue ? said.overdue : choiceText(ObjectionState, data.state))}
        </Tone>
      </p>
      <div className="family-actions">
        <ActionButton
          label={said.answer}
          type={data.mayAnswer ? 'primary' : 'default'}
          run={() => setForm('answer')}
          disabledReason={data.mayAnswer ? undefined : why}
        />
        <ActionButton label={said.forward} run={() => setForm('forward')} disabledReason={data.mayForward ? undefined : why} />
        <ActionButton
          label={said.print}
          run={() => void print(<Letter of={data} />)}
          disabledReason={data.state === 'answered' ? undefined : said.notAnswered}
        />
      </div>
      <h2>{say(said.words)}</h2>
      <p className="family-words">{data.words}</p>
      {data.answer && (
        <>
          <h2>{say(said.answer)}</h2>
          <p className="family-words">{data.answer}</p>
        </>
      )}
      <RecordWords
        schema={api.ObjectionShown}
        value={data}
        fields={[
          'name',
          'communityName',
          'body',
          'document',
          'level',
          'how',
          'receivedAt',
          'dueOn',
          'outcome',
          'answerDocument',
          'answeredAt',
          'answeredByName',
        ].filter((name) => (data as Record<string, unknown>)[name] !== null)}
      />
      <FormDrawer
        of={api.answerObjection}
        open={form === 'answer'}
        onClose={() => setForm(undefined)}
        fixed={input}
        draft={input.objection}
        fields={['outcome', 'answer', 'document']}
      />
      <FormDrawer
        of={api.forwardObjection}
        open={form === 'forward'}
        onClose={() => setForm(undefined)}
        fixed={input}
        draft={false}
        fields={['level']}
      />
    </>
  )
}
