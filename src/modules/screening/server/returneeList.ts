// A register of returnees against what is known: each row becomes a key person; who is new joins the household at the address, if it is one.
import { sql } from 'kysely'
import { dayOf } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { text } from '#core/text.ts'
import { insertMany } from '#server/database/many.ts'
import { factColumns, standing } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import type { Plan, Sent, Verdict } from '#server/imports/plan.ts'
import { policy } from '#modules/policy/server.ts'
import { addPerson, compoundNames, inCell, joinHousehold, knownPeople, readAddress } from '#modules/residents/server.ts'
import type { ReturneeRow } from '../returneeList.ts'
import { riskOf, screeningForm, sourceRisk } from '../rules.ts'
import { findCampaign } from './campaigns.ts'
import { readsReturnees } from './returneeWords.ts'

const says = {
  joined: text('按住址归入该户，与户主关系请核实', 'Joined to the household at this address; check the relation to the head'),
  several: text(
    '这个住址有几户，没有归入哪一户，请核实后办理成员变动',
    'Several households live at this address; the person was joined to none. Check and move the person',
  ),
  nobody: text(
    '没有找到住址对应的住户，登记为未入户人员，请核实',
    'No household was found at this address; the person is recorded without one. Please check',
  ),
}

export const readsReturneeLists = readsReturnees(async (ctx) => ({
  form: (await policy(ctx.tx, screeningForm, ctx.community, ctx.timing.recordedAt)).value,
  today: dayOf(ctx.now),
}))

type Adding = { row: ReturneeRow; person: Id; isNew: boolean; household: Id | null }

/** Judges a register of returnees; see `Planner`. The same person who came from the same place on the same day is known already. */
export async function planReturnees(ctx: Ctx, rows: readonly Sent<ReturneeRow>[]): Promise<Plan> {
  const register = await knownPeople(ctx)
  const compounds = await compoundNames(ctx)
  const there = await journeysThere(ctx)
  const adding: Adding[] = []
  const verdicts = rows.map(({ row, entry }): Verdict => {
    const { compound, building, unit = null, room } = readAddress(entry.address ?? '', { compounds })
    const home = compound && building && room ? register.home({ compound, building, unit, room }) : undefined
    const found = register.find({ ...entry, dwelling: home?.dwelling })
    if (found && 'fault' in found) return { outcome: 'refused', reasons: [inCell(row, undefined, found.fault)] }
    const only = home?.households.length === 1 ? home.households[0]! : null
    const person = found?.person ?? newId()
    const journey = journeyOf({ person, ...entry })
    if (there.has(journey)) return { outcome: 'unchanged' }
    there.add(journey)
    adding.push({ row: entry, person, isNew: !found, household: found ? found.household : only })
    if (found) return { outcome: 'new' }
    register.learn({
      person,
      record: person,
      name: entry.name,
      document: register.documentOf(entry.idNumber),
      phone: register.phoneOf(entry.phone),
      birthDate: entry.birthDate ?? null,
      employer: null,
      household: only,
      dwelling: home?.dwelling ?? null,
    })
    return {
      outcome: 'new',
      remarks: [inCell(row, undefined, only ? says.joined : home && home.households.length > 1 ? says.several : says.nobody)],
    }
  })
  return { verdicts, write: (tell) => write(ctx, adding, tell) }
}

const journeyOf = (k: { person: Id; category: string; origin: string | null; arrivedOn: string | null }): string =>
  [k.person, k.category, k.origin ?? '', k.arrivedOn ?? ''].join('\n')

async function journeysThere(ctx: Ctx): Promise<Set<string>> {
  const { rows } = await sql<{ person: Id; category: string; origin: string | null; arrivedOn: string | null }>`
    select e.person, e.category, e.origin, e.arrived_on from screening_key_persons as e
    where e.community = ${ctx.community} and ${standing('screening_key_persons', 'e')}`.execute(ctx.tx)
  return new Set(rows.map(journeyOf))
}

/** After so many persons the page hears how far it is. */
const portion = 100

async function write(ctx: Ctx, adding: readonly Adding[], tell: (done: number) => Promise<void>): Promise<void> {
  const campaign = await findCampaign(ctx.tx, ctx.community, ctx.community)
  const { value: risks, versions } = await policy(ctx.tx, sourceRisk, ctx.community, ctx.timing.occurredAt)
  for (const [
    i,
    {
      row: { address: _, symptoms: __, ...row },
      person,
      isNew,
      household,
    },
  ] of adding.entries()) {
    if (isNew) {
      await addPerson(ctx, row, 'import', person)
      if (household) await joinHousehold(ctx, person, household, 'other')
    }
    if (i % portion === portion - 1) await tell(i + 1)
  }
  await insertMany(
    ctx.tx,
    'screening_key_persons',
    adding.map(({ row, person, household }) => ({
      ...factColumns(ctx, 'import', newId()),
      campaign: campaign?.state === 'open' ? campaign.id : null,
      attempt: null,
      household,
      person,
      category: row.category,
      arrival: row.arrival,
      originCode: row.originCode ?? null,
      origin: row.origin,
      leftOn: row.leftOn ?? null,
      arrivedOn: row.arrivedOn,
      transport: row.transport ?? null,
      vehicleNo: row.vehicleNo ?? null,
      travelReason: row.travelReason ?? null,
      symptoms: row.symptoms ?? [],
      note: row.note ?? null,
      sourceRisk: riskOf(risks, row.originCode ?? null),
      policyVersions: row.originCode ? versions : [],
    })),
  )
}
