// A guard's shift without a network: the post, a code, a room, a second exit that waits, an emergency; and all of it arrives once.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from 'kysely'
import { asSystem } from '#server/system.ts'
import { createAccount, openSession } from '#modules/identity/server.ts'
import { households } from '#modules/residents/api.ts'
import * as passes from '#modules/access/api.ts'
import { addGate, incidents } from '#modules/access/gateApi.ts'
import { axe } from './browser/checks.ts'
import { expectQuiet, openConsole, openPhone, shot, startBrowser } from './browser/page.ts'
import { allSent, asItShould, button, choosePin, said } from './round-steps.ts'
import { password, places, raiseTown, signedIn, type Served, type Town } from './town.ts'

let browser: Browser
let town: Town
let served: Served

beforeAll(async () => {
  ;[browser, town] = await Promise.all([startBrowser(), raiseTown()])
  served = await town.serve()
})
afterAll(async () => {
  await town?.close()
  await browser?.close()
})

test('codes, rooms and an emergency at a gate without a network', async () => {
  const secretary = await town.as('secretary')
  await secretary.tell(addGate, { name: '东门', placeName: '梅园小区' })
  const home = (await secretary.ask(households, {})).rows.find((row) => row.address.endsWith('1单元 201'))!
  const pass = await secretary.tell(passes.issue, { household: home.id })
  const account = await createAccount(town.running.house, {
    area: places.community,
    username: 'guard',
    name: '门卫老秦',
    password,
    assignments: [{ role: 'gateGuard', area: places.community }],
  })
  const { cookie } = await openSession(town.running.house, account)
  const phone = await signedIn((url) => openPhone(browser, url), served, cookie, '/m/gate')
  await choosePin(phone)
  await said(phone, '今天在哪个门岗')
  await button(phone, '东门').click()
  await said(phone, '看证或问房号')
  await asItShould(phone, 'gate-post')
  await phone.context().setOffline(true)

  const box = phone.getByLabel('扫码、短码或房号')
  await box.fill(pass.shortCode.toLowerCase())
  await box.press('Enter')
  await said(phone, '可以通行')
  await said(phone, '赵**')
  await asItShould(phone, 'gate-glance')
  await button(phone, '放行，登记').click()
  await box.fill('1号楼 1单元 102')
  await button(phone, '核验').click()
  await said(phone, '张**')
  await button(phone, '返回').click()
  await box.fill('909')
  await button(phone, '核验').click()
  await said(phone, '情况不明')
  await button(phone, /^紧急放行/).click()
  await said(phone, '已紧急放行并记录')
  await phone.context().setOffline(false)
  await allSent(phone)
  const rows = () =>
    asSystem(
      town.running.house,
      places.community,
      'journey.rows',
      async (ctx) =>
        (
          await sql<{ outcome: string; room: string | null; name: string | null }>`
      select outcome, room, name from access_passages where community = ${places.community} order by outcome`.execute(ctx.tx)
        ).rows,
    )
  await expect.poll(async () => (await rows()).length, { timeout: 20_000 }).toBe(2)
  expect(await rows()).toMatchObject([
    { outcome: 'emergency', room: null },
    { outcome: 'passed', room: '梅园小区 1号楼 1单元 201', name: '赵**' },
  ])
  expect((await secretary.ask(incidents, {})).rows.map((r) => r.kind)).toEqual(['emergency'])
  expectQuiet(phone, /net::ERR_INTERNET_DISCONNECTED|Failed to load resource/)
  await phone.context().close()

  const desk = await signedIn((url) => openConsole(browser, url), served, secretary.cookie, '/console/gate')
  await said(desk, '人员车辆进出登记')
  await said(desk, '梅园小区 1号楼 1单元 201')
  await said(desk, '东门')
  await axe(desk, 'gate console')
  await shot(desk, 'gate-console')
  expectQuiet(desk)
  await desk.context().close()
}, 120_000)
