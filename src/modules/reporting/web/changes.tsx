// What has changed since a report was compiled: numbers side by side, the entries that make the difference, and the proof of the rest.
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import type { Id } from '#core/ids.ts'
import { ask } from '#web/api.ts'
import { ActionButton } from '#web/console/action.tsx'
import { ProblemNote, useNotify } from '#web/console/notify.tsx'
import { Card } from '#web/console/page.tsx'
import { useAsk } from '#web/console/query.ts'
import { Tone } from '#web/console/tone.tsx'
import { sayNumber, useLanguage, useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { sayMinute } from '#core/dates.ts'
import * as api from '../api.ts'
import { FigureColumn } from '../model.ts'
import { changeTones, changeWords, said } from './said.ts'

export function ChangesCard({
  community,
  report,
  figures,
}: {
  community: string
  report: Id
  figures: readonly api.FigureShown[]
}) {
  const say = useText()
  const language = useLanguage()
  const { data, error, refetch } = useAsk(api.differences, { community, report })
  const count = (n: number | null) => (n === null ? '' : sayNumber(n, language))
  return (
    <Card title={said.changes} tools={<Recompute community={community} report={report} />}>
      {error && <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />}
      {data && data.rows.length === 0 && <p role="status">{say(said.noChanges)}</p>}
      {data && data.rows.length > 0 && data.figures.length === 0 && <p role="status">{say(said.onlyRows)}</p>}
      {data && data.figures.length > 0 && (
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
              {data.figures.map((f) => (
                <tr key={`${f.indicator} ${f.column}`}>
                  <td>
                    {say(f.title)} · {say(choiceText(FigureColumn, f.column))}
                  </td>
                  <td>{say(f.unit)}</td>
                  <td className="number">{count(f.reported)}</td>
                  <td className="number">{count(f.now)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {data && data.rows.length > 0 && (
        <ul className="report-changes">
          {data.rows.map((row) => (
            <li key={`${row.indicator} ${row.key}`}>
              <Tone tone={changeTones[row.change]}>{say(changeWords[row.change])}</Tone>{' '}
              {[
                nameOf(figures, row.indicator, say),
                row.address,
                row.personName ?? row.head,
                row.gridName,
                row.at && sayMinute(row.at, language),
                row.byName,
              ]
                .filter(Boolean)
                .join(' · ')}
              {row.change === 'changed' &&
                row.amountBefore !== row.amountAfter &&
                ` · ${count(row.amountBefore)} → ${count(row.amountAfter)}`}
            </li>
          ))}
        </ul>
      )}
      {data?.more && <p>{say(said.moreChanges)}</p>}
    </Card>
  )
}

const nameOf = (figures: readonly api.FigureShown[], indicator: string, say: ReturnType<typeof useText>): string => {
  const figure = figures.find((f) => f.indicator === indicator)
  return figure ? say(figure.title) : indicator
}

function Recompute({ community, report }: { community: string; report: Id }) {
  const notify = useNotify()
  const [busy, setBusy] = useState(false)
  const run = async () => {
    setBusy(true)
    try {
      const { equal, rows } = await ask(api.recompute, { community, report })
      if (equal) notify.done(said.equal)
      else notify.look(said.unequal(rows.filter((row) => !row.equal).length))
    } catch (error) {
      notify.refused(asProblem(error))
    } finally {
      setBusy(false)
    }
  }
  return <ActionButton label={said.recompute} run={() => void run()} loading={busy} />
}
