// The phone's register: pages in the order of the day, and how people and phones are known. Sets and queued contracts: phone/shift.ts.
import { text } from '#core/text.ts'
import { lazily } from '#web/phone/lazily.ts'
import { page, type People, type PhonePage, type PhoneParts } from '#web/phone/parts.ts'
import { askNow, say, tellNow } from '#web/phone/wire.ts'
import { session, signedOut } from '#web/session.ts'

const pages: readonly PhonePage[] = [
  {
    path: '/screening',
    title: text('入户排查', 'Door to door'),
    tab: text('排查', 'Doors'),
    icon: 'door',
    roles: ['gridWorker', 'gridLeader'],
    page: page(() => import('#modules/screening/web/phone.tsx'), 'ScreeningPage'),
  },
  {
    path: '/gate',
    title: text('门岗', 'Gate'),
    tab: text('门岗', 'Gate'),
    icon: 'scan',
    roles: ['gateGuard', 'propertyManager', 'volunteer'],
    page: page(() => import('#modules/access/web/phone.tsx'), 'GatePage'),
  },
  {
    path: '/today',
    title: text('今日任务', 'Today'),
    tab: text('今日', 'Today'),
    icon: 'list',
    roles: [
      'gridWorker',
      'gridLeader',
      'communityStaff',
      'buildingSteward',
      'gateGuard',
      'medic',
      'volunteer',
      'propertyManager',
      'counsellor',
      'communitySecretary',
    ],
    page: page(() => import('#modules/duties/web/phone.tsx'), 'TodayPage'),
  },
  {
    path: '/monitoring',
    title: text('巡测体温', 'Round of checks'),
    tab: text('巡测', 'Checks'),
    icon: 'pulse',
    roles: ['gridWorker', 'gridLeader', 'communityStaff', 'medic', 'communitySecretary'],
    page: page(() => import('#modules/monitoring/web/phone.tsx'), 'MonitoringPage'),
  },
  {
    path: '/services',
    title: text('代办和关爱', 'Errands and care'),
    tab: text('代办', 'Help'),
    icon: 'home',
    roles: [
      'gridWorker',
      'gridLeader',
      'communityStaff',
      'buildingSteward',
      'medic',
      'volunteer',
      'propertyManager',
      'communitySecretary',
    ],
    page: page(() => import('#modules/services/web/phone.tsx'), 'ServicesPage'),
  },
  {
    path: '/disinfection',
    title: text('消毒记录', 'Disinfection'),
    tab: text('消杀', 'Clean'),
    icon: 'check',
    roles: ['gridWorker', 'gridLeader', 'communityStaff', 'buildingSteward', 'gateGuard', 'volunteer', 'propertyManager'],
    page: page(() => import('#modules/disinfection/phone.tsx'), 'DisinfectionForm'),
  },
  {
    path: '/family',
    title: text('居民页：首次进入', 'A resident’s first entry'),
    icon: 'lock',
    roles: ['gridWorker', 'gridLeader', 'communityStaff', 'communitySecretary'],
    page: page(() => import('#modules/family/web/phone.tsx'), 'ConfirmPage'),
  },
  {
    path: '/inbox',
    title: text('消息', 'Messages'),
    tab: text('消息', 'Inbox'),
    icon: 'bell',
    roles: 'signedIn',
    page: page(() => import('#modules/outreach/phone.tsx'), 'InboxPage'),
  },
]

// Contracts are loaded when they are first used: the first look needs none of them.
const identity = () => import('#modules/identity/api.ts')

const people: People = {
  signIn: lazily(() => import('./phone/signIn.tsx'), 'SignIn'),
  async who() {
    const { who, demo } = await askNow((await identity()).whoAmI, {})
    // Whoever still has a password to change or codes to set up signs in again and does that first.
    if (!who || who.mustChangePassword || who.mustSetUpCodes) {
      if (session().state === 'asking') signedOut(demo)
      throw say.nobody()
    }
    return { ...who, demo }
  },
  signOut: async () => tellNow((await identity()).signOut, {}),
  enrolDevice: async ({ id, name }) => tellNow((await identity()).enrolDevice, { device: id, name }),
  devices: async () => (await askNow((await identity()).devices, {})).rows.map(({ device, ...row }) => ({ id: device, ...row })),
  revokeDevice: async (id) => tellNow((await identity()).revokeDevice, { device: id }),
}

export const parts: PhoneParts = { name: text('邻里', 'Linli'), pages, people, shift: () => import('./phone/shift.ts') }
