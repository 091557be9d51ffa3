// Orders of observation and seals: what must be in them, what may happen next, and whom they bind when.
import { z } from 'zod'
import { Day, dayOf, Instant, msOf } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { choice, label, personal } from '#core/labels.ts'
import { problems } from '#core/problem.ts'
import { states } from '#core/states.ts'
import { text, type Text } from '#core/text.ts'
import { Category, DayZero, DayZeroRule, Place, Recurring, ReleaseRule, TeamRule } from './rules.ts'

const Community = z.string().regex(/^\d{12}$/)
const public_ = { harmless: 'names an authority or a document, nobody' }
const words = (max: number, zh: string, en: string, hint?: Text) =>
  label(z.string().trim().min(2).max(max), zh, en, { ...public_, ...(hint ? { hint } : {}) })
const keep = 'response'

// --- what every order names -------------------------------------------------------------------------------------------

export const DecidingBody = words(
  80,
  '决定机关',
  'Deciding body',
  text(
    '作出决定的疾控、医疗机构或人民政府，社区不能自行决定',
    'The CDC, medical body or government that decided; a community cannot',
  ),
)
export const LegalBasis = words(
  200,
  '法律依据',
  'Legal basis',
  text('法律名称和条款，如《传染病防治法》第五十八条', 'Law and article'),
)
export const DocumentNumber = words(120, '决定文号', 'Document number')
export const Facility = words(80, '集中观察点', 'Facility', text('名称和地址', 'Name and address'))

export const Source = choice({
  returnee: text('返程人员', 'Returnee'),
  contact: text('密切接触者', 'Close contact'),
  released: text('出院人员', 'Released patient'),
  symptomatic: text('有症状人员', 'Symptomatic'),
  seal: text('整栋封闭', 'Sealed place'),
  other: text('其他', 'Other'),
})
export type Source = z.infer<typeof Source>

export const Served = choice({
  inPerson: text('当面送达', 'In person'),
  household: text('同住成年家属签收', 'To an adult of the household'),
  left: text('见证下留置送达', 'Left before a witness'),
  video: text('视频告知并留存', 'By video'),
  facility: text('由观察点送达', 'By the facility'),
})
export type Served = z.infer<typeof Served>
export const Undertaking = choice({
  signed: text('已签承诺书', 'Signed'),
  refused: text('拒签，有见证人', 'Refused before a witness'),
})
export type Undertaking = z.infer<typeof Undertaking>

export const TeamMember = z.object({
  role: label(z.string().trim().min(1).max(60), '职责', 'Role', { harmless: 'a role' }),
  name: label(z.string().trim().min(1).max(40), '姓名', 'Name', { harmless: 'names on duty are posted publicly' }),
  phone: label(
    z
      .string()
      .trim()
      .regex(/^[0-9+ -]{5,20}$/),
    '电话',
    'Phone',
    { harmless: 'a number on duty, printed on cards' },
  ),
})
export type TeamMember = z.infer<typeof TeamMember>

/** What a check of the home found: each condition with yes or no, and who looked. */
export const Suitability = z.object({
  on: label(Day, '查看日期', 'Looked at on'),
  by: label(z.string().trim().min(1).max(60), '查看人', 'Looked at by', { harmless: 'names on duty are posted publicly' }),
  medic: label(z.string().trim().min(1).max(60), '医务人员', 'Medical worker', { harmless: 'names on duty are posted publicly' }),
  has: label(z.record(z.string().max(30), z.boolean()), '条件', 'Conditions', { harmless: 'yes or no by condition' }),
})
export type Suitability = z.infer<typeof Suitability>

/** Rules as they stood when the decision was written down. Later rules change nothing in it. */
export const Frozen = z.object({
  category: Category,
  days: z.int(),
  dayZero: DayZeroRule,
  threshold: z.number(),
  duties: z.array(Recurring),
  team: TeamRule.nullable(),
  kit: z.array(z.string()),
  release: ReleaseRule,
  conditions: z.array(z.object({ key: z.string(), title: z.object({ zh: z.string(), en: z.string() }), required: z.boolean() })),
  documents: z.array(z.string()),
})
export type Frozen = z.infer<typeof Frozen>

