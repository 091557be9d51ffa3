// Downloaded sets: what a worker needs of the server for a shift, kept closed on the phone, with what was just recorded laid over it.
import { useEffect, useMemo, useState } from 'react'
import type { Contract, Input, Output } from '#core/contract.ts'
import type { Clock } from '#core/fact.ts'
import type { Id } from '#core/ids.ts'
import type { Problem } from '#core/problem.ts'
import type { Text } from '#core/text.ts'
import { asProblem } from '#web/problems.ts'
import { session, watchSession, type Session } from '#web/session.ts'
import { store, type Store } from '#web/store.ts'
import { arrived, outbox, showSent, type Item } from './outbox.ts'
import { keepsThings, read, watchDisk, write, type Local } from './disk.ts'
import { disclose, drop, get, put, vault } from './vault.ts'
import { account } from './who.ts'
import { askNow, connection } from './wire.ts'

/** A set that a module declares. `input` answers undefined where this worker needs none of it. */
export type SyncSet<C extends Contract<'query'> = Contract<'query'>> = {
  readonly key: string
  readonly title: Text
  readonly contract: C
  readonly input: (session: Session) => Input<C> | undefined
  /** Commands whose queued items are shown over the set until it has been taken anew. */
  readonly overlay: readonly Contract<'command'>[]
}
export const syncSet = <C extends Contract<'query'>>(set: SyncSet<C>): SyncSet<C> => set

/** What a page sees of a set. `takenAt`: ms on the device's clock; `problem`: why the last download failed. */
export type SetState<T> = { data: T | undefined; takenAt: number | null; loading: boolean; problem: Problem | null }

const nothing: SetState<never> = { data: undefined, takenAt: null, loading: false, problem: null }
const cells = new Map<string, Store<SetState<unknown>>>()
const cellOf = <T>(key: string): Store<SetState<T>> => {
  const there = cells.get(key) ?? store<SetState<unknown>>(nothing)
  cells.set(key, there)
  return there as Store<SetState<T>>
}

let sets: readonly SyncSet[] = []
const showing = (contract: string): readonly SyncSet[] => sets.filter((set) => set.overlay.some((one) => one.name === contract))

/** A set older than this is taken anew when the phone is in contact. Milliseconds. */
export const fresh = 5 * 60_000
/**
 * After an item has arrived the sets that show it are taken anew, once things have been quiet for so long;
 * over plain HTTP, where nothing lies over a set, at once. Milliseconds.
 */
const quiet = 15_000

/** Begins to keep the sets of all modules. */
export async function startSync(all: readonly SyncSet[]): Promise<void> {
  sets = all
  showSent((contract) => showing(contract).length > 0)
  arrived.add((contract) => {
    for (const set of showing(contract)) soon(set)
  })
  vault.watch(() => {
    void opened()
  })
  let place = placeOf(session())
  watchSession((now) => {
    if (placeOf(now) === place) return
    place = placeOf(now)
    forget()
    void opened()
  })
  connection.watch(() => {
    if (connection.get() === 'online') refreshAll()
  })
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) refreshAll()
  })
  watchDisk((changed) => {
    if (changed.includes('sent')) void showArrived()
  })
  await opened()
}

/** A set belongs to an account at a post: another post takes its own. */
const placeOf = ({ account, post }: Session): string => `${account}@${post?.id}`
const keptAs = (set: SyncSet): string => `${set.key}@${session().post?.id ?? ''}`

/** After a lock or a change of worker nothing readable stays in the page. */
function forget(): void {
  loose.clear()
  for (const each of cells.values()) each.set(nothing)
  shown.set([])
}

async function opened(): Promise<void> {
  const { state } = vault.get()
  if (state !== 'open' && state !== 'off') {
    forget()
    return
  }
  if (state === 'open') {
    await showArrived()
    for (const set of sets) await recall(set)
  }
  refreshAll()
}

async function recall(set: SyncSet): Promise<void> {
  const kept = await get(keptAs(set)).catch(() => undefined)
  if (kept) cellOf(set.key).set({ ...cellOf(set.key).get(), data: kept.value, takenAt: kept.takenAt })
}

/** Takes every set anew that is not fresh. */
export function refreshAll(force = false): void {
  for (const set of sets) {
    const { takenAt } = cellOf(set.key).get()
    if (force || takenAt === null || Date.now() - takenAt > fresh) void refresh(set)
  }
}

const timers = new Map<string, ReturnType<typeof setTimeout>>()
function soon(set: SyncSet): void {
  clearTimeout(timers.get(set.key))
  timers.set(
    set.key,
    setTimeout(
      () => {
        void refresh(set)
      },
      vault.get().state === 'off' ? 0 : quiet,
    ),
  )
}

/** Takes one set anew. What fails leaves the older copy in its place, with the problem beside it. */
export async function refresh(set: SyncSet): Promise<void> {
  const at = cellOf(set.key)
  const worker = session()
  const input = worker.account && worker.post ? set.input(worker) : undefined
  const { state } = vault.get()
  if (input === undefined || at.get().loading || (state !== 'open' && state !== 'off')) return
  at.set({ ...at.get(), loading: true })
  const before = keepsThings() ? await arrivedIds() : []
  try {
    const data = await askAll(set.contract, input)
    if (placeOf(session()) !== placeOf(worker) || vault.get().state !== state) {
      at.set({ ...at.get(), loading: false })
      return
    }
    if (state === 'open') await put(keptAs(set), data)
    at.set({ data, takenAt: Date.now(), loading: false, problem: null })
    await seen(set, before)
  } catch (error) {
    at.set({ ...at.get(), loading: false, problem: asProblem(error) })
  }
}

