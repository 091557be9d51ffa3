// A register of returnees (L2) from a workbook: known people are recognised, newcomers join a household or none, and undo takes it back.
import { expect, test } from 'vitest'
import { sample, story, type Person, type Town } from '#app/testing.ts'
import type { Importing, ImportRun } from '#core/imports.ts'
import { Problem } from '#core/problem.ts'
import { asSystem } from '#server/system.ts'
import { addHousehold, addPerson, joinHousehold } from '#modules/residents/server.ts'
import { overview } from '#modules/residents/api.ts'
import { loadTown } from '#modules/territory/server.ts'
import { newId } from '#core/ids.ts'
import * as api from './api.ts'

const c = api.returneeList.contracts as unknown as Importing['contracts']
const csv = (...rows: string[][]): string => Buffer.from(rows.map((row) => row.join(',')).join('\n')).toString('base64')

/** Two doors: 王小明 lives at 402, two households share 403. */
async function ground(town: Town): Promise<Person> {
  const { house } = town.running
  const areas = [
    { code: sample.county, name: '样例区' },
    { code: sample.street, name: '样例街道' },
    { code: sample.community, name: '桂园社区' },
    { code: sample.precinct, name: '第一片区' },
    { code: sample.grid, name: '第一网格' },
  ]
  await house.within(sample.county, (tx) => loadTown({ tx, timing: null as never, who: null as never }, { areas }))
  await asSystem(house, sample.community, 'story.homes', async (ctx) => {
    const at = (room: string) => ({ compound: '桂园小区', building: '3号楼', unit: '1单元', room, grid: sample.grid })
    const { dwellings } = await loadTown(ctx, { community: sample.community, dwellings: [at('402'), at('403')] })
    const moveIn = async (dwelling: string, name: string, phone: string) => {
      const household = await addHousehold(ctx, { dwelling, tenure: 'owner' }, 'import', newId())
      await joinHousehold(ctx, await addPerson(ctx, { name, idType: 'notRecorded', phone }, 'import', newId()), household, 'head')
    }
    await moveIn(dwellings[0]!, '王小明', '13800135678')
    await moveIn(dwellings[1]!, '陈刚', '13800130003')
    await moveIn(dwellings[1]!, '孙红', '13800130004')
  })
  return town.as('communitySecretary', sample.community)
}

async function settled(town: Town, who: Person, work: Promise<ImportRun>): Promise<ImportRun> {
  const { id } = await work
  await town.drain()
  return (await who.ask(c.status, { run: id })).run!
}

const head = [
  '姓名',
  '身份证号',
  '性别',
  '手机',
  '来源省',
  '来源市',
  '目的地详址',
  '返乡原因',
  '返乡时间',
  '交通方式',
  '车次',
  '有无症状',
  '人员类型',
  '状态',
]
const rows = [
  [
    '王小明',
    '',
    '男',
    '13800135678',
    '湖北省',
    '武汉市',
    '桂园小区3号楼1单元402',
    '务工返乡',
    '2026.2.28',
    '高铁',
    'G1234',
    '无',
    '返乡人员',
    '已返',
  ],
  [
    '王晓红',
    '',
    '女',
    '13900000002',
    '广东省',
    '深圳市',
    '桂园小区3号楼1单元402',
    '探亲',
    '2026年3月1日',
    '自驾',
    '粤B12345',
    '咳嗽、乏力',
    '返乡人员',
    '已返',
  ],
  ['刘新', '', '男', '', '北京市', '', '桂园小区3号楼1单元403', '上学', '2026-03-01', '飞机', 'CA1501', '', '返乡人员', '已返'],
  ['周远', '', '男', '', '上海市', '', '别处花园1栋1单元101', '出差', '2026-03-09', '客车', '', '', '返乡人员', '将返'],
  ['吴缺', '', '男', '', '', '', '桂园小区3号楼1单元402', '', '', '', '', '', '', ''],
]

test(
  'people are recognised or join a household, the journey is read, a repeat adds nothing',
  story(async (town) => {
    const secretary = await ground(town)
    const run = await settled(
      town,
      secretary,
      secretary.tell(c.start, { fileName: '返乡.csv', content: csv(['返程人员登记表'], head, ...rows) }),
    )
    expect(run).toMatchObject({ state: 'ready', total: 5, fresh: 4, refused: 1, questionable: 3 })
    const done = await settled(town, secretary, secretary.tell(c.commit, { run: run.id }))
    expect(done).toMatchObject({ state: 'done', fresh: 4 })
    const { rows: kept } = await secretary.ask(api.keyPersons, {})
    const byName = new Map(kept.map((k) => [k.name, k]))
    expect(byName.get('王小明')).toMatchObject({
      category: 'returnee',
      arrival: 'arrived',
      origin: '湖北省武汉市',
      arrivedOn: '2026-02-28',
      transport: 'train',
      vehicleNo: 'G1234',
      symptoms: [],
      address: '桂园小区 3号楼 1单元 402',
      travelReason: '务工返乡',
      sourceRisk: 'unknown',
    })
    expect(byName.get('王晓红')).toMatchObject({
      transport: 'ownCar',
      symptoms: ['cough', 'fatigue'],
      address: '桂园小区 3号楼 1单元 402',
    })
    expect(byName.get('刘新')).toMatchObject({ address: null, household: null })
    expect(byName.get('周远')).toMatchObject({ arrival: 'expected', arrivedOn: '2026-03-09', address: null })
    expect(await secretary.ask(overview, {})).toMatchObject({ people: 4 })
    const again = await settled(
      town,
      secretary,
      secretary.tell(c.start, { fileName: '返乡.csv', content: csv(head, ...rows.slice(0, 2)) }),
    )
    expect(again).toMatchObject({ fresh: 0, unchanged: 2 })
  }),
)

test(
  'undo takes key persons and newcomers back; a follow-up stands in its way',
  story(async (town) => {
    const secretary = await ground(town)
    const start = (...of: string[][]) =>
      settled(town, secretary, secretary.tell(c.start, { fileName: '返乡.csv', content: csv(head, ...of) }))
    const first = await settled(town, secretary, secretary.tell(c.commit, { run: (await start(rows[0]!, rows[1]!)).id }))
    const {
      rows: [one],
    } = await secretary.ask(api.keyPersons, {})
    await secretary.tell(api.followUp, { keyPerson: one!.root, well: true, how: 'phone' })
    const refusal = await secretary.tell(c.undo, { run: first.id, reason: '传错了' }).catch((error: Problem) => error)
    expect(refusal).toMatchObject({ code: 'imports.builtUpon', say: { zh: expect.stringContaining('跟进 1 条') } })
    const second = await settled(town, secretary, secretary.tell(c.commit, { run: (await start(rows[2]!)).id }))
    expect(await settled(town, secretary, secretary.tell(c.undo, { run: second.id, reason: '传错了' }))).toMatchObject({
      state: 'undone',
    })
    expect((await secretary.ask(api.keyPersons, {})).rows.map((k) => k.name).sort()).toEqual(['王小明', '王晓红'])
  }),
)
