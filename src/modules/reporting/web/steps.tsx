// Where a report stands and what may happen next. A step that is not possible now stays in sight and says why.
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import type { Text } from '#core/text.ts'
import { ActionButton } from '#web/console/action.tsx'
import { ConfirmReason } from '#web/console/confirm.tsx'
import { FormDrawer } from '#web/console/drawer.tsx'
import { useNotify } from '#web/console/notify.tsx'
import { Card } from '#web/console/page.tsx'
import { useTell } from '#web/console/query.ts'
import { Tone } from '#web/console/tone.tsx'
import { useLanguage, useText } from '#web/language.ts'
import { holds, useSession } from '#web/session.ts'
import { sayMinute, sayTime } from '#core/dates.ts'
import * as api from '../api.ts'
import { can, ReportState, Verb } from '../model.ts'
import { said, tones } from './said.ts'

type Reasons = Record<'compile' | 'submit' | 'return' | 'confirm' | 'lock', Text | undefined>

/** Why each step is not possible now; undefined where it is. */
function reasonsFor({ report, day }: Pick<api.DayShown, 'report' | 'day'>, roles: readonly string[], today: string): Reasons {
  const mine = holds(api.submit.may, roles) ? undefined : said.onlySecretary
  const theirs = holds(api.confirm.may, roles) ? undefined : said.onlyOfficers
  const none = report ? undefined : said.compileFirst
  const sent =
    report && (report.state === 'locked' ? said.locked : report.state === 'confirmed' ? said.alreadyConfirmed : said.alreadySent)
  return {
    compile:
      mine ?? (day > today ? said.notStarted : !report || can.compile(report) || can.mend(report) ? undefined : said.handedOver),
    submit: mine ?? none ?? (can.submit(report!) ? undefined : (sent ?? undefined)),
    return: theirs ?? none ?? (can.return(report!) ? undefined : report!.state === 'locked' ? said.locked : said.notSent),
    confirm:
      theirs ??
      none ??
      (can.confirm(report!) ? undefined : ['confirmed', 'locked'].includes(report!.state) ? (sent ?? undefined) : said.notSent),
    lock: theirs ?? none ?? (can.lock(report!) ? undefined : report!.state === 'locked' ? said.locked : said.notConfirmed),
  }
}

export function StepsCard({ shown, today }: { shown: api.DayShown; today: string }) {
  const say = useText()
  const notify = useNotify()
  const { roles } = useSession()
  const [compile, back, confirm, lock] = [useTell(api.compile), useTell(api.sendBack), useTell(api.confirm), useTell(api.lock)]
  const [doing, setDoing] = useState<'submit' | 'return'>()
  const { report, community, day } = shown
  const reasons = reasonsFor(shown, roles, today)
  const id = report?.id ?? ''
  const done = (outcome: unknown) => {
    if (outcome) {
      notify.done()
      setDoing(undefined)
    }
  }
  const secretary = holds(api.submit.may, roles)
  const again = report !== null
  return (
    <Card
      title={said.steps}
      tools={
        <div className="page-tools">
          {secretary && (
            <ActionButton
              label={again ? said.recompileWarn : api.compile.title}
              disabledReason={reasons.compile}
              loading={compile.busy}
              run={() => void compile.tell({ day }, undefined, notify.refused).then(done)}
            />
          )}
          {secretary && (
            <ActionButton
              label={api.submit.title}
              type="primary"
              disabledReason={reasons.submit}
              run={() => setDoing('submit')}
            />
          )}
          {!secretary && (
            <ActionButton label={api.sendBack.title} danger disabledReason={reasons.return} run={() => setDoing('return')} />
          )}
          {!secretary && (
            <ActionButton
              label={api.confirm.title}
              type="primary"
              disabledReason={reasons.confirm}
              loading={confirm.busy}
              run={() => void confirm.tell({ community, report: id }, undefined, notify.refused).then(done)}
            />
          )}
          {!secretary && (
            <ActionButton
              label={api.lock.title}
              disabledReason={reasons.lock}
              loading={lock.busy}
              run={() => void lock.tell({ community, report: id }, undefined, notify.refused).then(done)}
            />
          )}
        </div>
      }
    >
      <Standing shown={shown} />
      <FormDrawer
        of={api.submit}
        open={doing === 'submit'}
        onClose={() => setDoing(undefined)}
        draft={id}
        fixed={{ report: id }}
        initial={report?.problems ? { problems: report.problems } : {}}
        submit={api.submit.title}
      >
        <p>{say(said.submitHint)}</p>
      </FormDrawer>
      <ConfirmReason
        open={doing === 'return'}
        title={said.returnTitle}
        explain={said.returnExplain}
        submit={api.sendBack.title}
        danger
        busy={back.busy}
        problem={back.problem}
        onClose={() => {
          back.forget()
          setDoing(undefined)
        }}
        onConfirm={(reason) => void back.tell({ community, report: id, reason }).then(done)}
      />
    </Card>
  )
}

/** State, hours, and every step so far with its reason. */
function Standing({ shown: { report, called, deadline, countedUntil, moves, day } }: { shown: api.DayShown }) {
  const say = useText()
  const language = useLanguage()
  if (!report) {
    return (
      <p>
        <Tone tone={called ? 'look' : 'quiet'}>{say(said.live)}</Tone>{' '}
        {say(called ? said.liveHint(sayTime(deadline)) : said.notCalled)}
      </p>
    )
  }
  return (
    <>
      <p>
        <Tone tone={tones[report.state]}>{say(choiceText(ReportState, report.state))}</Tone>{' '}
        {report.zero && (
          <>
            <Tone tone="quiet">{say(said.zero)}</Tone>{' '}
          </>
        )}
        {report.late && (
          <>
            <Tone tone="danger">{say(said.late)}</Tone>{' '}
          </>
        )}
        {say(said.frozen(sayMinute(countedUntil, language)))}
      </p>
      {report.problems && (
        <p>
          {say(said.problems)}：{report.problems}
        </p>
      )}
      <ol className="report-steps" key={day}>
        {moves.map((move) => (
          <li key={move.id}>
            {sayMinute(move.at, language)} · {say(choiceText(Verb, move.verb))} · {move.byName}
            {move.note && (
              <>
                {' '}
                · <b>{move.note}</b>
              </>
            )}
          </li>
        ))}
      </ol>
    </>
  )
}