// --- orders -----------------------------------------------------------------------------------------------------------

export const OrderState = choice({
  proposed: text('待办理', 'Proposed'),
  checked: text('已核条件', 'Place checked'),
  decided: text('已决定，待送达', 'Decided, to be served'),
  served: text('观察中', 'Under observation'),
  releaseRequested: text('已请示解除', 'Release requested'),
  releaseApproved: text('已批准解除，待送达', 'Release approved, to be served'),
  released: text('已解除', 'Released'),
  cancelled: text('已撤销', 'Cancelled'),
})
export type OrderState = z.infer<typeof OrderState>

const account = (zh: string, en: string) => label(Id.nullable(), zh, en)
const at = (zh: string, en: string) => label(Instant.nullable(), zh, en)
const server = (zh: string, en: string) =>
  label(z.string().trim().min(1).max(60).nullable(), zh, en, { harmless: 'names on duty are posted publicly' })

/** `observation_orders`: records. Bound are `persons` (roots): one, or those who live there too. */
export const Order = z.object({
  community: Community,
  id: Id,
  person: Id.nullable(),
  household: Id.nullable(),
  persons: label(z.array(Id), '被观察的人', 'Persons'),
  source: label(Source, '来源', 'Source'),
  keyPerson: Id.nullable(),
  seal: Id.nullable(),
  grid: label(z.string().nullable(), '网格', 'Grid', { harmless: 'code of an area' }),
  building: Id.nullable(),
  dwelling: Id.nullable(),
  category: label(z.string(), '类别', 'Category', { harmless: 'code of a category' }),
  place: label(Place, '观察地点', 'Where'),
  facility: Facility.nullable(),
  decidingBody: DecidingBody.nullable(),
  legalBasis: LegalBasis.nullable(),
  document: DocumentNumber.nullable(),
  leftOn: label(Day.nullable(), '离开疫区日期', 'Left the affected area on', { keep }),
  proof: personal(z.string().trim().min(1).max(80).nullable(), '离开日期的凭证', 'Proof of that day', {
    mask: 'text',
    keep,
    hint: text('车票、登机牌等；没有就不填', 'Ticket or boarding pass; empty where there is none'),
  }),
  lastContactOn: label(Day.nullable(), '最后接触日期', 'Last contact on', { keep }),
  observedFrom: label(Day.nullable(), '开始观察日期', 'Observed from'),
  dayZero: label(Day.nullable(), '第 0 天', 'Day 0'),
  dayZeroBy: label(DayZero.nullable(), '起算依据', 'Counted from'),
  lastDay: label(Day.nullable(), '最后一天', 'Last day'),
  releaseOn: label(Day.nullable(), '应办解除日', 'Release due on'),
  coResidentsBound: label(z.boolean().nullable(), '同住人同时观察', 'Those who live there are bound too'),
  guardian: label(Id.nullable(), '监护人', 'Guardian'),
  guardianName: personal(z.string().trim().min(1).max(50).nullable(), '监护人姓名', 'Name of the guardian', {
    mask: 'name',
    keep,
  }),
  suitability: label(Suitability.nullable(), '居家条件', 'The home', { harmless: 'yes or no by condition' }),
  team: label(z.array(TeamMember), '服务小组', 'Team', { harmless: 'names and numbers on duty' }),
  frozen: label(Frozen.nullable(), '规则', 'Rules', { harmless: 'published rules' }),
  policyVersions: z.array(Id),
  response: Id.nullable(),
  state: label(OrderState, '状态', 'State'),
  proposedBy: Id,
  proposedAt: label(Instant, '提出时间', 'Proposed'),
  recordedBy: account('登记人', 'Recorded by'),
  recordedAt: at('决定登记时间', 'Decision recorded'),
  decidedBy: account('复核人', 'Second person'),
  decidedAt: at('复核时间', 'Countersigned'),
  noticeNumber: label(z.string().nullable(), '告知书编号', 'Number of the notice', { harmless: 'a number' }),
  noticeYear: z.int().nullable(),
  noticeSerial: z.int().nullable(),
  servedHow: label(Served.nullable(), '送达方式', 'Served how'),
  servedAt: at('送达时间', 'Served'),
  servedBy: server('送达人', 'Served by'),
  undertaking: label(Undertaking.nullable(), '承诺书', 'Undertaking'),
  witness: server('见证人', 'Witness'),
  releaseRequestedBy: account('请示人', 'Release requested by'),
  releaseRequestedAt: at('请示时间', 'Release requested'),
  releaseDocument: DocumentNumber.nullable(),
  releaseApprovedBy: account('解除复核人', 'Release countersigned by'),
  releaseApprovedAt: at('批准时间', 'Release approved'),
  releaseNumber: label(z.string().nullable(), '解除告知书编号', 'Number of the release notice', { harmless: 'a number' }),
  releaseYear: z.int().nullable(),
  releaseSerial: z.int().nullable(),
  releaseServedHow: label(Served.nullable(), '解除送达方式', 'Release served how'),
  releaseServedBy: server('解除送达人', 'Release served by'),
  releasedAt: at('解除时间', 'Released'),
  cancelReason: personal(z.string().trim().min(2).max(200).nullable(), '撤销原因', 'Why it was cancelled', {
    mask: 'text',
    keep,
  }),
})
export type Order = z.infer<typeof Order>

