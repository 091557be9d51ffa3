// The database as it stands after all migrations, held against the rules of the house.
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import pg from 'pg'
import { z } from 'zod'
import { modules } from '#app/modules.ts'
import { knownProblem } from '#core/problem.ts'
import { infoOf, innerOf } from '#core/labels.ts'
import { factFields } from '#core/fact.ts'
import { problemCodeOf } from '#server/http/constraints.ts'
import { databaseUrl } from '#app/testing-setup.ts'

type Table = { name: string; kind: string; rls: boolean; forced: boolean; comment: string }
type Column = { table: string; name: string; type: string; nullable: boolean; collation: string | null }

let db: pg.Client
let tables: Table[]
let columns: Column[]
let prefix: string

beforeAll(async () => {
  const ground = inject('ground')
  prefix = ground.meta.rolePrefix
  const clone = `${ground.template}_catalogue`
  const server = new pg.Client({ connectionString: ground.adminUrl })
  await server.connect()
  await server.query(`create database ${clone} template ${ground.template}`)
  await server.end()
  db = new pg.Client({ connectionString: databaseUrl(ground.adminUrl, clone) })
  await db.connect()
  tables = (
    await db.query(`select c.relname as name, c.relrowsecurity as rls, c.relforcerowsecurity as forced,
    coalesce(obj_description(c.oid, 'pg_class'), '') as comment from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p') order by 1`)
  ).rows.map((t) => ({ ...t, kind: String(t.comment).split(':')[0] }))
  columns = (
    await db.query(`select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
    not a.attnotnull as nullable, co.collname as collation
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    left join pg_collation co on co.oid = a.attcollation
    where n.nspname = 'public' and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped`)
  ).rows
})
afterAll(() => db.end())

const community = () => tables.filter((t) => t.kind.startsWith('community'))
const area = () => tables.filter((t) => t.kind === 'area')
const columnsOf = (table: string) => columns.filter((c) => c.table === table)
const camel = (name: string) => name.replaceAll(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase())

test('every table says its kind', () => {
  expect(
    tables.filter((t) => !/^(community (facts|links|log|records|derived)|area|house)$/.test(t.kind)).map((t) => t.name),
  ).toEqual([])
})

test('community and area tables have and force row security', () => {
  expect([...community(), ...area()].filter((t) => !t.rls || !t.forced).map((t) => t.name)).toEqual([])
})

