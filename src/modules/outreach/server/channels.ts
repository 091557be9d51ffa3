// Groups that hear: kept by whoever answers for the area, written to by a job, and never faster than the services allow.
import { sql, type SqlBool } from 'kysely'
import { z } from 'zod'
import { instantOf } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { fromCursor, pageFrom, wholePage } from '#core/paging.ts'
import { text, type Text } from '#core/text.ts'
import { answer, handle, job, type Ctx, type Handled, type House } from '#server/house.ts'
import { placesOf } from '#server/names.ts'
import { communityOf } from '#server/scope.ts'
import { asSystem } from '#server/system.ts'
import { Topic } from '#modules/identity/news.ts'
import * as api from '../api.ts'
import { fitsKind, hosts, say, wordsFor, type Channel, type ChannelEntry, type Delivery } from '../model.ts'
import { letterTo, post, type Robot } from './robots.ts'
import { of } from './tables.ts'

const list = 'outreach.deliveries'
const send = 'outreach.send'
/** What all three services allow a robot in a minute; DingTalk shuts it out for ten when it says more. */
const aMinute = 20
const mostTries = 4

type Kept = Omit<Channel, 'closed'> & { closed: Uint8Array | null }
const shown = ({ areaCode, id, kind, name, topics, state, closed, recordedAt }: Kept): api.ChannelShown => ({
  areaCode,
  id,
  kind,
  name,
  topics,
  state,
  recordedAt,
  configured: closed !== null,
})
const own = (ctx: Ctx): string => communityOf(ctx.area)

async function getChannel(ctx: Ctx, id: Id): Promise<Kept> {
  const row = await of(ctx.tx).selectFrom('outreachChannels').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw say.unknownChannel()
  if (row.areaCode !== own(ctx)) throw say.notOwnArea()
  return row
}

const getShown = async (ctx: Ctx, id: Id): Promise<api.ChannelShown> => shown(await getChannel(ctx, id))

const contextOf = (id: Id): string => `outreach.channel:${id}`
const Secrets = z.object({ address: z.string(), secretToken: z.string().nullable() })

/** Address and secret as they are kept; what was entered before stays where nothing new is said. */
function closedWith(house: House, id: Id, kind: Channel['kind'], entry: ChannelEntry, before: Uint8Array | null): Buffer | null {
  if (entry.address && !fitsKind(kind, entry.address)) throw say.notThatService({ host: hosts[kind] })
  const known = before && opened(house, id, before)
  const address = entry.address ?? known?.address
  if (!address) return null
  return house.keys.closeSecret(
    JSON.stringify({ address, secretToken: entry.secretToken ?? known?.secretToken ?? null }),
    contextOf(id),
  )
}

const opened = (house: House, id: Id, closed: Uint8Array) =>
  Secrets.parse(JSON.parse(house.keys.openSecret(closed, contextOf(id))))

