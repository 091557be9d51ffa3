// Who lives here, told through the door: registering, correcting, moving, finding, dossiers, and who sees how much.
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { sample, story, type Town } from '#app/testing.ts'
import type { Id } from '#core/ids.ts'
import { newId } from '#core/ids.ts'
import { Problem } from '#core/problem.ts'
import { asSystem } from '#server/system.ts'
import { watermarkOf } from '#server/facts.ts'
import { loadTown } from '#modules/territory/server.ts'
import * as api from './api.ts'
import { checkDigit } from './documents.ts'
import { bulkLoad, householdLabels, householdsAt, peopleAt, personNames, phonesOf } from './server.ts'

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  )

/** A number that fits: born on that day, with that sequence. */
const numberOf = (born: string, sequence: string) => {
  const digits = `340301${born}${sequence}`
  return digits + checkDigit(digits)
}

const areas = [
  { code: sample.county, name: '样例区' },
  { code: sample.street, name: '样例街道' },
  { code: sample.community, name: '桂园社区' },
  { code: sample.precinct, name: '第一片区' },
  { code: sample.grid, name: '第一网格' },
  { code: sample.grid2, name: '第二网格' },
]
const rooms = (building: string, grid: string) =>
  ['101', '102', '201', '402'].map((room) => ({ compound: '桂园小区', building, unit: '1单元', room, grid }))

/** Two buildings of four dwellings, one in each grid; answers `3-402` → dwelling. */
async function houses(town: Town): Promise<(place: string) => Id> {
  const { house } = town.running
  await house.within(sample.county, (tx) => loadTown({ tx, timing: null as never, who: null as never }, { areas }))
  const dwellings = [...rooms('3号楼', sample.grid), ...rooms('5号楼', sample.grid2)]
  const loaded = await asSystem(house, sample.community, 'test.houses', (ctx) =>
    loadTown(ctx, { community: sample.community, dwellings }),
  )
  const ids = new Map(dwellings.map((d, i) => [`${d.building[0]}-${d.room}`, loaded.dwellings[i]!]))
  return (place) => ids.get(place)!
}

const staff = (town: Town) => ({
  worker: town.as('gridWorker', sample.grid),
  other: town.as('gridWorker', sample.grid2),
  secretary: town.as('communitySecretary', sample.community),
  stranger: town.as('communitySecretary', sample.other),
  officer: town.as('subdistrictOfficer', sample.street),
  guard: town.as('gateGuard', sample.community),
})

const wang = {
  name: '王小明',
  relation: 'head',
  phone: '13800135678',
  idType: 'idCard',
  idNumber: numberOf('19800305', '001'),
} as const
const child = { name: '王一诺', relation: 'child', birthDate: '2019-06-01', sex: 'female' } as const

