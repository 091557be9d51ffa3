// Lists as offices keep them, through the wizard: columns corrected and remembered, everything undone at once, rows mended, tenants, employees.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { sample, story, type Person, type Town } from '#app/testing.ts'
import type { Importing, ImportRun, SheetProposal } from '#core/imports.ts'
import { Problem } from '#core/problem.ts'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import { loadTown } from '#modules/territory/server.ts'
import * as api from './api.ts'
import { landlordOf } from './server.ts'

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  )

async function ground(town: Town): Promise<Person> {
  const areas = [
    { code: sample.county, name: '样例区' },
    { code: sample.street, name: '样例街道' },
    { code: sample.community, name: '桂园社区' },
    { code: sample.precinct, name: '第一片区' },
    { code: sample.grid, name: '第一网格' },
  ]
  await town.running.house.within(sample.county, (tx) => loadTown({ tx, timing: null as never, who: null as never }, { areas }))
  return town.as('communitySecretary', sample.community)
}

/** The contracts with their rows' exact types lost, so that one helper serves every kind. */
type Contracts = Importing['contracts']
const contractsOf = (of: { contracts: unknown }) => of.contracts as Contracts
const csv = (...rows: (string | null)[][]): string =>
  Buffer.from(rows.map((row) => row.map((cell) => cell ?? '').join(',')).join('\n')).toString('base64')

async function upload(
  town: Town,
  who: Person,
  of: { contracts: unknown },
  content: string,
  fileName = '名册.csv',
): Promise<ImportRun> {
  const { id } = await who.tell(contractsOf(of).start, { fileName, content })
  await town.drain()
  return (await who.ask(contractsOf(of).status, { run: id })).run!
}
async function afterwards(town: Town, who: Person, of: { contracts: unknown }, work: Promise<ImportRun>): Promise<ImportRun> {
  const { id } = await work
  await town.drain()
  return (await who.ask(contractsOf(of).status, { run: id })).run!
}
const confirmed = (town: Town, who: Person, of: { contracts: unknown }, run: ImportRun) =>
  afterwards(town, who, of, who.tell(contractsOf(of).commit, { run: run.id }))
const undone = (town: Town, who: Person, of: { contracts: unknown }, run: ImportRun) =>
  afterwards(town, who, of, who.tell(contractsOf(of).undo, { run: run.id, reason: '传错了文件' }))
const rowsOf = async (who: Person, of: { contracts: unknown }, run: ImportRun) =>
  (await who.ask(contractsOf(of).preview, { run: run.id, limit: 200 })).rows as unknown as Record<string, unknown>[]
const choiceOf = ({ name, taken, headRows, columns }: SheetProposal) => ({
  name,
  taken,
  headRows,
  columns: columns.map(({ at, field }) => ({ at, field })),
})

const heads = ['序号', '姓名', '门牌', '关系', '号码甲', '号码乙']
const family = [
  ['1', '王小明', '桂园小区3号楼1单元402', '户主', '13800135678', '下棋'],
  ['2', '李梅', '桂园小区3号楼1单元402', '配偶', '', '跳舞'],
]

