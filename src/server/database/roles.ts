// The database's roles, made by whoever may make roles; and the refusal to work with too strong a login.
import pg from 'pg'
import { problems } from '#core/problem.ts'

const say = problems('database', {
  tooStrong: [
    500,
    ({ login }: { login: string }) => ({
      zh: `工作登录 ${login} 权限过大（超级用户、可绕过行级安全或表的所有者）。请改用普通登录，或不设 LINLI_APP_URL，由系统自行建立。`,
      en: `The working login ${login} is too strong (superuser, bypasses row security, or owns tables). Use an ordinary login, or leave LINLI_APP_URL unset and one is made.`,
    }),
  ],
  notMember: [
    500,
    ({ login, role }: { login: string; role: string }) => ({
      zh: `工作登录 ${login} 不是 ${role} 的成员。请用 DATABASE_URL 的管理员执行 GRANT ${role} TO ${login}。`,
      en: `The working login ${login} is no member of ${role}. As the administrator of DATABASE_URL run GRANT ${role} TO ${login}.`,
    }),
  ],
})

/** Roles without a login; the working login may become those marked true. */
const purposes: Record<string, boolean> = {
  owner: false,
  app_user: true,
  report: true,
  retention: false,
  keeper: false,
  auth: true,
  jobs: true,
}

const ident = pg.escapeIdentifier

/** Makes the roles `<prefix>_owner`, `_app_user`, `_report`, `_retention`, `_keeper`, `_auth`, `_jobs`. Idempotent; `admin` may create roles. */
export async function makeRoles(admin: pg.ClientBase, prefix: string): Promise<void> {
  const { rows } = await admin.query<{ rolname: string }>('select rolname from pg_roles')
  const have = new Set(rows.map((r) => r.rolname))
  for (const purpose of Object.keys(purposes)) {
    const role = `${prefix}_${purpose}`
    if (!have.has(role)) await admin.query(`create role ${ident(role)} nologin nosuperuser nobypassrls noinherit`)
  }
  // The administrator acts as owner, keeper and retention; a superuser may anyway, a mere CREATEROLE needs the grant.
  for (const purpose of ['owner', 'keeper', 'retention', 'auth', 'jobs']) {
    await admin.query(`grant ${ident(`${prefix}_${purpose}`)} to current_user`)
  }
}

/** The working login: with a password it is made or given that password, without one it exists. It may become what it works as. */
export async function makeLogin(
  admin: pg.ClientBase,
  prefix: string,
  { name, password }: { name: string; password?: string },
): Promise<void> {
  if (password !== undefined) {
    const { rows } = await admin.query('select from pg_roles where rolname = $1', [name])
    const verb = rows.length ? 'alter' : 'create'
    await admin.query(
      `${verb} role ${ident(name)} login nosuperuser nobypassrls noinherit nocreaterole nocreatedb password ${pg.escapeLiteral(password)}`,
    )
  }
  for (const [purpose, worked] of Object.entries(purposes)) {
    if (worked) await admin.query(`grant ${ident(`${prefix}_${purpose}`)} to ${ident(name)}`)
  }
}

/** Throws unless the working login is an ordinary one that may become what it works as. */
export async function refuseStrongLogin(app: pg.Pool, prefix: string): Promise<void> {
  const { rows } = await app.query<{ login: string; strong: boolean; owns: boolean }>(`
    select current_user as login, rolsuper or rolbypassrls as strong,
      exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind = 'r' and pg_has_role(current_user, c.relowner, 'member')) as owns
    from pg_roles where rolname = current_user`)
  const me = rows[0]!
  if (me.strong || me.owns) throw say.tooStrong({ login: me.login })
  for (const purpose of ['app_user', 'report', 'auth', 'jobs']) {
    const role = `${prefix}_${purpose}`
    const member = await app.query<{ ok: boolean }>(`select pg_has_role(current_user, $1, 'member') as ok`, [role])
    if (!member.rows[0]!.ok) throw say.notMember({ login: me.login, role })
  }
}
