// What is overdue is said: to the owner, then to the grid leader, then to the secretary, each once for a slot, in one message for all of them.
import { sql } from 'kysely'
import { z } from 'zod'
import { dayOf, instantOf, type Day } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { text, type Text } from '#core/text.ts'
import { job, type Ctx, type House } from '#server/house.ts'
import { everywhere } from '#server/scope.ts'
import { asSystem } from '#server/system.ts'
import { notify } from '#modules/identity/news.ts'
import { policy } from '#modules/policy/server.ts'
import { kindTitle } from '../kinds.ts'
import { escalation, Level, missedAfterHours, type EscalationTimes } from '../model.ts'
import { besideDuty, keepersOf, ownerSql, owningOf, type Keeper, type Owning } from './owners.ts'
import { doingBeside, dutiesNow, slotsOf } from './slots.ts'

const minute = 60_000
const hour = 60 * minute

type Told = { duty: Id; day: Day; slot: string; level: Level; kind: string; grid: string | null; owner: Id | null }

/** Slots that are overdue for so long that a level should have heard of them, and has not. */
async function untold(
  ctx: Pick<Ctx, 'tx' | 'now'>,
  community: string,
  owning: Owning,
  times: EscalationTimes,
  grace: number,
): Promise<Told[]> {
  const [from, to] = [dayOf(ctx.now - grace * hour - 24 * hour), dayOf(ctx.now)]
  const levels = Level.options.map((level, n) => ({ level, n, minutes: times[level] }))
  const running = sql`d.community = ${community} and d.ended_at is null and coalesce(d.last_day, 'infinity'::date) >= ${from}::date`
  const { rows } = await sql<Told>`
    select s.duty, s.day, s.slot, l.level, d.kind, d.grid, ${ownerSql} as owner
    from ${slotsOf(dutiesNow(running), from, to)} s
    join duties_duties d on d.community = s.community and d.id = s.duty
    cross join jsonb_to_recordset(${JSON.stringify(levels)}::jsonb) as l(level text, n int, minutes int)
    ${doingBeside()}
    left join duties_escalations e on e.community = s.community and e.duty = s.duty and e.day = s.day and e.slot = s.slot and e.level = l.level
    ${besideDuty(owning)}
    where o.id is null and e.duty is null and s.due_at <= ${instantOf(ctx.now)}::timestamptz - l.minutes * interval '1 minute'
      and s.due_at > ${instantOf(ctx.now - grace * hour)}::timestamptz
    order by l.n, s.due_at, s.duty`.execute(ctx.tx)
  return rows
}

/** Who hears at a level; nobody there: the secretary, so that nothing stays unheard. */
function hearers({ level, grid, owner }: Told, community: string, leaders: readonly Keeper[]): { to: readonly Id[] | undefined } {
  if (level === 'owner' && owner) return { to: [owner] }
  const leader = level === 'gridLeader' ? leaders.find((k) => k.area === (grid ?? community))?.account : undefined
  return { to: leader ? [leader] : undefined }
}

const sayAll = (told: readonly Told[], { kinds }: Owning): Text => {
  const counted = [...Map.groupBy(told, (t) => t.kind)].map(([kind, those]) => ({
    title: kindTitle(kinds, kind),
    n: those.length,
  }))
  const zh = counted.map(({ title, n }) => `${title.zh} ${n}`).join('、')
  const en = counted.map(({ title, n }) => `${title.en} ${n}`).join(', ')
  return told.every((t) => t.owner === null)
    ? text(`${told.length} 项任务超时且无人负责：${zh}`, `${told.length} overdue and nobody’s: ${en}`)
    : text(`${told.length} 项任务超时未办：${zh}`, `${told.length} overdue: ${en}`)
}

/** Tells what is overdue in a community, and writes down that it was told. Answers how many lines were written. */
async function escalate(ctx: Ctx, told: readonly Told[], owning: Owning): Promise<void> {
  const leaders = await keepersOf(ctx, ['gridLeader'])
  const lines = told.map(({ duty, day, slot, level }) => ({ duty, day, slot, level }))
  await sql`
    insert into duties_escalations (community, duty, day, slot, level, at)
    select ${ctx.community}, x.duty, x.day, x.slot, x.level, ${instantOf(ctx.now)}
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as x(duty uuid, day date, slot text, level text) on conflict do nothing`.execute(
    ctx.tx,
  )
  const bags = Map.groupBy(told, (t) =>
    JSON.stringify([t.level, hearers(t, ctx.community, leaders).to ?? null, t.owner === null]),
  )
  for (const those of bags.values()) {
    const { to } = hearers(those[0]!, ctx.community, leaders)
    await notify(ctx, {
      topic: 'escalated',
      path: '/today',
      title: sayAll(those, owning),
      to: to ?? { roles: ['communitySecretary'], area: ctx.community },
    })
  }
  await ctx.touched('duties')
}

async function communitiesWithDuties(house: House): Promise<string[]> {
  const found: string[] = []
  for (const scope of everywhere) {
    found.push(
      ...(await house.within(scope, async (tx) =>
        (
          await sql<{ community: string }>`
      with recursive c as (
        (select community from duties_duties where ended_at is null order by community limit 1)
        union all select (select d.community from duties_duties d where d.ended_at is null and d.community > c.community order by d.community limit 1)
        from c where c.community is not null)
      select community from c where community is not null`.execute(tx)
        ).rows.map((r) => r.community),
      )),
    )
  }
  return found
}

async function escalateIn(house: House, community: string): Promise<void> {
  const look = async (ctx: Pick<Ctx, 'tx' | 'now' | 'area' | 'house'>) => {
    const at = instantOf(ctx.now)
    const { value: times } = await policy(ctx.tx, escalation, community, at)
    const { value: grace } = await policy(ctx.tx, missedAfterHours, community, at)
    const owning = await owningOf(ctx)
    return { owning, told: await untold(ctx, community, owning, times, grace) }
  }
  // Looked at first without a trace: most runs find nothing to say, and the audit should not hear of those.
  const { told } = await house.within(community, (tx) => look({ tx, now: house.now(), area: community, house }))
  if (told.length === 0) return
  await asSystem(house, community, 'duties.escalate', async (ctx) => {
    // Two runs at once would tell twice: the second waits and then finds nothing.
    await sql`select pg_advisory_xact_lock(hashtext(${`duties.escalate ${community}`}))`.execute(ctx.tx)
    const now = await look(ctx)
    if (now.told.length > 0) await escalate(ctx, now.told, now.owning)
  })
}

export const escalateJob = job<Record<string, never>>({
  name: 'duties.escalate',
  data: z.object({}),
  cron: '*/5 * * * *',
  run: async (_, house, { signal }) => {
    for (const community of await communitiesWithDuties(house)) {
      if (signal.aborted) return
      try {
        await escalateIn(house, community)
      } catch (error) {
        // A community that fails does not keep the others from hearing; the next run tries it again.
        house.log.error('duties.escalate', error, { community })
      }
    }
  },
})
