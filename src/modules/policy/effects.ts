// What becomes of a change of rules, asked before anybody signs it: modules that use a key answer in sentences.
import type { Instant } from '#core/dates.ts'
import type { Text } from '#core/text.ts'
import { offer, type Ctx } from '#server/house.ts'

/** A key that changes in an area (6 to 17 digits, never wider than the asker's) from an instant on: both values as they hold, levels joined. */
export type RuleChange = {
  readonly key: string
  readonly area: string
  readonly at: Instant
  readonly before: unknown
  readonly after: unknown
}
/** One sentence with its number: `3 次进行中的排查仍用原来的问题`. `loud` wants to be seen first. */
export type Foreseen = { readonly words: Text; readonly loud?: boolean }

export type PolicyEffect = {
  readonly keys: readonly string[]
  readonly foresee: (change: RuleChange, ctx: Pick<Ctx, 'tx' | 'house' | 'now'>) => Promise<readonly Foreseen[]>
}
/** `offers: answering(policyEffects, { keys: ['reporting.deadline'], foresee })` in a module's register entry. */
export const policyEffects = offer<PolicyEffect>('policyEffects')
