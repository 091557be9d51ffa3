// The second step of signing in: a code of an authenticator app, or a recovery code; set up, renewed, dropped, reset by somebody else.
import { sql } from 'kysely'
import { instantOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { handle, open, type Handled, type House, type OpenCtx, type OpenHandled } from '#server/house.ts'
import type { Tx } from '#server/database/connect.ts'
import * as api from '../api.ts'
import { recoveryCount, requiresSecondFactor, say } from '../model.ts'
import { announce, endSessionsOf } from './ending.ts'
import { requireManage } from './people.ts'
import { accountBy, audited, requirePassword } from './proving.ts'
import { asAuth, legibleWord, storeOf } from './store.ts'
import { deviceOf } from './identify.ts'
import { linkOf, newSecret, stepOfCode } from './totp.ts'

type Row = { secret: Buffer | null; pending: Buffer | null; confirmed_at: Date | null; last_step: string; codes: Buffer[] }

const contextOf = (account: Id): string => `identity.secondFactor:${account}`
const digestOf = (house: House, account: Id, code: string): Buffer =>
  house.keys.digest(['identity.recovery', account, code.toLowerCase().replaceAll(/[^a-z0-9]/g, '')])

async function rowOf(house: House, account: Id): Promise<Row | undefined> {
  const { rows } = await storeOf(house).pool.query<Row>(
    'select secret, pending, confirmed_at, last_step, codes from auth.second_factors where account = $1',
    [account],
  )
  return rows[0]
}

export type Proof = 'none' | 'code' | 'recovery' | 'missing' | 'wrong'

/**
 * What a sign-in proves beside its password: `none` where the account has no second step, `missing` where the code is still to come.
 * A code is good once; so is a recovery code.
 */
export async function proofOf(house: House, account: Id, code: string | undefined): Promise<Proof> {
  const row = await rowOf(house, account)
  if (!row?.secret) return 'none'
  if (!code?.trim()) return 'missing'
  const { pool } = storeOf(house)
  const words = code.replaceAll(/\s/g, '')
  if (/^\d{6}$/.test(words)) {
    const step = stepOfCode(house.keys.openSecret(row.secret, contextOf(account)), words, house.now(), Number(row.last_step))
    if (step === undefined) return 'wrong'
    // Two at once with one code: the second finds the half minute spent.
    const { rowCount } = await pool.query('update auth.second_factors set last_step = $2 where account = $1 and last_step < $2', [
      account,
      step,
    ])
    return rowCount ? 'code' : 'wrong'
  }
  const { rowCount } = await pool.query(
    'update auth.second_factors set codes = array_remove(codes, $2) where account = $1 and $2 = any(codes)',
    [account, digestOf(house, account, words)],
  )
  return rowCount ? 'recovery' : 'wrong'
}

const state = open(api.secondFactor, async (_, { house, who }) => {
  const row = await rowOf(house, who!.account)
  return {
    held: Boolean(row?.secret),
    since: row?.secret ? row.confirmed_at!.toISOString() : null,
    recoveryLeft: row?.secret ? row.codes.length : 0,
    required: who!.posts.some(requiresSecondFactor) && !house.demo,
  }
})

/** Whoever is at the screen of somebody else may not take over his sign-in: a sign-in of a moment ago, or the password. */
async function requireHolder(
  ctx: OpenCtx,
  password: string | undefined,
  contract: typeof api.beginSecondFactor | typeof api.renewRecovery | typeof api.dropSecondFactor,
) {
  const { house, who } = ctx
  const account = (await accountBy(house, 'id', who!.account))!
  if (password !== undefined) {
    await requirePassword(ctx, account, password, contract)
    return account
  }
  const { rows } = await storeOf(house).pool.query(
    `select from auth.session where id = $1 and "createdAt" > now() - interval '15 minutes'`,
    [who!.session],
  )
  if (!rows.length) throw say.wrongPassword()
  return account
}

const begin = open(api.beginSecondFactor, async ({ password }, ctx) => {
  const { house } = ctx
  const account = await requireHolder(ctx, password, api.beginSecondFactor)
  const secret = newSecret()
  await storeOf(house).pool.query(
    `insert into auth.second_factors (account, pending) values ($1, $2)
    on conflict (account) do update set pending = excluded.pending`,
    [account.id, house.keys.closeSecret(secret, contextOf(account.id))],
  )
  return { secret, link: linkOf(secret, account.username) }
})

const confirm = open(api.confirmSecondFactor, async ({ code }, ctx) => {
  const { house, who, request } = ctx
  const account = (await accountBy(house, 'id', who!.account))!
  const row = await rowOf(house, account.id)
  if (!row?.pending) throw say.beginAgain()
  const step = stepOfCode(house.keys.openSecret(row.pending, contextOf(account.id)), code.replaceAll(/\s/g, ''), house.now(), 0)
  if (step === undefined) throw say.wrongCode()
  const codes = newCodes()
  await audited(house, api.confirmSecondFactor, account, { session: who!.session, device: deviceOf(request) }, async (tx) => {
    await asAuth({ house, tx }, () =>
      sql`update auth.second_factors set secret = pending, pending = null, last_step = ${step},
      confirmed_at = ${instantOf(house.now())}, codes = ${codes.map((c) => digestOf(house, account.id, c))}::bytea[], reset_by = null
      where account = ${account.id}`.execute(tx),
    )
    // Whoever signed in elsewhere without the second step is signed out there.
    await endSessionsOf({ house, tx }, account.id, who!.session)
    await announce({ house, tx }, account.id)
  })
  return { recoveryCodes: codes }
})

const newCodes = (): string[] => Array.from({ length: recoveryCount }, () => `${legibleWord(5)}-${legibleWord(5)}`)

const renew = open(api.renewRecovery, async ({ password }, ctx) => {
  const { house, who, request } = ctx
  const account = await requireHolder(ctx, password, api.renewRecovery)
  const codes = newCodes()
  const done = await audited(house, api.renewRecovery, account, { session: who!.session, device: deviceOf(request) }, (tx) =>
    asAuth({ house, tx }, () =>
      sql`update auth.second_factors set codes = ${codes.map((c) => digestOf(house, account.id, c))}::bytea[]
      where account = ${account.id} and secret is not null returning account`.execute(tx),
    ),
  )
  if (!done.rows.length) throw say.beginAgain()
  return { recoveryCodes: codes }
})

const drop = open(api.dropSecondFactor, async ({ password }, ctx) => {
  const { house, who, request } = ctx
  if (who!.posts.some(requiresSecondFactor) && !house.demo) throw say.secondFactorStays()
  const account = await requireHolder(ctx, password, api.dropSecondFactor)
  await audited(house, api.dropSecondFactor, account, { session: who!.session, device: deviceOf(request) }, (tx) =>
    forgetSecondFactor({ house, tx }, account.id, null),
  )
  return {}
})

/** Takes the second step away. `by`: who reset it, remembered until it is set up anew; null for the holder. */
export async function forgetSecondFactor(at: { house: House; tx: Tx }, account: Id, by: Id | null): Promise<void> {
  await asAuth(at, () =>
    sql`update auth.second_factors set secret = null, pending = null, codes = '{}', confirmed_at = null, reset_by = ${by}
    where account = ${account}`.execute(at.tx),
  )
  await announce(at, account)
}

/** Whether an account has set up its second step. */
export const holdsSecondFactor = async (at: { house: House; tx: Tx }, account: Id): Promise<boolean> =>
  (await asAuth(at, () => sql`select from auth.second_factors where account = ${account} and secret is not null`.execute(at.tx)))
    .rows.length > 0

/** Nobody makes both the password and the second step of another void: else one person could sign in as him. */
export async function requireOtherHand(
  at: { house: House; tx: Tx },
  account: Id,
  me: Id,
  what: 'password' | 'secondFactor',
): Promise<void> {
  const { rows } = await asAuth(at, () =>
    (what === 'password'
      ? sql`select from auth.second_factors where account = ${account} and reset_by = ${me}`
      : sql`select from auth.sign_in_state where account = ${account} and must_change and reset_by = ${me}`
    ).execute(at.tx),
  )
  if (rows.length) throw say.secondPersonNeeded()
}

const reset = handle(
  api.resetSecondFactor,
  async ({ account }, ctx) => {
    await requireManage(ctx, account)
    if (account === ctx.who.account) throw say.notYourself()
    await requireOtherHand(ctx, account, ctx.who.account, 'secondFactor')
    await forgetSecondFactor(ctx, account, ctx.who.account)
    return { ended: await endSessionsOf(ctx, account) }
  },
  async () => ({ ended: 0 }),
)

export const secondFactorHandlers: readonly (Handled | OpenHandled)[] = [state, begin, confirm, renew, drop, reset]
