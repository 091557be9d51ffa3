// Recording one check: what it says under the rules of that instant, the slot that it closes, the doubt that it raises or settles, the fever path.
import { addDays, dayOf, instantOf, msOf, type Instant } from '#core/dates.ts'
import type { PolicyKey } from '#core/policy.ts'
import type { Id } from '#core/ids.ts'
import { factColumns, standing } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { closeSlot } from '#modules/duties/server.ts'
import { policy } from '#modules/policy/server.ts'
import { getMember } from '#modules/residents/server.ts'
import type { CheckEntry } from '../api.ts'
import { dutyOf } from '../duties.ts'
import { doubtsAround, judge, pathSymptoms } from '../judging.ts'
import { byStaff, say, seen, type Check, type CheckHow, type Doubt } from '../model.ts'
import { doubts, feverAt, kinds, sites, symptoms, type Kind } from '../rules.ts'
import { followUp } from './episodes.ts'
import { openFlagOf, raise, settleWith, settledSince } from './flags.ts'
import { getCheck, openEpisodes, type CheckAt } from './reading.ts'
import { of } from './tables.ts'

/** What a form says, with the time at which it happened. */
export type Said = Omit<CheckEntry, 'person'>

/** The rules of checks as they were in force at an instant. */
export async function rulesAt(ctx: Ctx, at: Instant) {
  const asked = async <T>(key: PolicyKey<T>): Promise<T> => (await policy(ctx.tx, key, ctx.community, at)).value
  return {
    kinds: await asked(kinds),
    symptoms: await asked(symptoms),
    feverAt: await asked(feverAt),
    sites: await asked(sites),
    doubts: await asked(doubts),
  }
}
type RulesAt = Awaited<ReturnType<typeof rulesAt>>

/**
 * Records a check of a person of this community. Others call it for entries of their own (a resident's page with `how: 'self'`):
 * whoever may reach the person is judged here by the caller's area. Throws `residents.unknownPerson` and what is wrong with the entry.
 */
export async function recordCheck(ctx: Ctx, { person, ...said }: CheckEntry, id: Id = ctx.id): Promise<CheckAt> {
  const { member, label } = await getMember(ctx, person)
  const place = { person: member.root, household: member.household, grid: label?.grid ?? null }
  const row = await columnsOf(ctx, place, said, ctx.timing.occurredAt)
  await of(ctx.tx)
    .insertInto('monitoringChecks')
    .values({ ...factColumns(ctx, said.how, id), ...row })
    .execute()
  const check = await getCheck(ctx, id)
  await closeWith(ctx, check)
  await follow(ctx, check)
  await ctx.touched('monitoring')
  return getCheck(ctx, id)
}

type Place = Pick<Check, 'person' | 'household' | 'grid'>

/** The columns of a check beside those of every fact. `root`: of the chain that it mends, which is no neighbour of itself. */
export async function columnsOf(ctx: Ctx, place: Place, said: Said, at: Instant, root?: Id) {
  const rules = await rulesAt(ctx, at)
  const kind = rules.kinds.find(({ key }) => key === said.kind)
  if (!kind) throw say.unknownKind()
  requireWhole(kind, said)
  const told = said.sameAs ? await repeated(ctx, place.person, said.sameAs, at) : said.symptoms
  if (told?.some((one) => !rules.symptoms.some(({ key }) => key === one))) throw say.unknownSymptom()
  const judged = judge(rules, said)
  const flags = [...judged.flags, ...(await doubtsBeside(ctx, rules, { ...said, person: place.person, root }, at))]
  return {
    ...place,
    kind: kind.key,
    value: said.value,
    unit: kind.unit?.zh ?? null,
    result: said.result,
    measuredHow: kind.key === 'temperature' ? said.measuredHow : null,
    symptoms: kind.symptoms && told ? JSON.stringify([...new Set(told)]) : null,
    threshold: judged.threshold,
    fever: judged.fever,
    flags,
    sameAs: said.sameAs,
    verifier: seen(said.how) ? ctx.who.account : null,
    proxyName: said.proxyName,
    medication: said.medication,
    need: said.need,
    note: said.note,
  }
}

