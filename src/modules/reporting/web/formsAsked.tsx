// Which office asks what: every fact once, with the forms that ask it and what answers it, so that nobody types it twice.
import { Segmented, Skeleton } from 'antd'
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { ProblemNote } from '#web/console/notify.tsx'
import { Card } from '#web/console/page.tsx'
import { useAsk } from '#web/console/query.ts'
import { Tone, type ToneName } from '#web/console/tone.tsx'
import { words } from '#web/console/words.ts'
import { useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import * as api from '../formsApi.ts'
import { FigureColumn } from '../model.ts'
import { said } from './formsSaid.ts'

type Which = 'all' | 'untyped' | 'typed' | 'open'
const tones: Record<api.Asked['answered'], ToneName> = { counted: 'ok', fact: 'ok', typed: 'look', open: 'danger' }
const isOne: Record<Which, (row: api.Asked) => boolean> = {
  all: () => true,
  untyped: (row) => row.answered === 'counted' || row.answered === 'fact',
  typed: (row) => row.answered === 'typed',
  open: (row) => row.answered === 'open',
}

export function WhoAsksCard({ onOpen }: { onOpen: (form: string) => void }) {
  const say = useText()
  const { data, error, refetch } = useAsk(api.whoAsks, {})
  const [which, setWhich] = useState<Which>('all')
  if (error) return <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />
  if (!data)
    return (
      <Card title={said.whoAsks}>
        <Skeleton active paragraph={{ rows: 4 }} />
      </Card>
    )
  if (data.forms.length === 0) return null
  const count = (wanted: Which) => data.rows.filter(isOne[wanted]).length
  const sayRow = ({ answered, figure }: api.Asked) =>
    figure
      ? `${say(figure.title)} · ${say(choiceText(FigureColumn, figure.column))}`
      : say(answered === 'typed' ? said.handTyped : answered === 'open' ? said.openYet : said.known)
  return (
    <Card title={said.whoAsks}>
      <p className="form-legend">{say(said.sum(data.forms.length, data.fields, data.rows.length))}</p>
      <div className="form-tools">
        <Segmented<Which>
          aria-label={say(said.whoAsks)}
          value={which}
          onChange={setWhich}
          options={[
            { value: 'all', label: say(words.all) },
            { value: 'untyped', label: say(said.untyped(count('untyped'))) },
            { value: 'typed', label: say(said.byHand(count('typed'))) },
            { value: 'open', label: say(said.undecided(count('open'))) },
          ]}
        />
      </div>
      <div className="rows" tabIndex={0} role="region" aria-label={say(said.whoAsks)}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say(said.fact)}</th>
              <th scope="col">{say(said.answer)}</th>
              <th scope="col" className="number">
                {say(said.times)}
              </th>
              {data.forms.map((form) => (
                <th key={form.form} scope="col">
                  <button type="button" className="row-open" onClick={() => onOpen(form.form)}>
                    {form.office}
                    <br />
                    {form.title}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.rows.filter(isOne[which]).map((row) => (
              <tr key={row.key}>
                <td>{row.name}</td>
                <td>
                  <Tone tone={tones[row.answered]}>{sayRow(row)}</Tone>
                </td>
                <td className="number">{row.by.length}</td>
                {data.forms.map((form) => (
                  <td key={form.form}>{row.by.find((one) => one.form === form.form)?.cells.join('、') ?? ''}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  )
}
