// A shift over HTTPS on a real name: the battery dies, the server is gone, the phone starts again and goes on. And without HTTPS.
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { makeCertificates, openSecurePhone, secureHost, type Certificates, type SecurePhone } from '../browser/tls.ts'
import { startTrialServer, type TrialServer } from './server.ts'
import { buildTrial, choosePin, signIn, unlock, waiting } from './trial-page.ts'

let dist: string
let tls: Certificates
let server: TrialServer
let profileDir: string
let phone: SecurePhone

beforeAll(async () => {
  dist = await buildTrial()
  tls = await makeCertificates()
})
afterAll(() => {
  tls?.remove()
  rmSync(dist, { recursive: true, force: true })
})
beforeEach(() => {
  profileDir = mkdtempSync(join(tmpdir(), 'linli-shift-'))
})
afterEach(async () => {
  await phone?.close().catch(() => undefined)
  await server?.close()
  rmSync(profileDir, { recursive: true, force: true })
})

const open = (scheme: 'http' | 'https') =>
  openSecurePhone({ origin: `${scheme}://${secureHost}:${server.port}`, path: '/m/', spki: tls.spki, profileDir })

test('a shift goes on after the battery died, without a server, and arrives when it is back', async () => {
  server = await startTrialServer({ dist, tls })
  const { port } = server
  phone = await open('https')
  await signIn(phone.page)
  await choosePin(phone.page)
  await phone.page.getByText('1-101').waitFor()
  await phone.page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
  // Signing in anew is not what is tried here: the browser writes its cookies some seconds later.
  await phone.context.cookies()
  await server.close()
  await phone.page.getByRole('button', { name: '全户正常' }).click()
  await phone.page.getByText('1-102').waitFor()
  await phone.kill()

  server = { ...server, close: async () => undefined }
  phone = await open('https')
  await unlock(phone.page)
  await phone.page.getByText('1-102').waitFor()
  await phone.page.getByText('已完成 1 / 3 户').waitFor()
  await phone.page.getByText('离线 · 待上传 1').waitFor()
  await phone.page.getByRole('button', { name: '家中无人' }).click()
  await phone.page.getByText('1-201').waitFor()
  expect(await waiting(phone.page)).toBe(2)

  server = await startTrialServer({ dist, tls, port, key: server.key })
  await phone.context.addCookies([{ name: 'who', value: 'li', domain: secureHost, path: '/' }])
  await expect
    .poll(() => [...server.arrived.values()].map((one) => one.input), { timeout: 60_000 })
    .toEqual([
      { door: '1-101', outcome: 'well' },
      { door: '1-102', outcome: 'away' },
    ])
  const timings = [...server.arrived.values()].map((one) => one.timing)
  expect(new Set(timings.map((one) => one.run)).size, 'two runs of the app').toBe(2)
  expect(timings.map((one) => one.clockDoubt)).toEqual([null, null])
  await phone.page.getByText('在线 · 待上传 0').waitFor()
  await expect.poll(() => phone.page.getByText('已完成 2 / 3 户').isVisible()).toBe(true)
}, 120_000)

test('a new version waits until it is asked in', async () => {
  server = await startTrialServer({ dist, tls })
  phone = await open('https')
  const { page } = phone
  await page.getByLabel('用户名').waitFor()
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
  await page.reload()
  await page.evaluate(() => {
    Object.assign(globalThis, { before: true })
  })
  appendFileSync(join(dist, 'sw.js'), '\n// a later build\n')
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.getRegistration())!.update()
  })
  await page.getByText('有新版本。').waitFor()
  expect(await page.evaluate(() => 'before' in globalThis), 'nothing loads anew by itself').toBe(true)
  await page.getByRole('button', { name: '更新' }).click()
  await expect.poll(() => page.evaluate(() => 'before' in globalThis).catch(() => true)).toBe(false)
  await page.getByLabel('用户名').waitFor()
}, 60_000)

test('without HTTPS nothing is kept: records go out at once, or the page says that they have not', async () => {
  server = await startTrialServer({ dist })
  phone = await open('http')
  const { page } = phone
  expect(await page.evaluate(() => isSecureContext)).toBe(false)
  await signIn(page)
  await page.getByText('本页不是加密连接（HTTPS）').waitFor()
  await page.getByText('1-101').waitFor()
  await page.getByRole('button', { name: '全户正常' }).click()
  await expect.poll(() => server.arrived.size).toBe(1)
  expect([...server.arrived.values()][0]).toMatchObject({ input: { door: '1-101' }, sealed: false })
  await page.getByRole('button', { name: '有人不适' }).click()
  await page.getByLabel('门牌').fill('1-102')
  await page.getByText('不适', { exact: true }).click()
  await page.getByLabel('备注').fill('咳嗽')
  await phone.context.setOffline(true)
  await page.getByRole('button', { name: '登记' }).click()
  await page.getByText('这一条还没有提交').waitFor()
  expect(await page.getByLabel('备注').inputValue()).toBe('咳嗽')
  expect(await page.evaluate(() => [localStorage, sessionStorage].map((box) => JSON.stringify(box)).join())).not.toContain('咳嗽')
  expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0)
  await phone.context.setOffline(false)
  await page.getByRole('button', { name: '登记' }).click()
  await expect.poll(() => server.arrived.size).toBe(2)
  await page.getByText('1-201').waitFor()
}, 60_000)
