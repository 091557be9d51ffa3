// Lists on paper: printed as a record, keyed back line by line. Each line becomes an ordinary attempt at the time written on the paper.
import { sql } from 'kysely'
import { dayOf, instantAt, instantOf, msOf, type Instant } from '#core/dates.ts'
import type { Parsed } from '#core/contract.ts'
import type { Id } from '#core/ids.ts'
import { fromCursor, toCursor } from '#core/paging.ts'
import { say as factSay, standing } from '#server/facts.ts'
import { answer, handle, type Ctx, type Handled } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { requireReach } from '#server/scope.ts'
import { householdLabels, membersIn } from '#modules/residents/server.ts'
import { areaNames, dwellingAddresses, walkSql } from '#modules/territory/server.ts'
import { say, type Attempt, type Campaign } from '../model.ts'
import * as paperApi from '../paper.ts'
import {
  mostLines,
  outcomeOf,
  paperNumber,
  readNumber,
  type LineShown,
  type Mark,
  type Paper,
  type PaperShown,
} from '../paper.ts'
import { areaOf, findCampaign, formOf, getCampaign, onlyCampaign } from './campaigns.ts'
import { correctAttempt } from './correcting.ts'
import { doneBy, sizesOf } from './lists.ts'
import { recordAttempt } from './recording.ts'
import { standsAmong, statesAt } from './standing.ts'
import { of } from './tables.ts'

// --- printing ---------------------------------------------------------------------------------------------------------

async function printPaper(ctx: Ctx, { area: named, building, picked }: Parsed<typeof paperApi.printPaper>) {
  const { community } = ctx
  const area = areaOf(ctx, community, named)
  const campaign = await findCampaign(ctx.tx, community, area)
  if (!campaign) throw say.unknownCampaign()
  if (campaign.state !== 'open') throw say.wrongState()
  const { rows } = await sql<{ household: Id }>`
    select s.household from ${statesAt({ community, area, campaigns: onlyCampaign(campaign) })} as s
    left join ${dwellingAddresses(community)} as a on a.dwelling = s.dwelling
    where ${picked === 'left' ? sql`s.state <> 'covered'` : sql`true`} and ${building ? sql`a.building_id = ${building}` : sql`true`}
    order by ${walkSql('a')}, s.household`.execute(ctx.tx)
  if (rows.length === 0) throw say.emptyPaper()
  if (rows.length > mostLines) throw say.tooManyLines({ lines: rows.length, most: mostLines })
  await of(ctx.tx)
    .insertInto('screeningPapers')
    .values({
      community,
      id: ctx.id,
      number: await nextNumber(ctx),
      campaign: campaign.id,
      area,
      building: building ?? null,
      picked,
      lines: rows.length,
      printedAt: instantOf(ctx.now),
      printedBy: ctx.who.account,
    })
    .execute()
  await of(ctx.tx)
    .insertInto('screeningPaperLines')
    .values(rows.map(({ household }, i) => ({ community, paper: ctx.id, line: i + 1, household })))
    .execute()
  return printed(ctx, ctx.id)
}

