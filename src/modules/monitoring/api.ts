// What monitoring can be asked and told: a check, its correction, the checks of somebody, the round of the day, what is to be verified, the fever path.
import { z } from 'zod'
import { command, download, query } from '#core/contract.ts'
import { Day, Instant } from '#core/dates.ts'
import { Correction } from '#core/fact.ts'
import { exportTerms } from '#core/exports.ts'
import { Id } from '#core/ids.ts'
import { label, personal } from '#core/labels.ts'
import { pageOf, paging } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { by } from '#modules/identity/model.ts'
import { SlotState } from '#modules/duties/model.ts'
import { Sex } from '#modules/residents/model.ts'
import { Check, checkFields, CheckHow, ClinicResult, Doubt, Episode, EpisodeState, Evidence, Flag, Step } from './model.ts'
import { Kind, Symptom } from './rules.ts'

const keep = 'response'
/** Who checks, and who reads how somebody is. Health is for those who look after it. */
export const checkers = by('gridWorker', 'gridLeader', 'communityStaff', 'medic', 'communitySecretary')

/** Named by posts wider than one community; others leave it out. */
export const community = label(
  z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  '社区',
  'Community',
)
export const dutyName = (zh: string, en: string) => label(z.string(), zh, en, { harmless: 'duty name, posted publicly' })

// --- one check --------------------------------------------------------------------------------------------------------

const { kind, value, result: outcome, measuredHow, symptoms, proxyName, medication, need, note } = checkFields
const said = {
  kind: kind.default('temperature'),
  value: value.default(null),
  measuredHow: measuredHow.default(null),
  symptoms: symptoms.default(null),
  result: outcome.default(null),
  how: label(CheckHow, '方式', 'How'),
  proxyName: proxyName.default(null),
  medication: medication.default(null),
  need: need.default(null),
  note: note.default(null),
  /** Answers of an earlier check of the last day, repeated in one tap: its symptoms, never its temperature. */
  sameAs: label(Id.nullable().default(null), '和上次一样', 'Same as before'),
}
type Said = { how: string; proxyName: string | null; sameAs: string | null; symptoms: string[] | null }
const namesProxy = (c: Said) => c.how === 'proxy' || c.proxyName === null
const repeatsOrSays = (c: Said) => c.sameAs === null || c.symptoms === null

/** One check of one person, whole. */
export const CheckEntry = z
  .object({ person: label(Id, '居民', 'Person'), ...said })
  .refine(namesProxy, { path: ['proxyName'] })
  .refine(repeatsOrSays, { path: ['symptoms'] })
export type CheckEntry = z.infer<typeof CheckEntry>
/** A check said anew. `occurredAt` mends a time; left out, the time stays. */
export const CheckCorrection = z
  .object({ ...said, occurredAt: label(Instant.optional(), '实际时间', 'When it was') })
  .refine(namesProxy, { path: ['proxyName'] })
  .refine(repeatsOrSays, { path: ['symptoms'] })

/** `day` and `slot`: the window of a duty that it closed, null for a check outside the duties. */
export const CheckShown = Check.extend({
  name: personal(z.string().nullable(), '姓名', 'Name', { keep: 'register', mask: 'name' }),
  recordedByName: dutyName('登记人', 'Recorded by'),
  day: label(Day.nullable(), '任务日期', 'Day of the duty'),
  slot: label(z.string().nullable(), '时段', 'Window', { harmless: 'key of a window' }),
  /** The episode of this person that is underway. */
  episode: Id.nullable(),
})
export type CheckShown = z.infer<typeof CheckShown>

export const record = command('monitoring.record', {
  title: text('登记检查', 'Record a check'),
  may: checkers,
  queued: true,
  input: CheckEntry,
  output: CheckShown,
})
export const correct = command('monitoring.correct', {
  title: text('更正检查', 'Correct a check'),
  may: checkers,
  queued: true,
  input: z.object({ ...Correction, entry: CheckCorrection }),
  output: CheckShown,
})
export const withdraw = command('monitoring.withdraw', {
  title: text('撤回检查', 'Withdraw a check'),
  may: checkers,
  queued: true,
  input: z.object(Correction),
  output: CheckShown,
})

