// An office's form in a real browser: uploaded, its cells pointed at figures, filled, typed where nobody counts, taken out with its look.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dayOf, instantAt, msOf } from '#core/dates.ts'
import { drawnForm } from '#server/spreadsheet/fill.testing.ts'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import * as screening from '#modules/screening/api.ts'
import { axe, noOverflow } from './browser/checks.ts'
import { expectQuiet, openConsole, phone, shot, startBrowser } from './browser/page.ts'
import { places, raiseTown, signedIn, type Served, type Town } from './town.ts'

let browser: Browser
let town: Town
let served: Served
let folder: string

beforeEach(async () => {
  const ahead = msOf(instantAt(dayOf(Date.now()), '09:00')) - Date.now()
  ;[browser, town, folder] = await Promise.all([
    startBrowser(),
    raiseTown({ now: () => Date.now() + ahead }),
    mkdtemp(join(tmpdir(), 'linli-form-')),
  ])
  served = await town.serve()
  const [li, secretary] = [await town.as('li'), await town.as('secretary')]
  const { id: campaign } = await secretary.tell(screening.openCampaign, { title: '春季排查', area: places.community })
  const waiting = (await secretary.ask(screening.left, { limit: 100 })).rows.filter((row) => row.grid === places.grid)
  for (const { household } of waiting.slice(0, 2)) {
    await li.tell(screening.recordAttempt, {
      campaign,
      household,
      how: 'phone',
      outcome: 'reached',
      allNormal: true,
      present: [],
    })
  }
  await writeFile(
    join(folder, '民政局日报.xlsx'),
    drawnForm({}, [
      '社区疫情防控情况日报表',
      '填报单位：',
      '项目',
      '今日新增',
      '累计',
      '备注',
      '电话联系上户数',
      '志愿者人数',
      '合计',
      '填报时间：',
    ]),
  )
})
afterEach(async () => {
  await town?.close()
  await browser?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})

async function secretaryAt(path: string, options = {}): Promise<Page> {
  return signedIn((url) => openConsole(browser, url, options), served, (await town.as('secretary')).cookie, `/console${path}`)
}
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 20_000 })
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })

test('office form filled', async () => {
  const page = await secretaryAt('/forms')
  await page.getByText('还没有表').waitFor()
  await button(page, '添加一张表').click()
  const drawer = page.getByRole('dialog')
  await drawer.getByLabel('哪个部门要的').fill('区民政局')
  await drawer.getByLabel('表名').fill('情况日报表')
  await drawer.locator('input[type=file]').setInputFiles(join(folder, '民政局日报.xlsx'))
  await drawer.getByText('已选：民政局日报.xlsx').waitFor()
  await drawer.getByRole('button', { name: '保存' }).click()

  // The preview is the form itself; its cells are buttons, and what they may be is suggested.
  await page.getByRole('heading', { level: 1, name: /情况日报表 · 对应关系/ }).waitFor()
  await expect.poll(() => page.locator('.form-sheet').textContent()).toContain('社区疫情防控情况日报表')
  await axe(page, 'cells of a form')
  await shot(page, 'office-form-suggested')
  await button(page, '采用全部 4 条建议').click()
  await page
    .locator('.form-sheet')
    .getByRole('button', { name: /^C5 志愿者人数/ })
    .focus()
  await page.keyboard.press('Enter')
  await drawer.getByLabel('查找指标').fill('覆盖')
  await soon(() => drawer.locator('.form-figures li').first().textContent()).toContain('应排户')
  await axe(page, 'choosing a figure')
  await shot(page, 'office-form-picker')
  await drawer.getByLabel(/填写内容的名称/).fill('志愿者人数')
  await drawer.getByRole('button', { name: '人工填写' }).click()
  await button(page, '其余 1 格由人工填写').click()
  await button(page, '保存').click()
  await soon(() => button(page, '保存').isDisabled()).toBe(true)

  // The form of the day: a figure opens its rows, what nobody counts is typed here.
  await button(page, '看填好的表').click()
  const figure = page.getByRole('button', { name: /^2，查看明细：电话联系上 · 今日新增/ })
  await figure.click()
  await soon(() => drawer.locator('tbody tr').count()).toBe(2)
  await drawer.locator('.ant-drawer-close').first().click()
  await soon(() => drawer.count()).toBe(0)
  await page.getByRole('textbox', { name: '志愿者人数', exact: true }).fill('7')
  await page.getByRole('button', { name: '保存 志愿者人数', exact: true }).click()
  await soon(() => page.locator('.form-sheet').textContent()).toContain('9')
  await axe(page, 'the form of a day')
  await shot(page, 'office-form-day')

  const [download] = await Promise.all([page.waitForEvent('download'), button(page, '下载填好的表').click()])
  expect(download.suggestedFilename()).toMatch(/^情况日报表 梅园社区 \d{4}-\d\d-\d\d\.xlsx$/)
  const { sheets } = await readWorkbook(await readFile(await download.path()))
  const row = (n: number) => sheets[0]!.rows.find((one) => one.row === n)!.cells.map(({ text }) => text)
  expect([row(2)[1], row(4).slice(1, 4), row(5).slice(1, 3), row(6)[2]]).toEqual([
    '梅园社区',
    ['电话联系上户数', '2', '2'],
    ['志愿者人数', '7'],
    '9',
  ])

  // Who asks what: each fact once, and which of them nobody types.
  await button(page, '返回列表').click()
  await page.getByRole('heading', { name: '谁要什么' }).waitFor()
  const asked = page.locator('section', { hasText: '谁要什么' }).last()
  await soon(() => asked.locator('tr', { hasText: '志愿者人数' }).first().textContent()).toContain('须人工填写')
  await expect.poll(() => asked.locator('tr', { hasText: '电话联系上' }).first().textContent()).toContain('C4')
  await axe(page, 'forms and who asks what')
  await shot(page, 'office-forms')
  expectQuiet(page)

  const address = page.url()
  await button(page, '情况日报表').click()
  const narrow = await secretaryAt(new URL(page.url()).pathname.replace('/console', '') + new URL(page.url()).search, phone)
  await narrow.getByRole('heading', { level: 1, name: /情况日报表/ }).waitFor()
  await soon(() => narrow.locator('.form-sheet').count()).toBe(1)
  await noOverflow(narrow)
  await shot(narrow, 'office-form-day-narrow')
  await button(narrow, '指定对应关系').click()
  await narrow.getByRole('heading', { name: '逐格列表' }).waitFor()
  await noOverflow(narrow)
  await shot(narrow, 'office-form-bind-narrow')
  expect(address).toContain('/forms')
  expectQuiet(narrow)
}, 60_000)
