// `linli import roster FILE`: what a roster from an office would do, said before anybody uploads it.
import { createWriteStream, existsSync } from 'node:fs'
import { once } from 'node:events'
import { basename } from 'node:path'
import { dayOf } from '#core/dates.ts'
import { isProblem, type Problem } from '#core/problem.ts'
import type { Text } from '#core/text.ts'
import { clusterOf, chooseDataDir } from '#server/embedded/place.ts'
import { understand } from '#server/imports/understand/understand.ts'
import { heaviest, say } from '#core/imports.ts'
import { silentLog } from '#server/log.ts'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import { rosterWords } from '#modules/residents/roster/heads.ts'
import type { Remark, RosterPerson, RosterRead } from '#modules/residents/roster/model.ts'
import { linesOf, readRoster } from '#modules/residents/roster/read.ts'
import { compare, compoundsOf } from '../rosterCheck.ts'
import { open } from '../opening.ts'
import type { Command } from './command.ts'

type Said = { sheet: string; row: number; reason: string }
type Result = {
  rows: number
  people: number
  households: number
  imported: number
  unchanged: number
  refused: Said[]
  questionable: Said[]
}

type Judged = { readonly people: readonly RosterPerson[]; readonly result: Result }

export const importRoster: Command = {
  name: 'import roster',
  summary: 'read a roster as an office keeps it and say what an import would do, row by row',
  help: `  import roster FILE --area CODE --dry-run [--json] [--out FILE.jsonl]

  --area CODE        community code of 12 digits
  --dry-run          required: committing is done in the console, by somebody who answers for it
  --out FILE.jsonl   every person on a line of its own, with cells that hold formulas; the file holds personal data, keep it accordingly

Compares with the register where LINLI_DATA or DATABASE_URL has one, else judges against an empty one.
Ends 0 when the file was read, 2 when it or the usage was refused.`,
  options: { area: { type: 'string' }, 'dry-run': { type: 'boolean' }, out: { type: 'string' } },
  run: async ({ words, values, out }) => {
    const [file] = words
    const area = String(values['area'] ?? '')
    if (!file || words.length > 1) return refuse('usage', '请写明一个文件。', 'Name one file.', out)
    if (!/^[1-9]\d{11}$/.test(area))
      return refuse('usage', '--area 后面写 12 位社区编码。', '--area takes a community code of 12 digits.', out)
    if (values['dry-run'] !== true) {
      return refuse(
        'usage',
        '这个命令只预检，请加上 --dry-run；正式导入请在管理端“居民”页上传，由负责人确认。',
        'This command only checks: add --dry-run. To import, upload the file under Residents in the console, where somebody confirms it.',
        out,
      )
    }
    if (!existsSync(file))
      return refuse('noFile', '没有找到这个文件，请核对路径。', 'This file was not found. Check the path.', out)
    try {
      const { people, result } = await check(file, area)
      if (values['out']) await writePeople(String(values['out']), people)
      out(result, inWords(result))
      return 0
    } catch (error) {
      if (isProblem(error)) return refused(error, out)
      const code = (error as NodeJS.ErrnoException).code
      if (!['EACCES', 'EISDIR', 'ENOENT', 'ENOTDIR', 'EPERM', 'ENOSPC', 'EROFS'].includes(code ?? '')) throw error
      return refuse(
        'noFile',
        '文件读不了或写不了，请核对路径和权限。',
        'The file cannot be read or written. Check path and permissions.',
        out,
      )
    }
  },
}

async function check(file: string, area: string): Promise<Judged> {
  const workbook = await readWorkbook(file, { name: basename(file), maxBytes: heaviest })
  const understood = understand(workbook, rosterWords)
  const today = dayOf(Date.now())
  const read = async (compounds: readonly string[]) => {
    const people = readRoster(understood, { today, compounds })
    if (people.rows === 0) throw say.noRows()
    return people
  }
  if (!hasRegister()) {
    const alone = await read([])
    return judged(alone, new Set(), [])
  }
  const opened = await open({ log: silentLog, say: ({ en }) => process.stderr.write(`${en}\n`) })
  try {
    const roster = await read(await compoundsOf(opened.house, area))
    const { unchanged, refused } = await compare(opened.house, area, roster)
    return judged(roster, unchanged, refused)
  } finally {
    await opened.stop()
  }
}

/** Whether there are data to compare with; asked without making any. */
const hasRegister = (): boolean =>
  Boolean(process.env['DATABASE_URL']) || existsSync(clusterOf(chooseDataDir(process.env, process.cwd()).dir))

const rowKey = ({ sheet, row }: { sheet: string; row: number }): string => `${row}\n${sheet}`

/** The persons that would be in the register afterwards, and what is said of the file. */
function judged(read: RosterRead, known: ReadonlySet<RosterPerson>, against: readonly Remark[]): Judged {
  const gone = new Set(against.map(rowKey))
  const staying = read.people.filter((person) => !gone.has(rowKey(person)))
  const fresh = linesOf(staying.filter((person) => !person.repeats && !known.has(person)))
  const persons = staying.filter(({ name, repeats }) => name !== null && !repeats)
  const order = (a: Said, b: Said) => (a.sheet === b.sheet ? a.row - b.row : 0)
  const result = {
    rows: read.rows,
    people: persons.length,
    households: new Set(persons.map(({ household }) => household)).size,
    imported: fresh,
    unchanged: linesOf(staying) - fresh,
    refused: [...read.refused, ...against].map(said).sort(order),
    questionable: read.questionable
      .filter((remark) => !gone.has(rowKey(remark)))
      .map(said)
      .sort(order),
  }
  return { people: persons, result }
}

const said = ({ sheet, row, reason }: { sheet: string; row: number; reason: Text }): Said => ({ sheet, row, reason: reason.zh })

async function writePeople(path: string, people: readonly RosterPerson[]): Promise<void> {
  const stream = createWriteStream(path, { mode: 0o600 })
  await once(stream, 'open')
  for (const person of people) {
    const { sheet, row, name, sex, birthDate, idType, idNumber, phones, relation, compound, building, unit, room, formulas } =
      person
    const line = {
      sheet,
      row,
      name,
      sex,
      birthDate,
      idType,
      idNumber,
      phones,
      relation,
      compound,
      building,
      unit,
      room,
      ...(formulas ? { formulas } : {}),
    }
    if (!stream.write(`${JSON.stringify(line)}\n`)) await once(stream, 'drain')
  }
  stream.end()
  await once(stream, 'finish')
}

type Out = (result: object, text: string) => void

const refused = (problem: Problem, out: Out): number => refuse(problem.code, problem.say.zh, problem.say.en, out)

function refuse(code: string, zh: string, en: string, out: Out): number {
  const full = code.includes('.') ? code : `import.${code}`
  out({ problem: { code: full, message: zh } }, '')
  process.stderr.write(`${zh}\n${en}\n`)
  return 2
}

function inWords({ rows, people, households, imported, unchanged, refused, questionable }: Result): string {
  const list = (title: string, of: readonly Said[]) =>
    of.length ? ['', title, ...of.map(({ sheet, reason }) => `  ${sheet}  ${reason}`)] : []
  return [
    `${rows} 行：新增 ${imported}，已有 ${unchanged}，需要改正 ${rows - imported - unchanged}；${households} 户 ${people} 人，请核对 ${questionable.length} 处。`,
    ...list('需要改正：', refused),
    ...list('请核对：', questionable),
  ].join('\n')
}
