// A day's form: every cell with its value, from the frozen report where there is one, else as it stands; and the workbook filled.
import { sql } from 'kysely'
import { dayOf, instantOf, type Day, type Instant } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { registered, stampOf } from '#server/exports/exporting.ts'
import { answer, handle, type Ctx, type Handled, type Made } from '#server/house.ts'
import { namesOf, placesOf } from '#server/names.ts'
import { liesIn, padded, say as scopeSay } from '#server/scope.ts'
import { fillWorkbook, type Fill } from '#server/spreadsheet/fill.ts'
import { placeOf, refOf } from '#server/spreadsheet/fillScan.ts'
import * as api from '../formsApi.ts'
import { inForce, say, type Answer, type Form, type PlainFact } from '../forms.ts'
import { countedBy, filledLine, holdsIdNumber, sameName, type Facts } from '../formsFields.ts'
import { columns, type Numbers, type Report } from '../model.ts'
import { filledIn } from '../words.ts'
import { allIndicators, asKnown, byArea, countDay, lastInstant, shownIndicator } from './counting.ts'
import { allForms, bookOf, getForm, isAsked, of, versionsOf, wholeFields, type Version } from './forms.ts'
import { findReport, shownReports } from './moving.ts'
import { added, linesOf, paddedStreet, sumsBy } from './overview.ts'

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** The numbers of one place: `area` is where their rows are found, `report` in which they were frozen. */
type Standing = { area: string; name: string; report: Id | null; figures: Readonly<Record<string, Numbers>> }
type Whole = Standing & {
  shownReport: Awaited<ReturnType<typeof shownReports>>[number] | null
  countedUntil: Instant
  received: number | null
  called: number | null
  /** Numbers of a precinct or grid of a community. */
  inside: (area: string) => Readonly<Record<string, Numbers>>
  parts: Standing[]
}

/** The place for which a form is filled: named, or the form's own where it lies within the post, or the post's. */
function placeAsked(ctx: Ctx, { areaCode }: Pick<Form, 'areaCode'>, named: string | undefined): string {
  const place = named ?? (liesIn(areaCode, ctx.area) ? areaCode : ctx.area.slice(0, 12))
  if (!liesIn(place, ctx.area.slice(0, 12))) throw scopeSay.outOfReach()
  if (!liesIn(place, areaCode)) throw say.formUnknown()
  ctx.at(padded(place))
  return place
}

/** Places below an area, one level down, in the order of their codes. */
async function placesBelow(ctx: Ctx, area: string): Promise<{ area: string; name: string }[]> {
  const level = area.length === 12 ? 'grid' : area.length === 9 ? 'community' : 'street'
  const { rows } = await sql<{ area: string; name: string }>`select area_code as area, name from territory_areas
    where level = ${level} and area_code >= ${area} and area_code < ${`${area}~`} order by area_code`.execute(ctx.tx)
  return rows
}

async function reportOn(ctx: Ctx, place: string, day: Day): Promise<Report | undefined> {
  return place.length === 6 ? undefined : findReport(ctx, place.length === 9 ? paddedStreet(place) : place, day)
}

async function standingOf(ctx: Ctx, place: string, day: Day): Promise<Whole> {
  const report = await reportOn(ctx, place, day)
  const name = (await placesOf(ctx.house, ctx.tx, [place])).get(place) ?? place
  const below = await placesBelow(ctx, place)
  const base = {
    area: place,
    name,
    report: report?.id ?? null,
    shownReport: report ? (await shownReports(ctx, [report]))[0]! : null,
    countedUntil: report?.until ?? lastInstant(day, ctx.now),
  }
  if (place.length === 12) {
    const counting = report ?? (await countDay(ctx, asKnown({ community: place, day }, ctx.now)))
    const inside = Map.groupBy(byArea(place, counting), (one) => one.area)
    const figuresIn = (area: string) => ({
      ...zeros(counting.figures),
      ...Object.fromEntries((inside.get(area) ?? []).map(({ indicator, area: _, ...numbers }) => [indicator, numbers])),
    })
    return {
      ...base,
      figures: counting.figures,
      received: null,
      called: null,
      inside: figuresIn,
      parts: below.map((part) => ({ ...part, report: base.report, figures: figuresIn(part.area) })),
    }
  }
  const width = place.length === 9 ? 12 : 9
  const { lines } = await linesOf(ctx, place, day)
  const sums = await sumsBy(ctx, place, day, width)
  const byPlace = Map.groupBy(sums, (sum) => sum.place)
  const called = lines.filter((line) => line.called)
  const figures = report?.figures ?? summed(sums)
  return {
    ...base,
    figures,
    received: called.filter((line) => line.standing === 'received').length,
    called: called.length,
    inside: () => ({}),
    parts: below.map((part) => ({
      ...part,
      report: lines.find((line) => line.community === part.area && line.standing === 'received')?.report ?? null,
      figures: summed(byPlace.get(part.area) ?? []),
    })),
  }
}

