// What observation tells others: who is bound now, its part of every dossier, its figures.
import { sql, type RawBuilder } from 'kysely'
import { dayOf } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { before } from '#server/facts.ts'
import type { Counted, Indicator, IndicatorAt } from '#server/indicators.ts'
import { namesOf } from '#server/names.ts'
import type { Restricts } from '#modules/residents/restrictions.ts'
import type { DossierSection } from '#modules/residents/server.ts'
import { inForce, OrderState, StepVerb, type Order } from '../model.ts'
import { Place } from '../rules.ts'

/** Orders in force of these persons. One past its last day is not among them, whatever is still to be signed. */
export const bindingOrders: Restricts = async (ctx, persons, at) => {
  const { rows } = await sql<Order>`
    select * from observation_orders o where o.community = ${ctx.community} and o.persons && ${[...persons]}::uuid[]
      and o.last_day >= ${dayOf(at)}::date and o.state in ('served', 'releaseRequested', 'releaseApproved')`.execute(ctx.tx)
  return rows
    .filter((order) => inForce(order, at))
    .flatMap((order) =>
      order.persons
        .filter((p) => persons.includes(p))
        .map((person) => ({
          person,
          what: order.frozen!.category.title,
          basis: `${order.decidingBody} · ${order.legalBasis}`,
          document: order.document!,
          until: order.lastDay!,
        })),
    )
}

type Told = {
  id: Id
  at: string
  by: Id
  verb: StepVerb
  state: OrderState
  place: Place
  lastDay: string | null
  document: string | null
  title: Text | null
}
/** Every step of the orders that name somebody, the newest first. */
export const observationSection: DossierSection = {
  key: 'observation.orders',
  title: text('医学观察', 'Observation'),
  of: async (ctx, { person, household }) => {
    const { rows } = await sql<Told>`
      select s.id, s.at, s.by, s.verb, s.state, s.place, s.last_day, o.document, o.frozen -> 'category' -> 'title' as title
      from observation_orders o join observation_steps s on s.community = o.community and s.order_id = o.id
      where o.community = ${ctx.community} and ${person ? sql`${person}::uuid = any(o.persons)` : sql`o.household = ${household ?? null}::uuid`}
      order by s.seq desc`.execute(ctx.tx)
    const names = await namesOf(
      ctx.house,
      ctx.tx,
      rows.map((r) => r.by),
    )
    return {
      rows: rows.map((r) => {
        const verb = choiceText(StepVerb, r.verb)
        const where = choiceText(Place, r.place)
        return {
          id: r.id,
          at: r.at,
          by: names.get(r.by) ?? null,
          what: text(`${verb.zh}（${where.zh}）`, `${verb.en} (${where.en.toLowerCase()})`),
          detail: text(
            [r.title?.zh, r.document, r.lastDay && `至 ${r.lastDay}`].filter(Boolean).join(' · '),
            [r.title?.en, r.document, r.lastDay && `until ${r.lastDay}`].filter(Boolean).join(' · '),
          ),
        }
      }),
    }
  },
}

// --- figures ----------------------------------------------------------------------------------------------------------

/** Each order as its last step left it, by an instant and as known then. Steps are only added, so a past figure comes out again. */
const stoodAt = ({ community, until, asOf }: IndicatorAt) => sql`(
  select distinct on (s.order_id) s.order_id, s.state, s.place, s.last_day, s.at from observation_steps s
  where s.community = ${community} and s.at <= ${until}::timestamptz and ${before('s', asOf)} order by s.order_id, s.seq desc)`
/** The first step of a kind of each order. */
const firstOf = ({ community, until, asOf }: IndicatorAt, verb: StepVerb) => sql`(
  select distinct on (s.order_id) s.order_id, s.place, s.at from observation_steps s
  where s.community = ${community} and s.verb = ${verb} and s.at <= ${until}::timestamptz and ${before('s', asOf)} order by s.order_id, s.seq)`

type Of = 'households' | 'persons'
/** One row for each household or person of the orders beside it; whoever has two orders counts once. */
const counted = (
  of: Of,
  from: RawBuilder<unknown>,
  day: RawBuilder<unknown>,
  key: RawBuilder<unknown>,
): RawBuilder<Counted> => sql<Counted>`(
  select ${key} as key, ${day} as day, o.grid, o.dwelling as place, ${of === 'persons' ? sql`p.id` : sql`null::uuid`} as subject, o.id as record, 1 as amount, false as doubted
  from ${from} ${of === 'persons' ? sql`cross join lateral unnest(o.persons) as p(id)` : sql``})`
const whose = (of: Of) => (of === 'persons' ? sql`p.id::text` : sql`coalesce(o.household, o.id)::text`)
const bySteps = sql`(x.at at time zone 'Asia/Shanghai')::date`

