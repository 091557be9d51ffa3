// Reads a workbook or csv file that a stranger may have made: looked at from outside first, then parsed in a child process
// that may neither write, nor reach the network, nor outgrow its memory, nor outlive its time.
import { type ChildProcess, fork } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import type { SheetRead, WorkbookRead } from './cells.ts'
import { inspect } from './inspect.ts'
import { say } from './problems.ts'
import { type Limits, type Order, type Refusal, type Reply, unpackRow } from './wire.ts'

/**
 * `name` is the file's name as sent: a text file is taken for csv only where it ends so. `maxBytes` as sent, `maxUnpacked` once
 * unpacked (bytes); rows and columns are counted a sheet, cells a workbook, blank ones never; `memory` of the child in MB.
 */
export type ReadOptions = Partial<Limits> & {
  name?: string
  maxBytes?: number
  maxUnpacked?: number
  timeoutMs?: number
  memory?: number
}

const usual = {
  maxBytes: 20_000_000, maxUnpacked: 200_000_000,
  maxRows: 50_000, maxColumns: 200, maxCells: 1_000_000,
  timeoutMs: 30_000, memory: 768,
}

/** Two children at once leave the server its processors; a few more wait, the rest come again later. */
const atOnce = 2
const mayWait = 8
let running = 0
const waiting: (() => void)[] = []

/** Reads a file from its bytes or its path. All but plain workbooks and csv files are refused with a `spreadsheet.…` problem. */
export async function readWorkbook(source: Uint8Array | string, options: ReadOptions = {}): Promise<WorkbookRead> {
  const limits: typeof usual = { ...usual, ...options }
  const bytes = typeof source === 'string' ? await load(source, limits.maxBytes) : source
  const format = inspect(bytes, options.name ?? (typeof source === 'string' ? source : undefined), limits)
  const { maxRows, maxColumns, maxCells, timeoutMs, memory } = limits
  await takeTurn()
  try {
    const order: Order = { format, bytes, limits: { maxRows, maxColumns, maxCells } }
    return { format, sheets: await readInChild(order, timeoutMs, memory) }
  } finally {
    passTurn()
  }
}

async function load(path: string, maxBytes: number): Promise<Uint8Array> {
  if ((await stat(path)).size > maxBytes) throw say.tooLarge({ what: 'bytes', limit: maxBytes })
  return readFile(path)
}

async function takeTurn(): Promise<void> {
  if (running < atOnce) {
    running++
    return
  }
  if (waiting.length >= mayWait) throw say.tooManyAtOnce()
  await new Promise<void>((go) => waiting.push(go))
}

/** Hands the turn to the next in line, who takes over this one's place. */
function passTurn(): void {
  const next = waiting.shift()
  if (next) next()
  else running--
}

function readInChild(order: Order, timeoutMs: number, memory: number): Promise<SheetRead[]> {
  const child = startChild(memory)
  const sheets: SheetRead[] = []
  return new Promise<SheetRead[]>((done, fail) => {
    const clock = setTimeout(() => fail(say.tookTooLong({ seconds: Math.ceil(timeoutMs / 1000) })), timeoutMs)
    child.on('message', (reply: Reply) => {
      if (reply.at === 'sheet') sheets.push(openSheet(reply))
      else if (reply.at === 'rows') addRows(sheets.at(-1), reply.rows)
      else if (reply.at === 'done') done(sheets)
      else fail(problemOf(reply.refusal))
    })
    child.on('error', fail)
    child.on('exit', (code, signal) => {
      clearTimeout(clock)
      fail(endOf(code, signal, memory))
    })
    child.send(order, (error) => error && fail(error))
  }).finally(() => child.kill('SIGKILL'))
}

/** A child that ends before it has answered: V8 aborts itself when the heap is full, the system kills when its memory is. */
const endOf = (code: number | null, signal: string | null, memory: number): Error =>
  signal !== null || code === 134
    ? say.tooLarge({ what: 'memory', limit: memory * 1_000_000 })
    : new Error(`The process that reads workbooks ended with code ${code}`)

function startChild(memory: number): ChildProcess {
  return fork(new URL('./read-child.ts', import.meta.url), [], {
    execArgv: [`--max-old-space-size=${memory}`, '--permission', '--allow-fs-read=*', '--no-warnings'],
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
}

function openSheet({ name, hidden, hiddenColumns }: Extract<Reply, { at: 'sheet' }>): SheetRead {
  return { name, rows: [], ...(hidden && { hidden }), ...(hiddenColumns.length > 0 && { hiddenColumns }) }
}

function addRows(sheet: SheetRead | undefined, rows: Extract<Reply, { at: 'rows' }>['rows']): void {
  for (const row of rows) sheet?.rows.push(unpackRow(row))
}

function problemOf(refusal: Refusal): Error {
  if (refusal.name === 'tooLarge') return say.tooLarge({ what: refusal.what, limit: refusal.limit })
  return say[refusal.name]()
}
