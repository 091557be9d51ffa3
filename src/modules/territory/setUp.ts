// What territory answers to identity: areas to choose from, and the first areas of a new house.
import { sql } from 'kysely'
import type { FindAreas, SetUpStep } from '#modules/identity/server.ts'
import { newId } from '#core/ids.ts'
import { chainOf, areaLevel } from './codes.ts'
import { tidy } from './sorting.ts'

/** Without words the upper levels come first, for they are few; grids by the thousand are found by words. */
export const findAreasHere: FindAreas = async (tx, { within, words, limit }) => {
  const { rows } = await sql<{ code: string; name: string }>`
    select area_code as code, name from territory_areas
    where area_code >= ${within} and area_code < ${`${within}~`}
      and (${words ?? null}::text is null or strpos(name, ${words ?? ''}) > 0 or starts_with(area_code, ${words ?? ''}))
    order by length(area_code), area_code limit ${limit}`.execute(tx)
  return rows
}

/** The named areas, and between them what the codes imply, under its code until somebody names it. */
export const firstAreas: SetUpStep = async (tx, areas) => {
  const named = new Map(areas.map(({ code, name }) => [code, tidy(name)]))
  const top = areas[0]!.code
  const codes = [...new Set(areas.flatMap(({ code }) => chainOf(code)))].filter((code) => code.startsWith(top))
  for (const code of codes) {
    await sql`insert into territory_areas (area_code, id, name, level) values (${code}, ${newId()}, ${named.get(code) ?? code}, ${areaLevel(code)})
      on conflict do nothing`.execute(tx)
  }
}
