// Facts are added, never rewritten: what every fact carries, and how the time of a phone is believed or doubted.
import { z } from 'zod'
import { Day, dayOf, Instant, instantOf, msOf } from './dates.ts'
import { Id } from './ids.ts'
import { choice, label } from './labels.ts'
import { text } from './text.ts'

/** How a fact was learned. */
export const How = choice({
  door: text('上门', 'At the door'),
  phone: text('电话', 'By phone'),
  video: text('视频', 'By video'),
  notice: text('张贴提示', 'Notice on the door'),
  self: text('自报', 'Self-report'),
  proxy: text('代报', 'By a proxy'),
  desk: text('后台录入', 'Entered at a desk'),
  import: text('导入', 'Imported'),
})
export type How = z.infer<typeof How>

/** What the device knew of time at the tap. `before` = server time − device time in ms at the last contact; null if there never was one. */
export const Clock = z.object({
  at: Instant,
  before: z.number().nullable(),
  /** Milliseconds on the device's monotonic counter, and the run of the app it belongs to. */
  tick: z.number().nonnegative(),
  run: Id,
})
export type Clock = z.infer<typeof Clock>

/** Why the time of a fact is not believed: it then counts on the day on which it was recorded, and a footnote says so. */
export const ClockDoubt = choice({
  offsetsApart: text('设备时钟在途中变动', 'The device clock moved in between'),
  future: text('设备时间晚于服务器时间', 'The device time lies in the future'),
  tooOld: text('设备时间过早', 'The device time lies too far back'),
  neverSynced: text('设备从未校时', 'The device had never compared its clock'),
})
export type ClockDoubt = z.infer<typeof ClockDoubt>

/** Two contacts whose offsets differ by more than this are not believed. Milliseconds. */
export const offsetTolerance = 2 * 60_000
/** A fact older than this when it arrives is not believed. Milliseconds. */
export const oldestBelieved = 40 * 86_400_000

export type Timing = {
  occurredAt: Instant
  countedOn: Day
  recordedAt: Instant
  deviceAt: Instant | null
  offsetBefore: number | null
  offsetAfter: number | null
  tick: number | null
  run: Id | null
  clockDoubt: ClockDoubt | null
}

/**
 * The times of a fact.
 * @param now server time of receipt, ms. @param clock what the device knew at the tap; undefined for a desk: it occurs now.
 * @param sentAt the device's clock when it sent the request, ms.
 */
export function timing(now: number, clock?: Clock, sentAt?: number): Timing {
  const recordedAt = instantOf(now)
  if (!clock) {
    return {
      occurredAt: recordedAt,
      countedOn: dayOf(now),
      recordedAt,
      deviceAt: null,
      offsetBefore: null,
      offsetAfter: null,
      tick: null,
      run: null,
      clockDoubt: null,
    }
  }
  const offsetAfter = sentAt === undefined ? null : now - sentAt
  const offset = clock.before ?? offsetAfter ?? 0
  const at = msOf(clock.at) + offset
  const doubt = doubtOf(now, at, clock.before, offsetAfter)
  return {
    occurredAt: instantOf(Math.round(at)),
    countedOn: dayOf(doubt ? now : at),
    recordedAt,
    deviceAt: instantOf(msOf(clock.at)),
    offsetBefore: clock.before === null ? null : Math.round(clock.before),
    offsetAfter: offsetAfter === null ? null : Math.round(offsetAfter),
    tick: Math.round(clock.tick),
    run: clock.run,
    clockDoubt: doubt,
  }
}

function doubtOf(now: number, at: number, before: number | null, after: number | null): ClockDoubt | null {
  if (before !== null && after !== null && Math.abs(before - after) > offsetTolerance) return 'offsetsApart'
  if (at > now + offsetTolerance) return 'future'
  if (at < now - oldestBelieved) return 'tooOld'
  if (before === null && after === null) return 'neverSynced'
  return null
}

/** The columns that every fact shows. `root` is the first entry of a chain of corrections: others point at it for ever. */
export const factFields = {
  id: Id,
  community: z.string().regex(/^\d{12}$/),
  root: Id,
  occurredAt: label(Instant, '发生时间', 'When'),
  countedOn: label(Day, '计入日期', 'Counted on'),
  recordedAt: label(Instant, '登记时间', 'Recorded'),
  recordedBy: label(Id, '登记人', 'Recorded by'),
  how: label(How, '方式', 'How'),
  clockDoubt: label(ClockDoubt.nullable(), '时间存疑', 'Doubt about the time'),
  replaces: Id.nullable(),
  reason: label(z.string().max(200).nullable(), '更正原因', 'Reason of the correction', { mask: 'text', keep: 'response' }),
  withdrawn: z.boolean(),
}

/** Whom or what a fact in a list was recorded by, as a name that may be shown: duty names are posted publicly. */
export const Correction = {
  replaces: Id,
  reason: label(z.string().trim().min(1).max(200), '更正原因', 'Reason of the correction', { keep: 'response' }),
}
