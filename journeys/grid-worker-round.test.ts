// A grid worker's round: on HTTPS with a network, then without one and with a dead battery, and everything arrives once.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openCampaign } from '#modules/screening/api.ts'
import { axe, boxes } from './browser/checks.ts'
import { countTaps, expectQuiet, openConsole, shot, startBrowser } from './browser/page.ts'
import { makeCertificates, openSecurePhone, secureHost, type Certificates, type SecurePhone } from './browser/tls.ts'
import {
  allSent,
  alsoLarge,
  asItShould,
  at,
  attemptsIn,
  button,
  choosePin,
  consoleTour,
  door,
  figure,
  linesIn,
  pin,
  said,
  signIn,
  storedForOffline,
  tick,
  type,
} from './round-steps.ts'
import { countOf, knownIdNumber, password, places, raiseTown, type Served, type Town } from './town.ts'

let town: Town
let served: Served
let tls: Certificates
let office: Browser
let phone: SecurePhone
let profileDir: string

beforeAll(async () => {
  tls = await makeCertificates()
  office = await startBrowser()
})
afterAll(async () => {
  await office?.close()
  tls?.remove()
})
beforeEach(async () => {
  town = await raiseTown()
  profileDir = mkdtempSync(join(tmpdir(), 'linli-round-'))
})
afterEach(async () => {
  await phone?.close().catch(() => undefined)
  await town?.close()
  rmSync(profileDir, { recursive: true, force: true })
})

