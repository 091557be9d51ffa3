// Runs of imports as they are kept: found, moved on, their rows closed and opened, everything purged when nobody needs it.
import { sql } from 'kysely'
import { keptFor, say, type ImportRun, type RowOutcome, type RunState } from '#core/imports.ts'
import { instantOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import type { Text } from '#core/text.ts'
import type { Json, Tx } from '../database/connect.ts'
import { insertMany } from '../database/many.ts'
import type { Ctx, House } from '../house.ts'
import type { RowAsSent } from './sheet.ts'

export type RunRow = {
  community: string; id: Id; importing: string; state: RunState; fileName: string; file: Buffer | null
  total: number; fresh: number; unchanged: number; refused: number; done: number
  failure: Json<Text> | null; leftAside: string[]; recordedAt: string; recordedBy: Id; committedBy: Id | null; endedAt: string | null
  digest: Buffer
}
type RowRow = { community: string; run: Id; row: number; outcome: RowOutcome; closed: Buffer }
export const of = (tx: Tx) => tx.withTables<{ importRuns: RunRow; importRows: RowRow }>()

/** A run without its file. */
export type Run = Omit<ImportRun, 'failure'> & {
  community: string; importing: string; failure: Text | null; committedBy: Id | null; recordedBy: Id
}

const shown = ['community', 'importing', 'id', 'state', 'fileName', 'total', 'fresh', 'unchanged', 'refused', 'done', 'failure', 'leftAside',
  'recordedAt', 'recordedBy', 'committedBy', 'endedAt'] as const

type Key = { readonly importing: string; readonly community: string }
const runs = (tx: Tx, { importing, community }: Key) =>
  of(tx).selectFrom('importRuns').where('community', '=', community).where('importing', '=', importing)

export const findRun = (tx: Tx, key: Key, id: Id): Promise<Run | undefined> =>
  runs(tx, key).where('id', '=', id).select(shown).executeTakeFirst() as Promise<Run | undefined>
export const latestRun = (tx: Tx, key: Key): Promise<Run | undefined> =>
  runs(tx, key).select(shown).orderBy('recordedAt', 'desc').orderBy('id', 'desc').limit(1).executeTakeFirst() as Promise<Run | undefined>

/** Throws `imports.unknownRun`. */
export async function getRun(tx: Tx, key: Key, id: Id): Promise<Run> {
  const run = await findRun(tx, key, id)
  if (!run) throw say.unknownRun()
  return run
}

/** The same, held against others until this transaction ends. */
export async function holdRun(tx: Tx, key: Key, id: Id): Promise<Run> {
  const run = await runs(tx, key).where('id', '=', id).select(shown).forUpdate().executeTakeFirst() as Run | undefined
  if (!run) throw say.unknownRun()
  return run
}

type Changing = 'state' | 'total' | 'fresh' | 'unchanged' | 'refused' | 'done' | 'file' | 'leftAside' | 'committedBy' | 'endedAt'
type Change = Partial<Pick<RunRow, Changing>> & { failure?: Text | null }

export async function changeRun(tx: Tx, community: string, id: Id, { failure, ...change }: Change): Promise<void> {
  await of(tx).updateTable('importRuns')
    .set({ ...change, ...(failure === undefined ? {} : { failure: failure && JSON.stringify(failure) }) })
    .where('community', '=', community).where('id', '=', id).execute()
}

const fileOf = (run: Id): string => `imports.file:${run}`
const rowOf = (run: Id, row: number): string => `imports.row:${run}:${row}`

export const closeFile = (ctx: Pick<Ctx, 'house' | 'community'>, run: Id, base64: string): Buffer =>
  ctx.house.keys.encrypt(ctx.community, 'register', base64, fileOf(run))

export async function openFile(tx: Tx, house: House, community: string, run: Id): Promise<Buffer> {
  const row = await of(tx).selectFrom('importRuns').select('file')
    .where('community', '=', community).where('id', '=', run).executeTakeFirst()
  if (!row?.file) throw say.unknownRun()
  return Buffer.from(house.keys.decrypt(community, row.file, fileOf(run)), 'base64')
}

export type Judged = RowAsSent & { readonly outcome: RowOutcome }

/** Keeps what was read and judged in place of what was kept before. */
export async function keepRows(tx: Tx, house: House, community: string, run: Id, rows: readonly Judged[]): Promise<void> {
  await dropRows(tx, community, run)
  await insertMany(tx, 'import_rows', rows.map(({ row, outcome, ...rest }) => ({
    community, run, row, outcome, closed: house.keys.encrypt(community, 'register', JSON.stringify(rest), rowOf(run, row)),
  })))
}

type Wanted = { outcome?: RowOutcome | undefined; after?: number | undefined; limit?: number | undefined }

export async function readRows(tx: Tx, house: House, community: string, run: Id, wanted: Wanted = {}): Promise<Judged[]> {
  const { outcome, after, limit } = wanted
  let rows = of(tx).selectFrom('importRows').select(['row', 'outcome', 'closed'])
    .where('community', '=', community).where('run', '=', run).orderBy('row')
  if (outcome) rows = rows.where('outcome', '=', outcome)
  if (after !== undefined) rows = rows.where('row', '>', after)
  if (limit !== undefined) rows = rows.limit(limit)
  return (await rows.execute()).map(({ row, outcome: judged, closed }) =>
    ({ row, outcome: judged, ...JSON.parse(house.keys.decrypt(community, closed, rowOf(run, row))) as Omit<RowAsSent, 'row'> }))
}

/** Takes away what was read; with `outcome` only those rows. */
export async function dropRows(tx: Tx, community: string, run: Id, but?: RowOutcome): Promise<void> {
  let gone = of(tx).deleteFrom('importRows').where('community', '=', community).where('run', '=', run)
  if (but) gone = gone.where('outcome', '<>', but)
  await gone.execute()
}

/** File and rows of runs that nobody finished within a day go; what could still be committed is cancelled. */
export async function purgeOld(tx: Tx, importing: string, now: number): Promise<void> {
  const before = instantOf(now - keptFor)
  await sql`delete from import_rows r using import_runs n
    where n.community = r.community and n.id = r.run and n.importing = ${importing} and n.recorded_at < ${before}
      and n.state <> 'committing'`.execute(tx)
  await sql`update import_runs set file = null, state = case when state in ('reading', 'ready') then 'cancelled' else state end,
      ended_at = coalesce(ended_at, ${instantOf(now)})
    where importing = ${importing} and recorded_at < ${before} and state <> 'committing'
      and (file is not null or state in ('reading', 'ready'))`.execute(tx)
}

/** Area codes begin with 1 to 9, so nine scopes see every community: for what the house does by itself at night and at its start. */
export const everywhere = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const
