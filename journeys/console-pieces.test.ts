// The console's own pieces in a real browser, on a ledger that belongs to no module and a server that only pretends.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import type { Browser, Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { headers } from '#core/contract.ts'
import { axe, noOverflow } from './browser/checks.ts'
import { expectQuiet, openConsole, shot, startBrowser } from './browser/page.ts'
import { print } from './browser/pdf.ts'
import { entryOf, pretend, type Pretended } from './pieces/serve.ts'

let browser: Browser
let server: Pretended
let page: Page
const dist = mkdtempSync(join(tmpdir(), 'linli-pieces-'))

beforeAll(async () => {
  process.env['NODE_ENV'] = 'production'
  await build({
    configFile: false,
    root: resolve(import.meta.dirname, 'pieces'),
    base: '/console/',
    logLevel: 'error',
    plugins: [react()],
    build: {
      outDir: dist,
      emptyOutDir: true,
      reportCompressedSize: false,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 2000,
    },
  })
  browser = await startBrowser()
})
afterAll(async () => {
  await browser?.close()
  rmSync(dist, { recursive: true, force: true })
})
beforeEach(async () => {
  server = await pretend(dist)
  for (let i = 0; i < 60; i++) {
    const state = i % 3 ? 'lit' : 'dark'
    server.entries.push(entryOf({ seenOn: '2026-11-22', road: 'east', state, power: 60 + i, caller: i % 2 ? '李**' : null }))
  }
  page = await openConsole(browser, `${server.url}/console/lamps`)
  return async () => {
    await page.context().close()
    await server.close()
  }
})

const row = (nth: number) => page.locator('tbody tr').nth(nth)
const rowsShown = () => page.locator('tbody tr').count()
const recorded = () => server.asked.filter((a) => a.name === 'lamps.record')

async function fillIn(power = '120'): Promise<void> {
  await page.getByRole('button', { name: '登记' }).click()
  const drawer = page.getByRole('dialog')
  await drawer.getByLabel('巡查日期').fill('2026-11-22')
  await drawer.getByLabel('巡查日期').press('Enter')
  await drawer.getByLabel('路段').click()
  await page.getByTitle('西路').click()
  await drawer.getByRole('radio', { name: '昏暗' }).check()
  await drawer.getByRole('checkbox', { name: '线路' }).check()
  await drawer.getByLabel('功率').fill(power)
  await drawer.getByLabel('报修人').fill('王小明')
}

test('a ledger page comes out of its declaration, wide and narrow, in both languages', async () => {
  await expect.poll(rowsShown).toBe(50)
  await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent()).toBe('甲社区 · 路灯巡查台账')
  await expect
    .poll(() => page.locator('thead th').allTextContents())
    .toEqual(['巡查日期', '路段', '亮度', '损坏部件', '功率 瓦', '报修人', '备注', '发生时间', '登记人', '操作'])
  await expect.poll(() => row(0).locator('td').first().textContent()).toBe('2026年11月22日')
  await expect.poll(() => page.locator('.ledger-foot').textContent()).toContain('已显示 50 条，共 60 条')
  await expect.poll(() => page.locator('.figure').first().textContent()).toContain('60 次')
  await axe(page, 'ledger, wide')
  await shot(page, 'pieces-ledger')

  await page.getByRole('button', { name: '继续显示' }).click()
  await expect.poll(rowsShown).toBe(60)

  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('button', { name: 'Record', exact: true }).waitFor()
  await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('en-GB')
  await expect.poll(() => row(0).locator('td').first().textContent()).toBe('22 Nov 2026')
  await page.setViewportSize({ width: 360, height: 740 })
  await noOverflow(page)
  await axe(page, 'ledger, narrow')
  await shot(page, 'pieces-ledger-narrow')
  expectQuiet(page)
})

test('a filter stands in the address and is asked again after a reload', async () => {
  await page.getByLabel('亮度').click()
  await page.getByTitle('不亮').click()
  await expect.poll(rowsShown).toBe(20)
  expect(new URL(page.url()).search).toBe('?state=dark')
  await page.reload()
  await expect.poll(rowsShown).toBe(20)
  await page.getByRole('button', { name: '清除筛选' }).click()
  await expect.poll(rowsShown).toBe(50)
  expect(new URL(page.url()).search).toBe('')
})

