// Official sheets: 疫情防控日报表 with its two-row head and one by grid, and the table of all communities.
import { dayOf, sayDay, sayMinute, type Day, type Instant } from '#core/dates.ts'
import { registered, stampOf } from '#server/exports/exporting.ts'
import type { Ctx, Handled, Made } from '#server/house.ts'
import type { OfficialSheet } from '#server/spreadsheet/official.ts'
import { writeOfficialSheet } from '#server/spreadsheet/write.ts'
import * as api from '../api.ts'
import { ReportState } from '../model.ts'
import { choiceText } from '#core/labels.ts'
import { dayTable, filledIn, gridTable, notesOf, sheetTitle, unitIn } from '../words.ts'
import { dayShown } from './days.ts'
import { communityAsked } from './moving.ts'
import { areaAsked, overviewOf, totalsOf } from './overview.ts'

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

const timeOr = (at: Instant | null | undefined): string => (at ? sayMinute(at, 'zh') : '')

async function daySheet(ctx: Ctx, community: string, day: Day): Promise<Made> {
  const shown = await dayShown(ctx, community, day)
  const { report } = shown
  const title = sheetTitle.zh
  const lines = [
    `填报单位：${shown.communityName}`,
    `填报人：${report?.submittedByName ?? ''}`,
    `审核人：${report?.confirmedByName ?? ''}`,
    `填报时间：${filledIn(day, report?.submittedAt ?? report?.compiledAt)}`,
  ]
  const notes = notesOf(shown).map((note) => note.zh)
  const whole = dayTable(shown)
  const grids = gridTable(shown)
  const sheets: OfficialSheet[] = [
    { name: '日报表', title, lines, ...whole, notes, stamp: stampOf(ctx) },
    { name: '分网格', title: `${title}（分网格）`, lines, ...grids, notes, stamp: stampOf(ctx) },
  ]
  return {
    name: `${title} ${shown.communityName} ${day}.xlsx`,
    type: xlsx,
    body: await writeOfficialSheet(sheets),
    count: shown.figures.length,
  }
}

/** 零报告 is a report, 未报 is none; what came late says so. */
const stateOf = ({ state, called, zero, late, overdue }: api.OverviewRow): string =>
  state === null || state === 'open'
    ? !called
      ? '—'
      : overdue
        ? '未报（超时）'
        : '未报'
    : `${choiceText(ReportState, state).zh}${zero ? '（零报告）' : ''}${late ? '（迟报）' : ''}`

async function overviewSheet(ctx: Ctx, area: string, day: Day): Promise<Made> {
  const { figures, areaName: place, called, received, zero, late, returned, missing } = await totalsOf(ctx, area, day)
  const { rows } = await overviewOf(ctx, area, day)
  const title = '疫情防控日报汇总表'
  const body = await writeOfficialSheet([
    {
      name: '汇总',
      title,
      lines: [`填报单位：${place}`, `填报人：${ctx.who.name}`, '审核人：', `填报时间：${sayDay(day, 'zh')}`],
      columns: [
        { key: 'name', head: '社区', type: 'text', width: 16 },
        { key: 'state', head: '日报', type: 'text', width: 10 },
        { key: 'sent', head: '上报时间', type: 'text', width: 14 },
        ...figures.map((f) => ({ key: f.indicator, head: f.title.zh, ...unitIn(f), group: f.group.zh, type: 'number' as const })),
      ],
      rows: rows.map((row) => ({
        name: row.name,
        sent: timeOr(row.submittedAt),
        state: stateOf(row),
        ...Object.fromEntries(figures.map((f) => [f.indicator, row.figures[f.indicator]?.[f.main] ?? null])),
      })),
      totals: Object.fromEntries(figures.map((f) => [f.indicator, f[f.main]])),
      notes: [
        `应报 ${called} 个社区：已收 ${received}（其中零报告 ${zero}、迟报 ${late}），退回 ${returned}，未报 ${missing}。`,
        '已上报的社区以上报数为准，其余为系统当前统计数；空白表示没有数据。',
      ],
      stamp: stampOf(ctx),
    },
  ])
  return { name: `${title} ${place} ${day}.xlsx`, type: xlsx, body, count: rows.length }
}

export const sheetHandlers: readonly Handled[] = [
  registered(api.exportDay, async ({ community, day }, ctx) =>
    daySheet(ctx, communityAsked(ctx, community), day ?? dayOf(ctx.now)),
  ),
  registered(api.exportOverview, async ({ day, area }, ctx) => overviewSheet(ctx, areaAsked(ctx, area), day ?? dayOf(ctx.now))),
]
