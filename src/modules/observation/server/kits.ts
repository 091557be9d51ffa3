// Which items are owed to households at home: as frozen into the order, from its service on as long as it binds.
import { sql } from 'kysely'
import { dayOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import type { Text } from '#core/text.ts'
import type { KitsOwed } from '#modules/services/kits.ts'
import { kitItems } from '../rules.ts'

const titleOf = (item: string): Text => kitItems[item] ?? { zh: item, en: item }

export const kitsOfOrders: KitsOwed = async (ctx) => {
  const { rows } = await sql<{ household: Id; source: Id; grid: string | null; since: string; kit: string[] }>`
    select distinct on (o.household) o.household, o.id as source, o.grid, o.served_at as since, o.frozen -> 'kit' as kit from observation_orders o
    where o.community = ${ctx.community} and o.household is not null and o.place = 'home' and o.state in ('served', 'releaseRequested', 'releaseApproved')
      and o.last_day >= ${dayOf(ctx.now)}::date and jsonb_array_length(o.frozen -> 'kit') > 0
    order by o.household, o.served_at, o.id`.execute(ctx.tx)
  return rows.map(({ kit, ...row }) => ({ ...row, items: kit.map((item) => ({ item, title: titleOf(item) })) }))
}
