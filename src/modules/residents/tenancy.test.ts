// Let dwellings told through the door: tenants come and go by one act each, landlords with all they own, dangers, and counts in households and persons.
import { describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { sample, story, type Town } from '#app/testing.ts'
import type { Id } from '#core/ids.ts'
import { newId } from '#core/ids.ts'
import { Problem } from '#core/problem.ts'
import { countByGrid, countedRows, indicators, sumFigures } from '#server/indicators.ts'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import { asSystem } from '#server/system.ts'
import { loadTown } from '#modules/territory/server.ts'
import * as api from './api.ts'
import * as tenancy from './tenancy.ts'

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  )

/** Four rooms in each grid; 101 of both is said to be let. Answers `1-101` → dwelling. */
async function begin(town: Town) {
  const { house } = town.running
  const areas = [
    { code: sample.county, name: '样例区' },
    { code: sample.street, name: '样例街道' },
    { code: sample.community, name: '桂园社区' },
    { code: sample.precinct, name: '第一片区' },
    { code: sample.grid, name: '第一网格' },
    { code: sample.grid2, name: '第二网格' },
  ]
  await house.within(sample.county, (tx) => loadTown({ tx, timing: null as never, who: null as never }, { areas }))
  const dwellings = [
    [1, sample.grid],
    [2, sample.grid2],
  ].flatMap(([n, grid]) =>
    ['101', '102', '201', '202'].map((room) => ({
      compound: '桂园小区',
      building: `${n}号楼`,
      unit: '1单元',
      room,
      grid: grid as string,
      use: room === '101' ? ('rental' as const) : ('owner' as const),
    })),
  )
  const loaded = await asSystem(house, sample.community, 'test.houses', (ctx) =>
    loadTown(ctx, { community: sample.community, dwellings }),
  )
  const at = new Map(dwellings.map((d, i) => [`${d.building[0]}-${d.room}`, loaded.dwellings[i]!]))
  return {
    at: (place: string): Id => at.get(place)!,
    worker: town.as('gridWorker', sample.grid),
    other: town.as('gridWorker', sample.grid2),
    secretary: town.as('communitySecretary', sample.community),
    officer: town.as('subdistrictOfficer', sample.street),
  }
}

const tenants = (name: string, ...kin: string[]) => [
  { name, relation: 'head' as const, phone: '13900001111' },
  ...kin.map((one) => ({ name: one, relation: 'spouse' as const })),
]

