// Files that no record came to name go after a while: a form given up, a record refused for good. The retention role deletes them.
import { sql } from 'kysely'
import type { Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { audit } from '../audit.ts'
import type { Tx } from '../database/connect.ts'
import type { House } from '../house.ts'
import { everywhere } from '../scope.ts'
import { systemAccount } from '../system.ts'

/** Removes what was handed over before the instant that `before` answers for a community and is named by no record; each in the audit log. */
export async function forgetUnnamed(
  house: House,
  signal: AbortSignal,
  before: (tx: Tx, community: string) => Promise<Instant>,
): Promise<void> {
  for (const community of await communitiesWithFiles(house)) {
    signal.throwIfAborted()
    await house.within(community, async (tx) => {
      const { rows } = await sql<{
        id: Id
      }>`select linli_forget_files(${community}, ${await before(tx, community)}) as id`.execute(tx)
      for (const { id } of rows) {
        await audit(tx, {
          community,
          at: house.now(),
          account: systemAccount,
          session: 'system',
          device: null,
          role: 'system',
          area: community,
          contract: 'files.forget',
          outcome: 'done',
          record: id,
        })
      }
    })
  }
}

async function communitiesWithFiles(house: House): Promise<string[]> {
  const found: string[] = []
  for (const scope of everywhere) {
    const { rows } = await house.within(scope, (tx) =>
      sql<{ community: string }>`select distinct community from files`.execute(tx),
    )
    found.push(...rows.map(({ community }) => community))
  }
  return found
}
