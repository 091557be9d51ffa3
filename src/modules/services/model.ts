// What a community does for the people at home: needs with their money and sign-off, calls and visits, items handed over, care files, counselling.
import { z } from 'zod'
import { Day, Instant, msOf } from '#core/dates.ts'
import { factFields } from '#core/fact.ts'
import { Id } from '#core/ids.ts'
import { choice, label, personal } from '#core/labels.ts'
import { problems } from '#core/problem.ts'
import { states } from '#core/states.ts'
import { text } from '#core/text.ts'
import { CareCadence } from './rules.ts'

const keep = 'response'
const Community = z.string().regex(/^\d{12}$/)
const Grid = label(
  z
    .string()
    .regex(/^\d{17}$/)
    .nullable(),
  '网格',
  'Grid',
  { harmless: 'code of an area' },
)
const code = (zh: string, en: string) => label(z.string().min(1).max(30), zh, en, { harmless: 'code of the rules' })
const said = (zh: string, en: string, max = 300, more: { hint?: ReturnType<typeof text> } = {}) =>
  personal(z.string().trim().min(1).max(max), zh, en, { mask: 'text', keep, long: max > 100, ...more })

// --- needs ------------------------------------------------------------------------------------------------------------

export const RequestState = choice({
  asked: text('待接单', 'Asked'),
  taken: text('已接单', 'Taken'),
  bought: text('已买到', 'Bought'),
  delivered: text('已送到', 'Delivered'),
  returned: text('已退换', 'Taken back'),
  closed: text('已办结', 'Closed'),
  cancelled: text('已撤销', 'Cancelled'),
})
export type RequestState = z.infer<typeof RequestState>

export const can = states<RequestState>()({
  take: { from: ['asked'], to: 'taken' },
  giveUp: { from: ['taken'], to: 'asked' },
  buy: { from: ['taken', 'returned'], to: 'bought' },
  deliver: { from: ['taken', 'bought', 'returned'], to: 'delivered' },
  giveBack: { from: ['delivered'], to: 'returned' },
  close: { from: ['delivered'], to: 'closed' },
  cancel: { from: ['asked', 'taken', 'returned'], to: 'cancelled' },
})

export const Channel = choice({
  wechat: text('微信', 'WeChat'),
  phone: text('电话', 'Telephone'),
  gate: text('卡口', 'Gate'),
  door: text('上门', 'At the door'),
  family: text('居民页面', 'Resident’s page'),
})
export type Channel = z.infer<typeof Channel>

export const Payment = choice({
  cash: text('现金', 'Cash'),
  transfer: text('微信、支付宝转账', 'Transfer by phone'),
  advance: text('先垫付后结算', 'Laid out, settled later'),
  free: text('免费', 'Free of charge'),
})
export type Payment = z.infer<typeof Payment>

export const People = choice({
  elder: text('老人', 'Older people'),
  infant: text('婴幼儿', 'Infants'),
  pregnant: text('孕产妇', 'Pregnant or lying-in'),
  chronic: text('慢病患者', 'Chronically ill'),
  disabled: text('残疾人', 'Disabled'),
  medic: text('医务人员家庭', 'Household of a medic'),
  ordinary: text('一般居民', 'Others'),
})

export const Advanced = choice({
  resident: text('居民已付', 'The resident paid'),
  helper: text('代办人垫付', 'The helper paid'),
  community: text('社区垫付', 'The community paid'),
})
export type Advanced = z.infer<typeof Advanced>

const yuan = { unit: text('元', 'CNY'), digits: 2 }
const Yuan = (zh: string, en: string) =>
  label(
    z
      .number()
      .min(0)
      .max(99_999_999)
      .refine((n) => Number.isInteger(Math.round(n * 1e6) / 1e4), {
        params: { say: text('最多两位小数', 'Two decimals at most') },
      }),
    zh,
    en,
    yuan,
  )

export const Content = said('内容、数量、规格', 'What, how much, which kind', 300, {
  hint: text('例如：大米10斤；降压药1盒，写清名称和规格', 'For example rice, 5 kg; one box of tablets with name and strength'),
})
export const Amount = Yuan('实付金额', 'Amount paid')
export const SignedBy = personal(z.string().trim().min(1).max(40), '签收人', 'Signed by', {
  mask: 'name',
  keep,
  hint: text(
    '收到东西的人；放在门口的写“放门口，已电话确认”',
    'Who took it; left at the door: say so, and that it was confirmed by phone',
  ),
})
export const Score = label(z.int().min(1).max(5), '满意度', 'Rating', { unit: text('分（满分5）', 'of 5') })
export const Words = said('评价', 'A word of feedback', 200)
const Why = (zh: string, en: string) => said(zh, en, 200)

