// What recurs: a duty with its cadence, the slots that follow from it, their states, and the rules of grace and escalation.
import { z } from 'zod'
import { addDays, Day, dayOf, daysBetween, Instant, instantAt, msOf } from '#core/dates.ts'
import { factFields } from '#core/fact.ts'
import { Id } from '#core/ids.ts'
import { choice, label, personal } from '#core/labels.ts'
import { lowerWins, type PolicyKey } from '#core/policy.ts'
import { problems } from '#core/problem.ts'
import { text } from '#core/text.ts'

// --- when it recurs ---------------------------------------------------------------------------------------------------

const Clock = z.iso.time({ precision: -1 })
export const SlotKey = z.string().regex(/^[a-z][A-Za-z0-9]{0,19}$/)

/** One window of a day in Shanghai. `minGapMinutes`: two doings nearer to each other are too close to count as two. */
export const Window = z
  .object({
    key: label(SlotKey, '时段', 'Window'),
    opens: label(Clock, '开始', 'Opens'),
    due: label(Clock, '截止', 'Due'),
    minGapMinutes: label(z.int().min(0).max(1440).optional(), '最短间隔', 'Shortest gap', { unit: text('分钟', 'min') }),
  })
  .refine(({ opens, due }) => opens < due)
export type Window = z.infer<typeof Window>

export const Weekday = z.int().min(1).max(7)
/** Every so many days from the anchor on, or on these days of the week (1 Monday … 7 Sunday). */
export const Every = z.union([
  z.object({ days: label(z.int().min(1).max(366), '每隔天数', 'Every so many days') }),
  z.object({ weekdays: label(z.array(Weekday).min(1).max(7), '星期', 'Days of the week') }),
])
export const Slots = z
  .array(Window)
  .min(1)
  .max(8)
  .refine((slots) => new Set(slots.map((s) => s.key)).size === slots.length)

/** When a duty recurs. It is frozen into the duty: another cadence is another duty. */
export const Cadence = z.object({ slots: Slots, every: Every, anchor: Day })
export type Cadence = z.infer<typeof Cadence>

/** One slot with the instants between which it is to be done. */
export type Slot = { readonly day: Day; readonly slot: string; readonly opensAt: Instant; readonly dueAt: Instant }

/** 1 Monday … 7 Sunday. */
export const weekdayOf = (day: Day): number => Temporal.PlainDate.from(day).dayOfWeek

export function recursOn({ every, anchor }: Cadence, day: Day): boolean {
  if (day < anchor) return false
  return 'days' in every ? daysBetween(anchor, day) % every.days === 0 : every.weekdays.includes(weekdayOf(day))
}

/** The slots of one day, in the order of the cadence. */
export const slotsOn = (cadence: Cadence, day: Day): Slot[] =>
  recursOn(cadence, day)
    ? cadence.slots.map(({ key, opens, due }) => ({ day, slot: key, opensAt: instantAt(day, opens), dueAt: instantAt(day, due) }))
    : []

export type Terms = {
  readonly cadence: Cadence
  readonly startsOn: Day
  readonly startsAt: Instant
  readonly lastDay: Day | null
}

/** The slots of a duty from `fromDay` to `toDay`, both included. What was due before the duty began asks nothing of anybody. */
export function slotsBetween({ cadence, startsOn, startsAt, lastDay }: Terms, fromDay: Day, toDay: Day): Slot[] {
  const last = lastDay !== null && lastDay < toDay ? lastDay : toDay
  const found: Slot[] = []
  for (let day = fromDay < startsOn ? startsOn : fromDay; day <= last; day = addDays(day, 1)) found.push(...slotsOn(cadence, day))
  return found.filter(({ dueAt }) => dueAt > startsAt)
}

// --- where a slot stands ----------------------------------------------------------------------------------------------

export const SlotState = choice({
  overdue: text('超时', 'Overdue'),
  open: text('待办', 'To do now'),
  later: text('未到时', 'Later today'),
  missed: text('漏办', 'Missed'),
  done: text('已办', 'Done'),
  excused: text('免办', 'Excused'),
})
export type SlotState = z.infer<typeof SlotState>
/** Sorted by need: what is overdue first, what is settled last. */
export const statesByNeed: readonly SlotState[] = SlotState.options

export const Outcome = choice({ done: text('已办', 'Done'), excused: text('免办', 'Excused') })
export type Outcome = z.infer<typeof Outcome>

const hour = 3_600_000
const minute = 60_000

