// What becomes of the daily report when one of its rules changes: told to whoever signs the change.
import { sql } from 'kysely'
import { dayOf, instantAt, msOf, type Day } from '#core/dates.ts'
import { text, type Text } from '#core/text.ts'
import type { PolicyEffect } from '#modules/policy/effects.ts'
import { days, deadline, grace, zeroReport } from '../model.ts'

type Reports = { compiled: number; open: number; communities: number }

export const reportEffects: PolicyEffect = {
  keys: [deadline.key, grace.key, days.key, zeroReport.key],
  foresee: async (change, { tx }) => {
    const day = dayOf(change.at)
    const { rows } = await sql<Reports>`
      select count(*) filter (where r.day = ${day}::date)::int as compiled,
        count(*) filter (where r.state in ('open', 'returned'))::int as open,
        (select count(*)::int from territory_areas a where a.level = 'community' and starts_with(a.area_code, ${change.area})) as communities
      from reporting_reports r where starts_with(r.community, ${change.area}) and r.parts is null`.execute(tx)
    return sentences(change, day, rows[0]!).map((words) => ({ words, loud: true }))
  },
}

function sentences(
  {
    key,
    at,
    before,
    after,
  }: {
    key: string
    at: string
    before: unknown
    after: unknown
  },
  day: Day,
  now: Reports,
): Text[] {
  const all = text(`${now.communities} 个社区`, `${now.communities} ${now.communities === 1 ? 'community' : 'communities'}`)
  switch (key) {
    case deadline.key: {
      // Whether the report of the first day still waits for its hour, old and new, when the rule begins.
      const first = msOf(at) <= msOf(instantAt(day, String(after))) && now.compiled === 0
      return [
        text(
          `${all.zh}的日报从${first ? '当天' : '次日'}起在 ${after} 编制（原为 ${before}）。`,
          `The report of ${all.en} is compiled at ${after} from ${first ? 'that day' : 'the day after'} on (before: ${before}).`,
        ),
        ...(now.compiled > 0
          ? [
              text(
                `当天已编制的 ${now.compiled} 份日报不变。`,
                `${now.compiled} compiled that day already, and stay as they are.`,
              ),
            ]
          : []),
      ]
    }
    case grace.key:
      return [
        text(
          `${all.zh}以后编制的日报，截止后 ${after} 分钟内上报不算迟报（原为 ${before} 分钟）。`,
          `Reports of ${all.en} compiled later are late ${after} minutes after the hour (before: ${before}).`,
        ),
        ...(now.open > 0
          ? [text(`已编制未上报的 ${now.open} 份仍按原时限。`, `${now.open} compiled and not sent yet keep their time.`)]
          : []),
      ]
    case days.key:
      return [
        text(
          `${all.zh}每周报 ${count(after)} 天（原为 ${count(before)} 天）；其余日子不催报，也不计漏报。`,
          `${all.en}: ${count(after)} reports a week (before: ${count(before)}); on other days none is called for or missed.`,
        ),
      ]
    default:
      return [
        after
          ? text(`${all.zh}没有新增的日子由系统自动上报。`, `${all.en}: a day without anything new is sent by the house.`)
          : text(
              `${all.zh}没有新增的日子也须由人上报。`,
              `${all.en}: somebody has to send the report of a day without anything new.`,
            ),
      ]
  }
}

const count = (value: unknown): number => (Array.isArray(value) ? value.length : 0)
