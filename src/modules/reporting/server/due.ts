// When a report is called for, and by when: a response or other work is under way, the weekday needs one, the hour has come.
import type { Day, Instant } from '#core/dates.ts'
import type { Tx } from '#server/database/connect.ts'
import type { House } from '#server/house.ts'
import { underway } from '#server/indicators.ts'
import { isInForce, type Response } from '#modules/policy/model.ts'
import { policy } from '#modules/policy/server.ts'
import { days, deadline, deadlineOn, dueByOn, grace, isReportingDay } from '../model.ts'

export type Due = { readonly deadline: Instant; readonly dueBy: Instant; readonly weekday: boolean }

/** The hour, the last minute and whether the weekday needs a report, by the rules of an area on that day. */
export async function dueOn(tx: Tx, area: string, day: Day): Promise<Due> {
  const [time, minutes, weekdays] = [
    await policy(tx, deadline, area, day),
    await policy(tx, grace, area, day),
    await policy(tx, days, area, day),
  ]
  return {
    deadline: deadlineOn(day, time.value),
    dueBy: dueByOn(day, time.value, minutes.value),
    weekday: isReportingDay(day, weekdays.value),
  }
}

/** Tells of any community of `area` (1 to 12 digits) whether something is under way there on a day. Two small queries for all of them. */
export async function underwayIn(house: House, tx: Tx, area: string, day: Day): Promise<(community: string) => boolean> {
  const responses = await tx
    .withTables<{ policyResponses: Response }>()
    .selectFrom('policyResponses')
    .selectAll()
    .where('activatedBy', 'is not', null)
    .execute()
  const inForce = responses.filter((response) => isInForce(response, day)).map((response) => response.areaCode)
  const busy = new Set<string>()
  for (const ask of house.offered(underway)) for (const community of await ask(tx, area, day)) busy.add(community)
  return (community) => busy.has(community) || inForce.some((code) => community.startsWith(code))
}
