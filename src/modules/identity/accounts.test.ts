// Stories of accounts, posts, devices and the first set-up, through the HTTP door; and the table of appointments, by all its cases.
import { describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import type { Output } from '#core/contract.ts'
import { newId } from '#core/ids.ts'
import { sample, story, type Town } from '#app/testing.ts'
import * as api from './api.ts'
import { fits, mayAppoint, mayManage, rolesToGive, roles, sayAgent, tooWeak, type Role } from './model.ts'
import { accountNames, createAccount, identify, openSession, setUpDone, setUpToken } from './server.ts'
import { browser, enrol, hire, later, minute, readAll, secret, signedIn, type Browser } from './testing.ts'

const told = (tell: (town: Town) => Promise<void>) => story(tell, { identify })

describe('who may appoint whom', () => {
  test(
    'never above, beside or beyond the own area, whatever the id',
    told(async (town) => {
      const administrator = await signedIn(town, 'administrator', sample.community)
      const secretary = await signedIn(town, 'communitySecretary', sample.community)
      const worker = await signedIn(town, 'gridWorker', sample.grid)
      const above = await signedIn(town, 'administrator', sample.street)
      const give = (b: Browser, role: Role, area: string, account = worker.account) => b.try(api.assign, { account, role, area })

      expect(await give(administrator, 'administrator', sample.street)).toBe('identity.mayNotAppoint')
      expect(await give(administrator, 'gateGuard', sample.other)).toBe('identity.mayNotAppoint')
      expect(await give(administrator, 'subdistrictOfficer', sample.community)).toBe('identity.roleDoesNotFit')
      expect(await give(secretary, 'administrator', sample.community)).toBe('identity.mayNotAppoint')
      expect(await give(secretary, 'communitySecretary', sample.community, secretary.account)).toBe('identity.mayNotAppoint')
      expect(await give(worker, 'gridWorker', sample.grid2)).toBe('door.notAllowed')
      expect(await give(above, 'gateGuard', sample.other)).toBe('identity.outsideHome')
      expect(await give(secretary, 'gridWorker', sample.grid)).toBe('identity.heldAlready')
      expect(await give(secretary, 'gridWorker', sample.grid2)).toMatchObject({ id: worker.account })

      for (const verb of [api.resetPassword, api.lockAccount, api.dismiss] as const) {
        expect(await secretary.try(verb, { account: administrator.account })).toBe('identity.mayNotManage')
        expect(await administrator.try(verb, { account: above.account })).toBe('identity.mayNotManage')
      }
      expect(
        await administrator.try(api.createAccount, { name: '外', username: 'outside', home: sample.street, posts: [] }),
      ).toBe('identity.mayNotManage')
      expect(
        await secretary.try(api.createAccount, {
          name: '外',
          username: 'outside',
          posts: [{ role: 'auditor', area: sample.community }],
        }),
      ).toBe('identity.mayNotAppoint')
      const { rows } = await sql`select from identity_accounts where username = 'outside'`.execute(town.admin)
      expect(rows).toHaveLength(0)
    }),
  )

  test(
    'an account and its password share one fate, and a name is taken once',
    told(async (town) => {
      const administrator = await signedIn(town, 'administrator', sample.community)
      const neighbour = await signedIn(town, 'administrator', sample.other)
      const bad = { name: '甲', username: 'jia', posts: [{ role: 'districtOfficer' as const, area: sample.community }] }
      expect(await administrator.try(api.createAccount, bad)).toBe('identity.roleDoesNotFit')
      const id = newId()
      const good = { ...bad, posts: [{ role: 'medic' as const, area: sample.community }] }
      const first = (await (await administrator.send(api.createAccount, good, id)).json()) as Output<typeof api.createAccount>
      expect(first.oneTimePassword).not.toBeNull()
      const repeat = (await (await administrator.send(api.createAccount, good, id)).json()) as Output<typeof api.createAccount>
      expect(repeat).toMatchObject({ account: { id }, oneTimePassword: null })
      expect(await neighbour.try(api.createAccount, { name: '乙', username: 'jia', posts: [] })).toBe('identity.usernameTaken')
    }),
  )

  test(
    'a locked account is out at once and comes back; one who has left holds nothing',
    told(async (town) => {
      const administrator = await signedIn(town, 'administrator', sample.community)
      const account = await hire(town, 'gridWorker', sample.grid, 'wang.fang')
      const b = browser(town)
      await b.does(api.signIn, { username: 'wang.fang', password: secret })
      await administrator.does(api.lockAccount, { account })
      expect(await b.try(api.sessions, {})).toBe('door.stranger')
      expect(await b.try(api.signIn, { username: 'wang.fang', password: secret })).toBe('identity.closed')
      expect(await administrator.try(api.lockAccount, { account })).toBe('identity.wrongState')
      await administrator.does(api.unlockAccount, { account })
      expect(await b.try(api.signIn, { username: 'wang.fang', password: secret })).toMatchObject({ account })
      expect((await administrator.does(api.dismiss, { account })).posts.every((p) => p.until)).toBe(true)
      expect(await b.try(api.signIn, { username: 'wang.fang', password: secret })).toBe('identity.closed')
      expect(await administrator.try(api.assign, { account, role: 'medic', area: sample.community })).toBe('identity.wrongState')
      expect(await administrator.try(api.lockAccount, { account: administrator.account })).toBe('identity.notYourself')
    }),
  )

  test(
    'a list shows the own area and who works in it, page by page',
    told(async (town) => {
      const administrator = await signedIn(town, 'administrator', sample.community)
      await signedIn(town, 'gridWorker', sample.grid)
      await signedIn(town, 'gridWorker', `${sample.other}0000001`.slice(0, 17))
      const visiting = await createAccount(town.running.house, {
        area: sample.street,
        username: 'zz.visiting',
        name: '巡诊',
        assignments: [{ role: 'medic', area: sample.community }],
      })
      await createAccount(town.running.house, {
        area: sample.street,
        username: 'zz.above',
        name: '街道',
        assignments: [{ role: 'subdistrictOfficer', area: sample.street }],
      })

      const first = await administrator.does(api.accounts, { limit: 2 })
      expect(first).toMatchObject({ total: 3 })
      expect(first.rows).toHaveLength(2)
      const second = await administrator.does(api.accounts, { limit: 2, after: first.next! })
      expect(second.rows.map((r) => r.id)).toEqual([visiting])
      expect(second.rows[0]).toMatchObject({ mayManage: false, posts: [{ role: 'medic', mayEnd: true }] })
      expect(second.next).toBeNull()
      expect((await administrator.does(api.accounts, { words: '巡' })).rows).toHaveLength(1)
      const names = await town.running.house.within(sample.community, (tx) => accountNames(tx, [visiting, newId()]))
      expect([...names]).toEqual([[visiting, '巡诊']])
    }),
  )
})

describe('devices', () => {
  test(
    'a revoked device is refused everything, with or without a session',
    told(async (town) => {
      const administrator = await signedIn(town, 'administrator', sample.community)
      const account = await hire(town, 'gridWorker', sample.grid, 'wang.fang')
      const phone = browser(town, { device: newId() })
      await phone.does(api.signIn, { username: 'wang.fang', password: secret })
      expect(await phone.does(api.enrolDevice, { device: phone.device!, name: '王芳的手机' })).toMatchObject({
        name: '王芳的手机',
        revokedAt: null,
      })
      expect((await phone.does(api.sessions, {})).rows[0]).toMatchObject({ deviceName: '王芳的手机' })
      const live = await town.request('/api/live', { headers: { cookie: phone.cookie! } })
      const ended = readAll(live)

      expect(await administrator.try(api.revokeDevice, { account, device: newId() })).toBe('identity.unknownDevice')
      await administrator.does(api.revokeDevice, { account, device: phone.device! })

      expect(await phone.try(api.sessions, {})).toBe('identity.deviceRevoked')
      expect(await phone.try(api.whoAmI, {})).toBe('identity.deviceRevoked')
      expect(await phone.try(api.signIn, { username: 'wang.fang', password: secret })).toBe('identity.deviceRevoked')
      expect(await ended).toContain('event: ended')
      expect(await browser(town, { cookie: phone.cookie }).try(api.sessions, {})).toBe('door.stranger')
      expect(await browser(town).try(api.signIn, { username: 'wang.fang', password: secret })).toMatchObject({ account })
    }),
  )

  test(
    'a phone shared by two is one device: revoked for both',
    told(async (town) => {
      const device = newId()
      const [a, b] = [await signedIn(town, 'gridWorker', sample.grid), await signedIn(town, 'volunteer', sample.community)]
      for (const one of [a, b]) {
        one.device = device
        await one.does(api.enrolDevice, { device, name: '值班手机' })
      }
      await a.does(api.revokeDevice, { device })
      expect(await b.try(api.devices, {})).toBe('identity.deviceRevoked')
    }),
  )

  test(
    'a device is marked as seen every few minutes, not with every request',
    told(async (town) => {
      const phone = Object.assign(await signedIn(town, 'gridWorker', sample.grid), { device: newId() })
      const { enrolledAt } = await phone.does(api.enrolDevice, { device: phone.device, name: '手机' })
      const seen = async () =>
        (await sql<{ at: string }>`select last_seen_at as at from identity_devices`.execute(town.admin)).rows[0]!.at
      later(town, 2 * minute)
      await phone.does(api.devices, {})
      expect(await seen()).toBe(enrolledAt)
      later(town, 4 * minute)
      await openSession(town.running.house, phone.account).then(({ cookie }) =>
        browser(town, { cookie, device: phone.device }).does(api.devices, {}),
      )
      expect(Date.parse(await seen()) - Date.parse(enrolledAt)).toBe(6 * minute)
    }),
  )
})

describe('the first set-up', () => {
  const input = { areaCode: sample.county, areaName: '临川县', name: '管理员', username: 'first.admin', password: secret }

  test(
    'works once, by the newest token only, and leaves an administrator signed in',
    told(async (town) => {
      const { house } = town.running
      expect(await setUpDone(house)).toBe(false)
      const stale = (await setUpToken(house))!
      const token = (await setUpToken(house))!
      const b = browser(town)
      expect((await b.does(api.whoAmI, {})).setUpNeeded).toBe(true)
      for (const wrong of [stale, 'guess'])
        expect(await b.try(api.setUp, { ...input, token: wrong })).toBe('identity.wrongSetUpToken')

      const both = await Promise.all(
        [1, 2].map((n) => browser(town).try(api.setUp, { ...input, username: `first.admin${n}`, token })),
      )
      expect(both.filter((answer) => typeof answer !== 'string')).toMatchObject([
        { posts: [{ role: 'administrator', area: sample.county }] },
      ])
      expect(both).toContain('identity.setUpOver')
      expect(await b.try(api.setUp, { ...input, token })).toBe('identity.setUpOver')
      expect(await setUpDone(house)).toBe(true)
      expect(await setUpToken(house)).toBeUndefined()
      const { rows } = await sql<{ n: number }>`select count(*) as n from identity_accounts`.execute(town.admin)
      expect(rows[0]!.n).toBe(1)
    }),
  )

  test(
    'who set it up signs in and appoints below',
    told(async (town) => {
      const b = browser(town)
      const me = await b.does(api.setUp, {
        ...input,
        communityCode: sample.community,
        communityName: '和平社区',
        token: (await setUpToken(town.running.house))!,
      })
      expect(me.posts).toMatchObject([{ role: 'administrator', area: sample.county, areaName: '临川县' }])
      const { code } = await enrol(town, b)
      const choices = await b.does(api.areas, { words: '和平' })
      expect(choices.rows).toMatchObject([{ area: sample.community, areaName: '和平社区' }])
      expect(choices.rows[0]!.roles).toContain('communitySecretary')
      expect(choices.rows[0]!.roles).not.toContain('districtOfficer')
      expect((await b.does(api.areas, {})).rows.map((r) => r.area)).toEqual([sample.county, sample.street, sample.community])
      const { account } = await b.does(api.createAccount, {
        name: '书记',
        username: 'secretary',
        home: sample.community,
        posts: [{ role: 'communitySecretary', area: sample.community }],
      })
      expect(account.posts).toMatchObject([{ role: 'communitySecretary', area: sample.community }])
      const again = browser(town)
      expect(await again.does(api.signIn, { username: 'first.admin', password: secret, code: code() })).toMatchObject({
        name: '管理员',
      })
    }),
  )
})

describe('what the database itself refuses', () => {
  test(
    'the working role reads no password and no session',
    told(async (town) => {
      await hire(town, 'gridWorker', sample.grid)
      for (const table of ['auth.account', 'auth.session', 'auth."user"', 'auth.set_up']) {
        await expect(
          town.running.house.within(sample.community, (tx) => sql`select from ${sql.raw(table)}`.execute(tx)),
        ).rejects.toThrow(/permission denied/)
      }
    }),
  )
})

describe('rules', () => {
  test('only an administrator or a secretary appoints, and nobody outside his area', () => {
    const areas = [sample.county, sample.street, sample.community, sample.other, sample.precinct, sample.grid]
    const daily = [
      'gridWorker',
      'gridLeader',
      'buildingSteward',
      'gateGuard',
      'medic',
      'volunteer',
      'propertyManager',
      'counsellor',
      'communityStaff',
    ]
    for (const role of roles)
      for (const area of areas)
        for (const given of roles)
          for (const at of areas) {
            const may = mayAppoint({ role, area }, { role: given, area: at })
            if (may) expect(at.startsWith(area)).toBe(true)
            if (may) expect(['administrator', 'communitySecretary']).toContain(role)
            if (may && role === 'communitySecretary') expect(daily).toContain(given)
          }
    expect(rolesToGive({ role: 'administrator', area: sample.street }, sample.street)).toEqual([
      'subdistrictOfficer',
      'partner',
      'auditor',
      'administrator',
    ])
    expect(fits({ role: 'gridWorker', area: sample.county })).toBe(false)
    expect(mayManage({ role: 'communitySecretary', area: sample.community }, sample.community, [])).toBe(false)
  })

  test.each([
    ['Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit Chrome/140 Safari/537 Edg/140', 'Edge · Windows'],
    ['Mozilla/5.0 (Linux; Android 14) Chrome/120 MicroMessenger/8.0', 'WeChat · Android'],
    ['', null],
  ])('%s reads as %s', (agent, said) => expect(sayAgent(agent)).toBe(said))

  test('a password is weak with the user name in it or hardly a letter', () => {
    expect(tooWeak('Wang.Fang2020', 'wang.fang')).toBe(true)
    expect(tooWeak('aaaaabbbbb', 'x')).toBe(true)
    expect(tooWeak('a long walk', 'wang.fang')).toBe(false)
  })
})
