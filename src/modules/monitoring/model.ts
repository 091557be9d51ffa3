// Checks and what follows from them: one check, the doubt that asks for another, the fever path with its steps, and what may go wrong.
import { z } from 'zod'
import { Instant } from '#core/dates.ts'
import { factFields, How } from '#core/fact.ts'
import { photos } from '#core/files.ts'
import { Id } from '#core/ids.ts'
import { choice, label, personal } from '#core/labels.ts'
import { problems } from '#core/problem.ts'
import { states } from '#core/states.ts'
import { text } from '#core/text.ts'

const keep = 'response'
const Community = z.string().regex(/^\d{12}$/)
const Grid = label(z.string().nullable(), '网格', 'Grid', { harmless: 'code of an area' })
const Code = z.string().regex(/^[a-z][A-Za-z0-9]{0,29}$/)

// --- one check --------------------------------------------------------------------------------------------------------

/** How it was learned. Whoever stood there or saw it on the screen is its verifier; a call, a proxy and a report of one's own have none. */
export const CheckHow = choice({
  door: text('上门', 'At the door'),
  phone: text('电话', 'By phone'),
  video: text('视频', 'By video'),
  proxy: text('代报', 'By a proxy'),
  self: text('自报', 'Self-report'),
})
export type CheckHow = z.infer<typeof CheckHow>
/** What staff asked or saw; the others are what somebody said without being asked. */
export const byStaff = (how: How): boolean => how === 'door' || how === 'phone' || how === 'video'
export const seen = (how: How): boolean => how === 'door' || how === 'video'

export const MeasuredHow = choice({
  armpit: text('腋温', 'Armpit'),
  ear: text('耳温', 'Ear'),
  forehead: text('额温', 'Forehead'),
  other: text('其他', 'Other'),
})
export type MeasuredHow = z.infer<typeof MeasuredHow>

/** Why a check is to be looked at by staff. */
export const Doubt = choice({
  impossible: text('数值不可能', 'Impossible value'),
  tooClose: text('两次间隔太短', 'Too soon after the one before'),
  streak: text('多次完全相同', 'Identical many times'),
  unsureSite: text('额温等偏高，需腋温再测', 'High for that site: measure under the arm'),
})
export type Doubt = z.infer<typeof Doubt>

export const Temperature = personal(z.number().min(20).max(50), '体温', 'Temperature', {
  keep,
  mask: 'text',
  unit: text('℃', '℃'),
})
const Symptoms = personal(z.array(Code).max(20).nullable(), '症状', 'Symptoms', {
  keep,
  mask: 'text',
  hint: text('没有问就不填；问了没有，选“无”', 'Empty: not asked. Asked and none: choose none'),
})

/** What a form says of one check, in the order of form, table and sheet. */
export const checkFields = {
  kind: label(Code, '项目', 'Kind', { harmless: 'name of a kind' }),
  value: personal(z.number().min(-1000).max(10_000).nullable(), '数值', 'Value', { keep, mask: 'text' }),
  result: personal(Code.nullable(), '结果', 'Result', { keep, mask: 'text' }),
  measuredHow: label(MeasuredHow.nullable(), '测量部位', 'Measured'),
  symptoms: Symptoms,
  proxyName: personal(z.string().trim().max(20).nullable(), '代报人', 'Proxy', { keep, mask: 'name' }),
  medication: personal(z.string().trim().max(100).nullable(), '用药', 'Medication', {
    keep,
    mask: 'text',
    hint: text('退热药会让体温看起来正常', 'What lowers fever hides it'),
  }),
  need: personal(z.string().trim().max(200).nullable(), '需求', 'Needs', { keep, mask: 'text', long: true }),
  note: personal(z.string().trim().max(200).nullable(), '备注', 'Remarks', { keep, mask: 'text', long: true }),
}

/** `monitoring_checks`: facts. `threshold` is what a temperature was compared with; `sameAs` the check whose answers are repeated. */
export const Check = z.object({
  ...factFields,
  grid: Grid,
  person: Id,
  household: Id.nullable(),
  ...checkFields,
  unit: label(z.string().nullable(), '单位', 'Unit', { harmless: 'unit of measure' }),
  threshold: label(z.number().nullable(), '阈值', 'Threshold', { harmless: 'published rule' }),
  fever: personal(z.boolean(), '达到发热阈值', 'Fever', { keep, mask: 'text' }),
  flags: label(z.array(Doubt), '需核实', 'To be verified'),
  sameAs: Id.nullable(),
  verifier: Id.nullable(),
})
export type Check = z.infer<typeof Check>

