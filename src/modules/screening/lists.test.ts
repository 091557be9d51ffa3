// Campaigns, the form, lists, plan and the grid on a phone, told through the door.
import { describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { sample, story } from '#app/testing.ts'
import { newId, type Id } from '#core/ids.ts'
import * as policyApi from '#modules/policy/api.ts'
import * as api from './api.ts'
import { begin, figures, inVain, reached, rules } from './town.testing.ts'

const problem = (code: string) => expect.objectContaining({ code })
const { community, grid, grid2, street, county } = sample

const pair = (zh: string, en: string) => ({ zh, en })
const form = [
  {
    key: 'symptoms',
    kind: 'choice',
    symptomSet: true,
    askedOf: 'all',
    text: pair('不舒服吗', 'Unwell?'),
    why: pair('帮助', 'Help'),
    choices: { fever: pair('发热', 'Fever') },
  },
  { key: 'contact', kind: 'yesNo', askedOf: 'keyPersons', text: pair('接触史', 'Contact?'), why: pair('判断', 'To judge') },
  {
    key: 'temperature',
    kind: 'temperature',
    askedOf: 'all',
    text: pair('体温', 'Temperature'),
    why: pair('现场测得', 'As measured'),
  },
]

describe('campaigns', () => {
  test(
    'one is open in an area at a time, whichever of two comes first',
    story(async (town) => {
      const { secretary, campaign, worker } = await begin(town)
      for (const area of [community, grid]) {
        await expect(secretary.tell(api.openCampaign, { title: '又一次', area })).rejects.toEqual(
          problem('screening.alreadyOpen'),
        )
      }
      await expect(worker.tell(api.openCampaign, { title: '越权', area: grid })).rejects.toEqual(problem('door.notAllowed'))
      await expect(secretary.tell(api.openCampaign, { title: '别处', area: sample.other })).rejects.toEqual(
        problem('scope.outOfReach'),
      )
      await expect(secretary.tell(api.openCampaign, { title: '将来', area: community, startsOn: '2026-03-03' })).rejects.toEqual(
        problem('screening.notStartedYet'),
      )
      expect(await secretary.tell(api.closeCampaign, { campaign })).toMatchObject({ state: 'closed', endsOn: '2026-03-02' })
      await expect(secretary.tell(api.closeCampaign, { campaign })).rejects.toEqual(problem('screening.wrongState'))
      const [one, two] = await Promise.allSettled(
        [grid, grid].map((area) => secretary.tell(api.openCampaign, { title: '同时', area })),
      )
      expect([one!.status, two!.status].sort()).toEqual(['fulfilled', 'rejected'])
      await secretary.tell(api.openCampaign, { title: '另一网格', area: grid2 })
      expect((await secretary.ask(api.campaigns, {})).rows.map((c) => [c.title, c.households])).toEqual([
        ['另一网格', 4],
        ['同时', 6],
        ['三月排查', 10],
      ])
      const all = await figures(town.running.house, { community, day: '2026-03-02', until: '2026-03-02T15:59:59.999Z' })
      expect(all['households']).toBe(10)
    }),
  )

  test(
    'two grids, two campaigns: a household belongs to the one of its grid',
    story(async (town) => {
      const { homes, secretary, campaign, worker } = await begin(town, [3, 2], grid)
      await worker.tell(api.recordAttempt, reached(campaign, homes[0]!, 'door'))
      await expect(secretary.tell(api.recordAttempt, reached(campaign, homes[3]!, 'door'))).rejects.toEqual(
        problem('screening.outsideCampaign'),
      )
      const found = await figures(town.running.house, { community, day: '2026-03-02', until: '2026-03-02T15:59:59.999Z' })
      expect(found).toMatchObject({ households: 3, covered: 1, notCovered: 2 })
      expect((await worker.ask(api.currentCampaign, {})).campaign).toMatchObject({ id: campaign })
    }),
  )

  test(
    'the form is that of the opening, under the response of that day; a later rule does not change it',
    story(async (town) => {
      const version = await rules(town, { 'screening.form': form })
      const author = town.as('administrator', county, '甲')
      const response = await author.tell(policyApi.proposeResponse, {
        areaCode: county,
        disease: '某种呼吸道传染病',
        class: 'B',
        level: null,
        government: '样例区人民政府',
        document: '样例公告1号',
        startsOn: '2026-03-01',
        reviewOn: '2026-04-01',
      })
      await town.as('administrator', county, '乙').tell(policyApi.activateResponse, { response: response.id })
      const { secretary, campaign } = await begin(town)
      const { campaign: opened, form: asked, notice } = await secretary.ask(api.currentCampaign, {})
      expect(opened).toMatchObject({ id: campaign, formVersion: version, response: response.id })
      expect(asked.map((q) => q.key)).toEqual(['symptoms', 'contact', 'temperature'])
      expect(notice.hotline).not.toBe('')
      town.at('2026-03-02T03:00:00.000Z')
      await rules(town, { 'screening.form': form.slice(0, 1) })
      expect((await secretary.ask(api.currentCampaign, {})).form.map((q) => q.key)).toEqual([
        'symptoms',
        'contact',
        'temperature',
      ])
    }),
  )
})

describe('the form at the door', () => {
  test(
    'itinerary and contact are asked of key persons only, a temperature only as measured',
    story(async (town) => {
      await rules(town, { 'screening.form': form, 'screening.sourceRisk': { byArea: { 42: 'high' }, otherwise: 'low' } })
      const { homes, campaign, worker } = await begin(town)
      const [head] = homes[0]!.people as [Id]
      const visit = (answers: Record<string, boolean | number>, keyPersons = {}) =>
        worker.tell(api.recordAttempt, {
          campaign,
          household: homes[0]!.id,
          how: 'door',
          outcome: 'reached',
          statements: [{ person: head, well: true, answers }],
          ...keyPersons,
        })
      await expect(visit({ contact: true })).rejects.toEqual(problem('screening.keyPersonsOnly'))
      await expect(visit({ temperature: 3.6 })).rejects.toEqual(problem('screening.notInForm'))
      await visit({ temperature: 36.5 })
      await visit(
        { contact: false },
        {
          keyPersons: [
            {
              id: newId(),
              person: head,
              category: 'returnee',
              origin: '湖北武汉',
              originCode: '420100',
              leftOn: '2026-02-26',
              arrivedOn: '2026-02-27',
              transport: 'train',
              vehicleNo: 'G1234',
            },
          ],
        },
      )
      await visit({ contact: true })
      // Well in one go says nothing of a temperature.
      await worker.tell(api.recordAttempt, reached(campaign, homes[1]!, 'door'))
      const stored = await sql<{
        answers: object
      }>`select answers from screening_statements where household = ${homes[1]!.id}`.execute(town.admin)
      expect(stored.rows.map((r) => r.answers)).toEqual([{}, {}])
    }),
  )
})

describe('lists', () => {
  test(
    'who is left, by name, in the order of a walk, page by page, each grid its own',
    story(async (town) => {
      const { homes, campaign, secretary, worker, other, officer } = await begin(town)
      await worker.tell(api.recordAttempt, reached(campaign, homes[1]!, 'phone'))
      await worker.tell(api.recordAttempt, inVain(campaign, homes[0]!, 'notice'))
      const first = await secretary.ask(api.left, { limit: 4 })
      expect(first.total).toBe(9)
      expect(first.rows[0]).toMatchObject({
        household: homes[0]!.id,
        head: '赵大明',
        people: 2,
        state: 'notice',
        attempts: 1,
        lastHow: 'notice',
        phone: '138****0000',
      })
      // Somebody gets covered between two pages: nobody is skipped.
      await worker.tell(api.recordAttempt, reached(campaign, homes[2]!, 'phone'))
      const second = await secretary.ask(api.left, { limit: 10, after: first.next! })
      expect([...first.rows, ...second.rows].map((r) => r.household)).toEqual(
        [0, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => homes[i]!.id),
      )
      expect((await other.ask(api.left, {})).rows.map((r) => r.grid)).toEqual([grid2, grid2, grid2, grid2])
      await expect(other.ask(api.left, { area: grid })).rejects.toEqual(problem('scope.outOfReach'))
      expect((await secretary.ask(api.left, { state: 'notice' })).total).toBe(1)
      const masked = await officer.ask(api.left, { community })
      expect(masked.rows[0]).toMatchObject({ head: '赵**', address: expect.stringMatching(/^\S+ \S+ \*\*\*$/) })
      await expect(officer.ask(api.left, {})).rejects.toEqual(problem('scope.communityNeeded'))
      expect((await officer.ask(api.funnel, { community })).households).toBe(10)
    }),
  )

  test(
    'who is to be visited again: the longest waiting first, due after the hours of the rule, at another time of day',
    story(async (town) => {
      const { homes, campaign, worker } = await begin(town)
      const visit = async (at: string, i: number, entry = inVain(campaign, homes[i]!, 'door')) => {
        town.at(at)
        await worker.tell(api.recordAttempt, entry)
      }
      await visit('2026-03-02T01:00:00.000Z', 0)
      await visit('2026-03-02T02:00:00.000Z', 1, inVain(campaign, homes[1]!, 'door', 'refused'))
      await visit('2026-03-02T03:00:00.000Z', 2, inVain(campaign, homes[2]!, 'door', 'vacant'))
      await visit('2026-03-02T12:00:00.000Z', 0)
      const { rows, total } = await worker.ask(api.revisit, {})
      expect(total).toBe(2)
      expect(rows).toMatchObject([
        { household: homes[1]!.id, state: 'refused', due: true, best: 'evening' },
        { household: homes[0]!.id, state: 'nobody', due: false, dueAt: '2026-03-02T16:00:00.000Z', best: 'afternoon' },
      ])
      const page = await worker.ask(api.revisit, { limit: 1 })
      expect((await worker.ask(api.revisit, { limit: 1, after: page.next! })).rows.map((r) => r.household)).toEqual([
        homes[0]!.id,
      ])
    }),
  )

  test(
    'progress by grid and building, the plan, and a building room by room agree',
    story(async (town) => {
      const { homes, campaign, secretary, worker, other } = await begin(town)
      for (const home of homes.slice(0, 3)) await worker.tell(api.recordAttempt, reached(campaign, home, 'phone'))
      await other.tell(api.recordAttempt, inVain(campaign, homes[6]!, 'door', 'refused'))
      expect((await secretary.ask(api.progress, {})).rows).toMatchObject([
        { key: grid, name: '第一网格', households: 6, covered: 3, left: 3 },
        { key: grid2, name: '第二网格', households: 4, covered: 0, refused: 1 },
      ])
      expect((await secretary.ask(api.progress, { of: 'precinct' })).rows).toMatchObject([
        {
          name: '第一片区',
          households: 10,
          covered: 3,
        },
      ])
      const { rows: plan } = await secretary.ask(api.plan, {})
      expect(plan).toMatchObject([
        { name: '1号楼', compound: '桂园小区', x: 0, y: 0, households: 6, covered: 3 },
        { name: '2号楼', x: 1, y: 0, households: 4, refused: 1 },
      ])
      expect((await other.ask(api.plan, {})).rows.map((b) => b.name)).toEqual(['2号楼'])
      const building = await secretary.ask(api.building, { building: plan[1]!.id })
      expect(building.units[0]!.rooms.map((r) => [r.room, r.households[0]?.state])).toEqual([
        ['101', 'refused'],
        ['102', 'untouched'],
        ['201', 'untouched'],
        ['202', 'untouched'],
      ])
    }),
  )

  test(
    'the grid of a phone: names and numbers in full, door by door, and a look at each person',
    story(async (town) => {
      const { homes, campaign, worker, other, secretary } = await begin(town, [3, 2])
      await worker.tell(api.recordAttempt, inVain(campaign, homes[0]!, 'door'))
      const set = await worker.ask(api.gridSet, {})
      expect(set).toMatchObject({ area: grid, areaName: '第一网格', households: 3, covered: 0, campaign: { id: campaign } })
      expect(set.form[0]!.key).toBe('symptoms')
      expect(set.notice.who.zh).not.toBe('')
      const doors = set.buildings.flatMap((b) => b.units.flatMap((u) => u.doors))
      expect(doors.map((d) => [d.room, d.households[0]!.state])).toEqual([
        ['101', 'nobody'],
        ['102', 'untouched'],
        ['201', 'untouched'],
      ])
      expect(doors[0]!.households[0]).toMatchObject({
        id: homes[0]!.id,
        attempts: 1,
        last: { how: 'door', outcome: 'nobody', mine: true },
        members: [
          { name: '赵大明', phone: '13800000000', age: 65, sex: 'male', keyPerson: false },
          { name: '赵小红', phone: null, age: 10 },
        ],
      })
      const { rows } = await sql<{ person: Id }>`
      select l.person from audit_looks l join audit_log a on a.id = l.audit
        where a.contract = 'screening.gridSet'`.execute(town.admin)
      expect(rows.map((r) => r.person).sort()).toEqual(
        homes
          .slice(0, 3)
          .flatMap((h) => h.people)
          .sort(),
      )
      expect((await other.ask(api.gridSet, {})).households).toBe(2)
      await expect(other.ask(api.gridSet, { area: grid })).rejects.toEqual(problem('scope.outOfReach'))
      expect((await secretary.ask(api.gridSet, { area: grid2 })).households).toBe(2)
      await expect(town.as('subdistrictOfficer', street).ask(api.gridSet, {})).rejects.toEqual(problem('door.notAllowed'))
    }),
  )

  test(
    'a household of another grid is out of reach, in every direction',
    story(async (town) => {
      const { homes, campaign, worker } = await begin(town)
      const theirs = homes[7]!
      await expect(worker.tell(api.recordAttempt, reached(campaign, theirs, 'phone'))).rejects.toEqual(
        problem('scope.outOfReach'),
      )
      await expect(worker.ask(api.household, { household: theirs.id })).rejects.toEqual(problem('scope.outOfReach'))
      const stranger = town.as('communitySecretary', sample.other)
      await expect(stranger.tell(api.recordAttempt, reached(campaign, theirs, 'phone'))).rejects.toEqual(
        problem('screening.unknownCampaign'),
      )
      await expect(stranger.ask(api.household, { household: theirs.id })).rejects.toEqual(problem('screening.unknownHousehold'))
    }),
  )
})
