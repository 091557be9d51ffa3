// A form filled for a day: each figure opens the rows behind it, what nobody counts is typed here, and it goes out with its own look.
import { PrinterOutlined } from '@ant-design/icons'
import { Alert, Button, Input, Skeleton } from 'antd'
import { useId, useState } from 'react'
import { dayOf, sayDay, sayMinute } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { serverNow } from '#web/api.ts'
import { DownloadButton } from '#web/console/download.tsx'
import { Side } from '#web/console/drawer.tsx'
import { ProblemNote, useNotify } from '#web/console/notify.tsx'
import { Card, Page } from '#web/console/page.tsx'
import { usePrint } from '#web/console/print.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { words } from '#web/console/words.ts'
import { sayNumber, useLanguage, useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { holds, useSession } from '#web/session.ts'
import { spread } from '../api.ts'
import * as api from '../formsApi.ts'
import { FigureColumn } from '../model.ts'
import { headOf } from '../words.ts'
import { DayChoice } from './dayChoice.tsx'
import { RowsDrawer, type Opening } from './figures.tsx'
import { FormSheet, FormSheets, type DrawnCell } from './formsSheet.tsx'
import { said } from './formsSaid.ts'

type Props = {
  form: string
  place: string | undefined
  day: string | undefined
  onDay: (day: string | undefined) => void
  onBack: () => void
  onBind?: ((version: string) => void) | undefined
}
type Behind = { opening: Opening; community: string; report: string | undefined }

export function FormDayPage({ form, place, day: chosen, onDay, onBack, onBind }: Props) {
  const say = useText()
  const language = useLanguage()
  const print = usePrint()
  const day = chosen ?? dayOf(serverNow())
  const input = { form, day, ...(place ? { place } : {}) }
  const { data: shown, error, refetch } = useAsk(api.formDay, input)
  const [behind, setBehind] = useState<Behind>()
  const [spreadOf, setSpreadOf] = useState<api.FilledCell>()
  const title = shown ? text(`${shown.title} · ${shown.placeName}`, `${shown.title} · ${shown.placeName}`) : api.formDay.title
  const open = (cell: api.FilledCell) => {
    if (cell.area && cell.area.length < 12) setSpreadOf(cell)
    else setBehind(behindOf(cell, shown!))
  }
  return (
    <Page
      title={title}
      tools={
        <>
          <Button onClick={onBack}>{say(said.back)}</Button>
          <DayChoice day={day} onChange={onDay} />
          {shown && onBind && <Button onClick={() => onBind(shown.version.id)}>{say(said.bind)}</Button>}
          {shown && (
            <Button icon={<PrinterOutlined aria-hidden />} onClick={() => void print(<Paper shown={shown} />)}>
              {say(words.print)}
            </Button>
          )}
          {shown && <DownloadButton of={api.exportForm} input={input} label={api.exportForm.title} />}
        </>
      }
    >
      {error && <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />}
      {!shown && !error && (
        <Card>
          <Skeleton active paragraph={{ rows: 8 }} />
        </Card>
      )}
      {shown && (
        <>
          <Notes shown={shown} />
          <Card
            title={text(
              `${shown.office} · 第 ${shown.version.number} 版 · ${sayDay(day, 'zh')}`,
              `${shown.office} · version ${shown.version.number} · ${sayDay(day, 'en')}`,
            )}
          >
            <FormSheets sheets={shown.version.drawn} draw={drawing(shown, language, say, open)} title={shown.title} />
          </Card>
          <TypedCard key={`${day} ${shown.place}`} shown={shown} />
          <RowsDrawer
            opening={behind?.opening}
            community={behind?.community ?? ''}
            day={day}
            report={behind?.report}
            onClose={() => setBehind(undefined)}
          />
          {spreadOf?.answer.by === 'figure' && (
            <Spread
              cell={spreadOf}
              shown={shown}
              onClose={() => setSpreadOf(undefined)}
              onOpen={(area) => {
                if (area.length === 12) setBehind(behindOf({ ...spreadOf, area, report: null }, shown))
                else setSpreadOf({ ...spreadOf, area })
              }}
            />
          )}
        </>
      )}
    </Page>
  )
}

/** The rows behind a figure: of a community, or of one of its grids. */
function behindOf({ area, report, answer }: api.FilledCell, shown: api.FormDay): Behind | undefined {
  const figure = answer.by === 'figure' ? shown.indicators.find((one) => one.indicator === answer.indicator) : undefined
  if (!figure || !area || answer.by !== 'figure') return undefined
  const grid = area.length > 12 ? { grid: area } : {}
  return { opening: { figure, column: answer.column, ...grid }, community: area.slice(0, 12), report: report ?? undefined }
}

function drawing(
  shown: api.FormDay,
  language: 'zh' | 'en',
  say: ReturnType<typeof useText>,
  open?: (cell: api.FilledCell) => void,
) {
  const filled = new Map(shown.cells.map((cell) => [`${cell.sheet}\n${cell.cell}`, cell]))
  const totals = new Map(shown.totals.map((total) => [`${total.sheet}\n${total.cell}`, total.value]))
  return (sheet: string, cell: DrawnCell) => {
    const key = `${sheet}\n${cell.cell}`
    if (cell.sum) {
      const total = totals.get(key)
      return { inside: total === null || total === undefined ? '' : sayNumber(total, language), className: 'sum' }
    }
    const value = filled.get(key)
    if (!value) return { inside: cell.text }
    const words = typeof value.value === 'number' ? sayNumber(value.value, language) : (value.value ?? '')
    const { answer } = value
    if (answer.by !== 'figure' || words === '' || !open)
      return { inside: <span className={answer.by === 'fact' ? undefined : 'form-value'}>{words}</span> }
    const figure = shown.indicators.find((one) => one.indicator === answer.indicator)
    const name = figure ? `${say(figure.title)} · ${say(choiceText(FigureColumn, answer.column))}` : answer.indicator
    return {
      inside: (
        <button
          type="button"
          className="form-cell bound"
          aria-label={`${words}，${say(said.open(name))}`}
          onClick={() => open(value)}
        >
          {words}
        </button>
      ),
    }
  }
}

function Notes({ shown }: { shown: api.FormDay }) {
  const say = useText()
  const language = useLanguage()
  const time = sayMinute(shown.countedUntil, language)
  return (
    <>
      <p className="form-legend">
        {say(shown.report ? said.ofReport(time) : said.live(time))}
        {shown.called !== null && shown.received !== null && ` ${say(said.parts(shown.received, shown.called))}`}
      </p>
      {shown.partsDiffer && <Alert type="warning" showIcon title={say(said.partsDiffer)} />}
      {shown.without > 0 && <Alert type="error" showIcon title={say(said.without(shown.without))} />}
      {shown.open > 0 && <Alert type="warning" showIcon title={say(said.openLeft(shown.open))} />}
    </>
  )
}

function TypedCard({ shown }: { shown: api.FormDay }) {
  const say = useText()
  const { roles } = useSession()
  return (
    <Card title={said.typedTitle}>
      {shown.typed.length === 0 ? (
        <p>{say(said.noTyped)}</p>
      ) : (
        <ul className="form-typed">
          {shown.typed.map((one) => (
            <TypedLine key={one.name} one={one} shown={shown} writes={holds(api.typeFact.may, roles)} />
          ))}
        </ul>
      )}
    </Card>
  )
}

function TypedLine({ one, shown, writes }: { one: api.FormDay['typed'][number]; shown: api.FormDay; writes: boolean }) {
  const say = useText()
  const language = useLanguage()
  const id = useId()
  const notify = useNotify()
  const { tell, busy, problem } = useTell(api.typeFact)
  const [value, setValue] = useState(one.value ?? '')
  const changed = value.trim() !== '' && value.trim() !== one.value
  const save = () =>
    void tell({ place: shown.place, day: shown.day, name: one.name, value: value.trim() }).then((done) => {
      if (done) notify.done()
    })
  return (
    <li>
      <label htmlFor={id}>{one.name}</label>
      <div className="form-tools">
        <Input
          id={id}
          value={value}
          maxLength={500}
          disabled={!writes}
          onChange={(e) => setValue(e.target.value)}
          onPressEnter={() => {
            if (changed) save()
          }}
        />
        {writes && (
          <Button aria-label={`${say(words.save)} ${one.name}`} loading={busy} disabled={!changed} onClick={save}>
            {say(words.save)}
          </Button>
        )}
      </div>
      {problem && <ProblemNote problem={problem} />}
      {one.at && <span className="field-hint">{say(said.typedBy(one.byName ?? '—', sayMinute(one.at, language)))}</span>}
      {one.asked.length > 0 && <span className="field-hint">{say(said.alsoAsked([...new Set(one.asked)].join('、')))}</span>}
    </li>
  )
}

/** A sum of a street or county by what it is made of: the next step down. */
function Spread({
  cell,
  shown,
  onClose,
  onOpen,
}: {
  cell: api.FilledCell
  shown: api.FormDay
  onClose: () => void
  onOpen: (area: string) => void
}) {
  if (cell.answer.by !== 'figure' || !cell.area) return null
  const { indicator, column } = cell.answer
  const figure = shown.indicators.find((one) => one.indicator === indicator)
  if (!figure) return null
  return (
    <Side title={headOf(figure)} open onClose={onClose}>
      <DataTable
        of={spread}
        filters={[]}
        fixed={{ area: cell.area, day: shown.day, indicator }}
        rowKey={(row) => row.area}
        onOpen={(row) => onOpen(row.area)}
        columns={['name', column]}
      />
    </Side>
  )
}

/** The same form on paper; the workbook is what is handed over. */
function Paper({ shown }: { shown: api.FormDay }) {
  const say = useText()
  const language = useLanguage()
  return (
    <section className="sheet form-paper" lang="zh-CN">
      {shown.version.drawn
        .filter(({ hidden, rows }) => !hidden && rows.length > 0)
        .map((sheet) => (
          <FormSheet key={sheet.name} sheet={sheet} draw={drawing(shown, language, say)} label={sheet.name} />
        ))}
    </section>
  )
}
