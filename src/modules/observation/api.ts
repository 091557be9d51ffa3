// What observation can be asked and told: from a proposal to a served order, its changes, its release; seals of whole places; the papers.
import { z } from 'zod'
import { command, download, query } from '#core/contract.ts'
import { Day, Instant } from '#core/dates.ts'
import { exportTerms } from '#core/exports.ts'
import { Id } from '#core/ids.ts'
import { label, personal } from '#core/labels.ts'
import { pageOf, paging } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { AreaCode, by } from '#modules/identity/model.ts'
import { Address, Name } from '#modules/residents/model.ts'
import { Ledger, LedgerRow, Standing } from './ledgers.ts'
import {
  Change,
  ChangeKind,
  DecidingBody,
  DocumentNumber,
  Facility,
  Frozen,
  LegalBasis,
  Order,
  OrderState,
  Scope,
  Seal,
  SealState,
  sealParts,
  Served,
  Side,
  Source,
  Step,
  Suitability,
  TeamMember,
  Transfer,
  Undertaking,
} from './model.ts'
import { NoticeFacts, NoticeKind, Sealed } from './notices.ts'
import { Category, Condition, Papers, Place, TeamRule } from './rules.ts'

/** Communities propose. */
const proposers = by('gridWorker', 'gridLeader', 'communityStaff', 'medic', 'communitySecretary')
/** They write down what the deciding body decided; each step that restricts is countersigned by another of them, or by the street. */
const writers = by('communityStaff', 'communitySecretary')
const seconds = by('communityStaff', 'communitySecretary', 'subdistrictOfficer')
const readers = by(
  'gridWorker',
  'gridLeader',
  'communityStaff',
  'medic',
  'communitySecretary',
  'subdistrictOfficer',
  'districtOfficer',
  'auditor',
)

/** Named by posts wider than one community; others leave it out. */
const community = label(
  z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  '社区',
  'Community',
)
const who = (zh: string, en: string) => label(z.string().nullable(), zh, en, { harmless: 'duty name, posted publicly' })

// --- orders -----------------------------------------------------------------------------------------------------------

const Line = z.object({
  id: Id,
  community: z.string(),
  person: Id.nullable(),
  household: Id.nullable(),
  seal: Id.nullable(),
  name: personal(Name.nullable(), '姓名／户主', 'Name or head', { mask: 'name', keep: 'response' }),
  address: Address.nullable(),
  grid: z.string().nullable(),
  people: label(z.int(), '人数', 'Persons', { unit: text('人', 'persons') }),
  source: Order.shape.source,
  category: Order.shape.category,
  categoryTitle: label(z.object({ zh: z.string(), en: z.string() }), '类别', 'Category', { harmless: 'words of the rules' }),
  place: Order.shape.place,
  observedFrom: Order.shape.observedFrom,
  lastDay: Order.shape.lastDay,
  releaseOn: Order.shape.releaseOn,
  state: Order.shape.state,
  inForce: label(z.boolean(), '现在有效', 'In force now'),
  due: label(z.boolean(), '应办解除', 'Release due'),
  proposedAt: Order.shape.proposedAt,
})
export type OrderLine = z.infer<typeof Line>

export const orders = query('observation.orders', {
  title: text('医学观察', 'Observation'),
  may: readers,
  input: z.object({
    community,
    area: label(AreaCode.optional(), '网格', 'Grid'),
    state: label(OrderState.optional(), '状态', 'State'),
    place: label(Place.optional(), '观察地点', 'Where'),
    source: label(Source.optional(), '来源', 'Source'),
    due: label(z.boolean().optional(), '应办解除', 'Release due'),
    inForce: label(z.boolean().optional(), '现在有效', 'In force now'),
    seal: label(Id.optional(), '封闭', 'Seal'),
    ...paging,
  }),
  output: pageOf(Line),
})
export const counts = query('observation.counts', {
  title: text('观察概况', 'Counts'),
  may: readers,
  input: z.object({ community }),
  output: z.object({
    proposed: z.int(),
    toCountersign: z.int(),
    toServe: z.int(),
    households: z.int(),
    persons: z.int(),
    due: z.int(),
    changes: z.int(),
    sealed: z.int(),
  }),
})

