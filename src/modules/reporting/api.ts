// The daily report, asked and told: a day in figures, what is behind them, the way up, what changed since, overviews, sheets.
import { z } from 'zod'
import { command, download, query } from '#core/contract.ts'
import { Day, Instant } from '#core/dates.ts'
import { How } from '#core/fact.ts'
import { Id } from '#core/ids.ts'
import { label, personal } from '#core/labels.ts'
import { pageOf, paging } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { by } from '#modules/identity/model.ts'
import { Address, GridCode } from '#modules/residents/model.ts'
import {
  FigureColumn,
  Move,
  Numbers,
  Part,
  PartChange,
  Problems,
  Report,
  ReportState,
  ReturnReason,
  Standing,
  Which,
} from './model.ts'

const readers = by('communitySecretary', 'subdistrictOfficer', 'districtOfficer', 'auditor')
const secretary = by('communitySecretary')
const officers = by('subdistrictOfficer', 'districtOfficer')
const above = by('subdistrictOfficer', 'districtOfficer', 'auditor')

/** Named by posts wider than one community; others leave it out. */
const community = label(
  z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  '社区',
  'Community',
)
const day = label(Day.optional(), '日期', 'Day', { hint: text('不填即今天', 'Empty: today') })
const area = label(
  z
    .string()
    .regex(/^(\d{12}|\d{14}|\d{17})$/)
    .optional(),
  '范围',
  'Area',
)
const placeName = (zh: string, en: string) => label(z.string(), zh, en, { harmless: 'name of a place' })
const dutyName = (zh: string, en: string) => label(z.string().nullable(), zh, en, { harmless: 'duty name, posted publicly' })
const Words = z.object({ zh: z.string(), en: z.string() })
const IndicatorKey = label(z.string().regex(/^[a-z][a-zA-Z]*\.[a-zA-Z]+$/), '指标', 'Indicator')

/** One indicator in words: name, unit, and the definition that stands behind its numbers. */
export const IndicatorShown = z.object({
  indicator: IndicatorKey,
  title: Words,
  unit: Words,
  group: Words,
  columns: z.array(FigureColumn),
  main: FigureColumn,
  /** Where it says how far work has come: keys of the whole and of what is left. */
  progress: z.object({ of: IndicatorKey, left: IndicatorKey }).optional(),
  definition: z.object({ numerator: Words, denominator: Words.optional(), distinct: Words, instant: Words }),
})
export type IndicatorShown = z.infer<typeof IndicatorShown>

const GridNumbers = Numbers.extend({ grid: z.string().nullable(), name: placeName('网格', 'Grid') })
/** An indicator with its numbers, whole and by grid. */
export const FigureShown = IndicatorShown.extend({ ...Numbers.shape, grids: z.array(GridNumbers) })
export type FigureShown = z.infer<typeof FigureShown>

export const ReportShown = Report.omit({ figures: true, grids: true, parts: true, asOfGeneration: true, asOfXmin: true }).extend({
  late: label(z.boolean(), '迟报', 'Late'),
  compiledByName: dutyName('编制人', 'Compiled by'),
  submittedByName: dutyName('填报人', 'Sent by'),
  confirmedByName: dutyName('审核人', 'Confirmed by'),
})
export type ReportShown = z.infer<typeof ReportShown>
const MoveShown = Move.omit({ digest: true }).extend({ byName: dutyName('办理人', 'By') })

/** A day of a community: the report if there is one, with its frozen figures; else the figures as they stand now. */
export const DayShown = z.object({
  community: z.string(),
  communityName: placeName('社区', 'Community'),
  aboveName: placeName('上级', 'Level above'),
  day: Day,
  report: ReportShown.nullable(),
  moves: z.array(MoveShown),
  /** Whether a report is called for: a response or a campaign is under way, and the weekday needs one. */
  called: z.boolean(),
  deadline: Instant,
  countedUntil: Instant,
  figures: z.array(FigureShown),
})
export type DayShown = z.infer<typeof DayShown>
export const dayOfReport = query('reporting.day', {
  title: text('疫情防控日报', 'Daily report'),
  may: readers,
  input: z.object({ community, day }),
  output: DayShown,
})

