// Objections: written down word for word, sent to the office of whoever decided, due on a day, answered in writing.
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { z } from 'zod'
import type { Parsed } from '#core/contract.ts'
import { addDays, dayOf, instantOf } from '#core/dates.ts'
import type { How } from '#core/fact.ts'
import type { Id } from '#core/ids.ts'
import { fromCursor, pageFrom } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { job, type Ctx } from '#server/house.ts'
import { namesOf, placesOf } from '#server/names.ts'
import { everywhere, requireReach } from '#server/scope.ts'
import { asSystem } from '#server/system.ts'
import type { Role } from '#modules/identity/model.ts'
import { notify } from '#modules/identity/news.ts'
import type { Order } from '#modules/observation/model.ts'
import { policy } from '#modules/policy/server.ts'
import { personNames } from '#modules/residents/server.ts'
import type * as api from '../api.ts'
import { canObject, levelOf, objectionDays, say, type Level, type Objection } from '../model.ts'
import { of } from './tables.ts'

const officeOf: Record<Level, { role: Role; width: number }> = {
  subdistrict: { role: 'subdistrictOfficer', width: 9 },
  district: { role: 'districtOfficer', width: 6 },
}
const levelOfRole = (role: string): Level | undefined =>
  role === 'subdistrictOfficer' ? 'subdistrict' : role === 'districtOfficer' ? 'district' : undefined

// --- made -------------------------------------------------------------------------------------------------------------

type Raised = { order: Order; person: Id; words: string; how: How; view: Id | null }
/** The words go as they are to the office of the deciding body. The order stays as it is until somebody decides otherwise. */
export async function raise(ctx: Ctx, { order, person, words, how, view }: Raised): Promise<Objection> {
  const days = (await policy(ctx.tx, objectionDays, order.grid ?? ctx.community, instantOf(ctx.now))).value
  const made: Objection = {
    community: ctx.community,
    id: ctx.id,
    person,
    grid: order.grid,
    orderId: order.id,
    document: order.document ?? '',
    body: order.decidingBody ?? '',
    level: levelOf(order.decidingBody ?? ''),
    view,
    how,
    words,
    receivedAt: instantOf(ctx.now),
    receivedBy: ctx.who.account,
    dueOn: addDays(dayOf(ctx.now), days),
    state: 'received',
    outcome: null,
    answer: null,
    answerDocument: null,
    answeredBy: null,
    answeredAt: null,
    withdrawnAt: null,
  }
  await of(ctx.tx).insertInto('familyObjections').values(made).execute()
  await tell(
    ctx,
    made,
    'waiting',
    text(`有 1 份异议待答复，期限 ${made.dueOn}`, `1 objection waits for an answer until ${made.dueOn}`),
  )
  return made
}

/** The office that answers hears of it, and the secretary, who knows the household. */
async function tell(
  ctx: Ctx,
  { level, community }: Objection,
  topic: 'waiting' | 'escalated',
  title: ReturnType<typeof text>,
): Promise<void> {
  const { role, width } = officeOf[level]
  await notify(ctx, { topic, path: '/objections?state=received', title, to: { roles: [role], area: community.slice(0, width) } })
  await notify(ctx, { topic, path: '/objections?state=received', title, to: { roles: ['communitySecretary'], area: community } })
}

export async function recordObjection(ctx: Ctx, { order: id, person, words, how }: Parsed<typeof api.recordObjection>) {
  const order = await orderOf(ctx, id)
  requireReach(ctx, order.grid)
  const whose = person ?? order.persons[0]!
  if (!order.persons.includes(whose)) throw say.notShown()
  const { dueOn } = await raise(ctx, { order, person: whose, words, how, view: null })
  return { id: ctx.id, dueOn }
}

/** An order that was decided. Throws `family.notShown`. */
export async function orderOf(ctx: Ctx, id: Id): Promise<Order> {
  const {
    rows: [order],
  } = await sql<Order>`select * from observation_orders where community = ${ctx.community} and id = ${id}
    and state not in ('proposed', 'checked', 'cancelled')`.execute(ctx.tx)
  if (!order) throw say.notShown()
  return order
}

