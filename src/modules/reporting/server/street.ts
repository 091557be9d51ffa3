// The report of a street: the sum of those that are in, frozen, with an honest list of those that are not; and what changed since.
import { dayOf, instantOf, type Day } from '#core/dates.ts'
import { newId } from '#core/ids.ts'
import { answer, handle, type Ctx, type Handled } from '#server/house.ts'
import { placesOf } from '#server/names.ts'
import { say as scopeSay } from '#server/scope.ts'
import * as api from '../api.ts'
import { can, changedParts, columns, isZero, say, type Frozen, type Report } from '../model.ts'
import { allIndicators, lastInstant, settledWatermark, shownIndicator } from './counting.ts'
import { movesOf } from './days.ts'
import { findReport, getReport, handOver, heldReport, shown, shownReports } from './moving.ts'
import { areaAsked, linesOf, paddedStreet, partsOf, receivedFigures, sumsBy } from './overview.ts'
import { of } from './tables.ts'

const streetAsked = (ctx: Ctx, named: string | undefined): string => {
  const area = areaAsked(ctx, named)
  if (area.length !== 9) throw say.notAStreet()
  return area
}

/** What the received reports of a street come to now, and of which communities that is made. */
async function standingNow(ctx: Ctx, street: string, day: Day) {
  const { lines, due } = await linesOf(ctx, street, day)
  return { lines, due, parts: partsOf(lines), figures: receivedFigures(await sumsBy(ctx, street, day, 9)) }
}

/** Freezes the sum of what is in. Makes the report, or sums up anew one that came back. */
async function freeze(ctx: Ctx, street: string, day: Day): Promise<Report> {
  const community = ctx.at(paddedStreet(street))
  if (day > dayOf(ctx.now)) throw say.future()
  const old = await heldReport(ctx, community, { day })
  if (old && !can.compile(old) && !can.mend(old)) throw say.wrongState({ state: old.state })
  const mark = await settledWatermark(ctx.tx)
  const { lines, due, parts, figures } = await standingNow(ctx, street, day)
  const received = lines.filter((line) => line.standing === 'received')
  if (!received.length) throw say.noReportYet()
  const values = {
    zero: received.every((line) => line.zero) && isZero(figures),
    dueBy: due.dueBy,
    until: lastInstant(day, ctx.now),
    compiledAt: instantOf(ctx.now),
    compiledBy: ctx.who.account,
    asOfGeneration: mark.generation,
    asOfXmin: mark.xmin,
    held: mark.held,
    figures: JSON.stringify(figures),
    grids: '{}',
    parts: JSON.stringify(parts),
  }
  return old
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
          state: 'open',
          problems: null,
          submittedAt: null,
          submittedBy: null,
          confirmedBy: null,
          ...values,
        })
        .returningAll()
        .executeTakeFirstOrThrow()
}

function differing(ctx: Ctx, reported: Frozen, now: Frozen) {
  return allIndicators(ctx.house).flatMap(({ key, title, unit }) =>
    columns.flatMap((column) => {
      const [was, is] = [reported[key]?.[column] ?? null, now[key]?.[column] ?? null]
      return was === is || (was === null && is === null)
        ? []
        : [{ indicator: key, title, unit, column, reported: was ?? 0, now: is ?? 0 }]
    }),
  )
}

async function streetShown(ctx: Ctx, street: string, day: Day): Promise<api.StreetReport> {
  const community = paddedStreet(street)
  const report = await findReport(ctx, community, day)
  const now = await standingNow(ctx, street, day)
  const parts = report?.parts ?? now.parts
  const names = await placesOf(ctx.house, ctx.tx, [
    street,
    ...now.lines.map((l) => l.community),
    ...parts.map((p) => p.community),
  ])
  const nameOf = (code: string) => names.get(code) ?? code
  const figures = report?.figures ?? now.figures
  return {
    area: street,
    areaName: nameOf(street),
    community,
    day,
    report: report ? (await shownReports(ctx, [report]))[0]! : null,
    moves: report ? await movesOf(ctx, report) : [],
    parts: parts.map((part) => ({ ...part, name: nameOf(part.community) })),
    figures: allIndicators(ctx.house)
      .filter(({ key }) => key in figures)
      .map((one) => ({ ...shownIndicator(one), ...figures[one.key]! })),
    differences: report ? differing(ctx, report.figures, now.figures) : [],
    changes: report?.parts ? changedParts(report.parts, now.parts).map((one) => ({ ...one, name: nameOf(one.community) })) : [],
  }
}

export const streetHandlers: readonly Handled[] = [
  answer(api.streetReport, async ({ day, area }, ctx) => streetShown(ctx, streetAsked(ctx, area), day ?? dayOf(ctx.now))),
  handle(
    api.sumUp,
    async ({ day, problems }, ctx) => {
      if (ctx.area.length !== 9) throw say.notAStreet()
      const report = await freeze(ctx, ctx.area, day ?? dayOf(ctx.now))
      return shown(ctx, await handOver(ctx, report, problems))
    },
    async ({ day }, ctx) => {
      const report = await findReport(ctx, paddedStreet(ctx.area), day ?? dayOf(ctx.now))
      if (!report) throw scopeSay.outOfReach()
      return shown(ctx, await getReport(ctx, report.community, report.id))
    },
  ),
]
