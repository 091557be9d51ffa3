// Compounds, buildings, units and dwellings: kept one by one, listed in the order of a walk.
import { sql } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import type { Id } from '#core/ids.ts'
import { fromCursor, toCursor, wholePage } from '#core/paging.ts'
import type { Tx } from '#server/database/connect.ts'
import { answer, handle, type Ctx, type Handled } from '#server/house.ts'
import { reached, requireReach } from '#server/scope.ts'
import { addressSql, dwellingAddresses, gridBeside, walkSql } from './addresses.ts'
import * as api from './api.ts'
import { putIntoGrid } from './grids.ts'
import { say, type Building, type Compound, type Dwelling, type Unit } from './model.ts'
import { floorOf, positionOf, tidy } from './sorting.ts'

type Tables = { territoryCompounds: Compound; territoryBuildings: Building; territoryUnits: Unit; territoryDwellings: Dwelling }
const of = (tx: Tx) => tx.withTables<Tables>()

/** The community of a request: the one it names, within reach, or that of the post. */
export const communityOf = (ctx: Ctx, named: string | undefined): string => (named ? ctx.at(named) : ctx.community)

export async function getCompound(ctx: Ctx, community: string, id: Id): Promise<Compound> {
  const found = await of(ctx.tx)
    .selectFrom('territoryCompounds')
    .selectAll()
    .where('community', '=', community)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!found) throw say.unknownCompound()
  return found
}

export async function getBuilding(ctx: Ctx, community: string, id: Id): Promise<Building> {
  const found = await of(ctx.tx)
    .selectFrom('territoryBuildings')
    .selectAll()
    .where('community', '=', community)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!found) throw say.unknownBuilding()
  return found
}

async function getUnit(ctx: Ctx, community: string, id: Id): Promise<Unit> {
  const found = await of(ctx.tx)
    .selectFrom('territoryUnits')
    .selectAll()
    .where('community', '=', community)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!found) throw say.unknownUnit()
  return found
}

type Wanted = Omit<Parsed<typeof api.dwellings>, 'community' | 'after' | 'limit'> & { id?: Id }

/** A table: the dwellings of a community that a post reaches, with their addresses and grids, narrowed by what is wanted. */
export const dwellingRows = (ctx: Ctx, community: string, wanted: Wanted) => sql<api.DwellingRow>`(
  select a.*, g.grid, ${addressSql('a')} as address
  from ${dwellingAddresses(community)} a
  left join lateral ${gridBeside('a.dwelling', 'a.community')} g on true
  where ${reached(ctx, 'g.grid')}
    and ${wanted.id ? sql`a.dwelling = ${wanted.id}` : sql`true`}
    and ${wanted.compound ? sql`a.compound_id = ${wanted.compound}` : sql`true`}
    and ${wanted.building ? sql`a.building_id = ${wanted.building}` : sql`true`}
    and ${wanted.unit ? sql`a.unit_id = ${wanted.unit}` : sql`true`}
    and ${wanted.use ? sql`a.use = ${wanted.use}` : sql`true`}
    and ${wanted.ungrouped ? sql`g.grid is null` : sql`true`}
    and ${wanted.grid ? sql`g.grid collate "C" >= ${wanted.grid} and g.grid collate "C" < ${`${wanted.grid}~`}` : sql`true`})`

/** Columns of `dwellingRows` (`r`) as a list shows them. */
export const shown = sql`r.community, r.dwelling as id, r.building_id as building, r.unit_id as unit, r.room, r.floor, r.position, r.use,
  r.compound as compound_name, r.building as building_name, r.unit as unit_name, r.grid`

async function getDwelling(ctx: Ctx, community: string, id: Id): Promise<api.DwellingRow> {
  const { rows } = await sql<api.DwellingRow>`select ${shown} from ${dwellingRows(ctx, community, { id })} r`.execute(ctx.tx)
  if (!rows[0]) throw say.unknownDwelling()
  return rows[0]
}

