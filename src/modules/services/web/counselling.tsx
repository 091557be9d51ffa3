// Counselling on the console: for whoever cares only that it takes place; for a counsellor the own cases with their notes.
import { useState } from 'react'
import type { Output } from '#core/contract.ts'
import { sayMinute } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import { ActionButton } from '#web/console/action.tsx'
import { ConfirmReason } from '#web/console/confirm.tsx'
import { FormDrawer, RecordWords, Side } from '#web/console/drawer.tsx'
import { EmptyNote } from '#web/console/page.tsx'
import { ProblemNote, useNotify } from '#web/console/notify.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { DataTable, Rows } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { useLanguage, useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { holds, useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { CaseWhy, FileState, SessionPlace } from '../model.ts'
import { codedInput, householdInput } from './inputs.tsx'
import type { Here } from './needs.tsx'
import { said } from './said.ts'

export function Counselling({ here }: { here: Here }) {
  const say = useText()
  const { roles } = useSession()
  const [referring, setReferring] = useState(false)
  const may = holds(api.openCase.may, roles)
  const { data } = useAsk(api.counsellorsHere, {}, { enabled: may })
  const counsellors = (data?.rows ?? []).map((c) => ({ key: c.account, title: { zh: c.name, en: c.name } }))
  return (
    <>
      <DataTable
        of={api.cases}
        title={said.counselling}
        columns={['name', 'address', 'why', 'counsellorName', 'openedAt', 'sessions', 'lastSession', 'state']}
        filters={['state']}
        fixed={here}
        empty={{ title: said.noCases, hint: said.noCasesHint }}
        tools={
          <ActionButton
            label={said.refer}
            type="primary"
            run={() => setReferring(true)}
            disabledReason={!may ? said.mayNot : data && counsellors.length === 0 ? said.noCounsellor : undefined}
          />
        }
        cells={{
          why: (c) => say(choiceText(CaseWhy, c.why)),
          state: (c) => <Tone tone={c.state === 'open' ? 'info' : 'quiet'}>{say(choiceText(FileState, c.state))}</Tone>,
        }}
      />
      <FormDrawer
        of={api.openCase}
        open={referring}
        onClose={() => setReferring(false)}
        fields={['household', 'why', 'counsellor']}
        inputs={{ household: householdInput, counsellor: codedInput(counsellors) }}
      />
    </>
  )
}

type Mine = Output<typeof api.myCases>['rows'][number]

/** A counsellor's own cases: whom, how to reach them, what was said. */
export function MyCounselling() {
  const say = useText()
  const { data, error, refetch } = useAsk(api.myCases, {})
  const rows = data?.rows ?? []
  const [open, setOpen] = useState<string>()
  const shown = rows.find((one) => one.id === open)
  return (
    <section className="card ledger" aria-label={say(said.myCases)}>
      {error && <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />}
      {data && rows.length === 0 && <EmptyNote title={said.noCases} hint={said.noCasesHint} />}
      {rows.length > 0 && (
        <Rows
          of={api.cases}
          title={said.myCases}
          rows={rows}
          columns={['name', 'address', 'why', 'openedAt', 'sessions', 'lastSession', 'state']}
          onOpen={(row) => setOpen(row.id)}
          cells={{
            why: (c) => say(choiceText(CaseWhy, c.why)),
            state: (c) => <Tone tone={c.state === 'open' ? 'info' : 'quiet'}>{say(choiceText(FileState, c.state))}</Tone>,
          }}
        />
      )}
      <Side title={said.myCases} open={shown !== undefined} onClose={() => setOpen(undefined)}>
        {shown && <OneCase of={shown} />}
      </Side>
    </section>
  )
}

type Session = Output<typeof api.sessions>['rows'][number]
function OneCase({ of: shown }: { of: Mine }) {
  const say = useText()
  const language = useLanguage()
  const notify = useNotify()
  const [adding, setAdding] = useState(false)
  const { data, error, refetch } = useAsk(api.sessions, { caseId: shown.id })
  const [mending, setMending] = useState<Session>()
  const [gone, setGone] = useState<string>()
  const withdraw = useTell(api.withdrawSession)
  const end = useTell(api.closeCase)
  const over = shown.state === 'closed' ? said.closed : undefined
  return (
    <>
      <div className="services-actions">
        <ActionButton label={said.addSession} type="primary" run={() => setAdding(true)} disabledReason={over} />
        <ActionButton
          label={said.endCase}
          loading={end.busy}
          disabledReason={over}
          run={() =>
            void end.tell({ caseId: shown.id }, undefined, notify.refused).then((done) => {
              if (done) notify.done()
            })
          }
        />
      </div>
      <RecordWords
        schema={api.myCases.output.shape.rows.element}
        value={shown}
        fields={['name', 'phone', 'address', 'why', 'openedAt']}
      />
      <h2>{say(said.notes)}</h2>
      <p>{say(said.closedNote)}</p>
      {error && <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />}
      {data?.rows.length === 0 && <p>{say(said.noNotes)}</p>}
      <ul className="services-signed">
        {(data?.rows ?? []).map((s) => (
          <li key={s.id}>
            <b>
              {sayMinute(s.at, language)} · {say(choiceText(SessionPlace, s.place))} · {s.minutes} min
            </b>
            <br />
            {s.note ?? ''}
            <span className="services-actions">
              <ActionButton label={said.mend} run={() => setMending(s)} />
              <ActionButton label={said.withdraw} run={() => setGone(s.id)} />
            </span>
          </li>
        ))}
      </ul>
      <FormDrawer
        of={api.addSession}
        open={adding}
        onClose={() => setAdding(false)}
        onDone={() => void refetch()}
        draft={false}
        fixed={{ caseId: shown.id }}
      />
      {mending && (
        <FormDrawer
          key={mending.id}
          of={api.correctSession}
          open
          onClose={() => setMending(undefined)}
          onDone={() => void refetch()}
          draft={false}
          fixed={{ replaces: mending.id }}
          initial={{ place: mending.place, minutes: mending.minutes, note: mending.note }}
        />
      )}
      <ConfirmReason
        open={gone !== undefined}
        title={api.withdrawSession.title}
        explain={said.withdrawExplain}
        danger
        busy={withdraw.busy}
        problem={withdraw.problem}
        onClose={() => {
          withdraw.forget()
          setGone(undefined)
        }}
        onConfirm={(reason) =>
          void withdraw.tell({ replaces: gone!, reason }).then((done) => {
            if (!done) return
            notify.done()
            setGone(undefined)
            void refetch()
          })
        }
      />
    </>
  )
}
