// Codes and PINs: how they are made, closed, found again and compared. In clear they stand on paper and nowhere else.
import { randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { instantOf, type Instant } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import type { Tx } from '#server/database/connect.ts'
import type { Ctx, House } from '#server/house.ts'
import { everywhere } from '#server/scope.ts'
import { policy } from '#modules/policy/server.ts'
import { codeTerms, lengths, letters, spelledCode, type View } from '../model.ts'
import { of, type Code } from './tables.ts'

/** So many letters at random, five bits each. */
export const randomCode = (length: number): string =>
  Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join('')
/** Four digits to be read aloud. */
export const randomNumber = (): string => String(randomInt(10_000)).padStart(4, '0')
/** 256 bits for a cookie or a ticket. */
export const randomSecret = (): string => randomBytes(32).toString('base64url')

export const digestOf = (house: House, what: 'code' | 'ticket' | 'session', value: string): Buffer =>
  house.keys.digest([`family.${what}`, value])
export const sameDigest = (known: Buffer | null, given: Buffer): boolean =>
  known !== null && known.length === given.length && timingSafeEqual(known, given)

const closedIn = (code: Id) => `family.code:${code}`
type Written = { qr: string; typed: string }

/** A new code for a view, the old one and all who are inside by it ended. */
export async function makeCode(ctx: Ctx, view: Id): Promise<void> {
  const now = instantOf(ctx.now)
  await endCode(ctx, view)
  const { typedHours } = (await policy(ctx.tx, codeTerms, ctx.community, now)).value
  const id = newId()
  const written: Written = { qr: randomCode(lengths.qr), typed: randomCode(lengths.typed) }
  await of(ctx.tx)
    .insertInto('familyCodes')
    .values({
      community: ctx.community,
      id,
      view,
      closed: ctx.house.keys.encrypt(ctx.community, 'register', JSON.stringify(written), closedIn(id)),
      qrDigest: digestOf(ctx.house, 'code', written.qr),
      typedDigest: digestOf(ctx.house, 'code', written.typed),
      typedUntil: instantOf(ctx.now + typedHours * 3_600_000),
      typedUsedAt: null,
      ticketDigest: null,
      number: null,
      ticketUntil: null,
      confirmedBy: null,
      confirmedAt: null,
      pinHash: null,
      pinSalt: null,
      openedAt: null,
      failures: 0,
      missed: 0,
      lockedAt: null,
      madeBy: ctx.who.account,
      madeAt: now,
      endedAt: null,
      endedBy: null,
    })
    .execute()
}

export async function endCode(ctx: Ctx, view: Id): Promise<void> {
  const now = instantOf(ctx.now)
  await of(ctx.tx)
    .updateTable('familyCodes')
    .set({ endedAt: now, endedBy: ctx.who.account })
    .where('community', '=', ctx.community)
    .where('view', '=', view)
    .where('endedAt', 'is', null)
    .execute()
  await of(ctx.tx)
    .updateTable('familySessions')
    .set({ endedAt: now })
    .where('community', '=', ctx.community)
    .where('view', '=', view)
    .where('endedAt', 'is', null)
    .execute()
}

/** What stands on the paper; the typed form only while it can be used. */
export function writtenCode(
  ctx: Pick<Ctx, 'house' | 'now'>,
  code: Code,
): { qr: string; typed: string | null; typedUntil: Instant | null } {
  const { qr, typed } = JSON.parse(ctx.house.keys.decrypt(code.community, code.closed, closedIn(code.id))) as Written
  const good = code.typedUsedAt === null && code.typedUntil > instantOf(ctx.now)
  return { qr, typed: good ? typed : null, typedUntil: good ? code.typedUntil : null }
}

export type Found = { readonly code: Code; readonly view: View; readonly typed: boolean }

/**
 * The code that somebody brings, with its view; undefined for one that never was, was replaced or revoked, and for a typed form that
 * was used or is too old: who brings it cannot tell these apart. It does not say of which community it is, so each scope is asked.
 */
export async function findCode(house: House, given: string): Promise<Found | undefined> {
  const spelled = spelledCode(given)
  if (!spelled) return undefined
  const typed = spelled.length === lengths.typed
  const digest = digestOf(house, 'code', spelled)
  for (const scope of everywhere) {
    const found = await house.within(scope, (tx) => codeBy(tx, digest, typed))
    if (!found) continue
    const usable = !typed || (found.code.typedUsedAt === null && found.code.typedUntil > instantOf(house.now()))
    return usable ? { ...found, typed } : undefined
  }
  return undefined
}

async function codeBy(tx: Tx, digest: Buffer, typed: boolean): Promise<Omit<Found, 'typed'> | undefined> {
  const code = await of(tx)
    .selectFrom('familyCodes')
    .selectAll()
    .where(typed ? 'typedDigest' : 'qrDigest', '=', digest)
    .where('endedAt', 'is', null)
    .executeTakeFirst()
  const view =
    code &&
    (await of(tx)
      .selectFrom('familyViews')
      .selectAll()
      .where('community', '=', code.community)
      .where('id', '=', code.view)
      .where('endedAt', 'is', null)
      .executeTakeFirst())
  return code && view ? { code, view } : undefined
}

// --- PINs -------------------------------------------------------------------------------------------------------------

const stretch = promisify(scrypt) as (secret: Buffer, salt: Buffer, length: number, options: object) => Promise<Buffer>

/**
 * A PIN has a million values: first it is mixed with a key that lies outside the database, so that a stolen copy of the tables does not
 * give it away, then it is stretched. About 60 ms.
 */
export const hashPin = (house: House, code: Id, pin: string, salt: Buffer): Promise<Buffer> =>
  stretch(house.keys.digest(['family.pin', code, pin]), salt, 32, { N: 16_384, r: 8, p: 1 })
export const newSalt = (): Buffer => randomBytes(16)

/** Takes one try of a code, before the PIN is looked at, so that many at once are no way around. Undefined where none is left. */
export async function takeTry(house: House, { community, id }: Code, inARow: number, ever: number): Promise<Code | undefined> {
  return house.within(community, async (tx) => {
    const { rows } = await sql<Code>`update family_codes set failures = failures + 1, missed = missed + 1
      where community = ${community} and id = ${id} and ended_at is null and locked_at is null and pin_hash is not null
        and failures < ${inARow} and missed < ${ever} returning *`.execute(tx)
    return rows[0]
  })
}
