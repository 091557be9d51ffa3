// Runs of imports as they are kept: found, moved on, their rows closed and opened, everything purged when nobody needs it.
import { sql } from 'kysely'
import { keptFor, returnsKeptFor, say, type ImportRun, type RowFilter, type RowOutcome, type RunState } from '#core/imports.ts'
import { instantOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import type { Text } from '#core/text.ts'
import type { Upload } from '#core/upload.ts'
import type { Json, Tx } from '../database/connect.ts'
import { insertMany } from '../database/many.ts'
import { giveBack } from '../memory.ts'
import type { Ctx, House } from '../house.ts'
import type { Streamed } from '../spreadsheet/read.ts'

export type RunRow = {
  community: string
  id: Id
  importing: string
  state: RunState
  fileName: string
  file: Buffer | null
  total: number
  fresh: number
  unchanged: number
  refused: number
  questionable: number
  done: number
  failure: Json<Text> | null
  leftAside: string[]
  recordedAt: string
  recordedBy: Id
  committedBy: Id | null
  endedAt: string | null
  proposal: Buffer | null
  remembered: boolean
  writtenGeneration: number | null
  writtenXid: string | null
  undoneAt: string | null
  undoneBy: Id | null
  undoneWhy: string | null
  digest: Buffer
}
type PartRow = { community: string; run: Id; part: number; closed: Buffer }
type RowRow = { community: string; run: Id; place: number; outcome: RowOutcome; questionable: boolean; closed: Buffer }
export const of = (tx: Tx) => tx.withTables<{ importRuns: RunRow; importRows: RowRow; importParts: PartRow }>()

/** The transaction that wrote a run's rows: whatever carries its mark was added by it. */
export type Mark = { readonly generation: number; readonly xid: string }

/** A run without its file. */
export type Run = Omit<ImportRun, 'failure'> & {
  community: string
  importing: string
  failure: Text | null
  committedBy: Id | null
  recordedBy: Id
  undoneBy: Id | null
  writtenGeneration: number | null
  writtenXid: string | null
}

const shown = [
  'community',
  'importing',
  'id',
  'state',
  'fileName',
  'total',
  'fresh',
  'unchanged',
  'refused',
  'questionable',
  'done',
  'failure',
  'leftAside',
  'remembered',
  'recordedAt',
  'recordedBy',
  'committedBy',
  'endedAt',
  'undoneAt',
  'undoneBy',
  'undoneWhy',
  'writtenGeneration',
  'writtenXid',
] as const

type Key = { readonly importing: string; readonly community: string }
const runs = (tx: Tx, { importing, community }: Key) =>
  of(tx)
    .selectFrom('importRuns')
    .where('community', '=', community)
    .where('importing', '=', importing)
    .select(shown)
    .select(sql<boolean>`file is not null and proposal is not null`.as('mapped'))

export const findRun = (tx: Tx, key: Key, id: Id): Promise<Run | undefined> =>
  runs(tx, key).where('id', '=', id).executeTakeFirst() as Promise<Run | undefined>
export const latestRun = (tx: Tx, key: Key): Promise<Run | undefined> =>
  runs(tx, key).orderBy('recordedAt', 'desc').orderBy('id', 'desc').limit(1).executeTakeFirst() as Promise<Run | undefined>

/** Runs from the newest on, after the one that the cursor names. */
export async function listRuns(
  tx: Tx,
  key: Key,
  { after, limit }: { after?: readonly [string, Id] | undefined; limit: number },
): Promise<Run[]> {
  let list = runs(tx, key).orderBy('recordedAt', 'desc').orderBy('id', 'desc').limit(limit)
  if (after) list = list.where(sql<boolean>`(recorded_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  return (await list.execute()) as Run[]
}
export async function countRuns(tx: Tx, { importing, community }: Key): Promise<number> {
  const { n } = await of(tx)
    .selectFrom('importRuns')
    .where('community', '=', community)
    .where('importing', '=', importing)
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return Number(n)
}

/** Throws `imports.unknownRun`. */
export async function getRun(tx: Tx, key: Key, id: Id): Promise<Run> {
  const run = await findRun(tx, key, id)
  if (!run) throw say.unknownRun()
  return run
}

/** The same, held against others until this transaction ends. */
export async function holdRun(tx: Tx, key: Key, id: Id): Promise<Run> {
  const run = (await runs(tx, key).where('id', '=', id).forUpdate().executeTakeFirst()) as Run | undefined
  if (!run) throw say.unknownRun()
  return run
}

type Changing =
  | 'state'
  | 'total'
  | 'fresh'
  | 'unchanged'
  | 'refused'
  | 'questionable'
  | 'done'
  | 'file'
  | 'leftAside'
  | 'committedBy'
  | 'endedAt'
  | 'proposal'
  | 'remembered'
  | 'writtenGeneration'
  | 'writtenXid'
  | 'undoneAt'
  | 'undoneBy'
  | 'undoneWhy'
type Change = Partial<Pick<RunRow, Changing>> & { failure?: Text | null }

export async function changeRun(tx: Tx, community: string, id: Id, { failure, ...change }: Change): Promise<void> {
  await of(tx)
    .updateTable('importRuns')
    .set({ ...change, ...(failure === undefined ? {} : { failure: failure && JSON.stringify(failure) }) })
    .where('community', '=', community)
    .where('id', '=', id)
    .execute()
  if (change.file === null)
    await of(tx).deleteFrom('importParts').where('community', '=', community).where('run', '=', id).execute()
}

const fileOf = (run: Id): string => `imports.file:${run}`
const proposalOf = (run: Id): string => `imports.proposal:${run}`
const rowOf = (run: Id, place: number): string => `imports.row:${run}:${place}`

const partOf = (run: Id, part: number): string => `imports.part:${run}:${part}`

/** What `import_runs.file` says of a file: its length in bytes, closed. */
export const closeFile = (ctx: Pick<Ctx, 'house' | 'community'>, run: Id, { size }: Upload): Buffer =>
  ctx.house.keys.encrypt(ctx.community, 'register', String(size), fileOf(run))

/** Keeps the file of a run, piece by piece: whole it would stand in memory once for each hand that it passes through. */
export async function keepFile(ctx: Ctx, run: Id, file: Upload): Promise<void> {
  let part = 0
  for await (const piece of file.pieces()) {
    const base64 = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('base64')
    const closed = ctx.house.keys.encrypt(ctx.community, 'register', base64, partOf(run, part))
    await of(ctx.tx).insertInto('importParts').values({ community: ctx.community, run, part, closed }).execute()
    giveBack(closed)
    part++
  }
}

/** The file of a run, read from the database a piece at a time; each in a transaction of its own, since the reader may have to wait. */
export async function openFile(house: House, community: string, run: Id): Promise<Streamed> {
  const row = await house.within(community, (tx) =>
    of(tx).selectFrom('importRuns').select('file').where('community', '=', community).where('id', '=', run).executeTakeFirst(),
  )
  if (!row?.file) throw say.unknownRun()
  const size = Number(house.keys.decrypt(community, row.file, fileOf(run)))
  return { size, pieces: () => partsOf(house, community, run, size) }
}

async function* partsOf(house: House, community: string, run: Id, size: number): AsyncGenerator<Uint8Array> {
  for (let [at, part] = [0, 0]; at < size; part++) {
    const { closed } = await house.within(community, (tx) =>
      of(tx)
        .selectFrom('importParts')
        .select('closed')
        .where('community', '=', community)
        .where('run', '=', run)
        .where('part', '=', part)
        .executeTakeFirstOrThrow(),
    )
    const piece = Buffer.from(house.keys.decrypt(community, closed, partOf(run, part)), 'base64')
    giveBack(closed)
    at += piece.length
    yield piece
    giveBack(piece)
  }
}

export const closeProposal = (house: House, community: string, run: Id, proposal: unknown): Buffer =>
  house.keys.encrypt(community, 'register', JSON.stringify(proposal), proposalOf(run))

/** What was understood of the file; undefined where nobody has looked yet, or it is no longer kept. */
export async function openProposal<T>(tx: Tx, house: House, community: string, run: Id): Promise<T | undefined> {
  const row = await of(tx)
    .selectFrom('importRuns')
    .select('proposal')
    .where('community', '=', community)
    .where('id', '=', run)
    .executeTakeFirst()
  return row?.proposal ? (JSON.parse(house.keys.decrypt(community, row.proposal, proposalOf(run))) as T) : undefined
}

/** What stood in a row, by field; `null` where nothing did. */
export type Cells = Readonly<Record<string, string | null>>

/**
 * A row as it was read. `entry` is what it says; one without an entry could not be read, and `reasons` say why. `cells` is what stood
 * there by field, `raw` by column of the sheet; `remarks` ask somebody to look; `repeats`: an earlier row says the same already.
 */
export type ReadRow<E = unknown> = {
  readonly sheet: string
  readonly row: number
  readonly entry?: E
  readonly cells?: Cells
  readonly raw?: readonly string[]
  readonly reasons: readonly Text[]
  readonly remarks?: readonly Text[]
  readonly repeats?: true
}
/** A row with what becomes of it. */
export type Judged<E = unknown> = ReadRow<E> & { readonly place: number; readonly outcome: RowOutcome }

export const isQuestionable = ({ outcome, remarks }: Pick<Judged, 'outcome' | 'remarks'>): boolean =>
  outcome !== 'refused' && !!remarks?.length

/** Keeps what was read and judged in place of what was kept before. */
export async function keepRows(tx: Tx, house: House, community: string, run: Id, rows: readonly Judged[]): Promise<void> {
  await dropRows(tx, community, run)
  // Closed and written piece by piece: a roster whole would stand in memory twice.
  for (let from = 0; from < rows.length; from += portion) {
    await insertMany(
      tx,
      'import_rows',
      rows.slice(from, from + portion).map(({ place, outcome, ...rest }) => ({
        community,
        run,
        place,
        outcome,
        questionable: isQuestionable({ outcome, ...rest }),
        closed: house.keys.encrypt(community, 'register', JSON.stringify(rest), rowOf(run, place)),
      })),
    )
  }
}
const portion = 2_000

type Wanted = { only?: RowFilter | undefined; after?: number | undefined; limit?: number | undefined }

export async function readRows<E>(
  tx: Tx,
  house: House,
  community: string,
  run: Id,
  { only, after, limit }: Wanted = {},
): Promise<Judged<E>[]> {
  let rows = of(tx)
    .selectFrom('importRows')
    .select(['place', 'outcome', 'closed'])
    .where('community', '=', community)
    .where('run', '=', run)
    .orderBy('place')
  if (only === 'questionable') rows = rows.where('questionable', '=', true)
  else if (only) rows = rows.where('outcome', '=', only)
  if (after !== undefined) rows = rows.where('place', '>', after)
  if (limit !== undefined) rows = rows.limit(limit)
  return (await rows.execute()).map(({ place, outcome, closed }) => ({
    ...(JSON.parse(house.keys.decrypt(community, closed, rowOf(run, place))) as ReadRow<E>),
    place,
    outcome,
  }))
}

/** Takes away what was read. */
export async function dropRows(tx: Tx, community: string, run: Id): Promise<void> {
  await of(tx).deleteFrom('importRows').where('community', '=', community).where('run', '=', run).execute()
}

/** File and rows of runs that nobody finished within a day go, those to mend after a week; what could still be committed is cancelled. */
export async function purgeOld(tx: Tx, importing: string, now: number): Promise<void> {
  const [unfinished, finished] = [instantOf(now - keptFor), instantOf(now - returnsKeptFor)]
  const old = (
    alias: string,
  ) => sql`${sql.ref(`${alias}.state`)} not in ('committing', 'undoing') and ${sql.ref(`${alias}.recorded_at`)}
    < case when ${sql.ref(`${alias}.state`)} = 'done' then ${finished}::timestamptz else ${unfinished}::timestamptz end`
  await sql`delete from import_rows r using import_runs n
    where n.community = r.community and n.id = r.run and n.importing = ${importing} and ${old('n')}`.execute(tx)
  await sql`delete from import_parts p using import_runs n
    where n.community = p.community and n.id = p.run and n.importing = ${importing} and ${old('n')}`.execute(tx)
  await sql`update import_runs as n set file = null, proposal = null,
      state = case when n.state in ('reading', 'mapping', 'ready') then 'cancelled' else n.state end,
      ended_at = coalesce(n.ended_at, ${instantOf(now)})
    where n.importing = ${importing} and ${old('n')}
      and (n.file is not null or n.proposal is not null or n.state in ('reading', 'mapping', 'ready'))`.execute(tx)
}

/** Area codes begin with 1 to 9, so nine scopes see every community: for what the house does by itself at night and at its start. */
export const everywhere = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const
