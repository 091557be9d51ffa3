// A resident comes in with the paper and a PIN chosen beside the worker, says how she is, asks for help, objects and reads the answer;
// and the paper of somebody at risk at home leads to a telephone number only.
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayOf, instantOf, addDays } from '#core/dates.ts'
import type { Id } from '#core/ids.ts'
import { activateResponse, approveVersion, proposeResponse, writePack } from '#modules/policy/api.ts'
import { shippedPacks, valuesOf } from '#modules/policy/shipped.ts'
import { household, households } from '#modules/residents/api.ts'
import * as observation from '#modules/observation/api.ts'
import * as family from '#modules/family/api.ts'
import { checks } from '#modules/monitoring/api.ts'
import { axe, enlarge, noOverflow, targets } from './browser/checks.ts'
import { expectQuiet, openConsole, openPhone, shot, startBrowser } from './browser/page.ts'
import { choosePin } from './round-steps.ts'
import { places, raiseTown, signedIn, type Served, type Staff, type Town } from './town.ts'

let browser: Browser
let town: Town
let served: Served
let person: Id
let order: Id
const today = (days = 0) => addDays(dayOf(Date.now()), days)
const pin = '402857'

beforeAll(async () => {
  ;[browser, town] = await Promise.all([startBrowser(), raiseTown()])
  served = await town.serve()
  const [secretary, officer, li] = await Promise.all([town.as('secretary'), town.as('officer'), town.as('li')])
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
  const { rows } = await secretary.ask(households, { grid: places.grid })
  const home = rows.find((row) => row.head === '张建国')!
  person = (await secretary.ask(household, { household: home.id })).rows.find((row) => row.name === '张建国')!.id
  order = (await li.tell(observation.propose, { person, source: 'returnee', category: 'returnee', place: 'home' })).id
  await secretary.tell(observation.check, {
    order,
    suitability: {
      on: today(),
      by: '李网格',
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
  await secretary.tell(observation.record, {
    order,
    decidingBody: '临江街道疫情防控指挥部',
    legalBasis: '《传染病防治法》第五十八条',
    document: '临观〔2026〕7号',
    category: 'returnee',
    place: 'home',
    observedFrom: today(),
    coResidentsBound: false,
    team: [
      { role: 'gridWorker', name: '李网格', phone: '13800009001' },
      { role: 'medic', name: '王医生', phone: '13800009002' },
    ],
  })
  await officer.tell(observation.decide, { community: places.community, order })
  await li.tell(observation.serve, {
    order,
    how: 'inPerson',
    at: instantOf(Date.now() - 1000),
    by: '李网格',
    undertaking: 'signed',
  })
})
afterAll(async () => {
  await town?.close()
  await browser?.close()
})

const button = (within: Page | Locator, name: string | RegExp) => within.getByRole('button', { name, exact: true })
const at = async (who: Staff, open: (url: string) => Promise<Page>, path: string) =>
  signedIn(open, served, (await town.as(who)).cookie, path)
/** The code as the contact card bears it. */
async function codeOf(who: Id): Promise<string> {
  const {
    rows: [sheet],
  } = await (await town.as('li')).ask(observation.sheets, { orders: [order] })
  return sheet!.entries.find((entry) => entry.person === who)!.qr
}
/** A code of which nothing was used yet, so that a second go begins as the first did. */
async function freshCode(): Promise<string> {
  const li = await town.as('li')
  await codeOf(person)
  await li.tell(family.reissue, { view: (await li.ask(family.views, { order })).rows[0]!.id })
  return codeOf(person)
}
const fits = async (page: Page, name: string) => {
  await noOverflow(page)
  await targets(page)
  await axe(page, name)
}

test('the first time with the worker, then a temperature, a need, an objection and its answer', async () => {
  const requests: string[] = []
  const code = await freshCode()
  const resident = await openPhone(browser, `${served.origin}/healthz`)
  resident.on('request', (request) => requests.push(`${request.url()} ${request.postData()?.length ?? 0}`))
  await resident.goto(`${served.origin}/home/#${code}`)
  const number = await resident.locator('.home-number').textContent()
  expect(resident.url()).toBe(`${served.origin}/home/`)
  await fits(resident, 'the first entry')
  await shot(resident, 'home-number')

  const worker = await at('li', (url) => openPhone(browser, url), '/console/family')
  await worker.getByRole('button', { name: '张建国', exact: true }).click()
  await button(worker, '确认首次进入').click()
  await worker.getByLabel('居民屏幕上的四位数字').fill(number!)
  await worker.locator('.form-end').getByRole('button', { name: '保存' }).click()

  await resident.getByLabel('设 6 位密码').fill('123456')
  await resident.getByLabel('再输一遍').fill('123456')
  await button(resident, '进入').click()
  await resident.getByText('这个密码太容易被猜到').waitFor()
  await resident.getByLabel('设 6 位密码').fill(pin)
  await resident.getByLabel('再输一遍').fill(pin)
  await button(resident, '进入').click()
  await resident.getByText('临江街道疫情防控指挥部').waitFor()
  await resident.getByText('《传染病防治法》第五十八条').waitFor()
  await resident.getByRole('link', { name: '13800009001' }).waitFor()
  await fits(resident, 'the own page')
  await enlarge(resident, 150)
  await enlarge(resident, 100)
  await shot(resident, 'home-today')

  await button(resident, '报告').click()
  await resident.getByLabel('刚量的体温').fill('38.1')
  await resident.getByRole('checkbox', { name: '咳嗽' }).check({ force: true })
  await fits(resident, 'a report')
  await shot(resident, 'home-report')
  await resident.locator('main').getByRole('button', { name: '报告', exact: true }).click()
  await resident.getByText('体温偏高').waitFor()
  await resident.getByText('38.1 ℃').waitFor()
  expect((await (await town.as('li')).ask(checks, { person })).rows).toMatchObject([{ value: 38.1, how: 'self', fever: true }])

  await button(resident, '求助').click()
  await resident.getByRole('radio', { name: '代购' }).check({ force: true })
  await resident.getByRole('radio', { name: /当天/ }).check({ force: true })
  await resident.getByLabel('要什么、多少').fill('降压药1盒')
  await fits(resident, 'a need')
  await served.stop()
  await button(resident, '发送').click()
  await resident.getByText('有 1 条还没有送到').waitFor()
  await served.start()
  await resident.evaluate(() => dispatchEvent(new Event('online')))
  await resident.getByText('有 1 条还没有送到').waitFor({ state: 'detached' })
  await resident.getByText('待接单').waitFor()
  await shot(resident, 'home-help')

  await button(resident, '我的').click()
  await resident.getByLabel('哪里不同意，为什么').fill('我上周就回来了，天数算错了。')
  await button(resident, '提出异议').click()
  await resident.getByText('待答复').waitFor()
  await fits(resident, 'an objection')

  const officer = await at('officer', (url) => openConsole(browser, url), '/console/objections')
  await officer.getByText('临观〔2026〕7号').waitFor()
  await officer.locator('tbody').getByRole('button').first().click()
  await officer.getByText('我上周就回来了，天数算错了。').waitFor()
  await axe(officer, 'an objection at its office')
  await shot(officer, 'objection')
  await button(officer.locator('.family-actions'), '书面答复').click()
  await officer.getByRole('radio', { name: '维持原决定' }).check()
  await officer.getByRole('textbox', { name: /书面答复/ }).fill('经核对，第0天按开始观察之日计算，维持原决定。')
  await officer.locator('.form-end').getByRole('button', { name: '保存' }).click()
  await officer.getByText('已答复').first().waitFor()

  await resident.reload()
  await button(resident, '我的').click()
  await resident.getByText('经核对，第0天按开始观察之日计算，维持原决定。').waitFor()
  await button(resident, '查看').click()
  await resident.getByText('居民档案').waitFor()
  await shot(resident, 'home-me')
  await resident.getByRole('button', { name: 'English' }).click()
  await resident.getByRole('heading', { name: 'Objections', level: 2 }).waitFor()
  expect(requests.filter((line) => line.includes(code) || line.includes('13800'))).toEqual([])
  expect(await resident.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toMatch(/张建国|38\.1/)
  await button(resident, 'Leave').click()
  await resident.getByLabel('Typed code').waitFor()
  expectQuiet(resident, /422|ERR_CONNECTION|Failed to load resource/)
  expectQuiet(officer)
})

test('on a phone the worker finds whoever waits under the own things, and confirms the digits', async () => {
  const resident = await openPhone(browser, `${served.origin}/home/#${await freshCode()}`)
  const number = await resident.locator('.home-number').textContent()
  const worker = await at('li', (url) => openPhone(browser, url), '/m/me')
  await choosePin(worker)
  await worker.getByRole('link', { name: '居民页：首次进入' }).click()
  await worker.getByText('张建国').waitFor()
  await fits(worker, 'a first entry before the worker')
  await shot(worker, 'home-confirm')
  await worker.getByLabel('居民屏幕上的四位数字').fill(number!)
  await button(worker, '确认').click()
  await resident.getByLabel('设 6 位密码').fill(pin)
  await resident.getByLabel('再输一遍').fill(pin)
  await button(resident, '进入').click()
  await resident.getByText('临江街道疫情防控指挥部').waitFor()
  expectQuiet(resident)
})

test('a page that was switched off shows a number to call and nothing else', async () => {
  const li = await town.as('li')
  const [view] = (await li.ask(family.views, { order })).rows
  await li.tell(family.turnOff, { view: view!.id, off: false, whole: true })
  const code = await codeOf(person)
  await li.tell(family.turnOff, { view: view!.id, off: true, whole: true })
  const resident = await openPhone(browser, `${served.origin}/home/#${code}`)
  await resident.getByLabel('您的 6 位密码').fill(pin)
  await button(resident, '进入').click()
  await resident.getByText('社区服务热线').waitFor()
  const words = await resident.locator('body').textContent()
  expect(words).not.toMatch(/张建国|观察|体温|临观|停用/)
  await fits(resident, 'switched off')
  await shot(resident, 'home-off')
  expectQuiet(resident)
})
