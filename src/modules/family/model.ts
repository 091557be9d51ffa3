// The resident's page: who looks at it for whom, the codes and PINs that lead there, objections and corrections.
import { z } from 'zod'
import { Day, Instant } from '#core/dates.ts'
import { How } from '#core/fact.ts'
import { Id } from '#core/ids.ts'
import { choice, label, personal } from '#core/labels.ts'
import { lowerMayLoosen, lowerWins, type PolicyKey } from '#core/policy.ts'
import { problems } from '#core/problem.ts'
import { states } from '#core/states.ts'
import { text } from '#core/text.ts'

/** Not a role of an account: nobody is appointed to it, and its cookie opens the contracts of this module alone. */
export const resident: readonly string[] = ['resident']

const Community = z.string().regex(/^\d{12}$/)
const Grid = label(z.string().nullable(), '网格', 'Grid', { harmless: 'code of an area' })
const keep = 'response'

// --- rules ------------------------------------------------------------------------------------------------------------

/** So many days until an objection is answered. No document fixes it: an answer after the observation is over helps nobody. */
export const objectionDays: PolicyKey<number> = lowerMayLoosen('family.objectionDays', {
  title: text('异议答复期限', 'Days until an objection is answered'),
  unset: 3,
  looser: (lower, upper) => lower <= upper,
  schema: label(z.int().min(1).max(60), '天数', 'Days', { unit: text('天', 'days') }),
})

export const CodeTerms = z.object({
  typedHours: label(z.int().min(1).max(336), '手输码有效', 'A typed code holds', { unit: text('小时', 'hours') }),
  confirmMinutes: label(z.int().min(2).max(60), '首次进入等待工作人员确认', 'A first use waits for the worker', {
    unit: text('分钟', 'minutes'),
  }),
  sessionDays: label(z.int().min(1).max(30), '进入一次保持', 'One entry lasts', { unit: text('天', 'days') }),
})
export type CodeTerms = z.infer<typeof CodeTerms>
export const codeTerms: PolicyKey<CodeTerms> = lowerWins('family.codes', {
  title: text('居民页的进入', 'Entering the resident’s page'),
  schema: CodeTerms,
  unset: { typedHours: 48, confirmMinutes: 10, sessionDays: 7 },
})
export const familyKeys = [objectionDays, codeTerms] as const

/** Wrong PINs in a row that lock a code, and wrong ones in its whole life. Five is the rule; the second number stops who waits for the owner. */
export const lockAfter = { inARow: 5, ever: 15 } as const

// --- views and codes --------------------------------------------------------------------------------------------------

export const ViewKind = choice({ member: text('本人', 'The person'), proxy: text('代办人', 'Proxy') })
export type ViewKind = z.infer<typeof ViewKind>
export const ProxyName = personal(z.string().trim().min(1).max(50), '代办人姓名', 'Name of the proxy', { mask: 'name', keep })
export const ProxyTie = personal(z.string().trim().min(1).max(30), '与本人关系', 'Who the proxy is', {
  mask: 'text',
  keep,
  hint: text('例如：女儿、邻居', 'For example: daughter, neighbour'),
})

/** `family_views`: records. `person` (root) is whose page it is; `shared`: others of the household whom somebody agreed to show. */
export const View = z.object({
  community: Community,
  id: Id,
  kind: label(ViewKind, '谁的', 'Whose'),
  person: Id,
  household: Id.nullable(),
  grid: Grid,
  proxyName: personal(ProxyName.nullable(), '代办人姓名', 'Name of the proxy', { mask: 'name', keep }),
  proxyTie: personal(ProxyTie.nullable(), '与本人关系', 'Who the proxy is', { mask: 'text', keep }),
  shared: label(z.array(Id), '另可看', 'Also shows'),
  results: label(z.boolean(), '可看他人检测结果', 'Shows results of others'),
  offAt: label(Instant.nullable(), '停用时间', 'Switched off'),
  offBy: Id.nullable(),
  issuedBy: Id,
  issuedAt: label(Instant, '发放时间', 'Issued'),
  endedAt: label(Instant.nullable(), '收回时间', 'Revoked'),
  endedBy: Id.nullable(),
})
export type View = z.infer<typeof View>

