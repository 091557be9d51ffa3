// Signing in and out, who am I, the own password. Open doors: no scope yet, therefore they write their audit rows themselves.
import { hashPassword, verifyPassword } from 'better-auth/crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Contract } from '#core/contract.ts'
import { instantOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { isProblem } from '#core/problem.ts'
import { audit } from '#server/audit.ts'
import type { Tx } from '#server/database/connect.ts'
import { open, type House, type OpenCtx, type OpenHandled } from '#server/house.ts'
import { communityOf, padded } from '#server/scope.ts'
import { systemAccount } from '#server/system.ts'
import * as api from '../api.ts'
import { refusalTakes, Role, say, tooWeak } from '../model.ts'
import { setPassword } from './accounts.ts'
import { cookieOf, giveCookie, takeCookie } from './cookie.ts'
import { endOneSession, endSessionsOf, openSession } from './ending.ts'
import { deviceOf, refuseRevoked, sessionOf, whoIs } from './identify.ts'
import { takeAttempt } from './lockOut.ts'
import type { Found } from './memory.ts'
import { areaNames } from './people.ts'
import { setUpDone } from './setUpState.ts'
import { asAuth, storeOf, unknownPassword } from './store.ts'

type Account = { id: Id; area: string; username: string; state: string }

const accountBy = async (house: House, column: 'id' | 'username', value: string): Promise<Account | undefined> => {
  const { rows } = await storeOf(house).pool.query<Account>(
    `select id, area_code as area, username, state from public.identity_accounts where ${column} = $1`, [value])
  return rows[0]
}

/** Works in the account's home and writes there what was done; for an unknown name nowhere, at the same cost. */
const audited = <T>(
  house: House, contract: Contract, account: Account | undefined,
  act: { session?: string; device: Id | null; problem?: string }, work: (tx: Tx) => Promise<T>,
): Promise<T> => {
  const area = account?.area ?? '000000000000'
  return house.within(area, async (tx) => {
    const result = await work(tx)
    await audit(tx, {
      community: padded(area), at: house.now(), account: account?.id ?? systemAccount, session: act.session ?? '', device: act.device,
      role: '', area, contract: contract.name, outcome: act.problem ? 'refused' : 'done', ...(act.problem ? { problem: act.problem } : {}),
    })
    return result
  })
}

/** Who is signed in as pages need it, with the names of posts and areas. */
export async function meOf(house: House, { who, mustChange }: Found): Promise<api.Me> {
  const posts = await Promise.all(who.posts.map(async (post) => {
    const areaName = await house.within(communityOf(post.area), async (tx) => (await areaNames(house, tx, [post.area]))(post.area))
    return { ...post, role: post.role as Role, roleText: choiceText(Role, post.role), areaName }
  }))
  return { account: who.account, name: who.name, session: who.session, posts, mustChangePassword: mustChange }
}

/** Gives the browser the cookie of a session that has just been opened, and answers who it is. */
export async function welcome({ house, request, reply, from }: OpenCtx, cookie: string): Promise<{ found: Found; me: api.Me }> {
  const found = await sessionOf(house, cookie, deviceOf(request))
  if (!found) throw say.closed()
  giveCookie(reply, cookie, from)
  return { found, me: await meOf(house, found) }
}

const signIn = open(api.signIn, async (input, ctx) => {
  const started = performance.now()
  try {
    return await enter(input, ctx)
  } catch (error) {
    // Whatever was wrong, and whether the name exists at all, the refusal comes at the same moment.
    if (isProblem(error)) await wait(Math.max(0, refusalTakes - (performance.now() - started)))
    throw error
  }
})

async function enter({ username, password }: { username: string; password: string }, ctx: OpenCtx): Promise<api.Me> {
  const { house, request, from } = ctx
  const device = deviceOf(request)
  await refuseRevoked(house, device)
  const attempt = await takeAttempt(house, from.address, username)
  const account = await accountBy(house, 'username', username.toLowerCase())
  const refused = async (problem: ReturnType<typeof say.wrong>) => {
    await audited(house, api.signIn, account, { device, problem: problem.code }, async () => {})
    throw problem
  }
  if (!await passwordFits(house, username, password)) return refused(attempt.failed(say.wrong()))
  await attempt.succeeded()
  if (account?.state !== 'active') return refused(say.closed())

  const before = cookieOf(request) ? await whoIs(request, house) : undefined
  const { cookie } = await openSession(house, account.id, device, request.headers.get('user-agent'))
  const { found, me } = await welcome(ctx, cookie)
  await audited(house, api.signIn, account, { session: found.who.session, device }, async (tx) => {
    // The session that this browser had is over: nobody who planted or kept its cookie goes on with it.
    if (before) await endOneSession({ house, tx }, before.who.account, before.who.session)
    await asAuth({ house, tx }, () => sql`update auth.sign_in_state set last_sign_in_at = ${instantOf(house.now())}
      where account = ${account.id}`.execute(tx))
  })
  return me
}

/** Whether a password is this account's. A name that nobody has is tried against a password that nobody knows. */
async function passwordFits(house: House, username: string, password: string): Promise<boolean> {
  const { rows } = await storeOf(house).pool.query<{ hash: string | null }>(`select a.password as hash from auth.account a
    join auth."user" u on u.id = a."userId" where u.username = $1 and a."providerId" = 'credential'`, [username.toLowerCase()])
  return verifyPassword({ hash: rows[0]?.hash ?? await unknownPassword(), password })
}

const signOut = open(api.signOut, async (_, { house, request, reply, from }) => {
  const found = await whoIs(request, house)
  takeCookie(reply, from)
  if (!found) return {}
  const { account, session } = found.who
  await audited(house, api.signOut, await accountBy(house, 'id', account), { session, device: found.device },
    (tx) => endOneSession({ house, tx }, account, session))
  return {}
})

const whoAmI = open(api.whoAmI, async (_, { house, request }) => {
  const found = await whoIs(request, house)
  return { who: found ? await meOf(house, found) : null, demo: house.demo, setUpNeeded: !await setUpDone(house) }
})

const changePassword = open(api.changePassword, async ({ password, newPassword }, ctx) => {
  const { house, request, from } = ctx
  const who = ctx.who!
  const account = (await accountBy(house, 'id', who.account))!
  if (newPassword === password) throw say.samePassword()
  if (tooWeak(newPassword, account.username)) throw say.weakPassword()
  const attempt = await takeAttempt(house, from.address, account.username)
  const device = deviceOf(request)
  if (!await passwordFits(house, account.username, password)) {
    const problem = attempt.failed(say.wrongPassword())
    await audited(house, api.changePassword, account, { session: who.session, device, problem: problem.code }, async () => {})
    throw problem
  }
  await attempt.succeeded()
  const hash = await hashPassword(newPassword)
  const ended = await audited(house, api.changePassword, account, { session: who.session, device }, async (tx) => {
    await setPassword({ house, tx }, account.id, hash, false)
    return endSessionsOf({ house, tx }, account.id)
  })
  const { cookie } = await openSession(house, account.id, device, request.headers.get('user-agent'))
  await welcome(ctx, cookie)
  return { othersEnded: Math.max(0, ended - 1) }
})

export const signInHandlers: readonly OpenHandled[] = [signIn, signOut, whoAmI, changePassword]
