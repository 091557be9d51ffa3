// The fever path and the doubts told through the door: each step with its owner and clock, evidence, certificate; a flag that changes nobody's status.
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { sample, story, type Person, type Town } from '#app/testing.ts'
import { addFile } from '#core/files.ts'
import { newId, type Id } from '#core/ids.ts'
import { Problem } from '#core/problem.ts'
import { countByGrid, indicators, sumFigures } from '#server/indicators.ts'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import * as duties from '#modules/duties/api.ts'
import { inbox } from '#modules/outreach/api.ts'
import * as residents from '#modules/residents/api.ts'
import { rules } from '#modules/screening/town.testing.ts'
import * as api from './api.ts'
import { at, begin, day1, measured } from './town.testing.ts'

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  )
const duty = async (who: Person, kind: string) =>
  (await who.ask(duties.today, { kind })).rows
    .filter((r) => r.state !== 'done')
    .map(({ slot, state, dueAt }) => `${slot} ${state} ${dueAt.slice(11, 16)}`)
const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF').toString('base64')

async function figures(town: Town, day = day1): Promise<Record<string, number | null>> {
  return town.running.house.within(sample.community, async (tx) => {
    const found: Record<string, number | null> = {}
    for (const one of town.running.house.offered(indicators).filter((i) => i.key.startsWith('monitoring.'))) {
      const all = sumFigures(one, await countByGrid(tx, one, { community: sample.community, day, until: `${day}T15:59:59.999Z` }))
      found[one.key.slice('monitoring.'.length)] = all[one.main]
    }
    return found
  })
}

/** 38.1 ℃ told by the person, 38.0 measured by the worker half an hour later: waiting for the report. */
async function feverish(town: Town, { worker, first }: Awaited<ReturnType<typeof begin>>): Promise<Id> {
  at(town, day1, '08:00')
  const { episode } = await worker.tell(api.record, measured(first, 38.1, { how: 'self', symptoms: null }))
  at(town, day1, '08:20')
  await worker.tell(api.record, measured(first, 38.0))
  return episode!
}

