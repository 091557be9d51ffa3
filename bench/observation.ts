// What observation costs when 200,000 people are under it: a worker's list of today, the scan for missed slots, and both at a tenth of the size.
import { sql } from 'kysely'
import { performance } from 'node:perf_hooks'
import { addDays, instantAt, msOf, type Day } from '#core/dates.ts'
import { countByGrid, indicators } from '#server/indicators.ts'
import { kyselyOf, poolOf, type Db } from '#server/database/connect.ts'
import type { Running } from '#server/start.ts'
import { today } from '#modules/duties/api.ts'
import { createAccount, openSession } from '#modules/identity/server.ts'
import { callerOf, type Caller } from '#app/replay/caller.ts'
import { onStage } from '#app/replay/stage.ts'
import { chanceOf } from '#app/town/chance.ts'

export type Asked = { readonly people: number; readonly days: number; readonly step: (words: string) => void }
type Times = { p50: number; p95: number }
export type Size = {
  people: number
  days: number
  communities: number
  grids: number
  duties: number
  doings: number
  checks: number
  generatedSeconds: number
  /** ms. The whole request of a worker through the HTTP door, and the select of one duty by its key in a transaction of its own. */
  dueList: Times & { rows: number }
  primaryKey: Times
  dueListToPrimaryKey: number
  /** ms. Slots that passed undone in the days of one community, and in all communities one after another. */
  missedScan: { community: Times; slots: number; all: number }
}
export type Measured = {
  full: Size
  tenth: Size
  growth: { dueList: number; primaryKey: number; missedScanOfOne: number; missedScanOfAll: number }
}

/** A worker answers for a grid of so many; a community has eight grids. */
const inGrid = 500
const gridsEach = 8
const lastDay: Day = '2026-03-31'

export async function benchObservation({ people, days, step }: Asked): Promise<Measured> {
  const tenth = await measured({ people: Math.max(inGrid * gridsEach, Math.round(people / 10)), days, step })
  const full = await measured({ people, days, step })
  const grown = (of: (size: Size) => number) => rounded(of(full) / of(tenth), 2)
  return {
    full,
    tenth,
    growth: {
      dueList: grown((s) => s.dueList.p95),
      primaryKey: grown((s) => s.primaryKey.p95),
      missedScanOfOne: grown((s) => s.missedScan.community.p95),
      missedScanOfAll: grown((s) => s.missedScan.all),
    },
  }
}

const rounded = (n: number, digits = 1): number => Number(n.toFixed(digits))

async function measured({ people, days, step }: Asked): Promise<Size> {
  const from = addDays(lastDay, 1 - days)
  return onStage({ day: lastDay }, async ({ running, ground, setClock }) => {
    setClock(msOf(instantAt(lastDay, '10:00')))
    const pool = poolOf(ground.adminUrl, { max: 1 })
    try {
      const began = performance.now()
      const made = await generate(kyselyOf(pool), { people, from, days, step })
      const generatedSeconds = rounded((performance.now() - began) / 1000)
      step(`${people} people, ${made.checks} checks in ${generatedSeconds} s`)
      const workers = await hire(running, made.grids)
      const dueList = await listsOf(workers)
      const primaryKey = await keysOf(running, made)
      const missedScan = await scansOf(running, made.communities)
      return {
        people,
        days,
        communities: made.communities.length,
        grids: made.grids.length,
        duties: made.duties,
        doings: made.doings,
        checks: made.checks,
        generatedSeconds,
        dueList,
        primaryKey,
        dueListToPrimaryKey: rounded(dueList.p95 / primaryKey.p95),
        missedScan,
      }
    } finally {
      await pool.end()
    }
  })
}

// --- rows by SQL --------------------------------------------------------------------------------------------------------

type Made = { communities: string[]; grids: string[]; duties: number; doings: number; checks: number }

/** An id that can be computed from a number: `kind` keeps the tables apart. */
const id = (kind: number, n: string) => sql.raw(`('0190000${kind}-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`)
const communityOf = (n: string) => sql.raw(`'990101001' || lpad(((${n}) / ${inGrid * gridsEach} + 1)::text, 3, '0')`)
const gridOf = (n: string) =>
  sql.raw(
    `'990101001' || lpad(((${n}) / ${inGrid * gridsEach} + 1)::text, 3, '0') || '01' || lpad((((${n}) / ${inGrid}) % ${gridsEach} + 1)::text, 3, '0')`,
  )
const nobody = '01900000-0000-7000-8000-000000000000'
const cadence = (from: Day) =>
  JSON.stringify({
    slots: [
      { key: 'morning', opens: '07:00', due: '12:00', minGapMinutes: 240 },
      { key: 'evening', opens: '14:00', due: '21:00', minGapMinutes: 240 },
    ],
    every: { days: 1 },
    anchor: from,
  })