test(
  'columns are proposed, corrected by hand, and remembered for the next file with the same heads',
  story(async (town) => {
    const secretary = await ground(town)
    const { mapping, remap } = contractsOf(api.roster)
    const run = await upload(town, secretary, api.roster, csv(['桂园社区居民花名册'], heads, ...family))
    const {
      sheets: [sheet],
      fields,
    } = await secretary.ask(mapping, { run: run.id })
    expect(sheet!.columns.map((column) => [column.head, column.field])).toEqual(
      expect.arrayContaining([
        ['姓名', 'name'],
        ['门牌', 'address'],
        ['关系', 'relation'],
      ]),
    )
    expect(fields.map((field) => field.field)).toEqual(expect.arrayContaining(['name', 'note', 'phone']))
    expect(fields.some((field) => field.field.startsWith('-'))).toBe(false)
    expect(JSON.stringify(sheet)).not.toContain('13800135678')

    const columns = sheet!.columns.map(({ at, head, field }) => ({
      at,
      field: head === '号码甲' ? 'phone' : head === '号码乙' ? 'note' : field,
    }))
    const again = await afterwards(
      town,
      secretary,
      api.roster,
      secretary.tell(remap, { run: run.id, sheets: [{ ...choiceOf(sheet!), columns }] }),
    )
    expect(again).toMatchObject({ state: 'ready', total: 2, fresh: 2, remembered: false })
    expect(await rowsOf(secretary, api.roster, again)).toMatchObject([
      { name: '王小明', phone: '138****5678', note: '下棋' },
      { name: '李梅', note: '跳舞' },
    ])

    // Another month, another title, one person more: the heads are the same.
    const next = await upload(
      town,
      secretary,
      api.roster,
      csv(['桂园社区居民花名册（三月）'], ['填报单位：桂园社区'], heads, ...family, [
        '3',
        '王一诺',
        '桂园小区3号楼1单元402',
        '子女',
        '',
        '画画',
      ]),
    )
    expect(next).toMatchObject({ state: 'ready', total: 3, remembered: true })
    expect((await rowsOf(secretary, api.roster, next)).at(-1)).toMatchObject({ name: '王一诺', note: '画画' })

    // Somebody may go back to what the house proposes, and another community never hears of it.
    expect(await afterwards(town, secretary, api.roster, secretary.tell(remap, { run: next.id }))).toMatchObject({
      remembered: false,
    })
    expect((await rowsOf(secretary, api.roster, next)).at(-1)).toMatchObject({ note: null })
    const stranger = town.as('communitySecretary', sample.other)
    expect(await codeOf(stranger.ask(mapping, { run: next.id }))).toBe('imports.unknownRun')
  }),
)

test(
  'a file that cannot be made out waits for somebody who says what its columns are',
  story(async (town) => {
    const secretary = await ground(town)
    const { mapping, remap } = contractsOf(api.roster)
    const run = await upload(
      town,
      secretary,
      api.roster,
      csv(['甲', '乙', '丙'], ['王小明', '402', '3号楼'], ['李梅', '402', '3号楼']),
    )
    expect(run).toMatchObject({ state: 'mapping', mapped: true })
    const {
      sheets: [sheet],
    } = await secretary.ask(mapping, { run: run.id })
    expect(sheet!.columns.map((column) => column.at)).toEqual([0, 1, 2])
    const told = {
      ...choiceOf(sheet!),
      taken: true,
      headRows: [1, 1] as [number, number],
      columns: [
        { at: 0, field: 'name' },
        { at: 1, field: 'room' },
        { at: 2, field: 'building' },
      ],
    }
    const read = await afterwards(town, secretary, api.roster, secretary.tell(remap, { run: run.id, sheets: [told] }))
    expect(read).toMatchObject({ total: 2 })
    expect(await codeOf(secretary.tell(contractsOf(api.roster).commit, { run: run.id }))).toMatch(/done|nothingNew/)
  }),
)

test(
  'everything of an import is undone at once; lists and figures follow, and the file may come again',
  story(async (town) => {
    const secretary = await ground(town)
    const content = csv(
      ['小区', '楼栋', '房号', '姓名', '与户主关系', '身份证号'],
      ['桂园小区', '3号楼', '402', '王小明', '户主', '34030119800305001X'],
      ['桂园小区', '3号楼', '402', '李梅', '配偶', ''],
    )
    const run = await confirmed(town, secretary, api.roster, await upload(town, secretary, api.roster, content))
    expect(await secretary.ask(api.overview, {})).toMatchObject({ households: 1, people: 2 })
    const back = await undone(town, secretary, api.roster, run)
    expect(back).toMatchObject({ state: 'undone', failure: null, undoneWhy: '传错了文件' })
    expect(await secretary.ask(api.overview, {})).toMatchObject({ households: 0, people: 0 })
    expect((await secretary.ask(api.search, { words: '王小明' })).rows).toEqual([])
    const { rows } = await sql<{
      n: number
      gone: number
    }>`select count(*)::int as n, count(*) filter (where withdrawn and reason = '传错了文件')::int as gone from residents_persons`.execute(
      town.admin,
    )
    expect(rows).toEqual([{ n: 4, gone: 2 }])
    expect(await codeOf(secretary.tell(contractsOf(api.roster).undo, { run: run.id, reason: '再来' }))).toBe('imports.wrongState')
    const second = await upload(town, secretary, api.roster, content)
    expect(second).toMatchObject({ fresh: 2, unchanged: 0 })
    await confirmed(town, secretary, api.roster, second)
    expect(await secretary.ask(api.overview, {})).toMatchObject({ households: 1, people: 2 })
    expect((await secretary.ask(contractsOf(api.roster).runs, {})).rows.map((one) => one.state)).toEqual(['done', 'undone'])
  }),
)

