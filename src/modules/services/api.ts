// What services can be asked and told: needs and errands, calls and visits, items handed over, care files, counselling, what a phone takes along.
import { z } from 'zod'
import { command, download, query } from '#core/contract.ts'
import { Day, Instant } from '#core/dates.ts'
import { exportTerms } from '#core/exports.ts'
import { photos } from '#core/files.ts'
import { Id } from '#core/ids.ts'
import { label, personal } from '#core/labels.ts'
import { pageOf, paging } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { by, type Role } from '#modules/identity/model.ts'
import { Address, Name } from '#modules/residents/model.ts'
import {
  Advanced,
  Amount,
  asking,
  Call,
  calling,
  CallKind,
  CallOutcome,
  Care,
  caring,
  Case,
  CaseWhy,
  Channel,
  FileState,
  Handout,
  HandoutKind,
  Item,
  Mood,
  Quantity,
  Request,
  RequestState,
  Score,
  SessionNote,
  session,
  SignedBy,
  Step,
  Words,
} from './model.ts'
import { CareCategory, Category, Urgency } from './rules.ts'

/** They know the households: they call, visit, hand over and write needs down. */
const helpers = by('gridWorker', 'gridLeader', 'communityStaff', 'buildingSteward', 'medic', 'communitySecretary')
/** They run errands; who has no business with the register sees only what he took. */
const doers: readonly Role[] = [...helpers, ...by('volunteer', 'propertyManager')]
const readers: readonly Role[] = [...helpers, ...by('subdistrictOfficer', 'districtOfficer', 'auditor')]
/** A steward is a neighbour: he takes no list home and does not know who talks to a counsellor. */
const inOffice: readonly Role[] = readers.filter((role) => role !== 'buildingSteward')
const leads = by('gridLeader', 'communityStaff', 'communitySecretary')
const counsellors = by('counsellor')

/** Named by posts wider than one community; others leave it out. */
const community = label(
  z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  '社区',
  'Community',
)
const duty = (zh: string, en: string) => label(z.string().nullable(), zh, en, { harmless: 'duty name, posted publicly' })
const words = (zh: string, en: string) =>
  label(z.object({ zh: z.string(), en: z.string() }), zh, en, { harmless: 'words of the rules' })
const Whom = personal(Name.nullable(), '姓名', 'Name', { mask: 'name', keep: 'register' })
const Where = Address.nullable()
const Phone = personal(z.string().nullable(), '电话', 'Phone', { mask: 'phone', keep: 'register' })
const Reason = personal(z.string().trim().min(2).max(200), '原因', 'Reason', { mask: 'text', keep: 'response' })
const whose = {
  household: label(Id.optional(), '住户', 'Household'),
  person: label(Id.optional(), '人员', 'Person'),
}
const days = { from: label(Day.optional(), '起', 'From'), to: label(Day.optional(), '止', 'To') }

// --- needs ------------------------------------------------------------------------------------------------------------

export const RequestLine = Request.extend({
  name: Whom,
  address: Where,
  phone: Phone,
  categoryTitle: words('类别', 'Category'),
  urgencyTitle: words('紧急程度', 'How urgent'),
  buys: z.boolean(),
  overdue: label(z.boolean(), '超时', 'Overdue'),
  owes: label(z.boolean(), '垫款未结清', 'Money not settled'),
  mine: z.boolean(),
  takenByName: duty('代办人', 'Taken by'),
  askedByName: duty('登记人', 'Written down by'),
})
export type RequestLine = z.infer<typeof RequestLine>
const RequestShown = RequestLine.extend({
  steps: z.array(Step.omit({ community: true }).extend({ byName: duty('办理人', 'By') })),
})
export type RequestShown = z.infer<typeof RequestShown>

const requestFilters = {
  state: label(RequestState.optional(), '状态', 'State'),
  overdue: label(z.boolean().optional(), '超时', 'Overdue'),
  owes: label(z.boolean().optional(), '垫款未结清', 'Money not settled'),
  mine: label(z.boolean().optional(), '只看我的', 'Mine only'),
  ...days,
}
export const requests = query('services.requests', {
  title: text('居民需求', 'Needs'),
  may: readers,
  input: z.object({
    community,
    household: Id.optional(),
    category: label(z.string().max(30).optional(), '类别', 'Category', { harmless: 'code of the rules' }),
    ...requestFilters,
    ...paging,
  }),
  output: pageOf(RequestLine),
})
const ofRequest = { community, request: Id }
export const request = query('services.request', {
  title: text('一项需求', 'One need'),
  may: readers,
  input: z.object(ofRequest),
  output: RequestShown,
})
export const exportRequests = download('services.exportRequests', {
  title: text('导出居民需求登记', 'Export: needs'),
  may: inOffice,
  full: by('communityStaff', 'communitySecretary'),
  input: z.object({ community, ...requestFilters, ...exportTerms }),
  output: RequestLine,
})

