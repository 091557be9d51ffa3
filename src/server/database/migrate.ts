// Brings a database to this version: hand-written SQL, in register order, once each, by one process at a time.
import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import pg from 'pg'
import { problems } from '#core/problem.ts'
import { makeLogin, makeRoles } from './roles.ts'

const say = problems('migrate', {
  changed: [
    500,
    ({ file }: { file: string }) => ({
      zh: `迁移文件 ${file} 在执行后被改动。请恢复原文件，另写一个新的迁移。`,
      en: `Migration ${file} was changed after it had run. Restore it and write a new one.`,
    }),
  ],
  newer: [
    500,
    ({ file }: { file: string }) => ({
      zh: `数据库已由更新的版本升级（${file}）。请使用该版本或更新的版本。`,
      en: `This database was upgraded by a newer version (${file}). Use that version or a later one.`,
    }),
  ],
  otherKind: [
    500,
    ({ have, want }: { have: string; want: string }) => ({
      zh: `这个数据库是${have === 'demo' ? '演示' : '正式'}库，不能作为${want === 'demo' ? '演示' : '正式'}库打开。`,
      en: `This database holds ${have} data and cannot be opened as ${want}.`,
    }),
  ],
  otherData: [
    500,
    {
      zh: 'public 模式里已有其他程序的表。请为邻里建一个空数据库。',
      en: 'The public schema already holds the tables of another program. Give Linli an empty database of its own.',
    },
  ],
})

export type Migration = { readonly name: string; readonly sql: string }
export type Meta = { dataId: string; kind: 'real' | 'demo'; rolePrefix: string; generation: number; keysMade: boolean }
export type Login = { name?: string; password?: string }

/** The `.sql` files of a folder in name order, as `<prefix>/<file>`. */
export const migrationsIn = (folder: string, prefix: string): Migration[] =>
  readdirSync(folder)
    .filter((f) => f.endsWith('.sql'))
    .sort()
    .map((f) => ({ name: `${prefix}/${f}`, sql: readFileSync(`${folder}/${f}`, 'utf8') }))

/** The house's own tables, before any module's. */
export const houseMigrations = (): Migration[] => migrationsIn(import.meta.dirname, 'server')

const lockKey = 20_200_123

/**
 * Migrates and answers what the database says of itself. `open` is called once the data are known and before anything
 * else is touched: it opens the keys of these very data, or throws, and names the working login.
 */
export async function migrate(
  adminUrl: string,
  kind: 'real' | 'demo',
  migrations: readonly Migration[],
  open: (meta: Meta) => Promise<Login>,
): Promise<Meta> {
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  try {
    await admin.query('select pg_advisory_lock($1)', [lockKey])
    await prepare(admin, kind)
    const meta = await metaOf(admin)
    if (meta.kind !== kind) throw say.otherKind({ have: meta.kind, want: kind })
    const { name = `${meta.rolePrefix}_app`, ...login } = await open(meta)
    await makeRoles(admin, meta.rolePrefix)
    await makeLogin(admin, meta.rolePrefix, { name, ...login })
    await settle(admin, meta.rolePrefix)
    await runAll(admin, meta.rolePrefix, migrations)
    return await metaOf(admin)
  } finally {
    await admin.end()
  }
}

/** Gives an empty database its birth: roles, schemas and the row about itself. */
async function prepare(admin: pg.Client, kind: string): Promise<void> {
  const known = await admin.query(`select to_regclass('public.linli_meta') as t`)
  if (known.rows[0].t) return
  const others = await admin.query(`select count(*)::int as n from pg_class c join pg_namespace s on s.oid = c.relnamespace
    where s.nspname = 'public' and c.relkind in ('r', 'p')`)
  if (others.rows[0].n > 0) throw say.otherData()
  const {
    rows: [db],
  } = await admin.query('select current_database() as name')
  const prefix = String(db.name)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, 40)
  await makeRoles(admin, prefix)
  const owner = pg.escapeIdentifier(`${prefix}_owner`)
  await admin.query('begin')
  await admin.query(`
    alter schema public owner to ${owner};
    revoke all on schema public from public;
    grant usage on schema public to ${['app_user', 'report', 'keeper', 'retention', 'auth', 'jobs'].map((p) => pg.escapeIdentifier(`${prefix}_${p}`)).join(', ')};
    create schema auth authorization ${pg.escapeIdentifier(`${prefix}_auth`)};
    create schema jobs authorization ${pg.escapeIdentifier(`${prefix}_jobs`)};
    grant usage on schema jobs to ${pg.escapeIdentifier(`${prefix}_app_user`)};
    set local role ${owner};
    create table linli_migrations (name text primary key, digest text not null, at timestamptz(3) not null default now());
    comment on table linli_migrations is 'house: which migrations have run';`)
  const meta = houseMigrations()[0]!
  await admin.query(meta.sql)
  await remember(admin, meta)
  await admin.query('insert into linli_meta (data_id, kind, role_prefix, born_in) values ($1, $2, $3, $4)', [
    randomUUID(),
    kind,
    prefix,
    await whereItLives(admin),
  ])
  await admin.query('commit')
}

const metaOf = async (admin: pg.Client): Promise<Meta> => {
  const { rows } = await admin.query('select data_id, kind, role_prefix, generation, keys_made from linli_meta')
  const row = rows[0]
  return { dataId: row.data_id, kind: row.kind, rolePrefix: row.role_prefix, generation: row.generation, keysMade: row.keys_made }
}

/**
 * Transaction ids belong to one cluster: elsewhere (restored, dumped and loaded) they start anew, and the generation rises.
 * The keys were opened by now, so from here on they may be missing no more.
 */
async function settle(admin: pg.Client, prefix: string): Promise<void> {
  const here = await whereItLives(admin)
  await admin.query('begin')
  await admin.query(`set local role ${pg.escapeIdentifier(`${prefix}_owner`)}`)
  await admin.query('update linli_meta set generation = generation + 1, born_in = $1 where born_in <> $1', [here])
  await admin.query('update linli_meta set keys_made = true where not keys_made')
  await admin.query('commit')
}

const whereItLives = async (admin: pg.Client): Promise<string> =>
  (await admin.query(`select system_identifier::text as here from pg_control_system()`)).rows[0].here

async function runAll(admin: pg.Client, prefix: string, migrations: readonly Migration[]): Promise<void> {
  const { rows } = await admin.query<{ name: string; digest: string }>('select name, digest from linli_migrations')
  const done = new Map(rows.map((r) => [r.name, r.digest]))
  const names = new Set(migrations.map((m) => m.name))
  const newer = [...done.keys()].find((name) => !names.has(name))
  if (newer) throw say.newer({ file: newer })
  for (const migration of migrations) {
    const before = done.get(migration.name)
    if (before && before !== digestOf(migration)) throw say.changed({ file: migration.name })
    if (before) continue
    await admin.query('begin')
    await admin.query(`set local role ${pg.escapeIdentifier(`${prefix}_owner`)}`)
    await admin.query(migration.sql)
    await remember(admin, migration)
    await admin.query('commit')
  }
}

const digestOf = (m: Migration): string => createHash('sha256').update(m.sql).digest('hex')
const remember = (admin: pg.Client, m: Migration) =>
  admin.query('insert into linli_migrations (name, digest) values ($1, $2)', [m.name, digestOf(m)])