describe('the fever path', () => {
  test(
    'from 38.1 at home to the clinic and back, each step with its clock, its paper and its owner',
    story(async (town) => {
      const begun = await begin(town)
      const { worker, medic, staff, secretary, first, other } = begun
      at(town, day1, '08:00')
      const { episode, fever, slot } = await worker.tell(api.record, measured(first, 38.1, { how: 'self', symptoms: null }))
      expect({ fever, slot }).toEqual({ fever: true, slot: 'morning' })
      expect(await duty(worker, 'monitoring.recheck')).toEqual(['recheck open 00:30'])
      expect(await codeOf(staff.tell(api.report, { episode: episode!, whom: '社区卫生服务中心' }))).toBe('monitoring.wrongState')

      at(town, day1, '08:20')
      const again = await worker.tell(api.record, measured(first, 38.0))
      expect(again).toMatchObject({ episode, flags: [], slot: null })
      expect(await duty(worker, 'monitoring.recheck')).toEqual([])
      expect(await duty(secretary, 'monitoring.feverPath')).toEqual(['confirmed open 01:20'])
      expect(await codeOf(other.ask(api.episode, { episode: episode! }))).toBe('scope.outOfReach')

      await staff.tell(api.report, { episode: episode!, whom: '桂园社区卫生服务中心' })
      at(town, day1, '09:40')
      expect(await duty(secretary, 'monitoring.feverPath')).toEqual(['reported overdue 01:20'])
      const referred = await staff.tell(api.refer, { episode: episode!, whom: '市一院发热门诊', transport: 'ambulance' })
      expect(referred.steps.at(-1)).toMatchObject({ verb: 'refer', late: true, said: '救护车' })
      await medic.tell(api.handOver, { episode: episode!, whom: '市一院发热门诊 预检台' })

      at(town, '2026-03-03', '09:00')
      const enter = { episode: episode!, result: 'excluded', document: '检〔2026〕88号' } as const
      expect(await codeOf(medic.tell(api.result, enter))).toBe('monitoring.evidenceNeeded')
      const file = newId()
      await medic.tell(addFile, { of: 'monitoring', content: pdf }, { id: file })
      await medic.tell(api.result, { ...enter, evidence: [file] })
      expect(await codeOf(worker.tell(api.decide, { episode: episode!, to: 'goBack' }))).toBe('door.notAllowed')
      expect(await codeOf(medic.tell(api.decide, { episode: episode!, to: 'becomeCase' }))).toBe('monitoring.resultSaysOtherwise')
      const done = await medic.tell(api.decide, { episode: episode!, to: 'goBack' })
      expect(done).toMatchObject({ state: 'backToObservation', certificate: '排热〔2026〕1号', dueAt: null, firstValue: 38.1 })
      expect(done.steps.map((s) => s.verb)).toEqual(['open', 'confirm', 'report', 'refer', 'handOver', 'result', 'goBack'])
      expect(await duty(secretary, 'monitoring.feverPath')).toEqual([])
      expect(await medic.ask(api.certificate, { episode: episode! })).toMatchObject({
        number: '排热〔2026〕1号',
        name: '赵大明',
        clinic: '市一院发热门诊 预检台',
        result: 'excluded',
        document: '检〔2026〕88号',
        issuedOn: '2026-03-03',
        goesBack: true,
      })
      const { sections } = await worker.ask(residents.person, { person: first })
      expect(sections.find((s) => s.key === 'monitoring.checks')!.rows[0]!.what.zh).toBe('发热处置：继续观察')
      expect((await worker.ask(api.episodes, {})).rows.map((r) => [r.state, r.late])).toEqual([['backToObservation', false]])
    }),
  )

  test(
    'a normal second measurement by staff ends it; one after medicine, by phone or without asking for symptoms does not',
    story(async (town) => {
      const { worker, first } = await begin(town)
      const stateNow = async () => (await worker.ask(api.episodes, {})).rows[0]!.state
      at(town, day1, '08:00')
      await worker.tell(api.record, measured(first, 37.6))
      at(town, day1, '08:30')
      await worker.tell(api.record, measured(first, 36.6, { how: 'phone' }))
      await worker.tell(api.record, measured(first, 36.6, { medication: '布洛芬' }))
      await worker.tell(api.record, measured(first, 36.6, { symptoms: null }))
      expect(await stateNow()).toBe('recheck')
      await worker.tell(api.record, measured(first, 36.6))
      expect(await stateNow()).toBe('closedNotFever')
      at(town, day1, '15:00')
      expect((await worker.tell(api.record, measured(first, 36.5, { symptoms: ['breathless'] }))).episode).not.toBe(null)
      expect((await worker.ask(api.episodes, { open: true })).rows[0]).toMatchObject({ state: 'recheck', reasons: ['symptoms'] })
    }),
  )

  test(
    'a confirmed result becomes a case and has no certificate; numbers have no gaps',
    story(async (town) => {
      const begun = await begin(town)
      const { worker, secretary, second } = begun
      const path = async (episode: Id, result: 'confirmed' | 'otherIllness', to: 'becomeCase' | 'clear') => {
        await worker.tell(api.report, { episode, whom: '区疾控中心' })
        await worker.tell(api.refer, { episode, whom: '市一院发热门诊', transport: 'own' })
        await worker.tell(api.handOver, { episode, whom: '市一院' })
        await worker.tell(api.result, { episode, result, without: '电话告知，书面报告未到' })
        return secretary.tell(api.decide, { episode, to })
      }
      const ill = await path(await feverish(town, begun), 'confirmed', 'becomeCase')
      expect(ill).toMatchObject({ state: 'becameCase', certificate: null })
      expect(await codeOf(secretary.ask(api.certificate, { episode: ill.id }))).toBe('monitoring.notCleared')
      expect(await path(await feverish(town, { ...begun, first: second }), 'otherIllness', 'clear')).toMatchObject({
        certificate: '排热〔2026〕1号',
      })
    }),
  )

  test(
    'the check that opened it is withdrawn: it goes with it, and its duty too',
    story(async (town) => {
      const { worker, first } = await begin(town)
      at(town, day1, '08:00')
      const wrong = await worker.tell(api.record, measured(first, 38.6))
      await worker.tell(api.withdraw, { replaces: wrong.id, reason: '输错了' })
      expect((await worker.ask(api.episodes, {})).rows.map((r) => r.state)).toEqual(['closedNotFever'])
      expect(await duty(worker, 'monitoring.recheck')).toEqual([])
    }),
  )

  test(
    'whoever is to act hears of it, and the news names nobody',
    story(async (town) => {
      const begun = await begin(town)
      const identity = await hired(town)
      await feverish(town, begun)
      await town.drain()
      const rows = (await identity.ask(inbox, {})).rows
      expect(rows.map((r) => r.title.zh)).toEqual(
        expect.arrayContaining(['复测仍异常，请报告并安排就诊', '有人体温或症状异常，请尽快复测']),
      )
      expect(JSON.stringify(rows)).not.toContain('赵')
    }),
  )
})

