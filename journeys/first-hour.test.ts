// A secretary's first hour: an empty house is set up by its one-time link, its grids loaded, the secretary let in; a messy roster becomes
// households, a campaign is opened, and a grid worker gets a grid. Each page on the way is held against the rules of accessibility.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import { setUpToken } from '#modules/identity/server.ts'
import { codeAt } from '#modules/identity/server/totp.ts'
import { axe, noOverflow } from './browser/checks.ts'
import { expectQuiet, openConsole, shot, startBrowser } from './browser/page.ts'
import { countOf, password, places, raiseTown, type Served, type Town } from './town.ts'

let browser: Browser
let town: Town
let served: Served

beforeAll(async () => {
  ;[browser, town] = await Promise.all([startBrowser(), raiseTown({ empty: true })])
  served = await town.serve()
})
afterAll(async () => {
  await town?.close()
  await browser?.close()
})

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const dialog = (page: Page) => page.getByRole('dialog').last()
const soon = <T>(ask: () => T) => expect.poll(ask, { timeout: 20_000 })
const roster = resolve(import.meta.dirname, '../fixtures/rosters/messy.xlsx')
const truth = JSON.parse(await readFile(roster.replace('.xlsx', '.truth.json'), 'utf8')) as {
  rows: number
  refused: unknown[]
  questionable: unknown[]
}

/** Follows the menu, as somebody does who knows no addresses. */
async function open(page: Page, menu: string): Promise<void> {
  await page.getByRole('navigation').getByText(menu, { exact: true }).first().click()
  await page.getByRole('heading', { level: 1, name: menu }).waitFor()
}
async function looksRight(page: Page, name: string): Promise<void> {
  await axe(page, name)
  await noOverflow(page)
  await shot(page, `first-hour-${name}`)
}
/** Finds an entry of a list by typing, and takes it. */
async function choose(page: Page, field: string, words: string): Promise<void> {
  await dialog(page).getByLabel(field).last().fill(words)
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: words }).first().click()
}
/** A new account with one post; answers its one-time password. */
async function newAccount(
  page: Page,
  { name, username, role, area }: Record<'name' | 'username' | 'role' | 'area', string>,
): Promise<string> {
  await open(page, '账号')
  await button(page, '新建账号').click()
  await dialog(page).getByLabel('姓名').fill(name)
  await dialog(page).getByLabel('用户名').fill(username)
  await choose(page, '角色', role)
  await choose(page, '区域', area)
  await looksRight(page, `account-${username}`)
  await dialog(page).getByRole('button', { name: '保存' }).click()
  await button(page, '已记下').waitFor()
  const once = await page.getByRole('dialog', { name: '一次性密码' }).locator('code').innerText()
  await button(page, '已记下').click()
  await soon(() => page.locator('.ant-modal-wrap:visible, .ant-drawer-open:visible').count()).toBe(0)
  return once
}

/** The one-time link: area, first account, second factor, recovery codes. */
async function setUp(): Promise<Page> {
  const page = await openConsole(browser, `${served.origin}/console/setup?token=${await setUpToken(town.running.house)}`)
  const fields = {
    区域代码: places.county,
    区域名称: '江湾区',
    首个社区代码: places.community,
    首个社区名称: '梅园社区',
    姓名: '周管理',
    用户名: 'zhou',
    新密码: password,
  }
  await page.getByRole('heading', { name: '首次设置' }).waitFor()
  expect(page.url()).not.toContain('token')
  for (const [label, value] of Object.entries(fields)) {
    await page
      .getByLabel(label, { exact: true })
      .or(page.getByLabel(new RegExp(`^${label}`)))
      .first()
      .fill(value)
  }
  await looksRight(page, 'set-up')
  await button(page, '完成设置').click()
  await page.getByRole('img', { name: '供验证器扫描的二维码' }).waitFor()
  await looksRight(page, 'codes')
  const secret = (await page.locator('code').first().innerText()).replaceAll(/\s/g, '')
  await page.getByLabel('验证器上的 6 位动态码').fill(codeAt(secret, Date.now()))
  await button(page, '确认').click()
  await looksRight(page, 'recovery-codes')
  await button(page, /已妥善保存/).click()
  await page.getByRole('navigation').first().waitFor()
  await looksRight(page, 'recovery-sheet')
  return page
}

