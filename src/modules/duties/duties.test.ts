// Duties told through the door: slots derive, are closed by facts, excused, opened again, overdue at the minute, and have an owner.
import { describe, expect, test } from 'vitest'
import { sample, story, type Town } from '#app/testing.ts'
import { instantAt, msOf, type Day } from '#core/dates.ts'
import { newId } from '#core/ids.ts'
import { Problem } from '#core/problem.ts'
import { watermarkOf, type Watermark } from '#server/facts.ts'
import type { Ctx } from '#server/house.ts'
import { asSystem } from '#server/system.ts'
import * as identity from '#modules/identity/api.ts'
import { createAccount } from '#modules/identity/server.ts'
import type { Role } from '#modules/identity/model.ts'
import { approveVersion, writePack } from '#modules/policy/api.ts'
import { inbox } from '#modules/outreach/api.ts'
import { addHousehold, addPerson, joinHousehold } from '#modules/residents/server.ts'
import { appoint, assignGrid } from '#modules/territory/api.ts'
import { loadTown, placeDwelling } from '#modules/territory/server.ts'
import * as api from './api.ts'
import type { Cadence } from './model.ts'
import { changeLastDay, closeSlot, endDuties, reopenSlot, slotCounts, startDuty, type NewDuty } from './server.ts'

const kind = 'disinfection.round'
const twice: Cadence = {
  slots: [
    { key: 'morning', opens: '07:00', due: '12:00' },
    { key: 'evening', opens: '15:00', due: '20:00' },
  ],
  every: { days: 1 },
  anchor: '2026-03-02',
}
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  )

const act = <T>(town: Town, work: (ctx: Ctx) => Promise<T>) =>
  asSystem(town.running.house, sample.community, 'duties.tried', work)
const clock = (town: Town, day: Day, time: string) => town.at(instantAt(day, time))

/** Somebody with an account that others can name, signed in with the post. */
async function hire(town: Town, role: Role, area: string, name: string) {
  const person = town.as(role, area, name)
  const account = await createAccount(town.running.house, {
    area: sample.community,
    username: `u${newId().slice(-12)}`,
    name,
    assignments: [{ role, area }],
  })
  Object.assign(person.who, { account })
  return person
}

/** Two grids with a building each, a family in 101 of the first, a worker for each, a leader and a secretary; 06:00 on 2 March. */
async function raise(town: Town) {
  clock(town, '2026-03-02', '06:00')
  const home = await act(town, async (ctx) => {
    await loadTown(ctx, {
      community: sample.community,
      dwellings: [],
      areas: [
        { code: sample.community, name: '梅园社区' },
        { code: sample.precinct, name: '东片' },
        { code: sample.grid, name: '一网格' },
        { code: sample.grid2, name: '二网格' },
      ],
    })
    const place = (building: string, grid: string) =>
      placeDwelling(ctx, { compound: '梅园', building, unit: '1单元', room: '101', grid })
    const [one, two] = [await place('1号楼', sample.grid), await place('2号楼', sample.grid2)]
    const household = await addHousehold(ctx, { dwelling: one }, 'desk', newId())
    const person = await addPerson(ctx, { name: '王秀兰', idType: 'notRecorded' } as never, 'desk', newId())
    await joinHousehold(ctx, person, household, 'head')
    const neighbour = await addHousehold(ctx, { dwelling: two }, 'desk', newId())
    return { household, person, neighbour }
  })
  const people = {
    worker: await hire(town, 'gridWorker', sample.grid, '李网格'),
    other: await hire(town, 'gridWorker', sample.grid2, '赵网格'),
    leader: await hire(town, 'gridLeader', sample.precinct, '网格长'),
    secretary: await hire(town, 'communitySecretary', sample.community, '孙书记'),
  }
  const start = (more: Partial<NewDuty> = {}) =>
    act(town, (ctx) =>
      startDuty(ctx, {
        kind,
        subjectKind: 'person',
        subject: home.person,
        source: 'observation.order',
        sourceId: newId(),
        cadence: twice,
        startsOn: '2026-03-02',
        lastDay: '2026-03-15',
        ...more,
      }),
    )
  const close = (at: [Day, string], record = newId(), subject = home.person) =>
    act(town, (ctx) =>
      closeSlot(ctx, { kind, subject, at: instantAt(...at), record, recordKind: 'monitoring.check', how: 'door' }),
    )
  return { ...home, ...people, start, close }
}
type Raised = Awaited<ReturnType<typeof raise>>

