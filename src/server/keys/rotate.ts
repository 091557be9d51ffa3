// A new generation of the keys of a community's fields: everything closed is closed again under it, in small steps, by the keeper.
// Whatever happens in between, each row names the key that opens it, and both generations open until nothing refers to the old one.
import { sql } from 'kysely'
import { setTimeout as wait } from 'node:timers/promises'
import { audit } from '../audit.ts'
import { asKeeper, type Db, type Tx } from '../database/connect.ts'
import { systemAccount } from '../system.ts'
import { keyIdOf } from './ciphers.ts'
import type { Purpose } from './names.ts'
import type { KeyInfo, KeyRing } from './ring.ts'

/** A column whose comment says `closed: <context>`; `key` are the columns of the primary key after the community, with their types. */
type Closed = { table: string; column: string; context: string; needs: string[]; key: { name: string; type: string }[] }

type Rotated = {
  readonly community: string
  /** True when an earlier rotation had not reached its end: no new generation was made, the old one was finished. */
  readonly resumed: boolean
  readonly closedAgain: number
  /** Fields still under an older generation: written in the meantime, or unreadable. Run it again. */
  readonly left: number
  readonly unreadable: number
}

type Terms = {
  /** The administrator's connection: only it may become the keeper. */
  readonly admin: Db
  readonly rolePrefix: string
  readonly keys: KeyRing
  readonly now: () => number
  /** Rows in one transaction. */
  readonly batch?: number
  readonly progress?: (done: { table: string; column: string; rows: number }) => void
}

// Another process may go on with the key that it has in mind for so long, in ms (see vault.ts); with some room.
const settling = 400

/** The older generations of a community that still open. */
const older = (keys: KeyRing, community: string): readonly KeyInfo[] =>
  keys.fieldKeysOf(community).filter((key) => key.state === 'retired')

/** Gives the fields of one community new keys and closes everything again; goes on where an earlier run was cut off. */
export async function rotateFields(terms: Terms, community: string): Promise<Rotated> {
  const { admin, rolePrefix, keys, now } = terms
  const columns = await closedColumns(admin)
  const resumed = (await referring(terms, columns, community, older(keys, community))) > 0
  if (!resumed) {
    for (const key of keys.fieldKeysOf(community)) {
      if (key.state === 'active') keys.rotate(key.name as `fields:${string}:${Purpose}`)
    }
  }
  await wait(settling)
  let [closedAgain, unreadable, moved] = [0, 0, 0]
  do {
    ;[moved, unreadable] = [0, 0]
    for (const column of columns) {
      const pass = await closeColumn(terms, column, community)
      moved += pass.moved
      unreadable += pass.unreadable
    }
    closedAgain += moved
  } while (moved > 0)
  const left = await referring(terms, columns, community, older(keys, community))
  await asKeeper(admin, rolePrefix, (tx) =>
    audit(tx, {
      community,
      at: now(),
      account: systemAccount,
      session: 'system',
      device: null,
      role: 'system',
      area: community,
      contract: 'keys.rotate',
      outcome: 'done',
      shown: closedAgain,
    }),
  )
  return { community, resumed, closedAgain, left, unreadable }
}

/** How many fields of a community are still closed under its older generations. */
export const fieldsLeft = async (terms: Pick<Terms, 'admin' | 'rolePrefix' | 'keys'>, community: string): Promise<number> =>
  referring(terms, await closedColumns(terms.admin), community, older(terms.keys, community))

/** Destroys generations that ended before `endedBefore` and to which nothing refers any more; answers which. */
export async function retireFields(
  terms: Omit<Terms, 'progress'>,
  community: string,
  endedBefore: string,
): Promise<readonly KeyInfo[]> {
  const { admin, rolePrefix, keys, now } = terms
  const columns = await closedColumns(admin)
  const gone: KeyInfo[] = []
  for (const key of older(keys, community)) {
    if (key.ended! >= endedBefore || (await referring(terms, columns, community, [key])) > 0) continue
    gone.push(keys.destroyRetired(key.name as `fields:${string}:${Purpose}`, key.id))
  }
  if (gone.length > 0) {
    await asKeeper(admin, rolePrefix, (tx) =>
      audit(tx, {
        community,
        at: now(),
        account: systemAccount,
        session: 'system',
        device: null,
        role: 'system',
        area: community,
        contract: 'keys.retire',
        outcome: 'done',
        shown: gone.length,
      }),
    )
  }
  return gone
}