async function hired(town: Town) {
  const { createAccount } = await import('#modules/identity/server.ts')
  const identity = town.as('communitySecretary', sample.community, '在任书记')
  const account = await createAccount(town.running.house, {
    area: sample.community,
    username: 'secretary9',
    name: '在任书记',
    assignments: [{ role: 'communitySecretary', area: sample.community }],
  })
  Object.assign(identity.who, { account })
  return identity
}

describe('doubts', () => {
  test(
    'an impossible value closes no slot, is no fever, and asks for a look; a check of staff settles it',
    story(async (town) => {
      const { worker, first } = await begin(town)
      at(town, day1, '08:00')
      const odd = await worker.tell(api.record, measured(first, 49.9, { how: 'self' }))
      expect(odd).toMatchObject({ flags: ['impossible'], fever: false, slot: null, episode: null })
      expect(await duty(worker, 'monitoring.verify')).toEqual(['day open 12:00'])
      expect((await worker.ask(api.flags, {})).rows).toMatchObject([{ name: '赵大明', values: [49.9], why: ['impossible'] }])
      at(town, day1, '09:00')
      expect(await worker.tell(api.record, measured(first, 36.9))).toMatchObject({ flags: [], slot: 'morning' })
      expect((await worker.ask(api.flags, {})).total).toBe(0)
      expect(await duty(worker, 'monitoring.verify')).toEqual([])
      expect((await worker.ask(api.flags, { state: 'settled' })).rows[0]).toMatchObject({ settledCheck: expect.any(String) })
    }),
  )

  test(
    'two too close, and many identical ones, are flagged once and settled in words; nobody’s status changes',
    story(async (town) => {
      const { worker, secretary, first } = await begin(town)
      await rules(town, { 'monitoring.doubts': { lowest: 34, highest: 43, minutesApart: 60, streak: 4, by: '20:00' } })
      at(town, day1, '11:50')
      await worker.tell(api.record, measured(first, 36.5, { how: 'self' }))
      at(town, day1, '12:10')
      expect(await worker.tell(api.record, measured(first, 36.5, { how: 'self' }))).toMatchObject({ flags: ['tooClose'] })
      const [flag] = (await secretary.ask(api.flags, {})).rows
      await secretary.tell(api.settleFlag, { flag: flag!.id, why: '家属量了两遍' })
      expect((await secretary.ask(api.flags, {})).total).toBe(0)
      const flagsOn = async (day: string) => {
        at(town, day, '09:00')
        return (await worker.tell(api.record, measured(first, 36.4, { how: 'self' }))).flags
      }
      expect([
        await flagsOn('2026-03-03'),
        await flagsOn('2026-03-04'),
        await flagsOn('2026-03-05'),
        await flagsOn('2026-03-06'),
      ]).toEqual([[], [], [], ['streak']])
      expect((await worker.ask(api.episodes, {})).total).toBe(0)
    }),
  )

  test(
    'a forehead reads low: below the threshold it is measured again under the arm',
    story(async (town) => {
      const { worker, first } = await begin(town)
      const usual = { feverAt: null, againAt: null }
      await rules(town, {
        'monitoring.sites': { armpit: usual, ear: usual, forehead: { feverAt: 37.0, againAt: 36.5 }, other: usual },
      })
      at(town, day1, '08:00')
      expect(await worker.tell(api.record, measured(first, 36.6, { measuredHow: 'forehead' }))).toMatchObject({
        flags: ['unsureSite'],
        threshold: 37,
        fever: false,
        slot: 'morning',
      })
      at(town, day1, '08:10')
      await worker.tell(api.record, measured(first, 36.6, { measuredHow: 'forehead' }))
      expect((await worker.ask(api.flags, {})).total).toBe(1)
      await worker.tell(api.record, measured(first, 37.4))
      expect((await worker.ask(api.flags, {})).total).toBe(0)
      expect((await worker.ask(api.episodes, {})).total).toBe(1)
    }),
  )

  test(
    'what a withdrawn check had settled is open again',
    story(async (town) => {
      const { worker, first } = await begin(town)
      at(town, day1, '08:00')
      await worker.tell(api.record, measured(first, 30, { how: 'self' }))
      at(town, day1, '09:00')
      const seen = await worker.tell(api.record, measured(first, 36.5))
      await worker.tell(api.withdraw, { replaces: seen.id, reason: '记错了人' })
      expect((await worker.ask(api.flags, {})).total).toBe(1)
      expect(await duty(worker, 'monitoring.verify')).toEqual(['day open 12:00'])
    }),
  )
})

