// The sheet of an import: the template from the row's fields, and its rows read back into entries or reasons.
import { z } from 'zod'
import { complaintsOf } from '#core/complaints.ts'
import { choiceText, infoOf, innerOf, isRequired, labelOf } from '#core/labels.ts'
import { say, type Importing } from '#core/imports.ts'
import { text, type Text } from '#core/text.ts'
import type { Cell, WorkbookRead } from '../spreadsheet/cells.ts'
import { readTemplate } from '../spreadsheet/filled.ts'
import type { TemplateColumn, TemplateSheet } from '../spreadsheet/template.ts'
import type { Cells } from './runs.ts'

type Fields = Readonly<Record<string, z.ZodType>>
const fieldsOf = (of: Importing): Fields => of.row.shape as unknown as Fields

/** A row as it came: what could not even be read has reasons. */
export type RowAsSent = { readonly row: number; readonly cells: Cells; readonly reasons: readonly Text[] }

export const reasonHead = '需要改正的原因'
const reasonColumn: TemplateColumn = {
  key: 'reason',
  head: reasonHead,
  hint: '改正后整份重新上传即可，这一列不会读入',
  width: 40,
}

/** The sheet to be filled in; with `rows` they stand in it already, each beside its reason. All cells are text. */
export function templateOf(of: Importing, rows?: readonly Pick<RowAsSent, 'cells' | 'reasons'>[]): TemplateSheet {
  const columns = Object.entries(fieldsOf(of)).map(([key, field]) => columnOf(key, field))
  if (!rows) return { name: of.title.zh, columns }
  return {
    name: of.title.zh,
    columns: [reasonColumn, ...columns],
    rows: rows.map(({ cells, reasons }) => ({ ...cells, reason: reasons.map((r) => r.zh).join('\n') })),
  }
}

function columnOf(key: string, field: z.ZodType): TemplateColumn {
  const info = infoOf(field)
  const several = innerOf(field) instanceof z.ZodArray
  const choices = isYesNo(field) ? ['是', '否'] : Object.values(choicesOf(field) ?? {}).map((c) => c.zh)
  const hint =
    info?.hint?.zh ?? (several ? `可填多个，用顿号隔开：${choices.join('、')}` : isDay(field) ? '例如 1990-01-31' : undefined)
  return {
    key,
    head: labelOf(field, key).zh,
    required: isRequired(field),
    ...(hint ? { hint } : {}),
    ...(choices.length && !several ? { options: choices } : {}),
  }
}

/** Rows of a workbook that came back. Throws when a required column is missing or no row is there. */
export function rowsOf(of: Importing, workbook: WorkbookRead): { sheet: string; rows: RowAsSent[]; leftAside: string[] } {
  const sheet = templateOf(of)
  const [read] = readTemplate(workbook, { sheets: [sheet] })
  if (!read?.found) throw say.noRows()
  const missing = sheet.columns.filter((c) => c.required && read.missingColumns.includes(c.key))
  if (missing.length) throw say.missingColumns({ heads: missing.map((c) => c.head) })
  if (!read.rows.length) throw say.noRows()
  const merged = new Map<string, string>()
  return {
    sheet: read.name,
    rows: read.rows.map(({ row, cells }) => asSent(of, row, cells, merged)),
    leftAside: read.unknownColumns.map((c) => c.head).filter((head) => head !== reasonHead),
  }
}

const worn = text(
  '长数字的末几位已被表格丢掉，请把这一列设为“文本”后重新填写',
  'The spreadsheet has dropped the last digits of this number: format the column as text and enter it again',
)
const broken = text('这一格是公式错误，请改为文字', 'This cell holds an error: write the value instead')

/** The text of each cell; a merged cell says what its first one says. */
function asSent(of: Importing, row: number, cells: Readonly<Record<string, Cell>>, merged: Map<string, string>): RowAsSent {
  const reasons: Text[] = []
  const texts = Object.entries(fieldsOf(of)).map(([key, field]) => {
    const cell = cells[key]!
    if (cell.lossy) reasons.push(at(row, field, key, worn))
    if (cell.kind === 'error') reasons.push(at(row, field, key, broken))
    if (cell.merged && cell.text) merged.set(`${key}:${cell.merged}`, cell.text)
    const said = (cell.text || (cell.merged && merged.get(`${key}:${cell.merged}`)) || '').trim()
    return [key, said || null] as const
  })
  return { row, cells: Object.fromEntries(texts), reasons }
}

export type Read<E> = { readonly entry: E } | { readonly reasons: readonly Text[] }

