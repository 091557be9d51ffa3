// A server for the phone's trials: it opens seals, does each id once, and fails on request as networks and servers fail.
import { createServer as plain, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as secure } from 'node:https'
import { existsSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { headers } from '#core/contract.ts'
import { Envelope, nowHeader, Sealed, sealedFor, sealedType, toBase64url, unseal, type SealKey } from '#core/envelope.ts'
import { timing, type Timing } from '#core/fact.ts'
import { msOf } from '#core/dates.ts'
import { newId } from '#core/ids.ts'
import { problems, Problem, toBody } from '#core/problem.ts'
import { text } from '#core/text.ts'
import type { Certificates } from '../browser/tls.ts'
import type { Visit } from './trial/contracts.ts'

/** What becomes of a request: answered, done but the answer lost, cut off before, met by a captive portal, stumbled over, refused. */
export type Fate = 'answer' | 'loseAnswer' | 'cut' | 'portal' | 500 | 503 | 429 | 401 | 409 | 'revoked'

const say = problems('trial', {
  stranger: [401, text('请先登录。', 'Please sign in first.')],
  twice: [409, text('这一户已由别人登记，请核对后改正。', 'Somebody else recorded this household. Check and mend it.')],
  broken: [500, text('系统出了问题。', 'Something broke.')],
})

export type Worker = { account: string; name: string; post: string }
export const workers: Record<'li' | 'wang', Worker> = {
  li: { account: newId(), name: '李网格', post: newId() },
  wang: { account: newId(), name: '王网格', post: newId() },
}

export type Arrived = { input: Visit; account: string; sealed: boolean; timing: Timing; times: number }

type Wish = { dist: string; tls?: Certificates; port?: number; key?: CryptoKeyPair }

/** `dist`: the built trial page. With `tls` it speaks HTTPS; `key`: of the run before. `state.fateOf` decides about each request. */
export async function startTrialServer({ dist, tls, port = 0, key: given }: Wish) {
  const pair = given ?? (await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']))
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  const sealKey: SealKey = { kid: 'trial', publicKey: toBase64url(point) }
  const arrived = new Map<string, Arrived>()
  const state = {
    fateOf: (_contract: string, _input: unknown): Fate => 'answer',
    /** What the server's clock is ahead of this machine, ms. */
    ahead: 0,
    arrived,
    /** Devices that are refused everything; the fate `revoked` puts one here. */
    revoked: new Set<string>(),
    requests: 0,
    sets: 0,
  }
  const now = () => Date.now() + state.ahead

  async function open(request: IncomingMessage, contract: string, body: string, id: string) {
    const parsed: unknown = JSON.parse(body)
    if (!request.headers['content-type']?.startsWith(sealedType)) return { ...Envelope.parse(parsed), account: undefined }
    return unseal(pair.privateKey, Sealed.parse(parsed), sealedFor(contract, id))
  }

  async function answer(request: IncomingMessage, response: ServerResponse, contract: string): Promise<unknown> {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const id = String(request.headers[headers.key] ?? newId())
    const content = await open(request, contract, body, id)
    const fate = state.fateOf(contract, content.input)
    if (fate === 'cut') {
      request.socket.destroy()
      return undefined
    }
    if (fate === 'portal') {
      response.removeHeader(nowHeader)
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome to the free network</h1>')
      return undefined
    }
    if (fate === 500) throw say.broken()
    if (fate === 503 || fate === 429) throw new Problem('trial.busy', fate, text('忙', 'Busy'))
    if (fate === 401) throw say.stranger()
    if (fate === 409) throw say.twice()
    const device = String(request.headers[headers.device])
    if (fate === 'revoked') state.revoked.add(device)
    if (state.revoked.has(device))
      throw new Problem('identity.deviceRevoked', 403, text('这部手机已停用。', 'This phone was revoked.'))
    const output = await does({ request, response, contract, content, id })
    if (fate === 'loseAnswer') {
      request.socket.destroy()
      return undefined
    }
    return output
  }

  type Opened = Awaited<ReturnType<typeof open>>
  type Doing = { request: IncomingMessage; response: ServerResponse; contract: string; content: Opened; id: string }

  async function does({ request, response, contract, content, id }: Doing): Promise<unknown> {
    if (contract === 'trial.signIn') {
      const name = (content.input as { username: 'li' | 'wang' }).username
      response.setHeader('set-cookie', `who=${name}; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400`)
      return me(workers[name])
    }
    if (contract === 'trial.signOut') {
      response.setHeader('set-cookie', 'who=; Path=/; Max-Age=0')
      return {}
    }
    const worker = workers[/who=(li|wang)/.exec(request.headers.cookie ?? '')?.[1] as 'li']
    if (!worker) throw say.stranger()
    if (contract === 'trial.whoAmI') return me(worker)
    if (contract === 'trial.enrol') return {}
    if (contract === 'trial.doors') return page(content.input as { after?: string })
    if (content.account && content.account !== worker.account) {
      throw new Problem('door.otherAccount', 403, text('由本人上传', 'Another account'))
    }
    const input = content.input as Visit
    const before = arrived.get(id)
    if (before && JSON.stringify(before.input) !== JSON.stringify(input)) throw new Error('one id, two contents')
    const times = timing(now(), content.clock, msOf(String(request.headers[headers.sentAt])))
    if (before) before.times += 1
    else arrived.set(id, { input, account: worker.account, sealed: content.account !== undefined, timing: times, times: 1 })
    return { ...input, id }
  }

  /** Three doors in two pages, with the last outcome of each. */
  function page({ after }: { after?: string }) {
    if (!after) state.sets += 1
    const last = (door: string) => [...arrived.values()].findLast((one) => one.input.door === door)?.input.outcome ?? null
    const rows = ['1-101', '1-102', '1-201'].map((door, i) => ({ door, people: i + 1, last: last(door) }))
    return after ? { rows: rows.slice(2), next: null } : { rows: rows.slice(0, 2), next: '2' }
  }

  const listener: RequestListener = (request, response) => {
    state.requests += 1
    response.setHeader(nowHeader, String(now()))
    const path = new URL(request.url!, 'http://x').pathname
    const contract = path.slice('/api/'.length)
    if (path === '/api/seal-key') return json(response, 200, sealKey)
    if (!path.startsWith('/api/')) return file(response, dist, path)
    void answer(request, response, contract).then(
      (output) => {
        if (output !== undefined) json(response, 200, output)
      },
      (error: unknown) => {
        const problem = error instanceof Problem ? error : say.broken()
        json(response, problem.status, toBody(problem))
      },
    )
  }
  const server = tls ? secure({ key: readFileSync(tls.keyFile), cert: readFileSync(tls.certFile) }, listener) : plain(listener)
  await new Promise<void>((ready) => {
    server.listen(port, '127.0.0.1', ready)
  })
  return {
    state,
    arrived,
    key: pair,
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

export type TrialServer = Awaited<ReturnType<typeof startTrialServer>>

const me = ({ account, name, post }: Worker) => ({
  account,
  name,
  posts: [
    {
      id: post,
      role: 'gridWorker',
      area: '31010100100100101',
      roleText: { zh: '网格员', en: 'Grid worker' },
      areaName: '梅园社区 1 网格',
    },
  ],
})

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body))
}

const kinds: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
  webmanifest: 'application/manifest+json',
}

function file(response: ServerResponse, dist: string, path: string): void {
  const wanted = join(dist, path.replace(/^\/m\//, ''))
  const found = path.startsWith('/m/') && path !== '/m/' && existsSync(wanted) ? wanted : join(dist, 'index.html')
  const type = kinds[found.split('.').pop()!] ?? 'application/octet-stream'
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache' }).end(readFileSync(found))
}
