// Residents in a real browser: somebody is found, a dossier read, a value shown for a purpose, corrected, tagged; a roster comes in from a workbook.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { templateOf } from '#server/imports/sheet.ts'
import { readTemplate } from '#server/spreadsheet/filled.ts'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import { writeTemplate } from '#server/spreadsheet/template.ts'
import * as api from '#modules/residents/api.ts'
import { axe, noOverflow } from './browser/checks.ts'
import { expectQuiet, openConsole, shot, startBrowser } from './browser/page.ts'
import { countOf, knownIdNumber, places, raiseTown, signedIn, type Served, type Staff, type Town } from './town.ts'

let browser: Browser
let town: Town
let served: Served
const folder = mkdtempSync(join(tmpdir(), 'linli-roster-'))

beforeAll(async () => {
  ;[browser, town] = await Promise.all([startBrowser(), raiseTown()])
  served = await town.serve()
})
afterAll(async () => {
  await town?.close()
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function at(who: Staff, path: string): Promise<Page> {
  const { cookie } = await town.as(who)
  return signedIn((url) => openConsole(browser, url), served, cookie, `/console${path}`)
}
/** Others use the machine too. */
const soon = <T>(ask: () => T) => expect.poll(ask, { timeout: 15_000 })
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const figure = (page: Page, title: string) => page.locator('.figure', { hasText: title }).locator('b')
const table = (page: Page, name: string) => page.locator('.rows').and(page.getByRole('region', { name, exact: true }))

test('somebody is found, the dossier opened, a value shown for a purpose, corrected and tagged', async () => {
  const page = await at('secretary', '/residents')
  await soon(() => figure(page, '住户').first().textContent()).toBe('12')
  await soon(() => table(page, '住户').locator('tbody tr').count()).toBe(12)
  await axe(page, 'residents')
  await noOverflow(page)
  await shot(page, 'residents')

  await page.locator('button.figure', { hasText: '没有联系电话' }).click()
  await soon(() => table(page, '住户').locator('tbody tr').count()).toBe(1)
  await soon(() => table(page, '住户').textContent()).toContain('陈美玲')
  await button(page, '清除筛选').click()

  for (const [words, names] of [
    ['oy', ['欧阳雪']],
    ['wangxiulan', ['王秀兰']],
    ['0131', ['韩冰']],
    ['1-2-202', ['阿依古丽·买买提', '沈阳']],
  ] as const) {
    await page.getByLabel('查找居民').last().fill(words)
    await page.keyboard.press('Enter')
    await soon(async () => (await table(page, '查找结果').locator('tbody tr a').allTextContents()).sort()).toEqual(
      [...names].sort(),
    )
    expect(page.url()).not.toContain(words)
  }
  await page.getByLabel('查找居民').last().fill('韩冰')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: '韩冰' }).click()
  await page.getByRole('heading', { level: 1, name: '一人一档：韩冰' }).waitFor()
  await soon(() => page.locator('.record').first().textContent()).toContain(`340***********${knownIdNumber.slice(-4)}`)
  await axe(page, 'personal dossier')
  await shot(page, 'resident-person')

  await button(page, '查看 证件号码').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('用途').fill('核对身份')
  await dialog.getByRole('button', { name: '查看' }).click()
  await soon(() => page.locator('.record').textContent()).toContain(knownIdNumber)
  const looks = await town.rows(sql<{ purpose: string }>`
    select a.purpose from audit_log a join audit_looks l on l.community = a.community and l.audit = a.id where a.contract = 'residents.unmask'`)
  expect(looks).toEqual([{ purpose: '核对身份' }])

  await button(page, '添加标签').click()
  await page.getByRole('menuitem', { name: '残疾' }).click()
  await soon(() => page.locator('.record').textContent()).toContain('残疾')
  await button(page, '更正').click()
  const drawer = page.getByRole('dialog', { name: '更正' })
  await drawer.getByLabel('工作单位').fill('样例厂')
  await drawer.getByLabel('更正原因').fill('补登单位')
  await axe(page, 'correction')
  await drawer.getByRole('button', { name: '保存' }).click()
  await soon(() => page.locator('.record').first().textContent()).toContain('样例厂')
  await soon(() => page.locator('section', { hasText: '登记与更正' }).textContent()).toContain('补登单位')
  await soon(() => page.locator('.record').first().textContent()).toMatch(/340\*+0014|340301198001010014/)

  await button(page, '查看本户').click()
  const side = page.getByRole('dialog', { name: '一户一档' })
  await soon(() => side.textContent()).toContain('梅园小区 2号楼 101')
  await axe(page, 'household dossier')
  await shot(page, 'resident-household')
  expectQuiet(page)
})

test('a grid worker sees the own grid, an officer stars', async () => {
  const worker = await at('li', '/residents')
  await soon(() => table(worker, '住户').locator('tbody tr').count()).toBe(10)
  await worker.getByLabel('查找居民').last().fill('韩冰')
  await worker.keyboard.press('Enter')
  await worker.getByText('没有找到').waitFor()
  const officer = await at('officer', '/residents')
  await soon(() => table(officer, '住户').locator('tbody tr').count()).toBe(12)
  await soon(() => table(officer, '住户').textContent()).toContain('王**')
  const shown = await table(officer, '住户').textContent()
  for (const words of ['王秀兰', '1单元', '13800000101']) expect(shown).not.toContain(words)
  expectQuiet(worker)
  expectQuiet(officer)
})