/** Slots of its duties until now: due = done + excused + missed + overdue. */
const Slots = label(
  z.object({ due: z.int(), done: z.int(), excused: z.int(), missed: z.int(), overdue: z.int() }),
  '观察期间的任务',
  'Duties of its time',
)
const NamedPerson = z.object({
  id: Id,
  name: Name,
  age: personal(z.int().nullable(), '年龄', 'Age', { keep: 'register' }),
  minor: z.boolean(),
})
export const OrderShown = Order.extend({
  ...Line.pick({ name: true, address: true, people: true, categoryTitle: true, inForce: true, due: true }).shape,
  bound: label(z.array(NamedPerson), '被观察的人', 'Persons under observation'),
  guardianShown: personal(z.string().nullable(), '监护人', 'Guardian', { mask: 'name', keep: 'response' }),
  missing: label(z.array(z.string()), '还缺', 'Missing'),
  proposedByName: who('提出人', 'Proposed by'),
  recordedByName: who('登记人', 'Recorded by'),
  decidedByName: who('复核人', 'Second person'),
  mine: z.boolean(),
  homeNow: z.boolean(),
  slots: Slots,
  transfer: Transfer.nullable(),
  changes: z.array(
    Change.extend({
      proposedByName: who('登记人', 'Recorded by'),
      decidedByName: who('复核人', 'Second person'),
      mine: z.boolean(),
    }),
  ),
  steps: z.array(Step.omit({ community: true }).extend({ byName: who('办理人', 'By') })),
})
export type OrderShown = z.infer<typeof OrderShown>
export const order = query('observation.order', {
  title: text('观察令', 'Order'),
  may: readers,
  input: z.object({ community, order: Id }),
  output: OrderShown,
})

/** What the forms offer: categories, teams, conditions, as the rules say today; and whether a response is active at all. */
export const options = query('observation.options', {
  title: text('观察规则', 'Rules of observation'),
  may: readers,
  input: z.object({ community }),
  output: z.object({
    response: z.object({ disease: z.string(), document: z.string(), government: z.string() }).nullable(),
    categories: z.array(Category),
    teams: z.array(TeamRule),
    conditions: z.array(Condition),
    days: z.int(),
  }),
})

