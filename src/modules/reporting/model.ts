// The daily report of a community: what it is made of, how it moves, when it is due.
import { z } from 'zod'
import { Day, Instant, instantAt, instantOf, msOf } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { choice, label, personal } from '#core/labels.ts'
import { upperWins, type PolicyKey } from '#core/policy.ts'
import { problems } from '#core/problem.ts'
import { states } from '#core/states.ts'
import { text } from '#core/text.ts'

// --- figures ----------------------------------------------------------------------------------------------------------

export const FigureColumn = choice({
  current: text('现有', 'Now'),
  today: text('今日新增', 'Today'),
  total: text('累计', 'In all'),
})
export type FigureColumn = z.infer<typeof FigureColumn>
export const columns: readonly FigureColumn[] = FigureColumn.options

/** One indicator in numbers. A column that the indicator does not have is null, never 0; `doubted` counts things whose time is in doubt. */
export const Numbers = z.object({
  current: z.number().nullable(),
  today: z.number().nullable(),
  total: z.number().nullable(),
  doubted: z.int(),
})
export type Numbers = z.infer<typeof Numbers>

/** Numbers by indicator key, as they were when the report was compiled. */
export const Frozen = label(z.record(z.string(), Numbers), '数据', 'Figures', { harmless: 'counts by indicator' })
/** The same by grid: 17 digits, or 14 for what was recorded for a precinct, or null where the grid is unknown. */
export const FrozenGrids = label(
  z.record(
    z.string(),
    z.array(
      Numbers.extend({
        grid: z
          .string()
          .regex(/^(\d{14}|\d{17})$/)
          .nullable(),
      }),
    ),
  ),
  '分网格数据',
  'Figures by grid',
  { harmless: 'counts by indicator and grid' },
)
export type Frozen = z.infer<typeof Frozen>
export type FrozenGrids = z.infer<typeof FrozenGrids>

/** `screening.reachedByPhone` → `reachedByPhone`. */
export const shortKey = (indicator: string): string => indicator.slice(indicator.indexOf('.') + 1)

/** Nothing happened: every indicator that counts what is new today counted 0. */
export const isZero = (figures: Frozen): boolean => Object.values(figures).every(({ today }) => today === null || today === 0)

/** Code under which things are summed whose grid nobody knows: no precinct, no grid. */
export const unplacedIn = (community: string): string => `${community}00000`

// --- the way up: which reports are in -----------------------------------------------------------------------------------

/** Where a community's report stands for those above. A zero report is received like any other; missing is another thing. */
export const Standing = choice({
  received: text('已收', 'Received'),
  returned: text('已退回', 'Returned'),
  missing: text('未报', 'Missing'),
  notCalled: text('不需要', 'Not called for'),
})
export type Standing = z.infer<typeof Standing>

/** What a list of communities can be narrowed to. Zero and late ones are among the received, overdue ones among the missing. */
export const Which = choice({
  received: text('已收', 'Received'),
  zero: text('零报告', 'Zero reports'),
  late: text('迟报', 'Late'),
  confirmed: text('已确认', 'Confirmed'),
  returned: text('已退回', 'Returned'),
  missing: text('未报', 'Missing'),
  overdue: text('超时未报', 'Missing and overdue'),
})
export type Which = z.infer<typeof Which>

/** A community in a report that sums up others: whether its report was in, and which counting of it. */
export const Part = z.object({ community: z.string().regex(/^\d{12}$/), received: z.boolean(), compiledAt: Instant.nullable() })
export type Part = z.infer<typeof Part>

/** How a community differs from what a sum was made of: its report came later, went back, or was counted and sent again. */
export const PartChange = choice({
  arrived: text('此后报来', 'Came later'),
  takenBack: text('此后退回', 'Went back'),
  again: text('此后重报', 'Sent again'),
})
export type PartChange = z.infer<typeof PartChange>

type ChangedPart = { community: string; change: PartChange }

/** What has changed between two looks at the same communities. */
export const changedParts = (was: readonly Part[], is: readonly Part[]): ChangedPart[] => {
  const before = new Map(was.map((part) => [part.community, part]))
  return is.flatMap(({ community, received, compiledAt }): ChangedPart[] => {
    const old = before.get(community)
    if (received && !old?.received) return [{ community, change: 'arrived' }]
    if (!received && old?.received) return [{ community, change: 'takenBack' }]
    return received && compiledAt !== old?.compiledAt ? [{ community, change: 'again' }] : []
  })
}

// --- the report -------------------------------------------------------------------------------------------------------

