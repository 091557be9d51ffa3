// How many of those who rent have been reached: counted in persons, for that is what is asked of 流动人口 (S4b 4b.5).
import { sql } from 'kysely'
import { text } from '#core/text.ts'
import type { Indicator } from '#server/indicators.ts'
import { householdsAt, peopleAt } from '#modules/residents/server.ts'
import { inForce } from './campaigns.ts'
import { statesAt } from './standing.ts'

export const floatingScreened: Indicator = {
  key: 'screening.floatingPopulationScreened',
  title: text('已排查流动人口', 'Tenants reached'),
  unit: text('人', 'persons'),
  group: text('排查', 'Screening'),
  order: 120,
  columns: ['today', 'total'],
  main: 'total',
  facts: 'screening_attempts',
  definition: {
    numerator: text('登记为租住、本户已联系上的人', 'Persons of tenants’ households that were reached'),
    denominator: text('流动人口（人）', 'Tenants (persons)'),
    distinct: text('每人计一次', 'Each person once'),
    instant: text('计入本户首次联系上之日', 'On the day on which the household was first reached'),
  },
  // The three sets are read once each: whatever the planner expects, none is read again for every row of another.
  counted: ({ community, day, until, asOf }) => sql`(
    with reached as materialized (
      select s.household, s.grid, s.covered_on, s.covered_by, s.cover_doubted
      from ${statesAt({ community, day, asOf, at: until, campaigns: inForce({ community, day, until, asOf }) })} as s where s.state = 'covered'),
    tenants as materialized (
      select h.household from ${householdsAt({ community, at: until, asOf })} as h where h.tenure = 'tenant'),
    people as materialized (select p.person, p.household from ${peopleAt({ community, at: until, asOf })} as p)
    select p.person::text as key, r.covered_on as day, r.grid, r.household as place, p.person as subject, r.covered_by as record,
      1::float8 as amount, r.cover_doubted as doubted
    from people as p join reached as r on r.household = p.household where p.household in (select household from tenants))`,
}
