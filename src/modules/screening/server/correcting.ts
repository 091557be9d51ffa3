// Mending an attempt: a new entry takes the place of the old with a reason, and takes what was said there along.
import { dayOf, type Day, type Instant } from '#core/dates.ts'
import type { Parsed } from '#core/contract.ts'
import { newId, type Id } from '#core/ids.ts'
import { correctionColumns, say as factSay, standing } from '#server/facts.ts'
import { requireOwn as requireOwnFiles } from '#server/files/handling.ts'
import type { Ctx } from '#server/house.ts'
import { requireReach } from '#server/scope.ts'
import type { AttemptShown, correctAttempt as correctContract, withdrawAttempt as withdrawContract } from '../api.ts'
import type { AttemptCorrection } from '../entries.ts'
import { say, type Attempt, type AttemptHow, type Campaign } from '../model.ts'
import { getCampaign } from './campaigns.ts'
import { addStatements, placeOf, requireForm, requireHousehold, requireMembers, statementsOf, type Said } from './recording.ts'
import { of } from './tables.ts'

/** Own entries, and any for the secretary: whoever made the first entry or the one that stands. */
export async function requireOwn(ctx: Ctx, old: { recordedBy: Id }, firstBy: Id | undefined): Promise<void> {
  if (ctx.role !== 'communitySecretary' && old.recordedBy !== ctx.who.account && firstBy !== ctx.who.account)
    throw factSay.notYours()
}

const byId = (ctx: Ctx, id: Id) =>
  of(ctx.tx)
    .selectFrom('screeningAttempts')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('id', '=', id)
    .executeTakeFirst()

type Old = NonNullable<Awaited<ReturnType<typeof byId>>>

async function replaceable(ctx: Ctx, id: Id): Promise<Old> {
  const old = await byId(ctx, id)
  if (!old) throw say.unknownAttempt()
  requireReach(ctx, (await placeOf(ctx, old.household)).grid)
  if (old.walkedBy !== ctx.who.account)
    await requireOwn(ctx, old, old.root === old.id ? old.recordedBy : (await byId(ctx, old.root))?.recordedBy)
  if (old.withdrawn) throw factSay.withdrawnAlready()
  return old
}

type When = { occurredAt: Instant; countedOn: Day }

/** The time of the new entry: that of the old, or the one that somebody now says. */
function whenOf(ctx: Ctx, campaign: Campaign, old: Old, said: Instant | undefined): When {
  if (said === undefined) return { occurredAt: old.occurredAt, countedOn: old.countedOn }
  const day = dayOf(said)
  const inTime = Date.parse(said) <= ctx.now && day >= campaign.startsOn && (campaign.endsOn === null || day <= campaign.endsOn)
  if (!inTime) throw say.wrongTime()
  return { occurredAt: said, countedOn: day }
}

