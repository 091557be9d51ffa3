// A workbook as strangers make them, understood: sheets, heads, columns and rows of data, with what stands in merged cells and 同上 said in full.
import type { SheetRead, WorkbookRead } from '../../spreadsheet/cells.ts'
import { asideOf, closingOf, type Columns } from './aside.ts'
import { columnsOf } from './columns.ts'
import { gridOf, own, type Grid, type Line } from './grid.ts'
import type {
  Aside,
  MappedSheet,
  Mapping,
  Said,
  Understood,
  UnderstoodColumn,
  UnderstoodRow,
  UnderstoodSheet,
  Word,
  Words,
} from './model.ts'
import { bare, isDitto, letterOf } from './tidy.ts'
import { findTops, pathsOf, toFill, type Top } from './tops.ts'

/** Reads every sheet by what it proposes itself, or by the mapping that is given for it. */
export function understand(workbook: WorkbookRead, words: Words, given?: Mapping): Understood {
  const sheets = workbook.sheets.map((sheet) =>
    understandSheet(
      sheet,
      words,
      given?.sheets.find(({ name }) => name === sheet.name),
    ),
  )
  const mapping = given ?? { sheets: sheets.map(({ mapped }) => mapped) }
  return { mapping, sheets: sheets.map(({ sheet }) => sheet) }
}

type Done = { readonly sheet: UnderstoodSheet; readonly mapped: MappedSheet }
type Region = { readonly top: Top | null; readonly lines: readonly Line[]; readonly columns: readonly UnderstoodColumn[] }
type Apart = { readonly row: number; readonly why: Aside }

function understandSheet(read: SheetRead, words: Words, given: MappedSheet | undefined): Done {
  const grid = gridOf(read)
  const keyed = keyedTop(grid, words)
  const tops = given ? givenTops(grid, given, words) : keyed ? [keyed.top] : findTops(grid, words)
  const regions = regionsOf(grid, tops, words).map((region, i): Region => {
    if (i === 0 && given) return { ...region, columns: asGiven(region.columns, given) }
    return keyed && !given ? { ...region, columns: keyed.columns(region.columns) } : region
  })
  const [first] = regions
  const columns = first?.columns ?? []
  const taken = given ? given.taken : !read.hidden && isOfPeople(columns, words)
  const headRows = first?.top ? ([grid.lines[first.top.from]!.row, grid.lines[first.top.to]!.row] as const) : null
  const mapped = { name: read.name, taken, headRows, columns: columns.map(({ at, head, field }) => ({ at, head, field })) }
  const above = first?.top ? grid.lines.slice(0, first.top.from) : []
  const title = above.flatMap((line) => own(line).map(({ spot }) => spot.text)).join(' ')
  if (!taken) return { mapped, sheet: { name: read.name, taken, columns, rows: [], aside: [], title } }
  const aside: Apart[] = above.map((line) => ({
    row: line.row,
    why: own(line).some(({ spot }) => toFill.test(spot.text)) ? ('unit' as const) : ('title' as const),
  }))
  const rows: UnderstoodRow[] = []
  let section = ''
  const titles = new Set(above.flatMap((line) => own(line).map(({ spot }) => bare(spot.text))))
  for (const region of regions) section = readRegion(grid, read.name, region, words, { rows, aside, titles }, section)
  return { mapped, sheet: { name: read.name, taken, columns, rows, aside, title } }
}

/** A sheet is about people when it says who, and one thing more. */
function isOfPeople(columns: readonly UnderstoodColumn[], words: Words): boolean {
  const fields = new Set(columns.flatMap(({ field }) => (field ? [field] : [])))
  return subjects(words).some((field) => fields.has(field)) && fields.size >= 2
}

/** The first word and those that may stand for it. */
const subjects = (words: Words): string[] => words.filter((word, i) => i === 0 || word.instead).map(({ field }) => field)

function regionsOf(grid: Grid, tops: readonly Top[], words: Words): Region[] {
  if (tops.length === 0) {
    const paths = Array.from({ length: grid.width }, () => [])
    return [{ top: null, lines: grid.lines, columns: columnsOf(grid, paths, grid.lines, words) }]
  }
  let before: { readonly heads: string; readonly columns: readonly UnderstoodColumn[] } | undefined
  return tops.map((top, i) => {
    const lines = grid.lines.slice(top.to + 1, tops[i + 1]?.from)
    const paths = pathsOf(grid, top)
    const heads = JSON.stringify(paths.map((path) => path.map(bare)))
    // A head printed again on the next page means what it meant before.
    const all = tops.every((other) => JSON.stringify(pathsOf(grid, other).map((path) => path.map(bare))) === heads)
      ? tops.flatMap((other, j) => grid.lines.slice(other.to + 1, tops[j + 1]?.from))
      : lines
    const columns = before?.heads === heads ? before.columns : columnsOf(grid, paths, all, words)
    before = { heads, columns }
    return { top, lines, columns }
  })
}

