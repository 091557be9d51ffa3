// Stories of signing in and of what is open afterwards, told through the HTTP door as a browser would: cookies, addresses, devices.
import { describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { newId } from '#core/ids.ts'
import { sample, story, type Town } from '#app/testing.ts'
import * as api from './api.ts'
import { lockOut } from './model.ts'
import { createAccount, identify, openSession } from './server.ts'
import { bodyOf, browser, hire, later, minute, readAll, secret, signedIn } from './testing.ts'

const told = (tell: (town: Town) => Promise<void>) => story(tell, { identify })

describe('signing in', () => {
  test(
    'a password opens a session whose cookie scripts and other sites never see',
    told(async (town) => {
      await hire(town, 'gridWorker', sample.grid, 'wang.fang')
      const b = browser(town)
      expect(await b.does(api.whoAmI, {})).toMatchObject({ who: null, demo: false, setUpNeeded: false })

      const me = await b.does(api.signIn, { username: ' Wang.Fang ', password: secret })

      expect(me.posts).toMatchObject([{ role: 'gridWorker', area: sample.grid, roleText: { zh: '网格员', en: 'Grid worker' } }])
      expect(b.setCookie).toMatch(/^linli\.session_token=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=604800$/)
      expect((await b.does(api.whoAmI, {})).who).toMatchObject({ account: me.account, mustChangePassword: false })
      expect(JSON.stringify(me)).not.toContain(b.cookie!.split('=')[1]!.slice(0, 20))

      const https = browser(town, { url: 'https://linli.test' })
      await https.does(api.signIn, { username: 'wang.fang', password: secret })
      expect(https.setCookie).toContain('; Secure')
    }),
  )

  test(
    'an unknown name and a wrong password read alike and take alike',
    told(async (town) => {
      await hire(town, 'gridWorker', sample.grid, 'wang.fang')
      const refusal = async (username: string, address: string) => {
        const started = performance.now()
        const response = await browser(town, { address }).send(api.signIn, { username, password: 'not the password' })
        return { status: response.status, body: await bodyOf(response), ms: performance.now() - started }
      }
      const [known, unknown, odd] = [
        await refusal('wang.fang', '10.0.0.1'),
        await refusal('nobody', '10.0.0.2'),
        await refusal('王 芳', '10.0.0.3'),
      ]
      expect(known.body).toEqual(unknown.body)
      expect(known.body).toEqual(odd.body)
      expect(known.body.code).toBe('identity.wrong')
      for (const { ms, status } of [known, unknown, odd]) {
        expect(status).toBe(401)
        expect(ms).toBeGreaterThan(345)
      }
    }),
  )

  test(
    'five wrong passwords lock for a quarter of an hour, in words, for names that do not exist too',
    told(async (town) => {
      await hire(town, 'gridWorker', sample.grid, 'wang.fang')
      for (const username of ['wang.fang', 'nobody']) {
        const guess = (password: string, n: number) =>
          browser(town, { address: `10.1.0.${n}` }).send(api.signIn, { username, password })
        for (let n = 1; n < lockOut.account.failures; n++)
          expect((await bodyOf(await guess('wrong', n))).code).toBe('identity.wrong')
        const fifth = await bodyOf(await guess('wrong', 5))
        expect(fifth).toMatchObject({ code: 'identity.lockedOut', details: { minutes: 15 } })
        expect(fifth.title.zh).toContain('15 分钟后再试')
        later(town, 10 * minute)
        expect(await bodyOf(await guess(secret, 6))).toMatchObject({ code: 'identity.lockedOut', details: { minutes: 5 } })
        later(town, -10 * minute)
      }
      later(town, 15 * minute)
      expect(await browser(town).try(api.signIn, { username: 'wang.fang', password: secret })).toMatchObject({
        name: expect.any(String),
      })
    }),
  )

  test(
    'guesses sent at once are no way around the lock',
    told(async (town) => {
      await hire(town, 'gridWorker', sample.grid, 'wang.fang')
      const guesses = Array.from({ length: 20 }, (_, n) =>
        browser(town, { address: `10.2.0.${n}` }).try(api.signIn, { username: 'wang.fang', password: `guess number ${n}` }),
      )
      const answers = await Promise.all(guesses)
      expect(answers.filter((code) => code === 'identity.wrong')).toHaveLength(lockOut.account.failures - 1)
      expect(answers.filter((code) => code === 'identity.lockedOut')).toHaveLength(16)
    }),
  )

  test(
    'the right password in time starts the count anew, and is itself no failure',
    told(async (town) => {
      await hire(town, 'gridWorker', sample.grid, 'wang.fang')
      const b = browser(town)
      for (let round = 0; round < 3; round++) {
        for (let n = 1; n < 3; n++)
          expect(await b.try(api.signIn, { username: 'wang.fang', password: 'wrong' })).toBe('identity.wrong')
        expect(await b.try(api.signIn, { username: 'wang.fang', password: secret })).toMatchObject({ name: expect.any(String) })
      }
      const { rows } = await sql<{ kind: string; failures: number }>`select kind, failures from auth.sign_in_failures`.execute(
        town.admin,
      )
      expect(rows).toEqual([{ kind: 'address', failures: 6 }])
    }),
  )

  test(
    'an address that guesses at many names is locked, and leaves those names open to others',
    told(async (town) => {
      await hire(town, 'gridWorker', sample.grid, 'wang.fang')
      const { house } = town.running
      const digest = house.keys.digest(['identity.address', '10.9.9.9'])
      const since = new Date(house.now()).toISOString()
      await sql`insert into auth.sign_in_failures (kind, key, failures, since) values ('address', ${digest}, ${lockOut.address.failures - 1}, ${since})`.execute(
        town.admin,
      )
      const b = browser(town, { address: '10.9.9.9' })
      expect(await b.try(api.signIn, { username: 'somebody', password: 'wrong' })).toBe('identity.lockedOut')
      expect(await b.try(api.signIn, { username: 'wang.fang', password: secret })).toBe('identity.lockedOut')
      expect(await browser(town).try(api.signIn, { username: 'wang.fang', password: secret })).toMatchObject({
        name: expect.any(String),
      })
    }),
  )

  test(
    'a cookie known before signing in is worth nothing afterwards',
    told(async (town) => {
      await hire(town, 'gridWorker', sample.grid, 'wang.fang')
      const victim = browser(town, { cookie: 'linli.session_token=planted.c2lnbmF0dXJl' })
      await victim.does(api.signIn, { username: 'wang.fang', password: secret })
      expect(victim.cookie).not.toContain('planted')

      const first = victim.cookie
      await victim.does(api.signIn, { username: 'wang.fang', password: secret })
      expect(victim.cookie).not.toBe(first)
      expect((await browser(town, { cookie: first }).does(api.whoAmI, {})).who).toBeNull()
      expect((await victim.does(api.whoAmI, {})).who).not.toBeNull()
    }),
  )

  test(
    'signing out ends the session on the server, not only in the browser',
    told(async (town) => {
      const b = await signedIn(town, 'gridWorker', sample.grid)
      const copied = b.cookie
      expect((await b.does(api.whoAmI, {})).who).not.toBeNull()
      await b.does(api.signOut, {})
      expect(b.cookie).toBeNull()
      expect((await browser(town, { cookie: copied }).does(api.whoAmI, {})).who).toBeNull()
      expect(await browser(town, { cookie: copied }).try(api.sessions, {})).toBe('door.stranger')
    }),
  )

  test(
    'a forged cookie is nobody, and a session past its week ends',
    told(async (town) => {
      const b = await signedIn(town, 'gridWorker', sample.grid)
      const [token, signature] = decodeURIComponent(b.cookie!.split('=')[1]!).split('.')
      for (const forged of [`${token}.${signature!.slice(0, -4)}AAA=`, token!, `${token}.`]) {
        expect(await browser(town, { cookie: `linli.session_token=${encodeURIComponent(forged)}` }).try(api.sessions, {})).toBe(
          'door.stranger',
        )
      }
      await sql`update auth.session set "expiresAt" = now() - interval '1 second'`.execute(town.admin)
      expect(await b.try(api.sessions, {})).toBe('door.stranger')
    }),
  )

  test(
    'every sign-in and every refusal is in the audit log, without a name or a password',
    told(async (town) => {
      const account = await hire(town, 'gridWorker', sample.grid, 'wang.fang')
      const b = browser(town)
      await b.try(api.signIn, { username: 'wang.fang', password: 'wrong' })
      const me = await b.does(api.signIn, { username: 'wang.fang', password: secret })
      await b.does(api.signOut, {})
      const { rows } = await sql`select contract, outcome, problem, account, session from audit_log order by seq`.execute(
        town.admin,
      )
      expect(rows).toEqual([
        { contract: 'identity.signIn', outcome: 'refused', problem: 'identity.wrong', account, session: '' },
        { contract: 'identity.signIn', outcome: 'done', problem: null, account, session: me.session },
        { contract: 'identity.signOut', outcome: 'done', problem: null, account, session: me.session },
      ])
    }),
  )
})

describe('sessions', () => {
  test(
    'a revoked session ends at once: its requests and its live page',
    told(async (town) => {
      const account = await hire(town, 'gridWorker', sample.grid, 'wang.fang')
      const stolen = browser(town, { agent: 'Mozilla/5.0 (iPhone) MicroMessenger/8' })
      await stolen.does(api.signIn, { username: 'wang.fang', password: secret })
      const own = browser(town, await openSession(town.running.house, account))
      await stolen.does(api.sessions, {})
      const live = await town.request('/api/live', { headers: { cookie: stolen.cookie! } })
      const ended = readAll(live)

      const { rows } = await own.does(api.sessions, {})
      expect(rows).toHaveLength(2)
      const other = rows.find((s) => !s.current)!
      expect(other.agent).toBe('WeChat · iOS')
      await own.does(api.endSession, { session: other.id })

      expect(await stolen.try(api.sessions, {})).toBe('door.stranger')
      expect(await ended).toContain('event: ended')
      expect(await own.try(api.endSession, { session: other.id })).toBe('identity.unknownSession')
    }),
  )

  test(
    'nobody ends the session of another without being above him',
    told(async (town) => {
      const worker = await signedIn(town, 'gridWorker', sample.grid)
      const colleague = await signedIn(town, 'gridWorker', sample.grid2)
      const neighbour = await signedIn(town, 'administrator', sample.other)
      const administrator = await signedIn(town, 'administrator', sample.community)
      const {
        rows: [session],
      } = await worker.does(api.sessions, {})

      expect(await colleague.try(api.sessions, { account: worker.account })).toBe('identity.mayNotManage')
      expect(await colleague.try(api.endSession, { session: session!.id })).toBe('identity.unknownSession')
      expect(await neighbour.try(api.endSession, { account: worker.account, session: session!.id })).toBe(
        'identity.unknownAccount',
      )
      expect((await administrator.does(api.endSessions, { account: worker.account })).ended).toBe(1)
      expect(await worker.try(api.sessions, {})).toBe('door.stranger')
    }),
  )

  test(
    'a post that is ended is gone with the next request',
    told(async (town) => {
      const administrator = await signedIn(town, 'administrator', sample.community)
      const secretary = await signedIn(town, 'communitySecretary', sample.community)
      await secretary.does(api.accounts, {})
      const line = await administrator.does(api.account, { account: secretary.account })
      const after = await administrator.does(api.endAssignment, { account: secretary.account, assignment: line.posts[0]!.id })
      expect(after.posts[0]!.until).not.toBeNull()
      expect(await secretary.try(api.accounts, {})).toBe('door.choosePost')
      expect(await administrator.try(api.endAssignment, { account: secretary.account, assignment: line.posts[0]!.id })).toBe(
        'identity.endedAlready',
      )
    }),
  )
})

describe('passwords', () => {
  test(
    'a one-time password opens nothing but the choice of an own one',
    told(async (town) => {
      const administrator = await signedIn(town, 'administrator', sample.community)
      const { account, oneTimePassword } = await administrator.does(api.createAccount, {
        name: '李娜',
        username: 'li.na',
        posts: [{ role: 'gridWorker', area: sample.grid }],
      })
      expect(oneTimePassword).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){2}$/)
      expect(account).toMatchObject({ state: 'active', home: sample.community, mustChangePassword: true, mayManage: true })

      const b = browser(town)
      expect(await b.does(api.signIn, { username: 'li.na', password: oneTimePassword! })).toMatchObject({
        mustChangePassword: true,
      })
      const before = b.cookie
      expect(await b.try(api.sessions, {})).toBe('identity.changePasswordFirst')
      expect((await town.request('/api/live', { headers: { cookie: b.cookie! } })).status).toBe(403)
      expect(await b.try(api.changePassword, { password: oneTimePassword!, newPassword: 'short' })).toBe('door.unreadable')
      expect(await b.try(api.changePassword, { password: oneTimePassword!, newPassword: 'my name is Li.Na' })).toBe(
        'identity.weakPassword',
      )
      expect(await b.try(api.changePassword, { password: 'a wrong one', newPassword: secret })).toBe('identity.wrongPassword')
      await b.does(api.changePassword, { password: oneTimePassword!, newPassword: secret })

      expect(b.cookie).not.toBe(before)
      expect((await b.does(api.sessions, {})).rows).toHaveLength(1)
      expect((await browser(town, { cookie: before }).does(api.whoAmI, {})).who).toBeNull()
      expect(await browser(town).try(api.signIn, { username: 'li.na', password: oneTimePassword! })).toBe('identity.wrong')
    }),
  )

  test(
    'a reset ends what is open, lifts the lock and shows the new password once',
    told(async (town) => {
      const administrator = await signedIn(town, 'administrator', sample.community)
      const account = await hire(town, 'gridWorker', sample.grid, 'wang.fang')
      const open = browser(town, await openSession(town.running.house, account))
      const b = browser(town)
      for (let n = 0; n < 5; n++) await b.try(api.signIn, { username: 'wang.fang', password: 'wrong' })

      const id = newId()
      const { oneTimePassword } = (await (await administrator.send(api.resetPassword, { account }, id)).json()) as {
        oneTimePassword: string
      }
      expect(await (await administrator.send(api.resetPassword, { account }, id)).json()).toEqual({ oneTimePassword: null })
      expect(await open.try(api.sessions, {})).toBe('door.stranger')
      expect(await b.try(api.signIn, { username: 'wang.fang', password: oneTimePassword })).toMatchObject({
        mustChangePassword: true,
      })
    }),
  )

  test(
    'an account without a password is refused like any other',
    told(async (town) => {
      await createAccount(town.running.house, {
        area: sample.community,
        username: 'no.password',
        name: '无密码',
        assignments: [],
      })
      expect(await browser(town).try(api.signIn, { username: 'no.password', password: 'anything at all' })).toBe('identity.wrong')
    }),
  )
})
