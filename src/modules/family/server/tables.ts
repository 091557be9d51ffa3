// The tables of family as a transaction sees them. Codes and sessions are rows that no page ever sees.
import { z } from 'zod'
import { Instant } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { label } from '#core/labels.ts'
import type { Tx } from '#server/database/connect.ts'
import type { Ctx } from '#server/house.ts'
import { Correction, Objection, View } from '../model.ts'

const Community = z.string().regex(/^\d{12}$/)
const bytes = (zh: string, en: string) => label(z.instanceof(Buffer), zh, en)
const digest = (zh: string, en: string) => label(z.instanceof(Buffer).nullable(), zh, en)
/** `family_codes`: records. One stands for a view; a new one ends the old together with its PIN. */
export const Code = z.object({
  community: Community,
  id: Id,
  view: Id,
  closed: bytes('入口码（密文）', 'Code, closed'),
  qrDigest: bytes('二维码（摘要）', 'QR, digest'),
  typedDigest: bytes('手输码（摘要）', 'Typed form, digest'),
  typedUntil: label(Instant, '手输码有效至', 'Typed form holds until'),
  typedUsedAt: Instant.nullable(),
  ticketDigest: digest('首次进入', 'First use'),
  number: label(
    z
      .string()
      .regex(/^\d{4}$/)
      .nullable(),
    '核对数字',
    'Number',
  ),
  ticketUntil: Instant.nullable(),
  confirmedBy: Id.nullable(),
  confirmedAt: Instant.nullable(),
  pinHash: digest('密码', 'PIN'),
  pinSalt: digest('盐', 'Salt'),
  openedAt: label(Instant.nullable(), '首次进入', 'First used'),
  failures: label(z.int(), '连续输错', 'Wrong in a row'),
  missed: label(z.int(), '累计输错', 'Wrong ever'),
  lockedAt: Instant.nullable(),
  madeBy: Id,
  madeAt: Instant,
  endedAt: Instant.nullable(),
  endedBy: Id.nullable(),
})
export type Code = z.infer<typeof Code>

/** `family_sessions`: records. The cookie holds a secret of which only a keyed digest lies here. */
export const Session = z.object({
  community: Community,
  id: Id,
  view: Id,
  code: Id,
  digest: bytes('摘要', 'Digest'),
  begunAt: Instant,
  until: Instant,
  endedAt: Instant.nullable(),
})
export type Session = z.infer<typeof Session>

/** The row shapes that the house tests hold against the columns. */
export const tables = {
  familyViews: View,
  familyCodes: Code,
  familySessions: Session,
  familyObjections: Objection,
  familyCorrections: Correction,
}
export type Tables = {
  familyViews: View
  familyCodes: Code
  familySessions: Session
  familyObjections: Objection
  familyCorrections: Correction
}
/** This module's view of a transaction. */
export const of = (tx: Tx) => tx.withTables<Tables>()

/** The community of a request: the one it names, or that of the post. */
export const inCommunity = (ctx: Ctx, named: string | undefined): Ctx => {
  if (named) ctx.at(named)
  return ctx
}
