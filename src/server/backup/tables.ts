// Which tables there are, in the order in which they can be filled, and how a schema that a library made is made again.
import pg from 'pg'
import { say } from './say.ts'

const ident = pg.escapeIdentifier

export type Table = {
  readonly schema: string
  readonly name: string
  readonly columns: readonly string[]
  /** The role that reads it: by its purpose. */
  readonly by: 'keeper' | 'owner' | 'auth'
  /** Statements that make it and what belongs to it; only for schemas that no migration of ours makes. */
  readonly make?: readonly string[]
  readonly finish?: readonly string[]
}

export const nameOf = ({ schema, name }: { schema: string; name: string }): string => `${ident(schema)}.${ident(name)}`
export const columnsOf = ({ columns }: Pick<Table, 'columns'>): string => columns.map(ident).join(', ')

/** These two are written by the migrations of the restored database itself. */
const ownWork = ['linli_meta', 'linli_migrations']
/** Sessions and codes under way: a restored house asks everybody to sign in again. */
const passing = ['session', 'verification', 'rateLimit']

/** How values are spelled, and no search path: both sides of a comparison use the same. */
export const plainSpelling = `set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres';
  set local bytea_output = 'hex'; set local extra_float_digits = 1; set local client_encoding = 'UTF8'; set local statement_timeout = 0;
  set local idle_in_transaction_session_timeout = 0`

type Row = { oid: number; schema: string; name: string; rls: boolean; guarded: boolean; columns: string[] }

const listed = `select c.oid::int as oid, n.nspname as schema, c.relname as name, c.relrowsecurity as rls,
  exists (select from pg_policies p where p.schemaname = n.nspname and p.tablename = c.relname and p.policyname = 'keeper') as guarded,
  (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition order by c.relname`

/** The tables of `public`, those that are referred to first. Throws `backup.unguarded` for one that the keeper would see empty. */
export async function ourTables(client: pg.ClientBase): Promise<Table[]> {
  const rows = await inOrder(client, 'public')
  return rows
    .filter(({ name }) => !ownWork.includes(name))
    .map(({ schema, name, columns, rls, guarded }) => {
      if (rls && !guarded) throw say.unguarded({ table: name })
      return { schema, name, columns, by: rls ? 'keeper' : 'owner' }
    })
}

/** The tables of the sign-in store, each with the statements that make it as it stands. */
export async function signInTables(client: pg.ClientBase): Promise<Table[]> {
  const rows = await inOrder(client, 'auth')
  const tables: Table[] = []
  for (const { oid, schema, name, columns } of rows) {
    tables.push({
      schema,
      name,
      columns: passing.includes(name) ? [] : columns,
      by: 'auth',
      ...(await statementsOf(client, oid, { schema, name })),
    })
  }
  return tables
}

async function inOrder(client: pg.ClientBase, schema: string): Promise<Row[]> {
  const { rows } = await client.query<Row>(listed, [schema])
  const { rows: refers } = await client.query<{ from: number; to: number }>(
    `select conrelid::int as from, confrelid::int as to
    from pg_constraint where contype = 'f' and conrelid <> confrelid and connamespace = $1::regnamespace`,
    [schema],
  )
  const ordered: Row[] = []
  let rest = rows
  while (rest.length > 0) {
    const free = rest.filter(({ oid }) => !refers.some((r) => r.from === oid && rest.some((other) => other.oid === r.to)))
    if (free.length === 0) throw new Error(`Tables refer to each other in a circle: ${rest.map((r) => r.name).join(', ')}`)
    ordered.push(...free)
    rest = rest.filter((row) => !free.includes(row))
  }
  return ordered
}

async function statementsOf(
  client: pg.ClientBase,
  oid: number,
  table: { schema: string; name: string },
): Promise<Pick<Table, 'make' | 'finish'>> {
  const { rows: columns } = await client.query<{ words: string }>(
    `select format('%I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
      coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), ''), case when a.attnotnull then ' not null' else '' end) as words
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [oid],
  )
  const { rows: constraints } = await client.query<{ words: string }>(
    `select format('add constraint %I %s', conname, pg_get_constraintdef(oid)) as words
    from pg_constraint where conrelid = $1 and contype in ('p', 'u', 'f', 'c') order by position(contype::text in 'pucf'), conname`,
    [oid],
  )
  const { rows: indexes } = await client.query<{ words: string }>(
    `select pg_get_indexdef(indexrelid) as words from pg_index
    where indrelid = $1 and not exists (select from pg_constraint where conindid = indexrelid and conrelid = $1) order by 1`,
    [oid],
  )
  return {
    make: [`create table ${nameOf(table)} (${columns.map(({ words }) => words).join(', ')})`],
    finish: [...constraints.map(({ words }) => `alter table ${nameOf(table)} ${words}`), ...indexes.map(({ words }) => words)],
  }
}

export type Counter = { readonly table: string; readonly column: string; readonly last: string; readonly called: boolean }

/** Where the numbering of identity columns stands, read as the tables' owner. */
export async function countersOf(client: pg.ClientBase): Promise<Counter[]> {
  const { rows } = await client.query<{
    table: string
    column: string
    sequence: string
  }>(`select c.relname as table, a.attname as column,
      pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) as sequence
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
      and pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) is not null order by 1, 2`)
  const counters: Counter[] = []
  for (const { table, column, sequence } of rows) {
    const {
      rows: [at],
    } = await client.query<{ last: string; called: boolean }>(
      `select last_value::text as last, is_called as called from ${sequence}`,
    )
    counters.push({ table, column, last: at!.last, called: at!.called })
  }
  return counters
}

/** Steps into another role for the rest of the transaction; the keeper also says that it is at work. */
export const become = async (client: pg.ClientBase, prefix: string, purpose: Table['by'] | 'jobs'): Promise<void> => {
  await client.query(`select set_config('role', $1, true), set_config('app.maintenance', $2, true)`, [
    `${prefix}_${purpose}`,
    purpose === 'keeper' ? 'on' : '',
  ])
}
