// Disinfection that the rules ask for every day: a duty for each grid, closed by the rounds that are recorded there.
import { sql } from 'kysely'
import { z } from 'zod'
import { addDays, dayOf, instantAt, instantOf, type Instant } from '#core/dates.ts'
import type { How } from '#core/fact.ts'
import type { Id } from '#core/ids.ts'
import { label } from '#core/labels.ts'
import { lowerWins, type PolicyKey } from '#core/policy.ts'
import { text } from '#core/text.ts'
import { standing } from '#server/facts.ts'
import { after, job, type Ctx, type House, type Listener } from '#server/house.ts'
import { everywhere } from '#server/scope.ts'
import { asSystem } from '#server/system.ts'
import { Window, type Cadence } from '#modules/duties/model.ts'
import { closeSlot, endDuties, reopenSlot, startDuties, type DutyKind } from '#modules/duties/server.ts'
import { approveVersion } from '#modules/policy/api.ts'
import { policy } from '#modules/policy/server.ts'
import { rounds } from './api.ts'

const Daily = z.object({
  windows: label(z.array(Window).max(8), '每天的时段', 'Windows of a day'),
  everyDays: label(z.int().min(1).max(30), '每隔天数', 'Every so many days', { unit: text('天', 'days') }),
})
type Daily = z.infer<typeof Daily>
/** When each grid is to be disinfected; no window: the rules ask for none. */
export const daily: PolicyKey<Daily> = lowerWins('disinfection.daily', {
  title: text('网格日常消毒', 'Daily disinfection of a grid'),
  schema: Daily,
  unset: { windows: [], everyDays: 1 },
})

/** A round that is owed: in a grid by the daily rule; in a sealed or observed building by what asks for it there. */
export const roundKind: DutyKind = {
  key: 'disinfection.round',
  title: text('日常消毒', 'Daily disinfection'),
  role: 'gridWorker',
  priority: 20,
  closes: [rounds.contracts.record.name],
  path: ({ subjectKind, subject }) =>
    subjectKind === 'building' || subjectKind === 'unit' ? `/disinfection?within=${subject}` : '/disinfection',
  phone: ({ subject }) => `/disinfection/${subject}`,
}
const source = 'disinfection.daily'

// --- closing ------------------------------------------------------------------------------------------------------------

type Round = { id: Id; root: Id; grid: string | null; within: Id | null; occurredAt: Instant; how: How }

/** What a round settles: the grid in which it was made, what was treated as a whole, and the units of a whole building. */
async function subjectsOf(ctx: Ctx, { grid, within }: Round): Promise<Id[]> {
  const { rows } = await sql<{ id: Id }>`
    select id from territory_areas where level = 'grid' and area_code = ${grid}
    union select ${within}::uuid where ${within}::uuid is not null
    union select u.id from territory_units u where u.community = ${ctx.community} and u.building = ${within}::uuid`.execute(
    ctx.tx,
  )
  return rows.map(({ id }) => id)
}

async function closeWith(ctx: Ctx, round: Round): Promise<void> {
  const { root, occurredAt, how } = round
  for (const subject of await subjectsOf(ctx, round)) {
    await closeSlot(ctx, { kind: roundKind.key, subject, at: occurredAt, record: root, recordKind: roundKind.key, how })
  }
}

/** What is settled by a round that is gone, or says another place now, is open again; another round of that day may stand for it. */
async function openAgain(ctx: Ctx, { root, occurredAt }: Round): Promise<void> {
  await reopenSlot(ctx, root)
  const { rows } = await sql<Round>`
    select e.id, e.root, e.grid, e.within, e.occurred_at, e.how from disinfection_rounds e
    where e.community = ${ctx.community} and e.occurred_at >= ${instantAt(dayOf(occurredAt))}
      and e.occurred_at < ${instantAt(addDays(dayOf(occurredAt), 1))} and ${standing('disinfection_rounds', 'e')} order by e.occurred_at`.execute(
    ctx.tx,
  )
  for (const round of rows) await closeWith(ctx, round)
}

// --- beginning and ending -------------------------------------------------------------------------------------------------

type Grid = { id: Id; running: Cadence | null }
const same = (cadence: Cadence, { windows, everyDays }: Daily) =>
  JSON.stringify([cadence.slots, cadence.every]) === JSON.stringify([Window.array().parse(windows), { days: everyDays }])

/** What the rules ask for now, beside what runs: which grids' duties end, and which begin. */
async function look(ctx: Pick<Ctx, 'tx' | 'now'>, community: string) {
  const { value, versions } = await policy(ctx.tx, daily, community, instantOf(ctx.now))
  const { rows } = await sql<Grid>`
    select a.id, d.cadence as running from territory_areas a
    left join duties_duties d on d.community = ${community} and d.source_id = a.id and d.kind = ${roundKind.key} and d.ended_at is null
    where a.level = 'grid' and a.area_code >= ${community} and a.area_code < ${`${community}~`} order by a.area_code`.execute(
    ctx.tx,
  )
  const fits = ({ running }: Grid) => running !== null && value.windows.length > 0 && same(running, value)
  return {
    value,
    versions,
    ending: rows.filter((g) => g.running && !fits(g)),
    beginning: value.windows.length > 0 ? rows.filter((g) => !fits(g)) : [],
  }
}

async function plan(house: House, community: string): Promise<void> {
  const first = await house.within(community, (tx) => look({ tx, now: house.now() }, community))
  if (first.ending.length + first.beginning.length === 0) return
  await asSystem(house, community, 'disinfection.plan', async (ctx) => {
    const { value, versions, ending, beginning } = await look(ctx, community)
    for (const grid of ending) await endDuties(ctx, grid.id, '规则已变', { kind: roundKind.key })
    const today = dayOf(ctx.now)
    await startDuties(
      ctx,
      beginning.map((grid) => ({
        kind: roundKind.key,
        subjectKind: 'place',
        subject: grid.id,
        source,
        sourceId: grid.id,
        startsOn: today,
        policyVersions: versions as Id[],
        cadence: { slots: value.windows, every: { days: value.everyDays }, anchor: today },
      })),
    )
  })
}

const planJob = job<Record<string, never>>({
  name: 'disinfection.plan',
  data: z.object({}),
  cron: '7 * * * *',
  run: async (_, house, { signal }) => {
    for (const scope of everywhere) {
      const communities = await house.within(
        scope,
        async (tx) =>
          (
            await sql<{ code: string }>`
        select area_code as code from territory_areas where level = 'community' order by 1`.execute(tx)
          ).rows,
      )
      for (const { code } of communities) if (!signal.aborted) await plan(house, code)
    }
  },
})

export const dailyJobs = [planJob]
export const dailyListeners: readonly Listener[] = [
  after(rounds.contracts.record, (row, _, ctx) => closeWith(ctx, row as unknown as Round)),
  after(rounds.contracts.correct, (row, _, ctx) => openAgain(ctx, row as unknown as Round)),
  after(rounds.contracts.withdraw, (row, _, ctx) => openAgain(ctx, row as unknown as Round)),
  // A rule that begins later is found by the hour; one that holds at once should not wait for it.
  after(approveVersion, (_, __, ctx) => ctx.house.enqueue(ctx.tx, 'disinfection.plan', {})),
]
