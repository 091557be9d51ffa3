// Whole sheets as offices keep them: heads, merged cells, 同上, pages, totals; who belongs to which household; what is refused and what is said.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Cell, WorkbookRead } from '#server/spreadsheet/cells.ts'
import { numberCell, textCell } from '#server/spreadsheet/cells.ts'
import { readWorkbook } from '#server/spreadsheet/read.ts'
import { understand } from '#server/imports/understand/understand.ts'
import { rosterRowOf } from './entry.ts'
import { rosterWords } from './heads.ts'
import { readRoster } from './read.ts'
import { checkDigit } from '../documents.ts'
import { RosterRow } from '../roster.ts'

type Value = string | number | null | Partial<Cell>
type Sheets = Record<string, readonly (readonly Value[])[]>
const today = '2026-11-22'
const id = '11010519491231002X'

const cellOf = (value: Value): Cell =>
  value === null
    ? { text: '', kind: 'blank' }
    : typeof value === 'number'
      ? numberCell(value)
      : typeof value === 'string'
        ? textCell(value)
        : { text: '', kind: 'text', ...value }

/** Merged ranges are named beside their sheet: `{ A: ['B2:B4'] }`. */
function book(sheets: Sheets, merged: Record<string, string[]> = {}): WorkbookRead {
  const within = (range: string, row: number, at: number) => {
    const [, a, top, b, bottom] = /^([A-Z])(\d+):([A-Z])(\d+)$/.exec(range)!
    return row >= Number(top) && row <= Number(bottom) && at >= a!.charCodeAt(0) - 65 && at <= b!.charCodeAt(0) - 65
  }
  return {
    format: 'xlsx',
    sheets: Object.entries(sheets).map(([name, rows]) => ({
      name,
      rows: rows
        .map((values, i) => ({
          row: i + 1,
          cells: values.map((value, at) => {
            const range = merged[name]?.find((one) => within(one, i + 1, at))
            return range ? { ...cellOf(value), merged: range } : cellOf(value)
          }),
        }))
        .filter(({ cells }) => cells.some((cell) => cell.kind !== 'blank')),
    })),
  }
}

function read(sheets: Sheets, merged: Record<string, string[]> = {}, compounds: string[] = []) {
  const understood = understand(book(sheets, merged), rosterWords)
  const roster = readRoster(understood, { today, compounds })
  const said = roster.people.map(({ row, household, name, relation, compound, building, unit, room }) =>
    [row, household, name, relation, [compound, building, unit, room].filter(Boolean).join(' ')].join('|'),
  )
  return {
    understood,
    roster,
    said,
    refused: roster.refused.map(({ row }) => row),
    doubted: roster.questionable.map(({ row }) => row),
  }
}

test('the invented roster is read as it was made', async () => {
  const folder = `${import.meta.dirname}/../../../../fixtures/rosters`
  const truth = JSON.parse(readFileSync(`${folder}/messy.truth.json`, 'utf8'))
  const { people, refused, questionable, rows } = readRoster(
    understand(await readWorkbook(`${folder}/messy.xlsx`), rosterWords),
    { today },
  )
  const key = ({ sheet, row }: { sheet: string; row: number }) => `${sheet} ${row}`
  const found = people
    .filter(({ name }) => name !== null)
    .map(({ sheet, row, name, sex, birthDate, idNumber, phones, relation, compound, building, unit, room }) => ({
      sheet,
      row,
      name,
      sex,
      birthDate,
      idNumber,
      phones,
      relation,
      compound,
      building,
      unit,
      room,
    }))
  expect(found).toEqual(truth.people)
  expect({ rows, refused: refused.map(key) }).toEqual({ rows: truth.rows, refused: truth.refused.map(key) })
  expect([...new Set(questionable.map(key))].sort()).toEqual(truth.questionable.map(key).sort())
})

