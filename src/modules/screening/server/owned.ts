// Campaigns under way have somebody who keeps them: whoever opened one, or took it over.
import { sql } from 'kysely'
import { text } from '#core/text.ts'
import { keeperSql, type OwnedBy } from '#modules/identity/owning.ts'

const kind = 'screening.campaign'

export const openCampaigns: OwnedBy = {
  kind,
  title: text('进行中的排查', 'Screenings under way'),
  find: async (ctx, account) => {
    const { rows } = await sql<{ id: string; title: string; area: string }>`
      select c.id, c.title, c.area from screening_campaigns as c
      where c.state = 'open' and ${keeperSql(kind, sql`c.id`, sql`c.opened_by`)} = ${account} order by c.opened_at, c.id`.execute(
      ctx.tx,
    )
    return rows.map(({ id, title, area }) => ({ item: id, name: text(title, title), area, path: '/screening' }))
  },
}
