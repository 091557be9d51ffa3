// The way in: a code from paper, a PIN that was chosen with the worker present, and then a cookie for this page alone. Open doors, so each
// writes its audit row itself, and every refusal of a code reads and lasts the same.
import { setTimeout as wait } from 'node:timers/promises'
import type { Contract } from '#core/contract.ts'
import { instantOf } from '#core/dates.ts'
import { newId } from '#core/ids.ts'
import { isProblem, type Problem } from '#core/problem.ts'
import { text } from '#core/text.ts'
import { audit } from '#server/audit.ts'
import type { Tx } from '#server/database/connect.ts'
import { open, type House, type OpenCtx, type OpenHandled } from '#server/house.ts'
import { asSystem, systemAccount } from '#server/system.ts'
import { notify } from '#modules/identity/news.ts'
import { policy } from '#modules/policy/server.ts'
import * as api from '../api.ts'
import { codeTerms, isWeak, lockAfter, say } from '../model.ts'
import { digestOf, findCode, hashPin, newSalt, randomNumber, randomSecret, sameDigest, takeTry, type Found } from './codes.ts'
import { cookieFor, giveCookie, sessionBy, takeCookie } from './session.ts'
import { of } from './tables.ts'
import { missesOf } from './misses.ts'
import { knownOf } from './views.ts'

/** A refused code answers no sooner than this, so that its time says nothing. Milliseconds. */
const refusalTakes = 350

const begin = open(api.begin, ({ code }, ctx) =>
  calmly(async () => {
    const found = await brought(ctx, api.begin, code)
    if (found.code.lockedAt) throw say.locked()
    if (found.code.pinHash) return { next: 'pin', ticket: null, number: null }
    const [ticket, number] = [randomSecret(), randomNumber()]
    await audited(ctx.house, api.begin, found, {}, async (tx) => {
      const { confirmMinutes } = (await policy(tx, codeTerms, found.code.community, instantOf(ctx.house.now()))).value
      await of(tx)
        .updateTable('familyCodes')
        .set({
          ticketDigest: digestOf(ctx.house, 'ticket', ticket),
          number,
          confirmedAt: null,
          confirmedBy: null,
          ticketUntil: instantOf(ctx.house.now() + confirmMinutes * 60_000),
        })
        .where('community', '=', found.code.community)
        .where('id', '=', found.code.id)
        .where('pinHash', 'is', null)
        .execute()
      await ctx.house.touch(tx, 'family', found.code.community)
    })
    await callWorker(ctx.house, found)
    return { next: 'choose', ticket, number }
  }),
)

/** Somebody waits at the first entry: the grid hears of it once, however often the page is loaded again meanwhile. */
async function callWorker(house: House, { code, view }: Found): Promise<void> {
  if (code.ticketUntil !== null && code.ticketUntil > instantOf(house.now())) return
  await asSystem(house, code.community, 'family.wait', (ctx) =>
    notify(ctx, {
      topic: 'waiting',
      path: '/family?state=waiting',
      title: text(
        '1 位居民首次打开自己的页面，在等您核对四位数字',
        'A resident opens the own page for the first time and waits for you to confirm four digits',
      ),
      to: view.grid
        ? { roles: ['gridWorker'], area: view.grid }
        : { roles: ['communitySecretary', 'communityStaff'], area: code.community },
    }),
  )
}

const waiting = open(api.waiting, ({ code, ticket }, ctx) =>
  calmly(async () => {
    const found = await brought(ctx, api.waiting, code)
    requireTicket(ctx.house, found, ticket)
    return { confirmed: found.code.confirmedAt !== null }
  }),
)

function requireTicket(house: House, { code }: Found, ticket: string): void {
  if (code.pinHash) throw say.hasPin()
  const holds = code.ticketUntil !== null && code.ticketUntil > instantOf(house.now())
  if (!holds || !sameDigest(code.ticketDigest, digestOf(house, 'ticket', ticket))) throw say.beginAgain()
}

const choosePin = open(api.choosePin, ({ code, ticket, pin }, ctx) =>
  calmly(async () => {
    const found = await brought(ctx, api.choosePin, code)
    requireTicket(ctx.house, found, ticket)
    if (!found.code.confirmedAt) throw say.notConfirmed()
    const known = await knownOf(ctx.house, found.view)
    if (isWeak(pin, known)) throw say.weakPin()
    const pinSalt = newSalt()
    const pinHash = await hashPin(ctx.house, found.code.id, pin, pinSalt)
    await goIn(ctx, api.choosePin, found, async (tx) => {
      const { numUpdatedRows } = await of(tx)
        .updateTable('familyCodes')
        .set({ pinHash, pinSalt, openedAt: instantOf(ctx.house.now()), ticketDigest: null, number: null, ticketUntil: null })
        .where('community', '=', found.code.community)
        .where('id', '=', found.code.id)
        .where('endedAt', 'is', null)
        .where('pinHash', 'is', null)
        .where('ticketDigest', '=', digestOf(ctx.house, 'ticket', ticket))
        .executeTakeFirstOrThrow()
      if (!numUpdatedRows) throw say.beginAgain()
    })
    return {}
  }),
)

