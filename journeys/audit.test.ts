// The auditor's look: a look outside the work stands first with its reason, leads to the person's own history, and exports stand in their register.
import type { Browser, Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { unmask, search } from '#modules/residents/api.ts'
import { instantAt, msOf } from '#core/dates.ts'
import { axe, noOverflow } from './browser/checks.ts'
import { expectQuiet, openConsole, phone, shot, startBrowser } from './browser/page.ts'
import { raiseTown, signedIn, type Served, type Staff, type Town } from './town.ts'

let browser: Browser
let town: Town
let served: Served
// Noon of a working day: what the secretary looks at is outside her work only because she has had no dealing there.
const noon = msOf(instantAt('2026-03-03', '12:00'))

beforeEach(async () => {
  ;[browser, town] = await Promise.all([startBrowser(), raiseTown({ now: () => noon })])
  served = await town.serve()
})
afterEach(async () => {
  await town?.close()
  await browser?.close()
})

async function at(who: Staff, path: string, options = {}): Promise<Page> {
  const { cookie } = await town.as(who)
  return signedIn((url) => openConsole(browser, url, options), served, cookie, path)
}

test('an auditor asks about the look that no work explains', async () => {
  const secretary = await town.as('secretary')
  const found = (await secretary.ask(search, { words: '王秀兰' })).rows[0]!
  await secretary.ask(unmask, { person: found.id, what: 'phone', purpose: '看看电话' })

  const desk = await at('auditor', '/console/audit')
  const first = desk.locator('section.ledger').first()
  const row = first.locator('tbody tr', { hasText: '看看电话' })
  await row.waitFor()
  await expect.poll(() => row.innerText()).toMatch(/陈书记[\s\S]*前后没有办理过此人的事[\s\S]*查看完整内容/)
  await axe(desk, 'audit')
  await shot(desk, 'audit')

  await row.getByRole('button', { name: /^看到的人/ }).click()
  const side = desk.getByRole('dialog')
  await side.getByText('王**').waitFor()
  expect(new URL(desk.url()).search).not.toContain('王')
  await side.getByRole('button', { name: /谁看过此人/ }).click()
  await desk.getByRole('heading', { level: 1, name: /个人信息查阅记录/ }).waitFor()
  const history = desk.locator('section.ledger tbody tr', { hasText: '看看电话' })
  await history.waitFor()
  await axe(desk, 'history of looks')
  await shot(desk, 'audit-history')
  expectQuiet(desk)

  // The secretary takes out a masked sheet; it stands in the register, also on a narrow screen.
  const office = await at('secretary', '/console/disinfection')
  await office.getByRole('button', { name: /导出/ }).first().click()
  const dialog = office.getByRole('dialog')
  await axe(office, 'export dialog')
  const [download] = await Promise.all([
    office.waitForEvent('download'),
    dialog.getByRole('button', { name: /^导\s?出$/ }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^消毒记录.*\.xlsx$/)
  const narrow = await at('auditor', '/console/exports', { viewport: { width: phone.viewport!.width, height: 740 } })
  await narrow.locator('tbody tr', { hasText: '陈书记' }).waitFor()
  await noOverflow(narrow)
  await axe(narrow, 'register of exports')
  await shot(narrow, 'audit-exports-narrow')
  await narrow.goto(`${served.origin}/console/audit`)
  await narrow.locator('tbody tr', { hasText: '看看电话' }).first().waitFor()
  await noOverflow(narrow)
  await shot(narrow, 'audit-narrow')
  expectQuiet(narrow)
  expectQuiet(office)
})