test('a household is registered at its door, with a number that is checked', async () => {
  const page = await at('secretary', '/residents')
  await button(page, '登记一户').click()
  const drawer = page.getByRole('dialog', { name: '登记一户' })
  await drawer.getByLabel('先选楼栋').click()
  await page.getByTitle('梅园小区 1号楼').click()
  await drawer.getByLabel('再选单元和房号').click()
  await page.getByTitle('1单元 302').click()
  // The form begins without a member: somebody is added first.
  await drawer.getByRole('button', { name: /添加/ }).click()
  await drawer.getByLabel('姓名').fill('尤三')
  await drawer.getByLabel('与户主关系').click()
  await page.getByTitle('户主', { exact: true }).click()
  await drawer.getByLabel('证件类型').click()
  await page.getByTitle('居民身份证').click()
  await drawer.getByLabel('证件号码').fill('340301198001010013')
  await drawer.getByRole('button', { name: '保存' }).click()
  await soon(() => drawer.textContent()).toContain('校验位不符')
  await axe(page, 'registering')
  await shot(page, 'resident-register')
  await drawer.getByLabel('证件号码').fill(knownIdNumber)
  await drawer.getByRole('button', { name: '保存' }).click()
  await soon(() => drawer.textContent()).toContain('已登记')
  await drawer.getByLabel('证件号码').fill('340301198001010030')
  await drawer.getByRole('button', { name: '保存' }).click()
  await soon(() => table(page, '住户').textContent()).toContain('尤三')
  expectQuiet(page, /409/)
})

test('a roster comes in: template, preview with reasons, commit, the rows to mend, and nothing twice', async () => {
  const page = await at('secretary', '/roster')
  const [got] = await Promise.all([page.waitForEvent('download'), button(page, '下载模板').click()])
  const [blank] = readTemplate(await readWorkbook(await readFile(await got.path()), { name: 'a.xlsx' }), {
    sheets: [templateOf(api.roster)],
  })
  expect(blank).toMatchObject({ found: true, rows: [], missingColumns: [] })

  const home = { compound: '梅园小区', building: '3号楼', room: '101', grid: places.grid }
  const rows = [
    { ...home, name: '秦明', relation: '户主', phone: '13900000001' },
    { ...home, name: '秦小明', relation: '子女', birthDate: '2015-02-30' },
    { ...home, room: '102', use: '空置' },
    { ...home, room: '103', name: '尤勇', relation: '户主', idType: '居民身份证', idNumber: knownIdNumber },
  ]
  const path = join(folder, '名册.xlsx')
  writeFileSync(path, await writeTemplate({ sheets: [{ ...templateOf(api.roster), rows }] }))
  await page.locator('input[type=file]').setInputFiles(path)
  await page.getByText('共 4 行：3 行可以新增').waitFor()
  const people = await countOf(town, 'residents_persons')
  await soon(() => page.locator('.rows').textContent()).toMatch(/第 5 行.*出生日期/)
  await soon(() => page.locator('.rows').textContent()).toContain('第 7 行“证件号码”：已登记在另一户')
  await axe(page, 'preview of a roster')
  await shot(page, 'roster-preview')

  await button(page, '确认导入 3 行').click()
  await page.getByText('已导入 3 行').waitFor()
  expect(await countOf(town, 'residents_persons')).toBe(people + 2)
  await axe(page, 'roster committed')
  await shot(page, 'roster-done')
  const [back] = await Promise.all([page.waitForEvent('download'), button(page, '下载需要改正的行').click()])
  const [mend] = readTemplate(await readWorkbook(await readFile(await back.path()), { name: 'a.xlsx' }), {
    sheets: [templateOf(api.roster)],
  })
  expect(mend!.rows.map((r) => r.cells['name']!.text)).toEqual(['尤勇'])

  await button(page, '上传文件').click()
  await page.locator('input[type=file]').setInputFiles(path)
  await page.getByText('0 行可以新增，3 行已登记过').waitFor()
  await button(page, '没有可以新增的行').or(button(page, '确认导入 0 行')).first().hover()
  expect(await countOf(town, 'residents_persons')).toBe(people + 2)
  expectQuiet(page)
})

test('whoever types a name that sounds like a known one is told quietly, and may go on', async () => {
  const page = await at('secretary', '/residents')
  await button(page, '登记一户').click()
  const form = page.getByRole('form', { name: '登记一户' })
  await form.getByRole('button', { name: /添加成员/ }).click()
  await form.getByLabel('姓名').fill('寒彬')
  const note = form.getByRole('status').filter({ hasText: '可能已登记' })
  await note.getByRole('link', { name: '韩冰' }).waitFor({ timeout: 15_000 })
  expect(await note.textContent()).toContain('姓名方音相近')
  expect(page.url()).not.toContain(encodeURIComponent('寒彬'))
  await axe(page, 'register a household, perhaps known')
  await shot(page, 'resident-alike')
  await form.getByLabel('姓名').fill('司徒空')
  await soon(() => note.count()).toBe(0)
  await page.close()
})
