// Rules as data: packs and their versions, how levels combine, the response that any restriction needs, questions and the privacy notice.
import { z } from 'zod'
import type { Complaints } from '#core/complaints.ts'
import { Day, Instant } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { choice, label } from '#core/labels.ts'
import { lowerWins, type PolicyKey } from '#core/policy.ts'
import { problems } from '#core/problem.ts'
import { states } from '#core/states.ts'
import { text } from '#core/text.ts'
import { Code } from '#modules/territory/model.ts'

// Rules are published words: nothing of a person stands in them.
const words = (max: number, zh: string, en: string, hint?: { zh: string; en: string }) =>
  label(z.string().trim().min(1).max(max), zh, en, { harmless: 'published rules', ...(hint ? { hint } : {}) })
const ownArea = label(Code, '适用区域', 'Area', { hint: text('您的区域或其下级', 'Your own area, or one below it') })
const Pair = z.object({ zh: z.string().min(1).max(2000), en: z.string().min(1).max(2000) })

// --- packs ------------------------------------------------------------------------------------------------------------

/** Values by key. Keys that this version of the house does not know are carried, not erased. */
export const Values = label(z.record(z.string().regex(/^[a-z][a-zA-Z]*\.[a-zA-Z]+$/), z.unknown()), '规则', 'Rules', {
  harmless: 'published rules',
})
export type Values = z.infer<typeof Values>

const plainly = text('只写规则上的理由，不写姓名', 'Reasons about the rule only, no names')
/** Why a rule or a step was not signed. */
export const Reason = label(z.string().trim().min(1).max(200), '原因', 'Reason', {
  harmless: 'about a rule, names nobody',
  hint: plainly,
  long: true,
})
/** A rule begins in the past only where somebody says why. */
export const Correction = label(z.string().trim().min(1).max(200).nullable(), '更正理由', 'Reason for a correction', {
  harmless: 'about a rule, names nobody',
  hint: text('只在生效时间早于现在时填写', 'Only where it begins earlier than now'),
})

/** A set of rules that an area keeps under one name. What it says stands in its versions. */
export const Pack = z.object({
  areaCode: ownArea,
  id: Id,
  title: words(80, '名称', 'Title'),
  disease: label(z.string().trim().max(60).nullable(), '病种', 'Disease', {
    harmless: 'published rules',
    hint: text('通用规则可留空', 'Leave empty for rules of every disease'),
  }),
  /** Key of the shipped pack that it began as; null where it was written here. */
  origin: z.string().nullable(),
  createdAt: Instant,
})
export type Pack = z.infer<typeof Pack>

/** What a pack says from `effectiveFrom` on. Approved by a second person it is never changed again; the next version replaces it. */
export const Version = z.object({
  areaCode: z.string(),
  id: Id,
  pack: Id,
  number: label(z.int(), '版本', 'Version'),
  effectiveFrom: label(Instant, '生效时间', 'In force from'),
  effectiveTo: label(Instant.nullable(), '失效时间', 'In force until', {
    hint: text('不填则一直有效，直到下一版', 'Empty: until the next version'),
  }),
  document: words(200, '依据文件', 'Source document', text('文件名称和文号', 'Title and number of the document')),
  level: label(z.string().trim().max(20).nullable(), '响应级别', 'Response level', {
    harmless: 'published rules',
    hint: text('填写后，仅在同级响应启动期间有效', 'If given, it holds only while a response of that level is active'),
  }),
  values: Values,
  /** Where each value comes from, by key. */
  sources: z.record(z.string(), z.string().max(400)),
  author: label(Id, '起草人', 'Author'),
  recordedAt: label(Instant, '起草时间', 'Drafted'),
  approvedBy: label(Id.nullable(), '复核人', 'Approved by'),
  approvedAt: label(Instant.nullable(), '复核时间', 'Approved'),
  /** When the author handed it to a second person; null while it is being written and after a refusal. */
  submittedAt: label(Instant.nullable(), '提交时间', 'Handed in'),
  /** Why it begins in the past; null where it does not. */
  correction: Correction,
  refusedBy: label(Id.nullable(), '退回人', 'Returned by'),
  refusedAt: label(Instant.nullable(), '退回时间', 'Returned'),
  refusal: label(Reason.nullable(), '退回原因', 'Why it was returned'),
  droppedAt: label(Instant.nullable(), '作废时间', 'Given up'),
})
export type Version = z.infer<typeof Version>

/** A key of any value. Modules declare theirs with core/policy.ts and register them: `offers: [...answering(policyKeys, deadline)]`. */
export type AnyPolicyKey = Omit<PolicyKey, 'schema' | 'combine' | 'unset'> & {
  readonly schema: z.ZodType
  readonly unset: unknown
  // A method, so that a key of known value may stand here.
  combine(upper: never, lower: never): unknown
}
/** The offer by which every module hands its keys to the rules. */
export const policyKeys: { readonly name: string; readonly answer?: AnyPolicyKey } = { name: 'policyKeys' }