const openPhone = () => openSecurePhone({ origin: served.origin, path: '/m/', spki: tls.spki, profileDir })
test('a round with and without a network, a battery that dies, and a refused entry that is mended', async () => {
  served = await town.serve({ tls })
  // The office opens the campaign on its own page, beside the phone's address.
  const desk = await town.serve()
  const secretary = await openConsole(office, `${desk.origin}/console/`)
  await secretary.getByLabel('用户名').fill('secretary')
  await secretary.getByRole('textbox', { name: '密码' }).fill(password)
  await button(secretary, '登录').click()
  await secretary.getByRole('link', { name: '排查', exact: true }).click()
  await said(secretary, '还没有启动过排查')
  await axe(secretary, 'no campaign yet')
  await shot(secretary, 'round-console-empty')
  await button(secretary, '启动排查').click()
  await secretary.getByLabel('排查名称').fill('第一轮全面排查')
  await axe(secretary, 'opening a campaign')
  await secretary.getByRole('dialog').getByRole('button', { name: '启动排查' }).click()
  await said(secretary, '排查漏斗')
  await expect.poll(() => figure(secretary, '应排查')).toBe(12)

  // --- signing in, enrolling, the PIN -------------------------------------------------------------------------------
  phone = await openPhone()
  let { page } = phone
  await axe(page, 'sign-in')
  await signIn(page)
  await choosePin(page)
  await said(page, '已完成 0 / 10 户')
  await asItShould(page, 'grid')
  await alsoLarge(page)
  expect(await boxes(page, '阿依古丽·买买提 ✓ ℃')).toEqual([])
  expect(await town.rows(sql<{ name: string }>`select name from identity_devices`)).toEqual([{ name: '李网格的手机' }])

  // --- two taps ----------------------------------------------------------------------------------------------------
  await page.getByRole('link', { name: /1号楼/ }).click()
  await asItShould(page, 'units')
  await page.getByRole('link', { name: /1单元/ }).click()
  await door(page, '101').waitFor()
  await asItShould(page, 'doors')
  await alsoLarge(page)
  const effort = await countTaps(page)
  await door(page, '101').click()
  await at(page, '101')
  await button(page, /全户正常/).click()
  expect((await effort()).total).toBe(2)
  await at(page, '102')
  await said(page, '本社区居民委员会')
  await asItShould(page, 'visit')
  await alsoLarge(page)
  await page.locator('.told summary').click()
  await said(page, '12345')
  await axe(page, 'the privacy notice')

  // --- somebody is unwell ------------------------------------------------------------------------------------------
  await button(page, '有人不适').click()
  await tick(page, '刘桂芳')
  await tick(page, '发热')
  await tick(page, '没有问到')
  await said(page, '尽早发现需要帮助的人')
  await asItShould(page, 'unwell')
  await alsoLarge(page)
  await button(page, /^登记$/).click()

  // --- nobody home, and a notice in one more tap --------------------------------------------------------------------
  await at(page, '201')
  await button(page, '家中无人').click()
  await said(page, '贴了温馨提示吗')
  await asItShould(page, 'notice')
  await button(page, '已张贴提示').click()

  // --- a wrong tap is taken back within five seconds ------------------------------------------------------------------
  await at(page, '202')
  await button(page, '不配合').click()
  await page.getByRole('status').getByRole('button', { name: '撤回' }).click()
  await said(page, '已撤回')
  await at(page, '202')
  await said(page, '周海燕')
  await button(page, /全户正常/).click()

  // --- somebody new: two fields needed, at most 25 taps and keys -----------------------------------------------------
  await said(page, '吴志强')
  const adding = await countTaps(page)
  await button(page, '新增人员').click()
  await page.getByLabel('姓名').click()
  await page.getByLabel('姓名').fill('吴小明')
  await page.getByLabel('手机号').click()
  await page.getByLabel('手机号').pressSequentially('13800000299')
  await tick(page, '子女')
  expect(await page.locator('form [aria-required=true]').count()).toBeLessThanOrEqual(5)
  await button(page, '加入这一户').click()
  await button(page, /全户正常/).click()
  expect((await adding()).total).toBeLessThanOrEqual(25)
  await at(page, '301')

  // --- somebody who came back ---------------------------------------------------------------------------------------
  await button(page, '登记返程人员').click()
  await tick(page, '何俊杰')
  await page.getByLabel('来源地', { exact: true }).fill('外省某市')
  await tick(page, '昨天')
  await said(page, '用于判断来源地风险')
  await asItShould(page, 'returnee')
  await button(page, '登记返程').click()
  await said(page, '何俊杰 · 重点人员')
  await allSent(page)
  expect(await linesIn(town)).toEqual([
    '王秀兰 door reached',
    '张建国 door reached',
    '赵德柱 door nobody',
    '赵德柱 notice nobody',
    '周海燕 door reached',
    '吴志强 door reached',
  ])
  expect(await countOf(town, 'screening_key_persons')).toBe(1)
  expect(
    await town.rows(sql<{ name: string; well: boolean; symptoms: string[] }>`
    select p.name, s.well, s.symptoms from screening_statements as s
    join residents_persons as p on p.root = s.person where not s.well`),
  ).toEqual([{ name: '刘桂芳', well: false, symptoms: ['fever'] }])
  await expect.poll(() => figure(secretary, '已覆盖'), { timeout: 20_000 }).toBe(4)
  expectQuiet(page)

  // --- the network goes, the battery dies ---------------------------------------------------------------------------
  await storedForOffline(page)
  await served.stop()
  await button(page, /全户正常/).click()
  await at(page, '302')
  await said(page, '这里住着谁')
  await button(page, '新增人员').click()
  await page.getByLabel('姓名').fill('韩冰')
  await tick(page, '户主')
  await page.locator('.more summary').click()
  await page.getByLabel('证件号码').fill(knownIdNumber)
  await asItShould(page, 'person')
  await button(page, '加入这一户').click()
  await button(page, /全户正常/).click()
  await said(page, '离线 · 待上传 2')
  await phone.kill()

  // --- a cold start without any network: the PIN, then set and queue are there -----------------------------------------
  phone = await openPhone()
  page = phone.page
  await page.getByRole('heading', { name: '已锁定' }).waitFor()
  await asItShould(page, 'locked')
  await type(page, pin)
  await button(page, '解锁').click()
  await said(page, '离线 · 待上传 2')
  await page.getByRole('link', { name: '排查' }).click()
  await said(page, '已完成 6 / 11 户')
  await asItShould(page, 'offline')
  await button(page, /下一户 101/).click()
  await at(page, '101')
  expect(await page.getByRole('link', { name: '打给 冯国庆' }).getAttribute('href')).toBe('tel:13800000111')
  await tick(page, '电话')
  await button(page, /全户正常/).click()
  await at(page, '102')
  await tick(page, '上门')
  await button(page, '不配合').click()
  await at(page, '201')

  // An own entry is put right before it ever went out, and one that the server has for long is corrected.
  await page.getByRole('link', { name: '排查' }).click()
  await button(page, '我的登记').click()
  await asItShould(page, 'mine')
  await page.getByRole('link', { name: /^102 1号楼 2单元/ }).click()
  await page.locator('.card', { hasText: '上一次登记' }).getByRole('button', { name: '撤回' }).click()
  await said(page, '已撤回，没有上传')
  await page.getByRole('link', { name: '排查' }).click()
  await button(page, '我的登记').click()
  await page.getByRole('link', { name: /^202 1号楼 1单元 周海燕/ }).click()
  await button(page, '更正').click()
  await tick(page, '点错了')
  await asItShould(page, 'correcting')
  await button(page, '已搬离').click()
  await page.getByRole('link', { name: /待上传/ }).click()
  await said(page, '1号楼 2单元 101')
  await asItShould(page, 'outbox')

  // --- the server is back: everything arrives once, one entry waits with its sentence ----------------------------------
  await served.start()
  await button(page, '现在上传').click()
  await said(page, '未接受 1')
  await said(page, '这个证件号码在本社区已登记')
  await asItShould(page, 'refused')
  await expect
    .poll(() => linesIn(town), { timeout: 40_000 })
    .toEqual([
      '王秀兰 door reached',
      '张建国 door reached',
      '赵德柱 door nobody',
      '赵德柱 notice nobody',
      '周海燕 door reached',
      '周海燕 door moved',
      '吴志强 door reached',
      '郑文静 door reached',
      '冯国庆 phone reached',
    ])
  await button(page, '修改后重发').click()
  await page.getByRole('dialog').getByLabel('证件号码').fill('')
  await axe(page, 'mending')
  await shot(page, 'round-mending')
  await button(page, '重发').last().click()
  await allSent(page)
  const rows = await attemptsIn(town)
  expect(rows).toHaveLength(10)
  expect(rows.every((row) => row.times === 1)).toBe(true)
  expect(rows.map((row) => `${row.room} ${row.head}`)).toContain('302 韩冰')
  expect(
    await town.rows(sql<{ n: number }>`select count(*)::int as n from screening_attempts where replaces is not null`),
  ).toEqual([{ n: 1 }])

  // --- the same figure on the phone, on the console and in the rows ------------------------------------------------------
  const covered = new Set(rows.filter((row) => row.outcome === 'reached' && row.head !== '周海燕').map((row) => row.head)).size
  expect(covered).toBe(6)
  await page.getByRole('link', { name: '排查' }).click()
  await said(page, `已完成 ${covered} / 11 户`)
  await expect.poll(() => figure(secretary, '已覆盖'), { timeout: 20_000 }).toBe(covered)
  expect(await figure(secretary, '应排查')).toBe(13)
  expect(await figure(secretary, '张贴提示')).toBe(1)
  expect(await figure(secretary, '有症状')).toBe(1)
  expectQuiet(
    page,
    /ERR_CONNECTION_REFUSED/,
    /ERR_CONNECTION_RESET/,
    /ERR_CONNECTION_CLOSED/,
    /ERR_EMPTY_RESPONSE/,
    /status of 409/,
  )
  await consoleTour(secretary)
  expectQuiet(secretary)
}, 300_000)

