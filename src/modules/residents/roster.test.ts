// The roster from a workbook: template, preview with reasons, one transaction, the rows to mend, and nothing twice.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { sample, story, type Person, type Town } from '#app/testing.ts'
import type { ImportRun } from '#core/imports.ts'
import { Problem } from '#core/problem.ts'
import { templateOf } from '#server/imports/sheet.ts'
import { readTemplate } from '#server/spreadsheet/filled.ts'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import { writeTemplate } from '#server/spreadsheet/template.ts'
import { readDirectory, unpack } from '#server/spreadsheet/zip.ts'
import { loadTown } from '#modules/territory/server.ts'
import * as api from './api.ts'
import { checkDigit } from './documents.ts'
import { residents } from './server.ts'

const { template, start, status, preview, commit, refused, cancel } = api.roster.contracts

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  )
const numberOf = (born: string, sequence: string) => {
  const digits = `340301${born}${sequence}`
  return digits + checkDigit(digits)
}

type Cells = Record<string, string | null>
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const filled = async (rows: readonly Cells[]): Promise<string> =>
  base64(await writeTemplate({ sheets: [{ ...templateOf(api.roster), rows }] }))

const home = { compound: '桂园小区', building: '3号楼', unit: '1单元', room: '402', use: '自住', grid: sample.grid }
const father = {
  ...home,
  name: '王小明',
  relation: '户主',
  idType: '居民身份证',
  idNumber: numberOf('19800305', '001'),
  phone: '138 0013 5678',
  employer: '梅园厂',
}
const mother = { ...home, name: '李梅', relation: '配偶', sex: '女', birthDate: '1981年2月3日', tags: '孕产妇、不用智能手机' }
const son = { ...home, name: '王一诺', relation: '子女', birthDate: '20190601' }
const vacant = { ...home, room: '401', use: '空置' }
const roster: Cells[] = [father, mother, son, vacant]

async function ground(town: Town) {
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
  return town.as('communitySecretary', sample.community)
}

async function upload(town: Town, who: Person, content: string, fileName = '名册.xlsx'): Promise<ImportRun> {
  const { id } = await who.tell(start, { fileName, content })
  await town.drain()
  return (await who.ask(status, { run: id })).run!
}
async function confirmed(town: Town, who: Person, run: ImportRun): Promise<ImportRun> {
  await who.tell(commit, { run: run.id })
  await town.drain()
  return (await who.ask(status, { run: run.id })).run!
}
const counted = async (town: Town, table: string) =>
  (await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(town.admin)).rows[0]!.n

test(
  'the template has typed text cells and drop-down lists, and reads back as it is declared',
  story(async (town) => {
    const secretary = await ground(town)
    const bytes = await secretary.fetch(template, {})
    const [sheet] = readTemplate(await readWorkbook(bytes), { sheets: [templateOf(api.roster)] })
    expect(sheet).toMatchObject({ found: true, byHead: false, rows: [], unknownColumns: [], missingColumns: [] })
    const parts = new Map(readDirectory(bytes).map((e) => [e.name, Buffer.from(unpack(bytes, e)).toString()]))
    const drawn = parts.get('xl/worksheets/sheet1.xml')!
    expect(drawn.match(/type="list"/g)).toHaveLength(4)
    for (const words of ['户主', '居民身份证', '港澳台居民居住证', '出租']) expect([...parts.values()].join('')).toContain(words)
    expect(await codeOf(town.as('gridWorker', sample.grid).fetch(template, {}))).toBe('door.notAllowed')
  }),
)