function givenTops(grid: Grid, given: MappedSheet, words: Words): Top[] {
  if (!given.headRows) return []
  const [from, to] = given.headRows.map((row) => grid.lines.findIndex((line) => line.row === row)) as [number, number]
  if (from < 0 || to < from) return findTops(grid, words)
  return [{ from, to }, ...findTops(grid, words).filter((top) => top.from > to)]
}

const asGiven = (columns: readonly UnderstoodColumn[], { columns: given }: MappedSheet): UnderstoodColumn[] =>
  columns.map((column) => {
    const said = given.find(({ at }) => at === column.at)
    return !said || said.field === column.field ? column : { ...column, field: said.field, sure: said.field ? 'given' : null }
  })

/** The house's own template: a row of keys says which column is which, whatever became of the heads. */
function keyedTop(grid: Grid, words: Words) {
  const isKey = (text: string): Word | undefined =>
    words.find(({ field, also = [] }) => [field, ...also].some((key) => text === `#${key}`))
  const to = grid.lines.slice(0, 20).findIndex((line) => own(line).filter(({ spot }) => isKey(spot.text)).length >= 2)
  if (to < 0) return undefined
  const head = grid.lines.slice(0, to).findIndex((line) => own(line).length >= 2)
  const top = { from: head < 0 ? to : head, to }
  const headAt = (at: number) => (head < 0 ? '' : (grid.lines[head]!.spots[at]?.text ?? ''))
  return {
    top,
    columns: (columns: readonly UnderstoodColumn[]) =>
      columns.map((column): UnderstoodColumn => {
        const word = isKey(grid.lines[to]!.spots[column.at]?.text ?? '')
        const head = headAt(column.at)
        const { at, sample } = column
        return word ? { at, sample, head, field: word.field, sure: 'exact' } : { at, sample, head, field: null, sure: null }
      }),
  }
}

/** What a sheet's regions are read into, and its titles as they are compared. */
type Reading = { readonly rows: UnderstoodRow[]; readonly aside: Apart[]; readonly titles: ReadonlySet<string> }

/** The sheet's title on its next page says nothing new: the rows below still belong to the line before. */
const isPrintedAgain = (line: string, titles: ReadonlySet<string>): boolean => {
  const said = bare(line)
  return titles.has(said) || /(接上页|上接|续表?)[\d一二三四五六七八九十]*\)?$/.test(said)
}

function readRegion(
  grid: Grid,
  sheet: string,
  region: Region,
  words: Words,
  { rows, aside, titles }: Reading,
  before: string,
): string {
  const about = aboutColumns(region, words)
  if (region.top) {
    for (const line of grid.lines.slice(region.top.from, region.top.to + 1)) aside.push({ row: line.row, why: 'head' })
  }
  const last = new Map<number, Said>()
  const beside: UnderstoodRow[] = []
  let section = before
  for (const [i, line] of region.lines.entries()) {
    const judged = asideOf(line, about, i === 0)
    if (judged) {
      aside.push({ row: line.row, why: judged.why })
      if (judged.section && !isPrintedAgain(judged.section, titles)) section = judged.section
      continue
    }
    const [row, ...others] = personsOf(grid, sheet, line, region.columns, words, last, section)
    if (continuesPerson(line, about)) {
      aside.push({ row: line.row, why: 'blank' })
      const person = rows.pop()
      if (person) rows.push(withMore(person, row!, words))
    } else if (others.length === 0 && isPadding(line, about, row!)) aside.push({ row: line.row, why: 'blank' })
    else for (const one of [row!, ...others]) (one.aside ? beside : rows).push(one)
  }
  // A table beside another is read after it: what it leaves blank is what stands above in its own columns.
  rows.push(...beside.sort((a, b) => (a.part ?? 0) - (b.part ?? 0)))
  return section
}

