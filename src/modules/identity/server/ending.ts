// Sessions opened and ended. What ends here is forgotten by every process at the commit, and its live pages close.
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Id } from '#core/ids.ts'
import type { Tx } from '#server/database/connect.ts'
import type { House } from '#server/house.ts'
import { announceEnd } from '#server/http/live.ts'
import { cookieFor } from './cookie.ts'
import { asAuth, storeOf } from './store.ts'

type At = { readonly house: House; readonly tx: Tx }

/** Opens a session for whoever has just proved who he is. Answers `name=value` of the cookie. */
export const enterSession = (house: House, account: Id, device: Id | null, agent: string | null): Promise<{ cookie: string }> =>
  begin(house, account, { device, userAgent: agent?.slice(0, 300) ?? '', excused: false })

/** Opens a session that the house itself makes, for stories and replays: nobody typed a password, and no second step is asked for. */
export const openSession = (house: House, account: Id, device: Id | null = null): Promise<{ cookie: string }> =>
  begin(house, account, { device, userAgent: '', excused: true })

async function begin(
  house: House,
  account: Id,
  of: {
    device: Id | null
    userAgent: string
    excused: boolean
  },
): Promise<{ cookie: string }> {
  const { auth, secret } = storeOf(house)
  const { internalAdapter } = await auth.$context
  const { token } = await internalAdapter.createSession(account, false, of)
  return { cookie: await cookieFor(token, secret) }
}

/** Tells this process now and all processes at the commit that a session, an account or a device ended. */
export async function announce({ house, tx }: At, ended: string): Promise<void> {
  storeOf(house).memory.forget(ended)
  await announceEnd(tx, ended)
}

/** Ends sessions in the transaction of the door; answers how many there were. */
async function end(at: At, which: RawBuilder<SqlBool>): Promise<number> {
  const { rows } = await asAuth(at, () => sql<{ id: Id }>`delete from auth.session where ${which} returning id`.execute(at.tx))
  for (const { id } of rows) await announce(at, id)
  return rows.length
}

export const endSessionsOf = (at: At, account: Id, except: string | null = null): Promise<number> =>
  end(at, sql<SqlBool>`"userId" = ${account} and (${except}::uuid is null or id <> ${except}::uuid)`)
export const endSessionsOn = (at: At, device: Id): Promise<number> => end(at, sql<SqlBool>`device = ${device}`)
export const endOneSession = (at: At, account: Id, session: string): Promise<number> =>
  end(at, sql<SqlBool>`"userId" = ${account} and id = ${session}::uuid`)
