// Stories of policy: a pack needs a second person, levels combine, the past can be asked as it was known, a response needs two.
import { expect, test } from 'vitest'
import { sql } from 'kysely'
import { z } from 'zod'
import { sample, story, type Person, type Town } from '#app/testing.ts'
import { lowerMayLoosen, upperWins } from '#core/policy.ts'
import { text } from '#core/text.ts'
import { newId } from '#core/ids.ts'
import * as api from './api.ts'
import { privacyNotice } from './model.ts'
import { activeResponse, policy, requireResponse } from './server.ts'

const { county, street, community, other, grid } = sample
const problem = (code: string) => expect.objectContaining({ code })
const days = lowerMayLoosen('observation.days', {
  title: text('观察天数', 'Days'),
  schema: z.int(),
  unset: 0,
  looser: (lower, upper) => lower <= upper,
})
const carried = upperWins('future.rule', { title: text('未来的规则', 'A rule of the future'), schema: z.unknown(), unset: null })

const since = '2026-03-01T00:00:00.000Z'
const late = { effectiveFrom: since, correction: '补录已经执行的规定' }
const write = (who: Person, areaCode: string, values: Record<string, unknown>, more = {}) =>
  who.tell(api.writePack, { areaCode, title: '本地规则', ...late, document: `${areaCode} 文件`, values, ...more })
const approve = async (who: Person, pack: api.PackRow) => who.tell(api.approveVersion, { version: pack.versions[0]!.id })
const asked = (town: Town, area: string, at: string, knownAt?: string) =>
  town.running.house.within(area, (tx) => policy(tx, days, area, at, knownAt))

test(
  'a shipped pack comes in as a draft and holds only when a second person has approved it',
  story(async (town) => {
    const secretary = town.as('communitySecretary', community, 'lin')
    expect((await secretary.ask(api.shipped, {})).rows.map((p) => p.key)).toContain('2020-community-plan')
    const pack = await secretary.tell(api.importPack, { areaCode: community, shipped: '2020-community-plan', ...late })
    expect(pack).toMatchObject({ origin: '2020-community-plan', versions: [{ number: 1, state: 'submitted', approvedBy: null }] })
    expect((await asked(town, community, '2026-03-02')).value).toBe(0)

    await expect(approve(secretary, pack)).rejects.toEqual(problem('policy.secondPersonNeeded'))
    await expect(approve(town.as('administrator', other), pack)).rejects.toEqual(problem('policy.unknownVersion'))
    expect(await approve(town.as('administrator', community), pack)).toMatchObject({
      state: 'inForce',
      approvedByName: expect.any(String),
    })
    expect(await asked(town, community, '2026-03-02')).toEqual({
      value: 14,
      versions: [pack.versions[0]!.id],
      document: expect.stringContaining('社区防控方案'),
    })
    await expect(approve(town.as('administrator', community, 'third'), pack)).rejects.toEqual(problem('policy.alreadyApproved'))
    await expect(
      secretary.tell(api.importPack, { areaCode: community, shipped: 'nobody', effectiveFrom: since }),
    ).rejects.toEqual(problem('policy.unknownShipped'))
  }),
)

test(
  'the database too refuses to let one person do both',
  story(async (town) => {
    const secretary = town.as('communitySecretary', community)
    const pack = await write(secretary, community, {})
    const both = town.running.house.within(community, (tx) =>
      sql`update policy_versions set approved_by = author, approved_at = recorded_at where pack = ${pack.id}`.execute(tx),
    )
    await expect(both).rejects.toMatchObject({ constraint: 'policy__second_person_needed' })
  }),
)

test(
  'levels combine from the top down, and a neighbour hears nothing',
  story(async (town) => {
    const above = await write(town.as('districtOfficer', county, 'a'), county, { 'observation.days': 14 })
    await approve(town.as('administrator', county, 'b'), above)
    const longer = await write(town.as('communitySecretary', community, 'c'), community, { 'observation.days': 21 })
    await approve(town.as('administrator', community, 'd'), longer)
    expect(await asked(town, grid, '2026-03-02')).toMatchObject({
      value: 14,
      versions: [above.versions[0]!.id, longer.versions[0]!.id],
    })
    const shorter = await town.as('communitySecretary', community, 'c').tell(api.writeVersion, {
      pack: longer.id,
      ...late,
      document: '放宽',
      values: { 'observation.days': 7 },
    })
    expect(shorter.number).toBe(2)
    await town.as('administrator', community, 'd').tell(api.approveVersion, { version: shorter.id })
    expect((await asked(town, grid, '2026-03-02')).value).toBe(7)
    expect((await asked(town, other, '2026-03-02')).value).toBe(14)
    await expect(write(town.as('communitySecretary', community, 'c'), street, {})).rejects.toEqual(problem('policy.outsideArea'))
    await expect(
      town
        .as('communitySecretary', community, 'c')
        .tell(api.writeVersion, { pack: above.id, ...late, document: 'x', values: {} }),
    ).rejects.toEqual(problem('policy.outsideArea'))
  }),
)