test('a head of three rows: title, groups, fields; the householder’s own columns are told from the members’', () => {
  const { understood, said, doubted } = read(
    {
      名册: [
        ['某社区登记表'],
        ['户主信息', null, null, '家庭成员信息', null, null, '住址', null, null, null],
        ['姓名', '身份证号', '联系电话', '姓名', '与户主关系', '手机', '小区', '楼栋', '单元', '房号'],
        ['王伟', id, '13800138000', '王伟', '户主', null, '幸福小区', 3, 1, 402],
        [null, null, null, '李芳', '妻', '13800138001', null, null, null, null],
        ['赵六', null, '13800138005', '孙七', '妻', null, '幸福小区', 3, 1, 403],
      ],
    },
    { 名册: ['A1:J1', 'A2:C2', 'D2:F2', 'G2:J2', 'A4:A5', 'B4:B5', 'C4:C5', 'G4:G5', 'H4:H5', 'I4:I5', 'J4:J5'] },
  )
  expect(understood.sheets[0]!.columns.map(({ field }) => field)).toEqual([
    'headName',
    'headId',
    'headPhone',
    'name',
    'relation',
    'phone',
    'compound',
    'building',
    'unit',
    'room',
  ])
  expect(said).toEqual([
    '4|1|王伟|head|幸福小区 3号楼 1单元 402',
    '5|1|李芳|spouse|幸福小区 3号楼 1单元 402',
    '6|2|孙七|spouse|幸福小区 3号楼 1单元 403',
  ])
  // 赵六 is known with a telephone and has no row: nobody is lost in silence.
  expect(doubted).toEqual([6])
})

test('heads with stars, breaks, brackets, slips and other words are known; what is not the person’s is left aside', () => {
  const heads = [
    '编号',
    '*姓  名',
    '姓别',
    '身分证号',
    '出生年目',
    '联系电活',
    '紧急联系人电话',
    '与户主\n关系',
    '现居住地址（详细到门牌号）',
    '民族',
    '文化程度',
    '工作单位',
    '单位电话',
    '户籍所在地',
    '监护人姓名',
    '房东姓名',
  ]
  const { understood } = read({
    A: [
      heads,
      [
        '1',
        '王伟',
        '男',
        id,
        '1949-12-31',
        '13800138000',
        '13900139000',
        '户主',
        '幸福小区3-1-402',
        '汉族',
        '初中',
        '梅园厂',
        '027-88888888',
        '武汉',
        '张三',
        '李四',
      ],
    ],
  })
  expect(understood.sheets[0]!.columns.map(({ field }) => field)).toEqual([
    'serial',
    'name',
    'sex',
    'idNumber',
    'birthDate',
    'phone',
    null,
    'relation',
    'address',
    null,
    null,
    'employer',
    null,
    'homePlace',
    null,
    null,
  ])
})

test('without any head the values decide', () => {
  const { understood, said } = read({
    幸福小区: [
      ['王伟', '女', id, '13800138000', '3-1-402'],
      ['李芳', '女', '无', '13900138000', '3-1-403'],
    ],
  })
  expect(understood.sheets[0]!.columns.map(({ field, sure }) => [field, sure])).toEqual(
    ['name', 'sex', 'idNumber', 'phone', 'address'].map((field) => [field, 'values']),
  )
  expect(said).toEqual(['1|1|王伟|head|幸福小区 3号楼 1单元 402', '2|2|李芳|head|幸福小区 3号楼 1单元 403'])
})

test('titles, lines to fill in, pages, totals, notes, signatures, examples and prepared rows are no data', () => {
  const head = ['序号', '姓名', '性别', '小区', '楼栋', '房号']
  const { understood, said, roster } = read({
    A: [
      ['某社区登记表'],
      ['填报单位', '某社区', '填报日期', '2020-2-3'],
      head,
      ['必填', '如：王伟', '请填男或女', '', '', ''],
      ['示例', '张三', '男', '幸福小区', '3', '402'],
      [1, '王伟', '男', '幸福小区', '3', '402'],
      ['第1页'],
      ['某社区登记表'],
      head,
      [2, '李芳', '女', '幸福小区', '3', '403'],
      [3, null, null, '幸福小区', '3', null],
      [4],
      ['/', '/', '/', '/', '/', '/'],
      ['本页小计', '2人'],
      ['合  计', '2户2人'],
      ['共计2户2人'],
      ['注：本表一式两份'],
      ['2、请于周五前上报'],
      ['备注', '无'],
      ['填表人：甲', null, null, '审核人：乙'],
      ['（以下空白）'],
    ],
  })
  expect(said).toEqual(['6|1|王伟|head|幸福小区 3号楼 402', '10|2|李芳|head|幸福小区 3号楼 403'])
  expect(roster.rows).toBe(2)
  expect(understood.sheets[0]!.aside.filter(({ why }) => why === 'total').map(({ row }) => row)).toEqual([14, 15, 16])
})

