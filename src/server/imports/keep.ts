// Carries out a declared import (core/imports.ts): upload, reading in a job, preview, one transaction, the rows to mend as a workbook.
import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import { z } from 'zod'
import { can, heaviest, say, type Importing, type RowOutcome } from '#core/imports.ts'
import { instantOf } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { fromCursor, toCursor } from '#core/paging.ts'
import { isProblem } from '#core/problem.ts'
import type { Text } from '#core/text.ts'
import { answer, handle, type Ctx, type Handled, type House, type Job } from '../house.ts'
import { asSystem } from '../system.ts'
import { inspect } from '../spreadsheet/inspect.ts'
import { readWorkbook } from '../spreadsheet/read.ts'
import { writeTemplate } from '../spreadsheet/template.ts'
import {
  changeRun, closeFile, dropRows, everywhere, findRun, getRun, holdRun, keepRows, latestRun, of as runsOf, openFile, purgeOld, readRows,
  type Judged, type Run,
} from './runs.ts'
import { entryOf, rowsOf, templateOf, type Read, type RowAsSent } from './sheet.ts'

/** A row that could be read. `row` is the number beside it in the spreadsheet. */
export type Sent<E> = { readonly row: number; readonly entry: E }
export type Verdict = { readonly outcome: RowOutcome; readonly reasons?: readonly Text[] }
/** What the rows would do, one verdict each in their order, and how to do it: `write` adds exactly those that are new. */
export type Plan = { readonly verdicts: readonly Verdict[]; readonly write: (tell: (done: number) => Promise<void>) => Promise<void> }

/** Judges the rows against what is registered now. Asked for the preview, and again inside the transaction that writes. */
export type Planner<E> = (ctx: Ctx, rows: readonly Sent<E>[]) => Promise<Plan>

export type KeptImport = {
  readonly handlers: readonly Handled[]
  readonly jobs: readonly Job<never>[]
  /** Takes up what a stop of the house interrupted. */
  readonly prepare: (house: House) => Promise<void>
}

const Named = z.object({ community: z.string(), run: Id })
type Named = z.infer<typeof Named>

/** An import's part of a module: spread it into the register entry. */
export function keepImport<E>(of: Importing, plan: Planner<E>): KeptImport {
  const { contracts: c, full } = of
  const key = (ctx: Ctx) => ({ importing: full, community: ctx.community })
  const jobs = { read: `${full}Read`, write: `${full}Write`, sweep: `${full}Sweep` }
  const theRun = async ({ run }: { run: Id }, ctx: Ctx) => getRun(ctx.tx, key(ctx), run)

  return {
    handlers: [
      answer(c.template, async () => workbook(`${of.title.zh}模板.xlsx`, await writeTemplate({ sheets: [templateOf(of)] }), 0)),
      handle(c.start, async ({ fileName, content }, ctx) => {
        inspect(Buffer.from(content, 'base64'), fileName, { maxBytes: heaviest, maxUnpacked: 200_000_000 })
        await giveWay(ctx, full)
        const file = closeFile(ctx, ctx.id, content)
        await runsOf(ctx.tx).insertInto('importRuns').values({
          community: ctx.community, id: ctx.id, importing: full, state: 'reading', fileName, file,
          total: 0, fresh: 0, unchanged: 0, refused: 0, done: 0, failure: null, leftAside: [],
          recordedAt: ctx.timing.recordedAt, recordedBy: ctx.who.account, committedBy: null, endedAt: null, digest: ctx.digest,
        }).execute()
        await ctx.house.enqueue(ctx.tx, jobs.read, { community: ctx.community, run: ctx.id })
        return getRun(ctx.tx, key(ctx), ctx.id)
      }, (_, ctx) => getRun(ctx.tx, key(ctx), ctx.id)),
      answer(c.status, async ({ run: id }, ctx) => {
        const run = id ? await findRun(ctx.tx, key(ctx), id) : await latestRun(ctx.tx, key(ctx))
        return { run: run ?? null }
      }),
      answer(c.preview, async ({ run: id, outcome, after, limit }, ctx) => {
        const run = await getRun(ctx.tx, key(ctx), id)
        const last = fromCursor(after, 1)?.[0]
        const from = typeof last === 'number' ? last : undefined
        const rows = await readRows(ctx.tx, ctx.house, ctx.community, id, { outcome, limit: limit + 1, after: from })
        const page = rows.slice(0, limit)
        return { rows: page.map(flat), next: rows.length > limit ? toCursor([page.at(-1)!.row]) : null, total: totalOf(run, outcome) } as never
      }),
      handle(c.commit, async ({ run: id }, ctx) => {
        const run = await holdRun(ctx.tx, key(ctx), id)
        if (!can.commit(run)) throw say.wrongState()
        if (run.fresh === 0) throw say.nothingNew()
        await changeRun(ctx.tx, ctx.community, id, { state: can.commit.to, done: 0, failure: null, committedBy: ctx.who.account })
        await ctx.house.enqueue(ctx.tx, jobs.write, { community: ctx.community, run: id })
        return getRun(ctx.tx, key(ctx), id)
      }, theRun),
      answer(c.refused, async ({ run: id }, ctx) => {
        await getRun(ctx.tx, key(ctx), id)
        const rows = await readRows(ctx.tx, ctx.house, ctx.community, id, { outcome: 'refused' })
        return workbook(`${of.title.zh} 需要改正的行.xlsx`, await writeTemplate({ sheets: [templateOf(of, rows)] }), rows.length)
      }),
      handle(c.cancel, async ({ run: id }, ctx) => {
        const run = await holdRun(ctx.tx, key(ctx), id)
        if (!can.cancel(run)) throw say.wrongState()
        await cancel(ctx, id)
        return getRun(ctx.tx, key(ctx), id)
      }, theRun),
    ],
    jobs: [
      job({ name: jobs.read, data: Named, run: (named, house) => read(house, of, plan, named) }),
      job({ name: jobs.write, data: Named, run: (named, house) => write(house, of, plan, named) }),
      job({ name: jobs.sweep, data: z.object({}), cron: '20 * * * *', run: (_, house) => sweep(house, full) }),
    ],
    prepare: async (house) => {
      for (const scope of everywhere) {
        await house.within(scope, async (tx) => {
          const cut = await runsOf(tx).selectFrom('importRuns').select(['community', 'id', 'state']).where('importing', '=', full)
            .where('state', 'in', ['reading', 'committing']).execute()
          for (const { community, id, state } of cut) {
            await house.enqueue(tx, state === 'reading' ? jobs.read : jobs.write, { community, run: id })
          }
        })
      }
    },
  }
}