/** Whoever prints at the same moment waits here. */
async function nextNumber({ tx, community }: Ctx): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`screening.papers:${community}`}, 0))`.execute(tx)
  const {
    rows: [last],
  } = await sql<{ n: number }>`
    select coalesce(max(number), 0)::int as n from screening_papers where community = ${community}`.execute(tx)
  return last!.n + 1
}

async function printed(ctx: Ctx, id: Id) {
  const found = await getPaper(ctx, id)
  return { paper: (await shownPapers(ctx, [found]))[0]!, rows: await linesOf(ctx, found) }
}

// --- reading ----------------------------------------------------------------------------------------------------------

/** A list within reach. Throws `screening.unknownPaper`. */
async function getPaper(ctx: Ctx, id: Id): Promise<Paper> {
  const found = await of(ctx.tx)
    .selectFrom('screeningPapers')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!found) throw say.unknownPaper()
  requireReach(ctx, found.area)
  return found
}

async function byNumber(ctx: Ctx, typed: string): Promise<Paper> {
  const number = readNumber(typed)
  if (number === undefined) throw say.wrongNumber()
  const found = await of(ctx.tx)
    .selectFrom('screeningPapers')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('number', '=', number)
    .executeTakeFirst()
  if (!found) throw say.unknownPaper()
  requireReach(ctx, found.area)
  return found
}

const attemptsFrom = (community: string, papers: readonly Id[]) => sql<Attempt & { paper: Id; line: number }>`(
  select a.* from screening_attempts as a
  where a.community = ${community} and a.paper = any(${papers}::uuid[]) and ${standing('screening_attempts', 'a')})`

async function shownPapers(ctx: Ctx, found: readonly Paper[]): Promise<PaperShown[]> {
  const { rows: keyed } = await sql<{ paper: Id; n: number; at: Instant }>`
    select a.paper, count(distinct a.line)::int as n, max(a.recorded_at) as at
    from ${attemptsFrom(
      ctx.community,
      found.map((p) => p.id),
    )} as a group by a.paper`.execute(ctx.tx)
  const { rows: buildings } = await sql<{ id: Id; name: string }>`
    select b.id, b.name from territory_buildings as b
    where b.community = ${ctx.community} and b.id = any(${found.flatMap((p) => p.building ?? [])}::uuid[])`.execute(ctx.tx)
  const campaigns = new Map<Id, Campaign>()
  for (const id of new Set(found.map((p) => p.campaign))) campaigns.set(id, await getCampaign(ctx.tx, ctx.community, id))
  const areas = await areaNames(
    ctx.tx,
    found.map((p) => p.area),
  )
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    found.map((p) => p.printedBy),
  )
  return found.map((one) => {
    const done = keyed.find((k) => k.paper === one.id)
    return {
      ...one,
      number: paperNumber(one.number),
      campaignTitle: campaigns.get(one.campaign)!.title,
      campaignState: campaigns.get(one.campaign)!.state,
      areaName: areas.get(one.area) ?? one.area,
      buildingName: buildings.find((b) => b.id === one.building)?.name ?? null,
      printedByName: names.get(one.printedBy) ?? ctx.who.name,
      keyed: done?.n ?? 0,
      keyedAt: done?.at ?? null,
    }
  })
}

async function listPapers(ctx: Ctx, { area: named, after, limit }: Parsed<typeof paperApi.papers>) {
  const area = areaOf(ctx, ctx.community, named)
  const mine = of(ctx.tx)
    .selectFrom('screeningPapers')
    .where('community', '=', ctx.community)
    .where(sql<boolean>`starts_with(area, ${area}::text)`)
  const { n } = await mine.select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
  const key = fromCursor(after, 1)
  const found = await mine
    .selectAll()
    .$if(key !== undefined, (q) => q.where('number', '<', Number(key![0])))
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute()
  const page = found.slice(0, limit)
  return {
    rows: await shownPapers(ctx, page),
    next: found.length > limit ? toCursor([page.at(-1)!.number]) : null,
    total: Number(n),
  }
}

/** Lines as they stand now: who lives there, what was keyed, and what others recorded meanwhile. */
async function linesOf(ctx: Ctx, { id, campaign }: Paper, only?: number): Promise<LineShown[]> {
  const { community } = ctx
  const lines = await of(ctx.tx)
    .selectFrom('screeningPaperLines')
    .selectAll()
    .where('community', '=', community)
    .where('paper', '=', id)
    .$if(only !== undefined, (q) => q.where('line', '=', only!))
    .orderBy('line')
    .execute()
  const households = lines.map((l) => l.household)
  const labels = await householdLabels(ctx.tx, households)
  const sizes = await sizesOf(ctx, community, households)
  const { rows: entries } = await sql<Attempt & { line: number; unwell: boolean }>`
    select a.*, exists (select from screening_statements as s where s.community = a.community and s.attempt = a.root and not s.well
      and ${standing('screening_statements', 's')}) as unwell
    from ${attemptsFrom(community, [id])} as a order by a.recorded_at, a.id`.execute(ctx.tx)
  const { rows: others } = await sql<Attempt>`
    select distinct on (a.household) a.* from screening_attempts as a
    where a.community = ${community} and a.campaign = ${campaign} and a.household = any(${households}::uuid[])
      and a.paper is distinct from ${id} and ${standsAmong('screening_attempts', 'a', { community })}
    order by a.household, a.counted_on desc, a.occurred_at desc, a.root desc`.execute(ctx.tx)
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    [...entries, ...others].flatMap((a) => [a.recordedBy, doneBy(a)]),
  )
  const nameOf = (account: Id) => names.get(account) ?? (account === ctx.who.account ? ctx.who.name : '—')
  const mine = new Map(entries.map((a) => [a.line, a]))
  const elsewhere = new Map(others.map((a) => [a.household, a]))
  return lines.map(({ line, household }) => {
    const [entry, other, label] = [mine.get(line), elsewhere.get(household), labels.get(household)]
    return {
      line,
      household,
      address: label?.address ?? '—',
      head: label?.head ?? null,
      people: sizes.get(household) ?? 0,
      entry: entry
        ? {
            attempt: entry.id,
            mark: markOf(entry),
            how: entry.how,
            at: entry.occurredAt,
            note: entry.note,
            walkedByName: nameOf(doneBy(entry)),
            keyedByName: nameOf(entry.recordedBy),
          }
        : null,
      elsewhere: other ? { outcome: other.outcome, how: other.how, at: other.occurredAt, byName: nameOf(doneBy(other)) } : null,
    }
  })
}

const markOf = ({ outcome, unwell }: Pick<Attempt, 'outcome'> & { unwell: boolean }): Mark =>
  outcome !== 'reached' ? outcome : unwell ? 'unwell' : 'allWell'

/** Who works in an area or above it within the community, and whoever asks: one of them walked. */
async function walkersOf(ctx: Ctx, area: string) {
  const { rows } = await sql<{ account: Id; name: string }>`
    select distinct n.id as account, n.name from identity_assignments as p
    join identity_accounts as n on n.id = p.account and n.state = 'active'
    where p.until is null and p.role <> 'administrator' and length(p.area_code) >= 12
      and (starts_with(p.area_code, ${area}::text) or starts_with(${area}::text, p.area_code))
    order by n.name, n.id`.execute(ctx.tx)
  const own = { account: ctx.who.account, name: ctx.who.name }
  return [own, ...rows.filter((row) => row.account !== own.account)]
}

// --- keying -----------------------------------------------------------------------------------------------------------

async function keyLine(ctx: Ctx, input: Parsed<typeof paperApi.keyLine>) {
  const paper = await getPaper(ctx, input.paper)
  const { household } = await getLine(ctx, paper, input.line)
  // Two desks at the same line: the second waits, and then sees the first.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`screening.line:${paper.id}:${input.line}`}, 0))`.execute(ctx.tx)
  const old = await entryOf(ctx, paper, input.line)
  if (old && !input.replaces) {
    if (!old.digest.equals(ctx.digest)) throw say.lineKeyed({ line: input.line })
    return keyed(ctx, paper, input.line, true)
  }
  if (input.replaces && old?.id !== input.replaces) throw factSay.replacedAlready()
  if (!(await walkersOf(ctx, paper.area)).some((one) => one.account === input.walkedBy)) throw say.unknownWalker()
  const occurredAt = await walkedAt(ctx, paper, input)
  const said = {
    household,
    how: input.how,
    outcome: outcomeOf[input.mark],
    parties: [],
    photos: [],
    note: input.note,
    ...(await statedOf(ctx, household, input)),
  }
  if (input.replaces) {
    const correction = { replaces: input.replaces, reason: input.reason!, entry: { ...said, occurredAt } }
    await correctAttempt(ctx, correction, { walkedBy: input.walkedBy })
  } else {
    const then: Ctx = { ...ctx, timing: { ...ctx.timing, occurredAt, countedOn: dayOf(occurredAt) } }
    const onPaper = { paper: paper.id, line: input.line, walkedBy: input.walkedBy }
    await recordAttempt(then, { campaign: paper.campaign, ...said, newPeople: [], keyPersons: [] }, onPaper)
  }
  return keyed(ctx, paper, input.line, false)
}

