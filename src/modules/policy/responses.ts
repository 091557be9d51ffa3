// The response: proposed by one person, activated by another, reviewed in time, ended by decision; without one nothing restricts.
import { dayOf, instantOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { wholePage } from '#core/paging.ts'
import type { Tx } from '#server/database/connect.ts'
import { answer, handle, type Ctx, type Handled } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { areaNames } from '#modules/territory/server.ts'
import * as api from './api.ts'
import { can, say, type Response } from './model.ts'
import { requireOwn } from './packs.ts'

const of = (tx: Tx) => tx.withTables<{ policyResponses: Response }>()

async function shown(ctx: Ctx, rows: readonly Response[]): Promise<api.ResponseRow[]> {
  const accounts = await namesOf(ctx.house, ctx.tx, rows.flatMap((r) => [r.proposedBy, ...(r.activatedBy ? [r.activatedBy] : [])]))
  const areas = await areaNames(ctx.tx, rows.map((r) => r.areaCode))
  const today = dayOf(ctx.now)
  return rows.map((r) => ({
    ...r, areaName: areas.get(r.areaCode) ?? r.areaCode, proposedByName: accounts.get(r.proposedBy) ?? '—',
    activatedByName: r.activatedBy && (accounts.get(r.activatedBy) ?? '—'), reviewOverdue: r.state === 'active' && r.reviewOn < today,
  }))
}

async function getShown(ctx: Ctx, id: Id): Promise<api.ResponseRow> {
  const row = await of(ctx.tx).selectFrom('policyResponses').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw say.unknownResponse()
  return (await shown(ctx, [row]))[0]!
}

/** The response to be moved, locked, if it lies in the caller's own area. */
async function taken(ctx: Ctx, id: Id): Promise<Response> {
  const row = await of(ctx.tx).selectFrom('policyResponses').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw say.unknownResponse()
  requireOwn(ctx, row.areaCode)
  return row
}

async function move(ctx: Ctx, { areaCode, id }: Response, change: Partial<Response>): Promise<api.ResponseRow> {
  await of(ctx.tx).updateTable('policyResponses').set(change).where('areaCode', '=', areaCode).where('id', '=', id).execute()
  return getShown(ctx, id)
}

const again = ({ response }: { response: Id }, ctx: Ctx) => getShown(ctx, response)

export const responseHandlers: readonly Handled[] = [
  answer(api.responses, async (_, ctx) => wholePage(await shown(ctx,
    await of(ctx.tx).selectFrom('policyResponses').selectAll().orderBy('startsOn', 'desc').orderBy('id', 'desc').execute()))),

  handle(api.proposeResponse, async (input, ctx) => {
    requireOwn(ctx, input.areaCode)
    if (input.reviewOn <= input.startsOn || input.reviewOn < dayOf(ctx.now)) throw say.wrongDates()
    await of(ctx.tx).insertInto('policyResponses').values({
      ...input, id: ctx.id, state: 'proposed', endsOn: null, endDocument: null, proposedBy: ctx.who.account, proposedAt: instantOf(ctx.now),
      activatedBy: null, activatedAt: null, endedBy: null,
    }).execute()
    return getShown(ctx, ctx.id)
  }, (_, ctx) => getShown(ctx, ctx.id)),

  handle(api.activateResponse, async ({ response }, ctx) => {
    const row = await taken(ctx, response)
    if (!can.activate(row)) throw say.wrongState()
    if (row.proposedBy === ctx.who.account) throw say.secondPersonNeeded()
    return move(ctx, row, { state: can.activate.to, activatedBy: ctx.who.account, activatedAt: instantOf(ctx.now) })
  }, again),

  handle(api.dropResponse, async ({ response }, ctx) => {
    const row = await taken(ctx, response)
    if (!can.drop(row)) throw say.wrongState()
    return move(ctx, row, { state: can.drop.to, endsOn: dayOf(ctx.now), endedBy: ctx.who.account })
  }, again),

  handle(api.reviewResponse, async ({ response, reviewOn, document }, ctx) => {
    const row = await taken(ctx, response)
    if (!can.review(row)) throw say.wrongState()
    if (reviewOn <= dayOf(ctx.now)) throw say.wrongDates()
    return move(ctx, row, { reviewOn, document })
  }, again),

  handle(api.endResponse, async ({ response, endsOn, endDocument }, ctx) => {
    const row = await taken(ctx, response)
    if (!can.end(row)) throw say.wrongState()
    if (endsOn < row.startsOn || endsOn > dayOf(ctx.now)) throw say.wrongEnd()
    return move(ctx, row, { state: can.end.to, endsOn, endDocument, endedBy: ctx.who.account })
  }, again),
]
