// Up the tree in a real browser: a district sees which reports are in, follows a figure down to its rows, prints the brief;
// a street sums up and sends, returns one, and sees what changed since; texts for a group chat name no resident.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayOf, instantAt, msOf, type Day } from '#core/dates.ts'
import type { Contract, Input } from '#core/contract.ts'
import { headers } from '#core/contract.ts'
import { newId } from '#core/ids.ts'
import { asSystem } from '#server/system.ts'
import { rounds } from '#modules/disinfection/api.ts'
import type { Role } from '#modules/identity/model.ts'
import { createAccount, openSession } from '#modules/identity/server.ts'
import * as reporting from '#modules/reporting/api.ts'
import { refreshSums } from '#modules/reporting/server/jobs.ts'
import * as screening from '#modules/screening/api.ts'
import { appoint } from '#modules/territory/api.ts'
import { loadTown } from '#modules/territory/server.ts'
import { axe, noOverflow } from './browser/checks.ts'
import { expectQuiet, openConsole, phone, shot, startBrowser } from './browser/page.ts'
import { print } from './browser/pdf.ts'
import { places, raiseTown, signedIn, type Served, type Town } from './town.ts'

const [apricot, northStreet, rivermouth] = ['340301001002', '340301002', '340301002001']
const today: Day = dayOf(Date.now())
const hour = (time: string) => msOf(instantAt(today, time))
let ahead = hour('10:00') - Date.now()
const setClock = (time: string) => {
  ahead = hour(time) - Date.now()
}

let browser: Browser
let town: Town
let served: Served
let district: Awaited<ReturnType<typeof hired>>

/** Somebody whom only this journey knows. */
async function hired(username: string, name: string, role: Role, area: string) {
  const { house, app } = town.running
  const account = await createAccount(house, { area: area.slice(0, 12), username, name, assignments: [{ role, area }] })
  const { cookie } = await openSession(house, account)
  const tell = async <C extends Contract>(contract: C, input: Input<C>) => {
    const response = await app.request(`/api/${contract.name}`, {
      method: 'POST',
      body: JSON.stringify({ input }),
      headers: { 'content-type': 'application/json', cookie, [headers.key]: newId() },
    })
    expect(response.status, contract.name).toBe(200)
    return (await response.json()) as { id: string }
  }
  return { cookie, tell, account }
}

beforeAll(async () => {
  ;[browser, town] = await Promise.all([startBrowser(), raiseTown({ now: () => Date.now() + ahead })])
  served = await town.serve()
  const { house } = town.running
  await asSystem(house, places.county, 'journey.areas', (ctx) =>
    loadTown(ctx, {
      areas: [
        { code: apricot, name: '杏园社区' },
        { code: northStreet, name: '江北街道' },
        { code: rivermouth, name: '江口社区' },
      ],
    }),
  )
  const [plum, li] = [await town.as('secretary'), await town.as('li')]
  await plum.tell(appoint, { areaCode: places.grid, account: li.account, duty: 'gridWorker' })
  const { id: campaign } = await plum.tell(screening.openCampaign, { title: '春季排查', area: places.community })
  const doors = (await plum.ask(screening.left, { limit: 100 })).rows.filter((row) => row.grid === places.grid)
  for (const { household } of doors.slice(0, 3)) {
    await li.tell(screening.recordAttempt, {
      campaign,
      household,
      how: 'phone',
      outcome: 'reached',
      allNormal: true,
      present: [],
    })
  }
  const others = [
    await hired('apricot', '杏园书记', 'communitySecretary', apricot),
    await hired('river', '江口书记', 'communitySecretary', rivermouth),
  ]
  for (const [i, area] of [apricot, rivermouth].entries()) {
    await others[i]!.tell(screening.openCampaign, { title: '春季排查', area })
    await others[i]!.tell(rounds.contracts.record, {
      begins: '08:00',
      ends: '08:20',
      place: 'elevator',
      surfaces: ['buttons'],
      method: 'wipe',
      squareMetres: 20,
    })
  }
  district = await hired('district', '区指挥部', 'districtOfficer', places.county)
  setClock('17:10')
  await plum.tell(reporting.submit, { report: (await plum.tell(reporting.compile, { day: today })).id })
  await refreshSums(house, rivermouth, today)
  setClock('18:30')
  await others[0]!.tell(reporting.submit, { report: (await others[0]!.tell(reporting.compile, { day: today })).id })
})
afterAll(async () => {
  await town?.close()
  await browser?.close()
})

