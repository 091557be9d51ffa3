// What of monitoring recurs or waits for somebody: checks that an order asks for, what is to be verified, and each step of the fever path.
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import type { DutyKind } from '#modules/duties/kinds.ts'
import { record } from './api.ts'
import { EpisodeState, underway } from './model.ts'

const atDoor = ({ subject }: { subject: string }) => `/monitoring/${subject}`
const checkOf = (key: string, zh: string, en: string, priority: number): DutyKind => ({
  key: `monitoring.${key}`,
  title: text(zh, en),
  role: 'gridWorker',
  priority,
  path: () => '/monitoring',
  phone: atDoor,
  closes: [record.name],
})

/** The duty of a check is named like its kind. */
export const dutyOf = (kind: string): string => `monitoring.${kind}`
export const verifyKind = 'monitoring.verify'
export const recheckKind = 'monitoring.recheck'
export const feverKind = 'monitoring.feverPath'

/** A step that waits is called as its episode is called meanwhile. */
const stepSlots = Object.fromEntries(underway.map((state) => [state, choiceText(EpisodeState, state)]))

export const monitoringDuties: readonly DutyKind[] = [
  checkOf('temperature', '测体温', 'Temperature', 50),
  checkOf('symptoms', '问健康状况', 'Ask how they are', 40),
  checkOf('testResult', '登记检测结果', 'Result of a test', 40),
  checkOf('waterContainers', '查积水容器', 'Look for standing water', 30),
  { ...checkOf('verify', '核实检查结果', 'Verify a check', 70), path: () => '/monitoring?tab=flags' },
  {
    ...checkOf('recheck', '复测体温', 'Measure again', 95),
    path: () => '/monitoring?tab=episodes',
    slots: stepSlots,
  },
  {
    key: feverKind,
    title: text('发热处置', 'Fever path'),
    role: 'communityStaff',
    priority: 90,
    path: () => '/monitoring?tab=episodes',
    slots: stepSlots,
    closes: [
      'monitoring.report',
      'monitoring.refer',
      'monitoring.handOver',
      'monitoring.result',
      'monitoring.decide',
      'monitoring.close',
    ],
  },
]
