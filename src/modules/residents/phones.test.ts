// Several telephones of a person: closed like the first, found by their end, shown for a purpose, brought by lists and taken back with them.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { sample, story, type Person, type Town } from '#app/testing.ts'
import type { Id } from '#core/ids.ts'
import { newId } from '#core/ids.ts'
import type { ImportRun } from '#core/imports.ts'
import { masks } from '#core/masking.ts'
import { Problem } from '#core/problem.ts'
import { rotateFields } from '#server/keys/rotate.ts'
import { asSystem } from '#server/system.ts'
import { loadTown } from '#modules/territory/server.ts'
import * as api from './api.ts'
import { getMember, phonesInCell } from './server.ts'

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  )

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
  const dwellings = [{ compound: '桂园小区', building: '3号楼', unit: '1单元', room: '402', grid: sample.grid }]
  const {
    dwellings: [dwelling],
  } = await asSystem(house, sample.community, 'test.houses', (ctx) => loadTown(ctx, { community: sample.community, dwellings }))
  return {
    secretary: town.as('communitySecretary', sample.community),
    worker: town.as('gridWorker', sample.grid),
    dwelling: dwelling!,
  }
}

/** Every row of both tables as words, so that a number in clear would be seen. */
async function lying(town: Town): Promise<string> {
  const { rows } = await sql<
    Record<string, unknown>
  >`select to_jsonb(p) as row, null as f from residents_persons p union all select to_jsonb(f), null from residents_phones f`.execute(
    town.admin,
  )
  return JSON.stringify(rows)
}
const cellOf = (town: Town, person: Id) =>
  asSystem(town.running.house, sample.community, 'test.cell', async (ctx) =>
    phonesInCell(ctx, (await getMember(ctx, person)).member),
  )
const found = async (who: Person, words: string) => (await who.ask(api.search, { words })).rows.map((row) => row.name)

test(
  'a second number is added, found, opened for a purpose, corrected and taken away; the first one is never missing',
  story(async (town) => {
    const { worker, secretary, dwelling } = await ground(town)
    const { id } = await worker.tell(api.register, {
      dwelling,
      members: [{ name: '王小明', relation: 'head', phone: '13800135678' }],
    })
    const {
      rows: [wang],
    } = await worker.ask(api.household, { household: id })
    const key = newId()
    const added = await worker.tell(api.addPhone, { person: wang!.id, number: '027 8765 4321', remark: '单位' }, { id: key })
    expect(added).toMatchObject({
      phone: '138****5678',
      otherPhones: [{ phone: key, record: key, number: '027****4321', remark: '单位' }],
    })
    expect(await worker.tell(api.addPhone, { person: wang!.id, number: '027 8765 4321', remark: '单位' }, { id: key })).toEqual(
      added,
    )
    for (const number of ['13800135678', '02787654321'])
      expect(await codeOf(worker.tell(api.addPhone, { person: wang!.id, number }))).toBe('residents.phoneThere')
    expect(await lying(town)).not.toMatch(/13800135678|02787654321|87654321/)

    expect(await found(secretary, '4321')).toEqual(['王小明'])
    expect(await found(secretary, '027-87654321')).toEqual(['王小明'])
    expect((await secretary.ask(api.search, { words: '5678' })).rows).toMatchObject([
      { otherPhones: [{ number: '027****4321' }] },
    ])
    const officer = town.as('subdistrictOfficer', sample.street)
    expect((await officer.ask(api.person, { community: sample.community, person: wang!.id })).person.otherPhones).toMatchObject([
      { number: '027****4321', remark: '***' },
    ])
    const looks = async () =>
      (
        await sql<{
          n: number
        }>`select count(*)::int as n from audit_log where contract = 'residents.unmask' and purpose = '电话联系'`.execute(
          town.admin,
        )
      ).rows[0]!.n
    expect((await worker.ask(api.unmask, { person: wang!.id, what: 'phone', phone: key, purpose: '电话联系' })).value).toBe(
      '02787654321',
    )
    expect(await looks()).toBe(1)
    expect(await codeOf(worker.ask(api.unmask, { person: wang!.id, what: 'phone', phone: newId(), purpose: '电话联系' }))).toBe(
      'residents.nothingRecorded',
    )
    const stranger = town.as('gridWorker', sample.grid2)
    expect(await codeOf(stranger.tell(api.correctPhone, { replaces: key, reason: '看看' }))).toBe('scope.outOfReach')
    const cell = await cellOf(town, wang!.id)
    expect([cell, masks.phone(cell!)]).toEqual(['13800135678、02787654321', '138****5678、027****4321'])

    const corrected = await worker.tell(api.correctPhone, {
      replaces: key,
      reason: '写错一位',
      number: '13900001111',
      remark: '儿子的',
    })
    expect(corrected.otherPhones).toMatchObject([{ phone: key, number: '139****1111', remark: '儿子的' }])
    expect(await codeOf(worker.tell(api.removePhone, { replaces: key, reason: '停机' }))).toBe('facts.replacedAlready')
    expect([await found(secretary, '4321'), await found(secretary, '1111')]).toEqual([[], ['王小明']])
    // The first number goes: the other takes its place, so that lists and "without any phone" stay right.
    const moved = await worker.tell(api.correct, {
      replaces: wang!.record,
      reason: '换号',
      entry: { name: '王小明' },
      withoutPhone: true,
    })
    expect(moved).toMatchObject({ phone: '139****1111', otherPhones: [] })
    expect((await secretary.ask(api.overview, {})).noPhone).toBe(0)
    const gone = await worker.tell(api.addPhone, { person: wang!.id, number: '13700002222' })
    await worker.tell(api.removePhone, { replaces: gone.otherPhones[0]!.record, reason: '空号' })
    const { sections } = await worker.ask(api.person, { person: wang!.id })
    expect(sections.find((s) => s.key === 'residents.corrections')!.rows.map((row) => row.what.zh)).toEqual(
      expect.arrayContaining(['添加电话', '更正电话', '移除电话', '登记', '更正']),
    )
    expect(await lying(town)).not.toMatch(/1380013|1390000|1370000/)
  }),
)

