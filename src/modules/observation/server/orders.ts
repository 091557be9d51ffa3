// From a proposal to a served order: the home is checked or a transfer signed, the decision written down, countersigned, served.
import { dayOf, instantOf, msOf, type Day } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import type { Parsed } from '#core/contract.ts'
import type { Ctx } from '#server/house.ts'
import { kindsOf } from '#modules/duties/kinds.ts'
import { startDuties, type NewDuty } from '#modules/duties/server.ts'
import { notify } from '#modules/identity/news.ts'
import { activeResponse } from '#modules/policy/server.ts'
import { isMinor } from '#modules/residents/model.ts'
import { getMember, membersIn } from '#modules/residents/server.ts'
import { text } from '#core/text.ts'
import type * as api from '../api.ts'
import { can, inForce, missingToServe, say, type Order, type Serving, type StepVerb } from '../model.ts'
import type { Recurring } from '../rules.ts'
import { freeze, periodOf } from './freezing.ts'
import { nextNotices } from './numbering.ts'
import { getOrder, missingIn, peopleBy, showOrder, transferOf } from './reading.ts'
import { of, type Tables } from './tables.ts'
import type { Updateable } from 'kysely'

type Put = Updateable<Tables['observationOrders']>

/** Writes a step's outcome and the step itself, in one go: nothing moves without its line. */
export async function move(ctx: Ctx, order: Order, verb: StepVerb, put: Put, detail: string | null = null): Promise<Order> {
  const after = (await of(ctx.tx)
    .updateTable('observationOrders')
    .set(put)
    .where('community', '=', ctx.community)
    .where('id', '=', order.id)
    .returningAll()
    .executeTakeFirstOrThrow()) as unknown as Order
  await step(ctx, after, verb, detail)
  return after
}

export async function step(
  ctx: Ctx,
  { id, state, place, lastDay, persons }: Order,
  verb: StepVerb,
  detail: string | null,
): Promise<void> {
  await of(ctx.tx)
    .insertInto('observationSteps')
    .values({
      community: ctx.community,
      id: newId(),
      orderId: id,
      verb,
      at: instantOf(ctx.now),
      by: ctx.who.account,
      state,
      place,
      lastDay,
      persons: persons.length,
      detail,
    })
    .execute()
}

/** Nobody who proposed or recorded something signs it as the second person. */
export function requireSecond(ctx: Ctx, ...first: readonly (Id | null)[]): void {
  if (first.includes(ctx.who.account)) throw say.secondPersonNeeded()
}

type Dwells = { grid: string | null; dwelling: Id | null; building: Id | null }
async function homeOf(ctx: Ctx, dwelling: Id | null, grid: string | null): Promise<Dwells> {
  const found =
    dwelling &&
    (await ctx.tx
      .withTables<{ territoryDwellings: { community: string; id: Id; building: Id } }>()
      .selectFrom('territoryDwellings')
      .select('building')
      .where('community', '=', ctx.community)
      .where('id', '=', dwelling)
      .executeTakeFirst())
  return { grid, dwelling, building: found ? found.building : null }
}

/** One order of a person at a time: another only once the last has bound nobody any more. */
async function requireFree(ctx: Ctx, person: Id): Promise<void> {
  const others = (await of(ctx.tx)
    .selectFrom('observationOrders')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('person', '=', person)
    .where('seal', 'is', null)
    .execute()) as unknown as Order[]
  const now = instantOf(ctx.now)
  if (others.some((o) => ['proposed', 'checked', 'decided'].includes(o.state) || inForce(o, now))) throw say.alreadyUnderway()
}

