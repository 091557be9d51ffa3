// Stories of the own page: what it shows and tells, to whom, and that an objection is answered.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { sample, story } from '#app/testing.ts'
import { newId } from '#core/ids.ts'
import * as monitoring from '#modules/monitoring/api.ts'
import * as observation from '#modules/observation/api.ts'
import { person as dossier } from '#modules/residents/api.ts'
import * as services from '#modules/services/api.ts'
import * as api from './api.ts'
import * as own from './ownApi.ts'
import { begin, choose, inside, paperFor, phone } from './town.testing.ts'

const { community } = sample
const problem = (code: string) => expect.objectContaining({ code })

test(
  'the page says why, who decided, by which law, until when, and who helps; past the last day it says since when one is free',
  story(async (town) => {
    const { worker, adult, order } = await begin(town)
    const { on } = await inside(town, worker, adult)
    const page = await on.does(own.mine, {})
    expect(page).toMatchObject({ communityName: '桂园社区', hotline: expect.any(String), objectionDays: 3 })
    expect(page.people).toMatchObject([
      {
        person: adult,
        self: true,
        orders: [
          {
            id: order,
            decidingBody: '样例区疾控中心',
            legalBasis: '《传染病防治法》第五十八条',
            document: '疾控观〔2026〕7号',
            from: '2026-03-02',
            lastDay: '2026-03-16',
            inForce: true,
            freeSince: null,
          },
        ],
      },
    ])
    town.at('2026-03-16T15:59:00.000Z')
    await on.does(api.leave, {})
    const { qr } = (await worker.ask(api.slips, { views: (await worker.ask(api.views, {})).rows.map((r) => r.id) })).rows[0]!
    await on.does(api.enter, { code: qr, pin: '402857' })
    expect((await on.does(own.mine, {})).people[0]!.orders[0]).toMatchObject({ inForce: true })
    town.at('2026-03-16T16:00:00.000Z')
    expect((await on.does(own.mine, {})).people[0]!.orders[0]).toMatchObject({ inForce: false, freeSince: '2026-03-17' })
  }),
)

test(
  'a report of one’s own is a check like any other, once however often it is sent, and opens the fever path',
  story(async (town) => {
    const { worker, adult } = await begin(town)
    const { on } = await inside(town, worker, adult)
    const told = { person: adult, temperature: 38.1, measuredHow: 'armpit', symptoms: ['cough'], words: '早上开始' } as const
    const id = newId()
    expect(await on.does(own.report, { ...told, symptoms: ['cough'] }, id)).toEqual({ id, fever: true })
    expect(await on.does(own.report, { ...told, symptoms: ['cough'] }, id)).toEqual({ id, fever: true })
    await expect(on.does(own.report, { ...told, temperature: 36.5, symptoms: [] }, id)).rejects.toEqual(problem('door.idTaken'))
    expect((await on.does(own.mine, {})).people[0]!.checks).toMatchObject([{ value: '38.1 ℃', fever: true, mine: true }])
    const { rows } = await worker.ask(monitoring.checks, { person: adult })
    expect(rows).toMatchObject([{ value: 38.1, how: 'self', fever: true, verifier: null }])
    expect(rows[0]!.episode).not.toBeNull()
    await on.does(own.report, { person: adult, temperature: null, measuredHow: null, symptoms: [] })
    expect((await on.does(own.mine, {})).people[0]!.checks).toHaveLength(2)
  }),
)

