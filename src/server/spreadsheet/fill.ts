// Fills values into a workbook that somebody else drew, and keeps its look: only the cells that are filled, the stored results of
// formulas and the wish to be computed when it is opened are written anew; every other byte of every part stays as it was.
import { openBook } from './book.ts'
import { placeOf, refOf, scanSheet, type CellAt, type RowAt, type SheetAt } from './fillScan.ts'
import { totalsOf } from './fillSums.ts'
import { say } from './problems.ts'
import { escaped } from './xml.ts'
import { pack, packedParts, plainName, readDirectory, unpack } from './zip.ts'

/** What goes into a cell: a number, a text, or null for a cell that stays blank, whatever stood there. */
export type Fill = { sheet: string; cell: string; value: number | string | null }
/** A formula of the workbook with what it comes to now; null where only the program that opens it can tell. */
export type Total = { sheet: string; cell: string; value: number | null }
export type Filled = { bytes: Uint8Array; totals: Total[] }

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

type Sheet = { name: string; part: string; xml: string; at: SheetAt; cells: Map<string, CellAt> }

/** The sheets of a workbook with the places of their cells. */
export async function sheetsIn(bytes: Uint8Array): Promise<(Sheet & { hidden: boolean })[]> {
  const entries = readDirectory(bytes)
  const book = await openBook(bytes, packedParts(bytes, entries))
  return book.sheets.map(({ name, hidden, part }) => {
    const xml = text(
      unpack(
        bytes,
        entries.find((entry) => plainName(entry.name) === part.name)!,
      ),
    )
    const at = scanSheet(xml)
    return {
      name,
      hidden,
      part: part.name,
      xml,
      at,
      cells: new Map(at.rows.flatMap((row) => row.cells.map((cell) => [refOf(cell.row, cell.column), cell]))),
    }
  })
}

/**
 * The workbook with its values. `stamp`, if any, stands in a hidden row below everything else, on every sheet that was filled.
 * Throws `spreadsheet.damaged` for a sheet that the workbook does not have. Cells with formulas are never overwritten.
 */
export async function fillWorkbook(bytes: Uint8Array, fills: readonly Fill[], stamp?: string): Promise<Filled> {
  const sheets = await sheetsIn(bytes)
  const wanted = new Map(
    sheets.map(({ name, cells }) => [
      name,
      new Map(
        fills.filter((fill) => fill.sheet === name && !cells.get(fill.cell)?.formula).map(({ cell, value }) => [cell, value]),
      ),
    ]),
  )
  if (fills.some(({ sheet }) => !wanted.has(sheet))) throw say.damaged()
  const totals = totalsOf(new Map(sheets.map(({ name, cells }) => [name, cells])), (sheet, cell) => wanted.get(sheet)?.get(cell))
  const written = new Map<string, string>()
  for (const sheet of sheets) {
    const mine = wanted.get(sheet.name)!
    const sums = totals.get(sheet.name)!
    if (mine.size > 0 || sums.size > 0) written.set(sheet.part, writeSheet(sheet, mine, sums, mine.size > 0 ? stamp : undefined))
  }
  const computes = [...totals.values()].some((found) => found.size > 0)
  const entries = readDirectory(bytes)
  const raw = entries.map((entry) => ({ name: entry.name, plain: plainName(entry.name), data: unpack(bytes, entry) }))
  const main = computes ? mainPart(raw) : undefined
  const parts = raw.map(({ name, plain, data }) => {
    const anew = written.get(plain) ?? (plain === main ? recalculated(text(data)) : undefined)
    return { name, data: anew === undefined ? data : Buffer.from(anew) }
  })
  return {
    bytes: pack(parts),
    totals: [...totals].flatMap(([sheet, found]) => [...found].map(([cell, value]) => ({ sheet, cell, value: value ?? null }))),
  }
}

/** The part that is the workbook: the one so typed, whatever its name. */
function mainPart(parts: readonly { plain: string; data: Uint8Array }[]): string {
  const types = parts.find(({ plain }) => plain.toLowerCase() === '[content_types].xml')
  const hit = [...(types ? text(types.data) : '').matchAll(/<[^<>]*sheet\.main\+xml[^<>]*>/g)][0]?.[0]
  return /PartName\s*=\s*["']\/?([^"']+)["']/.exec(hit ?? '')?.[1] ?? 'xl/workbook.xml'
}

