// Builds the trial page with the phone's own settings, and drives it.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import type { Trial } from './trial/main.ts'
import type { Visit } from './trial/contracts.ts'

declare const trial: Trial

/** The built trial page, in a folder of its own. */
export const buildTrial = (): Promise<string> => buildPhone(resolve(import.meta.dirname, 'trial'))

/** Builds a phone from its folder (the product's own where none is named) as `npm run build` does. */
export async function buildPhone(root?: string): Promise<string> {
  const { build } = await import('vite')
  const outDir = mkdtempSync(join(tmpdir(), 'linli-phone-'))
  const before = process.env.NODE_ENV
  // The test runner's own mode would put the talkative half of React into the build.
  process.env.NODE_ENV = 'production'
  try {
    await build({
      configFile: resolve(import.meta.dirname, '../../vite.config.ts'),
      mode: 'phone',
      logLevel: 'error',
      build: { outDir },
      ...(root ? { root } : {}),
    })
  } finally {
    process.env.NODE_ENV = before
  }
  return outDir
}

export const pin = '248613'

/** Signs in on the page. */
export async function signIn(page: Page, name: 'li' | 'wang' = 'li'): Promise<void> {
  await page.getByLabel('用户名').fill(name)
  await page.getByLabel('密码').fill('correct horse')
  await page.getByRole('button', { name: '登录' }).click()
}

/** Sets the PIN on the page by its keys. */
export async function choosePin(page: Page): Promise<void> {
  await page.getByText('设一个 PIN').waitFor()
  await type(page, pin)
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByText('再输一次').waitFor()
  await type(page, pin)
  await page.getByRole('button', { name: '确定' }).click()
  await page.getByRole('heading', { name: '入户排查' }).waitFor()
}

export async function type(page: Page, digits: string): Promise<void> {
  for (const digit of digits) await page.locator('.keys button', { hasText: digit }).first().click()
}

export async function unlock(page: Page, digits = pin): Promise<void> {
  await page.getByRole('heading', { name: '已锁定' }).waitFor()
  await type(page, digits)
  await page.getByRole('button', { name: '解锁' }).click()
}

/** Records without touching the screen. */
export const record = (page: Page, input: Visit): Promise<string> => page.evaluate((given) => trial.record(given), input)
/** How many items lie in the queue, read from the disk itself. */
export const waiting = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('linli-phone')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const counting = opening.result.transaction('outbox').objectStore('outbox').count()
          counting.onsuccess = () => {
            opening.result.close()
            resolve(counting.result)
          }
        }
      }),
  )
export const sendingNow = (page: Page): Promise<string> => page.evaluate(() => trial.sending())
/** When the first item of the queue was tapped, as the phone knows it. */
export const firstTap = (page: Page): Promise<string> => page.evaluate(() => trial.outbox()[0]!.clock!.at)
/** Tries to set a PIN; answers the code of the problem, null when it was set. */
export const trySetUp = (page: Page, digits: string): Promise<string | null> =>
  page.evaluate(
    (given) =>
      trial.setUp(given).then(
        () => null,
        (problem: { code: string }) => problem.code,
      ),
    digits,
  )
export const vaultState = (page: Page): Promise<string> => page.evaluate(() => trial.vault().state)
export const tryPin = (page: Page, digits: string): Promise<string> => page.evaluate((given) => trial.unlock(given), digits)