/** Where a slot stands at an instant (ms). Nothing of it is stored: it follows from the window, the doing and the grace. */
export function stateOf(
  { opensAt, dueAt }: Pick<Slot, 'opensAt' | 'dueAt'>,
  outcome: Outcome | null,
  at: number,
  graceHours: number,
): SlotState {
  if (outcome) return outcome
  if (at < msOf(opensAt)) return 'later'
  if (at < msOf(dueAt)) return 'open'
  return at < msOf(dueAt) + graceHours * hour ? 'overdue' : 'missed'
}

export type Closing = Slot & { readonly late: boolean }
const windowOf = (cadence: Cadence, key: string) => cadence.slots.find((s) => s.key === key)

/**
 * The slot that something done at `at` (ms) settles: the window that it fell into; else the last one of the day that is overdue; else
 * the next one, if it opens soon; else one overdue since the day before. Undefined where the fitting one is settled already, or where the last doing was too close before.
 * @param settled slots with a doing: `day slot` → ms at which it was done; ms null for an excused one.
 */
export function slotFor(
  terms: Terms,
  at: number,
  settled: ReadonlyMap<string, number | null>,
  { graceHours, earlyMinutes }: { graceHours: number; earlyMinutes: number },
): Closing | undefined {
  const free = (slot: Slot) => !settled.has(slotName(slot))
  const slots = slotsBetween(terms, dayOf(at - graceHours * hour - 24 * hour), dayOf(at + earlyMinutes * minute))
  const inside = slots.filter((s) => msOf(s.opensAt) <= at && at < msOf(s.dueAt))
  const overdue = slots.filter((s) => stateOf(s, null, at, graceHours) === 'overdue' && free(s))
  const soon = slots.filter((s) => at < msOf(s.opensAt) && msOf(s.opensAt) - at <= earlyMinutes * minute && free(s))
  const today = dayOf(at)
  const found = inside.length > 0 ? inside.find(free) : (overdue.findLast((s) => s.day === today) ?? soon[0] ?? overdue.at(-1))
  if (!found) return undefined
  const gap = (windowOf(terms.cadence, found.slot)?.minGapMinutes ?? 0) * minute
  const tooClose = [...settled.values()].some((done) => done !== null && Math.abs(at - done) < gap)
  return tooClose ? undefined : { ...found, late: at >= msOf(found.dueAt) }
}

/** `2026-03-02 morning`: names a slot within its duty. */
export const slotName = ({ day, slot }: { day: Day; slot: string }): string => `${day} ${slot}`

// --- rows -------------------------------------------------------------------------------------------------------------

/** Whom or what a duty is about. `place` is an area or a compound. */
export const SubjectKind = choice({
  person: text('人', 'Person'),
  household: text('户', 'Household'),
  building: text('楼栋', 'Building'),
  unit: text('单元', 'Unit'),
  place: text('场所', 'Place'),
})
export type SubjectKind = z.infer<typeof SubjectKind>

const Community = z.string().regex(/^\d{12}$/)
const Grid = label(
  z
    .string()
    .regex(/^\d{17}$/)
    .nullable(),
  '网格',
  'Grid',
  { harmless: 'code of an area' },
)
/** Names a kind or a source like a contract: `monitoring.temperature`. */
export const Named = z.string().regex(/^[a-z][A-Za-z0-9]*\.[A-Za-z0-9]+$/)

/**
 * `duties_duties`: records. One row for a duty, never one for a slot. `lastDay` is included, null until it is ended; slots that were
 * due by `startsAt` do not exist, nor those that were still open when it ended.
 */
export const Duty = z.object({
  community: Community,
  id: Id,
  kind: label(Named, '类别', 'Kind', { harmless: 'name of a kind' }),
  subjectKind: SubjectKind,
  subject: Id,
  source: label(Named, '依据', 'Source', { harmless: 'name of a kind of record' }),
  sourceId: Id,
  cadence: label(Cadence, '频次', 'Cadence', { harmless: 'windows and days' }),
  startsOn: label(Day, '开始', 'First day'),
  startsAt: Instant,
  lastDay: label(Day.nullable(), '最后一天', 'Last day'),
  endedAt: label(Instant.nullable(), '结束', 'Ended'),
  endedWhy: label(z.string().max(200).nullable(), '结束原因', 'Why it ended', { keep: 'work', mask: 'text' }),
  grid: Grid,
  building: Id.nullable(),
  dwelling: Id.nullable(),
  policyVersions: label(z.array(Id), '规则版本', 'Versions of the rules'),
  recordedAt: Instant,
  recordedBy: Id,
})
export type Duty = z.infer<typeof Duty>

/** `duties_terms`: links. How long a duty runs, as it was known from `since` on: what is counted at a past instant reads this. */
export const Term = z.object({
  community: Community,
  id: Id,
  subject: Id,
  since: Instant,
  recordedAt: Instant,
  recordedBy: Id,
  why: personal(z.string().max(200).nullable(), '原因', 'Why', { keep: 'work', mask: 'text' }),
  lastDay: Day.nullable(),
  ended: z.boolean(),
})
export type Term = z.infer<typeof Term>

