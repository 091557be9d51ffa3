// Release: asked for when it is due, approved by a document, numbered, served. It never comes by itself.
import { sql } from 'kysely'
import { z } from 'zod'
import { dayOf, instantOf } from '#core/dates.ts'
import type { Parsed } from '#core/contract.ts'
import type { Id } from '#core/ids.ts'
import { text } from '#core/text.ts'
import { job, type Ctx } from '#server/house.ts'
import { asSystem } from '#server/system.ts'
import { restorePasses } from '#modules/access/server/restoring.ts'
import { endDuties } from '#modules/duties/server.ts'
import { notify } from '#modules/identity/news.ts'
import type * as api from '../api.ts'
import { can, isDueForRelease, say, type Order } from '../model.ts'
import { nextReleases } from './numbering.ts'
import { move, requireSecond } from './orders.ts'
import { getOrder, showOrder } from './reading.ts'

export async function requestRelease(ctx: Ctx, { order: id }: Parsed<typeof api.requestRelease>): Promise<api.OrderShown> {
  const order = await getOrder(ctx, id, true)
  if (!can.requestRelease(order)) throw say.wrongState()
  if (!isDueForRelease(order, dayOf(ctx.now))) throw say.notYetDue({ on: order.releaseOn ?? '' })
  await move(ctx, order, 'requestRelease', {
    state: can.requestRelease.to,
    releaseRequestedBy: ctx.who.account,
    releaseRequestedAt: instantOf(ctx.now),
  })
  await notify(ctx, {
    topic: 'waiting',
    to: { roles: ['communitySecretary', 'communityStaff'], area: ctx.community },
    title: text('有 1 份解除观察的请示', '1 request for release waits'),
    path: '/observation?state=releaseRequested',
  })
  return showOrder(ctx, id)
}

/** The body that decided lifts; its document is written down by somebody other than who asked. */
export async function approveRelease(
  ctx: Ctx,
  { order: id, document }: Parsed<typeof api.approveRelease>,
): Promise<api.OrderShown> {
  const order = await getOrder(ctx, id, true)
  if (!can.approveRelease(order)) throw say.wrongState()
  requireSecond(ctx, order.releaseRequestedBy)
  const number = (await nextReleases(ctx))()
  await move(
    ctx,
    order,
    'approveRelease',
    {
      state: can.approveRelease.to,
      releaseDocument: document,
      releaseApprovedBy: ctx.who.account,
      releaseApprovedAt: instantOf(ctx.now),
      ...number,
    },
    `${document} · ${number.releaseNumber}`,
  )
  return showOrder(ctx, id)
}

/** Passes that ran out while these orders bound, issued again; answers, by order, what its step says of it. */
export async function passesBack(ctx: Ctx, orders: readonly Order[]): Promise<ReadonlyMap<Id, string>> {
  const said = new Map<Id, string>()
  for (const { id, household, observedFrom } of orders) {
    const issued = household && observedFrom ? await restorePasses(ctx, [household], observedFrom) : 0
    if (issued > 0) said.set(id, `补发出入证 ${issued} 张 · ${issued} ${issued === 1 ? 'pass' : 'passes'} issued again`)
  }
  return said
}

export async function serveRelease(ctx: Ctx, { order: id, how, by }: Parsed<typeof api.serveRelease>): Promise<api.OrderShown> {
  const order = await getOrder(ctx, id, true)
  if (!can.serveRelease(order)) throw say.wrongState()
  const passes = await passesBack(ctx, [order])
  await move(
    ctx,
    order,
    'serveRelease',
    {
      state: can.serveRelease.to,
      releaseServedHow: how,
      releaseServedBy: by,
      releasedAt: instantOf(ctx.now),
    },
    passes.get(order.id) ?? null,
  )
  await endDuties(ctx, id, order.releaseNumber ?? '')
  return showOrder(ctx, id)
}

const everywhere = ['1', '2', '3', '4', '5', '6', '7', '8', '9']
/** Each morning every community hears how many releases are due; nothing is released and nothing is longer because of it. */
export const nag = job({
  name: 'observation.nag',
  data: z.object({}),
  cron: '0 8 * * *',
  run: async (_, house, { signal }) => {
    const today = dayOf(house.now())
    for (const scope of everywhere) {
      const due = await house.within(
        scope,
        async (tx) =>
          (
            await sql<{ community: string; n: number }>`
        select community, count(*)::int as n from observation_orders
        where state in ('served', 'releaseRequested', 'releaseApproved') and release_on <= ${today}::date group by community order by 1`.execute(
              tx,
            )
          ).rows,
      )
      for (const { community, n } of due) {
        if (signal.aborted) return
        await asSystem(house, community, 'observation.nag', (ctx) =>
          notify(ctx, {
            topic: 'waiting',
            to: { roles: ['communitySecretary', 'communityStaff'], area: community },
            title: text(
              `${n} 份观察已到解除日，还没有送达解除告知书`,
              `${n} ${n === 1 ? 'release is' : 'releases are'} due and not served`,
            ),
            path: '/observation?due=true',
          }),
        )
      }
    }
  },
})
