// Stories of orders: what an order must name, who signs, what a later rule or document does to it, when it binds nobody.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { sample, story } from '#app/testing.ts'
import { addDays, instantAt } from '#core/dates.ts'
import { countByGrid, indicators, sumFigures } from '#server/indicators.ts'
import { shippedPacks, valuesOf } from '#modules/policy/shipped.ts'
import { person as dossier } from '#modules/residents/api.ts'
import { restrictions } from '#modules/residents/restrictions.ts'
import { asSystem } from '#server/system.ts'
import { rules, settle } from '#modules/screening/town.testing.ts'
import * as api from './api.ts'
import { inForce, parts } from './model.ts'
import { facilityDays } from './server/facilityDays.ts'
import { dayZeroOf, lastDayOf, observationKeys } from './rules.ts'
import { begin, decision, handed, home, observed, respond, shippedRules } from './town.testing.ts'

const { community } = sample
const problem = (code: string) => expect.objectContaining({ code })
const lacks = (...missing: string[]) => expect.objectContaining({ code: 'observation.missing', details: { missing } })

test('the shipped packs say what observation asks, and 14 and 7 days and two teams of one name are among it', () => {
  const { values } = valuesOf(shippedPacks[0]!)
  for (const { key, schema, unset } of observationKeys) {
    expect(schema.safeParse(unset).success, key).toBe(true)
    for (const pack of shippedPacks)
      if (key in pack.rules) expect(schema.safeParse(pack.rules[key]!.value).error, key).toBeUndefined()
  }
  const days = (values['observation.categories'] as { days: number }[]).map((c) => c.days)
  expect(days).toContain(14)
  expect(days).toContain(7)
  const fours = (values['observation.teams'] as { title: { zh: string }; roles: string[] }[]).filter((t) =>
    t.title.zh.startsWith('四包一'),
  )
  expect(fours).toHaveLength(2)
  expect(fours[0]!.roles).not.toEqual(fours[1]!.roles)
})

test('day 0 is the proved day of leaving, else the first day of observation; the last day is so many days later', () => {
  const rule = { from: 'leftAffectedArea', without: 'firstDayOfObservation' } as const
  const known = { leftOn: '2026-02-20', proof: '车票', lastContactOn: '2026-02-25', observedFrom: '2026-03-01' }
  expect(dayZeroOf(rule, known)).toEqual({ day: '2026-02-20', rule: 'leftAffectedArea' })
  expect(dayZeroOf(rule, { ...known, proof: null })).toEqual({ day: '2026-03-01', rule: 'firstDayOfObservation' })
  expect(dayZeroOf({ ...rule, from: 'lastContact' }, known)).toEqual({ day: '2026-02-25', rule: 'lastContact' })
  expect(lastDayOf('2026-02-20', 14)).toBe('2026-03-06')
})

test('past midnight of its last day in Shanghai an order binds nobody, whatever is still to be signed', () => {
  const order = {
    state: 'served',
    servedAt: '2026-03-02T01:00:00.000Z',
    observedFrom: '2026-03-02',
    lastDay: '2026-03-16',
  } as const
  expect(inForce(order, '2026-03-16T15:59:59.999Z')).toBe(true)
  expect(inForce(order, '2026-03-16T16:00:00.000Z')).toBe(false)
  expect(inForce({ ...order, state: 'releaseApproved' }, '2026-03-17T01:00:00.000Z')).toBe(false)
  expect(inForce(order, '2026-03-02T00:59:00.000Z')).toBe(false)
  expect(inForce({ ...order, observedFrom: '2026-03-03' }, '2026-03-02T02:00:00.000Z')).toBe(false)
  for (const state of ['proposed', 'checked', 'decided', 'released', 'cancelled'] as const)
    expect(inForce({ ...order, state }, '2026-03-05T00:00:00.000Z')).toBe(false)
})