/** One move of an order, with how it stands after it: what was true on a past day is read from here. */
export const StepVerb = choice({
  propose: text('提出', 'Proposed'),
  check: text('核查居家条件', 'Home checked'),
  transfer: text('签署移交', 'Transfer signed'),
  record: text('登记决定', 'Decision recorded'),
  decide: text('第二人复核', 'Countersigned'),
  return: text('退回登记人', 'Returned'),
  serve: text('送达告知书', 'Notice served'),
  extend: text('延长', 'Extended'),
  shorten: text('缩短', 'Shortened'),
  convert: text('变更', 'Converted'),
  requestRelease: text('请示解除', 'Release requested'),
  approveRelease: text('批准解除', 'Release approved'),
  serveRelease: text('送达解除告知书', 'Release served'),
  cancel: text('撤销', 'Cancelled'),
})
export type StepVerb = z.infer<typeof StepVerb>
export const Step = z.object({
  community: Community,
  id: Id,
  orderId: Id,
  verb: label(StepVerb, '步骤', 'Step'),
  at: label(Instant, '时间', 'When'),
  by: Id,
  state: OrderState,
  place: Place,
  lastDay: Day.nullable(),
  persons: z.int(),
  detail: personal(z.string().max(300).nullable(), '说明', 'Detail', { mask: 'text', keep }),
})
export type Step = z.infer<typeof Step>

// --- changes by a further document ------------------------------------------------------------------------------------

export const ChangeKind = choice({
  extend: text('延长', 'Extend'),
  shorten: text('缩短', 'Shorten'),
  convert: text('变更地点或类别', 'Convert'),
})
export type ChangeKind = z.infer<typeof ChangeKind>
export const ChangeOutcome = choice({ approved: text('已复核', 'Countersigned'), refused: text('已退回', 'Returned') })

