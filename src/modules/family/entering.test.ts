// Stories of the way in: what a code opens and what it does not, tried as somebody would who should not be inside.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { sample, story, type Town } from '#app/testing.ts'
import { addDays } from '#core/dates.ts'
import { newId } from '#core/ids.ts'
import { sessions } from '#modules/identity/api.ts'
import { createAccount } from '#modules/identity/server.ts'
import { households } from '#modules/residents/api.ts'
import { inbox } from '#modules/outreach/api.ts'
import * as api from './api.ts'
import * as own from './ownApi.ts'
import { lockAfter } from './model.ts'
import { begin, choose, inside, paperFor, paperOf, phone, pin } from './town.testing.ts'

const problem = (code: string) => expect.objectContaining({ code })
const one = async <T>(town: Town, what: ReturnType<typeof sql<T>>): Promise<T> => (await what.execute(town.admin)).rows[0]!

test(
  'a resident enters with the paper, a PIN chosen with the worker present, and later with both',
  story(async (town) => {
    const { worker, adult } = await begin(town)
    const paper = await paperFor(worker, { person: adult, kind: 'member' })
    const on = phone(town)
    const hears = await createAccount(town.running.house, {
      area: sample.community,
      username: 'qian',
      name: '钱网格员',
      assignments: [{ role: 'gridWorker', area: sample.grid }],
    })
    await on.does(api.begin, { code: paper.qr })
    const first = await on.does(api.begin, { code: paper.qr })
    // The grid hears that somebody waits, once, and of nobody's name.
    await town.drain()
    const heard = sql<{ path: string; title: { zh: string } }>`select path, title from outreach_items where account = ${hears}`
    const { rows: news } = await heard.execute(town.admin)
    expect(news).toMatchObject([{ path: '/family?state=waiting', title: { zh: expect.stringContaining('等您核对') } }])
    expect(JSON.stringify(news)).not.toContain('赵')
    expect(first).toMatchObject({ next: 'choose', number: expect.stringMatching(/^\d{4}$/) })
    const chosen = { code: paper.qr, ticket: first.ticket!, pin }
    await expect(on.does(api.choosePin, chosen)).rejects.toEqual(problem('family.notConfirmed'))
    expect(await on.does(api.waiting, { code: paper.qr, ticket: first.ticket! })).toEqual({ confirmed: false })
    const wrong = String((Number(first.number) + 1) % 10_000).padStart(4, '0')
    await expect(worker.tell(api.confirmFirst, { view: paper.view, number: wrong })).rejects.toEqual(
      problem('family.wrongNumber'),
    )
    expect((await worker.ask(api.views, { state: 'waiting' })).total).toBe(1)
    await worker.tell(api.confirmFirst, { view: paper.view, number: first.number! })
    expect(await on.does(api.waiting, { code: paper.qr, ticket: first.ticket! })).toEqual({ confirmed: true })
    for (const weak of ['123456', '600506', '101101'])
      await expect(on.does(api.choosePin, { ...chosen, pin: weak })).rejects.toEqual(problem('family.weakPin'))
    await on.does(api.choosePin, chosen)
    expect(await on.does(own.mine, {})).toMatchObject({ off: false, people: [{ person: adult, self: true }] })

    const other = phone(town, '10.9.0.2')
    await expect(other.does(own.mine, {})).rejects.toEqual(problem('door.stranger'))
    expect(await other.does(api.begin, { code: paper.qr })).toEqual({ next: 'pin', ticket: null, number: null })
    await expect(other.does(api.enter, { code: paper.qr, pin: '739150' })).rejects.toEqual(
      expect.objectContaining({ code: 'family.wrongPin', details: { left: 4 } }),
    )
    await other.does(api.enter, { code: paper.qr, pin })
    expect(await other.does(api.standing, {})).toEqual({ inside: true })
    expect((await other.does(own.mine, {})).view).toMatchObject({ missed: 1 })
    await other.does(api.leave, {})
    expect(other.cookie).toBeNull()
    await expect(other.does(own.mine, {})).rejects.toEqual(problem('door.stranger'))
    expect(await on.does(api.standing, {})).toEqual({ inside: true })
  }),
)

test(
  'another browser cannot take the first use over, and neither can an old ticket',
  story(async (town) => {
    const { worker, adult } = await begin(town)
    const paper = await paperFor(worker, { person: adult, kind: 'member' })
    const [resident, thief] = [phone(town), phone(town, '10.9.0.66')]
    const mine = await resident.does(api.begin, { code: paper.qr })
    await worker.tell(api.confirmFirst, { view: paper.view, number: mine.number! })
    await expect(thief.does(api.choosePin, { code: paper.qr, ticket: 'x'.repeat(43), pin })).rejects.toEqual(
      problem('family.beginAgain'),
    )
    // Whoever shows the paper again begins anew: what the worker confirmed was another screen.
    const theirs = await thief.does(api.begin, { code: paper.qr })
    await expect(thief.does(api.choosePin, { code: paper.qr, ticket: theirs.ticket!, pin })).rejects.toEqual(
      problem('family.notConfirmed'),
    )
    await expect(resident.does(api.choosePin, { code: paper.qr, ticket: mine.ticket!, pin })).rejects.toEqual(
      problem('family.beginAgain'),
    )
    const again = await resident.does(api.begin, { code: paper.qr })
    await worker.tell(api.confirmFirst, { view: paper.view, number: again.number! })
    town.at('2026-03-02T01:11:00.000Z')
    await expect(resident.does(api.choosePin, { code: paper.qr, ticket: again.ticket!, pin })).rejects.toEqual(
      problem('family.beginAgain'),
    )
    await choose(worker, resident, paper)
    await expect(worker.tell(api.confirmFirst, { view: paper.view, number: '0000' })).rejects.toEqual(
      problem('family.nothingWaits'),
    )
  }),
)