const aboutDays = {
  leftOn: label(Day.nullish(), '离开疫区日期', 'Left the affected area on'),
  proof: personal(z.string().trim().max(80).nullish(), '离开日期的凭证', 'Proof of that day', {
    mask: 'text',
    keep: 'response',
    hint: text('车票、登机牌等；没有就不填', 'Ticket or boarding pass; empty where there is none'),
  }),
  lastContactOn: label(Day.nullish(), '最后接触日期', 'Last contact on'),
}
export const propose = command('observation.propose', {
  title: text('提出观察', 'Propose observation'),
  may: proposers,
  queued: true,
  input: z.object({
    person: label(Id, '人员', 'Person'),
    source: label(Source.exclude(['seal']), '来源', 'Source'),
    category: label(z.string().max(30), '类别', 'Category', { harmless: 'code of a category' }),
    place: label(Place, '建议地点', 'Where'),
    keyPerson: Id.optional(),
    ...aboutDays,
  }),
  output: OrderShown,
})
const ofOrder = { community, order: Id }
export const check = command('observation.check', {
  title: text('核查居家条件', 'Check the home'),
  may: proposers,
  input: z.object({ ...ofOrder, suitability: Suitability }),
  output: OrderShown,
})
export const signTransfer = command('observation.signTransfer', {
  title: text('签署移交', 'Sign the transfer'),
  may: proposers,
  input: z.object({
    ...ofOrder,
    facility: Facility,
    side: label(Side, '签字方', 'Side'),
    name: label(z.string().trim().min(1).max(60), '签字人', 'Signed by', { harmless: 'names on duty are posted publicly' }),
    unit: label(z.string().trim().min(1).max(60), '单位', 'Unit', { harmless: 'a unit' }),
  }),
  output: OrderShown,
})
/** What the body's document says, as far as it is known: what is missing is named when somebody is to sign. */
export const record = command('observation.record', {
  title: text('登记决定', 'Record the decision'),
  may: writers,
  input: z.object({
    ...ofOrder,
    decidingBody: DecidingBody.nullish(),
    legalBasis: LegalBasis.nullish(),
    document: DocumentNumber.nullish(),
    category: label(z.string().max(30), '类别', 'Category', { harmless: 'code of a category' }),
    place: label(Place, '观察地点', 'Where'),
    facility: Facility.nullish(),
    observedFrom: label(Day.nullish(), '开始观察日期', 'Observed from'),
    ...aboutDays,
    coResidentsBound: label(z.boolean().nullish(), '同住人同时观察', 'Those who live there are bound too'),
    guardian: label(Id.nullish(), '监护人（同户成年人）', 'Guardian of the same household'),
    guardianName: personal(z.string().trim().max(50).nullish(), '监护人姓名（不同住）', 'Guardian who lives elsewhere', {
      mask: 'name',
      keep: 'response',
    }),
    team: label(z.array(TeamMember).max(12).default([]), '服务小组', 'Team'),
  }),
  output: OrderShown,
})
export const decide = command('observation.decide', {
  title: text('复核决定', 'Countersign the decision'),
  may: seconds,
  input: z.object(ofOrder),
  output: OrderShown,
})
const by_ = label(z.string().trim().max(60).optional(), '送达人', 'Served by', { harmless: 'names on duty are posted publicly' })
const serving = {
  how: label(Served.optional(), '送达方式', 'Served how'),
  at: label(Instant.optional(), '送达时间', 'Served at'),
  by: by_,
  undertaking: label(Undertaking.optional(), '承诺书', 'Undertaking'),
  witness: label(z.string().trim().max(60).optional(), '见证人', 'Witness', {
    harmless: 'names on duty are posted publicly',
    hint: text('拒签时必填', 'Needed where it was refused'),
  }),
}
export const serve = command('observation.serve', {
  title: text('登记送达', 'Record that it was served'),
  may: proposers,
  input: z.object({ ...ofOrder, ...serving }),
  output: OrderShown,
})
export const cancel = command('observation.cancel', {
  title: text('撤销', 'Cancel'),
  may: writers,
  input: z.object({
    ...ofOrder,
    reason: personal(z.string().trim().min(2).max(200), '原因', 'Reason', { mask: 'text', keep: 'response' }),
  }),
  output: OrderShown,
})
export const change = command('observation.change', {
  title: text('登记变更文件', 'Record a changing document'),
  may: writers,
  input: z.object({
    ...ofOrder,
    kind: label(ChangeKind, '变更', 'Change'),
    decidingBody: DecidingBody,
    legalBasis: LegalBasis,
    document: DocumentNumber,
    lastDay: label(Day.nullish(), '新的最后一天', 'New last day'),
    place: label(Place.nullish(), '新的地点', 'New place'),
    facility: Facility.nullish(),
    category: label(z.string().max(30).nullish(), '新的类别', 'New category', { harmless: 'code of a category' }),
    suitability: Suitability.nullish(),
  }),
  output: OrderShown,
})
export const decideChange = command('observation.decideChange', {
  title: text('复核变更', 'Countersign the change'),
  may: seconds,
  input: z.object({ ...ofOrder, change: Id, approve: z.boolean() }),
  output: OrderShown,
})
export const requestRelease = command('observation.requestRelease', {
  title: text('请示解除', 'Request release'),
  may: proposers,
  input: z.object(ofOrder),
  output: OrderShown,
})
export const approveRelease = command('observation.approveRelease', {
  title: text('登记解除批准', 'Record the approval of release'),
  may: seconds,
  input: z.object({ ...ofOrder, document: DocumentNumber }),
  output: OrderShown,
})
export const serveRelease = command('observation.serveRelease', {
  title: text('送达解除告知书', 'Serve the release notice'),
  may: proposers,
  input: z.object({
    ...ofOrder,
    how: label(Served, '送达方式', 'Served how'),
    by: label(z.string().trim().min(1).max(60), '送达人', 'Served by', { harmless: 'names on duty are posted publicly' }),
  }),
  output: OrderShown,
})

// --- seals ------------------------------------------------------------------------------------------------------------

