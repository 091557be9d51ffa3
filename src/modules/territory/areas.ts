// The area tree and who is responsible in it.
import { sql } from 'kysely'
import { instantOf } from '#core/dates.ts'
import { newId } from '#core/ids.ts'
import { wholePage } from '#core/paging.ts'
import type { Tx } from '#server/database/connect.ts'
import { answer, handle, type Ctx, type Handled } from '#server/house.ts'
import { namesOf } from '#server/names.ts'
import { liesIn, say as scopeSay } from '#server/scope.ts'
import * as api from './api.ts'
import { areaLevel, parentOf, say, type Area, type Duty, type Responsibility } from './model.ts'
import { tidy } from './sorting.ts'

type Tables = { territoryAreas: Area; territoryResponsibilities: Responsibility }
const of = (tx: Tx) => tx.withTables<Tables>()

export async function findArea(tx: Tx, code: string): Promise<Area | undefined> {
  return of(tx).selectFrom('territoryAreas').selectAll().where('areaCode', '=', code).executeTakeFirst()
}

async function getArea(tx: Tx, code: string): Promise<Area> {
  const area = await findArea(tx, code)
  if (!area) throw say.unknownArea()
  return area
}

function requireWithin(ctx: Ctx, code: string): void {
  if (!liesIn(code, ctx.area)) throw scopeSay.outOfReach()
}

type HolderRow = { areaCode: string; duty: Duty; account: string | null; since: string }

/** Who holds which duty at an instant: per area and duty the last appointment that began by then. */
async function holdersAt(tx: Tx, at: number): Promise<HolderRow[]> {
  const { rows } = await sql<HolderRow>`
    select distinct on (area_code, duty) area_code, duty, account, since from territory_responsibilities
    where since <= ${instantOf(at)} order by area_code, duty, since desc, recorded_at desc, id desc`.execute(tx)
  return rows.filter((row) => row.account !== null)
}

/** Who answers for a grid, by duty name: its worker or leader, else whoever leads its precinct. Nobody: an empty list. */
export async function dutyNamesIn(
  ctx: Pick<Ctx, 'house' | 'tx' | 'now'>,
  grids: readonly string[],
): Promise<Map<string, string[]>> {
  const wanted: readonly Duty[] = ['gridWorker', 'gridLeader', 'precinctLeader']
  const holders = (await holdersAt(ctx.tx, ctx.now)).filter((h) => wanted.includes(h.duty))
  const byArea = Map.groupBy(
    holders.toSorted((a, b) => wanted.indexOf(a.duty) - wanted.indexOf(b.duty)),
    (h) => h.areaCode,
  )
  const first = new Map(grids.map((grid) => [grid, byArea.get(grid)?.[0] ?? byArea.get(grid.slice(0, 14))?.[0]]))
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    [...first.values()].flatMap((h) => h?.account ?? []),
  )
  return new Map([...first].map(([grid, holder]) => [grid, holder ? [names.get(holder.account!) ?? '—'] : []]))
}

async function withHolders(ctx: Ctx, areas: readonly Area[]): Promise<api.AreaWithHolders[]> {
  const holders = await holdersAt(ctx.tx, ctx.now)
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    holders.map((h) => h.account!),
  )
  const byArea = Map.groupBy(holders, (h) => h.areaCode)
  return areas.map((area) => ({
    ...area,
    responsible: (byArea.get(area.areaCode) ?? []).map(({ duty, account, since }) => ({
      duty,
      account: account!,
      name: names.get(account!) ?? '—',
      since,
    })),
  }))
}

/** Areas in reach with who answers for them, from the top down. */
export async function areasUnder(ctx: Ctx, under: string | undefined): Promise<api.AreaWithHolders[]> {
  const rows = await of(ctx.tx).selectFrom('territoryAreas').selectAll().orderBy('areaCode').execute()
  return withHolders(ctx, under ? rows.filter((a) => liesIn(a.areaCode, under)) : rows)
}

const one = async ({ areaCode }: { areaCode: string }, ctx: Ctx) => getArea(ctx.tx, areaCode)

export const areaHandlers: readonly Handled[] = [
  answer(api.areas, async ({ under }, ctx) => wholePage(await areasUnder(ctx, under))),

  handle(
    api.addArea,
    async ({ areaCode, name }, ctx) => {
      requireWithin(ctx, areaCode)
      const parent = parentOf(areaCode)
      // Whoever works in an area may name it though nothing above it is kept in this house.
      if (parent && areaCode !== ctx.area && !(await findArea(ctx.tx, parent))) throw say.noParent()
      return of(ctx.tx)
        .insertInto('territoryAreas')
        .values({ areaCode, id: ctx.id, name: tidy(name), level: areaLevel(areaCode)! })
        .returningAll()
        .executeTakeFirstOrThrow()
    },
    one,
  ),

  handle(
    api.renameArea,
    async ({ areaCode, name }, ctx) => {
      requireWithin(ctx, areaCode)
      const renamed = await of(ctx.tx)
        .updateTable('territoryAreas')
        .set({ name: tidy(name) })
        .where('areaCode', '=', areaCode)
        .returningAll()
        .executeTakeFirst()
      if (!renamed) throw say.unknownArea()
      return renamed
    },
    one,
  ),

  handle(
    api.appoint,
    async ({ areaCode, duty, account, since }, ctx) => {
      requireWithin(ctx, areaCode)
      const area = await getArea(ctx.tx, areaCode)
      if (account && !(await namesOf(ctx.house, ctx.tx, [account])).has(account)) throw say.unknownAccount()
      const recordedAt = instantOf(ctx.now)
      await of(ctx.tx)
        .insertInto('territoryResponsibilities')
        .values({ areaCode, id: newId(), account, duty, since: since ?? recordedAt, recordedAt, recordedBy: ctx.who.account })
        .execute()
      return (await withHolders(ctx, [area]))[0]!
    },
    async ({ areaCode }, ctx) => (await withHolders(ctx, [await getArea(ctx.tx, areaCode)]))[0]!,
  ),
]