/** `observation_documents`: records. An order changes by a further document only, countersigned by another person. */
export const Change = z.object({
  community: Community,
  id: Id,
  orderId: Id,
  kind: label(ChangeKind, '变更', 'Change'),
  decidingBody: DecidingBody,
  legalBasis: LegalBasis,
  document: DocumentNumber,
  lastDay: label(Day.nullable(), '新的最后一天', 'New last day'),
  place: label(Place.nullable(), '新的地点', 'New place'),
  facility: Facility.nullable(),
  category: label(z.string().nullable(), '新的类别', 'New category', { harmless: 'code of a category' }),
  suitability: label(Suitability.nullable(), '居家条件', 'The home', { harmless: 'yes or no by condition' }),
  proposedBy: Id,
  proposedAt: label(Instant, '登记时间', 'Recorded'),
  decidedBy: Id.nullable(),
  decidedAt: at('复核时间', 'Countersigned'),
  outcome: label(ChangeOutcome.nullable(), '结果', 'Outcome'),
})
export type Change = z.infer<typeof Change>

export const Side = choice({ giver: text('移交方', 'Handing over'), receiver: text('接收方', 'Receiving') })
export type Side = z.infer<typeof Side>
/** `observation_transfers`: records. To a facility: each side signs with a name and a unit. */
export const Transfer = z.object({
  community: Community,
  id: Id,
  orderId: Id,
  facility: Facility,
  giver: server('移交人', 'Handed over by'),
  giverUnit: server('移交单位', 'Unit'),
  giverAt: at('移交签字', 'Signed'),
  giverBy: Id.nullable(),
  receiver: server('接收人', 'Received by'),
  receiverUnit: server('接收单位', 'Unit'),
  receiverAt: at('接收签字', 'Signed'),
  receiverBy: Id.nullable(),
})
export type Transfer = z.infer<typeof Transfer>
export const bothSigned = (t: Pick<Transfer, 'giverAt' | 'receiverAt'> | undefined): boolean =>
  Boolean(t?.giverAt && t.receiverAt)

// --- seals ------------------------------------------------------------------------------------------------------------

export const Scope = choice({
  unit: text('单元', 'Unit'),
  building: text('整栋楼', 'Building'),
  compound: text('小区', 'Compound'),
  garage: text('车库', 'Garage'),
})
export type Scope = z.infer<typeof Scope>
export const SealState = choice({
  proposed: text('待第二人复核', 'Awaits a second person'),
  decided: text('封闭中', 'Sealed'),
  lifting: text('待复核解封', 'Lifting awaits a second person'),
  lifted: text('已解封', 'Lifted'),
  cancelled: text('已撤销', 'Cancelled'),
})
export type SealState = z.infer<typeof SealState>

const duty = { harmless: 'names and numbers on duty are posted publicly' }
const Phone = label(
  z
    .string()
    .trim()
    .regex(/^[0-9+ -]{5,20}$/),
  '电话',
  'Phone',
  duty,
)
/** What a seal must say. A place that is locked kills when it burns: no fire exit, no seal. */
export const sealParts = {
  government: DecidingBody,
  legalBasis: LegalBasis,
  document: DocumentNumber,
  startsOn: label(Day, '开始', 'From'),
  lastDay: label(Day, '最后一天', 'Last day'),
  fireExit: label(z.string().trim().min(4).max(200), '消防通道怎样保持可开启', 'How the fire exit stays openable', {
    ...public_,
    long: true,
    hint: text('哪个门、怎样从里面打开、谁每天检查', 'Which door, how it opens from inside, who checks it every day'),
  }),
  keyDay: label(z.string().trim().min(1).max(40), '白天钥匙保管人', 'Holds the key by day', duty),
  keyDayPhone: label(Phone, '白天电话', 'Phone by day'),
  keyNight: label(z.string().trim().min(1).max(40), '夜间钥匙保管人', 'Holds the key by night', duty),
  keyNightPhone: label(Phone, '夜间电话', 'Phone by night'),
  ambulanceRoute: label(z.string().trim().min(4).max(200), '救护车路线', 'Route of an ambulance', { ...public_, long: true }),
}
/** `observation_seals`: records. `place` is a unit, a building or a compound; a garage is a spot of a compound. */
export const Seal = z.object({
  community: Community,
  id: Id,
  scope: label(Scope, '范围', 'Scope'),
  place: Id,
  spot: label(z.string().trim().min(1).max(60).nullable(), '车库名称', 'Which garage', { harmless: 'name of a place' }),
  category: label(z.string(), '类别', 'Category', { harmless: 'code of a category' }),
  ...sealParts,
  team: label(z.array(TeamMember), '服务小组', 'Team', { harmless: 'names and numbers on duty' }),
  frozen: label(Frozen, '规则', 'Rules', { harmless: 'published rules' }),
  policyVersions: z.array(Id),
  response: Id,
  state: label(SealState, '状态', 'State'),
  grid: label(z.string().nullable(), '网格', 'Grid', { harmless: 'code of an area' }),
  proposedBy: Id,
  proposedAt: label(Instant, '提出时间', 'Proposed'),
  decidedBy: Id.nullable(),
  decidedAt: at('复核时间', 'Countersigned'),
  households: label(z.int().nullable(), '住户', 'Households', { unit: text('户', 'households') }),
  opened: label(z.int(), '已建档', 'Opened', { unit: text('户', 'households') }),
  liftDocument: DocumentNumber.nullable(),
  liftedBy: Id.nullable(),
  liftDecidedBy: Id.nullable(),
  liftedAt: at('解封时间', 'Lifted'),
})
export type Seal = z.infer<typeof Seal>