test('each role has its policy, and the scope policy is that of the kind', async () => {
  const { rows } = await db.query(
    `select tablename as table, policyname as policy, roles::text[] as roles, cmd, qual, with_check from pg_policies where schemaname = 'public'`,
  )
  for (const { name, kind } of [...community(), ...area()]) {
    const mine = rows.filter((p) => p.table === name)
    const scope = mine.find((p) => p.policy === 'scope')
    expect(scope?.roles, name).toEqual([`${prefix}_app_user`])
    const column = kind === 'area' ? 'area_code' : 'community'
    for (const rule of [scope.qual, scope.with_check]) {
      expect(rule, name).toContain(`${column} >= NULLIF(current_setting('app.scope'::text, true), ''::text)`)
      expect(rule, name).toContain(`${column} < (NULLIF(current_setting('app.scope'::text, true), ''::text) || '~'::text)`)
    }
    // PostgreSQL prints the function's name in quotes, for it is a keyword too.
    expect(/"?left"?\(/i.test(scope.qual), `${name} reads above itself`).toBe(kind === 'area')
    expect(scope.with_check, name).not.toMatch(/"?left"?\(/i)
    for (const policy of ['report', 'keeper', 'retention'])
      expect(
        mine.map((p) => p.policy),
        name,
      ).toContain(policy)
    const strangers = mine.filter((p) => !['scope', 'report', 'keeper', 'retention', 'sign_in'].includes(p.policy))
    expect(strangers.map((p) => `${name}.${p.policy}`)).toEqual([])
    if (kind !== 'area')
      expect(
        mine.map((p) => p.policy),
        name,
      ).not.toContain('sign_in')
  }
})

test('facts, links and the log cannot be changed or removed by the working role', async () => {
  const { rows } = await db.query(
    `select table_name as table, privilege_type as privilege from information_schema.role_table_grants where grantee = $1`,
    [`${prefix}_app_user`],
  )
  const wrong = rows.filter(
    (g) =>
      ['UPDATE', 'DELETE', 'TRUNCATE'].includes(g.privilege) &&
      community().some((t) => t.name === g.table && /facts|links|log/.test(t.kind)),
  )
  expect(wrong).toEqual([])
  const deletes = rows.filter(
    (g) => g.privilege === 'DELETE' && !tables.some((t) => t.name === g.table && t.kind === 'community derived'),
  )
  expect(deletes).toEqual([])
  const { rows: columnGrants } = await db.query(
    `select table_name, column_name, privilege_type from information_schema.column_privileges p
    where grantee = $1 and privilege_type = 'UPDATE' and not exists (select from information_schema.role_table_grants g
      where g.grantee = p.grantee and g.table_name = p.table_name and g.privilege_type = 'UPDATE')`,
    [`${prefix}_app_user`],
  )
  expect(columnGrants).toEqual([])
})

test('community comes first in every primary key, unique, exclusion and foreign key', async () => {
  const { rows } = await db.query(`
    select c.relname as table, con.conname as name, con.contype as type, a.attname as first, fc.relname as target,
      (select attname from pg_attribute where attrelid = con.confrelid and attnum = con.confkey[1]) as target_first, con.confdeltype as on_delete
    from pg_constraint con join pg_class c on c.oid = con.conrelid join pg_namespace n on n.oid = c.relnamespace
    left join pg_attribute a on a.attrelid = c.oid and a.attnum = con.conkey[1] left join pg_class fc on fc.oid = con.confrelid
    where n.nspname = 'public' and con.contype in ('p', 'u', 'x', 'f')`)
  const mine = rows.filter((r) => community().some((t) => t.name === r.table))
  expect(mine.filter((r) => r.first !== 'community').map((r) => `${r.table}.${r.name}`)).toEqual([])
  expect(
    mine
      .filter((r) => r.type === 'f' && r.target_first !== 'community' && !area().some((t) => t.name === r.target))
      .map((r) => r.name),
  ).toEqual([])
  expect(rows.filter((r) => r.type === 'f' && r.on_delete !== 'a').map((r) => r.name)).toEqual([])
  const withKey = new Set(rows.filter((r) => r.type === 'p').map((r) => r.table))
  expect(
    community()
      .filter((t) => !withKey.has(t.name))
      .map((t) => t.name),
  ).toEqual([])
  const indexes =
    await db.query(`select t.relname as table, i.relname as name, a.attname as first from pg_index x join pg_class i on i.oid = x.indexrelid
    join pg_class t on t.oid = x.indrelid join pg_namespace n on n.oid = t.relnamespace
    left join pg_attribute a on a.attrelid = t.oid and a.attnum = x.indkey[0] where n.nspname = 'public' and x.indisunique`)
  expect(
    indexes.rows.filter((r) => community().some((t) => t.name === r.table) && r.first !== 'community').map((r) => r.name),
  ).toEqual([])
})

test('no triggers, and community codes are text in the C collation', async () => {
  const { rows } = await db.query(
    `select tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and not tgisinternal`,
  )
  expect(rows).toEqual([])
  for (const { name } of community()) {
    expect(
      columnsOf(name).find((c) => c.name === 'community'),
      name,
    ).toMatchObject({ type: 'text', collation: 'C', nullable: false })
  }
  for (const { name } of area())
    expect(
      columnsOf(name).find((c) => c.name === 'area_code'),
      name,
    ).toMatchObject({ type: 'text', collation: 'C', nullable: false })
})

test('instants keep milliseconds, as JavaScript does', () => {
  expect(
    columns
      .filter((c) => c.type.startsWith('timestamp') && c.type !== 'timestamp(3) with time zone')
      .map((c) => `${c.table}.${c.name}`),
  ).toEqual([])
})

test('named constraints speak: each is a problem with a sentence, or guards a shape that no form can make', async () => {
  const { rows } =
    await db.query(`select c.relname as table, con.conname as name, con.contype as type from pg_constraint con join pg_class c on c.oid = con.conrelid
    join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and con.contype in ('u', 'x', 'p')`)
  const silent = rows.filter(
    ({ table, name }) =>
      tables.some((t) => t.name === table && t.kind !== 'house') &&
      !/__(id_taken|replaced_already|known|derived)$/.test(name) &&
      !knownProblem(problemCodeOf(name)),
  )
  expect(silent.map((r) => r.name)).toEqual([])
})

const declared = new Map(modules.flatMap((m) => Object.entries(m.tables).map(([name, row]) => [name, row] as const)))
const houseTables = new Set([
  'audit_log',
  'audit_looks',
  'idempotency_keys',
  'import_runs',
  'import_rows',
  'import_parts',
  'import_sources',
  'export_runs',
  'export_parts',
])
const stamps = new Set(['generation', 'xid', 'seq'])
const factColumnNames = new Set([
  'deviceAt',
  'offsetBefore',
  'offsetAfter',
  'tick',
  'run',
  'digest',
  'device',
  ...Object.keys(factFields),
])
const linkColumnNames = new Set(['community', 'id', 'subject', 'since', 'recordedAt', 'recordedBy', 'why'])

test('every table has a declared row, column by column', () => {
  for (const { name, kind } of [...community(), ...area()].filter((t) => !houseTables.has(t.name))) {
    const row = declared.get(camel(name))
    expect(row, `${name} is declared in a module`).toBeDefined()
    const implied =
      kind === 'community facts' ? factColumnNames : kind === 'community links' ? linkColumnNames : new Set<string>()
    const have = columnsOf(name)
      .filter((c) => !stamps.has(c.name))
      .map((c) => camel(c.name))
    const want = Object.keys(row!.shape)
    expect(
      have.filter((c) => !want.includes(c) && !implied.has(c)),
      `${name}: columns without a field`,
    ).toEqual([])
    expect(
      want.filter((c) => !have.includes(c)),
      `${name}: fields without a column`,
    ).toEqual([])
    for (const column of columnsOf(name)) {
      const field = row!.shape[camel(column.name)] as z.ZodType | undefined
      if (field) expect(field.safeParse(null).success, `${name}.${column.name} nullable`).toBe(column.nullable)
    }
  }
})

/** Whether any words can stand in a field: then it must say whether they are personal. */
function holdsFreeText(schema: z.ZodType): boolean {
  const inner = innerOf(schema)
  if (inner instanceof z.ZodString)
    return !(inner.def.checks ?? []).some((c) =>
      ['string_format'].includes((c as { _zod: { def: { check: string } } })._zod.def.check),
    )
  if (inner instanceof z.ZodArray) return holdsFreeText(inner.element as z.ZodType)
  if (inner instanceof z.ZodObject) return Object.values(inner.shape as Record<string, z.ZodType>).some((f) => holdsFreeText(f))
  if (inner instanceof z.ZodRecord) return holdsFreeText(inner.valueType as z.ZodType)
  return inner instanceof z.ZodUnknown || inner instanceof z.ZodAny
}

test('every column that can hold words says how long it is kept, or why it is harmless', () => {
  const silent = community().flatMap(({ name }) => {
    const row = declared.get(camel(name))
    return Object.entries((row?.shape ?? {}) as Record<string, z.ZodType>)
      .filter(([, field]) => holdsFreeText(field) && !infoOf(field)?.keep && !infoOf(field)?.harmless)
      .map(([key]) => `${name}.${key}`)
  })
  expect(silent).toEqual([])
})

test('area tables hold nothing personal', () => {
  const personal = area().flatMap(({ name }) =>
    Object.entries((declared.get(camel(name))?.shape ?? {}) as Record<string, z.ZodType>)
      .filter(([, field]) => infoOf(field)?.keep || infoOf(field)?.mask)
      .map(([key]) => `${name}.${key}`),
  )
  expect(personal).toEqual([])
})
