// The command as an office's computer person runs it: JSON alone on the standard output, words beside it, an exit code that says how it ended.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import { understand } from '#server/imports/understand/understand.ts'
import { rosterWords } from '#modules/residents/roster/heads.ts'
import { readRoster } from '#modules/residents/roster/read.ts'
import { roster } from '#modules/residents/api.ts'
import { loadTown } from '#modules/territory/server.ts'
import { compare, compoundsOf } from '../rosterCheck.ts'
import { sample, story } from '../testing.ts'

const root = join(import.meta.dirname, '../../..')
const messy = join(root, 'fixtures/rosters/messy.xlsx')
const dir = mkdtempSync(join(tmpdir(), 'linli-import-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

type Ended = { code: number; out: string; err: string }
const linli = (...words: string[]): Promise<Ended> =>
  new Promise((done) => {
    const env = { ...process.env, LINLI_DATA: join(dir, 'none'), DATABASE_URL: '' }
    execFile(
      process.execPath,
      [join(root, 'src/app/linli.mjs'), 'import', 'roster', ...words],
      { env, cwd: dir },
      (error, out, err) => done({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    )
  })
const asked = ['--area', sample.community, '--dry-run', '--json']

test('a roster is judged against an empty register where there are no data, and everybody is listed', async () => {
  const list = join(dir, 'people.jsonl')
  const { code, out } = await linli(messy, ...asked, '--out', list)
  const truth = JSON.parse(readFileSync(join(root, 'fixtures/rosters/messy.truth.json'), 'utf8'))
  const told = JSON.parse(out)
  expect(code).toBe(0)
  expect(Object.keys(told)).toEqual(['rows', 'people', 'households', 'imported', 'unchanged', 'refused', 'questionable'])
  expect(told).toMatchObject({
    rows: truth.rows,
    people: truth.people.length,
    unchanged: 0,
    imported: truth.rows - truth.refused.length,
  })
  expect(
    told.imported +
      told.unchanged +
      new Set(told.refused.map((one: { sheet: string; row: number }) => `${one.sheet}${one.row}`)).size,
  ).toBe(told.rows)
  const lines = readFileSync(list, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toHaveLength(truth.people.length)
  expect(Object.keys(lines[0])).toEqual([
    'sheet',
    'row',
    'name',
    'sex',
    'birthDate',
    'idType',
    'idNumber',
    'phones',
    'relation',
    'compound',
    'building',
    'unit',
    'room',
  ])
})

test('wrong usage and files that are none end with 2, a problem as JSON and words beside it', async () => {
  const page = join(dir, 'page.xlsx')
  writeFileSync(page, '<html><table><tr><td>姓名</td></tr></table></html>')
  const ended = await Promise.all([
    linli(page, ...asked),
    linli(join(dir, 'missing.xlsx'), ...asked),
    linli(messy, '--area', '12', '--dry-run', '--json'),
    linli(messy, '--area', sample.community, '--json'),
  ])
  expect(ended.map(({ code, out }) => [code, JSON.parse(out).problem.code])).toEqual([
    [2, 'spreadsheet.notAWorkbook'],
    [2, 'import.noFile'],
    [2, 'import.usage'],
    [2, 'import.usage'],
  ])
  for (const { err, out } of ended) expect(err).toContain(JSON.parse(out).problem.message)
})

test(
  'what is registered already is unchanged',
  story(async (town) => {
    const { house } = town.running
    const areas = [
      { code: sample.county, name: '样例区' },
      { code: sample.street, name: '样例街道' },
      { code: sample.community, name: '桂园社区' },
    ]
    await house.within(sample.county, (tx) => loadTown({ tx, timing: null as never, who: null as never }, { areas }))
    const secretary = town.as('communitySecretary', sample.community)
    const file = join(dir, 'small.csv')
    const rows = (more: string) => `姓名,性别,与户主关系,住址\n王伟,男,户主,桂园小区3-1-402\n李芳,女,妻,同上\n${more}`
    writeFileSync(file, rows(''))
    const { id: run } = await secretary.tell(roster.contracts.start, {
      fileName: 'small.csv',
      content: Buffer.from(rows('')).toString('base64'),
    })
    await town.drain()
    await secretary.tell(roster.contracts.commit, { run })
    await town.drain()
    writeFileSync(file, rows('张三,男,户主,桂园小区3-1-403\n'))
    const read = readRoster(understand(await readWorkbook(file), rosterWords), {
      today: '2026-03-02',
      compounds: await compoundsOf(house, sample.community),
    })
    const { unchanged, refused } = await compare(house, sample.community, read)
    expect([...unchanged].map(({ name }) => name)).toEqual(['王伟', '李芳'])
    expect(refused).toEqual([])
  }),
)