export const channelHandlers: readonly Handled[] = [
  answer(api.channels, async (_, ctx) =>
    wholePage(
      (
        await of(ctx.tx)
          .selectFrom('outreachChannels')
          .selectAll()
          .where('areaCode', '=', own(ctx))
          .orderBy('recordedAt')
          .orderBy('id')
          .execute()
      ).map(shown),
    ),
  ),

  handle(
    api.addChannel,
    async ({ kind, ...entry }, ctx) => {
      await of(ctx.tx)
        .insertInto('outreachChannels')
        .values({
          areaCode: own(ctx),
          id: ctx.id,
          kind,
          name: entry.name,
          topics: JSON.stringify(entry.topics),
          state: 'trial',
          closed: closedWith(ctx.house, ctx.id, kind, entry, null),
          recordedAt: instantOf(ctx.now),
          recordedBy: ctx.who.account,
        })
        .execute()
      return getShown(ctx, ctx.id)
    },
    (_, ctx) => getShown(ctx, ctx.id),
  ),

  handle(
    api.changeChannel,
    async ({ channel: id, ...entry }, ctx) => {
      const before = await getChannel(ctx, id)
      await change(ctx, id, {
        name: entry.name,
        topics: JSON.stringify(entry.topics),
        closed: closedWith(ctx.house, id, before.kind, entry, before.closed),
      })
      return getShown(ctx, id)
    },
    ({ channel }, ctx) => getShown(ctx, channel),
  ),

  handle(
    api.switchChannel,
    async ({ channel: id, state }, ctx) => {
      const before = await getChannel(ctx, id)
      if (state === 'on' && !before.closed) throw say.noAddress()
      await change(ctx, id, { state })
      return getShown(ctx, id)
    },
    ({ channel }, ctx) => getShown(ctx, channel),
  ),

  handle(
    api.tryChannel,
    async ({ channel: id }, ctx) => {
      const channel = await getChannel(ctx, id)
      await queue(
        ctx,
        ctx.id,
        channel,
        await wordsHere(ctx, text('测试', 'Test'), text('这是一条测试消息', 'This is a test message')),
      )
      return shown(channel)
    },
    ({ channel }, ctx) => getShown(ctx, channel),
  ),

  answer(api.deliveries, async ({ outcome, after, limit }, ctx) => {
    let wanted = of(ctx.tx)
      .selectFrom('outreachDeliveries as d')
      .innerJoin('outreachChannels as c', (join) => join.onRef('c.areaCode', '=', 'd.areaCode').onRef('c.id', '=', 'd.channel'))
      .where('d.areaCode', '=', own(ctx))
    if (outcome) wanted = wanted.where('d.outcome', '=', outcome)
    const { total } = await wanted.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow()
    const last = fromCursor(after, 2)
    if (last) wanted = wanted.where(sql<SqlBool>`(d.at, d.id) < (${last[0]}::timestamptz, ${last[1]}::uuid)`)
    const rows = await wanted
      .select([
        'd.id',
        'd.channel',
        'd.words',
        'd.outcome',
        'd.tries',
        'd.answered',
        'd.at',
        'd.endedAt',
        'c.name as channelName',
      ])
      .orderBy('d.at', 'desc')
      .orderBy('d.id', 'desc')
      .limit(limit + 1)
      .execute()
    return pageFrom(rows, limit, total, (row) => [row.at, row.id])
  }),
]

const change = (ctx: Ctx, id: Id, to: { name?: string; topics?: string; state?: Channel['state']; closed?: Buffer | null }) =>
  of(ctx.tx).updateTable('outreachChannels').set(to).where('areaCode', '=', own(ctx)).where('id', '=', id).execute()

async function wordsHere(ctx: Ctx, topic: Text, title: Text): Promise<string> {
  const area = own(ctx)
  return wordsFor((await placesOf(ctx.house, ctx.tx, [area])).get(area) ?? area, topic, title)
}

/** Queues one piece of news for every group of this area that hears its kind. */
export async function spread(ctx: Ctx, { id, topic, title }: { id: Id; topic: Topic; title: Text }): Promise<void> {
  const channels = await of(ctx.tx)
    .selectFrom('outreachChannels')
    .selectAll()
    .where('areaCode', '=', own(ctx))
    .where('state', '<>', 'off')
    .execute()
  const words = await wordsHere(ctx, choiceText(Topic, topic), title)
  for (const channel of channels.filter((c) => c.topics.includes(topic))) await queue(ctx, id, channel, words)
}

async function queue(ctx: Ctx, id: Id, channel: Kept, words: string): Promise<void> {
  const at = instantOf(ctx.now)
  const dry = channel.state !== 'on' || !channel.closed
  const made = await of(ctx.tx)
    .insertInto('outreachDeliveries')
    .values({
      areaCode: own(ctx),
      id,
      channel: channel.id,
      words,
      tries: 0,
      answered: null,
      at,
      ...(dry ? { outcome: 'dryRun', endedAt: at } : { outcome: 'waiting', endedAt: null }),
    })
    .onConflict((taken) => taken.doNothing())
    .executeTakeFirst()
  if (!dry && made.numInsertedOrUpdatedRows) {
    await ctx.house.enqueue(ctx.tx, send, { area: own(ctx), id, channel: channel.id } satisfies Errand)
  }
  await ctx.touched(list)
}

