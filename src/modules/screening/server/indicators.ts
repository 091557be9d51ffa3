// The figures of screening for the daily report, each a set of counted things. covered + notCovered = households, by construction.
import { sql, type RawBuilder } from 'kysely'
import { text, type Text } from '#core/text.ts'
import type { Counted, FigureColumn, Indicator, IndicatorAt } from '#server/indicators.ts'
import { inForce } from './campaigns.ts'
import { homeBeside, placeBeside, standsAmong, statesAt, type States } from './standing.ts'

const group = text('排查', 'Screening')
const households = text('户', 'households')
const persons = text('人', 'persons')
const times = text('次', 'times')
const sheets = text('张', 'sheets')

const statesOf = ({ community, day, until, asOf }: IndicatorAt): States => ({
  community,
  day,
  asOf,
  at: until,
  campaigns: inForce({ community, day, until, asOf }),
})

/** Households of the campaigns in force, by what holds of them; covered ones count on the day of the attempt that first reached them. */
const householdsWhere =
  (which: RawBuilder<unknown>, { byCover = false } = {}) =>
  (at: IndicatorAt): RawBuilder<Counted> => sql`(
  select s.household::text as key, ${byCover ? sql`s.covered_on` : sql`${at.day}::date`} as day, s.grid, s.household as place,
    null::uuid as subject,
    ${byCover ? sql`s.covered_by` : sql`s.last_id`} as record, 1::float8 as amount,
      ${byCover ? sql`s.cover_doubted` : sql`false`} as doubted
  from ${statesAt(statesOf(at))} as s where ${which})`

/** Attempts of the campaigns in force that stand, each for itself. */
const attemptsWhere =
  (which: RawBuilder<unknown>) =>
  (at: IndicatorAt): RawBuilder<Counted> => sql`(
  select e.root::text as key, e.counted_on as day, h.grid, e.household as place, null::uuid as subject, e.id as record, 1::float8 as amount,
    e.clock_doubt is not null as doubted
  from screening_attempts as e
  left join lateral ${placeBeside('e.household', 'e.community', { at: at.until, asOf: at.asOf })} as h on true
  where e.community = ${at.community} and e.counted_on <= ${at.day}::date and ${which}
    and ${standsAmong('screening_attempts', 'e', at)}
    and e.campaign in (select c.id from ${inForce(at)} as c))`

const keyPersonsCounted = (at: IndicatorAt): RawBuilder<Counted> => sql`(
  select e.person::text as key, e.counted_on as day, h.grid, e.household as place, e.person as subject, e.id as record, 1::float8 as amount,
    e.clock_doubt is not null as doubted
  from (
    select k.*, coalesce(m.household, k.household) as home from screening_key_persons as k
    left join lateral ${homeBeside('k.person', 'k.community', { at: at.until, asOf: at.asOf })} as m on true
    where k.community = ${at.community} and k.counted_on <= ${at.day}::date
      and ${standsAmong('screening_key_persons', 'k', at)}) as e
  left join lateral ${placeBeside('e.home', 'e.community', { at: at.until, asOf: at.asOf })} as h on true)`

const symptomaticCounted = (at: IndicatorAt): RawBuilder<Counted> => sql`(
  select e.person::text as key, e.counted_on as day, h.grid, e.household as place, e.person as subject, e.record, 1::float8 as amount,
    e.clock_doubt is not null as doubted
  from (
    select s.community, s.person, s.household, s.counted_on, s.id as record, s.clock_doubt from screening_statements as s
    where s.community = ${at.community} and s.counted_on <= ${at.day}::date and not s.well
      and ${standsAmong('screening_statements', 's', at)}
      and s.campaign in (select c.id from ${inForce(at)} as c)
    union all
    select k.community, k.person, k.household, k.counted_on, k.id as record, k.clock_doubt from screening_key_persons as k
    where k.community = ${at.community} and k.counted_on <= ${at.day}::date and k.symptoms <> '[]'
      and ${standsAmong('screening_key_persons', 'k', at)}
      and k.campaign in (select c.id from ${inForce(at)} as c)) as e
  left join lateral ${placeBeside('e.household', 'e.community', { at: at.until, asOf: at.asOf })} as h on true)`

const onceAHousehold = text('每户计一次', 'Each household once')
const onceAPerson = text('每人计一次，计入首次登记之日', 'Each person once, on the day of the first entry')
const atTheInstant = text('统计时点的住户和记录', 'Households and entries as of the instant of the report')
const onItsDay = text(
  '计入首次联系上之日；设备时间存疑的计入收到之日',
  'On the day of the first contact; entries of doubted time on the day of their arrival',
)

