// The verdict on a folder, and what several processes do to one.
import { spawn } from 'node:child_process'
import { readFileSync, statSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { newId } from '#core/ids.ts'
import { locked } from './files.ts'
import { again, at, codeOf, dataId, fileOf, here, openHere, response, there } from './folder.testing.ts'
import type { Purpose } from './names.ts'
import { passwords } from './passwords.ts'
import { verifyKeys } from './verify.ts'

describe('verify', () => {
  test('counts what is sound', async () => {
    const ring = await openHere()
    ring.encrypt(here, 'register', 'x', 'c')
    ring.encrypt(here, response(), 'x', 'c')
    ring.secret(`passes:${there}`)
    ring.rotate('audit')
    passwords(at.dir).of('app')
    const newest = ring.keysOf('audit').at(-1)!.created
    expect(ring.verify()).toEqual({
      ok: true,
      problems: [],
      counts: { communities: 2, keys: 12, active: 11, retired: 1, destroyed: 0, newest },
    })
  })

  test.each(['ring.json', `communities/310115/${here}.json`, 'passwords.json'])(
    'names a truncated or altered %s',
    async (file) => {
      const ring = await openHere()
      ring.encrypt(here, 'register', 'x', 'c')
      ring.encrypt(there, 'register', 'x', 'c')
      passwords(at.dir).of('app')
      const path = join(at.dir, file)
      truncateSync(path, statSync(path).size - 40)
      expect(ring.verify().problems).toMatchObject([{ code: 'keys.damaged', details: { file } }])
      truncateSync(path, 0)
      expect(ring.verify().problems).toMatchObject([{ code: 'keys.damaged', details: { file } }])
    },
  )

  test('a truncated file stops its own community only, and what it held comes back with the copy', async () => {
    const first = await openHere()
    const closed = first.encrypt(here, 'register', 'x', 'c')
    first.encrypt(there, 'register', 'x', 'c')
    const copy = readFileSync(fileOf(here))
    truncateSync(fileOf(here), 100)
    const ring = await again()
    expect(await codeOf(() => ring.decrypt(here, closed, 'c'))).toBe('keys.damaged')
    expect(await codeOf(() => ring.encrypt(here, response(), 'x', 'c'))).toBe('keys.damaged')
    ring.encrypt(there, 'register', 'x', 'c')
    writeFileSync(fileOf(here), copy)
    expect(ring.decrypt(here, closed, 'c')).toBe('x')
  })

  test('one changed letter of a key is found, in the ring and in a community', async () => {
    const ring = await openHere()
    ring.encrypt(here, 'register', 'x', 'c')
    for (const [path, file] of [
      [fileOf(here), `communities/310115/${here}.json`],
      [join(at.dir, 'ring.json'), 'ring.json'],
    ] as const) {
      const sound = readFileSync(path, 'utf8')
      writeFileSync(
        path,
        sound.replace(/("material": ")(.)/, (_, head: string, letter: string) => head + (letter === 'A' ? 'B' : 'A')),
      )
      expect(verifyKeys({ dir: at.dir, dataId }).problems).toMatchObject([{ code: 'keys.damaged', details: { file } }])
      writeFileSync(path, sound)
    }
    expect(ring.verify().ok).toBe(true)
  })

  test('names a lost file once, a lost key, the wrong data and an absent folder', async () => {
    const ring = await openHere()
    ring.encrypt(here, 'register', 'x', 'c')
    const before = readFileSync(fileOf(here))
    ring.secret(`passes:${here}`)
    writeFileSync(fileOf(here), before)
    expect(ring.verify().problems).toMatchObject([
      { code: 'keys.missing', details: { where: expect.stringContaining(`passes:${here}`) } },
    ])
    unlinkSync(fileOf(here))
    expect(ring.verify().problems).toMatchObject([
      { code: 'keys.missing', details: { where: `communities/310115/${here}.json` } },
    ])
    expect(verifyKeys({ dir: at.dir, dataId: newId() }).problems.map((p) => p.code)).toEqual(['keys.foreign'])
    expect(verifyKeys({ dir: `${at.dir}-none`, dataId }).problems.map((p) => p.code)).toEqual(['keys.missing'])
  })
})

type Made = { purpose: Purpose; closed: string; found: string; password: string }

/** Runs a second process on the ring; `kill` ends it with SIGKILL after so many lines. */
function race(purposes: readonly Purpose[], kill = Infinity): Promise<Made[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'race.testing.ts'), at.dir, dataId, here, ...purposes], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let words = ''
  child.stdout.on('data', (chunk: Buffer) => {
    words += chunk.toString()
    if (words.split('\n').length > kill) child.kill('SIGKILL')
  })
  return new Promise((done, fail) =>
    child.on('close', (code, signal) => {
      if (code !== 0 && signal !== 'SIGKILL') fail(new Error(`The second process ended with ${code}.`))
      else
        done(
          words
            .split('\n')
            .slice(0, -1)
            .map((line) => JSON.parse(line) as Made),
        )
    }),
  )
}

describe('several processes on one folder', () => {
  test('make the same ring and the same keys, and none is lost', async () => {
    const shared = Array.from({ length: 12 }, response)
    const own = Array.from({ length: 3 }, () => Array.from({ length: 8 }, response))
    const told = await Promise.all(own.map((mine) => race([...shared, ...mine])))
    const ring = await again()
    for (const made of told.flat()) {
      expect(ring.decrypt(here, Buffer.from(made.closed, 'base64url'), made.purpose)).toMatch(/^made by \d+$/)
      expect(ring.searchDigest(here, made.purpose, 'phone', '13800000000').toString('base64url')).toBe(made.found)
      expect(passwords(at.dir).of(`login for ${made.purpose}`)).toBe(made.password)
    }
    expect(told.flat()).toHaveLength(60)
    expect(ring.verify()).toMatchObject({ ok: true, counts: { keys: 6 + 2 * 36 } })
  }, 60_000)

  test('do not disturb a verdict that is reached meanwhile', async () => {
    const ring = await openHere()
    ring.encrypt(here, 'register', 'x', 'c')
    let busy = true
    const writing = race(Array.from({ length: 60 }, response)).finally(() => {
      busy = false
    })
    let verdicts = 0
    for (; busy; verdicts++) {
      expect(ring.verify().problems).toEqual([])
      await new Promise((done) => setTimeout(done, 1))
    }
    expect((await writing).length).toBe(60)
    expect(verdicts).toBeGreaterThan(10)
  }, 60_000)

  test('one killed in the middle leaves a sound ring and no lock behind', async () => {
    for (const lines of [1, 4]) {
      const told = await race(Array.from({ length: 200 }, response), lines)
      expect(told.length).toBeLessThan(200)
      const begun = performance.now()
      const ring = await again()
      ring.encrypt(here, response(), 'x', 'c')
      expect(performance.now() - begun).toBeLessThan(3000)
      for (const made of told) expect(ring.decrypt(here, Buffer.from(made.closed, 'base64url'), made.purpose)).toMatch(/^made by/)
      expect(ring.verify().problems).toEqual([])
    }
  }, 60_000)

  test('a line of the history torn by a crash hides nothing that comes after it', async () => {
    const ring = await openHere()
    ring.encrypt(here, 'register', 'x', 'c')
    const path = join(at.dir, 'history.log')
    truncateSync(path, statSync(path).size - 5)
    const other = await again()
    other.secret(`passes:${there}`)
    unlinkSync(fileOf(there))
    unlinkSync(fileOf(here))
    expect(other.verify().problems.map((p) => p.details)).toMatchObject([
      { where: `communities/310115/${here}.json` },
      { where: `communities/310115/${there}.json` },
    ])
  })

  test('wait for the lock, and it is free again when its holder fails', async () => {
    expect(() =>
      locked(at.dir, () => {
        throw new Error('half way')
      }),
    ).toThrow('half way')
    expect(locked(at.dir, () => 'done')).toBe('done')
  })
})
