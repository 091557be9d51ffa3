// What somebody still has on the way when he leaves, and where observation goes on, so that a daily report is called for.
import { sql } from 'kysely'
import { choiceText } from '#core/labels.ts'
import { text } from '#core/text.ts'
import type { Underway } from '#server/indicators.ts'
import { keeperSql, type OwnedBy } from '#modules/identity/owning.ts'
import { OrderState, SealState, type Scope } from '../model.ts'

const ofOrders = 'observation.order'
const ofSeals = 'observation.seal'

/** Whoever took the last step that another still has to follow. An order in force is kept by its duties and its grid. */
const orderMaker = sql`case when o.state in ('proposed', 'checked') then coalesce(o.recorded_by, o.proposed_by)
  when o.state = 'decided' then coalesce(o.recorded_by, o.proposed_by) else o.release_requested_by end`

/** Orders on their way: proposed, decided and not served, or waiting for their release. Those of a seal go with the seal. */
export const ordersOnTheWay: OwnedBy = {
  kind: ofOrders,
  title: text('没有办完的观察令', 'Orders on their way'),
  find: async (ctx, account) => {
    const { rows } = await sql<{ id: string; state: OrderState; document: string | null; area: string }>`
      select o.id, o.state, coalesce(o.release_document, o.document) as document, coalesce(o.grid, o.community) as area from observation_orders as o
      where o.seal is null and o.state in ('proposed', 'checked', 'decided', 'releaseRequested', 'releaseApproved')
        and ${keeperSql(ofOrders, sql`o.id`, orderMaker)} = ${account} order by o.proposed_at, o.id`.execute(ctx.tx)
    return rows.map(({ id, state, document, area }) => {
      const words = choiceText(OrderState, state)
      return {
        item: id,
        area,
        path: `/observation?order=${id}`,
        name: text([words.zh, document].filter(Boolean).join(' · '), [words.en, document].filter(Boolean).join(' · ')),
      }
    })
  },
}

const scopes: Record<Scope, ReturnType<typeof text>> = {
  unit: text('单元封闭', 'Sealed unit'),
  building: text('楼栋封闭', 'Sealed building'),
  compound: text('小区封闭', 'Sealed compound'),
  garage: text('车库封闭', 'Sealed garage'),
}
export const openSeals: OwnedBy = {
  kind: ofSeals,
  title: text('没有解除的封闭', 'Places still sealed'),
  find: async (ctx, account) => {
    const { rows } = await sql<{ id: string; scope: Scope; state: SealState; document: string; area: string }>`
      select s.id, s.scope, s.state, s.document, coalesce(s.grid, s.community) as area from observation_seals as s
      where s.state in ('proposed', 'decided', 'lifting') and ${keeperSql(ofSeals, sql`s.id`, sql`coalesce(s.lifted_by, s.proposed_by)`)} = ${account}
      order by s.proposed_at, s.id`.execute(ctx.tx)
    return rows.map(({ id, scope, state, document, area }) => {
      const words = choiceText(SealState, state)
      return {
        item: id,
        area,
        path: '/observation',
        name: text(`${scopes[scope].zh} · ${words.zh} · ${document}`, `${scopes[scope].en} · ${words.en} · ${document}`),
      }
    })
  },
}

/** Communities with an order that was served and is not released, or a place that is sealed: also past the last day, for then a release is owed. */
export const observing: Underway = async (tx, area, day) => {
  const { rows } = await sql<{ community: string }>`
    select distinct o.community from observation_orders as o where o.community >= ${area} and o.community < ${`${area}~`}
      and o.observed_from <= ${day}::date and (o.served_at at time zone 'Asia/Shanghai')::date <= ${day}::date
      and o.state in ('served', 'releaseRequested', 'releaseApproved', 'released')
      and coalesce((o.released_at at time zone 'Asia/Shanghai')::date, 'infinity') >= ${day}::date
    union select s.community from observation_seals as s where s.community >= ${area} and s.community < ${`${area}~`}
      and s.decided_at is not null and s.starts_on <= ${day}::date
      and coalesce((s.lifted_at at time zone 'Asia/Shanghai')::date, 'infinity') >= ${day}::date`.execute(tx)
  return rows.map((row) => row.community)
}
