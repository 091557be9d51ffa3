// The ledger of checks: a list, what is to be verified, and the sheet with the windows of a day side by side.
import { sql, type RawBuilder } from 'kysely'
import { z } from 'zod'
import type { Parsed } from '#core/contract.ts'
import { dayOf, sayDay, sayTime } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { choiceText, personal } from '#core/labels.ts'
import { fromCursor, pageFrom } from '#core/paging.ts'
import { inBatches } from '#server/exports/batches.ts'
import type { ExportPlan } from '#server/exports/exporting.ts'
import { standing } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { namesOf, placesOf } from '#server/names.ts'
import { isCommunity, reached } from '#server/scope.ts'
import type { Column } from '#server/spreadsheet/official.ts'
import { ageOf } from '#modules/residents/model.ts'
import { householdLabels, membersIn, personNames } from '#modules/residents/server.ts'
import type * as api from '../api.ts'
import { CheckHow, Doubt, MeasuredHow, type Flag } from '../model.ts'
import { columns, shown, slotBeside, type CheckAt } from './reading.ts'
import { rulesAt } from './recording.ts'

type Filters = Omit<Parsed<typeof api.list>, 'after' | 'limit' | 'community'>

const matching = (ctx: Ctx, { from, to, kind, how, fever }: Filters): RawBuilder<unknown> => sql`
  ${isCommunity(ctx.area) ? sql`e.community = ${ctx.community}` : sql`true`} and ${reached(ctx, 'e.grid')} and ${standing('monitoring_checks', 'e')}
  and ${from ? sql`e.counted_on >= ${from}::date` : sql`true`} and ${to ? sql`e.counted_on <= ${to}::date` : sql`true`}
  and ${kind ? sql`e.kind = ${kind}` : sql`true`} and ${how ? sql`e.how = ${how}` : sql`true`} and ${fever ? sql`e.fever` : sql`true`}`

export async function listLedger(ctx: Ctx, { after, limit, community: _, ...filters }: Parsed<typeof api.list>) {
  const last = fromCursor(after, 2)
  const where = matching(ctx, filters)
  const {
    rows: [count],
  } = await sql<{ n: number }>`select count(*)::int as n from monitoring_checks e where ${where}`.execute(ctx.tx)
  const { rows } = await sql<CheckAt>`
    select ${columns}, o.day, o.slot from monitoring_checks e ${slotBeside()}
    where ${where} and ${last ? sql`(e.occurred_at, e.id) < (${last[0]}::timestamptz, ${last[1]}::uuid)` : sql`true`}
    order by e.occurred_at desc, e.id desc limit ${limit + 1}`.execute(ctx.tx)
  const page = pageFrom(rows, limit, count!.n, (r) => [r.occurredAt, r.id])
  return { ...page, rows: await shown(ctx, page.rows) }
}

// --- to be verified -----------------------------------------------------------------------------------------------------

type FlagRow = Flag & { values: number[]; total: number }

async function flagsShown(ctx: Ctx, rows: readonly FlagRow[]): Promise<api.FlagShown[]> {
  const names = await personNames(
    ctx.tx,
    rows.map((r) => r.person),
  )
  const labels = await householdLabels(
    ctx.tx,
    rows.flatMap((r) => r.household ?? []),
  )
  const by = await namesOf(
    ctx.house,
    ctx.tx,
    rows.flatMap((r) => r.settledBy ?? []),
  )
  ctx.looked(rows.map((r) => r.person))
  return rows.map(({ total: _, ...row }) => ({
    ...row,
    name: names.get(row.person) ?? null,
    address: (row.household && labels.get(row.household)?.address) ?? null,
    why: row.flags,
    settledByName: row.settledBy ? (by.get(row.settledBy) ?? '—') : null,
  }))
}

const flagRows = (ctx: Ctx, where: RawBuilder<unknown>) => sql<FlagRow>`
  select f.*, (select count(*)::int from monitoring_flags f where ${where}) as total,
    array(select c.value::float8 from monitoring_checks c where c.community = f.community and c.root = any(f.checks)
      and ${standing('monitoring_checks', 'c')} and c.value is not null order by c.occurred_at) as values
  from monitoring_flags f where ${where}`

