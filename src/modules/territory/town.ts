// A whole town at once: areas, compounds, buildings, units, dwellings and their grids, found by name or created, in a few statements.
import { sql } from 'kysely'
import { newId, type Id } from '#core/ids.ts'
import type { Tx } from '#server/database/connect.ts'
import { freshStatistics } from '#server/database/many.ts'
import { linksAt } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import type { Counts } from './api.ts'
import { areaLevel, isGridOf, say, type CompoundType, type DwellingGrid, type Use } from './model.ts'
import { floorOf, positionOf, tidy } from './sorting.ts'

/** Where and when things are placed: a request's context, or the house's own (`asSystem`). */
export type TownCtx = Pick<Ctx, 'tx' | 'timing' | 'who'>

export type NewDwelling = {
  readonly compound: string
  readonly building: string
  readonly unit?: string | null | undefined
  readonly room: string
  /** Read from the room where it is left out: 301 → 3. */
  readonly floor?: number | null | undefined
  readonly use?: Use | undefined
  /** Code of a grid of the community. Given to dwellings that have none; nobody is moved by it. */
  readonly grid?: string | null | undefined
}

/** A territory in names. What is there already, by code or by name within what holds it, is left as it is. */
export type TownPlan = {
  /** Where the houses are: 12 digits. May be left out where only areas are named. */
  readonly community?: string | undefined
  readonly areas?: readonly { readonly code: string; readonly name: string }[]
  readonly compounds?: readonly {
    readonly name: string
    readonly type: CompoundType
    readonly propertyManager?: string | null | undefined
  }[]
  readonly buildings?: readonly {
    readonly compound: string
    readonly name: string
    readonly x?: number | null | undefined
    readonly y?: number | null | undefined
  }[]
  readonly units?: readonly { readonly compound: string; readonly building: string; readonly name: string }[]
  readonly dwellings?: readonly NewDwelling[]
}

export type TownLoaded = {
  readonly added: Counts
  /** Ids in the order of `plan.dwellings`. */ readonly dwellings: readonly Id[]
}

/** A compound that only an address names is taken for the commonest kind until somebody says otherwise. */
const usualType: CompoundType = 'commodityHousing'

/** From so many new dwellings on the planner must hear of them at once. */
const many = 500

/** Brings a plan into being and answers what was added. 6,000 dwellings take well under two seconds. */
export async function loadTown(ctx: TownCtx, plan: TownPlan): Promise<TownLoaded> {
  const areas = await addAreas(ctx.tx, plan.areas ?? [])
  const none: Counts = { areas, compounds: 0, buildings: 0, units: 0, dwellings: 0, links: 0 }
  const { community } = plan
  if (!community) return { added: none, dwellings: [] }
  const entries = (plan.dwellings ?? []).map(tidied)
  await requireGrids(ctx.tx, community, entries)
  const compounds = await addCompounds(ctx.tx, community, plan, entries)
  const buildings = await addBuildings(ctx.tx, community, plan, entries, compounds.ids)
  const units = await addUnits(ctx.tx, community, plan, entries, buildings.idOf)
  const placed = await addDwellings(
    ctx.tx,
    community,
    entries.map((entry) => {
      const building = buildings.idOf(entry)
      return { entry, building, unit: entry.unit ? units.ids.get(key(building, entry.unit))! : null }
    }),
  )
  const links = await addGrids(
    ctx,
    community,
    entries.map((entry, i) => ({ dwelling: placed.ids[i]!, grid: entry.grid })),
  )
  if (placed.added >= many)
    await freshStatistics(ctx.tx, 'territory_buildings', 'territory_units', 'territory_dwellings', 'territory_dwelling_grids')
  return {
    added: { areas, compounds: compounds.added, buildings: buildings.added, units: units.added, dwellings: placed.added, links },
    dwellings: placed.ids,
  }
}

type Entry = NewDwelling & {
  readonly unit: string | null
  readonly floor: number | null
  readonly grid: string | null
  readonly use: Use
}