test(
  'all persons of a row come in: the householder, kin in columns of their own, names in one cell',
  story(async (town) => {
    const secretary = await ground(town)
    const content = csv(
      ['小区', '楼栋', '房号', '户主姓名', '配偶姓名', '配偶身份证号', '其他成员'],
      ['桂园小区', '3号楼', '402', '王小明', '李梅', '34030119800305001X', '王一、王二'],
    )
    // A column of names in lists is a guess, so somebody looks at the columns first.
    const asked = await upload(town, secretary, api.roster, content)
    expect(asked.state).toBe('mapping')
    const { mapping, remap } = contractsOf(api.roster)
    const {
      sheets: [sheet],
    } = await secretary.ask(mapping, { run: asked.id })
    const told = await afterwards(
      town,
      secretary,
      api.roster,
      secretary.tell(remap, { run: asked.id, sheets: [choiceOf(sheet!)] }),
    )
    const run = await confirmed(town, secretary, api.roster, told)
    expect(run).toMatchObject({ fresh: 4, refused: 0 })
    const {
      rows: [home],
    } = await secretary.ask(api.households, {})
    const { rows: people } = await secretary.ask(api.household, { household: home!.id })
    expect(people.map(({ relation }) => relation).sort()).toEqual(['head', 'other', 'other', 'spouse'])
  }),
)

test(
  'what was built on an import stands in the way of its undo, and says what it is',
  story(async (town) => {
    const secretary = await ground(town)
    const content = csv(
      ['小区', '楼栋', '房号', '姓名', '与户主关系'],
      ['桂园小区', '3号楼', '402', '王小明', '户主'],
      ['桂园小区', '3号楼', '402', '李梅', '配偶'],
    )
    const run = await confirmed(town, secretary, api.roster, await upload(town, secretary, api.roster, content))
    const { undo } = contractsOf(api.roster)
    const {
      rows: [home],
    } = await secretary.ask(api.households, {})
    const { rows: people } = await secretary.ask(api.household, { household: home!.id })
    await secretary.tell(api.tag, { person: people[0]!.id, tag: 'disabled' })
    await secretary.tell(api.addMember, { household: home!.id, person: { name: '王一诺', relation: 'child' } })
    await secretary.tell(api.correct, { replaces: people[1]!.record, reason: '写错了', entry: { name: '李小梅' } })
    const refusal = await secretary.tell(undo, { run: run.id, reason: '传错了' }).catch((error: Problem) => error)
    expect(refusal).toMatchObject({
      code: 'imports.builtUpon',
      status: 409,
      say: { zh: expect.stringMatching(/档案更正 1 条.*|标签 1 条/) },
    })
    for (const words of ['标签 1 条', '成员变动 1 条', '档案更正 1 条']) expect((refusal as Problem).say.zh).toContain(words)
    expect(await secretary.ask(api.overview, {})).toMatchObject({ people: 3 })
    // A tag that was taken away again leaves nothing standing on it; the rest still does.
    await secretary.tell(api.untag, { person: people[0]!.id, tag: 'disabled', why: '误登' })
    expect(
      ((await secretary.tell(undo, { run: run.id, reason: '传错了' }).catch((error: Problem) => error)) as Problem).say.zh,
    ).not.toContain('标签')
    // What came in between two looks stops the job itself: nothing is half undone.
    const later = await confirmed(
      town,
      secretary,
      api.roster,
      await upload(
        town,
        secretary,
        api.roster,
        csv(['小区', '楼栋', '房号', '姓名', '与户主关系'], ['桂园小区', '3号楼', '501', '赵一', '户主']),
      ),
    )
    await secretary.tell(undo, { run: later.id, reason: '传错了' })
    const {
      rows: [zhao],
    } = await secretary.ask(api.search, { words: '赵一' })
    await secretary.tell(api.tag, { person: zhao!.id, tag: 'disabled' })
    await town.drain()
    expect((await secretary.ask(contractsOf(api.roster).status, { run: later.id })).run).toMatchObject({
      state: 'done',
      failure: { zh: expect.stringContaining('标签 1 条') },
    })
    expect((await secretary.ask(api.search, { words: '赵一' })).rows).toHaveLength(1)
  }),
)

