// Stories of identity, told through the HTTP door as a browser would: with cookies, addresses and devices.
import { describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { headers, type Contract, type Input, type Output } from '#core/contract.ts'
import { newId, type Id } from '#core/ids.ts'
import type { ProblemBody } from '#core/problem.ts'
import { sample, story, type Town } from '#app/testing.ts'
import * as api from './api.ts'
import { fits, lockOut, mayAppoint, mayManage, rolesToGive, roles, sayAgent, tooWeak, type Role } from './model.ts'
import { accountNames, createAccount, identify, openSession, setUpDone, setUpToken } from './server.ts'

const secret = 'a long walk by the river'
const told = (tell: (town: Town) => Promise<void>) => story(tell, { identify })
const minute = 60_000

type Browser = {
  cookie: string | null; device?: Id; address: string; post?: Id; agent: string; https?: boolean; setCookie: string | null; url: string
  send: (contract: Contract, input: unknown, id?: Id) => Promise<Response>
  /** The answer, or the code of the problem. */
  try: <C extends Contract>(contract: C, input: Input<C>) => Promise<Output<C> | string>
  does: <C extends Contract>(contract: C, input: Input<C>) => Promise<Output<C>>
}

/** A browser that keeps its cookie, as browsers do. */
function browser(town: Town, own: Partial<Browser> = {}): Browser {
  const it: Browser = {
    cookie: null, address: '10.0.0.7', agent: 'Mozilla/5.0 (Windows NT 10.0) Chrome/140.0', setCookie: null, url: 'http://linli.test',
    send: async (contract, input, id = newId()) => {
      const response = await town.running.app.request(`${it.url}/api/${contract.name}`, {
        method: 'POST', body: JSON.stringify({ input }),
        headers: {
          'content-type': 'application/json', 'user-agent': it.agent, 'x-forwarded-for': it.address, [headers.key]: id,
          ...(it.cookie ? { cookie: it.cookie } : {}), ...(it.post ? { [headers.post]: it.post } : {}),
          ...(it.device ? { [headers.device]: it.device } : {}),
        },
      })
      it.setCookie = response.headers.get('set-cookie')
      if (it.setCookie) it.cookie = it.setCookie.includes('Max-Age=0') ? null : it.setCookie.split(';')[0]!
      return response
    },
    try: async (contract, input) => {
      const response = await it.send(contract, input)
      const body = await response.json()
      return response.ok ? body : (body as ProblemBody).code
    },
    does: async (contract, input) => {
      const response = await it.send(contract, input)
      const body = await response.json()
      if (!response.ok) throw new Error((body as ProblemBody).code)
      return body
    },
    ...own,
  }
  return it
}

let people = 0
/** An account with one post and the usual password. */
const hire = (town: Town, role: Role, area: string, username = `person${++people}`) =>
  createAccount(town.running.house, { area: area.slice(0, 12), username, name: `姓名${people}`, password: secret, assignments: [{ role, area }] })

/** Somebody with one post, signed in without typing a password. */
async function signedIn(town: Town, role: Role, area: string): Promise<Browser & { account: Id }> {
  const account = await createAccount(town.running.house, {
    area: area.slice(0, 12), username: `person${++people}`, name: `姓名${people}`, assignments: [{ role, area }],
  })
  return Object.assign(browser(town, await openSession(town.running.house, account)), { account })
}

const later = (town: Town, ms: number) => town.at(new Date(town.running.house.now() + ms).toISOString())
const bodyOf = async (response: Response) => (await response.json()) as ProblemBody

describe('signing in', () => {
  test('a password opens a session whose cookie scripts and other sites never see', told(async (town) => {
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
  }))

  test('an unknown name and a wrong password read alike and take alike', told(async (town) => {
    await hire(town, 'gridWorker', sample.grid, 'wang.fang')
    const refusal = async (username: string, address: string) => {
      const started = performance.now()
      const response = await browser(town, { address }).send(api.signIn, { username, password: 'not the password' })
      return { status: response.status, body: await bodyOf(response), ms: performance.now() - started }
    }
    const [known, unknown, odd] = [await refusal('wang.fang', '10.0.0.1'), await refusal('nobody', '10.0.0.2'), await refusal('王 芳', '10.0.0.3')]
    expect(known.body).toEqual(unknown.body)
    expect(known.body).toEqual(odd.body)
    expect(known.body.code).toBe('identity.wrong')
    for (const { ms, status } of [known, unknown, odd]) {
      expect(status).toBe(401)
      expect(ms).toBeGreaterThan(345)
    }
  }))

  test('five wrong passwords lock for a quarter of an hour, in words, for names that do not exist too', told(async (town) => {
    await hire(town, 'gridWorker', sample.grid, 'wang.fang')
    for (const username of ['wang.fang', 'nobody']) {
      const guess = (password: string, n: number) => browser(town, { address: `10.1.0.${n}` }).send(api.signIn, { username, password })
      for (let n = 1; n < lockOut.account.failures; n++) expect((await bodyOf(await guess('wrong', n))).code).toBe('identity.wrong')
      const fifth = await bodyOf(await guess('wrong', 5))
      expect(fifth).toMatchObject({ code: 'identity.lockedOut', details: { minutes: 15 } })
      expect(fifth.title.zh).toContain('15 分钟后再试')
      later(town, 10 * minute)
      expect(await bodyOf(await guess(secret, 6))).toMatchObject({ code: 'identity.lockedOut', details: { minutes: 5 } })
      later(town, -10 * minute)
    }
    later(town, 15 * minute)
    expect(await browser(town).try(api.signIn, { username: 'wang.fang', password: secret })).toMatchObject({ name: expect.any(String) })
  }))

  test('guesses sent at once are no way around the lock', told(async (town) => {
    await hire(town, 'gridWorker', sample.grid, 'wang.fang')
    const guesses = Array.from({ length: 20 }, (_, n) =>
      browser(town, { address: `10.2.0.${n}` }).try(api.signIn, { username: 'wang.fang', password: `guess number ${n}` }))
    const answers = await Promise.all(guesses)
    expect(answers.filter((code) => code === 'identity.wrong')).toHaveLength(lockOut.account.failures - 1)
    expect(answers.filter((code) => code === 'identity.lockedOut')).toHaveLength(16)
  }))

  test('the right password in time starts the count anew, and is itself no failure', told(async (town) => {
    await hire(town, 'gridWorker', sample.grid, 'wang.fang')
    const b = browser(town)
    for (let round = 0; round < 3; round++) {
      for (let n = 1; n < 3; n++) expect(await b.try(api.signIn, { username: 'wang.fang', password: 'wrong' })).toBe('identity.wrong')
      expect(await b.try(api.signIn, { username: 'wang.fang', password: secret })).toMatchObject({ name: expect.any(String) })
    }
    const { rows } = await sql<{ kind: string; failures: number }>`select kind, failures from auth.sign_in_failures`.execute(town.admin)
    expect(rows).toEqual([{ kind: 'address', failures: 6 }])
  }))

  test('an address that guesses at many names is locked, and leaves those names open to others', told(async (town) => {
    await hire(town, 'gridWorker', sample.grid, 'wang.fang')
    const { house } = town.running
    const digest = house.keys.digest(['identity.address', '10.9.9.9'])
    const since = new Date(house.now()).toISOString()
    await sql`insert into auth.sign_in_failures (kind, key, failures, since) values ('address', ${digest}, ${lockOut.address.failures - 1}, ${since})`.execute(town.admin)
    const b = browser(town, { address: '10.9.9.9' })
    expect(await b.try(api.signIn, { username: 'somebody', password: 'wrong' })).toBe('identity.lockedOut')
    expect(await b.try(api.signIn, { username: 'wang.fang', password: secret })).toBe('identity.lockedOut')
    expect(await browser(town).try(api.signIn, { username: 'wang.fang', password: secret })).toMatchObject({ name: expect.any(String) })
  }))

  test('a cookie known before signing in is worth nothing afterwards', told(async (town) => {
    await hire(town, 'gridWorker', sample.grid, 'wang.fang')
    const victim = browser(town, { cookie: 'linli.session_token=planted.c2lnbmF0dXJl' })
    await victim.does(api.signIn, { username: 'wang.fang', password: secret })
    expect(victim.cookie).not.toContain('planted')

    const first = victim.cookie
    await victim.does(api.signIn, { username: 'wang.fang', password: secret })
    expect(victim.cookie).not.toBe(first)
    expect((await browser(town, { cookie: first }).does(api.whoAmI, {})).who).toBeNull()
    expect((await victim.does(api.whoAmI, {})).who).not.toBeNull()
  }))

  test('signing out ends the session on the server, not only in the browser', told(async (town) => {
    const b = await signedIn(town, 'gridWorker', sample.grid)
    const copied = b.cookie
    expect((await b.does(api.whoAmI, {})).who).not.toBeNull()
    await b.does(api.signOut, {})
    expect(b.cookie).toBeNull()
    expect((await browser(town, { cookie: copied }).does(api.whoAmI, {})).who).toBeNull()
    expect(await browser(town, { cookie: copied }).try(api.sessions, {})).toBe('door.stranger')
  }))

  test('a forged cookie is nobody, and a session past its week ends', told(async (town) => {
    const b = await signedIn(town, 'gridWorker', sample.grid)
    const [token, signature] = decodeURIComponent(b.cookie!.split('=')[1]!).split('.')
    for (const forged of [`${token}.${signature!.slice(0, -4)}AAA=`, token!, `${token}.`]) {
      expect(await browser(town, { cookie: `linli.session_token=${encodeURIComponent(forged)}` }).try(api.sessions, {})).toBe('door.stranger')
    }
    await sql`update auth.session set "expiresAt" = now() - interval '1 second'`.execute(town.admin)
    expect(await b.try(api.sessions, {})).toBe('door.stranger')
  }))

  test('every sign-in and every refusal is in the audit log, without a name or a password', told(async (town) => {
    const account = await hire(town, 'gridWorker', sample.grid, 'wang.fang')
    const b = browser(town)
    await b.try(api.signIn, { username: 'wang.fang', password: 'wrong' })
    const me = await b.does(api.signIn, { username: 'wang.fang', password: secret })
    await b.does(api.signOut, {})
    const { rows } = await sql`select contract, outcome, problem, account, session from audit_log order by seq`.execute(town.admin)
    expect(rows).toEqual([
      { contract: 'identity.signIn', outcome: 'refused', problem: 'identity.wrong', account, session: '' },
      { contract: 'identity.signIn', outcome: 'done', problem: null, account, session: me.session },
      { contract: 'identity.signOut', outcome: 'done', problem: null, account, session: me.session },
    ])
  }))
})

describe('sessions', () => {
  test('a revoked session ends at once: its requests and its live page', told(async (town) => {
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
  }))

  test('nobody ends the session of another without being above him', told(async (town) => {
    const worker = await signedIn(town, 'gridWorker', sample.grid)
    const colleague = await signedIn(town, 'gridWorker', sample.grid2)
    const neighbour = await signedIn(town, 'administrator', sample.other)
    const administrator = await signedIn(town, 'administrator', sample.community)
    const { rows: [session] } = await worker.does(api.sessions, {})

    expect(await colleague.try(api.sessions, { account: worker.account })).toBe('identity.mayNotManage')
    expect(await colleague.try(api.endSession, { session: session!.id })).toBe('identity.unknownSession')
    expect(await neighbour.try(api.endSession, { account: worker.account, session: session!.id })).toBe('identity.unknownAccount')
    expect((await administrator.does(api.endSessions, { account: worker.account })).ended).toBe(1)
    expect(await worker.try(api.sessions, {})).toBe('door.stranger')
  }))

  test('a post that is ended is gone with the next request', told(async (town) => {
    const administrator = await signedIn(town, 'administrator', sample.community)
    const secretary = await signedIn(town, 'communitySecretary', sample.community)
    await secretary.does(api.accounts, {})
    const line = await administrator.does(api.account, { account: secretary.account })
    const after = await administrator.does(api.endAssignment, { account: secretary.account, assignment: line.posts[0]!.id })
    expect(after.posts[0]!.until).not.toBeNull()
    expect(await secretary.try(api.accounts, {})).toBe('door.choosePost')
    expect(await administrator.try(api.endAssignment, { account: secretary.account, assignment: line.posts[0]!.id })).toBe('identity.endedAlready')
  }))
})

async function readAll(response: Response): Promise<string> {
  let all = ''
  for await (const chunk of response.body!) all += new TextDecoder().decode(chunk)
  return all
}

describe('passwords', () => {
  test('a one-time password opens nothing but the choice of an own one', told(async (town) => {
    const administrator = await signedIn(town, 'administrator', sample.community)
    const { account, oneTimePassword } = await administrator.does(api.createAccount, {
      name: '李娜', username: 'li.na', posts: [{ role: 'gridWorker', area: sample.grid }],
    })
    expect(oneTimePassword).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){2}$/)
    expect(account).toMatchObject({ state: 'active', home: sample.community, mustChangePassword: true, mayManage: true })

    const b = browser(town)
    expect(await b.does(api.signIn, { username: 'li.na', password: oneTimePassword! })).toMatchObject({ mustChangePassword: true })
    const before = b.cookie
    expect(await b.try(api.sessions, {})).toBe('identity.changePasswordFirst')
    expect((await town.request('/api/live', { headers: { cookie: b.cookie! } })).status).toBe(403)
    expect(await b.try(api.changePassword, { password: oneTimePassword!, newPassword: 'short' })).toBe('door.unreadable')
    expect(await b.try(api.changePassword, { password: oneTimePassword!, newPassword: 'my name is Li.Na' })).toBe('identity.weakPassword')
    expect(await b.try(api.changePassword, { password: 'a wrong one', newPassword: secret })).toBe('identity.wrongPassword')
    await b.does(api.changePassword, { password: oneTimePassword!, newPassword: secret })

    expect(b.cookie).not.toBe(before)
    expect((await b.does(api.sessions, {})).rows).toHaveLength(1)
    expect((await browser(town, { cookie: before }).does(api.whoAmI, {})).who).toBeNull()
    expect(await browser(town).try(api.signIn, { username: 'li.na', password: oneTimePassword! })).toBe('identity.wrong')
  }))

  test('a reset ends what is open, lifts the lock and shows the new password once', told(async (town) => {
    const administrator = await signedIn(town, 'administrator', sample.community)
    const account = await hire(town, 'gridWorker', sample.grid, 'wang.fang')
    const open = browser(town, await openSession(town.running.house, account))
    const b = browser(town)
    for (let n = 0; n < 5; n++) await b.try(api.signIn, { username: 'wang.fang', password: 'wrong' })

    const id = newId()
    const { oneTimePassword } = await (await administrator.send(api.resetPassword, { account }, id)).json() as { oneTimePassword: string }
    expect(await (await administrator.send(api.resetPassword, { account }, id)).json()).toEqual({ oneTimePassword: null })
    expect(await open.try(api.sessions, {})).toBe('door.stranger')
    expect(await b.try(api.signIn, { username: 'wang.fang', password: oneTimePassword })).toMatchObject({ mustChangePassword: true })
  }))

  test('an account without a password is refused like any other', told(async (town) => {
    await createAccount(town.running.house, { area: sample.community, username: 'no.password', name: '无密码', assignments: [] })
    expect(await browser(town).try(api.signIn, { username: 'no.password', password: 'anything at all' })).toBe('identity.wrong')
  }))
})

