// What identity asks of the floors above: it knows codes of areas, but keeps no tree of them.
import type { Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import type { Tx } from '#server/database/connect.ts'
import { offer } from '#server/house.ts'

export type NamedArea = { readonly code: string; readonly name: string }

/** Areas that are `within` or are it, by words of their name or the beginning of their code, in order of code. */
export type FindAreas = (
  tx: Tx,
  wanted: { within: string; words?: string | undefined; limit: number },
) => Promise<readonly NamedArea[]>
export const findAreas = offer<FindAreas>('identity.findAreas')

/**
 * A step of the first set-up: makes the top area and, where one was named, the first community below it.
 * Runs in the set-up's transaction, whose scope is the top area.
 */
export type SetUpStep = (tx: Tx, areas: readonly NamedArea[], by: { account: Id; at: Instant }) => Promise<void>
export const setUpSteps = offer<SetUpStep>('identity.setUpSteps')
