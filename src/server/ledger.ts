// Keeps a declared ledger (core/ledger.ts) in a table of facts: the handlers, the figures and the official sheet follow.
import { sql, type SelectQueryBuilder } from 'kysely'
import { z } from 'zod'
import { dayOf, instantAt, instantOf, msOf, sayDay, type Day } from '#core/dates.ts'
import type { Correction, How } from '#core/fact.ts'
import { newId, type Id } from '#core/ids.ts'
import { choiceText, infoOf, innerOf, isReference, labelOf } from '#core/labels.ts'
import type { AnyLedger } from '#core/ledger.ts'
import { fromCursor, pageFrom } from '#core/paging.ts'
import { text, type Text } from '#core/text.ts'
import type { Stamped, Tx } from './database/connect.ts'
import { inBatches } from './exports/batches.ts'
import { exporting, type ExportPlan } from './exports/exporting.ts'
import { correctionColumns, factColumns, say, standing } from './facts.ts'
import { fileGuards, namedInFacts, type FileGuard } from './files/guards.ts'
import { requireOwn } from './files/handling.ts'
import { answer, answering, handle, type Ctx, type Offered } from './house.ts'
import { keepImport, type KeptImport } from './imports/keep.ts'
import type { Plan, Sent, Verdict } from './imports/plan.ts'
import { indicators, type Indicator } from './indicators.ts'
import { namesOf, placesOf } from './names.ts'
import { communityOf, isCommunity, reached } from './scope.ts'
import type { Column } from './spreadsheet/official.ts'

type Row = Record<string, unknown> & {
  id: Id
  root: Id
  community: string
  occurredAt: string
  countedOn: Day
  recordedBy: Id
  how: How
  grid: string | null
}
type Kept = { name: string; sqlName: string; of: AnyLedger }
type Entry = Record<string, unknown>
type Filters = Record<string, string | undefined>

export type LedgerPart = KeptImport & {
  readonly offers: readonly Offered[]
  readonly tables: Readonly<Record<string, z.ZodObject>>
}

/** Completes an entry before it is kept (names that the server knows), or throws what is wrong with it. */
type Fill = (entry: never, ctx: Ctx) => Promise<Entry>
const unchanged: Fill = async (entry) => entry

/** A ledger's part of a module: spread it into the register entry. */
export function keepLedger(of: AnyLedger, { table, fill = unchanged }: { table: string; fill?: Fill }): LedgerPart {
  const kept: Kept = { name: table, sqlName: snake(table), of }
  const { contracts } = of
  const mine = (_: unknown, ctx: Ctx) => rowById(ctx, kept, ctx.id)
  const imports = keepImport<Imported>(of.importing, (ctx, rows) => planned(ctx, kept, rows), { facts: [kept.sqlName] })
  return {
    ...imports,
    handlers: [
      ...imports.handlers,
      handle(
        contracts.record,
        async (entry, ctx) => {
          await requireOwnFiles(ctx, kept, entry as Entry)
          return add(ctx, kept, { ...(await fill(entry as never, ctx)), ...factColumns(ctx, 'door'), grid: gridOf(ctx) })
        },
        mine,
      ),
      handle(
        contracts.correct,
        async ({ replaces, reason, entry }, ctx) => {
          const old = await replaceable(ctx, kept, replaces)
          await requireOwnFiles(ctx, kept, entry as Entry, old)
          return add(ctx, kept, { ...(await fill(entry as never, ctx)), ...correctionColumns(ctx, old, reason), grid: old.grid })
        },
        mine,
      ),
      handle(
        contracts.withdraw,
        async ({ replaces, reason }, ctx) => {
          const old = await replaceable(ctx, kept, replaces)
          return add(ctx, kept, { ...entryOf(kept, old), ...correctionColumns(ctx, old, reason, true), grid: old.grid })
        },
        mine,
      ),
      answer(contracts.list, (input, ctx) => list(ctx, kept, input as Filters & { after?: string; limit: number })),
      answer(contracts.history, async ({ root }, ctx) => {
        const chain = within(ctx, query(ctx.tx, kept)).where('root', '=', root).selectAll()
        return { rows: (await named(ctx, await chain.orderBy('recordedAt').orderBy('id').execute())) as never }
      }),
      exporting(contracts.export, (ctx, input) => sheet(ctx, kept, input as unknown as Filters)),
    ],
    offers: [
      ...answering(indicators, ...of.counts.map((count, i) => countOf(kept, count, i))),
      ...answering(fileGuards, ...guardsOf(kept)),
    ],
    tables: { [table]: of.row.omit({ recordedByName: true }) },
  }
}

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)

