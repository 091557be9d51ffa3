// How far it is: the funnel, progress by precinct, grid, building and worker, the plan of buildings, one building room by room.
import { sql } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import type { Day, Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { answer, type Ctx, type Handled } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { planOf, type Use } from '#modules/territory/model.ts'
import { areaNames, dwellingAddresses, gridBeside, walkSql } from '#modules/territory/server.ts'
import * as api from '../api.ts'
import { say, type Campaign } from '../model.ts'
import type { HouseholdState } from '../rules.ts'
import { areaOf, askedCampaign, communityOf, onlyCampaign } from './campaigns.ts'
import { gridIn, noSteps, placeBeside, standsAmong, statesAt, steps, stepsOf, type Steps } from './standing.ts'

type Where = { community?: string | undefined; campaign?: Id | undefined; area?: string | undefined }

/** Community, area and campaign that a page asks about. */
async function whereOf(ctx: Ctx, asked: Where): Promise<{ community: string; area: string; campaign: Campaign | undefined }> {
  const community = communityOf(ctx, asked.community)
  const area = areaOf(ctx, community, asked.area)
  return { community, area, campaign: await askedCampaign(ctx, community, asked.campaign, area) }
}

const statesIn = (community: string, area: string, campaign: Campaign) => ({ community, area, campaigns: onlyCampaign(campaign) })

/** Facts about households in an area: what to join to the alias, and what must hold. A whole community needs neither. */
export const inArea = (alias: string, area: string) =>
  area.length > 12
    ? {
        join: sql`left join lateral ${placeBeside(`${alias}.household`, `${alias}.community`)} as here on true`,
        is: gridIn('here.grid', area),
      }
    : { join: sql``, is: sql<boolean>`true` }

async function funnel(ctx: Ctx, asked: Parsed<typeof api.funnel>) {
  const { community, area, campaign } = await whereOf(ctx, asked)
  if (!campaign) return { campaign: null, ...noSteps, attempts: 0, keyPersons: 0, symptomatic: 0, doubted: 0 }
  const found = await stepsOf(ctx.tx, statesIn(community, area, campaign))
  const here = inArea('e', area)
  const {
    rows: [more],
  } = await sql<{ attempts: number; doubted: number; keyPersons: number; symptomatic: number }>`
    select a.attempts, a.doubted, k.key_persons, s.symptomatic from
      (select count(*)::int as attempts, (count(*) filter (where e.clock_doubt is not null))::int as doubted
        from screening_attempts as e ${here.join}
        where e.community = ${community} and e.campaign = ${campaign.id}
          and ${standsAmong('screening_attempts', 'e', { community })} and ${here.is}) as a,
      (select count(distinct e.person)::int as key_persons from screening_key_persons as e ${here.join}
        where e.community = ${community} and ${standsAmong('screening_key_persons', 'e', { community })} and ${here.is}) as k,
      (select count(distinct e.person)::int as symptomatic from screening_statements as e ${here.join}
        where e.community = ${community} and e.campaign = ${campaign.id} and not e.well
          and ${standsAmong('screening_statements', 'e', { community })} and ${here.is}) as s`.execute(ctx.tx)
  return { campaign, ...found, ...more! }
}

async function progress(ctx: Ctx, { of: by, ...asked }: Parsed<typeof api.progress>) {
  const { community, area, campaign } = await whereOf(ctx, asked)
  if (!campaign) return { rows: [] }
  const states = statesAt(statesIn(community, area, campaign))
  if (by === 'building') {
    const buildings = await buildingSteps(ctx, community, area, campaign)
    return { rows: buildings.map(({ id, compound, name, ...found }) => ({ key: id, name: `${compound} ${name}`, ...found })) }
  }
  const width = by === 'precinct' ? 14 : 17
  const { rows } = await sql<Steps & { key: string | null }>`
    select left(s.grid, ${width}::int) as key, ${steps} from ${states} as s group by 1 order by 1 nulls last`.execute(ctx.tx)
  const names = await areaNames(
    ctx.tx,
    rows.flatMap((r) => (r.key ? [r.key] : [])),
  )
  return { rows: rows.map((row) => ({ ...row, name: row.key ? (names.get(row.key) ?? row.key) : '未划入网格' })) }
}

type BuildingSteps = Steps & { id: Id; compoundId: Id; compound: string; name: string; x: number | null; y: number | null }

/** Buildings with any dwelling in the area, in the order of a walk. One that nobody lives in has no households. */
async function buildingSteps(ctx: Ctx, community: string, area: string, campaign: Campaign): Promise<BuildingSteps[]> {
  const { rows: buildings } = await sql<Omit<BuildingSteps, keyof Steps>>`
    select b.id, b.compound as compound_id, c.name as compound, b.name, b.x, b.y
    from territory_buildings as b
    join territory_compounds as c on c.community = b.community and c.id = b.compound
    where b.community = ${community} and exists (
      select from territory_dwellings as d left join lateral ${gridBeside('d.id', 'd.community')} as g on true
      where d.community = b.community and d.building = b.id and ${gridIn('g.grid', area)})
    order by c.name, b.position, b.name`.execute(ctx.tx)
  const { rows: counted } = await sql<Steps & { building: Id }>`
    select d.building, ${steps} from ${statesAt(statesIn(community, area, campaign))} as s
    join territory_dwellings as d on d.community = ${community} and d.id = s.dwelling group by d.building`.execute(ctx.tx)
  const found = new Map(counted.map(({ building, ...how }) => [building, how]))
  return buildings.map((b) => ({ ...b, ...(found.get(b.id) ?? noSteps) }))
}

async function plan(ctx: Ctx, asked: Parsed<typeof api.plan>) {
  const { community, area, campaign } = await whereOf(ctx, asked)
  if (!campaign) return { rows: [] }
  const found = await buildingSteps(ctx, community, area, campaign)
  const onPlan = planOf(found.map((b) => ({ ...b, compoundName: b.compound, compound: b.compoundId })))
  return { rows: onPlan.map(({ compoundName, ...b }) => ({ ...b, compound: compoundName })) }
}

type Room = { unit: Id | null; unitName: string | null; dwelling: Id; room: string; floor: number | null; use: Use }

async function building(ctx: Ctx, asked: Parsed<typeof api.building>) {
  const { community, area, campaign } = await whereOf(ctx, asked)
  const {
    rows: [head],
  } = await sql<{ name: string; compound: string }>`
    select b.name, c.name as compound from territory_buildings as b join territory_compounds as c on c.community = b.community
      and c.id = b.compound
    where b.community = ${community} and b.id = ${asked.building}`.execute(ctx.tx)
  if (!head || !campaign) throw head ? say.unknownCampaign() : say.unknownBuilding()
  const { rows } = await sql<Room>`
    select a.unit_id as unit, a.unit as unit_name, a.dwelling, a.room, a.floor, a.use
    from ${dwellingAddresses(community)} as a left join lateral ${gridBeside('a.dwelling', 'a.community')} as g on true
    where a.building_id = ${asked.building} and ${gridIn('g.grid', area)} order by ${walkSql('a')}`.execute(ctx.tx)
  const { rows: found } = await sql<{ id: Id; dwelling: Id; state: HouseholdState }>`
    select s.household as id, s.dwelling, s.state from ${statesAt(statesIn(community, area, campaign))} as s
    where s.dwelling = any(${rows.map((r) => r.dwelling)}::uuid[]) order by s.household`.execute(ctx.tx)
  const at = Map.groupBy(found, (s) => s.dwelling)
  const units = [...Map.groupBy(rows, (r) => r.unit)].map(([id, inUnit]) => ({
    id,
    name: inUnit[0]!.unitName,
    rooms: inUnit.map(({ dwelling, room, floor, use }) => ({
      dwelling,
      room,
      floor,
      use,
      households: (at.get(dwelling) ?? []).map((s) => ({ id: s.id, state: s.state })),
    })),
  }))
  return { id: asked.building, ...head, units }
}

/** Who did how much. A correction counts for whoever made the first entry, a line from paper for whoever walked. */
async function workersProgress(ctx: Ctx, { on, ...asked }: Parsed<typeof api.workersProgress>) {
  const { community, area, campaign } = await whereOf(ctx, asked)
  if (!campaign) return { rows: [] }
  const here = inArea('e', area)
  const { rows } = await sql<{
    account: Id
    attempts: number
    households: number
    reached: number
    sheets: number
    lastAt: Instant
  }>`
    select e.account, count(*)::int as attempts, count(distinct e.household)::int as households,
      (count(distinct e.household) filter (where e.outcome = 'reached'))::int as reached,
        (count(*) filter (where e.how = 'notice'))::int as sheets,
      max(e.occurred_at) as last_at
    from (
      select e.*, case when e.walked_by is not null then e.walked_by when e.root = e.id then e.recorded_by else (select f.recorded_by from screening_attempts as f
        where f.community = e.community and f.id = e.root) end as account
      from screening_attempts as e ${here.join}
      where e.community = ${community} and e.campaign = ${campaign.id} and ${standsAmong('screening_attempts', 'e', { community })}
        and ${on ? sql`e.counted_on = ${on satisfies Day}::date` : sql`true`} and ${here.is}) as e
    group by e.account order by attempts desc, e.account`.execute(ctx.tx)
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    rows.map((r) => r.account),
  )
  return { rows: rows.map((row) => ({ ...row, name: names.get(row.account) ?? '—' })) }
}

export const progressHandlers: readonly Handled[] = [
  answer(api.funnel, (input, ctx) => funnel(ctx, input)),
  answer(api.progress, (input, ctx) => progress(ctx, input)),
  answer(api.workersProgress, (input, ctx) => workersProgress(ctx, input)),
  answer(api.plan, (input, ctx) => plan(ctx, input)),
  answer(api.building, (input, ctx) => building(ctx, input)),
]
