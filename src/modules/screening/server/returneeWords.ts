// The heads of registers of returnees, and what their cells mean: journeys, transport, symptoms in everybody's words.
import type { Day } from '#core/dates.ts'
import { text, type Text } from '#core/text.ts'
import type { Understands } from '#server/imports/understanding.ts'
import type { ReadRow } from '#server/imports/runs.ts'
import type { Said, UnderstoodRow, Words } from '#server/imports/understand/model.ts'
import type { Questions } from '#modules/policy/model.ts'
import { dayIn, inCell, personWords, readListed, wordsIn } from '#modules/residents/server.ts'
import type { Arrival, Category, Transport } from '../model.ts'
import type { ReturneeRow } from '../returneeList.ts'

const there = /目的|到达|返回地|现住|本地/
export const returneeWords: Words = [
  ...personWords.filter((word) => word.field !== 'homePlace' && word.field !== 'note'),
  {
    field: 'origin',
    not: there,
    names: [
      '来源地',
      '来源',
      '出发地',
      '返回前所在地',
      '从何地返回',
      '从哪里返回',
      '何地返回',
      '来自',
      '旅居地',
      '外出地点',
      '来源地 地点',
      '来源地详址',
      'origin',
      'from',
    ],
  },
  { field: 'originCode', names: ['来源地编码', '来源地 编码', '来源地代码', '出发地编码', 'origin code'] },
  { field: 'originProvince', not: there, names: ['来源省', '来源地省', '来源地 省', '来源省份', '出发省份', '来源地 省份'] },
  { field: 'originCity', not: there, names: ['来源市', '来源地市', '来源地 市', '来源城市', '出发城市'] },
  {
    field: 'originCounty',
    not: there,
    names: ['来源县', '来源区县', '来源地县', '来源地 县', '来源地 区县', '来源地区县', '来源地 县(区)'],
  },
  {
    field: 'originStreet',
    not: there,
    names: ['来源街道', '来源地街道', '来源地 街道', '来源乡镇', '来源地 乡镇', '来源地 街道(乡镇)'],
  },
  {
    field: 'originCommunity',
    not: there,
    names: ['来源社区', '来源地社区', '来源地 社区', '来源村', '来源地 社区(村)', '来源地 村'],
  },
  {
    field: 'address',
    not: /来源|户籍|出发/,
    names: [
      '目的地详址',
      '目的地 详址',
      '目的地地址',
      '目的地详细地址',
      '目的地 详细地址',
      '详址',
      '居住地址',
      '现居住地',
      '现居住地址',
      '现住址',
      '住址',
      '返回后住址',
      '家庭住址',
      '详细地址',
      '地址',
      '目的地',
      'address',
      'destination address',
    ],
  },
  {
    field: 'arrivedOn',
    names: [
      '返乡时间',
      '返乡日期',
      '到达日期',
      '到达时间',
      '返回时间',
      '返回日期',
      '返程时间',
      '返程日期',
      '抵达时间',
      '抵达日期',
      '来本地时间',
      '预计返乡时间',
      '预计到达时间',
      'arrived on',
      'arrival date',
      'return date',
    ],
  },
  {
    field: 'leftOn',
    names: ['离开来源地时间', '离开时间', '离开日期', '出发日期', '出发时间', '离开来源地日期', 'left on', 'departure date'],
  },
  { field: 'travelReason', names: ['返乡原因', '返程原因', '返回原因', '外出原因', '来本地原因', '外出事由', '事由', 'reason'] },
  {
    field: 'transport',
    not: /航班|车次|车牌/,
    names: ['交通方式', '交通工具', '返乡方式', '乘坐交通工具', '返程方式', '出行方式', 'transport'],
  },
  {
    field: 'vehicleNo',
    names: [
      '航班/车次/车牌',
      '航班车次',
      '车次',
      '航班号',
      '车牌号',
      '车牌号码',
      '班次',
      '航班/车次/车牌号',
      '车次/航班号',
      '航班、车次、车牌',
      'flight',
      'train',
      'plate',
    ],
  },
  {
    field: 'symptoms',
    names: ['有无症状', '症状', '是否有症状', '健康状况', '身体状况', '有无发热等症状', '是否发热', 'symptoms'],
  },
  { field: 'category', names: ['人员类型', '人员类别', '类别', 'category'] },
  { field: 'arrival', names: ['状态', '返乡状态', '返回状态', '是否已返', '是否返回', 'arrival'] },
  { field: 'note', names: ['备注', '说明', '其他说明', '其他', 'note', 'remarks'] },
  {
    field: '-destination',
    names: ['目的地社区', '目的地 社区', '目的地县', '目的地 县', '目的地街道', '目的地 街道', '社区', '街道', '网格', '网格员'],
  },
  {
    field: '-contact',
    names: [
      '目的地联系人',
      '目的地联系人 联系人',
      '目的地联系人 电话',
      '联系人',
      '联系人电话',
      '目的地联系人电话',
      '目的地联系电话',
      '紧急联系人',
    ],
  },
  {
    field: '-health',
    names: [
      '有无三日内核酸阴性证明',
      '核酸',
      '核酸证明',
      '核酸检测',
      '三日内核酸阴性证明',
      '来源地风险等级',
      '风险等级',
      '14天内中高风险旅居史',
      '旅居史',
      '是否治愈或密接/次密接',
      '是否密接',
      '疫苗',
      '体温',
    ],
  },
  { field: '-filled', names: ['申报时间', '登记时间', '登记人', '填报人', '填表时间', '户籍地', '户籍'] },
]

