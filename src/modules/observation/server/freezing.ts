// Rules as they are written into an order: read once, kept with their versions, never read again for it.
import { instantOf, type Day } from '#core/dates.ts'
import type { PolicyKey } from '#core/policy.ts'
import type { Id } from '#core/ids.ts'
import type { Ctx } from '#server/house.ts'
import { feverAt } from '#modules/monitoring/rules.ts'
import { policy } from '#modules/policy/server.ts'
import { say, type Frozen } from '../model.ts'
import {
  categories,
  dayZeroOf,
  dayZeroRule,
  kit,
  lastDayOf,
  recurring,
  releaseDayOf,
  releaseRule,
  suitability,
  teams,
  usualDays,
  type Known,
  type Place,
} from '../rules.ts'

export type Froze = { frozen: Frozen; policyVersions: Id[] }

/** What the rules say now of a category and a place. Throws where there is no such category, or where it is not observed there. */
export async function freeze(ctx: Ctx, area: string, category: string, place: Place): Promise<Froze> {
  const versions = new Set<Id>()
  const documents = new Set<string>()
  const asked = async <T>(key: PolicyKey<T>): Promise<T> => {
    const said = await policy(ctx.tx, key, area, instantOf(ctx.now))
    for (const one of said.versions) versions.add(one)
    if (said.document) documents.add(said.document)
    return said.value
  }
  const found = (await asked(categories)).find((one) => one.key === category)
  if (!found) throw say.unknownCategory()
  if (!found.places.includes(place)) throw say.wrongPlace()
  const all = await asked(teams)
  const rule = await asked(dayZeroRule)
  const frozen: Frozen = {
    category: found,
    days: found.days ?? (await asked(usualDays)),
    dayZero: { ...rule, from: found.dayZero ?? rule.from },
    threshold: await asked(feverAt),
    duties: await asked(recurring),
    team: all.find((team) => team.key === found.team) ?? null,
    kit: await asked(kit),
    release: await asked(releaseRule),
    conditions: await asked(suitability),
    documents: [...documents],
  }
  return { frozen: { ...frozen, documents: [...documents] }, policyVersions: [...versions] }
}

/** Day 0, last day and day of release of an order under its frozen rules; nulls while it is not known from when it is observed. */
export function periodOf({ frozen }: Pick<Froze, 'frozen'>, known: Omit<Known, 'observedFrom'> & { observedFrom: Day | null }) {
  if (!known.observedFrom) return { dayZero: null, dayZeroBy: null, lastDay: null, releaseOn: null }
  const { day, rule } = dayZeroOf(frozen.dayZero, { ...known, observedFrom: known.observedFrom })
  const lastDay = lastDayOf(day, frozen.days)
  // Somebody who left long ago is not observed backwards.
  if (lastDay < known.observedFrom) throw say.wrongDates()
  return { dayZero: day, dayZeroBy: rule, lastDay, releaseOn: releaseDayOf(lastDay, frozen.release) }
}
