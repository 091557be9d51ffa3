// The locked drawer: what opens it, what erases it, and that the queue outlives both.
import { rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { openPhone, startBrowser } from '../browser/page.ts'
import { startTrialServer, type TrialServer } from './server.ts'
import { buildTrial, choosePin, pin, record, signIn, tryPin, trySetUp, type, unlock, vaultState, waiting } from './trial-page.ts'

let browser: Browser
let dist: string
let server: TrialServer
let page: Page

beforeAll(async () => {
  dist = await buildTrial()
  browser = await startBrowser()
})
afterAll(async () => {
  await browser?.close()
  rmSync(dist, { recursive: true, force: true })
})
beforeEach(async () => {
  server = await startTrialServer({ dist })
  page = await openPhone(browser, `http://127.0.0.1:${server.port}/m/`)
  await signIn(page)
  await choosePin(page)
})
afterEach(async () => {
  await page.context().close()
  await server.close()
})

/** Everything that lies in the database, bytes read as letters: what a thief of the disk would search. */
const disk = () =>
  page.evaluate(
    () =>
      new Promise<string>((resolve, reject) => {
        const opening = indexedDB.open('linli-phone')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = async () => {
          const letters = (value: unknown): unknown => {
            if (value instanceof ArrayBuffer) return new TextDecoder('utf-8').decode(value)
            if (value instanceof Uint8Array) return new TextDecoder('utf-8').decode(value)
            if (value instanceof CryptoKey) return `key, extractable: ${value.extractable}`
            if (Array.isArray(value)) return value.map(letters)
            if (typeof value === 'object' && value !== null) {
              return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, letters(v)]))
            }
            return value
          }
          const found: Record<string, unknown> = {}
          for (const name of opening.result.objectStoreNames) {
            found[name] = await new Promise((ok) => {
              const all = opening.result.transaction(name).objectStore(name).getAll()
              all.onsuccess = () => ok(letters(all.result))
            })
          }
          opening.result.close()
          resolve(JSON.stringify(found))
        }
      }),
  )

const setsKept = async () => (JSON.parse(await disk()) as { sets: unknown[] }).sets.length
const offline = (off: boolean) => page.context().setOffline(off)

test('neither a downloaded set, nor a draft, nor a queued record lies readable on the disk', async () => {
  await page.getByText('1-101').waitFor()
  await page.getByRole('button', { name: '有人不适' }).click()
  await page.getByLabel('备注').fill('咳嗽三天')
  await offline(true)
  await record(page, { door: '1-102', outcome: 'unwell', note: '发热待查' })
  await expect.poll(setsKept).toBe(2)
  const found = await disk()
  expect(found).toContain('doors@')
  for (const word of ['1-101', '1-102', '咳嗽三天', '发热待查', pin]) expect(found).not.toContain(word)
  expect(found).toContain('extractable: false')
  expect(found).not.toContain('extractable: true')
})

test('a draft outlives a reload and the lock', async () => {
  await page.getByRole('button', { name: '有人不适' }).click()
  await page.getByLabel('备注').fill('咳嗽三天')
  await expect.poll(setsKept).toBe(2)
  await page.reload()
  await unlock(page)
  await expect.poll(() => page.getByLabel('备注').inputValue()).toBe('咳嗽三天')
})

test('the lock asks for the PIN, and what waits goes out meanwhile', async () => {
  await offline(true)
  await record(page, { door: 'locked-in', outcome: 'well' })
  await page.getByRole('link', { name: '我的' }).click()
  await page.getByRole('button', { name: '锁定' }).click()
  await page.getByRole('heading', { name: '已锁定' }).waitFor()
  expect(await page.content()).not.toContain('1-101')
  await offline(false)
  await expect.poll(() => server.arrived.size).toBe(1)
  expect(await vaultState(page)).toBe('locked')
  await unlock(page, '111222')
  await page.getByText('还可以试 9 次').waitFor()
  await unlock(page)
  await page.getByRole('heading', { name: '我的', level: 1 }).waitFor()
})

test('ten idle minutes lock it, a touch before that does not', async () => {
  await page.clock.install()
  await page.reload()
  await unlock(page)
  await page.getByRole('heading', { name: '入户排查' }).waitFor()
  await page.clock.runFor(9 * 60_000)
  await page.getByRole('heading', { name: '入户排查' }).click()
  await page.clock.runFor(9 * 60_000)
  expect(await vaultState(page)).toBe('open')
  // The page judges every quarter of a minute; on a crowded machine its timers may run a turn late, never minutes.
  for (let turn = 0; turn < 4 && (await vaultState(page)) === 'open'; turn++) await page.clock.runFor(30_000)
  expect(await vaultState(page)).toBe('locked')
})

