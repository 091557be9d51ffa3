// The last day of an order: release is asked for, approved by a document and another person, numbered, printed, served; a stranger holds the
// paper against the page that judges it; and an order that nobody released restricts nobody all the same, at the desk and at the gate.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays, dayOf, instantOf } from '#core/dates.ts'
import { addGate } from '#modules/access/gateApi.ts'
import { createAccount, openSession } from '#modules/identity/server.ts'
import { record } from '#modules/monitoring/api.ts'
import * as api from '#modules/observation/api.ts'
import { activateResponse, approveVersion, proposeResponse, writePack } from '#modules/policy/api.ts'
import { shippedPacks, valuesOf } from '#modules/policy/shipped.ts'
import { household, households } from '#modules/residents/api.ts'
import { axe, noOverflow } from './browser/checks.ts'
import { expectQuiet, openConsole, openPhone, shot, startBrowser } from './browser/page.ts'
import { print } from './browser/pdf.ts'
import { button as key, choosePin, said } from './round-steps.ts'
import { password, places, raiseTown, signedIn, type Served, type Staff, type Town } from './town.ts'

let browser: Browser
let town: Town
let served: Served
let lastDay: string
let expired: string
const today = (days = 0) => addDays(dayOf(Date.now()), days)
const home = {
  ownRoom: true,
  toilet: true,
  handOver: true,
  thermometer: true,
  masks: true,
  disinfectant: true,
  noCentralAir: true,
}

/** An order that was observed from so many days ago, at the door of one household. */
async function observed(number: number, since: number, member = 0): Promise<string> {
  const [worker, secretary, officer] = await Promise.all([town.as('wang'), town.as('secretary'), town.as('officer')])
  const { rows } = await secretary.ask(households, { grid: places.grid2 })
  const { rows: members } = await secretary.ask(household, { household: rows[number]!.id })
  const { id: order } = await worker.tell(api.propose, {
    person: members[member]!.id,
    source: 'returnee',
    category: 'returnee',
    place: 'home',
  })
  await worker.tell(api.check, { order, suitability: { on: today(-since), by: '王网格', medic: '卫生站 王医生', has: home } })
  await secretary.tell(api.record, {
    order,
    decidingBody: '江湾区疾控中心',
    legalBasis: '《传染病防治法》第五十八条',
    document: `观〔2026〕${number + 7 + 10 * member}号`,
    category: 'returnee',
    place: 'home',
    observedFrom: today(-since),
    coResidentsBound: false,
  })
  await officer.tell(api.decide, { community: places.community, order })
  await worker.tell(api.serve, { order, how: 'inPerson', at: instantOf(Date.now() - 1000), by: '王网格', undertaking: 'signed' })
  return order
}