/** `walkedBy`: who is now said to have gone; left out, that stays as it was. */
export async function correctAttempt(
  ctx: Ctx,
  { replaces, reason, entry }: Parsed<typeof correctContract>,
  { walkedBy }: { walkedBy?: Id } = {},
): Promise<AttemptShown> {
  const old = await replaceable(ctx, replaces)
  const campaign = await getCampaign(ctx.tx, ctx.community, old.campaign)
  const place = await requireHousehold(ctx, campaign, entry.household)
  const said = statementsOf(entry)
  await requireMembers(
    ctx,
    entry.household,
    said.map((s) => s.person),
  )
  await requireForm(ctx, campaign, said, new Set())
  const when = whenOf(ctx, campaign, old, entry.occurredAt)
  await requireOwnFiles(ctx, 'screening', entry.photos ?? [], old.photos)
  const added = await of(ctx.tx)
    .insertInto('screeningAttempts')
    .values({
      ...correctionColumns(ctx, old, reason),
      ...when,
      how: entry.how,
      campaign: old.campaign,
      household: entry.household,
      dwelling: entry.household === old.household ? old.dwelling : place.dwelling,
      outcome: entry.outcome,
      parties: JSON.stringify(entry.parties),
      note: entry.note,
      photos: entry.photos ?? old.photos,
      walkedBy: walkedBy ?? old.walkedBy,
      paper: old.paper,
      line: old.line,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await restate(ctx, old.root, { reason, entry, campaign: old.campaign, when }, said)
  if (entry.outcome !== 'reached') await withdrawKeyPersonsOf(ctx, old.root, reason)
  return { ...(added as unknown as AttemptShown), recordedByName: ctx.who.name }
}

export async function withdrawAttempt(ctx: Ctx, { replaces, reason }: Parsed<typeof withdrawContract>): Promise<AttemptShown> {
  const old = await replaceable(ctx, replaces)
  const { campaign, household, dwelling, outcome, note } = old
  const added = await of(ctx.tx)
    .insertInto('screeningAttempts')
    .values({
      ...correctionColumns(ctx, old, reason, true),
      how: old.how,
      campaign,
      household,
      dwelling,
      outcome,
      parties: JSON.stringify(old.parties),
      note,
      photos: old.photos,
      walkedBy: old.walkedBy,
      paper: old.paper,
      line: old.line,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  for (const statement of await statementsAt(ctx, old.root)) await replaceStatement(ctx, statement, reason, statement, true)
  await withdrawKeyPersonsOf(ctx, old.root, reason)
  return { ...(added as unknown as AttemptShown), recordedByName: ctx.who.name }
}

const statementsAt = (ctx: Ctx, attempt: Id) =>
  of(ctx.tx)
    .selectFrom('screeningStatements')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('attempt', '=', attempt)
    .where(standing('screening_statements', 'screening_statements'))
    .execute()

type OldStatement = Awaited<ReturnType<typeof statementsAt>>[number]
type Anew = { how: AttemptHow; household: Id } & Omit<Said, 'person'> & Partial<When>

async function replaceStatement(ctx: Ctx, old: OldStatement, reason: string, anew: Anew, withdrawn = false): Promise<void> {
  const { attempt, campaign, person } = old
  const { how, household, well, symptoms, answers, occurredAt = old.occurredAt, countedOn = old.countedOn } = anew
  await of(ctx.tx)
    .insertInto('screeningStatements')
    .values({
      ...correctionColumns(ctx, old, reason, withdrawn),
      id: newId(),
      occurredAt,
      countedOn,
      how,
      attempt,
      campaign,
      household,
      person,
      well,
      symptoms: JSON.stringify(symptoms),
      answers: JSON.stringify(answers),
    })
    .execute()
}

type Restated = { reason: string; entry: AttemptCorrection; campaign: Id; when: When }

/** What was said of whoever is still named is said anew, of the others withdrawn, of newly named persons added. */
async function restate(ctx: Ctx, attempt: Id, { reason, entry, campaign, when }: Restated, said: readonly Said[]): Promise<void> {
  const { how, household } = entry
  const before = await statementsAt(ctx, attempt)
  for (const old of before) {
    const now = said.find((s) => s.person === old.person)
    if (!now) await replaceStatement(ctx, old, reason, old, true)
    else if (!isSame(old, now, { how, household, ...when })) {
      await replaceStatement(ctx, old, reason, { ...now, how, household, ...when })
    }
  }
  const fresh = said.filter((s) => !before.some((old) => old.person === s.person))
  await addStatements(ctx, { attempt, campaign, household, how }, fresh, { ...when, clockDoubt: null })
}

const isSame = (old: OldStatement, now: Said, at: { how: string; household: Id } & When): boolean =>
  old.clockDoubt === null &&
  JSON.stringify([old.well, old.symptoms, old.answers, old.how, old.household, old.occurredAt, old.countedOn]) ===
    JSON.stringify([now.well, now.symptoms, now.answers, at.how, at.household, at.occurredAt, at.countedOn])

/** Whom nobody met cannot have been found: the entries of key persons go with the attempt that found them. */
async function withdrawKeyPersonsOf(ctx: Ctx, attempt: Id, reason: string): Promise<void> {
  const found = await of(ctx.tx)
    .selectFrom('screeningKeyPersons')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('attempt', '=', attempt)
    .where(standing('screening_key_persons', 'screening_key_persons'))
    .execute()
  for (const old of found) {
    const { generation: _g, xid: _x, seq: _s, ...columns } = old
    await of(ctx.tx)
      .insertInto('screeningKeyPersons')
      .values({
        ...columns,
        ...correctionColumns(ctx, old, reason, true),
        id: newId(),
        symptoms: JSON.stringify(old.symptoms),
        policyVersions: JSON.stringify(old.policyVersions),
      })
      .execute()
  }
}

/** An attempt as it stands under this id, for a repeat and for pages. */
export async function attemptById(ctx: Ctx, id: Id): Promise<Attempt> {
  const found = await byId(ctx, id)
  if (!found) throw say.unknownAttempt()
  requireReach(ctx, (await placeOf(ctx, found.household)).grid)
  return found as unknown as Attempt
}
