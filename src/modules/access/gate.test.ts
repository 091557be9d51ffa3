// The gate told through the door: entrances, a verdict by pass, code and room, the register, late phones, incidents, counts.
import { describe, expect, test } from 'vitest'
import { sample, story, type Town } from '#app/testing.ts'
import { newId } from '#core/ids.ts'
import { Problem } from '#core/problem.ts'
import { clockAt, rules, settle } from '#modules/screening/town.testing.ts'
import * as api from './api.ts'
import { verdictAt } from './atGate.ts'
import * as gate from './gateApi.ts'
import { passages } from './passages.ts'

const { community, other } = sample
const { record, list, correct, withdraw } = passages.contracts
/** An entry of the register: a resident who passed, unless told otherwise. */
const told = <T extends object>(more: T) => ({ outcome: 'passed' as const, who: 'resident' as const, ...more })
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  )
const oncePerTwoDays = [{ kinds: ['household'], counts: 'household', period: 2, times: 1, windows: [], longest: 120 }] as const

async function begin(town: Town) {
  const homes = await settle(town.running.house, sample, [4, 2])
  const staff = town.as('communityStaff', community, '周干事')
  const guard = town.as('gateGuard', community, '门卫甲')
  const east = await staff.tell(gate.addGate, { name: '东门', placeName: '桂园小区' })
  return { homes, home: homes[0]!, staff, guard, guard2: town.as('gateGuard', community, '门卫乙'), east }
}
const ruled = (town: Town) => rules(town, { 'access.exits': oncePerTwoDays })

describe('entrances', () => {
  test(
    'four become one in one act with its notice, and the last one stays open',
    story(async (town) => {
      const { staff, guard, east } = await begin(town)
      for (const name of ['西门', '南门', '北门']) await staff.tell(gate.addGate, { name, placeName: '桂园小区' })
      await staff.tell(gate.addGate, { name: '村口', placeName: '杨村合作社', belongs: 'cooperative' })
      expect(await codeOf(staff.tell(gate.addGate, { name: '东门', placeName: '桂园小区' }))).toBe('access.gateThere')
      const id = newId()
      const done = await staff.tell(gate.keepOpen, { gate: east.id, document: '样例通告〔2026〕1号' }, { id })
      expect(done.rows.map((g) => [g.name, g.mode]).sort()).toEqual([
        ['东门', 'open'],
        ['北门', 'closed'],
        ['南门', 'closed'],
        ['西门', 'closed'],
      ])
      for (const word of ['样例通告〔2026〕1号', '只开放东门', '北门', '救护车']) expect(done.notice).toContain(word)
      expect(await staff.tell(gate.keepOpen, { gate: east.id, document: '样例通告〔2026〕1号' }, { id })).toEqual(done)
      const closing = { gate: east.id, name: '东门', mode: 'closed', document: null } as const
      expect(await codeOf(staff.tell(gate.changeGate, closing))).toBe('access.keepOne')
      expect(await codeOf(guard.tell(gate.changeGate, closing))).toBe('door.notAllowed')
      expect((await guard.ask(gate.gates, {})).rows.filter((g) => g.mode === 'open').map((g) => g.name)).toEqual(['村口', '东门'])
    }),
  )
})

