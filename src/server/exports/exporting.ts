// One way out for rows: asked, counted, perhaps approved by a second person, masked, stamped, written in a flow, registered.
import { z } from 'zod'
import type { Contract, Parsed } from '#core/contract.ts'
import { dayOf, instantOf, sayMinute } from '#core/dates.ts'
import { exportTerms, say, type ExportFormat, type ExportRun, type ExportState } from '#core/exports.ts'
import type { Id } from '#core/ids.ts'
import type { MaskKind } from '#core/labels.ts'
import { masked } from '#core/masking.ts'
import type { Tx } from '../database/connect.ts'
import { offer, type Ctx, type Handled, type Made, type Started } from '../house.ts'
import { padded } from '../scope.ts'
import { flowingCsv } from './csv.ts'
import { findRun, of, type Run } from './runs.ts'
import { flowingWorkbook, type FlowingSheet } from './workbook.ts'

/** Some rows, and ids of the persons whom they name. */
export type Batch = { readonly rows: readonly Readonly<Record<string, unknown>>[]; readonly persons?: readonly Id[] }

/** One sheet of an export; `row` declares what is masked. */
export type ExportSheet = Omit<FlowingSheet, 'batches' | 'stamp'> & {
  readonly row?: z.ZodType
  readonly batches: () => AsyncIterable<Batch>
}

/** What an export will be: counted before anything is made. `community` is under whose keys it waits and in whose register it stands. */
export type ExportPlan = {
  readonly title: string
  readonly place: string
  readonly community?: string
  readonly rows: number
  readonly persons: number
  readonly sheets: readonly ExportSheet[]
}
type Terms = { full: boolean; purpose?: string | undefined; as: ExportFormat }
export type Planner = (ctx: Ctx, input: never) => Promise<ExportPlan>

/** What the rules say of exports in an area, whether somebody still holds a post, and who hears that one waits. Who keeps the rules answers. */
export type ExportRules = {
  readonly of: (tx: Tx, area: string, now: number) => Promise<{ secondPersonAbove: number; waits: number; kept: number }>
  readonly holds: (tx: Tx, account: Id, role: string, area: string) => Promise<boolean>
  readonly waiting: (ctx: Ctx) => Promise<void>
}
export const exportRules = offer<ExportRules>('exportRules')

/** So many rows are handed out at once; more are made by a job. */
const atOnce = 2_000
export const makeJob = 'exports.make'

// Filled as modules declare their exports; the job that makes a longer one finds it here by the name of its contract.
const planners = new Map<string, Planner>()
export const plannerOf = (contract: string): Planner | undefined => planners.get(contract)

const terms = z.object(exportTerms)
export const termsOf = (input: unknown): Terms => terms.parse(input)

/** Handles a download contract whose input holds `exportTerms`; roles in `contract.full` may have it unmasked. */
export function exporting<C extends Contract<'download'>>(
  contract: C,
  plan: (ctx: Ctx, input: Parsed<C>) => Promise<ExportPlan>,
): Handled {
  planners.set(contract.name, plan as Planner)
  return { contract, run: (async (input: Parsed<C>, ctx: Ctx) => asked(contract, plan as Planner, input, ctx)) as Handled['run'] }
}

const hour = 3_600_000
export const usualRules = { secondPersonAbove: 200, waits: 24 * hour, kept: hour }

async function asked(contract: Contract, plan: Planner, input: unknown, ctx: Ctx): Promise<Made | Started> {
  const before = await findRun(ctx.tx, ctx.id)
  if (before) {
    if (before.account !== ctx.who.account) throw say.notYours()
    return { started: { export: shownRun(before) } }
  }
  const { full, purpose, as } = termsOf(input)
  if (full && !contract.full?.includes(ctx.role)) throw say.maskedOnly()
  if (full && !purpose) throw say.purposeNeeded()
  if (purpose) ctx.purpose(purpose)
  const planned = await plan(ctx, input as never)
  const [rules] = ctx.house.offered(exportRules)
  const { secondPersonAbove, waits } = (await rules?.of(ctx.tx, ctx.area, ctx.now)) ?? usualRules
  const run = runOf(ctx, contract, planned, input as Record<string, unknown>, { full, purpose, as })
  if (full && planned.persons > secondPersonAbove) {
    await rules?.waiting(ctx)
    return start(ctx, { ...run, state: 'waiting', until: instantOf(ctx.now + waits) })
  }
  if (planned.rows > atOnce) {
    const started = await start(ctx, { ...run, state: 'queued' })
    await ctx.house.enqueue(ctx.tx, makeJob, { area: ctx.area, run: ctx.id })
    return started
  }
  const pieces: Uint8Array[] = []
  const looks: Id[] = []
  const flow = flowOf(ctx, planned, { full, purpose, as }, ctx.id, (persons) => {
    looks.push(...persons)
  })
  for await (const piece of flow.bytes) pieces.push(piece)
  if (full && new Set(looks).size > secondPersonAbove) throw say.grown()
  await insert(ctx.tx, { ...run, state: 'done', made: flow.rows(), rows: flow.rows(), persons: planned.persons, fetched: 1 })
  return { name: flow.name, type: typeOf[as], body: Buffer.concat(pieces), count: flow.rows(), looks, record: ctx.id }
}

export const typeOf: Record<ExportFormat, string> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
}

async function insert(tx: Tx, { input, filters, failure, ...run }: Run): Promise<void> {
  await of(tx)
    .insertInto('exportRuns')
    .values({
      ...run,
      input: JSON.stringify(input),
      filters: JSON.stringify(filters),
      failure: failure && JSON.stringify(failure),
    })
    .execute()
}

