// A declared import (core/imports.ts) at the door: upload, columns corrected by hand, preview, the word to write or to take back, rows to mend.
import { z } from 'zod'
import { can, heaviest, say, type Importing, type RowFilter } from '#core/imports.ts'
import { Id } from '#core/ids.ts'
import { fromCursor, pageFrom } from '#core/paging.ts'
import type { Upload } from '#core/upload.ts'
import { registered } from '../exports/exporting.ts'
import { answer, handle, type Ctx, type Handled, type House, type Job } from '../house.ts'
import { inspect } from '../spreadsheet/inspect.ts'
import { giveBack } from '../memory.ts'
import { writeTemplate } from '../spreadsheet/template.ts'
import { jobsOf, read, sweep, takeBackRun, write, type Kind } from './carryOut.ts'
import { writeReturned } from './returned.ts'
import {
  changeRun,
  closeFile,
  closeProposal,
  countRuns,
  dropRows,
  everywhere,
  findRun,
  getRun,
  holdRun,
  isQuestionable,
  keepFile,
  latestRun,
  listRuns,
  of as runsOf,
  openProposal,
  readRows,
  type Judged,
  type Run,
} from './runs.ts'
import { templateOf, wordsOf } from './sheet.ts'
import type { KeepTerms, Planner } from './plan.ts'
import { requireUnbuilt } from './undo.ts'
import { fieldChoices, forget, masking, remember, type Kept } from './understanding.ts'

export type KeptImport = {
  readonly handlers: readonly Handled[]
  readonly jobs: readonly Job<never>[]
  /** Takes up what a stop of the house interrupted. */
  readonly prepare: (house: House) => Promise<void>
}

const Named = z.object({ community: z.string(), run: Id })

