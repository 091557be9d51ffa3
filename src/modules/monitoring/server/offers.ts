// What monitoring tells others: its part of every dossier and its figures.
import { sql, type RawBuilder } from 'kysely'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { before, standing } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import type { Counted, Indicator, IndicatorAt } from '#server/indicators.ts'
import { namesOf } from '#server/names.ts'
import { doingsBeside, dutiesAsOf, dutiesNow, slotsOf } from '#modules/duties/server.ts'
import type { DossierSection } from '#modules/residents/server.ts'
import { CheckHow, StepVerb, underway } from '../model.ts'
import { rulesAt } from './recording.ts'

type Told = {
  id: Id
  at: string
  by: Id
  how: CheckHow | null
  kind: string | null
  value: number | null
  unit: string | null
  symptoms: string[] | null
  verb: StepVerb | null
  whom: string | null
}
/** How many entries of a person stand in a dossier; the page of checks has all. */
const most = 60

async function rowsOf(ctx: Ctx, whose: RawBuilder<unknown>) {
  const { rows } = await sql<Told>`
    select * from (
      select e.id, e.occurred_at as at, e.recorded_by as by, e.how, e.kind, e.value::float8, e.unit, e.symptoms, null::text as verb, null::text as whom
      from monitoring_checks e where e.community = ${ctx.community} and ${whose} and ${standing('monitoring_checks', 'e')}
      union all
      select s.id, s.at, s.by, null, null, null, null, null, s.verb, s.whom
      from monitoring_episodes e join monitoring_steps s on s.community = e.community and s.episode = e.id
      where e.community = ${ctx.community} and ${whose}) x
    order by x.at desc, x.id desc limit ${most}`.execute(ctx.tx)
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    rows.map((r) => r.by),
  )
  const { kinds, symptoms } = await rulesAt(ctx, ctx.timing.recordedAt)
  const wordOf = (list: readonly { key: string; title: Text }[], key: string): Text =>
    list.find((one) => one.key === key)?.title ?? text(key, key)
  return {
    rows: rows.map(({ id, at, by, how, kind, value, unit, symptoms: had, verb, whom }) => {
      if (verb) {
        const step = choiceText(StepVerb, verb)
        return {
          id,
          at,
          by: names.get(by) ?? null,
          what: text(`发热处置：${step.zh}`, `Fever path: ${step.en.toLowerCase()}`),
          detail: whom ? text(whom, whom) : null,
        }
      }
      const [what, way] = [wordOf(kinds, kind!), choiceText(CheckHow, how!)]
      const said = had?.map((one) => wordOf(symptoms, one)) ?? []
      const measured = value === null ? [] : [`${value}${unit ?? ''}`]
      // How somebody was is health: it stands in the details, which only those read who may.
      return {
        id,
        at,
        by: names.get(by) ?? null,
        what: text(`${what.zh}（${way.zh}）`, `${what.en} (${way.en.toLowerCase()})`),
        detail: text(
          [...measured, ...(had ? said.map((s) => s.zh) : []), ...(had?.length === 0 ? ['无症状'] : [])].join(' · '),
          [...measured, ...(had ? said.map((s) => s.en) : []), ...(had?.length === 0 ? ['no symptoms'] : [])].join(' · '),
        ),
      }
    }),
  }
}

export const monitoringSection: DossierSection = {
  key: 'monitoring.checks',
  title: text('健康监测', 'Health checks'),
  of: (ctx, { person, household }) =>
    rowsOf(ctx, person ? sql`e.person = ${person}` : sql`e.household = ${household ?? null}::uuid`),
}

// --- figures ------------------------------------------------------------------------------------------------------------

const checksWhere =
  (which: RawBuilder<unknown>, key: RawBuilder<unknown>) =>
  ({ community, day, asOf }: IndicatorAt): RawBuilder<Counted> => sql`(
  select ${key} as key, e.counted_on as day, e.grid, e.household as place, e.person as subject, e.id as record, 1::float8 as amount,
    e.clock_doubt is not null as doubted
  from monitoring_checks e where e.community = ${community} and e.counted_on <= ${day}::date and ${which} and ${standing('monitoring_checks', 'e', asOf)})`

