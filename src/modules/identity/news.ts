// What somebody should hear of, said by the module that knows it in the transaction in which it happened. Who carries it is
// not known here: messengers answer the offer.
import type { z } from 'zod'
import type { Id } from '#core/ids.ts'
import { choice } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { offer, type Ctx } from '#server/house.ts'
import type { Role } from './model.ts'
import { tablesOf } from './server/tables.ts'

/** Why somebody hears of something. */
export const Topic = choice({
  returned: text('退回', 'Returned'),
  escalated: text('催办', 'Escalated'),
  answered: text('答复', 'Answered'),
  waiting: text('待办', 'Waiting for you'),
  assigned: text('交接', 'Handed to you'),
})
export type Topic = z.infer<typeof Topic>

/** Everybody who holds one of these roles at exactly this area. */
type Holders = { readonly roles: readonly Role[]; readonly area: string }

/**
 * One piece of news. `title` names days, counts, areas and kinds, never a resident: it may travel to a chat group.
 * `path` is the console's page that shows more, after a sign-in.
 */
export type News = {
  readonly topic: Topic
  readonly to: readonly Id[] | Holders
  readonly title: Text
  readonly path: string
}

/** An account and the area at which it hears. */
export type Receiver = { readonly account: Id; readonly area: string }
export type Messenger = (ctx: Ctx, news: Omit<News, 'to'> & { readonly receivers: readonly Receiver[] }) => Promise<void>
/** Whoever carries news: asked by `notify`, in the caller's transaction. */
export const messengers = offer<Messenger>('messengers')

/** Says it to those whom it concerns, but not to the one who did it. Nobody to hear it is no error. */
export async function notify(ctx: Ctx, { to, ...news }: News): Promise<void> {
  const receivers = (await receiversOf(ctx, to)).filter((r) => r.account !== ctx.who.account)
  if (receivers.length === 0) return
  for (const carry of ctx.house.offered(messengers)) await carry(ctx, { ...news, receivers })
}

/** Each account once, at the widest of the posts that the scope shows; an account without a post here hears at the caller's area. */
async function receiversOf(ctx: Ctx, to: News['to']): Promise<Receiver[]> {
  if (!('roles' in to) && to.length === 0) return []
  let posts = tablesOf(ctx.tx).selectFrom('identityAssignments').select(['account', 'areaCode']).where('until', 'is', null)
  posts =
    'roles' in to
      ? posts.where('areaCode', '=', to.area).where('role', 'in', [...to.roles])
      : posts.where('account', 'in', [...to])
  const areas = new Map((await posts.orderBy('areaCode', 'desc').execute()).map((p) => [p.account, p.areaCode]))
  const accounts = 'roles' in to ? [...areas.keys()] : [...new Set(to)]
  return accounts.map((account) => ({ account, area: areas.get(account) ?? ctx.area }))
}
