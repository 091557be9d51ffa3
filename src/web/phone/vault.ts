// The locked drawer: downloaded sets and drafts lie on the phone only closed, under a key that needs the worker's PIN
// and this very phone.
import type { Id } from '#core/ids.ts'
import { problems } from '#core/problem.ts'
import { text } from '#core/text.ts'
import { watchSession } from '#web/session.ts'
import { store } from '#web/store.ts'
import { lastContact } from './clock.ts'
import { keepsThings, read, readMeta, watchDisk, write, type Closed, type VaultRow } from './disk.ts'
import { account as worker, device, deviceRevoked, provedAt } from './who.ts'
import { onRevoked } from './wire.ts'

/** Rounds of PBKDF2-SHA-256 between PIN and key. */
export const pinRounds = 600_000
/** Wrong PINs in a row after which the key is erased. */
export const pinChances = 10
/** Untouched for so long, the drawer locks. Milliseconds. */
export const idleLimit = 10 * 60_000
/** Started after so long without the server, the key is erased. Milliseconds. */
export const awayLimit = 24 * 3_600_000

export const say = problems('vault', {
  pinShort: [422, text('PIN 至少 6 位数字。', 'A PIN has at least 6 digits.')],
  pinSimple: [
    422,
    text(
      '这个 PIN 太好猜（全部相同或连号），请换一个。',
      'This PIN is too easy to guess (all the same or in a row). Choose another.',
    ),
  ],
  locked: [409, text('手机已锁定，请先输入 PIN。', 'The phone is locked. Enter the PIN first.')],
  signInFirst: [
    401,
    text(
      '原来的钥匙已清除，请先用密码重新登录，再设新 PIN。',
      'The old key was erased. Sign in with your password before setting a new PIN.',
    ),
  ],
})

/** Why a key was erased: too many wrong PINs, this phone was revoked, too long without the server, or by its worker. */
export type Erased = 'wrongPins' | 'revoked' | 'away' | 'asked'

/** `off`: this page cannot keep anything (plain HTTP). `none`: no key yet, or erased. `left`: PINs that may still be tried. */
export type VaultState =
  { state: 'unknown' | 'off' | 'open' } | { state: 'none'; erased: Erased | null } | { state: 'locked'; left: number }

export const vault = store<VaultState>({ state: 'unknown' })
export const useVault = (): VaultState => vault.use()

let dataKey: CryptoKey | null = null
let owner: Id | null = null
const subtle = () => globalThis.crypto.subtle
const random = (length: number) => globalThis.crypto.getRandomValues(new Uint8Array(length))
const bytesOf = (words: string) => new TextEncoder().encode(words) as Uint8Array<ArrayBuffer>

/** Throws when a PIN is too short, all one digit, or a row of neighbours. */
export function checkPin(pin: string): void {
  if (!/^\d{6,}$/.test(pin)) throw say.pinShort()
  const steps = new Set([...pin].slice(1).map((digit, i) => Number(digit) - Number(pin[i])))
  if (steps.size === 1 && [-1, 0, 1].includes([...steps][0]!)) throw say.pinSimple()
}

async function pinKey(pin: string, salt: Uint8Array<ArrayBuffer>, rounds: number): Promise<CryptoKey> {
  const base = await subtle().importKey('raw', bytesOf(pin), 'PBKDF2', false, ['deriveKey'])
  return subtle().deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds },
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    ['wrapKey', 'unwrapKey'],
  )
}

/** The data key closed by the PIN, and that closed once more by a key of this phone which no script can read out. */
async function wrap(account: Id, key: CryptoKey, pin: string): Promise<VaultRow> {
  const deviceKey = await subtle().generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const salt = random(16)
  const [inner, outer] = [random(12), random(12)]
  const byPin = await subtle().wrapKey('raw', key, await pinKey(pin, salt, pinRounds), { name: 'AES-GCM', iv: inner })
  const ct = await subtle().encrypt({ name: 'AES-GCM', iv: outer }, deviceKey, byPin)
  return { account, deviceKey, salt, rounds: pinRounds, pin: inner, wrapped: { iv: outer, ct }, wrong: 0 }
}