describe('who may appoint whom', () => {
  test('never above, beside or beyond the own area, whatever the id', told(async (town) => {
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
    expect(await administrator.try(api.createAccount, { name: '外', username: 'outside', home: sample.street, posts: [] })).toBe('identity.mayNotManage')
    expect(await secretary.try(api.createAccount, { name: '外', username: 'outside', posts: [{ role: 'auditor', area: sample.community }] }))
      .toBe('identity.mayNotAppoint')
    const { rows } = await sql`select from identity_accounts where username = 'outside'`.execute(town.admin)
    expect(rows).toHaveLength(0)
  }))

  test('an account and its password share one fate, and a name is taken once', told(async (town) => {
    const administrator = await signedIn(town, 'administrator', sample.community)
    const neighbour = await signedIn(town, 'administrator', sample.other)
    const bad = { name: '甲', username: 'jia', posts: [{ role: 'districtOfficer' as const, area: sample.community }] }
    expect(await administrator.try(api.createAccount, bad)).toBe('identity.roleDoesNotFit')
    const id = newId()
    const good = { ...bad, posts: [{ role: 'medic' as const, area: sample.community }] }
    const first = await (await administrator.send(api.createAccount, good, id)).json() as Output<typeof api.createAccount>
    expect(first.oneTimePassword).not.toBeNull()
    const repeat = await (await administrator.send(api.createAccount, good, id)).json() as Output<typeof api.createAccount>
    expect(repeat).toMatchObject({ account: { id }, oneTimePassword: null })
    expect(await neighbour.try(api.createAccount, { name: '乙', username: 'jia', posts: [] })).toBe('identity.usernameTaken')
  }))

  test('a locked account is out at once and comes back; one who has left holds nothing', told(async (town) => {
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
  }))

  test('a list shows the own area and who works in it, page by page', told(async (town) => {
    const administrator = await signedIn(town, 'administrator', sample.community)
    await signedIn(town, 'gridWorker', sample.grid)
    await signedIn(town, 'gridWorker', `${sample.other}0000001`.slice(0, 17))
    const visiting = await createAccount(town.running.house, {
      area: sample.street, username: 'zz.visiting', name: '巡诊', assignments: [{ role: 'medic', area: sample.community }],
    })
    await createAccount(town.running.house, { area: sample.street, username: 'zz.above', name: '街道', assignments: [{ role: 'subdistrictOfficer', area: sample.street }] })

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
  }))
})

