// The audit log: the door writes it for every command, refusal and look, so no handler can forget it.
import { createHash } from 'node:crypto'
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { newId, type Id } from '#core/ids.ts'
import { instantOf } from '#core/dates.ts'
import type { Tx } from './database/connect.ts'
import { offer } from './house.ts'

/** What oversight asks of every module: did this account record anything about this person in that time? Columns as SQL; answers a predicate. */
export type Dealing = (of: Record<'community' | 'person' | 'account' | 'from' | 'to', RawBuilder<unknown>>) => RawBuilder<SqlBool>
export const dealings = offer<Dealing>('dealings')

/** The usual answer: rows of a table of facts that name the person in a column. */
export const recordedIn =
  (table: string, column: string): Dealing =>
  ({ community, person, account, from, to }) => sql<SqlBool>`exists (
  select from ${sql.table(table)} as d where d.community = ${community} and ${sql.ref(`d.${column}`)} = ${person}
    and d.recorded_by = ${account} and d.recorded_at between ${from} and ${to})`

type AuditTables = {
  auditLog: {
    community: string
    id: Id
    at: string
    account: Id
    session: string
    device: Id | null
    role: string
    area: string
    contract: string
    outcome: 'done' | 'before' | 'refused' | 'looked'
    problem: string | null
    record: Id | null
    inputDigest: Buffer | null
    shown: number | null
    purpose: string | null
  }
  auditLooks: { community: string; person: string; audit: Id; at: string }
}

export type Act = {
  /** Given where its looks are written before it. */
  id?: Id
  community: string
  at: number
  account: Id
  session: string
  device: Id | null
  role: string
  area: string
  contract: string
  outcome: AuditTables['auditLog']['outcome']
  problem?: string
  record?: Id
  inputDigest?: Buffer
  shown?: number
  purpose?: string
  /** Persons whom this act showed in full. */
  persons?: readonly string[]
  /** Of equal acts within ten minutes only the first is kept: masked lists that are paged and asked again. */
  once?: boolean
}

const tenMinutes = 600_000

/** One id for all equal acts of one session in the same ten minutes, so that the primary key keeps the first. */
function bucketId(act: Act): Id {
  const h = createHash('sha256')
    .update([act.session, act.contract, act.inputDigest?.toString('hex') ?? '', Math.floor(act.at / tenMinutes)].join('|'))
    .digest('hex')
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-8${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`
}

/** Writes one act, and a row per person looked at. */
export async function audit(tx: Tx, act: Act): Promise<Id> {
  const of = tx.withTables<AuditTables>()
  const id = act.once ? bucketId(act) : (act.id ?? newId())
  const at = instantOf(act.at)
  await of
    .insertInto('auditLog')
    .values({
      community: act.community,
      id,
      at,
      account: act.account,
      session: act.session,
      device: act.device,
      role: act.role,
      area: act.area,
      contract: act.contract,
      outcome: act.outcome,
      problem: act.problem ?? null,
      record: act.record ?? null,
      inputDigest: act.inputDigest ?? null,
      shown: act.shown ?? null,
      purpose: act.purpose ?? null,
    })
    .onConflict((c) => c.doNothing())
    .execute()
  await lookedAt(tx, { community: act.community, audit: id, at }, act.persons ?? [])
  return id
}

/** A row for each person whom an act showed; for a long export batch by batch. */
export async function lookedAt(
  tx: Tx,
  look: { community: string; audit: Id; at: string },
  persons: readonly string[],
): Promise<void> {
  if (persons.length === 0) return
  await sql`insert into audit_looks (community, person, audit, at)
    select distinct ${look.community}, p, ${look.audit}::uuid, ${look.at}::timestamptz from unnest(${[...persons]}::uuid[]) p
    on conflict do nothing`.execute(tx)
}

/** Whether this session has asked the same before: a refresh by a live event is then no new look. */
export async function lookedBefore(
  tx: Tx,
  act: Pick<Act, 'community' | 'session' | 'contract' | 'inputDigest'>,
): Promise<boolean> {
  const { rows } = await sql`select from audit_log where community = ${act.community} and session = ${act.session}
    and contract = ${act.contract} and input_digest = ${act.inputDigest} and outcome = 'looked' limit 1`.execute(tx)
  return rows.length > 0
}