test('sheets without people are left aside: explanations, sums, lists of telephones, hidden ones', () => {
  const sheets = {
    说明: [['填表说明'], ['1、一人一行']],
    汇总: [
      ['楼栋', '户数', '人数'],
      ['3号楼', 1, 1],
    ],
    通讯录: [
      ['姓名', '职务', '联系电话'],
      ['周网', '网格员', '13800138000'],
    ],
    居民: [
      ['姓名', '住址'],
      ['王伟', '幸福小区3-1-402'],
    ],
  }
  expect(read(sheets).said).toEqual(['2|1|王伟|head|幸福小区 3号楼 1单元 402'])
})

test('the place follows from the sheet, its title, the line above the rows, or the household above', () => {
  expect(
    read({
      桂花园3栋: [
        ['姓名', '房号'],
        ['王伟', '1-402'],
        ['李芳', '2-501'],
      ],
      桂花园4栋: [
        ['姓名', '房号'],
        ['张三', '402'],
      ],
    }).said,
  ).toEqual(['2|1|王伟|head|桂花园 3号楼 1单元 402', '3|2|李芳|head|桂花园 3号楼 2单元 501', '2|3|张三|head|桂花园 4号楼 402'])
  expect(
    read(
      {
        Sheet1: [
          ['幸福小区居民花名册'],
          ['房号', '姓名', '性别'],
          ['3号楼1单元'],
          ['402', '王伟', '男'],
          ['3号楼2单元'],
          ['402', '张三', '男'],
          ['4号楼'],
          ['101', '孙七', '男'],
        ],
      },
      { Sheet1: ['A3:C3', 'A5:C5', 'A7:C7'] },
    ).said,
  ).toEqual([
    '4|1|王伟|head|幸福小区 3号楼 1单元 402',
    '6|2|张三|head|幸福小区 3号楼 2单元 402',
    '8|3|孙七|head|幸福小区 4号楼 101',
  ])
  expect(
    read({
      A: [
        ['序号', '姓名', '关系', '住址'],
        [1, '王伟', '户主', '幸福小区3栋1单元402'],
        [null, '李芳', '配偶', null],
        [2, '赵六', '户主', '幸福小区3栋1单元403'],
        [null, '钱八', '妻', '同上'],
      ],
    }).said,
  ).toEqual([
    '2|1|王伟|head|幸福小区 3号楼 1单元 402',
    '3|1|李芳|spouse|幸福小区 3号楼 1单元 402',
    '4|2|赵六|head|幸福小区 3号楼 1单元 403',
    '5|2|钱八|spouse|幸福小区 3号楼 1单元 403',
  ])
  expect(
    read({
      幸福村: [
        ['组别', '门牌号', '户主姓名', '成员姓名', '与户主关系'],
        ['一组', '15', '王伟', '王伟', '户主'],
        ['一组', '15', '王伟', '李芳', '妻'],
      ],
    }).said,
  ).toEqual(['2|1|王伟|head|幸福村 1组 15号', '3|1|李芳|spouse|幸福村 1组 15号'])
})

test('the compound of a row that names none is the only one there is, and that is said; between two nobody chooses', () => {
  const rows = [
    ['姓名', '楼栋', '单元', '房号'],
    ['王伟', '3', '1', '402'],
  ]
  expect(read({ A: rows }, {}, ['幸福小区'])).toMatchObject({ said: ['2|1|王伟|head|幸福小区 3号楼 1单元 402'], doubted: [2] })
  expect(read({ A: rows }, {}, ['甲小区', '乙小区'])).toMatchObject({ said: [], refused: [2] })
  expect(
    read({
      A: [
        ['姓名', '小区', '楼栋', '房号'],
        ['王伟', '甲小区', '3', '402'],
        ['李芳', '乙小区', '3', '402'],
        ['张三', '乙小区', '3', '403'],
        ['赵六', '乙小区', '4', '403'],
        ['孙七', null, '4', '404'],
        ['周九', '甲小区', '4', '404'],
      ],
    }).refused,
  ).toEqual([6])
  expect(
    read({
      A: [
        ['姓名', '小区', '楼栋', '房号'],
        ['王伟', '甲小区', '3', '402'],
        ['李芳', '乙小区', '3', '402'],
        ['张三', null, '3', '403'],
        ['赵六', '乙小区', '4', '403'],
      ],
    }).said[2],
  ).toBe('4|3|张三|head|乙小区 3号楼 403')
})

