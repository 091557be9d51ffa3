// HTTP: one route for all contracts, and the few that are no contract: health, OpenAPI, live events, the seal key, the pages.
import { Readable } from 'node:stream'
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { headers, type Contract } from '#core/contract.ts'
import { Envelope, nowHeader, Sealed, sealedFor, sealedType } from '#core/envelope.ts'
import { Id } from '#core/ids.ts'
import { isProblem, toBody, type Problem } from '#core/problem.ts'
import { msOf } from '#core/dates.ts'
import { uploadType } from '#core/upload.ts'
import { callers, type Handled, type House, type Identify, type Module, type OpenHandled, type Sees, type Who } from '../house.ts'
import { doorOf, parsed, requestId, type Asked } from './door.ts'
import { fromDatabase } from './constraints.ts'
import { liveStream, type LiveHub } from './live.ts'
import { openApi } from './openapi.ts'
import { pages } from './pages.ts'
import { fromOf, guardHeaders, sameSite } from './security.ts'
import { say } from './say.ts'
import { headed, spool, type Spooled } from './spool.ts'

type AppParts = {
  readonly house: House
  readonly modules: readonly Module[]
  readonly identify: Identify
  readonly sees: Sees
  readonly live: LiveHub
  /** Folder of the built pages; without one only the API answers. */
  readonly web?: string
  readonly healthy: () => Promise<boolean>
}

const isOpen = (h: Handled | OpenHandled): h is OpenHandled => 'open' in h
/** What the JSON of a request may weigh, bytes: asked by anyone, usually, and where it brings a photo or a form. */
const openLimit = 2 * 1024 * 1024
const usualLimit = 4 * 1024 * 1024
const heavyLimit = 12 * 1024 * 1024
const limitOf = (contract: Contract | undefined): number => (contract?.heavy ? heavyLimit : usualLimit)

export function appOf({ house, modules, identify, sees, live, web, healthy }: AppParts): Hono {
  const all = modules.flatMap((m) => m.handlers)
  const contracts = new Map<string, Contract>(all.map((h) => [h.contract.name, h.contract]))
  const opened = new Map(all.filter(isOpen).map((h) => [h.contract.name, h]))
  const door = doorOf(
    house,
    all.filter((h): h is Handled => !isOpen(h)),
    modules.flatMap((m) => m.listeners ?? []),
    sees,
  )
  const document = openApi([...contracts.values()])
  const app = new Hono()

  app.use('*', async (c, next) => {
    const started = performance.now()
    await next()
    guardHeaders(c)
    c.res.headers.set(nowHeader, String(house.now()))
    if (c.req.path.startsWith('/api/')) {
      house.log.info('request', { path: c.req.path, status: c.res.status, ms: Math.round(performance.now() - started) })
    }
  })
  app.get('/healthz', async (c) => ((await healthy()) ? c.json({ ok: true }) : c.json({ ok: false }, 503)))
  app.get('/api/openapi.json', (c) => c.json(document))
  app.get('/api/seal-key', (c) => c.json(house.keys.sealKey()))
  app.get('/api/live', async (c) => liveStream(c, live, await known(c)))

  app.use('/api/:name', async (c, next) => {
    // An upload is put down as it comes and counted there; JSON has to be held.
    if (isUpload(c)) return next()
    return bodyLimit({
      maxSize: limitOf(contracts.get(c.req.param('name'))),
      onError: () => {
        throw say.tooLarge()
      },
    })(c, next)
  })
  app.post('/api/:name', async (c) => {
    if (!sameSite(c.req.raw)) throw say.crossSite()
    const contract = contracts.get(c.req.param('name'))
    if (!contract) throw say.unknownContract()
    const open = opened.get(contract.name)
    if (open) return answerOpen(c, open)
    const { asked, file: upload } = await askedOf(c, contract)
    const answer = await door(asked).finally(() => upload?.close())
    if ('output' in answer) return c.json(answer.output as object)
    if ('started' in answer) return c.json(answer.started, 202)
    const { file } = answer
    const body =
      file.body instanceof Uint8Array
        ? (file.body as Uint8Array<ArrayBuffer>)
        : (Readable.toWeb(Readable.from(file.body)) as ReadableStream)
    return c.body(body, 200, {
      'content-type': file.type,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'cache-control': 'no-store',
      // Whatever somebody manages to hand in: opened by itself it is nobody's page and runs nothing.
      'content-security-policy': `default-src 'none'; sandbox; frame-ancestors 'none'`,
    })
  })

  const known = async (c: Context): Promise<Who> => {
    const who = await whoIs(c)
    if (!who) throw say.stranger()
    return who
  }

  async function whoIs(c: Context): Promise<Who | undefined> {
    for (const besides of house.offered(callers)) {
      const who = await besides(c.req.raw, house)
      if (who) return who
    }
    return identify(c.req.raw, house)
  }

  async function answerOpen(c: Context, { contract, open }: OpenHandled): Promise<Response> {
    const who = contract.may === 'anyone' ? await whoIs(c).catch(() => undefined) : await known(c)
    const envelope = Envelope.safeParse(await bodyOf(c, openLimit))
    const reply = new Headers()
    const id = requestId(c.req.header(headers.key), 'query')
    const output = await open(parsed(contract, envelope.data?.input ?? {}) as never, {
      house,
      request: c.req.raw,
      reply,
      who,
      id,
      from: fromOf(c),
    })
    const response = c.json(contract.output.parse(output) as object)
    for (const [name, value] of reply) response.headers.append(name, value)
    return response
  }

  async function askedOf(c: Context, contract: Contract): Promise<{ asked: Asked; file?: Spooled | undefined }> {
    const id = requestId(c.req.header(headers.key), contract.kind)
    const sentAt = instantMs(c.req.header(headers.sentAt))
    const who = await known(c)
    const common = { contract, id, who, sentAt, gone: c.req.raw.signal, refresh: c.req.header(headers.refresh) === '1' }
    if (c.req.header('content-type')?.startsWith(sealedType)) {
      const content = await openSeal(house, await bodyOf(c, limitOf(contract)), sealedFor(contract.name, id))
      if (content.account !== who.account) throw say.otherAccount()
      return { asked: { ...common, input: content.input, clock: content.clock, postId: content.post, device: content.device } }
    }
    const { input, clock, file } = await broughtBy(c, contract)
    const asked = {
      ...common,
      input,
      clock,
      postId: idOf(c.req.header(headers.post)),
      device: idOf(c.req.header(headers.device)) ?? null,
    }
    return { asked, file }
  }

  if (web) pages(app, web)

  app.notFound((c) => answerProblem(c, say.unknownContract()))
  app.onError((error, c) => {
    const problem = fromDatabase(error)
    if (isProblem(problem)) return answerProblem(c, problem)
    house.log.error('broken', error, { path: c.req.path })
    return answerProblem(c, say.broken())
  })
  return app
}

