// 流动人口 in households and in persons: two figures of one set, each with its rows behind.
import { sql } from 'kysely'
import { text } from '#core/text.ts'
import type { Indicator, IndicatorAt } from '#server/indicators.ts'
import { householdsAt, peopleAt } from './standing.ts'

const group = text('居民', 'Residents')
const instant = text('统计时点的居住登记', 'Where people are registered as of the instant of the report')
const shared = { group, columns: ['current'], main: 'current' } as const

const tenants = ({ community, until, asOf }: IndicatorAt) => sql`(
  select h.* from ${householdsAt({ community, at: until, asOf })} as h where h.tenure = 'tenant')`

export const floatingFigures: readonly Indicator[] = [
  {
    key: 'residents.floatingHouseholds',
    title: text('流动人口（户）', 'Tenants (households)'),
    unit: text('户', 'households'),
    order: 80,
    ...shared,
    facts: 'residents_households',
    definition: {
      numerator: text('登记为租住的住户', 'Households registered as tenants'),
      distinct: text('每户计一次', 'Each household once'),
      instant,
    },
    counted: (at) => sql`(
      select h.household::text as key, ${at.day}::date as day, h.grid, h.household as place, null::uuid as subject, h.household as record,
        1::float8 as amount, false as doubted
      from ${tenants(at)} as h)`,
  },
  {
    key: 'residents.floatingPeople',
    title: text('流动人口（人）', 'Tenants (persons)'),
    unit: text('人', 'persons'),
    order: 81,
    ...shared,
    facts: 'residents_persons',
    definition: {
      numerator: text('登记为租住的住户的成员', 'Members of households registered as tenants'),
      distinct: text('每人计一次', 'Each person once'),
      instant,
    },
    counted: (at) => sql`(
      select p.person::text as key, ${at.day}::date as day, p.grid, p.household as place, p.person as subject, p.record as record,
        1::float8 as amount, false as doubted
      from ${peopleAt({ community: at.community, at: at.until, asOf: at.asOf })} as p
      where p.household in (select h.household from ${tenants(at)} as h))`,
  },
]