test(
  'preview first, then one transaction; nothing is written before, and the file is gone after',
  story(async (town) => {
    const secretary = await ground(town)
    const run = await upload(town, secretary, await filled(roster))
    expect(run).toMatchObject({ state: 'ready', total: 4, fresh: 4, unchanged: 0, refused: 0, failure: null, leftAside: [] })
    expect(await counted(town, 'residents_persons')).toBe(0)
    expect(await counted(town, 'territory_dwellings')).toBe(0)
    const page = await secretary.ask(preview, { run: run.id, limit: 3 })
    expect(page).toMatchObject({
      total: 4,
      rows: [{ row: 4, outcome: 'new', name: '王小明', relation: '户主', reasons: [] }, { row: 5 }, { row: 6 }],
    })
    expect(page.rows[0]).toMatchObject({ idNumber: `340***********${father.idNumber.slice(-4)}` })
    expect((await secretary.ask(preview, { run: run.id, limit: 3, after: page.next! })).rows).toMatchObject([
      { row: 7, name: null },
    ])
    const done = await confirmed(town, secretary, run)
    expect(done).toMatchObject({ state: 'done', total: 4, fresh: 4, done: 4 })
    const {
      rows: [line],
    } = await secretary.ask(api.households, {})
    expect(line).toMatchObject({
      head: '王小明',
      people: 3,
      address: '桂园小区 3号楼 1单元 402',
      grid: sample.grid,
      tags: ['noSmartphone', 'pregnant'],
      phone: '138****5678',
    })
    const { rows } = await secretary.ask(api.household, { household: line!.id })
    expect(rows.map((p) => [p.name, p.relation, p.sex, p.age])).toEqual([
      ['王小明', 'head', 'male', 45],
      ['李梅', 'spouse', 'female', 45],
      ['王一诺', 'child', null, 6],
    ])
    expect(await counted(town, 'territory_dwellings')).toBe(2)
    expect(await counted(town, 'import_rows')).toBe(0)
    const kept = await sql<{ file: unknown }>`select file from import_runs`.execute(town.admin)
    expect(kept.rows).toEqual([{ file: null }])
    const who = await sql<{ recordedBy: string; how: string }>`select distinct recorded_by, how from residents_persons`.execute(
      town.admin,
    )
    expect(who.rows).toEqual([{ recordedBy: secretary.who.account, how: 'import' }])
  }),
)

test(
  'importing twice adds nothing, and a repeated request is the same run',
  story(async (town) => {
    const secretary = await ground(town)
    await confirmed(town, secretary, await upload(town, secretary, await filled(roster)))
    const before = await Promise.all(
      ['residents_persons', 'residents_households', 'residents_memberships', 'residents_tags', 'territory_dwellings'].map((t) =>
        counted(town, t),
      ),
    )
    const content = await filled(roster)
    const again = await upload(town, secretary, content)
    expect(again).toMatchObject({ state: 'ready', fresh: 0, unchanged: 4, refused: 0 })
    expect(await codeOf(secretary.tell(commit, { run: again.id }))).toBe('imports.nothingNew')
    const more = await upload(town, secretary, await filled([...roster, { ...home, name: '王奶奶', relation: '父母' }]))
    expect(more).toMatchObject({ fresh: 1, unchanged: 4 })
    await confirmed(town, secretary, more)
    const after = await Promise.all(
      ['residents_persons', 'residents_households', 'residents_memberships', 'residents_tags', 'territory_dwellings'].map((t) =>
        counted(town, t),
      ),
    )
    expect(after).toEqual([before[0]! + 1, before[1], before[2]! + 1, before[3], before[4]])
    expect((await secretary.ask(api.households, {})).rows.map((r) => r.people)).toEqual([4])
  }),
)

