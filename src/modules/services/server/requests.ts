// A need from the asking to the sign-off: each step with its line, its money and who may take it.
import { sql, type Updateable } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import { dayOf, instantOf, type Instant } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { text } from '#core/text.ts'
import { requireOwn } from '#server/files/handling.ts'
import type { Ctx } from '#server/house.ts'
import type { Tx } from '#server/database/connect.ts'
import { requireReach } from '#server/scope.ts'
import { notify } from '#modules/identity/news.ts'
import { policy } from '#modules/policy/server.ts'
import type * as api from '../api.ts'
import { can, owesMoney, say, type Channel, type Request, type Verb } from '../model.ts'
import { categories, urgencies } from '../rules.ts'
import { of, type Tables } from './tables.ts'
import { whose, type Whose } from './whose.ts'

type Put = Updateable<Tables['servicesRequests']>

/** What somebody asks for, however it came in. `id` is the new need's: the request's where left out. */
export type Asked = Whose &
  Pick<Request, 'category' | 'urgency' | 'content'> &
  Partial<Pick<Request, 'people' | 'budget' | 'payment'>> & { readonly channel: Channel; readonly id?: Id; readonly at?: Instant }

/** Writes a need down and says so to whoever answers for it. Throws `services.unknownCategory`, `services.unknownUrgency`. */
export async function askFor(ctx: Ctx, entry: Asked): Promise<Request> {
  const {
    category,
    urgency,
    content,
    people = null,
    budget = null,
    payment = null,
    channel,
    id = ctx.id,
    at = ctx.timing.occurredAt,
  } = entry
  const found = await whose(ctx, entry)
  const { title } = await categoryOf(ctx, category)
  const minutes = (await policy(ctx.tx, urgencies, found.grid ?? ctx.community, at)).value.find((u) => u.key === urgency)?.minutes
  if (minutes === undefined) throw say.unknownUrgency()
  const asked: Request = {
    ...blank,
    ...found,
    community: ctx.community,
    id,
    number: await nextNumber(ctx),
    category,
    urgency,
    content,
    people,
    budget,
    payment,
    channel,
    askedBy: ctx.who.account,
    askedAt: at,
    dueAt: instantOf(Date.parse(at) + minutes * 60_000),
    state: 'asked',
  }
  await of(ctx.tx).insertInto('servicesRequests').values(asked).execute()
  await step(ctx, asked, 'ask')
  await notify(ctx, {
    topic: 'waiting',
    path: `/services?request=${id}`,
    to: { roles: ['gridWorker'], area: found.grid ?? ctx.community },
    title: text(`居民需求待接单：${title.zh}`, `A need waits to be taken: ${title.en}`),
  })
  await ctx.touched('services')
  return asked
}

const blank = {
  people: null,
  budget: null,
  payment: null,
  escalatedAt: null,
  takenBy: null,
  takenAt: null,
  advancedBy: null,
  amount: null,
  receipts: [] as Id[],
  boughtAt: null,
  refundedAt: null,
  refundedBy: null,
  deliveredAt: null,
  deliveredBy: null,
  signedBy: null,
  returnedWhy: null,
  score: null,
  feedback: null,
  feedbackAt: null,
  closedAt: null,
  cancelReason: null,
}

async function categoryOf(ctx: Ctx, key: string) {
  const found = (await policy(ctx.tx, categories, ctx.community, instantOf(ctx.now))).value.find((c) => c.key === key)
  if (!found) throw say.unknownCategory()
  return found
}

/** `20260302-003`: running in a day, without gaps; two at once wait for each other. */
async function nextNumber(ctx: Ctx): Promise<string> {
  await sql`select pg_advisory_xact_lock(hashtext(${`services.number ${ctx.community}`}))`.execute(ctx.tx)
  const day = dayOf(ctx.now).replaceAll('-', '')
  const {
    rows: [last],
  } = await sql<{ n: number | null }>`
    select max(substring(number from 10)::int) as n from services_requests
    where community = ${ctx.community} and number >= ${day} and number < ${`${day}~`}`.execute(ctx.tx)
  return `${day}-${String((last?.n ?? 0) + 1).padStart(3, '0')}`
}

export async function step(
  ctx: Ctx,
  { id, state }: Pick<Request, 'id' | 'state'>,
  verb: Verb,
  detail: string | null = null,
): Promise<void> {
  await of(ctx.tx)
    .insertInto('servicesSteps')
    .values({
      community: ctx.community,
      id: newId(),
      request: id,
      verb,
      state,
      at: instantOf(ctx.now),
      by: ctx.who.account,
      detail,
    })
    .execute()
}

/** A need within reach, locked for a step. Throws `services.unknownRequest`. */
export async function getRequest(ctx: Ctx, id: Id, hold = false): Promise<Request> {
  let asked = of(ctx.tx).selectFrom('servicesRequests').selectAll().where('community', '=', ctx.community).where('id', '=', id)
  if (hold) asked = asked.forUpdate()
  const found = await asked.executeTakeFirst()
  if (!found) throw say.unknownRequest()
  // Whoever took it keeps it, also when it lies outside the own grid.
  if (found.takenBy !== ctx.who.account) requireReach(ctx, found.grid)
  return found
}

