// Whether the first set-up is done, and the one-time token that allows it. Only the token's digest is kept.
import { createHash, randomBytes } from 'node:crypto'
import type { House } from '#server/house.ts'
import { storeOf } from './store.ts'

/** A digest without a key suffices: the token has 192 random bits. */
export const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest()

/** Whether there is anybody who can sign in. Until then the server listens on 127.0.0.1 only. */
export async function setUpDone(house: House): Promise<boolean> {
  const { rows } = await storeOf(house).pool.query<{ done: boolean }>(
    'select exists (select from public.identity_accounts) as done',
  )
  return rows[0]!.done
}

/** A new set-up token, valid until it is used or the next is made; undefined when set-up is done. The link is `/console/setup?token=…`. */
export async function setUpToken(house: House): Promise<string | undefined> {
  if (await setUpDone(house)) return undefined
  const token = randomBytes(24).toString('base64url')
  await storeOf(house).pool.query(
    `insert into auth.set_up (token) values ($1)
    on conflict (only_row) do update set token = excluded.token where auth.set_up.used_at is null`,
    [digestOf(token)],
  )
  return token
}