test('a row is refused where nobody can be told, or no place, with its cell and what to do', () => {
  const { roster, refused } = read({
    A: [
      ['姓名', '身份证号', '关系', '住址', '备注'],
      ['王伟', null, '户主', '幸福小区3-1-402', null],
      ['', '无', '妻', '幸福小区3-1-402', null],
      ['赵六', null, '户主', null, null],
      ['孙七', null, '户主', '幸福小区3号楼', null],
      ['周九', null, '户主', { text: '2020-03-01', kind: 'date' }, null],
      [{ formula: 'B2', unstored: true, kind: 'blank' }, null, '户主', '幸福小区3-1-405', null],
      [{ text: '#REF!', kind: 'error' }, null, '户主', '幸福小区3-1-406', null],
      ['王伟、李芳', null, '户主', '幸福小区3-1-407', null],
      ['吴十', null, '子', '幸福小区东头', null],
    ],
  })
  expect(refused).toEqual([3, 4, 5, 6, 7, 8, 9, 10])
  expect(roster.rows).toBe(9)
  expect(roster.refused.map(({ reason }) => reason.zh).join()).toMatch(/第 6 行（D6 单元格）.*日期.*第 7 行（A7 单元格）.*公式/)
})

test('numbers that a spreadsheet wore down, and numbers that are wrong, are dropped; the person stays and the cell is named', () => {
  const { roster } = read({
    A: [
      ['姓名', '性别', '身份证号', '出生日期', '住址'],
      ['王伟', '男', 110105194912310020, '1949-12-31', '幸福小区3-1-401'],
      ['李芳', '女', '1.10105E+17', '1990.1.31', '幸福小区3-1-402'],
      ['张三', '男', '110105194912310021', '1990-1-1', '幸福小区3-1-403'],
      ['赵六', '男', id, '1949年12月', '幸福小区3-1-404'],
      ['钱八', '女', '440524188001010014', '1980-01-01', '幸福小区3-1-405'],
    ],
  })
  expect(roster.people.map(({ name, idNumber, sex, birthDate }) => [name, idNumber, sex, birthDate])).toEqual([
    ['王伟', null, 'male', '1949-12-31'],
    ['李芳', null, 'female', '1990-01-31'],
    ['张三', null, 'male', '1990-01-01'],
    // The number is checked by its last digit, so it is followed; the contradiction is said.
    ['赵六', id, 'female', '1949-12-31'],
    ['钱八', '440524188001010014', 'male', '1880-01-01'],
  ])
  expect(roster.questionable.map(({ row, reason }) => `${row}${/（(\w+) 单元格）/.exec(reason.zh)?.[1]}`)).toEqual([
    '2C2',
    '3C3',
    '4C4',
    '5B5',
    '6D6',
    '6B6',
  ])
  expect(JSON.stringify(roster.questionable)).not.toMatch(/\d{11}/)
})

test('two householders in one dwelling are two households; a row printed twice is one person; a repeat elsewhere is said', () => {
  const { roster, said, doubted } = read({
    A: [
      ['姓名', '身份证号', '与户主关系', '小区', '楼栋', '单元', '房号'],
      ['王伟', id, '户主', '幸福小区', '3', '1', '402'],
      ['李四（租户）', null, '户主', '幸福小区', '3', '1', '402'],
      ['赵七', null, '室友', '幸福小区', '3', '1', '402'],
      ['王伟', id, '户主', '幸福小区', '3', '1', '402'],
      ['王伟', id, '户主', '幸福小区', '3', '1', '403'],
    ],
  })
  expect(said.slice(0, 3).map((line) => line.slice(0, 8))).toEqual(['2|1|王伟|h', '3|2|李四|h', '4|2|赵七|r'])
  expect(roster.people.map(({ repeats }) => repeats?.row)).toEqual([undefined, undefined, undefined, 2, 2])
  expect(doubted).toEqual([6])
})

