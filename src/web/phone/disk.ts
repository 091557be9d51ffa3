// What lies on the phone: one IndexedDB database, five tables, each row's shape below. docs/offline.md says what each is for.
// Written over the bare API: it holds what is needed in 2 kB, where the usual library would take a quarter of the first load.
import type { Clock } from '#core/fact.ts'
import type { Id } from '#core/ids.ts'
import { problems, type ProblemBody } from '#core/problem.ts'
import { text } from '#core/text.ts'

const say = problems('disk', {
  full: [
    507,
    text(
      '手机存储空间已满，这一条没有保存。请先联网上传，或清理手机空间后再试。',
      'The storage of this phone is full; this was not kept. Send what waits, or free some space, and try again.',
    ),
  ],
})

/** Bytes closed with AES-256-GCM. */
export type Closed = { iv: Uint8Array<ArrayBuffer>; ct: ArrayBuffer }

/** A worker's data key, closed first by the PIN, then by a device key that cannot be read out. `wrong`: wrong PINs in a row. */
export type VaultRow = {
  account: Id
  deviceKey: CryptoKey
  salt: Uint8Array<ArrayBuffer>
  rounds: number
  pin: Closed['iv']
  wrapped: Closed
  wrong: number
}

/** A downloaded set or a draft, closed with the data key. `takenAt`: ms on the device's clock. */
export type SetRow = { account: Id; key: string; closed: Closed; takenAt: number }

/** One record on its way. `sealed`: the request body that only the server opens; `local`: for its maker's eyes, while unlocked. */
export type OutboxRow = {
  /** Place in the queue, given by the database. */
  order?: number
  /** Idempotency key and record id, made at the tap. */
  id: Id
  account: Id
  post: Id
  contract: string
  sealed: string
  local: Closed | null
  /** Milliseconds on the device's clock at the tap. */
  madeAt: number
  /** Until then (device's clock, ms) it can be taken back. */
  heldUntil: number
  tries: number
  state: 'waiting' | 'refused'
  problem: ProblemBody | null
  /** The refused item in whose place this one was made. */
  insteadOf: Id | null
  /** A photo: it travels when no record is waiting, so that a weak signal carries what counts first. */
  bulky?: boolean
}

/** An item that has arrived, kept closed until every set that shows it has been downloaded anew. */
export type SentRow = { id: Id; account: Id; contract: string; local: Closed; seenBy: readonly string[] }

/** What is inside `local`. */
export type Local = { input: unknown; clock: Clock }

type Rows = { meta: { key: string; value: unknown }; vaults: VaultRow; sets: SetRow; outbox: OutboxRow; sent: SentRow }
export type TableName = keyof Rows

const tables: Record<TableName, IDBObjectStoreParameters> = {
  meta: { keyPath: 'key' },
  vaults: { keyPath: 'account' },
  sets: { keyPath: ['account', 'key'] },
  outbox: { keyPath: 'order', autoIncrement: true },
  sent: { keyPath: 'id' },
}

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

let opened: Promise<IDBDatabase> | undefined

const open = (): Promise<IDBDatabase> =>
  (opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('linli-phone', 1)
    request.onupgradeneeded = () => {
      for (const [name, how] of Object.entries(tables)) {
        const made = request.result.createObjectStore(name, how)
        if (name === 'outbox') made.createIndex('id', 'id', { unique: true })
      }
    }
    request.onerror = () => reject(request.error)
    request.onsuccess = () => {
      // A newer tab may change the shape, and iOS drops the connection after sleep: the next use opens it again.
      request.result.onversionchange = () => {
        request.result.close()
        opened = undefined
      }
      request.result.onclose = () => {
        opened = undefined
      }
      resolve(request.result)
    }
  }).catch((error: unknown) => {
    opened = undefined
    throw error
  }))

/** One table inside a transaction. Await nothing but its answers there, or the transaction ends early. */
export type Table<R> = {
  get(key: IDBValidKey): Promise<R | undefined>
  all(): Promise<R[]>
  put(row: R): Promise<IDBValidKey>
  add(row: R): Promise<IDBValidKey>
  delete(key: IDBValidKey): Promise<void>
  /** The first row in the order of the key that fits. */
  first(fits: (row: R) => boolean): Promise<R | undefined>
}

