// Many rows at once: one statement carries thousands, as JSON that the table's own row type reads.
import { sql } from 'kysely'
import type { Tx } from './connect.ts'

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)
const plain = (_: string, value: unknown): unknown =>
  (value as { type?: string })?.type === 'Buffer'
    ? `\\x${Buffer.from((value as { data: number[] }).data).toString('hex')}`
    : value

/** Rows a statement. About 1 kB each makes 2 MB a round. */
const batch = 2_000

/** From so many rows on the planner must hear of them at once. */
const many = 500

/**
 * Inserts rows of one shape (camelCase keys, each row with the same) into `table` (snake_case); missing columns take their defaults.
 * Bytes may be `Buffer`s; a jsonb column takes the value itself. `each` hears after every batch how many are in.
 */
export async function insertMany(
  tx: Tx,
  table: string,
  rows: readonly Readonly<Record<string, unknown>>[],
  each?: (done: number) => Promise<void>,
): Promise<void> {
  const names = Object.keys(rows[0] ?? {})
  const columns = sql.join(names.map((name) => sql.ref(snake(name))))
  for (let from = 0; from < rows.length; from += batch) {
    const part = rows
      .slice(from, from + batch)
      .map((row) => Object.fromEntries(names.map((name) => [snake(name), row[name] ?? null])))
    await sql`insert into ${sql.table(table)} (${columns})
      select ${columns} from json_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(part, plain)}::json)`.execute(tx)
    await each?.(from + part.length)
  }
  if (rows.length >= many) await freshStatistics(tx, table)
}

/** Tells the planner what these community tables hold now: after a load it would else join every row with every row. */
export async function freshStatistics(tx: Tx, ...tables: readonly string[]): Promise<void> {
  for (const table of tables) await sql`select linli_analyze(${table}::regclass)`.execute(tx)
}
