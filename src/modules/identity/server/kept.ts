// Everything that an account still answers for, asked of whoever keeps such things.
import type { Id } from '#core/ids.ts'
import type { Ctx } from '#server/house.ts'
import { ownedBy, type Owned, type OwnedBy } from '../owning.ts'

export type Kept = { readonly by: OwnedBy; readonly owned: Owned }

/** Everything that an account keeps, in the order of the register. */
export async function keptBy(ctx: Ctx, account: Id): Promise<readonly Kept[]> {
  const found: Kept[] = []
  for (const by of ctx.house.offered(ownedBy)) for (const owned of await by.find(ctx, account)) found.push({ by, owned })
  return found
}