/** People with an order, a duty of two temperatures a day, and 98 of 100 checks until yesterday evening. Triggers and foreign keys rest meanwhile. */
async function generate(
  db: Db,
  { people, from, days, step }: { people: number; from: Day; days: number; step: Asked['step'] },
): Promise<Made> {
  await sql`set session_replication_role = replica`.execute(db)
  await sql`set synchronous_commit = off`.execute(db)
  await sql`set maintenance_work_mem = '512MB'`.execute(db)
  const at = instantAt(from, '06:00')
  const fact = sql`${at}::timestamptz, ${from}::date, ${at}::timestamptz, ${nobody}::uuid`
  const each = sql.raw(`from generate_series(0, ${people - 1}) as g(n)`)
  await sql`insert into territory_areas (area_code, id, name, level)
    select distinct on (code) code, md5(code)::uuid, code, level from (
      select '990101' as code, 'county' as level union all select '990101001', 'street'
      union all select ${communityOf('n')}, 'community' from generate_series(0, ${people - 1}, ${inGrid}) n
      union all select ${communityOf('n')} || '01', 'precinct' from generate_series(0, ${people - 1}, ${inGrid}) n
      union all select ${gridOf('n')}, 'grid' from generate_series(0, ${people - 1}, ${inGrid}) n) a`.execute(db)
  await sql`insert into residents_persons (community, id, root, occurred_at, counted_on, recorded_at, recorded_by, how, digest, name, pinyin, initials, id_type)
    select ${communityOf('g.n')}, ${id(1, 'g.n')}, ${id(1, 'g.n')}, ${fact}, 'import', '\\x00', '居民' || g.n, 'jumin', 'jm', 'notRecorded' ${each}`.execute(
    db,
  )
  await sql`insert into observation_orders (community, id, person, persons, source, grid, category, place, deciding_body, legal_basis, document, observed_from, last_day,
      release_on, co_residents_bound, team, frozen, policy_versions, response, state, proposed_by, proposed_at, decided_by, decided_at, served_how, served_at, served_by, undertaking)
    select ${communityOf('g.n')}, ${id(2, 'g.n')}, ${id(1, 'g.n')}, array[${id(1, 'g.n')}], 'returnee', ${gridOf('g.n')}, 'returnee', 'home', '疾控中心', '第五十八条', '观1号',
      ${from}::date, ${addDays(lastDay, 14)}::date, ${addDays(lastDay, 15)}::date, false, '[]', '{}', '{}', ${nobody}::uuid, 'served', ${nobody}::uuid, ${at}::timestamptz,
      ${id(9, '1')}, ${at}::timestamptz, 'inPerson', ${at}::timestamptz, '网格员', 'signed' ${each}`.execute(db)
  await sql`insert into duties_duties (community, id, kind, subject_kind, subject, source, source_id, cadence, starts_on, starts_at, last_day, grid, policy_versions, recorded_at, recorded_by)
    select ${communityOf('g.n')}, ${id(3, 'g.n')}, 'monitoring.temperature', 'person', ${id(1, 'g.n')}, 'observation.order', ${id(2, 'g.n')}, ${cadence(from)}::jsonb,
      ${from}::date, ${at}::timestamptz, ${addDays(lastDay, 14)}::date, ${gridOf('g.n')}, '{}', ${at}::timestamptz, ${nobody}::uuid ${each}`.execute(
    db,
  )
  step(`${people} people with an order and a duty`)
  const slots = sql.raw(`(
    select g.n, s.slot, s.day, s.at, row_number() over () as k from (
      select '${from}'::date + d as day, s.slot, ('${from}'::date + d + s.hour) at time zone 'Asia/Shanghai' as at, d * 2 + s.i as nth
      from generate_series(0, ${days - 2}) d cross join (values (0, 'morning', time '09:00'), (1, 'evening', time '17:00')) s(i, slot, hour)) s
    cross join generate_series(0, ${people - 1}) g(n) where (g.n * 31 + s.nth * 17) % 100 >= 2) x`)
  const { checks } = await withoutIndexes(db, ['monitoring_checks', 'duties_doings'], async () => {
    const checked =
      await sql`insert into monitoring_checks (community, id, root, occurred_at, counted_on, recorded_at, recorded_by, how, digest, grid, person, kind, value, unit,
        measured_how, symptoms, threshold, fever, flags)
      select ${communityOf('x.n')}, ${id(4, 'x.k')}, ${id(4, 'x.k')}, x.at, x.day, x.at, ${nobody}::uuid, 'door', '\\x00', ${gridOf('x.n')}, ${id(1, 'x.n')}, 'temperature',
        36.2 + (x.n * 7 + x.k) % 9 / 10.0, '℃', 'armpit', '[]', 37.3, false, '{}' from ${slots}`.execute(db)
    step(`${checked.numAffectedRows} checks`)
    await sql`insert into duties_doings (community, id, root, occurred_at, counted_on, recorded_at, recorded_by, how, digest, duty, day, slot, outcome, record, record_kind)
      select ${communityOf('x.n')}, ${id(5, 'x.k')}, ${id(5, 'x.k')}, x.at, x.day, x.at, ${nobody}::uuid, 'door', '\\x00', ${id(3, 'x.n')}, x.day, x.slot, 'done', ${id(4, 'x.k')},
        'monitoring.check' from ${slots}`.execute(db)
    step('what they settled')
    return { checks: Number(checked.numAffectedRows) }
  })
  for (const table of [
    'territory_areas',
    'residents_persons',
    'observation_orders',
    'duties_duties',
    'duties_doings',
    'monitoring_checks',
  ]) {
    await sql`vacuum analyze ${sql.table(table)}`.execute(db)
  }
  await sql`set session_replication_role = default`.execute(db)
  const list = async (level: string) =>
    (
      await sql<{ code: string }>`select area_code as code from territory_areas where level = ${level} order by 1`.execute(db)
    ).rows.map((r) => r.code)
  return { communities: await list('community'), grids: await list('grid'), duties: people, doings: checks, checks }
}

