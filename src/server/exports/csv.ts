// Rows as comma-separated text, batch by batch: UTF-8 with its mark, CR LF, what a spreadsheet would run set off by an apostrophe.
import { writeCsv, type CsvValue } from '../spreadsheet/csv.ts'
import { shown } from '../spreadsheet/layout.ts'
import { valueOf } from '../spreadsheet/values.ts'
import type { FlowingSheet } from './workbook.ts'

const mark = 3
const lineEnd = Buffer.from('\r\n')

/** The first sheet as .csv. It holds head and rows only, so that it can be read in again; who took it out stands in its name. */
export async function* flowingCsv([sheet]: readonly FlowingSheet[]): AsyncGenerator<Uint8Array> {
  if (!sheet) return
  const columns = shown({ ...sheet, rows: [], numbered: false, remarks: false })
  const head = columns.map(({ group, head: own, unit }) => [group, unit ? `${own}（${unit}）` : own].filter(Boolean).join('·'))
  const bytes = writeCsv(head, [])
  yield bytes
  for await (const batch of sheet.batches) {
    if (batch.length === 0) continue
    const rows = batch.map((row) => columns.map(({ key, type }) => plain(valueOf(row[key], type), type)))
    // Written with the first row in the place of the head, and without another mark.
    const [first, ...rest] = rows
    yield lineEnd
    yield writeCsv(first as string[], rest).subarray(mark)
  }
}

function plain(value: unknown, type: string): CsvValue {
  if (!(value instanceof Date)) {
    return typeof value === 'number' && type !== 'time'
      ? value
      : type === 'time' && typeof value === 'number'
        ? clock(value)
        : (value as CsvValue)
  }
  const said = value.toISOString()
  return type === 'date' ? said.slice(0, 10) : said.slice(0, 16).replace('T', ' ')
}

const clock = (part: number): string => {
  const minutes = Math.round(part * 1440)
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}