async function keyed(ctx: Ctx, paper: Paper, line: number, before: boolean) {
  const [row] = await linesOf(ctx, paper, line)
  const [shown] = await shownPapers(ctx, [paper])
  return { row: row!, keyed: shown!.keyed, lines: paper.lines, before }
}

async function getLine(ctx: Ctx, { id, lines }: Paper, line: number): Promise<{ household: Id }> {
  const found = await of(ctx.tx)
    .selectFrom('screeningPaperLines')
    .select('household')
    .where('community', '=', ctx.community)
    .where('paper', '=', id)
    .where('line', '=', line)
    .executeTakeFirst()
  if (!found) throw say.unknownLine({ lines })
  return found
}

const entryOf = (ctx: Ctx, { id }: Paper, line: number) =>
  of(ctx.tx)
    .selectFrom('screeningAttempts')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('paper', '=', id)
    .where('line', '=', line)
    .where(standing('screening_attempts', 'screening_attempts'))
    .executeTakeFirst()

/** The time on the paper: not before it was printed, not before or after the campaign, not in the future. */
async function walkedAt(
  ctx: Ctx,
  paper: Paper,
  { day, time }: Pick<Parsed<typeof paperApi.keyLine>, 'day' | 'time'>,
): Promise<Instant> {
  const at = instantAt(day, time)
  const campaign = await getCampaign(ctx.tx, ctx.community, paper.campaign)
  if (msOf(at) > ctx.now || day < campaign.startsOn || (campaign.closedAt !== null && at > campaign.closedAt))
    throw say.wrongTime()
  // A clock on the wall knows minutes only.
  if (msOf(at) + 60_000 <= msOf(paper.printedAt)) throw say.beforePrinted()
  return at
}