const tableOf = <R>(store: IDBObjectStore): Table<R> => ({
  get: (key) => answer(store.get(key) as IDBRequest<R | undefined>),
  all: () => answer(store.getAll() as IDBRequest<R[]>),
  put: (row) => answer(store.put(row)),
  add: (row) => answer(store.add(row)),
  delete: (key) => answer(store.delete(key)),
  first: (fits) =>
    new Promise((resolve, reject) => {
      const request = store.openCursor()
      request.onerror = () => reject(request.error)
      request.onsuccess = () => {
        const at = request.result
        if (!at || fits(at.value as R)) resolve(at?.value as R | undefined)
        else at.continue()
      }
    }),
})

export type Within<N extends TableName> = { [K in N]: Table<Rows[K]> }

const shared = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('linli-phone')
const watchers = new Set<(changed: readonly TableName[]) => void>()
const tell = (changed: readonly TableName[]): void => {
  for (const told of watchers) told(changed)
}
shared?.addEventListener('message', (event: MessageEvent<readonly TableName[]>) => tell(event.data))

/** Calls back after each committed change of the tables, made here or in another tab. */
export function watchDisk(told: (changed: readonly TableName[]) => void): () => void {
  watchers.add(told)
  return () => watchers.delete(told)
}

async function begin(names: readonly TableName[], mode: IDBTransactionMode): Promise<IDBTransaction> {
  // `strict`: a record that the worker saw accepted is on the disk, not in a cache that a flat battery empties.
  try {
    return (await open()).transaction(names, mode, { durability: 'strict' })
  } catch (error) {
    opened = undefined
    if (!(error instanceof DOMException)) throw error
    return (await open()).transaction(names, mode, { durability: 'strict' })
  }
}

async function within<N extends TableName, T>(
  names: readonly N[],
  mode: IDBTransactionMode,
  work: (t: Within<N>) => Promise<T>,
): Promise<T> {
  const tx = await begin(names, mode)
  const ended = new Promise<void>((resolve, reject) => {
    tx.oncomplete = () => resolve()
    tx.onabort = () => reject(tx.error ?? new DOMException('aborted', 'AbortError'))
  })
  try {
    const result = await work(Object.fromEntries(names.map((name) => [name, tableOf(tx.objectStore(name))])) as Within<N>)
    await ended
    return result
  } catch (error) {
    try {
      tx.abort()
    } catch {
      /* it had ended by itself */
    }
    const why: unknown = await ended.catch((cause: unknown) => cause)
    throw isFull(error) || isFull(why) ? say.full() : error
  }
}

const isFull = (error: unknown): boolean => (error as Partial<DOMException> | undefined)?.name === 'QuotaExceededError'

/** Reads from the tables as of one moment. */
export const read = <N extends TableName, T>(names: readonly N[], work: (t: Within<N>) => Promise<T>): Promise<T> =>
  within(names, 'readonly', work)

/** Changes the tables all together or not at all, and tells every tab afterwards. */
export async function write<N extends TableName, T>(names: readonly N[], work: (t: Within<N>) => Promise<T>): Promise<T> {
  const result = await within(names, 'readwrite', work)
  tell(names)
  shared?.postMessage(names)
  return result
}

/** A row of the small table of plain facts about this phone; never personal data. */
export const readMeta = async <T>(key: string): Promise<T | undefined> =>
  (await read(['meta'], (t) => t.meta.get(key)))?.value as T | undefined
export const writeMeta = (key: string, value: unknown): Promise<IDBValidKey> => write(['meta'], (t) => t.meta.put({ key, value }))

/** Whether this page may keep anything at all: WebCrypto and IndexedDB, which a plain HTTP page from another machine lacks. */
export const keepsThings = (): boolean => globalThis.crypto?.subtle !== undefined && globalThis.indexedDB !== undefined
