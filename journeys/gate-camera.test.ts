// A pass held before the camera of the gate: read, verified and judged on the phone.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'
import { encode } from 'uqr'
import { afterAll, beforeAll, test } from 'vitest'
import { createAccount, openSession } from '#modules/identity/server.ts'
import { households } from '#modules/residents/api.ts'
import * as passes from '#modules/access/api.ts'
import { addGate } from '#modules/access/gateApi.ts'
import { findChromium } from './browser/chromium.ts'
import { expectQuiet, openPhone } from './browser/page.ts'
import { button, choosePin, said } from './round-steps.ts'
import { password, places, raiseTown, signedIn, type Served, type Town } from './town.ts'

let browser: Browser | undefined
const folder = mkdtempSync(join(tmpdir(), 'linli-gate-'))
let town: Town
let served: Served

beforeAll(async () => {
  town = await raiseTown()
  served = await town.serve()
})
afterAll(async () => {
  await town?.close()
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** One grey picture of a code as a video of a camera, 640 × 480. */
function film(written: string): string {
  const { data, size } = encode(written, { ecc: 'M', border: 4 })
  const [width, height, cell] = [640, 480, Math.floor(440 / size)]
  const light = Buffer.alloc(width * height, 200)
  for (let y = 0; y < size * cell; y++)
    for (let x = 0; x < size * cell; x++)
      light[(y + 20) * width + x + 100] = data[Math.floor(y / cell)]![Math.floor(x / cell)] ? 20 : 235
  const frame = Buffer.concat([Buffer.from('FRAME\n'), light, Buffer.alloc((width * height) / 2, 128)])
  const path = join(folder, 'pass.y4m')
  writeFileSync(path, Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]))
  return path
}

test('a pass before the camera is read, verified and judged on the phone', async () => {
  const secretary = await town.as('secretary')
  await secretary.tell(addGate, { name: '东门', placeName: '梅园小区' })
  const home = (await secretary.ask(households, {})).rows.find((row) => row.address.endsWith('1单元 201'))!
  const pass = await secretary.tell(passes.issue, { household: home.id })
  const text = (await secretary.ask(passes.cards, { pass: pass.id })).rows[0]!.text
  const found = await findChromium()
  const fake = [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-video-capture=${film(text)}`,
  ]
  browser = await chromium.launch({ ...found, args: [...(found.args ?? []), ...fake] })
  const account = await createAccount(town.running.house, {
    area: places.community,
    username: 'guard',
    name: '门卫老秦',
    password,
    assignments: [{ role: 'gateGuard', area: places.community }],
  })
  const { cookie } = await openSession(town.running.house, account)
  const phone = await signedIn((url) => openPhone(browser!, url, { permissions: ['camera'] }), served, cookie, '/m/gate')
  await choosePin(phone)
  await button(phone, '东门').click()
  await button(phone, '扫证').click()
  await said(phone, '可以通行')
  await said(phone, '赵**')
  expectQuiet(phone)
}, 120_000)