/** Checks of one person or household between two days, the newest first; without days the last fourteen. */
export const checks = query('monitoring.checks', {
  title: text('检查记录', 'Checks'),
  may: checkers,
  input: z
    .object({
      community,
      person: Id.optional(),
      household: Id.optional(),
      from: label(Day.optional(), '起', 'From'),
      to: label(Day.optional(), '止', 'To'),
    })
    .refine((i) => (i.person === undefined) !== (i.household === undefined), { path: ['person'] }),
  output: z.object({ rows: z.array(CheckShown) }),
})

// --- the round --------------------------------------------------------------------------------------------------------

const PlaceName = (zh: string, en: string) => label(z.string().nullable(), zh, en, { harmless: 'name of a place' })
const Name = personal(z.string().nullable(), '姓名', 'Name', { keep: 'register', mask: 'name' })
const Address = personal(z.string().nullable(), '地址', 'Address', { keep: 'register', mask: 'address' })
const Brief = z.object({
  id: Id,
  kind: Check.shape.kind,
  value: Check.shape.value,
  result: Check.shape.result,
  symptoms: Check.shape.symptoms,
  fever: Check.shape.fever,
  how: Check.shape.how,
  occurredAt: Check.shape.occurredAt,
})
export type Brief = z.infer<typeof Brief>

const RoundSlot = z.object({
  duty: Id,
  kind: label(z.string(), '任务', 'Duty', { harmless: 'name of a kind' }),
  day: label(Day, '日期', 'Day'),
  slot: label(z.string(), '时段', 'Window', { harmless: 'key of a window' }),
  state: label(SlotState, '状态', 'State'),
  opensAt: Instant,
  dueAt: Instant,
  check: Brief.nullable(),
})
export type RoundSlot = z.infer<typeof RoundSlot>

/** Somebody who is checked: where, the slots of the day, the last check, and what waits for a look. */
export const RoundRow = z.object({
  id: label(Id, '居民', 'Person'),
  name: Name,
  age: personal(z.int().nullable(), '年龄', 'Age', { keep: 'register', mask: 'text' }),
  household: Id.nullable(),
  compound: PlaceName('小区', 'Compound'),
  building: Id.nullable(),
  buildingName: PlaceName('楼栋', 'Building'),
  unitName: PlaceName('单元', 'Unit'),
  room: personal(z.string().nullable(), '房号', 'Room', { keep: 'register', mask: 'room' }),
  grid: label(z.string().nullable(), '网格', 'Grid', { harmless: 'code of an area' }),
  position: z.number(),
  slots: z.array(RoundSlot),
  last: Brief.nullable(),
  doubt: label(z.boolean(), '需核实', 'To be verified'),
  episode: label(EpisodeState.nullable(), '发热处置', 'Fever path'),
})
export type RoundRow = z.infer<typeof RoundRow>

/** What the form of a check needs to know of the rules. */
export const CheckRules = z.object({ kinds: z.array(Kind), symptoms: z.array(Symptom), feverAt: z.number() })
export type CheckRules = z.infer<typeof CheckRules>
export const rulesNow = query('monitoring.rules', {
  title: text('检查规定', 'Rules of checks'),
  may: checkers,
  input: z.object({ community }),
  output: CheckRules,
})

/** People with a duty of a check on a day, in the order of a walk. */
export const round = query('monitoring.round', {
  title: text('巡测名单', 'Round of checks'),
  may: checkers,
  input: z.object({
    community,
    day: label(Day.optional(), '日期', 'Day'),
    building: label(Id.optional(), '楼栋', 'Building'),
    grid: label(
      z
        .string()
        .regex(/^\d{14}(\d{3})?$/)
        .optional(),
      '网格',
      'Grid',
      { harmless: 'code of an area' },
    ),
    left: label(z.boolean().optional(), '只看未测', 'Still to be checked'),
    ...paging,
  }),
  output: pageOf(RoundRow).extend({ rules: CheckRules, day: Day }),
})