/** A paged answer is followed to its end and joined. */
async function askAll(contract: Contract<'query'>, input: unknown): Promise<unknown> {
  let answer = (await askNow(contract, input)) as { rows?: unknown[]; next?: string | null }
  const rows = answer?.rows
  while (Array.isArray(rows) && typeof answer.next === 'string') {
    answer = (await askNow(contract, { ...(input as object), after: answer.next })) as typeof answer
    rows.push(...(answer.rows ?? []))
  }
  return rows ? { ...answer, rows } : answer
}

// ---- what was recorded here and is not in the set yet

/** An item laid over a set: `waiting` and `refused` stand in the outbox, `sent` has arrived since the set was taken. */
export type Pending = { id: Id; contract: string; input: unknown; clock: Clock; state: Item['state'] | 'sent'; item?: Item }

const shown = store<readonly Pending[]>([])

const arrivedIds = async (): Promise<readonly Id[]> => (await read(['sent'], (t) => t.sent.all())).map((row) => row.id)

async function showArrived(): Promise<void> {
  if (vault.get().state !== 'open') return
  const rows = await read(['sent'], (t) => t.sent.all())
  const mine = rows.filter((row) => row.account === account())
  const found = await Promise.all(
    mine.map(async (row): Promise<Pending | undefined> => {
      const local = await disclose<Local>(row.id, row.local).catch(() => undefined)
      return local && { id: row.id, contract: row.contract, state: 'sent', ...local }
    }),
  )
  shown.set(found.filter((one) => one !== undefined))
}

/** The download began after these items had arrived, so the set holds them; they go once every set that shows them does. */
async function seen(set: SyncSet, ids: readonly Id[]): Promise<void> {
  if (ids.length === 0) return
  await write(['sent'], async (t) => {
    for (const id of ids) {
      const row = await t.sent.get(id)
      if (!row || !showing(row.contract).includes(set)) continue
      const seenBy = [...new Set([...row.seenBy, set.key])]
      if (showing(row.contract).every((one) => seenBy.includes(one.key))) await t.sent.delete(id)
      else await t.sent.put({ ...row, seenBy })
    }
  })
}

/** What was recorded on this phone by these contracts and is not in a downloaded set yet, oldest first; empty while locked. */
export function usePending(contracts: readonly Contract<'command'>[]): readonly Pending[] {
  const names = contracts.map((one) => one.name).join()
  const queued = outbox.use()
  const sent = shown.use()
  return useMemo(() => {
    const among = new Set(names.split(','))
    const waiting = queued.flatMap((item): Pending[] => {
      const { id, mine, contract, input, clock, state } = item
      return mine && clock ? [{ id, contract, input, clock, state, item }] : []
    })
    const there = new Set(waiting.map((one) => one.id))
    return [...sent.filter((one) => !there.has(one.id)), ...waiting].filter((one) => among.has(one.contract))
  }, [names, queued, sent])
}

/** What a set's page shows over it: the queued and just arrived items of its overlay. */
export const usePendingFor = (set: SyncSet): readonly Pending[] => usePending(set.overlay)

/** What a set holds at this moment, for words about a queued item; undefined while locked or not downloaded. */
export const taken = <C extends Contract<'query'>>(set: SyncSet<C>): Output<C> | undefined =>
  cellOf<Output<C>>(set.key).get().data

/** A set with its age; `refresh` takes it anew at once. */
export function useSet<C extends Contract<'query'>>(set: SyncSet<C>): SetState<Output<C>> & { refresh: () => Promise<void> } {
  const state = cellOf<Output<C>>(set.key).use()
  return { ...state, refresh: () => refresh(set as unknown as SyncSet) }
}

// ---- drafts

const loose = new Map<string, unknown>()

/**
 * What somebody is typing, kept closed on the phone so that a lock, a call or a dead battery does not lose it; in memory only
 * where nothing may be kept. `clear` when it has been recorded.
 */
export function useKeptDraft<T>(key: string, first: T): readonly [T, (next: T) => void, () => void] {
  const name = `draft:${key}`
  const [value, setValue] = useState<T>(() => (loose.get(name) as T | undefined) ?? first)
  useEffect(() => {
    if (loose.has(name) || vault.get().state !== 'open') return
    void get<T>(name).then(
      (kept) => {
        if (kept && !loose.has(name)) setValue(kept.value)
      },
      () => undefined,
    )
  }, [name])
  const set = (next: T): void => {
    loose.set(name, next)
    setValue(next)
    saveSoon(name)
  }
  return [
    value,
    set,
    () => {
      loose.delete(name)
      clearTimeout(saves.get(name))
      setValue(first)
      void drop(name)
    },
  ]
}

const saves = new Map<string, ReturnType<typeof setTimeout>>()
function saveSoon(name: string): void {
  clearTimeout(saves.get(name))
  saves.set(
    name,
    setTimeout(() => {
      if (vault.get().state === 'open' && loose.has(name)) void put(name, loose.get(name)).catch(() => undefined)
    }, 400),
  )
}