/** Asks whatever opens the workbook to compute all of it. */
export function recalculated(xml: string): string {
  const known = /<((?:[\w.-]+:)?)calcPr\b([^<>]*?)(\/?)>/.exec(xml)
  if (known) {
    const others = known[2]!.replace(/\s+fullCalcOnLoad\s*=\s*("[^"]*"|'[^']*')/, '')
    return xml.replace(known[0], () => `<${known[1]}calcPr${others.trimEnd()} fullCalcOnLoad="1"${known[3]}>`)
  }
  for (const before of ['definedNames', 'externalReferences', 'functionGroups', 'sheets']) {
    const end = new RegExp(`</((?:[\\w.-]+:)?)${before}\\s*>`).exec(xml)
    if (end) return xml.replace(end[0], () => `${end[0]}<${end[1]}calcPr fullCalcOnLoad="1"/>`)
  }
  return xml
}

const attribute = (name: string, value: string | undefined): string => (value === undefined ? '' : ` ${name}="${escaped(value)}"`)

/** Text is an inline string: what begins with = + - @ stays text and is never run. */
function cellXml(prefix: string, ref: string, style: string | undefined, value: number | string | null): string {
  const head = `<${prefix}c r="${ref}"${attribute('s', style)}`
  if (value === null || value === '') return `${head}/>`
  if (typeof value === 'number') return `${head}><${prefix}v>${value}</${prefix}v></${prefix}c>`
  return `${head} t="inlineStr"><${prefix}is><${prefix}t xml:space="preserve">${escaped(value)}</${prefix}t></${prefix}is></${prefix}c>`
}

/** The formula as written, with what it comes to; the old result goes in any case, for it is of another day. */
const totalXml = (prefix: string, ref: string, cell: CellAt, value: number | undefined): string =>
  `<${prefix}c r="${ref}"${attribute('s', cell.attributes['s'])}>${cell.formula!.written}${value === undefined ? '' : `<${prefix}v>${value}</${prefix}v>`}</${prefix}c>`

/** The style of a cell that the sheet does not write out: its row's, else its column's. */
function styleOf({ columns }: SheetAt, row: RowAt | undefined, column: number): string | undefined {
  const ofRow = row && /\bcustomFormat="(1|true)"/.test(row.written) ? /\bs="(\d+)"/.exec(row.written)?.[1] : undefined
  return ofRow ?? columns.find(({ min, max }) => Number(min) <= column && column <= Number(max))?.['style']
}

function writeSheet(
  { xml, at, cells }: Sheet,
  fills: ReadonlyMap<string, number | string | null>,
  sums: ReadonlyMap<string, number | undefined>,
  stamp: string | undefined,
): string {
  const { prefix } = at
  const anew = new Map<number, Map<number, string>>()
  const put = (row: number, column: number, written: string) =>
    anew.set(row, (anew.get(row) ?? new Map<number, string>()).set(column, written))
  for (const [ref, value] of fills) {
    const { row, column } = placeOf(ref)
    const known = cells.get(ref)
    const style = known
      ? known.attributes['s']
      : styleOf(
          at,
          at.rows.find((one) => one.row === row),
          column,
        )
    put(row, column, cellXml(prefix, ref, style, value))
  }
  for (const [ref, value] of sums) {
    const cell = cells.get(ref)!
    put(cell.row, cell.column, totalXml(prefix, ref, cell, value))
  }
  const below = Math.max(0, ...at.rows.map(({ row }) => row), ...anew.keys()) + 2
  if (stamp) put(below, 1, cellXml(prefix, refOf(below, 1), undefined, stamp))

  const pieces: string[] = []
  let done = at.dataFrom
  const isEmpty = at.rows.length === 0 && xml.slice(at.dataFrom, at.dataTo).includes('sheetData')
  const open = isEmpty ? xml.slice(at.dataFrom, at.dataTo).replace(/\s*\/>$/, '>') : ''
  const fresh = (row: number): void => {
    pieces.push(
      `<${prefix}row r="${row}"${stamp && row === below ? ' hidden="1"' : ''}>${[...inOrder(anew.get(row)!)].join('')}</${prefix}row>`,
    )
    anew.delete(row)
  }
  for (const row of at.rows) {
    const missing = [...anew.keys()].filter((n) => n < row.row).sort((a, b) => a - b)
    if (missing.length > 0) {
      pieces.push(xml.slice(done, row.from))
      done = row.from
      missing.forEach(fresh)
    }
    const mine = anew.get(row.row)
    if (!mine) continue
    pieces.push(xml.slice(done, row.from), rowXml(xml, row, mine, prefix))
    done = row.to
    anew.delete(row.row)
  }
  const end = isEmpty ? at.dataFrom : at.dataTo
  pieces.push(xml.slice(done, end), open)
  for (const missing of [...anew.keys()].sort((a, b) => a - b)) fresh(missing)
  return xml.slice(0, at.dataFrom) + pieces.join('') + (isEmpty ? `</${prefix}sheetData>` : '') + xml.slice(at.dataTo)
}

const inOrder = (cells: ReadonlyMap<number, string>): string[] =>
  [...cells].sort(([a], [b]) => a - b).map(([, written]) => written)

/** A row with some of its cells written anew; the others as they stand. */
function rowXml(xml: string, row: RowAt, anew: ReadonlyMap<number, string>, prefix: string): string {
  const all = new Map(row.cells.map((cell) => [cell.column, named(xml.slice(cell.from, cell.to), cell)]))
  const grows = [...anew.keys()].some((column) => !all.has(column))
  for (const [column, written] of anew) all.set(column, written)
  const opened = row.written.replace(/\/>$/, '>')
  return `${grows ? opened.replace(/\s+spans="[^"]*"/, '') : opened}${inOrder(all).join('')}</${prefix}row>`
}

/** A cell that says no place is given one: its neighbours may now be others. */
const named = (written: string, { row, column, attributes }: CellAt): string =>
  attributes['r'] ? written : written.replace(/^<((?:[\w.-]+:)?c)\b/, `<$1 r="${refOf(row, column)}"`)