// --- the ledger -------------------------------------------------------------------------------------------------------

const ledgerFilters = {
  community,
  from: label(Day.optional(), '起', 'From'),
  to: label(Day.optional(), '止', 'To'),
  kind: label(Check.shape.kind.optional(), '项目', 'Kind', { harmless: 'name of a kind' }),
  how: label(CheckHow.optional(), '方式', 'How'),
  fever: label(z.boolean().optional(), '只看发热', 'Fever only'),
}
/** Every check that stands, the newest first. */
export const list = query('monitoring.list', {
  title: text('检查台账', 'Ledger of checks'),
  may: checkers,
  input: z.object({ ...ledgerFilters, ...paging }),
  output: pageOf(CheckShown),
})
/** 每日体温登记表 with windows side by side, one line for each person and day. */
export const exportChecks = download('monitoring.export', {
  title: text('导出体温登记表', 'Export the ledger of checks'),
  may: checkers,
  full: by('communitySecretary'),
  input: z.object({ ...ledgerFilters, ...exportTerms }),
  output: z.object({}),
})

// --- to be verified ---------------------------------------------------------------------------------------------------

export const FlagShown = Flag.extend({
  name: Name,
  address: Address,
  settledByName: label(z.string().nullable(), '核实人', 'Verified by', { harmless: 'duty name, posted publicly' }),
  values: personal(z.array(z.number()), '数值', 'Values', { keep, mask: 'text' }),
  why: label(z.array(Doubt), '原因', 'Why'),
})
export type FlagShown = z.infer<typeof FlagShown>
export const flags = query('monitoring.flags', {
  title: text('待核实', 'To be verified'),
  may: checkers,
  input: z.object({ community, state: label(Flag.shape.state.default('open'), '状态', 'State'), ...paging }),
  output: pageOf(FlagShown),
})
export const settleFlag = command('monitoring.settleFlag', {
  title: text('说明情况', 'Settle in words'),
  may: checkers,
  output: FlagShown,
  input: z.object({
    flag: Id,
    why: personal(z.string().trim().min(2).max(200), '说明', 'Why', { keep, mask: 'text', long: true }),
  }),
})

// --- the fever path ---------------------------------------------------------------------------------------------------

export const EpisodeShown = Episode.extend({
  name: Name,
  address: Address,
  late: label(z.boolean(), '超时', 'Overdue'),
  firstValue: personal(z.number().nullable(), '首次体温', 'First temperature', { keep, mask: 'text', unit: text('℃', '℃') }),
  steps: z.array(
    Step.extend({
      byName: dutyName('办理人', 'By'),
      value: personal(z.number().nullable(), '体温', 'Temperature', { keep, mask: 'text' }),
    }),
  ),
})
export type EpisodeShown = z.infer<typeof EpisodeShown>
export const episodes = query('monitoring.episodes', {
  title: text('发热处置', 'Fever path'),
  may: checkers,
  input: z.object({
    community,
    state: label(EpisodeState.optional(), '状态', 'State'),
    open: label(z.boolean().optional(), '只看在办', 'Underway only'),
    ...paging,
  }),
  output: pageOf(EpisodeShown.omit({ steps: true })),
})
export const episode = query('monitoring.episode', {
  title: text('一次发热处置', 'One episode'),
  may: checkers,
  input: z.object({ community, episode: Id }),
  output: EpisodeShown,
})

const Whom = (zh: string, en: string, hint?: string) =>
  label(z.string().trim().min(2).max(60), zh, en, {
    harmless: 'name of an institution',
    ...(hint ? { hint: text(hint, 'An institution, no resident') } : {}),
  })