describe('registering', () => {
  test(
    'a household with members, some without document or phone',
    story(async (town) => {
      const at = await houses(town)
      const { worker } = staff(town)
      const id = newId()
      const line = await worker.tell(api.register, { dwelling: at('3-402'), tenure: 'tenant', members: [wang, child] }, { id })
      expect(line).toMatchObject({
        id,
        head: '王小明',
        people: 2,
        address: '桂园小区 3号楼 1单元 402',
        grid: sample.grid,
        tenure: 'tenant',
        phone: '138****5678',
      })
      const { rows } = await worker.ask(api.household, { household: id })
      expect(rows.map((p) => [p.name, p.relation, p.sex, p.age])).toEqual([
        ['王小明', 'head', 'male', 45],
        ['王一诺', 'child', 'female', 6],
      ])
      expect(
        (await worker.tell(api.register, { dwelling: at('3-402'), tenure: 'tenant', members: [wang, child] }, { id })).id,
      ).toBe(id)
      expect((await worker.ask(api.households, {})).total).toBe(1)
      expect(await codeOf(worker.tell(api.register, { dwelling: at('3-402'), members: [child] }, { id }))).toBe('door.idTaken')
    }),
  )

  test(
    'numbers and phones lie closed, and a wrong number is refused with its field',
    story(async (town) => {
      const at = await houses(town)
      const { worker } = staff(town)
      await worker.tell(api.register, { dwelling: at('3-402'), members: [wang] })
      const { rows } = await sql<Record<string, unknown>>`select * from residents_persons`.execute(town.admin)
      const words = JSON.stringify(rows, (_, v) => (v?.type === 'Buffer' ? Buffer.from(v.data).toString('latin1') : v))
      expect(words).not.toContain(wang.idNumber)
      expect(words).not.toContain(wang.phone)
      expect(rows[0]).toMatchObject({ phoneTail: '5678', pinyin: 'wangxiaoming', initials: 'wxm', birthDate: '1980-03-05' })
      const wrong = { ...wang, idNumber: `${wang.idNumber.slice(0, 17)}${wang.idNumber.endsWith('1') ? '2' : '1'}` }
      const refusal = await worker.tell(api.register, { dwelling: at('3-101'), members: [wrong] }).catch((e: Problem) => e)
      expect(refusal).toMatchObject({ code: 'door.unreadable', details: { fields: ['members.0.idNumber'] } })
      expect(JSON.stringify(refusal)).not.toContain(wrong.idNumber)
    }),
  )

  test(
    'a number that is registered already opens the dossier that is there; twins and namesakes stay two persons',
    story(async (town) => {
      const at = await houses(town)
      const { worker, other, secretary } = staff(town)
      const first = await worker.tell(api.register, { dwelling: at('3-402'), members: [wang] })
      const mine = await worker.tell(api.register, { dwelling: at('3-101'), members: [wang] }).catch((e: Problem) => e as Problem)
      const {
        rows: [person],
      } = await worker.ask(api.household, { household: first.id })
      expect(mine).toMatchObject({ code: 'residents.registeredAlready', details: { person: person!.id } })
      const theirs = await other
        .tell(api.register, { dwelling: at('5-101'), members: [{ ...wang, idNumber: wang.idNumber.toLowerCase() }] })
        .catch((e: Problem) => e as Problem)
      expect(theirs).toMatchObject({ code: 'residents.registeredAlready', details: { person: null } })
      const twins = [1, 2]
        .map(
          (n) =>
            ({
              name: '李佳',
              relation: 'child',
              birthDate: '2015-05-05',
              idType: 'idCard',
              idNumber: numberOf('20150505', `00${n}`),
            }) as const,
        )
        .map((t) => ({ ...t, sex: undefined }))
      const house = await worker.tell(api.register, { dwelling: at('3-201'), members: twins })
      await worker.tell(api.register, { dwelling: at('3-102'), members: [{ name: '李佳', relation: 'head' }] })
      expect(house.people).toBe(2)
      const { rows } = await secretary.ask(api.search, { words: '李佳' })
      expect(rows.map((r) => r.address).sort()).toEqual([
        '桂园小区 3号楼 1单元 102',
        '桂园小区 3号楼 1单元 201',
        '桂园小区 3号楼 1单元 201',
      ])
      expect(new Set(rows.map((r) => r.id)).size).toBe(3)
    }),
  )

  test(
    'a household can be registered in the own grid only, and by whoever may',
    story(async (town) => {
      const at = await houses(town)
      const { worker, guard, officer, stranger } = staff(town)
      expect(await codeOf(worker.tell(api.register, { dwelling: at('5-101'), members: [child] }))).toBe('scope.outOfReach')
      expect(await codeOf(stranger.tell(api.register, { dwelling: at('3-101'), members: [child] }))).toBe(
        'residents.unknownDwelling',
      )
      for (const person of [guard, officer])
        expect(await codeOf(person.tell(api.register, { dwelling: at('3-101'), members: [child] }))).toBe('door.notAllowed')
    }),
  )
})

