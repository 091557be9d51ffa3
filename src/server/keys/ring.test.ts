// What the ring does with its keys: fields, digests, sealed items, secrets, and their destruction.
import { createPublicKey, sign, verify } from 'node:crypto'
import { closeSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { seal, sealedFor } from '#core/envelope.ts'
import { newId } from '#core/ids.ts'
import { canonicalJson } from './canonical.ts'
import { signingKey } from './ciphers.ts'
import { again, at, codeOf, fileOf, here, openHere, response, there } from './folder.testing.ts'

describe('fields', () => {
  test("open again, in another process's ring too, and never twice the same", async () => {
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
    for (let byte = 0; byte < closed.length; byte++) {
      const changed = Buffer.from(closed)
      changed[byte]! ^= 1
      expect([byte, await codeOf(() => ring.decrypt(here, changed, 'phone:1'))]).toEqual([
        byte,
        byte >= 1 && byte <= 6 ? 'keys.unknownKey' : 'keys.tampered',
      ])
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
    for (const each of [ring, await again()]) {
      expect([each.decrypt(here, old, 'c'), each.decrypt(here, young, 'c')]).toEqual(['before', 'after'])
    }
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
      ring.searchDigest(here, 'register', 'document', '13800000000'),
      ring.searchDigest(there, 'register', 'phone', '13800000000'),
      ring.searchDigest(here, purpose, 'phone', '13800000000'),
      ring.searchDigest(here, 'register', 'phone', '13800000001'),
    ]
    expect(new Set([one, ...others].map(String)).size).toBe(5)
  })

  test('of an input do not depend on the order of its members, but on everything else', async () => {
    const ring = await openHere()
    expect(ring.digest({ a: 1, b: [{ c: '一', d: null }] })).toEqual(
      ring.digest({ b: [{ d: null, c: '一' }], a: 1, e: undefined }),
    )
    expect(ring.digest({ a: [1, 2] })).not.toEqual(ring.digest({ a: [2, 1] }))
    expect(ring.digest({ a: '1' })).not.toEqual(ring.digest({ a: 1 }))
    expect(ring.digest('x')).toHaveLength(32)
    expect(() => ring.digest(Number.NaN)).toThrow()
    expect(canonicalJson({ b: Temporal.PlainDate.from('2020-02-01'), a: [undefined, 'é"'] })).toBe(
      '{"a":[null,"é\\""],"b":"2020-02-01"}',
    )
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
    expect(
      ring
        .destroy(here, gone)
        .map((key) => key.name.split(':')[0])
        .toSorted(),
    ).toEqual(['fields', 'fields', 'search'])
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
    const now = readdirSync(at.dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
      .join('\n')
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
