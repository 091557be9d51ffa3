// Stories of territory: the tree, who is responsible, houses and grids, and a town from a file, told through the door.
import { expect, test } from 'vitest'
import { sql } from 'kysely'
import { sample, story, type Person, type Town } from '#app/testing.ts'
import { newId } from '#core/ids.ts'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import { writeCsv } from '#server/spreadsheet/csv.ts'
import { writeTemplate } from '#server/spreadsheet/template.ts'
import { asSystem } from '#server/system.ts'
import { createAccount } from '#modules/identity/server.ts'
import * as api from './api.ts'
import { findAreasHere } from './setUp.ts'
import { addressSql, areaNames, dwellingAddresses, gridOf, loadTown, placeDwelling, type TownPlan } from './server.ts'
import { townSheets } from './town-file.ts'

const { county, street, community, other, elsewhere, precinct, grid, grid2 } = sample
const problem = (code: string) => expect.objectContaining({ code })
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

const tree = [
  { code: county, name: '样例区' },
  { code: street, name: '样例街道' },
  { code: community, name: '桂园社区' },
  { code: other, name: '梅园社区' },
  { code: precinct, name: '第一片区' },
  { code: grid, name: '第一网格' },
  { code: grid2, name: '第二网格' },
]
const plant = (town: Town, plan: TownPlan) => asSystem(town.running.house, county, 'territory.load', (ctx) => loadTown(ctx, plan))

/** One compound with two buildings of two units, rooms 101 and 102 on three floors. */
const small: TownPlan = {
  community,
  areas: tree,
  compounds: [{ name: '桂园小区', type: 'commodityHousing', propertyManager: '桂园物业' }],
  dwellings: ['3号楼', '12号楼'].flatMap((building) =>
    ['1单元', '2单元'].flatMap((unit) =>
      ['101', '102', '201', '202', '301', '302'].map((room) => ({
        compound: '桂园小区',
        building,
        unit,
        room,
        grid: building === '3号楼' ? grid : null,
      })),
    ),
  ),
}

const allRooms = async (who: Person, input = {}) => {
  const rows = []
  let after: string | undefined
  do {
    const page = await who.ask(api.dwellings, { limit: 5, ...input, ...(after ? { after } : {}) })
    rows.push(...page.rows)
    after = page.next ?? undefined
  } while (after)
  return rows
}

test(
  'an area needs the one above it, a right code and the right reach',
  story(async (town) => {
    const admin = town.as('administrator', county)
    await admin.tell(api.addArea, { areaCode: county, name: '样例区' })
    await expect(admin.tell(api.addArea, { areaCode: community, name: '桂园社区' })).rejects.toEqual(
      problem('territory.noParent'),
    )
    await admin.tell(api.addArea, { areaCode: street, name: '样例街道' })
    expect(await admin.tell(api.addArea, { areaCode: community, name: ' 桂园社区 ' })).toMatchObject({
      name: '桂园社区',
      level: 'community',
    })
    await expect(admin.tell(api.addArea, { areaCode: community, name: '又一个' })).rejects.toEqual(
      problem('territory.areaExists'),
    )
    await expect(admin.tell(api.addArea, { areaCode: '340301000', name: '无' })).rejects.toEqual(problem('door.unreadable'))

    const secretary = town.as('communitySecretary', community)
    await secretary.tell(api.addArea, { areaCode: '34030100100100001', name: '无片区网格' })
    await expect(secretary.tell(api.addArea, { areaCode: other, name: '梅园社区' })).rejects.toEqual(problem('scope.outOfReach'))
    await expect(secretary.tell(api.renameArea, { areaCode: street, name: '改名街道' })).rejects.toEqual(
      problem('scope.outOfReach'),
    )
    await expect(town.as('gridWorker', grid).tell(api.addArea, { areaCode: grid, name: '网格' })).rejects.toEqual(
      problem('door.notAllowed'),
    )
    expect(await secretary.tell(api.renameArea, { areaCode: '34030100100100001', name: '东网格' })).toMatchObject({
      name: '东网格',
    })
  }),
)

test(
  'whoever works in an area sees it, what is above and what is below, and nothing beside',
  story(async (town) => {
    await plant(town, { areas: tree })
    const seen = async (who: Person) => (await who.ask(api.areas, {})).rows.map((a) => a.areaCode)
    expect(await seen(town.as('communitySecretary', community))).toEqual([county, street, community, precinct, grid, grid2])
    expect(await seen(town.as('communitySecretary', other))).toEqual([county, street, other])
    expect(await seen(town.as('administrator', county))).toHaveLength(tree.length)
    expect((await town.as('administrator', county).ask(api.areas, { under: precinct })).rows.map((a) => a.areaCode)).toEqual([
      precinct,
      grid,
      grid2,
    ])
  }),
)

