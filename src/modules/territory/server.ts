// Territory's line of the register, and what it lends to the modules above.
import { sql } from 'kysely'
import type { Id } from '#core/ids.ts'
import { migrationsIn } from '#server/database/migrate.ts'
import { answer, answering, handle, type Ctx, type Module } from '#server/house.ts'
import { areaNames as placeNames } from '#server/names.ts'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import { writeTemplate } from '#server/spreadsheet/template.ts'
import { ownedBy } from '#modules/identity/owning.ts'
import { findAreas, setUpSteps } from '#modules/identity/server.ts'
import { areaHandlers } from './areas.ts'
import * as api from './api.ts'
import { areaNames } from './addresses.ts'
import { assign, assignTo, chosenDwellings, dwellingsIn } from './grids.ts'
import { communityOf, houseHandlers } from './houses.ts'
import { Area, Building, Compound, Dwelling, DwellingGrid, Responsibility, say, Unit } from './model.ts'
import { responsibilities } from './owned.ts'
import { mapLayers } from './layers.ts'
import { findAreasHere, firstAreas } from './setUp.ts'
import { sheetHandlers } from './sheets.ts'
import { loadTown, type NewDwelling, type TownCtx } from './town.ts'
import { readTown, townSheets, type TownFile } from './town-file.ts'

export {
  addressSql,
  areaNames,
  dwellingAddresses,
  dwellingGridsAt,
  gridBeside,
  gridOf,
  walkSql,
  type Address,
} from './addresses.ts'
export { mapLayers, type MapLayer, type Mark } from './layers.ts'
export { dutyNamesIn } from './areas.ts'
export { loadTown, type NewDwelling, type TownCtx, type TownPlan } from './town.ts'

/** The dwelling of an address, found or created with everything that holds it. A grid is given only to one that has none. */
export const placeDwelling = async (ctx: TownCtx & Pick<Ctx, 'community'>, entry: NewDwelling): Promise<Id> =>
  (await placeDwellings(ctx, [entry]))[0]!

/** The same for many addresses in a handful of statements; ids in the order of the entries. */
export const placeDwellings = async (
  ctx: TownCtx & Pick<Ctx, 'community'>,
  entries: readonly NewDwelling[],
): Promise<readonly Id[]> => (await loadTown(ctx, { community: ctx.community, dwellings: entries })).dwellings

type File = { community?: string | undefined; name: string; content: string }

/** Reads the sent file against what is there; community may be open where the post is wider than one. */
async function fileOf(ctx: Ctx, { community: named, name, content }: File): Promise<TownFile> {
  const community = named ?? (ctx.area.length >= 12 ? ctx.area.slice(0, 12) : undefined)
  if (community) communityOf(ctx, community)
  const workbook = await readWorkbook(Buffer.from(content, 'base64'), { name })
  const { rows: areas } = await sql<{ code: string; name: string }>`select area_code as code, name from territory_areas`.execute(
    ctx.tx,
  )
  const { rows: compounds } = await sql<{ name: string }>`
    select name from territory_compounds where community = ${community ?? ''}`.execute(ctx.tx)
  return readTown(workbook, {
    area: ctx.area,
    community,
    areas: new Map(areas.map((a) => [a.code, a.name])),
    compounds: new Set(compounds.map((c) => c.name)),
  })
}

const refusedIn = ({ rows }: TownFile) => rows.filter((row) => row.verdict === 'refused').length
/** A preview shows so many rows; what is refused comes first. */
const shownRows = 500
const nothing: api.Counts = { areas: 0, compounds: 0, buildings: 0, units: 0, dwellings: 0, links: 0 }

export const territory: Module = {
  name: 'territory',
  handlers: [
    ...areaHandlers,
    ...houseHandlers,
    answer(api.marks, async ({ community }, ctx) => {
      communityOf(ctx, community)
      const layers = await Promise.all(ctx.house.offered(mapLayers).map((layer) => layer(ctx)))
      return { rows: layers.flat().map((mark) => ({ ...mark })) }
    }),
    handle(
      api.assignGrid,
      (input, ctx) => assign(ctx, communityOf(ctx, input.community), input),
      async (input, ctx) => ({
        assigned: 0,
        unchanged: (await chosenDwellings(ctx, communityOf(ctx, input.community), input)).length,
      }),
    ),
    handle(
      api.assignBuildings,
      async ({ community: named, buildings, ...into }, ctx) => {
        const community = communityOf(ctx, named)
        return assignTo(ctx, community, await dwellingsIn(ctx, community, buildings), into)
      },
      async ({ community, buildings }, ctx) => ({
        assigned: 0,
        unchanged: (await dwellingsIn(ctx, communityOf(ctx, community), buildings)).length,
      }),
    ),
    ...sheetHandlers,
    // The preview is the load itself, undone: its counts cannot differ from what the load will do.
    answer(api.previewLoad, async (input, ctx) => {
      const file = await fileOf(ctx, input)
      await sql`savepoint before_preview`.execute(ctx.tx)
      const { added } = await loadTown(ctx, file.plan)
      await sql`rollback to savepoint before_preview`.execute(ctx.tx)
      const refusedFirst = file.rows.toSorted((a, b) => Number(b.verdict === 'refused') - Number(a.verdict === 'refused'))
      return { add: added, refused: refusedIn(file), rows: refusedFirst.slice(0, shownRows) }
    }),
    handle(
      api.load,
      async (input, ctx) => {
        const file = await fileOf(ctx, input)
        const count = refusedIn(file)
        if (count > 0) throw say.rowsRefused({ count })
        return { added: (await loadTown(ctx, file.plan)).added }
      },
      async () => ({ added: nothing }),
    ),
    answer(api.template, async () => ({
      name: '区域和房屋.xlsx',
      type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      body: await writeTemplate({ sheets: townSheets }),
      count: 0,
    })),
  ],
  tables: {
    territoryAreas: Area,
    territoryResponsibilities: Responsibility,
    territoryCompounds: Compound,
    territoryBuildings: Building,
    territoryUnits: Unit,
    territoryDwellings: Dwelling,
    territoryDwellingGrids: DwellingGrid,
  },
  migrations: migrationsIn(import.meta.dirname, 'territory'),
  offers: [
    ...answering(placeNames, areaNames),
    ...answering(findAreas, findAreasHere),
    ...answering(setUpSteps, firstAreas),
    ...answering(ownedBy, responsibilities),
  ],
}
