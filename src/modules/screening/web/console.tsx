// The campaign on the console: how far it is, where the gaps are, who is left by name, who is to be visited again, who did what.
import './console.css'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Select, Tabs } from 'antd'
import { useState, type ReactNode } from 'react'
import type { Id } from '#core/ids.ts'
import { text, type Text } from '#core/text.ts'
import { useFilters } from '#web/console/address.ts'
import { ProblemNote } from '#web/console/notify.tsx'
import { Card, EmptyNote, Page, type Figure } from '#web/console/page.tsx'
import { useAsk } from '#web/console/query.ts'
import { useText } from '#web/language.ts'
import { useSession } from '#web/session.ts'
import { CommunityPicker, useCommunity } from '#modules/territory/web/pickers.tsx'
import * as api from '../api.ts'
import { Campaigns, CloseCampaign, OpenCampaign } from './campaign.tsx'
import { Funnel } from './funnel.tsx'
import { HouseholdDrawer } from './household.tsx'
import { KeyPersons } from './keyPersons.tsx'
import { Areas, Left, Revisit, Workers } from './lists.tsx'
import { BuildingsMap, RoomsMap } from './map.tsx'
import { ExportSheets, PrintNotice } from './sheets.tsx'
import type { Where } from './where.ts'

const said = {
  title: text('排查', 'Screening'),
  none: text('还没有启动过排查', 'No campaign yet'),
  noneHint: text(
    '启动后，网格员的手机上就会出现门户清单。',
    'Once it is open, the doors appear on the phones of the grid workers.',
  ),
  ask: text('请社区书记启动排查。', 'Ask the community secretary to open one.'),
  which: text('哪一次排查', 'Which campaign'),
  closed: text('已结束', 'closed'),
}

const units = {
  households: { one: text('户', 'household'), many: text('户', 'households') },
  sheets: { one: text('张', 'sheet'), many: text('张', 'sheets') },
  people: { one: text('人', 'person'), many: text('人', 'people') },
  times: { one: text('条', 'entry'), many: text('条', 'entries') },
}

const views = ['left', 'revisit', 'workers', 'areas', 'keyPersons', 'campaigns'] as const
type View = (typeof views)[number]
const viewText: Record<View, Text> = {
  left: text('未覆盖名单', 'Who is left'),
  revisit: text('待复访', 'To visit again'),
  workers: text('各人进度', 'By worker'),
  areas: text('各网格进度', 'By grid'),
  keyPersons: text('重点人员', 'Key persons'),
  campaigns: text('历次排查', 'Campaigns'),
}

/** Which list stands below, kept in the address. */
function useView(): [View, (view: View) => void] {
  const wanted = (useSearch({ strict: false }) as { view?: string }).view
  const navigate = useNavigate()
  const view = views.find((one) => one === wanted) ?? 'left'
  return [view, (next) => void navigate({ to: '.', search: ((now: object) => ({ ...now, view: next })) as never, replace: true })]
}

export function ScreeningPage() {
  const { community, own, all, choose } = useCommunity()
  const [filters, setFilters] = useFilters(api.left)
  const where: Where = {
    ...(!own && community ? { community } : {}),
    ...(filters['campaign'] ? { campaign: filters['campaign'] as Id } : {}),
  }
  const picker = !own && <CommunityPicker community={community} all={all} choose={choose} />
  if (!community)
    return (
      <Page title={said.title} tools={picker}>
        {null}
      </Page>
    )
  return (
    <Shown
      key={community}
      where={where}
      picker={picker}
      building={filters['building'] as Id | undefined}
      setFilters={setFilters}
    />
  )
}

type ShownProps = {
  where: Where
  picker: ReactNode
  building: Id | undefined
  setFilters: (change: Record<string, unknown>) => void
}

