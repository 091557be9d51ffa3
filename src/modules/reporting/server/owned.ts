// A report that came back waits for whoever sent it, or took it over.
import { sql } from 'kysely'
import { sayDay } from '#core/dates.ts'
import { text } from '#core/text.ts'
import { keeperSql, type OwnedBy } from '#modules/identity/owning.ts'

const kind = 'reporting.returned'

export const returnedReports: OwnedBy = {
  kind,
  title: text('被退回的日报', 'Returned reports'),
  find: async (ctx, account) => {
    const { rows } = await sql<{ id: string; day: string; community: string }>`
      select r.id, r.day, r.community from reporting_reports as r
      where r.state = 'returned' and ${keeperSql(kind, sql`r.id`, sql`r.submitted_by`)} = ${account} order by r.day`.execute(
      ctx.tx,
    )
    return rows.map(({ id, day, community }) => ({
      item: id,
      name: text(`${sayDay(day, 'zh')}日报`, `Report of ${sayDay(day, 'en')}`),
      area: community,
      path: '/reports',
    }))
  },
}
