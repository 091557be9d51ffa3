// For whom something is done: a household or a person within reach, with its place.
import type { Id } from '#core/ids.ts'
import type { Ctx } from '#server/house.ts'
import { requireReach } from '#server/scope.ts'
import { placesOfSubjects } from '#modules/duties/server.ts'
import { getMember, householdLabels } from '#modules/residents/server.ts'
import { say as residentsSay } from '#modules/residents/model.ts'
import { say } from '../model.ts'

export type Whose = { readonly household?: Id | null | undefined; readonly person?: Id | null | undefined }
export type Found = { household: Id | null; person: Id | null; grid: string | null; building: Id | null }

/** Throws `services.whose`, or that nobody of the kind is within reach. */
export async function whose(ctx: Ctx, { household, person }: Whose): Promise<Found> {
  if (person) {
    const { member, label } = await getMember(ctx, person)
    const home = household ?? member.household
    return { household: home, person, grid: label?.grid ?? null, building: await buildingOf(ctx, home) }
  }
  if (!household) throw say.whose()
  const label = (await householdLabels(ctx.tx, [household])).get(household)
  if (!label) throw residentsSay.unknownHousehold()
  requireReach(ctx, label.grid)
  return { household, person: null, grid: label.grid, building: await buildingOf(ctx, household) }
}

async function buildingOf(ctx: Ctx, household: Id | null): Promise<Id | null> {
  if (!household) return null
  const [place] = await placesOfSubjects(ctx, [{ subjectKind: 'household', subject: household }])
  return place?.building ?? null
}

/** Whom a duty may be about: the household, and the person where one is named. */
export const subjectsOf = ({ household, person }: Pick<Found, 'household' | 'person'>): Id[] =>
  [household, person].filter((one) => one !== null)
