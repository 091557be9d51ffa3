// Stories of two signatures: a draft and its return, what a change does before it is signed, levels over each other, the future and the past.
import { expect, test } from 'vitest'
import { sample, story, type Person, type Town } from '#app/testing.ts'
import { text } from '#core/text.ts'
import { openCampaign } from '#modules/screening/api.ts'
import { days as weekdays, deadline } from '#modules/reporting/model.ts'
import * as api from './api.ts'
import { diffInWords } from './diff.ts'
import { Questions } from './model.ts'
import { policy } from './server.ts'
import { shapeOf } from './shapes.ts'

const { county, community, grid } = sample
const problem = (code: string) => expect.objectContaining({ code })

const people = (town: Town) => ({
  author: town.as('communitySecretary', community, '陈书记'),
  second: town.as('administrator', community, '复核人'),
  above: town.as('districtOfficer', county, '区专员'),
  aboveToo: town.as('administrator', county, '区管理员'),
})
/** A pack in force: written by one, approved by the other. */
async function rule(author: Person, second: Person, areaCode: string, values: Record<string, unknown>, more = {}) {
  const pack = await author.tell(api.writePack, { areaCode, title: `${areaCode} 规则`, document: '样例文件', values, ...more })
  await second.tell(api.approveVersion, { version: pack.versions[0]!.id })
  return pack
}
const hour = async (town: Town, at: string, knownAt?: string) =>
  (await town.running.house.within(grid, (tx) => policy(tx, deadline, grid, at, knownAt))).value

test(
  'a draft waits for its author, a refusal brings it back with the reason, and only another person signs',
  story(async (town) => {
    const { author, second } = people(town)
    const pack = await author.tell(api.writePack, {
      areaCode: community,
      title: '日报',
      document: '通知一',
      values: { 'reporting.deadline': '18:00' },
      submit: false,
    })
    const version = pack.versions[0]!.id
    const standing = async () => (await author.ask(api.version, { version })).state
    const list = async (who: Person) => (await who.ask(api.waiting, {})).rows
    expect(pack.versions[0]).toMatchObject({ state: 'draft' })
    expect(await list(second)).toEqual([])
    await expect(second.tell(api.approveVersion, { version })).rejects.toEqual(problem('policy.notSubmitted'))
    await expect(second.tell(api.editVersion, { version, document: 'x', values: {} })).rejects.toEqual(
      problem('policy.authorOnly'),
    )

    expect(await author.tell(api.submitVersion, { version })).toMatchObject({ state: 'submitted' })
    expect(await list(second)).toMatchObject([{ kind: 'version', id: version, own: false, byName: expect.any(String) }])
    expect(await list(author)).toMatchObject([{ id: version, own: true }])
    await expect(author.tell(api.approveVersion, { version })).rejects.toEqual(problem('policy.secondPersonNeeded'))
    await expect(author.tell(api.refuseVersion, { version, reason: '自己退' })).rejects.toEqual(problem('policy.refusalByAuthor'))
    await expect(author.tell(api.editVersion, { version, document: 'x', values: {} })).rejects.toEqual(problem('policy.notDraft'))

    expect(await second.tell(api.refuseVersion, { version, reason: '文号不全' })).toMatchObject({
      state: 'returned',
      refusal: '文号不全',
    })
    expect(await list(author)).toMatchObject([{ id: version, returned: true, what: { zh: '第 1 版被退回：文号不全' } }])
    expect(await list(second)).toEqual([])
    await author.tell(api.editVersion, { version, document: '通知一〔2026〕7号', values: { 'reporting.deadline': '18:30' } })
    await author.tell(api.submitVersion, { version })
    expect(await author.tell(api.takeBackVersion, { version })).toMatchObject({ state: 'returned' })
    await author.tell(api.submitVersion, { version })
    expect(await hour(town, '2026-03-02')).toBe('17:00')
    expect(await second.tell(api.approveVersion, { version })).toMatchObject({ state: 'inForce', document: '通知一〔2026〕7号' })
    expect(await hour(town, '2026-03-02')).toBe('18:30')
    await expect(author.tell(api.dropVersion, { version })).rejects.toEqual(problem('policy.alreadyApproved'))

    const other = await author.tell(api.writeVersion, { pack: pack.id, document: '多余', values: {}, submit: false })
    expect(await author.tell(api.dropVersion, { version: other.id })).toMatchObject({ state: 'dropped' })
    await expect(author.tell(api.submitVersion, { version: other.id })).rejects.toEqual(problem('policy.notDraft'))
    expect(await standing()).toBe('inForce')
  }),
)

