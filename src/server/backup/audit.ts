// The keeper's acts from the command line stand in the audit log like everybody's, at the top area of the house.
import { kyselyOf, poolOf, asKeeper } from '../database/connect.ts'
import { sql } from 'kysely'
import { audit } from '../audit.ts'
import { padded } from '../scope.ts'
import { systemAccount } from '../system.ts'

/** `purpose` names a sheet or an epoch, never anything secret. */
export async function noteByKeeper(
  adminUrl: string,
  rolePrefix: string,
  contract: string,
  about: {
    shown?: number
    purpose?: string
  },
): Promise<void> {
  const pool = poolOf(adminUrl, { max: 1 })
  try {
    await asKeeper(kyselyOf(pool), rolePrefix, async (tx) => {
      // The first act of a house is its set-up, at its top area, and the padded code of that area comes first.
      const {
        rows: [top],
      } = await sql<{ area: string }>`select area from audit_log order by community limit 1`.execute(tx)
      const area = top?.area.slice(0, 12) || '000000'
      await audit(tx, {
        community: padded(area),
        at: Date.now(),
        account: systemAccount,
        session: 'keeper',
        device: null,
        role: 'system',
        area,
        contract,
        outcome: 'done',
        ...about,
      })
    })
  } finally {
    await pool.end()
  }
}
