// Stories of oversight: which looks are listed first and why, what a resident may be told, and how rows leave the house.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { sample, story, type Person, type Town } from '#app/testing.ts'
import type { Contract, Input } from '#core/contract.ts'
import { newId, type Id } from '#core/ids.ts'
import type { ExportStarted } from '#core/exports.ts'
import { rounds } from '#modules/disinfection/api.ts'
import { unmask, person as dossier } from '#modules/residents/api.ts'
import * as screening from '#modules/screening/api.ts'
import { begin, reached, rules } from '#modules/screening/town.testing.ts'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import { readDirectory, unpack } from '#server/spreadsheet/zip.ts'
import * as api from './api.ts'

const { community, county, street, grid } = sample
const refusal = (code: string) => expect.objectContaining({ code })
const textsOf = async (bytes: Uint8Array) => (await readWorkbook(bytes)).sheets[0]!.rows.map((r) => r.cells.map((c) => c.text))
const partOf = (bytes: Uint8Array, part: string) =>
  Buffer.from(
    unpack(
      bytes,
      readDirectory(bytes).find((one) => one.name === part)!,
    ),
  ).toString()

/** Asks for an export that is not made at once. */
async function started<C extends Contract<'download'>>(who: Person, contract: C, input: Input<C>, id: Id = newId()) {
  const response = await who.raw(contract.name, { input }, { id })
  expect(response.status).toBe(202)
  return ((await response.json()) as ExportStarted).export
}
const watch = (town: Town) => ({ auditor: town.as('auditor', county, '周审计') })
const runOf = async (who: Person, id: Id) => (await who.ask(api.exports, {})).rows.find((r) => r.id === id)!

test(
  'looks outside the hours, the area and the work come first, each with its reason; the rest is no matter for questions',
  story(async (town) => {
    const { homes, campaign, worker, secretary } = await begin(town, [2, 1])
    const { auditor } = watch(town)
    const [near, , far] = homes
    await worker.tell(screening.recordAttempt, reached(campaign, near!, 'phone'))
    await worker.ask(unmask, { person: near!.people[0]!, what: 'phone', purpose: '电话回访' })
    expect((await auditor.ask(api.acts, { unusual: true })).rows).toEqual([])

    await secretary.ask(unmask, { person: far!.people[0]!, what: 'phone', purpose: '随便看看' })
    town.at('2026-03-02T15:30:00.000Z')
    await worker.ask(unmask, { person: near!.people[0]!, what: 'phone', purpose: '夜间核对' })
    const first = await auditor.ask(api.acts, { unusual: true })
    expect(first.total).toBe(2)
    expect(first.rows.map((r) => [r.purpose, r.reasons, r.persons, r.what.zh])).toEqual([
      ['夜间核对', ['hours'], 1, '查看完整内容'],
      ['随便看看', ['noDealing'], 1, '查看完整内容'],
    ])
    const only = await auditor.ask(api.acts, { unusual: true, reason: 'hours', limit: 1 })
    expect([only.total, only.rows.length]).toEqual([1, 1])

    // The dwelling is given to the other grid: whoever looks now looks outside his own.
    await sql`insert into territory_dwelling_grids (community, id, subject, since, recorded_at, recorded_by, grid)
    values (${community}, ${newId()}, ${near!.dwelling}, now() - interval '1 year' + interval '3 years', now(), ${newId()}, ${sample.grid2})`.execute(
      town.admin,
    )
    await sql`insert into audit_looks (community, person, audit, at)
    select community, ${near!.people[1]!}, id, at from audit_log where purpose = '夜间核对'`.execute(town.admin)
    const outside = await auditor.ask(api.acts, { reason: 'area' })
    expect(outside.rows.map((r) => [r.accountName, r.reasons.includes('area')])).toEqual(
      outside.rows.map((r) => [r.accountName, true]),
    )
    expect(outside.rows.some((r) => r.purpose === '夜间核对')).toBe(true)
  }),
)