/** Needs of one household, the newest first. */
export const requestsOf = async (tx: Tx, community: string, household: Id): Promise<Request[]> =>
  of(tx)
    .selectFrom('servicesRequests')
    .selectAll()
    .where('community', '=', community)
    .where('household', '=', household)
    .orderBy('askedAt', 'desc')
    .orderBy('id', 'desc')
    .execute()

async function move(ctx: Ctx, request: Request, verb: Verb, put: Put, detail: string | null = null): Promise<Request> {
  const moved = await of(ctx.tx)
    .updateTable('servicesRequests')
    .set(put)
    .where('community', '=', ctx.community)
    .where('id', '=', request.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  await step(ctx, moved, verb, detail)
  await ctx.touched('services')
  return moved
}

/** Staff who answer for the community may take a step for whoever took it. */
const stands = ['communityStaff', 'communitySecretary']
function requireMine(ctx: Ctx, { takenBy }: Request): void {
  if (takenBy !== ctx.who.account && !stands.includes(ctx.role)) throw say.notYours()
}

export async function take(ctx: Ctx, id: Id): Promise<Request> {
  const request = await getRequest(ctx, id, true)
  if (request.state === 'taken' && request.takenBy === ctx.who.account) return request
  if (!can.take(request)) throw request.takenBy ? say.takenAlready() : say.wrongState()
  return move(ctx, request, 'take', { state: can.take.to, takenBy: ctx.who.account, takenAt: ctx.timing.occurredAt })
}

export async function giveUp(ctx: Ctx, id: Id, reason: string): Promise<Request> {
  const request = await getRequest(ctx, id, true)
  requireMine(ctx, request)
  if (!can.giveUp(request)) throw say.wrongState()
  return move(ctx, request, 'giveUp', { state: can.giveUp.to, takenBy: null, takenAt: null }, reason)
}

export async function buy(ctx: Ctx, { request: id, advancedBy, amount, receipts }: Parsed<typeof api.buy>): Promise<Request> {
  const request = await getRequest(ctx, id, true)
  requireMine(ctx, request)
  if (!can.buy(request)) throw say.wrongState()
  await requireOwn(ctx, 'services', receipts, request.receipts)
  return move(
    ctx,
    request,
    'buy',
    {
      state: can.buy.to,
      advancedBy,
      amount,
      receipts: [...new Set([...request.receipts, ...receipts])],
      boughtAt: ctx.timing.occurredAt,
      refundedAt: null,
      refundedBy: null,
    },
    `${amount.toFixed(2)} 元`,
  )
}

export async function deliver(ctx: Ctx, id: Id, signedBy: string): Promise<Request> {
  const request = await getRequest(ctx, id, true)
  requireMine(ctx, request)
  if (!can.deliver(request)) throw say.wrongState()
  return move(
    ctx,
    request,
    'deliver',
    {
      state: can.deliver.to,
      signedBy,
      deliveredAt: ctx.timing.occurredAt,
      deliveredBy: ctx.who.account,
      returnedWhy: null,
    },
    signedBy,
  )
}

export async function giveBack(ctx: Ctx, id: Id, reason: string): Promise<Request> {
  const request = await getRequest(ctx, id, true)
  if (!can.giveBack(request)) throw say.wrongState()
  return move(
    ctx,
    request,
    'giveBack',
    { state: can.giveBack.to, returnedWhy: reason, signedBy: null, deliveredAt: null, deliveredBy: null },
    reason,
  )
}

/** The helper, or the community's purse, has the money back. */
export async function refund(ctx: Ctx, id: Id): Promise<Request> {
  const request = await getRequest(ctx, id, true)
  requireMine(ctx, request)
  if (!owesMoney(request)) throw say.noMoney()
  return move(
    ctx,
    request,
    'refund',
    { refundedAt: ctx.timing.occurredAt, refundedBy: ctx.who.account },
    `${(request.amount ?? 0).toFixed(2)} 元`,
  )
}

/** How the household found it; the last word counts, before and after it is closed. */
export async function feedback(
  ctx: Ctx,
  id: Id,
  { score, words = null }: { score: number; words?: string | null | undefined },
): Promise<Request> {
  const request = await getRequest(ctx, id, true)
  if (request.state !== 'delivered' && request.state !== 'closed') throw say.wrongState()
  return move(ctx, request, 'feedback', { score, feedback: words, feedbackAt: ctx.timing.occurredAt }, `${score}`)
}

export async function close(ctx: Ctx, id: Id): Promise<Request> {
  const request = await getRequest(ctx, id, true)
  requireMine(ctx, request)
  if (!can.close(request)) throw say.wrongState()
  if (owesMoney(request)) throw say.moneyOpen()
  return move(ctx, request, 'close', { state: can.close.to, closedAt: ctx.timing.occurredAt })
}

export async function cancel(ctx: Ctx, id: Id, reason: string): Promise<Request> {
  const request = await getRequest(ctx, id, true)
  if (!can.cancel(request)) throw say.wrongState()
  if (request.state !== 'asked') requireMine(ctx, request)
  if (owesMoney(request)) throw say.moneyOpen()
  return move(ctx, request, 'cancel', { state: can.cancel.to, cancelReason: reason }, reason)
}
