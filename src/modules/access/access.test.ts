// Passes on record, told through the door: one, a building, stopped, printed again; and what a gate is told to trust.
import { describe, expect, test } from 'vitest'
import { sample, story, type Town } from '#app/testing.ts'
import { newId } from '#core/ids.ts'
import { Problem } from '#core/problem.ts'
import { moveHousehold } from '#modules/residents/api.ts'
import { settle } from '#modules/screening/town.testing.ts'
import { buildings } from '#modules/territory/api.ts'
import * as api from './api.ts'
import { judge } from './pass.ts'
import { verifierOf, type TrustedKey } from './server/signing.ts'

const { community, grid, grid2, other } = sample
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  )

async function begin(town: Town) {
  const homes = await settle(town.running.house, sample, [4, 2])
  const staff = town.as('communityStaff', community, '周干事')
  return {
    homes,
    staff,
    worker: town.as('gridWorker', grid, '李网格员'),
    guard: town.as('gateGuard', community, '门卫'),
    all: (await staff.ask(buildings, {})).rows,
  }
}

/** What a gate of the community says of a text today. */
async function atGate(town: Town, text: string, where: string = community) {
  const { keys, stopped } = await town.as('gateGuard', where).ask(api.trust, {})
  const list: TrustedKey[] = keys.map((key) => ({ ...key, created: '', ended: null }))
  const said = judge(text, { verifies: verifierOf(list), stopped: (id) => stopped.includes(id) }, '2026-03-02')
  return said.valid ? 'valid' : said.reason
}

describe('a pass', () => {
  test(
    'is issued once, verified by its own gate only, and sending twice issues one',
    story(async (town) => {
      const {
        homes: [home],
        staff,
      } = await begin(town)
      const id = newId()
      const pass = await staff.tell(api.issue, { household: home!.id }, { id })
      expect(pass).toMatchObject({
        kind: 'household',
        firstDay: '2026-03-02',
        days: 14,
        lastDay: '2026-03-15',
        standing: 'good',
        name: '赵大明',
        issuedByName: expect.any(String),
      })
      expect(await staff.tell(api.issue, { household: home!.id }, { id })).toEqual(pass)
      expect(await codeOf(staff.tell(api.issue, { household: home!.id }))).toBe('access.alreadyGood')
      const {
        rows: [card],
        communityName,
      } = await staff.ask(api.cards, { pass: pass.id })
      expect(communityName).toBe('桂园社区')
      expect(card).toMatchObject({ shortCode: pass.shortCode, people: 2, address: expect.stringContaining('101') })
      expect(card!.text.length).toBeLessThanOrEqual(150)
      expect(await atGate(town, card!.text)).toBe('valid')
      expect(await atGate(town, card!.text, other)).toBe('unknownKey')
      expect((await staff.ask(api.cards, { pass: pass.id })).rows[0]!.text).toBe(card!.text)
    }),
  )

  test(
    'that was lost is stopped at the gate, and the household gets a new one',
    story(async (town) => {
      const {
        homes: [home],
        staff,
      } = await begin(town)
      const pass = await staff.tell(api.issue, { household: home!.id, days: 30, proxyName: '女儿' })
      const {
        rows: [card],
      } = await staff.ask(api.cards, { pass: pass.id })
      expect(await staff.tell(api.stop, { pass: pass.id, why: 'lost' })).toMatchObject({ state: 'lost', standing: 'stopped' })
      expect(await codeOf(staff.tell(api.stop, { pass: pass.id, why: 'lent' }))).toBe('access.wrongState')
      expect(await atGate(town, card!.text)).toBe('stopped')
      expect(await codeOf(staff.ask(api.cards, { pass: pass.id }))).toBe('access.nothingToPrint')
      const next = await staff.tell(api.issue, { household: home!.id })
      const {
        rows: [fresh],
      } = await staff.ask(api.cards, { pass: next.id })
      expect(await atGate(town, fresh!.text)).toBe('valid')
      expect((await staff.ask(api.passes, { household: home!.id })).total).toBe(2)
      expect((await staff.ask(api.passes, { state: 'good' })).rows.map((r) => r.id)).toEqual([next.id])
    }),
  )

  test(
    'is over after its last day, and then another can be issued',
    story(async (town) => {
      const {
        homes: [home],
        staff,
      } = await begin(town)
      const pass = await staff.tell(api.issue, { household: home!.id, days: 2 })
      town.at('2026-03-03T15:59:00.000Z')
      expect(await codeOf(staff.tell(api.issue, { household: home!.id }))).toBe('access.alreadyGood')
      town.at('2026-03-03T16:00:00.000Z')
      expect((await staff.ask(api.passes, {})).rows[0]).toMatchObject({ id: pass.id, standing: 'expired' })
      expect((await staff.tell(api.issue, { household: home!.id })).firstDay).toBe('2026-03-04')
    }),
  )

  test(
    'is not issued to a household that has moved away',
    story(async (town) => {
      const {
        homes: [home],
        staff,
      } = await begin(town)
      await staff.tell(moveHousehold, { household: home!.id, dwelling: null, why: '迁出' })
      expect(await codeOf(staff.tell(api.issue, { household: home!.id }))).toBe('access.movedAway')
    }),
  )
})