test(
  'the log pages without gap or repeat, filters by account and operation, and is itself looked at',
  story(async (town) => {
    const { homes, campaign, worker, secretary, officer } = await begin(town, [2, 1])
    const { auditor } = watch(town)
    for (const home of homes.slice(0, 2)) await worker.tell(screening.recordAttempt, reached(campaign, home, 'phone'))
    await expect(
      worker.tell(screening.recordAttempt, { campaign: newId(), household: homes[0]!.id, how: 'phone', outcome: 'nobody' }),
    ).rejects.toThrow()
    const all = await auditor.ask(api.acts, { account: worker.who.account })
    expect(all.rows.map((r) => r.outcome)).toEqual(['refused', 'done', 'done'])
    const pages: string[] = []
    for (let after: string | undefined; ;) {
      const page = await auditor.ask(api.acts, { account: worker.who.account, limit: 1, ...(after ? { after } : {}) })
      expect(page.total).toBe(3)
      pages.push(...page.rows.map((r) => r.id))
      if (!page.next) break
      after = page.next
    }
    expect(pages).toEqual(all.rows.map((r) => r.id))
    expect((await auditor.ask(api.acts, { contract: 'screening.openCampaign' })).rows.map((r) => [r.what.zh, r.account])).toEqual(
      [['启动排查', secretary.who.account]],
    )
    // A secretary watches the own posts, neither the auditor nor the street above.
    await officer.ask(screening.campaigns, { community })
    await officer.fetch(screening.exportHouseholds, { community })
    const limited = (await secretary.ask(api.acts, {})).rows
    expect(limited.some((r) => r.role === 'auditor' || r.role === 'subdistrictOfficer')).toBe(false)
    expect(limited.some((r) => r.role === 'gridWorker')).toBe(true)
    expect((await auditor.ask(api.acts, { contract: 'oversight.acts' })).rows.length).toBeGreaterThan(3)
    await expect(worker.ask(api.acts, {})).rejects.toEqual(refusal('door.notAllowed'))
  }),
)

test(
  'a resident may be told who looked, when and what for, and hears of nobody else',
  story(async (town) => {
    const { homes, worker, secretary } = await begin(town, [2, 1])
    const { auditor } = watch(town)
    const [me, other] = homes[0]!.people
    await worker.ask(dossier, { person: me! })
    town.at('2026-03-02T02:00:00.000Z')
    await worker.ask(unmask, { person: me!, what: 'phone', purpose: '电话通知' })
    await worker.ask(dossier, { person: other! })
    for (const who of [secretary, auditor]) {
      const answer = await who.ask(api.history, { person: me!, community })
      expect(answer.rows.filter((r) => r.roleText.zh === '网格员').map((r) => [r.what.zh, r.purpose])).toEqual([
        ['查看完整内容', '电话通知'],
        ['一人一档', null],
      ])
      expect(JSON.stringify(answer)).not.toContain(other)
    }
    // The look at the history is a look at that person.
    expect(
      (await auditor.ask(api.history, { person: me!, community })).rows.filter((r) => r.roleText.zh === '审计员'),
    ).toHaveLength(1)
    const act = (await auditor.ask(api.acts, { contract: 'residents.unmask' })).rows[0]!
    expect((await auditor.ask(api.seen, { act: act.id, community })).rows).toEqual([{ id: me, community, name: '赵**' }])
  }),
)

test(
  'a file bears the day of its town, also in the first hours when the day is another one elsewhere',
  story(async (town) => {
    const { secretary } = await begin(town, [2, 1])
    town.at('2026-03-02T21:30:00.000Z')
    const answer = await secretary.raw('screening.exportHouseholds', { input: {} }, { id: newId() })
    await answer.arrayBuffer()
    expect(decodeURIComponent(answer.headers.get('content-disposition')!)).toContain('2026-03-03.xlsx')
  }),
)