test(
  'a stop in the middle of an undo is taken up again at the next start',
  story(async (town) => {
    const secretary = await ground(town)
    const run = await confirmed(
      town,
      secretary,
      api.roster,
      await upload(
        town,
        secretary,
        api.roster,
        csv(['小区', '楼栋', '房号', '姓名', '与户主关系'], ['桂园小区', '3号楼', '402', '王小明', '户主']),
      ),
    )
    await sql`update import_runs set state = 'undoing', undone_why = '停电', undone_by = ${secretary.who.account}`.execute(
      town.admin,
    )
    const { modules } = await import('#app/modules.ts')
    await modules.find((m) => m.name === 'residents')!.prepare!(town.running.house)
    await town.drain()
    expect((await secretary.ask(contractsOf(api.roster).status, { run: run.id })).run).toMatchObject({ state: 'undone' })
    expect(await secretary.ask(api.overview, {})).toMatchObject({ people: 0 })
  }),
)

test(
  'refused rows come back under their own heads with a reason, are mended there, and taken',
  story(async (town) => {
    const secretary = await ground(town)
    const run = await upload(
      town,
      secretary,
      api.roster,
      csv(
        ['桂园社区住户表'],
        ['住户姓名', '楼栋房号', '家庭关系', '证件号', '爱好'],
        ['王小明', '桂园小区3号楼1单元402', '户主', '3.40301E+17', '下棋'],
        ['', '桂园小区3号楼1单元403', '户主', '', '钓鱼'],
        ['陈刚', '', '户主', '', '唱歌'],
      ),
    )
    expect(run).toMatchObject({ total: 3, fresh: 1, refused: 2, questionable: 1, leftAside: ['爱好'] })
    await confirmed(town, secretary, api.roster, run)
    const bytes = await secretary.fetch(contractsOf(api.roster).refused, { run: run.id })
    const {
      sheets: [sheet],
    } = await readWorkbook(bytes)
    const [head, ...rows] = sheet!.rows.map((row) => row.cells.map((cell) => cell.text))
    expect(head).toEqual(['需要改正的原因', '原工作表', '原行号', '住户姓名', '楼栋房号', '家庭关系', '证件号', '爱好'])
    expect(rows.map((row) => row.slice(2))).toEqual([
      ['4', '', '桂园小区3号楼1单元403', '户主', '', '钓鱼'],
      ['5', '陈刚', '', '户主', '', '唱歌'],
    ])
    for (const [i, row] of rows.entries()) expect(row[0]).toContain(`第 ${i + 4} 行`)
    const looked = (
      await readWorkbook(await secretary.fetch(contractsOf(api.roster).questionable, { run: run.id }))
    ).sheets[0]!.rows.map((row) => row.cells.map((cell) => cell.text))
    // The rest of a worn number must not come back as if it were one.
    expect(looked[1]![6]).toBe('（末几位已丢失，请重新填写）')

    const lines = [
      head!,
      [...rows[0]!.slice(0, 3), '刘洋', ...rows[0]!.slice(4)],
      [...rows[1]!.slice(0, 4), '桂园小区3号楼1单元404', ...rows[1]!.slice(5)],
    ]
    const second = await upload(
      town,
      secretary,
      api.roster,
      csv(...lines.map((line) => line.map((cell) => cell.replaceAll(/[\n,]/g, '；')))),
    )
    expect(second).toMatchObject({ state: 'ready', total: 2, fresh: 2, refused: 0, leftAside: ['爱好'] })
  }),
)