test(
  'nobody sees or tells anything of another household, of others at home, or of a minor, unless it was agreed',
  story(async (town) => {
    const { worker, adult, child, neighbour, homes, order } = await begin(town)
    const { on, view } = await inside(town, worker, adult)
    const next = await inside(town, worker, neighbour)
    for (const person of [adult, child]) {
      await expect(next.on.does(own.report, { person, temperature: 36.5, measuredHow: null, symptoms: [] })).rejects.toEqual(
        problem('family.notShown'),
      )
      await expect(next.on.does(own.askCorrection, { person, words: '名字写错了' })).rejects.toEqual(problem('family.notShown'))
    }
    await expect(next.on.does(own.object, { order, words: '这不是我的' })).rejects.toEqual(problem('family.notShown'))
    expect((await next.on.does(own.mine, {})).people).toMatchObject([{ person: neighbour, orders: [], checks: [] }])
    expect(JSON.stringify(await next.on.does(own.copy, {}))).not.toMatch(/赵大明|疾控观/)

    expect((await on.does(own.mine, {})).people.map((p) => p.person)).toEqual([adult])
    await expect(on.does(own.report, { person: child, temperature: 36.5, measuredHow: null, symptoms: [] })).rejects.toEqual(
      problem('family.notShown'),
    )
    await expect(worker.tell(api.share, { view, persons: [neighbour], results: false })).rejects.toEqual(
      problem('family.notOfHousehold'),
    )
    await worker.tell(api.share, { view, persons: [child], results: false })
    expect((await on.does(own.mine, {})).people.map((p) => [p.person, p.self])).toEqual([
      [adult, true],
      [child, false],
    ])
    await on.does(own.report, { person: child, temperature: 36.6, measuredHow: 'ear', symptoms: [] })
    expect((await worker.ask(monitoring.checks, { person: child })).rows).toMatchObject([{ how: 'proxy', proxyName: '赵大明' }])
    expect(JSON.stringify(await on.does(own.copy, {}))).not.toContain('36.6')
    await worker.tell(api.share, { view, persons: [], results: false })
    expect((await on.does(own.mine, {})).people.map((p) => p.person)).toEqual([adult])
    expect(homes.length).toBeGreaterThan(1)
  }),
)

test(
  'a proxy acts for the person until it is revoked, and results of tests are not shown',
  story(async (town) => {
    const { worker, adult } = await begin(town)
    const paper = await paperFor(worker, { person: adult, kind: 'proxy', proxyName: '钱女儿', proxyTie: '女儿' })
    const daughter = phone(town, '10.9.7.7')
    await choose(worker, daughter, paper)
    const told = { person: adult, temperature: 36.4, measuredHow: 'armpit', symptoms: [] } as const
    await daughter.does(own.report, { ...told, symptoms: [] })
    expect((await worker.ask(monitoring.checks, { person: adult })).rows).toMatchObject([{ how: 'proxy', proxyName: '钱女儿' }])
    await sql`update monitoring_checks set result = 'positive'`.execute(town.admin)
    const self = await inside(town, worker, adult)
    expect((await self.on.does(own.mine, {})).people[0]!.checks).toHaveLength(1)
    expect((await daughter.does(own.mine, {})).people[0]!.checks).toHaveLength(0)
    expect(JSON.stringify(await daughter.does(own.copy, {}))).not.toMatch(/positive|出生日期|证件号码/)
    await worker.tell(api.share, { view: paper.view, persons: [], results: true })
    expect((await daughter.does(own.mine, {})).people[0]!.checks).toHaveLength(1)
    await worker.tell(api.revoke, { view: paper.view })
    await expect(daughter.does(own.report, { ...told, symptoms: [] })).rejects.toEqual(problem('door.stranger'))
    await expect(daughter.does(api.enter, { code: paper.qr, pin: '402857' })).rejects.toEqual(problem('family.wrongCode'))
    expect((await self.on.does(own.mine, {})).off).toBe(false)
  }),
)

