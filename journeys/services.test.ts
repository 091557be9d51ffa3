// A need from a call to its delivery and a word of feedback, and a kit signed for item by item: a worker's phone, then the secretary's desk.
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays, dayOf, instantOf } from '#core/dates.ts'
import { today as duties } from '#modules/duties/api.ts'
import * as observation from '#modules/observation/api.ts'
import { activateResponse, approveVersion, proposeResponse, writePack } from '#modules/policy/api.ts'
import { shippedPacks, valuesOf } from '#modules/policy/shipped.ts'
import { household, households } from '#modules/residents/api.ts'
import * as api from '#modules/services/api.ts'
import { axe, noOverflow } from './browser/checks.ts'
import { expectQuiet, openConsole, openPhone, shot, startBrowser } from './browser/page.ts'
import { allSent, asItShould, button, choosePin, tick } from './round-steps.ts'
import { places, raiseTown, signedIn, type Served, type Staff, type Town } from './town.ts'

let browser: Browser
let town: Town
let served: Served
let home: string
const today = (days = 0) => addDays(dayOf(Date.now()), days)

/** Somebody at home under an order in force, with a kit of three items and a call that is due all day. */
async function observe(): Promise<void> {
  const [secretary, officer, worker] = await Promise.all([town.as('secretary'), town.as('officer'), town.as('li')])
  const { values } = valuesOf(shippedPacks[0]!)
  const kept = Object.fromEntries(Object.entries(values).filter(([key]) => key.startsWith('observation.')))
  const pack = await secretary.tell(writePack, {
    areaCode: places.community,
    title: '观察规则',
    document: '样例文件',
    values: {
      ...kept,
      'observation.kit': ['thermometer', 'masks', 'rice'],
      'observation.duties': [
        {
          kind: 'services.call',
          subject: 'household',
          slots: [{ key: 'day', opens: '00:00', due: '23:59' }],
          every: { days: 1 },
          places: ['home'],
          seals: 'both',
        },
      ],
    },
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
  home = (await worker.ask(households, { limit: 1 })).rows[0]!.id
  const [person] = (await worker.ask(household, { household: home })).rows
  const { id: order } = await worker.tell(observation.propose, {
    person: person!.id,
    source: 'returnee',
    category: 'returnee',
    place: 'home',
  })
  const has = {
    ownRoom: true,
    toilet: true,
    handOver: true,
    thermometer: true,
    masks: true,
    disinfectant: true,
    noCentralAir: true,
  }
  await worker.tell(observation.check, { order, suitability: { on: today(), by: '李网格', medic: '卫生站 王医生', has } })
  await secretary.tell(observation.record, {
    order,
    decidingBody: '江湾区疾控中心',
    legalBasis: '《传染病防治法》第五十八条',
    document: '疾控观〔2026〕7号',
    category: 'returnee',
    place: 'home',
    observedFrom: today(),
    coResidentsBound: false,
  })
  await officer.tell(observation.decide, { community: places.community, order })
  await worker.tell(observation.serve, { order, how: 'inPerson', at: instantOf(Date.now()), by: '李网格', undertaking: 'signed' })
}

beforeAll(async () => {
  ;[browser, town] = await Promise.all([startBrowser(), raiseTown()])
  served = await town.serve()
  await observe()
})
afterAll(async () => {
  await town?.close()
  await browser?.close()
})

async function at(who: Staff, path: string, open: typeof openPhone): Promise<Page> {
  const { cookie } = await town.as(who)
  return signedIn((url) => open(browser, url), served, cookie, path)
}
const sheet = (page: Page): Locator => page.locator('dialog[open]')

test('a need is said in a call, taken, bought, delivered and praised; the kit is signed for item by item; the desk sees it all', async () => {
  const phone = await at('li', '/m/today', openPhone)
  await choosePin(phone)
  await phone.getByRole('link', { name: '今日' }).click()
  await phone.locator('.slots li', { hasText: '暖心电话' }).getByRole('link').click()
  await tick(phone, '联系上')
  await tick(phone, '平稳')
  await button(phone, '有需要，登记一项').click()
  await tick(phone, '代购')
  await tick(phone, '当天')
  await phone.getByLabel('内容、数量、规格').fill('降压药1盒')
  await asItShould(phone, 'services-call')
  await button(phone, '登记').click()
  await allSent(phone)
  const secretary = await town.as('secretary')
  await expect.poll(async () => (await secretary.ask(api.requests, {})).total, { timeout: 20_000 }).toBe(1)

  expect((await secretary.ask(duties, { kind: 'services.call' })).rows.map((r) => r.state)).toEqual(['done'])
  await phone.getByRole('link', { name: '代办' }).click()
  await button(phone, '更新').click()
  await phone.locator('.card', { hasText: '待接单' }).getByRole('link', { name: '打开' }).click()
  await button(phone, '接单').click()
  await button(phone, '登记买到').waitFor()
  const [bought] = (await secretary.ask(api.requests, {})).rows
  await (await town.as('li')).tell(api.buy, { request: bought!.id, advancedBy: 'helper', amount: 32.5 })
  const state = async () => (await secretary.ask(api.requests, {})).rows[0]!.state
  await expect.poll(state, { timeout: 20_000 }).toBe('bought')
  await phone.getByRole('link', { name: '代办' }).click()
  await button(phone, '更新').click()
  await phone.locator('.card', { hasText: '我接的' }).getByRole('link', { name: '打开' }).click()
  await asItShould(phone, 'services-errand')
  await button(phone, '送到了，登记签收').click()
  await sheet(phone).getByLabel('签收人').fill('本人')
  await button(phone, '登记').last().click()
  await sheet(phone).waitFor({ state: 'hidden' })
  await allSent(phone)
  await expect.poll(state, { timeout: 20_000 }).toBe('delivered')

  await phone.getByRole('link', { name: '代办' }).click()
  await phone.locator('.card', { hasText: '应送物品' }).getByRole('link', { name: '登记签收' }).click()
  for (const item of ['体温计', '口罩']) await tick(phone, item)
  await phone.getByLabel('签收人').fill('本人')
  await button(phone, '登记').click()
  await allSent(phone)
  await expect.poll(async () => (await secretary.ask(api.kits, {})).rows[0]!.missing, { timeout: 20_000 }).toBe(1)
  expectQuiet(phone)

  const desk = await at('secretary', '/console/services', openConsole)
  await desk.getByRole('heading', { level: 1, name: '服务保障' }).waitFor()
  await desk.getByText('降压药1盒').waitFor()
  await axe(desk, 'services')
  await shot(desk, 'services-console')
  await desk.getByRole('button', { name: /^\d{8}-001$/ }).click()
  const side = desk.getByRole('dialog').last()
  await side.getByRole('button', { name: '登记结清' }).click()
  await expect.poll(async () => (await secretary.ask(api.requests, {})).rows[0]!.owes, { timeout: 20_000 }).toBe(false)
  await side.getByRole('button', { name: '登记评价' }).click()
  const form = desk.getByRole('dialog').last()
  await form.getByLabel(/满意度/).fill('5')
  await form.getByLabel(/评价/).last().fill('送得很快')
  await form.locator('.form-end').getByRole('button', { name: '保存' }).click()
  await expect.poll(async () => (await secretary.ask(api.requests, {})).rows[0]!.score, { timeout: 20_000 }).toBe(5)
  await side.getByRole('button', { name: '办结' }).click()
  await expect.poll(state, { timeout: 20_000 }).toBe('closed')
  await shot(desk, 'services-need')
  await desk.keyboard.press('Escape')
  await side.waitFor({ state: 'hidden' })

  await desk.getByRole('tab', { name: '物品签收' }).click()
  await desk.getByText('✓体温计').waitFor()
  await desk.getByRole('cell', { name: '口罩', exact: true }).waitFor()
  await axe(desk, 'services items')
  await desk.setViewportSize({ width: 360, height: 740 })
  await noOverflow(desk)
  await shot(desk, 'services-items-360')
  expectQuiet(desk)
}, 120_000)
