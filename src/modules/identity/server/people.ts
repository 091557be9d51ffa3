// Accounts as they are read: names on records, lists for whoever appoints, and who may manage whom.
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import type { Id } from '#core/ids.ts'
import { fromCursor, pageFrom } from '#core/paging.ts'
import type { Tx } from '#server/database/connect.ts'
import { answer, type Ctx, type Handled, type House } from '#server/house.ts'
import { placesOf } from '#server/names.ts'
import * as api from '../api.ts'
import { mayAppoint, mayManage, rolesToGive, say, type AccountRow, type AssignmentRow } from '../model.ts'
import { findAreas } from './offers.ts'
import { asAuth } from './store.ts'
import { tablesOf } from './tables.ts'

/** Duty names by account id, as far as the scope reaches; an account of elsewhere is left out. */
export async function accountNames(tx: Tx, ids: readonly Id[]): Promise<Map<Id, string>> {
  if (!ids.length) return new Map()
  const rows = await tablesOf(tx)
    .selectFrom('identityAccounts')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map((r) => [r.id, r.name]))
}

/** Names of areas by code, the code itself where nobody knows its name. */
export async function areaNames(house: House, tx: Tx, codes: readonly string[]): Promise<(code: string) => string> {
  const names = await placesOf(house, tx, codes)
  return (code) => names.get(code) ?? code
}

export async function getAccount(ctx: Pick<Ctx, 'tx'>, id: Id): Promise<AccountRow> {
  const row = await tablesOf(ctx.tx).selectFrom('identityAccounts').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw say.unknownAccount()
  return row
}

/** Posts that have not been ended. Whoever may manage an account sees them all, for they lie inside its home. */
const postsOf = (tx: Tx, accounts: readonly Id[], ended = false): Promise<AssignmentRow[]> =>
  accounts.length
    ? tablesOf(tx)
        .selectFrom('identityAssignments')
        .selectAll()
        .where('account', 'in', [...accounts])
        .$if(!ended, (q) => q.where('until', 'is', null))
        .orderBy('since', 'desc')
        .orderBy('id')
        .execute()
    : Promise.resolve([])

const standing = (posts: readonly AssignmentRow[]) =>
  posts.filter((p) => !p.until).map((p) => ({ role: p.role, area: p.areaCode }))

/** The posts that an account holds now. */
export const standingPosts = async (tx: Tx, account: Id) => standing(await postsOf(tx, [account]))

/** Throws `identity.mayNotManage` unless the account and all its posts lie below the caller. */
export async function requireManage(ctx: Ctx, id: Id): Promise<AccountRow> {
  const account = await getAccount(ctx, id)
  if (!mayManage(ctx.post, account.areaCode, standing(await postsOf(ctx.tx, [id])))) throw say.mayNotManage()
  return account
}

/** Own account, or the named one where the caller may manage it. */
export async function accountMeant(ctx: Ctx, account: Id | undefined): Promise<Id> {
  if (!account || account === ctx.who.account) return ctx.who.account
  await requireManage(ctx, account)
  return account
}

type SignInState = { account: Id; mustChange: boolean; lastSignInAt: string | null; held: boolean }

/** Accounts as lists show them, each with its posts. */
export async function linesOf(ctx: Ctx, rows: readonly AccountRow[], ended = false): Promise<api.AccountLine[]> {
  const ids = rows.map((r) => r.id)
  const posts = await postsOf(ctx.tx, ids, ended)
  const states = await asAuth(ctx, () =>
    sql<SignInState>`select account, must_change, last_sign_in_at,
    exists (select from auth.second_factors f where f.account = s.account and f.secret is not null) as held from auth.sign_in_state s
    where account = any(${ids}::uuid[])`.execute(ctx.tx),
  )
  const nameOf = await areaNames(ctx.house, ctx.tx, [...rows.map((r) => r.areaCode), ...posts.map((p) => p.areaCode)])
  return rows.map((row) => {
    const own = posts.filter((p) => p.account === row.id)
    const state = states.rows.find((s) => s.account === row.id)
    return {
      id: row.id,
      name: row.name,
      username: row.username,
      state: row.state,
      home: row.areaCode,
      homeName: nameOf(row.areaCode),
      posts: own.map((p) => ({
        id: p.id,
        role: p.role,
        area: p.areaCode,
        areaName: nameOf(p.areaCode),
        since: p.since,
        until: p.until,
        mayEnd: !p.until && p.id !== ctx.post.id && mayAppoint(ctx.post, { role: p.role, area: p.areaCode }),
      })),
      lastSignIn: state?.lastSignInAt ?? null,
      mustChangePassword: state?.mustChange ?? false,
      secondFactor: state?.held ?? false,
      mayManage: mayManage(ctx.post, row.areaCode, standing(own)),
    }
  })
}

export const lineOf = async (ctx: Ctx, id: Id, ended = true): Promise<api.AccountLine> =>
  (await linesOf(ctx, [await getAccount(ctx, id)], ended))[0]!

const one = answer(api.account, ({ account }, ctx) => lineOf(ctx, account))

type Sought = Pick<Parsed<typeof api.accounts>, 'words' | 'state' | 'role'>

/** Accounts (`a`) at home in the caller's area, and those of above that hold a post in it. */
export function soughtSql(ctx: Ctx, { words, state, role }: Sought): RawBuilder<SqlBool> {
  const inside = (column: string) => sql`(${sql.ref(column)} >= ${ctx.area} and ${sql.ref(column)} < ${`${ctx.area}~`})`
  const post = sql`exists (select from identity_assignments p where p.account = a.id and p.until is null`
  return sql<SqlBool>`(${inside('a.area_code')} or ${post} and ${inside('p.area_code')}))
    and (${state ?? null}::text is null or a.state = ${state ?? null})
    and (${role ?? null}::text is null or ${post} and p.role = ${role ?? null}))
    and (${words || null}::text is null or strpos(a.name, ${words ?? ''}) > 0 or strpos(a.username, ${words?.toLowerCase() ?? ''}) > 0)`
}

const list = answer(api.accounts, async ({ after, limit, ...sought }, ctx) => {
  const matching = soughtSql(ctx, sought)
  const [from] = fromCursor(after, 1) ?? ['']
  const { rows } = await sql<AccountRow>`select a.* from identity_accounts a where ${matching} and a.username > ${String(from)}
    order by a.username limit ${limit + 1}`.execute(ctx.tx)
  const {
    rows: [count],
  } = await sql<{ n: number }>`select count(*) as n from identity_accounts a where ${matching}`.execute(ctx.tx)
  const page = pageFrom(rows, limit, count!.n, (row) => [row.username])
  return { ...page, rows: await linesOf(ctx, page.rows) }
})

const areas = answer(api.areas, async ({ words }, ctx) => {
  const [find] = ctx.house.offered(findAreas)
  const found = (await find?.(ctx.tx, { within: ctx.area, words: words || undefined, limit: 50 })) ?? []
  return { rows: found.map(({ code, name }) => ({ area: code, areaName: name, roles: [...rolesToGive(ctx.post, code)] })) }
})

export const peopleHandlers: readonly Handled[] = [list, one, areas]
