// Entrances: added, changed, and four made one in one act with its notice.
import type { Parsed } from '#core/contract.ts'
import { dayOf, instantOf, sayDay } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { wholePage } from '#core/paging.ts'
import { text } from '#core/text.ts'
import type { Ctx } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { notify } from '#modules/identity/news.ts'
import type * as api from '../gateApi.ts'
import { sayGate as say, type Gate } from '../gates.ts'
import { of } from './tables.ts'

export const gatesOf = (ctx: Ctx): Promise<Gate[]> =>
  of(ctx.tx)
    .selectFrom('accessGates')
    .selectAll()
    .where('community', '=', ctx.community)
    .orderBy('placeName')
    .orderBy('name')
    .execute()

/** An entrance of this community. Throws `access.unknownGate`. */
export async function getGate(ctx: Ctx, gate: Id): Promise<Gate> {
  const [found] = await of(ctx.tx)
    .selectFrom('accessGates')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('id', '=', gate)
    .execute()
  if (!found) throw say.unknownGate()
  return found
}

async function shown(ctx: Ctx, rows: readonly Gate[]) {
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    rows.map((r) => r.changedBy),
  )
  return rows.map((row) => ({ ...row, changedByName: names.get(row.changedBy) ?? '—' }))
}
export const listGates = async (ctx: Ctx) => wholePage(await shown(ctx, await gatesOf(ctx)))
export const showGate = async (ctx: Ctx, gate: Id) => (await shown(ctx, [await getGate(ctx, gate)]))[0]!

const now = (ctx: Ctx) => ({ since: instantOf(ctx.now), changedBy: ctx.who.account })

export async function addGate(ctx: Ctx, { community: _, ...entry }: Parsed<typeof api.addGate>) {
  await of(ctx.tx)
    .insertInto('accessGates')
    .values({ ...entry, community: ctx.community, id: ctx.id, ...now(ctx) })
    .execute()
  return showGate(ctx, ctx.id)
}

async function set(ctx: Ctx, gate: Id, values: Partial<Gate>): Promise<void> {
  await of(ctx.tx)
    .updateTable('accessGates')
    .set({ ...values, ...now(ctx) })
    .where('community', '=', ctx.community)
    .where('id', '=', gate)
    .execute()
}

/** The entrances of the place of this one, itself among them; held until the end, so that two acts cannot close the last. */
async function beside(ctx: Ctx, { placeName }: Gate): Promise<Gate[]> {
  return of(ctx.tx)
    .selectFrom('accessGates')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('placeName', '=', placeName)
    .orderBy('name')
    .forUpdate()
    .execute()
}

export async function changeGate(ctx: Ctx, { gate, name, mode, document }: Parsed<typeof api.changeGate>) {
  const old = await getGate(ctx, gate)
  const others = (await beside(ctx, old)).filter((g) => g.id !== gate)
  if (mode === 'closed' && !others.some((g) => g.mode === 'open')) throw say.keepOne()
  await set(ctx, gate, { name, mode, document })
  return showGate(ctx, gate)
}

export async function keepOpen(ctx: Ctx, { gate, document }: Parsed<typeof api.keepOpen>) {
  const kept = await getGate(ctx, gate)
  const all = await beside(ctx, kept)
  await set(ctx, gate, { mode: 'open' })
  for (const one of all) if (one.id !== gate) await set(ctx, one.id, { mode: 'closed', document })
  const closed = all.length - 1
  await notify(ctx, {
    topic: 'assigned',
    to: { roles: ['gateGuard', 'gridWorker', 'gridLeader', 'propertyManager'], area: ctx.community },
    path: '/gate',
    title: text(
      `${kept.placeName} 只留“${kept.name}”，关闭 ${closed} 个出入口`,
      `${kept.placeName}: only “${kept.name}” stays open, ${closed} closed`,
    ),
  })
  return keptOpen(ctx, { gate })
}

/** The entrances of the place as they stand, with the words to post at each. */
export async function keptOpen(ctx: Ctx, { gate }: { gate: Id }) {
  const kept = await getGate(ctx, gate)
  const rows = (await gatesOf(ctx)).filter((g) => g.placeName === kept.placeName)
  const closed = rows.filter((g) => g.mode === 'closed')
  const by = closed.find((g) => g.document)?.document
  const notice =
    `${by ? `根据${by}，` : ''}自${sayDay(dayOf(kept.since), 'zh')}起，${kept.placeName}只开放${kept.name}，` +
    `关闭${closed.map((g) => g.name).join('、') || '其他出入口'}。消防车、救护车随时可以通行。遇到急病、临产、火情或危险，请告诉值守人员，立即放行。`
  return { rows: await shown(ctx, rows), notice }
}