test('over plain HTTP from another name one sentence says what is off, and recording works online', async () => {
  served = await town.serve({ host: secureHost })
  await (await town.as('secretary')).tell(openCampaign, { title: '第一轮全面排查', area: places.community })
  phone = await openPhone()
  const { page } = phone
  await signIn(page)
  await said(page, '已完成 0 / 10 户')
  await said(page, /本页不是加密连接（HTTPS）：不能离线使用/)
  await asItShould(page, 'plain')
  await button(page, /下一户 101/).click()
  await button(page, /全户正常/).click()
  await at(page, '102')
  expect(await linesIn(town)).toEqual(['王秀兰 door reached'])
  await page.getByRole('link', { name: '排查' }).click()
  await said(page, '已完成 1 / 10 户')
  const kept = await page.evaluate(async () => ({
    databases: (await indexedDB.databases()).length,
    local: JSON.stringify(localStorage),
    session: JSON.stringify(sessionStorage),
  }))
  expect(kept.databases).toBe(0)
  expect(`${kept.local}${kept.session}`).not.toMatch(/王秀兰|张建国|13800000/)

  await served.stop()
  await button(page, /下一户 102/).click()
  await button(page, /全户正常/).click()
  await said(page, /这一条还没有提交，请联网后再按一次/)
  await served.start()
  await button(page, /全户正常/).click()
  await at(page, '201')
  expect(await linesIn(town)).toEqual(['王秀兰 door reached', '张建国 door reached'])

  // The same visit for who reads English.
  await page.getByRole('link', { name: '我的' }).click()
  await tick(page, 'English')
  await page.getByRole('link', { name: 'Doors' }).click()
  await button(page, /Next: 201/).click()
  await button(page, /All well/).waitFor()
  await asItShould(page, 'visit-english')
  await alsoLarge(page)
  expectQuiet(
    page,
    /ERR_CONNECTION_REFUSED/,
    /ERR_CONNECTION_RESET/,
    /ERR_CONNECTION_CLOSED/,
    /ERR_EMPTY_RESPONSE/,
    /Cross-Origin-Opener-Policy header has been ignored/,
  )
}, 120_000)