/** `monitoring_flags`: records. One open for a person at most; another doubt meanwhile joins it. */
export const Flag = z.object({
  community: Community,
  id: Id,
  person: Id,
  household: Id.nullable(),
  grid: Grid,
  checks: z.array(Id),
  flags: label(z.array(Doubt), '原因', 'Why'),
  state: label(choice({ open: text('待核实', 'To be verified'), settled: text('已核实', 'Verified') }), '状态', 'State'),
  raisedAt: label(Instant, '提出时间', 'Raised'),
  settledAt: label(Instant.nullable(), '核实时间', 'Verified'),
  settledBy: Id.nullable(),
  settledCheck: Id.nullable(),
  settledWhy: personal(z.string().trim().max(200).nullable(), '说明', 'Why', { keep, mask: 'text' }),
})
export type Flag = z.infer<typeof Flag>

// --- the fever path ---------------------------------------------------------------------------------------------------

export const EpisodeState = choice({
  recheck: text('待复测', 'To be measured again'),
  confirmed: text('待报告', 'To be reported'),
  reported: text('待转诊', 'To be referred'),
  referred: text('待交接', 'On the way to the clinic'),
  handedOver: text('待结果', 'At the clinic'),
  resulted: text('待处理', 'Result is there'),
  cleared: text('已排除', 'Cleared'),
  backToObservation: text('继续观察', 'Back to observation'),
  becameCase: text('已转病例', 'Became a case'),
  closedNotFever: text('不是发热', 'No fever'),
})
export type EpisodeState = z.infer<typeof EpisodeState>
export const underway = [
  'recheck',
  'confirmed',
  'reported',
  'referred',
  'handedOver',
  'resulted',
] as const satisfies readonly EpisodeState[]

export const can = states<EpisodeState>()({
  confirm: { from: ['recheck'], to: 'confirmed' },
  report: { from: ['confirmed'], to: 'reported' },
  refer: { from: ['reported'], to: 'referred' },
  handOver: { from: ['referred'], to: 'handedOver' },
  result: { from: ['handedOver'], to: 'resulted' },
  clear: { from: ['resulted'], to: 'cleared' },
  goBack: { from: ['resulted'], to: 'backToObservation' },
  becomeCase: { from: ['resulted'], to: 'becameCase' },
  close: { from: ['recheck', 'confirmed', 'reported'], to: 'closedNotFever' },
})
export const StepVerb = choice({
  open: text('发现异常', 'Found'),
  confirm: text('复测仍异常', 'Measured again: still so'),
  report: text('报告', 'Reported'),
  refer: text('转诊', 'Referred'),
  handOver: text('交接', 'Handed over'),
  result: text('取得结果', 'Result'),
  clear: text('排除', 'Cleared'),
  goBack: text('继续观察', 'Back to observation'),
  becomeCase: text('转为病例', 'Became a case'),
  close: text('不是发热', 'No fever'),
  reopen: text('重新打开', 'Opened again'),
})
export type StepVerb = z.infer<typeof StepVerb>

export const Reason = choice({ fever: text('发热', 'Fever'), symptoms: text('有症状', 'Symptoms') })
export type Reason = z.infer<typeof Reason>

export const ClinicResult = choice({
  excluded: text('排除传染病', 'Disease excluded'),
  otherIllness: text('其他疾病', 'Another illness'),
  suspected: text('疑似', 'Suspected'),
  confirmed: text('确诊', 'Confirmed'),
})
export type ClinicResult = z.infer<typeof ClinicResult>

