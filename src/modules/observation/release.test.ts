// Stories of release: due, requested, approved, numbered without gaps, served; its paper proves itself; a later rule changes no reprint.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { sample, story, type Town } from '#app/testing.ts'
import { underway } from '#server/indicators.ts'
import { asSystem } from '#server/system.ts'
import { createAccount } from '#modules/identity/server.ts'
import { issue, passes, stop } from '#modules/access/api.ts'
import { person as dossier } from '#modules/residents/api.ts'
import { restrictions } from '#modules/residents/restrictions.ts'
import { rules } from '#modules/screening/town.testing.ts'
import * as api from './api.ts'
import { numberedBy, numbering, readVerifyPath, verifyPath } from './notices.ts'
import { papers } from './rules.ts'
import { nag } from './server/releasing.ts'
import { ordersOnTheWay } from './server/owned.ts'
import { begin, observed } from './town.testing.ts'

const { community } = sample
const problem = (code: string) => expect.objectContaining({ code })
const release = { how: 'inPerson', by: '李网格员' } as const

/** What a gate would hear of a person at an instant. */
const bound = (town: Town, person: string, at: string) =>
  asSystem(town.running.house, community, 'gate', async (ctx) =>
    (await Promise.all(town.running.house.offered(restrictions).map((asks) => asks(ctx, [person], at)))).flat(),
  )

test('numbers follow the pattern of the rules, and a pattern without year or number is refused', () => {
  expect(numberedBy(numbering.unset, 2026, 7)).toBe('解观〔2026〕007号')
  expect(numberedBy('桂园解〔{year}〕{number}', 2027, 1234)).toBe('桂园解〔2027〕1234')
  for (const pattern of ['解观{number:3}号', '解观〔{year}〕号', ''])
    expect(numbering.schema.safeParse(pattern).success, pattern).toBe(false)
  const notice = {
    community,
    kind: 'release',
    number: '解观〔2026〕007号',
    from: '2026-03-02',
    lastDay: '2026-03-16',
    issuedOn: '2026-03-17',
    seal: 'A'.repeat(22),
  } as const
  expect(readVerifyPath(verifyPath(notice).slice('/verify'.length))).toEqual(notice)
  expect(readVerifyPath('?k=r&n=1')).toBeUndefined()
})

test(
  'several released at once by two people get the numbers of the year without a gap; another pattern counts on, another year begins anew',
  story(async (town) => {
    const people = await begin(town, [6, 0])
    const { homes, worker, staff, secretary } = people
    const orders: string[] = []
    const notices: unknown[] = []
    for (const home of homes.slice(0, 6)) {
      const { id, noticeNumber } = await observed(people, home.people[0]!)
      orders.push(id)
      notices.push(noticeNumber)
    }
    // The notice of observation is counted by itself, and its paper bears the number.
    expect(notices).toEqual([1, 2, 3, 4, 5, 6].map((n) => `观〔2026〕00${n}号`))
    expect((await staff.ask(api.sheets, { orders: orders.slice(0, 1), of: 'observation' })).rows[0]!.number).toBe(
      '观〔2026〕001号',
    )
    town.at('2026-03-17T00:30:00.000Z')
    for (const order of orders) await worker.tell(api.requestRelease, { order })
    const [first, second, ...rest] = orders
    const approve = (who: typeof staff) => (order: string) =>
      who.tell(api.approveRelease, { order, document: '疾控解〔2026〕2号' })
    const numbers = await Promise.all(rest.map((order, i) => approve(i % 2 ? staff : secretary)(order)))
    expect(numbers.map((n) => n.releaseNumber).toSorted()).toEqual([1, 2, 3, 4].map((n) => `解观〔2026〕00${n}号`))
    await rules(town, { 'observation.releaseNumber': '桂园解〔{year}〕{number:2}号' })
    expect(await approve(secretary)(first!)).toMatchObject({ releaseNumber: '桂园解〔2026〕05号', releaseSerial: 5 })
    town.at('2027-01-02T01:00:00.000Z')
    expect(await approve(secretary)(second!)).toMatchObject({ releaseNumber: '桂园解〔2027〕01号' })
    await expect(
      town.admin.executeQuery(sql`update observation_orders set release_serial = 1 where id = ${first!}`.compile(town.admin)),
    ).rejects.toThrow(/serial_taken/)
  }),
)

