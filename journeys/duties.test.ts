// A day's duty: the rules ask for a disinfection in each grid, it stands first on the worker's phone, what is recorded closes it, and the
// secretary sees what is overdue, whose it is, and excuses what need not be done.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { instantAt, msOf } from '#core/dates.ts'
import { today } from '#modules/duties/api.ts'
import { approveVersion, writePack } from '#modules/policy/api.ts'
import { axe, noOverflow } from './browser/checks.ts'
import { expectQuiet, openConsole, openPhone, shot, startBrowser } from './browser/page.ts'
import { allSent, asItShould, button, choosePin, said, tick } from './round-steps.ts'
import { places, raiseTown, signedIn, type Served, type Staff, type Town } from './town.ts'

const day = '2026-03-02'
let browser: Browser
let town: Town
let served: Served
/** The house's clock begins at half past six in the morning and is moved on by the story. */
let ahead = msOf(instantAt(day, '06:30')) - Date.now()

beforeAll(async () => {
  ;[browser, town] = await Promise.all([startBrowser(), raiseTown({ now: () => Date.now() + ahead })])
  served = await town.serve()
})
afterAll(async () => {
  await town?.close()
  await browser?.close()
})

async function at(who: Staff, path: string, open: typeof openPhone): Promise<Page> {
  const { cookie } = await town.as(who)
  return signedIn((url) => open(browser, url), served, cookie, path)
}

test('what the rules ask for every day is done on a phone, overdue at its minute and excused at the desk', async () => {
  const [secretary, officer] = [await town.as('secretary'), await town.as('officer')]
  const windows = [
    { key: 'morning', opens: '07:00', due: '12:00' },
    { key: 'evening', opens: '15:00', due: '20:00' },
  ]
  const pack = await secretary.tell(writePack, {
    areaCode: places.community,
    title: '日常消毒',
    effectiveFrom: instantAt(day),
    correction: '补录',
    document: '样例通知',
    values: { 'disinfection.daily': { windows, everyDays: 1 } },
  })
  await officer.tell(approveVersion, { version: pack.versions[0]!.id })
  await expect.poll(async () => (await secretary.ask(today, {})).total, { timeout: 30_000 }).toBe(4)
  ahead = msOf(instantAt(day, '12:30')) - Date.now()

  const phone = await at('li', '/m/today', openPhone)
  await choosePin(phone)
  await phone.getByRole('link', { name: '今日' }).click()
  await said(phone, '今日任务')
  const line = phone.locator('.slots li', { hasText: '日常消毒' })
  await line.getByText('超时').waitFor()
  await asItShould(phone, 'today')
  // The form is open before the network goes: what a first visit has not stored yet cannot be had without one.
  await line.getByRole('link').click()
  await phone.getByLabel('开始', { exact: true }).waitFor()
  await phone.context().setOffline(true)
  await phone.getByLabel('开始', { exact: true }).fill('12:10')
  await phone.getByLabel('结束', { exact: true }).fill('12:25')
  for (const choice of ['电梯轿厢', '按键', '擦拭']) await tick(phone, choice)
  await button(phone, '登记').click()
  await said(phone, '本机刚登记的')
  await phone.context().setOffline(false)
  await allSent(phone)
  await phone.getByRole('link', { name: '今日' }).click()
  await button(phone, '更新').click()
  await said(phone, '现在要办的都办完了')
  expectQuiet(phone, /net::ERR_INTERNET_DISCONNECTED|Failed to load resource/)

  const desk = await at('secretary', '/console/', openConsole)
  const count = (state: string) => desk.locator('.figure', { hasText: state }).locator('b').innerText()
  await expect.poll(() => count('超时'), { timeout: 20_000 }).toBe('1')
  await expect.poll(() => count('已办'), { timeout: 20_000 }).toBe('1')
  await expect
    .poll(() => desk.locator('.today tbody').first().innerText(), { timeout: 20_000 })
    .toMatch(/第2网格[\s\S]*日常消毒[\s\S]*07:00–12:00[\s\S]*超时[\s\S]*王网格/)
  await axe(desk, 'today')
  await shot(desk, 'today-console')

  await desk.locator('.today').getByRole('button', { name: /^免办/ }).first().click()
  const form = desk.getByRole('dialog')
  await form.getByRole('textbox').fill('当日停水')
  await form.getByRole('button', { name: /确/ }).click()
  await form.waitFor({ state: 'hidden' })
  await expect.poll(() => count('免办'), { timeout: 20_000 }).toBe('1')
  await desk.locator('.figure', { hasText: '免办' }).click()
  await desk.getByText('当日停水').waitFor()
  await desk.getByRole('button', { name: /^撤销免办/ }).click()
  await expect.poll(() => count('超时'), { timeout: 20_000 }).toBe('1')

  await desk.setViewportSize({ width: 360, height: 740 })
  await noOverflow(desk)
  await shot(desk, 'today-console-360')
  expectQuiet(desk)
})
