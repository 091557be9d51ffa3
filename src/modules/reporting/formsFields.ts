// Reading a blank form as a person does: which cells wait for something, by which words they stand, and which indicator that may be.
import type { Text } from '#core/text.ts'
import type { IndicatorShown } from './api.ts'
import type { Answer, DrawnSheet, FormField, PlainFact } from './forms.ts'
import type { FigureColumn } from './model.ts'

/** Without spaces, brackets of units, and the difference of wide and narrow signs. */
export const plain = (words: string): string =>
  words
    .normalize('NFKC')
    .replace(/\s/g, '')
    .replace(/[(（〔[][^)）〕\]]*[)）〕\]]/g, '')
    .toLowerCase()

const isNumber = (words: string): boolean => /^[\d.、.\-—/\\]*$/.test(words.normalize('NFKC').trim())

type At = { text: string; wide: boolean; sum: boolean; cell: string; start: boolean; lined: boolean }

/** Every place of a sheet with the cell that covers it. */
function gridOf({ rows, widths }: DrawnSheet): Map<string, At> {
  const grid = new Map<string, At>()
  for (const { row, cells } of rows) {
    for (const { cell, column, across, down, text, sum, lined } of cells) {
      for (let r = 0; r < down; r++) {
        for (let c = 0; c < across; c++) {
          grid.set(`${row + r} ${column + c}`, {
            text: text.trim(),
            wide: across > 2 && across >= widths.length * 0.7,
            sum: sum === true,
            cell,
            start: r === 0 && c === 0,
            lined: lined === true,
          })
        }
      }
    }
  }
  return grid
}

/** Words met on the way from a cell: first over what is empty, then as long as there are words. */
function wordsToward(grid: ReadonlyMap<string, At>, from: [number, number], step: [number, number], most: number): string[] {
  const found: string[] = []
  let last = ''
  for (let [r, c] = [from[0] + step[0], from[1] + step[1]]; r > 0 && c > 0; r += step[0], c += step[1]) {
    const at = grid.get(`${r} ${c}`)
    // A fill-in line above a table is no head of its columns.
    const isHead = at && !at.sum && !at.wide && !isNumber(at.text) && !(step[0] < 0 && /[:：]/.test(at.text))
    const said = isHead ? at.text : ''
    if (said === '') {
      if (found.length > 0) break
      continue
    }
    if (at!.cell === last) continue
    last = at!.cell
    found.unshift(said.replace(/\s+/g, ''))
    if (found.length === most) break
  }
  return found
}

const facts: readonly (readonly [PlainFact, RegExp])[] = [
  ['place', /^(填报单位|上报单位|报送单位|填表单位|单位名称|社区名称|社区[（(]村[）)]|社区|单位)$/],
  ['reporter', /^(填报人|填表人|报送人|制表人|上报人|联系人)$/],
  ['checker', /^(审核人|负责人|签发人|审批人|主要领导)$/],
  ['sentAt', /^(填报时间|上报时间|报送时间|填表时间)$/],
  ['day', /^(填报日期|上报日期|报送日期|统计日期|填表日期|日期|时间)$/],
  ['above', /^(街道|镇街|乡镇|所属街道|街道名称)$/],
]
const factOf = (words: string): PlainFact | undefined =>
  facts.find(([, names]) => names.test(plain(words).replace(/[:：]$/, '')))?.[0]

/** Cells whose own words leave room behind them: `填报单位：… 填报人：… 2020年 月 日`. */
const units = '(填报单位|上报单位|报送单位|填表单位|单位)(?:[（(](?:盖章|公章|签章)[）)])?'
const people = '(填报人|填表人|报送人|审核人|负责人|签发人|填报时间|上报时间|填报日期|日期)'
const blanks = new RegExp(
  [
    `${units}[:：]\\s*(?=\\s|$|填|审|负|上报|报送|时间|日期|联系)`,
    `${people}[:：]\\s*(?=\\s|$|填|审|负|联系|时间|日期|\\d*\\s*年)`,
    '\\d{0,4}\\s*年\\s+月\\s+日',
  ].join('|'),
)
export const isLine = (words: string): boolean => blanks.test(words)

/** What the house knows beside figures, in the words of a form. */
export type Facts = Readonly<Record<Exclude<PlainFact, 'line' | 'partName' | 'partNumber'>, string>>