export const ReportState = choice({
  open: text('待上报', 'Not sent yet'),
  submitted: text('已上报', 'Sent'),
  returned: text('已退回', 'Returned'),
  confirmed: text('已确认', 'Confirmed'),
  locked: text('已锁定', 'Locked'),
})
export type ReportState = z.infer<typeof ReportState>

/** `compile` counts anew; a returned report stays returned until it is sent again. */
export const can = states<ReportState>()({
  compile: { from: ['open'], to: 'open' },
  mend: { from: ['returned'], to: 'returned' },
  submit: { from: ['open', 'returned'], to: 'submitted' },
  return: { from: ['submitted', 'confirmed'], to: 'returned' },
  confirm: { from: ['submitted'], to: 'confirmed' },
  lock: { from: ['confirmed'], to: 'locked' },
})

/** States in which the community has handed the report over. */
export const handedOver: readonly ReportState[] = ['submitted', 'confirmed', 'locked']

export const Problems = personal(z.string().trim().max(500).nullable(), '问题与困难', 'Difficulties', {
  keep: 'work',
  long: true,
  hint: text('只写文字，不写姓名和房号；数字由系统统计', 'Words only, no names or rooms; the numbers are counted'),
})
export const ReturnReason = personal(z.string().trim().min(1).max(200), '退回原因', 'Why it is returned', {
  keep: 'work',
  long: true,
})

/**
 * `reporting_reports`: one for each community and day. A street's report sums up its communities: it stands under the street's code padded
 * to 12 digits, and `parts` says of which communities it is made. `until` is the last instant that it counts,
 * `asOf…` the watermark that it reached.
 */
export const Report = z.object({
  community: z.string().regex(/^\d{12}$/),
  id: Id,
  day: label(Day, '日期', 'Day'),
  state: label(ReportState, '状态', 'State'),
  /** Nothing new on this day. */
  zero: label(z.boolean(), '零报告', 'Zero report'),
  dueBy: label(Instant, '上报时限', 'Due by'),
  until: label(Instant, '统计截止', 'Counted until'),
  compiledAt: label(Instant, '编制时间', 'Compiled'),
  compiledBy: label(Id, '编制人', 'Compiled by'),
  asOfGeneration: z.int(),
  asOfXmin: z.string().regex(/^\d+$/),
  /** A long write kept the watermark behind: what was being written is not in. */
  held: label(z.boolean(), '有写入未完成', 'A write was under way'),
  figures: Frozen,
  grids: FrozenGrids,
  parts: label(z.array(Part).nullable(), '汇总范围', 'Summed from', { harmless: 'codes of communities' }),
  problems: Problems,
  submittedAt: label(Instant.nullable(), '上报时间', 'Sent'),
  submittedBy: label(Id.nullable(), '填报人', 'Sent by'),
  confirmedBy: label(Id.nullable(), '审核人', 'Confirmed by'),
})
export type Report = z.infer<typeof Report>

export const Verb = choice({
  compile: text('编制', 'Compiled'),
  submit: text('上报', 'Sent'),
  return: text('退回', 'Returned'),
  confirm: text('确认', 'Confirmed'),
  lock: text('锁定', 'Locked'),
})
export type Verb = z.infer<typeof Verb>

/** `reporting_moves`: every step of a report, added only. */
export const Move = z.object({
  community: z.string().regex(/^\d{12}$/),
  id: Id,
  report: Id,
  verb: label(Verb, '步骤', 'Step'),
  state: label(ReportState, '状态', 'State'),
  at: label(Instant, '时间', 'When'),
  recordedBy: label(Id, '办理人', 'By'),
  digest: z.instanceof(Uint8Array),
  note: personal(z.string().nullable(), '说明', 'Note', { keep: 'work' }),
})
export type Move = z.infer<typeof Move>

/** `reporting_figures`: sums by area (community, precinct, grid) and day, computed again when something changed. */
export const AreaFigure = Numbers.extend({
  community: z.string().regex(/^\d{12}$/),
  day: Day,
  area: z.string().regex(/^(\d{12}|\d{14}|\d{17})$/),
  indicator: label(z.string(), '指标', 'Indicator', { harmless: 'key of an indicator' }),
  computedAt: Instant,
})
export type AreaFigure = z.infer<typeof AreaFigure>

// --- when it is due ---------------------------------------------------------------------------------------------------

const Time = z.iso.time({ precision: -1 })

