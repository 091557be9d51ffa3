// Steps of a round: what a finger does on the phone, what every page must be like, and what then stands in the database.
import { sql } from 'kysely'
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { axe, enlarge, noOverflow, targets } from './browser/checks.ts'
import { shot } from './browser/page.ts'
import { print } from './browser/pdf.ts'
import { password, type Town } from './town.ts'

export const pin = '248613'

/** A button by its name. */
export const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name })
/** A door of a list, by its room. */
export const door = (page: Page, room: string): Locator => page.getByRole('link', { name: new RegExp(`^${room}\\b`) })
/** Waits until the visit of that room is open. */
export const at = (page: Page, room: string): Promise<void> =>
  page.locator('.card .room', { hasText: new RegExp(`^${room}$`) }).waitFor()
/** Touches a choice by its words. */
export const tick = (page: Page, name: string): Promise<void> => page.locator('label.choice', { hasText: name }).last().click()
/** Waits until these words are on the page. */
export const said = (page: Page, words: string | RegExp): Promise<void> => page.getByText(words).first().waitFor()

/** Signs in on the page. */
export async function signIn(page: Page, username = 'li'): Promise<void> {
  await page.getByLabel('用户名').fill(username)
  await page.getByLabel('密码').fill(password)
  await button(page, '登录').click()
}

/** Types on the pad. */
export async function type(page: Page, digits: string): Promise<void> {
  for (const digit of digits) await page.locator('.keys button', { hasText: digit }).first().click()
}

/** Names the phone and sets the PIN. */
export async function choosePin(page: Page): Promise<void> {
  await said(page, '设一个 PIN')
  await page.getByLabel('这部手机叫什么').fill('李网格的手机')
  await type(page, pin)
  await button(page, '下一步').click()
  await said(page, '再输一次')
  await type(page, pin)
  await button(page, '确定').click()
}

/** A page as it must be on every phone: no fault for axe, nothing sideways, nothing too small; a picture to look at. */
export async function asItShould(page: Page, name: string): Promise<void> {
  await axe(page, name)
  await noOverflow(page)
  await targets(page)
  await shot(page, `round-${name}`)
}

/** The same with letters at twice their size. */
export async function alsoLarge(page: Page): Promise<void> {
  await enlarge(page, 200)
  await enlarge(page, 100)
}

/** Waits until the queue is empty and nothing was refused. */
export const allSent = (page: Page) =>
  expect.poll(() => page.locator('header .pill').innerText(), { timeout: 40_000 }).toMatch(/待上传 0$/)

/** Waits until everything that the phone needs without a network is stored. */
export const storedForOffline = (page: Page) =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })

export type AttemptLine = { room: string; head: string | null; how: string; outcome: string; times: number }
/** What stands in the database: each attempt with its door; `times` is how often its id is there. */
export const attemptsIn = (town: Town) =>
  town.rows(sql<AttemptLine>`
  select d.room, p.name as head, a.how, a.outcome,
    (select count(*)::int from screening_attempts as same where same.id = a.id) as times
  from screening_attempts as a
  left join territory_dwellings as d on d.id = a.dwelling
  left join lateral (select r.name from residents_memberships as m join residents_persons as r on r.root = m.subject
    where m.household = a.household order by m.relation = 'head' desc, m.seq limit 1) as p on true
  order by a.occurred_at, a.seq`)
/** The same as short lines: who, how, what came of it. */
export const linesIn = async (town: Town): Promise<string[]> =>
  (await attemptsIn(town)).map((a) => `${a.head} ${a.how} ${a.outcome}`)

/** The secretary's figure of that name. */
export const figure = async (page: Page, name: string): Promise<number> =>
  Number(await page.locator('.figure', { hasText: name }).locator('b').innerText())

/** Every list and drawing of the campaign page, with the eyes of axe and on paper. */
export async function consoleTour(page: Page): Promise<void> {
  await page.getByRole('tab', { name: '未覆盖名单' }).waitFor()
  await axe(page, 'campaign')
  await noOverflow(page)
  await shot(page, 'round-console')
  for (const [tab, seen] of [
    ['待复访', '赵德柱'],
    ['各人进度', '李网格'],
    ['各网格进度', '第1网格'],
    ['重点人员', '何俊杰'],
    ['历次排查', '进行中'],
  ] as const) {
    await page.getByRole('tab', { name: tab }).click()
    await page.locator('.ledger, .rows').getByText(seen).first().waitFor()
    await axe(page, tab)
    await shot(page, `round-console-${tab}`)
  }
  const building = page.getByRole('button', { name: /1号楼：/ })
  await building.focus()
  await page.keyboard.press('Enter')
  const room = page.getByRole('button', { name: /^102 已覆盖/ })
  await room.waitFor()
  await axe(page, 'rooms')
  await shot(page, 'round-console-rooms')
  await room.focus()
  await page.keyboard.press('Enter')
  await page.getByText('刘桂芳：发热').waitFor()
  await axe(page, 'household')
  await shot(page, 'round-console-household')
  await page.keyboard.press('Escape')
  await button(page, '导出台账').click()
  await axe(page, 'export')
  for (const name of ['居民排查登记表', '返程人员登记表', '重点人员台账']) {
    await button(page, name).click()
    const dialog = page.getByRole('dialog', { name })
    const [file] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: /^导\s?出$/ }).click()])
    await dialog.waitFor({ state: 'hidden' })
    expect(file.suggestedFilename()).toMatch(new RegExp(`^${name}.*\\.xlsx$`))
  }
  await page.keyboard.press('Escape')
  await page.evaluate(() => {
    window.print = () => undefined
  })
  await button(page, '打印温馨提示').click()
  await page.locator('.door-notice').waitFor({ state: 'attached' })
  expect(await page.locator('.door-notice').textContent()).toContain('12345')
  expect((await print(page, 'round-door-notice')).pages).toBe(1)
}
