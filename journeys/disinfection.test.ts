// The model ledger in a worker's hand: a round written down on a phone without a network, read at the desk, withdrawn, and brought in from paper.
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import { templateOf } from '#server/imports/sheet.ts'
import { writeTemplate } from '#server/spreadsheet/template.ts'
import { rounds } from '#modules/disinfection/api.ts'
import { pdf } from '#modules/files/pictures.testing.ts'
import { axe } from './browser/checks.ts'
import { expectQuiet, openConsole, openPhone, shot, startBrowser } from './browser/page.ts'
import { allSent, asItShould, button, choosePin, said, tick } from './round-steps.ts'
import { raiseTown, signedIn, type Served, type Staff, type Town } from './town.ts'

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

const soon = <T>(look: () => T) => expect.poll(look, { timeout: 20_000 })

async function at(who: Staff, path: string, open: typeof openPhone): Promise<Page> {
  const { cookie } = await town.as(who)
  return signedIn((url) => open(browser, url), served, cookie, path)
}

test('a round is written down without a network and stands in the ledger when it is back', async () => {
  const phone = await at('li', '/m/disinfection', openPhone)
  await choosePin(phone)
  await phone.getByLabel('开始', { exact: true }).waitFor()
  await asItShould(phone, 'disinfection')

  await phone.context().setOffline(true)
  await button(phone, '登记').click()
  await said(phone, /还有 \d+ 项需要补全或改正/)
  await phone.getByLabel('开始', { exact: true }).fill('08:00')
  await phone.getByLabel('结束', { exact: true }).fill('08:20')
  for (const choice of ['电梯轿厢', '按键', '擦拭']) await tick(phone, choice)
  await phone.getByLabel(/^具体部位/).fill('1号楼1单元')
  await phone.getByLabel(/^面积/).fill('12.5')
  await button(phone, '登记').click()
  await said(phone, '本机刚登记的')
  await phone.context().setOffline(false)
  await allSent(phone)
  expectQuiet(phone, /net::ERR_INTERNET_DISCONNECTED|Failed to load resource/)

  const desk = await at('secretary', '/console/disinfection', openConsole)
  await soon(() => desk.locator('tbody tr').count()).toBe(1)
  await expect
    .poll(() => desk.locator('tbody tr').first().innerText())
    .toMatch(/08:00[\s\S]*电梯轿厢[\s\S]*1号楼1单元[\s\S]*按键[\s\S]*擦拭[\s\S]*12\.5[\s\S]*李网格/)
  await expect.poll(() => desk.locator('.figure', { hasText: '消毒面积' }).innerText()).toMatch(/12\.5/)

  // The signed sheet joins the entry as a scan; one that acts is refused in words, and the form goes on.
  await desk.locator('tbody tr').first().getByRole('button', { name: '更正' }).click()
  const form = desk.getByRole('dialog', { name: /^更正/ })
  const scan = (name: string, buffer: Buffer) =>
    form.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/pdf', buffer })
  await scan('表.pdf', pdf({ inside: '/OpenAction << /S /JavaScript /JS (app.alert(1)) >>' }))
  await form.getByText('这个 PDF 带有脚本').waitFor()
  await scan('表.pdf', pdf())
  await form.getByRole('button', { name: 'PDF 1' }).waitFor()
  await soon(() => form.getByText('这个 PDF 带有脚本').count()).toBe(0)
  await axe(desk, 'an entry with its scan')
  await form.getByRole('button', { name: 'PDF 1' }).scrollIntoViewIfNeeded()
  await shot(desk, 'disinfection-scan')
  await form.getByLabel(/原因/).fill('补签字表')
  await form.getByRole('button', { name: /^保\s?存$/ }).click()
  await soon(() => form.count()).toBe(0)
  // The list hears of the correction a moment later; a row opened before that shows the entry as it was.
  const shownScan = desk.getByRole('dialog').getByRole('button', { name: 'PDF 1' }).first()
  await soon(async () => {
    await desk.locator('tbody .row-open').first().click()
    const seen = await shownScan.waitFor({ timeout: 4_000 }).then(
      () => true,
      () => false,
    )
    if (!seen) await desk.locator('.ant-drawer-close').first().click()
    return seen
  }).toBe(true)
  const [paperScan] = await Promise.all([desk.waitForEvent('download'), shownScan.click()])
  expect((await readFile(await paperScan.path())).equals(pdf())).toBe(true)
  await desk.locator('.ant-drawer-close').click()
  expectQuiet(desk, /415|422/)

  // What stood on paper comes in by the template.
  const paper = {
    countedOn: '2026-01-05',
    begins: '09:00',
    ends: '09:30',
    place: '楼道',
    surfaces: '地面',
    method: '喷洒',
    squareMetres: '80',
  }
  const file = join(tmpdir(), `linli-disinfection-${process.pid}.xlsx`)
  await writeFile(
    file,
    await writeTemplate({ sheets: [{ ...templateOf(rounds.importing), rows: [paper, { ...paper, place: '屋顶' }] }] }),
  )
  await button(desk, '导入').click()
  await desk.getByRole('dialog').locator('input[type=file]').setInputFiles(file)
  await desk.getByRole('button', { name: '确认导入 1 行' }).click()
  await desk.getByText(/已导入 1 行/).waitFor()
  await axe(desk, 'ledger with its import')
  await shot(desk, 'disinfection-import')
  await desk.locator('.ant-drawer-close').click()
  await soon(() => desk.locator('section.ledger tbody tr').count()).toBe(2)

  await button(desk, /导出/).click()
  const dialog = desk.getByRole('dialog', { name: /导出/ })
  const [download] = await Promise.all([desk.waitForEvent('download'), dialog.getByRole('button', { name: /^导\s?出$/ }).click()])
  const rows = (await readWorkbook(await readFile(await download.path()))).sheets[0]!.rows.map((row) =>
    row.cells.map((cell) => cell.text).join(' '),
  )
  expect(rows[0]).toMatch(/^消毒记录/)
  expect(rows.filter((row) => /楼道|电梯轿厢/.test(row))).toHaveLength(2)
  expectQuiet(desk)
})