test(
  'each row that cannot be taken says which row, what, and what to do; what was dropped or guessed asks for a look; never a number',
  story(async (town) => {
    const secretary = await ground(town)
    await confirmed(town, secretary, await upload(town, secretary, await filled(roster)))
    const wrongDigit = father.idNumber.slice(0, 17) + (father.idNumber.endsWith('1') ? '2' : '1')
    const other = (room: string, more: Cells): Cells => ({ ...home, room, name: '周二', relation: '户主', ...more })
    const cases: [Cells, 'new' | 'unchanged' | 'refused', RegExp | null][] = [
      [{ ...father, idNumber: wrongDigit }, 'unchanged', /证件号码的校验位不符/],
      [{ ...home, room: '502' }, 'refused', /第 5 行.*姓名/],
      [
        { ...home, room: '503', grid: '34030100100101099', name: '张三', relation: '户主' },
        'refused',
        /^第 6 行“网格编码”：不是本社区的网格/,
      ],
      [{ ...mother, grid: sample.grid2 }, 'refused', /^第 7 行“网格编码”：这套房屋已划入另一个网格/],
      [{ ...father, room: '403' }, 'refused', /^第 8 行“证件号码”：已登记在另一户/],
      [{ ...son, phone: '13900000000', employer: '别的厂' }, 'refused', /^第 9 行：此人已登记，但“手机号”“工作单位”与档案不同/],
      [{ ...home, room: '504', name: '李佳', relation: '户主', birthDate: '1990-02-30' }, 'new', /第 10 行/],
      [{ ...home, room: '504', name: '李安', relation: '兄弟姐妹', birthDate: '1991-2-3' }, 'new', null],
      [{ ...home, room: '504', name: '李安', relation: '兄弟姐妹', birthDate: '1991-2-3' }, 'unchanged', null],
      [other('507', { idType: '护照', idNumber: '1' }), 'new', /证件号码的格式与证件类型不符/],
      [other('508', { phone: '1380013' }), 'new', /第 14 行/],
    ]
    const run = await upload(town, secretary, await filled(cases.map(([cells]) => cells)))
    const { rows } = await secretary.ask(preview, { run: run.id, limit: 200 })
    expect(rows.map((row) => row.outcome)).toEqual(cases.map(([, outcome]) => outcome))
    for (const [i, [, outcome, reason]] of cases.entries()) {
      const said = rows[i]!.reasons.map((sentence) => sentence.zh).join()
      if (reason) expect(said, String(i)).toMatch(reason)
      else expect(said).toBe('')
      expect(rows[i]!.questionable).toBe(reason !== null && outcome !== 'refused')
      expect(said.replaceAll(/\d{1,2} 行/g, '')).not.toMatch(/\d{5}/)
    }
    expect(run).toMatchObject({ total: 11, refused: 5, fresh: 4, unchanged: 2, questionable: 4 })
    const looked = await secretary.ask(preview, { run: run.id, outcome: 'questionable', limit: 200 })
    expect(looked).toMatchObject({ total: 4, rows: [{ row: 4 }, { row: 10 }, { row: 13 }, { row: 14 }] })
  }),
)

test(
  'what was refused comes back as a workbook, is mended there, and taken the second time',
  story(async (town) => {
    const secretary = await ground(town)
    const wrong = { ...father, grid: '34030100100101099' }
    const run = await upload(town, secretary, await filled([wrong, mother, son]))
    await confirmed(town, secretary, run)
    expect((await secretary.ask(api.households, {})).rows).toMatchObject([{ people: 2 }])
    const bytes = await secretary.fetch(refused, { run: run.id })
    const [sheet] = readTemplate(await readWorkbook(bytes), { sheets: [templateOf(api.roster)] })
    expect(sheet!.rows).toHaveLength(1)
    expect(sheet!.rows[0]!.cells['idNumber']).toEqual({ text: wrong.idNumber, kind: 'text' })
    const shown = (await readWorkbook(bytes)).sheets[0]!.rows.at(-1)!.cells.map((cell) => cell.text)
    expect(shown.slice(0, 3)).toEqual([expect.stringMatching(/^第 4 行“网格编码”：/), '居民名册', '4'])
    const mended = Object.fromEntries(Object.entries(sheet!.rows[0]!.cells).map(([key, cell]) => [key, cell.text || null]))
    const second = await upload(town, secretary, await filled([{ ...mended, grid: sample.grid }]))
    expect(second).toMatchObject({ fresh: 1, refused: 0, leftAside: [] })
    await confirmed(town, secretary, second)
    expect((await secretary.ask(api.households, {})).rows).toMatchObject([{ people: 3, head: '王小明' }])
    const untouched = await upload(town, secretary, base64(bytes))
    expect(untouched).toMatchObject({ total: 1, refused: 1, leftAside: [] })
  }),
)

