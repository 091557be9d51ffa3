// Whose duty it is: somebody by name, else whoever answers for the grid as what the kind asks for, else the only one at his post there.
import { sql, type RawBuilder } from 'kysely'
import { instantOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { text } from '#core/text.ts'
import { lastLink } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import type { OwnedBy } from '#modules/identity/owning.ts'
import { kindsOf, kindTitle } from '../kinds.ts'
import { nameOwners } from './keeping.ts'

type Held = { area: string; role: string; account: Id }
/** Who answers for an area in a role; `area` is a grid, or a community for what lies in no grid. */
export type Keeper = { readonly area: string; readonly role: string; readonly account: Id }

const widths = [17, 14, 12]

/**
 * Who answers for an area as `role`: the nearest appointment upwards counts, and only where there is none the nearest post that a
 * single person holds.
 */
export function keeperOf(area: string, role: string, appointed: readonly Held[], posted: readonly Held[]): Id | undefined {
  const levels = widths.filter((width) => width <= area.length).map((width) => area.slice(0, width))
  const nearest = (held: readonly Held[], alone: boolean) => {
    for (const level of levels) {
      const there = held.filter((h) => h.area === level && h.role === role)
      if (there.length > 0) return alone && there.length > 1 ? undefined : there[0]!.account
    }
    return undefined
  }
  return nearest(appointed, false) ?? nearest(posted, true)
}

/** Everybody who answers for something in the scope, by grid and role: the list that `ownerSql` joins. */
export async function keepersOf(ctx: Pick<Ctx, 'tx' | 'now' | 'area'>, roles: readonly string[]): Promise<Keeper[]> {
  const { rows: appointed } = await sql<Held>`
    select area_code as area, duty as role, account from (
      select distinct on (area_code, duty) area_code, duty, account from territory_responsibilities
      where since <= ${instantOf(ctx.now)} order by area_code, duty, since desc, recorded_at desc, id desc) r
    where account is not null and duty = any(${[...roles]})`.execute(ctx.tx)
  const { rows: posted } = await sql<Held>`
    select distinct area_code as area, role, account from identity_assignments
    where until is null and role = any(${[...roles]}) and length(area_code) >= 12`.execute(ctx.tx)
  const { rows: areas } = await sql<{ code: string }>`
    select area_code as code from territory_areas where level in ('grid', 'community')`.execute(ctx.tx)
  const known = new Set([
    ...areas.map((a) => a.code),
    ...[...appointed, ...posted].map((h) => h.area),
    ...(ctx.area.length >= 12 ? [ctx.area.slice(0, 12)] : []),
  ])
  return [...known].flatMap((area) =>
    roles.flatMap((role) => {
      const account = keeperOf(area, role, appointed, posted)
      return account ? [{ area, role, account }] : []
    }),
  )
}

/** The kinds that are known, and who answers for what. */
export type Owning = { readonly kinds: ReturnType<typeof kindsOf>; readonly keepers: readonly Keeper[] }

export async function owningOf(ctx: Pick<Ctx, 'house' | 'tx' | 'now' | 'area'>): Promise<Owning> {
  const kinds = kindsOf(ctx.house)
  return { kinds, keepers: await keepersOf(ctx, [...new Set([...kinds.values()].map((k) => k.role))]) }
}

/** Columns `role`, `need` (smaller first) and `owner` beside each duty `d`: join it, then read `w.owner`. */
export const besideDuty = ({ kinds, keepers }: Owning): RawBuilder<unknown> => sql`
  left join jsonb_to_recordset(${JSON.stringify([...kinds.values()].map(({ key, role, priority }) => ({ key, role, need: -priority })))}::jsonb)
    as k(key text, role text, need int) on k.key = d.kind
  left join jsonb_to_recordset(${JSON.stringify(keepers)}::jsonb) as a(area text, role text, account uuid)
    on a.area = coalesce(d.grid, d.community) and a.role = k.role
  left join lateral ${lastLink('duties_owners', 'd.id', 'd.community')} n on true`
export const ownerSql = sql<Id | null>`coalesce(n.account, a.account)`

/** Narrows duties `d` to those that can be an account's: named for it, or in a grid for which it answers. The owner is judged after. */
export function canBeOf(account: Id, { keepers }: Owning): RawBuilder<boolean> {
  const areas = [...new Set(keepers.filter((k) => k.account === account).map((k) => k.area))]
  const grids = areas.filter((area) => area.length === 17)
  const loose = areas.filter((area) => area.length === 12)
  return sql<boolean>`(d.grid = any(${grids}) or d.grid is null and d.community = any(${loose})
    or d.id in (select o.subject from duties_owners o where o.account = ${account}))`
}

// --- what stands under a name, for whoever leaves -----------------------------------------------------------------------

type NamedDuty = { id: Id; kind: string; grid: string | null; community: string; place: string | null }

/** Running duties whose last owner is this account. What comes with a grid changes hands with the grid. */
export const namedDuties: OwnedBy = {
  kind: 'duties.duty',
  title: text('指派的任务', 'Duties given by name'),
  find: async (ctx, account) => {
    const kinds = kindsOf(ctx.house)
    const { rows } = await sql<NamedDuty>`
      select d.id, d.kind, d.grid, d.community, nullif(concat_ws(' ', c.name, b.name), '') as place
      from duties_duties d
      join lateral ${lastLink('duties_owners', 'd.id', 'd.community')} n on n.account = ${account}
      left join territory_buildings b on b.community = d.community and b.id = d.building
      left join territory_compounds c on c.community = b.community and c.id = b.compound
      where d.ended_at is null and d.id in (select o.subject from duties_owners o where o.account = ${account}) order by d.kind, d.id`.execute(
      ctx.tx,
    )
    return rows.map(({ id, kind, grid, community, place }) => {
      const title = kindTitle(kinds, kind)
      return {
        item: id,
        area: grid ?? community,
        path: '/today',
        name: place ? text(`${title.zh} · ${place}`, `${title.en} · ${place}`) : title,
      }
    })
  },
  handOver: (ctx, to, { item }) => nameOwners(ctx, [{ duty: item, account: to }]),
}
