// Recording one attempt, whole: the attempt, what was said, new people, key persons, all in one transaction or not at all.
import { sql } from 'kysely'
import type { Timing } from '#core/fact.ts'
import { newId, type Id } from '#core/ids.ts'
import { factColumns, standing } from '#server/facts.ts'
import { requireOwn } from '#server/files/handling.ts'
import type { Ctx } from '#server/house.ts'
import { liesIn, requireReach } from '#server/scope.ts'
import { addHousehold, addPerson, joinHousehold } from '#modules/residents/server.ts'
import type { AttemptShown } from '../api.ts'
import type { AttemptEntry } from '../entries.ts'
import { say, type Answers, type AttemptHow, type Campaign } from '../model.ts'
import { misfits, takenBy } from '../rules.ts'
import { formOf, getCampaign } from './campaigns.ts'
import { keyPersonColumns } from './keyPersonEntry.ts'
import { placeBeside } from './standing.ts'
import { of } from './tables.ts'

/** What was said of one person, as a form or the short cut gives it. */
export type Said = { readonly person: Id; readonly well: boolean; readonly symptoms: string[]; readonly answers: Answers }
type SaidIn = { readonly allNormal?: true | undefined; readonly present: readonly Id[]; readonly statements: readonly Said[] }

/** "All well" says of each who was present that no symptom was named, and nothing else. */
export const statementsOf = ({ allNormal, present, statements }: SaidIn): readonly Said[] =>
  allNormal ? present.map((person) => ({ person, well: true, symptoms: [], answers: {} })) : statements

/** Where an attempt was written down first: a line of a printed list, and who walked. */
export type OnPaper = { readonly paper: Id; readonly line: number; readonly walkedBy: Id }

