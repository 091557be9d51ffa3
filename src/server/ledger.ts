// Keeps a declared ledger (core/ledger.ts) in a table of facts: the handlers, the figures and the official sheet follow.
import { sql, type SelectQueryBuilder } from 'kysely'
import type { z } from 'zod'
import { addDays, dayOf, instantOf, sayDay, sayMinute, type Day } from '#core/dates.ts'
import type { Correction, How } from '#core/fact.ts'
import type { Id } from '#core/ids.ts'
import { choiceText, infoOf, innerOf, labelOf } from '#core/labels.ts'
import type { AnyLedger } from '#core/ledger.ts'
import { fromCursor, toCursor } from '#core/paging.ts'
import type { Text } from '#core/text.ts'
import type { Stamped, Tx } from './database/connect.ts'
import { correctionColumns, factColumns, say, standing } from './facts.ts'
import { answer, answering, handle, type Ctx, type Handled, type Made, type Offered } from './house.ts'
import { indicators, type Indicator } from './indicators.ts'
import { namesOf } from './names.ts'
import { reached } from './scope.ts'
import type { Column } from './spreadsheet/official.ts'
import { writeOfficialSheet } from './spreadsheet/write.ts'

type Row = Record<string, unknown> & {
  id: Id; root: Id; community: string; occurredAt: string; countedOn: Day; recordedBy: Id; how: How; grid: string | null
}
type Kept = { name: string; sqlName: string; of: AnyLedger }
type Entry = Record<string, unknown>
type Filters = Record<string, string | undefined>

/** A ledger's part of a module: spread it into the register entry. */
export function keepLedger(of: AnyLedger, { table }: { table: string }): { handlers: readonly Handled[]; offers: readonly Offered[] } {
  const kept: Kept = { name: table, sqlName: table.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), of }
  const { contracts } = of
  const mine = (_: unknown, ctx: Ctx) => rowById(ctx, kept, ctx.id)
  return {
    handlers: [
      handle(contracts.record, (entry, ctx) => add(ctx, kept, { ...(entry as Entry), ...factColumns(ctx, 'door'), grid: gridOf(ctx) }), mine),
      handle(contracts.correct, async ({ replaces, reason, entry }, ctx) => {
        const old = await replaceable(ctx, kept, replaces)
        return add(ctx, kept, { ...(entry as Entry), ...correctionColumns(ctx, old, reason), grid: old.grid })
      }, mine),
      handle(contracts.withdraw, async ({ replaces, reason }, ctx) => {
        const old = await replaceable(ctx, kept, replaces)
        return add(ctx, kept, { ...entryOf(kept, old), ...correctionColumns(ctx, old, reason, true), grid: old.grid })
      }, mine),
      answer(contracts.list, (input, ctx) => list(ctx, kept, input as Filters & { after?: string; limit: number })),
      answer(contracts.history, async ({ root }, ctx) => {
        const rows = await query(ctx.tx, kept).selectAll().where('root', '=', root).where(reached(ctx, 'grid')).orderBy('recordedAt').orderBy('id').execute()
        return { rows: await named(ctx, rows) as never }
      }),
      answer(contracts.export, (input, ctx) => sheet(ctx, kept, input as Filters)),
    ],
    offers: answering(indicators, ...of.counts.map((count, i) => countOf(kept, count, i))),
  }
}

type LedgerTables = Record<string, Stamped<Row>>
const query = (tx: Tx, { name }: Kept) => tx.withTables<LedgerTables>().selectFrom(name)

/** The grid in which an entry was made: part of the entry, as the post that made it. */
const gridOf = (ctx: Ctx): string | null => (ctx.area.length > 12 ? ctx.area : null)

const fieldsOf = ({ of }: Kept) => Object.entries(of.fields) as [string, z.ZodType][]
const entryOf = (kept: Kept, row: Row): Entry => Object.fromEntries(fieldsOf(kept).map(([key]) => [key, row[key]]))

async function add(ctx: Ctx, { name }: Kept, row: Entry): Promise<never> {
  const added = await ctx.tx.withTables<LedgerTables>().insertInto(name).values(row as never).returningAll().executeTakeFirstOrThrow()
  return (await named(ctx, [added as unknown as Row]))[0] as never
}

async function rowById(ctx: Ctx, kept: Kept, id: Id): Promise<never> {
  const row = await query(ctx.tx, kept).selectAll().where('community', '=', ctx.community).where('id', '=', id)
    .where(reached(ctx, 'grid')).executeTakeFirst()
  if (!row) throw say.unknown()
  return (await named(ctx, [row as unknown as Row]))[0] as never
}

/** The entry that a correction names, if the caller may correct it: one's own, or any for a post that covers the community. */
async function replaceable(ctx: Ctx, kept: Kept, id: z.infer<typeof Correction.replaces>): Promise<Row> {
  const row = await rowById(ctx, kept, id) as Row
  if (row.recordedBy !== ctx.who.account && ctx.area.length > 12) throw say.notYours()
  return row
}

async function named(ctx: Ctx, rows: readonly unknown[]): Promise<Row[]> {
  const names = await namesOf(ctx.house, ctx.tx, (rows as Row[]).map((r) => r.recordedBy))
  return (rows as Row[]).map((row) => ({ ...row, recordedByName: names.get(row.recordedBy) ?? '—' }))
}