const current = (of: Of, place: Place) => (at: IndicatorAt) =>
  counted(
    of,
    sql`
  ${stoodAt(at)} x join observation_orders o on o.community = ${at.community} and o.id = x.order_id and x.place = ${place}
    and x.state in ('served', 'releaseRequested', 'releaseApproved') and o.observed_from <= ${at.day}::date and x.last_day >= ${at.day}::date`,
    sql`o.observed_from`,
    whose(of),
  )
/** The first time that each order bound somebody in a place: its notice was served there, or a document took it there afterwards. */
const cameTo = ({ community, until, asOf }: IndicatorAt, place: Place) => sql`(
  select distinct on (s.order_id) s.order_id, s.place, s.at from observation_steps s
  where s.community = ${community} and s.verb in ('serve', 'convert') and s.state <> 'decided' and s.place = ${place}
    and s.at <= ${until}::timestamptz and ${before('s', asOf)} order by s.order_id, s.seq)`
const began = (of: Of, place: Place) => (at: IndicatorAt) =>
  counted(
    of,
    sql`
  ${cameTo(at, place)} x join observation_orders o on o.community = ${at.community} and o.id = x.order_id and x.place = ${place}`,
    bySteps,
    whose(of),
  )
// Whoever is released twice was released twice.
const ended = (of: Of, place: Place) => (at: IndicatorAt) =>
  counted(
    of,
    sql`
  ${firstOf(at, 'serveRelease')} x join observation_orders o on o.community = ${at.community} and o.id = x.order_id and x.place = ${place}`,
    bySteps,
    of === 'persons' ? sql`o.id::text || p.id::text` : sql`o.id::text`,
  )

const wheres: Record<Place, Text> = {
  home: text('居家观察', 'observed at home'),
  facility: text('集中观察', 'observed in a facility'),
}
const units: Record<Of, Text> = { households: text('户', 'households'), persons: text('人', 'persons') }
const group = text('医学观察', 'Observation')

function figuresOf(place: Place, of: Of, order: number): Indicator[] {
  const where = wheres[place]
  const name = `${place}${of === 'households' ? 'Households' : 'Persons'}`
  const once = of === 'households' ? text('按户去重', 'each household once') : text('按人去重', 'each person once')
  const common = { group, unit: units[of] }
  return [
    {
      ...common,
      key: `observation.${name}`,
      order,
      title: text(`${where.zh}（现有）`, `Now ${where.en}`),
      columns: ['current'],
      main: 'current',
      counted: current(of, place),
      definition: {
        numerator: text('已送达、第一天已到、最后一天未过、未解除的', 'served, begun, not past the last day, not released'),
        distinct: once,
        instant: text('当日 24 时', 'end of the day'),
      },
    },
    {
      ...common,
      key: `observation.${name}Begun`,
      order: order + 1,
      title: text(where.zh, `Newly ${where.en}`),
      columns: ['today', 'total'],
      main: 'today',
      counted: began(of, place),
      definition: {
        numerator: text(
          '告知书在此处首次送达的，以及送达后变更到此处的',
          'whose notice was first served there, or who were taken there by a later document',
        ),
        distinct: once,
        instant: text('送达或变更登记之日', 'the day on which service or change was recorded'),
      },
    },
    {
      ...common,
      key: `observation.${name}Released`,
      order: order + 2,
      title: text(`解除${where.zh}`, `Released, ${where.en}`),
      columns: ['today', 'total'],
      main: 'today',
      counted: ended(of, place),
      definition: {
        numerator: text('已送达解除告知书的', 'whose release notice was served'),
        distinct: text('每次解除计一次', 'each release once'),
        instant: text('送达登记之日', 'the day on which service was recorded'),
      },
    },
  ]
}
/** Each release whose notice was served, of whichever place: 14 for S4a. */
const releaseNotices: Indicator = {
  key: 'observation.releaseNotices',
  group,
  unit: text('份', 'notices'),
  order: 440,
  title: text('解除告知书', 'Release notices'),
  columns: ['today', 'total'],
  main: 'total',
  counted: (at) =>
    counted(
      'households',
      sql`${firstOf(at, 'serveRelease')} x join observation_orders o on o.community = ${at.community} and o.id = x.order_id`,
      bySteps,
      sql`o.id::text`,
    ),
  definition: {
    numerator: text('已送达的解除告知书', 'notices of release that were served'),
    distinct: text('每份计一次', 'each once'),
    instant: text('送达登记之日', 'the day on which service was recorded'),
  },
}
export const observationIndicators: readonly Indicator[] = [
  ...figuresOf('home', 'households', 400),
  ...figuresOf('home', 'persons', 410),
  ...figuresOf('facility', 'households', 420),
  ...figuresOf('facility', 'persons', 430),
  releaseNotices,
]
