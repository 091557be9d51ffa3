// Handing over what somebody still answers for, all of it or some, to somebody who works there; in one transaction.
import { instantOf } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { wholePage } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { answer, handle, type Ctx, type Handled } from '#server/house.ts'
import { liesIn } from '#server/scope.ts'
import * as api from '../api.ts'
import { mayAppoint, say } from '../model.ts'
import { notify } from '../news.ts'
import { givePost } from './accounts.ts'
import { keptBy, type Kept } from './kept.ts'
import { areaNames, getAccount, requireManage, standingPosts } from './people.ts'
import { tablesOf } from './tables.ts'

async function linesOf(ctx: Ctx, account: Id): Promise<api.OwnedLine[]> {
  const kept = await keptBy(ctx, account)
  const nameOf = await areaNames(
    ctx.house,
    ctx.tx,
    kept.map(({ owned }) => owned.area),
  )
  return kept.map(({ by: { kind, title }, owned }) => ({ kind, kindText: title, ...owned, areaName: nameOf(owned.area) }))
}

const owned = answer(api.owned, async ({ account }, ctx) => {
  await getAccount(ctx, account)
  return wholePage(await linesOf(ctx, account))
})

const handOver = handle(
  api.handOver,
  async ({ account, to, items, posts, reason }, ctx) => {
    await requireManage(ctx, account)
    await requireReceiver(ctx, account, to)
    if (posts) await givePosts(ctx, account, to)
    const wanted = items && new Set(items.map((i) => `${i.kind}\n${i.item}`))
    const kept = await keptBy(ctx, account)
    const moving = kept.filter(({ by, owned }) => !wanted || wanted.has(`${by.kind}\n${owned.item}`))
    if (wanted && moving.length < wanted.size) throw say.ownedNoMore()
    await requireWorksThere(ctx, to, moving)
    for (const each of moving) await handOne(ctx, account, to, each, reason ?? null)
    for (const kind of new Set(moving.map(({ by }) => by.kind.split('.')[0]!))) await ctx.touched(kind)
    if (moving.length > 0)
      await notify(ctx, { topic: 'assigned', to: [to], title: said(moving.length), path: moving[0]!.owned.path })
    return { moved: moving.length, left: kept.length - moving.length }
  },
  async ({ account }, ctx) => ({ moved: 0, left: (await keptBy(ctx, account)).length }),
)

const said = (count: number) =>
  text(`${count} 项工作交接给您`, `${count} ${count === 1 ? 'thing was' : 'things were'} handed to you`)

async function handOne(ctx: Ctx, giver: Id, receiver: Id, { by, owned }: Kept, reason: string | null): Promise<void> {
  await tablesOf(ctx.tx)
    .insertInto('identityHandOvers')
    .values({
      areaCode: owned.area,
      id: newId(),
      kind: by.kind,
      item: owned.item,
      giver,
      receiver,
      at: instantOf(ctx.now),
      recordedBy: ctx.who.account,
      reason,
    })
    .execute()
  await by.handOver?.(ctx, receiver, owned)
}

async function requireReceiver(ctx: Ctx, from: Id, to: Id): Promise<void> {
  if (from === to) throw say.toSomebodyElse()
  if ((await getAccount(ctx, to)).state !== 'active') throw say.wrongState()
}

/** The posts of the one who leaves, as far as the caller may give them and the receiver lacks them. */
async function givePosts(ctx: Ctx, from: Id, to: Id): Promise<void> {
  const [own, held] = [await standingPosts(ctx.tx, from), await standingPosts(ctx.tx, to)]
  const lacking = own.filter((p) => !held.some((h) => h.role === p.role && liesIn(p.area, h.area)))
  for (const post of lacking) {
    if (!mayAppoint(ctx.post, post)) throw say.mayNotAppoint()
    await givePost(ctx, to, post)
  }
}

/** Nobody answers for a place in which he has no post: he could neither see nor do anything there. */
async function requireWorksThere(ctx: Ctx, to: Id, moving: readonly Kept[]): Promise<void> {
  const held = await standingPosts(ctx.tx, to)
  const missing = moving.filter(({ owned }) => !held.some((post) => liesIn(owned.area, post.area)))
  if (missing.length === 0) return
  const codes = [...new Set(missing.map(({ owned }) => owned.area))]
  const nameOf = await areaNames(ctx.house, ctx.tx, codes)
  throw say.noPostThere({ areas: codes.map(nameOf).join('、') })
}

export const handingOverHandlers: readonly Handled[] = [owned, handOver]