test(
  'an export is masked; unmasked it names who, when, what for and its number in the footer and in a hidden cell',
  story(async (town) => {
    const { secretary, worker } = await begin(town, [2, 1])
    const { auditor } = watch(town)
    const masked = (await textsOf(await secretary.fetch(screening.exportHouseholds, {}))).flat()
    expect(masked).not.toContain('赵大明')
    expect(masked).not.toContain('101')
    await expect(worker.fetch(screening.exportHouseholds, { full: true, purpose: '自用' })).rejects.toEqual(
      refusal('exports.maskedOnly'),
    )
    const id = newId()
    const bytes = new Uint8Array(
      await (
        await secretary.raw('screening.exportHouseholds', { input: { full: true, purpose: '移交街道防控办' } }, { id })
      ).arrayBuffer(),
    )
    const hidden = (await readWorkbook(bytes)).sheets[0]!.rows.at(-1)!
    expect(hidden.hidden).toBe(true)
    const stamp = hidden.cells[0]!.text
    for (const word of ['孙书记', '2026-03-02T01:00:00.000Z', '移交街道防控办', id]) expect(stamp).toContain(word)
    const footer = partOf(bytes, 'xl/worksheets/sheet1.xml').match(/<oddFooter>(.*)<\/oddFooter>/)![1]!
    for (const word of ['孙书记', '移交街道防控办', id]) expect(footer).toContain(word)
    const register = await auditor.ask(api.exports, {})
    expect(
      register.rows.map((r) => [r.state, r.full, r.purpose, r.rows, r.persons, r.account === secretary.who.account]),
    ).toEqual([
      ['done', true, '移交街道防控办', 6, 6, true],
      ['done', false, null, 6, 6, true],
    ])
    const log = (await auditor.ask(api.acts, { contract: 'screening.exportHouseholds' })).rows
    expect(log.map((r) => [r.outcome, r.shown, r.persons, r.purpose])).toEqual([
      ['looked', 6, 6, '移交街道防控办'],
      ['refused', null, 0, null],
      ['looked', 6, 0, null],
    ])
  }),
)

test(
  'above the threshold somebody else must agree to exactly this request, in time and once; only the asker gets the file',
  story(async (town) => {
    const { homes, secretary, officer, worker } = await begin(town, [6, 4])
    await rules(town, { 'oversight.secondPersonAbove': 10 })
    const other = town.as('communitySecretary', community, '另一位书记')
    const ask = { full: true, purpose: '移交街道防控办' } as const
    await town.drain()
    const run = await started(secretary, screening.exportHouseholds, ask)
    expect(run).toMatchObject({ state: 'waiting', persons: 20, purpose: '移交街道防控办', full: true })
    expect(await town.drain()).toBe(0)
    await expect(secretary.tell(api.approveExport, { export: run.id })).rejects.toEqual(refusal('exports.notYourself'))
    await expect(worker.tell(api.approveExport, { export: run.id })).rejects.toEqual(refusal('door.notAllowed'))
    await officer.tell(api.approveExport, { export: run.id, remark: '同意' })
    await expect(other.tell(api.approveExport, { export: run.id })).rejects.toEqual(refusal('exports.wrongState'))
    await town.drain()
    expect(await runOf(secretary, run.id)).toMatchObject({
      state: 'ready',
      rows: 20,
      decidedByName: expect.any(String),
      mayFetch: true,
    })
    await expect(other.fetch(api.fetchExport, { export: run.id })).rejects.toEqual(refusal('exports.notYours'))
    const rows = await textsOf(await secretary.fetch(api.fetchExport, { export: run.id }))
    expect(rows.flat()).toContain('13800000000')
    expect(rows.flat().filter((cell) => cell.endsWith('小红'))).toHaveLength(10)
    const {
      rows: [closed],
    } = await sql<{ n: number; looks: number }>`select count(*)::int as n,
    (select count(*)::int from audit_looks l join audit_log a on a.id = l.audit where a.record = ${run.id}) as looks from export_parts`.execute(
      town.admin,
    )
    expect(closed!.n).toBeGreaterThan(0)
    expect(closed!.looks).toBe(20)

    // Too late, taken back, refused: nothing is made.
    const late = await started(secretary, screening.exportHouseholds, ask)
    const back = await started(secretary, screening.exportHouseholds, ask)
    await secretary.tell(api.cancelExport, { export: back.id })
    await expect(officer.tell(api.approveExport, { export: back.id })).rejects.toEqual(refusal('exports.wrongState'))
    town.at('2026-03-03T02:00:00.000Z')
    await expect(officer.tell(api.approveExport, { export: late.id })).rejects.toEqual(refusal('exports.expired'))
    await expect(secretary.fetch(api.fetchExport, { export: run.id })).rejects.toEqual(refusal('exports.expired'))
    const grown = await started(secretary, screening.exportKeyPersons, { ...ask }).catch(() => undefined)
    expect(grown).toBeUndefined()
    expect(homes).toHaveLength(10)
  }),
)