const SealShown = Seal.omit({ frozen: true, policyVersions: true }).extend({
  placeName: label(z.string(), '地方', 'Place', { harmless: 'name of a place' }),
  categoryTitle: Line.shape.categoryTitle,
  days: z.int(),
  sealed: label(z.boolean(), '现在封闭', 'Sealed now'),
  served: label(z.int(), '已送达', 'Served', { unit: text('户', 'households') }),
  waiting: label(z.int(), '缺监护人', 'Lacking a guardian', { unit: text('户', 'households') }),
  proposedByName: who('提出人', 'Proposed by'),
  decidedByName: who('复核人', 'Second person'),
  mine: z.boolean(),
  mineLift: z.boolean(),
  slots: Slots,
})
export type SealShown = z.infer<typeof SealShown>
export const seals = query('observation.seals', {
  title: text('整楼封闭', 'Sealed places'),
  may: readers,
  input: z.object({ community, state: label(SealState.optional(), '状态', 'State') }),
  output: pageOf(SealShown),
})
const loose = <K extends keyof typeof sealParts>(key: K) => sealParts[key].nullish()
export const seal = command('observation.seal', {
  title: text('封闭整栋或整单元', 'Seal a place'),
  may: writers,
  input: z.object({
    scope: label(Scope, '范围', 'Scope'),
    place: label(Id, '地方', 'Place'),
    spot: Seal.shape.spot.optional(),
    category: label(z.string().max(30), '类别', 'Category', { harmless: 'code of a category' }),
    government: label(loose('government'), '决定机关', 'Deciding government'),
    legalBasis: loose('legalBasis'),
    document: loose('document'),
    startsOn: loose('startsOn'),
    lastDay: loose('lastDay'),
    fireExit: loose('fireExit'),
    keyDay: loose('keyDay'),
    keyDayPhone: loose('keyDayPhone'),
    keyNight: loose('keyNight'),
    keyNightPhone: loose('keyNightPhone'),
    ambulanceRoute: loose('ambulanceRoute'),
    team: label(z.array(TeamMember).max(12).default([]), '服务小组', 'Team'),
  }),
  output: SealShown,
})
const ofSeal = { community, seal: Id }
export const decideSeal = command('observation.decideSeal', {
  title: text('复核封闭', 'Countersign the seal'),
  may: seconds,
  input: z.object(ofSeal),
  output: SealShown,
})
export const resumeSeal = command('observation.resumeSeal', {
  title: text('继续建档', 'Go on opening orders'),
  may: seconds,
  input: z.object(ofSeal),
  output: SealShown,
})
export const cancelSeal = command('observation.cancelSeal', {
  title: text('撤销封闭', 'Cancel the seal'),
  may: seconds,
  input: z.object(ofSeal),
  output: SealShown,
})
/** Papers of many doors handed over on one round; who refused to sign is recorded apart. */
export const serveSeal = command('observation.serveSeal', {
  title: text('登记各户送达', 'Record that the notices were served'),
  may: proposers,
  input: z.object({
    ...ofSeal,
    orders: label(z.array(Id).min(1).max(500).optional(), '各户', 'Households', {
      hint: text('不选表示全部未送达的', 'Empty: all that are not served'),
    }),
    ...serving,
  }),
  output: SealShown,
})
export const askLift = command('observation.askLift', {
  title: text('登记解封决定', 'Record the decision to lift'),
  may: writers,
  input: z.object({ ...ofSeal, document: DocumentNumber }),
  output: SealShown,
})
export const lift = command('observation.lift', {
  title: text('复核解封', 'Countersign the lifting'),
  may: seconds,
  input: z.object(ofSeal),
  output: SealShown,
})

// --- papers -----------------------------------------------------------------------------------------------------------

