// The audit lists as sheets: acts and looks, looks at one person, the register of exports. Of residents they say how many.
import { sql } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import { sayMinute } from '#core/dates.ts'
import { ExportState } from '#core/exports.ts'
import { choiceText } from '#core/labels.ts'
import { inBatches } from '#server/exports/batches.ts'
import { exporting, type ExportPlan } from '#server/exports/exporting.ts'
import { column, listPlan } from '#server/exports/listed.ts'
import type { Run } from '#server/exports/runs.ts'
import type { Ctx, Handled } from '#server/house.ts'
import * as api from '../api.ts'
import { Outcome, Reason } from '../model.ts'
import { actsFound, looksAt, worded, type Row } from './acts.ts'
import { runsSought, wordedRuns } from './exports.ts'

const who = [
  column('at', '时间', { width: 18 }),
  column('accountName', '谁', { width: 14 }),
  column('role', '角色', { width: 14 }),
  column('areaName', '区域', { width: 16 }),
  column('what', '事项', { width: 20 }),
  column('purpose', '用途', { width: 20 }),
]
const count = (key: string, head: string) => column(key, head, { type: 'number' })
type Told = Pick<api.Act, 'at' | 'accountName' | 'roleText' | 'areaName' | 'what' | 'purpose'>
const shared = ({ at, accountName, roleText, areaName, what, purpose }: Told) => ({
  at: sayMinute(at, 'zh'),
  accountName,
  role: roleText.zh,
  areaName,
  what: what.zh,
  purpose,
})

async function actsSheet(ctx: Ctx, input: Parsed<typeof api.exportActs>): Promise<ExportPlan> {
  const { table, count: rows } = await actsFound(ctx, input)
  const batches = async function* () {
    for await (const found of inBatches(ctx.tx, sql<Row>`select * from ${table} as a order by a.at desc, a.id desc`)) {
      yield {
        rows: (await worded(ctx, found)).map((act) => ({
          ...shared(act),
          outcome: choiceText(Outcome, act.outcome).zh,
          problem: act.problem,
          shown: act.shown,
          persons: act.persons,
          reasons: act.reasons.map((reason) => choiceText(Reason, reason).zh).join('、') || null,
        })),
      }
    }
  }
  return listPlan(ctx, {
    title: '操作与查看记录表',
    area: ctx.area,
    row: api.Act,
    rows,
    batches,
    columns: [
      ...who,
      column('outcome', '结果'),
      column('problem', '拒绝原因', { width: 18 }),
      count('shown', '行数'),
      count('persons', '看到的人数'),
      column('reasons', '为什么列出', { width: 18 }),
    ],
    notes: ['“为什么列出”不等于违规，只说明应当先问一问。'],
  })
}

async function historySheet(ctx: Ctx, input: Parsed<typeof api.exportHistory>): Promise<ExportPlan> {
  const { table, count: rows } = await looksAt(ctx, input)
  const batches = async function* () {
    for await (const found of inBatches(ctx.tx, sql<Row>`select * from ${table} as a order by a.at desc, a.id desc`)) {
      yield { rows: (await worded(ctx, found)).map(shared) }
    }
  }
  return listPlan(ctx, {
    title: '个人信息查阅记录表',
    area: input.community ?? ctx.area,
    community: input.community,
    row: api.Look,
    columns: who,
    rows,
    batches,
  })
}

async function runsSheet(ctx: Ctx, input: Parsed<typeof api.exportExports>): Promise<ExportPlan> {
  const where = runsSought(ctx, input)
  const {
    rows: [size],
  } = await sql<{ n: number }>`select count(*)::int as n from export_runs as r where ${where}`.execute(ctx.tx)
  const batches = async function* () {
    const all = sql<Run>`select r.* from export_runs as r where ${where} order by r.requested_at desc, r.id desc`
    for await (const found of inBatches(ctx.tx, all)) {
      yield {
        rows: (await wordedRuns(ctx, found)).map((run) => ({
          ...run,
          at: sayMinute(run.requestedAt, 'zh'),
          what: run.what.zh,
          masked: run.full ? '不遮蔽' : '遮蔽',
          state: choiceText(ExportState, run.state).zh,
          decidedAt: run.decidedAt && sayMinute(run.decidedAt, 'zh'),
        })),
      }
    }
  }
  return listPlan(ctx, {
    title: '导出登记表',
    area: ctx.area,
    row: api.Export,
    rows: size!.n,
    batches,
    columns: [
      column('id', '编号', { width: 38 }),
      column('at', '申请时间', { width: 18 }),
      column('accountName', '导出人', { width: 14 }),
      column('areaName', '区域', { width: 16 }),
      column('what', '事项', { width: 20 }),
      column('masked', '遮蔽'),
      column('purpose', '用途', { width: 20 }),
      count('rows', '行数'),
      count('persons', '人数'),
      column('filterText', '筛选', { width: 24 }),
      column('state', '状态', { width: 14 }),
      column('decidedByName', '批准人', { width: 14 }),
      column('decidedAt', '审批时间', { width: 18 }),
      column('decision', '审批意见', { width: 20 }),
    ],
  })
}

export const sheetHandlers: readonly Handled[] = [
  exporting(api.exportActs, (ctx, input) => actsSheet(ctx, input)),
  exporting(api.exportHistory, (ctx, input) => historySheet(ctx, input)),
  exporting(api.exportExports, (ctx, input) => runsSheet(ctx, input)),
]
