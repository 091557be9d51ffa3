// Rows of any number in their order, a batch at a time: a cursor inside the transaction, so the whole is of one instant and nothing is held.
import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../database/connect.ts'

/** Rows a batch. */
const batchSize = 500
let cursors = 0

/** What `query` answers, in batches. Runs to its end or closes its cursor; one transaction may have several. */
export async function* inBatches<T>(tx: Tx, query: RawBuilder<T>, size = batchSize): AsyncGenerator<T[]> {
  const name = sql.id(`export_${++cursors}`)
  // All rows are wanted, not the first few: without this the planner would choose what begins soonest.
  await sql`select set_config('cursor_tuple_fraction', '1', true)`.execute(tx)
  await sql`declare ${name} no scroll cursor for ${query}`.execute(tx)
  for (;;) {
    const { rows } = await sql<T>`fetch forward ${sql.raw(String(size))} from ${name}`.execute(tx)
    if (rows.length > 0) yield rows
    if (rows.length < size) break
  }
  await sql`close ${name}`.execute(tx)
}
