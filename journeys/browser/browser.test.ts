// Proves the instruments that every journey relies on: that Chinese is drawn, that each check can fail, that a secure phone
// starts without a network after it was killed.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cached } from './cache.ts'
import { axe, boxes, enlarge, noOverflow, targets } from './checks.ts'
import { findChromium } from './chromium.ts'
import { fontEnvironment } from './fonts.ts'
import { countTaps, expectQuiet, openConsole, openPhone, shot, startBrowser, withBrowser } from './page.ts'
import { print } from './pdf.ts'
import { makeCertificates, openSecurePhone, secureHost, type Certificates } from './tls.ts'

const head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>邻里</title>'
const html = (body: string, style = ''): string => `<!doctype html><html lang="zh-CN"><head>${head}
  <style>body{font:18px/1.5 sans-serif;margin:8px}${style}</style></head><body>${body}</body></html>`

const form = `<main><h1>入户排查</h1>
  <form><p><label>姓名 <input name="name"></label></p><p><label>出生日期 <input name="born" type="date"></label></p>
  <p><label>关系 <select name="kin"><option>本人<option>子女</select></label></p>
  <button type="button" onclick="this.textContent='已保存'">保存</button></form></main>`
const roomy = 'input,select,button{min-height:48px;min-width:48px;font-size:18px;max-width:100%}'
const tiny = 'button{width:30px;height:30px;padding:0}'

const pages: Record<string, string> = {
  '/good': html(form, roomy),
  '/faulty': html('<main><h1>x</h1><input><button>好</button><p>看不清</p></main>', `${tiny}p{color:#bbb}`),
  '/wide': html('<main><h1>x</h1><p style="width:600px">这一段太宽</p></main>'),
  '/tight': html(
    '<main><h1>排查</h1><button style="width:90px;height:40px;overflow:hidden;white-space:nowrap">提交日报</button></main>',
  ),
  '/noisy': html('<main><h1>x</h1></main><script>console.error("表单出错"); fetch("/missing")</script>'),
  '/sheets': html('<h1>日报</h1><p style="break-after:page">第一页 37.3℃</p><p>第二页</p>'),
  '/offline': html('<main><h1>离线也能打开</h1></main><script src="/start.js"></script>'),
}
const scripts: Record<string, string> = {
  '/start.js': 'navigator.serviceWorker.register("/worker.js")',
  '/worker.js': `
    const keep = async () => (await caches.open('shell')).addAll(['/offline', '/start.js'])
    const find = async (request) => (await caches.match(request)) ?? fetch(request)
    addEventListener('install', (event) => event.waitUntil(keep()))
    addEventListener('fetch', (event) => event.respondWith(find(event.request)))`,
}

/** Serves under a policy without eval and foreign scripts, so that no instrument depends on a lax one. */
const answer: RequestListener = ({ url = '' }, response) => {
  const content = pages[url] ?? scripts[url]
  response.setHeader('content-security-policy', "default-src 'self' 'unsafe-inline'")
  response.setHeader('content-type', url in scripts ? 'text/javascript' : 'text/html')
  response.setHeader('set-cookie', 'session=one; Max-Age=86400; HttpOnly; Path=/')
  response.writeHead(content ? 200 : url === '/favicon.ico' ? 204 : 404)
  response.end(content)
}

const listen = (server: Server): Promise<number> =>
  new Promise((done) => server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)))

const stop = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => done())
    server.closeAllConnections()
  })

const server = createServer(answer)
let origin = ''
let browser: Browser

beforeAll(async () => {
  origin = `http://127.0.0.1:${await listen(server)}`
  browser = await startBrowser()
}, 60_000)

afterAll(async () => {
  await browser.close()
  await stop(server)
})

async function onPhone(path: string, work: (page: Page) => Promise<void>): Promise<void> {
  const page = await openPhone(browser, origin + path)
  try {
    await work(page)
  } finally {
    await page.context().close()
  }
}

describe('the browser', () => {
  test('starts, and is found only once per process', async () => {
    expect(await findChromium()).toBe(await findChromium())
    await withBrowser(async (another) => expect(another.isConnected()).toBe(true))
  })

  test('a folder that several workers make at once is made whole, and where it can be written', async () => {
    const root = mkdtempSync(join(tmpdir(), 'linli-cache-test-'))
    const blocked = join(root, 'file')
    writeFileSync(blocked, '')
    const fill = async (folder: string): Promise<void> => writeFileSync(join(folder, 'made'), folder)
    const folders = await Promise.all([1, 2, 3].map(() => cached('thing', fill, [join(blocked, 'below'), join(root, 'ours')])))
    expect(new Set(folders)).toEqual(new Set([join(root, 'ours/thing')]))
    const made = readFileSync(join(root, 'ours/thing/made'), 'utf8')
    expect(made).toContain('.thing-')
    const again = await cached('thing', () => Promise.reject(new Error('made twice')), [join(root, 'ours')])
    expect(again).toBe(folders[0])
    await expect(cached('other', () => Promise.reject(new Error('full')), [join(root, 'ours')])).rejects.toThrow('"other"')
    rmSync(root, { recursive: true })
  })

  test('the phone is 360 px with touch in Shanghai, the console 1440 px', async () => {
    const about = () => {
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
      return [innerWidth, innerHeight, navigator.maxTouchPoints > 0, navigator.language, timeZone]
    }
    const handset = await openPhone(browser, `${origin}/good`)
    const desk = await openConsole(browser, `${origin}/good`, { locale: 'en' })
    expect(await handset.evaluate(about)).toEqual([360, 740, true, 'zh-CN', 'Asia/Shanghai'])
    expect(await desk.evaluate(about)).toEqual([1440, 900, false, 'en', 'Asia/Shanghai'])
    await Promise.all([handset.context().close(), desk.context().close()])
  })
})