test(
  'a first community may be named where nothing above it is kept',
  story(async (town) => {
    const admin = town.as('administrator', community)
    await admin.tell(api.addArea, { areaCode: community, name: '桂园社区' })
    await admin.tell(api.addArea, { areaCode: precinct, name: '第一片区' })
    await expect(admin.tell(api.addArea, { areaCode: '34030100100102001', name: '网格' })).rejects.toEqual(
      problem('territory.noParent'),
    )
  }),
)

test(
  'a grid takes a whole building, a unit or a range of rooms in one action, and the past keeps its grid',
  story(async (town) => {
    await plant(town, small)
    const secretary = town.as('communitySecretary', community)
    const {
      rows: [third, twelfth],
    } = await secretary.ask(api.buildings, {})
    expect([third!.name, twelfth!.name]).toEqual(['3号楼', '12号楼'])
    expect(third).toMatchObject({ units: 2, dwellings: 12, grids: [grid] })

    expect(await secretary.tell(api.assignGrid, { grid: grid2, building: twelfth!.id })).toEqual({ assigned: 12, unchanged: 0 })
    town.at('2026-03-05T01:00:00.000Z')
    const {
      rows: [unit],
    } = await secretary.ask(api.units, { building: twelfth!.id })
    expect(await secretary.tell(api.assignGrid, { grid, building: twelfth!.id, unit: unit!.id, from: '102', to: '202' })).toEqual(
      { assigned: 3, unchanged: 0 },
    )
    expect(await secretary.tell(api.assignGrid, { grid, building: twelfth!.id, unit: unit!.id, from: '102', to: '301' })).toEqual(
      { assigned: 1, unchanged: 3 },
    )

    const moved = (await allRooms(secretary, { building: twelfth!.id, grid })).map((d) => [d.unitName, d.room])
    expect(moved).toEqual([
      ['1单元', '102'],
      ['1单元', '201'],
      ['1单元', '202'],
      ['1单元', '301'],
    ])
    const [dwelling] = await allRooms(secretary, { building: twelfth!.id, grid })
    await town.running.house.within(community, async (tx) => {
      expect(await gridOf(tx, dwelling!.id, { community })).toBe(grid)
      expect(await gridOf(tx, dwelling!.id, { community, at: '2026-03-03T00:00:00.000Z' })).toBe(grid2)
      expect(await gridOf(tx, dwelling!.id, { at: '2026-03-01T00:00:00.000Z' })).toBeNull()
    })
    await expect(secretary.tell(api.assignGrid, { grid: '34030100100101009', building: third!.id })).rejects.toEqual(
      problem('territory.notAGrid'),
    )
    await expect(secretary.tell(api.assignGrid, { grid, building: third!.id, from: '901' })).rejects.toEqual(
      problem('territory.nothingChosen'),
    )
  }),
)

test(
  'several buildings go into a grid in one action, or none of them does',
  story(async (town) => {
    await plant(town, small)
    const secretary = town.as('communitySecretary', community)
    const buildings = (await secretary.ask(api.buildings, {})).rows.map((b) => b.id)
    const id = newId()
    expect(await secretary.tell(api.assignBuildings, { grid: grid2, buildings }, { id })).toEqual({ assigned: 24, unchanged: 0 })
    expect(await secretary.tell(api.assignBuildings, { grid: grid2, buildings }, { id })).toEqual({ assigned: 0, unchanged: 24 })
    expect((await secretary.ask(api.buildings, {})).rows.map((b) => b.grids)).toEqual([[grid2], [grid2]])
    const stray = secretary.tell(api.assignBuildings, { grid, buildings: [...buildings, newId()] })
    await expect(stray).rejects.toEqual(problem('territory.unknownBuilding'))
    await expect(secretary.tell(api.assignBuildings, { grid: other, buildings })).rejects.toEqual(problem('territory.notAGrid'))
    await expect(town.as('gridWorker', grid).tell(api.assignBuildings, { grid, buildings })).rejects.toEqual(
      problem('door.notAllowed'),
    )
    expect((await secretary.ask(api.buildings, {})).rows.map((b) => b.grids)).toEqual([[grid2], [grid2]])
  }),
)