export const deadline: PolicyKey<string> = upperWins('reporting.deadline', {
  title: text('日报统计截止时间', 'Hour at which the daily report is compiled'),
  schema: Time,
  unset: '17:00',
})
export const grace: PolicyKey<number> = upperWins('reporting.grace', {
  title: text('截止后多少分钟内上报不算迟报', 'Minutes after the deadline within which a report is not late'),
  schema: label(z.int().min(0).max(1440), '宽限', 'Grace', { unit: text('分钟', 'min') }),
  unset: 60,
})
const Weekday = label(z.int().min(1).max(7), '星期', 'Weekday', {
  choices: {
    1: text('周一', 'Mon'),
    2: text('周二', 'Tue'),
    3: text('周三', 'Wed'),
    4: text('周四', 'Thu'),
    5: text('周五', 'Fri'),
    6: text('周六', 'Sat'),
    7: text('周日', 'Sun'),
  },
})
export const days: PolicyKey<number[]> = upperWins('reporting.days', {
  title: text('每周哪几天要报日报', 'Days of the week that need a report'),
  schema: z.array(Weekday),
  unset: [1, 2, 3, 4, 5, 6, 7],
})

export const zeroReport: PolicyKey<boolean> = upperWins('reporting.zeroReport', {
  title: text('没有新增时由系统自动零报告', 'A day without anything new is reported as zero by the house'),
  schema: z.boolean(),
  unset: true,
})

/** A missing report whose time is over. `now` in ms. */
export const isOverdue = (dueBy: Instant, now: number): boolean => now > msOf(dueBy)

export const isReportingDay = (day: Day, weekdays: readonly number[]): boolean =>
  weekdays.includes(Temporal.PlainDate.from(day).dayOfWeek)
export const deadlineOn = (day: Day, time: string): Instant => instantAt(day, time)
export const dueByOn = (day: Day, time: string, graceMinutes: number): Instant =>
  instantOf(msOf(instantAt(day, time)) + graceMinutes * 60_000)

/** Handed over too late, or not yet though the time is over. `now` in ms. */
export const isLate = (report: Pick<Report, 'dueBy' | 'submittedAt'>, now: number): boolean =>
  (report.submittedAt === null ? now : msOf(report.submittedAt)) > msOf(report.dueBy)

// --- words ------------------------------------------------------------------------------------------------------------

export const say = problems('reporting', {
  unknown: [404, { zh: '没有找到这份日报，请刷新后再试。', en: 'This report was not found. Refresh and try again.' }],
  unknownIndicator: [404, { zh: '没有这个指标，请刷新后再试。', en: 'There is no such indicator. Refresh and try again.' }],
  noSuchColumn: [
    422,
    { zh: '这个指标不统计这一栏，请看另一栏。', en: 'This indicator has no such column. Look at another one.' },
  ],
  future: [
    422,
    {
      zh: '还没有到这一天，不能编制日报。请换一天。',
      en: 'That day has not begun, so there is nothing to report yet. Choose another day.',
    },
  ],
  wrongState: [
    409,
    ({ state }: { state: ReportState }) => ({
      zh: `日报当前为“${stateWords(state).zh}”，不能办理这一步。请刷新后再看。`,
      en: `The report is "${stateWords(state).en}"; this step is not possible now. Refresh and look again.`,
    }),
  ],
  noReportYet: [
    409,
    {
      zh: '还没有收到任何社区的日报，不能汇总上报。',
      en: 'No community has sent its report yet, so there is nothing to sum up.',
    },
  ],
  notAStreet: [
    422,
    {
      zh: '汇总日报由街道（镇）办理，请切换到街道岗位。',
      en: 'A street sums up the reports of its communities. Switch to a post of a street.',
    },
  ],
  onlyAbove: [
    403,
    {
      zh: '本级的汇总日报由上级审核，本级不能退回或确认。',
      en: 'The level above checks this report; your own level cannot return or confirm it.',
    },
  ],
  changedMeanwhile: [
    409,
    { zh: '这份日报刚刚被别人办理过，请刷新后再试。', en: 'Somebody has just moved this report. Refresh and try again.' },
  ],
  dayTaken: [
    409,
    { zh: '这一天的日报刚刚编制好，请刷新后查看。', en: 'The report of that day has just been compiled. Refresh to see it.' },
  ],
})

const stateWords = (state: ReportState) =>
  ({
    open: text('待上报', 'not sent yet'),
    submitted: text('已上报', 'sent'),
    returned: text('已退回', 'returned'),
    confirmed: text('已确认', 'confirmed'),
    locked: text('已锁定', 'locked'),
  })[state]