// --- read -------------------------------------------------------------------------------------------------------------

/** The communities of a post, whatever its width. */
const inArea = (ctx: Ctx): RawBuilder<SqlBool> =>
  sql<SqlBool>`x.community >= ${ctx.area.slice(0, 12)} and x.community < ${`${ctx.area.slice(0, 12)}~`}`
const overdueSql = (ctx: Ctx): RawBuilder<SqlBool> => sql<SqlBool>`(x.state = 'received' and x.due_on < ${dayOf(ctx.now)}::date)`

export async function listObjections(ctx: Ctx, { state, level, overdue, after, limit }: Parsed<typeof api.objections>) {
  const here = sql`from family_objections x where ${inArea(ctx)} and ${state ? sql`x.state = ${state}` : sql`true`}
    and ${level ? sql`x.level = ${level}` : sql`true`} and ${overdue === undefined ? sql`true` : sql`${overdueSql(ctx)} = ${overdue}`}`
  const last = fromCursor(after, 2)
  const {
    rows: [count],
  } = await sql<{ n: number }>`select count(*)::int as n ${here}`.execute(ctx.tx)
  const { rows } = await sql<Objection & { overdue: boolean }>`select x.*, ${overdueSql(ctx)} as overdue ${here}
    and ${last ? sql`(x.received_at, x.id) < (${last[0]}::timestamptz, ${last[1]}::uuid)` : sql`true`}
    order by x.received_at desc, x.id desc limit ${limit + 1}`.execute(ctx.tx)
  const page = pageFrom(rows, limit, count!.n, (r) => [r.receivedAt, r.id])
  const names = await personNames(
    ctx.tx,
    page.rows.map((r) => r.person),
  )
  const places = await placesOf(
    ctx.house,
    ctx.tx,
    page.rows.map((r) => r.community),
  )
  return {
    ...page,
    rows: page.rows.map(
      ({
        id,
        community,
        document,
        body,
        level: at,
        how,
        receivedAt,
        dueOn,
        state: stands,
        outcome,
        answeredAt,
        orderId,
        overdue: late,
        person,
      }) => ({
        id,
        community,
        document,
        body,
        level: at,
        how,
        receivedAt,
        dueOn,
        state: stands,
        outcome,
        answeredAt,
        orderId,
        overdue: late,
        communityName: places.get(community) ?? community,
        name: names.get(person) ?? null,
      }),
    ),
  }
}

export async function countObjections(ctx: Ctx) {
  const mine = levelOfRole(ctx.role)
  const {
    rows: [row],
  } = await sql<{ received: number; mine: number; overdue: number; answered: number }>`
    select count(*) filter (where x.state = 'received')::int as received,
      count(*) filter (where x.state = 'received' and ${mine ? sql`x.level = ${mine}` : sql`true`})::int as mine,
      count(*) filter (where ${overdueSql(ctx)})::int as overdue, count(*) filter (where x.state = 'answered')::int as answered
    from family_objections x where ${inArea(ctx)}`.execute(ctx.tx)
  return row!
}

async function getObjection(ctx: Ctx, id: Id, hold = false): Promise<Objection> {
  let asked = of(ctx.tx).selectFrom('familyObjections').selectAll().where('community', '=', ctx.community).where('id', '=', id)
  if (hold) asked = asked.forUpdate()
  const found = (await asked.executeTakeFirst()) as Objection | undefined
  if (!found) throw say.unknownObjection()
  return found
}

const mayAnswer = (ctx: Ctx, { level }: Objection): boolean =>
  levelOfRole(ctx.role) === level || ctx.role === 'communitySecretary'