test(
  'nothing begins silently in the past: not when it is written, and not while it waits',
  story(async (town) => {
    const { author, second } = people(town)
    const write = (more: object) =>
      author.tell(api.writePack, {
        areaCode: community,
        title: '日报',
        document: '通知',
        values: { 'reporting.deadline': '18:00' },
        ...more,
      })
    await expect(write({ effectiveFrom: '2026-03-01T00:00:00.000Z' })).rejects.toEqual(problem('policy.inThePast'))
    await expect(write({ effectiveFrom: '2026-03-03T00:00:00.000Z', correction: '不需要' })).rejects.toEqual(
      problem('policy.needless'),
    )
    await expect(write({ effectiveFrom: '2026-03-03T00:00:00.000Z', effectiveTo: '2026-03-02T23:00:00.000Z' })).rejects.toEqual(
      problem('policy.wrongPeriod'),
    )

    const pack = await write({ effectiveFrom: '2026-03-03T00:00:00.000Z' })
    const version = pack.versions[0]!.id
    town.at('2026-03-04T03:00:00.000Z')
    expect((await second.ask(api.change, { version })).summary[0]!.zh).toContain('自第二人复核时起')
    expect(await second.tell(api.approveVersion, { version })).toMatchObject({
      effectiveFrom: '2026-03-04T03:00:00.000Z',
      state: 'inForce',
    })
    expect([await hour(town, '2026-03-03'), await hour(town, '2026-03-04')]).toEqual(['17:00', '18:00'])

    // A correction says why, and the past as it was known stays what it was.
    const mended = await author.tell(api.writeVersion, {
      pack: pack.id,
      document: '更正',
      values: { 'reporting.deadline': '19:00' },
      effectiveFrom: '2026-03-02T00:00:00.000Z',
      correction: '当时漏录',
    })
    expect((await second.ask(api.change, { version: mended.id })).summary.map((s) => s.zh).join()).toContain(
      '这是对过去的更正（当时漏录）',
    )
    await second.tell(api.approveVersion, { version: mended.id })
    expect(await hour(town, '2026-03-03')).toBe('19:00')
    expect(await hour(town, '2026-03-03', '2026-03-04T02:00:00.000Z')).toBe('17:00')
  }),
)

