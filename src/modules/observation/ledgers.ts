// The official ledgers of observation: which there are, and the columns of each as the offices know them.
import { z } from 'zod'
import { choice, label, personal, type MaskKind } from '#core/labels.ts'
import { text, type Text } from '#core/text.ts'

export const Ledger = choice({
  home: text('居家隔离人员台账', 'Persons observed at home'),
  temperatures: text('居家隔离人员体温登记表', 'Temperatures, day by day'),
  contacts: text('密切接触者台账', 'Close contacts'),
  facility: text('集中隔离点名册', 'Persons in facilities'),
  undertakings: text('承诺书登记', 'Undertakings'),
  teams: text('包保责任表', 'Teams that look after households'),
})
export type Ledger = z.infer<typeof Ledger>

/** Which orders: those under observation now (also past the last day, while the release is owed), those released, or all. */
export const Standing = choice({
  all: text('全部', 'All'),
  now: text('没有解除的', 'Not released'),
  released: text('已解除', 'Released'),
})
export type Standing = z.infer<typeof Standing>

type Cell = z.ZodOptional<z.ZodNullable<z.ZodString>>
const cell = (): Cell => z.string().nullable().optional()
const plain = (zh: string, en: string, group?: Text): Cell =>
  label(cell(), zh, en, { harmless: 'words of an order or an office', ...(group ? { group } : {}) })
const own = (mask: MaskKind, zh: string, en: string, group?: Text): Cell =>
  personal(cell(), zh, en, { mask, keep: 'response', ...(group ? { group } : {}) })
const unit = text('责任单位', 'Responsible')
const facility = text('隔离点', 'Facility')

/** So many days of temperatures stand on one sheet at most. */
export const mostDays = 28
const dayCells = Object.fromEntries(
  Array.from({ length: mostDays }, (_, i) => {
    const group = text(`第${i + 1}天`, `Day ${i + 1}`)
    return [
      [`m${i + 1}`, own('text', '上午', 'Morning', group)],
      [`e${i + 1}`, own('text', '下午', 'Evening', group)],
    ] as [string, Cell][]
  }).flat(),
)

/** Every cell that one of the ledgers has. What this house does not keep stays an empty column, for the forms of the offices have it. */
export const LedgerRow = z.object({
  name: own('name', '姓名', 'Name'),
  sex: plain('性别', 'Sex'),
  age: own('text', '年龄', 'Age'),
  idNumber: own('document', '身份证号', 'Document number'),
  phone: own('phone', '手机', 'Phone'),
  address: own('address', '隔离地址', 'Observed at'),
  homePlace: own('text', '户籍地址', 'Registered home'),
  dwelling: own('address', '住址', 'Address'),
  employer: own('text', '单位', 'Employer'),
  street: plain('街道', 'Subdistrict', unit),
  community: plain('社区', 'Community', unit),
  category: plain('隔离原因／类别', 'Category'),
  source: plain('来源', 'Source'),
  from: plain('开始时间', 'From'),
  lastDay: plain('（预计）结束时间', 'Last day'),
  period: plain('观察起止', 'Observed'),
  tested: plain('核酸检测时间／结果', 'Tests'),
  notice: plain('告知书编号', 'Notice'),
  undertaking: plain('承诺书', 'Undertaking'),
  team: plain('责任团队', 'Team'),
  state: plain('状态', 'State'),
  releasedOn: plain('实际解除时间', 'Released'),
  releasedBy: plain('解除批准人', 'Release approved by'),
  releaseNumber: plain('解除告知书编号', 'Release notice'),
  whereTo: plain('去向', 'Where to'),
  caseLinked: plain('关联病例', 'Case'),
  relation: plain('关系', 'Relation'),
  lastContactOn: own('text', '末次接触日期', 'Last contact'),
  healthUnit: plain('属地卫生院', 'Health unit'),
  place: plain('集中／居家', 'Where'),
  becameCase: plain('是否转确诊', 'Became a case'),
  released: plain('是否解除', 'Released?'),
  purpose: plain('流转目的', 'Purpose'),
  facility: plain('名称', 'Name', facility),
  contact: plain('联络人', 'Contact', facility),
  room: plain('房间号', 'Room'),
  origin: own('text', '来源地', 'From where'),
  health: plain('健康状态', 'Health'),
  townTo: plain('去往街镇', 'Town after'),
  townContact: plain('街镇联系人', 'Contact there'),
  leftOn: own('text', '返回日期', 'Returned'),
  promises: plain('承诺事项', 'Promises'),
  consequences: plain('法律后果', 'Consequences'),
  signed: plain('签名', 'Signed'),
  signedOn: plain('日期', 'Date'),
  witness: plain('见证人', 'Witness'),
  household: own('name', '户／对象', 'Household'),
  people: plain('人数', 'Persons'),
  teamName: plain('包保方式', 'Team'),
  role: plain('职责', 'Role'),
  member: plain('姓名', 'Name', text('责任人', 'Member')),
  memberUnit: plain('单位', 'Unit', text('责任人', 'Member')),
  memberPhone: plain('电话', 'Phone', text('责任人', 'Member')),
  chat: plain('微信群', 'Chat group'),
  card: plain('公示／联系卡', 'Card'),
  measured: plain('测量方式', 'Measured how'),
  measurer: plain('测量人', 'Measured by'),
  symptoms: own('text', '症状', 'Symptoms'),
  medication: own('text', '用药', 'Medication'),
  need: own('text', '需求', 'Needs'),
  handling: plain('异常处置', 'What was done'),
  remarks: plain('备注', 'Remarks'),
  ...dayCells,
})
export type LedgerRow = z.infer<typeof LedgerRow>

