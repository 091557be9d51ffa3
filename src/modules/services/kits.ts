// What is owed to households at the beginning is known above: services asks, whoever froze it into an order answers.
import type { Id } from '#core/ids.ts'
import type { Text } from '#core/text.ts'
import { offer, type Ctx } from '#server/house.ts'

/** Items owed to one household under one record. */
export type KitOwed = {
  readonly household: Id
  readonly source: Id
  readonly grid: string | null
  readonly since: string
  readonly items: readonly { readonly item: string; readonly title: Text }[]
}
/** Every kit that is owed in the caller's community now, signed for or not. */
export type KitsOwed = (ctx: Pick<Ctx, 'tx' | 'community' | 'now'>) => Promise<readonly KitOwed[]>
/** `offers: [...answering(kitsOwed, myKits)]` */
export const kitsOwed = offer<KitsOwed>('services.kitsOwed')

/** Words of items that are known by a code; whatever is not among them is its own word. */
export const itemWords = offer<Readonly<Record<string, Text>>>('services.itemWords')