export const ViewState = choice({
  issued: text('已发，未进入', 'Issued, not used'),
  waiting: text('等待确认', 'Waits for a worker'),
  open: text('使用中', 'In use'),
  locked: text('已锁定', 'Locked'),
  off: text('已停用', 'Switched off'),
  revoked: text('已收回', 'Revoked'),
})
export type ViewState = z.infer<typeof ViewState>

// --- the code itself --------------------------------------------------------------------------------------------------

/** Crockford's letters: none is taken for another when read aloud or from paper. Five bits each. */
export const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 80 random bits in the QR, 50 in the form that is typed: that one is good once and for hours only. */
export const lengths = { qr: 16, typed: 10 } as const

/** A code as it may have been typed: letters alike, spaces and dashes gone. Undefined for what cannot be one. */
export function spelledCode(typed: string): string | undefined {
  const code = typed.normalize('NFKC').toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  const fits =
    (code.length === lengths.qr || code.length === lengths.typed) && [...code].every((letter) => letters.includes(letter))
  return fits ? code : undefined
}
/** `7K2M4-QX9TB`. */
export const grouped = (code: string): string => code.replace(/^(.{5})(.{5})$/, '$1-$2')

export const pinLength = 6
export const Pin = label(z.string().regex(/^\d{6}$/), '6 位密码', 'PIN of 6 digits', {
  hint: text('不要用生日、手机尾号、房号，也不要用 123456', 'Not a birthday, phone tail or room, and not 123456'),
})

/** What a PIN must not be made of: everything that neighbours or papers know. */
export type Known = {
  readonly phones: readonly string[]
  readonly birthDates: readonly Day[]
  readonly documents: readonly string[]
  readonly rooms: readonly string[]
}

/** Whether a PIN is easily guessed: a row, a repetition, or digits of somebody's phone, birth date, document or room. */
export function isWeak(pin: string, { phones, birthDates, documents, rooms }: Known): boolean {
  const steps = new Set(Array.from(pin.slice(1), (d, i) => (Number(d) - Number(pin[i]) + 10) % 10))
  const repeated = [1, 2, 3].some((n) => pin === pin.slice(0, n).repeat(pinLength / n))
  const doubled = pin[0] === pin[1] && pin[2] === pin[3] && pin[4] === pin[5]
  const mirrored = pin === [...pin].toReversed().join('')
  if (steps.size === 1 || repeated || doubled || mirrored) return true
  const numbers = [...phones, ...documents].map((one) => one.replaceAll(/\D/g, ''))
  if (numbers.some((one) => one.includes(pin)) || birthDates.some((day) => datesOf(day).includes(pin))) return true
  return rooms
    .map((room) => room.replaceAll(/\D/g, ''))
    .filter((room) => room.length >= 3)
    .some(
      (room) =>
        pin === room.repeat(2).slice(0, pinLength) ||
        (pin.startsWith(room) && /^0*$/.test(pin.slice(room.length))) ||
        (pin.endsWith(room) && /^0*$/.test(pin.slice(0, -room.length))) ||
        room.includes(pin),
    )
}

/** Six digits that people make of a birthday. */
function datesOf(day: Day): string[] {
  const [y, m, d] = day.split('-') as [string, string, string]
  const yy = y.slice(2)
  return [yy + m + d, d + m + yy, m + d + yy, y + m, m + y, y + Number(m) + Number(d), d + m + d].filter(
    (one) => one.length === pinLength,
  )
}

// --- objections and corrections ---------------------------------------------------------------------------------------

/** The office that deals with it: where the deciding body is. */
export const Level = choice({ subdistrict: text('街道（乡镇）', 'Subdistrict'), district: text('区县', 'District') })
export type Level = z.infer<typeof Level>
/** A street or town decides for itself; every other body that may decide is one of a district or sits beside it. */
export const levelOf = (body: string): Level => (/街道|[乡镇](人民)?政府|[乡镇]$/.test(body) ? 'subdistrict' : 'district')

