// Accounts as they are made and changed: created with a one-time password, given posts, locked, dismissed.
import { sql } from 'kysely'
import { hashPassword } from 'better-auth/crypto'
import { instantOf } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import type { Tx } from '#server/database/connect.ts'
import { handle, type Ctx, type Handled, type House } from '#server/house.ts'
import { communityOf } from '#server/scope.ts'
import * as api from '../api.ts'
import { can, fits, mayAppoint, requiresSecondFactor, say, type AccountState, type Role } from '../model.ts'
import { revokeOwnDevices } from './devices.ts'
import { announce, endSessionsOf } from './ending.ts'
import { keptBy } from './kept.ts'
import { forgetFailures } from './lockOut.ts'
import { getAccount, lineOf, requireManage } from './people.ts'
import { holdsSecondFactor, requireOtherHand } from './secondFactor.ts'
import { asAuth, oneTimePassword, unknownPassword } from './store.ts'
import { tablesOf } from './tables.ts'

type NewPost = { readonly role: Role; readonly area: string }
type NewAccount = {
  id: Id
  home: string
  username: string
  name: string
  posts: readonly NewPost[]
  hash: string
  mustChange: boolean
}

type At = { readonly house: House; readonly tx: Tx; readonly now: number; readonly by: Id }
const atOf = (ctx: Ctx): At => ({ house: ctx.house, tx: ctx.tx, now: ctx.now, by: ctx.who.account })

/** Throws where a role does not exist at that level, or the area lies outside the account's home. */
function requireFit(home: string, post: NewPost): void {
  if (!fits(post)) throw say.roleDoesNotFit()
  if (!post.area.startsWith(home)) throw say.outsideHome()
}

/** Writes an account, its password and its posts; throws `identity.usernameTaken`. Who may is asked before. */
export async function addAccount(at: At, { id, home, username, name, posts, hash, mustChange }: NewAccount): Promise<void> {
  for (const post of posts) requireFit(home, post)
  const createdAt = instantOf(at.now)
  await addCredentials(at, { id, username, name, hash, mustChange })
  const of = tablesOf(at.tx)
  await of
    .insertInto('identityAccounts')
    .values({ areaCode: home, id, username, name, state: 'active', createdAt, createdBy: at.by })
    .execute()
  for (const post of posts) await addPost(at, id, post)
}

async function addCredentials(
  at: At,
  { id, username, name, hash, mustChange }: Omit<NewAccount, 'home' | 'posts'>,
): Promise<void> {
  const now = instantOf(at.now)
  await asAuth(at, async () => {
    const { numAffectedRows } = await sql`
      insert into auth."user" (id, name, email, "emailVerified", "createdAt", "updatedAt", username, "displayUsername")
      values (${id}, ${name}, ${`${id}@linli.invalid`}, true, ${now}, ${now}, ${username}, ${username})
      on conflict (username) do nothing`.execute(at.tx)
    if (!numAffectedRows) throw say.usernameTaken()
    await sql`insert into auth.account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
      values (${newId()}, ${id}, 'credential', ${id}, ${hash}, ${now}, ${now})`.execute(at.tx)
    await sql`insert into auth.sign_in_state (account, must_change) values (${id}, ${mustChange})`.execute(at.tx)
  })
}

async function addPost(at: At, account: Id, { role, area }: NewPost, id: Id = newId()): Promise<void> {
  await tablesOf(at.tx)
    .insertInto('identityAssignments')
    .values({
      areaCode: area,
      id,
      account,
      role,
      since: instantOf(at.now),
      until: null,
      givenBy: at.by,
      endedBy: null,
    })
    .execute()
}

/** Sets another password in the same transaction; `mustChange` for one that somebody else, `by`, has seen. */
export async function setPassword(
  at: { house: House; tx: Tx },
  account: Id,
  hash: string,
  mustChange: boolean,
  by: Id | null = null,
): Promise<void> {
  await asAuth(at, async () => {
    await sql`update auth.account set password = ${hash} where "userId" = ${account} and "providerId" = 'credential'`.execute(
      at.tx,
    )
    await sql`update auth.sign_in_state set must_change = ${mustChange}, reset_by = ${by} where account = ${account}`.execute(
      at.tx,
    )
  })
}

/** An account made by the house itself: demonstrations, replays, stories. Without a password nobody can sign in to it by one. */
export async function createAccount(
  house: House,
  {
    area,
    username,
    name,
    password,
    assignments,
  }: {
    area: string
    username: string
    name: string
    password?: string
    assignments: readonly NewPost[]
  },
): Promise<Id> {
  const id = newId()
  const hash = password === undefined ? await unknownPassword() : await hashPassword(password)
  await house.within(area, (tx) =>
    addAccount(
      { house, tx, now: house.now(), by: id },
      { id, home: area, username, name, hash, mustChange: false, posts: assignments },
    ),
  )
  return id
}

const requireAppoint = (ctx: Ctx, posts: readonly NewPost[]): void => {
  if (!posts.every((post) => mayAppoint(ctx.post, post))) throw say.mayNotAppoint()
}

