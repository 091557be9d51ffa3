// A round on paper: the grid's list is printed, walked without a phone, and keyed back by keyboard alone; the figures are those of any other round.
import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { instantAt, msOf } from '#core/dates.ts'
import { funnel, openCampaign } from '#modules/screening/api.ts'
import { axe, noOverflow } from './browser/checks.ts'
import { countTaps, expectQuiet, openConsole, shot, startBrowser } from './browser/page.ts'
import { print } from './browser/pdf.ts'
import { places, raiseTown, signedIn, type Served, type Staff, type Town } from './town.ts'

let browser: Browser
let town: Town
let served: Served
const noon = msOf(instantAt('2026-03-03', '12:00'))

beforeEach(async () => {
  ;[browser, town] = await Promise.all([startBrowser(), raiseTown({ now: () => noon })])
  served = await town.serve()
  await (await town.as('secretary')).tell(openCampaign, { title: '春季排查', area: places.community })
})
afterEach(async () => {
  await town?.close()
  await browser?.close()
})

async function at(who: Staff, path: string, options = {}): Promise<Page> {
  const { cookie } = await town.as(who)
  return signedIn((url) => openConsole(browser, url, options), served, cookie, `/console${path}`)
}
const soon = <T>(ask: () => T) => expect.poll(ask, { timeout: 20_000 })
/** The list on paper, while the print dialogue is open: it stays so until this is called back. */
const onPaper = (page: Page) => page.locator('.paper .round-list')

test('a list is printed, keyed back by keyboard, corrected and known again', async () => {
  const desk = await at('secretary', '/paper')
  await desk.evaluate(() => {
    window.print = () => undefined
  })
  await desk.getByRole('heading', { name: '打印名单' }).waitFor()
  await desk.getByLabel('网格', { exact: true }).click()
  await desk.keyboard.type('第1网格')
  await desk.keyboard.press('Enter')
  await desk.getByRole('button', { name: '打印排查名单' }).click()
  await onPaper(desk).waitFor({ state: 'attached' })
  await desk.emulateMedia({ media: 'print' })
  const paper = await onPaper(desk).innerText()
  expect(paper).toMatch(/名单编号 000001-3[\s\S]*第1网格[\s\S]*春季排查[\s\S]*还没联系上的住户/)
  expect(paper).toMatch(/王秀兰[\s\S]*张建国[\s\S]*阿依古丽·买买提/)
  await expect.poll(() => onPaper(desk).locator('tbody tr').count()).toBe(10)
  expect((await print(desk, 'paper-list')).pages).toBe(1)
  await desk.emulateMedia({ media: 'screen' })
  await desk.evaluate(() => dispatchEvent(new Event('afterprint')))
  await desk.locator('section.ledger tbody tr', { hasText: '000001-3' }).waitFor()
  await axe(desk, 'paper lists')
  await shot(desk, 'paper-lists')

  // From here on nothing is pointed at: the number, who walked, then line by line.
  await desk.getByLabel('名单编号').focus()
  await desk.keyboard.type('000001-4')
  await desk.keyboard.press('Enter')
  await desk.getByText('编号的校验位对不上，请核对。').waitFor()
  await desk.keyboard.press('Backspace')
  await desk.keyboard.type('3')
  await desk.keyboard.press('Enter')
  await desk.getByLabel('走访人', { exact: true }).focus()
  await desk.keyboard.type('李网格')
  await desk.keyboard.press('Enter')
  await desk.getByLabel('结果', { exact: true }).focus()
  await desk.keyboard.type('18')
  await desk.keyboard.press('Enter')
  await desk.getByText('请填时间').waitFor()
  await desk.keyboard.type('1200')
  await desk.keyboard.press('Enter')
  const keyed = (n: number) => soon(() => desk.getByText(/^已录 \d+ \/ 10 行$/).textContent()).toBe(`已录 ${n} / 10 行`)
  await keyed(1)

  const effort = await countTaps(desk)
  for (const key of ['1', '3', '4', '1', '5']) {
    await desk.keyboard.press(key)
    await desk.keyboard.press('Enter')
  }
  await keyed(6)
  const { keys, taps } = await effort()
  expect({ keys, taps }).toEqual({ keys: 10, taps: 0 })
  // The farthest line by its number: four keys and the two that go there.
  const jump = await countTaps(desk)
  for (const key of ['/', '1', '0', 'Enter', '9', 'Enter']) await desk.keyboard.press(key)
  await keyed(7)
  expect((await jump()).keys).toBe(6)

  // Somebody unwell: who and how is asked before anything is recorded.
  for (const key of ['/', '7', 'Enter', '2', 'Enter']) await desk.keyboard.press(key)
  const dialog = desk.getByRole('dialog')
  await dialog.getByText('冯国庆').waitFor()
  await axe(desk, 'who is unwell')
  await soon(() => desk.evaluate(() => document.activeElement instanceof HTMLInputElement && document.activeElement.type)).toBe(
    'checkbox',
  )
  await desk.keyboard.press('Enter')
  await dialog.getByText('请写明谁不舒服').waitFor()
  await desk.keyboard.press('Space')
  await desk.keyboard.press('Enter')
  await keyed(8)

  // The same line once more is known; another outcome is a correction with its reason.
  const list = desk.locator('.key-lines')
  for (const key of ['/', '1', 'Enter', '1', 'Enter']) await desk.keyboard.press(key)
  await desk.getByText('和原来录的一样，没有重复登记').waitFor()
  for (const key of ['/', '1', 'Enter', '3', 'Enter']) await desk.keyboard.press(key)
  await desk.getByText('更正这一行').waitFor()
  await desk.getByRole('dialog').getByLabel('原因').focus()
  await desk.keyboard.type('看错行')
  await desk.keyboard.press('Control+Enter')
  await soon(() => list.locator('tbody tr').first().innerText()).toMatch(/无人 · 上门 · 3月3日 12:00 · 李网格 · 陈书记 录入/)
  await axe(desk, 'keying')
  await shot(desk, 'paper-keying')
  expectQuiet(desk, /409|422/)

  const secretary = await town.as('secretary')
  expect(await secretary.ask(funnel, {})).toMatchObject({
    covered: 3,
    atDoor: 3,
    sheets: 1,
    refused: 1,
    vacant: 1,
    symptomatic: 1,
    attempts: 8,
  })
  const rows = await town.rows<{ line: number; n: number }>(sql`
    select line, count(*)::int as n from screening_attempts where paper is not null and replaces is null group by line order by line`)
  expect(rows.map((r) => [r.line, r.n])).toEqual([1, 2, 3, 4, 5, 6, 7, 10].map((line) => [line, 1]))

  const narrow = await at('li', '/paper?list=000001-3', { viewport: { width: 360, height: 740 } })
  await narrow.getByText(/^已录 8 \/ 10 行$/).waitFor()
  await noOverflow(narrow)
  await axe(narrow, 'keying on a narrow screen')
  await shot(narrow, 'paper-keying-narrow')
  expectQuiet(narrow)
})
