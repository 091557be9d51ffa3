// `linli bench observation`: how long it takes, beside something measured in the same run.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { projectRoot } from '../opening.ts'
import type { Command } from './command.ts'

type Times = { p50: number; p95: number }
type Size = {
  people: number
  checks: number
  grids: number
  dueList: Times & { rows: number }
  primaryKey: Times
  dueListToPrimaryKey: number
  missedScan: { community: Times; slots: number; all: number }
}
type Measured = { full: Size; tenth: Size; growth: Record<string, number> }
type Bench = { benchObservation: (asked: { people: number; days: number; step: (line: string) => void }) => Promise<Measured> }

export const bench: Command = {
  name: 'bench observation',
  summary: 'measure observation with 200,000 people and 30 days of checks on a throw-away database, and at a tenth of it',
  help: `  bench observation           a grid's list of today (p95) beside a select by primary key; the scan for missed slots; growth from a tenth

  --people N                  under observation (200000); 500 in a grid, 4,000 in a community
  --days N                    of checks, two a day (30)
  Results that were measured stand in bench/RESULTS.md. The full size takes some minutes and about 15 GB of disk.`,
  options: { people: { type: 'string' }, days: { type: 'string' } },
  run: async ({ values, out }) => {
    const number = (name: string, usual: number) => wholeNumber(name, String(values[name] ?? usual))
    // Benches stand beside the product, not in it: they are loaded when somebody asks for one.
    const { benchObservation } = (await import(pathToFileURL(join(projectRoot, 'bench', 'observation.ts')).href)) as Bench
    const result = await benchObservation({
      people: number('people', 200_000),
      days: number('days', 30),
      step: (line) => void process.stderr.write(`${line}\n`),
    })
    out(result, [linesOf(result.tenth), linesOf(result.full), `growth ${JSON.stringify(result.growth)}`].join('\n'))
    return 0
  },
}

const linesOf = ({ people, checks, grids, dueList, primaryKey, dueListToPrimaryKey, missedScan }: Size): string =>
  [
    `${people} people, ${checks} checks, ${grids} grids`,
    `  list of today (${dueList.rows} slots)  p50 ${dueList.p50} ms, p95 ${dueList.p95} ms`,
    `  select by primary key  p50 ${primaryKey.p50} ms, p95 ${primaryKey.p95} ms; the list takes ${dueListToPrimaryKey} times as long`,
    `  missed slots of one community (${missedScan.slots})  p95 ${missedScan.community.p95} ms; of all ${missedScan.all} ms`,
  ].join('\n')

function wholeNumber(name: string, words: string): number {
  const n = Number(words)
  if (Number.isInteger(n) && n > 1) return n
  throw Object.assign(new TypeError(`--${name} takes a whole number above 1`), { code: 'ERR_PARSE_ARGS_VALUE' })
}