const answerProblem = (c: Context, problem: Problem): Response =>
  c.json(toBody(problem), problem.status as 400, { 'content-type': 'application/problem+json' })

async function openSeal(house: House, body: unknown, aad: string) {
  const sealed = Sealed.safeParse(body)
  if (!sealed.success) throw say.cannotUnseal()
  try {
    return await house.keys.unseal(sealed.data, aad)
  } catch (error) {
    // Keys that cannot be read now may be read later: the phone tries again. What no key opens is parked on the phone.
    if (isProblem(error) && error.status >= 500) throw error
    throw say.cannotUnseal()
  }
}

const isUpload = (c: Context): boolean => c.req.header('content-type')?.startsWith(uploadType) ?? false

/** The envelope of a request, with its file, if it brings one, in the place of that field. */
async function broughtBy(c: Context, contract: Contract): Promise<Pick<Asked, 'input' | 'clock'> & { file?: Spooled }> {
  const expected = contract.file
  if (!isUpload(c)) {
    const { input, clock } = envelopeOf(await bodyOf(c, limitOf(contract)))
    const said = expected && (input as Record<string, unknown> | null)?.[expected.field]
    if (typeof said !== 'string') return { input, clock }
    const file = await spool(Readable.from([Buffer.from(said, 'base64')]), expected!.most)
    return { input: { ...(input as object), [expected!.field]: file }, clock, file }
  }
  if (!expected || !c.req.raw.body) throw say.unreadable({ fields: ['body'] })
  if (Number(c.req.header('content-length') ?? 0) > expected.most + usualLimit) throw say.tooLarge()
  const { head, rest } = await headed(c.req.raw.body)
  const { input, clock } = envelopeOf(jsonOf(head))
  const file = await spool(rest, expected.most)
  return { input: { ...(input as object), [expected.field]: file }, clock, file }
}

function envelopeOf(body: unknown): Envelope {
  const envelope = Envelope.safeParse(body)
  if (!envelope.success) throw say.unreadable({ fields: ['body'] })
  return envelope.data
}

async function bodyOf(c: Context, limit: number): Promise<unknown> {
  const raw = await c.req.text()
  if (raw.length > limit) throw say.tooLarge()
  return jsonOf(raw)
}

function jsonOf(raw: string): unknown {
  try {
    return raw === '' ? {} : JSON.parse(raw)
  } catch {
    throw say.unreadable({ fields: ['body'] })
  }
}

const idOf = (header: string | undefined): Id | undefined => {
  const id = Id.safeParse(header)
  return id.success ? id.data : undefined
}

function instantMs(header: string | undefined): number | undefined {
  if (!header) return undefined
  try {
    return msOf(header)
  } catch {
    return undefined
  }
}
