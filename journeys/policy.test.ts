// A policy changed by two: written on the page, returned with a reason, mended, approved on a small screen; then the response the same way.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { proposeResponse } from '#modules/policy/api.ts'
import { openCampaign } from '#modules/screening/api.ts'
import { axe, noOverflow } from './browser/checks.ts'
import { expectQuiet, openConsole, shot, startBrowser } from './browser/page.ts'
import { places, raiseTown, signedIn, type Served, type Staff, type Town } from './town.ts'

let browser: Browser
let town: Town
let served: Served

beforeAll(async () => {
  ;[browser, town] = await Promise.all([startBrowser(), raiseTown()])
  served = await town.serve()
  await (await town.as('secretary')).tell(openCampaign, { title: '春季排查', area: places.community })
})
afterAll(async () => {
  await town?.close()
  await browser?.close()
})

/** Somebody's page of rules, signed in already. */
async function at(who: Staff, options = {}): Promise<Page> {
  const { cookie } = await town.as(who)
  const page = await signedIn((url) => openConsole(browser, url, options), served, cookie, '/console/policy')
  await page.getByRole('heading', { level: 1, name: /响应与规则/ }).waitFor()
  return page
}

const narrow = { viewport: { width: 360, height: 740 } }
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const dialog = (page: Page) => page.getByRole('dialog').last()
const said = (page: Page, words: string | RegExp) => page.getByText(words).first().waitFor()
/** Keeps the draft; a button that still turns from the time before is waited for. */
async function keepDraft(page: Page): Promise<void> {
  await expect.poll(() => page.locator('.ant-btn-loading').count()).toBe(0)
  await page
    .locator('.form-end')
    .getByRole('button', { name: /存为草稿，查看变化/ })
    .click()
}
/** A page as it must be: no fault for axe, nothing sideways; a picture to look at. */
async function looksRight(page: Page, name: string): Promise<void> {
  await axe(page, name)
  await noOverflow(page)
  await shot(page, `policy-${name}`)
}

test('a rule is written by one, returned, mended and approved by another, and says beforehand what it changes', async () => {
  const secretary = await at('secretary')
  await secretary.getByRole('tab', { name: '规则包' }).click()
  await button(secretary, '新建规则包').click()
  await dialog(secretary).getByLabel('名称').fill('日报时间')
  await dialog(secretary).getByLabel('依据文件').fill('社区通知〔2026〕3号')
  await button(secretary, '在本级规定 每周哪几天要报日报').click()
  await dialog(secretary).getByRole('checkbox', { name: '周日' }).uncheck()
  await button(secretary, '在本级规定 截止后多少分钟内上报不算迟报').click()
  await dialog(secretary).getByRole('spinbutton').fill('9999')
  await looksRight(secretary, 'writing')
  await keepDraft(secretary)
  await said(secretary, '不能大于 1440')
  await dialog(secretary).getByRole('spinbutton').fill('90')
  await keepDraft(secretary)
  await said(secretary, '改了什么，会影响什么')
  await said(secretary, /1 个社区以后编制的日报，截止后 90 分钟内上报不算迟报/)
  await looksRight(secretary, 'draft')
  await button(secretary, '提交复核').click()
  await button(secretary, '日报时间').click()
  await button(secretary, '同意并生效').hover()
  await said(secretary, '须由起草人以外的另一人复核')

  // The second person reads it on a small screen, and sends it back.
  const officer = await at('officer', narrow)
  await said(officer, '等您复核')
  await looksRight(officer, 'waiting')
  await button(officer, '日报时间').click()
  await said(officer, /每周报 6 天（原为 7 天）/)
  await looksRight(officer, 'signing')
  await button(officer, '退回起草人').click()
  await dialog(officer).getByRole('textbox').fill('周日也要报')
  await dialog(officer).getByRole('button', { name: '退回起草人' }).click()
  await expect.poll(() => officer.getByText('等您复核').count()).toBe(0)

  await secretary.reload()
  await said(secretary, '第 1 版被退回：周日也要报')
  await button(secretary, '日报时间').click()
  await button(secretary, '修改').click()
  await dialog(secretary).getByRole('checkbox', { name: '周日' }).check()
  await keepDraft(secretary)
  await button(secretary, '提交复核').click()

  await officer.reload()
  await button(officer, '日报时间').click()
  await button(officer, '同意并生效').click()
  await expect.poll(() => officer.getByText('等您复核').count()).toBe(0)
  await secretary.reload()
  await secretary.getByRole('tab', { name: '规则包' }).click()
  await said(secretary, '生效中')
  await looksRight(secretary, 'packs')

  // The next version: one value, told in words.
  await button(secretary, '新建一版 日报时间').click()
  await dialog(secretary).getByLabel('依据文件').fill('社区通知〔2026〕4号')
  await dialog(secretary).getByRole('spinbutton').fill('30')
  await keepDraft(secretary)
  await said(secretary, '90 分钟 → 30 分钟')
  await shot(secretary, 'policy-next')
  for (const page of [secretary, officer]) expectQuiet(page, /422|Failed to load resource/)
})

test('a response is proposed, activated and extended by two', async () => {
  const secretary = await at('secretary', narrow)
  await (
    await town.as('secretary')
  ).tell(proposeResponse, {
    areaCode: places.community,
    disease: '虚构传染病',
    class: 'B',
    government: '江湾区政府（虚构）',
    document: '公告〔2026〕1号',
    startsOn: today(0),
    reviewOn: today(14),
  })
  const officer = await at('officer')
  const open = (page: Page) => button(page, '虚构传染病').first().click()
  await open(officer)
  await said(officer, /可以依规定采取限制措施/)
  await button(officer, '同意启动').click()
  await said(officer, '进行中')
  await looksRight(officer, 'response')
  await button(officer, '延长').click()
  await dialog(officer).getByLabel('新的复核日期').fill(today(30))
  await dialog(officer).getByLabel('新的复核日期').press('Enter')
  await dialog(officer).getByLabel('依据文件').fill('公告〔2026〕2号')
  await dialog(officer).getByRole('button', { name: '提交复核' }).click()
  await said(officer, '有变更待复核')

  await secretary.reload()
  await open(secretary)
  await said(secretary, new RegExp(`复核日期：${today(14)} → ${today(30)}`))
  await looksRight(secretary, 'step')
  await button(secretary, '同意变更').click()
  await said(secretary, '已同意')
  for (const page of [secretary, officer]) expectQuiet(page)
})

const today = (ahead: number): string => Temporal.Now.plainDateISO('Asia/Shanghai').add({ days: ahead }).toString()
