// The register of exports: who asked for what, who agreed, what became of it; and the rules by which it runs.
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { z } from 'zod'
import type { Parsed } from '#core/contract.ts'
import { addDays, instantAt, instantOf } from '#core/dates.ts'
import { can } from '#core/exports.ts'
import { choiceText, isReference, labelOf } from '#core/labels.ts'
import { fromCursor, pageFrom } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { exportRules, shownRun } from '#server/exports/exporting.ts'
import { cancel, decide, fileOf } from '#server/exports/making.ts'
import { holdRun, isOver, type Run } from '#server/exports/runs.ts'
import { answer, answering, handle, type Ctx, type Handled } from '#server/house.ts'
import { namesOf, placesOf } from '#server/names.ts'
import { communityOf } from '#server/scope.ts'
import type { Role } from '#modules/identity/model.ts'
import { notify } from '#modules/identity/news.ts'
import { policy } from '#modules/policy/server.ts'
import * as api from '../api.ts'
import { approvalHours, keptMinutes, secondPersonAbove } from '../model.ts'
import { wordsOf } from './acts.ts'

const minute = 60_000

/** Numbers come from the rules in force where the export is asked for; a post must still be held when a job works in its name. */
export const rulesOffer = answering(exportRules, {
  of: async (tx, area, now) => {
    const at = instantOf(now)
    return {
      secondPersonAbove: (await policy(tx, secondPersonAbove, area, at)).value,
      waits: (await policy(tx, approvalHours, area, at)).value * 60 * minute,
      kept: (await policy(tx, keptMinutes, area, at)).value * minute,
    }
  },
  // Accounts are never removed: one that is not known here was not made here, and its session was judged at the door.
  holds: async (tx, account, role, area) => {
    const {
      rows: [held],
    } = await sql<{ ok: boolean }>`select a.state = 'active' and exists (
        select from identity_assignments p where p.account = a.id and p.role = ${role} and p.area_code = ${area} and p.until is null) as ok
      from identity_accounts a where a.id = ${account}`.execute(tx)
    return held?.ok ?? true
  },
  // Whoever may agree: those of the asker's own area, and those of the level above it.
  waiting: async (ctx) => {
    const own = communityOf(ctx.area)
    for (const area of own.length > 6 ? [own, own.slice(0, -3)] : [own]) {
      await notify(ctx, {
        topic: 'waiting',
        path: '/exports',
        title: text('有一份导出申请待您审批', 'An export waits for your approval'),
        to: { roles: api.approveExport.may as Role[], area },
      })
    }
  },
})

const sees = (role: string): boolean => role === 'auditor' || (api.approveExport.may as readonly string[]).includes(role)

type Sought = Omit<Parsed<typeof api.exports>, 'after' | 'limit'>

/** Which runs (`r`) the asker sees of those that are asked for. */
export function runsSought(ctx: Ctx, { mine, state, account, from, to }: Sought): RawBuilder<SqlBool> {
  const own = mine || !sees(ctx.role)
  return sql<SqlBool>`${
    own
      ? sql`r.account = ${ctx.who.account}`
      : ctx.role === 'communitySecretary'
        ? sql`(r.area collate "C" >= ${ctx.area} and r.area collate "C" < ${`${ctx.area}~`} or r.account = ${ctx.who.account})`
        : sql`true`
  }
    and ${state ? sql`r.state = ${state}` : sql`true`} and ${account ? sql`r.account = ${account}` : sql`true`}
    and ${from ? sql`r.requested_at >= ${instantAt(from)}::timestamptz` : sql`true`}
    and ${to ? sql`r.requested_at < ${instantAt(addDays(to, 1))}::timestamptz` : sql`true`}`
}

async function list(ctx: Ctx, { after, limit, ...sought }: Parsed<typeof api.exports>) {
  const key = fromCursor(after, 2)
  const where = runsSought(ctx, sought)
  const {
    rows: [count],
  } = await sql<{ n: number }>`select count(*)::int as n from export_runs as r where ${where}`.execute(ctx.tx)
  const { rows: found } = await sql<Run>`select r.* from export_runs as r where ${where}
    and ${key ? sql`(r.requested_at, r.id) < (${key[0]}::timestamptz, ${key[1]}::uuid)` : sql`true`}
    order by r.requested_at desc, r.id desc limit ${limit + 1}`.execute(ctx.tx)
  const page = pageFrom(found, limit, count!.n, (run) => [run.requestedAt, run.id])
  return { ...page, rows: await wordedRuns(ctx, page.rows) }
}

/** Runs with the words for who, where and what, and what the asker may do with each. */
export async function wordedRuns(ctx: Ctx, runs: readonly Run[]): Promise<api.Export[]> {
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    runs.flatMap((r) => [r.account, ...(r.decidedBy ? [r.decidedBy] : [])]),
  )
  const places = await placesOf(
    ctx.house,
    ctx.tx,
    runs.map((r) => r.area),
  )
  return runs.map((run) => {
    const over = isOver(run, ctx.now)
    const own = run.account === ctx.who.account
    return {
      ...shownRun(run),
      ...(over && (run.state === 'waiting' || run.state === 'ready') ? { state: 'expired' as const } : {}),
      accountName: names.get(run.account) ?? run.accountName,
      areaName: places.get(run.area) ?? run.area,
      what: wordsOf(ctx, run.contract),
      decidedByName: run.decidedBy && (names.get(run.decidedBy) ?? '—'),
      filterText: filtersIn(ctx.house.inputOf(run.contract), run.filters),
      mayDecide: !own && !over && can.approve(run) && (api.approveExport.may as readonly string[]).includes(ctx.role),
      mayFetch: own && !over && can.fetch(run),
      mayCancel: own && !over && can.cancel(run),
    }
  })
}

/** `日期：2020-02-03；状态：已确认`: filters by their labels; what was chosen from a list of records is not spelled out. */
function filtersIn(input: z.ZodType | undefined, filters: Readonly<Record<string, unknown>>): string {
  const fields = input instanceof z.ZodObject ? (input.shape as Readonly<Record<string, z.ZodType>>) : {}
  return Object.entries(filters)
    .map(([key, value]) => {
      const field = fields[key]
      if (!field) return key
      const label = labelOf(field, key).zh
      if (isReference(field)) return `${label}：已选定`
      return `${label}：${typeof value === 'boolean' ? (value ? '是' : '否') : choiceText(field, String(value)).zh}`
    })
    .join('；')
}

const again = async (input: { export: string }, ctx: Ctx) => shownRun(await holdRun(ctx.tx, input.export))

export const exportHandlers: readonly Handled[] = [
  answer(api.exports, (input, ctx) => list(ctx, input)),
  handle(api.approveExport, async ({ export: id, remark }, ctx) => shownRun(await decide(ctx, id, 'approve', remark)), again),
  handle(api.refuseExport, async ({ export: id, remark }, ctx) => shownRun(await decide(ctx, id, 'refuse', remark)), again),
  handle(api.cancelExport, async ({ export: id }, ctx) => shownRun(await cancel(ctx, id)), again),
  answer(api.fetchExport, ({ export: id }, ctx) => fileOf(ctx, id)),
]