export const ObjectionState = choice({
  received: text('待答复', 'Awaits an answer'),
  answered: text('已答复', 'Answered'),
  withdrawn: text('本人撤回', 'Withdrawn'),
})
export type ObjectionState = z.infer<typeof ObjectionState>
export const Outcome = choice({
  upheld: text('维持原决定', 'The decision stands'),
  changed: text('变更原决定', 'The decision is changed'),
  lifted: text('撤销原决定', 'The decision is lifted'),
})
export type Outcome = z.infer<typeof Outcome>

export const ObjectionWords = personal(
  z.string().trim().min(2).max(1000),
  '不同意的地方和理由',
  'What is wrong with it, and why',
  {
    mask: 'text',
    keep,
    long: true,
  },
)
export const Answer = personal(z.string().trim().min(2).max(2000), '书面答复', 'Answer in writing', {
  mask: 'text',
  keep,
  long: true,
  hint: text(
    '写明查明的情况、理由和依据；居民在自己的页面上看到全文',
    'What was found, why, by which law; the resident reads all of it',
  ),
})
const document = (zh: string, en: string) => label(z.string(), zh, en, { harmless: 'number of a document' })
const body = label(z.string(), '决定机关', 'Deciding body', { harmless: 'an authority' })

/** `family_objections`: records. It stops nothing by itself; whoever decided answers in writing. */
export const Objection = z.object({
  community: Community,
  id: Id,
  person: Id,
  grid: Grid,
  orderId: Id,
  document: document('对哪份决定', 'Against which document'),
  body,
  level: label(Level, '办理机关', 'Dealt with by'),
  view: Id.nullable(),
  how: label(How, '方式', 'How'),
  words: ObjectionWords,
  receivedAt: label(Instant, '收到时间', 'Received'),
  receivedBy: Id,
  dueOn: label(Day, '答复期限', 'Answer due on'),
  state: label(ObjectionState, '状态', 'State'),
  outcome: label(Outcome.nullable(), '结果', 'Outcome'),
  answer: personal(Answer.nullable(), '书面答复', 'Answer in writing', { mask: 'text', keep }),
  answerDocument: label(z.string().nullable(), '答复文号', 'Number of the answer', { harmless: 'number of a document' }),
  answeredBy: Id.nullable(),
  answeredAt: label(Instant.nullable(), '答复时间', 'Answered'),
  withdrawnAt: Instant.nullable(),
})
export type Objection = z.infer<typeof Objection>

export const canObject = states<ObjectionState>()({
  answer: { from: ['received'], to: 'answered' },
  withdraw: { from: ['received'], to: 'withdrawn' },
})

export const CorrectionState = choice({
  asked: text('待处理', 'Asked'),
  corrected: text('已更正', 'Corrected'),
  declined: text('未更正，已说明', 'Not corrected, explained'),
})
export type CorrectionState = z.infer<typeof CorrectionState>
export const CorrectionWords = personal(
  z.string().trim().min(2).max(500),
  '哪里不对，应当是什么',
  'What is wrong, and what it should be',
  {
    mask: 'text',
    keep,
    long: true,
  },
)
const Reply = personal(z.string().trim().min(2).max(500), '处理说明', 'What was done', { mask: 'text', keep, long: true })
export const CorrectionReply = Reply
/** `family_corrections`: records. The registers themselves are corrected where they are kept. */
export const Correction = z.object({
  community: Community,
  id: Id,
  person: Id,
  household: Id.nullable(),
  grid: Grid,
  view: Id,
  words: CorrectionWords,
  askedAt: label(Instant, '提出时间', 'Asked'),
  state: label(CorrectionState, '状态', 'State'),
  answer: personal(Reply.nullable(), '处理说明', 'What was done', { mask: 'text', keep }),
  answeredBy: Id.nullable(),
  answeredAt: label(Instant.nullable(), '处理时间', 'Dealt with'),
})
export type Correction = z.infer<typeof Correction>
export const canCorrect = states<CorrectionState>()({
  correct: { from: ['asked'], to: 'corrected' },
  decline: { from: ['asked'], to: 'declined' },
})

// --- words ------------------------------------------------------------------------------------------------------------