const Errand = z.object({ area: z.string(), id: Id, channel: Id })
type Errand = z.infer<typeof Errand>

/**
 * Writes into the group outside any transaction. A stop of the house between the sending and its note sends once more:
 * a message twice is better than none.
 */
export const sendJob = job<Errand>({
  name: send,
  data: Errand,
  run: async (errand, house) => {
    const taken = await asSystem(house, errand.area, send, (ctx) => take(ctx, errand))
    if (!taken) return
    const { ok, answered } = await post(
      letterTo(taken.robot, taken.words, house.now()),
      taken.robot.kind,
      process.env['LINLI_CHANNEL_GATEWAY'],
    )
    await asSystem(house, errand.area, `${send}Noted`, (ctx) => note(ctx, errand, ok, answered))
  },
})

/** What is to be sent now; nothing when it was sent before, the group was switched off, or its minute is full. */
async function take(ctx: Ctx, errand: Errand): Promise<{ robot: Robot; words: string } | undefined> {
  const row = await at(ctx, errand).selectAll().forUpdate().executeTakeFirst()
  const channel = await of(ctx.tx)
    .selectFrom('outreachChannels')
    .selectAll()
    .where('areaCode', '=', errand.area)
    .where('id', '=', errand.channel)
    .executeTakeFirst()
  if (!channel || row?.outcome !== 'waiting') return undefined
  if (channel.state !== 'on' || !channel.closed) {
    await mark(ctx, errand, { outcome: 'dryRun', endedAt: instantOf(ctx.now) })
    return undefined
  }
  if ((await saidThisMinute(ctx, errand)) >= aMinute) {
    await ctx.house.enqueue(ctx.tx, send, errand, { startAfter: 60 })
    return undefined
  }
  await mark(ctx, errand, { tries: row.tries + 1 })
  return { robot: { kind: channel.kind, ...opened(ctx.house, channel.id, channel.closed) }, words: row.words }
}

async function note(ctx: Ctx, errand: Errand, ok: boolean, answered: string): Promise<void> {
  const { tries } = await at(ctx, errand).select('tries').executeTakeFirstOrThrow()
  const over = ok || tries >= mostTries
  await mark(ctx, errand, { answered, ...(over ? { outcome: ok ? 'sent' : 'failed', endedAt: instantOf(ctx.now) } : {}) })
  if (!over) await ctx.house.enqueue(ctx.tx, send, errand, { startAfter: 30 * 2 ** tries })
  await ctx.touched(list)
}

const at = (ctx: Ctx, { area, id, channel }: Errand) =>
  of(ctx.tx).selectFrom('outreachDeliveries').where('areaCode', '=', area).where('id', '=', id).where('channel', '=', channel)

const mark = (
  ctx: Ctx,
  { area, id, channel }: Errand,
  to: Partial<Pick<Delivery, 'outcome' | 'tries' | 'answered' | 'endedAt'>>,
) =>
  of(ctx.tx)
    .updateTable('outreachDeliveries')
    .set(to)
    .where('areaCode', '=', area)
    .where('id', '=', id)
    .where('channel', '=', channel)
    .execute()

async function saidThisMinute(ctx: Ctx, { area, channel }: Errand): Promise<number> {
  const { said } = await of(ctx.tx)
    .selectFrom('outreachDeliveries')
    .where('areaCode', '=', area)
    .where('channel', '=', channel)
    .where('outcome', 'in', ['sent', 'failed'])
    .where('endedAt', '>', instantOf(ctx.now - 60_000))
    .select(sql<number>`count(*)::int`.as('said'))
    .executeTakeFirstOrThrow()
  return said
}
