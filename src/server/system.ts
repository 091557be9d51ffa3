// The house itself as an actor: what a job does is audited like what a person does.
import { newId } from '#core/ids.ts'
import { timing } from '#core/fact.ts'
import { audit } from './audit.ts'
import type { Ctx, House } from './house.ts'
import { isCommunity, padded, say } from './scope.ts'
import { touch } from './http/live.ts'

/** The account of the house: jobs, automatic reports. */
export const systemAccount = '00000000-0000-7000-8000-000000000001'

/** Runs `work` in one transaction, scoped to `area`, as the house; writes one audit row named by `what`. */
export function asSystem<T>(house: House, area: string, what: string, work: (ctx: Ctx) => Promise<T>): Promise<T> {
  return house.within(area, async (tx) => {
    const now = house.now()
    const post = { id: systemAccount, role: 'system', area }
    let purpose: string | undefined
    const ctx: Ctx = {
      house,
      tx,
      id: newId(),
      now,
      who: { account: systemAccount, name: 'system', session: 'system', posts: [post] },
      post,
      role: 'system',
      area,
      sees: new Set(),
      get community() {
        if (isCommunity(area)) return area.slice(0, 12)
        throw say.communityNeeded()
      },
      at: (community) => community,
      device: null,
      timing: timing(now),
      digest: house.keys.digest([what, area]),
      touched: (list) => touch(tx, list, padded(area)),
      looked: () => {},
      purpose: (words) => {
        purpose = words
      },
    }
    const result = await work(ctx)
    await audit(tx, {
      community: padded(area),
      at: now,
      account: systemAccount,
      session: 'system',
      device: null,
      role: 'system',
      area,
      contract: what,
      outcome: 'done',
      record: ctx.id,
      ...(purpose ? { purpose } : {}),
    })
    return result
  })
}
