// What an account still answers for. Identity asks, each module that keeps something under a name answers, and hands it over.
import { sql, type RawBuilder } from 'kysely'
import type { Id } from '#core/ids.ts'
import type { Text } from '#core/text.ts'
import { offer, type Ctx } from '#server/house.ts'

/** One thing that has a keeper. `name` says it without naming a resident; `area` is where it lies, `path` the console's page that shows it. */
export type Owned = { readonly item: string; readonly name: Text; readonly area: string; readonly path: string }

export type OwnedBy = {
  /** `<module>.<thing>`: the module's lists are told when one changes hands. */
  readonly kind: string
  readonly title: Text
  /** What this account keeps now, as far as the scope reaches. */
  readonly find: (ctx: Ctx, account: Id) => Promise<readonly Owned[]>
  /** What changing hands means there, beyond the row that `keeperSql` reads. Runs in the transaction of the hand-over. */
  readonly handOver?: (ctx: Ctx, to: Id, owned: Owned) => Promise<void>
}
export const ownedBy = offer<OwnedBy>('identity.ownedBy')

/** Who keeps a thing now: whoever it was handed to last, else whoever made it. An expression of type uuid. */
export const keeperSql = (kind: string, item: RawBuilder<unknown>, maker: RawBuilder<unknown>): RawBuilder<Id> =>
  sql<Id>`coalesce((select h.receiver from identity_hand_overs as h where h.kind = ${kind} and h.item = (${item})::text
    order by h.at desc, h.id desc limit 1), ${maker})`
