// What stands on the plan of buildings beside their names: the modules above say it, territory draws it.
import type { Id } from '#core/ids.ts'
import type { Text } from '#core/text.ts'
import { offer, type Ctx } from '#server/house.ts'

/** A mark on a building: words that name a place and a measure, never a person or a room. */
export type Mark = { readonly building: Id; readonly words: Text }
/** Marks of the caller's community, as far as the post reaches. */
export type MapLayer = (ctx: Ctx) => Promise<readonly Mark[]>
export const mapLayers = offer<MapLayer>('territory.mapLayers')