async function unwrap(row: VaultRow, pin: string, extractable: boolean): Promise<CryptoKey | null> {
  try {
    const byPin = await subtle().decrypt({ name: 'AES-GCM', iv: row.wrapped.iv }, row.deviceKey, row.wrapped.ct)
    return await subtle().unwrapKey(
      'raw',
      byPin,
      await pinKey(pin, row.salt, row.rounds),
      { name: 'AES-GCM', iv: row.pin },
      { name: 'AES-GCM', length: 256 },
      extractable,
      ['encrypt', 'decrypt'],
    )
  } catch {
    return null
  }
}

const stays = (account: Id): Promise<VaultRow | undefined> => read(['vaults'], (t) => t.vaults.get(account))

/** Opens the state at the start of the app: erases what has been away from the server too long, follows sign-in and other tabs. */
export async function startVault(): Promise<void> {
  if (!keepsThings()) {
    vault.set({ state: 'off' })
    return
  }
  if (device.get().revoked) await eraseAll('revoked')
  if (awayTooLong()) await eraseAll('away')
  await look()
  watchSession(() => {
    if (worker() !== owner) void look()
  })
  watchDisk((changed) => {
    if (changed.includes('vaults')) void look()
  })
  onRevoked(() => {
    if (!device.get().revoked) void deviceRevoked().then(() => eraseAll('revoked'))
  })
  watchIdle()
}

function awayTooLong(): boolean {
  const contact = lastContact()
  return contact !== null && Date.now() - contact.at > awayLimit
}

async function look(): Promise<void> {
  const account = worker()
  const row = account ? await stays(account) : undefined
  if (account !== owner || !row) {
    dataKey = null
    owner = account
  }
  if (dataKey) vault.set({ state: 'open' })
  else if (row) vault.set({ state: 'locked', left: pinChances - row.wrong })
  else vault.set({ state: 'none', erased: account ? ((await erasure(account))?.why ?? null) : null })
}

const erasure = (account: Id): Promise<{ why: Erased; at: number } | undefined> => readMeta(`erased:${account}`)

/** Whether the next PIN may be set only after signing in anew: after an erasure, until the password has been proved. */
export async function mustProve(account: Id): Promise<boolean> {
  const erased = await erasure(account)
  return erased !== undefined && (await provedAt(account)) <= erased.at
}

/** Makes a new data key under `pin` for the worker who is signed in, and opens it. Throws for a weak PIN. */
export async function setUp(pin: string): Promise<void> {
  checkPin(pin)
  const account = worker()
  if (!account || (await mustProve(account))) throw say.signInFirst()
  const fresh = await subtle().generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt'])
  const row = await wrap(account, fresh, pin)
  dataKey = await unwrap(row, pin, false)
  owner = account
  await write(['vaults', 'meta'], async (t) => {
    await t.vaults.put(row)
    await t.meta.delete(`erased:${account}`)
  })
  await look()
}

/** Tries a PIN. The try is counted on the disk before it is made: closing the app in between wins no extra one. */
export async function unlock(pin: string): Promise<'open' | 'wrong' | 'erased'> {
  const account = worker()
  const row =
    account &&
    (await write(['vaults'], async (t) => {
      const found = await t.vaults.get(account)
      if (found) await t.vaults.put({ ...found, wrong: found.wrong + 1 })
      return found
    }))
  if (!row) return 'erased'
  const key = row.wrong < pinChances ? await unwrap(row, pin, false) : null
  if (key) {
    dataKey = key
    owner = row.account
    touched()
    await write(['vaults'], (t) => t.vaults.put({ ...row, wrong: 0 }))
    await look()
    return 'open'
  }
  if (row.wrong + 1 >= pinChances) {
    await erase(row.account, 'wrongPins')
    return 'erased'
  }
  await look()
  return 'wrong'
}

