// `linli match`: three lists of one neighbourhood, and which of their rows are one person. Needs no server and no data of its own.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { dayOf } from '#core/dates.ts'
import { isProblem, toBody } from '#core/problem.ts'
import { writeCsv } from '#server/spreadsheet/csv.ts'
import { doubtful, surely, type Link } from '#modules/residents/matching/cluster.ts'
import { inWords, learned, reasonsOf } from '#modules/residents/matching/explain.ts'
import { matchLists, type Matched } from '#modules/residents/matching/match.ts'
import { clusteredBy, genericFrom } from './matchGeneric.ts'
import type { Command, Given } from './command.ts'

const sources = ['grid', 'visits', 'gate'] as const

export const match: Command = {
  name: 'match',
  summary: 'say which rows of grid information, household visits and gate register are one person',
  help: `  match --grid A.csv --visits B.csv --gate C.csv --out clusters.csv [--review pairs.csv] [--today DAY] [--json]

  --grid --visits --gate   lists with Chinese heads (行号 姓名 性别 出生日期 年龄 身份证号 证件后四位 联系电话 小区 楼栋 单元 房号 地址 …);
                           at least one of the three
  --out clusters.csv       source,row,cluster,probability: rows of one cluster are one person; probability says how sure it is that
                           the row belongs there. Rows at ${surely} and above may be linked unseen; nothing less sure says more than ${doubtful}
  --review pairs.csv       pairs that somebody should look at, with reasons in words and weights
  --generic SPEC.json      lists of another kind, described by SPEC.json (src/modules/residents/matching/README.md), instead of the three
  --today DAY              births are read as of this day (YYYY-MM-DD), today by default

Everything is done in memory and nothing of the lists is written anywhere but into these two files. They name rows, not people.
Ends 0 when the lists were linked, 2 when the usage or a file was refused.`,
  options: {
    grid: { type: 'string' },
    visits: { type: 'string' },
    gate: { type: 'string' },
    out: { type: 'string' },
    review: { type: 'string' },
    today: { type: 'string' },
    generic: { type: 'string' },
  },
  run: async (given) => {
    const { values, out } = given
    if (values['generic']) return guarded(given, () => generic(given))
    const chosen = sources.filter((source) => values[source])
    const today = String(values['today'] ?? dayOf(Date.now()))
    if (chosen.length === 0 || !values['out'])
      return refuse(
        given,
        'usage',
        '请写明 --grid、--visits、--gate 中至少一个文件和 --out。',
        'Name at least one of --grid, --visits, --gate, and --out.',
      )
    if (!/^\d{4}-\d{2}-\d{2}$/.test(today))
      return refuse(given, 'usage', '--today 后面写日期，如 2020-02-14。', '--today takes a day such as 2020-02-14.')
    const missing = chosen.find((source) => !existsSync(String(values[source])))
    if (missing)
      return refuse(
        given,
        'noFile',
        `没有找到 --${missing} 的文件，请核对路径。`,
        `The file of --${missing} was not found. Check the path.`,
      )
    return guarded(given, async () => {
      const began = performance.now()
      const lists = chosen.map((source) => ({
        file: basename(String(values[source])),
        bytes: readFileSync(String(values[source])),
      }))
      const matched = await matchLists(lists, today)
      const labels = matched.people.map(({ source, row }) => ({ source: chosen[source]!, row }))
      writeFileSync(String(values['out']), clusteredBy(labels, matched.clusters), { mode: 0o600 })
      if (values['review'])
        writeFileSync(String(values['review']), writeCsv(reviewHeads, reviewOf(matched, chosen)), { mode: 0o600 })
      const result = told(matched, chosen, performance.now() - began)
      out(result, spoken(result))
      return 0
    })
  },
}