export async function listFlags(ctx: Ctx, { state, after, limit }: Parsed<typeof api.flags>) {
  const last = fromCursor(after, 2)
  const where = sql`${isCommunity(ctx.area) ? sql`f.community = ${ctx.community}` : sql`true`} and ${reached(ctx, 'f.grid')} and f.state = ${state}`
  const { rows } = await sql<FlagRow>`
    ${flagRows(ctx, where)} and ${last ? sql`(f.raised_at, f.id) > (${last[0]}::timestamptz, ${last[1]}::uuid)` : sql`true`}
    order by f.raised_at, f.id limit ${limit + 1}`.execute(ctx.tx)
  const page = pageFrom(rows, limit, rows[0]?.total ?? 0, (r) => [r.raisedAt, r.id])
  return { ...page, rows: await flagsShown(ctx, page.rows) }
}

export async function showFlag(ctx: Ctx, id: Id): Promise<api.FlagShown> {
  const { rows } = await flagRows(ctx, sql`f.community = ${ctx.community} and f.id = ${id}`).execute(ctx.tx)
  return (await flagsShown(ctx, rows))[0]!
}

// --- the sheet ----------------------------------------------------------------------------------------------------------

const hidden = (mask: 'name' | 'room' | 'text') => personal(z.string().nullable(), '', '', { mask, keep: 'response' })
const temperature = personal(z.number().nullable(), '', '', { mask: 'text', keep: 'response' })
const Row = z.object({
  name: hidden('name'),
  address: hidden('room'),
  amAt: hidden('text'),
  am: temperature,
  pmAt: hidden('text'),
  pm: temperature,
  symptoms: hidden('text'),
  medication: hidden('text'),
  need: hidden('text'),
  proxyName: hidden('name'),
  note: hidden('text'),
})
const column = (key: string, head: string, more: Partial<Column> = {}): Column => ({ key, head, type: 'text', ...more })
const sheetColumns: Column[] = [
  column('date', '日期', { type: 'date' }),
  column('name', '姓名'),
  column('age', '年龄', { type: 'number', width: 6 }),
  column('address', '住址', { width: 22 }),
  column('amAt', '时间', { group: '上午' }),
  column('am', '体温', { group: '上午', type: 'number', unit: '℃' }),
  column('pmAt', '时间', { group: '下午' }),
  column('pm', '体温', { group: '下午', type: 'number', unit: '℃' }),
  column('symptoms', '症状', { width: 14 }),
  column('how', '测量方式'),
  column('measuredHow', '部位'),
  column('medication', '用药'),
  column('need', '需求'),
  column('flags', '异常处置', { width: 16 }),
  column('recordedByName', '测量人'),
  column('proxyName', '代报人'),
  column('note', '备注'),
]