/** A grid in which nothing was counted counts 0; a column that an indicator lacks stays blank. */
const zeros = (figures: Readonly<Record<string, Numbers>>): Record<string, Numbers> =>
  Object.fromEntries(
    Object.entries(figures).map(([key, f]) => [
      key,
      {
        current: f.current === null ? null : 0,
        today: f.today === null ? null : 0,
        total: f.total === null ? null : 0,
        doubted: 0,
      },
    ]),
  )

const summed = (sums: readonly (Numbers & { indicator: string })[]): Record<string, Numbers> =>
  Object.fromEntries([...Map.groupBy(sums, (sum) => sum.indicator)].map(([indicator, all]) => [indicator, added(all)]))

/** What was typed for a day in a place, by the name without its spaces and dots. The last word stands. */
async function typedOn(ctx: Ctx, place: string, day: Day) {
  const { rows } = await sql<{ name: string; value: string; at: Instant; recordedBy: Id }>`
    select name, value, at, recorded_by from reporting_typed where community = ${padded(place)} and day = ${day}::date order by seq`.execute(
    ctx.tx,
  )
  return new Map(rows.map((row) => [sameName(row.name), row]))
}

/** `12` → 12, as a form adds it up; all else stays words. */
const numberOr = (words: string): number | string =>
  /^-?\d{1,12}(\.\d{1,6})?$/.test(words.normalize('NFKC')) ? Number(words.normalize('NFKC')) : words

type Row = { part: Standing; number: number; name: boolean } | undefined

/** One answer as a value. */
function valueOf(
  whole: Whole,
  row: Row,
  a: Answer,
  facts: Facts,
  typed: ReadonlyMap<string, { value: string }>,
  words: string,
): string | number | null {
  switch (a.by) {
    case 'figure':
      return (a.area ? whole.inside(a.area) : (row?.part ?? whole).figures)[a.indicator]?.[a.column] ?? null
    case 'typed': {
      const found = typed.get(sameName(row ? `${a.name} ${row.part.name}` : a.name))
      return found ? numberOr(found.value) : null
    }
    case 'blank':
      return null
    case 'fact':
      return factValue(a.fact, row, facts, words)
  }
}

function factValue(fact: PlainFact, row: Row, facts: Facts, words: string): string | number | null {
  if (fact === 'partName') return row ? (row.name ? row.part.name : words) : null
  if (fact === 'partNumber') return row?.number ?? null
  if (fact === 'line') return filledLine(words, facts)
  return facts[fact] || null
}

const sayDate = (day: Day): string => {
  const [y, m, d] = day.split('-').map(Number)
  return `${y}年${m}月${d}日`
}

async function factsOf(ctx: Ctx, whole: Whole, day: Day): Promise<Facts> {
  const { shownReport: report, area, name } = whole
  const above = area.length === 12 ? area.slice(0, 9) : area.slice(0, 6)
  return {
    day: sayDate(day),
    place: name,
    above: (await placesOf(ctx.house, ctx.tx, [above])).get(above) ?? '',
    reporter: report?.submittedByName ?? ctx.who.name,
    checker: report?.confirmedByName ?? '',
    sentAt: filledIn(day, report?.submittedAt ?? instantOf(ctx.now)),
  }
}

type Filling = { version: Version; whole: Whole; cells: api.FilledCell[]; without: number }