test(
  'what a version changes is told before it is signed: line by line, and what modules foresee',
  story(async (town) => {
    const { author, second } = people(town)
    const form = [
      {
        key: 'well',
        kind: 'yesNo' as const,
        askedOf: 'all' as const,
        text: text('都好吗？', 'All well?'),
        why: text('以便帮助', 'To help'),
      },
    ]
    const values = {
      'monitoring.feverAt': 37.3,
      'reporting.deadline': '17:00',
      'services.careKit': ['米', '油'],
      'screening.form': form,
    }
    const pack = await rule(author, second, community, values)
    await author.tell(openCampaign, { title: '排查', area: community })
    const next = await author.tell(api.writeVersion, {
      pack: pack.id,
      document: '通知二',
      effectiveFrom: '2026-03-10T00:00:00.000Z',
      submit: false,
      values: {
        'monitoring.feverAt': 37,
        'reporting.deadline': '18:00',
        'services.careKit': ['米', '面'],
        'screening.form': [{ ...form[0]!, askedOf: 'keyPersons' as const }],
      },
    })
    const { changes, summary, against, same } = await second.ask(api.change, { version: next.id })
    expect([against, same]).toEqual([1, 0])
    expect(summary[0]!.zh).toMatch(/^适用：.+；自3月10日 08:00起，直到下一版。$/)
    const said = (key: string) => changes.find((c) => c.key === key)!
    expect(said('monitoring.feverAt')).toMatchObject({
      kind: 'changed',
      title: { zh: '发热阈值' },
      lines: [{ zh: '37.3 ℃ → 37 ℃' }],
    })
    expect(said('services.careKit').lines.map((l) => l.zh)).toEqual(['增加：面', '去掉：油'])
    expect(said('screening.form').lines.map((l) => l.zh)).toEqual(['“都好吗？”的问谁：所有人 → 重点人员'])
    expect(said('screening.form').effects[0]).toMatchObject({
      loud: true,
      words: { zh: expect.stringContaining('进行中的排查 1 次，仍用开始时的问题') },
    })
    expect(said('reporting.deadline').effects[0]!.words.zh).toContain('在 18:00 编制（原为 17:00）')
    expect(said('monitoring.feverAt').effects[0]!.words.zh).toContain('用于“健康监测”')
    expect(said('services.careKit').effects[0]!.words.zh).toContain('没有功能使用')

    // It is signed today and begins later; until then the page calls it coming.
    await author.tell(api.submitVersion, { version: next.id })
    expect(await second.tell(api.approveVersion, { version: next.id })).toMatchObject({ state: 'coming' })
    expect([await hour(town, '2026-03-09'), await hour(town, '2026-03-10')]).toEqual(['17:00', '18:00'])
    const ended = await author.tell(api.writeVersion, { pack: pack.id, document: '停用', values: {}, submit: false })
    const shown = await author.ask(api.change, { version: ended.id })
    expect(shown.changes.map((c) => c.kind)).toEqual(['removed', 'removed', 'removed', 'removed'])
    expect(shown.summary.map((s) => s.zh).join()).toContain('将代替尚未生效的第 2 版')
  }),
)

test(
  'a later rule of the level above overrules a lower version from its start, and both pages say so',
  story(async (town) => {
    const { author, second, above, aboveToo } = people(town)
    const own = await rule(author, second, community, { 'reporting.deadline': '18:00', 'services.careKit': ['米'] })
    const version = own.versions[0]!.id
    const upper = await above.tell(api.writePack, {
      areaCode: county,
      title: '区规定',
      document: '区文件',
      effectiveFrom: '2026-03-05T00:00:00.000Z',
      values: { 'reporting.deadline': '16:00' },
    })
    const {
      changes: [change],
    } = await aboveToo.ask(api.change, { version: upper.versions[0]!.id })
    expect(change!.loses).toMatchObject([{ number: 1, said: { zh: '18:00' }, holds: { zh: '16:00' } }])
    await expect(author.tell(api.approveVersion, { version: upper.versions[0]!.id })).rejects.toEqual(
      problem('policy.outsideArea'),
    )
    expect(
      (await author.ask(api.packs, {})).rows.map((p) => p.areaCode),
      'a draft of the level above is its own affair',
    ).toEqual([community])
    await aboveToo.tell(api.approveVersion, { version: upper.versions[0]!.id })

    const overruled = async () => (await author.ask(api.version, { version })).all.map((r) => [r.key, r.overruled?.from ?? null])
    expect(await overruled()).toEqual([
      ['reporting.deadline', '2026-03-05T00:00:00.000Z'],
      ['services.careKit', null],
    ])
    expect([await hour(town, '2026-03-04'), await hour(town, '2026-03-05')]).toEqual(['18:00', '16:00'])
    const late = (await author.ask(api.keys, { areaCode: community, at: '2026-03-06T00:00:00.000Z' })).rows
    expect(late.find((k) => k.key === 'reporting.deadline')).toMatchObject({
      fixed: true,
      inherited: '16:00',
      inheritedDocument: '区文件',
    })
    expect(late.find((k) => k.key === 'services.careKit')).toMatchObject({ fixed: false, inheritedFrom: null })

    const vain = await author.tell(api.writeVersion, {
      pack: own.id,
      document: '想改',
      effectiveFrom: '2026-03-06T00:00:00.000Z',
      values: { 'reporting.deadline': '20:00' },
      submit: false,
    })
    const told = (await author.ask(api.change, { version: vain.id })).changes.find((c) => c.key === 'reporting.deadline')!
    expect(told).toMatchObject({ overruled: { holds: { zh: '16:00' } }, effects: [{ words: { zh: '实际执行的规定不变。' } }] })
  }),
)