test(
  'five wrong PINs lock the code, also all at once, and the team hears of it; a new code starts anew',
  story(async (town) => {
    const { worker, staff, adult } = await begin(town)
    const { view, qr } = await inside(town, worker, adult)
    const thief = phone(town, '10.9.0.66')
    const tries = await Promise.all(
      ['739150', '739151', '739152', '739153', '739154', '739155', '739156', '739157'].map((guess) =>
        thief.does(api.enter, { code: qr, pin: guess }).catch((error: { code: string }) => error.code),
      ),
    )
    expect(tries.filter((code) => code === 'family.wrongPin')).toHaveLength(lockAfter.inARow - 1)
    expect(tries.filter((code) => code === 'family.locked')).toHaveLength(4)
    await expect(thief.does(api.enter, { code: qr, pin })).rejects.toEqual(problem('family.locked'))
    await expect(thief.does(api.begin, { code: qr })).rejects.toEqual(problem('family.locked'))
    expect((await worker.ask(api.views, { state: 'locked' })).rows).toMatchObject([{ id: view, state: 'locked' }])
    await expect(
      one(town, sql<{ n: number }>`select count(*)::int as n from family_codes where locked_at is not null`),
    ).resolves.toEqual({ n: 1 })
    await expect(
      one(town, sql<{ n: number }>`select count(*)::int as n from audit_log where contract = 'family.lock'`),
    ).resolves.toEqual({ n: 1 })

    await worker.tell(api.reissue, { view })
    const fresh = await paperOf(worker, view)
    expect(fresh.qr).not.toBe(qr)
    await expect(thief.does(api.enter, { code: qr, pin })).rejects.toEqual(problem('family.wrongCode'))
    await choose(worker, phone(town), fresh, '918264')
    expect(staff).toBeDefined()
  }),
)

test(
  'whoever waits for the owner to clear the count is locked out too',
  story(async (town) => {
    const { worker, adult } = await begin(town)
    const { qr, on } = await inside(town, worker, adult)
    const thief = phone(town, '10.9.0.66')
    const codes: string[] = []
    for (let i = 0; i < lockAfter.ever; i++) {
      if (i % 4 === 0) await on.does(api.enter, { code: qr, pin })
      codes.push(
        await thief.does(api.enter, { code: qr, pin: String(739150 + i) }).then(
          () => 'in',
          (error: { code: string }) => error.code,
        ),
      )
    }
    expect(codes.slice(0, -1)).toEqual(Array.from({ length: lockAfter.ever - 1 }, () => 'family.wrongPin'))
    expect(codes.at(-1)).toBe('family.locked')
  }),
)

test(
  'a typed code is good once and for hours; wrong, used, old and revoked ones cannot be told apart',
  story(async (town) => {
    const { worker, adult, neighbour } = await begin(town)
    const paper = await paperFor(worker, { person: adult, kind: 'member' })
    const on = phone(town)
    await choose(worker, on, { view: paper.view, qr: `${paper.typed.slice(0, 5)}-${paper.typed.slice(5).toLowerCase()}` })
    const late = await paperFor(worker, { person: neighbour, kind: 'member' })
    const gone = await paperFor(worker, { person: adult, kind: 'proxy', proxyName: '钱女儿', proxyTie: '女儿' })
    await worker.tell(api.revoke, { view: gone.view })
    town.at('2026-03-04T01:00:01.000Z')
    const thief = phone(town, '10.9.0.66')
    const bodies = await Promise.all(
      [paper.typed, late.typed, gone.qr, 'ZZZZZ-ZZZZZ', 'not a code at all'].map(async (code) => {
        const response = await thief.raw(api.begin.name, { input: { code } })
        return `${response.status} ${await response.text()}`
      }),
    )
    expect(new Set(bodies).size).toBe(1)
    expect(bodies[0]).toContain('family.wrongCode')
    expect(await thief.does(api.begin, { code: late.qr })).toMatchObject({ next: 'choose' })
    expect((await worker.ask(api.slips, { views: [paper.view, late.view] })).rows.map((r) => r.typed)).toEqual([null, null])

    const refused = new Set<string>()
    for (let i = 0; i < 62; i++)
      refused.add(
        await thief.does(api.begin, { code: `AAAAAAAA${10 + i}` }).then(
          () => 'in',
          (error: { code: string }) => error.code,
        ),
      )
    expect([...refused]).toEqual(['family.wrongCode', 'family.tooMany'])
    expect(await phone(town, '10.9.0.67').does(api.begin, { code: paper.qr })).toMatchObject({ next: 'pin' })
  }),
  120_000,
)

