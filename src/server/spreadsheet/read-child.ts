// The child process that parses. It is told one file, answers with its rows line by line or a refusal, and is ended by its
// parent. Everything streams: a part is unpacked, read and told a piece at a time, and each row is forgotten when it has left.
import { isProblem } from '#core/problem.ts'
import { openBook } from './book.ts'
import { blank, type SheetRow, textCell } from './cells.ts'
import { inspect } from './inspect.ts'
import { say } from './problems.ts'
import { readSheet } from './sheet-xml.ts'
import { recordsOf } from './text-file.ts'
import { readXml } from './unzip.ts'
import { type Limits, type Order, packRow, type Reply } from './wire.ts'
import type { PackedPart } from './zip.ts'

/** Lines leave in batches of so many signs. */
const batch = 65_536
let lines = ''
let told = 0

/** Waits until what was told has left, so that a slow parent holds the child back and not the memory. */
async function leave(): Promise<void> {
  const leaving = lines
  lines = ''
  if (leaving !== '') await new Promise<void>((left) => process.stdout.write(leaving, () => left()))
}

function put(line: unknown, maxText = Infinity): void {
  const written = JSON.stringify(line)
  told += written.length
  if (told > maxText) throw say.tooLarge({ what: 'memory', limit: maxText })
  lines += written + '\n'
}

const tell = (reply: Reply): void => put(reply)
const leaveSome = (): Promise<void> | undefined => (lines.length < batch ? undefined : leave())

/** Counts what a row holds against the limits, and tells it. */
function teller({ maxRows, maxColumns, maxCells, maxText }: Limits): { newSheet(): void; row(row: SheetRow): void } {
  let [rows, cells] = [0, 0]
  const check = (what: 'rows' | 'below' | 'columns' | 'cells', count: number, limit: number): void => {
    if (count > limit) throw say.tooLarge({ what, limit })
  }
  return {
    newSheet: () => {
      rows = 0
    },
    row: (row) => {
      for (const cell of row.cells) if (cell !== blank) cells++
      check('rows', ++rows, maxRows)
      check('below', row.row, Math.max(200_000, maxRows * 4))
      check('columns', row.cells.length, maxColumns)
      check('cells', cells, maxCells)
      put(packRow(row), maxText)
    },
  }
}

/** Looks at the file from outside first; what it is, is told with its last line. */
async function answer({ name, limits }: Order, bytes: Uint8Array): Promise<'xlsx' | 'csv'> {
  const found = inspect(bytes, name, limits)
  const count = teller(limits)
  if (found.format === 'csv') await tellCsv(bytes, found.encoding, limits, count.row)
  else await tellBook(bytes, found.parts, limits, count)
  return found.format
}

async function tellBook(bytes: Uint8Array, parts: PackedPart[], limits: Limits, count: ReturnType<typeof teller>): Promise<void> {
  const { sheets, ...source } = await openBook(bytes, parts)
  for (const { name, hidden, part } of sheets) {
    tell({ at: 'sheet', name, hidden })
    count.newSheet()
    const { reader, merges, hiddenColumns } = readSheet(source, limits, count.row)
    await readXml(bytes, part, reader, leaveSome)
    put({ at: 'sheetEnd', hiddenColumns: [...hiddenColumns].sort((a, b) => a - b), merges } satisfies Reply, limits.maxText)
  }
}

async function tellCsv(bytes: Uint8Array, encoding: string, limits: Limits, tellRow: (row: SheetRow) => void): Promise<void> {
  tell({ at: 'sheet', name: '', hidden: false })
  let row = 0
  for (const fields of recordsOf(bytes, encoding, limits.maxColumns)) {
    row++
    const cells = fields.slice(0, fields.findLastIndex((field) => field !== '') + 1).map(textCell)
    if (cells.length > 0) tellRow({ row, cells })
    await leaveSome()
  }
  tell({ at: 'sheetEnd', hiddenColumns: [], merges: [] })
}

/** The order is one line; the file's bytes follow it. */
async function take(): Promise<{ order: Order; bytes: Uint8Array }> {
  const opening: Buffer[] = []
  let order: Order | undefined
  let bytes = Buffer.alloc(0)
  let at = 0
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    let data = chunk
    if (!order) {
      const end = data.indexOf(10)
      opening.push(end < 0 ? data : data.subarray(0, end))
      if (end < 0) continue
      order = JSON.parse(Buffer.concat(opening).toString()) as Order
      bytes = Buffer.allocUnsafeSlow(order.size)
      data = data.subarray(end + 1)
    }
    at += data.copy(bytes, at)
  }
  if (!order || at < order.size) throw new Error('the file did not arrive whole')
  return { order, bytes }
}

function ending(error: unknown): Reply {
  return isProblem(error) ? { at: 'refused', name: error.code.split('.')[1] ?? '', details: error.details } : { at: 'failed' }
}

try {
  const { order, bytes } = await take()
  tell({ at: 'done', format: await answer(order, bytes) })
} catch (error) {
  tell(ending(error))
}
await leave()