/** What one level says of a key: the version of a pack that is in force there. Pure input of `combined`. */
export type Said = { readonly area: string; readonly version: Id; readonly document: string; readonly value: unknown }

/** Joins what the levels say, the upper first. `said` may hold several voices of one level: the last of them speaks for it. */
export function combined<T>(key: PolicyKey<T>, said: readonly Said[]): { value: T; versions: Id[]; document: string | null } {
  const levels = new Map<string, Said & { value: T }>()
  for (const one of [...said].sort((a, b) => a.area.length - b.area.length)) {
    const read = key.schema.safeParse(one.value)
    // A value that this version of the house cannot read says nothing here; the page of rules shows it as unread.
    if (read.success) levels.set(one.area, { ...one, value: read.data })
  }
  const voices = [...levels.values()]
  const [top, ...below] = voices
  if (!top) return { value: key.unset, versions: [], document: null }
  const value = below.reduce((upper, lower) => key.combine(upper, lower.value), top.value)
  return { value, versions: voices.map((v) => v.version), document: [...new Set(voices.map((v) => v.document))].join('；') }
}

// --- the response -----------------------------------------------------------------------------------------------------

export const DiseaseClass = choice({
  A: text('甲类', 'Class A'),
  BasA: text('乙类（按甲类管理）', 'Class B under class A measures'),
  B: text('乙类', 'Class B'),
  C: text('丙类', 'Class C'),
  newOrUnknown: text('新发或不明原因', 'New or of unknown cause'),
})
export type DiseaseClass = z.infer<typeof DiseaseClass>

export const ResponseState = choice({
  proposed: text('待第二人启动', 'Awaits a second person'),
  active: text('进行中', 'Active'),
  ended: text('已终止', 'Ended'),
})
export type ResponseState = z.infer<typeof ResponseState>

/** Without an active response nothing restrictive may run. It ends when somebody ends it, never by itself. */
export const Response = z.object({
  areaCode: ownArea,
  id: Id,
  disease: words(60, '病种', 'Disease'),
  class: label(DiseaseClass, '传染病类别', 'Class'),
  level: label(z.string().trim().max(20).nullable(), '响应级别', 'Response level', { harmless: 'published rules' }),
  government: words(
    80,
    '决定机关',
    'Deciding government',
    text('作出决定的人民政府或指挥部', 'The government or headquarters that decided'),
  ),
  document: words(200, '决定文号', 'Decision', text('公告名称和文号', 'Title and number of the announcement')),
  startsOn: label(Day, '开始日期', 'Starts on'),
  reviewOn: label(Day, '复核日期', 'To be reviewed on', {
    hint: text('到这一天须重新评估是否继续', 'By this day it must be judged anew'),
  }),
  endsOn: label(Day.nullable(), '终止日期', 'Ended on'),
  endDocument: label(z.string().trim().min(1).max(200).nullable(), '终止文号', 'Decision to end', {
    harmless: 'published rules',
  }),
  state: label(ResponseState, '状态', 'State'),
  proposedBy: label(Id, '提出人', 'Proposed by'),
  proposedAt: label(Instant, '提出时间', 'Proposed'),
  activatedBy: label(Id.nullable(), '启动人', 'Activated by'),
  activatedAt: label(Instant.nullable(), '启动时间', 'Activated'),
  endedBy: label(Id.nullable(), '终止人', 'Ended by'),
  refusal: label(Reason.nullable(), '不同意的原因', 'Why it was refused'),
})
export type Response = z.infer<typeof Response>

export const MoveVerb = choice({
  extend: text('延长', 'Extend'),
  level: text('调整级别', 'Change the level'),
  end: text('终止', 'End'),
})
export type MoveVerb = z.infer<typeof MoveVerb>
export const MoveOutcome = choice({
  approved: text('已同意', 'Approved'),
  refused: text('不同意', 'Refused'),
  dropped: text('已撤回', 'Taken back'),
})
export type MoveOutcome = z.infer<typeof MoveOutcome>

