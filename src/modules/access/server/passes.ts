// Issues passes and stops them, shows them, and lays out their cards.
import { sql } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import { dayOf, instantOf } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { fromCursor, pageFrom, type Page } from '#core/paging.ts'
import type { Ctx } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { reached, requireReach } from '#server/scope.ts'
import { householdLabels, householdsAt, membersIn } from '#modules/residents/server.ts'
import { areaNames, dwellingAddresses, walkSql } from '#modules/territory/server.ts'
import type * as api from '../api.ts'
import { can, say, standingOf, type PassRecord } from '../model.ts'
import { lastDayOf, type PassKind } from '../pass.ts'
import { householdReference, signer, trustList, writer } from './signing.ts'
import { of } from './tables.ts'

type Home = { household: Id; grid: string | null; building: Id }

/** Households that live here, in the order of a walk: those named, or all of a building that are within reach. */
export async function homesOf(ctx: Ctx, asked: { households?: readonly Id[]; building?: Id }): Promise<Home[]> {
  const { rows } = await sql<Home>`
    select h.household, h.grid, a.building_id as building from ${householdsAt({ community: ctx.community })} h
    join ${dwellingAddresses(ctx.community)} a on a.community = h.community and a.dwelling = h.dwelling
    where ${asked.households ? sql`h.household = any(${[...asked.households]}::uuid[])` : sql`a.building_id = ${asked.building} and ${reached(ctx, 'h.grid')}`}
    order by ${walkSql('a')}, h.household`.execute(ctx.tx)
  return rows
}

async function getPass(ctx: Ctx, id: Id, hold = false): Promise<PassRecord> {
  let asked = of(ctx.tx).selectFrom('accessPasses').selectAll().where('community', '=', ctx.community).where('id', '=', id)
  if (hold) asked = asked.forUpdate()
  const found = await asked.executeTakeFirst()
  if (!found) throw say.unknownPass()
  requireReach(ctx, found.grid)
  return found
}

/** Households with a pass of this kind that is good today or will be. */
async function withGood(ctx: Ctx, kind: PassKind, households: readonly Id[]): Promise<ReadonlySet<Id>> {
  if (households.length === 0) return new Set()
  const found = await of(ctx.tx)
    .selectFrom('accessPasses')
    .select('household')
    .where('community', '=', ctx.community)
    .where('state', '=', 'good')
    .where('kind', '=', kind)
    .where('household', 'in', [...households])
    .where(sql<boolean>`first_day + days > ${dayOf(ctx.now)}::date`)
    .execute()
  return new Set(found.map((row) => row.household))
}

type Terms = { kind: PassKind; firstDay?: string | undefined; days: number }

/** The rows of new passes, each with its own random id and code. */
export function rowsFor(
  ctx: Ctx,
  homes: readonly Home[],
  { kind, firstDay = dayOf(ctx.now), days }: Terms,
  ids: (i: number) => Id,
  proxyName: string | null,
): PassRecord[] {
  const { keys } = ctx.house
  const sign = signer(keys, ctx.community)
  return homes.map((home, i) => {
    const {
      id: pass,
      keyId,
      shortCode,
    } = sign({ household: householdReference(keys, ctx.community, home.household), kind, firstDay, days })
    return {
      ...home,
      community: ctx.community,
      id: ids(i),
      pass,
      keyId,
      shortCode,
      kind,
      firstDay,
      days,
      proxyName,
      state: 'good',
      batch: ctx.id,
      issuedAt: instantOf(ctx.now),
      issuedBy: ctx.who.account,
      stoppedAt: null,
      stoppedBy: null,
    }
  })
}

export async function issue(ctx: Ctx, { household, proxyName, ...terms }: Parsed<typeof api.issue>): Promise<api.PassShown> {
  const [home] = await homesOf(ctx, { households: [household] })
  if (!home) throw say.movedAway()
  requireReach(ctx, home.grid)
  if ((await withGood(ctx, terms.kind, [household])).size > 0) throw say.alreadyGood()
  await of(ctx.tx)
    .insertInto('accessPasses')
    .values(rowsFor(ctx, [home], terms, () => ctx.id, proxyName))
    .execute()
  return showPass(ctx, ctx.id)
}

export async function issueBuilding(ctx: Ctx, { building, ...terms }: Parsed<typeof api.issueBuilding>) {
  const all = await homesOf(ctx, { building })
  const good = await withGood(
    ctx,
    terms.kind,
    all.map((home) => home.household),
  )
  const homes = all.filter((home) => !good.has(home.household))
  if (homes.length === 0) throw say.nobodyToIssue()
  await of(ctx.tx)
    .insertInto('accessPasses')
    .values(rowsFor(ctx, homes, terms, newId, null))
    .execute()
  return issuedAt(ctx)
}

/** What this act issued, read from the rows: for its answer and for a repeat. */
export async function issuedAt(ctx: Ctx): Promise<{ batch: Id; issued: number }> {
  const { n } = await of(ctx.tx)
    .selectFrom('accessPasses')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('community', '=', ctx.community)
    .where('batch', '=', ctx.id)
    .executeTakeFirstOrThrow()
  return { batch: ctx.id, issued: Number(n) }
}