/** Main number of each indicator by its short key (the whole key where two share one): what a replay or another program compares. */
export const figures = query('reporting.figures', {
  title: text('日报数据', 'Figures of a day'),
  may: readers,
  input: z.object({ community, day, now: label(z.boolean().default(false), '按现在统计', 'As it stands now') }),
  output: z.object({
    community: z.string(),
    day: Day,
    report: Id.nullable(),
    state: ReportState.nullable(),
    figures: z.record(z.string(), z.number()),
  }),
})

export const reports = query('reporting.list', {
  title: text('历次日报', 'Reports'),
  may: readers,
  input: z.object({
    community,
    state: label(ReportState.optional(), '状态', 'State'),
    from: label(Day.optional(), '起', 'From'),
    to: label(Day.optional(), '止', 'To'),
    ...paging,
  }),
  output: pageOf(ReportShown.extend({ communityName: placeName('社区', 'Community') })),
})

// --- behind a figure --------------------------------------------------------------------------------------------------

const Behind = z.object({
  key: z.string(),
  record: Id.nullable(),
  household: Id.nullable(),
  person: Id.nullable(),
  address: Address.nullable(),
  head: personal(z.string().nullable(), '户主', 'Head', { mask: 'name', keep: 'register' }),
  personName: personal(z.string().nullable(), '姓名', 'Name', { mask: 'name', keep: 'register' }),
  grid: GridCode,
  gridName: label(z.string().nullable(), '网格', 'Grid', { harmless: 'name of a place' }),
  at: label(Instant.nullable(), '发生时间', 'When'),
  how: label(How.nullable(), '方式', 'How'),
  byName: dutyName('登记人', 'Recorded by'),
})
const Row = Behind.extend({
  day: label(Day, '计入日期', 'Counted on'),
  amount: label(z.number(), '计', 'Counts'),
  doubted: label(z.boolean(), '时间存疑', 'Time in doubt'),
})
/** The things behind a number, a page at a time. With `report` as they were when it was compiled. `total` is how many there are. */
export const rows = query('reporting.rows', {
  title: text('明细', 'What is behind a figure'),
  may: readers,
  input: z.object({
    community,
    day,
    indicator: IndicatorKey,
    column: label(FigureColumn, '栏', 'Column'),
    area,
    unplaced: label(z.boolean().optional(), '网格不明', 'Grid unknown'),
    doubted: label(z.boolean().optional(), '时间存疑', 'Time in doubt'),
    report: Id.optional(),
    ...paging,
  }),
  output: pageOf(Row),
})

const Difference = z.object({
  indicator: IndicatorKey,
  title: Words,
  unit: Words,
  column: FigureColumn,
  reported: z.number(),
  now: z.number(),
})
/** Why a thing counts otherwise than it did: it is new, it is gone, or its day, grid or amount changed. */
export const Change = z.enum(['added', 'gone', 'changed'])
const ChangedRow = Behind.extend({
  indicator: IndicatorKey,
  change: Change,
  dayBefore: Day.nullable(),
  dayAfter: Day.nullable(),
  amountBefore: z.number().nullable(),
  amountAfter: z.number().nullable(),
})
/** What has changed since a report was compiled: numbers side by side, and the things that make the difference. */
export const differences = query('reporting.differences', {
  title: text('上报后的变动', 'Changes since the report'),
  may: readers,
  input: z.object({ community, report: Id }),
  output: z.object({ figures: z.array(Difference), rows: z.array(ChangedRow), more: z.boolean() }),
})
/** Counts the report again as of its watermark and holds the result against what was frozen. */
export const recompute = query('reporting.recompute', {
  title: text('复算', 'Recompute'),
  may: readers,
  input: z.object({ community, report: Id }),
  output: z.object({
    equal: z.boolean(),
    rows: z.array(
      z.object({ indicator: IndicatorKey, grid: z.string().nullable(), frozen: Numbers, again: Numbers, equal: z.boolean() }),
    ),
  }),
})

// --- the way up -------------------------------------------------------------------------------------------------------

