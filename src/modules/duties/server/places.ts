// Where a duty lies: dwelling, building and grid of its subject, found when it begins.
import { sql } from 'kysely'
import type { Id } from '#core/ids.ts'
import type { Ctx } from '#server/house.ts'
import { lastLink } from '#server/facts.ts'
import { membersOf } from '#modules/residents/server.ts'
import { gridBeside } from '#modules/territory/server.ts'
import type { SubjectKind } from '../model.ts'

export type Place = { grid: string | null; building: Id | null; dwelling: Id | null }
type Subject = { readonly subjectKind: SubjectKind; readonly subject: Id }

/**
 * Places in the order of the subjects, in one query. A person lies where the household lives; a building or unit of several grids in the
 * one that has most of its dwellings; an area in itself if it is a grid.
 */
export async function placesOfSubjects(ctx: Ctx, subjects: readonly Subject[]): Promise<Place[]> {
  const list = JSON.stringify(subjects.map(({ subjectKind, subject }, n) => ({ n, kind: subjectKind, subject })))
  const { rows } = await sql<Place>`
    with wanted as materialized (
      select x.n, x.kind, x.subject, ${ctx.community}::text collate "C" as community from jsonb_to_recordset(${list}::jsonb) as x(n int, kind text, subject uuid)
    ), homes as (
      select w.*, case when w.kind = 'household' then w.subject else m.household end as household
      from wanted w left join lateral ${lastLink('residents_memberships', 'w.subject', 'w.community')} m on w.kind = 'person'
    ), placed as (
      select h.n, h.kind, h.subject, h.community, o.dwelling, coalesce(d.building, u.building, b.id) as building
      from homes h
      left join lateral ${lastLink('residents_occupancies', 'h.household', 'h.community')} o on true
      left join territory_dwellings d on d.community = h.community and d.id = o.dwelling
      left join territory_units u on h.kind = 'unit' and u.community = h.community and u.id = h.subject
      left join territory_buildings b on h.kind = 'building' and b.community = h.community and b.id = h.subject
    )
    select p.dwelling, p.building, coalesce(g.grid, most.grid, a.area_code) as grid
    from placed p
    left join lateral ${gridBeside('p.dwelling', 'p.community')} g on true
    left join lateral (
      select mode() within group (order by l.grid) as grid
      from territory_dwellings d join lateral ${gridBeside('d.id', 'd.community')} l on true
      where p.kind in ('building', 'unit') and d.community = p.community and d.building = p.building
        and (p.kind = 'building' or d.unit = p.subject)) most on true
    left join territory_areas a on p.kind = 'place' and a.id = p.subject and a.level = 'grid' and a.area_code >= p.community and a.area_code < p.community || '~'
    order by p.n`.execute(ctx.tx)
  return rows
}

/** Running duties follow their dwellings into another grid. */
export async function followGrids(ctx: Ctx, community: string, building: Id): Promise<void> {
  await sql`
    update duties_duties d set grid = g.grid
    from territory_dwellings w left join lateral ${gridBeside('w.id', 'w.community')} g on true
    where w.community = ${community} and w.building = ${building}
      and d.community = w.community and d.dwelling = w.id and d.ended_at is null and d.grid is distinct from g.grid`.execute(
    ctx.tx,
  )
}

/** Running duties of a household and of its members follow it to another door, or lie nowhere when it has moved away. */
export async function followHousehold(ctx: Ctx, household: Id): Promise<void> {
  const { rows } = await sql<Subject & { id: Id }>`
    select d.id, d.subject_kind, d.subject from duties_duties d
    where d.community = ${ctx.community} and d.ended_at is null and (d.subject = ${household} or d.subject in (
      select m.subject from ${membersOf(sql`${ctx.community}`, sql`${household}::uuid`)} m))`.execute(ctx.tx)
  if (!rows.length) return
  const places = (await placesOfSubjects(ctx, rows)).map((place, i) => ({ ...place, id: rows[i]!.id }))
  await sql`
    update duties_duties d set grid = p.grid, building = p.building, dwelling = p.dwelling
    from jsonb_to_recordset(${JSON.stringify(places)}::jsonb) as p(id uuid, grid text, building uuid, dwelling uuid)
    where d.community = ${ctx.community} and d.id = p.id`.execute(ctx.tx)
}