type Proposal = Omit<Parsed<typeof api.propose>, 'source'> & { source: Order['source'] }
export async function propose(
  ctx: Ctx,
  { person, source, category, place, keyPerson, leftOn, proof, lastContactOn }: Proposal,
): Promise<api.OrderShown> {
  const { member, label } = await getMember(ctx, person)
  await requireFree(ctx, person)
  const { frozen, policyVersions } = await freeze(ctx, label?.grid ?? ctx.community, category, place)
  await of(ctx.tx)
    .insertInto('observationOrders')
    .values({
      ...blank,
      frozen: JSON.stringify(frozen),
      policyVersions,
      community: ctx.community,
      id: ctx.id,
      person,
      household: member.household,
      persons: [person],
      source,
      keyPerson: keyPerson ?? null,
      ...(await homeOf(ctx, label?.dwelling ?? null, label?.grid ?? null)),
      category: frozen.category.key,
      place,
      leftOn: leftOn ?? null,
      proof: proof || null,
      lastContactOn: lastContactOn ?? null,
      state: 'proposed',
      proposedBy: ctx.who.account,
      proposedAt: instantOf(ctx.now),
    })
    .execute()
  await step(ctx, await getOrder(ctx, ctx.id), 'propose', null)
  await notify(ctx, {
    topic: 'waiting',
    to: { roles: ['communitySecretary', 'communityStaff'], area: ctx.community },
    title: text('有 1 份观察建议待办理', '1 proposal of observation waits'),
    path: '/observation?state=proposed',
  })
  return showOrder(ctx, ctx.id)
}

/** An order of which nothing is known yet. */
export const blank = {
  seal: null,
  facility: null,
  decidingBody: null,
  legalBasis: null,
  document: null,
  leftOn: null,
  proof: null,
  lastContactOn: null,
  observedFrom: null,
  dayZero: null,
  dayZeroBy: null,
  lastDay: null,
  releaseOn: null,
  coResidentsBound: null,
  guardian: null,
  guardianName: null,
  suitability: null,
  team: '[]',
  frozen: null,
  policyVersions: [],
  response: null,
  recordedBy: null,
  recordedAt: null,
  decidedBy: null,
  decidedAt: null,
  noticeNumber: null,
  noticeYear: null,
  noticeSerial: null,
  servedHow: null,
  servedAt: null,
  servedBy: null,
  undertaking: null,
  witness: null,
  releaseRequestedBy: null,
  releaseRequestedAt: null,
  releaseDocument: null,
  releaseApprovedBy: null,
  releaseApprovedAt: null,
  releaseNumber: null,
  releaseYear: null,
  releaseSerial: null,
  releaseServedHow: null,
  releaseServedBy: null,
  releasedAt: null,
  cancelReason: null,
}

export async function check(ctx: Ctx, { order: id, suitability }: Parsed<typeof api.check>): Promise<api.OrderShown> {
  const order = await getOrder(ctx, id, true)
  if (!can.check(order) || order.place !== 'home') throw say.wrongState()
  if (suitability.on > dayOf(ctx.now)) throw say.wrongDates()
  await move(ctx, order, 'check', { suitability: JSON.stringify(suitability), state: can.check.to })
  return showOrder(ctx, id)
}

/** Each side signs with a name and a unit, on paper that both keep. A conversion to a facility is signed in the same way. */
export async function signTransfer(
  ctx: Ctx,
  { order: id, facility, side, name, unit }: Parsed<typeof api.signTransfer>,
): Promise<api.OrderShown> {
  const order = await getOrder(ctx, id, true)
  const moving = order.place === 'facility' && can.transfer(order)
  if (!moving && !can.change(order)) throw say.wrongState()
  await of(ctx.tx)
    .insertInto('observationTransfers')
    .values({
      community: ctx.community,
      id: newId(),
      orderId: id,
      facility,
      giver: null,
      giverUnit: null,
      giverAt: null,
      giverBy: null,
      receiver: null,
      receiverUnit: null,
      receiverAt: null,
      receiverBy: null,
    })
    .onConflict((there) => there.doNothing())
    .execute()
  const now = instantOf(ctx.now)
  await of(ctx.tx)
    .updateTable('observationTransfers')
    .set(
      side === 'giver'
        ? { giver: name, giverUnit: unit, giverAt: now, giverBy: ctx.who.account }
        : { receiver: name, receiverUnit: unit, receiverAt: now, receiverBy: ctx.who.account },
    )
    .where('community', '=', ctx.community)
    .where('orderId', '=', id)
    .where('facility', '=', facility)
    .execute()
  await move(
    ctx,
    order,
    'transfer',
    moving ? { facility, state: can.transfer.to } : { state: order.state },
    `${facility} · ${unit} ${name}`,
  )
  return showOrder(ctx, id)
}