const says = {
  origin: text('请写明来源地', 'Say where the person came from'),
  arrivedOn: text('请写明返乡日期', 'Enter the day of arrival'),
  order: text(
    '到达日期早于离开来源地的日期，离开日期没有采用',
    'The arrival lies before the departure; the departure was not taken',
  ),
  symptom: text(
    '看不出是哪种症状，记为“其他不适”，请核实',
    'It cannot be told which symptom; “something else” was recorded. Please check',
  ),
  code: text(
    '来源地编码不是 2、4、6、9 或 12 位数字，没有采用',
    'The code of the origin is not of 2, 4, 6, 9 or 12 digits; it was not taken',
  ),
}

const transports: readonly [Transport, RegExp][] = [
  ['plane', /飞机|航班|民航|plane|flight|air/i],
  ['train', /火车|高铁|动车|铁路|列车|train|rail/i],
  ['coach', /客车|大巴|汽车客运|班车|长途|coach|bus/i],
  ['ownCar', /自驾|私家车|自备车|小车|轿车|car/i],
  ['ship', /轮船|船|渡|ship|ferry/i],
]
const categories: readonly [Category, RegExp][] = [
  ['contact', /接触|密接|次密/],
  ['visitor', /外来|来访|探亲|访客|务工/],
  ['returnee', /返|回|学生|归/],
]
const well = /^(无|否|没有|正常|健康|良好|无症状|一切正常|无异常|0|no|none|n)$/i
const vague = /^(有|是|异常|不适|有症状|yes|y|1)$/i

/** Codes of the symptoms that words name; `doubtful` where something is said that the form does not know. */
export function symptomsIn(words: string, form: Questions): { codes: string[]; doubtful: boolean } {
  const said = words.normalize('NFKC').trim()
  if (said === '' || well.test(said)) return { codes: [], doubtful: false }
  const choices = form.filter((question) => question.symptomSet).flatMap((question) => Object.entries(question.choices ?? {}))
  const codes = choices.filter(([, { zh }]) => said.includes(zh)).map(([code]) => code)
  if (codes.length > 0) return { codes, doubtful: false }
  const other = choices.find(([code]) => code === 'other')?.[0]
  return { codes: other ? [other] : [], doubtful: !vague.test(said) || other === undefined }
}

const whereFrom = ({ fields }: UnderstoodRow): string | null => {
  const parts = ['originProvince', 'originCity', 'originCounty', 'originStreet', 'originCommunity', 'origin'].flatMap(
    (key) => wordsIn(fields[key]) ?? [],
  )
  return (
    parts
      .filter((part, i) => !parts.slice(i + 1).some((later) => later.startsWith(part)))
      .join('')
      .slice(0, 80) || null
  )
}

/** Reads registers of returnees; `formOf` gives the symptoms that the form of the day knows. */
export const readsReturnees = (
  formOf: (ctx: Parameters<Understands<ReturneeRow>['read']>[1]) => Promise<{ form: Questions; today: Day }>,
): Understands<ReturneeRow> => ({
  words: returneeWords,
  needs: [['name'], ['arrivedOn'], ['origin', 'originProvince', 'originCity', 'originCounty']],
  read: async ({ sheets }, ctx) => {
    const { form, today } = await formOf(ctx)
    return sheets.flatMap((sheet) => sheet.rows.map((row) => readRow(row, form, today)))
  },
})

function readRow(row: UnderstoodRow, form: Questions, today: Day): ReadRow<ReturneeRow> {
  const { fields } = row
  const { name, reasons, remarks: seen, ...person } = readListed(row, today)
  const remarks = [...seen]
  const look = (said: Said | undefined, why: Text) => remarks.push(inCell(row.row, said, why))
  const expected = /将|未返|拟返|计划|预计|否/.test(fields['arrival']?.text ?? '')
  const arrival: Arrival = expected ? 'expected' : 'arrived'
  // Whoever is still to come arrives after today: such a day is no mistake.
  const arrivedOn = dayIn(fields['arrivedOn'], expected ? '2999-12-31' : today, look)
  const left = dayIn(fields['leftOn'], today, look)
  const origin = whereFrom(row)
  const why = [
    ...reasons,
    ...(origin ? [] : [inCell(row.row, fields['origin'], says.origin)]),
    ...(arrivedOn ? [] : [inCell(row.row, fields['arrivedOn'], says.arrivedOn)]),
  ]
  const at = { sheet: row.sheet, row: row.row, remarks }
  if (!name || !origin || !arrivedOn || why.length > 0) {
    return {
      ...at,
      reasons: why,
      cells: Object.fromEntries(Object.entries(fields).map(([field, said]) => [field, said.text || null])),
    }
  }
  if (left && left > arrivedOn) look(fields['leftOn'], says.order)
  const code = wordsIn(fields['originCode'])
  const fits = code !== null && /^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/.test(code)
  if (code && !fits) look(fields['originCode'], says.code)
  const { codes, doubtful } = symptomsIn(fields['symptoms']?.text ?? '', form)
  if (doubtful) look(fields['symptoms'], says.symptom)
  const kind = fields['category']?.text ?? ''
  const way = wordsIn(fields['transport'])
  return {
    ...at,
    reasons: [],
    entry: {
      name,
      ...person,
      origin,
      originCode: fits ? code : null,
      address: wordsIn(fields['address']),
      arrival,
      arrivedOn,
      leftOn: left && left <= arrivedOn ? left : null,
      travelReason: wordsIn(fields['travelReason'], 60),
      transport: way ? (transports.find(([, seen]) => seen.test(way))?.[0] ?? 'other') : null,
      vehicleNo: wordsIn(fields['vehicleNo'], 30),
      category: categories.find(([, seen]) => seen.test(kind))?.[0] ?? (kind ? 'other' : 'returnee'),
      symptoms: codes,
      note: wordsIn(fields['note'], 300),
    },
  }
}