const Said = personal(z.string().trim().max(200).nullable().default(null), '说明', 'Remarks', { keep, mask: 'text', long: true })
const Doc = label(z.string().trim().max(60).nullable().default(null), '文书号', 'Document', { harmless: 'number of a document' })
const of = { episode: Id }
const step = <N extends string, S extends z.ZodRawShape>(name: N, zh: string, en: string, input: S, may = checkers) =>
  command(`monitoring.${name}`, { title: text(zh, en), may, input: z.object({ ...of, ...input }), output: EpisodeShown })
const deciders = by('communityStaff', 'medic', 'communitySecretary')

export const report = step('report', '报告', 'Report', {
  whom: Whom('报告给', 'To whom', '社区卫生服务中心、疾控等单位'),
  said: Said,
})
export const refer = step('refer', '转诊', 'Refer to a clinic', {
  whom: Whom('发热门诊', 'Fever clinic'),
  transport: label(z.enum(['ambulance', 'official', 'own']), '怎么去', 'How', {
    choices: {
      ambulance: text('救护车', 'Ambulance'),
      official: text('专用车', 'Official car'),
      own: text('自行前往（已戴口罩）', 'By oneself, masked'),
    },
  }),
  said: Said,
})
export const handOver = step('handOver', '交接', 'Hand over', {
  whom: Whom('接收单位和科室', 'Received by'),
  said: Said,
  evidence: Evidence,
})
export const result = step('result', '登记结果', 'Enter the result', {
  result: label(ClinicResult, '门诊结果', 'Result'),
  document: Doc,
  said: Said,
  evidence: Evidence,
  without: personal(z.string().trim().min(2).max(200).nullable().default(null), '没有凭证的原因', 'Why there is no evidence', {
    keep,
    mask: 'text',
  }),
})
export const decide = step(
  'decide',
  '处理结果',
  'Act on the result',
  {
    to: label(z.enum(['clear', 'goBack', 'becomeCase']), '处理', 'What', {
      choices: {
        clear: text('排除，恢复日常', 'Cleared'),
        goBack: text('排除，继续观察', 'Cleared, back to observation'),
        becomeCase: text('转为病例（按医疗机构报告）', 'Becomes a case, as the hospital reports'),
      },
    }),
    document: Doc,
    said: Said,
  },
  deciders,
)
export const close = step('close', '不是发热，结束', 'No fever: close', {
  said: personal(z.string().trim().min(2).max(200), '依据', 'On what ground', {
    keep,
    mask: 'text',
    hint: text('谁判断的、怎么判断的', 'Who judged it, and how'),
  }),
})

/** The paper that says that fever was looked into and excluded; names in full, because it is handed over. */
export const Certificate = z.object({
  number: label(z.string(), '编号', 'Number', { harmless: 'running number' }),
  name: Name,
  sex: label(Sex.nullable(), '性别', 'Sex'),
  age: personal(z.int().nullable(), '年龄', 'Age', { keep: 'register', mask: 'text' }),
  address: Address,
  openedAt: Instant,
  firstValue: EpisodeShown.shape.firstValue,
  clinic: label(z.string().nullable(), '接诊单位', 'Clinic', { harmless: 'name of an institution' }),
  result: Episode.shape.result,
  document: label(z.string().nullable(), '文书号', 'Document', { harmless: 'number of a document' }),
  issuedOn: label(Day, '日期', 'Issued'),
  goesBack: z.boolean(),
  communityName: label(z.string(), '社区', 'Community', { harmless: 'name of an area' }),
  issuedBy: dutyName('经办人', 'Issued by'),
  person: Id,
})
export type Certificate = z.infer<typeof Certificate>
export const certificate = query('monitoring.certificate', {
  title: text('排除发热证明', 'Certificate of clearance'),
  may: deciders,
  shows: 'full',
  looks: (c) => [c.person],
  input: z.object({ community, ...of }),
  output: Certificate,
})
