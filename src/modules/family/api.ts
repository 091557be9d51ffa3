// What staff can ask and tell: views and their codes, objections, corrections; and the way in, which needs no account.
import { z } from 'zod'
import { command, query } from '#core/contract.ts'
import { Instant } from '#core/dates.ts'
import { How } from '#core/fact.ts'
import { Id } from '#core/ids.ts'
import { label, personal } from '#core/labels.ts'
import { pageOf, paging } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { by } from '#modules/identity/model.ts'
import { Address, Name } from '#modules/residents/model.ts'
import {
  Answer,
  Correction,
  CorrectionReply,
  CorrectionState,
  Level,
  Objection,
  ObjectionState,
  ObjectionWords,
  Outcome,
  Pin,
  ProxyName,
  ProxyTie,
  View,
  ViewKind,
  ViewState,
} from './model.ts'

const workers = by('gridWorker', 'gridLeader', 'communityStaff', 'communitySecretary')
const offices = by('communitySecretary', 'subdistrictOfficer', 'districtOfficer')
const desks = by('communityStaff', 'communitySecretary')

/** Named by posts wider than one community; others leave it out. */
const community = label(
  z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  '社区',
  'Community',
)
const communityName = label(z.string(), '社区', 'Community', { harmless: 'a place' })
const keep = 'response'
const named = personal(Name.nullable(), '居民', 'Resident', { mask: 'name', keep })

// --- views and codes --------------------------------------------------------------------------------------------------

export const ViewLine = View.omit({ community: true, grid: true, offBy: true, issuedBy: true, endedBy: true }).extend({
  name: named,
  address: Address.nullable(),
  state: label(ViewState, '状态', 'State'),
  openedAt: label(Instant.nullable(), '首次进入', 'First used'),
  lastAt: label(Instant.nullable(), '最近进入', 'Last entered'),
  missed: label(z.int(), '输错密码', 'Wrong PINs', { unit: text('次', 'times') }),
  issuedByName: label(z.string().nullable(), '发放人', 'Issued by', { harmless: 'duty name, posted publicly' }),
})
export type ViewLine = z.infer<typeof ViewLine>

export const views = query('family.views', {
  title: text('居民页', 'Residents’ pages'),
  may: workers,
  input: z.object({
    household: label(Id.optional(), '住户', 'Household'),
    person: label(Id.optional(), '居民', 'Resident'),
    order: label(Id.optional(), '观察令', 'Order'),
    state: label(ViewState.optional(), '状态', 'State'),
    ...paging,
  }),
  output: pageOf(ViewLine),
})
/** Who of a household, or of those of an order, could have a view: names for a choice. */
export const people = query('family.people', {
  title: text('选择居民', 'Choose a resident'),
  may: workers,
  input: z.object({ household: Id.optional(), order: Id.optional() }),
  output: z.object({ rows: z.array(z.object({ person: Id, name: Name, minor: z.boolean() })) }),
})

