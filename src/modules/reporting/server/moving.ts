// A report is compiled, sent, returned, confirmed, locked. Each step is written beside it in the same transaction.
import { dayOf, instantOf, type Day } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { handle, type Ctx, type Handled } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import * as api from '../api.ts'
import { can, isLate, isZero, say, type Report, type ReportState, type Verb } from '../model.ts'
import { countDay, keepSums, lastInstant, settledWatermark } from './counting.ts'
import { dueOn } from './due.ts'
import { of } from './tables.ts'

/** The community that a request is about: named by wider posts, one's own otherwise. */
export const communityAsked = (ctx: Ctx, named: string | undefined): string => (named ? ctx.at(named) : ctx.community)

export async function findReport(ctx: Pick<Ctx, 'tx'>, community: string, day: Day): Promise<Report | undefined> {
  return of(ctx.tx)
    .selectFrom('reportingReports')
    .selectAll()
    .where('community', '=', community)
    .where('day', '=', day)
    .executeTakeFirst()
}

export async function getReport(ctx: Pick<Ctx, 'tx'>, community: string, id: Id): Promise<Report> {
  const report = await of(ctx.tx)
    .selectFrom('reportingReports')
    .selectAll()
    .where('community', '=', community)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!report) throw say.unknown()
  return report
}

/** The report, held until the transaction ends, so that two steps cannot cross. */
export async function heldReport(ctx: Ctx, community: string, by: { id: Id } | { day: Day }): Promise<Report | undefined> {
  const query = of(ctx.tx).selectFrom('reportingReports').selectAll().where('community', '=', community)
  return ('id' in by ? query.where('id', '=', by.id) : query.where('day', '=', by.day)).forUpdate().executeTakeFirst()
}

export async function shownReports(
  ctx: Pick<Ctx, 'house' | 'tx' | 'now'>,
  reports: readonly Report[],
): Promise<api.ReportShown[]> {
  const accounts = reports.flatMap((r) => [r.compiledBy, r.submittedBy, r.confirmedBy]).filter((id) => id !== null)
  const names = await namesOf(ctx.house, ctx.tx, accounts)
  const nameOf = (id: Id | null) => (id === null ? null : (names.get(id) ?? '—'))
  return reports.map((report) => ({
    ...report,
    late: isLate(report, ctx.now),
    compiledByName: nameOf(report.compiledBy),
    submittedByName: nameOf(report.submittedBy),
    confirmedByName: nameOf(report.confirmedBy),
  }))
}

export const shown = async (ctx: Ctx, report: Report): Promise<api.ReportShown> => (await shownReports(ctx, [report]))[0]!

async function noteMove(ctx: Ctx, report: Report, verb: Verb, note: string | null, id: Id): Promise<void> {
  await of(ctx.tx)
    .insertInto('reportingMoves')
    .values({
      community: report.community,
      id,
      report: report.id,
      verb,
      state: report.state,
      note,
      at: instantOf(ctx.now),
      recordedBy: ctx.who.account,
      digest: ctx.digest,
    })
    .execute()
}

/**
 * Counts a day and freezes what it comes to, with the watermark reached. Makes the report, or counts anew one that is still
 * with the community. `id` names the step.
 */
export async function compileDay(ctx: Ctx, community: string, day: Day, id: Id = ctx.id): Promise<Report> {
  if (day > dayOf(ctx.now)) throw say.future()
  const old = await heldReport(ctx, community, { day })
  const state: ReportState | undefined = !old
    ? 'open'
    : can.compile(old)
      ? can.compile.to
      : can.mend(old)
        ? can.mend.to
        : undefined
  if (!state) throw say.wrongState({ state: old!.state })
  const due = await dueOn(ctx.tx, community, day)
  const mark = await settledWatermark(ctx.tx)
  const until = lastInstant(day, ctx.now)
  const counting = await countDay(ctx, { community, day, until, asOf: mark })
  const values = {
    state,
    zero: isZero(counting.figures),
    dueBy: due.dueBy,
    until,
    compiledAt: instantOf(ctx.now),
    compiledBy: ctx.who.account,
    asOfGeneration: mark.generation,
    asOfXmin: mark.xmin,
    held: mark.held,
    figures: JSON.stringify(counting.figures),
    grids: JSON.stringify(counting.grids),
  }
  const report: Report = old
    ? await of(ctx.tx)
        .updateTable('reportingReports')
        .set(values)
        .where('community', '=', community)
        .where('id', '=', old.id)
        .returningAll()
        .executeTakeFirstOrThrow()
    : await of(ctx.tx)
        .insertInto('reportingReports')
        .values({
          community,
          id: newId(),
          day,
          parts: null,
          problems: null,
          submittedAt: null,
          submittedBy: null,
          confirmedBy: null,
          ...values,
        })
        .returningAll()
        .executeTakeFirstOrThrow()
  await noteMove(ctx, report, 'compile', null, id)
  await keepSums(ctx.tx, community, day, counting, ctx.now)
  return report
}