/** One line for each person and day: the first temperature before noon and the last one after it, everything else of both joined. */
export async function checkSheet(ctx: Ctx, { community: _, ...filters }: Parsed<typeof api.exportChecks>): Promise<ExportPlan> {
  const where = sql`${matching(ctx, filters)} and e.kind in ('temperature', 'symptoms')`
  const days = sql<{ person: Id; household: Id | null; day: string; ids: Id[] }>`
    select e.person, (array_agg(e.household order by e.seq desc))[1] as household, e.counted_on as day, array_agg(e.id order by e.occurred_at) as ids
    from monitoring_checks e where ${where} group by e.person, e.counted_on order by e.counted_on, e.person`
  const {
    rows: [count],
  } = await sql<{ n: number; persons: number }>`
    select count(distinct (e.person, e.counted_on))::int as n, count(distinct e.person)::int as persons from monitoring_checks e where ${where}`.execute(
    ctx.tx,
  )
  const { symptoms } = await rulesAt(ctx, ctx.timing.recordedAt)
  const words = new Map(symptoms.map((s) => [s.key, s.title.zh]))
  async function* batches() {
    for await (const some of inBatches(ctx.tx, days)) {
      const { rows } = await sql<CheckAt>`select ${columns} from monitoring_checks e where e.community = ${ctx.community}
        and e.id = any(${some.flatMap((s) => s.ids)}::uuid[]) order by e.occurred_at`.execute(ctx.tx)
      const byId = new Map(rows.map((r) => [r.id, r]))
      const names = await personNames(
        ctx.tx,
        some.map((s) => s.person),
      )
      const households = some.flatMap((s) => s.household ?? [])
      const labels = await householdLabels(ctx.tx, households)
      const born = new Map((await membersIn(ctx, households)).map((m) => [m.root, m.birthDate]))
      const by = await namesOf(
        ctx.house,
        ctx.tx,
        rows.map((r) => r.recordedBy),
      )
      yield {
        persons: [...new Set(some.map((s) => s.person))],
        rows: some.map(({ person, household, day, ids }) => ({
          date: day,
          name: names.get(person) ?? null,
          age: ageOf(born.get(person) ?? null, day),
          address: (household && labels.get(household)?.address) ?? null,
          ...lineOf(
            ids.flatMap((id) => byId.get(id) ?? []),
            words,
            by,
          ),
        })),
      }
    }
  }
  const place = (await placesOf(ctx.house, ctx.tx, [ctx.area])).get(ctx.area) ?? ctx.area
  const title = '体温登记表'
  return {
    title,
    place,
    rows: count!.n,
    persons: count!.persons,
    ...(isCommunity(ctx.area) ? { community: ctx.community } : {}),
    sheets: [
      {
        name: title,
        title,
        columns: sheetColumns,
        row: Row,
        batches,
        lines: [`填报单位：${place}`, `填报人：${ctx.who.name}`, '审核人：', `填报时间：${sayDay(dayOf(ctx.now), 'zh')}`],
        tail: () => ({
          notes: [
            '体温均为当次实测；空白表示没有测量或没有询问，不表示正常。',
            '上午取第一次，下午取最后一次；其余各次见检查台账。',
          ],
        }),
      },
    ],
  }
}

const joined = (words: readonly (string | null)[]): string | null =>
  [...new Set(words.filter((w) => w !== null && w !== ''))].join('、') || null

function lineOf(checks: readonly CheckAt[], words: ReadonlyMap<string, string>, by: ReadonlyMap<Id, string>) {
  const measured = checks.filter((c) => c.kind === 'temperature')
  const am = measured.find((c) => sayTime(c.occurredAt) < '12:30')
  const pm = measured.findLast((c) => sayTime(c.occurredAt) >= '12:30')
  const told = checks.flatMap((c) =>
    c.symptoms === null ? [] : c.symptoms.length === 0 ? ['无'] : c.symptoms.map((s) => words.get(s) ?? s),
  )
  return {
    amAt: am ? sayTime(am.occurredAt) : null,
    am: am?.value ?? null,
    pmAt: pm ? sayTime(pm.occurredAt) : null,
    pm: pm?.value ?? null,
    symptoms: joined(told.some((s) => s !== '无') ? told.filter((s) => s !== '无') : told),
    how: joined(checks.map((c) => choiceText(CheckHow, c.how).zh)),
    measuredHow: joined(measured.map((c) => c.measuredHow && choiceText(MeasuredHow, c.measuredHow).zh)),
    medication: joined(checks.map((c) => c.medication)),
    need: joined(checks.map((c) => c.need)),
    note: joined(checks.map((c) => c.note)),
    proxyName: joined(checks.map((c) => c.proxyName)),
    recordedByName: joined(checks.map((c) => by.get(c.recordedBy) ?? null)),
    flags: joined([
      ...(checks.some((c) => c.fever) ? ['发热，见发热处置'] : []),
      ...checks.flatMap((c) => c.flags.map((f) => choiceText(Doubt, f).zh)),
    ]),
  }
}
