// An import taken back as a whole: every fact of the transaction that wrote it is withdrawn, while nothing was built on it.
import { sql, type RawBuilder } from 'kysely'
import { newId, type Id } from '#core/ids.ts'
import { say } from '#core/imports.ts'
import { text, type Text } from '#core/text.ts'
import type { Tx } from '../database/connect.ts'
import { offer, type Ctx } from '../house.ts'
import type { Mark } from './runs.ts'

/** What entries of a table are called when they stand in the way of an undo: `{ screening_attempts: text('入户排查', 'visits') }`. */
export const builtWords = offer<Readonly<Record<string, Text>>>('imports.builtWords')

/** The mark that everything written by this transaction carries. */
export async function markOf(tx: Tx): Promise<Mark> {
  const { rows } = await sql<Mark>`select linli_generation() as generation, pg_current_xact_id()::text as xid`.execute(tx)
  return rows[0]!
}

const written = (table: string, community: string, { generation, xid }: Mark) => sql`
  from ${sql.table(table)} as m where m.community = ${community} and m.generation = ${generation} and m.xid = ${xid}::xid8`

/** Throws `imports.builtUpon` where somebody has corrected, moved, visited … what the run added. */
export async function requireUnbuilt(ctx: Ctx, facts: readonly string[], mark: Mark): Promise<void> {
  const words = Object.assign({}, ...ctx.house.offered(builtWords)) as Readonly<Record<string, Text>>
  const things = new Map<string, { zh: string; en: string; count: number }>()
  const add = (what: Text, count: number) => {
    if (count > 0) things.set(what.en, { ...what, count: count + (things.get(what.en)?.count ?? 0) })
  }
  const references: (Reference & { to: string })[] = []
  for (const table of facts) {
    add(
      corrections,
      await countOf(
        ctx.tx,
        sql`from ${sql.table(table)} as r where r.community = ${ctx.community}
      and r.replaces in (select m.id ${written(table, ctx.community, mark)}) and ${notOf('r', mark)}`,
      ),
    )
    for (const reference of await referring(ctx.tx, table)) references.push({ ...reference, to: table })
  }
  // An entry that names a person twice, say by two of its columns, is one entry.
  for (const [table, mine] of Map.groupBy(references, (reference) => reference.table)) {
    add(words[table] ?? others, await countOf(ctx.tx, leaning(table, mine, ctx.community, mark)))
  }
  if (things.size > 0) throw say.builtUpon({ things: [...things.values()] })
}

const corrections = text('档案更正', 'corrections')
const others = text('其他登记', 'other entries')
const notOf = (alias: string, { generation, xid }: Mark) =>
  sql`not (${sql.ref(`${alias}.generation`)} = ${generation} and ${sql.ref(`${alias}.xid`)} = ${xid}::xid8)`

async function countOf(tx: Tx, from: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n ${from}`.execute(tx)
  return rows[0]!.n
}

type Reference = { table: string; column: string; stamped: boolean; fact: boolean }

/** Whose rows name rows of this table: the database knows by its foreign keys, so that a new module need not be told. */
async function referring(tx: Tx, table: string): Promise<Reference[]> {
  const has = (name: string) =>
    sql`exists (select from pg_attribute x where x.attrelid = c.oid and x.attname = ${name} and not x.attisdropped)`
  const { rows } = await sql<Reference>`
    select c.relname as table, a.attname as column, ${has('xid')} as stamped, ${has('withdrawn')} as fact
    from pg_constraint as k join pg_class as c on c.oid = k.conrelid
    join pg_attribute as a on a.attrelid = c.oid and a.attnum = k.conkey[2]
    where k.contype = 'f' and k.confrelid = to_regclass(${table}) and cardinality(k.conkey) = 2`.execute(tx)
  return rows
}

/** Rows that stand and name something that the run added as new; the run's own do not count. */
const leaning = (table: string, columns: readonly (Reference & { to: string })[], community: string, mark: Mark) => sql`
  from ${sql.table(table)} as r where r.community = ${community}
    and (${sql.join(
      columns.map(
        ({ column, to }) => sql`
      ${sql.ref(`r.${column}`)} in (select m.id ${written(to, community, mark)} and m.replaces is null)`,
      ),
      sql` or `,
    )})
    and ${columns[0]!.stamped ? notOf('r', mark) : sql`true`}
    and ${
      columns[0]!.fact
        ? sql`not r.withdrawn and not exists (
      select from ${sql.table(table)} as newer where newer.community = r.community and newer.replaces = r.id)`
        : sql`true`
    }`

/** After so many rows others get their turn. */
const portion = 2_000

/**
 * Withdraws every fact of these tables that carries the mark; what was itself a correction says again what stood before it.
 * `tell` hears how many are done. Answers how many there were.
 */
export async function takeBack(
  ctx: Ctx,
  facts: readonly string[],
  mark: Mark,
  reason: string,
  tell: (done: number) => Promise<void>,
): Promise<number> {
  let done = 0
  for (const table of facts) {
    const { rows: made } = await sql<{ id: Id }>`select m.id ${written(table, ctx.community, mark)} order by m.seq`.execute(
      ctx.tx,
    )
    const columns = await columnsOf(ctx.tx, table)
    for (let from = 0; from < made.length; from += portion) {
      const pairs = made.slice(from, from + portion).map(({ id }) => ({ old: id, id: newId() }))
      await withdraw(ctx, table, columns, pairs, reason)
      done += pairs.length
      await tell(done)
    }
  }
  return done
}

async function withdraw(
  ctx: Ctx,
  table: string,
  columns: readonly string[],
  pairs: readonly { old: Id; id: Id }[],
  reason: string,
): Promise<void> {
  const nothing = sql`null`
  const said: Readonly<Record<string, RawBuilder<unknown>>> = {
    community: sql`m.community`,
    id: sql`x.id`,
    root: sql`m.root`,
    occurred_at: sql`m.occurred_at`,
    counted_on: sql`m.counted_on`,
    recorded_at: sql`${ctx.timing.recordedAt}::timestamptz`,
    recorded_by: sql`${ctx.who.account}::uuid`,
    device: nothing,
    how: sql`m.how`,
    device_at: nothing,
    offset_before: nothing,
    offset_after: nothing,
    tick: nothing,
    run: nothing,
    clock_doubt: nothing,
    replaces: sql`m.id`,
    reason: sql`${reason}`,
    withdrawn: sql`m.replaces is null`,
    digest: sql`${ctx.digest}::bytea`,
  }
  const expressions = columns.map(
    (column) =>
      said[column] ?? sql`case when m.replaces is null then ${sql.ref(`m.${column}`)} else ${sql.ref(`was.${column}`)} end`,
  )
  await sql`insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})
    select ${sql.join(expressions)}
    from json_to_recordset(${JSON.stringify(pairs)}::json) as x(old uuid, id uuid)
    join ${sql.table(table)} as m on m.community = ${ctx.community} and m.id = x.old
    left join ${sql.table(table)} as was on was.community = m.community and was.id = m.replaces`.execute(ctx.tx)
}

/** The columns that an entry gives; the stamps of the commit come by themselves. */
async function columnsOf(tx: Tx, table: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select a.attname as name from pg_attribute as a where a.attrelid = to_regclass(${table}) and a.attnum > 0 and not a.attisdropped
      and a.attidentity = '' and a.attgenerated = '' and a.attname not in ('generation', 'xid', 'seq') order by a.attnum`.execute(
    tx,
  )
  return rows.map((row) => row.name)
}
