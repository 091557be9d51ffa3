// A list on paper told through the door: printed as a record, keyed back line by line, put right, and counted like any other attempt.
import { describe, expect, test } from 'vitest'
import { sample, story, type Town } from '#app/testing.ts'
import type { Input } from '#core/contract.ts'
import { createAccount } from '#modules/identity/server.ts'
import { joinHousehold, moveHousehold } from '#modules/residents/server.ts'
import { asSystem } from '#server/system.ts'
import * as api from './api.ts'
import { keyLine, lineMembers, paper, paperNumber, papers, printPaper, readNumber } from './paper.ts'
import { begin, figures, reached } from './town.testing.ts'

const problem = (code: string) => expect.objectContaining({ code })
const { community, grid, grid2 } = sample
const count = (town: Town, day = '2026-03-02') => figures(town.running.house, { community, day, until: `${day}T15:59:59.999Z` })

type Line = Input<typeof keyLine>

/** The list of grid 1, printed at nine in the morning of the second of March and walked before noon. */
async function round(town: Town) {
  const there = await begin(town)
  const { paper: list, rows } = await there.worker.tell(printPaper, {})
  town.at('2026-03-02T08:00:00.000Z')
  const walker = there.worker.who.account
  const line = (n: number, more: Partial<Line> = {}): Line => ({
    paper: list.id,
    line: n,
    mark: 'allWell',
    how: 'door',
    day: '2026-03-02',
    time: '10:30',
    walkedBy: walker,
    ...more,
  })
  return { ...there, list, rows, line }
}

describe('the number of a list', () => {
  test('a wrong digit and two that changed places are found', () => {
    for (const n of [1, 7, 42, 90, 12_345, 999_999]) {
      const whole = paperNumber(n).replace('-', '')
      expect(readNumber(paperNumber(n))).toBe(n)
      expect(readNumber(`${whole.slice(0, 6)} ${whole.slice(6)}`)).toBe(n)
      for (let i = 0; i < 7; i++) {
        for (let d = 0; d < 10; d++) {
          const slip = whole.slice(0, i) + d + whole.slice(i + 1)
          if (slip !== whole) expect(readNumber(slip), slip).toBeUndefined()
        }
        const turned = whole.slice(0, i) + (whole[i + 1] ?? '') + whole[i] + whole.slice(i + 2)
        if (i < 6 && turned !== whole) expect(readNumber(turned), turned).toBeUndefined()
      }
    }
  })
  test('nothing and words are no number', () => {
    for (const typed of ['', '0', '00000', '一二三', '12345678901']) expect(readNumber(typed)).toBeUndefined()
  })
})

describe('printing', () => {
  test(
    'the list is a record: its lines mean the same households when people have moved since',
    story(async (town) => {
      const { homes, worker, secretary, list, rows } = await round(town)
      expect(list).toMatchObject({
        number: '000001-3',
        lines: 6,
        keyed: 0,
        picked: 'left',
        areaName: '第一网格',
        campaignTitle: '三月排查',
      })
      expect(rows.map((r) => [r.line, r.household])).toEqual(homes.slice(0, 6).map((h, i) => [i + 1, h.id]))
      expect(rows[0]).toMatchObject({ address: '桂园小区 1号楼 1单元 101', head: '赵大明', people: 2 })
      await asSystem(town.running.house, community, 'test.move', (ctx) =>
        moveHousehold(ctx, homes[0]!.id, { dwelling: homes[9]!.dwelling }),
      )
      expect((await secretary.ask(paper, { number: list.number })).rows[0]).toMatchObject({ line: 1, household: homes[0]!.id })
      expect((await worker.ask(papers, {})).rows).toMatchObject([{ number: '000001-3', keyed: 0 }])
    }),
  )

  test(
    'who is covered stands on no list of those who are left, and an empty list is not printed',
    story(async (town) => {
      const { homes, campaign, worker, secretary } = await begin(town)
      await worker.tell(api.recordAttempt, reached(campaign, homes[1]!, 'phone'))
      expect((await worker.tell(printPaper, {})).rows.map((r) => r.household)).not.toContain(homes[1]!.id)
      expect((await worker.tell(printPaper, { picked: 'all' })).paper).toMatchObject({ number: paperNumber(2), lines: 6 })
      for (const home of homes.slice(6)) await secretary.tell(api.recordAttempt, reached(campaign, home, 'phone'))
      await expect(secretary.tell(printPaper, { area: grid2 })).rejects.toEqual(problem('screening.emptyPaper'))
    }),
  )

  test(
    'a grid worker prints and keys the own grid only',
    story(async (town) => {
      const { other, list, line } = await round(town)
      await expect(other.tell(printPaper, { area: grid })).rejects.toEqual(problem('scope.outOfReach'))
      await expect(other.ask(paper, { number: list.number })).rejects.toEqual(problem('scope.outOfReach'))
      await expect(other.tell(keyLine, line(1))).rejects.toEqual(problem('scope.outOfReach'))
      expect((await other.ask(papers, {})).total).toBe(0)
      await expect(town.as('auditor', sample.county).tell(printPaper, {})).rejects.toEqual(problem('door.notAllowed'))
    }),
  )
})

