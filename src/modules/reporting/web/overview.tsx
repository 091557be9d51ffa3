// All communities of a street or district: whose report is in, late, zero or missing, and what they add up to.
import { Progress } from 'antd'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { dayOf, sayMinute } from '#core/dates.ts'
import { serverNow } from '#web/api.ts'
import { useFilters } from '#web/console/address.ts'
import { DownloadButton } from '#web/console/download.tsx'
import { ProblemNote } from '#web/console/notify.tsx'
import { Card, Page, type Figure } from '#web/console/page.tsx'
import { useAsk } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { sayNumber, useLanguage, useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import * as api from '../api.ts'
import { ReportState } from '../model.ts'
import { DayChoice } from './dayChoice.tsx'
import { FigureTable } from './figures.tsx'
import { said, tones } from './said.ts'

const unit = text('个', 'communities')
/** Figures that have a column of their own in the table of communities; the others stand in the sums and the workbook. */
const own = 4

export function OverviewPage({ onOpen }: { onOpen: (community: string, day: string) => void }) {
  const say = useText()
  const language = useLanguage()
  const [filters, setFilters] = useFilters(api.totals)
  const day = (filters['day'] as string | undefined) ?? dayOf(serverNow())
  const { data, error, refetch } = useAsk(api.totals, { day })
  const columns = (data?.figures ?? []).slice(0, own)
  const figures: Figure[] = [
    { key: 'called', title: text('应报', 'Called for'), value: data?.called, unit },
    { key: 'handedOver', title: text('已报', 'Sent'), value: data?.handedOver, unit },
    { key: 'confirmed', title: text('已确认', 'Confirmed'), value: data?.confirmed, unit },
    { key: 'returned', title: text('退回', 'Returned'), value: data?.returned, unit, tone: 'look' },
    { key: 'late', title: said.late, value: data?.late, unit, tone: 'danger' },
    { key: 'zero', title: said.zero, value: data?.zero, unit },
  ]
  return (
    <Page title={said.overview} figures={figures} tools={
      <>
        <DayChoice day={day} onChange={(chosen) => setFilters({ day: chosen })} />
        <DownloadButton of={api.exportOverview} input={{ day }} />
      </>
    } picture={data && data.called > 0 && (
      <Card title={said.completeness}>
        <Progress
          aria-label={say(said.completeness)} percent={Math.round((100 * data.handedOver) / data.called)}
          format={() => `${data.handedOver} / ${data.called}`} />
      </Card>
    )}>
      {error && <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />}
      <DataTable
        of={api.overview} filters={[]} fixed={{ day }} rowKey={({ community }) => community} onOpen={({ community }) => onOpen(community, day)}
        columns={['name', 'state', 'submittedAt', ...columns.map((f) => f.indicator), 'computedAt']}
        heads={Object.fromEntries(columns.map((f) => [f.indicator, text(`${f.title.zh}（${f.unit.zh}）`, `${f.title.en} (${f.unit.en})`)]))}
        cells={{
          state: (row) => <StateWords {...row} />,
          computedAt: ({ computedAt }) => (computedAt ? sayMinute(computedAt, language) : ''),
          ...Object.fromEntries(columns.map((f) => [f.indicator, (row: api.OverviewRow) => {
            const value = row.figures[f.indicator]?.[f.main]
            return value === null || value === undefined ? '' : sayNumber(value, language)
          }])),
        }} />
      {data && <FigureTable figures={data.figures} title={text('全域合计', 'Sums of the area')} />}
      <p className="code">{say(said.fromSums)}</p>
    </Page>
  )
}

/** The state in words; a report that is missing says so, in red once it is late. */
function StateWords({ state, called, late, zero }: Pick<api.OverviewRow, 'state' | 'called' | 'late' | 'zero'>) {
  const say = useText()
  if (!called) return <Tone tone="quiet">{say(said.notCalledFor)}</Tone>
  return (
    <>
      {state
        ? <Tone tone={tones[state]}>{say(choiceText(ReportState, state))}</Tone>
        : <Tone tone={late ? 'danger' : 'look'}>{say(said.missing)}</Tone>}{' '}
      {zero && <Tone tone="quiet">{say(said.zero)}</Tone>}{' '}
      {late && <Tone tone="danger">{say(said.late)}</Tone>}
    </>
  )
}