const create = handle(
  api.createAccount,
  async ({ name, username, home: wanted, posts }, ctx) => {
    const home = wanted ?? communityOf(ctx.area)
    if (!home.startsWith(ctx.area)) throw say.mayNotManage()
    requireAppoint(ctx, posts)
    const password = oneTimePassword()
    await addAccount(atOf(ctx), { id: ctx.id, home, username, name, posts, hash: await hashPassword(password), mustChange: true })
    return { account: await lineOf(ctx, ctx.id), oneTimePassword: password }
  },
  async (_, ctx) => ({ account: await lineOf(ctx, ctx.id), oneTimePassword: null }),
)

const again = ({ account }: { account: Id }, ctx: Ctx) => lineOf(ctx, account)

const assign = handle(
  api.assign,
  async ({ account, role, area }, ctx) => {
    requireAppoint(ctx, [{ role, area }])
    await givePost(ctx, account, { role, area }, ctx.id)
    return lineOf(ctx, account)
  },
  again,
)

/** Gives a post that the caller may give; who may is asked before. Throws `identity.roleDoesNotFit`, `.outsideHome`, `.wrongState`. */
export async function givePost(ctx: Ctx, account: Id, { role, area }: NewPost, id: Id = newId()): Promise<void> {
  const row = await getAccount(ctx, account)
  if (row.state === 'left') throw say.wrongState()
  requireFit(row.areaCode, { role, area })
  await addPost(atOf(ctx), account, { role, area }, id)
  // The next sign-in leads to the second step, where this post asks for one.
  if (requiresSecondFactor({ role }) && !(await holdsSecondFactor(ctx, account)) && account !== ctx.who.account) {
    await endSessionsOf(ctx, account)
  }
  await announce(ctx, account)
}

const endAssignment = handle(
  api.endAssignment,
  async ({ account, assignment }, ctx) => {
    const post = await tablesOf(ctx.tx)
      .selectFrom('identityAssignments')
      .selectAll()
      .where('id', '=', assignment)
      .where('account', '=', account)
      .executeTakeFirst()
    if (!post) throw say.unknownAssignment()
    requireAppoint(ctx, [{ role: post.role, area: post.areaCode }])
    if (post.id === ctx.post.id) throw say.notYourself()
    const { numUpdatedRows } = await tablesOf(ctx.tx)
      .updateTable('identityAssignments')
      .set({ until: instantOf(ctx.now), endedBy: ctx.who.account })
      .where('areaCode', '=', post.areaCode)
      .where('id', '=', post.id)
      .where('until', 'is', null)
      .executeTakeFirst()
    if (!numUpdatedRows) throw say.endedAlready()
    await announce(ctx, account)
    return lineOf(ctx, account)
  },
  again,
)

/** Moves an account along its states; whoever can no longer sign in is signed out everywhere. */
const move =
  (verb: keyof typeof can) =>
  async ({ account }: { account: Id }, ctx: Ctx) => {
    const row = await requireManage(ctx, account)
    if (account === ctx.who.account) throw say.notYourself()
    // Nobody leaves while something still waits for him: first it is handed to somebody else.
    const kept = verb === 'dismiss' ? (await keptBy(ctx, account)).length : 0
    if (kept > 0) throw say.stillOwns({ count: kept })
    const { from, to } = can[verb] as { from: readonly AccountState[]; to: AccountState }
    const { numUpdatedRows } = await tablesOf(ctx.tx)
      .updateTable('identityAccounts')
      .set({ state: to })
      .where('areaCode', '=', row.areaCode)
      .where('id', '=', account)
      .where('state', 'in', [...from])
      .executeTakeFirst()
    if (!numUpdatedRows) throw say.wrongState()
    if (to === 'left') {
      await endPosts(ctx, account)
      await revokeOwnDevices(ctx, account)
    }
    if (to !== 'active') await endSessionsOf(ctx, account)
    await announce(ctx, account)
    return lineOf(ctx, account)
  }

const endPosts = (ctx: Ctx, account: Id) =>
  tablesOf(ctx.tx)
    .updateTable('identityAssignments')
    .set({ until: instantOf(ctx.now), endedBy: ctx.who.account })
    .where('account', '=', account)
    .where('until', 'is', null)
    .execute()

const reset = handle(
  api.resetPassword,
  async ({ account }, ctx) => {
    const row = await requireManage(ctx, account)
    await requireOtherHand(ctx, account, ctx.who.account, 'password')
    const password = oneTimePassword()
    await setPassword(ctx, account, await hashPassword(password), true, ctx.who.account)
    await endSessionsOf(ctx, account)
    await announce(ctx, account)
    await forgetFailures(ctx.house, row.username)
    return { oneTimePassword: password }
  },
  async () => ({ oneTimePassword: null }),
)

export const accountHandlers: readonly Handled[] = [
  create,
  assign,
  endAssignment,
  reset,
  handle(api.lockAccount, move('lock'), again),
  handle(api.unlockAccount, move('unlock'), again),
  handle(api.dismiss, move('dismiss'), again),
]