describe('place and masks', () => {
  test(
    'another community sees nothing, a grid worker nothing of the next grid',
    story(async (town) => {
      const at = await houses(town)
      const { worker, other, secretary, stranger } = staff(town)
      const mine = await worker.tell(api.register, { dwelling: at('3-402'), members: [wang, child] })
      const {
        rows: [head],
      } = await worker.ask(api.household, { household: mine.id })
      for (const outsider of [other, stranger]) {
        expect((await outsider.ask(api.households, {})).rows).toEqual([])
        for (const words of ['王小明', 'wang', 'wxm', '5678', '402', wang.phone, wang.idNumber])
          expect((await outsider.ask(api.search, { words })).rows, words).toEqual([])
        expect(await codeOf(outsider.ask(api.household, { household: mine.id }))).toMatch(/outOfReach|unknownHousehold/)
        expect(await codeOf(outsider.ask(api.person, { person: head!.id }))).toMatch(/outOfReach|unknownPerson/)
        expect(await codeOf(outsider.ask(api.unmask, { person: head!.id, what: 'phone', purpose: '电话联系' }))).toMatch(
          /outOfReach|unknownPerson/,
        )
        expect(
          await codeOf(outsider.tell(api.correct, { replaces: head!.record, reason: '试', entry: { name: '王大明' } })),
        ).toMatch(/outOfReach|unknownPerson/)
        expect(await codeOf(outsider.tell(api.tag, { person: head!.id, tag: 'disabled' }))).toMatch(/outOfReach|unknownPerson/)
      }
      expect((await secretary.ask(api.households, {})).total).toBe(1)
      expect(await secretary.ask(api.overview, {})).toEqual({ households: 1, people: 2, minors: 1, noDocument: 1, noPhone: 0 })
      expect(await other.ask(api.overview, {})).toEqual({ households: 0, people: 0, minors: 0, noDocument: 0, noPhone: 0 })
    }),
  )

  test(
    'what each role reads: names and rooms where they work, stars above, phones and numbers for nobody',
    story(async (town) => {
      const at = await houses(town)
      const { worker, officer } = staff(town)
      const { id } = await worker.tell(api.register, {
        dwelling: at('3-402'),
        note: '门铃坏了',
        members: [{ ...wang, employer: '样例厂' }],
      })
      const near = await worker.ask(api.household, { household: id })
      expect(near).toMatchObject({
        household: { head: '王小明', address: '桂园小区 3号楼 1单元 402', phone: '138****5678' },
        note: '门铃坏了',
      })
      const far = await officer.ask(api.household, { household: id, community: sample.community })
      expect(far).toMatchObject({
        household: { head: '王**', address: '桂园小区 3号楼 ***', phone: '138****5678' },
        note: '***',
        rows: [{ name: '王**', phone: '138****5678' }],
      })
      const person = await officer.ask(api.person, { person: near.rows[0]!.id, community: sample.community })
      expect(person.person).toMatchObject({
        name: '王**',
        idNumber: `340***********${wang.idNumber.slice(-4)}`,
        employer: '***',
        address: '桂园小区 3号楼 ***',
      })
      expect((await worker.ask(api.person, { person: near.rows[0]!.id })).person.idNumber).toContain('*')
      expect(await codeOf(officer.ask(api.households, {}))).toBe('scope.communityNeeded')
    }),
  )

  test(
    'unmasking gives the value for a purpose and leaves a look that names the person',
    story(async (town) => {
      const at = await houses(town)
      const { worker, officer } = staff(town)
      const { id } = await worker.tell(api.register, { dwelling: at('3-402'), members: [wang, child] })
      const {
        rows: [head, kid],
      } = await worker.ask(api.household, { household: id })
      expect(await worker.ask(api.unmask, { person: head!.id, what: 'phone', purpose: '电话联系排查' })).toEqual({
        person: head!.id,
        value: wang.phone,
      })
      expect(await worker.ask(api.unmask, { person: head!.id, what: 'document', purpose: '核对身份' })).toEqual({
        person: head!.id,
        value: wang.idNumber,
      })
      expect(await codeOf(worker.ask(api.unmask, { person: kid!.id, what: 'phone', purpose: '电话联系' }))).toBe(
        'residents.nothingRecorded',
      )
      expect(await codeOf(officer.ask(api.unmask, { person: head!.id, what: 'phone', purpose: '查看' }))).toBe('door.notAllowed')
      const { rows } = await sql<{ contract: string; purpose: string; person: Id }>`
      select a.contract, a.purpose, l.person from audit_log a join audit_looks l on l.audit = a.id where a.contract = 'residents.unmask' order by a.purpose`.execute(
        town.admin,
      )
      expect(rows).toEqual(
        ['核对身份', '电话联系排查'].map((purpose) => ({ contract: 'residents.unmask', purpose, person: head!.id })),
      )
      const opened = await sql<{
        person: Id
      }>`select l.person from audit_log a join audit_looks l on l.audit = a.id where a.contract = 'residents.household'`.execute(
        town.admin,
      )
      expect(opened.rows.map((r) => r.person).sort()).toEqual([head!.id, kid!.id].sort())
      const everything = await sql<{ words: string }>`select string_agg(a::text, ' ') as words from audit_log a`.execute(
        town.admin,
      )
      for (const value of [wang.phone, wang.idNumber, '王小明']) expect(everything.rows[0]!.words).not.toContain(value)
    }),
  )
})