/** Says what is wrong with a file in a sentence; anything else is a defect. */
async function guarded(given: Given, work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (isProblem(error)) return refuse(given, error.code, error.say.zh, error.say.en)
    const { code } = error as NodeJS.ErrnoException
    if (['EACCES', 'EISDIR', 'ENOENT', 'ENOTDIR', 'EPERM', 'ENOSPC', 'EROFS'].includes(code ?? '')) {
      return refuse(
        given,
        'noFile',
        '文件读不了或写不了，请核对路径和权限。',
        'A file cannot be read or written. Check path and permissions.',
      )
    }
    throw error
  }
}

async function generic(given: Given): Promise<number> {
  const { values, out } = given
  if (!values['out']) return refuse(given, 'usage', '请用 --out 写明结果文件。', 'Name the file of the result with --out.')
  const found = await genericFrom(String(values['generic']))
  if (!found)
    return refuse(
      given,
      'badSpec',
      '说明文件不合格式，请对照说明修改。',
      'The specification is not of the right form. See the README of the matching folder.',
    )
  writeFileSync(String(values['out']), found.csv, { mode: 0o600 })
  out(
    found.result,
    `${found.result.rows} 行，${found.result.clusters} 组。${found.result.truth ? JSON.stringify(found.result.truth) : ''}`,
  )
  return 0
}

function refuse({ out }: Given, code: string, zh: string, en: string): number {
  const full = code.includes('.') ? code : `match.${code}`
  out({ problem: toBodyOf(full, zh, en) }, '')
  process.stderr.write(`${zh}\n${en}\n`)
  return 2
}
const toBodyOf = (code: string, zh: string, en: string): Pick<ReturnType<typeof toBody>, 'code' | 'title'> => ({
  code,
  title: { zh, en },
})

const reviewHeads = ['来源一', '行号一', '来源二', '行号二', '把握', '理由']
const reviewOf = ({ people, pairs, setting, weights, clusters }: Matched, chosen: readonly string[]) =>
  [...clusters.review]
    .sort((a, b) => b.probability - a.probability)
    .map(({ a, b, at, probability }) => [
      chosen[people[a]!.source]!,
      people[a]!.row,
      chosen[people[b]!.source]!,
      people[b]!.row,
      probability.toFixed(3),
      inWords(reasonsOf(pairs, at, setting, weights)),
    ])

type Result = ReturnType<typeof told>

function told(matched: Matched, chosen: readonly string[], milliseconds: number) {
  const { people, pairs, setting, clusters } = matched
  const joined = (links: readonly Link[]) => links.length
  return {
    rows: Object.fromEntries(chosen.map((source, i) => [source, setting.counts[i]!])),
    people: new Set(clusters.cluster).size,
    candidates: pairs.a.length,
    links: {
      automatic: joined(clusters.links.filter(({ sure }) => sure)),
      probable: joined(clusters.links.filter(({ sure }) => !sure)),
      toReview: joined(clusters.review),
    },
    automaticFrom: surely,
    reviewUpTo: doubtful,
    inOneListOnly: aloneIn(matched, chosen),
    total: people.length,
    weights: learned(matched),
    seconds: Math.round(milliseconds / 100) / 10,
  }
}

/** People whom one list alone knows: for whom a gap may have to be closed. */
function aloneIn({ people, clusters }: Matched, chosen: readonly string[]): Record<string, number> {
  const seen = new Map<number, number>()
  people.forEach(({ source }, i) => seen.set(clusters.cluster[i]!, (seen.get(clusters.cluster[i]!) ?? 0) | (1 << source)))
  return Object.fromEntries(chosen.map((source, i) => [source, [...seen.values()].filter((lists) => lists === 1 << i).length]))
}

const spoken = ({ total, people, links, inOneListOnly, seconds }: Result): string =>
  `${total} 行是 ${people} 个人：自动关联 ${links.automatic} 对，较有把握 ${links.probable} 对，请核对 ${links.toReview} 对。\n` +
  `只在一份名单里的人：${Object.entries(inOneListOnly)
    .map(([source, n]) => `${source} ${n}`)
    .join('，')}。用时 ${seconds} 秒。`
