// How a key person is written down: what was said, and the risk of the origin by the rules of that moment.
import type { Instant } from '#core/dates.ts'
import type { Ctx } from '#server/house.ts'
import { policy } from '#modules/policy/server.ts'
import type { KeyPerson, keyPersonFields } from '../model.ts'
import { riskOf, sourceRisk } from '../rules.ts'

/** What a form says of a key person. */
export type AboutKeyPerson = Pick<KeyPerson, keyof typeof keyPersonFields>

/**
 * Columns of a key person beside those of the fact. The risk is that of the rules in force at `at` as known at `knownAt`, with
 * the versions that decided: a rule that changes tomorrow does not touch what was judged today.
 */
export async function keyPersonColumns(
  ctx: Ctx,
  about: AboutKeyPerson,
  at = ctx.timing.clockDoubt ? ctx.timing.recordedAt : ctx.timing.occurredAt,
  knownAt?: Instant,
) {
  const { value, versions } = await policy(ctx.tx, sourceRisk, ctx.community, at, knownAt)
  return {
    ...about,
    symptoms: JSON.stringify(about.symptoms),
    sourceRisk: riskOf(value, about.originCode),
    policyVersions: JSON.stringify(about.originCode ? versions : []),
  }
}
