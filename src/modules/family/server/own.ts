// What a view shows: of its own person, and of whom the household agreed to share. Whatever is read here is held against that list first.
import { sql } from 'kysely'
import { addDays, dayOf, instantOf, type Day, type Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import type { PolicyKey } from '#core/policy.ts'
import { text, type Text } from '#core/text.ts'
import { say as doorSay } from '#server/http/say.ts'
import type { Ctx } from '#server/house.ts'
import { feverAt, kinds, symptoms } from '#modules/monitoring/rules.ts'
import { checksOf } from '#modules/monitoring/server.ts'
import { inForce, type Order } from '#modules/observation/model.ts'
import { teamRoles } from '#modules/observation/rules.ts'
import { policy } from '#modules/policy/server.ts'
import { getMember, membersIn, personNames } from '#modules/residents/server.ts'
import { categories, urgencies } from '#modules/services/rules.ts'
import { requestsOf } from '#modules/services/server.ts'
import type * as own from '../ownApi.ts'
import { objectionDays, say, type View } from '../model.ts'
import { of } from './tables.ts'
import { fromOf } from './views.ts'

/** The view that calls. Its cookie was looked at by the door; here it is read again inside the transaction. */
export async function viewOf(ctx: Ctx): Promise<View> {
  const view = (await of(ctx.tx)
    .selectFrom('familyViews')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('id', '=', ctx.who.account)
    .where('endedAt', 'is', null)
    .executeTakeFirst()) as View | undefined
  if (!view) throw doorSay.stranger()
  return view
}

/** The same for whatever shows or tells something: a view that is switched off shows a number to call and nothing else. */
export async function openView(ctx: Ctx): Promise<View> {
  const view = await viewOf(ctx)
  if (view.offAt) throw say.callUs()
  return view
}

/** Whom a view shows: its person, and those shared who still live there. */
export async function shownBy(ctx: Ctx, view: View): Promise<Id[]> {
  if (!view.shared.length || !view.household) return [view.person]
  const members = new Set((await membersIn(ctx, [view.household])).map((m) => m.root))
  return [view.person, ...(members.has(view.person) ? view.shared.filter((one) => members.has(one)) : [])]
}
export async function requireShown(ctx: Ctx, view: View, person: Id): Promise<void> {
  if (!(await shownBy(ctx, view)).includes(person)) throw say.notShown()
}

/** Served orders of these persons, the newest first. */
export async function ordersOf(ctx: Ctx, persons: readonly Id[]): Promise<Order[]> {
  const { rows } = await sql<Order>`
    select o.* from observation_orders o where o.community = ${ctx.community} and o.persons && ${[...persons]}::uuid[]
      and o.state in ('served', 'releaseRequested', 'releaseApproved', 'released') order by o.served_at desc, o.id desc limit 20`.execute(
    ctx.tx,
  )
  return rows
}

/** The first day on which an order binds nobody any more: after its last day, or earlier where release was served before. */
function freeSince(order: Order, now: Instant): Day | null {
  if (inForce(order, now)) return null
  const after = order.lastDay ? addDays(order.lastDay, 1) : dayOf(now)
  const released = order.releasedAt ? dayOf(order.releasedAt) : after
  const free = released < after ? released : after
  return free <= dayOf(now) ? free : null
}

function orderOf(order: Order, now: Instant): own.OwnOrder {
  return {
    id: order.id,
    title: order.frozen!.category.title,
    source: order.source,
    decidingBody: order.decidingBody!,
    legalBasis: order.legalBasis!,
    document: order.document!,
    place: order.place,
    facility: order.facility,
    from: order.observedFrom!,
    lastDay: order.lastDay!,
    inForce: inForce(order, now),
    freeSince: freeSince(order, now),
    releaseNumber: order.releaseNumber,
    team: order.team.map((one) => ({ ...one, title: teamRoles[one.role] ?? text(one.role, one.role) })),
    mayObject: order.state !== 'released',
  }
}

const howFar = 30
const ofSelf = (view: View, person: Id) => view.kind === 'member' && person === view.person

/** Checks of the last days. Results of tests are the person's own, unless somebody agreed to show them. */
async function checksFor(ctx: Ctx, view: View, persons: readonly Id[]): Promise<Map<Id, own.OwnCheck[]>> {
  const now = instantOf(ctx.now)
  const known = (await policy(ctx.tx, kinds, ctx.community, now)).value
  const words = (await policy(ctx.tx, symptoms, ctx.community, now)).value
  const found = await checksOf(ctx.tx, {
    community: ctx.community,
    persons,
    from: instantOf(ctx.now - howFar * 86_400_000),
    until: instantOf(ctx.now + 60_000),
  })
  const open = found.filter((check) => ofSelf(view, check.person) || view.results || check.result === null)
  const titleOf = (list: readonly { key: string; title: Text }[], key: string) =>
    list.find((one) => one.key === key)?.title ?? text(key, key)
  const lines = open.toReversed().map((check) => {
    const kind = known.find((one) => one.key === check.kind)
    const said = [
      ...(check.result ? [titleOf(kind?.results ?? [], check.result)] : []),
      ...(check.symptoms === null
        ? []
        : check.symptoms.length
          ? check.symptoms.map((one) => titleOf(words, one))
          : [text('没有不适', 'Well')]),
    ]
    return {
      person: check.person,
      line: {
        id: check.id,
        at: check.occurredAt,
        what: kind?.title ?? text(check.kind, check.kind),
        value:
          check.value === null
            ? null
            : `${check.kind === 'temperature' ? check.value.toFixed(1) : check.value}${check.unit ? ` ${check.unit}` : ''}`,
        said: said.length ? text(said.map((one) => one.zh).join('、'), said.map((one) => one.en).join(', ')) : null,
        fever: check.fever,
        mine: check.recordedBy === view.id,
      },
    }
  })
  return new Map([...Map.groupBy(lines, (one) => one.person)].map(([person, those]) => [person, those.map((one) => one.line)]))
}

const nothing = {
  view: null,
  people: [],
  objections: [],
  corrections: [],
  requests: [],
  symptoms: [],
  categories: [],
  urgencies: [],
  feverAt: 37.3,
  objectionDays: 0,
}

export async function showMine(ctx: Ctx): Promise<own.Mine> {
  const view = await viewOf(ctx)
  const from = await fromOf(ctx)
  if (view.offAt) return { off: true, ...from, ...nothing }
  const now = instantOf(ctx.now)
  const asked = async <T>(key: PolicyKey<T>): Promise<T> => (await policy(ctx.tx, key, ctx.community, now)).value
  const choices = (list: readonly { key: string; title: Text }[]) => list.map(({ key, title }) => ({ key, title }))
  const persons = await shownBy(ctx, view)
  const names = await personNames(ctx.tx, persons)
  const orders = await ordersOf(ctx, persons)
  const checks = await checksFor(ctx, view, persons)
  const { missed } = await of(ctx.tx)
    .selectFrom('familyCodes')
    .select('missed')
    .where('community', '=', ctx.community)
    .where('view', '=', view.id)
    .where('endedAt', 'is', null)
    .executeTakeFirstOrThrow()
  return {
    off: false,
    ...from,
    view: { kind: view.kind, proxyName: view.proxyName, missed },
    people: persons.map((person) => ({
      person,
      name: names.get(person) ?? '',
      self: ofSelf(view, person),
      orders: orders.filter((o) => o.persons.includes(person)).map((o) => orderOf(o, now)),
      checks: checks.get(person) ?? [],
    })),
    objections: await objectionsOf(ctx, view),
    corrections: await correctionsOf(ctx, view),
    requests: await helpOf(ctx, view),
    feverAt: await asked(feverAt),
    symptoms: choices(await asked(symptoms)),
    categories: choices(await asked(categories)),
    urgencies: choices(await asked(urgencies)),
    objectionDays: await asked(objectionDays),
  }
}

/** Those that came from this view, and those that staff wrote down for its own person. */
const objectionsOf = async (ctx: Ctx, view: View): Promise<own.OwnObjection[]> =>
  of(ctx.tx)
    .selectFrom('familyObjections')
    .select([
      'id',
      'orderId',
      'document',
      'body',
      'words',
      'receivedAt',
      'dueOn',
      'state',
      'outcome',
      'answer',
      'answerDocument',
      'answeredAt',
    ])
    .where('community', '=', ctx.community)
    .where((eb) => eb.or([eb('view', '=', view.id), eb.and([eb('view', 'is', null), eb('person', '=', view.person)])]))
    .orderBy('receivedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(20)
    .execute()

const correctionsOf = async (ctx: Ctx, view: View): Promise<own.OwnCorrection[]> =>
  of(ctx.tx)
    .selectFrom('familyCorrections')
    .select(['id', 'words', 'askedAt', 'state', 'answer', 'answeredAt'])
    .where('community', '=', ctx.community)
    .where('view', '=', view.id)
    .orderBy('askedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(20)
    .execute()

/** What this view asked for; what others of the household need is theirs. */
export async function ownRequests(ctx: Ctx, view: View) {
  const {
    member: { household },
  } = await getMember(ctx, view.person)
  return household ? (await requestsOf(ctx.tx, ctx.community, household)).filter((one) => one.askedBy === view.id) : []
}
async function helpOf(ctx: Ctx, view: View): Promise<own.OwnRequest[]> {
  const known = (await policy(ctx.tx, categories, ctx.community, instantOf(ctx.now))).value
  return (await ownRequests(ctx, view))
    .slice(0, 30)
    .map(({ id, number, content, askedAt, dueAt, state, score, feedback, signedBy, deliveredAt, category }) => ({
      id,
      number,
      content,
      askedAt,
      dueAt,
      state,
      score,
      feedback,
      signedBy,
      deliveredAt,
      title: known.find((one) => one.key === category)?.title ?? text(category, category),
      mayRate: state === 'delivered' || state === 'closed',
    }))
}
