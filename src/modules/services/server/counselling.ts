// Counselling: that it took place is known to whoever cares, what was said to its counsellor alone. Notes lie closed.
import { sql } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import { instantOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { fromCursor, pageFrom } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { correctionColumns, factColumns, say as factSay, standing } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { reached } from '#server/scope.ts'
import { notify } from '#modules/identity/news.ts'
import type { OwnedBy } from '#modules/identity/owning.ts'
import { phonesOf } from '#modules/residents/server.ts'
import type * as api from '../api.ts'
import { say, type Case } from '../model.ts'
import { inOwn, namesAndDoors } from './reading.ts'
import { of, type SessionRow } from './tables.ts'
import { whose } from './whose.ts'

const noteOf = (session: Id): string => `services.session:${session}`

/** Who can be asked: accounts that are counsellors here. */
export async function counsellorsHere(ctx: Ctx): Promise<{ account: Id; name: string }[]> {
  const { rows } = await sql<{ account: Id }>`
    select distinct account from identity_assignments where role = 'counsellor' and until is null
      and area_code >= ${ctx.community} and area_code < ${`${ctx.community}~`}`.execute(ctx.tx)
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    rows.map((r) => r.account),
  )
  return rows.map(({ account }) => ({ account, name: names.get(account) ?? '—' })).toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

export async function openCase(
  ctx: Ctx,
  { household, person, why, counsellor }: Parsed<typeof api.openCase>,
): Promise<api.CaseLine> {
  const found = await whose(ctx, { household, person })
  if (!(await counsellorsHere(ctx)).some((c) => c.account === counsellor)) throw say.noSuchCarer()
  await of(ctx.tx)
    .insertInto('servicesCases')
    .values({
      community: ctx.community,
      id: ctx.id,
      household: found.household,
      person: found.person,
      grid: found.grid,
      why,
      counsellor,
      state: 'open',
      openedBy: ctx.who.account,
      openedAt: instantOf(ctx.now),
      closedAt: null,
    })
    .execute()
  await notify(ctx, {
    topic: 'assigned',
    to: [counsellor],
    path: '/services?tab=counselling',
    title: text('有一户请您做心理辅导', 'A family has been referred to you for counselling'),
  })
  await ctx.touched('services')
  return showCase(ctx, ctx.id)
}

type Row = Case & { sessions: number; lastSession: string | null }
const withSessions = sql`
  select k.*, coalesce(s.n, 0) as sessions, s.last as last_session from services_cases k left join lateral (
    select count(*)::int as n, max(e.occurred_at) as last from services_sessions e
    where e.community = k.community and e.case_id = k.id and ${standing('services_sessions', 'e')}) s on true`

async function caseLines(ctx: Ctx, rows: readonly Row[]): Promise<(api.CaseLine & { who: Id | null })[]> {
  const about = await namesAndDoors(ctx, rows)
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    rows.map((r) => r.counsellor),
  )
  return rows.map((row) => ({
    ...row,
    ...about(row),
    counsellorName: names.get(row.counsellor) ?? '—',
    mine: row.counsellor === ctx.who.account,
  }))
}

export async function showCase(ctx: Ctx, id: Id): Promise<api.CaseLine> {
  const { rows } =
    await sql<Row>`${withSessions} where k.community = ${ctx.community} and k.id = ${id} and ${reached(ctx, 'k.grid')}`.execute(
      ctx.tx,
    )
  const [line] = await caseLines(ctx, rows)
  if (!line) throw say.unknownCase()
  return line
}

export async function listCases(ctx: Ctx, { state, after, limit }: Omit<Parsed<typeof api.cases>, 'community'>) {
  const where = sql`${inOwn(ctx, 'k')} and ${reached(ctx, 'k.grid')} and ${state ? sql`k.state = ${state}` : sql`true`}`
  const {
    rows: [count],
  } = await sql<{ n: number }>`select count(*)::int as n from services_cases k where ${where}`.execute(ctx.tx)
  const last = fromCursor(after, 2)
  const { rows } =
    await sql<Row>`${withSessions} where ${where} and ${last ? sql`(k.opened_at, k.id) < (${last[0]}::timestamptz, ${last[1]}::uuid)` : sql`true`}
    order by k.opened_at desc, k.id desc limit ${limit + 1}`.execute(ctx.tx)
  const page = pageFrom(rows, limit, count!.n, (k) => [k.openedAt, k.id])
  return { ...page, rows: await caseLines(ctx, page.rows) }
}

// --- for the counsellor -----------------------------------------------------------------------------------------------

export async function myCases(ctx: Ctx, { state }: Parsed<typeof api.myCases>) {
  const { rows } = await sql<Row>`${withSessions} where k.community = ${ctx.community} and k.counsellor = ${ctx.who.account}
    and ${state ? sql`k.state = ${state}` : sql`true`} order by k.state desc, k.opened_at desc limit 200`.execute(ctx.tx)
  const lines = await caseLines(ctx, rows)
  const phones = await phonesOf(
    ctx,
    lines.flatMap((l) => l.who ?? []),
  )
  ctx.looked(lines.flatMap((l) => l.who ?? []))
  return { rows: lines.map((line) => ({ ...line, phone: (line.who && phones.get(line.who)) ?? null })) }
}

