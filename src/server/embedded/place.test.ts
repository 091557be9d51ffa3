// Where data lies, by the environment and the directory of the start alone; no database is started.
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { isRoot } from './osUser.ts'
import { chooseDataDir, isInside, sharedPlace } from './place.ts'

const base = mkdtempSync(join(realpathSync(tmpdir()), 'linli-place-'))
chmodSync(base, 0o711)
afterAll(() => rmSync(base, { recursive: true, force: true }))

test('LINLI_DATA is taken as said; otherwise data lies in the working directory', () => {
  expect(chooseDataDir({ LINLI_DATA: '/srv/linli' }, base)).toEqual({ dir: '/srv/linli' })
  expect(chooseDataDir({ LINLI_DATA: 'mine' }, base)).toEqual({ dir: join(base, 'mine') })
  expect(chooseDataDir({}, base)).toEqual({ dir: join(base, 'data') })
})

test.skipIf(!isRoot())('root in a closed directory keeps data where the database can reach it, and says so', () => {
  const closed = mkdtempSync(join(base, 'closed-'))
  const chosen = chooseDataDir({}, join(closed, 'clone'))
  expect(chosen.dir).toBe(sharedPlace)
  expect(chosen.moved?.en).toContain(closed)
  expect(chosen.moved?.zh).toContain(sharedPlace)
})

test('inside and outside', () => {
  expect(isInside('/a/b/c', '/a/b')).toBe(true)
  expect(isInside('/a/b', '/a/b')).toBe(true)
  expect(isInside('/a/bc', '/a/b')).toBe(false)
  expect(isInside('/a', '/a/b')).toBe(false)
  expect(isInside('/a/..b', '/a')).toBe(true)
})
