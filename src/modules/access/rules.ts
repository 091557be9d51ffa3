// How often a household may go out, and what a gate answers: pure rules, the same at the desk and on a guard's phone without a network.
import { z } from 'zod'
import { addDays, dayOf, daysBetween, instantAt, msOf, sayDay, sayTime, type Instant } from '#core/dates.ts'
import { choice, label } from '#core/labels.ts'
import { lowerMayLoosen, lowerWins, upperWins, type PolicyKey } from '#core/policy.ts'
import { text, type Text } from '#core/text.ts'
import { PassKind } from './pass.ts'

const Clock = z.iso.time({ precision: -1 })
/** A part of the day; one that ends before it begins runs over midnight. */
export const Window = z.object({ from: label(Clock, '从', 'From'), to: label(Clock, '到', 'To') })

/** How often, when and how long holders of some kinds of pass may be outside. */
export const ExitRule = z.object({
  kinds: label(z.array(PassKind).min(1), '适用的出入证', 'Kinds of pass'),
  counts: label(choice({ household: text('按户', 'By household'), person: text('按人', 'By person') }), '计次', 'Counted by'),
  /** Natural days from the day of the first exit on: out on day 1, N = 2, the next from 00:00 of day 3. */
  period: label(z.int().min(1).max(60), '周期', 'Period', { unit: text('天', 'days') }),
  times: label(z.union([z.enum(['unlimited', 'none']), z.int().min(1).max(100)]), '每周期次数', 'Times in a period', {
    hint: text('unlimited 不限；none 不得外出', 'A number, unlimited, or none'),
  }),
  windows: label(z.array(Window).max(6), '时段', 'Hours', { hint: text('留空为全天', 'Empty: the whole day') }),
  longest: label(z.int().min(1).max(10_080).nullable(), '每次最长', 'Longest time outside', { unit: text('分钟', 'min') }),
})
export type ExitRule = z.infer<typeof ExitRule>

const worthOf = (times: ExitRule['times']): number => (times === 'unlimited' ? Infinity : times === 'none' ? 0 : times)

/** Whether `lower` asks of nobody more than `upper` does. */
export function noStricter(lower: readonly ExitRule[], upper: readonly ExitRule[]): boolean {
  return lower.every((one) =>
    one.kinds.every((kind) => {
      const other = ruleFor(upper, kind)
      if (!other) return one.times === 'unlimited' && one.windows.length === 0 && one.longest === null
      return (
        worthOf(one.times) >= worthOf(other.times) &&
        one.period <= other.period &&
        (one.longest ?? Infinity) >= (other.longest ?? Infinity) &&
        (one.counts === other.counts || one.counts === 'person') &&
        (one.windows.length === 0 ||
          (other.windows.length > 0 && everyMinute.every((m) => !isWithin(other.windows, m) || isWithin(one.windows, m))))
      )
    }),
  )
}
/** The first rule that names this kind; undefined: nothing is ruled. */
export const ruleFor = (rules: readonly ExitRule[], kind: PassKind): ExitRule | undefined =>
  rules.find((rule) => rule.kinds.includes(kind))

export const exits: PolicyKey<ExitRule[]> = lowerMayLoosen('access.exits', {
  title: text('外出次数和时段', 'How often and when one may go out'),
  schema: z.array(ExitRule).max(20),
  unset: [],
  looser: noStricter,
})
/** Whether visitors come in: freely, after questions, or not at all. */
export const visitors: PolicyKey<'admitted' | 'asked' | 'refused'> = upperWins('access.visitors', {
  title: text('访客进入', 'Visitors'),
  schema: z.enum(['admitted', 'asked', 'refused']),
  unset: 'asked',
})
/** Whom somebody calls who was refused. */
export const hotline: PolicyKey<string> = lowerWins('access.hotline', {
  title: text('出入咨询电话', 'Telephone for questions at the gate'),
  schema: z.string().trim().max(30),
  unset: '12345',
})

// --- counting ---------------------------------------------------------------------------------------------------------

export type Quota = {
  /** Exits in the period that runs now. */
  readonly used: number
  readonly left: number | 'unlimited'
  /** From when on the count begins anew, where nothing is left; null where it never does. */
  readonly again: Instant | null
}

/** The count at `now` by the exits known of the counting unit, in any order. Whoever went out in an emergency is not counted: leave those out. */
export function quotaAt(rule: Pick<ExitRule, 'period' | 'times'>, known: readonly Instant[], now: Instant): Quota {
  if (rule.times === 'none') return { used: 0, left: 0, again: null }
  const days = known
    .filter((at) => msOf(at) <= msOf(now))
    .map((at) => dayOf(at))
    .sort()
  let [begun, used] = ['', 0]
  for (const day of days) {
    if (begun && daysBetween(begun, day) < rule.period) used++
    else [begun, used] = [day, 1]
  }
  const ends = begun && addDays(begun, rule.period)
  if (!begun || dayOf(now) >= ends) used = 0
  if (rule.times === 'unlimited') return { used, left: 'unlimited', again: null }
  const left = Math.max(0, rule.times - used)
  return { used, left, again: left > 0 ? null : instantAt(ends) }
}