test(
  'an order goes from a proposal to the door, and every part that is missing is named before',
  story(async (town) => {
    const { homes, worker, staff, secretary, officer } = await begin(town)
    const [adult] = homes[0]!.people
    const { id: order } = await worker.tell(api.propose, {
      person: adult!,
      source: 'returnee',
      category: 'returnee',
      place: 'home',
    })
    await expect(
      worker.tell(api.propose, { person: adult!, source: 'contact', category: 'closeContact', place: 'home' }),
    ).rejects.toEqual(problem('observation.alreadyUnderway'))
    await expect(secretary.tell(api.decide, { order })).rejects.toEqual(
      lacks('decidingBody', 'legalBasis', 'document', 'period', 'suitability', 'coResidents'),
    )
    const refusal = await secretary.tell(api.decide, { order }).catch((error: { say: { zh: string } }) => error)
    expect((refusal as { say: { zh: string } }).say.zh).toContain(
      `${parts.decidingBody.zh}、${parts.legalBasis.zh}、${parts.document.zh}`,
    )

    await worker.tell(api.check, { order, suitability: { ...home, has: { ...home.has, toilet: false } } })
    const about = { order, category: 'returnee', place: 'home', observedFrom: '2026-03-02', coResidentsBound: false } as const
    for (const part of ['decidingBody', 'legalBasis', 'document'] as const) {
      await staff.tell(api.record, { ...about, ...decision, [part]: null })
      await expect(secretary.tell(api.decide, { order })).rejects.toEqual(lacks(part, 'conditions'))
    }
    expect(await staff.tell(api.record, { ...about, ...decision, coResidentsBound: null, observedFrom: null })).toMatchObject({
      missing: ['period', 'conditions', 'coResidents'],
    })
    await staff.tell(api.record, { ...about, ...decision, leftOn: '2026-02-28', proof: '车票' })
    await worker.tell(api.check, { order, suitability: home })
    await expect(staff.tell(api.decide, { order })).rejects.toEqual(problem('observation.secondPersonNeeded'))
    await expect(worker.raw('observation.decide', { input: { order } }).then((r) => r.status)).resolves.toBe(403)
    const decided = await officer.tell(api.decide, { community, order })
    expect(decided).toMatchObject({
      state: 'decided',
      dayZero: '2026-02-28',
      dayZeroBy: 'leftAffectedArea',
      lastDay: '2026-03-14',
      releaseOn: '2026-03-15',
      inForce: false,
      missing: [],
    })

    await expect(worker.tell(api.serve, { order })).rejects.toEqual(lacks('servedHow', 'servedAt', 'servedBy', 'undertaking'))
    await expect(worker.tell(api.serve, { order, ...handed, undertaking: 'refused' })).rejects.toEqual(lacks('witness'))
    await expect(worker.tell(api.serve, { order, ...handed, at: '2026-03-03T00:00:00.000Z' })).rejects.toEqual(
      problem('observation.wrongDates'),
    )
    const served = await worker.tell(api.serve, { order, ...handed })
    expect(served).toMatchObject({
      state: 'served',
      inForce: true,
      due: false,
      steps: expect.arrayContaining([expect.objectContaining({ verb: 'decide' })]),
    })
    expect((await staff.ask(dossier, { person: adult! })).sections.map((s) => s.key)).toContain('observation.orders')
    expect((await staff.ask(api.orders, { inForce: true })).total).toBe(1)
    await expect(town.as('gridWorker', sample.grid2, '赵网格员').ask(api.order, { order })).rejects.toEqual(
      problem('scope.outOfReach'),
    )
  }),
)

test(
  'without an active response nothing is decided, and nobody proposes without rules',
  story(async (town) => {
    const [first, second] = await settle(town.running.house, sample)
    const worker = town.as('gridWorker', sample.grid, '李网格员')
    await expect(
      worker.tell(api.propose, { person: first!.people[0]!, source: 'returnee', category: 'returnee', place: 'home' }),
    ).rejects.toEqual(problem('observation.unknownCategory'))
    await rules(town, shippedRules())
    const staff = town.as('communityStaff', community, '周干事')
    const secretary = town.as('communitySecretary', community, '孙书记')
    const { id: order } = await worker.tell(api.propose, {
      person: first!.people[0]!,
      source: 'returnee',
      category: 'returnee',
      place: 'home',
    })
    await worker.tell(api.check, { order, suitability: home })
    await staff.tell(api.record, {
      order,
      ...decision,
      category: 'returnee',
      place: 'home',
      observedFrom: '2026-03-02',
      coResidentsBound: false,
    })
    await expect(secretary.tell(api.decide, { order })).rejects.toEqual(lacks('response'))
    await respond(town)
    expect(await secretary.tell(api.decide, { order })).toMatchObject({ state: 'decided', response: expect.any(String) })
    await expect(town.admin.executeQuery(sql`update observation_orders set document = null`.compile(town.admin))).rejects.toThrow(
      /observation_orders_whole/,
    )
    expect(second).toBeDefined()
  }),
)

