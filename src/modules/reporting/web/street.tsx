// The report that a street sends up: the sum of what is in, what is not, what changed since; and the streets of a county in one table.
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { sayMinute } from '#core/dates.ts'
import { ActionButton } from '#web/console/action.tsx'
import { ConfirmReason } from '#web/console/confirm.tsx'
import { FormDrawer } from '#web/console/drawer.tsx'
import { ProblemNote, useNotify } from '#web/console/notify.tsx'
import { Card } from '#web/console/page.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { sayNumber, useLanguage, useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { holds, useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { can, FigureColumn, PartChange, ReportState, Verb } from '../model.ts'
import { percentOf } from '../upWords.ts'
import { headOf } from '../words.ts'
import { partTones, said, tones } from './said.ts'

/** `received` tells how many reports are in: nothing can be summed up before the first. */
export function StreetCard({ area, day, received }: { area: string; day: string; received: number }) {
  const say = useText()
  const notify = useNotify()
  const language = useLanguage()
  const { roles, post } = useSession()
  const { data: shown, error, refetch } = useAsk(api.streetReport, { area, day })
  const [doing, setDoing] = useState<'send' | 'return'>()
  const [back, confirm] = [useTell(api.sendBack), useTell(api.confirm)]
  const report = shown?.report
  const own = post?.area === area && holds(api.sumUp.may, roles)
  const checks = holds(api.confirm.may, roles) && !own
  const done = (outcome: unknown) => {
    if (outcome) {
      notify.done()
      setDoing(undefined)
    }
  }
  const at = { community: shown?.community ?? '', report: report?.id ?? '' }
  const parts = shown?.parts ?? []
  const missing = parts.filter((part) => !part.received)
  const noneIn = received > 0 ? undefined : said.noneIn
  return (
    <Card
      title={api.streetReport.title}
      tools={
        <div className="page-tools">
          {own && (
            <ActionButton
              label={api.sumUp.title}
              type="primary"
              run={() => setDoing('send')}
              disabledReason={report && report.state !== 'returned' ? said.alreadySent : noneIn}
            />
          )}
          {checks && (
            <ActionButton
              label={api.sendBack.title}
              danger
              run={() => setDoing('return')}
              disabledReason={
                report && can.return(report) ? undefined : report?.state === 'locked' ? said.locked : said.streetNotSent
              }
            />
          )}
          {checks && (
            <ActionButton
              label={api.confirm.title}
              type="primary"
              loading={confirm.busy}
              disabledReason={
                report && can.confirm(report)
                  ? undefined
                  : report && ['confirmed', 'locked'].includes(report.state)
                    ? said.alreadyConfirmed
                    : said.streetNotSent
              }
              run={() => void confirm.tell(at, undefined, notify.refused).then(done)}
            />
          )}
        </div>
      }
    >
      {error && <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />}
      {shown && !report && (
        <p>
          <Tone tone="look">{say(said.streetNotSent)}</Tone> {say(said.streetHint)}
        </p>
      )}
      {shown && report && (
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
          {say(said.summedFrom(parts.length - missing.length, parts.length, sayMinute(report.compiledAt, language)))}
          {missing.length > 0 && `${say(said.without)}${missing.map((part) => part.name).join('、')}`}
        </p>
      )}
      {report?.problems && (
        <p>
          {say(said.problems)}：{report.problems}
        </p>
      )}
      {shown && report && <Since shown={shown} />}
      {shown && shown.moves.length > 0 && (
        <ol className="report-steps">
          {shown.moves.map((move) => (
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
      )}
      <FormDrawer
        of={api.sumUp}
        open={doing === 'send'}
        onClose={() => setDoing(undefined)}
        draft={`street ${area} ${day}`}
        fixed={{ day }}
        fields={['problems']}
        initial={report?.problems ? { problems: report.problems } : {}}
        submit={api.sumUp.title}
      >
        <p>{say(said.sumUpHint(received, missing.length))}</p>
      </FormDrawer>
      <ConfirmReason
        open={doing === 'return'}
        title={said.returnTitle}
        explain={said.returnStreet}
        submit={api.sendBack.title}
        danger
        busy={back.busy}
        problem={back.problem}
        onClose={() => {
          back.forget()
          setDoing(undefined)
        }}
        onConfirm={(reason) => void back.tell({ ...at, reason }).then(done)}
      />
    </Card>
  )
}

/** What changed after the sum was sent: communities, and the numbers that would come out now. */
function Since({ shown: { changes, differences } }: { shown: api.StreetReport }) {
  const say = useText()
  const language = useLanguage()
  if (changes.length === 0 && differences.length === 0) return <p role="status">{say(said.noSince)}</p>
  return (
    <div className="report-since">
      <h3>{say(said.changes)}</h3>
      <ul className="report-changes">
        {changes.map((one) => (
          <li key={one.community}>
            <Tone tone={partTones[one.change]}>{say(choiceText(PartChange, one.change))}</Tone> {one.name}
          </li>
        ))}
      </ul>
      {differences.length > 0 && (
        <div className="rows" tabIndex={0} role="region" aria-label={say(said.changes)}>
          <table>
            <thead>
              <tr>
                <th scope="col">{say(said.item)}</th>
                <th scope="col">{say(said.unit)}</th>
                <th scope="col" className="number">
                  {say(said.reported)}
                </th>
                <th scope="col" className="number">
                  {say(said.now)}
                </th>
              </tr>
            </thead>
            <tbody>
              {differences.map((f) => (
                <tr key={`${f.indicator} ${f.column}`}>
                  <td>
                    {say(f.title)} · {say(choiceText(FigureColumn, f.column))}
                  </td>
                  <td>{say(f.unit)}</td>
                  <td className="number">{sayNumber(f.reported, language)}</td>
                  <td className="number">{sayNumber(f.now, language)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}

/** Streets of a county; opening one leads to its communities. */
export function StreetTable({
  area,
  day,
  figures,
  onOpen,
}: {
  area: string
  day: string
  figures: readonly api.Summed[]
  onOpen: (street: string) => void
}) {
  const say = useText()
  const language = useLanguage()
  const shares = figures.filter((f) => f.progress)
  return (
    <DataTable
      of={api.streets}
      filters={[]}
      fixed={{ area, day }}
      rowKey={(row) => row.street}
      onOpen={(row) => onOpen(row.street)}
      columns={[
        'name',
        'received',
        'zero',
        'late',
        'returned',
        'missing',
        ...shares.map((f) => f.indicator),
        'state',
        'submittedAt',
      ]}
      heads={Object.fromEntries(shares.map((f) => [f.indicator, headOf(f)]))}
      cells={{
        received: (row) => `${row.received} / ${row.called}`,
        state: (row) => (
          <>
            {row.state ? (
              <Tone tone={tones[row.state]}>{say(choiceText(ReportState, row.state))}</Tone>
            ) : (
              <Tone tone="quiet">{say(said.missing)}</Tone>
            )}{' '}
            {row.sentLate && (
              <>
                <Tone tone="danger">{say(said.late)}</Tone>{' '}
              </>
            )}
            {row.changed && <Tone tone="look">{say(said.changed)}</Tone>}
          </>
        ),
        ...Object.fromEntries(
          shares.map((f) => [
            f.indicator,
            (row: api.StreetRow) => {
              const whole = figures.find((w) => w.indicator === f.progress?.of)
              const all = whole && row.figures[whole.indicator]?.[whole.main]
              const part = row.figures[f.indicator]?.[f.main] ?? 0
              return all ? `${sayNumber(part, language)} / ${sayNumber(all, language)} · ${percentOf(part, all)}%` : ''
            },
          ]),
        ),
      }}
    />
  )
}
