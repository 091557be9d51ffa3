// What open doors share: the account by its name, the password that proves it, and the audit row that they write themselves.
import { verifyPassword } from 'better-auth/crypto'
import type { Contract } from '#core/contract.ts'
import type { Id } from '#core/ids.ts'
import { audit } from '#server/audit.ts'
import type { Tx } from '#server/database/connect.ts'
import type { House, OpenCtx } from '#server/house.ts'
import { padded } from '#server/scope.ts'
import { systemAccount } from '#server/system.ts'
import { say } from '../model.ts'
import { deviceOf } from './identify.ts'
import { takeAttempt } from './lockOut.ts'
import { storeOf, unknownPassword } from './store.ts'

export type Account = { id: Id; area: string; username: string; state: string }

export const accountBy = async (house: House, column: 'id' | 'username', value: string): Promise<Account | undefined> => {
  const { rows } = await storeOf(house).pool.query<Account>(
    `select id, area_code as area, username, state from public.identity_accounts where ${column} = $1`,
    [value],
  )
  return rows[0]
}

type Act = { session?: string; device: Id | null; problem?: string; purpose?: string }

/** Works in the account's home and writes there what was done; for an unknown name nowhere, at the same cost. */
export const audited = <T>(
  house: House,
  contract: Contract,
  account: Account | undefined,
  act: Act,
  work: (tx: Tx) => Promise<T>,
): Promise<T> => {
  const area = account?.area ?? '000000000000'
  return house.within(area, async (tx) => {
    const result = await work(tx)
    await audit(tx, {
      community: padded(area),
      at: house.now(),
      account: account?.id ?? systemAccount,
      session: act.session ?? '',
      device: act.device,
      role: '',
      area,
      contract: contract.name,
      outcome: act.problem ? 'refused' : 'done',
      ...(act.problem ? { problem: act.problem } : {}),
      ...(act.purpose ? { purpose: act.purpose } : {}),
    })
    return result
  })
}

/** Whether a password is this account's. A name that nobody has is tried against a password that nobody knows. */
export async function passwordFits(house: House, username: string, password: string): Promise<boolean> {
  const { rows } = await storeOf(house).pool.query<{ hash: string | null }>(
    `select a.password as hash from auth.account a
    join auth."user" u on u.id = a."userId" where u.username = $1 and a."providerId" = 'credential'`,
    [username.toLowerCase()],
  )
  return verifyPassword({ hash: rows[0]?.hash ?? (await unknownPassword()), password })
}

/** Throws `identity.wrongPassword`, audited and counted like a wrong sign-in. */
export async function requirePassword(
  { house, request, from, who }: OpenCtx,
  account: Account,
  password: string,
  contract: Contract,
): Promise<void> {
  const attempt = await takeAttempt(house, from.address, account.username)
  if (await passwordFits(house, account.username, password)) return attempt.succeeded()
  const problem = attempt.failed(say.wrongPassword())
  await audited(
    house,
    contract,
    account,
    { session: who!.session, device: deviceOf(request), problem: problem.code },
    async () => {},
  )
  throw problem
}