export const ask = command('services.ask', {
  title: text('登记需求', 'Write a need down'),
  may: doers,
  queued: true,
  input: z.object({ ...whose, ...asking, channel: label(Channel.exclude(['family']), '渠道', 'Channel') }),
  output: RequestShown,
})
export const take = command('services.take', {
  title: text('接单', 'Take it'),
  may: doers,
  input: z.object(ofRequest),
  output: RequestShown,
})
export const giveUp = command('services.giveUp', {
  title: text('退回待接单', 'Give it back to the list'),
  may: doers,
  input: z.object({ ...ofRequest, reason: Reason }),
  output: RequestShown,
})
export const buy = command('services.buy', {
  title: text('登记买到', 'Record what was bought'),
  may: doers,
  queued: true,
  input: z.object({
    ...ofRequest,
    advancedBy: label(Advanced, '谁付的钱', 'Who paid'),
    amount: Amount,
    receipts: photos('services', '购物凭证', 'Receipts', {
      keep: 'work',
      papers: true,
      hint: text('小票或付款截图', 'The receipt, or a picture of the payment'),
    }),
  }),
  output: RequestShown,
})
export const giveBack = command('services.giveBack', {
  title: text('登记退换', 'Record that it was taken back'),
  may: doers,
  input: z.object({ ...ofRequest, reason: Reason }),
  output: RequestShown,
})
export const refund = command('services.refund', {
  title: text('登记结清', 'Record that money is settled'),
  may: doers,
  input: z.object(ofRequest),
  output: RequestShown,
})
export const feedback = command('services.feedback', {
  title: text('登记评价', 'Record the feedback'),
  may: doers,
  queued: true,
  input: z.object({ ...ofRequest, score: Score, words: Words.nullish() }),
  output: RequestShown,
})
export const close = command('services.close', {
  title: text('办结', 'Close'),
  may: doers,
  input: z.object(ofRequest),
  output: RequestShown,
})
export const cancel = command('services.cancel', {
  title: text('撤销需求', 'Cancel the need'),
  may: doers,
  input: z.object({ ...ofRequest, reason: Reason }),
  output: RequestShown,
})

// --- calls and visits -------------------------------------------------------------------------------------------------

const Need = z.object({ category: asking.category, urgency: asking.urgency, content: asking.content })
const callEntry = z.object({ ...whose, ...calling, need: label(Need.optional(), '提出的需求', 'What they need') })
export const call = command('services.call', {
  title: text('登记暖心电话', 'Record a wellness call'),
  may: helpers,
  queued: true,
  input: callEntry,
  output: Call,
})
export const visit = command('services.visit', {
  title: text('登记探访', 'Record a visit'),
  may: helpers,
  queued: true,
  input: callEntry,
  output: Call,
})
export const withdrawCall = command('services.withdrawCall', {
  title: text('撤回电话或探访', 'Withdraw a call or visit'),
  may: helpers,
  input: z.object({ replaces: Id, reason: Reason }),
  output: Call,
})
export const CallLine = Call.extend({ name: Whom, address: Where, recordedByName: duty('登记人', 'Recorded by') })
export type CallLine = z.infer<typeof CallLine>
export const calls = query('services.calls', {
  title: text('电话和探访', 'Calls and visits'),
  may: readers,
  input: z.object({
    community,
    household: Id.optional(),
    kind: label(CallKind.optional(), '类别', 'Kind'),
    outcome: label(CallOutcome.optional(), '结果', 'Outcome'),
    ...days,
    ...paging,
  }),
  output: pageOf(CallLine),
})

// --- items ------------------------------------------------------------------------------------------------------------