type LedgerTables = Record<string, Stamped<Row>>
const query = (tx: Tx, { name }: Kept) => tx.withTables<LedgerTables>().selectFrom(name)

/** The grid in which an entry was made: part of the entry, as the post that made it. */
const gridOf = (ctx: Ctx): string | null => (ctx.area.length > 12 ? ctx.area : null)

const fieldsOf = ({ of }: Kept) => Object.entries(of.fields) as [string, z.ZodType][]
const entryOf = (kept: Kept, row: Row): Entry => Object.fromEntries(fieldsOf(kept).map(([key]) => [key, row[key]]))

// --- photos and scans ---------------------------------------------------------------------------------------------------

const fileFields = (kept: Kept) =>
  fieldsOf(kept).flatMap(([key, schema]) => {
    const info = infoOf(schema)
    return info?.files ? [{ key, info, files: info.files }] : []
  })

/** Fields of one guard share it, so one guard stands for each name. */
function guardsOf(kept: Kept): FileGuard[] {
  const { of, sqlName } = kept
  return Object.entries(Object.groupBy(fileFields(kept), ({ files }) => files.of)).map(([name, fields = []]) => ({
    of: name,
    keep: fields[0]!.info.keep as FileGuard['keep'],
    add: of.record,
    see: of.read,
    mask: fields[0]!.info.mask ?? 'text',
    papers: fields.some(({ files }) => files.papers),
    named: (ctx, ids) =>
      namedInFacts(
        ctx,
        fields.map(({ key }) => ({ table: sqlName, column: snake(key), place: 'grid' })),
        ids,
      ),
  }))
}

async function requireOwnFiles(ctx: Ctx, kept: Kept, entry: Entry, old: Entry = {}): Promise<void> {
  for (const { key, files } of fileFields(kept))
    await requireOwn(ctx, files.of, (entry[key] ?? []) as Id[], (old[key] ?? []) as Id[])
}

async function add(ctx: Ctx, { name }: Kept, row: Entry): Promise<never> {
  const added = await ctx.tx
    .withTables<LedgerTables>()
    .insertInto(name)
    .values(row as never)
    .returningAll()
    .executeTakeFirstOrThrow()
  return (await named(ctx, [added as unknown as Row]))[0] as never
}

async function rowById(ctx: Ctx, kept: Kept, id: Id): Promise<never> {
  const row = await query(ctx.tx, kept)
    .selectAll()
    .where('community', '=', ctx.community)
    .where('id', '=', id)
    .where(reached(ctx, 'grid'))
    .executeTakeFirst()
  if (!row) throw say.unknown()
  return (await named(ctx, [row as unknown as Row]))[0] as never
}

/** The entry that a correction names, if the caller may correct it: one's own, or anybody's for those who may mend. */
async function replaceable(ctx: Ctx, kept: Kept, id: z.infer<typeof Correction.replaces>): Promise<Row> {
  const row = (await rowById(ctx, kept, id)) as Row
  const mayMend = kept.of.mend ? kept.of.mend.includes(ctx.role) : ctx.area.length <= 12
  if (row.recordedBy !== ctx.who.account && !mayMend) throw say.notYours()
  if (row.withdrawn) throw say.withdrawnAlready()
  return row
}

async function named(ctx: Ctx, rows: readonly unknown[]): Promise<Row[]> {
  const names = await namesOf(
    ctx.house,
    ctx.tx,
    (rows as Row[]).map((r) => r.recordedBy),
  )
  return (rows as Row[]).map((row) => ({ ...row, recordedByName: names.get(row.recordedBy) ?? '—' }))
}

/** Rows in the caller's area; the community is named where there is one, so that its index is used. */
function within<Q extends SelectQueryBuilder<LedgerTables, string, {}>>(ctx: Ctx, rows: Q): Q {
  const near = rows.where(reached(ctx, 'grid'))
  return (isCommunity(ctx.area) ? near.where('community', '=', ctx.community) : near) as Q
}

