// Which grid a dwelling is in: dated links, added for a whole building, a unit or a range of rooms in one action.
import { sql } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import type { Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import type { Stamped, Tx } from '#server/database/connect.ts'
import { linkColumns } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { dwellingGridsAt } from './addresses.ts'
import type * as api from './api.ts'
import { findArea } from './areas.ts'
import { isGridOf, say, type DwellingGrid } from './model.ts'
import { positionOf, tidy } from './sorting.ts'

const of = (tx: Tx) => tx.withTables<{ territoryDwellingGrids: Stamped<DwellingGrid> }>()

async function requireGrid(ctx: Ctx, community: string, grid: string | null): Promise<void> {
  if (grid !== null && !(isGridOf(grid, community) && (await findArea(ctx.tx, grid)))) throw say.notAGrid()
}

type Into = { grid: string | null; why: string | null; since?: Instant | undefined }

/** Links dwellings to a grid; answers how many were not in it already. */
export async function putIntoGrid(
  ctx: Ctx,
  community: string,
  dwellings: readonly Id[],
  { grid, why, since }: Into,
): Promise<number> {
  await requireGrid(ctx, community, grid)
  const { rows } = await sql<{ subject: Id; grid: string | null }>`
    select subject, grid from ${dwellingGridsAt({ community })} g where g.subject = any(${dwellings}::uuid[])`.execute(ctx.tx)
  const now = new Map(rows.map((r) => [r.subject, r.grid]))
  const moved = dwellings.filter((id) => (now.get(id) ?? null) !== grid)
  if (moved.length === 0) return 0
  await of(ctx.tx)
    .insertInto('territoryDwellingGrids')
    .values(
      moved.map((subject) => ({
        ...linkColumns(ctx, subject, { ...(since ? { since } : {}), ...(why ? { why } : {}) }),
        grid,
      })),
    )
    .execute()
  return moved.length
}

type Chosen = { building: Id; unit: Id | null; from: string | null; to: string | null }

/** The dwellings of a building, of one unit, or from one room to another in natural order, both included. */
export async function chosenDwellings(ctx: Ctx, community: string, { building, unit, from, to }: Chosen): Promise<Id[]> {
  const { rows } = await sql<{ id: Id; room: string; position: number }>`
    select id, room, position from territory_dwellings
    where community = ${community} and building = ${building} and ${unit ? sql`unit = ${unit}` : sql`true`}`.execute(ctx.tx)
  const after = from === null ? -Infinity : positionOf(tidy(from))
  const before = to === null ? Infinity : positionOf(tidy(to))
  return rows.filter((d) => after <= d.position && d.position <= before).map((d) => d.id)
}

/** The dwellings of several whole buildings. Throws `territory.unknownBuilding` for one that does not stand in the community. */
export async function dwellingsIn(ctx: Ctx, community: string, buildings: readonly Id[]): Promise<Id[]> {
  const wanted = [...new Set(buildings)]
  const {
    rows: [known],
  } = await sql<{ n: number }>`
    select count(*)::int as n from territory_buildings where community = ${community} and id = any(${wanted}::uuid[])`.execute(
    ctx.tx,
  )
  if (known!.n < wanted.length) throw say.unknownBuilding()
  const { rows } = await sql<{ id: Id }>`
    select id from territory_dwellings where community = ${community} and building = any(${wanted}::uuid[])`.execute(ctx.tx)
  return rows.map((d) => d.id)
}

/** Puts the chosen dwellings into a grid. Throws `territory.nothingChosen` where there are none. */
export async function assignTo(ctx: Ctx, community: string, dwellings: readonly Id[], into: Into) {
  if (dwellings.length === 0) throw say.nothingChosen()
  const assigned = await putIntoGrid(ctx, community, dwellings, into)
  return { assigned, unchanged: dwellings.length - assigned }
}

export const assign = async (ctx: Ctx, community: string, { grid, why, since, ...chosen }: Parsed<typeof api.assignGrid>) =>
  assignTo(ctx, community, await chosenDwellings(ctx, community, chosen), { grid, why, since })