async function listDwellings(ctx: Ctx, { community: named, after, limit, ...wanted }: Parsed<typeof api.dwellings>) {
  const community = communityOf(ctx, named)
  const all = dwellingRows(ctx, community, wanted)
  const {
    rows: [count],
  } = await sql<{ n: number }>`select count(*)::int as n from ${all} r`.execute(ctx.tx)
  // The cursor is the last dwelling's id alone, so that no room stands in it; its place is looked up again.
  const last = fromCursor(after, 1)?.[0]
  const { rows } = await sql<api.DwellingRow>`
    select ${shown} from ${all} r
    where ${last ? sql`(${walkSql('r')}) > (select ${walkSql('l')} from ${dwellingAddresses(community)} l where l.dwelling = ${last})` : sql`true`}
    order by ${walkSql('r')} limit ${limit + 1}`.execute(ctx.tx)
  const page = rows.slice(0, limit)
  return { rows: page, next: rows.length > limit ? toCursor([page.at(-1)!.id]) : null, total: count!.n }
}

/** Buildings with what stands in them, in the order of a walk. */
export const buildingRows = (ctx: Ctx, community: string, compound: Id | undefined) =>
  sql<api.BuildingRow>`
  select b.*, c.name as compound_name, (select count(*)::int from territory_units u where u.community = b.community and u.building = b.id) as units,
    coalesce(d.dwellings, 0) as dwellings, coalesce(d.grids, '{}') as grids
  from territory_buildings b
  join territory_compounds c on c.community = b.community and c.id = b.compound
  left join (
    select d.community, d.building, count(*)::int as dwellings, array_agg(distinct g.grid) filter (where g.grid is not null) as grids
    from territory_dwellings d left join lateral ${gridBeside('d.id', 'd.community')} g on true
    where d.community = ${community} group by d.community, d.building) d on d.community = b.community and d.building = b.id
  where b.community = ${community} and ${compound ? sql`b.compound = ${compound}` : sql`true`}
  order by c.name, b.position, b.name`.execute(ctx.tx)

