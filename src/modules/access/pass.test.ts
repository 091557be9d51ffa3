// The pass against its forgers: every byte, every cut, foreign keys, old days, second uses; beside independent libraries for CBOR and Base45.
import { createPublicKey, generateKeyPairSync, randomBytes, randomInt, sign, verify } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode, encode } from 'cborg'
import { encode as qrOf } from 'uqr'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDays } from '#core/dates.ts'
import { newId } from '#core/ids.ts'
import { passesOf } from '#server/keys/names.ts'
import { openKeyRing, type KeyRing } from '#server/keys/ring.ts'
import { fromBase45, toBase45 } from './base45.ts'
import { coseOf, inspector } from './inspecting.ts'
import {
  hex,
  judge,
  mostDays,
  PassKind,
  payloadOf,
  protectedOf,
  readPass,
  signedOver,
  textOf,
  type Claims,
  type Trust,
} from './pass.ts'
import { activeKey, householdReference, nextKey, signer, trustList, verifierOf } from './server/signing.ts'
import { readShortCode, shortCodeBits, shortCodeOf } from './shortCode.ts'

// The package brings no types.
const base45 = createRequire(import.meta.url)('base45') as { encode: (bytes: Uint8Array) => string }
const [here, there] = ['340301001001', '340301001002']
const today = '2026-03-02'
let dir: string
let keys: KeyRing
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'linli-passes-'))
  keys = await openKeyRing({ dir: join(dir, 'keys'), dataId: newId(), fresh: true })
})
afterAll(() => rmSync(dir, { recursive: true }))

const bytes = (n: number) => new Uint8Array(randomBytes(n))
const claims = (): Omit<Claims, 'id'> => ({ household: bytes(8), kind: 'household', firstDay: today, days: 14 })
const trusting = (community: string): Trust => ({ verifies: verifierOf(trustList(keys, community)), stopped: () => false })

describe('the text', () => {
  test('is at most 100 bytes, 150 signs and QR version 6 at level M, whatever is claimed', () => {
    const issue = signer(keys, here)
    for (const kind of PassKind.options) {
      for (const days of [1, 23, 24, 255, 256, mostDays]) {
        for (const firstDay of ['1970-01-01', today, '2149-06-06']) {
          const { text } = issue({ household: bytes(8), kind, firstDay, days })
          expect(fromBase45(text)!.length).toBeLessThanOrEqual(100)
          expect(text.length).toBeLessThanOrEqual(150)
          expect(qrOf(text, { ecc: 'M' }).version).toBeLessThanOrEqual(6)
          expect(text).not.toMatch(/^[ +-]| $/)
          const read = readPass(text)
          expect(read).toMatchObject({ claims: { kind, firstDay, days } })
        }
      }
    }
    expect(() => issue({ ...claims(), days: mostDays + 1 })).toThrow()
  })

  test('stands for a COSE_Sign1 that an independent reader of CBOR understands and plain Ed25519 verifies', () => {
    const { text, keyId } = signer(keys, here)(claims())
    const message = Buffer.from(coseOf(text)!)
    expect(message[0]).toBe(0xd2)
    const [head, rest, payload, signature] = decode(message.subarray(1), { useMaps: true }) as [
      Uint8Array,
      Map<number, unknown>,
      Uint8Array,
      Uint8Array,
    ]
    expect(rest.size).toBe(0)
    expect(decode(head, { useMaps: true })).toEqual(
      new Map<number, unknown>([
        [1, -8],
        [4, new Uint8Array(Buffer.from(keyId, 'hex'))],
      ]),
    )
    const [key] = trustList(keys, here)
    const jwk = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key!.publicKey }, format: 'jwk' })
    expect(verify(null, encode(['Signature1', head, new Uint8Array(), payload]), jwk, signature)).toBe(true)
    expect(decode(payload)).toEqual([...(decode(payload) as unknown[]).slice(0, 2), 1, 20514, 14])
    expect(coseOf('junk')).toBeUndefined()
  })

  test('has one spelling only: what cborg writes for these claims is what travels', () => {
    for (let i = 0; i < 500; i++) {
      const made: Claims = {
        id: bytes(12),
        household: bytes(8),
        kind: PassKind.options[randomInt(10)]!,
        firstDay: addDays('1970-01-01', randomInt(65_536)),
        days: randomInt(1, mostDays + 1),
      }
      const payload = payloadOf(made)
      const day = Math.round(Date.parse(made.firstDay) / 86_400_000)
      expect(hex(payload)).toBe(hex(encode([made.id, made.household, PassKind.options.indexOf(made.kind) + 1, day, made.days])))
      const keyId = bytes(4)
      expect(hex(signedOver(keyId, payload))).toBe(hex(encode(['Signature1', protectedOf(keyId), new Uint8Array(), payload])))
      expect(readPass(textOf({ keyId, payload, signature: bytes(64) }))).toMatchObject({ claims: { ...made } })
    }
  })

  test('refuses a second spelling even when it is signed with the true key', () => {
    const { id } = keys.secret(passesOf(here))
    const keyId = new Uint8Array(Buffer.from(id, 'base64url'))
    const good = payloadOf({ ...claims(), id: bytes(12) })
    const long = (at: number, wide: number[]) => Uint8Array.from([...good.subarray(0, at), ...wide, ...good.subarray(at + 1)])
    const second: Record<string, Uint8Array> = {
      trailing: Uint8Array.from([...good, 0]),
      'kind in two bytes': long(24 - 1, [0x18, 1]),
      'days in two bytes': long(good.length - 1, [0x18, 14]),
      'days in three bytes': long(good.length - 1, [0x19, 0, 14]),
      'array without an end': Uint8Array.from([0x9f, ...good.subarray(1), 0xff]),
      'array in two bytes': Uint8Array.from([0x98, 5, ...good.subarray(1)]),
      'negative days': long(good.length - 1, [0x2d]),
      'no days': long(good.length - 1, [0]),
      'kind that is none': long(23, [0x17]),
      'one claim fewer': Uint8Array.from([0x84, ...good.subarray(1, -1)]),
      nothing: new Uint8Array(),
      'days as text': long(good.length - 1, [0x61, 0x31]),
      'day without its end': good.subarray(0, -2),
    }
    for (const [what, payload] of Object.entries(second)) {
      const text = textOf({ keyId, payload, signature: bytes(64) })
      expect([what, typeof readPass(text)]).toEqual([what, 'string'])
    }
  })
})