describe('what is drawn', () => {
  test('Chinese characters are characters, not boxes', () =>
    onPhone('/good', async (page) => {
      expect(await boxes(page, '邻里社区疫情防控 é ℃①✓□ 喆堃璟 0189 Az')).toEqual([])
      expect(await boxes(page, '邻\u0379里\u0380')).toEqual(['\u0379', '\u0380'])
      const neighbour = await picture(page, '邻')
      expect(await picture(page, '里')).not.toBe(neighbour)
      expect(await picture(page, '邻')).toBe(neighbour)
    }))

  test.runIf(process.platform === 'linux')('where the system has no Chinese font, the private ones are used', async () => {
    const path = process.env.PATH
    process.env.PATH = '' // no fc-list, so nobody says which fonts there are
    const fonts = await fontEnvironment().finally(() => (process.env.PATH = path))
    const found = await findChromium()
    const bare = await chromium.launch({ ...found, env: { ...found.env, ...fonts } })
    const page = await openPhone(bare, `${origin}/good`)
    expect(await boxes(page, '邻里 é ℃①✓□ 喆堃璟 0189 Az')).toEqual([])
    for (const text of ['邻里', 'Linli 0189', '℃①✓□', '喆堃璟']) {
      expect(await fontsOf(page, text)).toEqual(['Noto Sans SC Thin'])
    }
    await bare.close()
  })

  test('a screenshot is kept', () =>
    onPhone('/good', async (page) => {
      expect(statSync(await shot(page, 'browser-test')).size).toBeGreaterThan(5_000)
    }))

  test('a printed sheet has its pages and its font', () =>
    onPhone('/sheets', async (page) => {
      const printed = await print(page, 'browser-test')
      expect(printed.pages).toBe(2)
      expect(printed.fonts.length).toBeGreaterThan(0)
      expect(statSync(printed.path).size).toBeGreaterThan(5_000)
    }))
})

/** The ink of one character in the page itself (not on a canvas), as bytes. */
async function picture(page: Page, character: string): Promise<string> {
  await page.locator('h1').evaluate((title, text) => void (title.textContent = text), character)
  return (await page.locator('h1').screenshot()).toString('base64')
}

/** The families that the browser really took to draw a text. */
async function fontsOf(page: Page, text: string): Promise<string[]> {
  await page.locator('h1').evaluate((title, words) => void (title.textContent = words), text)
  await page.locator('h1').boundingBox() // lays the new text out
  const session = await page.context().newCDPSession(page)
  await session.send('DOM.enable')
  await session.send('CSS.enable')
  const { root } = await session.send('DOM.getDocument')
  const { nodeId } = await session.send('DOM.querySelector', { nodeId: root.nodeId, selector: 'h1' })
  const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId })
  return [...new Set(fonts.map(({ familyName }) => familyName))]
}

describe('the checks', () => {
  test('a good page passes all of them, at 200 % text as well, and comes back as it was', () =>
    onPhone('/good', async (page) => {
      await axe(page, 'good')
      await targets(page, 48)
      await noOverflow(page)
      const size = () => page.locator('button').evaluate((button) => getComputedStyle(button).fontSize)
      await enlarge(page, 200)
      expect(await size()).toBe('36px')
      await enlarge(page, 200)
      expect(await size()).toBe('36px')
      await enlarge(page, 100)
      expect(await size()).toBe('18px')
      expect(await page.locator('[style]').count()).toBe(0)
      expectQuiet(page)
    }))

  test('axe names rule and place', () =>
    onPhone('/faulty', async (page) => {
      await expect(axe(page, '坏页')).rejects.toThrow(/坏页[^]*color-contrast[^]*\bp\b[^]*label[^]*input/)
    }))

  test('a small target is named with its size', () =>
    onPhone('/faulty', async (page) => {
      await expect(targets(page, 48)).rejects.toThrow('button "好": 30 × 30')
      await targets(page, 20)
    }))

  test('sideways scrolling is found and its cause named', () =>
    onPhone('/wide', async (page) => {
      await expect(noOverflow(page)).rejects.toThrow('"这一段太宽" ends at 608 px')
    }))

  test('text that is cut off when enlarged is found', () =>
    onPhone('/tight', async (page) => {
      await noOverflow(page)
      await expect(enlarge(page, 200)).rejects.toThrow('button "提交日报"')
    }))

  test('a page that complains is not quiet, unless it was provoked', () =>
    onPhone('/noisy', async (page) => {
      await page.waitForLoadState('networkidle')
      expect(() => expectQuiet(page)).toThrow(/表单出错[^]*404/)
      expectQuiet(page)
      await page.reload({ waitUntil: 'networkidle' })
      expectQuiet(page, /表单出错/, /404/)
    }))

  test('a request that finds no server is heard', () =>
    onPhone('/good', async (page) => {
      await page.context().setOffline(true)
      await page.evaluate(() => fetch('/good').catch(() => undefined))
      expect(() => expectQuiet(page)).toThrow('ERR_INTERNET_DISCONNECTED')
    }))
})