test('one number under two names stays with whom sex and birth date bear it out, else with nobody', () => {
  const rows = (birth: string) => [
    ['姓名', '性别', '身份证号', '出生日期', '住址'],
    ['王伟', '男', id, '1990-01-01', '幸福小区3-1-401'],
    ['李芳', '女', id, birth, '幸福小区3-1-402'],
  ]
  const one = read({ A: rows('1949-12-31') })
  expect(one.roster.people.map(({ idNumber, sex, birthDate }) => [idNumber, sex, birthDate])).toEqual([
    [null, 'male', '1990-01-01'],
    [id, 'female', '1949-12-31'],
  ])
  expect([...new Set(one.doubted)]).toEqual([2, 3])
  expect(read({ A: rows('1960-12-31') }).roster.people.map(({ idNumber }) => idNumber)).toEqual([null, null])
})

test('a second telephone below the first belongs to the person whose name reaches over both rows', () => {
  const { roster } = read(
    {
      A: [
        ['姓名', '电话', '住址'],
        ['王伟', '13800138000', '幸福小区3-1-402'],
        [null, '027-88888888', null],
      ],
    },
    { A: ['A2:A3', 'C2:C3'] },
  )
  expect(roster).toMatchObject({ rows: 1, people: [{ phones: ['13800138000', '027-88888888'] }] })
  expect(RosterRow.parse(rosterRowOf(roster.people[0]!))).toMatchObject({
    phone: '13800138000',
    otherPhones: ['02788888888'],
    note: null,
  })
})

test('vacant dwellings are rows without a person', () => {
  const { roster, refused } = read({
    A: [
      ['小区', '楼栋', '房号', '姓名', '房屋性质'],
      ['幸福小区', '3', '401', '空置', ''],
      ['幸福小区', '3', '402', '', '空置'],
      ['幸福小区', '3', '404', '', '出租'],
    ],
  })
  expect(roster.people.map(({ name, use, room }) => [name, use, room])).toEqual([
    [null, 'vacant', '401'],
    [null, 'vacant', '402'],
  ])
  expect(refused).toEqual([4])
})

test('what somebody said of the columns is followed', () => {
  const sheets = book({
    A: [
      ['甲', '乙', '住址'],
      ['王伟', '13800138000', '幸福小区3-1-402'],
    ],
  })
  const first = understand(sheets, rosterWords)
  const given = {
    sheets: [
      {
        name: 'A',
        taken: true,
        headRows: [1, 1] as [number, number],
        columns: [
          { at: 0, head: '甲', field: 'name' },
          { at: 1, head: '乙', field: 'phone' },
          { at: 2, head: '住址', field: 'address' },
        ],
      },
    ],
  }
  expect(first.sheets[0]!.taken).toBe(false)
  expect(readRoster(understand(sheets, rosterWords, given), { today }).people).toMatchObject([
    { name: '王伟', phones: ['13800138000'], room: '402' },
  ])
})

test('a column of other days is no birth date, and one slip in a long head does not matter', () => {
  const { roster, understood } = read({
    A: [
      ['姓名', '采集日期', '现住址'],
      ['王伟', '2020-02-03', '桂园小区3-1-402'],
      ['李芳', '2020-02-04', '桂园小区3-1-402'],
    ],
  })
  expect(roster.people.map(({ birthDate }) => birthDate)).toEqual([null, null])
  expect(understood.sheets[0]!.columns[1]!.field).toBeNull()
  const slip = read({
    A: [
      ['姓名', '出生年目日', '现住址'],
      ['王伟', 31118, '桂园小区3-1-402'],
      ['李芳', "'1987-09-15", '桂园小区3-1-402'],
    ],
  })
  expect(slip.roster.people.map(({ birthDate }) => birthDate)).toEqual(['1985-03-12', '1987-09-15'])
})