test(
  'tenants come in with their landlords, known persons bring the landlord alone, and undo takes both back',
  story(async (town) => {
    const secretary = await ground(town)
    const head = ['姓名', '身份证号', '联系电话', '户籍地址', '租住地址', '房东姓名', '房东电话']
    const liu = ['刘洋', '', '13900001111', '河南信阳', '桂园小区5号楼2单元301', '陈大伯', '13700002222']
    const run = await upload(
      town,
      secretary,
      api.floating,
      csv(['流动人口登记表'], head, liu, ['周二', '', '', '安徽阜阳', '桂园小区5号楼2单元302', '', '']),
    )
    expect(run).toMatchObject({ state: 'ready', total: 2, fresh: 2 })
    const done = await confirmed(town, secretary, api.floating, run)
    const {
      rows: [home],
    } = await secretary.ask(api.households, {})
    expect(home).toMatchObject({ head: '刘洋', tenure: 'tenant' })
    const landlord = (dwelling: string) =>
      town.running.house.within(sample.community, (tx) =>
        landlordOf({ tx, house: town.running.house, community: sample.community }, dwelling),
      )
    expect(await landlord(home!.dwelling!)).toMatchObject({ name: '陈大伯', phone: '13700002222' })
    const closed = await sql<{
      n: number
    }>`select count(*)::int as n from residents_landlords where position('13700002222' in encode(phone_cipher, 'escape')) > 0`.execute(
      town.admin,
    )
    expect(closed.rows).toEqual([{ n: 0 }])

    expect(await upload(town, secretary, api.floating, csv(head, liu))).toMatchObject({ fresh: 0, unchanged: 1 })
    const other = await upload(town, secretary, api.floating, csv(head, [...liu.slice(0, 5), '孙房东', '']))
    expect(other).toMatchObject({ fresh: 1, questionable: 1 })
    await confirmed(town, secretary, api.floating, other)
    expect(await codeOf(secretary.tell(contractsOf(api.floating).undo, { run: done.id, reason: '错' }))).toBe('done')
    await town.drain()
    expect(await secretary.ask(api.overview, {})).toMatchObject({ people: 0 })
    expect(await landlord(home!.dwelling!)).toMatchObject({ name: '孙房东' })
  }),
)

test(
  'employees who live here learn their employer, others are kept without a household, and undo says what stood before',
  story(async (town) => {
    const secretary = await ground(town)
    await confirmed(
      town,
      secretary,
      api.roster,
      await upload(
        town,
        secretary,
        api.roster,
        csv(
          ['小区', '楼栋', '房号', '姓名', '与户主关系', '手机'],
          ['桂园小区', '3号楼', '402', '王小明', '户主', '13800135678'],
          ['桂园小区', '3号楼', '403', '李四', '户主', '13800130004'],
        ),
      ),
    )
    const list = csv(
      ['花园机械有限公司员工花名册'],
      ['序号', '姓名', '手机号', '部门', '家庭住址'],
      ['1', '王小明', '13800135678', '焊工', '桂园小区3号楼402'],
      ['2', '周外地', '13900009999', '会计', '外县某地'],
      ['3', '赵一', '', '司机', '桂园小区3号楼403'],
    )
    const run = await upload(town, secretary, api.employees, list)
    expect(run).toMatchObject({ state: 'ready', total: 3, fresh: 3, questionable: 1 })
    const done = await confirmed(town, secretary, api.employees, run)
    const employerOf = async (name: string) => {
      const {
        rows: [found],
      } = await secretary.ask(api.search, { words: name })
      return found && (await secretary.ask(api.person, { person: found.id })).person
    }
    expect(await employerOf('王小明')).toMatchObject({
      employer: '花园机械有限公司',
      address: '桂园小区 3号楼 402',
      phone: '138****5678',
    })
    expect(await secretary.ask(api.overview, {})).toMatchObject({ people: 2 })
    const { rows: away } = await sql<{
      name: string
      employer: string
      note: string
    }>`select name, employer, note from residents_persons where name = '周外地'`.execute(town.admin)
    expect(away).toEqual([{ name: '周外地', employer: '花园机械有限公司', note: '岗位：会计；住址：外县某地' }])
    expect(await upload(town, secretary, api.employees, list)).toMatchObject({ fresh: 0, unchanged: 3 })
    expect(
      await upload(town, secretary, api.employees, csv(['姓名', '手机号', '工作单位'], ['王小明', '13800135678', '另一家公司'])),
    ).toMatchObject({ refused: 1 })
    await undone(town, secretary, api.employees, done)
    expect(await employerOf('王小明')).toMatchObject({ employer: null, phone: '138****5678' })
    expect((await secretary.ask(api.search, { words: '周外地' })).rows).toEqual([])
  }),
)