// --- what may happen next ---------------------------------------------------------------------------------------------

export const can = states<OrderState>()({
  check: { from: ['proposed', 'checked'], to: 'checked' },
  transfer: { from: ['proposed', 'checked'], to: 'checked' },
  record: { from: ['proposed', 'checked'], to: 'checked' },
  decide: { from: ['proposed', 'checked'], to: 'decided' },
  serve: { from: ['decided'], to: 'served' },
  change: { from: ['decided', 'served', 'releaseRequested'], to: 'served' },
  requestRelease: { from: ['served'], to: 'releaseRequested' },
  approveRelease: { from: ['releaseRequested'], to: 'releaseApproved' },
  serveRelease: { from: ['releaseApproved'], to: 'released' },
  cancel: { from: ['proposed', 'checked', 'decided'], to: 'cancelled' },
})
export const canSeal = states<SealState>()({
  decide: { from: ['proposed'], to: 'decided' },
  cancel: { from: ['proposed'], to: 'cancelled' },
  askLift: { from: ['decided'], to: 'lifting' },
  lift: { from: ['lifting'], to: 'lifted' },
})

const binding: readonly OrderState[] = ['served', 'releaseRequested', 'releaseApproved']
type Binding = Pick<Order, 'state' | 'lastDay' | 'servedAt' | 'observedFrom'>
/**
 * Whether an order binds anybody at an instant: its notice has been served, its first day has come and its last day is not over.
 * After midnight of the last day nobody is bound by it, whatever is still to be signed.
 */
export function inForce(order: Binding, instant: Instant): boolean {
  if (!binding.includes(order.state) || !order.lastDay || !order.servedAt || msOf(order.servedAt) > msOf(instant)) return false
  const day = dayOf(instant)
  return day <= order.lastDay && (order.observedFrom === null || order.observedFrom <= day)
}
/** Whether release should have been served: the day for it has come and it has not. It asks, and does nothing by itself. */
export const isDueForRelease = (order: Pick<Order, 'state' | 'releaseOn'>, day: Day): boolean =>
  binding.includes(order.state) && order.releaseOn !== null && order.releaseOn <= day
/** Whether a seal closes its place on a day. */
export const isSealed = (seal: Pick<Seal, 'state' | 'startsOn' | 'lastDay'>, day: Day): boolean =>
  (seal.state === 'decided' || seal.state === 'lifting') && seal.startsOn <= day && day <= seal.lastDay

// --- what is missing --------------------------------------------------------------------------------------------------