const report = { community, report: Id }
export const compile = command('reporting.compile', {
  title: text('立即编制', 'Compile now'),
  may: secretary,
  input: z.object({ day }),
  output: ReportShown,
})
export const submit = command('reporting.submit', {
  title: text('上报', 'Send up'),
  may: secretary,
  input: z.object({ report: Id, problems: Problems.optional() }),
  output: ReportShown,
})
export const sendBack = command('reporting.return', {
  title: text('退回', 'Return'),
  may: officers,
  input: z.object({ ...report, reason: ReturnReason }),
  output: ReportShown,
})
export const confirm = command('reporting.confirm', {
  title: text('确认', 'Confirm'),
  may: officers,
  input: z.object(report),
  output: ReportShown,
})
export const lock = command('reporting.lock', {
  title: text('锁定', 'Lock'),
  may: officers,
  input: z.object(report),
  output: ReportShown,
})

// --- overviews --------------------------------------------------------------------------------------------------------

/** A county or street within the caller's own area; left out: that area. */
const wide = label(
  z
    .string()
    .regex(/^\d{6}(\d{3})?$/)
    .optional(),
  '区域',
  'Area',
)
const count = (zh: string, en: string) => label(z.int(), zh, en)
/** How many reports are called for, and where they stand. received = zero and late ones included; called = received + returned + missing. */
const counts = {
  communities: count('社区', 'Communities'),
  called: count('应报', 'Called for'),
  received: count('已收', 'Received'),
  zero: count('零报告', 'Zero reports'),
  late: count('迟报', 'Late'),
  confirmed: count('已确认', 'Confirmed'),
  returned: count('退回', 'Returned'),
  missing: count('未报', 'Missing'),
  overdue: count('超时未报', 'Missing and overdue'),
}
const flags = {
  standing: label(Standing, '日报', 'Report'),
  zero: label(z.boolean(), '零报告', 'Zero'),
  late: label(z.boolean(), '迟报', 'Late'),
  overdue: label(z.boolean(), '超时', 'Overdue'),
}
const byKey = z.record(z.string(), Numbers)
const computedAt = label(Instant.nullable(), '数据时间', 'Figures of')

const OverviewRow = z.object({
  community: label(z.string(), '社区编码', 'Code'),
  name: placeName('社区', 'Community'),
  streetName: placeName('街道', 'Street'),
  report: Id.nullable(),
  state: label(ReportState.nullable(), '状态', 'State'),
  called: label(z.boolean(), '应报', 'Called for'),
  ...flags,
  submittedAt: label(Instant.nullable(), '上报时间', 'Sent'),
  computedAt,
  figures: byKey,
})
export type OverviewRow = z.infer<typeof OverviewRow>
/** Communities of an area with the state of their report and their sums of the day. */
export const overview = query('reporting.overview', {
  title: text('各社区日报', 'Reports of the communities'),
  may: above,
  input: z.object({ day, area: wide, which: label(Which.optional(), '只看', 'Only'), ...paging }),
  output: pageOf(OverviewRow),
})

/** A sum over communities: of all, and of those alone whose report is in. */
const Summed = IndicatorShown.extend({ ...Numbers.shape, received: Numbers })
export type Summed = z.infer<typeof Summed>
/** A whole area: how many reports are in, and the sums. Read from sums of communities, never from entries. */
export const totals = query('reporting.totals', {
  title: text('全域合计', 'Sums of the area'),
  may: above,
  input: z.object({ day, area: wide }),
  output: z.object({
    area: z.string(),
    areaName: placeName('区域', 'Area'),
    day: Day,
    dueBy: Instant,
    at: Instant,
    ...counts,
    figures: z.array(Summed),
  }),
})
export type Totals = z.infer<typeof totals.output>

const StreetRow = z.object({
  street: label(z.string(), '街道编码', 'Code'),
  name: placeName('街道', 'Street'),
  ...counts,
  state: label(ReportState.nullable(), '街道汇总', "Street's report"),
  sentLate: label(z.boolean(), '迟报', 'Late'),
  submittedAt: label(Instant.nullable(), '上报时间', 'Sent'),
  changed: label(z.boolean(), '上报后有变动', 'Changed since'),
  figures: byKey,
})
export type StreetRow = z.infer<typeof StreetRow>
/** Streets of a county: the reports of their communities and their own. */
export const streets = query('reporting.streets', {
  title: text('各街道日报', 'Reports of the streets'),
  may: above,
  input: z.object({ day, area: wide, ...paging }),
  output: pageOf(StreetRow),
})