const columns: Readonly<Record<Exclude<Ledger, 'temperatures'>, readonly (keyof LedgerRow)[]>> = {
  // L4
  home: [
    'name',
    'idNumber',
    'phone',
    'address',
    'homePlace',
    'street',
    'community',
    'category',
    'from',
    'lastDay',
    'tested',
    'notice',
    'undertaking',
    'team',
    'state',
    'releasedOn',
    'releasedBy',
    'releaseNumber',
    'whereTo',
  ],
  // L6
  contacts: [
    'name',
    'sex',
    'age',
    'idNumber',
    'phone',
    'caseLinked',
    'relation',
    'lastContactOn',
    'dwelling',
    'employer',
    'street',
    'community',
    'healthUnit',
    'from',
    'address',
    'place',
    'tested',
    'becameCase',
    'released',
    'releasedOn',
    'purpose',
    'remarks',
  ],
  // L7
  facility: [
    'facility',
    'contact',
    'name',
    'sex',
    'age',
    'idNumber',
    'phone',
    'room',
    'origin',
    'health',
    'from',
    'lastDay',
    'state',
    'townTo',
    'townContact',
    'remarks',
  ],
  // L20
  undertakings: [
    'name',
    'idNumber',
    'phone',
    'dwelling',
    'source',
    'leftOn',
    'promises',
    'consequences',
    'signed',
    'signedOn',
    'witness',
  ],
  // L23
  teams: ['household', 'dwelling', 'people', 'period', 'teamName', 'role', 'member', 'memberUnit', 'memberPhone', 'chat', 'card'],
}
/** Columns in their order; of temperatures (L5) so many days. */
export const columnsOf = (ledger: Ledger, days = 14): readonly string[] =>
  ledger === 'temperatures'
    ? [
        'name',
        'age',
        'phone',
        'dwelling',
        'period',
        ...Array.from({ length: days }, (_, i) => [`m${i + 1}`, `e${i + 1}`]).flat(),
        'symptoms',
        'medication',
        'need',
        'measured',
        'measurer',
        'handling',
        'remarks',
      ]
    : columns[ledger]

const blanks = text(
  '空白表示没有登记或本系统不登记，不表示无。',
  'A blank means not recorded, or not kept here; it does not mean none.',
)
export const notesOf: Readonly<Record<Ledger, readonly Text[]>> = {
  home: [
    text(
      '过了最后一天仍未解除的，不再限制出行，只是尚欠解除告知书。',
      'Past the last day nobody is restricted; what is owed is the notice of release.',
    ),
    blanks,
  ],
  temperatures: [
    text(
      '第1天为开始观察之日；单位 ℃；一格有两个数的，是该时段测了两次。',
      'Day 1 is the first of observation; in ℃; two values in a cell were both measured then.',
    ),
    blanks,
  ],
  contacts: [text('是否密切接触者由疾控机构判定。', 'Who is a close contact is judged by the CDC.'), blanks],
  facility: [text('房间由隔离点安排，本系统不登记。', 'Rooms are given by the facility and are not kept here.'), blanks],
  undertakings: [blanks],
  teams: [blanks],
}
