// What a resident tells: temperature and symptoms, what is needed, an objection, a mistake in the own data. Each only for whom the view shows.
import type { Parsed } from '#core/contract.ts'
import type { Id } from '#core/ids.ts'
import type { Ctx } from '#server/house.ts'
import { recordCheck } from '#modules/monitoring/server.ts'
import { getCheck } from '#modules/monitoring/server/reading.ts'
import { personNames } from '#modules/residents/server.ts'
import { askFor, feedback } from '#modules/services/server.ts'
import type * as own from '../ownApi.ts'
import { say, type View } from '../model.ts'
import { askCorrection } from './corrections.ts'
import { raise, withdrawObjection } from './objections.ts'
import { openView, ordersOf, ownRequests, requireShown, shownBy } from './own.ts'
import { of } from './tables.ts'

export async function report(ctx: Ctx, { person, temperature, measuredHow, symptoms, words }: Parsed<typeof own.report>) {
  const view = await openView(ctx)
  await requireShown(ctx, view, person)
  const self = view.kind === 'member' && person === view.person
  const check = await recordCheck(ctx, {
    person,
    kind: temperature === null ? 'symptoms' : 'temperature',
    value: temperature,
    measuredHow: temperature === null ? null : measuredHow,
    symptoms,
    result: null,
    how: self ? 'self' : 'proxy',
    proxyName: self ? null : await nameOf(ctx, view),
    medication: null,
    need: null,
    note: words || null,
    sameAs: null,
  })
  return { id: ctx.id, fever: check.fever }
}

/** Who reported for somebody else: the proxy, or the member whose view it is. */
const nameOf = async (ctx: Ctx, view: View): Promise<string> =>
  (view.proxyName ?? (await personNames(ctx.tx, [view.person])).get(view.person) ?? '').slice(0, 20)

export async function reportAgain(ctx: Ctx) {
  const view = await openView(ctx)
  const check = await getCheck(ctx, ctx.id)
  await requireShown(ctx, view, check.person)
  return { id: ctx.id, fever: check.fever }
}

export async function askHelp(ctx: Ctx, { category, urgency, content }: Parsed<typeof own.askHelp>) {
  const view = await openView(ctx)
  await askFor(ctx, { person: view.person, category, urgency, content, channel: 'family' })
  return { id: ctx.id }
}

export async function rate(ctx: Ctx, { request, score, words }: Parsed<typeof own.rate>) {
  const view = await openView(ctx)
  if (!(await ownRequests(ctx, view)).some((one) => one.id === request)) throw say.notShown()
  await feedback(ctx, request, { score, words })
  return { id: request }
}

export async function object(ctx: Ctx, { order: id, words }: Parsed<typeof own.object>) {
  const view = await openView(ctx)
  const persons = await shownBy(ctx, view)
  const order = (await ordersOf(ctx, persons)).find((one) => one.id === id)
  if (!order) throw say.notShown()
  const person = persons.find((one) => order.persons.includes(one))!
  const { dueOn } = await raise(ctx, {
    order,
    person,
    words,
    how: view.kind === 'proxy' || person !== view.person ? 'proxy' : 'self',
    view: view.id,
  })
  return { id: ctx.id, dueOn }
}
export async function objectAgain(ctx: Ctx) {
  const view = await openView(ctx)
  const found = await of(ctx.tx)
    .selectFrom('familyObjections')
    .select('dueOn')
    .where('community', '=', ctx.community)
    .where('id', '=', ctx.id)
    .where('view', '=', view.id)
    .executeTakeFirst()
  if (!found) throw say.notShown()
  return { id: ctx.id, dueOn: found.dueOn }
}

export async function withdraw(ctx: Ctx, objection: Id) {
  await withdrawObjection(ctx, objection, (await openView(ctx)).id)
  return { id: objection }
}

export async function correction(ctx: Ctx, { person, words }: Parsed<typeof own.askCorrection>) {
  const view = await openView(ctx)
  await requireShown(ctx, view, person)
  await askCorrection(ctx, view, person, words)
  return { id: ctx.id }
}