async function at(cookie: string, path: string, options = {}): Promise<Page> {
  return signedIn((url) => openConsole(browser, url, options), served, cookie, `/console${path}`)
}
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 10_000 })
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const list = (page: Page, name: string) => page.getByRole('region', { name })
const close = (page: Page) => page.locator('.ant-drawer-close').first().click()

test('a district sees what is in, follows a figure down to its rows', async () => {
  const page = await at(district.cookie, '/reports')
  const communities = list(page, '各社区日报').locator('tbody tr')
  await soon(() => communities.count()).toBe(3)
  const figure = (title: string) => page.locator('.figure', { hasText: title }).locator('b').textContent()
  await soon(() => Promise.all(['应报', '已收', '迟报', '零报告', '未报'].map(figure))).toEqual(['3', '2', '1', '0', '1'])
  await soon(() => list(page, '各街道日报').locator('tbody tr').count()).toBe(2)
  expect(await communities.allTextContents()).toEqual([
    expect.stringMatching(/梅园社区.*已上报/),
    expect.stringMatching(/杏园社区.*已上报.*迟报/),
    expect.stringMatching(/江口社区.*未报（超时）/),
  ])
  await expect.poll(() => list(page, '各街道日报').locator('tbody tr').first().textContent()).toMatch(/临江街道.*2 \/ 2/)
  const bars = await page.locator('.report-bars').textContent()
  expect(bars).toMatch(/2 \/ 3 个.*66\.7%/)
  expect(bars).toMatch(/已覆盖3 \/ \d+ 户/)
  await axe(page, 'a district’s overview')
  await shot(page, 'up-the-tree-district')

  // A count opens its communities.
  await page.locator('button.figure', { hasText: '未报' }).click()
  await soon(() => communities.count()).toBe(1)
  await expect.poll(() => communities.first().textContent()).toContain('江口社区')

  // A sum opens by street, by community, and there to its rows; names are masked.
  await button(page, '已覆盖').click()
  const drawer = page.getByRole('dialog')
  await drawer.getByRole('button', { name: '临江街道' }).click()
  await drawer.getByRole('button', { name: '梅园社区' }).click()
  await page.getByRole('heading', { level: 1, name: /疫情防控日报 · 梅园社区/ }).waitFor()
  await soon(() => drawer.locator('tbody tr').count()).toBe(3)
  const rows = (await drawer.locator('tbody').textContent())!
  expect(rows).toMatch(/王\*/)
  expect(rows).not.toMatch(/王秀兰|张建国|赵德柱/)
  await close(page)
  await button(page, '返回汇总').click()

  await button(page, '返回全区').click()
  expectQuiet(page)
})

