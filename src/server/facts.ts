// Writing facts and links, and reading those that stand: not replaced, not withdrawn, as of a watermark.
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { How } from '#core/fact.ts'
import { newId, type Id } from '#core/ids.ts'
import { problems } from '#core/problem.ts'
import type { Tx } from './database/connect.ts'
import type { Ctx } from './house.ts'

export const say = problems('facts', {
  unknown: [
    404,
    {
      zh: '没有找到这条记录，可能已在别处更正。请刷新后再试。',
      en: 'This record was not found; it may have been corrected elsewhere. Refresh and try again.',
    },
  ],
  notYours: [
    403,
    {
      zh: '只能更正自己登记的记录。请联系负责人更正。',
      en: 'You may correct only what you recorded yourself. Ask the community secretary.',
    },
  ],
  withdrawnAlready: [
    409,
    {
      zh: '这条记录已经撤回，不能再更正。如有需要请重新登记。',
      en: 'This record was withdrawn and cannot be corrected. Record it anew if needed.',
    },
  ],
  replacedAlready: [
    409,
    { zh: '这条记录已经更正过，请在最新一条上更正。', en: 'This record has been corrected already. Correct the newest one.' },
  ],
})

/** Columns of a first entry. `id` is the request's unless one request writes several facts. */
export const factColumns = (ctx: Ctx, how: How, id: Id = ctx.id) => ({
  community: ctx.community,
  id,
  root: id,
  ...ctx.timing,
  recordedBy: ctx.who.account,
  device: ctx.device,
  how,
  replaces: null,
  reason: null,
  withdrawn: false,
  digest: ctx.digest,
})

/** What a correction keeps of the entry that it replaces: the chain, and the time at which it happened. */
type Replaced = { id: Id; root: Id; occurredAt: string; countedOn: string; how: string }

/**
 * Columns of an entry that takes the place of another. It happened when the first happened; it is recorded now.
 * A doubted time is believed once somebody corrects it, therefore the doubt is not carried on.
 */
export const correctionColumns = (ctx: Ctx, replaced: Replaced, reason: string, withdrawn = false) => ({
  ...factColumns(ctx, replaced.how as How),
  root: replaced.root,
  replaces: replaced.id,
  reason,
  withdrawn,
  occurredAt: replaced.occurredAt,
  countedOn: replaced.countedOn,
  clockDoubt: null,
})

/** Columns of a dated link that begins now, or at `since`. */
export const linkColumns = (ctx: Ctx, subject: Id, options: { since?: string; why?: string } = {}) => ({
  community: ctx.community,
  id: newId(),
  subject,
  since: options.since ?? ctx.timing.occurredAt,
  recordedAt: ctx.timing.recordedAt,
  recordedBy: ctx.who.account,
  why: options.why ?? null,
})

/** Everything committed before it is in, everything after is out, whatever the clocks say. */
export type Watermark = { readonly generation: number; readonly xmin: string }

/** The watermark of now; `held` when a transaction that is still writing keeps it behind. */
export async function watermarkOf(tx: Tx): Promise<Watermark & { held: boolean }> {
  const { rows } = await sql<{ generation: number; xmin: string; held: boolean }>`
    select linli_generation() as generation, pg_snapshot_xmin(s)::text as xmin,
      pg_snapshot_xmin(s)::text::bigint < pg_snapshot_xmax(s)::text::bigint - 1 as held
    from pg_current_snapshot() s`.execute(tx)
  return rows[0]!
}

const columnOf = (alias: string, column: string) => sql.ref(`${alias}.${column}`)

/**
 * Whether a row was committed before the watermark; true for all without one. Said with `or`: of a row comparison the planner judges
 * the first column alone, expects no row of the present generation, and counting a community took minutes instead of half a second.
 */
export const before = (alias: string, asOf: Watermark | undefined): RawBuilder<SqlBool> =>
  asOf
    ? sql<SqlBool>`(${columnOf(alias, 'generation')} < ${asOf.generation}::int
    or ${columnOf(alias, 'generation')} = ${asOf.generation}::int and ${columnOf(alias, 'xid')} < ${asOf.xmin}::xid8)`
    : sql<SqlBool>`true`

/** Whether a fact stands. `table` and `alias` name it in SQL (snake_case). */
export const standing = (table: string, alias: string, asOf?: Watermark): RawBuilder<SqlBool> => sql<SqlBool>`(
  not ${columnOf(alias, 'withdrawn')} and ${before(alias, asOf)} and not exists (
    select from ${sql.table(table)} as newer
    where newer.community = ${columnOf(alias, 'community')} and newer.replaces = ${columnOf(alias, 'id')} and ${before('newer', asOf)}))`

/**
 * The links that hold at an instant: per subject the last one that began by then.
 * For reading links alone; beside other tables use `lastLink`, which stays quick where the planner expects too few rows.
 */
export const linksAt = <T>(
  table: string,
  options: { at?: string | undefined; asOf?: Watermark | undefined; community?: string | undefined } = {},
) =>
  sql<T>`(select distinct on (l.community, l.subject) l.* from ${sql.table(table)} as l
    where ${options.at ? sql`l.since <= ${options.at}` : sql`true`} and ${before('l', options.asOf)}
      and ${options.community ? sql`l.community = ${options.community}` : sql`true`}
    order by l.community, l.subject, l.since desc, l.generation desc, l.xid desc, l.seq desc)`

/**
 * The link of one subject that holds at an instant, for `join lateral`: one look into the index for each row beside it, so that
 * nothing depends on how many rows the planner expects. `subject` and `community` name columns of what stands before it.
 */
export const lastLink = (
  table: string,
  subject: string,
  community: string,
  { at, asOf }: { at?: string | undefined; asOf?: Watermark | undefined } = {},
) => sql`(
  select l.* from ${sql.table(table)} as l where l.community = ${sql.ref(community)} and l.subject = ${sql.ref(subject)}
    and ${at ? sql`l.since <= ${at}` : sql`true`} and ${before('l', asOf)}
  order by l.since desc, l.generation desc, l.xid desc, l.seq desc limit 1)`
