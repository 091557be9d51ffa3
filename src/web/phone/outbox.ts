// The queue of what was recorded: sealed at the tap, kept until the server has it, sent in order and only as its maker.
// It lives in the page, not in a service worker, because WeChat on iOS has none.
import type { Contract, Input } from '#core/contract.ts'
import { seal, sealedFor } from '#core/envelope.ts'
import type { Clock } from '#core/fact.ts'
import { newId, type Id } from '#core/ids.ts'
import type { ProblemBody } from '#core/problem.ts'
import { asProblem } from '#web/problems.ts'
import { watchSession } from '#web/session.ts'
import { store } from '#web/store.ts'
import { clockAtTap } from './clock.ts'
import { keepsThings, read, watchDisk, write, type Local, type OutboxRow } from './disk.ts'
import { close, disclose, vault } from './vault.ts'
import { account as worker, device, maker } from './who.ts'
import { connection, deliver, revokedCode, say, sealKey, tellNow, type Fate } from './wire.ts'

/** For so long a record can be taken back with one tap. Milliseconds. */
export const undoFor = 5_000

/** An item as its page shows it. `input` is there while unlocked and made here with a PIN; `mine`: made by who is signed in now. */
export type Item = {
  id: Id
  account: Id
  mine: boolean
  contract: string
  madeAt: number
  heldUntil: number
  tries: number
  state: OutboxRow['state']
  problem: ProblemBody | null
  insteadOf: Id | null
  input?: unknown
  clock?: Clock
  /** Of a photo: about how many bytes are on their way. */
  size?: number
}

/** What stands in the queue, oldest first. */
export const outbox = store<readonly Item[]>([])

/** What sending waits for: nothing, a signal, a fresh sign-in, or this phone to be admitted again. */
export const sending = store<'idle' | 'sending' | 'noNetwork' | 'signIn' | 'revoked' | 'busy'>('idle')

/** Called with each item that has arrived. */
export const arrived = new Set<(contract: string) => void>()

let keepsSent: (contract: string) => boolean = () => false
/** Tells the outbox which contracts are shown over a downloaded set: those stay visible until the set has been taken anew. */
export const showSent = (asked: (contract: string) => boolean): void => {
  keepsSent = asked
}

export type Recorded = {
  id: Id
  /** False where it went straight to the server because nothing may be kept (plain HTTP). */
  queued: boolean
  /** Takes it back; answers false when it has already been sent. */
  undo: () => Promise<boolean>
}

type Options = {
  undoable?: boolean
  clock?: Clock
  insteadOf?: Id
  /** Made before, for what another record names. */
  id?: Id
  /** A photo: sent when no record waits, and not kept a second time for its maker's eyes. */
  bulky?: boolean
}

/**
 * Records what was just tapped. With HTTPS it is in the queue, on the disk, when this resolves; over plain HTTP it is on the server.
 * Throws `phone.incomplete` for an input that its contract would refuse, and what keeps an online record from going out.
 */
export async function record<C extends Contract<'command'>>(
  contract: C,
  input: Input<C>,
  options: Options = {},
): Promise<Recorded> {
  const clock = options.clock ?? clockAtTap()
  const madeBy = maker()
  if (!madeBy) throw say.nobody()
  const checked = contract.input.safeParse(input)
  if (!checked.success) throw say.incomplete({ fields: [...new Set(checked.error.issues.map((issue) => issue.path.join('.')))] })
  const id = options.id ?? newId()
  if (!keepsThings()) return now(contract, input, id, clock)
  const { account, post } = madeBy
  const sealed = await seal(
    await sealKey(),
    { input, clock, account, post, device: device.get().id },
    sealedFor(contract.name, id),
  )
  const local = vault.get().state === 'open' && !options.bulky ? await close(id, { input, clock } satisfies Local) : null
  const madeAt = Date.now()
  const row: OutboxRow = {
    id,
    account,
    post,
    contract: contract.name,
    sealed: JSON.stringify(sealed),
    local,
    madeAt,
    heldUntil: options.undoable ? madeAt + undoFor : 0,
    tries: 0,
    state: 'waiting',
    problem: null,
    insteadOf: options.insteadOf ?? null,
    ...(options.bulky ? { bulky: true } : {}),
  }
  await write(['outbox'], async (t) => {
    const old = options.insteadOf && (await t.outbox.first((at) => at.id === options.insteadOf))
    if (old) await t.outbox.delete(old.order!)
    // An id of one's own may stand here already, when a form is sent once more.
    if (!options.id || !(await t.outbox.first((at) => at.id === id))) await t.outbox.add(row)
  })
  showAtOnce(row, { input, clock })
  void flush()
  return { id, queued: true, undo: () => takeBack(id) }
}