describe('Base45', () => {
  test('agrees with another library both ways and refuses what is worth too much', () => {
    for (let i = 0; i < 300; i++) {
      const some = randomBytes(randomInt(1, 110))
      const text = base45.encode(some)
      expect(toBase45(some)).toBe(text)
      expect(hex(fromBase45(text)!)).toBe(some.toString('hex'))
    }
    for (const wrong of ['A', 'ABCD', ':::', 'GGW', 'abc', 'AB_', 'U6', '文字文'])
      expect([wrong, fromBase45(wrong)]).toEqual([wrong, undefined])
    expect(fromBase45('FGW')).toEqual(new Uint8Array([255, 255]))
  })
})

describe('the typed code', () => {
  test('has at least 40 bits, and any one or two wrong signs and any two that changed places are noticed', () => {
    expect(shortCodeBits).toBeGreaterThanOrEqual(40)
    const alphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
    for (let i = 0; i < 200; i++) {
      const code = shortCodeOf(bytes(12))
      expect(code).toMatch(/^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{3}-[2-9A-HJKMNP-Z]{4}$/)
      expect(readShortCode(` ${code.toLowerCase().replaceAll('-', ' ')}`)).toBe(code)
      const signs = [...code.replaceAll('-', '')]
      const [a, b] = [randomInt(11), randomInt(11)]
      const changed = signs.with(a, alphabet[(alphabet.indexOf(signs[a]!) + 1 + randomInt(30)) % 31]!)
      expect(readShortCode(changed.join(''))).toBe('mistyped')
      if (a !== b)
        expect(readShortCode(changed.with(b, alphabet[(alphabet.indexOf(signs[b]!) + 1 + randomInt(30)) % 31]!).join(''))).toBe(
          'mistyped',
        )
      if (signs[a] !== signs[b]) expect(readShortCode(signs.with(a, signs[b]!).with(b, signs[a]!).join(''))).toBe('mistyped')
    }
    expect(readShortCode('3PUZ-35X-DK80')).toBe('mistyped')
    expect(readShortCode('3PUZ')).toBeUndefined()
  })
})

describe('keys', () => {
  test('a household is one reference in its community and another elsewhere', () => {
    const household = newId()
    expect(householdReference(keys, here, household)).toEqual(householdReference(keys, here, household))
    expect(householdReference(keys, here, household)).not.toEqual(householdReference(keys, there, household))
    expect(householdReference(keys, here, household)).toHaveLength(8)
  })

  test('the key that signs gives texts that survive a cell: many generations, none begins with a blank or a sum', () => {
    for (let i = 0; i < 30; i++) {
      const id = nextKey(keys, '340301001009')
      expect(signer(keys, '340301001009', id)(claims()).text).toMatch(/^[^ +-].*[^ ]$/)
    }
    expect(trustList(keys, '340301001009')).toHaveLength(31)
  })

  test('a key that is destroyed is trusted no more', () => {
    const { text } = signer(keys, there)(claims())
    const old = activeKey(keys, there)
    nextKey(keys, there)
    expect(judge(text, trusting(there), today).valid).toBe(true)
    keys.destroyRetired(passesOf(there), old)
    expect(judge(text, trusting(there), today)).toMatchObject({ valid: false, reason: 'unknownKey' })
  })
})

