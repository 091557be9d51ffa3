// What is watched: acts and looks, why one is listed first, and the rules of exports.
import { z } from 'zod'
import { choice, label } from '#core/labels.ts'
import { lowerWins, withinBounds, type PolicyKey } from '#core/policy.ts'
import { text } from '#core/text.ts'

export const Outcome = choice({
  looked: text('查看', 'Looked'),
  done: text('已办理', 'Done'),
  before: text('重复提交', 'Sent again'),
  refused: text('被拒绝', 'Refused'),
})
export type Outcome = z.infer<typeof Outcome>

/** Why a look is listed first. It asks a question; it is no reproach. */
export const Reason = choice({
  hours: text('不在工作时段', 'Outside the working hours'),
  area: text('不在本人负责的区域', 'Outside the area answered for'),
  noDealing: text('前后没有办理过此人的事', 'No dealing with this person before or after'),
})
export type Reason = z.infer<typeof Reason>

const Clock = z.iso.time({ precision: -1 })

export const workHours: PolicyKey<{ from: string; to: string }> = lowerWins('oversight.workHours', {
  title: text('工作时段：之外的查看列在前面', 'Working hours: looks outside them are listed first'),
  schema: z.object({ from: label(Clock, '起', 'From'), to: label(Clock, '止', 'To') }),
  unset: { from: '07:00', to: '22:00' },
})
export const dealingDays: PolicyKey<number> = lowerWins('oversight.dealingDays', {
  title: text('查看前后多少天内应有工作往来', 'Days before and after a look within which there should be a dealing'),
  schema: label(z.int().min(1).max(90), '天数', 'Days', { unit: text('天', 'days') }),
  unset: 14,
})
/** A lower level may be stricter, never looser. */
const noLooser = (lower: number, upper: number): number => Math.min(lower, upper)
export const secondPersonAbove: PolicyKey<number> = withinBounds('oversight.secondPersonAbove', {
  title: text('不遮蔽导出超过多少人须第二人批准', 'Persons above which an unmasked export needs a second person'),
  schema: label(z.int().min(0).max(100_000), '人数', 'Persons', { unit: text('人', 'persons') }),
  unset: 200,
  clamp: noLooser,
})
export const approvalHours: PolicyKey<number> = withinBounds('oversight.approvalHours', {
  title: text('导出申请多少小时内有效', 'Hours within which a request for an export can be approved'),
  schema: label(z.int().min(1).max(168), '小时', 'Hours', { unit: text('小时', 'h') }),
  unset: 24,
  clamp: noLooser,
})
export const keptMinutes: PolicyKey<number> = withinBounds('oversight.keptMinutes', {
  title: text('生成的文件保留多少分钟', 'Minutes for which a file waits to be downloaded'),
  schema: label(z.int().min(5).max(1440), '分钟', 'Minutes', { unit: text('分钟', 'min') }),
  unset: 60,
  clamp: noLooser,
})