test('ten wrong PINs, counted over reloads, erase the set; the sealed record still goes out; a new PIN wants the password', async () => {
  await offline(true)
  await record(page, { door: 'sealed', outcome: 'well', note: '只有服务器能打开' })
  server.state.fateOf = (contract) => (contract === 'trial.visit' ? 503 : 'answer')
  await offline(false)
  for (let n = 0; n < 5; n++) expect(await tryPin(page, '999111')).toBe('wrong')
  await page.reload()
  await page.getByRole('heading', { name: '已锁定' }).waitFor()
  for (let n = 0; n < 4; n++) expect(await tryPin(page, '999111')).toBe('wrong')
  expect(await tryPin(page, '999111')).toBe('erased')
  expect(await setsKept()).toBe(0)
  expect(await waiting(page)).toBe(1)
  expect((JSON.parse(await disk()) as { vaults: unknown[] }).vaults).toEqual([])
  await page.getByText('PIN 连续输错 10 次').waitFor()
  server.state.fateOf = () => 'answer'
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await expect.poll(() => server.arrived.size).toBe(1)
  expect([...server.arrived.values()][0]!.input.note).toBe('只有服务器能打开')
  expect(await trySetUp(page, '135792')).toBe('vault.signInFirst')
  await signIn(page)
  await choosePin(page)
  await page.getByText('1-101').waitFor()
})

test('a revocation erases the key at once and keeps what waits', async () => {
  await page.getByText('1-101').waitFor()
  server.state.fateOf = () => 'revoked'
  await record(page, { door: 'kept', outcome: 'well' })
  await page.getByText('这部手机已被停用，已下载的名册已清除').waitFor()
  await expect.poll(setsKept).toBe(0)
  expect(await waiting(page)).toBe(1)
  server.state.fateOf = () => 'answer'
  await page.reload()
  await page.getByText('待上传的记录仍密封保存').waitFor()
  expect(server.arrived.size).toBe(0)
  await page.getByRole('button', { name: '重新登记这部手机' }).click()
  await signIn(page)
  await choosePin(page)
  await expect.poll(() => server.arrived.size, { timeout: 20_000 }).toBe(1)
})

test('a start after 24 hours without the server erases the key; one after 23 does not', async () => {
  await page.getByText('1-101').waitFor()
  await expect.poll(setsKept).toBe(1)
  await offline(true)
  await record(page, { door: 'waits', outcome: 'well' })
  // The pages themselves must still come: only the interface is away.
  await page.route('**/api/**', (route) => route.abort())
  await offline(false)
  await page.clock.setFixedTime(Date.now() + 23 * 3_600_000)
  await page.reload()
  await page.getByRole('heading', { name: '已锁定' }).waitFor()
  await page.clock.setFixedTime(Date.now() + 25 * 3_600_000)
  await page.reload()
  await page.getByText('超过 24 小时没有连上服务器').waitFor()
  expect(await setsKept()).toBe(0)
  expect(await waiting(page)).toBe(1)
})

test('a PIN is at least six digits and no row of them; it can be changed without losing what lies there', async () => {
  await page.getByText('1-101').waitFor()
  await page.getByRole('link', { name: '我的' }).click()
  await page.getByRole('button', { name: '更换 PIN' }).click()
  const dialog = page.locator('dialog[open]')
  await type(page, pin)
  await dialog.getByRole('button', { name: '下一步' }).click()
  await type(page, '123456')
  await dialog.getByRole('button', { name: '更换' }).click()
  await page.getByText('这个 PIN 太好猜').waitFor()
  await type(page, '808017')
  await dialog.getByRole('button', { name: '更换' }).click()
  await page.getByText('PIN 已更换').waitFor()
  await offline(true)
  await page.route('**/api/**', (route) => route.abort())
  await offline(false)
  await page.reload()
  await page.getByRole('heading', { name: '已锁定' }).waitFor()
  expect(await tryPin(page, pin)).toBe('wrong')
  expect(await tryPin(page, '808017')).toBe('open')
  await page.getByRole('link', { name: '排查' }).click()
  await page.getByText('1-101').waitFor()
})
