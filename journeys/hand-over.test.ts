// A grid worker leaves: the secretary sees what he still answers for, hands it over, and his phone is out at once. And an
// administrator who signs in for the first time sets up codes before anything else.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAccount } from '#modules/identity/server.ts'
import { codeAt } from '#modules/identity/server/totp.ts'
import { appoint } from '#modules/territory/api.ts'
import { axe } from './browser/checks.ts'
import { expectQuiet, openConsole, openPhone, shot, startBrowser } from './browser/page.ts'
import { button, choosePin, said } from './round-steps.ts'
import { password, places, raiseTown, signedIn, type Served, type Staff, type Town } from './town.ts'

let browser: Browser
let town: Town
let served: Served

beforeAll(async () => {
  ;[browser, town] = await Promise.all([startBrowser(), raiseTown()])
  served = await town.serve()
  await createAccount(town.running.house, {
    area: places.county,
    username: 'boss',
    name: '区管理员',
    password,
    assignments: [{ role: 'administrator', area: places.county }],
  })
})
afterAll(async () => {
  await town?.close()
  await browser?.close()
})

async function at(who: Staff, path: string, open: typeof openPhone): Promise<Page> {
  const { cookie } = await town.as(who)
  return signedIn((url) => open(browser, url), served, cookie, path)
}

test('a grid worker leaves and hands over', async () => {
  const [secretary, li] = [await town.as('secretary'), await town.as('li')]
  await secretary.tell(appoint, { areaCode: places.grid, account: li.account, duty: 'gridWorker' })
  const phone = await at('li', '/m/disinfection', openPhone)
  await choosePin(phone)

  const desk = await at('secretary', '/console/accounts', openConsole)
  await desk.getByText('李网格').first().click()
  const side = desk.getByRole('dialog', { name: '账号' })
  await side.getByText('第1网格 · 网格员', { exact: true }).waitFor()
  await axe(desk, 'account with what it still answers for')
  await shot(desk, 'hand-over-owned')
  await expect(side.getByRole('button', { name: '离任' }).getAttribute('aria-disabled')).resolves.toBe('true')

  await side.getByRole('button', { name: '全部交接' }).click()
  const form = desk.getByRole('dialog', { name: '交接' })
  await form.getByLabel('接手人').fill('王网格')
  await desk.locator('.ant-select-item-option', { hasText: '王网格' }).click()
  await form.getByRole('button', { name: '保存' }).click()
  await form.getByText('接手人在这些区域没有任职').waitFor()
  await form.getByLabel('同时授予同样的岗位').check()
  await axe(desk, 'hand-over form')
  await form.getByRole('button', { name: '保存' }).click()
  await side.getByText('没有需要交接的事项。').waitFor()

  await side.getByRole('button', { name: '离任' }).click()
  await desk.locator('.ant-modal-confirm').getByRole('button', { name: '离任' }).click()
  await side.getByText('离任', { exact: true }).first().waitFor()
  await phone.reload()
  await said(phone, /登录|停用/)
  // What was open of an account that has just left may be asked for once more.
  expectQuiet(desk, /409|422/, /403.*identity\.(sessions|devices)/)
})

test('an administrator sets up codes at the first sign-in, and signs in with one', async () => {
  const page = await openConsole(browser, `${served.origin}/console/`)
  const enter = async () => {
    await page.getByLabel('用户名').fill('boss')
    await page.getByLabel('密码').fill(password)
    await button(page, '登录').click()
  }
  await enter()
  await page.getByRole('img', { name: '供验证器扫描的二维码' }).waitFor()
  await axe(page, 'codes at sign-in')
  await shot(page, 'codes-set-up')
  const secret = (await page.locator('code').first().innerText()).replaceAll(/\s/g, '')
  await page.getByLabel('验证器上的 6 位动态码').fill(codeAt(secret, Date.now()))
  await button(page, '确认').click()
  await page.getByText('恢复码').first().waitFor()
  const [recovery] = await page.locator('li code').allInnerTexts()
  await axe(page, 'recovery codes')
  await button(page, /已妥善保存/).click()
  await page.getByRole('navigation').first().waitFor()

  await page.context().clearCookies()
  await page.goto(`${served.origin}/console/`)
  await enter()
  await page.getByLabel('动态码或恢复码').fill(recovery!)
  await button(page, '登录').click()
  await page.getByRole('navigation').first().waitFor()
  expectQuiet(page, /401|403/)
})