test(
  'the past can be asked as it stood and as it was known',
  story(async (town) => {
    const author = town.as('communitySecretary', community, 'c')
    const second = town.as('administrator', community, 'd')
    const pack = await write(author, community, { 'observation.days': 14 })
    await approve(second, pack)
    town.at('2026-03-10T02:00:00.000Z')
    // Written down on the 10th, in force since the 5th, for ten days.
    const mended = await author.tell(api.writeVersion, {
      pack: pack.id,
      correction: '漏录',
      effectiveFrom: '2026-03-05T00:00:00.000Z',
      effectiveTo: '2026-03-15T00:00:00.000Z',
      document: '补充通知',
      values: { 'observation.days': 7 },
    })
    expect((await asked(town, community, '2026-03-06')).value).toBe(14)
    town.at('2026-03-11T02:00:00.000Z')
    await second.tell(api.approveVersion, { version: mended.id })

    const table: [at: string, knownAt: string | undefined, value: number][] = [
      ['2026-02-27', undefined, 0],
      ['2026-03-04', undefined, 14],
      ['2026-03-06', undefined, 7],
      ['2026-03-06', '2026-03-06T10:00:00.000Z', 14],
      ['2026-03-06', '2026-03-10T10:00:00.000Z', 14],
      ['2026-03-06', '2026-03-11T02:00:00.000Z', 7],
      ['2026-03-05T00:00:00.000Z', undefined, 7],
      ['2026-03-04T23:59:59.999Z', undefined, 14],
      ['2026-03-15T00:00:00.000Z', undefined, 14],
      ['2026-03-02', '2026-03-01T00:00:00.000Z', 0],
    ]
    for (const [at, knownAt, value] of table)
      expect((await asked(town, community, at, knownAt)).value, `${at} known ${knownAt}`).toBe(value)
    expect(
      (await author.ask(api.rules, { day: '2026-03-06', knownAt: '2026-03-06T10:00:00.000Z' })).rows.map((r) => r.key),
    ).toContain('policy.privacyNotice')
  }),
)

test(
  'a version with a level waits for a response of that level',
  story(async (town) => {
    const author = town.as('communitySecretary', community, 'c')
    const second = town.as('administrator', community, 'd')
    const pack = await write(author, community, { 'observation.days': 14 }, { level: '一级' })
    expect(await approve(second, pack)).toMatchObject({ state: 'waiting' })
    expect((await asked(town, community, '2026-03-02')).value).toBe(0)
    const response = await author.tell(api.proposeResponse, { ...decision, level: '一级' })
    expect((await asked(town, community, '2026-03-02')).value).toBe(0)
    await second.tell(api.activateResponse, { response: response.id })
    expect((await asked(town, community, '2026-03-02')).value).toBe(14)
    town.at('2026-03-08T01:00:00.000Z')
    const {
      moves: [end],
    } = await author.tell(api.endResponse, { response: response.id, fromDay: '2026-03-08', document: '终止公告' })
    await second.tell(api.approveMove, { move: end!.id })
    expect((await asked(town, community, '2026-03-07')).value).toBe(14)
    expect((await asked(town, community, '2026-03-08')).value).toBe(0)
  }),
)

test(
  'values of unknown keys are carried; known keys must fit',
  story(async (town) => {
    const author = town.as('communitySecretary', community, 'c')
    const second = town.as('administrator', community, 'd')
    const pack = await write(author, community, { 'future.rule': { deep: ['kept', 1] } })
    await approve(second, pack)
    expect((await town.running.house.within(community, (tx) => policy(tx, carried, community, '2026-03-02'))).value).toEqual({
      deep: ['kept', 1],
    })
    const shown = await author.ask(api.version, { version: pack.versions[0]!.id })
    expect(shown.all).toMatchObject([{ key: 'future.rule', standing: 'unknown', value: { deep: ['kept', 1] } }])
    await expect(write(author, community, { 'policy.privacyNotice': { who: 1 } })).rejects.toMatchObject({
      code: 'policy.wrongValue',
      details: { keys: ['policy.privacyNotice'] },
    })
    await expect(write(author, community, {}, { effectiveTo: since })).rejects.toEqual(problem('policy.wrongPeriod'))
  }),
)

