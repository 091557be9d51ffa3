// One grid for a shift without a network: buildings, doors, households with their people and numbers, how far each is.
import { sql } from 'kysely'
import { dayOf, instantOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { standing } from '#server/facts.ts'
import { answer, type Ctx, type Handled } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { privacyNotice } from '#modules/policy/model.ts'
import { policy } from '#modules/policy/server.ts'
import { ageOf, type HouseholdKind } from '#modules/residents/model.ts'
import { householdsAt, membersIn, openField, type Member } from '#modules/residents/server.ts'
import type { Use } from '#modules/territory/model.ts'
import { areaNames, dwellingAddresses, gridBeside, walkSql } from '#modules/territory/server.ts'
import * as api from '../api.ts'
import { say, type Attempt, type Campaign } from '../model.ts'
import { areaOf, findCampaign, formOf, onlyCampaign } from './campaigns.ts'
import { attemptsByIds, doneBy } from './lists.ts'
import { gridIn, statesAt, type StateRow } from './standing.ts'

/** A phone keeps a set closed and opens it at every start; more than this is no grid. */
export const mostHouseholds = 1_500

type Door = {
  buildingId: Id
  building: string
  compound: string
  unitId: Id | null
  unit: string | null
  dwelling: Id
  room: string
  floor: number | null
  use: Use
}
type Home = { household: Id; dwelling: Id; kind: HouseholdKind }
type State = Pick<StateRow, 'household' | 'state' | 'channel' | 'attempts' | 'lastId'>

const doorsOf = async (ctx: Ctx, community: string, area: string): Promise<Door[]> =>
  (
    await sql<Door>`
  select a.building_id, a.building, a.compound, a.unit_id, a.unit, a.dwelling, a.room, a.floor, a.use
  from ${dwellingAddresses(community)} as a
  left join lateral ${gridBeside('a.dwelling', 'a.community')} as g on true
  where ${gridIn('g.grid', area)} order by ${walkSql('a')}`.execute(ctx.tx)
  ).rows

const homesOf = async (ctx: Ctx, community: string, area: string): Promise<Home[]> =>
  (
    await sql<Home>`
  select h.household, h.dwelling, k.kind from ${householdsAt({ community })} as h
  join residents_households as k on k.community = h.community and k.root = h.household and ${standing('residents_households', 'k')}
  where ${gridIn('h.grid', area)} order by h.household`.execute(ctx.tx)
  ).rows

const statesOf = async (ctx: Ctx, community: string, area: string, campaign: Campaign): Promise<Map<Id, State>> =>
  new Map(
    (
      await sql<State>`
  select s.household, s.state, s.channel, s.attempts, s.last_id
  from ${statesAt({ community, area, campaigns: onlyCampaign(campaign) })} as s`.execute(ctx.tx)
    ).rows.map((s) => [s.household, s]),
  )

const keyPersonsOf = async (ctx: Ctx, community: string): Promise<ReadonlySet<Id>> =>
  new Set(
    (
      await sql<{ person: Id }>`
  select distinct e.person from screening_key_persons as e
  where e.community = ${community} and ${standing('screening_key_persons', 'e')}`.execute(ctx.tx)
    ).rows.map((r) => r.person),
  )

async function gridSet(ctx: Ctx, named: string | undefined): Promise<api.GridSet> {
  const { community } = ctx
  const area = areaOf(ctx, community, named)
  const campaign = (await findCampaign(ctx.tx, community, area)) ?? null
  const doors = await doorsOf(ctx, community, area)
  const homes = await homesOf(ctx, community, area)
  const households = homes.map((h) => h.household)
  const homesAt = Map.groupBy(homes, (h) => h.dwelling)
  if (households.length > mostHouseholds) throw say.setTooLarge({ households: households.length })
  const people = Map.groupBy(await membersIn(ctx, households), (m) => m.household!)
  const keyPersons = await keyPersonsOf(ctx, community)
  const states = campaign ? await statesOf(ctx, community, area, campaign) : new Map<Id, State>()
  const lasts = await attemptsByIds(
    ctx,
    community,
    [...states.values()].flatMap((s) => s.lastId ?? []),
  )
  const workers = await namesOf(ctx.house, ctx.tx, [...lasts.values()].map(doneBy))
  const today = dayOf(ctx.now)
  const member = (m: Member) => ({
    id: m.root,
    name: m.name,
    sex: m.sex,
    age: ageOf(m.birthDate, today),
    relation: m.relation,
    phone: openField.phone(ctx, m),
    tags: m.tags,
    keyPerson: keyPersons.has(m.root),
  })
  const lastOf = ({ id, root, how, outcome, occurredAt, ...who }: Attempt) => ({
    id,
    root,
    how,
    outcome,
    occurredAt,
    mine: [who.recordedBy, who.walkedBy].includes(ctx.who.account),
    by: workers.get(doneBy(who)) ?? '—',
  })
  const householdOf = ({ household, kind }: Home) => {
    const { state = 'untouched' as const, channel = null, attempts = 0, lastId = null } = states.get(household) ?? {}
    const last = lastId ? lasts.get(lastId) : undefined
    return {
      id: household,
      kind,
      members: (people.get(household) ?? []).map(member),
      state,
      channel,
      attempts,
      last: last ? lastOf(last) : null,
    }
  }
  return {
    takenAt: instantOf(ctx.now),
    area,
    areaName: (await areaNames(ctx.tx, [area])).get(area) ?? area,
    campaign,
    form: (await formOf(ctx.tx, { community, openedAt: campaign?.openedAt ?? instantOf(ctx.now) })).value,
    notice: (await policy(ctx.tx, privacyNotice, community, instantOf(ctx.now))).value,
    households: households.length,
    covered: [...states.values()].filter((s) => s.state === 'covered').length,
    buildings: [...Map.groupBy(doors, (d) => d.buildingId)].map(([id, inBuilding]) => ({
      id,
      compound: inBuilding[0]!.compound,
      name: inBuilding[0]!.building,
      units: [...Map.groupBy(inBuilding, (d) => d.unitId)].map(([unit, inUnit]) => ({
        id: unit,
        name: inUnit[0]!.unit,
        doors: inUnit.map(({ dwelling, room, floor, use }) => ({
          dwelling,
          room,
          floor,
          use,
          households: (homesAt.get(dwelling) ?? []).map(householdOf),
        })),
      })),
    })),
  }
}

export const gridSetHandlers: readonly Handled[] = [answer(api.gridSet, ({ area }, ctx) => gridSet(ctx, area))]