export const issue = command('family.issue', {
  title: text('发放居民页', 'Issue a view'),
  may: workers,
  input: z
    .object({
      person: label(Id, '居民', 'Resident'),
      kind: label(ViewKind, '谁来用', 'For whom'),
      proxyName: personal(ProxyName.nullish(), '代办人姓名', 'Name of the proxy', { mask: 'name', keep }),
      proxyTie: personal(ProxyTie.nullish(), '与本人关系', 'Who the proxy is', { mask: 'text', keep }),
    })
    .refine((asked) => asked.kind === 'member' || Boolean(asked.proxyName), {
      path: ['proxyName'],
      params: { say: text('请填写代办人姓名', 'Enter the name of the proxy') },
    }),
  output: ViewLine,
})
const ofView = z.object({ view: Id })
/** The worker has the resident before him and reads the four digits from his screen: only that browser may choose a PIN. */
export const confirmFirst = command('family.confirmFirst', {
  title: text('确认首次进入', 'Confirm the first use'),
  may: workers,
  input: z.object({
    view: Id,
    number: label(z.string().regex(/^\d{4}$/), '居民屏幕上的四位数字', 'Four digits on the resident’s screen', {
      harmless: 'good for minutes',
    }),
  }),
  output: ViewLine,
})
export const reissue = command('family.reissue', {
  title: text('重新发码', 'Make a new code'),
  may: workers,
  input: ofView,
  output: ViewLine,
})
export const revoke = command('family.revoke', { title: text('收回', 'Revoke'), may: workers, input: ofView, output: ViewLine })
/** For somebody at risk at home: the page then shows a telephone number only, and does not say that it was switched off. */
export const turnOff = command('family.turnOff', {
  title: text('停用家庭页', 'Switch the family view off'),
  may: workers,
  input: z.object({
    view: Id,
    off: label(z.boolean(), '停用', 'Off'),
    whole: label(z.boolean(), '同户全部', 'All of the household', {
      hint: text('有人在家中可能受到伤害时，建议停用同户全部', 'Where somebody may be harmed at home, better all of them'),
    }),
  }),
  output: ViewLine,
})
export const share = command('family.share', {
  title: text('共享范围', 'What is shared'),
  may: workers,
  input: z.object({
    view: Id,
    persons: label(z.array(Id).max(12), '另可看哪些同住家人', 'Whom else of the household it shows', {
      hint: text('须本人同意；未成年人由监护人同意', 'With their consent; for a minor, the guardian’s'),
    }),
    results: label(z.boolean(), '也可看他们的检测结果', 'Results of their tests too'),
  }),
  output: ViewLine,
})
/** What stands on the slip that is handed over inside. Each print is a look. */
export const slips = query('family.slips', {
  title: text('打印入口码', 'Print codes'),
  may: workers,
  shows: 'full',
  input: z.object({ views: z.array(Id).min(1).max(50) }),
  output: z.object({
    communityName,
    hotline: label(z.string(), '电话', 'Phone', { harmless: 'a number on duty' }),
    rows: z.array(
      z.object({
        view: Id,
        person: Id,
        name: z.string(),
        proxyName: z.string().nullable(),
        qr: z.string(),
        typed: z.string().nullable(),
        typedUntil: Instant.nullable(),
      }),
    ),
  }),
  looks: ({ rows }) => rows.map((row) => row.person),
})
/** For the outside of the door: telephone numbers and nothing else. */
export const doorSheet = query('family.doorSheet', {
  title: text('门外电话单', 'Sheet for the door'),
  may: workers,
  input: z.object({ order: Id }),
  output: z.object({
    communityName,
    hotline: label(z.string(), '电话', 'Phone', { harmless: 'a number on duty' }),
    phones: z.array(z.object({ role: z.object({ zh: z.string(), en: z.string() }), phone: z.string() })),
  }),
})

// --- objections -------------------------------------------------------------------------------------------------------

const ObjectionLine = Objection.pick({
  id: true,
  community: true,
  document: true,
  body: true,
  level: true,
  how: true,
  receivedAt: true,
  dueOn: true,
  state: true,
  outcome: true,
  answeredAt: true,
  orderId: true,
}).extend({
  communityName,
  name: named,
  overdue: label(z.boolean(), '超期', 'Overdue'),
})
export type ObjectionLine = z.infer<typeof ObjectionLine>
export const objections = query('family.objections', {
  title: text('异议', 'Objections'),
  may: offices,
  input: z.object({
    state: label(ObjectionState.optional(), '状态', 'State'),
    level: label(Level.optional(), '办理机关', 'Dealt with by'),
    overdue: label(z.boolean().optional(), '超期', 'Overdue'),
    ...paging,
  }),
  output: pageOf(ObjectionLine),
})
export const objectionCounts = query('family.objectionCounts', {
  title: text('异议概况', 'Objections in numbers'),
  may: offices,
  input: z.object({}),
  output: z.object({ received: z.int(), mine: z.int(), overdue: z.int(), answered: z.int() }),
})
export const ObjectionShown = Objection.omit({
  grid: true,
  view: true,
  receivedBy: true,
  answeredBy: true,
  withdrawnAt: true,
}).extend({
  communityName,
  name: named,
  overdue: label(z.boolean(), '超期', 'Overdue'),
  mayAnswer: z.boolean(),
  mayForward: z.boolean(),
  answeredByName: label(z.string().nullable(), '答复登记人', 'Answer recorded by', { harmless: 'duty name, posted publicly' }),
})
export type ObjectionShown = z.infer<typeof ObjectionShown>
const looks = ({ person }: { person: string }) => [person]
const ofObjection = { community, objection: Id }
export const objection = query('family.objection', {
  title: text('一份异议', 'One objection'),
  may: offices,
  shows: 'full',
  looks,
  input: z.object(ofObjection),
  output: ObjectionShown,
})
/** Said at the door, by phone or on paper: as good as one from the page. */
export const recordObjection = command('family.recordObjection', {
  title: text('登记异议', 'Record an objection'),
  may: workers,
  input: z.object({
    order: label(Id, '对哪份观察令', 'Against which order'),
    person: label(Id, '谁提出', 'Whose').optional(),
    words: ObjectionWords,
    how: label(How.extract(['door', 'phone', 'desk']), '怎样提出', 'How'),
  }),
  output: z.object({ id: Id, dueOn: Objection.shape.dueOn }),
})
export const answerObjection = command('family.answerObjection', {
  title: text('书面答复', 'Answer in writing'),
  may: offices,
  shows: 'full',
  looks,
  input: z.object({
    ...ofObjection,
    outcome: label(Outcome, '结果', 'Outcome'),
    answer: Answer,
    document: label(z.string().trim().max(120).nullish(), '答复文号', 'Number of the answer', {
      harmless: 'number of a document',
      hint: text('社区转录时必填', 'Needed where a community writes it down'),
    }),
  }),
  output: ObjectionShown,
})
export const forwardObjection = command('family.forwardObjection', {
  title: text('转办', 'Hand on'),
  may: offices,
  shows: 'full',
  looks,
  input: z.object({ ...ofObjection, level: label(Level, '转给', 'To') }),
  output: ObjectionShown,
})

