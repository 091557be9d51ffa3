// What a phone loads before it shows anything: at most 120 kB, compressed as it travels.
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { buildPhone } from './trial-page.ts'

const limit = 120_000

test('the first look of the phone travels in 120 kB, and nothing of the console comes with it', async () => {
  const outDir = await buildPhone()
  try {
    const html = readFileSync(join(outDir, 'index.html'), 'utf8')
    const files = ['index.html', ...[...html.matchAll(/(?:src|href)="\/m\/(assets\/[^"]+)"/g)].map((found) => found[1]!)]
    const sizes = files.map((name) => [name, gzipSync(readFileSync(join(outDir, name)), { level: 9 }).length] as const)
    const total = sizes.reduce((sum, [, size]) => sum + size, 0)
    console.info(`first look of the phone: ${total} bytes gz of ${limit}`, Object.fromEntries(sizes))
    expect(files.length).toBeGreaterThan(2)
    expect(total).toBeLessThanOrEqual(limit)
    const sw = readFileSync(join(outDir, 'sw.js'), 'utf8')
    expect(sw).toContain('index.html')
    expect(sw).toContain('\\/api')
    expect(files.some((name) => readFileSync(join(outDir, name), 'utf8').includes('ant-btn'))).toBe(false)
  } finally {
    rmSync(outDir, { recursive: true, force: true })
  }
})