test(
  'a minor has a guardian who is of age; those who live there are bound only where it says so',
  story(async (town) => {
    const { homes, worker, staff, secretary } = await begin(town)
    const [adult, child] = homes[0]!.people
    const { id: order } = await worker.tell(api.propose, {
      person: child!,
      source: 'contact',
      category: 'closeContact',
      place: 'home',
    })
    await worker.tell(api.check, { order, suitability: home })
    const about = {
      order,
      ...decision,
      category: 'closeContact',
      place: 'home',
      observedFrom: '2026-03-02',
      lastContactOn: '2026-03-01',
    } as const
    await staff.tell(api.record, { ...about, coResidentsBound: false })
    await expect(secretary.tell(api.decide, { order })).rejects.toEqual(lacks('guardian'))
    await expect(staff.tell(api.record, { ...about, coResidentsBound: false, guardian: child! })).rejects.toEqual(
      problem('observation.guardianIsMinor'),
    )
    await staff.tell(api.record, { ...about, coResidentsBound: true, guardian: adult! })
    expect(await secretary.tell(api.decide, { order })).toMatchObject({
      people: 2,
      lastDay: '2026-03-15',
      guardianShown: '赵大明',
      bound: [{ minor: true }, { minor: false }],
    })
  }),
)

test(
  'a facility takes a transfer signed by both sides',
  story(async (town) => {
    const { homes, worker, staff, secretary } = await begin(town)
    const { id: order } = await worker.tell(api.propose, {
      person: homes[0]!.people[0]!,
      source: 'contact',
      category: 'closeContact',
      place: 'facility',
    })
    await staff.tell(api.record, {
      order,
      ...decision,
      category: 'closeContact',
      place: 'facility',
      observedFrom: '2026-03-02',
      coResidentsBound: false,
    })
    await expect(secretary.tell(api.decide, { order })).rejects.toEqual(lacks('facility', 'giver', 'receiver'))
    const side = { order, facility: '样例集中观察点', unit: '桂园社区', name: '周干事' }
    await staff.tell(api.signTransfer, { ...side, side: 'giver' })
    await expect(secretary.tell(api.decide, { order })).rejects.toEqual(lacks('receiver'))
    await staff.tell(api.signTransfer, { ...side, side: 'receiver', unit: '观察点', name: '郑站长' })
    expect(await secretary.tell(api.decide, { order })).toMatchObject({
      state: 'decided',
      place: 'facility',
      facility: '样例集中观察点',
    })
  }),
)

