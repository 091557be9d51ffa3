// The fever path: it opens itself beside a check, asks for a second measurement first, and then goes from step to step, each with an owner and a clock.
import { sql } from 'kysely'
import { dayOf, instantOf, msOf, sayTime, type Instant } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import type { Ctx } from '#server/house.ts'
import { notify } from '#modules/identity/news.ts'
import { closeSlot, endDuties, startDuty } from '#modules/duties/server.ts'
import { policy } from '#modules/policy/server.ts'
import { feverKind, recheckKind } from '../duties.ts'
import {
  byStaff,
  can,
  say,
  seen,
  underway,
  type Check,
  type CheckHow,
  type Episode,
  type EpisodeState,
  type Reason,
  type Step,
  type StepVerb,
} from '../model.ts'
import { feverPath, type FeverPath } from '../rules.ts'
import { of } from './tables.ts'

export const rulesOfPath = async (ctx: Ctx): Promise<FeverPath> =>
  (await policy(ctx.tx, feverPath, ctx.community, instantOf(ctx.now))).value

/** Which clock runs while an episode stands there. */
const clockOf: Record<(typeof underway)[number], Exclude<keyof FeverPath, 'numberPattern'>> = {
  recheck: 'recheck',
  confirmed: 'report',
  reported: 'refer',
  referred: 'handOver',
  handedOver: 'result',
  resulted: 'decide',
}
const isUnderway = (state: EpisodeState): state is (typeof underway)[number] => (underway as readonly string[]).includes(state)

const episodes = (ctx: Ctx) => of(ctx.tx).selectFrom('monitoringEpisodes').selectAll().where('community', '=', ctx.community)

/** An episode by its id, locked for its next step. Throws `monitoring.unknownEpisode`. */
export async function lockEpisode(ctx: Ctx, id: Id): Promise<Episode> {
  const found = await episodes(ctx).where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
  if (!found) throw say.unknownEpisode()
  return found
}

const openOf = (ctx: Ctx, person: Id): Promise<Episode | undefined> =>
  episodes(ctx)
    .where('person', '=', person)
    .where('state', 'in', [...underway])
    .forNoKeyUpdate()
    .executeTakeFirst()

/** What a check means for the fever path: it opens one, answers the second measurement that one waits for, or nothing. */
export async function followUp(ctx: Ctx, check: Check, path: readonly string[]): Promise<void> {
  const reasons: Reason[] = [...(check.fever ? ['fever' as const] : []), ...(path.length > 0 ? ['symptoms' as const] : [])]
  const open = await openOf(ctx, check.person)
  if (!open) {
    if (reasons.length > 0) await begin(ctx, check, reasons)
    return
  }
  if (open.state !== 'recheck' || check.occurredAt <= open.openedAt || !byStaff(check.how as CheckHow)) return
  if (reasons.length > 0) await move(ctx, open, 'confirm', { checkId: check.root })
  else if (isWell(check)) await move(ctx, open, 'close', { checkId: check.root, said: '复测正常' })
}

/** Below the threshold, seen by staff, symptoms asked for, and nothing taken that lowers fever. Anything less leaves the step open. */
const isWell = ({ kind, value, how, symptoms, medication, flags }: Check): boolean =>
  kind === 'temperature' &&
  value !== null &&
  seen(how as CheckHow) &&
  symptoms !== null &&
  medication === null &&
  flags.length === 0

async function begin(ctx: Ctx, { root, person, household, grid, occurredAt }: Check, reasons: Reason[]): Promise<void> {
  const id = newId()
  const episode: Episode = {
    community: ctx.community,
    id,
    person,
    household,
    grid,
    openedBy: root,
    openedAt: occurredAt,
    reasons,
    state: 'recheck',
    since: instantOf(ctx.now),
    dueAt: await dueOf(ctx, 'recheck'),
    result: null,
    certificateYear: null,
    certificateNo: null,
    certificate: null,
  }
  await of(ctx.tx).insertInto('monitoringEpisodes').values(episode).execute()
  await log(ctx, episode, 'open', { checkId: root })
  await askFor(ctx, episode)
  await tell(ctx, episode)
}

async function dueOf(ctx: Ctx, state: EpisodeState): Promise<Instant | null> {
  return isUnderway(state) ? instantOf(ctx.now + (await rulesOfPath(ctx))[clockOf[state]] * 60_000) : null
}

const kindOf = (state: EpisodeState): string => (state === 'recheck' ? recheckKind : feverKind)