/** What is said when something is asked for. */
export const asking = {
  category: code('类别', 'Category'),
  urgency: code('紧急程度', 'How urgent'),
  content: Content,
  people: label(People.nullable().default(null), '人群', 'For whom'),
  budget: Yuan('预算', 'Budget').nullable().default(null),
  payment: label(Payment.nullable().default(null), '付款方式', 'How it is paid'),
}

/** `services_requests`: records. `dueAt` follows from the urgency of the day on which it was asked. */
export const Request = z.object({
  community: Community,
  id: Id,
  household: Id.nullable(),
  person: Id.nullable(),
  grid: Grid,
  building: Id.nullable(),
  number: label(z.string(), '编号', 'No.', { harmless: 'a running number' }),
  ...asking,
  budget: label(z.number().nullable(), '预算', 'Budget', yuan),
  payment: label(Payment.nullable(), '付款方式', 'How it is paid'),
  people: label(People.nullable(), '人群', 'For whom'),
  channel: label(Channel, '渠道', 'Channel'),
  askedBy: Id,
  askedAt: label(Instant, '提出时间', 'Asked'),
  dueAt: label(Instant, '应办好', 'Owed by'),
  escalatedAt: Instant.nullable(),
  state: label(RequestState, '状态', 'State'),
  takenBy: Id.nullable(),
  takenAt: label(Instant.nullable(), '接单时间', 'Taken'),
  advancedBy: label(Advanced.nullable(), '谁付的钱', 'Who paid'),
  amount: label(z.number().nullable(), '实付金额', 'Amount paid', yuan),
  receipts: personal(z.array(Id), '凭证', 'Receipts', {
    mask: 'text',
    keep: 'work',
    files: { of: 'services', most: 4, papers: true },
  }),
  boughtAt: label(Instant.nullable(), '买到时间', 'Bought'),
  refundedAt: label(Instant.nullable(), '结清时间', 'Settled'),
  refundedBy: Id.nullable(),
  deliveredAt: label(Instant.nullable(), '送达时间', 'Delivered'),
  deliveredBy: Id.nullable(),
  signedBy: SignedBy.nullable(),
  returnedWhy: Why('退换原因', 'Why it was taken back').nullable(),
  score: Score.nullable(),
  feedback: Words.nullable(),
  feedbackAt: Instant.nullable(),
  closedAt: label(Instant.nullable(), '办结时间', 'Closed'),
  cancelReason: Why('撤销原因', 'Why it was cancelled').nullable(),
})
export type Request = z.infer<typeof Request>

/** Still owed: neither delivered nor given up. */
export const isOpen = ({ state }: Pick<Request, 'state'>): boolean => ['asked', 'taken', 'bought', 'returned'].includes(state)
export const isOverdue = (request: Pick<Request, 'state' | 'dueAt'>, now: Instant): boolean =>
  isOpen(request) && msOf(request.dueAt) <= msOf(now)
/** Somebody laid money out and has not got it back. */
export const owesMoney = ({ advancedBy, amount, refundedAt }: Pick<Request, 'advancedBy' | 'amount' | 'refundedAt'>): boolean =>
  advancedBy !== null && advancedBy !== 'resident' && (amount ?? 0) > 0 && refundedAt === null

export const Verb = choice({
  ask: text('提出', 'Asked'),
  take: text('接单', 'Taken'),
  giveUp: text('退回待接单', 'Given back to the list'),
  buy: text('买到', 'Bought'),
  deliver: text('送到签收', 'Delivered and signed for'),
  giveBack: text('退换', 'Taken back'),
  refund: text('结清垫款', 'Money settled'),
  feedback: text('评价', 'Feedback'),
  close: text('办结', 'Closed'),
  cancel: text('撤销', 'Cancelled'),
  overdue: text('超时提醒', 'Told that it is overdue'),
})
export type Verb = z.infer<typeof Verb>

/** `services_steps`: log. Nothing moves without its line. */
export const Step = z.object({
  community: Community,
  id: Id,
  request: Id,
  verb: label(Verb, '步骤', 'Step'),
  state: RequestState,
  at: label(Instant, '时间', 'When'),
  by: Id,
  detail: Why('说明', 'Detail').nullable(),
})
export type Step = z.infer<typeof Step>

