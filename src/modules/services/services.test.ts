// Stories of services: a need from the asking to the sign-off, calls that settle what is owed, items, care files, counselling.
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { sample, story, type Person, type Town } from '#app/testing.ts'
import type { Input } from '#core/contract.ts'
import { instantAt, type Day } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { Problem } from '#core/problem.ts'
import { countByGrid, indicators, sumFigures } from '#server/indicators.ts'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import { asSystem } from '#server/system.ts'
import { rounds } from '#modules/disinfection/api.ts'
import { slots, today as dutiesToday } from '#modules/duties/api.ts'
import { startDuty, type NewDuty } from '#modules/duties/server.ts'
import { handOver, owned } from '#modules/identity/api.ts'
import type { Role } from '#modules/identity/model.ts'
import { createAccount } from '#modules/identity/server.ts'
import type { AnyPolicyKey } from '#modules/policy/model.ts'
import { shippedPacks } from '#modules/policy/shipped.ts'
import { household } from '#modules/residents/api.ts'
import { settle, type Home } from '#modules/screening/town.testing.ts'
import { units } from '#modules/territory/api.ts'
import * as api from './api.ts'
import { servicesKeys } from './rules.ts'
import { kitJob } from './server/items.ts'
import { overdueJob } from './server/overdue.ts'

const { community, grid, grid2, street } = sample
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  )

async function begin(town: Town) {
  const homes = await settle(town.running.house, sample, [4, 2])
  return {
    homes,
    home: homes[0]!,
    worker: town.as('gridWorker', grid, '李网格员'),
    other: town.as('gridWorker', grid2, '赵网格员'),
    volunteer: town.as('volunteer', community, '志愿者小王'),
    staff: town.as('communityStaff', community, '周干事'),
    secretary: town.as('communitySecretary', community, '孙书记'),
    officer: town.as('subdistrictOfficer', street, '街道'),
  }
}
const today: Day = '2026-03-02'
const clock = (town: Town, day: Day, time: string) => town.at(instantAt(day, time))
const twice = {
  slots: [
    { key: 'morning', opens: '08:00', due: '12:00' },
    { key: 'evening', opens: '14:00', due: '20:00' },
  ],
  every: { days: 1 },
  anchor: today,
}

/** A duty as an order would begin it. */
const owe = (town: Town, duty: Pick<NewDuty, 'kind' | 'subjectKind' | 'subject'> & Partial<NewDuty>): Promise<Id> =>
  asSystem(town.running.house, community, 'test', (ctx) =>
    startDuty(ctx, {
      source: 'observation.order',
      sourceId: newId(),
      cadence: twice,
      startsOn: today,
      lastDay: '2026-03-15',
      ...duty,
    }),
  )

/** Gives somebody of the story an account that others can name. */
async function employ(town: Town, person: Person, role: Role, area: string): Promise<Id> {
  const account = await createAccount(town.running.house, {
    area: community,
    username: `u${newId().slice(-12)}`,
    name: person.who.name,
    assignments: [{ role, area }],
  })
  Object.assign(person.who, { account })
  return account
}

/** An order in force with three items, as the module above would have it; answers its id. */
async function observe(town: Town, home: Home): Promise<Id> {
  const id = newId()
  await sql`
    insert into observation_orders (community, id, household, persons, source, grid, dwelling, category, place, deciding_body, legal_basis, document, observed_from,
      last_day, co_residents_bound, team, frozen, policy_versions, response, state, proposed_by, proposed_at, recorded_by, decided_by, served_how, served_at, served_by, undertaking)
    values (${community}, ${id}, ${home.id}, ${[...home.people]}::uuid[], 'returnee', ${home.grid}, ${home.dwelling}, 'returnee', 'home', '样例区疾控中心', '第五十八条', '7号', ${today},
      '2026-03-15', true, '[]', '{"kit": ["masks", "rice", "oil"]}', '{}', ${newId()}, 'served', ${newId()}, ${instantAt(today)}, ${newId()}, ${newId()}, 'inPerson',
      ${instantAt(today, '09:00')}, '李网格员', 'signed')`.execute(town.admin)
  return id
}

/** The main column of every figure of services. */
async function figures(town: Town): Promise<Record<string, number>> {
  const { house } = town.running
  return house.within(community, async (tx) => {
    const found: Record<string, number> = {}
    for (const one of house.offered(indicators).filter((i) => i.key.startsWith('services.'))) {
      found[one.key] = sumFigures(one, await countByGrid(tx, one, { community, day: today, until: instantAt(today, '23:59') }))[
        one.main
      ]!
    }
    return found
  })
}