test(
  'a long ledger is whole, made by a job in constant pieces, can be cancelled, and runs nothing',
  story(async (town) => {
    const { secretary, worker } = await begin(town, [1, 1])
    const n = 2_345
    await worker.tell(rounds.contracts.record, {
      begins: '08:00',
      ends: '08:20',
      place: 'elevator',
      surfaces: ['buttons'],
      method: 'wipe',
      spot: '=HYPERLINK("http://x")',
      squareMetres: 1,
    })
    await sql`insert into disinfection_rounds (community, id, root, occurred_at, counted_on, recorded_at, recorded_by, how, digest, grid,
      begins, ends, place, spot, surfaces, method, square_metres)
    select community, gen.id, gen.id, occurred_at - make_interval(mins => gen.i::int), counted_on, recorded_at, recorded_by, how, digest, grid,
      begins, ends, place, case when gen.i % 2 = 0 then '@SUM(1)' else spot end, surfaces, method, square_metres
    from disinfection_rounds, lateral (select i, gen_random_uuid() as id from generate_series(1, ${n - 1}) i) as gen`.execute(
      town.admin,
    )
    const run = await started(secretary, rounds.contracts.export, {})
    expect(run).toMatchObject({ state: 'queued', rows: n })
    await town.drain()
    const bytes = await secretary.fetch(api.fetchExport, { export: run.id })
    const all = await textsOf(bytes)
    const rows = all.filter((cells) => cells.includes('电梯轿厢'))
    expect(rows).toHaveLength(n)
    expect(rows.at(-1)).toContain('=HYPERLINK("http://x")')
    expect(partOf(bytes, 'xl/worksheets/sheet1.xml')).not.toContain('<f>')
    expect(all.find((cells) => cells[0] === '合计')).toContain(String(n))

    const csv = await started(secretary, rounds.contracts.export, { as: 'csv' })
    await town.drain()
    const file = Buffer.from(await secretary.fetch(api.fetchExport, { export: csv.id }))
    expect([...file.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    const lines = file.toString().split('\r\n').filter(Boolean)
    expect(lines).toHaveLength(n + 1)
    expect(lines.filter((line) => line.includes("'@SUM(1)"))).toHaveLength(Math.floor((n - 1) / 2))
    expect(file.toString()).not.toMatch(/(^|,)[=@]/m)

    const gone = await started(secretary, rounds.contracts.export, {})
    await secretary.tell(api.cancelExport, { export: gone.id })
    await town.drain()
    expect(await runOf(secretary, gone.id)).toMatchObject({ state: 'cancelled', made: 0 })
    const {
      rows: [left],
    } = await sql<{ n: number }>`select count(*)::int as n from export_parts where run = ${gone.id}`.execute(town.admin)
    expect(left!.n).toBe(0)
    expect((await town.as('subdistrictOfficer', street, '街道').ask(api.exports, {})).rows.map((r) => r.account)).toEqual(
      Array(3).fill(secretary.who.account),
    )
    expect((await town.as('gridWorker', grid, '李网格员').ask(api.exports, {})).rows).toEqual([])
  }),
)
