// Duties as they are seen and settled: today's slots by need, whose they are, what nobody has, and the counts.
import { z } from 'zod'
import { command, query } from '#core/contract.ts'
import { Day, Instant } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { label, personal } from '#core/labels.ts'
import { pageOf, paging } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { by, DutyName, type Role } from '#modules/identity/model.ts'
import { Cadence, Excuse, Named, Outcome, SlotKey, SlotState, SubjectKind } from './model.ts'

/** Who sees every duty of the own area; whoever else does duties sees the own ones only. */
export const seesAll: readonly Role[] = by('gridWorker', 'gridLeader', 'communityStaff', 'communitySecretary')
const mayDo = by(
  'gridWorker',
  'gridLeader',
  'communityStaff',
  'communitySecretary',
  'buildingSteward',
  'medic',
  'volunteer',
  'propertyManager',
  'counsellor',
  'gateGuard',
)
const mayLead = by('gridLeader', 'communityStaff', 'communitySecretary')
const mayCount = by('gridLeader', 'communityStaff', 'communitySecretary', 'subdistrictOfficer', 'districtOfficer', 'auditor')

const Words = (zh: string, en: string) =>
  label(z.object({ zh: z.string(), en: z.string() }), zh, en, { harmless: 'words of a kind of duty' })
const PlaceName = (zh: string, en: string) => label(z.string().nullable(), zh, en, { harmless: 'name of a place' })
const Kind = label(Named, '任务', 'Duty', { harmless: 'name of a kind' })

/** What a duty is about, in words: a person or household with its door, a building, a place. */
const about = {
  subjectKind: SubjectKind,
  subject: Id,
  name: personal(z.string().nullable(), '姓名', 'Name', { mask: 'name', keep: 'register' }),
  compound: PlaceName('小区', 'Compound'),
  building: Id.nullable(),
  buildingName: PlaceName('楼栋', 'Building'),
  unitName: PlaceName('单元', 'Unit'),
  room: personal(z.string().nullable(), '房号', 'Room', { mask: 'room', keep: 'register' }),
  /** Neighbours follow each other by it, within a building. */
  position: z.number(),
  grid: label(z.string().nullable(), '网格', 'Grid', { harmless: 'code of an area' }),
}
const owned = {
  owner: Id.nullable(),
  ownerName: label(z.string().nullable(), '负责人', 'Owner', { harmless: 'duty name, posted publicly' }),
}

/** One slot of one duty. `path` is the console's page on which it is done, `phone` the phone's. */
export const SlotRow = z.object({
  duty: Id,
  day: label(Day, '日期', 'Day'),
  slot: SlotKey,
  state: label(SlotState, '状态', 'State'),
  kind: Kind,
  title: Words('任务', 'Duty'),
  slotTitle: Words('时段', 'Window'),
  opensAt: label(Instant, '开始', 'Opens'),
  dueAt: label(Instant, '截止', 'Due'),
  ...about,
  ...owned,
  doneAt: label(Instant.nullable(), '办理时间', 'Done'),
  late: z.boolean(),
  record: Id.nullable(),
  doing: Id.nullable(),
  excuse: Excuse.nullable(),
  path: z.string(),
  phone: z.string().nullable(),
})
export type SlotRow = z.infer<typeof SlotRow>

const Mine = label(z.boolean().optional(), '只看我的', 'Mine only')
const State = label(SlotState.optional(), '状态', 'State')
const where = {
  grid: label(
    z
      .string()
      .regex(/^\d{14}(\d{3})?$/)
      .optional(),
    '网格',
    'Grid',
    { harmless: 'code of an area' },
  ),
  building: label(Id.optional(), '楼栋', 'Building'),
  kind: label(Named.optional(), '任务', 'Duty', { harmless: 'name of a kind' }),
}

/** Today's slots and those still overdue from the day before: overdue, open, later, missed, done, excused; then what matters most, then the time. */
export const today = query('duties.today', {
  title: text('今日任务', 'Today'),
  may: mayDo,
  input: z.object({ ...where, state: State, mine: Mine, ...paging }),
  output: pageOf(SlotRow),
})