test(
  'a version in words: title, value, source, how levels combine',
  story(async (town) => {
    const author = town.as('communitySecretary', community, 'c')
    const pack = await author.tell(api.importPack, { areaCode: community, shipped: '2020-community-plan', ...late })
    const shown = await author.ask(api.version, { version: pack.versions[0]!.id })
    expect(shown.all.find((r) => r.key === 'monitoring.feverAt')).toMatchObject({
      words: { zh: '37.3 ℃' },
      standing: 'known',
      source: expect.stringContaining('37.3'),
    })
    expect(shown.all.find((r) => r.key === 'monitoring.timesPerDay')).toMatchObject({ standing: 'unknown' })
    expect(shown.all.every((r) => r.source)).toBe(true)
    expect(shown.all.filter((r) => r.standing === 'unread')).toEqual([])
    const [symptoms] = shown.values['screening.form'] as { choices: Record<string, unknown> }[]
    expect(Object.keys(symptoms!.choices).slice(0, 3), 'choices keep their order').toEqual(['fever', 'cough', 'breathless'])
  }),
)

test(
  'a second disease is data: its pack comes in beside the first',
  story(async (town) => {
    const author = town.as('communitySecretary', community, 'c')
    const second = town.as('administrator', community, 'd')
    const pack = await author.tell(api.importPack, { areaCode: community, shipped: 'mosquito-borne-example', ...late })
    await approve(second, pack)
    const form = upperWins('screening.form', {
      title: text('表', 'Form'),
      schema: z.array(z.object({ key: z.string() })),
      unset: [],
    })
    const { value } = await town.running.house.within(community, (tx) => policy(tx, form, community, '2026-03-02'))
    expect(value.map((q) => q.key)).toContain('containersWithLarvae')
  }),
)

test(
  'the privacy notice has words before anybody writes any, and the community may put its own',
  story(async (town) => {
    const worker = town.as('gridWorker', grid)
    expect((await worker.ask(api.notice, {})).hotline).toBe('12345')
    const pack = await write(town.as('communitySecretary', community, 'c'), community, {
      'policy.privacyNotice': { ...privacyNotice.unset, hotline: '0554-0000000' },
    })
    await approve(town.as('administrator', community, 'd'), pack)
    expect((await worker.ask(api.notice, {})).hotline).toBe('0554-0000000')
  }),
)

const decision = {
  areaCode: community,
  disease: '虚构呼吸道传染病',
  class: 'BasA',
  government: '样例区人民政府',
  document: '样例公告〔2026〕1号',
  startsOn: '2026-03-02',
  reviewOn: '2026-03-16',
} as const