type Stated = Pick<Parsed<typeof paperApi.keyLine>, 'mark' | 'statements'>

/** "All well" speaks of everybody registered there, or of those who are named; whoever is unwell is named with the symptoms. */
async function statedOf(ctx: Ctx, household: Id, { mark, statements }: Stated) {
  if (mark === 'unwell') {
    if (!statements.some((s) => !s.well)) throw say.whoIsUnwell()
    return { present: [], statements }
  }
  if (mark !== 'allWell' || statements.length > 0) return { present: [], statements }
  const members = await membersIn(ctx, [household])
  return { allNormal: true as const, present: members.map((m) => m.root), statements: [] }
}

export const paperHandlers: readonly Handled[] = [
  handle(
    paperApi.printPaper,
    (input, ctx) => printPaper(ctx, input),
    (_, ctx) => printed(ctx, ctx.id),
  ),
  answer(paperApi.papers, (input, ctx) => listPapers(ctx, input)),
  answer(paperApi.paper, async ({ number }, ctx) => {
    const found = await byNumber(ctx, number)
    const campaign = await getCampaign(ctx.tx, ctx.community, found.campaign)
    return {
      paper: (await shownPapers(ctx, [found]))[0]!,
      rows: await linesOf(ctx, found),
      form: (await formOf(ctx.tx, campaign)).value,
      walkers: await walkersOf(ctx, found.area),
    }
  }),
  answer(paperApi.lineMembers, async ({ paper: id, line }, ctx) => {
    const { household } = await getLine(ctx, await getPaper(ctx, id), line)
    return { rows: (await membersIn(ctx, [household])).map((m) => ({ person: m.root, name: m.name })) }
  }),
  handle(
    paperApi.keyLine,
    (input, ctx) => keyLine(ctx, input),
    async ({ paper: id, line }, ctx) => keyed(ctx, await getPaper(ctx, id), line, true),
  ),
]