describe('a verdict', () => {
  test(
    'is the same by pass, code and room; the second exit waits until the third day, and going home never does',
    story(async (town) => {
      const { home, staff, guard, east } = await begin(town)
      await ruled(town)
      const pass = await staff.tell(api.issue, { household: home.id })
      const text = (await staff.ask(api.cards, { pass: pass.id })).rows[0]!.text
      const first = await guard.ask(gate.check, { direction: 'out', pass: text })
      expect(first).toMatchObject({ verdict: { answer: 'allowed', why: 'within' }, card: null, pass: expect.any(String) })
      expect(first.found[0]!.people.map((p) => p.name)).toEqual(['赵**', '赵**'])
      expect(first.found[0]!.room).toContain('101')
      const row = await guard.tell(record, told({ gate: east.id, direction: 'out', pass: first.pass }))
      expect(row).toMatchObject({ gateName: '东门', name: '赵**', household: home.id, room: expect.stringContaining('101') })
      for (const asked of [
        { pass: text },
        { shortCode: pass.shortCode.toLowerCase() },
        { find: '1号楼 101' },
        { household: home.id },
      ]) {
        const second = await guard.ask(gate.check, { direction: 'out', ...asked })
        expect(second.verdict).toMatchObject({ answer: 'refused', why: 'quota', next: '2026-03-03T16:00:00.000Z' })
        expect(second.verdict.say.zh).toContain('样例文件〔2026〕1号')
        expect((await guard.ask(gate.check, { direction: 'in', ...asked })).verdict.answer).toBe('allowed')
        expect((await guard.ask(gate.check, { direction: 'out', emergency: true, ...asked })).verdict.why).toBe('emergency')
      }
      town.at('2026-03-03T16:00:00.000Z')
      expect((await guard.ask(gate.check, { direction: 'out', pass: text })).verdict.answer).toBe('allowed')
    }),
  )

  test(
    'on a stopped card asks for the person, who passes by room; forged and foreign texts name nobody',
    story(async (town) => {
      const { home, staff, guard } = await begin(town)
      const pass = await staff.tell(api.issue, { household: home.id })
      const text = (await staff.ask(api.cards, { pass: pass.id })).rows[0]!.text
      await staff.tell(api.stop, { pass: pass.id, why: 'lost' })
      const shown = await guard.ask(gate.check, { direction: 'out', pass: text })
      expect(shown).toMatchObject({ card: 'stopped', verdict: { answer: 'ask', why: 'card' } })
      const byRoom = await guard.ask(gate.check, { direction: 'out', household: home.id, pass: text })
      expect(byRoom.verdict.answer).toBe('allowed')
      const forged = text.slice(0, -4) + (text.endsWith('A000') ? 'B000' : 'A000')
      expect(await guard.ask(gate.check, { direction: 'out', pass: forged })).toMatchObject({
        found: [],
        verdict: { why: 'unknown' },
      })
      const foreign = await town.as('gateGuard', other).ask(gate.check, { direction: 'out', pass: text })
      expect(foreign).toMatchObject({ card: 'unknownKey', found: [], verdict: { answer: 'ask' } })
      expect((await guard.ask(gate.check, { direction: 'out', shortCode: '2222-222-2223' })).verdict.answer).toBe('ask')
      const visitor = await guard.ask(gate.check, { direction: 'in', visitor: true })
      expect(visitor.verdict).toMatchObject({ answer: 'ask', why: 'visitor' })
      expect((await guard.ask(gate.check, { direction: 'out', find: '0000' })).found.length).toBeGreaterThan(0)
    }),
  )

  test(
    'is the same on the set that a phone takes along, which names nobody in full',
    story(async (town) => {
      const { homes, home, guard, east } = await begin(town)
      await ruled(town)
      await guard.tell(record, told({ gate: east.id, direction: 'out', household: home.id }))
      const set = await guard.ask(gate.gateSet, { limit: 4 })
      expect([set.rows.length, set.total]).toEqual([4, homes.length])
      const rest = await guard.ask(gate.gateSet, { limit: 4, after: set.next! })
      const rows = [...set.rows, ...rest.rows]
      expect(new Set(rows.map((r) => r.reference)).size).toBe(homes.length)
      expect(JSON.stringify(rows)).not.toMatch(/大明|小红|138\d{8}/)
      const now = '2026-03-02T04:00:00.000Z'
      const out = { direction: 'out', who: 'resident', known: true } as const
      const of = (id: string) => rows.find((r) => r.household === id)!
      expect(verdictAt(of(home.id), set.rules, out, now)).toMatchObject({ answer: 'refused', document: '样例文件〔2026〕1号' })
      expect(verdictAt(of(homes[1]!.id), set.rules, out, now).answer).toBe('allowed')
      const own = [{ at: '2026-03-02T03:00:00.000Z', pass: null }]
      expect(verdictAt(of(homes[1]!.id), set.rules, out, now, own).why).toBe('quota')
      expect(verdictAt(undefined, set.rules, out, now)).toMatchObject({ answer: 'ask', why: 'unknown' })
    }),
  )

  test('of a household where one is bound asks who it is; what could not be asked is unknown', () => {
    const bound = [{ document: '观字1号', until: '2026-03-09' }]
    const row = {
      household: newId(),
      reference: '00',
      room: '101',
      passes: [],
      exits: [],
      people: [
        { person: newId(), name: '赵**', bound },
        { person: newId(), name: '钱**', bound: [] },
      ],
    }
    const free = {
      exits: { rules: [], document: null },
      visitors: { rule: 'asked', document: null },
      hotline: '12345',
      feverAt: 37.3,
    } as const
    const [one, two] = row.people
    const now = '2026-03-02T04:00:00.000Z'
    const out = (person?: string) =>
      verdictAt(row, free as never, { direction: 'out', who: 'resident', known: true, person }, now)
    expect(out()).toMatchObject({ answer: 'ask', why: 'unknown' })
    expect(out(one!.person)).toMatchObject({ answer: 'refused', document: '观字1号' })
    expect(out(two!.person).answer).toBe('allowed')
    const unknown = { ...row, people: row.people.map((p) => ({ ...p, bound: null })) }
    expect(verdictAt(unknown, free as never, { direction: 'out', who: 'resident', person: one!.person }, now).why).toBe('unknown')
  })
})