const statesOf = async (who: Raised['worker'], input: Parameters<typeof who.ask<typeof api.today>>[1] = {}) =>
  (await who.ask(api.today, input)).rows.map((r) => `${r.day.slice(8)} ${r.slot} ${r.state}`)

describe('slots', () => {
  test(
    'derive from one row, and change their state at the minute',
    story(async (town) => {
      const { worker, start } = await raise(town)
      await start()
      const at = async (day: Day, time: string) => {
        clock(town, day, time)
        return statesOf(worker)
      }
      expect(await at('2026-03-02', '06:59')).toEqual(['02 morning later', '02 evening later'])
      expect(await at('2026-03-02', '07:00')).toEqual(['02 morning open', '02 evening later'])
      expect(await at('2026-03-02', '11:59')).toEqual(['02 morning open', '02 evening later'])
      expect(await at('2026-03-02', '12:00')).toEqual(['02 morning overdue', '02 evening later'])
      expect(await at('2026-03-02', '15:00')).toEqual(['02 morning overdue', '02 evening open'])
      expect(await at('2026-03-03', '07:59')).toEqual(['02 evening overdue', '03 morning open', '03 evening later'])
      expect(await at('2026-03-03', '08:00')).toEqual(['03 morning open', '03 evening later'])
      expect(await at('2026-03-15', '21:00')).toEqual(
        ['15 evening overdue', '15 morning overdue'].toSorted((a) => (a.includes('morning') ? -1 : 1)),
      )
      expect(await at('2026-03-16', '09:00')).toEqual([])
      expect(
        await town.admin.withTables<{ dutiesDuties: object }>().selectFrom('dutiesDuties').selectAll().execute(),
      ).toHaveLength(1)
    }),
  )

  test(
    'are closed by a fact into whose window it falls, once for each record, and opened again when it is withdrawn',
    story(async (town) => {
      const { worker, start, close } = await raise(town)
      const duty = await start()
      clock(town, '2026-03-02', '08:10')
      const record = newId()
      expect(await close(['2026-03-02', '08:05'], record)).toMatchObject({
        duty,
        day: '2026-03-02',
        slot: 'morning',
        late: false,
      })
      expect(await close(['2026-03-02', '08:05'], record)).toMatchObject({ slot: 'morning' })
      expect(await close(['2026-03-02', '09:00'])).toBeNull()
      expect(await statesOf(worker)).toEqual(['02 evening later', '02 morning done'])
      const [row] = (await worker.ask(api.today, { state: 'done' })).rows
      expect(row).toMatchObject({
        doneAt: instantAt('2026-03-02', '08:05'),
        record,
        late: false,
        name: '王秀兰',
        room: '101',
        buildingName: '1号楼',
        path: '/disinfection',
      })
      expect(await act(town, (ctx) => reopenSlot(ctx, record))).toBe(1)
      expect(await statesOf(worker)).toEqual(['02 morning open', '02 evening later'])
      clock(town, '2026-03-02', '13:00')
      expect(await close(['2026-03-02', '12:30'])).toMatchObject({ slot: 'morning', late: true })
      expect(
        await act(town, (ctx) =>
          closeSlot(ctx, {
            kind,
            subject: newId(),
            at: instantAt('2026-03-02', '12:30'),
            record: newId(),
            recordKind: 'monitoring.check',
            how: 'door',
          }),
        ),
      ).toBeNull()
    }),
  )

  test(
    'a check that was made in time and arrives the next day is done, not missed',
    story(async (town) => {
      const { start, close } = await raise(town)
      await start({ sourceId: source })
      clock(town, '2026-03-03', '13:00')
      const counts = () =>
        town.running.house.within(sample.community, (tx) => slotCounts(tx, [source], instantAt('2026-03-03', '13:00')))
      expect((await counts()).get(source)).toEqual({ due: 3, done: 0, excused: 0, missed: 2, overdue: 1 })
      expect(await close(['2026-03-02', '09:00'])).toMatchObject({ day: '2026-03-02', slot: 'morning', late: false })
      expect((await counts()).get(source)).toEqual({ due: 3, done: 1, excused: 0, missed: 1, overdue: 1 })
    }),
  )
  const source = newId()

  test(
    'excused with a reason by whoever sees the duty, and taken back',
    story(async (town) => {
      const { worker, other, secretary, start } = await raise(town)
      const duty = await start()
      const slot = { duty, day: '2026-03-02', slot: 'morning' }
      expect(await codeOf(other.tell(api.excuse, { ...slot, why: '住院' }))).toBe('scope.outOfReach')
      expect(await codeOf(worker.tell(api.excuse, { ...slot, why: '' }))).toBe('door.unreadable')
      expect(await codeOf(worker.tell(api.excuse, { ...slot, slot: 'noon', why: '住院' }))).toBe('duties.noSuchSlot')
      const id = newId()
      expect(await worker.tell(api.excuse, { ...slot, why: '住院' }, { id })).toEqual({ doing: id })
      expect(await worker.tell(api.excuse, { ...slot, why: '住院' }, { id })).toEqual({ doing: id })
      expect(await codeOf(worker.tell(api.excuse, { ...slot, why: '再次' }))).toBe('duties.settledAlready')
      expect((await secretary.ask(api.today, { state: 'excused' })).rows).toMatchObject([{ slot: 'morning', excuse: '住院' }])
      await secretary.tell(api.unexcuse, slot)
      expect(await codeOf(secretary.tell(api.unexcuse, slot))).toBe('duties.notExcused')
      expect(await statesOf(worker)).toEqual(['02 morning later', '02 evening later'])
    }),
  )

  test(
    'follow a changed last day and end with their source; what was counted at a past watermark comes out again',
    story(async (town) => {
      const { worker, start, close } = await raise(town)
      const sourceId = newId()
      await start({ sourceId, lastDay: '2026-03-03' })
      expect(await start({ sourceId })).toBe(await start({ sourceId }))
      clock(town, '2026-03-02', '10:00')
      await close(['2026-03-02', '09:00'])
      clock(town, '2026-03-04', '12:00')
      const counted = (asOf?: Watermark) =>
        town.running.house.within(sample.community, async (tx) =>
          (await slotCounts(tx, [sourceId], instantAt('2026-03-04', '12:00'), { asOf })).get(sourceId),
        )
      const then = await counted()
      expect(then).toEqual({ due: 4, done: 1, excused: 0, missed: 3, overdue: 0 })
      // Writers of other databases on the same server hold a watermark back for a moment.
      let mark: Watermark | undefined
      await expect
        .poll(
          async () => {
            mark = await town.running.house.within(sample.community, (tx) => watermarkOf(tx))
            return counted(mark)
          },
          { timeout: 20_000 },
        )
        .toEqual(then)
      await close(['2026-03-03', '16:00'])
      await act(town, (ctx) => changeLastDay(ctx, sourceId, '2026-03-20'))
      expect(await statesOf(worker)).toEqual(['04 morning overdue', '04 evening later'])
      expect(await act(town, (ctx) => endDuties(ctx, sourceId, '已解除'))).toBe(1)
      expect(await statesOf(worker)).toEqual([])
      expect(await counted()).toEqual({ due: 5, done: 2, excused: 0, missed: 2, overdue: 1 })
      expect(await counted(mark)).toEqual(then)
    }),
  )
})