export async function stop(ctx: Ctx, { pass, why }: Parsed<typeof api.stop>): Promise<api.PassShown> {
  const found = await getPass(ctx, pass, true)
  if (!can.stop(found)) throw say.wrongState()
  await of(ctx.tx)
    .updateTable('accessPasses')
    .set({ state: why, stoppedAt: instantOf(ctx.now), stoppedBy: ctx.who.account })
    .where('community', '=', ctx.community)
    .where('id', '=', pass)
    .execute()
  return showPass(ctx, pass)
}

// --- reading ----------------------------------------------------------------------------------------------------------

async function shown(ctx: Ctx, rows: readonly PassRecord[]): Promise<api.PassShown[]> {
  const homes = await householdLabels(
    ctx.tx,
    rows.map((r) => r.household),
  )
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    rows.map((r) => r.issuedBy),
  )
  return rows.map(({ keyId: _, ...row }) => ({
    ...row,
    name: homes.get(row.household)?.head ?? null,
    address: homes.get(row.household)?.address ?? null,
    lastDay: lastDayOf(row),
    standing: standingOf(row, dayOf(ctx.now)),
    issuedByName: names.get(row.issuedBy) ?? '—',
  }))
}

export const showPass = async (ctx: Ctx, id: Id): Promise<api.PassShown> => (await shown(ctx, [await getPass(ctx, id)]))[0]!

export async function listPasses(
  ctx: Ctx,
  { building, household, kind, state, after, limit }: Parsed<typeof api.passes>,
): Promise<Page<api.PassShown>> {
  let asked = of(ctx.tx).selectFrom('accessPasses').where('community', '=', ctx.community).where(reached(ctx, 'grid'))
  if (building) asked = asked.where('building', '=', building)
  if (household) asked = asked.where('household', '=', household)
  if (kind) asked = asked.where('kind', '=', kind)
  if (state) asked = asked.where('state', '=', state)
  const { n } = await asked.select(({ fn }) => fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
  const key = fromCursor(after, 2)
  const page = key ? asked.where(sql<boolean>`(issued_at, id) < (${key[0]}::timestamptz, ${key[1]}::uuid)`) : asked
  const rows = await page
    .selectAll()
    .orderBy('issuedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const found = pageFrom(rows, limit, Number(n), (row) => [row.issuedAt, row.id])
  return { ...found, rows: await shown(ctx, found.rows) }
}

/** Cards of good passes; each text is signed again with the key that signed it first, so that it is the same text as before. */
export async function cardsOf(ctx: Ctx, { pass, batch, building }: Parsed<typeof api.cards>) {
  const { rows } = await sql<PassRecord>`
    select p.* from access_passes p
    left join ${householdsAt({ community: ctx.community })} h on h.community = p.community and h.household = p.household
    left join ${dwellingAddresses(ctx.community)} a on a.community = p.community and a.dwelling = h.dwelling
    where p.community = ${ctx.community} and p.state = 'good' and p.first_day + p.days > ${dayOf(ctx.now)}::date and ${reached(ctx, 'p.grid')}
      and ${pass ? sql`p.id = ${pass}` : batch ? sql`p.batch = ${batch}` : sql`p.building = ${building}`}
    order by ${walkSql('a')}, p.issued_at, p.id`.execute(ctx.tx)
  if (rows.length === 0) throw say.nothingToPrint()
  const homes = await householdLabels(
    ctx.tx,
    rows.map((r) => r.household),
  )
  const members = Map.groupBy(
    await membersIn(
      ctx,
      rows.map((r) => r.household),
    ),
    (m) => m.household,
  )
  const names = await areaNames(ctx.tx, [ctx.community])
  return {
    communityName: names.get(ctx.community) ?? '',
    rows: rows.map((row) => {
      const home = homes.get(row.household)
      return {
        id: row.id,
        text: textAgain(ctx, row),
        shortCode: row.shortCode,
        kind: row.kind,
        firstDay: row.firstDay,
        lastDay: lastDayOf(row),
        name: home?.head ?? null,
        address: home?.address ?? null,
        people: members.get(row.household)?.length ?? 0,
        person: home?.headPerson ?? null,
      }
    }),
  }
}

function textAgain(ctx: Ctx, { pass, keyId, household, kind, firstDay, days }: PassRecord): string {
  const { keys } = ctx.house
  const write = writer(keys, ctx.community, Buffer.from(keyId, 'hex').toString('base64url'))
  return write({
    id: new Uint8Array(Buffer.from(pass, 'hex')),
    household: householdReference(keys, ctx.community, household),
    kind,
    firstDay,
    days,
  }).text
}

/** Keys and stopped passes for the gates of a community. */
export async function trustOf(ctx: Ctx) {
  const stopped = await of(ctx.tx)
    .selectFrom('accessPasses')
    .select('pass')
    .where('community', '=', ctx.community)
    .where('state', '!=', 'good')
    .where(sql<boolean>`first_day + days > ${dayOf(ctx.now)}::date`)
    .orderBy('pass')
    .execute()
  return {
    at: instantOf(ctx.now),
    keys: trustList(ctx.house.keys, ctx.community).map(({ keyId, publicKey }) => ({ keyId, publicKey })),
    stopped: stopped.map((row) => row.pass),
  }
}