/** Every cell that is answered, with its value. */
async function filling(ctx: Ctx, version: Version, place: string, day: Day): Promise<Filling> {
  const whole = await standingOf(ctx, place, day)
  const [facts, typed] = [await factsOf(ctx, whole, day), await typedOn(ctx, place, day)]
  const texts = new Map(
    version.drawn.flatMap((sheet) =>
      sheet.rows.flatMap((row) => row.cells.map(({ cell, text }) => [`${sheet.name}\n${cell}`, text] as const)),
    ),
  )
  const wordsAt = (sheet: string, cell: string) => texts.get(`${sheet}\n${cell}`) ?? ''
  const { repeat } = version
  const { rows, without } = repeat ? rowsOf(version, whole.parts, wordsAt) : { rows: new Map<number, Row>(), without: 0 }
  const cells = version.cells
    .filter(({ answer: a }) => a.by !== 'blank')
    .flatMap(({ sheet, cell, answer: a }): api.FilledCell[] => {
      const { row, column } = placeOf(cell)
      const inRepeat = repeat?.sheet === sheet && row >= repeat.from && row < repeat.from + repeat.rows
      const fill = (at: string, part: Row): api.FilledCell => {
        const value = valueOf(whole, part, a, facts, typed, wordsAt(sheet, at))
        const behind = a.by === 'figure' ? (a.area ?? (part?.part ?? whole).area) : null
        return {
          sheet,
          cell: at,
          value,
          answer: a,
          area: behind,
          report: a.by === 'figure' ? (part?.part ?? whole).report : null,
        }
      }
      if (!inRepeat || row !== repeat!.from) return inRepeat ? [] : [fill(cell, undefined)]
      return [...rows].map(([n, part]) => fill(refOf(n, column), part))
    })
  return { version, whole, cells, without }
}

/** Which row stands for which place: the one whose name is printed in it, else the next that is free. */
function rowsOf(
  { repeat, drawn }: Version,
  parts: readonly Standing[],
  wordsAt: (sheet: string, cell: string) => string,
): { rows: Map<number, Row>; without: number } {
  const { sheet, from, rows: many } = repeat!
  const width = drawn.find(({ name }) => name === sheet)?.widths.length ?? 0
  const printed = (row: number) =>
    Array.from({ length: width }, (_, c) => wordsAt(sheet, refOf(row, c + 1)).replace(/\s/g, '')).filter(Boolean)
  const numbers = Array.from({ length: many }, (_, i) => from + i)
  const rows = new Map<number, Row>()
  const left = [...parts]
  for (const row of numbers) {
    const at = left.findIndex((part) =>
      printed(row).some((words) => words === part.name || (words.length > 1 && part.name.startsWith(words))),
    )
    if (at >= 0) rows.set(row, { part: left.splice(at, 1)[0]!, number: row - from + 1, name: false })
  }
  for (const row of numbers.filter((n) => !rows.has(n))) {
    const part = left.shift()
    if (part) rows.set(row, { part, number: row - from + 1, name: true })
  }
  return { rows: new Map([...rows].sort(([a], [b]) => a - b)), without: left.length }
}

async function versionOn(ctx: Ctx, form: Form, day: Day): Promise<Version> {
  const version = isAsked(form, day) ? inForce(await versionsOf(ctx, [form.id]), day) : undefined
  if (!version) throw say.formNotYet()
  return version
}

const fillsOf = (cells: readonly api.FilledCell[]): Fill[] => cells.map(({ sheet, cell, value }) => ({ sheet, cell, value }))

async function dayShown(ctx: Ctx, form: Form, place: string, day: Day): Promise<api.FormDay> {
  const version = await versionOn(ctx, form, day)
  const { whole, cells, without } = await filling(ctx, version, place, day)
  const { totals } = await fillWorkbook(await bookOf(ctx, version.id), fillsOf(cells))
  const used = new Set(cells.flatMap(({ answer: a }) => (a.by === 'figure' ? [a.indicator] : [])))
  return {
    form: form.id,
    title: form.title,
    office: form.office,
    due: form.due,
    day,
    place,
    placeName: whole.name,
    version: { id: version.id, number: version.number, since: version.since, drawn: version.drawn },
    report: whole.report,
    countedUntil: whole.countedUntil,
    received: whole.received,
    called: whole.called,
    partsDiffer: differs(version, whole, used),
    cells,
    totals,
    typed: await typedShown(ctx, form, version, whole, day),
    indicators: allIndicators(ctx.house)
      .filter(({ key }) => used.has(key))
      .map(shownIndicator),
    open: wholeFields(version).filter(({ answer: a }) => a === undefined).length,
    without,
  }
}