type Terms = {
  key: string
  title: Text
  unit: Text
  columns: readonly FigureColumn[]
  main: FigureColumn
  numerator: Text
  denominator?: Text
  distinct: Text
  instant: Text
  counted: Indicator['counted']
  facts?: string
  progress?: NonNullable<Indicator['progress']>
}
// Most records behind these figures are attempts.
const indicator = (
  { key, title, unit, columns, main, counted, facts = 'screening_attempts', progress, ...definition }: Terms,
  i: number,
): Indicator => ({
  key: `screening.${key}`,
  title,
  unit,
  group,
  order: 100 + i,
  columns,
  main,
  definition,
  counted,
  facts,
  ...(progress ? { progress } : {}),
})

const current = { columns: ['current'], main: 'current', distinct: onceAHousehold, instant: atTheInstant } as const
const cumulative = { columns: ['today', 'total'], main: 'total' } as const
const denominator = text('应排户', 'Households to be screened')

export const screeningIndicators: readonly Indicator[] = (
  [
    {
      key: 'households',
      title: text('应排户', 'Households'),
      unit: households,
      ...current,
      numerator: text('进行中的排查范围内的住户', 'Households in the area of the campaign in force'),
      counted: householdsWhere(sql`true`),
    },
    {
      key: 'reachedByPhone',
      title: text('电话联系上', 'Reached by phone'),
      unit: households,
      ...cumulative,
      distinct: onceAHousehold,
      instant: onItsDay,
      denominator,
      numerator: text('首次联系上是通过电话的户', 'Households whose first contact was by phone'),
      counted: householdsWhere(sql`s.channel = 'phone'`, { byCover: true }),
    },
    {
      key: 'reachedAtDoor',
      title: text('入户联系上', 'Reached at the door'),
      unit: households,
      ...cumulative,
      distinct: onceAHousehold,
      instant: onItsDay,
      denominator,
      numerator: text('首次联系上是上门的户', 'Households whose first contact was at the door'),
      counted: householdsWhere(sql`s.channel = 'door'`, { byCover: true }),
    },
    {
      key: 'covered',
      title: text('已覆盖', 'Covered'),
      unit: households,
      ...cumulative,
      distinct: onceAHousehold,
      instant: onItsDay,
      denominator,
      progress: { of: 'screening.households', left: 'screening.notCovered' },
      numerator: text('至少联系上一次的户；张贴提示不算联系上', 'Households reached at least once; a notice reaches nobody'),
      counted: householdsWhere(sql`s.state = 'covered'`, { byCover: true }),
    },
    {
      key: 'notCovered',
      title: text('未覆盖', 'Not covered'),
      unit: households,
      ...current,
      denominator,
      numerator: text(
        '应排户中尚未联系上的户，含空置、搬离和不配合',
        'Households not reached yet, vacant, moved and refusing ones included',
      ),
      counted: householdsWhere(sql`s.state <> 'covered'`),
    },
    {
      key: 'noticesPosted',
      title: text('张贴提示', 'Notices posted'),
      unit: sheets,
      ...cumulative,
      numerator: text('张贴的提示单', 'Notice sheets posted'),
      distinct: text('每张计一次，一户可有多张', 'Each sheet; a household may get several'),
      instant: text('计入张贴之日', 'On the day of posting'),
      counted: attemptsWhere(sql`e.how = 'notice'`),
    },
    {
      key: 'vacant',
      title: text('空置或搬离', 'Vacant or moved'),
      unit: households,
      ...current,
      denominator,
      numerator: text('未联系上且登记为空置或已搬离的户', 'Households not reached and found vacant or moved'),
      counted: householdsWhere(sql`s.state in ('vacant', 'moved')`),
    },
    {
      key: 'refused',
      title: text('不配合', 'Refused'),
      unit: households,
      ...current,
      denominator,
      numerator: text('未联系上且登记为不配合的户', 'Households not reached that refused'),
      counted: householdsWhere(sql`s.state = 'refused'`),
    },
    {
      key: 'keyPersons',
      title: text('重点人员', 'Key persons'),
      unit: persons,
      ...cumulative,
      distinct: onceAPerson,
      numerator: text('台账内返程、接触、外来等重点人员', 'Returnees, contacts, visitors and others in the ledger'),
      instant: text('计入首次登记之日', 'On the day of the first entry'),
      counted: keyPersonsCounted,
      facts: 'screening_key_persons',
    },
    {
      key: 'symptomatic',
      title: text('有症状', 'With symptoms'),
      unit: persons,
      ...cumulative,
      distinct: onceAPerson,
      numerator: text('排查中自述有症状的人', 'Persons with a symptom named in the screening'),
      instant: text('计入首次自述之日', 'On the day on which it was first said'),
      counted: symptomaticCounted,
      facts: 'screening_statements',
    },
    {
      key: 'attempts',
      title: text('排查次数', 'Attempts'),
      unit: times,
      ...cumulative,
      numerator: text('电话、上门和张贴提示', 'Calls, visits and notices'),
      distinct: text('每次计一次', 'Each one'),
      instant: text('计入发生之日', 'On the day on which it happened'),
      counted: attemptsWhere(sql`true`),
    },
  ] satisfies Terms[]
).map(indicator)