test(
  'a level is changed by two persons, and rules of a level follow it on its day',
  story(async (town) => {
    const { author, second } = people(town)
    await rule(author, second, community, { 'reporting.deadline': '12:00' }, { level: '一级' })
    await rule(author, second, community, { 'reporting.deadline': '15:00' }, { level: '二级' })
    const response = await author.tell(api.proposeResponse, {
      areaCode: community,
      disease: '虚构传染病',
      class: 'B',
      level: '一级',
      government: '样例区政府',
      document: '公告1',
      startsOn: '2026-03-02',
      reviewOn: '2026-03-16',
    })
    expect((await second.ask(api.responseEffects, { response: response.id })).lines.map((l) => l.zh).join()).toContain(
      '第 1 版随之生效（1 项规则）',
    )
    await second.tell(api.activateResponse, { response: response.id })
    await expect(
      author.tell(api.changeLevel, { response: response.id, level: '一级', fromDay: '2026-03-04', document: 'x' }),
    ).rejects.toEqual(problem('policy.sameLevel'))
    const {
      moves: [step],
    } = await author.tell(api.changeLevel, { response: response.id, level: '二级', fromDay: '2026-03-04', document: '公告2' })
    expect(await hour(town, '2026-03-05')).toBe('12:00')
    await second.tell(api.approveMove, { move: step!.id })
    expect([await hour(town, '2026-03-03'), await hour(town, '2026-03-04')]).toEqual(['12:00', '15:00'])
    expect(await hour(town, '2026-03-04', '2026-03-02T00:30:00.000Z')).toBe('17:00')
    town.at('2026-03-05T01:00:00.000Z')
    expect((await author.ask(api.responses, {})).rows[0]).toMatchObject({ level: '二级', state: 'active' })
    const refused = await author.tell(api.proposeResponse, { ...proposal, areaCode: community })
    expect(await second.tell(api.refuseResponse, { response: refused.id, reason: '没有上级文件' })).toMatchObject({
      state: 'ended',
      activatedBy: null,
      refusal: '没有上级文件',
    })
  }),
)

const proposal = {
  disease: '另一种',
  class: 'C',
  government: '样例区政府',
  document: '公告9',
  startsOn: '2026-03-06',
  reviewOn: '2026-03-20',
} as const

test('values of every kind have a form, and two lists are compared in words', () => {
  expect(shapeOf(weekdays.schema)).toMatchObject({
    kind: 'choices',
    options: expect.arrayContaining([{ value: 7, text: text('周日', 'Sun') }]),
  })
  expect(shapeOf(Questions)).toMatchObject({ kind: 'list', max: 30, element: { kind: 'group' } })
  const fields = shapeOf(Questions).element!.fields.map(({ name, shape }) => [name, shape.kind])
  expect(fields).toEqual(
    expect.arrayContaining([
      ['text', 'pair'],
      ['askedOf', 'choice'],
      ['choices', 'map'],
      ['symptomSet', 'yesNo'],
    ]),
  )
  expect(diffInWords(weekdays.schema, [1, 2, 3], [1, 2]).map((l) => l.zh)).toEqual(['去掉：周三'])
  expect(diffInWords(weekdays.schema, [1, 2], [2, 1]).map((l) => l.en)).toEqual(['Only the order changes'])
})