/** The frozen report of a street beside what its communities come to now: only where the form shows both. */
const differs = ({ repeat }: Version, { report, area, figures, parts }: Whole, used: ReadonlySet<string>): boolean =>
  repeat !== null &&
  report !== null &&
  area.length === 9 &&
  [...used].some((key) =>
    columns.some((column) => {
      const sum = parts.reduce<number | null>((n, part) => {
        const v = part.figures[key]?.[column] ?? null
        return v === null ? n : (n ?? 0) + v
      }, null)
      return (figures[key]?.[column] ?? null) !== sum
    }),
  )

/** What has to be typed for this form, with what stands already and which other forms ask the same. */
async function typedShown(ctx: Ctx, form: Form, version: Version, whole: Whole, day: Day): Promise<api.FormDay['typed']> {
  const names = typedNamesIn(version, whole)
  if (names.length === 0) return []
  const typed = await typedOn(ctx, whole.area, day)
  const people = await namesOf(
    ctx.house,
    ctx.tx,
    [...typed.values()].map(({ recordedBy }) => recordedBy),
  )
  const others = (await allForms(ctx)).filter((one) => one.id !== form.id && isAsked(one, day))
  const versions = Map.groupBy(
    await versionsOf(
      ctx,
      others.map(({ id }) => id),
    ),
    (one) => one.form,
  )
  return names.map((name) => {
    const found = typed.get(sameName(name))
    const asked = others.filter((one) =>
      inForce(versions.get(one.id) ?? [], day)?.cells.some(
        ({ answer: a }) => a.by === 'typed' && sameName(a.name) === sameName(name),
      ),
    )
    return {
      name,
      value: found?.value ?? null,
      byName: found ? (people.get(found.recordedBy) ?? '—') : null,
      at: found?.at ?? null,
      asked: asked.map(({ office }) => office),
    }
  })
}

/** Names of what is typed; in repeated rows once for each place. */
function typedNamesIn({ cells, repeat }: Version, whole: Whole): string[] {
  return [
    ...new Set(
      cells.flatMap(({ sheet, cell, answer: a }) => {
        if (a.by !== 'typed') return []
        return repeat && repeat.sheet === sheet && placeOf(cell).row === repeat.from
          ? whole.parts.map(({ name }) => `${a.name} ${name}`)
          : [a.name]
      }),
    ),
  ]
}

async function filledBook(ctx: Ctx, form: Form, place: string, day: Day): Promise<Made> {
  const version = await versionOn(ctx, form, day)
  const { whole, cells, without } = await filling(ctx, version, place, day)
  if (without > 0) throw say.tooFewRows({ rows: version.repeat!.rows, parts: whole.parts.length })
  const { bytes } = await fillWorkbook(await bookOf(ctx, version.id), fillsOf(cells), stampOf(ctx))
  return {
    name: `${form.title.replaceAll(/[\\/:*?"<>|]/g, '-')} ${whole.name} ${day}.xlsx`,
    type: xlsx,
    body: bytes,
    count: cells.length,
  }
}

export const formsDay: readonly Handled[] = [
  answer(api.formDay, async ({ form: id, place, day }, ctx) => {
    const form = await getForm(ctx, id)
    return dayShown(ctx, form, placeAsked(ctx, form, place), day ?? dayOf(ctx.now))
  }),
  registered(api.exportForm, async ({ form: id, place, day }, ctx) => {
    const form = await getForm(ctx, id)
    return filledBook(ctx, form, placeAsked(ctx, form, place), day ?? dayOf(ctx.now))
  }),
  handle(
    api.typeFact,
    async ({ place: named, day, name, value }, ctx) => {
      const community = ctx.at(padded(placeAsked(ctx, { areaCode: '' }, named ?? ctx.area.slice(0, 12))))
      const counted = countedBy(name, allIndicators(ctx.house).map(shownIndicator))
      if (counted) throw say.countedAlready({ name: counted.title.zh })
      if (holdsIdNumber(value)) throw say.typedHoldsNumbers()
      await of(ctx.tx)
        .insertInto('reportingTyped')
        .values({
          community,
          id: ctx.id,
          day,
          name,
          value,
          at: instantOf(ctx.now),
          recordedBy: ctx.who.account,
          digest: ctx.digest,
        } as never)
        .execute()
      return { name, value }
    },
    async ({ name, value }) => ({ name, value }),
  ),
]
