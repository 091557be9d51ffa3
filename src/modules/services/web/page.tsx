// Services on the console: figures, and what is asked for, said, handed over, looked after and counselled, each under its tab.
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Tabs } from 'antd'
import { useFilters } from '#web/console/address.ts'
import { Page } from '#web/console/page.tsx'
import { useAsk } from '#web/console/query.ts'
import { useText } from '#web/language.ts'
import { holds, useSession } from '#web/session.ts'
import { CommunityPicker, useCommunity } from '#modules/territory/web/pickers.tsx'
import * as api from '../api.ts'
import { CareFiles } from './care.tsx'
import { Counselling, MyCounselling } from './counselling.tsx'
import { Items } from './items.tsx'
import { Needs, type Rules } from './needs.tsx'
import { said } from './said.ts'
import { Visits, type About } from './visits.tsx'
import './services.css'

const noRules: Rules = { categories: [], urgencies: [], care: [] }

export function ServicesPage() {
  const say = useText()
  const { roles } = useSession()
  const navigate = useNavigate()
  const where = useCommunity()
  const search = useSearch({ strict: false }) as { tab?: string; household?: string; person?: string }
  const here = where.own || !where.community ? {} : { community: where.community }
  const ready = where.own || where.community !== undefined
  const reads = holds(api.requests.may, roles)
  const { data: counts } = useAsk(api.counts, here, { enabled: ready && reads })
  const { data: options } = useAsk(api.options, here, { enabled: ready })
  const [, setFilters] = useFilters(api.requests)
  const rules = options ?? noRules
  const about: About | undefined = search.household
    ? { household: search.household }
    : search.person
      ? { person: search.person }
      : undefined
  const go = (tab: string) => void navigate({ to: '.', search: { tab } as never, replace: true })
  const done = () => {
    if (about) void navigate({ to: '.', search: { tab: search.tab } as never, replace: true })
  }
  const show = (filters: Record<string, unknown>) => () =>
    setFilters({ tab: 'needs', state: undefined, overdue: undefined, owes: undefined, mine: undefined, ...filters })
  const figures = reads
    ? [
        { key: 'open', title: said.open, value: counts?.open, unit: said.unit, onOpen: show({}) },
        {
          key: 'overdue',
          title: said.overdue,
          value: counts?.overdue,
          unit: said.unit,
          tone: 'danger' as const,
          onOpen: show({ overdue: true }),
        },
        {
          key: 'owing',
          title: said.owing,
          value: counts?.owing,
          unit: said.unit,
          tone: 'look' as const,
          onOpen: show({ owes: true }),
        },
        {
          key: 'kits',
          title: said.kits,
          value: counts?.kits,
          unit: said.households,
          tone: 'look' as const,
          onOpen: () => go('items'),
        },
        { key: 'care', title: said.families, value: counts?.care, unit: said.households, onOpen: () => go('care') },
        {
          key: 'worrying',
          title: said.worrying,
          value: counts?.worrying,
          unit: said.households,
          tone: 'look' as const,
          onOpen: () => go('calls'),
        },
      ]
    : []
  const tabs = [
    ...(reads
      ? [
          { key: 'needs', label: say(said.needs), children: <Needs here={here} rules={rules} /> },
          { key: 'care', label: say(said.care), children: <CareFiles here={here} rules={rules} /> },
          { key: 'items', label: say(said.items), children: <Items here={here} about={about} onDone={done} /> },
          { key: 'calls', label: say(said.calls), children: <Visits here={here} rules={rules} about={about} onDone={done} /> },
        ]
      : []),
    ...(holds(api.cases.may, roles)
      ? [{ key: 'counselling', label: say(said.counselling), children: <Counselling here={here} /> }]
      : []),
    ...(holds(api.myCases.may, roles) ? [{ key: 'mine', label: say(said.myCases), children: <MyCounselling /> }] : []),
  ]
  const open = tabs.some((t) => t.key === search.tab) ? search.tab! : tabs[0]?.key
  return (
    <Page title={said.title} figures={figures} tools={!where.own && <CommunityPicker {...where} />}>
      {ready && <Tabs {...(open ? { activeKey: open } : {})} onChange={go} destroyOnHidden items={tabs} />}
    </Page>
  )
}
