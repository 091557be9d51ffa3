// The fixed-width codes of the area tree: county 6 · street 3 · community 3 · precinct 2 (00 = none) · grid 3. Shape only, no list.
import { z } from 'zod'
import { choice } from '#core/labels.ts'
import { text } from '#core/text.ts'

export const AreaLevel = choice({
  county: text('区县', 'County'),
  street: text('街道', 'Street'),
  community: text('社区', 'Community'),
  precinct: text('片区', 'Precinct'),
  grid: text('网格', 'Grid'),
})
export type AreaLevel = z.infer<typeof AreaLevel>

/** Length of a code at each level. */
export const widths: Record<AreaLevel, number> = { county: 6, street: 9, community: 12, precinct: 14, grid: 17 }

const levels = AreaLevel.options

/** The level that a code of this length stands for; undefined where its shape is none, or it says "no precinct". */
export function areaLevel(code: string): AreaLevel | undefined {
  if (!/^\d+$/.test(code)) return undefined
  const level = levels.find((one) => widths[one] === code.length)
  if (!level) return undefined
  // A segment of noughts stands for no area of its own; only a grid may lie in "no precinct".
  return /^0+$/.test(code.slice(widthAbove(level))) ? undefined : level
}

const widthAbove = (level: AreaLevel): number => {
  const above = levels[levels.indexOf(level) - 1]
  return above ? widths[above] : 0
}

/** Code of the area right above: a grid without a precinct lies in its community; a county has none. */
export function parentOf(code: string): string | undefined {
  const level = areaLevel(code)
  if (!level || level === 'county') return undefined
  const above = code.slice(0, widthAbove(level))
  return level === 'grid' && above.endsWith('00') ? code.slice(0, widths.community) : above
}

/** The area and all above it, from the county down. `34030100100101001` → county, street, community, precinct, grid. */
export const chainOf = (code: string): string[] =>
  levels
    .map((level) => code.slice(0, widths[level]))
    .filter((part, i, all) => part !== all[i - 1] && areaLevel(part) !== undefined)

/** Whether a code has the shape of a grid in that community. */
export const isGridOf = (code: string, community: string): boolean => areaLevel(code) === 'grid' && code.startsWith(community)