const Given = z.object({ item: Item, quantity: Quantity.default(1) })
/** What is owed to a household at the beginning, item by item; `signed` names the entry that settles it. */
export const Kit = z.object({
  household: Id,
  source: Id,
  name: Whom,
  address: Where,
  grid: z.string().nullable(),
  since: label(Instant, '应送起', 'Owed since'),
  items: label(z.array(z.object({ item: Item, title: words('物品', 'Item'), signed: Id.nullable() })), '物品', 'Items'),
  missing: label(z.int(), '未签收', 'Not signed for', { unit: text('样', 'items') }),
})
export type Kit = z.infer<typeof Kit>
export const kits = query('services.kits', {
  title: text('物品签收', 'Items handed over'),
  may: helpers,
  input: z.object({ missing: label(z.boolean().optional(), '只看未签收', 'Only what is owed') }),
  output: pageOf(Kit),
})
export const signKit = command('services.signKit', {
  title: text('登记签收', 'Record what was received'),
  may: helpers,
  queued: true,
  input: z.object({
    household: Id,
    source: Id,
    items: label(z.array(Given).min(1).max(40), '收到的物品', 'Items received'),
    receivedBy: SignedBy,
  }),
  output: z.object({ rows: z.array(Handout) }),
})
/** With a need: it is delivered. Without: supplies, such as the weekly delivery. */
export const deliver = command('services.deliver', {
  title: text('登记送达', 'Record a delivery'),
  may: doers,
  queued: true,
  input: z.object({
    community,
    request: Id.optional(),
    ...whose,
    items: label(z.array(Given).max(40).default([]), '物品', 'Items'),
    receivedBy: SignedBy,
  }),
  output: z.object({ request: RequestShown.nullable(), rows: z.array(Handout) }),
})
export const withdrawHandout = command('services.withdrawHandout', {
  title: text('撤回签收', 'Withdraw a signature'),
  may: helpers,
  input: z.object({ replaces: Id, reason: Reason }),
  output: Handout,
})
export const HandoutLine = Handout.extend({
  itemTitle: words('物品', 'Item'),
  name: Whom,
  address: Where,
  recordedByName: duty('登记人', 'Recorded by'),
})
export type HandoutLine = z.infer<typeof HandoutLine>
export const handouts = query('services.handouts', {
  title: text('物品发放记录', 'What was handed over'),
  may: readers,
  input: z.object({
    community,
    household: Id.optional(),
    kind: label(HandoutKind.optional(), '类别', 'Kind'),
    ...days,
    ...paging,
  }),
  output: pageOf(HandoutLine),
})

// --- care files -------------------------------------------------------------------------------------------------------

/** One visit or call of a family that is looked after. */
const CareDay = z.object({
  day: label(Day, '日期', 'Day'),
  kind: label(CallKind, '方式', 'How'),
  outcome: label(CallOutcome, '结果', 'Outcome'),
  mood: label(Mood.nullable(), '情绪', 'Mood'),
  words: personal(z.string().nullable(), '情况', 'How it was', { mask: 'text', keep: 'response' }),
})
export const CareLine = Care.extend({
  name: Whom,
  address: Where,
  categoryTitle: words('类别', 'Category'),
  carerName: duty('包保人', 'Carer'),
  visits: label(z.int(), '走访', 'Visits', { unit: text('次', 'times') }),
  visitDays: label(z.array(CareDay), '日访（逐日）', 'Day by day'),
  lastVisit: label(Instant.nullable(), '最近走访', 'Last visit'),
  lastVisitWords: personal(z.string().nullable(), '走访情况', 'How the visit was', { mask: 'text', keep: 'response' }),
  deliveries: label(z.int(), '送物资', 'Deliveries', { unit: text('次', 'times') }),
  lastDelivery: label(Instant.nullable(), '最近送物资', 'Last delivery'),
  lastDeliveryWords: label(z.string().nullable(), '所送物资', 'What was brought', { harmless: 'names of things' }),
})
export type CareLine = z.infer<typeof CareLine>
const careFilters = {
  state: label(FileState.optional(), '状态', 'State'),
  category: label(z.string().max(30).optional(), '类别', 'Category', { harmless: 'code of the rules' }),
}
export const careFiles = query('services.careFiles', {
  title: text('一家一档', 'Care files'),
  may: readers,
  input: z.object({ community, household: Id.optional(), ...careFilters, ...paging }),
  output: pageOf(CareLine),
})
export const exportCare = download('services.exportCare', {
  title: text('导出一家一档关爱台账', 'Export: care files'),
  may: inOffice,
  full: by('communityStaff', 'communitySecretary'),
  input: z.object({ community, state: careFilters.state, ...exportTerms }),
  output: CareLine,
})
const Carer = label(Id, '包保人', 'Carer')
export const openCare = command('services.openCare', {
  title: text('建立关爱档案', 'Open a care file'),
  may: leads,
  input: z.object({ household: label(Id, '住户', 'Household'), ...caring, carer: Carer }),
  output: CareLine,
})
export const changeCare = command('services.changeCare', {
  title: text('更新关爱档案', 'Change a care file'),
  may: helpers,
  input: z.object({ care: Id, ...caring, carer: Carer }),
  output: CareLine,
})
export const closeCare = command('services.closeCare', {
  title: text('结束关爱', 'Close a care file'),
  may: leads,
  input: z.object({ care: Id, reason: Reason }),
  output: CareLine,
})

// --- counselling ------------------------------------------------------------------------------------------------------