test('somebody else’s name never stands in for a blank one: the owner’s in a list of tenants, the householder’s beside a member', () => {
  const tenants = read({
    A: [
      ['承租人', '身份证号', '出租房地址', '房主姓名'],
      ['王伟', null, '桂园小区3-1-402', '陈红'],
      [null, id, '桂园小区3-1-403', '卢琼'],
    ],
  })
  expect(tenants.said).toEqual(['2|1|王伟|head|桂园小区 3号楼 1单元 402'])
  expect(tenants.roster.refused).toMatchObject([{ row: 3, reason: { zh: expect.stringContaining('A3') } }])
  expect(tenants.roster.questionable).toEqual([])
  const members = read({
    A: [
      ['户主姓名', '姓名', '与户主关系', '身份证号', '住址'],
      ['王伟', '王伟', '户主', null, '桂园小区3-1-402'],
      ['王伟', null, '妻', id, '桂园小区3-1-402'],
    ],
  })
  expect(members.roster.refused).toMatchObject([{ row: 3, reason: { zh: expect.stringContaining('B3') } }])
})

test('two tables side by side are two tables: each row its own, the right one read below itself', () => {
  const heads = ['房号', '姓名', '电话']
  const { roster, said } = read({
    桂园小区3号楼: [
      [...heads, null, ...heads],
      ['1-402', '王伟', '13812345678', null, '1-403', '李芳', '13912345678'],
      [null, '王明', null, null, null, '陈红', null],
      [null, null, null, null, '1-404', '赵六', null],
    ],
  })
  expect(said).toEqual(
    [
      '2|1|王伟|head|桂园小区3号楼',
      '3|1|王明|other|桂园小区3号楼',
      '2|2|李芳|head|桂园小区3号楼',
      '3|2|陈红|other|桂园小区3号楼',
      '4|3|赵六|head|桂园小区3号楼',
    ].map((line, i) => line.replace('桂园小区3号楼', `桂园小区 3号楼 1单元 ${[402, 402, 403, 403, 404][i]}`)),
  )
  expect(roster.people.map(({ phones }) => phones.join())).toEqual(['13812345678', '', '13912345678', '', ''])
  expect([roster.rows, roster.refused, roster.questionable]).toEqual([5, [], []])
})

test('all persons of a row are read: numbered, under groups, beside the householder, or by the same heads again', () => {
  const other = '11010519550101001'
  const second = other + checkDigit(other)
  const family = [
    '2|1|王伟|head|桂园小区 3号楼 1单元 402',
    '2|1|李芳|spouse|桂园小区 3号楼 1单元 402',
    '3|2|陈红|head|桂园小区 3号楼 1单元 403',
  ]
  const numbered = read({
    A: [
      ['住址', '姓名1', '身份证1', '关系1', '姓名2', '身份证2', '关系2', '联系电话'],
      ['桂园小区3-1-402', '王伟', id, '户主', '李芳', second, '妻', '13812345678'],
      ['桂园小区3-1-403', '陈红', null, '户主', null, null, null, null],
    ],
  })
  const again = read({
    A: [
      ['住址', '关系', '姓名', '身份证号', '关系', '姓名', '身份证号'],
      ['桂园小区3-1-402', '户主', '王伟', id, '妻', '李芳', second],
      ['桂园小区3-1-403', '户主', '陈红', null, null, null, null],
    ],
  })
  const kin = read({
    A: [
      ['户主姓名', '户主身份证号', '户主电话', '配偶姓名', '配偶身份证号', '子女姓名', '子女电话', '家庭住址'],
      ['王伟', id, '13812345678', '李芳', second, '王小明', '13712345678', '桂园小区3-1-402'],
      ['陈红', null, null, '无', null, null, null, '桂园小区3-1-403'],
    ],
  })
  const groups = read(
    {
      A: [
        ['房号', '户主', null, '家庭成员1', null, null, '家庭成员2', null, null],
        [null, '姓名', '身份证号', '姓名', '身份证号', '与户主关系', '姓名', '身份证号', '与户主关系'],
        ['桂园小区3-1-402', '王伟', id, '李芳', second, '妻', '王伟', id, '户主'],
        ['桂园小区3-1-403', '陈红', null, null, null, null, null, null, null],
      ],
    },
    { A: ['A1:A2', 'B1:C1', 'D1:F1', 'G1:I1'] },
  )
  for (const { said, roster } of [numbered, again, kin, groups]) {
    expect(said.map((line) => line.replace(/^\d+/, ''))).toEqual(family.map((line) => line.replace(/^\d+/, '')))
    expect(roster.people.map(({ idNumber }) => idNumber)).toEqual([id, second, null])
    expect([roster.rows, roster.refused, roster.questionable]).toEqual([2, [], []])
  }
  // A telephone for all is the first's; whom to ring is nobody who lives there.
  expect([numbered, kin].map(({ roster }) => roster.people.map(({ phones }) => phones.join()))).toEqual([
    ['13812345678', '', ''],
    ['13812345678', '', ''],
  ])
})