describe('devices', () => {
  test('a revoked device is refused everything, with or without a session', told(async (town) => {
    const administrator = await signedIn(town, 'administrator', sample.community)
    const account = await hire(town, 'gridWorker', sample.grid, 'wang.fang')
    const phone = browser(town, { device: newId() })
    await phone.does(api.signIn, { username: 'wang.fang', password: secret })
    expect(await phone.does(api.enrolDevice, { device: phone.device!, name: '王芳的手机' })).toMatchObject({ name: '王芳的手机', revokedAt: null })
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
  }))

  test('a phone shared by two is one device: revoked for both', told(async (town) => {
    const device = newId()
    const [a, b] = [await signedIn(town, 'gridWorker', sample.grid), await signedIn(town, 'volunteer', sample.community)]
    for (const one of [a, b]) {
      one.device = device
      await one.does(api.enrolDevice, { device, name: '值班手机' })
    }
    await a.does(api.revokeDevice, { device })
    expect(await b.try(api.devices, {})).toBe('identity.deviceRevoked')
  }))

  test('a device is marked as seen every few minutes, not with every request', told(async (town) => {
    const phone = Object.assign(await signedIn(town, 'gridWorker', sample.grid), { device: newId() })
    const { enrolledAt } = await phone.does(api.enrolDevice, { device: phone.device, name: '手机' })
    const seen = async () => (await sql<{ at: string }>`select last_seen_at as at from identity_devices`.execute(town.admin)).rows[0]!.at
    later(town, 2 * minute)
    await phone.does(api.devices, {})
    expect(await seen()).toBe(enrolledAt)
    later(town, 4 * minute)
    await openSession(town.running.house, phone.account).then(({ cookie }) => browser(town, { cookie, device: phone.device }).does(api.devices, {}))
    expect(Date.parse(await seen()) - Date.parse(enrolledAt)).toBe(6 * minute)
  }))
})