describe('tenants', () => {
  test(
    'a landlord declares; the next tenants come as these leave, and both stay on record',
    story(async (town) => {
      const { at, worker, secretary } = await begin(town)
      const first = newId()
      const declared = {
        dwelling: at('1-101'),
        declaredBy: 'landlord' as const,
        landlordName: '钱房东',
        landlordPhone: '13800002222',
      }
      expect(
        await worker.tell(
          tenancy.declareTenancy,
          { ...declared, since: '2026-02-10', members: tenants('张租客', '李租客') },
          { id: first },
        ),
      ).toMatchObject({
        address: '桂园小区 1号楼 1单元 101',
        tenants: '张租客',
        households: 1,
        people: 2,
        since: '2026-02-09T16:00:00.000Z',
        landlordName: '钱房东',
        landlordPhone: '138****2222',
      })
      const second = newId()
      const changed = await worker.tell(
        tenancy.declareTenancy,
        {
          dwelling: at('1-101'),
          declaredBy: 'worker',
          since: '2026-03-01',
          members: tenants('王新客'),
          leaving: [first],
        },
        { id: second },
      )
      expect(changed).toMatchObject({ tenants: '王新客', households: 1, people: 1 })
      const { stays, landlords } = await worker.ask(tenancy.rental, { dwelling: at('1-101') })
      expect(stays).toMatchObject([
        {
          household: second,
          head: '王新客',
          tenant: true,
          since: '2026-02-28T16:00:00.000Z',
          until: null,
          began: 'worker',
          ended: null,
        },
        {
          household: first,
          head: '张租客',
          people: 2,
          since: '2026-02-09T16:00:00.000Z',
          until: '2026-02-28T16:00:00.000Z',
          began: 'landlord',
          ended: 'worker',
        },
      ])
      expect(landlords).toMatchObject([{ name: '钱房东' }])
      expect((await secretary.ask(api.household, { household: first })).household).toMatchObject({ dwelling: null })
      // The same again is one tenancy.
      await worker.tell(
        tenancy.declareTenancy,
        {
          dwelling: at('1-101'),
          declaredBy: 'worker',
          since: '2026-03-01',
          members: tenants('王新客'),
          leaving: [first],
        },
        { id: second },
      )
      expect((await worker.ask(tenancy.rental, { dwelling: at('1-101') })).stays).toHaveLength(2)
    }),
  )

  test(
    'an end lies neither in the future nor before the beginning, and is one',
    story(async (town) => {
      const { at, worker, secretary } = await begin(town)
      const id = newId()
      await worker.tell(
        tenancy.declareTenancy,
        { dwelling: at('1-102'), declaredBy: 'tenant', members: tenants('张租客') },
        { id },
      )
      const end = (on?: string) =>
        codeOf(secretary.tell(tenancy.endTenancy, { household: id, declaredBy: 'landlord', ...(on ? { on } : {}) }))
      expect(await end('2026-03-03')).toBe('residents.notYet')
      expect(await end('2026-03-01')).toBe('residents.beforeMovedIn')
      town.at('2026-03-04T02:00:00.000Z')
      expect(await end('2026-03-02')).toBe('done')
      expect(await end()).toBe('residents.noTenancy')
      const { stays } = await worker.ask(tenancy.rental, { dwelling: at('1-102') })
      expect(stays).toMatchObject([{ since: '2026-03-02T01:00:00.000Z', until: '2026-03-02T01:00:00.000Z', ended: 'landlord' }])
      const owner = await worker.tell(api.register, { dwelling: at('1-201'), tenure: 'owner', members: tenants('赵业主') })
      expect(await codeOf(worker.tell(tenancy.endTenancy, { household: owner.id, declaredBy: 'worker' }))).toBe(
        'residents.noTenancy',
      )
      // Whoever cannot leave from here keeps the others from coming: one act, or none.
      const both = { dwelling: at('1-102'), declaredBy: 'worker' as const, members: tenants('新来的'), leaving: [owner.id] }
      expect(await codeOf(worker.tell(tenancy.declareTenancy, both))).toBe('residents.noTenancy')
      expect((await worker.ask(tenancy.rental, { dwelling: at('1-102') })).rental).toMatchObject({ households: 0 })
    }),
  )
})

