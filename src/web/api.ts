// Asks and tells the server by contract. Every failure comes out as a Problem; what is sent and read has the contract's shape.
import type { z } from 'zod'
import { headers, type Contract } from '#core/contract.ts'
import { instantOf } from '#core/dates.ts'
import { nowHeader, type Envelope } from '#core/envelope.ts'
import type { ExportStarted } from '#core/exports.ts'
import type { Clock } from '#core/fact.ts'
import { newId } from '#core/ids.ts'
import { fromBody, type Problem, type ProblemBody } from '#core/problem.ts'
import { bodyOf } from '#core/upload.ts'
import { say } from './problems.ts'
import { session, sessionLost } from './session.ts'

export type Asking = {
  /** Asked again only because of a live event: no look is written for it. */
  readonly refresh?: boolean
  readonly signal?: AbortSignal
}
export type Telling = {
  /** Made at the tap: sending twice with the same id is done once. */
  readonly id?: string
  /** What the device knew of time at the tap; left out at a desk. */
  readonly clock?: Clock
  /** The post in which it was made, where that may have changed since. */
  readonly post?: string
  readonly signal?: AbortSignal
}

let offset: number | null = null
let device: string | null = null

/** Server time − device time in ms at the last answer; null before the first. */
export const clockOffset = (): number | null => offset
/** The server's clock now, in ms since 1970; the device's own where they never compared. */
export const serverNow = (): number => Date.now() + (offset ?? 0)
/** An exchange with the server: the device's clock when asking (ms), and the length of the round trip (ms, monotonic). */
export type Exchange = { readonly response: Response; readonly sentAt: number; readonly took: number }
const exchanged = new Set<(exchange: Exchange | undefined) => void>()
/** Tells of each exchange, undefined where no answer came: a phone learns time and signal from it. Clone a response before reading it. */
export const onExchange = (told: (exchange: Exchange | undefined) => void): void => {
  exchanged.add(told)
}
const note = (exchange: Exchange | undefined): void => {
  for (const told of exchanged) told(exchange)
}

/** Names the enrolled device in every request from now on. */
export const setDevice = (id: string | null): void => {
  device = id
}

/** The answer to a query. Throws a Problem. */
export const ask = <I extends z.ZodType, O extends z.ZodType>(
  contract: Contract<'query', I, O>,
  input: z.input<I>,
  { refresh, signal }: Asking = {},
): Promise<z.output<O>> => answer(contract, { input }, refresh ? { [headers.refresh]: '1' } : {}, signal)

/** Carries a command out, once for one id. Throws a Problem. */
export const tell = <I extends z.ZodType, O extends z.ZodType>(
  contract: Contract<'command', I, O>,
  input: z.input<I>,
  { id = newId(), clock, post, signal }: Telling = {},
): Promise<z.output<O>> =>
  answer(
    contract,
    { input, ...(clock ? { clock } : {}) },
    { [headers.key]: id, ...(post ? { [headers.post]: post } : {}) },
    signal,
  )

export type Fetched = { readonly blob: Blob; readonly name: string }

/** A file made for the asker, and the name that the server gives it. Throws a Problem. */
export async function fetchFile<I extends z.ZodType, O extends z.ZodType>(
  contract: Contract<'download', I, O>,
  input: z.input<I>,
  { signal }: Asking = {},
): Promise<Fetched> {
  const response = await post(contract.name, JSON.stringify({ input } satisfies Envelope), {}, signal)
  if (!response.ok) throw await problemOf(response)
  const name = fileName(response.headers.get('content-disposition')) ?? contract.name
  return { blob: await response.blob(), name }
}

/** A file, or an export that is made meanwhile or waits for a second person. Throws a Problem. */
export async function fetchOrStart<I extends z.ZodType, O extends z.ZodType>(
  contract: Contract<'download', I, O>,
  input: z.input<I>,
  { signal }: Asking = {},
): Promise<Fetched | { readonly started: ExportStarted }> {
  const response = await post(contract.name, JSON.stringify({ input } satisfies Envelope), { [headers.key]: newId() }, signal)
  if (!response.ok) throw await problemOf(response)
  if (response.status === 202) return { started: (await response.json()) as ExportStarted }
  return { blob: await response.blob(), name: fileName(response.headers.get('content-disposition')) ?? contract.name }
}

/**
 * The one place that reaches the network: POST to a contract by its name. Rejects with `web.offline` when no answer comes.
 * A queue of sealed items sends through here as well.
 */
export async function post(
  name: string,
  body: string | Blob,
  more: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Response> {
  const [sentAt, began] = [Date.now(), performance.now()]
  let response: Response
  try {
    response = await fetch(`/api/${name}`, {
      method: 'POST',
      body,
      credentials: 'same-origin',
      headers: { ...standing(), ...more },
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    note(undefined)
    if (signal?.aborted) throw error
    throw say.offline()
  }
  note({ response, sentAt, took: performance.now() - began })
  noteClock(response)
  if (response.status === 401) sessionLost()
  return response
}

/** The problem that a failed answer holds; `web.unreadable` where it holds none. */
export async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => undefined)) as ProblemBody | undefined
  return body?.code && body.title ? fromBody({ ...body, status: response.status, details: body.details ?? {} }) : say.unreadable()
}

async function answer<O extends z.ZodType>(
  contract: Pick<Contract, 'name' | 'file'> & { readonly output: O },
  sent: Envelope,
  more: Record<string, string>,
  signal?: AbortSignal,
): Promise<z.output<O>> {
  const { body: whole, type } = bodyOf(contract, sent)
  const response = await post(contract.name, whole, { ...more, 'content-type': type }, signal)
  if (!response.ok) throw await problemOf(response)
  const body: unknown = await response.json().catch(() => undefined)
  const read = contract.output.safeParse(body)
  if (read.success) return read.data
  if (typeof body !== 'object' || body === null) throw say.unreadable()
  // A masked value, or one from a newer server, need not fit the schema that entries fit: it is carried as it came.
  return body as z.output<O>
}

function standing(): Record<string, string> {
  const at = session().post
  return {
    'content-type': 'application/json',
    [headers.sentAt]: instantOf(Date.now()),
    ...(at ? { [headers.post]: at.id } : {}),
    ...(device ? { [headers.device]: device } : {}),
  }
}

function noteClock(response: Response): void {
  const now = Number(response.headers.get(nowHeader))
  if (now > 0) offset = now - Date.now()
}

/** `attachment; filename="x.xlsx"; filename*=UTF-8''%E6%97%A5…` → the name with its own letters. */
function fileName(disposition: string | null): string | undefined {
  const wide = disposition?.match(/filename\*=UTF-8''([^;]+)/i)?.[1]
  if (wide) return decodeURIComponent(wide)
  return disposition?.match(/filename="([^"]+)"/i)?.[1]
}
