// Invents rosters as different hands would keep them, each with its truth: every row is first a person, then written down badly.
// Nothing of the reader is used, so that it cannot agree with itself.
import { chanceOf } from '#app/town/chance.ts'
import { letterOf } from '#server/imports/understand/tidy.ts'
import { formats, serialOf, type MessyCell, type MessySheet } from './messyBook.testing.ts'

export type MessyTruth = {
  sheet: string
  row: number
  name: string
  sex: string | null
  birthDate: string | null
  idNumber: string | null
  phones: string[]
  relation: string | null
  compound: string
  building: string
  unit: string | null
  room: string
}
type At = { sheet: string; row: number; cell: string }
/** `refused` and `doubted` name the cell that has to be named. A relation of null is not asked for. */
export type MessyBook = {
  sheets: MessySheet[]
  rows: number
  households: number
  people: MessyTruth[]
  refused: At[]
  doubted: At[]
  repeats: number
}

type Sex = 'male' | 'female'
type Person = { name: string; sex: Sex; birth: string; id: string; relation: keyof typeof relations }
type Home = { compound: string; building: number; unit: number; room: string }

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const withCheck = (digits: string): string =>
  digits + '10X98765432'[weights.reduce((sum, weight, i) => sum + weight * Number(digits[i]), 0) % 11]!
const numerals = [...'零一二三四五六七八九']
const inWords = (n: number): string =>
  n > 19
    ? `${numerals[Math.floor(n / 10)]}十${n % 10 ? numerals[n % 10] : ''}`
    : n > 10
      ? `十${numerals[n - 10]}`
      : n === 10
        ? '十'
        : numerals[n]!
const digitsInWords = (said: string): string => [...said].map((digit) => numerals[Number(digit)]!.replace('零', '〇')).join('')
const wide = (text: string): string => text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))
const two = (n: number): string => String(n).padStart(2, '0')