test('a further person who cannot be read is said with the row, and kin beside a column of relations stay aside', () => {
  const { roster, said } = read({
    A: [
      ['住址', '姓名1', '身份证1', '姓名2', '身份证2'],
      ['桂园小区3-1-402', '王伟', null, null, id],
      ['桂园小区3-1-403', '陈红', null, '赵六', `${id.slice(0, 17)}1`],
    ],
  })
  expect(said).toEqual([
    '2|1|王伟|head|桂园小区 3号楼 1单元 402',
    '3|2|陈红|head|桂园小区 3号楼 1单元 403',
    '3|2|赵六|other|桂园小区 3号楼 1单元 403',
  ])
  expect(roster.questionable.map(({ reason }) => /（(\w+) 单元格/.exec(reason.zh)?.[1])).toEqual(['E2', 'E3'])
  const each = read({
    A: [
      ['住址', '姓名', '与户主关系', '配偶姓名'],
      ['桂园小区3-1-402', '王伟', '户主', '李芳'],
      ['桂园小区3-1-402', '李芳', '妻', '王伟'],
    ],
  })
  expect([each.said.length, each.roster.rows, each.doubted]).toEqual([2, 2, []])
})

test('names in one cell beside the householder are persons of whom nothing else is known', () => {
  const { roster, said } = read({
    A: [
      ['住址', '户主姓名', '其他成员', '电话'],
      ['桂园小区3-1-402', '王伟', '李芳（妻）、王明、王伟', '13812345678'],
      ['桂园小区3-1-403', '陈红', '无', null],
    ],
  })
  expect(said).toEqual([
    '2|1|王伟|head|桂园小区 3号楼 1单元 402',
    '2|1|李芳|spouse|桂园小区 3号楼 1单元 402',
    '2|1|王明|other|桂园小区 3号楼 1单元 402',
    '3|2|陈红|head|桂园小区 3号楼 1单元 403',
  ])
  expect([roster.rows, roster.questionable.map(({ row }) => row), roster.people.map(({ phones }) => phones.length)]).toEqual([
    2,
    [2, 2],
    [1, 0, 0, 0],
  ])
})

test('the room of a household may stand in the line above its rows, the village group in title or sheet name', () => {
  const heads = ['姓名', '关系']
  const card = read(
    {
      A: [
        ['桂园小区3号楼住户卡', null],
        ['402室 户主：王伟', null],
        heads,
        ['王伟', '户主'],
        ['李芳', '妻'],
        ['403室 户主：陈红', null],
        heads,
        ['陈红', '户主'],
      ],
    },
    { A: ['A1:B1', 'A2:B2', 'A6:B6'] },
  )
  expect(card.said).toEqual([
    '4|1|王伟|head|桂园小区 3号楼 402',
    '5|1|李芳|spouse|桂园小区 3号楼 402',
    '8|2|陈红|head|桂园小区 3号楼 403',
  ])
  const village = read(
    {
      一组: [
        ['红旗村一组村民花名册', null],
        ['姓名', '门牌号'],
        ['王伟', '15号'],
        ['陈红', '16号附1'],
      ],
    },
    { 一组: ['A1:B1'] },
  )
  expect(village.said).toEqual(['3|1|王伟|head|红旗村 1组 15号', '4|2|陈红|head|红旗村 1组 16号附1号'])
})