test('10,000 forgeries mixed blind with 10,000 good passes of two generations: none of the first is taken, all of the second are', () => {
  const older = signer(keys, here)
  const oldKey = activeKey(keys, here)
  const newer = signer(keys, here, nextKey(keys, here))
  const good = Array.from({ length: 10_000 }, (_, i) => (i % 2 ? older : newer)(claims()).text)
  const wanted = new Map(good.map((text) => [text, true]))
  const forged = Array.from({ length: 9_000 }, (_, i) => forgery(i, good[i]!, { older, oldKey }))
  const replayed = good.slice(0, 1_000)
  for (const text of forged) expect(wanted.has(text)).toBe(false)

  const inspect = inspector(trusting(here), today)
  const taken = new Map<string, number>()
  const begun = performance.now()
  for (const text of shuffled([...good, ...forged, ...replayed])) {
    const { valid } = inspect(text)
    if (valid) taken.set(text, (taken.get(text) ?? 0) + 1)
  }
  expect(performance.now() - begun).toBeLessThan(60_000)
  expect(taken.size).toBe(10_000)
  expect([...taken].filter(([text, times]) => times !== 1 || !wanted.has(text))).toEqual([])
}, 120_000)

test('each byte of one pass, changed in each of its bits, and each cut of it is refused', () => {
  const { text } = signer(keys, here)(claims())
  const whole = fromBase45(text)!
  for (let at = 0; at < whole.length; at++) {
    for (let bit = 0; bit < 8; bit++)
      expect(judge(toBase45(whole.with(at, whole[at]! ^ (1 << bit))), trusting(here), today).valid).toBe(false)
    expect(judge(toBase45(whole.subarray(0, at)), trusting(here), today).valid).toBe(false)
  }
  for (let at = 0; at < text.length; at++) expect(judge(text.slice(0, at), trusting(here), today).valid).toBe(false)
  for (const around of [` ${text}`, `${text} `, `${text}0`, text.toLowerCase(), `HC1:${text}`])
    expect(judge(around, trusting(here), today).valid).toBe(false)
  expect(judge(text, trusting(here), today).valid).toBe(true)
  expect(judge(text, { ...trusting(here), stopped: () => true }, today)).toMatchObject({ reason: 'stopped' })
  expect(judge(text, trusting(here), addDays(today, 13)).valid).toBe(true)
  expect(judge(text, trusting(here), addDays(today, 14))).toMatchObject({ reason: 'expired' })
  expect(judge(text, trusting(here), addDays(today, -1))).toMatchObject({ reason: 'notYet' })
  expect(judge(text, trusting(there), today)).toMatchObject({ reason: 'unknownKey' })
})

/** A forgery of the i-th kind in turn. */
function forgery(i: number, text: string, { older, oldKey }: { older: ReturnType<typeof signer>; oldKey: string }): string {
  const whole = fromBase45(text)!
  const at = randomInt(whole.length)
  switch (i % 9) {
    case 0:
      return toBase45(whole.with(at, whole[at]! ^ randomInt(1, 256)))
    case 1:
      return text.slice(0, randomInt(text.length))
    case 2:
      return toBase45(whole.subarray(0, at))
    case 3:
      return older({ ...claims(), firstDay: addDays(today, -14 - randomInt(100)) }).text
    case 4:
      return older({ ...claims(), firstDay: addDays(today, 1 + randomInt(100)) }).text
    case 5:
      return foreignKey(Buffer.from(oldKey, 'base64url'))
    case 6:
      return foreignKey(randomBytes(4))
    case 7:
      return signer(keys, there)(claims()).text
    default:
      return toBase45(Uint8Array.from([...whole.subarray(0, -64), ...bytes(64)]))
  }
}

/** Rightly made, but with a key of the forger's own, under any key's name. */
function foreignKey(keyId: Uint8Array): string {
  const payload = payloadOf({ ...claims(), id: bytes(12) })
  const signature = sign(null, signedOver(keyId, payload), generateKeyPairSync('ed25519').privateKey)
  return textOf({ keyId, payload, signature: new Uint8Array(signature) })
}

const shuffled = <T>(all: readonly T[]): T[] => {
  const mixed = [...all]
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = randomInt(i + 1)
    ;[mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!]
  }
  return mixed
}