test(
  'one typed code for two browsers at once lets one in',
  story(async (town) => {
    const { worker, adult } = await begin(town)
    const paper = await paperFor(worker, { person: adult, kind: 'member' })
    const on = phone(town)
    const { ticket, number } = await on.does(api.begin, { code: paper.typed })
    await worker.tell(api.confirmFirst, { view: paper.view, number: number! })
    const both = await Promise.all(
      [on, phone(town)].map((p) =>
        p.does(api.choosePin, { code: paper.typed, ticket: ticket!, pin }).then(
          () => 'in',
          (e: { code: string }) => e.code,
        ),
      ),
    )
    expect(both.filter((outcome) => outcome === 'in')).toHaveLength(1)
  }),
)

test(
  'a cookie that somebody planted or made up is nobody; entering ends the session that was there',
  story(async (town) => {
    const { worker, adult, neighbour } = await begin(town)
    const mine = await inside(town, worker, adult)
    const theirs = await inside(town, worker, neighbour)
    const planted = theirs.on.cookie!
    const victim = phone(town)
    victim.cookie = planted
    await victim.does(api.enter, { code: mine.qr, pin })
    expect(victim.cookie).not.toBe(planted)
    expect((await victim.does(own.mine, {})).people[0]!.person).toBe(adult)
    await expect(theirs.on.does(own.mine, {})).rejects.toEqual(problem('door.stranger'))
    const [community, id, secret] = victim.cookie!.slice('linli.home='.length).split('.') as [string, string, string]
    for (const cookie of [
      `${community}.${id}.${'A'.repeat(43)}`,
      `${sample.other}.${id}.${secret}`,
      `${community}.${newId()}.${secret}`,
      'x',
      `${community}.${id}`,
      `' or 1=1`,
    ]) {
      victim.cookie = `linli.home=${cookie}`
      await expect(victim.does(own.mine, {}), cookie).rejects.toEqual(problem('door.stranger'))
    }
  }),
)

test(
  'the cookie opens the own page and nothing else of the house; staff do not enter by it either',
  story(async (town) => {
    const { worker, adult, order } = await begin(town)
    const { on } = await inside(town, worker, adult)
    for (const contract of [
      households.name,
      sessions.name,
      inbox.name,
      api.views.name,
      'files.thumbs',
      'observation.orders',
      'policy.rules',
      'monitoring.record',
      'services.ask',
    ]) {
      const response = await on.raw(contract, { input: {} })
      expect([401, 404], contract).toContain(response.status)
    }
    for (const contract of own.ownContracts)
      expect((await worker.raw(contract.name, { input: {} })).status, contract.name).toBe(403)
    const live = await town.request('/api/live', { headers: { cookie: on.cookie! } })
    expect(live.status).toBe(401)
    expect(order).toBeDefined()
  }),
)

test(
  'a session ends with its days, its code, its view',
  story(async (town) => {
    const { worker, adult } = await begin(town)
    const { view, on, qr } = await inside(town, worker, adult)
    town.at(`${addDays('2026-03-02', 7)}T00:59:00.000Z`)
    expect(await on.does(api.standing, {})).toEqual({ inside: true })
    town.at(`${addDays('2026-03-02', 7)}T01:00:01.000Z`)
    expect(await on.does(api.standing, {})).toEqual({ inside: false })
    await on.does(api.enter, { code: qr, pin })
    await worker.tell(api.reissue, { view })
    expect(await on.does(api.standing, {})).toEqual({ inside: false })
    await choose(worker, on, await paperOf(worker, view))
    await worker.tell(api.revoke, { view })
    expect(await on.does(api.standing, {})).toEqual({ inside: false })
    await expect(worker.tell(api.reissue, { view })).rejects.toEqual(problem('family.endedAlready'))
  }),
)

test(
  'nothing of a code or PIN lies in the database in clear, nor in the log of acts',
  story(async (town) => {
    const { worker, adult } = await begin(town)
    const paper = await inside(town, worker, adult)
    const { rows } = await sql<{
      all: string
    }>`select row_to_json(c)::text || coalesce(encode(c.closed, 'escape'), '') as all from family_codes c
    union all select row_to_json(s)::text from family_sessions s union all select row_to_json(a)::text from audit_log a`.execute(
      town.admin,
    )
    const everything = rows.map((row) => row.all).join('\n')
    for (const secret of [paper.qr, paper.typed, pin, paper.on.cookie!.split('.').at(-1)!])
      expect(everything).not.toContain(secret)
    const stranger = town.as('gridWorker', sample.grid2, '赵网格员')
    await expect(stranger.tell(api.reissue, { view: paper.view })).rejects.toEqual(problem('scope.outOfReach'))
    expect((await stranger.ask(api.slips, { views: [paper.view] })).rows).toEqual([])
    expect((await stranger.ask(api.views, {})).total).toBe(0)
  }),
)