test(
  'a grid worker lists the dwellings of the own grid, in the order of a walk, and a neighbour community none',
  story(async (town) => {
    await plant(town, small)
    const worker = town.as('gridWorker', grid)
    const mine = await allRooms(worker)
    expect(mine.map((d) => `${d.unitName} ${d.room}`)).toEqual(
      ['1单元', '2单元'].flatMap((u) => ['101', '102', '201', '202', '301', '302'].map((r) => `${u} ${r}`)),
    )
    expect(new Set(mine.map((d) => d.grid))).toEqual(new Set([grid]))
    expect(await allRooms(town.as('gridWorker', grid2))).toEqual([])
    expect(await allRooms(town.as('communitySecretary', community))).toHaveLength(24)
    expect(await allRooms(town.as('communitySecretary', other))).toEqual([])
    await expect(worker.ask(api.dwellings, { community: other })).rejects.toEqual(problem('scope.outOfReach'))
    const officer = town.as('subdistrictOfficer', street)
    await expect(officer.ask(api.dwellings, {})).rejects.toEqual(problem('scope.communityNeeded'))
    const seen = await officer.ask(api.dwellings, { community, limit: 1 })
    expect(seen.rows[0]!.room).toBe('***')
    expect(seen.total).toBe(24)
  }),
)

test(
  'houses are added and changed by hand; a name is taken once',
  story(async (town) => {
    await plant(town, { areas: tree })
    const secretary = town.as('communitySecretary', community)
    const compound = await secretary.tell(api.addCompound, { name: '老巷', type: 'oldLane' })
    expect(compound).toMatchObject({ name: '老巷', type: 'oldLane', propertyManager: null })
    await expect(secretary.tell(api.addCompound, { name: '老巷', type: 'campus' })).rejects.toEqual(
      problem('territory.compoundExists'),
    )
    expect(
      await secretary.tell(api.changeCompound, {
        compound: compound.id,
        name: '老巷',
        type: 'relocationSite',
        propertyManager: null,
      }),
    ).toMatchObject({ type: 'relocationSite' })
    const building = await secretary.tell(api.addBuilding, { compound: compound.id, name: '十二号' })
    const unit = await secretary.tell(api.addUnit, { building: building.id, name: '东单元' })
    const asked = { building: building.id, unit: unit.id, room: '３０１', grid }
    const id = newId()
    const dwelling = await secretary.tell(api.addDwelling, asked, { id })
    expect(dwelling).toMatchObject({ id, room: '301', floor: 3, use: 'owner', grid, buildingName: '十二号', unitName: '东单元' })
    expect(await secretary.tell(api.addDwelling, asked, { id })).toEqual(dwelling)
    await expect(secretary.tell(api.addDwelling, asked)).rejects.toEqual(problem('territory.dwellingExists'))
    await expect(secretary.tell(api.addDwelling, { building: newId(), room: '1' })).rejects.toEqual(
      problem('territory.unknownBuilding'),
    )
    expect(await secretary.tell(api.changeDwelling, { dwelling: id, room: '301', use: 'rental' })).toMatchObject({
      use: 'rental',
      grid,
    })
    await secretary.tell(api.drawPlan, { places: [{ building: building.id, x: 3, y: 1 }] })
    expect((await secretary.ask(api.buildings, {})).rows[0]).toMatchObject({ x: 3, y: 1, position: expect.any(Number) })
    await expect(secretary.tell(api.drawPlan, { places: [{ building: newId(), x: 0, y: 0 }] })).rejects.toEqual(
      problem('territory.unknownBuilding'),
    )
  }),
)