const SpreadRow = Numbers.extend({
  area: z.string(),
  name: placeName('区域', 'Area'),
  called: counts.called,
  received: counts.received,
  current: label(z.number().nullable(), '现有', 'Now'),
  today: label(z.number().nullable(), '今日新增', 'Today'),
  total: label(z.number().nullable(), '累计', 'In all'),
  doubted: label(z.int(), '存疑', 'In doubt'),
})
/** One figure of an area by what lies in it: streets of a county, communities of a street. */
export const spread = query('reporting.spread', {
  title: text('分区域', 'By area'),
  may: above,
  input: z.object({ day, area: wide, indicator: IndicatorKey, ...paging }),
  output: pageOf(SpreadRow),
})

// --- who is left ------------------------------------------------------------------------------------------------------

const LeftGrid = z.object({
  grid: z.string().nullable(),
  name: placeName('网格', 'Grid'),
  left: z.number(),
  of: z.number(),
  workers: z.array(label(z.string(), '责任人', 'Responsible', { harmless: 'duty name, posted publicly' })),
})
/** Above a community: whose report is not in. In a community: what is still to be done in each grid and whose duty it is. No names of residents. */
export const left = query('reporting.left', {
  title: text('还剩谁', 'Who is left'),
  may: readers,
  input: z.object({ community, area: wide, day }),
  output: z.object({
    area: z.string(),
    areaName: placeName('区域', 'Area'),
    day: Day,
    at: Instant,
    called: counts.called,
    received: counts.received,
    communities: z.array(
      z.object({
        community: z.string(),
        name: placeName('社区', 'Community'),
        streetName: placeName('街道', 'Street'),
        ...flags,
      }),
    ),
    works: z.array(
      z.object({
        indicator: IndicatorKey,
        of: Words,
        unit: Words,
        title: Words,
        whole: z.number(),
        done: z.number(),
        left: z.number(),
        grids: z.array(LeftGrid),
      }),
    ),
  }),
})
export type Left = z.infer<typeof left.output>

// --- the street's own report ------------------------------------------------------------------------------------------

const ShownPart = Part.extend({ name: placeName('社区', 'Community') })
/** The report of a street as it was sent, and how its communities differ since. Without one: `report` is null. */
export const streetReport = query('reporting.street', {
  title: text('街道汇总日报', 'Report of the street'),
  may: above,
  input: z.object({ day, area: wide }),
  output: z.object({
    area: z.string(),
    areaName: placeName('街道', 'Street'),
    community: z.string(),
    day: Day,
    report: ReportShown.nullable(),
    moves: z.array(MoveShown),
    parts: z.array(ShownPart),
    figures: z.array(IndicatorShown.extend(Numbers.shape)),
    differences: z.array(Difference),
    changes: z.array(z.object({ community: z.string(), name: placeName('社区', 'Community'), change: PartChange })),
  }),
})
export type StreetReport = z.infer<typeof streetReport.output>
/** Sums up the reports that are in, says which are not, and sends the sum up. */
export const sumUp = command('reporting.sumUp', {
  title: text('汇总上报', 'Sum up and send'),
  may: by('subdistrictOfficer'),
  input: z.object({ day, problems: Problems.optional() }),
  output: ReportShown,
})

// --- sheets -----------------------------------------------------------------------------------------------------------

const Sheet = z.object({ row: z.int() })
export const exportDay = download('reporting.exportDay', {
  title: text('导出日报表', 'Export the report'),
  may: readers,
  input: z.object({ community, day }),
  output: Sheet,
})
export const exportOverview = download('reporting.exportOverview', {
  title: text('导出汇总表', 'Export the overview'),
  may: above,
  input: z.object({ day, area: wide }),
  output: Sheet,
})