export const say = problems('family', {
  // One sentence for whatever is wrong with a code, so that nobody learns which codes exist.
  wrongCode: [
    422,
    {
      zh: '入口码不对、已经用过或已过期。请核对后再试，或打电话请工作人员重新发一个。',
      en: 'This code is wrong, was used before or is out of date. Check it, or ask your worker for a new one.',
    },
  ],
  tooMany: [
    429,
    { zh: '试得太多了，请 15 分钟后再试，或打电话请工作人员帮忙。', en: 'Too many tries. Wait 15 minutes, or call your worker.' },
  ],
  wrongPin: [
    422,
    ({ left }: { left: number }) => ({
      zh: `密码不对，还可以试 ${left} 次。`,
      en: `The PIN is wrong. ${left} more ${left === 1 ? 'try' : 'tries'}.`,
    }),
  ],
  locked: [
    423,
    {
      zh: '密码输错次数太多，这个入口码已锁定，工作人员已收到通知。请打电话联系他们重新发码。',
      en: 'Too many wrong PINs: this code is locked and your team has been told. Call them for a new one.',
    },
  ],
  pinFirst: [
    409,
    { zh: '还没有设置密码，请先和工作人员一起设置。', en: 'There is no PIN yet. Set one together with your worker.' },
  ],
  notConfirmed: [
    409,
    {
      zh: '工作人员还没有确认。请把屏幕上的四位数字告诉他，确认后再按一次。',
      en: 'Your worker has not confirmed yet. Tell him the four digits on the screen, then press again.',
    },
  ],
  beginAgain: [409, { zh: '等待时间已过，请重新扫码或输入入口码。', en: 'The time is over. Scan or type the code again.' }],
  weakPin: [
    422,
    {
      zh: '这个密码太容易被猜到：不要用连号、重复的数字，也不要用手机号、生日、证件号或房号。请换一个。',
      en: 'This PIN is easily guessed: no rows or repetitions, no digits of a phone, birthday, document or room. Choose another.',
    },
  ],
  hasPin: [409, { zh: '已经设置过密码，请直接输入密码。', en: 'A PIN was chosen already. Enter it.' }],
  callUs: [
    403,
    { zh: '这里现在办不了，请拨打页面上的服务电话。', en: 'This cannot be done here now. Please call the number on the page.' },
  ],
  notShown: [404, { zh: '没有找到，或不在您能看的范围内。', en: 'Not found, or not yours to see.' }],
  unknownView: [
    404,
    {
      zh: '没有找到这个居民页，或不在您的区域内。请刷新后再试。',
      en: 'This view was not found, or lies outside your area. Refresh and try again.',
    },
  ],
  hasOneAlready: [
    409,
    { zh: '这位居民已有自己的居民页，请在原来的上面重新发码。', en: 'This person has a view already. Make a new code for it.' },
  ],
  codeStands: [409, { zh: '入口码刚刚换过，请刷新后再试。', en: 'The code has just been replaced. Refresh and try again.' }],
  endedAlready: [409, { zh: '这个居民页已经收回，请重新发放。', en: 'This view was revoked. Issue a new one.' }],
  wrongNumber: [
    422,
    {
      zh: '数字对不上。请看着居民的屏幕再核对一次；若不是面前这部手机，请不要确认。',
      en: 'The number does not fit. Look at the resident’s screen again; confirm no other phone than the one before you.',
    },
  ],
  nothingWaits: [
    409,
    { zh: '现在没有等待确认的进入。请居民重新扫码后再确认。', en: 'Nothing waits for you. Let the resident scan again.' },
  ],
  notOfHousehold: [
    422,
    { zh: '只能共享同住家人的信息。请核对人员。', en: 'Only people of the same household can be shared. Check whom you chose.' },
  ],
  unknownObjection: [
    404,
    {
      zh: '没有找到这份异议，或不由您办理。请刷新后再试。',
      en: 'This objection was not found, or is not yours. Refresh and try again.',
    },
  ],
  notYourLevel: [
    403,
    {
      zh: '这份异议由作出决定的机关办理；社区只能转录该机关的书面答复，须填答复文号。',
      en: 'The body that decided answers this. A community may only write down that answer, with its document number.',
    },
  ],
  wrongState: [409, { zh: '办理情况已经变化，请刷新后再试。', en: 'Its state has changed. Refresh and try again.' }],
  unknownCorrection: [
    404,
    { zh: '没有找到这条更正申请，请刷新后再试。', en: 'This request was not found. Refresh and try again.' },
  ],
})