test(
  'an order keeps the rules under which it was made, and changes by a further document and two persons only',
  story(async (town) => {
    const people = await begin(town)
    const { homes, staff, secretary } = people
    const served = await observed(people, homes[0]!.people[0]!)
    expect(served).toMatchObject({
      lastDay: '2026-03-16',
      frozen: { days: 14, team: { key: 'fourToOne' }, kit: expect.arrayContaining(['rice']) },
    })
    const versions = served.policyVersions
    expect(versions.length).toBeGreaterThan(0)
    const table = (shippedRules()['observation.categories'] as { key: string }[]).map((c) => ({ ...c, days: 7 }))
    await rules(town, { 'observation.categories': table, 'observation.kit': ['米'] })
    const order = served.id
    const again = await staff.ask(api.order, { order })
    expect(again).toMatchObject({
      lastDay: '2026-03-16',
      frozen: { days: 14, kit: expect.arrayContaining(['rice']) },
      policyVersions: versions,
    })

    const paper = { order, ...decision, document: '疾控观〔2026〕9号' }
    await expect(staff.tell(api.change, { ...paper, kind: 'extend', lastDay: '2026-03-15' })).rejects.toEqual(
      problem('observation.wrongDates'),
    )
    const asked = await staff.tell(api.change, { ...paper, kind: 'extend', lastDay: '2026-03-19' })
    expect(asked.lastDay).toBe('2026-03-16')
    await expect(staff.tell(api.change, { ...paper, kind: 'shorten', lastDay: '2026-03-10' })).rejects.toEqual(
      problem('observation.changeWaits'),
    )
    const changeId = asked.changes[0]!.id
    await expect(staff.tell(api.decideChange, { order, change: changeId, approve: true })).rejects.toEqual(
      problem('observation.secondPersonNeeded'),
    )
    expect(await secretary.tell(api.decideChange, { order, change: changeId, approve: true })).toMatchObject({
      lastDay: '2026-03-19',
      releaseOn: '2026-03-20',
      state: 'served',
    })
    const short = await staff.tell(api.change, { ...paper, kind: 'shorten', lastDay: '2026-03-09' })
    await secretary.tell(api.decideChange, { order, change: short.changes[0]!.id, approve: true })
    const moved = await staff.tell(api.change, { ...paper, kind: 'convert', place: 'facility', facility: '样例集中观察点' })
    const toFacility = { order, change: moved.changes[0]!.id, approve: true }
    await expect(secretary.tell(api.decideChange, toFacility)).rejects.toEqual(lacks('giver', 'receiver'))
    for (const side of ['giver', 'receiver'] as const)
      await staff.tell(api.signTransfer, { order, facility: '样例集中观察点', side, name: '某人', unit: '某单位' })
    town.at('2026-03-04T02:00:00.000Z')
    expect(await secretary.tell(api.decideChange, toFacility)).toMatchObject({
      place: 'facility',
      lastDay: '2026-03-09',
      frozen: { days: 7 },
    })
    // Whoever is taken to a facility by a later document is new there on that day, and stays counted where it began.
    const { house } = town.running
    const begun = (key: string, day: string) =>
      house.within(community, async (tx) => {
        const figure = house.offered(indicators).find((one) => one.key === `observation.${key}`)!
        const { today, total } = sumFigures(
          figure,
          await countByGrid(tx, figure, { community, day, until: `${day}T16:00:00.000Z` }),
        )
        return [today, total]
      })
    expect(await begun('facilityPersonsBegun', '2026-03-02')).toEqual([0, 0])
    expect(await begun('facilityPersonsBegun', '2026-03-04')).toEqual([1, 1])
    expect(await begun('facilityPersonsBegun', '2026-03-05')).toEqual([0, 1])
    expect(await begun('homePersonsBegun', '2026-03-04')).toEqual([0, 1])
    const form = await asSystem(house, community, 'form', (ctx) => facilityDays(ctx, { lines: [], area: undefined }))
    expect((await form.sheet.batches()[Symbol.asyncIterator]().next()).value.rows).toEqual([
      { facility: '样例集中观察点', now: 1, came: 1, went: 0 },
    ])
  }),
)

test(
  'release waits for its day, takes a document, a number and another person; past the last day a gate hears of nothing',
  story(async (town) => {
    const people = await begin(town)
    const { homes, worker, staff, secretary } = people
    const [adult] = homes[0]!.people
    const { id: order } = await observed(people, adult!)
    const figure = async (key: string, day: string) => {
      const { house } = town.running
      const one = house.offered(indicators).find((i) => i.key === `observation.${key}`)!
      return house.within(
        community,
        async (tx) =>
          sumFigures(one, await countByGrid(tx, one, { community, day, until: instantAt(addDays(day, 1)) }))[one.main],
      )
    }
    const bound = (at: string) =>
      asSystem(town.running.house, community, 'gate', async (ctx) =>
        (await Promise.all(town.running.house.offered(restrictions).map((asks) => asks(ctx, [adult!], at)))).flat(),
      )
    expect(await bound('2026-03-16T15:00:00.000Z')).toMatchObject([
      { person: adult, document: decision.document, until: '2026-03-16' },
    ])
    expect(await bound('2026-03-16T16:00:00.000Z')).toEqual([])
    await expect(worker.tell(api.requestRelease, { order })).rejects.toEqual(problem('observation.notYetDue'))
    town.at('2026-03-17T00:30:00.000Z')
    expect(await staff.ask(api.order, { order })).toMatchObject({ state: 'served', inForce: false, due: true })
    expect((await staff.ask(api.orders, { due: true })).total).toBe(1)
    await worker.tell(api.requestRelease, { order })
    expect(await secretary.tell(api.approveRelease, { order, document: '疾控解〔2026〕2号' })).toMatchObject({
      state: 'releaseApproved',
      releaseNumber: '解观〔2026〕001号',
    })
    expect(await worker.tell(api.serveRelease, { order, how: 'inPerson', by: '李网格员' })).toMatchObject({
      state: 'released',
      due: false,
    })
    expect(
      await Promise.all([
        figure('homePersons', '2026-03-02'),
        figure('homePersons', '2026-03-16'),
        figure('homePersons', '2026-03-17'),
        figure('homeHouseholdsBegun', '2026-03-02'),
        figure('homePersonsReleased', '2026-03-17'),
      ]),
    ).toEqual([1, 1, 0, 1, 1])
  }),
)
