// Where keys lie and whose they are: rights, missing and foreign keys, passwords, on real files.
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { newId } from '#core/ids.ts'
import { again, at, codeOf, dataId, fileOf, here, openHere, there } from './folder.testing.ts'
import { passwords } from './passwords.ts'
import { keysDir } from './place.ts'
import { verifyKeys } from './verify.ts'

const modeOf = (path: string) => statSync(path).mode & 0o777

describe('the folder', () => {
  test('is LINLI_KEYS, else below the home, and the demo has its own', () => {
    expect(keysDir({ LINLI_KEYS: '/srv/keys' })).toBe('/srv/keys')
    expect(keysDir({ LINLI_KEYS: '~/k' })).toBe(join(homedir(), 'k'))
    expect(keysDir({})).toBe(join(homedir(), '.linli', 'keys'))
    expect(keysDir({ LINLI_KEYS: '' })).toBe(join(homedir(), '.linli', 'keys'))
    expect(keysDir({ LINLI_KEYS: '/srv/keys' }, { demo: true })).toBe('/srv/keys/demo')
  })

  test('is made private, and so is everything in it', async () => {
    at.dir = join(at.dir, 'deep', 'keys')
    const ring = await openHere()
    ring.encrypt(here, 'register', 'x', 'c')
    passwords(at.dir).of('app')
    expect(modeOf(at.dir)).toBe(0o700)
    const inside = readdirSync(at.dir, { recursive: true, withFileTypes: true })
    expect(inside.map((entry) => entry.name)).toEqual(
      expect.arrayContaining(['ring.json', 'history.log', 'passwords.json', `${here}.json`]),
    )
    for (const entry of inside) {
      expect([entry.name, modeOf(join(entry.parentPath, entry.name))]).toEqual([entry.name, entry.isFile() ? 0o600 : 0o700])
    }
  })

  test('that others can look into is refused, with the command that mends it', async () => {
    await openHere()
    chmodSync(at.dir, 0o750)
    await expect(again()).rejects.toMatchObject({
      code: 'keys.exposed',
      say: { en: expect.stringContaining(`chmod -R go-rwx '${at.dir}'`) },
    })
    expect(await codeOf(() => passwords(at.dir).of('app'))).toBe('keys.exposed')
    chmodSync(at.dir, 0o700)
    await again()
  })

  test('that is a file, or that cannot be made, is answered in words', async () => {
    writeFileSync(at.dir, '')
    expect(await codeOf(openHere)).toBe('keys.closed')
    expect(await codeOf(() => passwords(join(at.dir, 'below')).of('app'))).toBe('keys.closed')
  })

  test.each(['ring.json', 'history.log'])('a readable %s is refused', async (file) => {
    await openHere()
    chmodSync(join(at.dir, file), 0o604)
    expect(await codeOf(again)).toBe('keys.exposed')
    expect(verifyKeys({ dir: at.dir, dataId }).problems.map((p) => p.code)).toContain('keys.exposed')
  })

  test('a readable file of a community is refused when it is first needed', async () => {
    ;(await openHere()).encrypt(here, 'register', 'x', 'c')
    chmodSync(fileOf(here), 0o644)
    const ring = await again()
    expect(await codeOf(() => ring.encrypt(here, 'register', 'x', 'c'))).toBe('keys.exposed')
    expect(ring.verify().problems.map((p) => p.code)).toEqual(['keys.exposed'])
  })
})

describe('a ring and its data', () => {
  test('data without its keys is not opened and nothing is made', async () => {
    expect(await codeOf(again)).toBe('keys.missing')
    expect(existsSync(at.dir)).toBe(false)
    mkdirSync(at.dir, { mode: 0o700 })
    expect(await codeOf(again)).toBe('keys.missing')
    expect(readdirSync(at.dir)).toEqual([])
  })

  test('keys of other data are refused, for old and for new data', async () => {
    await openHere()
    const held = readFileSync(join(at.dir, 'ring.json'), 'utf8')
    expect(await codeOf(() => again(newId()))).toBe('keys.foreign')
    expect(await codeOf(() => openHere(newId()))).toBe('keys.foreign')
    expect(readFileSync(join(at.dir, 'ring.json'), 'utf8')).toBe(held)
  })

  test("writing another data id into the ring does not make it that data's", async () => {
    await openHere()
    const other = newId()
    const path = join(at.dir, 'ring.json')
    writeFileSync(path, readFileSync(path, 'utf8').replace(dataId, other))
    expect(await codeOf(() => again(other))).toBe('keys.damaged')
  })

  test('a new database is given no ring where keys of communities lie without theirs', async () => {
    ;(await openHere()).encrypt(here, 'register', 'x', 'c')
    unlinkSync(join(at.dir, 'ring.json'))
    expect(await codeOf(again)).toBe('keys.missing')
    expect(await codeOf(openHere)).toBe('keys.foreign')
  })

  test('opening new data twice gives one ring', async () => {
    const [one, two] = [await openHere(), await openHere()]
    expect(two.digest('x')).toEqual(one.digest('x'))
    expect(two.sealKey()).toEqual(one.sealKey())
  })

  test('a community file of another ring is refused', async () => {
    ;(await openHere()).encrypt(here, 'register', 'x', 'c')
    const mine = at.dir
    at.dir = `${mine}-other`
    const other = await openHere()
    other.encrypt(there, 'register', 'x', 'c')
    cpSync(join(mine, 'communities', '310115', `${here}.json`), fileOf(here))
    expect(await codeOf(() => other.encrypt(here, 'register', 'x', 'c'))).toBe('keys.damaged')
  })

  test('a community whose file is gone is not given new keys', async () => {
    const closed = (await openHere()).encrypt(here, 'register', 'x', 'c')
    unlinkSync(fileOf(here))
    const ring = await again()
    expect(await codeOf(() => ring.encrypt(here, 'register', 'x', 'c'))).toBe('keys.missing')
    expect(await codeOf(() => ring.searchDigest(here, 'register', 'phone', '1'))).toBe('keys.missing')
    expect(await codeOf(() => ring.decrypt(here, closed, 'c'))).toBe('keys.missing')
    expect(existsSync(fileOf(here))).toBe(false)
    ring.encrypt(there, 'register', 'x', 'c')
  })

  test('a lost history is missed once communities have keys', async () => {
    const ring = await openHere()
    unlinkSync(join(at.dir, 'history.log'))
    await again()
    ring.encrypt(here, 'register', 'x', 'c')
    unlinkSync(join(at.dir, 'history.log'))
    expect(await codeOf(again)).toBe('keys.missing')
  })

  test('a ring of a later version is left alone', async () => {
    await openHere()
    const path = join(at.dir, 'ring.json')
    writeFileSync(path, readFileSync(path, 'utf8').replace('"format": 1', '"format": 2'))
    expect(await codeOf(again)).toBe('keys.newer')
  })
})

describe('passwords', () => {
  test('are made once, kept, and renewed on demand', () => {
    const mine = passwords(at.dir)
    expect(mine.has('app')).toBe(false)
    const made = mine.of('app')
    expect(made).toMatch(/^[\w-]{43}$/)
    expect([passwords(at.dir).of('app'), mine.of('other') === made, mine.of('toString').length]).toEqual([made, false, 43])
    expect(mine.renew('app')).not.toBe(made)
    expect(mine.of('other')).toBe(passwords(at.dir).of('other'))
  })
})
