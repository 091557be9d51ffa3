// What services tells others: its figures, its part of every dossier, and who may see receipts.
import { sql, type RawBuilder } from 'kysely'
import type { Id } from '#core/ids.ts'
import { choiceText } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'
import { before, standing } from '#server/facts.ts'
import type { FileGuard, Named } from '#server/files/guards.ts'
import type { Ctx } from '#server/house.ts'
import type { Counted, Indicator, IndicatorAt } from '#server/indicators.ts'
import { namesOf } from '#server/names.ts'
import { reached } from '#server/scope.ts'
import type { DossierSection } from '#modules/residents/server.ts'
import * as api from '../api.ts'
import { CallKind, CallOutcome, HandoutKind, Verb } from '../model.ts'
import { titlesOf } from './reading.ts'

// --- figures ----------------------------------------------------------------------------------------------------------

const group = text('服务保障', 'Services')
const byStep = sql`(s.at at time zone 'Asia/Shanghai')::date`

/** Each need on the day of its first step of a kind. Steps are only added, so a past figure comes out again. */
const needs =
  (verb: Verb) =>
  ({ community, until, asOf }: IndicatorAt): RawBuilder<Counted> => sql<Counted>`(
  select s.request::text as key, ${byStep} as day, r.grid, null::uuid as place, r.person as subject, r.id as record, 1 as amount, false as doubted
  from services_steps s join services_requests r on r.community = s.community and r.id = s.request
  where s.community = ${community} and s.verb = ${verb} and s.at <= ${until}::timestamptz and ${before('s', asOf)})`

const calls =
  (kind: CallKind) =>
  ({ community, day, asOf }: IndicatorAt): RawBuilder<Counted> => sql<Counted>`(
  select e.root::text as key, e.counted_on as day, e.grid, null::uuid as place, e.person as subject, e.id as record, 1 as amount, e.clock_doubt is not null as doubted
  from services_calls e where e.community = ${community} and e.kind = ${kind} and e.outcome <> 'noAnswer' and e.counted_on <= ${day}::date
    and ${standing('services_calls', 'e', asOf)})`

/** Families whose file stood open at the instant: opened by then, not closed by then. */
const families = ({ community, until }: IndicatorAt): RawBuilder<Counted> => sql<Counted>`(
  select c.household::text as key, c.starts_on as day, c.grid, null::uuid as place, null::uuid as subject, c.id as record, 1 as amount, false as doubted
  from services_care c where c.community = ${community} and c.opened_at <= ${until}::timestamptz and (c.closed_at is null or c.closed_at > ${until}::timestamptz))`

const each = text('每项计一次', 'each once')
const counting = (
  key: string,
  order: number,
  title: Text,
  unit: Text,
  numerator: Text,
  counted: Indicator['counted'],
  facts?: string,
): Indicator => ({
  key,
  order,
  title,
  unit,
  group,
  columns: ['today', 'total'],
  main: 'today',
  counted,
  ...(facts ? { facts } : {}),
  definition: { numerator, distinct: each, instant: text('办理之日', 'the day on which it was done') },
})
export const servicesIndicators: readonly Indicator[] = [
  counting(
    'services.needsAsked',
    600,
    text('居民需求（提出）', 'Needs asked'),
    text('项', 'needs'),
    text('登记的居民需求', 'needs written down'),
    needs('ask'),
  ),
  counting(
    'services.needsDelivered',
    601,
    text('居民需求（送到）', 'Needs delivered'),
    text('项', 'needs'),
    text('首次送到并签收的需求', 'needs delivered and signed for, the first time'),
    needs('deliver'),
  ),
  counting(
    'services.calls',
    602,
    text('暖心电话', 'Wellness calls'),
    text('次', 'calls'),
    text('联系上的暖心电话', 'calls that were answered'),
    calls('call'),
    'services_calls',
  ),
  counting(
    'services.visits',
    603,
    text('上门探访', 'Visits'),
    text('次', 'visits'),
    text('见到人的探访', 'visits that met somebody'),
    calls('visit'),
    'services_calls',
  ),
  {
    key: 'services.careHouseholds',
    order: 604,
    title: text('一家一档关爱户', 'Families with a care file'),
    unit: text('户', 'households'),
    group,
    columns: ['current'],
    main: 'current',
    counted: families,
    definition: {
      numerator: text('在册的关爱档案', 'care files that stand open'),
      distinct: text('按户去重', 'each household once'),
      instant: text('当日 24 时', 'end of the day'),
    },
  },
]

// --- dossiers ---------------------------------------------------------------------------------------------------------

