// The page of territory: areas and who answers for them, compounds, buildings, dwellings, the plan, and a town from a file.
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Tabs } from 'antd'
import type { ReactNode } from 'react'
import { text } from '#core/text.ts'
import { EmptyNote, Page } from '#web/console/page.tsx'
import { useText } from '#web/language.ts'
import { holds, useSession } from '#web/session.ts'
import * as api from '../api.ts'
import { AreasTab } from './areas.tsx'
import { BuildingsTab, CompoundsTab, DwellingsTab } from './houses.tsx'
import { LoadButton } from './load.tsx'
import { CommunityPicker, useCommunity } from './pickers.tsx'
import { PlanTab } from './plan.tsx'

const said = {
  title: text('区域与房屋', 'Areas and houses'),
  areas: text('区域', 'Areas'),
  compounds: text('小区', 'Compounds'),
  buildings: text('楼栋', 'Buildings'),
  dwellings: text('房屋', 'Dwellings'),
  plan: text('示意图', 'Plan'),
  none: text('还没有社区', 'No community yet'),
  noneHint: text('请先在“区域”里添加一个社区。', 'Add a community under Areas first.'),
}

export function TerritoryPage() {
  const say = useText()
  const { roles } = useSession()
  const mayKeep = holds(api.addArea.may, roles)
  const where = useCommunity()
  const { community } = where
  // The tab stands in the address, so that other pages can point at it.
  const { tab } = useSearch({ strict: false }) as { tab?: string }
  const navigate = useNavigate()
  const inside = (draw: (at: { community: string; mayKeep: boolean }) => ReactNode) =>
    community ? draw({ community, mayKeep }) : <EmptyNote title={said.none} hint={said.noneHint} />
  return (
    <Page
      title={said.title}
      tools={
        <>
          {!where.own && <CommunityPicker {...where} />}
          {mayKeep && <LoadButton community={community} />}
        </>
      }
    >
      <Tabs
        destroyOnHidden
        activeKey={tab ?? 'areas'}
        onChange={(next) => void navigate({ to: '.', search: { tab: next } as never })}
        items={[
          { key: 'areas', label: say(said.areas), children: <AreasTab mayKeep={mayKeep} /> },
          { key: 'compounds', label: say(said.compounds), children: inside((at) => <CompoundsTab {...at} />) },
          { key: 'buildings', label: say(said.buildings), children: inside((at) => <BuildingsTab {...at} />) },
          { key: 'dwellings', label: say(said.dwellings), children: inside((at) => <DwellingsTab {...at} />) },
          { key: 'plan', label: say(said.plan), children: inside((at) => <PlanTab {...at} />) },
        ]}
      />
    </Page>
  )
}
