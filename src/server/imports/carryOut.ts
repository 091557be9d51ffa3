// The work behind an import, done as jobs: a file read and judged, its rows written in one transaction, a run taken back. A stop in the
// middle leaves nothing behind: the job begins again at the next start.
import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import { heaviest, say, type Importing, type RowOutcome } from '#core/imports.ts'
import { instantOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { isProblem } from '#core/problem.ts'
import type { Ctx, House } from '../house.ts'
import { asSystem } from '../system.ts'
import { readWorkbook } from '../spreadsheet/read.ts'
import type { WorkbookRead } from '../spreadsheet/cells.ts'
import type { KeepTerms, Planner, Sent } from './plan.ts'
import {
  changeRun,
  closeProposal,
  dropRows,
  everywhere,
  findRun,
  getRun,
  holdRun,
  isQuestionable,
  keepRows,
  openFile,
  openProposal,
  purgeOld,
  readRows,
  type Judged,
  type ReadRow,
  type Run,
} from './runs.ts'
import { entryOf, rowsOf } from './sheet.ts'
import type { Understood } from './understand/model.ts'
import { understand } from './understand/understand.ts'
import { markOf, requireUnbuilt, takeBack } from './undo.ts'
import {
  asideOf,
  chosen,
  isGuessed,
  missingIn,
  proposalOf,
  recall,
  withoutOwn,
  type Kept,
  type Understands,
} from './understanding.ts'

/** A kind of import as its jobs know it. */
export type Kind<E> = {
  of: Importing
  plan: Planner<E>
  understands: KeepTerms<E>['understands'] | undefined
  facts: readonly string[]
}
type Named = { community: string; run: Id }

export const jobsOf = ({ full }: Importing) => ({
  read: `${full}Read`,
  write: `${full}Write`,
  undo: `${full}TakeBack`,
  sweep: `${full}Sweep`,
})

// --- reading ----------------------------------------------------------------------------------------------------------

/** What came of a file: rows, the columns they came from, and whether somebody must say more before they can be judged. */
type Reading<E> = {
  rows: ReadRow<E>[]
  leftAside: string[]
  kept?: Kept
  remembered?: boolean
  ask?: 'look' | ReturnType<typeof say.noRows>
}

/** Reads the file and judges its rows. What is wrong with the file itself is kept with the run; it is not tried again. */
export async function read<E>(house: House, kind: Kind<E>, { community, run: id }: Named): Promise<void> {
  const { of, plan, understands } = kind
  const key = { importing: of.full, community }
  const run = await house.within(community, (tx) => findRun(tx, key, id))
  if (run?.state !== 'reading') return
  try {
    const workbook = await readWorkbook(await openFile(house, community, id), { name: run.fileName, maxBytes: heaviest })
    await onBehalf(house, of, run, jobsOf(of).read, run.recordedBy, async (ctx) => {
      const reading = understands ? await understoodRows(ctx, of, understands, workbook, id) : await templateRows<E>(of, workbook)
      const { rows, leftAside, kept, remembered = false, ask } = reading
      if ((await holdRun(ctx.tx, key, id)).state !== 'reading') return
      const found = { leftAside, remembered, proposal: kept ? closeProposal(house, community, id, kept) : null }
      if (ask) {
        await dropRows(ctx.tx, community, id)
        await changeRun(ctx.tx, community, id, { ...found, state: 'mapping', failure: ask === 'look' ? null : ask.say })
        return
      }
      const { judged } = await judge(plan, ctx, rows)
      await keepRows(ctx.tx, house, community, id, judged)
      // A file in which columns can still be corrected is kept until somebody has said yes or no.
      await changeRun(ctx.tx, community, id, { ...found, state: 'ready', ...counts(judged), ...(kept ? {} : { file: null }) })
    })
  } catch (error) {
    await failed(house, of, run, error, 'failed')
  }
}

/** After so many rows others get their turn. */
const breath = 500

async function templateRows<E>(of: Importing, workbook: WorkbookRead): Promise<Reading<E>> {
  const { sheet, rows, leftAside } = rowsOf(of, workbook)
  const out: ReadRow<E>[] = []
  for (const sent of rows) {
    const got = sent.reasons.length > 0 ? { reasons: sent.reasons } : entryOf<E>(of, sent)
    out.push({
      sheet,
      row: sent.row,
      cells: sent.cells,
      ...('entry' in got ? { entry: got.entry, reasons: [] } : { reasons: got.reasons }),
    })
    if (out.length % breath === 0) await setImmediate()
  }
  return { rows: out, leftAside }
}

async function understoodRows<E>(ctx: Ctx, of: Importing, how: Understands<E>, file: WorkbookRead, id: Id): Promise<Reading<E>> {
  const { house, tx, community } = ctx
  const workbook = withoutOwn(file)
  const before = await openProposal<Kept>(tx, house, community, id)
  const first = understand(workbook, how.words)
  const remembered = before?.given || before?.anew ? undefined : await recall(tx, house, of, community, first)
  const choices = before?.given ?? remembered
  const understood = choices ? understand(workbook, how.words, chosen(first.mapping, choices)) : first
  const kept: Kept = { sheets: proposalOf(house, of, understood, first), ...(before?.given ? { given: before.given } : {}) }
  const found = { leftAside: asideOf(kept), kept, remembered: remembered !== undefined }
  const missing = missingIn(of, how as Understands<never>, understood)
  if (understood.sheets.every((sheet) => sheet.rows.length === 0)) {
    // Heads without rows are an empty form; without heads somebody may know better where they stand.
    if (missing.length === 0) throw say.noRows()
    return { ...found, rows: [], ask: say.noRows() }
  }
  if (missing.length > 0) return { ...found, rows: [], ask: say.missingColumns({ heads: missing.map((word) => word.zh) }) }
  if (!choices && isGuessed(kept)) return { ...found, rows: [], ask: 'look' }
  const raw = rawOf(workbook, understood)
  const rows = (await how.read(understood, ctx)).map((row) => ({ ...row, raw: raw(row.sheet, row.row) }))
  if (rows.length === 0) return { ...found, rows, ask: say.noRows() }
  return { ...found, rows }
}

/** What to write where a spreadsheet has dropped the end of a number: the rest of it must not come back as if it were whole. */
const lostEnd = '（末几位已丢失，请重新填写）'

/** The cells of a row as they stood, each under its own head; what a merged cell or 同上 said is said in full. */
function rawOf(workbook: WorkbookRead, understood: Understood) {
  const cells = new Map(workbook.sheets.map((sheet) => [sheet.name, new Map(sheet.rows.map((row) => [row.row, row.cells]))]))
  const filled = new Map(
    understood.sheets.map((sheet) => [
      sheet.name,
      {
        at: new Map(sheet.columns.flatMap((column) => (column.field ? [[column.field, column.at] as const] : [])).reverse()),
        rows: new Map(sheet.rows.map((row) => [row.row, row.fields])),
      },
    ]),
  )
  return (sheet: string, row: number): string[] => {
    const said = (cells.get(sheet)?.get(row) ?? []).map((cell) => (cell.lossy ? lostEnd : cell.text))
    const { at, rows } = filled.get(sheet) ?? {}
    for (const [field, one] of Object.entries(rows?.get(row) ?? {})) {
      const column = at?.get(field)
      if (column !== undefined && one.filled) said[column] = one.lossy ? lostEnd : one.text
    }
    return Array.from(said, (words) => words ?? '')
  }
}

/** Rows that can be read are judged together, since they may belong together; the others keep their reasons. */
async function judge<E>(plan: Planner<E>, ctx: Ctx, rows: readonly ReadRow<E>[]) {
  const several = new Set(rows.map((row) => row.sheet)).size > 1
  const taken = rows.flatMap((row, place) => (row.entry === undefined || row.repeats ? [] : [place]))
  const sent = taken.map((place): Sent<E> => {
    const { row, sheet, entry } = rows[place]!
    return { row, entry: entry!, ...(several ? { sheet } : {}) }
  })
  const { verdicts, write: carryOut } = await plan(ctx, sent)
  const verdictOf = new Map(taken.map((place, i) => [place, verdicts[i]!]))
  const judged = rows.map((row, place): Judged<E> => {
    const verdict = verdictOf.get(place)
    const outcome: RowOutcome = verdict?.outcome ?? (row.repeats ? 'unchanged' : 'refused')
    const remarks = [...(row.remarks ?? []), ...(verdict?.remarks ?? [])]
    return {
      ...row,
      place,
      outcome,
      reasons: row.entry === undefined ? row.reasons : (verdict?.reasons ?? []),
      ...(remarks.length ? { remarks } : {}),
    }
  })
  return { judged, carryOut }
}

function counts(judged: readonly Judged[]) {
  const of = (outcome: RowOutcome) => judged.filter((row) => row.outcome === outcome).length
  return {
    total: judged.length,
    fresh: of('new'),
    unchanged: of('unchanged'),
    refused: of('refused'),
    questionable: judged.filter(isQuestionable).length,
  }
}

// --- writing ----------------------------------------------------------------------------------------------------------

/** Two imports of a community follow each other; a second worker with the same run finds it done. */
const oneByOne = (ctx: Ctx, of: Importing, community: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`${of.full}:${community}`}, 0))`.execute(ctx.tx)

const teller =
  (house: House, of: Importing, { community, run }: Named) =>
  (done: number) =>
    house.within(community, async (tx) => {
      await changeRun(tx, community, run, { done })
      await house.touch(tx, `${of.full}Status`, community)
    })

/** Writes what is new in one transaction; how far it is can be seen from outside all the while. */
export async function write<E>(house: House, { of, plan, facts }: Kind<E>, named: Named): Promise<void> {
  const { community, run: id } = named
  const key = { importing: of.full, community }
  const run = await house.within(community, (tx) => findRun(tx, key, id))
  if (run?.state !== 'committing') return
  try {
    await onBehalf(house, of, run, jobsOf(of).write, run.committedBy ?? run.recordedBy, async (ctx) => {
      await oneByOne(ctx, of, community)
      if ((await getRun(ctx.tx, key, id)).state !== 'committing') return
      // Remarks of the preview's judging are made anew; those of the reading stay.
      const { judged, carryOut } = await judge(plan, ctx, await readRows<E>(ctx.tx, house, community, id))
      await carryOut(teller(house, of, named))
      await keepRows(
        ctx.tx,
        house,
        community,
        id,
        judged.filter((row) => row.outcome === 'refused' || isQuestionable(row)),
      )
      const mark = facts.length > 0 ? await markOf(ctx.tx) : undefined
      await changeRun(ctx.tx, community, id, {
        state: 'done',
        ...counts(judged),
        done: judged.length,
        endedAt: instantOf(house.now()),
        file: null,
        writtenGeneration: mark?.generation ?? null,
        writtenXid: mark?.xid ?? null,
      })
      await house.touch(ctx.tx, of.module, community)
    })
  } catch (error) {
    await failed(house, of, run, error, 'ready')
  }
}

/** Takes a run back in one transaction. What was built on it meanwhile stops it, and it stays as it was. */
export async function takeBackRun<E>(house: House, { of, facts }: Kind<E>, named: Named): Promise<void> {
  const { community, run: id } = named
  const key = { importing: of.full, community }
  const run = await house.within(community, (tx) => findRun(tx, key, id))
  if (run?.state !== 'undoing') return
  try {
    await onBehalf(house, of, run, jobsOf(of).undo, run.undoneBy ?? run.recordedBy, async (ctx) => {
      await oneByOne(ctx, of, community)
      const { state, writtenGeneration, writtenXid } = await getRun(ctx.tx, key, id)
      if (state !== 'undoing' || writtenGeneration === null || writtenXid === null) return
      const mark = { generation: writtenGeneration, xid: writtenXid }
      await requireUnbuilt(ctx, facts, mark)
      await takeBack(ctx, facts, mark, run.undoneWhy ?? '', teller(house, of, named))
      await dropRows(ctx.tx, community, id)
      await changeRun(ctx.tx, community, id, { state: 'undone', proposal: null, undoneAt: instantOf(house.now()) })
      await house.touch(ctx.tx, of.module, community)
    })
  } catch (error) {
    await failed(house, of, run, error, 'done')
  }
}

/** A transaction of the house in which facts are recorded by whoever gave the word. */
const onBehalf = (
  house: House,
  of: Importing,
  run: Run,
  what: string,
  account: Id,
  work: (ctx: Ctx) => Promise<void>,
): Promise<void> =>
  asSystem(house, run.community, what, async (ctx) => {
    await work({ ...ctx, community: run.community, who: { ...ctx.who, account } })
    await house.touch(ctx.tx, `${of.full}Status`, run.community)
  })

async function failed(house: House, of: Importing, run: Run, error: unknown, state: 'failed' | 'ready' | 'done'): Promise<void> {
  if (!isProblem(error)) house.log.error('import.failed', error, { importing: of.full, run: run.id })
  await house.within(run.community, async (tx) => {
    const failure = (isProblem(error) ? error : say.broken()).say
    await changeRun(tx, run.community, run.id, {
      state,
      failure,
      ...(state === 'failed' ? { file: null, proposal: null } : { done: 0 }),
    })
    await house.touch(tx, `${of.full}Status`, run.community)
  })
}

export async function sweep(house: House, importing: string): Promise<void> {
  for (const scope of everywhere) await house.within(scope, (tx) => purgeOld(tx, importing, house.now()))
}
