// Passes of a building: issued at the desk, printed, and read back from the printed sheet as a gate would read them.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { instantAt, msOf } from '#core/dates.ts'
import { passes, trust } from '#modules/access/api.ts'
import { judge } from '#modules/access/pass.ts'
import { verifierOf } from '#modules/access/server/signing.ts'
import { axe, noOverflow } from './browser/checks.ts'
import { expectQuiet, openConsole, shot, startBrowser } from './browser/page.ts'
import { print } from './browser/pdf.ts'
import { raiseTown, signedIn, type Served, type Town } from './town.ts'

let browser: Browser
let town: Town
let served: Served
const noon = msOf(instantAt('2026-03-03', '12:00'))

beforeEach(async () => {
  ;[browser, town] = await Promise.all([startBrowser(), raiseTown({ now: () => noon })])
  served = await town.serve()
  prepareZXingModule({
    overrides: {
      wasmBinary: readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'))
        .buffer as ArrayBuffer,
    },
  })
})
afterEach(async () => {
  await town?.close()
  await browser?.close()
})

/** What a gate reads from a picture of a printed page. */
async function scanned(page: Page, card: number): Promise<string[]> {
  const picture = await page
    .locator('.paper .access-page:not(.access-backs) .access-card')
    .nth(card)
    .screenshot({ timeout: 30_000 })
  return (await readBarcodes(new Uint8Array(picture), { formats: ['QRCode'], tryHarder: true, maxNumberOfSymbols: 8 })).map(
    (found) => found.text,
  )
}

test('a building gets its passes, its sheet is printed, and each code on it opens the gate', async () => {
  const secretary = await town.as('secretary')
  const desk = await signedIn((url) => openConsole(browser, url), served, secretary.cookie, '/console/access')
  await desk.evaluate(() => {
    window.print = () => undefined
  })
  await desk.getByText('还没有发过出入证').waitFor()
  await desk.getByRole('button', { name: '整栋发证' }).click()
  await desk.locator('.ant-drawer').getByLabel('楼栋').click()
  await desk.keyboard.press('Enter')
  await desk.locator('.ant-drawer form button[type=submit], .ant-drawer button.ant-btn-primary').first().click()
  const fronts = desk.locator('.paper .access-page:not(.access-backs) .access-card')
  await fronts.first().waitFor({ state: 'attached' })

  const { rows, total } = await secretary.ask(passes, {})
  expect(total).toBeGreaterThan(0)
  expect(await fronts.count()).toBe(total)
  await desk.emulateMedia({ media: 'print' })
  const { keys, stopped } = await secretary.ask(trust, {})
  const gate = {
    verifies: verifierOf(keys.map((key) => ({ ...key, created: '', ended: null }))),
    stopped: (id: string) => stopped.includes(id),
  }
  for (let card = 0; card < total!; card++) {
    const [text, ...more] = await scanned(desk, card)
    expect(more).toEqual([])
    expect(judge(text!, gate, '2026-03-03')).toMatchObject({ valid: true })
  }
  // Printing closes the sheet, so it is scanned before.
  expect((await print(desk, 'access-cards')).pages).toBe(2 * Math.ceil(total! / 4) + (total! > 1 ? 1 : 0))
  await desk.emulateMedia({ media: 'screen' })

  const first = desk.locator('section.ledger tbody tr', { hasText: rows[0]!.shortCode })
  await first.waitFor()
  await axe(desk, 'access')
  await shot(desk, 'access')
  await desk.setViewportSize({ width: 360, height: 740 })
  await noOverflow(desk)
  await shot(desk, 'access-360')
  expectQuiet(desk)
})