const openers: readonly Role[] = [...helpers.filter((role) => role !== 'buildingSteward'), ...counsellors]
/** That somebody is counselled, by whom and how often: nothing of what is said. */
export const CaseLine = Case.extend({
  name: Whom,
  address: Where,
  counsellorName: duty('辅导员', 'Counsellor'),
  sessions: label(z.int(), '次数', 'Sessions'),
  lastSession: label(Instant.nullable(), '最近一次', 'Last session'),
  mine: z.boolean(),
})
export type CaseLine = z.infer<typeof CaseLine>
export const cases = query('services.cases', {
  title: text('心理辅导', 'Counselling'),
  may: inOffice,
  input: z.object({ community, state: label(FileState.optional(), '状态', 'State'), ...paging }),
  output: pageOf(CaseLine),
})
export const counsellorsHere = query('services.counsellors', {
  title: text('辅导员', 'Counsellors'),
  may: openers,
  input: z.object({}),
  output: z.object({
    rows: z.array(z.object({ account: Id, name: label(z.string(), '姓名', 'Name', { harmless: 'duty name, posted publicly' }) })),
  }),
})
export const openCase = command('services.openCase', {
  title: text('转给辅导员', 'Refer to a counsellor'),
  may: openers,
  input: z.object({ ...whose, why: label(CaseWhy, '缘由', 'Why'), counsellor: label(Id, '辅导员', 'Counsellor') }),
  output: CaseLine,
})
const SessionLine = z.object({ id: Id, root: Id, at: label(Instant, '时间', 'When'), ...session, note: SessionNote.nullable() })
/** The own cases of a counsellor, with whom they are about. */
export const myCases = query('services.myCases', {
  title: text('我的辅导', 'My counselling'),
  may: counsellors,
  shows: 'full',
  looks: ({ rows }) => rows.flatMap((row) => row.person ?? []),
  input: z.object({ state: label(FileState.optional(), '状态', 'State') }),
  output: z.object({ rows: z.array(CaseLine.extend({ phone: Phone })) }),
})
/** What was said in the sessions of one case: only for its counsellor. */
export const sessions = query('services.sessions', {
  title: text('查看辅导记录', 'Read counselling notes'),
  may: counsellors,
  shows: 'full',
  looks: ({ person }) => (person ? [person] : []),
  input: z.object({ caseId: Id }),
  output: z.object({ person: Id.nullable(), rows: z.array(SessionLine) }),
})
export const addSession = command('services.addSession', {
  title: text('登记一次辅导', 'Record a session'),
  may: counsellors,
  secret: ['note'],
  input: z.object({ ...session, note: SessionNote.nullish() }),
  output: z.object({ id: Id }),
})
/** What the reason says must not be what was spoken of: it stands open beside the entry. */
const MendReason = personal(z.string().trim().min(2).max(200), '原因', 'Reason', {
  mask: 'text',
  keep: 'response',
  hint: text('例如：记错了时长；不要写辅导内容', 'For example a wrong length; nothing of what was said'),
})
/** A session written down wrongly: the new entry takes its place, with the time at which it happened. */
export const correctSession = command('services.correctSession', {
  title: text('更正辅导记录', 'Correct a session'),
  may: counsellors,
  secret: ['note'],
  input: z.object({
    replaces: Id,
    place: session.place,
    minutes: session.minutes,
    note: SessionNote.nullish(),
    reason: MendReason,
  }),
  output: z.object({ id: Id }),
})
export const withdrawSession = command('services.withdrawSession', {
  title: text('撤回辅导记录', 'Withdraw a session'),
  may: counsellors,
  input: z.object({ replaces: Id, reason: MendReason }),
  output: z.object({ id: Id }),
})
export const closeCase = command('services.closeCase', {
  title: text('结束辅导', 'Close a case'),
  may: counsellors,
  input: z.object({ caseId: Id }),
  output: z.object({ id: Id }),
})

// --- pages and phones -------------------------------------------------------------------------------------------------

const choices = { categories: z.array(Category), urgencies: z.array(Urgency) }
export const options = query('services.options', {
  title: text('服务规则', 'Rules of services'),
  may: [...helpers, ...counsellors, ...by('volunteer', 'propertyManager', 'subdistrictOfficer', 'districtOfficer', 'auditor')],
  input: z.object({ community }),
  output: z.object({ ...choices, care: z.array(CareCategory) }),
})
export const counts = query('services.counts', {
  title: text('服务概况', 'Counts'),
  may: readers,
  input: z.object({ community }),
  output: z.object({ open: z.int(), overdue: z.int(), owing: z.int(), care: z.int(), kits: z.int(), worrying: z.int() }),
})
/** What a phone takes along: what can be asked for, the own errands and those to be taken, and the items still owed nearby. */
export const shift = query('services.shift', {
  title: text('服务任务', 'Errands and items'),
  may: doers,
  input: z.object({}),
  shows: 'full',
  looks: ({ errands }) => errands.flatMap(({ person }) => person ?? []),
  output: z.object({ ...choices, errands: z.array(RequestLine), kits: z.array(Kit) }),
})