/** The parts of an order by name: a refusal lists those that are not there. */
export const parts = {
  response: text('进行中的应急响应', 'an active response'),
  decidingBody: text('决定机关', 'the deciding body'),
  legalBasis: text('法律依据', 'the legal basis'),
  document: text('决定文号', 'the document number'),
  category: text('类别', 'the category'),
  period: text('起止日期', 'the period'),
  suitability: text('居家条件核查', 'the check of the home'),
  conditions: text('居家必备条件', 'conditions that the home must have'),
  facility: text('集中观察点', 'the facility'),
  giver: text('移交方签字', 'the signature of the side that hands over'),
  receiver: text('接收方签字', 'the signature of the side that receives'),
  coResidents: text('同住人是否同时观察', 'whether those who live there are bound too'),
  guardian: text('未成年人的监护人', 'the guardian of a minor'),
  servedHow: text('送达方式', 'how the notice was served'),
  servedAt: text('送达时间', 'when it was served'),
  servedBy: text('送达人', 'who served it'),
  undertaking: text('承诺书', 'the undertaking'),
  witness: text('拒签的见证人', 'the witness of a refusal'),
  persons: text('被观察的人', 'who is observed'),
  government: text('决定机关', 'the deciding government'),
  fireExit: text('消防通道', 'the fire exit'),
  keyDay: text('白天钥匙保管人和电话', 'who holds the key by day'),
  keyNight: text('夜间钥匙保管人和电话', 'who holds the key by night'),
  ambulanceRoute: text('救护车路线', 'the route of an ambulance'),
  place: text('封闭的地方', 'the place'),
} satisfies Record<string, Text>
export type Part = keyof typeof parts

export type Judged = {
  readonly order: Order
  readonly transfer: Pick<Transfer, 'giverAt' | 'receiverAt'> | undefined
  readonly responseActive: boolean
  /** Whether anybody of those bound is under 18 on the day on which it begins. */
  readonly minor: boolean
}

/** What an order lacks before a second person may sign it; empty where it is whole. */
export function missingToDecide({ order, transfer, responseActive, minor }: Judged): Part[] {
  const { frozen } = order
  const lacking: [Part, boolean][] = [
    ['response', !responseActive],
    ['decidingBody', !order.decidingBody],
    ['legalBasis', !order.legalBasis],
    ['document', !order.document],
    ['category', !frozen],
    ['period', !order.observedFrom || !order.lastDay],
    ['persons', order.persons.length === 0],
    ...(order.source === 'seal'
      ? []
      : order.place === 'home'
        ? ([
            ['suitability', !order.suitability],
            ['conditions', order.suitability !== null && !isSuitable(order)],
          ] as [Part, boolean][])
        : ([
            ['facility', !order.facility],
            ['giver', !transfer?.giverAt],
            ['receiver', !transfer?.receiverAt],
          ] as [Part, boolean][])),
    ['coResidents', order.coResidentsBound === null],
    ['guardian', minor && !order.guardian && !order.guardianName],
  ]
  return lacking.filter(([, lacks]) => lacks).map(([part]) => part)
}

/** Whether the home has what it must have, by the list under which it was looked at. */
export const isSuitable = ({ suitability, frozen }: Pick<Order, 'suitability' | 'frozen'>): boolean =>
  suitability !== null && (frozen?.conditions ?? []).every(({ key, required }) => !required || suitability.has[key] === true)

export type Serving = {
  how?: Served | undefined
  at?: Instant | undefined
  by?: string | undefined
  undertaking?: Undertaking | undefined
  witness?: string | undefined
}
export const missingToServe = ({ how, at: when, by: who, undertaking, witness }: Serving): Part[] =>
  (
    [
      ['servedHow', !how],
      ['servedAt', !when],
      ['servedBy', !who],
      ['undertaking', !undertaking],
      ['witness', undertaking === 'refused' && !witness],
    ] as [Part, boolean][]
  )
    .filter(([, lacks]) => lacks)
    .map(([part]) => part)

