// Exports as they are kept: asked for, decided, moved on; their files closed piece by piece, and purged when their time is over.
import { sql } from 'kysely'
import { can, say, type ExportRun, type ExportState } from '#core/exports.ts'
import { instantOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import type { Text } from '#core/text.ts'
import type { Json, Tx } from '../database/connect.ts'
import type { House } from '../house.ts'

export type RunRow = Omit<ExportRun, 'filters'> & {
  role: string
  accountName: string
  session: string
  device: Id | null
  input: Json<Record<string, unknown>>
  filters: Json<Record<string, unknown>>
  fileName: string | null
  failure: Json<Text> | null
  digest: Buffer
}
export type Run = Omit<RunRow, 'input' | 'filters' | 'failure'> & {
  input: Record<string, unknown>
  filters: Record<string, unknown>
  failure: Text | null
}
type PartRow = { community: string; run: Id; part: number; closed: Buffer }
export const of = (tx: Tx) => tx.withTables<{ exportRuns: RunRow; exportParts: PartRow }>()

export const findRun = (tx: Tx, id: Id): Promise<Run | undefined> =>
  of(tx).selectFrom('exportRuns').selectAll().where('id', '=', id).executeTakeFirst() as Promise<Run | undefined>

/** Held against others until this transaction ends. Throws `exports.unknown`. */
export async function holdRun(tx: Tx, id: Id): Promise<Run> {
  const known = await findRun(tx, id)
  const run =
    known &&
    ((await of(tx)
      .selectFrom('exportRuns')
      .selectAll()
      .where('community', '=', known.community)
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()) as Run | undefined)
  if (!run) throw say.unknown()
  return run
}

type Change = Partial<
  Pick<RunRow, 'state' | 'rows' | 'persons' | 'made' | 'fileName' | 'decidedBy' | 'decidedAt' | 'decision' | 'until' | 'fetched'>
> & { failure?: Text }
export async function changeRun(
  tx: Tx,
  { community, id }: Pick<Run, 'community' | 'id'>,
  { failure, ...change }: Change,
): Promise<void> {
  await of(tx)
    .updateTable('exportRuns')
    .set({ ...change, ...(failure ? { failure: JSON.stringify(failure) } : {}) })
    .where('community', '=', community)
    .where('id', '=', id)
    .execute()
}

const partOf = (run: Id, part: number): string => `exports.part:${run}:${part}`

export async function keepPart(tx: Tx, house: House, { community, id }: Run, part: number, bytes: Buffer): Promise<void> {
  const closed = house.keys.encrypt(community, 'register', bytes.toString('base64'), partOf(id, part))
  await of(tx).insertInto('exportParts').values({ community, run: id, part, closed }).execute()
}

/** The file piece by piece, each read in a transaction of its own. */
export async function* partsOf(house: House, { community, id, area }: Run): AsyncGenerator<Uint8Array> {
  for (let part = 0; ; part++) {
    const row = await house.within(area, (tx) =>
      of(tx)
        .selectFrom('exportParts')
        .select('closed')
        .where('community', '=', community)
        .where('run', '=', id)
        .where('part', '=', part)
        .executeTakeFirst(),
    )
    if (!row) return
    yield Buffer.from(house.keys.decrypt(community, row.closed, partOf(id, part)), 'base64')
  }
}

export const dropParts = (tx: Tx, { community, id }: Pick<Run, 'community' | 'id'>) =>
  of(tx).deleteFrom('exportParts').where('community', '=', community).where('run', '=', id).execute()

/** Second persons who came too late, and files that nobody took in time. */
export async function purgeOld(tx: Tx, now: number): Promise<void> {
  const at = instantOf(now)
  const over: ExportState[] = ['waiting', 'ready']
  await sql`delete from export_parts p using export_runs r where r.community = p.community and r.id = p.run
    and (r.state in ('cancelled', 'failed', 'expired') or r.state = 'ready' and r.until < ${at})`.execute(tx)
  await of(tx).updateTable('exportRuns').set({ state: 'expired' }).where('state', 'in', over).where('until', '<', at).execute()
}

/** Whether a moment has passed. */
export const isOver = ({ until }: Pick<Run, 'until'>, now: number): boolean => until !== null && until < instantOf(now)

/** Throws unless the step may be taken from where the export stands. */
export function requireCan(run: Run, step: keyof typeof can, now: number): void {
  if (!can[step](run)) throw say.wrongState()
  if ((step === 'approve' || step === 'fetch') && isOver(run, now)) throw say.expired()
}
