// Signing in and out, who am I, the own password. Open doors: no scope yet, therefore they write their audit rows themselves.
import { hashPassword } from 'better-auth/crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { instantOf } from '#core/dates.ts'
import { choiceText } from '#core/labels.ts'
import { isProblem } from '#core/problem.ts'
import { open, type House, type OpenCtx, type OpenHandled } from '#server/house.ts'
import { communityOf } from '#server/scope.ts'
import * as api from '../api.ts'
import { refusalTakes, Role, say, tooWeak } from '../model.ts'
import { setPassword } from './accounts.ts'
import { cookieOf, giveCookie, takeCookie } from './cookie.ts'
import { endOneSession, endSessionsOf, enterSession } from './ending.ts'
import { deviceOf, refuseRevoked, sessionOf, whoIs } from './identify.ts'
import { takeAttempt } from './lockOut.ts'
import type { Found } from './memory.ts'
import { areaNames } from './people.ts'
import { accountBy, audited, passwordFits, requirePassword } from './proving.ts'
import { proofOf } from './secondFactor.ts'
import { setUpDone } from './setUpState.ts'
import { asAuth } from './store.ts'

/** Who is signed in as pages need it, with the names of posts and areas. */
async function meOf(house: House, { who, mustChange, mustSetUp }: Found): Promise<api.Me> {
  const posts = await Promise.all(
    who.posts.map(async (post) => {
      const areaName = await house.within(communityOf(post.area), async (tx) =>
        (await areaNames(house, tx, [post.area]))(post.area),
      )
      return { ...post, role: post.role as Role, roleText: choiceText(Role, post.role), areaName }
    }),
  )
  return {
    account: who.account,
    name: who.name,
    session: who.session,
    posts,
    mustChangePassword: mustChange,
    mustSetUpCodes: mustSetUp,
  }
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

async function enter(
  {
    username,
    password,
    code,
  }: {
    username: string
    password: string
    code?: string | undefined
  },
  ctx: OpenCtx,
): Promise<api.Me> {
  const { house, request, from } = ctx
  const device = deviceOf(request)
  await refuseRevoked(house, device)
  const attempt = await takeAttempt(house, from.address, username)
  const account = await accountBy(house, 'username', username.toLowerCase())
  const refused = async (problem: ReturnType<typeof say.wrong>) => {
    await audited(house, api.signIn, account, { device, problem: problem.code }, async () => {})
    throw problem
  }
  if (!(await passwordFits(house, username, password))) return refused(attempt.failed(say.wrong()))
  const proof = account ? await proofOf(house, account.id, code) : 'none'
  if (proof === 'missing') {
    // The password alone neither counts as wrong nor wipes out the wrong codes before it.
    await attempt.undone()
    return refused(say.codeNeeded())
  }
  if (proof === 'wrong') return refused(attempt.failed(say.wrongCode()))
  await attempt.succeeded()
  if (account?.state !== 'active') return refused(say.closed())

  const before = cookieOf(request) ? await whoIs(request, house) : undefined
  const { cookie } = await enterSession(house, account.id, device, request.headers.get('user-agent'))
  const { found, me } = await welcome(ctx, cookie)
  await audited(
    house,
    api.signIn,
    account,
    {
      session: found.who.session,
      device,
      ...(proof === 'recovery' ? { purpose: 'recovery code' } : {}),
    },
    async (tx) => {
      // The session that this browser had is over: nobody who planted or kept its cookie goes on with it.
      if (before) await endOneSession({ house, tx }, before.who.account, before.who.session)
      await asAuth({ house, tx }, () =>
        sql`update auth.sign_in_state set last_sign_in_at = ${instantOf(house.now())}
      where account = ${account.id}`.execute(tx),
      )
    },
  )
  return me
}

const signOut = open(api.signOut, async (_, { house, request, reply, from }) => {
  const found = await whoIs(request, house)
  takeCookie(reply, from)
  if (!found) return {}
  const { account, session } = found.who
  await audited(house, api.signOut, await accountBy(house, 'id', account), { session, device: found.device }, (tx) =>
    endOneSession({ house, tx }, account, session),
  )
  return {}
})

const whoAmI = open(api.whoAmI, async (_, { house, request }) => {
  const found = await whoIs(request, house)
  return { who: found ? await meOf(house, found) : null, demo: house.demo, setUpNeeded: !(await setUpDone(house)) }
})

const changePassword = open(api.changePassword, async ({ password, newPassword }, ctx) => {
  const { house, request } = ctx
  const who = ctx.who!
  const account = (await accountBy(house, 'id', who.account))!
  if (newPassword === password) throw say.samePassword()
  if (tooWeak(newPassword, account.username)) throw say.weakPassword()
  await requirePassword(ctx, account, password, api.changePassword)
  const device = deviceOf(request)
  const hash = await hashPassword(newPassword)
  const ended = await audited(house, api.changePassword, account, { session: who.session, device }, async (tx) => {
    await setPassword({ house, tx }, account.id, hash, false)
    return endSessionsOf({ house, tx }, account.id)
  })
  const { cookie } = await enterSession(house, account.id, device, request.headers.get('user-agent'))
  await welcome(ctx, cookie)
  return { othersEnded: Math.max(0, ended - 1) }
})

export const signInHandlers: readonly OpenHandled[] = [signIn, signOut, whoAmI, changePassword]
