// How much memory reading takes, server and child together, for large files and for files that are made to fill it.
// Linux says of each process how much it holds and what its peak was; elsewhere these tests are left out.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { writeXlsx } from 'hucre/xlsx'
import { afterAll, expect, test } from 'vitest'
import { pack, readDirectory, unpack } from './zip.ts'

/** What a server holds that has just served its first pages, and what server and child may hold together; in MB. */
const server = 150
const bound = 300
const childBound = 130

const folder = mkdtempSync(join(tmpdir(), 'sheets-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Reads files one after another in a process of its own, and says of each how it ended and the peaks in MB. */
const program = `
  import { readdirSync, readFileSync } from 'node:fs'
  import { readWorkbook } from './src/server/spreadsheet/read.ts'
  const of = (pid, what) => {
    try { return Number(new RegExp(what + ':\\\\s+(\\\\d+)').exec(readFileSync('/proc/' + pid + '/status', 'utf8'))?.[1] ?? 0) / 1024 } catch { return 0 }
  }
  const children = () => readdirSync('/proc/self/task').flatMap((task) => {
    try { return readFileSync('/proc/self/task/' + task + '/children', 'utf8').split(' ').filter(Boolean) } catch { return [] }
  })
  const base = of('self', 'VmRSS')
  for (const file of process.argv.slice(1)) {
    let [child, grown, looks] = [0, 0, 0]
    const look = () => {
      const held = children().map((pid) => { child = Math.max(child, of(pid, 'VmHWM')); return of(pid, 'VmRSS') })
      if (child > 0) looks++
      grown = Math.max(grown, of('self', 'VmRSS') - base + held.reduce((sum, one) => sum + one, 0))
    }
    const clock = setInterval(look, 4)
    const began = performance.now()
    const ended = await readWorkbook(file).then(({ sheets }) => { look(); return String(sheets[0].rows.length) }, (error) => error.code ?? String(error))
    clearInterval(clock)
    console.log(JSON.stringify({ file, ended, child, grown, looks, seconds: (performance.now() - began) / 1000 }))
  }`

type Measured = { file: string; ended: string; child: number; grown: number; looks: number; seconds: number }

async function measured(files: readonly string[]): Promise<Measured[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program, ...files])
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Measured)
}

const times = (count: number, make: (n: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i + 1)).join('')
const letters = 'ABCDEFGHIJKLMNOPQRST'

async function keep(name: string, changed: Record<string, string>): Promise<string> {
  const small = await writeXlsx({ sheets: [{ name: '表', rows: [['姓名', 1]] }] })
  const parts = new Map(readDirectory(small).map((entry) => [entry.name, unpack(small, entry)]))
  for (const [part, text] of Object.entries(changed)) parts.set(part, Buffer.from(text))
  writeFileSync(join(folder, name), pack([...parts].map(([part, data]) => ({ name: part, data }))))
  return join(folder, name)
}
const keepSheet = (name: string, rows: string): Promise<string> =>
  keep(name, { 'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${rows}</sheetData></worksheet>` })
function keepText(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const rosterRow = (r: number): string =>
  [...letters]
    .map((letter, c) =>
      c < 4
        ? `<c r="${letter}${r}"><v>${r * 20 + c}</v></c>`
        : `<c r="${letter}${r}" t="inlineStr"><is><t>第${r}户的文字${letter}</t></is></c>`,
    )
    .join('')

const linux = test.runIf(process.platform === 'linux')

function check({ file, child, grown, looks }: Measured): void {
  expect(looks, `${file} was looked at`).toBeGreaterThan(0)
  expect(child, `child for ${file}`).toBeLessThan(childBound)
  expect(server + grown, `server and child for ${file}`).toBeLessThan(bound)
}

linux('20,000 rows of 20 columns, as a workbook and as text', { timeout: 120_000 }, async () => {
  const files = [
    await keepSheet(
      'roster.xlsx',
      times(20_000, (r) => `<row r="${r}">${rosterRow(r)}</row>`),
    ),
    keepText(
      'roster.csv',
      times(20_000, (r) => `${[...letters].map((letter) => `第${r}户${letter}`).join(',')}\r\n`),
    ),
  ]
  for (const file of files) {
    const [found] = await measured([file])
    expect(found?.ended).toBe('20000')
    check(found!)
  }
})

linux('files that are made to fill the memory, one after another', { timeout: 120_000 }, async () => {
  const blank = times(500_000, (n) => `<row r="${n + 1}" spans="1:2"><c r="A${n + 1}" s="1"/></row>`)
  const formulas = times(30_000, (r) => `<row>${`<c><f>SUM(A${r}:Z${r},${r})</f><v>${r}</v></c>`.repeat(20)}</row>`)
  const files = {
    [await keepSheet('blank.xlsx', `<row r="1"><c r="A1"><v>1</v></c></row>${blank}`)]: '1',
    [await keepSheet(
      'rows.xlsx',
      times(200_000, (r) => `<row r="${r}"><c r="A${r}"><v>${r}</v></c></row>`),
    )]: 'spreadsheet.tooLarge',
    [await keepSheet('formulas.xlsx', formulas)]: 'spreadsheet.tooLarge',
    [await keep('texts.xlsx', { 'xl/sharedStrings.xml': `<sst>${times(900_000, (n) => `<si><t>文字${n}</t></si>`)}</sst>` })]:
      'spreadsheet.tooLarge',
    [keepText('line.csv', `a,b\n${'x'.repeat(15_000_000)}`)]: 'spreadsheet.tooLarge',
    [keepText('fields.csv', 'a,'.repeat(7_000_000))]: 'spreadsheet.tooLarge',
  }
  const found = await measured(Object.keys(files))
  expect(Object.fromEntries(found.map(({ file, ended }) => [file, ended]))).toEqual(files)
  found.forEach(check)
})
