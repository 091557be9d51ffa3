// A need past its time is told once: to whoever took it, and to the secretary.
import { sql } from 'kysely'
import { z } from 'zod'
import { instantOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { text } from '#core/text.ts'
import { job, type Ctx, type House } from '#server/house.ts'
import { everywhere } from '#server/scope.ts'
import { asSystem } from '#server/system.ts'
import { notify } from '#modules/identity/news.ts'
import type { Request } from '../model.ts'
import { step } from './requests.ts'

type Late = Pick<Request, 'id' | 'state' | 'takenBy'>

/** Tells what is overdue in a community and was not told yet. */
async function tell(ctx: Ctx): Promise<void> {
  const now = instantOf(ctx.now)
  const { rows } = await sql<Late>`
    update services_requests set escalated_at = ${now} where community = ${ctx.community} and state in ('asked', 'taken', 'bought', 'returned')
      and due_at <= ${now}::timestamptz and escalated_at is null returning id, state, taken_by`.execute(ctx.tx)
  if (!rows.length) return
  for (const one of rows) await step(ctx, one, 'overdue')
  const path = '/services?overdue=true'
  const say = (n: number) => text(`${n} 项居民需求超时未办`, `${n} ${n === 1 ? 'need is' : 'needs are'} overdue`)
  for (const [account, mine] of Map.groupBy(
    rows.filter((r) => r.takenBy !== null),
    (r) => r.takenBy!,
  )) {
    await notify(ctx, { topic: 'escalated', to: [account as Id], path, title: say(mine.length) })
  }
  await notify(ctx, {
    topic: 'escalated',
    to: { roles: ['communitySecretary'], area: ctx.community },
    path,
    title: say(rows.length),
  })
  await ctx.touched('services')
}

async function communitiesWithLate(house: House): Promise<string[]> {
  const found: string[] = []
  for (const scope of everywhere) {
    found.push(
      ...(await house.within(scope, async (tx) =>
        (
          await sql<{ community: string }>`
      select distinct community from services_requests where state in ('asked', 'taken', 'bought', 'returned')
        and due_at <= ${instantOf(house.now())}::timestamptz and escalated_at is null`.execute(tx)
        ).rows.map((r) => r.community),
      )),
    )
  }
  return found
}

export const overdueJob = job<Record<string, never>>({
  name: 'services.overdue',
  data: z.object({}),
  cron: '*/5 * * * *',
  run: async (_, house, { signal }) => {
    for (const community of await communitiesWithLate(house))
      if (!signal.aborted) await asSystem(house, community, 'services.overdue', tell)
  },
})