/** Every closed column of a community's tables, as the catalogue tells them. */
export async function closedColumns(admin: Db): Promise<Closed[]> {
  const { rows } = await sql<{ table: string; column: string; context: string; key: { name: string; type: string }[] }>`
    select c.relname as table, a.attname as column, substring(col_description(c.oid, a.attnum) from 9) as context,
      (select json_agg(json_build_object('name', k.attname, 'type', format_type(k.atttypid, null)) order by array_position(i.indkey::int2[], k.attnum))
        from pg_index i join pg_attribute k on k.attrelid = i.indrelid and k.attnum = any(i.indkey)
        where i.indrelid = c.oid and i.indisprimary and k.attname <> 'community') as key
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where n.nspname = 'public' and col_description(c.oid, a.attnum) like 'closed: %' order by c.relname, a.attnum`.execute(admin)
  return rows.map((row) => ({ ...row, needs: [...row.context.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!) }))
}

const idBytes = (keys: readonly KeyInfo[]): Buffer[] => keys.map((key) => Buffer.from(key.id, 'base64url'))

async function referring(
  terms: Pick<Terms, 'admin' | 'rolePrefix'>,
  columns: readonly Closed[],
  community: string,
  of: readonly KeyInfo[],
): Promise<number> {
  if (of.length === 0) return 0
  return asKeeper(terms.admin, terms.rolePrefix, async (tx) => {
    let found = 0
    for (const { table, column } of columns) {
      const {
        rows: [count],
      } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}
        where community = ${community} and substring(${sql.ref(column)} from 2 for 6) = any(${idBytes(of)}::bytea[])`.execute(tx)
      found += count!.n
    }
    return found
  })
}

type Pass = { moved: number; unreadable: number }

/** One walk over a column in the order of its key, a transaction for each batch: a crash loses one batch at most, and nothing else. */
async function closeColumn(terms: Terms, of: Closed, community: string): Promise<Pass> {
  const { admin, rolePrefix, batch = 500, progress } = terms
  const done: Pass = { moved: 0, unreadable: 0 }
  let after: readonly string[] | undefined
  for (;;) {
    const step = await asKeeper(admin, rolePrefix, (tx) => closeBatch(tx, terms.keys, of, community, after, batch))
    done.moved += step.moved
    done.unreadable += step.unreadable
    if (step.moved > 0) progress?.({ table: of.table, column: of.column, rows: step.moved })
    if (!step.last) return done
    after = step.last
  }
}

type Row = Record<string, unknown> & { at: string; closed: Buffer }

async function closeBatch(
  tx: Tx,
  keys: KeyRing,
  { table, column, context, needs, key }: Closed,
  community: string,
  after: readonly string[] | undefined,
  batch: number,
): Promise<Pass & { last: readonly string[] | undefined }> {
  const names = key.map((k) => sql.ref(k.name))
  const beyond = after
    ? sql`and (${sql.join(names)}) > (${sql.join(after.map((value, i) => sql`${value}::${sql.raw(key[i]!.type)}`))})`
    : sql``
  const asText = [...new Set([...needs, ...key.map((k) => k.name)])].map(
    (name) => sql`${sql.ref(name)}::text as ${sql.ref(`t_${name}`)}`,
  )
  const { rows } =
    await sql<Row>`select ctid::text as at, ${sql.ref(column)} as closed, ${sql.join(asText)} from ${sql.table(table)}
    where community = ${community} and ${sql.ref(column)} is not null ${beyond} order by ${sql.join(names)} limit ${batch} for update`.execute(
      tx,
    )
  const word = (row: Row, name: string) => String(row[camel(`t_${name}`)])
  const retired = new Map(
    keys
      .fieldKeysOf(community)
      .filter((k) => k.state === 'retired')
      .map((k) => [k.id, k]),
  )
  const moved: { at: string; closed: Buffer }[] = []
  let unreadable = 0
  for (const row of rows) {
    const old = retired.get(keyIdOf(row.closed))
    if (!old) continue
    const bound = context.replaceAll(/\{(\w+)\}/g, (_, name: string) => word(row, name))
    const words = openedOr(() => keys.decrypt(community, row.closed, bound))
    if (words === undefined) unreadable += 1
    else moved.push({ at: row.at, closed: keys.encrypt(community, purposeOf(old), words, bound) })
  }
  if (moved.length > 0) {
    await sql`update ${sql.table(table)} as t set ${sql.ref(column)} = v.closed
      from unnest(${moved.map((m) => m.at)}::tid[], ${moved.map((m) => m.closed)}::bytea[]) as v(at, closed)
      where t.ctid = v.at and t.community = ${community}`.execute(tx)
  }
  const end = rows.length === batch ? rows.at(-1) : undefined
  return { moved: moved.length, unreadable, last: end && key.map((k) => word(end, k.name)) }
}

/** A field that does not open is counted and left as it is: closing it again would hide that. */
function openedOr(open: () => string): string | undefined {
  try {
    return open()
  } catch {
    return undefined
  }
}

const purposeOf = (key: KeyInfo): Purpose => key.name.split(':').slice(2).join(':') as Purpose
/** As the plugin of connect.ts spells names. */
const camel = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
