// A campaign told through the door: attempts as workers make them, late, twice and wrong, and what the figures make of them.
import { describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { sample, story, type Town } from '#app/testing.ts'
import type { Day } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { watermarkOf, type Watermark } from '#server/facts.ts'
import { countByGrid, countedRows, indicators, sumFigures } from '#server/indicators.ts'
import * as api from './api.ts'
import { clockAt, figures, inVain, reached, settle } from './town.testing.ts'

const problem = (code: string) => expect.objectContaining({ code })
const { community, grid, grid2 } = sample

const people = (town: Town) => ({
  secretary: town.as('communitySecretary', community, '孙书记'),
  worker: town.as('gridWorker', grid, '李网格员'),
  colleague: town.as('gridWorker', grid, '钱网格员'),
  other: town.as('gridWorker', grid2, '赵网格员'),
})

const begin = async (
  town: Town,
  input: Partial<{ title: string; area: string; startsOn: Day }> = {},
  sizes?: readonly [number, number],
) => {
  const homes = await settle(town.running.house, sample, sizes)
  const who = people(town)
  const campaign = (await who.secretary.tell(api.openCampaign, { title: '三月排查', area: community, ...input })).id
  return { homes, campaign, ...who }
}

const today: Day = '2026-03-02'
const figuresOn = (town: Town, day: Day = today, asOf?: Watermark) =>
  figures(town.running.house, { community, day, until: `${day}T15:59:59.999Z`, ...(asOf ? { asOf } : {}) })

/** A watermark above all that was written so far. Other stories write in the same server, and the oldest of them holds it back for a moment. */
async function watermark(town: Town): Promise<Watermark> {
  const last = (await sql<{ xid: string }>`select pg_current_xact_id()::text as xid`.execute(town.admin)).rows[0]!.xid
  for (;;) {
    const found = await town.running.house.within(community, watermarkOf)
    if (BigInt(found.xmin) > BigInt(last)) return found
    await new Promise((resolve) => {
      setTimeout(resolve, 20)
    })
  }
}

const untouched = {
  households: 10,
  reachedByPhone: 0,
  reachedAtDoor: 0,
  covered: 0,
  notCovered: 10,
  noticesPosted: 0,
  vacant: 0,
  refused: 0,
  keyPersons: 0,
  symptomatic: 0,
  attempts: 0,
  floatingPopulationScreened: 0,
}

describe('figures', () => {
  test(
    'phone, then door, then notice: the balance of S4a in small',
    story(async (town) => {
      const { homes, campaign, secretary } = await begin(town)
      expect(await figuresOn(town)).toEqual(untouched)
      for (const home of homes.slice(0, 6)) await secretary.tell(api.recordAttempt, reached(campaign, home, 'phone'))
      for (const home of homes.slice(6)) await secretary.tell(api.recordAttempt, inVain(campaign, home, 'phone'))
      town.at('2026-03-03T02:00:00.000Z')
      for (const home of [...homes.slice(6), homes[6]!]) await secretary.tell(api.recordAttempt, inVain(campaign, home, 'notice'))
      town.at('2026-03-04T02:00:00.000Z')
      for (const home of homes.slice(6, 9)) await secretary.tell(api.recordAttempt, reached(campaign, home, 'door'))
      expect(await figuresOn(town, '2026-03-04')).toEqual({
        ...untouched,
        reachedByPhone: 6,
        reachedAtDoor: 3,
        covered: 9,
        notCovered: 1,
        noticesPosted: 5,
        attempts: 6 + 4 + 5 + 3,
      })
      expect(await figuresOn(town, '2026-03-02')).toMatchObject({ covered: 6, notCovered: 4, noticesPosted: 0, attempts: 10 })
      expect(await figuresOn(town, '2026-03-03')).toMatchObject({ covered: 6, reachedAtDoor: 0, noticesPosted: 5 })
      expect(await secretary.ask(api.funnel, {})).toMatchObject({
        households: 10,
        phoned: 10,
        visited: 4,
        noticed: 4,
        sheets: 5,
        covered: 9,
        byPhone: 6,
        atDoor: 3,
        left: 1,
        untouched: 0,
        attempts: 18,
        doubted: 0,
      })
      expect((await secretary.ask(api.left, {})).rows).toMatchObject([
        {
          household: homes[9]!.id,
          state: 'notice',
          address: '桂园小区 2号楼 1单元 202',
        },
      ])
    }),
  )

  test(
    'each figure opens the rows behind it, today apart from the total',
    story(async (town) => {
      const { homes, campaign, worker } = await begin(town)
      const first = await worker.tell(api.recordAttempt, reached(campaign, homes[0]!, 'phone'))
      town.at('2026-03-03T02:00:00.000Z')
      const second = await worker.tell(api.recordAttempt, reached(campaign, homes[1]!, 'door'))
      const covered = town.running.house.offered(indicators).find((i) => i.key === 'screening.covered')!
      const at = { community, day: '2026-03-03', until: '2026-03-03T15:59:59.999Z' }
      await town.running.house.within(community, async (tx) => {
        expect(sumFigures(covered, await countByGrid(tx, covered, at))).toEqual({ current: null, today: 1, total: 2, doubted: 0 })
        const rows = (column: 'today' | 'total') => countedRows(tx, covered, at, { column, area: grid, after: null, limit: 10 })
        expect((await rows('today')).map((r) => [r.place, r.record, r.grid])).toEqual([[homes[1]!.id, second.id, grid]])
        expect((await rows('total')).map((r) => r.record).sort()).toEqual([first.id, second.id].sort())
      })
    }),
  )

  test(
    'a notice is not a household reached, and cannot be said to be',
    story(async (town) => {
      const { homes, campaign, worker } = await begin(town)
      const wrong = { ...inVain(campaign, homes[0]!, 'notice'), outcome: 'reached' as const }
      await expect(worker.tell(api.recordAttempt, wrong)).rejects.toEqual(problem('door.unreadable'))
      await worker.tell(api.recordAttempt, inVain(campaign, homes[0]!, 'notice'))
      await worker.tell(api.recordAttempt, inVain(campaign, homes[0]!, 'notice'))
      expect(await figuresOn(town)).toEqual({ ...untouched, noticesPosted: 2, attempts: 2 })
      expect(await worker.ask(api.household, { household: homes[0]!.id })).toMatchObject({ state: 'notice', channel: null })
    }),
  )

  test(
    'vacant, moved and refusing households are not covered',
    story(async (town) => {
      const { homes, campaign, worker } = await begin(town)
      await worker.tell(api.recordAttempt, inVain(campaign, homes[0]!, 'door', 'vacant'))
      await worker.tell(api.recordAttempt, inVain(campaign, homes[1]!, 'phone', 'moved'))
      await worker.tell(api.recordAttempt, inVain(campaign, homes[2]!, 'door', 'refused'))
      expect(await figuresOn(town)).toEqual({ ...untouched, vacant: 2, refused: 1, attempts: 3 })
    }),
  )

  test(
    'a report of a past instant stays as it was, whatever is learned later',
    story(async (town) => {
      const { homes, campaign, worker, secretary } = await begin(town)
      await worker.tell(api.recordAttempt, reached(campaign, homes[0]!, 'phone'))
      const wrong = await worker.tell(api.recordAttempt, reached(campaign, homes[1]!, 'door'))
      const then = await watermark(town)
      const before = await figuresOn(town, today, then)
      expect(before).toMatchObject({ covered: 2, reachedAtDoor: 1 })
      await worker.tell(api.correctAttempt, {
        replaces: wrong.id,
        reason: '敲错门',
        entry: { household: homes[1]!.id, how: 'door', outcome: 'nobody' },
      })
      town.at('2026-03-02T09:30:00.000Z')
      await worker.tell(api.recordAttempt, reached(campaign, homes[2]!, 'phone'), { clock: clockAt('2026-03-02T03:00:00.000Z') })
      expect(await figuresOn(town)).toMatchObject({ covered: 2, reachedByPhone: 2, reachedAtDoor: 0, attempts: 3 })
      await secretary.tell(api.closeCampaign, { campaign })
      await secretary.tell(api.openCampaign, { title: '第二轮', area: community })
      expect(await figuresOn(town, today, then)).toEqual(before)
      // On the day of the change the later campaign counts its households; what was done that day was done.
      expect(await figuresOn(town)).toEqual({ ...untouched, attempts: 3 })
      expect(await figuresOn(town, '2026-03-03')).toEqual(untouched)
    }),
  )
})

describe('attempts', () => {
  test(
    'all well in one go: reached, and no symptom for those named, nothing for the others',
    story(async (town) => {
      const { homes, campaign, worker } = await begin(town)
      const [head, child] = homes[0]!.people as [Id, Id]
      const made = await worker.tell(api.recordAttempt, {
        ...reached(campaign, homes[0]!, 'door'),
        present: [head],
        parties: ['gridWorker', 'police'],
      })
      expect(made).toMatchObject({
        outcome: 'reached',
        how: 'door',
        parties: ['gridWorker', 'police'],
        dwelling: homes[0]!.dwelling,
        recordedByName: '李网格员',
      })
      const {
        rows: [row],
      } = await worker.ask(api.household, { household: homes[0]!.id })
      expect(row!.statements).toEqual([{ person: head, name: '赵大明', well: true, symptoms: [], answers: {} }])
      expect(JSON.stringify(row)).not.toContain(child)
      for (const wrong of [
        { ...reached(campaign, homes[0]!, 'door'), outcome: 'nobody' as const },
        { ...reached(campaign, homes[0]!, 'door'), statements: [{ person: head, well: true }] },
      ])
        await expect(worker.tell(api.recordAttempt, wrong)).rejects.toEqual(problem('door.unreadable'))
    }),
  )

  test(
    'somebody unwell is a person with symptoms, and well agrees with what was chosen',
    story(async (town) => {
      const { homes, campaign, worker } = await begin(town)
      const [head, child] = homes[0]!.people as [Id, Id]
      const base = { campaign, household: homes[0]!.id, how: 'phone' as const, outcome: 'reached' as const }
      await expect(
        worker.tell(api.recordAttempt, { ...base, statements: [{ person: head, well: true, symptoms: ['fever'] }] }),
      ).rejects.toEqual(problem('door.unreadable'))
      await expect(worker.tell(api.recordAttempt, { ...base, statements: [{ person: head, well: false }] })).rejects.toEqual(
        problem('door.unreadable'),
      )
      await expect(
        worker.tell(api.recordAttempt, { ...base, statements: [{ person: head, well: false, symptoms: ['magic'] }] }),
      ).rejects.toEqual(problem('screening.notInForm'))
      await worker.tell(api.recordAttempt, {
        ...base,
        statements: [
          { person: head, well: false, symptoms: ['fever', 'cough'] },
          { person: child, well: true },
        ],
      })
      expect(await figuresOn(town)).toMatchObject({ symptomatic: 1, covered: 1 })
    }),
  )

  test(
    'only members of the household, or people added by the same visit, can be spoken of',
    story(async (town) => {
      const { homes, campaign, worker } = await begin(town)
      await expect(
        worker.tell(api.recordAttempt, { ...reached(campaign, homes[0]!, 'door'), present: [homes[1]!.people[0]!] }),
      ).rejects.toEqual(problem('screening.notOfHousehold'))
      const guest = newId()
      await worker.tell(api.recordAttempt, {
        ...reached(campaign, homes[0]!, 'door'),
        present: [homes[0]!.people[0]!, guest],
        newPeople: [{ id: guest, entry: { name: '外婆', relation: 'grandparent' } }],
      })
      const set = await worker.ask(api.gridSet, {})
      const door = set.buildings[0]!.units[0]!.doors[0]!
      expect(door.households[0]!.members.map((m) => m.name)).toEqual(['赵大明', '赵小红', '外婆'])
      expect(await figuresOn(town)).toMatchObject({ attempts: 1, covered: 1 })
    }),
  )

  test(
    'a household that nobody knew is added at the door, in the same breath',
    story(async (town) => {
      const { homes, campaign, worker, other } = await begin(town)
      const household = newId()
      const tenant = newId()
      const entry = {
        campaign,
        household,
        newHousehold: { dwelling: homes[0]!.dwelling },
        how: 'door' as const,
        outcome: 'reached' as const,
        allNormal: true as const,
        present: [tenant],
        newPeople: [{ id: tenant, entry: { name: '租客', relation: 'head' as const } }],
      }
      await expect(other.tell(api.recordAttempt, entry)).rejects.toEqual(problem('scope.outOfReach'))
      await worker.tell(api.recordAttempt, entry)
      expect(await figuresOn(town)).toMatchObject({ households: 11, covered: 1, notCovered: 10 })
    }),
  )

  test(
    'one request, one fate: a wrong part leaves nothing behind',
    story(async (town) => {
      const { homes, campaign, worker } = await begin(town)
      const guest = newId()
      await expect(
        worker.tell(api.recordAttempt, {
          campaign,
          household: homes[0]!.id,
          how: 'door',
          outcome: 'reached',
          newPeople: [{ id: guest, entry: { name: '外婆', relation: 'grandparent' } }],
          statements: [{ person: guest, well: false, symptoms: ['magic'] }],
        }),
      ).rejects.toEqual(problem('screening.notInForm'))
      expect(await figuresOn(town)).toEqual(untouched)
      expect((await worker.ask(api.gridSet, {})).buildings[0]!.units[0]!.doors[0]!.households[0]!.members).toHaveLength(2)
    }),
  )

  test(
    'sent twice is recorded once, and another content under the same id is refused',
    story(async (town) => {
      const { homes, campaign, worker } = await begin(town)
      const id = newId()
      const first = await worker.tell(api.recordAttempt, reached(campaign, homes[0]!, 'door'), { id })
      expect(await worker.tell(api.recordAttempt, reached(campaign, homes[0]!, 'door'), { id })).toEqual(first)
      await expect(worker.tell(api.recordAttempt, inVain(campaign, homes[0]!, 'door'), { id })).rejects.toEqual(
        problem('door.idTaken'),
      )
      // After the keys were swept the record itself still knows.
      await town.admin.deleteFrom('idempotencyKeys' as never).execute()
      expect(await worker.tell(api.recordAttempt, reached(campaign, homes[0]!, 'door'), { id })).toMatchObject({ id })
      expect(await figuresOn(town)).toMatchObject({ attempts: 1, covered: 1 })
    }),
  )

  test(
    'two workers, one household, in any order of arrival: the first contact counts once',
    story(async (town) => {
      const { homes, campaign, worker, colleague } = await begin(town)
      town.at('2026-03-02T08:00:00.000Z')
      await colleague.tell(api.recordAttempt, reached(campaign, homes[0]!, 'door'), {
        clock: clockAt('2026-03-02T06:00:00.000Z'),
      })
      expect(await figuresOn(town)).toMatchObject({ reachedAtDoor: 1, reachedByPhone: 0, covered: 1 })
      await worker.tell(api.recordAttempt, reached(campaign, homes[0]!, 'phone'), { clock: clockAt('2026-03-02T05:00:00.000Z') })
      await worker.tell(api.recordAttempt, inVain(campaign, homes[0]!, 'notice'), { clock: clockAt('2026-03-02T04:00:00.000Z') })
      expect(await figuresOn(town)).toMatchObject({
        reachedAtDoor: 0,
        reachedByPhone: 1,
        covered: 1,
        noticesPosted: 1,
        attempts: 3,
      })
      expect((await worker.ask(api.workersProgress, {})).rows).toMatchObject([
        { account: worker.who.account, attempts: 2, households: 1, reached: 1, sheets: 1 },
        { account: colleague.who.account, attempts: 1, reached: 1 },
      ])
    }),
  )

  test(
    'a doubted clock counts on the day of arrival until somebody says when it was',
    story(async (town) => {
      const { homes, campaign, worker } = await begin(town)
      town.at('2026-03-04T01:00:00.000Z')
      const late = await worker.tell(api.recordAttempt, reached(campaign, homes[0]!, 'door'), {
        clock: clockAt('2026-03-02T05:00:00.000Z', 600_000),
        sentAt: '2026-03-04T01:00:00.000Z',
      })
      expect(late).toMatchObject({ clockDoubt: 'offsetsApart', countedOn: '2026-03-04' })
      expect(await figuresOn(town, '2026-03-03')).toMatchObject({ covered: 0 })
      expect(await worker.ask(api.funnel, {})).toMatchObject({ covered: 1, doubted: 1 })
      expect((await worker.ask(api.attempts, { doubted: true })).rows.map((r) => r.id)).toEqual([late.id])
      const entry = {
        household: homes[0]!.id,
        how: 'door' as const,
        outcome: 'reached' as const,
        allNormal: true as const,
        present: [...homes[0]!.people],
      }
      for (const occurredAt of ['2026-03-05T01:00:00.000Z', '2026-03-01T01:00:00.000Z']) {
        await expect(
          worker.tell(api.correctAttempt, { replaces: late.id, reason: '时间', entry: { ...entry, occurredAt } }),
        ).rejects.toEqual(problem('screening.wrongTime'))
      }
      await worker.tell(api.correctAttempt, {
        replaces: late.id,
        reason: '手机时间不对',
        entry: { ...entry, occurredAt: '2026-03-03T05:00:00.000Z' },
      })
      expect(await figuresOn(town, '2026-03-03')).toMatchObject({ covered: 1 })
      expect(await worker.ask(api.funnel, {})).toMatchObject({ covered: 1, doubted: 0 })
    }),
  )

  test(
    'a phone brings what was done before the campaign was closed, nothing after',
    story(async (town) => {
      const { homes, campaign, worker, secretary } = await begin(town)
      town.at('2026-03-03T09:00:00.000Z')
      expect(await secretary.tell(api.closeCampaign, { campaign })).toMatchObject({ state: 'closed', endsOn: '2026-03-03' })
      town.at('2026-03-04T01:00:00.000Z')
      await worker.tell(api.recordAttempt, reached(campaign, homes[0]!, 'door'), { clock: clockAt('2026-03-03T08:59:00.000Z') })
      await expect(
        worker.tell(api.recordAttempt, reached(campaign, homes[1]!, 'door'), { clock: clockAt('2026-03-03T09:01:00.000Z') }),
      ).rejects.toEqual(problem('screening.campaignClosed'))
      expect(await figuresOn(town, '2026-03-03')).toMatchObject({ covered: 1 })
    }),
  )
})