beforeAll(async () => {
  ;[browser, town] = await Promise.all([startBrowser(), raiseTown()])
  served = await town.serve()
  const [secretary, officer] = await Promise.all([town.as('secretary'), town.as('officer')])
  const { values } = valuesOf(shippedPacks[0]!)
  const asked = Object.fromEntries(Object.entries(values).filter(([key]) => key.startsWith('observation.')))
  const pack = await secretary.tell(writePack, {
    areaCode: places.community,
    title: '观察规则',
    document: '样例文件',
    // Here release is handled on the last day itself.
    values: { ...asked, 'observation.release': { ...(asked['observation.release'] as object), afterDays: 0 } },
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
  lastDay = await observed(0, 14)
  const [worker, { person }] = await Promise.all([town.as('wang'), secretary.ask(api.order, { order: lastDay })])
  await worker.tell(record, { person: person!, value: 36.6, measuredHow: 'armpit', how: 'door', symptoms: [] })
  expired = await observed(1, 20)
})
afterAll(async () => {
  await town?.close()
  await browser?.close()
})

async function at(who: Staff, order: string, options = {}): Promise<Page> {
  const { cookie } = await town.as(who)
  const page = await signedIn(
    async (url) => {
      const opened = await openConsole(browser, url, options)
      // The dialogue of the printer would stop everything; the sheet is looked at instead.
      await opened.addInitScript(() => {
        globalThis.print = () => {}
      })
      return opened
    },
    served,
    cookie,
    `/console/observation?order=${order}`,
  )
  await page.getByRole('dialog').last().getByRole('heading', { name: '办理记录' }).waitFor()
  return page
}
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

test('release on the last day: asked for, approved by another with a document, numbered, printed, checked by a stranger, served', async () => {
  const secretary = await at('secretary', lastDay)
  await button(secretary, '请示解除').click()
  await secretary.getByText('已请示解除').first().waitFor()
  await button(secretary, '登记解除批准').hover()
  const officer = await at('officer', `${lastDay}&community=${places.community}`, { viewport: { width: 360, height: 740 } })
  await button(officer, '登记解除批准').click()
  await officer
    .getByLabel(/决定文号/)
    .last()
    .fill('疾控解〔2026〕2号')
  await officer.locator('.form-end').last().getByRole('button', { name: '保存' }).click()
  await officer.getByText('已批准解除，待送达').first().waitFor()
  await noOverflow(officer)

  await secretary.getByText('已批准解除，待送达').first().waitFor()
  await button(secretary, '打印解除告知书').click()
  await expect.poll(() => secretary.locator('.paper .observation-paper').count(), { timeout: 20_000 }).toBe(1)
  const year = today().slice(0, 4)
  expect(await secretary.locator('.paper .observation-paper').textContent()).toMatch(
    new RegExp(`编号 解观〔${year}〕001号.*解除医学观察告知书.*韩冰.*疾控解〔2026〕2号`, 's'),
  )
  expect((await print(secretary, 'release-notice')).pages).toBe(1)
  await secretary.evaluate(() => dispatchEvent(new Event('afterprint')))

  // A stranger scans the paper: no sign-in, and not a word more than the paper says.
  const {
    rows: [sheet],
  } = await (await town.as('secretary')).ask(api.sheets, { orders: [lastDay], of: 'release' })
  const stranger = await openPhone(browser, `${served.origin}${sheet!.verify}`)
  await stranger.getByText('这份告知书是真的').waitFor()
  const told = await stranger.locator('main').textContent()
  expect(told).toContain(`解观〔${year}〕001号`)
  expect(told).not.toMatch(/韩冰|疾控解|2号楼/)
  await noOverflow(stranger)
  await axe(stranger, 'a notice that is genuine')
  await shot(stranger, 'release-verify')
  await stranger.goto(`${served.origin}${sheet!.verify.replace('001', '002')}`)
  await stranger.getByText('不能确认这份告知书').waitFor()

  await button(secretary, '送达解除告知书').click()
  await secretary
    .getByLabel(/送达人/)
    .last()
    .fill('王网格')
  await secretary.getByRole('radio', { name: '当面送达' }).last().check()
  await secretary.locator('.form-end').last().getByRole('button', { name: '保存' }).click()
  await secretary.getByText('档案已办结').first().waitFor()
  await axe(secretary, 'an order that is over')
  await shot(secretary, 'release-done')
  expectQuiet(secretary)
  expectQuiet(officer)
  expectQuiet(stranger)
})

test('an order past its last day restricts nobody: the page says so and only asks for its release', async () => {
  const page = await at('secretary', expired)
  await page.getByText('已过最后一天：不再限制任何人').first().waitFor()
  await page.getByText('不限制任何人').first().waitFor()
  await shot(page, 'release-expired')
  const shown = await (await town.as('secretary')).ask(api.order, { order: expired })
  expect(shown).toMatchObject({ inForce: false, due: true, state: 'served' })
  await page.keyboard.press('Escape')
  await page.getByRole('tab', { name: '台账' }).click()
  await page.getByRole('heading', { name: '居家隔离人员台账' }).waitFor()
  await axe(page, 'the ledgers of observation')
  const card = page.locator('.card').filter({ hasText: '居家隔离人员台账' })
  await card.getByRole('button', { name: '打印' }).click()
  await expect.poll(() => page.locator('.paper .sheet tbody tr').count(), { timeout: 20_000 }).toBeGreaterThan(2)
  await print(page, 'ledger-home')
  await page.evaluate(() => dispatchEvent(new Event('afterprint')))
  await page.locator('.card').filter({ hasText: '体温登记表' }).getByRole('button', { name: '打印' }).click()
  await expect.poll(() => page.locator('.paper .observation-wide').count(), { timeout: 20_000 }).toBe(1)
  expect(await page.locator('.paper').textContent()).toMatch(/\d\d:\d\d 36\.6/)
  await print(page, 'ledger-temperatures')
  await page.evaluate(() => dispatchEvent(new Event('afterprint')))
  await shot(page, 'observation-ledgers')
  expectQuiet(page)
})

test('at the gate an expired order lets its person pass; one in force is named by its document', async () => {
  await observed(1, 3, 1)
  const secretary = await town.as('secretary')
  await secretary.tell(addGate, { name: '东门', placeName: '梅园小区' })
  const guard = await createAccount(town.running.house, {
    area: places.community,
    username: 'guard',
    name: '门卫老秦',
    password,
    assignments: [{ role: 'gateGuard', area: places.community }],
  })
  const { cookie } = await openSession(town.running.house, guard)
  const phone = await signedIn((url) => openPhone(browser, url), served, cookie, '/m/gate')
  await choosePin(phone)
  await key(phone, '东门').click()
  await phone.getByLabel('扫码、短码或房号').fill('2号楼 102')
  await key(phone, '核验').click()
  await said(phone, '来的是谁？')
  // Both live at one door: the order of the one ended days ago, that of the other runs.
  await phone.getByText('杨*', { exact: true }).click()
  await said(phone, '可以通行')
  await phone.getByText('朱*', { exact: true }).click()
  await said(phone, '暂时不能外出')
  await said(phone, '观〔2026〕18号')
  await said(phone, '不同意可当场登记')
  expect(await phone.locator('main').textContent()).not.toMatch(/返回人员|隔离|观察/)
  await axe(phone, 'a verdict on somebody bound')
  await shot(phone, 'gate-bound')
  expectQuiet(phone)
  await phone.context().close()
})