test('the rules that are shipped fit their keys, and without any the usual ones hold', () => {
  for (const { key, schema, unset } of servicesKeys as readonly AnyPolicyKey[]) {
    expect(schema.safeParse(unset).error, key).toBeUndefined()
    for (const pack of shippedPacks)
      if (key in pack.rules) expect(schema.safeParse(pack.rules[key]!.value).error, key).toBeUndefined()
  }
})

describe('calls', () => {
  test(
    'a call settles its slot, one that nobody answered does not, one withdrawn opens it again',
    story(async (town) => {
      const { home, worker, other } = await begin(town)
      const duty = await owe(town, { kind: 'services.call', subjectKind: 'household', subject: home.id })
      const states = async () =>
        (await worker.ask(slots, { duty, from: today, to: today })).rows.map((s) => `${s.slot} ${s.state}`)
      clock(town, today, '09:00')
      await worker.tell(api.call, { household: home.id, outcome: 'noAnswer' })
      expect(await states()).toEqual(['morning open', 'evening later'])
      const made = await worker.tell(api.call, { household: home.id, outcome: 'answered', mood: 'calm', note: '都好' })
      expect(await states()).toEqual(['morning done', 'evening later'])
      expect(await codeOf(other.tell(api.withdrawCall, { replaces: made.id, reason: '记错' }))).toBe('scope.outOfReach')
      await worker.tell(api.withdrawCall, { replaces: made.id, reason: '记错了户' })
      expect(await states()).toEqual(['morning open', 'evening later'])
      expect((await worker.ask(api.calls, {})).rows.map((c) => c.outcome)).toEqual(['noAnswer'])
      expect(await codeOf(other.tell(api.call, { household: home.id, outcome: 'answered' }))).toBe('scope.outOfReach')
    }),
  )

  test(
    'a need said in a call is asked for in the same breath',
    story(async (town) => {
      const { home, worker, secretary } = await begin(town)
      const made = await worker.tell(api.call, {
        household: home.id,
        outcome: 'answered',
        need: { category: 'buy', urgency: 'today', content: '降压药1盒' },
      })
      const {
        rows: [asked],
        total,
      } = await secretary.ask(api.requests, {})
      expect(total).toBe(1)
      expect(asked).toMatchObject({
        id: made.request,
        number: '20260302-001',
        state: 'asked',
        channel: 'phone',
        content: '降压药1盒',
        name: '赵大明',
        categoryTitle: { zh: '代购' },
        askedAt: '2026-03-02T01:00:00.000Z',
        dueAt: '2026-03-02T09:00:00.000Z',
        overdue: false,
      })
    }),
  )
})

test(
  'a round of a whole building settles what is owed there and in its units; one that names another place does not',
  story(async (town) => {
    const { home, worker } = await begin(town)
    const { building } = await worker.ask(api.request, {
      request: (
        await worker.tell(api.ask, { household: home.id, category: 'food', urgency: 'today', content: '米', channel: 'door' })
      ).id,
    })
    const [unit] = (await worker.ask(units, { building: building! })).rows
    const day = { ...twice, slots: [{ key: 'day', opens: '06:00', due: '20:00' }] }
    const whole = await owe(town, {
      kind: 'disinfection.round',
      subjectKind: 'building',
      subject: building!,
      source: 'observation.seal',
      cadence: day,
    })
    const part = await owe(town, {
      kind: 'disinfection.round',
      subjectKind: 'unit',
      subject: unit!.id,
      source: 'observation.seal',
      cadence: day,
    })
    const stateOf = async (duty: Id) => (await worker.ask(slots, { duty, from: today, to: today })).rows[0]!.state
    const round: Input<typeof rounds.contracts.record> = {
      begins: '08:00',
      ends: '08:20',
      place: 'stairs',
      surfaces: ['floor'],
      method: 'spray',
    }
    await worker.tell(rounds.contracts.record, round)
    expect([await stateOf(whole), await stateOf(part)]).toEqual(['open', 'open'])
    const inUnit = await worker.tell(rounds.contracts.record, { ...round, within: unit!.id })
    expect([await stateOf(whole), await stateOf(part)]).toEqual(['open', 'done'])
    await worker.tell(rounds.contracts.correct, {
      replaces: inUnit.id,
      reason: '整栋都消了',
      entry: { ...round, within: building! },
    })
    expect([await stateOf(whole), await stateOf(part)]).toEqual(['done', 'done'])
  }),
)