describe('owners', () => {
  const owners = async (who: Raised['worker']) => (await who.ask(api.today, {})).rows.map((r) => r.ownerName)

  test(
    'whoever is alone at the post of a grid, then whoever was appointed, then whoever was named',
    story(async (town) => {
      const { worker, other, secretary, leader, start } = await raise(town)
      const duty = await start()
      expect(await owners(worker)).toEqual(['李网格', '李网格'])
      const second = await hire(town, 'gridWorker', sample.grid, '钱网格')
      expect(await owners(secretary)).toEqual([null, null])
      expect(await secretary.ask(api.unassigned, {})).toMatchObject({
        total: 1,
        rows: [{ id: duty, name: '王秀兰', buildingName: '1号楼' }],
      })
      expect(await secretary.ask(api.overview, {})).toMatchObject({ unassigned: 1, rows: [{ kind, later: 2, open: 0 }] })
      await secretary.tell(appoint, { areaCode: sample.grid, account: second.who.account, duty: 'gridWorker' })
      expect(await owners(worker)).toEqual(['钱网格', '钱网格'])
      expect((await worker.ask(api.today, { mine: true })).total).toBe(0)
      expect((await second.ask(api.today, { mine: true })).total).toBe(2)
      expect(await codeOf(leader.tell(api.assign, { duties: [duty], account: other.who.account }))).toBe('duties.noPostThere')
      expect(await leader.tell(api.assign, { duties: [duty], account: worker.who.account })).toEqual({ assigned: 1 })
      expect(await owners(secretary)).toEqual(['李网格', '李网格'])
      await secretary.tell(api.assign, { duties: [duty], account: null })
      expect(await owners(secretary)).toEqual(['钱网格', '钱网格'])
      expect((await secretary.ask(api.unassigned, {})).total).toBe(0)
    }),
  )

  test(
    'a volunteer sees only what was given to him, and may excuse only that',
    story(async (town) => {
      const { secretary, start, household } = await raise(town)
      const [duty, another] = [await start(), await start({ subjectKind: 'household', subject: household })]
      const helper = await hire(town, 'volunteer', sample.community, '志愿者')
      expect((await helper.ask(api.today, {})).total).toBe(0)
      await secretary.tell(api.assign, { duties: [duty], account: helper.who.account })
      expect((await helper.ask(api.today, {})).rows.map((r) => [r.duty, r.name])).toEqual([
        [duty, '王**'],
        [duty, '王**'],
      ])
      const slot = { day: '2026-03-02', slot: 'morning', why: '外出就医' }
      expect(await codeOf(helper.tell(api.excuse, { duty: another, ...slot }))).toBe('duties.notYours')
      expect(await codeOf(helper.tell(api.excuse, { duty, ...slot }))).toBe('done')
    }),
  )

  test(
    'what was given by name changes hands with the one who leaves; what comes with the grid follows the grid',
    story(async (town) => {
      const { worker, secretary, start } = await raise(town)
      const duty = await start()
      await secretary.tell(api.assign, { duties: [duty], account: worker.who.account })
      const heir = await hire(town, 'gridWorker', sample.grid, '吴网格')
      const admin = town.as('administrator', sample.community, '管理员')
      const owned = await admin.ask(identity.owned, { account: worker.who.account })
      expect(owned.rows).toMatchObject([{ kind: 'duties.duty', item: duty, name: { zh: '日常消毒 · 梅园 1号楼' } }])
      expect(await admin.tell(identity.handOver, { account: worker.who.account, to: heir.who.account })).toMatchObject({
        moved: 1,
      })
      expect((await heir.ask(api.today, { mine: true })).total).toBe(2)
      expect((await worker.ask(api.today, { mine: true })).total).toBe(0)
    }),
  )

  test(
    'a building drawn into another grid takes its duties along',
    story(async (town) => {
      const { worker, other, secretary, start } = await raise(town)
      await start()
      const building = (await worker.ask(api.today, {})).rows[0]!.building!
      await secretary.tell(assignGrid, { building, grid: sample.grid2, why: '调整' })
      expect(await statesOf(worker)).toEqual([])
      expect((await other.ask(api.today, { mine: true })).total).toBe(2)
    }),
  )

  test(
    'another community sees nothing of it, and its filters and counts are honest',
    story(async (town) => {
      const { worker, secretary, start, household, neighbour } = await raise(town)
      await start()
      await start({ subjectKind: 'household', subject: household, cadence: { ...twice, slots: [twice.slots[0]!] } })
      await start({ subjectKind: 'household', subject: neighbour })
      const stranger = town.as('communitySecretary', sample.other)
      expect(await stranger.ask(api.today, {})).toEqual({ rows: [], next: null, total: 0 })
      expect((await stranger.ask(api.overview, {})).rows).toEqual([])
      clock(town, '2026-03-02', '12:30')
      expect((await secretary.ask(api.today, { limit: 200 })).total).toBe(5)
      expect((await worker.ask(api.summary, {})).rows).toMatchObject([{ overdue: 2, later: 1, open: 0 }])
      expect(await statesOf(secretary, { grid: sample.grid2 })).toEqual(['02 morning overdue', '02 evening later'])
      const seen: string[] = []
      let after: string | undefined
      do {
        const page = await secretary.ask(api.today, { limit: 2, ...(after ? { after } : {}) })
        seen.push(...page.rows.map((r) => `${r.duty} ${r.slot}`))
        after = page.next ?? undefined
      } while (after)
      expect(new Set(seen).size).toBe(5)
      expect(seen).toHaveLength(5)
    }),
  )
})

