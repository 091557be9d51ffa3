// How every page of the phone stands at 360 px, at twice the letters, for a screen reader and for a gloved thumb.
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { axe, enlarge, noOverflow, targets } from '../browser/checks.ts'
import { openPhone, shot, startBrowser } from '../browser/page.ts'
import { startTrialServer, type TrialServer } from './server.ts'
import type { Visit } from './trial/contracts.ts'
import { buildTrial, choosePin, pin, record, signIn, type, unlock } from './trial-page.ts'

let browser: Browser
let dist: string
let server: TrialServer
let page: Page

beforeAll(async () => {
  dist = await buildTrial()
  browser = await startBrowser()
  server = await startTrialServer({ dist })
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
  rmSync(dist, { recursive: true, force: true })
})

async function stands(name: string): Promise<void> {
  await shot(page, `phone-${name}`)
  await axe(page, name)
  await targets(page)
  await noOverflow(page)
}

test('every page stands at 360 px, is readable aloud, and large enough to touch', async () => {
  page = await openPhone(browser, `http://127.0.0.1:${server.port}/m/`)
  await page.getByLabel('用户名').waitFor()
  await stands('sign-in')
  await signIn(page)
  await page.getByText('设一个 PIN').waitFor()
  await stands('set-pin')
  await choosePin(page)
  await page.getByText('1-101').waitFor()
  await stands('rounds')
  await page.getByRole('button', { name: '全户正常' }).click()
  await page.getByRole('button', { name: '撤回' }).waitFor()
  await stands('undo')
  await page.getByRole('button', { name: '撤回' }).click()
  await page.getByRole('button', { name: '有人不适' }).click()
  await page.getByLabel('门牌').waitFor()
  for (const digit of ['3', '7', '2']) await page.locator('.numbers .keys button', { hasText: digit }).click()
  expect(await page.locator('.numbers output').innerText()).toBe('37.2 ℃')
  await stands('form')
  await page.getByRole('button', { name: '登记' }).click()
  await page.getByText('还有 2 项需要补全或改正').waitFor()
  await stands('form-complaints')
  server.state.fateOf = (contract, input) =>
    contract === 'trial.visit' ? ((input as Visit).door === '1-301' ? 409 : 503) : 'answer'
  await record(page, { door: '1-301', outcome: 'unwell', warmth: 37.9, note: '发热' })
  await record(page, { door: '1-302', outcome: 'well' })
  await page.getByRole('link', { name: /未接受/ }).click()
  await page.getByText('这一户已由别人登记').first().waitFor()
  await stands('outbox')
  await page.getByRole('button', { name: '修改后重发' }).first().click()
  await stands('mend')
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: '我的' }).click()
  await page.getByText('我的手机').waitFor()
  await stands('me')
  await page.getByText('English').click()
  await page.getByText('My phones').waitFor()
  await stands('me-english')
  await page.getByText('中文').click()
  await page.getByRole('button', { name: '锁定' }).click()
  await page.getByRole('heading', { name: '已锁定' }).waitFor()
  await stands('locked')
  await page.getByRole('button', { name: '忘记 PIN / 换人' }).click()
  await stands('forgotten')
  await page.keyboard.press('Escape')
  await unlock(page)
}, 120_000)

test('a ledger is entered one question after another, and what was entered stands below it', async () => {
  server.state.fateOf = (contract) => (contract === 'trialLitter.record' ? 503 : 'answer')
  page = await openPhone(browser, `http://127.0.0.1:${server.port}/m/`)
  await signIn(page)
  await choosePin(page)
  await page.getByRole('link', { name: '垃圾清运' }).click()
  await page.getByLabel('日期').fill('2026-11-22')
  await page.getByRole('button', { name: '下一项' }).click()
  await page.getByText('湿垃圾').click()
  await stands('one-by-one')
  await page.getByRole('button', { name: '下一项' }).click()
  await page.getByLabel('数量').fill('0')
  await page.getByRole('button', { name: '登记' }).click()
  await page.getByText('还有 1 项需要补全或改正').waitFor()
  await page.getByLabel('数量').fill('12')
  await page.getByRole('button', { name: '登记' }).click()
  await page.getByText('本机刚登记的').waitFor()
  await page.getByText('12 袋').waitFor()
  await stands('ledger')
}, 60_000)

test('with letters twice as large nothing is cut off', async () => {
  server.state.fateOf = () => 'answer'
  page = await openPhone(browser, `http://127.0.0.1:${server.port}/m/`)
  await enlarge(page, 200)
  await page.getByLabel('用户名').waitFor()
  await noOverflow(page)
  await signIn(page)
  await page.getByText('设一个 PIN').waitFor()
  await noOverflow(page)
  await choosePin(page)
  await page.locator('.room').waitFor()
  await noOverflow(page)
  await shot(page, 'phone-rounds-200')
  await page.getByRole('link', { name: /待上传/ }).click()
  await noOverflow(page)
  await page.getByRole('link', { name: '我的' }).click()
  await page.getByText('我的手机').waitFor()
  await noOverflow(page)
  await shot(page, 'phone-me-200')
}, 60_000)

test('the PIN can be typed on a keyboard and its digits are never shown', async () => {
  page = await openPhone(browser, `http://127.0.0.1:${server.port}/m/`)
  await signIn(page)
  await page.getByLabel('新 PIN').focus()
  await page.keyboard.type(pin)
  await page.keyboard.press('Enter')
  await page.getByText('再输一次').waitFor()
  await type(page, pin)
  expect(await page.locator('input[name=pin]').getAttribute('type')).toBe('password')
  await page.locator('input[name=pin]').press('Enter')
  await page.getByRole('heading', { name: '入户排查' }).waitFor()
}, 60_000)
