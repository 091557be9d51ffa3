// The thread on which large workbooks are made: takes one, answers with its bytes, ends.
import { parentPort, workerData } from 'node:worker_threads'
import { type WriteOptions, writeXlsx } from 'hucre/xlsx'

const bytes = await writeXlsx(workerData as WriteOptions)
parentPort?.postMessage(bytes, [bytes.buffer as ArrayBuffer])
