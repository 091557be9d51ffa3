// The phone's side of the wire: every answer teaches the clock and the connection; sealed items are delivered, their fate judged.
import { headers, type Contract, type Input, type Output } from '#core/contract.ts'
import { nowHeader, SealKey, sealedType } from '#core/envelope.ts'
import { newId, type Id } from '#core/ids.ts'
import { isProblem, Problem, problems, toBody, type ProblemBody } from '#core/problem.ts'
import { text } from '#core/text.ts'
import { ask, onExchange, post, problemOf, tell, type Exchange } from '#web/api.ts'
import { say as saidByWeb } from '#web/problems.ts'
import { store } from '#web/store.ts'
import { clockAtTap, heard } from './clock.ts'
import { keepsThings, readMeta, writeMeta } from './disk.ts'

/** An exchange that takes longer counts as lost. Milliseconds. */
export const patience = 15_000
/** What is long is given the time of a signal of 8 kB a second. */
const patienceFor = (characters: number): number => patience + characters / 8

export const say = problems('phone', {
  neverMet: [
    503,
    text(
      '这部手机还没有取得服务器的公钥，请先联网打开一次，再离线使用。',
      'This phone has not met the server yet. Open it once with a network before working offline.',
    ),
  ],
  onlineOnly: [
    503,
    text(
      '本页不是加密连接（HTTPS），手机不保存任何个人信息，只能联网提交。这一条还没有提交，请联网后再按一次。',
      'This page is not on HTTPS: nothing personal is kept here, records go out only online. This one has not: connect and press again.',
    ),
  ],
  nobody: [401, text('请先登录。', 'Please sign in first.')],
  incomplete: [
    422,
    (d: { fields: readonly string[] }) =>
      text(`还有 ${d.fields.length} 项需要补全或改正。`, `${d.fields.length} fields need an answer or a correction.`),
  ],
})

/** Whether the last exchange reached the server. */
export const connection = store<'online' | 'offline'>(globalThis.navigator?.onLine === false ? 'offline' : 'online')

/** Code of the problem by which the server says that this phone may no longer be used. */
export const revokedCode = 'identity.deviceRevoked'
const revocations = new Set<() => void>()
/** Calls back when an answer says that this phone was revoked. */
export const onRevoked = (told: () => void): void => {
  revocations.add(told)
}

/** A captive portal's page or a proxy's error is no answer: ours carry the server's clock. */
const isOurs = (response: Response): boolean => Number(response.headers.get(nowHeader)) > 0

/** Begins to learn from every exchange of the page. */
export function startWire(): void {
  onExchange(learn)
  addEventListener('offline', () => connection.set('offline'))
}

function learn(exchange: Exchange | undefined): void {
  if (!exchange || !isOurs(exchange.response)) {
    connection.set('offline')
    return
  }
  const { response, sentAt, took } = exchange
  heard(Number(response.headers.get(nowHeader)), sentAt, took)
  connection.set('online')
  if (response.status === 401 || response.status === 403) void lookForRevocation(response.clone())
}

async function lookForRevocation(response: Response): Promise<void> {
  const body = (await response.json().catch(() => undefined)) as Partial<ProblemBody> | undefined
  if (body?.code === revokedCode) for (const told of revocations) told()
}

/** Asks now, with patience; throws a Problem, `web.offline` when no answer came. */
export const askNow = <C extends Contract<'query'>>(contract: C, input: Input<C>): Promise<Output<C>> =>
  ask(contract, input, { signal: AbortSignal.timeout(patience) }).catch(timedOut) as Promise<Output<C>>

/** Tells now, without the outbox; throws a Problem. Telling again with the same `id` is polite. */
export const tellNow = <C extends Contract<'command'>>(
  contract: C,
  input: Input<C>,
  { id = newId(), clock = clockAtTap() } = {},
): Promise<Output<C>> =>
  tell(contract, input, { id, clock, signal: AbortSignal.timeout(patienceFor(weigh(input))) }).catch(timedOut) as Promise<
    Output<C>
  >

/** Characters of the longest text of an input: a photo, where there is one. */
const weigh = (input: unknown): number =>
  Math.max(0, ...Object.values(input ?? {}).map((value) => (typeof value === 'string' ? value.length : 0)))

const timedOut = (error: unknown): never => {
  throw isProblem(error) ? error : saidByWeb.offline()
}

/** How a sealed item fared: `lost` and `later` are tried again, `refused` waits for its maker. `after`: ms asked to wait. */
export type Fate =
  | { fate: 'done' }
  | { fate: 'lost' | 'later'; status: number; code: string; after: number }
  | { fate: 'refused'; problem: ProblemBody }

const tryAgain = new Set([401, 408, 425, 429])
/** Refusals of the sender, not of the item: a revoked phone or another person's session says nothing about what was recorded. */
const notTheItem = new Set([revokedCode, 'door.otherAccount'])

/** Delivers one sealed item; every other 4xx parks it. Never throws. */
export async function deliver(item: { id: Id; contract: string; post: Id; sealed: string }): Promise<Fate> {
  const more = { 'content-type': sealedType, [headers.key]: item.id, [headers.post]: item.post }
  const response = await post(item.contract, item.sealed, more, AbortSignal.timeout(patienceFor(item.sealed.length))).catch(
    () => undefined,
  )
  if (!response || !isOurs(response)) return { fate: 'lost', status: response?.status ?? 0, code: '', after: 0 }
  if (response.ok) return { fate: 'done' }
  const { status } = response
  const problem = explained(await problemOf(response), status)
  if (status >= 500 || status < 400 || tryAgain.has(status) || notTheItem.has(problem.code)) {
    const after = Number(response.headers.get('retry-after')) * 1000 || 0
    return { fate: 'later', status, code: problem.code, after: Math.min(after, 120_000) }
  }
  return { fate: 'refused', problem: toBody(problem) }
}

/** A refusal that brought no sentence still says what little is known. */
const explained = (problem: Problem, status: number): Problem =>
  problem.status === status
    ? problem
    : new Problem(
        'phone.unexplained',
        status,
        text(
          `服务器没有接受（代码 ${status}），请联系管理员。`,
          `The server did not accept this (code ${status}). Please tell the administrator.`,
        ),
      )

let sealTo: SealKey | undefined

/** Meets the server: its public key is kept for taps without a network, its clock is compared. False when it cannot be reached. */
export async function meet(): Promise<boolean> {
  const sentAt = Date.now()
  const began = performance.now()
  try {
    const response = await fetch('/api/seal-key', { cache: 'no-store', signal: AbortSignal.timeout(patience) })
    learn({ response, sentAt, took: performance.now() - began })
    const key = SealKey.parse(await response.json())
    if (keepsThings() && key.kid !== sealTo?.kid) await writeMeta('sealKey', key)
    sealTo = key
    return true
  } catch {
    // A signal that breaks off while the answer is read is no signal.
    connection.set('offline')
    return false
  }
}

/** The server's public key, from this run, an earlier one, or now; throws `phone.neverMet`. */
export async function sealKey(): Promise<SealKey> {
  sealTo ??= await readMeta<SealKey>('sealKey')
  if (!sealTo) await meet()
  if (!sealTo) throw say.neverMet()
  return sealTo
}
