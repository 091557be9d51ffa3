// The server works for any trade: who signs a list, what a place is called, is said by the modules that declare it.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { sources } from './imports.ts'

const src = resolve(import.meta.dirname, '../src')
const trade = /社区书记|社区负责|网格员|网格长|楼长|楼栋长|单元长|楼栋|小区|户主|住户|居民|排查|走访|户数/

/** Lines of code; comments may name an example. */
const code = (file: string): string[] =>
  readFileSync(join(src, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .map((line) => line.replace(/(^|\s)\/\/.*$/, ''))

test('the server holds no words of the trade', () => {
  const files = sources().filter((file) => file.startsWith('server/') && !/\.(test|testing)\.ts$/.test(file))
  expect(files.length).toBeGreaterThan(50)
  expect(
    files.flatMap((file) =>
      code(file)
        .filter((line) => trade.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    ),
  ).toEqual([])
})