describe('a need', () => {
  test(
    'goes from the asking over money and a receipt to the sign-off and a word of feedback; money is settled before it is closed',
    story(async (town) => {
      const { home, worker, other, staff, officer } = await begin(town)
      const id = newId()
      const entry = {
        household: home.id,
        category: 'buy',
        urgency: 'today',
        content: '大米10斤、食用油1桶',
        budget: 120.5,
        payment: 'advance',
        channel: 'wechat',
      } as const
      const { id: request } = await worker.tell(api.ask, entry, { id })
      expect((await worker.tell(api.ask, entry, { id })).id).toBe(request)
      expect(await codeOf(worker.tell(api.ask, { ...entry, category: 'castle' }))).toBe('services.unknownCategory')
      expect(await codeOf(other.ask(api.request, { request }))).toBe('scope.outOfReach')
      expect(await codeOf(worker.tell(api.deliver, { request, receivedBy: '赵大明' }))).toBe('services.notYours')
      await worker.tell(api.take, { request })
      expect(await codeOf(staff.tell(api.take, { request }))).toBe('services.takenAlready')
      expect(await codeOf(worker.tell(api.buy, { request, advancedBy: 'helper', amount: 112.345, receipts: [] }))).toBe(
        'door.unreadable',
      )
      await worker.tell(api.buy, { request, advancedBy: 'helper', amount: 112.35, receipts: [] })
      const done = await worker.tell(api.deliver, { request, receivedBy: '赵大明' })
      expect(done.request).toMatchObject({ state: 'delivered', amount: 112.35, owes: true, signedBy: '赵大明' })
      expect(await codeOf(worker.tell(api.close, { request }))).toBe('services.moneyOpen')
      await worker.tell(api.refund, { request })
      await worker.tell(api.feedback, { request, score: 5, words: '谢谢' })
      const closed = await worker.tell(api.close, { request })
      expect(closed).toMatchObject({ state: 'closed', owes: false, score: 5, feedback: '谢谢', number: '20260302-001' })
      expect(closed.steps.map((s) => s.verb)).toEqual(['close', 'feedback', 'refund', 'deliver', 'buy', 'take', 'ask'])
      expect((await officer.ask(api.requests, { community })).rows[0]).toMatchObject({
        name: '赵**',
        content: '***',
        signedBy: '赵**',
        address: '桂园小区 1号楼 ***',
      })
      expect(await figures(town)).toMatchObject({ 'services.needsAsked': 1, 'services.needsDelivered': 1 })
      const sheet = (await readWorkbook(await staff.fetch(api.exportRequests, {}))).sheets[0]!.rows.map((row) =>
        row.cells.map((cell) => cell.text),
      )
      expect(sheet.flat()).toEqual(
        expect.arrayContaining(['20260302-001', '大米10斤、食用油1桶', '112.35', '代购', '垫付', '已办结', '谢谢']),
      )
    }),
  )

  test(
    'a volunteer sees of an open errand its kind and building, of his own the door, and nothing of anybody else’s',
    story(async (town) => {
      const { home, worker, volunteer } = await begin(town)
      const ask = (content: string) =>
        worker.tell(api.ask, { household: home.id, category: 'fetch', urgency: 'today', content, channel: 'phone' })
      const [mine, theirs] = [await ask('取药'), await ask('取快递')]
      await worker.tell(api.take, { request: theirs!.id })
      const before = (await volunteer.ask(api.shift, {})).errands
      expect(before).toMatchObject([
        { id: mine!.id, name: null, phone: null, household: null, content: '—', address: '桂园小区 1号楼' },
      ])
      await volunteer.tell(api.take, { request: mine!.id })
      expect((await volunteer.ask(api.shift, {})).errands).toMatchObject([
        { id: mine!.id, name: '赵大明', phone: '13800000000', content: '取药', address: expect.stringContaining('101') },
      ])
      expect(await codeOf(volunteer.tell(api.deliver, { request: theirs!.id, receivedBy: '赵大明' }))).toBe('services.notYours')
      expect(await codeOf(volunteer.ask(api.requests, {}))).toBe('door.notAllowed')
      await volunteer.tell(api.deliver, { request: mine!.id, receivedBy: '赵大明' })
    }),
  )

  test(
    'past its time it is told once, to who took it and to the secretary',
    story(async (town) => {
      const { home, worker, secretary } = await begin(town)
      const { id: request } = await worker.tell(api.ask, {
        household: home.id,
        category: 'medical',
        urgency: 'urgent',
        content: '透析',
        channel: 'phone',
      })
      const told = async () => (await worker.ask(api.request, { request })).steps.filter((s) => s.verb === 'overdue').length
      const run = () => overdueJob.run({} as never, town.running.house, { signal: new AbortController().signal })
      await run()
      expect(await told()).toBe(0)
      clock(town, today, '10:00')
      await run()
      await run()
      expect(await told()).toBe(1)
      expect((await secretary.ask(api.requests, { overdue: true })).total).toBe(1)
      expect(await secretary.ask(api.counts, {})).toMatchObject({ open: 1, overdue: 1 })
    }),
  )
})