/** An import's part of a module: spread it into the register entry. */
export function keepImport<E>(of: Importing, plan: Planner<E>, { understands, facts = [] }: KeepTerms<E> = {}): KeptImport {
  const { contracts: c, full } = of
  const kind: Kind<E> = { of, plan, understands, facts }
  const key = (ctx: Ctx) => ({ importing: full, community: ctx.community })
  const jobs = jobsOf(of)
  const theRun = async ({ run }: { run: Id }, ctx: Ctx) => getRun(ctx.tx, key(ctx), run)
  const named = (ctx: Ctx, run: Id) => ({ community: ctx.community, run })

  return {
    handlers: [
      answer(c.template, async () => workbook(`${of.title.zh}模板.xlsx`, await writeTemplate({ sheets: [templateOf(of)] }), 0)),
      handle(
        c.start,
        async ({ fileName, content }, ctx) => {
          look(content, fileName)
          await giveWay(ctx, full)
          const file = closeFile(ctx, ctx.id, content)
          await runsOf(ctx.tx)
            .insertInto('importRuns')
            .values({
              community: ctx.community,
              id: ctx.id,
              importing: full,
              state: 'reading',
              fileName,
              file,
              total: 0,
              fresh: 0,
              unchanged: 0,
              refused: 0,
              questionable: 0,
              done: 0,
              failure: null,
              leftAside: [],
              proposal: null,
              remembered: false,
              recordedAt: ctx.timing.recordedAt,
              recordedBy: ctx.who.account,
              committedBy: null,
              endedAt: null,
              digest: ctx.digest,
              writtenGeneration: null,
              writtenXid: null,
              undoneAt: null,
              undoneBy: null,
              undoneWhy: null,
            })
            .execute()
          await keepFile(ctx, ctx.id, content)
          await ctx.house.enqueue(ctx.tx, jobs.read, named(ctx, ctx.id))
          return getRun(ctx.tx, key(ctx), ctx.id)
        },
        (_, ctx) => getRun(ctx.tx, key(ctx), ctx.id),
      ),
      answer(c.status, async ({ run: id }, ctx) => {
        const run = id ? await findRun(ctx.tx, key(ctx), id) : await latestRun(ctx.tx, key(ctx))
        return { run: run ?? null }
      }),
      answer(c.runs, async ({ after, limit }, ctx) => {
        const last = fromCursor(after, 2) as [string, Id] | undefined
        const found = await listRuns(ctx.tx, key(ctx), { after: last, limit: limit + 1 })
        return pageFrom(found, limit, await countRuns(ctx.tx, key(ctx)), (run) => [run.recordedAt, run.id])
      }),
      answer(c.mapping, async ({ run: id }, ctx) => {
        const run = await getRun(ctx.tx, key(ctx), id)
        const kept = run.mapped ? await openProposal<Kept>(ctx.tx, ctx.house, ctx.community, id) : undefined
        if (!kept || !understands) throw say.noMapping()
        return { sheets: masking(of, ctx, kept), fields: fieldChoices(of, understands) }
      }),
      handle(
        c.remap,
        async ({ run: id, sheets }, ctx) => {
          const run = await holdRun(ctx.tx, key(ctx), id)
          if (!can.remap(run)) throw say.wrongState()
          const kept = run.mapped ? await openProposal<Kept>(ctx.tx, ctx.house, ctx.community, id) : undefined
          if (!kept || !understands) throw say.noMapping()
          if (sheets) await remember(ctx, of, kept, sheets)
          else await forget(ctx, of, kept)
          const next: Kept = { sheets: kept.sheets, ...(sheets ? { given: sheets } : { anew: true }) }
          await changeRun(ctx.tx, ctx.community, id, {
            state: can.remap.to,
            done: 0,
            failure: null,
            proposal: closeProposal(ctx.house, ctx.community, id, next),
          })
          await ctx.house.enqueue(ctx.tx, jobs.read, named(ctx, id))
          return getRun(ctx.tx, key(ctx), id)
        },
        theRun,
      ),
      answer(c.preview, async ({ run: id, outcome, after, limit }, ctx) => {
        const run = await getRun(ctx.tx, key(ctx), id)
        const last = fromCursor(after, 1)?.[0]
        const from = typeof last === 'number' ? last : undefined
        const found = await readRows(ctx.tx, ctx.house, ctx.community, id, { only: outcome, limit: limit + 1, after: from })
        return pageFrom(
          found.map((row) => flat(of, row)),
          limit,
          totalOf(run, outcome),
          (row) => [row.place],
        ) as never
      }),
      handle(
        c.commit,
        async ({ run: id }, ctx) => {
          const run = await holdRun(ctx.tx, key(ctx), id)
          if (!can.commit(run)) throw say.wrongState()
          if (run.fresh === 0) throw say.nothingNew()
          await changeRun(ctx.tx, ctx.community, id, {
            state: can.commit.to,
            done: 0,
            failure: null,
            committedBy: ctx.who.account,
          })
          await ctx.house.enqueue(ctx.tx, jobs.write, named(ctx, id))
          return getRun(ctx.tx, key(ctx), id)
        },
        theRun,
      ),
      registered(c.refused, async ({ run }, ctx) =>
        returned(of, ctx, await getRun(ctx.tx, key(ctx), run), 'refused', '需要改正的行'),
      ),
      registered(c.questionable, async ({ run }, ctx) =>
        returned(of, ctx, await getRun(ctx.tx, key(ctx), run), 'questionable', '需要核实的行'),
      ),
      handle(
        c.cancel,
        async ({ run: id }, ctx) => {
          const run = await holdRun(ctx.tx, key(ctx), id)
          if (!can.cancel(run)) throw say.wrongState()
          await cancel(ctx, id)
          return getRun(ctx.tx, key(ctx), id)
        },
        theRun,
      ),
      handle(
        c.undo,
        async ({ run: id, reason }, ctx) => {
          const run = await holdRun(ctx.tx, key(ctx), id)
          if (!can.undo(run)) throw say.wrongState()
          if (facts.length === 0 || run.writtenXid === null) throw say.cannotUndo()
          await requireUnbuilt(ctx, facts, { generation: run.writtenGeneration!, xid: run.writtenXid })
          await changeRun(ctx.tx, ctx.community, id, {
            state: can.undo.to,
            done: 0,
            failure: null,
            undoneBy: ctx.who.account,
            undoneWhy: reason,
          })
          await ctx.house.enqueue(ctx.tx, jobs.undo, named(ctx, id))
          return getRun(ctx.tx, key(ctx), id)
        },
        theRun,
      ),
    ],
    jobs: [
      job({ name: jobs.read, data: Named, run: (one, house) => read(house, kind, one) }),
      job({ name: jobs.write, data: Named, run: (one, house) => write(house, kind, one) }),
      job({ name: jobs.undo, data: Named, run: (one, house) => takeBackRun(house, kind, one) }),
      job({ name: jobs.sweep, data: z.object({}), cron: '20 * * * *', run: (_, house) => sweep(house, full) }),
    ],
    prepare: async (house) => {
      const jobFor = { reading: jobs.read, committing: jobs.write, undoing: jobs.undo } as const
      for (const scope of everywhere) {
        await house.within(scope, async (tx) => {
          const cut = await runsOf(tx)
            .selectFrom('importRuns')
            .select(['community', 'id', 'state'])
            .where('importing', '=', full)
            .where('state', 'in', ['reading', 'committing', 'undoing'])
            .execute()
          for (const { community, id, state } of cut)
            await house.enqueue(tx, jobFor[state as keyof typeof jobFor], { community, run: id })
        })
      }
    },
  }
}