test(
  'a building gets its passes at once, in the order of a walk, and only those that have none',
  story(async (town) => {
    const { homes, staff, all } = await begin(town)
    const building = all.find((b) => b.name === '1号楼')!.id
    await staff.tell(api.issue, { household: homes[0]!.id })
    const id = newId()
    const done = await staff.tell(api.issueBuilding, { building, days: 7 }, { id })
    expect(done).toEqual({ batch: id, issued: 3 })
    expect(await staff.tell(api.issueBuilding, { building, days: 7 }, { id })).toEqual(done)
    expect(await codeOf(staff.tell(api.issueBuilding, { building }))).toBe('access.nobodyToIssue')
    const cards = (await staff.ask(api.cards, { batch: id })).rows
    expect(cards.map((c) => c.address!.split(' ').at(-1))).toEqual(['102', '201', '202'])
    expect((await staff.ask(api.cards, { building })).rows).toHaveLength(4)
    for (const card of cards) expect(await atGate(town, card.text)).toBe('valid')
    expect(new Set(cards.map((c) => c.shortCode)).size).toBe(3)
    const page = await staff.ask(api.passes, { limit: 3 })
    expect([page.total, page.rows.length]).toEqual([4, 3])
    expect((await staff.ask(api.passes, { limit: 3, after: page.next! })).rows).toHaveLength(1)
  }),
)

describe('who may', () => {
  test(
    'a grid worker issues in the own grid only, a guard none, an auditor reads masked',
    story(async (town) => {
      const { homes, worker, guard, staff, all } = await begin(town)
      const mine = await worker.tell(api.issue, { household: homes.find((h) => h.grid === grid)!.id })
      const far = homes.find((h) => h.grid === grid2)!
      expect(await codeOf(worker.tell(api.issue, { household: far.id }))).toBe('scope.outOfReach')
      const theirs = await staff.tell(api.issue, { household: far.id })
      expect(await codeOf(worker.tell(api.stop, { pass: theirs.id, why: 'lost' }))).toBe('scope.outOfReach')
      expect(await codeOf(worker.tell(api.issueBuilding, { building: all.find((b) => b.name === '2号楼')!.id }))).toBe(
        'access.nobodyToIssue',
      )
      expect((await worker.ask(api.passes, {})).rows.map((r) => r.id)).toEqual([mine.id])
      expect(await codeOf(guard.ask(api.passes, {}))).toBe('door.notAllowed')
      const [seen] = (await town.as('auditor', community).ask(api.passes, {})).rows
      expect(seen!.name).not.toContain('大明')
      const stranger = town.as('communitySecretary', other)
      expect((await stranger.ask(api.passes, {})).total).toBe(0)
      expect(await codeOf(stranger.tell(api.stop, { pass: mine.id, why: 'lost' }))).toBe('access.unknownPass')
    }),
  )
})
