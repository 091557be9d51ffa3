// Stories of seals: what a seal cannot be without, an order for each household however often the work is begun, one lifting for all.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { sample, story } from '#app/testing.ts'
import { slotCounts } from '#modules/duties/server.ts'
import { buildings, marks, units } from '#modules/territory/api.ts'
import { issue, passes } from '#modules/access/api.ts'
import * as api from './api.ts'
import { openOrders } from './server/seals.ts'
import { begin, handed, whole } from './town.testing.ts'

const { community } = sample
const problem = (code: string) => expect.objectContaining({ code })
const lacks = (...missing: string[]) => expect.objectContaining({ code: 'observation.missing', details: { missing } })

test(
  'a unit of 77 households is sealed once, opens one order each however often it is begun, and is lifted as a whole',
  story(async (town) => {
    const { homes, staff, secretary, worker } = await begin(town, [77, 2])
    const building = (await staff.ask(buildings, {})).rows.find((b) => b.name === '1号楼')!
    expect((await staff.ask(units, { building: building.id })).rows).toHaveLength(2)
    const about = { ...whole(building.id), scope: 'building' as const }
    for (const [part, said] of [
      ['fireExit', 'fireExit'],
      ['keyDayPhone', 'keyDay'],
      ['keyNight', 'keyNight'],
      ['ambulanceRoute', 'ambulanceRoute'],
      ['document', 'document'],
      ['government', 'government'],
    ] as const) {
      await expect(staff.tell(api.seal, { ...about, [part]: null }), part).rejects.toEqual(lacks(said))
    }
    await expect(staff.tell(api.seal, { ...about, startsOn: null, fireExit: null })).rejects.toEqual(lacks('period', 'fireExit'))
    const seal = await staff.tell(api.seal, about)
    expect(seal).toMatchObject({ state: 'proposed', placeName: '桂园小区 1号楼', days: 14, sealed: false })
    await expect(staff.tell(api.seal, about)).rejects.toEqual(problem('observation.alreadySealed'))
    await expect(staff.tell(api.decideSeal, { seal: seal.id })).rejects.toEqual(problem('observation.secondPersonNeeded'))
    expect(await secretary.tell(api.decideSeal, { seal: seal.id })).toMatchObject({
      state: 'decided',
      households: 77,
      opened: 0,
      sealed: true,
    })
    expect((await staff.ask(marks, {})).rows).toEqual([
      { building: building.id, words: { zh: '整栋封闭 至2026-03-15', en: 'Sealed until 2026-03-15' } },
    ])
    await town.drain()
    await secretary.tell(api.resumeSeal, { seal: seal.id })
    await town.drain()
    const {
      rows: [opened],
    } = await sql<{ n: number; households: number; people: number }>`
    select count(*)::int as n, count(distinct household)::int as households, sum(cardinality(persons))::int as people from observation_orders where seal = ${seal.id}`.execute(
      town.admin,
    )
    expect(opened).toEqual({ n: 77, households: 77, people: 154 })
    const slots = await town.running.house.within(community, (tx) => slotCounts(tx, [seal.id], '2026-03-15T15:59:59.999Z'))
    expect(Object.values(Object.fromEntries(slots)).map((c) => c.due)).toEqual([14])

    const papers = await staff.ask(api.sheets, { seal: seal.id })
    expect(papers.rows).toHaveLength(77)
    expect(papers.rows[0]).toMatchObject({
      name: '赵大明',
      phone: '13800000000',
      guardian: '赵大明',
      lastDay: '2026-03-15',
      seal: { keyNight: '楼长 钱阿姨' },
      kit: expect.arrayContaining(['masks']),
    })
    expect(papers.rows[0]!.words.duties.length).toBeGreaterThan(2)
    await expect(worker.tell(api.serveSeal, { seal: seal.id })).rejects.toEqual(
      lacks('servedHow', 'servedAt', 'servedBy', 'undertaking'),
    )
    expect(await staff.tell(api.serveSeal, { seal: seal.id, ...handed })).toMatchObject({ served: 77 })
    expect(await staff.ask(api.counts, {})).toMatchObject({ households: 77, persons: 154, sealed: 1 })

    await staff.tell(issue, { household: homes[0]!.id, days: 2 })
    town.at('2026-03-05T01:00:00.000Z')
    await staff.tell(api.askLift, { seal: seal.id, document: '解封令〔2026〕4号' })
    await expect(staff.tell(api.lift, { seal: seal.id })).rejects.toEqual(problem('observation.secondPersonNeeded'))
    expect(await secretary.tell(api.lift, { seal: seal.id })).toMatchObject({ state: 'lifted', sealed: false })
    // A card that ran out behind the seal is issued again for as long as it was.
    const { rows: cards } = await staff.ask(passes, { household: homes[0]!.id })
    expect(cards.map((card) => [card.standing, card.lastDay])).toEqual([
      ['good', '2026-03-06'],
      ['expired', '2026-03-03'],
    ])
    expect(await staff.ask(api.counts, {})).toMatchObject({ households: 0, persons: 0, sealed: 0, due: 0 })
    expect((await staff.ask(marks, {})).rows).toEqual([])
    const {
      rows: [released],
    } = await sql<{ n: number; last: string; running: number }>`
    select count(distinct release_number)::int as n, max(release_number) as last,
      (select count(*)::int from duties_duties where ended_at is null) as running from observation_orders where state = 'released'`.execute(
      town.admin,
    )
    expect(released).toEqual({ n: 77, last: '解观〔2026〕077号', running: 0 })
    expect(homes).toHaveLength(79)
  }),
)

test(
  'a household of minors alone waits for a guardian; a garage holds nobody; a second run opens nothing',
  story(async (town) => {
    const { homes, staff, secretary } = await begin(town, [2, 2])
    await town.admin.executeQuery(
      sql`update residents_persons set birth_date = '2015-01-01' where root = ${homes[0]!.people[0]!}`.compile(town.admin),
    )
    const building = (await staff.ask(buildings, {})).rows.find((b) => b.name === '1号楼')!
    const seal = await staff.tell(api.seal, { ...whole(building.id), scope: 'building' })
    await secretary.tell(api.decideSeal, { seal: seal.id })
    await openOrders.run({ community, seal: seal.id } as never, town.running.house, { signal: AbortSignal.timeout(60_000) })
    expect((await staff.ask(api.seals, {})).rows[0]).toMatchObject({ opened: 2, waiting: 1 })
    const waits = (await staff.ask(api.orders, { state: 'proposed' })).rows[0]!
    await expect(town.as('communityStaff', community, '吴干事').tell(api.decide, { order: waits.id })).rejects.toEqual(
      lacks('guardian'),
    )
    await staff.tell(api.record, { order: waits.id, category: 'sealed', place: 'home', guardianName: '外婆 周奶奶' })
    expect(await secretary.tell(api.decide, { order: waits.id })).toMatchObject({
      state: 'decided',
      document: '封闭令〔2026〕3号',
    })
    const garage = await staff.tell(api.seal, { ...whole(building.compound), scope: 'garage', spot: '地下一层车库' })
    expect(await secretary.tell(api.decideSeal, { seal: garage.id })).toMatchObject({
      households: 0,
      placeName: '桂园小区 地下一层车库',
    })
  }),
)