/** `monitoring_episodes`: records. `due` is when the next step is to be done; null once it is closed. */
export const Episode = z.object({
  community: Community,
  id: Id,
  person: Id,
  household: Id.nullable(),
  grid: Grid,
  openedBy: label(Id, '首次登记', 'First check'),
  openedAt: label(Instant, '发现时间', 'Found'),
  reasons: personal(z.array(Reason), '原因', 'Why', { keep, mask: 'text' }),
  state: label(EpisodeState, '状态', 'State'),
  since: label(Instant, '本步开始', 'This step since'),
  dueAt: label(Instant.nullable(), '本步时限', 'Next step due'),
  result: personal(ClinicResult.nullable(), '门诊结果', 'Result', { keep, mask: 'text' }),
  certificateYear: z.int().nullable(),
  certificateNo: z.int().nullable(),
  certificate: label(z.string().nullable(), '证明编号', 'Certificate', { harmless: 'running number' }),
})
export type Episode = z.infer<typeof Episode>

export const Evidence = photos('monitoring', '凭证', 'Evidence', {
  keep,
  papers: true,
  most: 6,
  hint: text('检验报告、门诊病历、交接单', 'Laboratory report, clinic record, hand-over sheet'),
})
const Words = (zh: string, en: string, most = 200) =>
  personal(z.string().trim().max(most).nullable(), zh, en, { keep, mask: 'text' })

/** `monitoring_steps`: log. Who did what of an episode, and what it led to. */
export const Step = z.object({
  community: Community,
  id: Id,
  episode: Id,
  at: label(Instant, '时间', 'When'),
  by: label(Id, '办理人', 'By'),
  verb: label(StepVerb, '步骤', 'Step'),
  state: EpisodeState,
  whom: label(z.string().nullable(), '单位', 'To whom', { harmless: 'name of an institution' }),
  said: Words('说明', 'What was said'),
  document: label(z.string().nullable(), '文书号', 'Document', { harmless: 'number of a document' }),
  evidence: Evidence,
  checkId: Id.nullable(),
  late: z.boolean(),
})
export type Step = z.infer<typeof Step>

// --- words ------------------------------------------------------------------------------------------------------------

export const say = problems('monitoring', {
  unknown: [404, { zh: '没有找到这条检查记录，请刷新后再试。', en: 'This check was not found. Refresh and try again.' }],
  unknownKind: [
    422,
    { zh: '当前规定里没有这个检查项目，请刷新后再选。', en: 'The rules know no such kind of check. Refresh and choose again.' },
  ],
  unknownSymptom: [
    422,
    { zh: '有的症状不在当前规定里，请刷新后再选。', en: 'One of the symptoms is not in the rules. Refresh and choose again.' },
  ],
  measured: [
    422,
    {
      zh: '请填写这次测得的数值；体温每次都要实测。',
      en: 'Enter what was measured this time: a temperature is always measured.',
    },
  ],
  resultNeeded: [422, { zh: '请选择检查结果。', en: 'Choose a result.' }],
  nothingToRepeat: [
    422,
    {
      zh: '要沿用的那次登记找不到，或不是这个人最近一天的。请逐项填写。',
      en: 'What is to be repeated was not found, or is not of this person and the last day. Fill the form in.',
    },
  ],
  unknownPerson: [404, { zh: '没有找到这个人，请刷新后再试。', en: 'This person was not found. Refresh and try again.' }],
  unknownEpisode: [404, { zh: '没有找到这次发热处置，请刷新后再试。', en: 'This episode was not found. Refresh and try again.' }],
  wrongState: [
    409,
    {
      zh: '这一步已经办过，或还没有轮到。请刷新后看现在该办哪一步。',
      en: 'This step is done or not due yet. Refresh and see which one is next.',
    },
  ],
  episodeUnderway: [
    409,
    { zh: '这个人已有一次发热处置在办，请在那里继续。', en: 'An episode of this person is underway. Go on there.' },
  ],
  evidenceNeeded: [
    422,
    {
      zh: '请附上检验报告或病历的照片；没有的请写明原因。',
      en: 'Attach a photo of the report or record, or say why there is none.',
    },
  ],
  resultSaysOtherwise: [
    409,
    {
      zh: '门诊结果不允许这样处理：疑似、确诊须转为病例，排除的不能转为病例。',
      en: 'The clinic’s result does not allow this: suspected and confirmed become a case, excluded does not.',
    },
  ],
  unknownFlag: [
    404,
    { zh: '没有找到这条待核实提醒，可能已核实。请刷新。', en: 'This entry to be verified was not found. Refresh the list.' },
  ],
  notCleared: [409, { zh: '这次处置没有排除证明。', en: 'There is no certificate for this episode.' }],
})