test('a form says what is missing, keeps its draft over a reload, and records once', async () => {
  await page.getByRole('button', { name: '登记' }).click()
  const drawer = page.getByRole('dialog')
  await drawer.getByRole('button', { name: '保存' }).click()
  await expect.poll(() => drawer.getByRole('alert').textContent()).toContain('有 4 处需要补全')
  await expect.poll(() => drawer.locator('[data-field=road] .field-error').textContent()).toBe('请选择')
  await axe(page, 'form with complaints')
  await shot(page, 'pieces-form-complaints')
  await drawer
    .getByRole('button', { name: '关闭' })
    .or(drawer.getByRole('button', { name: 'Close' }))
    .first()
    .click()

  await fillIn('999')
  await drawer.getByLabel('备注').focus()
  await expect.poll(() => drawer.locator('[data-field=power] .field-error').textContent()).toBe('不能大于 400')
  await drawer.getByLabel('功率').fill('120')
  await page.reload()
  await page.getByRole('button', { name: '登记' }).click()
  await expect.poll(() => drawer.getByLabel('报修人').inputValue()).toBe('王小明')
  await expect.poll(() => drawer.getByText('已恢复上次没有提交的内容').isVisible()).toBe(true)
  await shot(page, 'pieces-form')
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('王小明')

  await drawer.getByLabel('备注').press('Control+Enter')
  await drawer.waitFor({ state: 'hidden' })
  expect(recorded().map((a) => a.input)).toEqual([
    { seenOn: '2026-11-22', road: 'west', state: 'dim', parts: ['wire'], power: 120, caller: '王小明' },
  ])
  await expect.poll(() => row(0).textContent()).toContain('西路')
  expectQuiet(page)
})

