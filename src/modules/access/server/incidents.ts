// What a passage brings about that somebody must look at; raised once, told to the community, closed in words.
import { sql } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import { addDays, dayOf, instantAt, instantOf, msOf, sayTime, type Instant } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { fromCursor, pageFrom } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { standing } from '#server/facts.ts'
import { after, type Ctx, type Listener } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { notify } from '#modules/identity/news.ts'
import { feverAt } from '#modules/monitoring/rules.ts'
import { policy } from '#modules/policy/server.ts'
import type * as api from '../gateApi.ts'
import { canIncident, IncidentKind, sayGate as say, type Incident } from '../gates.ts'
import { passages, type Passage } from '../passages.ts'
import { exits, minutesLate, quotaAt, ruleFor, type ExitRule } from '../rules.ts'
import { exitsOf } from './knowing.ts'
import { getGate } from './gates.ts'
import { of } from './tables.ts'

type Raised = Pick<Incident, 'kind' | 'gate' | 'gateName' | 'passage' | 'household' | 'room' | 'said' | 'happenedAt'>

/** Raises an incident and tells the community; a passage raises each kind once. */
async function raiseOne(ctx: Ctx, raised: Raised, id: Id = newId()): Promise<void> {
  const made = await of(ctx.tx)
    .insertInto('accessIncidents')
    .values({
      ...raised,
      community: ctx.community,
      id,
      state: 'open',
      raisedAt: instantOf(ctx.now),
      raisedBy: ctx.who.account,
      closedAt: null,
      closedBy: null,
      closedSaid: null,
    })
    .onConflict((on) => on.columns(['community', 'passage', 'kind']).doNothing())
    .returning('id')
    .execute()
  if (made.length === 0) return
  const kind = choiceText(IncidentKind, raised.kind)
  const [where, when] = [raised.gateName ?? '', sayTime(raised.happenedAt)]
  await notify(ctx, {
    topic: raised.kind === 'emergency' || raised.kind === 'rushed' ? 'escalated' : 'waiting',
    to: { roles: ['communitySecretary', 'communityStaff'], area: ctx.community },
    path: '/gate',
    title: text(`门岗：${kind.zh} ${where} ${when}`, `Gate: ${kind.en} ${where} ${when}`),
  })
  await ctx.touched('access')
}

const about = ({ id, gate, gateName, household, room, occurredAt }: Passage) => ({
  gate,
  gateName,
  passage: id,
  household,
  room,
  happenedAt: occurredAt,
  said: null,
})

/** A fever that a second measurement did not confirm is none. */
export const isAbnormal = ({ temperature, recheck }: Pick<Passage, 'temperature' | 'recheck'>, from: number): boolean =>
  (recheck ?? temperature ?? 0) >= from

async function followUp(ctx: Ctx, row: Passage): Promise<void> {
  const from = (await policy(ctx.tx, feverAt, ctx.community, row.occurredAt)).value
  if (row.outcome === 'emergency') await raiseOne(ctx, { ...about(row), kind: 'emergency' })
  if (isAbnormal(row, from)) await raiseOne(ctx, { ...about(row), kind: 'temperature' })
  if (row.objects) await raiseOne(ctx, { ...about(row), kind: 'objection' })
  if (row.household && row.outcome === 'passed') await count(ctx, row, row.household)
}

/** Too long outside is seen on the way in; a quota that was let out twice is seen whenever the second exit arrives, late or not. */
async function count(ctx: Ctx, row: Passage, household: Id): Promise<void> {
  const rule = await ruleOf(ctx, row)
  if (!rule) return
  const counts = (out: { pass: string | null }) => rule.counts === 'household' || out.pass === row.pass
  const outs = ((await exitsOf(ctx, [household])).get(household) ?? []).filter(counts).map(({ at }) => at)
  if (row.direction === 'in') {
    const out = outs.filter((at) => at < row.occurredAt).at(-1)
    if (out && dayOf(out) >= addDays(dayOf(row.occurredAt), -2) && !(await cameIn(ctx, household, out, row)))
      if (minutesLate(rule, out, row.occurredAt) > 0) await raiseOne(ctx, { ...about(row), kind: 'tooLong' })
    return
  }
  if (overQuota(rule, outs, row.occurredAt)) await raiseOne(ctx, { ...about(row), kind: 'twice' })
}

/** Whether the period of this exit holds more of them than the rule allows; one that arrives late may stand before another. */
function overQuota(rule: ExitRule, outs: readonly Instant[], of: Instant): boolean {
  if (typeof rule.times !== 'number') return false
  const [times, last] = [rule.times, addDays(dayOf(of), rule.period - 1)]
  return outs.some((at) => at >= of && dayOf(at) <= last && quotaAt(rule, outs, at).used > times)
}

async function ruleOf(ctx: Ctx, { pass, occurredAt }: Passage): Promise<ExitRule | undefined> {
  const [known] = pass
    ? await of(ctx.tx)
        .selectFrom('accessPasses')
        .select('kind')
        .where('community', '=', ctx.community)
        .where('pass', '=', pass)
        .execute()
    : []
  return ruleFor((await policy(ctx.tx, exits, ctx.community, occurredAt)).value, known?.kind ?? 'household')
}

