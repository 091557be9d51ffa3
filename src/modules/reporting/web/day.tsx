// The daily report of one community: where it stands, its figures, what is behind them, what changed since.
import { PrinterOutlined } from '@ant-design/icons'
import { Button, Skeleton } from 'antd'
import { useState } from 'react'
import { dayOf as civilDay } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import { serverNow } from '#web/api.ts'
import { useFilters } from '#web/console/address.ts'
import { DownloadButton } from '#web/console/download.tsx'
import { ProblemNote } from '#web/console/notify.tsx'
import { Card, Page, type Figure } from '#web/console/page.tsx'
import { usePrint } from '#web/console/print.tsx'
import { useAsk } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { words } from '#web/console/words.ts'
import { useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { text } from '#core/text.ts'
import * as api from '../api.ts'
import { ReportState } from '../model.ts'
import { notesOf } from '../words.ts'
import { LeftButton } from './brief.tsx'
import { ChangesCard } from './changes.tsx'
import { DayChoice } from './dayChoice.tsx'
import { ExplainDrawer, FigureTable, RowsDrawer, type Opening } from './figures.tsx'
import { BriefButton, DaySheet } from './paper.tsx'
import { said, tones } from './said.ts'
import { StepsCard } from './steps.tsx'
import './reporting.css'

/** `onBack` leads to the overview, for posts above a community. */
export function DayPage({ onBack }: { onBack?: () => void }) {
  const say = useText()
  const print = usePrint()
  const [filters, setFilters] = useFilters(api.dayOfReport)
  const today = civilDay(serverNow())
  const day = (filters['day'] as string | undefined) ?? today
  const input: { community?: string; day: string } = {
    ...(filters['community'] ? { community: filters['community'] as string } : {}),
    day,
  }
  const { data: shown, error, refetch } = useAsk(api.dayOfReport, input)
  const [chosen, setOpening] = useState<Opening>()
  // A figure that was followed down from an overview stands in the address.
  const [followed, setFollowed] = useFilters(api.rows)
  const figure = shown?.figures.find((f) => f.indicator === followed['indicator'])
  const opening = chosen ?? (figure && { figure, column: figure.main })
  const [explained, setExplained] = useState<string>()
  const title =
    shown && onBack ? text(`${said.title.zh} · ${shown.communityName}`, `${said.title.en} · ${shown.communityName}`) : said.title
  return (
    <Page
      title={title}
      figures={topFigures(shown, setOpening)}
      tools={
        <>
          {onBack && <Button onClick={onBack}>{say(said.back)}</Button>}
          <DayChoice day={day} onChange={(chosen) => setFilters({ day: chosen })} />
          <LeftButton input={input} />
          {shown && <BriefButton shown={shown} />}
          {shown && (
            <Button icon={<PrinterOutlined aria-hidden />} onClick={() => void print(<DaySheet shown={shown} />)}>
              {say(words.print)}
            </Button>
          )}
          <DownloadButton of={api.exportDay} input={input} />
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
          <StepsCard shown={shown} today={today} />
          <FigureTable figures={shown.figures} onOpen={setOpening} onExplain={(figure) => setExplained(figure.indicator)} />
          {shown.report && <ChangesCard community={shown.community} report={shown.report.id} figures={shown.figures} />}
          <Card title={said.notes}>
            <ol className="report-notes">
              {notesOf(shown).map((note) => (
                <li key={note.en}>{say(note)}</li>
              ))}
            </ol>
          </Card>
          <p className="code">{say(said.namesNobody)}</p>
          <Earlier community={input.community} onOpen={(chosen) => setFilters({ day: chosen })} />
          <ExplainDrawer
            figure={shown.figures.find((f) => f.indicator === explained)}
            onClose={() => setExplained(undefined)}
            onOpen={(wanted) => {
              setExplained(undefined)
              setOpening(wanted)
            }}
          />
          <RowsDrawer
            opening={opening}
            community={shown.community}
            day={day}
            report={shown.report?.id}
            onClose={() => {
              setOpening(undefined)
              if (figure) setFollowed({ indicator: undefined })
            }}
          />
        </>
      )}
    </Page>
  )
}

/** A few figures stand large: those that say something today, in the order of the sheet; the first ones where none does. */
const large = 6
const mostTelling = (figures: readonly api.FigureShown[]) => {
  const telling = figures.filter((figure) => figure[figure.main])
  return [...telling, ...figures.filter((figure) => !telling.includes(figure))].slice(0, large)
}

const topFigures = (shown: api.DayShown | undefined, open: (opening: Opening) => void): Figure[] =>
  mostTelling(shown?.figures ?? []).map((figure) => ({
    key: figure.indicator,
    title: figure.title,
    value: figure[figure.main],
    unit: figure.unit,
    onOpen: () => open({ figure, column: figure.main }),
    ...(figure.doubted > 0 ? { tone: 'look' as const } : {}),
  }))

/** Reports of other days, the newest first. */
function Earlier({ community, onOpen }: { community: string | undefined; onOpen: (day: string) => void }) {
  const say = useText()
  return (
    <DataTable
      of={api.reports}
      title={said.history}
      filters={[]}
      fixed={community ? { community } : {}}
      onOpen={({ day }) => onOpen(day)}
      columns={['day', 'state', 'zero', 'late', 'submittedAt', 'submittedByName', 'confirmedByName']}
      empty={{ title: said.noHistory }}
      cells={{ state: ({ state }) => <Tone tone={tones[state]}>{say(choiceText(ReportState, state))}</Tone> }}
    />
  )
}
