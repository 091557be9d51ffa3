// What the house does by itself: compiles the report of every community at its hour, and keeps the sums for overviews fresh.
import { sql } from 'kysely'
import { z } from 'zod'
import { addDays, dayOf, instantAt, msOf, type Day } from '#core/dates.ts'
import { newId } from '#core/ids.ts'
import type { House, Job, JobProgress } from '#server/house.ts'
import { asSystem } from '#server/system.ts'
import { policy } from '#modules/policy/server.ts'
import { zeroReport } from '../model.ts'
import { asKnown, countDay, keepSums } from './counting.ts'
import { dueOn, underwayIn } from './due.ts'
import { compileDay, findReport, handOver } from './moving.ts'

/** Codes begin with a digit from 1 to 9, so nine scopes reach every community of the house without a list of its counties. */
const everywhere = ['1', '2', '3', '4', '5', '6', '7', '8', '9']

/** Communities in which something is under way and that have no report of the day yet. */
async function withoutReport(house: House, day: Day): Promise<string[]> {
  const found: string[] = []
  for (const scope of everywhere) {
    found.push(
      ...(await house.within(scope, async (tx) => {
        const { rows } = await sql<{ community: string }>`
        select a.area_code as community from territory_areas a where a.level = 'community'
          and not exists (select from reporting_reports r where r.community = a.area_code and r.day = ${day}::date) order by 1`.execute(
          tx,
        )
        if (!rows.length) return []
        const isUnderway = await underwayIn(house, tx, scope, day)
        return rows.map((row) => row.community).filter(isUnderway)
      })),
    )
  }
  return found
}

/** Compiles one report when its hour has come; a day on which nothing happened is handed over at once, as zero, by the house. */
async function closeDay(house: House, community: string, day: Day): Promise<void> {
  const due = await house.within(community, (tx) => dueOn(tx, community, day))
  if (!due.weekday || house.now() < msOf(due.deadline)) return
  await asSystem(house, community, 'reporting.compile', async (ctx) => {
    if (await findReport(ctx, community, day)) return
    const report = await compileDay(ctx, community, day, newId())
    if (report.zero && (await policy(ctx.tx, zeroReport, community, day)).value) await handOver(ctx, report, undefined, newId())
    await ctx.touched('reporting')
  })
}

/** A community whose report fails does not keep the others from theirs; the next run tries it again. */
async function each(
  house: House,
  communities: readonly string[],
  { signal }: JobProgress,
  event: string,
  work: (community: string) => Promise<void>,
): Promise<void> {
  for (const community of communities) {
    if (signal.aborted) return
    try {
      await work(community)
    } catch (error) {
      house.log.error(event, error, { community })
    }
  }
}

/** Yesterday is looked at too: the house may have slept at the hour. */
const atTheHour: Job<Record<string, never>> = {
  name: 'reporting.atTheHour',
  data: z.object({}),
  cron: '*/5 * * * *',
  run: async (_, house, progress) => {
    const today = dayOf(house.now())
    for (const day of [addDays(today, -1), today]) {
      await each(house, await withoutReport(house, day), progress, 'reporting.compile', (community) =>
        closeDay(house, community, day),
      )
    }
  },
}

/** A request may commit after a count that began later than it: what was done shortly before is counted once more. Milliseconds. */
const overlap = 2 * 60_000

/** Days of communities whose sums are older than what was done there since; yesterday until it was counted to its end. */
async function stale(house: House, today: Day): Promise<{ community: string; day: Day }[]> {
  const yesterday = addDays(today, -1)
  const found: { community: string; day: Day }[] = []
  for (const scope of everywhere) {
    found.push(
      ...(await house.within(
        scope,
        async (tx) =>
          (
            await sql<{ community: string; day: Day }>`
      select a.area_code as community, d.day from territory_areas a
      cross join (values (${yesterday}::date), (${today}::date)) d (day)
      left join lateral (select max(f.computed_at) as at from reporting_figures f
        where f.community = a.area_code and f.day = d.day and f.area = a.area_code) kept on true
      where a.level = 'community' and case when d.day = ${yesterday}::date then kept.at < ${instantAt(today)} else kept.at is null or exists (
        select from audit_log l where l.community = a.area_code and l.outcome = 'done'
          and l.at > kept.at - ${`${overlap} milliseconds`}::interval and (l.contract < 'reporting.' or l.contract >= 'reporting/')) end
      order by kept.at nulls first, 1, 2`.execute(tx)
          ).rows,
      )),
    )
  }
  return found
}

/** Sums as everything stands now; what is being written meanwhile calls for the next count. */
export async function refreshSums(house: House, community: string, day: Day): Promise<void> {
  await house.within(community, async (tx) => {
    const counting = await countDay({ house, tx }, asKnown({ community, day }, house.now()))
    await keepSums(tx, community, day, counting, house.now())
    await house.touch(tx, 'reporting', community)
  })
}

/** One run ends before the next begins; where a district is too busy for that, the communities counted longest ago come first. Milliseconds. */
const longest = 90_000

const freshSums: Job<Record<string, never>> = {
  name: 'reporting.freshSums',
  data: z.object({}),
  cron: '*/2 * * * *',
  run: async (_, house, { signal }) => {
    const days = Map.groupBy(await stale(house, dayOf(house.now())), (one) => one.community)
    const enough = { signal: AbortSignal.any([signal, AbortSignal.timeout(longest)]) }
    await each(house, [...days.keys()], enough, 'reporting.sums', async (community) => {
      for (const { day } of days.get(community)!) await refreshSums(house, community, day)
    })
  },
}

export const reportingJobs = [atTheHour, freshSums] as unknown as readonly Job<never>[]
