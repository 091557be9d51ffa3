// How far it is: the funnel, progress by precinct, grid, building and worker, the plan of buildings, one building room by room.
import { sql } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import type { Day, Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { standing } from '#server/facts.ts'
import { answer, type Ctx, type Handled } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { householdsAt } from '#modules/residents/server.ts'
import { planOf, type Use } from '#modules/territory/model.ts'
import { areaNames, dwellingAddresses, dwellingGridsAt, walkSql } from '#modules/territory/server.ts'
import * as api from '../api.ts'
import { say, type Campaign } from '../model.ts'
import type { HouseholdState } from '../rules.ts'
import { areaOf, askedCampaign, communityOf, onlyCampaign } from './campaigns.ts'
import { gridIn, noSteps, statesAt, steps, stepsOf, type Steps } from './standing.ts'

type Where = { community?: string | undefined; campaign?: Id | undefined; area?: string | undefined }

/** Community, area and campaign that a page asks about. */
async function whereOf(ctx: Ctx, asked: Where): Promise<{ community: string; area: string; campaign: Campaign | undefined }> {
  const community = communityOf(ctx, asked.community)
  const area = areaOf(ctx, community, asked.area)
  return { community, area, campaign: await askedCampaign(ctx, community, asked.campaign, area) }
}

const statesIn = (community: string, area: string, campaign: Campaign) => ({ community, area, campaigns: onlyCampaign(campaign) })

async function funnel(ctx: Ctx, asked: Parsed<typeof api.funnel>) {
  const { community, area, campaign } = await whereOf(ctx, asked)
  if (!campaign) return { campaign: null, ...noSteps, attempts: 0, keyPersons: 0, symptomatic: 0, doubted: 0 }
  const found = await stepsOf(ctx.tx, statesIn(community, area, campaign))
  const here = area.length > 12 ? sql`and e.household in (select h.household from ${householdsAt({ community })} as h where ${gridIn('h.grid', area)})` : sql``
  const { rows: [more] } = await sql<{ attempts: number; doubted: number; keyPersons: number; symptomatic: number }>`
    select (select count(*)::int from screening_attempts as e where e.community = ${community} and e.campaign = ${campaign.id}
        and ${standing('screening_attempts', 'e')} ${here}) as attempts,
      (select count(*)::int from screening_attempts as e where e.community = ${community} and e.campaign = ${campaign.id}
        and e.clock_doubt is not null and ${standing('screening_attempts', 'e')} ${here}) as doubted,
      (select count(distinct e.person)::int from screening_key_persons as e where e.community = ${community}
        and ${standing('screening_key_persons', 'e')} ${here}) as key_persons,
      (select count(distinct e.person)::int from screening_statements as e where e.community = ${community} and e.campaign = ${campaign.id}
        and not e.well and ${standing('screening_statements', 'e')} ${here}) as symptomatic`.execute(ctx.tx)
  return { campaign, ...found, ...more! }
}

async function progress(ctx: Ctx, { of: by, ...asked }: Parsed<typeof api.progress>) {
  const { community, area, campaign } = await whereOf(ctx, asked)
  if (!campaign) return { rows: [] }
  const states = statesAt(statesIn(community, area, campaign))
  if (by === 'building') return { rows: (await buildingSteps(ctx, community, area, campaign)).map(({ id, compound, name, ...found }) => ({ key: id, name: `${compound} ${name}`, ...found })) }
  const width = by === 'precinct' ? 14 : 17
  const { rows } = await sql<Steps & { key: string | null }>`
    select left(s.grid, ${width}::int) as key, ${steps} from ${states} as s group by 1 order by 1 nulls last`.execute(ctx.tx)
  const names = await areaNames(ctx.tx, rows.flatMap((r) => (r.key ? [r.key] : [])))
  return { rows: rows.map((row) => ({ ...row, name: row.key ? names.get(row.key) ?? row.key : '未划入网格' })) }
}

type BuildingSteps = Steps & { id: Id; compoundId: Id; compound: string; name: string; x: number | null; y: number | null }

/** Buildings with any dwelling in the area, in the order of a walk. One that nobody lives in has no households. */
async function buildingSteps(ctx: Ctx, community: string, area: string, campaign: Campaign): Promise<BuildingSteps[]> {
  const { rows } = await sql<BuildingSteps>`
    select b.id, b.compound as compound_id, c.name as compound, b.name, b.x, b.y, ${steps}
    from territory_buildings as b
    join territory_compounds as c on c.community = b.community and c.id = b.compound
    join territory_dwellings as d on d.community = b.community and d.building = b.id
    left join ${dwellingGridsAt({ community })} as g on g.subject = d.id
    left join ${statesAt(statesIn(community, area, campaign))} as s on s.dwelling = d.id
    where b.community = ${community} and ${gridIn('g.grid', area)}
    group by b.id, b.compound, c.name, b.name, b.position, b.x, b.y order by c.name, b.position, b.name`.execute(ctx.tx)
  return rows
}

async function plan(ctx: Ctx, asked: Parsed<typeof api.plan>) {
  const { community, area, campaign } = await whereOf(ctx, asked)
  if (!campaign) return { rows: [] }
  const found = await buildingSteps(ctx, community, area, campaign)
  return { rows: planOf(found.map((b) => ({ ...b, compoundName: b.compound, compound: b.compoundId }))).map(({ compoundName, ...b }) => ({ ...b, compound: compoundName })) }
}

type Room = { unit: Id | null; unitName: string | null; dwelling: Id; room: string; floor: number | null; use: Use; household: Id | null; state: HouseholdState | null }

async function building(ctx: Ctx, asked: Parsed<typeof api.building>) {
  const { community, area, campaign } = await whereOf(ctx, asked)
  const { rows: [head] } = await sql<{ name: string; compound: string }>`
    select b.name, c.name as compound from territory_buildings as b join territory_compounds as c on c.community = b.community and c.id = b.compound
    where b.community = ${community} and b.id = ${asked.building}`.execute(ctx.tx)
  if (!head || !campaign) throw head ? say.unknownCampaign() : say.unknownBuilding()
  const { rows } = await sql<Room>`
    select a.unit_id as unit, a.unit as unit_name, a.dwelling, a.room, a.floor, a.use, s.household, s.state
    from ${dwellingAddresses(community)} as a
    left join ${dwellingGridsAt({ community })} as g on g.subject = a.dwelling
    left join ${statesAt(statesIn(community, area, campaign))} as s on s.dwelling = a.dwelling
    where a.building_id = ${asked.building} and ${gridIn('g.grid', area)} order by ${walkSql('a')}, s.household`.execute(ctx.tx)
  const units = [...Map.groupBy(rows, (r) => r.unit)].map(([id, inUnit]) => ({
    id, name: inUnit[0]!.unitName,
    rooms: [...Map.groupBy(inUnit, (r) => r.dwelling).values()].map((inRoom) => {
      const { dwelling, room, floor, use } = inRoom[0]!
      return { dwelling, room, floor, use, households: inRoom.flatMap((r) => (r.household ? [{ id: r.household, state: r.state! }] : [])) }
    }),
  }))
  return { id: asked.building, ...head, units }
}

/** Who recorded how much. A correction counts for whoever made the first entry. */
async function workersProgress(ctx: Ctx, { on, ...asked }: Parsed<typeof api.workersProgress>) {
  const { community, area, campaign } = await whereOf(ctx, asked)
  if (!campaign) return { rows: [] }
  const { rows } = await sql<{ account: Id; attempts: number; households: number; reached: number; sheets: number; lastAt: Instant }>`
    select f.recorded_by as account, count(*)::int as attempts, count(distinct e.household)::int as households,
      (count(distinct e.household) filter (where e.outcome = 'reached'))::int as reached, (count(*) filter (where e.how = 'notice'))::int as sheets,
      max(e.occurred_at) as last_at
    from screening_attempts as e
    join screening_attempts as f on f.community = e.community and f.id = e.root
    where e.community = ${community} and e.campaign = ${campaign.id} and ${standing('screening_attempts', 'e')}
      and ${on ? sql`e.counted_on = ${on satisfies Day}::date` : sql`true`}
      and ${area.length > 12 ? sql`e.household in (select h.household from ${householdsAt({ community })} as h where ${gridIn('h.grid', area)})` : sql`true`}
    group by f.recorded_by order by attempts desc, account`.execute(ctx.tx)
  const names = await namesOf(ctx.house, ctx.tx, rows.map((r) => r.account))
  return { rows: rows.map((row) => ({ ...row, name: names.get(row.account) ?? '—' })) }
}

export const progressHandlers: readonly Handled[] = [
  answer(api.funnel, (input, ctx) => funnel(ctx, input)),
  answer(api.progress, (input, ctx) => progress(ctx, input)),
  answer(api.workersProgress, (input, ctx) => workersProgress(ctx, input)),
  answer(api.plan, (input, ctx) => plan(ctx, input)),
  answer(api.building, (input, ctx) => building(ctx, input)),
]
