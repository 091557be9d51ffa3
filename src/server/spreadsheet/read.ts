// Reads a workbook or csv file that a stranger may have made: looked at from outside first, then parsed in a child process
// that may neither write, nor reach the network, nor outgrow its memory, nor outlive its time.
import { readFile, stat } from 'node:fs/promises'
import type { WorkbookRead } from './cells.ts'
import { askChild, type Bounds } from './child.ts'
import { inspect } from './inspect.ts'
import { say } from './problems.ts'
import { giveBack, sheetsFrom } from './rows.ts'
import type { Limits, Order } from './wire.ts'

/**
 * `name` is the file's name as sent: a text file is taken for csv only where it ends so. `maxBytes` as sent, `maxUnpacked` once
 * unpacked (bytes); rows and columns are counted a sheet, cells a workbook, blank ones never; `maxText` is all that is told of the file; `memory` is the child's heap in MB.
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
  maxRows: 50_000, maxColumns: 200, maxCells: 500_000, maxText: 20_000_000,
  timeoutMs: 30_000, memory: 32,
}

/** One child at a time keeps server and child within their memory; a few files wait, with their bytes; the rest come again later. */
const mayWait = 9
const mayWeigh = 40_000_000
let running = false
let weight = 0
const waiting: (() => void)[] = []

/** Reads a file from its bytes or its path. All but plain workbooks and csv files are refused with a `spreadsheet.…` problem. */
export async function readWorkbook(source: Uint8Array | string, options: ReadOptions = {}): Promise<WorkbookRead> {
  const limits: typeof usual = { ...usual, ...options }
  const bytes = typeof source === 'string' ? await load(source, limits.maxBytes) : source
  const found = inspect(bytes, options.name ?? (typeof source === 'string' ? source : undefined), limits)
  const { maxRows, maxColumns, maxCells, maxText } = limits
  const order: Order = { ...found, size: bytes.length, limits: { maxRows, maxColumns, maxCells, maxText } }
  await takeTurn(bytes.length)
  try {
    const told = await askChild(order, bytes, limits satisfies Bounds)
    if (bytes !== source) giveBack(bytes)
    return { format: found.format, sheets: await sheetsFrom(told) }
  } finally {
    passTurn()
  }
}

async function load(path: string, maxBytes: number): Promise<Uint8Array> {
  if ((await stat(path)).size > maxBytes) throw say.tooLarge({ what: 'bytes', limit: maxBytes })
  return readFile(path)
}

async function takeTurn(size: number): Promise<void> {
  if (!running) {
    running = true
    return
  }
  if (waiting.length >= mayWait || weight + size > mayWeigh) throw say.tooManyAtOnce()
  weight += size
  await new Promise<void>((go) => waiting.push(go))
  weight -= size
}

/** Hands the turn to the next in line, who takes over this one's place. */
function passTurn(): void {
  const next = waiting.shift()
  if (next) next()
  else running = false
}