// --- calls and visits -------------------------------------------------------------------------------------------------

export const CallKind = choice({ call: text('暖心电话', 'Wellness call'), visit: text('上门探访', 'Visit') })
export type CallKind = z.infer<typeof CallKind>
export const CallOutcome = choice({
  answered: text('联系上', 'Spoke with them'),
  noAnswer: text('无人应答', 'Nobody answered'),
  refused: text('不愿多谈', 'Did not wish to talk'),
})
export type CallOutcome = z.infer<typeof CallOutcome>
export const Mood = choice({
  calm: text('平稳', 'Calm'),
  low: text('低落', 'Low'),
  anxious: text('焦虑', 'Anxious'),
  worrying: text('需要专人关注', 'Needs somebody’s attention'),
})
export type Mood = z.infer<typeof Mood>

export const calling = {
  outcome: label(CallOutcome, '结果', 'Outcome'),
  mood: label(Mood.nullable().default(null), '情绪', 'Mood'),
  note: said('情况', 'How they are', 300).nullable().default(null),
}
/** `services_calls`: facts. */
export const Call = z.object({
  ...factFields,
  kind: label(CallKind, '类别', 'Kind'),
  household: Id.nullable(),
  person: Id.nullable(),
  grid: Grid,
  ...calling,
  mood: label(Mood.nullable(), '情绪', 'Mood'),
  note: said('情况', 'How they are', 300).nullable(),
  request: Id.nullable(),
})
export type Call = z.infer<typeof Call>
/** A call that nobody answered is no call: the slot stays open. */
export const reached = ({ outcome }: Pick<Call, 'outcome'>): boolean => outcome !== 'noAnswer'

// --- items ------------------------------------------------------------------------------------------------------------

export const HandoutKind = choice({ kit: text('入户物品', 'Items of the beginning'), supplies: text('生活物资', 'Supplies') })
export type HandoutKind = z.infer<typeof HandoutKind>
export const Item = label(z.string().trim().min(1).max(60), '物品', 'Item', { harmless: 'name of a thing' })
export const Quantity = label(z.number().positive().max(100_000), '数量', 'Quantity')
/** `services_handouts`: facts. */
export const Handout = z.object({
  ...factFields,
  kind: label(HandoutKind, '类别', 'Kind'),
  household: Id.nullable(),
  person: Id.nullable(),
  grid: Grid,
  source: Id.nullable(),
  item: Item,
  quantity: Quantity,
  receivedBy: SignedBy,
})
export type Handout = z.infer<typeof Handout>

// --- care files -------------------------------------------------------------------------------------------------------

export const FileState = choice({ open: text('在册', 'Open'), closed: text('已结', 'Closed') })
/** What a care file says of a family; for whoever cares for it. */
export const caring = {
  category: code('类别', 'Category'),
  needs: said('需求', 'What they need', 300).nullable().default(null),
  assessment: said('心理评估', 'How they bear it', 300).nullable().default(null),
  referral: said('转介', 'Referred to', 200).nullable().default(null),
}
/** `services_care`: records, 一家一档. */
export const Care = z.object({
  community: Community,
  id: Id,
  household: Id,
  grid: Grid,
  category: caring.category,
  needs: said('需求', 'What they need', 300).nullable(),
  carer: Id,
  assessment: said('心理评估', 'How they bear it', 300).nullable(),
  referral: said('转介', 'Referred to', 200).nullable(),
  cadence: label(CareCadence, '频次', 'Cadence', { harmless: 'windows and days' }),
  policyVersions: label(z.array(Id), '规则版本', 'Versions of the rules'),
  state: label(FileState, '状态', 'State'),
  openedBy: Id,
  openedAt: label(Instant, '建档时间', 'Opened'),
  startsOn: label(Day, '开始', 'First day'),
  closedBy: Id.nullable(),
  closedAt: label(Instant.nullable(), '结档时间', 'Closed'),
  closeReason: Why('结档原因', 'Why it was closed').nullable(),
})
export type Care = z.infer<typeof Care>

// --- counselling ------------------------------------------------------------------------------------------------------

