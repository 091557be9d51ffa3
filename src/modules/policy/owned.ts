// Drafts of rules wait for their author, or for whoever took them over.
import { sql } from 'kysely'
import type { Id } from '#core/ids.ts'
import { text } from '#core/text.ts'
import type { Ctx } from '#server/house.ts'
import { keeperSql, type OwnedBy } from '#modules/identity/owning.ts'

const kind = 'policy.draft'

export const drafts: OwnedBy = {
  kind,
  title: text('未生效的规则草稿', 'Drafts of rules'),
  find: async (ctx, account) => {
    const { rows } = await sql<{ id: string; areaCode: string; title: string; number: number }>`
      select v.id, v.area_code, p.title, v.number from policy_versions as v
      join policy_packs as p on p.area_code = v.area_code and p.id = v.pack
      where v.approved_at is null and v.dropped_at is null and v.area_code like ${`${ctx.area}%`} and ${keeperSql(kind, sql`v.id`, sql`v.author`)} = ${account}
      order by v.recorded_at, v.id`.execute(ctx.tx)
    return rows.map(({ id, areaCode, title, number }) => ({
      item: id,
      name: text(`${title} 第 ${number} 版`, `${title}, version ${number}`),
      area: areaCode,
      path: '/policy',
    }))
  },
}

/** Whether the caller may go on writing a draft: its author, or whoever took it over. */
export async function keepsDraft(ctx: Ctx, version: { id: Id; author: Id }): Promise<boolean> {
  const {
    rows: [row],
  } = await sql<{ keeper: Id }>`select ${keeperSql(kind, sql`${version.id}`, sql`${version.author}::uuid`)} as keeper`.execute(
    ctx.tx,
  )
  return row!.keeper === ctx.who.account
}
