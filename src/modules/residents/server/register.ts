// 居民登记表: everybody of the households that the page lists, in the order of a walk, one line for each person.
import { sql } from 'kysely'
import { z } from 'zod'
import type { Parsed } from '#core/contract.ts'
import { dayOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { choiceText, personal } from '#core/labels.ts'
import { inBatches } from '#server/exports/batches.ts'
import type { ExportPlan } from '#server/exports/exporting.ts'
import { column, listPlan } from '#server/exports/listed.ts'
import type { Ctx } from '#server/house.ts'
import { placesOf } from '#server/names.ts'
import { walkSql } from '#modules/territory/server.ts'
import type * as api from '../api.ts'
import { IdType } from '../documents.ts'
import { ageOf, Relation, Sex, Tag, Tenure } from '../model.ts'
import { householdRows, membersIn, openField, phonesInCell, type Member } from './finding.ts'
import { peopleAt } from './standing.ts'

const hidden = (mask: 'name' | 'phone' | 'document' | 'room' | 'text') =>
  personal(z.string().nullable(), '', '', { mask, keep: 'register' })
const Row = z.object({
  room: hidden('room'),
  name: hidden('name'),
  phone: hidden('phone'),
  document: hidden('document'),
  birthDate: hidden('document'),
  homePlace: hidden('text'),
  employer: hidden('text'),
  note: hidden('text'),
})
const columns = [
  column('compound', '小区'),
  column('building', '楼栋'),
  column('unit', '单元'),
  column('room', '房号'),
  column('grid', '网格'),
  column('tenure', '居住方式'),
  column('household', '户序号', { type: 'number' }),
  column('name', '姓名'),
  column('relation', '与户主关系'),
  column('sex', '性别', { width: 6 }),
  column('age', '年龄', { type: 'number' }),
  column('birthDate', '出生日期', { width: 12 }),
  column('idType', '证件类型'),
  column('document', '证件号码', { width: 20 }),
  column('phone', '联系电话', { width: 14 }),
  column('tags', '标签', { width: 16 }),
  column('homePlace', '户籍地'),
  column('employer', '工作单位'),
  column('note', '备注'),
]

type Place = {
  household: Id
  tenure: Tenure | null
  grid: string | null
  compound: string
  building: string
  unit: string | null
  room: string
}
const words = (schema: z.ZodType, value: string | null) => (value === null ? null : choiceText(schema, value).zh)

/** Whoever calls has seen to it that the community is within reach. */
export async function peopleSheet(
  ctx: Ctx,
  { grid, building, tag, having }: Parsed<typeof api.exportResidents>,
): Promise<ExportPlan> {
  const wanted = householdRows(ctx, { grid, building, tag, having })
  const {
    rows: [size],
  } = await sql<{ households: number; settled: number; persons: number }>`
    select count(distinct r.household)::int as households, count(distinct p.household)::int as settled, count(p.person)::int as persons
    from ${wanted} as r left join ${peopleAt({ community: ctx.community })} as p on p.household = r.household`.execute(ctx.tx)
  const { households, settled, persons } = size!
  const batches = async function* () {
    let number = 0
    const all = sql<Place>`select r.household, r.tenure, r.grid, r.compound, r.building, r.unit, r.room from ${wanted} as r
      order by ${walkSql('r')}, r.household`
    for await (const places of inBatches(ctx.tx, all)) {
      const members = Map.groupBy(
        await membersIn(
          ctx,
          places.map((p) => p.household),
        ),
        (m) => m.household!,
      )
      const grids = await placesOf(
        ctx.house,
        ctx.tx,
        places.flatMap((p) => p.grid ?? []),
      )
      const rows = places.flatMap((place) => {
        const mine = members.get(place.household) ?? []
        const part = {
          ...place,
          grid: place.grid && (grids.get(place.grid) ?? place.grid),
          tenure: words(Tenure, place.tenure),
          household: ++number,
        }
        return mine.length ? mine.map((m) => ({ ...part, ...described(ctx, m) })) : [part]
      })
      yield { rows, persons: [...members.values()].flat().map((m) => m.root) }
    }
  }
  return listPlan(ctx, {
    title: '居民登记表',
    area: grid ?? (ctx.area.length > 12 ? ctx.area : ctx.community),
    community: ctx.community,
    row: Row,
    columns,
    batches,
    rows: persons + households - settled,
    persons,
    notes: [`${households} 户 ${persons} 人。同一户的人“户序号”相同；空白表示没有登记，不表示无。`],
  })
}

const described = (ctx: Ctx, m: Member) => ({
  name: m.name,
  relation: words(Relation, m.relation),
  sex: words(Sex, m.sex),
  age: ageOf(m.birthDate, dayOf(ctx.now)),
  birthDate: m.birthDate,
  idType: words(IdType, m.idType),
  document: openField.document(ctx, m),
  phone: phonesInCell(ctx, m),
  tags: m.tags.map((tag) => words(Tag, tag)).join('、') || null,
  homePlace: m.homePlace,
  employer: m.employer,
  note: m.note,
})