// --- corrections ------------------------------------------------------------------------------------------------------

const CorrectionLine = Correction.omit({ community: true, household: true, grid: true, view: true, answeredBy: true }).extend({
  name: named,
  address: Address.nullable(),
})
export type CorrectionLine = z.infer<typeof CorrectionLine>
export const corrections = query('family.corrections', {
  title: text('更正申请', 'Corrections asked for'),
  may: desks,
  input: z.object({ state: label(CorrectionState.optional(), '状态', 'State'), ...paging }),
  output: pageOf(CorrectionLine),
})
export const answerCorrection = command('family.answerCorrection', {
  title: text('处理更正申请', 'Deal with a correction'),
  may: desks,
  input: z.object({
    correction: Id,
    corrected: label(z.boolean(), '已在档案里更正', 'Corrected in the file'),
    answer: CorrectionReply,
  }),
  output: CorrectionLine,
})

// --- the way in -------------------------------------------------------------------------------------------------------

const code = label(z.string().min(8).max(40), '入口码', 'Code', { harmless: 'random letters' })
const anyone = { may: 'anyone' as const }
export const standing = query('family.standing', {
  title: text('是否已进入', 'Inside or not'),
  ...anyone,
  input: z.object({}),
  output: z.object({ inside: z.boolean() }),
})
/** What a code asks for next. Of a first use: a ticket for this browser, and the digits that the worker reads from its screen. */
export const begin = command('family.begin', {
  title: text('出示入口码', 'Show a code'),
  ...anyone,
  secret: ['code'],
  input: z.object({ code }),
  output: z.object({ next: z.enum(['pin', 'choose']), ticket: z.string().nullable(), number: z.string().nullable() }),
})
const ofTicket = { code, ticket: z.string().min(10).max(60) }
export const waiting = query('family.waiting', {
  title: text('等待确认', 'Waiting for the worker'),
  ...anyone,
  secret: ['code', 'ticket'],
  input: z.object(ofTicket),
  output: z.object({ confirmed: z.boolean() }),
})
export const choosePin = command('family.choosePin', {
  title: text('设置密码', 'Choose a PIN'),
  ...anyone,
  secret: ['code', 'ticket', 'pin'],
  input: z.object({ ...ofTicket, pin: Pin }),
  output: z.object({}),
})
export const enter = command('family.enter', {
  title: text('进入居民页', 'Enter'),
  ...anyone,
  secret: ['code', 'pin'],
  input: z.object({ code, pin: Pin }),
  output: z.object({}),
})
export const leave = command('family.leave', {
  title: text('退出居民页', 'Leave'),
  ...anyone,
  input: z.object({}),
  output: z.object({}),
})
