// L24 居民需求登记 and L26 一家一档关爱台账, with the columns of the offices' forms.
import { sql } from 'kysely'
import type { z } from 'zod'
import type { Parsed } from '#core/contract.ts'
import { sayDay, sayMinute } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import { inBatches } from '#server/exports/batches.ts'
import type { ExportPlan } from '#server/exports/exporting.ts'
import { column, listPlan } from '#server/exports/listed.ts'
import type { Ctx } from '#server/house.ts'
import { isCommunity } from '#server/scope.ts'
import * as api from '../api.ts'
import {
  Advanced,
  CallKind,
  CallOutcome,
  Channel,
  FileState,
  Mood,
  Payment,
  People,
  RequestState,
  type Care,
  type Request,
} from '../model.ts'
import { careLines, careRows, careWhere } from './care.ts'
import { placeOf, requestLines, requestRows } from './reading.ts'

const word = (schema: z.ZodType, value: string | null): string | null => (value === null ? null : choiceText(schema, value).zh)
const minute = (at: string | null): string | null => (at ? sayMinute(at, 'zh') : null)
const where = (ctx: Ctx) => ({ area: placeOf(ctx), ...(isCommunity(placeOf(ctx)) ? { community: placeOf(ctx) } : {}) })

const needColumns = [
  column('number', '编号', { width: 14 }),
  column('askedAt', '时间', { width: 14 }),
  column('name', '姓名'),
  column('address', '楼栋房号', { width: 22 }),
  column('phone', '电话', { width: 14 }),
  column('category', '类别'),
  column('people', '人群'),
  column('urgency', '紧急程度'),
  column('content', '内容数量规格', { width: 26 }),
  column('budget', '预算', { type: 'money', unit: '元' }),
  column('payment', '付款方式'),
  column('channel', '渠道'),
  column('takenByName', '代办人'),
  column('paid', '垫付', { group: '费用' }),
  column('amount', '实付', { type: 'money', unit: '元', group: '费用' }),
  column('settled', '结清', { group: '费用' }),
  column('receipts', '采购凭证', { unit: '张', type: 'number' }),
  column('deliveredAt', '送达时间', { width: 14 }),
  column('signedBy', '签收'),
  column('score', '评分', { group: '评价', type: 'number' }),
  column('feedback', '意见', { group: '评价' }),
  column('returnedWhy', '退换'),
  column('state', '状态'),
  column('note', '备注'),
]

export async function needSheet(ctx: Ctx, filters: Parsed<typeof api.exportRequests>): Promise<ExportPlan> {
  const here = requestRows(ctx, filters)
  const {
    rows: [count],
  } = await sql<{ n: number; households: number }>`
    select count(*)::int as n, count(distinct coalesce(r.person, r.household))::int as households ${here}`.execute(ctx.tx)
  async function* batches() {
    for await (const found of inBatches(ctx.tx, sql<Request>`select r.* ${here} order by r.asked_at, r.id`)) {
      const rows = await requestLines(ctx, found, { phones: isCommunity(placeOf(ctx)) })
      yield {
        persons: rows.flatMap((r) => r.person ?? []),
        rows: rows.map((r) => ({
          ...r,
          askedAt: minute(r.askedAt),
          category: r.categoryTitle.zh,
          urgency: r.urgencyTitle.zh,
          people: word(People, r.people),
          payment: word(Payment, r.payment),
          channel: word(Channel, r.channel),
          paid: word(Advanced, r.advancedBy),
          settled: r.owes ? '未结清' : r.refundedAt ? minute(r.refundedAt) : null,
          receipts: r.receipts.length || null,
          deliveredAt: minute(r.deliveredAt),
          state: word(RequestState, r.state),
          note: r.cancelReason,
        })),
      }
    }
  }
  return listPlan(ctx, {
    title: '居民需求、代购登记',
    ...where(ctx),
    row: needRow,
    columns: needColumns,
    rows: count!.n,
    persons: count!.households,
    batches,
    notes: ['金额以元计；“垫付”写明谁先付的钱，“结清”为空的没有垫款。'],
  })
}
const needRow = api.RequestLine.extend({ note: api.RequestLine.shape.cancelReason })

const careColumns = [
  column('name', '户主'),
  column('address', '住址', { width: 22 }),
  column('category', '类别'),
  column('needs', '需求', { width: 20 }),
  column('carerName', '包保人'),
  column('visits', '次数', { group: '日访', type: 'number' }),
  column('lastVisit', '最近一次', { group: '日访', width: 14 }),
  column('lastVisitWords', '情况', { group: '日访', width: 20 }),
  column('visitDays', '逐日（方式、情况）', { group: '日访', width: 36 }),
  column('deliveries', '次数', { group: '周送', type: 'number' }),
  column('lastDelivery', '最近一次', { group: '周送', width: 14 }),
  column('lastDeliveryWords', '物资', { group: '周送', width: 20 }),
  column('assessment', '心理评估', { width: 16 }),
  column('referral', '转介'),
  column('openedAt', '建档', { width: 14 }),
  column('state', '状态'),
  column('note', '备注'),
]

/** 3月2日 上门探访 联系上 低落 想女儿 */
const dayWords = ({ day, kind: how, outcome, mood, words }: api.CareLine['visitDays'][number]): string =>
  [sayDay(day, 'zh').replace(/^\d+年| .*$/g, ''), word(CallKind, how), word(CallOutcome, outcome), word(Mood, mood), words]
    .filter(Boolean)
    .join(' ')

export async function careSheet(ctx: Ctx, { state }: Parsed<typeof api.exportCare>): Promise<ExportPlan> {
  const filter = careWhere(ctx, { state })
  const {
    rows: [count],
  } = await sql<{ n: number }>`select count(*)::int as n from services_care c where ${filter}`.execute(ctx.tx)
  async function* batches() {
    for await (const found of inBatches(ctx.tx, sql<Care>`${careRows(filter)} order by c.opened_at, c.id`)) {
      yield {
        rows: (await careLines(ctx, found as never)).map((c) => ({
          ...c,
          category: c.categoryTitle.zh,
          visitDays: c.visitDays.map(dayWords).join('；') || null,
          lastVisit: minute(c.lastVisit),
          lastDelivery: minute(c.lastDelivery),
          openedAt: minute(c.openedAt),
          state: word(FileState, c.state),
          note: c.closeReason,
        })),
      }
    }
  }
  return listPlan(ctx, {
    title: '一家一档关爱台账',
    ...where(ctx),
    row: api.CareLine.extend({ note: api.CareLine.shape.closeReason, visitDays: api.CareLine.shape.lastVisitWords }),
    columns: careColumns,
    rows: count!.n,
    persons: count!.n,
    batches,
  })
}