const everyMinute = Array.from(
  { length: 1440 },
  (_, m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`,
)

/** Whether a time of the day (`18:30`) lies in one of the windows; without windows it always does. The end is not part of a window. */
export const isWithin = (windows: ExitRule['windows'], time: string): boolean =>
  windows.length === 0 || windows.some(({ from, to }) => (from < to ? from <= time && time < to : from <= time || time < to))

/** The first instant from `after` on at which the rule's hours are open. */
export function openFrom(windows: ExitRule['windows'], after: Instant): Instant {
  if (isWithin(windows, sayTime(after))) return after
  const day = dayOf(after)
  return [day, addDays(day, 1)]
    .flatMap((d) => windows.map(({ from }) => instantAt(d, from)))
    .sort()
    .find((at) => at >= after)!
}

/** Minutes by which somebody who went out at `out` is late; 0 in time or without a limit. */
export const minutesLate = (rule: Pick<ExitRule, 'longest'>, out: Instant, now: Instant): number =>
  rule.longest === null ? 0 : Math.max(0, Math.floor((msOf(now) - msOf(out)) / 60_000) - rule.longest)

/** When something is allowed again, as one says it: 今天 18:00, 明天 0:00, 3月5日 周四 0:00. */
export function sayNext(at: Instant, now: Instant): Text {
  const [day, days, time] = [dayOf(at), daysBetween(dayOf(now), dayOf(at)), sayTime(at)]
  const near = [text('今天', 'today'), text('明天', 'tomorrow'), text('后天', 'the day after tomorrow')][days]
  const on = near ?? text(sayDay(day, 'zh').replace(/^\d+年/, ''), sayDay(day, 'en'))
  return text(`${on.zh} ${time}`, `${on.en} ${time}`)
}

// --- the verdict ------------------------------------------------------------------------------------------------------

/** An order or a seal in force for somebody here; its reason stays with the community. */
export type Bound = { readonly document: string; readonly until: string | null }
export type AtGate = {
  readonly direction: 'in' | 'out'
  /** Illness, birth, fire, danger, violence at home: the guard pressed the one key. */
  readonly emergency: boolean
  readonly who: 'resident' | 'visitor' | 'unknown'
  /** `stopped`: a lost, lent or expired card; it says nothing about the person who carries it. */
  readonly card: 'good' | 'stopped' | 'none'
  /** Found by room or telephone and compared with name and face by the guard. */
  readonly known: boolean
  /** Orders and seals; undefined when they could not be asked. */
  readonly bound: readonly Bound[] | undefined
  /** The rule for this kind of pass and the document that published it; undefined when it could not be asked, null where nothing is ruled. */
  readonly rule: { readonly rule: ExitRule; readonly document: string | null } | null | undefined
  readonly visitors: { readonly rule: 'admitted' | 'asked' | 'refused'; readonly document: string | null }
  /** Exits of the counting unit, emergencies left out. */
  readonly exits: readonly Instant[]
  readonly hotline: string
}
export type Why =
  | 'emergency'
  | 'free'
  | 'within'
  | 'homeward'
  | 'boundHomeward'
  | 'bound'
  | 'quota'
  | 'none'
  | 'hours'
  | 'unknown'
  | 'card'
  | 'visitor'
  | 'visitorRefused'
  | 'unpublished'
/** What a gate answers. Refused names its `document`, always; `next` is when it is allowed again. */
export type Verdict = {
  readonly answer: 'allowed' | 'ask' | 'refused'
  readonly why: Why
  readonly say: Text
  readonly document: string | null
  readonly next: Instant | null
  readonly quota: Quota | null
}

const made = (answer: Verdict['answer'], why: Why, say: Text, more: Partial<Verdict> = {}): Verdict => ({
  answer,
  why,
  say,
  document: null,
  next: null,
  quota: null,
  ...more,
})

/** Closing words of each refusal: whom to call, and how to object. */
const object = (document: string, line: string): Text =>
  text(
    `依据：${document}。有疑问请拨 ${line}；不同意可当场登记，由社区书面答复。遇到急病、临产、火情或危险，请马上说，立即放行。`,
    `By ${document}. Questions: ${line}. Whoever disagrees is put on record here and gets a written answer. In illness, birth, fire or danger say so: the gate opens at once.`,
  )
const refused = (why: Why, words: Text, document: string, line: string, more: Partial<Verdict> = {}): Verdict => {
  const close = object(document, line)
  return made('refused', why, text(`${words.zh}${close.zh}`, `${words.en} ${close.en}`), { document, ...more })
}

/**
 * Allowed, ask or refused. Refused comes of a published rule, an order in force or a seal in force, and of nothing else; whatever cannot be
 * known is "unknown, ask". An emergency is never refused, and nobody is kept from going home by a count.
 */
export function verdict(at: AtGate, now: Instant): Verdict {
  if (at.emergency)
    return made(
      'allowed',
      'emergency',
      text('紧急情况，立即放行。已记录，请同时报告社区。', 'Emergency: open at once. It is on record; tell the community too.'),
    )
  if (at.who === 'visitor') return ofVisitor(at)
  if (at.who === 'unknown') return unknown
  if (at.card === 'stopped' && !at.known) {
    return made(
      'ask',
      'card',
      text(
        '这张证已停用。请按房号查找本人，核对姓名，人可照常通行。',
        'This card was stopped. Look the person up by room and compare the name: the person may pass as ever.',
      ),
    )
  }
  // A list that a phone took along this morning still names an order whose last day is over: it binds nobody.
  const today = dayOf(now)
  const bound = at.bound?.filter(({ until }) => until === null || until >= today)
  return at.direction === 'in' ? homeward({ bound }) : outward({ ...at, bound }, now)
}

const unknown = made(
  'ask',
  'unknown',
  text('情况不明，请询问并核实，不要直接拒绝。', 'Unknown: ask and find out. Do not turn anybody away for it.'),
)

function homeward({ bound }: { bound: AtGate['bound'] }): Verdict {
  const [first] = bound ?? []
  if (first) {
    return made(
      'allowed',
      'boundHomeward',
      text(`可以回家，请联系社区（${first.document}）。`, `May go home. Call the community (${first.document}).`),
      { document: first.document },
    )
  }
  return made('allowed', 'homeward', text('欢迎回家，请登记、测温。', 'Welcome home. Please register and measure.'))
}

function outward(at: AtGate, now: Instant): Verdict {
  const { bound, rule: ruled, hotline: line } = at
  const [order] = bound ?? []
  if (order)
    return refused(
      'bound',
      text('对不起，现在暂时不能外出，请联系社区。', 'Sorry, going out is not possible at present. Please call the community.'),
      order.document,
      line,
    )
  if (bound === undefined || ruled === undefined) return unknown
  if (ruled === null) return made('allowed', 'free', text('可以通行。', 'May pass.'))
  return byRule(ruled, at, now)
}

function byRule({ rule, document }: { rule: ExitRule; document: string | null }, at: AtGate, now: Instant): Verdict {
  const quota = quotaAt(rule, at.exits, now)
  const open = isWithin(rule.windows, sayTime(now))
  if (quota.left !== 0 && open) {
    const left = quota.left === 'unlimited' ? undefined : quota.left - 1
    return made(
      'allowed',
      'within',
      left === undefined
        ? text('可以通行。', 'May pass.')
        : text(
            `可以通行，这是本期第 ${quota.used + 1} 次，之后还有 ${left} 次。`,
            `May pass: number ${quota.used + 1} of this period, ${left} left after it.`,
          ),
      { quota, document },
    )
  }
  // A limit that nobody published binds nobody.
  if (!document)
    return made(
      'ask',
      'unpublished',
      text(
        '超出次数或时段，但没有公布的文件，请询问社区，不能拒绝。',
        'Beyond the limit, but no document was published: ask the community; it cannot be refused.',
      ),
      { quota },
    )
  if (rule.times === 'none')
    return refused(
      'none',
      text('对不起，现在按规定暂不外出。', 'Sorry, by the rule nobody goes out at present.'),
      document,
      at.hotline,
      { quota },
    )
  const next = openFrom(rule.windows, quota.left === 0 && quota.again ? quota.again : now)
  const when = sayNext(next, now)
  const words =
    quota.left === 0
      ? text(
          `对不起，这一期的外出次数已用完，${when.zh} 起可以再出门。`,
          `Sorry, the exits of this period are used up. Next from ${when.en}.`,
        )
      : text(
          `对不起，现在不在外出时段，${when.zh} 起可以出门。`,
          `Sorry, these are not the hours for going out. Next from ${when.en}.`,
        )
  return refused(quota.left === 0 ? 'quota' : 'hours', words, document, at.hotline, { quota, next })
}

function ofVisitor({ direction, visitors: ruled, hotline: line }: AtGate): Verdict {
  if (direction === 'out') return made('allowed', 'free', text('访客离开，请登记。', 'A visitor leaves: put it down.'))
  if (ruled.rule === 'admitted')
    return made('allowed', 'free', text('访客可以进入，请登记、测温。', 'Visitors may come in. Register and measure.'))
  if (ruled.rule === 'refused' && ruled.document) {
    return refused(
      'visitorRefused',
      text(
        '对不起，现在暂不接待访客，请与住户电话联系或在门口交接物品。',
        'Sorry, visitors are not admitted now. Please call the household or hand things over at the gate.',
      ),
      ruled.document,
      line,
    )
  }
  return made(
    'ask',
    'visitor',
    text('访客：请询问、登记、测温，联系住户确认后进入。', 'Visitor: ask, register, measure, and have the household confirm.'),
  )
}