async function start(ctx: Ctx, run: Run): Promise<Started> {
  await insert(ctx.tx, run)
  await ctx.touched('oversight')
  return { started: { export: shownRun(run) } }
}

/** What a list may show of a run. */
export const shownRun = ({
  id,
  community,
  area,
  contract,
  account,
  state,
  format,
  full,
  purpose,
  filters,
  rows,
  persons,
  made,
  requestedAt,
  decidedBy,
  decidedAt,
  decision,
  until,
  fetched,
}: Run): ExportRun => ({
  id,
  community,
  area,
  contract,
  account,
  state,
  format,
  full,
  purpose,
  filters,
  rows,
  persons,
  made,
  requestedAt,
  decidedBy,
  decidedAt,
  decision,
  until,
  fetched,
})

function runOf(
  ctx: Ctx,
  contract: Contract,
  plan: ExportPlan,
  input: Record<string, unknown>,
  { full, purpose, as }: Terms,
): Run {
  const own = new Set([...Object.keys(exportTerms), ...(contract.secret ?? [])])
  return {
    community: plan.community ?? padded(ctx.area),
    id: ctx.id,
    area: ctx.area,
    role: ctx.role,
    contract: contract.name,
    account: ctx.who.account,
    accountName: ctx.who.name,
    session: ctx.who.session,
    device: ctx.device,
    input,
    filters: Object.fromEntries(Object.entries(input).filter(([key, value]) => !own.has(key) && value !== undefined)),
    state: 'queued' satisfies ExportState,
    format: as,
    full,
    purpose: purpose ?? null,
    fileName: null,
    rows: plan.rows,
    persons: plan.persons,
    made: 0,
    failure: null,
    requestedAt: instantOf(ctx.now),
    decidedBy: null,
    decidedAt: null,
    decision: null,
    until: null,
    fetched: 0,
    digest: ctx.digest,
  }
}

const everything: ReadonlySet<MaskKind> = new Set(['name', 'phone', 'document', 'room', 'address', 'text'])
const identifying: ReadonlySet<MaskKind> = new Set(['name', 'phone', 'document', 'room', 'address'])

/** A masked sheet hides who and where from everybody, and words from whoever does not read them in lists either. */
const seenIn = (full: boolean, sees: ReadonlySet<MaskKind>): ReadonlySet<MaskKind> =>
  full ? everything : new Set([...sees].filter((kind) => !identifying.has(kind)))

/** Who took a sheet out, when, under which number and what for: in the footer of every page and in a hidden cell. */
export const stampOf = (
  ctx: Ctx,
  { id = ctx.id, purpose = '统计数据，不含个人信息' }: { id?: Id; purpose?: string | undefined } = {},
): string => [ctx.who.name, sayMinute(instantOf(ctx.now), 'zh'), instantOf(ctx.now), `编号 ${id}`, `用途：${purpose}`].join(' · ')

/** A download that is made whole by its module, for it is short: sums, or the sender's own rows. It stands in the register like every other. */
export function registered<C extends Contract<'download'>>(
  contract: C,
  run: (input: Parsed<C>, ctx: Ctx) => Promise<Made>,
): Handled {
  return {
    contract,
    run: (async (input: Parsed<C>, ctx: Ctx) => {
      const before = await findRun(ctx.tx, ctx.id)
      if (before && before.account !== ctx.who.account) throw say.notYours()
      const made = await run(input, ctx)
      const plan = { title: '', place: '', rows: made.count, persons: 0, sheets: [], community: actingOf(ctx) }
      const row = runOf(ctx, contract, plan, input as Record<string, unknown>, { full: false, as: 'xlsx' })
      if (!before) await insert(ctx.tx, { ...row, state: 'done', made: made.count, fetched: 1 })
      return { ...made, record: ctx.id }
    }) as Handled['run'],
  }
}

/** The community in which a request acts, or the area above it. */
function actingOf(ctx: Ctx): string {
  try {
    return ctx.community
  } catch {
    return padded(ctx.area)
  }
}

type Flow = { readonly name: string; readonly bytes: AsyncIterable<Uint8Array>; readonly rows: () => number }

/** The file as it is written. `looked` hears of the persons whom it names in full. */
export function flowOf(
  ctx: Ctx,
  plan: ExportPlan,
  { full, purpose, as }: Terms,
  id: Id,
  looked: (persons: readonly Id[]) => void | Promise<void>,
): Flow {
  const sees = seenIn(full, ctx.sees)
  let count = 0
  const stamp = stampOf(ctx, { id, purpose: purpose ?? (full ? undefined : '日常查阅（已遮蔽）') })
  const sheets = plan.sheets.map(({ row, batches, ...sheet }): FlowingSheet => ({
    ...sheet,
    stamp,
    batches: (async function* () {
      for await (const { rows, persons } of batches()) {
        count += rows.length
        if (full && persons?.length) await looked(persons)
        yield row ? rows.map((one) => masked(row, one, sees) as Record<string, unknown>) : rows
      }
    })(),
  }))
  const day = dayOf(ctx.now)
  const name =
    as === 'xlsx'
      ? `${plan.title} ${plan.place} ${day}.xlsx`
      : `${[plan.title, plan.place, day, ctx.who.name, purpose?.slice(0, 20), id]
          .filter(Boolean)
          .join(' ')
          .replaceAll(/[\\/:*?"<>|]/g, '-')}.csv`
  return { name, rows: () => count, bytes: as === 'xlsx' ? flowingWorkbook(sheets) : flowingCsv(sheets) }
}