test(
  'an expired order restricts nobody, asks every morning for its release, and ends with a numbered notice that proves itself',
  story(async (town) => {
    const people = await begin(town)
    const { homes, worker, staff, secretary } = people
    const [adult] = homes[0]!.people
    const card = await staff.tell(issue, { household: homes[0]!.id })
    const lost = await staff.tell(issue, { household: homes[0]!.id, kind: 'person' })
    await staff.tell(stop, { pass: lost.id, why: 'lent' })
    const { id: order } = await observed(people, adult!)
    const { house } = town.running
    const hears = await createAccount(house, {
      area: community,
      username: 'wu.ganshi',
      name: '吴干事',
      assignments: [{ role: 'communityStaff', area: community }],
    })
    const busy = (day: string) =>
      house.within(community, async (tx) =>
        (await Promise.all(house.offered(underway).map((ask) => ask(tx, community, day)))).flat(),
      )
    expect(await bound(town, adult!, '2026-03-16T15:59:00.000Z')).toMatchObject([{ person: adult, until: '2026-03-16' }])
    expect(await busy('2026-03-05')).toEqual([community])
    await expect(staff.ask(api.sheets, { orders: [order], of: 'release' })).rejects.toEqual(problem('observation.wrongState'))

    town.at('2026-03-20T00:30:00.000Z')
    expect(await bound(town, adult!, '2026-03-20T00:30:00.000Z')).toEqual([])
    expect(await staff.ask(api.order, { order })).toMatchObject({ state: 'served', inForce: false, due: true })
    expect((await staff.ask(api.orders, { inForce: true })).total).toBe(0)
    await nag.run({} as never, house, { signal: AbortSignal.timeout(60_000) })
    await town.drain()
    const { rows: heard } = await sql<{
      path: string
    }>`select path from outreach_items where account = ${hears} and title ->> 'zh' like '1 份%'`.execute(town.admin)
    expect(heard).toEqual([{ path: '/observation?due=true' }])
    // It never ends by itself: whatever jobs run, it stays to be signed.
    expect((await staff.ask(api.order, { order })).state).toBe('served')

    await worker.tell(api.requestRelease, { order })
    const onTheWay = (account: string) => asSystem(house, community, 'leaving', (ctx) => ordersOnTheWay.find(ctx, account))
    expect(await onTheWay(worker.who.account)).toMatchObject([{ item: order, path: `/observation?order=${order}` }])
    await expect(worker.tell(api.serveRelease, { order, ...release })).rejects.toEqual(problem('observation.wrongState'))
    await secretary.tell(api.approveRelease, { order, document: '疾控解〔2026〕2号' })
    const {
      rows: [sheet],
    } = await staff.ask(api.sheets, { orders: [order], of: 'release' })
    expect(sheet).toMatchObject({
      name: '赵大明',
      release: { number: '解观〔2026〕001号', document: '疾控解〔2026〕2号', issuedOn: '2026-03-20' },
    })
    expect(sheet!.words.release.length).toBeGreaterThan(1)
    const done = await worker.tell(api.serveRelease, { order, ...release })
    expect(done).toMatchObject({ state: 'released', due: false })
    // The card was never stopped, yet ran out meanwhile: a new one waits to be printed. What was lent stays stopped.
    expect(card).toMatchObject({ standing: 'good', lastDay: '2026-03-15' })
    const cards = (await staff.ask(passes, { household: homes[0]!.id })).rows
    expect(cards.map(({ id, kind, standing, lastDay }) => ({ old: id === card.id, kind, standing, lastDay }))).toEqual([
      { old: false, kind: 'household', standing: 'good', lastDay: '2026-04-02' },
      { old: false, kind: 'person', standing: 'stopped', lastDay: '2026-03-15' },
      { old: true, kind: 'household', standing: 'expired', lastDay: '2026-03-15' },
    ])
    // Only what was due by its last day counts; nothing recurs after.
    expect(done.slots.due).toBe(done.slots.done + done.slots.excused + done.slots.missed + done.slots.overdue)
    expect(await onTheWay(worker.who.account)).toEqual([])
    expect(await busy('2026-03-21')).toEqual([])
    const told = (await staff.ask(dossier, { person: adult! })).sections.find((s) => s.key === 'observation.orders')
    expect(told!.rows[0]!.what.zh).toContain('送达解除告知书')

    const sealed = readVerifyPath(sheet!.verify.slice('/verify'.length))!
    const asks = async (input: object) =>
      (await (
        await town.request('/api/observation.verify', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ input }),
        })
      ).json()) as { notice: unknown }
    expect(await asks(sealed)).toEqual({
      notice: {
        community,
        kind: 'release',
        number: '解观〔2026〕001号',
        from: '2026-03-02',
        lastDay: '2026-03-16',
        issuedOn: '2026-03-20',
        communityName: expect.any(String),
      },
    })
    for (const forged of [
      { lastDay: '2026-03-10' },
      { number: '解观〔2026〕002号' },
      { kind: 'observation' },
      { community: '990101001002' },
    ]) {
      expect(await asks({ ...sealed, ...forged }), JSON.stringify(forged)).toEqual({ notice: null })
    }
    expect((await town.request(`/verify?k=r`)).status).not.toBe(500)
  }),
)

test(
  'papers printed again say what they said when the decision was written down',
  story(async (town) => {
    const people = await begin(town)
    const { id: order } = await observed(people, people.homes[0]!.people[0]!)
    const printedWords = async () => (await people.staff.ask(api.sheets, { orders: [order] })).rows[0]!
    const before = await printedWords()
    expect(before.words.duties.length).toBeGreaterThan(2)
    town.at('2026-03-05T01:00:00.000Z')
    await rules(town, { 'observation.papers': { ...papers.unset, hotline: '4009990000' } })
    expect((await printedWords()).words).toEqual(before.words)
    const { id: later } = await observed(people, people.homes[1]!.people[0]!, { observedFrom: '2026-03-05' })
    expect((await people.staff.ask(api.sheets, { orders: [later] })).rows[0]!.words.hotline).toBe('4009990000')
  }),
)