/** Whom an order binds: its person, and those of the household where the decision says so. */
async function boundBy(ctx: Ctx, order: Order, coResidents: boolean | null): Promise<Id[]> {
  if (!order.person) return order.persons
  if (!coResidents || !order.household) return [order.person]
  const members = await membersIn(ctx, [order.household])
  return [order.person, ...members.map((m) => m.root).filter((root) => root !== order.person)]
}

async function requireAdult(ctx: Ctx, guardian: Id | null | undefined, on: Day): Promise<void> {
  if (!guardian) return
  const [found] = await peopleBy(ctx, [guardian])
  if (!found || isMinor(found.birthDate, on)) throw say.guardianIsMinor()
}

/** Writes down what the document of the deciding body says. The rules are frozen here, so that the second person signs what they read. */
export async function record(ctx: Ctx, input: Parsed<typeof api.record>): Promise<api.OrderShown> {
  const order = await getOrder(ctx, input.order, true)
  if (!can.record(order)) throw say.wrongState()
  const on = input.observedFrom ?? order.observedFrom ?? dayOf(ctx.now)
  await requireAdult(ctx, input.guardian, on)
  const signed = {
    recordedBy: ctx.who.account,
    recordedAt: instantOf(ctx.now),
    guardian: input.guardian ?? null,
    guardianName: input.guardianName || null,
  }
  // A household of a seal has its decision already; what was missing there is a guardian.
  if (order.seal) return recorded(ctx, await move(ctx, order, 'record', signed))
  const froze = await freeze(ctx, order.grid ?? ctx.community, input.category, input.place)
  const days = {
    leftOn: input.leftOn ?? order.leftOn,
    proof: input.proof || order.proof,
    lastContactOn: input.lastContactOn ?? order.lastContactOn,
    observedFrom: input.observedFrom ?? null,
  }
  const facility = input.place === 'facility' ? (input.facility ?? order.facility) : null
  return recorded(
    ctx,
    await move(ctx, order, 'record', {
      ...signed,
      ...days,
      ...periodOf(froze, days),
      category: input.category,
      place: input.place,
      facility,
      decidingBody: input.decidingBody ?? null,
      legalBasis: input.legalBasis ?? null,
      document: input.document ?? null,
      coResidentsBound: input.coResidentsBound ?? null,
      persons: await boundBy(ctx, order, input.coResidentsBound ?? null),
      team: JSON.stringify(input.team),
      frozen: JSON.stringify(froze.frozen),
      policyVersions: froze.policyVersions,
      state:
        order.suitability && input.place === 'home'
          ? 'checked'
          : order.state === 'checked' && (await transferOf(ctx, { ...order, facility }))
            ? 'checked'
            : 'proposed',
    }),
  )
}

async function recorded(ctx: Ctx, order: Order): Promise<api.OrderShown> {
  if ((await missingIn(ctx, order)).length === 0) {
    await notify(ctx, {
      topic: 'waiting',
      to: { roles: ['communitySecretary', 'communityStaff'], area: ctx.community },
      title: text('有 1 份观察决定待第二人复核', '1 decision on observation waits for a second person'),
      path: '/observation?state=checked',
    })
  }
  return showOrder(ctx, order.id)
}

