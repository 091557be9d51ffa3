// The key ring on real files: what it keeps, what it refuses, and what two processes do to one folder.
import { spawn } from 'node:child_process'
import {
  chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, openSync, closeSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, unlinkSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { sign, verify, createPublicKey } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { seal, sealedFor } from '#core/envelope.ts'
import { newId } from '#core/ids.ts'
import { isProblem } from '#core/problem.ts'
import { canonicalJson } from './canonical.ts'
import { signingKey } from './ciphers.ts'
import { locked } from './files.ts'
import { passwords } from './passwords.ts'
import { keysDir } from './place.ts'
import { openKeyRing, type KeyRing } from './ring.ts'
import { verifyKeys } from './verify.ts'
import type { Purpose } from './names.ts'

const base = mkdtempSync(join(tmpdir(), 'linli-keys-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

const here = '310115001001'
const there = '310115001002'
const dataId = newId()
let count = 0
let dir = ''
beforeEach(() => {
  count += 1
  dir = join(base, String(count))
})

const openHere = (id = dataId): Promise<KeyRing> => openKeyRing({ dir, dataId: id, fresh: true })
const again = (id = dataId): Promise<KeyRing> => openKeyRing({ dir, dataId: id, fresh: false })
const response = (): Purpose => `response:${newId()}`
const fileOf = (community: string) => join(dir, 'communities', community.slice(0, 6), `${community}.json`)
const modeOf = (path: string) => statSync(path).mode & 0o777

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work()
  } catch (error) {
    if (isProblem(error)) return error.code
    throw error
  }
  return 'nothing refused'
}

describe('the folder', () => {
  test('is LINLI_KEYS, else below the home, and the demo has its own', () => {
    expect(keysDir({ LINLI_KEYS: '/srv/keys' })).toBe('/srv/keys')
    expect(keysDir({ LINLI_KEYS: '~/k' })).toBe(join(homedir(), 'k'))
    expect(keysDir({})).toBe(join(homedir(), '.linli', 'keys'))
    expect(keysDir({ LINLI_KEYS: '' })).toBe(join(homedir(), '.linli', 'keys'))
    expect(keysDir({ LINLI_KEYS: '/srv/keys' }, { demo: true })).toBe('/srv/keys/demo')
  })

  test('is made private, and so is everything in it', async () => {
    dir = join(dir, 'deep', 'keys')
    const ring = await openHere()
    ring.encrypt(here, 'register', 'x', 'c')
    passwords(dir).of('app')
    expect(modeOf(dir)).toBe(0o700)
    const inside = readdirSync(dir, { recursive: true, withFileTypes: true })
    expect(inside.map((entry) => entry.name)).toEqual(expect.arrayContaining(['ring.json', 'history.log', 'passwords.json', `${here}.json`]))
    for (const entry of inside) expect([entry.name, modeOf(join(entry.parentPath, entry.name))]).toEqual([entry.name, entry.isFile() ? 0o600 : 0o700])
  })

  test('that others can look into is refused, with the command that mends it', async () => {
    await openHere()
    chmodSync(dir, 0o750)
    await expect(again()).rejects.toMatchObject({ code: 'keys.exposed', say: { en: expect.stringContaining(`chmod -R go-rwx '${dir}'`) } })
    expect(await codeOf(() => passwords(dir).of('app'))).toBe('keys.exposed')
    chmodSync(dir, 0o700)
    await again()
  })

  test.each(['ring.json', 'history.log'])('a readable %s is refused', async (file) => {
    await openHere()
    chmodSync(join(dir, file), 0o604)
    expect(await codeOf(again)).toBe('keys.exposed')
    expect(verifyKeys({ dir, dataId }).problems.map((p) => p.code)).toContain('keys.exposed')
  })

  test('a readable file of a community is refused when it is first needed', async () => {
    (await openHere()).encrypt(here, 'register', 'x', 'c')
    chmodSync(fileOf(here), 0o644)
    const ring = await again()
    expect(await codeOf(() => ring.encrypt(here, 'register', 'x', 'c'))).toBe('keys.exposed')
    expect(ring.verify().problems.map((p) => p.code)).toEqual(['keys.exposed'])
  })
})

describe('a ring and its data', () => {
  test('data without its keys is not opened and nothing is made', async () => {
    expect(await codeOf(again)).toBe('keys.missing')
    expect(existsSync(dir)).toBe(false)
    mkdirSync(dir, { mode: 0o700 })
    expect(await codeOf(again)).toBe('keys.missing')
    expect(readdirSync(dir)).toEqual([])
  })

  test('keys of other data are refused, for old and for new data', async () => {
    await openHere()
    const held = readFileSync(join(dir, 'ring.json'), 'utf8')
    expect(await codeOf(() => again(newId()))).toBe('keys.foreign')
    expect(await codeOf(() => openHere(newId()))).toBe('keys.foreign')
    expect(readFileSync(join(dir, 'ring.json'), 'utf8')).toBe(held)
  })

  test('writing another data id into the ring does not make it that data\'s', async () => {
    await openHere()
    const other = newId()
    const path = join(dir, 'ring.json')
    writeFileSync(path, readFileSync(path, 'utf8').replace(dataId, other))
    expect(await codeOf(() => again(other))).toBe('keys.damaged')
  })

  test('a new database is given no ring where keys of communities lie without theirs', async () => {
    (await openHere()).encrypt(here, 'register', 'x', 'c')
    unlinkSync(join(dir, 'ring.json'))
    expect(await codeOf(again)).toBe('keys.missing')
    expect(await codeOf(openHere)).toBe('keys.foreign')
  })

  test('opening new data twice gives one ring', async () => {
    const [one, two] = [await openHere(), await openHere()]
    expect(two.digest('x')).toEqual(one.digest('x'))
    expect(two.sealKey()).toEqual(one.sealKey())
  })

  test('a community file of another ring is refused', async () => {
    (await openHere()).encrypt(here, 'register', 'x', 'c')
    const mine = dir
    dir = join(base, `${count}-other`)
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
    unlinkSync(join(dir, 'history.log'))
    await again()
    ring.encrypt(here, 'register', 'x', 'c')
    unlinkSync(join(dir, 'history.log'))
    expect(await codeOf(again)).toBe('keys.missing')
  })

  test('a ring of a later version is left alone', async () => {
    await openHere()
    const path = join(dir, 'ring.json')
    writeFileSync(path, readFileSync(path, 'utf8').replace('"format": 1', '"format": 2'))
    expect(await codeOf(again)).toBe('keys.newer')
  })
})

describe('fields', () => {
  test('open again, in another process\'s ring too, and never twice the same', async () => {
    const ring = await openHere()
    for (const plain of ['11010519491231002X', '', '龘'.repeat(5000)]) {
      const closed = ring.encrypt(here, 'register', plain, 'residents.document:1')
      expect(closed).not.toEqual(ring.encrypt(here, 'register', plain, 'residents.document:1'))
      expect((await again()).decrypt(here, new Uint8Array(closed), 'residents.document:1')).toBe(plain)
    }
  })

  test('each byte counts, and so do the context and the community', async () => {
    const ring = await openHere()
    const closed = ring.encrypt(here, 'register', '13800000000', 'phone:1')
    for (let at = 0; at < closed.length; at++) {
      const changed = Buffer.from(closed)
      changed[at]! ^= 1
      expect([at, await codeOf(() => ring.decrypt(here, changed, 'phone:1'))]).toEqual([at, at >= 1 && at <= 6 ? 'keys.unknownKey' : 'keys.tampered'])
    }
    expect(await codeOf(() => ring.decrypt(here, closed, 'phone:2'))).toBe('keys.tampered')
    expect(await codeOf(() => ring.decrypt(here, closed.subarray(0, -1), 'phone:1'))).toBe('keys.tampered')
    expect(await codeOf(() => ring.decrypt(here, closed.subarray(0, 34), 'phone:1'))).toBe('keys.tampered')
    ring.encrypt(there, 'register', 'x', 'c')
    expect(await codeOf(() => ring.decrypt(there, closed, 'phone:1'))).toBe('keys.unknownKey')
  })

  test('closed with a retired key still open; new ones name the new key', async () => {
    const ring = await openHere()
    const old = ring.encrypt(here, 'register', 'before', 'c')
    ring.rotate(`fields:${here}:register`)
    const young = ring.encrypt(here, 'register', 'after', 'c')
    expect(young.subarray(1, 7)).not.toEqual(old.subarray(1, 7))
    for (const each of [ring, await again()]) expect([each.decrypt(here, old, 'c'), each.decrypt(here, young, 'c')]).toEqual(['before', 'after'])
    expect(ring.keysOf(`fields:${here}:register`).map((key) => key.state)).toEqual(['retired', 'active'])
  })

  test('a code that is no community never becomes a path', async () => {
    const ring = await openHere()
    for (const bad of ['../../etc/passwd', '31011500100', '']) {
      expect(() => ring.encrypt(bad, 'register', 'x', 'c')).toThrow('12 digits')
      expect(() => ring.decrypt(bad, Buffer.alloc(60, 1), 'c')).toThrow('12 digits')
    }
    expect(() => ring.encrypt(here, 'response:../x', 'x', 'c')).toThrow('purpose')
  })
})

describe('digests', () => {
  test('of a search are equal only for one value of one kind, community and purpose', async () => {
    const ring = await openHere()
    const purpose = response()
    const one = ring.searchDigest(here, 'register', 'phone', '13800000000')
    expect(one).toHaveLength(16)
    expect((await again()).searchDigest(here, 'register', 'phone', '13800000000')).toEqual(one)
    const others = [
      ring.searchDigest(here, 'register', 'document', '13800000000'), ring.searchDigest(there, 'register', 'phone', '13800000000'),
      ring.searchDigest(here, purpose, 'phone', '13800000000'), ring.searchDigest(here, 'register', 'phone', '13800000001'),
    ]
    expect(new Set([one, ...others].map(String)).size).toBe(5)
  })

  test('of an input do not depend on the order of its members, but on everything else', async () => {
    const ring = await openHere()
    expect(ring.digest({ a: 1, b: [{ c: '一', d: null }] })).toEqual(ring.digest({ b: [{ d: null, c: '一' }], a: 1, e: undefined }))
    expect(ring.digest({ a: [1, 2] })).not.toEqual(ring.digest({ a: [2, 1] }))
    expect(ring.digest({ a: '1' })).not.toEqual(ring.digest({ a: 1 }))
    expect(ring.digest('x')).toHaveLength(32)
    expect(() => ring.digest(Number.NaN)).toThrow()
    expect(canonicalJson({ b: Temporal.PlainDate.from('2020-02-01'), a: [undefined, 'é"'] })).toBe('{"a":[null,"é\\""],"b":"2020-02-01"}')
  })
})

describe('sealed items', () => {
  const content = { input: { name: '王' }, account: newId(), post: newId(), device: newId() }

  test('open with the present and with a retired key, and only for their request', async () => {
    const ring = await openHere()
    const aad = sealedFor('screening.attempt', newId())
    const sealed = await seal(ring.sealKey(), content, aad)
    expect(await ring.unseal(sealed, aad)).toEqual(content)
    ring.rotate('seal')
    expect(ring.sealKey().kid).not.toBe(sealed.kid)
    expect(await (await again()).unseal(sealed, aad)).toEqual(content)
    expect(await codeOf(() => ring.unseal(sealed, sealedFor('screening.attempt', newId())))).toBe('keys.unsealable')
    expect(await codeOf(() => ring.unseal({ ...sealed, epk: 'AAAA' }, aad))).toBe('keys.unsealable')
  })

  test('of another server, or naming a key for something else, are refused in the same words', async () => {
    const ring = await openHere()
    const sealed = await seal(ring.sealKey(), content, 'a')
    expect(await codeOf(() => ring.unseal({ ...sealed, kid: 'AAAAAAAA' }, 'a'))).toBe('keys.unsealable')
    expect(await codeOf(() => ring.unseal({ ...sealed, kid: ring.secret('audit').id }, 'a'))).toBe('keys.unsealable')
  })
})

test('secrets sign, are listed, and are found again by their id', async () => {
  const ring = await openHere()
  const first = ring.secret(`passes:${here}`)
  expect([first.bytes.length, Buffer.from(first.id, 'base64url').length]).toEqual([32, 4])
  const secret = signingKey(first.bytes)
  expect(verify(null, Buffer.from('pass'), createPublicKey(secret), sign(null, Buffer.from('pass'), secret))).toBe(true)
  ring.rotate(`passes:${here}`)
  expect(ring.secret(`passes:${here}`).id).not.toBe(first.id)
  expect(ring.secret(`passes:${here}`, first.id)).toEqual(first)
  expect(await codeOf(() => ring.secret('audit', ring.secret('backup').id))).toBe('keys.unknownKey')
})

describe('destruction', () => {
  test('ends one purpose of one community, here, after a restart and for ever', async () => {
    const ring = await openHere()
    const gone = response()
    const closed = ring.encrypt(here, gone, 'x', 'c')
    const kept = ring.encrypt(here, 'register', 'y', 'c')
    ring.rotate(`fields:${here}:${gone}`)
    const younger = ring.encrypt(here, gone, 'x', 'c')
    expect(ring.destroy(here, gone).map((key) => key.name.split(':')[0]).toSorted()).toEqual(['fields', 'fields', 'search'])
    for (const each of [ring, await again()]) {
      expect(await codeOf(() => each.decrypt(here, closed, 'c'))).toBe('keys.destroyed')
      expect(await codeOf(() => each.decrypt(here, younger, 'c'))).toBe('keys.destroyed')
      expect(await codeOf(() => each.encrypt(here, gone, 'x', 'c'))).toBe('keys.destroyed')
      expect(await codeOf(() => each.searchDigest(here, gone, 'phone', '1'))).toBe('keys.destroyed')
      expect(await codeOf(() => each.rotate(`fields:${here}:${gone}`))).toBe('keys.destroyed')
      expect(each.decrypt(here, kept, 'c')).toBe('y')
    }
    expect(ring.destroy(here, gone)).toHaveLength(3)
    expect(ring.verify()).toMatchObject({ ok: true, counts: { destroyed: 3 } })
  })

  test('leaves the material in no file, not even in the blocks of the old one', async () => {
    const ring = await openHere()
    ring.encrypt(here, 'register', 'x', 'c')
    const material = [...readFileSync(fileOf(here), 'utf8').matchAll(/"material": "([^"]+)"/g)].map((found) => found[1]!)
    expect(material).toHaveLength(2)
    const old = openSync(fileOf(here), 'r')
    ring.destroy(here, 'register')
    const before = readFileSync(old, 'utf8')
    closeSync(old)
    const now = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join('\n')
    for (const word of material) expect([before.includes(word), now.includes(word)]).toEqual([false, false])
  })

  test('of a purpose that had no keys forbids them from then on', async () => {
    const ring = await openHere()
    const gone = response()
    ring.destroy(here, gone)
    expect(await codeOf(() => ring.encrypt(here, gone, 'x', 'c'))).toBe('keys.destroyed')
    ring.encrypt(here, response(), 'x', 'c')
  })

  test('reaches a ring that another process holds open', async () => {
    const [server, command] = [await openHere(), await openHere()]
    const gone = response()
    const closed = server.encrypt(here, gone, 'x', 'c')
    expect(server.decrypt(here, closed, 'c')).toBe('x')
    command.destroy(here, gone)
    await new Promise((done) => setTimeout(done, 250))
    expect(await codeOf(() => server.decrypt(here, closed, 'c'))).toBe('keys.destroyed')
    expect(await codeOf(() => server.encrypt(here, gone, 'x', 'c'))).toBe('keys.destroyed')
  })

  test('is not undone by an old file put back', async () => {
    const ring = await openHere()
    const closed = ring.encrypt(here, 'register', 'x', 'c')
    const old = readFileSync(fileOf(here))
    ring.destroy(here, 'register')
    writeFileSync(fileOf(here), old)
    const reopened = await again()
    expect(await codeOf(() => reopened.decrypt(here, closed, 'c'))).toBe('keys.destroyed')
    expect(await codeOf(() => reopened.encrypt(here, 'register', 'x', 'c'))).toBe('keys.destroyed')
    expect(reopened.verify().problems.map((p) => p.code)).toEqual(['keys.revived', 'keys.revived'])
    reopened.destroy(here, 'register')
    expect(reopened.verify().ok).toBe(true)
  })

  test('of an epoch of the backups leaves the others', async () => {
    const ring = await openHere()
    const first = ring.secret('backup')
    expect(() => ring.destroyRetired('backup', first.id)).toThrow('renewed')
    ring.rotate('backup')
    expect(ring.destroyRetired('backup', first.id).state).toBe('destroyed')
    expect(await codeOf(() => ring.secret('backup', first.id))).toBe('keys.destroyed')
    expect(ring.secret('backup').bytes).toHaveLength(32)
    expect(ring.keysOf('backup').map((key) => key.state)).toEqual(['destroyed', 'active'])
    expect(await codeOf(() => ring.destroyRetired('backup', 'AAAAAAAA'))).toBe('keys.unknownKey')
  })
})

describe('verify', () => {
  test('counts what is sound', async () => {
    const ring = await openHere()
    ring.encrypt(here, 'register', 'x', 'c')
    ring.encrypt(here, response(), 'x', 'c')
    ring.secret(`passes:${there}`)
    ring.rotate('audit')
    passwords(dir).of('app')
    const newest = ring.keysOf('audit').at(-1)!.created
    expect(ring.verify()).toEqual({ ok: true, problems: [], counts: { communities: 2, keys: 11, active: 10, retired: 1, destroyed: 0, newest } })
  })

  test.each(['ring.json', `communities/310115/${here}.json`, 'passwords.json'])('names a truncated or altered %s', async (file) => {
    const ring = await openHere()
    ring.encrypt(here, 'register', 'x', 'c')
    ring.encrypt(there, 'register', 'x', 'c')
    passwords(dir).of('app')
    const path = join(dir, file)
    truncateSync(path, statSync(path).size - 40)
    expect(ring.verify().problems).toMatchObject([{ code: 'keys.damaged', details: { file } }])
    truncateSync(path, 0)
    expect(ring.verify().problems).toMatchObject([{ code: 'keys.damaged', details: { file } }])
  })

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
    for (const [path, file] of [[fileOf(here), `communities/310115/${here}.json`], [join(dir, 'ring.json'), 'ring.json']] as const) {
      const sound = readFileSync(path, 'utf8')
      writeFileSync(path, sound.replace(/("material": ")(.)/, (_, head: string, letter: string) => head + (letter === 'A' ? 'B' : 'A')))
      expect(verifyKeys({ dir, dataId }).problems).toMatchObject([{ code: 'keys.damaged', details: { file } }])
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
    expect(ring.verify().problems).toMatchObject([{ code: 'keys.missing', details: { where: expect.stringContaining(`passes:${here}`) } }])
    unlinkSync(fileOf(here))
    expect(ring.verify().problems).toMatchObject([{ code: 'keys.missing', details: { where: `communities/310115/${here}.json` } }])
    expect(verifyKeys({ dir, dataId: newId() }).problems.map((p) => p.code)).toEqual(['keys.foreign'])
    expect(verifyKeys({ dir: `${dir}-none`, dataId }).problems.map((p) => p.code)).toEqual(['keys.missing'])
  })
})

describe('passwords', () => {
  test('are made once, kept, and renewed on demand', () => {
    const mine = passwords(dir)
    expect(mine.has('app')).toBe(false)
    const made = mine.of('app')
    expect(made).toMatch(/^[\w-]{43}$/)
    expect([passwords(dir).of('app'), mine.of('other') === made, mine.of('toString').length]).toEqual([made, false, 43])
    expect(mine.renew('app')).not.toBe(made)
    expect(mine.of('other')).toBe(passwords(dir).of('other'))
  })
})

type Made = { purpose: Purpose; closed: string; found: string; password: string }

/** Runs a second process on the ring; `kill` ends it with SIGKILL after so many lines. */
function race(purposes: readonly Purpose[], kill = Infinity): Promise<Made[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'race.testing.ts'), dir, dataId, here, ...purposes], { stdio: ['ignore', 'pipe', 'inherit'] })
  let words = ''
  child.stdout.on('data', (chunk: Buffer) => {
    words += chunk.toString()
    if (words.split('\n').length > kill) child.kill('SIGKILL')
  })
  return new Promise((done, fail) => child.on('close', (code, signal) => {
    if (code !== 0 && signal !== 'SIGKILL') fail(new Error(`The second process ended with ${code}.`))
    else done(words.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Made))
  }))
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
      expect(passwords(dir).of(`login for ${made.purpose}`)).toBe(made.password)
    }
    expect(told.flat()).toHaveLength(60)
    expect(ring.verify()).toMatchObject({ ok: true, counts: { keys: 5 + 2 * 36 } })
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
    const path = join(dir, 'history.log')
    truncateSync(path, statSync(path).size - 5)
    const other = await again()
    other.encrypt(here, response(), 'x', 'c')
    other.encrypt(there, 'register', 'x', 'c')
    unlinkSync(fileOf(there))
    unlinkSync(fileOf(here))
    expect(other.verify().problems.map((p) => p.details)).toMatchObject([
      { where: `communities/310115/${here}.json` }, { where: `communities/310115/${there}.json` },
    ])
  })

  test('wait for the lock, and it is free again when its holder fails', async () => {
    expect(() => locked(dir, () => { throw new Error('half way') })).toThrow('half way')
    expect(locked(dir, () => 'done')).toBe('done')
  })
})