test(
  'a response is proposed by one person and activated by another; until then nothing may restrict',
  story(async (town) => {
    const first = town.as('communitySecretary', community, 'c')
    const second = town.as('administrator', community, 'd')
    const active = (day: string, area: string = grid) => town.running.house.within(area, (tx) => activeResponse(tx, area, day))
    const id = newId()
    const response = await first.tell(api.proposeResponse, decision, { id })
    expect(response).toMatchObject({ id, state: 'proposed', activatedBy: null, reviewOverdue: false })
    expect(await first.tell(api.proposeResponse, decision, { id })).toEqual(response)
    expect(await active('2026-03-02')).toBeUndefined()
    await expect(town.running.house.within(grid, (tx) => requireResponse(tx, grid, '2026-03-02'))).rejects.toEqual(
      problem('policy.noResponse'),
    )
    await expect(first.tell(api.activateResponse, { response: id })).rejects.toEqual(problem('policy.secondPersonNeeded'))
    await expect(town.as('gridWorker', grid).tell(api.activateResponse, { response: id })).rejects.toEqual(
      problem('door.notAllowed'),
    )
    await expect(second.tell(api.endResponse, { response: id, fromDay: '2026-03-02', document: 'x' })).rejects.toEqual(
      problem('policy.wrongState'),
    )

    expect(await second.tell(api.activateResponse, { response: id })).toMatchObject({ state: 'active' })
    expect(await active('2026-03-02')).toMatchObject({ id, disease: '虚构呼吸道传染病' })
    expect(await active('2026-03-01')).toBeUndefined()
    expect(await active('2026-03-02', other)).toBeUndefined()
    await expect(second.tell(api.activateResponse, { response: id })).rejects.toEqual(problem('policy.wrongState'))

    town.at('2026-03-18T01:00:00.000Z')
    expect((await first.ask(api.responses, {})).rows[0]).toMatchObject({ reviewOverdue: true })
    expect(await active('2026-03-18')).toBeDefined()
    const waits = async () => (await second.ask(api.waiting, {})).rows.map((w) => [w.kind, w.own])
    const longer = await first.tell(api.extendResponse, { response: id, reviewOn: '2026-04-01', document: '样例公告〔2026〕2号' })
    expect(longer).toMatchObject({ reviewOverdue: true, reviewOn: '2026-03-16', moves: [{ verb: 'extend', outcome: null }] })
    expect(await waits()).toEqual([['move', false]])
    expect((await second.ask(api.responseEffects, { response: id })).lines[0]!.zh).toBe(
      '复核日期：2026-03-16 → 2026-04-01。其他不变。',
    )
    await expect(first.tell(api.approveMove, { move: longer.moves[0]!.id })).rejects.toEqual(problem('policy.secondPersonNeeded'))
    await expect(first.tell(api.endResponse, { response: id, fromDay: '2026-03-19', document: 'x' })).rejects.toEqual(
      problem('policy.moveWaits'),
    )
    expect(await second.tell(api.approveMove, { move: longer.moves[0]!.id })).toMatchObject({
      reviewOverdue: false,
      reviewOn: '2026-04-01',
    })
    await expect(second.tell(api.approveMove, { move: longer.moves[0]!.id })).rejects.toEqual(problem('policy.alreadyDecided'))

    await expect(first.tell(api.endResponse, { response: id, fromDay: '2026-03-17', document: '昨天' })).rejects.toEqual(
      problem('policy.wrongEnd'),
    )
    const early = await first.tell(api.endResponse, { response: id, fromDay: '2026-03-18', document: '样例公告〔2026〕3号' })
    expect(await second.tell(api.refuseMove, { move: early.moves[0]!.id, reason: '还有观察人员未到期' })).toMatchObject({
      state: 'active',
      moves: [{ outcome: 'refused', reason: '还有观察人员未到期' }, { outcome: 'approved' }],
    })
    const end = await first.tell(api.endResponse, { response: id, fromDay: '2026-03-18', document: '样例公告〔2026〕3号' })
    expect(await second.tell(api.approveMove, { move: end.moves[0]!.id })).toMatchObject({ state: 'ended', endsOn: '2026-03-18' })
    expect(await waits()).toEqual([])
    expect(await active('2026-03-17')).toBeDefined()
    expect(await active('2026-03-18')).toBeUndefined()
  }),
)

test(
  'a response of a level above holds below, and only its own level can move it',
  story(async (town) => {
    const response = await town.as('subdistrictOfficer', street, 'a').tell(api.proposeResponse, { ...decision, areaCode: street })
    await expect(
      town.as('communitySecretary', community, 'c').tell(api.activateResponse, { response: response.id }),
    ).rejects.toEqual(problem('policy.outsideArea'))
    await town.as('administrator', street, 'b').tell(api.activateResponse, { response: response.id })
    expect((await town.running.house.within(grid, (tx) => activeResponse(tx, grid, '2026-03-02')))?.id).toBe(response.id)
    await expect(
      town.as('communitySecretary', community, 'c').tell(api.proposeResponse, { ...decision, areaCode: other }),
    ).rejects.toEqual(problem('policy.outsideArea'))
  }),
)

test(
  'a proposal that nobody activated is taken back and never held',
  story(async (town) => {
    const first = town.as('communitySecretary', community, 'c')
    const { id } = await first.tell(api.proposeResponse, decision)
    expect(await first.tell(api.dropResponse, { response: id })).toMatchObject({ state: 'ended', activatedBy: null })
    await expect(town.as('administrator', community, 'd').tell(api.activateResponse, { response: id })).rejects.toEqual(
      problem('policy.wrongState'),
    )
    expect(await town.running.house.within(community, (tx) => activeResponse(tx, community, '2026-03-02'))).toBeUndefined()
    await expect(first.tell(api.proposeResponse, { ...decision, reviewOn: '2026-03-02' })).rejects.toEqual(
      problem('policy.wrongDates'),
    )
  }),
)
