// What recurs for the people at home, and what closes it.
import { text } from '#core/text.ts'
import type { DutyAt, DutyKind } from '#modules/duties/server.ts'

const page =
  (tab: string) =>
  ({ subject, subjectKind }: DutyAt): string =>
    `/services?tab=${tab}&${subjectKind}=${subject}`
const phone =
  (form: string) =>
  ({ subject, subjectKind }: DutyAt): string =>
    `/services/${form}/${subjectKind}/${subject}`

export const servicesKinds: readonly DutyKind[] = [
  {
    key: 'services.call',
    title: text('暖心电话', 'Wellness call'),
    role: 'gridWorker',
    priority: 50,
    path: page('calls'),
    phone: phone('call'),
    closes: ['services.call'],
  },
  {
    key: 'services.visit',
    title: text('上门探访', 'Visit'),
    role: 'gridWorker',
    priority: 45,
    path: page('calls'),
    phone: phone('visit'),
    closes: ['services.visit'],
  },
  {
    key: 'services.supplies',
    title: text('送生活物资', 'Delivery of supplies'),
    role: 'gridWorker',
    priority: 40,
    path: page('items'),
    phone: phone('supplies'),
    closes: ['services.deliver'],
  },
  {
    key: 'services.kit',
    title: text('补送入户物品', 'Items still owed'),
    role: 'gridWorker',
    priority: 35,
    path: page('items'),
    phone: phone('kit'),
    closes: ['services.signKit'],
  },
]
