// A photo in a worker's hand: it says where it was taken, is taken without a network, outlives a reload, and arrives once saying nothing.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from 'kysely'
import { seeFile } from '#core/files.ts'
import { cleaned } from '#server/files/cleaned.ts'
import { exif, tellsOf, tellTale } from '#modules/files/pictures.testing.ts'
import { axe } from '../browser/checks.ts'
import { expectQuiet, openConsole, openPhone, shot, startBrowser } from '../browser/page.ts'
import { allSent, asItShould, button, choosePin, pin, said, tick, type } from '../round-steps.ts'
import { raiseTown, signedIn, type Served, type Staff, type Town } from '../town.ts'

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

async function at(who: Staff, path: string, open: typeof openPhone): Promise<Page> {
  const { cookie } = await town.as(who)
  return signedIn((url) => open(browser, url), served, cookie, path)
}

/** A photo as a camera makes it: large, on its side, noisy enough to be heavy, with its place. */
async function photo(page: Page): Promise<Buffer> {
  const drawn = await page.evaluate(() => {
    const canvas = document.createElement('canvas')
    canvas.width = 2400
    canvas.height = 1200
    const pen = canvas.getContext('2d')!
    for (let x = 0; x < 2400; x += 8) {
      for (let y = 0; y < 1200; y += 8) {
        pen.fillStyle = `rgb(${(x * 7) % 256} ${(y * 13) % 256} ${(x * y) % 256})`
        pen.fillRect(x, y, 8, 8)
      }
    }
    return canvas.toDataURL('image/jpeg', 0.95).split(',')[1]!
  })
  return tellTale(Buffer.from(drawn, 'base64'), { orientation: 6 })
}

const fetched = async (who: Staff, file: string, more = {}) => {
  const { cookie } = await town.as(who)
  return fetch(`${served.origin}/api/${seeFile.name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ input: { of: 'disinfection', file, ...more } }),
  })
}

test('a photo with its place is taken offline, outlives a reload, and arrives once without it', async () => {
  const phone = await at('li', '/m/disinfection', openPhone)
  await choosePin(phone)
  await phone.getByLabel('开始', { exact: true }).waitFor()
  await phone.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
  const original = await photo(phone)
  expect(tellsOf(original)).toEqual(expect.arrayContaining(['Exif', 'LINLICAM', 'xmpmeta', 'Meiyuan']))
  expect(original.length).toBeGreaterThan(300_000)

  await phone.context().setOffline(true)
  await phone.getByLabel('开始', { exact: true }).fill('08:00')
  await phone.getByLabel('结束', { exact: true }).fill('08:20')
  for (const choice of ['电梯轿厢', '按键', '擦拭']) await tick(phone, choice)
  const camera = phone.getByLabel('拍照')
  for (const name of ['IMG_0001.jpg', 'renamed.png']) {
    await camera.setInputFiles({ name, mimeType: 'image/jpeg', buffer: original })
    await phone.getByAltText(name === 'IMG_0001.jpg' ? '第 1 张照片' : '第 2 张照片').waitFor()
  }
  await camera.setInputFiles({ name: 'notes.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture at all') })
  await said(phone, '这张图片打不开')
  await asItShould(phone, 'photo')
  await button(phone, '删除第 2 张').click()
  await phone.getByAltText('第 2 张照片').waitFor({ state: 'detached' })

  // What is typed is written a moment later; the photo already lies on the disk, closed.
  await expect
    .poll(
      () =>
        phone.evaluate(async () => {
          const db = await new Promise<IDBDatabase>((done) => {
            const asked = indexedDB.open('linli-phone')
            asked.onsuccess = () => done(asked.result)
          })
          const rows = await new Promise<{ key: string; closed: { ct: ArrayBuffer } }[]>((done) => {
            const asked = db.transaction('sets').objectStore('sets').getAll()
            asked.onsuccess = () => done(asked.result)
          })
          db.close()
          return rows
            .map((row) => row.key.split(':')[0])
            .sort()
            .filter((kind) => kind === 'draft' || kind === 'photo')
        }),
      { timeout: 20_000 },
    )
    .toEqual(['draft', 'photo'])
  await phone.reload()
  await said(phone, '已锁定')
  await type(phone, pin)
  await button(phone, '解锁').click()
  await phone.getByAltText('第 1 张照片').waitFor()
  await expect.poll(() => phone.locator('.photos li').count(), { timeout: 20_000 }).toBe(1)
  await button(phone, '登记').click()
  await said(phone, '本机刚登记的')
  await said(phone, '1 张')

  // The server is there for a moment, gone, and there again: answers are lost on the way.
  let lost = 0
  await phone.route('**/api/files.add', async (route) => {
    if (lost++ > 0) return route.continue()
    await route.fetch()
    return route.abort()
  })
  await phone.context().setOffline(false)
  await allSent(phone)
  expect(lost, 'sent again after an answer was lost').toBeGreaterThan(1)

  const rows = await town.rows(sql<{ id: string; bytes: number; width: number; height: number; named: string[] }>`
    select f.id, f.bytes, f.width, f.height, (select photos from disinfection_rounds) as named from files f`)
  expect(rows).toHaveLength(1)
  const [file] = rows
  expect(file!.named).toEqual([file!.id])
  expect({ width: file!.width, height: file!.height }, 'upright, 1600 px at most').toEqual({ width: 800, height: 1600 })
  expect(file!.bytes).toBeLessThanOrEqual(300_000)
  const answer = await fetched('secretary', file!.id)
  expect(answer.headers.get('content-type')).toBe('image/jpeg')
  const arrived = Buffer.from(await answer.arrayBuffer())
  expect(tellsOf(arrived)).toEqual([])
  expect(arrived.includes(exif().subarray(-24)), 'the degrees themselves').toBe(false)
  expect(cleaned(arrived).bytes).toEqual(arrived)
  expect((await fetched('wang', file!.id)).status).toBe(404)
  expect((await fetched('officer', file!.id, { community: '340301001001' })).status).toBe(403)
  expectQuiet(phone, /net::ERR_|Failed to load resource/)

  const desk = await at('secretary', '/console/disinfection', openConsole)
  await desk.locator('tbody tr .row-open').first().click()
  await desk.getByAltText('第 1 张照片').waitFor()
  await axe(desk, 'record with a photo')
  await shot(desk, 'disinfection-photo')
  await desk.getByRole('button', { name: '第 1 张照片' }).click()
  await desk.locator('img.file-whole').waitFor()
  await expect.poll(() => desk.locator('img.file-whole').evaluate((image: HTMLImageElement) => image.naturalHeight)).toBe(1600)
  expectQuiet(desk)
})