/** The second signature. Whatever the order lacks is named in one refusal. */
export async function decide(ctx: Ctx, id: Id): Promise<api.OrderShown> {
  const order = await getOrder(ctx, id, true)
  if (!can.decide(order)) throw say.wrongState()
  requireSecond(ctx, order.proposedBy, order.recordedBy)
  const whole = { ...order, persons: order.seal ? order.persons : await boundBy(ctx, order, order.coResidentsBound) }
  const missing = await missingIn(ctx, whole)
  if (missing.length > 0) throw say.missing({ missing })
  const response = await activeResponse(ctx.tx, order.grid ?? ctx.community, dayOf(ctx.now))
  const after = await move(ctx, order, 'decide', {
    state: can.decide.to,
    persons: whole.persons,
    response: response!.id,
    decidedBy: ctx.who.account,
    decidedAt: instantOf(ctx.now),
    ...(await nextNotices(ctx))(),
  })
  if (order.seal) await begin(ctx, after)
  return showOrder(ctx, id)
}

export async function serve(ctx: Ctx, { order: id, ...serving }: { order: Id } & Serving): Promise<api.OrderShown> {
  await serveOne(ctx, await getOrder(ctx, id, true), serving)
  return showOrder(ctx, id)
}

/** The notice is handed over: from now on it binds, and what recurs begins. */
export async function serveOne(ctx: Ctx, order: Order, serving: Serving): Promise<void> {
  if (!can.serve(order)) throw say.wrongState()
  const missing = missingToServe(serving)
  if (missing.length > 0) throw say.missing({ missing })
  if (msOf(serving.at!) > ctx.now) throw say.wrongDates()
  const after = await move(ctx, order, 'serve', {
    state: can.serve.to,
    servedHow: serving.how!,
    servedAt: instantOf(msOf(serving.at!)),
    servedBy: serving.by!,
    undertaking: serving.undertaking!,
    witness: serving.witness || null,
  })
  if (!order.seal) await begin(ctx, after)
}

/** Begins what recurs under an order. A kind that no module knows yet is not begun: there would be nobody to close its slots. */
export async function begin(ctx: Ctx, ...orders: readonly Order[]): Promise<void> {
  await startDuties(
    ctx,
    orders.flatMap((order) => dutiesOf(ctx, order)),
  )
}

function dutiesOf(ctx: Ctx, order: Order): NewDuty[] {
  if (!order.frozen || !order.observedFrom || !order.lastDay) return []
  const today = dayOf(order.servedAt ?? instantOf(ctx.now))
  const startsOn = order.observedFrom > today ? order.observedFrom : today
  if (startsOn > order.lastDay) return []
  const kinds = kindsOf(ctx.house)
  const wanted = order.frozen.duties.filter(
    (d) =>
      kinds.has(d.kind) &&
      d.places.includes(order.place) &&
      d.seals !== (order.seal ? 'never' : 'only') &&
      !(order.seal && d.subject === 'building'),
  )
  const common = {
    source: 'observation.order',
    sourceId: order.id,
    startsOn,
    lastDay: order.lastDay,
    policyVersions: order.policyVersions,
    ...(order.servedAt && dayOf(order.servedAt) === startsOn ? { startsAt: order.servedAt } : {}),
  }
  return wanted.flatMap((duty) =>
    subjectsOf(duty, order).map((subject) => ({
      ...common,
      ...subject,
      kind: duty.kind,
      cadence: { slots: duty.slots, every: duty.every, anchor: startsOn },
    })),
  )
}

function subjectsOf({ subject }: Recurring, order: Order): Pick<NewDuty, 'subjectKind' | 'subject'>[] {
  if (subject === 'person') return order.persons.map((person) => ({ subjectKind: 'person', subject: person }))
  if (subject === 'household')
    return order.household
      ? [{ subjectKind: 'household', subject: order.household }]
      : order.persons.slice(0, 1).map((person) => ({ subjectKind: 'person', subject: person }))
  return order.building ? [{ subjectKind: 'building', subject: order.building }] : []
}

export async function cancel(ctx: Ctx, { order: id, reason }: Parsed<typeof api.cancel>): Promise<api.OrderShown> {
  const order = await getOrder(ctx, id, true)
  if (!can.cancel(order)) throw say.wrongState()
  await move(ctx, order, 'cancel', { state: can.cancel.to, cancelReason: reason }, reason)
  return showOrder(ctx, id)
}