type Line = { id: Id; at: string; by: Id; what: Text; detail: Text | null }
const same = (words: string | null): Text | null => (words ? text(words, words) : null)
const about = ({ household, person }: { household?: Id; person?: Id }) =>
  person ? sql`e.person = ${person}` : sql`e.household = ${household ?? null}::uuid`

async function linesOf(ctx: Ctx, who: { household?: Id; person?: Id }): Promise<Line[]> {
  const [here, mine] = [sql`e.community = ${ctx.community}`, about(who)]
  const { rows: asked } = await sql<{ id: Id; at: string; by: Id; verb: Verb; number: string; content: string }>`
    select s.id, s.at, s.by, s.verb, e.number, e.content from services_requests e join services_steps s on s.community = e.community and s.request = e.id
    where ${here} and ${mine}`.execute(ctx.tx)
  const { rows: called } = await sql<{ id: Id; at: string; by: Id; kind: CallKind; outcome: CallOutcome; note: string | null }>`
    select e.id, e.occurred_at as at, e.recorded_by as by, e.kind, e.outcome, e.note from services_calls e where ${here} and ${mine} and ${standing('services_calls', 'e')}`.execute(
    ctx.tx,
  )
  const { rows: given } = await sql<{ id: Id; at: string; by: Id; kind: HandoutKind; item: string }>`
    select e.id, e.occurred_at as at, e.recorded_by as by, e.kind, e.item from services_handouts e where ${here} and ${mine} and ${standing('services_handouts', 'e')}`.execute(
    ctx.tx,
  )
  const { rows: sat } = await sql<{ id: Id; at: string; by: Id }>`
    select s.id, s.occurred_at as at, s.recorded_by as by from services_cases e join services_sessions s on s.community = e.community and s.case_id = e.id
    where ${here} and ${mine} and ${standing('services_sessions', 's')}`.execute(ctx.tx)
  const { rows: cared } = await sql<{ id: Id; at: string; by: Id; needs: string | null }>`
    select e.id, e.opened_at as at, e.opened_by as by, e.needs from services_care e where ${here} and ${who.household ? mine : sql`false`}`.execute(
    ctx.tx,
  )
  const verb = (v: Verb, n: string) => {
    const w = choiceText(Verb, v)
    return text(`需求 ${n}：${w.zh}`, `Need ${n}: ${w.en.toLowerCase()}`)
  }
  const titleOf = titlesOf(ctx)
  const call = (k: CallKind, o: CallOutcome) => {
    const [a, b] = [choiceText(CallKind, k), choiceText(CallOutcome, o)]
    return text(`${a.zh}：${b.zh}`, `${a.en}: ${b.en.toLowerCase()}`)
  }
  return [
    ...asked.map(({ verb: v, number, content, ...row }) => ({
      ...row,
      what: verb(v, number),
      detail: v === 'ask' ? same(content) : null,
    })),
    ...called.map(({ kind, outcome, note, ...row }) => ({ ...row, what: call(kind, outcome), detail: same(note) })),
    ...given.map(({ kind, item, ...row }) => ({ ...row, what: choiceText(HandoutKind, kind), detail: titleOf(item) })),
    ...sat.map((row) => ({ ...row, what: text('心理辅导一次', 'A counselling session'), detail: null })),
    ...cared.map(({ needs: words, ...row }) => ({ ...row, what: text('建立一家一档', 'Care file opened'), detail: same(words) })),
  ]
}

export const servicesSection: DossierSection = {
  key: 'services.all',
  title: text('服务保障', 'Services'),
  of: async (ctx, who) => {
    const rows = (await linesOf(ctx, who)).toSorted((a, b) => (a.at < b.at ? 1 : -1)).slice(0, 200)
    const names = await namesOf(
      ctx.house,
      ctx.tx,
      rows.map((r) => r.by),
    )
    return { rows: rows.map((row) => ({ ...row, by: names.get(row.by) ?? null })) }
  },
}

// --- receipts ---------------------------------------------------------------------------------------------------------

async function named(ctx: Ctx, files: readonly Id[]): Promise<readonly Named[]> {
  const { rows } = await sql<Named>`
    select f.file, (${reached(ctx, 'r.grid')} or r.taken_by = ${ctx.who.account}) as open, array_remove(array[r.person], null) as persons
    from unnest(${[...files]}::uuid[]) as f(file) join services_requests r on r.community = ${ctx.community} and r.receipts @> array[f.file]`.execute(
    ctx.tx,
  )
  return rows
}
export const receipts: FileGuard = {
  of: 'services',
  keep: 'work',
  add: api.buy.may as readonly string[],
  see: api.request.may as readonly string[],
  mask: 'text',
  papers: true,
  named,
}
