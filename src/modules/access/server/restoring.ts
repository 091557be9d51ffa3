// Passes after an observation or a seal is over. Nobody's card was stopped for it, so one that is still good works again by itself;
// one that ran out meanwhile is issued anew, because the household could not come for it.
import { sql } from 'kysely'
import { dayOf, type Day } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import type { Ctx } from '#server/house.ts'
import type { PassRecord } from '../model.ts'
import type { PassKind } from '../pass.ts'
import { homesOf, rowsFor } from './passes.ts'
import { of } from './tables.ts'

/** Kinds that somebody who lives here has for good; those of a visit or a job are asked for again. */
const lasting: readonly PassKind[] = ['household', 'person', 'medical', 'supply', 'nightShift', 'vehicle']

type Ended = Pick<PassRecord, 'household' | 'kind' | 'days' | 'proxyName'>
/** The last pass of each kind of these households, where it ran out since `since` and was not stopped. */
async function ranOut(ctx: Ctx, households: readonly Id[], since: Day): Promise<Ended[]> {
  const { rows } = await sql<Ended>`
    select household, kind, days, proxy_name from (
      select distinct on (p.household, p.kind) p.* from access_passes p
      where p.community = ${ctx.community} and p.household = any(${[...households]}::uuid[]) and p.kind = any(${[...lasting]}::text[])
      order by p.household, p.kind, p.first_day + p.days desc, p.issued_at desc) p
    where p.state = 'good' and p.first_day + p.days > ${since}::date and p.first_day + p.days <= ${dayOf(ctx.now)}::date
    order by household, kind`.execute(ctx.tx)
  return rows
}

/**
 * Issues again, from today and for as many days as before, what ran out from `since` on. Answers how many cards wait to be printed;
 * they are one batch, named by the act. A household that moved away gets none.
 */
export async function restorePasses(ctx: Ctx, households: readonly Id[], since: Day): Promise<number> {
  const ended = households.length > 0 ? await ranOut(ctx, households, since) : []
  const homes = new Map(
    ended.length > 0
      ? (await homesOf(ctx, { households: ended.map((pass) => pass.household) })).map((home) => [home.household, home])
      : [],
  )
  const rows = ended.flatMap(({ household, proxyName, ...terms }) => {
    const home = homes.get(household)
    return home ? rowsFor(ctx, [home], terms, newId, proxyName) : []
  })
  if (rows.length > 0) await of(ctx.tx).insertInto('accessPasses').values(rows).execute()
  return rows.length
}
