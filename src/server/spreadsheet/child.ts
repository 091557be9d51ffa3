// Runs the reading child: gives it the file, keeps its answer as bytes, and ends it when it outgrows its time or memory.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { say } from './problems.ts'
import type { Order } from './wire.ts'

export type Bounds = { timeoutMs: number; memory: number; maxText: number }

const program = fileURLToPath(new URL('./read-child.ts', import.meta.url))
/** Where the program lies compiled: taking the types off anew costs each child 28 MB. Nobody else reads what lies there. */
const compiled = fileURLToPath(new URL('../../../node_modules/.cache/linli-reader', import.meta.url))

/** What the child told, in pieces as they came. The rows are made of it only when the child and its memory are gone. */
export async function askChild(
  order: Order,
  file: AsyncIterable<Uint8Array>,
  { timeoutMs, memory, maxText }: Bounds,
): Promise<Buffer[]> {
  const child = startChild(memory)
  const pieces: Buffer[] = []
  let size = 0
  try {
    return await new Promise<Buffer[]>((done, fail) => {
      const clock = setTimeout(() => fail(say.tookTooLong({ seconds: Math.ceil(timeoutMs / 1000) })), timeoutMs)
      child.stdout!.on('data', (piece: Buffer) => {
        pieces.push(piece)
        size += piece.length
        // Signs are counted there, bytes here.
        if (size > maxText * 4) fail(say.tooLarge({ what: 'memory', limit: maxText }))
      })
      child.on('error', fail)
      child.on('close', (code, signal) => {
        clearTimeout(clock)
        if (code === 0) done(pieces)
        else fail(endOf(code, signal, memory))
      })
      send(child.stdin!, order, file).catch(fail)
    })
  } finally {
    child.kill('SIGKILL')
  }
}

/** Each piece has left before the next is asked for. A child that was ended takes no more; why it ended is told by its exit. */
async function send(to: Writable, order: Order, file: AsyncIterable<Uint8Array>): Promise<void> {
  to.on('error', () => undefined)
  const put = (bytes: Uint8Array) => new Promise<boolean>((left) => to.write(bytes, (error) => left(!error)))
  let taken = await put(Buffer.from(`${JSON.stringify(order)}\n`))
  for await (const piece of file) if (!taken || !(taken = await put(piece))) break
  to.end()
}

/** V8 aborts itself when the heap is full, the system kills when its memory is. */
const endOf = (code: number | null, signal: string | null, memory: number): Error =>
  signal !== null || code === 134
    ? say.tooLarge({ what: 'memory', limit: memory * 1_000_000 })
    : new Error(`The process that reads workbooks ended with code ${code}`)

/** It may read files, for its own program is in files, and write that program compiled; not reach the network, not start programs. */
function startChild(memory: number): ChildProcess {
  const bounded = [`--max-old-space-size=${memory}`, '--max-semi-space-size=2']
  const allowed = ['--permission', '--allow-fs-read=*', ...(keeps() ? [`--allow-fs-write=${compiled}`] : [])]
  return spawn(process.execPath, [...bounded, ...allowed, '--no-warnings', program], {
    // One thread unpacks, so more would only hold memory of their own.
    env: { UV_THREADPOOL_SIZE: '1', MALLOC_ARENA_MAX: '2', NODE_COMPILE_CACHE: compiled },
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  })
}

/** Where the packages may not be written beside, each child compiles for itself. */
function keeps(): boolean {
  try {
    mkdirSync(compiled, { recursive: true })
    return true
  } catch {
    return false
  }
}
