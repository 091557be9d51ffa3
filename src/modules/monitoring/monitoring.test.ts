// Checks told through the door: a check closes its slot, is mended, repeats what was said, raises doubts, and begins the fever path.
import { describe, expect, test } from 'vitest'
import { sample, story, type Town } from '#app/testing.ts'
import { instantAt } from '#core/dates.ts'
import { newId, type Id } from '#core/ids.ts'
import { Problem } from '#core/problem.ts'
import { rules } from '#modules/screening/town.testing.ts'
import * as duties from '#modules/duties/api.ts'
import * as api from './api.ts'
import { checksOf, openEpisodes } from './server.ts'
import { at, begin, day1, measured } from './town.testing.ts'

type Begun = Awaited<ReturnType<typeof begin>>
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  )

/** Slots of today of one kind, of one person. */
const slotsOf = async (who: Begun['worker'], person: Id, kind = 'monitoring.temperature') =>
  (await who.ask(duties.today, { kind })).rows
    .filter((r) => r.subject === person)
    .map((r) => `${r.slot} ${r.state}`)
    .toSorted()
const kept = (town: Town, person: Id) =>
  town.running.house.within(sample.community, (tx) =>
    checksOf(tx, {
      community: sample.community,
      persons: [person],
      from: instantAt('2026-03-01'),
      until: instantAt('2026-03-20'),
    }),
  )
const episodeOf = (town: Town, person: Id) =>
  town.running.house.within(sample.community, async (tx) => (await openEpisodes(tx, [person])).get(person))

describe('a check', () => {
  test(
    'closes the slot of its window, keeps how it was learned and who saw it, and is done once',
    story(async (town) => {
      const { worker, first, officer, other } = await begin(town)
      at(town, day1, '08:00')
      const id = newId()
      const row = await worker.tell(api.record, measured(first, 36.5), { id })
      expect(row).toMatchObject({
        id,
        person: first,
        value: 36.5,
        unit: '℃',
        threshold: 37.3,
        fever: false,
        flags: [],
        how: 'door',
        verifier: worker.who.account,
        day: day1,
        slot: 'morning',
        episode: null,
      })
      expect(await worker.tell(api.record, measured(first, 36.5), { id })).toEqual(row)
      expect(await slotsOf(worker, first)).toEqual(['evening later', 'morning done'])
      at(town, day1, '15:00')
      const told = await worker.tell(api.record, measured(first, 36.6, { how: 'proxy', proxyName: '女儿', symptoms: null }))
      expect(told).toMatchObject({ slot: 'evening', verifier: null, symptoms: null, proxyName: '女儿' })
      expect((await worker.ask(api.checks, { person: first })).rows.map((r) => r.value)).toEqual([36.6, 36.5])
      expect(await codeOf(other.tell(api.record, measured(first, 36.5)))).toBe('scope.outOfReach')
      expect(await codeOf(officer.ask(api.checks, { community: sample.community, person: first }))).toBe('door.notAllowed')
    }),
  )

  test(
    'outside any duty is fine; without a number, or with a symptom nobody knows, it is refused',
    story(async (town) => {
      const { worker, homes } = await begin(town)
      const child = homes[0]!.people[1]!
      expect(await worker.tell(api.record, measured(child, 36.4))).toMatchObject({ day: null, slot: null })
      expect(await codeOf(worker.tell(api.record, measured(child, 36.4, { value: null })))).toBe('monitoring.measured')
      expect(await codeOf(worker.tell(api.record, measured(child, 36.4, { symptoms: ['hiccups'] })))).toBe(
        'monitoring.unknownSymptom',
      )
      expect(await codeOf(worker.tell(api.record, measured(child, 36.4, { kind: 'aura' })))).toBe('monitoring.unknownKind')
      expect(await codeOf(worker.tell(api.record, { person: newId(), how: 'door', value: 36.5 }))).toBe('residents.unknownPerson')
    }),
  )

  test(
    'of another disease has another shape: counts and results come from the rules',
    story(async (town) => {
      const { worker, first } = await begin(town)
      await rules(town, {
        'monitoring.kinds': [
          {
            key: 'waterContainers',
            title: { zh: '积水容器', en: 'Standing water' },
            measured: true,
            unit: { zh: '处', en: 'places' },
            results: [],
            symptoms: false,
          },
          {
            key: 'testResult',
            title: { zh: '检测', en: 'Test' },
            measured: false,
            unit: null,
            symptoms: false,
            results: [
              { key: 'negative', title: { zh: '阴性', en: 'Negative' } },
              { key: 'positive', title: { zh: '阳性', en: 'Positive' } },
            ],
          },
        ],
      })
      expect(await worker.tell(api.record, { person: first, kind: 'waterContainers', value: 3, how: 'door' })).toMatchObject({
        value: 3,
        unit: '处',
        fever: false,
      })
      expect(await codeOf(worker.tell(api.record, { person: first, kind: 'testResult', how: 'phone' }))).toBe(
        'monitoring.resultNeeded',
      )
      expect(
        await worker.tell(api.record, { person: first, kind: 'testResult', result: 'negative', how: 'phone' }),
      ).toMatchObject({ result: 'negative' })
    }),
  )

  test(
    'says the same as this morning of symptoms, never of a temperature',
    story(async (town) => {
      const { worker, first, second } = await begin(town)
      at(town, day1, '08:00')
      const morning = await worker.tell(api.record, measured(first, 36.5, { symptoms: ['cough'] }))
      at(town, day1, '15:00')
      const again = { person: first, how: 'phone', sameAs: morning.id } as const
      expect(await codeOf(worker.tell(api.record, again))).toBe('monitoring.measured')
      expect(await worker.tell(api.record, { ...again, kind: 'symptoms' })).toMatchObject({
        symptoms: ['cough'],
        sameAs: morning.id,
        value: null,
      })
      expect(await worker.tell(api.record, { ...again, value: 36.7 })).toMatchObject({
        symptoms: ['cough'],
        value: 36.7,
        slot: 'evening',
      })
      expect(await codeOf(worker.tell(api.record, { ...again, person: second, value: 36.7 }))).toBe('monitoring.nothingToRepeat')
      expect(await codeOf(worker.tell(api.record, { ...again, value: 36.7, symptoms: [] }))).toBe('door.unreadable')
    }),
  )
})

