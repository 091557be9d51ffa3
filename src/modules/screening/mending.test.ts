// Mending what was recorded: corrections, withdrawals, whose they may be, and the balance that holds whatever is mended.
import { describe, expect, test } from 'vitest'
import { sample, story, type Town } from '#app/testing.ts'
import { newId, type Id } from '#core/ids.ts'
import * as api from './api.ts'
import { clockAt, figures, inVain, reached, settle, type Home } from './town.testing.ts'

const problem = (code: string) => expect.objectContaining({ code })
const { community, grid, grid2 } = sample

const begin = async (town: Town, sizes?: readonly [number, number]) => {
  const homes = await settle(town.running.house, sample, sizes)
  const secretary = town.as('communitySecretary', community, '孙书记')
  return {
    homes,
    secretary,
    campaign: (await secretary.tell(api.openCampaign, { title: '三月排查', area: community })).id,
    worker: town.as('gridWorker', grid, '李网格员'),
    colleague: town.as('gridWorker', grid, '钱网格员'),
    other: town.as('gridWorker', grid2, '赵网格员'),
  }
}

const figuresOn = (town: Town) => figures(town.running.house, { community, day: '2026-03-02', until: '2026-03-02T15:59:59.999Z' })

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

describe('mending', () => {
  const nobody = (home: Home) => ({ household: home.id, how: 'door' as const, outcome: 'nobody' as const })

  test(
    'a correction changes exactly its figures, and the history keeps both',
    story(async (town) => {
      const { homes, campaign, worker } = await begin(town)
      const first = await worker.tell(api.recordAttempt, reached(campaign, homes[0]!, 'phone'))
      await worker.tell(api.recordAttempt, reached(campaign, homes[1]!, 'phone'))
      const before = await figuresOn(town)
      const asDoor = await worker.tell(api.correctAttempt, {
        replaces: first.id,
        reason: '其实是上门',
        entry: {
          household: homes[0]!.id,
          how: 'door',
          outcome: 'reached',
          statements: [{ person: homes[0]!.people[0]!, well: false, symptoms: ['fever'] }],
        },
      })
      expect(await figuresOn(town)).toEqual({ ...before, reachedByPhone: 1, reachedAtDoor: 1, symptomatic: 1 })
      await worker.tell(api.correctAttempt, { replaces: asDoor.id, reason: '没人应', entry: nobody(homes[0]!) })
      expect(await figuresOn(town)).toEqual({ ...before, reachedByPhone: 1, covered: 1, notCovered: 9, symptomatic: 0 })
      const { rows } = await worker.ask(api.attemptHistory, { root: first.id })
      expect(rows.map((r) => [r.how, r.outcome, r.reason])).toEqual([
        ['phone', 'reached', null],
        ['door', 'reached', '其实是上门'],
        ['door', 'nobody', '没人应'],
      ])
      await expect(
        worker.tell(api.correctAttempt, { replaces: first.id, reason: '再改', entry: nobody(homes[0]!) }),
      ).rejects.toEqual(problem('facts.replacedAlready'))
    }),
  )

  test(
    'a wrong door: the attempt moves to the household that was meant',
    story(async (town) => {
      const { homes, campaign, worker } = await begin(town)
      const made = await worker.tell(api.recordAttempt, reached(campaign, homes[0]!, 'door'))
      await worker.tell(api.correctAttempt, {
        replaces: made.id,
        reason: '记错房号',
        entry: { household: homes[1]!.id, how: 'door', outcome: 'reached', allNormal: true, present: [...homes[1]!.people] },
      })
      expect(await worker.ask(api.household, { household: homes[0]!.id })).toMatchObject({ state: 'untouched', rows: [] })
      const { rows, state } = await worker.ask(api.household, { household: homes[1]!.id })
      expect(state).toBe('covered')
      expect(rows[0]!.statements.map((s) => s.person).sort()).toEqual([...homes[1]!.people].sort())
    }),
  )

  test(
    'withdrawn is gone from every figure, with what was said in it',
    story(async (town) => {
      const { homes, campaign, worker } = await begin(town)
      const [head] = homes[0]!.people as [Id]
      const made = await worker.tell(api.recordAttempt, {
        campaign,
        household: homes[0]!.id,
        how: 'door',
        outcome: 'reached',
        statements: [{ person: head, well: false, symptoms: ['fever'] }],
        keyPersons: [{ id: newId(), person: head, category: 'returnee', origin: '外省', arrivedOn: '2026-02-27' }],
      })
      expect(await figuresOn(town)).toMatchObject({ covered: 1, symptomatic: 1, keyPersons: 1 })
      const gone = await worker.tell(api.withdrawAttempt, { replaces: made.id, reason: '点错了' })
      expect(gone).toMatchObject({ withdrawn: true, root: made.id })
      expect(await figuresOn(town)).toEqual(untouched)
      await expect(worker.tell(api.withdrawAttempt, { replaces: gone.id, reason: '再撤' })).rejects.toEqual(
        problem('facts.withdrawnAlready'),
      )
    }),
  )

  test(
    'own entries, and any for the secretary',
    story(async (town) => {
      const { homes, campaign, worker, colleague, secretary, other } = await begin(town)
      const made = await worker.tell(api.recordAttempt, reached(campaign, homes[0]!, 'door'))
      await expect(colleague.tell(api.withdrawAttempt, { replaces: made.id, reason: '替他撤' })).rejects.toEqual(
        problem('facts.notYours'),
      )
      await expect(other.tell(api.withdrawAttempt, { replaces: made.id, reason: '替他撤' })).rejects.toEqual(
        problem('scope.outOfReach'),
      )
      const mended = await secretary.tell(api.correctAttempt, { replaces: made.id, reason: '核实', entry: nobody(homes[0]!) })
      // Who made the first entry may still mend it after the secretary did.
      await worker.tell(api.correctAttempt, {
        replaces: mended.id,
        reason: '本人确认',
        entry: { ...nobody(homes[0]!), outcome: 'refused' },
      })
      expect(await figuresOn(town)).toMatchObject({ refused: 1, covered: 0 })
    }),
  )

  test(
    'at any size and after any mending the balance holds, and the SQL agrees with the rule',
    story(async (town) => {
      const { homes, campaign, secretary } = await begin(town, [14, 10])
      let seed = 7
      const chance = (n: number) => {
        seed = (seed * 48_271) % 2_147_483_647
        return seed % n
      }
      const made: { id: Id; home: Home }[] = []
      for (let i = 0; i < 90; i++) {
        const home = homes[chance(homes.length)]!
        const how = (['phone', 'door', 'notice'] as const)[chance(3)]!
        const outcome =
          how === 'notice' ? ('nobody' as const) : (['reached', 'nobody', 'refused', 'vacant', 'moved'] as const)[chance(5)]!
        const entry = outcome === 'reached' ? reached(campaign, home, how as 'door') : inVain(campaign, home, how, outcome)
        const minute = String(chance(60)).padStart(2, '0')
        town.at('2026-03-02T09:00:00.000Z')
        if (made.length > 10 && chance(4) === 0) {
          const [old] = made.splice(chance(made.length), 1) as [(typeof made)[number]]
          const { campaign: _, ...said } = entry
          const done = chance(2)
            ? await secretary.tell(api.withdrawAttempt, { replaces: old.id, reason: '撤' })
            : await secretary.tell(api.correctAttempt, { replaces: old.id, reason: '改', entry: said })
          if (!done.withdrawn) made.push({ id: done.id, home })
        } else {
          made.push({
            id: (await secretary.tell(api.recordAttempt, entry, { clock: clockAt(`2026-03-02T0${chance(8)}:${minute}:00.000Z`) }))
              .id,
            home,
          })
        }
      }
      const found = await figuresOn(town)
      expect(found['reachedByPhone']! + found['reachedAtDoor']!).toBe(found['covered'])
      expect(found['covered']! + found['notCovered']!).toBe(found['households'])
      expect(found['households']).toBe(24)
      const states: string[] = []
      for (const home of homes) states.push((await secretary.ask(api.household, { household: home.id })).state)
      const listed = await secretary.ask(api.left, { limit: 200 })
      expect(listed.total).toBe(found['notCovered'])
      expect(new Map(listed.rows.map((r) => [r.household, r.state]))).toEqual(
        new Map(homes.flatMap((h, i) => (states[i] === 'covered' ? [] : [[h.id, states[i]!]]))),
      )
      expect(new Set(states).size).toBeGreaterThan(4)
    }),
  )
})