export const CaseWhy = choice({
  observed: text('居家观察', 'Observed at home'),
  bereaved: text('病亡者家庭', 'Bereaved family'),
  severe: text('重症者家庭', 'Family of somebody severely ill'),
  hardship: text('困难家庭', 'Family in hardship'),
  asked: text('本人要求', 'Asked for it'),
  other: text('其他', 'Other'),
})
export const SessionPlace = choice({
  door: text('上门', 'At home'),
  phone: text('电话', 'By phone'),
  video: text('视频', 'By video'),
  room: text('辅导室', 'In the counselling room'),
})
/** `services_cases`: records. That it exists is known to whoever cares; what was said is known to its counsellor. */
export const Case = z.object({
  community: Community,
  id: Id,
  household: Id.nullable(),
  person: Id.nullable(),
  grid: Grid,
  why: label(CaseWhy, '缘由', 'Why'),
  counsellor: Id,
  state: label(FileState, '状态', 'State'),
  openedBy: Id,
  openedAt: label(Instant, '开始', 'Opened'),
  closedAt: label(Instant.nullable(), '结束', 'Closed'),
})
export type Case = z.infer<typeof Case>
export const SessionNote = personal(z.string().trim().min(1).max(4000), '辅导记录', 'Notes', {
  mask: 'text',
  keep,
  long: true,
  hint: text(
    '加密保存，只有辅导员本人（或接手的辅导员）能看',
    'Kept closed; only the counsellor, or the one who takes over, can read it',
  ),
})
/** What stands open of a session: that it took place. */
export const session = {
  caseId: Id,
  place: label(SessionPlace, '方式', 'How'),
  minutes: label(z.int().min(1).max(600), '时长', 'Length', { unit: text('分钟', 'min') }),
}

// --- words ------------------------------------------------------------------------------------------------------------

export const say = problems('services', {
  unknownRequest: [
    404,
    {
      zh: '没有找到这项需求，或不在您的区域内。请刷新后再试。',
      en: 'This need was not found, or lies outside your area. Refresh and try again.',
    },
  ],
  unknownCare: [
    404,
    {
      zh: '没有找到这份关爱档案，或不在您的区域内。请刷新后再试。',
      en: 'This care file was not found, or lies outside your area. Refresh and try again.',
    },
  ],
  unknownCase: [
    404,
    {
      zh: '没有找到这份辅导，或不由您负责。请刷新后再试。',
      en: 'This case was not found, or is not yours. Refresh and try again.',
    },
  ],
  whose: [422, { zh: '请选择是哪一户或哪个人。', en: 'Say which household or person it is for.' }],
  unknownCategory: [
    422,
    { zh: '现在的规则里没有这个类别，请刷新后再选。', en: 'The rules in force know no such category. Refresh and choose again.' },
  ],
  unknownUrgency: [
    422,
    {
      zh: '现在的规则里没有这个紧急程度，请刷新后再选。',
      en: 'The rules in force know no such urgency. Refresh and choose again.',
    },
  ],
  wrongState: [
    409,
    {
      zh: '这一步现在不能办，情况可能已有变化。请刷新后再看。',
      en: 'This step cannot be taken now; things may have moved on. Refresh and look again.',
    },
  ],
  takenAlready: [409, { zh: '已经有人接了这一单，请刷新。', en: 'Somebody else has taken it. Refresh the list.' }],
  notYours: [
    403,
    { zh: '这一单不是您接的，请接单人或社区办理。', en: 'You did not take this one. Ask whoever did, or the community.' },
  ],
  moneyOpen: [
    409,
    {
      zh: '还有垫付的钱没有结清，请先登记结清，再办结。',
      en: 'Money laid out is not settled yet. Record that first, then close.',
    },
  ],
  noMoney: [409, { zh: '没有需要结清的垫款。', en: 'No money is to be settled here.' }],
  nothingSigned: [422, { zh: '请至少勾选一样收到的物品。', en: 'Tick at least one item that was received.' }],
  caredForAlready: [
    409,
    { zh: '这一户已有关爱档案，请打开原档案。', en: 'This household has a care file already. Open that one.' },
  ],
  numberTaken: [409, { zh: '编号刚被用掉，请再试一次。', en: 'The number was just taken. Try again.' }],
  noCounsellor: [
    422,
    {
      zh: '心理辅导只能交给心理辅导员，请另选一人。',
      en: 'Counselling can be handed to a counsellor only. Choose somebody else.',
    },
  ],
  noSuchCarer: [422, { zh: '包保人在这里没有岗位，请另选一人。', en: 'The carer has no post here. Choose somebody else.' }],
})