test('an address of another compound lends no building, and one of its own no unit', () => {
  const rows = [
    ['姓名', '住址'],
    ['王伟', '桂园小区3-1-402'],
    ['李芳', '天山支路201弄12号甲503室'],
    ['陈红', '桂园小区3号楼402-1'],
  ]
  const { said, refused } = read({ A: rows })
  expect(said).toEqual([
    '2|1|王伟|head|桂园小区 3号楼 1单元 402',
    '3|2|李芳|head|天山支路201弄 12号甲 503',
    '4|3|陈红|head|桂园小区 3号楼 402-1',
  ])
  expect(refused).toEqual([])
})

test('a place called 样例 is no example; a second row’s other telephone is kept; one number that ends in noughts is somebody’s own', () => {
  const heads = ['序号', '姓名', '身份证号', '电话', '工作单位', '住址']
  const at = (room: string) => `样例小区3号楼1单元${room}`
  const { roster } = read({
    A: [
      heads,
      ['示例', '张三', null, '13800138000', null, at('101')],
      [1, '王伟', id, '13800138001', '样例机械有限公司', at('402')],
      [2, '王伟', id, '13800138002', null, at('402')],
      [3, '李芳', null, '13800138003', null, at('负101')],
      [4, '陈红', null, null, null, '样例小区3号楼商铺2号'],
      ['社区书记：张三', null, null, null, '网格员：李四', null],
    ],
  })
  expect(roster.people.map(({ name, room, phones, repeats }) => [name, room, phones, repeats !== undefined])).toEqual([
    ['王伟', '402', ['13800138001', '13800138002'], false],
    ['王伟', '402', ['13800138002'], true],
    ['李芳', '负101', ['13800138003'], false],
    ['陈红', '商铺2号', [], false],
  ])
  expect({ rows: roster.rows, refused: roster.refused }).toEqual({ rows: 4, refused: [] })
  const zeros = (texts: string[]) =>
    read({
      A: [heads, ...texts.map((id, i) => [i, `王${'一二三四五六'[i]}`, id, null, null, at(`40${i}`)])],
    }).roster.questionable.filter(({ reason }) => reason.zh.includes('末三位')).length
  const made = (order: string, born = '19900101') => `110105${born}${order}${checkDigit(`110105${born}${order}`)}`
  const noughts = [
    '19900101',
    '19900102',
    '19900103',
    '19900104',
    '19900105',
    '19900106',
    '19900107',
    '19900108',
    '19900109',
    '19900110',
    '19900111',
    '19900112',
  ]
    .flatMap((born) => ['100', '200', '300'].map((order) => made(order, born)))
    .filter((one) => one.endsWith('000'))
  const whole = ['19900201', '19900202', '19900203', '19900204', '19900205'].map((born) => made('123', born))
  expect(noughts.length).toBeGreaterThan(1)
  expect(zeros([...whole, noughts[0]!])).toBe(0)
  expect(zeros([whole[0]!, ...noughts.slice(0, 2)])).toBe(2)
})

test('a formula without a result is said wherever it stands, but for numbers of lines; a page’s title keeps the line before it', () => {
  const none = { kind: 'blank' as const, formula: 'A1', unstored: true as const }
  const { roster } = read({
    A: [
      ['序号', '姓名', '年龄', '现住址'],
      [none, '王伟', 35, '桂园小区3-1-402'],
      [2, '李芳', none, '桂园小区3-1-402'],
      [3, null, none, null],
    ],
  })
  expect(roster.people.map(({ name }) => name)).toEqual(['王伟'])
  expect(roster.refused).toMatchObject([{ row: 3, reason: { zh: expect.stringContaining('C3') } }])
  const head = ['序号', '姓名', '房号', '手机']
  const pages = read({
    A: [
      ['桂园小区住户一览表'],
      head,
      ['【3号楼1单元】'],
      [1, '王伟', 402, null],
      ['桂园小区住户登记表（续）'],
      head,
      [2, '李芳', 403, null],
      ['网格员（签字）：', null, '社区（盖章）：', '2020年2月3日'],
    ],
  })
  expect(pages.said).toEqual(['4|1|王伟|head|桂园小区 3号楼 1单元 402', '7|2|李芳|head|桂园小区 3号楼 1单元 403'])
})