type Step = 'submit' | 'return' | 'confirm' | 'lock'
type Changes = Partial<Pick<Report, 'problems' | 'submittedAt' | 'submittedBy' | 'confirmedBy'>>

/** One step of a report, if its state allows it. */
export async function take(
  ctx: Ctx,
  community: string,
  report: Id,
  step: Step,
  changes: Changes = {},
  note: string | null = null,
  id: Id = ctx.id,
): Promise<Report> {
  const old = await heldReport(ctx, community, { id: report })
  if (!old) throw say.unknown()
  if (!can[step](old)) throw say.wrongState({ state: old.state })
  const moved = await of(ctx.tx)
    .updateTable('reportingReports')
    .set({ state: can[step].to, ...changes })
    .where('community', '=', community)
    .where('id', '=', report)
    .returningAll()
    .executeTakeFirstOrThrow()
  await noteMove(ctx, moved, step, note, id)
  return moved
}

/** Hands a report over in the name of whoever acts. One that is sent again keeps the hour at which it came first. */
export async function handOver(
  ctx: Ctx,
  { community, id: report }: Pick<Report, 'community' | 'id'>,
  problems?: string | null,
  id?: Id,
): Promise<Report> {
  const { submittedAt } = await getReport(ctx, community, report)
  return take(
    ctx,
    community,
    report,
    'submit',
    {
      submittedAt: submittedAt ?? instantOf(ctx.now),
      submittedBy: ctx.who.account,
      ...(problems === undefined ? {} : { problems: problems || null }),
    },
    null,
    id,
  )
}

/** A report is checked by a level above the one that made it: nobody confirms the sum of their own street. */
function checkedBy(ctx: Ctx, named: string | undefined): string {
  const community = communityAsked(ctx, named)
  if (ctx.area.padEnd(12, '0') === community) throw say.onlyAbove()
  return community
}

const again = async ({ report, community }: { report: Id; community?: string | undefined }, ctx: Ctx) =>
  shown(ctx, await getReport(ctx, communityAsked(ctx, community), report))

export const movingHandlers: readonly Handled[] = [
  handle(
    api.compile,
    async ({ day }, ctx) => shown(ctx, await compileDay(ctx, ctx.community, day ?? dayOf(ctx.now))),
    async ({ day }, ctx) => {
      const report = await findReport(ctx, ctx.community, day ?? dayOf(ctx.now))
      if (!report) throw say.unknown()
      return shown(ctx, report)
    },
  ),
  handle(
    api.submit,
    async ({ report, problems }, ctx) => shown(ctx, await handOver(ctx, { community: ctx.community, id: report }, problems)),
    again,
  ),
  handle(
    api.sendBack,
    async ({ community, report, reason }, ctx) =>
      shown(ctx, await take(ctx, checkedBy(ctx, community), report, 'return', { confirmedBy: null }, reason)),
    again,
  ),
  handle(
    api.confirm,
    async ({ community, report }, ctx) =>
      shown(ctx, await take(ctx, checkedBy(ctx, community), report, 'confirm', { confirmedBy: ctx.who.account })),
    again,
  ),
  handle(
    api.lock,
    async ({ community, report }, ctx) => shown(ctx, await take(ctx, checkedBy(ctx, community), report, 'lock')),
    again,
  ),
]