function filtered(ctx: Ctx, kept: Kept, { from, to, ...choices }: Filters): SelectQueryBuilder<LedgerTables, string, {}> {
  let rows = query(ctx.tx, kept).where(standing(kept.sqlName, kept.sqlName)).where(reached(ctx, 'grid'))
  if (ctx.area.length >= 12) rows = rows.where('community', '=', ctx.community)
  if (from) rows = rows.where('countedOn', '>=', from)
  if (to) rows = rows.where('countedOn', '<=', to)
  for (const key of kept.of.filters) {
    const wanted = choices[key]
    if (wanted !== undefined) rows = rows.where(key as 'id', '=', wanted)
  }
  return rows as never
}

async function list(ctx: Ctx, kept: Kept, { after, limit, ...filters }: Filters & { after?: string; limit: number }) {
  const wanted = filtered(ctx, kept, filters)
  const { n } = await wanted.select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
  let page = wanted.selectAll().orderBy('occurredAt', 'desc').orderBy('id', 'desc').limit(limit + 1)
  const key = fromCursor(after, 2)
  if (key) page = page.where(sql<boolean>`(occurred_at, id) < (${key[0]}::timestamptz, ${key[1]}::uuid)`)
  const found = await page.execute() as unknown as Row[]
  const rows = await named(ctx, found.slice(0, limit))
  const last = rows.at(-1)
  return { rows: rows as never[], next: found.length > limit && last ? toCursor([last.occurredAt, last.id]) : null, total: n }
}

const columnType = (schema: z.ZodType): Column['type'] => {
  const inner = innerOf(schema)
  if (inner.def.type === 'number' || inner.def.type === 'int') return 'number'
  return 'text'
}

/** The official sheet: 序号 first, the fields in their order, time, how, who, 备注 last. */
async function sheet(ctx: Ctx, kept: Kept, filters: Filters): Promise<Made> {
  const { of } = kept
  const found = await filtered(ctx, kept, filters).selectAll().orderBy('occurredAt').orderBy('id').execute() as unknown as Row[]
  const rows = await named(ctx, found)
  const zh = (t: Text) => t.zh
  const columns: Column[] = [
    { key: 'at', head: '时间', type: 'text' },
    ...fieldsOf(kept).map(([key, schema]) => {
      const info = infoOf(schema)
      return { key, head: zh(labelOf(schema, key)), type: columnType(schema), ...(info?.unit ? { unit: info.unit.zh } : {}), ...(info?.group ? { group: info.group.zh } : {}) }
    }),
    { key: 'recordedByName', head: '登记人', type: 'text' },
  ]
  const today = dayOf(ctx.now)
  const body = await writeOfficialSheet([{
    name: of.title.zh, title: of.title.zh,
    lines: [`填报单位：${ctx.area}　　填报人：${ctx.who.name}　　填报时间：${sayDay(today, 'zh')}`],
    columns, rows: rows.map((row) => ({ ...printed(kept, row), at: sayMinute(row.occurredAt, 'zh'), recordedByName: row['recordedByName'] })),
    totals: Object.fromEntries(of.counts.flatMap(({ sum }) => sum ? [[sum, rows.reduce((n, r) => n + Number(r[sum] ?? 0), 0)]] : [])),
    notes: of.notes.map(zh), landscape: true,
    stamp: `${ctx.who.name} · ${instantOf(ctx.now)} · ${of.title.zh} · ${ctx.id}`,
  }])
  const span = [filters['from'], filters['to']].filter(Boolean).join('—') || today
  return { name: `${of.title.zh} ${span}.xlsx`, type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', body, count: rows.length }
}

const printed = (kept: Kept, row: Row): Entry => Object.fromEntries(fieldsOf(kept).map(([key, schema]) => {
  const value = row[key]
  if (Array.isArray(value)) return [key, value.map((v) => choiceText(schema, String(v)).zh).join('、')]
  return [key, typeof value === 'string' ? choiceText(schema, value).zh : value ?? null]
}))

/** A ledger's figure: entries counted, or a field summed, on the day on which they count. */
function countOf(kept: Kept, count: AnyLedger['counts'][number], index: number): Indicator {
  const amount = count.sum ? sql`coalesce(${sql.ref(`e.${count.sum.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)}`)}, 0)::float8` : sql`1::float8`
  return {
    key: count.key, title: count.title, unit: count.unit, group: kept.of.title, order: 500 + index,
    columns: ['today', 'total'], main: 'today',
    definition: {
      numerator: count.definition,
      distinct: { zh: '每条登记计一次，更正后的以新登记为准', en: 'Each entry once; a corrected one as it stands now' },
      instant: { zh: '按发生日计入', en: 'On the day on which it happened' },
    },
    counted: ({ community, day, asOf }) => sql`(
      select e.root::text as key, e.counted_on as day, e.grid, null::uuid as household, null::uuid as person, e.id as record,
        ${amount} as amount, e.clock_doubt is not null as doubted
      from ${sql.table(kept.sqlName)} as e
      where e.community = ${community} and e.counted_on <= ${addDays(day, 0)}::date and ${standing(kept.sqlName, 'e', asOf)})`,
  }
}