/** Whether somebody of the household came in between. */
async function cameIn(ctx: Ctx, household: Id, since: Instant, { id, occurredAt }: Passage): Promise<boolean> {
  const { rows } = await sql`
    select 1 from access_passages e where e.community = ${ctx.community} and e.household = ${household} and e.direction = 'in'
      and e.occurred_at > ${since}::timestamptz and e.occurred_at < ${occurredAt}::timestamptz and e.id <> ${id}
      and ${standing('access_passages', 'e')} limit 1`.execute(ctx.tx)
  return rows.length > 0
}

export const passageListeners: readonly Listener[] = [
  after(passages.contracts.record, (row, _, ctx) => followUp(ctx, row as Passage)),
  after(passages.contracts.correct, (row, _, ctx) => followUp(ctx, row as Passage)),
]

// --- by hand ------------------------------------------------------------------------------------------------------------

export async function raiseByHand(ctx: Ctx, { gate, kind, said }: Parsed<typeof api.raise>) {
  const gateName = gate ? (await getGate(ctx, gate)).name : null
  const happenedAt = ctx.timing.occurredAt
  await raiseOne(ctx, { kind, gate, gateName, said, happenedAt, passage: null, household: null, room: null }, ctx.id)
  return { id: ctx.id }
}

async function getIncident(ctx: Ctx, id: Id): Promise<Incident> {
  const [found] = await of(ctx.tx)
    .selectFrom('accessIncidents')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('id', '=', id)
    .execute()
  if (!found) throw say.unknownIncident()
  return found
}

async function shown(ctx: Ctx, rows: readonly Incident[]) {
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    rows.flatMap((r) => r.closedBy ?? []),
  )
  return rows.map((row) => ({ ...row, closedByName: row.closedBy ? (names.get(row.closedBy) ?? '—') : null }))
}
export const showIncident = async (ctx: Ctx, id: Id) => (await shown(ctx, [await getIncident(ctx, id)]))[0]!

export async function closeIncident(ctx: Ctx, { incident, said }: Parsed<typeof api.closeIncident>) {
  if (!canIncident.close(await getIncident(ctx, incident))) throw say.incidentClosed()
  await of(ctx.tx)
    .updateTable('accessIncidents')
    .set({ state: 'closed', closedAt: instantOf(ctx.now), closedBy: ctx.who.account, closedSaid: said })
    .where('community', '=', ctx.community)
    .where('id', '=', incident)
    .where('state', '=', 'open')
    .execute()
  return showIncident(ctx, incident)
}

export async function listIncidents(ctx: Ctx, { kind, state, after: from, limit }: Parsed<typeof api.incidents>) {
  let asked = of(ctx.tx).selectFrom('accessIncidents').where('community', '=', ctx.community)
  if (kind) asked = asked.where('kind', '=', kind)
  if (state) asked = asked.where('state', '=', state)
  const { n } = await asked.select(({ fn }) => fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
  const key = fromCursor(from, 2)
  const page = key ? asked.where(sql<boolean>`(happened_at, id) < (${key[0]}::timestamptz, ${key[1]}::uuid)`) : asked
  const rows = await page
    .selectAll()
    .orderBy('happenedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const found = pageFrom(rows, limit, Number(n), (r) => [r.happenedAt, r.id])
  return { ...found, rows: await shown(ctx, found.rows) }
}

// --- counts -------------------------------------------------------------------------------------------------------------

type Hour = {
  gate: Id | null
  gateName: string | null
  hour: number
  in: number
  out: number
  people: number
  vehicles: number
  refused: number
  emergencies: number
  abnormal: number
  scans: number
}

/** Passages of a day by entrance and hour; a refusal is a refusal, it is neither in nor out. */
export async function hourlyOf(ctx: Ctx, { day = dayOf(ctx.now), gate }: Parsed<typeof api.hourly>) {
  const from = (await policy(ctx.tx, feverAt, ctx.community, instantOf(Math.min(ctx.now, msOf(instantAt(addDays(day, 1)))))))
    .value
  const { rows } = await sql<Hour>`
    select e.gate, max(e.gate_name) as gate_name, extract(hour from e.occurred_at at time zone 'Asia/Shanghai')::int as hour,
      (count(*) filter (where e.direction = 'in' and e.outcome <> 'refused'))::int as "in",
      (count(*) filter (where e.direction = 'out' and e.outcome <> 'refused'))::int as "out",
      (coalesce(sum(1 + coalesce(e.accompanying, 0)) filter (where e.outcome <> 'refused'), 0))::int as people,
      (count(*) filter (where e.travel in ('car', 'truck', 'other') or e.plate is not null))::int as vehicles,
      (count(*) filter (where e.outcome = 'refused'))::int as refused,
      (count(*) filter (where e.outcome = 'emergency'))::int as emergencies,
      (count(*) filter (where coalesce(e.recheck, e.temperature) >= ${from}))::int as abnormal,
      count(e.pass)::int as scans
    from access_passages e
    where e.community = ${ctx.community} and e.counted_on = ${day}::date and ${standing('access_passages', 'e')}
      and ${gate ? sql`e.gate = ${gate}` : sql`true`}
    group by e.gate, 3 order by 3, 2`.execute(ctx.tx)
  return { day, rows }
}
