// Which rows below a head are no data: totals, notes, signatures, examples, printed page breaks, rows that hold a number only.
import { own, type Line } from './grid.ts'
import type { Aside, Words } from './model.ts'
import { bare, isDitto } from './tidy.ts'

/** What is known of a sheet's columns when its rows are told apart. `named`: the columns of the subject. */
export type Columns = {
  readonly fields: ReadonlyMap<number, string>
  readonly serial: ReadonlySet<number>
  readonly subject: ReadonlySet<number>
  readonly looksNamed: (text: string) => boolean
  readonly closing: Closing
}

/** A line that stands in between and is said of the rows below it: `3号楼1单元`. */
export type Judged = { readonly why: Aside; readonly section?: string } | undefined

const total = /^(计$|合计|总计|小计|共计|累计|总数|本(页|表|组)(小计|合计|共)|共\d+(户|人|套|条|页)|(grand)?total|sub-?total|sum)/
const totalEnd = /^.{1,14}(小计|合计|总计|共计)([:：]?[\d,.户人]*)$/
const note =
  /^[(*※]*(注|备注|附注|说明|填表说明|填报说明|填写说明|填写要求|填表要求|要求|提示|注意|注意事项|温馨提示|备考|notes?|remarks?)\d?([:：]|[\d一①(]|\)|$)/
const noteWord = /^(注|备注|附注|说明|备考|填表说明)$/
const signature =
  /^(填表|填报|制表|审核|复核|审批|负责|单位负责|联系人|联系电话|经办|录入|登记|调查|统计|核查|盖章|公章|签字|签名|签章|日期|填报日期|填表日期|打印日期|打印时间|打印人|导出时间|单位)[^:：]{0,8}([:：]|\(签|\(盖|$)/
/** A post and (签字): begins with signs that could be a name. */
const toSign = /^[^:：]{1,8}(\((签字|签名|签章|盖章|公章)\)|[:：]\s*$)/
const page =
  /^[-—–_=\s]*(第.{1,4}页(共.{1,4}页)?|page\d+.*|以下空白|以下无正文|此页无正文|续表|接上页|转下页|结束|end|完)[-—–_=\s]*$/
/** Only of a whole cell: a place may be called 样例路. */
const example =
  /^(填写|填表)?(示例|样例|范例|举例|样表|例|例如|example)(行|数据)?\d{0,2}([:：]|$)|^例[:：]|^例如|\((示例|样例|例|范例|example)\)$/
const instruction = /例如|如[:：]|必填|选填|可不填|不填|留空|请填|填写|下拉|文本格式|单元格|位数字|一致|排在|格式/
const empty = /^[-—–/\\_.·、,，*无空x×]*$/i

export type Closing = { readonly signature: RegExp | undefined; readonly total: RegExp | undefined }
const closings = new WeakMap<Words, Closing>()

/** What the declaration says of the lines that close a list. */
export function closingOf(words: Words): Closing {
  const known = closings.get(words)
  if (known) return known
  const named = (closes: 'signature' | 'total') =>
    words
      .filter((word) => word.closes === closes)
      .flatMap((word) => word.names)
      .join('|')
  const [signs, sums] = [named('signature'), named('total')]
  const made = {
    signature: signs ? new RegExp(`^(${signs})[^:：]{0,8}([:：]|\\(签|\\(盖|$)`) : undefined,
    total: sums ? new RegExp(`^(${sums})([:：]|\\d|$)`) : undefined,
  }
  closings.set(words, made)
  return made
}

/** Why a line below a head is no data; undefined where it is. `next` says that the line stands right below the head. */
export function asideOf(line: Line, columns: Columns, next: boolean): Judged {
  const said = own(line)
  const texts = said.map(({ spot }) => bare(spot.text))
  const [first] = texts
  if (first === undefined || said.every(({ at, spot }) => columns.serial.has(at) || empty.test(spot.text))) {
    // A number alone, or a row that was struck through.
    if (said.every(({ spot }) => /^[\d\s.、]*$/.test(spot.text) || empty.test(spot.text))) return { why: 'blank' }
  }
  const subject = said.find(({ at }) => columns.subject.has(at))?.spot.text ?? ''
  const isNamed = subject !== '' && columns.looksNamed(subject) && !toSign.test(subject)
  if (
    isTotal(
      said.map(({ at }) => at),
      texts,
      columns,
      isNamed,
    )
  )
    return { why: 'total' }
  if (said.some(({ at }, i) => (i === 0 || columns.subject.has(at) || columns.serial.has(at)) && example.test(texts[i]!)))
    return { why: 'note' }
  if (page.test(said[0]!.spot.text.replace(/\s/g, '').toLowerCase())) return { why: 'note' }
  const colon = said[0]!.spot.text.replace(/\s/g, '')
  if (note.test(colon.toLowerCase()) && (!isNamed || noteWord.test(colon))) return { why: 'note' }
  if ((signature.test(colon) || columns.closing.signature?.test(colon)) && !isNamed && said.length <= 8) return { why: 'note' }
  if (next && said.length >= 2 && texts.filter((text) => instruction.test(text)).length >= Math.max(2, said.length * 0.4))
    return { why: 'note' }
  return new Set(texts).size === 1 ? alone(line, columns) : undefined
}

function isTotal(at: readonly number[], texts: readonly string[], { subject, closing }: Columns, isNamed: boolean): boolean {
  return texts
    .slice(0, 4)
    .some(
      (text, i) =>
        (total.test(text) || closing.total?.test(text) || (totalEnd.test(text) && i === 0)) &&
        (i === 0 || subject.has(at[i]!) || !isNamed) &&
        !(isNamed && !subject.has(at[i]!)),
    )
}

/** One text on a whole line: a person of whom nothing but the name is known, a heading for what follows, or a note. */
function alone(line: Line, columns: Columns): Judged {
  const [{ at, spot }] = own(line) as [ReturnType<typeof own>[number]]
  const wide = spot.range !== undefined && spot.range.right > spot.range.left
  if (columns.subject.has(at) && !wide)
    return columns.looksNamed(spot.text) || isDitto(spot.text) ? undefined : heading(spot.text)
  if (
    columns.fields.has(at) &&
    !wide &&
    !columns.serial.has(at) &&
    !/[:：]|^[一二三四五六七八九十\d]+[、.]/.test(spot.text) &&
    [...spot.text].length <= 20 &&
    at > 0
  ) {
    return undefined
  }
  return heading(spot.text)
}

const heading = (words: string): Judged =>
  [...words].length <= 40 && !/^\d+[、.．]/.test(words) ? { why: 'title', section: words } : { why: 'note' }