/** A step of a response after it began: proposed by one with a document, decided by another. It counts from `fromDay` on. */
export const ResponseMove = z.object({
  areaCode: z.string(),
  id: Id,
  response: Id,
  verb: label(MoveVerb, '事项', 'Step'),
  document: words(200, '依据文件', 'Source document', text('文件名称和文号', 'Title and number of the document')),
  fromDay: label(Day, '自何日起', 'From'),
  reviewOn: label(Day.nullable(), '新的复核日期', 'Next review'),
  level: label(z.string().trim().max(20).nullable(), '新的响应级别', 'New level', { harmless: 'published rules' }),
  proposedBy: label(Id, '提出人', 'Proposed by'),
  proposedAt: label(Instant, '提出时间', 'Proposed'),
  decidedBy: label(Id.nullable(), '复核人', 'Decided by'),
  decidedAt: label(Instant.nullable(), '复核时间', 'Decided'),
  outcome: label(MoveOutcome.nullable(), '结果', 'Outcome'),
  reason: label(Reason.nullable(), '原因', 'Reason'),
})
export type ResponseMove = z.infer<typeof ResponseMove>

/** `drop` takes a proposal back that nobody activated: it ends without ever having been active. */
export const can = states<ResponseState>()({
  activate: { from: ['proposed'], to: 'active' },
  drop: { from: ['proposed'], to: 'ended' },
  refuse: { from: ['proposed'], to: 'ended' },
  extend: { from: ['active'], to: 'active' },
  level: { from: ['active'], to: 'active' },
  end: { from: ['active'], to: 'ended' },
})

/** Whether a response was in force on a day: from the day on which it starts, up to and without that on which it was ended. */
export const isInForce = (r: Pick<Response, 'activatedBy' | 'startsOn' | 'endsOn'>, day: Day): boolean =>
  r.activatedBy !== null && r.startsOn <= day && (r.endsOn === null || day < r.endsOn)

// --- questions of a form ----------------------------------------------------------------------------------------------

/** One question that a form asks: in words, why and of whom. Itinerary and contact are asked of key persons only. */
export const Question = z.object({
  key: z.string().regex(/^[a-z][a-zA-Z0-9]*$/),
  text: label(Pair, '问', 'Asked'),
  why: label(Pair, '为什么问', 'Why'),
  askedOf: label(
    choice({ all: text('所有人', 'Everybody'), keyPersons: text('重点人员', 'Key persons only') }),
    '问谁',
    'Of whom',
  ),
  kind: label(
    choice({
      yesNo: text('是或否', 'Yes or no'),
      choice: text('选择', 'Choice'),
      text: text('文字', 'Words'),
      temperature: text('体温', 'Temperature'),
      count: text('数量', 'Count'),
      days: text('日期', 'Days'),
    }),
    '怎样回答',
    'Answer',
  ),
  /** Answers to choose from, by code: of kind `choice`, and the symptoms of a symptom set. */
  choices: label(z.record(z.string().regex(/^[a-z][a-zA-Z0-9]*$/), Pair).optional(), '选项', 'Choices'),
  /** The choices are symptoms: several may be given, none of them reads "well". */
  symptomSet: label(z.boolean().optional(), '选项是症状', 'The choices are symptoms'),
})
export type Question = z.infer<typeof Question>
export const Questions = z
  .array(Question)
  .max(30)
  .refine((all) => new Set(all.map((q) => q.key)).size === all.length)
export type Questions = z.infer<typeof Questions>

// --- the privacy notice -----------------------------------------------------------------------------------------------

/** What people are told before they answer. Personal Information Protection Law, article 17. */
export const PrivacyNotice = z.object({
  who: label(Pair, '谁在收集', 'Who asks'),
  purpose: label(Pair, '为什么', 'What for'),
  kinds: label(Pair, '收集哪些信息', 'Which information'),
  howLong: label(Pair, '保存多久', 'How long it is kept'),
  rights: label(Pair, '您的权利', 'Your rights'),
  hotline: label(z.string().max(40), '咨询和投诉电话', 'Hotline'),
})
export type PrivacyNotice = z.infer<typeof PrivacyNotice>

/** Shown on the first screen of a visit and on the notice sheet. The community may put its own words and its hotline. */
export const privacyNotice: PolicyKey<PrivacyNotice> = lowerWins('policy.privacyNotice', {
  title: text('个人信息告知', 'Privacy notice'),
  schema: PrivacyNotice,
  unset: {
    who: text('本社区居民委员会', 'The residents committee of this community'),
    purpose: text(
      '仅用于传染病防控：了解健康状况，及时提供帮助。',
      'Only to prevent and control disease: to learn how people are and to help in time.',
    ),
    kinds: text(
      '姓名、住址、联系电话、健康状况；有重点地区旅居史的，另问行程。',
      'Name, address, phone and health; from people who were in affected places also their itinerary.',
    ),
    howLong: text('应急响应结束后依法销毁，不作他用。', 'Destroyed by law when the response has ended; used for nothing else.'),
    rights: text(
      '您可以查阅、复制、更正自己的信息，也可以要求说明或投诉。',
      'You may see, copy and correct what is kept of you, ask for an explanation, and complain.',
    ),
    hotline: '12345',
  },
})

