// A phone on the real server: signed in, enrolled under a name, listed, revoked from elsewhere, registered anew.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { devices, revokeDevice } from '#modules/identity/api.ts'
import { axe, noOverflow, targets } from '../browser/checks.ts'
import { openPhone, startBrowser } from '../browser/page.ts'
import { password, raiseTown, type Town } from '../town.ts'
import { pin, type } from './trial-page.ts'

let browser: Browser
let town: Town

beforeAll(async () => {
  town = await raiseTown()
  browser = await startBrowser()
})
afterAll(async () => {
  await browser?.close()
  await town?.close()
})

test('a lost phone is revoked from elsewhere, erases itself at its next contact, and may be registered anew', async () => {
  const { origin } = await town.serve()
  const page = await openPhone(browser, `${origin}/m/`)
  const signIn = async () => {
    await page.getByLabel('用户名').fill('li')
    await page.getByLabel('密码').fill(password)
    await page.getByRole('button', { name: '登录' }).click()
  }
  const choosePin = async (name: string) => {
    await page.getByLabel('这部手机叫什么').fill(name)
    await type(page, pin)
    await page.getByRole('button', { name: '下一步' }).click()
    await page.getByText('再输一次').waitFor()
    await type(page, pin)
    await page.getByRole('button', { name: '确定' }).click()
    await page.getByRole('heading', { level: 1, name: '第1网格' }).waitFor()
  }
  await signIn()
  await choosePin('巡查机甲')
  await page.getByRole('link', { name: '我的' }).click()
  await page.getByText('巡查机甲').waitFor()
  await page.getByText('本机', { exact: true }).waitFor()
  await axe(page, 'phone me')
  await targets(page)
  await noOverflow(page)

  const li = await town.as('li')
  const [lost] = (await li.ask(devices, {})).rows
  expect(lost).toMatchObject({ name: '巡查机甲', revokedAt: null })
  await li.tell(revokeDevice, { device: lost!.device })
  await page.getByRole('button', { name: '更新名册' }).click()
  await page.getByText('这部手机已被停用，已下载的名册已清除').waitFor()
  await page.getByRole('button', { name: '重新登记这部手机' }).click()
  await signIn()
  await choosePin('巡查机乙')
  const rows = (await li.ask(devices, {})).rows
  expect(rows.filter((row) => row.revokedAt === null).map((row) => row.name)).toEqual(['巡查机乙'])
}, 120_000)