async function now<C extends Contract<'command'>>(contract: C, input: Input<C>, id: Id, clock: Clock): Promise<Recorded> {
  try {
    await tellNow(contract, input, { id, clock })
  } catch (error) {
    throw asProblem(error).code === 'web.offline' ? say.onlineOnly() : error
  }
  for (const told of arrived) told(contract.name)
  return { id, queued: false, undo: async () => false }
}

/** Takes a record back before its first try; false when it may already be on the server. */
export async function takeBack(id: Id): Promise<boolean> {
  const taken = await write(['outbox'], async (t) => {
    const row = await t.outbox.first((at) => at.id === id)
    if (!row || row.tries > 0) return false
    await t.outbox.delete(row.order!)
    return true
  })
  if (taken) hideAtOnce(id)
  return taken
}

/** Sends a refused item again as it stands, after the reason has gone (a right given, a sign-in repaired). */
export async function retry(id: Id): Promise<void> {
  await change(id, (row) => ({ ...row, state: 'waiting', problem: null }))
  void flush()
}

/** Sends a mended input as a new item that names the refused one and keeps the time of its tap. */
export async function resend<C extends Contract<'command'>>(contract: C, refused: Item, input: Input<C>): Promise<Recorded> {
  return record(contract, input, { insteadOf: refused.id, ...(refused.clock ? { clock: refused.clock } : {}) })
}

/** Gives a refused item up for good; only its maker's own tap does this. */
export async function discard(id: Id): Promise<void> {
  await write(['outbox'], async (t) => {
    const row = await t.outbox.first((at) => at.id === id)
    if (row?.state === 'refused') await t.outbox.delete(row.order!)
  })
  hideAtOnce(id)
}

const change = (id: Id, how: (row: OutboxRow) => OutboxRow): Promise<void> =>
  write(['outbox'], async (t) => {
    const row = await t.outbox.first((at) => at.id === id)
    if (row) await t.outbox.put(how(row))
  })

// ---- sending

let running = false
let again = false
let fails = 0
let missed = 0
let timer: ReturnType<typeof setTimeout> | undefined

/** An item that the server stumbles over (500) this often lets the next ones pass, and is tried again in each round. */
const stumbles = 4
const isHeld = (row: OutboxRow): boolean => row.heldUntil > Date.now() && row.heldUntil <= Date.now() + undoFor

type Rest = { again: number | null }

/** Takes the next item of this worker and counts the try before it is made, so that a take-back cannot overtake it. */
async function take(account: Id, passed: ReadonlySet<Id>): Promise<OutboxRow | undefined> {
  const isNext = (row: OutboxRow) => row.account === account && row.state === 'waiting' && !passed.has(row.id)
  const next = await read(
    ['outbox'],
    async (t) => (await t.outbox.first((row) => isNext(row) && !row.bulky)) ?? t.outbox.first(isNext),
  )
  if (!next || isHeld(next)) return next
  const tried = await write(['outbox'], async (t) => {
    const row = await t.outbox.get(next.order!)
    if (row?.state !== 'waiting') return undefined
    await t.outbox.put({ ...row, tries: row.tries + 1 })
    return { ...row, tries: row.tries + 1 }
  })
  return tried ?? take(account, passed)
}

async function settle(row: OutboxRow, fate: Fate): Promise<void> {
  if (fate.fate === 'refused') return change(row.id, (at) => ({ ...at, state: 'refused', problem: fate.problem }))
  await write(['outbox', 'sent'], async (t) => {
    // Read again: an erasure may have taken the readable copy away meanwhile.
    const there = await t.outbox.first((at) => at.id === row.id)
    if (!there) return
    await t.outbox.delete(there.order!)
    const { id, account, contract, local } = there
    if (local && keepsSent(contract)) await t.sent.put({ id, account, contract, local, seenBy: [] })
  })
  for (const told of arrived) told(row.contract)
}

/** Sends until nothing is left or something must be waited for; answers after how many ms to come back, null for not at all. */
async function drain(): Promise<Rest> {
  const passed = new Set<Id>()
  for (;;) {
    const account = worker()
    const row = account && (await take(account, passed))
    if (!row) {
      sending.set(passed.size > 0 ? 'busy' : 'idle')
      return { again: passed.size > 0 ? pause() : null }
    }
    if (isHeld(row)) return { again: row.heldUntil - Date.now() + 20 }
    sending.set('sending')
    const fate = await deliver(row)
    missed = 0
    if (fate.fate === 'done' || fate.fate === 'refused') {
      fails = passed.size > 0 ? fails : 0
      await settle(row, fate)
    } else if (fate.fate === 'later' && fate.status >= 500 && fate.status !== 503 && row.tries >= stumbles) {
      passed.add(row.id)
    } else {
      sending.set(waitsFor(fate))
      return { again: Math.max(pause(), fate.after) }
    }
  }
}

