// Wrong passwords are counted by account and by address, also for names that do not exist, and survive a restart.
import type { Pool } from 'pg'
import { instantOf } from '#core/dates.ts'
import type { Problem } from '#core/problem.ts'
import type { House } from '#server/house.ts'
import { lockOut, say } from '../model.ts'
import { storeOf } from './store.ts'

export type Kind = keyof typeof lockOut
/** An attempt that was let through: it counts as a failure until `succeeded` takes it back. */
export type Attempt = {
  /** What to say of it: the lock, once it was the last attempt, or else what the caller says of a wrong password. */
  readonly failed: (wrong: Problem) => Problem
  readonly succeeded: () => Promise<void>
  /** Neither right nor wrong: it counts as if it had not been made. */
  readonly undone: () => Promise<void>
}
type Counted = { failures: number; lockedUntil: number | null }

const keyOf = (house: House, kind: Kind, value: string): Buffer => house.keys.digest([`identity.${kind}`, value.toLowerCase()])

/**
 * Takes one attempt of an address for an account. Counted before the password is looked at, so that many at once are
 * no way around. Throws `identity.lockedOut` where either has none left; a locked address costs the account nothing.
 */
export async function takeAttempt(house: House, address: string, username: string): Promise<Attempt> {
  const { pool } = storeOf(house)
  const counted: [Kind, Counted][] = []
  for (const [kind, value] of [
    ['address', address],
    ['account', username],
  ] as const) {
    const count = await countUp(house, pool, kind, value)
    if (count.failures > lockOut[kind].failures) throw lockedOut(house, count)
    counted.push([kind, count])
  }
  return {
    failed: (wrong) => {
      const locked = counted.find(([kind, { failures }]) => failures === lockOut[kind].failures)
      return locked ? lockedOut(house, locked[1]) : wrong
    },
    succeeded: async () => {
      await forgetFailures(house, username)
      await takeBack(house, 'address', address)
    },
    undone: async () => {
      await takeBack(house, 'account', username)
      await takeBack(house, 'address', address)
    },
  }
}

const takeBack = async (house: House, kind: Kind, value: string): Promise<unknown> =>
  storeOf(house).pool.query(
    `update auth.sign_in_failures set failures = failures - 1,
      locked_until = case when failures > $3 then locked_until end
    where kind = $1 and key = $2`,
    [kind, keyOf(house, kind, value), lockOut[kind].failures],
  )

const lockedOut = (house: House, { lockedUntil }: Counted) =>
  say.lockedOut({ minutes: Math.max(1, Math.ceil(((lockedUntil ?? house.now()) - house.now()) / 60_000)) })

/** One more. The count starts anew when a lock is over, or when the last one began too long ago. */
async function countUp(house: House, pool: Pool, kind: Kind, value: string): Promise<Counted> {
  const { failures, within, locked } = lockOut[kind]
  const now = house.now()
  const over = '(f.locked_until <= $3 or (f.locked_until is null and f.since <= $4))'
  const { rows } = await pool.query<{ failures: number; locked_until: Date | null }>(
    `
    insert into auth.sign_in_failures as f (kind, key, failures, since) values ($1, $2, 1, $3)
    on conflict (kind, key) do update set
      failures = case when ${over} then 1 else f.failures + 1 end,
      since = case when ${over} then excluded.since else f.since end,
      locked_until = case when ${over} then null when f.failures + 1 = $5 then $6::timestamptz else f.locked_until end
    returning failures, locked_until`,
    [kind, keyOf(house, kind, value), instantOf(now), instantOf(now - within), failures, instantOf(now + locked)],
  )
  return { failures: rows[0]!.failures, lockedUntil: rows[0]!.locked_until?.getTime() ?? null }
}

/** The account starts anew: the right password was given, or an administrator made a new one. */
export async function forgetFailures(house: House, username: string): Promise<void> {
  await storeOf(house).pool.query(`delete from auth.sign_in_failures where kind = 'account' and key = $1`, [
    keyOf(house, 'account', username),
  ])
}

/** Rows that no longer count for anything. */
export async function sweepFailures(house: House): Promise<void> {
  await storeOf(house).pool.query(
    'delete from auth.sign_in_failures where since < $1 and (locked_until is null or locked_until < $1)',
    [instantOf(house.now() - 86_400_000)],
  )
}