describe('items', () => {
  test(
    'of a kit are signed for one by one; what is missing stays owed as a duty until it is there',
    story(async (town) => {
      const { home, worker, secretary } = await begin(town)
      const source = await observe(town, home)
      const owed = async () => (await worker.ask(api.kits, {})).rows.map((k) => [k.household, k.missing])
      expect(await owed()).toEqual([[home.id, 3]])
      const running = async () => (await secretary.ask(dutiesToday, { kind: 'services.kit' })).total
      expect(await running()).toBe(0)
      const sign = (...items: string[]) =>
        worker.tell(api.signKit, { household: home.id, source, items: items.map((item) => ({ item })), receivedBy: '赵大明' })
      const { rows } = await sign('masks', 'rice')
      expect(rows.map((r) => r.item)).toEqual(['masks', 'rice'])
      expect([await owed(), await running()]).toEqual([[[home.id, 1]], 1])
      expect(await codeOf(sign('rice'))).toBe('services.nothingSigned')
      const {
        rows: [oil],
      } = await sign('oil')
      expect([await owed(), await running()]).toEqual([[[home.id, 0]], 0])
      await worker.tell(api.withdrawHandout, { replaces: oil!.id, reason: '油送错了' })
      expect([await owed(), await running()]).toEqual([[[home.id, 1]], 1])
    }),
  )

  test(
    'that nobody signs for become a duty after the hours of the rules, and end with the order',
    story(async (town) => {
      const { home, secretary } = await begin(town)
      const source = await observe(town, home)
      const run = () => kitJob.run({} as never, town.running.house, { signal: new AbortController().signal })
      const running = async () => (await secretary.ask(dutiesToday, { kind: 'services.kit' })).rows.map((r) => r.subject)
      await run()
      expect(await running()).toEqual([])
      clock(town, '2026-03-03', '10:00')
      await run()
      expect(await running()).toEqual([home.id])
      await sql`update observation_orders set state = 'released' where id = ${source}`.execute(town.admin)
      await run()
      expect(await running()).toEqual([])
    }),
  )
})

test(
  'a care file brings somebody every day and a delivery every week, whether anybody is observed or not',
  story(async (town) => {
    const { home, homes, worker, staff, secretary } = await begin(town)
    const carer = await employ(town, worker, 'gridWorker', grid)
    const entry = { household: home.id, category: 'livesAlone', needs: '独居，行动不便', carer }
    const file = await staff.tell(api.openCare, entry)
    expect(await codeOf(staff.tell(api.openCare, entry))).toBe('services.caredForAlready')
    expect(await codeOf(staff.tell(api.openCare, { ...entry, household: homes[1]!.id, carer: newId() }))).toBe(
      'services.noSuchCarer',
    )
    const owed = async () => (await worker.ask(dutiesToday, { mine: true })).rows.map((r) => `${r.kind} ${r.state}`).sort()
    expect(await owed()).toEqual(['services.supplies open', 'services.visit open'])
    await worker.tell(api.visit, { household: home.id, outcome: 'answered', mood: 'low', note: '想女儿' })
    await worker.tell(api.deliver, {
      household: home.id,
      items: [{ item: '大米', quantity: 10 }, { item: '蔬菜' }],
      receivedBy: '赵大明',
    })
    expect(await owed()).toEqual(['services.supplies done', 'services.visit done'])
    clock(town, '2026-03-03', '09:00')
    expect(await owed()).toEqual(['services.visit open'])
    await worker.tell(api.call, { household: home.id, outcome: 'answered', mood: 'calm' })
    expect(await figures(town)).toMatchObject({ 'services.careHouseholds': 1, 'services.visits': 1 })
    const sheet = (await readWorkbook(await secretary.fetch(api.exportCare, {}))).sheets[0]!.rows.map((row) =>
      row.cells.map((cell) => cell.text),
    )
    expect(sheet.flat()).toEqual(
      expect.arrayContaining([
        '孤寡独居',
        '想女儿',
        '大米 ×10、蔬菜',
        '在册',
        '3月2日 上门探访 联系上 低落 想女儿；3月3日 暖心电话 联系上 平稳',
      ]),
    )
    expect((await secretary.ask(owned, { account: carer })).rows.map((r) => r.kind)).toContain('services.care')
    await secretary.tell(api.closeCare, { care: file.id, reason: '女儿已回来照顾' })
    expect(await owed()).toEqual([])
  }),
)

