// The console's register: one line for each page, in the order of the day. Menu and addresses come from here.
import {
  ApartmentOutlined,
  AuditOutlined,
  BellOutlined,
  CarryOutOutlined,
  ClearOutlined,
  DownloadOutlined,
  FileDoneOutlined,
  FormOutlined,
  HeartOutlined,
  HomeOutlined,
  IdcardOutlined,
  ImportOutlined,
  KeyOutlined,
  LaptopOutlined,
  LoginOutlined,
  MedicineBoxOutlined,
  MessageOutlined,
  MobileOutlined,
  NotificationOutlined,
  SafetyCertificateOutlined,
  SaveOutlined,
  SmileOutlined,
  TableOutlined,
  TeamOutlined,
} from '@ant-design/icons'
import { text } from '#core/text.ts'
import { signOut, whoAmI } from '#modules/identity/api.ts'
import { ask, tell } from '#web/api.ts'
import { page, type ConsolePage } from '#web/console/pages.ts'
import { startConsole } from '#web/console/start.tsx'
import { signedIn, signedOut } from '#web/session.ts'
import { SignIn } from './console/signIn.tsx'

// Roles are written here by name, so that the menu is drawn before any module is loaded.
const street = ['subdistrictOfficer', 'districtOfficer'] as const
const rounds = ['gridWorker', 'gridLeader', 'communityStaff'] as const
const field = [...rounds, 'buildingSteward', 'gateGuard', 'volunteer', 'propertyManager'] as const

