// The console with one ledger and a made-up session, for its tests.
import { BulbOutlined, HomeOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { lazy } from 'react'
import { text } from '#core/text.ts'
import { ImportWizard } from '#web/console/import.tsx'
import { Card, Page } from '#web/console/page.tsx'
import type { ConsolePage } from '#web/console/pages.ts'
import { startConsole } from '#web/console/start.tsx'
import { LedgerPage } from '#web/ledger.tsx'
import { signedIn, signedOut } from '#web/session.ts'
import { lampList, lamps } from './lamps.ts'

const warden = text('巡查员', 'Warden')
const posts = [
  { id: '0198a000-0000-7000-8000-000000000001', role: 'warden', area: '340000000001', roleText: warden, areaName: '甲社区' },
  {
    id: '0198a000-0000-7000-8000-000000000002',
    role: 'reader',
    area: '340000000002',
    roleText: text('查看人', 'Reader'),
    areaName: '乙社区',
  },
]
const here = () => signedIn({ account: '0198a000-0000-7000-8000-00000000000a', name: '张三', posts, demo: true })

const Today = () => (
  <Page title={text('今日', 'Today')}>
    <Card>—</Card>
  </Page>
)
const Lamps = () => <LedgerPage of={lamps} />
const List = () => (
  <Page title={lampList.title}>
    <ImportWizard of={lampList} />
  </Page>
)
const SignIn = () => (
  <Button type="primary" onClick={here}>
    登录
  </Button>
)
const at = (component: () => React.ReactNode): ConsolePage['page'] => lazy(async () => ({ default: component }))

startConsole(document.getElementById('root')!, {
  pages: [
    { path: '/', menu: text('今日', 'Today'), icon: HomeOutlined, roles: 'signedIn', page: at(Today) },
    { path: '/lamps', menu: text('路灯', 'Lamps'), icon: BulbOutlined, roles: ['warden', 'reader'], page: at(Lamps) },
    { path: '/lamp-list', menu: lampList.title, icon: BulbOutlined, roles: ['warden'], page: at(List) },
  ],
  signIn: SignIn,
  who: async () => here(),
  signOut: async () => signedOut(),
})