const onPaper = (zh: string, en: string) => personal(z.string().nullable(), zh, en, { keep: 'register' })
const Sheet = z.object({
  order: Id,
  number: z.string(),
  name: onPaper('姓名', 'Name'),
  sex: onPaper('性别', 'Sex'),
  phone: onPaper('联系电话', 'Phone'),
  idNumber: onPaper('证件号码', 'Document number'),
  address: onPaper('居住地址', 'Address'),
  employer: onPaper('所在单位', 'Employer'),
  guardian: onPaper('监护人', 'Guardian'),
  persons: z.array(z.object({ id: Id, name: z.string(), age: z.int().nullable() })),
  category: z.object({ zh: z.string(), en: z.string() }),
  place: Place,
  facility: z.string().nullable(),
  from: Day,
  dayZero: Day.nullable(),
  dayZeroBy: z.string().nullable(),
  lastDay: Day,
  releaseOn: Day.nullable(),
  source: Source,
  leftOn: Day.nullable(),
  decidingBody: z.string(),
  legalBasis: z.string(),
  document: z.string(),
  coResidentsBound: z.boolean(),
  /** The way to each person's own page, printed on the contact card. */
  entries: z.array(z.object({ person: Id, name: z.string(), qr: z.string(), typed: z.string().nullable() })),
  team: z.array(TeamMember),
  teamRule: TeamRule.nullable(),
  kit: z.array(z.string()),
  /** The words of the papers as they stood when the decision, or the release, was written down. */
  words: Papers,
  /** Address below the origin of the house at which anybody finds out whether the paper is genuine; it names nobody. */
  verify: z.string(),
  release: z.object({ number: z.string(), document: z.string(), issuedOn: Day }).nullable(),
  frozen: Frozen.pick({ duties: true, threshold: true }),
  seal: z
    .object({
      keyDay: z.string(),
      keyDayPhone: z.string(),
      keyNight: z.string(),
      keyNightPhone: z.string(),
      fireExit: z.string(),
      ambulanceRoute: z.string(),
    })
    .nullable(),
})
export type PaperSheet = z.infer<typeof Sheet>
/**
 * Notice, undertaking, contact card and kit list of each order, or its notice of release, with names in full: they are handed over inside.
 * Each print is a look.
 */
export const sheets = query('observation.papers', {
  title: text(
    '告知书、承诺书、联系卡、物品清单、解除告知书',
    'Notice, undertaking, contact card, kit list and notice of release',
  ),
  may: proposers,
  shows: 'full',
  input: z
    .object({
      community,
      of: NoticeKind.default('observation'),
      orders: z.array(Id).min(1).max(200).optional(),
      seal: Id.optional(),
    })
    .refine((asked) => Boolean(asked.orders) !== Boolean(asked.seal), { path: ['orders'] }),
  output: z.object({ communityName: z.string(), streetName: z.string(), rows: z.array(Sheet) }),
  looks: ({ rows }) => rows.flatMap((row) => row.persons.map((p) => p.id)),
})

/** Whether a paper is genuine, asked by anybody who holds it: what its code says comes back, with the name of the community and nothing else. */
export const verify = query('observation.verify', {
  title: text('核验告知书', 'Is this notice genuine'),
  may: 'anyone',
  input: Sealed,
  output: z.object({
    notice: NoticeFacts.extend({
      communityName: label(z.string(), '签发社区', 'Issued by', { harmless: 'name of a place' }),
    }).nullable(),
  }),
})

// --- ledgers ----------------------------------------------------------------------------------------------------------

const ofLedger = {
  community,
  area: label(AreaCode.optional(), '网格', 'Grid'),
  ledger: label(Ledger, '台账', 'Ledger'),
  standing: label(Standing.default('all'), '范围', 'Which'),
  from: label(Day.optional(), '起', 'From'),
  to: label(Day.optional(), '止', 'To'),
  seal: label(Id.optional(), '封闭', 'Seal'),
}
/** The rows of a ledger for a sheet on paper, as many as one prints; the workbook has all of them. */
export const ledger = query('observation.ledger', {
  title: text('观察台账', 'Ledgers of observation'),
  may: readers,
  input: z.object(ofLedger),
  output: z.object({ rows: z.array(LedgerRow), total: label(z.int(), '行数', 'Rows'), days: z.int() }),
})
export const exportLedger = download('observation.exportLedger', {
  title: text('导出观察台账', 'Export a ledger of observation'),
  may: readers,
  full: by('communitySecretary'),
  input: z.object({ ...ofLedger, ...exportTerms }),
  output: LedgerRow,
})