describe('changing', () => {
  test(
    'a correction is a new row: number and phone stay unless entered anew, the old entry is kept with the reason',
    story(async (town) => {
      const at = await houses(town)
      const { worker, secretary } = staff(town)
      const { id } = await worker.tell(api.register, { dwelling: at('3-402'), members: [wang] })
      const {
        rows: [before],
      } = await worker.ask(api.household, { household: id })
      const key = newId()
      const change = {
        replaces: before!.record,
        reason: '名字写错了',
        entry: { name: '王晓明', idType: 'idCard', employer: '样例厂' },
      } as const
      const after = await worker.tell(api.correct, change, { id: key })
      expect(after).toMatchObject({ id: before!.id, name: '王晓明', phone: '138****5678', record: key })
      expect(await worker.tell(api.correct, change, { id: key })).toEqual(after)
      expect(await codeOf(worker.tell(api.correct, { ...change, reason: '再来' }))).toBe('facts.replacedAlready')
      expect((await worker.ask(api.unmask, { person: before!.id, what: 'document', purpose: '核对身份' })).value).toBe(
        wang.idNumber,
      )
      expect((await secretary.ask(api.search, { words: '王小明' })).rows).toEqual([])
      expect((await secretary.ask(api.search, { words: wang.idNumber })).rows.map((r) => r.name)).toEqual(['王晓明'])
      const gone = await worker.tell(api.correct, {
        replaces: after.record,
        reason: '换号未报',
        entry: { name: '王晓明' },
        withoutPhone: true,
      })
      expect(gone.phone).toBeNull()
      expect((await worker.ask(api.unmask, { person: before!.id, what: 'document', purpose: '核对身份' })).value).toBe(
        wang.idNumber,
      )
      const { sections } = await worker.ask(api.person, { person: before!.id })
      expect(sections.find((s) => s.key === 'residents.corrections')!.rows.map((r) => [r.what.zh, r.detail?.zh ?? null])).toEqual(
        [
          ['更正', '换号未报'],
          ['更正', '名字写错了'],
          ['登记', null],
        ],
      )
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from residents_persons`.execute(town.admin)
      expect(rows[0]!.n).toBe(3)
    }),
  )

  test(
    'moves are links: the past still answers as it was',
    story(async (town) => {
      const at = await houses(town)
      const { worker, other, secretary } = staff(town)
      const { id } = await worker.tell(api.register, { dwelling: at('3-402'), members: [wang, child] })
      const {
        rows: [, kid],
      } = await worker.ask(api.household, { household: id })
      // A transaction of another story on the same server holds the watermark back for a moment.
      let known = await town.running.house.within(sample.community, watermarkOf)
      while (known.held) known = await town.running.house.within(sample.community, watermarkOf)
      town.at('2026-03-05T02:00:00.000Z')
      expect(await codeOf(worker.tell(api.moveHousehold, { household: id, dwelling: at('5-101'), why: '换房' }))).toBe(
        'scope.outOfReach',
      )
      const moved = await secretary.tell(api.moveHousehold, {
        household: id,
        dwelling: at('5-101'),
        tenure: 'owner',
        why: '换房',
      })
      expect(moved).toMatchObject({ grid: sample.grid2, address: '桂园小区 5号楼 1单元 101' })
      expect(await codeOf(secretary.tell(api.moveHousehold, { household: id, dwelling: at('5-101'), why: '换房' }))).toBe(
        'residents.staysThere',
      )
      expect((await worker.ask(api.households, {})).total).toBe(0)
      expect((await other.ask(api.households, {})).total).toBe(1)
      town.at('2026-03-06T02:00:00.000Z')
      const second = await other.tell(api.register, { dwelling: at('5-201'), members: [{ name: '赵奶奶', relation: 'head' }] })
      await other.tell(api.movePerson, { person: kid!.id, household: second.id, relation: 'grandchild', why: '由外婆照看' })
      expect((await other.ask(api.household, { household: id })).rows.map((r) => r.name)).toEqual(['王小明'])
      town.at('2026-03-07T02:00:00.000Z')
      await secretary.tell(api.moveHousehold, { household: id, dwelling: null, why: '迁往外地' })
      expect((await secretary.ask(api.household, { household: id })).household).toMatchObject({ address: '—', grid: null })
      expect(await codeOf(other.ask(api.household, { household: id }))).toBe('scope.outOfReach')
      const counted = async (options: object) =>
        town.running.house.within(sample.community, async (tx) => ({
          households: (
            await sql<{
              household: Id
              grid: string
            }>`select * from ${householdsAt({ community: sample.community, ...options })} as h`.execute(tx)
          ).rows
            .map((r) => r.grid)
            .sort(),
          people: (await sql`select * from ${peopleAt({ community: sample.community, ...options })} as p`.execute(tx)).rows
            .length,
        }))
      expect(await counted({})).toEqual({ households: [sample.grid2], people: 2 })
      expect(await counted({ at: '2026-03-03T00:00:00.000Z' })).toEqual({ households: [sample.grid], people: 2 })
      expect(await counted({ at: '2026-03-05T12:00:00.000Z' })).toEqual({ households: [sample.grid2], people: 2 })
      expect(await counted({ asOf: known })).toEqual({ households: [sample.grid], people: 2 })
      const { sections } = await secretary.ask(api.household, { household: id })
      expect(sections.find((s) => s.key === 'residents.moves')!.rows.map((r) => r.what.zh)).toEqual([
        '迁出本社区',
        '迁入',
        '入住',
      ])
    }),
  )

  test(
    'tags come, go and come again',
    story(async (town) => {
      const at = await houses(town)
      const { worker, secretary } = staff(town)
      const { id } = await worker.tell(api.register, { dwelling: at('3-402'), members: [wang] })
      const {
        rows: [head],
      } = await worker.ask(api.household, { household: id })
      expect((await worker.tell(api.tag, { person: head!.id, tag: 'noSmartphone' })).tags).toEqual(['noSmartphone'])
      expect(await codeOf(worker.tell(api.tag, { person: head!.id, tag: 'noSmartphone' }))).toBe('residents.staysThere')
      expect((await secretary.ask(api.households, { tag: 'noSmartphone' })).rows.map((r) => r.id)).toEqual([id])
      expect((await worker.tell(api.untag, { person: head!.id, tag: 'noSmartphone', why: '学会了' })).tags).toEqual([])
      expect(await codeOf(worker.tell(api.untag, { person: head!.id, tag: 'noSmartphone', why: '学会了' }))).toBe(
        'residents.noTag',
      )
      expect((await secretary.ask(api.households, { tag: 'noSmartphone' })).rows).toEqual([])
      expect((await worker.tell(api.tag, { person: head!.id, tag: 'noSmartphone' })).tags).toEqual(['noSmartphone'])
    }),
  )
})

describe('finding', () => {
  const people = [
    ['3-101', '单雄信', '13900001111'],
    ['3-102', '查良镛', '13900002222'],
    ['3-201', '尉迟恭', '13900001119'],
    ['5-101', '单单', null],
    ['5-402', 'John Smith', '13700003333'],
  ] as const

  test(
    'by name, sound, initials, phone and room, each by its own range',
    story(async (town) => {
      const at = await houses(town)
      const { secretary, worker } = staff(town)
      for (const [place, name, phone] of people)
        await secretary.tell(api.register, { dwelling: at(place), members: [{ name, relation: 'head', phone }] })
      const found = async (words: string, who = secretary) =>
        (await who.ask(api.search, { words })).rows.map((r) => r.name).sort()
      const all: [string, string[]][] = [
        ['单', ['单单', '单雄信']],
        ['单雄', ['单雄信']],
        ['shan', ['单单', '单雄信']],
        ['ShanXiong', ['单雄信']],
        ['sxx', ['单雄信']],
        ['zly', ['查良镛']],
        ['yuchi', ['尉迟恭']],
        ['ycg', ['尉迟恭']],
        ['john', ['John Smith']],
        ['js', ['John Smith']],
        ['2222', ['查良镛']],
        ['111', ['单雄信', '尉迟恭']],
        ['13900002222', ['查良镛']],
        ['101', ['单单', '单雄信']],
        ['3-101', ['单雄信']],
        ['5-1-402', ['John Smith']],
        ['5号楼 101', ['单单']],
        ['4', ['John Smith']],
        ['9-101', []],
        ['雄信', []],
        ['%', []],
        ['_', []],
      ]
      for (const [words, names] of all) expect([words, await found(words)]).toEqual([words, names.toSorted()])
      expect(await found('shan', worker)).toEqual(['单雄信'])
      const page = await secretary.ask(api.search, { words: '1', limit: 1 })
      expect(page.rows).toHaveLength(1)
      const names = [page.rows[0]!.name]
      for (let next = page.next; next;) {
        const more = await secretary.ask(api.search, { words: '1', limit: 1, after: next })
        names.push(...more.rows.map((r) => r.name))
        next = more.next
      }
      expect(names.toSorted()).toEqual(['单单', '单雄信', '尉迟恭', '查良镛'])
      for (const name of ['程敏', '陈美玲'])
        await secretary.tell(api.register, { dwelling: at('3-101'), members: [{ name, relation: 'head' }] })
      const inOrder: string[] = []
      for (let after: string | null | undefined; after !== null;) {
        const more = await secretary.ask(api.search, { words: 'chen', limit: 1, ...(after ? { after } : {}) })
        inOrder.push(...more.rows.map((r) => r.name))
        after = more.next
      }
      expect(inOrder).toEqual(['陈美玲', '程敏'])
    }),
  )

  test(
    'the list follows the walk, page by page, and its filters open what the figures count',
    story(async (town) => {
      const at = await houses(town)
      const { secretary } = staff(town)
      for (const [place, name, phone] of people)
        await secretary.tell(api.register, { dwelling: at(place), members: [{ name, relation: 'head', phone }] })
      await secretary.tell(api.register, { dwelling: at('3-101'), members: [{ ...child, relation: 'head' }] })
      const seen: string[] = []
      for (let after: string | undefined; ;) {
        const page = await secretary.ask(api.households, { limit: 2, ...(after ? { after } : {}) })
        expect(page.total).toBe(6)
        seen.push(...page.rows.map((r) => r.head!))
        if (!page.next) break
        after = page.next
      }
      expect(seen).toEqual(['单雄信', '王一诺', '查良镛', '尉迟恭', '单单', 'John Smith'])
      const heads = async (filter: object) => (await secretary.ask(api.households, filter)).rows.map((r) => r.head)
      expect(await heads({ grid: sample.grid2 })).toEqual(['单单', 'John Smith'])
      expect(await heads({ having: 'minors' })).toEqual(['王一诺'])
      expect(await heads({ having: 'noPhone' })).toEqual(['王一诺', '单单'])
      expect(await secretary.ask(api.overview, {})).toMatchObject({
        households: 6,
        people: 6,
        minors: 1,
        noPhone: 2,
        noDocument: 6,
      })
    }),
  )
})

test(
  'names, labels and phones for other modules',
  story(async (town) => {
    const at = await houses(town)
    const { worker } = staff(town)
    const { id } = await worker.tell(api.register, { dwelling: at('3-402'), members: [child, wang] })
    const { rows } = await worker.ask(api.household, { household: id })
    await asSystem(town.running.house, sample.community, 'test.names', async (ctx) => {
      expect(
        await personNames(
          ctx.tx,
          rows.map((r) => r.id),
        ),
      ).toEqual(new Map(rows.map((r) => [r.id, r.name])))
      expect((await householdLabels(ctx.tx, [id])).get(id)).toMatchObject({
        head: '王小明',
        address: '桂园小区 3号楼 1单元 402',
        grid: sample.grid,
      })
      expect([
        ...(
          await phonesOf(
            ctx,
            rows.map((r) => r.id),
          )
        ).values(),
      ]).toEqual([wang.phone])
    })
  }),
)

test(
  'a whole town at once reads like one entered by hand',
  story(async (town) => {
    const at = await houses(town)
    const { secretary } = staff(town)
    const loaded = await asSystem(town.running.house, sample.community, 'test.bulk', (ctx) =>
      bulkLoad(
        ctx,
        [
          { dwelling: at('3-402'), tenure: 'owner', members: [{ ...wang, tags: ['disabled'] }, child] },
          { dwelling: at('5-101'), members: [{ name: '赵奶奶', relation: 'head' }] },
        ],
        'import',
        { since: '2026-01-01T00:00:00.000Z' },
      ),
    )
    expect(loaded.persons).toHaveLength(3)
    expect((await secretary.ask(api.households, {})).rows.map((r) => [r.head, r.people, r.phone, r.tags])).toEqual([
      ['王小明', 2, '138****5678', ['disabled']],
      ['赵奶奶', 1, null, []],
    ])
    expect((await secretary.ask(api.search, { words: wang.idNumber })).rows.map((r) => r.id)).toEqual([loaded.persons[0]])
  }),
)
