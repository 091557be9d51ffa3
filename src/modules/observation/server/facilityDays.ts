// L7, the day's sheet of facilities: how many stay where, came and went. Rooms are the facility's own and stay to be written in.
import { sql } from 'kysely'
import { addDays, dayOf, instantAt, sayDay } from '#core/dates.ts'
import type { ExportSheet } from '#server/exports/exporting.ts'
import type { Ctx } from '#server/house.ts'
import { reached } from '#server/scope.ts'
import type { Column } from '#server/spreadsheet/official.ts'

const columns: readonly Column[] = [
  { key: 'facility', head: '名称、地点', type: 'text', width: 24 },
  { key: 'contact', head: '联络人', type: 'text' },
  { key: 'rooms', head: '房间数', type: 'text' },
  { key: 'used', head: '使用', type: 'text' },
  { key: 'free', head: '剩余', type: 'text' },
  { key: 'dirty', head: '未消杀房间', type: 'text' },
  { key: 'now', head: '现有', unit: '人', type: 'number' },
  { key: 'came', head: '今日新增', unit: '人', type: 'number' },
  { key: 'went', head: '今日解除', unit: '人', type: 'number' },
]

export async function facilityDays(
  ctx: Ctx,
  { lines, area }: { lines: readonly string[]; area: string | undefined },
): Promise<{ sheet: ExportSheet; count: number }> {
  const today = dayOf(ctx.now)
  const [begins, ends] = [instantAt(today), instantAt(addDays(today, 1))]
  const { rows } = await sql<{ facility: string; now: number; came: number; went: number }>`
    select o.facility, coalesce(sum(cardinality(o.persons)) filter (where o.state in ('served', 'releaseRequested', 'releaseApproved')
        and o.observed_from <= ${today}::date and o.last_day >= ${today}::date), 0)::int as now,
      coalesce(sum(cardinality(o.persons)) filter (where came.at >= ${begins} and came.at < ${ends}), 0)::int as came,
      coalesce(sum(cardinality(o.persons)) filter (where o.released_at >= ${begins} and o.released_at < ${ends}), 0)::int as went
    from observation_orders o
    left join lateral (
      select min(s.at) as at from observation_steps s where s.community = o.community and s.order_id = o.id
        and s.verb in ('serve', 'convert') and s.state <> 'decided' and s.place = 'facility') came on true
    where o.community = ${ctx.community} and o.place = 'facility' and o.facility is not null and o.served_at is not null
      and ${reached(ctx, 'o.grid')} and ${area ? sql`o.grid >= ${area} and o.grid < ${`${area}~`}` : sql`true`}
    group by o.facility order by o.facility`.execute(ctx.tx)
  const totals = { now: 0, came: 0, went: 0 }
  for (const row of rows) for (const key of ['now', 'came', 'went'] as const) totals[key] += row[key]
  return {
    count: rows.length,
    sheet: {
      name: '集中隔离点日报',
      title: `集中隔离点日报（${sayDay(today, 'zh')}）`,
      lines,
      columns,
      batches: async function* () {
        yield { rows }
      },
      tail: () => ({ totals, notes: ['房间数由隔离点填写；没有测量或没有登记的留空。'] }),
    },
  }
}
