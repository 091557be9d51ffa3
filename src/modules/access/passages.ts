// The register of the gate (L9, L10) as a ledger: from this declaration come its contracts, page, workbook and printed sheet.
import { z } from 'zod'
import { Id } from '#core/ids.ts'
import { choice, label, personal } from '#core/labels.ts'
import { ledger } from '#core/ledger.ts'
import { text } from '#core/text.ts'
import { by } from '#modules/identity/model.ts'

export const Direction = choice({ in: text('进', 'In'), out: text('出', 'Out') })
export const Outcome = choice({
  passed: text('放行', 'Passed'),
  refused: text('未放行', 'Refused'),
  emergency: text('紧急放行', 'Emergency'),
})
export const Whose = choice({
  resident: text('居民', 'Resident'),
  returnee: text('外出返回', 'Returnee'),
  visitor: text('访客', 'Visitor'),
  courier: text('快递外卖', 'Courier'),
  work: text('公务、施工', 'On duty, works'),
})
export type Whose = z.infer<typeof Whose>
/** A health code as somebody saw it; nobody computes one here. Left empty: it was not looked at. */
export const CodeColour = choice({
  green: text('绿码', 'Green'),
  yellow: text('黄码', 'Yellow'),
  red: text('红码', 'Red'),
  none: text('没有健康码', 'Has none'),
})
export const Travel = choice({
  foot: text('步行', 'On foot'),
  bike: text('两轮车', 'Bicycle'),
  car: text('小客车', 'Car'),
  truck: text('货车', 'Lorry'),
  other: text('其他车辆', 'Other vehicle'),
})

const keep = 'response'
/** Words of a register hold no identity number: fifteen digits in a row and more are refused. */
const words = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .refine((said) => !/\d[\d\s]{13,}[\dXx]/.test(said))
    .nullable()
    .default(null)
const celsius = (zh: string, en: string) =>
  personal(z.number().min(20).max(50).nullable().default(null), zh, en, { keep, unit: text('℃', '℃') })

/** One passage, in the order of form, table and sheet. A blank was not asked or not measured, it is no zero. */
export const passage = {
  gate: Id.nullable().default(null),
  gateName: label(words(60), '出入口', 'Entrance', { harmless: 'name of a place' }),
  direction: label(Direction, '进出', 'In or out'),
  outcome: label(Outcome, '结果', 'Outcome'),
  who: label(Whose, '人员', 'Who'),
  household: Id.nullable().default(null),
  /** The number of the pass that was shown, 24 hexadecimal digits; it names nobody. */
  pass: label(
    z
      .string()
      .regex(/^[0-9a-f]{24}$/)
      .nullable()
      .default(null),
    '通行证号',
    'Pass',
    { harmless: 'random number of a pass' },
  ),
  name: personal(words(30), '姓名', 'Name', { keep, mask: 'name', hint: text('不填身份证号', 'No identity number') }),
  /** Guards compare it with who stands before them, so it is shown to whoever may read the register. */
  room: personal(words(60), '房号', 'Room', { keep }),
  visits: personal(words(60), '被访户、事由', 'Visits, why', { keep, mask: 'text' }),
  origin: label(words(60), '来自', 'Comes from', {
    keep,
    hint: text('只作询问，不作拒绝理由', 'A question, never a reason to refuse'),
  }),
  temperature: celsius('体温', 'Temperature'),
  recheck: celsius('复测体温', 'Measured again'),
  codeColour: label(CodeColour.nullable().default(null), '健康码（所见）', 'Health code seen'),
  codeIssuer: label(words(30), '发码方', 'Issuer of the code', { harmless: 'name of an issuer' }),
  accompanying: label(z.int().min(0).max(99).nullable().default(null), '随行人数', 'Accompanying', {
    unit: text('人', 'people'),
  }),
  travel: label(Travel.nullable().default(null), '出行方式', 'Travels'),
  plate: personal(words(12), '车牌', 'Plate', { keep, mask: 'text' }),
  proxyName: personal(words(30), '代办人', 'Proxy', { keep, mask: 'name' }),
  why: label(words(30), '判定', 'Verdict', { harmless: 'word of the verdict' }),
  document: label(words(80), '依据文件', 'By document', { harmless: 'number of a document' }),
  objects: label(z.boolean().nullable().default(null), '当场提出异议', 'Objects'),
  remarks: personal(words(200), '备注', 'Remarks', { keep, mask: 'text', long: true }),
}

export const guards = by(
  'gateGuard',
  'propertyManager',
  'volunteer',
  'buildingSteward',
  'gridWorker',
  'gridLeader',
  'communityStaff',
  'communitySecretary',
)
export const passages = ledger('access', {
  title: text('人员车辆进出登记', 'Register of the gate'),
  fields: passage,
  record: guards,
  // Whoever lends a hand at a gate sees the one in front of him; the register is read by who answers for it.
  read: by('gateGuard', 'gridWorker', 'gridLeader', 'communityStaff', 'communitySecretary', 'auditor'),
  full: by('communitySecretary'),
  mend: by('communityStaff', 'communitySecretary'),
  filters: ['direction', 'outcome', 'who'],
  counts: [
    {
      key: 'access.passages',
      title: text('出入口登记', 'Passages'),
      unit: text('人次', 'passages'),
      definition: text('出入口登记的进、出、未放行和紧急放行', 'In, out, refused and emergencies at the entrances'),
    },
  ],
  notes: [
    text(
      '健康码为查验时所见，不是本系统判定；空白表示没有查验。',
      'A health code is what was seen, not judged here; a blank was not looked at.',
    ),
    text('体温空白表示没有测量。不登记完整身份证号。', 'A blank temperature was not measured. No full identity numbers.'),
  ],
})
export type Passage = z.infer<typeof passages.row>