export const houseHandlers: readonly Handled[] = [
  answer(api.compounds, async ({ community: named }, ctx) => {
    const community = communityOf(ctx, named)
    const { rows } = await sql<Compound & { buildings: number; dwellings: number }>`
      select c.*, count(distinct b.id)::int as buildings, count(d.id)::int as dwellings
      from territory_compounds c
      left join territory_buildings b on b.community = c.community and b.compound = c.id
      left join territory_dwellings d on d.community = b.community and d.building = b.id
      where c.community = ${community} group by c.community, c.id order by c.name`.execute(ctx.tx)
    return wholePage(rows)
  }),
  handle(
    api.addCompound,
    async ({ community: named, name, type, propertyManager }, ctx) =>
      of(ctx.tx)
        .insertInto('territoryCompounds')
        .values({ community: communityOf(ctx, named), id: ctx.id, name: tidy(name), type, propertyManager })
        .returningAll()
        .executeTakeFirstOrThrow(),
    ({ community }, ctx) => getCompound(ctx, communityOf(ctx, community), ctx.id),
  ),
  handle(
    api.changeCompound,
    async ({ community: named, compound, name, type, propertyManager }, ctx) => {
      const changed = await of(ctx.tx)
        .updateTable('territoryCompounds')
        .set({ name: tidy(name), type, propertyManager })
        .where('community', '=', communityOf(ctx, named))
        .where('id', '=', compound)
        .returningAll()
        .executeTakeFirst()
      if (!changed) throw say.unknownCompound()
      return changed
    },
    ({ community, compound }, ctx) => getCompound(ctx, communityOf(ctx, community), compound),
  ),

  answer(api.buildings, async ({ community, compound }, ctx) =>
    wholePage((await buildingRows(ctx, communityOf(ctx, community), compound)).rows),
  ),
  handle(
    api.addBuilding,
    async ({ community: named, compound, name }, ctx) => {
      const community = communityOf(ctx, named)
      await getCompound(ctx, community, compound)
      return of(ctx.tx)
        .insertInto('territoryBuildings')
        .values({ community, id: ctx.id, compound, name: tidy(name), position: positionOf(name), x: null, y: null })
        .returningAll()
        .executeTakeFirstOrThrow()
    },
    ({ community }, ctx) => getBuilding(ctx, communityOf(ctx, community), ctx.id),
  ),
  handle(
    api.changeBuilding,
    async ({ community: named, building, name }, ctx) => {
      const changed = await of(ctx.tx)
        .updateTable('territoryBuildings')
        .set({ name: tidy(name), position: positionOf(name) })
        .where('community', '=', communityOf(ctx, named))
        .where('id', '=', building)
        .returningAll()
        .executeTakeFirst()
      if (!changed) throw say.unknownBuilding()
      return changed
    },
    ({ community, building }, ctx) => getBuilding(ctx, communityOf(ctx, community), building),
  ),
  handle(
    api.drawPlan,
    async ({ community: named, places }, ctx) => {
      const { numAffectedRows } = await sql`
      update territory_buildings b set x = p.x, y = p.y
      from jsonb_to_recordset(${JSON.stringify(places)}::jsonb) as p(building uuid, x integer, y integer)
      where b.community = ${communityOf(ctx, named)} and b.id = p.building`.execute(ctx.tx)
      if (Number(numAffectedRows) < new Set(places.map((p) => p.building)).size) throw say.unknownBuilding()
      return { placed: places.length }
    },
    async ({ places }) => ({ placed: places.length }),
  ),

  answer(api.units, async ({ community, building }, ctx) =>
    wholePage(
      await of(ctx.tx)
        .selectFrom('territoryUnits')
        .selectAll()
        .where('community', '=', communityOf(ctx, community))
        .where('building', '=', building)
        .orderBy('position')
        .orderBy('name')
        .execute(),
    ),
  ),
  handle(
    api.addUnit,
    async ({ community: named, building, name }, ctx) => {
      const community = communityOf(ctx, named)
      await getBuilding(ctx, community, building)
      return of(ctx.tx)
        .insertInto('territoryUnits')
        .values({ community, id: ctx.id, building, name: tidy(name), position: positionOf(name) })
        .returningAll()
        .executeTakeFirstOrThrow()
    },
    ({ community }, ctx) => getUnit(ctx, communityOf(ctx, community), ctx.id),
  ),

  answer(api.dwellings, (input, ctx) => listDwellings(ctx, input)),
  handle(
    api.addDwelling,
    async ({ community: named, building, unit, room, floor, use, grid }, ctx) => {
      const community = communityOf(ctx, named)
      requireReach(ctx, null)
      await getBuilding(ctx, community, building)
      if (unit && (await getUnit(ctx, community, unit)).building !== building) throw say.unknownUnit()
      await of(ctx.tx)
        .insertInto('territoryDwellings')
        .values({
          community,
          id: ctx.id,
          building,
          unit,
          room: tidy(room),
          floor: floor ?? floorOf(room),
          position: positionOf(room),
          use,
        })
        .execute()
      if (grid) await putIntoGrid(ctx, community, [ctx.id], { grid, why: null })
      return getDwelling(ctx, community, ctx.id)
    },
    ({ community }, ctx) => getDwelling(ctx, communityOf(ctx, community), ctx.id),
  ),
  handle(
    api.changeDwelling,
    async ({ community: named, dwelling, room, floor, use }, ctx) => {
      const community = communityOf(ctx, named)
      await getDwelling(ctx, community, dwelling)
      await of(ctx.tx)
        .updateTable('territoryDwellings')
        .set({ room: tidy(room), floor: floor ?? floorOf(room), position: positionOf(room), use })
        .where('community', '=', community)
        .where('id', '=', dwelling)
        .execute()
      return getDwelling(ctx, community, dwelling)
    },
    ({ community, dwelling }, ctx) => getDwelling(ctx, communityOf(ctx, community), dwelling),
  ),
]
