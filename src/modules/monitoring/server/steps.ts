// The fever path as it is asked and told: its lists, each step, and the certificate at its end.
import { sql } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import { dayOf, instantOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { fromCursor, pageFrom } from '#core/paging.ts'
import { requireOwn } from '#server/files/handling.ts'
import type { FileGuard, Named } from '#server/files/guards.ts'
import type { Ctx } from '#server/house.ts'
import { namesOf, placesOf } from '#server/names.ts'
import { isCommunity, reached, requireReach } from '#server/scope.ts'
import { ageOf } from '#modules/residents/model.ts'
import { getMember, householdLabels, personNames } from '#modules/residents/server.ts'
import * as api from '../api.ts'
import { can, say, underway, type Episode, type Step } from '../model.ts'
import { lockEpisode, move, nextNumber, type Told } from './episodes.ts'

// --- reading ------------------------------------------------------------------------------------------------------------

type Row = Episode & { firstValue: number | null; total?: number }
const firstValue = sql`(select c.value from monitoring_checks c where c.community = e.community and c.root = e.opened_by order by c.seq desc limit 1)`

async function described(ctx: Ctx, rows: readonly Row[]) {
  const names = await personNames(
    ctx.tx,
    rows.map((r) => r.person),
  )
  const labels = await householdLabels(
    ctx.tx,
    rows.flatMap((r) => r.household ?? []),
  )
  ctx.looked(rows.map((r) => r.person))
  return rows.map(({ total: _, ...row }) => ({
    ...row,
    name: names.get(row.person) ?? null,
    address: (row.household && labels.get(row.household)?.address) ?? null,
    late: row.dueAt !== null && row.dueAt < instantOf(ctx.now),
  }))
}

/** What is underway first, by its clock; then what is closed, the newest first. */
export async function listEpisodes(ctx: Ctx, { state, open, after, limit }: Parsed<typeof api.episodes>) {
  const last = fromCursor(after, 2)
  const key = sql`case when e.due_at is null then 4102444800 + 4102444800 - extract(epoch from e.opened_at) else extract(epoch from e.due_at) end`
  const { rows } = await sql<Row & { key: number }>`
    with found as (
      select e.id, e.community, e.person, e.household, e.grid, e.opened_by, e.opened_at, e.reasons, e.state, e.since, e.due_at, e.result,
        e.certificate_year, e.certificate_no, e.certificate, (${key})::float8 as key, ${firstValue}::float8 as first_value from monitoring_episodes e
      where ${isCommunity(ctx.area) ? sql`e.community = ${ctx.community}` : sql`true`} and ${reached(ctx, 'e.grid')}
        and ${state ? sql`e.state = ${state}` : sql`true`} and ${open ? sql`e.state = any(${[...underway]}::text[])` : sql`true`})
    select f.*, (select count(*)::int from found) as total from found f
    where ${last ? sql`(f.key, f.id) > (${last[0]}::float8, ${last[1]}::uuid)` : sql`true`} order by f.key, f.id limit ${limit + 1}`.execute(
    ctx.tx,
  )
  const { rows: page, ...ends } = pageFrom(rows, limit, rows[0]?.total ?? 0, (r) => [r.key, r.id])
  return {
    rows: (await described(ctx, page)).map(
      ({ key: _, ...row }: Awaited<ReturnType<typeof described>>[number] & { key?: number }) => row,
    ),
    ...ends,
  }
}

async function getEpisode(ctx: Ctx, id: Id): Promise<Row> {
  const {
    rows: [found],
  } = await sql<Row>`
    select e.*, ${firstValue}::float8 as first_value from monitoring_episodes e where e.community = ${ctx.community} and e.id = ${id}`.execute(
    ctx.tx,
  )
  if (!found) throw say.unknownEpisode()
  requireReach(ctx, found.grid)
  return found
}

export async function showEpisode(ctx: Ctx, id: Id): Promise<api.EpisodeShown> {
  const [shown] = await described(ctx, [await getEpisode(ctx, id)])
  const { rows } = await sql<Step & { value: number | null }>`
    select s.community, s.id, s.episode, s.at, s.by, s.verb, s.state, s.whom, s.said, s.document, s.evidence, s.check_id, s.late,
      (select c.value from monitoring_checks c where c.community = s.community and c.root = s.check_id order by c.seq desc limit 1)::float8 as value
    from monitoring_steps s where s.community = ${ctx.community} and s.episode = ${id} order by s.seq`.execute(ctx.tx)
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    rows.map((r) => r.by),
  )
  return { ...shown!, steps: rows.map((r) => ({ ...r, byName: names.get(r.by) ?? '—' })) }
}

