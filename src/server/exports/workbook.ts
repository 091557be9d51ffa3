// Official sheets of any length: the frame is drawn once around one sample row, the rows flow into the place of that row.
import type { CellValue } from 'hucre/xlsx'
import { shown, type Shown } from '../spreadsheet/layout.ts'
import type { OfficialSheet } from '../spreadsheet/official.ts'
import { valueOf } from '../spreadsheet/values.ts'
import { writeOfficialSheet } from '../spreadsheet/write.ts'
import { escaped } from '../spreadsheet/xml.ts'
import { readDirectory, unpack } from '../spreadsheet/zip.ts'
import { say } from '#core/exports.ts'
import { zipped, type StreamedPart } from './zip.ts'

type Row = Readonly<Record<string, unknown>>
type Tail = Pick<OfficialSheet, 'totals' | 'notes'>
/** A sheet whose rows come in batches; what stands below them may be known only when they have all come. */
export type FlowingSheet = Omit<OfficialSheet, 'rows' | 'totals' | 'notes'> & {
  readonly batches: AsyncIterable<readonly Row[]>
  readonly tail?: () => Tail
}

/** Rows that one sheet can hold beside its head and foot. */
export const mostRows = 1_048_000
const sample = '\u2063row\u2063'

/** The bytes of an .xlsx file, piece by piece; never more than a batch of rows is held. Throws `exports.tooManyRows`. */
export async function* flowingWorkbook(sheets: readonly FlowingSheet[]): AsyncGenerator<Buffer> {
  const before = await framesOf(sheets)
  yield* zipped(
    (async function* (): AsyncGenerator<StreamedPart> {
      for (const { name, data } of before.others.filter((part) => !/styles|sharedStrings/.test(part.name)))
        yield { name, data: [data] }
      const after: { frames?: Frames } = {}
      for (const [i, sheet] of sheets.entries()) {
        yield {
          name: before.sheets[i]!.part,
          data: sheetXml(sheet, before.sheets[i]!, async () => (await framesOf(sheets)).sheets[i]!),
        }
      }
      after.frames = await framesOf(sheets)
      for (const { name, data } of after.frames.others.filter((part) => /styles|sharedStrings/.test(part.name)))
        yield { name, data: [data] }
    })(),
  )
}

type Frame = { part: string; head: string; row: number; styles: readonly string[]; below: string; end: string }
type Frames = { sheets: readonly Frame[]; others: readonly { name: string; data: Uint8Array }[] }

/** The sheets with one sample row each, taken apart around it. */
async function framesOf(sheets: readonly FlowingSheet[]): Promise<Frames> {
  const bytes = await writeOfficialSheet(sheets.map((sheet) => ({ ...sheet, ...sheet.tail?.(), rows: [sampleOf(sheet)] })))
  const parts = readDirectory(bytes).map((entry) => ({ name: entry.name, data: unpack(bytes, entry) }))
  const isSheet = (name: string) => /^xl\/worksheets\/sheet\d+\.xml$/.test(name)
  const strings = Buffer.from(parts.find((part) => part.name === 'xl/sharedStrings.xml')?.data ?? []).toString()
  const at = [...strings.matchAll(/<si>.*?<\/si>/gs)].findIndex((hit) => hit[0].includes(sample))
  const drawn = sheets.map((_, i) => {
    const part = `xl/worksheets/sheet${i + 1}.xml`
    return frameOf(part, Buffer.from(parts.find((one) => one.name === part)!.data).toString(), at)
  })
  return { sheets: drawn, others: parts.filter((part) => !isSheet(part.name)) }
}

/** A row of text in every column: each cell then wears the style of its column. */
const sampleOf = ({ columns }: FlowingSheet): Row => Object.fromEntries(columns.map(({ key }) => [key, sample]))

function frameOf(part: string, xml: string, string: number): Frame {
  const rows = [...xml.matchAll(/<row r="(\d+)"[^>]*>.*?<\/row>/gs)]
  const mine = rows.find((hit) => hit[0].includes(`<v>${string}</v>`))
  if (!mine) throw new Error('The sample row was not found in the drawn sheet.')
  const end = xml.indexOf('</sheetData>')
  return {
    part,
    row: Number(mine[1]),
    head: xml.slice(0, mine.index).replace(/<dimension [^>]*\/>/, ''),
    styles: [...mine[0].matchAll(/<c r="[A-Z]+\d+"[^>]*? s="(\d+)"/g)].map((hit) => hit[1]!),
    below: xml.slice(mine.index + mine[0].length, end),
    end: xml.slice(end),
  }
}

async function* sheetXml(sheet: FlowingSheet, before: Frame, drawnAgain: () => Promise<Frame>): AsyncGenerator<string> {
  const columns = shown({ ...sheet, rows: [] })
  const letters = columns.map((_, i) => letterOf(i))
  yield before.head
  let n = 0
  for await (const batch of sheet.batches) {
    if (n + batch.length > mostRows) throw say.tooManyRows({ most: mostRows })
    let xml = ''
    for (const row of batch) xml += rowXml(row, before.row + n, ++n, columns, letters, before.styles)
    yield xml
  }
  // What stands below is drawn anew now that totals and notes are known; the head and the styles of the rows must be the same.
  const after = await drawnAgain()
  if (after.row !== before.row || after.styles.join() !== before.styles.join() || after.head !== before.head) {
    throw new Error('The frame of a sheet changed while its rows were written.')
  }
  yield moved(after.below, after.row, n - 1)
  yield movedMerges(after.end, after.row, n - 1)
}

const letterOf = (column: number): string =>
  (column >= 26 ? letterOf(Math.floor(column / 26) - 1) : '') + String.fromCharCode(65 + (column % 26))

function rowXml(
  row: Row,
  at: number,
  number: number,
  columns: readonly Shown[],
  letters: readonly string[],
  styles: readonly string[],
): string {
  const cells = columns.map((column, i) =>
    cellXml(column.counts ? number : valueOf(row[column.key], column.type), `${letters[i]}${at}`, styles[i] ?? '0'),
  )
  return `<row r="${at}">${cells.join('')}</row>`
}

/** Text is always an inline string: what begins with = + - @ stays text and is never run. */
function cellXml(value: CellValue, ref: string, style: string): string {
  if (value === null || value === undefined) return `<c r="${ref}" s="${style}"/>`
  if (typeof value === 'number') return `<c r="${ref}" s="${style}"><v>${value}</v></c>`
  if (value instanceof Date) return `<c r="${ref}" s="${style}"><v>${value.getTime() / 86_400_000 + 25_569}</v></c>`
  return `<c r="${ref}" t="inlineStr" s="${style}"><is><t xml:space="preserve">${escaped(String(value))}</t></is></c>`
}

/** Rows below the sample row, as many rows further down as came in its place. */
const moved = (xml: string, from: number, by: number): string =>
  xml
    .replace(/<row r="(\d+)"/g, (_, n: string) => `<row r="${Number(n) + by}"`)
    .replace(
      /<c r="([A-Z]+)(\d+)"/g,
      (_, letters: string, n: string) => `<c r="${letters}${Number(n) > from ? Number(n) + by : n}"`,
    )

const movedMerges = (xml: string, from: number, by: number): string =>
  xml.replace(/<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"/g, (whole, a: string, n: string, b: string, m: string) =>
    Number(n) > from ? `<mergeCell ref="${a}${Number(n) + by}:${b}${Number(m) + by}"` : whole,
  )