describe('the register', () => {
  test(
    'keeps refusals with their document, no identity numbers, and is mended like every ledger',
    story(async (town) => {
      const { home, staff, guard, east } = await begin(town)
      const out = { gate: east.id, direction: 'out', household: home.id } as const
      expect(await codeOf(guard.tell(record, told({ ...out, outcome: 'refused' })))).toBe('access.refusalNeedsDocument')
      await guard.tell(record, told({ ...out, outcome: 'refused', document: '样例文件〔2026〕1号', why: 'quota' }))
      expect(await codeOf(guard.tell(record, told({ ...out, remarks: '340802196001011234' })))).toBe('door.unreadable')
      expect(await codeOf(guard.tell(record, told({ ...out, gate: newId() })))).toBe('access.unknownGate')
      const visitor = await guard.tell(
        record,
        told({
          gate: east.id,
          direction: 'in',
          who: 'visitor',
          name: '来访者',
          visits: '探亲',
          temperature: 36.5,
          codeColour: 'green',
          codeIssuer: '省健康码',
          travel: 'car',
          plate: '鄂A12345',
          accompanying: 2,
        }),
      )
      await guard.tell(correct, {
        replaces: visitor.id,
        reason: '人数记错',
        entry: { gate: east.id, direction: 'in', outcome: 'passed', who: 'visitor', name: '来访者', accompanying: 1 },
      })
      const wrong = await guard.tell(record, told(out))
      await staff.tell(withdraw, { replaces: wrong.id, reason: '重复' })
      const page = await guard.ask(list, {})
      expect(page.rows.map((r) => [r['who'], r['outcome'], r['accompanying']]).sort()).toEqual([
        ['resident', 'refused', null],
        ['visitor', 'passed', 1],
      ])
      expect(page.rows.find((r) => r['who'] === 'visitor')!['name']).toBe('来**')
      expect((await town.as('gateGuard', other).ask(list, {})).total).toBe(0)
    }),
  )

  test(
    'two gates that let the same quota out without a network are found when the second one arrives',
    story(async (town) => {
      const { home, staff, guard, guard2, east } = await begin(town)
      await ruled(town)
      const west = await staff.tell(gate.addGate, { name: '西门', placeName: '桂园小区' })
      town.at('2026-03-02T06:00:00.000Z')
      const late = (at: string, where: string) => ({ gate: where, direction: 'out' as const, household: home.id, at })
      const send = ({ at, ...entry }: ReturnType<typeof late>) => ({
        entry,
        how: { clock: clockAt(at), sentAt: '2026-03-02T06:00:00.000Z' },
      })
      const second = send(late('2026-03-02T02:10:00.000Z', west.id))
      await guard2.tell(record, told(second.entry), second.how)
      expect((await staff.ask(gate.incidents, {})).total).toBe(0)
      const first = send(late('2026-03-02T02:00:00.000Z', east.id))
      const row = await guard.tell(record, told(first.entry), { ...first.how, id: newId() })
      const page = await staff.ask(gate.incidents, { kind: 'twice' })
      expect(page.rows).toMatchObject([{ passage: row.id, gateName: '东门', state: 'open' }])
      const closed = await staff.tell(gate.closeIncident, { incident: page.rows[0]!.id, said: '两人分别外出，已提醒' })
      expect(closed).toMatchObject({ state: 'closed', closedByName: expect.any(String) })
      expect(await codeOf(staff.tell(gate.closeIncident, { incident: closed.id, said: '再次' }))).toBe('access.incidentClosed')
    }),
  )

  test(
    'fever that stays after a recheck, an emergency, too long outside, a rushed gate: each an incident, and all in the hours',
    story(async (town) => {
      const { homes, home, staff, guard, east } = await begin(town)
      await ruled(town)
      const here = { gate: east.id }
      await guard.tell(record, told({ ...here, direction: 'out', household: home.id }))
      await guard.tell(record, told({ ...here, direction: 'in', household: homes[1]!.id, temperature: 37.6, recheck: 36.6 }))
      await guard.tell(record, told({ ...here, direction: 'in', household: homes[2]!.id, temperature: 37.6, recheck: 37.5 }))
      await guard.tell(record, told({ ...here, direction: 'out', household: homes[3]!.id, outcome: 'emergency' }))
      const rush = newId()
      await guard.tell(gate.raise, { ...here, kind: 'rushed' }, { id: rush })
      await guard.tell(gate.raise, { ...here, kind: 'rushed' }, { id: rush })
      town.at('2026-03-02T05:00:00.000Z')
      await guard.tell(record, told({ ...here, direction: 'in', household: home.id }))
      const kinds = (await staff.ask(gate.incidents, {})).rows.map((r) => r.kind).sort()
      expect(kinds).toEqual(['emergency', 'rushed', 'temperature', 'tooLong'])
      const { rows } = await guard.ask(gate.hourly, {})
      const sum = (key: 'in' | 'out' | 'emergencies' | 'abnormal' | 'people') => rows.reduce((n, r) => n + r[key], 0)
      expect([sum('in'), sum('out'), sum('emergencies'), sum('abnormal'), sum('people')]).toEqual([3, 2, 1, 1, 5])
      expect(rows.every((r) => r.gateName === '东门')).toBe(true)
      expect(await codeOf(guard.ask(gate.incidents, {}))).toBe('door.notAllowed')
    }),
  )
})