test('a reply lost on the way: the second sending carries the same id', async () => {
  await fillIn()
  server.refuse = (asked) => (asked.name === 'lamps.record' ? 'lose' : undefined)
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByText('现在连不上服务器').first().waitFor()
  server.refuse = undefined
  await page.getByRole('button', { name: '再试一次' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  expect(recorded().length).toBeGreaterThan(1)
  expect(new Set(recorded().map((a) => a.headers[headers.key])).size).toBe(1)
  expect(server.entries).toHaveLength(61)
})

test('a refusal by the server is said at its field', async () => {
  await fillIn()
  const refusal = {
    code: 'door.unreadable',
    status: 400,
    title: { zh: '有 1 处', en: '1 field' },
    details: { fields: ['power'] },
  }
  server.refuse = (asked) => (asked.name === 'lamps.record' ? { status: 400, body: refusal } : undefined)
  await page.getByRole('button', { name: '保存' }).click()
  await expect.poll(() => page.locator('[data-field=power] .field-error').textContent()).toBe('请核对后重填')
  expectQuiet(page, /400/)
})

test('a correction keeps the entry and asks for the reason; a withdrawal too', async () => {
  await row(0).getByRole('button', { name: '更正' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('功率').fill('75')
  await dialog.getByRole('button', { name: '保存' }).click()
  await expect.poll(() => dialog.locator('[data-field=reason] .field-error').textContent()).toBe('请填写')
  await dialog.getByLabel('更正原因').fill('看错了')
  await dialog.getByRole('button', { name: '保存' }).click()
  await dialog.waitFor({ state: 'hidden' })
  const correction = server.asked.find((a) => a.name === 'lamps.correct')!
  expect(correction.input).toMatchObject({ reason: '看错了', entry: { power: 75, state: 'dark' } })

  await row(1).getByRole('button', { name: '撤回' }).click()
  await dialog.getByRole('button', { name: '撤回' }).click()
  await dialog.locator('.field.wrong').waitFor()
  await axe(page, 'withdrawal')
  await dialog.getByLabel('原因').fill('重复登记')
  await dialog.getByRole('button', { name: '撤回' }).click()
  await expect.poll(() => page.locator('.ledger-foot').textContent()).toContain('共 59 条')
  expect(server.asked.find((a) => a.name === 'lamps.withdraw')!.input).toMatchObject({ reason: '重复登记' })

  await row(0).locator('.row-open').click()
  await page.getByRole('heading', { name: '更正记录' }).waitFor()
  await axe(page, 'one record')
  await shot(page, 'pieces-record')
})

test('in a post that may only read, buttons say why they do nothing', async () => {
  await page.getByLabel('工作岗位').click()
  await page.getByTitle('乙社区 · 查看人').click()
  await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent()).toContain('乙社区')
  await expect.poll(() => page.getByRole('button', { name: '登记' }).count()).toBe(0)
  const correct = row(0).getByRole('button', { name: '更正' })
  await correct.focus()
  await page
    .getByRole('tooltip', { name: '当前岗位只能查看' })
    .or(page.locator('.ant-tooltip', { hasText: '当前岗位只能查看' }))
    .first()
    .waitFor()
  await correct.press('Enter')
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  const last = server.asked.filter((a) => a.name === 'lamps.list').at(-1)!
  expect(last.headers[headers.post]).toBe('0198a000-0000-7000-8000-000000000002')
  await axe(page, 'reader')
})

test('a session that ends lays the sign-in over the page; what was typed stays', async () => {
  await fillIn()
  const ended = { code: 'identity.signedOut', status: 401, title: { zh: '请登录', en: 'Sign in' }, details: {} }
  server.refuse = () => ({ status: 401, body: ended })
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByText('登录已失效').waitFor()
  server.refuse = undefined
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.getByText('登录已失效').waitFor({ state: 'hidden' })
  await expect.poll(() => page.getByLabel('报修人').inputValue()).toBe('王小明')
})

test('a live event asks again, as a refresh', async () => {
  await expect.poll(rowsShown).toBe(50)
  server.entries.unshift(entryOf({ seenOn: '2026-11-22', road: 'lake', state: 'lit', power: 10 }))
  server.asked.length = 0
  server.changed('somethingElse')
  server.changed('lamps')
  await expect.poll(() => row(0).textContent()).toContain('湖滨路')
  expect(server.asked.length).toBeGreaterThan(0)
  expect(server.asked.every((a) => a.headers[headers.refresh] === '1')).toBe(true)
})

test('an import is previewed row by row before anything is written', async () => {
  await page.goto(`${server.url}/console/lamp-list`)
  await page.getByText('上传后只是预览').waitFor()
  await axe(page, 'upload')
  const file = { name: '路灯.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from('rows') }
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByRole('progressbar').waitFor()
  await page.getByText('共 3 行：1 行可以新增，1 行已登记过；1 行需要改正').waitFor()
  expect(server.asked.find((a) => a.name === 'lamps.listStart')!.input).toEqual({ fileName: '路灯.xlsx', content: 'rows' })
  await expect.poll(rowsShown).toBe(3)
  await axe(page, 'preview')
  await shot(page, 'pieces-import')

  await page.locator('.figure', { hasText: '需要改正' }).click()
  await expect.poll(rowsShown).toBe(1)
  await expect.poll(() => row(0).textContent()).toContain('功率不能大于 400')
  await page.getByRole('button', { name: '确认导入 1 行' }).click()
  await page.getByText('已导入 1 行；1 行需要改正').waitFor()
  await page.getByRole('button', { name: '上传文件' }).click()
  await page.getByRole('button', { name: '选择文件' }).waitFor()
  expectQuiet(page)
})

test('the official sheet goes to paper with its lines, totals and notes', async () => {
  await expect.poll(rowsShown).toBe(50)
  await page.evaluate(() => {
    window.print = () => {
      document.title = 'printing'
    }
  })
  await page.getByRole('button', { name: '打印' }).click()
  await expect.poll(() => page.title()).toBe('printing')
  const sheet = page.locator('.sheet')
  await page.emulateMedia({ media: 'print' })
  await expect.poll(() => sheet.isVisible()).toBe(true)
  await expect.poll(() => page.locator('.shell').isVisible()).toBe(false)
  await expect.poll(() => sheet.locator('tbody tr').count()).toBe(61)
  await expect.poll(() => sheet.locator('.sheet-total').textContent()).toContain('5,370')
  await expect.poll(() => sheet.locator('thead tr').first().textContent()).toContain('检查')
  await shot(page, 'pieces-sheet')
  const printed = await print(page, 'pieces-sheet')
  expect(printed.pages).toBeGreaterThan(1)
})