test(
  'switched off, the page shows a number to call and nothing that could harm anybody',
  story(async (town) => {
    const { worker, adult, child, order } = await begin(town)
    const { on, view, qr } = await inside(town, worker, adult)
    const other = await inside(town, worker, child)
    await worker.tell(api.turnOff, { view, off: true, whole: true })
    for (const one of [on, other.on]) {
      const page = await one.does(own.mine, {})
      expect(page).toMatchObject({
        off: true,
        hotline: expect.any(String),
        communityName: '桂园社区',
        view: null,
        people: [],
        objections: [],
        requests: [],
      })
      expect(JSON.stringify(page)).not.toMatch(/赵|疾控|2026/)
      await expect(one.does(own.report, { person: adult, temperature: 36.5, measuredHow: null, symptoms: [] })).rejects.toEqual(
        problem('family.callUs'),
      )
      await expect(one.does(own.object, { order, words: '请解除' })).rejects.toEqual(problem('family.callUs'))
      await expect(one.does(own.copy, {})).rejects.toEqual(problem('family.callUs'))
      expect((await one.raw(own.copyFile.name, { input: {} })).status).toBe(403)
    }
    // From outside nothing tells that it was switched off: code and PIN are taken as ever.
    await on.does(api.enter, { code: qr, pin: '402857' })
    expect((await worker.ask(api.slips, { views: [view] })).rows).toEqual([])
    await worker.tell(api.turnOff, { view, off: false, whole: true })
    expect((await on.does(own.mine, {})).off).toBe(false)
  }),
)

test(
  'help is asked for, seen by whoever asked, and rated by nobody else',
  story(async (town) => {
    const { worker, adult, child } = await begin(town)
    const { on } = await inside(town, worker, adult)
    const other = await inside(town, worker, child)
    const { categories, urgencies } = await on.does(own.mine, {})
    const { id } = await on.does(own.askHelp, { category: categories[0]!.key, urgency: urgencies[0]!.key, content: '降压药1盒' })
    expect((await on.does(own.mine, {})).requests).toMatchObject([{ id, content: '降压药1盒', state: 'asked', mayRate: false }])
    expect((await other.on.does(own.mine, {})).requests).toEqual([])
    await expect(other.on.does(own.rate, { request: id, score: 1 })).rejects.toEqual(problem('family.notShown'))
    await worker.tell(services.take, { request: id })
    await worker.tell(services.deliver, { request: id, receivedBy: '本人' })
    await on.does(own.rate, { request: id, score: 5, words: '谢谢' })
    expect((await on.does(own.mine, {})).requests).toMatchObject([{ score: 5, feedback: '谢谢' }])
  }),
)

test(
  'an objection goes to the level that decided, its clock runs, and it is answered in writing',
  story(async (town) => {
    const { worker, secretary, officer, district, adult, order } = await begin(town)
    const { on } = await inside(town, worker, adult)
    const { id, dueOn } = await on.does(own.object, { order, words: '我2月20日就回来了，天数算错了。' })
    expect(dueOn).toBe('2026-03-05')
    expect((await on.does(own.mine, {})).objections).toMatchObject([{ id, state: 'received', dueOn, answer: null }])
    expect((await district.ask(api.objections, { state: 'received' })).rows).toMatchObject([
      { id, level: 'district', overdue: false, communityName: '桂园社区' },
    ])
    expect(await district.ask(api.objectionCounts, {})).toEqual({ received: 1, mine: 1, overdue: 0, answered: 0 })
    expect(await district.ask(api.objection, { community, objection: id })).toMatchObject({
      words: '我2月20日就回来了，天数算错了。',
      mayAnswer: true,
      mayForward: true,
    })
    const answer = { objection: id, outcome: 'changed', answer: '经核对车票，第0天应为2月20日，观察期相应缩短。' } as const
    await expect(officer.tell(api.answerObjection, { community, ...answer })).rejects.toEqual(problem('family.notYourLevel'))
    await expect(secretary.tell(api.answerObjection, answer)).rejects.toEqual(problem('family.notYourLevel'))
    await expect(worker.raw(api.answerObjection.name, { input: answer }).then((r) => r.status)).resolves.toBe(403)
    town.at('2026-03-06T01:00:00.000Z')
    expect(await district.ask(api.objectionCounts, {})).toMatchObject({ overdue: 1 })
    await district.tell(api.answerObjection, { community, ...answer, document: '疾控复〔2026〕1号' })
    await expect(district.tell(api.answerObjection, { community, ...answer })).rejects.toEqual(problem('family.wrongState'))
    expect((await on.does(own.mine, {})).objections).toMatchObject([
      { state: 'answered', outcome: 'changed', answer: answer.answer, answerDocument: '疾控复〔2026〕1号' },
    ])
    expect((await worker.ask(observation.order, { order })).lastDay).toBe('2026-03-16')
    expect((await secretary.ask(dossier, { person: adult })).sections.map((s) => s.key)).toContain('family.views')
    await expect(town.as('communitySecretary', sample.other, '别处书记').ask(api.objection, { objection: id })).rejects.toEqual(
      problem('family.unknownObjection'),
    )
  }),
)