export const pages: readonly ConsolePage[] = [
  {
    path: '/today',
    menu: text('今日任务', 'Today'),
    icon: CarryOutOutlined,
    roles: [...field, 'medic', 'counsellor', 'communitySecretary'],
    page: page(() => import('./console/today.tsx'), 'Today'),
  },
  {
    path: '/residents',
    menu: text('居民', 'Residents'),
    icon: IdcardOutlined,
    roles: [...rounds, 'buildingSteward', 'medic', 'communitySecretary', ...street],
    page: page(() => import('#modules/residents/web/residents.tsx'), 'ResidentsPage'),
  },
  {
    path: '/residents/person/$person',
    menu: text('一人一档', 'Personal dossier'),
    icon: IdcardOutlined,
    aside: true,
    roles: [...rounds, 'buildingSteward', 'medic', 'communitySecretary', ...street],
    page: page(() => import('#modules/residents/web/person.tsx'), 'PersonPage'),
  },
  {
    path: '/rentals',
    menu: text('出租房屋', 'Let dwellings'),
    icon: KeyOutlined,
    roles: [...rounds, 'buildingSteward', 'communitySecretary', ...street],
    page: page(() => import('#modules/residents/web/tenancy.tsx'), 'RentalsPage'),
  },
  {
    path: '/roster',
    menu: text('导入名册', 'Import lists'),
    icon: ImportOutlined,
    roles: ['communitySecretary'],
    page: page(() => import('#modules/screening/web/imports.tsx'), 'ImportsPage'),
  },
  {
    path: '/screening',
    menu: text('排查', 'Screening'),
    icon: HomeOutlined,
    roles: [...rounds, 'communitySecretary', ...street, 'auditor'],
    page: page(() => import('#modules/screening/web/console.tsx'), 'ScreeningPage'),
  },
  {
    path: '/paper',
    menu: text('纸质排查', 'Rounds on paper'),
    icon: FormOutlined,
    roles: [...rounds, 'communitySecretary'],
    page: page(() => import('#modules/screening/web/paper.tsx'), 'PaperPage'),
  },
  {
    path: '/access',
    menu: text('出入管理', 'Access'),
    icon: LoginOutlined,
    roles: [...rounds, 'communitySecretary', 'auditor'],
    page: page(() => import('#modules/access/web/page.tsx'), 'AccessPage'),
  },
  {
    path: '/gate',
    menu: text('门岗登记', 'Gate'),
    icon: LoginOutlined,
    roles: [...field, 'communitySecretary', 'auditor'],
    page: page(() => import('#modules/access/web/gate.tsx'), 'GatePage'),
  },
  {
    path: '/observation',
    menu: text('医学观察', 'Observation'),
    icon: MedicineBoxOutlined,
    roles: [...rounds, 'medic', 'communitySecretary', ...street, 'auditor'],
    page: page(() => import('#modules/observation/web/page.tsx'), 'ObservationPage'),
  },
  {
    path: '/family',
    menu: text('居民页', 'Residents’ pages'),
    icon: MobileOutlined,
    roles: [...rounds, 'communitySecretary'],
    page: page(() => import('#modules/family/web/views.tsx'), 'FamilyPage'),
  },
  {
    path: '/objections',
    menu: text('异议', 'Objections'),
    icon: MessageOutlined,
    roles: ['communitySecretary', ...street],
    page: page(() => import('#modules/family/web/objections.tsx'), 'ObjectionsPage'),
  },
  {
    path: '/monitoring',
    menu: text('健康监测', 'Health checks'),
    icon: HeartOutlined,
    roles: [...rounds, 'medic', 'communitySecretary'],
    page: page(() => import('#modules/monitoring/web/page.tsx'), 'MonitoringPage'),
  },
  {
    path: '/services',
    menu: text('服务保障', 'Services'),
    icon: SmileOutlined,
    roles: [...rounds, 'buildingSteward', 'medic', 'counsellor', 'communitySecretary', ...street, 'auditor'],
    page: page(() => import('#modules/services/web/page.tsx'), 'ServicesPage'),
  },
  {
    path: '/disinfection',
    menu: text('消杀', 'Disinfection'),
    icon: ClearOutlined,
    roles: [...field, 'medic', 'communitySecretary', ...street, 'auditor'],
    page: page(() => import('#modules/disinfection/web.tsx'), 'DisinfectionPage'),
  },
  {
    path: '/reports',
    menu: text('日报', 'Daily report'),
    icon: FileDoneOutlined,
    roles: ['communitySecretary', ...street, 'auditor'],
    page: page(() => import('#modules/reporting/web/page.tsx'), 'ReportingPage'),
  },
  {
    path: '/forms',
    menu: text('上级要的表', 'Forms asked for'),
    icon: TableOutlined,
    roles: ['communitySecretary', ...street, 'auditor'],
    page: page(() => import('#modules/reporting/web/forms.tsx'), 'FormsPage'),
  },
  {
    path: '/inbox',
    menu: text('消息', 'Messages'),
    icon: BellOutlined,
    roles: 'signedIn',
    page: page(() => import('#modules/outreach/web/inbox.tsx'), 'InboxPage'),
    badge: page(() => import('#modules/outreach/web/badge.tsx'), 'UnreadBadge'),
  },
  {
    path: '/channels',
    menu: text('推送群', 'Groups'),
    icon: NotificationOutlined,
    roles: ['administrator', 'communitySecretary'],
    page: page(() => import('#modules/outreach/web/channels.tsx'), 'ChannelsPage'),
  },
  {
    path: '/policy',
    menu: text('响应与规则', 'Response and rules'),
    icon: SafetyCertificateOutlined,
    roles: 'signedIn',
    page: page(() => import('#modules/policy/web/policy.tsx'), 'PolicyPage'),
  },
  {
    path: '/territory',
    menu: text('区域与房屋', 'Areas and houses'),
    icon: ApartmentOutlined,
    roles: ['communitySecretary', 'administrator', ...street, ...rounds, 'auditor'],
    page: page(() => import('#modules/territory/web/territory.tsx'), 'TerritoryPage'),
  },
  {
    path: '/accounts',
    menu: text('账号', 'Accounts'),
    icon: TeamOutlined,
    roles: ['administrator', 'communitySecretary', 'auditor'],
    page: page(() => import('#modules/identity/web/accounts.tsx'), 'AccountsPage'),
  },
  {
    path: '/audit',
    menu: text('查阅监督', 'Audit'),
    icon: AuditOutlined,
    roles: ['auditor', 'communitySecretary'],
    page: page(() => import('#modules/oversight/web/audit.tsx'), 'AuditPage'),
  },
  {
    path: '/audit/person/$person',
    menu: text('个人信息查阅记录', 'Who looked'),
    icon: AuditOutlined,
    aside: true,
    roles: ['auditor', 'communitySecretary'],
    page: page(() => import('#modules/oversight/web/history.tsx'), 'PersonHistoryPage'),
  },
  {
    path: '/exports',
    menu: text('导出登记', 'Exports'),
    icon: DownloadOutlined,
    roles: 'signedIn',
    page: page(() => import('#modules/oversight/web/exports.tsx'), 'ExportsPage'),
  },
  {
    path: '/backups',
    menu: text('备份', 'Backups'),
    icon: SaveOutlined,
    roles: ['administrator'],
    page: page(() => import('#modules/backups/web.tsx'), 'BackupsPage'),
  },
  {
    path: '/me',
    menu: text('登录与设备', 'Sign-ins and devices'),
    icon: LaptopOutlined,
    roles: 'signedIn',
    page: page(() => import('#modules/identity/web/mine.tsx'), 'MyPage'),
  },
]

async function who(): Promise<void> {
  const standing = await ask(whoAmI, {})
  // Whoever still has a one-time password, or has codes to set up, signs in again and does that first.
  if (standing.who && !standing.who.mustChangePassword && !standing.who.mustSetUpCodes)
    signedIn({ ...standing.who, demo: standing.demo })
  else signedOut(standing.demo)
}

async function leave(): Promise<void> {
  await tell(signOut, {})
  signedOut()
}

/** Draws the console. */
export const start = (root: HTMLElement): void =>
  startConsole(root, {
    pages,
    signIn: SignIn,
    who,
    signOut: leave,
    open: [
      { path: '/setup', page: page(() => import('./console/setUp.tsx'), 'SetUp') },
      { path: '/verify', page: page(() => import('#modules/observation/web/verify.tsx'), 'Verify') },
    ],
  })