describe('escalation', () => {
  const news = async (who: Raised['worker']) => (await who.ask(inbox, { topic: 'escalated' })).rows.map((n) => n.title.zh)
  const run = async (town: Town) => {
    await town.running.house.within(sample.community, (tx) => town.running.house.enqueue(tx, 'duties.escalate', {}))
    await town.drain()
  }

  test(
    'owner, grid leader, secretary: each hears once of a slot, at its minute',
    story(async (town) => {
      const { worker, leader, secretary, start, close, household } = await raise(town)
      await start()
      await start({ subjectKind: 'household', subject: household })
      clock(town, '2026-03-02', '11:59')
      await run(town)
      expect(await news(worker)).toEqual([])
      clock(town, '2026-03-02', '12:00')
      await run(town)
      await run(town)
      expect(await news(worker)).toEqual(['2 项任务超时未办：日常消毒 2'])
      expect(await news(leader)).toEqual([])
      await close(['2026-03-02', '12:10'])
      clock(town, '2026-03-02', '13:00')
      await run(town)
      await run(town)
      expect(await news(leader)).toEqual(['1 项任务超时未办：日常消毒 1'])
      expect(await news(secretary)).toEqual([])
      clock(town, '2026-03-02', '14:59')
      await run(town)
      expect(await news(secretary)).toEqual([])
      clock(town, '2026-03-02', '15:00')
      await run(town)
      await run(town)
      expect(await news(secretary)).toEqual(['1 项任务超时未办：日常消毒 1'])
      expect((await news(worker)).length).toBe(1)
    }),
  )

  test(
    'what is nobody’s is told to the secretary at once; the times are rules',
    story(async (town) => {
      const { secretary, leader, start } = await raise(town)
      await hire(town, 'gridWorker', sample.grid, '钱网格')
      const admin = (name: string) => town.as('administrator', sample.community, name)
      const pack = await admin('甲').tell(writePack, {
        areaCode: sample.community,
        title: '催办',
        effectiveFrom: instantAt('2026-03-01'),
        correction: '补录',
        document: '样例',
        values: { 'duties.escalation': { owner: 0, gridLeader: 30, communitySecretary: 600 } },
      })
      await admin('乙').tell(approveVersion, { version: pack.versions[0]!.id })
      await start()
      clock(town, '2026-03-02', '12:00')
      await run(town)
      expect(await news(secretary)).toEqual(['1 项任务超时且无人负责：日常消毒 1'])
      clock(town, '2026-03-02', '12:30')
      await run(town)
      expect(await news(leader)).toEqual(['1 项任务超时且无人负责：日常消毒 1'])
    }),
  )
})

test(
  'the calendar of one duty shows every slot with what settled it',
  story(async (town) => {
    const { worker, other, start, close } = await raise(town)
    const duty = await start()
    clock(town, '2026-03-02', '16:00')
    await close(['2026-03-02', '15:30'])
    const { rows } = await worker.ask(api.slots, { duty, from: '2026-03-01', to: '2026-03-03' })
    expect(rows.map((r) => [r.day, r.slot, r.state, r.doneAt && msOf(r.doneAt)])).toEqual([
      ['2026-03-02', 'morning', 'overdue', null],
      ['2026-03-02', 'evening', 'done', msOf(instantAt('2026-03-02', '15:30'))],
      ['2026-03-03', 'morning', 'later', null],
      ['2026-03-03', 'evening', 'later', null],
    ])
    expect(await codeOf(other.ask(api.slots, { duty, from: '2026-03-01', to: '2026-03-03' }))).toBe('scope.outOfReach')
  }),
)