/** The words of a cell with the blanks behind them filled. */
export function filledLine(words: string, known: Facts): string {
  const put = (value: string) => (whole: string, head: string) => (value === '' ? whole : `${head}${value}  `)
  const dated = words.replace(/\d{0,4}\s*年\s+月\s+日/, known.day)
  const hasDay = dated !== words
  let line = dated
    .replace(/((?:填报单位|上报单位|报送单位|填表单位|单位)(?:[（(](?:盖章|公章|签章)[）)])?[:：])[\s　_]*/, put(known.place))
    .replace(/((?:填报人|填表人|报送人)[:：])[\s　_]*/, put(known.reporter))
    .replace(/((?:审核人|负责人|签发人)[:：])[\s　_]*/, put(known.checker))
  if (!hasDay)
    line = line.replace(/((?:填报时间|上报时间|填报日期|日期)[:：])[\s　_]*/, (whole, head: string) =>
      put(/时间/.test(head) ? known.sentAt : known.day)(whole, head),
    )
  return line.trimEnd()
}

/** The cells of a form that wait for something, with the words beside and above them. */
export function fieldsOf(sheets: readonly DrawnSheet[]): FormField[] {
  return sheets
    .filter(({ hidden }) => !hidden)
    .flatMap((sheet) => {
      const grid = gridOf(sheet)
      const isLined = [...grid.values()].some(({ lined }) => lined)
      return sheet.rows.flatMap(({ row, cells }) =>
        cells.flatMap((one): FormField[] => {
          if (one.sum) return []
          const here = { sheet: sheet.name, cell: one.cell }
          if (one.text.trim() !== '') {
            const next = grid.get(`${row} ${one.column + one.across}`)
            const leads = factOf(one.text) !== undefined && next?.text === '' && !next.sum
            return isLine(one.text) && !leads
              ? [{ ...here, label: one.text.replace(/\s+/g, ' ').trim(), row: one.text, column: '' }]
              : []
          }
          const left = wordsToward(grid, [row, one.column], [0, -1], 3)
          const beside = grid.get(`${row} ${one.column - 1}`)?.text ?? ''
          if (factOf(beside) && /[:：]\s*$/.test(beside))
            return [{ ...here, label: plain(beside).replace(/[:：]$/, ''), row: beside, column: '' }]
          if (isLined && !one.lined) return []
          const above = wordsToward(grid, [row, one.column], [-1, 0], 3)
          if (above.length === 0 || (left.length === 0 && !repeatable(row, one.column, grid))) return []
          if (above.some((words) => /^(备注|说明|序号)$/.test(plain(words)))) return []
          const [rowWords, columnWords] = [left.join(''), above.join('')]
          return [{ ...here, label: [rowWords, columnWords].filter(Boolean).join(' · '), row: rowWords, column: columnWords }]
        }),
      )
    })
}

/** A row without words of its own below a head: one of many that stand for places. Only its first is a field. */
const repeatable = (row: number, column: number, grid: ReadonlyMap<string, At>): boolean => {
  const above = grid.get(`${row - 1} ${column}`)
  return above !== undefined && above.text !== '' && !isNumber(above.text)
}

const columnWords: readonly (readonly [FigureColumn, RegExp])[] = [
  ['today', /今日|当日|本日|日新增|新增|当天|24小时/],
  ['total', /累计|总计|共计|合计|总数|截至/],
  ['current', /现有|目前|当前|现存|在册/],
]
const columnIn = (words: string): FigureColumn | undefined => columnWords.find(([, known]) => known.test(words))?.[0]

/** What is left of a head when the words that only say "how many, since when" are gone. */
const core = (words: string): string =>
  plain(words)
    .replace(/今日|当日|本日|日新增|新增|当天|24小时内?|累计|总计|共计|合计|总数|截至目前|截至|现有|目前|当前|现存/g, '')
    .replace(/(人员)?(户数|人数|人次|次数|张数|面积|总数|数量|情况|数)$/g, '')

/** Words that change nothing about what is counted. What else is left over names another thing: 解除, 其他, 发热 … */
const neutral = /本社区|全社区|社区|辖区|本级|街道|居民|人员|对象|开展|情况|的|总|共|户|人/g

/** Rows that say where, not what: then the head of the column alone says what is counted. */
const isPlace = (row: string): boolean =>
  /^(本社区|全社区|本辖区|本级|合计|总计|小计|数量|数据|.{1,12}(社区|村|街道|镇|网格))?$/.test(plain(row))

