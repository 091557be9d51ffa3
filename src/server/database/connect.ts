// How values come out of PostgreSQL, and one Kysely over a pool.
import { CamelCasePlugin, Kysely, PostgresDialect, sql, type ColumnType, type Generated, type Transaction } from 'kysely'
import pg from 'pg'

/** Instants as ISO text with milliseconds, civil days as text, int8 and numeric as numbers (counts stay far below 2^53). */
const types = new pg.TypeOverrides()
types.setTypeParser(1184, (v) => new Date(v).toISOString())
types.setTypeParser(1082, (v) => v)
types.setTypeParser(20, Number)
types.setTypeParser(1700, Number)

// Tables are added by each module (`withTables`), so the house's own handle knows none.
export type Db = Kysely<{}>
export type Tx = Transaction<{}>

export function poolOf(
  url: string,
  options: { role?: string; searchPath?: string; max?: number; plain?: boolean } = {},
): pg.Pool {
  const settings = [
    options.role ? `-c role=${options.role}` : '',
    options.searchPath ? `-c search_path=${options.searchPath}` : '',
    '-c timezone=UTC',
    '-c idle_in_transaction_session_timeout=120s',
  ]
    .filter(Boolean)
    .join(' ')
  // `plain` leaves values as the driver makes them, for libraries that expect `Date`.
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 20,
    ...(options.plain ? {} : { types }),
    options: settings,
  })
  // An idle connection that breaks is replaced by the pool; without a listener Node would end the process.
  pool.on('error', () => {})
  return pool
}

export const kyselyOf = (pool: pg.Pool): Db =>
  new Kysely<{}>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })

/** Columns that the database fills in: where a row stands in the order of commits. */
export type Stamped<T> = T & {
  generation: Generated<number>
  xid: Generated<string>
  seq: Generated<number>
}

/** A jsonb column: written as text, read as the value. */
export type Json<T> = ColumnType<T, string, string>

export type Scope = Patience & {
  /** Area code, 1 to 12 digits: the community or a level above. Nothing is seen without one. */
  readonly scope: string
  readonly role?: 'app_user' | 'report'
}

/** How long one statement may take, ms (jobs: ten minutes), and a signal that stops the one under way. */
export type Patience = { readonly longest?: number | undefined; readonly signal?: AbortSignal | undefined }
const jobsLongest = 600_000

/**
 * One transaction under a role and a scope. The only place where the scope is set: on a spread-out database only this
 * function has a second form.
 */
export function within<T>(
  db: Db,
  rolePrefix: string,
  { scope, role = 'app_user', longest = jobsLongest, signal }: Scope,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (tx) => {
    const {
      rows: [own],
    } = await sql<{ pid: number }>`select pg_backend_pid() as pid, set_config('role', ${`${rolePrefix}_${role}`}, true),
      set_config('app.scope', ${scope.slice(0, 12)}, true), set_config('statement_timeout', ${String(longest)}, true)`.execute(tx)
    return signal ? stoppable(db, own!.pid, signal, () => work(tx)) : work(tx)
  })
}

/** Work whose statement under way is cancelled when the signal comes. The connection is let go only after that, so that nobody else's is. */
async function stoppable<T>(db: Db, pid: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  let stopping: Promise<unknown> | undefined
  const stop = () => {
    stopping = sql`select pg_cancel_backend(${pid})`.execute(db).catch(() => undefined)
  }
  signal.addEventListener('abort', stop)
  try {
    signal.throwIfAborted()
    return await work()
  } finally {
    signal.removeEventListener('abort', stop)
    await stopping
  }
}

/** One transaction of the keeper: back-fills, recounts, backups. Audited by whoever calls it. */
export function asKeeper<T>(admin: Db, rolePrefix: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return admin.transaction().execute(async (tx) => {
    await sql`select set_config('role', ${`${rolePrefix}_keeper`}, true), set_config('app.maintenance', 'on', true)`.execute(tx)
    return work(tx)
  })
}
