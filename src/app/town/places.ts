// An invented place: one community of precincts, two grids in each, houses of three units, eleven floors, two doors a landing.

/** Codes that no place in the country has: county 990101 and what lies in it. */
export const county = { code: '990101', name: '望江区' } as const
export const street = { code: '990101001', name: '清河街道' } as const
export const community = { code: '990101001001', name: '灵际社区' } as const

export type InventedDoor = {
  readonly precinct: string
  readonly grid: string
  readonly compound: string
  readonly building: string
  readonly unit: string
  readonly room: string
}

const compounds = ['清河苑', '望江里', '桂花园', '枫林居', '临湖新村', '东桥里', '安和苑', '松涛里', '翠屏居', '百花园']
const units = 3
const floors = 11
const doors = 2
const perBuilding = units * floors * doors

export const precinctCode = (n: number): string => `${community.code}${String(n + 1).padStart(2, '0')}`
export const gridCode = (precinct: number, n: number): string => `${precinctCode(precinct)}${String(n + 1).padStart(3, '0')}`
export const gridsEach = 2

/** The areas of a town with so many precincts, from the county down. */
export const areasOf = (precincts: number): { code: string; name: string }[] => [
  county,
  street,
  community,
  ...Array.from({ length: precincts }, (_, p) => [
    { code: precinctCode(p), name: `第${p + 1}片区` },
    ...Array.from({ length: gridsEach }, (_, g) => ({ code: gridCode(p, g), name: `第${p * gridsEach + g + 1}网格` })),
  ]).flat(),
]

/** A door for each of `households`, spread evenly over the precincts and their grids. */
export function doorsOf(households: number, precincts: number): InventedDoor[] {
  const grids = precincts * gridsEach
  return Array.from({ length: grids }, (_, g) => {
    const precinct = Math.floor(g / gridsEach)
    const mine = Math.floor(households / grids) + (g < households % grids ? 1 : 0)
    return Array.from({ length: mine }, (_, i) => doorAt(precinct, g % gridsEach, g, i))
  }).flat()
}

/** A door of a grid that is known by its code: a compound for each grid of the community. */
export function doorIn(grid: string, gridOfCommunity: number, i: number): Omit<InventedDoor, 'precinct'> {
  const { precinct: _, ...door } = doorAt(0, 0, gridOfCommunity, i)
  return { ...door, grid }
}

function doorAt(precinct: number, gridOfPrecinct: number, compound: number, i: number): InventedDoor {
  const at = i % perBuilding
  const floor = Math.floor(at / (units * doors)) + 1
  return {
    precinct: precinctCode(precinct),
    grid: gridCode(precinct, gridOfPrecinct),
    compound:
      compounds[compound % compounds.length]! +
      (compound >= compounds.length ? `${Math.floor(compound / compounds.length) + 1}期` : ''),
    building: `${Math.floor(i / perBuilding) + 1}号楼`,
    unit: `${(Math.floor(at / doors) % units) + 1}单元`,
    room: `${floor}${String((at % doors) + 1).padStart(2, '0')}`,
  }
}
