// What is behind a number: the counted things with address, person, grid, when and by whom. Names are masked on their way out.
import { sql } from 'kysely'
import type { z } from 'zod'
import { dayOf, type Instant } from '#core/dates.ts'
import type { How } from '#core/fact.ts'
import type { Id } from '#core/ids.ts'
import { fromCursor, pageFrom } from '#core/paging.ts'
import { answer, type Ctx, type Handled } from '#server/house.ts'
import {
  changedRows,
  countedRows,
  countedTotal,
  type Changed,
  type Counted,
  type Indicator,
  type IndicatorAt,
} from '#server/indicators.ts'
import { namesOf, placesOf } from '#server/names.ts'
import { liesIn, say as scopeSay } from '#server/scope.ts'
import { householdLabels, personNames } from '#modules/residents/server.ts'
import * as api from '../api.ts'
import { columns, say, type FigureColumn, type Report } from '../model.ts'
import { allIndicators, asKnown, asReported, compared, countDay, findIndicator, type Counting } from './counting.ts'
import { communityAsked, getReport as anyReport } from './moving.ts'

/** A report of a community: the sum of a street has nothing behind it but those. */
async function getReport(ctx: Ctx, community: string, id: Id): Promise<Report> {
  const report = await anyReport(ctx, community, id)
  if (report.parts) throw say.unknown()
  return report
}

type Thing = Pick<Counted, 'key' | 'grid' | 'place' | 'subject' | 'record'>
type Behind = Omit<z.input<typeof api.rows.output>['rows'][number], 'day' | 'amount' | 'doubted'>
type Source = { id: Id; occurredAt: Instant; recordedBy: Id; how: How }

/** The facts that count: when it happened, how and by whom it was recorded. */
async function sourcesOf(ctx: Ctx, community: string, { facts }: Indicator, records: readonly Id[]): Promise<Map<Id, Source>> {
  if (!facts || !records.length) return new Map()
  const { rows } = await sql<Source>`select id, occurred_at, recorded_by, how from ${sql.table(facts)}
    where community = ${community} and id = any(${[...new Set(records)]}::uuid[])`.execute(ctx.tx)
  return new Map(rows.map((row) => [row.id, row]))
}

const known = (ids: readonly (Id | null)[]): Id[] => ids.filter((id) => id !== null)

/** Things of one indicator in words, in a handful of queries for all of them. */
async function inWords(ctx: Ctx, community: string, indicator: Indicator, things: readonly Thing[]): Promise<Behind[]> {
  const sources = await sourcesOf(ctx, community, indicator, known(things.map((t) => t.record)))
  const households = await householdLabels(ctx.tx, known(things.map((t) => t.place)))
  const persons = await personNames(ctx.tx, known(things.map((t) => t.subject)))
  const accounts = await namesOf(
    ctx.house,
    ctx.tx,
    [...sources.values()].map((s) => s.recordedBy),
  )
  const places = await placesOf(ctx.house, ctx.tx, known(things.map((t) => t.grid)))
  return things.map(({ key, grid, place: household, subject: person, record }) => {
    const source = record === null ? undefined : sources.get(record)
    const label = household === null ? undefined : households.get(household)
    return {
      key,
      record,
      household,
      person,
      grid,
      gridName: grid === null ? null : (places.get(grid) ?? grid),
      address: label?.address ?? null,
      head: label?.head ?? null,
      personName: person === null ? null : (persons.get(person) ?? null),
      at: source?.occurredAt ?? null,
      how: source?.how ?? null,
      byName: source ? (accounts.get(source.recordedBy) ?? '—') : null,
    }
  })
}

function indicatorAsked(ctx: Ctx, key: string, column: FigureColumn): Indicator {
  const indicator = findIndicator(ctx.house, key)
  if (!indicator) throw say.unknownIndicator()
  if (!indicator.columns.includes(column)) throw say.noSuchColumn()
  return indicator
}

/** So many changed things are named; the numbers are complete whatever their count. */
const namedChanges = 200

const changeOf = ({ amountBefore, amountAfter }: Changed) =>
  amountBefore === null ? 'added' : amountAfter === null ? 'gone' : 'changed'

/** Figures whose number is another now, column by column. */
function differing(ctx: Ctx, frozen: Counting, now: Counting) {
  return allIndicators(ctx.house).flatMap(({ key, title, unit }) =>
    columns.flatMap((column) => {
      const [reported, is] = [frozen.figures[key]?.[column] ?? null, now.figures[key]?.[column] ?? null]
      return reported === null || is === null || reported === is
        ? []
        : [{ indicator: key, title, unit, column, reported, now: is }]
    }),
  )
}

async function differences(ctx: Ctx, report: Report) {
  const now = asKnown(report, ctx.now)
  const figures = differing(ctx, report, await countDay(ctx, now))
  const rows: z.input<typeof api.differences.output>['rows'] = []
  let more = false
  for (const indicator of allIndicators(ctx.house).filter((one) => one.key in report.figures)) {
    const changed = await changedRows(ctx.tx, indicator, asReported(report), now, namedChanges - rows.length + 1)
    const named = changed.slice(0, namedChanges - rows.length)
    more ||= named.length < changed.length
    const words = await inWords(ctx, report.community, indicator, named)
    rows.push(
      ...named.map(
        ({ dayBefore, dayAfter, amountBefore, amountAfter }, i) =>
          ({
            ...words[i]!,
            indicator: indicator.key,
            change: changeOf(named[i]!),
            dayBefore,
            dayAfter,
            amountBefore,
            amountAfter,
          }) as const,
      ),
    )
  }
  return { figures, rows, more }
}

export const behindHandlers: readonly Handled[] = [
  answer(
    api.rows,
    async ({ community: named, day, indicator: key, column, area, unplaced, doubted, report, after, limit }, ctx) => {
      const community = communityAsked(ctx, named)
      const indicator = indicatorAsked(ctx, key, column)
      const within = area ?? community
      if (!liesIn(within, community)) throw scopeSay.outOfReach()
      const at: IndicatorAt = report
        ? asReported(await getReport(ctx, community, report))
        : asKnown({ community, day: day ?? dayOf(ctx.now) }, ctx.now)
      const which = { column, area: within, ...(unplaced ? { unplaced } : {}), ...(doubted ? { doubted } : {}) }
      const [last] = fromCursor(after, 1) ?? [null]
      const found = await countedRows(ctx.tx, indicator, at, { ...which, after: last as string | null, limit: limit + 1 })
      const { rows: total } = await countedTotal(ctx.tx, indicator, at, which)
      const page = pageFrom(found, limit, total, (row) => [row.key])
      const words = await inWords(ctx, community, indicator, page.rows)
      return {
        ...page,
        rows: page.rows.map(({ day: countedOn, amount, doubted: inDoubt }, i) => ({
          ...words[i]!,
          day: countedOn,
          amount,
          doubted: inDoubt,
        })),
      }
    },
  ),

  answer(api.differences, async ({ community, report }, ctx) =>
    differences(ctx, await getReport(ctx, communityAsked(ctx, community), report)),
  ),

  answer(api.recompute, async ({ community, report: id }, ctx) => {
    const report = await getReport(ctx, communityAsked(ctx, community), id)
    const rows = compared(report, await countDay(ctx, asReported(report)))
    return { equal: rows.every((row) => row.equal), rows }
  }),
]