const contracts = api.roster.contracts
const csv = (...rows: string[]) =>
  Buffer.from(['小区,楼栋,房号,姓名,与户主关系,电话,工作单位,备注', ...rows].join('\n')).toString('base64')
async function upload(town: Town, who: Person, content: string): Promise<ImportRun> {
  const { id } = await who.tell(contracts.start, { fileName: '名册.csv', content })
  await town.drain()
  return (await who.ask(contracts.status, { run: id })).run!
}
async function after(town: Town, who: Person, work: Promise<ImportRun>): Promise<ImportRun> {
  const { id } = await work
  await town.drain()
  return (await who.ask(contracts.status, { run: id })).run!
}

test(
  'a roster brings several numbers closed; known ones are unchanged, a further one is added and said; undo and new keys follow',
  story(async (town) => {
    const { secretary } = await ground(town)
    const row = (phones: string, more = '') => `桂园小区,3号楼,402,王小明,户主,${phones}${more || ',,爱下棋'}`
    const first = await upload(town, secretary, csv(row('13800135678/027-87654321转801')))
    expect(first).toMatchObject({ state: 'ready', fresh: 1, questionable: 0 })
    expect((await secretary.ask(contracts.preview, { run: first.id })).rows).toMatchObject([
      { phone: '138****5678', otherPhones: '027****4321' },
    ])
    const done = await after(town, secretary, secretary.tell(contracts.commit, { run: first.id }))
    const {
      rows: [wang],
    } = await secretary.ask(api.search, { words: '4321' })
    expect((await secretary.ask(api.person, { person: wang!.id })).person).toMatchObject({
      note: '爱下棋；分机：801',
      otherPhones: [{ number: '027****4321' }],
    })
    expect(await lying(town)).not.toMatch(/13800135678|87654321/)

    expect(await upload(town, secretary, csv(row('027-87654321、13800135678')))).toMatchObject({
      fresh: 0,
      unchanged: 1,
      refused: 0,
    })
    expect(await upload(town, secretary, csv(row('13900001111')))).toMatchObject({ fresh: 0, refused: 1 })
    expect(await upload(town, secretary, csv(row('13800135678 13900001111', ',别的厂,')))).toMatchObject({ fresh: 0, refused: 1 })
    const more = await upload(town, secretary, csv(row('13900001111 13800135678')))
    expect(more).toMatchObject({ fresh: 1, unchanged: 0, refused: 0, questionable: 1 })
    expect((await secretary.ask(contracts.preview, { run: more.id, outcome: 'questionable' })).rows[0]!.reasons[0]!.zh).toMatch(
      /^第 2 行：此人已登记，表里的新号码会加为其他电话。$/,
    )
    const added = await after(town, secretary, secretary.tell(contracts.commit, { run: more.id }))
    expect(await cellOf(town, wang!.id)).toBe('13800135678、02787654321、13900001111')

    // What a second list added was built on the first; it goes with the second.
    expect(
      ((await secretary.tell(contracts.undo, { run: done.id, reason: '传错了' }).catch((e: Problem) => e)) as Problem).say.zh,
    ).toContain('其他电话 1 条')
    expect(await after(town, secretary, secretary.tell(contracts.undo, { run: added.id, reason: '传错了' }))).toMatchObject({
      state: 'undone',
    })
    expect(await cellOf(town, wang!.id)).toBe('13800135678、02787654321')

    const { house } = town.running
    const terms = { admin: town.admin, rolePrefix: await prefixOf(town), keys: house.keys, now: house.now }
    expect(await rotateFields(terms, sample.community)).toMatchObject({ left: 0, unreadable: 0 })
    expect(await cellOf(town, wang!.id)).toBe('13800135678、02787654321')
    expect(await after(town, secretary, secretary.tell(contracts.undo, { run: done.id, reason: '传错了' }))).toMatchObject({
      state: 'undone',
    })
    expect(await found(secretary, '4321')).toEqual([])
  }),
)

const prefixOf = async (town: Town) =>
  (
    await sql<{
      role: string
    }>`select roles[1]::text as role from pg_policies where tablename = 'residents_phones' and policyname = 'scope'`.execute(
      town.admin,
    )
  ).rows[0]!.role.replace(/_app_user$/, '')