const surnames = [...'王李张刘陈杨黄赵吴周徐孙计单户注', '欧阳', '上官']
const givens = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚𬎆喆㛃']
const minority = ['买买提·艾力', '阿依古丽·买买提', '扎西·次仁']
const relations = {
  head: [
    ['户主', '本人', '户 主'],
    ['户主', '本人', '户　主'],
  ],
  spouse: [
    ['丈夫', '夫', '配偶', '之夫'],
    ['妻', '妻子', '爱人', '老伴', '之妻'],
  ],
  child: [
    ['子', '长子', '户主之子', '次子'],
    ['女', '女儿', '长女', '之女'],
  ],
  parent: [
    ['父亲', '父'],
    ['母亲', '户主母亲'],
  ],
  kin: [['侄子', '外甥'], ['侄女']],
  carer: [['护工'], ['保姆']],
} as const
const compounds = ['桂园小区', '清河苑', '幸福家园', '百合公寓', '建设新村', '阳光城', '铁路宿舍', '万科城市花园']
const names = {
  name: ['姓名', '姓  名', '居民姓名', '姓各', '*姓名', '姓名（必填）', '姓名\n(与身份证一致)'],
  sex: ['性别', '性  别', '性別', '性别（男/女）'],
  birth: ['出生日期', '出生年月', '出生年目日', '生日', '出生\n日期'],
  id: ['身份证号', '公民身份号码', '身份证\n号码', '身份正号码', '证件号码'],
  phone: ['联系电话', '手机号码', '联系方式', '联糸电话', '联系电话\n(本人)'],
  relation: ['与户主关系', '与户主\n关系', '家庭关系', '与户主关糸'],
  address: ['现住址', '家庭住址', '居住地址', '详细住址', '居住地址（小区-楼-单元-室）'],
  compound: ['小区', '小区名称', '所在小区'],
  building: ['楼栋', '楼号', '幢号', '几号楼'],
  unit: ['单元', '单元号', '门洞'],
  room: ['房号', '室', '门牌号', '房间号'],
} as const
/** Columns of other things, with values that could be taken for a roster's. */
const others: readonly [string, readonly MessyCell[]][] = [
  ['紧急联系人', ['周大发', '吴芳']],
  ['紧急联系人电话', ['13911112222']],
  ['户籍地址', ['江岸区建设路9号幸福小区9栋9单元909', '本地']],
  ['采集日期', ['2020-02-03', '2020.2.3']],
  ['年龄', [31, 64]],
  ['工作单位', ['望江机械厂', '退休']],
  ['民族', ['汉', '土家族']],
  ['网格员', ['周敏敏']],
  ['返回时间', ['2020.1.21']],
  ['出发地', ['武汉市江汉区']],
  ['房东电话', ['13911113333']],
  ['车牌号', ['鄂A12345']],
  ['', [null]],
]
const ways: ((home: Home) => string)[] = [
  ({ compound, building, unit, room }) => `${compound}${building}号楼${unit}单元${room}`,
  ({ compound, building, unit, room }) => `${compound}${building}-${unit}-${room}`,
  ({ compound, building, unit, room }) => `${compound} ${building}幢 ${unit}单元 ${room}`,
  ({ compound, building, unit, room }) => `湖北省武汉市江岸区后湖街道灵际社区${compound}${building}栋${unit}单元${room}室`,
  ({ compound, building, unit, room }) => `${compound}${inWords(building)}号楼${inWords(unit)}单元${digitsInWords(room)}室`,
  ({ compound, building, unit, room }) => `${compound}${building}#${unit}-${room}`,
  ({ compound, building, unit, room }) => wide(`${compound}${building}号楼${unit}单元${room}室`),
  ({ compound, building, unit, room }) => `${compound}${building}/${unit}/${room}`,
  ({ compound, building, unit, room }) => `${compound}${building}号楼${unit}单元\n${room}`,
  ({ compound, building, unit, room }) => `解放大道1208号${compound}第${building}栋第${unit}单元${room}房（自住）`,
  ({ compound, building, unit, room }) => `${compound}${building}—${unit}—${room}`,
  ({ compound, building, unit, room }) => `${compound}${building}号${unit}单元${room}`,
  ({ compound, building, unit, room }) => `${compound}${two(building)}栋${two(unit)}单元${room.slice(0, -2)}楼${room}`,
]
const days: ((year: string, month: string, day: string) => MessyCell)[] = [
  (y, m, d) => `${y}-${Number(m)}-${Number(d)}`,
  (y, m, d) => `${y}/${m}/${d}`,
  (y, m, d) => `${y}.${Number(m)}.${Number(d)}`,
  (y, m, d) => `${y}年${Number(m)}月${Number(d)}日`,
  (y, m, d) => `${y}${m}${d}`,
  (y, m, d) => Number(`${y}${m}${d}`),
  (y, m, d) => `${digitsInWords(y)}年${inWords(Number(m))}月${inWords(Number(d))}日`,
  (y, m, d) => wide(`${y}年${Number(m)}月${Number(d)}日`),
  (y, m, d) => ({ day: `${y}-${m}-${d}`, format: Number(d) % formats.length }),
  (y, m, d) => serialOf(`${y}-${m}-${d}`),
  (y, m, d) => `'${y}-${m}-${d}`,
  (y, m, d) => `${y}-${m}-${d} 00:00:00`,
  (y, m, d) => `${y} 年 ${Number(m)} 月 ${Number(d)} 日`,
]