function requireWhole(kind: Kind, { value, result }: Said): void {
  if (kind.measured !== (value !== null)) throw say.measured()
  if (kind.key === 'temperature' && (value! < 20 || value! > 50)) throw say.measured()
  if (kind.results.length > 0 ? !kind.results.some(({ key }) => key === result) : result !== null) throw say.resultNeeded()
}

/** The symptoms of the check that is repeated: of the same person, of the last day, and itself told rather than repeated out of nothing. */
async function repeated(ctx: Ctx, person: Id, id: Id, at: Instant): Promise<string[]> {
  const [row] = await of(ctx.tx)
    .selectFrom('monitoringChecks')
    .select(['symptoms', 'occurredAt'])
    .where('community', '=', ctx.community)
    .where('root', '=', id)
    .where('person', '=', person)
    .where(standing('monitoring_checks', 'monitoring_checks'))
    .execute()
  if (!row?.symptoms || row.occurredAt > at || dayOf(row.occurredAt) < addDays(dayOf(at), -1)) throw say.nothingToRepeat()
  return row.symptoms
}

/** Doubts that the checks around it raise. While staff are asked to measure again, a second check soon after the first is what was asked for. */
async function doubtsBeside(
  ctx: Ctx,
  { doubts: rules }: RulesAt,
  { person, root, kind, value }: Pick<Said, 'kind' | 'value'> & { person: Id; root: Id | undefined },
  at: Instant,
): Promise<Doubt[]> {
  if (kind !== 'temperature' || (await openFlagOf(ctx, person)) || (await openEpisodes(ctx.tx, [person])).size > 0) return []
  const since = await settledSince(ctx, person)
  let around = of(ctx.tx)
    .selectFrom('monitoringChecks')
    .select(['occurredAt', 'value'])
    .where('community', '=', ctx.community)
    .where('person', '=', person)
    .where('kind', '=', kind)
    .where('occurredAt', '<', instantOf(msOf(at) + rules.minutesApart * 60_000))
    .where(standing('monitoring_checks', 'monitoring_checks'))
  if (root) around = around.where('root', '<>', root)
  if (since) around = around.where('occurredAt', '>', since)
  const rows = await around
    .orderBy('occurredAt', 'desc')
    .limit(Math.max(rules.streak, 4) + 4)
    .execute()
  return doubtsAround(
    rules,
    msOf(at),
    value,
    rows.map((r) => ({ at: msOf(r.occurredAt), value: r.value })),
  )
}

/** Closes the slot of its kind, and that of the symptoms where they were asked for. A value that cannot be is no check done. */
export async function closeWith(ctx: Ctx, { root, person, kind, symptoms: told, occurredAt, how, flags }: Check): Promise<void> {
  if (flags.includes('impossible')) return
  const done = { subject: person, at: occurredAt, record: root, how }
  if (told && kind !== 'symptoms') await closeSlot(ctx, { ...done, kind: dutyOf('symptoms'), recordKind: 'monitoring.symptoms' })
  await closeSlot(ctx, { ...done, kind: dutyOf(kind), recordKind: 'monitoring.check' })
}

/** What a check brings about beside its slot. It changes nobody's status: it asks somebody to look. */
export async function follow(ctx: Ctx, check: CheckAt): Promise<void> {
  const rules = await rulesAt(ctx, check.occurredAt)
  const open = await openFlagOf(ctx, check.person)
  if (open && byStaff(check.how as CheckHow)) await settleWith(ctx, open, check)
  if (check.flags.length > 0) await raise(ctx, check, rules.doubts)
  await followUp(ctx, check, pathSymptoms(rules.symptoms, check.symptoms))
}