const pairs = (words: string): string[] => Array.from({ length: Math.max(0, words.length - 1) }, (_, i) => words.slice(i, i + 2))
function likeness(a: string, b: string): number {
  if (a === '' || b === '') return 0
  if (a === b) return 1
  const [x, y] = [pairs(a), pairs(b)]
  const shared = x.filter((pair) => y.includes(pair)).length
  const parts = x.length + y.length === 0 ? 0 : (2 * shared) / (x.length + y.length)
  const rest = a.includes(b) ? a.replace(b, '').replace(neutral, '') : undefined
  const holds =
    rest === undefined ? (b.includes(a) && a.length >= 2 ? 0.6 + 0.3 * (a.length / b.length) : 0) : rest === '' ? 0.9 : 0.5
  return rest ? Math.min(parts, 0.5) : Math.max(parts, holds)
}

/** The unit that words ask for, where they say one. */
const unitIn = (words: string): string | undefined => {
  const said = words.normalize('NFKC')
  if (/户数|\(户\)/.test(said)) return '户'
  if (/人次|次数|\(次\)/.test(said)) return '次'
  if (/人数|\(人\)/.test(said)) return '人'
  if (/面积|㎡|平方米/.test(said)) return '㎡'
  return /张数|\(张\)|份数/.test(said) ? '张' : undefined
}

type Known = Pick<IndicatorShown, 'indicator' | 'columns' | 'main'> & { title: Text; unit: Text; group: Text }
const likely = 0.6

/** The indicator that words most likely mean; none where another is as likely. */
function closest(words: readonly string[], unit: string | undefined, known: readonly Known[]): Known | undefined {
  const [first, second] = known
    .map((one) => ({
      one,
      likeness:
        Math.max(...words.map((said) => likeness(core(said), core(one.title.zh)))) -
        (unit && unit !== one.unit.zh.replace('m²', '㎡') ? 0.35 : 0),
    }))
    .toSorted((a, b) => b.likeness - a.likeness)
  return first && first.likeness >= likely && first.likeness - (second?.likeness ?? 0) > 0.04 ? first.one : undefined
}

/** What a field may be answered by: a figure of the column that its head names, or a fact of the form itself. */
export function suggested(field: Pick<FormField, 'row' | 'column'>, known: readonly Known[]): Answer | undefined {
  if (field.column === '') {
    if (isLine(field.row) && !factOf(field.row)) return { by: 'fact', fact: 'line' }
    const fact = factOf(field.row)
    return fact ? { by: 'fact', fact } : isLine(field.row) ? { by: 'fact', fact: 'line' } : undefined
  }
  if (field.row === '' && /^(社区|村居|社区名称|单位|单位名称|网格|网格名称|街道|镇街|名称)$/.test(plain(field.column)))
    return { by: 'fact', fact: 'partName' }
  const words = [
    field.row + field.column,
    field.column + field.row,
    ...(isPlace(field.row) ? [field.column] : []),
    ...(core(field.column).replace(neutral, '') === '' ? [field.row] : []),
  ]
  const found = closest(words, unitIn(`${field.row} ${field.column}`), known)
  const wanted = columnIn(field.column) ?? columnIn(field.row)
  if (!found || (wanted && !found.columns.includes(wanted))) return undefined
  return { by: 'figure', indicator: found.indicator, column: wanted ?? found.main }
}

/** The indicator that counts what somebody wants to type: the same words, whatever stands around them. */
export function countedBy(name: string, known: readonly Known[]): Known | undefined {
  const words = name.split('·').map((part) => part.trim())
  return known.find(({ title, columns }) => {
    const mine = core(title.zh)
    const wanted = columnIn(name)
    return (
      mine !== '' &&
      words.concat(words.join('')).some((part) => core(part) === mine) &&
      (!wanted || columns.includes(wanted)) &&
      (words.length === 1 || words.every((part) => core(part) === mine || core(part) === ''))
    )
  })
}

/** Two names of one fact are the same when nothing but spaces, brackets and dots differs. */
export const sameName = (name: string): string => plain(name).replace(/[·:：、，,.]/g, '')

const idNumber = /(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)/
const phone = /(?<!\d)1[3-9]\d{9}(?!\d)/
/** Identity numbers and phones as they are written: also in wide signs, or with spaces and dashes between. */
export const holdsIdNumber = (words: string): boolean => idNumber.test(words.normalize('NFKC').replace(/[\s-]/g, ''))
export const holdsPhone = (words: string): boolean => phone.test(words.normalize('NFKC').replace(/[\s-]/g, ''))
