// Passwords and sessions: better-auth over the schema `auth`, which only the sign-in role can read, and our own small tables beside it.
import { randomBytes } from 'node:crypto'
import { betterAuth } from 'better-auth'
import { hashPassword } from 'better-auth/crypto'
import { getMigrations } from 'better-auth/db/migration'
import { username } from 'better-auth/plugins'
import { sql } from 'kysely'
import type { Pool } from 'pg'
import type { Tx } from '#server/database/connect.ts'
import type { House } from '#server/house.ts'
import { signInLasts, Username } from '../model.ts'
import { memoryOf, type Memory } from './memory.ts'

const optionsOver = (pool: Pool, secret: string) =>
  ({
    database: pool,
    secret,
    // Asked from code only, never over its own addresses: the name is a placeholder that leads nowhere.
    baseURL: 'http://linli.invalid',
    emailAndPassword: { enabled: true, disableSignUp: true },
    session: {
      expiresIn: signInLasts,
      disableSessionRefresh: true,
      additionalFields: {
        device: { type: 'string', required: false, input: false },
        // Opened by the house itself, for stories and replays: no second step is asked for.
        excused: { type: 'boolean', required: false, input: false },
      },
    },
    plugins: [username({ minUsernameLength: 1, usernameValidator: (name: string) => Username.safeParse(name).success })],
    advanced: {
      database: { generateId: 'uuid' },
      cookiePrefix: 'linli',
      useSecureCookies: false,
      // Addresses of people are not kept beside their sessions.
      ipAddress: { disableIpTracking: true },
    },
    // It counts successes as failures; ours is lockOut.ts.
    rateLimit: { enabled: false },
    logger: { disabled: true },
    telemetry: { enabled: false },
  }) as const satisfies Parameters<typeof betterAuth>[0]

const authOver = (pool: Pool, secret: string) => betterAuth(optionsOver(pool, secret))

export type Store = {
  /** Works as the sign-in role with search path `auth`; instants come as `Date`. */
  readonly pool: Pool
  readonly auth: ReturnType<typeof authOver>
  readonly secret: string
  readonly memory: Memory
}

const stores = new WeakMap<House, Store>()

/** The sign-in store of this house; made at first use. */
export function storeOf(house: House): Store {
  const known = stores.get(house)
  if (known) return known
  const pool = house.connect({ role: 'auth', searchPath: 'auth', max: 5, plain: true })
  const secret = house.keys.secret('session').bytes.toString('base64url')
  const store: Store = { pool, secret, auth: authOver(pool, secret), memory: memoryOf() }
  house.onEnd(store.memory.forget)
  stores.set(house, store)
  return store
}

/** Beside better-auth's tables. They are made by the sign-in role, for the schema is its own. */
const ownTables = `
  create table if not exists auth.sign_in_state (
    account uuid primary key, must_change boolean not null default false, last_sign_in_at timestamptz(3));
  alter table auth.sign_in_state add column if not exists reset_by uuid;
  create table if not exists auth.second_factors (
    account uuid primary key, secret bytea, pending bytea, confirmed_at timestamptz(3), last_step bigint not null default 0,
    codes bytea[] not null default '{}', reset_by uuid);
  create table if not exists auth.sign_in_failures (
    kind text not null check (kind in ('account', 'address')), key bytea not null, failures integer not null,
    since timestamptz(3) not null, locked_until timestamptz(3), primary key (kind, key));
  create table if not exists auth.set_up (
    only_row boolean primary key default true check (only_row), token bytea not null, used_at timestamptz(3));`

const lockKey = 20_200_124

/** Brings the schema `auth` up to date, by one process at a time. */
export async function prepareStore(house: House): Promise<void> {
  const { pool, auth } = storeOf(house)
  const lock = await pool.connect()
  try {
    await lock.query('select pg_advisory_lock($1)', [lockKey])
    await (await getMigrations(auth.options)).runMigrations()
    await lock.query(ownTables)
    await lock.query('select pg_advisory_unlock($1)', [lockKey])
  } finally {
    lock.release()
  }
}

/** Steps into the sign-in role within a transaction of the door, so that an account and its password share one fate. */
export async function asAuth<T>({ house, tx }: { house: House; tx: Tx }, work: () => Promise<T>): Promise<T> {
  const become = (purpose: string) => sql`select set_config('role', ${`${house.rolePrefix}_${purpose}`}, true)`.execute(tx)
  await become('auth')
  try {
    const result = await work()
    await become('app_user')
    return result
  } catch (error) {
    // After a database error the transaction takes no more commands and is rolled back, and the role with it.
    await become('app_user').catch(() => {})
    throw error
  }
}

let nobodys: Promise<string> | undefined
/** The hash of a password that nobody knows: an account without one takes as long to refuse as any other. */
export const unknownPassword = (): Promise<string> => (nobodys ??= hashPassword(randomBytes(32).toString('base64url')))

// Without letters and digits that are mistaken for each other when read from a slip of paper.
const legible = 'abcdefghjkmnpqrstuvwxyz23456789'

/** So many letters at random, about 4.9 bits each. */
export function legibleWord(length: number): string {
  const letters: string[] = []
  while (letters.length < length) {
    for (const byte of randomBytes(16)) {
      if (byte < legible.length * 8 && letters.length < length) letters.push(legible[byte % legible.length]!)
    }
  }
  return letters.join('')
}

/** `kd7m-4hxp-w9rt`: about 59 bits, to be typed once. */
export const oneTimePassword = (): string => [4, 4, 4].map(legibleWord).join('-')