/** The step as a duty: its window ends when its time is up, and comes again each day until it is done. */
async function askFor(ctx: Ctx, { id, person, state, dueAt }: Episode): Promise<void> {
  if (!dueAt) return
  const day = dayOf(dueAt)
  const due = sayTime(dueAt)
  const today = dayOf(ctx.now)
  const now = sayTime(instantOf(ctx.now))
  await startDuty(ctx, {
    kind: kindOf(state),
    subjectKind: 'person',
    subject: person,
    source: 'monitoring.episode',
    sourceId: id,
    startsOn: day,
    cadence: {
      slots: [{ key: state, opens: day === today && now < due ? now : '00:00', due: due === '00:00' ? '00:01' : due }],
      every: { days: 1 },
      anchor: day,
    },
  })
}

const titles: Partial<Record<EpisodeState, readonly [string, string]>> = {
  recheck: ['有人体温或症状异常，请尽快复测', 'Somebody has fever or symptoms: measure again soon'],
  confirmed: ['复测仍异常，请报告并安排就诊', 'Measured again and still so: report it and see to a clinic'],
  resulted: ['发热门诊结果已到，请处理', 'The clinic’s result is there: act on it'],
}

async function tell(ctx: Ctx, { state, grid, reasons: _ }: Episode): Promise<void> {
  const words = titles[state]
  if (!words) return
  const news = { topic: 'waiting', title: { zh: words[0], en: words[1] }, path: '/monitoring?tab=episodes' } as const
  await notify(ctx, { ...news, to: { roles: ['medic', 'communityStaff', 'communitySecretary'], area: ctx.community } })
  if (state === 'recheck' && grid) await notify(ctx, { ...news, to: { roles: ['gridWorker', 'gridLeader'], area: grid } })
}

export type Told = Partial<Pick<Step, 'whom' | 'said' | 'document' | 'evidence' | 'checkId'>>

async function log(
  ctx: Ctx,
  { id, state }: Pick<Episode, 'id' | 'state'>,
  verb: StepVerb,
  told: Told,
  late = false,
  step: Id = newId(),
): Promise<void> {
  await of(ctx.tx)
    .insertInto('monitoringSteps')
    .values({
      community: ctx.community,
      id: step,
      episode: id,
      at: instantOf(ctx.now),
      by: ctx.who.account,
      verb,
      state,
      whom: null,
      said: null,
      document: null,
      evidence: [],
      checkId: null,
      ...told,
      late,
    })
    .execute()
}

/** Takes a step: what was asked for ends, what comes next is asked for. Throws where the step is not due. */
export async function move(
  ctx: Ctx,
  episode: Episode,
  verb: keyof typeof can,
  told: Told,
  more: Partial<Episode> = {},
): Promise<void> {
  if (!can[verb](episode)) throw say.wrongState()
  const state = can[verb].to
  const late = episode.dueAt !== null && ctx.now > msOf(episode.dueAt)
  const next: Episode = { ...episode, ...more, state, since: instantOf(ctx.now), dueAt: await dueOf(ctx, state) }
  await of(ctx.tx)
    .updateTable('monitoringEpisodes')
    .set({ ...more, state, since: next.since, dueAt: next.dueAt })
    .where('community', '=', ctx.community)
    .where('id', '=', episode.id)
    .execute()
  const step = newId()
  await log(ctx, next, verb, told, late, step)
  await closeSlot(ctx, {
    kind: kindOf(episode.state),
    subject: episode.person,
    at: instantOf(ctx.now),
    record: step,
    recordKind: 'monitoring.step',
    how: 'desk',
  })
  await endDuties(ctx, episode.id, '这一步已办')
  await askFor(ctx, next)
  await tell(ctx, next)
  await ctx.touched('monitoring')
}

/** The check that opened an episode is gone or says something else, and nothing was done yet: the episode goes with it. */
export async function forget(ctx: Ctx, check: Check): Promise<void> {
  const open = await openOf(ctx, check.person)
  if (open?.state === 'recheck' && open.openedBy === check.root)
    await move(ctx, open, 'close', { checkId: check.root, said: '登记已更正或撤回' })
}

/** The next number of a year, without gaps: under a lock until the commit. */
export async function nextNumber(ctx: Ctx): Promise<{ certificateYear: number; certificateNo: number; certificate: string }> {
  const year = Number(dayOf(ctx.now).slice(0, 4))
  await sql`select pg_advisory_xact_lock(hashtextextended(${`monitoring.certificate ${ctx.community} ${year}`}, 0))`.execute(
    ctx.tx,
  )
  const { rows } = await sql<{ n: number }>`
    select coalesce(max(certificate_no), 0)::int + 1 as n from monitoring_episodes where community = ${ctx.community} and certificate_year = ${year}`.execute(
    ctx.tx,
  )
  const { numberPattern } = await rulesOfPath(ctx)
  const n = rows[0]!.n
  return {
    certificateYear: year,
    certificateNo: n,
    certificate: numberPattern.replaceAll('{y}', String(year)).replaceAll('{n}', String(n)),
  }
}