function filtered(ctx: Ctx, kept: Kept, { from, to, ...choices }: Filters): SelectQueryBuilder<LedgerTables, string, {}> {
  let rows = within(ctx, query(ctx.tx, kept).where(standing(kept.sqlName, kept.sqlName)))
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
  let page = wanted
    .selectAll()
    .orderBy('occurredAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
  const key = fromCursor(after, 2)
  if (key) page = page.where(sql<boolean>`(occurred_at, id) < (${key[0]}::timestamptz, ${key[1]}::uuid)`)
  const found = (await page.execute()) as unknown as Row[]
  const { rows, ...rest } = pageFrom(found, limit, n, (row) => [row.occurredAt, row.id])
  return { ...rest, rows: (await named(ctx, rows)) as never[] }
}

// --- entries that stood on paper ----------------------------------------------------------------------------------------

type Imported = Entry & { countedOn: Day }

const notYet: Text = { zh: '日期还没有到，请核对', en: 'This day has not come yet. Please check it' }

/** What makes two entries the same: the day and everything that the entry says. */
const sameAs = (kept: Kept, row: Entry): string =>
  JSON.stringify([
    row['countedOn'],
    ...fieldsOf(kept)
      .filter(([, schema]) => !infoOf(schema)?.files && !isReference(schema))
      .map(([key]) => row[key] ?? null),
  ])

/** Judges rows of a workbook: one that stands in the ledger already is left alone, so that importing twice adds nothing. */
async function planned(ctx: Ctx, kept: Kept, rows: readonly Sent<Imported>[]): Promise<Plan> {
  const days = [...new Set(rows.map(({ entry }) => entry.countedOn))]
  const there = days.length
    ? ((await filtered(ctx, kept, {}).where('countedOn', 'in', days).selectAll().execute()) as unknown as Row[])
    : []
  const known = new Set(there.map((row) => sameAs(kept, row)))
  const today = dayOf(ctx.now)
  const fresh: Imported[] = []
  const verdicts = rows.map(({ entry }): Verdict => {
    if (entry.countedOn > today) return { outcome: 'refused', reasons: [notYet] }
    const same = sameAs(kept, entry)
    if (known.has(same)) return { outcome: 'unchanged' }
    known.add(same)
    fresh.push(entry)
    return { outcome: 'new' }
  })
  return { verdicts, write: () => addImported(ctx, kept, fresh) }
}

/** Nobody knows the hour at which they happened: they stand at noon of their day, or now where noon is still to come. */
async function addImported(ctx: Ctx, kept: Kept, entries: readonly Imported[]): Promise<void> {
  const rows = entries.map(({ countedOn, ...entry }) => ({
    ...entry,
    ...factColumns(ctx, 'import', newId()),
    countedOn,
    grid: null,
    occurredAt: instantOf(Math.min(ctx.now, msOf(instantAt(countedOn, '12:00')))),
  }))
  for (let i = 0; i < rows.length; i += 500) {
    await ctx.tx
      .withTables<LedgerTables>()
      .insertInto(kept.name)
      .values(rows.slice(i, i + 500) as never)
      .execute()
  }
}

// --- the official sheet ---------------------------------------------------------------------------------------------------

const columnType = (schema: z.ZodType): Column['type'] => {
  const { type, format } = innerOf(schema).def as { type: string; format?: string }
  if (type === 'number' || infoOf(schema)?.files) return 'number'
  return format === 'date' || format === 'time' || format === 'datetime' ? format : 'text'
}

const columnOf = ([key, schema]: [string, z.ZodType]): Column => {
  const info = infoOf(schema)
  return {
    key,
    head: labelOf(schema, key).zh,
    type: columnType(schema),
    ...(info?.unit ? { unit: info.unit.zh } : {}),
    ...(info?.group ? { group: info.group.zh } : {}),
  }
}

/** 序号 first (the sheet adds it), the day, the fields in their order, who recorded, 备注 last. Wider posts see the community. */
function columnsOf(ctx: Ctx, kept: Kept): Column[] {
  const fields = fieldsOf(kept)
    .filter(([, schema]) => !isReference(schema))
    .map(columnOf)
  const isRemark = ({ head }: Column) => head === '备注'
  return [
    ...(isCommunity(ctx.area) ? [] : [{ key: 'where', head: '社区', type: 'text' } as const]),
    { key: 'countedOn', head: '日期', type: 'date' },
    ...fields.filter((column) => !isRemark(column)),
    { key: 'recordedByName', head: '登记人', type: 'text' },
    ...fields.filter(isRemark),
  ]
}

/** The official sheet of what the filters match, of one instant and whole, however many rows there are. */
async function sheet(ctx: Ctx, kept: Kept, filters: Filters): Promise<ExportPlan> {
  const { of } = kept
  const wanted = filtered(ctx, kept, filters)
  const { n, doubted } = await wanted
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .select(sql<number>`count(clock_doubt)`.as('doubted'))
    .executeTakeFirstOrThrow()
  const sums = new Map<string, number>()
  const known = new Map<string, string>()
  const placeOf = async (codes: readonly string[]) => {
    const fresh = codes.filter((code) => !known.has(code))
    if (fresh.length) for (const [code, name] of await placesOf(ctx.house, ctx.tx, fresh)) known.set(code, name)
    return (code: string) => known.get(code) ?? code
  }
  const own = isCommunity(ctx.area) ? communityOf(ctx.area) : ctx.area
  const place = (await placeOf([own]))(own)
  const inOrder = sql<Row>`${wanted.selectAll().orderBy('occurredAt').orderBy('id')}`
  async function* batches() {
    for await (const found of inBatches(ctx.tx, inOrder)) {
      const rows = await named(ctx, found)
      const nameOf = await placeOf(rows.map((row) => row.community))
      for (const { sum } of of.counts)
        if (sum) for (const row of rows) sums.set(sum, (sums.get(sum) ?? 0) + Number(row[sum] ?? 0))
      yield {
        rows: rows.map((row) => ({
          ...printed(kept, row),
          countedOn: row.countedOn,
          recordedByName: row['recordedByName'],
          where: nameOf(row.community),
        })),
      }
    }
  }
  return {
    title: of.title.zh,
    place,
    rows: n,
    persons: 0,
    ...(isCommunity(ctx.area) ? { community: ctx.community } : {}),
    sheets: [
      {
        name: of.title.zh,
        title: of.title.zh,
        lines: [`填报单位：${place}`, `填报人：${ctx.who.name}`, '审核人：', `填报时间：${sayDay(dayOf(ctx.now), 'zh')}`],
        columns: columnsOf(ctx, kept),
        row: of.row as z.ZodObject,
        batches,
        tail: () => ({
          totals: Object.fromEntries(of.counts.flatMap(({ sum }) => (sum ? [[sum, sums.get(sum) ?? 0]] : []))),
          notes: [...of.notes, ...doubts(doubted)].map((note) => note.zh),
        }),
      },
    ],
  }
}

/** A phone whose clock is not believed is not hidden: the sheet says how many entries stand on the day of their arrival. */
function doubts(n: number): Text[] {
  return n === 0
    ? []
    : [
        text(
          `其中 ${n} 条的设备时间存疑，按收到之日计入。`,
          `The clock of ${n} entries is in doubt; they count on the day on which they arrived.`,
        ),
      ]
}

const printed = (kept: Kept, row: Row): Entry =>
  Object.fromEntries(fieldsOf(kept).map(([key, schema]) => [key, wordsOf(schema, row[key])]))

function wordsOf(schema: z.ZodType, value: unknown): unknown {
  // A sheet says how many photos there are; they themselves stay behind the door.
  if (infoOf(schema)?.files) return Array.isArray(value) && value.length > 0 ? value.length : null
  const inner = innerOf(schema)
  if (Array.isArray(value)) {
    const element = inner instanceof z.ZodArray ? (inner.element as z.ZodType) : schema
    return value.map((one) => wordsOf(element, one)).join('、')
  }
  return typeof value === 'string' ? choiceText(schema, value).zh : (value ?? null)
}

/** A ledger's figure: entries counted, or a field summed, on the day on which they count. */
function countOf(kept: Kept, count: AnyLedger['counts'][number], index: number): Indicator {
  const amount = count.sum ? sql`coalesce(${sql.ref(`e.${snake(count.sum)}`)}, 0)::float8` : sql`1::float8`
  return {
    key: count.key,
    title: count.title,
    unit: count.unit,
    group: kept.of.title,
    order: 500 + index,
    columns: ['today', 'total'],
    main: 'today',
    facts: kept.sqlName,
    definition: {
      numerator: count.definition,
      distinct: { zh: '每条登记计一次，更正后的以新登记为准', en: 'Each entry once; a corrected one as it stands now' },
      instant: { zh: '按发生日计入', en: 'On the day on which it happened' },
    },
    counted: ({ community, day, asOf }) => sql`(
      select e.root::text as key, e.counted_on as day, e.grid, null::uuid as place, null::uuid as subject, e.id as record,
        ${amount} as amount, e.clock_doubt is not null as doubted
      from ${sql.table(kept.sqlName)} as e
      where e.community = ${community} and e.counted_on <= ${day}::date and ${standing(kept.sqlName, 'e', asOf)})`,
  }
}