test(
  'two families in one dwelling, and namesakes, stay apart',
  story(async (town) => {
    const secretary = await ground(town)
    const shared = { ...home, use: '出租' }
    const rows = [
      { ...shared, name: '刘洋', relation: '户主' },
      { ...shared, name: '刘小洋', relation: '子女' },
      { ...shared, name: '陈刚', relation: '户主' },
      { ...shared, name: '刘洋', relation: '配偶', birthDate: '1990-01-01', sex: '女' },
      { ...home, room: '101', name: '刘洋', relation: '户主' },
    ]
    const run = await upload(town, secretary, await filled(rows))
    expect((await secretary.ask(preview, { run: run.id, outcome: 'questionable' })).rows).toMatchObject([
      { row: 7, outcome: 'unchanged' },
    ])
    rows[0] = { ...rows[0]!, birthDate: '1985-01-01' } as never
    await confirmed(town, secretary, await upload(town, secretary, await filled(rows)))
    const { rows: lines } = await secretary.ask(api.households, {})
    expect(lines.map((l) => [l.address.split(' ').at(-1), l.head, l.people, l.tenure])).toEqual([
      ['101', '刘洋', 1, 'owner'],
      ['402', '刘洋', 2, 'tenant'],
      ['402', '陈刚', 2, 'tenant'],
    ])
    expect(await upload(town, secretary, await filled(rows))).toMatchObject({ fresh: 0, unchanged: 5, refused: 0 })
  }),
)

test(
  'numbers that a spreadsheet has worn down are noticed, in the encodings of offices',
  story(async (town) => {
    const secretary = await ground(town)
    const csv = `小区,楼栋,房号,姓名,与户主关系,证件类型,证件号码,爱好\n桂园小区,3号楼,402,王小明,户主,居民身份证,3.40301E+17,下棋\n桂园小区,3号楼,402,李梅,配偶,,,\n`
    const run = await upload(town, secretary, Buffer.from(csv).toString('base64'), '名册.csv')
    expect(run).toMatchObject({ state: 'ready', total: 2, fresh: 2, refused: 0, questionable: 1, leftAside: ['爱好'] })
    const { rows } = await secretary.ask(preview, { run: run.id, outcome: 'questionable' })
    expect(rows).toMatchObject([
      { row: 2, name: '王小明', idNumber: null, reasons: [{ zh: expect.stringMatching(/第 2 行.*末几位已丢失.*文本/) }] },
    ])
  }),
)

test(
  'files that are none are refused at once or said to be so',
  story(async (town) => {
    const secretary = await ground(town)
    const sent = (content: string, fileName = '名册.xlsx') =>
      secretary.tell(start, { fileName, content: Buffer.from(content).toString('base64') })
    expect(await codeOf(sent('<html><body>名册</body></html>'))).toBe('spreadsheet.notAWorkbook')
    expect(await codeOf(sent(''))).toMatch(/unreadable|notAWorkbook/)
    const other = await upload(town, secretary, Buffer.from('甲,乙\n1,2\n').toString('base64'), '别的.csv')
    expect(other).toMatchObject({ state: 'mapping', failure: { zh: expect.stringContaining('没有找到可导入的行') } })
    const nothing = await upload(town, secretary, await filled([]))
    expect(nothing).toMatchObject({ state: 'failed', failure: { zh: expect.stringContaining('没有找到可导入的行') } })
  }),
)

test(
  'another community sees nothing of a run, an administrator sees masks',
  story(async (town) => {
    const secretary = await ground(town)
    const stranger = town.as('communitySecretary', sample.other)
    const run = await upload(town, secretary, await filled(roster))
    expect(await stranger.ask(status, {})).toEqual({ run: null })
    const one = { run: run.id }
    const tried = await Promise.all(
      [stranger.ask(preview, one), stranger.tell(commit, one), stranger.tell(cancel, one), stranger.fetch(refused, one)].map(
        codeOf,
      ),
    )
    expect(new Set(tried)).toEqual(new Set(['imports.unknownRun']))
    const admin = town.as('administrator', sample.community)
    expect((await admin.ask(preview, { run: run.id })).rows[0]).toMatchObject({ name: '王**', room: '***', phone: '138****5678' })
    const closed = await sql<{
      words: string
    }>`select string_agg(encode(closed, 'escape'), '') as words from import_rows`.execute(town.admin)
    expect(closed.rows[0]!.words).not.toContain(father.idNumber)
  }),
)