/** Areas and grids come from one small list. */
async function loadAreas(page: Page): Promise<void> {
  await open(page, '区域与房屋')
  await button(page, '导入').click()
  const rows = [
    ['编码', '名称'],
    [places.street, '临江街道'],
    [places.precinct, '第一片区'],
    [places.grid, '第1网格'],
    [places.grid2, '第2网格'],
  ]
  const buffer = Buffer.from(rows.map((row) => row.join(',')).join('\n'))
  await page.locator('input[type=file]').setInputFiles({ name: '网格.csv', mimeType: 'text/csv', buffer })
  await button(page, '确认导入').waitFor()
  await looksRight(page, 'areas')
  await button(page, '确认导入').click()
  await soon(() => page.getByText('第2网格').count()).toBeGreaterThan(0)
}

async function firstSignIn(username: string, once: string): Promise<Page> {
  const page = await openConsole(browser, `${served.origin}/console/`)
  await page.getByLabel('用户名').fill(username)
  await page.getByLabel('密码').fill(once)
  await button(page, '登录').click()
  await page.getByRole('heading', { name: '请先设置自己的密码' }).waitFor()
  await looksRight(page, 'own-password')
  await page.getByLabel('现在的密码').fill(once)
  await page.getByLabel('新密码').fill(password)
  await button(page, '保存并进入').click()
  await page.getByRole('navigation').first().waitFor()
  return page
}

test('from the one-time link to doors on a phone', { timeout: 120_000 }, async () => {
  const admin = await setUp()
  await loadAreas(admin)
  const once = await newAccount(admin, { name: '陈书记', username: 'chen', role: '社区书记', area: '梅园社区' })
  // A house over a borrowed database keeps no backups, and says so.
  expectQuiet(admin, /401/, /503.*backups/)

  const page = await firstSignIn('chen', once)
  const steps = page.getByRole('region', { name: '开始使用' }).getByRole('listitem')
  await soon(() => steps.count()).toBe(5)
  await looksRight(page, 'first-page')
  await page.goto(`${served.origin}/console/roster`)
  await page.locator('input[type=file]').setInputFiles(roster)
  // A messy workbook asks for its columns to be looked at before anything is read.
  await button(page, '按此对应读取').waitFor({ timeout: 30_000 })
  await looksRight(page, 'columns')
  await button(page, '按此对应读取').click()
  await page.getByText(`共 ${truth.rows} 行`).waitFor({ timeout: 30_000 })
  await page.setViewportSize({ width: 360, height: 780 })
  await looksRight(page, 'preview-narrow')
  await page.setViewportSize({ width: 1440, height: 900 })
  await button(page, /^确认导入 \d+ 行$/).click()
  await page.getByText(/已导入 \d+ 行/).waitFor({ timeout: 30_000 })
  await looksRight(page, 'imported')
  expect(await countOf(town, 'residents_persons')).toBeGreaterThan(100)
  const [got] = await Promise.all([page.waitForEvent('download'), button(page, '下载需要改正的行').click()])
  const back = (await readWorkbook(await readFile(await got.path()))).sheets.flatMap((sheet) => sheet.rows.slice(1))
  expect(back.filter((row) => row.cells[0]?.text)).toHaveLength(truth.refused.length)

  await open(page, '排查')
  await button(page, '启动排查').first().click()
  await dialog(page).getByLabel('排查名称').fill('三月全员排查')
  await looksRight(page, 'campaign')
  await dialog(page).getByRole('button', { name: '启动排查' }).click()
  await page.getByText('三月全员排查').first().waitFor()
  await newAccount(page, { name: '李网格', username: 'liwang', role: '网格员', area: '第1网格' })

  await open(page, '区域与房屋')
  await page.getByRole('tab', { name: '楼栋' }).click()
  await button(page, /^划入网格/)
    .first()
    .click()
  await choose(page, '网格', '第1网格')
  await looksRight(page, 'grid')
  await dialog(page).getByRole('button', { name: '保存' }).click()
  await soon(() => page.locator('table').getByText('第1网格').count()).toBeGreaterThan(0)
  // What is done has left the list of first steps.
  await open(page, '今日任务')
  await steps.first().waitFor()
  const left = await steps.allInnerTexts()
  expect(left.join()).toMatch(/启动应急响应/)
  expect(left.join()).not.toMatch(/导入居民名册|新建网格员账号|发起排查|建立网格/)
  await noOverflow(page)
  expectQuiet(page, /401/)
})