/** `duties_owners`: links. Whose duty it is by name; null: whoever answers for its grid. */
export const Owner = z.object({
  community: Community,
  id: Id,
  subject: Id,
  since: Instant,
  recordedAt: Instant,
  recordedBy: Id,
  why: personal(z.string().max(200).nullable(), '原因', 'Why', { keep: 'work', mask: 'text' }),
  account: Id.nullable(),
})
export type Owner = z.infer<typeof Owner>

export const Excuse = personal(z.string().trim().min(2).max(200), '免办原因', 'Why it is excused', {
  keep: 'response',
  mask: 'text',
  hint: text('例如：住院、外出就医、当天已由医生测量', 'For example in hospital, or measured by the doctor that day'),
})

/** `duties_doings`: facts. What settled a slot: the record behind it, or the reason why it need not be done. */
export const Doing = z.object({
  ...factFields,
  duty: Id,
  day: Day,
  slot: SlotKey,
  outcome: label(Outcome, '结果', 'Outcome'),
  record: Id.nullable(),
  recordKind: label(Named.nullable(), '登记类别', 'Kind of record', { harmless: 'name of a kind of record' }),
  excuse: Excuse.nullable(),
})
export type Doing = z.infer<typeof Doing>

export const Level = choice({
  owner: text('本人', 'Owner'),
  gridLeader: text('网格长', 'Grid leader'),
  communitySecretary: text('社区书记', 'Community secretary'),
})
export type Level = z.infer<typeof Level>

/** `duties_escalations`: log. Each slot is told once at each level. */
export const Escalation = z.object({ community: Community, duty: Id, day: Day, slot: SlotKey, level: Level, at: Instant })
export type Escalation = z.infer<typeof Escalation>

// --- rules ------------------------------------------------------------------------------------------------------------

/** From so many hours after its end on a slot counts as missed; until then it can still be done, late. */
export const missedAfterHours: PolicyKey<number> = lowerWins('duties.missedAfterHours', {
  title: text('超时多久算漏办（小时）', 'Hours until overdue is missed'),
  schema: z.number().min(0).max(72),
  unset: 12,
})

/** So long before its window opens something already counts for it. */
export const earlyMinutes: PolicyKey<number> = lowerWins('duties.earlyMinutes', {
  title: text('可提前办理（分钟）', 'Minutes that count as early'),
  schema: z.int().min(0).max(240),
  unset: 60,
})

const Minutes = (zh: string, en: string) => label(z.int().min(0).max(2880), zh, en, { unit: text('分钟', 'min') })
export const EscalationTimes = z.object({
  owner: Minutes('提醒本人', 'Remind the owner'),
  gridLeader: Minutes('告知网格长', 'Tell the grid leader'),
  communitySecretary: Minutes('告知社区书记', 'Tell the community secretary'),
})
export type EscalationTimes = z.infer<typeof EscalationTimes>
/** So long after its end each level hears of a slot that is not done. */
export const escalation: PolicyKey<EscalationTimes> = lowerWins('duties.escalation', {
  title: text('超时催办（截止后）', 'Escalation after the end of a window'),
  schema: EscalationTimes,
  unset: { owner: 0, gridLeader: 60, communitySecretary: 180 },
})

// --- words ------------------------------------------------------------------------------------------------------------

export const say = problems('duties', {
  unknown: [
    404,
    {
      zh: '没有找到这项任务，可能已经结束。请刷新后再试。',
      en: 'This duty was not found; it may have ended. Refresh and try again.',
    },
  ],
  noSuchSlot: [
    422,
    {
      zh: '这项任务在那一天没有这个时段，请刷新后再选。',
      en: 'This duty has no such window on that day. Refresh and choose again.',
    },
  ],
  settledAlready: [
    409,
    { zh: '这个时段已经办过或已免办，请刷新。', en: 'This window is done or excused already. Refresh the list.' },
  ],
  notExcused: [409, { zh: '这个时段没有免办记录，请刷新。', en: 'This window is not excused. Refresh the list.' }],
  notYours: [
    403,
    { zh: '这不是您负责的任务，请负责人或网格长办理。', en: 'This duty is not yours. Ask its owner or the grid leader.' },
  ],
  noPostThere: [
    422,
    {
      zh: '接手人在该区域没有岗位，看不到这项任务。请另选一人，或先授予岗位。',
      en: 'The receiver has no post there and could not see the duty. Choose somebody else, or give a post first.',
    },
  ],
  unknownKind: [422, { zh: '没有这种任务，请联系管理员。', en: 'There is no such kind of duty. Ask your administrator.' }],
})
