// The import wizard in a real browser: a messy list, its columns checked by hand, a draft that outlives a reload, preview, commit, undo.
import type { Browser, Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readFile } from 'node:fs/promises'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import { axe, noOverflow } from './browser/checks.ts'
import { expectQuiet, openConsole, shot, startBrowser } from './browser/page.ts'
import { countOf, raiseTown, signedIn, type Served, type Town } from './town.ts'

let browser: Browser
let town: Town
let served: Served

beforeEach(async () => {
  ;[browser, town] = await Promise.all([startBrowser(), raiseTown()])
  served = await town.serve()
})
afterEach(async () => {
  await town?.close()
  await browser?.close()
})

async function secretaryAt(path: string): Promise<Page> {
  const { cookie } = await town.as('secretary')
  return signedIn((url) => openConsole(browser, url), served, cookie, `/console${path}`)
}
const soon = <T>(ask: () => T) => expect.poll(ask, { timeout: 15_000 })
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const figure = (page: Page, title: string) => page.locator('.figure', { hasText: title }).locator('b')
const file = (...rows: string[]) => ({ name: '三月名单.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) })

const list = file(
  '梅园社区常住人口表,,,,',
  '填报单位：梅园社区,,,,',
  '序号,姓名,住在哪里,与户主关系,哪里能找到,身份证号',
  '1,秦明,梅园小区3号楼1单元101,户主,13900000001,3.40301E+17',
  '2,秦小明,梅园小区3号楼1单元101,子女,,',
  '3,,梅园小区3号楼1单元102,户主,,',
  '合计,3人,,,,',
)

test('a list as it really looks: columns checked, remembered; preview, commit, rows to mend, undone as one', async () => {
  const page = await secretaryAt('/roster')
  await button(page, '选择文件').waitFor()
  for (const kind of ['居民名册', '流动人口登记', '员工名单', '返程人员登记表']) await button(page, kind).waitFor()
  await axe(page, 'upload of a list')
  const before = await countOf(town, 'residents_persons')
  await page.locator('input[type=file]').setInputFiles(list)

  // What the house only guessed, or did not know, is checked by hand; a reload loses nothing.
  await button(page, '按此对应读取').or(button(page, '核对各列')).first().waitFor()
  if (await button(page, '核对各列').isVisible()) await button(page, '核对各列').click()
  await page.getByLabel('E 哪里能找到 读作').selectOption({ label: '手机号' })
  await page.getByLabel('C 住在哪里 读作').selectOption('address')
  await axe(page, 'columns of a list')
  await shot(page, 'import-columns')
  await page.reload()
  await button(page, '按此对应读取').or(button(page, '核对各列')).first().waitFor()
  if (await button(page, '核对各列').isVisible()) await button(page, '核对各列').click()
  await soon(() => page.getByLabel('E 哪里能找到 读作').inputValue()).toBe('phone')
  await page.setViewportSize({ width: 360, height: 780 })
  await noOverflow(page)
  await axe(page, 'columns of a list, narrow')
  await shot(page, 'import-columns-narrow')
  await page.setViewportSize({ width: 1280, height: 800 })
  await button(page, '按此对应读取').click()

  await page.getByText('共 3 行：2 行可以新增').waitFor()
  await soon(() => figure(page, '需要核实').textContent()).toBe('1')
  await page.locator('button.figure', { hasText: '需要核实' }).click()
  await soon(() => page.locator('section.ledger tbody tr').count()).toBe(1)
  await expect.poll(() => page.locator('section.ledger tbody').textContent()).toMatch(/末几位已丢失/)
  expect(page.url()).not.toContain('秦明')
  await axe(page, 'preview')
  await shot(page, 'import-preview')

  await button(page, '确认导入 2 行').click()
  await page.getByText('已导入 2 行').waitFor()
  expect(await countOf(town, 'residents_persons')).toBe(before + 2)
  const [got] = await Promise.all([page.waitForEvent('download'), button(page, '下载需要改正的行').click()])
  const back = (await readWorkbook(await readFile(await got.path()))).sheets[0]!.rows.map((row) =>
    row.cells.map((cell) => cell.text),
  )
  expect(back[0]!.slice(0, 5)).toEqual(['需要改正的原因', '原工作表', '原行号', '序号', '姓名'])
  expect(back[1]!.slice(2, 6)).toEqual(['6', '3', '', '梅园小区3号楼1单元102'])

  await button(page, '撤销这次导入').first().click()
  const dialog = page.getByRole('dialog', { name: '撤销这次导入' })
  await dialog.getByLabel('原因').fill('传错了月份')
  await axe(page, 'undo')
  await dialog.getByRole('button', { name: '撤销这次导入' }).click()
  await button(page, '选择文件').waitFor()
  await soon(() => page.getByRole('region', { name: '历次导入' }).locator('tbody tr').first().textContent()).toMatch(
    /已撤销.*传错了月份/,
  )
  await shot(page, 'import-undone')

  // The next file of the same source needs nobody's hand.
  await page.locator('input[type=file]').setInputFiles(list)
  await page.getByText('已沿用上次为同样表头核对过的各列对应').waitFor()
  await soon(() => figure(page, '新增').textContent()).toBe('2')
  await button(page, '取消').click()
  await button(page, '选择文件').waitFor()
  expectQuiet(page)
})
