// A worker's morning round without a network, and somebody who reports 38.1 ℃: measured again, to the clinic, and back.
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { instantAt, msOf } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { asSystem } from '#server/system.ts'
import { startDuties } from '#modules/duties/server.ts'
import * as api from '#modules/monitoring/api.ts'
import { household, households } from '#modules/residents/api.ts'
import { axe, noOverflow } from './browser/checks.ts'
import { countTaps, expectQuiet, openConsole, openPhone, shot, startBrowser } from './browser/page.ts'
import { allSent, asItShould, button, choosePin, said, tick } from './round-steps.ts'
import { places, raiseTown, signedIn, type Served, type Staff, type Town } from './town.ts'

const day = '2026-03-02'
let browser: Browser
let town: Town
let served: Served
let people: readonly { id: Id; name: string }[]
/** The house's clock begins at eight in the morning and is moved on by the story. */
let ahead = msOf(instantAt(day, '08:00')) - Date.now()
const clock = (time: string) => {
  ahead = msOf(instantAt(day, time)) - Date.now()
}

beforeAll(async () => {
  ;[browser, town] = await Promise.all([startBrowser(), raiseTown({ now: () => Date.now() + ahead })])
  served = await town.serve()
  const secretary = await town.as('secretary')
  const homes = (await secretary.ask(households, {})).rows.filter((row) => row.address.includes('1号楼 1单元')).slice(0, 3)
  people = await Promise.all(homes.map(async ({ id }) => (await secretary.ask(household, { household: id })).rows[0]!))
  await asSystem(town.running.house, places.community, 'journey.duties', (ctx) =>
    startDuties(
      ctx,
      people.map(({ id }) => ({
        kind: 'monitoring.temperature',
        subjectKind: 'person',
        subject: id,
        source: 'observation.order',
        sourceId: newId(),
        startsOn: day,
        lastDay: '2026-03-15',
        cadence: {
          slots: [
            { key: 'morning', opens: '07:00', due: '12:00' },
            { key: 'evening', opens: '14:00', due: '21:00' },
          ],
          every: { days: 1 },
          anchor: day,
        },
      })),
    ),
  )
})
afterAll(async () => {
  await town?.close()
  await browser?.close()
})

async function at(who: Staff, path: string, open: typeof openPhone): Promise<Page> {
  const { cookie } = await town.as(who)
  return signedIn((url) => open(browser, url), served, cookie, path)
}
const values = async () => {
  const secretary = await town.as('secretary')
  return (await secretary.ask(api.list, {})).rows.map((row) => row.value).toSorted()
}

test('a morning round goes from person to person without a network, two taps for each who is well', async () => {
  const phone = await at('li', '/m/monitoring', openPhone)
  await choosePin(phone)
  await phone.getByRole('link', { name: '巡测' }).click()
  await said(phone, '本次巡测')
  await asItShould(phone, 'monitoring-list')
  await button(phone, /^下一位/).click()
  await said(phone, '这次测得')
  await asItShould(phone, 'monitoring-check')
  await phone.context().setOffline(true)

  const effort = await countTaps(phone)
  await tick(phone, '36.5')
  await button(phone, /^登记，下一位/).click()
  expect((await effort()).total).toBe(2)
  await said(phone, people[1]!.name)
  await tick(phone, '36.8')
  await tick(phone, '咳嗽')
  await button(phone, /^登记，下一位/).click()
  await said(phone, people[2]!.name)
  await tick(phone, '36.4')
  await button(phone, /^登记，下一位/).click()
  await said(phone, '现在该测的都测完了')
  expect(await values()).toEqual([])

  await phone.context().setOffline(false)
  await allSent(phone)
  await expect.poll(values, { timeout: 20_000 }).toEqual([36.4, 36.5, 36.8])
  expectQuiet(phone, /net::ERR_INTERNET_DISCONNECTED|Failed to load resource/)
  await phone.context().close()
})

const dialog = (page: Page): Locator => page.getByRole('dialog').last()
async function step(page: Page, name: string, fill: (form: Locator) => Promise<void>): Promise<void> {
  await dialog(page).getByRole('button', { name }).click()
  const form = page.getByRole('dialog', { name }).last()
  await fill(form)
  await form.locator('.form-end').getByRole('button').last().click()
  await form.waitFor({ state: 'hidden' })
}

test('38.1 ℃ told in the afternoon is measured again and ends at the clinic and back, with a certificate', async () => {
  clock('15:00')
  const li = await town.as('li')
  const [first] = people
  await li.tell(api.record, { person: first!.id, how: 'self', value: 38.1 })
  clock('15:20')
  const phone = await at('li', '/m/today', openPhone)
  await choosePin(phone)
  await phone.getByRole('link', { name: '今日' }).click()
  const line = phone.locator('.slots li', { hasText: '复测体温' })
  await line.getByRole('link').click()
  await said(phone, '请用腋温复测')
  await button(phone, '其他体温…').click()
  for (const digit of ['3', '8', '0']) await button(phone, digit).click()
  await said(phone, '达到 37.3 ℃')
  await shot(phone, 'monitoring-recheck')
  await button(phone, /^登记，下一位/).click()
  await expect.poll(values, { timeout: 20_000 }).toContain(38)
  await phone.context().close()

  const desk = await at('secretary', '/console/monitoring', openConsole)
  await desk.addInitScript(() => {
    globalThis.print = () => {}
  })
  await desk.reload()
  await desk.getByRole('tab', { name: '今日巡测' }).waitFor()
  await desk.getByText('38.1', { exact: true }).waitFor()
  await axe(desk, 'monitoring')
  await shot(desk, 'monitoring-round')
  await desk.getByRole('tab', { name: '发热处置' }).click()
  await desk.getByRole('button', { name: first!.name }).click()
  await dialog(desk).getByText('复测仍异常').waitFor()
  await step(desk, '报告', (form) => form.getByLabel(/报告给/).fill('梅园社区卫生服务中心'))
  await step(desk, '转诊', async (form) => {
    await form.getByLabel(/发热门诊/).fill('市一院发热门诊')
    await form.getByRole('radio', { name: '救护车' }).check()
  })
  await step(desk, '交接', (form) => form.getByLabel(/接收单位/).fill('市一院预检台'))
  await step(desk, '登记结果', async (form) => {
    await form.getByRole('radio', { name: '排除传染病' }).check()
    await form.getByLabel(/没有凭证的原因/).fill('电话告知，纸质报告随后送来')
  })
  await step(desk, '处理结果', (form) => form.getByRole('radio', { name: '排除，继续观察' }).check())
  await dialog(desk).getByText('排热〔2026〕1号').waitFor()
  await axe(desk, 'monitoring-episode')
  await shot(desk, 'monitoring-episode')
  await dialog(desk).getByRole('button', { name: '打印排除证明' }).click()
  await expect
    .poll(() => desk.locator('.monitoring-paper').innerText(), { timeout: 20_000 })
    .toMatch(/排热〔2026〕1号[\s\S]*市一院预检台[\s\S]*按原告知书继续观察/)
  await desk.evaluate(() => dispatchEvent(new Event('afterprint')))
  await desk.keyboard.press('Escape')
  for (const tab of ['待核实', '检查台账', '今日巡测']) await desk.getByRole('tab', { name: tab }).click()
  await desk.setViewportSize({ width: 360, height: 740 })
  await noOverflow(desk)
  await shot(desk, 'monitoring-round-360')
  expectQuiet(desk)
})
