// An order changes by a further document only: longer, shorter, elsewhere, another category; each countersigned by another person.
import { dayOf, instantOf } from '#core/dates.ts'
import type { Parsed } from '#core/contract.ts'
import type { Ctx } from '#server/house.ts'
import { changeLastDay, endDuties } from '#modules/duties/server.ts'
import { notify } from '#modules/identity/news.ts'
import { requireResponse } from '#modules/policy/server.ts'
import { text } from '#core/text.ts'
import type * as api from '../api.ts'
import { can, isSuitable, say, type Change, type Order, type Part } from '../model.ts'
import { releaseDayOf } from '../rules.ts'
import { freeze } from './freezing.ts'
import { begin, move, requireSecond } from './orders.ts'
import { getOrder, showOrder, transferOf } from './reading.ts'
import { of } from './tables.ts'

type Asked = Omit<Parsed<typeof api.change>, 'community' | 'order'>

function requireSense(order: Order, { kind, lastDay, place, category }: Asked): void {
  if (lastDay && lastDay < order.observedFrom!) throw say.wrongDates()
  if (kind === 'extend' && !(lastDay && lastDay > order.lastDay!)) throw say.wrongDates()
  if (kind === 'shorten' && !(lastDay && lastDay < order.lastDay!)) throw say.wrongDates()
  const moves = (place && place !== order.place) || (category && category !== order.category)
  if (kind === 'convert' && !moves) throw say.wrongDates()
}

export async function change(
  ctx: Ctx,
  { order: id, community: _, ...asked }: Parsed<typeof api.change>,
): Promise<api.OrderShown> {
  const order = await getOrder(ctx, id, true)
  if (!can.change(order)) throw say.wrongState()
  if (order.seal) throw say.ofSeal()
  requireSense(order, asked)
  const waiting = await of(ctx.tx)
    .selectFrom('observationDocuments')
    .select('id')
    .where('community', '=', ctx.community)
    .where('orderId', '=', id)
    .where('outcome', 'is', null)
    .executeTakeFirst()
  if (waiting) throw say.changeWaits()
  const conversion = asked.kind === 'convert'
  await of(ctx.tx)
    .insertInto('observationDocuments')
    .values({
      community: ctx.community,
      id: ctx.id,
      orderId: id,
      kind: asked.kind,
      decidingBody: asked.decidingBody,
      legalBasis: asked.legalBasis,
      document: asked.document,
      lastDay: asked.lastDay ?? null,
      place: conversion ? (asked.place ?? null) : null,
      facility: conversion ? (asked.facility ?? null) : null,
      category: conversion ? (asked.category ?? null) : null,
      suitability: conversion && asked.suitability ? JSON.stringify(asked.suitability) : null,
      proposedBy: ctx.who.account,
      proposedAt: instantOf(ctx.now),
      decidedBy: null,
      decidedAt: null,
      outcome: null,
    })
    .execute()
  await notify(ctx, {
    topic: 'waiting',
    to: { roles: ['communitySecretary', 'communityStaff'], area: ctx.community },
    title: text('有 1 份观察变更文件待第二人复核', '1 change of an observation order waits for a second person'),
    path: '/observation',
  })
  return showOrder(ctx, id)
}

export async function decideChange(
  ctx: Ctx,
  { order: id, change: changeId, approve }: Parsed<typeof api.decideChange>,
): Promise<api.OrderShown> {
  const order = await getOrder(ctx, id, true)
  const found = (await of(ctx.tx)
    .selectFrom('observationDocuments')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('id', '=', changeId)
    .where('orderId', '=', id)
    .forUpdate()
    .executeTakeFirst()) as Change | undefined
  if (!found) throw say.unknownChange()
  if (found.outcome !== null) throw say.wrongState()
  requireSecond(ctx, found.proposedBy)
  const settled = {
    decidedBy: ctx.who.account,
    decidedAt: instantOf(ctx.now),
    outcome: approve ? ('approved' as const) : ('refused' as const),
  }
  await of(ctx.tx)
    .updateTable('observationDocuments')
    .set(settled)
    .where('community', '=', ctx.community)
    .where('id', '=', changeId)
    .execute()
  if (approve) await carryOut(ctx, order, found)
  else await move(ctx, order, 'return', { state: order.state }, found.document)
  return showOrder(ctx, id)
}

async function carryOut(ctx: Ctx, order: Order, found: Change): Promise<void> {
  if (!can.change(order)) throw say.wrongState()
  // To end something earlier takes no response; to bind longer or otherwise does.
  if (found.kind !== 'shorten') await requireResponse(ctx.tx, order.grid ?? ctx.community, dayOf(ctx.now))
  if (found.kind === 'convert') return convert(ctx, order, found)
  const lastDay = found.lastDay!
  // A request for release that a longer order overtakes is void.
  const state = order.state === 'releaseRequested' && found.kind === 'extend' ? 'served' : order.state
  await move(ctx, order, found.kind, { lastDay, releaseOn: releaseDayOf(lastDay, order.frozen!.release), state }, found.document)
  await changeLastDay(ctx, order.id, lastDay)
}

/** Elsewhere or otherwise: what that place takes must be there, and the rules of the new kind are frozen anew. */
async function convert(ctx: Ctx, order: Order, found: Change): Promise<void> {
  const place = found.place ?? order.place
  const category = found.category ?? order.category
  const froze = await freeze(ctx, order.grid ?? ctx.community, category, place)
  const facility = place === 'facility' ? (found.facility ?? order.facility) : null
  const suitability = place === 'home' ? (found.suitability ?? order.suitability) : order.suitability
  const missing = await missingThere(ctx, { ...order, place, facility, suitability, frozen: froze.frozen })
  if (missing.length > 0) throw say.missing({ missing })
  const lastDay = found.lastDay ?? order.lastDay!
  const after = await move(
    ctx,
    order,
    'convert',
    {
      place,
      facility,
      category,
      suitability: suitability && JSON.stringify(suitability),
      frozen: JSON.stringify(froze.frozen),
      policyVersions: froze.policyVersions,
      lastDay,
      releaseOn: releaseDayOf(lastDay, froze.frozen.release),
    },
    found.document,
  )
  if (order.state === 'decided') return
  await endDuties(ctx, order.id, found.document)
  await begin(ctx, { ...after, servedAt: instantOf(ctx.now) })
}

async function missingThere(ctx: Ctx, order: Order): Promise<Part[]> {
  const transfer = await transferOf(ctx, order)
  const lacking: [Part, boolean][] =
    order.place === 'home'
      ? [
          ['suitability', !order.suitability],
          ['conditions', order.suitability !== null && !isSuitable(order)],
        ]
      : [
          ['facility', !order.facility],
          ['giver', !transfer?.giverAt],
          ['receiver', !transfer?.receiverAt],
        ]
  return lacking.filter(([, lacks]) => lacks).map(([part]) => part)
}
