// The inbox: news is carried by a job into the receiver's own area, because nobody writes above or beside his scope.
import { sql, type SqlBool } from 'kysely'
import { z } from 'zod'
import { Instant, instantOf } from '#core/dates.ts'
import { Id, newId } from '#core/ids.ts'
import { fromCursor, pageFrom } from '#core/paging.ts'
import { answer, handle, job, type Ctx, type Handled } from '#server/house.ts'
import { communityOf } from '#server/scope.ts'
import { asSystem } from '#server/system.ts'
import { Topic, type Messenger } from '#modules/identity/news.ts'
import * as api from '../api.ts'
import { say } from '../model.ts'
import { spread } from './channels.ts'
import { of } from './tables.ts'

const list = 'outreach.inbox'
const Bag = z.object({
  area: z.string(),
  id: Id,
  accounts: z.array(Id),
  topic: Topic,
  title: z.object({ zh: z.string(), en: z.string() }),
  path: z.string(),
  at: Instant,
})
type Bag = z.infer<typeof Bag>
const deliver = 'outreach.deliver'

/** One bag for each area in which somebody hears. It leaves if and only if what it tells of is committed. */
export const messenger: Messenger = async (ctx, { receivers, topic, title, path }) => {
  const areas = Map.groupBy(receivers, (r) => communityOf(r.area))
  for (const [area, there] of areas) {
    const bag: Bag = { area, id: newId(), accounts: there.map((r) => r.account), topic, title, path, at: instantOf(ctx.now) }
    await ctx.house.enqueue(ctx.tx, deliver, bag)
  }
}

/** Delivering twice is delivering once: the bag brings the ids. */
export const deliverJob = job<Bag>({
  name: deliver,
  data: Bag,
  run: ({ area, accounts, title, ...item }, house) =>
    asSystem(house, area, deliver, async (ctx) => {
      await of(ctx.tx)
        .insertInto('outreachItems')
        .values(accounts.map((account) => ({ ...item, areaCode: area, account, title: JSON.stringify(title), readAt: null })))
        .onConflict((taken) => taken.doNothing())
        .execute()
      await spread(ctx, { ...item, title })
      await ctx.touched(list)
    }),
})

/** Own messages of the working area and below it. */
const mine = (ctx: Ctx) => {
  const area = communityOf(ctx.area)
  return of(ctx.tx)
    .selectFrom('outreachItems')
    .where('account', '=', ctx.who.account)
    .where('areaCode', '>=', area)
    .where('areaCode', '<', `${area}~`)
}

const unreadOf = async (ctx: Ctx): Promise<{ unread: number }> => {
  const { unread } = await mine(ctx)
    .where('readAt', 'is', null)
    .select(sql<number>`count(*)::int`.as('unread'))
    .executeTakeFirstOrThrow()
  return { unread }
}

export const inboxHandlers: readonly Handled[] = [
  answer(api.inbox, async ({ unread, topic, after, limit }, ctx) => {
    let wanted = mine(ctx)
    if (unread) wanted = wanted.where('readAt', 'is', null)
    if (topic) wanted = wanted.where('topic', '=', topic)
    const { total } = await wanted.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow()
    const last = fromCursor(after, 2)
    if (last) wanted = wanted.where(sql<SqlBool>`(at, id) < (${last[0]}::timestamptz, ${last[1]}::uuid)`)
    const rows = await wanted
      .select(['id', 'topic', 'title', 'path', 'at', 'readAt'])
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
    return pageFrom(rows, limit, total, (row) => [row.at, row.id])
  }),
  answer(api.unread, (_, ctx) => unreadOf(ctx)),
  handle(
    api.read,
    async ({ item }, ctx) => {
      const area = communityOf(ctx.area)
      const [changed] = await of(ctx.tx)
        .updateTable('outreachItems')
        .set({ readAt: instantOf(ctx.now) })
        .where('account', '=', ctx.who.account)
        .where('areaCode', '>=', area)
        .where('areaCode', '<', `${area}~`)
        .where('readAt', 'is', null)
        .$if(item !== undefined, (q) => q.where('id', '=', item!))
        .execute()
      if (item && changed!.numUpdatedRows === 0n && !(await mine(ctx).where('id', '=', item).select('id').executeTakeFirst())) {
        throw say.unknownItem()
      }
      return unreadOf(ctx)
    },
    (_, ctx) => unreadOf(ctx),
  ),
]