test(
  'the round lists who is to be checked in the order of a walk, with slots, last values and what waits',
  story(async (town) => {
    const { worker, secretary, first, second, third } = await begin(town)
    at(town, day1, '08:00')
    await worker.tell(api.record, measured(first, 38.2, { symptoms: ['cough'] }))
    const round = await worker.ask(api.round, {})
    expect(round.rows.map((r) => r.id)).toEqual([first, second])
    expect(round.rows[0]).toMatchObject({
      name: '赵大明',
      room: '101',
      episode: 'recheck',
      last: { value: 38.2, symptoms: ['cough'] },
    })
    expect(
      round.rows[0]!.slots.filter((s) => s.kind === 'monitoring.temperature').map((s) => [
        s.slot,
        s.state,
        s.check?.value ?? null,
      ]),
    ).toEqual([
      ['morning', 'done', 38.2],
      ['evening', 'later', null],
    ])
    expect(round.rules).toMatchObject({ feverAt: 37.3 })
    const left = await secretary.ask(api.round, { left: true, limit: 2 })
    expect([left.total, left.rows.map((r) => r.id)]).toEqual([3, [first, second]])
    expect((await secretary.ask(api.round, { left: true, limit: 2, after: left.next! })).rows.map((r) => r.id)).toEqual([third])
  }),
)

test(
  'the ledger filters, its sheet has morning and afternoon side by side, and the figures count from the same rows',
  story(async (town) => {
    const { worker, secretary, first, second, order } = await begin(town)
    at(town, day1, '08:00')
    await worker.tell(api.record, measured(first, 36.4))
    await worker.tell(api.record, measured(second, 37.9, { how: 'self' }))
    at(town, day1, '16:00')
    await worker.tell(api.record, measured(first, 36.8, { symptoms: ['cough'], how: 'phone' }))
    expect((await secretary.ask(api.list, { fever: true })).rows.map((r) => r.value)).toEqual([37.9])
    const page = await secretary.ask(api.list, { limit: 2 })
    expect([page.total, page.rows.length, (await secretary.ask(api.list, { limit: 2, after: page.next! })).rows.length]).toEqual([
      3, 2, 1,
    ])

    const sheet = (
      await readWorkbook(await secretary.fetch(api.exportChecks, { full: true, purpose: '存档' }))
    ).sheets[0]!.rows.map((r) => r.cells.map((c) => c.text))
    const line = sheet.find((row) => row.includes('赵大明'))!
    expect(line).toEqual(expect.arrayContaining(['2026-03-02', '08:00', '36.4', '16:00', '36.8', '咳嗽', '上门、电话']))
    expect(sheet.flat()).toContain('发热，见发热处置')

    at(town, day1, '23:00')
    // Three persons, two windows each: the morning of the third, the evenings of the second and third were missed.
    expect(await figures(town)).toEqual({ checksDone: 3, missedChecks: 3, fever: 1, openEpisodes: 1 })
    const { rows } = await sql<{
      n: number
    }>`select count(*)::int as n from duties_doings where record_kind = 'monitoring.check'`.execute(town.admin)
    expect([rows[0]!.n, typeof order]).toEqual([3, 'string'])
  }),
)
