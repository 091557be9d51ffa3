// A unit is sealed by two persons and its papers are printed in one go; then one order goes from a proposal to the door.
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays, dayOf, instantOf } from '#core/dates.ts'
import { activateResponse, approveVersion, proposeResponse, writePack } from '#modules/policy/api.ts'
import { shippedPacks, valuesOf } from '#modules/policy/shipped.ts'
import { household, households } from '#modules/residents/api.ts'
import * as api from '#modules/observation/api.ts'
import { axe, noOverflow } from './browser/checks.ts'
import { expectQuiet, openConsole, shot, startBrowser } from './browser/page.ts'
import { places, raiseTown, type Served, type Staff, type Town } from './town.ts'

let browser: Browser
let town: Town
let served: Served
const today = (days = 0) => addDays(dayOf(Date.now()), days)

beforeAll(async () => {
  ;[browser, town] = await Promise.all([startBrowser(), raiseTown()])
  served = await town.serve()
  const [secretary, officer] = await Promise.all([town.as('secretary'), town.as('officer')])
  const { values } = valuesOf(shippedPacks[0]!)
  const pack = await secretary.tell(writePack, {
    areaCode: places.community,
    title: '观察规则',
    document: '样例文件',
    values: Object.fromEntries(Object.entries(values).filter(([key]) => key.startsWith('observation.'))),
  })
  await officer.tell(approveVersion, { version: pack.versions[0]!.id })
  const { id } = await secretary.tell(proposeResponse, {
    areaCode: places.community,
    disease: '虚构传染病',
    class: 'BasA',
    government: '江湾区政府（虚构）',
    document: '公告〔2026〕1号',
    startsOn: today(),
    reviewOn: today(14),
  })
  await officer.tell(activateResponse, { response: id })
})
afterAll(async () => {
  await town?.close()
  await browser?.close()
})

const soon = <T>(look: () => T) => expect.poll(look, { timeout: 20_000 })
async function at(who: Staff, options = {}): Promise<Page> {
  const { cookie } = await town.as(who)
  const [name, value] = cookie.split('=') as [string, string]
  const page = await openConsole(browser, `${served.origin}/healthz`, options)
  await page.context().addCookies([{ name, value, url: served.origin }])
  // The dialogue of the printer would stop everything; the sheet is looked at instead.
  await page.addInitScript(() => {
    globalThis.print = () => {}
  })
  await page.goto(`${served.origin}/console/observation`)
  await page.getByRole('heading', { level: 1, name: /医学观察/ }).waitFor()
  return page
}
const dialog = (page: Page) => page.getByRole('dialog').last()
const button = (within: Page | Locator, name: string | RegExp) => within.getByRole('button', { name, exact: true })
async function choose(page: Page, label: string | RegExp, option: string | RegExp): Promise<void> {
  await dialog(page).getByLabel(label).first().click()
  await page
    .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option')
    .filter({ hasText: option })
    .first()
    .click()
}
async function day(page: Page, label: string, value: string): Promise<void> {
  const field = dialog(page).getByLabel(label, { exact: true })
  await field.fill(value)
  await field.press('Enter')
}