const Count = (zh: string, en: string) => label(z.int(), zh, en, { unit: text('项', 'slots') })
const counts = {
  overdue: Count('超时', 'Overdue'),
  open: Count('待办', 'To do now'),
  later: Count('未到时', 'Later today'),
  missed: Count('漏办', 'Missed'),
  done: Count('已办', 'Done'),
  excused: Count('免办', 'Excused'),
}
export const Counted = z.object({ kind: Kind, title: Words('任务', 'Duty'), ...counts })
export type Counted = z.infer<typeof Counted>

/** How many slots stand in each state, by kind: of what the same filters of the list show. */
export const summary = query('duties.summary', {
  title: text('任务统计', 'Counts of duties'),
  may: mayDo,
  input: z.object({ ...where, mine: Mine }),
  output: z.object({ rows: z.array(Counted), buildings: z.array(z.object({ id: Id, name: PlaceName('楼栋', 'Building') })) }),
})

/** Today's slots by kind and state for whoever answers for an area, and how many duties are nobody's. */
export const overview = query('duties.overview', {
  title: text('任务总览', 'Overview of duties'),
  may: mayCount,
  input: z.object({}),
  output: z.object({
    rows: z.array(Counted),
    unassigned: label(z.int(), '无人负责', 'Nobody’s', { unit: text('项', 'duties') }),
  }),
})

export const DutyRow = z.object({
  id: Id,
  kind: Kind,
  title: Words('任务', 'Duty'),
  cadence: label(Cadence, '频次', 'Cadence', { harmless: 'windows and days' }),
  startsOn: label(Day, '开始', 'First day'),
  lastDay: label(Day.nullable(), '最后一天', 'Last day'),
  ...about,
})
export type DutyRow = z.infer<typeof DutyRow>

/** Duties that run and that nobody answers for: no name, and nobody in charge of the grid. */
export const unassigned = query('duties.unassigned', {
  title: text('无人负责的任务', 'Nobody’s duties'),
  may: mayLead,
  input: z.object({ ...where, ...paging }),
  output: pageOf(DutyRow),
})

const Why = personal(z.string().trim().min(1).max(200).optional(), '原因', 'Why', { keep: 'work', mask: 'text' })

/** Gives duties to somebody by name, or back to whoever answers for their grids. */
export const assign = command('duties.assign', {
  title: text('指派', 'Assign'),
  may: mayLead,
  input: z.object({
    duties: z.array(Id).min(1).max(500),
    account: label(Id.nullable(), '接手人', 'To whom', {
      hint: text('不填：由网格责任人负责', 'Empty: whoever answers for the grid'),
    }),
    why: Why,
  }),
  output: z.object({ assigned: z.int() }),
})

/** Those who can be given a duty: accounts with a post in this area. */
export const helpers = query('duties.helpers', {
  title: text('可指派的人', 'Who can be given it'),
  may: mayLead,
  input: z.object({}),
  output: z.object({ rows: z.array(z.object({ account: Id, name: DutyName })) }),
})

const ofSlot = { duty: Id, day: Day, slot: SlotKey }

/** A slot that need not be done, with the reason. */
export const excuse = command('duties.excuse', {
  title: text('免办', 'Excuse'),
  may: mayDo,
  queued: true,
  secret: ['why'],
  input: z.object({ ...ofSlot, why: Excuse }),
  output: z.object({ doing: Id }),
})

/** Takes an excuse back: it was a mistake. */
export const unexcuse = command('duties.unexcuse', {
  title: text('撤销免办', 'Take the excuse back'),
  may: mayDo,
  input: z.object(ofSlot),
  output: z.object({ reopened: z.int() }),
})

/** Every slot of one duty between two days, with what settled it. */
export const slots = query('duties.slots', {
  title: text('任务记录', 'Slots of a duty'),
  may: mayDo,
  input: z.object({ duty: Id, from: Day, to: Day }),
  output: z.object({
    rows: z.array(
      z.object({
        day: Day,
        slot: SlotKey,
        state: SlotState,
        opensAt: Instant,
        dueAt: Instant,
        outcome: Outcome.nullable(),
        doneAt: Instant.nullable(),
        record: Id.nullable(),
      }),
    ),
  }),
})