/** A case of the caller's own. Throws `services.unknownCase` for everybody else, whoever he is. */
async function ownCase(ctx: Ctx, id: Id): Promise<Case> {
  const found = await of(ctx.tx)
    .selectFrom('servicesCases')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('id', '=', id)
    .where('counsellor', '=', ctx.who.account)
    .forUpdate()
    .executeTakeFirst()
  if (!found) throw say.unknownCase()
  return found
}

export async function addSession(ctx: Ctx, { caseId, place, minutes, note }: Parsed<typeof api.addSession>): Promise<{ id: Id }> {
  const found = await ownCase(ctx, caseId)
  if (found.state !== 'open') throw say.wrongState()
  await write(ctx, factColumns(ctx, howOf(place)), { caseId, place, minutes, note })
  return { id: ctx.id }
}

const howOf = (place: SessionRow['place']): 'phone' | 'door' => (place === 'phone' ? 'phone' : 'door')

type Said = Pick<SessionRow, 'caseId' | 'place' | 'minutes'> & { note?: string | null | undefined }
async function write(ctx: Ctx, columns: ReturnType<typeof factColumns> | ReturnType<typeof correctionColumns>, said: Said) {
  const { caseId, place, minutes, note } = said
  await of(ctx.tx)
    .insertInto('servicesSessions')
    .values({
      ...columns,
      how: howOf(place),
      caseId,
      place,
      minutes,
      note: note ? ctx.house.keys.encrypt(ctx.community, 'register', note, noteOf(ctx.id)) : null,
    })
    .execute()
  await ctx.touched('services')
}

/** A session of a case that is the caller's own now. Throws `services.unknownCase` for everybody else's, also where it does not exist. */
async function ownSession(ctx: Ctx, id: Id): Promise<SessionRow> {
  const found = (await of(ctx.tx)
    .selectFrom('servicesSessions')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('id', '=', id)
    .executeTakeFirst()) as SessionRow | undefined
  if (!found) throw say.unknownCase()
  await ownCase(ctx, found.caseId)
  if (found.withdrawn) throw factSay.withdrawnAlready()
  return found
}

/** What was written before stays closed in its own entry; only the newest is read. */
export async function correctSession(
  ctx: Ctx,
  { replaces, place, minutes, note, reason }: Parsed<typeof api.correctSession>,
): Promise<{ id: Id }> {
  const old = await ownSession(ctx, replaces)
  await write(ctx, correctionColumns(ctx, old, reason), { caseId: old.caseId, place, minutes, note })
  return { id: ctx.id }
}

/** A session that never was, or of somebody else: it counts no more. */
export async function withdrawSession(ctx: Ctx, { replaces, reason }: Parsed<typeof api.withdrawSession>): Promise<{ id: Id }> {
  const { caseId, place, minutes, ...old } = await ownSession(ctx, replaces)
  await write(ctx, correctionColumns(ctx, old, reason, true), { caseId, place, minutes })
  return { id: ctx.id }
}

export async function sessionsOf(ctx: Ctx, caseId: Id) {
  const { person } = await ownCase(ctx, caseId)
  const rows = (await of(ctx.tx)
    .selectFrom('servicesSessions')
    .selectAll()
    .where('community', '=', ctx.community)
    .where('caseId', '=', caseId)
    .where(standing('services_sessions', 'services_sessions'))
    .orderBy('occurredAt', 'desc')
    .execute()) as unknown as SessionRow[]
  return {
    person,
    rows: rows.map((s) => ({
      id: s.id,
      root: s.root,
      caseId,
      at: s.occurredAt,
      place: s.place,
      minutes: s.minutes,
      note: s.note ? ctx.house.keys.decrypt(ctx.community, s.note, noteOf(s.id)) : null,
    })),
  }
}

export async function closeCase(ctx: Ctx, id: Id): Promise<{ id: Id }> {
  const found = await ownCase(ctx, id)
  if (found.state === 'open') {
    await of(ctx.tx)
      .updateTable('servicesCases')
      .set({ state: 'closed', closedAt: instantOf(ctx.now) })
      .where('community', '=', ctx.community)
      .where('id', '=', id)
      .execute()
    await ctx.touched('services')
  }
  return { id }
}

/** Cases change hands between counsellors only: the notes go along. */
export const ownedCases: OwnedBy = {
  kind: 'services.case',
  title: text('心理辅导', 'Counselling'),
  find: async (ctx, account) => {
    const { rows } = await sql<{ id: Id; grid: string | null; community: string; openedAt: string }>`
      select id, grid, community, opened_at from services_cases where state = 'open' and counsellor = ${account} order by id`.execute(
      ctx.tx,
    )
    return rows.map(({ id, grid, community, openedAt }) => ({
      item: id,
      area: grid ?? community,
      path: '/services?tab=counselling',
      name: text(`心理辅导 · ${openedAt.slice(0, 10)} 起`, `Counselling since ${openedAt.slice(0, 10)}`),
    }))
  },
  handOver: async (ctx, to, { item }) => {
    const { rows } =
      await sql`select 1 from identity_assignments where account = ${to} and role = 'counsellor' and until is null`.execute(
        ctx.tx,
      )
    if (!rows.length) throw say.noCounsellor()
    await of(ctx.tx).updateTable('servicesCases').set({ counsellor: to }).where('id', '=', item).execute()
  },
}