/** A row as an entry of the declared shape, or why it is none: which column, what is wrong, what to do. Never repeats the value. */
export function entryOf<E>(of: Importing, { row, cells }: Pick<RowAsSent, 'row' | 'cells'>): Read<E> {
  const values: Record<string, unknown> = {}
  for (const [key, means] of Object.entries(readersOf(of))) if (cells[key]) values[key] = means(cells[key])
  const read = of.row.safeParse(values)
  if (read.success) return { entry: read.data as E }
  const said = complaintsOf(of.row, read.error.issues, values)
  return {
    reasons: Object.entries(said).map(([path, sentence]) => {
      const key = path.split('.')[0]!
      return at(row, fieldsOf(of)[key], key, sentence)
    }),
  }
}

/** An entry in the words of its fields, as a preview shows it. */
export const wordsOf = (of: Importing, entry: Readonly<Record<string, unknown>>): Cells =>
  Object.fromEntries(Object.entries(fieldsOf(of)).map(([key, field]) => [key, said(field, entry[key])]))

function said(field: z.ZodType, value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null
  if (typeof value === 'boolean') return value ? '是' : '否'
  const inner = innerOf(field)
  if (Array.isArray(value)) {
    const element = inner instanceof z.ZodArray ? (inner.element as z.ZodType) : field
    return value.map((one) => choiceText(element, String(one)).zh).join('、') || null
  }
  return choiceText(field, String(value)).zh
}

/** `第 12 行“手机号”：…` */
const at = (row: number, field: z.ZodType | undefined, key: string, sentence: Text): Text => {
  const head = field ? labelOf(field, key) : text(key, key)
  return text(`第 ${row} 行“${head.zh}”：${sentence.zh}。`, `Row ${row}, ${head.en}: ${sentence.en}.`)
}

const choicesOf = (field: z.ZodType): Readonly<Record<string, Text>> | undefined => {
  const inner = innerOf(field)
  return infoOf(inner instanceof z.ZodArray ? (inner.element as z.ZodType) : field)?.choices
}
const isDay = (field: z.ZodType): boolean => (innerOf(field).def as { format?: string }).format === 'date'

const isTime = (field: z.ZodType): boolean => (innerOf(field).def as { format?: string }).format === 'time'
const isYesNo = (field: z.ZodType): boolean => innerOf(field).def.type === 'boolean'
const yesNo = new Map([
  ...['是', '有', '√', 'yes', 'true'].map((said) => [said, true] as const),
  ...['否', '无', '×', 'no', 'false'].map((said) => [said, false] as const),
])

/** The words of a cell as the value that its field means. Unknown words stay as they are, and are complained about. */
type Reader = (said: string) => unknown
const readers = new WeakMap<Importing, Readonly<Record<string, Reader>>>()

/** Made once for each import: fifteen thousand rows ask them. */
function readersOf(of: Importing): Readonly<Record<string, Reader>> {
  const made = readers.get(of) ?? Object.fromEntries(Object.entries(fieldsOf(of)).map(([key, field]) => [key, readerOf(field)]))
  readers.set(of, made)
  return made
}

function readerOf(field: z.ZodType): Reader {
  const inner = innerOf(field)
  const meant = new Map(
    Object.entries(choicesOf(field) ?? {}).flatMap(([key, { zh, en }]) =>
      [key, zh, en].map((word) => [bare(word), key] as const),
    ),
  )
  const chosen: Reader = (said) => meant.get(bare(said)) ?? said
  if (inner instanceof z.ZodArray)
    return (said) =>
      said
        .split(/[、,，;；/\s]+/)
        .filter(Boolean)
        .map(chosen)
  if (meant.size > 0) return chosen
  if (isDay(field)) return dayOf
  if (isTime(field))
    return (said) =>
      said
        .replace(/^(\d)(?=[:：])/, '0$1')
        .replace('：', ':')
        .slice(0, 5)
  if (isYesNo(field)) return (said) => yesNo.get(bare(said)) ?? said
  return inner.def.type === 'number' ? Number : (said) => said
}

const bare = (words: string): string => words.normalize('NFKC').replaceAll(/\s/g, '').toLowerCase()

/** A day in the ways in which offices write it: 1990-1-31, 1990/1/31, 1990.1.31, 1990年1月31日, 19900131. */
function dayOf(said: string): string {
  const parts = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(bare(said)) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(bare(said))
  return parts ? `${parts[1]}-${parts[2]!.padStart(2, '0')}-${parts[3]!.padStart(2, '0')}` : said.slice(0, 10)
}
