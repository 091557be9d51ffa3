// Beginning and ending duties: what the modules above call when an order, a plan or a rule asks for something that recurs.
import { sql } from 'kysely'
import { dayOf, instantAt, instantOf, type Day, type Instant } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import type { Ctx } from '#server/house.ts'
import { linkColumns } from '#server/facts.ts'
import { kindsOf } from '../kinds.ts'
import { Cadence, say, type SubjectKind } from '../model.ts'
import { placesOfSubjects } from './places.ts'
import { of } from './tables.ts'

export type NewDuty = {
  /** Key of a declared kind. */
  readonly kind: string
  readonly subjectKind: SubjectKind
  readonly subject: Id
  /** What asks for it: `observation.order` and the record's id. */
  readonly source: string
  readonly sourceId: Id
  readonly cadence: Cadence
  readonly startsOn: Day
  /** Slots due by then do not exist. Left out: a duty that starts today begins now, another one with its first day. */
  readonly startsAt?: Instant
  readonly lastDay?: Day | null
  /** Versions of the rules under which it was made. */
  readonly policyVersions?: readonly Id[]
  /** Whose it is by name; left out: whoever answers for the grid. */
  readonly owner?: Id | null
}

/** Begins a duty; answers its id. One that runs already for the same source, kind and subject is left as it is. */
export const startDuty = async (ctx: Ctx, duty: NewDuty): Promise<Id> => (await startDuties(ctx, [duty]))[0]!

/** The same for many, in a handful of statements; ids in the order of the duties. */
export async function startDuties(ctx: Ctx, duties: readonly NewDuty[]): Promise<Id[]> {
  if (!duties.length) return []
  const kinds = kindsOf(ctx.house)
  if (duties.some(({ kind }) => !kinds.has(kind))) throw say.unknownKind()
  const places = await placesOfSubjects(ctx, duties)
  const at = instantOf(ctx.now)
  const rows = duties.map(({ owner: _, ...duty }, i) => ({
    community: ctx.community,
    id: newId(),
    ...duty,
    cadence: JSON.stringify(Cadence.parse(duty.cadence)),
    startsAt: duty.startsAt ?? (duty.startsOn === dayOf(ctx.now) ? at : instantAt(duty.startsOn)),
    lastDay: duty.lastDay ?? null,
    endedAt: null,
    endedWhy: null,
    ...places[i]!,
    policyVersions: [...(duty.policyVersions ?? [])],
    recordedAt: at,
    recordedBy: ctx.who.account,
  }))
  const made = new Set<Id>()
  for (let i = 0; i < rows.length; i += 500) {
    const added = await of(ctx.tx)
      .insertInto('dutiesDuties')
      .values(rows.slice(i, i + 500))
      .onConflict((taken) => taken.doNothing())
      .returning('id')
      .execute()
    for (const { id } of added) made.add(id)
  }
  const fresh = rows.filter(({ id }) => made.has(id))
  await addTerms(
    ctx,
    fresh.map(({ id, lastDay }) => ({ subject: id, lastDay, ended: false })),
  )
  const owned = rows.flatMap(({ id }, i) => (made.has(id) && duties[i]!.owner ? [{ duty: id, account: duties[i]!.owner! }] : []))
  await nameOwners(ctx, owned)
  await ctx.touched('duties')
  const there =
    made.size < rows.length
      ? await runningOf(
          ctx,
          duties.map((d) => d.sourceId),
        )
      : new Map<string, Id>()
  return rows.map((row) => (made.has(row.id) ? row.id : there.get(`${row.sourceId} ${row.kind} ${row.subject}`)!))
}

async function runningOf(ctx: Ctx, sources: readonly Id[]): Promise<Map<string, Id>> {
  const found = await of(ctx.tx)
    .selectFrom('dutiesDuties')
    .select(['id', 'sourceId', 'kind', 'subject'])
    .where('community', '=', ctx.community)
    .where('sourceId', 'in', [...new Set(sources)])
    .where('endedAt', 'is', null)
    .execute()
  return new Map(found.map((d) => [`${d.sourceId} ${d.kind} ${d.subject}`, d.id]))
}

type NewTerm = { subject: Id; lastDay: Day | null; ended: boolean }

async function addTerms(
  ctx: Ctx,
  terms: readonly NewTerm[],
  { why, since }: { why?: string; since?: Instant } = {},
): Promise<void> {
  const options = { since: since ?? instantOf(ctx.now), ...(why ? { why } : {}) }
  for (let i = 0; i < terms.length; i += 500) {
    await of(ctx.tx)
      .insertInto('dutiesTerms')
      .values(terms.slice(i, i + 500).map(({ subject, ...term }) => ({ ...linkColumns(ctx, subject, options), ...term })))
      .execute()
  }
}

/** Ends every running duty of a source, or those of one kind; answers how many. What was done before stays counted. */
export async function endDuties(
  ctx: Ctx,
  sourceId: Id,
  why: string,
  { kind, at = instantOf(ctx.now) }: { kind?: string; at?: Instant } = {},
): Promise<number> {
  const { rows } = await sql<{ id: Id; lastDay: Day | null }>`
    update duties_duties set ended_at = ${at}, ended_why = ${why}
    where community = ${ctx.community} and source_id = ${sourceId} and ended_at is null and ${kind ? sql`kind = ${kind}` : sql`true`}
    returning id, last_day`.execute(ctx.tx)
  await addTerms(
    ctx,
    rows.map(({ id, lastDay }) => ({ subject: id, lastDay, ended: true })),
    { why, since: at },
  )
  if (rows.length) await ctx.touched('duties')
  return rows.length
}

/** Another last day for every running duty of a source: an order was extended or shortened. Answers how many. */
export async function changeLastDay(ctx: Ctx, sourceId: Id, lastDay: Day | null): Promise<number> {
  const { rows } = await sql<{ id: Id }>`
    update duties_duties set last_day = ${lastDay} where community = ${ctx.community} and source_id = ${sourceId} and ended_at is null
      and last_day is distinct from ${lastDay}::date returning id`.execute(ctx.tx)
  await addTerms(
    ctx,
    rows.map(({ id }) => ({ subject: id, lastDay, ended: false })),
  )
  if (rows.length) await ctx.touched('duties')
  return rows.length
}

/** Names the owner of each duty from now on; null gives it back to whoever answers for its grid. */
export async function nameOwners(ctx: Ctx, owners: readonly { duty: Id; account: Id | null }[], why?: string): Promise<void> {
  for (let i = 0; i < owners.length; i += 500) {
    await of(ctx.tx)
      .insertInto('dutiesOwners')
      .values(
        owners.slice(i, i + 500).map(({ duty, account }) => ({
          ...linkColumns(ctx, duty, { since: instantOf(ctx.now), ...(why ? { why } : {}) }),
          account,
        })),
      )
      .execute()
  }
}