describe('mending', () => {
  test(
    'a withdrawn check opens its slot; a later one of the same window closes it',
    story(async (town) => {
      const { worker, colleague, secretary, first } = await begin(town)
      at(town, day1, '08:00')
      const wrong = await worker.tell(api.record, measured(first, 36.5))
      at(town, day1, '10:00')
      const later = await worker.tell(api.record, measured(first, 36.8))
      expect(later.slot).toBe(null)
      expect(await codeOf(colleague.tell(api.withdraw, { replaces: wrong.id, reason: '记错了人' }))).toBe('facts.notYours')
      expect(await secretary.tell(api.withdraw, { replaces: wrong.id, reason: '记错了人' })).toMatchObject({
        withdrawn: true,
        day: null,
      })
      expect((await kept(town, first)).map((r) => [r.value, r.slot])).toEqual([[36.8, 'morning']])
      await worker.tell(api.withdraw, { replaces: later.id, reason: '也记错了' })
      expect(await slotsOf(worker, first)).toEqual(['evening later', 'morning open'])
      await worker.tell(api.record, measured(first, 36.6))
      expect(await slotsOf(worker, first)).toEqual(['evening later', 'morning done'])
    }),
  )

  test(
    'a corrected value stays in its slot; a corrected time goes to the other',
    story(async (town) => {
      const { worker, first } = await begin(town)
      at(town, day1, '15:00')
      const row = await worker.tell(api.record, measured(first, 36.5))
      expect(row.slot).toBe('evening')
      const { person: _, ...entry } = measured(first, 36.9)
      const mended = await worker.tell(api.correct, { replaces: row.id, reason: '看错', entry })
      expect(mended).toMatchObject({ root: row.id, value: 36.9, slot: 'evening' })
      const moved = await worker.tell(api.correct, {
        replaces: mended.id,
        reason: '是上午测的',
        entry: { ...entry, occurredAt: instantAt(day1, '09:00') },
      })
      expect(moved).toMatchObject({ slot: 'morning', countedOn: day1, occurredAt: instantAt(day1, '09:00') })
      expect(await slotsOf(worker, first)).toEqual(['evening open', 'morning done'])
    }),
  )
})

test(
  'an episode opens itself at the threshold, and only then',
  story(async (town) => {
    const { worker, first, second } = await begin(town)
    at(town, day1, '08:00')
    await worker.tell(api.record, measured(first, 37.2))
    expect(await episodeOf(town, first)).toBeUndefined()
    const hot = await worker.tell(api.record, measured(second, 37.3, { how: 'self' }))
    expect(hot).toMatchObject({ fever: true, episode: await episodeOf(town, second) })
  }),
)
