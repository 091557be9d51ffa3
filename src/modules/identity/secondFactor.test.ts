// Stories of the second step of signing in, through the door as a browser would; and the codes against the RFC's own table.
import { describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { sample, story, type Town } from '#app/testing.ts'
import * as api from './api.ts'
import { lockOut, recoveryCount } from './model.ts'
import { identify, setUpToken } from './server.ts'
import { codeAt, linkOf, stepOfCode } from './server/totp.ts'
import { browser, enrol, hire, secret, signedIn } from './testing.ts'

const told = (tell: (town: Town) => Promise<void>) => story(tell, { identify })
const halfMinute = 30_000

const entered = async (town: Town, username: string) => {
  const b = browser(town)
  await b.does(api.signIn, { username, password: secret })
  return b
}

describe('codes', () => {
  // RFC 6238, appendix B, SHA-1, last six of eight digits; its secret is the ASCII text 12345678901234567890.
  const key = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at second %i the code is %s', (second, code) => expect(codeAt(key, second * 1000)).toBe(code))

  test('half a minute early or late fits, a minute does not, and none fits twice', () => {
    const now = 1_700_000_010_000
    const step = Math.floor(now / halfMinute)
    for (const off of [-1, 0, 1]) expect(stepOfCode(key, codeAt(key, now + off * halfMinute), now, 0)).toBe(step + off)
    for (const off of [-2, 2]) expect(stepOfCode(key, codeAt(key, now + off * halfMinute), now, 0)).toBeUndefined()
    expect(stepOfCode(key, codeAt(key, now), now, step)).toBeUndefined()
  })

  test('the link is what authenticator apps read', () => {
    expect(new URL(linkOf(key, 'wang.fang')).searchParams.get('secret')).toBe(key)
    expect(linkOf(key, 'wang.fang')).toMatch(/^otpauth:\/\/totp\/%E9%82%BB%E9%87%8C:wang\.fang\?/)
  })
})

describe('who must', () => {
  test(
    'administrators and districts are led to it, and may do nothing else until then',
    told(async (town) => {
      for (const [role, area, username] of [
        ['administrator', sample.county, 'ad.min'],
        ['districtOfficer', sample.county, 'dis.trict'],
      ] as const) {
        await hire(town, role, area, username)
        const b = browser(town)
        expect(await b.does(api.signIn, { username, password: secret })).toMatchObject({ mustSetUpCodes: true })
        expect((await b.does(api.whoAmI, {})).who).toMatchObject({ mustSetUpCodes: true })
        for (const shut of [api.sessions, api.devices]) expect(await b.try(shut, {})).toBe('identity.secondFactorFirst')
        expect((await town.request('/api/live', { headers: { cookie: b.cookie! } })).status).toBe(403)
        expect(await b.does(api.secondFactor, {})).toMatchObject({ held: false, required: true })
        await enrol(town, b)
        expect((await b.does(api.sessions, {})).rows).toHaveLength(1)
        expect(await b.try(api.dropSecondFactor, { password: secret })).toBe('identity.secondFactorStays')
      }
    }),
  )

  test(
    'others may leave it, and the first administrator is led to it by the set-up',
    told(async (town) => {
      const { house } = town.running
      const b = browser(town)
      const me = await b.does(api.setUp, {
        areaCode: sample.county,
        areaName: '临川县',
        name: '管理员',
        username: 'first.admin',
        password: secret,
        token: (await setUpToken(house))!,
      })
      expect(me.mustSetUpCodes).toBe(true)
      expect(await b.try(api.accounts, {})).toBe('identity.secondFactorFirst')
      await enrol(town, b)
      expect((await b.does(api.accounts, {})).rows[0]).toMatchObject({ username: 'first.admin', secondFactor: true })

      await hire(town, 'gridWorker', sample.grid, 'wang.fang')
      expect(await browser(town).does(api.signIn, { username: 'wang.fang', password: secret })).toMatchObject({
        mustSetUpCodes: false,
      })
    }),
  )

  test(
    'who becomes an administrator is signed out, and led to it at the next sign-in',
    told(async (town) => {
      const administrator = await signedIn(town, 'administrator', sample.community)
      const account = await hire(town, 'medic', sample.community, 'li.na')
      const b = await entered(town, 'li.na')
      await administrator.does(api.assign, { account, role: 'administrator', area: sample.community })
      expect(await b.try(api.sessions, {})).toBe('door.stranger')
      expect(await browser(town).does(api.signIn, { username: 'li.na', password: secret })).toMatchObject({
        mustSetUpCodes: true,
      })
    }),
  )
})

describe('signing in with codes', () => {
  test(
    'password and code; a code is good once, a recovery code too',
    told(async (town) => {
      await hire(town, 'gridWorker', sample.grid, 'wang.fang')
      const own = await entered(town, 'wang.fang')
      const stolen = await entered(town, 'wang.fang')
      const app = await enrol(town, own)
      expect(await stolen.try(api.sessions, {})).toBe('door.stranger')
      expect(new Set(app.recoveryCodes).size).toBe(recoveryCount)

      const enter = (code?: string) =>
        browser(town).try(api.signIn, { username: 'wang.fang', password: secret, ...(code ? { code } : {}) })
      expect(await enter()).toBe('identity.codeNeeded')
      expect(await enter('000000')).toBe('identity.wrongCode')
      expect(await enter(app.code())).toMatchObject({ name: expect.any(String) })
      expect(await enter(app.code())).toBe('identity.wrongCode')
      expect(await enter(app.recoveryCodes[0]!.toUpperCase().replace('-', ' '))).toMatchObject({ name: expect.any(String) })
      expect(await enter(app.recoveryCodes[0])).toBe('identity.wrongCode')
      expect(await own.does(api.secondFactor, {})).toMatchObject({ held: true, recoveryLeft: recoveryCount - 1 })
      expect(await browser(town).try(api.signIn, { username: 'wang.fang', password: 'not it', code: app.code() })).toBe(
        'identity.wrong',
      )
    }),
  )

  test(
    'one code sent twice at once opens one sign-in',
    told(async (town) => {
      await hire(town, 'gridWorker', sample.grid, 'wang.fang')
      const { code } = await enrol(town, await entered(town, 'wang.fang'))
      const both = await Promise.all(
        [1, 2].map(() => browser(town).try(api.signIn, { username: 'wang.fang', password: secret, code: code() })),
      )
      expect(both.filter((answer) => typeof answer !== 'string')).toHaveLength(1)
    }),
  )

  test(
    'wrong codes lock like wrong passwords, and the password alone does not start the count anew',
    told(async (town) => {
      await hire(town, 'gridWorker', sample.grid, 'wang.fang')
      const app = await enrol(town, await entered(town, 'wang.fang'))
      const enter = (code?: string) =>
        browser(town).try(api.signIn, { username: 'wang.fang', password: secret, ...(code ? { code } : {}) })
      for (let n = 1; n < lockOut.account.failures; n++) {
        expect(await enter('000000')).toBe('identity.wrongCode')
        expect(await enter()).toBe('identity.codeNeeded')
      }
      expect(await enter('000000')).toBe('identity.lockedOut')
      expect(await enter(app.code())).toBe('identity.lockedOut')
    }),
  )

  test(
    'neither the secret nor a recovery code lies readable in the database, and each step is audited',
    told(async (town) => {
      await hire(town, 'gridWorker', sample.grid, 'wang.fang')
      const b = await entered(town, 'wang.fang')
      const app = await enrol(town, b)
      await browser(town).try(api.signIn, { username: 'wang.fang', password: secret })
      await browser(town).does(api.signIn, { username: 'wang.fang', password: secret, code: app.recoveryCodes[1]! })
      const {
        rows: [kept],
      } = await sql<{ words: string }>`select f::text || encode(secret, 'escape') as words from auth.second_factors f`.execute(
        town.admin,
      )
      for (const word of [app.key, ...app.recoveryCodes]) expect(kept!.words).not.toContain(word)
      const { rows } = await sql`select contract, outcome, problem, purpose from audit_log order by seq`.execute(town.admin)
      expect(rows.slice(1)).toEqual([
        { contract: 'identity.confirmSecondFactor', outcome: 'done', problem: null, purpose: null },
        { contract: 'identity.signIn', outcome: 'refused', problem: 'identity.codeNeeded', purpose: null },
        { contract: 'identity.signIn', outcome: 'done', problem: null, purpose: 'recovery code' },
      ])
    }),
  )

  test(
    'renewed with the password only; another phone replaces the first when its code was given',
    told(async (town) => {
      await hire(town, 'gridWorker', sample.grid, 'wang.fang')
      const b = await entered(town, 'wang.fang')
      const first = await enrol(town, b)
      await sql`update auth.session set "createdAt" = now() - interval '1 hour'`.execute(town.admin)
      expect(await b.try(api.beginSecondFactor, {})).toBe('identity.wrongPassword')
      expect(await b.try(api.renewRecovery, { password: 'wrong' })).toBe('identity.wrongPassword')
      const { recoveryCodes } = await b.does(api.renewRecovery, { password: secret })
      expect(recoveryCodes).not.toContain(first.recoveryCodes[0])
      await b.does(api.beginSecondFactor, { password: secret })
      expect(await browser(town).try(api.signIn, { username: 'wang.fang', password: secret, code: first.code() })).toMatchObject({
        name: expect.any(String),
      })
      const second = await enrol(town, b, secret)
      expect(await browser(town).try(api.signIn, { username: 'wang.fang', password: secret, code: first.code() })).toBe(
        'identity.wrongCode',
      )
      expect(await browser(town).try(api.signIn, { username: 'wang.fang', password: secret, code: second.code() })).toMatchObject(
        { name: expect.any(String) },
      )
      expect(await b.does(api.dropSecondFactor, { password: secret })).toEqual({})
      expect(await browser(town).try(api.signIn, { username: 'wang.fang', password: secret })).toMatchObject({
        mustSetUpCodes: false,
      })
    }),
  )
})

test(
  'lost phone: another administrator resets it, never the one who also reset the password',
  told(async (town) => {
    const [one, two] = [
      await signedIn(town, 'administrator', sample.county),
      await signedIn(town, 'administrator', sample.county),
    ]
    const secretary = await signedIn(town, 'communitySecretary', sample.community)
    const account = await hire(town, 'gridWorker', sample.grid, 'wang.fang')
    const b = await entered(town, 'wang.fang')
    await enrol(town, b)

    expect(await secretary.try(api.resetSecondFactor, { account })).toBe('door.notAllowed')
    expect(await one.try(api.resetSecondFactor, { account: one.account })).toBe('identity.notYourself')
    await one.does(api.resetPassword, { account })
    expect(await one.try(api.resetSecondFactor, { account })).toBe('identity.secondPersonNeeded')
    expect(await two.does(api.resetSecondFactor, { account })).toEqual({ ended: 0 })
    expect(await two.try(api.resetPassword, { account })).toBe('identity.secondPersonNeeded')
    const { oneTimePassword } = await one.does(api.resetPassword, { account })
    expect(await browser(town).does(api.signIn, { username: 'wang.fang', password: oneTimePassword! })).toMatchObject({
      mustChangePassword: true,
    })
    const { rows } = await sql<{
      outcome: string
    }>`select outcome from audit_log where contract = 'identity.resetSecondFactor' order by seq`.execute(town.admin)
    expect(rows.map((r) => r.outcome)).toEqual(['refused', 'refused', 'refused', 'done'])
  }),
)