test(
  'cancelling purges; a day later everything unfinished is gone',
  story(async (town) => {
    const secretary = await ground(town)
    const run = await upload(town, secretary, await filled(roster))
    expect(await secretary.tell(cancel, { run: run.id })).toMatchObject({ state: 'cancelled' })
    expect(await counted(town, 'import_rows')).toBe(0)
    expect(await codeOf(secretary.tell(commit, { run: run.id }))).toBe('imports.wrongState')
    const left = await upload(town, secretary, await filled(roster))
    expect(await counted(town, 'import_rows')).toBe(4)
    const sweep = residents.jobs!.find((j) => j.name === 'residents.rosterSweep')!
    await sweep.run({} as never, town.running.house, { signal: AbortSignal.timeout(10_000) })
    expect(await counted(town, 'import_rows')).toBe(4)
    town.at('2026-03-03T02:00:00.000Z')
    await sweep.run({} as never, town.running.house, { signal: AbortSignal.timeout(10_000) })
    expect(await counted(town, 'import_rows')).toBe(0)
    expect((await secretary.ask(status, { run: left.id })).run).toMatchObject({ state: 'cancelled' })
  }),
)

test(
  'a second file waits for the first that is under way, and takes the place of one nobody confirmed',
  story(async (town) => {
    const secretary = await ground(town)
    const first = await upload(town, secretary, await filled(roster))
    const content = await filled(roster)
    const second = await secretary.tell(start, { fileName: '名册.xlsx', content })
    expect((await secretary.ask(status, { run: first.id })).run!.state).toBe('cancelled')
    expect(await codeOf(secretary.tell(start, { fileName: '名册.xlsx', content: await filled([father]) }))).toBe('imports.busy')
    await town.drain()
    expect((await secretary.ask(status, {})).run).toMatchObject({ id: second.id, state: 'ready' })
  }),
)

test(
  'a failure leaves nothing behind and can be tried again',
  story(async (town) => {
    const secretary = await ground(town)
    const run = await upload(town, secretary, await filled(roster))
    await sql`alter table residents_tags add constraint residents_tags__broken check (tag <> 'pregnant')`.execute(town.admin)
    expect(await confirmed(town, secretary, run)).toMatchObject({
      state: 'ready',
      done: 0,
      failure: { zh: expect.stringContaining('没有导入任何内容') },
    })
    for (const table of ['residents_persons', 'residents_households', 'territory_dwellings'])
      expect(await counted(town, table)).toBe(0)
    await sql`alter table residents_tags drop constraint residents_tags__broken`.execute(town.admin)
    expect(await confirmed(town, secretary, run)).toMatchObject({ state: 'done', failure: null })
    expect(await counted(town, 'residents_persons')).toBe(3)
  }),
)

test(
  'how far it is can be seen from outside while nothing of it can, and a stop in the middle is taken up again',
  story(async (town) => {
    const secretary = await ground(town)
    const families = Array.from({ length: 600 }, (_, i) => ({
      ...home,
      room: String(1000 + i),
      name: `王${String.fromCodePoint(0x4e00 + i)}`,
      relation: '户主',
    }))
    const run = await upload(town, secretary, await filled(families))
    await secretary.tell(commit, { run: run.id })
    // What was queued is lost with the process: the next start finds the run and takes it up.
    await sql`update import_runs set done = 0`.execute(town.admin)
    const write = residents.jobs!.find((j) => j.name === 'residents.rosterWrite')!
    const named = { community: sample.community, run: run.id } as never
    let release = () => {}
    const held = new Promise<void>((done) => {
      release = done
    })
    const holding = town.admin.transaction().execute(async (tx) => {
      await sql`lock table residents_persons in exclusive mode`.execute(tx)
      await held
    })
    const writing = write.run(named, town.running.house, { signal: AbortSignal.timeout(60_000) })
    const seen = async (): Promise<number> => (await secretary.ask(status, { run: run.id })).run!.done
    while ((await seen()) < 500) await new Promise((done) => setTimeout(done, 20))
    expect((await secretary.ask(api.overview, {})).households).toBe(0)
    expect((await secretary.ask(status, { run: run.id })).run!.state).toBe('committing')
    await residents.prepare!(town.running.house)
    release()
    await Promise.all([holding, writing, town.drain()])
    expect((await secretary.ask(status, { run: run.id })).run).toMatchObject({ state: 'done', fresh: 600, done: 600 })
    expect(await counted(town, 'residents_persons')).toBe(600)
  }),
)