describe('the list', () => {
  test(
    'let dwellings by what is missing and what changed; a worker sees the own grid',
    story(async (town) => {
      const { at, worker, other, secretary, officer } = await begin(town)
      town.at('2026-02-01T01:00:00.000Z')
      await worker.tell(tenancy.declareTenancy, { dwelling: at('1-102'), declaredBy: 'worker', members: tenants('张租客') })
      town.at('2026-03-02T01:00:00.000Z')
      await other.tell(tenancy.recordLandlord, { dwelling: at('2-202'), name: '钱房东' })
      await other.tell(tenancy.reportHazard, { dwelling: at('2-101'), kind: 'exit', words: '楼道堆满纸箱' })
      const listed = async (input = {}, who = secretary) =>
        (await who.ask(tenancy.rentals, input)).rows.map((r) => r.address.slice(5))
      expect(await listed()).toEqual(['1号楼 1单元 101', '1号楼 1单元 102', '2号楼 1单元 101', '2号楼 1单元 202'])
      expect(await listed({ having: 'noTenants' })).toEqual(['1号楼 1单元 101', '2号楼 1单元 101', '2号楼 1单元 202'])
      expect(await listed({ having: 'noLandlord' })).toEqual(['1号楼 1单元 101', '1号楼 1单元 102', '2号楼 1单元 101'])
      expect(await listed({ having: 'hazards' })).toEqual(['2号楼 1单元 101'])
      expect(await listed({ changed: 7 })).toEqual(['2号楼 1单元 202'])
      expect(await listed({ changed: 60, grid: sample.grid })).toEqual(['1号楼 1单元 102'])
      expect(await listed({}, worker)).toEqual(['1号楼 1单元 101', '1号楼 1单元 102'])
      expect(await worker.ask(tenancy.rentalOverview, {})).toEqual({
        dwellings: 2,
        households: 1,
        people: 1,
        noLandlord: 2,
        noTenants: 1,
        hazards: 0,
      })
      expect(await codeOf(worker.ask(tenancy.rental, { dwelling: at('2-101') }))).toBe('scope.outOfReach')
      expect(
        await codeOf(
          worker.tell(tenancy.declareTenancy, { dwelling: at('2-101'), declaredBy: 'worker', members: tenants('张') }),
        ),
      ).toBe('scope.outOfReach')
      const page = await secretary.ask(tenancy.rentals, { limit: 3 })
      expect((await secretary.ask(tenancy.rentals, { limit: 3, after: page.next! })).rows.map((r) => r.id)).toEqual([at('2-202')])
      expect(page.total).toBe(4)
      expect((await officer.ask(tenancy.rentals, { community: sample.community })).rows[3]).toMatchObject({
        landlordName: '钱**',
      })
      // Where the owner has moved in, nothing is let any more.
      await other.tell(api.register, { dwelling: at('2-202'), tenure: 'owner', members: tenants('钱房东') })
      expect(await listed({}, other)).toEqual(['2号楼 1单元 101'])
    }),
  )

  test(
    'a sheet for the police station: masked, and whole for a purpose',
    story(async (town) => {
      const { at, secretary, worker } = await begin(town)
      await worker.tell(tenancy.declareTenancy, {
        dwelling: at('1-101'),
        declaredBy: 'landlord',
        members: tenants('张租客', '李租客'),
        landlordName: '钱房东',
        landlordPhone: '13800002222',
      })
      const cells = async (file: Uint8Array) =>
        (await readWorkbook(Buffer.from(file))).sheets[0]!.rows.map((r) => r.cells.map((c) => c.text).join(' ')).join('\n')
      const masked = await cells(await worker.fetch(tenancy.exportRentals, {}))
      expect(masked).toContain('流动人口登记表')
      expect(masked).not.toMatch(/钱房东|张租客|13800002222/)
      expect(await codeOf(worker.fetch(tenancy.exportRentals, { full: true, purpose: '报派出所' }))).toBe('exports.maskedOnly')
      expect(await cells(await secretary.fetch(tenancy.exportRentals, { full: true, purpose: '报派出所' }))).toMatch(
        /钱房东 13800002222 张租客 1 2/,
      )
    }),
  )
})

