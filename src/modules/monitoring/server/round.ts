// The round: who has a check to be made on a day, in the order of a walk, with the slots of the day and what is known already.
import { sql, type RawBuilder } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import { addDays, ageOn, dayOf, instantAt, instantOf, type Day, type Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { fromCursor, toCursor } from '#core/paging.ts'
import type { Ctx } from '#server/house.ts'
import { isCommunity, reached } from '#server/scope.ts'
import { lastLink, standing } from '#server/facts.ts'
import { doingBeside, dutiesNow, slotsOf, stateSql } from '#modules/duties/server.ts'
import { missedAfterHours, type SlotState } from '#modules/duties/model.ts'
import { policy } from '#modules/policy/server.ts'
import type * as api from '../api.ts'
import { underway, type EpisodeState } from '../model.ts'
import { checksOf, type CheckAt } from './reading.ts'
import { rulesAt } from './recording.ts'

type Asked = Parsed<typeof api.round>

/** Duties of checks that run on a day, as far as the caller reaches. What is to be verified or measured again is among them. */
function dutiesOn(ctx: Ctx, { building, grid }: Asked, day: Day): RawBuilder<unknown> {
  return dutiesNow(sql`d.kind like 'monitoring.%' and d.kind <> 'monitoring.feverPath' and d.subject_kind = 'person'
    and coalesce(d.last_day, 'infinity'::date) >= ${day}::date and d.starts_on <= ${day}::date
    and (d.ended_at is null or d.ended_at > ${instantAt(day)}::timestamptz)
    and ${isCommunity(ctx.area) ? sql`d.community = ${ctx.community}` : sql`true`} and ${reached(ctx, 'd.grid')}
    and ${building ? sql`d.building = ${building}` : sql`true`} and ${grid ? sql`d.grid >= ${grid} and d.grid < ${`${grid}~`}` : sql`true`}`)
}

type Person = {
  id: Id
  name: string | null
  birthDate: Day | null
  household: Id | null
  compound: string | null
  building: Id | null
  buildingName: string | null
  unitName: string | null
  room: string | null
  grid: string | null
  position: number
  doubt: boolean
  episode: EpisodeState | null
  total: number
}
type Found = Omit<api.RoundSlot, 'check'> & { person: Id; record: Id | null; state: SlotState }

async function people(ctx: Ctx, asked: Asked, day: Day, at: Instant, grace: number): Promise<Person[]> {
  const last = fromCursor(asked.after, 2)
  const { rows } = await sql<Person>`
    with wanted as materialized (
      select x.person, min(x.building::text)::uuid as building, min(x.dwelling::text)::uuid as dwelling, min(x.grid) as grid, x.community from (
        select s.subject as person, s.community, s.building, s.dwelling, s.grid, ${stateSql(at, grace)} as state
        from ${slotsOf(dutiesOn(ctx, asked, day), day, day, sql`d.subject, d.building, d.dwelling, d.grid`)} s ${doingBeside()}
        where not s.after_end or o.outcome is not null) x
      group by x.community, x.person having ${asked.left ? sql`bool_or(x.state in ('overdue', 'open', 'missed'))` : sql`true`}
    ), placed as (
      select w.*, c.name as compound, b.name as building_name, u.name as unit_name, l.room,
        coalesce(b.position, 0) * 1e9 + coalesce(u.position, 0) * 1e6 + coalesce(l.position, 0) as position
      from wanted w
      left join territory_dwellings l on l.community = w.community and l.id = w.dwelling
      left join territory_buildings b on b.community = w.community and b.id = w.building
      left join territory_compounds c on c.community = b.community and c.id = b.compound
      left join territory_units u on u.community = w.community and u.id = l.unit
    )
    select p.person as id, n.name, n.birth_date, m.household, p.compound, p.building, p.building_name, p.unit_name, p.room, p.grid, p.position::float8,
      exists (select from monitoring_flags f where f.community = p.community and f.person = p.person and f.state = 'open') as doubt,
      (select e.state from monitoring_episodes e where e.community = p.community and e.person = p.person and e.state = any(${[...underway]}::text[])) as episode,
      (select count(*)::int from placed) as total
    from placed p
    left join residents_persons n on n.community = p.community and n.root = p.person and ${standing('residents_persons', 'n')}
    left join lateral ${lastLink('residents_memberships', 'p.person', 'p.community')} m on true
    where ${last ? sql`(p.position, p.person) > (${last[0]}::numeric, ${last[1]}::uuid)` : sql`true`}
    order by p.position, p.person limit ${asked.limit + 1}`.execute(ctx.tx)
  return rows
}

async function slots(
  ctx: Ctx,
  asked: Asked,
  day: Day,
  at: Instant,
  grace: number,
  persons: readonly Id[],
): Promise<Map<Id, Found[]>> {
  const mine = sql`(select * from ${dutiesOn(ctx, asked, day)} d where d.subject = any(${[...persons]}::uuid[]))`
  const { rows } = await sql<Found>`
    select s.subject as person, s.duty, s.kind, s.day, s.slot, s.opens_at, s.due_at, o.record, ${stateSql(at, grace)} as state
    from ${slotsOf(mine, day, day, sql`d.subject, d.kind`)} s ${doingBeside()}
    where not s.after_end or o.outcome is not null order by s.opens_at, s.kind`.execute(ctx.tx)
  return Map.groupBy(rows, (row) => row.person)
}

const brief = ({ root, kind, value, result, symptoms, fever, how, occurredAt }: CheckAt): api.Brief => ({
  id: root,
  kind,
  value,
  result,
  symptoms,
  fever,
  how,
  occurredAt,
})

export const rulesShown = async (ctx: Ctx): Promise<api.CheckRules> => {
  const { kinds, symptoms, feverAt } = await rulesAt(ctx, instantOf(ctx.now))
  return { kinds, symptoms, feverAt }
}

export async function listRound(ctx: Ctx, asked: Asked) {
  const at = instantOf(ctx.now)
  const day = asked.day ?? dayOf(at)
  const { value: grace } = await policy(ctx.tx, missedAfterHours, ctx.community, at)
  const found = await people(ctx, asked, day, at, grace)
  const page = found.slice(0, asked.limit)
  const persons = page.map((p) => p.id)
  const bySlot = await slots(ctx, asked, day, at, grace, persons)
  const told = Map.groupBy(
    await checksOf(ctx.tx, {
      community: ctx.community,
      persons,
      from: instantAt(addDays(day, -1)),
      until: instantAt(addDays(day, 1)),
    }),
    (check) => check.person,
  )
  const end = page.at(-1)
  ctx.looked(persons)
  return {
    rows: page.map(({ birthDate, total: _, ...person }) => {
      const mine = told.get(person.id) ?? []
      const last = mine.at(-1)
      return {
        ...person,
        age: birthDate ? ageOn(birthDate, day) : null,
        last: last ? brief(last) : null,
        slots: (bySlot.get(person.id) ?? []).map(({ person: __, record, ...slot }) => {
          const check = mine.find((one) => one.root === record)
          return { ...slot, check: check ? brief(check) : null }
        }),
      }
    }),
    next: found.length > asked.limit && end ? toCursor([end.position, end.id]) : null,
    total: found[0]?.total ?? 0,
    rules: await rulesShown(ctx),
    day,
  }
}
