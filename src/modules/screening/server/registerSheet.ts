// L1 居民排查登记表: one line for every member of every household, with how and by whom the household was reached.
import { sql } from 'kysely'
import { z } from 'zod'
import type { Parsed } from '#core/contract.ts'
import { dayOf, sayMinute } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { choiceText, personal } from '#core/labels.ts'
import { inBatches } from '#server/exports/batches.ts'
import type { ExportPlan } from '#server/exports/exporting.ts'
import { standing } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { ageOf, Name, Relation, Sex } from '#modules/residents/model.ts'
import { membersIn, openField, peopleAt, phonesInCell, type Member } from '#modules/residents/server.ts'
import { Use } from '#modules/territory/model.ts'
import { dwellingAddresses, walkSql } from '#modules/territory/server.ts'
import type * as api from '../api.ts'
import { AttemptHow, Outcome, say, Transport, type Answers } from '../model.ts'
import { HouseholdState, type HouseholdState as State } from '../rules.ts'
import { areaOf, askedCampaign, communityOf, formOf, onlyCampaign } from './campaigns.ts'
import { attemptsByIds, doneBy } from './lists.ts'
import { column, planned } from './sheets.ts'
import { statesAt } from './standing.ts'

const keep = 'response'
const hidden = (mask: 'name' | 'phone' | 'document' | 'room' | 'text') => personal(z.string().nullable(), '', '', { mask, keep })
const Row = z.object({
  room: hidden('room'),
  head: hidden('name'),
  phone: hidden('phone'),
  name: Name.nullable(),
  document: hidden('document'),
  homePlace: hidden('text'),
  employer: hidden('text'),
  journey: hidden('text'),
  contact: hidden('text'),
  health: hidden('text'),
  note: hidden('text'),
})

/** Columns of the door-to-door form (domain: ledger L1). */
const columns = [
  column('compound', '小区'),
  column('building', '楼栋'),
  column('unit', '单元'),
  column('room', '房号'),
  column('use', '房屋性质'),
  column('head', '户主／承租人'),
  column('phone', '联系电话', { width: 14 }),
  column('people', '实住人数', { type: 'number' }),
  column('name', '姓名', { group: '成员' }),
  column('relation', '与户主关系', { group: '成员' }),
  column('sex', '性别', { group: '成员', width: 6 }),
  column('age', '年龄', { group: '成员', type: 'number' }),
  column('document', '身份证号', { group: '成员', width: 20 }),
  column('homePlace', '户籍地', { group: '成员' }),
  column('employer', '工作单位', { group: '成员' }),
  column('journey', '近14天外出史', { width: 20 }),
  column('contact', '重点地区接触史'),
  column('health', '健康状况'),
  column('how', '方式', { group: '排查' }),
  column('result', '结果', { group: '排查' }),
  column('by', '排查人', { group: '排查' }),
  column('at', '时间', { group: '排查', width: 14 }),
  column('note', '备注'),
]

type Line = {
  household: Id
  state: State
  compound: string | null
  building: string | null
  unit: string | null
  room: string | null
  use: Use | null
  /** The attempt that covered the household, or else the last. */
  attempt: Id | null
}
type SaidOf = { person: Id; well: boolean; symptoms: string[]; answers: Answers }
type Journey = { person: Id; category: string; origin: string | null; arrivedOn: string | null; transport: Transport | null }

/** Households in the order of a walk. */
const linesOf = (community: string, area: string, campaign: { community: string; id: Id }) => sql<Line>`
  select s.household, s.state, a.compound, a.building, a.unit, a.room, a.use, coalesce(s.covered_by, s.last_id) as attempt
  from ${statesAt({ community, area, campaigns: onlyCampaign(campaign) })} as s
  left join ${dwellingAddresses(community)} as a on a.dwelling = s.dwelling
  order by ${walkSql('a')}, s.household`

/** How many households there are, how many of them have nobody registered, and how many people live in all. */
async function sizeOf(ctx: Ctx, community: string, area: string, campaign: { community: string; id: Id }) {
  const {
    rows: [size],
  } = await sql<{ households: number; settled: number; persons: number }>`
    select count(distinct s.household)::int as households, count(distinct p.household)::int as settled, count(p.person)::int as persons
    from ${statesAt({ community, area, campaigns: onlyCampaign(campaign) })} as s
    left join ${peopleAt({ community })} as p on p.household = s.household`.execute(ctx.tx)
  return size!
}

/** The last that was said of each person in the campaign. */
const saidOf = async (ctx: Ctx, community: string, campaign: Id, persons: readonly Id[]): Promise<Map<Id, SaidOf>> =>
  new Map(
    (
      await sql<SaidOf>`
  select distinct on (e.person) e.person, e.well, e.symptoms, e.answers from screening_statements as e
  where e.community = ${community} and e.campaign = ${campaign} and e.person = any(${persons}::uuid[])
    and ${standing('screening_statements', 'e')}
  order by e.person, e.occurred_at desc, e.root desc`.execute(ctx.tx)
    ).rows.map((s) => [s.person, s]),
  )

