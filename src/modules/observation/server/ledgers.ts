// Ledgers as workbooks and as sheets on paper: the same rows, made an order at a time, so that a long one flows.
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Parsed } from '#core/contract.ts'
import { dayOf, instantOf, sayDay } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { choiceText, infoOf, labelOf } from '#core/labels.ts'
import { inBatches } from '#server/exports/batches.ts'
import type { Batch, ExportPlan } from '#server/exports/exporting.ts'
import type { Ctx } from '#server/house.ts'
import { placesOf } from '#server/names.ts'
import { reached } from '#server/scope.ts'
import type { Column } from '#server/spreadsheet/official.ts'
import type * as api from '../api.ts'
import { columnsOf, Ledger, LedgerRow, mostDays, notesOf, type Standing } from '../ledgers.ts'
import type { Order } from '../model.ts'
import { rowsOf } from './ledgerRows.ts'
import { facilityDays } from './facilityDays.ts'

type Asked = Parsed<typeof api.ledger>
/** So many rows stand on paper at most. */
const onPaper = 500

const standings: Record<Standing, RawBuilder<SqlBool>> = {
  all: sql<SqlBool>`o.state <> 'cancelled'`,
  released: sql<SqlBool>`o.state = 'released'`,
  now: sql<SqlBool>`o.state in ('decided', 'served', 'releaseRequested', 'releaseApproved')`,
}
const decided = sql<SqlBool>`o.decided_by is not null`
const which: Record<Ledger, RawBuilder<SqlBool>> = {
  home: sql<SqlBool>`o.place = 'home' and ${decided}`,
  temperatures: sql<SqlBool>`o.place = 'home' and o.served_at is not null`,
  // A contact is on the list from the moment on which somebody named one.
  contacts: sql<SqlBool>`o.source = 'contact'`,
  facility: sql<SqlBool>`o.place = 'facility' and ${decided}`,
  undertakings: sql<SqlBool>`o.undertaking is not null`,
  teams: decided,
}

const ordersOf = (ctx: Ctx, { ledger, standing, area, from, to, seal }: Asked) => sql`
  from observation_orders o where o.community = ${ctx.community} and ${reached(ctx, 'o.grid')} and ${which[ledger]} and ${standings[standing]}
    and ${area ? sql`o.grid >= ${area} and o.grid < ${`${area}~`}` : sql`true`} and ${seal ? sql`o.seal = ${seal}` : sql`true`}
    and ${from ? sql`coalesce(o.last_day, o.observed_from, ${from}::date) >= ${from}::date` : sql`true`}
    and ${to ? sql`coalesce(o.observed_from, ${to}::date) <= ${to}::date` : sql`true`}`

type Counted = { orders: number; persons: number; named: number; members: number; days: number }
async function count(ctx: Ctx, asked: Asked): Promise<Counted> {
  const {
    rows: [row],
  } = await sql<Counted>`
    with f as (select o.* ${ordersOf(ctx, asked)})
    select count(*)::int as orders, coalesce(sum(cardinality(persons)), 0)::int as persons,
      (select count(distinct p)::int from f, unnest(f.persons) p) as named,
      coalesce(sum(greatest(jsonb_array_length(team), coalesce(jsonb_array_length(frozen -> 'team' -> 'roles'), 0), 1)), 0)::int as members,
      coalesce(max(last_day - observed_from) + 1, 14)::int as days from f`.execute(ctx.tx)
  return row!
}
const rowsIn = ({ ledger }: Asked, { orders, persons, members }: Counted): number =>
  ledger === 'undertakings' ? orders : ledger === 'teams' ? members : persons
/** A form of fourteen days has fourteen, also where fewer were ordered. */
const daysOn = ({ days }: Counted): number => Math.min(mostDays, Math.max(14, days))

async function* batchesOf(ctx: Ctx, asked: Asked): AsyncGenerator<Batch> {
  const query = sql<Order>`select o.* ${ordersOf(ctx, asked)} order by o.observed_from nulls last, o.proposed_at, o.id`
  for await (const orders of inBatches(ctx.tx, query, 200)) {
    yield { rows: await rowsOf(ctx, asked.ledger, orders), persons: [...new Set(orders.flatMap((o): Id[] => o.persons))] }
  }
}

const shape = LedgerRow.shape as Record<string, typeof LedgerRow.shape.name>
const widths: Record<string, number> = {
  idNumber: 20,
  phone: 14,
  address: 22,
  dwelling: 22,
  team: 24,
  releaseNumber: 18,
  promises: 30,
  consequences: 20,
}
const columnFor = (key: string): Column => {
  const group = infoOf(shape[key]!)?.group?.zh
  return {
    key,
    head: labelOf(shape[key]!, key).zh,
    type: 'text',
    ...(group ? { group } : {}),
    ...(widths[key] ? { width: widths[key] } : {}),
  }
}

export async function ledgerPlan(ctx: Ctx, asked: Asked): Promise<ExportPlan> {
  const counted = await count(ctx, asked)
  const title = choiceText(Ledger, asked.ledger).zh
  const place =
    (await placesOf(ctx.house, ctx.tx, [asked.area ?? ctx.community])).get(asked.area ?? ctx.community) ?? ctx.community
  const today = sayDay(dayOf(ctx.now), 'zh')
  const period =
    asked.from || asked.to ? [`期间：${[asked.from, asked.to].map((day) => (day ? sayDay(day, 'zh') : '')).join('至')}`] : []
  const lines = [`填报单位：${place}`, `填报人：${ctx.who.name}`, '审核人：', `填报时间：${today}`, ...period]
  const notes = notesOf[asked.ledger].map((note) => note.zh)
  const register = {
    name: title,
    title,
    lines,
    columns: columnsOf(asked.ledger, daysOn(counted)).map(columnFor),
    row: LedgerRow,
    batches: () => batchesOf(ctx, asked),
    tail: () => ({ notes }),
  }
  const days = asked.ledger === 'facility' ? [await facilityDays(ctx, { lines, area: asked.area })] : []
  return {
    title,
    place,
    community: ctx.community,
    rows: rowsIn(asked, counted) + days.reduce((sum, one) => sum + one.count, 0),
    persons: counted.named,
    sheets: [register, ...days.map(({ sheet }) => sheet)],
  }
}

/** The same on paper, cut where a workbook serves better. */
export async function ledgerSheet(ctx: Ctx, asked: Asked) {
  const counted = await count(ctx, asked)
  const rows: LedgerRow[] = []
  for await (const batch of batchesOf(ctx, asked)) {
    rows.push(...(batch.rows as readonly LedgerRow[]))
    ctx.looked(batch.persons ?? [])
    if (rows.length >= onPaper) break
  }
  return { rows: rows.slice(0, onPaper), total: rowsIn(asked, counted), days: daysOn(counted), at: instantOf(ctx.now) }
}