/** Fills tables without their indexes and makes them again afterwards: filling them row by row would take many times as long. */
async function withoutIndexes<T>(db: Db, tables: readonly string[], fill: () => Promise<T>): Promise<T> {
  const { rows } = await sql<{ name: string; made: string }>`
    select i.indexname as name, i.indexdef as made from pg_indexes i where i.schemaname = 'public' and i.tablename = any(${[...tables]})
      and not exists (select from pg_constraint c where c.conname = i.indexname)`.execute(db)
  for (const { name } of rows) await sql`drop index ${sql.id(name)}`.execute(db)
  const done = await fill()
  for (const { made } of rows) await sql.raw(made).execute(db)
  return done
}

// --- what is measured ---------------------------------------------------------------------------------------------------

const timesOf = (ms: number[]): Times => {
  const sorted = ms.toSorted((a, b) => a - b)
  const at = (share: number) => rounded(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!, 2)
  return { p50: at(0.5), p95: at(0.95) }
}
async function timed(times: number, run: (i: number) => Promise<unknown>): Promise<Times> {
  const ms: number[] = []
  for (let i = 0; i < times; i++) {
    const began = performance.now()
    await run(i)
    ms.push(performance.now() - began)
  }
  return timesOf(ms)
}

/** Workers of grids drawn by chance: nobody's list is warm because the one before asked for the same. */
async function hire({ app, house }: Running, grids: readonly string[]): Promise<Caller[]> {
  const chosen = chanceOf(7).shuffled(grids).slice(0, 24)
  const callers: Caller[] = []
  for (const [i, area] of chosen.entries()) {
    const account = await createAccount(house, {
      area: area.slice(0, 12),
      username: `worker${i}`,
      name: `网格员${i}`,
      assignments: [{ role: 'gridWorker', area }],
    })
    callers.push(callerOf(app, { account, cookie: (await openSession(house, account)).cookie, now: house.now }))
  }
  return callers
}

async function listsOf(workers: readonly Caller[]): Promise<Times & { rows: number }> {
  const { total } = await workers[0]!.ask(today, { limit: 50 })
  return { ...(await timed(workers.length * 5, (i) => workers[i % workers.length]!.ask(today, { limit: 50 }))), rows: total ?? 0 }
}

async function keysOf({ house }: Running, { communities, duties }: Made): Promise<Times> {
  const chance = chanceOf(11)
  const perCommunity = inGrid * gridsEach
  return timed(500, () => {
    const n = chance.below(duties)
    const duty = `01900003-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
    const community = communities[Math.floor(n / perCommunity)]!
    return house.within(community, (tx) =>
      sql`select * from duties_duties where community = ${community} and id = ${duty}`.execute(tx),
    )
  })
}

/** The figure of the daily report, as it is counted for each community. */
async function scansOf({ house }: Running, communities: readonly string[]): Promise<Size['missedScan']> {
  const missed = house.offered(indicators).find((one) => one.key === 'monitoring.missedChecks')!
  const scan = (community: string) =>
    house.within(community, (tx) => countByGrid(tx, missed, { community, day: lastDay, until: instantAt(lastDay, '10:00') }))
  const slots = (await scan(communities[0]!)).reduce<number>((sum, { total }) => sum + (total ?? 0), 0)
  const ms: number[] = []
  const began = performance.now()
  for (const community of communities) {
    const from = performance.now()
    await scan(community)
    ms.push(performance.now() - from)
  }
  return { community: timesOf(ms), slots, all: rounded(performance.now() - began) }
}