/** Windows of checks that passed with nothing done and no reason, by the instant and as known then. */
const missed = ({ community, day, until, asOf }: IndicatorAt): RawBuilder<Counted> => {
  const which = sql`d.community = ${community} and d.kind in ('monitoring.temperature', 'monitoring.symptoms')`
  return sql`(
    select s.duty::text || ' ' || s.day || ' ' || s.slot as key, s.day, s.grid, null::uuid as place, s.subject, null::uuid as record, 1::float8 as amount, false as doubted
    from ${slotsOf(asOf ? dutiesAsOf(which, asOf) : dutiesNow(which), '0001-01-01', day, sql`d.grid, d.subject`)} s ${doingsBeside(community, { asOf, until })}
    where o.outcome is null and not s.after_end and s.due_at <= ${until}::timestamptz)`
}

/** Each episode as its last step by the instant left it; steps are only added, so a past figure comes out again. */
const openCounted = ({ community, day, until, asOf }: IndicatorAt): RawBuilder<Counted> => sql`(
  select e.id::text as key, ${day}::date as day, e.grid, e.household as place, e.person as subject, e.id as record, 1::float8 as amount, false as doubted
  from monitoring_episodes e join lateral (
    select s.state from monitoring_steps s where s.community = e.community and s.episode = e.id and s.at <= ${until}::timestamptz and ${before('s', asOf)}
    order by s.seq desc limit 1) s on s.state = any(${[...underway]}::text[])
  where e.community = ${community})`

const group = text('健康监测', 'Health checks')
const onItsDay = text('计入发生之日', 'On the day on which it happened')
const cumulative = { columns: ['today', 'total'], main: 'today' } as const
const one = (
  key: string,
  title: Text,
  unit: Text,
  order: number,
  more: Omit<Indicator, 'key' | 'title' | 'unit' | 'order' | 'group'>,
): Indicator => ({ key: `monitoring.${key}`, title, unit, group, order: 300 + order, ...more })

export const monitoringIndicators: readonly Indicator[] = [
  one('checksDone', text('测温', 'Temperatures taken'), text('次', 'times'), 0, {
    ...cumulative,
    facts: 'monitoring_checks',
    counted: checksWhere(sql`e.kind = 'temperature'`, sql`e.root::text`),
    definition: {
      numerator: text('登记的体温，含自报和代报', 'Temperatures entered, self-reported ones included'),
      distinct: text('每次计一次', 'Each one'),
      instant: onItsDay,
    },
  }),
  one('missedChecks', text('漏测', 'Checks missed'), text('次', 'times'), 1, {
    ...cumulative,
    counted: missed,
    definition: {
      numerator: text('到统计时点已过截止、没有办也没有免办的时段', 'Windows that have passed with nothing done and no reason'),
      distinct: text('每人每个时段计一次', 'Each window of each person'),
      instant: text('计入时段所在之日', 'On the day of the window'),
    },
  }),
  one('fever', text('发热', 'Fever'), text('人', 'persons'), 2, {
    ...cumulative,
    facts: 'monitoring_checks',
    counted: checksWhere(sql`e.fever`, sql`e.person::text || ' ' || e.counted_on`),
    definition: {
      numerator: text('体温达到当时阈值的人', 'Persons at or above the threshold of that time'),
      distinct: text('每人每天计一次；累计为人日', 'Each person once a day; the total counts person-days'),
      instant: onItsDay,
    },
  }),
  one('openEpisodes', text('发热处置在办', 'Fever path underway'), text('人', 'persons'), 3, {
    columns: ['current'],
    main: 'current',
    counted: openCounted,
    definition: {
      numerator: text('发热处置尚未排除、转病例或结束的人', 'Persons not cleared, not a case, not closed yet'),
      distinct: text('每人计一次，一人同时至多一次处置', 'Each person once; nobody has two episodes at a time'),
      instant: text('统计时点', 'At the instant of the report'),
    },
  }),
]