const journeysOf = async (ctx: Ctx, community: string, persons: readonly Id[]): Promise<Map<Id, Journey>> =>
  new Map(
    (
      await sql<Journey>`
  select distinct on (e.person) e.person, e.category, e.origin, e.arrived_on, e.transport from screening_key_persons as e
  where e.community = ${community} and e.person = any(${persons}::uuid[]) and ${standing('screening_key_persons', 'e')}
  order by e.person, e.occurred_at desc, e.root desc`.execute(ctx.tx)
    ).rows.map((k) => [k.person, k]),
  )

const words = (schema: z.ZodType, value: string | null): string | null => (value === null ? null : choiceText(schema, value).zh)

export async function registerSheet(ctx: Ctx, asked: Parsed<typeof api.exportHouseholds>): Promise<ExportPlan> {
  const community = communityOf(ctx, asked.community)
  const area = areaOf(ctx, community, asked.area)
  const campaign = await askedCampaign(ctx, community, asked.campaign, area)
  if (!campaign) throw say.unknownCampaign()
  const { households, settled, persons } = await sizeOf(ctx, community, area, campaign)
  const symptomWords = (await formOf(ctx.tx, campaign)).value.flatMap((q) =>
    q.symptomSet ? Object.entries(q.choices ?? {}) : [],
  )
  const symptoms = new Map(symptomWords.map(([code, pair]) => [code, pair.zh]))
  const batches = async function* () {
    for await (const lines of inBatches(ctx.tx, linesOf(community, area, campaign)))
      yield described(ctx, community, campaign.id, symptoms, lines)
  }
  return planned(ctx, {
    title: '居民排查登记表',
    community,
    area,
    columns,
    row: Row,
    batches,
    persons,
    rows: persons + households - settled,
    notes: [
      `本表为“${campaign.title}”，共 ${households} 户。方式和结果取首次联系上的一次；尚未联系上的取最近一次。张贴提示不算联系上。`,
      '空白表示没有询问或没有说明，不表示无。',
    ],
  })
}

/** The lines of some households, one for each member. */
async function described(
  ctx: Ctx,
  community: string,
  campaign: Id,
  symptoms: ReadonlyMap<string, string>,
  lines: readonly Line[],
) {
  const members = Map.groupBy(
    await membersIn(
      ctx,
      lines.map((l) => l.household),
    ),
    (m) => m.household!,
  )
  const persons = [...members.values()].flat().map((m) => m.root)
  const said = await saidOf(ctx, community, campaign, persons)
  const journeys = await journeysOf(ctx, community, persons)
  const attempts = await attemptsByIds(
    ctx,
    community,
    lines.flatMap((l) => l.attempt ?? []),
  )
  const workers = await namesOf(ctx.house, ctx.tx, [...attempts.values()].map(doneBy))
  const today = dayOf(ctx.now)

  const householdPart = ({ compound, building, unit, room, use, state, attempt: id }: Line, mine: readonly Member[]) => {
    const attempt = id ? attempts.get(id) : undefined
    return {
      compound,
      building,
      unit,
      room,
      use: words(Use, use),
      head: mine[0]?.name ?? null,
      phone: firstPhone(ctx, mine),
      people: mine.length,
      how: attempt ? words(AttemptHow, attempt.how) : null,
      result: attempt ? words(Outcome, attempt.outcome) : words(HouseholdState, state),
      by: attempt ? (workers.get(doneBy(attempt)) ?? '—') : null,
      at: attempt ? sayMinute(attempt.occurredAt, 'zh') : null,
      note: attempt?.note ?? null,
    }
  }
  const memberPart = (m: Member) => {
    const journey = journeys.get(m.root)
    const state = said.get(m.root)
    const contact = state?.answers['contact']
    return {
      name: m.name,
      relation: words(Relation, m.relation),
      sex: words(Sex, m.sex),
      age: ageOf(m.birthDate, today),
      document: openField.document(ctx, m),
      homePlace: m.homePlace,
      employer: m.employer,
      journey: journey
        ? [journey.origin, journey.arrivedOn, words(Transport, journey.transport)].filter(Boolean).join(' ') || null
        : null,
      contact: journey?.category === 'contact' || contact === true ? '有' : contact === false ? '无' : null,
      // Nothing was said of whoever was not named: that is a blank, not "well".
      health: state ? (state.well ? '正常' : state.symptoms.map((code) => symptoms.get(code) ?? code).join('、')) : null,
    }
  }
  const rows = lines.flatMap((line): Record<string, unknown>[] => {
    const mine = members.get(line.household) ?? []
    const part = householdPart(line, mine)
    return mine.length ? mine.map((m) => ({ ...part, ...memberPart(m) })) : [{ ...part, ...nobody }]
  })
  return { rows, persons }
}

const nobody = {
  name: null,
  relation: null,
  sex: null,
  age: null,
  document: null,
  homePlace: null,
  employer: null,
  journey: null,
  contact: null,
  health: null,
}

const firstPhone = (ctx: Ctx, members: readonly Member[]): string | null => {
  const reachable = members.find((m) => m.phoneCipher)
  return reachable ? phonesInCell(ctx, reachable) : null
}