test(
  'notes of counselling lie closed and are read by their counsellor alone; others see that it took place',
  story(async (town) => {
    const { home, worker, secretary } = await begin(town)
    const [counsellor, second] = [
      town.as('counsellor', community, '心理咨询 林老师'),
      town.as('counsellor', community, '心理咨询 何老师'),
    ]
    const account = await employ(town, counsellor, 'counsellor', community)
    await employ(town, second, 'counsellor', community)
    expect(await codeOf(worker.tell(api.openCase, { household: home.id, why: 'observed', counsellor: worker.who.account }))).toBe(
      'services.noSuchCarer',
    )
    const { id: caseId } = await worker.tell(api.openCase, { household: home.id, why: 'observed', counsellor: account })
    expect((await counsellor.ask(api.myCases, {})).rows).toMatchObject([
      { id: caseId, name: '赵大明', phone: '13800000000', mine: true },
    ])
    const note = '失眠，担心工作'
    const { id } = await counsellor.tell(api.addSession, { caseId, place: 'phone', minutes: 40, note })
    expect((await counsellor.ask(api.sessions, { caseId })).rows).toMatchObject([{ note, minutes: 40 }])
    for (const who of [second, secretary, worker])
      expect(await codeOf(who.ask(api.sessions, { caseId }))).toMatch(/unknownCase|notAllowed/)
    expect((await second.ask(api.myCases, {})).rows).toEqual([])
    expect((await secretary.ask(api.cases, {})).rows).toMatchObject([{ sessions: 1, counsellorName: '心理咨询 林老师' }])
    const dossier = JSON.stringify(await secretary.ask(household, { household: home.id }))
    expect(dossier).toContain('心理辅导一次')
    expect(dossier).not.toContain(note)
    const {
      rows: [kept],
    } = await sql<{
      note: Buffer
      words: string
    }>`select note, to_jsonb(s)::text as words from services_sessions s where id = ${id}`.execute(town.admin)
    expect(kept!.note.includes(Buffer.from(note))).toBe(false)
    expect(kept!.words).not.toContain(note)
    const mended = { replaces: id, place: 'door', minutes: 30, note: '失眠，已好转', reason: '时长记错' } as const
    expect(await codeOf(second.tell(api.correctSession, mended))).toBe('services.unknownCase')
    const { id: newer } = await counsellor.tell(api.correctSession, mended)
    expect(await codeOf(counsellor.tell(api.correctSession, mended))).toBe('facts.replacedAlready')
    expect((await counsellor.ask(api.sessions, { caseId })).rows).toMatchObject([
      { id: newer, root: id, note: '失眠，已好转', minutes: 30, place: 'door' },
    ])
    const { id: double } = await counsellor.tell(api.addSession, { caseId, place: 'phone', minutes: 30, note: '重复' })
    expect((await secretary.ask(api.cases, {})).rows).toMatchObject([{ sessions: 2 }])
    await counsellor.tell(api.withdrawSession, { replaces: double, reason: '重复登记' })
    expect((await secretary.ask(api.cases, {})).rows).toMatchObject([{ sessions: 1 }])
    await secretary.tell(handOver, { account, to: second.who.account })
    expect((await second.ask(api.sessions, { caseId })).rows).toMatchObject([{ note: '失眠，已好转' }])
    expect(await codeOf(counsellor.ask(api.sessions, { caseId }))).toBe('services.unknownCase')
  }),
)