export async function showObjection(ctx: Ctx, id: Id): Promise<api.ObjectionShown> {
  const found = await getObjection(ctx, id)
  const { grid: _, view: __, receivedBy: ___, answeredBy, withdrawnAt: ____, ...shown } = found
  const names = await personNames(ctx.tx, [found.person])
  const accounts = await namesOf(ctx.house, ctx.tx, answeredBy ? [answeredBy] : [])
  const places = await placesOf(ctx.house, ctx.tx, [found.community])
  return {
    ...shown,
    communityName: places.get(found.community) ?? found.community,
    name: names.get(found.person) ?? null,
    overdue: found.state === 'received' && found.dueOn < dayOf(ctx.now),
    mayAnswer: mayAnswer(ctx, found) && canObject.answer(found),
    mayForward: levelOfRole(ctx.role) === found.level && canObject.answer(found),
    answeredByName: answeredBy ? (accounts.get(answeredBy) ?? '—') : null,
  }
}

// --- answered ---------------------------------------------------------------------------------------------------------

/** By the office of whoever decided; a community may only write down what that office answered on paper. */
export async function answerObjection(
  ctx: Ctx,
  { objection: id, outcome, answer, document }: Parsed<typeof api.answerObjection>,
) {
  const found = await getObjection(ctx, id, true)
  if (!mayAnswer(ctx, found) || (ctx.role === 'communitySecretary' && !document)) throw say.notYourLevel()
  if (!canObject.answer(found)) throw say.wrongState()
  await of(ctx.tx)
    .updateTable('familyObjections')
    .set({
      state: canObject.answer.to,
      outcome,
      answer,
      answerDocument: document || null,
      answeredBy: ctx.who.account,
      answeredAt: instantOf(ctx.now),
    })
    .where('community', '=', ctx.community)
    .where('id', '=', id)
    .execute()
  await notify(ctx, {
    topic: 'answered',
    path: '/objections?state=answered',
    to: { roles: ['communitySecretary', 'communityStaff'], area: ctx.community },
    title: text(
      '有 1 份异议已书面答复，请打印送达没有手机的住户',
      '1 objection was answered: print it for those without a phone',
    ),
  })
  return showObjection(ctx, id)
}

/** Another body decided than it seemed. The day on which it is due stays. */
export async function forwardObjection(ctx: Ctx, { objection: id, level }: Parsed<typeof api.forwardObjection>) {
  const found = await getObjection(ctx, id, true)
  if (levelOfRole(ctx.role) !== found.level) throw say.notYourLevel()
  if (!canObject.answer(found) || level === found.level) throw say.wrongState()
  await of(ctx.tx)
    .updateTable('familyObjections')
    .set({ level })
    .where('community', '=', ctx.community)
    .where('id', '=', id)
    .execute()
  await tell(
    ctx,
    { ...found, level },
    'waiting',
    text(`有 1 份异议转来办理，期限 ${found.dueOn}`, `1 objection was handed on, due ${found.dueOn}`),
  )
  return showObjection(ctx, id)
}

export async function withdrawObjection(ctx: Ctx, id: Id, view: Id): Promise<void> {
  const found = await getObjection(ctx, id, true)
  if (found.view !== view) throw say.notShown()
  if (!canObject.withdraw(found)) throw say.wrongState()
  await of(ctx.tx)
    .updateTable('familyObjections')
    .set({ state: canObject.withdraw.to, withdrawnAt: instantOf(ctx.now) })
    .where('community', '=', ctx.community)
    .where('id', '=', id)
    .execute()
}

/** Each morning the offices hear what is due today or late. */
export const nag = job({
  name: 'family.nag',
  data: z.object({}),
  cron: '30 8 * * *',
  run: async (_, house, { signal }) => {
    const today = dayOf(house.now())
    for (const scope of everywhere) {
      const due = await house.within(
        scope,
        async (tx) =>
          (
            await sql<{ community: string; level: Level; n: number }>`
        select community, level, count(*)::int as n from family_objections where state = 'received' and due_on <= ${today}::date
        group by community, level order by 1, 2`.execute(tx)
          ).rows,
      )
      for (const { community, level, n } of due) {
        if (signal.aborted) return
        await asSystem(house, community, 'family.nag', (ctx) =>
          tell(
            ctx,
            { community, level } as Objection,
            'escalated',
            text(
              `${n} 份异议今天到期或已超期，请书面答复`,
              `${n} ${n === 1 ? 'objection is' : 'objections are'} due today or late`,
            ),
          ),
        )
      }
    }
  },
})