/** A workbook of one to three sheets and what a careful reader finds in it. */
export function messyBook(seed: number): MessyBook {
  const { next, below, pick, shuffled } = chanceOf(seed)
  const may = (share: number): boolean => next() < share
  const book: MessyBook = { sheets: [], rows: 0, households: 0, people: [], refused: [], doubted: [], repeats: 0 }
  const taken = new Set<string>()
  const harm = pick([0, 0.06, 0.15])
  const [untidy, manner] = [pick([0, 0.1, 0.4]), pick(['address', 'columns', 'sections', 'sheets'])]
  let count = below(800)
  const tidyLess = (text: string): string =>
    may(untidy) ? pick([`${text}\u200b`, ` ${text}`, `${text}\n`, `\u00a0${text}`, `${text}\u3000`]) : text
  const mobile = (): string => `${pick(['138', '150', '186', '199'])}${String(below(100_000_000)).padStart(8, '0')}`
  for (let i = 0; i < 1 + below(3); i++) book.sheets.push(sheetOf(i))
  if (may(0.4))
    book.sheets.unshift({
      name: '填表说明',
      rows: [['填表说明'], ['1.每人一行，户主在前'], ['2.身份证号码用文本格式']],
      merges: [],
      hidden: [],
    })
  if (may(0.4))
    book.sheets.push({
      name: '汇总',
      rows: [
        ['楼栋', '户数', '人数'],
        ['1号楼', 12, 30],
        ['合计', 12, 30],
      ],
      merges: [],
      hidden: [],
    })
  return book

  function person(relation: Person['relation'], sex: Sex, year: number, surname: string): Person {
    const birth = `${year}-${two(1 + below(12))}-${two(1 + below(28))}`
    const order = (++count % 190) + 1
    const name = may(0.03)
      ? `${pick(minority)}${pick(givens)}`
      : `${surname}${pick(givens)}${pick(givens)}${may(0.5) ? pick(givens) : ''}`.slice(
          0,
          may(0.7) ? undefined : surname.length + 2,
        )
    return {
      name: name.replace(/[\ud800-\udbff]$/, ''),
      sex,
      birth,
      relation,
      id: withCheck(
        `${pick(['420102', '330106', '510104', '653101'])}${birth.replaceAll('-', '')}${two(order % 100)}${(order % 5) * 2 + (sex === 'male' ? 1 : 0)}`,
      ),
    }
  }

  function family(): Person[] {
    const [year, surname] = [1945 + below(50), pick(surnames)]
    const sex = pick(['male', 'female'] as const)
    const everybody = [person('head', sex, year, surname)]
    if (may(0.6)) everybody.push(person('spouse', sex === 'male' ? 'female' : 'male', year + 1, pick(surnames)))
    for (let i = below(3); i > 0; i--)
      everybody.push(person('child', pick(['male', 'female'] as const), Math.min(2019, year + 22 + below(8)), surname))
    if (may(0.15)) everybody.push(person(pick(['parent', 'kin', 'carer'] as const), 'female', 1950, pick(surnames)))
    return everybody.filter(({ name }, i) => everybody.findIndex((one) => one.name === name) === i)
  }

  function sheetOf(index: number): MessySheet {
    const own = index * 3 + 1 + below(3)
    const sheet: MessySheet = {
      name: manner === 'sheets' ? pick([`${own}号楼`, `${own}栋`, `${own}#`, `${inWords(own)}号楼`]) : `名单${index + 1}`,
      rows: [],
      merges: [],
      hidden: [],
    }
    const fill = pick(['repeat', 'merge', 'blank', 'same'] as const)
    const titled = manner === 'sheets' || manner === 'sections'
    const compound = pick(compounds)
    const has = { birth: may(0.75), sex: may(0.85), relation: may(0.9) }
    const style = may(0.5) ? [pick(days)] : days
    const once =
      (value: (home: Home) => MessyCell) =>
      (_: Person, __: MessyTruth, at: { first: boolean }, home: Home): MessyCell =>
        at.first || fill === 'repeat' ? value(home) : fill === 'same' ? pick(['同上', '〃', '"']) : null
    type Put = (one: Person, truth: MessyTruth, at: { first: boolean; cell: string }, home: Home) => MessyCell
    type Column = { head: string; group?: string; place?: true; put: Put }
    const column = (key: keyof typeof names, put: Put): Column => ({ head: pick(names[key]), put })
    const group = may(0.5) ? { group: '住址' } : {}
    const place = (key: keyof typeof names, value: (home: Home) => MessyCell): Column => ({
      ...column(key, once(value)),
      place: true,
      ...(manner === 'columns' ? group : {}),
    })
    const places =
      manner === 'address'
        ? [place('address', (home) => tidyLess(pick(ways)(home)))]
        : [
            ...(titled ? [] : [place('compound', (home) => home.compound)]),
            ...(titled
              ? []
              : [
                  place('building', ({ building }) =>
                    pick([building, `${building}栋`, `${inWords(building)}号楼`, `${building}#`, wide(String(building))]),
                  ),
                ]),
            ...(manner === 'sections' ? [] : [place('unit', ({ unit }) => pick([unit, `${unit}单元`, inWords(unit)]))]),
            place('room', ({ room }) => pick([Number(room), `${room}室`, wide(room), room])),
          ]
    const columns = [
      column('id', idAs),
      ...(has.birth ? [column('birth', birthAs)] : []),
      ...(has.sex ? [column('sex', ({ sex }) => tidyLess(sex === 'male' ? pick(['男', '男性']) : pick(['女', '女性'])))] : []),
      column('phone', phoneAs),
      ...(has.relation
        ? [column('relation', ({ relation, sex }) => pick(relations[relation][sex === 'male' ? 0 : 1] ?? ['其他']))]
        : []),
      ...others.filter(() => may(0.2)).map(([head, values]): Column => ({ head, put: () => pick(values) })),
    ]
    let serial = 0
    const all: Column[] = [
      { head: pick(['序号', 'No', '№']), put: () => serial },
      ...(may(0.5) ? places : []),
      column('name', ({ name }) => nameAs(name)),
      ...idFirst(shuffled(columns)),
    ]
    if (!all.some((one) => one.place)) all.push(...places)
    if (may(0.25)) sheet.hidden.push(1 + below(all.length - 1))
    const width = all.length
    const line = (...cells: MessyCell[]) =>
      sheet.rows.push([...cells, ...Array<MessyCell>(Math.max(0, width - cells.length)).fill(null)])
    const whole = (words: string) => {
      line(words)
      if (may(0.7)) sheet.merges.push(`A${sheet.rows.length}:${letterOf(width - 1)}${sheet.rows.length}`)
    }
    const title = `2020年${titled ? compound : '灵际社区'}${pick(['居民信息登记表', '住户信息一览表', '实有人口信息采集表'])}`
    whole(title)
    if (may(0.6)) line(pick(['填报单位：灵际社区居委会', '单位：后湖街道灵际社区']), null, null, '填报日期：2020年2月3日')
    const heading = () => {
      line(...all.map((one, i) => (one.group && all[i - 1]?.group ? null : (one.group ?? (one.head || null)))))
      if (!all.some((one) => one.group)) return
      const top = sheet.rows.length
      line(...all.map((one) => (one.group ? one.head : null)))
      for (const [i, one] of all.entries()) if (!one.group) sheet.merges.push(`${letterOf(i)}${top}:${letterOf(i)}${top + 1}`)
      sheet.merges.push(
        `${letterOf(all.findIndex((one) => one.group))}${top}:${letterOf(all.findLastIndex((one) => one.group))}${top}`,
      )
    }
    heading()
    let section = ''
    for (const home of homesOf(own, titled ? compound : undefined)) {
      const said = manner === 'sections' ? `${home.building}号楼${home.unit}单元` : ''
      if (said !== section) whole(may(0.5) ? said : `【${said}】`)
      section = said
      if (sheet.rows.length > 14 && may(0.06)) {
        if (may(0.5)) whole('本页小计：')
        whole(`${title}（续）`)
        heading()
      }
      put(home)
    }
    if (may(0.3)) for (let i = 0; i < 2; i++) line(++serial)
    if (may(0.6)) line(pick(['合计', '总  计']), null, `${serial}人`)
    if (may(0.4)) whole('注：本表由网格员入户核对后填写。')
    if (may(0.5))
      line(
        ...pick([
          ['填表人：周某', null, '审核人：吴某'],
          ['网格员（签字）：', null, '社区（盖章）：', null, '2020年2月3日'],
        ]),
      )
    return sheet

    /** The number stands before what is left open because it says it. */
    function idFirst(order: readonly Column[]): Column[] {
      return [...order].sort((a, b) => Number(b.put === idAs) - Number(a.put === idAs))
    }

    function homesOf(building: number, only: string | undefined): Home[] {
      const homes = Array.from({ length: 6 + below(8) }, (): Home => ({
        compound: only ?? compound,
        building: manner === 'sheets' ? building : 1 + below(manner === 'sections' ? 3 : 14),
        unit: 1 + below(3),
        room: `${1 + below(may(0.3) ? 20 : 7)}0${1 + below(4)}`,
      })).filter((home) => !taken.has(JSON.stringify(home)) && taken.add(JSON.stringify(home)))
      return manner === 'sections' ? homes.sort((a, b) => a.building - b.building || a.unit - b.unit) : homes
    }

    function put(home: Home): void {
      const everybody = family()
      const from = sheet.rows.length + 1
      let stay = 0
      for (const [k, one] of everybody.entries()) {
        serial++
        book.rows++
        const row = sheet.rows.length + 1
        const truth: MessyTruth = {
          sheet: sheet.name,
          row,
          name: one.name,
          sex: one.sex,
          birthDate: one.birth,
          idNumber: one.id,
          phones: [],
          relation: has.relation ? one.relation : k === 0 ? 'head' : null,
          compound: home.compound,
          building: `${home.building}号楼`,
          unit: `${home.unit}单元`,
          room: home.room,
        }
        const cells = all.map((column, at) => column.put(one, truth, { first: k === 0, cell: `${letterOf(at)}${row}` }, home))
        if (truth.idNumber === null)
          Object.assign(truth, { sex: has.sex ? one.sex : null, birthDate: has.birth ? truth.birthDate : null })
        line(...cells)
        const [at, written] = [all.findIndex(({ head }) => (names.name as readonly string[]).includes(head)), sheet.rows.at(-1)!]
        const refused = k > 0 && harm > 0 && may(0.03)
        if (refused) {
          written[at] = { f: `VLOOKUP(A${row},B:C,2,0)` }
          book.refused.push({ sheet: sheet.name, row, cell: `${letterOf(at)}${row}` })
          book.doubted = book.doubted.filter((doubt) => doubt.sheet !== sheet.name || doubt.row !== row)
          continue
        }
        if (may(0.03)) written[at] = { f: `TRIM("${one.name}")`, v: one.name }
        book.people.push(truth)
        stay++
        if (fill === 'repeat' && k > 0 && may(0.02)) {
          line(...written)
          book.rows++
          book.repeats++
        }
      }
      if (stay) book.households++
      const rows = sheet.rows.length - from
      if (fill === 'merge' && rows > 0)
        for (const [at, { place: isPlace }] of all.entries())
          if (isPlace) sheet.merges.push(`${letterOf(at)}${from}:${letterOf(at)}${from + rows}`)
    }

    function nameAs(name: string): string {
      if (name.includes('·')) return tidyLess(name.replace('·', pick(['·', '•', '.', ' · '])))
      return tidyLess(may(0.1) ? [...name].join(pick([' ', '　'])) : name)
    }

    function doubted(truth: MessyTruth, cell: string): void {
      book.doubted.push({ sheet: truth.sheet, row: truth.row, cell })
    }

    function idAs({ id, birth }: Person, truth: MessyTruth, { cell }: { cell: string }): MessyCell {
      if (may(harm)) {
        truth.idNumber = null
        doubted(truth, cell)
        return pick([
          id.endsWith('X') ? id.slice(0, 16) : Number(id),
          `${id[0]}.${id.slice(1, 6)}E+17`,
          `${id.slice(0, 6)}********${id.slice(14)}`,
          id.slice(0, 17),
          id.slice(0, 17) + (id.endsWith('5') ? '6' : '5'),
        ])
      }
      if (may(Number(birth.slice(0, 4)) > 2012 ? 0.4 : 0.03)) {
        truth.idNumber = null
        return pick([null, '无', '不详', '未办理', '/'])
      }
      if (Number(birth.slice(0, 4)) < 1985 && may(0.04)) return `${id.slice(0, 6)}${id.slice(8, 17)}`
      return tidyLess(
        pick([
          id,
          id,
          id,
          id.toLowerCase(),
          wide(id),
          `${id.slice(0, 6)} ${id.slice(6, 14)} ${id.slice(14)}`,
          `'${id}`,
          `${id.slice(0, 9)}\n${id.slice(9)}`,
        ]),
      )
    }

    function birthAs({ birth }: Person, truth: MessyTruth, { cell }: { cell: string }): MessyCell {
      const [year, month, day] = birth.split('-') as [string, string, string]
      if (may(harm * 0.3)) {
        if (truth.idNumber === null) {
          truth.birthDate = null
          doubted(truth, cell)
        }
        return pick([`${year}.${month}`, `${year}年`, `${year}年${Number(month)}月`])
      }
      if (may(harm * 0.3) && year < '2000') {
        if (truth.idNumber === null) doubted(truth, cell)
        return pick([`${year.slice(2)}.${Number(month)}.${Number(day)}`, `${year.slice(2)}年${Number(month)}月${Number(day)}日`])
      }
      const said = pick(style)(year, month, day)
      return typeof said === 'string' ? tidyLess(said) : said
    }

    function phoneAs({ birth }: Person, truth: MessyTruth, { cell }: { cell: string }): MessyCell {
      if (birth > '2012' || may(0.3)) return pick([null, '无', '—'])
      const [one, other] = [mobile(), mobile()]
      if (may(harm * 0.3)) {
        doubted(truth, cell)
        return one.slice(0, 10)
      }
      truth.phones = may(0.15) ? [one, other] : [one]
      if (truth.phones.length === 2) return `${one}${pick(['/', '、', '；', '\n', ' ', '，'])}${other}`
      return pick([
        one,
        Number(one),
        tidyLess(one),
        `${one.slice(0, 3)}-${one.slice(3, 7)}-${one.slice(7)}`,
        `+86 ${one}`,
        wide(one),
        `${one}（儿子）`,
      ])
    }
  }
}