describe('the first set-up', () => {
  const input = { areaCode: sample.county, areaName: '临川县', name: '管理员', username: 'first.admin', password: secret }

  test('works once, by the newest token only, and leaves an administrator signed in', told(async (town) => {
    const { house } = town.running
    expect(await setUpDone(house)).toBe(false)
    const stale = (await setUpToken(house))!
    const token = (await setUpToken(house))!
    const b = browser(town)
    expect((await b.does(api.whoAmI, {})).setUpNeeded).toBe(true)
    for (const wrong of [stale, 'guess']) expect(await b.try(api.setUp, { ...input, token: wrong })).toBe('identity.wrongSetUpToken')

    const both = await Promise.all([1, 2].map((n) => browser(town).try(api.setUp, { ...input, username: `first.admin${n}`, token })))
    expect(both.filter((answer) => typeof answer !== 'string')).toMatchObject([{ posts: [{ role: 'administrator', area: sample.county }] }])
    expect(both).toContain('identity.setUpOver')
    expect(await b.try(api.setUp, { ...input, token })).toBe('identity.setUpOver')
    expect(await setUpDone(house)).toBe(true)
    expect(await setUpToken(house)).toBeUndefined()
    const { rows } = await sql<{ n: number }>`select count(*) as n from identity_accounts`.execute(town.admin)
    expect(rows[0]!.n).toBe(1)
  }))

  test('who set it up signs in and appoints below', told(async (town) => {
    const b = browser(town)
    const me = await b.does(api.setUp, {
      ...input, communityCode: sample.community, communityName: '和平社区', token: (await setUpToken(town.running.house))!,
    })
    expect(me.posts).toMatchObject([{ role: 'administrator', area: sample.county, areaName: '临川县' }])
    const choices = await b.does(api.areas, { words: '和平' })
    expect(choices.rows).toMatchObject([{ area: sample.community, areaName: '和平社区' }])
    expect(choices.rows[0]!.roles).toContain('communitySecretary')
    expect(choices.rows[0]!.roles).not.toContain('districtOfficer')
    expect((await b.does(api.areas, {})).rows.map((r) => r.area)).toEqual([sample.county, sample.street, sample.community])
    const { account } = await b.does(api.createAccount, {
      name: '书记', username: 'secretary', home: sample.community, posts: [{ role: 'communitySecretary', area: sample.community }],
    })
    expect(account.posts).toMatchObject([{ role: 'communitySecretary', area: sample.community }])
    const again = browser(town)
    expect(await again.does(api.signIn, { username: 'first.admin', password: secret })).toMatchObject({ name: '管理员' })
  }))
})

describe('what the database itself refuses', () => {
  test('the working role reads no password and no session', told(async (town) => {
    await hire(town, 'gridWorker', sample.grid)
    for (const table of ['auth.account', 'auth.session', 'auth."user"', 'auth.set_up']) {
      await expect(town.running.house.within(sample.community, (tx) => sql`select from ${sql.raw(table)}`.execute(tx))).rejects.toThrow(/permission denied/)
    }
  }))
})

describe('rules', () => {
  test('only an administrator or a secretary appoints, and nobody outside his area', () => {
    const areas = [sample.county, sample.street, sample.community, sample.other, sample.precinct, sample.grid]
    for (const role of roles) for (const area of areas) for (const given of roles) for (const at of areas) {
      const may = mayAppoint({ role, area }, { role: given, area: at })
      if (may) expect(at.startsWith(area)).toBe(true)
      if (may) expect(['administrator', 'communitySecretary']).toContain(role)
      if (may && role === 'communitySecretary') expect(['gridWorker', 'buildingSteward', 'gateGuard', 'medic', 'volunteer']).toContain(given)
    }
    expect(rolesToGive({ role: 'administrator', area: sample.street }, sample.street)).toEqual(['subdistrictOfficer', 'partner', 'auditor', 'administrator'])
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