type SealDraft = { [K in keyof typeof sealParts]?: string | null | undefined }
/** What a seal lacks; without these it cannot be saved. */
export const missingToSeal = (seal: SealDraft, responseActive: boolean): Part[] =>
  (
    [
      ['response', !responseActive],
      ['government', !seal.government],
      ['legalBasis', !seal.legalBasis],
      ['document', !seal.document],
      ['period', !seal.startsOn || !seal.lastDay],
      ['fireExit', !seal.fireExit],
      ['keyDay', !seal.keyDay || !seal.keyDayPhone],
      ['keyNight', !seal.keyNight || !seal.keyNightPhone],
      ['ambulanceRoute', !seal.ambulanceRoute],
    ] as [Part, boolean][]
  )
    .filter(([, lacks]) => lacks)
    .map(([part]) => part)

// --- words ------------------------------------------------------------------------------------------------------------

const listed = (missing: readonly Part[]): Text =>
  text(missing.map((one) => parts[one].zh).join('、'), missing.map((one) => parts[one].en).join(', '))

export const say = problems('observation', {
  missing: [
    422,
    ({ missing }: { missing: readonly Part[] }) => ({
      zh: `还缺：${listed(missing).zh}。补齐后再办。`,
      en: `Still missing: ${listed(missing).en}. Complete it and try again.`,
    }),
  ],
  unknownOrder: [
    404,
    {
      zh: '没有找到这份观察令，或不在您的区域内。请刷新后再试。',
      en: 'This order was not found, or lies outside your area. Refresh and try again.',
    },
  ],
  unknownSeal: [404, { zh: '没有找到这次封闭，请刷新后再试。', en: 'This seal was not found. Refresh and try again.' }],
  unknownChange: [404, { zh: '没有找到这份变更文件，请刷新后再试。', en: 'This document was not found. Refresh and try again.' }],
  unknownPlace: [422, { zh: '没有找到要封闭的地方，请重新选择。', en: 'The place to be sealed was not found. Choose it again.' }],
  unknownCategory: [
    422,
    {
      zh: '现行规则里没有这个类别。请先在“响应与规则”里引入或规定观察类别。',
      en: 'The rules in force know no such category. Bring one in under Response and rules first.',
    },
  ],
  wrongPlace: [
    422,
    {
      zh: '这个类别不能在那里观察，请改选地点或类别。',
      en: 'This category is not observed there. Choose another place or category.',
    },
  ],
  wrongState: [409, { zh: '办理情况已经变化，请刷新后再试。', en: 'Its state has changed. Refresh and try again.' }],
  wrongDates: [
    422,
    {
      zh: '日期不对：最后一天不能早于开始，也不能与原来相同；送达不能晚于现在。',
      en: 'These dates do not fit: the last day lies neither before the first nor where it was; nothing is served in the future.',
    },
  ],
  secondPersonNeeded: [
    403,
    {
      zh: '提出或登记的人不能自己复核，请另一位有权人员办理。',
      en: 'Whoever proposed or recorded it cannot countersign it. Ask another person.',
    },
  ],
  alreadyUnderway: [
    409,
    { zh: '这个人已有办理中或有效的观察令，请在原令上办理。', en: 'There is an order for this person already. Use that one.' },
  ],
  alreadySealed: [409, { zh: '这个地方已有封闭，请在原封闭上办理。', en: 'This place is sealed already. Use that seal.' }],
  changeWaits: [
    409,
    { zh: '已有一份变更文件等待复核，请先办完。', en: 'A document waits for its second person. Finish that first.' },
  ],
  notYetDue: [
    409,
    ({ on }: { on: string }) => ({
      zh: `${on} 起才能请示解除；提前解除须有缩短期限的文件。`,
      en: `Release may be requested from ${on} on; earlier it takes a document that shortens the order.`,
    }),
  ],
  guardianIsMinor: [422, { zh: '监护人须为成年人，请另选。', en: 'A guardian is of age. Choose another person.' }],
  ofSeal: [
    409,
    {
      zh: '这是整栋封闭的一户，随封闭一起变更；请在封闭上办理。',
      en: 'This household belongs to a seal and changes with it. Use the seal.',
    },
  ],
})