function aboutColumns({ columns }: Region, words: Words): Columns {
  const fields = new Map(columns.flatMap(({ at, field }) => (field ? [[at, field] as const] : [])))
  const named = subjects(words).find((field) => [...fields.values()].includes(field))
  const at = (wanted: string | undefined) =>
    new Set([...fields].filter(([, field]) => field === wanted).map(([column]) => column))
  const serials = new Set(
    columns
      .filter(({ head }) => /^(序号|编号|序|no\.?|№|#|行号|顺序号|index)$/.test(bare(head.split(' ').at(-1) ?? '')))
      .map((c) => c.at),
  )
  return { fields, serial: serials, subject: at(named), looksNamed: words[0]?.looks ?? (() => true), closing: closingOf(words) }
}

/** A person whose name reaches over several rows (a second telephone below the first) is one person. */
function continuesPerson(line: Line, { subject }: Columns): boolean {
  const spots = [...subject].map((at) => line.spots[at])
  return !spots.some((spot) => spot?.text) && spots.some((spot) => spot?.range !== undefined && spot.range.top < line.row)
}

/** Rows numbered or placed beforehand where nobody was written in: nothing is said but what stands on other rows too. */
function isPadding(line: Line, { serial, fields }: Columns, { fields: said }: UnderstoodRow): boolean {
  const mine = own(line).filter(({ at, spot }) => !serial.has(at) && fields.has(at) && !isDitto(spot.text))
  return mine.length === 0 && Object.entries(said).every(([field, one]) => one.filled || field === unnamed)
}

function withMore(person: UnderstoodRow, row: UnderstoodRow, words: Words): UnderstoodRow {
  const fields: Record<string, Said> = { ...person.fields }
  const more: Record<string, readonly Said[]> = { ...person.more }
  for (const [field, said] of Object.entries(row.fields)) {
    if (said.filled || !said.text) continue
    if (!fields[field]) fields[field] = said
    else if (words.find((word) => word.field === field)?.many) more[field] = [...(more[field] ?? []), said]
  }
  return { ...person, fields, more }
}

/** Where a row keeps a formula without a result that stands in a column nobody asked for. */
const unnamed = '-'

/** The row's persons, the first whatever it says, the others where anything is said of them. */
function personsOf(
  grid: Grid,
  sheet: string,
  line: Line,
  columns: readonly UnderstoodColumn[],
  words: Words,
  last: Map<number, Said>,
  section: string,
): UnderstoodRow[] {
  const parts = Map.groupBy(columns, ({ part = 0 }) => part)
  const all = [...parts]
    .sort(([a], [b]) => a - b)
    .map(([part, mine]) => {
      const row = rowOf(grid, sheet, line, mine, last, section)
      const mark = mine.find((column) => column.mark)?.mark
      const placed = mine.some(({ field }) => words.some((word) => word.common && word.field === field))
      return part === 0 ? row : { ...row, part, ...(mark ? { mark } : {}), ...(placed ? { aside: true as const } : {}) }
    })
  const [first, ...others] = all
  const common = Object.fromEntries(
    Object.entries(first!.fields).filter(([field]) => words.some((word) => word.common && word.field === field)),
  )
  const said = others
    .filter(({ fields }) => Object.values(fields).some((one) => !one.filled))
    .map((row) => (row.aside ? row : { ...row, fields: { ...common, ...row.fields } }))
  // Where nobody stands in the first place of a row, the next is the first.
  const [next] = said
  const isBlank = Object.keys(first!.fields).every((field) => common[field] || field === 'serial' || first!.fields[field]!.filled)
  return isBlank &&
    next &&
    (next.aside || subjects(words).some((field) => next.fields[field])) &&
    !subjects(words).some((field) => first!.fields[field])
    ? [next.aside ? next : { ...first!, fields: next.fields, more: next.more }, ...said.slice(1)]
    : [first!, ...said]
}

function rowOf(
  grid: Grid,
  sheet: string,
  line: Line,
  columns: readonly UnderstoodColumn[],
  last: Map<number, Said>,
  section: string,
): UnderstoodRow {
  const fields: Record<string, Said> = {}
  const more: Record<string, Said[]> = {}
  for (const { at, field, head } of columns) {
    if (!field) {
      const said = head && saidAt(grid, line, at, last)
      if (said && said.unstored && !said.filled) fields[unnamed] ??= said
      continue
    }
    const said = saidAt(grid, line, at, last)
    if (!said) continue
    last.set(at, said)
    if (fields[field]) (more[field] ??= []).push(said)
    else fields[field] = said
  }
  return { sheet, row: line.row, fields, more, section }
}

function saidAt(grid: Grid, line: Line, at: number, last: ReadonlyMap<number, Said>): Said | undefined {
  const spot = line.spots[at]
  if (!spot) return undefined
  const from = spot.range && !spot.text ? { row: spot.range.top, at: spot.range.left } : { row: line.row, at }
  const source = from.row === line.row && from.at === at ? spot : grid.spotAt(from.row, from.at)
  if (!source) return undefined
  if (isDitto(source.text)) {
    const above = last.get(at)
    return above ? { ...above, filled: true } : undefined
  }
  const { cell, text } = source
  const unstored = (cell as { unstored?: true }).unstored ?? (cell.formula !== undefined && cell.kind === 'blank')
  if (!text && !unstored) return undefined
  return {
    text,
    at: `${letterOf(from.at)}${from.row}`,
    kind: cell.kind,
    ...(cell.lossy ? { lossy: true } : {}),
    ...(cell.formula !== undefined ? { formula: true } : {}),
    ...(unstored ? { unstored: true } : {}),
    ...(source === spot ? {} : { filled: true }),
  }
}