describe('landlords and dangers', () => {
  test(
    'all dwellings of a landlord by the telephone; the same name alone is said to be only that',
    story(async (town) => {
      const { at, worker, secretary } = await begin(town)
      const phone = '13800002222'
      await secretary.tell(tenancy.recordLandlord, { dwelling: at('1-101'), name: '钱房东', phone })
      await secretary.tell(tenancy.recordLandlord, { dwelling: at('2-101'), name: '钱 房东', phone })
      await secretary.tell(tenancy.recordLandlord, { dwelling: at('2-102'), name: '钱房东' })
      await secretary.tell(tenancy.recordLandlord, { dwelling: at('2-201'), name: '钱房东', phone: '13800003333' })
      expect(await codeOf(secretary.tell(tenancy.recordLandlord, { dwelling: at('1-101'), name: '钱房东' }))).toBe(
        'residents.staysThere',
      )
      const [mine] = (await secretary.ask(tenancy.rental, { dwelling: at('1-101') })).landlords
      const found = await secretary.ask(tenancy.landlord, { landlord: mine!.landlord })
      expect(found.rows.map((r) => [r.id, r.byName])).toEqual([
        [at('1-101'), false],
        [at('2-101'), false],
        [at('2-102'), true],
      ])
      expect((await worker.ask(tenancy.landlord, { landlord: mine!.landlord })).rows.map((r) => r.id)).toEqual([at('1-101')])
      const [theirs] = (await secretary.ask(tenancy.rental, { dwelling: at('2-101') })).landlords
      expect(await codeOf(worker.ask(tenancy.unmaskLandlord, { landlord: theirs!.landlord, purpose: '联系' }))).toBe(
        'residents.unknownLandlord',
      )
      expect(await worker.ask(tenancy.unmaskLandlord, { landlord: mine!.landlord, purpose: '联系房东' })).toEqual({
        landlord: mine!.landlord,
        value: phone,
      })
      const { rows: looks } = await sql<{ purpose: string }>`
      select a.purpose from audit_looks l join audit_log a on a.community = l.community and a.id = l.audit where l.person = ${mine!.landlord}`.execute(
        town.admin,
      )
      expect(looks).toEqual([{ purpose: '联系房东' }])
    }),
  )

  test(
    'a landlord is put right with a reason; a number that is not typed stays, unless somebody else owns it now',
    story(async (town) => {
      const { at, worker } = await begin(town)
      await worker.tell(tenancy.recordLandlord, { dwelling: at('1-101'), name: '钱房东', phone: '13800002222' })
      const standing = async () => (await worker.ask(tenancy.rental, { dwelling: at('1-101') })).landlords
      const [old] = await standing()
      await worker.tell(tenancy.recordLandlord, { dwelling: at('1-101'), name: '钱房东', replaces: old!.record, reason: '核对' })
      expect(await standing()).toMatchObject([{ landlord: old!.landlord, phone: '138****2222' }])
      const [now] = await standing()
      await worker.tell(tenancy.recordLandlord, {
        dwelling: at('1-101'),
        name: '孙房东',
        replaces: now!.record,
        reason: '房子已转卖',
      })
      expect(await standing()).toMatchObject([{ name: '孙房东', phone: null }])
      expect(
        await codeOf(
          worker.tell(tenancy.recordLandlord, { dwelling: at('1-101'), name: '李', replaces: now!.record, reason: '再改' }),
        ),
      ).toBe('facts.replacedAlready')
      const {
        rows: [closed],
      } = await sql<{ n: number }>`select count(*)::int as n from residents_landlords where phone_cipher is not null`.execute(
        town.admin,
      )
      expect(closed!.n).toBe(2)
    }),
  )

  test(
    'a danger is open until somebody says what was done',
    story(async (town) => {
      const { at, worker, other } = await begin(town)
      const id = newId()
      expect(
        await worker.tell(tenancy.reportHazard, { dwelling: at('1-101'), kind: 'electricity', words: '飞线充电' }, { id }),
      ).toMatchObject({ hazards: 1 })
      expect(await codeOf(other.tell(tenancy.settleHazard, { hazard: id, measure: '已拆除' }))).toBe('scope.outOfReach')
      expect(await worker.tell(tenancy.settleHazard, { hazard: id, measure: '已拆除' })).toMatchObject({ hazards: 0 })
      const { hazards } = await worker.ask(tenancy.rental, { dwelling: at('1-101') })
      expect(hazards).toMatchObject([{ kind: 'electricity', words: '飞线充电', settledOn: '2026-03-02', measure: '已拆除' }])
      expect(await codeOf(worker.tell(tenancy.settleHazard, { hazard: hazards[0]!.id, measure: '又拆' }))).toBe(
        'residents.settledAlready',
      )
    }),
  )
})

test(
  'floating people are counted in households and in persons, each with its rows, also for a day that is over',
  story(async (town) => {
    const { at, worker, other } = await begin(town)
    const first = newId()
    await worker.tell(
      tenancy.declareTenancy,
      { dwelling: at('1-101'), declaredBy: 'worker', members: tenants('张租客', '李租客') },
      { id: first },
    )
    await other.tell(tenancy.declareTenancy, { dwelling: at('2-101'), declaredBy: 'worker', members: tenants('王租客') })
    await other.tell(api.register, { dwelling: at('2-102'), tenure: 'owner', members: tenants('赵业主') })
    town.at('2026-03-03T02:00:00.000Z')
    await worker.tell(tenancy.endTenancy, { household: first, declaredBy: 'worker' })
    const { house } = town.running
    const on = (day: string) => ({ community: sample.community, day, until: `${day}T15:59:59.999Z` })
    const counts = (day: string) =>
      house.within(sample.community, async (tx) => {
        const of = async (key: string) => {
          const one = house.offered(indicators).find((i) => i.key === key)!
          const rows = await countedRows(tx, one, on(day), { column: 'current', area: sample.community, after: null, limit: 10 })
          const { current } = sumFigures(one, await countByGrid(tx, one, on(day)))
          expect(rows).toHaveLength(current!)
          return current
        }
        return [await of('residents.floatingHouseholds'), await of('residents.floatingPeople')]
      })
    expect(await counts('2026-03-02')).toEqual([2, 3])
    expect(await counts('2026-03-03')).toEqual([1, 1])
  }),
)
