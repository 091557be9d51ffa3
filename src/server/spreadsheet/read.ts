// Reads a workbook or csv file that a stranger may have made: looked at from outside first, then parsed in a child process
// that may neither write, nor reach the network, nor outgrow its memory, nor outlive its time.
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { WorkbookRead } from './cells.ts'
import { askChild, type Bounds } from './child.ts'
import { say } from './problems.ts'
import { workbookFrom } from './rows.ts'
import type { Limits, Weight } from './wire.ts'

/**
 * `name` is the file's name as sent: a text file is taken for csv only where it ends so. `maxBytes` as sent, `maxUnpacked` once
 * unpacked (bytes); rows and columns are counted a sheet, cells a workbook, blank ones never; `maxText` is all that is told of the file; `memory` is the child's heap in MB.
 */
export type ReadOptions = Partial<Limits & Weight> & {
  name?: string
  timeoutMs?: number
  memory?: number
}

const usual = {
  maxBytes: 20_000_000,
  maxUnpacked: 200_000_000,
  maxRows: 50_000,
  maxColumns: 200,
  maxCells: 500_000,
  maxText: 20_000_000,
  timeoutMs: 30_000,
  memory: 32,
}

/** One child at a time keeps server and child within their memory; a few files wait, with their bytes; the rest come again later. */
const mayWait = 9
const mayWeigh = 40_000_000
let running = false
let weight = 0
const waiting: (() => void)[] = []

/** A file that is not in memory: `size` in bytes, and its bytes in their order. */
export type Streamed = { readonly size: number; readonly pieces: () => AsyncIterable<Uint8Array> }

/**
 * Reads a file from its bytes, its path, or piece by piece. All but plain workbooks and csv files are refused with a
 * `spreadsheet.…` problem.
 */
export async function readWorkbook(source: Uint8Array | string | Streamed, options: ReadOptions = {}): Promise<WorkbookRead> {
  const { name = typeof source === 'string' ? source : undefined, timeoutMs, memory, ...limits } = { ...usual, ...options }
  const { size, pieces } = await streamed(source)
  if (size > limits.maxBytes) throw say.tooLarge({ what: 'bytes', limit: limits.maxBytes })
  // Only what waits in memory counts while it waits.
  await takeTurn(source instanceof Uint8Array ? size : 0)
  try {
    const bounds: Bounds = { timeoutMs, memory, maxText: limits.maxText }
    return await workbookFrom(await askChild({ size, limits, ...(name === undefined ? {} : { name }) }, pieces(), bounds))
  } finally {
    passTurn()
  }
}

async function streamed(source: Uint8Array | string | Streamed): Promise<Streamed> {
  if (typeof source === 'string') return { size: (await stat(source)).size, pieces: () => createReadStream(source) }
  return source instanceof Uint8Array
    ? {
        size: source.length,
        pieces: async function* () {
          yield source
        },
      }
    : source
}

/** Has the child's program compiled ahead, so that the first file finds it so. */
export async function warmReader(): Promise<void> {
  await readWorkbook(Buffer.from('1'), { name: '.csv' }).catch(() => undefined)
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