const enter = open(api.enter, ({ code, pin }, ctx) =>
  calmly(async () => {
    const found = await brought(ctx, api.enter, code)
    if (found.code.lockedAt) throw say.locked()
    if (!found.code.pinHash) throw say.pinFirst()
    const tried = await takeTry(ctx.house, found.code, lockAfter.inARow, lockAfter.ever)
    if (!tried) throw say.locked()
    const given = await hashPin(ctx.house, tried.id, pin, tried.pinSalt!)
    if (!sameDigest(tried.pinHash, given)) {
      const left = Math.min(lockAfter.inARow - tried.failures, lockAfter.ever - tried.missed)
      if (left <= 0) await lock(ctx.house, found)
      return refuse(ctx.house, api.enter, found, left <= 0 ? say.locked() : say.wrongPin({ left }))
    }
    await goIn(ctx, api.enter, found, async (tx) => {
      // What was wrong before the owner came stays counted; only the row of wrong ones is broken.
      await of(tx)
        .updateTable('familyCodes')
        .set((eb) => ({ failures: 0, missed: eb('missed', '-', 1) }))
        .where('community', '=', found.code.community)
        .where('id', '=', found.code.id)
        .execute()
    })
    return {}
  }),
)

const leave = open(api.leave, async (_, { house, request, reply, from }) => {
  const inside = await sessionBy(house, request)
  takeCookie(reply, from)
  if (!inside) return {}
  await house.within(inside.community, (tx) => endSession(house, tx, inside))
  return {}
})

const standing = open(api.standing, async (_, { house, request }) => ({
  inside: (await sessionBy(house, request)) !== undefined,
}))

const endSession = (house: House, tx: Tx, { community, id }: { community: string; id: string }) =>
  of(tx)
    .updateTable('familySessions')
    .set({ endedAt: instantOf(house.now()) })
    .where('community', '=', community)
    .where('id', '=', id)
    .where('endedAt', 'is', null)
    .execute()

/** A session of its own, whatever cookie came along: that one is over. A typed code is used up by it, once, whoever comes at the same moment. */
async function goIn(ctx: OpenCtx, contract: Contract, found: Found, work: (tx: Tx) => Promise<void>): Promise<void> {
  const { house } = ctx
  const { community } = found.code
  const before = await sessionBy(house, ctx.request)
  if (before) await house.within(before.community, (tx) => endSession(house, tx, before))
  const [id, secret] = [newId(), randomSecret()]
  const days = await audited(house, contract, found, { session: id }, async (tx) => {
    await work(tx)
    if (found.typed) {
      const { numUpdatedRows } = await of(tx)
        .updateTable('familyCodes')
        .set({ typedUsedAt: instantOf(house.now()) })
        .where('community', '=', community)
        .where('id', '=', found.code.id)
        .where('typedUsedAt', 'is', null)
        .executeTakeFirstOrThrow()
      if (!numUpdatedRows) throw say.wrongCode()
    }
    const { sessionDays } = (await policy(tx, codeTerms, community, instantOf(house.now()))).value
    await of(tx)
      .insertInto('familySessions')
      .values({
        community,
        id,
        view: found.view.id,
        code: found.code.id,
        digest: digestOf(house, 'session', secret),
        begunAt: instantOf(house.now()),
        until: instantOf(house.now() + sessionDays * 86_400_000),
        endedAt: null,
      })
      .execute()
    await house.touch(tx, 'family', community)
    return sessionDays
  })
  giveCookie(ctx.reply, cookieFor(community, id, secret), ctx.from, days)
}

/** The code that was brought. One that opens nothing counts against the address, and is written down where nobody's things are. */
async function brought({ house, from }: OpenCtx, contract: Contract, given: string): Promise<Found> {
  const misses = missesOf(house)
  if (misses.tooMany(from.address)) throw say.tooMany()
  const found = await findCode(house, given)
  if (found) return found
  misses.add(from.address)
  return refuse(house, contract, undefined, say.wrongCode())
}

/** The team hears of it: whoever stands before the door can be called at once. */
async function lock(house: House, { code, view }: Found): Promise<void> {
  await asSystem(house, code.community, 'family.lock', async (ctx) => {
    const { numUpdatedRows } = await of(ctx.tx)
      .updateTable('familyCodes')
      .set({ lockedAt: instantOf(ctx.now) })
      .where('community', '=', code.community)
      .where('id', '=', code.id)
      .where('lockedAt', 'is', null)
      .executeTakeFirstOrThrow()
    if (!numUpdatedRows) return
    const news = {
      topic: 'escalated',
      path: '/family?state=locked',
      title: text('1 个居民页因多次输错密码被锁定，请联系住户', 'A resident’s page was locked after wrong PINs: get in touch'),
    } as const
    if (view.grid) await notify(ctx, { ...news, to: { roles: ['gridWorker', 'gridLeader'], area: view.grid } })
    await notify(ctx, { ...news, to: { roles: ['communitySecretary', 'communityStaff'], area: code.community } })
    await ctx.touched('family')
  })
}

async function refuse(house: House, contract: Contract, found: Found | undefined, problem: Problem): Promise<never> {
  await audited(house, contract, found, { problem: problem.code }, async () => {})
  throw problem
}

/** Works in the community of the code and writes down there what was done; for a code that opens nothing nowhere, at the same cost. */
function audited<T>(
  house: House,
  contract: Contract,
  found: Found | undefined,
  act: { session?: string; problem?: string },
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const community = found?.code.community ?? '000000000000'
  return house.within(community, async (tx) => {
    const result = await work(tx)
    await audit(tx, {
      community,
      at: house.now(),
      account: found?.view.id ?? systemAccount,
      session: act.session ?? '',
      device: null,
      role: found ? 'resident' : '',
      area: community,
      contract: contract.name,
      outcome: act.problem ? 'refused' : 'done',
      ...(act.problem ? { problem: act.problem } : {}),
    })
    return result
  })
}

/** Whatever was wrong, the refusal comes at the same moment. */
async function calmly<T>(work: () => Promise<T>): Promise<T> {
  const began = performance.now()
  try {
    return await work()
  } catch (error) {
    if (isProblem(error)) await wait(Math.max(0, refusalTakes - (performance.now() - began)))
    throw error
  }
}

export const enteringHandlers: readonly OpenHandled[] = [standing, begin, waiting, choosePin, enter, leave]
