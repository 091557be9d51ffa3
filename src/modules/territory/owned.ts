// What somebody answers for by name: the duties that were given to him in an area.
import { sql } from 'kysely'
import { instantOf } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import type { Ctx } from '#server/house.ts'
import type { OwnedBy } from '#modules/identity/owning.ts'
import { areaNames } from './addresses.ts'
import { Duty } from './model.ts'

type Held = { areaCode: string; duty: Duty }

/** Appointments that count now: per area and duty the last one that has begun. */
async function heldBy(ctx: Ctx, account: Id): Promise<Held[]> {
  const { rows } = await sql<Held>`select area_code, duty from (
      select distinct on (area_code, duty) area_code, duty, account from territory_responsibilities
      where since <= ${instantOf(ctx.now)} order by area_code, duty, since desc, recorded_at desc, id desc) as r
    where account = ${account} order by area_code, duty`.execute(ctx.tx)
  return rows
}

export const responsibilities: OwnedBy = {
  kind: 'territory.responsibility',
  title: text('责任区域', 'Areas in charge'),
  find: async (ctx, account) => {
    const held = await heldBy(ctx, account)
    const names = await areaNames(
      ctx.tx,
      held.map((h) => h.areaCode),
    )
    return held.map(({ areaCode, duty }) => {
      const [place, word] = [names.get(areaCode) ?? areaCode, choiceText(Duty, duty)]
      return {
        item: `${areaCode}:${duty}`,
        name: text(`${place} · ${word.zh}`, `${place} · ${word.en}`),
        area: areaCode,
        path: '/territory',
      }
    })
  },
  // A new appointment from now on: what was before stays as it was.
  handOver: async (ctx, account, { item, area }) => {
    const at = instantOf(ctx.now)
    await sql`insert into territory_responsibilities (area_code, id, account, duty, since, recorded_at, recorded_by)
      values (${area}, ${newId()}, ${account}, ${item.slice(area.length + 1)}, ${at}, ${at}, ${ctx.who.account})`.execute(ctx.tx)
  },
}
