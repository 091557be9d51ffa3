// The daily report in a real browser: figures opened to their rows, sent, returned, confirmed, locked; what changed since; workbook and paper.
import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayOf, instantAt, msOf } from '#core/dates.ts'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import { rounds } from '#modules/disinfection/api.ts'
import * as screening from '#modules/screening/api.ts'
import { axe, noOverflow } from './browser/checks.ts'
import { expectQuiet, openConsole, phone, shot, startBrowser } from './browser/page.ts'
import { print } from './browser/pdf.ts'
import { places, raiseTown, signedIn, type Caller, type Served, type Staff, type Town } from './town.ts'

let browser: Browser
let town: Town
let served: Served
let li: Caller
let left: screening.AttemptShown

beforeAll(async () => {
  // The house lives in the morning, whatever the hour: at 17:00 it would compile the report by itself.
  const ahead = msOf(instantAt(dayOf(Date.now()), '09:00')) - Date.now()
  ;[browser, town] = await Promise.all([startBrowser(), raiseTown({ now: () => Date.now() + ahead })])
  served = await town.serve()
  li = await town.as('li')
  const secretary = await town.as('secretary')
  const { id: campaign } = await secretary.tell(screening.openCampaign, { title: '春季排查', area: places.community })
  const waiting = (await secretary.ask(screening.left, { limit: 100 })).rows
  const mine = waiting.filter((row) => row.grid === places.grid)
  for (const { household } of mine.slice(0, 3)) {
    left = await li.tell(screening.recordAttempt, {
      campaign,
      household,
      how: 'phone',
      outcome: 'reached',
      allNormal: true,
      present: [],
    })
  }
  await li.tell(rounds.contracts.record, {
    begins: '08:00',
    ends: '08:20',
    place: 'elevator',
    surfaces: ['buttons'],
    method: 'wipe',
    squareMetres: 12.5,
  })
})
afterAll(async () => {
  await town?.close()
  await browser?.close()
})

/** Somebody's console at an address below /console/, signed in already. */
async function at(who: Staff, path: string, options = {}): Promise<Page> {
  const { cookie } = await town.as(who)
  return signedIn((url) => openConsole(browser, url, options), served, cookie, `/console${path}`)
}

/** A shared machine may be slow: what a person would wait for is waited for. */
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 10_000 })
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const state = (page: Page) => page.locator('section', { hasText: '办理过程' }).locator('.tone').first()