function Shown({ where, picker, building, setFilters }: ShownProps) {
  const { data, error, refetch } = useAsk(api.funnel, where)
  const [view, setView] = useView()
  const [open, setOpen] = useState<Id>()
  const campaign = data?.campaign
  const figures = useFigures(data, (next) => setView(next))
  if (error)
    return (
      <Page title={said.title} tools={picker}>
        <ProblemNote problem={error} onRetry={() => void refetch()} />
      </Page>
    )
  if (data && !campaign)
    return (
      <Page title={said.title} tools={picker}>
        <Card>
          <NoCampaign />
        </Card>
      </Page>
    )
  return (
    <Page
      title={campaign ? text(`${said.title.zh} · ${campaign.title}`, `${said.title.en} · ${campaign.title}`) : said.title}
      figures={figures}
      tools={
        <>
          {picker}
          <CampaignChoice where={where} onChoose={(id) => setFilters({ campaign: id, building: undefined })} />
          <PrintNotice where={where} />
          <ExportSheets where={where} />
          {campaign?.state === 'open' && <CloseCampaign campaign={campaign} />}
          {campaign?.state === 'closed' && <OpenCampaign />}
        </>
      }
      picture={
        <div className="screening-picture">
          {data && <Funnel of={data} />}
          <BuildingsMap
            where={where}
            chosen={building}
            onChoose={(id) => setFilters({ building: id === building ? undefined : id })}
          />
        </div>
      }
    >
      {building && (
        <RoomsMap where={where} building={building} onOpen={setOpen} onClose={() => setFilters({ building: undefined })} />
      )}
      <Views view={view} setView={setView} where={where} onOpen={setOpen} />
      <HouseholdDrawer where={where} household={open} onClose={() => setOpen(undefined)} />
    </Page>
  )
}

function Views({
  view,
  setView,
  where,
  onOpen,
}: {
  view: View
  setView: (view: View) => void
  where: Where
  onOpen: (household: Id) => void
}) {
  const say = useText()
  const inside: Record<View, ReactNode> = {
    left: <Left where={where} onOpen={onOpen} />,
    revisit: <Revisit where={where} onOpen={onOpen} />,
    workers: <Workers where={where} />,
    areas: <Areas where={where} />,
    keyPersons: <KeyPersons where={where} />,
    campaigns: <Campaigns where={where} />,
  }
  return (
    <Tabs
      activeKey={view}
      onChange={(key) => setView(key as View)}
      destroyOnHidden
      items={views.map((key) => ({ key, label: say(viewText[key]), children: key === view ? inside[key] : null }))}
    />
  )
}

function useFigures(data: FunnelData | undefined, open: (view: View) => void): Figure[] {
  type More = Omit<Partial<Figure>, 'unit'> & { unit?: keyof typeof units }
  const of = (key: keyof FunnelData & string, title: Text, { unit = 'households', ...more }: More = {}): Figure => {
    const value = data?.[key] as number | undefined
    return { key, title, value, unit: units[unit][value === 1 ? 'one' : 'many'], ...more }
  }
  return [
    of('households', text('应排查', 'To be screened')),
    of('covered', text('已覆盖', 'Covered'), {
      note: data && data.households > 0 ? `${((100 * data.covered) / data.households).toFixed(1)}%` : undefined,
    }),
    of('left', text('未覆盖', 'Left'), { tone: 'look', onOpen: () => open('left') }),
    of('sheets', text('张贴提示', 'Notices posted'), { unit: 'sheets', onOpen: () => open('revisit') }),
    of('keyPersons', text('重点人员', 'Key persons'), { unit: 'people', onOpen: () => open('keyPersons') }),
    of('symptomatic', text('有症状', 'With symptoms'), { unit: 'people', tone: 'danger' }),
    ...(data && data.doubted > 0
      ? [of('doubted', text('时间存疑', 'Of doubted time'), { unit: 'times', tone: 'look' as const })]
      : []),
  ]
}
type FunnelData = Awaited<ReturnType<typeof useAsk<typeof api.funnel.input, typeof api.funnel.output>>>['data'] & object

function NoCampaign() {
  const { roles } = useSession()
  const may = roles.includes('communitySecretary')
  return <EmptyNote title={said.none} hint={may ? said.noneHint : said.ask} action={may ? <OpenCampaign /> : undefined} />
}

/** Earlier campaigns stay open to be looked at. */
function CampaignChoice({ where, onChoose }: { where: Where; onChoose: (id: Id | undefined) => void }) {
  const say = useText()
  const { data } = useAsk(api.campaigns, where.community ? { community: where.community } : {})
  if (!data || data.rows.length < 2) return null
  return (
    <Select
      aria-label={say(said.which)}
      style={{ minWidth: 180 }}
      placeholder={say(said.which)}
      allowClear
      value={where.campaign ?? null}
      onChange={(id) => onChoose(id ?? undefined)}
      options={data.rows.map((one) => ({
        value: one.id,
        label: one.state === 'closed' ? `${one.title}（${say(said.closed)}）` : one.title,
      }))}
    />
  )
}