// --- words ------------------------------------------------------------------------------------------------------------

export const say = problems('policy', {
  unknownPack: [404, { zh: '没有找到这个规则包，请刷新后再试。', en: 'This pack was not found. Refresh and try again.' }],
  unknownVersion: [404, { zh: '没有找到这个版本，请刷新后再试。', en: 'This version was not found. Refresh and try again.' }],
  unknownResponse: [
    404,
    { zh: '没有找到这次应急响应，请刷新后再试。', en: 'This response was not found. Refresh and try again.' },
  ],
  unknownShipped: [
    404,
    { zh: '没有这个随附的规则包，请刷新后再试。', en: 'No pack of this name is shipped. Refresh and try again.' },
  ],
  outsideArea: [
    403,
    {
      zh: '该区域不在您的工作范围内，请由该级负责人办理。',
      en: 'That area lies outside yours. Whoever is responsible there has to do this.',
    },
  ],
  secondPersonNeeded: [
    403,
    {
      zh: '须由另一人复核：起草或提出的人不能自己启动。请另一位有权限的同事登录办理。',
      en: 'A second person is needed: whoever drafted or proposed it cannot put it into force. Ask a colleague with the right to sign in and do it.',
    },
  ],
  alreadyApproved: [
    409,
    {
      zh: '这个版本已经复核，不能再改。如需调整请新建一版。',
      en: 'This version is approved and cannot change. Write a new one instead.',
    },
  ],
  numberTaken: [
    409,
    { zh: '刚刚有人新建了一版，请刷新后再试。', en: 'Somebody has just written a version. Refresh and try again.' },
  ],
  wrongPeriod: [422, { zh: '失效时间须晚于生效时间，请改正。', en: 'The end must come after the beginning. Please correct it.' }],
  notSubmitted: [
    409,
    { zh: '这个版本还没有提交复核，或已退回起草人。', en: 'This version has not been handed in, or is back with its author.' },
  ],
  notDraft: [
    409,
    {
      zh: '已提交或已复核的版本不能修改。请先由复核人退回，或新建一版。',
      en: 'A version that was handed in cannot change. Have it returned first, or write a new one.',
    },
  ],
  authorOnly: [
    403,
    { zh: '草稿只能由起草人修改。您可以另建一版。', en: 'Only its author changes a draft. You may write a version of your own.' },
  ],
  inThePast: [
    422,
    {
      zh: '生效时间早于现在。请改为现在或将来；确需更正过去的，请写明更正理由。',
      en: 'It would begin in the past. Take a time from now on, or give the reason if the past really has to be corrected.',
    },
  ],
  needless: [
    422,
    {
      zh: '生效时间不早于现在，不需要填更正理由。',
      en: 'It does not begin in the past, so it needs no reason for a correction.',
    },
  ],
  wrongSignature: [409, { zh: '签署状态已变化，请刷新后再试。', en: 'The signatures have changed. Refresh and try again.' }],
  refusalByAuthor: [
    403,
    { zh: '起草人不能自己退回。要收回请用“收回修改”。', en: 'The author cannot return it. Take it back instead.' },
  ],
  moveWaits: [
    409,
    {
      zh: '这次响应已有一项变更在等第二人办理，请先处理那一项。',
      en: 'A change of this response already waits for a second person. Settle that one first.',
    },
  ],
  unknownMove: [404, { zh: '没有找到这项变更，请刷新后再试。', en: 'This change was not found. Refresh and try again.' }],
  alreadyDecided: [409, { zh: '这项变更已经办理，请刷新。', en: 'This change has been settled already. Refresh the page.' }],
  sameLevel: [422, { zh: '响应级别没有变化，请选择另一级。', en: 'The level would stay the same. Choose another one.' }],
  wrongValue: [
    422,
    ({ keys }: { keys: readonly string[]; fields?: Complaints }) => ({
      zh: `有 ${keys.length} 项规则的内容不符合要求，请核对。`,
      en: `${keys.length} ${keys.length === 1 ? 'rule does' : 'rules do'} not fit. Please check.`,
    }),
  ],
  wrongDates: [
    422,
    { zh: '复核日期须在开始日期之后，且不早于今天。', en: 'The review must come after the start, and not before today.' },
  ],
  wrongEnd: [
    422,
    { zh: '日期不能早于今天，也不能早于开始日期。', en: 'The day can be neither before today nor before the start.' },
  ],
  wrongState: [409, { zh: '状态已变化，请刷新后再试。', en: 'Its state has changed. Refresh and try again.' }],
  noResponse: [
    409,
    {
      zh: '本区域没有已启动的应急响应，不能采取限制措施。请先由两人提出并启动。',
      en: 'No response is active here, so nothing restrictive may be done. Two persons have to propose and activate one first.',
    },
  ],
})