/** Gives the same data key a new PIN; answers false when the old one is wrong. */
export async function changePin(old: string, next: string): Promise<boolean> {
  checkPin(next)
  if ((await unlock(old)) !== 'open') return false
  const row = await stays(owner!)
  const key = row && (await unwrap(row, old, true))
  if (!key) return false
  const again = await wrap(owner!, key, next)
  await write(['vaults'], (t) => t.vaults.put(again))
  return true
}

/** Forgets the data key until the PIN is given again. */
export function lock(): void {
  dataKey = null
  void look()
}

/** Destroys the key and all that it closes. The queue keeps its items in the form that only the server opens. */
export async function erase(account: Id, why: Erased): Promise<void> {
  await write(['vaults', 'sets', 'sent', 'outbox', 'meta'], async (t) => {
    await t.vaults.delete(account)
    for (const row of await t.sets.all()) if (row.account === account) await t.sets.delete([row.account, row.key])
    for (const row of await t.sent.all()) if (row.account === account) await t.sent.delete(row.id)
    for (const row of await t.outbox.all()) if (row.account === account && row.local) await t.outbox.put({ ...row, local: null })
    await t.meta.put({ key: `erased:${account}`, value: { why, at: Date.now() } })
  })
  if (account === owner) dataKey = null
  await look()
}

/** Destroys the keys of everybody who worked on this phone. */
export async function eraseAll(why: Erased): Promise<void> {
  for (const row of await read(['vaults'], (t) => t.vaults.all())) await erase(row.account, why)
}

const bound = (name: string) => bytesOf(`${owner}\n${name}`)

/** Closes a value for this worker. `name` is bound in: what was closed under one name does not open under another. */
export async function close(name: string, value: unknown): Promise<Closed> {
  if (!dataKey) throw say.locked()
  const iv = random(12)
  const how = { name: 'AES-GCM', iv, additionalData: bound(name) }
  return { iv, ct: await subtle().encrypt(how, dataKey, bytesOf(JSON.stringify(value))) }
}

/** Opens what `close` closed; throws `vault.locked` while locked. */
export async function disclose<T>(name: string, closed: Closed): Promise<T> {
  if (!dataKey) throw say.locked()
  const plain = await subtle().decrypt({ name: 'AES-GCM', iv: closed.iv, additionalData: bound(name) }, dataKey, closed.ct)
  return JSON.parse(new TextDecoder().decode(plain)) as T
}

/** Keeps a value under a name for this worker, closed. */
export async function put(key: string, value: unknown): Promise<void> {
  const closed = await close(key, value)
  const account = owner
  if (account) await write(['sets'], (t) => t.sets.put({ account, key, closed, takenAt: Date.now() }))
}

/** What was kept under a name, and when (ms); undefined when there is nothing. Throws while locked. */
export async function get<T>(key: string): Promise<{ value: T; takenAt: number } | undefined> {
  if (!dataKey || !owner) throw say.locked()
  const account = owner
  const row = await read(['sets'], (t) => t.sets.get([account, key]))
  return row && { value: await disclose<T>(key, row.closed), takenAt: row.takenAt }
}

/** Drops what was kept under a name. */
export async function drop(key: string): Promise<void> {
  const account = owner
  if (account && keepsThings()) await write(['sets'], (t) => t.sets.delete([account, key]))
}

let touchedAt = { wall: Date.now(), tick: performance.now() }
const touched = (): void => {
  touchedAt = { wall: Date.now(), tick: performance.now() }
}

/** Both clocks are asked, because a phone's counter may stand still while it sleeps and its wall clock may be turned. */
const idleFor = (): number => Math.max(Date.now() - touchedAt.wall, performance.now() - touchedAt.tick)

function watchIdle(): void {
  const judge = (): void => {
    if (dataKey && idleFor() >= idleLimit) lock()
  }
  const sign = (): void => {
    judge()
    touched()
  }
  for (const kind of ['pointerdown', 'keydown'] as const) addEventListener(kind, sign, { capture: true, passive: true })
  document.addEventListener('visibilitychange', judge)
  setInterval(judge, 15_000)
}
