// What binds somebody to stay where they are. Asked by whoever stands at a gate or opens a file; answered by the modules that know an order.
import type { Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import type { Text } from '#core/text.ts'
import { offer, type Ctx } from '#server/house.ts'

/** In force at the instant that was asked for. `until` is its last day, included; `basis` and `document` say who decided and by what. */
export type Restriction = {
  readonly person: Id
  readonly what: Text
  readonly basis: string
  readonly document: string
  readonly until: string
}
/** Answers restrictions of these persons (roots) at an instant. One that fails is "unknown, ask": never free, never barred. */
export type Restricts = (ctx: Ctx, persons: readonly Id[], at: Instant) => Promise<readonly Restriction[]>
export const restrictions = offer<Restricts>('restrictions')