describe('keying', () => {
  test(
    'each line is an attempt at the time on the paper; lines that were not keyed say nothing',
    story(async (town) => {
      const { homes, worker, secretary, line, list } = await round(town)
      expect(await worker.tell(keyLine, line(1))).toMatchObject({
        keyed: 1,
        lines: 6,
        before: false,
        row: { entry: { mark: 'allWell', how: 'door' } },
      })
      await worker.tell(keyLine, line(2, { mark: 'nobody', how: 'notice', time: '10:35' }))
      await worker.tell(keyLine, line(3, { mark: 'refused', time: '10:40', note: '隔着门说话' }))
      await worker.tell(keyLine, line(5, { mark: 'vacant', time: '10:50' }))
      expect(await count(town)).toMatchObject({
        covered: 1,
        reachedAtDoor: 1,
        notCovered: 9,
        noticesPosted: 1,
        refused: 1,
        vacant: 1,
        attempts: 4,
      })
      const {
        rows: [attempt],
      } = await secretary.ask(api.household, { household: homes[0]!.id })
      expect(attempt).toMatchObject({
        occurredAt: '2026-03-02T02:30:00.000Z',
        recordedAt: '2026-03-02T08:00:00.000Z',
        countedOn: '2026-03-02',
        line: 1,
      })
      expect(attempt!.statements.map((s) => [s.person, s.well])).toEqual(homes[0]!.people.map((p) => [p, true]))
      const shown = await worker.ask(paper, { number: list.number })
      expect(shown.rows.map((r) => r.entry?.mark ?? null)).toEqual(['allWell', 'nobody', 'refused', null, 'vacant', null])
      expect(shown.paper).toMatchObject({ keyed: 4, lines: 6 })
    }),
  )

  test(
    'the same line twice is done before; another content is refused until it is a correction with a reason',
    story(async (town) => {
      const { worker, line, list } = await round(town)
      const first = await worker.tell(keyLine, line(4))
      expect(await worker.tell(keyLine, line(4))).toMatchObject({
        before: true,
        keyed: 1,
        row: { entry: { attempt: first.row.entry!.attempt } },
      })
      await expect(worker.tell(keyLine, line(4, { mark: 'nobody' }))).rejects.toEqual(problem('screening.lineKeyed'))
      expect(await count(town)).toMatchObject({ covered: 1, attempts: 1 })
      const replaces = first.row.entry!.attempt
      await expect(worker.tell(keyLine, { ...line(4, { mark: 'nobody' }), replaces })).rejects.toEqual(problem('door.unreadable'))
      const mended = await worker.tell(keyLine, { ...line(4, { mark: 'nobody', time: '10:31' }), replaces, reason: '看错行' })
      expect(mended).toMatchObject({
        before: false,
        keyed: 1,
        row: { entry: { mark: 'nobody', at: '2026-03-02T02:31:00.000Z' } },
      })
      expect(await count(town)).toMatchObject({ covered: 0, attempts: 1 })
      await expect(worker.tell(keyLine, { ...line(4), replaces, reason: '又改' })).rejects.toEqual(
        problem('facts.replacedAlready'),
      )
      const withdrawn = (await worker.ask(paper, { number: list.number })).rows[3]!.entry!.attempt
      await worker.tell(api.withdrawAttempt, { replaces: withdrawn, reason: '不是这张' })
      expect(await worker.tell(keyLine, line(4))).toMatchObject({ before: false, keyed: 1 })
    }),
  )

  test(
    'who is unwell is named with the symptoms, and one who has left since still may be',
    story(async (town) => {
      const { homes, worker, line, list } = await round(town)
      const [person, child] = homes[0]!.people
      await expect(worker.tell(keyLine, line(1, { mark: 'unwell' }))).rejects.toEqual(problem('screening.whoIsUnwell'))
      expect((await worker.ask(lineMembers, { paper: list.id, line: 1 })).rows.map((r) => r.person)).toEqual([person, child])
      await asSystem(town.running.house, community, 'test.leaves', (ctx) => joinHousehold(ctx, child!, null, 'child'))
      const statements = [
        { person: person!, well: false, symptoms: ['fever'] },
        { person: child!, well: true },
      ]
      expect((await worker.tell(keyLine, line(1, { mark: 'unwell', statements }))).row.entry).toMatchObject({ mark: 'unwell' })
      expect(await count(town)).toMatchObject({ covered: 1, symptomatic: 1 })
    }),
  )

  test(
    'a time before the printing, in the future or of another line is refused',
    story(async (town) => {
      const { worker, secretary, campaign, line } = await round(town)
      await expect(worker.tell(keyLine, line(1, { time: '08:59' }))).rejects.toEqual(problem('screening.beforePrinted'))
      await worker.tell(keyLine, line(1, { time: '09:00' }))
      await expect(worker.tell(keyLine, line(2, { time: '16:01' }))).rejects.toEqual(problem('screening.wrongTime'))
      await expect(worker.tell(keyLine, line(7))).rejects.toEqual(problem('screening.unknownLine'))
      await expect(worker.ask(paper, { number: '000001-4' })).rejects.toEqual(problem('screening.wrongNumber'))
      await expect(worker.ask(paper, { number: paperNumber(2) })).rejects.toEqual(problem('screening.unknownPaper'))
      town.at('2026-03-03T00:00:00.000Z')
      await secretary.tell(api.closeCampaign, { campaign })
      town.at('2026-03-04T00:00:00.000Z')
      await worker.tell(keyLine, line(2, { time: '17:30' }))
      await expect(worker.tell(keyLine, line(3, { day: '2026-03-03', time: '08:30' }))).rejects.toEqual(
        problem('screening.wrongTime'),
      )
      expect(await count(town)).toMatchObject({ covered: 2 })
    }),
  )

  test(
    'whoever walked is named beside whoever typed, and the work counts for the walker',
    story(async (town) => {
      const { homes, secretary, worker, line, campaign, list } = await round(town)
      const volunteer = await createAccount(town.running.house, {
        area: community,
        username: 'auntie',
        name: '刘阿姨',
        password: 'plum-garden-22',
        assignments: [{ role: 'volunteer', area: community }],
      })
      await worker.tell(api.recordAttempt, reached(campaign, homes[1]!, 'phone'))
      await secretary.tell(keyLine, line(1, { walkedBy: volunteer }))
      const [first, second] = (await secretary.ask(paper, { number: list.number })).rows
      expect(first!.entry).toMatchObject({ walkedByName: '刘阿姨', keyedByName: '孙书记' })
      expect(second).toMatchObject({ entry: null, elsewhere: { outcome: 'reached', how: 'phone' } })
      expect((await secretary.ask(api.workersProgress, {})).rows).toContainEqual(
        expect.objectContaining({ account: volunteer, name: '刘阿姨', reached: 1 }),
      )
      expect((await secretary.ask(api.attempts, { worker: volunteer })).rows).toMatchObject([{ recordedByName: '刘阿姨' }])
      const stranger = town.as('gridWorker', sample.elsewhere).who.account
      await expect(secretary.tell(keyLine, line(2, { walkedBy: stranger }))).rejects.toEqual(problem('screening.unknownWalker'))
    }),
  )
})
