// The queue under everything that a shift does to it: nothing lost, nothing doubled, nothing sent as somebody else.
import { rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { openPhone, startBrowser, watch } from '../browser/page.ts'
import { startTrialServer, workers, type Fate, type TrialServer } from './server.ts'
import { buildTrial, choosePin, firstTap, record, sendingNow, signIn, unlock, vaultState, waiting } from './trial-page.ts'

let browser: Browser
let dist: string
let server: TrialServer
let page: Page
const address = () => `http://127.0.0.1:${server.port}/m/`

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
  page = await openPhone(browser, address())
  await signIn(page)
  await choosePin(page)
})
afterEach(async () => {
  await page.context().close()
  await server.close()
})

const offline = (off: boolean) => page.context().setOffline(off)
const empty = (at = page, timeout = 20_000) => expect.poll(() => waiting(at), { timeout }).toBe(0)
const doorsOf = () => [...server.arrived.values()].map((one) => one.input.door)

/** Chance with a fixed seed, so that a failure can be seen again. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32
    return state / 2 ** 32
  }
}

test('500 records arrive exactly once through lost answers, errors, a flapping network, a reload and a second tab', async () => {
  const random = chance(7)
  const faults: Fate[] = ['cut', 'cut', 'loseAnswer', 'loseAnswer', 'portal', 500, 503, 429]
  const fault = () => faults[Math.floor(random() * faults.length)]!
  server.state.fateOf = (contract) => (contract === 'trial.visit' && random() < 0.25 ? fault() : 'answer')
  let flapping = true
  const flaps = (async () => {
    for (let off = true; flapping; off = !off) {
      await offline(off)
      await new Promise((later) => setTimeout(later, off ? 150 : 500))
    }
    await offline(false)
  })()
  const second = await page.context().newPage()
  watch(second)
  await expect
    .poll(
      () =>
        second.goto(address()).then(
          () => true,
          () => false,
        ),
      { timeout: 10_000 },
    )
    .toBe(true)
  const many = (at: Page, from: number, to: number) =>
    at.evaluate(
      async ([first, last]) => {
        const { record } = (globalThis as unknown as { trial: { record: (input: object) => Promise<string> } }).trial
        for (let n = first!; n < last!; n++) await record({ door: `n${n}`, outcome: 'well' })
      },
      [from, to],
    )
  await second.locator('.keys').waitFor()
  await Promise.all([many(page, 0, 150), many(second, 150, 350)])
  await expect
    .poll(
      () =>
        page.reload().then(
          () => true,
          () => false,
        ),
      { timeout: 10_000 },
    )
    .toBe(true)
  await page.locator('.keys').waitFor()
  await many(page, 350, 500)
  await new Promise((later) => setTimeout(later, 5_000))
  flapping = false
  await flaps
  server.state.fateOf = () => 'answer'
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await empty(page, 60_000)
  await empty(second)
  expect(doorsOf().toSorted()).toEqual(Array.from({ length: 500 }, (_, n) => `n${n}`).toSorted())
  expect(
    [...server.arrived.values()].some((one) => one.times > 1),
    'some answers were really lost',
  ).toBe(true)
  expect([...server.arrived.values()].every((one) => one.sealed && one.account === workers.li.account)).toBe(true)
}, 180_000)

test('items go out in the order of the taps', async () => {
  await offline(true)
  for (const door of ['a', 'b', 'c', 'd']) await record(page, { door, outcome: 'well' })
  await expect.poll(() => waiting(page)).toBe(4)
  await offline(false)
  await empty()
  expect(doorsOf()).toEqual(['a', 'b', 'c', 'd'])
})

test('an item that the server stumbles over again and again lets the others pass and stays in sight', async () => {
  server.state.fateOf = (_, input) => ((input as { door?: string }).door === 'poison' ? 500 : 'answer')
  await record(page, { door: 'poison', outcome: 'well' })
  await record(page, { door: 'after-it', outcome: 'well' })
  await expect.poll(() => doorsOf(), { timeout: 30_000 }).toEqual(['after-it'])
  expect(await waiting(page)).toBe(1)
  await page.getByRole('link', { name: /待上传 1/ }).click()
  await page.getByText('服务器正忙，稍后自动再传。').waitFor()
  await page.getByText(/已试 \d+ 次/).waitFor()
  server.state.fateOf = () => 'answer'
  await page.getByRole('button', { name: '现在上传' }).click()
  await empty()
  expect(doorsOf()).toEqual(['after-it', 'poison'])
}, 60_000)

test('a refused item stops nobody, says why, and is mended into a new one that keeps the time of its tap', async () => {
  server.state.fateOf = (_, input) => ((input as { door?: string }).door === 'bad' ? 409 : 'answer')
  const first = await record(page, { door: 'bad', outcome: 'away' })
  await record(page, { door: 'good', outcome: 'well' })
  await expect.poll(() => doorsOf()).toEqual(['good'])
  await page.getByRole('link', { name: /待上传/ }).click()
  await page.getByText('这一户已由别人登记，请核对后改正。').waitFor()
  const tapped = await firstTap(page)
  await page.getByRole('button', { name: '修改后重发' }).click()
  await page.getByLabel('门牌').fill('bad-mended')
  await page.getByRole('button', { name: '重发', exact: true }).click()
  await expect.poll(() => doorsOf()).toEqual(['good', 'bad-mended'])
  await empty()
  expect(server.arrived.has(first), 'the mended item has an id of its own').toBe(false)
  expect([...server.arrived.values()].find((one) => one.input.door === 'bad-mended')!.timing.deviceAt).toBe(tapped)
})

test('a refused item is given up only by its maker, and a retry sends the same id', async () => {
  server.state.fateOf = (contract) => (contract === 'trial.visit' ? 409 : 'answer')
  const id = await record(page, { door: 'again', outcome: 'well' })
  await page.getByRole('link', { name: /待上传/ }).click()
  await page.getByText('这一户已由别人登记').waitFor()
  server.state.fateOf = () => 'answer'
  await page.getByRole('button', { name: '原样重发' }).click()
  await expect.poll(() => server.arrived.has(id)).toBe(true)
  await empty()
})

test('a record can be taken back for five seconds, and goes out after them', async () => {
  await page.getByRole('button', { name: '全户正常' }).click()
  await page.getByRole('button', { name: '撤回' }).click()
  await empty()
  await page.getByText('已撤回').waitFor()
  await page.getByRole('button', { name: '家中无人' }).click()
  await expect.poll(() => server.arrived.size, { timeout: 12_000 }).toBe(1)
  expect([...server.arrived.values()][0]!.input).toEqual({ door: '1-101', outcome: 'away' })
})

test('items wait for the account that made them', async () => {
  await offline(true)
  await record(page, { door: 'of-li', outcome: 'well' })
  server.state.fateOf = (contract) => (contract === 'trial.visit' ? 'cut' : 'answer')
  await offline(false)
  await page.getByRole('link', { name: '我的' }).click()
  await page.getByRole('button', { name: '退出登录' }).click()
  server.state.fateOf = () => 'answer'
  await signIn(page, 'wang')
  await choosePin(page)
  await record(page, { door: 'of-wang', outcome: 'well' })
  await expect.poll(() => doorsOf()).toEqual(['of-wang'])
  await page.getByRole('link', { name: /待上传/ }).click()
  await page.getByText('另有 1 条属于其他账号').waitFor()
  await page.getByRole('link', { name: '我的' }).click()
  await page.getByRole('button', { name: '退出登录' }).click()
  await signIn(page, 'li')
  await unlock(page)
  await expect.poll(() => doorsOf()).toEqual(['of-wang', 'of-li'])
  expect([...server.arrived.values()].map((one) => one.account)).toEqual([workers.wang.account, workers.li.account])
})

test('another person’s session in the same browser does not park what is not theirs', async () => {
  await page.context().addCookies([{ name: 'who', value: 'wang', domain: '127.0.0.1', path: '/' }])
  await record(page, { door: 'still-li', outcome: 'well' })
  await expect.poll(() => sendingNow(page)).toBe('signIn')
  expect(server.arrived.size).toBe(0)
  await page.context().addCookies([{ name: 'who', value: 'li', domain: '127.0.0.1', path: '/' }])
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await empty()
  expect(doorsOf()).toEqual(['still-li'])
})

test('an ended session keeps the page and the queue; a sign-in sends it', async () => {
  await page.context().clearCookies()
  await record(page, { door: 'later', outcome: 'well' })
  await page.getByText('登录已过期。记录照常保存').waitFor()
  expect(await vaultState(page)).toBe('open')
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByLabel('用户名').fill('li')
  await page.getByLabel('密码').fill('correct horse')
  await page.locator('dialog').getByRole('button', { name: '登录' }).click()
  await empty()
  expect(doorsOf()).toEqual(['later'])
})

test('a tap is dated by the last contact before it, however wrong the phone’s clock is', async () => {
  server.state.ahead = 95 * 60_000
  await page.evaluate(() => fetch('/api/seal-key'))
  await page.reload()
  await unlock(page)
  await page.getByRole('heading', { name: '入户排查' }).waitFor()
  await offline(true)
  const tapped = Date.now() + server.state.ahead
  await record(page, { door: 'dated', outcome: 'well' })
  await new Promise((later) => setTimeout(later, 1_500))
  await offline(false)
  await empty()
  const { timing } = [...server.arrived.values()][0]!
  expect(Math.abs(Date.parse(timing.occurredAt) - tapped)).toBeLessThan(1_000)
  expect(Math.abs(timing.offsetBefore! - server.state.ahead)).toBeLessThan(1_000)
  expect(timing.clockDoubt).toBeNull()
  expect(timing.tick).toBeGreaterThan(0)
})
