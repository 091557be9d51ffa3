// Addresses and grids as SQL and as look-ups, lent to every module that shows or counts by place.
import { sql, type RawBuilder } from 'kysely'
import type { Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import type { Tx } from '#server/database/connect.ts'
import { lastLink, linksAt, type Watermark } from '#server/facts.ts'
import type { DwellingGrid, Use } from './model.ts'

/** A dwelling with the names of everything that holds it, and the places by which neighbours follow each other. */
export type Address = {
  community: string
  dwelling: Id
  compoundId: Id
  compound: string
  buildingId: Id
  building: string
  buildingPosition: number
  unitId: Id | null
  unit: string | null
  unitPosition: number
  room: string
  position: number
  floor: number | null
  use: Use
}

/** Table expression of `Address` rows: `from ${dwellingAddresses(community)} a`. */
export const dwellingAddresses = (community?: string): RawBuilder<Address> => sql<Address>`(
  select d.community, d.id as dwelling, c.id as compound_id, c.name as compound, b.id as building_id, b.name as building,
    b.position as building_position, u.id as unit_id, u.name as unit, coalesce(u.position, 0) as unit_position,
    d.room, d.position, d.floor, d.use
  from territory_dwellings d
  join territory_buildings b on b.community = d.community and b.id = d.building
  join territory_compounds c on c.community = b.community and c.id = b.compound
  left join territory_units u on u.community = d.community and u.id = d.unit
  where ${community ? sql`d.community = ${community}` : sql`true`})`

/** The address as one text, `桂园小区 3号楼 1单元 301`; `alias` names `dwellingAddresses`. The same words as `addressOf`. */
export const addressSql = (alias: string): RawBuilder<string> =>
  sql<string>`concat_ws(' ', ${sql.join(['compound', 'building', 'unit', 'room'].map((part) => sql.ref(`${alias}.${part}`)))})`

/** Neighbours in the order of a walk: compound, building, unit, room. For `order by` and for a row comparison. */
export const walkSql = (alias: string): RawBuilder<unknown> =>
  sql.join(
    ['compound', 'building_position', 'building', 'unit_position', 'unit_id', 'position', 'room', 'dwelling'].map((column) =>
      column === 'unit_id'
        ? sql`coalesce(${sql.ref(`${alias}.unit_id`)}, '00000000-0000-0000-0000-000000000000')`
        : sql.ref(`${alias}.${column}`),
    ),
  )

type When = { readonly community?: string | undefined; readonly at?: Instant | undefined; readonly asOf?: Watermark | undefined }

/** Table expression: the grid of each dwelling (`subject`) at an instant, as known at a watermark. */
export const dwellingGridsAt = (when: When = {}): RawBuilder<DwellingGrid> =>
  linksAt<DwellingGrid>('territory_dwelling_grids', when)

/** The grid link of the dwelling beside it, for `left join lateral … on true`: `dwelling` and `community` name columns. */
export const gridBeside = (dwelling: string, community: string, when: Omit<When, 'community'> = {}) =>
  lastLink('territory_dwelling_grids', dwelling, community, when)

/** Code of the grid in which a dwelling is now, or at `at`; null where it is in none. */
export async function gridOf(tx: Tx, dwelling: Id, { community, at, asOf }: When = {}): Promise<string | null> {
  const { rows } = await sql<{ grid: string | null }>`
    select grid from ${dwellingGridsAt({ community, at, asOf })} g where g.subject = ${dwelling}`.execute(tx)
  return rows[0]?.grid ?? null
}

/** Names of areas by code; codes that are not known in this scope are left out. */
export async function areaNames(tx: Tx, codes: Iterable<string>): Promise<Map<string, string>> {
  const wanted = [...new Set(codes)]
  if (wanted.length === 0) return new Map()
  const { rows } = await sql<{ code: string; name: string }>`
    select area_code as code, name from territory_areas where area_code = any(${wanted})`.execute(tx)
  return new Map(rows.map(({ code, name }) => [code, name]))
}
