// A server that only pretends: the specimen's pages under the real content policy, and a ledger kept in memory.
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { headers } from '#core/contract.ts'
import { instantOf } from '#core/dates.ts'
import { newId } from '#core/ids.ts'
import { fromCursor, toCursor } from '#core/paging.ts'

export type Entry = Record<string, unknown> & { id: string }
type Answer = { status: number; body: unknown }
type Asked = { name: string; input: Record<string, unknown>; headers: IncomingMessage['headers'] }

export type Pretended = {
  readonly url: string
  readonly entries: Entry[]
  /** Everything that was asked, in order. */
  readonly asked: Asked[]
  /** Set to answer instead of the ledger; `lose` carries the command out and then cuts the line. */
  refuse: ((asked: Asked) => Answer | 'lose' | undefined) | undefined
  /** Sends a live event to every open page. */
  changed(list: string): void
  close(): Promise<void>
}

const policy =
  `default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; ` +
  `object-src 'none'; base-uri 'none'`
const types: Record<string, string> = { html: 'text/html', js: 'text/javascript', css: 'text/css' }

/** An entry as the server would answer it. */
export const entryOf = (input: Record<string, unknown>, id: string = newId()): Entry => ({
  caller: null,
  remarks: null,
  parts: [],
  ...input,
  id,
  root: id,
  community: '340000000001',
  occurredAt: instantOf(Date.now()),
  countedOn: '2026-11-22',
  recordedAt: instantOf(Date.now()),
  recordedBy: newId(),
  how: 'desk',
  clockDoubt: null,
  replaces: null,
  reason: null,
  withdrawn: false,
  recordedByName: '张三',
})

export async function pretend(dist: string): Promise<Pretended> {
  const streams = new Set<ServerResponse>()
  const done = new Map<string, Entry>()
  const self: Pretended = {
    url: '',
    entries: [],
    asked: [],
    refuse: undefined,
    changed: (list) => {
      for (const s of streams) s.write(`event: changed\ndata: ${JSON.stringify({ list, area: '340000000001' })}\n\n`)
    },
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections()
        server.close(() => closed())
      }),
  }

  const list = ({ state, after, limit = 50 }: Record<string, unknown>): Answer => {
    const all = self.entries.filter((e) => !e['withdrawn'] && (!state || e['state'] === state))
    const from = Number(fromCursor(after as string | undefined, 1)?.[0] ?? 0)
    const end = from + Number(limit)
    return {
      status: 200,
      body: { rows: all.slice(from, end), next: end < all.length ? toCursor([end]) : null, total: all.length },
    }
  }
  const imported = importOf()
  const write = (key: string, entry: Entry, over?: string): Answer => {
    const before = done.get(key)
    if (before) return { status: 200, body: before }
    done.set(key, entry)
    const at = self.entries.findIndex((e) => e.id === over)
    if (at >= 0) self.entries[at] = entry
    else self.entries.unshift(entry)
    return { status: 200, body: entry }
  }
  const answers: Record<string, (input: Record<string, never>, key: string) => Answer> = {
    ...imported,
    'lamps.list': list,
    'lamps.history': () => ({ status: 200, body: { rows: [...done.values()] } }),
    'lamps.record': (input, key) => write(key, entryOf(input, key)),
    'lamps.correct': ({ replaces, reason, entry }, key) =>
      write(key, { ...entryOf(entry!, key), replaces, reason, root: replaces }, replaces),
    'lamps.withdraw': ({ replaces, reason }, key) =>
      write(key, { ...self.entries.find((e) => e.id === replaces)!, id: key, replaces, reason, withdrawn: true }, replaces),
  }

  const server = createServer(async (request, response) => {
    response.setHeader('content-security-policy', policy)
    const path = new URL(request.url ?? '/', 'http://x').pathname
    if (path === '/api/live') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': open\n\n')
      streams.add(response)
      return void request.on('close', () => streams.delete(response))
    }
    if (!path.startsWith('/api/')) return file(response, dist, path)
    const asked = { name: path.slice(5), input: said(await bodyOf(request)), headers: request.headers }
    self.asked.push(asked)
    const instead = self.refuse?.(asked)
    const answer = typeof instead === 'object' ? instead : answers[asked.name]!(asked.input, String(request.headers[headers.key]))
    if (instead === 'lose') return void request.socket.destroy()
    response
      .writeHead(answer.status, { 'content-type': 'application/json', 'linli-now': String(Date.now()) })
      .end(JSON.stringify(answer.body))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return Object.assign(self, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
}

function file(response: ServerResponse, dist: string, path: string): void {
  const name = path.includes('.') ? path.replace('/console/', '') : 'index.html'
  response
    .writeHead(200, { 'content-type': types[name.split('.').at(-1)!] ?? 'application/octet-stream' })
    .end(readFileSync(join(dist, name)))
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

/** The input of a request; a file beside it stands under its name. */
function said(body: string): Record<string, never> {
  const [envelope = '{}', ...rest] = body.split('\n')
  const { input } = JSON.parse(envelope) as { input: Record<string, never> }
  return rest.length > 0 ? { ...input, content: rest.join('\n') as never } : input
}

/** An import that reads three rows, of which one is new, one known and one wrong. */
function importOf(): Record<string, (input: Record<string, never>, key: string) => Answer> {
  let run: Record<string, unknown> | null = null
  const to = (state: string, more = {}): Answer => {
    run = { ...run, state, ...more }
    return { status: 200, body: run }
  }
  const rows = [
    { row: 4, outcome: 'new', reasons: [], road: '东路', power: '60' },
    { row: 5, outcome: 'unchanged', reasons: [], road: '西路', power: '60' },
    {
      row: 6,
      outcome: 'refused',
      reasons: [{ zh: '功率不能大于 400', en: 'Power must be 400 or less' }],
      road: '北路',
      power: '900',
    },
  ]
  return {
    'lamps.listStatus': () => ({ status: 200, body: { run } }),
    'lamps.listStart': (_, id) => {
      setTimeout(() => to('ready'), 600)
      return to('reading', {
        id,
        fileName: '***',
        total: 3,
        fresh: 1,
        unchanged: 1,
        refused: 1,
        done: 1,
        failure: null,
        leftAside: ['电话'],
        recordedAt: instantOf(Date.now()),
        endedAt: null,
      })
    },
    'lamps.listPreview': ({ outcome }) => {
      const fits = rows.filter((row) => !outcome || row.outcome === outcome)
      return { status: 200, body: { rows: fits, next: null, total: fits.length } }
    },
    'lamps.listRuns': () => ({ status: 200, body: { rows: [], next: null, total: 0 } }),
    'lamps.listCommit': () => to('done'),
    'lamps.listCancel': () => to('cancelled'),
  }
}
