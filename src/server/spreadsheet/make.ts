// Turns a drawn workbook into bytes. Large ones are made on a thread of their own: 400,000 cells would hold the server
// for more than a second.
import { Worker } from 'node:worker_threads'
import { type WriteOptions, writeXlsx } from 'hucre/xlsx'

/** Below this many cells a thread costs more than it saves. */
const few = 20_000

/** The bytes of an .xlsx file. */
export function makeXlsx(options: WriteOptions): Promise<Uint8Array> {
  const cells = options.sheets.reduce((sum, { rows = [], columns = [] }) => sum + rows.length * columns.length, 0)
  return cells < few ? writeXlsx(options) : onThread(options)
}

function onThread(options: WriteOptions): Promise<Uint8Array> {
  const worker = new Worker(new URL('./make-thread.ts', import.meta.url), { workerData: options, execArgv: [], stderr: false })
  return new Promise<Uint8Array>((done, fail) => {
    worker.once('message', done)
    worker.once('error', fail)
    worker.once('exit', (code) => fail(new Error(`The thread that makes workbooks ended with code ${code}`)))
  }).finally(() => worker.terminate())
}