test(
  'who is responsible is dated and added: the last appointment that has begun counts',
  story(async (town) => {
    await plant(town, { areas: tree })
    const secretary = town.as('communitySecretary', community, 'lin')
    await expect(secretary.tell(api.appoint, { areaCode: grid, duty: 'gridWorker', account: newId() })).rejects.toEqual(
      problem('territory.unknownAccount'),
    )
    await expect(secretary.tell(api.appoint, { areaCode: other, duty: 'gridWorker', account: null })).rejects.toEqual(
      problem('scope.outOfReach'),
    )
    await expect(
      secretary.tell(api.appoint, { areaCode: '34030100100101007', duty: 'gridWorker', account: null }),
    ).rejects.toEqual(problem('territory.unknownArea'))
    const [zhou, wu] = await Promise.all(
      ['zhou', 'wu'].map((username) =>
        createAccount(town.running.house, {
          area: community,
          username,
          name: `网格员 ${username}`,
          assignments: [{ role: 'gridWorker', area: grid }],
        }),
      ),
    )
    const holder = async () => (await secretary.ask(api.areas, { under: grid })).rows[0]!.responsible.map((r) => r.name)
    await secretary.tell(api.appoint, { areaCode: grid, duty: 'gridWorker', account: zhou! })
    expect(await holder()).toEqual(['网格员 zhou'])
    await secretary.tell(api.appoint, { areaCode: grid, duty: 'gridWorker', account: wu!, since: '2026-03-03T00:00:00.000Z' })
    expect(await holder()).toEqual(['网格员 zhou'])
    town.at('2026-03-03T00:00:01.000Z')
    expect(await holder()).toEqual(['网格员 wu'])
    await secretary.tell(api.appoint, { areaCode: grid, duty: 'gridWorker', account: null })
    expect(await holder()).toEqual([])
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from territory_responsibilities`.execute(town.admin)
    expect(rows[0]!.n).toBe(3)
  }),
)

test(
  'areas are found by words or by the beginning of their code, inside the own area only',
  story(async (town) => {
    await plant(town, { areas: tree })
    await town.running.house.within(community, async (tx) => {
      const found = async (words?: string) => (await findAreasHere(tx, { within: community, words, limit: 3 })).map((a) => a.name)
      expect(await found()).toEqual(['桂园社区', '第一片区', '第一网格'])
      expect(await found('网格')).toEqual(['第一网格', '第二网格'])
      expect(await found(grid2)).toEqual(['第二网格'])
      expect(await found('街道')).toEqual([])
    })
  }),
)

const areaFile = (rows: string[][]) => ({ name: '区域.csv', content: base64(writeCsv(['编码', '名称', '级别'], rows)) })

test(
  'a file is previewed, loaded, and adds nothing the second time',
  story(async (town) => {
    const admin = town.as('administrator', county)
    const areas = areaFile(tree.map(({ code, name }) => [code, name, '']))
    expect(await admin.ask(api.previewLoad, areas)).toMatchObject({ add: { areas: 7, dwellings: 0 }, refused: 0 })
    expect((await admin.ask(api.areas, {})).rows).toEqual([])
    expect((await admin.tell(api.load, areas)).added.areas).toBe(7)
    expect((await admin.tell(api.load, areas)).added.areas).toBe(0)

    const secretary = town.as('communitySecretary', community)
    const book = await writeTemplate({
      sheets: [
        {
          ...townSheets[0]!,
          rows: [
            { code: street, name: '样例街道' },
            { code: '34030100100101003', name: '第三网格', level: '网格' },
            { code: grid, name: '改了名' },
          ],
        },
        {
          ...townSheets[1]!,
          rows: [
            { name: '桂园小区', type: '商品房', manager: '桂园物业' },
            { name: '南门楼宇', type: '办公楼宇' },
          ],
        },
        {
          ...townSheets[2]!,
          rows: [
            { compound: '桂园小区', building: '3号楼', unit: '1单元', room: '301', use: '出租', grid: '34030100100101003' },
            { compound: '桂园小区', building: '3号楼', unit: '1单元', room: '302' },
            { compound: '南门楼宇', building: 'A座' },
          ],
        },
      ],
    })
    const houses = { name: '房屋.xlsx', content: base64(book) }
    const preview = await secretary.ask(api.previewLoad, houses)
    expect(preview).toMatchObject({ add: { areas: 1, compounds: 2, buildings: 2, units: 1, dwellings: 2, links: 1 }, refused: 0 })
    expect(preview.rows.map((r) => [r.what, r.verdict])).toEqual([
      ['样例街道', 'above'],
      ['第三网格', 'new'],
      ['改了名', 'otherName'],
      ['桂园小区', 'new'],
      ['南门楼宇', 'new'],
    ])
    expect((await secretary.tell(api.load, houses)).added).toEqual(preview.add)
    expect((await secretary.tell(api.load, houses)).added).toEqual({
      areas: 0,
      compounds: 0,
      buildings: 0,
      units: 0,
      dwellings: 0,
      links: 0,
    })
    expect((await allRooms(secretary)).map((d) => [d.room, d.floor, d.use, d.grid])).toEqual([
      ['301', 3, 'rental', '34030100100101003'],
      ['302', 3, 'owner', null],
    ])
    expect((await secretary.ask(api.areas, {})).rows.find((a) => a.areaCode === grid)?.name).toBe('第一网格')
  }),
)

test(
  'rows that cannot be loaded say why, by their number, and nothing of the file is loaded',
  story(async (town) => {
    await plant(town, { areas: tree.slice(0, 3) })
    const secretary = town.as('communitySecretary', community)
    const file = areaFile([
      ['34030100100199', '没有问题', '片区'],
      ['34030100100102001', '缺上级', ''],
      ['3403010', '位数', ''],
      [other, '别人的社区', ''],
      ['34030100100103', '级别不符', '网格'],
      ['', '没有编码', ''],
      ['3.40301E+16', '变了样', ''],
    ])
    const preview = await secretary.ask(api.previewLoad, file)
    const why = new Map(preview.rows.filter((r) => r.verdict === 'refused').map((r) => [r.row, r.reasons.map((x) => x.en)]))
    expect([...why.keys()]).toEqual([3, 4, 5, 6, 7, 8])
    expect(preview.refused).toBe(6)
    expect(why.get(3)).toEqual(['The area above is missing; enter it first'])
    expect(why.get(5)).toEqual(['The code lies outside your area'])
    expect(why.get(8)?.[0]).toContain('changed the last digits')
    await expect(secretary.tell(api.load, file)).rejects.toMatchObject({ code: 'territory.rowsRefused', details: { count: 6 } })
    expect((await secretary.ask(api.areas, {})).rows).toHaveLength(3)

    const houses = {
      name: '房屋.csv',
      content: base64(
        writeCsv(
          ['小区', '楼栋', '房号', '网格'],
          [
            ['没登记的小区', '1号楼', '101', ''],
            ['', '1号楼', '101', grid2],
          ],
        ),
      ),
    }
    expect((await secretary.ask(api.previewLoad, houses)).rows.map((r) => r.reasons.length)).toEqual([1, 2])
    const strange = { name: 'x.csv', content: base64(writeCsv(['甲', '乙'], [['1', '2']])) }
    await expect(secretary.ask(api.previewLoad, strange)).rejects.toEqual(problem('territory.nothingInFile'))
  }),
)

test(
  'the template comes back as it went out',
  story(async (town) => {
    const bytes = await town.as('administrator', community).fetch(api.template, {})
    const book = await readWorkbook(bytes)
    expect(book.sheets.filter((s) => !s.hidden).map((s) => s.name)).toEqual(['区域', '小区', '房屋'])
  }),
)

test(
  'placing an address twice finds the same dwelling, even at the same time',
  story(async (town) => {
    await plant(town, { areas: tree })
    const { house } = town.running
    const place = (room: string, given?: string) =>
      asSystem(house, community, 'trial', (ctx) =>
        placeDwelling(ctx, { compound: '桂园小区', building: '3号楼', unit: '1单元', room, grid: given ?? null }),
      )
    const [a, b] = await Promise.all([place('301'), place('３０１ ', grid)])
    expect(a).toBe(b)
    expect(await place('301', grid2)).toBe(a)
    await house.within(community, async (tx) => {
      expect(await gridOf(tx, a)).toBe(grid)
      const { rows } = await sql<{
        address: string
      }>`select ${addressSql('a')} as address from ${dwellingAddresses(community)} a where a.dwelling = ${a}`.execute(tx)
      expect(rows).toEqual([{ address: '桂园小区 3号楼 1单元 301' }])
      expect(await areaNames(tx, [grid, community, elsewhere])).toEqual(
        new Map([
          [grid, '第一网格'],
          [community, '桂园社区'],
        ]),
      )
    })
    await expect(place('302', '34030100100209001')).rejects.toEqual(problem('territory.notAGrid'))
  }),
)

test(
  'a town of 6,000 dwellings loads at once',
  story(async (town) => {
    const dwellings = Array.from({ length: 6000 }, (_, i) => ({
      compound: `小区${i % 5}`,
      building: `${(Math.floor(i / 5) % 20) + 1}号楼`,
      unit: `${(Math.floor(i / 100) % 3) + 1}单元`,
      room: `${Math.floor(i / 300) + 1}01`,
      grid: i % 2 ? grid : grid2,
    }))
    const began = performance.now()
    const { added, dwellings: ids } = await plant(town, { community, areas: tree, dwellings })
    const took = performance.now() - began
    expect(added).toEqual({ areas: 7, compounds: 5, buildings: 100, units: 300, dwellings: 6000, links: 6000 })
    expect(new Set(ids).size).toBe(6000)
    // 0.6 to 1.3 s were measured; row by row it would be minutes. The bound leaves room for a busy machine.
    expect(took).toBeLessThan(6000)
    expect((await plant(town, { community, areas: tree, dwellings })).added).toEqual({
      areas: 0,
      compounds: 0,
      buildings: 0,
      units: 0,
      dwellings: 0,
      links: 0,
    })
  }),
)