test('a report goes up, comes back, goes up again and is locked', async () => {
  const secretary = await at('secretary', '/reports')
  await secretary.getByText('实时统计，尚未编制').waitFor()
  await axe(secretary, 'report before it is compiled')

  // A figure opens exactly its rows.
  await secretary.getByRole('button', { name: /^3 户，查看明细：已覆盖 · 累计/ }).click()
  const drawer = secretary.getByRole('dialog')
  await soon(() => drawer.locator('tbody tr').count()).toBe(3)
  await expect.poll(() => drawer.locator('.ledger-foot').textContent()).toContain('共 3 条')
  await expect.poll(() => drawer.locator('tbody tr').first().textContent()).toContain('李网格')
  await axe(secretary, 'rows behind a figure')
  await shot(secretary, 'report-rows')
  await drawer.getByRole('button', { name: '关闭' }).or(drawer.locator('.ant-drawer-close')).first().click()

  // Its name opens the definition and the grids.
  await button(secretary, '未覆盖').click()
  await soon(() => drawer.textContent()).toContain('应排户中尚未联系上的户')
  await soon(() => drawer.textContent()).toContain('第2网格')
  await shot(secretary, 'report-definition')
  await drawer.locator('.ant-drawer-close').first().click()

  await button(secretary, '上报').hover()
  await soon(() => secretary.getByRole('tooltip').textContent()).toBe('还没有编制日报')
  await button(secretary, '立即编制').click()
  await soon(() => state(secretary).textContent()).toBe('待上报')
  await button(secretary, '上报').click()
  await drawer.getByLabel('问题与困难').fill('缺少护目镜')
  await drawer.getByRole('button', { name: '上报' }).click()
  await soon(() => state(secretary).textContent()).toBe('已上报')
  await axe(secretary, 'report sent')

  const officer = await at('officer', '/reports')
  await officer.getByRole('heading', { level: 1, name: /日报汇总/ }).waitFor()
  await officer.getByRole('button', { name: '梅园社区' }).waitFor()
  await axe(officer, 'overview')
  await shot(officer, 'report-overview')
  await officer.getByRole('button', { name: '梅园社区' }).click()
  await officer.getByRole('heading', { level: 1, name: /疫情防控日报 · 梅园社区/ }).waitFor()
  await button(officer, '退回').click()
  await officer.getByRole('dialog').getByRole('textbox').fill('请核实 1 号楼')
  await officer.getByRole('dialog').getByRole('button', { name: '退回' }).click()
  await soon(() => state(officer).textContent()).toBe('已退回')

  // The secretary's page hears of it by itself.
  await soon(() => state(secretary).textContent()).toBe('已退回')
  await expect.poll(() => secretary.locator('.report-steps').textContent()).toContain('请核实 1 号楼')
  await button(secretary, '上报').click()
  await drawer.getByRole('button', { name: '上报' }).click()
  await soon(() => state(secretary).textContent()).toBe('已上报')
  await soon(() => state(officer).textContent()).toBe('已上报')
  await button(officer, '确认').click()
  await soon(() => state(officer).textContent()).toBe('已确认')
  await button(officer, '锁定').click()
  await soon(() => state(officer).textContent()).toBe('已锁定')
  await button(officer, '锁定').focus()
  await soon(() => officer.getByRole('tooltip').last().textContent()).toBe('日报已锁定')
  expectQuiet(secretary)
  expectQuiet(officer)

  // A correction afterwards is a difference; the locked figures stay and prove themselves.
  await li.tell(screening.withdrawAttempt, { replaces: left.id, reason: '打错了门' })
  await secretary.reload()
  const changes = secretary.locator('section', { hasText: '上报后的变动' }).last()
  await soon(() => changes.locator('.report-changes li').count()).toBe(4)
  await expect
    .poll(() => changes.locator('tr', { hasText: '已覆盖 · 累计' }).locator('.number').allTextContents())
    .toEqual(['3', '2'])
  await button(secretary, '按当时的数据复算').click()
  await secretary.getByText('复算一致').waitFor()
  await expect.poll(() => secretary.getByRole('button', { name: /^3 户，查看明细：已覆盖 · 累计/ }).count()).toBe(1)
  await axe(secretary, 'locked report with changes')
  await shot(secretary, 'report-locked')

  const [download] = await Promise.all([secretary.waitForEvent('download'), button(secretary, /导出/).click()])
  expect(download.suggestedFilename()).toMatch(/^疫情防控日报表 梅园社区 \d{4}-\d\d-\d\d\.xlsx$/)
  const { sheets } = await readWorkbook(await readFile(await download.path()))
  const rows = sheets[0]!.rows.map((row) => row.cells.map((cell) => cell.text))
  expect(rows[0]![0]).toBe('疫情防控日报表')
  expect(rows[1]![0]).toMatch(/填报单位：梅园社区.*填报人：陈书记.*审核人：街道周专员/)
  expect(rows.find((row) => row[2] === '已覆盖')).toEqual(expect.arrayContaining(['3']))

  await secretary.evaluate(() => {
    window.print = () => {}
  })
  await button(secretary, '打印').click()
  const sheet = secretary.locator('.paper .sheet')
  await soon(() => sheet.locator('h1').textContent()).toBe('疫情防控日报表')
  await expect.poll(() => sheet.locator('thead tr').first().textContent()).toBe('序号类别项目现有今日新增累计备注')
  const printed = await print(secretary, 'report-sheet')
  expect(printed.pages).toBeGreaterThan(0)
  expectQuiet(secretary)
})

test('the report reads on a narrow screen, in English, and as a message without names', async () => {
  const page = await at('secretary', '/reports', phone)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.getByText('说明').first().waitFor()
  await noOverflow(page)
  await button(page, '复制文字版').click()
  const brief = await page.getByRole('dialog').getByRole('textbox').inputValue()
  expect(brief).toContain('梅园社区')
  expect(brief).not.toContain('护目镜')
  await shot(page, 'report-narrow')
  expectQuiet(page)
})

test('disinfection is a page from its declaration', async () => {
  const page = await at('li', '/disinfection')
  await soon(() => page.locator('tbody tr').count()).toBe(1)
  await expect.poll(() => page.locator('tbody tr').first().textContent()).toContain('电梯轿厢')
  await axe(page, 'disinfection ledger')
  await shot(page, 'disinfection')
  expectQuiet(page)
})