test('a street sums up what is in, sends it, returns one, and sees what changed since', async () => {
  const page = await at((await town.as('officer')).cookie, '/reports')
  const card = page.locator('section', { hasText: '街道汇总日报' }).first()
  await button(page, '汇总上报').click()
  const drawer = page.getByRole('dialog')
  await expect.poll(() => drawer.textContent()).toContain('将汇总已收到的 2 个社区日报')
  await drawer.getByRole('button', { name: '汇总上报' }).click()
  await soon(() => card.textContent()).toMatch(/已上报.*迟报.*含 2 \/ 2 个社区.*没有变动/)
  await soon(() => drawer.count()).toBe(0)
  const row = list(page, '各社区日报').locator('tbody tr', { hasText: '杏园社区' })
  await row.getByRole('button', { name: /退回/ }).click()
  await drawer.getByText('退回杏园社区的日报').waitFor()
  await drawer.getByRole('textbox').fill('请核实面积')
  await drawer.getByRole('button', { name: '退回' }).click()
  await soon(() => row.textContent()).toContain('已退回')
  await soon(() => card.textContent()).toMatch(/此后退回 ?杏园社区/)
  await axe(page, 'a street’s overview')
  await shot(page, 'up-the-tree-street')

  await soon(() => drawer.count()).toBe(0)
  await button(page, '还剩谁').click()
  await soon(() => drawer.getByRole('textbox').inputValue()).toContain('临江街道：杏园社区（退回待重报）')
  expectQuiet(page)
})

test('on a narrow screen; a community says who is left by grid and duty name', async () => {
  const page = await at((await town.as('officer')).cookie, '/reports', phone)
  await page.getByRole('heading', { name: /已收日报合计/ }).waitFor()
  await noOverflow(page)
  await shot(page, 'up-the-tree-narrow')
  const own = await at((await town.as('secretary')).cookie, '/reports', phone)
  await button(own, '还剩谁').click()
  const words = own.getByRole('dialog').getByRole('textbox')
  await soon(() => words.inputValue()).toMatch(/第1网格（李网格）：还剩 \d+ 户/)
  expect(await words.inputValue()).not.toMatch(/王秀兰|梅园小区|号楼/)
  await noOverflow(own)
  expectQuiet(page)
  expectQuiet(own)
})

test('the brief is one sheet, however many streets there are', async () => {
  // However many streets there are, the brief is one sheet.
  const streets = Array.from({ length: 40 }, (_, i) => `340301${String(i + 100)}`)
  await asSystem(town.running.house, places.county, 'journey.areas', (ctx) =>
    loadTown(ctx, {
      areas: streets.flatMap((code, i) => [
        { code, name: `第${i + 1}街道` },
        { code: `${code}001`, name: `第${i + 1}社区` },
      ]),
    }),
  )
  const page = await at(district.cookie, '/reports')
  await button(page, /打印简报/).waitFor()
  await page.evaluate(() => {
    window.print = () => {}
  })
  await button(page, /打印简报/).click()
  const sheet = page.locator('.paper .sheet')
  await soon(() => sheet.locator('h1').textContent()).toBe('疫情防控工作简报')
  expect(await sheet.textContent()).toMatch(
    /应报 3 个社区，已收 1 个（其中零报告 0 个、迟报 0 个）.*退回 1 个，未报 1 个（超时 1 个）。还剩：杏园社区（退回）、江口社区/,
  )
  await page.emulateMedia({ media: 'print' })
  await shot(page, 'brief')
  await page.emulateMedia({ media: null })
  expect(await sheet.textContent()).toMatch(/其余 \d+ 个见汇总表/)
  const { pages, fonts } = await print(page, 'brief')
  expect(pages).toBe(1)
  expect(fonts.length).toBeGreaterThan(0)
  // In English it is English, but for names of places and people.
  await page.evaluate(() => dispatchEvent(new Event('afterprint')))
  await button(page, 'English').click()
  await button(page, /Print the brief/).click()
  await soon(() => sheet.locator('h1').textContent()).toBe('Brief on epidemic prevention')
  const words = await sheet.locator('h2, th, tbody td:nth-child(-n + 3)').allTextContents()
  expect(words.filter((word) => /[\u4e00-\u9fff]/.test(word) && !/(街道|区)$/.test(word))).toEqual([])
  expect(words.filter((word) => /\((\w+)\) \(\1\)/.test(word))).toEqual([])
  expect((await print(page, 'brief-english')).pages).toBe(1)
  expectQuiet(page)
})
