// Opens pages as a resident's phone or an office's console sees them, and keeps what a journey must not overlook: the browser's
// complaints, screenshots, and how many taps and keys a task took.
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { findChromium } from './chromium.ts'

/** Where screenshots and printed pages go; not kept in version control. */
export const shotsFolder = resolve(import.meta.dirname, '../shots')

/** So long a step may take on a machine that others use too; what never comes is a fault, not a race. */
const patienceMs = 25_000

const inShanghai: BrowserContextOptions = { locale: 'zh-CN', timezoneId: 'Asia/Shanghai' }

/** The small phone that every phone page must fit: 360 × 740 CSS px, touch. */
export const phone: BrowserContextOptions = {
  ...inShanghai,
  viewport: { width: 360, height: 740 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
}

/** The office screen: 1440 × 900 CSS px. */
export const office: BrowserContextOptions = { ...inShanghai, viewport: { width: 1440, height: 900 } }

/** A running browser for a whole test file (`beforeAll`); whoever starts it closes it. */
export const startBrowser = async (): Promise<Browser> => chromium.launch(await findChromium())

/** Runs `work` with a browser of its own and closes it whatever happens. */
export async function withBrowser<T>(work: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await startBrowser()
  try {
    return await work(browser)
  } finally {
    await browser.close()
  }
}

/** A phone with storage of its own, standing at `url`. `options` overrule the usual phone, e.g. `{ locale: 'en' }`. */
export const openPhone = (browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Page> =>
  open(browser, url, { ...phone, ...options })

/** An office screen with storage of its own, standing at `url`. `options` overrule the usual screen. */
export const openConsole = (browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Page> =>
  open(browser, url, { ...office, ...options })

async function open(browser: Browser, url: string, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  watch(page)
  await page.goto(url)
  return page
}

const complaints = new WeakMap<Page, string[]>()

/** Starts to collect what `expectQuiet` will ask for. The functions that open a page do it; another page needs it by hand. */
export function watch(page: Page): void {
  const heard: string[] = []
  complaints.set(page, heard)
  page.setDefaultTimeout(patienceMs)
  page.on('pageerror', (error) => heard.push(`uncaught: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') heard.push(`console: ${message.text()} (${message.location().url})`)
  })
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'failed'
    // Leaving a page ends its live stream and whatever it was still asking for; nobody misses the answer.
    if (reason !== 'net::ERR_ABORTED') heard.push(`request: ${request.method()} ${request.url()} ${reason}`)
  })
}

/**
 * Throws when the page wrote an error to its console, threw, or had a request fail since the last time this was asked. What a
 * journey provokes on purpose (a refusal, a dead network) is named in `allowed`.
 */
export function expectQuiet(page: Page, ...allowed: RegExp[]): void {
  const heard = complaints.get(page)
  if (!heard) throw new Error('Nobody listened to this page: open it with openPhone or openConsole, or call watch(page) first.')
  const unexpected = heard.splice(0).filter((line) => !allowed.some((pattern) => pattern.test(line)))
  if (unexpected.length > 0) throw new Error(`The page was not quiet:\n${unexpected.map((line) => `  ${line}`).join('\n')}`)
}

/** Saves what the page shows, in full length, as journeys/shots/<name>.png and gives the file's path. */
export async function shot(page: Page, name: string): Promise<string> {
  mkdirSync(shotsFolder, { recursive: true })
  const path = join(shotsFolder, `${name}.png`)
  await page.screenshot({ path, fullPage: true, animations: 'disabled' })
  return path
}

/** What a person did: `taps` on the screen, `keys` pressed, and both together. */
export type Effort = { taps: number; keys: number; total: number }

const efforts = new WeakMap<Page, { taps: number; keys: number }>()

/**
 * Counts from here: the function it gives answers how many taps and keys the page has had since. Text filled in at once counts one
 * key for each character, and a Chinese word one more for choosing it; a choice in a list counts two taps.
 */
export async function countTaps(page: Page): Promise<() => Promise<Effort>> {
  const counted = efforts.get(page) ?? (await startCounting(page))
  const before = { ...counted }
  return async () => {
    await page.evaluate(() => undefined) // whatever the page has reported by now arrives before this answer
    const taps = counted.taps - before.taps
    const keys = counted.keys - before.keys
    return { taps, keys, total: taps + keys }
  }
}

async function startCounting(page: Page): Promise<{ taps: number; keys: number }> {
  const counted = { taps: 0, keys: 0 }
  efforts.set(page, counted)
  await page.exposeFunction('reportEffort', (kind: 'taps' | 'keys', amount: number) => void (counted[kind] += amount))
  await page.addInitScript(listenForEffort)
  await page.evaluate(listenForEffort)
  return counted
}

/** Runs inside the page. Playwright fills a field without pressing keys: text that no key announced counts by its length. */
function listenForEffort(): void {
  const report = (window as unknown as { reportEffort: (kind: 'taps' | 'keys', amount: number) => void }).reportEffort
  const han = /\p{Script=Han}/u
  let announced = false
  let inWord = false
  const listen = <K extends keyof WindowEventMap>(kind: K, heard: (event: WindowEventMap[K]) => void): void =>
    window.addEventListener(kind, heard, { capture: true, passive: true })

  listen('pointerdown', (event) => {
    if (event.isTrusted) report('taps', 1)
    inWord = false
  })
  listen('keydown', (event) => {
    if (!event.isTrusted || ['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) return
    announced = event.key.length === 1
    inWord = false
    report('keys', 1)
  })
  listen('input', (event) => {
    const text = event instanceof InputEvent ? (event.data ?? '') : ''
    const field = event.target
    if (!event.isTrusted && field instanceof HTMLSelectElement) report('taps', 2)
    else if (!event.isTrusted && field instanceof HTMLInputElement) report('keys', field.value.replace(/\D/g, '').length)
    else if (!announced) {
      report('keys', [...text].length + (han.test(text) && !inWord ? 1 : 0))
      inWord = han.test(text)
    }
    announced = false
  })
}