describe('counting', () => {
  test('taps and keys of a person are counted, also where Playwright fills at once, and over a reload', () =>
    onPhone('/good', async (page) => {
      const counted = await countTaps(page)
      await page.locator('button').tap()
      expect(await counted()).toEqual({ taps: 1, keys: 0, total: 1 })
      await page.locator('[name=name]').pressSequentially('Li')
      expect(await counted()).toEqual({ taps: 1, keys: 2, total: 3 })
      await page.locator('[name=name]').fill('王小明')
      expect(await counted()).toEqual({ taps: 1, keys: 6, total: 7 })
      await page.locator('[name=born]').fill('1950-01-31')
      expect(await counted()).toEqual({ taps: 1, keys: 14, total: 15 })
      const later = await countTaps(page)
      await page.locator('[name=kin]').selectOption('子女')
      await page.keyboard.press('Shift+Tab')
      expect(await later()).toEqual({ taps: 2, keys: 1, total: 3 })
      await page.reload()
      await page.locator('button').click()
      expect(await later()).toEqual({ taps: 3, keys: 1, total: 4 })
      expect((await counted()).total).toBe(19)
    }))
})

describe('the secure phone', () => {
  test('has service worker, camera and WebCrypto, and starts without a server after it was killed', async () => {
    const certificates = await makeCertificates()
    const profileDir = mkdtempSync(join(tmpdir(), 'linli-profile-'))
    const secure = secureServer(certificates)
    const port = await listen(secure)
    const wish = { origin: `https://${secureHost}:${port}`, spki: certificates.spki, profileDir, path: '/offline' }
    try {
      const before = await openSecurePhone(wish)
      expect(await before.page.evaluate(powers)).toEqual({ secure: true, crypto: true, worker: 'activated', cameras: 1 })
      await before.page.evaluate(keepNote, '邻里')
      expectQuiet(before.page)
      await before.kill()
      await stop(secure)

      const after = await openSecurePhone(wish)
      expect(await after.page.locator('h1').textContent()).toBe('离线也能打开')
      expect(await after.page.evaluate(readNote)).toBe('邻里')
      await expect(after.page.goto(`${wish.origin}/good`)).rejects.toThrow('ERR_FAILED')
      const cookies = await after.context.cookies()
      expect(cookies.map(({ name, value, httpOnly }) => [name, value, httpOnly])).toEqual([['session', 'one', true]])
      await after.close()
    } finally {
      if (secure.listening) await stop(secure)
      rmSync(profileDir, { recursive: true, force: true })
      certificates.remove()
    }
  }, 30_000)

  test('trusts no other authority', async () => {
    const [ours, theirs] = await Promise.all([makeCertificates(), makeCertificates()])
    const profileDir = mkdtempSync(join(tmpdir(), 'linli-profile-'))
    const secure = secureServer(ours)
    const wish = { origin: `https://${secureHost}:${await listen(secure)}`, spki: theirs.spki, profileDir }
    await expect(openSecurePhone(wish)).rejects.toThrow('ERR_CERT_AUTHORITY_INVALID')
    await stop(secure)
    rmSync(profileDir, { recursive: true, force: true })
    ours.remove()
    theirs.remove()
  }, 30_000)
})

const secureServer = ({ keyFile, certFile }: Certificates): Server =>
  createSecureServer({ key: readFileSync(keyFile), cert: readFileSync(certFile) }, answer)

async function powers(): Promise<object> {
  const { active } = await navigator.serviceWorker.ready
  if (active?.state === 'activating') await new Promise((done) => active.addEventListener('statechange', done, { once: true }))
  const film = await navigator.mediaDevices.getUserMedia({ video: true })
  const cameras = film.getVideoTracks().length
  film.getTracks().forEach((track) => track.stop())
  return { secure: isSecureContext, crypto: crypto.subtle !== undefined, worker: active?.state, cameras }
}

const keepNote = (note: string): Promise<void> =>
  new Promise((done) => {
    const opening = indexedDB.open('notes', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('notes')
    opening.onsuccess = () => {
      const writing = opening.result.transaction('notes', 'readwrite')
      writing.objectStore('notes').put(note, 'only')
      writing.oncomplete = () => done()
    }
  })

const readNote = (): Promise<unknown> =>
  new Promise((done) => {
    const opening = indexedDB.open('notes', 1)
    opening.onsuccess = () => {
      const reading = opening.result.transaction('notes').objectStore('notes').get('only')
      reading.onsuccess = () => done(reading.result)
    }
  })
