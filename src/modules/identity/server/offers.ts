// What identity asks of floors above: it knows codes of areas, not their names, and cannot make them.
import type { Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import type { Tx } from '#server/database/connect.ts'
import { offer } from '#server/house.ts'

export type NamedArea = { readonly code: string; readonly name: string }

/** Names of areas, and the areas inside one: `find(tx, { within, words, limit })` in order of code. */
export const areaBook = offer<{
  readonly names: (tx: Tx, codes: readonly string[]) => Promise<ReadonlyMap<string, string>>
  readonly find: (tx: Tx, wanted: { within: string; words?: string | undefined; limit: number }) => Promise<readonly NamedArea[]>
}>('identity.areaBook')

/**
 * A step of the first set-up: makes the top area and, where one was named, the first community below it.
 * Runs in the set-up's transaction, whose scope is the top area.
 */
export const setUpSteps = offer<(tx: Tx, areas: readonly NamedArea[], by: { account: Id; at: Instant }) => Promise<void>>('identity.setUpSteps')
