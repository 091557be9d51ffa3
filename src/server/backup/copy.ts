// COPY over the driver, in both directions, with the pace of the slower side: rows never gather in memory.
import { hash } from 'node:crypto'
import { Readable, Writable } from 'node:stream'
import type pg from 'pg'

/** What of the driver's connection is used here. */
type Connection = {
  query(sql: string): void
  sendCopyFromChunk(bytes: Buffer): void
  endCopyFrom(): void
  sendCopyFail(reason: string): void
  stream: Readable & Writable
}

const ignored = {
  handleRowDescription() {},
  handleDataRow() {},
  handlePortalSuspended() {},
  handleEmptyQuery() {},
  handleCommandComplete() {},
}
const submit = (client: pg.ClientBase, query: object): void => void client.query(query as unknown as pg.Submittable)

/** Counts rows and sums their SHA-256 digests, so that equal sets of rows have equal sums in whatever order they come. */
export class RowSum {
  readonly #lanes = new Uint32Array(8)
  rows = 0

  add(row: Uint8Array): void {
    const digest = hash('sha256', row, 'buffer')
    for (let i = 0; i < 8; i += 1) this.#lanes[i]! += digest.readUInt32LE(i * 4)
    this.rows += 1
  }

  get sum(): string {
    return [...this.#lanes].map((lane) => lane.toString(16).padStart(8, '0')).join('')
  }
}

/** Bytes that are handed on at once. */
const portion = 256 * 1024

/** The rows of `copy (…) to stdout` in text form; `sum` hears each row. */
export function copyOut(client: pg.ClientBase, sql: string, sum: RowSum): Readable {
  let connection: Connection | undefined
  let held = Buffer.allocUnsafe(portion)
  let used = 0
  const out = new Readable({
    highWaterMark: 4 * portion,
    read() {
      connection?.stream.resume()
    },
  })
  const handOn = () => {
    if (used && !out.push(held.subarray(0, used))) connection!.stream.pause()
    held = Buffer.allocUnsafe(portion)
    used = 0
  }
  submit(client, {
    ...ignored,
    submit(to: Connection) {
      connection = to
      to.query(sql)
    },
    // One message is one row. Its bytes lie in the driver's own buffer, which is used again: they are copied.
    handleCopyData({ chunk }: { chunk: Buffer }) {
      if (out.destroyed) return
      sum.add(chunk)
      if (used + chunk.length > portion) handOn()
      if (chunk.length > portion) {
        if (!out.push(Buffer.from(chunk))) connection!.stream.pause()
      } else {
        used += chunk.copy(held, used)
      }
    },
    // The connection is free for the next query from here on: it must not stay paused for the last portion.
    handleReadyForQuery() {
      handOn()
      connection!.stream.resume()
      out.push(null)
    },
    handleError(error: Error) {
      connection!.stream.resume()
      out.destroy(error)
    },
  })
  return out
}

/** Takes the bytes of `copy … from stdin`; finished when the database has taken them all. */
export function copyIn(client: pg.ClientBase, sql: string): Writable {
  let connection: Connection | undefined
  let ready: (() => void) | undefined
  let finished: (() => void) | undefined
  let failed: Error | undefined
  const opened = new Promise<void>((resolve) => {
    ready = resolve
  })
  const into = new Writable({
    highWaterMark: 4 * portion,
    write(bytes: Buffer, _, done) {
      void opened.then(() => {
        if (failed) return done(failed)
        connection!.sendCopyFromChunk(bytes)
        if (connection!.stream.writableNeedDrain) connection!.stream.once('drain', () => done())
        else done()
      })
    },
    final(done) {
      void opened.then(() => {
        if (failed) return done(failed)
        finished = () => done(failed)
        connection!.endCopyFrom()
      })
    },
    destroy(error, done) {
      if (!failed && !finished)
        void opened.then(() => {
          if (!failed) connection!.sendCopyFail('not finished')
        })
      done(error)
    },
  })
  submit(client, {
    ...ignored,
    submit(to: Connection) {
      connection = to
      to.query(sql)
    },
    handleCopyInResponse() {
      ready!()
    },
    handleError(error: Error) {
      failed = error
      ready!()
      if (finished) finished()
      else into.destroy(error)
    },
    handleReadyForQuery() {
      finished?.()
    },
  })
  return into
}