const waitsFor = (fate: Extract<Fate, { status: number }>) => {
  if (fate.fate === 'lost') return 'noNetwork'
  if (fate.code === revokedCode) return 'revoked'
  return fate.status === 401 || fate.status === 403 ? 'signIn' : 'busy'
}

/** 1 s, 2 s, 4 s … 60 s, a quarter more or less by chance, so that a street of phones does not knock at the same moment. */
const pause = (): number => Math.min(60_000, 1000 * 2 ** Math.min(fails++, 6)) * (0.75 + Math.random() / 2)

/** Sends what waits. May be called at any time, from any tab: one sends, a call meanwhile makes it look once more. */
export async function flush(): Promise<void> {
  if (!keepsThings()) return
  if (running) {
    again = true
    return
  }
  running = true
  clearTimeout(timer)
  timer = undefined
  let rest: Rest = { again: null }
  try {
    do {
      again = false
      rest = await alone(drain)
    } while (again && rest.again === null)
  } catch {
    rest = { again: pause() }
  } finally {
    running = false
  }
  if (rest.again !== null)
    timer = setTimeout(() => {
      timer = undefined
      void flush()
    }, rest.again)
}

/** One tab at a time. A tab that the system froze while it held the lock is overruled after six misses: ids make that safe. */
async function alone(work: () => Promise<Rest>): Promise<Rest> {
  if (!globalThis.navigator.locks) return work()
  const steal = missed >= 6
  return await navigator.locks.request('linli-outbox', steal ? { steal } : { ifAvailable: true }, async (held) => {
    if (held) {
      missed = 0
      return work()
    }
    missed += 1
    return { again: 10_000 }
  })
}

// ---- showing

let redraw: ReturnType<typeof setTimeout> | undefined
const opened = new Map<Id, Local>()
/** Counts what changed the view at once, so that a slower reading from before does not undo it. */
let changes = 0

const itemOf = (row: OutboxRow, mine: boolean, local: Local | undefined): Item => {
  const { id, account, contract, madeAt, heldUntil, tries, state, problem, insteadOf } = row
  const size = row.bulky ? { size: Math.round((row.sealed.length * 9) / 16) } : {}
  return { id, account, mine, contract, madeAt, heldUntil, tries, state, problem, insteadOf, ...size, ...local }
}

/** What was just tapped is seen before a second tap can come. */
function showAtOnce(row: OutboxRow, local: Local): void {
  changes += 1
  if (row.local) opened.set(row.id, local)
  const others = outbox.get().filter((item) => item.id !== row.insteadOf && item.id !== row.id)
  outbox.set([...others, itemOf(row, true, row.local ? local : undefined)])
}

function hideAtOnce(id: Id): void {
  changes += 1
  outbox.set(outbox.get().filter((item) => item.id !== id))
}

async function show(): Promise<void> {
  const before = changes
  const rows = await read(['outbox'], (t) => t.outbox.all())
  const account = worker()
  if (vault.get().state !== 'open') opened.clear()
  const items: Item[] = []
  for (const row of rows) {
    const mine = row.account === account
    items.push(itemOf(row, mine, mine ? await openLocal(row) : undefined))
  }
  if (before !== changes) {
    showSoon()
    return
  }
  for (const id of opened.keys()) if (!rows.some((row) => row.id === id)) opened.delete(id)
  outbox.set(items)
}

async function openLocal(row: OutboxRow): Promise<Local | undefined> {
  if (!row.local || vault.get().state !== 'open') return undefined
  const known = opened.get(row.id)
  if (known) return known
  const local = await disclose<Local>(row.id, row.local).catch(() => undefined)
  if (local) opened.set(row.id, local)
  return local
}

/** At most five times a second: a shift's queue may empty faster than anybody reads. */
const showSoon = (): void => {
  redraw ??= setTimeout(() => {
    redraw = undefined
    void show().catch(() => undefined)
  }, 200)
}

const eagerly = (): void => {
  fails = 0
  void flush()
}

/** Begins to send and to show. */
export async function startOutbox(): Promise<void> {
  if (!keepsThings()) return
  await show()
  watchDisk((changed) => {
    if (!changed.includes('outbox')) return
    showSoon()
    careForOthers()
  })
  vault.watch(showSoon)
  watchSession(() => {
    showSoon()
    eagerly()
  })
  connection.watch(() => {
    if (connection.get() === 'online') eagerly()
  })
  addEventListener('online', eagerly)
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) eagerly()
  })
  eagerly()
}

/** Another tab may have put something in and been closed: this one then sends it, a little later. */
function careForOthers(): void {
  if (running || timer !== undefined) return
  timer = setTimeout(() => {
    timer = undefined
    void flush()
  }, 3_000)
}
