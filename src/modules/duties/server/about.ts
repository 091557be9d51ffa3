// What duties are about, in words: the person or household and its door, the building, the area. Asked for one page of a list.
import { sql } from 'kysely'
import type { Id } from '#core/ids.ts'
import type { Ctx } from '#server/house.ts'
import { householdLabels, personNames } from '#modules/residents/server.ts'
import type { DutyRow } from '../api.ts'
import type { SubjectKind } from '../model.ts'

export type About = Pick<
  DutyRow,
  'subjectKind' | 'subject' | 'name' | 'compound' | 'building' | 'buildingName' | 'unitName' | 'room' | 'position' | 'grid'
>
type Row = Omit<About, 'name'> & { id: Id; placeName: string | null; subjectKind: SubjectKind }

export async function aboutDuties(ctx: Ctx, duties: readonly Id[]): Promise<Map<Id, About>> {
  if (!duties.length) return new Map()
  const { rows } = await sql<Row>`
    select d.id, d.subject_kind, d.subject, d.grid, d.building, b.name as building_name, coalesce(c.name, pc.name) as compound,
      u.name as unit_name, w.room, coalesce(u.position, 0) * 1e6 + coalesce(w.position, 0) as position, a.name as place_name
    from duties_duties d
    left join territory_dwellings w on w.community = d.community and w.id = d.dwelling
    left join territory_buildings b on b.community = d.community and b.id = d.building
    left join territory_compounds c on c.community = b.community and c.id = b.compound
    left join territory_units u on u.community = d.community and u.id = case when d.subject_kind = 'unit' then d.subject else w.unit end
    left join territory_areas a on d.subject_kind = 'place' and a.id = d.subject
    left join territory_compounds pc on d.subject_kind = 'place' and pc.community = d.community and pc.id = d.subject
    where d.id = any(${[...new Set(duties)]}::uuid[])`.execute(ctx.tx)
  const of = (kind: SubjectKind) => rows.filter((r) => r.subjectKind === kind).map((r) => r.subject)
  const persons = await personNames(ctx.tx, of('person'))
  const households = await householdLabels(ctx.tx, of('household'))
  const nameOf = ({ subjectKind, subject }: Row) =>
    (subjectKind === 'person' ? persons.get(subject) : subjectKind === 'household' ? households.get(subject)?.head : null) ?? null
  return new Map(
    rows.map(({ placeName, ...row }) => [
      row.id,
      { ...row, compound: row.compound ?? placeName, name: nameOf({ ...row, placeName }) },
    ]),
  )
}