const tidied = (d: NewDwelling): Entry => ({
  compound: tidy(d.compound),
  building: tidy(d.building),
  unit: d.unit ? tidy(d.unit) || null : null,
  room: tidy(d.room),
  floor: d.floor === undefined ? floorOf(d.room) : d.floor,
  use: d.use ?? 'owner',
  grid: d.grid ?? null,
})

// A name cannot hold a line feed, since spaces were made single blanks.
const key = (...parts: readonly string[]): string => parts.join('\n')

const onceBy = <T>(items: Iterable<T>, keyOf: (item: T) => string): T[] => {
  const first = new Map<string, T>()
  for (const item of items) if (!first.has(keyOf(item))) first.set(keyOf(item), item)
  return [...first.values()]
}

async function addAreas(tx: Tx, areas: readonly { code: string; name: string }[]): Promise<number> {
  const wanted = onceBy(areas, (a) => a.code).map(({ code, name }) => ({
    areaCode: code,
    id: newId(),
    name: tidy(name),
    level: areaLevel(code),
  }))
  if (wanted.some((a) => a.level === undefined)) throw say.wrongCode()
  if (wanted.length === 0) return 0
  const { numAffectedRows } = await sql`
    insert into territory_areas (area_code, id, name, level)
    select "areaCode", id, name, level from ${recordset(wanted, '"areaCode" text, id uuid, name text, level text')}
    on conflict (area_code) do nothing`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

async function requireGrids(tx: Tx, community: string, entries: readonly Entry[]): Promise<void> {
  const wanted = [...new Set(entries.flatMap((e) => e.grid ?? []))]
  if (wanted.length === 0) return
  const { rows } = await sql<{
    code: string
  }>`select area_code as code from territory_areas where area_code = any(${wanted})`.execute(tx)
  if (rows.length < wanted.length || !wanted.every((code) => isGridOf(code, community))) throw say.notAGrid()
}

async function addCompounds(tx: Tx, community: string, plan: TownPlan, entries: readonly Entry[]) {
  const named = (plan.compounds ?? []).map((c) => ({ name: tidy(c.name), type: c.type, manager: c.propertyManager ?? null }))
  const implied = [...entries, ...(plan.buildings ?? []), ...(plan.units ?? [])].map((e) => ({
    name: tidy(e.compound),
    type: usualType,
    manager: null,
  }))
  const wanted = onceBy([...named, ...implied], (c) => c.name).map((c) => ({ ...c, id: newId() }))
  const { numAffectedRows } = await sql`
    insert into territory_compounds (community, id, name, type, property_manager)
    select ${community}, id, name, type, manager from ${recordset(wanted, 'id uuid, name text, type text, manager text')}
    on conflict (community, name) do nothing`.execute(tx)
  const { rows } = await sql<{
    id: Id
    name: string
  }>`select id, name from territory_compounds where community = ${community}`.execute(tx)
  return { added: Number(numAffectedRows ?? 0), ids: new Map(rows.map((c) => [c.name, c.id])) }
}

type InBuilding = { readonly compound: string; readonly building: string }

async function addBuildings(
  tx: Tx,
  community: string,
  plan: TownPlan,
  entries: readonly Entry[],
  compounds: ReadonlyMap<string, Id>,
) {
  const drawn = (plan.buildings ?? []).map((b) => ({
    compound: tidy(b.compound),
    name: tidy(b.name),
    x: b.x ?? null,
    y: b.y ?? null,
  }))
  const implied = [...entries, ...(plan.units ?? [])].map((e) => ({
    compound: tidy(e.compound),
    name: tidy(e.building),
    x: null,
    y: null,
  }))
  const wanted = onceBy([...drawn, ...implied], (b) => key(b.compound, b.name)).map((b) => ({
    ...b,
    compound: compounds.get(b.compound)!,
    id: newId(),
    position: positionOf(b.name),
  }))
  const { numAffectedRows } = await sql`
    insert into territory_buildings (community, id, compound, name, position, x, y)
    select ${community}, id, compound, name, position, x, y
    from ${recordset(wanted, 'id uuid, compound uuid, name text, position integer, x integer, y integer')}
    on conflict (community, compound, name) do nothing`.execute(tx)
  const { rows } = await sql<{ id: Id; compound: Id; name: string }>`
    select id, compound, name from territory_buildings where community = ${community}`.execute(tx)
  const ids = new Map(rows.map((b) => [key(b.compound, b.name), b.id]))
  return {
    added: Number(numAffectedRows ?? 0),
    idOf: ({ compound, building }: InBuilding): Id => ids.get(key(compounds.get(tidy(compound))!, tidy(building)))!,
  }
}

async function addUnits(
  tx: Tx,
  community: string,
  plan: TownPlan,
  entries: readonly Entry[],
  buildingOf: (at: InBuilding) => Id,
) {
  const all = [...(plan.units ?? []).map((u) => ({ ...u, unit: u.name })), ...entries]
  const wanted = onceBy(
    all.flatMap((e) =>
      e.unit ? [{ building: buildingOf(e), name: tidy(e.unit), id: newId(), position: positionOf(e.unit) }] : [],
    ),
    (u) => key(u.building, u.name),
  )
  if (wanted.length === 0) return { added: 0, ids: new Map<string, Id>() }
  const { numAffectedRows } = await sql`
    insert into territory_units (community, id, building, name, position)
    select ${community}, id, building, name, position from ${recordset(wanted, 'id uuid, building uuid, name text, position integer')}
    on conflict (community, building, name) do nothing`.execute(tx)
  const { rows } = await sql<{ id: Id; building: Id; name: string }>`
    select id, building, name from territory_units
    where community = ${community} and building = any(${[...new Set(wanted.map((u) => u.building))]}::uuid[])`.execute(tx)
  return { added: Number(numAffectedRows ?? 0), ids: new Map(rows.map((u) => [key(u.building, u.name), u.id])) }
}

async function addDwellings(tx: Tx, community: string, all: readonly { entry: Entry; building: Id; unit: Id | null }[]) {
  const keyOf = (d: { building: Id; unit: Id | null; room: string }) => key(d.building, d.unit ?? '', d.room)
  const wanted = onceBy(
    all.map(({ entry, building, unit }) => ({
      id: newId(),
      building,
      unit,
      room: entry.room,
      floor: entry.floor,
      position: positionOf(entry.room),
      use: entry.use,
    })),
    keyOf,
  )
  if (wanted.length === 0) return { added: 0, ids: [] }
  const { numAffectedRows } = await sql`
    insert into territory_dwellings (community, id, building, unit, room, floor, position, use)
    select ${community}, id, building, unit, room, floor, position, use
    from ${recordset(wanted, 'id uuid, building uuid, unit uuid, room text, floor integer, position integer, use text')}
    on conflict (community, building, unit, room) do nothing`.execute(tx)
  const { rows } = await sql<{ id: Id; building: Id; unit: Id | null; room: string }>`
    select id, building, unit, room from territory_dwellings
    where community = ${community} and building = any(${[...new Set(wanted.map((d) => d.building))]}::uuid[])`.execute(tx)
  const ids = new Map(rows.map((d) => [keyOf(d), d.id]))
  return {
    added: Number(numAffectedRows ?? 0),
    ids: all.map(({ entry, building, unit }) => ids.get(keyOf({ building, unit, room: entry.room }))!),
  }
}

async function addGrids(
  { tx, timing, who }: TownCtx,
  community: string,
  all: readonly { dwelling: Id; grid: string | null }[],
): Promise<number> {
  const wanted = onceBy(
    all.filter((g) => g.grid !== null),
    (g) => g.dwelling,
  ).map((g) => ({ ...g, id: newId() }))
  if (wanted.length === 0) return 0
  const { numAffectedRows } = await sql`
    insert into territory_dwelling_grids (community, id, subject, since, recorded_at, recorded_by, why, grid)
    select ${community}, given.id, given.dwelling, ${timing.occurredAt}, ${timing.recordedAt}, ${who.account}, null, given.grid
    from ${recordset(wanted, 'id uuid, dwelling uuid, grid text')}
    left join ${linksAt<DwellingGrid>('territory_dwelling_grids', { community })} g on g.subject = given.dwelling
    where g.grid is null`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

/** Objects as a table: one parameter, however many rows. */
const recordset = (rows: readonly object[], columns: string) =>
  sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as given(${sql.raw(columns)})`
