// A key folder of its own for each test, and the words that the tests of keys share.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach } from 'vitest'
import { newId } from '#core/ids.ts'
import { isProblem } from '#core/problem.ts'
import type { Purpose } from './names.ts'
import { openKeyRing, type KeyRing } from './ring.ts'

export const here = '310115001001'
export const there = '310115001002'
export const dataId = newId()
export const response = (): Purpose => `response:${newId()}`

/** `dir` is a folder that is not there yet, another for each test. */
export const at = { dir: '' }

const base = mkdtempSync(join(tmpdir(), 'linli-keys-'))
let count = 0
beforeEach(() => {
  at.dir = join(base, String(++count))
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

/** Opens the ring of new data. */
export const openHere = (id = dataId): Promise<KeyRing> => openKeyRing({ dir: at.dir, dataId: id, fresh: true })
/** Opens the ring of data that has one. */
export const again = (id = dataId): Promise<KeyRing> => openKeyRing({ dir: at.dir, dataId: id, fresh: false })

export const fileOf = (community: string): string => join(at.dir, 'communities', community.slice(0, 6), `${community}.json`)

/** Code of the problem that the work ends in. */
export async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work()
  } catch (error) {
    if (isProblem(error)) return error.code
    throw error
  }
  return 'nothing refused'
}
