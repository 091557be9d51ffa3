// Campaigns: opened under the rules and the response of the day, found by those who work in them, closed for good.
import { sql, type RawBuilder } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import { dayOf, instantOf, type Day, type Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import type { Tx } from '#server/database/connect.ts'
import { before, type Watermark } from '#server/facts.ts'
import { answer, handle, type Ctx, type Handled } from '#server/house.ts'
import type { Underway } from '#server/indicators.ts'
import { namesOf } from '#server/names.ts'
import { liesIn, requireReach, say as scopeSay } from '#server/scope.ts'
import { privacyNotice } from '#modules/policy/model.ts'
import { activeResponse, policy } from '#modules/policy/server.ts'
import { areaNames } from '#modules/territory/server.ts'
import * as api from '../api.ts'
import { can, say, type Campaign } from '../model.ts'
import { screeningForm } from '../rules.ts'
import { stepsOf } from './standing.ts'
import { of } from './tables.ts'

/** The community that a question is about: the caller's, or the one that a wider post names. */
export const communityOf = (ctx: Ctx, named: string | undefined): string => (named ? ctx.at(named) : ctx.community)

/** The area that a list is about, never wider than the post: a grid worker's "all" is the grid. */
export function areaOf(ctx: Ctx, community: string, named: string | undefined): string {
  const own = ctx.area.length > 12 ? ctx.area : community
  if (named === undefined) return own
  if (!liesIn(named, own)) throw scopeSay.outOfReach()
  return named
}

const query = (tx: Tx, community: string) =>
  of(tx).selectFrom('screeningCampaigns').selectAll().where('community', '=', community)

export async function getCampaign(tx: Tx, community: string, id: Id): Promise<Campaign> {
  const found = await query(tx, community).where('id', '=', id).executeTakeFirst()
  if (!found) throw say.unknownCampaign()
  return found
}

/** The campaign that covers an area: the open one, else the one closed last. One of a part of the area covers only that part. */
export const findCampaign = async (tx: Tx, community: string, area: string): Promise<Campaign | undefined> =>
  query(tx, community)
    .where(sql<boolean>`(starts_with(${area}::text, area) or starts_with(area, ${area}::text))`)
    .orderBy(sql`state = 'open'`, 'desc')
    .orderBy(sql`length(area) <= length(${area}::text)`, 'desc')
    .orderBy('openedAt', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst()

/** The campaign that a page asks about. */
export const askedCampaign = (ctx: Ctx, community: string, named: Id | undefined, area: string): Promise<Campaign | undefined> =>
  named ? getCampaign(ctx.tx, community, named) : findCampaign(ctx.tx, community, area)

/** The questions of a campaign: those in force when it was opened, as they were known then. They do not change under way. */
export const formOf = (tx: Tx, { community, openedAt }: Pick<Campaign, 'community' | 'openedAt'>) =>
  policy(tx, screeningForm, community, openedAt, openedAt)

/** Columns (id, area, opened_at): the campaigns that are or were in force on a day, as known by a watermark and until an instant. */
export const inForce = ({
  community,
  day,
  until,
  asOf,
}: {
  community: string
  day: Day
  until?: Instant | undefined
  asOf?: Watermark | undefined
}): RawBuilder<unknown> => sql`(
  select c.id, c.area, c.opened_at from screening_campaigns as c
  where c.community = ${community} and c.starts_on <= ${day}::date and (c.ends_on is null or c.ends_on >= ${day}::date)
    and ${until ? sql`c.opened_at <= ${until}` : sql`true`} and ${before('c', asOf)})`

/** Communities of an area (1 to 12 digits) with a campaign on a day: a daily report is called for there. */
export const communitiesUnderway: Underway = async (tx, area, day) => {
  const { rows } = await sql<{ community: string }>`
    select distinct c.community from screening_campaigns as c where c.community >= ${area} and c.community < ${`${area}~`}
      and c.starts_on <= ${day}::date and (c.ends_on is null or c.ends_on >= ${day}::date)`.execute(tx)
  return rows.map((row) => row.community)
}

/** The same columns for one campaign. */
export const onlyCampaign = ({ community, id }: Pick<Campaign, 'community' | 'id'>): RawBuilder<unknown> => sql`(
  select c.id, c.area, c.opened_at from screening_campaigns as c where c.community = ${community} and c.id = ${id})`

async function openOne(ctx: Ctx, { title, area, startsOn, dueOn }: Parsed<typeof api.openCampaign>): Promise<Campaign> {
  const today = dayOf(ctx.now)
  const begins = startsOn ?? today
  requireReach(ctx, area)
  if (!liesIn(area, ctx.community)) throw scopeSay.outOfReach()
  if (begins > today) throw say.notStartedYet()
  if (dueOn !== null && dueOn < begins) throw say.wrongDates()
  await requireFree(ctx, area)
  const now = instantOf(ctx.now)
  const form = await formOf(ctx.tx, { community: ctx.community, openedAt: now })
  const response = await activeResponse(ctx.tx, ctx.community, today)
  return of(ctx.tx)
    .insertInto('screeningCampaigns')
    .values({
      community: ctx.community,
      id: ctx.id,
      title,
      area,
      startsOn: begins,
      dueOn,
      endsOn: null,
      formVersion: form.versions[0] ?? null,
      response: response?.id ?? null,
      state: 'open',
      openedAt: now,
      openedBy: ctx.who.account,
      closedAt: null,
      closedBy: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Two campaigns over one household would count it twice: whoever opens at the same moment waits here. */
async function requireFree(ctx: Ctx, area: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`screening.open:${ctx.community}`}, 0))`.execute(ctx.tx)
  const open = await query(ctx.tx, ctx.community).where('state', '=', 'open').execute()
  if (open.some((c) => liesIn(area, c.area) || liesIn(c.area, area))) throw say.alreadyOpen()
}

async function closeOne(ctx: Ctx, id: Id): Promise<Campaign> {
  const found = await query(ctx.tx, ctx.community).where('id', '=', id).forUpdate().executeTakeFirst()
  if (!found) throw say.unknownCampaign()
  if (!can.close(found)) throw say.wrongState()
  return of(ctx.tx)
    .updateTable('screeningCampaigns')
    .set({ state: can.close.to, endsOn: dayOf(ctx.now), closedAt: instantOf(ctx.now), closedBy: ctx.who.account })
    .where('community', '=', ctx.community)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

async function allCampaigns(ctx: Ctx, community: string): Promise<api.CampaignShown[]> {
  const own = areaOf(ctx, community, undefined)
  const found = (await query(ctx.tx, community).orderBy('openedAt', 'desc').orderBy('id', 'desc').execute()).filter(
    (c) => liesIn(own, c.area) || liesIn(c.area, own),
  )
  const accounts = await namesOf(
    ctx.house,
    ctx.tx,
    found.map((c) => c.openedBy),
  )
  const areas = await areaNames(
    ctx.tx,
    found.map((c) => c.area),
  )
  const rows: api.CampaignShown[] = []
  for (const c of found) {
    const { households, covered } = await stepsOf(ctx.tx, { community, campaigns: onlyCampaign(c), area: own })
    rows.push({ ...c, areaName: areas.get(c.area) ?? c.area, openedByName: accounts.get(c.openedBy) ?? '—', households, covered })
  }
  return rows
}

export const campaignHandlers: readonly Handled[] = [
  handle(
    api.openCampaign,
    (input, ctx) => openOne(ctx, input),
    (_, ctx) => getCampaign(ctx.tx, ctx.community, ctx.id),
  ),
  handle(
    api.closeCampaign,
    ({ campaign }, ctx) => closeOne(ctx, campaign),
    ({ campaign }, ctx) => getCampaign(ctx.tx, ctx.community, campaign),
  ),
  answer(api.campaigns, async ({ community }, ctx) => ({ rows: await allCampaigns(ctx, communityOf(ctx, community)) })),
  answer(api.currentCampaign, async (input, ctx) => {
    const community = communityOf(ctx, input.community)
    const campaign = (await askedCampaign(ctx, community, input.campaign, areaOf(ctx, community, undefined))) ?? null
    const openedAt = campaign?.openedAt ?? instantOf(ctx.now)
    return {
      campaign,
      form: (await formOf(ctx.tx, { community, openedAt })).value,
      notice: (await policy(ctx.tx, privacyNotice, community, instantOf(ctx.now))).value,
    }
  }),
]
