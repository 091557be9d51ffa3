// The floors of the house: app → modules → server | web → core, and between modules down only.
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { modules } from '#app/modules.ts'
import { arrows, circles, packagesOf, sources } from './imports.ts'

const src = resolve(import.meta.dirname, '../src')
const all = arrows()
const floorOf = (file: string) => file.split('/')[0]!
const moduleOf = (file: string) => file.split('/')[1]!
const order = modules.map((m) => m.name)

const may: Record<string, readonly string[]> = {
  core: ['core'],
  server: ['core', 'server'],
  web: ['core', 'web'],
  modules: ['core', 'server', 'web', 'modules'],
  app: ['core', 'server', 'web', 'modules', 'app'],
}

test('imports go down only', () => {
  const wrong = all.filter(({ from, to }) => !may[floorOf(from)]?.includes(floorOf(to)))
  expect(wrong.map((a) => `${a.from} → ${a.to}`)).toEqual([])
})

test('between modules imports follow the register', () => {
  const wrong = all.filter(
    ({ from, to }) =>
      floorOf(from) === 'modules' && floorOf(to) === 'modules' && order.indexOf(moduleOf(to)) > order.indexOf(moduleOf(from)),
  )
  expect(wrong.map((a) => `${a.from} → ${a.to}`)).toEqual([])
})

test('there is no circle, type imports included', () => {
  expect(circles(all)).toEqual([])
})

test('core leans on zod alone, and the server never reaches a page', () => {
  const strangers = sources()
    .filter((f) => floorOf(f) === 'core')
    .flatMap((f) =>
      packagesOf(f)
        .filter((p) => p !== 'zod')
        .map((p) => `${f}: ${p}`),
    )
  expect(strangers).toEqual([])
  const pages = all.filter(
    ({ from, to }) =>
      /^(server\/|modules\/[^/]+\/(server|model|api))/.test(from) && (to.endsWith('.tsx') || to.startsWith('web/')),
  )
  expect(pages.map((a) => `${a.from} → ${a.to}`)).toEqual([])
})

test('every module folder stands in the register, with the rooms of a module', () => {
  const folders = readdirSync(join(src, 'modules')).sort()
  expect([...order].sort()).toEqual(folders)
  for (const name of folders) {
    const rooms = readdirSync(join(src, 'modules', name))
    for (const room of ['README.md', 'model.ts', 'api.ts']) expect(rooms, name).toContain(room)
    expect(
      rooms.some((r) => r === 'server.ts' || r === 'server'),
      name,
    ).toBe(true)
    expect(
      rooms.some((r) => r.endsWith('.test.ts')),
      `${name} has stories`,
    ).toBe(true)
  }
})

test('no barrels: a file that only hands on', () => {
  const barrels = sources().filter((f) => {
    const words = readFileSync(join(src, f), 'utf8')
      .split('\n')
      .filter((l) => l.trim() && !l.trim().startsWith('//'))
    return words.length > 1 && words.every((l) => /^export .* from /.test(l))
  })
  expect(barrels).toEqual([])
})