test('a unit is sealed by two, an order stands for each household, and all papers come in one go', async () => {
  const secretary = await at('secretary')
  await secretary.getByRole('tab', { name: '整栋封闭' }).click()
  await button(secretary, '封闭一处').click()
  await shot(secretary, 'observation-seal-form')
  await dialog(secretary).getByRole('radio', { name: '单元', exact: true }).check()
  await choose(secretary, '选择楼栋', '1号楼')
  await choose(secretary, '选择单元', '1单元')
  await choose(secretary, /类别/, '整栋')
  const fill = (label: RegExp, words: string) => dialog(secretary).getByLabel(label).fill(words)
  await fill(/决定机关/, '江湾区人民政府')
  await fill(/法律依据/, '《传染病防治法》第六十四条')
  await fill(/决定文号/, '封闭令〔2026〕3号')
  await day(secretary, '开始', today())
  await day(secretary, '最后一天', today(13))
  await fill(/^白天钥匙保管人/, '物业 赵师傅')
  await fill(/^白天电话/, '13800000001')
  await fill(/^夜间钥匙保管人/, '楼长 钱阿姨')
  await fill(/^夜间电话/, '13800000002')
  await dialog(secretary).locator('.form-end').getByRole('button', { name: '保存' }).click()
  await dialog(secretary).getByText('还缺：消防通道、救护车路线。补齐后再办。').first().waitFor()
  await shot(secretary, 'observation-seal-refused')
  await fill(/消防通道/, '一层东侧消防门不上锁，从里面一推就开')
  await fill(/救护车路线/, '北门进，停在1号楼东侧')
  await dialog(secretary).locator('.form-end').getByRole('button', { name: '保存' }).click()
  await button(secretary, '复核封闭').waitFor()
  await button(secretary, '复核封闭').hover()
  await secretary.getByText('提出或登记的人不能自己复核').first().waitFor()

  const officer = await at('officer', { viewport: { width: 360, height: 740 } })
  await officer.getByRole('tab', { name: '整栋封闭' }).click()
  await officer.getByRole('button', { name: /1号楼 1单元/ }).click()
  await button(officer, '复核封闭').click()
  await officer.getByText('已建档 6 / 6 户').waitFor({ timeout: 30_000 })
  await noOverflow(officer)
  await axe(officer, 'a seal on a small screen')
  await shot(officer, 'observation-seal-360')

  await soon(() => secretary.getByText('已建档 6 / 6 户').count()).toBe(1)
  await button(secretary, '一次打印全部文书').click()
  await soon(() => secretary.locator('.paper .observation-paper').count()).toBe(6 * 4)
  const notice = await secretary.locator('.paper .observation-paper').filter({ hasText: '张建国' }).first().textContent()
  expect(notice).toMatch(/医学观察告知书.*张建国.*13800000102.*梅园小区 1号楼 1单元 102.*江湾区人民政府.*封闭令〔2026〕3号/s)
  await secretary.evaluate(() => dispatchEvent(new Event('afterprint')))
  await axe(secretary, 'a seal')
  expectQuiet(secretary, /422|Failed to load resource/)
  expectQuiet(officer)
})

test('an order says what is missing, waits for a second person, and binds once its notice is served', async () => {
  const staff = await town.as('secretary')
  const worker = await town.as('wang')
  const { rows } = await staff.ask(households, { grid: places.grid2 })
  const { rows: members } = await staff.ask(household, { household: rows[0]!.id })
  const { id: order } = await worker.tell(api.propose, {
    person: members[0]!.id,
    source: 'returnee',
    category: 'returnee',
    place: 'home',
  })
  const page = await at('secretary')
  await page.getByRole('button', { name: '韩冰' }).click()
  await dialog(page)
    .getByText(/还缺：决定机关、法律依据、决定文号、起止日期、居家条件核查/)
    .first()
    .waitFor()
  await axe(page, 'an order')
  await shot(page, 'observation-order')
  await staff.tell(api.check, {
    order,
    suitability: {
      on: today(),
      by: '王网格',
      medic: '卫生站 王医生',
      has: {
        ownRoom: true,
        toilet: true,
        handOver: true,
        thermometer: true,
        masks: true,
        disinfectant: true,
        noCentralAir: true,
      },
    },
  })
  await staff.tell(api.record, {
    order,
    decidingBody: '江湾区疾控中心',
    legalBasis: '《传染病防治法》第五十八条',
    document: '观〔2026〕7号',
    category: 'returnee',
    place: 'home',
    observedFrom: today(),
    coResidentsBound: false,
  })
  await (await town.as('officer')).tell(api.decide, { community: places.community, order })
  await worker.tell(api.serve, { order, how: 'inPerson', at: instantOf(Date.now() - 1000), by: '王网格', undertaking: 'signed' })
  await dialog(page).getByText('现在有效').first().waitFor()
  await page.reload()
  await dialog(page).getByText('观察中').first().waitFor()
  expect((await staff.ask(api.order, { order })).inForce).toBe(true)
  expectQuiet(page)
})