test(
  'whoever has no phone objects by a worker; it can be handed on, withdrawn, and nags when late',
  story(async (town) => {
    const { worker, officer, secretary, district, adult, order } = await begin(town)
    const { id } = await worker.tell(api.recordObjection, { order, words: '家里没有隔离条件', how: 'door' })
    await district.tell(api.forwardObjection, { community, objection: id, level: 'subdistrict' })
    expect(await officer.ask(api.objection, { community, objection: id })).toMatchObject({
      level: 'subdistrict',
      mayAnswer: true,
      how: 'door',
    })
    await secretary.tell(api.answerObjection, {
      objection: id,
      outcome: 'upheld',
      answer: '已由街道书面答复：条件符合要求。',
      document: '街复〔2026〕2号',
    })
    const { on } = await inside(town, worker, adult)
    expect((await on.does(own.mine, {})).objections).toMatchObject([{ id, state: 'answered' }])
    const second = await on.does(own.object, { order, words: '再次请求核对' })
    await on.does(own.withdraw, { objection: second.id })
    await expect(
      district.tell(api.answerObjection, { community, objection: second.id, outcome: 'upheld', answer: '晚了' }),
    ).rejects.toEqual(problem('family.wrongState'))
  }),
)

test(
  'a copy of the own data, and a correction that is asked for and answered',
  story(async (town) => {
    const { worker, staff, adult } = await begin(town)
    const { on } = await inside(town, worker, adult)
    await on.does(own.report, { person: adult, temperature: 36.5, measuredHow: 'armpit', symptoms: [] })
    const { rows, persons } = await on.does(own.copy, {})
    expect(persons).toEqual([adult])
    expect(new Set(rows.map((r) => r.group.en))).toEqual(new Set(['Register', 'Observation', 'Checks']))
    expect(rows.find((r) => r.name.zh === '姓名')!.value).toBe('赵大明')
    const file = await on.raw(own.copyFile.name, { input: {} })
    expect(file.headers.get('content-disposition')).toContain('attachment')
    expect(await file.text()).toContain('赵大明')
    const { id } = await on.does(own.askCorrection, { person: adult, words: '出生日期应为1960年5月16日<script>' })
    expect((await staff.ask(api.corrections, { state: 'asked' })).rows).toMatchObject([{ id, state: 'asked' }])
    await staff.tell(api.answerCorrection, { correction: id, corrected: true, answer: '已核对身份证并更正' })
    expect((await on.does(own.mine, {})).corrections).toMatchObject([{ id, state: 'corrected', answer: '已核对身份证并更正' }])
    expect(await (await on.raw(own.copyFile.name, { input: {} })).text()).not.toContain('<script>')
  }),
)

test(
  'the contact card bears a code for each person of the order, the door sheet bears numbers only',
  story(async (town) => {
    const { worker, secretary, staff, homes, order, adult } = await begin(town)
    const print = async () => (await worker.ask(observation.sheets, { orders: [order] })).rows[0]!
    const first = await print()
    expect(first.entries).toMatchObject([{ person: adult, name: '赵大明', qr: expect.stringMatching(/^[0-9A-Z]{16}$/) }])
    expect((await print()).entries).toEqual(first.entries)
    await worker.tell(api.turnOff, { view: (await worker.ask(api.views, { order })).rows[0]!.id, off: true, whole: false })
    expect((await print()).entries).toEqual([])
    const sheet = await worker.ask(api.doorSheet, { order })
    expect(Object.keys(sheet).sort()).toEqual(['communityName', 'hotline', 'phones'])
    expect(JSON.stringify(sheet)).not.toMatch(/赵大明|疾控|2026|观察/)
    expect([secretary, staff, homes].every(Boolean)).toBe(true)
  }),
)