export async function recordAttempt(ctx: Ctx, entry: AttemptEntry, onPaper?: OnPaper): Promise<AttemptShown> {
  const campaign = await getCampaign(ctx.tx, ctx.community, entry.campaign)
  if (!takenBy(campaign, ctx.timing)) throw say.campaignClosed()
  if (entry.newHousehold) await addHousehold(ctx, entry.newHousehold, entry.how, entry.household)
  const said = statementsOf(entry)
  const place = await requireHousehold(ctx, campaign, entry.household)
  await requireMembers(
    ctx,
    entry.household,
    [...said.map((s) => s.person), ...entry.keyPersons.map((k) => k.person)],
    entry.newPeople.map((p) => p.id),
  )
  for (const {
    id,
    entry: { relation, ...details },
  } of entry.newPeople) {
    await addPerson(ctx, details, entry.how, id)
    await joinHousehold(ctx, id, entry.household, relation)
  }
  const { how, outcome, parties, note, photos } = entry
  await requireOwn(ctx, 'screening', photos)
  const attempt = await of(ctx.tx)
    .insertInto('screeningAttempts')
    .values({
      ...factColumns(ctx, how),
      how,
      campaign: campaign.id,
      household: entry.household,
      dwelling: place.dwelling,
      outcome,
      parties: JSON.stringify(parties),
      note,
      photos,
      ...onPaper,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await requireForm(ctx, campaign, said, new Set(entry.keyPersons.map((k) => k.person)))
  await addStatements(ctx, { attempt: ctx.id, campaign: campaign.id, household: entry.household, how }, said)
  for (const { id, person, ...about } of entry.keyPersons) {
    await of(ctx.tx)
      .insertInto('screeningKeyPersons')
      .values({
        ...factColumns(ctx, how, id),
        ...(await keyPersonColumns(ctx, about)),
        campaign: campaign.id,
        attempt: ctx.id,
        household: entry.household,
        person,
      })
      .execute()
  }
  return { ...(attempt as unknown as AttemptShown), recordedByName: ctx.who.name }
}

export type Place = { dwelling: Id | null; grid: string | null }

/** Where a household lives now, if the campaign and the caller's post reach it there. */
export async function requireHousehold(ctx: Ctx, campaign: Pick<Campaign, 'area'>, household: Id): Promise<Place> {
  const place = await placeOf(ctx, household)
  requireReach(ctx, place.grid)
  if (campaign.area.length > 12 && !(place.grid && liesIn(place.grid, campaign.area))) throw say.outsideCampaign()
  return place
}

/** One household, read by key: this is asked with every attempt. */
export async function placeOf(ctx: Ctx, household: Id): Promise<Place> {
  const {
    rows: [found],
  } = await sql<Place>`
    select o.dwelling, o.grid from residents_households as h left join lateral ${placeBeside('h.id', 'h.community')} as o on true
    where h.community = ${ctx.community} and h.id = ${household} and h.root = h.id`.execute(ctx.tx)
  if (!found) throw say.unknownHousehold()
  return found
}

/** Everybody spoken of is or was a member of the household, or is added by the same request: a late phone may speak of who left since. */
export async function requireMembers(ctx: Ctx, household: Id, persons: readonly Id[], added: readonly Id[] = []): Promise<void> {
  const known = [...new Set(persons)].filter((person) => !added.includes(person))
  if (known.length === 0) return
  const { rows } = await sql<{ n: number }>`
    select count(distinct subject)::int as n from residents_memberships
    where community = ${ctx.community} and household = ${household} and subject = any(${known}::uuid[])`.execute(ctx.tx)
  if (rows[0]!.n < known.length) throw say.notOfHousehold()
}

/** Answers fit the form of the campaign; questions for key persons are answered only by them. */
export async function requireForm(
  ctx: Ctx,
  campaign: Campaign,
  said: readonly Said[],
  keyPersonsHere: ReadonlySet<Id>,
): Promise<void> {
  const telling = said.filter((s) => s.symptoms.length > 0 || Object.keys(s.answers).length > 0)
  if (telling.length === 0) return
  const form = (await formOf(ctx.tx, campaign)).value
  const known = await keyPersonsAmong(
    ctx,
    telling.map((s) => s.person),
  )
  const found = telling.map((s) => misfits(form, s, keyPersonsHere.has(s.person) || known.has(s.person)))
  const wrong = new Set(found.flatMap((f) => f.wrong))
  if (wrong.size > 0) throw say.notInForm({ questions: [...wrong] })
  const keyPersonsOnly = new Set(found.flatMap((f) => f.keyPersonsOnly))
  if (keyPersonsOnly.size > 0) throw say.keyPersonsOnly({ questions: [...keyPersonsOnly] })
}

async function keyPersonsAmong(ctx: Ctx, persons: readonly Id[]): Promise<ReadonlySet<Id>> {
  const rows = await of(ctx.tx)
    .selectFrom('screeningKeyPersons')
    .select('person')
    .where('community', '=', ctx.community)
    .where('person', 'in', [...persons])
    .where(standing('screening_key_persons', 'screening_key_persons'))
    .execute()
  return new Set(rows.map((r) => r.person))
}

export type StatementOf = { readonly attempt: Id; readonly campaign: Id; readonly household: Id; readonly how: AttemptHow }

/** Adds first statements; `when` puts them on the time of an attempt that is corrected later. */
export async function addStatements(
  ctx: Ctx,
  about: StatementOf,
  said: readonly Said[],
  when: Partial<Pick<Timing, 'occurredAt' | 'countedOn' | 'clockDoubt'>> = {},
): Promise<void> {
  if (said.length === 0) return
  await of(ctx.tx)
    .insertInto('screeningStatements')
    .values(
      said.map(({ person, well, symptoms, answers }) => ({
        ...factColumns(ctx, about.how, newId()),
        ...when,
        ...about,
        person,
        well,
        symptoms: JSON.stringify(symptoms),
        answers: JSON.stringify(answers),
      })),
    )
    .execute()
}