// The register holds jobs of any data; each checks its own when it arrives.
const job = <T>(one: Job<T>): Job<never> => one as unknown as Job<never>
const workbook = (name: string, body: Uint8Array, count: number) =>
  ({ name, type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', body, count })
const flat = ({ row, outcome, cells, reasons }: Judged) => ({ row, outcome, reasons, ...cells })

/** How many rows the preview holds. Of a run that is done only those to mend are kept, and none of another outcome. */
function totalOf(run: Run, outcome: RowOutcome | undefined): number {
  if (run.state === 'done') return outcome === undefined || outcome === 'refused' ? run.refused : 0
  return outcome ? { new: run.fresh, unchanged: run.unchanged, refused: run.refused }[outcome] : run.total
}

/** One file at a time in a community: what is under way is waited for, what nobody confirmed makes room. */
async function giveWay(ctx: Ctx, importing: string): Promise<void> {
  const open = await runsOf(ctx.tx).selectFrom('importRuns').select(['id', 'state']).where('community', '=', ctx.community)
    .where('importing', '=', importing).where('state', 'in', ['reading', 'ready', 'committing', 'failed']).forUpdate().execute()
  if (open.some((run) => run.state === 'reading' || run.state === 'committing')) throw say.busy()
  for (const { id } of open) await cancel(ctx, id)
}

async function cancel(ctx: Ctx, id: Id): Promise<void> {
  await dropRows(ctx.tx, ctx.community, id)
  await changeRun(ctx.tx, ctx.community, id, { state: can.cancel.to, file: null, endedAt: ctx.timing.recordedAt })
}

/** Reads the file and judges its rows. What is wrong with the file itself is kept with the run; it is not tried again. */
async function read<E>(house: House, of: Importing, plan: Planner<E>, { community, run: id }: Named): Promise<void> {
  const key = { importing: of.full, community }
  const run = await house.within(community, (tx) => findRun(tx, key, id))
  if (run?.state !== 'reading') return
  try {
    const bytes = await house.within(community, (tx) => openFile(tx, house, community, id))
    const { rows, leftAside } = rowsOf(of, await readWorkbook(bytes, { name: run.fileName, maxBytes: heaviest }))
    await onBehalf(house, of, run, `${of.full}Read`, run.recordedBy, async (ctx) => {
      const { judged } = await judge(of, plan, ctx, rows)
      if ((await holdRun(ctx.tx, key, id)).state !== 'reading') return
      await keepRows(ctx.tx, house, community, id, judged)
      await changeRun(ctx.tx, community, id, { state: 'ready', ...counts(judged), leftAside, file: null })
    })
  } catch (error) {
    await failed(house, of, run, error, 'failed')
  }
}

/** Writes what is new in one transaction; how far it is can be seen from outside all the while. */
async function write<E>(house: House, of: Importing, plan: Planner<E>, { community, run: id }: Named): Promise<void> {
  const key = { importing: of.full, community }
  const run = await house.within(community, (tx) => findRun(tx, key, id))
  if (run?.state !== 'committing') return
  const tell = (done: number) => house.within(community, async (tx) => {
    await changeRun(tx, community, id, { done })
    await house.touch(tx, `${of.full}Status`, community)
  })
  try {
    await onBehalf(house, of, run, `${of.full}Write`, run.committedBy ?? run.recordedBy, async (ctx) => {
      // Two imports of a community follow each other; a second worker with the same run finds it done.
      await sql`select pg_advisory_xact_lock(hashtextextended(${`${of.full}:${community}`}, 0))`.execute(ctx.tx)
      if ((await getRun(ctx.tx, key, id)).state !== 'committing') return
      const rows = await readRows(ctx.tx, house, community, id)
      const { judged, carryOut } = await judge(of, plan, ctx, rows)
      await carryOut(tell)
      await keepRows(ctx.tx, house, community, id, judged.filter((row) => row.outcome === 'refused'))
      await changeRun(ctx.tx, community, id, { state: 'done', ...counts(judged), done: judged.length, endedAt: instantOf(house.now()) })
      await house.touch(ctx.tx, of.module, community)
    })
  } catch (error) {
    await failed(house, of, run, error, 'ready')
  }
}

/** After so many rows others get their turn. */
const breath = 500

/** Rows that can be read are judged together, since they may belong together; the others keep their reasons. */
async function judge<E>(of: Importing, plan: Planner<E>, ctx: Ctx, rows: readonly RowAsSent[]) {
  const reads: Read<E>[] = []
  for (const row of rows) {
    reads.push(row.unfit ? { reasons: row.reasons } : entryOf<E>(of, row))
    if (reads.length % breath === 0) await setImmediate()
  }
  const sent = rows.flatMap((row, i) => { const read = reads[i]!; return 'entry' in read ? [{ row: row.row, entry: read.entry }] : [] })
  const { verdicts, write: carryOut } = await plan(ctx, sent)
  const verdictOf = new Map(sent.map(({ row }, i) => [row, verdicts[i]!]))
  const judged = rows.map(({ row, cells, unfit }, i): Judged => {
    const read = reads[i]!
    const verdict: Verdict = 'entry' in read ? verdictOf.get(row)! : { outcome: 'refused', reasons: read.reasons }
    return { row, cells, outcome: verdict.outcome, reasons: verdict.reasons ?? [], ...(unfit ? { unfit } : {}) }
  })
  return { judged, carryOut }
}

const counts = (judged: readonly Judged[]) => {
  const of = (outcome: RowOutcome) => judged.filter((row) => row.outcome === outcome).length
  return { total: judged.length, fresh: of('new'), unchanged: of('unchanged'), refused: of('refused') }
}

/** A transaction of the house in which facts are recorded by whoever gave the word. */
const onBehalf = (house: House, of: Importing, run: Run, what: string, account: Id, work: (ctx: Ctx) => Promise<void>): Promise<void> =>
  asSystem(house, run.community, what, async (ctx) => {
    await work({ ...ctx, community: run.community, who: { ...ctx.who, account } })
    await house.touch(ctx.tx, `${of.full}Status`, run.community)
  })

async function failed(house: House, of: Importing, run: Run, error: unknown, state: 'failed' | 'ready'): Promise<void> {
  if (!isProblem(error)) house.log.error('import.failed', error, { importing: of.full, run: run.id })
  await house.within(run.community, async (tx) => {
    const failure = (isProblem(error) ? error : say.broken()).say
    await changeRun(tx, run.community, run.id, { state, failure, ...(state === 'failed' ? { file: null } : { done: 0 }) })
    await house.touch(tx, `${of.full}Status`, run.community)
  })
}

async function sweep(house: House, importing: string): Promise<void> {
  for (const scope of everywhere) await house.within(scope, (tx) => purgeOld(tx, importing, house.now()))
}