// --- steps --------------------------------------------------------------------------------------------------------------

/** Takes one step of an episode within reach; answers how it stands then. */
async function take(
  ctx: Ctx,
  id: Id,
  verb: keyof typeof can,
  told: Told,
  more: Partial<Episode> = {},
): Promise<api.EpisodeShown> {
  const found = await lockEpisode(ctx, id)
  requireReach(ctx, found.grid)
  if (!can[verb](found)) throw say.wrongState()
  if (told.evidence) await requireOwn(ctx, 'monitoring', told.evidence)
  await move(ctx, found, verb, told, more)
  return showEpisode(ctx, id)
}

type In<C extends { input: { _zod: { output: unknown } } }> = C['input']['_zod']['output']

export const reportTo = (ctx: Ctx, { episode, whom, said }: In<typeof api.report>) => take(ctx, episode, 'report', { whom, said })

const ways = { ambulance: '救护车', official: '专用车', own: '自行前往' } as const
export const referTo = (ctx: Ctx, { episode, whom, transport, said }: In<typeof api.refer>) =>
  take(ctx, episode, 'refer', { whom, said: [ways[transport], said].filter(Boolean).join('；') })

export const handOverTo = (ctx: Ctx, { episode, whom, said, evidence }: In<typeof api.handOver>) =>
  take(ctx, episode, 'handOver', { whom, said, evidence })

/** A result needs the paper on which it stands, or the reason why there is none. */
export async function enterResult(ctx: Ctx, { episode, result, document, said, evidence, without }: In<typeof api.result>) {
  if (evidence.length === 0 && without === null) throw say.evidenceNeeded()
  return take(
    ctx,
    episode,
    'result',
    { document, said: [said, without && `无凭证：${without}`].filter(Boolean).join('；') || null, evidence },
    { result },
  )
}

/** The community does not diagnose: what the clinic found decides where this leads. */
export async function decideOn(ctx: Ctx, { episode, to, document, said }: In<typeof api.decide>) {
  const { result, state } = await getEpisode(ctx, episode)
  const sick = result === 'suspected' || result === 'confirmed'
  if (state === 'resulted' && sick !== (to === 'becomeCase')) throw say.resultSaysOtherwise()
  const number = state === 'resulted' && to !== 'becomeCase' ? await nextNumber(ctx) : {}
  return take(ctx, episode, to, { document, said }, number)
}

export const closeWithout = (ctx: Ctx, { episode, said }: In<typeof api.close>) => take(ctx, episode, 'close', { said })

// --- paper --------------------------------------------------------------------------------------------------------------

export async function printCertificate(ctx: Ctx, id: Id): Promise<api.Certificate> {
  const found = await showEpisode(ctx, id)
  if (!found.certificate) throw say.notCleared()
  const { member } = await getMember(ctx, found.person)
  const last = found.steps.findLast((s) => s.verb === 'clear' || s.verb === 'goBack')!
  const stepOf = (verb: Step['verb']) => found.steps.findLast((s) => s.verb === verb)
  return {
    number: found.certificate,
    name: member.name,
    sex: member.sex,
    age: ageOf(member.birthDate, dayOf(last.at)),
    address: found.address,
    openedAt: found.openedAt,
    firstValue: found.firstValue,
    clinic: stepOf('handOver')?.whom ?? stepOf('refer')?.whom ?? null,
    result: found.result,
    document: stepOf('result')?.document ?? null,
    issuedOn: dayOf(last.at),
    goesBack: found.state === 'backToObservation',
    communityName: (await placesOf(ctx.house, ctx.tx, [ctx.community])).get(ctx.community) ?? '',
    issuedBy: last.byName,
    person: found.person,
  }
}

// --- evidence -----------------------------------------------------------------------------------------------------------

async function named(ctx: Ctx, files: readonly Id[]): Promise<readonly Named[]> {
  const { rows } = await sql<Named & { persons: Id[] }>`
    select f.file, bool_or(${reached(ctx, 'e.grid')}) as open, array_agg(distinct e.person) as persons
    from unnest(${[...files]}::uuid[]) as f(file)
    join monitoring_steps s on s.community = ${ctx.community} and s.evidence @> array[f.file]
    join monitoring_episodes e on e.community = s.community and e.id = s.episode group by f.file`.execute(ctx.tx)
  return rows
}

/** Who may see a report of a clinic: whoever looks after the person's health here. */
export const evidenceGuard: FileGuard = {
  of: 'monitoring',
  keep: 'response',
  add: api.checkers,
  see: api.checkers,
  mask: 'text',
  papers: true,
  named,
}