// The register holds jobs of any data; each checks its own when it arrives.
const job = <T>(one: Job<T>): Job<never> => one as unknown as Job<never>
const workbook = (name: string, body: Uint8Array, count: number) => ({
  name,
  type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  body,
  count,
})

function flat(of: Importing, { place, sheet, row, outcome, entry, cells, reasons, remarks = [] }: Judged) {
  const said = cells ?? wordsOf(of, entry as Record<string, unknown>)
  return {
    place,
    sheet,
    row,
    outcome,
    questionable: isQuestionable({ outcome, remarks }),
    reasons: [...reasons, ...remarks],
    ...Object.fromEntries(of.columns.map((column) => [column, said[column] ?? null])),
  }
}

/** A look from outside before anybody waits for it; the whole file stands in memory for this moment only. */
function look(file: Upload, name: string): void {
  const bytes = file.whole()
  try {
    inspect(bytes, name, { maxBytes: heaviest, maxUnpacked: 200_000_000 })
  } finally {
    giveBack(bytes)
  }
}

async function returned(of: Importing, ctx: Ctx, { id }: Run, only: 'refused' | 'questionable', what: string) {
  const rows = await readRows(ctx.tx, ctx.house, ctx.community, id, { only })
  const kept = await openProposal<Kept>(ctx.tx, ctx.house, ctx.community, id)
  return workbook(`${of.title.zh} ${what}.xlsx`, await writeReturned(of, kept, rows), rows.length)
}

/** How many rows the preview holds. Of a run that is done only those to mend and to look at are kept. */
function totalOf({ state, total, fresh, unchanged, refused, questionable }: Run, filter: RowFilter | undefined): number | null {
  if (state === 'done') return filter === undefined ? null : { new: null, unchanged: null, refused, questionable }[filter]
  return filter ? { new: fresh, unchanged, refused, questionable }[filter] : total
}

/** One file at a time in a community: what is under way is waited for, what nobody confirmed makes room. */
async function giveWay(ctx: Ctx, importing: string): Promise<void> {
  const open = await runsOf(ctx.tx)
    .selectFrom('importRuns')
    .select(['id', 'state'])
    .where('community', '=', ctx.community)
    .where('importing', '=', importing)
    .where('state', 'in', ['reading', 'mapping', 'ready', 'committing', 'failed', 'undoing'])
    .forUpdate()
    .execute()
  if (open.some(({ state }) => state === 'reading' || state === 'committing' || state === 'undoing')) throw say.busy()
  for (const { id } of open) await cancel(ctx, id)
}

async function cancel(ctx: Ctx, id: Id): Promise<void> {
  await dropRows(ctx.tx, ctx.community, id)
  await changeRun(ctx.tx, ctx.community, id, { state: can.cancel.to, file: null, proposal: null, endedAt: ctx.timing.recordedAt })
}
