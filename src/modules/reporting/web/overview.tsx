// A street or district in one glance: whose report is in, late, zero, returned or missing, how far work has come, what it adds up to.
import { Button, Progress, Segmented } from 'antd'
import { useState } from 'react'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import { dayOf, sayMinute } from '#core/dates.ts'
import { serverNow } from '#web/api.ts'
import type { Action } from '#web/console/action.tsx'
import { useFilters } from '#web/console/address.ts'
import { ConfirmReason } from '#web/console/confirm.tsx'
import { DownloadButton } from '#web/console/download.tsx'
import { Side } from '#web/console/drawer.tsx'
import { ProblemNote, useNotify } from '#web/console/notify.tsx'
import { Card, Page, type Figure } from '#web/console/page.tsx'
import { useAsk, useTell } from '#web/console/query.ts'
import { DataTable } from '#web/console/table.tsx'
import { Tone } from '#web/console/tone.tsx'
import { sayNumber, useLanguage, useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import { holds, useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { can, columns, ReportState, Which } from '../model.ts'
import { ofReceived, percentOf, progressIn } from '../upWords.ts'
import { headOf } from '../words.ts'
import { AreaMessageButton, LeftButton, PrintBrief } from './brief.tsx'
import { DayChoice } from './dayChoice.tsx'
import { FigureTable } from './figures.tsx'
import { said, tones } from './said.ts'
import { StreetCard, StreetTable } from './street.tsx'

const unit = text('个', 'communities')
/** Figures that have a column of their own in the table of communities; the others stand in the sums and the workbook. */
const own = 4
const kinds = ['received', 'zero', 'late', 'confirmed', 'returned', 'missing'] as const
const loud = { late: 'danger', returned: 'look', missing: 'look' } as const

/** Opens a community: its day, and one figure of it where that was what somebody followed. */
type OpenCommunity = (community: string, day: string, indicator?: string) => void

export function OverviewPage({ onOpen }: { onOpen: OpenCommunity }) {
  const say = useText()
  const { post } = useSession()
  const [filters, setFilters] = useFilters(api.overview)
  const day = (filters['day'] as string | undefined) ?? dayOf(serverNow())
  const area = (filters['area'] as string | undefined) ?? post?.area ?? ''
  const { data, error, refetch } = useAsk(api.totals, { day, area })
  const [followed, setFollowed] = useState<api.IndicatorShown>()
  const figures: Figure[] = [
    { key: 'called', title: text('应报', 'Called for'), value: data?.called, unit },
    ...kinds.map((which): Figure => ({
      key: which,
      title: choiceText(Which, which),
      value: data?.[which],
      unit,
      onOpen: () => setFilters({ which }),
      ...(which in loud ? { tone: loud[which as keyof typeof loud] } : {}),
      ...(which === 'missing' && data?.overdue ? { note: say(said.ofThemOverdue(data.overdue)) } : {}),
    })),
  ]
  const below = area !== post?.area
  const title =
    below && data ? text(`${said.overview.zh} · ${data.areaName}`, `${said.overview.en} · ${data.areaName}`) : said.overview
  return (
    <Page
      title={title}
      figures={figures}
      tools={
        <>
          {below && <Button onClick={() => setFilters({ area: undefined, which: undefined })}>{say(said.backToStreets)}</Button>}
          <DayChoice day={day} onChange={(chosen) => setFilters({ day: chosen })} />
          <LeftButton input={{ area, day }} />
          {data && <AreaMessageButton totals={data} />}
          {data && <PrintBrief totals={data} />}
          <DownloadButton of={api.exportOverview} input={{ day, area }} />
        </>
      }
      picture={data && <Completeness totals={data} />}
    >
      {error && <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />}
      {area.length === 9 && data && <StreetCard area={area} day={day} received={data.received} />}
      {area.length === 6 && data && (
        <StreetTable
          area={area}
          day={day}
          figures={data.figures}
          onOpen={(street) => setFilters({ area: street, which: undefined })}
        />
      )}
      <Communities area={area} day={day} figures={data?.figures ?? []} onOpen={(community) => onOpen(community, day)} />
      {data && <Sums totals={data} onOpen={setFollowed} />}
      <p className="code">
        {say(said.fromSums)} {say(said.namesNobody)}
      </p>
      <SpreadDrawer
        figure={followed}
        area={area}
        day={day}
        onClose={() => setFollowed(undefined)}
        onOpen={(place) => {
          if (place.length === 12) onOpen(place, day, followed?.indicator)
          else setFilters({ area: place })
        }}
      />
    </Page>
  )
}

/** x of n reports, and how far each piece of work has come over all communities. */
function Completeness({ totals }: { totals: api.Totals }) {
  const say = useText()
  const language = useLanguage()
  const n = (value: number) => sayNumber(value, language)
  const bars = [
    ...(totals.called
      ? [
          {
            key: 'reports',
            title: said.completeness,
            words: `${totals.received} / ${totals.called} ${say(unit)}`,
            percent: percentOf(totals.received, totals.called),
          },
        ]
      : []),
    ...progressIn(totals.figures).map((one) => ({
      key: one.title.en,
      title: one.title,
      words: `${n(one.done)} / ${n(one.whole)} ${say(one.unit)}`,
      percent: one.percent,
    })),
  ]
  if (!bars.length) return null
  return (
    <Card>
      <dl className="report-bars">
        {bars.map(({ key, title, words, percent }) => (
          <div key={key}>
            <dt>{say(title)}</dt>
            <dd>
              <Progress aria-label={say(title)} percent={percent} format={() => `${words} · ${percent}%`} />
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

function Communities({
  area,
  day,
  figures,
  onOpen,
}: {
  area: string
  day: string
  figures: readonly api.Summed[]
  onOpen: (community: string) => void
}) {
  const language = useLanguage()
  const notify = useNotify()
  const { roles } = useSession()
  const [confirm, back] = [useTell(api.confirm), useTell(api.sendBack)]
  const [returned, setReturned] = useState<api.OverviewRow>()
  const shown = figures.slice(0, own)
  const at = ({ community, report }: api.OverviewRow) => ({ community, report: report ?? '' })
  const actions = (row: api.OverviewRow): readonly Action[] => {
    if (!holds(api.confirm.may, roles)) return []
    const state = row.state === null ? undefined : { state: row.state }
    const locked = row.state === 'locked' ? said.locked : undefined
    return [
      {
        label: api.confirm.title,
        run: () =>
          void confirm.tell(at(row), undefined, notify.refused).then((ok) => {
            if (ok) notify.done()
          }),
        disabledReason:
          state && can.confirm(state)
            ? undefined
            : (locked ?? (row.state === 'confirmed' ? said.alreadyConfirmed : said.notSent)),
      },
      {
        label: api.sendBack.title,
        danger: true,
        run: () => setReturned(row),
        disabledReason: state && can.return(state) ? undefined : (locked ?? said.notSent),
      },
    ]
  }
  return (
    <>
      <DataTable
        of={api.overview}
        filters={['which']}
        fixed={{ day, area }}
        rowKey={({ community }) => community}
        onOpen={({ community }) => onOpen(community)}
        columns={[
          'name',
          ...(area.length === 6 ? ['streetName'] : []),
          'standing',
          'submittedAt',
          ...shown.map((f) => f.indicator),
          'computedAt',
        ]}
        heads={Object.fromEntries(shown.map((f) => [f.indicator, headOf(f)]))}
        cells={{
          standing: (row) => <StateWords {...row} />,
          computedAt: ({ computedAt }) => (computedAt ? sayMinute(computedAt, language) : ''),
          ...Object.fromEntries(
            shown.map((f) => [
              f.indicator,
              (row: api.OverviewRow) => {
                const value = row.figures[f.indicator]?.[f.main]
                return value === null || value === undefined ? '' : sayNumber(value, language)
              },
            ]),
          ),
        }}
        {...(holds(api.confirm.may, roles) ? { actions } : {})}
      />
      <ConfirmReason
        open={returned !== undefined}
        title={said.returnTitle}
        explain={said.returnOne(returned?.name ?? '')}
        submit={api.sendBack.title}
        danger
        busy={back.busy}
        problem={back.problem}
        onClose={() => {
          back.forget()
          setReturned(undefined)
        }}
        onConfirm={(reason) =>
          void back.tell({ ...at(returned!), reason }).then((ok) => {
            if (ok) {
              notify.done()
              setReturned(undefined)
            }
          })
        }
      />
    </>
  )
}

/** The sums, of the reports that are in or of all communities as they stand; each figure opens by street or community. */
function Sums({ totals, onOpen }: { totals: api.Totals; onOpen: (figure: api.IndicatorShown) => void }) {
  const say = useText()
  const [which, setWhich] = useState<'received' | 'all'>('received')
  return (
    <>
      <Segmented<'received' | 'all'>
        aria-label={say(said.sums)}
        value={which}
        onChange={setWhich}
        options={[
          { value: 'received', label: say(said.sumsIn) },
          { value: 'all', label: say(said.sumsNow) },
        ]}
      />
      <FigureTable
        figures={which === 'received' ? ofReceived(totals) : totals.figures}
        onExplain={onOpen}
        title={which === 'received' ? said.sumsReceived(totals.received, totals.called) : said.sumsAll(totals.communities)}
      />
    </>
  )
}

/** One figure by streets or communities: the next step down. */
function SpreadDrawer({
  figure,
  area,
  day,
  onClose,
  onOpen,
}: {
  figure: api.IndicatorShown | undefined
  area: string
  day: string
  onClose: () => void
  onOpen: (area: string) => void
}) {
  const say = useText()
  if (!figure) return null
  const title = headOf(figure)
  return (
    <Side title={title} open onClose={onClose}>
      <p>{say(figure.definition.numerator)}</p>
      <DataTable
        of={api.spread}
        filters={[]}
        fixed={{ area, day, indicator: figure.indicator }}
        rowKey={(row) => row.area}
        onOpen={(row) => onOpen(row.area)}
        columns={['name', 'received', ...columns.filter((column) => figure.columns.includes(column))]}
        cells={{ received: (row) => `${row.received} / ${row.called}` }}
      />
    </Side>
  )
}

/** The state in words; a report that is missing says so, in red once it is overdue. Zero is a report, missing is none. */
function StateWords({
  state,
  standing,
  late,
  zero,
  overdue,
}: Pick<api.OverviewRow, 'state' | 'standing' | 'late' | 'zero' | 'overdue'>) {
  const say = useText()
  if (standing === 'notCalled') return <Tone tone="quiet">{say(said.notCalledFor)}</Tone>
  return (
    <>
      {standing === 'missing' ? (
        <Tone tone={overdue ? 'danger' : 'look'}>{say(overdue ? said.overdue : said.missing)}</Tone>
      ) : (
        <Tone tone={tones[state!]}>{say(choiceText(ReportState, state!))}</Tone>
      )}{' '}
      {zero && <Tone tone="quiet">{say(said.zero)}</Tone>} {late && <Tone tone="danger">{say(said.late)}</Tone>}
    </>
  )
}
